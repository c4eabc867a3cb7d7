"""What is measured for the lesson's bands: fair networks, the right pictures, every start."""

import numpy as np
import pytest

from lessons.volumes_and_video import measure, records

pytestmark = pytest.mark.slow


def test_all_networks_have_about_as_many_parameters():
    counts = [measure.network(entrant).count_params() for entrant in measure.ENTRANTS.values()]
    assert max(counts) < 1.03 * min(counts)


def test_silhouettes_are_channels():
    solids = records.load_volumes("validation").volumes[:5]
    seen = measure.seen_along(solids, (0, 2))
    assert (seen.shape, seen.dtype) == ((5, 24, 24, 2), np.float32)
    np.testing.assert_array_equal(seen[..., 0], solids.any(axis=1))
    np.testing.assert_array_equal(seen[..., 1], solids.any(axis=3))
    whole = measure.seen_along(solids, ())
    assert measure.network(measure.ENTRANTS["solid"]).input_shape[1:] == whole.shape[1:]
    np.testing.assert_array_equal(whole[..., 0], solids)
