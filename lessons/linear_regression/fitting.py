"""The loss of a line, and the way down to the best one; a line is the pair (w, b), y = w x + b."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.regression import design_matrix, least_squares, predict


def mean_squared_error(y: ArrayLike, prediction: ArrayLike) -> float:
    """The mean of the squared residuals, in squared units of y.

    Args:
        y: what was observed, n numbers, n >= 1.
        prediction: what a model said, n numbers.
    """
    y, prediction = np.asarray(y, np.float64), np.asarray(prediction, np.float64)
    return float(np.mean((prediction - y) ** 2))


def goal(x: ArrayLike, y: ArrayLike) -> int:
    """A mean squared error to reach by hand: a tenth above the best line's, rounded up to fives."""
    best = mean_squared_error(y, predict(x, *least_squares(x, y)))
    return 5 * int(np.ceil(1.1 * best / 5))


def gradient_descent(
    x: ArrayLike, y: ArrayLike, rate: float, steps: int, start: tuple[float, float] = (0.0, 0.0)
) -> NDArray[np.float64]:
    """The path of gradient descent on the mean squared error.

    Args:
        x, y: n inputs and n observations, n >= 1.
        rate: the learning rate, more than 0.
        steps: how many steps, 0 or more.
        start: the line (w, b) to begin with.

    Returns:
        The line before the first step and after every step: float64, shape (steps + 1, 2).
    """
    X, y = design_matrix(x), np.asarray(y, np.float64)
    path = np.empty((steps + 1, 2))
    path[0] = start
    with np.errstate(over="ignore", invalid="ignore"):  # a rate too large ends at nan
        for step in range(steps):
            slopes = 2 * X.T @ (X @ path[step] - y) / len(y)
            path[step + 1] = path[step] - rate * slopes
    return path


def loss_surface(
    x: ArrayLike, y: ArrayLike, slopes: ArrayLike, intercepts: ArrayLike
) -> NDArray[np.float64]:
    """The mean squared error of every line on a grid.

    Args:
        x, y: n inputs and n observations, n >= 1.
        slopes: the values of w, one a column.
        intercepts: the values of b, one a row.

    Returns:
        float64, shape (len(intercepts), len(slopes)).
    """
    x, y = np.asarray(x), np.asarray(y)
    w, b = np.asarray(slopes)[None, :, None], np.asarray(intercepts)[:, None, None]
    return np.mean((w * x + b - y) ** 2, axis=-1)
