"""Transfer learning: right answers of unusual form, and wrong ones such as students write."""

import numpy as np
import pytest

from lessons.transfer_learning import borrowing, check
from tests.kit.answers import accepted, refused
from utils.quiet import keras

pytestmark = pytest.mark.slow

layers = keras.layers
NORM = layers.BatchNormalization


def head(
    *last,
    freeze=True,
    size=(None, None, 3),
    flip="horizontal",
    training=False,
    pool=None,
    whole=True,
):
    """An answer to exercise 1 with one part changed."""

    def answer(base, classes):
        base.trainable = not freeze
        x = y = keras.Input(size)
        if flip:
            y = layers.RandomFlip(flip)(y)
        y = base(y) if training is None else base(y, training=training)
        y = (pool or layers.GlobalAveragePooling2D)()(y)
        for part in last or (softmax,):
            y = part(classes)(y)
        return keras.Model(x, y) if whole else y

    return answer


def softmax(classes):
    return layers.Dense(classes, activation="softmax")


def as_sequential(base, classes):
    """Right: frozen for good, since its normalizations are frozen in the base."""
    base.trainable = False
    x = keras.Input((None, None, 3))
    body = keras.Sequential([keras.Input((None, None, None)), layers.GlobalAveragePooling2D()])
    y = body(base(layers.RandomFlip("horizontal")(x), training=False))
    return keras.Model(x, layers.Softmax()(layers.Dense(classes)(y)))


def tuning(opened=None, rate=3e-4, loss="sparse_categorical_crossentropy", compiled=True, times=1):
    """An answer to exercise 3 with one part changed."""

    def answer(model, base, block, train, epochs):
        (opened or borrowing.open_from)(base, block)
        if compiled:
            model.compile(keras.optimizers.Adam(rate), loss)
        return model.fit(*train, epochs=times * epochs, verbose=0).history

    return answer


def everything(base, block):
    base.trainable = True


def with_norms(base, block):
    base.trainable, reached = True, False
    for layer in base.layers:
        reached = reached or layer.name.startswith(block)
        layer.trainable = reached


def closed_again(base, block):
    borrowing.open_from(base, block)
    base.trainable = False


def only_the_block(base, block):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = layer.name == block


def by_number(base, block):
    base.trainable = True
    first = [layer.name.startswith(block) for layer in base.layers].index(True)
    for number, layer in enumerate(base.layers):
        layer.trainable = number >= first
        if isinstance(layer, NORM):
            layer.trainable = False


def all_but_norms(base, block):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = not isinstance(layer, NORM)


def means(counts, own, borrowed):
    ahead = [np.mean(a) > np.mean(b) for a, b in zip(own, borrowed, strict=True)]
    answer = 0
    for count, leads in zip(reversed(counts), reversed(ahead), strict=True):
        if not leads:
            break
        answer = count
    return answer


test_right_in_another_way = accepted({
    "parts in a Sequential": (check.on_frozen, as_sequential),
    "logits, then softmax": (check.on_frozen, head(layers.Dense, lambda n: layers.Softmax())),
    "without training=False": (check.on_frozen, head(training=None)),
    "with dropout": (check.on_frozen, head(lambda n: layers.Dropout(0.5), softmax)),
    "the open flag by number": (check.fine_tune, tuning(by_number)),
    "a loss object": (
        check.fine_tune, tuning(loss=keras.losses.SparseCategoricalCrossentropy())),
    "through the bytes": (
        check.moved, lambda before, after: [a.tobytes() != b.tobytes() for a, b in zip(before, after, strict=True)]),
    "any difference": (
        check.moved, lambda before, after: [np.any(a != b) for a, b in zip(before, after, strict=True)]),
    "from the right": (check.own_wins_from, means),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "not frozen": (check.on_frozen, head(freeze=False), "still trains"),
    "fixed size": (check.on_frozen, head(size=(64, 64, 3)), "any height and width"),
    "no flip": (check.on_frozen, head(flip=None), "RandomFlip"),
    "flips upside down": (check.on_frozen, head(flip="horizontal_and_vertical"), "flip horizontally"),
    "sigmoid": (check.on_frozen, head(lambda n: layers.Dense(n, "sigmoid")), "softmax"),
    "logits": (check.on_frozen, head(layers.Dense), "softmax"),
    "the maximum": (check.on_frozen, head(pool=layers.GlobalMaxPooling2D), "take its mean"),
    "a hidden layer": (check.on_frozen, head(lambda n: layers.Dense(9, "relu"), softmax), "one dense layer"),
    "always 8": (check.on_frozen, lambda base, classes: head()(base, 8), "one dense layer"),
    "a tensor": (check.on_frozen, head(whole=False), "keras.Model(pictures"),
    "not compiled again": (check.fine_tune, tuning(compiled=False), "compile it again"),
    "the rate of the head": (check.fine_tune, tuning(rate=3e-3), "another rate"),
    "all open": (check.fine_tune, tuning(everything), "before the block"),
    "norms open": (check.fine_tune, tuning(with_norms), "batch normalization"),
    "all but norms": (check.fine_tune, tuning(all_but_norms), "before the block"),
    "nothing open": (check.fine_tune, tuning(only_the_block), "has not moved"),
    "the outer switch": (check.fine_tune, tuning(closed_again), "has not moved"),
    "epochs twice": (check.fine_tune, tuning(times=2), "Another number of steps"),
    "sums": (
        check.moved, lambda before, after: [a.sum() != b.sum() for a, b in zip(before, after, strict=True)], "same sum"),
    "one answer": (check.moved, lambda before, after: not np.array_equal(before, after), None),
    "lead of the best": (
        check.own_wins_from, lambda counts, own, borrowed: next(
            (c for n, c in enumerate(counts) if (own[n:].max(axis=1) > borrowed[n:].max(axis=1)).all()), 0),
        "best start"),
    "median": (
        check.own_wins_from, lambda counts, own, borrowed: next(
            (c for n, c in enumerate(counts) if (np.median(own[n:], 1) > np.median(borrowed[n:], 1)).all()), 0), None),
})  # fmt: skip
