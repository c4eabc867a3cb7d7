"""Checks of the lesson Learning from data."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier

from utils.checks import Misconception, NotYet, call, compare, exercise, numbers

LEAKS = (True, False, False, True, True)
"""Which of the five stories of the lesson leak."""

MISSED = {
    0: "One story leaks before it splits: features that were chosen with the answers of all people "
    "have seen the answers of the test people.",
    3: "One story shuffles pictures although pictures come in families. What does a nearest "
    "neighbor find for a test picture?",
    4: "One story asks the test set more than once and keeps the best answer. What would that "
    "winner score on fresh data?",
}
SUSPECTED = {
    1: "One of the stories that you marked is honest: to *use* on the test data what the training "
    "data said is no leak. A leak runs the other way.",
    2: "One of the stories that you marked is honest: copies do harm only where a copy lands on "
    "the other side of the split.",
}

COUNTED = (
    "You count the classes that occur. Use `classes`: another part of the data may hold the class "
    "that is missing here."
)
AVERAGED = "You averaged the labels. Class numbers are names: count votes."


@exercise("One-hot encoding", "Any two different classes now lie equally far apart.")
def one_hot(answer: Callable[..., Any]) -> None:
    """A row for every label, against the definition; 0 and 1 or False and True."""
    rng = np.random.default_rng(0)
    cases = [
        ([2, 0, 1, 2], 3),
        ([1, 1, 2, 0], 3),
        (np.array([0, 1, 1]), 4),
        (np.array([3, 3]), 5),
        ([1], 2),
        *[(rng.integers(0, classes, 9), classes) for classes in range(2, 12)],
    ]
    truth = _answers_with_truth_values(answer, cases[0])

    def oracle(labels, classes):
        rows = [[column == label for column in range(classes)] for label in labels]
        return np.array(rows, bool if truth else float)

    def used_classes(labels, classes):
        used = np.unique(labels)
        return np.array([used == label for label in labels], bool if truth else float)

    compare(
        answer,
        oracle,
        cases,
        [
            Misconception(
                COUNTED,
                used_classes,
            ),
            Misconception(
                COUNTED,
                lambda labels, classes: oracle(labels, max(labels) + 1),
            ),
            Misconception(
                "Rows and columns are swapped: one row for each label.",
                lambda labels, classes: oracle(labels, classes).T,
            ),
            Misconception(
                "You count classes from 1; the first class is 0, and has column 0.",
                lambda labels, classes: np.roll(oracle(labels, classes), -1, axis=1),
            ),
            Misconception(
                "The ones should be zeros, and the zeros ones.",
                lambda labels, classes: 1 - oracle(labels, classes).astype(float),
            ),
            Misconception(
                "You wrote the label itself into its column; write 1, whatever the class.",
                lambda labels, classes: oracle(labels, classes) * np.reshape(labels, (-1, 1)),
            ),
        ],
    )


def _answers_with_truth_values(answer: Callable[..., Any], case: tuple[Any, ...]) -> bool:
    try:
        return np.asarray(call(answer, *case)).dtype == bool
    except Exception:
        return False


def _stratified_cases() -> list[tuple[NDArray, float]]:
    rng = np.random.default_rng(1)
    return [
        (np.repeat([0, 1, 2], [50, 50, 10]), 0.2),
        (rng.permutation(np.repeat([0, 1, 2], [60, 30, 10])), 0.3),
        (rng.permutation(np.repeat([3, 7], [300, 100])), 0.25),
        (np.repeat([5, 1, 4], [8, 40, 3]), 0.25),
        (rng.permutation(np.repeat(["cat", "dog"], [40, 16])), 0.5),
    ]


@exercise(
    "A stratified test set", "Every class is cut by itself, so none can be missing by bad luck."
)
def stratified_test(answer: Callable[..., Any]) -> None:
    """Indices of a test set: whole, distinct, in proportion, shuffled, and set by the seed."""
    for labels, fraction in _stratified_cases():
        for seed in range(5):
            test = _indices(answer, labels, fraction, seed)
            _in_proportion(test, labels, fraction, seed)
    _set_by_the_seed(answer)
    _every_example_has_a_chance(answer)


def _facts(
    labels: NDArray, fraction: float, seed: int, *others: tuple[str, str]
) -> list[tuple[str, str]]:
    counts = Counter(labels.tolist())
    shown = ", ".join(f"{count} of class {label!r}" for label, count in sorted(counts.items()))
    return [("labels", shown), ("fraction", str(fraction)), ("seed", str(seed)), *others]


def _indices(answer: Callable[..., Any], labels: NDArray, fraction: float, seed: int) -> NDArray:
    """What the answer returns for a case, as distinct indices into `labels`."""
    try:
        test = numbers(call(answer, labels, fraction, seed))
    except NotYet as fault:
        raise NotYet(fault.message, (*_facts(labels, fraction, seed), *fault.facts)) from None
    facts = _facts(labels, fraction, seed, ("got", np.array2string(test, threshold=20)))
    if test.dtype == bool:
        raise NotYet("Return indices, not True and False: `np.flatnonzero` turns them.", facts)
    if test.ndim != 1:
        raise NotYet(f"Return one list of indices; yours has shape {test.shape}.", facts)
    if not np.isfinite(test).all() or (test != np.round(test)).any():
        raise NotYet("Indices are whole numbers.", facts)
    if test.size and not 0 <= test.min() <= test.max() < len(labels):
        raise NotYet(f"Indices run from 0 to {len(labels) - 1}.", facts)
    test = test.astype(np.int64)
    if len(np.unique(test)) < len(test):
        raise NotYet(
            "Some examples are in the test set twice. Did you draw with replacement, or collect "
            "labels, or positions inside a class? Positions in the whole data come from "
            "`np.flatnonzero(labels == c)`.",
            facts,
        )
    return test


def _in_proportion(test: NDArray, labels: NDArray, fraction: float, seed: int) -> None:
    """`NotYet` unless every class gives its share, rounded up or down."""
    classes, sizes = np.unique(labels, return_counts=True)
    found = np.array([(labels[test] == label).sum() for label in classes])

    def fits(expected: Any) -> bool:
        return bool((np.abs(found - expected) < 1 - 1e-9).all())

    if fits(fraction * sizes):
        return
    none = classes[(found == 0) & (fraction * sizes > 1)]
    if fits((1 - fraction) * sizes):
        hint = "That is the training set; return the test set."
    elif len(none) and len(test) < 0.9 * fraction * len(labels):
        hint = f"You took none of class {none[0].item()!r}. Go through `np.unique(labels)`."
    elif len(set(found)) == 1:
        hint = "You took the same number from every class. Take the same *fraction* of each."
    elif fits(fraction * sizes + 1) or fits(fraction * sizes - 1):
        hint = "You are one off: where the fraction of a class is a whole number, take so many."
    elif abs(len(test) - fraction * len(labels)) <= 1:
        hint = "The size is right, the classes are not: shuffle and cut each class by itself."
    else:
        hint = "Take the fraction of each class, by itself."
    share = ", ".join(_rounded_both_ways(fraction * size) for size in sizes)
    facts = ("expected of each class", share), ("got", ", ".join(map(str, found)))
    raise NotYet(hint, _facts(labels, fraction, seed, *facts))


def _rounded_both_ways(share: float) -> str:
    low, high = np.floor(share + 1e-9), np.ceil(share - 1e-9)
    return f"{low:g}" if low == high else f"{low:g} or {high:g}"


def _set_by_the_seed(answer: Callable[..., Any]) -> None:
    labels, fraction = np.repeat([0, 1], [60, 40]), 0.3
    if not np.array_equal(*(_indices(answer, labels, fraction, 3) for _ in range(2))):
        raise NotYet(
            "The same seed gives another test set. Draw from `np.random.default_rng(seed)`.",
            _facts(labels, fraction, 3),
        )
    sets = {tuple(sorted(_indices(answer, labels, fraction, seed))) for seed in range(6)}
    if len(sets) < 6:
        raise NotYet(
            "Two seeds give the same test set. Shuffle inside each class, with the seed.",
            _facts(labels, fraction, 0),
        )


def _every_example_has_a_chance(answer: Callable[..., Any]) -> None:
    """`NotYet` where some examples come up too seldom, or neighbors together too often or never."""
    labels, fraction, trials = np.repeat([0, 1], [24, 12]), 0.25, 200
    chosen = np.zeros((trials, len(labels)), bool)
    for seed in range(trials):
        chosen[seed, _indices(answer, labels, fraction, seed)] = True
    times = chosen.sum(axis=0)  # 50 expected, a spread of 6
    together = (chosen[:, :-1] & chosen[:, 1:]).sum()  # 360 expected; blocks 1400, a comb 12
    if times.min() < 20 or times.max() > 90 or not 180 < together < 700:
        raise NotYet(
            "The shuffle is not fair: over 200 seeds, some examples are chosen too seldom, or "
            "always or never with their neighbors. Shuffle the whole class, then cut.",
            [("chosen least and most often", f"{times.min()} and {times.max()} of 200")],
        )


@exercise("k nearest neighbors", "With k = 1 this is the memory of section 1.")
def knn_predict(answer: Callable[..., Any]) -> None:
    """The majority of the k nearest labels, against scikit-learn, on cases without a tie."""

    def oracle(X, y, queries, k):
        return KNeighborsClassifier(k, algorithm="brute").fit(X, y).predict(queries)

    def voted(X, y, queries, k, distance, far=False):
        rows = []
        for query in queries:
            order = np.argsort([distance(x - query) for x in X], kind="stable")
            rows.append(y[order[::-1][:k] if far else order[:k]])
        return rows

    def length(difference):
        return np.sqrt((difference**2).sum())

    def majority(labels):
        return np.bincount(labels).argmax()

    def by(distance, choose=majority, far=False):
        return lambda X, y, q, k: np.array(
            [choose(labels) for labels in voted(X, y, q, k, distance, far)]
        )

    compare(
        answer,
        oracle,
        _neighbor_cases(),
        [
            Misconception(
                "You asked the nearest one alone; let k of them vote.",
                lambda X, y, q, k: oracle(X, y, q, 1),
            ),
            Misconception("You asked the k farthest.", by(length, far=True)),
            Misconception(
                "You left out the nearest. A query is not among the examples: all k may vote.",
                lambda X, y, q, k: np.array(
                    [majority(labels[1:]) for labels in voted(X, y, q, k + 1, length)]
                ),
            ),
            Misconception(
                AVERAGED,
                by(length, lambda labels: np.round(labels.mean())),
            ),
            Misconception(
                AVERAGED,
                by(length, np.mean),
            ),
            Misconception(
                "That is the share of class 1 among the neighbors; return the winner.",
                by(length, lambda labels: (labels == 1).mean()),
            ),
            Misconception(
                "You return where the nearest examples stand; return what their labels say.",
                lambda X, y, q, k: KNeighborsClassifier(k).fit(X, y).kneighbors(q)[1][:, 0],
            ),
            Misconception(
                "You return the labels of the neighbors; let them vote.",
                lambda X, y, q, k: np.array(voted(X, y, q, k, length)),
            ),
            Misconception(
                "You compare one feature alone. The distance takes all: add up the squared "
                "differences over the features.",
                by(lambda difference: abs(difference[0])),
            ),
            Misconception(
                "You added the differences with their sign; square them first.",
                by(lambda difference: abs(difference.sum())),
            ),
            Misconception(
                "You added absolute differences. The Euclidean distance adds squares.",
                by(lambda difference: np.abs(difference).sum()),
            ),
            Misconception(
                "k is 3 in the first case only; use the argument.",
                lambda X, y, q, k: oracle(X, y, q, 3),
            ),
        ],
    )


def _neighbor_cases() -> list[tuple[NDArray, NDArray, NDArray, int]]:
    """The example of the lesson, then random ones in which every vote has one winner."""
    line = np.array([[1.0], [2.0], [3.0], [7.0], [8.0]])
    cases = [(line, np.array([0, 0, 1, 1, 1]), np.array([[2.6], [6.0]]), 3)]
    rng = np.random.default_rng(4)
    classes = np.array([0, 1, 4])
    sizes = [
        (15, 2, 5),
        (20, 3, 7),
        (12, 1, 1),
        (30, 4, 30),
        *[(25, 2, k) for k in (3, 5, 7, 9, 11)],
    ]
    for n, features, k in sizes:
        spread = np.array([1, 4, 1, 1])[:features]  # no answer may give the features equal units
        X, y = spread * rng.normal(size=(n, features)), classes[rng.integers(0, 3, n)]
        if k == n:
            y = np.repeat(classes, [8, 9, 13])
        queries = spread * rng.normal(size=(60, features))
        clear = [query for query in queries if _has_one_winner(X, y, query, k)]
        cases.append((X, y, np.array(clear[:6]), k))
    return cases


def _has_one_winner(X: NDArray, y: NDArray, query: NDArray, k: int) -> bool:
    distances = np.linalg.norm(X - query, axis=1)
    votes = Counter(y[distances.argsort()[:k]].tolist()).most_common(2)
    return len(votes) == 1 or votes[0][1] > votes[1][1]


@exercise("Spot the leak", "The test set may be asked once, and may not have had a say before.")
def leaks(answer: Any) -> None:
    """Five truth values; says which reasoning fails, not which story."""
    given = numbers(answer)
    if given.shape != (len(LEAKS),):
        raise NotYet(f"Give {len(LEAKS)} values, one a story; yours have shape {given.shape}.")
    if not np.isin(given, (0, 1)).all():
        raise NotYet("Give True or False for every story.")
    given = given.astype(bool)
    expected = np.array(LEAKS)
    if np.array_equal(given, expected):
        return
    if given.all() or not given.any():
        kind = "leak" if given.all() else "are honest"
        raise NotYet(f"Not all of them {kind}.")
    if np.array_equal(given, ~expected):
        raise NotYet("You marked the honest stories: True means that a story leaks.")
    wrong = np.flatnonzero(given != expected)
    hints = {**MISSED, **SUSPECTED}
    raise NotYet(hints[int(wrong[0])])
