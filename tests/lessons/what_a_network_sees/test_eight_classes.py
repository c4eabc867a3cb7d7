"""The small network of the lesson: its file, its answers, and what it learned from."""

import numpy as np
import pytest

from lessons.what_a_network_sees import eight_classes, measure
from utils import data

pytestmark = pytest.mark.slow


def test_the_file_is_small_and_fits_the_network():
    assert (data.DATA / eight_classes.NAME).stat().st_size < 150_000
    stored, fresh = (
        eight_classes.load_network().get_weights(),
        eight_classes.network().get_weights(),
    )
    assert [one.shape for one in stored] == [one.shape for one in fresh]
    assert all(np.isfinite(one).all() for one in stored)


def test_another_file_is_refused(tmp_path, monkeypatch):
    (tmp_path / eight_classes.NAME).write_bytes(b"")
    monkeypatch.setattr("utils.data.files.DATA", tmp_path)
    with pytest.raises(ValueError, match="damaged or another version"):
        eight_classes.load_network()


def test_it_names_test_pictures_as_often_as_the_card_says():
    test = data.load_images("test", eight_classes.SIDE, source="rendered8")
    said = eight_classes.load_network()(eight_classes.prepared(test.images)).numpy().argmax(axis=1)
    share = f"{100 * (said == test.labels).mean():.1f} %"
    card = (data.DATA / "README.md").read_text(encoding="utf-8")
    (row,) = [line for line in card.splitlines() if line.startswith(f"| `{eight_classes.NAME}` |")]
    assert share in row


def test_varied_pictures_are_shifted_mirrored_and_lighter_or_darker():
    side, rng = eight_classes.SIDE, np.random.default_rng(0)
    light = measure.varied(np.ones((60, side, side, 1), np.float32), rng)
    assert (light == light[:, :1, :1]).all()
    assert 0.8 <= light.min() < 0.85 < 1.15 < light.max() <= 1.2
    line = np.zeros((60, side, side, 1), np.float32)
    line[:, :, 10] = 1
    columns = np.argmax(measure.varied(line, rng)[:, 0, :, 0], axis=1)
    assert set(columns) == {*range(7, 14), *range(side - 14, side - 7)}
