"""A straight line fitted to points: the model, and the best line by a formula.

A line is the pair (w, b) of its slope and its intercept, and predicts y = w x + b.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def design_matrix(x: ArrayLike) -> NDArray[np.float64]:
    """A column of inputs and a column of ones, so that a line is one product: X @ [w, b].

    Args:
        x: n numbers, n >= 1.

    Returns:
        float64, shape (n, 2).
    """
    x = np.asarray(x, np.float64)
    return np.stack([x, np.ones_like(x)], axis=1)


def predict(x: ArrayLike, w: float, b: float) -> NDArray[np.float64]:
    """What the line (w, b) predicts for every input: float64, shape (n,)."""
    return design_matrix(x) @ [w, b]


def least_squares(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """The line with the smallest mean squared error: w = cov(x, y) / var(x), b = mean(y - w x).

    Args:
        x, y: n inputs, not all equal, and n observations, n >= 2.

    Returns:
        (w, b), float64, shape (2,).
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    from_mean = x - x.mean()
    w = from_mean @ (y - y.mean()) / (from_mean @ from_mean)
    return np.array([w, y.mean() - w * x.mean()])
