"""Checks of the lesson Volumes and video."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from utils.checks import Exercise, NotYet, numbers
from utils.quiet import keras

# ---- A depth map ---------------------------------------------------------------------------------


def _walk(line: NDArray) -> int:
    """Steps from index 0 to the first filled cell; all of them where there is none."""
    for steps, filled in enumerate(line):
        if filled:
            return steps
    return len(line)


def _depths(solid: NDArray, axis: int) -> NDArray:
    return np.apply_along_axis(_walk, axis, solid)


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
    oracle=lambda solid, axis: _depths(solid, axis),
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
            lambda solid, axis: np.where(
                solid.any(axis), solid.argmax(axis) + 1, solid.shape[axis]
            ),
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


def _sides(size: Callable[[int, int, int, int], float]) -> Callable[..., Any]:
    """Other sides, from n, k, p and s; the parameters are right."""

    def function(shape, kernel, maps, padding, stride):
        sides = [size(n, k, padding, stride) for n, k in zip(shape, kernel, strict=False)]
        return (*sides, maps), _by_keras(shape, kernel, maps, padding, stride)[1]

    return function


def _count(count: Callable[[NDArray, int, int], int]) -> Callable[..., Any]:
    """Another number of parameters, from kernel, channels and maps; the shape is right."""
    return lambda *layer: (_by_keras(*layer)[0], count(np.array(layer[1]), layer[0][3], layer[2]))


def _ends(end: Callable[..., tuple]) -> Callable[..., Any]:
    """Another output shape, made of the right sides, the maps and the channels."""

    def function(*layer):
        (*sides, maps), count = _by_keras(*layer)
        return end(sides, maps, layer[0][3]), count

    return function


def _one_stride(shape, kernel, maps, padding, stride):
    return (
        (shape[0] + 2 * padding - kernel[0] + 1,
         *_by_keras(shape, kernel, maps, padding, stride)[0][1:]),
        _by_keras(shape, kernel, maps, padding, stride)[1],
    )  # fmt: skip


conv3d_layer = Exercise(
    title="A Conv3D layer on paper",
    outcome="predict",
    praise="One formula an axis, one product for the parameters.",
    nudge="The three axes do not know of each other. Which formula of a side do you know, and "
    "which number of the result does not come from it?",
    hint="Each side is (n + 2p - k) // s + 1, with its own n and its own k. A kernel has "
    "kd · kh · kw · C weights and one bias, and there are as many kernels as maps.",
    oracle=lambda shape, kernel, maps, padding, stride: _by_keras(
        shape, kernel, maps, padding, stride
    ),
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
            _sides(lambda n, k, p, s: (n + p - k) // s + 1),
            _sides(lambda n, k, p, s: (n - k) // s + 1),
        ),
        "The stride acts along all three axes.": (
            _sides(lambda n, k, p, s: n + 2 * p - k + 1),
            _one_stride,
        ),
        "An axis has (n + 2p - k) // s + 1 windows: the first one counts, and one that hangs over "
        "the edge does not.": (
            _sides(lambda n, k, p, s: (n + 2 * p - k) // s),
            _sides(lambda n, k, p, s: -(-(n + 2 * p - k) // s) + 1),
            _sides(lambda n, k, p, s: (n + 2 * p - k + 1) // s),
        ),
        "Each axis has its own side of the kernel.": (
            lambda shape, kernel, *others: (
                _by_keras(shape, kernel[:1] * 3, *others)[0], _by_keras(shape, kernel, *others)[1]
            ),
            _count(lambda kernel, channels, maps: (kernel[0] ** 3 * channels + 1) * maps),
        ),
        "The shape ends with the number of maps, where the input has its channels.": (
            _ends(lambda sides, maps, channels: (*sides, channels)),
            _ends(lambda sides, maps, channels: (maps, *sides)),
            _ends(lambda sides, maps, channels: tuple(sides)),
        ),
        "Return the shape first, then the parameters.": lambda *layer: _by_keras(*layer)[::-1],
        "A kernel has kd · kh · kw weights for every channel of its input, however many places it "
        "stands at.": (
            _count(lambda kernel, channels, maps: (kernel.prod() + 1) * maps),
            _count(lambda kernel, channels, maps: (kernel[1:].prod() * channels + 1) * maps),
            _count(lambda kernel, channels, maps: (kernel.sum() * channels + 1) * maps),
            lambda *layer: (
                _by_keras(*layer)[0], np.prod([_by_keras(*layer)[1], *_by_keras(*layer)[0][:3]])
            ),
        ),
        "Each map has one bias.": (
            _count(lambda kernel, channels, maps: kernel.prod() * channels * maps),
            _count(lambda kernel, channels, maps: kernel.prod() * channels * maps + 1),
            _count(lambda kernel, channels, maps: (kernel.prod() + 1) * channels * maps),
        ),
    },
    whole=True,
)  # fmt: skip

# ---- Kernels that see motion ---------------------------------------------------------------------


def _kernel(answer: Any) -> NDArray[np.float64]:
    kernel = numbers(answer, "Your kernel").astype(float)
    if not np.isfinite(kernel).all():
        raise NotYet("Your kernel holds NaN or infinity.")
    return kernel


def _on_clips(answer: Any) -> Callable[[NDArray], NDArray]:
    """What a kernel makes of a clip, if it has a shape such as differences have."""
    kernel = _kernel(answer)
    if kernel.ndim != 3:
        raise NotYet(
            f"Your kernel has shape {kernel.shape}; a kernel for a clip has three axes (time, row, "
            "column)."
        )
    if kernel.shape not in [(2, 1, 1), (1, 2, 1), (1, 1, 2), (3, 1, 1)]:
        raise NotYet(
            f"Your kernel has shape {kernel.shape}. How many frames, rows and columns does one "
            "difference need?"
        )
    return lambda clip: signal.correlate(clip.astype(float), kernel, "valid")


difference_kernel = Exercise(
    title="A kernel for change",
    outcome="build",
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
        "is: its first weight meets frame t, its second frame t + 1.": lambda clip: (
            -np.diff(clip, axis=0)
        ),
        "Your kernel takes a difference along the rows (axis 1), not along time (axis 0).": (
            lambda clip: np.diff(clip, axis=1),
            lambda clip: -np.diff(clip, axis=1),
        ),
        "Your kernel takes a difference along the columns (axis 2), not along time (axis 0).": (
            lambda clip: np.diff(clip, axis=2),
            lambda clip: -np.diff(clip, axis=2),
        ),
        "Your kernel compares frame t with frame t + 2: take two frames that follow each other.": (
            lambda clip: clip[2:] - clip[:-2],
            lambda clip: clip[:-2] - clip[2:],
        ),
        "That is the next frame, or this one, but not what changes between them.": (
            lambda clip: clip[1:],
            lambda clip: clip[:-1],
        ),
        "That is the mean of the two frames: one of them needs a minus, and neither a half.": (
            lambda clip: (clip[1:] + clip[:-1]) / 2
        ),
    },
)


def _is_blind(answer: Any, rng: np.random.Generator) -> None:
    """Zero on whatever moves left by a pixel a frame; a kernel that is not all 0 sees the rest."""
    kernel = _kernel(answer)
    if kernel.shape != (2, 1, 2):
        raise NotYet(f"Your kernel has shape {kernel.shape}; it should be (2, 1, 2).")
    if not kernel.any():
        raise NotYet("A kernel of zeros is blind to everything.")
    kernel = kernel / np.abs(kernel).max()
    texture = rng.integers(0, 9, (4, 12))
    left = np.stack([texture[:, t : t + 8] for t in range(5)])
    clips = {"left": left, "right": left[::-1], "standing still": left[[0] * 5]}
    seen = {
        name: float(np.abs(signal.correlate(clip, kernel, "valid")).mean())
        for name, clip in clips.items()
    }
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
    outcome="build",
    praise="Its mirror image is the kernel of the text.",
    nudge="A spot stands at column 1 of this frame. Where is it one frame later, if it moves left "
    "by one pixel? Which two cells of the kernel does it meet?",
    hint="It meets the right cell of the first frame, then the left cell of the second. Give these "
    "two weights that cancel, and the others 0.",
    test=_is_blind,
)
