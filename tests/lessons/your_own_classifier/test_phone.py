"""The folder of photographs: a student's own, wherever it is named from, or the one that is made."""

import pytest

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
