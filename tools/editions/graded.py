"""Make an nbgrader course folder whose assignments are the exercises of lessons.

    python -m tools.editions.graded convolution                to build/graded
    python -m tools.editions.graded --into ~/class 07 pooling  to a folder of your own

An assignment is a short notebook: Setup, and for each exercise its text, the student's cell and the
check, locked. Hidden behind each check, the course's own check runs again, imported anew and with
other random cases, and must say "right". docs/grading.md says how a class is graded with it.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import build, claims

CONFIG = Path(__file__).with_name("nbgrader_config.py")
SEEDS = (2, 3)
"""Of the examples that only grading tries; students see those of seed 0. A check without drawn
examples has the first alone: it may train networks."""
INTRODUCTION = """\
# {title}: exercises

Work through the lesson `{stem}.ipynb` first; this notebook holds its exercises alone. Replace each
`...` and run the check below it, as often as you like. Leave Setup and the checks as they are: when
your work is graded, they are put back, and every function is tried on other examples, too."""
HIDDEN = """\
{call}
### BEGIN HIDDEN TESTS
import importlib as _importlib
import sys as _sys
from IPython.display import display as _display

for _name in [*_sys.modules]:
    if _name.startswith(("utils.checks", "{module}")):
        del _sys.modules[_name]
_check = _importlib.import_module("{module}").{name}
for _seed in {seeds} if _check.legal else {seeds}[:1]:
    _result = _check.with_seed(_seed)({arguments})
    if _result.state != "right":
        _display(_result)
        raise AssertionError("no points: the box above says why")
### END HIDDEN TESTS"""


def graded_notebook(lesson: build.Lesson, stem: str) -> NotebookNode:
    """The source of an assignment, with solutions and hidden tests between nbgrader's markers."""
    cells = list(build.pages(lesson))
    title = re.match("# (.+)", cells[0].source)[1]
    setup = claims.clean(next(cell.source for cell in cells if cell.cell_type == "code"))
    notebook = new_notebook(
        cells=[
            new_markdown_cell(INTRODUCTION.format(title=title, stem=stem), id="introduction"),
            _graded(new_code_cell(setup, id="setup"), "setup", locked=True),
            *_exercises(lesson, cells),
        ]
    )
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook.metadata.update(kernelspec=kernel, course={"lesson": lesson.name})
    return notebook


def _exercises(lesson: build.Lesson, cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Of each exercise: what stands from its heading to its cell, its cell, its check."""
    text: list[NotebookNode] = []
    for cell, following in pairwise(cells):
        tags = set(cell.metadata.get("tags", []))
        if "### Your turn" in cell.source and cell.cell_type == "markdown":
            text = [new_markdown_cell(cell.source[cell.source.index("### Your turn") :])]
        elif "exercise" in tags:
            call, points = following.source, build.points(cell)
            name, arguments = re.match(r"check\.(\w+)\(([^)]*)\)", call).groups()
            worth = f"({points} point{'s' if points > 1 else ''})"
            text[0].source = re.sub("^(### .*)", rf"\1 {worth}", text[0].source, count=1)
            yield from map(_without_links, text)
            yield _graded(new_code_cell(cell.source), name, solution=True)
            hidden = HIDDEN.format(
                call=call,
                module=f"lessons.{lesson.name}.check",
                name=name,
                seeds=SEEDS,
                arguments=arguments,
            )
            check = new_code_cell(hidden)
            yield _graded(check, f"check_{name}", grade=True, locked=True, points=points)
            text = []
        elif text and "notes" not in tags:
            if cell.cell_type == "code":
                cell = new_code_cell(claims.clean(cell.source))
            text.append(cell)


def _without_links(cell: NotebookNode) -> NotebookNode:
    """A cell whose links to notebooks are words: they do not lie beside an assignment."""
    if cell.cell_type == "markdown":
        cell.source = re.sub(r"\[([^]]+)\]\(\w+\.ipynb[^)]*\)", r"\1", cell.source)
    return cell


def _graded(cell: NotebookNode, name: str, **roles: bool | int) -> NotebookNode:
    """A cell that nbgrader knows by a name, and what it is to nbgrader."""
    plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata.nbgrader = {**plain, **roles, "grade_id": name}
    return cell


def make(names: list[str], into: Path) -> Iterator[str]:
    """Add an assignment for each lesson to a course folder; what was made, a line each.

    Raises:
        SystemExit: there is no such lesson, the folder holds something else, or the assignment is
            there already, because students may have it.
    """
    if not names:
        there = ", ".join(build.find_lessons([]))
        raise SystemExit(f"name a lesson, as in make graded LESSON=convolution; there are: {there}")
    chosen = build.find_lessons(names)
    if into.exists() and any(into.iterdir()) and not (into / CONFIG.name).is_file():
        raise SystemExit(f"{into} holds other things: choose a new folder, INTO=...")
    for path in chosen.values():
        source = into / "source" / path.parent.name
        if source.exists():
            raise SystemExit(
                f"{source} is there already, and students may have it: remove it to make it anew, "
                "or choose a new folder, INTO=..."
            )
    into.mkdir(parents=True, exist_ok=True)
    if not (into / CONFIG.name).exists():
        shutil.copy(CONFIG, into)
    for stem, path in chosen.items():
        yield _assign(build.read_lesson(path), stem, into)


def _assign(lesson: build.Lesson, stem: str, into: Path) -> str:
    """Write one assignment and have nbgrader release it."""
    name = lesson.name
    notebook = graded_notebook(lesson, stem)
    source = into / "source" / name / f"{name}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    said = nbgrader(into, "generate_assignment", name)
    if said.returncode:
        shutil.rmtree(source.parent)
        raise SystemExit(f"nbgrader refused {name}; it said:\n{said.stderr}")
    points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in notebook.cells)
    return f"{into / 'release' / name}: {points} points"


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an nbgrader command in a course folder; what it said."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    variables = os.environ | {"PATH": path}  # nbgrader looks there for alembic
    return subprocess.run(
        command, cwd=course, env=variables, capture_output=True, text=True, check=False
    )


def main() -> None:
    """Make what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="names or numbers: convolution, 07")
    parser.add_argument(
        "--into", type=Path, default=build.ROOT / "build" / "graded", help="the folder"
    )
    options = parser.parse_args()
    for line in make(options.lessons, options.into.expanduser().resolve()):
        print(line)


if __name__ == "__main__":
    main()
