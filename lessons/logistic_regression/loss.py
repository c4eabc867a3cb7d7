"""The loss of logistic regression, from logits."""

import numpy as np
from numpy.typing import ArrayLike


def binary_cross_entropy(y: ArrayLike, z: ArrayLike) -> float:
    """Mean of -log(probability of the true class), for two classes, in nats.

    With p = sigmoid(z) that is -y log(p) - (1 - y) log(1 - p) = log(1 + exp(z)) - y z, and the
    second form never takes the logarithm of 0.

    Args:
        y: labels 0 and 1, shape (N,).
        z: logits, shape (N,).
    """
    y, z = np.asarray(y), np.asarray(z, np.float64)
    return float(np.mean(np.logaddexp(0, z) - y * z))
