"""How good is a classifier of two classes? Counts and rates, in NumPy alone.

Labels are 0 (negative) and 1 (positive), predictions too. Where a rate would divide by zero it
counts as 0, as in scikit-learn with `zero_division=0`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Counts(NamedTuple):
    """The four ways to be right and wrong: true/false, said of a positive/negative prediction."""

    tp: int
    fp: int
    fn: int
    tn: int


def confusion_counts(y: ArrayLike, predicted: ArrayLike) -> Counts:
    """Count true positives, false positives, false negatives and true negatives.

    Args:
        y: true labels 0 and 1, shape (N,), N >= 1.
        predicted: predicted labels 0 and 1, shape (N,).

    Raises:
        ValueError: the shapes differ, are empty or not (N,), or a label is neither 0 nor 1.
    """
    y, predicted = two_classes("y", y), two_classes("predicted", predicted)
    if y.shape != predicted.shape:
        raise ValueError(
            f"y has shape {y.shape} and predicted {predicted.shape}: give one prediction a label."
        )
    pairs = ((1, 1), (0, 1), (1, 0), (0, 0))
    return Counts(*(int(np.sum((y == was) & (predicted == said))) for was, said in pairs))


def accuracy(counts: Counts) -> float:
    """(TP + TN) / all: the share of right predictions, 0..1."""
    return _ratio(counts.tp + counts.tn, sum(counts))


def precision(counts: Counts) -> float:
    """TP / (TP + FP): of all that were called positive, the share that is, 0..1."""
    return _ratio(counts.tp, counts.tp + counts.fp)


def recall(counts: Counts) -> float:
    """TP / (TP + FN): of all that are positive, the share that was found, 0..1."""
    return _ratio(counts.tp, counts.tp + counts.fn)


def f1(counts: Counts) -> float:
    """The harmonic mean of precision and recall, 2PR / (P + R), 0..1; near the smaller one."""
    return _ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)


def two_classes(name: str, values: ArrayLike) -> NDArray:
    """Labels 0 and 1 as an array of shape (N,), N >= 1, or a ValueError that names them."""
    labels = np.asarray(values)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"{name} has shape {labels.shape}: expected (N,) with N >= 1.")
    other = labels[(labels != 0) & (labels != 1)]
    if other.size:
        raise ValueError(f"{name} holds {other.tolist()[0]!r}: expected labels 0 and 1.")
    return labels


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
