"""Checks of the lesson Logistic regression."""

import inspect
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit
from sklearn.metrics import precision_recall_fscore_support

from utils.checks import Exercise, NotYet, call, draw, numbers, require

# ---- The sigmoid ---------------------------------------------------------------------------------

OVERFLOW = (
    "exp overflows: above 709 it is too large for a 64-bit number. Let exp see only numbers up to "
    "0, as in `np.exp(-abs(z))`."
)
WARNS = (
    f"The values are right, but NumPy warns on the way: somewhere {OVERFLOW} (`np.where` computes "
    "both of its sides, wherever it then looks, and `np.errstate` hides the warning alone.)"
)
FAR = (np.array([1000.0, -1000.0, 3.0]), np.array([[-900.0, 800.0], [710.0, -1.0]]), -1000, 1000.0)
"""Logits at which exp overflows."""


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
    cases=[
        (np.array([-2.0, 0.0, 2.0]),),
        (0.5,),
        (2,),
        (np.array([2, -3, 0]),),
        *((z,) for z in FAR),
        (np.array([-20.0, -24.0, 24.0]),),
        (np.array([[-18.5]]),),
        (np.float64(-16),),
    ],
    legal=_logit,
    misconceptions={
        f"This form gives infinity over infinity. {OVERFLOW}": (
            lambda z: np.exp(z) / (1 + np.exp(z)),
            lambda z: np.where(np.asarray(z) > 709, np.nan, expit(z)),
        ),
        "Your curve falls: a large z must give a number near 1. Look at the signs in front of z.": (
            lambda z: expit(-np.asarray(z))
        ),
        "That is exp alone. A probability is odds / (1 + odds), or 1 / (1 + exp(-z)).": (
            lambda z: np.exp(z),
            lambda z: np.exp(-np.asarray(z)),
        ),
        "Division comes before addition: put 1 + exp(-z) in parentheses.": lambda z: (
            1 / 1 + np.exp(-np.asarray(z))
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


def _mean(surprise: Callable[[NDArray, NDArray], NDArray]) -> Callable[..., float]:
    return lambda y, z: np.mean(surprise(y, z))


def _from_probabilities(
    to_p: Callable[[NDArray], NDArray], keep: Callable[[NDArray], NDArray] = lambda p: p
) -> Callable[..., float]:
    """The formula of the lesson, with probabilities."""

    def answer(y, z):
        p = to_p(z)
        return -np.mean(y * np.log(keep(p)) + (1 - y) * np.log(keep(1 - p)))

    return answer


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
            _mean(lambda y, z: -_surprises(y, z))
        ),
        "That is the logarithm for the wrong class: label 1 takes the logarithm of p, label 0 of "
        "1 - p.": _mean(lambda y, z: _surprises(1 - y, z)),
        "The labels 0 need a term of their own: they are surprised, too, by 1 - p.": (
            _mean(lambda y, z: y * _surprises(y, z)),
            lambda y, z: np.mean(_surprises(y, z)[y == 1]),
            _mean(lambda y, z: np.logaddexp(0, -z)),
        ),
        "Take the natural logarithm, `np.log`.": (
            *(_mean(lambda y, z, b=b: _surprises(y, z) / np.log(b)) for b in (2, 10)),
        ),
        "You used z as if it were p. It is the logit; the probability is sigmoid(z).": (
            _from_probabilities(lambda z: z)
        ),
        INFINITE: _from_probabilities(expit),
        "Clipping a probability, or adding a little to it, caps the surprise: at z = -1000 a label "
        f"1 costs 1000. {ANY_LOGIT}": (
            *(_from_probabilities(lambda z, c=c: np.clip(expit(z), c, 1 - c)) for c in CLIPS),
            *(_from_probabilities(expit, lambda p, c=c: p + c) for c in CLIPS),
            *(
                _mean(lambda y, z, most=most: _surprises(y, np.clip(z, -most, most)))
                for most in (20, 30, 50, 100, 500, 700, 709)
            ),
        ),
    },
    read=_finite,
    atol=0,
)

# ---- The gradient --------------------------------------------------------------------------------


def _slopes(X: NDArray, y: NDArray, p: NDArray) -> tuple[NDArray[np.float64], float]:
    """The definition, example by example."""
    along_weights, along_bias = np.zeros(np.shape(X)[1]), 0.0
    for row, label, said in zip(X, y, p, strict=True):
        for j, value in enumerate(row):
            along_weights[j] += (float(said) - label) * float(value) / len(y)
        along_bias += (float(said) - label) / len(y)
    return along_weights, along_bias


def _bias_as_number(got: Any, *case: Any) -> Any:
    """Weights and bias; an array that holds the bias alone is as good as a number."""
    if isinstance(got, tuple | list) and len(got) == 2 and np.ndim(got[0]) and np.size(got[1]) == 1:
        return got[0], np.reshape(got[1], ())
    return got


def _slopes_with(
    error: Callable[[NDArray, NDArray], NDArray], mean: Callable[..., Any] = np.mean
) -> Callable[..., tuple[Any, Any]]:
    """Both slopes, of something else than p - y, or not by the mean over the examples."""
    return lambda X, y, p: (
        mean(error(y, p)[:, None] * np.asarray(X, float), axis=0),
        mean(error(y, p), axis=0),
    )


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
        "would climb.": _slopes_with(lambda y, p: y - p),
        "Divide by the number of examples: the loss is a mean.": (
            _slopes_with(lambda y, p: p - y, np.sum),
            lambda X, y, p: (_slopes(X, y, p)[0] * len(y), _slopes(X, y, p)[1]),
            lambda X, y, p: (_slopes(X, y, p)[0], _slopes(X, y, p)[1] * len(y)),
        ),
        "The slope of the sigmoid, p (1 - p), is too much: that of the logarithm has canceled "
        "it. It stays with squared errors only.": (
            _slopes_with(lambda y, p: (p - y) * p * (1 - p)),
            _slopes_with(lambda y, p: 2 * (p - y) * p * (1 - p)),
        ),
        "There is no factor 2: that one came from the square.": _slopes_with(
            lambda y, p: 2 * (p - y)
        ),
        "You stopped at p: on the way back the sigmoid still has a factor, p (1 - p).": (
            _slopes_with(lambda y, p: (p - y) / (p * (1 - p)))
        ),
        "The labels 0 need their slope, too: for them it is p.": _slopes_with(
            lambda y, p: y * (p - 1)
        ),
        "Along the bias the input is 1: take the mean of p - y alone.": lambda X, y, p: (
            _slopes(X, y, p)[0],
            np.mean(_slopes(X, y, p)[0]),
        ),
        "Return both, first the slopes along the weights, then the one along the bias.": (
            lambda X, y, p: _slopes(X, y, p)[0],
            lambda X, y, p: _slopes(X, y, p)[::-1],
            lambda X, y, p: np.append(*_slopes(X, y, p)),
        ),
    },
    read=_bias_as_number,
    rtol=1e-5,
    atol=1e-9,
)

# ---- The descent ---------------------------------------------------------------------------------


def _walk(
    X: NDArray,
    y: NDArray,
    rate: float,
    steps: int,
    probability: Callable[[NDArray], NDArray] = expit,
    factor: Callable[[NDArray], Any] = lambda p: 1,
    moves_bias: bool = True,
    in_turn: bool = False,
) -> tuple[NDArray[np.float64], float]:
    """The descent, or a wrong one: of other slopes, with the bias left behind or moved late."""
    X = np.asarray(X, float)
    weights, bias = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        p = probability(X @ weights + bias)
        error = (p - y) * factor(p)
        weights = weights - rate * np.mean(error[:, None] * X, axis=0)
        if in_turn:
            error = probability(X @ weights + bias) - y
        bias -= rate * np.mean(error) * moves_bias
    return weights, float(bias)


def _step_by_step(X: NDArray, y: NDArray, rate: float, steps: int) -> tuple[NDArray, float]:
    """The definition in loops: in every step both slopes, then every parameter moves."""
    rows = [[*map(float, row), 1.0] for row in X]
    parameters = [0.0] * len(rows[0])
    for _ in range(steps):
        slopes = [0.0] * len(parameters)
        for row, label in zip(rows, y, strict=True):
            z = sum(value * weight for value, weight in zip(row, parameters, strict=True))
            for j, value in enumerate(row):
                slopes[j] += (float(expit(z)) - label) * value / len(rows)
        parameters = [w - rate * slope for w, slope in zip(parameters, slopes, strict=True)]
    return np.array(parameters[:-1]), parameters[-1]


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
    oracle=_step_by_step,
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
        "both slopes, then move both.": lambda *case: _walk(*case, in_turn=True),
        "There is no sigmoid between X @ weights + bias and the error: that is linear "
        "regression.": lambda *case: _walk(*case, probability=lambda z: z),
        "The bias has not moved.": lambda *case: _walk(*case, moves_bias=False),
        "The loss is a mean: divide both slopes by the number of examples.": (
            lambda X, y, rate, steps: _walk(X, y, rate * len(y), steps)
        ),
        "The number of steps is off by one.": (
            lambda X, y, rate, steps: _walk(X, y, rate, steps + 1),
            lambda X, y, rate, steps: _walk(X, y, rate, max(steps - 1, 0)),
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


def _rates(tp: int, fp: int, fn: int, empty: float = 0.0) -> tuple[float, float]:
    return _ratio(tp, tp + fp, empty), _ratio(tp, tp + fn, empty)


def _three(p: float, r: float, empty: float = 0.0) -> list[float]:
    return [p, r, _ratio(2 * p * r, p + r, empty)]


def _with_f1(f: Callable[[float, float], float]) -> Callable[..., list[float]]:
    return lambda tp, fp, fn, tn: [*_rates(tp, fp, fn), f(*_rates(tp, fp, fn))]


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
        "positive.": lambda tp, fp, fn, tn: _three(*_rates(tp, fn, fp)),
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
            lambda tp, fp, fn, tn: _rates(tp, fp, fn),
            lambda tp, fp, fn, tn: _three(*_rates(tp, fp, fn))[2],
            lambda tp, fp, fn, tn: np.roll(_three(*_rates(tp, fp, fn)), 1),
        ),
        "The four counts come in the order TP, FP, FN, TN; scikit-learn's order is another.": (
            lambda tn, fp, fn, tp: _three(*_rates(tp, fp, fn))
        ),
        "Where nothing was called positive, or nothing is positive, there is 0 / 0: count it as 0, "
        "by convention.": (
            lambda tp, fp, fn, tn: _three(*_rates(tp, fp, fn, np.nan), np.nan),
            lambda tp, fp, fn, tn: _three(*_rates(tp, fp, fn), np.nan),
            lambda tp, fp, fn, tn: _three(*_rates(tp, fp, fn, 1.0)),
            lambda tp, fp, fn, tn: _three(*_rates(tp, fp, fn, 1.0), 1.0),
        ),
        "You lose digits: divide by `/`, which keeps the fraction, and do not round.": (
            lambda tp, fp, fn, tn: np.floor(_three(*_rates(tp, fp, fn))),
            *(
                lambda tp, fp, fn, tn, n=n: np.round(_three(*_rates(tp, fp, fn)), n)
                for n in range(5)
            ),
        ),
        "Those are percentages: leave them between 0 and 1.": lambda tp, fp, fn, tn: np.multiply(
            100, _three(*_rates(tp, fp, fn))
        ),
    },
    rtol=1e-6,
)

# ---- The cheapest threshold ----------------------------------------------------------------------


def _cost(
    y: NDArray, p: NDArray, threshold: float, alarm: float, miss: float, strict: bool = False
) -> float:
    called = p > threshold if strict else p >= threshold
    return float(alarm * np.sum(called & (y == 0)) + miss * np.sum(~called & (y == 1)))


def _cheapest(y: NDArray, p: NDArray, alarm: float, miss: float) -> float:
    return min([*np.unique(p), np.inf], key=lambda t: _cost(y, p, t, alarm, miss))


def _settled(threshold: float, y: NDArray, p: NDArray, alarm: float, miss: float) -> float:
    """The oracle's threshold in place of another one that costs no more."""
    best = _cheapest(y, p, alarm, miss)
    dearer = _cost(y, p, threshold, alarm, miss) - _cost(y, p, best, alarm, miss)
    return threshold if dearer > 1e-9 else best


def _read_threshold(got: Any, y: NDArray, p: NDArray, alarm: float, miss: float) -> float:
    """`NotYet` unless no threshold is cheaper."""
    threshold = numbers(got)
    shape = threshold.shape
    require(shape == (), f"Return one threshold, not an array of shape {shape}.")
    require(not np.isnan(threshold), "Your threshold is NaN.")
    best, mine = _cheapest(y, p, alarm, miss), float(threshold)
    least, yours = (f"{t:.6g} costs {_cost(y, p, t, alarm, miss):g}" for t in (best, mine))
    right = _settled(mine, y, p, alarm, miss) == best
    require(right, "Another threshold is cheaper.", cheapest=least, your_threshold=yours)
    return best


def _instead(threshold: Callable[..., float]) -> Callable[..., float]:
    return lambda y, p, alarm, miss: _settled(threshold(y, p, alarm, miss), y, p, alarm, miss)


def _by(
    cost: Callable[..., float], above: tuple[float, ...] = (np.inf,)
) -> tuple[Callable[..., float], ...]:
    """What people find who compute this cost, the thresholds in the order of p, or sorted."""

    def find(order):
        return lambda y, p, alarm, miss: min(
            [*order(p), *above], key=lambda t: cost(y, p, t, alarm, miss)
        )

    return _instead(find(list)), _instead(find(np.unique))


def _between_equals(y: NDArray, p: NDArray, alarm: float, miss: float) -> float:
    """The threshold that running sums give when they stop inside a group of equal p."""
    order = np.argsort(-p, kind="stable")
    found, false = np.cumsum(y[order] == 1), np.cumsum(y[order] == 0)
    costs = np.append(miss * y.sum(), alarm * false + miss * (y.sum() - found))
    return np.append(np.inf, p[order])[np.argmin(costs)]


def _negative_f1(y: NDArray, p: NDArray, threshold: float, *costs: float) -> float:
    called = p >= threshold
    return -_ratio(2 * np.sum(called & (y == 1)), np.sum(called) + np.sum(y == 1))


def _labels_and_probabilities(
    rng: np.random.Generator,
) -> tuple[NDArray, NDArray, float, float]:
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
    legal=_labels_and_probabilities,
    draws=24,
    misconceptions={
        "The two costs are swapped: `alarm` is for a false positive, `miss` for a false "
        "negative.": _by(lambda y, p, t, alarm, miss: _cost(y, p, t, miss, alarm)),
        "That threshold is best for another goal, the fewest mistakes or the best F1, which knows "
        "nothing of what a mistake costs.": (
            *_by(lambda y, p, t, alarm, miss: _cost(y, p, t, 1, 1)),
            *_by(_negative_f1),
        ),
        "0.5 is a habit: compute the cost of every threshold.": _instead(lambda *case: 0.5),
        "That is no threshold yet but its cost, or its place among all: return the threshold.": (
            _instead(lambda y, p, a, m: _cost(y, p, _cheapest(y, p, a, m), a, m)),
            _instead(lambda y, p, a, m: np.argmin([_cost(y, p, t, a, m) for t in [*p, np.inf]])),
        ),
        "Equal probabilities stand or fall together: no threshold lies between them.": (
            _instead(_between_equals)
        ),
        "Count `p >= threshold` as positive; you used `>`.": (
            *_by(lambda *case: _cost(*case, strict=True)),
            *_by(lambda *case: _cost(*case, strict=True), above=(-1.0,)),
        ),
        "Here and elsewhere it is cheapest to call nobody positive: try a threshold above every p, "
        "too.": _by(_cost, above=()),
        "alarm / (alarm + miss) is cheapest where every probability is exact. These are estimates: "
        "compute what each threshold costs.": _instead(lambda y, p, a, m: a / (a + m)),
    },
    read=_read_threshold,
)
