"""Checks of the lesson Families of networks."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lessons.network_families import blocks
from utils.checks import Exercise, about, call, require
from utils.checks.networks import computes_as, is_network
from utils.quiet import keras

layers = keras.layers

# ---- What a convolution costs --------------------------------------------------------------------


def _weights(layer: keras.Layer, maps_in: int) -> int:
    layer.build((None, None, None, maps_in))
    return layer.count_params()


def _cost(side: int, k: int, maps_in: int, maps_out: int) -> list[int]:
    """By the weights of layers that Keras has built."""
    ordinary = _weights(layers.Conv2D(maps_out, k, use_bias=False), maps_in)
    each = _weights(layers.DepthwiseConv2D(k, use_bias=False), maps_in)
    across = _weights(layers.Conv2D(maps_out, 1, use_bias=False), maps_in)
    return [side * side * ordinary, side * side * (each + across)]


def _at_every_place(weights: Callable[[int, int, int], tuple]) -> Callable[..., list[int]]:
    """What somebody counts who takes these for the weights, from k, maps_in and maps_out."""
    return lambda side, k, m, n: [side**2 * count for count in weights(k, m, n)]


def _sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    side, maps_in, maps_out = (int(rng.integers(1, most)) for most in (60, 40, 40))
    return side, int(rng.choice([1, 3, 5, 7])), maps_in, maps_out


multiplications = Exercise(
    title="What a convolution costs",
    outcome="count",
    praise="You counted what papers print, without running anything.",
    nudge="How many numbers come out of the ordinary convolution, and how many multiplications go "
    "into each of them?",
    hint="An ordinary kernel has k · k · maps_in weights, there are maps_out of them, and each "
    "weight is used at side · side places. In the other, k · k weights for each map that comes in, "
    "then a kernel of 1 · 1 · maps_in for each map that goes out.",
    oracle=_cost,
    cases=[(4, 3, 2, 1), (32, 3, 64, 64), (1, 1, 1, 1), (7, 5, 3, 16), (224, 7, 3, 64)],
    legal=_sizes,
    whole=True,
    rtol=0,
    atol=0,
    misconceptions={
        "You swapped them: first the ordinary convolution.": _at_every_place(
            lambda k, m, n: (k * k * m + m * n, k * k * m * n)
        ),
        "Those are the weights. Each is used at every place: side · side times.": (
            lambda side, k, m, n: _cost(1, k, m, n)
        ),
        "A kernel is as deep as its input: k · k weights for every map that comes in.": (
            _at_every_place(lambda k, m, n: (k * k * n, k * k * m + m * n))
        ),
        "A kernel of side k has k · k places.": _at_every_place(
            lambda k, m, n: (k * m * n, k * m + m * n)
        ),
        "The two steps come one after the other: add their multiplications.": _at_every_place(
            lambda k, m, n: (k * k * m * n, k * k * m * m * n)
        ),
        "In the first step each map has one kernel, one map deep.": _at_every_place(
            lambda k, m, n: (k * k * m * n, k * k * m * m + m * n)
        ),
        "The second step is missing: 1 × 1 across the maps.": _at_every_place(
            lambda k, m, n: (k * k * m * n, k * k * m)
        ),
    },
)

# ---- Blocks --------------------------------------------------------------------------------------

NAMED = {
    "Conv2D": "a convolution",
    "DepthwiseConv2D": "a depthwise convolution",
    "BatchNormalization": "a batch normalization",
    "Add": "an Add",
    "Dropout": "a dropout",
}


def _block(
    answer: Any,
    right: Callable[..., keras.KerasTensor],
    given: Sequence[dict],
    also: Callable[[keras.Model], None] = lambda model: None,
) -> None:
    """`NotYet` unless the answer makes models that compute what the right blocks compute."""
    for named in given:
        shape, *rest = named.values()
        x = keras.Input(shape)
        wanted, model = keras.Model(x, right(x, *rest)), call(answer, shape, *rest)
        with about(**named):
            is_network(model, shape, "Begin with `keras.Input(shape)`.")
            _has_layers(model, wanted)
            also(model)
            computes_as(model, wanted, " and the order of the layers")


def _parts(model: keras.Model) -> set[Any]:
    """Its layers, those of a model inside as well, and sums that are written `x + y`."""
    return {*model._flatten_layers(), *getattr(model, "operations", ())}


def _kind(part: Any) -> str:
    """The name of its class, or of the layer that computes the same."""
    if isinstance(part, layers.Dense):
        return "Conv2D"
    if isinstance(part, layers.Conv2D) and part.groups > 1:
        return "DepthwiseConv2D"
    return type(part).__name__


def _has_layers(model: keras.Model, wanted: keras.Model) -> None:
    mine, right = ([*map(_kind, _parts(net))] for net in (model, wanted))
    for kind, name in NAMED.items():
        got, count = mine.count(kind), right.count(kind)
        told = {"expected": f"{count} × {kind}", "got": f"{got} × {kind}"}
        require(got == count, f"Count how often {name} comes.", **told)
    shapes = {"expected": wanted.output_shape[1:], "got": model.output_shape[1:]}
    require(shapes["expected"] == shapes["got"], "Another shape comes out.", **shapes)
    biased = ", ".join(one.name for one in _parts(model) if getattr(one, "use_bias", False))
    said = "The normalization behind a convolution has a shift: `use_bias=False`."
    require(not biased, said, with_a_bias=biased)
    counts = {"expected": wanted.count_params(), "got": model.count_params()}
    said = "The number of parameters differs: look at the kernels."
    require(counts["expected"] == counts["got"], said, **counts)


def _lets_through(model: keras.Model) -> None:
    """With kernels of 0 the block gives what came in, through the last ReLU."""
    maps = np.random.default_rng(1).normal(0, 1, (3, *model.input_shape[1:])).astype(np.float32)
    for weight in model.weights:
        if weight.name == "kernel":
            weight.assign(np.zeros(weight.shape))
    got = np.asarray(model(maps, training=False))
    hint = None
    if np.allclose(got, maps, atol=1e-5):
        hint = "The ReLU comes last, after the sum."
    elif np.allclose(got, 0, atol=1e-5):
        hint = "Nothing of the input arrives: `layers.Add()([x, y])`, where x is what came in."
    right = np.allclose(got, np.maximum(maps, 0), atol=1e-5)
    require(right, "With kernels of 0, the block has to give ReLU of what came in.", hint)


residual = Exercise(
    title="A residual block",
    outcome="build",
    praise="With kernels of 0 it hands its input on: a deep network may begin as a shallow one.",
    nudge="Keep `x` as it came in. You need it again at the end, next to the result of the second "
    "normalization.",
    hint='`y = layers.Conv2D(maps, 3, padding="same", use_bias=False)(x)`, then '
    "`layers.BatchNormalization()(y)` and `layers.ReLU()(y)`; the same once more without the ReLU; "
    "then `layers.Add()([x, y])`, and the ReLU.",
    test=lambda answer, rng: _block(
        answer, blocks.residual_block, [{"shape": (6, 5, 4)}, {"shape": (4, 4, 7)}], _lets_through
    ),
)

separable = Exercise(
    title="A depthwise separable block",
    outcome="build",
    praise="Places first, maps second: the block of MobileNet.",
    nudge="Which of the two steps looks at neighbors, and which of them mixes the maps?",
    hint='`layers.DepthwiseConv2D(3, padding="same", use_bias=False)`, normalization, ReLU; then '
    "`layers.Conv2D(maps, 1, use_bias=False)`, normalization, ReLU.",
    test=lambda answer, rng: _block(
        answer,
        blocks.separable_block,
        [{"shape": (6, 5, 4), "maps": 8}, {"shape": (4, 4, 7), "maps": 3}],
    ),
)

# ---- Which network to take -----------------------------------------------------------------------


def _unbeaten(beats: Callable[[float, float], bool]) -> Callable[..., list[bool]]:
    """True for each that no other beats: a rule on what the other saves and gains in accuracy."""

    def answer(costs, accuracies):
        nets = list(zip(costs, accuracies, strict=True))
        return [
            not any(beats(mine - c, a - reached) for m, (c, a) in enumerate(nets) if m != n)
            for n, (mine, reached) in enumerate(nets)
        ]

    return answer


_right = _unbeaten(lambda saves, gains: saves >= 0 and gains >= 0 and (saves > 0 or gains > 0))


def _yes_or_no(marks: Any, costs: list[float], accuracies: list[float]) -> Any:
    """1 and 0 mean the same as True and False."""
    found = np.asarray(marks)
    numbers = found.dtype.kind in "iuf" and np.isin(found, (0, 1)).all()
    return found.astype(bool) if numbers else marks


def _networks(rng: np.random.Generator) -> tuple[list[float], list[float]]:
    size = int(rng.integers(1, 9))
    costs = rng.integers(1, 10, size).astype(float)
    return costs.tolist(), np.round(rng.integers(60, 70, size) / 100, 2).tolist()


worth_a_look = Exercise(
    title="Which networks are worth a look",
    outcome="choose",
    praise="What is left is a line: whoever wants more accuracy has to pay.",
    nudge="When would you never take a network? When another one is at least as good in both, and "
    "better in one.",
    hint="For each network go through all others: it is beaten by one that costs at most as much "
    "and is at least as accurate, unless both are equal.",
    oracle=_right,
    read=_yes_or_no,
    cases=[
        ([15.5, 3.9, 0.3], [0.71, 0.75, 0.71]),
        ([5], [0.6]),
        ([1, 2, 3], [0.6, 0.7, 0.8]),
        ([1, 2, 3], [0.8, 0.7, 0.8]),
        ([2, 2, 1], [0.7, 0.7, 0.5]),
        ([2, 2, 3], [0.7, 0.6, 0.7]),
        ([4, 1, 3, 2], [0.7, 0.5, 0.6, 0.8]),
    ],
    legal=_networks,
    misconceptions={
        "You marked those that are beaten: True means worth a look.": (
            lambda costs, accuracies: [not kept for kept in _right(costs, accuracies)]
        ),
        "The cheapest and the best are not all: a network in between may be worth a look.": (
            lambda costs, right: np.isin(costs, min(costs)) | np.isin(right, max(right))
        ),
        "A network is beaten as well by one of equal cost that is better, or of equal accuracy "
        "that is cheaper.": _unbeaten(lambda saves, gains: saves > 0 and gains > 0),
        "Two networks that are equal in both do not beat each other.": _unbeaten(
            lambda saves, gains: saves >= 0 and gains >= 0
        ),
        "More cost is worse, not better: it is beaten by a *cheaper* one.": _unbeaten(
            lambda saves, gains: saves <= 0 and gains >= 0 and (saves < 0 or gains > 0)
        ),
        "One rule is not enough: the other has to be at least as good in cost *and* in accuracy.": (
            _unbeaten(lambda saves, gains: gains > 0),
            _unbeaten(lambda saves, gains: saves > 0),
        ),
    },
)
