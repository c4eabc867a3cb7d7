"""Train a Keras model the same way every time, and watch it learn."""

import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from IPython.display import display
from numpy.typing import NDArray

from utils.plots import learning_curves, png
from utils.quiet import keras, tf

CURVES = ("loss", "accuracy", "val_loss", "val_accuracy")
SHARE_OF_TIME = 0.1
"""How much of the time of a training its live curves may take."""


def reproducible(seed: int) -> None:
    """From here on the same numbers in every run: Python, NumPy, Keras, and TensorFlow's sums.

    Args:
        seed: 0 to 2**32 - 1. Call again before each model whose training is to stand alone.
    """
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


@dataclass(frozen=True, repr=False)
class Record:
    """What a training leaves: four curves, each float64 of shape (epochs,)."""

    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    val_loss: NDArray[np.float64]
    val_accuracy: NDArray[np.float64]

    @property
    def epochs(self) -> int:
        """How often the network has seen the training set."""
        return len(self.loss)

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, with the lowest loss on the validation set."""
        return int(np.argmin(self.val_loss)) + 1

    def __repr__(self) -> str:
        return f"Record of {self.epochs} epochs: {', '.join(CURVES)}"


def fit(
    model: keras.Model,
    train: Any,
    validation: Any,
    epochs: int,
    batch_size: int = 32,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> Record:
    """Train a compiled model without a word, and return its curves.

    Args:
        model: compiled with the metric "accuracy".
        train, validation: each a pair (images, labels), or a `tf.data.Dataset` of batches.
        epochs: 1 or more.
        batch_size: images a step; a data set comes in batches of its own.
        callbacks: such as `LiveCurves()`.

    Raises:
        ValueError: the model is not compiled, or not with the metric "accuracy", or no epoch.
        RuntimeError: nothing can be learned: all is frozen, or a stopped training left a mess.
    """
    if not model.compiled:
        raise ValueError(
            f'{model.name} is not compiled: call model.compile(..., metrics=["accuracy"]).'
        )
    if epochs < 1:
        raise ValueError(f"epochs={epochs} must be 1 or more.")
    data = {"x": train, "shuffle": False}  # a data set shuffles by itself
    if isinstance(train, tuple):
        data = {"x": train[0], "y": train[1], "batch_size": batch_size}
    options = {"validation_data": validation, "epochs": epochs, "callbacks": list(callbacks)}
    try:
        history = model.fit(**data, **options, verbose=0).history
    except ValueError as error:
        if "No gradients provided" not in str(error):
            raise
        raise RuntimeError(
            "no gradient arrives anywhere. Was a training stopped before? Then restart the kernel; "
            "otherwise some layer of the model must be trainable."
        ) from error
    if "accuracy" not in history:
        raise ValueError(f'compile {model.name} with metrics=["accuracy"]; it has {list(history)}.')
    return Record(*(np.asarray(history[name], np.float64) for name in CURVES))


LIVE_ALT = "Loss and accuracy on the training and the validation set, drawn epoch by epoch."
LIVE = {
    "raw": True,
    "metadata": {
        "image/png": {
            "alt": LIVE_ALT,
            "caption": "The network learns, epoch by epoch.",
            "width": 950,
        }
    },
}
"""How the curves are displayed: the same words at every moment."""


class LiveCurves(keras.callbacks.Callback):
    """Loss and accuracy, drawn while the network learns, with the time that is left.

    The picture is drawn again only as often as a tenth of the training's time allows. The last one
    holds no time, and the text beside it never changes, so a saved notebook is the same every time.
    """

    def __init__(self):
        super().__init__()
        self.history = {name: [] for name in CURVES}
        self.drawing_seconds = 0.0

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Show empty axes."""
        self.started = time.perf_counter()
        self.handle = display(self._picture("starting"), display_id=True, **LIVE)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Add one point to each curve; draw where there is time for it."""
        for name in CURVES:
            self.history[name].append(logs[name])
        spent = time.perf_counter() - self.started
        if self.drawing_seconds < SHARE_OF_TIME * spent:
            self.handle.update(self._picture(self._progress(epoch + 1, spent)), **LIVE)

    def on_train_end(self, logs: dict | None = None) -> None:
        """Leave the finished curves."""
        self.handle.update(self._picture(""), **LIVE)

    def _progress(self, done: int, spent: float) -> str:
        epochs = self.params["epochs"]
        left = spent / done * (epochs - done)
        return f"epoch {done} of {epochs}, about {left:.0f} s left"

    def _picture(self, status: str) -> dict:
        started = time.perf_counter()
        curves = learning_curves(self.history, self.params["epochs"], status)
        picture = png(curves.figure, 1.5)
        self.drawing_seconds += time.perf_counter() - started
        return {"image/png": b64encode(picture).decode(), "text/plain": LIVE_ALT}
