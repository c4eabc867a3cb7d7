"""The twins say what the table of their strengths holds, and the table is whole."""

import numpy as np
import pytest

from lessons.data_augmentation import measure, twins
from lessons.data_augmentation.twins import Measured
from utils import data


def test_every_change_is_measured_at_every_strength():
    for change, strengths in measure.STEPS.items():
        table = twins.measured(change)
        np.testing.assert_allclose(table.strengths, sorted([0, *strengths]), atol=1e-4)
        for values in table.accuracies.values():
            assert values.shape == (len(measure.STARTS), len(strengths) + 1)
            assert values.min() >= 0
            assert values.max() <= 1


def test_at_strength_0_all_changes_are_the_picture_as_it_is():
    tables = [twins.measured(change) for change in measure.STEPS]
    for name in twins.SETTINGS:
        starts = [table.accuracies[name][:, table.strengths == 0] for table in tables]
        for values in starts:
            np.testing.assert_array_equal(values, starts[0])


def test_with_mixup_five_starts_are_measured():
    assert twins.with_mixup().shape == (5,)


@pytest.mark.parametrize(
    ("mine", "points", "expected"),
    [(0.3, 10, 0.2), (0.2, 10, 0.2), (0.15, 10, 0), (0.15, 2, 0.1), (0, 0, 0), (9, 10, 0.4)],
)
def test_worth_training_is_the_largest_strength_within_the_limit(mine, points, expected):
    right = np.array([[0.1, 0.8, 0.77, 0.65, 0.3]] * 2)
    table = Measured(np.array([-0.2, 0, 0.1, 0.2, 0.4]), {"as they are": right})
    assert twins.worth_training(table, mine, points) == expected


@pytest.mark.slow
def test_the_kept_weights_are_those_of_the_first_start():
    validation = data.load_images("validation", twins.SIDE, source="rendered8")
    names = np.array(validation.classes)[validation.labels]
    changes = {(change, strength): copies for change, strength, copies in measure.copies()}
    for name, twin in twins.load_twins().items():
        for change, strength in (("brightness", 0.3), ("saturation", -1.0), ("shift", 0.3)):
            right = np.mean(np.array(twin.name(changes[change, strength])) == names)
            table = twins.measured(change)
            kept = table.accuracies[name][0, np.isclose(table.strengths, strength)]
            np.testing.assert_allclose(right, kept, atol=0.007)  # weights have 16 bits


@pytest.mark.slow
def test_a_twin_takes_pictures_of_any_size():
    large = data.load_images("validation", 96, source="rendered8").images[:20]
    small = data.load_images("validation", twins.SIDE, source="rendered8").images[:20]
    for twin in twins.load_twins().values():
        assert np.mean(twin(large).argmax(axis=1) == twin(small).argmax(axis=1)) >= 0.9
