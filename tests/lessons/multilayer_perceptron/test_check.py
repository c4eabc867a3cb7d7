"""Multilayer perceptron: right answers of unusual form, and wrong ones such as students write."""

from fractions import Fraction

import keras
import numpy as np
import pytest
from scipy import special

from lessons.multilayer_perceptron import check
from tests.kit.answers import accepted, refused
from utils.neurons import ACTIVATIONS, MLP
from utils.neurons import softmax as stable

pytestmark = pytest.mark.slow


def seven(X, truth, W2, H, P, *, flip=1):
    dz2 = flip * (P - truth) / len(X)
    dz1 = dz2 @ W2.T * (1 - H * H)
    ones = np.ones(len(X))
    return dz2, H.T @ dz2, ones @ dz2, dz2 @ W2.T, dz1, X.T @ dz1, ones @ dz1


def first_lines(count, **changed):
    """The first lines alone, as on the way to all seven."""
    return lambda *case: (*seven(*case, **changed)[:count], *[...] * (7 - count))


def one_line(number, change):
    """The seven lines, one of them wrong, the others as they should be."""

    def lines(*case):
        found = list(seven(*case))
        found[number] = change(found[number])
        return found

    return lines


def example_by_example(X, truth, W2, H, P):
    each = [
        seven(*(a[n : n + 1] for a in (X, truth)), W2, *(a[n : n + 1] for a in (H, P)))
        for n in range(len(X))
    ]
    rows = (0, 3, 4)
    parts = [
        np.concatenate([e[k] for e in each]) if k in rows else sum(e[k] for e in each)
        for k in range(7)
    ]
    return tuple(part / len(X) for part in parts)


def by_einsum(X, truth, W2, H, P):
    dz2 = (P - truth) / P.shape[0]
    dh = np.einsum("nk,jk->nj", dz2, W2)
    dz1 = dh - dh * H**2
    return (
        dz2,
        np.einsum("nj,nk->jk", H, dz2),
        np.einsum("nk->k", dz2),
        dh,
        dz1,
        np.einsum("ni,nj->ij", X, dz1),
        np.einsum("nj->j", dz1),
    )


def relu(z):
    return np.maximum(z, 0)


def with_ones(W1, b1, W2, b2):
    table = np.vstack([W1, b1]) @ W2
    return table[:-1], table[-1] + b2


def in_fractions(W1, b1, W2, b2):
    exact = np.vectorize(Fraction, otypes=[object])
    W1, b1, W2, b2 = (exact(np.asarray(each, float)) for each in (W1, b1, W2, b2))
    return W1 @ W2, b1 @ W2 + b2


def aliased_weights(W1, b1, W2, b2):
    table = [[0] * W2.shape[1]] * len(W1)
    for i in range(len(W1)):
        for j in range(W2.shape[1]):
            table[i][j] = W1[i] @ W2[:, j]
    return table, b1 @ W2 + b2


def mask_in_a_copy(z):
    value, slope = z.copy(), np.zeros_like(z)
    value[value < 0] = 0
    slope[z > 0] = 1
    return value, slope


def one_name(z):
    value = z.copy()
    value[value < 0] = 0
    slope = value
    slope[slope > 0] = 1
    return value, slope


def looped(X, W1, b1, W2, b2):
    def layer(x, W, b):
        return [sum(x[i] * W[i][j] for i in range(len(x))) + b[j] for j in range(len(b))]

    return [layer([max(0, z) for z in layer(x, W1, b1)], W2, b2) for x in X]


def in_keras(X, W1, b1, W2, b2):
    layers = keras.layers.Dense(len(b1), "relu"), keras.layers.Dense(len(b2))
    model = keras.Sequential([keras.Input((X.shape[1],)), *layers])
    model.set_weights([W1, b1, W2, b2])
    return model(np.float32(X))


def aliased_rows(X, W1, b1, W2, b2):
    hidden = [[0] * len(b1)] * len(X)
    for n in range(len(X)):
        for j in range(len(b1)):
            hidden[n][j] = max(0, X[n] @ W1[:, j] + b1[j])
    return np.array(hidden) @ W2 + b2


def network(hidden, bias=True):
    return lambda X, W1, b1, W2, b2: hidden(X @ W1 + bias * b1) @ W2 + b2


def shares(powers):
    return powers / powers.sum(axis=1, keepdims=True)


def from_sentinel(z, top=0):
    tops = [[max([top, *row])] for row in z]
    return shares(np.exp(z - tops))


def without_keepdims(z):
    powers = np.exp(z - z.max(axis=1))
    return powers / powers.sum(axis=1)


def shifted_if_large(z):
    return shares(np.exp(z - z.max() if z.max() > 700 else z))


test_right_in_another_way = accepted({
    "a row of ones": (check.collapse, with_ones),
    "float32": (check.collapse, lambda *p: tuple(np.float32(part) for part in with_ones(*p))),
    "fractions": (check.collapse, in_fractions),
    "mask in a copy": (check.relu_and_slope, mask_in_a_copy),
    "half of sum and size": (check.relu_and_slope, lambda z: ((z + abs(z)) / 2, np.heaviside(z, 0))),
    "the course's": (check.relu_and_slope, lambda z: tuple(f(z) for f in ACTIVATIONS["relu"])),
    "tensors": (check.relu_and_slope, lambda z: (keras.ops.relu(z), np.float32(z > 0))),
    "loops": (check.forward, looped),
    "MLP": (check.forward, lambda X, W1, b1, W2, b2: MLP([W1, W2], [b1, b2]).logits(X)),
    "Keras": (check.forward, in_keras),
    "logarithms": (check.softmax, lambda z: np.exp(z - special.logsumexp(z, axis=1, keepdims=True))),
    "row by row": (check.softmax, lambda z: [np.exp(r - max(r)) / sum(np.exp(r - max(r))) for r in z]),
    "powers of differences": (
        check.softmax, lambda z: 1 / np.exp(z[:, None, :] - z[:, :, None]).sum(axis=2)),
    "float32 shares": (check.softmax, lambda z: keras.ops.softmax(np.float32(z), axis=-1)),
    "example by example": (check.backward, example_by_example),
    "einsum": (check.backward, by_einsum),
    "a list": (check.backward, lambda *case: list(seven(*case))),
    "float32 slopes": (check.backward, lambda *case: [np.float32(part) for part in seven(*case)]),
    "a shift to 1": (check.softmax, lambda z: shares(np.exp(z - z.max(1)[:, None] + 1))),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "aliased weights": (check.collapse, aliased_weights, None),
    "whole bias": (check.collapse, lambda *p: (p[0] @ p[2], np.array(p[1] @ p[2] + p[3], int)), None),
    "the sum of the biases": (check.collapse, lambda *p: (p[0] @ p[2], p[1].sum() + p[3]), None),
    "ReLU in between": (check.collapse, lambda *p: (p[0] @ p[2], relu(p[1]) @ p[2] + p[3]), None),
    "three results": (check.collapse, lambda *p: (p[0] @ p[2], p[1] @ p[2], p[3]), "Expected 2 results"),
    "the output for ones": (
        check.collapse, lambda W1, b1, W2, b2: (W1 @ W2, (W1.sum(0) + b1) @ W2 + b2), None),
    "bias as a row": (check.collapse, lambda *p: (p[0] @ p[2], p[1][None] @ p[2] + p[3]), None),
    "max": (check.relu_and_slope, lambda z: (max(z, 0), z > 0), "`np.maximum` compares"),
    "two names for one array": (check.relu_and_slope, one_name, "neither jumps to 1"),
    "quotient": (check.relu_and_slope, lambda z: (relu(z), relu(z) / z), None),
    "a threshold beside 0": (check.relu_and_slope, lambda z: (relu(z), z > 1e-6), None),
    "a threshold of 1": (check.relu_and_slope, lambda z: (relu(z), z >= 1), None),
    "tiny ones lost": (check.relu_and_slope, lambda z: (relu(z).round(6), z > 0), None),
    "whole numbers": (check.relu_and_slope, lambda z: (relu(z).astype(int), z > 0), None),
    "softplus": (check.relu_and_slope, lambda z: (np.logaddexp(0, z), special.expit(z)), None),
    "capped": (check.relu_and_slope, lambda z: (np.clip(z, 0, 1000), z > 0), None),
    "finite differences": (
        check.relu_and_slope, lambda z: (relu(z), (relu(z + 1e-9) - relu(z)) * 1e9),
        "In the corner"),
    "last axis": (check.relu_and_slope, lambda z: np.stack([relu(z), z > 0], -1), None),
    "aliased rows": (check.forward, aliased_rows, None),
    "step": (check.forward, network(lambda z: z >= 0), None),
    "ReLU of the input": (check.forward, lambda X, *p: network(lambda z: z)(relu(X), *p), None),
    "collapsed": (check.forward, lambda X, *p: X @ with_ones(*p)[0] + with_ones(*p)[1], "linear model"),
    "entry by entry": (check.forward, lambda X, W1, b1, W2, b2: relu(X * W1 + b1) * W2, "both shapes"),
    "transposed output": (check.forward, lambda *p: np.transpose(looped(*p)), None),
    "ReLU stops at 1": (check.forward, network(lambda z: np.clip(z, 0, 1)), None),
    "bias subtracted": (check.forward, network(relu, bias=-1), None),
    "whole hidden units": (check.forward, network(lambda z: relu(z).astype(int)), None),
    "one number": (check.forward, network(lambda z: max(z, 0)), "`np.maximum` compares"),
    "two decimals": (check.forward, lambda *p: np.round(looped(*p), 2), None),
    "probabilities cut": (check.softmax, lambda z: np.clip(stable(z), 1e-7, 1), None),
    "a little added": (check.softmax, lambda z: shares(np.exp(z - z.max(1)[:, None]) + 1e-8), None),
    "differences cut": (
        check.softmax, lambda z: shares(np.exp(np.maximum(z - z.max(1)[:, None], -14))), None),
    "logits cut": (check.softmax, lambda z: stable(np.clip(z, -700, 700)), None),
    "the last one subtracted": (check.softmax, lambda z: shares(np.exp(z - z[:, -1:])), "overflow"),
    "silenced": (check.softmax, lambda z: np.nan_to_num(shares(np.exp(z)), nan=1), None),
    "a fixed shift": (check.softmax, lambda z: shares(np.exp(z - 1000)), None),
    "shifted if large": (check.softmax, shifted_if_large, "one number for the whole batch"),
    "largest from 0": (check.softmax, from_sentinel, None),
    "largest from -100": (check.softmax, lambda z: from_sentinel(z, -100), None),
    "no keepdims": (check.softmax, without_keepdims, "`keepdims=True` keeps that axis"),
    "six lines": (check.backward, lambda *case: seven(*case)[:6], "Expected 7 results"),
    "lines to come": (check.backward, lambda *case: (*seven(*case)[:2], *[...] * 5), "next comes `db2`"),
    "climbs in its first line": (check.backward, first_lines(1, flip=-1), "climbs"),
    "a sum, in three lines": (check.backward, first_lines(3, flip=4), "is `dz2`"),
    "another order": (check.backward, lambda *case: seven(*case)[::-1], "is `dz2`"),
    "climbs": (check.backward, lambda *case: seven(*case, flip=-1), "climbs"),
    "half of a line": (check.backward, one_line(3, lambda dh: dh / 2), "is `dh`"),
    "a column of biases": (check.backward, one_line(2, lambda db2: db2[None]), "is `db2`"),
    "rounded": (check.backward, one_line(5, lambda dw1: dw1.round(3)), "is `dw1`"),
    "words": (check.backward, one_line(6, lambda db1: "db1"), "should hold numbers"),
    "True": (check.backward, one_line(0, lambda dz2: dz2 > 0), "is `dz2`"),
})  # fmt: skip


def test_the_report_says_of_every_line_how_far_it_is_off():
    right = dict(check.backward(seven).facts)
    assert list(right) == ["dz2", "dw2", "db2", "dh", "dz1", "dw1", "db1"]
    assert all(words.startswith("exact, largest difference") for words in right.values())
    close = dict(check.backward(lambda *case: [np.float32(part) for part in seven(*case)]).facts)
    assert any(words.startswith("close") for words in close.values())
    wrong = dict(check.backward(one_line(4, lambda dz1: dz1 + 0.5)).facts)
    assert wrong["dz1"] == "wrong, largest difference 0.5"
    assert wrong["dw1"].startswith("exact")
    turned = dict(check.backward(one_line(1, np.transpose)).facts)
    assert turned["dw2"] == "wrong: shape (2, 3) where (3, 2) should be"


def test_the_report_is_that_of_the_network_of_the_lesson():
    X, truth, W2, H, P = check.backward.cases[0]
    rng = np.random.default_rng(5)
    sizes = (2, 3), 3, (3, 2), 2
    W1, b1, second, b2 = (rng.normal(size=size) for size in sizes)
    net = MLP([W1, second], [b1, b2], "tanh")
    np.testing.assert_array_equal(W2, second)
    np.testing.assert_allclose(P, net.probabilities(X))
    _, dw2, db2, _, _, dw1, db1 = seven(X, truth, W2, H, P)
    for ours, theirs in zip((dw1, db1, dw2, db2), net.gradients(X, truth.argmax(1)), strict=True):
        np.testing.assert_allclose(ours, theirs)
