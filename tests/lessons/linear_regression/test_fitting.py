"""Tests of the line: examples, properties, scikit-learn and NumPy as oracles, the lesson's own."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error as sklearn_mse

from lessons.linear_regression import fitting
from utils import regression

X, Y = [1, 2, 3], [2, 2, 4]

numbers = st.floats(-100, 100)
lines = st.tuples(st.floats(-10, 10), st.floats(-10, 10))
points = st.integers(2, 30).flatmap(
    lambda n: st.tuples(arrays(float, n, elements=numbers), arrays(float, n, elements=numbers))
)


def spread(cloud):
    assume(np.std(cloud[0]) > 0.1)
    return cloud


def test_design_matrix_has_a_column_of_ones():
    matrix = regression.design_matrix(X)
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(matrix, [[1, 1], [2, 1], [3, 1]])


def test_predict_is_the_line():
    np.testing.assert_array_equal(regression.predict(X, 2, 5), [7, 9, 11])


def slopes(x, y, w, b):
    """The gradient, read off one step of rate 1."""
    before, after = fitting.gradient_descent(x, y, 1.0, 1, (w, b))
    return before - after


def test_the_pencil_example():
    assert fitting.mean_squared_error(Y, [2, 3, 4]) == pytest.approx(1 / 3)
    np.testing.assert_allclose(regression.least_squares(X, Y), [1, 2 / 3])
    np.testing.assert_allclose(slopes(X, Y, 0, 2), [-4, -4 / 3])
    np.testing.assert_allclose(
        fitting.gradient_descent(X, Y, 0.15, 1, (0, 2)), [[0, 2], [0.6, 2.2]]
    )


@given(points)
def test_mean_squared_error_is_that_of_scikit_learn(cloud):
    assert fitting.mean_squared_error(*cloud) == pytest.approx(sklearn_mse(*cloud))


@given(points)
def test_least_squares_is_that_of_scikit_learn_and_of_lstsq(cloud):
    x, y = spread(cloud)
    model = LinearRegression().fit(x[:, None], y)
    line = regression.least_squares(x, y)
    np.testing.assert_allclose(line, [model.coef_[0], model.intercept_], rtol=1e-6, atol=1e-6)
    oracle = np.linalg.lstsq(regression.design_matrix(x), y, rcond=None)[0]
    np.testing.assert_allclose(line, oracle, rtol=1e-6, atol=1e-6)


@given(points, lines)
def test_no_line_is_better_than_least_squares(cloud, other):
    x, y = spread(cloud)
    best = fitting.mean_squared_error(y, regression.predict(x, *regression.least_squares(x, y)))
    assert best <= fitting.mean_squared_error(y, regression.predict(x, *other)) + 1e-9


@given(points)
def test_the_gradient_vanishes_at_the_best_line(cloud):
    x, y = spread(cloud)
    gradient = slopes(x, y, *regression.least_squares(x, y))
    np.testing.assert_allclose(gradient, 0, atol=1e-6)


@given(points, lines)
def test_the_gradient_agrees_with_finite_differences(cloud, line):
    x, y = cloud
    w, b = line
    h = 1e-3

    def mse(w, b):
        return fitting.mean_squared_error(y, regression.predict(x, w, b))

    nudged = [
        (mse(w + h, b) - mse(w - h, b)) / (2 * h),
        (mse(w, b + h) - mse(w, b - h)) / (2 * h),
    ]
    np.testing.assert_allclose(slopes(x, y, w, b), nudged, rtol=1e-5, atol=1e-3)


@given(points)
def test_a_safe_descent_never_climbs_and_arrives(cloud):
    x, y = spread(cloud)
    z = (x - x.mean()) / x.std()
    path = fitting.gradient_descent(z, y, 0.1, 200)
    losses = [fitting.mean_squared_error(y, regression.predict(z, *line)) for line in path]
    assert np.all(np.diff(losses) <= 1e-9)
    np.testing.assert_allclose(path[-1], regression.least_squares(z, y), atol=1e-6)


def test_a_descent_above_the_border_climbs():
    matrix = regression.design_matrix(X)
    border = 2 / np.linalg.eigvalsh(2 / 3 * matrix.T @ matrix).max()
    below = fitting.gradient_descent(X, Y, 0.99 * border, 3000)[-1]
    above = fitting.gradient_descent(X, Y, 1.05 * border, 100)[-1]
    np.testing.assert_allclose(below, [1, 2 / 3], atol=1e-6)
    assert np.abs(above).max() > 100


def test_a_descent_of_no_steps_stays():
    np.testing.assert_array_equal(fitting.gradient_descent(X, Y, 0.1, 0, (3, 4)), [[3, 4]])


@given(points)
def test_the_surface_holds_the_loss_of_each_line(cloud):
    x, y = cloud
    slopes, intercepts = [-1.0, 0.5, 2.0], [3.0, -4.0]
    surface = fitting.loss_surface(x, y, slopes, intercepts)
    assert surface.shape == (2, 3)
    for row, b in enumerate(intercepts):
        for column, w in enumerate(slopes):
            expected = fitting.mean_squared_error(y, regression.predict(x, w, b))
            assert surface[row, column] == pytest.approx(expected)


def test_inputs_are_left_alone():
    x, y = np.array([1, 2, 3]), np.array([2, 2, 4])
    for function in (regression.least_squares, fitting.mean_squared_error):
        function(x, y)
    fitting.gradient_descent(x, y, 0.1, 3)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)


def test_the_goal_can_be_reached_and_is_a_multiple_of_five():
    line = regression.least_squares(X, Y)
    assert fitting.goal(X, Y) == 5
    assert fitting.mean_squared_error(Y, regression.predict(X, *line)) < 5


def test_a_rate_too_large_ends_without_a_warning():
    assert not np.isfinite(fitting.gradient_descent(X, Y, 0.5, 2000, (0, 2))[-1]).any()
