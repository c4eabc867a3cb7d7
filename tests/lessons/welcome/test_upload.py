"""A student's own file, handed to the box in JupyterLab as a student does it."""

import re

import nbformat
import pytest
from PIL import Image

from tests.kit.lab import lab

pytestmark = pytest.mark.weekly

CELL = """from lessons.welcome import naming
from lessons.welcome.namer import Namer
Namer(naming.load_network())"""
SIDEWAYS = 6
"""EXIF: the camera was turned, the top of the picture is at the right."""


@pytest.fixture
def files(tmp_path):
    """Two pictures of 300 rows and 200 columns, one of them stored lying on its side."""
    upright, turned, text = (tmp_path / name for name in ("flag.png", "phone.jpg", "notes.png"))
    Image.new("RGB", (200, 300), "orange").save(upright)
    exif = Image.Exif()
    exif[0x0112] = SIDEWAYS
    Image.new("RGB", (300, 200), "blue").save(turned, exif=exif)
    text.write_text("no picture", encoding="utf-8")
    return upright, turned, text


def test_the_box_names_the_files_that_are_uploaded(browser, tmp_path, files):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    with lab(tmp_path) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        page.locator(".jp-Cell").first.click(timeout=120_000)
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        button = page.get_by_role("button", name=re.compile("one of yours"))
        button.wait_for(timeout=120_000)
        seen = {}
        for file in files[:2]:
            with page.expect_file_chooser() as chooser:
                button.click()
            chooser.value.set_files(file)
            picture = page.locator(f'.jp-OutputArea img[aria-label*="{file.name}: "]')
            picture.wait_for(timeout=60_000)
            page.wait_for_function("i => i.naturalWidth", arg=picture.element_handle())
            seen[file.name] = picture.evaluate("i => [i.naturalWidth, i.naturalHeight]")
        with page.expect_file_chooser() as chooser:
            button.click()
        chooser.value.set_files(files[2])
        page.get_by_text("cannot be read as a picture").wait_for(timeout=60_000)
        page.close()
    assert seen["flag.png"] == seen["phone.jpg"]  # both stand upright
