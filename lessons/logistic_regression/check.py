"""Checks of the lesson Logistic regression."""

import inspect
from contextlib import nullcontext
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit
from sklearn.metrics import precision_recall_fscore_support

from utils.checks import Exercise, NotYet, call, draw, numbers, require
from utils.checks.exercise import Function

# ---- The sigmoid ---------------------------------------------------------------------------------

OVERFLOW = (
    "exp overflows: above 709 it is too large for a 64-bit number. Let exp see only numbers up to "
    "0, as in `np.exp(-abs(z))`."
)
WARNS = (
    f"The values are right, but NumPy warns on the way: somewhere {OVERFLOW} (`np.where` computes "
    "both of its sides, wherever it then looks, and `np.errstate` hides the warning alone.)"
)
NEAR = np.array([-2.0, 0.0, 2.0]), 0.5, 2, np.array([2, -3, 0])
FAR = (np.array([1000.0, -1000.0, 3.0]), np.array([[-900.0, 800.0], [710.0, -1.0]]), -1000, 1000.0)
"""Logits at which exp overflows."""
SMALL = np.array([-20.0, -24.0, 24.0]), np.array([[-18.5]]), np.float64(-16)
"""Logits of probabilities that rounding would lose."""


def _logit(rng: np.random.Generator) -> tuple[Any]:
    """A number or an array of any shape; no further below 0 than one minus a sigmoid can tell."""
    shape, kind = rng.integers(1, 5, rng.integers(4)), rng.choice(["whole", "normal", "float32"])
    z = draw(rng, tuple(shape), kind) * (1 if kind == "float32" else int(rng.choice([1, 2, 80])))
    z = np.maximum(z, -24)
    return (z if z.ndim else z.item(),)


def _does_not_overflow(answer: Any, rng: np.random.Generator) -> None:
    """`NotYet` where exp overflows on the way to a right result, silenced or not."""
    heard = {"errstate": lambda **_: nullcontext(), "seterr": lambda **_: {}}
    for z in FAR:
        try:
            with np.errstate(all="raise", under="ignore"), patch.multiple(np, **heard):
                call(inspect.unwrap(answer), z)  # np.errstate decorates, too
        except NotYet as fault:
            if "FloatingPointError" not in fault.message:
                raise
            raise NotYet(WARNS, [("z", str(z))], WARNS) from None


sigmoid = Exercise(
    title="A sigmoid that does not overflow",
    outcome="prevent",
    praise="Every library has these lines inside.",
    nudge="Which numbers make exp too large, and how do you get a number that never is one of "
    "them, whatever z is?",
    hint="Compute exp(-|z|) once: it serves both formulas. They differ in one place, what stands "
    "above the line, 1 or exp(-|z|), and there `np.where` chooses by the sign of z.",
    oracle=lambda z: expit(z),
    cases=[(z,) for z in (*NEAR, *FAR, *SMALL)],
    legal=_logit,
    misconceptions={
        f"This form gives infinity over infinity. {OVERFLOW}": (
            lambda z: np.exp(z) / (1 + np.exp(z)),
            lambda z: np.where(np.asarray(z) > 709, np.nan, expit(z)),
        ),
        "Your curve falls: a large z must give a number near 1. Look at the signs in front of z.": (
            lambda z: expit(np.negative(z))
        ),
        "That is exp alone. A probability is odds / (1 + odds), or 1 / (1 + exp(-z)).": (
            np.exp,
            lambda z: np.exp(np.negative(z)),
        ),
        "Division comes before addition: put 1 + exp(-z) in parentheses.": (
            lambda z: 1 / 1 + np.exp(np.negative(z))
        ),
        "Your result cannot hold fractions: `np.empty_like(z)` takes the type of z, here whole "
        "numbers.": lambda z: expit(z).astype(np.asarray(z).dtype),
        "That is the form for z >= 0 alone: below 0 another one holds.": lambda z: expit(np.abs(z)),
        "You cut z off too early. Small probabilities count: the loss of this lesson is their "
        "logarithm.": tuple(
            lambda z, most=most: expit(np.clip(z, -most, most))
            for most in (4, 5, 6, 8, 10, 12, 14, 15, 20, 30, 50, 100, 500)
        ),
        "That is the hyperbolic tangent, which runs from -1 to 1.": np.tanh,
    },
    test=_does_not_overflow,
    atol=1e-300,
)

# ---- Cross-entropy -------------------------------------------------------------------------------

ANY_LOGIT = (
    "Work from the logits: `np.logaddexp(0, t)` is log(1 + exp(t)) for any t, however large."
)
INFINITE = f"Something is infinite on the way: exp, or log 0. {ANY_LOGIT}"
CLIPS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 2.220446049250313e-16)


def _surprises(y: NDArray, z: NDArray) -> NDArray[np.float64]:
    return -log_expit(np.where(y == 1, z, -np.asarray(z, float)))


def _on_paper(y: NDArray, p: NDArray, little: float = 0.0) -> float:
    """The formula of the lesson, with a little added to what goes into each logarithm."""
    return -np.mean(y * np.log(p + little) + (1 - y) * np.log(1 - p + little))


def _finite(got: Any, y: NDArray, z: NDArray) -> Any:
    require(not np.isinf(numbers(got)).any(), INFINITE)
    return got


def _labels_and_logits(rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    n = int(rng.integers(1, 9))
    z = draw(rng, n, "whole", "normal", "float32", "zeros")
    if z.dtype == float:
        z = np.clip(z * rng.choice([1, 5]), -18, 18)
    return rng.integers(0, 2, n).astype([int, float][rng.integers(2)]), z


cross_entropy = Exercise(
    title="The mean surprise",
    outcome="prevent",
    praise="Keras has this inside: `BinaryCrossentropy(from_logits=True)` calls it.",
    nudge="log(1 + exp(-z)) and log(1 + exp(z)) differ in one sign. What decides about it?",
    hint="For each label choose what goes into exp, -z or z: `np.where` does so for all at once. "
    "`np.logaddexp` makes surprises of them, and the loss is their mean.",
    oracle=lambda y, z: np.mean(_surprises(y, z)),
    cases=[
        (np.array([1, 0]), np.array([0.0, 0.0])),
        (np.array([1, 0, 1]), np.array([0.0, 0.0, 2.0])),
        (np.array([0, 1, 0, 0, 1]), np.array([1.5, -0.5, -2.0, 0.3, 4.0])),
        (np.array([0, 1, 1]), np.array([0.5, 0.25, 0.75])),
        (np.array([1]), np.array([18.0])),
        (np.array([1, 0, 1, 0]), np.array([1000.0, 900.0, -800.0, -1000.0])),
        (np.array([0, 1]), np.array([50.0, -50.0])),
        (np.array([1, 0, 1]), np.array([-750.0, 2.0, 1.0])),
        (np.array([1, 0]), np.array([3, 800])),
        (np.array([1.0, 0.0]), np.array([-1700.0, 2500.0])),
        (np.array([0]), np.array([60.0])),
    ],
    legal=_labels_and_logits,
    misconceptions={
        "The mean is missing: one number, the sum of the surprises divided by how many they are.": (
            lambda y, z: np.sum(_surprises(y, z)),
            _surprises,
        ),
        "The minus is missing: the logarithm of a probability is negative, a surprise is not.": (
            lambda y, z: -np.mean(_surprises(y, z))
        ),
        "That is the logarithm for the wrong class: label 1 takes the logarithm of p, label 0 of "
        "1 - p.": lambda y, z: np.mean(_surprises(1 - y, z)),
        "The labels 0 need a term of their own: they are surprised, too, by 1 - p.": (
            lambda y, z: np.mean(y * _surprises(y, z)),
            lambda y, z: np.mean(_surprises(y, z)[y == 1]),
            lambda y, z: np.mean(np.logaddexp(0, -z)),
        ),
        "Take the natural logarithm, `np.log`.": (
            lambda y, z: np.mean(_surprises(y, z)) / np.log(2),
            lambda y, z: np.mean(_surprises(y, z)) / np.log(10),
        ),
        "You used z as if it were p. It is the logit; the probability is sigmoid(z).": _on_paper,
        INFINITE: lambda y, z: _on_paper(y, expit(z)),
        "Clipping a probability, or adding a little to it, caps the surprise: at z = -1000 a label "
        f"1 costs 1000. {ANY_LOGIT}": (
            *(lambda y, z, c=c: _on_paper(y, np.clip(expit(z), c, 1 - c)) for c in CLIPS),
            *(lambda y, z, c=c: _on_paper(y, expit(z), c) for c in CLIPS),
            *(
                lambda y, z, most=most: np.mean(_surprises(y, np.clip(z, -most, most)))
                for most in (20, 30, 50, 100, 500, 700, 709)
            ),
        ),
    },
    read=_finite,
    atol=0,
)

# ---- The gradient --------------------------------------------------------------------------------


def _means(error: Function, mean: Function = np.mean) -> Function:
    """The mean of error times input, and of the error alone: both slopes, if it is p - y."""
    return lambda X, y, p: (
        mean(error(y, p)[:, None] * np.asarray(X, float), axis=0),
        mean(error(y, p), axis=0),
    )


_slopes = _means(lambda y, p: p - y)


def _bias_as_number(got: Any, *case: Any) -> Any:
    """Weights and bias; an array that holds the bias alone is as good as a number."""
    if isinstance(got, tuple | list) and len(got) == 2 and np.ndim(got[0]) and np.size(got[1]) == 1:
        return got[0], np.reshape(got[1], ())
    return got


def _probabilities(rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray]:
    n, inputs = rng.integers(1, 9), rng.integers(1, 5)
    X = draw(rng, (n, inputs), "whole", "normal", "float32", "uint8")
    y = rng.integers(0, 2, n).astype([int, float][rng.integers(2)])
    return X, y, rng.uniform(0.02, 0.98, n)


gradient = Exercise(
    title="The gradient",
    outcome="compute",
    praise="Prediction minus truth, times the input: every network of this course learns by it.",
    nudge="What is p - y for each example? Which column of X does each weight need?",
    hint="First `error = p - y`, a number per example. Along the bias it is the mean of `error`. "
    "Along weight j it is the mean of `error` times column j of X: `X.T @ error` adds these "
    "products up for all columns at once.",
    oracle=_slopes,
    cases=[
        (np.array([[2.0], [1.0]]), np.array([0, 1]), np.array([0.9, 0.7])),
        (np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1, 0]), np.array([0.5, 0.25])),
        (np.array([[3, 0, -2]]), np.array([1]), np.array([0.2])),
        (np.array([[1.0], [2.0], [4.0]]), np.array([1, 1, 0]), np.array([0.6, 0.1, 0.3])),
        (np.array([[0, 255], [128, 7]], np.uint8), np.array([0, 1]), np.array([0.4, 0.8])),
        (np.array([[1e-4, 2e-4], [3e-4, 1e-4]]), np.array([0, 1]), np.array([0.3, 0.9])),
    ],
    legal=_probabilities,
    misconceptions={
        "The sign is turned around: it is prediction minus truth, p - y. With y - p the walk "
        "would climb.": _means(lambda y, p: y - p),
        "Divide by the number of examples: the loss is a mean.": (
            _means(lambda y, p: p - y, np.sum),
            lambda X, y, p: (_slopes(X, y, p)[0] * len(y), _slopes(X, y, p)[1]),
            lambda X, y, p: (_slopes(X, y, p)[0], _slopes(X, y, p)[1] * len(y)),
        ),
        "The slope of the sigmoid, p (1 - p), is too much: that of the logarithm has canceled "
        "it. It stays with squared errors only.": (
            _means(lambda y, p: (p - y) * p * (1 - p)),
            _means(lambda y, p: 2 * (p - y) * p * (1 - p)),
        ),
        "There is no factor 2: that one came from the square.": _means(lambda y, p: 2 * (p - y)),
        "You stopped at p: on the way back the sigmoid still has a factor, p (1 - p).": (
            _means(lambda y, p: (p - y) / (p * (1 - p)))
        ),
        "The labels 0 need their slope, too: for them it is p.": _means(lambda y, p: y * (p - 1)),
        "Along the bias the input is 1: take the mean of p - y alone.": (
            lambda X, y, p: (_slopes(X, y, p)[0], np.mean(_slopes(X, y, p)[0]))
        ),
        "Return both, first the slopes along the weights, then the one along the bias.": (
            lambda *case: _slopes(*case)[0],
            lambda *case: _slopes(*case)[::-1],
            lambda *case: np.append(*_slopes(*case)),
        ),
    },
    read=_bias_as_number,
    rtol=1e-5,
    atol=1e-9,
)

# ---- The descent ---------------------------------------------------------------------------------

ALL, WEIGHTS, BIAS = np.s_[:], np.s_[:-1], np.s_[-1:]


def _walk(X, y, rate, steps, probability=expit, factor=np.ones_like, moved=(ALL,)):
    """The descent, with the bias as the weight of a 1; a step moves these parts in this order."""
    rows = np.column_stack([X, np.ones(len(X))])
    parameters = np.zeros(rows.shape[1])
    for part in moved * steps:
        p = probability(rows @ parameters)
        slopes = np.mean(((p - y) * factor(p))[:, None] * rows, axis=0)
        parameters[part] -= rate * slopes[part]
    return parameters[:-1], parameters[-1]


def _examples(rng: np.random.Generator) -> tuple[NDArray, NDArray, float, int]:
    n, inputs = rng.integers(1, 9), rng.integers(1, 4)
    X = draw(rng, (n, inputs), "equal", "normal", "float32")
    y = rng.integers(0, 2, n).astype([int, float][rng.integers(2)])
    return X, y, float(rng.choice([0.1, 0.5, 1, 2])), int(rng.integers(0, 9))


THREE = np.array([[1.0], [2.0], [-1.0]]), np.array([1, 1, 0])

descend = Exercise(
    title="The descent",
    outcome="build",
    praise="That is all of training: the gradient, a step, and again.",
    nudge="A step needs two slopes, and both at the place where you stand. Which lines have to "
    "come before anything moves?",
    hint="In the loop: `p = neurons.sigmoid(X @ weights + bias)`, then `error = p - y`, then both "
    "slopes of Your turn 1, and only then `weights = weights - rate * ...` and the same for bias.",
    oracle=_walk,
    cases=[
        (np.array([[2.0]]), np.array([1]), 1.0, 1),
        (*THREE, 1.0, 2),
        (*THREE, 0.5, 0),
        (np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), np.array([0, 1, 1]), 0.5, 3),
        (*THREE, 0.1, 40),
        (np.array([[1, 0, 2], [0, 1, 1], [2, 2, 0], [1, 1, 1]]), np.array([0, 1, 1, 0]), 1.0, 5),
        (*THREE, 2.0, 5),
        (np.array([[1.0, 2.0], [1.5, -1.0]]), np.array([0, 0]), 1.0, 4),
    ],
    legal=_examples,
    misconceptions={
        "You climb: move against the slopes, weights minus rate times slope.": (
            lambda X, y, rate, steps: _walk(X, y, -rate, steps)
        ),
        "You moved the weights first, and took the slope along the bias at the new place. Compute "
        "both slopes, then move both.": lambda *case: _walk(*case, moved=(WEIGHTS, BIAS)),
        "There is no sigmoid between X @ weights + bias and the error: that is linear "
        "regression.": lambda *case: _walk(*case, probability=lambda z: z),
        "The bias has not moved.": lambda *case: _walk(*case, moved=(WEIGHTS,)),
        "The loss is a mean: divide both slopes by the number of examples.": (
            lambda X, y, rate, steps: _walk(X, y, rate * len(y), steps)
        ),
        "The number of steps is off by one.": (
            lambda X, y, rate, steps: _walk(X, y, rate, steps + 1),
            lambda X, y, rate, steps: _walk(X, y, rate, steps - 1),
        ),
        "The learning rate is missing: a step is rate times slope.": (
            lambda X, y, rate, steps: _walk(X, y, 1, steps)
        ),
        "That is the descent on the squared error: the factor p (1 - p) is too much.": (
            lambda *case: _walk(*case, factor=lambda p: p * (1 - p)),
            lambda *case: _walk(*case, factor=lambda p: 2 * p * (1 - p)),
        ),
    },
    read=_bias_as_number,
    rtol=1e-4,
    atol=1e-7,
)

# ---- Precision, recall, F1 -----------------------------------------------------------------------


def _ratio(part: float, whole: float, empty: float = 0.0) -> float:
    return part / whole if whole else empty


def _three(p: float, r: float, empty: float = 0.0) -> list[float]:
    return [p, r, _ratio(2 * p * r, p + r, empty)]


def _scores(tp, fp, fn, tn, empty=0.0, empty_f1=0.0):
    return _three(_ratio(tp, tp + fp, empty), _ratio(tp, tp + fn, empty), empty_f1)


def _with_f1(f: Function) -> Function:
    return lambda *counts: [*_scores(*counts)[:2], f(*_scores(*counts)[:2])]


def _scored(tp: int, fp: int, fn: int, tn: int) -> NDArray[np.float64]:
    """What scikit-learn says of as many labels and predictions."""
    y = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
    predicted = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
    scores = precision_recall_fscore_support(y, predicted, average="binary", zero_division=0)
    return np.array(scores[:3])


def _counts(rng: np.random.Generator) -> tuple[int, ...]:
    """Four counts, some of them 0; tn is not, so that they count somebody."""
    counts = rng.integers(1, [60, 60, 60, 900]) * (rng.random(4) > [0.15, 0.15, 0.15, -1])
    return tuple(map(int, counts))


precision_recall_f1 = Exercise(
    title="Precision, recall, F1",
    outcome="judge",
    praise="Precision asks about those you called positive, recall about those that are.",
    nudge="Which of the four counts were called positive, and which are positive? Can either group "
    "be empty?",
    hint="Python can decide inside a line: `this if condition else that`. Ask before each of the "
    "three divisions whether there is something to divide by; for F1 that is precision + recall.",
    oracle=_scored,
    cases=[
        (12, 3, 11, 74),
        (1, 0, 49, 50),
        (30, 10, 5, 2),
        (4, 4, 4, 4),
        (0, 0, 5, 95),
        (0, 7, 0, 93),
        (0, 3, 4, 13),
        (0, 0, 0, 10),
        (6, 0, 0, 3),
        (3, 0, 0, 0),
        (2, 1, 1, 3000),
    ],
    legal=_counts,
    misconceptions={
        "Precision and recall are swapped: precision divides by TP + FP, all that were called "
        "positive.": lambda tp, fp, fn, tn: _scores(tp, fn, fp, tn),
        "Precision and recall are right, F1 is not: it is 2PR / (P + R). Mind the 2 and the "
        "parentheses.": (
            _with_f1(lambda p, r: (p + r) / 2),
            _with_f1(lambda p, r: _ratio(p * r, p + r)),
            _with_f1(lambda p, r: 2 * p * r / p + r if p else 0),
        ),
        "TN has no part in precision, recall or F1: divide by those that were called positive, and "
        "by those that are.": (
            lambda tp, fp, fn, tn: _three(_ratio(tp + tn, tp + fp + fn + tn), _ratio(tp, tp + fn)),
            lambda tp, fp, fn, tn: _three(_ratio(tp, tp + fp + fn + tn), _ratio(tp, tp + fn)),
            lambda tp, fp, fn, tn: _three(_ratio(tp, tp + fp), _ratio(tn, tn + fp)),
        ),
        "Return three numbers, precision, recall and F1, in this order.": (
            lambda *counts: _scores(*counts)[:2],
            lambda *counts: _scores(*counts)[2],
            lambda *counts: np.roll(_scores(*counts), 1),
        ),
        "The four counts come in the order TP, FP, FN, TN; scikit-learn's order is another.": (
            lambda tn, fp, fn, tp: _scores(tp, fp, fn, tn)
        ),
        "Where nothing was called positive, or nothing is positive, there is 0 / 0: count it as 0, "
        "by convention.": (
            lambda *counts: _scores(*counts, np.nan, np.nan),
            lambda *counts: _scores(*counts, 0.0, np.nan),
            lambda *counts: _scores(*counts, 1.0),
            lambda *counts: _scores(*counts, 1.0, 1.0),
        ),
        "You lose digits: divide by `/`, which keeps the fraction, and do not round.": (
            lambda *counts: np.floor(_scores(*counts)),
            *(lambda *counts, n=n: np.round(_scores(*counts), n) for n in range(5)),
        ),
        "Those are percentages: leave them between 0 and 1.": (
            lambda *counts: np.multiply(100, _scores(*counts))
        ),
    },
    rtol=1e-6,
)

# ---- The cheapest threshold ----------------------------------------------------------------------


def _cost(threshold, y, p, alarm, miss, strict=False):
    called = p > threshold if strict else p >= threshold
    return float(alarm * np.sum(called & (y == 0)) + miss * np.sum(~called & (y == 1)))


def _cheapest(y, p, alarm, miss, cost=_cost, order=np.unique, above=(np.inf,)):
    return min([*order(p), *above], key=lambda t: cost(t, y, p, alarm, miss))


def _settled(threshold: float, *case: Any) -> float:
    """The oracle's threshold in place of another one that costs no more."""
    best = _cheapest(*case)
    return threshold if _cost(threshold, *case) - _cost(best, *case) > 1e-9 else best


def _read_threshold(got: Any, *case: Any) -> float:
    """`NotYet` unless no threshold is cheaper."""
    threshold = numbers(got)
    words = f"Return one threshold, not an array of shape {threshold.shape}."
    require(threshold.ndim == 0, words)
    require(not np.isnan(threshold), "Your threshold is NaN.")
    best, mine = _cheapest(*case), float(threshold)
    least, yours = (f"{t:.6g} costs {_cost(t, *case):g}" for t in (best, mine))
    right = _settled(mine, *case) == best
    require(right, "Another threshold is cheaper.", cheapest=least, your_threshold=yours)
    return best


def _instead(threshold: Function) -> Function:
    return lambda *case: _settled(threshold(*case), *case)


def _by(**other: Any) -> tuple[Function, ...]:
    """What people find who search in another way, in the order of p or with p sorted."""
    return tuple(_instead(partial(_cheapest, order=it, **other)) for it in (list, np.unique))


def _between_equals(y: NDArray, p: NDArray, alarm: float, miss: float) -> float:
    """What they find who call the first n positive, also where a group of equal p is cut."""
    y, p = y[np.argsort(-p, kind="stable")], -np.sort(-p)
    costs = [alarm * sum(y[:n] == 0) + miss * sum(y[n:] == 1) for n in range(len(y) + 1)]
    return [np.inf, *p][np.argmin(costs)]


def _negative_f1(threshold: float, y: NDArray, p: NDArray, *costs: float) -> float:
    called = p >= threshold
    return -_ratio(2 * np.sum(called & (y == 1)), np.sum(called) + np.sum(y == 1))


def _labels_and_costs(rng: np.random.Generator) -> tuple[NDArray, NDArray, float, float]:
    """Labels that the probabilities know something of; in a third of the cases p has equals."""
    n = int(rng.choice([1, 2, 5, 8, 30]))
    z = rng.normal(-0.5, 1.5, n)
    p = np.round(expit(z), int(rng.choice([1, 3, 3])))
    y = (rng.random(n) < expit(z + rng.normal(0, 0.5, n))).astype(int)
    if rng.random() < 0.5:
        y, p = y[np.argsort(p, kind="stable")], np.sort(p)
    alarm, miss = map(float, rng.choice([1, 2, 0.5, 5, 20], 2))
    return y, p, alarm, miss


FIVE = np.array([0, 0, 1, 0, 1]), np.array([0.1, 0.3, 0.35, 0.6, 0.8])
"""The example of the lesson."""

cheapest_threshold = Exercise(
    title="The cheapest threshold",
    outcome="choose",
    praise="The threshold is chosen by what mistakes cost, not by habit.",
    nudge="What does one threshold cost? Once you can compute that, how do you find the threshold "
    "of the smallest cost?",
    hint="Write the cost of one threshold as a function: who is called positive, how many of these "
    "are 0, how many of the others are 1. `min(candidates, key=cost)` then finds the cheapest; "
    "among the candidates is one above every p.",
    oracle=_cheapest,
    cases=[
        (*FIVE, 1, 5),
        (*FIVE, 5, 1),
        (np.array([0, 0, 1, 1]), np.array([0.30001, 0.30002, 0.30003, 0.30004]), 1, 1),
        (np.array([0, 1, 0, 0, 1]), np.array([0.1, 0.4, 0.4, 0.4, 0.7]), 3, 5),
        (np.array([1, 1, 0, 0, 0, 1]), np.array([0.9, 0.2, 0.2, 0.2, 0.1, 0.6]), 2, 3),
        (np.array([1, 0, 1]), np.array([0.2, 0.6, 0.7]), 1, 100),
        (np.array([0, 1, 0, 0]), np.array([0.2, 0.5, 0.6, 0.9]), 10, 1),
        (np.array([0, 0]), np.array([1.0, 0.4]), 1, 1),
        (np.array([0, 1, 0, 1, 0]), np.array([0.9, 0.05, 0.3, 0.02, 0.01]), 1, 20),
    ],
    legal=_labels_and_costs,
    draws=24,
    misconceptions={
        "The two costs are swapped: `alarm` is for a false positive, `miss` for a false "
        "negative.": _by(cost=lambda t, y, p, alarm, miss: _cost(t, y, p, miss, alarm)),
        "That threshold is best for another goal, the fewest mistakes or the best F1, which knows "
        "nothing of what a mistake costs.": (
            *_by(cost=lambda t, y, p, *costs: _cost(t, y, p, 1, 1)),
            *_by(cost=_negative_f1),
        ),
        "0.5 is a habit: compute the cost of every threshold.": _instead(lambda *case: 0.5),
        "That is no threshold yet but its cost, or its place among all: return the threshold.": (
            _instead(lambda *case: _cost(_cheapest(*case), *case)),
            _instead(lambda y, p, a, m: np.argmin([_cost(t, y, p, a, m) for t in [*p, np.inf]])),
        ),
        "Equal probabilities stand or fall together: no threshold lies between them.": (
            _instead(_between_equals)
        ),
        "Count `p >= threshold` as positive; you used `>`.": (
            *_by(cost=partial(_cost, strict=True)),
            *_by(cost=partial(_cost, strict=True), above=(-1.0,)),
        ),
        "Here and elsewhere it is cheapest to call nobody positive: try a threshold above every p, "
        "too.": _by(above=()),
        "alarm / (alarm + miss) is cheapest where every probability is exact. These are estimates: "
        "compute what each threshold costs.": _instead(lambda y, p, a, m: a / (a + m)),
    },
    read=_read_threshold,
)
