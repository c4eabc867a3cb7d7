"""The script that students take home: at most sixty lines, in a process of its own."""

import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lessons.your_own_classifier import classify, network, phone
from tools.test import PHOTOGRAPHS
from utils import data, models
from utils.quiet import keras

COUNTS = (60, 120, 60)
"""Photographs of the three classes that it trains with; a fifth of them it only watches."""


def run(*arguments, cwd):
    """What the script printed in a new Python."""
    ended = started(*arguments, cwd=cwd)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def started(*arguments, cwd):
    """The script in a new Python, once it has ended."""
    root = Path(classify.__file__).parents[2]
    return subprocess.run(
        [sys.executable, classify.__file__, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_has_sixty_lines():
    assert len(Path(classify.__file__).read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.slow
def test_it_learns_saves_and_names_in_fresh_processes(tmp_path):
    folder = phone.make(tmp_path / "photos", {"cat": 10, "motorbike": 20})
    told = run("train", folder, "model.keras", cwd=tmp_path)
    assert "photographs: {'cat': 10, 'motorbike': 20}" in told  # the damaged one is left out
    assert (tmp_path / "model.txt").read_text(encoding="utf-8") == "cat\nmotorbike"
    photo = folder / "motorbike" / "IMG_0012.jpg"
    line = run("name", "model.keras", photo, cwd=tmp_path).splitlines()[-1]
    model = keras.saving.load_model(tmp_path / "model.keras")
    best = network.top_three(model, photo, ["cat", "motorbike"])
    assert line == f"{photo.name}, " + ", ".join(f"{name} {share:.0%}" for name, share in best)


@pytest.mark.slow
def test_its_network_is_the_one_of_the_lesson(tmp_path):
    phone.make(tmp_path / "photos", {"cat": 10, "flower": 10})
    run("train", tmp_path / "photos", "model.keras", cwd=tmp_path)
    theirs = keras.saving.load_model(tmp_path / "model.keras")
    ours = network.build(models.load_backbone("course"), 2)
    assert [type(layer) for layer in theirs.layers] == [type(layer) for layer in ours.layers]
    photos = np.stack(
        [classify.read(path) for path in (tmp_path / "photos" / "cat").glob("*0[0-3]*")]
    )
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(ours.predict(photos), theirs.predict(photos), atol=1e-5)


def test_it_opens_upright_in_three_colors(tmp_path):
    halves = np.zeros((400, 200, 3), np.uint8)
    halves[:200, :, 0] = 255
    exif = Image.Exif()
    exif[phone.ORIENTATION] = phone.TURNED
    turned = Image.fromarray(halves).transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / "a.jpg", exif=exif)
    turned.convert("RGBA").save(tmp_path / "b.png", exif=exif)
    for name in ("a.jpg", "b.png"):
        got = classify.read(tmp_path / name)
        assert got.shape == (classify.SIDE, classify.SIDE, 3)
        assert got[:24, :, 0].min() > 200
        assert got[-24:, :, 0].max() < 50
    Image.fromarray(halves[:, :, 0]).save(tmp_path / "gray.png")
    assert classify.read(tmp_path / "gray.png").shape == (classify.SIDE, classify.SIDE, 3)


@pytest.mark.parametrize("name", ["natural-images", "natural_images", "phone"])
def test_it_obeys_notes_where_the_loader_does(tmp_path, name):
    """A third of the files of natural-images hold a false note."""
    photo = Image.new("RGB", (400, 400), "black")
    photo.paste("white", (0, 0, 200, 400))
    exif = Image.Exif()
    exif[phone.ORIENTATION] = 3  # show it turned by 180 degrees
    for tilt in range(7):
        for kind, angle in (("a", tilt), ("b", -3 - tilt)):
            path = tmp_path / name / kind / f"{tilt}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            photo.rotate(angle).save(path, exif=exif)
    loaded = data.load_images("train", classify.SIDE, source=tmp_path / name).images
    read = [classify.read(path) for path in (tmp_path / name).glob("*/*.jpg")]
    assert {picture[32, 4].mean() > 200 for picture in (*loaded, *read)} == {name != "phone"}
    assert {picture[32, 60].mean() > 200 for picture in (*loaded, *read)} == {name == "phone"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({"cat": 20, "dog": 4}, "{'cat': 20, 'dog': 4}"),
        ({"cat": 20, "dog": 0}, "{'cat': 20, 'dog': 0}"),
        ({"cat": 20}, "{'cat': 20}"),
        ({}, "{}"),
    ],
)
def test_it_says_what_it_found_and_needs(tmp_path, counts, found):
    for name, count in counts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "zero.png").write_bytes(b"")
        for number in range(count):
            Image.new("RGB", (70, 70)).save(tmp_path / name / f"{number}.png")
    ended = started("train", tmp_path, tmp_path / "model.keras", cwd=tmp_path)
    assert ended.returncode == 1
    said = f"{found}: each of two or more classes needs 5 photographs that can be opened."
    assert ended.stderr.splitlines()[-1] == said
    assert "Traceback" not in ended.stderr


def triples():
    """Three classes of photographs, without cats and dogs together, five of them by chance."""
    names = sorted(place.name for place in PHOTOGRAPHS.iterdir() if place.is_dir())
    all_of_them = [three for three in combinations(names, 3) if {"cat", "dog"} - {*three}]
    return [all_of_them[k] for k in np.random.default_rng(1).permutation(len(all_of_them))[:5]]


@pytest.mark.weekly
@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="natural-images does not lie here")
def test_three_classes_of_photographs_in_two_minutes(tmp_path):
    """90 % balanced accuracy on photographs that it has never seen, five times of five."""
    resource = pytest.importorskip("resource")
    for number, names in enumerate(triples()):
        place, rng, unseen = tmp_path / str(number), np.random.default_rng(number), {}
        for name, count in zip(names, COUNTS, strict=True):
            files = rng.permutation(sorted((PHOTOGRAPHS / name).iterdir()))
            (place / "photos" / name).mkdir(parents=True)
            for path in files[:count]:
                (place / "photos" / name / path.name).symlink_to(path.resolve())
            unseen[name] = files[count : count + 80]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("train", place / "photos", "model.keras", cwd=place)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        recalls = []
        for name, files in unseen.items():
            told = run("name", "model.keras", *files, cwd=place).splitlines()[-len(files) :]
            answers = [re.search(r", (.+?) \d+%", line)[1] for line in told]
            recalls.append(np.mean([answer == name for answer in answers]))
        print(names, f"{seconds / 2:.0f} s on two cores", np.round(recalls, 2), np.mean(recalls))
        assert seconds < 2 * 120, names
        assert np.mean(recalls) >= 0.9, names
