"""Checks of the lesson Padding and stride."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from utils.checks import Misconception, NotYet, compare, exercise, numbers
from utils.quiet import keras

Layer = tuple[int, int, int]

SMALLEST_STACK = 3
SIDE = 32
KERNELS = (2, 5)


@exercise("The padding that keeps the size", "An odd kernel has a middle: its two sides are equal.")
def keep_size(answer: Callable[..., Any]) -> None:
    """The padding (before, after) of `same` with stride 1, against what Keras does."""

    def half(k):
        return (k - 1) // 2

    compare(
        answer,
        _same_in_keras,
        [(3,), (4,), (5,), (2,), (1,), (7,), (6,), (11,), (8,)],
        [
            Misconception(
                "k - 1 on each side is the full padding; the size is kept by k - 1 *in all*.",
                lambda k: (k - 1, k - 1),
            ),
            Misconception(
                "All the padding is on one side; share it between the two.", lambda k: (k - 1, 0)
            ),
            Misconception(
                "All the padding is on one side; share it between the two.", lambda k: (0, k - 1)
            ),
            Misconception(
                "There is no half column: split k - 1 into two whole numbers.",
                lambda k: ((k - 1) / 2, (k - 1) / 2),
            ),
            Misconception(
                "For an even kernel that is one column too many: the output grows by 1.",
                lambda k: (k // 2, k // 2),
            ),
            Misconception(
                "For an even kernel one column is missing: the output shrinks by 1.",
                lambda k: (half(k), half(k)),
            ),
            Misconception(
                "The odd column is on the wrong side: Keras puts it after the input.",
                lambda k: (k - 1 - half(k), half(k)),
            ),
            Misconception(
                "That is k in all, and the output grows by 1: a kernel of 1 needs no padding.",
                lambda k: (k // 2, k - k // 2),
            ),
            *(
                Misconception("Return two numbers: before and after.", one)
                for one in (half, lambda k: k // 2, lambda k: k - 1)
            ),
        ],
    )


def _same_in_keras(k: int) -> tuple[int, int]:
    """Weights 0, 1, 2, ... slide over a single 1: the first output says which of them met it."""
    signal = np.zeros((1, k, 1), np.float32)
    signal[0, 0, 0] = 1
    weights = np.arange(k, dtype=np.float32).reshape(k, 1, 1)
    first = keras.ops.convert_to_numpy(keras.ops.conv(signal, weights, padding="same"))[0, 0, 0]
    return int(first), k - 1 - int(first)


@exercise("The size of the output", "One line, and you will use it for every layer you ever build.")
def side_after(answer: Callable[..., Any]) -> None:
    """The number of windows along an axis, against counting them one by one."""
    rng = np.random.default_rng(8)
    cases = [(8, 3, 0, 2), (20, 4, 3, 3), (9, 4, 2, 2), (12, 3, 1, 4), (10, 3, 1, 4), (6, 3, 1, 1)]
    cases += [(5, 5, 0, 1), (5, 5, 0, 3), (6, 1, 0, 2), (224, 7, 3, 2), (3, 5, 2, 1), (9, 2, 3, 4)]
    while len(cases) < 30:
        n, k, p, s = (int(value) for value in rng.integers((1, 1, 0, 1), (20, 8, 4, 6)))
        if k <= n + 2 * p:
            cases.append((n, k, p, s))

    def oracle(n, k, p, s):
        return _count(n, k, p, s)

    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(ROUNDED_UP, lambda n, k, p, s: math.ceil((n + 2 * p - k) / s) + 1),
            Misconception(
                "There is no half window: round down (`//`).",
                lambda n, k, p, s: (n + 2 * p - k) / s + 1,
            ),
            Misconception(
                "You rounded to the nearest whole number: round down (`//`).",
                lambda n, k, p, s: round((n + 2 * p - k) / s) + 1,
            ),
            Misconception(ONE_SIDE, lambda n, k, p, s: (n + p - k) // s + 1),
            Misconception(
                "The padding is missing: p columns on each side.",
                lambda n, k, p, s: (n - k) // s + 1,
            ),
            Misconception(NO_PLUS_ONE, lambda n, k, p, s: (n + 2 * p - k) // s),
            Misconception(
                "You added 1 twice: once is enough, after the division.",
                lambda n, k, p, s: (n + 2 * p - k + 1) // s + 1,
            ),
            Misconception(
                "Divide first, then add 1: the first window stands before the first step.",
                lambda n, k, p, s: (n + 2 * p - k + 1) // s,
            ),
            Misconception(
                "Subtract the kernel before you divide: the stride divides the way that the window "
                "can go, n + 2p - k.",
                lambda n, k, p, s: (n + 2 * p) // s - k + 1,
            ),
            Misconception(
                "Brackets: `/` and `//` come before `+` and `-`, so only k was divided.",
                lambda n, k, p, s: n + 2 * p - k // s + 1,
            ),
            Misconception(
                "The stride is missing: only every s-th start is a window.",
                lambda n, k, p, s: n + 2 * p - k + 1,
            ),
            *(
                Misconception(
                    "That is n divided by the stride, which is what `same` promises. Here p says "
                    "how much is padded, and the kernel counts, too.",
                    share,
                )
                for share in (
                    lambda n, k, p, s: math.ceil(n / s),
                    lambda n, k, p, s: n // s,
                    lambda n, k, p, s: n / s,
                )
            ),
        ],
        rtol=0,
        atol=1e-6,
    )


ROUNDED_UP = "You rounded up: a window that sticks out at the end does not count."
ONE_SIDE = "You padded one side only: p columns come on each side, 2p in all."
NO_PLUS_ONE = "The + 1 is missing: the window at the very beginning counts, too."


def _count(n: int, k: int, p: int = 0, s: int = 1, d: int = 1) -> int:
    """Windows along an axis, counted: every s-th start whose last weight is still inside."""
    return sum(start + d * (k - 1) < n + 2 * p for start in range(0, n + 2 * p, s))


@exercise("Height and width", "Two axes, twice the same line.")
def output_shape(answer: Callable[..., Any]) -> None:
    """The shape of the output, each axis with its own settings, against counting windows."""
    rng = np.random.default_rng(80)
    cases = [
        ((6, 11), (3, 3), (1, 0), (1, 2), (2, 1)),
        ((14, 21), (3, 4), (5, 2), (2, 4), (4, 2)),
        ((32, 32), (3, 3), (1, 1), (1, 1), (1, 1)),
        ((400, 600), (5, 3), (2, 1), (2, 2), (1, 4)),
        ((7, 5), (1, 5), (0, 0), (3, 1), (4, 1)),
    ]
    while len(cases) < 25:
        low, high = ((4, 1, 0, 1, 1), (30, 6, 4, 4, 4))
        pairs = [tuple(map(int, rng.integers(a, b, 2))) for a, b in zip(low, high, strict=True)]
        if min(map(_count, *pairs)) > 0:
            cases.append(tuple(pairs))

    def oracle(shape, kernel, padding, stride, dilation):
        return tuple(map(_count, shape, kernel, padding, stride, dilation))

    def each(size):
        """The shape that a wrong size gives on both axes."""
        return lambda *pairs: tuple(map(size, *pairs))

    def floor(way, s):
        return way // s + 1

    def shared(which):
        """The shape when the first number of a pair serves both axes."""

        def wrong(*pairs):
            pairs = list(pairs)
            pairs[which] = (pairs[which][0],) * 2
            return oracle(*pairs)

        return wrong

    own = "Each axis has its own {0}: you used the first {0} for both."
    names = ("size", "kernel side", "padding", "stride", "dilation")
    compare(
        answer,
        oracle,
        cases,
        [
            *(
                Misconception(
                    "You gave the same side twice: height and width have their own numbers, the "
                    "first and the second of each pair.",
                    lambda *pairs, axis=axis: (oracle(*pairs)[axis],) * 2,
                )
                for axis in (0, 1)
            ),
            Misconception(
                "The dilation is missing: the kernel spans d(k - 1) + 1 pixels, not k.",
                each(lambda n, k, p, s, d: floor(n + 2 * p - k, s)),
            ),
            Misconception(
                "The kernel does not span d times k: there is a gap *between* two weights, none "
                "after the last: d(k - 1) + 1.",
                each(lambda n, k, p, s, d: floor(n + 2 * p - d * k, s)),
            ),
            Misconception(
                "The kernel spans one pixel more: d(k - 1) steps from its first weight to its "
                "last, and the first itself.",
                each(lambda n, k, p, s, d: floor(n + 2 * p - d * (k - 1), s)),
            ),
            Misconception(
                "Every two neighboring weights are pulled apart, k - 1 times: d(k - 1) + 1.",
                each(lambda n, k, p, s, d: floor(n + 2 * p - (k + d - 1), s)),
            ),
            Misconception(ONE_SIDE, each(lambda n, k, p, s, d: floor(n + p - d * (k - 1) - 1, s))),
            Misconception(NO_PLUS_ONE, each(lambda *axis: _count(*axis) - 1)),
            Misconception(
                ROUNDED_UP,
                each(lambda n, k, p, s, d: math.ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1),
            ),
            Misconception(
                "Height and width are swapped: the shape is (height, width).",
                lambda *pairs: oracle(*pairs)[::-1],
            ),
            Misconception(
                "That is the number of windows in the picture. Return its two sides.",
                lambda *pairs: math.prod(oracle(*pairs)),
            ),
            Misconception(
                "You read the padding as (before, after). It is (for the height, for the width), "
                "each on both sides.",
                lambda n, k, p, s, d: tuple(
                    floor(n + sum(p) - d * (k - 1) - 1, s)
                    for n, k, s, d in zip(n, k, s, d, strict=True)
                ),
            ),
            Misconception(
                "The padding is missing: p columns on each side.",
                each(lambda n, k, p, s, d: _count(n, k, 0, s, d)),
            ),
            Misconception(
                "The stride is missing: only every s-th start is a window.",
                each(lambda n, k, p, s, d: _count(n, k, p, 1, d)),
            ),
            Misconception(
                "Stride and dilation are swapped.",
                each(lambda n, k, p, s, d: floor(n + 2 * p - s * (k - 1) - 1, d)),
            ),
            Misconception(
                "There is no half window: round down (`//`).",
                each(lambda n, k, p, s, d: (n + 2 * p - d * (k - 1) - 1) / s + 1),
            ),
            *(
                Misconception(own.format(name), shared(which))
                for which, name in enumerate(names)
                if which
            ),
        ],
        rtol=0,
        atol=1e-6,
    )


@exercise("The receptive field", "It grows fast: a stride of 2 doubles what all later layers add.")
def pixels_seen(answer: Callable[..., Any]) -> None:
    """The pixels in a row that one unit of the last layer sees, against following every weight."""
    rng = np.random.default_rng(81)
    cases = [
        ([(3, 2), (3, 1)],),
        ([(3, 2), (5, 2), (3, 1)],),
        ([(3, 1), (3, 1)],),
        ([(5, 1)],),
        ([(2, 2), (3, 1), (2, 2), (3, 1)],),
        ([(7, 2), (3, 2), (3, 1), (1, 1), (3, 2), (3, 1)],),
    ]
    for _ in range(10):
        kernels = rng.integers(1, 6, int(rng.integers(2, 5)))
        cases.append(([(int(k), int(rng.integers(1, min(int(k), 3) + 1))) for k in kernels],))

    def with_jump(jump):
        """1 + (k - 1) * jump for every layer, `jump` a function of the layers and its number."""
        return lambda layers: (
            1 + sum((k - 1) * jump(layers, at) for at, (k, _) in enumerate(layers))
        )

    def product(strides):
        return math.prod(s for _, s in strides)

    compare(
        answer,
        _seen,
        cases,
        [
            Misconception(
                "You added the kernel sides: the windows of neighboring units overlap, so a layer "
                "adds k - 1 steps, not k.",
                lambda layers: sum(k for k, _ in layers),
            ),
            Misconception(
                "You multiplied the kernel sides: the windows of neighboring units overlap.",
                lambda layers: math.prod(k for k, _ in layers),
            ),
            Misconception(
                "The strides are missing: a step in a later layer is as many pixels long as the "
                "strides before it say.",
                with_jump(lambda layers, at: 1),
            ),
            Misconception(
                "A stride acts on the layers *after* it, not on its own kernel.",
                with_jump(lambda layers, at: product(layers[: at + 1])),
            ),
            Misconception(
                "The strides *before* a layer count, not those after it.",
                with_jump(lambda layers, at: product(layers[at + 1 :])),
            ),
            Misconception(
                "All the strides before a layer count: multiply them.",
                with_jump(lambda layers, at: layers[at - 1][1] if at else 1),
            ),
            Misconception(
                "Strides multiply: two strides of 2 make steps of 4 pixels, two of 3 steps of 9.",
                with_jump(lambda layers, at: sum(s for _, s in layers[:at]) or 1),
            ),
            Misconception(
                "One pixel is missing: start from 1, what a unit sees with no layer at all.",
                lambda layers: _seen(layers) - 1,
            ),
            Misconception(
                "That is the area; give the side.",
                lambda layers: _seen(layers) ** 2,
            ),
        ],
        rtol=0,
        atol=1e-6,
    )


def _seen(layers: list[tuple[int, int]]) -> int:
    """From one unit back to the pixels, through every weight: from the first pixel to the last."""
    units = {0}
    for k, s in reversed(layers):
        units = {unit * s + weight for unit in units for weight in range(k)}
    return max(units) - min(units) + 1


@exercise("From 32 × 32 to 1 × 1", "There are many such stacks; compare yours with a neighbor's.")
def stack(answer: Any) -> None:
    """A list of layers (k, p, s) that takes a side of 32 to 1."""
    layers = _layers(answer)
    for number, (k, p, s) in enumerate(layers, 1):
        if not KERNELS[0] <= k <= KERNELS[1]:
            raise NotYet(
                f"Layer {number} has a kernel of {k:g}: take {KERNELS[0]} to {KERNELS[1]}."
            )
        if not 0 <= p < k:
            raise NotYet(
                f"Layer {number} has the padding {p} and the kernel {k}: take 0 to {k - 1}, so "
                "that no window holds nothing but padding."
            )
        if not 1 <= s <= k:
            raise NotYet(
                f"Layer {number} has the stride {s} and the kernel {k}: take 1 to {k}, so that no "
                "pixel is skipped between two windows."
            )
    if len(layers) < SMALLEST_STACK:
        raise NotYet(f"A stack of {len(layers)} layers: use {SMALLEST_STACK} or more.")
    sizes = _sizes(layers, _count)
    facts = [("sides", " → ".join(map(str, sizes)))]
    if sizes[-1] == 0:
        raise NotYet(f"The kernel of layer {len(sizes) - 1} does not fit any more.", facts)
    if sizes[-1] != 1:
        raise NotYet(f"It ends with a side of {sizes[-1]}, not 1.{_slip(layers)}", facts)


def _layers(answer: Any) -> list[Layer]:
    """The answer as triples of whole numbers, or `NotYet`."""
    try:
        array = numbers(answer, "Your stack").astype(float)
    except NotYet as fault:
        raise NotYet(f"{fault.message} Write a list of layers, each `(k, p, s)`.") from None
    if array.ndim != 2 or array.shape[1] != 3:
        raise NotYet(
            "Write a list of layers, each three numbers: kernel, padding, stride.",
            [("expected shape", "(layers, 3)"), ("your shape", str(array.shape))],
        )
    if not np.isfinite(array).all() or (array != np.floor(array)).any():
        raise NotYet("Kernel, padding and stride are whole numbers.")
    return [tuple(map(int, layer)) for layer in array]


def _sizes(layers: Sequence[Layer], size: Callable[..., int]) -> list[int]:
    """The side before the first layer and after each, up to a layer that does not fit."""
    sizes = [SIDE]
    for k, p, s in layers:
        sizes.append(size(sizes[-1], k, p, s))
        if sizes[-1] < 1:
            break
    return sizes


def _slip(layers: Sequence[Layer]) -> str:
    """The hint of the first wrong idea with which the stack would end with 1, or nothing."""
    slips = {
        ROUNDED_UP: lambda n, k, p, s: math.ceil((n + 2 * p - k) / s) + 1,
        ONE_SIDE: lambda n, k, p, s: (n + p - k) // s + 1,
        NO_PLUS_ONE: lambda n, k, p, s: (n + 2 * p - k) // s,
        "The size does not only divide by the stride: without padding, k - 1 are lost, too.": (
            lambda n, k, p, s: n // s
        ),
    }
    for hint, size in slips.items():
        if _sizes(layers, size)[-1] == 1:
            return f" If you expected 1: {hint[0].lower()}{hint[1:]}"
    return ""
