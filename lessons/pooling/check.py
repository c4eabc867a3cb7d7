"""Checks of the lesson Pooling."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from utils.checks import Misconception, compare, exercise

SLIDE = np.array([[1, 4, 2, 11], [6, 13, 8, 3], [10, 0, 17, 7], [9, 2, 3, 5]])
"""The feature map on the pooling slide of the LENS lecture."""


def _pooled(
    feature_map: NDArray, size: int, stride: int, one: Callable[[NDArray], Any] = np.max
) -> NDArray:
    """`one` of every window of a 2-D map, window after window: the definition."""
    rows, columns = ((side - size) // stride + 1 for side in feature_map.shape)
    corners = [(i * stride, j * stride) for i in range(rows) for j in range(columns)]
    values = [one(feature_map[r : r + size, c : c + size]) for r, c in corners]
    return np.array(values).reshape(rows, columns)


def _unfinished(feature_map: NDArray, size: int, stride: int) -> NDArray:
    """Maxima of every window that begins inside the map, those cut off at the end among them."""
    height, width = feature_map.shape
    return np.array(
        [
            [feature_map[i : i + size, j : j + size].max() for j in range(0, width, stride)]
            for i in range(0, height, stride)
        ]
    )


@exercise("Max pooling, any window, any stride", "Keras does the same to every map of a layer.")
def max_pool(answer: Callable[..., Any]) -> None:
    """Max pooling of a 2-D map, against SciPy's sliding maximum."""

    def oracle(feature_map, size, stride):
        """The maximum around every pixel, then the pixels in whose middle a window lies."""
        around = ndimage.maximum_filter(feature_map, size, mode="nearest")
        first, (height, width) = size // 2, feature_map.shape
        rows = slice(first, height - size + first + 1, stride)
        return around[rows, first : width - size + first + 1 : stride]

    def cases() -> Iterator[tuple[NDArray, int, int]]:
        rng = np.random.default_rng(0)
        yield SLIDE, 2, 2
        yield SLIDE, 3, 1
        for shape, size, stride in (
            ((5, 7), 2, 2), ((7, 6), 3, 2), ((9, 8), 2, 3), ((4, 6), 4, 1), ((3, 3), 3, 5),
            ((6, 5), 1, 2), ((11, 7), 4, 3),
        ):  # fmt: skip
            yield rng.integers(-9, 10, shape), size, stride
        yield rng.normal(size=(6, 9)) - 5, 2, 2
        yield rng.integers(0, 256, (8, 8), np.uint8), 2, 2

    def with_one(one):
        return lambda feature_map, size, stride: _pooled(feature_map, size, stride, one)

    def laid_out(count, step=None, side=None):
        """Maxima of `count` windows along each side, their step and side as the mistake has it."""

        def maxima(f, size, stride):
            rows, columns = count(f.shape, size, stride)
            move = stride if step is None else step
            reach = size if side is None else side(stride)
            return np.array(
                [
                    [
                        f[i * move : i * move + reach, j * move : j * move + reach].max()
                        for j in range(columns)
                    ]
                    for i in range(rows)
                ]
            )

        return maxima

    def fitting(shape, size, stride):
        return [(side - size) // stride + 1 for side in shape]

    compare(
        answer,
        oracle,
        cases(),
        [
            Misconception(
                "That is the average of each window, not its maximum.", with_one(np.mean)
            ),
            Misconception("That is the sum of each window, not its maximum.", with_one(np.sum)),
            Misconception("That is the minimum of each window.", with_one(np.min)),
            Misconception(
                "You keep the top left number of each window; take its maximum.",
                with_one(lambda window: window[0, 0]),
            ),
            Misconception(
                "You moved by a whole window each time; move by the stride.",
                lambda f, size, stride: oracle(f, size, size),
            ),
            Misconception(
                "You moved by one each time; move by the stride.",
                lambda f, size, stride: oracle(f, size, 1),
            ),
            Misconception(
                "You assumed a window of 2 x 2; take its side from `size`.",
                lambda f, size, stride: oracle(f, 2, stride),
            ),
            Misconception(
                "The last windows stick out of the map. Pooling drops what does not fill a window.",
                _unfinished,
            ),
            Misconception(
                "The last window is missing in each direction: of the starts 0, stride, 2 stride, "
                "... the first one counts, too, so add 1.",
                laid_out(lambda shape, size, stride: [(n - size) // stride for n in shape]),
            ),
            Misconception(
                "You rounded up: the last windows stick out of the map. Pooling drops what does "
                "not fill a window.",
                laid_out(lambda shape, size, stride: [-(-(n - size) // stride) + 1 for n in shape]),
            ),
            Misconception(
                "The number of windows is (n - size) // stride + 1, not n // stride.",
                laid_out(lambda shape, size, stride: [n // stride for n in shape]),
            ),
            *[
                Misconception(
                    "The map need not be square: count rows by its height, columns by its width.",
                    laid_out(lambda shape, *how, axis=axis: [fitting(shape, *how)[axis]] * 2),
                )
                for axis in (0, 1)
            ],
            Misconception(
                "Window number i begins at row i * stride, not at row i.",
                laid_out(fitting, step=1),
            ),
            Misconception(
                "Your windows are as wide as the stride; a window is `size` wide.",
                laid_out(fitting, side=lambda stride: stride),
            ),
            Misconception(
                "`size` and `stride` are swapped.",
                lambda f, size, stride: oracle(f, stride, size),
            ),
            Misconception(
                "Rows and columns of the result are swapped.",
                lambda f, size, stride: oracle(f, size, stride).T,
            ),
            Misconception(
                "Nothing in your result is below 0: did you start the maximum at 0, or pad with "
                "zeros? A window of negative numbers has a negative maximum.",
                lambda f, size, stride: np.maximum(oracle(f, size, stride), 0),
            ),
            Misconception(
                "Your result cannot hold fractions: give it the type of the map.",
                lambda f, size, stride: oracle(f, size, stride).astype(int),
            ),
            Misconception(
                "That is one maximum for the whole map; take one for each window.",
                lambda f, size, stride: f.max(),
            ),
        ],
    )


@exercise(
    "Global average pooling", "`GlobalAveragePooling2D` does this; many networks end with it."
)
def global_average(answer: Callable[..., Any]) -> None:
    """The average of each map of a volume, against the sum over its pixels one by one."""

    def oracle(feature_maps):
        height, width, channels = feature_maps.shape
        total = np.zeros(channels)
        for i, j in np.ndindex(height, width):
            total += feature_maps[i, j]
        return total / (height * width)

    rng = np.random.default_rng(1)
    cases = [
        (np.dstack([[[1, 2], [3, 6]], [[10, 10], [10, 50]], [[0, 0], [0, 4]]]),),
        *[(rng.normal(size=shape),) for shape in ((4, 5, 2), (3, 3, 3), (1, 6, 4), (5, 2, 1))],
        (rng.integers(0, 256, (7, 4, 3), np.uint8),),
    ]
    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(
                "You averaged over the channels too. Each map keeps its own average.", np.mean
            ),
            Misconception(
                "You averaged across the channels. Average over height and width, axes 0 and 1.",
                lambda maps: maps.mean(axis=2),
            ),
            *[
                Misconception(
                    "You averaged over the channels and one side of the maps. Average over height "
                    "and width, axes 0 and 1.",
                    lambda maps, side=side: maps.mean(axis=(side, 2)),
                )
                for side in (0, 1)
            ],
            Misconception(
                "That is the maximum of each map, not its average.",
                lambda maps: maps.max(axis=(0, 1)),
            ),
            Misconception(
                "That is the sum of each map; divide by the number of its pixels.",
                lambda maps: maps.sum(axis=(0, 1)),
            ),
            Misconception(
                "Divide by the number of pixels of one map, height times width, without the "
                "channels.",
                lambda maps: maps.sum(axis=(0, 1)) / maps.size,
            ),
            Misconception(
                "You divide by the height alone; a map has height times width pixels.",
                lambda maps: maps.sum(axis=(0, 1)) / maps.shape[0],
            ),
            Misconception(
                "You divide by the width alone; a map has height times width pixels.",
                lambda maps: maps.sum(axis=(0, 1)) / maps.shape[1],
            ),
            Misconception(
                "`reshape` does not move the channels to the front: it cuts the numbers in the "
                "order in which they lie, and mixes the maps.",
                lambda maps: maps.reshape(maps.shape[2], -1).mean(axis=1),
            ),
            Misconception(
                "The numbers are right; the axes of length 1 should go (`keepdims=False`).",
                lambda maps: maps.mean(axis=(0, 1), keepdims=True),
            ),
            *[
                Misconception("Your result cannot hold fractions.", cut)
                for cut in (lambda maps: oracle(maps).astype(int), lambda maps: oracle(maps) // 1)
            ],
            Misconception(
                "Your sums wrapped around: add up pixels of uint8 in a wider type.",
                lambda maps: (
                    maps.sum(axis=(0, 1), dtype=maps.dtype) / (maps.shape[0] * maps.shape[1])
                ),
            ),
        ],
    )


@exercise(
    "Average pooling as a convolution",
    "A strided convolution can learn to pool by averages, or something better.",
)
def averaging_kernels(answer: Callable[..., Any]) -> None:
    """The kernels, found from what average pooling does to a volume with a single 1 in it."""

    def oracle(size, channels):
        kernels = np.empty((size, size, channels, channels))
        for place in np.ndindex(size, size, channels):
            volume = np.zeros((size, size, channels))
            volume[place] = 1
            kernels[place] = [_pooled(volume[:, :, c], size, size, np.mean)[0, 0]
                              for c in range(channels)]  # fmt: skip
        return kernels

    def weighted(weight, across=False):
        def kernels(size, channels):
            keep = np.ones((channels, channels)) if across else np.eye(channels)
            return np.ones((size, size, 1, 1)) * keep * weight(size, channels)

        return kernels

    compare(
        answer,
        oracle,
        [(2, 1), (3, 2), (2, 3), (4, 1), (1, 3), (5, 4)],
        [
            Misconception(
                "These weights add the window up; divide, so that they average it.",
                weighted(lambda size, channels: 1),
            ),
            Misconception(
                "A window holds size * size numbers, not size: divide by the square.",
                weighted(lambda size, channels: 1 / size),
            ),
            Misconception(
                "A window holds size * size numbers, not 2 * size: divide by the square.",
                weighted(lambda size, channels: 1 / (2 * size)),
            ),
            Misconception(
                "You divide by 4, the window of 2 x 2; take `size`.",
                weighted(lambda size, channels: 1 / 4),
            ),
            Misconception(
                "These kernels add up all channels. Pooling keeps them apart: kernel number c has "
                "weights for channel c alone, and zeros for the others.",
                weighted(lambda size, channels: 1 / size**2, across=True),
            ),
            Misconception(
                "These kernels average all channels. Pooling keeps them apart: kernel number c has "
                "weights for channel c alone, and zeros for the others.",
                weighted(lambda size, channels: 1 / size**2 / channels, across=True),
            ),
            Misconception(
                "Each output comes from one channel: do not divide by their number.",
                weighted(lambda size, channels: 1 / size**2 / channels),
            ),
            Misconception(
                "These kernels pick one number of each window. To average, give every place of the "
                "window the same weight.",
                lambda size, channels: np.pad(
                    np.eye(channels)[np.newaxis, np.newaxis],
                    [(0, size - 1), (0, size - 1), (0, 0), (0, 0)],
                ),
            ),
            Misconception(
                "That is a single table. Keras wants (size, size, channels, channels).",
                lambda size, channels: np.full((size, size), 1 / size**2),
            ),
            Misconception(
                "That is one kernel. You need one for each channel, stacked along a fourth axis.",
                lambda size, channels: np.full((size, size, channels), 1 / size**2),
            ),
            Misconception(
                "That is the layout of `DepthwiseConv2D`, which keeps channels apart by itself. "
                "`Conv2D` wants (size, size, channels, channels), mostly zeros.",
                lambda size, channels: np.full((size, size, channels, 1), 1 / size**2),
            ),
            Misconception(
                "That is one table for each channel. `Conv2D` wants one for each pair of channels: "
                "(size, size, channels, channels), mostly zeros.",
                lambda size, channels: np.full((size, size, 1, channels), 1 / size**2),
            ),
            Misconception(
                "Your kernels cannot hold fractions.",
                lambda size, channels: oracle(size, channels).astype(int),
            ),
            Misconception(
                "The channels come last: (size, size, channels, channels).",
                lambda size, channels: np.moveaxis(oracle(size, channels), (0, 1), (2, 3)),
            ),
        ],
    )


@exercise(
    "The gradient of max pooling", "The other three numbers of a window learn nothing this time."
)
def max_pool_gradient(answer: Callable[..., Any]) -> None:
    """The gradient of 2x2 max pooling, against windows visited one by one."""

    def routed(feature_map, pooled_gradient, share):
        """`share` turns a 2x2 window into the part of its gradient that each place gets."""
        gradient = np.zeros(feature_map.shape)
        for i, j in np.ndindex(pooled_gradient.shape):
            window = np.s_[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            gradient[window] = share(feature_map[window]) * pooled_gradient[i, j]
        return gradient

    def oracle(feature_map, pooled_gradient):
        return routed(feature_map, pooled_gradient, lambda w: _one(np.argmax(w)))

    def beginning_at_its_number(feature_map, pooled_gradient):
        gradient = np.zeros(feature_map.shape)
        for i, j in np.ndindex(pooled_gradient.shape):
            row, column = divmod(int(feature_map[i : i + 2, j : j + 2].argmax()), 2)
            gradient[i + row, j + column] = pooled_gradient[i, j]
        return gradient

    def by(share):
        return lambda feature_map, pooled_gradient: routed(feature_map, pooled_gradient, share)

    def cases() -> Iterator[tuple[NDArray, NDArray]]:
        rng = np.random.default_rng(2)
        yield SLIDE, np.array([[1, 2], [3, 4]])
        yield np.array([[5, 5, 1, 7], [0, 5, 7, 7]]), np.array([[1.0, -2.0]])
        for rows, columns in ((1, 1), (2, 3), (4, 2), (3, 3)):
            sides = 2 * rows, 2 * columns
            yield rng.normal(size=sides), rng.normal(size=(rows, columns))
            yield rng.integers(-1, 2, sides), rng.normal(size=(rows, columns))
        yield np.zeros((2, 4)), np.array([[0.5, 3.0]])
        yield rng.integers(0, 4, (4, 6), np.uint8), rng.normal(size=(2, 3))

    compare(
        answer,
        oracle,
        cases(),
        [
            Misconception(
                "You gave all four numbers of a window its whole gradient; only the maximum gets "
                "it.",
                by(lambda w: np.ones((2, 2))),
            ),
            Misconception(
                "You spread the gradient evenly over the window: that is the gradient of average "
                "pooling.",
                by(lambda w: np.full((2, 2), 0.25)),
            ),
            Misconception(
                "You shared the gradient among equal maxima; here the first one in row order gets "
                "all of it.",
                by(lambda w: (w == w.max()) / (w == w.max()).sum()),
            ),
            Misconception(
                "You gave the gradient to every one of several equal maxima; only the first one in "
                "row order gets it.",
                by(lambda w: w == w.max()),
            ),
            Misconception(
                "Of several equal maxima you chose the last one; choose the first in row order.",
                by(lambda w: _one(3 - np.argmax(w.ravel()[::-1]))),
            ),
            Misconception(
                "Of several equal maxima you chose the first in column order; go along the rows.",
                by(lambda w: _one(np.argmax(w.T)).T),
            ),
            Misconception(
                "Row and column inside the window are swapped.",
                by(lambda w: _one(np.argmax(w)).T),
            ),
            Misconception(
                "Window number (i, j) begins at row 2 i and column 2 j.",
                beginning_at_its_number,
            ),
            Misconception(
                "The right places, but with a 1 in each: put the pooled map's gradient there.",
                lambda f, g: oracle(f, np.ones_like(g)),
            ),
            Misconception(
                "The right places, but with the maxima in them: put the pooled map's gradient "
                "there.",
                lambda f, g: oracle(f, np.ones_like(g)) * f,
            ),
            Misconception(
                "You multiplied the gradient by the maximum. A maximum passes its gradient on as "
                "it is.",
                lambda f, g: oracle(f, g) * f,
            ),
            Misconception("You sent it to the minimum.", by(lambda w: _one(np.argmin(w)))),
            Misconception(
                "You sent it to the top left of every window; find the maximum.",
                by(lambda w: _one(0)),
            ),
            *[
                Misconception(
                    "Your result cannot hold fractions: give it the type of the gradient.", cut
                )
                for cut in (
                    lambda f, g: oracle(f, g).astype(int),
                    lambda f, g: oracle(f, g).astype(f.dtype),
                )
            ],
        ],
    )


def _one(place: int) -> NDArray[np.float64]:
    """A window of 2x2 zeros with a 1 at this place, counted along the rows."""
    return np.eye(4)[place].reshape(2, 2)
