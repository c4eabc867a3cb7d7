"""The table behind the lesson's bands is whole."""

import numpy as np
import pytest
from PIL import Image

from lessons.looking_inside import copies, measure, records

pytestmark = pytest.mark.slow


def test_the_table_has_a_row_for_every_start():
    table = records.bias_accuracies()
    assert list(table) == list(measure.TRAININGS)
    assert all(len(shares.test) == len(measure.SEEDS) for shares in table.values())


def test_bias_accuracies_hold_five_starts_of_four_trainings():
    table = records.bias_accuracies()
    assert list(table) == [
        "small CNN", "small CNN + more grounds", "backbone", "backbone + more grounds",
    ]  # fmt: skip
    for row in table.values():
        for shares, pictures in zip(row, (80, 320, 320, 480), strict=True):
            assert shares.shape == (5,)
            np.testing.assert_allclose(shares * pictures, (shares * pictures).round(), atol=0.03)
        assert (row.lying + row.ground <= 1).all()


def test_copies_count_the_same_photographs_in_every_file():
    table = records.copy_accuracies()
    assert list(table) == ["small CNN", "backbone"]
    for by_way in table.values():
        assert list(by_way) == list(copies.WAYS)
        counts = [shares[:, :, 0] for shares in by_way.values()]
        assert all((one == counts[0]).all() for one in counts)
        assert counts[0].shape == (len(copies.SEEDS), 2)
        assert all((shares[..., 1] <= shares[..., 0]).all() for shares in by_way.values())


@pytest.fixture
def turned(tmp_path):
    """A photograph that lies on its side, with a note that says so: dark left, bright right."""
    pixels = np.full((90, 120, 3), 30, np.uint8)
    pixels[:, 60:] = 220
    photo, exif = Image.fromarray(pixels), Image.Exif()
    exif[copies.ORIENTATION] = 6
    photo.save(tmp_path / "photo.jpg", exif=exif, quality=95)
    return tmp_path / "photo.jpg"


def test_a_copy_loses_the_note(turned):
    assert copies.has_note(turned)
    read = {way: read(turned) for way, read in copies.WAYS.items()}
    assert all(picture.shape == (64, 64, 3) for picture in read.values())
    for way in ("copies", "note ignored", "no averaging"):
        assert read[way][:, :20].mean() < 60 < 190 < read[way][:, -20:].mean()
    assert read["files"][:20].mean() < 60 < 190 < read["files"][-20:].mean()
