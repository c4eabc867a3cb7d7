"""Checks of the lesson Image classification."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, NotYet, call, compare, exercise, numbers

# ---- A split without leakage ---------------------------------------------------------------------


def _grouped() -> Iterator[tuple[NDArray[np.int64], float]]:
    """The example of the lesson, then groups of unequal size, mixed, with gaps in their numbers."""
    yield np.array([0, 0, 0, 1, 1, 2, 3, 3]), 0.25
    rng = np.random.default_rng(0)
    for names, n, share in [
        ([4, 7, 9, 12, 40], 30, 0.4),
        (range(30), 90, 0.1),
        ([100, 3, 8], 12, 1 / 3),
        (range(5, 25), 200, 0.3),
    ]:
        names = np.array(names)
        sizes = rng.dirichlet(np.full(len(names), 2.0))
        yield rng.permutation(np.append(names, rng.choice(names, n - len(names), p=sizes))), share


@exercise(
    "A split without leakage",
    "Groups are shuffled, pictures follow: nothing is known on one side that the other side asks.",
)
def hold_out(answer: Callable[..., Any]) -> None:
    """A mask of what is held out: whole groups, the right share of them, set by the seed."""
    for groups, share in _grouped():
        for seed in range(3):
            _whole_groups(_mask(answer, groups, share, seed), groups, share, seed)
    _same_seed_same_split(answer)
    _every_group_has_a_chance(answer)


def _case(
    groups: NDArray, share: float, seed: int, *others: tuple[str, str]
) -> list[tuple[str, str]]:
    shown = np.array2string(groups, threshold=30)
    return [("groups", shown), ("share", f"{share:.4g}"), ("seed", str(seed)), *others]


def _mask(
    answer: Callable[..., Any], groups: NDArray, share: float, seed: int
) -> NDArray[np.bool_]:
    """What the answer returns for a case, as True and False; `NotYet` where it is no mask."""
    try:
        got = numbers(call(answer, groups, share, seed))
    except NotYet as fault:
        raise NotYet(fault.message, (*_case(groups, share, seed), *fault.facts)) from None
    facts = _case(groups, share, seed, ("got", np.array2string(got, threshold=30)))
    binary = bool(np.isin(got, (0, 1)).all())
    if got.shape == groups.shape and binary:
        return got.astype(bool)
    if got.shape == groups.shape and np.isin(got, groups).all():
        raise NotYet("These are numbers of groups. Say for each picture: True or False.", facts)
    if got.ndim == 1 and got.size and got.dtype.kind in "iu" and not binary:
        raise NotYet(
            "These look like indices. Return one True or False for each picture: `np.isin` makes "
            "such an array.",
            facts,
        )
    if got.shape == np.unique(groups).shape:
        raise NotYet("That is one value for each group; return one for each picture.", facts)
    raise NotYet(
        f"Return one True (held out) or False for each picture, shape {groups.shape}.", facts
    )


def _whole_groups(mask: NDArray[np.bool_], groups: NDArray, share: float, seed: int) -> None:
    """`NotYet` unless the mask holds out whole groups, and the right number of them."""
    outside, inside = np.unique(groups[mask]), np.unique(groups[~mask])
    facts = _case(groups, share, seed, ("held out", np.array2string(mask, threshold=30)))
    both = np.intersect1d(outside, inside)
    if len(both):
        raise NotYet(
            f"A leak: pictures of group {both[0]} are on both sides. Shuffle and cut the groups "
            "(`np.unique`), not the pictures.",
            facts,
        )
    total = len(outside) + len(inside)
    wanted = share * total
    if abs(len(outside) - wanted) < 1 - 1e-9:
        return
    if not len(outside):
        hint = "Nothing is held out. Are your groups those of `np.unique(groups)`?"
    elif not len(inside):
        hint = "Everything is held out: nothing is left to learn from."
    elif abs(len(inside) - wanted) < 1 - 1e-9:
        hint = "True and False are swapped: True is what is held out."
    elif len(outside) < wanted:
        hint = (
            "These are too few groups. Draw each only once, and from the groups that there are "
            "(`np.unique(groups)`): they need not be called 0, 1, 2."
        )
    else:
        hint = "These are too many groups. Count groups, not pictures."
    raise NotYet(
        hint,
        [
            *facts,
            ("groups to hold out", f"{share:.4g} of {total}: {wanted:.4g}"),
            ("you held out", str(len(outside))),
        ],
    )


def _same_seed_same_split(answer: Callable[..., Any]) -> None:
    groups, share = np.repeat(np.arange(40), 2), 0.25
    first, second = (_mask(answer, groups, share, 7) for _ in range(2))
    if (first != second).any():
        raise NotYet(
            "The same seed gave two different splits. Draw from `np.random.default_rng(seed)`.",
            _case(groups, share, 7),
        )


def _every_group_has_a_chance(answer: Callable[..., Any]) -> None:
    groups, share, seeds = np.repeat([2, 5, 6, 9, 11], [1, 2, 6, 3, 4]), 0.4, range(100, 160)
    masks = [_mask(answer, groups, share, seed) for seed in seeds]
    if (np.all(masks, axis=0) | ~np.any(masks, axis=0)).all():
        raise NotYet(
            "Every seed gives the same split: shuffle the groups.", _case(groups, share, seeds[0])
        )
    splits, names = len(np.unique(masks, axis=0)), np.unique(groups)
    if splits <= len(names):
        raise NotYet(
            f"Only {splits} different splits in {len(seeds)} seeds: some groups always go "
            "together. Draw every group by itself.",
            _case(groups, share, seeds[0]),
        )
    never = groups[~np.any(masks, axis=0)]
    if len(never):
        raise NotYet(
            f"Group {never[0]} was never held out in {len(seeds)} seeds: shuffle the groups.",
            _case(groups, share, seeds[0]),
        )


# ---- An early sign of over-fitting ---------------------------------------------------------------


def _sign(
    loss: NDArray,
    val_loss: NDArray,
    times: int,
    rises: Callable[[float], bool] = lambda step: step > 0,
    falls: Callable[[float], bool] = lambda step: step < 0,
) -> int:
    """The end of the first run of so many bad epochs, one epoch at a time."""
    run = 0
    for epoch in range(2, len(val_loss) + 1):
        step, val_step = (x[epoch - 1] - x[epoch - 2] for x in (loss, val_loss))
        run = run + 1 if rises(val_step) and falls(step) else 0
        if run == times:
            return epoch
    return 0


def _both_rising_skipped(loss: NDArray, val_loss: NDArray, times: int) -> int:
    """A run that an epoch in which both losses rise does not end."""
    run = 0
    for epoch in range(2, len(val_loss) + 1):
        step, val_step = (x[epoch - 1] - x[epoch - 2] for x in (loss, val_loss))
        if val_step <= 0:
            run = 0
        elif step < 0:
            run += 1
        if run == times:
            return epoch
    return 0


def _not_in_a_row(loss: NDArray, val_loss: NDArray, times: int) -> int:
    bad = (np.diff(val_loss) > 0) & (np.diff(loss) < 0)
    reached = np.flatnonzero(np.cumsum(bad) == times)
    return int(reached[0]) + 2 if len(reached) else 0


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


def _stepped(steps: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both losses from their steps.

    Args:
        steps: f: both fall, b: both rise, s: the validation loss rises and the other falls,
            =: the validation loss rises and the other stays.
    """
    moves = {"f": (-0.1, -0.2), "b": (0.1, 0.1), "s": (-0.1, 0.1), "=": (0, 0.1)}
    loss, val_loss = np.cumsum([(1.5, 1.5), *(moves[step] for step in steps)], axis=0).T
    return loss.round(1), val_loss.round(1)


def _histories() -> Iterator[tuple[NDArray, NDArray, int]]:
    """The example of the lesson, others made for one mistake each, then random ones."""
    yield (
        np.array([1.0, 0.7, 0.5, 0.4, 0.3, 0.2]),
        np.array([1.1, 0.8, 0.9, 0.7, 0.75, 0.8]),
        2,
    )
    loss = [0.6, 0.7, 0.8, 0.9, 0.5, 0.4, 0.38, 0.36, 0.34, 0.32, 0.4, 0.5, 0.45, 0.4, 0.3, 0.2]
    val_loss = [1.3, 1.2, 1.1, 1.0, 0.8, 0.9, 0.85, 0.9, 0.85, 0.9, 1, 1.1, 1, 1.05, 1.1, 1.2]
    yield np.array(loss), np.array(val_loss), 3
    yield *_stepped("fbs=sffsss"), 3
    yield *_stepped("fsfssbsffsss"), 3
    down = np.linspace(1, 0.1, 7)
    yield down, down + 0.2, 1
    yield down, np.array([1.0, 0.9, 0.9, 0.9, 0.95, 1.0, 1.2]), 3
    rng = np.random.default_rng(3)
    for times in (2, 1, 3, 4, 2):
        loss = 2 * np.exp(-np.arange(25) / 8) + 0.04 * rng.normal(size=25)
        turn = np.abs(np.arange(25) - 8) / 12
        yield loss, 1 + turn + 0.06 * rng.normal(size=25), times


@exercise("An early sign of over-fitting", "Two curves say it together; one alone could not.")
def early_sign(answer: Callable[..., Any]) -> None:
    """The epoch of the first sign, against a count made epoch by epoch."""
    compare(
        answer,
        lambda loss, val_loss, times: _sign(loss, val_loss, times),
        _histories(),
        [
            Misconception(
                "That is the sign for two rises; ask for `times` of them.",
                lambda loss, val_loss, times: _sign(loss, val_loss, 2),
            ),
            Misconception(
                "Epochs are counted from 1, places in an array from 0.", _moved(lambda times: 1)
            ),
            Misconception(
                "That is the first epoch of the run; return the last one. Before it, nobody can "
                "know that the run will go on.",
                _moved(lambda times: times - 1),
            ),
            Misconception(
                "That is the epoch before the rise; return the one at whose end the rise has "
                "lasted long enough.",
                _moved(lambda times: times),
            ),
            Misconception(
                "You counted single rises together. They must come in a row: start again from 0 "
                "after an epoch without one.",
                _not_in_a_row,
            ),
            Misconception(
                "Look at the training loss, too: where both losses rise, it is not over-fitting "
                "(the learning rate may be too large).",
                lambda *history: _sign(*history, falls=lambda step: True),
            ),
            Misconception(
                "A loss that stays the same has not risen.",
                lambda *history: _sign(*history, rises=lambda step: step >= 0),
            ),
            Misconception(
                "A training loss that stays the same has not fallen.",
                lambda *history: _sign(*history, falls=lambda step: step <= 0),
            ),
            Misconception(
                "An epoch in which both losses rise breaks the row: start again from 0.",
                _both_rising_skipped,
            ),
            Misconception(
                "You compared with the lowest loss so far. Compare each epoch with the one before "
                "it. (Your rule is useful, too: it is the patience of early stopping.)",
                _no_new_best,
            ),
            Misconception(
                "The two losses are swapped.",
                lambda loss, val_loss, times: _sign(val_loss, loss, times),
            ),
            Misconception(
                "You asked for one rise too many: `times` rises take `times` + 1 epochs.",
                lambda loss, val_loss, times: _sign(loss, val_loss, times + 1),
            ),
            Misconception(
                "You stopped one rise too soon: `times` values are one rise fewer.",
                lambda loss, val_loss, times: _sign(loss, val_loss, max(times - 1, 1)),
            ),
            Misconception(
                "That is the epoch of the lowest validation loss.",
                lambda loss, val_loss, times: int(np.argmin(val_loss)) + 1,
            ),
        ],
    )


# ---- Recall of every class -----------------------------------------------------------------------


def _recalls(matrix: NDArray) -> NDArray[np.float64]:
    """Found over present, class by class; NaN where none was present."""
    found = [matrix[k, k] for k in range(len(matrix))]
    present = [sum(int(count) for count in row) for row in matrix]
    return np.array([f / p if p else np.nan for f, p in zip(found, present, strict=True)])


def _precisions(matrix: NDArray) -> NDArray[np.float64]:
    return _recalls(matrix.T)


def _filled(value: float) -> Callable[[NDArray], NDArray]:
    return lambda matrix: np.nan_to_num(_recalls(matrix), nan=value)


def _against_the_rest(matrix: NDArray) -> NDArray[np.float64]:
    """The accuracy of "is it this class or not", for every class."""
    wrong = matrix.sum(axis=0) + matrix.sum(axis=1) - 2 * np.diag(matrix)
    return 1 - wrong / matrix.sum()


def _f1(matrix: NDArray) -> NDArray[np.float64]:
    return 2 * np.diag(matrix) / (matrix.sum(axis=0) + matrix.sum(axis=1))


def _matrices() -> Iterator[tuple[NDArray[np.int64]]]:
    """The example of the lesson, two with an empty class, then random ones of other sizes."""
    yield (np.array([[2, 1, 0], [0, 1, 1], [0, 0, 1]]),)
    yield (np.array([[6, 2, 1], [0, 0, 0], [3, 1, 4]]),)
    yield (np.array([[5, 1, 0], [2, 0, 3], [0, 0, 0]]),)
    rng = np.random.default_rng(4)
    for size, empty in [(4, None), (8, None), (5, 3), (2, 0), (2, None)]:
        matrix = rng.integers(1, 30, (size, size)) + 40 * np.eye(size, dtype=np.int64)
        if empty is not None:
            matrix[empty] = 0
        yield (matrix,)


@exercise("Recall of every class", "And where no picture of a class was there, you claim nothing.")
def recall_per_class(answer: Callable[..., Any]) -> None:
    """The recall of every class, NaN without pictures, against counts made one by one."""
    compare(
        answer,
        _recalls,
        _matrices(),
        [
            Misconception(
                "You divided by the columns, by what was *called* so: that is the precision. "
                "Divide by the rows.",
                _precisions,
            ),
            Misconception(
                "A class without pictures has no recall: NaN, not 0. A 0 would say that the "
                "network missed some.",
                _filled(0),
            ),
            Misconception(
                "A class without pictures has no recall: NaN, not 1. Nothing was found, because "
                "nothing was there.",
                _filled(1),
            ),
            Misconception(
                "A class of which nothing was found has a recall of 0. NaN is for a class of which "
                "there was no picture.",
                lambda m: np.where(np.diag(m) > 0, _recalls(m), np.nan),
            ),
            Misconception(
                "You divided by the number of all pictures; divide by those of the class.",
                lambda m: np.diag(m) / m.sum(),
            ),
            Misconception(
                "You divided by all right answers; divide by the pictures of the class.",
                lambda m: np.diag(m) / np.trace(m),
            ),
            Misconception(
                "These are counts; divide each by the pictures of its class.", lambda m: np.diag(m)
            ),
            Misconception(
                "That is the accuracy, one number. Return one for every class.",
                lambda m: np.trace(m) / m.sum(),
            ),
            Misconception("That is the share of mistakes.", lambda m: 1 - _recalls(m)),
            Misconception("That is F1, which mixes recall and precision.", _f1),
            Misconception(
                "That is the accuracy of *is it this class or not*. It counts the right "
                "rejections, too; recall asks only the pictures of the class.",
                _against_the_rest,
            ),
            Misconception(
                "You left out the class without pictures: give it NaN, so that every class keeps "
                "its place.",
                lambda m: _recalls(m)[m.sum(axis=1) > 0],
            ),
        ],
    )
