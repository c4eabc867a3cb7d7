"""Checks of the lesson Padding and stride."""

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from utils.checks import Exercise, NotYet, numbers, require

Layer = tuple[int, int, int]
Pair = tuple[int, int]

STICKS_OUT = "You count a window that sticks out at the end: the whole kernel has to fit."
ONE_SIDE = "You padded one side only: p columns come on each side, 2p in all."

# ---- The size of the output ----------------------------------------------------------------------


def _count(n: int, k: int, p: int = 0, s: int = 1, d: int = 1) -> int:
    """Windows along an axis, counted: every s-th start whose last weight is still inside."""
    return sum(start + d * (k - 1) < n + 2 * p for start in range(0, n + 2 * p, s))


def _axis(rng: np.random.Generator) -> tuple[int, int, int, int, int]:
    """n, k, p, s, d of an axis on which the kernel fits, in a quarter of the cases as it must."""
    n, p, s, d = map(int, rng.integers((1, 0, 1, 1), (40, 6, 8, 5)))
    most = (n + 2 * p - 1) // d + 1
    return n, most if rng.random() < 0.25 else int(rng.integers(1, min(most, 8) + 1)), p, s, d


# ---- What same pads ------------------------------------------------------------------------------


def _missing(n: int, k: int, s: int) -> int:
    """The least that must be padded for ceil(n / s) windows, found by trying."""
    windows, padded = math.ceil(n / s), 0
    while _count(n + padded, k, s=s) < windows:
        padded += 1
    return padded


def _padded(
    sides: Callable[[int], Pair] = lambda m: (m // 2, m - m // 2),
    missing: Callable[[int, int, int], int] = _missing,
) -> Callable[[int, int, int], Pair]:
    """The columns (before, after) when `sides` shares out m `missing` ones."""
    return lambda n, k, s: sides(missing(n, k, s))


same_sides = Exercise(
    title="What same pads",
    outcome="predict",
    praise="Now you know where the windows of any Keras layer stand.",
    nudge="How many cells do two windows of k with a jump of s between them cover? And three?",
    hint="⌈n / s⌉ is `-(-n // s)`. So many windows cover (⌈n / s⌉ - 1) * s + k cells; what n lacks "
    "of them is padded (or 0 if it lacks none). Half, rounded down, before; the rest after.",
    oracle=_padded(),
    cases=[
        (6, 3, 2), (6, 3, 1), (7, 4, 1), (7, 3, 2), (8, 5, 3), (5, 1, 2), (9, 2, 4), (1, 1, 1),
        (224, 7, 2), (2, 6, 1), (10, 3, 5), (1, 4, 3),
    ],
    legal=lambda rng: tuple(map(int, rng.integers((1, 1, 1), (30, 9, 6)))),
    draws=24,
    whole=True,
    misconceptions={
        "That is the padding for a stride of 1. With a stride the last windows may need less: it "
        "depends on n.": (
            _padded(missing=lambda n, k, s: k - 1),
            _padded(lambda m: (m // 2,) * 2, lambda n, k, s: k - 1),
        ),
        "The odd column is on the wrong side: Keras puts it after the input.": (
            _padded(lambda m: (m - m // 2, m // 2))
        ),
        "As much on both sides is the other kind of same; Keras pads no more than it needs.": (
            _padded(lambda m: (m - m // 2,) * 2)
        ),
        "One column is missing where an odd number is padded.": _padded(lambda m: (m // 2,) * 2),
        "All the padding is on one side; share it between the two.": (
            _padded(lambda m: (0, m)), _padded(lambda m: (m, 0)),
        ),
        "You round n / s down; Keras promises n / s rounded up.": (
            _padded(missing=lambda n, k, s: max((n // s - 1) * s + k - n, 0))
        ),
        "Where the windows do not even need all of n, nothing is padded: never less than 0.": (
            _padded(missing=lambda n, k, s: (math.ceil(n / s) - 1) * s + k - n)
        ),
        "⌈n / s⌉ windows have one jump fewer: (⌈n / s⌉ - 1) * s + k cells.": (
            _padded(missing=lambda n, k, s: max(math.ceil(n / s) * s + k - n, 0))
        ),
    },
)  # fmt: skip

# ---- Height and width ----------------------------------------------------------------------------


def _shape(shape: Pair, kernel: Pair, padding: Pair, stride: Pair, dilation: Pair) -> Pair:
    return tuple(map(_count, shape, kernel, padding, stride, dilation))


def _sized(
    windows: Callable[[int, int, int], float] = lambda room, p, s: room // s + 1,
    span: Callable[[int, int], int] = lambda k, d: d * (k - 1) + 1,
) -> Callable[..., tuple[float, ...]]:
    """The shape by the `windows` of a kernel that has so much `room` to move beside its `span`."""

    def size(n: int, k: int, p: int, s: int, d: int) -> float:
        return windows(n + 2 * p - span(k, d), p, s)

    return lambda *pairs: tuple(map(size, *pairs))


def _first_of(*which: int) -> Callable[..., Pair]:
    """The shape when the first number of these pairs serves both axes."""
    return lambda *pairs: _shape(
        *((pair[0],) * 2 if at in which else pair for at, pair in enumerate(pairs))
    )


output_shape = Exercise(
    title="Height and width",
    outcome="compute",
    praise="Two axes, twice the same line.",
    nudge="What takes the place of k in your formula when there are gaps between the weights?",
    hint="The span d(k - 1) + 1. Go through the five pairs side by side with `zip`: its first "
    "round gives n, k, p, s, d of the height, its second those of the width.",
    oracle=_shape,
    cases=[
        ((4, 9), (2, 3), (1, 0), (3, 2), (1, 2)),
        ((6, 11), (3, 3), (1, 0), (1, 2), (2, 1)),
        ((14, 21), (3, 4), (5, 2), (2, 4), (4, 2)),
        ((32, 32), (3, 3), (1, 1), (1, 1), (1, 1)),
        ((400, 600), (5, 3), (2, 1), (2, 1), (1, 4)),
        ((7, 5), (1, 5), (0, 0), (3, 1), (4, 1)),
        ((1, 9), (1, 2), (0, 4), (5, 2), (1, 3)),
    ],
    legal=lambda rng: tuple(zip(_axis(rng), _axis(rng), strict=True)),
    draws=24,
    whole=True,
    misconceptions={
        "Each axis has its own five numbers: the first of each pair is for the height, the second "
        "for the width.": (
            lambda *pairs: (_shape(*pairs)[0],) * 2,
            lambda *pairs: (_shape(*pairs)[1],) * 2,
            *map(_first_of, range(1, 5)),
            _first_of(1, 2, 3, 4),
        ),
        "The dilation is missing: the kernel spans d(k - 1) + 1 pixels, not k.": (
            _sized(span=lambda k, d: k)
        ),
        "The kernel spans d(k - 1) + 1 pixels: k - 1 steps of d from its first weight to its last, "
        "and the first itself.": (
            _sized(span=lambda k, d: d * k),
            _sized(span=lambda k, d: d * (k - 1)),
            _sized(span=lambda k, d: k + d - 1),
            _sized(span=lambda k, d: d * k + 1),
        ),
        "Add 1 behind the division: the window at the very beginning counts, too.": (
            _sized(lambda room, p, s: room // s),
            _sized(lambda room, p, s: (room + 1) // s),
        ),
        ONE_SIDE: _sized(lambda room, p, s: (room - p) // s + 1),
        STICKS_OUT: _sized(lambda room, p, s: math.ceil(room / s) + 1),
        "There is no half window: round down (`//`).": _sized(lambda room, p, s: room / s + 1),
        "You read the padding as (before, after). It is (for the height, for the width), each on "
        "both sides.": lambda n, k, p, s, d: _shape(np.add(n, sum(p)), k, (0, 0), s, d),
    },
)

# ---- The receptive field -------------------------------------------------------------------------


def _seen(layers: list[Pair]) -> int:
    """From one unit back to the pixels, through every weight: from the first pixel to the last."""
    units = {0}
    for k, s in reversed(layers):
        units = {unit * s + weight for unit in units for weight in range(k)}
    return max(units) - min(units) + 1


def _adding(
    step: Callable[[list[int], int], int] = lambda s, at: math.prod(s[:at]),
    steps: Callable[[int], int] = lambda k: k - 1,
    start: int = 1,
) -> Callable[[list[Pair]], int]:
    """`steps(k)` for every layer, each as long as `step` says of all strides and its number."""

    def seen(layers: list[Pair]) -> int:
        strides = [s for _, s in layers]
        return start + sum(steps(k) * step(strides, at) for at, (k, _) in enumerate(layers))

    return seen


def _stack_of(rng: np.random.Generator) -> tuple[list[Pair]]:
    """One to five layers, no stride larger than its kernel."""
    kernels = map(int, rng.integers(1, 7, rng.integers(1, 6)))
    return ([(k, int(rng.integers(1, k + 1))) for k in kernels],)


pixels_seen = Exercise(
    title="The receptive field",
    outcome="find",
    praise="It grows fast: a stride of 2 doubles what all later layers add.",
    nudge="Two neighbors in the last layer: how many pixels apart are the windows that they see?",
    hint="Keep two numbers, both 1 at first: the pixels seen, and the length of a step in pixels. "
    "For each layer add k - 1 steps to what is seen; then multiply the step by s.",
    oracle=_seen,
    cases=[
        ([(3, 2), (3, 1)],),
        ([(3, 2), (5, 2), (3, 1)],),
        ([(1, 1)],),
        ([(2, 2), (3, 1), (2, 2), (3, 1)],),
        ([(7, 2), (3, 2), (3, 1), (1, 1), (3, 2), (3, 1)],),
        ([(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 2)],),
        ([(3, 1)] * 9,),
    ],
    legal=_stack_of,
    whole=True,
    rtol=0,
    misconceptions={
        "You added the kernel sides: the windows of neighboring units overlap, so a layer adds "
        "k - 1 steps, not k.": (
            _adding(lambda s, at: 1, steps=lambda k: k, start=0),
            _adding(steps=lambda k: k),
            _adding(steps=lambda k: k, start=0),
        ),
        "You multiplied the kernel sides: the windows of neighboring units overlap.": (
            lambda layers: math.prod(k for k, _ in layers)
        ),
        "The strides are missing: a step in a later layer is as many pixels long as the strides "
        "before it say.": _adding(lambda s, at: 1),
        "A stride acts on the layers *after* it, not on its own kernel.": (
            _adding(lambda s, at: math.prod(s[: at + 1]))
        ),
        "The strides *before* a layer count, not those after it.": (
            _adding(lambda s, at: math.prod(s[at + 1 :])),
            lambda layers: _seen(layers[::-1]),
            lambda layers: reduce(lambda seen, layer: seen * layer[1] + layer[0] - 1, layers, 1),
        ),
        "All the strides before a layer count: multiply them.": (
            _adding(lambda s, at: s[at - 1] if at else 1)
        ),
        "Strides multiply: two strides of 2 make steps of 4 pixels, two of 3 steps of 9.": (
            _adding(lambda s, at: sum(s[:at]) or 1),
            _adding(lambda s, at: 1 + sum(s[:at])),
        ),
        "One pixel is missing: start from 1, what a unit sees with no layer at all.": (
            _adding(start=0)
        ),
    },
)

# ---- From 32 x 32 to 1 x 1 -----------------------------------------------------------------------

SLIPS = {
    STICKS_OUT: lambda n, k, p, s: math.ceil((n + 2 * p - k) / s) + 1,
    ONE_SIDE: lambda n, k, p, s: (n + p - k) // s + 1,
    "The + 1 is missing: the window at the very beginning counts, too.": (
        lambda n, k, p, s: (n + 2 * p - k) // s
    ),
    "The size does not only divide by the stride: without padding, k - 1 are lost, too.": (
        lambda n, k, p, s: n // s
    ),
}


def _leads_to_one(answer: Any, rng: np.random.Generator) -> None:
    layers = _layers(answer)
    require(len(layers) >= 3, f"{len(layers)} layers are too few: use three or more.")
    sizes = _sizes(layers, _count)
    facts = [("sides", " → ".join(map(str, sizes)))]
    if sizes[-1] == 0:
        (k, p, _), slip = layers[len(sizes) - 2], "The kernel does not fit any more"
        seen = f"it covers {k}, and {sizes[-2]} + 2 · {p} are there."
        raise NotYet(f"{slip}: in layer {len(sizes) - 1} {seen}", facts, slip)
    if sizes[-1] != 1:
        slips = (slip for slip, size in SLIPS.items() if _sizes(layers, size)[-1] == 1)
        told = next((f" If you expected 1: {slip[0].lower()}{slip[1:]}" for slip in slips), "")
        raise NotYet(f"It ends with a side of {sizes[-1]}, not 1.{told}", facts)


def _layers(answer: Any) -> list[Layer]:
    """The answer as triples of whole numbers such as the text allows, or `NotYet`."""
    try:
        array = numbers(answer, "Your stack").astype(float)
    except NotYet as fault:
        raise NotYet(f"{fault.message} Write a list of layers, each `(k, p, s)`.") from None
    words = "Write a list of layers, each three numbers: kernel, padding, stride."
    told = {"expected_shape": "(layers, 3)", "your_shape": str(array.shape)}
    require(array.ndim == 2 and array.shape[1] == 3, words, **told)
    whole = np.isfinite(array).all() and (array == np.floor(array)).all()
    require(whole, "Kernel, padding and stride are whole numbers.")
    layers = [tuple(map(int, layer)) for layer in array]
    for number, (k, p, s) in enumerate(layers, 1):
        require(2 <= k <= 5, f"Layer {number} has a kernel of {k:g}: take 2 to 5.")
        padding = f"Layer {number} has the padding {p:g} and the kernel {k}: take 0 to {k - 1}"
        require(0 <= p < k, f"{padding}, so that no window holds nothing but padding.")
        stride = f"Layer {number} has the stride {s:g} and the kernel {k}: take 1 to {k}"
        require(1 <= s <= k, f"{stride}, so that no pixel is skipped between two windows.")
    return layers


def _sizes(layers: Sequence[Layer], size: Callable[..., int]) -> list[int]:
    """The side before the first layer and after each, up to a layer that does not fit."""
    sizes = [32]
    for k, p, s in layers:
        sizes.append(size(sizes[-1], k, p, s))
        if sizes[-1] < 1:
            break
    return sizes


stack = Exercise(
    title="From 32 × 32 to 1 × 1",
    outcome="choose",
    praise="There are many such stacks; compare yours with a neighbor's.",
    nudge="Which layer halves a side, and how often can you halve 32?",
    hint="Begin with a layer that you know, such as (3, 1, 2), and compute the side with the "
    "formula. Go on from there; near the end a kernel as large as what is left leaves 1.",
    test=_leads_to_one,
)
