"""Checks of the lesson Convolution."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from utils.checks import Exercise, NotYet, draw, numbers
from utils.data import WORKED_IMAGE, WORKED_KERNEL

FLIPPED = (
    "You turned the kernel by 180°: that is a convolution. Lay it on as it is (cross-correlation)."
)
TRANSPOSED = "You swapped rows and columns of the kernel."
THREE = "You assumed a kernel of 3 x 3; take its size from `kernel.shape`."

# ---- One window, and all of them -----------------------------------------------------------------


def _correlated(image: NDArray, kernel: NDArray) -> NDArray:
    return signal.correlate2d(image.astype(float), kernel.astype(float), "valid")


def _pair(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """An image and a kernel that fits on it, square or not."""
    height, width = rng.integers(1, 6, 2)
    size = height, [height, width][rng.integers(2)]
    image = draw(rng, np.add(size, rng.integers(0, 5, 2)))
    return image, draw(rng, size, "whole", "normal", "float32", "equal")


def _place(rng: np.random.Generator) -> tuple[NDArray, NDArray, int, int]:
    """An image, a kernel, and the top left pixel of a window, the last one among them."""
    image, kernel = _pair(rng)
    last = np.subtract(image.shape, kernel.shape)
    row, column = last if rng.random() < 0.3 else rng.integers(last + 1)
    return image, kernel, int(row), int(column)


def _summed(image: NDArray, kernel: NDArray, row: int, column: int) -> float:
    return _correlated(image, kernel)[row, column]


def _window(image: NDArray, kernel: NDArray, row: int, column: int) -> NDArray:
    return image[row : row + kernel.shape[0], column : column + kernel.shape[1]]


window_sum = Exercise(
    title="Sum one window",
    outcome="compute",
    praise="The kernel never moves inside the window: only the window moves.",
    nudge="Which pixels lie under the kernel? Cut them out of the image first.",
    hint="The window is `image[row : row + height, column : column + width]`, with height and "
    "width from `kernel.shape`. `*` multiplies entry by entry.",
    oracle=lambda image, kernel, row, column: _summed(image, kernel, row, column),
    cases=[(WORKED_IMAGE, WORKED_KERNEL, 0, 1), (WORKED_IMAGE, WORKED_KERNEL, 0, 0)],
    legal=_place,
    atol=1e-4,
    misconceptions={
        "You swapped row and column.": lambda i, k, r, c: _summed(i, k, c, r),
        FLIPPED: lambda i, k, r, c: _summed(i, k[::-1, ::-1], r, c),
        TRANSPOSED: lambda i, k, r, c: _summed(i, k.T, r, c),
        "You return the products; add them up.": lambda i, k, r, c: _window(i, k, r, c) * k,
        "That is the sum of a matrix product (`@`): multiply entry by entry (`*`).": (
            lambda i, k, r, c: (_window(i, k, r, c) @ k).sum()
        ),
        "That is the window centered on (row, column); it should start there.": (
            lambda i, k, r, c: _summed(np.roll(i, np.array(k.shape) // 2, (0, 1)), k, r, c)
        ),
        THREE: lambda i, k, r, c: _summed(i, k[:3, :3], r, c),
        "That is the mean of the products, not their sum.": lambda i, k, r, c: (
            _summed(i, k, r, c) / k.size
        ),
    },
)

correlate = Exercise(
    title="The whole output",
    outcome="compute",
    praise="This is what `signal.correlate2d(image, kernel, 'valid')` does.",
    nudge="You have the sum of one window. Which rows and columns can a window start at?",
    hint="Make `result = np.zeros((n - k + 1, m - l + 1))`, then fill it in two loops over its "
    "rows and columns, with the sum of the window that starts there.",
    oracle=lambda image, kernel: _correlated(image, kernel),
    cases=[
        (WORKED_IMAGE, WORKED_KERNEL),
        (np.array([[1, 2], [0, 3]]), np.array([[0.5, -1]])),
        (np.array([[4, 0, 1, -3]]), np.array([[2]])),
    ],
    legal=_pair,
    atol=1e-4,
    misconceptions={
        FLIPPED: lambda i, k: _correlated(i, k[::-1, ::-1]),
        TRANSPOSED: lambda i, k: _correlated(i, k.T),
        "You kept the size of the image; keep only the places where the kernel fits.": (
            lambda i, k: signal.correlate2d(i, k, "same"),
            lambda i, k: ndimage.correlate(i, k, mode="constant"),
        ),
        "That is the full output, with zeros around; keep only where the kernel fits.": (
            lambda i, k: signal.correlate2d(i, k, "full")
        ),
        "The last row and column are missing: n - k + 1 windows fit, not n - k.": (
            lambda i, k: _correlated(i, k)[:-1, :-1]
        ),
        "Rows and columns of the output are swapped.": lambda i, k: _correlated(i, k).T,
        THREE: (
            lambda i, k: _correlated(i, k[:3, :3]),
            lambda i, k: _correlated(i, k[:3, :3])[
                : i.shape[0] - k.shape[0] + 1, : i.shape[1] - k.shape[1] + 1
            ],
        ),
        "Your result cannot hold fractions: make it with `np.zeros(shape)`, not in the type of "
        "the picture.": (
            lambda i, k: _correlated(i, k).astype(int),
            lambda i, k: _correlated(i, k).astype(int).astype(i.dtype),
        ),
    },
)

# ---- A kernel that moves the picture -------------------------------------------------------------


def _filter_with(answer: Any) -> Callable[[NDArray], NDArray]:
    """What a kernel of 3 x 3 does to pictures; `NotYet` where it cannot do that."""
    kernel = numbers(answer, "Your kernel").astype(float)
    if not np.isfinite(kernel).all():
        raise NotYet("Your kernel holds NaN or infinity.")
    if kernel.shape != (3, 3):
        raise NotYet(f"Your kernel has shape {kernel.shape}; it should be (3, 3).")
    if not np.isclose(kernel.sum(), 1):
        raise NotYet(
            f"The weights add up to {kernel.sum():g}, so the picture changes its brightness."
        )
    return lambda image: _correlated(image, kernel)


move_right = Exercise(
    title="A kernel that moves the picture",
    outcome="choose",
    praise="Each output pixel takes the value to its left.",
    nudge="Think of one output pixel. If the picture moves to the right, which of its neighbors "
    "should it show?",
    hint="A single weight is 1, all others are 0. An output pixel takes the value that lies under "
    "the 1: put it where the left neighbor of the middle is.",
    use=_filter_with,
    oracle=lambda image: image[1:-1, :-2],
    cases=[(np.arange(12).reshape(3, 4) ** 2,)],
    legal=lambda rng: (draw(rng, rng.integers(3, 8, 2), "whole", "normal", "uint8"),),
    misconceptions={
        "This one moves the picture to the left. An output pixel takes what lies under the 1: "
        "which neighbor should that be?": lambda image: image[1:-1, 2:],
        "This one leaves the picture where it is.": lambda image: image[1:-1, 1:-1],
        "This one moves the picture down.": lambda image: image[:-2, 1:-1],
        "This one moves the picture up.": lambda image: image[2:, 1:-1],
        "This one moves the picture to the right, and down as well.": lambda image: image[:-2, :-2],
        "This one moves the picture to the right, and up as well.": lambda image: image[2:, :-2],
        "This one moves the picture to the left, and down as well.": lambda image: image[:-2, 2:],
        "This one moves the picture to the left, and up as well.": lambda image: image[2:, 2:],
    },
)

# ---- A convolutional layer -----------------------------------------------------------------------


def _linear(volume: NDArray, kernels: NDArray) -> NDArray:
    """The response to every kernel, before bias and ReLU."""
    volume = volume.astype(float)
    maps = [signal.correlate(volume, kernel, "valid") for kernel in np.moveaxis(kernels, 3, 0)]
    return np.concatenate(maps, axis=2)


def _layer(volume: NDArray, kernels: NDArray, bias: NDArray) -> NDArray:
    return np.maximum(_linear(volume, kernels) + bias, 0)


def _volume(rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray]:
    height, width, channels, count = rng.integers(1, 5, 4)
    sides = np.add((height, width), rng.integers(0, 4, 2))
    kernels = rng.normal(size=(height, width, channels, count))
    volume = draw(rng, (*sides, channels), "normal", "float32", "whole", "uint8", "zeros")
    return volume, kernels, draw(rng, count, "normal", "whole")


convolutional_layer = Exercise(
    title="A convolutional layer",
    outcome="build",
    praise="You have written `Conv2D(N, k, activation='relu')`.",
    nudge="Three steps, one after the other: respond, shift by the bias, cut off below 0.",
    hint="`correlate_volume(volume, kernels)` has shape (H', W', N). NumPy adds a bias of shape "
    "(N,) to each of its maps; `np.maximum(..., 0)` is the ReLU of a whole array.",
    oracle=lambda volume, kernels, bias: _layer(volume, kernels, bias),
    cases=[
        (
            np.array([[[1.0], [2]], [[3], [4]]]),
            np.array([[[[1.0, -1]]]]),
            np.array([-2.0, 3]),
        ),
    ],
    legal=_volume,
    atol=1e-3,
    misconceptions={
        "The ReLU is missing.": lambda v, k, b: _linear(v, k) + b,
        "The bias is missing.": lambda v, k, b: np.maximum(_linear(v, k), 0),
        "The bias comes before the ReLU, not after it.": lambda v, k, b: (
            np.maximum(_linear(v, k), 0) + b
        ),
        "You took the absolute value; the ReLU sets negative numbers to zero.": lambda v, k, b: (
            np.abs(_linear(v, k) + b)
        ),
        FLIPPED: (
            lambda v, k, b: _layer(v, k[::-1, ::-1], b),
            lambda v, k, b: _layer(v, k[::-1, ::-1, ::-1], b),
        ),
        "You added up all maps; keep one for each kernel.": lambda v, k, b: _layer(v, k, b).sum(
            axis=-1
        ),
        "The maps should be the last axis: stack them with `axis=-1`.": lambda v, k, b: np.moveaxis(
            _layer(v, k, b), 2, 0
        ),
        "There is an axis for the batch in front; return the maps of one picture.": (
            lambda v, k, b: _layer(v, k, b)[np.newaxis]
        ),
    },
)
