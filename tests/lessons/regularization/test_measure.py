"""The networks of five sizes, and the curves that the lesson shows of them."""

import numpy as np
import pytest

from lessons.regularization import measure, records
from utils import models, training

pytestmark = pytest.mark.slow


def test_the_size_in_the_middle_is_the_network_of_the_lesson():
    mine = measure.network(measure.SIZES[2], 8)
    lesson = models.on_pixels(models.lens_cnn((32, 32, 3), 8))
    settings = [[layer.get_config() for layer in model.layers] for model in (mine, lesson)]
    for one, other in zip(*settings, strict=True):
        same = one.keys() - {"name"}
        assert {key: one[key] for key in same} == {key: other[key] for key in same}


def test_each_size_doubles_maps_and_units_but_the_first():
    (*tiny,), *others = measure.SIZES
    assert tiny == [1, 2, 8]
    assert np.array(others).tolist() == [[4 * n, 8 * n, 32 * n] for n in (1, 2, 4, 8)]


def test_the_table_holds_five_starts_of_each_size():
    curves = records.sizes()
    counts = [measure.network(size, 8).count_params() for size in measure.SIZES]
    assert [*curves] == counts
    for of in curves.values():
        for part in of:
            assert part.shape == (len(measure.STARTS), measure.EPOCHS)
        assert ((of.accuracy >= 0) & (of.accuracy <= 1)).all()
        assert (of.loss > 0).all()


def test_a_network_is_stopped_where_its_validation_loss_is_lowest():
    loss = np.array([[3.0, 1, 2], [1, 2, 3]])
    accuracy = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    curves = records.Curves(loss, accuracy, loss, accuracy)
    assert curves.stopped.tolist() == [0.2, 0.4]
    assert curves.last.tolist() == [0.3, 0.6]


def test_a_row_is_what_a_training_gives(monkeypatch):
    monkeypatch.setattr(measure, "SIZES", measure.SIZES[:1])
    monkeypatch.setattr(measure, "STARTS", range(1))
    monkeypatch.setattr(measure, "EPOCHS", 2)
    monkeypatch.setattr(measure, "PER_CLASS", 4)
    first, second = measure.rows()
    assert [row[:3] for row in (first, second)] == [(704, 0, 1), (704, 0, 2)]
    assert len(first) == len(measure.HEADER) == 3 + len(training.CURVES)
