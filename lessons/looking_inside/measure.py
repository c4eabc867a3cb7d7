"""Make data/bias_accuracies.csv, the bands of accuracy that the lesson quotes.

    python -m lessons.looking_inside.measure        about 4 minutes on 2 cores

The lesson's small network and the pretrained backbone with a new head learn from 240 pictures whose
ground gives the class away, and from 240 of which half were exchanged for pictures on all kinds of
grounds. Numbers of epochs were chosen on pictures held out from training and on the validation set;
the pictures whose ground lies had no say in them.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils import data, models, training
from utils.data.tables import write_table
from utils.quiet import keras

layers = keras.layers

HEADER = ("training", "seed", "held_out", "lying", "ground", "test")
SEEDS = range(5)
SOURCE = "rendered8"
SIDE = 64
HELD_OUT = 10
"""Pictures of each class of biased/train that are kept to judge by."""
HALF = 15
"""Pictures of each class that are exchanged: half of those that are left to learn from."""
RATE = 3e-3
BATCH = 16
CNN_EPOCHS = 25
HEAD_EPOCHS = 30


class Part(NamedTuple):
    """Pictures uint8 (N, 64, 64, 3) and their labels (N,)."""

    images: NDArray
    labels: NDArray


def small_cnn(classes: int = 8) -> keras.Sequential:
    """Three convolutions with batch normalization, the mean of each map, a logit for each class."""
    model = keras.Sequential([keras.Input((SIDE, SIDE, 3)), layers.Rescaling(1 / 64, offset=-2)])
    for number, (maps, kernel, stride) in enumerate([(16, 5, 2), (32, 3, 2), (64, 3, 1)], 1):
        model.add(layers.Conv2D(maps, kernel, stride, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU(name=f"maps{number}"))
    model.add(layers.GlobalAveragePooling2D(name="mean"))
    model.add(layers.Dense(classes, name="logits"))
    return model


def new_head(classes: int = 8) -> keras.Sequential:
    """What the backbone gets: the mean of each of its 256 maps, one logit for each class."""
    return keras.Sequential(
        [
            keras.Input((None, None, 256)),
            layers.GlobalAveragePooling2D(name="mean"),
            layers.Dense(classes, name="logits"),
        ]
    )


@cache
def part(name: str) -> Part:
    """One part of the pictures, by name."""
    collected = data.load_images("biased/train", SIDE, source=SOURCE)
    place = np.arange(len(collected.labels)) % 40
    parts = {
        "one ground a class": place < 40 - HELD_OUT,
        "half of them": place < HALF,
        "held out": place >= 40 - HELD_OUT,
    }
    if name in parts:
        return Part(collected.images[parts[name]], collected.labels[parts[name]])
    if name == "any ground":
        return Part(*data.load_images("train", SIDE, HALF, SOURCE)[:2])
    return Part(*data.load_images(name, SIDE, source=SOURCE)[:2])


@cache
def features(name: str) -> NDArray[np.float32]:
    """The feature maps of the backbone for one part."""
    return models.load_backbone("course").predict(part(name).images, batch_size=16, verbose=0)


def learn(model: keras.Model, images: NDArray, labels: NDArray, epochs: int) -> keras.Model:
    """Train a model that gives logits; returns it."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(RATE), loss)
    model.fit(images, labels, batch_size=BATCH, epochs=epochs, verbose=0)
    return model


def trained_cnn(*parts: str) -> Callable[[str], NDArray]:
    """The small network, trained on some parts; as a function from a part to its answers."""
    images, labels = (np.concatenate(arrays) for arrays in zip(*map(part, parts), strict=True))
    model = learn(small_cnn(), images, labels, CNN_EPOCHS)
    return lambda name: model.predict(part(name).images, verbose=0).argmax(axis=1)


def trained_head(*parts: str) -> Callable[[str], NDArray]:
    """A new head on the frozen backbone; as a function from a part to its answers."""
    labels = np.concatenate([part(name).labels for name in parts])
    model = learn(new_head(), np.concatenate([*map(features, parts)]), labels, HEAD_EPOCHS)
    return lambda name: model.predict(features(name), verbose=0).argmax(axis=1)


TRAININGS = {
    "small CNN": lambda: trained_cnn("one ground a class"),
    "small CNN + more grounds": lambda: trained_cnn("half of them", "any ground"),
    "backbone": lambda: trained_head("one ground a class"),
    "backbone + more grounds": lambda: trained_head("half of them", "any ground"),
}


def measure() -> Iterator[tuple[str, int, str, str, str, str]]:
    """One row a start: training, seed, and four shares of answers."""
    lying = part("biased/test").labels
    for name, train in TRAININGS.items():
        for seed in SEEDS:
            training.reproducible(seed)
            answers = train()
            said = answers("biased/test")
            shares = (
                (answers("held out") == part("held out").labels).mean(),
                (said == lying).mean(),
                (said == (lying + 1) % 8).mean(),
                (answers("test") == part("test").labels).mean(),
            )
            yield name, seed, *(f"{share:.4f}" for share in shares)


def main() -> None:
    """Measure, and write the table."""
    write_table("bias_accuracies.csv", HEADER, measure())


if __name__ == "__main__":
    main()
