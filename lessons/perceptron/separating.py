"""Whether a straight boundary exists: one inequality per example, and a solver for all of them."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog


def separable(X: ArrayLike, y: ArrayLike) -> bool:
    """Whether some weights and bias give z >= 1 for class 1 and z <= -1 for class 0.

    Args:
        X: examples, shape (N, inputs).
        y: classes 0 and 1, shape (N,).
    """
    X = np.asarray(X, float)
    sides = np.where(np.asarray(y) == 1, 1, -1)[:, np.newaxis]
    inequalities = -sides * np.c_[X, np.ones(len(X))]
    free = (None, None)
    answer = linprog(np.zeros(X.shape[1] + 1), inequalities, -np.ones(len(X)), bounds=free)
    return answer.status == 0  # 2: there is no solution
