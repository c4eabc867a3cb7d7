"""Tests of the checks of linear regression: other right answers, and every named misconception."""

import math
from fractions import Fraction

import keras
import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from lessons.linear_regression import check

pytestmark = pytest.mark.slow


def covariance(x, y):
    return np.mean((x - x.mean()) * (y - y.mean()))


def through_mean(slope):
    return lambda x, y: (slope(x, y), np.mean(y) - slope(x, y) * np.mean(x))


def slopes(x, y, w, b):
    r = w * x + b - y
    return 2 * np.mean(r * x), 2 * np.mean(r)


def step(spoil):
    def take(x, y, w, b, rate):
        dw, db = spoil(*slopes(x, y, w, b), len(x))
        return w - rate * dw, b - rate * db

    return take


def moved_too_early(x, y, w, b, rate):
    w = w - rate * slopes(x, y, w, b)[0]
    return w, b - rate * slopes(x, y, w, b)[1]


def b_first(x, y, w, b, rate):
    b = b - rate * slopes(x, y, w, b)[1]
    return w - rate * slopes(x, y, w, b)[0], b


def truncated(x, y, w, b, rate):
    line = np.array([w, b])
    line[:] = step(lambda dw, db, n: (dw, db))(x, y, w, b, rate)
    return line


def fit(x, y):
    model = LinearRegression().fit(np.reshape(x, (-1, 1)), y)
    return [model.coef_[0], model.intercept_]


def mse_loop(y, prediction):
    total = 0
    for one, other in zip(y, prediction, strict=True):
        total += (one - other) ** 2
    return total / len(y)


def in_place(x, w, b):
    x *= 2
    return w * x / 2 + b


def raises(*_):
    raise RuntimeError("no idea")


RIGHT = [
    (check.predict, lambda x, w, b: w * x + b),
    (check.predict, lambda x, w, b: [w * one + b for one in x]),
    (check.predict, lambda x, w, b: tuple(w * one + b for one in x.tolist())),
    (check.predict, lambda x, w, b: np.float32(w) * x.astype(np.float32) + np.float32(b)),
    (check.predict, lambda x, w, b: np.polyval([w, b], x)),
    (check.predict, lambda x, w, b: keras.ops.convert_to_tensor(w * x + b)),
    (check.predict, lambda x, w, b: [Fraction(w) * Fraction(float(v)) + Fraction(b) for v in x]),
    (check.predict, lambda x, w, b: np.poly1d([w, b])(x)),
    (check.mean_squared_error, lambda y, p: np.var(p - y) + np.mean(p - y) ** 2),
    (check.mean_squared_error, lambda y, p: math.dist(y, p) ** 2 / len(y)),
    (check.best_line, lambda x, y: np.polynomial.Polynomial.fit(x, y, 1).convert().coef[::-1]),
    (check.best_line, lambda x, y: np.linalg.pinv(np.stack([x, np.ones(len(x))], 1)) @ y),
    (check.mean_squared_error, mse_loop),
    (check.mean_squared_error, lambda y, p: np.mean((y - p) ** 2)),
    (check.mean_squared_error, lambda y, p: np.asarray(((y - p) ** 2).mean())),
    (check.mean_squared_error, lambda y, p: np.float32(np.mean(np.square(p - y)))),
    (check.mean_squared_error, lambda y, p: keras.ops.mean((y - p) ** 2)),
    (check.mean_squared_error, lambda y, p: (y - p) @ (y - p) / len(y)),
    (check.best_line, fit),
    (check.best_line, lambda x, y: np.polyfit(x, y, 1)),
    (check.best_line, through_mean(lambda x, y: np.cov(x, y)[0, 1] / np.var(x, ddof=1))),
    (check.best_line, through_mean(lambda x, y: covariance(x, y) / np.var(x))),
    (check.best_line, through_mean(lambda x, y: np.corrcoef(x, y)[0, 1] * y.std() / x.std())),
    (check.gradient_step, step(lambda dw, db, n: (dw, db))),
    (check.gradient_step, lambda *a: np.array(step(lambda dw, db, n: (dw, db))(*a))),
    (check.gradient_step, lambda *a: list(step(lambda dw, db, n: (dw, db))(*a))),
]


@pytest.mark.parametrize(("mark", "answer"), RIGHT)
def test_right_answers_however_written(mark, answer):
    result = mark(answer)
    assert result.state == "right", result


WRONG = [
    (check.predict, lambda x, w, b: b * x + w, "swapped the slope"),
    (check.predict, lambda x, w, b: w * (x + b), "multiplied `b`"),
    (check.predict, lambda x, w, b: w * x, "left the intercept"),
    (check.predict, lambda x, w, b: np.sum(w * x + b), "added the predictions up"),
    (check.predict, lambda x, w, b: np.sum(w * x) + b, "added the products up"),
    (check.predict, lambda x, w, b: (w * x + b).reshape(-1, 1), "table of one column"),
    (check.predict, lambda x, w, b: abs(w) * x + b, "differ"),
    (check.predict, lambda x, w, b: (w * x + b).astype(int), "differ"),
    (check.mean_squared_error, lambda y, p: np.var(p - y), "the variance"),
    (check.mean_squared_error, lambda y, p: np.mean(y**2 - p**2), "before you subtracted"),
    (check.mean_squared_error, lambda y, p: np.mean(p**2 - y**2), "before you subtracted"),
    (check.best_line, through_mean(lambda x, y: x @ y / (x @ x)), "left the means in"),
    (check.best_line, through_mean(lambda x, y: (y[-1] - y[0]) / (x[-1] - x[0])), "differ"),
    (check.best_line, lambda x, y: (np.array([1.0]), 2.0), "parts of one shape"),
    (check.gradient_step, b_first, "moved `b` before"),
    (check.gradient_step, truncated, "differ"),
    (check.gradient_step, step(lambda dw, db, n: (db, dw)), "exchanged"),
    (check.gradient_step, step(lambda dw, db, n: (n * dw / 2, n * db / 2)), "lost the factor 2"),
    (
        check.gradient_step,
        lambda x, y, w, b, rate: (
            w - rate * slopes(x, y, w, b)[1] * np.mean(x),
            b - rate * slopes(x, y, w, b)[1],
        ),
        "inside the mean",
    ),
    (check.mean_squared_error, lambda y, p: np.mean(y - p), "forgot the square"),
    (check.mean_squared_error, lambda y, p: np.mean(p - y), "forgot the square"),
    (check.mean_squared_error, lambda y, p: np.mean(np.abs(p - y)), "absolute values"),
    (check.mean_squared_error, lambda y, p: np.sum((p - y) ** 2), "forgot the mean"),
    (check.mean_squared_error, lambda y, p: np.mean((p - y) ** 2) ** 0.5, "RMSE"),
    (check.mean_squared_error, lambda y, p: np.mean(p - y) ** 2, "squared the mean"),
    (check.mean_squared_error, lambda y, p: np.mean((p - y) ** 2) / 2, "halved"),
    (check.mean_squared_error, lambda y, p: np.sum((p - y) ** 2) / (len(y) - 1), "n - 1"),
    (check.mean_squared_error, lambda y, p: (p - y) ** 2, "take the mean yet"),
    (check.best_line, lambda x, y: fit(x, y)[::-1], "intercept first"),
    (check.best_line, lambda x, y: fit(y, x), "swapped x and y"),
    (check.best_line, lambda x, y: (x @ y / (x @ x), 0), "forgot the intercept"),
    (check.best_line, lambda x, y: (fit(x, y)[0], y.mean()), "Your slope is right"),
    (check.best_line, lambda x, y: (fit(x, y)[0], y.mean() + fit(x, y)[0] * x.mean()), "the sign"),
    (check.best_line, through_mean(lambda x, y: np.cov(x, y)[0, 1] / np.var(x)), "mixed n"),
    (check.best_line, through_mean(lambda x, y: covariance(x, y) / np.var(x, ddof=1)), "mixed n"),
    (check.best_line, through_mean(lambda x, y: covariance(x, y) / np.var(y)), "variance of y"),
    (check.best_line, through_mean(lambda x, y: np.corrcoef(x, y)[0, 1]), "is the correlation"),
    (check.best_line, through_mean(lambda x, y: covariance(x, y) / x.std()), "standard deviation"),
    (check.gradient_step, step(lambda dw, db, n: (-dw, -db)), "You climb"),
    (check.gradient_step, step(lambda dw, db, n: (dw / 2, db / 2)), "factor 2"),
    (check.gradient_step, step(lambda dw, db, n: (dw * n, db * n)), "You took sums"),
    (check.gradient_step, moved_too_early, "before you computed"),
    (check.gradient_step, step(lambda dw, db, n: (db, db)), "factor x"),
    (check.gradient_step, step(lambda dw, db, n: (dw, 0)), "only `w`"),
    (check.gradient_step, step(lambda dw, db, n: (0, db)), "only `b`"),
    (check.gradient_step, lambda x, y, w, b, rate: slopes(x, y, w, b), "These are the slopes"),
    (
        check.gradient_step,
        lambda x, y, w, b, rate: step(lambda dw, db, n: (dw, db))(x, y, w, b, 1),
        "forgot the learning rate",
    ),
    (
        check.gradient_step,
        lambda *a: step(lambda dw, db, n: (dw, db))(*a)[::-1],
        "gave `b` first",
    ),
]


@pytest.mark.parametrize(("mark", "answer", "hint"), WRONG)
def test_each_misconception_gets_its_own_hint(mark, answer, hint):
    result = mark(answer)
    assert result.state == "not yet"
    assert hint in result.message


CHANCE = [
    (check.mean_squared_error, lambda y, p: np.sum((p - y) ** 2) / 3),
    (check.mean_squared_error, lambda y, p: np.mean(((p - y) / y) ** 2)),
    (check.mean_squared_error, lambda y, p: np.mean((np.sort(p) - np.sort(y)) ** 2)),
    (check.best_line, through_mean(covariance)),
]


@pytest.mark.parametrize(("mark", "answer"), CHANCE)
def test_a_chance_agreement_is_not_named(mark, answer):
    """Each of these agrees with a misconception in one case, and is another mistake."""
    assert mark(answer).message == "The values differ."


def solution(mark):
    return next(answer for other, answer in RIGHT if other is mark)


CHECKS = [check.predict, check.mean_squared_error, check.best_line, check.gradient_step]
SPOILED = {
    "zeros": lambda right: lambda *a: np.zeros_like(np.asarray(right(*a), float)),
    "NaN": lambda right: lambda *a: np.asarray(right(*a), float) * np.nan,
    "off by one": lambda right: lambda *a: np.asarray(right(*a), float) + 1,
    "one axis more": lambda right: lambda *a: np.asarray(right(*a), float)[None],
    "text": lambda right: lambda *a: str(right(*a)),
    "complex": lambda right: lambda *a: np.asarray(right(*a)) * 1j,
    "truth": lambda right: lambda *a: np.asarray(right(*a)) > 0,
    "nothing": lambda right: lambda *a: print(end=""),
    "exception": lambda right: raises,
    "too few arguments": lambda right: lambda: [1.0],
    "no function": lambda right: 3.0,
}


@pytest.mark.parametrize("mark", CHECKS)
@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_spoiled_answers_are_refused(mark, spoil):
    assert mark(spoil(solution(mark))).state == "not yet"


@pytest.mark.parametrize("mark", CHECKS)
def test_an_answer_that_only_fits_the_shown_example_is_refused(mark):
    shown = {
        check.predict: [7.0, 9.0, 11.0],
        check.mean_squared_error: 13 / 3,
        check.best_line: (1, 2 / 3),
        check.gradient_step: (0.6, 2.2),
    }
    assert mark(lambda *_: shown[mark]).state == "not yet"


@pytest.mark.parametrize("mark", CHECKS)
@pytest.mark.parametrize("answer", [None, ..., lambda *_: None])
def test_an_untouched_exercise_is_not_attempted(mark, answer):
    assert mark(answer).state == "not attempted"


def test_a_changed_input_is_refused():
    result = check.predict(in_place)
    assert result.state == "not yet"
    assert "changed its input" in result.message or "stopped" in result.message
