"""Changed copies of photographs: the four ways, in turn, and what stays as it was."""

import numpy as np
from PIL import Image

from utils import data
from utils.data.shifts import shifted


def bright_middle():
    image = np.full((20, 20, 3), 100, np.uint8)
    image[8:12, 8:12] = 250
    return image


def test_four_ways_in_turn_and_then_the_other_way():
    copies = shifted(np.stack([bright_middle()] * 8))
    assert copies.shape == (8, 20, 20, 3)
    assert copies.dtype == np.uint8
    for one in range(4):
        turned_or_moved = one in (0, 2)
        assert (copies[one] == copies[one + 4]).all() != turned_or_moved


def test_what_each_way_does():
    image = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    image[:, :10] = 255
    _, dark, moved, faded = shifted(np.stack([image] * 4))
    assert dark.max() < 105
    assert (dark[..., 2] >= dark[..., 0])[:, :10].all()
    np.testing.assert_array_equal(moved[:, :14], image[:, 6:])
    assert np.ptp(faded) <= 0.3 * 255 + 1
    assert faded.min() > 130


def test_the_photographs_stay_as_they_were():
    images = np.stack([bright_middle()] * 4)
    shifted(images)
    assert (images == bright_middle()).all()


def test_a_folder_has_shifted_copies_of_its_test_photographs(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    for name in ("ants", "bees"):
        (tmp_path / name).mkdir()
        for number in range(10):
            Image.fromarray(rng.integers(0, 256, (20, 20, 3), np.uint8)).save(
                tmp_path / name / f"{number}.png"
            )
    monkeypatch.setenv("COURSE_IMAGES", str(tmp_path))
    test, copies = data.load_images("test"), data.load_images("test_shifted")
    np.testing.assert_array_equal(copies.images, shifted(test.images))
    np.testing.assert_array_equal(copies.labels, test.labels)
    assert copies.classes == test.classes == ["ants", "bees"]
