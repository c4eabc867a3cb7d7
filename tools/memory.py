"""Measure the memory that each lesson takes on a server, into docs/memory.csv.

    python -m tools.memory                  every lesson, one after the other (a quarter of an hour)
    python -m tools.memory welcome pooling  these lessons; the others keep their numbers

A student's notebook runs as on the hub: one thread, nothing kept. Linux only.
"""

import csv
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tools import house

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "memory.csv"
CELL_SECONDS = 300
VARIABLES = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "COURSE_PASSPORT": "off"}


def measure(notebook: Path) -> tuple[int, int]:
    """Run a notebook; the highest resident and the final private memory of its kernel, in MB.

    Raises nbclient's CellExecutionError where a cell fails.
    """
    running = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        running,
        timeout=CELL_SECONDS,
        resources={"metadata": {"path": str(notebook.parent)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    with client.setup_kernel(env=os.environ | VARIABLES):
        for position, cell in enumerate(running.cells):
            client.execute_cell(cell, position)
        process = Path("/proc") / str(client.km.provisioner.pid)
        peak = _megabytes(process / "status", "VmHWM")
        return peak, _megabytes(process / "smaps_rollup", r"Private_\w+")


def _megabytes(file: Path, entry: str) -> int:
    """The sum of some entries in kB, as the kernel of the system writes them."""
    entries = re.findall(rf"^{entry}:\s+(\d+) kB$", file.read_text(encoding="utf-8"), re.M)
    if not entries:
        raise ValueError(f"{file} has no entry {entry}: is this Linux?")
    return round(sum(map(int, entries)) * 1024 / 1e6)


def table() -> dict[str, tuple[int, int]]:
    """What was measured: from lesson to peak and private MB."""
    if not TABLE.exists():
        return {}
    with open(TABLE, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["lesson"]: (int(row["peak_mb"]), int(row["private_mb"])) for row in rows}


def main() -> int:
    """Measure the lessons named, or all, and write the table after each."""
    notebooks = {stem[3:]: ROOT / "notebooks" / f"{stem}.ipynb" for stem in house.lessons(ROOT)}
    unknown = set(sys.argv[1:]) - set(notebooks)
    if unknown:
        print(f"no lesson {min(unknown)!r}; there are: {', '.join(notebooks)}", file=sys.stderr)
        return 1
    for name in sys.argv[1:] or notebooks:
        found = table() | {name: measure(notebooks[name])}
        rows = [(lesson, *found[lesson]) for lesson in notebooks if lesson in found]
        with open(TABLE, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([("lesson", "peak_mb", "private_mb"), *rows])
        print(f"{name}: at most {found[name][0]} MB, in the end {found[name][1]} MB of its own")
    return 0


if __name__ == "__main__":
    sys.exit(main())
