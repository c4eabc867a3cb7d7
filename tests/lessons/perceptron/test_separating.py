"""Whether a line separates: against the fourteen gates, and points made with a known line."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.perceptron.separating import separable

CORNERS = np.array(list(product((0, 1), repeat=2)))


@pytest.mark.parametrize("targets", list(product((0, 1), repeat=4)))
def test_all_gates_but_xor_and_its_opposite(targets):
    assert separable(CORNERS, targets) == (targets not in {(0, 1, 1, 0), (1, 0, 0, 1)})


@given(st.integers(0, 1000))
def test_points_on_two_sides_of_a_line(seed):
    rng = np.random.default_rng(seed)
    X, weights = rng.normal(size=(20, 2)), rng.normal(size=2)
    assert separable(X, X @ weights >= 0)
