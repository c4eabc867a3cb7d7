"""Checks of the lesson Multilayer perceptron."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from utils.checks import Exercise, NotYet, Result, call, draw, numbers

Layers = tuple[NDArray, ...]


def _layers(rng: np.random.Generator) -> Layers:
    """(X, W1, b1, W2, b2) for sizes from 1 to 5, in a third of the cases all of them equal."""
    n, i, h, o = map(int, rng.integers(1, 6, 4))
    if rng.random() < 1 / 3:
        n, h, o = i, i, i
    kind = str(rng.choice(["whole", "equal", "normal", "float32", "zeros"]))
    return tuple(draw(rng, shape, kind) for shape in ((n, i), (i, h), h, (h, o), o))


def _arrays(*parts: ArrayLike) -> Layers:
    return tuple(map(np.array, parts))


def _layer(x: ArrayLike, W: NDArray, b: NDArray) -> list[float]:
    """One row through one layer, by the definition: a sum of products for each unit."""
    columns = zip(np.asarray(x, float) * W.T, b, strict=True)
    return [math.fsum([bias, *products]) for products, bias in columns]


# ---- Collapse two layers -------------------------------------------------------------------------


def _collapsed(W1: NDArray, b1: NDArray, W2: NDArray, b2: NDArray) -> tuple[NDArray, NDArray]:
    """What two layers make of the zero vector is the bias; of each unit vector, a row more."""
    bias, *rows = (_layer(_layer(x, W1, b1), W2, b2) for x in np.eye(len(W1) + 1, len(W1), -1))
    return np.subtract(rows, bias), np.array(bias)


def _pair(
    weights: Callable[..., Any] = lambda W1, b1, W2, b2: W1 @ W2,
    bias: Callable[..., Any] = lambda W1, b1, W2, b2: b1 @ W2 + b2,
) -> Callable[..., Any]:
    return lambda *layers: (weights(*layers), bias(*layers))


collapse = Exercise(
    title="Collapse two layers",
    outcome="explain",
    praise="Ten linear layers collapse in the same way, into one.",
    nudge="The first layer hands x W1 + b1 to the second. What does the second one do to each of "
    "these two parts?",
    hint="Multiply out (x W1 + b1) W2 + b2: there are three terms. One of them holds x, and what "
    "stands beside x is the new weight matrix. The other two do not depend on x: together they "
    "are the new bias.",
    oracle=_collapsed,
    cases=[
        _arrays([[1, 2], [3, 0]], [2, -1], [[2, 0], [1, 1]], [5, 0]),
        _arrays([[1.0, -1, 2]], [0.5, 0, 1], np.eye(3)[:, :2], [3.0, -1]),
        _arrays([[2.0], [-1]], [-3.0], [[0.5]], [0.25]),
    ],
    legal=lambda rng: _layers(rng)[1:],
    draws=24,
    misconceptions={
        "The first bias is lost. It passes through the second layer, as any output of the first "
        "one does.": _pair(bias=lambda W1, b1, W2, b2: b2),
        "The first bias passes through the second layer: multiply `b1` by `W2`, then add `b2`.": (
            _pair(bias=lambda W1, b1, W2, b2: b1 + b2),
            _pair(bias=lambda W1, b1, W2, b2: b1 @ W1 + b2),
        ),
        "The bias of the second layer is added once, at the very end: do not leave it out, and do "
        "not multiply it.": (
            _pair(bias=lambda W1, b1, W2, b2: b1 @ W2),
            _pair(bias=lambda W1, b1, W2, b2: (b1 + b2) @ W2),
        ),
        "You multiplied in the wrong order: the input meets `W1` first, so `W1 @ W2`.": (
            _pair(lambda W1, b1, W2, b2: W2 @ W1),
            _pair(lambda W1, b1, W2, b2: W2 @ W1, lambda W1, b1, W2, b2: b2 @ W1 + b1),
        ),
        "You multiplied entry by entry; layers need the matrix product `@`.": (
            _pair(lambda W1, b1, W2, b2: W1 * W2)
        ),
        "The layout is that of rows: nothing is transposed, and `b1` stands left of `W2`.": (
            _pair(lambda W1, b1, W2, b2: W1.T @ W2),
            _pair(lambda W1, b1, W2, b2: W1 @ W2.T),
            _pair(bias=lambda W1, b1, W2, b2: W2 @ b1 + b2),
        ),
        "Return two things, first the weights, then the bias: `return W, b`.": (
            lambda *layers: _collapsed(*layers)[::-1],
            lambda *layers: _collapsed(*layers)[0],
        ),
    },
    atol=1e-5,
)

# ---- ReLU and its slope --------------------------------------------------------------------------


def _net_sums(rng: np.random.Generator) -> tuple[NDArray]:
    """Of one to three axes; whole and half numbers, so that corners are frequent."""
    shape = tuple(map(int, rng.integers(1, 5, rng.integers(1, 4))))
    z = draw(rng, shape, "whole", "equal", "equal", "normal", "float32", "below", "above", "zeros")
    return (z / 2 if rng.random() < 0.3 else z,)


def _relu(z: NDArray) -> NDArray:
    return np.where(z > 0, z, 0)


def _both(value: Callable[..., Any], slope: Callable[..., Any]) -> Callable[..., NDArray]:
    return lambda z: np.stack([np.asarray(f(z), float) for f in (value, slope)])


def _with_slope(*slopes: Callable[..., Any]) -> tuple[Callable[..., NDArray], ...]:
    return tuple(_both(_relu, slope) for slope in slopes)


def _open(z: NDArray) -> NDArray:
    return z > 0


relu_and_slope = Exercise(
    title="ReLU and its slope",
    outcome="build",
    praise="Two lines, and most networks of today run on them.",
    nudge="Where z is positive, how much does the ReLU grow if z grows by a little? And where z is "
    "negative?",
    hint="For the ReLU take the larger of z and 0, entry by entry: `np.maximum`. The slope does "
    "not depend on how large z is, only on which side of 0 it lies: `np.where` chooses.",
    oracle=lambda z: np.stack([z.clip(min=0), np.heaviside(z, 0)]),
    cases=[
        (np.array([-2, 0, 3]),),
        (np.array([[-1.5, 0.0, 4.0], [7.25, -1.0, 0.0]]),),
        (np.array([-0.0, 0.0, 1e-9, -1e-9, 500.0, -500.0]),),
        (np.array([1e-12, 5.0]),),
    ],
    legal=_net_sums,
    draws=24,
    misconceptions={
        "In the corner, at z = 0, the slope counts as 0 here, as in Keras.": _with_slope(
            lambda z: z >= 0, lambda z: np.heaviside(z, 0.5)
        ),
        "That is the leaky ReLU: the plain one is 0, and flat, where z is negative.": tuple(
            _both(lambda z, k=k: np.where(z > 0, z, k * z), slope)
            for k in (0.01, 0.1, 0.2, 0.3)
            for slope in (lambda z, k=k: np.where(z > 0, 1, k), _open)
        ),
        "Your ReLU is right. Its slope is not z but 1 where z is positive.": _with_slope(_relu),
        "Your ReLU is right. Its slope is 0 where z is not positive: there it is flat.": (
            _with_slope(np.sign, lambda z: np.where(z > 0, 1, -1), np.ones_like)
        ),
        "Your ReLU is right. a (1 − a) is the slope of the sigmoid, not of the ReLU.": _with_slope(
            lambda z: _relu(z) * (1 - _relu(z)),
            lambda z: special.expit(z) * (1 - special.expit(z)),
        ),
        "You took the absolute value; the ReLU sets negative numbers to 0.": (
            _both(np.abs, np.sign),
            _both(np.abs, _open),
        ),
        "The ReLU lets a positive z pass as it is: it neither jumps to 1 nor stops there.": (
            _both(_open, _open),
            _both(lambda z: np.clip(z, 0, 1), _open),
        ),
        "Return both, first the ReLU, then its slope.": (
            lambda z: np.stack([_open(z), _relu(z)]),
            lambda z: _relu(z),
            lambda z: _open(z) * 1,
        ),
    },
    atol=0,
)

# ---- The forward pass ----------------------------------------------------------------------------


def _logits(X: NDArray, W1: NDArray, b1: NDArray, W2: NDArray, b2: NDArray) -> NDArray:
    """Row by row and unit by unit."""
    hidden = ([max(z, 0.0) for z in _layer(x, W1, b1)] for x in X)
    return np.array([_layer(row, W2, b2) for row in hidden])


def _network(
    hidden: Callable[..., Any] = _relu,
    output: Callable[..., Any] = np.positive,
    biases: tuple[int, int] = (1, 1),
    turned: tuple[bool, bool] = (False, False),
) -> Callable[..., Any]:
    """A network with these activations; how often each bias is added, which weights are turned."""

    def logits(X, W1, b1, W2, b2):
        W1, W2 = (W.T if turn else W for W, turn in zip((W1, W2), turned, strict=True))
        return output(hidden(X @ W1 + biases[0] * b1) @ W2 + biases[1] * b2)

    return logits


forward = Exercise(
    title="The forward pass",
    outcome="compute",
    praise="Every dense network is this pass, repeated.",
    nudge="What is the shape of `X @ W1`, and what else happens to the hidden units before their "
    "numbers meet `W2`?",
    hint="Two layers, one after the other. The hidden one: product with `W1`, plus `b1`, then the "
    "ReLU, entry by entry. The output takes what the hidden layer made: product with `W2`, plus "
    "`b2`, and nothing more.",
    oracle=_logits,
    cases=[
        _arrays(
            [[3, 3, 2, 2]],
            [[1, 1, 0.8, 0.5], [1, 0.5, 1, 0.5], [0.2, 0.5, 0.2, 1], [0.8, 0.8, 0.8, 1]],
            [0.1, 0.1, 0.1, 0.1],
            [[0.2, 0.1], [0.1, 0.5], [0.5, 0.1], [0.5, 0.2]],
            [0.1, 0.1],
        ),
        _arrays([[1, -1]], [[2, 0], [1, 3]], [-3, 1], [[1, -2], [4, 1]], [0, -5]),
        _arrays([[0, 1], [2, -1]], [[1, 2], [0, -1]], [1, 0], [[3, 0], [1, 2]], [1, 2]),
        _arrays([[1.0], [-2.0], [0.5]], [[-1.5]], [0.5], [[2.0]], [-1.0]),
    ],
    legal=_layers,
    draws=24,
    misconceptions={
        "A bias is missing, as on the slide: each layer adds its own.": (
            _network(biases=(0, 0)),
            _network(biases=(1, 0)),
            _network(biases=(0, 1)),
        ),
        "You kept the lecture's layout: here a column of a weight matrix is a unit, so `X @ W1`, "
        "without a transpose.": (
            _network(turned=(True, False)),
            _network(turned=(True, True)),
            _network(turned=(False, True)),
        ),
        "The ReLU of the hidden layer is missing: that is a linear model.": _network(np.positive),
        "The bias comes before the ReLU, not after it.": (
            lambda X, W1, b1, W2, b2: (_relu(X @ W1) + b1) @ W2 + b2
        ),
        "The ReLU belongs to the hidden layer alone: logits may be negative.": (
            _network(output=_relu),
            _network(np.positive, _relu),
        ),
        "These are probabilities: leave the softmax out and return the logits.": (
            _network(output=lambda z: special.softmax(z, axis=1))
        ),
        "Here the hidden layer has a ReLU and no other activation.": tuple(
            map(_network, (special.expit, np.tanh, np.abs, lambda z: np.where(z > 0, z, z / 100)))
        ),
        "Keep the batch: a row for each row of `X`, shape (N, outputs), even if N is 1.": (
            lambda *layers: _logits(*layers)[0],
            lambda *layers: _logits(*layers).squeeze(),
        ),
    },
    atol=1e-5,
)

# ---- A softmax that holds ------------------------------------------------------------------------


def _tables(rng: np.random.Generator) -> tuple[NDArray]:
    """Logits of examples, in half of the cases each row far from the others."""
    rows, classes = map(int, rng.integers(1, 6, 2))
    z = draw(rng, (rows, classes), "whole", "normal", "float32", "below", "above", "zeros")
    return (z + 1000 * rng.integers(-2, 3, (rows, 1)).astype(z.dtype) if rng.random() < 0.5 else z,)


def _shares(
    shift: Callable[..., Any] = lambda z: z.max(axis=1, keepdims=True), axis: int | None = 1
) -> Callable[[NDArray], NDArray]:
    """Powers of the logits minus a shift, as shares of their sum along an axis."""

    def shares(z):
        powers = np.exp(z - shift(z))
        return powers / powers.sum(axis=axis, keepdims=True)

    return shares


softmax = Exercise(
    title="A softmax that holds",
    outcome="build",
    praise="Shifting all logits of a row changes no probability.",
    nudge="Only differences within a row count. Which number can you take off each row, so that "
    "none of its logits stays above 0?",
    hint="Subtract from each row its own largest logit, then raise e to what is left, then divide "
    "each row by its own sum. `axis=1` works along rows, and `keepdims=True` keeps the result a "
    "column that fits beside the table.",
    oracle=lambda z: special.softmax(z.astype(float), axis=1),
    cases=[
        (np.array([[1000, 1001]]),),
        (np.array([[9.74, 6.68]]),),
        (np.array([[0, 1, 2], [3, 3, 3]]),),
        (np.array([[0.0, -15.0, -30.0], [-40.0, -20.0, 0.0]]),),
        (np.array([[1000, 0]]),),
        (np.array([[0, 1500, -1500]]),),
        (np.array([[2.0, 1.0], [-900.0, -901.0]]),),
        (np.array([[-1000.0, -1001.0], [-3000.0, 3000.0]]),),
        (np.array([[7.0], [-2.0]]),),
    ],
    legal=_tables,
    misconceptions={
        "You subtract one number for the whole batch; a row far below it loses everything: "
        "subtract the largest of each row.": _shares(np.max),
        "Large logits overflow: subtract the largest of each row before `np.exp`.": (
            _shares(np.zeros_like),
            _shares(lambda z: z.min(axis=1, keepdims=True)),
            _shares(lambda z: z.mean(axis=1, keepdims=True)),
            _shares(lambda z: z[:, :1]),
            _shares(lambda z: z[:, -1:]),
        ),
        "Work along rows, `axis=1`: a row holds the logits of one example.": (
            _shares(lambda z: z.max(axis=0)),
            _shares(axis=0),
            *(_shares(s, axis=0) for s in (np.max, np.zeros_like, lambda z: z.max(axis=0))),
        ),
        "You divide by the sum of the whole batch; each row adds up to 1 by itself.": (
            _shares(axis=None),
            _shares(np.max, axis=None),
            _shares(np.zeros_like, axis=None),
        ),
        "Subtract the largest logit instead of dividing by it: only differences count.": (
            lambda z: special.softmax(z / z.max(axis=1, keepdims=True), axis=1)
        ),
        "You left the exponential out: these are shares of the logits, not of the powers.": (
            lambda z: z / z.sum(axis=1, keepdims=True)
        ),
        "That is a sigmoid of each logit; the probabilities of a row must add up to 1.": (
            special.expit
        ),
        "These are the powers: divide each row by its sum.": (
            np.exp,
            lambda z: np.exp(z - z.max(axis=1, keepdims=True)),
        ),
    },
    atol=1e-30,
)

# ---- Seven lines of backpropagation --------------------------------------------------------------

LINES = "dz2", "dw2", "db2", "dh", "dz1", "dw1", "db1"
EXACT = 1e-12
"""Up to here two ways to add the same numbers may differ."""
SO_FAR = "Right so far"


class LineByLine(Exercise):
    """An exercise whose result, right or not, says of every line how far it is off."""

    def judge(self, answer: Any) -> None:
        super().judge(answer)
        self.report = _report(call(answer, *self.cases[0]), *self.cases[0])

    def _mistake(self, function: Any, tried: list, others: list) -> str | None:
        unfinished = tried[-1].fault.message.startswith(SO_FAR)
        return None if unfinished else super()._mistake(function, tried, others)

    def _alike(self, got: Any, expected: Any) -> bool:
        """Whether the lines agree that stand in front of those to come."""
        there = len(list(takewhile(_is_there, got))) if isinstance(got, tuple | list) else None
        return super()._alike(got[:there], expected[:there])

    def _result(self, answer: Any) -> Result:
        result = super()._result(answer)
        right = result.state == "right"
        return replace(result, facts=tuple(self.report.items())) if right else result


def _is_there(line: Any) -> bool:
    return line is not ... and line is not None


def _report(got: Any, *case: NDArray) -> dict[str, str]:
    """For each line its name, and whether it is exact, close or wrong."""
    lines = zip(LINES, got, _slopes(*case), strict=True)
    return {name: _judged(name, line, right) for name, line, right in lines}


def _judged(name: str, line: Any, expected: NDArray) -> str:
    if not _is_there(line):
        return "still to come"
    array = numbers(line, f"`{name}`")
    if array.dtype == bool:
        return "wrong: True and False where slopes should be"
    if array.shape != expected.shape:
        return f"wrong: shape {array.shape} where {expected.shape} should be"
    difference = np.abs(array.astype(float) - expected).max()
    close = np.allclose(array, expected, 1e-4, 1e-6)
    word = "exact" if difference <= EXACT else "close" if close else "wrong"
    return f"{word}, largest difference {difference:.1g}"


def _line_by_line(got: Any, *case: NDArray) -> Any:
    """What a student returned, if all of its lines are right; otherwise the report."""
    if not isinstance(got, tuple | list) or len(got) != len(LINES):
        return got
    report = _report(got, *case)
    for name, words in report.items():
        if words == "still to come":
            raise NotYet(f"{SO_FAR}; next comes `{name}`.", report.items())
        if words.startswith("wrong"):
            raise NotYet(f"The first line that is wrong is `{name}`.", report.items())
    return got


def _lines(
    dz2: Callable[..., Any] = lambda P, truth: (P - truth) / len(P),
    weights: Callable[..., Any] = lambda came_in, slope: np.einsum("ni,nj->ij", came_in, slope),
    bias: Callable[..., Any] = lambda slope: np.einsum("nj->j", slope),
    dh: Callable[..., Any] = lambda slope, W2: np.einsum("nk,jk->nj", slope, W2),
    tanh: Callable[..., Any] = lambda H: 1 - H**2,
) -> Callable[..., Layers]:
    """The seven lines, index by index; each may be replaced, and what follows comes from it."""

    def lines(X, truth, W2, H, P):
        back = dz2(P, truth)
        through = dh(back, W2)
        net = through * tanh(H)
        return (
            back, weights(H, back), bias(back), through, net, weights(X, net), bias(net)
        )  # fmt: skip

    return lines


_slopes = _lines()


def _passed(
    rng: np.random.Generator, X: NDArray, labels: Sequence[int], hidden: int, classes: int
) -> Layers:
    """(X, truth, W2, H, P) of a network with random parameters."""
    shapes = (X.shape[1], hidden), hidden, (hidden, classes), classes
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in shapes)
    H = np.tanh(X @ W1 + b1)
    return X, np.eye(classes)[labels], W2, H, special.softmax(H @ W2 + b2, axis=1)


def _passes(rng: np.random.Generator) -> Layers:
    """A forward pass of two classes or more; in a third of the cases all sizes are equal."""
    n, i, h, o = map(int, rng.integers((2, 1, 1, 2), 6))
    if rng.random() < 1 / 3:
        i = h = o = n
    return _passed(rng, rng.normal(size=(n, i)), (np.arange(n) * 7 + 1) % o, h, o)


CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])

backward = LineByLine(
    title="Seven lines of backpropagation",
    outcome="derive",
    praise="You derived it: this is all that a framework does when it trains a network.",
    nudge="Take one line at a time. Which two arrays go into it, and of which product is the shape "
    "the one in the table?",
    hint="Begin with `dz2 = (P - truth) / len(X)`. A slope along weights is (what came in) "
    "transposed, times (the slope where it arrived): `dw2` takes H and dz2, `dw1` takes X and dz1. "
    "A slope along a bias is a sum over axis 0. Back through the weights means times `W2.T`. The "
    "slope of tanh is 1 − a², and H is a.",
    oracle=_slopes,
    cases=[_passed(np.random.default_rng(5), CORNERS, [0, 1, 1, 0], 3, 2)],
    legal=_passes,
    draws=24,
    read=_line_by_line,
    misconceptions={
        "The loss is a mean over the N examples: divide `dz2` by N.": _lines(
            lambda P, truth: P - truth
        ),
        "Prediction minus truth, not truth minus prediction: as it is, the network climbs.": (
            _lines(lambda P, truth: (truth - P) / len(P)),
            _lines(lambda P, truth: truth - P),
        ),
        "Divide by the number of examples, not by the number of classes or of all entries.": (
            _lines(lambda P, truth: (P - truth) / P.shape[1]),
            _lines(lambda P, truth: (P - truth) / P.size),
        ),
        "Back through the weights means times their transpose, `W2.T`; where all sizes are equal, "
        "`dz2 @ W2` raises no error.": _lines(dh=lambda slope, W2: slope @ W2),
        "H is tanh already: its slope is `1 - H**2`, of the activation, entry by entry.": (
            _lines(tanh=lambda H: 1 - np.tanh(H) ** 2),
            _lines(tanh=lambda H: H * (1 - H)),
            _lines(tanh=lambda H: 1 - H),
        ),
        "The slope of tanh is missing: `dz1` is `dh` times `1 - H**2`.": (
            _lines(tanh=lambda H: 1),
            _lines(tanh=lambda H: H),
        ),
        "A bias meets every example: add its slopes up, `sum(axis=0)`. The division by N is in "
        "`dz2` already.": (
            _lines(bias=lambda slope: slope.mean(axis=0)),
            _lines(bias=lambda slope: slope.sum(axis=1)),
            _lines(bias=lambda slope: slope.sum()),
        ),
        "A slope along weights has the shape of the weights: what came in, transposed, stands on "
        "the left.": (
            _lines(weights=lambda came_in, slope: slope.T @ came_in),
            _lines(weights=lambda came_in, slope: came_in @ slope),
            _lines(weights=lambda came_in, slope: came_in.T @ slope / len(slope)),
        ),
    },
    atol=1e-6,
)
