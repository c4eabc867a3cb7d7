"""Multilayer perceptron: other right answers, and the hint for each named misconception."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
from scipy import special

from lessons.multilayer_perceptron import check
from tests.kit.answers import accepted, refused
from utils.neurons import ACTIVATIONS, MLP
from utils.neurons import softmax as library_softmax

pytestmark = pytest.mark.slow


def relu(z):
    return np.maximum(z, 0)


def rows(values):
    return values.sum(axis=-1, keepdims=True)


def stack(*parts):
    return np.stack([np.asarray(part, float) for part in parts])


def loops(X, W1, b1, W2, b2):
    def layer(x, W, b):
        return [sum(x[i] * W[i][j] for i in range(len(x))) + b[j] for j in range(len(b))]

    return [layer([max(0, z) for z in layer(x, W1, b1)], W2, b2) for x in X]


def with_ones(X, W1, b1, W2, b2):
    def extended(values):
        return np.column_stack([values, np.ones(len(values))])

    hidden = relu(extended(X) @ np.vstack([W1, b1]))
    return extended(hidden) @ np.vstack([W2, b2])


def by_columns(X, W1, b1, W2, b2):
    hidden = relu(W1.T @ X.T + b1[:, None])
    return (W2.T @ hidden + b2[:, None]).T


class Dense(NamedTuple):
    kernel: np.ndarray
    bias: np.ndarray


def collapse_with_ones(W1, b1, W2, b2):
    table = np.vstack([W1, b1]) @ W2
    table[-1:] = table[-1:] + b2
    return table[:-1], table[-1]


def collapse_by_probing(W1, b1, W2, b2):
    def both(x):
        return (x @ W1 + b1) @ W2 + b2

    zero = np.zeros(len(W1))
    return both(np.eye(len(W1))) - both(zero), both(zero)


class Remembers:
    """Computes once and gives the same ever after."""

    def __init__(self, function):
        self.function, self.value = function, None

    def __call__(self, W1, b1, W2, b2):
        if self.value is None:
            self.value = self.function(W1, b1, W2, b2)
        return self.value


def fractions(values):
    return np.vectorize(Fraction, otypes=[object])(np.asarray(values, float))


def shift_of_logarithms(z):
    return np.exp(z - special.logsumexp(z, axis=1, keepdims=True))


def halves(z):
    return (z + np.abs(z)) / 2, (1 + np.sign(z)) // 2


RIGHT = {
    "a column of ones": (check.collapse, collapse_with_ones),
    "collapse in loops": (
        check.collapse,
        lambda W1, b1, W2, b2: [
            [[sum(row * column) for column in W2.T] for row in W1],
            [sum(b1 * W2[:, k]) + b2[k] for k in range(len(b2))],
        ],
    ),
    "collapse in float32": (
        check.collapse, lambda *p: (np.float32(p[0] @ p[2]), np.float32(p[1] @ p[2] + p[3]))),
    "collapse, einsum": (
        check.collapse,
        lambda W1, b1, W2, b2: (np.einsum("ij,jk->ik", W1, W2), np.einsum("j,jk", b1, W2) + b2)),
    "collapse, probed": (check.collapse, collapse_by_probing),
    "collapse, transposed twice": (
        check.collapse, lambda W1, b1, W2, b2: ((W2.T @ W1.T).T, W2.T @ b1 + b2)),
    "collapse, named pair": (
        check.collapse, lambda W1, b1, W2, b2: Dense(W1.dot(W2), b1.dot(W2) + b2)),
    "collapse, fractions": (
        check.collapse,
        lambda W1, b1, W2, b2: (fractions(W1) @ fractions(W2), fractions(b1) @ fractions(W2) + fractions(b2))),
    "mask": (check.relu_and_slope, lambda z: (z * (z > 0), (z > 0).astype(int))),
    "truth values": (check.relu_and_slope, lambda z: [relu(z), z > 0]),
    "where": (check.relu_and_slope, lambda z: np.where(z > 0, [z, np.ones_like(z)], 0)),
    "half of sum and size": (check.relu_and_slope, lambda z: (halves(z)[0], np.where(z > 0, 1, 0))),
    "heaviside": (check.relu_and_slope, lambda z: (relu(z), np.heaviside(z, 0))),
    "library activation": (
        check.relu_and_slope, lambda z: tuple(f(z) for f in ACTIVATIONS["relu"])),
    "float32 slopes": (check.relu_and_slope, lambda z: np.float32([relu(z), z > 0])),
    "ReLU in place of a copy": (
        check.relu_and_slope, lambda z: (np.clip(z, 0, None), np.sign(np.clip(z, 0, None)))),
    "loops": (check.forward, loops),
    "ones": (check.forward, with_ones),
    "columns": (check.forward, by_columns),
    "MLP": (check.forward, lambda X, W1, b1, W2, b2: MLP([W1, W2], [b1, b2]).logits(X)),
    "float32": (check.forward, lambda *p: np.float32(with_ones(*p))),
    "SciPy": (check.softmax, lambda z: special.softmax(z, axis=1)),
    "library": (check.softmax, library_softmax),
    "logarithms": (check.softmax, shift_of_logarithms),
    "row by row": (
        check.softmax, lambda z: [np.exp(r - max(r)) / sum(np.exp(r - max(r))) for r in z]),
    "sum of sigmoids of differences": (
        check.softmax, lambda z: 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=2)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def layers(hidden, output):
    return lambda X, W1, b1, W2, b2: output(hidden(X, W1, b1), W2, b2)


def dense(x, W, b):
    return x @ W + b


def relu_dense(x, W, b):
    return relu(x @ W + b)


def no_bias(x, W, b):
    return x @ W


WRONG = {
    "first bias lost": (check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, b2), "The first bias is lost"),
    "biases added": (check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2), "multiply it by `W2`"),
    "biases added, one number": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, np.sum(b1) + b2), "In result 2 of 2"),
    "second bias lost": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2), "second layer is missing"),
    "both biases through": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, (b1 + b2) @ W2), "Both biases"),
    "bias through the wrong layer": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W1 + b2), "multiplied it by `W1`"),
    "bias on the right": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2), "left of the weights"),
    "wrong order": (check.collapse, lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2), "wrong order"),
    "wrong order throughout": (
        check.collapse, lambda W1, b1, W2, b2: (W2 @ W1, b2 @ W1 + b1), "wrong order"),
    "entry by entry": (check.collapse, lambda W1, b1, W2, b2: (W1 * W2, b1 @ W2 + b2), "entry by"),
    "entry by entry throughout": (
        check.collapse, lambda W1, b1, W2, b2: (W1 * W2, b1 * W2 + b2), "entry by"),
    "layers added": (check.collapse, lambda W1, b1, W2, b2: (W1 + W2, b1 + b2), "added the weights"),
    "first layer transposed": (
        check.collapse, lambda W1, b1, W2, b2: (W1.T @ W2, b1 @ W2 + b2), "No transpose"),
    "second layer transposed": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2.T, b1 @ W2 + b2), "No transpose"),
    "one table, bias on top": (
        check.collapse, lambda W1, b1, W2, b2: np.vstack([b1 @ W2 + b2, W1 @ W2]), "into one table"),
    "the same at every call": (check.collapse, Remembers(collapse_by_probing), "In result 1 of 2"),
    "arguments swapped": (
        check.collapse, lambda W1, b1, W2, b2: (W2 @ W1, b2 @ W1 + b1), "wrong order"),
    "NaN": (check.collapse, lambda W1, b1, W2, b2: (W1 @ W2 * np.nan, b1 @ W2 + b2), "NaN"),
    "strings": (check.collapse, lambda W1, b1, W2, b2: ("W", "b"), "should hold numbers"),
    "nested once more": (
        check.collapse, lambda W1, b1, W2, b2: [(W1 @ W2, b1 @ W2 + b2)], "Expected 2 results"),
    "bias as a column": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, (b1 @ W2 + b2)[:, None]), "The shape differs"),
    "bias repeated": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2 + 0 * (W1 @ W2)), "The shape differs"),
    "bias first": (check.collapse, lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2), "Weights first"),
    "on its side": (
        check.collapse, lambda W1, b1, W2, b2: ((W1 @ W2).T, b1 @ W2 + b2), "on their side"),
    "bias as a row": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, b1[None] @ W2 + b2), "plain vector"),
    "one table": (
        check.collapse, lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b1 @ W2 + b2]), "stacked them"),
    "one table as a list": (
        check.collapse, lambda W1, b1, W2, b2: [*(W1 @ W2).tolist(), list(b1 @ W2 + b2)], "stacked them"),
    "weights only": (check.collapse, lambda W1, b1, W2, b2: W1 @ W2, "bias is missing"),
    "bias only": (check.collapse, lambda W1, b1, W2, b2: b1 @ W2 + b2, "weights are missing"),
    "three results": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2, b2), "Expected 2 results"),
    "a dictionary": (
        check.collapse, lambda W1, b1, W2, b2: {"W": W1 @ W2, "b": b1 @ W2 + b2}, "Expected 2 results"),
    "only the shown sizes": (
        check.collapse, lambda W1, b1, W2, b2: ((W1 @ W2)[:2, :2], (b1 @ W2 + b2)[:2]), "shape"),
    "whole numbers": (
        check.collapse, lambda W1, b1, W2, b2: ((W1 @ W2).astype(int), b1 @ W2 + b2), "In result 1 of 2"),
    "rounded layers": (
        check.collapse, lambda W1, b1, W2, b2: ((W1 @ W2).round(2), (b1 @ W2 + b2).round(2)), "differ"),
    "the output for ones": (
        check.collapse,
        lambda W1, b1, W2, b2: (W1 @ W2, (np.ones(len(W1)) @ W1 + b1) @ W2 + b2), "In result 2 of 2"),
    "corner 1": (check.relu_and_slope, lambda z: (relu(z), np.where(z >= 0, 1, 0)), "slope of 1"),
    "corner one half": (check.relu_and_slope, lambda z: (relu(z), np.heaviside(z, 0.5)), "one half"),
    "leaky": (
        check.relu_and_slope,
        lambda z: (np.where(z > 0, z, 0.01 * z), np.where(z > 0, 1, 0.01)), "leaky"),
    "leaky by a tenth": (
        check.relu_and_slope, lambda z: (np.where(z > 0, z, 0.1 * z), np.where(z > 0, 1, 0.1)), "leaky"),
    "leaky value only": (
        check.relu_and_slope, lambda z: (np.where(z > 0, z, 0.01 * z), z > 0), "leaky"),
    "slope is z": (check.relu_and_slope, lambda z: (relu(z), relu(z)), "slope is not z"),
    "slope is the sign": (check.relu_and_slope, lambda z: (relu(z), np.sign(z)), "not −1"),
    "slope −1 at 0 too": (
        check.relu_and_slope, lambda z: (relu(z), np.where(z > 0, 1, -1)), "not −1"),
    "slope 1 everywhere": (check.relu_and_slope, lambda z: (relu(z), z * 0 + 1), "0 elsewhere"),
    "slope of the sigmoid": (
        check.relu_and_slope, lambda z: (relu(z), relu(z) - relu(z) ** 2), "slope of the sigmoid"),
    "smooth slope": (check.relu_and_slope, lambda z: (relu(z), special.expit(z)), "not a sigmoid"),
    "flat": (check.relu_and_slope, lambda z: (relu(z).ravel(), (z > 0).ravel()), "lost the shape"),
    "whole numbers only": (check.relu_and_slope, lambda z: (relu(z).astype(int), z > 0), "differ"),
    "a threshold beside 0": (check.relu_and_slope, lambda z: (relu(z), z > 1e-6), "differ"),
    "quotient": (check.relu_and_slope, lambda z: (relu(z), relu(z) / z), "NaN"),
    "no bend": (check.relu_and_slope, lambda z: (z, z > 0), "differ"),
    "last axis": (check.relu_and_slope, lambda z: np.stack([relu(z), z > 0], -1), "shape"),
    "capped at 6": (check.relu_and_slope, lambda z: (np.clip(z, 0, 6), z > 0), "differ"),
    "absolute": (check.relu_and_slope, lambda z: (np.abs(z), np.sign(z)), "absolute value"),
    "absolute, with a step": (check.relu_and_slope, lambda z: stack(np.abs(z), z > 0), "absolute value"),
    "smaller": (check.relu_and_slope, lambda z: stack(np.minimum(z, 0), z < 0), "smaller"),
    "step": (check.relu_and_slope, lambda z: ((z > 0) * 1, (z > 0) * 1), "step of the perceptron"),
    "slope first": (check.relu_and_slope, lambda z: ((z > 0) * 1.0, relu(z)), "slope first"),
    "ReLU only": (check.relu_and_slope, relu, "The slope is missing"),
    "slope only": (check.relu_and_slope, lambda z: (z > 0) * 1, "ReLU itself is missing"),
    "stops at one": (check.relu_and_slope, lambda z: (np.clip(z, 0, 1), (z > 0) * 1), "stops at one"),
    "sigmoid": (check.relu_and_slope, lambda z: stack(special.expit(z), z > 0), "differ"),
    "softplus": (check.relu_and_slope, lambda z: (np.logaddexp(0, z), special.expit(z)), "differ"),
    "one number at a time": (check.relu_and_slope, lambda z: (max(z, 0), z > 0), "ValueError"),
    "one row only": (
        check.relu_and_slope, lambda z: ([max(v, 0) for v in z], [v > 0 for v in z]), ""),
    "no bias": (check.forward, layers(lambda *p: relu(no_bias(*p)), no_bias), "Both biases"),
    "bias in the first only": (check.forward, layers(relu_dense, no_bias), "missing in the second"),
    "bias in the second only": (
        check.forward, layers(lambda *p: relu(no_bias(*p)), dense), "missing in the first"),
    "the lecture's layout": (
        check.forward, layers(lambda x, W, b: relu(x @ W.T + b), dense), "layout"),
    "both transposed": (
        check.forward, layers(lambda x, W, b: relu(x @ W.T + b), lambda x, W, b: x @ W.T + b), "ValueError"),
    "no ReLU": (check.forward, layers(dense, dense), "linear model"),
    "bias late": (
        check.forward, layers(lambda x, W, b: relu(x @ W) + b, dense), "before the ReLU"),
    "ReLU twice": (check.forward, layers(relu_dense, relu_dense), "output as well"),
    "ReLU on the output alone": (check.forward, layers(dense, relu_dense), "moved the ReLU"),
    "probabilities": (
        check.forward, layers(relu_dense, lambda *p: library_softmax(dense(*p))), "leave the softmax out"),
    "sigmoid hidden": (
        check.forward, layers(lambda *p: special.expit(dense(*p)), dense), "not a sigmoid"),
    "tanh hidden": (check.forward, layers(lambda *p: np.tanh(dense(*p)), dense), "not a tanh"),
    "hidden layer": (check.forward, lambda X, W1, b1, W2, b2: relu_dense(X, W1, b1), "one more to go"),
    "first example": (check.forward, lambda X, *p: with_ones(X, *p)[0], "lost the batch"),
    "squeezed": (check.forward, lambda *p: with_ones(*p).squeeze(), "batch of one"),
    "leaky hidden": (
        check.forward, layers(lambda *p: np.maximum(dense(*p), 0.01 * dense(*p)), dense), "not a leaky"),
    "absolute hidden": (check.forward, layers(lambda *p: np.abs(dense(*p)), dense), "absolute"),
    "one number as bias": (
        check.forward, lambda X, W1, b1, W2, b2: relu(X @ W1 + 0.1) @ W2 + 0.1, "differ"),
    "two decimals": (check.forward, lambda *p: with_ones(*p).round(2), "differ"),
    "first row for all": (
        check.forward, lambda X, *p: np.repeat(with_ones(X[:1], *p), len(X), axis=0), "differ"),
    "both layers": (
        check.forward, lambda X, *p: (relu(X @ p[0] + p[1]), with_ones(X, *p)), "one shape"),
    "transposed output": (check.forward, lambda *p: with_ones(*p).T, "Rows and columns"),
    "classes": (check.forward, lambda *p: with_ones(*p).argmax(axis=1), "shape"),
    "the slide's numbers": (check.forward, lambda *p: [[9.61, 6.49]], "differ"),
    "no shift": (check.softmax, lambda z: np.exp(z) / rows(np.exp(z)), "overflow"),
    "one shift": (
        check.softmax, lambda z: np.exp(z - z.max()) / rows(np.exp(z - z.max())), "whole batch"),
    "one sum": (check.softmax, lambda z: np.exp(z) / np.exp(z).sum(), "adds up to 1 by itself"),
    "one sum, shifted": (
        check.softmax, lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(), "adds up to 1 by itself"),
    "columns": (check.softmax, lambda z: library_softmax(z.T).T, "add up columns"),
    "columns without shift": (check.softmax, lambda z: np.exp(z) / np.exp(z).sum(axis=0), "add up columns"),
    "smallest": (
        check.softmax, lambda z: np.exp(z - z.min(1)[:, None]) / rows(np.exp(z - z.min(1)[:, None])), "smallest"),
    "largest of the column": (
        check.softmax, lambda z: np.exp(z - z.max(0)) / rows(np.exp(z - z.max(0))), "largest of each column"),
    "divided by the largest": (
        check.softmax, lambda z: library_softmax(z / z.max(1)[:, None]), "instead of dividing"),
    "probabilities on their side": (check.softmax, lambda z: library_softmax(z).T, "Rows and columns"),
    "powers of two": (check.softmax, lambda z: library_softmax(z * np.log(2)), "differ"),
    "percent": (check.softmax, lambda z: 100 * library_softmax(z), "differ"),
    "NaN as 0": (check.softmax, lambda z: np.nan_to_num(np.exp(z) / rows(np.exp(z))), "differ"),
    "a fixed shift": (check.softmax, lambda z: np.exp(z - 1000) / rows(np.exp(z - 1000)), "NaN"),
    "shares": (check.softmax, lambda z: z / rows(z), "exponential"),
    "sigmoids": (check.softmax, special.expit, "sigmoid of each"),
    "largest": (
        check.softmax,
        lambda z: np.exp(z - z.max(axis=1, keepdims=True)), "powers"),
    "powers": (check.softmax, np.exp, "powers"),
    "logarithm": (check.softmax, lambda z: np.log(library_softmax(z)), "logarithm"),
    "clipped": (check.softmax, lambda z: library_softmax(np.clip(z, -700, 700)), "differ"),
    "hard": (check.softmax, lambda z: (z == z.max(axis=1, keepdims=True)) * 1.0, "differ"),
    "rounded": (check.softmax, lambda z: library_softmax(z).round(2), "differ"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


def test_exact_fractions_are_accepted():
    def answer(z):
        flat = [float(v) for v in np.ravel(z)]
        values = [[Fraction(max(v, 0)) for v in flat], [Fraction(int(v > 0)) for v in flat]]
        return np.array(values).reshape(2, *z.shape)

    assert check.relu_and_slope(answer).state == "right"


def test_a_relu_in_place_is_named():
    def answer(z):
        z[z < 0] = 0
        return z, z > 0

    assert "changed its input" in check.relu_and_slope(answer).message


SOLUTIONS = {
    check.collapse: (collapse_by_probing, lambda *p: (p[0] @ p[2], p[3])),
    check.relu_and_slope: (lambda z: (relu(z), z > 0), lambda z: (relu(z), z >= 0)),
    check.forward: (with_ones, layers(relu_dense, no_bias)),
    check.softmax: (library_softmax, np.exp),
}


@pytest.mark.parametrize("exercise", SOLUTIONS, ids=lambda exercise: exercise.__name__)
def test_right_half_of_the_time_is_refused(exercise):
    rng = np.random.default_rng(0)
    for _ in range(20):
        result = exercise(lambda *given: SOLUTIONS[exercise][rng.integers(2)](*given))
        assert result.state == "not yet"
