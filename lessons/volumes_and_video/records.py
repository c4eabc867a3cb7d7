"""The data that ship with the course for this lesson alone: solids, and accuracies on them.

A file that is not the one that was made raises ValueError, one that is missing FileNotFoundError.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.files import course_file
from utils.data.tables import grouped

VOLUMES_SHA256 = "8976012576adf82b60ff92d34e989bc2b20745564d9d8a0d4514632827d93e38"
ACCURACIES_SHA256 = "538db29b9cb7832ac773c1c24107cdf3e01d4c5a6a7d55a9aafd4e0334a3ebca"
SIDE = 24
SPLITS = ("train", "validation", "test")


class Volumes(NamedTuple):
    """Solids: `volumes` bool (N, 24, 24, 24), axes x, y, z (z up); `labels` int64; `classes`."""

    volumes: NDArray[np.bool_]
    labels: NDArray[np.int64]
    classes: list[str]


def load_volumes(split: str) -> Volumes:
    """The objects of the eight classes as solids; made by tools/render/volumes.py.

    Args:
        split: "train" (40 of each class), "validation" (10) or "test" (15).

    Returns:
        The solids, class after class, True in every cell that the object touches: bool, shape
        (N, 24, 24, 24), axes x, y and z, z up; a label for each, 0..7; the names of the classes.

    Raises:
        ValueError: an unknown split.
    """
    if split not in SPLITS:
        raise ValueError(f"no split {split!r} of the volumes: choose from {', '.join(SPLITS)}.")
    with np.load(course_file("volumes8.npz", VOLUMES_SHA256), allow_pickle=False) as stored:
        bits = np.unpackbits(stored[split], axis=1)
        labels = stored[f"{split}_labels"].astype(np.int64)
        return Volumes(
            bits.reshape(-1, SIDE, SIDE, SIDE).astype(bool), labels, stored["classes"].tolist()
        )


def volume_accuracies() -> dict[str, NDArray[np.float64]]:
    """Test accuracies on solids, eight starts; made by measure.py.

    Returns:
        For what a network sees ("solid", "from above", "from one side", "three views") the
        accuracies, 0..1, shape (8,).
    """
    groups = grouped("volume_accuracies.csv", ACCURACIES_SHA256, keys=1)
    return {name: lines[:, -1] for (name,), lines in groups.items()}
