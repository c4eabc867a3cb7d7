"""The tables of results that ship with the course."""

import numpy as np
import pytest

from utils import data
from utils.data import files
from utils.data.tables import write_table


def test_a_row_is_on_disk_before_the_next_is_measured(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(files, "DATA", tmp_path)

    def rows():
        yield "a", 1
        assert (tmp_path / "table.csv").read_bytes() == b"name,number\na,1\n"
        yield "b, c", 2

    write_table("table.csv", ("name", "number"), rows())
    assert (tmp_path / "table.csv").read_bytes() == b'name,number\na,1\n"b, c",2\n'
    assert capsys.readouterr().out == "a, 1\nb, c, 2\n"


PROJECT = ("image_classification", "regularization", "data_augmentation", "transfer_learning")


@pytest.mark.parametrize("images", ["rendered8", "natural-images"])
@pytest.mark.parametrize("lesson", PROJECT)
def test_project_accuracies_hold_five_starts_of_every_setting(lesson, images):
    for name, row in data.project_accuracies(lesson, images).items():
        for shares in row:
            assert shares.shape == (5,), name
            assert (shares > 1 / 16).all(), name
            assert (shares <= 1).all(), name


def test_project_accuracies_are_those_of_the_set_in_use(monkeypatch):
    monkeypatch.setenv("COURSE_IMAGES", "/photos/natural-images")
    first, *_ = PROJECT
    assert_same(data.project_accuracies(first), data.project_accuracies(first, "natural-images"))
    monkeypatch.setenv("COURSE_IMAGES", "/photos/of/my/own")
    assert_same(data.project_accuracies(first), data.project_accuracies(first, "rendered8"))


def assert_same(some, others):
    assert list(some) == list(others)
    for one, other in zip(some.values(), others.values(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_project_accuracies_say_what_they_hold():
    known = r"\('image_classification', 'nat"
    with pytest.raises(ValueError, match=rf"the lesson 'pooling' on 'rendered8': .*{known}"):
        data.project_accuracies("pooling")
