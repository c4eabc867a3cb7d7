"""What the lesson computes and trains with, once the student has written it."""

import math
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils import training
from utils.quiet import keras

Pair = tuple[NDArray, NDArray]


def fit_and_keep(
    model: keras.Model, train: Pair, validation: Pair, epochs: int, path: str, *callbacks
) -> training.Record:
    """Train with a falling rate, stop in time, and keep the best epoch in memory and on disk.

    Args:
        model: ends with softmax.
        train, validation: (pictures, labels).
        epochs: 1 or more; the rate falls to 0 at the end of the last one.
        path: of the file, ending in .keras.
        callbacks: others, such as `LiveCurves()`.
    """
    steps = math.ceil(len(train[1]) / 32)
    fall = keras.optimizers.schedules.CosineDecay(0.003, epochs * steps)
    model.compile(
        keras.optimizers.Adam(fall), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    keep = keras.callbacks.ModelCheckpoint(path, save_best_only=True)
    return training.fit(model, train, validation, epochs, callbacks=[stop, keep, *callbacks])


def stopping_epoch(val_losses: ArrayLike, patience: int) -> tuple[int, int]:
    """The epoch after which early stopping ends a training, and the one whose weights are kept.

    Args:
        val_losses: after each epoch; at least one.
        patience: so many epochs in a row may bring no new best.
    """
    best = 1
    for epoch, loss in enumerate(val_losses, 1):
        if loss < val_losses[best - 1]:
            best = epoch
        if epoch - best == patience:
            break
    return epoch, best


def differences_of_deals(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """How far apart the means are in every deal of the numbers into two hands of these sizes."""
    numbers = np.concatenate([a, b])
    hands = np.array(list(combinations(range(len(numbers)), len(a))))
    first = numbers[hands].sum(axis=1)
    return first / len(a) - (numbers.sum() - first) / len(b)


def answer_in(model: keras.Model, pictures: NDArray, labels: NDArray, training: bool) -> float:
    """Share of right answers in random batches of 32, as at inference or as in training.

    In training mode the moving averages of batch normalization move, at a momentum of 0.9.
    """
    order = np.random.default_rng(0).permutation(len(labels))
    batches = np.array_split(order, max(1, len(labels) // 32))
    right = [
        model(pictures[batch], training=training).numpy().argmax(axis=1) == labels[batch]
        for batch in batches
    ]
    return float(np.concatenate(right).mean())
