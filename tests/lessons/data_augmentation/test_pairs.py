"""A minute of training: the table is whole, and a training does what the table says."""

from pathlib import Path

import numpy as np
import pytest

from lessons.data_augmentation import measure, pairs
from tools import project_accuracies as project
from tools.build import read_lesson
from utils import data
from utils.data import Images
from utils.data.images import RENDERED8
from utils.quiet import keras

PAIR = "+ a second network"


SETS = pytest.mark.parametrize("images", [RENDERED8, "natural-images"])


@SETS
def test_what_is_compared_is_what_the_table_of_the_course_says(images):
    found = pairs.measured(images)
    for name, (lesson, setting) in measure.KNOWN.items():
        known = data.project_accuracies(lesson, images)[setting]
        np.testing.assert_array_equal(found[name].validation, known.validation)
        np.testing.assert_array_equal(found[name].test, known.test)


@SETS
def test_every_setting_has_its_starts_and_two_networks_take_twice_the_time(images):
    found = pairs.measured(images)
    counts = {name: len(row.test) for name, row in found.items()}
    assert counts.pop(PAIR) == 10
    assert set(counts.values()) == {5}
    np.testing.assert_allclose(found[PAIR].seconds, 2 * found[measure.CYCLE].seconds[0], atol=0.1)


@SETS
def test_a_short_cycle_is_as_good_as_the_tutorial_in_a_third_of_its_time(images):
    brief, tutorial = (pairs.measured(images)[name] for name in (measure.BRIEF, "tutorial"))
    assert brief.test.mean() > tutorial.test.mean()
    assert brief.seconds[0] < tutorial.seconds[0] / 3


@pytest.mark.parametrize(("images", "least"), [("rendered8", 0.88), ("natural-images", 0.9)])
def test_one_network_asked_twice_reaches_what_the_course_promises(images, least):
    assert pairs.measured(images)["+ mirror image asked"].test.mean() >= least


def test_the_rate_rises_for_a_third_of_the_way_and_ends_at_zero():
    train = Images(np.zeros((32, 16, 16, 3), np.uint8), np.repeat([0, 1], 16), ["a", "b"])
    network, batches = pairs.ready(train, seed=0, epochs=30)
    rate = [float(network.optimizer._learning_rate(step)) for step in range(61)]
    assert len(batches) == 2
    assert (rate[0], np.argmax(rate), rate[60]) == (0, 20, pytest.approx(0, abs=1e-9))
    assert rate[20] == pytest.approx(0.005)
    assert network.optimizer.ema_momentum == pytest.approx(5 / 6)


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


@pytest.mark.slow
def test_the_network_of_the_page_is_the_one_that_was_measured():
    page = {}
    cells = [cell.source for cell in read_lesson(Path(measure.__file__).parent / "lesson.py").cells]
    exec(next(source for source in cells if "import check" in source), page)
    exec(next(source for source in cells if "def member(" in source), page)
    pictures = np.random.default_rng(0).integers(0, 256, (96, 16, 16, 3), np.uint8)
    train = Images(pictures, np.repeat([0, 1], 48), ["a", "b"])
    typed, measured = (make(train, 1, epochs=2) for make in (page["member"], pairs.member))
    for weight, same in zip(typed.get_weights(), measured.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, same)


@pytest.mark.weekly
def test_a_network_learns_what_the_table_says():
    train = data.load_images("train", project.SIDE, 100, RENDERED8)
    unseen = data.load_images("validation", project.SIDE, source=RENDERED8)
    answers = pairs.answers([pairs.member(train, seed=0)], unseen.images)
    kept = pairs.measured()["+ mirror image asked"].validation
    right = (answers.argmax(axis=1) == unseen.labels).mean()
    assert kept.min() - 0.03 < right < kept.max() + 0.03
