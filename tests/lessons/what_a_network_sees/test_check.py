"""What a network sees: right answers of unusual form, and wrong ones such as students write."""

import numpy as np
import pytest

from lessons.what_a_network_sees import check
from tests.kit.answers import accepted, refused
from utils.quiet import keras

pytestmark = pytest.mark.slow


def by_keras(picture, w):
    """The operations of Keras in place of the course's."""
    maps = keras.ops.convert_to_tensor(picture[None].astype("float32"))
    for kernel, bias in ((w[0], w[1]), (w[2], w[3])):
        maps = keras.ops.tanh(keras.ops.conv(maps, kernel) + bias)
        maps = keras.ops.average_pool(maps, 2, 2)
    line = np.asarray(maps).ravel()
    for weights, bias in ((w[4], w[5]), (w[6], w[7])):
        line = np.tanh(line @ weights + bias)
    return np.asarray(keras.ops.softmax(line @ w[8] + w[9]))


def rows_below(row, column, stack):
    """All first and last rows, by size and step."""
    size, step = 1, 1
    for k, s in stack:
        size, step = size + (k - 1) * step, step * s
    return [row * step, column * step, size]


def all_below(row, column, stack):
    """The rows that a number sees, and its columns, one by one."""
    seen = {row}, {column}
    for k, s in stack[::-1]:
        seen = [{n * s + i for n in axis for i in range(k)} for axis in seen]
    return min(seen[0]), min(seen[1]), len(seen[0])


def grown(row, column, stack):
    """The side grown from the picture up."""
    side = 1
    for k, s in stack:
        side = side * s + k - 1
    return (*rows_below(row, column, stack)[:2], side)


def metrics(m, nothing=0.0):
    """Class by class, with a number for 0 / 0."""
    said, was = ([sum(row) for row in table] for table in (m.T, m))
    return [[m[i, i] / t[i] if t[i] else nothing for i in range(len(m))] for t in (said, was)]


test_right_in_another_way = accepted({
    "forward: by Keras": (check.forward, by_keras),
    "window: upward": (check.window_below, rows_below),
    "window: every row and column": (check.window_below, all_below),
    "reasons: sorted": (
        check.reasons,
        lambda h, w, said, n: sorted(range(len(h)), key=lambda i: h[i] * w[i, said], reverse=True)[:n]),
    "reasons: argsort from behind": (check.reasons, lambda h, w, said, n: np.argsort(h * w[:, said])[::-1][:n]),
    "metrics: loops": (check.precision_recall, metrics),
    "metrics: nan_to_num": (check.precision_recall, lambda m: np.nan_to_num(np.diag(m) / [m.sum(0), m.sum(1)])),
    "metrics: float32": (check.precision_recall, lambda m: np.array(metrics(m), np.float32)),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "forward: the class": (check.forward, lambda p, w: by_keras(p, w).argmax(), "The shape differs."),
    "forward: uniform": (check.forward, lambda p, w: np.full(len(w[9]), 1 / len(w[9])), None),
    "window: grown upward": (check.window_below, grown, None),
    "window: one row too few": (
        check.window_below, lambda *a: np.subtract(rows_below(*a), (0, 0, 1)), "count both"),
    "window: always 14": (check.window_below, lambda r, c, s: (*rows_below(r, c, s)[:2], 14), None),
    "window: decimals": (check.window_below, lambda *a: np.array(rows_below(*a)) / 1, "decimals"),
    "reasons: one too many": (
        check.reasons, lambda h, w, said, n: np.argsort(-h * w[:, said])[: n + 1], "The shape differs."),
    "reasons: class 0": (check.reasons, lambda h, w, said, n: np.argsort(-h * w[:, 0])[:n], None),
    "metrics: loops, NaN": (check.precision_recall, lambda m: metrics(m, np.nan), "leaves 0 / 0"),
    "metrics: never called, no recall": (
        check.precision_recall,
        lambda m: [metrics(m)[0], np.where(m.sum(0) > 0, metrics(m)[1], np.nan)], None),
    "metrics: //": (
        check.precision_recall, lambda m: np.diag(m) // np.maximum([m.sum(0), m.sum(1)], 1), "divide with `/`"),
    "metrics: two digits": (check.precision_recall, lambda m: np.round(metrics(m), 2), None),
    "metrics: a little more": (
        check.precision_recall, lambda m: np.diag(m) / (np.array([m.sum(0), m.sum(1)]) + 1e-3), None),
    "metrics: behind masks": (
        check.precision_recall, lambda m: tuple(np.ma.masked_equal(metrics(m), 0)), "mask"),
    "metrics: the diagonal emptied": (
        check.precision_recall, lambda m: (metrics(m), np.fill_diagonal(m, 0))[0], "changed its input"),
})  # fmt: skip
