"""Checks of the lesson Linear regression."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, draw, require

Line = tuple[float, float]
THREE = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 4.0])
"""The three points of the lesson."""


def _two_numbers(got: Any, x: NDArray, *_: Any) -> Any:
    """A line as it came, unless one of its numbers is a table, or has an entry for every point."""
    parts = got if isinstance(got, tuple | list | np.ndarray) else ()
    shapes = [np.shape(part) for part in parts if isinstance(part, np.ndarray)]
    per_point = len(parts) == 2 and (len(x),) in shapes and len(x) > 1
    hint = "The slope takes the mean over the points: then it is one number, not one per point."
    require(not per_point, "One of your two numbers came out as one number per point.", hint)
    hint = "`np.cov` and `np.corrcoef` give a table: take its entry `[0, 1]`."
    require((2, 2) not in shapes, "One of your two numbers came out as a table of 2 by 2.", hint)
    return got


# ---- The error of a line -------------------------------------------------------------------------


def _two_vectors(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    y = draw(rng, int(rng.integers(1, 7)), "whole", "equal", "normal", "float32", "zeros")
    return y, y + np.round(rng.normal(0.5, 2, len(y)), 2).astype(y.dtype)


mean_squared_error = Exercise(
    title="Mean squared error",
    outcome="compute",
    praise="Squares punish: one error of 10 costs as much as a hundred of 1.",
    nudge="Say the name backward: first the error of each point, then its square, then the mean.",
    hint="`prediction - y` gives all errors at once, `** 2` squares each, and `np.mean` takes "
    "their mean.",
    oracle=lambda y, prediction: math.dist(y, prediction) ** 2 / len(y),
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
        "You halved it: some books do, this lesson does not.": (
            lambda y, p: np.mean((p - y) ** 2) / 2
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
    return np.polyfit(x, y, 1)


def _points(rng: np.random.Generator, n: int) -> tuple[NDArray, NDArray]:
    """Points whose x are not all equal, far from 0 in a third of the cases."""
    x = rng.permutation(np.arange(n) * rng.integers(1, 4) + rng.integers(-3, 9)) * 1.0
    x[1:] += np.round(rng.normal(0, 0.3, n - 1), 2)
    y = np.round(4 - rng.integers(1, 4) / 2 * x + rng.normal(0, 2, n), 2)
    return (np.round(x).astype(int), np.round(y).astype(int)) if rng.random() < 0.3 else (x, y)


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
    oracle=_fitted,
    read=_two_numbers,
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
            _with_slope(lambda x, y: np.cov(x, y, ddof=0)[0, 1] / np.var(x, ddof=1)),
        ),
        "You divided by the variance of y: the slope divides by that of x.": (
            _with_slope(lambda x, y: np.cov(x, y, ddof=0)[0, 1] / np.var(y))
        ),
        "You divided by standard deviations: divide the covariance by the variance of x.": (
            _with_slope(lambda x, y: np.corrcoef(x, y)[0, 1]),
            _with_slope(lambda x, y: np.cov(x, y, ddof=0)[0, 1] / np.std(x)),
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


def _along(spoil: Callable[[float, float, NDArray], Line]) -> Callable[..., Line]:
    """One step along spoiled slopes."""

    def step(x, y, w, b, rate):
        dw, db = spoil(*_slopes(x, y, w, b), x)
        return w - rate * dw, b - rate * db

    return step


_downhill = _along(lambda dw, db, x: (dw, db))
_w_alone = _along(lambda dw, db, x: (dw, 0))
_b_alone = _along(lambda dw, db, x: (0, db))

SLIPS = {
    "You climb: the gradient points uphill, so subtract it. Or is your residual y - prediction? "
    "Turn it around.": (_along(lambda dw, db, x: (-dw, -db)),),
    "You lost the factor 2 that comes from the square.": (
        _along(lambda dw, db, x: (dw / 2, db / 2)),
    ),
    "You took sums: both slopes are means over the points, times 2.": (
        _along(lambda dw, db, x: (dw * len(x), db * len(x))),
        _along(lambda dw, db, x: (dw * len(x) / 2, db * len(x) / 2)),
    ),
    "You moved one number before you computed the slope for the other: compute both slopes at the "
    "same place, then move.": (
        lambda x, y, w, b, rate: _b_alone(x, y, *_w_alone(x, y, w, b, rate), rate),
        lambda x, y, w, b, rate: _w_alone(x, y, *_b_alone(x, y, w, b, rate), rate),
    ),
}
"""Wrong steps, of one and of many."""


def _start(rng: np.random.Generator) -> tuple[NDArray, NDArray, float, float, float]:
    x, y = _points(rng, int(rng.integers(1, 7)))
    w, b = np.round(rng.normal(scale=3, size=2), 2).tolist()
    return x, y, w, b, float(rng.choice([0.01, 0.1, 0.5]))


gradient_step = Exercise(
    title="One step downhill",
    outcome="find",
    praise="All of deep learning repeats this step.",
    nudge="Both slopes share one thing: by how much each point is missed. Which slope multiplies "
    "it by x, and before or after the mean?",
    hint="Compute the residuals w x + b - y once. The slope along w is the mean of 2 times "
    "residual times x, the slope along b the mean of 2 times residual. Then subtract rate times "
    "slope from both.",
    oracle=_downhill,
    read=_two_numbers,
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
        **SLIPS,
        "Only the slope along `w` has a factor x, and it belongs inside the mean: multiply each "
        "residual by its x.": (
            _along(lambda dw, db, x: (db * np.mean(x), db)),
            _along(lambda dw, db, x: (db, dw)),
            _along(lambda dw, db, x: (db, db)),
        ),
        "You moved only one of the two numbers.": (_w_alone, _b_alone),
        "These are the slopes: now take the step, old value minus rate times slope.": (
            lambda x, y, w, b, rate: _slopes(x, y, w, b),
            lambda x, y, w, b, rate: np.multiply(_slopes(x, y, w, b), rate),
        ),
        "You forgot the learning rate: multiply the slopes by `rate`.": (
            lambda x, y, w, b, rate: _downhill(x, y, w, b, 1)
        ),
    },
)

# ---- The whole descent ---------------------------------------------------------------------------


def _walk(step: Callable[..., Line], more: int = 0) -> Callable[..., Line]:
    """As many steps as asked for, and `more`."""

    def walk(x, y, w, b, rate, steps):
        for _ in range(steps + more):
            w, b = step(x, y, w, b, rate)
        return w, b

    return walk


def _descent(rng: np.random.Generator) -> tuple[NDArray, NDArray, float, float, float, int]:
    x, y, w, b, _ = _start(rng)
    return x, y, w, b, float(rng.choice([0.001, 0.005, 0.01])), int(rng.integers(0, 7))


descend = Exercise(
    title="The whole descent",
    outcome="train",
    praise="This loop trains every network of the course; only the slopes get longer.",
    nudge="You have one step. What does the next step start from?",
    hint="Write `for _ in range(steps):`. Inside it compute both slopes at the present w and b, "
    "then give w and b their new values. Return them after the loop.",
    oracle=_walk(_downhill),
    read=_two_numbers,
    cases=[
        (*THREE, 0.0, 2.0, 0.15, 1),
        (*THREE, 0.0, 2.0, 0.15, 2),
        (*THREE, 0.5, -1.0, 0.1, 0),
        (np.array([0, 1, 3]), np.array([5, 1, 2]), 1, -1, 0.05, 5),
        (np.array([2.0]), np.array([1.0]), 0.0, 0.0, 0.1, 3),
        (*THREE, 0.0, 0.0, 0.01, 40),
        (*THREE, 0.0, 2.0, 0.3, 3),  # uphill from step to step
        (*THREE, 1.0, 0.66, 0.01, 20),  # nearly there
    ],
    legal=_descent,
    misconceptions={
        **{hint: tuple(map(_walk, steps)) for hint, steps in SLIPS.items()},
        "One step too few: `range(steps)` counts `steps` of them.": _walk(_downhill, -1),
        "One step too many: `range(steps)` counts `steps` of them.": _walk(_downhill, 1),
        "You computed the slopes once and kept them: after every step they are others.": (
            lambda x, y, w, b, rate, steps: _downhill(x, y, w, b, rate * steps)
        ),
        "That is one step, however many were asked for: repeat it, and return after the loop.": (
            lambda x, y, w, b, rate, steps: _downhill(x, y, w, b, rate)
        ),
    },
    rtol=1e-5,
)

# ---- The error on new people ---------------------------------------------------------------------


def _error(x: NDArray, y: NDArray, x_new: NDArray, y_new: NDArray) -> float:
    return np.sqrt(np.mean((np.polyval(_fitted(x, y), x_new) - y_new) ** 2))


def _scaled(x: NDArray) -> NDArray:
    return (x - np.mean(x)) / np.std(x)


def _four(rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    n, m = int(rng.integers(4, 9)), int(rng.integers(1, 5))
    x, y = _points(rng, n + m)
    return x[:n], y[:n], x[n:], y[n:]


PEOPLE = np.array([60.0, 70.0, 80.0, 90.0]), np.array([160.0, 172.0, 170.0, 181.0])

error_on_new = Exercise(
    title="The error on new people",
    outcome="judge",
    praise="The only error worth quoting: in centimeters, on people the line has never seen.",
    nudge="What belongs to the model? The line, and the scale on which it was learned. The new "
    "people get both as they are.",
    hint="Keep `mean, spread = x.mean(), x.std()`. Fit `regression.least_squares` to the "
    "standardized x and y, standardize x_new with the same two numbers, predict, and take the "
    "root of the mean of the squared errors.",
    oracle=_error,
    cases=[
        (*THREE, np.array([4.0, 5.0]), np.array([5.0, 5.0])),
        (*PEOPLE, np.array([65.0, 85.0, 100.0]), np.array([171.0, 169.0, 190.0])),
        (*(numbers.astype(int) for numbers in PEOPLE), np.array([75]), np.array([180])),
        tuple(np.array([[-1.0, 0, 1, 4], [3, 1, 2, -2], [6, -3, 2, 2], [0, 1, 1, 5]])),
    ],
    legal=_four,
    misconceptions={
        "You standardized the new people with their own mean and spread: use those of x, they "
        "are part of the model.": (
            lambda x, y, x_new, y_new: _error(_scaled(x), y, _scaled(x_new), y_new)
        ),
        "You did not standardize the new people: the line was learned on another scale.": (
            lambda x, y, x_new, y_new: _error(_scaled(x), y, x_new, y_new)
        ),
        "That is the error on the people it learned from: predict for x_new.": (
            lambda x, y, *new: _error(x, y, x, y)
        ),
        "You fitted the line to the new people: it must not have seen them.": (
            lambda x, y, *new: _error(*new, *new)
        ),
        "You fitted the line to everybody: the new people must be new to it.": (
            lambda x, y, *new: _error(np.append(x, new[0]), np.append(y, new[1]), *new)
        ),
        "That is the mean square, in cm²: take the root.": lambda *case: _error(*case) ** 2,
        "That is the mean absolute error: square, take the mean, take the root.": (
            lambda x, y, x_new, y_new: np.mean(np.abs(np.polyval(_fitted(x, y), x_new) - y_new))
        ),
        "You guessed the mean height for everybody: use the line.": (
            lambda x, y, x_new, y_new: np.sqrt(np.mean((np.mean(y) - y_new) ** 2))
        ),
    },
    rtol=1e-6,
)
