"""Linear regression: right answers of unusual form, and wrong ones such as students write."""

import math

import keras
import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from lessons.linear_regression import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def slopes(x, y, w, b):
    residual = w * x + b - y
    return 2 * np.mean(residual * x), 2 * np.mean(residual)


def step(x, y, w, b, rate):
    dw, db = slopes(x, y, w, b)
    return w - rate * dw, b - rate * db


def turned_around(x, y, w, b, rate):
    residual = y - (w * x + b)
    return w - rate * 2 * np.mean(residual * x), b - rate * 2 * np.mean(residual)


def truncated(x, y, w, b, rate):
    line = np.array([w, b])
    line[:] = step(x, y, w, b, rate)
    return line


def only_where_it_is_steep(x, y, w, b, rate):
    return step(x, y, w, b, rate) if max(np.abs(slopes(x, y, w, b))) > 0.1 else (w, b)


def without_equal_x(x, y):
    return np.polyfit(*zip(*dict(zip(x, y, strict=True)).items(), strict=True), 1)


def only_first_point(x, y, w, b, rate):
    return step(x[:1], y[:1], w, b, rate)


def fit(x, y):
    model = LinearRegression().fit(np.reshape(x, (-1, 1)), y)
    return [model.coef_[0], model.intercept_]


def through_ends(x, y):
    w = (y[-1] - y[0]) / (x[-1] - x[0])
    return w, np.mean(y) - w * np.mean(x)


def mse_loop(y, prediction, skip=0):
    total = 0
    for i in range(skip, len(y)):
        total += (prediction[i] - y[i]) ** 2
    return total / len(y)


def returned_inside(y, prediction):  # noqa: RET503
    total = 0
    for i in range(len(y)):
        total += (prediction[i] - y[i]) ** 2
        return total / len(y)


def in_place(x, w, b):
    x *= 2
    return w * x / 2 + b


def mean_through(slope):
    return lambda x, y: (slope(x, y), np.mean(y) - slope(x, y) * np.mean(x))


test_right_in_another_way = accepted({
    "a loop": (check.predict, lambda x, w, b: [w * one + b for one in x]),
    "float32": (check.predict, lambda x, w, b: np.float32(w) * x.astype("f4") + np.float32(b)),
    "polyval": (check.predict, lambda x, w, b: np.polyval([w, b], x)),
    "a tensor": (check.predict, lambda x, w, b: keras.ops.convert_to_tensor(w * x + b)),
    "variance and mean": (
        check.mean_squared_error, lambda y, p: np.var(p - y) + np.mean(p - y) ** 2),
    "distance": (check.mean_squared_error, lambda y, p: math.dist(y, p) ** 2 / len(y)),
    "loop of squares": (check.mean_squared_error, mse_loop),
    "scikit-learn": (check.best_line, fit),
    "polyfit": (check.best_line, lambda x, y: np.polyfit(x, y, 1)),
    "both with n - 1": (
        check.best_line, mean_through(lambda x, y: np.cov(x, y)[0, 1] / np.var(x, ddof=1))),
    "an array": (check.gradient_step, lambda *case: np.array(step(*case))),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "no negative slopes": (check.predict, lambda x, w, b: abs(w) * x + b, None),
    "x where b is 0": (check.predict, lambda x, w, b: w * x + b if b else x, None),
    "whole numbers": (check.predict, lambda x, w, b: (w * x + b).astype(int), None),
    "the shown example": (check.predict, lambda x, w, b: [7.0, 9.0, 11.0], None),
    "without the last": (check.predict, lambda x, w, b: (w * x + b)[:-1], None),
    "two rounds": (check.predict, lambda x, w, b: w * (w * x + b) + b, None),
    "in place": (check.predict, in_place, "changed its input"),
    "a power by ^": (check.mean_squared_error, lambda y, p: np.mean((p - y) ^ 2), "`**`"),
    "divided by 3": (check.mean_squared_error, lambda y, p: np.sum((p - y) ** 2) / 3, None),
    "relative": (check.mean_squared_error, lambda y, p: np.mean(((p - y) / (y + 9)) ** 2), None),
    "sorted": (check.mean_squared_error, lambda y, p: np.mean((np.sort(p) - np.sort(y)) ** 2), None),
    "n - 1": (check.mean_squared_error, lambda y, p: np.sum((p - y) ** 2) / (len(y) - 1), None),
    "the variance": (check.mean_squared_error, lambda y, p: np.var(p - y), None),
    "the first one skipped": (check.mean_squared_error, lambda y, p: mse_loop(y, p, 1), None),
    "rounded": (check.mean_squared_error, lambda y, p: round(np.mean((p - y) ** 2), 3), None),
    "return in the loop": (check.mean_squared_error, returned_inside, "inside the loop"),
    "the covariance": (
        check.best_line, mean_through(lambda x, y: np.mean((x - x.mean()) * (y - y.mean()))), None),
    "through the ends": (check.best_line, through_ends, None),
    "by hand": (check.best_line, lambda x, y: (1, 2 / 3), None),
    "ragged": (check.best_line, lambda x, y: (np.array([1.0]), 2.0), "parts of one shape"),
    "the residual turned around": (check.gradient_step, turned_around, "Turn it around"),
    "one point": (check.gradient_step, only_first_point, None),
    "whole numbers again": (check.gradient_step, truncated, None),
    "two steps": (check.gradient_step, lambda x, y, w, b, r: step(x, y, *step(x, y, w, b, r), r), None),
    "always a rate of 0.15": (check.gradient_step, lambda *case: step(*case[:4], 0.15), None),
    "no small steps": (check.gradient_step, only_where_it_is_steep, None),
    "equal x once": (check.best_line, without_equal_x, None),
    "b in front": (check.gradient_step, lambda *case: step(*case)[::-1], None),
})  # fmt: skip
