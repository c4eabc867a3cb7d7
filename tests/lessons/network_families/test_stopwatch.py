"""The stopwatch lets all models run by turns, and does not count the first."""

import numpy as np
import pytest

from lessons.network_families import stopwatch
from utils.quiet import keras

pytestmark = pytest.mark.slow


def test_each_model_has_its_shortest_time():
    x = keras.Input((8, 8, 4))
    small = keras.Model(x, keras.layers.Conv2D(2, 1)(x))
    large = keras.Model(x, keras.layers.Conv2D(512, 7, padding="same")(x))
    seconds = stopwatch.fastest({"s": small, "l": large}, np.zeros((4, 8, 8, 4), "f4"), rounds=5)
    assert 0 < seconds["s"] < seconds["l"] < 60
