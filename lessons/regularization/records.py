"""What the lesson shows of trainings that take too long for a page; made by its `measure`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.tables import grouped

SIZE_CURVES_SHA256 = "92681fa12462e976c4c04766c292fcc1b560aed38a938ef66cbf80c8bec5c440"


class Curves(NamedTuple):
    """How several starts of one network learned, epoch by epoch, shape (starts, epochs) each."""

    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    val_loss: NDArray[np.float64]
    val_accuracy: NDArray[np.float64]

    @property
    def last(self) -> NDArray[np.float64]:
        """The validation accuracy of each start after the last epoch."""
        return self.val_accuracy[:, -1]

    @property
    def stopped(self) -> NDArray[np.float64]:
        """The validation accuracy of each start where its validation loss was lowest."""
        return self.val_accuracy[np.arange(len(self.loss)), self.val_loss.argmin(axis=1)]


def sizes() -> dict[int, Curves]:
    """The curves of the network of section 1 in five sizes, by number of parameters."""
    groups = grouped("size_curves.csv", SIZE_CURVES_SHA256, keys=1)
    return {
        int(parameters): Curves(*lines[:, 2:].T.reshape(4, len(set(lines[:, 0])), -1))
        for (parameters,), lines in groups.items()
    }
