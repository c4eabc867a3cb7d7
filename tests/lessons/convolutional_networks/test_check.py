"""Convolutional networks: right answers of unusual form, and wrong ones such as students write."""

from collections import deque
from itertools import accumulate

import numpy as np
import pytest

from lessons.convolutional_networks import check
from tests.kit.answers import accepted, refused
from utils import models
from utils.quiet import keras

pytestmark = pytest.mark.slow

layers = keras.layers


def after(
    conv=lambda h, w, c, n, k: (h - k + 1, w - k + 1, n),
    pool=lambda h, w, c, s: (h // s, w // s, c),
):
    """All shapes, by what each kind of layer does."""

    def shapes(shape, layers):
        step = lambda shape, layer: (conv if layer[0] == "conv" else pool)(*shape, *layer[1:])  # noqa: E731
        return [*accumulate(layers, step, initial=shape)][1:]

    return shapes


shapes = after()


def one_list(shape, layers):
    """Changes one list in place, and appends it after every layer."""
    at, found = list(shape), []
    for kind, *sizes in layers:
        if kind == "conv":
            at[:] = at[0] - sizes[1] + 1, at[1] - sizes[1] + 1, sizes[0]
        else:
            at[:2] = at[0] // sizes[0], at[1] // sizes[0]
        found.append(at)
    return found


def lenet(
    classes, act="tanh", pool=layers.AveragePooling2D, end="softmax", padding="valid", units=84
):
    """LeNet-5, with one thing changed."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(6, 5, activation=act, padding=padding),
            pool(2),
            layers.Conv2D(16, 5, activation=act),
            pool(2),
            layers.Flatten(),
            layers.Dense(120, activation=act),
            layers.Dense(units, activation=act),
            layers.Dense(classes, activation=end),
        ]
    )


def functional(classes):
    """LeNet-5 with layers of activation, a reshape, and without Sequential."""
    picture = keras.Input((32, 32, 1))
    maps = picture
    for count in (6, 16):
        maps = layers.Activation("tanh")(layers.Conv2D(count, 5)(maps))
        maps = layers.AveragePooling2D(2)(maps)
    line = layers.Reshape((400,))(maps)
    for units in (120, 84):
        line = layers.Dense(units, "tanh")(line)
    return keras.Model(picture, layers.Softmax()(layers.Dense(classes)(line)))


def nested(classes):
    """LeNet-5 as two networks, one inside the other."""
    whole = lenet(classes)
    maps = keras.Sequential([keras.Input((32, 32, 1)), *whole.layers[:5]])
    return keras.Sequential([keras.Input((32, 32, 1)), maps, *whole.layers[5:]])


def added(classes, *more):
    """The network without places, layer by layer."""
    model = keras.Sequential([keras.Input((32, 32, 1))])
    for maps, pool in ((16, True), (32, True), (64, False)):
        model.add(layers.Conv2D(maps, (3, 3)))
        model.add(layers.ReLU())
        if pool:
            model.add(layers.MaxPool2D())
    for layer in (layers.GlobalMaxPool2D(), *more):
        model.add(layer)
    model.add(layers.Dense(classes))
    model.add(layers.Activation("softmax"))
    return model


def learned(model, seen, unseen, epochs, rate=0.003, loss=None, metrics=("accuracy",), **options):
    """Compile and fit, with one thing changed."""
    loss = loss or keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.Adam(rate), loss, metrics=list(metrics))
    options = {"epochs": epochs, "validation_data": unseen, "verbose": 0} | options
    return model.fit(*seen, **options)


def by_sgd(model, seen, unseen, epochs):
    model.compile(
        keras.optimizers.SGD(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model.fit(*seen, epochs=epochs, validation_data=unseen, verbose=0).history


test_right_in_another_way = accepted({
    "shapes: deque": (check.feature_shapes, lambda *a: deque(map(list, shapes(*a)))),
    "shapes: a dict's values": (check.feature_shapes, lambda *a: dict(enumerate(shapes(*a))).values()),
    "lenet: the course's": (check.lenet5, lambda n: models.lenet5(classes=n)),
    "lenet: functional": (check.lenet5, functional),
    "lenet: nested": (check.lenet5, nested),
    "without places: added": (check.without_places, added),
    "without places: an idle Flatten": (check.without_places, lambda n: added(n, layers.Flatten())),
    "learn: a History": (check.learn, learned),
    "learn: not shuffled": (check.learn, lambda *a: learned(*a, shuffle=False).history),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "shapes: fractions": (check.feature_shapes, after(pool=lambda h, w, c, s: (h / s, w / s, c)), "decimals"),
    "shapes: rounded": (
        check.feature_shapes, after(pool=lambda h, w, c, s: (round(h / s), round(w / s), c)), None),
    "shapes: odd kernels": (
        check.feature_shapes, after(lambda h, w, c, n, k: (h - k // 2 * 2, w - k // 2 * 2, n)), None),
    "shapes: square": (check.feature_shapes, lambda s, ls: shapes((s[0], s[0], s[2]), ls), None),
    "shapes: appended too early": (
        check.feature_shapes, lambda s, ls: [s, *shapes(s, ls)][:-1], "input is no layer"),
    "shapes: one list, many times": (check.feature_shapes, one_list, None),
    "shapes: four layers": (check.feature_shapes, lambda s, ls: shapes(s, ls[:4]), None),
    "shapes: one byte": (check.feature_shapes, lambda *a: np.array(shapes(*a)) % 256, None),
    "shapes: the list emptied": (
        check.feature_shapes, lambda s, ls: shapes(s, [ls.pop(0) for _ in range(len(ls))]), "changed its input"),
    "lenet: ten classes": (check.lenet5, lambda n: models.lenet5(), "Layer 8 differs"),
    "lenet: padded": (check.lenet5, lambda n: lenet(n, padding="same"), "Leave `padding` out"),
    "lenet: max": (check.lenet5, lambda n: lenet(n, pool=layers.MaxPooling2D), "maximum of each window, not the mean"),
    "lenet: ReLU": (check.lenet5, lambda n: lenet(n, act="relu"), "Compare the activations"),
    "lenet: no softmax": (check.lenet5, lambda n: lenet(n, end=None), "Compare the activations"),
    "lenet: 80 units": (check.lenet5, lambda n: lenet(n, units=80), "Layer 7 differs"),
    "lenet: no input": (check.lenet5, lambda n: keras.Sequential(lenet(n).layers[:0]), "keras.Input"),
    "lenet: a list": (check.lenet5, lambda n: lenet(n).layers, "yours is a list"),
    "lenet: too short": (check.lenet5, lambda n: keras.Sequential([keras.Input((32, 32, 1)), *lenet(n).layers[:-1]]), "Expected 8 layers, got 7"),
    "lenet: color": (check.lenet5, lambda n: models.lenet5((32, 32, 3), n), "1 channel"),
    "without places: LeNet-5": (check.without_places, lenet, "Layer 1 differs"),
    "without places: Flatten": (
        check.without_places, lambda n: check.three_convolutions(layers.Flatten(), n), "every number of every map"),
    "without places: the mean": (
        check.without_places,
        lambda n: check.three_convolutions(layers.GlobalAveragePooling2D(), n), "mean of each whole map"),
    "learn: SGD": (check.learn, by_sgd, "Another optimizer"),
    "learn: another rate": (check.learn, lambda *a: learned(*a, rate=0.03), "Another optimizer, or another rate"),
    "learn: logits": (
        check.learn, lambda *a: learned(*a, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)), "of probabilities"),
    "learn: squares": (check.learn, lambda *a: learned(*a, loss=keras.losses.MeanSquaredError()), "of probabilities"),
    "learn: one-hot": (check.learn, lambda *a: learned(*a, loss="categorical_crossentropy"), "labels are numbers"),
    "learn: never fitted": (check.learn, lambda m, *a: learned(m.nothing, *a), "stopped in line"),
    "learn: no metric": (check.learn, lambda *a: learned(*a, metrics=()), "metrics"),
    "learn: one epoch": (check.learn, lambda m, s, u, e: learned(m, s, u, 1), "number of epochs"),
    "learn: no validation": (check.learn, lambda *a: learned(*a, validation_data=None), "validation_data"),
    "learn: validated on what it saw": (
        check.learn, lambda m, s, u, e: learned(m, s, s, e), "validation loss is not that of `unseen`"),
    "learn: trained on unseen": (check.learn, lambda m, s, u, e: learned(m, u, u, e), "batches of 32"),
    "learn: the model": (check.learn, lambda *a: learned(*a).model, "Return `.history`"),
    "learn: not compiled": (check.learn, lambda *a: {}, "not compiled"),
})  # fmt: skip
