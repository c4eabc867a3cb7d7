"""The networks of the lesson: their shapes on paper, and a compiled one that learns."""

import numpy as np
import pytest

from lessons.volumes_and_video import networks

pytestmark = pytest.mark.slow


def test_the_table_of_the_lesson():
    shapes = [layer.output.shape[1:] for layer in networks.deep().layers]
    assert shapes == [
        (12, 12, 12, 1), (10, 10, 10, 8), (5, 5, 5, 8), (3, 3, 3, 16), (432,), (8,)
    ]  # fmt: skip
    assert networks.deep().count_params() == 224 + 3_472 + 3_464


def test_the_rival_for_pictures():
    shapes = [layer.output.shape[1:] for layer in networks.flat((24, 24, 3), 24).layers]
    assert shapes[-3:] == [(4, 4, 24), (384,), (8,)]


def test_learn_compiles_and_fits():
    pictures = np.random.default_rng(0).random((20, 12, 12, 1))
    model = networks.flat((12, 12, 1), 2)
    labels = np.arange(20) % 8
    record = networks.learn(model, (pictures, labels), (pictures, labels), 2, rate=0.02)
    assert record.epochs == 2
    assert int(model.optimizer.iterations) == 2 * 2
    assert float(model.optimizer.learning_rate) == pytest.approx(0.02)
