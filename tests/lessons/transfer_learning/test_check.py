"""Transfer learning: other right answers, and the hint for each named misconception."""

import numpy as np
import pytest

from lessons.transfer_learning import check
from tests.kit.answers import accepted, refused
from utils.quiet import keras

pytestmark = pytest.mark.slow

layers = keras.layers
NORM = "BatchNormalization"


def head(*parts, size=(None, None)):
    """An answer: a Sequential of what `parts` make of the number of classes."""

    def answer(maps, classes):
        made = [part(classes) if callable(part) else part for part in parts]
        return keras.Sequential([keras.Input((*size, maps)), *made])

    return answer


def mean(classes):
    return layers.GlobalAveragePooling2D()


def dense(classes):
    return layers.Dense(classes, activation="softmax")


def units(activation, **options):
    return lambda classes: layers.Dense(classes, activation=activation, **options)


def functional(maps, classes):
    x = keras.Input((None, None, maps))
    y = layers.GlobalAveragePooling2D()(x)
    return keras.Model(x, layers.Softmax()(layers.Dense(classes)(y)))


def without_input(maps, classes):
    return keras.Sequential([mean(classes), dense(classes)])


def own_softmax(x):
    powers = keras.ops.exp(x)
    return powers / keras.ops.sum(powers, axis=-1, keepdims=True)


def for_twelve_places(maps, classes):
    return head(
        lambda n: layers.Reshape((12, maps)), lambda n: layers.GlobalAveragePooling1D(), dense
    )(maps, classes)


def kept_and_convolved(maps, classes):
    """A 1x1 convolution is a dense layer at every place; the mean of logits is the logit of means."""
    x = keras.Input((None, None, maps))
    y = layers.GlobalAveragePooling2D()(layers.Conv2D(classes, 1)(x))
    return keras.Model(x, layers.Softmax()(y))


def along_one_axis(maps, classes):
    return head(
        lambda n: layers.Reshape((-1, maps)), lambda n: layers.GlobalAveragePooling1D(), dense
    )(maps, classes)


class Own(keras.Model):
    """A model of one's own kind."""

    def __init__(self, classes):
        super().__init__()
        self.answer = layers.Dense(classes)

    def call(self, x):
        return keras.ops.softmax(self.answer(keras.ops.mean(x, axis=(1, 2))))


def frozen_head(maps, classes):
    model = head(mean, dense)(maps, classes)
    model.trainable = False
    return model


def flattened(maps, classes):
    return keras.Sequential([layers.Flatten(), layers.Dense(classes, activation="softmax")])


def only_layers(maps, classes):
    return [mean(classes), dense(classes)]


def counts(network, norm=(2, 2), bias=0, dense_bias=1, frozen=True, square=2, deep=True):
    trains = rest = 0
    for kind, k, inputs, outputs, trainable in network:
        if kind == "norm":
            own, moving = norm[0] * outputs, norm[1] * outputs
        elif kind == "conv":
            own, moving = (k**square * (inputs if deep else 1) + bias) * outputs, 0
        else:
            own, moving = (inputs + dense_bias) * outputs, 0
        trains += own if trainable or not frozen else 0
        rest += moving + (0 if trainable or not frozen else own)
    return trains, rest


def one_at_a_time(network):
    totals = {True: 0, False: 0}
    for kind, k, inputs, outputs, trainable in network:
        match kind:
            case "conv":
                totals[trainable] += k * k * inputs * outputs
            case "norm":
                totals[trainable] += 2 * outputs
                totals[False] += 2 * outputs
            case "dense":
                totals[trainable] += inputs * outputs + outputs
    return [totals[True], totals[False]]


def sum_of_all(network):
    return counts(network)[0], sum(counts(network))


def moving_when_frozen(network):
    """Counts the moving mean and variance only of the normalizations that are frozen."""
    open_norms = sum(row[3] for row in network if row[0] == "norm" and row[4])
    trains, rest = counts(network)
    return trains, rest - 2 * open_norms


def forgets_the_frozen(network):
    return counts(network)[0], sum(counts([row])[1] for row in network if row[0] == "norm")


def nine_for_every_kernel(network):
    return counts([(kind, 3 if kind == "conv" else k, *row) for kind, k, *row in network])


def last_is_dense(network):
    *body, (_, _, inputs, outputs, trainable) = network
    trains, rest = counts([row for row in body if row[0] != "dense"])
    last = (inputs + 1) * outputs
    return (trains + last, rest) if trainable else (trains, rest + last)


def empties_its_input(network):
    totals = np.zeros(2, int)
    while network:
        totals += counts([network.pop()])
    return totals


def from_records(network):
    """Total first, then what trains, by an array of records."""
    table = [
        (kind == "norm", k * k * i * o if kind == "conv" else (i + 1) * o, o, train)
        for kind, k, i, o, train in network
    ]
    sizes = np.array([2 * o if norm else size for norm, size, o, _ in table])
    trainable = np.array([train for *_, train in table])
    moving = sum(2 * o for norm, _, o, _ in table if norm)
    return np.int32(sizes @ trainable), np.int64(sizes.sum() + moving - sizes @ trainable)


def begin(names, start):
    return min(n for n, name in enumerate(names) if name.startswith(start))


def flags(rule):
    def answer(names, kinds, start):
        first = begin(names, start)
        return [rule(n, names[n], kinds[n], first, start) for n in range(len(names))]

    return answer


def trains(n, name, kind, first, start):
    return n >= first and kind != NORM


def with_masks(names, kinds, start):
    reached = np.maximum.accumulate([name.startswith(start) for name in names])
    return reached & (np.array(kinds) != NORM)


def from_behind(names, kinds, start):
    """Walks back from the end to the first layer of the block."""
    places = [n for n in range(len(names))[::-1] if names[n].startswith(start)]
    return [False] * places[-1] + [kind != NORM for kind in kinds[places[-1] :]]


def one_by_one(names, kinds, start):
    flags, reached = [], np.False_
    for name, kind in zip(names, kinds, strict=True):
        reached = reached | name.startswith(start)
        flags.append(np.bool_(reached and kind != NORM))
    return flags


def from_its_last_layer(names, kinds, start):
    last = max(n for n, name in enumerate(names) if name.startswith(start))
    return [n >= last and kind != NORM for n, kind in enumerate(kinds)]


def with_the_word_in_it(names, kinds, start):
    first = min(n for n, name in enumerate(names) if start in name)
    return [n >= first and kind != NORM for n, kind in enumerate(kinds)]


def by_the_alphabet(names, kinds, start):
    return [name >= start and kind != NORM for name, kind in zip(names, kinds, strict=True)]


def drops_the_norms(names, kinds, start):
    first = begin(names, start)
    return [n >= first for n, kind in enumerate(kinds) if kind != NORM]


def whole_names(names, kinds, start):
    first = [name.split("_")[0] for name in names].index(start)
    return [n >= first and kind != NORM for n, kind in enumerate(kinds)]


def remembers(seen=[]):  # noqa: B006
    def answer(names, kinds, start):
        seen.extend(name.startswith(start) for name in names)
        return [any(seen[: n + 1]) and kind != NORM for n, kind in enumerate(kinds)]

    return answer


RIGHT = {
    "functional": (check.new_head, functional),
    "softmax as a layer": (
        check.new_head, head(mean, units(None), lambda n: layers.Softmax())),
    "built at the first call": (check.new_head, without_input),
    "a softmax of one's own": (check.new_head, head(mean, units(own_softmax))),
    "a size that Keras overrides": (check.new_head, head(mean, dense, size=(8, 8))),
    "mean of a 1x1 convolution": (check.new_head, kept_and_convolved),
    "with dropout": (check.new_head, head(mean, lambda n: layers.Dropout(0.5), dense)),
    "kept dimensions": (
        check.new_head,
        head(lambda n: layers.GlobalAveragePooling2D(keepdims=True), lambda n: layers.Flatten(), dense)),
    "places along one axis": (check.new_head, along_one_axis),
    "a model of one's own kind": (check.new_head, lambda maps, classes: Own(classes)),
    "a kernel of zeros": (
        check.new_head, head(mean, units("softmax", kernel_initializer="zeros"))),
    "by name": (
        check.new_head,
        lambda maps, classes: head(mean, dense)(classes=classes, maps=maps)),
    "records": (check.parameters, from_records),
    "match": (check.parameters, one_at_a_time),
    "an array": (check.parameters, lambda network: np.array(counts(network))),
    "floats": (check.parameters, lambda network: tuple(map(float, counts(network)))),
    "flags in a list": (check.layers_to_train, flags(trains)),
    "flags in a tuple": (
        check.layers_to_train, lambda *case: tuple(flags(trains)(*case))),
    "from the end": (check.layers_to_train, from_behind),
    "one by one": (check.layers_to_train, one_by_one),
    "flags by masks": (check.layers_to_train, with_masks),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "flatten": (check.new_head, head(lambda n: layers.Flatten(), dense), "Flatten needs to know"),
    "flatten, fixed size": (
        check.new_head, head(lambda n: layers.Flatten(), dense, size=(3, 4)), "Flatten needs to know"),
    "flatten, no input": (check.new_head, flattened, "Flatten needs to know"),
    "fixed size": (check.new_head, for_twelve_places, "height and width may be anything"),
    "no mean": (check.new_head, head(dense), "numbers for every place"),
    "largest": (check.new_head, head(lambda n: layers.GlobalMaxPooling2D(), dense), "largest number"),
    "added up": (
        check.new_head,
        head(lambda n: layers.Lambda(lambda x: keras.ops.sum(x, axis=(1, 2))), dense), "added up each"),
    "over the batch": (
        check.new_head, head(mean, units(None), lambda n: layers.Softmax(axis=0)), "belongs over the classes"),
    "always 256 maps": (
        check.new_head,
        lambda maps, classes: keras.Sequential([keras.Input((None, None, 256)), mean(8), dense(classes)]),
        "Keras says: expected axis -1 of input shape to have value 256"),
    "for vectors": (
        check.new_head,
        lambda maps, classes: keras.Sequential([keras.Input((maps,)), dense(classes)]),
        "Keras says: Expected shape (None, 256)"),
    "sigmoid": (check.new_head, head(mean, units("sigmoid")), "These are sigmoids"),
    "logits": (check.new_head, head(mean, units(None)), "These are logits"),
    "relu": (check.new_head, head(mean, units("relu")), "has a ReLU"),
    "softmax twice": (
        check.new_head, head(mean, dense, lambda n: layers.Softmax()), "you have it twice"),
    "always 8": (
        check.new_head, head(mean, lambda n: layers.Dense(8, activation="softmax")), "8 numbers for each"),
    "a hidden layer": (
        check.new_head, head(mean, lambda n: layers.Dense(16, activation="relu"), dense), "One dense layer"),
    "normalized": (
        check.new_head, head(mean, lambda n: layers.BatchNormalization(), dense), "One dense layer"),
    "no bias": (check.new_head, head(mean, units("softmax", use_bias=False)), "has no bias"),
    "scaled before": (
        check.new_head, head(lambda n: layers.Rescaling(2), mean, dense), "not the softmax of the dense"),
    "layers alone": (check.new_head, only_layers, "keras.Sequential"),
    "a number": (check.new_head, lambda maps, classes: (maps + 1) * classes, "Return a Keras model"),
    "mean of softmaxes": (
        check.new_head,
        head(lambda n: layers.Conv2D(n, 1, activation="softmax"), mean), "mean of probabilities"),
    "log softmax": (check.new_head, head(mean, units("log_softmax")), "logarithms"),
    "kept dimensions": (
        check.new_head,
        head(lambda n: layers.GlobalAveragePooling2D(keepdims=True), dense), "without `keepdims`"),
    "frozen": (check.new_head, frozen_head, "head is frozen"),
    "frozen layer": (
        check.new_head, head(mean, units("softmax", trainable=False)), "head is frozen"),
    "largest, from zeros": (
        check.new_head,
        head(lambda n: layers.GlobalMaxPooling2D(), units("softmax", kernel_initializer="zeros")),
        "largest number"),
    "sigmoid of one unit less": (
        check.new_head, head(mean, lambda n: layers.Dense(n - 1, activation="sigmoid")), "7 numbers for each"),
    "swapped arguments": (
        check.new_head, lambda maps, classes: head(mean, dense)(classes, maps), "height and width"),
    "a layer": (check.new_head, lambda maps, classes: dense(classes), "Return a Keras model"),
    "pixels scaled": (
        check.new_head, head(lambda n: layers.Rescaling(1 / 255), mean, dense), "not the softmax of the dense"),
    "all in all": (check.parameters, sum_of_all, "not how many there are in all"),
    "moving when frozen": (check.parameters, moving_when_frozen, "belong to the second number"),
    "norms never train": (
        check.parameters, lambda network: counts(network, norm=(0, 4)), "two of its four numbers"),
    "frozen forgotten": (check.parameters, forgets_the_frozen, "values differ"),
    "nine for every kernel": (check.parameters, nine_for_every_kernel, "values differ"),
    "dense only at the end": (check.parameters, last_is_dense, "values differ"),
    "input emptied": (check.parameters, empties_its_input, "changed its input"),
    "in thousands": (
        check.parameters, lambda network: np.round(counts(network), -1), "values differ"),
    "swapped counts": (check.parameters, lambda network: counts(network)[::-1], "swapped them"),
    "frozen counted": (check.parameters, lambda network: counts(network, frozen=False), "frozen layers"),
    "four that train": (check.parameters, lambda network: counts(network, norm=(4, 0)), "moving mean"),
    "two of four": (
        check.parameters, lambda network: counts(network, norm=(2, 0)), "four numbers for each map"),
    "bias": (check.parameters, lambda network: counts(network, bias=1), "have no bias"),
    "dense without bias": (
        check.parameters, lambda network: counts(network, dense_bias=0), "bias for each output"),
    "k": (check.parameters, lambda network: counts(network, square=1), "k · k places"),
    "flat kernels": (
        check.parameters, lambda network: counts(network, deep=False), "as deep as its input"),
    "only what trains": (check.parameters, lambda network: counts(network)[0], "shape differs"),
    "norms too": (
        check.layers_to_train, flags(lambda n, name, kind, first, start: n >= first), "stay frozen"),
    "frozen marked": (
        check.layers_to_train, flags(lambda *row: not trains(*row)), "what stays frozen"),
    "before the block": (
        check.layers_to_train,
        flags(lambda n, name, kind, first, start: n < first and kind != NORM), "before the block"),
    "the block alone": (
        check.layers_to_train,
        flags(lambda n, name, kind, first, start: name.startswith(start) and kind != NORM),
        "comes after the block"),
    "one late": (
        check.layers_to_train,
        flags(lambda n, name, kind, first, start: n > first and kind != NORM), "first layer of the block"),
    "norms by name": (
        check.layers_to_train,
        flags(lambda n, name, kind, first, start: n >= first and not name.endswith("norm")),
        "by their names"),
    "convolutions alone": (
        check.layers_to_train,
        flags(lambda n, name, kind, first, start: n >= first and kind == "Conv2D"), "ReLU, Add"),
    "start anywhere in the name": (
        check.layers_to_train, with_the_word_in_it, "`name.startswith(start)`"),
    "all normalizations": (
        check.layers_to_train,
        flags(lambda n, name, kind, first, start: n >= first and "Norm" not in kind),
        "Only batch normalizations"),
    "from its last layer": (check.layers_to_train, from_its_last_layer, "values differ"),
    "by the alphabet": (check.layers_to_train, by_the_alphabet, "values differ"),
    "without the norms": (check.layers_to_train, drops_the_norms, "shape differs"),
    "whole names": (check.layers_to_train, whole_names, "stopped"),
    "remembers": (check.layers_to_train, remembers(), "values differ"),
    "of an example": (
        check.layers_to_train, lambda *case: [False] * 3 + [True, False, True], "shape differs"),
    "lazy": (
        check.layers_to_train, lambda *case: (flag for flag in flags(trains)(*case)), "make it a list"),
    "numbers": (
        check.layers_to_train, flags(lambda *row: int(trains(*row))), "type differs"),
    "names": (
        check.layers_to_train,
        lambda names, kinds, start: [n for n in names if n.startswith(start)], "numbers"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
