"""Checks of the lesson Linear regression."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, draw

Line = tuple[float, float]
THREE = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 4.0])
"""The three points of the lesson."""


def _vector(rng: np.random.Generator) -> NDArray:
    return draw(rng, int(rng.integers(1, 7)), "whole", "equal", "normal", "float32", "zeros")


def _number(rng: np.random.Generator) -> float:
    return round(float(rng.normal(scale=3)), 2)


# ---- Predictions and their error -----------------------------------------------------------------

predict = Exercise(
    title="Predict many at once",
    outcome="compute",
    praise="One product predicts for three points or three million.",
    nudge="What would you write for one number x? NumPy does the same to a whole vector.",
    hint="A vector times a number multiplies every entry, and a vector plus a number adds it to "
    "every entry.",
    oracle=lambda x, w, b: [float(w) * float(value) + float(b) for value in x],
    cases=[
        (THREE[0], 2.0, 5.0),
        (np.array([10]), 3, 0),
        (np.array([0, -4, 3]), -0.7, -3.0),
        (np.array([2.5, 0.5]), 0, 4),
    ],
    legal=lambda rng: (_vector(rng), _number(rng), _number(rng)),
    misconceptions={
        "You swapped the slope and the intercept: `w` multiplies x, `b` is added.": (
            lambda x, w, b: b * x + w
        ),
        "You multiplied `b` as well: add it after the product.": lambda x, w, b: w * (x + b),
        "You left the intercept `b` out.": lambda x, w, b: w * x,
        "You subtracted the intercept: add it.": lambda x, w, b: w * x - b,
        "You added the predictions up: every x gets its own.": (
            lambda x, w, b: np.sum(w * x + b),
            lambda x, w, b: np.sum(w * x) + b,
        ),
        "The result is a table of one column: give a flat vector, one number for every x.": (
            lambda x, w, b: (w * x + b)[:, None]
        ),
    },
    rtol=1e-3,
)


def _two_vectors(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    y = _vector(rng)
    return y, y + np.round(rng.normal(0.5, 2, len(y)), 2).astype(y.dtype)


mean_squared_error = Exercise(
    title="Mean squared error",
    outcome="compute",
    praise="Squares punish: one error of 10 costs as much as a hundred of 1.",
    nudge="Say the name backward: first the error of each point, then its square, then the mean.",
    hint="`prediction - y` gives all errors at once, `** 2` squares each, and `np.mean` takes "
    "their mean.",
    oracle=lambda y, prediction: (
        math.fsum((float(p) - float(t)) ** 2 for t, p in zip(y, prediction, strict=True)) / len(y)
    ),
    cases=[
        (THREE[0], np.array([3.0, 2.0, 0.0])),
        (np.array([4.0]), np.array([4.0])),
        (np.array([-1.0]), np.array([2.0])),
        (np.array([1, 2, 3]), np.array([4, 4, 9])),
        (np.array([0.0, 0.01, 0.02]), np.array([0.01, 0.0, 0.02])),
        (np.array([5, 5, 5, 5]), np.array([7, 3, 7, 4])),
    ],
    legal=_two_vectors,
    misconceptions={
        "You forgot the square: errors above and below cancel.": (
            lambda y, p: np.mean(p - y),
            lambda y, p: np.mean(y - p),
        ),
        "You took absolute values in place of squares: that is the mean absolute error.": (
            lambda y, p: np.mean(np.abs(p - y))
        ),
        "You forgot the mean: divide the sum by how many there are.": (
            lambda y, p: np.sum((p - y) ** 2)
        ),
        "You took the root as well: that is the RMSE, the typical error.": (
            lambda y, p: np.sqrt(np.mean((p - y) ** 2))
        ),
        "You squared the mean of the errors: square each, then take the mean.": (
            lambda y, p: np.mean(p - y) ** 2
        ),
        "You halved it: some books do, this lesson does not.": lambda y, p: (
            np.mean((p - y) ** 2) / 2
        ),
        "You squared before you subtracted: subtract first.": (
            lambda y, p: np.mean(p**2 - y**2),
            lambda y, p: np.mean(y**2 - p**2),
        ),
        "You did not take the mean yet.": lambda y, p: (p - y) ** 2,
    },
    atol=1e-7,
)

# ---- The best line -------------------------------------------------------------------------------


def _fitted(x: NDArray, y: NDArray) -> NDArray:
    columns = np.stack([x, np.ones(len(x))], axis=1)
    return np.linalg.lstsq(columns, np.asarray(y, float), rcond=None)[0]


def _points(rng: np.random.Generator, n: int) -> tuple[NDArray, NDArray]:
    """Points whose x are not all equal, far from 0 in a third of the cases."""
    x = rng.permutation(np.arange(n) * rng.integers(1, 4) + rng.integers(-3, 9)) * 1.0
    x[1:] += np.round(rng.normal(0, 0.3, n - 1), 2)
    y = np.round(4 - rng.integers(1, 4) / 2 * x + rng.normal(0, 2, n), 2)
    return (np.round(x).astype(int), np.round(y).astype(int)) if rng.random() < 0.3 else (x, y)


def _covariance(x: NDArray, y: NDArray) -> float:
    return np.mean((x - np.mean(x)) * (y - np.mean(y)))


def _with_slope(slope: Callable[[NDArray, NDArray], float]) -> Callable[..., Line]:
    """The line with this slope through the mean point."""
    return lambda x, y: (slope(x, y), np.mean(y) - slope(x, y) * np.mean(x))


best_line = Exercise(
    title="The best line",
    outcome="find",
    praise="You fitted a model, exactly, without a single guess.",
    nudge="The formula speaks of deviations from the mean. How do you get them for all x at once?",
    hint="w is the mean of (x - mean of x) times (y - mean of y), divided by the mean of the "
    "squares of (x - mean of x). The line passes through the mean point: that gives b.",
    oracle=lambda x, y: _fitted(x, y),
    cases=[
        THREE,
        (np.array([0, 1, 1, 4, 6]), np.array([5, 1, 2, -2, 0])),
        (np.array([1.0, 2.0]), np.array([3.0, 3.0])),
        (np.array([-2.0, 0.0, 2.0]), np.array([1.0, 5.0, 3.0])),
        (np.array([501.0, 502.0, 504.0]), np.array([2.0, 4.0, 3.0])),
    ],
    legal=lambda rng: _points(rng, int(rng.integers(3, 9))),
    misconceptions={
        "You gave the intercept first: return w, then b.": lambda x, y: _fitted(x, y)[::-1],
        "You swapped x and y: this line predicts x from y.": lambda x, y: _fitted(y, x),
        "You forgot the intercept: this is the best line through the origin.": (
            lambda x, y: (x @ y / (x @ x), 0.0)
        ),
        "Your slope is right. The line passes through the mean point: b = mean(y) - w mean(x).": (
            lambda x, y: (_fitted(x, y)[0], np.mean(y)),
            lambda x, y: (_fitted(x, y)[0], np.mean(y) + _fitted(x, y)[0] * np.mean(x)),
        ),
        "You mixed n and n - 1: `np.cov` divides by n - 1, `np.var` by n. Take the mean of "
        "products and the mean of squares.": (
            _with_slope(lambda x, y: np.cov(x, y)[0, 1] / np.var(x)),
            _with_slope(lambda x, y: _covariance(x, y) / np.var(x, ddof=1)),
        ),
        "You divided by the variance of y: the slope divides by that of x.": (
            _with_slope(lambda x, y: _covariance(x, y) / np.var(y))
        ),
        "You divided by standard deviations: divide the covariance by the variance of x.": (
            _with_slope(lambda x, y: np.corrcoef(x, y)[0, 1]),
            _with_slope(lambda x, y: _covariance(x, y) / np.std(x)),
        ),
        "You left the means in: subtract them from x and y before you multiply.": (
            _with_slope(lambda x, y: x @ y / (x @ x))
        ),
    },
)

# ---- One step downhill ---------------------------------------------------------------------------


def _slopes(x: NDArray, y: NDArray, w: float, b: float) -> Line:
    """The gradient of the mean squared error, by its definition, point after point."""
    dw = math.fsum(2 * (w * s + b - t) * s for s, t in zip(x, y, strict=True)) / len(x)
    db = math.fsum(2 * (w * s + b - t) for s, t in zip(x, y, strict=True)) / len(x)
    return dw, db


def _along(spoil: Callable[[float, float, int], Line]) -> Callable[..., Line]:
    """One step along spoiled slopes."""

    def step(x, y, w, b, rate):
        dw, db = spoil(*_slopes(x, y, w, b), len(x))
        return w - rate * dw, b - rate * db

    return step


def _w_first(x, y, w, b, rate):
    w = w - rate * _slopes(x, y, w, b)[0]
    return w, b - rate * _slopes(x, y, w, b)[1]


def _b_first(x, y, w, b, rate):
    b = b - rate * _slopes(x, y, w, b)[1]
    return w - rate * _slopes(x, y, w, b)[0], b


def _x_outside(x, y, w, b, rate):
    db = _slopes(x, y, w, b)[1]
    return w - rate * db * np.mean(x), b - rate * db


def _start(rng: np.random.Generator) -> tuple[NDArray, NDArray, float, float, float]:
    n = int(rng.integers(1, 7))
    x, y = _points(rng, n) if n > 1 else (np.array([2.0]), np.array([1.0]))
    return x, y, _number(rng), _number(rng), float(rng.choice([0.01, 0.1, 0.5]))


_downhill = _along(lambda dw, db, n: (dw, db))

gradient_step = Exercise(
    title="One step downhill",
    outcome="find",
    praise="All of deep learning repeats this step.",
    nudge="Both slopes share one thing: by how much each point is missed. Which slope multiplies "
    "it by x, and before or after the mean?",
    hint="Compute the residuals w x + b - y once. The slope along w is the mean of 2 times "
    "residual times x, the slope along b the mean of 2 times residual. Then subtract rate times "
    "slope from both.",
    oracle=lambda x, y, w, b, rate: _downhill(x, y, w, b, rate),
    cases=[
        (*THREE, 0.0, 2.0, 0.15),
        (np.array([0, 1, 3]), np.array([5, 1, 2]), 1, -1, 0.1),
        (np.array([2.0]), np.array([1.0]), 0.0, 0.0, 0.25),
        (np.array([-1.0, 1.0]), np.array([3.0, 3.0]), 0.5, 3.0, 0.5),
        (*THREE, 1, 0, 1),
        (*THREE, 1.0, 0.68, 0.5),
    ],
    legal=_start,
    misconceptions={
        "You climb: the gradient points uphill, so subtract it. Or is your residual y - "
        "prediction? Turn it around.": _along(lambda dw, db, n: (-dw, -db)),
        "You lost the factor 2 that comes from the square.": _along(
            lambda dw, db, n: (dw / 2, db / 2)
        ),
        "You took sums: both slopes are means over the points, times 2.": (
            _along(lambda dw, db, n: (dw * n, db * n)),
            _along(lambda dw, db, n: (dw * n / 2, db * n / 2)),
        ),
        "You moved one number before you computed the slope for the other: compute both slopes at "
        "the same place, then move.": (_w_first, _b_first),
        "Only the slope along `w` has a factor x, and it belongs inside the mean: multiply each "
        "residual by its x.": (
            _x_outside,
            _along(lambda dw, db, n: (db, dw)),
            _along(lambda dw, db, n: (db, db)),
        ),
        "You moved only one of the two numbers.": (
            _along(lambda dw, db, n: (dw, 0)),
            _along(lambda dw, db, n: (0, db)),
        ),
        "These are the slopes: now take the step, old value minus rate times slope.": (
            lambda x, y, w, b, rate: _slopes(x, y, w, b),
            lambda x, y, w, b, rate: np.multiply(_slopes(x, y, w, b), rate),
        ),
        "You forgot the learning rate: multiply the slopes by `rate`.": (
            lambda x, y, w, b, rate: _downhill(x, y, w, b, 1)
        ),
    },
)
