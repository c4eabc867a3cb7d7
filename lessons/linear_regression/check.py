"""Checks of the lesson Linear regression."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, compare, exercise

Points = tuple[NDArray, NDArray]


def _points() -> list[Points]:
    """Point clouds to try: the one from the lesson, whole numbers, then random ones."""
    rng = np.random.default_rng(2)
    clouds = [
        (np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 4.0])),
        (np.array([0, 1, 3, 4, 6]), np.array([5, 1, 2, -2, 0])),
    ]
    for n in (2, 7, 40):
        x = rng.normal(3, 2, n)
        clouds.append((x, 4 - 1.5 * x + rng.normal(0, 1, n)))
    return clouds


@exercise("Predict many at once", "One product predicts for three points or three million.")
def predict(answer: Callable[..., Any]) -> None:
    """A function (x, w, b) that gives w x + b for every x."""

    def expected(x: NDArray, w: float, b: float) -> list[float]:
        return [w * float(value) + b for value in x]

    cases = [(np.array([1.0, 2.0, 3.0]), 2.0, 5.0), (np.array([10]), 1, 0)]
    cases += [(x, -0.7, -3.0) for x, _ in _points()]
    compare(
        answer,
        expected,
        cases,
        [
            Misconception(
                "You swapped the slope and the intercept: `w` multiplies x, `b` is added.",
                lambda x, w, b: b * x + w,
            ),
            Misconception(
                "You multiplied `b` as well: add it after the product.", lambda x, w, b: w * (x + b)
            ),
            Misconception("You left the intercept `b` out.", lambda x, w, b: w * x),
            Misconception(
                "You added the predictions up: every x gets its own.",
                lambda x, w, b: np.sum(w * x + b),
            ),
            Misconception(
                "You added the products up before adding `b`: every x gets its own prediction.",
                lambda x, w, b: np.sum(w * x) + b,
            ),
            Misconception(
                "The result is a table of one column: give a flat vector, one number for every x.",
                lambda x, w, b: (w * x + b)[:, None],
            ),
        ],
    )


@exercise("Mean squared error", "Squares punish: one error of 10 costs as much as a hundred of 1.")
def mean_squared_error(answer: Callable[..., Any]) -> None:
    """A function (y, prediction) that gives the mean of the squared errors."""

    def expected(y: NDArray, prediction: NDArray) -> float:
        return math.fsum((float(p) - float(t)) ** 2 for t, p in zip(y, prediction, strict=True)) / (
            len(y)
        )

    rng = np.random.default_rng(3)
    cases = [(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 0.0]))]
    cases += [(y, y + rng.normal(0.5, 2, len(y))) for _, y in _points()]
    cases += [(np.array([4.0]), np.array([4.0])), (np.array([1, 2, 3]), np.array([4, 4, 9]))]
    compare(
        answer,
        expected,
        cases,
        [
            Misconception(
                "You forgot the square: errors above and below cancel.",
                lambda y, p: np.mean(p - y),
            ),
            Misconception(
                "You forgot the square: errors above and below cancel.",
                lambda y, p: np.mean(y - p),
            ),
            Misconception(
                "You took absolute values in place of squares: that is the mean absolute error.",
                lambda y, p: np.mean(np.abs(p - y)),
            ),
            Misconception(
                "You forgot the mean: divide the sum by how many there are.",
                lambda y, p: np.sum((p - y) ** 2),
            ),
            Misconception(
                "You took the root as well: that is the RMSE, the typical error.",
                lambda y, p: np.sqrt(np.mean((p - y) ** 2)),
            ),
            Misconception(
                "You squared the mean of the errors: square each, then take the mean.",
                lambda y, p: np.mean(p - y) ** 2,
            ),
            Misconception(
                "You halved it: some books do, this lesson does not.",
                lambda y, p: np.mean((p - y) ** 2) / 2,
            ),
            Misconception(
                "You divided by n - 1: the mean divides by n.",
                lambda y, p: np.sum((p - y) ** 2) / (len(y) - 1),
            ),
            Misconception(
                "You took the variance of the errors: it leaves out what they have in common.",
                lambda y, p: np.var(p - y),
            ),
            Misconception(
                "You squared before you subtracted: subtract first.",
                lambda y, p: np.mean(p**2 - y**2),
            ),
            Misconception(
                "You squared before you subtracted: subtract first.",
                lambda y, p: np.mean(y**2 - p**2),
            ),
            Misconception("You did not take the mean yet.", lambda y, p: (p - y) ** 2),
        ],
    )


@exercise("The best line", "You fitted a model, exactly, without a single guess.")
def best_line(answer: Callable[..., Any]) -> None:
    """A function (x, y) that gives slope and intercept of the least-squares line."""

    def expected(x: NDArray, y: NDArray) -> NDArray:
        columns = np.stack([x, np.ones(len(x))], axis=1)
        return np.linalg.lstsq(columns, y, rcond=None)[0]

    compare(
        answer,
        expected,
        _points(),
        [
            Misconception(
                "You gave the intercept first: return w, then b.", lambda x, y: expected(x, y)[::-1]
            ),
            Misconception(
                "You swapped x and y: this line predicts x from y.", lambda x, y: expected(y, x)
            ),
            Misconception(
                "You forgot the intercept: this is the best line through the origin.",
                lambda x, y: (x @ y / (x @ x), 0.0),
            ),
            Misconception(
                "Your slope is right; b is what is left of the mean of y: mean(y) - w mean(x).",
                lambda x, y: (expected(x, y)[0], np.mean(y)),
            ),
            Misconception(
                "Your slope is right; the line must pass through the mean point: watch the sign in "
                "b = mean(y) - w mean(x).",
                lambda x, y: (expected(x, y)[0], np.mean(y) + expected(x, y)[0] * np.mean(x)),
            ),
            *(
                Misconception(hint, _with_slope(slope))
                for hint, slope in (
                    (
                        "You mixed n and n - 1: `np.cov` divides by n - 1, `np.var` by n. "
                        "Take the mean of products and the mean of squares.",
                        lambda x, y: np.cov(x, y)[0, 1] / np.var(x),
                    ),
                    (
                        "You mixed n and n - 1: divide covariance and variance by the same number.",
                        lambda x, y: _covariance(x, y) / np.var(x, ddof=1),
                    ),
                    (
                        "You divided by the variance of y: the slope divides by that of x.",
                        lambda x, y: _covariance(x, y) / np.var(y),
                    ),
                    (
                        "This slope is the correlation: divide the covariance by the variance of "
                        "x, not by the two standard deviations.",
                        lambda x, y: np.corrcoef(x, y)[0, 1],
                    ),
                    (
                        "You divided by the standard deviation of x: divide by its square.",
                        lambda x, y: _covariance(x, y) / np.std(x),
                    ),
                    (
                        "You left the means in: subtract them from x and y before you multiply.",
                        lambda x, y: x @ y / (x @ x),
                    ),
                )
            ),
        ],
    )


@exercise("One step downhill", "All of deep learning repeats this step.")
def gradient_step(answer: Callable[..., Any]) -> None:
    """A function (x, y, w, b, rate) that gives slope and intercept after one step."""

    def expected(x: NDArray, y: NDArray, w: float, b: float, rate: float) -> tuple[float, float]:
        dw, db = _slopes(x, y, w, b)
        return w - rate * dw, b - rate * db

    def w_first(x: NDArray, y: NDArray, w: float, b: float, rate: float) -> tuple[float, float]:
        w = w - rate * _slopes(x, y, w, b)[0]
        return w, b - rate * _slopes(x, y, w, b)[1]

    def b_first(x: NDArray, y: NDArray, w: float, b: float, rate: float) -> tuple[float, float]:
        b = b - rate * _slopes(x, y, w, b)[1]
        return w - rate * _slopes(x, y, w, b)[0], b

    def x_outside(x: NDArray, y: NDArray, w: float, b: float, rate: float) -> tuple[float, float]:
        db = _slopes(x, y, w, b)[1]
        return w - rate * db * np.mean(x), b - rate * db

    lines = ((0.0, 2.0, 0.15), (1, -1, 0.1), (0.5, 3.0, 0.01), (-2.0, 0.0, 0.03), (0.3, 0.1, 0.2))
    cases = [(x, y, *line) for (x, y), line in zip(_points(), lines, strict=True)]
    compare(
        answer,
        expected,
        cases,
        [
            Misconception(
                "You climb: the gradient points uphill, so subtract it.",
                _variant(lambda dw, db, n: (-dw, -db)),
            ),
            Misconception(
                "You lost the factor 2 that comes from the square.",
                _variant(lambda dw, db, n: (dw / 2, db / 2)),
            ),
            Misconception(
                "You took sums: both slopes are means over the points.",
                _variant(lambda dw, db, n: (dw * n, db * n)),
            ),
            Misconception(
                "You took sums and lost the factor 2: both slopes are means, times 2.",
                _variant(lambda dw, db, n: (dw * n / 2, db * n / 2)),
            ),
            Misconception(
                "You exchanged the two slopes: the one with the factor x moves `w`.",
                _variant(lambda dw, db, n: (db, dw)),
            ),
            Misconception(
                "You moved `w` before you computed the slope for `b`: compute both slopes at the "
                "same place, then move.",
                w_first,
            ),
            Misconception(
                "You moved `b` before you computed the slope for `w`: compute both slopes at the "
                "same place, then move.",
                b_first,
            ),
            Misconception(
                "The factor x belongs inside the mean: multiply each residual by its x.", x_outside
            ),
            Misconception(
                "The slope for `w` has a factor x inside the mean.",
                _variant(lambda dw, db, n: (db, db)),
            ),
            Misconception("You moved only `w`.", _variant(lambda dw, db, n: (dw, 0))),
            Misconception("You moved only `b`.", _variant(lambda dw, db, n: (0, db))),
            Misconception(
                "These are the slopes: now take the step, old value minus rate times slope.",
                lambda x, y, w, b, rate: _slopes(x, y, w, b),
            ),
            Misconception(
                "You forgot the learning rate: multiply the slopes by `rate`.",
                lambda x, y, w, b, rate: expected(x, y, w, b, 1.0),
            ),
            Misconception(
                "You gave `b` first: return w, then b.",
                lambda x, y, w, b, rate: expected(x, y, w, b, rate)[::-1],
            ),
        ],
    )


def _with_slope(slope: Callable[[NDArray, NDArray], float]) -> Callable[..., tuple]:
    """The line with this slope through the mean point."""
    return lambda x, y: (slope(x, y), np.mean(y) - slope(x, y) * np.mean(x))


def _covariance(x: NDArray, y: NDArray) -> float:
    return np.mean((x - np.mean(x)) * (y - np.mean(y)))


def _slopes(x: NDArray, y: NDArray, w: float, b: float) -> tuple[float, float]:
    """The gradient of the mean squared error, by its definition, point after point."""
    dw = math.fsum(2 * (w * s + b - t) * s for s, t in zip(x, y, strict=True)) / len(x)
    db = math.fsum(2 * (w * s + b - t) for s, t in zip(x, y, strict=True)) / len(x)
    return dw, db


def _variant(spoil: Callable[[float, float, int], tuple]) -> Callable[..., tuple]:
    """One step along spoiled slopes."""

    def step(x: NDArray, y: NDArray, w: float, b: float, rate: float) -> tuple[float, float]:
        dw, db = spoil(*_slopes(x, y, w, b), len(x))
        return w - rate * dw, b - rate * db

    return step
