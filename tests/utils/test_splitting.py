"""Tests of utils.splitting: the proportions, the shuffle, and every error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.splitting import cuts, stratified_split

SHARES = [(0.6, 0.2, 0.2), (0.5, 0.5), (0.8, 0.1, 0.1), (1.0,), (0.05, 0.95)]


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
    first = [tuple(sorted(stratified_split(labels, (0.5, 0.5), s)[0])) for s in [*range(10), 3]]
    assert first[3] == first[10]
    assert len(set(first)) == 10


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
    assert cuts(10, (0.1,) * 10).tolist() == list(range(1, 10))
    assert cuts(110, (0.6, 0.2, 0.2)).tolist() == [66, 88]


@pytest.mark.parametrize("fractions", [(0.5, 0.4), (1.2, -0.2), (), [[0.5, 0.5]], (np.nan, 1)])
def test_fractions_that_do_not_fit(fractions):
    with pytest.raises(ValueError, match="add up to 1"):
        stratified_split([0, 1], fractions)


def test_other_errors():
    for labels in ([], [[0, 1]]):
        with pytest.raises(ValueError, match="labels have shape"):
            stratified_split(labels, (0.5, 0.5))
