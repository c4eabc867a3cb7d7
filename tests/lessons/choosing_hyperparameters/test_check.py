"""Tests of the checks: right answers in other words, and every misconception."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from lessons.choosing_hyperparameters import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def log_uniform(u, low, high):
    return low * (high / low) ** u


def halve(scores, eta, column=None, kept=None, start=None):
    """Successive halving with one fault at a time."""
    kept = kept or (lambda n: max(1, n // eta))
    alive, left = np.arange(len(scores)), []
    for rung in range(scores.shape[1]):
        by = scores[alive, rung if column is None else column]
        alive = np.sort(alive[np.argsort(-by)[: kept(len(alive))]])
        left.append(alive.tolist())
    return left


def by_sorted(scores, eta):
    alive, left = set(range(len(scores))), []
    for rung in range(scores.shape[1]):
        ranked = sorted(alive, key=lambda n: -scores[n][rung])
        alive = set(ranked[: max(1, int(len(alive) / eta))])
        left.append(sorted(alive))
    return tuple(left)


def positions(scores, eta):
    left = []
    for rung in range(scores.shape[1]):
        best = np.sort(np.argsort(-scores[:, rung])[: max(1, len(scores) // eta)])
        left.append(best.tolist())
        scores = scores[best]
    return left


def all_again(scores, eta):
    left, kept = [], len(scores)
    for rung in scores.T:
        kept = max(1, kept // eta)
        left.append(np.sort(np.argsort(-rung)[:kept]).tolist())
    return left


def ranked(scores, eta):
    left = halve(scores, eta)
    return [sorted(rung, key=lambda n: -scores[n, k]) for k, rung in enumerate(left)]


RIGHT = {
    "power": (check.log_uniform, log_uniform),
    "log10": (
        check.log_uniform,
        lambda u, low, high: 10 ** (math.log10(low) + u * (math.log10(high) - math.log10(low)))),
    "ln": (
        check.log_uniform,
        lambda u, low, high: np.exp(np.log(low) + u * (np.log(high) - np.log(low)))),
    "log2": (
        check.log_uniform, lambda u, low, high: 2 ** np.interp(u, [0, 1], np.log2([low, high]))),
    "geometric mean": (check.log_uniform, lambda u, low, high: low ** (1 - u) * high**u),
    "float32": (check.log_uniform, lambda *a: np.float32(log_uniform(*a))),
    "an array of one": (check.log_uniform, lambda *a: np.array(log_uniform(*a))),
    "indexes": (check.survivors, halve),
    "sets": (check.survivors, by_sorted),
    "arrays": (check.survivors, lambda s, e: tuple(np.array(rung) for rung in halve(s, e))),
    "float numbers": (check.survivors, lambda s, e: [np.array(r, float) for r in halve(s, e)]),
    "product": (check.grid_points, lambda space: math.prod(map(len, space.values()))),
    "combinations": (check.grid_points, lambda space: sum(1 for _ in product(*space.values()))),
    "numpy": (check.grid_points, lambda space: np.prod([len(v) for v in space.values()])),
    "fraction": (
        check.grid_points, lambda space: Fraction(math.prod(map(len, space.values())))),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "uniform": (check.log_uniform, lambda u, low, high: low + u * (high - low), "uniform in the value"),
    "the logarithm": (
        check.log_uniform,
        lambda u, low, high: math.log10(low) + u * math.log10(high / low), "raise its base"),
    "the natural logarithm": (
        check.log_uniform, lambda u, low, high: math.log(low) + u * math.log(high / low), "raise its base"),
    "ln and ten": (
        check.log_uniform,
        lambda u, low, high: 10 ** (math.log(low) + u * math.log(high / low)), "different bases"),
    "log10 and e": (
        check.log_uniform,
        lambda u, low, high: math.exp(math.log10(low) + u * math.log10(high / low)), "different bases"),
    "downward": (check.log_uniform, lambda u, low, high: log_uniform(1 - u, low, high), "from `high` down"),
    "starts at one": (check.log_uniform, lambda u, low, high: (high / low) ** u, "start at log(low)"),
    "rounded to decades": (
        check.log_uniform, lambda *a: 10.0 ** round(math.log10(log_uniform(*a))), "differ"),
    "random": (
        check.log_uniform,
        lambda u, low, high: log_uniform(np.random.default_rng(0).random(), low, high), "differ"),
    "a list": (check.log_uniform, lambda *a: [log_uniform(*a)], "shape"),
    "NaN": (check.log_uniform, lambda *a: math.nan, "NaN"),
    "one range only": (check.log_uniform, lambda u, low, high: 10 ** (-4 + 4 * u), "0.0001 to 1 only"),
    "up to one only": (check.log_uniform, lambda u, low, high: low ** (1 - u), "differ"),
    "rounded": (check.log_uniform, lambda *a: round(log_uniform(*a), 3), "differ"),
    "the nearest of 101": (
        check.log_uniform, lambda u, low, high: np.geomspace(low, high, 101)[int(u * 100)], "differ"),
    "the harmonic mean": (
        check.log_uniform, lambda u, low, high: 1 / ((1 - u) / low + u / high), "differ"),
    "the worst": (check.survivors, lambda s, e: halve(-s, e), "kept the worst"),
    "the first scores": (check.survivors, lambda s, e: halve(s, e, column=0), "scores of the rung"),
    "the last scores": (check.survivors, lambda s, e: halve(s, e, column=-1), "nobody knows yet"),
    "all again": (check.survivors, all_again, "came back"),
    "places": (check.survivors, positions, "places among the survivors"),
    "one part dropped": (
        check.survivors, lambda s, e: halve(s, e, kept=lambda n: n - n // e), "You dropped one part"),
    "rounded up": (check.survivors, lambda s, e: halve(s, e, kept=lambda n: -(-n // e)), "rounded up"),
    "nobody left": (check.survivors, lambda s, e: halve(s, e, kept=lambda n: n // e), "Nobody is left"),
    "ranked": (check.survivors, ranked, "ascending order"),
    "the last rung": (check.survivors, lambda s, e: halve(s, e)[-1], "after every rung"),
    "always half": (check.survivors, lambda s, e: halve(s, 2), "half whatever"),
    "eta of them": (check.survivors, lambda s, e: halve(s, e, kept=lambda n: min(n, e)), "You kept `eta`"),
    "the dropped": (
        check.survivors,
        lambda s, e: [[n for n in range(len(s)) if n not in rung] for rung in halve(s, e)],
        "ones that stop"),
    "with the start": (
        check.survivors, lambda s, e: [list(range(len(s))), *halve(s, e)], "Leave out the start"),
    "one in the end": (
        check.survivors,
        lambda s, e: [*halve(s, e)[:-1], [max(halve(s, e)[-1], key=lambda n: s[n, -1])]],
        "only the best one"),
    "the sums so far": (check.survivors, lambda s, e: halve(np.cumsum(s, axis=1), e), "differ"),
    "rounded to the nearest": (
        check.survivors, lambda s, e: halve(s, e, kept=lambda n: max(1, round(n / e))), ""),
    "counts": (check.survivors, lambda s, e: [len(rung) for rung in halve(s, e)], ""),
    "counted from one": (
        check.survivors, lambda s, e: [[n + 1 for n in rung] for rung in halve(s, e)], "differ"),
    "scores": (
        check.survivors,
        lambda s, e: [s[rung, k].tolist() for k, rung in enumerate(halve(s, e))], "differ"),
    "sum": (check.grid_points, lambda space: sum(map(len, space.values())), "You added"),
    "all like the first": (
        check.grid_points, lambda space: len(next(iter(space.values()))) ** len(space), "as the first"),
    "hyperparameters": (check.grid_points, len, "number of hyperparameters"),
    "base and exponent": (
        check.grid_points,
        lambda space: len(space) ** len(next(iter(space.values()))), "base and exponent"),
    "the first": (
        check.grid_points, lambda space: len(next(iter(space.values()))), "return too early"),
    "points of a zip": (
        check.grid_points, lambda space: len(list(zip(*space.values(), strict=False))), "differ"),
    "longest": (check.grid_points, lambda space: max(map(len, space.values())), "differ"),
    "two only": (
        check.grid_points,
        lambda space: math.prod(len(v) for v in list(space.values())[:2]), "differ"),
    "the points": (check.grid_points, lambda space: list(product(*space.values())), ""),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
