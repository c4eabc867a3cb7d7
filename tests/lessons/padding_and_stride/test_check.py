"""Padding and stride: other right answers, the hint for each named misconception, the checks' own oracles."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lessons.padding_and_stride import check
from tests.kit.answers import accepted, refused
from utils.convolution import output_size, receptive_field, same_padding
from utils.quiet import keras

pytestmark = pytest.mark.slow


def counted(n, k, p, s):
    """Another right way: walk until the window sticks out."""
    windows, start = 0, 0
    while start + k <= n + 2 * p:
        windows, start = windows + 1, start + s
    return windows


def by_keras(*pairs):
    (h, w), (kh, kw), (ph, pw), strides, dilation = pairs
    picture = keras.KerasTensor((1, h + 2 * ph, w + 2 * pw, 1))
    weights = keras.KerasTensor((kh, kw, 1, 1))
    return keras.ops.conv(picture, weights, strides, "valid", dilation_rate=dilation).shape[1:3]


def each(size):
    return lambda *pairs: tuple(map(size, *pairs))


def backwards(layers):
    """Another right way: from the last layer down to the pixels."""
    units = 1
    for k, s in reversed(layers):
        units = (units - 1) * s + k
    return units


SOLUTION = [(5, 0, 2), (3, 1, 2), (3, 1, 2), (4, 0, 1)]

RIGHT = {
    "keep: library": (check.keep_size, lambda k: same_padding(99, k)),
    "keep: list": (check.keep_size, lambda k: [(k - 1) // 2, k // 2]),
    "keep: array": (check.keep_size, lambda k: np.array([k - 1, k]) // 2),
    "keep: divmod": (check.keep_size, lambda k: ((k - 1) // 2, (k - 1) // 2 + (k - 1) % 2)),
    "side: counted": (check.side_after, counted),
    "side: library": (check.side_after, output_size),
    "side: floor": (check.side_after, lambda n, k, p, s: math.floor((n + 2 * p - k) / s) + 1),
    "side: int": (check.side_after, lambda n, k, p, s: int((n + 2 * p - k) / s + 1)),
    "side: ceil": (check.side_after, lambda n, k, p, s: math.ceil((n + 2 * p - k + 1) / s)),
    "side: one fraction": (check.side_after, lambda n, k, p, s: (n + 2 * p - k + s) // s),
    "side: range": (check.side_after, lambda n, k, p, s: len(range(0, n + 2 * p - k + 1, s))),
    "side: float": (check.side_after, lambda n, k, p, s: np.floor((n + 2 * p - k) / s) + 1.0),
    "side: Fraction": (check.side_after, lambda n, k, p, s: Fraction(counted(n, k, p, s))),
    "side: windows laid out": (
        check.side_after,
        lambda n, k, p, s: len(np.lib.stride_tricks.sliding_window_view(np.zeros(n + 2 * p), k)[::s]),
    ),
    "side: float32": (check.side_after, lambda *a: np.float32(counted(*a))),
    "shape: library": (check.output_shape, each(output_size)),
    "shape: Keras": (check.output_shape, by_keras),
    "shape: list": (check.output_shape, lambda *a: list(each(output_size)(*a))),
    "shape: NumPy": (
        check.output_shape,
        lambda n, k, p, s, d: (
            (np.array(n) + 2 * np.array(p) - np.array(d) * (np.array(k) - 1) - 1) // np.array(s) + 1
        ),
    ),
    "shape: float32": (check.output_shape, lambda *a: np.float32(each(output_size)(*a))),
    "shape: of an array": (check.output_shape, lambda *a: np.zeros(each(output_size)(*a)).shape),
    "shape: holes counted": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n + 2 * p - k - (k - 1) * (d - 1)) // s + 1),
    ),
    "seen: library": (check.pixels_seen, receptive_field),
    "seen: backwards": (check.pixels_seen, backwards),
    "seen: recursive": (
        check.pixels_seen,
        lambda layers: 1 if not layers else (backwards(layers[1:]) - 1) * layers[0][1] + layers[0][0],
    ),
    "seen: 0-d array": (check.pixels_seen, lambda layers: np.array(backwards(layers))),
    "seen: float": (check.pixels_seen, lambda layers: float(backwards(layers))),
    "stack: array": (check.stack, np.array(SOLUTION)),
    "stack: floats": (check.stack, np.array(SOLUTION, np.float32)),
    "stack: lists": (check.stack, [list(layer) for layer in SOLUTION]),
    "stack: tuple": (check.stack, tuple(SOLUTION)),
    "stack: no stride": (check.stack, [(5, 0, 1)] * 7 + [(4, 0, 1)]),
    "stack: halves": (check.stack, [(2, 0, 2)] * 5),
    "stack: floors": (check.stack, [(3, 1, 2)] * 5),
    "stack: three": (check.stack, [(4, 0, 4), (4, 0, 4), (2, 0, 2)]),
    "stack: columns dropped": (check.stack, [(5, 0, 4), (3, 0, 3), (2, 0, 2)]),
    "stack: no-op inside": (check.stack, [(3, 1, 1)] * 20 + SOLUTION),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def jumps(jump):
    return lambda layers: 1 + sum((k - 1) * jump(layers, at) for at, (k, _) in enumerate(layers))


def own_stride(layers):
    seen, step = 1, 1
    for k, s in layers:
        step *= s
        seen += (k - 1) * step
    return seen


def last_stride(layers):
    seen, step = 1, 1
    for k, s in layers:
        seen += (k - 1) * step
        step = s
    return seen


def added_strides(layers):
    seen, step = 1, 0
    for k, s in layers:
        seen += (k - 1) * (step or 1)
        step += s
    return seen


def first_axis(which):
    def answer(*pairs):
        pairs = list(pairs)
        pairs[which] = (pairs[which][0],) * 2
        return each(output_size)(*pairs)

    return answer


WRONG = {
    "keep: full": (check.keep_size, lambda k: (k - 1, k - 1), "in all"),
    "keep: before": (check.keep_size, lambda k: (k - 1, 0), "one side"),
    "keep: after": (check.keep_size, lambda k: (0, k - 1), "one side"),
    "keep: halves": (check.keep_size, lambda k: ((k - 1) / 2, (k - 1) / 2), "half column"),
    "keep: k // 2": (check.keep_size, lambda k: (k // 2, k // 2), "grows by 1"),
    "keep: too few": (check.keep_size, lambda k: ((k - 1) // 2,) * 2, "shrinks by 1"),
    "keep: swapped": (check.keep_size, lambda k: (k // 2, (k - 1) // 2), "wrong side"),
    "keep: k in all": (check.keep_size, lambda k: (k // 2, k - k // 2), "k in all"),
    "keep: one number": (check.keep_size, lambda k: k - 1, "two numbers"),
    "keep: one side": (check.keep_size, lambda k: (k - 1) // 2, "two numbers"),
    "keep: rounded": (check.keep_size, lambda k: (round((k - 1) / 2), k - 1 - round((k - 1) / 2)), "wrong side"),
    "keep: as a set": (check.keep_size, lambda k: {(k - 1) // 2, k // 2}, "numbers"),
    "keep: up to 5": (check.keep_size, lambda k: ((min(k, 5) - 1) // 2, min(k, 5) // 2), "differ"),
    "keep: always 1": (check.keep_size, lambda k: (1, 1), "differ"),
    "keep: text": (check.keep_size, lambda k: "1, 1", "numbers"),
    "side: up": (check.side_after, lambda n, k, p, s: math.ceil((n + 2 * p - k) / s) + 1, "rounded up"),
    "side: round": (
        check.side_after, lambda n, k, p, s: round((n + 2 * p - k) / s) + 1, "nearest"),
    "side: half": (check.side_after, lambda n, k, p, s: (n + 2 * p - k) / s + 1, "half window"),
    "side: one side": (check.side_after, lambda n, k, p, s: (n + p - k) // s + 1, "one side only"),
    "side: no padding": (check.side_after, lambda n, k, p, s: (n - k) // s + 1, "padding is missing"),
    "side: no + 1": (check.side_after, lambda n, k, p, s: (n + 2 * p - k) // s, "+ 1 is missing"),
    "side: + 1 inside": (
        check.side_after, lambda n, k, p, s: (n + 2 * p - k + 1) // s, "Divide first"),
    "side: + 1 twice": (
        check.side_after, lambda n, k, p, s: (n + 2 * p - k + 1) // s + 1, "1 twice"),
    "side: kernel of 3 only": (check.side_after, lambda n, k, p, s: (n + 2 * p - 3) // s + 1, "differ"),
    "side: n // s": (check.side_after, lambda n, k, p, s: n // s, "`same`"),
    "side: n / s": (check.side_after, lambda n, k, p, s: n / s, "`same`"),
    "side: nothing left over only": (
        check.side_after, lambda n, k, p, s: 0 if (n + 2 * p - k) % s else counted(n, k, p, s), "differ"),
    "side: stride up to k": (
        check.side_after, lambda n, k, p, s: (n + 2 * p - k) // min(s, k) + 1, "differ"),
    "side: divide first": (
        check.side_after, lambda n, k, p, s: (n + 2 * p) // s - k + 1, "before you divide"),
    "side: brackets": (check.side_after, lambda n, k, p, s: n + 2 * p - k // s + 1, "Brackets"),
    "side: no stride": (check.side_after, lambda n, k, p, s: n + 2 * p - k + 1, "stride is missing"),
    "side: same": (check.side_after, lambda n, k, p, s: math.ceil(n / s), "`same`"),
    "side: stride 2 only": (check.side_after, lambda n, k, p, s: (n + 2 * p - k) // 2 + 1, ""),
    "side: a tuple": (check.side_after, lambda *a: (counted(*a),) * 2, "shape differs"),
    "shape: no dilation": (
        check.output_shape, each(lambda n, k, p, s, d: output_size(n, k, p, s)), "dilation is missing"),
    "shape: d * k": (
        check.output_shape, each(lambda n, k, p, s, d: (n + 2 * p - d * k) // s + 1), "d times k"),
    "shape: d(k - 1)": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n + 2 * p - d * (k - 1)) // s + 1), "one pixel more"),
    "shape: k + d - 1": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n + 2 * p - k - d + 1) // s + 1), "k - 1 times"),
    "shape: one side": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n + p - d * (k - 1) - 1) // s + 1), "one side only"),
    "shape: no + 1": (
        check.output_shape, each(lambda *a: output_size(*a) - 1), "+ 1 is missing"),
    "shape: up": (
        check.output_shape,
        each(lambda n, k, p, s, d: -(-(n + 2 * p - d * (k - 1) - 1) // s) + 1), "rounded up"),
    "shape: swapped": (
        check.output_shape, lambda *a: each(output_size)(*a)[::-1], "Height and width"),
    "shape: product": (
        check.output_shape, lambda *a: math.prod(each(output_size)(*a)), "number of windows"),
    "shape: one kernel side": (check.output_shape, first_axis(1), "first kernel side for both"),
    "shape: one padding": (check.output_shape, first_axis(2), "first padding for both"),
    "shape: one stride": (check.output_shape, first_axis(3), "first stride for both"),
    "shape: one dilation": (check.output_shape, first_axis(4), "first dilation for both"),
    "shape: height twice": (
        check.output_shape, lambda *a: each(output_size)(*a)[:1] * 2, "same side twice"),
    "shape: width twice": (
        check.output_shape, lambda *a: each(output_size)(*a)[1:] * 2, "same side twice"),
    "shape: before and after": (
        check.output_shape,
        lambda n, k, p, s, d: tuple(
            (n + sum(p) - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(n, k, s, d, strict=True)),
        "(before, after)"),
    "shape: no padding": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n - d * (k - 1) - 1) // s + 1), "padding is missing"),
    "shape: no stride": (
        check.output_shape, each(lambda n, k, p, s, d: n + 2 * p - d * (k - 1)), "stride is missing"),
    "shape: s and d swapped": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n + 2 * p - s * (k - 1) - 1) // d + 1), "are swapped"),
    "shape: half": (
        check.output_shape,
        each(lambda n, k, p, s, d: (n + 2 * p - d * (k - 1) - 1) / s + 1), "half window"),
    "shape: tuples subtracted": (check.output_shape, lambda n, k, p, s, d: n + 2 * p - k, "TypeError"),
    "shape: map": (check.output_shape, lambda *a: map(output_size, *a), "make it a list"),
    "shape: rows only": (check.output_shape, lambda *a: each(output_size)(*a)[:1], "shape differs"),
    "seen: sum": (check.pixels_seen, lambda layers: sum(k for k, _ in layers), "added the kernel"),
    "seen: product": (
        check.pixels_seen, lambda layers: math.prod(k for k, _ in layers), "multiplied the kernel"),
    "seen: no strides": (check.pixels_seen, jumps(lambda layers, at: 1), "strides are missing"),
    "seen: own stride": (check.pixels_seen, own_stride, "*after* it"),
    "seen: later strides": (
        check.pixels_seen, jumps(lambda layers, at: math.prod(s for _, s in layers[at + 1 :])), "*before*"),
    "seen: last stride": (check.pixels_seen, last_stride, "All the strides"),
    "seen: strides added": (check.pixels_seen, added_strides, "Strides multiply"),
    "seen: from the last layer": (
        check.pixels_seen, lambda layers: backwards(layers[::-1]), "*before*"),
    "seen: two layers": (check.pixels_seen, lambda layers: backwards(layers[:2]), "differ"),
    "seen: odd kernels only": (
        check.pixels_seen, jumps(lambda layers, at: math.prod(s for _, s in layers[:at]) // 2 * 2 or 1),
        "differ"),
    "seen: stride 2 everywhere": (check.pixels_seen, jumps(lambda layers, at: 2**at), "differ"),
    "seen: takes the list apart": (
        check.pixels_seen, lambda layers: backwards([layers.pop(0) for _ in range(len(layers))]),
        "changed its input"),
    "seen: no 1": (check.pixels_seen, lambda layers: backwards(layers) - 1, "start from 1"),
    "seen: area": (check.pixels_seen, lambda layers: backwards(layers) ** 2, "area"),
    "seen: reversed list": (check.pixels_seen, lambda layers: layers.reverse() or 7, "changed its input"),
    "stack: too short": (check.stack, [(4, 0, 4), (4, 0, 4)], "3 or more"),
    "stack: one layer": (check.stack, (5, 0, 1), "list of layers"),
    "stack: huge kernel": (check.stack, [(32, 0, 1), (2, 1, 2), (2, 0, 1)], "kernel of 32"),
    "stack: kernel of 1": (check.stack, [(1, 0, 1), (4, 0, 4), (4, 0, 4), (2, 0, 2)], "kernel of 1"),
    "stack: skips pixels": (check.stack, [(2, 0, 5), (2, 0, 5), (2, 0, 1)], "skipped"),
    "stack: stride 0": (check.stack, [(3, 1, 0)] * 3, "stride 0"),
    "stack: only padding": (check.stack, [(2, 2, 1), (4, 0, 4), (4, 0, 4), (2, 0, 1)], "nothing but padding"),
    "stack: negative padding": (check.stack, [(5, -1, 5), (5, 0, 5), (2, 0, 1)], "padding -1"),
    "stack: not there yet": (check.stack, [(3, 1, 2)] * 3, "side of 4"),
    "stack: does not fit": (check.stack, [(5, 0, 5), (5, 0, 5), (2, 0, 1)], "layer 3 does not fit"),
    "stack: rounded up": (check.stack, [(5, 0, 3), (5, 0, 3), (4, 0, 1)], "does not fit"),
    "stack: halved": (check.stack, [(3, 0, 2)] * 5, "does not fit"),
    "stack: rounds up": (check.stack, [(3, 2, 2)] * 5, "side of 3"),
    "stack: one side": (check.stack, [(2, 1, 2)] * 5, "one side only"),
    "stack: no + 1": (check.stack, [(2, 0, 2), (3, 1, 2), (3, 1, 2), (3, 1, 2)], "+ 1 is missing"),
    "stack: pairs": (check.stack, [(3, 1), (3, 1)], "three numbers"),
    "stack: ragged": (check.stack, [(3, 1, 2), (3, 1)], "each `(k, p, s)`"),
    "stack: names": (check.stack, [{"k": 3, "p": 1, "s": 2}] * 5, "each `(k, p, s)`"),
    "stack: halves of pixels": (check.stack, [(2.5, 0, 2)] * 5, "whole numbers"),
    "stack: endless kernel": (check.stack, [(1e300, 0, 1)] * 3, "kernel of 1e+300"),
    "stack: text": (check.stack, "(5, 0, 2), (3, 1, 2)", "each `(k, p, s)`"),
    "stack: a function": (check.stack, lambda: SOLUTION, "each `(k, p, s)`"),
    "stack: one list too many": (check.stack, [SOLUTION], "three numbers"),
    "stack: one too many": (check.stack, [(2, 0, 2)] * 6, "layer 6 does not fit"),
    "stack: empty": (check.stack, [], "list of layers"),
    "stack: NaN": (check.stack, np.full((3, 3), np.nan), "whole numbers"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


def test_a_stack_shows_its_sides():
    assert ("sides", "32 → 16 → 8 → 4") in check.stack([(3, 1, 2)] * 3).facts


@pytest.mark.parametrize("k", range(1, 12))
def test_keras_pads_as_the_lesson_says(k):
    assert check._same_in_keras(k) == same_padding(30, k)


def test_counting_agrees_with_keras():
    for n, k, p, s, d in product((1, 6, 9), (1, 2, 4), (0, 1, 2), (1, 2, 3), (1, 2, 3)):
        if d * (k - 1) + 1 <= n + 2 * p:
            pairs = [(value, value) for value in (n, k, p, s, d)]
            assert by_keras(*pairs) == (check._count(n, k, p, s, d),) * 2
        else:
            assert check._count(n, k, p, s, d) == 0
