"""Solids of the eight classes on a grid of cells."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.files import course_file

VOLUMES_SHA256 = "8976012576adf82b60ff92d34e989bc2b20745564d9d8a0d4514632827d93e38"
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
        ValueError: an unknown split, or a file that is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    if split not in SPLITS:
        raise ValueError(f"no split {split!r} of the volumes: choose from {', '.join(SPLITS)}.")
    with np.load(course_file("volumes8.npz", VOLUMES_SHA256), allow_pickle=False) as stored:
        bits = np.unpackbits(stored[split], axis=1)
        labels = stored[f"{split}_labels"].astype(np.int64)
        return Volumes(
            bits.reshape(-1, SIDE, SIDE, SIDE).astype(bool), labels, stored["classes"].tolist()
        )
