"""The solids: shapes, types, labels, and which way is up; and the table of accuracies on them."""

import numpy as np
import pytest

from lessons.volumes_and_video import measure, records
from utils.data import files

CLASSES = ["airplane", "car", "cat", "dog", "flower", "fruit", "motorbike", "person"]
COUNTS = {"train": 40, "validation": 10, "test": 15}


@pytest.mark.parametrize(("split", "count"), COUNTS.items())
def test_every_split(split, count):
    volumes, labels, classes = records.load_volumes(split)
    assert (volumes.shape, volumes.dtype) == ((8 * count, 24, 24, 24), bool)
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, np.repeat(np.arange(8), count))
    assert classes == CLASSES
    assert all(type(name) is str for name in classes)
    assert (volumes.sum(axis=(1, 2, 3)) > 100).all()


def test_solids_stand_on_the_ground():
    volumes = records.load_volumes("validation").volumes
    assert volumes[..., 1].any(axis=(1, 2)).all()  # z = 1 is the lowest cell that is not free
    assert not volumes[..., 0].any()


def test_no_solid_is_in_two_splits():
    rows = np.concatenate([records.load_volumes(split).volumes for split in COUNTS])
    assert len(np.unique(np.packbits(rows.reshape(len(rows), -1), axis=1), axis=0)) == len(rows)


def test_unknown_split():
    with pytest.raises(ValueError, match="no split 'tset' of the volumes: choose from train, val"):
        records.load_volumes("tset")


def test_damaged_file(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "DATA", tmp_path)
    (tmp_path / "volumes8.npz").write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"volumes8\.npz is damaged.*git checkout -- data"):
        records.load_volumes("train")


def test_accuracies_of_eight_starts_of_four_networks():
    table = records.volume_accuracies()
    assert list(table) == list(measure.ENTRANTS)
    for accuracies in table.values():
        assert accuracies.shape == (len(measure.SEEDS),) == (8,)
        assert (accuracies > 0.5).all()
        assert (accuracies < 1).all()
        np.testing.assert_allclose(accuracies * 120, (accuracies * 120).round(), atol=0.01)
