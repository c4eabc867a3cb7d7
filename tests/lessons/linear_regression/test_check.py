"""Linear regression: right answers of unusual form, and wrong ones such as students write."""

import math

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


def one_per_point(x, y, w, b, rate):
    residual = w * x + b - y
    return w - rate * 2 * residual * x, b - rate * 2 * np.mean(residual)


def walk_per_point(x, y, w, b, rate, steps):
    for _ in range(steps):
        residual = w * x + b - y
        w, b = w - rate * 2 * residual * x, b - rate * 2 * residual
    return w, b


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


def walk(x, y, w, b, rate, steps):
    for _ in range(steps):
        w, b = step(x, y, w, b, rate)
    return w, b


def best_place(x, y, w, b, rate, steps):
    places = [walk(x, y, w, b, rate, n) for n in range(steps + 1)]
    return min(places, key=lambda line: np.mean((line[0] * x + line[1] - y) ** 2))


def until_it_creeps(x, y, w, b, rate, steps):
    for _ in range(steps):
        before, (w, b) = (w, b), step(x, y, w, b, rate)
        if abs(w - before[0]) < 1e-3:
            break
    return w, b


def in_place(x, y, w, b, rate, steps):
    x *= 2
    return walk(x / 2, y, w, b, rate, steps)


def last_slopes_first(x, y, w, b, rate, steps):
    dw, db = slopes(x, y, w, b)
    for _ in range(steps):
        w, b = w - rate * dw, b - rate * db
    return w, b


def by_matrix(x, y, w, b, rate, steps):
    columns = np.stack([x, np.ones(len(x))], axis=1)
    line = np.array([w, b], float)
    for _ in range(steps):
        line -= rate * 2 * columns.T @ (columns @ line - y) / len(y)
    return line


def off(x, y, x_new, y_new):
    return np.sqrt(np.mean((np.polyval(np.polyfit(x, y, 1), x_new) - y_new) ** 2))


def scaled_together(x, y, x_new, y_new):
    everybody = np.append(x, x_new)
    fitted = np.polyfit((x - everybody.mean()) / everybody.std(), y, 1)
    z_new = (x_new - x.mean()) / x.std()
    return np.sqrt(np.mean((np.polyval(fitted, z_new) - y_new) ** 2))


def own_mean(x, y, x_new, y_new):
    with np.errstate(all="ignore"):
        fitted = np.polyfit((x - x.mean()) / x.std(), y, 1)
        z_new = (x_new - x_new.mean()) / x_new.std()
        return np.sqrt(np.mean((np.polyval(fitted, z_new) - y_new) ** 2))


def mean_through(slope):
    return lambda x, y: (slope(x, y), np.mean(y) - slope(x, y) * np.mean(x))


test_right_in_another_way = accepted({
    "variance and mean": (
        check.mean_squared_error, lambda y, p: np.var(p - y) + np.mean(p - y) ** 2),
    "distance": (check.mean_squared_error, lambda y, p: math.dist(y, p) ** 2 / len(y)),
    "loop of squares": (check.mean_squared_error, mse_loop),
    "scikit-learn": (check.best_line, fit),
    "polyfit": (check.best_line, lambda x, y: np.polyfit(x, y, 1)),
    "both with n - 1": (
        check.best_line, mean_through(lambda x, y: np.cov(x, y)[0, 1] / np.var(x, ddof=1))),
    "a matrix": (check.descend, by_matrix),
    "raw kilograms": (check.error_on_new, off),
    "an array": (check.gradient_step, lambda *case: np.array(step(*case))),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "in place": (check.descend, in_place, "changed its input"),
    "slopes kept": (check.descend, last_slopes_first, "once and kept"),
    "a step too few": (check.descend, lambda *case: walk(*case[:5], max(0, case[5] - 1)), "too few"),
    "always one": (check.descend, lambda *case: step(*case[:5]), "however many"),
    "the best place on the way": (check.descend, best_place, None),
    "until it creeps": (check.descend, until_it_creeps, None),
    "b first": (check.descend, lambda *case: walk(*case)[::-1], None),
    "their own scale": (check.error_on_new, own_mean, "their own mean"),
    "scaled by everybody": (check.error_on_new, scaled_together, None),
    "the square": (check.error_on_new, lambda *case: off(*case) ** 2, "take the root"),
    "seen people": (check.error_on_new, lambda x, y, *_: off(x, y, x, y), "learned from"),
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
    "slopes of each point": (check.gradient_step, one_per_point, "mean over the points"),
    "each point for itself": (check.descend, walk_per_point, "mean over the points"),
    "the table of np.cov": (
        check.best_line, mean_through(lambda x, y: np.cov(x, y) / np.var(x)), "entry `[0, 1]`"),
    "np.cov over np.var": (
        check.best_line, mean_through(lambda x, y: np.cov(x, y)[0, 1] / np.var(x)), "mixed n"),
    "means left in": (
        check.best_line, mean_through(lambda x, y: np.mean(x * y) / np.mean(x**2)), "means in"),
    "b in front": (check.gradient_step, lambda *case: step(*case)[::-1], None),
})  # fmt: skip
