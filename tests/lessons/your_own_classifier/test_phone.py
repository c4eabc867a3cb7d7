"""The folder of photographs: a student's own, wherever it is named from, or the one that is made."""

import numpy as np
import pytest
from PIL import Image

from lessons.your_own_classifier import phone
from utils import data


def test_a_folder_of_ones_own_is_found_as_it_is_pasted(tmp_path):
    own = data.DATA / "rendered8" / "train"
    assert phone.place(f' "{own}" ', tmp_path) == own
    assert phone.place("data/rendered8/train", tmp_path).samefile(own)


@pytest.mark.slow
def test_without_one_a_folder_is_made(tmp_path):
    for number, mine in enumerate(("", "rendered8")):
        made = phone.place(mine, tmp_path / str(number))
        assert sorted(place.name for place in made.iterdir()) == sorted(phone.COUNTS)


@pytest.mark.parametrize(
    ("mine", "error", "said"),
    [
        ("nowhere/at all", FileNotFoundError, "no folder .*nowhere"),
        ("README.md", ValueError, "is a file, not a folder"),
    ],
)
def test_what_is_no_folder_is_told(tmp_path, monkeypatch, mine, error, said):
    monkeypatch.chdir(data.DATA.parent)
    with pytest.raises(error, match=said):
        phone.place(mine, tmp_path)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "found: none"),
        (["a.jpg", "b.jpg"], "found: none"),
        (["cat/a.jpg"], r"found: \['cat'\]"),
        (["cat/a.jpg", "dog/.hidden"], "no file lies in dog"),
        (["train/cat/a.jpg", "test/cat/b.jpg"], "no file lies in test, train"),
    ],
)
def test_a_folder_without_classes_is_told(tmp_path, files, said):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"any")
    with pytest.raises(ValueError, match=f"two or more folders, one per class.*{said}"):
        phone.photographs(tmp_path, 200)


def test_a_class_with_too_few_scenes_is_told(tmp_path):
    """Two bursts of three photographs, and three photographs that stand alone."""
    seconds = {"cat": [0, 1, 2, 30, 31, 32], "dog": [0, 30, 59]}
    for name, all_of_them in seconds.items():
        (tmp_path / name).mkdir()
        for second in all_of_them:
            exif = Image.Exif()
            exif[phone.TAKEN] = f"2026:07:14 10:00:{second:02}"
            Image.new("RGB", (9, 9)).save(tmp_path / name / f"{second:02}.jpg", exif=exif)
    files = phone.photographs(tmp_path, 200)
    labels = np.repeat([0, 1], [6, 3])
    bursts = phone.bursts(files)
    with pytest.raises(ValueError, match=r"class 'cat' has 2 bursts .* needs 3"):
        phone.require_scenes(labels, bursts, ["cat", "dog"])
    with pytest.raises(ValueError, match=r"class 'eel' has 0 bursts .* needs 3"):
        phone.require_scenes(np.repeat([1, 2], [6, 3]), np.arange(9), ["eel", "cat", "dog"])
    apart = np.arange(9)
    phone.require_scenes(labels, apart, ["cat", "dog"])
    parts = phone.split(labels, apart, seed=0)
    assert all(set(parts[labels == label]) == {0, 1, 2} for label in (0, 1))
