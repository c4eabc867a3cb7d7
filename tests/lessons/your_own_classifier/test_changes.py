"""What the lesson invites to change can be changed, a folder of one's own above all."""

import shutil

import pytest
from PIL import Image

from tests.kit.changes import run_changed, survives

test_the_page_survives_what_it_invites_to = survives(
    "your_own_classifier",
    [("EPOCHS = 4", "EPOCHS = 1"), ("AT_MOST, PARTS = 64, 200", "AT_MOST, PARTS = 64, 25")],
)


@pytest.mark.slow
def test_a_folder_of_ones_own(tmp_path, monkeypatch):
    """Two classes of 20, large, gray and transparent, beside a text and a hidden folder."""
    from tools.build import ROOT

    for name, mode in (("Äpfel & Birnen", "L"), ("red cars", "RGBA")):
        (tmp_path / name).mkdir()
        for number in range(20):
            source = ROOT / "data" / "rendered8" / "train" / ("car", "fruit")[mode == "L"]
            with Image.open(source / f"{number:03}.jpg") as photo:
                big = photo.convert(mode).resize((1200, 900))
                big.save(tmp_path / name / f"photo {number}.{'jpg' if mode == 'L' else 'png'}")
    (tmp_path / "red cars" / "notes.txt").write_text("not a photograph", encoding="utf-8")
    (tmp_path / ".hidden").mkdir()
    shutil.copy(tmp_path / "red cars" / "notes.txt", tmp_path / ".hidden" / "a.jpg")
    monkeypatch.setenv("COURSE_IMAGES", str(tmp_path))
    run_changed("your_own_classifier", [("EPOCHS = 4", "EPOCHS = 1")])
