"""The table behind the lesson's bands is whole."""

import numpy as np
import pytest

from lessons.looking_inside import measure, records

pytestmark = pytest.mark.slow


def test_the_table_has_a_row_for_every_start():
    table = records.bias_accuracies()
    assert list(table) == list(measure.TRAININGS)
    assert all(len(shares.test) == len(measure.SEEDS) for shares in table.values())


def test_bias_accuracies_hold_five_starts_of_four_trainings():
    table = records.bias_accuracies()
    assert list(table) == [
        "small CNN", "small CNN + more grounds", "backbone", "backbone + more grounds",
    ]  # fmt: skip
    for row in table.values():
        for shares, pictures in zip(row, (80, 320, 320, 480), strict=True):
            assert shares.shape == (5,)
            np.testing.assert_allclose(shares * pictures, (shares * pictures).round(), atol=0.03)
        assert (row.lying + row.ground <= 1).all()
