"""The table behind the lesson's bands is whole."""

import pytest

from lessons.looking_inside import measure
from utils import data

pytestmark = pytest.mark.slow


def test_the_table_has_a_row_for_every_start():
    table = data.bias_accuracies()
    assert list(table) == list(measure.TRAININGS)
    assert all(len(shares.test) == len(measure.SEEDS) for shares in table.values())
