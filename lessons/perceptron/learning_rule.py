"""The perceptron's learning rule, one update and a whole training."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.neurons import step


class PerceptronStep(NamedTuple):
    """A perceptron after one update.

    `weights` float64 of shape (inputs,), `bias` a float; `epoch` counts from 1 (0: the start);
    `mistake` is the index of the example that caused the update (None: the start).
    """

    weights: NDArray[np.float64]
    bias: float
    epoch: int
    mistake: int | None


def perceptron_update(
    weights: ArrayLike, bias: float, x: ArrayLike, target: int, rate: float = 1.0
) -> tuple[NDArray[np.float64], float]:
    """One step of the perceptron's learning rule: add rate * (target - output) * x.

    A right output changes nothing; a wrong one moves the net sum of x by rate * (x @ x + 1) towards
    its side.

    Args:
        weights: shape (inputs,).
        bias: one number, the weight of an input that is always 1.
        x: one example, shape (inputs,).
        target: 0 or 1.
        rate: the learning rate, above 0.

    Returns:
        New weights, float64 of shape (inputs,), and the new bias.

    Source: F. Rosenblatt, The perceptron, Psychological Review 65 (1958).
    """
    weights, x = np.asarray(weights, np.float64), np.asarray(x, np.float64)
    change = rate * (target - int(step(x @ weights + bias)))
    return weights + change * x, float(bias + change)


def perceptron_path(
    X: ArrayLike, y: ArrayLike, epochs: int, rate: float = 1.0
) -> list[PerceptronStep]:
    """Train a perceptron from zero, example after example, and keep every update.

    Stops after an epoch without a mistake: from there on nothing would change.

    Args:
        X: shape (N, inputs).
        y: targets 0 and 1, shape (N,).
        epochs: at most so many, 1 or more.
        rate: the learning rate, above 0.

    Returns:
        The start, then one entry a mistake, in order.
    """
    X = np.asarray(X, np.float64)
    path = [PerceptronStep(np.zeros(X.shape[1]), 0.0, 0, None)]
    for epoch in range(1, epochs + 1):
        for index, (x, target) in enumerate(zip(X, y, strict=True)):
            now = path[-1]
            weights, bias = perceptron_update(now.weights, now.bias, x, int(target), rate)
            if bias != now.bias:  # a mistake, and only a mistake, moves the bias
                path.append(PerceptronStep(weights, bias, epoch, index))
        if path[-1].epoch < epoch:
            break
    return path
