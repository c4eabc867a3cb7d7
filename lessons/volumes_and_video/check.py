"""Checks of the lesson Volumes and video."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from utils.checks import Misconception, NotYet, compare, exercise, numbers
from utils.quiet import keras

Triple = tuple[int, int, int]
Layer = tuple[tuple[int, ...], Triple, int, int, int]

STEPS = {
    (0, 1): "along the rows (axis 1), not along time (axis 0)",
    (0, 2): "along the columns (axis 2), not along time (axis 0)",
}


@exercise("A depth map", "Add a lamp, and you have what a depth camera delivers.")
def depth_map(answer: Callable[..., Any]) -> None:
    """How far one sees into a solid, against walking along every line of cells."""

    def oracle(solid, axis):
        return np.apply_along_axis(_walk, axis, solid)

    def first(solid, axis):
        return solid.argmax(axis)

    def empty_lines_give(length):
        return Misconception(
            "An empty line should give the length of the line along `axis`, that is "
            "`solid.shape[axis]`.",
            lambda s, a: np.where(s.any(a), first(s, a), length(s, a)),
        )

    rng = np.random.default_rng(16)
    rows = np.array([[0, 0, 1, 1, 0], [0, 0, 0, 0, 0], [1, 0, 0, 0, 1], [0, 1, 0, 1, 1]], bool)
    cases = [(rows.reshape(2, 2, 5), 2), (np.zeros((2, 3, 2), bool), 0)]
    for axis in (0, 1, 2):
        for share in (0.15, 0.5):
            cases.append((rng.random(rng.integers(2, 6, 3)) < share, axis))
    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(
                "A line with no filled cell should give its whole length; `argmax` says 0 there.",
                first,
            ),
            empty_lines_give(lambda s, a: -1),
            empty_lines_give(lambda s, a: s.shape[a] - 1),
            empty_lines_give(lambda s, a: s.shape[0]),
            empty_lines_give(lambda s, a: s.shape[-1]),
            empty_lines_give(lambda s, a: np.inf),
            empty_lines_give(lambda s, a: np.nan),
            Misconception(
                "The lines run along `axis`; that axis is gone from the result, the two others "
                "keep their order.",
                lambda s, a: oracle(s, a).T,
            ),
            Misconception(
                "You look from the far end: count from index 0.",
                lambda s, a: oracle(np.flip(s, a), a),
            ),
            Misconception(
                "That is how many cells are empty in the whole line; stop at the first filled one.",
                lambda s, a: (~s).sum(a),
            ),
            Misconception(
                "That is how many cells are filled; count the empty ones before them.",
                lambda s, a: s.sum(a),
            ),
            Misconception(
                "That is the silhouette: it says whether a line meets the solid, not how far away.",
                lambda s, a: s.max(a).astype(int),
            ),
            Misconception(
                "You count one too many: a solid that begins at index 0 is 0 cells away.",
                lambda s, a: oracle(s, a) + 1,
            ),
            Misconception(
                "You always look along the last axis: use `axis`.", lambda s, a: oracle(s, 2)
            ),
            Misconception(
                "You always look along the first axis: use `axis`.", lambda s, a: oracle(s, 0)
            ),
        ],
    )


def _walk(line: NDArray) -> int:
    """Steps from index 0 to the first filled cell; all of them where there is none."""
    for steps, filled in enumerate(line):
        if filled:
            return steps
    return len(line)


@exercise("A Conv3D layer on paper", "One formula an axis, one product for the parameters.")
def conv3d_layer(answer: Callable[..., Any]) -> None:
    """Output shape and parameter count, against a layer that Keras builds."""

    def sizes(change):
        def wrong(shape, kernel, maps, padding, stride):
            sides = tuple(
                change(n, k, padding, stride) for n, k in zip(shape[:3], kernel, strict=True)
            )
            return (*sides, maps), count(shape, kernel, maps)

        return wrong

    def parameters(change):
        def wrong(shape, kernel, maps, padding, stride):
            return _by_keras(shape, kernel, maps, padding, stride)[0], change(shape, kernel, maps)

        return wrong

    def outputs(change):
        def wrong(shape, kernel, maps, padding, stride):
            *sides, _ = _by_keras(shape, kernel, maps, padding, stride)[0]
            return change(sides, maps, shape[3]), count(shape, kernel, maps)

        return wrong

    def count(shape, kernel, maps):
        return (np.prod(kernel) * shape[3] + 1) * maps

    compare(
        answer,
        _by_keras,
        _layers(),
        [
            Misconception(
                "The padding stands on both sides of each axis: n + 2p.",
                sizes(lambda n, k, p, s: (n + p - k) // s + 1),
            ),
            Misconception("The padding is missing.", sizes(lambda n, k, p, s: (n - k) // s + 1)),
            Misconception(
                "Windows are counted from the first: add 1 after the division.",
                sizes(lambda n, k, p, s: (n + 2 * p - k) // s),
            ),
            Misconception(
                "You rounded up; a window that does not fit is left out.",
                sizes(lambda n, k, p, s: -(-(n + 2 * p - k) // s) + 1),
            ),
            Misconception("The stride is missing.", sizes(lambda n, k, p, s: n + 2 * p - k + 1)),
            Misconception(
                "There is no half window: divide with `//`.",
                sizes(lambda n, k, p, s: (n + 2 * p - k) / s + 1),
            ),
            Misconception(
                "The stride acts along the depth as well.",
                lambda shape, kernel, maps, padding, stride: (
                    (
                        shape[0] + 2 * padding - kernel[0] + 1,
                        *_by_keras(shape, kernel, maps, padding, stride)[0][1:],
                    ),
                    count(shape, kernel, maps),
                ),
            ),
            Misconception(
                "Each axis has its own side of the kernel; you used the first for all three.",
                lambda shape, kernel, maps, padding, stride: (
                    _by_keras(shape, kernel[:1] * 3, maps, padding, stride)[0],
                    count(shape, kernel, maps),
                ),
            ),
            Misconception(
                "The last number of the shape is how many maps come out, not the channels that "
                "go in.",
                outputs(lambda sides, maps, channels: (*sides, channels)),
            ),
            Misconception(
                "The maps are the last axis of the output, as the channels are of the input.",
                outputs(lambda sides, maps, channels: (maps, *sides)),
            ),
            Misconception(
                "The shape ends with the number of maps.",
                outputs(lambda sides, maps, channels: sides),
            ),
            Misconception(
                "Return the shape first, then the parameters.",
                lambda *layer: _by_keras(*layer)[::-1],
            ),
            Misconception(
                "A kernel has weights for every channel of its input: times C.",
                parameters(lambda shape, kernel, maps: (np.prod(kernel) + 1) * maps),
            ),
            Misconception(
                "The biases are missing: one for each map.",
                parameters(lambda shape, kernel, maps: np.prod(kernel) * shape[3] * maps),
            ),
            Misconception(
                "One bias in all? Each map has its own.",
                parameters(lambda shape, kernel, maps: np.prod(kernel) * shape[3] * maps + 1),
            ),
            Misconception(
                "One bias a channel and a map? A kernel adds up over all channels first.",
                parameters(lambda shape, kernel, maps: (np.prod(kernel) + 1) * shape[3] * maps),
            ),
            Misconception(
                "You left out the depth of the kernel: kd · kh · kw weights a channel.",
                parameters(
                    lambda shape, kernel, maps: (kernel[1] * kernel[2] * shape[3] + 1) * maps
                ),
            ),
            Misconception(
                "You took the kernel for a cube: its sides may differ.",
                parameters(lambda shape, kernel, maps: (kernel[0] ** 3 * shape[3] + 1) * maps),
            ),
            Misconception(
                "A kernel holds kd · kh · kw weights a channel: multiply its sides.",
                parameters(lambda shape, kernel, maps: (sum(kernel) * shape[3] + 1) * maps),
            ),
            Misconception(
                "The parameters do not depend on how many places the kernel stands at.",
                lambda *layer: (
                    _by_keras(*layer)[0],
                    count(*layer[:3]) * np.prod(_by_keras(*layer)[0][:3]),
                ),
            ),
        ],
    )


def _layers() -> Iterator[Layer]:
    """The lesson's layer, then others with unequal sides."""
    yield (6, 8, 10, 2), (3, 3, 3), 4, 0, 1
    yield (9, 7, 11, 4), (2, 3, 4), 5, 1, 2
    yield (16, 12, 10, 3), (4, 3, 2), 2, 1, 3
    yield (24, 24, 24, 1), (3, 3, 3), 8, 0, 1
    yield (6, 12, 12, 1), (2, 1, 1), 1, 0, 1
    rng = np.random.default_rng(3)
    for _ in range(5):
        shape, kernel = rng.integers((4, 5, 6, 1), (9, 11, 12, 6)), rng.integers(1, 5, 3)
        maps, padding, stride = (int(n) for n in rng.integers((1, 0, 1), (9, 3, 4)))
        yield tuple(map(int, shape)), tuple(map(int, kernel)), maps, padding, stride


@cache
def _by_keras(
    shape: tuple[int, ...], kernel: Triple, maps: int, padding: int, stride: int
) -> tuple[tuple[int, ...], int]:
    """Shape of the output without the batch, and parameters."""
    padded = keras.layers.ZeroPadding3D(padding)(keras.KerasTensor((None, *shape)))
    layer = keras.layers.Conv3D(maps, kernel, strides=stride)
    return tuple(layer(padded).shape[1:]), layer.count_params()


@exercise("A kernel for change", "What stands still gives 0: you have built a motion detector.")
def difference_kernel(answer: Any) -> None:
    """A kernel whose correlation with a clip gives the next frame minus this one."""
    kernel = _kernel(answer)
    if kernel.ndim != 3:
        raise NotYet(
            f"Your kernel has shape {kernel.shape}; a kernel for a clip has three axes (time, row, "
            "column)."
        )
    for axes, words in STEPS.items():
        if kernel.shape[axes[0]] == 1 and kernel.shape[axes[1]] > 1 and kernel.size == 2:
            raise NotYet(f"Your kernel takes a difference {words}.")
    if kernel.shape == (3, 1, 1) and not kernel[1].any():
        raise NotYet(
            "Your kernel compares frame t with frame t + 2: take two frames that follow each other."
        )
    if kernel.shape != (2, 1, 1):
        raise NotYet(
            f"Your kernel has shape {kernel.shape}. How many frames, rows and columns does one "
            "difference need?"
        )
    if np.array_equal(kernel.ravel(), [1, -1]):
        raise NotYet(
            "That gives this frame minus the next. In a cross-correlation the kernel is laid on as "
            "it is: its first weight meets frame t, its second frame t + 1."
        )
    _on_clips(kernel, lambda clip: clip[1:] - clip[:-1])


@exercise("Blind to one direction", "Its mirror image is the kernel of the text.")
def blind_to_left(answer: Any) -> None:
    """A kernel (2, 1, 2) that gives 0 on whatever moves left by a pixel a frame, and only there."""
    kernel = _kernel(answer)
    if kernel.shape != (2, 1, 2):
        raise NotYet(f"Your kernel has shape {kernel.shape}; it should be (2, 1, 2).")
    if not kernel.any():
        raise NotYet("A kernel of zeros is blind to everything.")
    kernel = kernel / np.abs(kernel).max()
    rng = np.random.default_rng(4)
    texture = rng.integers(0, 9, (4, 12))
    left = np.stack([texture[:, t : t + 8] for t in range(5)])
    right, still = left[::-1], np.repeat(left[:1], 5, axis=0)
    seen = {
        name: float(np.abs(signal.correlate(clip, kernel, "valid")).mean())
        for name, clip in (("left", left), ("right", right), ("standing still", still))
    }
    facts = [(f"mean size of the response, {name}", f"{value:.4g}") for name, value in seen.items()]
    if seen["left"] > 1e-9:
        hint = ""
        if seen["right"] < 1e-9:
            hint = " It is blind to motion to the right, like the one in the text: mirror it."
        elif seen["standing still"] < 1e-9:
            hint = " It is blind to what stands still."
        elif not kernel[0, 0, 0] and not kernel[1, 0, 1]:
            hint = " The right two cells, but they do not cancel: give them opposite weights."
        raise NotYet(f"Your kernel answers to a pattern that moves left.{hint}", facts)


def _kernel(answer: Any) -> NDArray[np.float64]:
    kernel = numbers(answer, "Your kernel").astype(float)
    if not np.isfinite(kernel).all():
        raise NotYet("Your kernel holds NaN or infinity.")
    return kernel


def _on_clips(kernel: NDArray, oracle: Callable[[NDArray], NDArray]) -> None:
    clips = [(np.random.default_rng(n).integers(0, 10, (3 + n, 2, 3)),) for n in range(3)]

    def oracle_of_clip(clip):
        return oracle(clip)

    compare(lambda clip: signal.correlate(clip, kernel, "valid"), oracle_of_clip, clips)
