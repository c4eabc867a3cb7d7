"""The tool behind lesson 17's bands builds the lesson's networks, and its table is whole."""

import keras
import pytest

from lessons.looking_inside import measure
from tests.taught import taught
from utils import data


@pytest.mark.parametrize(("name", "classes"), [("small_cnn", 8), ("small_cnn", 3), ("new_head", 8)])
def test_the_networks_are_those_of_the_lesson(name, classes):
    of_lesson = taught("17", name, keras=keras, layers=keras.layers)[name]
    configs = []
    for build in (getattr(measure, name), of_lesson):
        keras.utils.clear_session()  # names are counted anew
        configs.append(build(classes).get_config())
    assert configs[0] == configs[1]


def test_the_table_has_a_row_for_every_start():
    table = data.bias_accuracies()
    assert list(table) == list(measure.TRAININGS)
    assert all(len(shares.test) == len(measure.SEEDS) for shares in table.values())
