"""A new head on a borrowed network, and its last block trained on: what the exercises ask for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from utils.quiet import keras

layers = keras.layers

TUNE_RATE = 3e-4


def on_frozen(base: keras.Model, classes: int) -> keras.Model:
    """Freeze `base`, and put a new head on it: pixels in, probabilities out, not compiled."""
    base.trainable = False
    pictures = keras.Input((None, None, 3))
    mirrored = layers.RandomFlip("horizontal")(pictures)
    means = layers.GlobalAveragePooling2D()(base(mirrored, training=False))
    return keras.Model(pictures, layers.Dense(classes, activation="softmax", name="head")(means))


def open_from(base: keras.Model, block: str) -> None:
    """Let `base` train from the first layer of a block to its end; not its normalizations."""
    base.trainable = True
    reached = False
    for layer in base.layers:
        reached = reached or layer.name.startswith(block)
        layer.trainable = reached and not isinstance(layer, layers.BatchNormalization)


def fine_tune(
    model: keras.Model,
    base: keras.Model,
    block: str,
    train: tuple[NDArray, NDArray],
    epochs: int,
    rate: float = TUNE_RATE,
) -> dict[str, list[float]]:
    """Open `base` from a block on, compile `model` again, and train; its curves.

    Args:
        model: `base` with a trained head.
        base: the borrowed part of the model.
        block: how the names of the block's layers begin.
        train: pictures and labels.
        epochs: how often to go through them.
        rate: of Adam.
    """
    open_from(base, block)
    adam = keras.optimizers.Adam(rate)
    model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(*train, epochs=epochs, verbose=0).history


def moved(before: Sequence[NDArray], after: Sequence[NDArray]) -> list[bool]:
    """Of each array, whether anything in it is not what it was, to the last bit."""
    return [not np.array_equal(*pair) for pair in zip(before, after, strict=True)]


def step_lengths(model: keras.Model, before: Sequence[NDArray]) -> dict[str, float]:
    """How far each kernel is from where it was, as a share of its length then, by layer."""
    steps = {}
    for weight, old in zip(model.weights, before, strict=True):
        if weight.name == "kernel":
            step = np.linalg.norm(weight.numpy() - old) / np.linalg.norm(old)
            steps[weight.path.split("/")[0]] = float(step)
    return steps
