"""Checks of the lesson Multilayer perceptron."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from utils.checks import Misconception, compare, exercise

Layers = tuple[NDArray, NDArray, NDArray, NDArray, NDArray]


def _layers() -> list[Layers]:
    """(X, W1, b1, W2, b2): the lecture's network, rows as inputs, then others of unequal sizes."""
    lecture = (
        np.array([[3.0, 3.0, 2.0, 2.0]]),
        np.array([[1, 1, 0.8, 0.5], [1, 0.5, 1, 0.5], [0.2, 0.5, 0.2, 1], [0.8, 0.8, 0.8, 1]]),
        np.full(4, 0.1),
        np.array([[0.2, 0.1], [0.1, 0.5], [0.5, 0.1], [0.5, 0.2]]),
        np.full(2, 0.1),
    )
    rng = np.random.default_rng(5)
    others = [
        tuple(rng.normal(size=s) for s in ((n, i), (i, h), h, (h, o), o))
        for n, i, h, o in ((3, 2, 3, 4), (2, 3, 3, 3), (5, 4, 2, 1), (1, 1, 5, 3), (2, 2, 1, 2))
        for _ in range(2)
    ]
    whole = tuple(np.round(3 * a).astype(int) for a in others[0])
    return [lecture, *others, whole]


@exercise("Collapse two layers", "Ten linear layers collapse in the same way, into one.")
def collapse(answer: Callable[..., Any]) -> None:
    """Weights and bias of the one linear layer that equals two, against what the two compute.

    The oracle never multiplies the matrices: it sends unit vectors and the zero vector through
    both layers. What comes out for zero is the bias; the rest of each unit vector is its row.
    """

    def layer(values, W, b):
        columns = zip(W.T, b, strict=True)
        return np.array([math.fsum([bias, *(values * column)]) for column, bias in columns])

    def oracle(W1, b1, W2, b2):
        inputs = [np.zeros(len(W1)), *np.eye(len(W1))]
        bias, *rows = (layer(layer(x, W1, b1), W2, b2) for x in inputs)
        return np.array(rows) - bias, bias

    def weights(W1, b1, W2, b2):
        return W1 @ W2

    def bias(W1, b1, W2, b2):
        return b1 @ W2 + b2

    def pair(W: Callable[..., Any], b: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *layers: (W(*layers), b(*layers))

    numbers = ([[1, 2], [3, 0]], [2, -1], [[2, 0], [1, 1]], [5, 0])
    pencil = tuple(np.array(values) for values in numbers)
    compare(
        answer,
        oracle,
        [pencil, *(layers[1:] for layers in _layers()[1:])],
        [
            Misconception(
                "The first bias is lost. It passes through the second layer, as any output of the "
                "first one does.",
                pair(weights, lambda W1, b1, W2, b2: b2),
            ),
            Misconception(
                "The first bias passes through the second layer: multiply it by `W2` first.",
                pair(weights, lambda W1, b1, W2, b2: b1 + b2),
            ),
            Misconception(
                "The bias of the second layer is missing.",
                pair(weights, lambda W1, b1, W2, b2: b1 @ W2),
            ),
            Misconception(
                "Both biases are multiplied by `W2`; the second one is added after it.",
                pair(weights, lambda W1, b1, W2, b2: (b1 + b2) @ W2),
            ),
            Misconception(
                "The first bias meets the *second* weights; you multiplied it by `W1`.",
                pair(weights, lambda W1, b1, W2, b2: b1 @ W1 + b2),
            ),
            Misconception(
                "The layout is that of rows, so the bias stands left of the weights: `b1 @ W2`.",
                pair(weights, lambda W1, b1, W2, b2: W2 @ b1 + b2),
            ),
            *(
                Misconception(
                    "You multiplied in the wrong order: the input meets `W1` first, so `W1 @ W2`.",
                    pair(lambda W1, b1, W2, b2: W2 @ W1, b),
                )
                for b in (bias, lambda W1, b1, W2, b2: b2 @ W1 + b1)
            ),
            Misconception(
                "You multiplied entry by entry; layers need the matrix product `@`.",
                pair(lambda W1, b1, W2, b2: W1 * W2, bias),
            ),
            Misconception(
                "You multiplied entry by entry; layers need the matrix product `@`.",
                pair(lambda W1, b1, W2, b2: W1 * W2, lambda W1, b1, W2, b2: b1 * W2 + b2),
            ),
            *(
                Misconception(
                    "No transpose: a row of `W1` is an input already, a row of `W2` a hidden unit.",
                    pair(turned, bias),
                )
                for turned in (
                    lambda W1, b1, W2, b2: W1.T @ W2,
                    lambda W1, b1, W2, b2: W1 @ W2.T,
                    lambda W1, b1, W2, b2: W1.T @ W2.T,
                )
            ),
            Misconception(
                "You added the weights; one layer after the other multiplies.",
                pair(lambda W1, b1, W2, b2: W1 + W2, lambda W1, b1, W2, b2: b1 + b2),
            ),
            Misconception("Weights first, then the bias.", pair(bias, weights)),
            Misconception(
                "Your weights lie on their side: a row an input, a column an output.",
                pair(lambda *layers: weights(*layers).T, bias),
            ),
            Misconception(
                "The bias is a plain vector, one number an output: shape (outputs,).",
                pair(weights, lambda *layers: bias(*layers)[np.newaxis]),
            ),
            Misconception(
                "Both are right, but you stacked them into one table: `return W, b`.",
                lambda *layers: np.vstack([weights(*layers), bias(*layers)]),
            ),
            Misconception(
                "You stacked both into one table: return weights, then bias, `return W, b`.",
                lambda *layers: np.vstack([bias(*layers), weights(*layers)]),
            ),
            Misconception("The bias is missing: return both.", weights),
            Misconception("The weights are missing: return both.", bias),
        ],
    )


@exercise("ReLU and its slope", "Two lines, and most networks of today run on them.")
def relu_and_slope(answer: Callable[..., Any]) -> None:
    """The pair (ReLU, derivative) at every z, against the definition, number by number."""

    def oracle(z):
        pairs = [(float(v), 1.0) if v > 0 else (0.0, 0.0) for v in np.ravel(z)]
        return np.array(pairs).T.reshape(2, *np.shape(z))

    def variant(value: Callable[[NDArray], Any], slope: Callable[[NDArray], Any]):
        return lambda z: np.stack([np.asarray(value(z), float), np.asarray(slope(z), float)])

    def relu(z):
        return np.where(z > 0, z, 0)

    def open_(z):
        return z > 0

    leaks = (0.01, 0.1, 0.2, 0.3)
    rng = np.random.default_rng(6)
    cases = [
        (np.array([-2.0, 0.0, 3.0]),),
        (rng.normal(size=(3, 4)),),
        (np.array([-0.0, 0.0, 1e-9, -1e-9, 500.0, -500.0]),),
        (np.array([[-3, 0, 4], [7, -1, 0]]),),
        (rng.normal(size=(2, 2, 2)),),
        *((rng.integers(-2, 3, size=(2, columns)) / 2,) for columns in range(5, 12)),
    ]
    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(
                "In the corner, at z = 0, you count a slope of 1; here, as in Keras, it is 0.",
                variant(relu, lambda z: z >= 0),
            ),
            Misconception(
                "In the corner, at z = 0, you count a slope of one half; here, as in Keras, it is "
                "0.",
                variant(relu, lambda z: np.heaviside(z, 0.5)),
            ),
            *(
                Misconception(
                    "That is the leaky ReLU: the plain one is 0, and flat, where z is negative.",
                    variant(lambda z, k=k: np.where(z > 0, z, k * z), slope),
                )
                for k in leaks
                for slope in (lambda z, k=k: np.where(z > 0, 1, k), open_)
            ),
            Misconception(
                "Your ReLU is right. Its slope is not z but 1 where z is positive.",
                variant(relu, relu),
            ),
            Misconception(
                "Your ReLU is right. Its slope is 0, not −1, where z is negative: there it is "
                "flat.",
                variant(relu, np.sign),
            ),
            Misconception(
                "Your ReLU is right. Its slope is 0, not −1, where z is negative: there it is "
                "flat.",
                variant(relu, lambda z: np.where(z > 0, 1, -1)),
            ),
            Misconception(
                "Your ReLU is right. Its slope is 1 where z is positive, and 0 elsewhere: there it "
                "is flat.",
                variant(relu, np.ones_like),
            ),
            Misconception(
                "Your ReLU is right. a (1 − a) is the slope of the sigmoid.",
                variant(relu, lambda z: relu(z) * (1 - relu(z))),
            ),
            Misconception(
                "Your ReLU is right. Its slope is not a sigmoid: it jumps from 0 to 1.",
                variant(relu, special.expit),
            ),
            *(
                Misconception(
                    "You took the absolute value; the ReLU sets negative numbers to 0.",
                    variant(np.abs, slope),
                )
                for slope in (np.sign, open_)
            ),
            Misconception(
                "You lost the shape of z: both results have it.",
                lambda z: oracle(z).reshape(2, -1),
            ),
            Misconception(
                "You took the smaller of z and 0; take the larger.",
                variant(lambda z: np.minimum(z, 0), lambda z: z < 0),
            ),
            Misconception(
                "That is the step of the perceptron; the ReLU lets a positive z pass as it is.",
                variant(open_, open_),
            ),
            Misconception(
                "You return the slope first: ReLU, then slope.", lambda z: oracle(z)[::-1]
            ),
            Misconception("The slope is missing: return both.", relu),
            Misconception("The ReLU itself is missing: return both.", lambda z: open_(z) * 1.0),
            Misconception(
                "Your function stops at one; the ReLU keeps growing.",
                variant(lambda z: np.clip(z, 0, 1), open_),
            ),
        ],
    )


def _by_loops(
    layers: Layers,
    hidden: Callable[[float], float] = lambda z: max(z, 0.0),
) -> NDArray:
    """The logits of a batch from the definition: for each row and unit, a sum of products."""
    X, W1, b1, W2, b2 = (np.asarray(a, float) for a in layers)

    def layer(values: Sequence[float], W: NDArray, b: NDArray) -> list[float]:
        return [
            math.fsum([b[unit], *(v * w for v, w in zip(values, W[:, unit], strict=True))])
            for unit in range(W.shape[1])
        ]

    return np.array([layer([hidden(z) for z in layer(x, W1, b1)], W2, b2) for x in X])


@exercise("The forward pass", "Every dense network is this pass, repeated.")
def forward(answer: Callable[..., Any]) -> None:
    """Logits of a network with one hidden ReLU layer, against sums written out in loops."""

    def oracle(X, W1, b1, W2, b2):
        return _by_loops((X, W1, b1, W2, b2))

    def variant(hidden: Callable[..., Any], output: Callable[..., Any]) -> Callable[..., Any]:
        def answer(X, W1, b1, W2, b2):
            return output(hidden(X, W1, b1), W2, b2)

        return answer

    def relu_layer(x, W, b):
        return np.maximum(x @ W + b, 0)

    def layer(x, W, b):
        return x @ W + b

    no_bias, lost_bias = "Both biases are missing.", "is missing in the"
    compare(
        answer,
        oracle,
        _layers(),
        [
            Misconception(
                no_bias, variant(lambda x, W, b: np.maximum(x @ W, 0), lambda x, W, b: x @ W)
            ),
            Misconception(
                f"The bias {lost_bias} second layer: as on the slide, for its second output.",
                variant(relu_layer, lambda x, W, b: x @ W),
            ),
            Misconception(
                f"The bias {lost_bias} first layer, as on the slide.",
                variant(lambda x, W, b: np.maximum(x @ W, 0), layer),
            ),
            Misconception(
                "You kept the lecture's layout for the first layer: here a column of `W1` is a "
                "unit, so `X @ W1`, without a transpose.",
                variant(lambda x, W, b: np.maximum(x @ W.T + b, 0), layer),
            ),
            Misconception(
                "The ReLU of the hidden layer is missing: that is a linear model.",
                variant(layer, layer),
            ),
            Misconception(
                "The bias comes before the ReLU, not after it.",
                variant(lambda x, W, b: np.maximum(x @ W, 0) + b, layer),
            ),
            Misconception(
                "You used a ReLU on the output as well: logits may be negative.",
                variant(relu_layer, relu_layer),
            ),
            Misconception(
                "You moved the ReLU to the output: it belongs to the hidden layer.",
                variant(layer, relu_layer),
            ),
            Misconception(
                "These are probabilities: leave the softmax out and return the logits.",
                variant(relu_layer, lambda x, W, b: special.softmax(layer(x, W, b), axis=-1)),
            ),
            Misconception(
                "Here the hidden layer has a ReLU, not a sigmoid.",
                variant(lambda x, W, b: special.expit(layer(x, W, b)), layer),
            ),
            Misconception(
                "Here the hidden layer has a ReLU, not a tanh.",
                variant(lambda x, W, b: np.tanh(layer(x, W, b)), layer),
            ),
            Misconception(
                "This is the hidden layer: one more to go.",
                lambda X, W1, b1, W2, b2: relu_layer(X, W1, b1),
            ),
            Misconception(
                "You lost the batch: return a row for every row of `X`.",
                lambda *layers: oracle(*layers)[0],
            ),
            Misconception(
                "A batch of one is a batch: keep its axis, shape (1, outputs).",
                lambda *layers: oracle(*layers).squeeze(),
            ),
            Misconception(
                "Here the hidden layer has a ReLU, not a leaky one.",
                variant(lambda x, W, b: np.maximum(layer(x, W, b), 0.01 * layer(x, W, b)), layer),
            ),
            Misconception(
                "You took the absolute value; the ReLU sets negative numbers to 0.",
                variant(lambda x, W, b: np.abs(layer(x, W, b)), layer),
            ),
            Misconception(
                "Rows and columns are swapped: a row an example, a column an output.",
                lambda *layers: oracle(*layers).T,
            ),
        ],
    )


def _logits() -> Iterator[tuple[NDArray]]:
    """The lecture's two logits, several rows, rows far apart, large ones, small ones."""
    rng = np.random.default_rng(7)
    yield (np.array([[9.74, 6.68]]),)
    yield (rng.normal(size=(3, 10)),)
    yield (np.array([[0, 1, 2], [3, 3, 3]]),)
    yield (np.array([[1000.0, 1001.0, 999.0]]),)
    yield (np.array([[2.0, 1.0], [-900.0, -901.0]]),)
    yield (np.array([[-1000.0, -1001.0]]),)
    yield (np.array([[0.0, -2000.0, 2000.0]]),)
    yield from ((rng.normal(0, 3, size=(rows, 4)),) for rows in range(1, 8))


@exercise("A softmax that holds", "Shifting all logits of a row changes no probability.")
def softmax(answer: Callable[..., Any]) -> None:
    """Probabilities of every row of logits, against SciPy."""

    def oracle(z):
        return special.softmax(np.asarray(z, float), axis=-1)

    def by(shift: Callable[[NDArray], Any], total: Callable[[NDArray], Any]) -> Callable[..., Any]:
        def answer(z):
            powers = np.exp(z - shift(z))
            return powers / total(powers)

        return answer

    def rows(powers):
        return powers.sum(axis=-1, keepdims=True)

    def nothing(z):
        return 0

    def largest(z):
        return z.max(axis=-1, keepdims=True)

    compare(
        answer,
        oracle,
        _logits(),
        [
            Misconception(
                "Large logits overflow: subtract the largest of each row before `np.exp`.",
                by(nothing, rows),
            ),
            Misconception(
                "You subtract one number for the whole batch; a row far below it loses everything: "
                "subtract the largest of each row.",
                by(np.max, rows),
            ),
            Misconception(
                "You subtract the smallest logit: then the largest still overflows.",
                by(lambda z: z.min(axis=-1, keepdims=True), rows),
            ),
            Misconception(
                "You subtract the largest of each column; a row holds the logits of one example "
                "(`axis=-1`).",
                by(lambda z: z.max(axis=0), rows),
            ),
            Misconception(
                "Subtract the largest logit instead of dividing by it: only differences count.",
                lambda z: special.softmax(z / largest(z), axis=-1),
            ),
            Misconception(
                "Rows and columns are swapped: a row an example, a column a class.",
                lambda z: oracle(z).T,
            ),
            *(
                Misconception(
                    "You divide by the sum of the whole batch; every row adds up to 1 by itself.",
                    by(shift, np.sum),
                )
                for shift in (largest, np.max, nothing)
            ),
            *(
                Misconception(
                    "You add up columns; a row holds the logits of one example (`axis=-1`).",
                    by(shift, lambda powers: powers.sum(axis=0)),
                )
                for shift in (largest, np.max, nothing, lambda z: z.max(axis=0))
            ),
            Misconception(
                "You left the exponential out: probabilities are shares of the powers, not of the "
                "logits.",
                lambda z: z / rows(z),
            ),
            Misconception(
                "That is a sigmoid of each logit; the probabilities of a row must add up to 1.",
                special.expit,
            ),
            Misconception("You took the logarithm as well.", lambda z: np.log(oracle(z))),
            Misconception(
                "You return the powers: divide each row by its sum.", lambda z: np.exp(z)
            ),
            Misconception(
                "You return the powers: divide each row by its sum.",
                lambda z: np.exp(z - largest(z)),
            ),
        ],
    )
