"""Parts of data that share no example, in NumPy alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
    rng = np.random.default_rng(seed)
    groups = (rng.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels))
    pieces = [np.split(members, cuts(len(members), fractions)) for members in groups]
    return [rng.permutation(np.concatenate(part)) for part in zip(*pieces, strict=True)]


def cuts(n: int, fractions: Sequence[float]) -> NDArray[np.int64]:
    """Where to cut n things so that each piece is within one of its share.

    Raises:
        ValueError: a fraction is not above 0, or together they are not 1.
    """
    shares = np.asarray(fractions, float)
    if shares.ndim != 1 or not (shares > 0).all() or not np.isclose(shares.sum(), 1):
        raise ValueError(f"fractions={fractions!r} must be above 0 and add up to 1.")
    return np.round(n * np.cumsum(shares)[:-1], 9).round().astype(np.int64)
