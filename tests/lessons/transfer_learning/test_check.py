"""Transfer learning: right answers of unusual form, and wrong ones such as students write."""

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
    return lambda maps, classes: keras.Sequential(
        [keras.Input((*size, maps)), *[part(classes) for part in parts]]
    )


def mean(classes):
    return layers.GlobalAveragePooling2D()


def dense(classes):
    return layers.Dense(classes, activation="softmax")


def units(activation, **options):
    return lambda classes: layers.Dense(classes, activation=activation, **options)


def flatten(classes):
    return layers.Flatten()


def relu(classes):
    return layers.ReLU()


def functional(*parts, size=(None, None), whole=True):
    def answer(maps, classes):
        x = y = keras.Input((*size, maps))
        for part in parts:
            y = part(classes)(y)
        return keras.Model(x, y) if whole else y

    return answer


class Own(keras.Model):
    """A model of one's own kind, with its dense layer behind the mean, or behind a sum."""

    def __init__(self, classes, shares):
        super().__init__()
        self.answer, self.shares = layers.Dense(classes), shares

    def call(self, x):
        total = keras.ops.sum(x, axis=(1, 2))
        count = self.shares or keras.ops.shape(x)[1] * keras.ops.shape(x)[2]
        return keras.ops.softmax(self.answer(total / keras.ops.cast(count, "float32")))


class Turned(layers.Layer):
    """A dense layer of one's own: the kernel lies down, or the bias has a row."""

    def __init__(self, classes, turned):
        super().__init__()
        self.classes, self.turned = classes, turned

    def build(self, shape):
        size, row = (shape[-1], self.classes), (self.classes,)
        self.kernel = self.add_weight(size[::-1] if self.turned else size)
        self.bias = self.add_weight(row if self.turned else (1, *row))

    def call(self, x):
        kernel = keras.ops.transpose(self.kernel) if self.turned else self.kernel
        return keras.ops.softmax(x @ kernel + self.bias)


def frozen_head(maps, classes):
    model = head(mean, dense)(maps, classes)
    model.trainable = False
    return model


def counts(network, norm=(2, 2)):
    trains = rest = 0
    for kind, k, inputs, outputs, trainable in network:
        size = k * k * inputs * outputs if kind == "conv" else (inputs + 1) * outputs
        own, moving = (norm[0] * outputs, norm[1] * outputs) if kind == "norm" else (size, 0)
        trains += own if trainable else 0
        rest += moving + (0 if trainable else own)
    return trains, rest


def last_is_dense(network):
    *body, last = network
    return np.add(counts([row for row in body if row[0] != "dense"]), counts([last]))


def overwrites(network):
    trains = rest = 0
    for row in network:
        trains += counts([row])[0]
        rest = counts([row])[1]
    return trains, rest


def flags(rule):
    def answer(names, kinds, start):
        first = min(n for n, name in enumerate(names) if name.startswith(start))
        return [rule(n, names[n], kinds[n], first, start) for n in range(len(names))]

    return answer


trains = flags(lambda n, name, kind, first, start: n >= first and kind != NORM)


def with_elif(names, kinds, start):
    found, reached = [], False
    for name, kind in zip(names, kinds, strict=True):
        if kind == NORM:
            found.append(False)
        elif name.startswith(start):
            reached = True
            found.append(True)
        else:
            found.append(reached)
    return found


test_right_in_another_way = accepted({
    "functional": (check.new_head, functional(mean, units(None), lambda n: layers.Softmax())),
    "built at the first call": (
        check.new_head, lambda maps, classes: keras.Sequential([mean(0), dense(classes)])),
    "mean behind a 1x1 convolution": (
        check.new_head, head(lambda n: layers.Conv2D(n, 1), mean, lambda n: layers.Softmax())),
    "with dropout": (check.new_head, head(mean, lambda n: layers.Dropout(0.5), dense)),
    "kept dimensions": (
        check.new_head, head(lambda n: layers.GlobalAveragePooling2D(keepdims=True), flatten, dense)),
    "a model of one's own": (check.new_head, lambda maps, classes: Own(classes, None)),
    "bias of shape (1, C)": (check.new_head, head(mean, lambda n: Turned(n, False))),
    "kernel lying down": (check.new_head, head(mean, lambda n: Turned(n, True))),
    "a kernel of zeros": (check.new_head, head(mean, units("softmax", kernel_initializer="zeros"))),
    "int32": (check.parameters, lambda network: np.array(counts(network), np.int32)),
    "flags by masks": (
        check.layers_to_train,
        lambda names, kinds, start: np.maximum.accumulate([n.startswith(start) for n in names])
        & (np.array(kinds) != NORM)),
    "one by one": (check.layers_to_train, lambda *case: [np.bool_(f) for f in trains(*case)]),
    "objects": (
        check.layers_to_train, lambda *case: np.frompyfunc(bool, 1, 1)(np.array(trains(*case)))),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "flatten": (check.new_head, head(flatten, dense), "behind the mean of each map"),
    "flatten, fixed size": (check.new_head, head(flatten, dense, size=(3, 4)), "(N, 5, 1, 3)"),
    "flatten, no input": (
        check.new_head, lambda maps, classes: keras.Sequential([flatten(0), dense(classes)]),
        "Keras cannot tell how many numbers"),
    "fixed size": (check.new_head, head(mean, dense, size=(7, 7)), "Height and width may be anything"),
    "fixed size, functional": (check.new_head, functional(mean, dense, size=(7, 7)), "(None, 7, 7, 3)"),
    "swapped arguments": (
        check.new_head, lambda maps, classes: head(mean, dense)(classes, maps),
        "take maps of shape (N, any, any, 3). Keras says: expected shape=(None, None, None, 2)"),
    "list with an Input": (
        check.new_head, lambda maps, classes: [keras.Input((None, None, maps)), mean(0), dense(classes)],
        "list of layers"),
    "a tensor": (check.new_head, functional(mean, dense, whole=False), "keras.Model(inputs"),
    "ReLU behind the mean": (check.new_head, head(mean, relu, dense), None),
    "ReLU on the maps": (check.new_head, head(relu, mean, dense), None),
    "pixels scaled": (check.new_head, head(lambda n: layers.Rescaling(1 / 255), mean, dense), None),
    "a twelfth": (check.new_head, lambda maps, classes: Own(classes, 12), None),
    "a scalar": (
        check.new_head, head(mean, dense, lambda n: layers.Lambda(lambda x: keras.ops.mean(x))), None),
    "over the batch": (check.new_head, head(mean, units(None), lambda n: layers.Softmax(axis=0)), None),
    "always 8": (check.new_head, head(mean, lambda n: dense(8)), None),
    "a hidden layer": (check.new_head, head(mean, lambda n: dense(16), dense), "one dense layer"),
    "no bias": (check.new_head, head(mean, units("softmax", use_bias=False)), "one dense layer"),
    "frozen": (check.new_head, frozen_head, "head is frozen"),
    "one and three": (check.parameters, lambda network: counts(network, norm=(1, 3)), None),
    "only the last": (check.parameters, overwrites, None),
    "dense at the end only": (check.parameters, last_is_dense, None),
    "16 bits": (check.parameters, lambda n: np.array(counts(n)).astype(np.int16), None),
    "floats": (check.parameters, lambda network: np.zeros(2) + counts(network), "decimals"),
    "elif": (check.layers_to_train, with_elif, None),
    "by the alphabet": (
        check.layers_to_train, lambda names, kinds, start: [
            n >= start and k != NORM for n, k in zip(names, kinds, strict=True)], None),
    "convolutions alone": (
        check.layers_to_train, flags(lambda n, name, kind, first, start: n >= first and kind == "Conv2D"),
        "ReLU, Add"),
    "0 and 1": (check.layers_to_train, lambda *case: list(map(int, trains(*case))), None),
})  # fmt: skip
