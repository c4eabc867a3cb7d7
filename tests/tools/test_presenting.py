"""In JupyterLab every widget stands on one screen, with its cause and its effect, and can be read.

Two screens: 1280 x 720 with everything that Lab shows around a notebook, and the same at a browser
zoom of 150 %, as docs/presenting.md has it. Of each lesson, Setup runs, what its widgets need, and
the widgets.
"""

import ast
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest

from tests.kit.lab import lab

ROOT = Path(__file__).resolve().parents[2]
VIEW = "application/vnd.jupyter.widget-view+json"
MEASURE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
SMALLEST = 16
SLOW = ("convolution", "padding_and_stride")
"""Lessons with many widgets and no training: the others are looked at each week."""
TOO_LARGE = ("Playground", "NetworkExplorer", "A box that names", "Augmentation explorer")
"""Openings of the widgets that fill a screen of 1280 x 720, and are cut off at 150 %."""


def shown(cell) -> str:
    """What the widget of a cell says in words; "" where there is none, or only a progress bar."""
    views = [output.data for output in cell.get("outputs", ()) if VIEW in output.get("data", ())]
    words = views[0]["text/plain"] if views else ""
    return "" if words.startswith("A progress bar") else words


def names(source: str) -> tuple[set[str], set[str]]:
    """The names that the code of a cell gives, and those that it uses."""
    given, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else given).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            given.add(node.name)
        elif isinstance(node, ast.alias):
            given.add((node.asname or node.name).split(".")[0])
    return given, used


def with_what_they_need(cells) -> list:
    """Of the code cells of a notebook, those with widgets, and what makes the names that they use."""
    kept, wanted = [], set()
    for cell in reversed(cells):
        given, used = names(cell.source)
        if shown(cell) or given & wanted:
            kept.insert(0, cell)
            wanted |= used
    return kept


def short(lesson: str) -> nbformat.NotebookNode:
    """A notebook of the widgets of a lesson, not run."""
    (path,) = ROOT.glob(f"notebooks/??_{lesson}.ipynb")
    stored = nbformat.read(path, as_version=4)
    cells = with_what_they_need([cell for cell in stored.cells if cell.cell_type == "code"])
    made = nbformat.v4.new_notebook()
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    lines = [f"import sys\nsys.path.insert(0, {str(ROOT)!r})"]
    for cell in cells:
        lines.append(cell.source)
        if words := shown(cell):
            made.cells.append(nbformat.v4.new_code_cell("\n".join(lines)))
            made.cells[-1].metadata = {"words": words, "jupyter": {"source_hidden": True}}
            lines = []
    return made


def lessons() -> list:
    """The names of the lessons that have widgets, each with its mark."""
    found = []
    for path in sorted(ROOT.glob("notebooks/??_*.ipynb")):
        name = path.stem[3:]
        if any(map(shown, nbformat.read(path, as_version=4).cells)):
            mark = pytest.mark.slow if name in SLOW else pytest.mark.weekly
            found.append(pytest.param(name, marks=mark))
    return found


@pytest.mark.parametrize("lesson", lessons())
def test_every_widget_stands_on_one_screen(browser, tmp_path, lesson):
    notebook = short(lesson)
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    small, cut = [], []
    with lab(tmp_path) as address:
        context = browser.new_context(
            viewport={"width": 1280, "height": 720}, device_scale_factor=1.5
        )
        page = context.new_page()
        page.goto(address)
        page.locator(".jp-Cell").first.click(timeout=120_000)
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        page.locator(".jp-Cell").last.locator(".jp-OutputArea-output").wait_for(timeout=600_000)
        with suppress(Exception):  # the question about news of Jupyter covers a corner
            page.get_by_role("button", name="No", exact=True).click(timeout=1000)
        for zoomed in (False, True):
            if zoomed:
                page.set_viewport_size({"width": 853, "height": 480})
                page.keyboard.press("Control+Shift+D")  # the simple interface
                page.wait_for_timeout(800)
                page.keyboard.press("Control+B")  # no sidebar
            page.wait_for_timeout(2000)
            for number, cell in enumerate(notebook.cells):
                where = page.locator(".jp-Cell").nth(number)
                where.scroll_into_view_if_needed()
                where.locator(".jp-OutputArea-output").first.wait_for()
                page.wait_for_timeout(1000)
                seen = page.evaluate(MEASURE, number)
                about = (zoomed, cell.metadata.words[:30], seen)
                if seen["smallest"] < SMALLEST - 0.1:
                    small.append(about)
                if not (zoomed and cell.metadata.words.startswith(TOO_LARGE)):
                    fits = seen["high"] <= seen["room"][1] and seen["beyond"] <= 0
                    cut += [] if fits else [about]
        context.close()
    assert small == []
    assert cut == []
