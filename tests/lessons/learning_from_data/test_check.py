"""Learning from data: other right answers, and the hint for each named misconception."""

from collections import Counter
from itertools import cycle

import numpy as np
import pytest
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import LabelBinarizer

from lessons.learning_from_data import check
from tests.kit.answers import accepted, refused
from utils import splitting

pytestmark = pytest.mark.slow


def one_hot(labels, classes):
    return splitting.one_hot(labels, classes)


def members(labels, seed):
    rng = np.random.default_rng(seed)
    for c in np.unique(labels):
        yield rng.permutation(np.flatnonzero(labels == c))


def stratified(labels, fraction, seed, size=round):
    taken = [place[: size(fraction * len(place))] for place in members(labels, seed)]
    return np.concatenate(taken)


def with_standard_library(labels, fraction, seed):
    import random

    shuffle = random.Random(seed)
    test = []
    for c in set(labels.tolist()):
        places = [i for i, label in enumerate(labels.tolist()) if label == c]
        test += shuffle.sample(places, int(fraction * len(places)))
    return test


def with_legacy_seed(labels, fraction, seed):
    np.random.seed(seed)
    order = np.random.permutation(len(labels))
    quota = {c: fraction * n for c, n in Counter(labels.tolist()).items()}
    test = []
    for i in order:
        label = labels[i].item()
        if quota[label] >= 0.5:
            quota[label] -= 1
            test.append(i)
    return tuple(test)


def by_rank(labels, fraction, seed):
    lot = np.random.default_rng(seed).random(len(labels))
    same = labels[:, np.newaxis] == labels
    before = (same & (lot < lot[:, np.newaxis])).sum(axis=1)
    return np.flatnonzero(before < np.round(fraction * same.sum(axis=1))).astype(float)


def with_scikit_learn(labels, fraction, seed):
    _, test = train_test_split(
        np.arange(len(labels)), test_size=fraction, stratify=labels, random_state=seed
    )
    return test


def by_loops(X, y, queries, k):
    said = []
    for query in queries:
        near = sorted(
            range(len(X)), key=lambda i: sum((a - b) ** 2 for a, b in zip(X[i], query, strict=True))
        )
        said.append(Counter(y[i].item() for i in near[:k]).most_common(1)[0][0])
    return said


def by_one_hot_votes(X, y, queries, k):
    squares = ((queries[:, None] - X) ** 2).sum(-1)
    near = np.argpartition(squares, k - 1, axis=1)[:, :k]
    return np.eye(y.max() + 1)[y][near].sum(axis=1).argmax(axis=1)


def neighbors(X, y, queries, k, order=1, far=1):
    distances = (
        np.linalg.norm(queries[:, None] - X, ord=order, axis=2)
        if order != 2
        else np.sqrt(((queries[:, None] - X) ** 2).sum(-1))
    )
    return y[(far * distances).argsort(axis=1)[:, :k]]


def votes(labels):
    return np.array([np.bincount(row).argmax() for row in labels])


RIGHT = {
    "identity": (check.one_hot, lambda labels, classes: np.identity(classes, dtype=int)[labels]),
    "truth": (check.one_hot, lambda labels, classes: np.reshape(labels, (-1, 1)) == np.arange(classes)),
    "truth in lists": (check.one_hot, lambda labels, classes: [[c == label for c in range(classes)] for label in labels]),
    "float32": (check.one_hot, lambda labels, classes: np.eye(classes, dtype="float32")[np.array(labels)]),
    "scikit-learn": (
        check.one_hot,
        lambda labels, classes: LabelBinarizer().fit(range(classes)).transform(labels)
        if classes > 2
        else one_hot(labels, classes),
    ),
    "loops": (check.one_hot, lambda labels, classes: tuple(tuple(int(c == label) for c in range(classes)) for label in labels)),
    "rounded": (check.stratified_test, stratified),
    "rounded down": (check.stratified_test, lambda *a: stratified(*a, size=int)),
    "rounded up": (check.stratified_test, lambda *a: stratified(*a, size=lambda n: int(np.ceil(n)))),
    "standard library": (check.stratified_test, with_standard_library),
    "legacy seed": (check.stratified_test, with_legacy_seed),
    "scikit-learn split": (check.stratified_test, with_scikit_learn),
    "utils": (check.stratified_test, lambda labels, f, seed: splitting.stratified_split(labels, (f, 1 - f), seed)[0]),
    "by rank": (check.stratified_test, by_rank),
    "sorted indices": (check.stratified_test, lambda *a: sorted(stratified(*a))),
    "int32": (check.stratified_test, lambda *a: stratified(*a).astype(np.int32)),
    "loops over queries": (check.knn_predict, by_loops),
    "votes in columns": (check.knn_predict, by_one_hot_votes),
    "scikit-learn neighbors": (check.knn_predict, lambda X, y, q, k: KNeighborsClassifier(k).fit(X, y).predict(q)),
    "squared distances": (check.knn_predict, lambda X, y, q, k: votes(y[((q[:, None] - X) ** 2).sum(2).argsort(1)[:, :k]]).tolist()),
    "zeros and ones": (check.leaks, [1, 0, 0, 1, 1]),
    "a tuple": (check.leaks, (True, False, False, True, True)),
    "NumPy truth": (check.leaks, np.array([True, False, False, True, True])),
    "float ones": (check.leaks, np.array([1, 0, 0, 1, 1], np.float32)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def positions_inside_the_class(labels, fraction, seed):
    rng = np.random.default_rng(seed)
    sizes = [(labels == c).sum() for c in np.unique(labels)]
    return np.concatenate([rng.permutation(n)[: round(fraction * n)] for n in sizes])


def not_stratified(labels, fraction, seed):
    return np.random.default_rng(seed).permutation(len(labels))[: round(fraction * len(labels))]


def first_of_each(labels, fraction, seed):
    return np.concatenate(
        [
            np.flatnonzero(labels == c)[: round(fraction * (labels == c).sum())]
            for c in np.unique(labels)
        ]
    )


def the_same_number(labels, fraction, seed):
    places = list(members(labels, seed))
    least = min(map(len, places))
    return np.concatenate([place[: round(fraction * least)] for place in places])


def three_classes(labels, fraction, seed):
    rng = np.random.default_rng(seed)
    test = []
    for c in range(3):
        place = rng.permutation(np.flatnonzero(labels == c))
        test.extend(place[: round(fraction * len(place))])
    return np.array(test)


def a_block(labels, fraction, seed):
    rng = np.random.default_rng(seed)
    test = []
    for c in np.unique(labels):
        place = np.roll(np.flatnonzero(labels == c), rng.integers(1000))
        test.extend(place[: round(fraction * len(place))])
    return test


def never_the_last(labels, fraction, seed):
    rng = np.random.default_rng(seed)
    test = []
    for c in np.unique(labels):
        place = np.flatnonzero(labels == c)
        size = round(fraction * len(place))
        test.extend(rng.permutation(place[: max(size, len(place) * 3 // 4)])[:size])
    return test


def a_comb(labels, fraction, seed):
    rng = np.random.default_rng(seed)
    test = []
    for c in np.unique(labels):
        place = np.flatnonzero(labels == c)
        size = round(fraction * len(place))
        start = rng.random()
        test.extend(place[int((tooth + start) * len(place) / size)] for tooth in range(size))
    return test


def in_one_buffer():
    buffers = {}

    def answer(labels, classes):
        rows = buffers.setdefault((len(labels), classes), np.zeros((len(labels), classes)))
        rows[np.arange(len(labels)), labels] = 1
        return rows

    return answer


def right_half_of_the_time(right, wrong):
    coin = np.random.default_rng(0)
    return lambda *args: right(*args) if coin.integers(2) else wrong(*args)


unseeded = np.random.default_rng()
calls = cycle(range(10_000))

WRONG = {
    "as many as occur": (check.one_hot, lambda labels, classes: np.eye(max(labels) + 1)[labels], "that occur"),
    "as many as differ": (
        check.one_hot,
        lambda labels, classes: (np.reshape(labels, (-1, 1)) == np.unique(labels)).astype(float), "that occur"),
    "columns": (check.one_hot, lambda labels, classes: one_hot(labels, classes).T, "swapped"),
    "from one": (check.one_hot, lambda labels, classes: one_hot((np.array(labels) - 1) % classes, classes), "from 1"),
    "one-cold": (check.one_hot, lambda labels, classes: 1 - one_hot(labels, classes), "zeros ones"),
    "label inside": (
        check.one_hot, lambda labels, classes: one_hot(labels, classes) * np.reshape(labels, (-1, 1)), "the label itself"),
    "arrays only": (check.one_hot, lambda labels, classes: labels[:, None] == np.arange(classes), "TypeError"),
    "thermometer": (
        check.one_hot, lambda labels, classes: (np.reshape(labels, (-1, 1)) >= np.arange(classes)) * 1, "differ"),
    "one row": (check.one_hot, lambda labels, classes: one_hot(labels, classes).sum(axis=0), "shape"),
    "the labels": (check.one_hot, lambda labels, classes: labels, "shape"),
    "three classes": (check.one_hot, lambda labels, classes: np.eye(3)[np.minimum(labels, 2)], "shape"),
    "truth turned": (check.one_hot, lambda labels, classes: np.reshape(labels, (-1, 1)) != np.arange(classes), "differ"),
    "one buffer": (check.one_hot, in_one_buffer(), "differ"),
    "right half of the time": (
        check.one_hot, right_half_of_the_time(one_hot, lambda labels, classes: one_hot(labels, classes)[::-1]), "differ"),
    "mirrored": (check.one_hot, lambda labels, classes: one_hot(labels, classes)[:, ::-1], "differ"),
    "first class without a column": (check.one_hot, lambda labels, classes: one_hot(labels, classes)[:, 1:], "shape"),
    "shuffled rows": (check.one_hot, lambda labels, classes: one_hot(labels, classes)[::-1], "differ"),
    "inside the class": (check.stratified_test, positions_inside_the_class, "inside a class"),
    "not stratified": (check.stratified_test, not_stratified, "the classes are not"),
    "first of the whole": (
        check.stratified_test, lambda labels, f, seed: np.arange(round(f * len(labels))), "the classes are not"),
    "first of each": (check.stratified_test, first_of_each, "Two seeds"),
    "the same number": (check.stratified_test, the_same_number, "same *fraction*"),
    "the training set": (
        check.stratified_test,
        lambda labels, f, seed: np.setdiff1d(np.arange(len(labels)), stratified(labels, f, seed)), "training set"),
    "a mask": (
        check.stratified_test,
        lambda labels, f, seed: np.isin(np.arange(len(labels)), stratified(labels, f, seed)), "flatnonzero"),
    "the labels of the test set": (check.stratified_test, lambda labels, f, seed: labels[stratified(labels, f, seed)], ""),
    "classes 0 to 2": (check.stratified_test, three_classes, "none of class 3. Go through"),
    "no seed": (
        check.stratified_test, lambda labels, f, seed: stratified(labels, f, unseeded.integers(10**6)), "same seed"),
    "fixed seed": (check.stratified_test, lambda labels, f, seed: stratified(labels, f, 0), "Two seeds"),
    "even seeds": (check.stratified_test, lambda labels, f, seed: stratified(labels, f, seed // 2), "Two seeds"),
    "blocks": (check.stratified_test, a_block, "not fair"),
    "a comb": (check.stratified_test, a_comb, "not fair"),
    "one more": (check.stratified_test, lambda *a: stratified(*a, size=lambda n: int(n) + 1), "one off"),
    "one less": (check.stratified_test, lambda *a: stratified(*a, size=lambda n: max(0, round(n) - 1)), "one off"),
    "with replacement": (
        check.stratified_test,
        lambda labels, f, seed: np.concatenate(
            [np.random.default_rng(seed).choice(place, round(f * len(place))) for place in members(labels, 0)]),
        "draw with replacement"),
    "sorted blocks assumed": (
        check.stratified_test, lambda labels, f, seed: stratified(np.sort(labels), f, seed), "the classes are not"),
    "never the last": (check.stratified_test, never_the_last, "not fair"),
    "a fifth": (check.stratified_test, lambda labels, f, seed: stratified(labels, 0.2, seed), "fraction of each class"),
    "nothing": (check.stratified_test, lambda labels, f, seed: [], "You took none"),
    "counted from the end": (check.stratified_test, lambda *a: -1 - stratified(*a), "Indices run from 0"),
    "counted from one": (check.stratified_test, lambda *a: stratified(*a) + 1, ""),
    "one twice": (check.stratified_test, lambda *a: np.append(stratified(*a), stratified(*a)[0]), "twice"),
    "both parts": (
        check.stratified_test,
        lambda labels, f, seed: [
            stratified(labels, f, seed), np.setdiff1d(np.arange(len(labels)), stratified(labels, f, seed))],
        "cannot be turned"),
    "one neighbor": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, 1, 2)), "the nearest one alone"),
    "farthest": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, k, 2, far=-1)), "farthest"),
    "mean label": (check.knn_predict, lambda X, y, q, k: neighbors(X, y, q, k, 2).mean(axis=1), "averaged"),
    "rounded mean": (check.knn_predict, lambda X, y, q, k: neighbors(X, y, q, k, 2).mean(axis=1).round().astype(int), "averaged"),
    "median": (check.knn_predict, lambda X, y, q, k: np.median(neighbors(X, y, q, k, 2), axis=1), "differ"),
    "smallest": (check.knn_predict, lambda X, y, q, k: neighbors(X, y, q, k, 2).min(axis=1), "differ"),
    "positions": (
        check.knn_predict, lambda X, y, q, k: neighbors(X, np.arange(len(y)), q, 1, 2)[:, 0], "where the nearest"),
    "all labels": (check.knn_predict, lambda X, y, q, k: neighbors(X, y, q, k, 2), "let them vote"),
    "city blocks": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, k, 1)), "absolute differences"),
    "largest difference": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, k, np.inf)), "differ"),
    "first feature": (
        check.knn_predict, lambda X, y, q, k: votes(neighbors(X[:, :1], y, q[:, :1], k, 2)), "one feature alone"),
    "signed sum": (
        check.knn_predict,
        lambda X, y, q, k: votes(y[np.abs((q[:, None] - X).sum(-1)).argsort(1)[:, :k]]), "with their sign"),
    "always three": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, 3, 2)), "use the argument"),
    "nearest left out": (
        check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, k + 1, 2)[:, 1:]), "left out the nearest"),
    "units made equal": (
        check.knn_predict,
        lambda X, y, q, k: votes(neighbors(X / X.std(axis=0), y, q / X.std(axis=0), k, 2)), "differ"),
    "largest product": (
        check.knn_predict, lambda X, y, q, k: votes(y[(-q @ X.T).argsort(axis=1)[:, :k]]), "differ"),
    "the kth label": (check.knn_predict, lambda X, y, q, k: neighbors(X, y, q, k, 2)[:, -1], "differ"),
    "names": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, k, 2)).astype(str), "should hold numbers"),
    "one too many": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q, k + 1, 2)), "differ"),
    "majority of all": (check.knn_predict, lambda X, y, q, k: np.full(len(q), np.bincount(y).argmax()), "differ"),
    "first query": (check.knn_predict, lambda X, y, q, k: votes(neighbors(X, y, q[:1], k, 2)), "shape"),
    "two classes": (check.knn_predict, lambda X, y, q, k: (neighbors(X, y, q, k, 2).mean(axis=1) > 0.5) * 1, "differ"),
    "share": (check.knn_predict, lambda X, y, q, k: (neighbors(X, y, q, k, 2) == 1).mean(axis=1), "share of class 1"),
    "a number": (check.knn_predict, lambda X, y, q, k: 0, "shape"),
    "all leak": (check.leaks, [True] * 5, "Not all of them leak"),
    "none leaks": (check.leaks, [False] * 5, "Not all of them are honest"),
    "turned around": (check.leaks, [False, True, True, False, False], "True means"),
    "selection missed": (check.leaks, [False, False, False, True, True], "before it splits"),
    "families missed": (check.leaks, [True, False, False, False, True], "families"),
    "choice missed": (check.leaks, [True, False, False, True, False], "more than once"),
    "statistics suspected": (check.leaks, [True, True, False, True, True], "no leak"),
    "copies suspected": (check.leaks, [True, False, True, True, True], "copies"),
    "four": (check.leaks, [True, False, False, True], "5 values"),
    "numbers of the stories": (check.leaks, [1, 4, 5], "5 values"),
    "a table": (check.leaks, [[True, False, False, True, True]], "5 values"),
    "words": (check.leaks, ["leak", "ok", "ok", "leak", "leak"], "should hold numbers"),
    "a set": (check.leaks, {1, 4, 5}, "should hold numbers"),
    "two": (check.leaks, [2, 0, 0, 1, 1], "True or False"),
    "NaN": (check.leaks, [np.nan, 0, 0, 1, 1], "True or False"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


def test_the_check_of_leaks_names_no_story_by_its_number():
    for number in range(32):
        given = [bool(number >> story & 1) for story in range(5)]
        result = check.leaks(given)
        assert (result.state == "right") == (given == list(check.LEAKS))
        assert result.state == "right" or not any(n in result.message for n in "12345")


def test_every_case_of_the_neighbors_has_one_winner_whatever_the_order():
    for X, y, queries, k in check._neighbor_cases():
        assert len(queries)
        order = np.random.default_rng(0).permutation(len(X))
        said = KNeighborsClassifier(k).fit(X, y).predict(queries)
        np.testing.assert_array_equal(
            said, KNeighborsClassifier(k).fit(X[order], y[order]).predict(queries)
        )
