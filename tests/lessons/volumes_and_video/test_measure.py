"""The tool behind lesson 16's bands builds the lesson's networks and sees what the lesson sees."""

import keras
import numpy as np
import pytest

from lessons.volumes_and_video import measure
from tests.taught import taught
from utils import data


@pytest.mark.parametrize("shape", [(24, 24, 24, 1), (24, 24, 1), (24, 24, 3)])
def test_the_networks_are_those_of_the_lesson(shape):
    configs = []
    of_lesson = taught("16", "network", keras=keras, layers=keras.layers)["network"]
    for build in (measure.network, of_lesson):
        keras.utils.clear_session()  # names are counted anew
        configs.append(build(shape, (8, 16)).get_config())
    assert configs[0] == configs[1]


def test_all_networks_have_about_as_many_parameters():
    counts = []
    for entrant in measure.ENTRANTS.values():
        shape = measure.seen_along(np.zeros((1, 24, 24, 24), bool), entrant.axes).shape
        counts.append(measure.network(shape[1:], entrant.maps).count_params())
    assert max(counts) < 1.03 * min(counts)


def test_silhouettes_are_channels():
    solids = data.load_volumes("validation").volumes[:5]
    seen = measure.seen_along(solids, (0, 2))
    assert (seen.shape, seen.dtype) == ((5, 24, 24, 2), np.float32)
    np.testing.assert_array_equal(seen[..., 0], solids.any(axis=1))
    np.testing.assert_array_equal(seen[..., 1], solids.any(axis=3))
    whole = measure.seen_along(solids, ())
    np.testing.assert_array_equal(whole[..., 0], solids)


def test_the_table_has_a_row_for_every_start():
    table = data.volume_accuracies()
    assert list(table) == list(measure.ENTRANTS)
    assert all(len(runs) == len(measure.SEEDS) for runs in table.values())
