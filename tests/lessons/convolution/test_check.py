"""Convolution: other right answers, and the hint for each named misconception."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import ndimage, signal

from lessons.convolution import check
from tests.kit.answers import accepted, refused
from utils.convolution import correlate2d, correlate_volume

pytestmark = pytest.mark.slow


def window_sum(image, kernel, row, column):
    return correlate2d(image, kernel)[row, column]


def centered(image, kernel, row, column):
    top, left = row - kernel.shape[0] // 2, column - kernel.shape[1] // 2
    return sum(image[top + i, left + j] * w for (i, j), w in np.ndenumerate(kernel))


def three_by_three(image, kernel, row, column):
    return sum(image[row + i, column + j] * kernel[i, j] for i in range(3) for j in range(3))


def solves_one_picture():
    """Nine weights that move the picture of squares, and no other."""
    picture = np.arange(16.0).reshape(4, 4) ** 2
    windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3)).reshape(4, 9)
    equations = np.vstack([windows, np.ones(9)])
    return np.linalg.lstsq(equations, [*picture[1:-1, :-2].ravel(), 1])[0].reshape(3, 3)


RIGHT = {
    "trace": (
        check.window_sum,
        lambda i, k, r, c: np.trace(i[r : r + len(k), c : c + k.shape[1]] @ k.T)),
    "roll": (
        check.window_sum,
        lambda i, k, r, c: (np.roll(i, (-r, -c), (0, 1))[: len(k), : k.shape[1]] * k).sum()),
    "lists": (check.correlate, lambda i, k: correlate2d(i.tolist(), k.tolist()).tolist()),
    "truth": (check.move_right, np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]], bool)),
    "fractions": (check.move_right, [[Fraction(n) for n in row] for row in [[0] * 3, [1, 0, 0], [0] * 3]]),
    "matrix": (check.move_right, np.matrix("0 0 0; 1 0 0; 0 0 0")),
    "half of sum and size": (
        check.convolutional_layer,
        lambda v, k, b: (correlate_volume(v, k) + b + np.abs(correlate_volume(v, k) + b)) / 2),
    "library": (check.window_sum, window_sum),
    "dot product": (
        check.window_sum,
        lambda i, k, r, c: i[r : r + len(k), c : c + k.shape[1]].ravel() @ k.ravel(),
    ),
    "scipy": (check.correlate, lambda i, k: signal.correlate(i, k, "valid", "direct")),
    "fft": (check.correlate, lambda i, k: signal.correlate(i, k, "valid", "fft")),
    "float32": (check.correlate, lambda i, k: correlate2d(i.astype(np.float32), k)),
    "convolution with the kernel turned": (
        check.correlate, lambda i, k: signal.convolve2d(i, np.rot90(k, 2), "valid")),
    "a list": (check.move_right, [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    "clip": (
        check.convolutional_layer,
        lambda v, k, b: np.clip(correlate_volume(v, k) + b.reshape(1, 1, -1), 0, None)),
    "einsum": (
        check.convolutional_layer,
        lambda v, k, b: np.maximum(0, np.einsum(
            "xyijc,ijcn->xyn",
            np.lib.stride_tricks.sliding_window_view(v, k.shape[:3])[:, :, 0], k) + b)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def kept_in_the_type_of_the_image(image, kernel):
    result = np.zeros_like(image)[
        : image.shape[0] - len(kernel) + 1, : image.shape[1] - kernel.shape[1] + 1
    ]
    for row, column in np.ndindex(result.shape):
        result[row, column] = window_sum(image, kernel, row, column)
    return result


def one_short(image, kernel):
    n, k = image.shape[0], kernel.shape[0]
    return [[window_sum(image, kernel, i, j) for j in range(image.shape[1] - kernel.shape[1])]
            for i in range(n - k)]  # fmt: skip


def aliased(image, kernel):
    right = correlate2d(image, kernel)
    rows = [[0] * right.shape[1]] * len(right)
    for place, value in np.ndenumerate(right):
        rows[place[0]][place[1]] = value
    return rows


def over_all_pixels(image, kernel):
    height, width = kernel.shape
    result = np.zeros(image.shape)
    for i, j in np.ndindex(image.shape):
        result[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return result


def squeezed(volume, kernels, bias):
    return np.maximum(correlate_volume(volume, kernels) + bias, 0).squeeze()


def one_at(place):
    kernel = np.zeros((3, 3))
    kernel[place] = 1
    return kernel


def layer(change):
    return lambda v, k, b: change(np.maximum(correlate_volume(v, k) + b, 0))


WRONG = {
    "three by three": (
        check.window_sum, lambda i, k, r, c: (i[r : r + 3, c : c + 3] * k).sum(), "Print both shapes"),
    "three by three loops": (check.window_sum, three_by_three, "3 x 3"),
    "centered": (check.window_sum, centered, "centered on"),
    "size": (check.window_sum, lambda *a: abs(window_sum(*a)), None),
    "whole number": (check.window_sum, lambda *a: int(window_sum(*a)), None),
    "type of the picture": (check.correlate, kept_in_the_type_of_the_image, "fractions"),
    "one short": (check.correlate, one_short, "n - k + 1"),
    "aliased rows": (check.correlate, aliased, None),
    "ndimage": (check.correlate, lambda i, k: ndimage.correlate(i, k, mode="constant"), "kept the size"),
    "square kernels only": (check.correlate, lambda i, k: correlate2d(i, k) * (k.shape[0] == k.shape[1]), None),
    "at most as wide as the picture is high": (check.correlate, lambda i, k: correlate2d(i, k)[:, : len(i)], None),
    "runs off the edge": (check.correlate, over_all_pixels, "runs off the edge"),
    "absolute": (check.correlate, lambda i, k: np.abs(correlate2d(i, k)), None),
    "half flipped": (check.correlate, lambda i, k: correlate2d(i, k[::-1]), None),
    "only one picture": (check.move_right, solves_one_picture(), None),
    "left": (check.move_right, one_at((1, 2)), "to the left"),
    "left and down": (check.move_right, one_at((0, 2)), "to the left, and down"),
    "NaN": (check.move_right, np.full((3, 3), np.nan), "NaN or infinity"),
    "infinite": (check.move_right, [[np.inf, 0, -np.inf], [1, 0, 0], [0, 0, 0]], "NaN or infinity"),
    "masked": (check.move_right, np.ma.array(np.eye(3), mask=True), "mask"),
    "a function": (check.move_right, np.roll, "should hold numbers"),
    "brighter": (check.move_right, [[0, 0, 0], [2, 0, 0], [0, 0, 0]], "add up to 2"),
    "edge": (check.move_right, [[0, 0, 0], [1, 0, -1], [0, 0, 0]], "add up to 0"),
    "smear": (check.move_right, [[0, 0, 0], [0.5, 0.5, 0], [0, 0, 0]], None),
    "too large": (check.move_right, np.eye(5), "shape (5, 5)"),
    "words": (check.move_right, "right", "should hold numbers"),
    "one kernel loses its axis": (check.convolutional_layer, squeezed, None),
    "at most 6": (check.convolutional_layer, layer(lambda maps: np.minimum(maps, 6)), None),
    "minus bias": (
        check.convolutional_layer, lambda v, k, b: np.maximum(correlate_volume(v, k) - b, 0), None),
    "kernels transposed": (
        check.convolutional_layer,
        lambda v, k, b: np.maximum(correlate_volume(v, k.swapaxes(0, 1)) + b, 0),
        "does not fit"),
    "first kernel": (check.convolutional_layer, layer(lambda maps: maps[..., :1]), None),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
