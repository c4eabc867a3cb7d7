"""Exam items; not among the students' files."""

from itertools import product

import numpy as np

from tools.editions.exam import Drawn, item, number, table

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "NOR": (1, 0, 0, 0)}
CORNERS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])


def truth(w1, w2, b):
    return tuple((CORNERS @ [w1, w2] + b >= 0).astype(int).tolist())


TRIPLES = [(*w, b) for *w, b in product((-2, -1, 1, 2), (-2, -1, 1, 2), range(-3, 4))]
MAKERS = {gate: [triple for triple in TRIPLES if truth(*triple) == GATES[gate]] for gate in GATES}


@item("compute", "name", 2)
def output_of_a_perceptron(rng):
    weights = rng.choice([-3, -2, -1, 1, 2, 3], 3)
    x = rng.integers(0, 4, 3)
    bias = int(-(weights @ x) + rng.choice([-2, -1, 0, 0, 1]))
    z = int(weights @ x) + bias
    return Drawn(
        f"A perceptron has the weights ({', '.join(map(number, weights))}) and the bias "
        f"{number(bias)}. What are its net sum and its output for x = ({', '.join(map(str, x))})?",
        (z, int(z >= 0)),
        "Multiply, add, add the bias; the step says 1 where z ≥ 0.",
        {
            (z - bias, int(z - bias >= 0)): "The bias is missing.",
            (z, int(z > 0)) if z == 0 else (z, int(z < 0)): "z = 0 counts as 1."
            if z == 0
            else "The step is turned around.",
        },
        {"weights": weights, "bias": bias, "x": x},
    )


@item("choose", "find", 4)
def weights_of_a_gate(rng):
    gate = str(rng.choice(list(GATES)))
    chosen = {name: MAKERS[name][rng.integers(len(MAKERS[name]))] for name in GATES}
    return Drawn(
        f"Which weights and bias (w₁, w₂, b) make the gate {gate}? (z = 0 counts as 1.)",
        triple_text(chosen.pop(gate)),
        f"Try the four inputs; {gate} answers {GATES[gate]} to (0, 0), (0, 1), (1, 0), (1, 1).",
        {triple_text(triple): f"That is {other}." for other, triple in chosen.items()},
        {"gate": gate},
    )


def triple_text(triple):
    return f"({', '.join(map(number, triple))})"


@item("compute", "carry out", 4)
def one_update(rng):
    weights, x = rng.integers(-2, 3, 2), rng.choice([1, 2, 3], 2)
    bias, rate = int(rng.integers(-2, 3)), float(rng.choice([0.5, 1]))
    z = int(weights @ x) + bias
    target = int(z < 0) if rng.integers(4) else int(z >= 0)
    error = target - int(z >= 0)
    new = (*(weights + rate * error * x).tolist(), bias + rate * error)
    wrong = {
        (*(weights - rate * error * x).tolist(), bias - rate * error): "Moved away: output minus "
        "target.",
        (*(weights + rate * error * x).tolist(), float(bias)): "The bias learns as well.",
    }
    nothing = {(*(weights + rate * x).tolist(), bias + rate): "The output is right: no update."}
    return Drawn(
        f"A perceptron has the weights ({', '.join(map(number, weights))}) and the bias "
        f"{number(bias)}. It sees x = ({x[0]}, {x[1]}) with the target {target}, at the rate "
        f"{number(rate)}. What are its weights and its bias afterwards?",
        new,
        f"z = {number(z)}, so the output is {int(z >= 0)} and the error {number(error)}; add rate "
        "· error · x, and rate · error to the bias.",
        wrong if error else nothing,
        {"weights": weights, "bias": bias, "x": x, "target": target, "rate": rate},
    )


@item("compute", "carry out", 6)
def first_epoch(rng):
    gate = str(rng.choice(list(GATES)))
    order = rng.permutation(4)
    w, mistakes = np.zeros(3, int), 0
    for place in order:
        x = np.append(CORNERS[place], 1)
        error = GATES[gate][place] - int(w @ x >= 0)
        w, mistakes = w + error * x, mistakes + abs(error)
    shown = ", ".join(f"({a}, {b})" for a, b in CORNERS[order])
    return Drawn(
        f"A perceptron learns {gate}. It starts with all weights and the bias 0, at the rate 1, "
        f"and meets the inputs in this order: {shown}. How many mistakes does it make in the first "
        "epoch, and what are w₁, w₂ and b at its end? (z = 0 counts as 1.)",
        (mistakes, *w.tolist()),
        "Update after each mistake, before the next input comes.",
        {(mistakes, 0, 0, 0): "Without updates nothing is learned."} if w.any() else {},
        {"gate": gate, "order": CORNERS[order]},
    )


@item("figure", "prove", 4)
def does_a_line_exist(rng):
    points = np.concatenate([CORNERS * 2, [[1, 1]]])
    labels = rng.integers(0, 2, 5)
    if labels.min() == labels.max():
        return does_a_line_exist.draw(rng)
    lines = np.array(list(product(range(-4, 5), range(-4, 5), np.arange(-9, 10) + 0.5)))
    sides = lines[:, :2] @ points.T + lines[:, 2:]
    exists = bool(((sides > 0) == labels).all(axis=1).any())
    rows = [[f"({a}, {b})", label] for (a, b), label in zip(points, labels.tolist(), strict=True)]
    return Drawn(
        "Can one perceptron answer these five points rightly? Draw them, and give a line, or a "
        f"reason why there is none.\n{table(['point', 'label'], rows)}",
        "yes" if exists else "no",
        "A straight line that separates them is in the drawing."
        if exists
        else "A point of one class lies on a stretch between points of the other class, or two "
        "such stretches cross: no straight line has all of one class on one side.",
        {"no" if exists else "yes": "The drawing says otherwise."},
        {"points": points, "labels": labels},
    )


@item("explain", "prove", 6)
def no_perceptron_for(rng):
    gate, targets = (("XOR", (0, 1, 1, 0)), ("XNOR", (1, 0, 0, 1)))[rng.integers(2)]
    shown = table(
        ["x₁", "x₂", gate], [[*x, t] for x, t in zip(CORNERS.tolist(), targets, strict=True)]
    )
    first, second = ("(0, 1) and (1, 0)", "(0, 0) and (1, 1)")
    if gate == "XNOR":
        first, second = second, first
    return Drawn(
        f"Prove that no perceptron computes {gate}. (Write down what each row asks of w₁, w₂ and "
        f"b.)\n{shown}",
        None,
        f"The rows {first} ask for z ≥ 0; added up: w₁ + w₂ + 2b ≥ 0. The rows {second} ask for "
        "z < 0; added up: w₁ + w₂ + 2b < 0. Both cannot hold. Full points need all four "
        "inequalities and the contradiction; “one line is not enough” is what has to be proved.",
    )


@item("choose", "find", 3)
def all_parameters_times(rng):
    factor = int(rng.choice([2, 5, 10]))
    return Drawn(
        f"You multiply all weights and the bias by {factor}, in a perceptron and in a logistic "
        "regression. What changes?",
        "The perceptron's outputs stay; the probabilities move closer to 0 and 1.",
        f"Each net sum is {factor} times as large, its sign is the same. The step sees the sign "
        "only, the sigmoid sees the size.",
        {
            f"Both boundaries move {factor} times as far out.": "The line where z = 0 is the same "
            "line.",
            f"The perceptron's outputs are {factor} times as large.": "A step gives 0 or 1.",
            "Nothing in either of them.": "The sigmoid of a larger net sum is more certain.",
        },
        {"factor": factor},
    )
