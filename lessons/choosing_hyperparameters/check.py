"""Checks of the lesson Choosing hyperparameters."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, compare, exercise


@exercise("Log-uniform sampling", "Equal steps of `u` multiply the value by equal factors.")
def log_uniform(answer: Callable[..., Any]) -> None:
    """A value between two ends whose logarithm grows evenly with u."""

    def oracle(u, low, high):
        return math.exp((1 - u) * math.log(low) + u * math.log(high))

    rng = np.random.default_rng(15)
    cases = [(0.5, 1e-4, 1.0), (0.0, 1e-4, 1.0), (0.25, 1e-4, 1.0), (0.7, 2.0, 50.0)]
    cases += [(float(rng.random()), 10.0 ** -rng.integers(2, 7), 3.0) for _ in range(4)]
    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(
                "That is uniform in the value: nearly all draws are close to `high`. Let the "
                "logarithm of the value be uniform.",
                lambda u, low, high: low + u * (high - low),
            ),
            *(
                Misconception(
                    "That is the logarithm of the value: raise its base to that power.",
                    lambda u, low, high, log=log: log(low) + u * (log(high) - log(low)),
                )
                for log in (math.log10, math.log, math.log2)
            ),
            *(
                Misconception(
                    "Your logarithm and your power have different bases: `np.log` goes with "
                    "`np.exp`, `np.log10` with `10 **`.",
                    lambda u, low, high, log=log, base=base: (
                        base ** (log(low) + u * (log(high) - log(low)))
                    ),
                )
                for log, base in ((math.log, 10), (math.log10, math.e), (math.log, 2))
            ),
            Misconception(
                "You run from `high` down to `low`: u = 0 should give `low`.",
                lambda u, low, high: oracle(1 - u, low, high),
            ),
            Misconception(
                "Your exponent starts at 0, so the values start at 1: start at log(low).",
                lambda u, low, high: (high / low) ** u,
            ),
            Misconception(
                "That is right from 0.0001 to 1 only: use `low` and `high`.",
                lambda u, low, high: 10 ** (-4 + 4 * u),
            ),
        ],
        atol=1e-12,
    )


@exercise("Successive halving", "The scores of later rungs decided among the survivors only.")
def survivors(answer: Callable[..., Any]) -> None:
    """Which configurations are left after each rung of successive halving."""

    def cut(scores: NDArray, eta: int, column: Callable[[int], int], keep: Callable[..., int]):
        alive, left = list(range(len(scores))), []
        for rung in range(scores.shape[1]):
            ranked = sorted(alive, key=lambda n: scores[n, column(rung)], reverse=True)
            alive = sorted(ranked[: keep(len(alive), eta)])
            left.append(alive)
        return tuple(left)

    def a_share(count: int, eta: int) -> int:
        return max(1, count // eta)

    def oracle(scores, eta):
        """By definition: n stays where fewer than `kept` of the others alive do better."""
        alive, left = list(range(len(scores))), []
        for rung in scores.T:
            kept = max(len(alive) // eta, 1)
            alive = [n for n in alive if sum(rung[m] > rung[n] for m in alive) < kept]
            left.append(alive)
        return tuple(left)

    def all_compete(scores, eta):
        counts = [len(rung) for rung in oracle(scores, eta)]
        return tuple(
            sorted(np.argsort(-rung)[:kept].tolist())
            for rung, kept in zip(scores.T, counts, strict=True)
        )

    def places(scores, eta):
        left = []
        for rung in range(scores.shape[1]):
            best = np.sort(np.argsort(-scores[:, rung])[: a_share(len(scores), eta)])
            left.append(best.tolist())
            scores = scores[best]
        return tuple(left)

    def one_in_the_end(scores, eta):
        *before, last = oracle(scores, eta)
        return (*before, [max(last, key=lambda n: scores[n, -1])])

    def same_rung(rung: int) -> int:
        return rung

    rng = np.random.default_rng(2)
    shown = np.array(
        [[50, 80], [40, 95], [60, 70], [30, 99], [55, 90], [20, 60]],
    )
    shapes = [(9, 2, 3), (8, 3, 2), (11, 3, 2), (5, 3, 3), (20, 2, 4), (13, 2, 2), (20, 2, 3)]
    cases = [(shown, 2)]
    cases += [
        (np.stack([rng.permutation(n) for _ in range(rungs)], axis=1) + 1.0, eta)
        for n, rungs, eta in shapes
    ]
    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(
                "You kept the worst: these are accuracies, more is better.",
                lambda s, e: oracle(-s, e),
            ),
            Misconception(
                "You ranked every rung by the first scores: use the scores of the rung.",
                lambda s, e: cut(s, e, lambda rung: 0, a_share),
            ),
            Misconception(
                "You ranked every rung by the last scores, which nobody knows yet.",
                lambda s, e: cut(s, e, lambda rung: -1, a_share),
            ),
            Misconception(
                "A configuration came back after it had been dropped: rank the survivors only.",
                all_compete,
            ),
            Misconception(
                "Those are places among the survivors; give the numbers that the configurations "
                "had at the start.",
                places,
            ),
            Misconception(
                "You dropped one part in `eta` and kept the rest; keep one part, drop the rest.",
                lambda s, e: cut(s, e, same_rung, lambda n, eta: n - n // eta),
            ),
            Misconception(
                "You kept half whatever `eta` is; keep one part in `eta`.",
                lambda s, e: oracle(s, 2),
            ),
            Misconception(
                "You kept `eta` of them; keep one part in `eta`.",
                lambda s, e: cut(s, e, same_rung, min),
            ),
            Misconception(
                "Those are the ones that stop; give the ones that go on.",
                lambda s, e: tuple(
                    [n for n in range(len(s)) if n not in rung] for rung in oracle(s, e)
                ),
            ),
            Misconception(
                "Leave out the start: the first list is for the survivors of rung 1.",
                lambda s, e: (list(range(len(s))), *oracle(s, e)),
            ),
            Misconception(
                "You kept only the best one after the last rung; it is a rung like the others.",
                one_in_the_end,
            ),
            Misconception(
                "You rounded up: of n survivors n // eta go on, and never fewer than one.",
                lambda s, e: cut(s, e, same_rung, lambda n, eta: -(-n // eta)),
            ),
            Misconception(
                "Nobody is left in the end: keep one at least.",
                lambda s, e: cut(s, e, same_rung, lambda n, eta: n // eta),
            ),
            Misconception(
                "These are the right ones, ranked; give their numbers in ascending order.",
                lambda s, e: tuple(
                    sorted(rung, key=lambda n: -s[n, k]) for k, rung in enumerate(oracle(s, e))
                ),
            ),
            Misconception(
                "Give the survivors after every rung, not only after the last.",
                lambda s, e: oracle(s, e)[-1],
            ),
        ],
    )


@exercise("Points of a grid", "One more hyperparameter multiplies the work.")
def grid_points(answer: Callable[..., Any]) -> None:
    """How many trials a grid search over these values runs."""

    def oracle(space: Mapping[str, Sequence[Any]]) -> int:
        return len(list(product(*space.values())))

    def lengths(space):
        return [len(values) for values in space.values()]

    cases = [
        ({"rate": [0.01, 0.1, 1.0], "dropout": [0.0, 0.5]},),
        ({"rate": [0.001, 0.01, 0.1, 1.0], "dropout": [0.0, 0.2, 0.4], "kernels": [8, 16]},),
        ({"optimizer": ["SGD"], "rate": [0.1, 0.2, 0.3], "l2": [0, 1], "batch": [8, 16, 32, 64]},),
        ({"rate": [0.1, 0.2, 0.3, 0.4, 0.5]},),
        ({name: list(range(3)) for name in "abcde"},),
    ]
    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(
                "You added: but every value meets every value of the others.",
                lambda space: sum(lengths(space)),
            ),
            Misconception(
                "You assumed that all have as many values as the first.",
                lambda space: lengths(space)[0] ** len(space),
            ),
            Misconception("That is the number of hyperparameters; count the combinations.", len),
            Misconception(
                "You swapped base and exponent; multiply the numbers of values.",
                lambda space: len(space) ** lengths(space)[0],
            ),
            Misconception(
                "You counted the values of the first only: does your loop return too early?",
                lambda space: lengths(space)[0],
            ),
        ],
    )
