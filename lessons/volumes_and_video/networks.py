"""The networks of the lesson: one on solids, and one on pictures of solids."""

from collections.abc import Sequence

from numpy.typing import NDArray

from utils import training
from utils.quiet import keras

layers = keras.layers

RATE, BATCH = 0.01, 16


def deep(shape: tuple[int, int, int, int] = (24, 24, 24, 1), classes: int = 8) -> keras.Sequential:
    """The network that the student writes: it first halves every side of a volume."""
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.AveragePooling3D(2, name="half"),
            layers.Conv3D(8, 3, activation="relu", name="conv1"),
            layers.MaxPooling3D(2, name="pool"),
            layers.Conv3D(16, 3, activation="relu", name="conv2"),
            layers.Flatten(name="flatten"),
            layers.Dense(classes, activation="softmax", name="classes"),
        ],
        name="deep",
    )


def flat(shape: tuple[int, int, int], maps: int, classes: int = 8) -> keras.Sequential:
    """Its rival for pictures (height, width, channels), with `maps` in the second convolution."""
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(16, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(maps, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(classes, activation="softmax", name="classes"),
        ],
        name="flat",
    )


def learn(
    model: keras.Model,
    seen: tuple[NDArray, NDArray],
    unseen: tuple[NDArray, NDArray],
    epochs: int,
    rate: float = RATE,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> training.Record:
    """Compile a network of this lesson and fit it; its curves."""
    model.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return training.fit(model, seen, unseen, epochs, BATCH, callbacks)
