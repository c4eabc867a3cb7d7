"""Checks of the lesson Transfer learning."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax

from utils.checks import Exercise, NotYet
from utils.quiet import keras

Layer = tuple[str, int, int, int, bool]

# ---- A new head ----------------------------------------------------------------------------------

UNKNOWN = (
    "Keras cannot tell how many numbers come into a layer with weights. Behind a `Flatten` they "
    "are height · width · maps, and height and width may be anything; behind the mean of each map, "
    "`layers.GlobalAveragePooling2D()`, they are `maps`."
)


def _inputs(maps: int, classes: int) -> tuple[NDArray, NDArray, NDArray]:
    """A batch of maps with numbers of both signs, and the kernel and bias that a head gets."""
    rng = np.random.default_rng([maps, classes])
    batch = rng.normal(0.5, 2, (3, *rng.integers(1, 6, 2), maps)).astype(np.float32)
    return batch, 2 * rng.normal(size=(maps, classes)) / np.sqrt(maps), rng.normal(size=classes)


def _head(
    activate: Callable[[NDArray], NDArray], pool: Callable[[NDArray], NDArray]
) -> Callable[[int, int], NDArray]:
    """What a head gives for the batch: its dense layer behind `pool`, then `activate`."""

    def outputs(maps, classes):
        batch, kernel, bias = _inputs(maps, classes)
        return activate(pool(batch) @ kernel + bias)

    return outputs


def _softmax(logits: NDArray) -> NDArray:
    return softmax(logits, axis=-1)


def _means(batch: NDArray) -> NDArray:
    return batch.mean(axis=(1, 2))


def _places(batch: NDArray) -> NDArray:
    return batch


def _explained(answer: Any) -> Any:
    """The answer, which says in our words what Keras says of a layer behind a `Flatten`."""
    if not callable(answer):
        return answer

    def new_head(maps, classes):
        try:
            return answer(maps, classes)
        except ValueError as error:
            if "fully-defined" in str(error):
                error.args = (UNKNOWN,)
            raise

    return new_head


def _outputs(head: Any, maps: int, classes: int) -> NDArray:
    """What a model with these weights makes of the batch; `NotYet` where it cannot have them."""
    parts = head if isinstance(head, list | tuple) else []
    if any(isinstance(part, keras.Layer) for part in parts):
        raise NotYet("This is a list of layers: put them into a `keras.Sequential([...])`.")
    if isinstance(head, keras.KerasTensor):
        raise NotYet("This is the output of a layer: return `keras.Model(inputs, outputs)`.")
    if not isinstance(head, keras.Model):
        raise NotYet(f"Return a Keras model. You returned: {type(head).__name__}.")
    batch, kernel, bias = _inputs(maps, classes)
    _take(head, keras.Input((None, None, maps)))
    count = head.count_params()
    if count == (maps + 1) * classes:
        _set_weights(head, kernel, bias)
    _take(head, keras.Input(batch.shape[1:]))
    got = np.asarray(_take(head, batch))
    if count != (maps + 1) * classes and got.shape == (len(batch), classes):
        facts = [
            ("expected parameters", f"({maps} + 1) · {classes} = {(maps + 1) * classes}"),
            ("yours", " + ".join(f"{weight.shape}" for weight in head.weights) + f" = {count}"),
        ]
        raise NotYet("The number of parameters is not that of one dense layer.", facts)
    return got


def _take(head: keras.Model, maps: Any) -> Any:
    try:
        return head(maps)
    except Exception as error:
        said = re.sub(r"\x1b\[\d*m", "", str(error))  # Keras prints in bold
        if "fully-defined" in said:
            raise NotYet(UNKNOWN, hint=UNKNOWN) from None
        told = re.search(r"expected (shape|axis|min_ndim).*", said, flags=re.I)
        lines = [line for line in said.splitlines() if line and "Exception enc" not in line]
        shape = ", ".join("any" if side is None else str(side) for side in maps.shape[1:])
        size = "" if None in maps.shape[1:] else "Height and width may be anything. "
        raise NotYet(
            f"The model does not take maps of shape (N, {shape}). {size}"
            f"Keras says: {told[0] if told else ' '.join(lines[:1])}"
        ) from None


def _set_weights(head: keras.Model, kernel: NDArray, bias: NDArray) -> None:
    """Give a head this kernel and bias, however its layer keeps them."""
    if len(head.trainable_weights) != len(head.weights):
        raise NotYet("The head is frozen: it has to learn. Only the backbone stays as it is.")
    shapes = [tuple(weight.shape) for weight in head.weights]
    if sorted(map(np.prod, shapes)) != sorted([bias.size, kernel.size]):
        raise NotYet(
            f"One dense layer has a kernel {kernel.shape} and a bias {bias.shape}.",
            [("shapes of your parameters", str(shapes))],
        )
    large_first = sorted(
        head.weights, key=lambda weight: (np.prod(weight.shape), len(weight.shape)), reverse=True
    )
    for weight, value in zip(large_first, (kernel, bias), strict=True):
        turned = tuple(weight.shape) == value.T.shape != value.shape
        weight.assign(np.reshape(value.T if turned else value, weight.shape))


new_head = Exercise(
    title="A new head for N classes",
    outcome="build",
    praise="The mean makes it fit maps of any size, and one dense layer is all that has to be "
    "learned.",
    nudge="Which layer turns a map of any height and width into one number? (Behind a `Flatten`, "
    "the count of numbers would change with the size of the picture.)",
    hint="Three parts in a `keras.Sequential([...])`: the `keras.Input` of the text above, a "
    "`GlobalAveragePooling2D`, and a `Dense` with one unit for each class, whose activation "
    "makes probabilities that add up to 1.",
    use=_explained,
    read=_outputs,
    oracle=lambda maps, classes: _head(_softmax, _means)(maps, classes),
    cases=[(3, 2), (256, 8), (1, 4), (16, 11)],
    legal=lambda rng: (int(rng.integers(12, 40)), int(rng.integers(2, 11))),
    draws=2,
    atol=1e-5,
    misconceptions={
        "Each of these numbers is a sigmoid, by itself: together they do not make 1. Exclusive "
        'classes want `activation="softmax"`.': _head(expit, _means),
        "These are no probabilities yet, but the logits, or what another activation makes of them: "
        'the dense layer wants `activation="softmax"`.': (
            _head(lambda logits: logits, _means),
            _head(lambda logits: np.maximum(logits, 0), _means),
            _head(lambda logits: log_softmax(logits, axis=-1), _means),
        ),
        "You took the largest number of each map; take the mean, "
        "`layers.GlobalAveragePooling2D()`.": _head(_softmax, lambda batch: batch.max(axis=(1, 2))),
        "You added up each map; take its mean, `layers.GlobalAveragePooling2D()`.": _head(
            _softmax, lambda batch: batch.sum(axis=(1, 2))
        ),
        "The softmax comes once: you have it twice.": _head(
            lambda logits: _softmax(_softmax(logits)), _means
        ),
        "Your model gives numbers for every place. The mean of each map has to come first: "
        "`layers.GlobalAveragePooling2D()`.": (
            _head(_softmax, _places),
            _head(lambda logits: logits, _places),
        ),
        "You took the mean of probabilities, of one softmax a place. The mean of each map comes "
        "first, then one softmax.": _head(lambda logits: _means(_softmax(logits)), _places),
        "Two axes of length 1 are left: take the mean without `keepdims`.": _head(
            _softmax, lambda batch: batch.mean(axis=(1, 2), keepdims=True)
        ),
    },
)

# ---- Which layers to freeze ----------------------------------------------------------------------

NORM = "BatchNormalization"
KINDS = ("Conv2D", "ReLU", "Add", "Dense", "LayerNormalization", NORM, NORM)


def _rule(
    trains: Callable[[str, str, str, bool, bool], bool],
) -> Callable[[list[str], list[str], str], NDArray[np.bool_]]:
    """Flags by a rule on name, kind, start, and whether the block has begun, here or before."""

    def flags(names, kinds, start):
        found, begun = [], False
        for name, kind in zip(names, kinds, strict=True):
            before, begun = begun, begun or name.startswith(start)
            found.append(trains(name, kind, start, begun, before))
        return np.array(found, bool)

    return flags


_trains = _rule(lambda name, kind, start, begun, before: begun and kind != NORM)


def _from_a_name_with(names: list[str], kinds: list[str], start: str) -> NDArray[np.bool_]:
    """Flags from the first layer on whose name has `start` anywhere in it."""
    begin = next(number for number, name in enumerate(names) if start in name)
    return np.array([n >= begin and kind != NORM for n, kind in enumerate(kinds)], bool)


def _network(rng: np.random.Generator) -> tuple[list[str], list[str], str]:
    """A network of blocks, each of some layers of any kind, and the block to start from."""
    word, blocks = str(rng.choice(["block", "stage", "b"])), int(rng.integers(1, 5))
    start = f"{word}{rng.integers(1, blocks + 1)}" if rng.random() < 0.8 else word
    names, kinds = ["stem", f"before_{start}"], ["InputLayer", "Rescaling"]
    for block in range(1, blocks + 1):
        for number in range(1, int(rng.integers(2, 6))):
            names.append(f"{word}{block}_{rng.choice(['conv', 'norm', 'relu', 'x'])}{number}")
            kinds.append(str(rng.choice(KINDS)))
    return names, kinds, start


layers_to_train = Exercise(
    title="Which layers to freeze",
    outcome="tune",
    praise="From the block to the end, and the normalizations stay as they are.",
    nudge="Whether a layer trains depends on two things. One of them you see in the layer itself, "
    "for the other you have to know the layers before it. Which is which?",
    hint="Find the number of the first layer whose name begins with `start`: `name.startswith` "
    "tells. Then go through `kinds` with `enumerate`: a layer trains if its number is not "
    "below that one, and its kind is not a batch normalization.",
    oracle=lambda names, kinds, start: _trains(names, kinds, start),
    cases=[
        (
            ["stem", "block1_conv", "block1_norm", "block2_conv", "block2_norm", "block2_relu"],
            ["Conv2D", "Conv2D", NORM, "Conv2D", NORM, "ReLU"],
            "block2",
        ),
        (["a"], ["Conv2D"], "a"),
        (["a", "b"], [NORM, NORM], "b"),
        (["x1", "b1", "b2", "b3", "b4"], [NORM, NORM, "Conv2D", NORM, "LayerNormalization"], "b"),
        (["z", "y", "x_norm", "w"], ["Conv2D", NORM, "Conv2D", "Dense"], "y"),
    ],
    legal=_network,
    misconceptions={
        "The batch normalizations have to stay frozen, whatever their names: look at `kinds`.": (
            _rule(lambda name, kind, start, begun, before: begun),
            _rule(lambda name, kind, start, begun, before: begun and not name.endswith("norm")),
            _rule(lambda name, kind, start, begun, before: begun and "norm" not in name),
        ),
        "You marked what stays frozen: True means that the layer trains.": (
            lambda names, kinds, start: ~_trains(names, kinds, start)
        ),
        "You marked the layers before the block. Those hold what is general; train the block and "
        "all that comes after it.": _rule(
            lambda name, kind, start, begun, before: not begun and kind != NORM
        ),
        "What comes after the block has to train, too: it gets other inputs now.": _rule(
            lambda name, kind, start, begun, before: name.startswith(start) and kind != NORM
        ),
        "ReLU, Add and the like are marked, too: all layers from the block on, except batch "
        "normalizations.": (
            _rule(lambda name, kind, start, begun, before: begun and kind == "Conv2D"),
            _rule(lambda name, kind, start, begun, before: begun and kind in ("Conv2D", "Dense")),
        ),
        "Only batch normalizations stay frozen; other normalizations have nothing that moves by "
        "itself.": _rule(lambda name, kind, start, begun, before: begun and "Norm" not in kind),
        "A name has to *begin* with `start`: `name.startswith(start)`.": _from_a_name_with,
        "The first layer of the block is missing.": _rule(
            lambda name, kind, start, begun, before: before and kind != NORM
        ),
    },
)

# ---- Parameters that train -----------------------------------------------------------------------


@cache
def _sizes(kind: str, side: int, maps_in: int, maps_out: int) -> tuple[int, int]:
    """Parameters that can train, and that never do, of a layer that Keras has built."""
    layer, shape = {
        "conv": (keras.layers.Conv2D(maps_out, side, use_bias=False), (None, None, None, maps_in)),
        "norm": (keras.layers.BatchNormalization(), (None, None, None, maps_in)),
        "dense": (keras.layers.Dense(maps_out), (None, maps_in)),
    }[kind]
    layer.build(shape)
    weights = layer.trainable_weights, layer.non_trainable_weights
    return tuple(sum(int(np.prod(weight.shape)) for weight in part) for part in weights)


def _counted(network: Iterable[Layer], **others: Callable[[int, int, int], Any]) -> tuple[int, int]:
    """What trains and what does not; `others` has other sizes for a kind than those of Keras."""
    trains = rest = 0
    for kind, *shape, trainable in network:
        open_to_training, never = others[kind](*shape) if kind in others else _sizes(kind, *shape)
        trains += open_to_training if trainable else 0
        rest += never + (0 if trainable else open_to_training)
    return trains, rest


def _with(**others: Callable[[int, int, int], Any]) -> Callable[[list[Layer]], tuple[int, int]]:
    return lambda network: _counted(network, **others)


def _layers(rng: np.random.Generator) -> tuple[list[Layer]]:
    """Convolutions, normalizations and dense layers, in any order and number."""
    network, maps = [], int(rng.integers(1, 7))
    for kind in rng.choice(["conv", "norm", "dense"], rng.integers(1, 8)).tolist():
        side = int(rng.choice([1, 2, 3, 5])) if kind == "conv" else 1
        wider = maps if kind == "norm" else int(rng.integers(1, 9))
        network.append((kind, side, maps, wider, bool(rng.integers(2))))
        maps = wider
    return (network,)


parameters = Exercise(
    title="Parameters that train",
    outcome="compare",
    praise="You counted what Keras counts, without asking it.",
    nudge="Take the three layers of the example one by one. How many numbers does each of them "
    "have, and into which of the two sums does each number go?",
    hint="A kernel has side · side · maps in weights, and there are maps out of them. A dense "
    "layer has maps in weights and a bias for each output. A normalization has 2 · maps numbers "
    "that go where its flag says, and 2 · maps that always go to the second sum.",
    oracle=lambda network: _counted(network),
    cases=[
        ([("conv", 3, 2, 4, False), ("norm", 1, 4, 4, False), ("dense", 1, 4, 3, True)],),
        ([("conv", 5, 3, 8, True), ("norm", 1, 8, 8, True), ("dense", 1, 8, 10, True)],),
        ([("conv", 3, 2, 4, True), ("norm", 1, 4, 4, False), ("dense", 1, 4, 3, True)],),
        ([("norm", 1, 6, 6, True)],),
        ([("dense", 1, 6, 4, True), ("dense", 1, 4, 3, False)],),
        ([("conv", 1, 1, 1, False)],),
        ([("conv", 3, 128, 256, True), ("conv", 3, 256, 256, True)],),
    ],
    legal=_layers,
    whole=True,
    rtol=0,
    atol=0,
    misconceptions={
        "You swapped them: first what trains, then the rest.": lambda network: _counted(network)[
            ::-1
        ],
        "The second number is how many do not train, not how many there are in all.": (
            lambda network: (_counted(network)[0], sum(_counted(network)))
        ),
        "You counted frozen layers among those that train: look at the last entry.": (
            lambda network: _counted((*layer[:4], True) for layer in network)
        ),
        "A batch normalization has four numbers for each map: scale and shift, which go where its "
        "last entry says, and the moving mean and variance, which are measured, never trained. "
        "These always belong to the second number.": (
            _with(norm=lambda side, maps_in, maps_out: (4 * maps_out, 0)),
            _with(norm=lambda side, maps_in, maps_out: (2 * maps_out, 0)),
            _with(norm=lambda side, maps_in, maps_out: (0, 4 * maps_out)),
            lambda network: (
                _counted(network)[0],
                sum(sum(_sizes(*layer[:4])) for layer in network if not layer[4]),
            ),
        ),
        "These convolutions have no bias: the normalization after each has a shift.": _with(
            conv=lambda side, maps_in, maps_out: ((side * side * maps_in + 1) * maps_out, 0)
        ),
        "The dense layer has a bias for each output.": _with(
            dense=lambda side, maps_in, maps_out: (maps_in * maps_out, 0)
        ),
        "A kernel of side k has k · k places.": _with(
            conv=lambda side, maps_in, maps_out: (side * maps_in * maps_out, 0)
        ),
        "A kernel is as deep as its input: k · k weights for every map that comes in.": _with(
            conv=lambda side, maps_in, maps_out: (side * side * maps_out, 0)
        ),
    },
)
