"""Labels as vectors and shuffled parts: the definition, and every error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder

from lessons.learning_from_data.preparing import one_hot, random_split


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


@pytest.mark.parametrize("fractions", [(0.6, 0.2, 0.2), (0.8, 0.1, 0.1), (1.0,), (0.05, 0.95)])
@given(n=st.integers(1, 200), seed=st.integers(0, 5))
def test_random_parts_share_nothing_and_miss_nothing(fractions, n, seed):
    parts = random_split(n, fractions, seed)
    assert sorted(np.concatenate(parts)) == list(range(n))
    for part, share in zip(parts, fractions, strict=True):
        assert abs(len(part) - share * n) <= 1


def test_the_seed_decides():
    first = [tuple(sorted(random_split(60, (0.5, 0.5), seed)[0])) for seed in [*range(10), 3]]
    assert first[3] == first[10]
    assert len(set(first)) == 10


def test_what_cannot_be_split():
    with pytest.raises(ValueError, match="n=0"):
        random_split(0, (0.5, 0.5))
    with pytest.raises(TypeError, match=r"n=2\.5"):
        random_split(2.5, (0.5, 0.5))
    with pytest.raises(ValueError, match="add up to 1"):
        random_split(9, (0.5, 0.4))
