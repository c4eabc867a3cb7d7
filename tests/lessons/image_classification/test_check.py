"""Image classification: other right answers, and the hint for each named misconception."""

import random

import numpy as np
import pytest

from lessons.image_classification import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow

# ---- A split without leakage


def split(groups, share, seed, count=round):
    """The lesson's way, with another rounding of the number of groups."""
    names = np.unique(groups)
    order = np.random.default_rng(seed).permutation(names)
    return np.isin(groups, order[: count(share * len(names))])


def split_in_loops(groups, share, seed):
    """Python's own shuffle, sets and lists."""
    names = sorted(set(groups.tolist()))
    random.Random(seed).shuffle(names)
    chosen = set(names[: int(share * len(names))])
    return [group in chosen for group in groups]


def with_choice(groups, share, seed):
    np.random.seed(seed)
    names = np.unique(groups)
    chosen = np.random.choice(names, round(share * len(names)), replace=False)
    return (groups[:, None] == chosen).any(axis=1)


def by_rank(groups, share, seed):
    """A random number for each group; the smallest are held out."""
    names, number = np.unique(groups, return_inverse=True)
    rank = np.random.default_rng(seed).random(len(names)).argsort().argsort()
    return (rank < round(share * len(names)))[number]


def pictures_shuffled(groups, share, seed):
    mask = np.zeros(len(groups), bool)
    mask[np.random.default_rng(seed).permutation(len(groups))[: round(share * len(groups))]] = True
    return mask


def first_groups(groups, share, seed):
    names = np.unique(groups)
    return np.isin(groups, names[: round(share * len(names))])


def never_the_last(groups, share, seed):
    names = np.unique(groups)
    order = np.random.default_rng(seed).permutation(names[:-1])
    return np.isin(groups, order[: round(share * len(names))])


def unseeded(groups, share, seed):
    return split(groups, share, None)


def pictures_counted(groups, share, seed):
    """Groups until they hold that share of the pictures."""
    order = np.random.default_rng(seed).permutation(np.unique(groups))
    sizes = np.cumsum([(groups == name).sum() for name in order])
    return np.isin(groups, order[: np.searchsorted(sizes, share * len(groups)) + 1])


def with_replacement(groups, share, seed):
    names = np.unique(groups)
    drawn = np.random.default_rng(seed).choice(names, round(share * len(names)))
    return np.isin(groups, drawn)


def numbered_from_zero(groups, share, seed):
    count = len(np.unique(groups))
    order = np.random.default_rng(seed).permutation(count)
    return np.isin(groups, order[: round(share * count)])


def neighbors_together(groups, share, seed):
    """Groups one after the other, from a random start."""
    names = np.unique(groups)
    order = np.roll(names, np.random.default_rng(seed).integers(len(names)))
    return np.isin(groups, order[: round(share * len(names))])


def contiguous(groups, share, seed):
    """Rolled around by a random start: every group is held out at times."""
    mask = np.zeros(len(groups), bool)
    mask[: round(share * len(groups))] = True
    return np.roll(mask, np.random.default_rng(seed).integers(len(groups)))


# ---- An early sign of over-fitting


def sign(loss, val_loss, times):
    bad = (np.diff(val_loss) > 0) & (np.diff(loss) < 0)
    for end in range(times, len(bad) + 1):
        if bad[end - times : end].all():
            return end + 1
    return 0


def sign_with_windows(loss, val_loss, times):
    bad = (np.diff(val_loss) > 0) & (np.diff(loss) < 0)
    runs = np.lib.stride_tricks.sliding_window_view(bad, times).all(axis=1)
    return int(runs.argmax()) + times + 1 if runs.any() else 0


def sign_of_text(loss, val_loss, times):
    """A search in a string of marks."""
    steps = zip(loss, loss[1:], val_loss, val_loss[1:], strict=False)
    marks = "".join("x" if b < a and d > c else "." for a, b, c, d in steps)
    return marks.find("x" * times) + times + 1 if "x" * times in marks else 0


def moved(by):
    def answer(loss, val_loss, times):
        epoch = sign(loss, val_loss, times)
        return epoch - by(times) if epoch else 0

    return answer


def in_all(loss, val_loss, times):
    bad = (np.diff(val_loss) > 0) & (np.diff(loss) < 0)
    ends = np.flatnonzero(bad.cumsum() == times)
    return ends[0] + 2 if len(ends) else 0


def patience(loss, val_loss, times):
    for epoch in range(1, len(val_loss) + 1):
        if epoch - 1 - int(np.argmin(val_loss[:epoch])) >= times:
            return epoch
    return 0


def not_strict(loss, val_loss, times):
    bad = (np.diff(val_loss) >= 0) & (np.diff(loss) < 0)
    return next((e + 1 for e in range(times, len(bad) + 1) if bad[e - times : e].all()), 0)


def training_may_stay(loss, val_loss, times):
    bad = (np.diff(val_loss) > 0) & (np.diff(loss) <= 0)
    return next((e + 1 for e in range(times, len(bad) + 1) if bad[e - times : e].all()), 0)


def both_rising_skipped(loss, val_loss, times):
    """Leaves the epochs out in which both losses rise, and looks for a row in what remains."""
    run, steps = 0, zip(np.diff(loss), np.diff(val_loss), strict=True)
    for epoch, (step, val_step) in enumerate(steps, 2):
        run = 0 if val_step <= 0 else run + (step < 0)
        if run == times:
            return epoch
    return 0


def without_training(loss, val_loss, times):
    return sign(-np.arange(len(loss)), val_loss, times)


# ---- Recall of every class


def recalls(matrix):
    was = matrix.sum(axis=1)
    return np.where(was > 0, np.diag(matrix) / np.maximum(was, 1), np.nan)


def recalls_in_loops(matrix):
    return [
        row[k] / sum(row) if sum(row) else float("nan") for k, row in enumerate(matrix.tolist())
    ]


def recalls_expanded(matrix):
    """From single answers, as scikit-learn would take them."""
    labels, said = np.repeat(np.argwhere(matrix >= 0), matrix.ravel(), axis=0).T
    return [np.mean(said[labels == k] == k) for k in range(len(matrix))]


RIGHT = {
    "unique and isin": (check.hold_out, split),
    "rounded up": (check.hold_out, lambda *case: split(*case, count=lambda x: int(np.ceil(x - 1e-9)))),
    "loops and sets": (check.hold_out, split_in_loops),
    "the old generator": (check.hold_out, with_choice),
    "ranks": (check.hold_out, by_rank),
    "zeros and ones": (check.hold_out, lambda *case: split(*case).astype(np.int8)),
    "zeros and ones as floats": (check.hold_out, lambda *case: split(*case).astype(np.float32)),
    "runs": (check.early_sign, sign),
    "windows": (check.early_sign, sign_with_windows),
    "text": (check.early_sign, sign_of_text),
    "a float": (check.early_sign, lambda *case: float(sign(*case))),
    "an array of one number": (check.early_sign, lambda *case: np.array(sign(*case))),
    "where": (check.recall_per_class, recalls),
    "loops": (check.recall_per_class, recalls_in_loops),
    "single answers": (check.recall_per_class, recalls_expanded),
    "a warning": (check.recall_per_class, lambda m: np.diag(m) / m.sum(axis=1)),
    "float32": (check.recall_per_class, lambda m: recalls(m).astype(np.float32)),
    "divide": (
        check.recall_per_class,
        lambda m: np.divide(np.diag(m), m.sum(1), out=np.full(len(m), np.nan), where=m.sum(1) > 0)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "pictures shuffled": (check.hold_out, pictures_shuffled, "A leak: pictures of group"),
    "contiguous pictures": (check.hold_out, contiguous, "A leak: pictures of group"),
    "always the first groups": (check.hold_out, first_groups, "Every seed gives the same split"),
    "never the last group": (check.hold_out, never_the_last, "was never held out"),
    "neighbors always together": (check.hold_out, neighbors_together, "Draw every group by itself"),
    "one bit of the seed": (
        check.hold_out, lambda g, p, s: split(g, p, s % 2), "Only 2 different splits"),
    "without a seed": (check.hold_out, unseeded, "The same seed gave two different splits"),
    "share of the pictures": (check.hold_out, pictures_counted, "Count groups, not pictures"),
    "with replacement": (check.hold_out, with_replacement, "Draw each only once"),
    "groups from 0 on": (check.hold_out, numbered_from_zero, "they need not be called 0, 1, 2"),
    "swapped": (check.hold_out, lambda *case: ~split(*case), "True and False are swapped"),
    "nothing": (check.hold_out, lambda g, p, s: np.zeros(len(g), bool), "Nothing is held out"),
    "everything": (check.hold_out, lambda g, p, s: np.ones(len(g), bool), "Everything is held out"),
    "indices": (check.hold_out, lambda *case: np.flatnonzero(split(*case)), "indices"),
    "all indices": (
        check.hold_out, lambda g, p, s: np.random.default_rng(s).permutation(len(g)), "indices"),
    "chosen groups": (
        check.hold_out, lambda g, p, s: np.unique(g[split(g, p, s)]) + 50, "indices"),
    "one value for each group": (
        check.hold_out, lambda g, p, s: np.unique(g) == g[split(g, p, s)][0], "one for each picture"),
    "groups themselves": (check.hold_out, lambda g, p, s: np.where(split(g, p, s), g, 2), "numbers of groups"),
    "two arrays": (check.hold_out, lambda *case: (split(*case), ~split(*case)), "one True"),
    "parts": (
        check.hold_out,
        lambda *case: (np.flatnonzero(~split(*case)), np.flatnonzero(split(*case))), "array of numbers"),
    "text": (check.hold_out, lambda g, p, s: ["train"] * len(g), "should hold numbers"),
    "from 0": (check.early_sign, moved(lambda times: 1), "counted from 1"),
    "first of the run": (check.early_sign, moved(lambda times: times - 1), "the first epoch of the run"),
    "before the rise": (check.early_sign, moved(lambda times: times), "the epoch before the rise"),
    "not in a row": (check.early_sign, in_all, "They must come in a row"),
    "validation alone": (check.early_sign, without_training, "Look at the training loss"),
    "equal is a rise": (check.early_sign, not_strict, "has not risen"),
    "patience": (check.early_sign, patience, "the lowest loss so far"),
    "swapped losses": (check.early_sign, lambda a, b, t: sign(b, a, t), "swapped"),
    "one too many": (check.early_sign, lambda a, b, t: sign(a, b, t + 1), "one rise too many"),
    "one too few": (check.early_sign, lambda a, b, t: sign(a, b, max(t - 1, 1)), "one rise too soon"),
    "lowest": (check.early_sign, lambda a, b, t: int(np.argmin(b)) + 1, "the epoch of the lowest"),
    "last sign": (
        check.early_sign,
        lambda a, b, t: max([sign(a[:n], b[:n], t) for n in range(2, len(a))]), "differ"),
    "only two": (check.early_sign, lambda a, b, t: sign(a, b, 2), "the sign for two rises"),
    "training loss may stay": (check.early_sign, training_may_stay, "has not fallen"),
    "both rising skipped": (check.early_sign, both_rising_skipped, "breaks the row"),
    "against the epoch so many before": (
        check.early_sign,
        lambda a, b, t: next((e + 1 for e in range(t, len(b)) if b[e] > b[e - t] and a[e] < a[e - t]), 0),
        "differ"),
    "never": (check.early_sign, lambda a, b, t: 0, "differ"),
    "None where there is none": (check.early_sign, lambda *case: sign(*case) or None, "returned None"),
    "all epochs": (
        check.early_sign, lambda a, b, t: np.flatnonzero(np.diff(b) > 0) + 2, "shape differs"),
    "columns": (check.recall_per_class, lambda m: np.diag(m) / m.sum(axis=0), "that is the precision"),
    "0 for nothing": (check.recall_per_class, lambda m: np.nan_to_num(recalls(m)), "NaN, not 0"),
    "divided by at least 1": (
        check.recall_per_class, lambda m: np.diag(m) / np.maximum(m.sum(1), 1), "NaN, not 0"),
    "1 for nothing": (
        check.recall_per_class, lambda m: np.nan_to_num(recalls(m), nan=1), "NaN, not 1"),
    "NaN where nothing was found": (
        check.recall_per_class, lambda m: np.where(np.diag(m) > 0, recalls(m), np.nan), "recall of 0"),
    "of all pictures": (check.recall_per_class, lambda m: np.diag(m) / m.sum(), "of all pictures"),
    "of all right": (check.recall_per_class, lambda m: np.diag(m) / np.trace(m), "all right answers"),
    "counts": (check.recall_per_class, lambda m: np.diag(m), "counts"),
    "accuracy": (check.recall_per_class, lambda m: np.trace(m) / m.sum(), "one number"),
    "mistakes": (check.recall_per_class, lambda m: 1 - recalls(m), "share of mistakes"),
    "F1": (check.recall_per_class, lambda m: 2 * np.diag(m) / (m.sum(0) + m.sum(1)), "That is F1"),
    "one against the rest": (
        check.recall_per_class,
        lambda m: 1 - (m.sum(0) + m.sum(1) - 2 * np.diag(m)) / m.sum(), "is it this class or not"),
    "empty class left out": (
        check.recall_per_class, lambda m: recalls(m)[m.sum(axis=1) > 0], "You left out the class"),
    "largest of the row": (
        check.recall_per_class, lambda m: m.max(axis=1) / np.maximum(m.sum(axis=1), 1), "differ"),
    "rows of shares": (
        check.recall_per_class, lambda m: m / np.maximum(m.sum(axis=1, keepdims=True), 1), "shape"),
    "three classes": (check.recall_per_class, lambda m: recalls(m)[:3], "shape differs"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
