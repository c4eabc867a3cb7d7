"""Is one setting better than another? The rule by which the course compares them."""

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike


def p_of_difference(a: ArrayLike, b: ArrayLike) -> float:
    """How often chance alone puts the means of two settings as far apart as they are, or farther.

    The exact permutation test of the means, over all ways to deal the numbers into two heaps of
    these sizes: five starts against five are 252 deals, so 2/252 is the smallest answer. (SciPy's
    `permutation_test` misses some of the deals that lie exactly as far apart, by rounding.)

    Args:
        a, b: what was measured, such as accuracies: one number for each start, ten or so at most.

    Raises:
        ValueError: there is nothing in a or b, or something that is no finite number.
    """
    together = np.concatenate([a, b]).astype(float)
    if not (len(a) and len(b) and np.isfinite(together).all()):
        raise ValueError(f"a={a} and b={b}: expected one finite number or more in each.")
    heaps = np.array([*combinations(range(len(together)), len(a))])
    first = together[heaps].sum(axis=1)
    apart = np.abs(first / len(a) - (together.sum() - first) / len(b))
    as_far = abs(np.mean(a) - np.mean(b)) - 1e-12 * np.abs(together).max()  # sums are rounded
    return float(np.mean(apart >= as_far))
