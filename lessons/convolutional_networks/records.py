"""What the lesson shows of trainings that take too long for a page; made by its `measure`."""

import numpy as np
from numpy.typing import NDArray

from utils.data.tables import grouped

ACCURACIES_SHA256 = "0274ad62aa44357e32765c2949012c39dc3ec206ca112d92a02520f2fb7f1cf3"
CURVES_SHA256 = "72f7af2a2b04fabb60a5694ece45d3ae0a1a2a6fe43d67dccf29b51fe7323f9d"


def accuracies() -> dict[tuple[str, str], NDArray[np.float64]]:
    """Test accuracies on digits of new writers.

    Returns:
        For ("centered" or "anywhere", network) the accuracies, 0..1, shape (8,).
    """
    groups = grouped("digit_accuracies.csv", ACCURACIES_SHA256, keys=2)
    return {group: lines[:, 1] for group, lines in sorted(groups.items())}


def curves() -> dict[tuple[str, str], NDArray[np.float64]]:
    """Accuracy in training and in validation, epoch by epoch, the mean of the eight starts.

    Returns:
        For ("centered" or "anywhere", network) an array of shape (epochs, 2), 0..1.
    """
    groups = grouped("digit_curves.csv", CURVES_SHA256, keys=2)
    return {group: lines[:, 1:] for group, lines in groups.items()}
