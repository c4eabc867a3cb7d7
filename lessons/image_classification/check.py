"""Checks of the lesson Image classification."""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.checks import Exercise, NotYet, call, numbers, shown, together

# ---- A split without leakage ---------------------------------------------------------------------

Split = tuple[NDArray, float, int]

SPLITS = [
    (np.array([0, 0, 0, 1, 1, 2, 3, 3]), 0.25, 0),
    (np.array([4, 9, 4, 7, 2, 9]), 0.4, 1),
    (np.array([4, 9, 4, 7, 2, 9]), 0.1, 2),
    (np.array([250, 7, 250, 7, 99]), 0.1, 3),
    (np.array([5, 5, 5]), 0.8, 4),
    (np.array([30_000]), 0.3, 5),
]
COUNTS: dict[str, Callable[[int, int, float], int]] = {
    "`True` and `False` are swapped: `True` means held out.": (
        lambda groups, pictures, share: groups - round(share * groups)
    ),
    "You cut the number off; `round` gives the nearest one.": (
        lambda groups, pictures, share: math.floor(share * groups + 1e-9)
    ),
    "You rounded up; `round` gives the nearest number.": (
        lambda groups, pictures, share: math.ceil(share * groups - 1e-9)
    ),
    "That is the share of all pictures; take it of the groups.": (
        lambda groups, pictures, share: min(groups, round(share * pictures))
    ),
    "A slice `[-k:]` is everything when k is 0; `[:k]` is then nothing.": (
        lambda groups, pictures, share: round(share * groups) or groups
    ),
}
"""What hint is true of how many of so many groups are held out."""
SEEDS = 200
FAR = 6 * math.sqrt(0.25 / SEEDS)
"""So far is a share of the seeds never from what is expected by chance."""


def _drawn_split(rng: np.random.Generator) -> Split:
    """Groups of any numbers and sizes, mixed; the share of them never lies between two numbers."""
    names = rng.choice(255, rng.integers(1, 10), replace=False).astype(rng.choice(["i8", "u1"]))
    groups = rng.permutation(np.append(names, rng.choice(names, rng.integers(20))))
    count = rng.integers(len(names) + 1) + rng.uniform(-0.4, 0.4)
    return groups, round(float(np.clip(count / len(names), 0, 1)), 4), int(rng.integers(10_000))


def _facts(groups: NDArray, share: float, seed: int) -> list[tuple[str, str]]:
    return [("groups", shown(groups)), ("share", f"{share}"), ("seed", f"{seed}")]


def _mask(answer: Any, groups: NDArray, share: float, seed: int) -> NDArray[np.bool_]:
    """What the answer holds out, whole groups; `NotYet` where it is no mask."""
    try:
        mask = numbers(call(answer, groups, share, seed))
        _holds_whole_groups(mask, groups)
    except NotYet as fault:
        fault.facts = (*_facts(groups, share, seed), *fault.facts)
        raise
    return mask


def _holds_whole_groups(mask: NDArray, groups: NDArray) -> None:
    if mask.shape == groups.shape and np.isin(mask, (0, 1)).all() and mask.dtype != bool:
        raise NotYet(
            "These are numbers. Return True and False: as an index, 0 means the first picture.",
            [("got", shown(mask))],
        )
    if mask.shape != groups.shape or mask.dtype != bool:
        raise NotYet(
            f"Return one True or False for each picture, shape {groups.shape}. "
            "`np.isin(groups, chosen)` makes it from the groups that you chose.",
            [("got", shown(mask))],
        )
    both = np.intersect1d(groups[mask], groups[~mask])
    if len(both):
        raise NotYet(
            f"A leak: pictures of group {both[0]} are on both sides. Choose groups first, then "
            "hold out all pictures of these.",
            [("got", shown(mask))],
        )


def _counted(answer: Any, rng: np.random.Generator) -> None:
    """The right number of groups is held out, in every case."""
    cases = [*SPLITS, *(_drawn_split(rng) for _ in range(12))]
    tried = []
    for groups, share, seed in cases:
        mask, total = _mask(answer, groups, share, seed), len(np.unique(groups))
        tried.append((len(np.unique(groups[mask])), (total, len(groups), share)))
    for (held, (total, _, share)), case in zip(tried, cases, strict=True):
        right = round(share * total)
        if held != right:
            named = (
                hint for hint, count in COUNTS.items() if all(count(*s) == n for n, s in tried)
            )
            hint = next(named, None)
            wanted = f"{share:.4g} of {total}, rounded, is {right}"
            said = f"You hold out {held} of {total} groups; {wanted}."
            if not hint and held < right:
                said += " Does every group that you draw exist, and is each drawn only once?"
            raise NotYet(said, _facts(*case), hint)


def _set_by_the_seed(answer: Any, rng: np.random.Generator) -> None:
    groups, before = np.repeat(np.arange(40), 2), np.random.get_state()[1]
    for seed in (0, int(rng.integers(1, 1000))):
        first, second = (_mask(answer, groups, 0.25, seed) for _ in range(2))
        if (first != second).any():
            raise NotYet(
                "The same seed gave two different splits. Draw from `np.random.default_rng(seed)`.",
                _facts(groups, 0.25, seed),
            )
    if (before != np.random.get_state()[1]).any():
        raise NotYet(
            "Your function seeds the generator that all of NumPy shares. Draw from one of your "
            "own: `np.random.default_rng(seed)`."
        )


def _left_to_chance(answer: Any, rng: np.random.Generator) -> None:
    """Every group is held out as often as every other one, and with every other one."""
    names, sizes, start = np.array([2, 5, 6, 9]), [1, 17, 2, 3], int(rng.integers(1000))
    groups = rng.permutation(np.repeat(names, sizes))
    seeds = range(start, start + SEEDS)
    masks = np.array([_mask(answer, groups, 0.5, seed) for seed in seeds])
    facts = _facts(groups, 0.5, start)
    held = np.array([masks[:, groups == name].all(axis=1) for name in names]).T
    if (held == held[0]).all():
        raise NotYet("Every seed gives the same split: shuffle the groups.", facts)
    share = held.mean(axis=0)
    worst = np.abs(share - 0.5).argmax()
    if abs(share[worst] - 0.5) > FAR:
        raise NotYet(
            f"Group {names[worst]} was held out with {share[worst]:.0%} of {SEEDS} seeds; by "
            "chance it would be half of them. Each group has to stand once in what you draw from, "
            "as in `np.unique(groups)`.",
            facts,
        )
    pairs = together(held) + np.eye(4) / 3 - np.eye(4)
    one, other = np.unravel_index(np.abs(pairs - 1 / 3).argmax(), pairs.shape)
    if abs(pairs[one, other] - 1 / 3) > FAR:
        raise NotYet(
            f"Groups {names[one]} and {names[other]} were on one side with {pairs[one, other]:.0%} "
            f"of {SEEDS} seeds; by chance it would be a third. Draw every group by itself.",
            facts,
        )


def _splits_well(answer: Any, rng: np.random.Generator) -> None:
    _counted(answer, rng)
    _set_by_the_seed(answer, rng)
    _left_to_chance(answer, rng)


hold_out = Exercise(
    title="A split without leakage",
    outcome="find out",
    praise="Groups are shuffled, pictures follow: nothing is known on one side that the other side "
    "asks.",
    nudge="If you shuffle pictures, one thing can land on both sides. What do you shuffle instead?",
    hint="`np.unique` names every group once. Shuffle these names, keep the first of them, as many "
    "as the share asks for, and let `np.isin` mark their pictures.",
    test=_splits_well,
)

# ---- An early sign of over-fitting ---------------------------------------------------------------


def _sign(
    loss: NDArray,
    val_loss: NDArray,
    times: int,
    bad: Callable[[float, float], bool] = lambda step, val_step: val_step > 0 and step < 0,
    ends: Callable[[float, float], bool] = lambda step, val_step: True,
) -> int:
    """The end of the first run of so many bad epochs, one epoch at a time.

    Args:
        bad: whether an epoch counts, of the steps of the two losses.
        ends: whether an epoch that does not count ends the run.
    """
    run = 0
    for epoch in range(2, len(val_loss) + 1):
        steps = [float(x[epoch - 1]) - float(x[epoch - 2]) for x in (loss, val_loss)]
        run = run + 1 if bad(*steps) else 0 if ends(*steps) else run
        if run == times:
            return epoch
    return 0


def _no_new_best(loss: NDArray, val_loss: NDArray, times: int) -> int:
    """Patience: the first epoch that ends so many epochs without a new lowest loss."""
    best, waited = np.inf, 0
    for epoch, value in enumerate(val_loss, 1):
        best, waited = (value, 0) if value < best else (best, waited + 1)
        if waited == times:
            return epoch
    return 0


def _moved(by: Callable[[int], int]) -> Callable[..., int]:
    """The right epoch, moved, but for 0, which says that there is none."""

    def function(loss, val_loss, times):
        epoch = _sign(loss, val_loss, times)
        return epoch - by(times) if epoch else 0

    return function


def _with(**rules: Callable[[float, float], bool]) -> Callable[..., int]:
    return lambda *history: _sign(*history, **rules)


MOVES = list(product([-1, 1, 0], repeat=2))
"""Whether the training loss and the validation loss fall, rise or stay."""
BAD, FALL = (-1, 1), (-1, -1)
LEAD = [FALL, (1, 2), (1, 2), (1, 2), FALL]
"""What is no sign, but to somebody who looks at one loss, or at the gap."""


def _history(moves: ArrayLike, start: float = 1.5, step: float = 0.1) -> list[NDArray]:
    """Both losses from their moves."""
    return list((start + step * np.cumsum([(0, 0), *moves], axis=0)).round(6).T)


def _drawn_history(rng: np.random.Generator) -> tuple[NDArray, NDArray, int]:
    """A third of the moves are bad ones; steps may be tiny, and the losses large."""
    moves = [BAD if rng.random() < 0.3 else MOVES[rng.integers(9)] for _ in range(rng.integers(16))]
    sizes = rng.integers(1, 5, (len(moves), 2))
    start, step = float(rng.choice([3.5, 20_000])), float(rng.choice([0.1, 1e-4]))
    return *_history(np.reshape(moves, (-1, 2)) * sizes, start, step), int(rng.integers(1, 4))


early_sign = Exercise(
    title="An early sign of over-fitting",
    outcome="recognize",
    praise="Two curves say it together; one alone could not.",
    nudge="Go from epoch to epoch with a counter. When does it go up by 1, and when does it start "
    "again from 0?",
    hint="Begin with the second epoch, and compare both losses with those of the epoch before. If "
    "the validation loss is larger and the training loss smaller, add 1 to the counter; in every "
    "other case set it to 0. Places in an array count from 0, epochs from 1.",
    oracle=lambda loss, val_loss, times: _sign(loss, val_loss, times),
    cases=[
        (
            np.array([1.0, 0.7, 0.5, 0.4, 0.3, 0.2]),
            np.array([1.1, 0.8, 0.9, 0.7, 0.75, 0.8]),
            2,
        ),
        (np.array([1.0, 0.9]), np.array([1.0, 1.1]), 1),
        (np.array([1.0]), np.array([1.2]), 1),
        (np.array([0.5, 0.4, 0.9]), np.array([1.0, 1.1, 0.9]), 1),
        *((*_history([BAD, move, BAD, FALL]), 2) for move in MOVES),
        *((*_history([*LEAD, move, BAD, move, BAD, BAD]), 3) for move in MOVES),
        (*_history([FALL] * 3 + [BAD] * 4), 4),
        (*_history([BAD] * 3 + [(1, -1)] * 4), 3),
    ],
    legal=_drawn_history,
    draws=40,
    misconceptions={
        "Epochs are counted from 1, places in an array from 0.": _moved(lambda times: 1),
        "The sign is complete at the end of the run: before its last epoch, nobody can know that "
        "the run will go on.": (_moved(lambda times: times - 1), _moved(lambda times: times)),
        "You counted rises that do not follow each other: start again from 0 after an epoch "
        "without one.": _with(ends=lambda step, val_step: False),
        "You compared with the lowest loss so far. Compare each epoch with the one before it. "
        "(Your rule is useful, too: it is the patience of early stopping.)": _no_new_best,
        "You count epochs in which both losses rise; there the cause is another one. The training "
        "loss has to fall.": _with(bad=lambda step, val_step: val_step > 0),
        "A loss that stays the same has neither risen nor fallen.": (
            _with(bad=lambda step, val_step: val_step >= 0 and step < 0),
            _with(bad=lambda step, val_step: val_step > 0 and step <= 0),
            _with(bad=lambda step, val_step: val_step >= 0 and step <= 0),
        ),
        "Some epochs leave your counter as it is. Every epoch that does not count ends the run: "
        "start again from 0.": (
            _with(ends=lambda step, val_step: val_step < 0),
            _with(ends=lambda step, val_step: val_step <= 0),
            _with(ends=lambda step, val_step: val_step < 0 or step > 0),
            _with(ends=lambda step, val_step: val_step <= 0 and step >= 0),
        ),
        "You ask for another number of rises: `times` of them, no more and no fewer.": (
            lambda loss, val_loss, times: _sign(loss, val_loss, 2),
            lambda loss, val_loss, times: _sign(loss, val_loss, times + 1),
            lambda loss, val_loss, times: _sign(loss, val_loss, max(times - 1, 1)),
        ),
    },
    whole=True,
)

# ---- Recall of every class -----------------------------------------------------------------------


def _recalls(matrix: NDArray) -> NDArray[np.float64]:
    """Found over present, class by class; NaN where none was present."""
    rows = [(row[k], sum(row)) for k, row in enumerate(matrix.tolist())]
    return np.array([found / present if present else np.nan for found, present in rows])


def _against_the_rest(matrix: NDArray) -> NDArray[np.float64]:
    """The accuracy of "is it this class or not", for every class."""
    wrong = matrix.sum(axis=0) + matrix.sum(axis=1) - 2 * np.diag(matrix)
    return 1 - wrong / matrix.sum()


def _matrix(rng: np.random.Generator) -> tuple[NDArray]:
    """Counts of any size; some classes have no pictures, are never called, or never found."""
    size = int(rng.integers(1, 7))
    matrix = rng.integers(0, rng.choice([3, 30, 10_000]), (size, size))
    matrix[rng.random(size) < 0.2] = 0
    matrix[:, rng.random(size) < 0.2] = 0
    return (matrix,)


recall_per_class = Exercise(
    title="Recall of every class",
    outcome="judge",
    praise="And where no picture of a class was there, you claim nothing.",
    nudge="Which cell of a row counts the pictures that were found? How many pictures of that "
    "class were there?",
    hint="The diagonal holds what was found, and the sum of a row is how many there were. Divide "
    "one by the other; where that sum is 0, put `np.nan`.",
    oracle=lambda matrix: _recalls(matrix),
    cases=[
        (np.array([[3, 1], [0, 0]]),),
        (np.array([[2, 1, 0], [0, 1, 1], [0, 0, 1]]),),
        (np.array([[3, 0], [2, 0]]),),
        (np.array([[5, 1, 0], [2, 0, 3], [0, 0, 0]]),),
        (np.array([[0]]),),
        (np.array([[7]]),),
        (np.array([[0, 4], [9_999, 1]]),),
    ],
    legal=_matrix,
    misconceptions={
        "You divided by the columns, by what was *called* so: that is the precision. Divide by the "
        "rows.": (
            lambda m: _recalls(m.T),
            lambda m: np.nan_to_num(_recalls(m.T)),
            lambda m: np.where(m.any(axis=1), np.nan_to_num(_recalls(m.T)), np.nan),
        ),
        "A class without pictures has no recall: NaN, and no number. A 0 would say that the "
        "network missed some, a 1 that it found them all.": (
            lambda m: np.nan_to_num(_recalls(m)),
            lambda m: np.nan_to_num(_recalls(m), nan=1),
        ),
        "A class of which nothing was found has a recall of 0. NaN is for a class of which there "
        "was no picture.": (
            lambda m: np.where(np.diag(m) > 0, _recalls(m), np.nan),
            lambda m: np.where(m.any(axis=0), _recalls(m), np.nan),
        ),
        "You left out the class without pictures: give it NaN, so that every class keeps its "
        "place.": lambda m: _recalls(m)[m.any(axis=1)],
        "Divide by the pictures of the class, not by all pictures or all right answers.": (
            lambda m: np.diag(m) / m.sum(),
            lambda m: np.diag(m) / np.trace(m),
        ),
        "These are counts; divide each by the pictures of its class.": np.diag,
        "That is the accuracy, one number. Return one for every class.": (
            lambda m: np.trace(m) / m.sum()
        ),
        "That is the accuracy of *is it this class or not*. It counts the right rejections, too; "
        "recall asks only the pictures of the class.": _against_the_rest,
    },
)
