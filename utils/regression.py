"""A straight line fitted to points: the model, its loss, and two ways to the best line.

A line is the pair (w, b) of its slope and its intercept, and predicts y = w x + b.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.validation import positive


def design_matrix(x: ArrayLike) -> NDArray[np.float64]:
    """A column of inputs and a column of ones, so that a line is one product: X @ [w, b].

    Args:
        x: n numbers, n >= 1.

    Returns:
        float64, shape (n, 2).

    Raises:
        TypeError: x does not hold numbers.
        ValueError: x is not one-dimensional, is empty, or holds NaN or infinity.
    """
    x = _vector("x", x)
    return np.stack([x, np.ones_like(x)], axis=1)


def predict(x: ArrayLike, w: float, b: float) -> NDArray[np.float64]:
    """What the line (w, b) predicts for every input: float64, shape (n,). Raises as above."""
    return design_matrix(x) @ [w, b]


def mean_squared_error(y: ArrayLike, prediction: ArrayLike) -> float:
    """The mean of the squared residuals, in squared units of y.

    Args:
        y: what was observed, n numbers, n >= 1.
        prediction: what a model said, n numbers.

    Raises:
        TypeError: an argument does not hold numbers.
        ValueError: an argument is not one-dimensional, is empty, holds NaN or infinity, or the
            lengths differ.
    """
    y, prediction = _pair("y", y, "prediction", prediction)
    return float(np.mean((prediction - y) ** 2))


def mse_gradient(x: ArrayLike, y: ArrayLike, w: float, b: float) -> NDArray[np.float64]:
    """Slopes of the mean squared error along w and along b.

    From d/dw (w x + b - y)^2 = 2 (w x + b - y) x and d/db (...)^2 = 2 (w x + b - y).

    Args:
        x, y: n inputs and n observations, n >= 1.
        w, b: the line at which to look.

    Returns:
        (dMSE/dw, dMSE/db), float64, shape (2,).

    Raises:
        TypeError, ValueError: as `mean_squared_error`.
    """
    x, y = _pair("x", x, "y", y)
    return _gradient(design_matrix(x), y, np.array([w, b], float))


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

    Raises:
        TypeError: x or y does not hold numbers, or steps is not an integer.
        ValueError: as `mean_squared_error`, or the rate is not positive, or steps is negative.
    """
    x, y = _pair("x", x, "y", y)
    if not isinstance(steps, int | np.integer):
        raise TypeError(f"steps={steps!r} is a {type(steps).__name__}; it must be an integer.")
    if steps < 0:
        raise ValueError(f"steps={steps}: must be 0 or more.")
    positive("rate", rate)
    X = design_matrix(x)
    path = np.empty((steps + 1, 2))
    path[0] = start
    for step in range(steps):
        path[step + 1] = path[step] - rate * _gradient(X, y, path[step])
    return path


def least_squares(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """The line with the smallest mean squared error: w = cov(x, y) / var(x), b = mean(y - w x).

    Args:
        x, y: n inputs, not all equal, and n observations, n >= 2.

    Returns:
        (w, b), float64, shape (2,).

    Raises:
        TypeError, ValueError: as `mean_squared_error`; also where every x is the same, since then
            every line through the mean is as good.
    """
    x, y = _pair("x", x, "y", y)
    from_mean = x - x.mean()
    if np.ptp(x) == 0:
        raise ValueError(f"x holds only the value {x[0]:g}; a slope needs two different inputs.")
    w = from_mean @ (y - y.mean()) / (from_mean @ from_mean)
    return np.array([w, y.mean() - w * x.mean()])


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

    Raises:
        TypeError, ValueError: as `mean_squared_error`, for each of the four.
    """
    x, y = _pair("x", x, "y", y)
    w = _vector("slopes", slopes)[None, :, None]
    b = _vector("intercepts", intercepts)[:, None, None]
    return np.mean((w * x + b - y) ** 2, axis=-1)


def _gradient(X: NDArray, y: NDArray, line: NDArray) -> NDArray[np.float64]:
    return 2 * X.T @ (X @ line - y) / len(y)


def _pair(
    name: str, values: ArrayLike, other_name: str, other_values: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, second = _vector(name, values), _vector(other_name, other_values)
    if len(first) != len(second):
        raise ValueError(
            f"{name} holds {len(first)} numbers and {other_name} {len(second)}; "
            "they must be as many."
        )
    return first, second


def _vector(name: str, values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} is of type {array.dtype}; it must hold real numbers.")
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} has shape {array.shape}; it must be (n,) with n >= 1.")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinity; every number must be finite.")
    return array.astype(np.float64)
