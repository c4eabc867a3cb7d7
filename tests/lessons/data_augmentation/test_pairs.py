"""Two networks, asked twice: the table is whole, and a training does what the table says."""

import numpy as np
import pytest

from lessons.data_augmentation import measure, pairs
from tools import project_accuracies as project
from utils import data
from utils.data.images import RENDERED8
from utils.quiet import keras

PAIR = "+ a second network"


def test_what_is_compared_is_what_the_table_of_the_course_says():
    found = pairs.measured()
    for name, (lesson, setting) in measure.KNOWN.items():
        known = data.project_accuracies(lesson, RENDERED8)[setting]
        np.testing.assert_array_equal(found[name].validation, known.validation)
        np.testing.assert_array_equal(found[name].test, known.test)


def test_every_setting_has_its_starts_and_two_networks_take_twice_the_time():
    found = pairs.measured()
    counts = {name: len(row.test) for name, row in found.items()}
    assert (counts.pop("tutorial"), counts.pop(PAIR)) == (len(measure.TUTORIAL_STARTS), 10)
    assert set(counts.values()) == {5}
    np.testing.assert_allclose(found[PAIR].seconds, 2 * found["with the mirror"].seconds[0])


def test_answers_are_the_mean_over_networks_and_both_sides():
    means = [keras.Sequential([keras.Input((1, 2, 1)), keras.layers.Flatten()]) for _ in range(2)]
    picture = np.array([1.0, 4.0]).reshape(1, 1, 2, 1)
    np.testing.assert_allclose(pairs.answers(means, picture), [[2.5, 2.5]])
    np.testing.assert_allclose(means[0].predict(picture, verbose=0), [[1, 4]])


@pytest.mark.slow
def test_the_network_of_the_tutorial_changes_pictures_in_training_alone():
    model = measure.tutorial(8)
    pictures = np.random.default_rng(0).integers(0, 256, (2, *project.SHAPE), np.uint8)
    first, second = (model.predict(pictures, verbose=0) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    shown, again = (np.asarray(model(pictures, training=True)) for _ in range(2))
    assert np.abs(shown - again).max() > 0


@pytest.mark.weekly
def test_two_networks_learn_what_the_table_says():
    train = data.load_images("train", project.SIDE, 100, RENDERED8)
    unseen = data.load_images("validation", project.SIDE, source=RENDERED8)
    two = [pairs.member(train, seed) for seed in (0, 1)]
    right = (pairs.answers(two, unseen.images).argmax(axis=1) == unseen.labels).mean()
    kept = pairs.measured()[PAIR].validation
    assert kept.min() - 0.03 < right < kept.max() + 0.03
