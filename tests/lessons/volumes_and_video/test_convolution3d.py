"""Cross-correlation along three axes: against SciPy, Keras, and slice by slice."""

import numpy as np
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lessons.volumes_and_video.convolution3d import correlate3d
from utils.convolution import correlate2d


@settings(max_examples=60)
@given(st.data())
def test_correlate3d_is_scipy(drawn):
    numbers = st.integers(-99, 99)
    shape = drawn.draw(st.tuples(*[st.integers(1, 7)] * 3))
    sides = drawn.draw(st.tuples(*[st.integers(1, min(4, n)) for n in shape]))
    volume = drawn.draw(hnp.arrays(np.int64, shape, elements=numbers))
    kernel = drawn.draw(hnp.arrays(np.int64, sides, elements=numbers))
    expected = scipy.signal.correlate(volume, kernel, "valid", "direct")
    np.testing.assert_array_equal(correlate3d(volume, kernel), expected)


def test_correlate3d_is_keras():
    from utils.quiet import keras

    rng = np.random.default_rng(0)
    volume, kernel = rng.random((5, 6, 7), np.float32), rng.random((2, 3, 4), np.float32)
    expected = keras.ops.conv(volume[None, ..., None], kernel[..., None, None])[0, ..., 0]
    np.testing.assert_allclose(correlate3d(volume, kernel), expected, rtol=1e-4)
    assert correlate3d(volume, kernel).dtype == np.float32


def test_a_kernel_of_depth_one_treats_every_slice_alike():
    rng = np.random.default_rng(0)
    volume, kernel = rng.integers(0, 9, (4, 5, 6)), rng.integers(-3, 4, (3, 2))
    expected = [correlate2d(piece, kernel) for piece in volume]
    np.testing.assert_array_equal(correlate3d(volume, kernel[np.newaxis]), expected)


def test_correlate3d_takes_solids_and_spreads_nan_no_further():
    assert correlate3d(np.ones((3, 3, 3), bool), np.ones((3, 3, 3), bool)).item() == 27
    volume = np.zeros((4, 4, 4))
    volume[0, 0, 0] = np.nan
    assert np.isnan(correlate3d(volume, np.ones((2, 2, 2)))).sum() == 1
