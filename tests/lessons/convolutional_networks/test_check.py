"""Convolutional networks: right answers of unusual form, and wrong ones such as students write."""

from collections import deque
from functools import reduce
from itertools import accumulate

import numpy as np
import pytest

from lessons.convolutional_networks import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def after(
    conv=lambda h, w, c, n, k: (h - k + 1, w - k + 1, n),
    pool=lambda h, w, c, s: (h // s, w // s, c),
):
    """All shapes, by what each kind of layer does."""

    def shapes(shape, layers):
        step = lambda shape, layer: (conv if layer[0] == "conv" else pool)(*shape, *layer[1:])  # noqa: E731
        return [*accumulate(layers, step, initial=shape)][1:]

    return shapes


shapes = after()


def one_list(shape, layers):
    """Changes one list in place, and appends it after every layer."""
    at, found = list(shape), []
    for kind, *sizes in layers:
        if kind == "conv":
            at[:] = at[0] - sizes[1] + 1, at[1] - sizes[1] + 1, sizes[0]
        else:
            at[:2] = at[0] // sizes[0], at[1] // sizes[0]
        found.append(at)
    return found


def position(i, j, c, shape):
    return (i * shape[1] + j) * shape[2] + c


def metrics(m, nothing=0.0):
    """Class by class, with a number for 0 / 0."""
    said, was = ([sum(row) for row in table] for table in (m.T, m))
    return [[m[i, i] / t[i] if t[i] else nothing for i in range(len(m))] for t in (said, was)]


test_right_in_another_way = accepted({
    "position: numpy": (check.flat_position, lambda *case: np.ravel_multi_index(case[:3], case[3])),
    "position: Horner": (
        check.flat_position,
        lambda *a: reduce(lambda n, one: n * one[1] + one[0], zip(a[:3], a[3], strict=True), 0)),
    "parameters: array": (check.conv_parameters, lambda k, d, n: np.zeros((k, k, d, n)).size + n),
    "shapes: deque": (check.feature_shapes, lambda *a: deque(map(list, shapes(*a)))),
    "shapes: a dict's values": (check.feature_shapes, lambda *a: dict(enumerate(shapes(*a))).values()),
    "metrics: loops": (check.precision_recall, metrics),
    "metrics: nan_to_num": (check.precision_recall, lambda m: np.nan_to_num(np.diag(m) / [m.sum(0), m.sum(1)])),
    "metrics: float32": (check.precision_recall, lambda m: np.array(metrics(m), np.float32)),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "position: decimals": (check.flat_position, lambda *a: position(*a) / 1, "decimals"),
    "position: 16 maps": (check.flat_position, lambda i, j, c, s: i * 80 + j * 16 + c, None),
    "position: the longer side": (
        check.flat_position, lambda i, j, c, s: (i * max(s[:2]) + j) * s[2] + c, None),
    "position: up to 399": (check.flat_position, lambda *a: min(position(*a), 399), None),
    "parameters: decimals": (check.conv_parameters, lambda k, d, n: (k**2.0 * d + 1) * n, "decimals"),
    "parameters: biases of the depth": (check.conv_parameters, lambda k, d, n: k * k * d * n + d, "slice below"),
    "parameters: kernel of 3": (check.conv_parameters, lambda k, d, n: (9 * d + 1) * n, None),
    "parameters: odd kernels": (check.conv_parameters, lambda k, d, n: (k * k * d + k % 2) * n, None),
    "parameters: four digits": (
        check.conv_parameters, lambda k, d, n: int(float(f"{(k * k * d + 1) * n:.4g}")), None),
    "parameters: off by one": (
        check.conv_parameters, lambda k, d, n: (k * k * d + 1) * n + (n > 60), None),
    "shapes: fractions": (check.feature_shapes, after(pool=lambda h, w, c, s: (h / s, w / s, c)), "decimals"),
    "shapes: rounded": (
        check.feature_shapes, after(pool=lambda h, w, c, s: (round(h / s), round(w / s), c)), None),
    "shapes: odd kernels": (
        check.feature_shapes, after(lambda h, w, c, n, k: (h - k // 2 * 2, w - k // 2 * 2, n)), None),
    "shapes: square": (check.feature_shapes, lambda s, ls: shapes((s[0], s[0], s[2]), ls), None),
    "shapes: appended too early": (
        check.feature_shapes, lambda s, ls: [s, *shapes(s, ls)][:-1], "input is no layer"),
    "shapes: one list, many times": (check.feature_shapes, one_list, None),
    "shapes: four layers": (check.feature_shapes, lambda s, ls: shapes(s, ls[:4]), None),
    "shapes: one byte": (check.feature_shapes, lambda *a: np.array(shapes(*a)) % 256, None),
    "shapes: the list emptied": (
        check.feature_shapes, lambda s, ls: shapes(s, [ls.pop(0) for _ in range(len(ls))]), "changed its input"),
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
