"""Which photographs of a folder belong to which split; and folders that cannot be split."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.data import folders
from utils.data.folders import LEAST, SPLITS, split_folder
from utils.splitting import stratified_split


def write(path, content=None):
    """A file of its own content; nothing here decodes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(path) if content is None else content, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    for name in ("dog", "cat"):
        for number in range(40):
            write(tmp_path / "set" / name / f"{number}.jpg")
    return tmp_path / "set"


def parts(folder):
    return {split: split_folder(folder, split) for split in SPLITS}


def relative(folder, part):
    return {n: [p.relative_to(folder).as_posix() for p in paths] for n, paths in part.items()}


def test_every_photograph_is_in_one_split_and_in_its_class(folder):
    found = parts(folder)
    for name in ("cat", "dog"):
        split = [path for part in found.values() for path in part[name]]
        assert sorted(split) == sorted((folder / name).iterdir())
        assert {split: len(part[name]) for split, part in found.items()} == {
            "train": 28,
            "validation": 6,
            "test": 6,
        }


def test_classes_are_sorted(folder):
    write(folder / "Été 2" / "1 a.png")
    for number in range(LEAST):
        write(folder / "Été 2" / f"ö {number}.png")
    assert list(split_folder(folder, "test")) == ["cat", "dog", "Été 2"]


def test_neither_listing_order_nor_place_nor_other_files_matter(folder, tmp_path, monkeypatch):
    before = {split: relative(folder, part) for split, part in parts(folder).items()}
    for name in (".DS_Store", "Thumbs.db", "notes.txt", "cat/._1.jpg", "cat/list.csv", ".git/x/1.jpg",
                 "__MACOSX/cat/1.jpg", "cat/.ipynb_checkpoints/1.jpg", "loose.jpg"):  # fmt: skip
        write(folder / name)
    moved = folder.rename(tmp_path / "elsewhere")
    listed, walk = os.listdir, os.walk

    def walk_backward(*args, **kwargs):
        for place, inner, names in walk(*args, **kwargs):
            inner.reverse()
            names.reverse()
            yield place, inner, names

    monkeypatch.setattr(os, "listdir", lambda path: listed(path)[::-1])
    monkeypatch.setattr(Path, "iterdir", lambda path: (path / name for name in os.listdir(path)))
    monkeypatch.setattr(os, "walk", walk_backward)
    assert {split: relative(moved, part) for split, part in parts(moved).items()} == before


def test_the_order_within_a_class_is_shuffled_and_the_same_every_time(folder):
    once = split_folder(folder, "train")["cat"]
    assert once == split_folder(folder, "train")["cat"]
    assert once != sorted(once)


def test_photographs_may_lie_deeper(folder):
    for number in range(40):
        write(folder / "dog" / "breeds" / "poodle" / f"{number}.JPEG")
    found = [path for part in parts(folder).values() for path in part["dog"]]
    assert len(found) == 80


def test_copies_stay_together(folder):
    for number in range(40):
        write(folder / "dog" / f"copy of {number}.jpg", str(folder / "dog" / f"{number}.jpg"))
    write(folder / "dog" / "cat.jpg", str(folder / "cat" / "7.jpg"))
    where = {}
    with pytest.warns(
        UserWarning, match=r"1 photographs lie in two classes.*\n.*dog.cat\.jpg is .*cat.7\.jpg"
    ):
        found = parts(folder)
    for split, part in found.items():
        for path in (path for paths in part.values() for path in paths):
            where.setdefault(path.read_text(encoding="utf-8"), set()).add(split)
    assert len(where) == 80
    assert all(len(splits) == 1 for splits in where.values())


def test_all_photographs(folder, tmp_path):
    write(folder / "loose.jpg")
    assert len(folders.all_photographs(folder)) == 80
    for split in ("train", "test"):
        for name in ("a", "b"):
            write(tmp_path / "given" / split / name / "1.png")
    assert len(folders.all_photographs(tmp_path / "given")) == 4


def test_only_files_of_equal_size_are_read(folder, monkeypatch):
    read = []
    monkeypatch.setattr(folders, "sha256_of", lambda path: read.append(path) or str(path))
    write(folder / "cat" / "large.jpg", "x" * 500)
    split_folder(folder, "train")
    assert folder / "cat" / "large.jpg" not in read
    assert folder / "cat" / "11.jpg" in read


def test_empty_files_are_no_copies_of_each_other(folder):
    for path in folder.rglob("*.jpg"):
        path.write_bytes(b"")
    assert len(split_folder(folder, "train")["dog"]) == 28


@pytest.mark.parametrize(
    "names",
    [
        ("train", "validation", "test"),
        ("train", "valid", "test"),
        ("Train", "Val", "Test"),
        ("training", "validation", "testing"),
        ("TRAIN", "dev", "TEST"),
    ],
)
def test_a_folder_that_is_split_already(tmp_path, names):
    for split, count in zip(names, (3, 1, 2), strict=True):
        for number in range(count):
            for label in ("a", "b"):
                write(tmp_path / split / label / f"{number}.png", "the same")
    for split, sub, count in zip(SPLITS, names, (3, 1, 2), strict=True):
        found = split_folder(tmp_path, split)
        assert list(found) == ["a", "b"]
        assert sorted(found["b"]) == [tmp_path / sub / "b" / f"{n}.png" for n in range(count)]


def test_a_split_that_is_missing(tmp_path):
    for split in ("train", "test"):
        for name in ("a", "b"):
            write(tmp_path / split / name / "1.png")
    with pytest.raises(
        ValueError, match=r"no folder 'validation', but train, test.* take .*train as"
    ):
        split_folder(tmp_path, "validation")
    assert list(split_folder(tmp_path, "test")) == ["a", "b"]


def test_two_folders_for_one_split(tmp_path):
    for path in ("train/a/1.png", "train/b/1.png", "val/a/1.png", "valid/a/1.png"):
        write(tmp_path / path)
    with pytest.raises(ValueError, match=r"val and .*valid are both for validation: put them into"):
        split_folder(tmp_path, "train")


@pytest.mark.parametrize("names", [("learn", "exam"), ("seg_train", "seg_test")])
def test_splits_of_unknown_names_are_not_taken_for_classes(tmp_path, names):
    for name in names:
        for number in range(LEAST):
            for label in ("cat", "dog"):
                write(tmp_path / name / label / f"{number}.png")
    with pytest.raises(
        ValueError, match=r"hold the folders cat, dog: .*splits or groups, not clas"
    ):
        split_folder(tmp_path, "train")


def test_splits_inside_the_classes(tmp_path):
    for name in ("cat", "dog"):
        for split in ("test", "train"):
            write(tmp_path / name / split / "1.png")
    with pytest.raises(ValueError, match=r"cat, dog in .* all hold the folders test, train"):
        split_folder(tmp_path, "train")


def test_photographs_one_folder_deeper_in_each_class(tmp_path):
    for name in ("cat", "dog"):
        for number in range(LEAST):
            write(tmp_path / name / "images" / f"{number}.png")
    assert list(split_folder(tmp_path, "test")) == ["cat", "dog"]


def test_splits_with_other_classes(tmp_path):
    for path in ("train/a/1.png", "train/b/1.png", "test/a/1.png", "test/c/1.png"):
        write(tmp_path / path)
    with pytest.raises(ValueError, match="the same classes: only one of them has b, c"):
        split_folder(tmp_path, "test")


def test_a_class_of_trains(tmp_path):
    for name in ("bus", "train"):
        for number in range(10):
            write(tmp_path / name / f"{number}.png")
    assert list(split_folder(tmp_path, "test")) == ["bus", "train"]


@pytest.mark.parametrize("split", ["test_shifted", "biased/train", "turntable", "Train", ""])
def test_splits_that_a_folder_does_not_have(folder, split):
    with pytest.raises(
        ValueError, match=f"no split {split!r} of .*choose from train, validation, test"
    ):
        split_folder(folder, split)


def test_no_class(tmp_path):
    write(tmp_path / "1.jpg")
    with pytest.raises(ValueError, match=r"two or more classes; there is none\."):
        split_folder(tmp_path, "train")


def test_one_class(tmp_path):
    write(tmp_path / "cats" / "1.jpg")
    with pytest.raises(ValueError, match="there is only one, 'cats'"):
        split_folder(tmp_path, "train")


def test_an_empty_class(folder):
    write(folder / "empty" / "readme.txt")
    with pytest.raises(ValueError, match=r"empty holds no photograph.*\.jpg"):
        split_folder(folder, "train")


def test_too_few_of_a_class(folder):
    for number in range(LEAST):
        write(folder / "few" / f"{number}.jpg", content=str(min(number, 4)))
    with pytest.raises(
        ValueError, match=rf"'few' has {LEAST - 1} photographs.*few: .*{LEAST} or more"
    ):
        split_folder(folder, "train")


@given(st.lists(st.integers(LEAST, 300), min_size=2, max_size=5))
def test_so_many_are_enough(counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    for part in stratified_split(labels, tuple(SPLITS.values())):
        assert len(np.unique(labels[part])) == len(counts)


def test_links(folder, tmp_path):
    (folder / "dog" / "0.jpg").rename(tmp_path / "0.jpg")
    (folder / "dog" / "0.jpg").symlink_to(tmp_path / "0.jpg")
    (folder / "dog" / "again").symlink_to(folder / "dog")
    (folder / "dog" / "dead.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "cat").mkdir()
    (folder / "cat").rename(tmp_path / "cat" / "cat")
    (folder / "cat").symlink_to(tmp_path / "cat" / "cat")
    found = parts(folder)
    assert sum(len(part["dog"]) for part in found.values()) == 40
    assert sum(len(part["cat"]) for part in found.values()) == 40


def test_a_dead_link_is_left_to_the_reader_to_name(folder):
    (folder / "dog" / "dead.jpg").symlink_to(folder / "nowhere.jpg")
    assert sum(len(part["dog"]) for part in parts(folder).values()) == 41


@pytest.mark.parametrize("up", [".", ".."])
def test_a_link_to_a_folder_above(folder, tmp_path, up):
    (tmp_path / "link").symlink_to(folder)
    folder = tmp_path / "link"
    (folder / "loop").symlink_to(up)
    with pytest.raises(ValueError, match=r"loop is a link to a folder that it lies in"):
        split_folder(folder, "train")


@pytest.mark.parametrize(("place", "listing"), [(os, "scandir"), (Path, "iterdir")])
def test_a_folder_that_may_not_be_read(folder, monkeypatch, place, listing):
    """Root may read everything, so that permissions would not show here."""

    def refuse(path="."):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(place, listing, refuse)
    with pytest.raises(ValueError, match=r"the folder .* cannot be read: Permission denied"):
        split_folder(folder, "train")
