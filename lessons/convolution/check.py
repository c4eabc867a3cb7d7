"""Checks of the lesson Convolution."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from utils.checks import Misconception, NotYet, compare, exercise, numbers
from utils.data import WORKED_IMAGE, WORKED_KERNEL

FLIPPED = (
    "You turned the kernel by 180°: that is a convolution. Lay it on as it is (cross-correlation)."
)
TRANSPOSED = "You swapped rows and columns of the kernel."
THREE = "You assumed a kernel of 3 x 3; take its size from `kernel.shape`."
TRUNCATED = (
    "Your result cannot hold fractions: make it with `np.zeros(shape)`, not in the type of the "
    "picture."
)

MOVES = {
    (1, 2): "This one moves the picture to the left. An output pixel takes what lies under the 1: "
    "which neighbor should that be?",
    (1, 1): "This one leaves the picture where it is.",
    (0, 1): "This one moves the picture down.",
    (2, 1): "This one moves the picture up.",
    (0, 0): "This one moves the picture to the right, and down as well.",
    (2, 0): "This one moves the picture to the right, and up as well.",
}


def _pairs() -> Iterator[tuple[NDArray, NDArray]]:
    """The lecture's example, then random images and kernels of unequal sides."""
    rng = np.random.default_rng(0)
    yield WORKED_IMAGE, WORKED_KERNEL
    sides = [(5, 7), (3, 3)], [(7, 6), (4, 5)], [(6, 4), (2, 3)], [(4, 6), (4, 1)], [(3, 3), (3, 3)]
    for shape, size in sides:
        yield rng.integers(-9, 10, shape), rng.integers(-9, 10, size)
    yield rng.normal(size=(9, 8)), rng.normal(size=(5, 2))
    yield rng.integers(0, 256, (5, 6), np.uint8), rng.normal(size=(2, 3))


@exercise("Sum one window", "The kernel never moves inside the window: only the window moves.")
def window_sum(answer: Callable[..., Any]) -> None:
    """The sum of one window, against SciPy's whole output."""

    def oracle(image, kernel, row, column):
        return signal.correlate2d(image, kernel, "valid")[row, column]

    def with_kernel(change):
        return lambda image, kernel, row, column: oracle(image, change(kernel), row, column)

    def cases():
        yield WORKED_IMAGE, WORKED_KERNEL, 0, 1
        yield WORKED_IMAGE, WORKED_KERNEL, 0, 0
        rng = np.random.default_rng(1)
        for image, kernel in _pairs():
            rows, columns = np.subtract(image.shape, kernel.shape) + 1
            yield image, kernel, int(rng.integers(rows)), int(rng.integers(columns))
            yield image, kernel, int(rows) - 1, 0

    compare(
        answer,
        oracle,
        cases(),
        [
            Misconception("You swapped row and column.", lambda i, k, r, c: oracle(i, k, c, r)),
            Misconception(FLIPPED, with_kernel(lambda kernel: kernel[::-1, ::-1])),
            Misconception(TRANSPOSED, with_kernel(np.transpose)),
            Misconception(
                "You return the products; add them up.",
                lambda i, k, r, c: i[r : r + k.shape[0], c : c + k.shape[1]] * k,
            ),
            Misconception(
                "That is the sum of a matrix product (`@`): multiply entry by entry (`*`).",
                lambda i, k, r, c: (i[r : r + k.shape[0], c : c + k.shape[1]] @ k).sum(),
            ),
            Misconception(
                "That is the window centered on (row, column); it should start there.",
                lambda i, k, r, c: oracle(np.roll(i, np.array(k.shape) // 2, (0, 1)), k, r, c),
            ),
            Misconception(THREE, lambda i, k, r, c: oracle(i, k[:3, :3], r, c)),
            Misconception(
                "That is the mean of the products, not their sum.",
                lambda i, k, r, c: oracle(i, k, r, c) / k.size,
            ),
        ],
    )


@exercise("The whole output", "This is what `signal.correlate2d(image, kernel, 'valid')` does.")
def correlate(answer: Callable[..., Any]) -> None:
    """The valid cross-correlation, against SciPy."""

    def oracle(image, kernel):
        return signal.correlate2d(image, kernel, "valid")

    compare(
        answer,
        oracle,
        _pairs(),
        [
            Misconception(FLIPPED, lambda i, k: signal.convolve2d(i, k, "valid")),
            Misconception(TRANSPOSED, lambda i, k: oracle(i, k.T)),
            Misconception(
                "You kept the size of the image; keep only the places where the kernel fits.",
                lambda i, k: signal.correlate2d(i, k, "same"),
            ),
            Misconception(
                "That is the full output, with zeros around; keep only where the kernel fits.",
                lambda i, k: signal.correlate2d(i, k, "full"),
            ),
            Misconception(
                "The last row and column are missing: n - k + 1 windows fit, not n - k.",
                lambda i, k: oracle(i, k)[:-1, :-1],
            ),
            Misconception(
                "Rows and columns of the output are swapped.", lambda i, k: oracle(i, k).T
            ),
            Misconception(THREE, lambda i, k: oracle(i, k[:3, :3])),
            Misconception(TRUNCATED, lambda i, k: oracle(i, k).astype(int)),
            Misconception(TRUNCATED, lambda i, k: oracle(i, k).astype(int).astype(i.dtype)),
        ],
    )


@exercise("A kernel that moves the picture", "Each output pixel takes the value to its left.")
def move_right(answer: Any) -> None:
    """A 3x3 kernel under which every picture moves one pixel to the right."""
    kernel = numbers(answer, "Your kernel").astype(float)
    if not np.isfinite(kernel).all():
        raise NotYet("Your kernel holds NaN or infinity.")
    if kernel.shape != (3, 3):
        raise NotYet(f"Your kernel has shape {kernel.shape}; it should be (3, 3).")
    for place, hint in MOVES.items():
        other = np.zeros((3, 3))
        other[place] = 1
        if np.array_equal(kernel, other):
            raise NotYet(hint)
    if not np.isclose(kernel.sum(), 1):
        raise NotYet(
            f"The weights add up to {kernel.sum():g}, so the picture changes its brightness."
        )
    compare(
        lambda image: signal.correlate2d(image, kernel, "valid"),
        lambda image: image[1:-1, :-2],
        [(np.random.default_rng(5).integers(0, 10, (6, 7)),)],
    )


@exercise("A convolutional layer", "You have written `Conv2D(N, k, activation='relu')`.")
def convolutional_layer(answer: Callable[..., Any]) -> None:
    """Cross-correlation with a bank of kernels, bias, ReLU, against SciPy kernel by kernel."""

    def linear(volume, kernels):
        maps = [
            signal.correlate(volume, kernel, "valid")[..., 0]
            for kernel in np.moveaxis(kernels, 3, 0)
        ]
        return np.stack(maps, axis=-1)

    def oracle(volume, kernels, bias):
        return np.maximum(linear(volume, kernels) + bias, 0)

    rng = np.random.default_rng(3)
    shapes = [((4, 5, 3), (3, 3, 3, 2)), ((3, 3, 1), (2, 2, 1, 4)), ((6, 5, 2), (2, 3, 2, 3))]
    cases = [(rng.normal(size=v), rng.normal(size=k), rng.normal(size=k[3])) for v, k in shapes]
    compare(
        answer,
        oracle,
        cases,
        [
            Misconception("The ReLU is missing.", lambda v, k, b: linear(v, k) + b),
            Misconception("The bias is missing.", lambda v, k, b: np.maximum(linear(v, k), 0)),
            Misconception(
                "The bias comes before the ReLU, not after it.",
                lambda v, k, b: np.maximum(linear(v, k), 0) + b,
            ),
            Misconception(
                "You took the absolute value; the ReLU sets negative numbers to zero.",
                lambda v, k, b: np.abs(linear(v, k) + b),
            ),
            Misconception("You subtracted the bias; add it.", lambda v, k, b: oracle(v, k, -b)),
            Misconception(FLIPPED, lambda v, k, b: oracle(v, k[::-1, ::-1], b)),
            Misconception(FLIPPED, lambda v, k, b: oracle(v, k[::-1, ::-1, ::-1], b)),
            Misconception(TRANSPOSED, lambda v, k, b: oracle(v, k.swapaxes(0, 1), b)),
            Misconception(
                "You added up all maps; keep one for each kernel.",
                lambda v, k, b: oracle(v, k, b).sum(axis=-1),
            ),
            Misconception(
                "The maps should be the last axis: stack them with `axis=-1`.",
                lambda v, k, b: np.moveaxis(oracle(v, k, b), 2, 0),
            ),
            Misconception(
                "There is an axis for the batch in front; return the maps of one picture.",
                lambda v, k, b: oracle(v, k, b)[np.newaxis],
            ),
        ],
    )
