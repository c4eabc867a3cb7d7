"""Pooling: other right answers, and the hint for each named misconception."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage

from lessons.pooling import check
from tests.kit.answers import accepted, refused
from utils.convolution import global_pool, pool2d
from utils.quiet import keras

pytestmark = pytest.mark.slow


def window_by_window(one):
    """Pooling by any function of a window."""

    def pooled(feature_map, size, stride):
        windows = sliding_window_view(feature_map, (size, size))[::stride, ::stride]
        rows, columns = windows.shape[:2]
        return [[one(windows[i, j]) for j in range(columns)] for i in range(rows)]

    return pooled


def by_keras(feature_map, size, stride):
    batch = np.asarray(feature_map, np.float32)[np.newaxis, :, :, np.newaxis]
    return keras.layers.MaxPooling2D(size, stride)(batch)[0, :, :, 0].numpy()


def rows_then_columns(feature_map, size, stride):
    rows = sliding_window_view(feature_map, size, axis=0)[::stride].max(axis=-1)
    return sliding_window_view(rows, size, axis=1)[:, ::stride].max(axis=-1)


def sticking_out(feature_map, size, stride):
    height, width = feature_map.shape
    return [[feature_map[i : i + size, j : j + size].max() for j in range(0, width, stride)]
            for i in range(0, height, stride)]  # fmt: skip


def padded_with_zeros(feature_map, size, stride):
    larger = np.zeros(np.add(feature_map.shape, size), feature_map.dtype)
    height, width = feature_map.shape
    larger[:height, :width] = feature_map
    around = ndimage.maximum_filter(feature_map, size, mode="constant", cval=0)
    shape = np.shape(window_by_window(np.max)(feature_map, size, stride))
    first = size // 2
    return np.maximum(around[first::stride, first::stride][: shape[0], : shape[1]], 0)


def loops(count, step=None, side=None):
    """Maxima in two loops, for mistakes in their bounds."""

    def maxima(f, size, stride):
        move, reach = step or stride, side(size, stride) if side else size
        rows, columns = (count(n, size, stride) for n in f.shape)
        return [[f[i * move : i * move + reach, j * move : j * move + reach].max()
                 for j in range(columns)] for i in range(rows)]  # fmt: skip

    return maxima


def fitting(n, size, stride):
    return (n - size) // stride + 1


def square(axis):
    """Counts the windows of one side twice."""

    def maxima(f, size, stride):
        side = range(fitting(f.shape[axis], size, stride))
        return [[f[i * stride : i * stride + size, j * stride : j * stride + size].max()
                 for j in side] for i in side]  # fmt: skip

    return maxima


def blockwise_only(feature_map, size, stride):
    """The trick with reshape, which knows no overlap."""
    height, width = (side // size for side in feature_map.shape)
    cut = feature_map[: height * size, : width * size]
    return cut.reshape(height, size, width, size).max(axis=(1, 3))


def identity_over_channels(size, channels):
    return np.ones((size, size, 1, 1)) * np.eye(channels) / size**2


def by_loops(size, channels):
    return [[[[Fraction(int(a == b), size * size) for b in range(channels)] for a in range(channels)]
             for _ in range(size)] for _ in range(size)]  # fmt: skip


def kernels(weight, across=False):
    def made(size, channels):
        table = np.ones((channels, channels)) if across else np.eye(channels)
        return np.ones((size, size, 1, 1)) * table * weight(size, channels)

    return made


def one_place(size, channels):
    kernels = np.zeros((size, size, channels, channels))
    kernels[0, 0] = np.eye(channels)
    return kernels


def routed(share):
    """The gradient by a share for each place of a window, laid out along the rows."""

    def gradient(feature_map, pooled_gradient):
        rows, columns = pooled_gradient.shape
        blocks = feature_map.reshape(rows, 2, columns, 2).swapaxes(1, 2).reshape(-1, 4)
        shares = np.array([share(block) for block in blocks], float)
        parts = shares * np.ravel(pooled_gradient)[:, np.newaxis]
        return parts.reshape(rows, columns, 2, 2).swapaxes(1, 2).reshape(feature_map.shape)

    return gradient


def one_hot(place):
    return np.eye(4)[place]


first = routed(lambda block: one_hot(block.argmax()))


def by_tape(feature_map, pooled_gradient):
    import tensorflow as tf

    x = tf.constant(feature_map[np.newaxis, :, :, np.newaxis], tf.float32)
    back = tf.constant(pooled_gradient[np.newaxis, :, :, np.newaxis], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.layers.MaxPooling2D(2)(x)
    return tape.gradient(y, x, back)[0, :, :, 0].numpy()


def window_starts_at_its_number(feature_map, pooled_gradient):
    gradient = np.zeros(feature_map.shape)
    for i in range(pooled_gradient.shape[0]):
        for j in range(pooled_gradient.shape[1]):
            row, column = divmod(feature_map[i : i + 2, j : j + 2].argmax(), 2)
            gradient[i + row, j + column] = pooled_gradient[i, j]
    return gradient


def by_put_along_axis(feature_map, pooled_gradient):
    rows, columns = pooled_gradient.shape
    blocks = feature_map.reshape(rows, 2, columns, 2).swapaxes(1, 2).reshape(rows, columns, 4)
    parts = np.zeros(blocks.shape)
    places = blocks.argmax(axis=2)[..., np.newaxis]
    np.put_along_axis(parts, places, pooled_gradient[..., np.newaxis], axis=2)
    return parts.reshape(rows, columns, 2, 2).swapaxes(1, 2).reshape(feature_map.shape)


def by_taken_places(feature_map, pooled_gradient):
    """From the last number to the first: the first maximum has the last word."""
    gradient = np.zeros(feature_map.shape)
    for i, j in np.ndindex(pooled_gradient.shape):
        best = None
        for r, c in ((1, 1), (1, 0), (0, 1), (0, 0)):
            place = 2 * i + r, 2 * j + c
            if best is None or feature_map[place] >= feature_map[best]:
                best = place
        gradient[best] = pooled_gradient[i, j]
    return gradient


RIGHT = {
    "keras": (check.max_pool, by_keras),
    "the course's own": (check.max_pool, pool2d),
    "rows, then columns": (check.max_pool, rows_then_columns),
    "sorted": (check.max_pool, window_by_window(lambda w: np.sort(w, axis=None)[-1])),
    "minus the least of minus": (check.max_pool, window_by_window(lambda w: -np.min(-w.astype(float)))),
    "mean of means": (check.global_average, lambda m: m.mean(axis=0).mean(axis=0)),
    "global_pool": (check.global_average, lambda m: global_pool(m, "average")),
    "a comprehension": (
        check.global_average, lambda m: [m[:, :, c].mean() for c in range(m.shape[2])]),
    "einsum": (
        check.global_average, lambda m: np.einsum("ijc->c", m.astype(float)) / (len(m) * m.shape[1])),
    "pixels in a row": (check.global_average, lambda m: m.reshape(-1, m.shape[2]).mean(axis=0)),
    "keras layer": (
        check.global_average,
        lambda m: keras.layers.GlobalAveragePooling2D()(m[np.newaxis].astype("float32"))[0].numpy()),
    "an identity": (check.averaging_kernels, identity_over_channels),
    "fractions": (check.averaging_kernels, by_loops),
    "float32": (check.averaging_kernels, lambda s, c: identity_over_channels(s, c).astype("float32")),
    "gradient tape": (check.max_pool_gradient, by_tape),
    "blocks": (check.max_pool_gradient, first),
    "backwards": (check.max_pool_gradient, by_taken_places),
    "put along an axis": (check.max_pool_gradient, by_put_along_axis),
    "objects": (check.max_pool, lambda *a: pool2d(*a).astype(object)),
    "tuples": (check.max_pool, lambda *a: tuple(map(tuple, pool2d(*a)))),
    "matrix product": (
        check.global_average,
        lambda m: np.ones(m[..., 0].size) @ m.reshape(-1, m.shape[2]) / m[..., 0].size),
    "a view": (
        check.averaging_kernels, lambda s, c: np.broadcast_to(np.eye(c) / s**2, (s, s, c, c))),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "average": (check.max_pool, window_by_window(np.mean), "average of each window"),
    "sum": (check.max_pool, window_by_window(np.sum), "sum of each window"),
    "minimum": (check.max_pool, window_by_window(np.min), "minimum of each"),
    "top left": (check.max_pool, lambda f, size, stride: f[: len(f) - size + 1 : stride,
                                                          : f.shape[1] - size + 1 : stride], "top left"),
    "stride ignored": (check.max_pool, lambda f, size, stride: pool2d(f, size), "a whole window"),
    "reshape": (check.max_pool, blockwise_only, "a whole window"),
    "stride of 1": (check.max_pool, lambda f, size, stride: pool2d(f, size, 1), "moved by one"),
    "always 2 x 2": (check.max_pool, lambda f, size, stride: pool2d(f, 2, stride), "window of 2 x 2"),
    "rounded up": (check.max_pool, sticking_out, "stick out"),
    "one short": (check.max_pool, loops(lambda n, size, stride: (n - size) // stride), "add 1"),
    "rounded up once": (
        check.max_pool, loops(lambda n, size, stride: -(-(n - size) // stride) + 1), "stick out"),
    "n // stride": (check.max_pool, loops(lambda n, size, stride: n // stride), "not n // stride"),
    "height twice": (check.max_pool, square(0), "need not be square"),
    "width twice": (check.max_pool, square(1), "need not be square"),
    "begins at i": (check.max_pool, loops(fitting, step=1), "i * stride"),
    "as wide as the stride": (
        check.max_pool, loops(fitting, side=lambda size, stride: stride), "as wide as the stride"),
    "arguments swapped": (check.max_pool, lambda f, size, stride: pool2d(f, stride, size), "swapped"),
    "wrapped around": (check.max_pool, lambda *a: pool2d(*a).astype(np.uint8), "differ"),
    "stride in one direction": (
        check.max_pool, lambda f, size, stride: pool2d(f, size, 1)[::stride], "shape"),
    "transposed": (check.max_pool, lambda *a: pool2d(*a).T, "swapped"),
    "from zero": (check.max_pool, lambda *a: np.maximum(pool2d(*a), 0), "start the maximum at 0"),
    "zeros around": (check.max_pool, padded_with_zeros, "pad with zeros"),
    "whole numbers": (check.max_pool, lambda *a: pool2d(*a).astype(int), "fractions"),
    "one maximum": (check.max_pool, lambda f, size, stride: f.max(), "one maximum for the whole map"),
    "absolute": (check.max_pool, window_by_window(lambda w: np.abs(w.astype(int)).max()), "differ"),
    "median": (check.max_pool, window_by_window(np.median), "differ"),
    "a number": (check.global_average, np.mean, "over the channels too"),
    "across": (check.global_average, lambda m: m.mean(axis=2), "across the channels"),
    "across, last axis": (check.global_average, lambda m: m.mean(axis=-1), "across the channels"),
    "maximum": (check.global_average, global_pool, "the maximum of each map"),
    "total": (check.global_average, lambda m: m.sum(axis=(0, 1)), "the sum of each map"),
    "by all numbers": (check.global_average, lambda m: m.sum(axis=(0, 1)) / m.size, "without the channels"),
    "by the height": (check.global_average, lambda m: m.sum(axis=(0, 1)) / len(m), "the height alone"),
    "by the width": (check.global_average, lambda m: m.sum(axis=(0, 1)) / m.shape[1], "the width alone"),
    "one axis, then the other's sum": (
        check.global_average, lambda m: m.mean(axis=0).sum(axis=0), "the height alone"),
    "reshaped": (
        check.global_average, lambda m: m.reshape(m.shape[2], -1).mean(axis=1), "mixes the maps"),
    "kept axes": (
        check.global_average, lambda m: m.mean(axis=(0, 1), keepdims=True), "axes of length 1"),
    "cut off": (check.global_average, lambda m: global_pool(m, "average").astype(int), "fractions"),
    "rounded down": (
        check.global_average, lambda m: m.sum(axis=(0, 1)) // m[..., 0].size, "fractions"),
    "uint8 sums": (
        check.global_average,
        lambda m: m.sum(axis=(0, 1), dtype=m.dtype) / m[..., 0].size, "wrapped around"),
    "height and channels": (check.global_average, lambda m: m.mean(axis=(0, 2)), "one side of the maps"),
    "width and channels": (check.global_average, lambda m: m.mean(axis=(1, 2)), "one side of the maps"),
    "one axis": (check.global_average, lambda m: m.mean(axis=0), "shape"),
    "median map": (check.global_average, lambda m: np.median(m, axis=(0, 1)), "differ"),
    "adds up": (check.averaging_kernels, kernels(lambda s, c: 1), "add the window up"),
    "by the side": (check.averaging_kernels, kernels(lambda s, c: 1 / s), "divide by the square"),
    "by twice the side": (check.averaging_kernels, kernels(lambda s, c: 1 / (2 * s)), "not 2 * size"),
    "always a quarter": (check.averaging_kernels, kernels(lambda s, c: 1 / 4), "divide by 4"),
    "mixed": (check.averaging_kernels, kernels(lambda s, c: 1 / s**2, True), "add up all channels"),
    "mean of channels": (
        check.averaging_kernels, kernels(lambda s, c: 1 / s**2 / c, True), "average all channels"),
    "by the channels": (
        check.averaging_kernels, kernels(lambda s, c: 1 / s**2 / c), "do not divide by their number"),
    "one place": (check.averaging_kernels, one_place, "pick one number"),
    "a table": (check.averaging_kernels, lambda s, c: np.full((s, s), 1 / s**2), "single table"),
    "one kernel": (check.averaging_kernels, lambda s, c: np.full((s, s, c), 1 / s**2), "fourth axis"),
    "depthwise": (
        check.averaging_kernels, lambda s, c: np.full((s, s, c, 1), 1 / s**2), "DepthwiseConv2D"),
    "table a channel": (
        check.averaging_kernels, lambda s, c: np.full((s, s, 1, c), 1 / s**2), "each pair of channels"),
    "whole kernels": (
        check.averaging_kernels, lambda s, c: identity_over_channels(s, c).astype(int), "fractions"),
    "another channel": (
        check.averaging_kernels, lambda s, c: np.roll(identity_over_channels(s, c), 1, axis=3), "differ"),
    "channels first": (
        check.averaging_kernels,
        lambda s, c: np.moveaxis(identity_over_channels(s, c), (2, 3), (0, 1)), "come last"),
    "largest channel": (check.averaging_kernels, lambda s, c: np.zeros((s, s, c, c)), "differ"),
    "spread": (check.max_pool_gradient, routed(lambda b: [0.25] * 4), "average pooling"),
    "to all": (check.max_pool_gradient, routed(lambda b: [1] * 4), "all four numbers"),
    "shared at ties": (
        check.max_pool_gradient, routed(lambda b: (b == b.max()) / (b == b.max()).sum()), "shared"),
    "each of a tie": (check.max_pool_gradient, routed(lambda b: b == b.max()), "every one of several"),
    "last of a tie": (
        check.max_pool_gradient, routed(lambda b: one_hot(3 - b[::-1].argmax())), "the last one"),
    "first in the column": (
        check.max_pool_gradient,
        routed(lambda b: one_hot([0, 2, 1, 3][b[[0, 2, 1, 3]].argmax()])), "column order"),
    "row and column swapped": (
        check.max_pool_gradient,
        routed(lambda b: one_hot(b.argmax())[[0, 2, 1, 3]]), "are swapped"),
    "begins at its number": (check.max_pool_gradient, window_starts_at_its_number, "begins at row 2 i"),
    "positive maxima only": (
        check.max_pool_gradient, routed(lambda b: one_hot(b.argmax()) * (b.max() > 0)), "differ"),
    "none at a tie": (
        check.max_pool_gradient,
        routed(lambda b: (b == b.max()) * ((b == b.max()).sum() == 1)), "differ"),
    "a mask": (check.max_pool_gradient, lambda f, g: first(f, np.ones(g.shape)), "with a 1 in each"),
    "the maxima": (
        check.max_pool_gradient, lambda f, g: first(f, np.ones(g.shape)) * f, "with the maxima in them"),
    "times the maximum": (check.max_pool_gradient, lambda f, g: first(f, g) * f, "multiplied"),
    "to the minimum": (
        check.max_pool_gradient, routed(lambda b: one_hot(b.argmin())), "to the minimum"),
    "to the corner": (check.max_pool_gradient, routed(lambda b: one_hot(0)), "top left of every"),
    "no fractions": (check.max_pool_gradient, lambda f, g: first(f, g).astype(int), "fractions"),
    "in the type of the map": (
        check.max_pool_gradient, lambda f, g: first(f, g).astype(f.dtype), "fractions"),
    "pooled size": (check.max_pool_gradient, lambda f, g: g, "shape"),
    "largest of the gradient": (
        check.max_pool_gradient, lambda f, g: np.kron(g, np.ones((2, 2))) * (f == f.max()), "differ"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
