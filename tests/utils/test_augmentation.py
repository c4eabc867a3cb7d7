"""The augmenter changes pictures in training only, by no more than it is told."""

import numpy as np
import pytest

from utils import training
from utils.augmentation import augmenter
from utils.quiet import keras, tf

ALL = {"shift": 0.1, "zoom": 0.2, "turn": 0.05, "light": 0.2}


@pytest.fixture
def pictures():
    return np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3), np.uint8)


def test_called_without_saying_so_it_acts(pictures):
    network = keras.Sequential([keras.Input((16, 16, 3)), augmenter(**ALL)])
    assert np.abs(network(pictures) - pictures).max() > 5


def test_without_strengths_it_mirrors_about_half(pictures):
    training.reproducible(0)
    many = np.repeat(pictures[:1], 400, axis=0)
    changed = np.asarray(augmenter()(many, training=True))
    mirrored = (changed == many[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (mirrored | (changed == many).all(axis=(1, 2, 3))).all()
    assert 0.4 < mirrored.mean() < 0.6


def test_in_inference_it_does_nothing(pictures):
    chain = augmenter(**ALL)
    np.testing.assert_array_equal(chain(pictures, training=False), pictures)
    network = keras.Sequential([keras.Input((16, 16, 3)), chain])
    np.testing.assert_array_equal(network(pictures, training=False), pictures)
    np.testing.assert_array_equal(network.predict(pictures, verbose=0), pictures)


@pytest.mark.parametrize("name", ALL)
def test_every_strength_changes_pictures(name, pictures):
    training.reproducible(0)
    changed = np.asarray(augmenter(**{name: ALL[name]})(pictures, training=True))
    assert changed.shape == pictures.shape
    assert changed.min() >= 0
    assert changed.max() <= 255
    alike = [
        np.allclose(one, other, atol=1) or np.allclose(one, other[:, ::-1], atol=1)
        for one, other in zip(changed, pictures, strict=True)
    ]
    assert not any(alike)


def test_a_picture_moves_no_further_than_told():
    training.reproducible(0)
    dot = np.zeros((200, 20, 20, 1), np.uint8)
    dot[:, 10, 10] = 255
    moved = np.asarray(augmenter(shift=0.1)(dot, training=True))
    rows, columns = (np.nonzero(moved.max(axis=0)[..., 0])[axis] for axis in (0, 1))
    assert 7 <= rows.min() < 10 < rows.max() <= 13
    assert 6 <= columns.min() < columns.max() <= 13  # mirrored: from column 9


def test_same_seed_same_pictures(pictures):
    results = []
    for _ in range(2):
        training.reproducible(3)
        results.append(np.asarray(augmenter(**ALL)(pictures, training=True)))
    np.testing.assert_array_equal(*results)


def test_in_a_pipeline_every_epoch_differs(pictures):
    training.reproducible(0)
    chain = augmenter(**ALL)
    batches = tf.data.Dataset.from_tensor_slices(pictures).batch(8)
    batches = batches.map(lambda some: chain(some, training=True))
    first, second = (next(iter(batches)).numpy() for _ in range(2))
    assert np.abs(first - second).mean() > 5
