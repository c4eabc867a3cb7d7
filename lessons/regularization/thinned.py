"""A small network, and the thinned networks that dropout makes of it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.regularization.figures import Drawn

INPUTS = np.array([1.0, 0.5, -0.5, 1.0])


class Thinned:
    """Four inputs, twice five hidden units with ReLU, three classes, random weights."""

    def __init__(self, seed: int):
        rng = np.random.default_rng(seed)
        self.weights = [rng.normal(0, 0.8, shape) for shape in [(4, 5), (5, 5), (5, 3)]]

    def answers(self, masks: ArrayLike, scale: float) -> NDArray[np.float64]:
        """Probabilities for one example, shape (N, 3).

        Args:
            masks: 1 for each hidden unit that stays, shape (N, 10).
            scale: by which those that stay are multiplied.
        """
        masks, hidden = np.asarray(masks), INPUTS
        for weights, kept in zip(self.weights, np.split(masks, 2, axis=1), strict=False):
            hidden = np.maximum(hidden @ weights, 0) * kept * scale
        exponentials = np.exp(hidden @ self.weights[-1])
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def whole(self) -> Drawn:
        """How to draw the network at inference."""
        return self._drawn(np.ones(10), 1, "inference: all units")

    def without(self, mask: NDArray) -> Drawn:
        """How to draw the network that a mask leaves, at a rate of 0.5."""
        return self._drawn(mask, 2, f"{int(10 - mask.sum())} of 10 units dropped")

    def _drawn(self, mask: NDArray, scale: float, title: str) -> Drawn:
        (answer,) = self.answers([mask], scale)
        return [np.ones(4), mask[:5], mask[5:], np.ones(3)], answer, title
