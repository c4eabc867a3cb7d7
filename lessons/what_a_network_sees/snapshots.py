"""What a network was on the way: its weights, put aside while it trains."""

from collections.abc import Iterable

from numpy.typing import NDArray

from utils.quiet import keras


class Snapshots(keras.callbacks.Callback):
    """Copies of the weights as they were after chosen batches.

    Attributes:
        weights: maps a number of batches (0: before training) to what `model.get_weights()` gave.
    """

    def __init__(self, batches: Iterable[int]):
        super().__init__()
        self.batches = frozenset(batches)
        self.weights: dict[int, list[NDArray]] = {}

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Count from zero."""
        self.seen = 0
        self._keep()

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Count one batch."""
        self.seen += 1
        self._keep()

    def _keep(self) -> None:
        if self.seen in self.batches:
            self.weights[self.seen] = self.model.get_weights()
