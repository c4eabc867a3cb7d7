"""Image classification: right answers of unusual form, and wrong ones such as students write."""

import math
import random

import numpy as np
import pytest

from lessons.image_classification import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def holding(choose):
    """Holds out the groups that `choose` takes, of (names, share, generator, groups)."""
    return lambda groups, share, seed: np.isin(
        groups, choose(np.unique(groups), share, np.random.default_rng(seed), groups)
    )


def first(number):
    """The first so many groups of a shuffled list."""
    return holding(lambda names, p, rng, groups: rng.permutation(names)[: number(p * len(names))])


split = first(round)


def in_loops(groups, share, seed):
    names = sorted(set(groups.tolist()))
    random.Random(seed).shuffle(names)
    return [group in names[: round(share * len(names))] for group in groups]


def pictures_shuffled(groups, share, seed):
    return np.random.default_rng(seed).permutation(len(groups)) < round(share * len(groups))


def until_enough_pictures(names, share, rng, groups):
    order = rng.permutation(names)
    sizes = np.cumsum([(groups == name).sum() for name in order])
    return order[: np.searchsorted(sizes, share * len(groups)) + 1]


def large_first(names, share, rng, groups):
    return list(dict.fromkeys(rng.permutation(groups).tolist()))[: round(share * len(names))]


def halves_apart(names, share, rng, groups):
    half, number = len(names) // 2, round(share * len(names))
    low, high = rng.permutation(names[:half]), rng.permutation(names[half:])
    some = max(min(half, number // 2), number - len(high))
    return [*low[:some], *high[: number - some]]


def of_the_old_generator(groups, share, seed):
    np.random.seed(seed)
    names = np.unique(groups)
    return np.isin(groups, np.random.permutation(names)[: round(share * len(names))])


def walk(counts, resets=lambda val_step, step: True, start=1):
    """A counter in a loop over epochs; the rules speak of the steps of both losses."""

    def answer(loss, val_loss, times):
        run = 0
        for epoch in range(start, len(loss)):
            steps = val_loss[epoch] - val_loss[epoch - 1], loss[epoch] - loss[epoch - 1]
            run = run + 1 if counts(*steps) else 0 if resets(*steps) else run
            if run == times:
                return epoch + 1
        return 0

    return answer


def alone(val_step, step):
    return val_step > 0 and step < 0


sign = walk(alone)


def of_text(loss, val_loss, times):
    steps = zip(loss, loss[1:], val_loss, val_loss[1:], strict=False)
    marks = "".join("x" if b < a and d > c else "." for a, b, c, d in steps)
    return marks.find("x" * times) + times + 1 if "x" * times in marks else 0


def far(a, b, t):
    return next((e + 1 for e in range(t, len(b)) if b[e] > b[e - t] and a[e] < a[e - t]), 0)


def recalls(matrix):
    return np.diag(matrix) / matrix.sum(axis=1)


test_right_in_another_way = accepted({
    "loops": (check.hold_out, in_loops),
    "choice": (check.hold_out, holding(lambda n, p, rng, g: rng.choice(n, round(p * len(n)), False))),
    "text": (check.early_sign, of_text),
    "a warning": (check.recall_per_class, recalls),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "pictures": (check.hold_out, pictures_shuffled, "A leak: pictures of group"),
    "always the first": (check.hold_out, holding(lambda n, p, rng, g: n[: round(p * len(n))]), "same split"),
    "neighbors": (
        check.hold_out, holding(lambda n, p, rng, g: np.roll(n, rng.integers(99))[: round(p * len(n))]),
        "were on one side with 0%"),
    "halves apart": (check.hold_out, holding(halves_apart), "were on one side with 0%"),
    "large first": (check.hold_out, holding(large_first), "Each group has to stand once"),
    "one bit of the seed": (check.hold_out, lambda g, p, s: split(g, p, s % 2), "held out with 100%"),
    "no seed": (check.hold_out, lambda g, p, s: split(g, p, None), "two different splits"),
    "no seed for 0": (check.hold_out, lambda g, p, s: split(g, p, s or None), "two different splits"),
    "old generator": (check.hold_out, of_the_old_generator, "all of NumPy shares"),
    "cut off": (check.hold_out, first(int), "You cut the number off"),
    "rounded up": (check.hold_out, first(math.ceil), "You rounded up"),
    "share of the pictures": (
        check.hold_out, holding(lambda n, p, rng, g: rng.permutation(n)[: round(p * len(g))]),
        "the share of all pictures"),
    "the last k": (
        check.hold_out, holding(lambda n, p, rng, g: rng.permutation(n)[-round(p * len(n)) :]), "`[-k:]`"),
    "enough pictures": (check.hold_out, holding(until_enough_pictures), "is 1."),
    "a coin": (check.hold_out, holding(lambda n, p, rng, g: n[rng.random(len(n)) < p]), "is 1."),
    "at least one": (check.hold_out, first(lambda k: max(1, round(k))), "1 of 4 groups"),
    "with replacement": (
        check.hold_out, holding(lambda n, p, rng, g: rng.choice(n, round(p * len(n)))), "only once?"),
    "from 0 on": (
        check.hold_out, holding(lambda n, p, rng, g: rng.permutation(len(n))[: round(p * len(n))]),
        "Does every group that you draw exist"),
    "indices": (check.hold_out, lambda *case: np.flatnonzero(split(*case)), "for each picture, shape (8,)"),
    "names": (check.hold_out, lambda g, p, s: np.unique(g[split(g, p, s)]), "for each picture, shape (8,)"),
    "0 and 1": (check.hold_out, lambda *case: split(*case).astype(int), "0 means the first picture"),
    "an equal loss keeps the run": (
        check.early_sign, walk(alone, lambda dv, d: dv < 0 or d > 0), "Every epoch that does not count"),
    "a small rise is none": (check.early_sign, walk(lambda dv, d: dv > 1e-3 and d < 0), None),
    "either of them": (check.early_sign, walk(lambda dv, d: dv > 0 or d < 0), None),
    "epoch 0 and the last": (check.early_sign, walk(alone, start=0), None),
    "against the epoch so many before": (check.early_sign, far, None),
    "never": (check.early_sign, lambda a, b, t: 0, None),
    "the last where none": (check.early_sign, lambda a, b, t: sign(a, b, t) or len(a), None),
    "a float": (check.early_sign, lambda *case: float(sign(*case)), "cannot index or count"),
    "at least 1": (check.recall_per_class, lambda m: np.diag(m) / np.maximum(m.sum(1), 1), "and no number"),
    "never called": (
        check.recall_per_class, lambda m: np.where(m.sum(0) * m.sum(1) > 0, recalls(m), np.nan),
        "has a recall of 0"),
    "rounded": (check.recall_per_class, lambda m: recalls(m).round(3), None),
    "largest of the row": (check.recall_per_class, lambda m: m.max(axis=1) / m.sum(axis=1), None),
})  # fmt: skip
