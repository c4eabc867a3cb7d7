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


def as_one_sequential(base, classes):
    base.trainable = False
    mean = layers.GlobalAveragePooling2D()
    flip = layers.RandomFlip("horizontal")
    return keras.Sequential([keras.Input((None, None, 3)), flip, base, mean, softmax(classes)])


def for_bytes(base, classes):
    base.trainable = False
    x = keras.Input((None, None, 3), dtype="uint8")
    y = base(layers.RandomFlip("horizontal")(x), training=False)
    return keras.Model(x, softmax(classes)(keras.ops.mean(y, axis=(1, 2))))


def mirrored_too_late(base, classes):
    """The mean of a map is that of the mirrored map: this flip does nothing."""
    base.trainable = False
    x = keras.Input((None, None, 3))
    y = layers.RandomFlip("horizontal")(base(x, training=False))
    return keras.Model(x, softmax(classes)(layers.GlobalAveragePooling2D()(y)))


def without_the_mean(base, classes):
    base.trainable = False
    x = keras.Input((None, None, 3))
    y = base(layers.RandomFlip("horizontal")(x), training=False)
    return keras.Model(x, softmax(classes)(y))


def without_the_head(model, base, block, train, epochs):
    model.layers[-1].trainable = False
    return tuning()(model, base, block, train, epochs)


def in_batches_of_16(model, base, block, train, epochs):
    borrowing.open_from(base, block)
    model.compile(keras.optimizers.Adam(3e-4), "sparse_categorical_crossentropy")
    return model.fit(*train, batch_size=16, epochs=epochs, verbose=0).history


def compiled_before(model, base, block, train, epochs):
    """Right in Keras 3, where the first fit after compile settles what trains."""
    model.compile(keras.optimizers.Adam(3e-4), "sparse_categorical_crossentropy")
    borrowing.open_from(base, block)
    return model.fit(*train, epochs=epochs, verbose=0).history


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
    "all in one Sequential": (check.on_frozen, as_one_sequential),
    "pictures as bytes": (check.on_frozen, for_bytes),
    "compiled, then opened": (check.fine_tune, compiled_before),
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
    "mirrored behind the base": (check.on_frozen, mirrored_too_late, "never sees a mirrored"),
    "gray pictures": (check.on_frozen, head(size=(None, None, 1)), "in color"),
    "no mean": (check.on_frozen, without_the_mean, "one probability for each class"),
    "head frozen": (check.fine_tune, without_the_head, "The head has not moved"),
    "batches of 16": (check.fine_tune, in_batches_of_16, "in batches of 32 take 4 steps"),
    "a tensor": (check.on_frozen, head(whole=False), "keras.Model(x, y)"),
    "not compiled again": (check.fine_tune, tuning(compiled=False), "compile it again"),
    "the rate of the head": (check.fine_tune, tuning(rate=3e-3), "another rate"),
    "all open": (check.fine_tune, tuning(everything), "before the block"),
    "norms open": (check.fine_tune, tuning(with_norms), "batch normalization"),
    "all but norms": (check.fine_tune, tuning(all_but_norms), "before the block"),
    "nothing open": (check.fine_tune, tuning(only_the_block), "has not moved"),
    "the outer switch": (check.fine_tune, tuning(closed_again), "has not moved"),
    "epochs twice": (check.fine_tune, tuning(times=2), "Another number of epochs or of steps"),
    "sums": (
        check.moved, lambda before, after: [a.sum() != b.sum() for a, b in zip(before, after, strict=True)], "same sum"),
    "far enough": (
        check.moved, lambda before, after: [np.linalg.norm(a - b) > 1e-6 for a, b in zip(before, after, strict=True)],
        "Small steps count"),
    "sorted": (
        check.moved, lambda before, after: [
            not np.array_equal(np.sort(a, None), np.sort(b, None)) for a, b in zip(before, after, strict=True)], None),
    "one answer": (check.moved, lambda before, after: not np.array_equal(before, after), None),
    "lead of the best": (
        check.own_wins_from, lambda counts, own, borrowed: next(
            (c for n, c in enumerate(counts) if (own[n:].max(axis=1) > borrowed[n:].max(axis=1)).all()), 0),
        "best start"),
    "every start ahead": (
        check.own_wins_from, lambda counts, own, borrowed: next(
            (c for n, c in enumerate(counts) if (own[n:] > borrowed[n:]).all()), 0), "or start with start"),
    "the network itself, frozen": (check.on_frozen, lambda base, classes: base, "still trains"),
    "the history of nothing": (check.fine_tune, lambda *given: tuning()(*given)["loss"][-1], "Return `.history`"),
    "rounded": (
        check.own_wins_from, lambda counts, own, borrowed: next(
            (c for n, c in enumerate(counts)
             if (own[n:].mean(axis=1).round(2) > borrowed[n:].mean(axis=1).round(2)).all()), 0), None),
    "median": (
        check.own_wins_from, lambda counts, own, borrowed: next(
            (c for n, c in enumerate(counts) if (np.median(own[n:], 1) > np.median(borrowed[n:], 1)).all()), 0), None),
})  # fmt: skip
