"""What came of the trainings of the lesson, kept as small tables."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.files import course_file
from utils.data.tables import grouped

BIAS_ACCURACIES_SHA256 = "b88171a08adb30441b164e82bdeceb742ceedbf8715cd57c09b093401f094550"


class OnGrounds(NamedTuple):
    """How networks answered that were trained from several starts: shares 0..1, shape (n,) each.

    `held_out` is the accuracy on pictures like those of the training. On pictures that stand on the
    ground of another class, `lying` is the share of answers that name the object, and `ground` of
    those that name the class of the ground. `test` is the accuracy on grounds of all kinds.
    """

    held_out: NDArray[np.float64]
    lying: NDArray[np.float64]
    ground: NDArray[np.float64]
    test: NDArray[np.float64]


def bias_accuracies() -> dict[str, OnGrounds]:
    """Networks on telling and lying grounds, five starts; made by measure.py.

    Returns:
        For each training ("small CNN", "backbone", each also with " + more grounds") its shares.

    Raises:
        ValueError, FileNotFoundError: the table is not the one that was made, or missing.
    """
    groups = grouped("bias_accuracies.csv", BIAS_ACCURACIES_SHA256, keys=1)
    return {name: OnGrounds(*lines[:, 1:].T) for (name,), lines in groups.items()}


COPY_ACCURACIES_SHA256 = "71ef6d0a40285c834f3495fbe2b74c6040e6e87d042130baa1293c5113f0567f"


def copy_accuracies() -> dict[str, dict[str, NDArray[np.int64]]]:
    """Networks that learned from copies, and the same photographs in several files; by copies.py.

    Returns:
        For each network, then each way of saving, how many photographs there were and how many
        were named right: shape (starts, 2 groups, 2), first those whose file says that nothing is
        to be turned, then those with a note.

    Raises:
        ValueError, FileNotFoundError: the table is not the one that was made, or missing.
    """
    path = course_file("copy_accuracies.csv", COPY_ACCURACIES_SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1)
    found: dict[str, dict[str, NDArray[np.int64]]] = {}
    for network in dict.fromkeys(table[:, 0]):
        own = table[table[:, 0] == network]
        found[str(network)] = {
            str(way): own[own[:, 2] == way][:, 4:].astype(int).reshape(-1, 2, 2)
            for way in dict.fromkeys(own[:, 2])
        }
    return found
