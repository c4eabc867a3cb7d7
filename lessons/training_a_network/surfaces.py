"""Losses of two weights that one can see: a valley, and the path of an optimizer on it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.validation import whole

Floats = NDArray[np.float64]


class Optimizer(Protocol):
    """Turns parameters and their gradients into new parameters, as those of `utils.neurons` do."""

    def update(self, parameters: list[Floats], gradients: list[Floats]) -> list[Floats]:
        """New parameters, after one step."""


@dataclass(frozen=True)
class Valley:
    """The loss w' A w / 2 of two weights, lowest at (0, 0).

    Attributes:
        matrix: A, shape (2, 2), symmetric, with two eigenvalues above 0: the curvatures.
    """

    matrix: ArrayLike = ((5.0, -8.0), (-8.0, 17.0))

    def __post_init__(self):
        matrix = np.asarray(self.matrix, np.float64)
        if matrix.shape != (2, 2) or not np.array_equal(matrix, matrix.T):
            raise ValueError(f"matrix={self.matrix}: expected a symmetric one of shape (2, 2).")
        if not np.linalg.eigvalsh(matrix).min() > 0:
            raise ValueError(f"matrix={self.matrix} bends downward: both curvatures must be > 0.")
        object.__setattr__(self, "matrix", matrix)

    @property
    def curvatures(self) -> Floats:
        """Along the valley and across it: the eigenvalues, smaller one first, shape (2,)."""
        return np.linalg.eigvalsh(self.matrix)

    @property
    def directions(self) -> Floats:
        """Along the valley and across it, as unit columns of an array of shape (2, 2)."""
        return np.linalg.eigh(self.matrix)[1]

    @property
    def largest_rate(self) -> float:
        """Gradient descent with a rate above 2 / largest curvature jumps out of the valley."""
        return float(2 / self.curvatures[1])

    def loss(self, points: ArrayLike) -> Floats:
        """The loss at points of shape (..., 2), float64 of shape (...)."""
        points = np.asarray(points, np.float64)
        return (points @ self.matrix * points).sum(axis=-1) / 2

    def gradient(self, point: ArrayLike) -> Floats:
        """The two slopes at points of shape (..., 2), same shape: A w."""
        return np.asarray(point, np.float64) @ self.matrix


def descend(surface: Valley, optimizer: Optimizer, start: ArrayLike, steps: int) -> Floats:
    """Where an optimizer walks.

    Args:
        surface: has a `gradient`.
        optimizer: a fresh one; it keeps what it has seen.
        start: shape (2,).
        steps: 0 or more.

    Returns:
        The start and the point after every step, float64 of shape (steps + 1, 2).

    Raises:
        TypeError, ValueError: steps is not a whole number, or below 0; start is not of shape (2,).
    """
    path = np.empty((whole("steps", steps, least=0) + 1, 2))
    if np.shape(start) != (2,):
        raise ValueError(f"start has shape {np.shape(start)}: expected (2,), two weights.")
    path[0] = start
    for step in range(steps):
        (path[step + 1],) = optimizer.update([path[step]], [surface.gradient(path[step])])
    return path
