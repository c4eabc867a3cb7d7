"""The loss of logistic regression against SciPy and scikit-learn."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special
from sklearn.metrics import log_loss

from lessons.logistic_regression.loss import binary_cross_entropy

vectors = arrays(np.float64, st.integers(1, 20), elements=st.floats(-1e3, 1e3, width=32))


@given(vectors, st.randoms(use_true_random=False))
def test_it_is_the_mean_surprise(z, random):
    y = np.array([random.randrange(2) for _ in z])
    expected = np.mean(-special.log_expit(np.where(y == 1, z, -z)))
    np.testing.assert_allclose(binary_cross_entropy(y, z), expected, atol=1e-9)


def test_scikit_learn_agrees():
    z = np.array([-2.0, 0.5, 3])
    expected = log_loss([0, 1, 0], special.expit(z))
    np.testing.assert_allclose(binary_cross_entropy([0, 1, 0], z), expected)
