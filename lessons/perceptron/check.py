"""Checks of the lesson Perceptron."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise, NotYet, draw, numbers, require

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XOR": (0, 1, 1, 0),
}
BORDER = (
    "The net sum z is exactly 0 there, and our step counts z = 0 as output 1: move the bias so "
    "that z falls below 0."
)
WHOLE = (
    "The outputs are all right, but these are not whole numbers. Multiply the three numbers of a "
    "perceptron by one positive number: its outputs stay the same."
)
STRICT = "z = 0 counts as output 1: the step is `z >= 0`."

# ---- Outputs of a batch --------------------------------------------------------------------------


def _net_sums(X: NDArray, weights: NDArray, bias: float) -> list[float]:
    """The definition, row by row."""
    return [sum(w * value for w, value in zip(weights, x, strict=True)) + bias for x in X]


def _outputs(X: NDArray, weights: NDArray, bias: float) -> list[int]:
    return [int(z >= 0) for z in _net_sums(X, weights, bias)]


def _batch(rng: np.random.Generator) -> tuple[NDArray, NDArray, float]:
    """Net sums on both sides of the boundary, in half of the cases a row on it."""
    rows, inputs = map(int, rng.integers(1, 7, 2))
    kind = str(rng.choice(["whole", "equal", "normal"]))
    X, weights = draw(rng, (rows, inputs), kind), draw(rng, inputs, kind)
    bias = float(rng.normal(scale=np.sqrt(inputs)))
    if kind != "normal" and rng.random() < 0.5:
        bias = int(-X[rng.integers(rows)] @ weights)
    return X, weights, bias


outputs = Exercise(
    title="Outputs of a batch",
    outcome="name",
    praise="One product for all rows: a layer of a network is no more than this.",
    nudge="`X @ weights` gives one number for each row. What turns such a number into 0 or 1?",
    hint="Add the bias to `X @ weights`: these are the net sums, one for each row. Then hand them "
    "to `step` from the section above; it takes whole arrays.",
    oracle=lambda X, weights, bias: _outputs(X, weights, bias),
    cases=[
        (np.array([[0, 0], [1, 0], [2, 1]]), np.array([1, 2]), -1),
        (np.array([[1, 2], [2, 1], [2, 2], [-1, 0]]), np.array([1, 0.5]), -2.25),
        (np.array([[0.5, 1], [1, -0.5], [0.25, 0.25]]), np.array([0.5, 0.25]), -0.125),
        (np.array([[1], [-1], [0]]), np.array([1]), 0),
        (np.array([[0, 0, 0], [0.05, 0, 0.05], [-0.05, 0, 0.1]]), np.array([-1, 0.5, -1]), 0.05),
    ],
    legal=_batch,
    misconceptions={
        "z tips over at 0, not above: 0.5 is where a probability does so.": (
            lambda X, weights, bias: [int(z >= 0.5) for z in _net_sums(X, weights, bias)]
        ),
        STRICT: lambda X, weights, bias: [int(z > 0) for z in _net_sums(X, weights, bias)],
        "The bias is missing.": lambda X, weights, bias: _outputs(X, weights, 0),
        "You subtracted the bias; add it.": lambda X, weights, bias: _outputs(X, weights, -bias),
        "That is the net sum: now apply the step.": _net_sums,
        "Return the numbers 0 and 1, not False and True: `step` does so.": (
            lambda X, weights, bias: [bool(z >= 0) for z in _net_sums(X, weights, bias)]
        ),
        "Our outputs are 0 and 1, not -1 and 1.": lambda X, weights, bias: [
            2 * y - 1 for y in _outputs(X, weights, bias)
        ],
        "That is a probability, from the sigmoid; a perceptron decides, by the step.": (
            lambda X, weights, bias: 1 / (1 + np.exp(-np.array(_net_sums(X, weights, bias), float)))
        ),
    },
)

# ---- Gates by hand -------------------------------------------------------------------------------


def _table(row: NDArray, inputs: Any) -> tuple[int, ...]:
    """Outputs of the perceptron (w1, w2, b) for pairs of inputs."""
    w1, w2, b = row
    return tuple(int(w1 * x1 + w2 * x2 + b >= 0) for x1, x2 in inputs)


def _rows(answer: Any, shape: tuple[int, ...], words: str) -> NDArray:
    """The numbers of perceptrons, finite and of this shape."""
    try:
        rows = numbers(answer)
    except NotYet as fault:
        raise NotYet(f"{fault.message} Give {words}.") from None
    require(rows.shape == shape, f"Your answer has shape {rows.shape}: give {words}.")
    require(np.isfinite(rows).all(), "Your answer holds NaN or infinity.")
    return rows


def _first_wrong_row(row: NDArray, inputs: Any, name: str, where: str = "For the inputs") -> str:
    """What to say about the first pair of inputs that this perceptron gets wrong."""
    w1, w2, b = row
    wrong = [
        (pair, target, got)
        for pair, target, got in zip(inputs, GATES[name], _table(row, inputs), strict=True)
        if got != target
    ]
    (x1, x2), target, got = wrong[0]
    z = w1 * x1 + w2 * x2 + b
    seen = f"{where} {x1}, {x2} the net sum is {z:g}, so the output is {got}; "
    return f"{seen}{name} wants {target}." + (f" {BORDER}" if z == 0 else "")


def _refuse_fractions(values: NDArray) -> None:
    require((values == np.round(values)).all(), WHOLE)


def _is_nand(answer: Any, rng: np.random.Generator) -> None:
    row = _rows(answer, (3,), "three numbers, (w1, w2, b)")
    got = _table(row, CORNERS)
    if got == GATES["NAND"]:
        _refuse_fractions(row)
        return
    if _table(np.roll(row, -1), CORNERS) == GATES["NAND"]:
        hint = "You put the bias first; the order is (w1, w2, b)."
        raise NotYet(hint, hint=hint)
    named = "".join(f"That is {name}. " for name, targets in GATES.items() if targets == got)
    raise NotYet(named + _first_wrong_row(row, CORNERS, "NAND"), hint=named.strip())


nand = Exercise(
    title="A perceptron for NAND",
    outcome="find",
    praise="One wrong row is enough to refuse a gate, and you have none.",
    nudge="With both inputs 1 the net sum is w1 + w2 + b. On which side of 0 has it to be, and on "
    "which side are the other three?",
    hint="Turn AND around: negative weights, so that every 1 votes against, and a positive bias "
    "that outweighs one such vote but not two. Whole numbers leave little room: try weights of -2.",
    test=_is_nand,
)

# ---- One update ----------------------------------------------------------------------------------


def _step(z: float) -> int:
    return 1 if z >= 0 else 0


def _rule(error: Callable[[float, int], float]) -> Callable[..., NDArray]:
    """What somebody writes who computes this error from the net sum and the target."""

    def update(weights, bias, x, target, rate):
        change = rate * error(sum(w * v for w, v in zip(weights, x, strict=True)) + bias, target)
        return np.array(
            [*(w + change * v for w, v in zip(weights, x, strict=True)), bias + change], float
        )

    return update


_updated = _rule(lambda z, target: target - _step(z))


def _joined(got: Any, *case: Any) -> Any:
    """A pair (weights, bias) counts as the numbers [*weights, bias]."""
    if isinstance(got, tuple | list) and len(got) == 2 and np.ndim(got[0]) == 1:
        return [*got[0], *np.ravel(got[1])]
    return got


def _example(rng: np.random.Generator) -> tuple[NDArray, float, NDArray, int, float]:
    """Weights, bias, input, target and rate; in a third of the cases the net sum is 0."""
    inputs, target = int(rng.integers(1, 6)), int(rng.integers(2))
    weights, x = draw(rng, (2, inputs), "whole", "equal", "normal").astype(float)
    bias = float(rng.normal())
    if rng.random() < 1 / 3:
        weights, x = np.round(weights), np.round(x)
        bias = float(-weights @ x)
    return weights, bias, x, target, float(rng.choice([0.25, 0.5, 2.0]))


def _without_rate(of_weights: bool, of_bias: bool) -> Callable[..., NDArray]:
    def update(weights, bias, x, target, rate):
        full, plain = (_updated(weights, bias, x, target, r) for r in (rate, 1))
        return np.array([*(plain if of_weights else full)[:-1], (plain if of_bias else full)[-1]])

    return update


perceptron_update = Exercise(
    title="One update",
    outcome="carry out",
    praise="Four lines of arithmetic, and this is all that the perceptron ever does.",
    nudge="The error is target - output, so it is 1, 0 or -1. What happens to a weight when it is "
    "0, and which inputs move their weight the most?",
    hint="Compute the output with `step`, then change = rate * (target - output). Each weight "
    "gains change times its own input; the bias gains change alone, as if its input were 1.",
    oracle=lambda weights, bias, x, target, rate: _updated(weights, bias, x, target, rate),
    cases=[
        (np.array([1.0, 0]), -2.0, np.array([1.0, 1]), 1, 1.0),
        (np.array([2.0, 1]), -9.0, np.array([3.0, 1]), 0, 2.0),
        (np.array([2, 1]), 0, np.array([3, 1]), 0, 0.5),
        (np.array([2.0, 1]), -1.0, np.array([3.0, 1]), 1, 0.5),
        (np.array([1.0, 0]), -2.0, np.array([1.0, 1]), 1, 0.5),
        (np.array([1.0, -1, 2]), -3.0, np.array([1.0, 2, 2]), 0, 0.25),
        (np.array([1.0, -1, 2]), -3.0, np.array([1.0, 2, 2]), 1, 0.25),
        (np.array([0.5]), -9.0, np.array([2.0]), 1, 0.5),
    ],
    legal=_example,
    draws=24,
    misconceptions={
        "Wrong sign: the error is target - output, not output - target.": _rule(
            lambda z, target: _step(z) - target
        ),
        "The bias never learns: it changes too, like the weight of an input that is 1.": (
            lambda w, b, x, target, rate: np.array([*_updated(w, b, x, target, rate)[:-1], b])
        ),
        "The rate is missing.": (
            _without_rate(True, True), _without_rate(False, True), _without_rate(True, False),
        ),
        "You took the net sum z or the sigmoid for the output: apply the step.": (
            _rule(lambda z, target: target - z),
            _rule(lambda z, target: target - 1 / (1 + np.exp(-z))),
        ),
        STRICT: _rule(lambda z, target: target - (1 if z > 0 else 0)),
        "You update even when the output is right. The error is 0 then: keep all.": _rule(
            lambda z, target: 2 * target - 1
        ),
        "You move every weight by the same amount: multiply the change by x.": (
            lambda w, b, x, target, rate: np.array([*w, b]) + rate * (target - _step(w @ x + b))
        ),
        "You return the change alone: add it to the old weights and bias.": (
            lambda w, b, x, target, rate: _updated(w, b, x, target, rate) - [*w, b]
        ),
    },
    read=_joined,
)  # fmt: skip

# ---- XOR from three perceptrons ------------------------------------------------------------------


def _is_xor(answer: Any, rng: np.random.Generator) -> None:
    rows = _rows(answer, (3, 3), "three rows, (w1, w2, b) each")
    hidden = list(zip(_table(rows[0], CORNERS), _table(rows[1], CORNERS), strict=True))
    if _table(rows[2], hidden) == GATES["XOR"]:
        _refuse_fractions(rows)
        return
    facts = [
        (f"inputs {a}, {b}", f"first {h1}, second {h2}, XOR wants {target}")
        for (a, b), (h1, h2), target in zip(CORNERS, hidden, GATES["XOR"], strict=True)
    ]
    wanted: dict[tuple[int, int], set[int]] = {}
    for pair, target in zip(hidden, GATES["XOR"], strict=True):
        wanted.setdefault(pair, set()).add(target)
    for (h1, h2), targets in wanted.items():
        if len(targets) == 2:
            hint = "Change the first two: the third cannot tell their outputs apart."
            seen = f"It sees {h1}, {h2} twice, once where XOR wants 0 and once where it wants 1."
            raise NotYet(f"{hint} {seen}", facts, hint)
    if len(wanted) == 4:  # the first two hand on the inputs, as they are or turned around
        hint = "Change the first two: as they are, the third would have to learn an XOR by itself."
        raise NotYet(f"{hint} It sees four different pairs.", facts, hint)
    hint = "The first two are fine, the third is not right yet."
    seen = _first_wrong_row(rows[2], hidden, "XOR", "Where it sees the outputs")
    raise NotYet(f"{hint} {seen}", facts, hint)


xor_network = Exercise(
    title="XOR from three perceptrons",
    outcome="prove",
    praise="Your first network with a hidden layer.",
    nudge="You have built gates for *at least one* and for *not both*. Which gate asks for both of "
    "their answers to be 1?",
    hint="First row OR, second row NAND, third row AND of these two. Mind the border, z = 0.",
    test=_is_xor,
)
