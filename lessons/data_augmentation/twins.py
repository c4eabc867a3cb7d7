"""Two networks from one start: one saw its pictures as they are, its twin saw changed copies.

`measure.py` has trained both, and a second pair, and has asked all four about the validation
pictures of rendered8, changed more and more.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils import models
from utils.data.files import course_file
from utils.data.images import CLASSES
from utils.data.tables import grouped
from utils.quiet import keras

NETWORKS, STRENGTHS = "augmentation_networks.npz", "augmentation_strengths.csv"
MIXUP = "augmentation_mixup.csv"
NETWORKS_SHA256 = "7111964eee4a8bf056864dd1987dd6f6fbd25afe4f9f65a153bd93b4f694ca03"
STRENGTHS_SHA256 = "fbbe9bf5d00e9470d9f7274a269f6394b3f2723af8722fe8832b572548cad337"
MIXUP_SHA256 = "e89e1c22e91582139ca4f41e52c17e797d56d2856c6ca41c6b67e4a047aec1ba"
SIDE = 64
SETTINGS = {"as they are": "none", "with copies": "flip, shift, zoom, turn, light"}
"""Twins by name, and what the course's table of accuracies calls their training."""


class Twin:
    """A trained network for the eight classes of the course."""

    def __init__(self, weights: list[NDArray]):
        self.model = models.block_cnn((SIDE, SIDE, 3), len(CLASSES), dropout=0.3)
        self.model.set_weights(weights)

    def __call__(self, pictures: NDArray) -> NDArray[np.float32]:
        """Probabilities, shape (N, 8), of pictures 0..255, shape (N, H, W, 3)."""
        pixels = np.asarray(pictures, np.float32)
        if pixels.shape[1:3] != (SIDE, SIDE):
            pixels = keras.ops.image.resize(pixels, (SIDE, SIDE), antialias=True)
        return np.asarray(self.model(pixels, training=False))

    def name(self, pictures: NDArray) -> list[str]:
        """The surest class of each picture."""
        return [CLASSES[k] for k in self(pictures).argmax(axis=1)]


def load_twins() -> dict[str, Twin]:
    """Both networks by name.

    Raises:
        FileNotFoundError, ValueError: data/augmentation_networks.npz is missing or another file.
    """
    with np.load(course_file(NETWORKS, NETWORKS_SHA256), allow_pickle=False) as stored:
        count = (len(stored.files) - 1) // len(SETTINGS)
        return {
            name: Twin([stored[f"{name}/{n}"].astype(np.float32) for n in range(count)])
            for name in SETTINGS
        }


def with_mixup() -> NDArray[np.float64]:
    """Validation accuracies of five starts with the mirror and mixup, 0..1, shape (5,)."""
    lines = grouped(MIXUP, MIXUP_SHA256, keys=1)
    return np.concatenate([line[:, 1] for line in lines.values()])


class Measured(NamedTuple):
    """Accuracies of pairs of twins on 320 changed pictures, by strength.

    `strengths` grow, 0 among them, shape (n,); `accuracies`, by twin, 0..1, shape (pairs, n).
    """

    strengths: NDArray[np.float64]
    accuracies: dict[str, NDArray[np.float64]]

    def mean(self, name: str) -> NDArray[np.float64]:
        """Of a twin, in percent, over its starts."""
        return 100 * self.accuracies[name].mean(axis=0)


def measured(change: str) -> Measured:
    """What a change does: "turn", "shift", "zoom", "shear", "brightness", "contrast", ...

    Raises:
        KeyError: the table has no such change.
    """
    groups = grouped(STRENGTHS, STRENGTHS_SHA256, keys=3)
    starts = sorted({seed for _, seed, _ in groups}, key=int)
    rows = {
        name: np.array(
            [
                np.concatenate([groups[name, seed, "none"], groups[name, seed, change]])
                for seed in starts
            ]
        )
        for name in SETTINGS
    }
    order = np.argsort(next(iter(rows.values()))[0, :, 0])
    strengths = next(iter(rows.values()))[0, order, 0]
    return Measured(strengths, {name: row[:, order, 1] for name, row in rows.items()})


def worth_training(table: Measured, mine: float, points: float) -> float:
    """The largest strength within a person's limit, if the network of plain pictures fails there.

    Args:
        table: of one change.
        mine: up to which strength a person names the thing, 0 or more.
        points: it fails where it has lost more than these, in percent, compared with strength 0.

    Returns:
        A strength of the table, or 0 where there is nothing to learn.
    """
    upward = table.strengths >= 0
    strengths, right = table.strengths[upward], table.mean("as they are")[upward]
    last = np.flatnonzero(strengths <= mine)[-1]
    return float(strengths[last].round(3)) if right[0] - right[last] > points else 0.0
