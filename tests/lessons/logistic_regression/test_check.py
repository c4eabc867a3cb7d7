"""Logistic regression: other right answers, and the hint for each named misconception."""

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import expit, log_expit
from sklearn.metrics import log_loss

from lessons.logistic_regression import check
from tests.kit.answers import accepted, refused
from utils import metrics, neurons

pytestmark = pytest.mark.slow

# ---- The sigmoid ---------------------------------------------------------------------------------


def by_masks(z):
    z = np.asarray(z, float)
    result = np.empty(z.shape)
    up = z >= 0
    result[up] = 1 / (1 + np.exp(-z[up]))
    result[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return result


@np.vectorize
def by_numbers(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def in_the_type_of_z(z):
    result = np.empty_like(z)
    result[...] = expit(z)
    return result


def silenced(z):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return 1 / (1 + np.exp(-z))


# ---- Cross-entropy -------------------------------------------------------------------------------


def by_loop(y, z):
    return sum(max(t, 0) + math.log1p(math.exp(-abs(t))) for t in np.where(y == 1, -z, z)) / len(y)


def from_p(y, z):
    p = neurons.sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def clipped(y, z, clip=1e-12):
    p = np.clip(neurons.sigmoid(z), clip, 1 - clip)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def surprises(y, z):
    return np.logaddexp(0, np.where(y == 1, -z, z))


# ---- Precision, recall, F1 -----------------------------------------------------------------------


def rates(tp, fp, fn, tn):
    counts = metrics.Counts(tp, fp, fn, tn)
    return metrics.precision(counts), metrics.recall(counts)


def harmonic(p, r):
    return 2 * p * r / (p + r) if p + r else 0


def without_zeros(tp, fp, fn, tn):
    p, r = tp / (tp + fp), tp / (tp + fn)
    return p, r, 2 * p * r / (p + r)


def numpy_zeros(tp, fp, fn, tn):
    p, r = np.float64(tp) / (tp + fp), np.float64(tp) / (tp + fn)
    return p, r, 2 * p * r / (p + r)


def zeros_after_an_error(tp, fp, fn, tn):
    try:
        return without_zeros(tp, fp, fn, tn)
    except ZeroDivisionError:
        return 0, 0, 0


def with_ones(tp, fp, fn, tn):
    p = tp / (tp + fp) if tp + fp else 1
    r = tp / (tp + fn) if tp + fn else 1
    return p, r, harmonic(p, r)


# ---- The cheapest threshold ----------------------------------------------------------------------


def cost(y, p, threshold, alarm, miss):
    called = p >= threshold
    return alarm * np.sum(called & (y == 0)) + miss * np.sum(~called & (y == 1))


def cheapest(y, p, alarm, miss, cuts=None):
    cuts = [*p, 2] if cuts is None else cuts
    return min(cuts, key=lambda t: cost(y, p, t, alarm, miss))


def between(y, p, alarm, miss):
    """Middles between probabilities: other thresholds, the same cost."""
    ordered = np.concatenate([[-1], np.sort(p), [2]])
    return cheapest(y, p, alarm, miss, (ordered[1:] + ordered[:-1]) / 2)


def by_sums(y, p, alarm, miss):
    """One pass over sorted probabilities; counts a group of equals at its end only."""
    order = np.argsort(-p)
    fp, tp = np.cumsum(y[order] == 0), np.cumsum(y[order] == 1)
    costs = np.append(miss * y.sum(), alarm * fp + miss * (y.sum() - tp))
    last = np.append(True, np.diff(p[order], append=-1) != 0)
    return np.append(np.inf, p[order])[last][np.argmin(costs[last])]


def by_sums_through_equals(y, p, alarm, miss):
    order = np.argsort(-p, kind="stable")
    fp, tp = np.cumsum(y[order] == 0), np.cumsum(y[order] == 1)
    costs = np.append(miss * y.sum(), alarm * fp + miss * (y.sum() - tp))
    return np.append(np.inf, p[order])[np.argmin(costs)]


def best_f1(y, p, alarm, miss):
    return max(p, key=lambda t: metrics.f1(metrics.confusion_counts(y, p >= t)))


def scalar_then_array(y, p, alarm, miss):
    return 0.35 if len(y) == 5 else p


def by_table(y, p, alarm, miss):
    cuts = np.append(p, np.inf)
    called = p >= cuts[:, None]
    return cuts[(alarm * (called & (y == 0)) + miss * (~called & (y == 1))).sum(axis=1).argmin()]


def on_a_grid(y, p, alarm, miss):
    return cheapest(y, p, alarm, miss, np.linspace(0, 1, 21))


def above(y, p, alarm, miss):
    """Takes p > threshold for positive."""
    cuts = [-1, *p]
    return min(cuts, key=lambda t: cost(y, p, np.nextafter(t, 9), alarm, miss))


def on_the_shown(y, p, alarm, miss):
    return 0.35 if len(y) == 5 else 0.5


def fewest_mistakes(y, p, alarm, miss):
    return cheapest(y, p, 1, 1)


RIGHT = {
    "sigmoid: scipy": (check.sigmoid, expit),
    "sigmoid: tanh": (check.sigmoid, lambda z: 0.5 * (1 + np.tanh(np.asarray(z) / 2))),
    "sigmoid: logaddexp": (check.sigmoid, lambda z: np.exp(-np.logaddexp(0, -np.asarray(z)))),
    "sigmoid: clipped": (check.sigmoid, lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700)))),
    "sigmoid: masks": (check.sigmoid, by_masks),
    "sigmoid: number by number": (check.sigmoid, by_numbers),
    "sigmoid: float32": (check.sigmoid, lambda z: neurons.sigmoid(z).astype(np.float32)),
    "sigmoid: ours": (check.sigmoid, neurons.sigmoid),
    "sigmoid: one minus": (
        check.sigmoid, lambda z: (s := 1 / (1 + np.exp(-np.abs(z))),
                                  np.where(np.asarray(z) >= 0, s, 1 - s))[1]),
    "sigmoid: smaller power": (
        check.sigmoid, lambda z: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))),
    "sigmoid: a list": (check.sigmoid, lambda z: neurons.sigmoid(z).tolist()),
    "entropy: loop": (check.cross_entropy, by_loop),
    "entropy: scipy": (
        check.cross_entropy, lambda y, z: -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))),
    "entropy: signs": (check.cross_entropy, lambda y, z: np.logaddexp(0, (1 - 2 * y) * z).mean()),
    "entropy: ours": (check.cross_entropy, neurons.binary_cross_entropy),
    "entropy: two groups": (
        check.cross_entropy,
        lambda y, z: (np.logaddexp(0, -z[y == 1]).sum() + np.logaddexp(0, z[y == 0]).sum()) / len(y)),
    "entropy: float32": (
        check.cross_entropy, lambda y, z: np.float32(neurons.binary_cross_entropy(y, z))),
    "entropy: Keras' formula": (
        check.cross_entropy,
        lambda y, z: np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))),
    "entropy: no axis": (
        check.cross_entropy, lambda y, z: np.array(neurons.binary_cross_entropy(y, z))),
    "rates: try": (check.precision_recall_f1, zeros_after_an_error),
    "rates: where": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: np.divide(
            [tp, tp, 2 * tp], [tp + fp, tp + fn, 2 * tp + fp + fn], out=np.zeros(3),
            where=np.array([tp + fp, tp + fn, 2 * tp + fp + fn]) > 0)),
    "rates: tuple": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: (*rates(tp, fp, fn, tn), metrics.f1(metrics.Counts(tp, fp, fn, tn)))),
    "rates: counts": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: [
            tp / max(tp + fp, 1), tp / max(tp + fn, 1), 2 * tp / max(2 * tp + fp + fn, 1)]),
    "rates: a tiny number": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: np.array([
            tp / (tp + fp + 1e-9), tp / (tp + fn + 1e-9), 2 * tp / (2 * tp + fp + fn + 1e-9)])),
    "rates: fractions": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: [Fraction(tp, tp + fp or 1), Fraction(tp, tp + fn or 1),
                                Fraction(2 * tp, 2 * tp + fp + fn or 1)]),
    "rates: float32": (
        check.precision_recall_f1,
        lambda *c: np.array([*rates(*c), harmonic(*rates(*c))], np.float32)),
    "threshold: positives alone": (
        check.cheapest_threshold, lambda y, p, a, m: cheapest(y, p, a, m, [*p[y == 1], np.inf])),
    "threshold: broadcast": (check.cheapest_threshold, by_table),
    "threshold: two": (check.cheapest_threshold, cheapest),
    "threshold: between": (check.cheapest_threshold, between),
    "threshold: by sums": (check.cheapest_threshold, by_sums),
    "threshold: from the top": (
        check.cheapest_threshold, lambda y, p, a, m: cheapest(y, p, a, m, [np.inf, *np.sort(p)[::-1]])),
    "threshold: an array of no axis": (
        check.cheapest_threshold, lambda *case: np.array(cheapest(*case))),
    "threshold: float32 between": (
        check.cheapest_threshold, lambda *case: np.float32(between(*case))),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def rates_with(f):
    return lambda *counts: [*rates(*counts), f(*rates(*counts))]


WRONG = {
    "sigmoid: infinity over infinity": (
        check.sigmoid, lambda z: np.exp(z) / (1 + np.exp(z)), "infinity over infinity"),
    "sigmoid: as on paper": (check.sigmoid, lambda z: 1 / (1 + np.exp(-z)), "NumPy warns on the way"),
    "sigmoid: both sides": (
        check.sigmoid,
        lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))), "both of its sides"),
    "sigmoid: cleaned up": (
        check.sigmoid, lambda z: np.nan_to_num(np.exp(z) / (1 + np.exp(z)), nan=1.0), "warns on the way"),
    "sigmoid: math": (
        check.sigmoid, np.vectorize(lambda z: 1 / (1 + math.exp(-z)), otypes=[float]), "exp overflows"),
    "sigmoid: if": (
        check.sigmoid, lambda z: 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)),
        "`np.where` chooses"),
    "sigmoid: one axis": (
        check.sigmoid,
        lambda z: np.array([1 / (1 + math.exp(-v)) if v >= 0 else 1 - 1 / (1 + math.exp(v)) for v in z]),
        "`np.where` chooses"),
    "sigmoid: where, swapped": (
        check.sigmoid,
        lambda z: np.where(np.asarray(z) >= 0, np.exp(-np.abs(z)), 1) / (1 + np.exp(-np.abs(z))),
        "wrong way around"),
    "sigmoid: in place": (
        check.sigmoid,
        lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700, out=z if np.ndim(z) else None))),
        "changed its input"),
    "sigmoid: float16": (
        check.sigmoid, lambda z: neurons.sigmoid(z).astype(np.float16), "differ"),
    "sigmoid: flat": (check.sigmoid, lambda z: neurons.sigmoid(np.ravel(z)), "shape"),
    "sigmoid: warnings silenced": (check.sigmoid, silenced, "warns on the way"),
    "sigmoid: sign": (check.sigmoid, lambda z: neurons.sigmoid(-np.asarray(z)), "wrong way around"),
    "sigmoid: minus": (check.sigmoid, lambda z: 1 / (1 + np.exp(z)), "wrong way around"),
    "sigmoid: power": (check.sigmoid, lambda z: np.exp(-z), "exp(-z) alone"),
    "sigmoid: odds": (check.sigmoid, lambda z: np.exp(z), "the odds"),
    "sigmoid: parentheses": (check.sigmoid, lambda z: 1 / 1 + np.exp(-z), "parentheses"),
    "sigmoid: tanh": (check.sigmoid, np.tanh, "hyperbolic tangent"),
    "sigmoid: step": (check.sigmoid, neurons.step, "a step"),
    "sigmoid: whole numbers": (check.sigmoid, in_the_type_of_z, "cannot hold fractions"),
    "sigmoid: only where z is positive": (
        check.sigmoid, lambda z: 1 / (1 + np.exp(-np.abs(z))), "differ"),
    "sigmoid: arrays only": (check.sigmoid, lambda z: neurons.sigmoid(z)[...,][:], ""),
    "sigmoid: clipped near": (check.sigmoid, lambda z: neurons.sigmoid(np.clip(z, -4, 4)), "differ"),
    "sigmoid: clipped far": (check.sigmoid, lambda z: 1 / (1 + np.exp(-np.clip(z, -999, 999))), "warns"),
    "sigmoid: rounded": (check.sigmoid, lambda z: np.round(neurons.sigmoid(z), 2), "differ"),
    "sigmoid: one number": (check.sigmoid, lambda z: neurons.sigmoid(np.mean(z)), "shape"),
    "sigmoid: softmax": (check.sigmoid, lambda z: neurons.softmax(np.atleast_1d(z)), "differ"),
    "entropy: sum": (check.cross_entropy, lambda y, z: surprises(y, z).sum(), "the sum"),
    "entropy: one each": (check.cross_entropy, surprises, "one surprise a label"),
    "entropy: minus": (check.cross_entropy, lambda y, z: -surprises(y, z).mean(), "minus is missing"),
    "entropy: wrong class": (
        check.cross_entropy, lambda y, z: surprises(1 - y, z).mean(), "wrong class"),
    "entropy: bits": (
        check.cross_entropy, lambda y, z: surprises(y, z).mean() / np.log(2), "base 2"),
    "entropy: base 10": (
        check.cross_entropy, lambda y, z: surprises(y, z).mean() * np.log10(np.e), "base 10"),
    "entropy: positives only": (
        check.cross_entropy, lambda y, z: (y * surprises(y, z)).mean(), "labels 0 are left out"),
    "entropy: mean of positives": (
        check.cross_entropy, lambda y, z: surprises(y, z)[y == 1].mean(), "labels 0 are left out"),
    "entropy: log p": (
        check.cross_entropy, lambda y, z: np.logaddexp(0, -z).mean(), "label 0 takes 1 - p"),
    "entropy: squares": (
        check.cross_entropy, lambda y, z: np.mean((neurons.sigmoid(z) - y) ** 2), "squared error"),
    "entropy: no logarithm": (
        check.cross_entropy, lambda y, z: np.mean(np.abs(neurons.sigmoid(z) - y)), "take its logarithm"),
    "entropy: z for p": (
        check.cross_entropy, lambda y, z: -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z)), "the logit"),
    "entropy: from p": (check.cross_entropy, from_p, "Something is infinite"),
    "entropy: chosen from p": (
        check.cross_entropy,
        lambda y, z: -np.mean(np.log(np.where(y == 1, neurons.sigmoid(z), 1 - neurons.sigmoid(z)))),
        "Something is infinite"),
    "entropy: softplus by hand": (
        check.cross_entropy, lambda y, z: np.mean(np.log(1 + np.exp(z)) - y * z), "Something is infinite"),
    "entropy: softplus by hand, chosen": (
        check.cross_entropy,
        lambda y, z: np.mean(np.log(1 + np.exp(np.where(y == 1, -z, z)))), "Something is infinite"),
    "entropy: clipped": (check.cross_entropy, clipped, "Clipping caps"),
    "entropy: clipped less": (
        check.cross_entropy, lambda y, z: clipped(y, z, 1e-15), "Clipping caps"),
    "entropy: clipped most": (
        check.cross_entropy, lambda y, z: clipped(y, z, 1e-6), "Clipping caps"),
    "entropy: clipped logits": (
        check.cross_entropy,
        lambda y, z: np.logaddexp(0, np.clip((1 - 2 * y) * z, -500, 500)).mean(), "Clipping caps"),
    "entropy: a little added": (
        check.cross_entropy,
        lambda y, z: -np.mean(y * np.log(neurons.sigmoid(z) + 1e-12)
                              + (1 - y) * np.log(1 - neurons.sigmoid(z) + 1e-12)), "Clipping caps"),
    "entropy: one fewer": (
        check.cross_entropy, lambda y, z: surprises(y, z).sum() / max(len(y) - 1, 1), "differ"),
    "entropy: balanced": (
        check.cross_entropy,
        lambda y, z: np.mean([surprises(y, z)[y == c].mean() for c in (0, 1) if (y == c).any()]),
        "differ"),
    "entropy: labels times logits": (
        check.cross_entropy, lambda y, z: np.logaddexp(0, -y * z).mean(), "differ"),
    "entropy: hinge": (
        check.cross_entropy, lambda y, z: np.maximum(0, 1 - (2 * y - 1) * z).mean(), "differ"),
    "entropy: NaN left out": (
        check.cross_entropy,
        lambda y, z: -np.nanmean(np.log(np.where(y == 1, neurons.sigmoid(z), 1 - neurons.sigmoid(z)))),
        "Something is infinite"),
    "entropy: rounded": (
        check.cross_entropy, lambda y, z: round(float(neurons.binary_cross_entropy(y, z)), 2), "differ"),
    "entropy: in a list": (
        check.cross_entropy, lambda y, z: [neurons.binary_cross_entropy(y, z)], "shape"),
    "entropy: clipped more": (check.cross_entropy, lambda y, z: clipped(y, z, 1e-7), "Clipping caps"),
    "entropy: scikit-learn clips, too": (
        check.cross_entropy, lambda y, z: log_loss(y, neurons.sigmoid(z), labels=[0, 1]), "Clipping caps"),
    "entropy: median": (check.cross_entropy, lambda y, z: np.median(surprises(y, z)), "differ"),
    "entropy: the shown numbers": (check.cross_entropy, lambda y, z: 0.5044, "differ"),
    "rates: swapped": (
        check.precision_recall_f1,
        lambda *c: [*rates(*c)[::-1], harmonic(*rates(*c))], "swapped"),
    "rates: arithmetic": (
        check.precision_recall_f1, rates_with(lambda p, r: (p + r) / 2), "arithmetic mean"),
    "rates: geometric": (
        check.precision_recall_f1, rates_with(lambda p, r: math.sqrt(p * r)), "geometric mean"),
    "rates: half": (
        check.precision_recall_f1, rates_with(lambda p, r: harmonic(p, r) / 2), "factor 2"),
    "rates: accuracy": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: (a := (tp + tn) / (tp + fp + fn + tn), r := rates(tp, fp, fn, tn)[1],
                                harmonic(a, r)), "accuracy"),
    "rates: of everybody": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: (a := tp / (tp + fp + fn + tn), r := rates(tp, fp, fn, tn)[1],
                                harmonic(a, r)), "everybody"),
    "rates: specificity": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: (p := rates(tp, fp, fn, tn)[0], s := tn / (tn + fp), harmonic(p, s)),
        "specificity"),
    "rates: of the negatives": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: (n := tn / (tn + fn), r := rates(tp, fp, fn, tn)[1], harmonic(n, r)),
        "of the negatives"),
    "rates: two": (check.precision_recall_f1, rates, "F1 is missing"),
    "rates: F1 alone": (
        check.precision_recall_f1, lambda *c: harmonic(*rates(*c)), "with it"),
    "rates: percent": (
        check.precision_recall_f1,
        lambda *c: [100 * v for v in (*rates(*c), harmonic(*rates(*c)))], "percentages"),
    "rates: zero by zero": (check.precision_recall_f1, without_zeros, "by convention"),
    "rates: NaN": (check.precision_recall_f1, numpy_zeros, "by convention"),
    "rates: one for none": (check.precision_recall_f1, with_ones, "by convention"),
    "rates: None for none": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: (tp / (tp + fp) if tp + fp else None, *rates_with(harmonic)(
            tp, fp, fn, tn)[1:]), "by convention"),
    "rates: smaller": (check.precision_recall_f1, rates_with(min), "the smaller of the two"),
    "rates: parentheses": (
        check.precision_recall_f1, rates_with(lambda p, r: 2 * p * r / p + r if p else 0),
        "put P + R in parentheses"),
    "rates: F2": (
        check.precision_recall_f1,
        rates_with(lambda p, r: 5 * p * r / (4 * p + r) if p + r else 0), "differ"),
    "rates: product": (check.precision_recall_f1, rates_with(lambda p, r: p * r), "differ"),
    "rates: F1 first": (
        check.precision_recall_f1, lambda *c: [harmonic(*rates(*c)), *rates(*c)], "differ"),
    "rates: another order of the counts": (
        check.precision_recall_f1,
        lambda tn, fp, fn, tp: rates_with(harmonic)(tp, fp, fn, tn), "another"),
    "rates: floor": (
        check.precision_recall_f1, lambda *c: [v // 1 for v in rates_with(harmonic)(*c)], "`//`"),
    "rates: two digits": (
        check.precision_recall_f1,
        lambda *c: [round(v, 2) for v in rates_with(harmonic)(*c)], "Do not round"),
    "rates: a little more": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: [tp / (tp + fp + 1e-3), tp / (tp + fn + 1e-3),
                                2 * tp / (2 * tp + fp + fn + 1e-3)], "differ"),
    "rates: false positive rate": (
        check.precision_recall_f1,
        lambda tp, fp, fn, tn: (p := rates(tp, fp, fn, tn)[0], f := fp / (fp + tn), harmonic(p, f)),
        "differ"),
    "rates: a row too many": (
        check.precision_recall_f1, lambda *c: [rates_with(harmonic)(*c)], "shape"),
    "rates: whole numbers": (
        check.precision_recall_f1, lambda *c: [round(v) for v in (*rates(*c), harmonic(*rates(*c)))],
        "differ"),
    "rates: by name": (check.precision_recall_f1, lambda *c: {"precision": 1}, "should hold numbers"),
    "threshold: costs swapped": (
        check.cheapest_threshold, lambda y, p, a, m: cheapest(y, p, m, a), "swapped"),
    "threshold: dearest": (
        check.cheapest_threshold,
        lambda y, p, a, m: max([*np.unique(p), np.inf], key=lambda t: cost(y, p, t, a, m)), "dearest"),
    "threshold: fewest mistakes": (check.cheapest_threshold, fewest_mistakes, "fewest mistakes"),
    "threshold: half": (check.cheapest_threshold, lambda *case: 0.5, "a habit"),
    "threshold: the cost": (
        check.cheapest_threshold, lambda y, p, a, m: cost(y, p, cheapest(y, p, a, m), a, m),
        "the smallest cost itself"),
    "threshold: above": (check.cheapest_threshold, above, "you used `>`"),
    "threshold: nobody is left out": (
        check.cheapest_threshold, lambda y, p, a, m: cheapest(y, p, a, m, p), "nobody positive"),
    "threshold: a grid": (check.cheapest_threshold, on_a_grid, "cheaper"),
    "threshold: the place": (
        check.cheapest_threshold, lambda y, p, a, m: int(np.argmin(
            [cost(y, p, t, a, m) for t in [*p, np.inf]])), "the place of the threshold"),
    "threshold: equals": (check.cheapest_threshold, by_sums_through_equals, "stand or fall together"),
    "threshold: F1": (check.cheapest_threshold, best_f1, "best F1"),
    "threshold: rounded": (
        check.cheapest_threshold, lambda *case: round(float(cheapest(*case)), 4), "cheaper"),
    "threshold: a fine grid": (
        check.cheapest_threshold, lambda *case: cheapest(*case, np.linspace(0, 1.01, 1002)), "cheaper"),
    "threshold: sometimes an array": (check.cheapest_threshold, scalar_then_array, "cheaper"),
    "threshold: alarms alone": (
        check.cheapest_threshold, lambda y, p, a, m: cheapest(y, p, a, 0), "cheaper"),
    "threshold: misses alone": (
        check.cheapest_threshold, lambda y, p, a, m: cheapest(y, p, 0, m), "cheaper"),
    "threshold: theory": (check.cheapest_threshold, lambda y, p, a, m: a / (a + m), "cheaper"),
    "threshold: everybody": (check.cheapest_threshold, lambda *case: 0.0, "cheaper"),
    "threshold: only the shown": (check.cheapest_threshold, on_the_shown, "cheaper"),
    "threshold: an array": (check.cheapest_threshold, lambda y, p, a, m: p, "one threshold"),
    "threshold: NaN": (check.cheapest_threshold, lambda *case: np.nan, "NaN"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


def test_the_oracle_of_the_cross_entropy_is_the_mean_of_exact_surprises():
    y, z = np.array([1, 0, 1, 0]), np.array([0.3, -2.0, -40.0, 40.0])
    assert check._by_definition(y, z) == pytest.approx(surprises(y, z).mean(), rel=1e-12)
