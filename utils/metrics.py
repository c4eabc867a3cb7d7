"""Is one setting better than another? The rule by which the course compares them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def p_of_difference(a: ArrayLike, b: ArrayLike) -> float:
    """How often chance alone puts the means of two settings as far apart as they are, or farther.

    The exact permutation test of the means, over all ways to deal the numbers into two heaps of
    these sizes: five starts against five are 252 deals, so 2/252 is the smallest answer.

    Args:
        a, b: what was measured, such as accuracies: one number for each start.
    """
    from scipy import stats

    def apart(x: NDArray, y: NDArray, axis: int) -> NDArray:
        return x.mean(axis=axis) - y.mean(axis=axis)

    return float(stats.permutation_test((a, b), apart, n_resamples=np.inf).pvalue)
