"""Choosing hyperparameters: right answers of unusual form, and wrong ones as students write them."""

import math
from collections import deque

import numpy as np
import pytest

from lessons.choosing_hyperparameters import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def log_uniform(u, low, high):
    return low * (high / low) ** u


def multiplied(lists):
    points = 1
    for values in lists:
        points *= len(values)
    return points


def halve(scores, eta, sentinel=-np.inf):
    """Loops; the best of those alive is what lies above the sentinel."""
    alive, left = list(range(len(scores))), []
    for rung in range(scores.shape[1]):
        new = []
        for _ in range(max(1, len(alive) // eta)):
            highest, winner = sentinel, -1
            for n in alive:
                if n not in new and scores[n, rung] > highest:
                    highest, winner = scores[n, rung], n
            new.append(winner)
        alive = sorted(new)
        left.append(alive)
    return left


def removing(scores, eta, copied=list):
    alive, left = list(range(len(scores))), []
    for rung in range(scores.shape[1]):
        for _ in range(len(alive) - max(1, len(alive) // eta)):
            alive.remove(min(alive, key=lambda n: scores[n, rung]))
        left.append(copied(alive))
    return left


test_right_in_another_way = accepted({
    "float32": (check.log_uniform, lambda *case: np.float32(log_uniform(*case))),
    "NumPy": (check.grid_points, lambda space: np.prod([len(v) for v in space.values()])),
    "loops": (check.survivors, halve),
    "deque": (check.survivors, lambda *case: deque(removing(*case))),
    "arrays": (check.survivors, lambda *case: tuple(map(np.array, halve(*case)))),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "divided with //": (check.log_uniform, lambda u, low, high: low * (high // low) ** u, None),
    "rounded": (check.log_uniform, lambda *case: round(log_uniform(*case), 6), None),
    "clipped": (check.log_uniform, lambda *case: max(log_uniform(*case), 1e-6), None),
    "never high": (check.log_uniform, lambda u, *ends: log_uniform(u % 1, *ends), None),
    "its own number": (check.log_uniform, lambda u, *ends: log_uniform(0.3, *ends), None),
    "names": (check.grid_points, multiplied, "which gives the lists"),
    "two only": (check.grid_points, lambda space: multiplied([*space.values()][:2]), None),
    "not the first": (check.grid_points, lambda space: multiplied([*space.values()][1:]), None),
    "16 bits": (check.grid_points, lambda s: np.int64(multiplied(s.values())).astype("i2"), None),
    "decimals": (check.grid_points, lambda s: float(multiplied(s.values())), "decimals"),
    "sentinel 0": (check.survivors, lambda *case: halve(*case, sentinel=0), None),
    "changed later": (check.survivors, lambda *case: removing(*case, lambda a: a), "needs a copy"),
    "sums so far": (check.survivors, lambda s, eta: halve(np.cumsum(s, axis=1), eta), None),
    "whole scores": (check.survivors, lambda s, eta: removing(s.astype(int), eta), None),
    "from 1": (check.survivors, lambda *c: [[n + 1 for n in a] for a in halve(*c)], None),
    "one list too few": (check.survivors, lambda *c: halve(*c)[:-1], "2 parts; yours has 1"),
    "floats": (check.survivors, lambda *c: [np.array(a, float) for a in halve(*c)], "decimals"),
})  # fmt: skip


def test_tiny_numbers_are_shown():
    facts = dict(check.log_uniform(lambda *case: math.ceil(log_uniform(*case) * 1e7) / 1e7).facts)
    assert facts["low"] == "3e-08"
    assert facts["expected"] != facts["got"]
