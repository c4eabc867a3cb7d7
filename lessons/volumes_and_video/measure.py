"""Make data/volume_accuracies.csv, the bands of accuracy that the lesson quotes.

    python -m lessons.volumes_and_video.measure        about 12 minutes on 2 cores

The lesson's 3-D network on the solids of volumes8, and its 2-D network on their silhouettes. For
each of them the learning rate and the number of epochs are those with the best mean accuracy on the
validation solids, over three starts. With them, eight other starts look once at the test solids.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lessons.volumes_and_video.records import load_volumes
from utils import training
from utils.data.tables import write_table
from utils.quiet import keras

layers = keras.layers

SETTINGS = list(product((1e-3, 3e-3), (10, 20)))
"""Learning rates and numbers of epochs to choose from."""
BATCH = 16
CHOOSING_SEEDS = range(100, 103)
HEADER = ("network", "rate", "epochs", "seed", "accuracy")
SEEDS = range(8)


class Entrant(NamedTuple):
    """A network of the comparison: the axes it looks along (none: it gets the solid), its maps."""

    axes: tuple[int, ...]
    maps: tuple[int, int]


ENTRANTS = {
    "solid": Entrant((), (8, 16)),
    "from above": Entrant((2,), (16, 42)),
    "from one side": Entrant((1,), (16, 42)),
    "three views": Entrant((0, 1, 2), (16, 42)),
}


def network(shape: tuple[int, ...], maps: tuple[int, int]) -> keras.Sequential:
    """Two rounds of convolution and pooling, in 2-D for (H, W, C), in 3-D for (D, H, W, C)."""
    flat = len(shape) == 3
    convolution = layers.Conv2D if flat else layers.Conv3D
    pooling = layers.MaxPooling2D if flat else layers.MaxPooling3D
    model = keras.Sequential([keras.Input(shape)], name="flat" if flat else "deep")
    for number, count in enumerate(maps, 1):
        model.add(convolution(count, 3, activation="relu", name=f"conv{number}"))
        model.add(pooling(2, name=f"pool{number}"))
    model.add(layers.Flatten(name="flatten"))
    model.add(layers.Dense(8, activation="softmax", name="classes"))
    return model


def seen_along(volumes: NDArray[np.bool_], axes: tuple[int, ...]) -> NDArray[np.float32]:
    """Silhouettes along some axes as channels, (N, 24, 24, len(axes)); without axes the solids."""
    if not axes:
        return volumes[..., np.newaxis].astype(np.float32)
    silhouettes = [volumes.max(axis=1 + axis) for axis in axes]
    return np.stack(silhouettes, axis=-1).astype(np.float32)


def accuracy(entrant: Entrant, rate: float, epochs: int, seed: int, split: str) -> float:
    """Accuracy on a split of a network trained from one random start on the training solids."""
    solids, answers = load_volumes("train"), load_volumes(split)
    inputs = seen_along(solids.volumes, entrant.axes)
    training.reproducible(seed)
    model = network(inputs.shape[1:], entrant.maps)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    model.fit(inputs, solids.labels, batch_size=BATCH, epochs=epochs, verbose=0)
    said = np.asarray(model(seen_along(answers.volumes, entrant.axes))).argmax(axis=1)
    return float((said == answers.labels).mean())


def chosen(entrant: Entrant) -> tuple[float, int]:
    """Learning rate and epochs with the best mean accuracy on the validation solids."""

    def on_validation(setting: tuple[float, int]) -> float:
        return float(
            np.mean([accuracy(entrant, *setting, s, "validation") for s in CHOOSING_SEEDS])
        )

    return max(SETTINGS, key=on_validation)


def measure() -> Iterator[tuple[str, float, int, int, str]]:
    """One row a start: network, learning rate, epochs, seed, accuracy on the test solids."""
    for name, entrant in ENTRANTS.items():
        rate, epochs = chosen(entrant)
        for seed in SEEDS:
            reached = accuracy(entrant, rate, epochs, seed, "test")
            yield name, rate, epochs, seed, f"{reached:.4f}"


def main() -> None:
    """Measure, and write the table."""
    write_table("volume_accuracies.csv", HEADER, measure())


if __name__ == "__main__":
    main()
