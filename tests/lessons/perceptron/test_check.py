"""Perceptron: right answers of unusual form, and wrong ones such as students write."""

from fractions import Fraction

import numpy as np
import pytest

from lessons.perceptron import check
from lessons.perceptron.learning_rule import perceptron_update
from tests.kit.answers import accepted, refused
from utils import neurons

pytestmark = pytest.mark.slow
OR, NAND, AND = (2, 2, -1), (-2, -2, 3), (2, 2, -3)


def output(z):
    return 1 if z >= 0 else 0


def updating(decide=lambda w, x, bias: output(x @ w + bias), of_bias=lambda x: 1):
    """The rule, with another output, or with another input of the bias."""

    def update(weights, bias, x, target, rate):
        change = rate * (target - decide(weights, x, bias))
        return [*(weights + change * x), bias + change * of_bias(x)]

    return update


update = updating()


def with_ifs(weights, bias, x, target, rate):
    if (x @ weights + bias >= 0) and target == 0:
        return np.append(weights - rate * x, bias - rate)
    if (x @ weights + bias < 0) and target == 1:
        return np.append(weights + rate * x, bias + rate)
    return np.append(weights, bias)


def in_place(weights, bias, x, target, rate):
    weights += rate * (target - output(x @ weights + bias)) * x
    return [*weights, bias + rate]


def until_right(weights, bias, x, target, rate):
    while output(x @ weights + bias) != target:
        *weights, bias = update(np.array(weights), bias, x, target, rate)
    return [*weights, bias]


def one_kind(kind):
    return lambda w, b, x, t, r: update(w, b, x, t, r) if t == kind else [*w, b]


def in_the_type_of_the_weights(weights, bias, x, target, rate):
    new = weights.copy()
    for i, value in enumerate(update(weights, bias, x, target, rate)[:-1]):
        new[i] = value
    return [*new, update(weights, bias, x, target, rate)[-1]]


def looped(X, weights, bias, more=0):
    found = []
    for row in range(len(X) - more):
        z = bias
        for i in range(len(weights)):
            z += X[row][i] * weights[i]
        found.append(output(z))
    return found


def returned_inside(X, weights, bias):  # noqa: RET503
    found = []
    for row in X:
        found.append(output(row @ weights + bias))
        return found


test_right_in_another_way = accepted({
    "loops": (check.outputs, looped),
    "heaviside": (check.outputs, lambda X, w, b: np.heaviside(X @ w + b, 1)),
    "bias as a weight": (
        check.outputs, lambda X, w, b: neurons.step(np.c_[X, np.ones(len(X))] @ [*w, b])),
    "uint8": (check.outputs, lambda X, w, b: (X @ w + b >= 0).astype(np.uint8)),
    "weights first": (check.outputs, lambda X, w, b: neurons.step(w @ X.T + b)),
    "not alike": (check.nand, [-3, -2, 4]),
    "fractions": (check.nand, [Fraction(-4, 2), Fraction(-2), Fraction(3)]),
    "large": (check.nand, (-2000, -2000, 3000)),
    "pair": (check.perceptron_update, perceptron_update),
    "pair of a list": (check.perceptron_update, lambda *case: (update(*case)[:-1], update(*case)[-1])),
    "with ifs": (check.perceptron_update, with_ifs),
    "0-d bias": (check.perceptron_update, lambda *case: [*map(np.array, perceptron_update(*case))]),
    "the other way around": (check.xor_network, [NAND, OR, AND]),
    "smallest": (check.xor_network, [(1, 1, -1), (-1, -1, 1), (1, 1, -2)]),
    "one input but not the other": (check.xor_network, [(2, -2, -1), (-2, 2, -1), OR]),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "a border of -0.1": (check.outputs, lambda X, w, b: (X @ w + b >= -0.1) * 1, None),
    "a border of -0.2": (check.outputs, lambda X, w, b: (X @ w + b >= -0.2) * 1, None),
    "whole part of z": (check.outputs, lambda X, w, b: neurons.step((X @ w + b).astype(int)), None),
    "rounded z": (check.outputs, lambda X, w, b: neurons.step(np.round(X @ w + b)), None),
    "cut to 0 and 1": (check.outputs, lambda X, w, b: np.clip(X @ w + b, 0, 1), "the step is `z >= 0`"),
    "two inputs": (check.outputs, lambda X, w, b: neurons.step(X[:, :2] @ w[:2] + b), None),
    "a bias a weight": (check.outputs, lambda X, w, b: neurons.step(X @ (w + b)), None),
    "a border of 1": (check.outputs, lambda X, w, b: (X @ w + b >= 1) * 1, "z tips over at 0, not above"),
    "always 1": (check.outputs, lambda X, w, b: np.ones(len(X)), None),
    "the last row forgotten": (check.outputs, lambda X, w, b: looped(X, w, b, 1), None),
    "return in the loop": (check.outputs, returned_inside, "inside the loop"),
    "if on an array": (check.outputs, lambda X, w, b: 1 if X @ w + b >= 0 else 0, "one number"),
    "one number": (check.outputs, lambda X, w, b: int((X @ w).sum() + b >= 0), None),
    "a column": (check.outputs, lambda X, w, b: neurons.step(X @ w + b)[:, None], None),
    "AND": (check.nand, AND, "That is AND."),
    "signs flipped on the border": (check.nand, (-1, -1, 2), "our step counts z = 0 as output 1"),
    "bias in front": (check.nand, (3, -2, -2), "the order is"),
    "which row": (check.nand, (-2, -1, 1), "For the inputs 1, 0 the net sum is -1"),
    "halves": (check.nand, (-1, -1, 1.5), "not whole numbers"),
    "a row more": (check.nand, [(-2, -2, 3)], "shape (1, 3)"),
    "NaN": (check.nand, (-2, np.nan, 3), "NaN or infinity"),
    "words": (check.nand, "NAND", "should hold numbers"),
    "weights apart": (check.nand, ((-2, -2), 3), "Give three numbers, (w1, w2, b)."),
    "until it is right": (check.perceptron_update, until_right, None),
    "the mean of x for the bias": (check.perceptron_update, updating(of_bias=np.mean), None),
    "bias not in z": (check.perceptron_update, updating(lambda w, x, bias: output(x @ w)), None),
    "learns from target 0 alone": (check.perceptron_update, one_kind(0), None),
    "learns from target 1 alone": (check.perceptron_update, one_kind(1), None),
    "whole numbers": (check.perceptron_update, lambda *c: np.array(update(*c), int), None),
    "type of the weights": (check.perceptron_update, in_the_type_of_the_weights, None),
    "a step at one half": (
        check.perceptron_update, updating(lambda w, x, bias: x @ w + bias >= 0.5), "z = 0 counts as output 1"),
    "rounded": (check.perceptron_update, lambda *c: np.round(update(*c), 2), None),
    "rate on everything": (
        check.perceptron_update, lambda *c: c[4] * np.array(update(*c[:4], 1)), None),
    "bias in front, new": (check.perceptron_update, lambda *c: np.roll(update(*c), 1), None),
    "weights only": (check.perceptron_update, lambda *c: update(*c)[:-1], None),
    "in place": (check.perceptron_update, in_place, "changed its input"),
    "third wrong": (check.xor_network, [OR, NAND, OR], "The first two are fine"),
    "inputs of the third": (check.xor_network, [AND, OR, OR], "Where it sees the outputs 1, 1 the"),
    "third z is 0": (check.xor_network, [OR, AND, (1, -1, 0)], "z = 0 as output 1"),
    "same corner twice": (check.xor_network, [OR, OR, AND], "Change the first two: the third cannot tell"),
    "inputs handed on": (check.xor_network, [(1, 0, -1), (0, 1, -1), OR], "have to learn an XOR"),
    "inputs turned around": (check.xor_network, [(-1, 0, 0), (0, 1, -1), AND], "have to learn an XOR"),
    "fractions in a network": (check.xor_network, [(1, 1, -0.5), NAND, AND], "not whole numbers"),
    "two perceptrons": (check.xor_network, [OR, NAND], "shape (2, 3)"),
    "ragged": (check.xor_network, [OR, NAND, (1, 1)], "parts of one shape"),
})  # fmt: skip


def test_a_wrong_network_shows_what_the_third_perceptron_sees():
    facts = dict(check.xor_network([OR, NAND, OR]).facts)
    assert facts["inputs 1, 0"] == "first 1, second 1, XOR wants 1"
