"""A lesson with a number changed, as its text invites a student to."""

from collections.abc import Callable, Sequence

import pytest
from nbclient import NotebookClient

from tools.build import ROOT, find_lessons, read_lesson, student_notebook


def survives(name: str, changes: Sequence[tuple[str, str]]) -> Callable[[str, str], None]:
    """A test that the student's page of a lesson runs after each change (old text, new text)."""

    @pytest.mark.slow
    @pytest.mark.parametrize(("old", "new"), changes)
    def test(old: str, new: str) -> None:
        run_changed(name, old, new)

    return test


def run_changed(name: str, old: str, new: str) -> None:
    """Run a student's page with `old` replaced by `new` wherever it stands in its code.

    Raises:
        CellExecutionError: a cell fails.
        AssertionError: `old` stands in no cell.
    """
    (path,) = find_lessons([name]).values()
    notebook = student_notebook(read_lesson(path))
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and old in cell.source]
    assert cells, f"{old!r} stands in no cell of {name}: change the test, or the text that invites"
    for cell in cells:
        cell.source = cell.source.replace(old, new)
    resources = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
