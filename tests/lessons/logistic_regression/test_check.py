"""Logistic regression: right answers of unusual form, and wrong ones such as students write."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import expit, log_expit
from sklearn.metrics import log_loss

from lessons.logistic_regression import check
from lessons.logistic_regression.rates import Counts, f1, precision, recall
from tests.kit.answers import accepted, refused
from utils import neurons

pytestmark = pytest.mark.slow
# fmt: off


def by_numbers(z):
    if isinstance(z, float):
        return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))
    return np.array([by_numbers(float(one)) for one in z.ravel()]).reshape(z.shape)


def in_the_type_of_z(z):
    result = np.empty_like(z)
    result[...] = expit(z)
    return result


def on_paper(z):
    return 1 / (1 + np.exp(-z))


def errstate(z):
    with np.errstate(all="ignore"):
        return on_paper(z)


def errstate_and_repaired(z):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.nan_to_num(np.exp(z) / (1 + np.exp(z)), nan=1.0)


def seterr(z):
    np.seterr(all="ignore")
    return on_paper(z)


def rounded(z):
    small = np.exp(-np.abs(z))
    return np.round(np.where(z >= 0, 1, small) / (1 + small), 6)


def by_loop(y, z):
    total = 0
    for i in range(len(y)):
        t = -z[i] if y[i] == 1 else z[i]
        total += max(t, 0) + math.log1p(math.exp(-abs(t)))
    return total / len(y)


def with_elif(y, z):
    total = 0
    for label, logit in zip(y, z, strict=True):
        if label == 1:
            total += np.logaddexp(0, -logit)
        elif logit > 0:
            total += np.logaddexp(0, logit)
    return total / len(y)


def returned_inside(y, z):  # noqa: RET503
    total = 0
    for label, logit in zip(y, z, strict=True):
        total += np.logaddexp(0, -logit if label else logit)
        return total / len(y)


def surprises(y, z):
    return np.logaddexp(0, np.where(y == 1, -z, z))


def rates(tp, fp, fn, tn):
    counts = Counts(tp, fp, fn, tn)
    return [precision(counts), recall(counts), f1(counts)]


def without_zeros(tp, fp, fn, tn):
    p, r = tp / (tp + fp), tp / (tp + fn)
    return p, r, 2 * p * r / (p + r)


def zeros_after_an_error(*counts):
    try:
        return without_zeros(*counts)
    except ZeroDivisionError:
        return 0, 0, 0


def with_one_for_none(tp, fp, fn, tn):
    p = tp / (tp + fp) if tp + fp else 1
    return p, rates(tp, fp, fn, tn)[1], rates(tp, fp, fn, tn)[2]


def cost(y, p, threshold, alarm, miss):
    called = p >= threshold
    return alarm * np.sum(called & (y == 0)) + miss * np.sum(~called & (y == 1))


def cheapest(y, p, alarm, miss, cuts=None):
    return min([*p, 2] if cuts is None else cuts, key=lambda t: cost(y, p, t, alarm, miss))


def between(y, p, alarm, miss):
    ordered = np.concatenate([[-1], np.sort(p), [2]])
    return cheapest(y, p, alarm, miss, (ordered[1:] + ordered[:-1]) / 2)


def by_sums(y, p, alarm, miss, groups=True):
    order = np.argsort(-p, kind="stable")
    fp, tp = np.cumsum(y[order] == 0), np.cumsum(y[order] == 1)
    costs = np.append(miss * y.sum(), alarm * fp + miss * (y.sum() - tp))
    last = np.append(True, np.diff(p[order], append=-1) != 0) | (not groups)
    return np.append(np.inf, p[order])[last][np.argmin(costs[last])]


def above(y, p, alarm, miss):
    return min([-1, *p], key=lambda t: cost(y, p, np.nextafter(t, 9), alarm, miss))


def with_a_sentinel(y, p, alarm, miss):
    best, found = 10, 0.5
    for t in [*p, np.inf]:
        if cost(y, p, t, alarm, miss) < best:
            best, found = cost(y, p, t, alarm, miss), t
    return found


def slopes(X, y, p):
    return X.T @ (p - y) / len(y), np.mean(p - y)


def slopes_by_loop(X, y, p):
    total, bias = [0.0] * X.shape[1], 0.0
    for i in range(len(y)):
        bias += p[i] - y[i]
        for j in range(X.shape[1]):
            total[j] += (p[i] - y[i]) * X[i, j]
    return [value / len(y) for value in total], bias / len(y)


def slopes_inside(X, y, p):  # noqa: RET503
    for row, label, said in zip(X, y, p, strict=True):
        return (said - label) * row, said - label


def sum_over_all_inputs(X, y, p):
    return np.mean(X * (p - y)[:, None]), np.mean(p - y)


def walk(X, y, rate, steps, start=0.0, at_once=True, decay=1.0, whole=False):
    weights = np.full(X.shape[1], start, int if whole else float)
    bias = 0.0
    for _ in range(steps):
        error = expit(X @ weights + bias) - y
        along = X.T @ error / len(y)
        if at_once:
            bias -= rate * error.mean()
        weights = weights - rate * along
        if not at_once:
            bias -= rate * (expit(X @ weights + bias) - y).mean()
        rate *= decay
    return weights, bias


def bias_first(X, y, rate, steps):
    weights, bias = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        bias = bias - rate * np.mean(expit(X @ weights + bias) - y)
        weights = weights - rate * X.T @ (expit(X @ weights + bias) - y) / len(y)
    return weights, bias


def column_of_ones(X, y, rate, steps):
    table = np.column_stack([X, np.ones(len(X))])
    parameters = np.zeros(table.shape[1])
    for _ in range(steps):
        parameters -= rate * table.T @ (expit(table @ parameters) - y) / len(y)
    return parameters[:-1], parameters[-1]


def returned_in_the_loop(X, y, rate, steps):  # noqa: RET503
    weights, bias = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        along, along_bias = slopes(X, y, expit(X @ weights + bias))
        weights, bias = weights - rate * along, bias - rate * along_bias
        return weights, bias


def one_at_a_time(X, y, rate, steps):
    weights, bias = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        for row, label in zip(X, y, strict=True):
            error = expit(row @ weights + bias) - label
            weights, bias = weights - rate * error * row, bias - rate * error
    return weights, bias


G, D = check.gradient, check.descend
S, E, R, T = check.sigmoid, check.cross_entropy, check.precision_recall_f1, check.cheapest_threshold

test_right_in_another_way = accepted({
    "gradient by loop": (G, slopes_by_loop),
    "gradient by axis": (G, lambda X, y, p: ((X * (p - y)[:, None]).mean(axis=0), (p - y).mean())),
    "gradient, error first": (G, lambda X, y, p: ((p - y) @ X / len(X), sum(p - y) / len(X))),
    "gradient by einsum": (G, lambda X, y, p: [np.einsum("nk,n->k", X, p - y) / len(p), np.average(p - y)]),
    "gradient, column of the bias": (G, lambda X, y, p: (np.dot(X.T, p - y) / p.size, np.array((p - y).mean()))),
    "bias in an array": (G, lambda X, y, p: (X.T @ (p - y) / len(y), np.array([(p - y).mean()]))),
    "descent with the bias in an array": (D, lambda *case: (walk(*case)[0], np.array([walk(*case)[1]]))),
    "float32 slopes": (G, lambda X, y, p: (slopes(X, y, p)[0].astype(np.float32), np.float32((p - y).mean()))),
    "descent": (D, walk),
    "descent with a column of ones": (D, column_of_ones),
    "descent with our gradient": (D, lambda X, y, r, n: neurons.logistic_regression(X, y, r, n)),
    "descent as a list": (D, lambda *case: [list(walk(*case)[0]), float(walk(*case)[1])]),
    "rows as lists": (D, lambda X, y, r, n: walk(np.array(X.tolist()), np.array(y.tolist()), r, n)),
    "whole zeros": (D, lambda *case: walk(*case, whole=True)),
    "scipy": (S, expit),
    "tanh": (S, lambda z: 0.5 * (1 + np.tanh(np.asarray(z) / 2))),
    "logaddexp": (S, lambda z: np.exp(-np.logaddexp(0, -np.asarray(z)))),
    "clipped at 700": (S, lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700)))),
    "float32": (S, lambda z: neurons.sigmoid(z).astype(np.float32)),
    "one minus": (S, lambda z: (s := 1 / (1 + np.exp(-np.abs(z))), np.where(z >= 0, s, 1 - s))[1]),
    "loop": (E, by_loop),
    "log_expit": (E, lambda y, z: -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z))),
    "signs": (E, lambda y, z: np.logaddexp(0, (1 - 2 * y) * z).mean()),
    "ours": (E, lambda y, z: np.mean(np.logaddexp(0, np.asarray(z, float)) - y * z)),
    "Keras' formula": (E, lambda y, z: np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))),
    "try": (R, zeros_after_an_error),
    "a tiny number": (R, lambda tp, fp, fn, tn: [
        tp / (tp + fp + 1e-9), tp / (tp + fn + 1e-9), 2 * tp / (2 * tp + fp + fn + 1e-9)]),
    "fractions": (R, lambda tp, fp, fn, tn: [
        Fraction(tp, tp + fp or 1), Fraction(tp, tp + fn or 1), Fraction(2 * tp, 2 * tp + fp + fn or 1)]),
    "positives alone": (T, lambda y, p, a, m: cheapest(y, p, a, m, [*p[y == 1], np.inf])),
    "between": (T, between),
    "by sums": (T, by_sums),
    "float32 between": (T, lambda *case: np.float32(between(*case))),
})

test_wrong_answers_get_their_hint = refused({
    "truth minus prediction": (G, lambda X, y, p: slopes(X, p, y), "The sign is turned around"),
    "sums": (G, lambda X, y, p: (X.T @ (p - y), np.sum(p - y)), "the loss is a mean"),
    "sum for the weights": (G, lambda X, y, p: (X.T @ (p - y), np.mean(p - y)), "the loss is a mean"),
    "slope of the sigmoid": (G, lambda X, y, p: (X.T @ ((p - y) * p * (1 - p)) / len(y), np.mean((p - y) * p * (1 - p))), "is too much"),
    "factor 2": (G, lambda X, y, p: tuple(2 * s for s in slopes(X, y, p)), "no factor 2"),
    "stopped at p": (G, lambda X, y, p: (X.T @ ((p - y) / (p * (1 - p))) / len(y), np.mean((p - y) / (p * (1 - p)))), "You stopped at p"),
    "ones alone": (G, lambda X, y, p: (X.T @ (y * (p - 1)) / len(y), np.mean(y * (p - 1))), "The labels 0 need"),
    "bias by the inputs": (G, lambda X, y, p: (slopes(X, y, p)[0], slopes(X, y, p)[0].mean()), "Along the bias the input is 1"),
    "weights alone": (G, lambda X, y, p: slopes(X, y, p)[0], "Return both"),
    "bias first": (G, lambda X, y, p: slopes(X, y, p)[::-1], "Return both"),
    "labels 1 for all": (G, lambda X, y, p: (X.T @ (p - 1) / len(y), np.mean(p - 1)), None),
    "squared errors": (G, lambda X, y, p: (X.T @ (p - y) ** 2 / len(y), np.mean((p - y) ** 2)), None),
    "no error, p alone": (G, lambda X, y, p: (X.T @ p / len(y), p.mean()), None),
    "one number for all": (G, sum_over_all_inputs, None),
    "divided by the inputs": (G, lambda X, y, p: (X.T @ (p - y) / X.size, np.mean(p - y)), None),
    "one too few": (G, lambda X, y, p: (X.T @ (p - y) / max(len(y) - 1, 1), np.mean(p - y)), None),
    "absolute": (G, lambda X, y, p: (X.T @ abs(p - y) / len(y), np.mean(abs(p - y))), None),
    "rounded slopes": (G, lambda X, y, p: tuple(np.round(s, 3) for s in slopes(X, y, p)), None),
    "no transpose": (G, lambda X, y, p: (X @ (p - y) / len(y), np.mean(p - y)), "matmul"),
    "in the loop": (G, slopes_inside, "inside the loop"),
    "decided": (G, lambda X, y, p: slopes(X, y, p >= 0.5), None),
    "climbs": (D, lambda X, y, r, n: walk(X, y, -r, n), "You climb"),
    "weights first": (D, lambda *case: walk(*case, at_once=False), "You moved the weights first"),
    "bias moved first": (D, bias_first, None),
    "no bias": (D, lambda X, y, r, n: check._walk(X, y, r, n, moved=(check.WEIGHTS,)), "The bias has not moved"),
    "linear": (D, lambda *case: check._walk(*case, probability=lambda z: z), "no sigmoid"),
    "sums of slopes": (D, lambda X, y, r, n: walk(X, y, r * len(y), n), "divide both slopes"),
    "one step more": (D, lambda X, y, r, n: walk(X, y, r, n + 1), "off by one"),
    "one step less": (D, lambda X, y, r, n: walk(X, y, r, max(n - 1, 0)), "off by one"),
    "rate forgotten": (D, lambda X, y, r, n: walk(X, y, 1, n), "learning rate is missing"),
    "squared error": (D, lambda *case: check._walk(*case, factor=lambda p: p * (1 - p)), "squared error"),
    "both swapped": (D, lambda *case: walk(*case)[::-1], None),
    "decides": (D, lambda *case: check._walk(*case, probability=lambda z: z >= 0), None),
    "twice the rate": (D, lambda X, y, r, n: walk(X, y, 2 * r, n), None),
    "from ones": (D, lambda *case: walk(*case, start=1.0), None),
    "falling rate": (D, lambda *case: walk(*case, decay=0.9), None),
    "one at a time": (D, one_at_a_time, None),
    "returns too early": (D, returned_in_the_loop, "inside the loop"),
    "a hundred steps": (D, lambda X, y, r, n: walk(X, y, r, 100), None),
    "the solver's end": (D, lambda X, y, r, n: walk(X, y, r, 5000), None),
    "weights only": (D, lambda *case: walk(*case)[0], "Expected 2 results"),
    "as on paper": (S, on_paper, "NumPy warns on the way"),
    "both sides": (
        S, lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))), "both of its sides"),
    "errstate": (S, errstate, "hides the warning alone"),
    "errstate, repaired": (S, errstate_and_repaired, "hides the warning alone"),
    "errstate as a decorator": (S, np.errstate(all="ignore")(on_paper), "hides the warning alone"),
    "seterr": (S, seterr, "hides the warning alone"),
    "clipped at 14": (S, lambda z: 1 / (1 + np.exp(-np.clip(z, -14, 14))), "too early"),
    "rounded": (S, rounded, None),
    "floats and arrays alone": (S, by_numbers, "AttributeError"),
    "math": (S, np.vectorize(lambda z: 1 / (1 + math.exp(-z)), otypes=[float]), "OverflowError"),
    "if": (S, lambda z: 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)), "`np.where` chooses"),
    "where, swapped": (
        S, lambda z: np.where(z >= 0, np.exp(-np.abs(z)), 1) / (1 + np.exp(-np.abs(z))), "must give a number near 1"),
    "in place": (
        S, lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700, out=z if np.ndim(z) else None))), "changed its input"),
    "float16": (S, lambda z: neurons.sigmoid(z).astype(np.float16), None),
    "whole numbers": (S, in_the_type_of_z, "cannot hold fractions"),
    "elif": (E, with_elif, None),
    "return in the loop": (E, returned_inside, "inside the loop"),
    "z for p": (E, lambda y, z: -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z)), "as if it were p"),
    "softplus by hand": (E, lambda y, z: np.mean(np.log(1 + np.exp(z)) - y * z), "Something is infinite"),
    "clipped logits": (
        E, lambda y, z: np.logaddexp(0, np.clip((1 - 2 * y) * z, -1000, 1000)).mean(), None),
    "scikit-learn clips": (E, lambda y, z: log_loss(y, neurons.sigmoid(z), labels=[0, 1]), "caps the surprise"),
    "one fewer": (E, lambda y, z: surprises(y, z).sum() / max(len(y) - 1, 1), None),
    "balanced": (
        E, lambda y, z: np.mean([surprises(y, z)[y == c].mean() for c in (0, 1) if (y == c).any()]), None),
    "squares": (E, lambda y, z: np.mean((neurons.sigmoid(z) - y) ** 2), None),
    "median": (E, lambda y, z: np.median(surprises(y, z)), None),
    "in a list": (E, lambda y, z: [surprises(y, z).mean()], None),
    "zero by zero": (R, without_zeros, "ZeroDivisionError"),
    "NaN": (R, lambda *counts: without_zeros(*map(np.float64, counts)), "by convention"),
    "one for none": (R, with_one_for_none, None),
    "by name": (R, lambda *counts: dict(zip("PRF", rates(*counts), strict=True)), "should hold numbers"),
    "four digits": (R, lambda *counts: [round(v, 4) for v in rates(*counts)], "You lose digits"),
    "accuracy for F1": (R, lambda tp, fp, fn, tn: [*rates(tp, fp, fn, tn)[:2], (tp + tn) / (tp + fp + fn + tn)], None),
    "a little more": (R, lambda tp, fp, fn, tn: rates(tp, fp + 1e-3, fn, tn), None),
    "a sentinel": (T, with_a_sentinel, "cheaper"),
    "above": (T, above, "you used `>`"),
    "nobody left out": (T, lambda y, p, a, m: cheapest(y, p, a, m, p), "nobody positive"),
    "a grid": (T, lambda *case: cheapest(*case, np.linspace(0, 1, 21)), "cheaper"),
    "rounded to 4": (T, lambda *case: round(float(cheapest(*case)), 4), "cheaper"),
    "equals": (T, lambda *case: by_sums(*case, groups=False), "stand or fall together"),
    "rule of exact probabilities": (T, lambda y, p, a, m: a / (a + m), "These are estimates"),
    "misses alone": (T, lambda y, p, a, m: cheapest(y, p, 0, m), "cheaper"),
    "fails later": (T, lambda y, p, a, m: [][0] if a > m else 0.35, "in line"),
    "an array": (T, lambda y, p, a, m: p, "one threshold"),
    "NaN threshold": (T, lambda *case: np.nan, "Your threshold is NaN"),
})


@pytest.mark.parametrize("answer", [lambda *case: 1.0, lambda *case: 0.0, with_a_sentinel])
def test_no_cause_is_named_where_none_is_known(answer):
    result = check.cheapest_threshold(answer)
    assert result.hint is None
    assert result.message == "Another threshold is cheaper."


def test_an_interrupt_of_the_second_pass_is_no_overflow():
    def answer(z, seen=[]):  # noqa: B006
        seen.append(z)
        if len(seen) > len(check.sigmoid.inputs()):
            raise KeyboardInterrupt
        return expit(z)

    assert check.sigmoid(answer).message.startswith("You stopped it in line")
