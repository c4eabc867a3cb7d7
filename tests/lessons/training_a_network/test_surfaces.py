"""The valley has the slopes and curvatures that it says, and paths are those of the optimizers."""

import numpy as np
import pytest

from lessons.training_a_network.surfaces import Valley, descend
from utils.neurons import SGD, Adam, RMSprop

VALLEY = Valley()
START = np.array([-4.0, -1.0])


def test_the_numbers_of_the_lesson_by_hand():
    assert VALLEY.loss(START) == 16.5
    np.testing.assert_array_equal(VALLEY.gradient(START), [-12, 15])
    np.testing.assert_allclose(VALLEY.curvatures, [1, 21])
    assert VALLEY.largest_rate == pytest.approx(2 / 21)
    along, across = VALLEY.directions.T
    assert abs(along @ [2, 1]) == pytest.approx(5**0.5)
    assert abs(across @ [-1, 2]) == pytest.approx(5**0.5)


@pytest.mark.parametrize("matrix", [((5, -8), (-8, 17)), ((1, 0), (0, 21)), ((2, 1), (1, 3))])
def test_the_gradient_agrees_with_differences(matrix):
    valley = Valley(matrix)
    for point in np.random.default_rng(0).normal(size=(5, 2)):
        nudges = 1e-5 * np.eye(2)
        slopes = (valley.loss(point + nudges) - valley.loss(point - nudges)) / 2e-5
        np.testing.assert_allclose(valley.gradient(point), slopes, atol=1e-8)


def test_loss_and_gradient_take_any_number_of_points():
    points = np.random.default_rng(1).normal(size=(3, 4, 2))
    assert VALLEY.loss(points).shape == (3, 4)
    np.testing.assert_allclose(VALLEY.loss(points)[1, 2], VALLEY.loss(points[1, 2]))
    np.testing.assert_allclose(VALLEY.gradient(points)[1, 2], VALLEY.gradient(points[1, 2]))


@pytest.mark.parametrize("rate", [0.001, 0.05, 0.09, 0.1])
def test_gradient_descent_shrinks_each_direction_by_its_own_factor(rate):
    path = descend(VALLEY, SGD(rate), START, 30)
    factors = (1 - rate * VALLEY.curvatures) ** np.arange(31)[:, None]
    expected = START @ VALLEY.directions * factors
    np.testing.assert_allclose(path @ VALLEY.directions, expected, atol=1e-12)


@pytest.mark.parametrize(("factor", "arrives"), [(0.95, True), (1.05, False)])
def test_the_largest_rate_is_the_border(factor, arrives):
    losses = VALLEY.loss(descend(VALLEY, SGD(factor * VALLEY.largest_rate), START, 200))
    assert (losses[-1] < losses[0]) == arrives


@pytest.mark.parametrize("make", [lambda: SGD(0.02, 0.9), lambda: RMSprop(0.2), lambda: Adam(0.2)])
def test_a_path_is_a_chain_of_updates(make):
    path, optimizer, point = descend(VALLEY, make(), START, 5), make(), START
    for reached in path[1:]:
        (point,) = optimizer.update([point], [VALLEY.gradient(point)])
        np.testing.assert_array_equal(reached, point)


def test_no_step_leaves_the_start():
    np.testing.assert_array_equal(descend(VALLEY, SGD(0.1), START, 0), [START])


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (((1, 2), (3, 4)), "symmetric"),
        (((1, 0), (0, -1)), "bends downward"),
        (((1, 2), (2, 4)), "bends downward"),
        ((1, 2), "shape"),
    ],
)
def test_a_matrix_that_is_no_valley_is_refused(matrix, message):
    with pytest.raises(ValueError, match=message):
        Valley(matrix)


def test_wrong_starts_and_steps_are_named():
    with pytest.raises(ValueError, match=r"expected \(2,\)"):
        descend(VALLEY, SGD(0.1), [1, 2, 3], 2)
    with pytest.raises(ValueError, match="steps"):
        descend(VALLEY, SGD(0.1), START, -1)
    with pytest.raises(TypeError, match="whole"):
        descend(VALLEY, SGD(0.1), START, 1.5)
