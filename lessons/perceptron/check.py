"""Checks of the lesson Perceptron."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, NotYet, compare, exercise, numbers

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


@exercise(
    "Outputs of a batch", "One product for all rows: a layer of a network is no more than this."
)
def outputs(answer: Callable[..., Any]) -> None:
    """Outputs of a perceptron for a batch, against the definition row by row."""

    def net_sums(X, weights, bias):
        return [sum(w * value for w, value in zip(weights, x, strict=True)) + bias for x in X]

    def oracle(X, weights, bias):
        return [1 if z >= 0 else 0 for z in net_sums(X, weights, bias)]

    def cases() -> Iterator[tuple[NDArray, NDArray, float]]:
        yield np.array([[0, 0], [1, 0], [2, 1]]), np.array([1, 2]), -1
        yield np.array([[1, 2], [2, 1], [2, 2], [-1, 0]]), np.array([1, 0.5]), -2.25  # z near 0
        rng = np.random.default_rng(4)
        for rows, inputs in ((6, 3), (3, 3), (9, 5), (1, 4)):
            X = rng.integers(-3, 4, (rows, inputs))
            weights = rng.integers(-3, 4, inputs)
            yield X, weights, int(-X[0] @ weights)  # the first row lies on the boundary
        X, weights = rng.normal(size=(20, 64)), rng.normal(size=64)
        yield X, weights, 8.0
        yield X, weights, -8.0

    compare(
        answer,
        oracle,
        cases(),
        [
            Misconception(
                "z = 0 counts as output 1: compare with `>=`.",
                lambda X, w, b: [int(z > 0) for z in net_sums(X, w, b)],
            ),
            Misconception(
                "You compared z with 0.5, which is where a probability tips over; z does so at 0.",
                lambda X, w, b: [int(z >= 0.5) for z in net_sums(X, w, b)],
            ),
            Misconception(
                "You cut z down to a whole number: -0.25 is below 0, its whole part is not.",
                lambda X, w, b: [int(int(z) >= 0) for z in net_sums(X, w, b)],
            ),
            Misconception("The bias is missing.", lambda X, w, b: oracle(X, w, 0)),
            Misconception("You subtracted the bias; add it.", lambda X, w, b: oracle(X, w, -b)),
            Misconception("That is the net sum: now apply the step.", net_sums),
            Misconception(
                "Return the numbers 0 and 1, not False and True: `step` does so.",
                lambda X, w, b: [z >= 0 for z in net_sums(X, w, b)],
            ),
            Misconception(
                "Our outputs are 0 and 1, not -1 and 1.",
                lambda X, w, b: [1 if z >= 0 else -1 for z in net_sums(X, w, b)],
            ),
            Misconception(
                "The outputs are reversed: 1 belongs to z >= 0.",
                lambda X, w, b: [1 - y for y in oracle(X, w, b)],
            ),
            Misconception(
                "That is a probability, from the sigmoid; a perceptron decides, by the step.",
                lambda X, w, b: 1 / (1 + np.exp(-np.array(net_sums(X, w, b), float))),
            ),
            Misconception(
                "You made one column of it: one number a row, shape (N,).",
                lambda X, w, b: np.array(oracle(X, w, b))[:, np.newaxis],
            ),
            Misconception(
                "You added up the whole batch: one output for each row of X.",
                lambda X, w, b: int(sum(net_sums(X, w, 0)) + b >= 0),
            ),
        ],
    )


@exercise("A perceptron for NAND", "One wrong row is enough to refuse a gate, and you have none.")
def nand(answer: Any) -> None:
    """Whole numbers (w1, w2, b) whose perceptron gives the truth table of NAND."""
    row = numbers(answer, "Your answer")
    if row.shape != (3,):
        raise NotYet(f"Your answer has shape {row.shape}: give three numbers, (w1, w2, b).")
    _refuse_infinite(row)
    got = _table(row, CORNERS)
    if got == GATES["NAND"]:
        _refuse_fractions(row)
        return
    if _table(np.roll(row, -1), CORNERS) == GATES["NAND"]:
        raise NotYet("You put the bias first; the order is (w1, w2, b).")
    named = [f"That is {name}. " for name, targets in GATES.items() if targets == got]
    _first_wrong_row(row, CORNERS, GATES["NAND"], "NAND", "".join(named))


@exercise("One update", "Four lines of arithmetic, and this is all that the perceptron ever does.")
def perceptron_update(answer: Callable[..., Any]) -> None:
    """New weights, then the new bias, after one example; against the rule number by number."""

    def rule(error: Callable[[float, int], float], on_bias: float = 1.0, on_weights: float = 1.0):
        """What someone writes who computes this error from the net sum and the target."""

        def update(weights, bias, x, target, rate):
            z = sum(w * value for w, value in zip(weights, x, strict=True)) + bias
            change = rate * error(z, target)
            moved = [w + on_weights * change * v for w, v in zip(weights, x, strict=True)]
            return np.array([*moved, bias + on_bias * change])

        return update

    def output(z):
        return 1 if z >= 0 else 0

    oracle = rule(lambda z, target: target - output(z))

    def keeps_rate_from(weights: bool, bias: bool):
        def update(w, b, x, target, rate):
            full, plain = oracle(w, b, x, target, rate), oracle(w, b, x, target, 1)
            return np.array([*(plain if weights else full)[:-1], (plain if bias else full)[-1]])

        return update

    def cases() -> Iterator[tuple[NDArray, float, NDArray, int, float]]:
        yield np.array([1.0, 0]), -2.0, np.array([1.0, 1]), 1, 1.0
        yield np.array([2.0, 1]), -9.0, np.array([3.0, 1]), 0, 2.0  # right: nothing changes
        yield np.array([2.0, 1]), 0.0, np.array([3.0, 1]), 0, 0.5
        yield np.array([2.0, 1]), -1.0, np.array([3.0, 1]), 1, 0.5  # right as well
        yield np.array([1.0, 0]), -2.0, np.array([1.0, 1]), 1, 0.5
        for target in (0, 1):  # on the boundary: z = 0 counts as 1
            yield np.array([1.0, -1, 2]), -3.0, np.array([1.0, 2, 2]), target, 0.25
        rng = np.random.default_rng(4)
        for inputs in (1, 4, 64):
            for target in (0, 1, 0, 1):
                weights, x = rng.normal(size=(2, inputs))
                yield weights, float(rng.normal()), x, target, float(rng.uniform(0.1, 2))

    compare(
        _InOneRow(answer) if callable(answer) else answer,
        oracle,
        cases(),
        [
            Misconception(
                "Wrong sign: the error is target - output, not output - target.",
                rule(lambda z, target: output(z) - target),
            ),
            Misconception(
                "The bias never learns: it changes too, like the weight of an input that is 1.",
                rule(lambda z, target: target - output(z), on_bias=0),
            ),
            Misconception(
                "The rate is missing from the weights and from the bias.",
                keeps_rate_from(True, True),
            ),
            Misconception("The rate is missing from the bias.", keeps_rate_from(False, True)),
            Misconception("The rate is missing from the weights.", keeps_rate_from(True, False)),
            Misconception(
                "z = 0 counts as output 1: compare with `>=`.",
                rule(lambda z, target: target - (1 if z > 0 else 0)),
            ),
            Misconception(
                "You update even when the output is right. The error is 0 then: keep all.",
                rule(lambda z, target: 2 * target - 1),
            ),
            Misconception(
                "You add x whenever the target is 1: the error is target - output.",
                rule(lambda z, target: target),
            ),
            Misconception(
                "Twice too far: outputs and targets are 0 and 1 here, not -1 and 1.",
                rule(lambda z, target: 2 * (target - output(z))),
            ),
            Misconception(
                "Your output is -1 or 1 and the target 0 or 1: use one convention, 0 and 1.",
                rule(lambda z, target: target - (2 * output(z) - 1)),
            ),
            Misconception(
                "The target is 0 or 1 as it stands: do not make -1 and 1 of it.",
                rule(lambda z, target: 2 * target - 1 - output(z)),
            ),
            Misconception(
                "You move every weight by the same amount: multiply the change by x.",
                lambda w, b, x, target, rate: (
                    np.array([*w, b]) + rate * (target - output(w @ x + b))
                ),
            ),
            *(
                Misconception(
                    "You learn from one kind of mistake alone. There are two: target 1 with output "
                    "0, and target 0 with output 1.",
                    rule(lambda z, target, kind=kind: (target == kind) * (target - output(z))),
                )
                for kind in (0, 1)
            ),
            Misconception(
                "You took the net sum z for the output: apply the step first.",
                rule(lambda z, target: target - z),
            ),
            Misconception(
                "You took the sigmoid for the output. That is one step of logistic regression; the "
                "perceptron uses the step.",
                rule(lambda z, target: target - 1 / (1 + np.exp(-z))),
            ),
            Misconception(
                "You forgot the bias in the net sum.",
                lambda w, b, x, target, rate: np.add(oracle(w, 0, x, target, rate), [*(0 * w), b]),
            ),
            Misconception(
                "You return the change alone: add it to the old weights and bias.",
                lambda w, b, x, target, rate: oracle(w, b, x, target, rate) - [*w, b],
            ),
            Misconception("The bias goes last.", lambda *case: np.roll(oracle(*case), 1)),
        ],
    )


@exercise("XOR from three perceptrons", "Your first network with a hidden layer.")
def xor_network(answer: Any) -> None:
    """Three rows (w1, w2, b): two perceptrons on the inputs, a third on their outputs; XOR."""
    rows = numbers(answer, "Your answer")
    if rows.shape != (3, 3):
        raise NotYet(f"Your answer has shape {rows.shape}: give three rows, (w1, w2, b) each.")
    _refuse_infinite(rows)
    hidden = list(zip(_table(rows[0], CORNERS), _table(rows[1], CORNERS), strict=True))
    if _table(rows[2], hidden) == GATES["XOR"]:
        _refuse_fractions(rows)
        return
    facts = [
        (f"inputs {a}, {b}", f"first {h1}, second {h2}, XOR wants {target}")
        for (a, b), (h1, h2), target in zip(CORNERS, hidden, GATES["XOR"], strict=True)
    ]
    for pair in dict.fromkeys(hidden):
        if {t for h, t in zip(hidden, GATES["XOR"], strict=True) if h == pair} == {0, 1}:
            raise NotYet(
                f"The third perceptron sees {pair[0]}, {pair[1]} twice, once where XOR wants 0 and "
                "once where it wants 1. It cannot tell them apart: change the first two.",
                facts,
            )
    try:
        _first_wrong_row(rows[2], hidden, GATES["XOR"], "XOR", "The first two are fine. ")
    except NotYet as fault:
        raise NotYet(fault.message, [*facts, *fault.facts]) from None


def _table(row: NDArray, inputs: Any) -> tuple[int, ...]:
    """Outputs of the perceptron (w1, w2, b) for pairs of inputs."""
    w1, w2, b = row
    return tuple(int(w1 * x1 + w2 * x2 + b >= 0) for x1, x2 in inputs)


def _first_wrong_row(row: NDArray, inputs: Any, targets: Any, name: str, opening: str) -> None:
    """Raise `NotYet` about the first pair of inputs that this perceptron gets wrong."""
    w1, w2, b = row
    for (x1, x2), target, got in zip(inputs, targets, _table(row, inputs), strict=True):
        if got != target:
            z = w1 * x1 + w2 * x2 + b
            raise NotYet(
                f"{opening}For the inputs {x1}, {x2} the net sum is {z:g}, so the output is {got}; "
                f"{name} wants {target}." + (f" {BORDER}" if z == 0 else ""),
            )


def _refuse_infinite(values: NDArray) -> None:
    if not np.isfinite(values).all():
        raise NotYet("Your answer holds NaN or infinity.")


def _refuse_fractions(values: NDArray) -> None:
    if not (values == np.round(values)).all():
        raise NotYet(WHOLE)


class _InOneRow:
    """The student's function, whose pair (weights, bias) counts as the numbers [*weights, bias]."""

    def __init__(self, function: Callable[..., Any]):
        self.function = function
        self.__code__ = getattr(function, "__code__", None)  # for the line of an exception

    def __call__(self, *case: Any) -> Any:
        got = self.function(*case)
        if isinstance(got, tuple | list) and len(got) == 2 and np.ndim(got[0]) == 1:
            return [*got[0], *np.ravel(got[1])]
        return got
