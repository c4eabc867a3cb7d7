"""Data made ready to learn from: labels as vectors, and shuffled parts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.splitting import cuts
from utils.validation import whole


def one_hot(labels: ArrayLike, classes: int) -> NDArray[np.float64]:
    """A row for every label: 1 in the column of its class, 0 elsewhere.

    Args:
        labels: N whole numbers, 0..classes - 1.
        classes: how many there are, also those that no label uses.

    Returns:
        float64, shape (N, classes).

    Raises:
        TypeError: labels or `classes` are not whole numbers.
        ValueError: labels are not one-dimensional, or one lies outside its range.
    """
    classes = whole("classes", classes, 1)
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"labels have shape {labels.shape}: expected (N,).")
    if labels.size and labels.dtype.kind not in "iu":
        raise TypeError(f"labels have dtype {labels.dtype}: expected whole numbers.")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(f"label {wrong}: expected 0 to {classes - 1} for classes={classes}.")
    return np.eye(classes)[labels.astype(np.int64)]


def random_split(n: int, fractions: Sequence[float], seed: int = 0) -> list[NDArray[np.int64]]:
    """Shuffled parts of n examples: every example is in one part, and in one only.

    Args:
        n: how many examples, 1 or more.
        fractions: the share of each part, above 0; together 1.
        seed: of the shuffle.

    Returns:
        The indices of each part, int64, shuffled; its size is within one of its share.

    Raises:
        TypeError: n is not a whole number.
        ValueError: n is less than 1, or the fractions do not fit.
    """
    n = whole("n", n, 1)
    return np.split(np.random.default_rng(seed).permutation(n), cuts(n, fractions))
