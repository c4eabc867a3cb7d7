"""Checks of the lesson Logistic regression."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import precision_recall_fscore_support

from utils.checks import Misconception, NotYet, call, compare, exercise, numbers

# ---- The sigmoid ---------------------------------------------------------------------------------

OVERFLOW = (
    "exp overflows: above 709 it is too large for a 64-bit number. Let exp see only numbers up to "
    "0, as in `np.exp(-abs(z))`."
)


@exercise("A sigmoid that does not overflow", "Every library has these lines inside.")
def sigmoid(answer: Callable[..., Any]) -> None:
    """A function of z, a number or an array, that gives 1 / (1 + exp(-z)) for any z."""

    def expected(z):
        return expit(z)

    rng = np.random.default_rng(4)
    cases = [
        (np.array([-2.0, 0.0, 2.0]),),
        (rng.normal(0, 3, (3, 4)),),
        (0.5,),
        (np.array([1000.0, -1000.0, 3.0]),),
        (np.array([-1000.0, 1000.0, -1.0, 709.0, -746.0]),),
        (-1000.0,),
        (1000.0,),
        (np.array([2, -3, 0]),),
    ]
    misconceptions = [
        Misconception(
            f"This form gives infinity over infinity. {OVERFLOW}",
            lambda z: np.exp(z) / (1 + np.exp(z)),
        ),
        Misconception(
            "The sign is the wrong way around: a large z must give a number near 1.",
            lambda z: expit(-z),
        ),
        Misconception("The minus is missing in exp(-z).", lambda z: 1 / (1 + np.exp(z))),
        Misconception("That is exp(-z) alone: take 1 / (1 + exp(-z)).", lambda z: np.exp(-z)),
        Misconception(
            "That is the odds, exp(z). A probability is odds / (1 + odds).", lambda z: np.exp(z)
        ),
        Misconception(
            "Division comes before addition: put 1 + exp(-z) in parentheses.",
            lambda z: 1 / 1 + np.exp(-z),
        ),
        Misconception(
            "That is the hyperbolic tangent, which runs from -1 to 1.", lambda z: np.tanh(z)
        ),
        Misconception(
            "Your result cannot hold fractions: `np.empty_like(z)` takes the type of z, here whole "
            "numbers.",
            lambda z: expit(z).astype(np.asarray(z).dtype),
        ),
        Misconception(
            "That is a step: the sigmoid passes through all values between 0 and 1.",
            lambda z: (np.asarray(z) >= 0) * 1.0,
        ),
    ]
    try:
        compare(answer, expected, cases, misconceptions)
    except NotYet as fault:
        hint = f" {OVERFLOW}" if "OverflowError" in fault.message else ""
        if "truth value" in fault.message:
            hint = " `if` takes one number; `np.where` chooses for every number of an array."
        raise NotYet(fault.message + hint, fault.facts) from None
    _refuse_overflow(answer, cases)


def _refuse_overflow(answer: Callable[..., Any], cases: list[tuple[Any]]) -> None:
    """`NotYet` where NumPy would warn on the way to a right result."""
    for (z,) in cases:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            try:
                call(answer, z)
            except NotYet as fault:
                raise NotYet(
                    "The values are right, but NumPy warns on the way: somewhere "
                    f"{OVERFLOW} (`np.where` computes both of its sides, wherever it then looks.)",
                    [("z", str(z)), *fault.facts],
                ) from None


# ---- Cross-entropy -------------------------------------------------------------------------------

ANY_LOGIT = (
    "Work from the logits: `np.logaddexp(0, t)` is log(1 + exp(t)) for any t, however large."
)
CLIPS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 2.220446049250313e-16)
LOGIT_CLIPS = (20, 30, 50, 100, 500, 700, 709)


def _by_definition(y: NDArray, z: NDArray) -> float:
    """The mean surprise, label by label, from the exact logarithms of the probabilities."""
    total = 0.0
    for label, logit in zip(y, z, strict=True):
        total -= _log_sigmoid(float(logit) if label == 1 else -float(logit))
    return total / len(y)


def _log_sigmoid(t: float) -> float:
    return -np.log1p(np.exp(-t)) if t > 0 else t - np.log1p(np.exp(t))


def _clipped(clip: float) -> Callable[..., Any]:
    def answer(y, z):
        p = np.clip(expit(z), clip, 1 - clip)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    return answer


def _clipped_logits(most: float) -> Callable[..., Any]:
    return lambda y, z: np.mean(np.logaddexp(0, np.clip(np.where(y == 1, -z, z), -most, most)))


def _from_probabilities(y: NDArray, z: NDArray) -> float:
    p = expit(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _chosen_from_probabilities(y: NDArray, z: NDArray) -> float:
    p = expit(z)
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


INFINITE = (
    _from_probabilities,
    _chosen_from_probabilities,
    lambda y, z: np.mean(np.log(1 + np.exp(z)) - y * z),
    lambda y, z: np.mean(np.log(1 + np.exp(np.where(y == 1, -z, z)))),
)


@exercise(
    "The mean surprise", "Keras has this inside: `BinaryCrossentropy(from_logits=True)` calls it."
)
def cross_entropy(answer: Callable[..., Any]) -> None:
    """A function (y, z) that gives the mean binary cross-entropy of logits z."""
    rng = np.random.default_rng(5)
    cases = [
        (np.array([1, 0, 1]), np.array([0.0, 0.0, 2.0])),
        (np.array([0, 1, 0, 0, 1]), np.array([1.5, -0.5, -2.0, 0.3, 4.0])),
    ]
    for n in (1, 6, 25):
        cases.append((rng.integers(0, 2, n), rng.normal(0, 3, n)))
    cases += [
        (np.array([1, 0, 1, 0]), np.array([1000.0, 900.0, -800.0, -1000.0])),
        (np.array([1, 0]), np.array([50.0, -50.0])),
        (np.array([1, 0, 1]), np.array([-750.0, 2.0, 1.0])),
        (np.array([1, 0]), np.array([3.0, 800.0])),
    ]

    def mean(function):
        return lambda y, z: np.mean(function(y, z))

    def surprise(y, z):
        return np.logaddexp(0, np.where(y == 1, -z, z))

    misconceptions = [
        Misconception("That is the sum: take the mean.", lambda y, z: np.sum(surprise(y, z))),
        Misconception("That is one surprise a label: take their mean.", surprise),
        Misconception(
            "The minus is missing: the logarithm of a probability is negative, a surprise is not.",
            mean(lambda y, z: -surprise(y, z)),
        ),
        Misconception(
            "That is the logarithm for the wrong class: label 1 takes the logarithm of p, "
            "label 0 of 1 - p.",
            mean(lambda y, z: surprise(1 - y, z)),
        ),
        Misconception(
            "That is the logarithm to base 2: take the natural one, `np.log`.",
            mean(lambda y, z: surprise(y, z) / np.log(2)),
        ),
        Misconception(
            "That is the logarithm to base 10: take the natural one, `np.log`.",
            mean(lambda y, z: surprise(y, z) / np.log(10)),
        ),
        Misconception(
            "The labels 0 are left out: they are surprised, too, by 1 - p.",
            mean(lambda y, z: y * surprise(y, z)),
        ),
        Misconception(
            "The labels 0 are left out: they are surprised, too, by 1 - p.",
            lambda y, z: np.mean(surprise(y, z)[y == 1]),
        ),
        Misconception(
            "That takes the logarithm of p for every label; label 0 takes 1 - p.",
            mean(lambda y, z: np.logaddexp(0, -z)),
        ),
        Misconception(
            "That is the mean squared error of the probabilities.",
            mean(lambda y, z: (expit(z) - y) ** 2),
        ),
        Misconception(
            "That is one minus the probability of the true class: take its logarithm.",
            mean(lambda y, z: np.abs(expit(z) - y)),
        ),
        *(
            Misconception(f"Something is infinite on the way: exp, or log 0. {ANY_LOGIT}", function)
            for function in INFINITE
        ),
        *(
            Misconception(
                f"Clipping caps the surprise: at z = -1000 a label 1 costs 1000. {ANY_LOGIT}",
                clipped,
            )
            for clipped in (*map(_clipped, CLIPS), *map(_clipped_logits, LOGIT_CLIPS))
        ),
        Misconception(
            "You used z as if it were p. It is the logit; the probability is sigmoid(z).",
            lambda y, z: -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z)),
        ),
    ]

    def expected(y, z):
        return _by_definition(y, z)

    compare(answer, expected, cases, misconceptions)


# ---- Precision, recall, F1 -----------------------------------------------------------------------

EMPTY = (
    "Where nothing was called positive, or nothing is positive, there is 0 / 0: count it as 0, by "
    "convention."
)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _rates(tp: int, fp: int, fn: int) -> tuple[float, float]:
    return _ratio(tp, tp + fp), _ratio(tp, tp + fn)


def _three(p: float, r: float) -> list[float]:
    return [p, r, _ratio(2 * p * r, p + r)]


@exercise(
    "Precision, recall, F1",
    "Precision asks about those you called positive, recall about those that are.",
)
def precision_recall_f1(answer: Callable[..., Any]) -> None:
    """A function (tp, fp, fn, tn) that gives precision, recall and F1."""

    def expected(tp, fp, fn, tn):
        y = np.repeat([1, 0, 1, 0], [tp, fp, fn, tn])
        predicted = np.repeat([1, 1, 0, 0], [tp, fp, fn, tn])
        scores = precision_recall_fscore_support(y, predicted, average="binary", zero_division=0)
        return np.array(scores[:3])

    def ones_for_nothing(tp, fp, fn, tn):
        p, r = (tp / whole if whole else 1.0 for whole in (tp + fp, tp + fn))
        return _three(p, r)

    def rounded(digits):
        return lambda tp, fp, fn, tn: np.round(_three(*_rates(tp, fp, fn)), digits)

    rng = np.random.default_rng(6)
    cases = [(12, 3, 11, 74), (1, 0, 49, 50), (30, 10, 5, 2), (4, 4, 4, 4)]
    cases += [tuple(int(n) for n in rng.integers(1, 60, 4)) for _ in range(4)]
    cases += [(0, 0, 5, 95), (0, 7, 0, 93), (0, 3, 4, 13), (0, 0, 0, 10), (6, 0, 0, 3)]

    def with_f1(f):
        return lambda tp, fp, fn, tn: [*_rates(tp, fp, fn), f(*_rates(tp, fp, fn))]

    misconceptions = [
        Misconception(
            "Precision and recall are swapped: precision divides by TP + FP, all that were called "
            "positive.",
            lambda tp, fp, fn, tn: _three(*_rates(tp, fn, fp)),
        ),
        Misconception(
            "Your F1 is the arithmetic mean, (P + R) / 2. It should be 2PR / (P + R).",
            with_f1(lambda p, r: (p + r) / 2),
        ),
        Misconception(
            "Your F1 is the geometric mean, the root of PR. It should be 2PR / (P + R).",
            with_f1(lambda p, r: (p * r) ** 0.5),
        ),
        Misconception(
            "The factor 2 is missing in F1 = 2PR / (P + R).",
            with_f1(lambda p, r: _ratio(p * r, p + r)),
        ),
        Misconception(
            "Your precision is the accuracy: TN has no part in precision, recall or F1.",
            lambda tp, fp, fn, tn: _three(_ratio(tp + tn, tp + fp + fn + tn), _ratio(tp, tp + fn)),
        ),
        Misconception(
            "Your precision divides by everybody: divide by those that were called positive.",
            lambda tp, fp, fn, tn: _three(_ratio(tp, tp + fp + fn + tn), _ratio(tp, tp + fn)),
        ),
        Misconception(
            "Your recall is TN / (TN + FP), the recall of the negatives (specificity).",
            lambda tp, fp, fn, tn: _three(_ratio(tp, tp + fp), _ratio(tn, tn + fp)),
        ),
        Misconception(
            "Your precision is TN / (TN + FN), that of the negatives.",
            lambda tp, fp, fn, tn: _three(_ratio(tn, tn + fn), _ratio(tp, tp + fn)),
        ),
        Misconception(
            "Return three numbers: F1 is missing.",
            lambda tp, fp, fn, tn: list(_rates(tp, fp, fn)),
        ),
        Misconception(
            "F1 is right; return precision and recall with it, in this order.",
            lambda tp, fp, fn, tn: _three(*_rates(tp, fp, fn))[2],
        ),
        Misconception(
            "Your F1 is the smaller of the two. It should be 2PR / (P + R).", with_f1(min)
        ),
        Misconception(
            "Your F1 divides by P alone: put P + R in parentheses.",
            with_f1(lambda p, r: 2 * p * r / p + r),
        ),
        Misconception(
            "The four counts come in the order TP, FP, FN, TN; scikit-learn's order is another.",
            lambda tn, fp, fn, tp: _three(*_rates(tp, fp, fn)),
        ),
        Misconception(EMPTY, ones_for_nothing),
        Misconception(
            "`//` drops the fraction: divide by `/`.",
            lambda tp, fp, fn, tn: [part // 1 for part in _three(*_rates(tp, fp, fn))],
        ),
        *(
            Misconception("Do not round: return what the division gives.", rounded(digits))
            for digits in (1, 2, 3)
        ),
        Misconception(
            "Those are percentages: leave them between 0 and 1.",
            lambda tp, fp, fn, tn: np.multiply(100, _three(*_rates(tp, fp, fn))),
        ),
    ]
    try:
        compare(answer, expected, cases, misconceptions)
    except NotYet as fault:
        empty = any(sign in fault.message for sign in ("ZeroDivisionError", "NaN", "dtype object"))
        raise NotYet(f"{fault.message} {EMPTY}" if empty else fault.message, fault.facts) from None


# ---- The cheapest threshold ----------------------------------------------------------------------


def _cost(
    y: NDArray, p: NDArray, threshold: float, alarm: float, miss: float, at_least: bool = True
) -> float:
    called = p >= threshold if at_least else p > threshold
    return float(alarm * np.sum(called & (y == 0)) + miss * np.sum(~called & (y == 1)))


def _between_equals(y: NDArray, p: NDArray, alarm: float, miss: float) -> float:
    """The threshold that running sums give when they stop inside a group of equal p."""
    order = np.argsort(-p, kind="stable")
    found, false = np.cumsum(y[order] == 1), np.cumsum(y[order] == 0)
    costs = np.append(miss * y.sum(), alarm * false + miss * (y.sum() - found))
    return np.append(np.inf, p[order])[np.argmin(costs)]


def _f1(y: NDArray, p: NDArray, threshold: float) -> float:
    called = p >= threshold
    return _ratio(2 * np.sum(called & (y == 1)), np.sum(called) + np.sum(y == 1))


def _candidates(p: NDArray) -> list[float]:
    return [*np.unique(p), np.inf]


def _threshold_cases() -> Iterator[tuple[NDArray, NDArray, float, float]]:
    """Labels, probabilities and the two costs; the last ones call everybody and nobody."""
    yield np.array([0, 0, 1, 0, 1]), np.array([0.1, 0.3, 0.35, 0.6, 0.8]), 1, 5
    yield np.array([0, 0, 1, 0, 1]), np.array([0.1, 0.3, 0.35, 0.6, 0.8]), 5, 1
    rng = np.random.default_rng(8)
    for n, alarm, miss in ((40, 1, 20), (60, 1, 1), (80, 3, 2), (300, 1, 8)):
        z = rng.normal(-1.5, 1.5, n)
        y = (rng.random(n) < expit(z)).astype(int)
        yield y, expit(z + rng.normal(0, 0.3, n)), alarm, miss
    yield np.array([0, 0, 1, 1]), np.array([0.30001, 0.30002, 0.30003, 0.30004]), 1, 1
    yield np.array([0, 1, 0, 0, 1]), np.array([0.1, 0.4, 0.4, 0.4, 0.7]), 3, 5
    yield np.array([1, 0, 1]), np.array([0.2, 0.6, 0.7]), 1, 100
    yield np.array([0, 1, 0, 0]), np.array([0.2, 0.5, 0.6, 0.9]), 10, 1


@exercise("The cheapest threshold", "The threshold is chosen by what mistakes cost, not by habit.")
def cheapest_threshold(answer: Callable[..., Any]) -> None:
    """A function (y, p, alarm, miss) that gives a threshold of the smallest total cost."""

    def by(cost, choose=min):
        def wrong(y, p, alarm, miss):
            return choose(_candidates(p), key=lambda t: cost(y, p, t, alarm, miss))

        return wrong

    wrong_ideas = [
        Misconception(
            "The two costs are swapped: `alarm` is for a false positive, `miss` for a false "
            "negative.",
            by(lambda y, p, t, alarm, miss: _cost(y, p, t, miss, alarm)),
        ),
        Misconception("That is the dearest threshold: take the smallest cost.", by(_cost, max)),
        Misconception(
            "That threshold makes the fewest mistakes, but they do not cost the same.",
            by(lambda y, p, t, alarm, miss: _cost(y, p, t, 1, 1)),
        ),
        Misconception("0.5 is a habit: compute the cost of every threshold.", lambda *_: 0.5),
        Misconception(
            "That is the smallest cost itself: return the threshold that has it.",
            lambda y, p, a, m: min(_cost(y, p, t, a, m) for t in _candidates(p)),
        ),
        Misconception(
            "Equal probabilities stand or fall together: no threshold lies between them.",
            _between_equals,
        ),
        Misconception(
            "That is the threshold of the best F1, which does not know the costs.",
            lambda y, p, a, m: max(np.unique(p), key=lambda t: _f1(y, p, t)),
        ),
        Misconception(
            "That is the place of the threshold: return the threshold itself.",
            lambda y, p, a, m: int(np.argmin([_cost(y, p, t, a, m) for t in [*p, np.inf]])),
        ),
        Misconception(
            "Count `p >= threshold` as positive; you used `>`.",
            by(lambda y, p, t, a, m: _cost(y, p, t, a, m, at_least=False)),
        ),
    ]
    cases = list(_threshold_cases())
    for number, (y, p, alarm, miss) in enumerate(cases):
        given = [("y", _short(y)), ("p", _short(p)), ("alarm, miss", f"{alarm}, {miss}")]
        got = numbers(call(answer, y, p, alarm, miss))
        if got.ndim:
            raise NotYet(f"Return one threshold, not an array of shape {got.shape}.", given)
        if np.isnan(got):
            raise NotYet("Your threshold is NaN.", given)
        cost = _cost(y, p, float(got), alarm, miss)
        best = min(_cost(y, p, t, alarm, miss) for t in _candidates(p))
        if cost <= best + 1e-9:
            continue
        facts = [("your threshold", f"{got:.5g}"), ("its cost", f"{cost:g}")]
        if best == _cost(y, p, np.inf, alarm, miss):
            hint = " Here it is cheapest to call nobody positive: try a threshold above every p."
        else:
            near = cases[number : number + 2]
            wrong_here = (m for m in wrong_ideas if _total(cases[number], m.function) > best)
            hint = next((f" {m.hint}" for m in wrong_here if _alike(answer, m, near)), "")
        raise NotYet(
            "Another threshold is cheaper." + hint,
            [*given, *facts, ("smallest cost", f"{best:g}")],
        )


def _total(case: tuple, function: Callable[..., Any]) -> float:
    y, p, alarm, miss = case
    return _cost(y, p, function(*case), alarm, miss)


def _alike(answer: Callable[..., Any], idea: Misconception, cases: list[tuple]) -> bool:
    return all(np.allclose(numbers(call(answer, *case)), idea.function(*case)) for case in cases)


def _short(values: NDArray) -> str:
    return np.array2string(values, precision=5, threshold=20)
