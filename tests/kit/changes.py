"""A lesson with a number changed, as its text invites a student to."""

from pathlib import Path

from nbclient import NotebookClient

from tools import house
from tools.build import read_lesson, student_notebook

ROOT = Path(__file__).resolve().parents[2]


def run_changed(name: str, old: str, new: str) -> None:
    """Run a student's page with `old` replaced by `new` wherever it stands in its code.

    Raises:
        CellExecutionError: a cell fails.
        AssertionError: `old` stands in no cell.
    """
    (path,) = (path for path in house.lessons(ROOT).values() if path.parent.name == name)
    notebook = student_notebook(read_lesson(path))
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and old in cell.source]
    assert cells, f"{old!r} stands in no cell of {name}: change the test, or the text that invites"
    for cell in cells:
        cell.source = cell.source.replace(old, new)
    resources = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
