"""Checks of the lesson Learning from data."""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from utils.checks import Exercise, NotYet, about, call, draw, numbers, require
from utils.checks.comparing import FLOATS
from utils.checks.exercise import Function

# ---- One-hot encoding ----------------------------------------------------------------------------


def _rows(labels: Any, classes: int) -> NDArray[np.float64]:
    """The definition: a row for each label, with a 1 where the column has its number."""
    return np.equal.outer(labels, np.arange(classes)) * 1.0


def _on_the_diagonal(labels: Any, classes: int) -> NDArray[np.float64]:
    rows = np.zeros((len(labels), classes))
    rows[labels, labels] = 1
    return rows


def _labels(rng: np.random.Generator) -> tuple[Any, int]:
    classes = int(rng.integers(1, 8))
    labels = rng.integers(0, classes, rng.integers(1, 7))
    return [labels.tolist(), labels, labels.astype(np.uint8)][rng.integers(3)], classes


one_hot = Exercise(
    title="One-hot encoding",
    outcome="encode",
    praise="Any two different classes now lie equally far apart.",
    nudge="How many rows and how many columns does the result have, and which number is in almost "
    "every place?",
    hint="Begin with zeros, a row for each label and a column for each of `classes`. Then put a "
    "single 1 into each row: the label says in which column.",
    oracle=_rows,
    cases=[
        ([2, 0], 3),
        ([1, 1, 2, 0], 5),
        (np.array([0, 2, 1, 0]), 4),
        ([1], 2),
        ([0], 1),
        ([3, 1], 4),
        (np.array([3, 130, 3], np.uint8), 150),
    ],
    legal=_labels,
    misconceptions={
        "You count the classes that occur. Use `classes`: another part of the data may hold the "
        "class that is missing here.": (
            lambda labels, classes: _rows(labels, max(labels) + 1),
            lambda labels, classes: np.equal.outer(labels, np.unique(labels)) * 1.0,
            lambda labels, classes: np.eye(len(np.unique(labels)))[labels],
        ),
        "All your rows are alike. `rows[:, labels] = 1` writes into every row, and `[row] * n` "
        "repeats one and the same list. Each label gets its own row.": lambda *case: (
            np.ones_like(_rows(*case)) * _rows(*case).max(axis=0)
        ),
        "Your ones stand in the rows that the labels name. The rows go 0, 1, 2, ...: one for each "
        "place in the list; the label names the column.": _on_the_diagonal,
        "That is one row for all labels together. Every label gets a row of its own.": (
            lambda *case: _rows(*case).max(axis=0),
            lambda labels, classes: np.bincount(labels, minlength=classes),
        ),
        "Rows and columns are swapped: one row for each label.": lambda *case: _rows(*case).T,
        "You count classes from 1; the first class is 0, and has column 0.": (
            lambda *case: np.roll(_rows(*case), -1, axis=1),
            lambda labels, classes: _rows(labels, classes + 1)[:, 1:],
        ),
        "The ones should be zeros, and the zeros ones.": lambda *case: 1 - _rows(*case),
        "You wrote the label itself into its column; write 1, whatever the class.": (
            lambda labels, classes: _rows(labels, classes) * np.reshape(labels, (-1, 1))
        ),
    },
    read=lambda got, *case: numbers(got) * 1,  # True and False count as 1 and 0
)

# ---- A stratified test set -----------------------------------------------------------------------


def _classes(rng: np.random.Generator) -> tuple[NDArray, float]:
    """Labels of every kind, sorted in a third of the cases, and a fraction."""
    names = [[0, 1, 2], [7, -3, 300], ["dog", "cat", "a cow"], [0.5, 1.5, -1.0]][rng.integers(4)]
    few, some = rng.integers([2, 10], [5, 40])
    labels = np.repeat(names, rng.permutation([few, some, 80 - few - some]))
    labels = labels if rng.random() < 1 / 3 else rng.permutation(labels)
    return labels, float(rng.choice([0.2, 0.25, 0.3, 0.5]))


def _counted(labels: NDArray) -> str:
    return ", ".join(f"{n} of class {c!r}" for c, n in sorted(Counter(labels.tolist()).items()))


def _indices(answer: Any, labels: NDArray, fraction: float, seed: int) -> NDArray[np.int64]:
    """What the answer returns: distinct indices, of each class its share."""
    with about(labels=_counted(labels), fraction=fraction, seed=seed):
        test, last = numbers(call(answer, labels, fraction, seed)), len(labels) - 1
        for words, holds in {
            "Return indices, not True and False: `np.flatnonzero` turns them.": test.dtype != bool,
            f"Return one list of indices; yours has shape {test.shape}.": test.ndim == 1,
            "Indices are whole numbers.": (test == np.round(test)).all(),
            f"Indices run from 0 to {last}.": ((test >= 0) & (test <= last)).all(),
            "Some examples are in the test set twice. Did you draw with replacement, or collect "
            "labels, or positions inside a class? Positions in the whole data come from "
            "`np.flatnonzero(labels == c)`.": np.unique(test).size == test.size,
        }.items():
            require(holds, words, got=test)
        _in_proportion(labels[test.astype(int)], labels, fraction)
        require(not test.size or test.dtype.kind != "f", FLOATS, FLOATS, got=test)
    return test.astype(int)


def _in_proportion(chosen: NDArray, labels: NDArray, fraction: float) -> None:
    """`NotYet` unless every class gives its share, rounded up or down."""
    classes, sizes = np.unique(labels, return_counts=True)
    found, shares = np.array([(chosen == c).sum() for c in classes]), fraction * sizes

    def fits(expected: NDArray) -> bool:
        return bool((np.abs(found - expected) < 1 - 1e-9).all())

    none, size = classes[(found == 0) & (shares > 1)].tolist(), fraction * len(labels)
    faults = {
        "That is the training set; return the test set.": fits(sizes - shares),
        f"You took none of class {next(iter(none), None)!r}. Go through `np.unique(labels)`.": (
            none and len(chosen) < 0.9 * size
        ),
        "You took the same number from every class. Take the same *fraction* of each.": (
            len(set(found)) == 1
        ),
        "You are one off: where the fraction of a class is a whole number, take so many.": (
            fits(shares + 1) or fits(shares - 1)
        ),
        "The size is right, the share of each class is not. Is every class cut by itself, and do "
        "your numbers say where in the whole data an example stands, from 0?": (
            abs(len(chosen) - size) <= 1
        ),
        "Every class has to give its fraction.": True,
    }
    rounded = [np.unique([np.floor(n + 1e-9), np.ceil(n - 1e-9)]) for n in shares]
    require(
        fits(shares),
        next(words for words, holds in faults.items() if holds),
        expected_of_each_class=", ".join(" or ".join(f"{n:g}" for n in both) for both in rounded),
        got_of_each_class=", ".join(map(str, found)),
    )


def _is_stratified(answer: Any, rng: np.random.Generator) -> None:
    """Proportions first, then what the seed does, then whether the shuffle is fair."""
    for labels, fraction in [
        (np.repeat([0, 1, 2], [50, 50, 10]), 0.2),
        (np.repeat(["cat", "dog"], [40, 16]), 0.5),
        (rng.permutation(np.repeat([0, 1, 2], [300, 98, 2])).astype(np.uint8), 0.2),
        (np.full(8, 5), 0.25),
        *(_classes(rng) for _ in range(8)),
    ]:
        for seed in (0, 1):
            _indices(answer, labels, fraction, seed)
    _set_by_the_seed(answer)
    _every_example_has_a_chance(answer)


def _set_by_the_seed(answer: Any) -> None:
    labels, fraction = np.repeat([0, 1], [60, 40]), 0.3
    state = repr(np.random.get_state())
    told = {"labels": _counted(labels), "fraction": fraction}
    for seed in (0, 3):
        same = np.array_equal(*(_indices(answer, labels, fraction, seed) for _ in range(2)))
        words = "The same seed gives another test set. Draw from `np.random.default_rng(seed)`."
        require(same, words, words, **told, seed=seed)
    sets = {tuple(sorted(_indices(answer, labels, fraction, seed))) for seed in range(6)}
    words = "Two seeds give the same test set. Shuffle inside each class, with the seed."
    require(len(sets) == 6, words, words, **told)
    words = (
        "Your function sets the random numbers of the whole notebook: whoever draws after it gets "
        "the same ones again. Draw from a generator of your own, `np.random.default_rng(seed)`."
    )
    require(repr(np.random.get_state()) == state, words, words)


def _every_example_has_a_chance(answer: Any) -> None:
    """`NotYet` where an example, or two of one class together, come up too seldom or too often."""
    labels, fraction, trials = np.tile([0, 1, 0], 12), 0.25, 300
    chosen = np.zeros((trials, len(labels)))
    for seed in range(trials):
        chosen[seed, _indices(answer, labels, fraction, seed)] = 1
    times, cure = chosen.sum(axis=0), "Shuffle the whole class, then cut."
    fair = times.min() >= 35 and times.max() <= 120  # 75 expected, a spread of 7.5
    words = "The shuffle is not fair: over 300 seeds some examples are chosen too seldom."
    require(fair, f"{words} {cure}", words, least_often=times.min(), most_often=times.max())
    pairs = (chosen.T @ chosen)[(labels[:, None] == labels) & ~np.eye(len(labels), dtype=bool)]
    fair = pairs.min() > 0 and pairs.max() <= 50  # 16 or 14 expected, a spread of 4
    words = "The shuffle is not fair: some examples come always, or never, with one another."
    require(fair, f"{words} {cure}", words, least_often=pairs.min(), most_often=pairs.max())


stratified_test = Exercise(
    title="A stratified test set",
    outcome="split",
    praise="Every class is cut by itself, so none can be missing by bad luck.",
    nudge="Suppose there were one class alone: how would you draw a fifth of it at random? And how "
    "do you say that to the computer for every class?",
    hint="Go through `np.unique(labels)`. For each class find where it stands, shuffle these "
    "places with one generator made before the loop, cut off the fraction, and collect them all.",
    test=_is_stratified,
    whole=True,
)

# ---- k nearest neighbors -------------------------------------------------------------------------


def _by(
    choose: Function = lambda labels: np.bincount(labels).argmax(),
    distance: Function = np.linalg.norm,
    places: Function = lambda order, k: order[:k],
    kind: type | None = float,
) -> Function:
    """Neighbors by this distance, those at these places of the order, and what is made of them."""

    def predict(X, y, queries, k):
        X, queries = (values.astype(kind or values.dtype) for values in (X, queries))
        orders = [np.argsort([distance(x - q) for x in X], kind="stable") for q in queries]
        return np.array([choose(y[places(order, k)]) for order in orders])

    return predict


def _neighbors(rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray, int]:
    """Examples and queries of one kind, in which every vote has one winner."""
    n, features = map(int, rng.integers(1, [30, 4]))
    k = int(rng.integers(1, n + 1))
    kind = str(rng.choice(["whole", "equal", "normal", "normal", "float32", "below", "uint8"]))
    unit = {"float32": np.float32, "uint8": np.uint8}.get(kind, int)
    spread = np.array([1, 1 if kind == "uint8" else 4, 1], unit)[:features]
    X = draw(rng, (n, features), kind) * spread  # unequal units: nothing may make them equal
    y = rng.choice([0, 1, 4, 37], n).astype([int, np.uint8][rng.integers(2)])
    queries = np.concatenate([draw(rng, (8, features), kind) * spread, X[:1]])
    clear = [query for query in queries if _has_one_winner(X, y, query, k)]
    return (X, y, np.array(clear[-rng.integers(1, 6) :]), k) if clear else _neighbors(rng)


def _has_one_winner(X: NDArray, y: NDArray, query: NDArray, k: int) -> bool:
    """Whether the vote is clear, whichever of equally far examples are asked."""
    distances = np.linalg.norm(X.astype(float) - query, axis=1)
    last = np.sort(distances)[k - 1]
    edge = np.abs(distances - last) < 1e-4 * (1 + last)
    asked = distances < last + 1e-4 * (1 + last)
    if asked.sum() > k and len(set(y[edge])) > 1:
        return False
    votes = Counter(y[np.argsort(distances)[:k]].tolist()).most_common(2)
    return len(votes) == 1 or votes[0][1] > votes[1][1]


def _said_by_scikit_learn(X: NDArray, y: NDArray, queries: NDArray, k: int) -> NDArray:
    model = KNeighborsClassifier(k, algorithm="brute").fit(X.astype(float), y)
    return model.predict(queries.astype(float)).astype(int)


LINE = np.array([[1.0], [2], [3], [7], [8]]), np.array([0, 0, 1, 1, 1])
"""The example of the lesson."""
PIXELS = (
    np.array([[199, 2], [216, 1], [8, 9], [10, 12], [5, 40], [9, 33], [255, 20]], np.uint8),
    np.array([1, 4, 0, 0, 2, 2, 1]),
)
"""Examples of which differences below 0, and squares above 255, do not fit into their type."""
RING = np.array([[3, 0], [0, -3], [2, 2], [-2, 2], [2, -2], [9, 9]]), np.array([0, 0, 1, 1, 1, 4])

knn_predict = Exercise(
    title="k nearest neighbors",
    outcome="build",
    praise="With k = 1 this is the model of section 1, and it works on pixels, too.",
    nudge="`most_similar` in section 1 finds the one example at the smallest distance. What gives "
    "the k examples at the smallest distances?",
    hint="For each query: `argsort` of the distances puts the examples in order, nearest first; "
    "take k of them and look up their labels. `np.bincount` counts the votes, and `argmax` names "
    "the winner.",
    oracle=_said_by_scikit_learn,
    cases=[
        (*LINE, np.array([[2.6]]), 3),
        (np.array([[3, 0], [2, 2], [9, 9]]), np.array([0, 1, 2]), np.array([[0, 0]]), 1),
        (*LINE, np.array([[6.0], [2.1], [1.0]]), 1),
        (*PIXELS, np.array([[200, 0], [0, 12]], np.uint8), 1),
        (*PIXELS, np.array([[9, 9], [250, 16], [11, 30]], np.uint8), 3),
        (*LINE, np.array([[6.0], [2.0]]), 5),
        (np.array([[0.0], [2], [4], [5]]), np.array([1, 1, 0, 0]), np.array([[1.0]]), 3),
        (np.array([[2, 2]]), np.array([1000]), np.array([[0, 0], [2, 2]]), 1),
        (*RING, np.array([[0, 0], [1, 0]]), 3),
    ],
    legal=_neighbors,
    draws=24,
    misconceptions={
        "You always ask the same number of neighbors; let k of them vote.": (
            _by(places=lambda order, k: order[:1]),
            _by(places=lambda order, k: order[:3]),
        ),
        "You asked the k farthest.": _by(places=lambda order, k: order[::-1][:k]),
        "You left out the nearest. A query is not among the examples: all k may vote.": (
            _by(places=lambda order, k: order[1 : k + 1]),
            _by(places=lambda order, k: order[1:k]),
        ),
        "You averaged the labels. Class numbers are names: count votes.": (
            _by(np.mean),
            _by(lambda labels: np.round(labels.mean())),
            _by(lambda labels: labels.mean() > 0.5),
        ),
        "You return the labels of the neighbors; let them vote.": _by(lambda labels: labels),
        "You return where the nearest examples stand; return what their labels say.": (
            lambda X, y, queries, k: _by()(X, np.arange(len(y)), queries, 1),
            lambda X, y, queries, k: _by(lambda places: places)(X, np.arange(len(y)), queries, k),
        ),
        "Your distances are those of uint8, where 3 - 5 is 254 and 16 squared is 0. Make decimals "
        "first: `X.astype(float)`.": (
            _by(distance=lambda difference: (difference**2).sum(), kind=None),
            _by(distance=lambda difference: np.linalg.norm(difference.astype(float)), kind=None),
            _by(distance=lambda difference: np.linalg.norm((-difference).astype(float)), kind=None),
        ),
        "The Euclidean distance takes all features: square the difference in each, and add up the "
        "squares.": (
            _by(distance=lambda difference: np.abs(difference).sum()),
            _by(distance=lambda difference: abs(difference[0])),
            _by(distance=lambda difference: abs(difference.sum())),
        ),
    },
)

# ---- Cross-validation ----------------------------------------------------------------------------

MAJORITY = DummyClassifier(strategy="most_frequent")


def _folded(rng: np.random.Generator) -> tuple[Any, NDArray, NDArray, NDArray]:
    """A model, examples of two or three classes with some noise, and folds of unequal sizes."""
    n, folds = int(rng.integers(18, 40)), int(rng.integers(2, 6))
    y = rng.integers(0, rng.integers(2, 4), n)
    X = np.round(y[:, np.newaxis] + rng.normal(size=(n, 2)), 3)
    fold = rng.permutation(np.concatenate([np.arange(folds), rng.integers(0, folds, n - folds)]))
    names = np.sort(rng.choice([0, 1, 2, 3, 4, 7, 11], folds, replace=False))
    fold = np.sort(names[fold]) if rng.random() < 0.3 else names[fold]
    model = KNeighborsClassifier(int(rng.choice([1, 3]))) if rng.random() < 0.8 else MAJORITY
    learned = n - np.bincount(fold).max()
    return (model, X, y, fold) if learned >= 5 else _folded(rng)


def _accuracies(learn: Function, ask: Function) -> Function:
    """A round for each fold; `learn` and `ask` choose the examples from whether they are in it."""

    def answer(model, X, y, fold):
        rounds = []
        for number in np.unique(fold):
            known, asked = learn(fold == number), ask(fold == number)
            rounds.append(model.fit(X[known], y[known]).score(X[asked], y[asked]))
        return np.array(rounds)

    return answer


def _said_by_folds(model: Any, X: NDArray, y: NDArray, fold: NDArray) -> NDArray:
    return cross_val_score(model, X, y, cv=PredefinedSplit(fold))


def _by_appearance(fold: NDArray) -> NDArray:
    """The folds in the order in which they come, as places in `np.unique(fold)`."""
    return np.unique(fold, return_index=True)[1].argsort()


FOLD, OTHERS, ALL = np.copy, np.logical_not, np.ones_like
FOUR = np.array([[1.0], [2.0], [2.9], [7.0]]), np.array([0, 0, 1, 1])
SEVEN = np.array([[1], [2.1], [3.3], [7], [8.2], [9.5], [9.9]]), np.array([0, 0, 1, 1, 1, 0, 1])

cross_validate = Exercise(
    title="Cross-validation",
    outcome="choose",
    praise="Every example was asked once, by a model that had never seen it.",
    nudge="In the round of one fold: which examples may the model see before it is asked, and "
    "about which is it asked?",
    hint="`asked = fold == number` is True for the examples of a fold, `~asked` for all others. "
    "Fit on the others, score on those of the fold, and append the score to a list.",
    oracle=_said_by_folds,
    cases=[
        (KNeighborsClassifier(1), *FOUR, np.array([0, 1, 0, 1])),
        (KNeighborsClassifier(1), *(part[:6] for part in SEVEN), np.array([2, 0, 1, 1, 2, 0])),
        (MAJORITY, *SEVEN, np.array([3, 3, 5, 5, 8, 8, 8])),
    ],
    legal=_folded,
    misconceptions={
        "The model has learned from the examples that it is asked about: memory. Leave the fold "
        "out when you fit.": (
            _accuracies(ALL, FOLD),
            _accuracies(FOLD, FOLD),
            _accuracies(ALL, ALL),
        ),
        "It is the other way around: learn from the other folds, and ask about this one.": (
            _accuracies(FOLD, OTHERS)
        ),
        "You learn from the right examples, but ask about more than the fold, or about others: "
        "ask about those of the fold.": (_accuracies(OTHERS, ALL), _accuracies(OTHERS, OTHERS)),
        "You return the mean; return the accuracy of each fold.": (
            lambda *case: np.mean(_said_by_folds(*case))
        ),
        "These are counts of right answers; accuracy is their share of the fold.": (
            lambda *case: np.unique(case[-1], return_counts=True)[1] * _said_by_folds(*case)
        ),
        "That is the share of wrong answers; accuracy is the share of right ones.": (
            lambda *case: 1 - _said_by_folds(*case)
        ),
        "Your folds come in another order. Go through `np.unique(fold)`.": (
            lambda *case: _said_by_folds(*case)[::-1],
            lambda *case: _said_by_folds(*case)[_by_appearance(case[-1])],
        ),
        "That is the first fold alone: `return` belongs after the loop.": (
            lambda *case: _said_by_folds(*case)[:1],
            lambda *case: _said_by_folds(*case)[0],
        ),
    },
)

# ---- Spot the leak -------------------------------------------------------------------------------

LEAKS = np.array([True, False, False, True, True])
"""Which of the five stories of the lesson leak."""
REASONS = (
    "One story leaks before it splits: features that were chosen with the answers of all people "
    "have seen the answers of the test people.",
    "One of the stories that you marked is honest: to *use* on the test data what the training "
    "data said is no leak. A leak runs the other way.",
    "One of the stories that you marked is honest: copies do harm only where a copy lands on the "
    "other side of the split.",
    "One story shuffles pictures although pictures come in families. What does a nearest neighbor "
    "find for a test picture?",
    "One story asks the test set more than once and keeps the best answer. What would that winner "
    "score on fresh data?",
)
"""What to say where the answer for a story is wrong."""


def _are_leaks(answer: Any, rng: np.random.Generator) -> None:
    given = numbers(answer)
    words = f"Give {len(LEAKS)} values, one for each story; yours have shape {given.shape}."
    require(given.shape == LEAKS.shape, words)
    require(np.isin(given, (0, 1)).all(), "Give True or False for every story.")
    wrong = np.flatnonzero(given != LEAKS)
    require(not given.all(), "Not all of them leak.")
    require(given.any(), "Not all of them are honest.")
    if wrong.size:
        turned = "You marked the honest stories: True means that a story leaks."
        words = turned if len(wrong) == len(LEAKS) else REASONS[wrong[0]]
        raise NotYet(words, hint=words)


leaks = Exercise(
    title="Spot the leak",
    outcome="recognize",
    praise="The test set may be asked once, and may not have had a say before.",
    nudge="In each story look for the moment of the split. What was computed before it, and from "
    "whom?",
    hint="Ask three questions of each story. Was anything chosen or computed before the split, "
    "with the test examples? Does one thing appear on both sides? Was the test set asked more than "
    "once?",
    test=_are_leaks,
)
