"""Pooling: other right answers, and the hint for each named misconception."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage

from lessons.pooling import check
from tests.kit.answers import accepted, refused
from utils.convolution import pool2d
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


def by_mean_squares(before, after, size):
    first, second = pool2d(before, size), pool2d(after, size)
    return (np.mean((first - second) ** 2.0) / np.mean(first**2.0)) ** 0.5


def by_flat_vectors(before, after, size):
    first, second = (pool2d(m, size).ravel().astype(float) for m in (before, after))
    apart = second - first
    return float(np.sqrt(apart @ apart) / np.sqrt(first @ first))


def sums_of_absolutes(before, after, size):
    first, second = pool2d(before, size), pool2d(after, size)
    return np.abs(second - first).sum() / np.abs(first).sum()


RIGHT = {
    "keras": (check.max_pool, by_keras),
    "the course's own": (check.max_pool, pool2d),
    "rows, then columns": (check.max_pool, rows_then_columns),
    "sorted": (check.max_pool, window_by_window(lambda w: np.sort(w, axis=None)[-1])),
    "minus the least of minus": (check.max_pool, window_by_window(lambda w: -np.min(-w.astype(float)))),
    "root mean square": (check.pooled_change, by_mean_squares),
    "flat vectors": (check.pooled_change, by_flat_vectors),
    "as a list": (check.pooled_change, lambda b, a, n: [by_flat_vectors(b, a, n)][0]),
    "an identity": (check.averaging_kernels, identity_over_channels),
    "fractions": (check.averaging_kernels, by_loops),
    "float32": (check.averaging_kernels, lambda s, c: identity_over_channels(s, c).astype("float32")),
    "gradient tape": (check.max_pool_gradient, by_tape),
    "blocks": (check.max_pool_gradient, first),
    "backwards": (check.max_pool_gradient, by_taken_places),
    "put along an axis": (check.max_pool_gradient, by_put_along_axis),
    "objects": (check.max_pool, lambda *a: pool2d(*a).astype(object)),
    "tuples": (check.max_pool, lambda *a: tuple(map(tuple, pool2d(*a)))),
    "a view": (
        check.averaging_kernels, lambda s, c: np.broadcast_to(np.eye(c) / s**2, (s, s, c, c))),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def from_a_sentinel(best):
    return window_by_window(lambda window: max(best, *window.flat))


def without_zeros(window):
    return window[window != 0].max() if window.any() else 0


def gradient_by_sentinel(best):
    """Two loops inside each window, which begin at row 0, column 0 and a number that is too large."""

    def gradient(feature_map, pooled_gradient):
        result = np.zeros(feature_map.shape)
        for i, j in np.ndindex(pooled_gradient.shape):
            largest, row, column = best, 0, 0
            for r in range(2):
                for c in range(2):
                    if feature_map[2 * i + r, 2 * j + c] > largest:
                        largest, row, column = feature_map[2 * i + r, 2 * j + c], r, c
            result[2 * i + row, 2 * j + column] = pooled_gradient[i, j]
        return result

    return gradient


def wrapping(maps):
    height, width, channels = maps.shape
    averages = []
    for c in range(channels):
        total = maps[0, 0, c] - maps[0, 0, c]
        for pixel in maps[:, :, c].flat:
            total = total + pixel
        averages.append(total / (height * width))
    return averages


WRONG = {
    "stick out": (check.max_pool, sticking_out, "stick out"),
    "reshape": (check.max_pool, blockwise_only, "a whole window"),
    "one short": (check.max_pool, loops(lambda n, size, stride: (n - size) // stride), "add 1"),
    "n // stride": (check.max_pool, loops(lambda n, size, stride: n // stride), None),
    "height twice": (check.max_pool, square(0), None),
    "begins at i": (check.max_pool, loops(fitting, step=1), "i * stride"),
    "as wide as the stride": (
        check.max_pool, loops(fitting, side=lambda size, stride: stride), None),
    "zeros around": (check.max_pool, padded_with_zeros, "pad with zeros"),
    "a sentinel of -100": (check.max_pool, from_a_sentinel(-100), None),
    "a sentinel of -1000": (check.max_pool, from_a_sentinel(-1000), None),
    "zeros do not count": (check.max_pool, window_by_window(without_zeros), None),
    "wrapped around": (check.max_pool, lambda *a: pool2d(*a).astype(np.uint8), None),
    "stride in one direction": (
        check.max_pool, lambda f, size, stride: pool2d(f, size, 1)[::stride], None),
    "absolute": (check.max_pool, window_by_window(lambda w: np.abs(w.astype(float)).max()), None),
    "median": (check.max_pool, window_by_window(np.median), None),
    "not pooled": (
        check.pooled_change,
        lambda b, a, n: np.linalg.norm(a - b) / np.linalg.norm(b), "pool both first"),
    "by the map after": (
        check.pooled_change,
        lambda b, a, n: np.linalg.norm(pool2d(a, n) - pool2d(b, n)) / np.linalg.norm(pool2d(a, n)),
        "take the one before"),
    "averages": (
        check.pooled_change,
        lambda b, a, n: np.linalg.norm(pool2d(a, n, how="average") - pool2d(b, n, how="average"))
        / np.linalg.norm(pool2d(b, n, how="average")), "pooled by averages"),
    "absolute values": (check.pooled_change, sums_of_absolutes, None),
    "stride 1": (
        check.pooled_change,
        lambda b, a, n: np.linalg.norm(pool2d(a, n, 1) - pool2d(b, n, 1))
        / np.linalg.norm(pool2d(b, n, 1)), None),
    "largest change": (
        check.pooled_change,
        lambda b, a, n: np.abs(pool2d(a, n) - pool2d(b, n)).max() / pool2d(b, n).max(), None),
    "one place": (check.averaging_kernels, one_place, "pick one number"),
    "another channel": (
        check.averaging_kernels, lambda s, c: np.roll(identity_over_channels(s, c), 1, axis=3), None),
    "whole kernels": (
        check.averaging_kernels, lambda s, c: identity_over_channels(s, c).astype(int), None),
    "half precision": (
        check.averaging_kernels, lambda s, c: identity_over_channels(s, c).astype(np.float16), None),
    "a quarter everywhere": (
        check.averaging_kernels, lambda s, c: np.full((s, s, c, c), 1 / 4), "mix all channels"),
    "zeros": (check.averaging_kernels, lambda s, c: np.zeros((s, s, c, c)), None),
    "each of a tie": (check.max_pool_gradient, routed(lambda b: b == b.max()), "At a tie"),
    "row and column swapped": (
        check.max_pool_gradient,
        routed(lambda b: one_hot(b.argmax())[[0, 2, 1, 3]]), "are swapped"),
    "begins at its number": (check.max_pool_gradient, window_starts_at_its_number, "begins at row 2 i"),
    "a sentinel of -1": (check.max_pool_gradient, gradient_by_sentinel(-1), None),
    "a sentinel of -10": (check.max_pool_gradient, gradient_by_sentinel(-10), None),
    "a sentinel of -1000, too": (check.max_pool_gradient, gradient_by_sentinel(-1000), None),
    "the last of a tie": (
        check.max_pool_gradient, routed(lambda b: one_hot(3 - b[::-1].argmax())), "At a tie"),
    "positive maxima only": (
        check.max_pool_gradient, routed(lambda b: one_hot(b.argmax()) * (b.max() > 0)), None),
    "none at a tie": (
        check.max_pool_gradient,
        routed(lambda b: (b == b.max()) * ((b == b.max()).sum() == 1)), None),
    "in the type of the map": (
        check.max_pool_gradient, lambda f, g: first(f, g).astype(f.dtype), "fractions"),
    "pooled size": (check.max_pool_gradient, lambda f, g: g, None),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
