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


def in_type_of_image(image, kernel):
    return correlate2d(image, kernel).astype(image.dtype)


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


def relu(x):
    return np.maximum(x, 0)


WRONG = {
    "rows and columns": (check.window_sum, lambda i, k, r, c: window_sum(i, k, c, r), "swapped row"),
    "flipped": (
        check.window_sum, lambda i, k, r, c: window_sum(i, k[::-1, ::-1], r, c), "turned the kernel"),
    "transposed": (
        check.window_sum,
        lambda i, k, r, c: (i[r : r + k.shape[1], c : c + k.shape[0]] * k.T).sum(), "rows and columns"),
    "products": (
        check.window_sum,
        lambda i, k, r, c: i[r : r + k.shape[0], c : c + k.shape[1]] * k, "add them up"),
    "matrix product": (check.window_sum, lambda i, k, r, c: (i[r : r + 3, c : c + 3] @ k).sum(), "`@`"),
    "three by three": (check.window_sum, lambda i, k, r, c: (i[r : r + 3, c : c + 3] * k).sum(), "3"),
    "centered": (check.window_sum, centered, "centered on"),
    "three by three loops": (check.window_sum, three_by_three, "3 x 3"),
    "mean": (check.window_sum, lambda i, k, r, c: window_sum(i, k, r, c) / k.size, "That is the mean"),
    "size": (check.window_sum, lambda *a: abs(window_sum(*a)), "differ"),
    "whole number": (check.window_sum, lambda *a: int(window_sum(*a)), "differ"),
    "no fractions": (check.correlate, lambda i, k: correlate2d(i, k).astype(int), "fractions"),
    "type of the picture": (check.correlate, in_type_of_image, "fractions"),
    "three by three output": (check.correlate, lambda i, k: correlate2d(i, k[:3, :3]), "3 x 3"),
    "only one picture": (check.move_right, solves_one_picture(), "differ"),
    "NaN": (check.move_right, np.full((3, 3), np.nan), "NaN or infinity"),
    "infinite": (check.move_right, [[np.inf, 0, -np.inf], [1, 0, 0], [0, 0, 0]], "NaN or infinity"),
    "down and right": (check.move_right, [[1, 0, 0], [0, 0, 0], [0, 0, 0]], "down as well"),
    "up and right": (check.move_right, [[0, 0, 0], [0, 0, 0], [1, 0, 0]], "up as well"),
    "masked": (check.move_right, np.ma.array(np.eye(3), mask=True), "mask"),
    "a function": (check.move_right, np.roll, "should hold numbers"),
    "a batch": (
        check.convolutional_layer, lambda v, k, b: relu(correlate_volume(v, k) + b)[None], "batch"),
    "maps in front": (
        check.convolutional_layer,
        lambda v, k, b: np.moveaxis(relu(correlate_volume(v, k) + b), 2, 0), "last axis"),
    "kernel transposed": (
        check.convolutional_layer,
        lambda v, k, b: relu(correlate_volume(v, k.swapaxes(0, 1)) + b), "rows and columns"),
    "depth flipped, too": (
        check.convolutional_layer,
        lambda v, k, b: relu(correlate_volume(v, k[::-1, ::-1, ::-1]) + b), "turned the kernel"),
    "at most 6": (
        check.convolutional_layer, lambda v, k, b: np.clip(correlate_volume(v, k) + b, 0, 6), "differ"),
    "flipped whole": (
        check.correlate, lambda i, k: signal.convolve2d(i, k, "valid"), "turned the kernel"),
    "same": (check.correlate, lambda i, k: signal.correlate2d(i, k, "same"), "kept the size"),
    "ndimage": (
        check.correlate, lambda i, k: ndimage.correlate(i, k, mode="constant"), "kept the size"),
    "full": (check.correlate, lambda i, k: signal.correlate2d(i, k, "full"), "full output"),
    "one short": (check.correlate, lambda i, k: correlate2d(i, k)[:-1, :-1], "n - k + 1"),
    "output transposed": (check.correlate, lambda i, k: correlate2d(i, k).T, "output are swapped"),
    "square kernels only": (check.correlate, lambda i, k: correlate2d(i, k[:3, :3]) * (len(k) == 3), ""),
    "absolute": (check.correlate, lambda i, k: np.abs(correlate2d(i, k)), ""),
    "left": (check.move_right, [[0, 0, 0], [0, 0, 1], [0, 0, 0]], "to the left"),
    "stays": (check.move_right, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "where it is"),
    "down": (check.move_right, [[0, 1, 0], [0, 0, 0], [0, 0, 0]], "down"),
    "up": (check.move_right, [[0, 0, 0], [0, 0, 0], [0, 1, 0]], "up"),
    "brighter": (check.move_right, [[0, 0, 0], [2, 0, 0], [0, 0, 0]], "add up to 2"),
    "edge": (check.move_right, [[0, 0, 0], [1, 0, -1], [0, 0, 0]], "add up to 0"),
    "smear": (check.move_right, [[0, 0, 0], [0.5, 0.5, 0], [0, 0, 0]], "differ"),
    "too large": (check.move_right, np.eye(5), "shape (5, 5)"),
    "a row": (check.move_right, [1, 0, 0], "shape (3,)"),
    "words": (check.move_right, "right", "should hold numbers"),
    "no relu": (check.convolutional_layer, lambda v, k, b: correlate_volume(v, k) + b, "ReLU is missing"),
    "no bias": (check.convolutional_layer, lambda v, k, b: relu(correlate_volume(v, k)), "bias is missing"),
    "bias late": (
        check.convolutional_layer, lambda v, k, b: relu(correlate_volume(v, k)) + b, "before the ReLU"),
    "abs": (
        check.convolutional_layer, lambda v, k, b: np.abs(correlate_volume(v, k) + b), "absolute value"),
    "minus bias": (
        check.convolutional_layer, lambda v, k, b: relu(correlate_volume(v, k) - b), "subtracted"),
    "flipped layer": (
        check.convolutional_layer,
        lambda v, k, b: relu(correlate_volume(v, k[::-1, ::-1]) + b), "turned the kernel"),
    "one map": (
        check.convolutional_layer,
        lambda v, k, b: relu(correlate_volume(v, k) + b).sum(axis=2), "one for each kernel"),
    "first kernel": (
        check.convolutional_layer, lambda v, k, b: relu(correlate_volume(v, k[..., :1]) + b[:1]), "shape"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
