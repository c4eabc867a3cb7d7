"""Sizes along an axis: what Keras adds for padding="same", and what a stack of layers sees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.padding_and_stride.sizes import receptive_field, same_padding
from utils.convolution import correlate2d, output_size

SAME = [(n, k, s, 1) for n in range(1, 18) for k in range(1, 8) for s in range(1, 6)] + [
    (n, k, 1, d) for n in range(1, 18) for k in range(1, 6) for d in (2, 3)
]


def test_same_padding_is_that_of_keras():
    from utils.quiet import keras

    for n, k, s, d in SAME:
        before, after = same_padding(n, k, s, d)
        signal = np.arange(1.0, n + 1, dtype=np.float32)[None, :, None]
        weights = (2.0 ** np.arange(k, dtype=np.float32))[:, None, None]
        shape = keras.ops.conv(
            keras.KerasTensor(signal.shape), keras.KerasTensor(weights.shape), s, "same",
            dilation_rate=d,
        ).shape  # fmt: skip
        assert shape[1] == (n + before + after - d * (k - 1) - 1) // s + 1, (n, k, s, d)


@pytest.mark.parametrize(("n", "k", "s", "d"), SAME[::41])
def test_same_padding_stands_where_keras_puts_it(n, k, s, d):
    from utils.quiet import keras

    rng = np.random.default_rng(n)
    image, kernel = rng.random((n, n), np.float32), rng.random((k, k), np.float32)
    tensors = image[None, :, :, None], kernel[:, :, None, None]
    expected = np.array(keras.ops.conv(*tensors, s, "same", dilation_rate=d))[0, ..., 0]
    result = correlate2d(image, kernel, same_padding(n, k, s, d), s, d)
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3)), max_size=4),
)
def test_the_receptive_field_is_what_a_change_can_reach(layers):
    n = field = receptive_field(layers)
    for k, s, d in layers:
        n = output_size(n, k, 0, s, d)
    assert n == 1, "one output needs exactly its receptive field"
    touched = np.zeros(field)
    for pixel in {0, field // 2, field - 1}:
        signal = np.zeros((field, 1))
        signal[pixel] = 1
        for k, s, d in layers:
            signal = correlate2d(signal, np.ones((k, 1)), 0, 1, d)[::s]
        touched[pixel] = signal.item()
    assert touched[0] > 0
    assert touched[-1] > 0


def test_two_small_kernels_see_what_a_large_one_sees():
    assert receptive_field([(3, 1), (3, 1)]) == receptive_field([(5, 1)]) == 5
    assert receptive_field([]) == 1
    assert receptive_field([(3, 2), (3, 1, 2)]) == 3 + 2 * 4
