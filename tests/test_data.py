"""The loaders: what they return, and what they say of missing or damaged files."""

import hashlib
import shutil
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
import skimage
import sklearn.datasets

from tools.build import read_lesson
from utils import data


def test_photographs():
    brick, coffee = data.photograph("brick"), data.photograph("coffee")
    assert (brick.shape, brick.dtype) == ((512, 512), np.uint8)
    assert (coffee.shape, coffee.dtype) == ((400, 600, 3), np.uint8)
    assert np.ptp(brick) > 100


def test_unknown_photograph():
    with pytest.raises(ValueError, match="no photograph 'cat': choose from brick, coffee"):
        data.photograph("cat")


def test_digits_are_those_of_scikit_learn():
    images, labels = data.digits()
    expected = sklearn.datasets.load_digits()
    np.testing.assert_array_equal(images, expected.images)
    np.testing.assert_array_equal(labels, expected.target)
    assert images.dtype == np.uint8
    assert images.max() == 16


def test_eight_classes():
    counts, names = data.eight_classes()
    assert counts.shape == (8, 8)
    assert names == ["airplane", "car", "cat", "dog", "flower", "fruit", "motorbike", "person"]
    assert counts.min() >= 0


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of scikit-image's photographs that a test may damage."""
    (tmp_path / "data").mkdir()
    original = Path(skimage.__file__).parent / "data" / "brick.png"
    copy = Path(shutil.copy(original, tmp_path / "data" / "brick.png"))
    spec = ModuleSpec("skimage", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(data, "find_spec", lambda name: spec)
    return copy


def test_missing_file(package):
    package.unlink()
    with pytest.raises(
        FileNotFoundError, match=r"brick\.png is missing.*--force-reinstall scikit-image"
    ):
        data.photograph("brick")


def test_truncated_file(package):
    package.write_bytes(package.read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"brick\.png is damaged or another version.*7966caf324f6"):
        data.photograph("brick")


def test_altered_file(package):
    altered = bytearray(package.read_bytes())
    altered[5000] ^= 1
    package.write_bytes(altered)
    with pytest.raises(ValueError, match="Install it again"):
        data.photograph("brick")


@pytest.mark.parametrize("spec", [None, ModuleSpec("sklearn", None)])
def test_missing_package(monkeypatch, spec):
    monkeypatch.setattr(data, "find_spec", lambda name: spec)
    with pytest.raises(FileNotFoundError, match="scikit-learn is not installed"):
        data.digits()


def test_files_of_the_course(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "DATA", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"eight_classes\.csv is missing.*git checkout"):
        data.eight_classes()
    (tmp_path / "eight_classes.csv").write_text("cat,dog\n1,2\n3,4\n")
    with pytest.raises(ValueError, match="damaged or another version"):
        data.eight_classes()


CARD = (data.DATA / "README.md").read_text(encoding="utf-8")
SHIPPED = [path for path in sorted(data.DATA.iterdir()) if path.name != "README.md"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_card_names_every_file_with_its_checksum(path):
    (row,) = [line for line in CARD.splitlines() if line.startswith(f"| `{path.name}` |")]
    assert hashlib.sha256(path.read_bytes()).hexdigest() in row


def test_the_card_names_what_comes_from_other_packages():
    for sha256 in (*data.PHOTOGRAPHS.values(), data.DIGITS_SHA256):
        assert sha256 in CARD


def test_digit_accuracies_hold_eight_starts_of_four_networks():
    table = data.digit_accuracies()
    assert {digits for digits, _ in table} == {"centered", "anywhere"}
    assert len(table) == 8
    for accuracies in table.values():
        assert accuracies.shape == (8,)
        assert (accuracies > 0.5).all()
        assert (accuracies < 1).all()


def test_placed_moves_and_keeps_every_picture():
    pictures = np.arange(1, 1 + 5 * 9).reshape(5, 3, 3, 1)
    frames = data.placed(pictures, np.random.default_rng(0), side=6)
    assert (frames.shape, frames.dtype) == ((5, 6, 6, 1), np.float32)
    for frame, picture in zip(frames, pictures, strict=True):
        top, left = (int(np.flatnonzero(frame.any(axis=axis))[0]) for axis in ((1, 2), (0, 2)))
        np.testing.assert_array_equal(frame[top : top + 3, left : left + 3], picture)
        assert frame.sum() == picture.sum()


def test_placed_reaches_every_corner():
    frames = data.placed(np.ones((400, 2, 2, 1)), np.random.default_rng(0), side=4)
    assert all(frames[:, i, j].any() for i in (0, 3) for j in (0, 3))


@pytest.mark.parametrize("shape", [(3, 4, 4), (3, 4, 5, 1), (3, 9, 9, 1)])
def test_placed_refuses(shape):
    with pytest.raises(ValueError, match=r"pictures have shape .* expected \(N, H, H, C\)"):
        data.placed(np.ones(shape), np.random.default_rng(0), side=8)


def test_placed_is_what_lesson_10_builds():
    lesson = read_lesson(data.DATA.parent / "lessons" / "10_convolutional_networks.py")
    (cell,) = [c for c in lesson.cells if c.source.startswith("def place(")]
    names = {"np": np}
    exec(cell.source.split("\n\n\n")[0], names)
    pictures = np.random.default_rng(1).random((9, 20, 20, 1))
    by_lesson = names["place"](pictures, np.random.default_rng(2))
    np.testing.assert_array_equal(data.placed(pictures, np.random.default_rng(2)), by_lesson)
