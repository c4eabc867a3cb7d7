"""Neurons by hand against finite differences, SciPy, scikit-learn and Keras."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from utils import neurons
from utils.quiet import keras

finite = st.floats(-1e3, 1e3, width=32)
vectors = arrays(np.float64, st.integers(1, 20), elements=finite)
matrices = arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(2, 6)), elements=finite)


def slopes(function, at, h=1e-6):
    """Central differences of a function of one array, entry by entry."""
    at = np.asarray(at, np.float64)
    result = np.empty_like(at)
    for index in np.ndindex(at.shape):
        change = np.zeros_like(at)
        change[index] = h
        result[index] = (function(at + change) - function(at - change)) / (2 * h)
    return result


# Activations


@given(vectors)
def test_sigmoid_and_softmax_agree_with_scipy(z):
    np.testing.assert_allclose(neurons.sigmoid(z), special.expit(z), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(neurons.softmax(z), special.softmax(z), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("function", [neurons.sigmoid, neurons.softmax])
def test_nothing_overflows(function):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values = function(np.array([-1e5, -800, 0, 800, 1e5]))
    assert np.isfinite(values).all()


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_activations_agree_with_keras(name):
    z = np.linspace(-4, 4, 41)
    options = {"negative_slope": 0.01} if name == "leaky_relu" else {}
    expected = keras.ops.convert_to_numpy(getattr(keras.ops, name)(z, **options))
    np.testing.assert_allclose(neurons.ACTIVATIONS[name].function(z), expected, rtol=1e-6)


@pytest.mark.parametrize("name", neurons.ACTIVATIONS)
def test_derivatives_agree_with_differences(name):
    activation = neurons.ACTIVATIONS[name]
    z = np.array([-30.0, -3, -0.5, 0.5, 3, 30])
    expected = slopes(lambda at: activation.function(at).sum(), z)
    np.testing.assert_allclose(activation.derivative(z), expected, atol=1e-7)


def test_corners():
    np.testing.assert_array_equal(neurons.step([-1e-9, 0, 2]), [0, 1, 1])
    assert neurons.ACTIVATIONS["relu"].derivative(0.0) == 0
    assert neurons.ACTIVATIONS["leaky_relu"].derivative(0) == 0.01


# Losses


@given(matrices, st.randoms(use_true_random=False))
def test_cross_entropy_is_the_mean_surprise(logits, random):
    labels = np.array([random.randrange(logits.shape[1]) for _ in logits])
    expected = -special.log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean()
    np.testing.assert_allclose(neurons.cross_entropy(labels, logits), expected, atol=1e-9)


def test_cross_entropy_against_scikit_learn():
    logits = np.array([[1.0, 2, 3], [3, 1, 0]])
    np.testing.assert_allclose(
        neurons.cross_entropy([0, 2], logits),
        log_loss([0, 2], special.softmax(logits, axis=1), labels=[0, 1, 2]),
    )


# Logistic regression


def test_logistic_gradient_agrees_with_differences():
    rng = np.random.default_rng(0)
    X, y, weights = rng.normal(size=(30, 4)), rng.integers(0, 2, 30), rng.normal(size=4)
    along_weights, along_bias = neurons.logistic_gradient(X, y, weights, 0.3)

    def loss(weights, bias):
        return -special.log_expit(np.where(y == 1, 1, -1) * (X @ weights + bias)).mean()

    np.testing.assert_allclose(along_weights, slopes(lambda w: loss(w, 0.3), weights), atol=1e-8)
    np.testing.assert_allclose(along_bias, slopes(lambda b: loss(weights, b), 0.3), atol=1e-8)


@pytest.mark.parametrize("columns", [[0], [0, 1], [4, 9, 14]])
def test_logistic_regression_finds_what_scikit_learn_finds(columns):
    X, y = load_breast_cancer(return_X_y=True)
    X = X[:, columns]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    fit = neurons.logistic_regression(X, y, rate=2.0, steps=3000)
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(X, y)
    np.testing.assert_allclose(fit.weights, oracle.coef_[0], atol=1e-4)
    np.testing.assert_allclose(fit.bias, oracle.intercept_[0], atol=1e-4)


# Multi-layer perceptron


def batch(seed, inputs, classes, n=7):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, inputs)), rng.integers(0, classes, n)


def as_keras(network):
    activation = network.activation
    if activation == "leaky_relu":
        activation = keras.layers.LeakyReLU(negative_slope=0.01)
    model = keras.Sequential(
        [
            keras.Input((network.weights[0].shape[0],)),
            *(keras.layers.Dense(len(b), activation) for b in network.biases[:-1]),
            keras.layers.Dense(len(network.biases[-1])),
        ]
    )
    model.set_weights(network.parameters)
    return model


@pytest.mark.parametrize("activation", neurons.ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(3, 2), (2, 5, 2), (4, 6, 5, 10)])
def test_backpropagation_agrees_with_differences(activation, sizes):
    network = neurons.MLP.random(sizes, activation, seed=3)
    network = network.with_parameters([p + 0.1 for p in network.parameters])
    X, labels = batch(1, sizes[0], sizes[-1])
    gradients = network.gradients(X, labels)
    for position, gradient in enumerate(gradients):

        def loss(values, position=position):
            parameters = network.parameters
            parameters[position] = values
            return network.with_parameters(parameters).loss(X, labels)

        np.testing.assert_allclose(gradient, slopes(loss, network.parameters[position]), atol=1e-7)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu"])
def test_backpropagation_agrees_with_keras(activation):
    import tensorflow as tf

    network = neurons.MLP.random((4, 6, 5, 3), activation, seed=2)
    X, labels = batch(5, 4, 3)
    model = as_keras(network)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        logits = model(X)
        value = loss(labels, logits)
    expected = tape.gradient(value, model.trainable_weights)
    np.testing.assert_allclose(network.logits(X), logits.numpy(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(network.loss(X, labels), value.numpy(), rtol=1e-5)
    for ours, theirs in zip(network.gradients(X, labels), expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-4, atol=1e-6)


def test_forward_keeps_every_layer():
    network = neurons.MLP.random((3, 4, 2), "tanh")
    X, _ = batch(0, 3, 2)
    hidden, output = network.forward(X)
    np.testing.assert_allclose(hidden.z, X @ network.weights[0])
    np.testing.assert_allclose(hidden.a, np.tanh(hidden.z))
    np.testing.assert_array_equal(output.z, output.a)
    np.testing.assert_allclose(network.probabilities(X), special.softmax(output.a, axis=1))
    np.testing.assert_array_equal(network.predict(X), output.a.argmax(axis=1))


def test_the_worked_example_of_the_lecture():
    W1 = [[1, 1, 0.2, 0.8], [1, 0.5, 0.5, 0.8], [0.8, 1, 0.2, 0.8], [0.5, 0.5, 1, 1]]
    W2 = [[0.2, 0.1, 0.5, 0.5], [0.1, 0.5, 0.1, 0.2]]
    network = neurons.MLP(
        [np.array(W1).T, np.array(W2).T], [np.full(4, 0.1), np.full(2, 0.1)], "linear"
    )
    hidden, output = network.forward([[3, 3, 2, 2]])
    np.testing.assert_allclose(hidden.a, [[8.1, 7.2, 7.5, 7.1]])
    np.testing.assert_allclose(output.a, [[9.74, 6.68]])
    np.testing.assert_allclose(network.probabilities([[3, 3, 2, 2]]), [[0.9552, 0.0448]], atol=5e-5)


def test_random_networks_are_those_of_glorot():
    network = neurons.MLP.random((200, 100, 10), seed=1)
    limit = np.sqrt(6 / 300)
    assert 0.99 * limit < np.abs(network.weights[0]).max() <= limit
    assert not any(b.any() for b in network.biases)
    again, other = (neurons.MLP.random((200, 100, 10), seed=s) for s in (1, 2))
    np.testing.assert_array_equal(again.weights[1], network.weights[1])
    assert (other.weights[1] != network.weights[1]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([np.zeros((2, 3))], [np.zeros(2)], "relu"), "one number a unit"),
        (([np.zeros((2, 3)), np.zeros((2, 3))], [np.zeros(3)] * 2, "relu"), "as many inputs"),
        (([np.zeros(3)], [np.zeros(3)], "relu"), "one matrix a layer"),
        (([], [], "relu"), "one matrix a layer"),
        (([np.zeros((2, 3))], [np.zeros(3)], "swish"), "swish"),
    ],
)
def test_a_network_that_does_not_fit_together_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        neurons.MLP(*arguments)


# Training


@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 5))
def test_an_epoch_uses_every_example_once(n, size, seed):
    batches = list(neurons.minibatches(n, size, np.random.default_rng(seed)))
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), np.arange(n))
    assert all(len(b) == size for b in batches[:-1])
    assert 1 <= len(batches[-1]) <= size


def test_batches_are_shuffled():
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(list(neurons.minibatches(50, 8, rng))) for _ in range(2))
    assert (first != np.arange(50)).any()
    assert (first != second).any()


OPTIMIZERS = {
    "SGD": (lambda r: neurons.SGD(r), lambda r: keras.optimizers.SGD(r)),
    "momentum": (lambda r: neurons.SGD(r, 0.9), lambda r: keras.optimizers.SGD(r, momentum=0.9)),
    "RMSprop": (lambda r: neurons.RMSprop(r), lambda r: keras.optimizers.RMSprop(r)),
    "RMSprop 0.5": (
        lambda r: neurons.RMSprop(r, rho=0.5, epsilon=1e-3),
        lambda r: keras.optimizers.RMSprop(r, rho=0.5, epsilon=1e-3),
    ),
    "Adam": (lambda r: neurons.Adam(r), lambda r: keras.optimizers.Adam(r)),
    "Adam 0.5": (
        lambda r: neurons.Adam(r, 0.5, 0.9, 1e-2),
        lambda r: keras.optimizers.Adam(r, 0.5, 0.9, 1e-2),
    ),
}


@pytest.mark.parametrize("size", [1e-4, 1.0, 100.0], ids="slopes of {:g}".format)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_take_the_steps_of_keras(name, size):
    ours, theirs = (make(0.01) for make in OPTIMIZERS[name])
    rng = np.random.default_rng(0)
    parameters = [np.float32(rng.normal(size=shape)) for shape in [(3, 2), (2,)]]
    variables = [keras.Variable(p) for p in parameters]
    for _ in range(10):
        gradients = [np.float32(size * rng.normal(size=p.shape)) for p in parameters]
        before = parameters
        parameters = ours.update(parameters, gradients)
        theirs.apply(gradients, variables)
        for mine, variable, old in zip(parameters, variables, before, strict=True):
            expected = variable.numpy()
            np.testing.assert_allclose(mine, expected, rtol=1e-6, atol=1e-6)
            assert (mine != old).all()


@settings(max_examples=30)
@given(st.floats(1e-4, 1e3), st.floats(1e-3, 0.5))
def test_the_first_step_of_adam_is_the_rate(slope, rate):
    (moved,) = neurons.Adam(rate, epsilon=1e-12).update([np.zeros(1)], [np.array([slope])])
    np.testing.assert_allclose(moved, -rate, rtol=1e-5)
