"""The reference convolution: by example, by property, against SciPy and Keras, and bad input."""

import re

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from utils.convolution import (
    correlate2d,
    correlate_volume,
    output_size,
    pad,
    pool2d,
)
from utils.data import WORKED_IMAGE as IMAGE
from utils.data import WORKED_KERNEL as KERNEL

FEW = settings(max_examples=60)


@st.composite
def layers(draw, dtype=np.int64):
    """An image and a kernel of small sides, a padding and a stride that fit."""
    numbers = st.integers(-9, 9)
    shape = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    padding, stride = draw(st.integers(0, 3)), draw(st.integers(1, 4))
    sides = [st.integers(1, min(5, n + 2 * padding)) for n in shape]
    image = draw(hnp.arrays(dtype, shape, elements=numbers))
    kernel = draw(hnp.arrays(dtype, draw(st.tuples(*sides)), elements=numbers))
    return image, kernel, padding, stride


def test_lecture_e():
    result = correlate2d(IMAGE, KERNEL)
    expected = [
        [293, 200, 145, 341],
        [172, 248, 278, 352],
        [218, 225, 263, 306],
        [284, 264, 264, 201],
    ]
    assert result.tolist() == expected
    assert correlate2d(IMAGE, KERNEL, padding=1)[0, :3].tolist() == [198, 198, 180]
    assert correlate2d(IMAGE, KERNEL, stride=2).tolist() == [[293, 145], [218, 263]]


@pytest.mark.parametrize(
    ("n", "k", "p", "s", "expected"),
    [
        (6, 3, 0, 1, 4),
        (6, 3, 1, 1, 6),
        (6, 3, 0, 2, 2),
        (7, 3, 0, 2, 3),
        (1, 1, 0, 5, 1),
        (2, 4, 1, 1, 1),
    ],
)
def test_output_size(n, k, p, s, expected):
    assert output_size(n, k, p, s) == expected


@FEW
@given(layers())
def test_correlate2d_is_scipy(layer):
    image, kernel, padding, stride = layer
    expected = scipy.signal.correlate2d(np.pad(image, padding), kernel, "valid")[::stride, ::stride]
    # For a kernel larger than the image in one direction SciPy swaps the two.
    if all(k <= n + 2 * padding for n, k in zip(image.shape, kernel.shape, strict=True)):
        np.testing.assert_array_equal(correlate2d(image, kernel, padding, stride), expected)


@FEW
@given(layers())
def test_the_output_has_the_predicted_size(layer):
    image, kernel, padding, stride = layer
    expected = tuple(
        output_size(n, k, padding, stride) for n, k in zip(image.shape, kernel.shape, strict=True)
    )
    assert correlate2d(image, kernel, padding, stride).shape == expected


@FEW
@given(layers(), st.integers(-5, 5))
def test_correlation_is_linear_in_the_kernel(layer, factor):
    image, kernel, padding, stride = layer
    np.testing.assert_array_equal(
        correlate2d(image, factor * kernel, padding, stride),
        factor * correlate2d(image, kernel, padding, stride),
    )


def brute_force_size(n, k, p, s, d):
    """How many windows fit, counted one by one."""
    starts = range(0, n + 2 * p, s)
    return sum(start + d * (k - 1) < n + 2 * p for start in starts)


@given(
    st.integers(1, 40), st.integers(1, 9), st.integers(0, 5), st.integers(1, 6), st.integers(1, 4)
)
def test_output_size_counts_the_windows(n, k, p, s, d):
    counted = brute_force_size(n, k, p, s, d)
    if counted:
        assert output_size(n, k, p, s, d) == counted
    else:
        with pytest.raises(ValueError, match="does not fit"):
            output_size(n, k, p, s, d)


@FEW
@given(layers(), st.integers(1, 3))
def test_dilation_spreads_the_kernel(layer, dilation):
    image, kernel, padding, stride = layer
    spread = np.zeros([dilation * (k - 1) + 1 for k in kernel.shape], kernel.dtype)
    spread[::dilation, ::dilation] = kernel
    if any(k > n + 2 * padding for n, k in zip(image.shape, spread.shape, strict=True)):
        with pytest.raises(ValueError, match="does not fit"):
            correlate2d(image, kernel, padding, stride, dilation)
    else:
        np.testing.assert_array_equal(
            correlate2d(image, kernel, padding, stride, dilation),
            correlate2d(image, spread, padding, stride),
        )


@pytest.mark.parametrize("dilation", [2, 3])
def test_dilated_volumes_are_keras(dilation):
    from utils.quiet import keras

    rng = np.random.default_rng(0)
    volume, kernels = rng.random((11, 9, 2), np.float32), rng.random((3, 2, 2, 4), np.float32)
    expected = keras.ops.conv(volume[None], kernels, dilation_rate=dilation)[0]
    result = correlate_volume(volume, kernels, dilation=dilation)
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("shape", [(8, 9, 3), (7, 5, 1), (5, 5, 4)])
def test_correlate_volume_is_keras(shape, stride):
    from utils.quiet import keras

    rng = np.random.default_rng(0)
    volume = rng.normal(size=shape).astype(np.float32)
    kernels = rng.normal(size=(3, 2, shape[2], 5)).astype(np.float32)
    expected = keras.ops.conv(volume[np.newaxis], kernels, strides=stride)[0]
    result = correlate_volume(volume, kernels, stride=stride)
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-5)
    assert result.dtype == np.float32


def test_correlate_volume_adds_up_the_depth():
    rng = np.random.default_rng(1)
    volume, kernels = rng.integers(0, 255, (7, 6, 3)), rng.integers(-9, 9, (3, 3, 3, 2))
    for n in range(2):
        expected = scipy.signal.correlate(volume, kernels[..., n], "valid")[..., 0]
        np.testing.assert_array_equal(correlate_volume(volume, kernels)[..., n], expected)


@FEW
@given(
    hnp.arrays(np.float32, (7, 8, 2), elements=st.floats(-9, 9, width=32)),
    st.integers(1, 4), st.integers(1, 3), st.sampled_from(["max", "average"]),
)  # fmt: skip
def test_pool2d_is_keras(volume, size, stride, how):
    from utils.quiet import keras

    pool = keras.ops.max_pool if how == "max" else keras.ops.average_pool
    expected = pool(volume[np.newaxis], size, stride, "valid")[0]
    np.testing.assert_allclose(pool2d(volume, size, stride, how), expected, rtol=1e-5, atol=1e-5)


@FEW
@given(
    hnp.arrays(np.int64, st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)),
               elements=st.integers(-99, 99)),
    st.integers(1, 9), st.integers(1, 4),
)  # fmt: skip
def test_pool2d_is_its_definition(volume, size, stride):
    size = min(size, *volume.shape[:2])
    windows = np.lib.stride_tricks.sliding_window_view(volume, (size, size), (0, 1))
    windows = windows[::stride, ::stride]
    np.testing.assert_array_equal(pool2d(volume, size, stride), windows.max((-2, -1)))
    np.testing.assert_array_equal(pool2d(volume, size, stride, "sum"), windows.sum((-2, -1)))
    np.testing.assert_allclose(pool2d(volume, size, stride, "average"), windows.mean((-2, -1)))
    np.testing.assert_array_equal(
        pool2d(volume[..., 0], size, stride), pool2d(volume, size, stride)[..., 0]
    )


def test_a_pooled_map_is_never_a_view():
    image = IMAGE.copy()
    pool2d(image, 1)[:] = 0
    np.testing.assert_array_equal(image, IMAGE)


def test_sums_of_photographs_do_not_wrap_round():
    assert pool2d(np.full((2, 2), 255, np.uint8), how="sum").item() == 4 * 255


def test_pool2d_of_the_lectures():
    by_e = np.array([[1, 4, 2, 11], [6, 13, 8, 3], [10, 0, 17, 7], [9, 2, 3, 5]])
    assert pool2d(by_e).tolist() == [[13, 11], [10, 17]]
    assert pool2d(by_e, how="average").tolist() == [[6, 6], [5.25, 8]]
    assert pool2d(by_e).dtype == by_e.dtype


def test_pad():
    padded = pad(np.ones((2, 3, 4), np.uint8), 2)
    assert padded.shape == (6, 7, 4)
    assert padded.sum() == 24
    assert padded.dtype == np.uint8
    original = np.ones((2, 2))
    pad(original, 0)[0, 0] = 5
    assert original[0, 0] == 1


def test_pad_before_and_after():
    np.testing.assert_array_equal(pad([[5]], (0, 2)), [[5, 0, 0], [0, 0, 0], [0, 0, 0]])
    image = np.arange(6).reshape(2, 3)
    np.testing.assert_array_equal(pad(image, 1, "edge")[0], [0, 0, 1, 2, 2])
    np.testing.assert_array_equal(pad(image, 1, "reflect")[0], [4, 3, 4, 5, 4])
    np.testing.assert_array_equal(
        correlate2d(image, [[0, 1], [0, 0]], (1, 0)),
        correlate2d(pad(image, (1, 0)), [[0, 1], [0, 0]]),
    )


def test_photographs_do_not_wrap_round():
    white = np.full((3, 3), 255, np.uint8)
    assert correlate2d(white, np.full((3, 3), 255, np.uint8)).item() == 9 * 255 * 255
    assert correlate2d(white, [[0, 0, 0], [0, -1, 0], [0, 0, 0]]).item() == -255
    assert pool2d(white, 3, how="average").item() == 255


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.int64])
def test_the_average_of_whole_numbers_is_float64(dtype):
    assert pool2d(np.eye(4, dtype=dtype), how="average").dtype == np.float64


def test_floating_types():
    image, kernel = np.ones((3, 3), np.float32), np.ones((2, 2), np.int64)
    assert correlate2d(image, kernel).dtype == np.float32
    assert correlate2d(image.astype(np.float64), kernel).dtype == np.float64
    assert correlate2d(image.astype(np.float16), kernel).dtype == np.float32
    assert correlate2d(np.eye(3, dtype=bool), kernel).dtype == np.int64


def test_nan_spreads_to_the_windows_that_hold_it_and_no_further():
    image = np.zeros((5, 5))
    image[0, 0] = np.nan
    expected = np.zeros((3, 3), bool)
    expected[0, 0] = True
    np.testing.assert_array_equal(np.isnan(correlate2d(image, np.ones((3, 3)))), expected)
    volume = correlate_volume(image[..., np.newaxis], np.ones((3, 3, 1, 1)))[..., 0]
    np.testing.assert_array_equal(np.isnan(volume), expected)
    assert np.isnan(pool2d(image, 3, 1)[0, 0])
    assert np.isnan(pool2d(image, 3, 1, "average")[0, 0])


def test_inputs_stay_as_they_were():
    image, kernel = IMAGE.copy(), KERNEL.copy()
    correlate2d(image, kernel, 1, 2)
    pool2d(image)
    np.testing.assert_array_equal(image, IMAGE)
    np.testing.assert_array_equal(kernel, KERNEL)


X, K = np.ones((4, 4)), np.ones((3, 3))
BAD = {
    "large kernel": (lambda: correlate2d(X, np.ones((5, 3))), "spans 5 does not fit"),
    "wide kernel": (lambda: correlate2d(X, np.ones((3, 5))), "spans 5 does not fit"),
    "wide dilation": (lambda: correlate2d(X, K, 0, 1, 2), "spans 5 does not fit"),
    "depths": (lambda: correlate_volume(X[..., None], np.ones((3, 3, 2, 1))), "depth"),
    "volume, large kernel": (
        lambda: correlate_volume(X[..., None], np.ones((5, 5, 1, 2))), "spans 5"),
    "pool window": (lambda: pool2d(X, 5), "spans 5 does not fit"),
    "pool how": (lambda: pool2d(X, how="median"), "how='median'"),
    "size k": (lambda: output_size(4, 5), "n + 2p = 4"),
    "size d": (lambda: output_size(4, 3, 0, 1, 2), "spans 5"),
    "pad mode": (lambda: pad(X, 1, "wrap"), "mode='wrap'"),
    "pad reflect": (lambda: pad(X, 4, "reflect"), "cannot be reflected"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named(case):
    call, words = BAD[case]
    with pytest.raises(ValueError, match=re.escape(words)):
        call()
