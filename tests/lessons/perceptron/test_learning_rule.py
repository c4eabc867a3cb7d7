"""The learning rule by pencil and against scikit-learn."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.linear_model import Perceptron

from lessons.perceptron.learning_rule import perceptron_path, perceptron_update
from utils.neurons import step


def test_the_first_updates_on_and_by_pencil():
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    path = perceptron_path(corners, [0, 0, 0, 1], epochs=20)
    assert path[0].mistake is None
    # z = 0 counts as 1, so the first corner is a mistake and lowers the bias; then (1, 1) is one.
    assert [(*s.weights, s.bias, s.epoch, s.mistake) for s in path[1:3]] == [
        (0, 0, -1, 1, 0),
        (1, 1, 0, 1, 3),
    ]
    last = path[-1]
    np.testing.assert_array_equal(step(corners @ last.weights + last.bias), [0, 0, 0, 1])
    assert len({s.epoch for s in path}) < 20


def test_xor_never_settles():
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    path = perceptron_path(corners, [0, 1, 1, 0], epochs=30)
    assert path[-1].epoch == 30
    assert {s.epoch for s in path} == set(range(31))


@pytest.mark.parametrize("seed", range(5))
def test_perceptron_makes_the_updates_of_scikit_learn(seed):
    X, y = make_blobs(60, centers=[[-3, 0], [3, 1]], random_state=seed)
    ours = perceptron_path(X, y, epochs=50)[-1]
    oracle = Perceptron(shuffle=False, tol=None, max_iter=50).fit(X, y)
    np.testing.assert_array_equal(
        step(X @ ours.weights + ours.bias), oracle.predict(X), strict=True
    )
    np.testing.assert_array_equal(oracle.predict(X), y)


def test_the_rate_only_scales_the_weights():
    X, y = make_blobs(40, centers=2, random_state=1)
    whole = perceptron_path(X, y, epochs=10)
    half = perceptron_path(X, y, epochs=10, rate=0.5)
    assert [s.mistake for s in whole] == [s.mistake for s in half]
    np.testing.assert_allclose(whole[-1].weights, 2 * half[-1].weights)


def test_a_right_output_changes_nothing_and_nothing_changes_in_place():
    weights = np.array([1.0, 1])
    after, bias = perceptron_update(weights, -1.5, [1, 1], 1)
    np.testing.assert_array_equal(after, weights)
    assert bias == -1.5
    perceptron_update(weights, -1.5, [1, 1], 0)
    np.testing.assert_array_equal(weights, [1, 1])
