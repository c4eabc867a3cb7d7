"""Snapshots: copies of the weights at the batches that were asked for."""

import numpy as np
import pytest

from lessons.what_a_network_sees.snapshots import Snapshots
from utils.quiet import keras

pytestmark = pytest.mark.slow


def test_snapshots_keep_copies():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    before = model.get_weights()
    snapshots = Snapshots([0, 2, 6, 99])
    rng = np.random.default_rng(0)
    x, y = rng.random((96, 3), np.float32), rng.integers(0, 2, 96)
    model.fit(x, y, epochs=2, batch_size=32, callbacks=[snapshots], verbose=0)
    assert sorted(snapshots.weights) == [0, 2, 6]
    for one, other in zip(snapshots.weights[0], before, strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(snapshots.weights[6], model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(snapshots.weights[2][0], snapshots.weights[6][0])
