"""Checks of the lesson Convolution."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from utils.checks import Exercise, Result, call, draw, numbers, require
from utils.data import WORKED_IMAGE, WORKED_KERNEL
from utils.quiet import keras, tf

FLIPPED = (
    "You turned the kernel by 180°: that is a convolution. Lay it on as it is (cross-correlation)."
)

# ---- All windows ---------------------------------------------------------------------------------


def _correlated(image: NDArray, kernel: NDArray) -> NDArray:
    return signal.correlate2d(image.astype(float), kernel.astype(float), "valid")


NO_FRACTIONS = {
    "Your result cannot hold fractions: make it with `np.zeros(shape)`, not in the type of "
    "the picture.": (
        lambda image, kernel: _correlated(image, kernel).astype(int),
        lambda image, kernel: _correlated(image, kernel).astype(int).astype(image.dtype),
    )
}


def _pair(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """An image and a kernel that fits on it, square or not."""
    height, width = rng.integers(1, 6, 2)
    size = height, [height, width][rng.integers(2)]
    image = draw(rng, np.add(size, rng.integers(0, 5, 2)))
    return image, draw(rng, size, "whole", "normal", "float32", "equal")


correlate = Exercise(
    title="The whole output",
    outcome="compute",
    praise="This is what `signal.correlate2d(image, kernel, 'valid')` does.",
    nudge="You know the sum of one window. Which rows and columns can a window start at?",
    hint="Make `result = np.zeros((n - k + 1, m - l + 1))`, then fill it in two loops over its "
    "rows and columns, with the sum of the window that starts there.",
    oracle=_correlated,
    cases=[
        (WORKED_IMAGE[:4, :4], WORKED_KERNEL),
        (np.array([[1, 2], [0, 3]]), np.array([[0.5, -1]])),
        (WORKED_IMAGE, WORKED_KERNEL),
        (np.array([[4, 0, 1, -3]]), np.array([[2]])),
    ],
    legal=_pair,
    atol=1e-4,
    misconceptions={
        FLIPPED: lambda i, k: _correlated(i, k[::-1, ::-1]),
        "You swapped rows and columns of the kernel.": lambda i, k: _correlated(i, k.T),
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
        "You assumed a kernel of 3 x 3; take its size from `kernel.shape`.": (
            lambda i, k: _correlated(i, k[:3, :3]),
            lambda i, k: _correlated(i, k[:3, :3])[
                : i.shape[0] - k.shape[0] + 1, : i.shape[1] - k.shape[1] + 1
            ],
        ),
        **NO_FRACTIONS,
    },
)

# ---- A kernel that moves the picture -------------------------------------------------------------


def _filter_with(answer: Any) -> Callable[[NDArray], NDArray]:
    """What a kernel of 3 x 3 does to pictures; `NotYet` where it cannot do that."""
    kernel = numbers(answer, "Your kernel").astype(float)
    require(np.isfinite(kernel).all(), "Your kernel holds NaN or infinity.")
    shape = f"Your kernel has shape {kernel.shape}; it should be (3, 3)."
    require(kernel.shape == (3, 3), shape)
    brighter = f"The weights add up to {kernel.sum():g}, so the picture changes its brightness."
    require(np.isclose(kernel.sum(), 1), brighter)
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


def _layer(volume: NDArray, kernels: NDArray, bias: NDArray, least: float = 0) -> NDArray:
    """The response to every kernel, with its bias, and never less than `least`."""
    volume = volume.astype(float)
    maps = [signal.correlate(volume, kernel, "valid") for kernel in np.moveaxis(kernels, 3, 0)]
    return np.maximum(np.concatenate(maps, axis=2) + bias, least)


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
    nudge="Begin with one kernel. It gives one map: which arrays are added up for it?",
    hint="`kernels[:, :, c, n]` is the table of kernel n for channel c. Start with `bias[n]`, "
    "add `correlate2d(volume[:, :, c], kernels[:, :, c, n])` for every channel, take "
    "`np.maximum(..., 0)`; at the end `np.stack(maps, axis=-1)`.",
    oracle=_layer,
    cases=[
        tuple(map(np.array, case))
        for case in (
            ([[[1.0], [2]], [[3], [4]]], [[[[1.0, -1]]]], [-2.0, 3]),
            ([[[1.0], [2]], [[3], [4]]], [[[[1.0]], [[0]]], [[[-1]], [[2]]]], [-1.0]),
            ([[[1.0, 2]], [[3, 4]]], [[[[1.0, 0, 2], [-1, 1, 1]]]], [0.0, 1, -9]),
        )
    ],
    legal=_volume,
    atol=1e-3,
    misconceptions={
        "The ReLU is missing.": lambda v, k, b: _layer(v, k, b, -np.inf),
        "The bias is missing.": lambda v, k, b: _layer(v, k, 0),
        "The bias comes before the ReLU, not after it.": lambda v, k, b: _layer(v, k, 0) + b,
        "Only one channel is in your sum: add up over all channels.": (
            lambda v, k, b: _layer(v[:, :, :1], k[:, :, :1], b),
            lambda v, k, b: _layer(v[:, :, -1:], k[:, :, -1:], b),
        ),
        FLIPPED: (
            lambda v, k, b: _layer(v, k[::-1, ::-1], b),
            lambda v, k, b: _layer(v, k[::-1, ::-1, ::-1], b),
        ),
        "You added up all maps; keep one for each kernel.": (
            lambda v, k, b: _layer(v, k, b).sum(axis=-1)
        ),
        "The bias is added once for each kernel, not once for each channel.": (
            lambda v, k, b: _layer(v, k, b * v.shape[2])
        ),
        "The maps should be the last axis: stack them with `axis=-1`.": (
            lambda v, k, b: np.moveaxis(_layer(v, k, b), 2, 0)
        ),
    },
)

# ---- Find a color --------------------------------------------------------------------------------

PIXELS = np.array([[0.5, 0.5, 0.5], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0.5, 0.2]])
"""What a layer is tried on: gray, red, green, blue, a dark sand."""


def _finds(
    weights: Callable[[NDArray], NDArray] = lambda color: color - color.mean(),
    bias: Callable[[NDArray], float] = lambda color: 0,
    least: float = 0,
) -> Callable[[NDArray], NDArray]:
    """The answers to all pixels, with a part of the layer replaced."""
    return lambda color: np.maximum(PIXELS @ weights(color) + bias(color), least)


def _answers(layer: Any, color: NDArray) -> NDArray:
    """What a layer of Keras answers to the pixels; `NotYet` where it is another layer."""
    is_layer = isinstance(layer, keras.layers.Conv2D)
    require(is_layer, "Return the layer that you made, a `keras.layers.Conv2D`.")
    found = "{} of {} x {}".format(layer.filters, *layer.kernel_size)
    wanted = f"The layer should have one kernel of 1 x 1; yours has {found}."
    require((layer.filters, *layer.kernel_size) == (1, 1, 1), wanted)
    no_weights = "The layer has no weights yet: build it for three channels, then set them."
    require(layer.built, no_weights)
    depth = layer.kernel.shape[2]
    require(depth == 3, f"The layer is built for {depth} channels, not for 3.")
    return np.asarray(layer(PIXELS[np.newaxis, np.newaxis]))[0, 0, :, 0]


color_finder = Exercise(
    title="Find a color",
    outcome="choose",
    praise="Three weights that add up to 0: blind to every gray, awake for one color.",
    nudge="Make the layer, build it, then set its weights. Which shape has a color, and which one "
    "does Keras want?",
    hint="`color - np.mean(color)` has shape (3,); `.reshape(1, 1, 3, 1)` gives it the layout "
    "(height, width, depth, N). `layer.set_weights` takes a list: the kernels, then the bias.",
    oracle=lambda color: np.maximum(PIXELS @ (np.eye(3) - 1 / 3) @ color, 0),
    cases=[
        (np.array([1.0, 0, 0]),),
        (np.array([0.2, 0.3, 0.9]),),
        (np.array([0.9, 0.6, 0.1]),),
        (np.array([250, 120, 40], np.uint8),),
        (np.array([90, 200, 180], np.uint8),),
        (np.array([0.4, 0.5, 0.45]),),
    ],
    legal=lambda rng: (draw(rng, 3, "normal", "float32", "whole", "uint8"),),
    draws=8,
    read=_answers,
    atol=1e-4,
    misconceptions={
        "The weights are the color itself, so the layer answers to gray as well: take off the "
        "mean.": _finds(lambda color: color),
        'The ReLU is missing: `activation="relu"`.': _finds(least=-np.inf),
        "The sign is turned: it is the color minus the mean.": (
            _finds(lambda color: color.mean() - color)
        ),
        "You divided the color by its mean; take the mean off.": (
            _finds(lambda color: color / color.mean())
        ),
        "You took off the sum of the color, not its mean.": (
            _finds(lambda color: color - color.sum(dtype=float))
        ),
        "The numbers of a pixel are 8-bit, and so is their sum in Python, which begins again at 0 "
        "after 255: `np.mean` takes their mean.": (
            _finds(lambda color: color - color.sum(dtype=color.dtype) / 3)
        ),
        "The bias should be 0.": (
            _finds(bias=lambda color: 1),
            _finds(bias=lambda color: -color.mean()),
            _finds(lambda color: color, lambda color: -color.mean()),
        ),
    },
)

# ---- The gradient of a kernel --------------------------------------------------------------------


class WithReport(Exercise):
    """An exercise whose right answer is held against two other ways to the same numbers."""

    def _result(self, answer: Any) -> Result:
        result = super()._result(answer)
        if result.state != "right":
            return result
        image, error = WORKED_IMAGE, np.arange(-7, 9).reshape(4, 4)
        gradient = np.asarray(call(answer, image, error), float)
        moved, by_keras = _by_moving(image, error, 1e-3), _by_keras(image, error)
        facts = []
        for way, other in ("a small move of each weight", moved), ("Keras", by_keras):
            difference = np.abs(gradient - other).max()
            word = "exact" if difference <= 1e-12 else "close"
            facts.append((f"against {way}", f"{word}, largest difference {difference:.1g}"))
        return replace(result, facts=tuple(facts))


def _by_moving(image: NDArray, error: NDArray, step: float = 1) -> NDArray:
    """How much the sum of error x map grows per step of each weight."""
    shape = np.subtract(image.shape, error.shape) + 1
    gradient = np.zeros(shape)
    for place in np.ndindex(*shape):
        kernel = np.zeros(shape)
        kernel[place] = step
        gradient[place] = (_correlated(image, kernel) * error).sum() / step
    return gradient


def _by_keras(image: NDArray, error: NDArray) -> NDArray:
    """What Keras' own pass backward gives, in its 32-bit numbers."""
    picture, slopes = (
        tf.constant(it[np.newaxis, ..., np.newaxis], "float32") for it in (image, error)
    )
    kernel = tf.Variable(tf.zeros((*np.subtract(image.shape, error.shape) + 1, 1, 1)))
    with tf.GradientTape() as tape:
        maps = keras.ops.conv(picture, kernel)
    return tape.gradient(maps, kernel, slopes).numpy()[:, :, 0, 0]


def _blamed(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """An image and the error of its map, which is the smaller one or as large."""
    image, _ = _pair(rng)
    rows, columns = (int(rng.integers(1, side + 1)) for side in image.shape)
    return image, draw(rng, (rows, columns), "whole", "normal", "float32", "equal")


kernel_gradient = WithReport(
    title="The gradient of a kernel",
    outcome="derive",
    praise="This is how every kernel of every network learns.",
    nudge="Take one weight. Which pixels does it meet, while the window goes from place to place?",
    hint="The weight in row i, column j meets `image[i : i + r, j : j + s]`, a pixel for each "
    "number of the error. Multiply entry by entry, add up, and put the sum into row i, column j.",
    oracle=_by_moving,
    cases=[
        (np.array([[1, 4, 12], [9, 15, 3], [1, 4, 8]]), np.array([[1, -2], [0, 3]])),
        (np.array([[1, 2], [0, 3]]), np.array([[0.5, -1]])),
        (np.array([[2.0, -1, 5]]), np.array([[3]])),
    ],
    legal=_blamed,
    atol=1e-4,
    misconceptions={
        "The error lies on the picture as it is; a half turn belongs to the gradient of the "
        "pixels.": lambda i, e: _correlated(i, e[::-1, ::-1]),
        "That is the mean over the windows; the gradient is their sum.": (
            lambda i, e: _correlated(i, e) / e.size
        ),
        "Rows and columns of the gradient are swapped.": lambda i, e: _correlated(i, e).T,
        "The sign is turned. The gradient points uphill; the step downhill takes it off later.": (
            lambda i, e: -_correlated(i, e)
        ),
        "The last row and column are missing: the gradient has the shape of the kernel.": (
            lambda i, e: _correlated(i, e)[:-1, :-1]
        ),
        "That is the full output, with zeros around; no weight meets what is not in the picture.": (
            lambda i, e: signal.correlate2d(i, e, "full")
        ),
        "You kept the size of the picture; the gradient has the shape of the kernel.": (
            lambda i, e: signal.correlate2d(i, e, "same")
        ),
        **NO_FRACTIONS,
    },
)
