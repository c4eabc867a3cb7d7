"""Tests of utils.splitting: the definition, the proportions, and every error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder

from utils.splitting import one_hot, random_split, stratified_split

SHARES = [(0.6, 0.2, 0.2), (0.5, 0.5), (0.8, 0.1, 0.1), (1.0,), (0.05, 0.95)]


@pytest.mark.parametrize("labels", [[2, 0, 1], np.array([0, 0], np.uint8), (3,), []])
def test_one_hot_equals_scikit_learn(labels):
    encoded = one_hot(labels, 4)
    assert encoded.dtype == np.float64
    assert encoded.shape == (len(labels), 4)
    if len(labels):
        column = np.asarray(labels)[:, np.newaxis]
        encoder = OneHotEncoder(categories=[range(4)], sparse_output=False)
        np.testing.assert_array_equal(encoded, encoder.fit_transform(column))


@pytest.mark.parametrize(
    ("labels", "classes", "error", "words"),
    [
        ([0, 3], 3, ValueError, "label 3: expected 0 to 2"),
        ([-1, 0], 3, ValueError, "label -1"),
        ([[0, 1]], 3, ValueError, r"shape \(1, 2\)"),
        ([0.0, 1.0], 3, TypeError, "float64"),
        (["a"], 3, TypeError, "whole numbers"),
        ([0], 0, ValueError, "classes=0"),
        ([0], 2.5, TypeError, "classes=2.5"),
    ],
)
def test_one_hot_names_what_is_wrong(labels, classes, error, words):
    with pytest.raises(error, match=words):
        one_hot(labels, classes)


@pytest.mark.parametrize("fractions", SHARES)
@given(n=st.integers(1, 200), seed=st.integers(0, 5))
def test_random_parts_share_nothing_and_miss_nothing(fractions, n, seed):
    parts = random_split(n, fractions, seed)
    assert sorted(np.concatenate(parts)) == list(range(n))
    for part, share in zip(parts, fractions, strict=True):
        assert abs(len(part) - share * n) <= 1


@pytest.mark.parametrize("fractions", SHARES)
@given(labels=st.lists(st.sampled_from([-3, 0, 7, 8]), min_size=1, max_size=80))
def test_stratified_parts_share_nothing_and_keep_the_proportions(fractions, labels):
    parts = stratified_split(labels, fractions, seed=1)
    assert sorted(np.concatenate(parts)) == list(range(len(labels)))
    labels = np.array(labels)
    for label in np.unique(labels):
        for part, share in zip(parts, fractions, strict=True):
            assert abs((labels[part] == label).sum() - share * (labels == label).sum()) <= 1


def test_the_seed_decides():
    labels = np.repeat(["a", "b"], [40, 20])
    for split in (
        lambda s: random_split(60, (0.5, 0.5), s),
        lambda s: stratified_split(labels, (0.5, 0.5), s),
    ):
        np.testing.assert_array_equal(split(3)[0], split(3)[0])
        assert len({tuple(sorted(split(s)[0])) for s in range(10)}) == 10


def test_sorted_labels_come_out_mixed():
    labels = np.repeat([0, 1, 2], 50)
    train, _ = stratified_split(labels, (0.8, 0.2))
    assert (np.diff(labels[train]) < 0).sum() > 10


def test_every_example_has_the_same_chance():
    labels = np.repeat([0, 1], [30, 10])
    chosen = np.zeros(40)
    for seed in range(400):
        chosen[stratified_split(labels, (0.8, 0.2), seed)[1]] += 1
    assert 50 < chosen.min() < chosen.max() < 115  # 80 expected, a spread of 8


def test_halves_are_cut_alike_whatever_the_rounding_error():
    assert [len(p) for p in random_split(10, (0.1,) * 10)] == [1] * 10
    assert [len(p) for p in random_split(110, (0.6, 0.2, 0.2))] == [66, 22, 22]


@pytest.mark.parametrize("fractions", [(0.5, 0.4), (1.2, -0.2), (), [[0.5, 0.5]], (np.nan, 1)])
def test_fractions_that_do_not_fit(fractions):
    for split in (lambda f: random_split(9, f), lambda f: stratified_split([0, 1], f)):
        with pytest.raises(ValueError, match="add up to 1"):
            split(fractions)


def test_other_errors():
    with pytest.raises(ValueError, match="n=0"):
        random_split(0, (0.5, 0.5))
    with pytest.raises(TypeError, match=r"n=2\.5"):
        random_split(2.5, (0.5, 0.5))
    for labels in ([], [[0, 1]]):
        with pytest.raises(ValueError, match="labels have shape"):
            stratified_split(labels, (0.5, 0.5))
