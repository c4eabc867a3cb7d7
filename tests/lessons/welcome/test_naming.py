"""The network that names photographs, and the box around it."""

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from lessons.welcome import naming
from tools import house
from tools.build import ROOT, read_lesson

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def network():
    return naming.load_network()


@pytest.fixture(scope="module")
def box(network):
    from lessons.welcome.namer import Namer

    return Namer(network)


def file_of(form="PNG", size=(200, 100), mode="RGB"):
    buffer = BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 90).save(buffer, form)
    return buffer.getvalue()


def test_the_setup_does_not_wait_for_tensorflow():
    path = next(p for p in house.lessons(ROOT).values() if p.parent.name == "welcome")
    setup = next(c.source for c in read_lesson(path).cells if c.cell_type == "code")
    command = f"{setup}\nimport sys; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


@pytest.mark.parametrize("name", naming.PHOTOGRAPHS)
def test_every_photograph_has_an_answer(network, name):
    photo = naming.photograph(name)
    assert photo.dtype == np.uint8
    assert photo.ndim == 3
    assert photo.shape[2] == 3
    assert max(photo.shape) <= naming.SHOWN
    answer = naming.answer(network, photo)
    assert list(answer) == list(naming.CLASSES)
    assert sum(answer.values()) == pytest.approx(1, abs=1e-5)
    assert answer[naming.best(answer)] == max(answer.values())


def test_the_network_is_the_one_that_was_measured(network):
    """Pictures of the course's own set, which the head has never met either."""
    from utils import data

    pictures = data.load_images("test", naming.SIDE, per_class=10, source="rendered8")
    right = network(pictures.images).numpy().argmax(axis=1) == pictures.labels
    assert right.mean() > 0.25  # twice as often as by guessing; they are no photographs
    counts = naming.test_counts()
    assert counts.shape == (8, 8)
    assert np.trace(counts) > 0.9 * counts.sum()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "RGBA", "I;16"])
def test_a_file_of_any_kind(tmp_path, monkeypatch, mode):
    (tmp_path / "mine.tif").write_bytes(file_of("TIFF", mode=mode if mode != "RGBA" else "LA"))
    monkeypatch.chdir(tmp_path)
    for path in ("mine.tif", '"mine.tif"', str(tmp_path / "mine.tif")):
        assert naming.photograph(path).shape == (100, 200, 3)


def test_a_photograph_is_turned_upright():
    buffer, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100)).save(buffer, "JPEG", exif=exif)
    assert naming.uploaded(buffer.getvalue()).shape == (200, 100, 3)


def test_sixteen_bits_keep_their_grays():
    buffer = BytesIO()
    Image.fromarray(np.full((20, 30), 20_000, np.uint16)).save(buffer, "PNG")
    assert set(naming.uploaded(buffer.getvalue()).ravel().tolist()) == {20_000 // 257}


def test_what_is_transparent_becomes_white():
    buffer = BytesIO()
    Image.new("RGBA", (20, 30), (0, 0, 0, 0)).save(buffer, "PNG")
    assert naming.uploaded(buffer.getvalue()).min() == 255


@pytest.mark.parametrize(
    "content", [b"", b"%!PS-Adobe-3.0 EPSF-3.0", file_of("JPEG")[:400], file_of()[:60]]
)
def test_a_damaged_file_is_refused_in_one_sentence(content):
    with pytest.raises(
        ValueError, match=r"^This file cannot be read as a picture \(.*JPEG or PNG\.$"
    ):
        naming.uploaded(content)


def test_what_cannot_be_named_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="choose from chelsea"):
        naming.photograph("chelsee")
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(ValueError, match=r"notes\.txt cannot be read .* JPEG or PNG"):
        naming.photograph(tmp_path / "notes.txt")


def test_the_box_names_what_is_chosen(box):
    box.chosen.value = "chelsea"
    assert 'alt="What the network says to photographs. chelsea: cat' in box.view.value
    box.chosen.value = "motorcycle"
    assert "motorcycle: motorbike" in box.view.value


def test_the_box_names_what_is_uploaded(box):
    entry = {"name": "mine.png", "type": "image/png", "content": memoryview(file_of())}
    box.upload.value = (entry | {"size": 1, "last_modified": datetime.now(UTC)},)
    assert "mine.png: " in box.view.value
    box._upload({"new": [{"name": "a.txt", "content": memoryview(b"text")}]})
    assert "cannot be read as a picture" in box.view.value


def test_the_text_is_the_same_in_every_run(box):
    assert box._repr_mimebundle_()[0]["text/plain"].startswith("A box that names photographs")
