"""A lesson with its numbers changed, as its text invites a student to."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from nbclient import NotebookClient

from tools.build import ROOT, find_lessons, read_lesson, student_notebook

Change = tuple[str, str]
"""What stands in the code of a page, and what a student writes in its place."""


def survives(name: str, changes: Sequence[Change]) -> Callable[[list[Change]], None]:
    """A test that the student's page of a lesson runs after each change, many in one run."""

    @pytest.mark.slow
    @pytest.mark.parametrize("changes", [*runs(changes)], ids=str)
    def test(changes: list[Change]) -> None:
        run_changed(name, changes)

    return test


def runs(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """As few runs of the page as there are changes of one and the same place."""
    while changes:
        first = dict(reversed(changes))
        yield [*first.items()]
        changes = [change for change in changes if change not in first.items()]


def run_changed(name: str, changes: Sequence[Change]) -> None:
    """Run a student's page with each text replaced wherever it stands in the code.

    Raises:
        CellExecutionError: a cell fails.
        AssertionError: a text stands in no cell.
    """
    (path,) = find_lessons([name]).values()
    notebook = student_notebook(read_lesson(path))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for old, new in changes:
        cells = [cell for cell in code if old in cell.source]
        assert cells, f"{old!r} stands in no cell: change the test, or the text that invites"
        for cell in cells:
            cell.source = cell.source.replace(old, new)
    resources = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=120, resources=resources).execute()
