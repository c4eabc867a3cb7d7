"""The photographs, the digits, and frames with a picture at a random place."""

import numpy as np
import pytest
import sklearn.datasets
from hypothesis import given
from hypothesis import strategies as st

from utils import data


def test_photographs():
    brick, coffee = data.photograph("brick"), data.photograph("coffee")
    assert (brick.shape, brick.dtype) == ((512, 512), np.uint8)
    assert (coffee.shape, coffee.dtype) == ((400, 600, 3), np.uint8)
    assert np.ptp(brick) > 100


def test_unknown_photograph():
    with pytest.raises(ValueError, match="no photograph 'cat': choose from brick, coffee"):
        data.photograph("cat")


def test_digits_are_those_of_scikit_learn():
    images, labels = data.digits()
    expected = sklearn.datasets.load_digits()
    np.testing.assert_array_equal(images, expected.images)
    np.testing.assert_array_equal(labels, expected.target)
    assert images.dtype == np.uint8
    assert images.max() == 16


def test_writers_begin_with_three_rounds_of_all_digits():
    labels, writers = data.digits().labels, data.digit_writers()
    assert len(writers) == 1797
    for writer in range(12):
        np.testing.assert_array_equal(labels[writers == writer][:30], np.tile(np.arange(10), 3))


@given(st.integers(0, 1000))
def test_parts_of_writers_share_no_writer_and_no_digit(seed):
    parts, writers = data.writers_apart(seed), data.digit_writers()
    np.testing.assert_array_equal(np.sort(np.concatenate([*parts.values()])), np.arange(1797))
    counts = {name: len(set(writers[part])) for name, part in parts.items()}
    assert counts == {"train": 7, "validation": 2, "test": 3}
