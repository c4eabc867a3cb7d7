"""Data made ready to learn from: labels as vectors, and parts that share no example. NumPy only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    order = np.random.default_rng(seed).permutation(n)
    return np.split(order, _cuts(n, _shares(fractions)))


def stratified_split(
    labels: ArrayLike, fractions: Sequence[float], seed: int = 0
) -> list[NDArray[np.int64]]:
    """Shuffled parts that all hold the classes in the proportions of the whole.

    Each class is shuffled and cut by itself. A class of few examples may be missing from a small
    part: one of 3, cut into 60, 20 and 20 %, has 2, 0 and 1.

    Args:
        labels: the class of each of N examples, numbers or names, N >= 1.
        fractions: the share of each part, above 0; together 1.
        seed: of the shuffle.

    Returns:
        The indices of each part, int64, shuffled; of every class, each part holds its share to
        within one example.

    Raises:
        ValueError: labels are not one-dimensional or empty, or the fractions do not fit.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or not labels.size:
        raise ValueError(f"labels have shape {labels.shape}: expected (N,), N of 1 or more.")
    shares = _shares(fractions)
    rng = np.random.default_rng(seed)
    pieces = []
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        pieces.append(np.split(members, _cuts(len(members), shares)))
    return [rng.permutation(np.concatenate(part)) for part in zip(*pieces, strict=True)]


def _shares(fractions: Sequence[float]) -> NDArray[np.float64]:
    shares = np.asarray(fractions, float)
    if shares.ndim != 1 or not (shares > 0).all() or not np.isclose(shares.sum(), 1):
        raise ValueError(f"fractions={fractions!r} must be above 0 and add up to 1.")
    return shares


def _cuts(n: int, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Where to cut n things so that each piece is within one of its share."""
    return np.round(n * np.cumsum(shares)[:-1], 9).round().astype(np.int64)
