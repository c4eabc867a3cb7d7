"""Perceptron: other right answers, and the hint for each named misconception."""

from fractions import Fraction

import numpy as np
import pytest

from lessons.perceptron import check
from tests.kit.answers import accepted, refused
from utils import neurons

pytestmark = pytest.mark.slow


def output(z):
    return 1 if z >= 0 else 0


def update(error=lambda z, target: target - output(z), on_bias=1.0):
    """One update with this error."""

    def answer(weights, bias, x, target, rate):
        change = rate * error(x @ weights + bias, target)
        return [*(weights + change * x), bias + on_bias * change]

    return answer


def with_ifs(weights, bias, x, target, rate):
    if (x @ weights + bias >= 0) and target == 0:
        return np.append(weights - rate * x, bias - rate)
    if (x @ weights + bias < 0) and target == 1:
        return np.append(weights + rate * x, bias + rate)
    return np.append(weights, bias)


def in_place(weights, bias, x, target, rate):
    weights += rate * (target - output(x @ weights + bias)) * x
    return [*weights, bias + rate]


def no_bias_in_net_sum(weights, bias, x, target, rate):
    change = rate * (target - output(x @ weights))
    return [*(weights + change * x), bias + change]


def moved(weights, bias, x, target, rate, on_weights=None, on_bias=None):
    error = target - output(x @ weights + bias)
    return [*(weights + (on_weights or rate) * error * x), bias + (on_bias or rate) * error]


def only_the_change(weights, bias, x, target, rate):
    return [*(np.array(update()(weights, bias, x, target, rate)) - [*weights, bias])]


def pair(weights, bias, x, target, rate):
    return neurons.perceptron_update(weights, bias, x, target, rate)


OR, NAND, AND = (2, 2, -1), (-2, -2, 3), (2, 2, -3)

RIGHT = {
    "loops": (
        check.outputs,
        lambda X, w, b: [output(sum(a * c for a, c in zip(w, x, strict=True)) + b) for x in X]),
    "where": (check.outputs, lambda X, w, b: np.where(X @ w + b < 0, 0, 1)),
    "heaviside": (check.outputs, lambda X, w, b: np.heaviside(X @ w + b, 1)),
    "bias as a weight": (
        check.outputs, lambda X, w, b: neurons.step(np.c_[X, np.ones(len(X))] @ [*w, b])),
    "float32": (check.outputs, lambda X, w, b: neurons.step((X @ w + b).astype(np.float32))),
    "uint8": (check.outputs, lambda X, w, b: (X @ w + b >= 0).astype(np.uint8)),
    "a tuple of numbers": (check.outputs, lambda X, w, b: tuple(output(z) for z in X @ w + b)),
    "weights first": (check.outputs, lambda X, w, b: neurons.step(w @ X.T + b)),
    "as small as it gets": (check.nand, (-1, -1, 1)),
    "not alike": (check.nand, [-3, -2, 4]),
    "a column that was flattened": (check.nand, np.array([[-2], [-2], [3]]).ravel()),
    "float": (check.nand, np.array([-2.0, -2.0, 3.0], np.float32)),
    "fractions": (check.nand, [Fraction(-4, 2), Fraction(-2), Fraction(3)]),
    "large": (check.nand, (-2000, -2000, 3000)),
    "pair": (check.perceptron_update, pair),
    "pair of a list": (
        check.perceptron_update, lambda *case: (pair(*case)[0].tolist(), pair(*case)[1])),
    "with ifs": (check.perceptron_update, with_ifs),
    "a tuple": (check.perceptron_update, lambda *case: tuple(update()(*case))),
    "float32 update": (check.perceptron_update, lambda *c: np.array(update()(*c), np.float32)),
    "0-d bias": (check.perceptron_update, lambda *c: (pair(*c)[0], np.array(pair(*c)[1]))),
    "append": (check.perceptron_update, lambda *case: np.append(*pair(*case))),
    "OR and NAND": (check.xor_network, [OR, NAND, AND]),
    "the other way around": (check.xor_network, [NAND, OR, AND]),
    "smallest": (check.xor_network, [(1, 1, -1), (-1, -1, 1), (1, 1, -2)]),
    "OR but not AND": (check.xor_network, [OR, AND, (2, -2, -1)]),
    "one input but not the other": (check.xor_network, [(2, -2, -1), (-2, 2, -1), OR]),
    "array": (check.xor_network, np.array([OR, NAND, AND], float)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "above 0": (check.outputs, lambda X, w, b: (X @ w + b > 0).astype(int), "`>=`"),
    "above one half": (check.outputs, lambda X, w, b: 1 * (X @ w + b >= 0.5), "with 0.5"),
    "whole part of z": (
        check.outputs, lambda X, w, b: neurons.step((X @ w + b).astype(int)), "cut z down"),
    "whole part before the bias": (
        check.outputs, lambda X, w, b: neurons.step((X @ w).astype(int) + b), "differ"),
    "rounded z": (check.outputs, lambda X, w, b: neurons.step(np.round(X @ w + b)), "differ"),
    "clipped z": (check.outputs, lambda X, w, b: np.clip(X @ w + b, 0, 1), "differ"),
    "two inputs": (
        check.outputs, lambda X, w, b: neurons.step(X[:, 0] * w[0] + X[:, 1] * w[1] + b), "differ"),
    "wrong axis": (check.outputs, lambda X, w, b: neurons.step((X * w).sum(0) + b), "shape"),
    "a bias a weight": (check.outputs, lambda X, w, b: neurons.step(X @ (w + b)), "differ"),
    "nested": (check.outputs, lambda X, w, b: [neurons.step(X @ w + b).tolist()], "shape"),
    "text": (check.outputs, lambda X, w, b: ["1" if z >= 0 else "0" for z in X @ w + b], "numbers"),
    "generator": (check.outputs, lambda X, w, b: (output(z) for z in X @ w + b), "make it a list"),
    "no bias": (check.outputs, lambda X, w, b: neurons.step(X @ w), "bias is missing"),
    "minus bias": (check.outputs, lambda X, w, b: neurons.step(X @ w - b), "subtracted the bias"),
    "net sum": (check.outputs, lambda X, w, b: X @ w + b, "apply the step"),
    "truth values": (check.outputs, lambda X, w, b: X @ w + b >= 0, "not False and True"),
    "minus one": (check.outputs, lambda X, w, b: np.where(X @ w + b >= 0, 1, -1), "not -1 and 1"),
    "reversed": (check.outputs, lambda X, w, b: 1 - neurons.step(X @ w + b), "reversed"),
    "sigmoid": (check.outputs, lambda X, w, b: neurons.sigmoid(X @ w + b), "probability"),
    "column": (check.outputs, lambda X, w, b: neurons.step(X @ w + b)[:, None], "one column"),
    "one number": (
        check.outputs, lambda X, w, b: int((X @ w).sum() + b >= 0), "added up the whole batch"),
    "first row": (check.outputs, lambda X, w, b: neurons.step(X[0] @ w + b), "shape"),
    "always 1": (check.outputs, lambda X, w, b: np.ones(len(X)), "differ"),
    "the shown example": (check.outputs, lambda X, w, b: [0, 1, 1], "shape"),
    "AND": (check.nand, AND, "That is AND."),
    "OR": (check.nand, OR, "That is OR."),
    "NOR": (check.nand, (-2, -2, 1), "That is NOR."),
    "signs flipped on the border": (check.nand, (-1, -1, 2), "our step counts z = 0 as output 1"),
    "bias in front": (check.nand, (3, -2, -2), "the order is"),
    "which row": (check.nand, (-2, -1, 1), "For the inputs 1, 0 the net sum is -1"),
    "halves": (check.nand, (-1, -1, 1.5), "not whole numbers"),
    "a tiny bit": (check.nand, (-2.019, -2.019, 3.031), "not whole numbers"),
    "two numbers": (check.nand, (-2, -2), "shape (2,)"),
    "a row more": (check.nand, [(-2, -2, 3)], "shape (1, 3)"),
    "NaN": (check.nand, (-2, np.nan, 3), "NaN or infinity"),
    "infinite": (check.nand, (-2, -2, np.inf), "NaN or infinity"),
    "words": (check.nand, "NAND", "should hold numbers"),
    "a function": (check.nand, lambda: (-2, -2, 3), "should hold numbers"),
    "sign": (check.perceptron_update, update(lambda z, t: output(z) - t), "Wrong sign"),
    "bias stays": (check.perceptron_update, update(on_bias=0), "bias never learns"),
    "no rate": (
        check.perceptron_update, lambda *case: update()(*case[:4], 1), "weights and from the bias"),
    "no rate in the bias": (
        check.perceptron_update, lambda *case: moved(*case, on_bias=1), "from the bias"),
    "no rate in the weights": (
        check.perceptron_update, lambda *case: moved(*case, on_weights=1), "from the weights"),
    "even when right": (
        check.perceptron_update, update(lambda z, t: 2 * t - 1), "even when the output is right"),
    "target alone": (check.perceptron_update, update(lambda z, t: t), "whenever the target is 1"),
    "minus one and one": (
        check.perceptron_update, update(lambda z, t: 2 * (t - output(z))), "Twice too far"),
    "target made -1 or 1": (
        check.perceptron_update, update(lambda z, t: 2 * t - 1 - output(z)), "as it stands"),
    "without x": (
        check.perceptron_update,
        lambda w, b, x, t, r: np.append(w, b) + r * (t - output(x @ w + b)),
        "multiply the change by x"),
    "learns from target 0 alone": (
        check.perceptron_update, update(lambda z, t: (t - output(z)) * (1 - t)), "one kind"),
    "learns from target 1 alone": (
        check.perceptron_update, update(lambda z, t: (t - output(z)) * t), "one kind"),
    "rate on everything": (
        check.perceptron_update, lambda *c: c[4] * np.array(update()(*c[:4], 1)), "differ"),
    "whole numbers": (check.perceptron_update, lambda *c: np.array(update()(*c), int), "differ"),
    "rounded": (check.perceptron_update, lambda *c: np.round(update()(*c), 2), "differ"),
    "x of length 1": (
        check.perceptron_update,
        lambda w, b, x, t, r: update()(w, b, x / np.linalg.norm(x), t, r),
        "differ"),
    "nested list": (check.perceptron_update, lambda *c: [update()(*c)], "shape"),
    "two conventions": (
        check.perceptron_update, update(lambda z, t: t - (2 * output(z) - 1)), "one convention"),
    "net sum for output": (check.perceptron_update, update(lambda z, t: t - z), "step first"),
    "sigmoid for output": (
        check.perceptron_update, update(lambda z, t: t - neurons.sigmoid(z)), "logistic regression"),
    "strictly above": (
        check.perceptron_update, update(lambda z, t: t - (1 if z > 0 else 0)), "`>=`"),
    "bias not in z": (check.perceptron_update, no_bias_in_net_sum, "forgot the bias"),
    "change alone": (check.perceptron_update, only_the_change, "the change alone"),
    "bias in front, new": (
        check.perceptron_update, lambda *case: np.roll(update()(*case), 1), "bias goes last"),
    "pair the other way": (check.perceptron_update, lambda *case: pair(*case)[::-1], "array"),
    "weights only": (check.perceptron_update, lambda *case: pair(*case)[0], "shape"),
    "in place": (check.perceptron_update, in_place, "changed its input"),
    "two inputs only": (
        check.perceptron_update, lambda w, *case: [*pair(w, *case)[0][:2], pair(w, *case)[1]], "shape"),
    "not a function": (check.perceptron_update, [2, 1, -1], "Expected a function"),
    "same corner twice": (check.xor_network, [OR, OR, AND], "cannot tell them apart"),
    "third wrong": (check.xor_network, [OR, NAND, OR], "The first two are fine"),
    "third on the border": (check.xor_network, [OR, NAND, (1, 1, -1)], "first two are fine"),
    "third z is 0": (check.xor_network, [OR, AND, (1, -1, 0)], "z = 0 as output 1"),
    "fractions in a network": (check.xor_network, [(1, 1, -0.5), NAND, AND], "not whole numbers"),
    "two perceptrons": (check.xor_network, [OR, NAND], "shape (2, 3)"),
    "transposed": (check.xor_network, np.array([OR, NAND, AND]).T, "cannot tell them apart"),
    "ragged": (check.xor_network, [OR, NAND, (1, 1)], "parts of one shape"),
    "infinite network": (check.xor_network, [OR, NAND, (2, 2, -np.inf)], "NaN or infinity"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


def test_a_wrong_network_shows_what_the_third_perceptron_sees():
    facts = dict(check.xor_network([OR, NAND, OR]).facts)
    assert facts["inputs 1, 0"] == "first 1, second 1, XOR wants 1"


def test_the_line_of_an_exception_is_told():
    def stops(weights, bias, x, target, rate):
        return weights[7]

    assert "in line" in check.perceptron_update(stops).message
