"""Exam items; not among the students' files."""

from itertools import pairwise

import numpy as np

from tools.editions.exam import Drawn, grid, item, number, table

SITUATIONS = {
    "the output layer, which predicts a height in cm": "none",
    "the output layer, which chooses one of ten digits": "softmax",
    "the output layer, which says for each of five labels whether it is in the picture": "sigmoid",
    "the hidden layers of a deep network": "ReLU",
}
WHY = {
    "none": "Any number may come out.",
    "softmax": "Probabilities that add up to 1: exactly one class.",
    "sigmoid": "Each unit has a yes or no of its own, and any number of them may be yes.",
    "ReLU": "Its slope is 1 where it is open; bounded activations lose the slope over many layers.",
}


@item("compute", "compute", 4)
def forward_pass(rng):
    x, b1 = rng.integers(1, 4, 2), rng.integers(-3, 4, 2)
    w1, w2 = rng.integers(-2, 4, (2, 2)), rng.integers(-2, 4, 2)
    b2 = int(rng.integers(-3, 4))
    z = x @ w1 + b1
    hidden = np.maximum(z, 0)
    return Drawn(
        f"A batch of one, x = ({x[0]}, {x[1]}), goes through `relu(x @ W1 + b1) @ W2 + b2` with "
        f"b1 = ({number(b1[0])}, {number(b1[1])}), W2 = ({number(w2[0])}, {number(w2[1])}), "
        f"b2 = {number(b2)} and this W1:\n{grid(w1)}\nWhat comes out?",
        int(hidden @ w2 + b2),
        f"The net sums are {', '.join(map(number, z))}, after the ReLU "
        f"{', '.join(map(number, hidden))}. A column of W1 belongs to a unit.",
        {
            int(z @ w2 + b2): "The ReLU is missing.",
            int(
                np.maximum(w1 @ x + b1, 0) @ w2 + b2
            ): "W1 @ x: the matrix is transposed, and being square it raises no error.",
            int(hidden @ w2): "The last bias is missing.",
        },
        {"x": x, "w1": w1, "b1": b1, "w2": w2, "b2": b2},
    )


@item("compute", "explain", 5)
def two_linear_layers(rng):
    w1, w2 = rng.integers(-2, 4, (2, 2, 2))
    b1, b2 = rng.integers(-3, 4, (2, 2))
    weights, bias = w1 @ w2, b1 @ w2 + b2
    flat = (*weights.ravel().tolist(), *bias.tolist())
    return Drawn(
        f"Between two layers, `(x @ W1 + b1) @ W2 + b2`, stands no activation. W1, then W2:\n"
        f"{grid(w1)}{grid(w2)}\nb1 = {vector(b1)}, b2 = {vector(b2)}. Which weights and which bias "
        "has the one layer that does the same? (Give W row by row, then b.)",
        flat,
        "Multiply out: W = W1 W2, b = b1 W2 + b2.",
        {
            (*(w2 @ w1).ravel().tolist(), *bias.tolist()): "W2 W1: in the row layout the input "
            "meets W1 first.",
            (*weights.ravel().tolist(), *(b1 + b2).tolist()): "The first bias passes through W2.",
        },
        {"w1": w1, "b1": b1, "w2": w2, "b2": b2},
    )


def vector(values):
    return f"({', '.join(map(number, values))})"


@item("choose", "explain", 2)
def choose_an_activation(rng):
    situation = str(rng.choice(list(SITUATIONS)))
    right = SITUATIONS[situation]
    return Drawn(
        f"Which activation belongs into {situation}?",
        right,
        WHY[right],
        {name: f"It belongs elsewhere. {WHY[name]}" for name in WHY if name != right},
    )


@item("compute", "derive", 5)
def chain_rule_of_a_neuron(rng):
    x, w = int(rng.integers(2, 7)), float(rng.choice([-1, -0.5, 0.5, 1, 2]))
    b, y = -w * x, int(rng.integers(2))
    return Drawn(
        f"A sigmoid neuron has w = {number(w)} and b = {number(b)}; it sees x = {x}, and the true "
        f"class is {y}. The loss is the cross-entropy. What are its output, dL/dz and dL/dw?",
        (0.5, 0.5 - y, (0.5 - y) * x),
        "z = 0, so the output is 0.5. dL/dz is prediction minus truth; z grows x times as fast as "
        "w.",
        {
            (0.5, 0.5 - y, 0.5 - y): "The factor x is missing from dL/dw.",
            (0.5, y - 0.5, (y - 0.5) * x): "Truth minus prediction: the wrong sign.",
            (0.5, 0.5 - y, (0.5 - y) * w): "The factor of w is x, not w.",
        },
        {"x": x, "w": w, "b": b, "y": y},
    )


@item("compute", "derive", 4)
def two_paths(rng):
    weights = rng.integers(1, 9, 2) / 10
    p = float(rng.choice([0.6, 0.7, 0.8, 0.9]))
    true = int(rng.integers(2))
    dz = np.array([p, 1 - p]) - np.eye(2)[true]
    answer = round(float(weights @ dz), 4)
    return Drawn(
        f"A hidden unit feeds two logits with the weights {weights[0]} and {weights[1]}. Softmax "
        f"says ({p}, {number(1 - p)}), and the {('first', 'second')[true]} class is the true one. "
        "How fast does the loss grow with the activation of this unit?",
        answer,
        f"The slopes at the logits are prediction minus truth, {number(dz[0])} and "
        f"{number(dz[1])}. Along a path slopes multiply, where paths join they are added.",
        {
            round(float(weights.prod() * dz.prod()), 4): "Multiplied across the paths.",
            -answer: "Truth minus prediction: the wrong sign.",
            round(float(weights @ [p, 1 - p]), 4): "The truth has not been taken off.",
        },
        {"weights": weights, "p": p, "true": true},
    )


@item("compute", "build", 3)
def parameters_of_a_network(rng):
    sizes = [int(rng.choice([64, 100, 256])), *rng.choice([10, 16, 20, 32], 2).tolist(), 10]
    answer = sum((a + 1) * b for a, b in pairwise(sizes))
    return Drawn(
        f"A network has {sizes[0]} inputs, two hidden layers of {sizes[1]} and {sizes[2]} units "
        f"with ReLU, and {sizes[3]} outputs. How many parameters has it?",
        answer,
        "(inputs + 1) · units for each dense layer; an activation has none.",
        {
            answer - sum(sizes[1:]): "The biases are missing.",
            sum(sizes): "Units are not parameters: each unit has a weight for each of its inputs.",
        },
        {"sizes": sizes},
    )


@item("figure", "build", 3)
def how_many_units(rng):
    units = [2, 4, 16, 64, 256]
    train = np.sort(rng.choice(np.arange(82, 100), 5, replace=False))
    best = int(rng.integers(1, 4))
    held = 94 - rng.integers(2, 5, 5) * np.abs(np.arange(5) - best)
    held = np.minimum(held, train)
    if (held == held.max()).sum() > 1:
        return how_many_units.draw(rng)
    answer = units[int(held.argmax())]
    return Drawn(
        "Networks with one hidden layer on the same data, mean accuracies of ten starts in %:\n"
        f"{table(['units', *units], [['training', *train.tolist()], ['held out', *held.tolist()]])}"
        "\nHow many units do you take? From where on do more units over-fit, and how do you see "
        "it?",
        answer,
        "The held-out accuracy decides. To the right of it the training accuracy still rises while "
        "the held-out accuracy falls: that is over-fitting.",
        {256: "The best on what it learned from."},
        {"units": units, "train": train, "held": held},
    )
