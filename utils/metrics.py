"""How good is a classifier of two classes? Counts, rates and the ROC curve, in NumPy alone.

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


class Roc(NamedTuple):
    """A ROC curve: float64 arrays of one length, from (0, 0) to (1, 1).

    At `thresholds[i]`, the share `false_positive_rate[i]` of the negatives and the share
    `true_positive_rate[i]` of the positives are called positive. The first threshold is infinite.
    """

    false_positive_rate: NDArray[np.float64]
    true_positive_rate: NDArray[np.float64]
    thresholds: NDArray[np.float64]


def confusion_counts(y: ArrayLike, predicted: ArrayLike) -> Counts:
    """Count true positives, false positives, false negatives and true negatives.

    Args:
        y: true labels 0 and 1, shape (N,), N >= 1.
        predicted: predicted labels 0 and 1, shape (N,).

    Raises:
        ValueError: the shapes differ, are empty or not (N,), or a label is neither 0 nor 1.
    """
    y, predicted = _labels("y", y), _labels("predicted", predicted)
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


def roc_curve(y: ArrayLike, scores: ArrayLike) -> Roc:
    """False and true positive rate at every threshold that changes a prediction.

    An example is called positive when its score is the threshold or more.

    Args:
        y: true labels, both 0 and 1 among them, shape (N,).
        scores: probabilities or logits, higher for more likely positive, shape (N,).

    Raises:
        ValueError: as `confusion_counts`, a score is NaN or infinite, or there is only one class.
    """
    y, scores = _labels("y", y), np.asarray(scores, np.float64)
    if y.shape != scores.shape:
        raise ValueError(
            f"y has shape {y.shape} and scores {scores.shape}: give one score a label."
        )
    if not np.isfinite(scores).all():
        raise ValueError("a score is NaN or infinite: expected finite probabilities or logits.")
    if y.min() == y.max():
        raise ValueError(f"every label is {int(y[0])}: a ROC curve needs positives and negatives.")
    thresholds, group = np.unique(scores, return_inverse=True)
    positives = np.bincount(group, y == 1)[::-1].cumsum()
    negatives = np.bincount(group, y == 0)[::-1].cumsum()
    return Roc(
        np.append(0, negatives / negatives[-1]),
        np.append(0, positives / positives[-1]),
        np.append(np.inf, thresholds[::-1]),
    )


def area_under_curve(x: ArrayLike, y: ArrayLike) -> float:
    """The area under a polyline, by trapezoids; of a ROC curve: 0.5 for guessing, 1 at best.

    Args:
        x: n >= 2 numbers that never fall.
        y: n numbers.

    Raises:
        ValueError: lengths differ, fewer than two points, a number is NaN, or x falls.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if x.shape != y.shape or x.ndim != 1 or len(x) < 2:
        raise ValueError(f"x has shape {x.shape} and y {y.shape}: expected (n,) twice, n >= 2.")
    if np.isnan(x).any() or np.isnan(y).any():
        raise ValueError("x or y holds NaN: expected numbers.")
    if (np.diff(x) < 0).any():
        raise ValueError("x falls somewhere: sort the points by x first.")
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def _labels(name: str, values: ArrayLike) -> NDArray:
    labels = np.asarray(values)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"{name} has shape {labels.shape}: expected (N,) with N >= 1.")
    other = labels[(labels != 0) & (labels != 1)]
    if other.size:
        raise ValueError(f"{name} holds {other.tolist()[0]!r}: expected labels 0 and 1.")
    return labels


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
