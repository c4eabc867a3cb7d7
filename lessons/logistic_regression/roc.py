"""What every threshold finds, and what it costs: the ROC curve, and precision over recall."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.logistic_regression.rates import two_classes


class Roc(NamedTuple):
    """A ROC curve: float64 arrays of one length, from (0, 0) to (1, 1).

    At `thresholds[i]`, the share `false_positive_rate[i]` of the negatives and the share
    `true_positive_rate[i]` of the positives are called positive. The first threshold is infinite.
    """

    false_positive_rate: NDArray[np.float64]
    true_positive_rate: NDArray[np.float64]
    thresholds: NDArray[np.float64]


def roc_curve(y: ArrayLike, scores: ArrayLike) -> Roc:
    """False and true positive rate at every threshold that changes a prediction.

    An example is called positive when its score is the threshold or more.

    Args:
        y: true labels, both 0 and 1 among them, shape (N,).
        scores: probabilities or logits, higher for more likely positive, shape (N,).

    Raises:
        ValueError: y is not as above, a score is NaN or infinite, or there is only one class.
    """
    y, scores = two_classes("y", y), np.asarray(scores, np.float64)
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


class PrecisionRecall(NamedTuple):
    """Precision and recall at every threshold: float64 arrays of one length, recall rising."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    thresholds: NDArray[np.float64]


def precision_recall_curve(y: ArrayLike, scores: ArrayLike) -> PrecisionRecall:
    """Precision and recall at every threshold that changes a prediction, the highest first.

    Args:
        y, scores: as for `roc_curve`, which says what is refused.
    """
    roc, positives = roc_curve(y, scores), np.sum(y)
    found = roc.true_positive_rate[1:] * positives
    alarms = roc.false_positive_rate[1:] * (len(y) - positives)
    return PrecisionRecall(found / (found + alarms), roc.true_positive_rate[1:], roc.thresholds[1:])


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
