"""Checks of the lesson Transfer learning."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, NotYet, call, compare, exercise
from utils.quiet import keras

Layer = tuple[str, int, int, int, bool]

HEADS = [(256, 8), (5, 3), (16, 11), (3, 2)]
"""Maps and classes of the heads that are tried, those of the lesson first."""


@exercise(
    "A new head for N classes",
    "The mean makes it fit maps of any size, and one dense layer is all that has to be learned.",
)
def new_head(answer: Callable[..., Any]) -> None:
    """A Keras model that turns maps into probabilities, against its own weights used in NumPy."""
    for maps, classes in HEADS:
        given = (("maps", str(maps)), ("classes", str(classes)))
        try:
            _check_head(_made_head(answer, maps, classes), maps, classes)
        except NotYet as fault:
            raise NotYet(fault.message, (*given, *fault.facts)) from None


def _made_head(answer: Callable[..., Any], maps: int, classes: int) -> keras.Model:
    try:
        head = call(answer, maps, classes)
    except NotYet as fault:
        if "fully-defined (no `None` dimensions)" in fault.message:  # what Keras says of a Flatten
            raise NotYet(_FLATTEN, fault.facts) from None
        raise
    if isinstance(head, list | tuple) and all(isinstance(part, keras.Layer) for part in head):
        raise NotYet("These are the layers; put them into a `keras.Sequential([...])`.")
    if not isinstance(head, keras.Model):
        raise NotYet(f"Return a Keras model. You returned: {type(head).__name__}.")
    return head


_FLATTEN = (
    "A Flatten needs to know height and width, and its dense layer would have a weight for every "
    "place. Take the mean of each map: `layers.GlobalAveragePooling2D()`."
)


def _check_head(head: keras.Model, maps: int, classes: int) -> None:
    rng = np.random.default_rng(maps)
    for shape in ((6, 3, 4, maps), (2, 5, 2, maps)):
        batch = np.maximum(rng.normal(size=shape), 0).astype(np.float32)
        got = _output(head, batch)
        if got.shape != (len(batch), classes):
            raise NotYet(_shape_hint(got.shape, len(batch), classes), _shapes(got, batch, classes))
        _check_parameters(head, maps, classes)
        head.set_weights([rng.normal(size=w.shape) / np.sqrt(maps) for w in head.weights])
        _check_values(_output(head, batch), batch, head)


def _output(head: keras.Model, batch: NDArray) -> NDArray:
    try:
        return np.asarray(head(batch))
    except Exception as error:
        if any(isinstance(layer, keras.layers.Flatten) for layer in head.layers):
            raise NotYet(_FLATTEN) from None
        raise NotYet(
            f"The model does not take maps of shape {batch.shape}: height and width may be "
            f"anything, so write `keras.Input((None, None, maps))`. Keras says: {_reason(error)}"
        ) from None


def _reason(error: Exception) -> str:
    """What Keras says is wrong, without the place, the numbers of the input, and the bold face."""
    plain = re.sub(r"\x1b\[\d*m", "", str(error))
    found = re.search(r"expected (shape|axis|min_ndim).*", plain, flags=re.I)
    lines = [line for line in plain.splitlines() if line and "Exception encountered" not in line]
    return found[0] if found else " ".join(lines[:1])


def _shapes(got: NDArray, batch: NDArray, classes: int) -> list[tuple[str, str]]:
    return [
        ("shape of the maps", str(batch.shape)),
        ("expected shape", str((len(batch), classes))),
        ("your shape", str(got.shape)),
    ]


def _shape_hint(shape: tuple[int, ...], count: int, classes: int) -> str:
    if len(shape) == 4 and shape[1:3] == (1, 1):
        return "Two axes of length 1 are left: take the mean without `keepdims`."
    if len(shape) == 4:
        return (
            "Your model gives numbers for every place. The mean of each map has to come first: "
            "`layers.GlobalAveragePooling2D()`."
        )
    if shape[0] == count and len(shape) == 2:
        return (
            f"Your model gives {shape[1]} numbers for each picture, and there are {classes} "
            "classes: take as many units as the argument `classes` says."
        )
    return "The shape differs."


def _check_parameters(head: keras.Model, maps: int, classes: int) -> None:
    expected, got = (maps + 1) * classes, head.count_params()
    if got == expected and len(head.trainable_weights) == len(head.weights):
        return
    if got == expected:
        raise NotYet("The head is frozen: it has to learn. Only the backbone stays as it is.")
    hint = ""
    if any(isinstance(layer, keras.layers.Flatten) for layer in head.layers) and got > expected:
        hint = f" {_FLATTEN}"
    elif got == maps * classes:
        hint = " The dense layer has no bias; leave `use_bias` as it is."
    elif got > expected:
        hint = " One dense layer is enough: leave out whatever else has parameters."
    facts = [("expected parameters", f"({maps} + 1) · {classes} = {expected}")]
    raise NotYet(f"The number of parameters differs.{hint}", [*facts, ("got", str(got))])


def _check_values(got: NDArray, batch: NDArray, head: keras.Model) -> None:
    weights, bias = sorted((w.numpy() for w in head.weights), key=np.ndim, reverse=True)
    weights = weights.reshape(-1, len(bias))
    logits = batch.mean(axis=(1, 2)) @ weights + bias
    right = _softmax(logits)
    if np.allclose(got, right, atol=1e-5):
        return
    by_mistake = {
        "These are sigmoids: each is a number of its own, and together they do not make 1. "
        'Exclusive classes want `activation="softmax"`.': 1 / (1 + np.exp(-logits)),
        "These are logits, the numbers before the softmax: the dense layer wants "
        '`activation="softmax"`.': logits,
        "The dense layer has a ReLU; probabilities want a softmax.": np.maximum(logits, 0),
        "You took the largest number of each map; take the mean, "
        "`layers.GlobalAveragePooling2D()`.": _softmax(batch.max(axis=(1, 2)) @ weights + bias),
        "You added up each map; take its mean, `layers.GlobalAveragePooling2D()`.": _softmax(
            batch.sum(axis=(1, 2)) @ weights + bias
        ),
        "The softmax comes once: you have it twice.": _softmax(right),
        "You took the mean of probabilities, of one softmax a place. The mean of each map comes "
        "first, then one softmax.": _softmax(batch @ weights + bias).mean(axis=(1, 2)),
        "These are logarithms of probabilities: the dense layer wants "
        '`activation="softmax"`.': np.log(right),
        "Your softmax runs over the pictures of the batch; it belongs over the classes.": _softmax(
            logits.T
        ).T,
    }
    hints = [hint for hint, wrong in by_mistake.items() if np.allclose(got, wrong, atol=1e-5)]
    facts = [("sum of the first row", f"{got[0].sum():.3f}")]
    raise NotYet(
        " ".join(["The output is not the softmax of the dense layer on the means.", *hints]), facts
    )


def _softmax(logits: NDArray) -> NDArray:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _counts(network: Sequence[Layer]) -> tuple[int, int]:
    """Trainable and other parameters, counted in layers that Keras has built."""
    trains = rest = 0
    for kind, side, inputs, outputs, trainable in network:
        layer = _built(kind, side, inputs, outputs)
        layer.trainable = trainable
        trains += sum(int(np.prod(w.shape)) for w in layer.trainable_weights)
        rest += sum(int(np.prod(w.shape)) for w in layer.non_trainable_weights)
    return trains, rest


def _frozen(network: Sequence[Layer]) -> int:
    """Parameters of the layers that are frozen as a whole."""
    return sum(sum(_counts([layer])) for layer in network if not layer[-1])


def _built(kind: str, side: int, inputs: int, outputs: int) -> keras.Layer:
    if kind == "conv":
        layer = keras.layers.Conv2D(outputs, side, use_bias=False)
        layer.build((None, None, None, inputs))
    elif kind == "norm":
        layer = keras.layers.BatchNormalization()
        layer.build((None, None, None, inputs))
    else:
        layer = keras.layers.Dense(outputs)
        layer.build((None, inputs))
    return layer


def _networks() -> Iterator[tuple[list[Layer]]]:
    """The example of the lesson, then others."""
    yield ([("conv", 3, 2, 4, False), ("norm", 1, 4, 4, False), ("dense", 1, 4, 3, True)],)
    yield ([("conv", 5, 3, 8, True), ("norm", 1, 8, 8, True), ("dense", 1, 8, 10, True)],)
    yield ([("conv", 3, 2, 4, True), ("norm", 1, 4, 4, False), ("dense", 1, 4, 3, True)],)
    yield ([("norm", 1, 6, 6, True)],)
    yield ([("dense", 1, 6, 4, True), ("dense", 1, 4, 3, False)],)
    rng = np.random.default_rng(0)
    for _ in range(4):
        yield (_random_network(rng),)


def _random_network(rng: np.random.Generator) -> list[Layer]:
    """Some rounds of convolution and normalization, then a dense layer."""
    network, maps = [], int(rng.integers(1, 5))
    for _ in range(rng.integers(1, 4)):
        wider = int(rng.integers(2, 9))
        trains = [bool(flag) for flag in rng.integers(0, 2, 2)]
        network.append(("conv", int(rng.choice([1, 3, 5])), maps, wider, trains[0]))
        network.append(("norm", 1, wider, wider, trains[1]))
        maps = wider
    return [*network, ("dense", 1, maps, int(rng.integers(2, 6)), bool(rng.integers(2)))]


@exercise(
    "Parameters that train",
    "You counted what Keras counts, without asking it.",
)
def parameters(answer: Callable[..., Any]) -> None:
    """How many parameters train and how many do not, against layers that Keras has built."""

    def by_formula(conv, norm, dense, frozen=True):
        """A count like the right one, with other formulas; norm gives (trains, rest)."""

        def function(network):
            trains = rest = 0
            for kind, k, inputs, outputs, trainable in network:
                size = {"conv": conv, "dense": dense}.get(kind, lambda *_: 0)(k, inputs, outputs)
                own, moving = norm(outputs) if kind == "norm" else (size, 0)
                trains += own if trainable or not frozen else 0
                rest += moving + (0 if trainable or not frozen else own)
            return trains, rest

        return function

    def conv(k, inputs, outputs):
        return k * k * inputs * outputs

    def dense(k, inputs, outputs):
        return (inputs + 1) * outputs

    def norm(maps):
        return 2 * maps, 2 * maps

    def all_four(maps):
        return 4 * maps, 0

    def with_bias(k, inputs, outputs):
        return conv(k, inputs, outputs) + outputs

    compare(
        answer,
        _counts,
        _networks(),
        [
            Misconception(
                "You swapped them: first what trains, then the rest.",
                lambda network: _counts(network)[::-1],
            ),
            Misconception(
                "The second number is how many do not train, not how many there are in all.",
                lambda network: (_counts(network)[0], sum(_counts(network))),
            ),
            Misconception(
                "You counted frozen layers among those that train: look at the last entry.",
                by_formula(conv, norm, dense, frozen=False),
            ),
            Misconception(
                "Two of the four numbers of a batch normalization are the moving mean and "
                "variance. They are measured, not trained: they never count as trainable.",
                by_formula(conv, all_four, dense),
            ),
            Misconception(
                "A batch normalization has four numbers for each map, of which you counted two: "
                "scale and shift, and the moving mean and variance.",
                by_formula(conv, lambda maps: (2 * maps, 0), dense),
            ),
            Misconception(
                "The moving mean and variance of a batch normalization that trains do not: they "
                "belong to the second number.",
                lambda network: (_counts(network)[0], _frozen(network)),
            ),
            Misconception(
                "A batch normalization whose last entry is True trains two of its four numbers a "
                "map: scale and shift.",
                by_formula(conv, lambda maps: (0, 4 * maps), dense),
            ),
            Misconception(
                "These convolutions have no bias: the normalization after each has a shift.",
                by_formula(with_bias, norm, dense),
            ),
            Misconception(
                "The dense layer has a bias for each output.",
                by_formula(conv, norm, lambda k, inputs, outputs: inputs * outputs),
            ),
            Misconception(
                "A kernel of side k has k · k places.",
                by_formula(lambda k, inputs, outputs: k * inputs * outputs, norm, dense),
            ),
            Misconception(
                "A kernel is as deep as its input: k · k weights for every map that comes in.",
                by_formula(lambda k, inputs, outputs: k * k * outputs, norm, dense),
            ),
        ],
        rtol=0,
        atol=0,
    )


NORM = "BatchNormalization"


def _trains(names: list[str], kinds: list[str], start: str) -> NDArray[np.bool_]:
    """A flag for each layer, found one at a time from the front."""
    flags, reached = [], False
    for name, kind in zip(names, kinds, strict=True):
        reached = reached or name.startswith(start)
        flags.append(reached and kind != NORM)
    return np.array(flags, bool)


def _from_a_name_with(names: list[str], kinds: list[str], start: str) -> NDArray[np.bool_]:
    """Flags from the first layer on whose name has `start` anywhere in it."""
    begin = next(number for number, name in enumerate(names) if start in name)
    return np.array([n >= begin and kind != NORM for n, kind in enumerate(kinds)], bool)


def _layer_lists() -> Iterator[tuple[list[str], list[str], str]]:
    """The example of the lesson, then longer networks, cut at each of their blocks."""
    yield (
        ["stem", "block1_conv", "block1_norm", "block2_conv", "block2_norm", "block2_relu"],
        ["Conv2D", "Conv2D", NORM, "Conv2D", NORM, "ReLU"],
        "block2",
    )
    names, kinds = ["photograph", "stem", "stem_norm"], ["InputLayer", "Conv2D", NORM]
    for number in (1, 2, 3):
        block = f"block{number}"
        names += [f"{block}_conv1", f"{block}_shortcut", f"{block}_norm", f"{block}_add"]
        kinds += ["Conv2D", "Conv2D", NORM, "Add"]
        names.append(f"{block}_scaling")  # a normalization by another name
        kinds.append(NORM)
    for start in ("block2", "block1", "block3", "stem"):
        yield [*names], [*kinds], start
    names = ["subtract", "a1", "b1", "b2", "c1", "c2"]  # "subtract" has a b, but not in front
    yield names, ["Rescaling", "Conv2D", NORM, "Conv2D", NORM, "LayerNormalization"], "b"


@exercise(
    "Which layers to freeze",
    "From the block to the end, and the normalizations stay as they are.",
)
def layers_to_train(answer: Callable[..., Any]) -> None:
    """Flags of the layers that train, against a walk from the first layer to the last."""

    def first(names, start):
        return next(n for n, name in enumerate(names) if name.startswith(start))

    def flags(rule):
        """What comes of a rule on number, name, kind, and the first layer of the block."""

        def function(names, kinds, start):
            begin = first(names, start)
            rows = enumerate(zip(names, kinds, strict=True))
            return np.array([rule(n, name, kind, begin, start) for n, (name, kind) in rows], bool)

        return function

    compare(
        answer,
        _trains,
        _layer_lists(),
        [
            Misconception(
                "The batch normalizations have to stay frozen, whatever their names: look at "
                "`kinds`.",
                flags(lambda n, name, kind, begin, start: n >= begin),
            ),
            Misconception(
                "You marked what stays frozen: True means that the layer trains.",
                lambda names, kinds, start: ~_trains(names, kinds, start),
            ),
            Misconception(
                "You marked the layers before the block. Those hold what is general; train the "
                "block and all that comes after it.",
                flags(lambda n, name, kind, begin, start: n < begin and kind != NORM),
            ),
            Misconception(
                "Only batch normalizations stay frozen; other normalizations have nothing that "
                "moves by itself.",
                flags(lambda n, name, kind, begin, start: n >= begin and "Norm" not in kind),
            ),
            Misconception(
                "What comes after the block has to train, too: it gets other inputs now.",
                flags(lambda n, name, kind, begin, start: name.startswith(start) and kind != NORM),
            ),
            Misconception(
                "ReLU, Add and the like are marked, too: all layers from the block on, except "
                "batch normalizations.",
                flags(lambda n, name, kind, begin, start: n >= begin and kind == "Conv2D"),
            ),
            Misconception(
                "A name has to *begin* with `start`: `name.startswith(start)`.",
                _from_a_name_with,
            ),
            Misconception(
                "The first layer of the block is missing.",
                flags(lambda n, name, kind, begin, start: n > begin and kind != NORM),
            ),
            Misconception(
                "You told the batch normalizations by their names. A name can be anything: look "
                "at `kinds`.",
                flags(lambda n, name, kind, begin, start: n >= begin and not name.endswith("norm")),
            ),
        ],
    )
