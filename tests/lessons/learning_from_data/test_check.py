"""Learning from data: right answers of unusual form, and wrong ones such as students write."""

from collections import Counter

import numpy as np
import pytest
import scipy.stats
from sklearn.base import clone
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

from lessons.learning_from_data import check
from tests.kit.answers import accepted, refused
from utils.splitting import stratified_split

pytestmark = pytest.mark.slow
# fmt: off


def aliased(labels, classes):
    rows = [[0] * classes] * len(labels)
    for i in range(len(labels)):
        rows[i][labels[i]] = 1
    return rows


def stratified(labels, fraction, seed, size=round, draw=None, shift=0):
    rng, test = np.random.default_rng(seed), []
    for c in np.unique(labels):
        place = np.flatnonzero(labels == c)
        k = size(fraction * len(place))
        test += list((draw or (lambda rng, p, k: rng.permutation(p)[:k]))(rng, place, k) + shift)
    return np.array(test, int)


def drawn(draw):
    return lambda labels, fraction, seed: stratified(labels, fraction, seed, draw=draw)


def with_append_of_floats(labels, fraction, seed):
    rng, test = np.random.default_rng(seed), np.array([])
    for c in np.unique(labels):
        place = rng.permutation(np.flatnonzero(labels == c))
        test = np.concatenate([test, place[: round(fraction * len(place))]])
    return test


def by_scikit_learn(labels, fraction, seed):
    everything = np.arange(len(labels))
    return train_test_split(everything, test_size=fraction, stratify=labels, random_state=seed)[1]


def reseeding_numpy(labels, fraction, seed):
    np.random.seed(seed)
    places = [np.random.permutation(np.flatnonzero(labels == c)) for c in np.unique(labels)]
    return np.concatenate([place[: round(fraction * len(place))] for place in places])


def a_comb(rng, place, k):
    starts = (np.arange(k) + rng.random()) * len(place) / max(k, 1)
    return place[starts.astype(int)]


def pairs_stay(rng, place, k):
    pairs = [place[i : i + 2] for i in range(0, len(place), 2)]
    return np.concatenate([pairs[i] for i in rng.permutation(len(pairs))])[:k]


unseeded = np.random.default_rng()


def order_of(X, queries):
    return ((queries[:, None].astype(float) - X) ** 2).sum(axis=2).argsort(axis=1, kind="stable")


def voted(choose=lambda labels: np.bincount(labels).argmax(), take=lambda order, k: order[:k], scale=1):
    def answer(X, y, queries, k):
        unit = X.std(axis=0) + 1e-9 if scale == "equal units" else 1
        return [choose(y[take(row, k)]) for row in order_of(X / unit, queries / unit)]
    return answer


def by_squeezed_mode(X, y, queries, k):
    return scipy.stats.mode(y[order_of(X, queries)[:, :k]], axis=1, keepdims=True).mode.squeeze()


def by_weighted_votes(X, y, queries, k):
    near, d = order_of(X, queries)[:, :k], np.linalg.norm(queries[:, None] - X, axis=2)
    return [np.bincount(y[row], 1 / (d[i, row] + 1e-9)).argmax() for i, row in enumerate(near)]


def at_once(X, y, queries, k):
    return [np.bincount(y[row[:k]]).argmax() for row in np.linalg.norm(queries[:, None] - X, axis=2).argsort(axis=1)]


def crossed(model, X, y, fold, say=list, known=lambda inside: ~inside):
    rounds = []
    for number in sorted(set(fold)):
        inside = fold == number
        said = model.fit(X[known(inside)], y[known(inside)]).predict(X[inside])
        rounds.append((said == y[inside]).mean())
    return say(rounds)


def asks_those_it_knows(model, X, y, fold):
    others = [fold != number for number in np.unique(fold)]
    return [model.fit(X[known], y[known]).score(X[known], y[known]) for known in others]


def cloned(model, X, y, fold):
    return crossed(clone(model), X, y, fold)


def in_a_pipeline(model, X, y, fold):
    return crossed(make_pipeline(model), X, y, fold, say=np.float32)


def by_appearance(model, X, y, fold):
    rounds = [(fold == number) for number in dict.fromkeys(fold.tolist())]
    return [model.fit(X[~inside], y[~inside]).score(X[inside], y[inside]) for inside in rounds]


def fitted_once(model, X, y, fold):
    first, *_ = folds = np.unique(fold)
    model.fit(X[fold != first], y[fold != first])
    return [model.score(X[fold == number], y[fold == number]) for number in folds]


def by_place(model, X, y, fold):
    parts = [np.flatnonzero(fold == number) for number in np.unique(fold)]
    return np.array([model.fit(np.delete(X, part, 0), np.delete(y, part)).score(X[part], y[part]) for part in parts])


def from_0(model, X, y, fold):
    return [model.fit(X[fold != f], y[fold != f]).score(X[fold == f], y[fold == f]) for f in range(len(set(fold)))]


def never_fitted(model, X, y, fold):
    return [model.score(X[fold == f], y[fold == f]) for f in np.unique(fold)]


def won(near):
    return lambda X, y, queries, k: [
        Counter(near(y.tolist(), np.linalg.norm(X.astype(float) - q, axis=1).tolist(), k)).most_common(1)[0][0] for q in queries]


def in_a_dict(y, distances, k):
    labels = dict(zip(distances, y, strict=True))
    return [labels[d] for d in sorted(labels)[:k]]


def by_index(y, distances, k):
    return [y[distances.index(d)] for d in sorted(distances)[:k]]


def beyond_0(y, distances, k):
    return [y[i] for i in np.argsort(distances) if distances[i] > 0][:k] or [0]


def in_ten_boxes(labels):
    votes = np.zeros(10)
    for label in labels:
        votes[label] += 1
    return votes.argmax()


test_right_in_another_way = accepted({
    "truth in lists": (check.one_hot, lambda labels, classes: [[c == label for c in range(classes)] for label in labels]),
    "float32": (check.one_hot, lambda labels, classes: np.eye(classes, dtype="float32")[np.array(labels)]),
    "rounded down": (check.stratified_test, lambda *case: stratified(*case, size=int)),
    "rounded up": (check.stratified_test, lambda *case: stratified(*case, size=lambda n: int(np.ceil(n)))),
    "scikit-learn": (check.stratified_test, by_scikit_learn),
    "utils": (check.stratified_test, lambda labels, f, seed: stratified_split(labels, (f, 1 - f), seed)[0]),
    "choice": (check.stratified_test, drawn(lambda rng, place, k: rng.choice(place, k, replace=False))),
    "in decimals": (check.knn_predict, voted(lambda labels: float(np.bincount(labels).argmax()))),
    "predicted": (check.cross_validate, crossed),
    "places": (check.cross_validate, by_place),
    "cloned": (check.cross_validate, cloned),
    "in a pipeline, as float32": (check.cross_validate, in_a_pipeline),
    "zeros and ones": (check.leaks, np.array([1, 0, 0, 1, 1], np.float32)),
})

test_wrong_answers_get_their_hint = refused({
    "one list repeated": (check.one_hot, aliased, "one and the same list"),
    "as many as differ": (check.one_hot, lambda labels, classes: np.eye(len(set(labels)))[labels], "that occur"),
    "arrays only": (check.one_hot, lambda labels, classes: labels[:, None] == np.arange(classes), "TypeError"),
    "thermometer": (
        check.one_hot, lambda labels, classes: (np.reshape(labels, (-1, 1)) >= np.arange(classes)) * 1, None),
    "truth turned": (check.one_hot, lambda labels, classes: np.reshape(labels, (-1, 1)) != np.arange(classes), "The ones"),
    "floats": (check.stratified_test, with_append_of_floats, "decimals, which cannot index"),
    "inside the class": (check.stratified_test, drawn(lambda rng, p, k: rng.permutation(len(p))[:k]), "inside a class"),
    "with replacement": (check.stratified_test, drawn(lambda rng, place, k: rng.choice(place, k)), "replacement"),
    "not stratified": (
        check.stratified_test,
        lambda labels, f, seed: np.random.default_rng(seed).permutation(len(labels))[: round(f * len(labels))],
        "share of each class is not"),
    "seed 0 is no seed": (
        check.stratified_test,
        lambda labels, f, seed: stratified(labels, f, seed or unseeded.integers(1e6)), "The same seed gives another"),
    "no seed": (check.stratified_test, lambda labels, f, seed: stratified(labels, f, None), "The same seed gives another"),
    "fixed seed": (check.stratified_test, lambda labels, f, seed: stratified(labels, f, 0), "Two seeds give the same"),
    "no shuffle": (check.stratified_test, drawn(lambda rng, place, k: place[:k]), "Two seeds give the same"),
    "np.random.seed": (check.stratified_test, reseeding_numpy, "of the whole notebook"),
    "the last ones": (check.stratified_test, drawn(lambda rng, place, k: rng.permutation(place)[-k:]), "Every class"),
    "indices from 1": (check.stratified_test, lambda *case: stratified(*case, shift=1), ", from 0?"),
    "the same number": (check.stratified_test, drawn(lambda rng, p, k: rng.permutation(p)[:2]), "the same *fraction*"),
    "the training set": (
        check.stratified_test,
        lambda labels, f, seed: np.setdiff1d(np.arange(len(labels)), stratified(labels, f, seed)), "the training set"),
    "a fifth": (check.stratified_test, lambda labels, f, seed: stratified(labels, 0.2, seed), "its fraction"),
    "never the last": (check.stratified_test, drawn(lambda rng, p, k: rng.permutation(p[:-1] if len(p) > k else p)[:k]), "too seldom"),
    "a block": (check.stratified_test, drawn(lambda rng, p, k: np.roll(p, rng.integers(1000))[:k]), "with one another"),
    "a comb": (check.stratified_test, drawn(a_comb), "with one another"),
    "pairs": (check.stratified_test, drawn(pairs_stay), "with one another"),
    "diagonal": (check.one_hot, check._on_the_diagonal, "the label names the column"),
    "pixels as they are": (check.knn_predict, at_once, "3 - 5 is 254"),
    "mean above a half": (
        check.knn_predict, voted(lambda labels: labels.mean() > 0.5), "You averaged the labels"),
    "memory": (
        check.cross_validate, lambda *case: crossed(*case, known=np.ones_like), "memory"),
    "asked about those it knows": (check.cross_validate, asks_those_it_knows, "ask about those"),
    "one mean": (check.cross_validate, lambda *case: crossed(*case, say=np.mean), "each fold"),
    "first fold": (check.cross_validate, lambda *case: crossed(*case)[:1], "after the loop"),
    "as they appear": (check.cross_validate, by_appearance, "another order"),
    "fitted once": (check.cross_validate, fitted_once, None),
    "in percent": (check.cross_validate, lambda *case: 100 * np.array(crossed(*case)), None),
    "numbers from 0": (check.cross_validate, from_0, "ValueError"),
    "never fitted": (check.cross_validate, never_fitted, "not fitted"),
    "one too many": (check.knn_predict, voted(take=lambda order, k: order[: k + 1]), None),
    "a dict of distances": (check.knn_predict, won(in_a_dict), None),
    "index of a distance": (check.knn_predict, won(by_index), None),
    "distance 0 dropped": (check.knn_predict, won(beyond_0), None),
    "ten boxes": (check.knn_predict, voted(in_ten_boxes), "IndexError"),
    "squeezed": (check.knn_predict, by_squeezed_mode, None),
    "weighted by distance": (check.knn_predict, by_weighted_votes, None),
    "equal units": (check.knn_predict, voted(scale="equal units"), None),
    "all leak": (check.leaks, [True] * 5, "Not all of them leak"),
    "turned around": (check.leaks, [False, True, True, False, False], "True means"),
    "their numbers": (check.leaks, [1, 4, 5], "one for each story"),
    "two": (check.leaks, [2, 0, 0, 1, 1], "True or False"),
})


@pytest.mark.parametrize("story", range(5))
def test_one_wrong_story_gets_its_reason_and_no_number(story):
    given = check.LEAKS.copy()
    given[story] ^= True
    result = check.leaks(given)
    assert result.hint == check.REASONS[story]
    assert not set("12345") & set(result.message)


@pytest.mark.parametrize("seed", range(3))
def test_no_vote_is_a_tie(seed):
    for X, y, queries, k in check.knn_predict.with_seed(seed).inputs():
        assert all(check._has_one_winner(X, y, query, k) for query in queries)
