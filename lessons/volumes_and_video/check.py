"""Checks of the lesson Volumes and video."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from lessons.volumes_and_video import networks
from utils.checks import Exercise, NotYet, about, call, numbers, require
from utils.checks.networks import built_as, compiled_with, fitted, is_network
from utils.quiet import keras

# ---- 3-D out of 2-D ------------------------------------------------------------------------------


def _correlated(volume: NDArray, kernel: NDArray) -> NDArray:
    return signal.correlate(volume, kernel, "valid", "direct")


def _block(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    sides = rng.integers(1, 7, 3)
    kernel = [int(rng.integers(1, side + 1)) for side in np.minimum(sides, 4)]
    return rng.integers(-9, 10, sides), rng.integers(-5, 6, kernel)


_SMALL = np.arange(12).reshape(3, 2, 2) % 5
_PAIR = np.array([[[1, 0], [0, 2]], [[0, -1], [3, 0]]])

by_slices = Exercise(
    title="3-D out of 2-D",
    outcome="compute",
    praise="A 3-D kernel is a pile of 2-D kernels whose maps are added up.",
    nudge="Output 0 of the figure: slice 0 of the kernel met slice 0 of the volume, slice 1 met "
    "slice 1. What was done with the two maps? And which slices meet for output 1?",
    hint="Two loops: over the depths d of the output, and over the slices k of the kernel. Add up "
    "`correlate2d(volume[d + k], kernel[k])` over k; collect the sums in a list, and make an array "
    "of it.",
    oracle=_correlated,
    cases=[
        (_SMALL, _PAIR),
        (np.arange(60).reshape(5, 3, 4) ** 2 % 11, _PAIR),
        (np.arange(48).reshape(4, 3, 4) % 7, np.arange(12).reshape(3, 2, 2) - 4),
        (np.array([[[5]]]), np.array([[[-2]]])),
        (np.arange(24).reshape(2, 3, 4) / 4, np.arange(1, 5).reshape(1, 2, 2) / 2),
    ],
    legal=_block,
    misconceptions={
        "All maps are added into one: that is a convolution over channels. Here the kernel steps "
        "on in depth, and each step has its own sum.": (
            lambda volume, kernel: _correlated(volume, kernel).sum(axis=0),
            lambda volume, kernel: _correlated(volume, kernel)[0],
        ),
        "Each slice of the kernel has its own slice of the volume: slice k meets volume[d + k].": (
            lambda volume, kernel: _correlated(
                volume[: len(volume) - len(kernel) + 1], kernel.sum(axis=0, keepdims=True)
            )
        ),
        "Only one slice of the kernel is at work: add up the maps of all of them.": (
            lambda volume, kernel: _correlated(volume, kernel[:1]),
            lambda volume, kernel: _correlated(volume[: len(volume) - len(kernel) + 1], kernel[:1]),
            lambda volume, kernel: _correlated(volume, kernel[[0] * len(kernel)]),
        ),
        "The slices of the kernel meet those of the volume in the same order, front to front.": (
            lambda volume, kernel: _correlated(volume, kernel[::-1])
        ),
        "A kernel that is kd deep has D - kd + 1 places in depth: one is missing at the end.": (
            lambda volume, kernel: _correlated(volume, kernel)[:-1]
        ),
        "The maps are added up, not averaged.": (
            lambda volume, kernel: _correlated(volume, kernel) / len(kernel)
        ),
        "You turned the kernel around: in a cross-correlation it is laid on as it is.": (
            lambda volume, kernel: _correlated(volume, np.flip(kernel))
        ),
    },
)  # fmt: skip

# ---- A depth map ---------------------------------------------------------------------------------


def _depths(solid: NDArray, axis: int) -> NDArray:
    """How many cells of each line come before its first filled one."""
    return (~np.logical_or.accumulate(solid, axis)).sum(axis)


def _empty_gives(value: Callable[[NDArray, int], float]) -> Callable[..., NDArray]:
    return lambda solid, axis: np.where(solid.any(axis), solid.argmax(axis), value(solid, axis))


def _solid(rng: np.random.Generator) -> tuple[NDArray, int]:
    return rng.random(rng.integers(1, 6, 3)) < rng.choice([0, 0.1, 0.3, 0.6, 1]), int(rng.choice(3))


LINES = np.array([[0, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 0, 0, 0, 1], [0, 1, 0, 1, 1]], bool)
LONG = np.arange(900).reshape(3, 300, 1) >= 270

depth_map = Exercise(
    title="A depth map",
    outcome="compute",
    praise="Add a lamp, and you have what a depth camera delivers.",
    nudge="`argmax` along an axis gives the place of the first True. What does it say for a line "
    "without any?",
    hint="`solid.any(axis)` tells which lines meet the solid. Let `np.where` take `argmax` for "
    "those, and `solid.shape[axis]` for the others.",
    oracle=_depths,
    cases=[
        (LINES.reshape(2, 2, 5), 2),
        (np.zeros((2, 3, 4), bool), 0),
        (LINES.reshape(2, 2, 5).transpose(2, 0, 1), 0),
        (LINES.reshape(2, 2, 5).swapaxes(1, 2), 1),
        (LONG, 1),
        (np.ones((1, 1, 1), bool), 2),
    ],
    legal=_solid,
    draws=24,
    misconceptions={
        "A line with no filled cell should give its whole length; `argmax` says 0 there.": (
            lambda solid, axis: solid.argmax(axis)
        ),
        "An empty line should give the length of the line along `axis`, that is "
        "`solid.shape[axis]`.": (
            _empty_gives(lambda solid, axis: -1),
            _empty_gives(lambda solid, axis: solid.shape[axis] - 1),
            _empty_gives(lambda solid, axis: solid.shape[0]),
            _empty_gives(lambda solid, axis: solid.shape[-1]),
            _empty_gives(lambda solid, axis: np.inf),
            _empty_gives(lambda solid, axis: np.nan),
        ),
        "You look from the far end: find the first filled cell, from index 0 on.": (
            lambda solid, axis: _depths(np.flip(solid, axis), axis),
            lambda solid, axis: np.where(
                solid.any(axis), solid.shape[axis] - 1 - np.flip(solid, axis).argmax(axis),
                solid.shape[axis],
            ),
        ),
        "You count in the whole line; stop at the first filled cell.": (
            lambda solid, axis: (~solid).sum(axis),
            lambda solid, axis: solid.sum(axis),
        ),
        "That is the silhouette: it says whether a line meets the solid, not how far away.": (
            lambda solid, axis: solid.any(axis).astype(int),
            lambda solid, axis: solid.any(axis),
        ),
        "You count one too many: a solid that begins at index 0 is 0 cells away.": (
            lambda solid, axis: _depths(solid, axis) + 1,
            lambda solid, axis: np.minimum(_depths(solid, axis) + 1, solid.shape[axis]),
        ),
        "You always look along one axis: use `axis`.": tuple(
            lambda solid, axis, fixed=fixed: _depths(solid, fixed) for fixed in range(3)
        ),
        "`axis` is gone from the result; the two others keep their order.": (
            lambda solid, axis: _depths(solid, axis).T
        ),
    },
)  # fmt: skip

# ---- A Conv3D layer on paper ---------------------------------------------------------------------


@cache
def _by_keras(shape, kernel, maps, padding, stride) -> tuple[tuple[int, ...], int]:
    """Shape of the output without the batch, and parameters."""
    padded = keras.layers.ZeroPadding3D(padding)(keras.KerasTensor((None, *shape)))
    layer = keras.layers.Conv3D(maps, kernel, strides=stride)
    return tuple(layer(padded).shape[1:]), layer.count_params()


def _layer(rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...], int, int, int]:
    """Sides from 1 on, kernels that fit into the padded volume, strides up to beyond them."""
    padding = int(rng.integers(0, 4))
    kernel = rng.integers(1, 6, 3)
    sides = np.maximum(kernel - 2 * padding, 1) + rng.integers(0, 9, 3)
    channels, maps, stride = map(int, rng.integers(1, (6, 9, 5)))
    return (*map(int, sides), channels), tuple(map(int, kernel)), maps, padding, stride


def _but(side=None, ends=None, count=None) -> Callable[..., Any]:
    """The right answer but for a side, the order of the shape, or the number of parameters."""

    def function(shape, kernel, maps, padding, stride):
        (*sides, _), parameters = _by_keras(shape, kernel, maps, padding, stride)
        if side:
            sides = [side(n, k, padding, stride) for n, k in zip(shape, kernel, strict=False)]
        if count:
            parameters = count(np.array(kernel), shape[3], maps)
        return ends(sides, maps, shape[3]) if ends else (*sides, maps), parameters

    return function


conv3d_layer = Exercise(
    title="A Conv3D layer on paper",
    outcome="predict",
    praise="One formula an axis, one product for the parameters.",
    nudge="The three axes do not know of each other. Which formula of a side do you know, and "
    "which number of the result does not come from it?",
    hint="Each side is (n + 2p - k) // s + 1, with its own n and its own k. A kernel has "
    "kd · kh · kw · C weights and one bias, and there are as many kernels as maps.",
    oracle=_by_keras,
    cases=[
        ((6, 8, 10, 2), (3, 3, 3), 4, 0, 1),
        ((9, 7, 11, 4), (2, 3, 4), 5, 1, 2),
        ((16, 12, 10, 3), (4, 3, 2), 2, 1, 3),
        ((24, 24, 24, 1), (3, 3, 3), 8, 0, 1),
        ((1, 1, 1, 1), (1, 1, 1), 1, 0, 1),
        ((16, 112, 112, 64), (1, 3, 3), 300, 2, 2),
    ],
    legal=_layer,
    misconceptions={
        "The padding stands on both sides of each axis: n + 2p.": (
            _but(lambda n, k, p, s: (n + p - k) // s + 1),
            _but(lambda n, k, p, s: (n - k) // s + 1),
        ),
        "The stride acts along all three axes.": (
            _but(lambda n, k, p, s: n + 2 * p - k + 1),
            lambda *layer: (
                (_by_keras(*layer[:4], 1)[0][0], *_by_keras(*layer)[0][1:]), _by_keras(*layer)[1]
            ),
        ),
        "An axis has (n + 2p - k) // s + 1 windows: the first one counts, and one that hangs over "
        "the edge does not.": (
            _but(lambda n, k, p, s: (n + 2 * p - k) // s),
            _but(lambda n, k, p, s: -(-(n + 2 * p - k) // s) + 1),
            _but(lambda n, k, p, s: (n + 2 * p - k + 1) // s),
        ),
        "Each axis has its own side of the kernel.": (
            lambda shape, kernel, *others: (
                _by_keras(shape, kernel[:1] * 3, *others)[0], _by_keras(shape, kernel, *others)[1]
            ),
            _but(count=lambda kernel, channels, maps: (kernel[0] ** 3 * channels + 1) * maps),
        ),
        "The shape ends with the number of maps, where the input has its channels.": (
            _but(ends=lambda sides, maps, channels: (*sides, channels)),
            _but(ends=lambda sides, maps, channels: (maps, *sides)),
            _but(ends=lambda sides, maps, channels: tuple(sides)),
        ),
        "Return the shape first, then the parameters.": lambda *layer: _by_keras(*layer)[::-1],
        "A kernel has kd · kh · kw weights for every channel of its input, however many places it "
        "stands at.": (
            _but(count=lambda kernel, channels, maps: (kernel.prod() + 1) * maps),
            _but(count=lambda kernel, channels, maps: (kernel[1:].prod() * channels + 1) * maps),
            _but(count=lambda kernel, channels, maps: (kernel.sum() * channels + 1) * maps),
            lambda *layer: (
                _by_keras(*layer)[0], np.prod([_by_keras(*layer)[1], *_by_keras(*layer)[0][:3]])
            ),
        ),
        "Each map has one bias.": (
            _but(count=lambda kernel, channels, maps: kernel.prod() * channels * maps),
            _but(count=lambda kernel, channels, maps: kernel.prod() * channels * maps + 1),
            _but(count=lambda kernel, channels, maps: (kernel.prod() + 1) * channels * maps),
        ),
    },
    whole=True,
)  # fmt: skip

# ---- A network on solids -------------------------------------------------------------------------

CHANCE = float(np.log(8))


def _slabs(rng: np.random.Generator, count: int, shape: tuple[int, ...]) -> tuple[NDArray, NDArray]:
    """Solids that a network learns at once: a slab across one of two axes, at four places."""
    labels = np.arange(count) % 8
    solids = (rng.random((count, *shape)) < 0.05).astype(np.float32)
    for solid, label in zip(solids, labels, strict=True):
        across = np.moveaxis(solid, label // 4, 0)
        width = len(across) // 4
        across[label % 4 * width : (label % 4 + 1) * width] = 1
    return solids, labels


def _trains(answer: Any, rng: np.random.Generator) -> None:
    for count, shape, epochs in ((34, (16, 16, 16, 1), 6), (24, (18, 16, 20, 2), 5)):
        solids, labels = _slabs(rng, count, shape)  # 34: to hold some of them back costs a batch
        with about(solids=solids.shape, epochs=epochs):
            model = call(answer, solids, labels, epochs)
            is_network(model, shape, "The network takes one solid as it is: `solids.shape[1:]`.")
            compiled_with(model, networks.RATE)
            fitted(model, epochs, count, networks.BATCH)
            loss = model.evaluate(solids, labels, verbose=0, return_dict=True)["loss"]
            built_as(model, networks.deep(shape))
            words = "It has learned nothing about these solids and labels."
            require(loss <= CHANCE, words, loss_after_training=loss, of_guessing=CHANCE)


trained = Exercise(
    title="A network on solids",
    outcome="train",
    praise="The plan is that for pictures; Conv3D and pooling have one axis more.",
    nudge="Write the network for pictures first. Which of its layers have a 3-D sister?",
    hint="`keras.Sequential([keras.Input(solids.shape[1:]), layers.AveragePooling3D(2), ...])`; "
    "then `model.compile(keras.optimizers.Adam(0.01), ...)`, `model.fit(solids, labels, ...)` "
    "with `batch_size`, `epochs` and `verbose=0`, and `return model`.",
    test=_trains,
)

# ---- Kernels that see motion ---------------------------------------------------------------------


def _kernel(answer: Any) -> NDArray[np.float64]:
    kernel = numbers(answer, "Your kernel").astype(float)
    require(np.isfinite(kernel).all(), "Your kernel holds NaN or infinity.")
    return kernel


def _on_clips(answer: Any) -> Callable[[NDArray], NDArray]:
    """What a kernel makes of a clip, if it has a shape such as differences have."""
    kernel = _kernel(answer)
    shape = f"Your kernel has shape {kernel.shape}"
    axes = f"{shape}; a kernel for a clip has three axes (time, row, column)."
    require(kernel.ndim == 3, axes)
    fits = kernel.shape in [(2, 1, 1), (1, 2, 1), (1, 1, 2), (3, 1, 1)]
    require(fits, f"{shape}. How many frames, rows and columns does one difference need?")
    return lambda clip: _correlated(clip.astype(float), kernel)


difference_kernel = Exercise(
    title="A kernel for change",
    outcome="design",
    praise="What stands still gives 0: you have built a motion detector.",
    nudge="How many numbers of the clip does one number of the answer need, and along which axis "
    "do they follow each other?",
    hint="The kernel has two frames of one pixel each. Its first weight meets this frame, its "
    "second the next: which of the two comes with a minus?",
    use=_on_clips,
    oracle=lambda clip: np.diff(clip.astype(float), axis=0),
    cases=[(np.arange(12).reshape(3, 2, 2) ** 2,)],
    legal=lambda rng: (rng.integers(0, 10, rng.integers(3, 6, 3)),),
    draws=4,
    misconceptions={
        "That gives this frame minus the next. In a cross-correlation the kernel is laid on as it "
        "is: its first weight meets frame t, its second frame t + 1.": _on_clips([[[1]], [[-1]]]),
        "Your kernel takes a difference along the rows (axis 1), not along time (axis 0).": (
            _on_clips([[[-1], [1]]]), _on_clips([[[1], [-1]]]),
        ),
        "Your kernel takes a difference along the columns (axis 2), not along time (axis 0).": (
            _on_clips([[[-1, 1]]]), _on_clips([[[1, -1]]]),
        ),
        "Your kernel compares frame t with frame t + 2: take two frames that follow each other.": (
            _on_clips([[[-1]], [[0]], [[1]]]), _on_clips([[[1]], [[0]], [[-1]]]),
        ),
        "That is the next frame, or this one, but not what changes between them.": (
            _on_clips([[[0]], [[1]]]), _on_clips([[[1]], [[0]]]),
        ),
        "That is the mean of the two frames: one of them needs a minus, and neither a half.": (
            _on_clips([[[0.5]], [[0.5]]])
        ),
    },
)  # fmt: skip


def _is_blind(answer: Any, rng: np.random.Generator) -> None:
    """Zero on whatever moves left by a pixel a frame; a kernel that is not all 0 sees the rest."""
    kernel = _kernel(answer)
    fits = kernel.shape == (2, 1, 2)
    require(fits, f"Your kernel has shape {kernel.shape}; it should be (2, 1, 2).")
    require(kernel.any(), "A kernel of zeros is blind to everything.")
    kernel = kernel / np.abs(kernel).max()
    texture = rng.integers(0, 9, (4, 12))
    left = np.stack([texture[:, t : t + 8] for t in range(5)])
    clips = {"left": left, "right": left[::-1], "standing still": left[[0] * 5]}
    seen = {name: np.abs(_correlated(clip, kernel)).mean() for name, clip in clips.items()}
    if seen["left"] < 1e-9:
        return
    hint = None
    if seen["right"] < 1e-9:
        hint = "It is blind to motion to the right, like the one in the text: mirror it."
    elif seen["standing still"] < 1e-9:
        hint = "It is blind to what stands still."
    elif not kernel[0, 0, 0] and not kernel[1, 0, 1]:
        hint = "The right two cells, but they do not cancel: give them opposite weights."
    facts = [(f"mean size of the response, {name}", f"{value:.4g}") for name, value in seen.items()]
    raise NotYet("Your kernel answers to a pattern that moves left.", facts, hint)


blind_to_left = Exercise(
    title="Blind to one direction",
    outcome="design",
    praise="Its mirror image is the kernel of the text.",
    nudge="A spot stands at column 1 of this frame. Where is it one frame later, if it moves left "
    "by one pixel? Which two cells of the kernel does it meet?",
    hint="It meets the right cell of the first frame, then the left cell of the second. Give these "
    "two weights that cancel, and the others 0.",
    test=_is_blind,
)
