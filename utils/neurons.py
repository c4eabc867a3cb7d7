"""Neurons by hand, in NumPy alone: activations, losses, logistic regression, network.

Everything here counts as Keras does: a batch `X` has shape (N, inputs), a weight matrix has shape
(inputs, units), and a layer computes `X @ weights + bias`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


# Activations


class Activation(NamedTuple):
    """An activation and its derivative, both functions of the net sum z, element by element."""

    function: Callable[[ArrayLike], Floats]
    derivative: Callable[[ArrayLike], Floats]


def step(z: ArrayLike) -> NDArray[np.int64]:
    """The perceptron's activation: 1 where z >= 0, otherwise 0; any shape."""
    return (np.asarray(z) >= 0).astype(np.int64)


def sigmoid(z: ArrayLike) -> Floats:
    """1 / (1 + exp(-z)), between 0 and 1, any shape; never overflows.

    exp(-|z|) cannot overflow; for negative z, multiply numerator and denominator by exp(z).
    """
    z = np.asarray(z, np.float64)
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


def tanh(z: ArrayLike) -> Floats:
    """The hyperbolic tangent, 2 sigmoid(2z) - 1, between -1 and 1; any shape."""
    return np.tanh(np.asarray(z, np.float64))


def relu(z: ArrayLike) -> Floats:
    """max(z, 0); any shape."""
    return np.maximum(np.asarray(z, np.float64), 0)


def softmax(z: ArrayLike) -> Floats:
    """Logits as probabilities: exp(z) / sum of exp(z) along the last axis; never overflows.

    Subtracting the largest logit changes nothing but the size of the numbers.
    """
    z = np.asarray(z, np.float64)
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


ACTIVATIONS = {
    "linear": Activation(lambda z: np.array(z, np.float64), lambda z: np.ones(np.shape(z))),
    "sigmoid": Activation(sigmoid, lambda z: sigmoid(z) * sigmoid(np.negative(z))),
    "tanh": Activation(tanh, lambda z: 1 - tanh(z) ** 2),
    "relu": Activation(relu, lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0)),
    "leaky_relu": Activation(
        lambda z: relu(z) - 0.01 * relu(np.negative(z)),
        lambda z: np.where(np.asarray(z) > 0, 1.0, 0.01),
    ),
}
"""By name. Where ReLU has a corner, at 0, its derivative counts as that of the left side."""


# Losses


def cross_entropy(labels: ArrayLike, logits: ArrayLike) -> float:
    """Mean of -log(probability of the true class), in nats, with softmax probabilities.

    Args:
        labels: class numbers, integers 0 to classes - 1, shape (N,).
        logits: shape (N, classes).
    """
    labels, logits = np.asarray(labels), np.asarray(logits, np.float64)
    largest = logits.max(axis=1)
    log_of_sum = largest + np.log(np.exp(logits - largest[:, None]).sum(axis=1))
    return float(np.mean(log_of_sum - logits[np.arange(len(labels)), labels]))


# Logistic regression


class LogisticFit(NamedTuple):
    """A trained logistic regression: p = sigmoid(X @ weights + bias).

    `weights` float64 of shape (inputs,), `bias` a float.
    """

    weights: Floats
    bias: float


def logistic_gradient(
    X: ArrayLike, y: ArrayLike, weights: ArrayLike, bias: float
) -> tuple[Floats, float]:
    """Slopes of the mean binary cross-entropy along the weights and along the bias.

    By the chain rule all of the sigmoid cancels: what remains is mean of (p - y) x, the form that
    linear regression has.

    Args:
        X: shape (N, inputs).
        y: labels 0 and 1, shape (N,).
        weights: shape (inputs,).
        bias: one number.

    Returns:
        The slopes along the weights, float64 of shape (inputs,), and along the bias.
    """
    X, y = np.asarray(X, np.float64), np.asarray(y, np.float64)
    error = sigmoid(X @ np.asarray(weights, np.float64) + bias) - y
    return X.T @ error / len(y), float(error.mean())


def logistic_regression(X: ArrayLike, y: ArrayLike, rate: float, steps: int) -> LogisticFit:
    """Logistic regression by gradient descent from zero weights.

    Args:
        X: inputs, best standardized, shape (N, inputs).
        y: labels 0 and 1, shape (N,).
        rate: the learning rate, above 0.
        steps: how many, 0 or more.
    """
    X, y = np.asarray(X, np.float64), np.asarray(y, np.float64)
    weights, bias = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        along_weights, along_bias = logistic_gradient(X, y, weights, bias)
        weights = weights - rate * along_weights
        bias -= rate * along_bias
    return LogisticFit(weights, bias)


# Multi-layer perceptron


class Layer(NamedTuple):
    """What one layer computed for a batch: net sum `z` and activation `a`, shape (N, units)."""

    z: Floats
    a: Floats


@dataclass(frozen=True)
class MLP:
    """A multi-layer perceptron: hidden layers with one activation, then a linear layer of logits.

    Attributes:
        weights: a matrix a layer, each of shape (inputs, units).
        biases: a vector a layer, each of shape (units,).
        activation: of the hidden layers, a name in `ACTIVATIONS`.
    """

    weights: list[Floats]
    biases: list[Floats]
    activation: str = "relu"

    def __post_init__(self):
        if self.activation not in ACTIVATIONS:
            raise ValueError(
                f"activation={self.activation!r} is not known: use one of {', '.join(ACTIVATIONS)}."
            )
        shapes = [np.shape(W) for W in self.weights]
        if not shapes or any(len(shape) != 2 for shape in shapes):
            raise ValueError(f"weights of shapes {shapes}: expected one matrix a layer.")
        units = [shape[1] for shape in shapes]
        if units[:-1] != [shape[0] for shape in shapes[1:]]:
            raise ValueError(
                f"weights of shapes {shapes}: a layer must take as many inputs as there are units "
                "before it."
            )
        if [np.shape(b) for b in self.biases] != [(n,) for n in units]:
            raise ValueError(
                f"biases of shapes {[np.shape(b) for b in self.biases]}: expected "
                f"{[(n,) for n in units]}, one number a unit."
            )

    @classmethod
    def random(cls, sizes: Sequence[int], activation: str = "relu", seed: int = 0) -> "MLP":
        """A network to be trained: weights uniform in +-sqrt(6 / (inputs + units)), biases 0.

        Args:
            sizes: inputs, units of each hidden layer, classes; two numbers or more.
            activation: of the hidden layers, a name in `ACTIVATIONS`.
            seed: of the random numbers.

        Source: X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward
        neural networks (2010), eq. 16.
        """
        rng = np.random.default_rng(seed)
        shapes = list(pairwise(sizes))
        limits = [np.sqrt(6 / sum(shape)) for shape in shapes]
        weights = [rng.uniform(-a, a, shape) for a, shape in zip(limits, shapes, strict=True)]
        return cls(weights, [np.zeros(n) for n in sizes[1:]], activation)

    @property
    def parameters(self) -> list[Floats]:
        """Weights and bias of each layer in turn: the order of Keras' `get_weights()`."""
        return [p for pair in zip(self.weights, self.biases, strict=True) for p in pair]

    def with_parameters(self, parameters: Sequence[Floats]) -> "MLP":
        """The same network with other weights and biases, in the order of `parameters`."""
        return MLP(list(parameters[::2]), list(parameters[1::2]), self.activation)

    def forward(self, X: ArrayLike) -> list[Layer]:
        """What every layer computes for a batch; the last layer's z and a are the logits.

        Args:
            X: shape (N, inputs).
        """
        a = np.asarray(X, np.float64)
        hidden, linear = ACTIVATIONS[self.activation].function, ACTIVATIONS["linear"].function
        functions = [hidden] * (len(self.weights) - 1) + [linear]
        layers = []
        for W, b, function in zip(self.weights, self.biases, functions, strict=True):
            z = a @ W + b
            a = function(z)
            layers.append(Layer(z, a))
        return layers

    def logits(self, X: ArrayLike) -> Floats:
        """The output before softmax, float64 of shape (N, classes)."""
        return self.forward(X)[-1].a

    def probabilities(self, X: ArrayLike) -> Floats:
        """The softmax of the logits, float64 of shape (N, classes)."""
        return softmax(self.logits(X))

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """The class with the largest logit, int64 of shape (N,)."""
        return self.logits(X).argmax(axis=1)

    def loss(self, X: ArrayLike, labels: ArrayLike) -> float:
        """Mean cross-entropy of a batch."""
        return cross_entropy(labels, self.logits(X))

    def gradients(self, X: ArrayLike, labels: ArrayLike) -> list[Floats]:
        """Slopes of the loss along all parameters, by backpropagation; ordered as `parameters`.

        At the logits the slope is (probability - one-hot label) / N. A layer hands it back
        through its weights, and each hidden unit scales it by the slope of its activation.

        Args:
            X: shape (N, inputs).
            labels: class numbers, shape (N,).

        Source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors,
        Nature 323 (1986).
        """
        layers = self.forward(X)
        slope = softmax(layers[-1].z)
        slope[np.arange(len(slope)), labels] -= 1
        slope /= len(slope)
        inputs = [np.asarray(X, np.float64), *(layer.a for layer in layers[:-1])]
        derivative = ACTIVATIONS[self.activation].derivative
        gradients = []
        for number in reversed(range(len(layers))):
            gradients[:0] = [inputs[number].T @ slope, slope.sum(axis=0)]
            if number:
                slope = slope @ self.weights[number].T * derivative(layers[number - 1].z)
        return gradients


def minibatches(n: int, size: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Indices 0 to n - 1 in random order, `size` at a time: one epoch, every example once.

    Args:
        n: examples, 1 or more.
        size: examples a batch, 1 or more; the last batch holds what is left.
        rng: draws the order.
    """
    order = rng.permutation(n)
    return (order[start : start + size] for start in range(0, n, size))


# Optimizers: each turns parameters and their gradients into new parameters


@dataclass
class SGD:
    """Gradient descent; with momentum, a ball that keeps part of its velocity.

    velocity = momentum * velocity - rate * gradient, and the parameter moves by the velocity.

    Attributes:
        rate: the learning rate, above 0.
        momentum: the part of the velocity that is kept, 0 to below 1.

    Source: B. Polyak, Some methods of speeding up the convergence of iteration methods (1964).
    """

    rate: float
    momentum: float = 0.0
    velocity: list[Floats] = field(default_factory=list, init=False, repr=False)

    def update(self, parameters: Sequence[Floats], gradients: Sequence[Floats]) -> list[Floats]:
        """New parameters, after one step against the gradients."""
        self.velocity = self.velocity or _zeros(parameters)
        self.velocity = [
            self.momentum * v - self.rate * g for v, g in zip(self.velocity, gradients, strict=True)
        ]
        return [w + v for w, v in zip(parameters, self.velocity, strict=True)]


@dataclass
class RMSprop:
    """Every parameter gets a step size of its own: the rate over the recent size of its slope.

    s = rho * s + (1 - rho) * gradient**2; the step is rate * gradient / sqrt(s + epsilon).

    Attributes:
        rate: the learning rate, above 0.
        rho: how slowly the moving average of squares forgets, 0 to below 1.
        epsilon: keeps the division finite, above 0.

    Source: T. Tieleman and G. Hinton, Neural networks for machine learning, lecture 6.5 (2012);
    epsilon under the root, as in Keras.
    """

    rate: float
    rho: float = 0.9
    epsilon: float = 1e-7
    squares: list[Floats] = field(default_factory=list, init=False, repr=False)

    def update(self, parameters: Sequence[Floats], gradients: Sequence[Floats]) -> list[Floats]:
        """New parameters, after one step against the gradients."""
        self.squares = self.squares or _zeros(parameters)
        self.squares = [
            self.rho * s + (1 - self.rho) * np.square(g)
            for s, g in zip(self.squares, gradients, strict=True)
        ]
        return [
            w - self.rate * np.asarray(g) / np.sqrt(s + self.epsilon)
            for w, g, s in zip(parameters, gradients, self.squares, strict=True)
        ]


@dataclass
class Adam:
    """Momentum and RMSprop together, with both averages corrected for their start at 0.

    v = beta1 v + (1 - beta1) g and s = beta2 s + (1 - beta2) g**2; after t steps
    v_hat = v / (1 - beta1**t) and s_hat = s / (1 - beta2**t); the step is
    rate * v_hat / (sqrt(s_hat) + epsilon_hat) with epsilon_hat = epsilon / sqrt(1 - beta2**t),
    which is where Keras adds its epsilon.

    Attributes:
        rate: the learning rate, above 0.
        beta1, beta2: how slowly the averages of slopes and of squares forget, 0 to below 1.
        epsilon: keeps the division finite, above 0.

    Source: D. Kingma and J. Ba, Adam: a method for stochastic optimization (2015), algorithm 1 and
    the end of section 2.
    """

    rate: float
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    steps: int = field(default=0, init=False, repr=False)
    slopes: list[Floats] = field(default_factory=list, init=False, repr=False)
    squares: list[Floats] = field(default_factory=list, init=False, repr=False)

    def update(self, parameters: Sequence[Floats], gradients: Sequence[Floats]) -> list[Floats]:
        """New parameters, after one step against the gradients."""
        self.steps += 1
        self.slopes = [
            self.beta1 * v + (1 - self.beta1) * np.asarray(g)
            for v, g in zip(self.slopes or _zeros(parameters), gradients, strict=True)
        ]
        self.squares = [
            self.beta2 * s + (1 - self.beta2) * np.square(g)
            for s, g in zip(self.squares or _zeros(parameters), gradients, strict=True)
        ]
        first, second = 1 - self.beta1**self.steps, 1 - self.beta2**self.steps
        return [
            w - self.rate * (v / first) / (np.sqrt(s / second) + self.epsilon / np.sqrt(second))
            for w, v, s in zip(parameters, self.slopes, self.squares, strict=True)
        ]


def _zeros(parameters: Sequence[Floats]) -> list[Floats]:
    return [np.zeros(np.shape(p)) for p in parameters]
