"""What nbval needs for the learner's pages: what the build has hidden is put back before it runs.

pytest --nbval notebooks            every output, and behind the page every claim
pytest --nbval-lax notebooks        every claim; outputs may differ
"""

import os
import sys
from functools import partial

import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell

from tools.outputs import comparable, undigested

os.environ["COURSE_PASSPORT"] = "off"  # in every kernel and every test: nothing is kept or sent


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put claims and hidden outputs back into a cell, and compare what can be compared."""
    if isinstance(item, IPyNbCell):
        hidden = item.cell.metadata.get("hidden", {})
        item.cell.source = hidden.get("source", item.cell.source)
        if "outputs" in hidden:
            item.cell.outputs = hidden.outputs
            item.cell.execution_count = 0
        item.compare_outputs = partial(_compare, item, item.compare_outputs)


def _compare(
    item: IPyNbCell, by_nbval, ran: list[NotebookNode], stored: list[NotebookNode]
) -> bool:
    measured = "measured" in item.cell.metadata.get("tags", [])
    pictures = sys.platform == "linux"
    if pictures and not measured and any(map(undigested, stored)):
        item.raise_cell_error("a stored picture has no digest of its pixels: run `make notebooks`")
    return by_nbval(
        [comparable(output, measured, pictures) for output in ran],
        [comparable(output, measured, pictures) for output in stored],
    )
