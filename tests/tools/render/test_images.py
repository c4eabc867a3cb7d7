"""The run over the set: what is missing, whole files, labels; one rendering where Blender is there."""

import csv
import hashlib
import multiprocessing
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from tools.render import images
from tools.render.classes import CLASSES
from tools.render.plan import SPLITS, Development, draw

pytestmark = pytest.mark.slow


@pytest.fixture
def small_set(tmp_path):
    """Two pictures of each class of two splits, in plain colors, and a brick wall."""
    out = tmp_path / "set"
    for number, job in enumerate(images.jobs(["test", "biased/test"], CLASSES, limit=2)):
        png = tmp_path / "picture.png"
        Image.new("RGBA", (96, 96), (number, 128, 200, 255)).save(png)
        images.write_whole(out / job.file, images.jpeg(png))
    images.write_whole(out / images.BRICKS, images.jpeg(png))
    return out


def test_the_whole_set_has_every_class_in_every_split():
    everything = images.jobs(SPLITS, CLASSES)
    assert len(everything) == 8 * (200 + 40 + 60 + 40 + 40 + 40 + 36)
    assert len({job.file for job in everything}) == len(everything)


def test_a_limit_takes_the_first_pictures_of_each_class():
    some = images.jobs(["validation"], ["car", "cat"], limit=2)
    assert [job.file for job in some] == [
        f"validation/{name}/00{n}.jpg" for name in ("car", "cat") for n in (0, 1)
    ]


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path):
    images.write_whole(tmp_path / "deep" / "file", b"content")
    images.write_whole(tmp_path / "deep" / "file", b"newer")
    assert [path.read_bytes() for path in (tmp_path / "deep").iterdir()] == [b"newer"]


GRAYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2)
AS_SEEN = Development(exposure=0, warmth=0, tint=0, saturation=1, haze=0)


def test_a_neutral_development_changes_nothing():
    colors = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    np.testing.assert_array_equal(images.developed(colors, AS_SEEN), colors)


@pytest.mark.parametrize(
    ("factor", "value", "before", "after"),
    [
        ("exposure", 1.0, (100, 100, 100), (137, 137, 137)),  # 100 * 2 ** (1 / 2.2)
        ("exposure", 1.0, (200, 200, 200), (255, 255, 255)),
        ("warmth", 0.2, (100, 100, 100), (109, 100, 90)),
        ("tint", -0.1, (100, 100, 100), (100, 95, 100)),
        ("saturation", 0.0, (200, 100, 0), (118, 118, 118)),  # 0.299 * 200 + 0.587 * 100
        ("haze", 0.2, (0, 0, 255), (51, 51, 255)),
    ],
)  # fmt: skip
def test_each_factor_of_a_development_by_hand(factor, value, before, after):
    pixel = np.array([[before]], np.uint8)
    got = images.developed(pixel, replace(AS_SEEN, **{factor: value}))
    np.testing.assert_array_equal(got, [[after]])


def test_development_never_turns_brightness_around():
    development = draw("train", "cat", 5).scene.development
    shades = images.developed(GRAYS, development).astype(int)
    assert (np.diff(shades, axis=0) >= 0).all()


def test_labels_checksums_and_contact_sheets_follow_what_is_there(small_set, tmp_path):
    images.finish(small_set, tmp_path / "sheets")
    with (small_set / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 32
    assert all((small_set / row["file"]).exists() for row in rows)
    assert rows[3]["seed"] == str(draw("test", "car", 1).seed)
    sums = dict(
        reversed(line.split("  "))
        for line in (small_set / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    assert set(sums) == {"labels.csv", "bricks.jpg", *(row["file"] for row in rows)}
    assert all(
        hashlib.sha256((small_set / file).read_bytes()).hexdigest() == digest
        for file, digest in sums.items()
    )
    with Image.open(tmp_path / "sheets" / "biased_test.jpg") as sheet:
        assert sheet.size == (2 * 96, 8 * 96)


def test_what_is_there_is_not_rendered_again(small_set, monkeypatch):
    def refuse(*_):
        raise AssertionError("nothing is missing")

    monkeypatch.setattr(multiprocessing, "get_context", refuse)
    stray = small_set / "test" / "car" / "001.jpg.99.unfinished"
    stray.touch()
    images.render_missing(small_set, images.jobs(["test"], CLASSES, limit=2), workers=1)
    assert not stray.exists()


@pytest.mark.skipif(bool(find_spec("bpy")), reason="Blender's module is installed")
def test_without_blender_one_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["images", "--out", str(tmp_path), "--limit", "1"])
    with pytest.raises(SystemExit, match="make images"):
        images.main()


def test_progress_counts_and_ends_its_line():
    lines = list(images.progress(iter("abcd"), 4))
    assert all(line.startswith("\r[") for line in lines)
    assert [
        "#####" in lines[0],
        "4/4" in lines[-1],
        lines[-1].endswith("\n"),
        "\n" in lines[0],
    ] == [True, True, True, False]


@pytest.mark.skipif(
    not find_spec("bpy"),
    reason="Blender's module is not installed: see tools/render/requirements.txt",
)
def test_a_picture_is_the_same_in_two_processes(tmp_path):
    wanted = images.jobs(["train"], ["fruit"], limit=1)
    for name in ("first", "second"):
        images.render_missing(tmp_path / name, wanted, workers=1)
    first, second = (
        (tmp_path / name / wanted[0].file).read_bytes() for name in ("first", "second")
    )
    assert first == second
    with Image.open(tmp_path / "first" / wanted[0].file) as picture:
        assert (picture.size, picture.mode, picture.format) == ((96, 96), "RGB", "JPEG")
        assert np.asarray(picture).std() > 10
