"""Checks of the lesson Choosing hyperparameters."""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Exercise

# ---- Draw log-uniformly --------------------------------------------------------------------------


def _by_logarithm(u: float, low: float, high: float, log=math.log, base=math.e) -> float:
    return base ** ((1 - u) * log(low) + u * log(high))


def _range(rng: np.random.Generator) -> tuple[float, float, float]:
    """A share, both ends among them, and two positive ends, whole numbers in a third of cases."""
    u = float(rng.choice([0, 1, *rng.random(6)]))
    if rng.random() < 1 / 3:
        low = int(rng.integers(1, 9))
        return u, low, low + int(rng.integers(1, 90))
    low = float(10 ** rng.uniform(-8, 2))
    return u, low, float(low * 10 ** rng.uniform(0.1, 6))


log_uniform = Exercise(
    title="Log-uniform sampling",
    outcome="compute",
    praise="Equal steps of `u` multiply the value by equal factors.",
    nudge="The value should be spread evenly on a logarithmic axis. Where on that axis do `low` "
    "and `high` lie, and how far along the way between them is `u`?",
    hint="Go the share u of the way from log(low) to log(high), then undo the logarithm: `np.exp` "
    "undoes `np.log`, `10 **` undoes `np.log10`. Or ask by which factor `high` is larger than "
    "`low`, and raise it to the power u.",
    oracle=lambda u, low, high: _by_logarithm(u, low, high),
    cases=[
        (0.5, 1e-4, 1.0),
        (0.0, 1e-4, 1.0),
        (0.25, 1e-4, 1.0),
        (0.5, 2, 5),
        (0.7, 2.0, 50.0),
        (1.0, 1e-6, 3.0),
        (0.5, 3e-8, 8e-7),
    ],
    legal=_range,
    misconceptions={
        "That is uniform in the value: nearly all draws are close to `high`. Let the logarithm of "
        "the value be uniform.": lambda u, low, high: low + u * (high - low),
        "That is the logarithm of the value: raise its base to that power.": tuple(
            lambda u, low, high, log=log: (1 - u) * log(low) + u * log(high)
            for log in (math.log10, math.log, math.log2)
        ),
        "Your logarithm and your power have different bases: `np.log` goes with `np.exp`, "
        "`np.log10` with `10 **`.": tuple(
            lambda u, low, high, log=log, base=base: _by_logarithm(u, low, high, log, base)
            for log, base in ((math.log, 10), (math.log10, math.e), (math.log, 2), (math.log2, 10))
        ),
        "You run from `high` down to `low`: u = 0 should give `low`.": (
            lambda u, low, high: _by_logarithm(1 - u, low, high)
        ),
        "Your exponent starts at 0, so the values start at 1: start at log(low).": (
            lambda u, low, high: (high / low) ** u
        ),
        "The way is log(high) - log(low) long: multiply `u` by this difference.": (
            lambda u, low, high: low * high**u
        ),
        "That is right from 0.0001 to 1 only: use `low` and `high`.": (
            lambda u, low, high: 10 ** (-4 + 4 * u)
        ),
        "That is right up to 1 only: use `high`.": lambda u, low, high: low ** (1 - u),
    },
    atol=0,
)

# ---- The size of a grid --------------------------------------------------------------------------

Space = dict[str, list]


def _lengths(space: Space) -> list[int]:
    return [len(values) for values in space.values()]


def _space(rng: np.random.Generator) -> tuple[Space]:
    names = rng.permutation(["rate", "dropout", "kernels", "l2", "batch"])
    values = [0, 0.5, "SGD", None, True, 1e-3]
    return ({str(name): values[: rng.integers(1, 7)] for name in names[: rng.integers(1, 6)]},)


grid_points = Exercise(
    title="Points of a grid",
    outcome="compute",
    praise="One more hyperparameter multiplies the work.",
    nudge="Draw the table of 3 rates and 2 dropouts: how many cells has it? And what happens to "
    "their number when each of them is tried with 4 batch sizes?",
    hint="Start at 1, and multiply by the length of each list. `space.values()` gives the lists.",
    oracle=lambda space: sum(1 for _ in product(*space.values())),
    cases=[
        ({"rate": [0.01, 0.1, 1.0], "dropout": [0.0, 0.5]},),
        ({"rate": [0.001, 0.01, 0.1, 1.0], "dropout": [0.0, 0.2, 0.4], "kernels": [8, 16]},),
        ({"optimizer": ["SGD"], "rate": [0.1, 0.2, 0.3], "l2": [0, 1], "batch": [8, 16, 32, 64]},),
        ({"rate": [0.1]},),
        ({"rate": [0.1, 0.2, 0.3, 0.4, 0.5]},),
        ({name: [1, 2, 3, 4, 5, 6, 7] for name in "abcdef"},),
    ],
    legal=_space,
    misconceptions={
        "You added: but every value meets every value of the others.": (
            lambda space: sum(_lengths(space))
        ),
        "A loop over `space` gives names, and one over `space.items()` pairs: loop over "
        "`space.values()`, which gives the lists.": (
            lambda space: math.prod(map(len, space)),
            lambda space: 2 ** len(space),
        ),
        "That is the number of hyperparameters; count the combinations.": len,
        "You counted the values of one hyperparameter only: multiply those of all.": (
            lambda space: _lengths(space)[0],
            lambda space: _lengths(space)[-1],
        ),
        "You assumed that all have as many values as the first.": (
            lambda space: _lengths(space)[0] ** len(space)
        ),
        "You swapped base and exponent; multiply the numbers of values.": (
            lambda space: len(space) ** _lengths(space)[0]
        ),
        "Two lists of equal length both count: a set keeps only one of two equal numbers.": (
            lambda space: math.prod(set(_lengths(space)))
        ),
    },
    whole=True,
)

# ---- Successive halving --------------------------------------------------------------------------

Rungs = list[list[int]]


def _halved(scores: NDArray, eta: int) -> Rungs:
    """By definition: n stays where fewer than `kept` of the others alive do better."""
    alive, left = list(range(len(scores))), []
    for rung in scores.T:
        kept = max(len(alive) // eta, 1)
        alive = [n for n in alive if sum(rung[m] > rung[n] for m in alive) < kept]
        left.append(alive)
    return left


def _cut(kept: Callable[[int, int], int], column: int | None = None) -> Callable[..., Rungs]:
    """Successive halving that keeps another number, or ranks by one column alone."""

    def function(scores, eta):
        alive, left = list(range(len(scores))), []
        for rung in range(scores.shape[1]):
            by = scores[:, rung if column is None else column]
            alive = sorted(sorted(alive, key=lambda n: -by[n])[: kept(len(alive), eta)])
            left.append(alive)
        return left

    return function


def _share(n: int, eta: int) -> int:
    return max(1, n // eta)


def _all_compete(scores: NDArray, eta: int) -> Rungs:
    counts = [len(rung) for rung in _halved(scores, eta)]
    return [
        sorted(np.argsort(-rung)[:kept].tolist())
        for rung, kept in zip(scores.T, counts, strict=True)
    ]


def _places(scores: NDArray, eta: int) -> Rungs:
    left = []
    for rung in range(scores.shape[1]):
        best = np.sort(np.argsort(-scores[:, rung])[: _share(len(scores), eta)])
        left.append(best.tolist())
        scores = scores[best]
    return left


def _ranked(scores: NDArray, eta: int) -> Rungs:
    left = _halved(scores, eta)
    return [sorted(alive, key=lambda n: -scores[n, rung]) for rung, alive in enumerate(left)]


def _scores(rng: np.random.Generator) -> tuple[NDArray, int]:
    """No two of a rung are equal: whole percents, shares close together, losses turned around."""
    n, rungs = int(rng.integers(1, 21)), int(rng.integers(1, 5))
    scores = np.stack([rng.permutation(n) for _ in range(rungs)], axis=1)
    kinds: list[Any] = [scores, scores - 520, scores + 20_000, 0.9 + scores / 1000,
                        (scores / 25).astype(np.float32), -scores / 7]  # fmt: skip
    return kinds[rng.integers(len(kinds))], int(rng.integers(2, 6))


survivors = Exercise(
    title="Successive halving",
    outcome="compute",
    praise="The scores of later rungs decided among the survivors only.",
    nudge="Who takes part in rung 2? And how do you find the number that a survivor had at the "
    "start, when you rank the survivors alone?",
    hint="Keep a list `alive` of numbers, at first all of them. For each rung take the scores of "
    "these, `rung[alive]`, keep the `max(1, len(alive) // eta)` best, sort their numbers, and add "
    "a copy of the list to the result.",
    oracle=lambda scores, eta: _halved(scores, eta),
    cases=[
        (np.array([[50, 80], [40, 95], [60, 70], [30, 99], [55, 90], [20, 60]]), 2),
        (np.array([[7]]), 2),
        (np.array([[0.2, 0.5, 0.1], [0.4, 0.3, 0.6]]), 3),
        (np.random.default_rng(2).permuted(np.arange(42).reshape(14, 3), axis=0), 2),
        (np.random.default_rng(3).permuted(np.arange(60).reshape(20, 3), axis=0) - 500, 3),
    ],
    legal=_scores,
    draws=16,
    misconceptions={
        "You kept the worst: these are accuracies, more is better.": lambda s, e: _halved(-s, e),
        "Rank every rung by its own scores: those of the first are old, and those of the last "
        "nobody knows yet.": (_cut(_share, 0), _cut(_share, -1)),
        "A configuration came back after it had been dropped: rank the survivors only.": (
            _all_compete
        ),
        "Those are places among the survivors; give the numbers that the configurations had at the "
        "start.": _places,
        "Nobody is left in the end: keep one at least.": _cut(lambda n, eta: n // eta),
        "Too many or too few go on: of n survivors n // eta do, rounded down, and never fewer than "
        "one.": (
            _cut(lambda n, eta: -(-n // eta)),
            _cut(lambda n, eta: max(1, round(n / eta))),
            _cut(lambda n, eta: n - n // eta),
            _cut(lambda n, eta: _share(n, 2)),
            _cut(min),
            lambda s, e: _cut(lambda n, eta: _share(len(s), eta))(s, e),
        ),
        "These are the right ones, ranked; give their numbers in ascending order.": _ranked,
        "One list a rung, with those who are left after it: the first is not for the start, and "
        "`append` needs a copy of a list that you change later.": (
            lambda s, e: [list(range(len(s))), *_halved(s, e)],
            lambda s, e: _halved(s, e)[-1],
            lambda s, e: [_halved(s, e)[-1]] * s.shape[1],
        ),
    },
    whole=True,
)
