"""The learning curves that the lesson shows of trainings which take too long for a page."""

import numpy as np
from numpy.typing import NDArray

from utils.data.tables import grouped

CURVES_SHA256 = "72f7af2a2b04fabb60a5694ece45d3ae0a1a2a6fe43d67dccf29b51fe7323f9d"


def curves() -> dict[tuple[str, str], NDArray[np.float64]]:
    """Accuracy in training and in validation, epoch by epoch, the mean of the eight starts.

    Returns:
        For ("centered" or "anywhere", network) an array of shape (epochs, 2), 0..1.
    """
    groups = grouped("digit_curves.csv", CURVES_SHA256, keys=2)
    return {group: lines[:, 1:] for group, lines in groups.items()}
