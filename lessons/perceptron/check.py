"""Checks of the lesson Perceptron."""

from collections.abc import Callable
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from utils.checks import Exercise, NotYet, about, draw, numbers, require

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


def _step(z: float) -> int:
    return 1 if z >= 0 else 0


def _perceptron(decide: Callable[[float], Any] = _step, sign: int = 1) -> Callable[..., list]:
    """The definition, row by row: what `decide` makes of each net sum."""
    return lambda X, weights, bias: [decide(sum(map(mul, weights, x)) + sign * bias) for x in X]


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
    oracle=_perceptron(),
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
            _perceptron(lambda z: int(z >= 0.5))
        ),
        STRICT: _perceptron(lambda z: int(z > 0)),
        "The bias is missing.": _perceptron(sign=0),
        "You subtracted the bias; add it.": _perceptron(sign=-1),
        "That is the net sum: now apply the step.": _perceptron(float),
        "Return the numbers 0 and 1, not False and True: `step` does so.": (
            _perceptron(lambda z: bool(z >= 0))
        ),
        "Our outputs are 0 and 1, not -1 and 1.": _perceptron(lambda z: 2 * _step(z) - 1),
        "That is a probability, from the sigmoid; a perceptron decides, by the step.": (
            _perceptron(expit)
        ),
    },
)

# ---- Gates by hand -------------------------------------------------------------------------------


def _rows(answer: Any, shape: tuple[int, ...], words: str) -> NDArray:
    """The numbers of perceptrons, finite and of this shape."""
    try:
        rows = numbers(answer)
    except NotYet as fault:
        raise NotYet(f"{fault.message} Give {words}.") from None
    require(rows.shape == shape, f"Your answer has shape {rows.shape}: give {words}.")
    require(np.isfinite(rows).all(), "Your answer holds NaN or infinity.")
    return rows


def _table(row: NDArray, inputs: Any) -> tuple[int, ...]:
    """Outputs of the perceptron (w1, w2, b) for pairs of inputs."""
    return tuple(_perceptron()(inputs, row[:2], row[2]))


def _first_wrong_row(row: NDArray, inputs: Any, name: str, where: str = "For the inputs") -> str:
    """What to say about the first pair of inputs that this perceptron gets wrong."""
    tried = zip(inputs, GATES[name], _perceptron(float)(inputs, row[:2], row[2]), strict=True)
    (x1, x2), target, z = next(one for one in tried if _step(one[2]) != one[1])
    seen = f"{where} {x1}, {x2} the net sum is {z:g}, so the output is {_step(z)}; "
    return f"{seen}{name} wants {target}." + (f" {BORDER}" if z == 0 else "")


def _is_nand(answer: Any, rng: np.random.Generator) -> None:
    row = _rows(answer, (3,), "three numbers, (w1, w2, b)")
    got = _table(row, CORNERS)
    if got != GATES["NAND"]:
        hint = "You put the bias first; the order is (w1, w2, b)."
        require(_table(np.roll(row, -1), CORNERS) != GATES["NAND"], hint, hint)
        named = "".join(f"That is {name}. " for name, targets in GATES.items() if targets == got)
        raise NotYet(named + _first_wrong_row(row, CORNERS, "NAND"), hint=named.strip())
    require((row == np.round(row)).all(), WHOLE)


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


def _rule(
    error: Callable[..., float] = lambda z, target: target - _step(z),
    of_weight: Callable[..., float] = lambda rate, value: rate * value,
    of_bias: Callable[..., float] = lambda rate: rate,
    keep: int = 1,
) -> Callable[..., NDArray]:
    """The rule, weight by weight; each part of it may be replaced by a wrong one."""

    def update(weights, bias, x, target, rate):
        by = error(sum(map(mul, weights, x)) + bias, target)
        new = [keep * w + by * of_weight(rate, value) for w, value in zip(weights, x, strict=True)]
        return np.array([*new, keep * bias + by * of_bias(rate)], float)

    return update


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


perceptron_update = Exercise(
    title="One update",
    outcome="carry out",
    praise="Four lines of arithmetic, and this is all that the perceptron ever does.",
    nudge="The error is target - output, so it is 1, 0 or -1. What happens to a weight when it is "
    "0, and which inputs move their weight the most?",
    hint="Compute the output with `step`, then change = rate * (target - output). Each weight "
    "gains change times its own input; the bias gains change alone, as if its input were 1.",
    oracle=_rule(),
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
            _rule(of_bias=lambda rate: 0)
        ),
        "The rate is missing.": (
            _rule(of_weight=lambda rate, value: value, of_bias=lambda rate: 1),
            _rule(of_bias=lambda rate: 1),
            _rule(of_weight=lambda rate, value: value),
        ),
        "You took the net sum z or the sigmoid for the output: apply the step.": (
            _rule(lambda z, target: target - z),
            _rule(lambda z, target: target - expit(z)),
        ),
        STRICT: _rule(lambda z, target: target - int(z > 0)),
        "You update even when the output is right. The error is 0 then: keep all.": _rule(
            lambda z, target: 2 * target - 1
        ),
        "You move every weight by the same amount: multiply the change by x.": (
            _rule(of_weight=lambda rate, value: rate)
        ),
        "You return the change alone: add it to the old weights and bias.": _rule(keep=0),
    },
    read=_joined,
)

# ---- XOR from three perceptrons ------------------------------------------------------------------


def _is_xor(answer: Any, rng: np.random.Generator) -> None:
    rows = _rows(answer, (3, 3), "three rows, (w1, w2, b) each")
    hidden = list(zip(_table(rows[0], CORNERS), _table(rows[1], CORNERS), strict=True))
    wanted = list(zip(hidden, GATES["XOR"], strict=True))
    if _table(rows[2], hidden) == GATES["XOR"]:
        require((rows == np.round(rows)).all(), WHOLE)
        return
    facts = {
        f"inputs {a}, {b}": f"first {h1}, second {h2}, XOR wants {target}"
        for (a, b), ((h1, h2), target) in zip(CORNERS, wanted, strict=True)
    }
    with about(**facts):
        for h1, h2 in hidden:
            hint = "Change the first two: the third cannot tell their outputs apart."
            seen = f"It sees {h1}, {h2} twice, once where XOR wants 0 and once where it wants 1."
            both = {((h1, h2), 0), ((h1, h2), 1)} <= set(wanted)
            require(not both, f"{hint} {seen}", hint)
        hint = "Change the first two: as they are, the third would have to learn an XOR by itself."
        require(len(set(hidden)) < 4, f"{hint} It sees four different pairs.", hint)
        hint = "The first two are fine, the third is not right yet."
        seen = _first_wrong_row(rows[2], hidden, "XOR", "Where it sees the outputs")
        raise NotYet(f"{hint} {seen}", hint=hint)


xor_network = Exercise(
    title="XOR from three perceptrons",
    outcome="prove",
    praise="Your first network with a hidden layer.",
    nudge="You have built gates for *at least one* and for *not both*. Which gate asks for both of "
    "their answers to be 1?",
    hint="First row OR, second row NAND, third row AND of these two. Mind the border, z = 0.",
    test=_is_xor,
)
