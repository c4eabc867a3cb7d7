"""Padding and stride: right answers of unusual form, and wrong ones such as students write."""

from collections import deque
from functools import reduce
from itertools import product
from math import prod

import numpy as np
import pytest

from lessons.padding_and_stride import check
from tests.kit.answers import accepted, refused
from utils.convolution import output_size
from utils.quiet import keras

pytestmark = pytest.mark.slow

SOLUTION = [(5, 0, 2), (3, 1, 2), (3, 1, 2), (4, 0, 1)]


def walked(n, k, p, s, start=0):
    windows = 0
    while start + k <= n + 2 * p:
        windows, start = windows + 1, start + s
    return windows


def by_remainder(n, k, s):
    missing = max(k - s, 0) if n % s == 0 else max(k - n % s, 0)
    return missing // 2, missing - missing // 2


def seen_in_keras(n, k, s):
    """Weights 1, 2, 4, ... on ones: their sum tells which of them met a pixel, first and last."""
    row, weights = np.ones((1, n, 1), np.float64), (2.0 ** np.arange(k)).reshape(k, 1, 1)
    sums = keras.ops.convert_to_numpy(keras.ops.conv(row, weights, strides=s, padding="same"))
    met = [round(sums[0, place, 0]) for place in (0, -1)]
    before = (met[0] & -met[0]).bit_length() - 1
    windows = sums.shape[1]
    return before, max((windows - 1) * s + k - before - n, 0)


def by_keras(*pairs):
    (h, w), (kh, kw), (ph, pw), strides, dilation = pairs
    picture = keras.KerasTensor((1, h + 2 * ph, w + 2 * pw, 1))
    weights = keras.KerasTensor((kh, kw, 1, 1))
    return keras.ops.conv(picture, weights, strides, "valid", dilation_rate=dilation).shape[1:3]


def each(size):
    return lambda *pairs: tuple(map(size, *pairs))


def backwards(layers):
    units = 1
    for k, s in reversed(layers):
        units = (units - 1) * s + k
    return units


def loop(grow):
    """The recipe of the text, where the step grows in another way."""

    def answer(layers):
        seen, step = 1, 1
        for k, s in layers:
            seen += (k - 1) * step
            step = grow(step, s)
        return seen

    return answer


def by_prod(layers):
    return 1 + sum((k - 1) * np.prod([s for _, s in layers[:i]]) for i, (k, _) in enumerate(layers))


test_right_in_another_way = accepted({
    "same: by Keras": (check.same_sides, seen_in_keras),
    "same: a deque": (check.same_sides, lambda *a: deque(by_remainder(*a))),
    "same: by the remainder": (check.same_sides, by_remainder),
    "same: int16": (check.same_sides, lambda *a: np.array(by_remainder(*a), np.int16)),
    "shape: Keras": (check.output_shape, by_keras),
    "shape: arrays": (
        check.output_shape,
        lambda *a: (lambda n, k, p, s, d: (n + 2 * p - d * (k - 1) - 1) // s + 1)(*map(np.array, a))),
    "shape: values of a dict": (
        check.output_shape, lambda *a: dict(zip("hw", map(output_size, *a), strict=True)).values()),
    "seen: backwards": (check.pixels_seen, backwards),
    "stack: an array": (check.stack, np.array(SOLUTION, np.float32)),
    "stack: no stride": (check.stack, [(5, 0, 1)] * 7 + [(4, 0, 1)]),
    "stack: columns dropped": (check.stack, [(5, 0, 4), (3, 0, 3), (2, 0, 2)]),
    "stack: goes on at 1": (check.stack, [(3, 1, 1)] * 20 + SOLUTION + [(3, 1, 2)]),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "same: stride 1": (check.same_sides, lambda n, k, s: ((k - 1) // 2, k // 2), "depends on n"),
    "same: symmetric": (check.same_sides, lambda n, k, s: ((k - 1) // 2,) * 2, "depends on n"),
    "same: swapped": (check.same_sides, lambda *a: by_remainder(*a)[::-1], "wrong side"),
    "same: decimals": (
        check.same_sides, lambda *a: (sum(by_remainder(*a)) / 2,) * 2, None),
    "same: below 0": (
        check.same_sides,
        lambda n, k, s: (lambda m: (m // 2, m - m // 2))((-(-n // s) - 1) * s + k - n), "less than 0"),
    "same: rounded down": (
        check.same_sides,
        lambda n, k, s: (lambda m: (m // 2, m - m // 2))(max((n // s - 1) * s + k - n, 0)), "rounded up"),
    "same: no remainder": (
        check.same_sides, lambda n, k, s: (lambda m: (m // 2, m - m // 2))(max(k - s, 0)), None),
    "same: at least 1 after": (
        check.same_sides, lambda *a: (by_remainder(*a)[0], max(1, by_remainder(*a)[1])), None),
    "shape: floor": (check.output_shape, lambda *a: np.floor(each(lambda *b: output_size(*b) / 1)(*a)), "decimals"),
    "shape: swapped": (check.output_shape, lambda *a: each(output_size)(*a)[::-1], None),
    "shape: always the first": (
        check.output_shape,
        lambda n, *a: each(output_size)(n, *(2 * pair[:1] for pair in a)), "five numbers"),
    "shape: k holes": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n + 2 * p - k - k * (d - 1)) // s + 1), "the first itself"),
    "shape: no padding": (
        check.output_shape, each(lambda n, k, p, s, d: output_size(n, k, 0, s, d)), None),
    "seen: forwards": (
        check.pixels_seen,
        lambda layers: reduce(lambda seen, layer: seen * layer[1] + layer[0] - 1, layers, 1), "*before*"),
    "seen: k steps": (
        check.pixels_seen,
        lambda layers: 1 + sum(k * prod(s for _, s in layers[:i]) for i, (k, _) in enumerate(layers)),
        "not k"),
    "shape: + 1 before the division": (
        check.output_shape, each(lambda n, k, p, s, d: (n + 2 * p - d * (k - 1)) // s), "behind the division"),
    "seen: strides added": (check.pixels_seen, loop(lambda step, s: step + s), "Strides multiply"),
    "seen: last stride": (check.pixels_seen, loop(lambda step, s: s), "multiply them"),
    "seen: step doubles": (check.pixels_seen, loop(lambda step, s: 2 * step), None),
    "seen: from the last layer": (check.pixels_seen, lambda layers: backwards(layers[::-1]), "*before*"),
    "seen: six layers": (check.pixels_seen, lambda layers: backwards(layers[:6]), None),
    "seen: up to 100": (check.pixels_seen, lambda layers: min(backwards(layers), 100), None),
    "seen: strides up to 3": (
        check.pixels_seen, lambda layers: backwards([(k, min(s, 3)) for k, s in layers]), None),
    "seen: product of nothing": (check.pixels_seen, by_prod, "decimals"),
    "stack: too short": (check.stack, [(4, 0, 4), (5, 0, 1)], "three or more"),
    "stack: one layer": (check.stack, (5, 0, 1), "list of layers"),
    "stack: kernel": (check.stack, [(32, 0, 1), (2, 1, 2), (2, 0, 1)], "kernel of 32"),
    "stack: padding": (check.stack, [(2, 2, 1), *SOLUTION], "nothing but padding"),
    "stack: another order": (check.stack, [(k, s, p) for k, p, s in SOLUTION], "stride 0"),
    "stack: skips pixels": (check.stack, [(2, 0, 5), (2, 0, 5), (2, 0, 1)], "skipped"),
    "stack: too far": (check.stack, [*SOLUTION, (2, 0, 1)], "in layer 5 it covers 2, and 1 + 2 · 0"),
    "stack: rounds up": (check.stack, [(3, 2, 2)] * 5, "side of 3, not 1."),
    "stack: one side": (check.stack, [(2, 1, 2)] * 5, "If you expected 1: you padded one side only"),
    "stack: no + 1": (check.stack, [(2, 0, 2), *[(3, 1, 2)] * 3], "the + 1 is missing"),
    "stack: sides as well": (check.stack, [(32, *layer) for layer in SOLUTION], "three numbers"),
    "stack: halves of pixels": (check.stack, [(2.5, 0, 2)] * 5, "whole numbers"),
    "stack: endless": (check.stack, [(1e300, 0, 1)] * 3, "kernel of 1e+300"),
    "stack: NaN": (check.stack, np.full((3, 3), np.nan), "whole numbers"),
})  # fmt: skip


def test_a_stack_shows_its_sides():
    assert ("sides", "32 → 16 → 8 → 4") in check.stack([(3, 1, 2)] * 3).facts


def test_counting_agrees_with_keras():
    for n, k, p, s, d in product((1, 6, 9), (1, 2, 4), (0, 1, 2), (1, 2, 3), (1, 2, 3)):
        if d * (k - 1) + 1 <= n + 2 * p:
            pairs = [(value, value) for value in (n, k, p, s, d)]
            assert by_keras(*pairs) == (check._count(n, k, p, s, d),) * 2
        else:
            assert check._count(n, k, p, s, d) == 0
