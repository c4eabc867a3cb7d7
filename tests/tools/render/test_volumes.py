"""Solids on a grid: about the right volume, no holes, the same bytes every time."""

import numpy as np
import pytest
from scipy.ndimage import binary_fill_holes, label

from tools.render import volumes
from tools.render.classes import CLASSES, build
from tools.render.shapes import ellipsoid, rod

pytestmark = pytest.mark.slow


def test_a_ball_has_its_volume_and_no_holes():
    grid = volumes.occupancy([ellipsoid((3, 1, 7), 2, "m")])
    assert grid.shape == (24, 24, 24)
    assert np.pi / 6 * 22**3 < grid.sum() < np.pi / 6 * 24**3  # it fills 22 cells, touches more
    np.testing.assert_array_equal(grid, binary_fill_holes(grid))


def test_a_solid_stands_in_the_middle_with_a_free_border():
    grid = volumes.occupancy([rod((0, 0, 0), (0, 0, 1), 0.25, "m")], side=16)
    filled = np.argwhere(grid)
    np.testing.assert_array_equal(filled.min(axis=0)[2], 1)
    np.testing.assert_array_equal(filled.max(axis=0)[2], 14)
    np.testing.assert_allclose(filled.mean(axis=0)[:2], 7.5, atol=0.3)


def test_a_thin_plate_is_not_pierced():
    plate = ellipsoid((0, 0, 0), (1, 1, 0.03), "m", power=8)
    assert volumes.occupancy([plate], side=16).any(axis=2)[2:-2, 2:-2].all()


@pytest.mark.parametrize("name", CLASSES)
def test_objects_hang_together(name):
    for seed in range(3):
        grid = volumes.occupancy(build(name, np.random.default_rng(seed)).parts)
        pieces, count = label(grid, np.ones((3, 3, 3)))
        largest = np.bincount(pieces.ravel())[1:].max()
        assert largest >= 0.4 * grid.sum(), (name, seed, count)
        assert grid.sum() > 150


def test_the_file_is_small_and_the_same_in_every_run(tmp_path, monkeypatch):
    monkeypatch.setattr(volumes, "SPLITS", {"train": 1, "test": 1})
    files = [tmp_path / "first.npz", tmp_path / "second.npz"]
    for file in files:
        monkeypatch.setattr("sys.argv", ["volumes", "--out", str(file)])
        volumes.main()
    assert files[0].read_bytes() == files[1].read_bytes()
    with np.load(files[0], allow_pickle=False) as stored:
        assert list(stored["classes"]) == list(CLASSES)
        assert stored["train"].shape == (8, 24**3 // 8)
        np.testing.assert_array_equal(stored["train_labels"], np.arange(8))
        grid = np.unpackbits(stored["train"][2]).reshape(24, 24, 24).astype(bool)
    np.testing.assert_array_equal(grid, volumes.solid("train", CLASSES[2], 0))
