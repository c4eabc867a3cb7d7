"""Tests of the simulated heights and weights: they are what the docstring says."""

import numpy as np
import pytest

from utils.data import heights_and_weights

CROWD = heights_and_weights(200_000, seed=1)


def test_shapes_and_types():
    people = heights_and_weights()
    assert people.weight.shape == people.height.shape == people.male.shape == (400,)
    assert people.weight.dtype == people.height.dtype == np.float64
    assert people.male.dtype == bool


def test_the_same_seed_gives_the_same_people():
    np.testing.assert_array_equal(heights_and_weights(50, 3), heights_and_weights(50, 3))
    assert (heights_and_weights(50, 3).height != heights_and_weights(50, 4).height).any()


@pytest.mark.parametrize("n", [2, 3, 50, 401])
def test_as_many_women_as_men_to_one(n):
    men = heights_and_weights(n).male.sum()
    assert 0 <= (n - men) - men <= 1


def test_people_are_in_random_order():
    halves = CROWD.male.reshape(2, -1).mean(axis=1)
    np.testing.assert_allclose(halves, 0.5, atol=0.01)


@pytest.mark.parametrize(
    ("male", "weight", "height", "spread"), [(True, 88.8, 175.8, 7.4), (False, 76.4, 161.8, 7.0)]
)
def test_means_spreads_and_correlation(male, weight, height, spread):
    chosen = CROWD.male == male
    weights, heights = CROWD.weight[chosen], CROWD.height[chosen]
    assert weights.mean() == pytest.approx(weight, abs=0.2)
    assert heights.mean() == pytest.approx(height, abs=0.1)
    assert heights.std() == pytest.approx(spread, abs=0.1)
    assert weights.std() == pytest.approx(13, abs=0.15)
    assert np.corrcoef(weights, heights)[0, 1] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("correlation", [-1, -0.3, 0, 0.9, 1])
def test_the_correlation_can_be_chosen(correlation):
    people = heights_and_weights(40_000, correlation=correlation)
    found = np.corrcoef(people.weight[people.male], people.height[people.male])[0, 1]
    assert found == pytest.approx(correlation, abs=0.02)


def test_the_spread_of_weight_can_be_chosen():
    people = heights_and_weights(40_000, weight_spread=5)
    assert people.weight[people.male].std() == pytest.approx(5, abs=0.1)


def test_numbers_are_as_a_scale_shows_them():
    for values in (CROWD.weight, CROWD.height):
        np.testing.assert_allclose(values * 10, np.round(values * 10), atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n": 1}, "n=1"),
        ({"correlation": 1.2}, "correlation=1.2"),
        ({"correlation": float("nan")}, "correlation=nan"),
        ({"weight_spread": 0}, "weight_spread=0"),
        ({"weight_spread": float("inf")}, "weight_spread=inf"),
    ],
)
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        heights_and_weights(**arguments)
