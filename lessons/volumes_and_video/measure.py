"""Make data/volume_accuracies.csv, the bands of accuracy that the lesson quotes.

    python -m lessons.volumes_and_video.measure        about 10 minutes on 2 cores

The lesson's 3-D network on the solids of volumes8, and its 2-D network on their silhouettes. For
each of them the learning rate is the one with the best mean accuracy on the validation solids, over
three starts. With it, eight other starts look once at the test solids.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lessons.volumes_and_video import networks
from lessons.volumes_and_video.records import Volumes, load_volumes
from utils import training
from utils.data.tables import write_table
from utils.quiet import keras

RATES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)
EPOCHS = 15
CHOOSING_SEEDS = range(100, 103)
HEADER = ("network", "rate", "seed", "accuracy")
SEEDS = range(8)


class Entrant(NamedTuple):
    """One of the comparison: the axes it looks along (none: it gets the solid), its last maps."""

    axes: tuple[int, ...]
    maps: int


ENTRANTS = {
    "solid": Entrant((), 16),
    "from above": Entrant((2,), 25),
    "from one side": Entrant((1,), 25),
    "three views": Entrant((0, 1, 2), 24),
}


def network(entrant: Entrant) -> keras.Sequential:
    """Its network; all have about as many parameters."""
    if not entrant.axes:
        return networks.deep()
    return networks.flat((24, 24, len(entrant.axes)), entrant.maps)


def seen_along(volumes: NDArray[np.bool_], axes: tuple[int, ...]) -> NDArray[np.float32]:
    """Silhouettes along some axes as channels, (N, 24, 24, len(axes)); without axes the solids."""
    if not axes:
        return volumes[..., np.newaxis].astype(np.float32)
    silhouettes = [volumes.max(axis=1 + axis) for axis in axes]
    return np.stack(silhouettes, axis=-1).astype(np.float32)


def accuracy(entrant: Entrant, rate: float, seed: int, judged: Volumes) -> float:
    """Accuracy on some solids of a network trained from one random start on the training solids."""
    solids = load_volumes("train")
    training.reproducible(seed)
    seen, unseen = ((seen_along(one.volumes, entrant.axes), one.labels) for one in (solids, judged))
    return networks.learn(network(entrant), seen, unseen, EPOCHS, rate).val_accuracy[-1]


def rate_of(entrant: Entrant) -> float:
    """The learning rate with the best mean accuracy on the validation solids."""
    validation = load_volumes("validation")
    reached = {
        rate: np.mean([accuracy(entrant, rate, seed, validation) for seed in CHOOSING_SEEDS])
        for rate in RATES
    }
    return max(reached, key=reached.get)


def measure() -> Iterator[tuple[str, float, int, str]]:
    """One row a start: network, learning rate, seed, accuracy on the test solids."""
    test = load_volumes("test")
    for name, entrant in ENTRANTS.items():
        rate = rate_of(entrant)
        for seed in SEEDS:
            yield name, rate, seed, f"{accuracy(entrant, rate, seed, test):.4f}"


def main() -> None:
    """Measure, and write the table."""
    write_table("volume_accuracies.csv", HEADER, measure())


if __name__ == "__main__":
    main()
