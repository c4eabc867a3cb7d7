"""Photographs from every source, by the same call."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools.render.classes import CLASSES
from tools.render.images import write_checksums
from tools.render.plan import SPLITS
from utils import data
from utils.data import files, folders, images
from utils.data import natural_images as kaggle

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "natural-images"
SPLIT = "turntable"  # the smallest


def write(path, color, side=12):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (side, side), color).save(path)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """A set like rendered8 with one split; colors tell class and number."""
    root = tmp_path_factory.mktemp("data") / "rendered8"
    names = []
    for label, name in enumerate(CLASSES):
        for number in range(SPLITS[SPLIT]):
            names.append(f"{SPLIT}/{name}/{number:03d}.jpg")
            write(root / names[-1], (30 * label, 5 * number, 100))
    write_checksums(root, names)
    return root


@pytest.fixture(autouse=True)
def data_folder(rendered, monkeypatch):
    monkeypatch.delenv("COURSE_IMAGES", raising=False)
    monkeypatch.setattr(files, "DATA", rendered.parent)
    checksum = hashlib.sha256((rendered / "SHA256SUMS").read_bytes()).hexdigest()
    monkeypatch.setattr(images, "RENDERED8_SHA256", checksum)
    return rendered.parent


@pytest.fixture
def folder(tmp_path):
    """Three classes of 20 photographs of many sizes; colors tell the class."""
    root = tmp_path / "meine Bilder 写真"
    for label, name in enumerate(("zebra", "Äpfel und Birnen", "猫")):
        for number in range(20):
            write(root / name / f"photo {number} é.jpg", (80 * label, 90, 5 * number), 9 + number)
    return root


def listing(root):
    return sorted((p, p.stat().st_size, p.stat().st_mtime_ns) for p in root.rglob("*"))


def test_splits_and_classes_are_those_that_are_rendered():
    assert images.SPLITS == SPLITS
    assert list(images.CLASSES) == sorted(CLASSES)


def test_rendered8(rendered):
    found = data.load_images(SPLIT)
    assert (found.images.shape, found.images.dtype) == ((8 * 36, 64, 64, 3), np.uint8)
    assert (found.labels.shape, found.labels.dtype) == ((8 * 36,), np.int64)
    assert found.classes == sorted(CLASSES)
    np.testing.assert_array_equal(found.labels, np.repeat(np.arange(8), 36))
    np.testing.assert_allclose(found.images[:, 5, 5, 0], 30 * found.labels, atol=6)
    np.testing.assert_allclose(found.images[:, 5, 5, 1], np.tile(5 * np.arange(36), 8), atol=6)


def test_any_folder(folder):
    found = data.load_images("train", size=16, source=folder)
    assert (found.images.shape, found.images.dtype) == ((3 * 14, 16, 16, 3), np.uint8)
    assert found.classes == ["zebra", "Äpfel und Birnen", "猫"]
    np.testing.assert_array_equal(found.labels, np.repeat(np.arange(3), 14))
    np.testing.assert_allclose(found.images[:, 5, 5, 0], 80 * found.labels, atol=6)
    assert (np.diff(found.images[:14, 5, 5, 2].astype(int)) < 0).any()  # shuffled


@pytest.mark.parametrize("name", ["natural-images", "natural_images"])
def test_natural_images(folder, monkeypatch, name):
    monkeypatch.setattr(images, "natural_images", lambda: folder)
    by_name = data.load_images("test", source=name)
    by_path = data.load_images("test", source=str(folder))
    np.testing.assert_array_equal(by_name.images, by_path.images)


@pytest.mark.parametrize(
    ("name", "left"), [("natural-images", 255), ("natural_images", 255), ("phone", 0)]
)
def test_the_notes_of_natural_images_are_false_and_those_of_a_phone_are_not(tmp_path, name, left):
    image = Image.new("RGB", (40, 40), "black")
    image.paste("white", (0, 0, 20, 40))
    exif = Image.Exif()
    exif[0x0112] = 3  # show it turned by 180 degrees
    for tilt in range(1, 8):
        for kind, degrees in (("a", tilt), ("b", -tilt)):
            path = tmp_path / name / kind / f"{tilt}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            image.rotate(3 * degrees).save(path, exif=exif)
    found = data.load_images("train", 16, source=tmp_path / name)
    assert np.abs(found.images[:, 8, 2].astype(int) - left).max() < 20


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_nothing_is_written_into_the_folder(folder, split):
    before = listing(folder)
    data.load_images(split, source=folder)
    assert listing(folder) == before


def test_nothing_is_written_into_the_folder_of_rendered8(rendered):
    before = listing(rendered)
    data.load_images(SPLIT)
    data.verify_images()
    assert listing(rendered) == before


@pytest.mark.parametrize("source", ["rendered8", "folder"])
def test_few_are_among_many(source, folder):
    source, split = (folder, "train") if source == "folder" else (source, SPLIT)
    many = data.load_images(split, per_class=14, source=source)
    for count in (1, 5, 14):
        few = data.load_images(split, per_class=count, source=source)
        np.testing.assert_array_equal(np.bincount(few.labels), count)
        for label in range(len(few.classes)):
            expected = many.images[many.labels == label][:count]
            np.testing.assert_array_equal(few.images[few.labels == label], expected)


def test_more_than_there_are(folder):
    with pytest.raises(ValueError, match=r"per_class=15: the class 'zebra' .* 'train' has 14"):
        data.load_images("train", per_class=15, source=folder)
    with pytest.raises(ValueError, match=r"about 143 photographs of each .*at_most=100 takes"):
        data.load_images("train", per_class=100, source=folder)
    with pytest.raises(ValueError, match=r"about 29 photographs of each"):
        data.load_images("train", per_class=20, source=folder)
    with pytest.raises(ValueError, match=f"'airplane' of the split {SPLIT!r} has 36"):
        data.load_images(SPLIT, per_class=37)


def test_classes_of_unequal_sizes(folder):
    for number in range(30):
        write(folder / "zebra" / f"more {number}.jpg", (0, 8 * number, 0))
    for at_most, counts in ((20, [20, 14, 14]), (100, [35, 14, 14]), (5, [5, 5, 5])):
        found = data.load_images("train", 8, source=folder, at_most=at_most)
        assert np.bincount(found.labels).tolist() == counts
        assert len(found.images) == sum(counts)
    few = data.load_images("test_shifted", 8, source=folder, at_most=4)
    assert np.bincount(few.labels).tolist() == [4, 3, 3]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"size": 0}, ValueError, "size=0"),
        ({"size": 64.0}, TypeError, "size=64.0"),
        ({"per_class": 0}, ValueError, "per_class=0"),
        ({"per_class": 2.5}, TypeError, "per_class=2.5"),
        ({"at_most": 0}, ValueError, "at_most=0"),
        ({"per_class": 2, "at_most": 2}, ValueError, "give one of them"),
        ({"split": "Test"}, ValueError, "no split 'Test' of rendered8: choose from train, valid"),
    ],
)
def test_arguments_out_of_range(arguments, error, words):
    with pytest.raises(error, match=words):
        data.load_images(**{"split": SPLIT, **arguments})


def test_the_environment_names_the_source(folder, monkeypatch):
    monkeypatch.setenv("COURSE_IMAGES", str(folder))
    assert len(data.load_images("test").classes) == 3
    assert len(data.load_images(SPLIT, source="rendered8").classes) == 8
    monkeypatch.setenv("COURSE_IMAGES", "")
    assert len(data.load_images(SPLIT).classes) == 8


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("", "rendered8"),
        ("rendered8", "rendered8"),
        ("natural-images", "natural-images"),
        ("/photos/natural-images/", "natural-images"),
        ("/photos/natural_images", "natural-images"),
        ("natural_images", "natural-images"),
        ('"/photos/natural_images"', "natural-images"),
        ("/photos/my-images", None),
    ],
)
def test_which_measured_set_is_in_use(source, name, monkeypatch):
    monkeypatch.setenv("COURSE_IMAGES", source)
    assert data.measured_set() == name


def test_the_home_folder(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    assert len(data.load_images("test", source=f"~/{folder.name}").classes) == 3


@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_quotes_around_a_path(folder, quote, monkeypatch):
    monkeypatch.setenv("COURSE_IMAGES", f"{quote}{folder}{quote} ")
    assert len(data.load_images("test").classes) == 3


@pytest.mark.parametrize("standing", ["notebook", "terminal", "course"])
def test_a_relative_path(folder, monkeypatch, tmp_path, standing):
    """The kernel stands beside the notebook, the student's terminal elsewhere."""
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(folder.parent if standing == "notebook" else tmp_path / "notebooks")
    monkeypatch.setenv("PWD", str(folder.parent if standing == "terminal" else tmp_path))
    if standing == "course":
        monkeypatch.setattr(files, "DATA", folder.parent / "data")
    assert len(data.load_images("test", source=folder.name).classes) == 3


def test_the_folder_above(folder, monkeypatch):
    monkeypatch.chdir(folder / "zebra")
    assert len(data.load_images("test", source="..").classes) == 3


def test_a_source_that_does_not_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_IMAGES", "natural_imges")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        FileNotFoundError,
        match=r"'natural_imges': no folder .*[/\\]natural_imges\. Choose 'rendered8', .*COURSE_IMAGES",
    ):
        data.load_images("train")


def test_a_source_that_is_a_file(tmp_path):
    (tmp_path / "photos.zip").touch()
    with pytest.raises(ValueError, match=r"photos\.zip' is a file, not a folder"):
        data.load_images("train", source=tmp_path / "photos.zip")


def test_a_damaged_photograph_is_named(folder):
    for path in folder.rglob("*.jpg"):
        path.write_text(str(path), encoding="utf-8")
    with pytest.raises(ValueError, match=r"(?s)60 of 60.*\n.*photo \d+ é\.jpg: .*\nDelete them"):
        data.load_images("train", source=folder)


def test_the_damaged_files_of_all_splits_are_named_in_one_round(folder):
    damaged = [folders.split_folder(folder, split)["zebra"][0] for split in folders.SPLITS]
    for path in damaged:
        path.write_text(f"damaged {path}", encoding="utf-8")
    with pytest.raises(ValueError, match="3 of 60 photographs") as error:
        data.load_images("validation", source=folder)
    assert all(f"{path}: " in str(error.value) for path in damaged)


@pytest.fixture
def altered(rendered, tmp_path, monkeypatch):
    """A copy of the set that a test may damage: one picture, the last of its split."""
    copy = tmp_path / "rendered8"
    for path in rendered.rglob("*"):
        if path.is_file():
            (copy / path.relative_to(rendered)).parent.mkdir(parents=True, exist_ok=True)
            (copy / path.relative_to(rendered)).hardlink_to(path)
    monkeypatch.setattr(files, "DATA", tmp_path)
    picture = copy / SPLIT / "person" / "035.jpg"
    content = picture.read_bytes()
    picture.unlink()
    picture.write_bytes(content[: len(content) // 2])
    return picture


def test_verify_images(rendered):
    assert data.verify_images() == 8 * 36


def test_a_damaged_picture_of_ours(altered):
    with pytest.raises(ValueError, match=r"1 of 288 .*\n.*035\.jpg.*\n.*git checkout -- data"):
        data.load_images(SPLIT)
    with pytest.raises(
        ValueError, match=r"1 of 288 .*\n.*035\.jpg \(damaged\)\n.*git checkout -- data"
    ):
        data.verify_images()


def test_a_missing_picture_of_ours(altered):
    altered.unlink()
    with pytest.raises(FileNotFoundError, match=r"1 pictures of .*first .*035\.jpg.*git checkout"):
        data.load_images(SPLIT)
    with pytest.raises(ValueError, match=r"035\.jpg \(missing\)\n"):
        data.verify_images()


def test_a_list_of_checksums_that_was_cut_off(altered):
    sums = altered.parents[2] / "SHA256SUMS"
    lines = sums.read_text(encoding="utf-8").splitlines(keepends=True)
    sums.unlink()
    sums.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(ValueError, match="SHA256SUMS is damaged or another version"):
        data.verify_images()


OURS = files.DATA / "rendered8"


@pytest.mark.skipif(not (OURS / "SHA256SUMS").exists(), reason="rendered8 is not rendered yet")
def test_the_set_that_ships_with_the_course(monkeypatch):
    monkeypatch.undo()
    assert data.verify_images() >= 8 * sum(SPLITS.values())
    assert len(data.load_images("biased/test", size=96).images) == 8 * 40


@pytest.mark.skipif(not SHARED.exists(), reason="the photographs of natural-images are not here")
def test_photographs():
    found = data.load_images("validation", per_class=10, source=SHARED)
    assert found.images.shape == (80, 64, 64, 3)
    assert found.classes == sorted(kaggle.COUNTS) == list(images.CLASSES)
    assert found.images.std(axis=(1, 2, 3)).min() > 5
