"""What came of four trainings of the lesson, kept as a small table."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.tables import grouped

BIAS_ACCURACIES_SHA256 = "8b5b9f5d290bfd959f2316e9d077b8bb52ee0021006f8f0dbb6df29b6a058c3d"


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
