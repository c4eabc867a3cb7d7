"""Build the notebooks that students open from the lessons that authors write.

    python tools/build.py               every lesson whose notebook is not up to date
    python tools/build.py 02 07         these lessons, if they are not up to date
    python tools/build.py --force 07    even if it is
    python tools/build.py --solved      with solutions and instructor notes, to build/solved
    python tools/build.py --check       build nothing; fail if a notebook does not match its lesson

A lesson is a Python file in jupytext's percent format. It is refused, with place and reason and
before anything is written, when its markers or tags are broken, when a cell fails or writes to
stderr, or when a check does not answer as it should: "not attempted" for the student, "right" for
the solution.
"""

import argparse
import ast
import hashlib
import json
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import ClearSolutions

ROOT = Path(__file__).resolve().parent.parent
TAGS = {"exercise", "notes", "nbval-ignore-output"}
MARKER = re.compile(r'# %%( \[markdown\])?( tags=\["[^"]+"(, ?"[^"]+")*\])?')
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = "...  # your code here"
CELL_SECONDS = 120
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


class BuildError(Exception):
    """A lesson that cannot be built: which one, where, and why."""

    def __init__(self, lesson: Path, line: int, cell: int, reason: str):
        super().__init__(f"{lesson.name}:{line} (cell {cell}): {reason}")


@dataclass(frozen=True)
class Lesson:
    """A lesson source and its cells, each of which knows its number and its line in the file."""

    path: Path
    cells: list[NotebookNode]

    def error(self, cell: NotebookNode, reason: str, line_in_cell: int = 0) -> BuildError:
        """An error at a cell; `line_in_cell` counts from 1, and 0 stands for its marker."""
        place = cell.metadata.place
        return BuildError(self.path, place.line + line_in_cell, place.number, reason)


def read_lesson(path: Path) -> Lesson:
    """Read and validate a lesson; raise BuildError where it breaks a rule."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BuildError(path, line, 0, "is not UTF-8: save it as UTF-8") from None
    markers = _markers(path, text)
    cells = jupytext.reads(text, fmt="py:percent").cells
    for number, (cell, line) in enumerate(zip(cells, markers, strict=False), 1):
        cell.metadata.place = {"number": number, "line": line}
    lesson = Lesson(path, cells)
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        _validate(lesson, cell, following)
    return lesson


def _markers(path: Path, text: str) -> list[int]:
    """The lines of the cell markers; BuildError where one is not quite a marker."""
    if not text.startswith("# %%"):
        raise BuildError(path, 1, 0, "a lesson begins with a cell marker, # %% [markdown]")
    markers = []
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"#\s*%%", line):
            markers.append(number)
            tags = re.findall(r'"([^"]+)"', line)
            if not MARKER.fullmatch(line.rstrip()) or len(set(tags)) < len(tags):
                reason = 'write a marker as # %% or # %% [markdown], then nothing or tags=["..."]'
                raise BuildError(path, number, len(markers), reason)
    return markers


def _validate(lesson: Lesson, cell: NotebookNode, following: NotebookNode | None) -> None:
    unknown = _tags(cell) - TAGS
    if unknown:
        raise lesson.error(cell, f"unknown tag {min(unknown)!r}; known: {', '.join(sorted(TAGS))}")
    if re.search(r"^# %%", cell.source, flags=re.M):
        raise lesson.error(cell, "a cell marker inside a string: write it in another way")
    if cell.cell_type != "code" and "exercise" in _tags(cell):
        raise lesson.error(cell, "an exercise is a code cell")
    if cell.cell_type == "code":
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            reason = f"does not parse: {error.msg}"
            raise lesson.error(cell, reason, error.lineno or 0) from None
    _validate_markers(lesson, cell)
    if "exercise" in _tags(cell) and not _is_check(following):
        raise lesson.error(
            cell, "an exercise without a check: put check.<name>(...) in the next cell"
        )


def _validate_markers(lesson: Lesson, cell: NotebookNode) -> None:
    inside, solutions = False, 0
    for number, line in enumerate(cell.source.splitlines(), 1):
        if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
            if line.strip() not in (BEGIN, END):
                raise lesson.error(cell, f"write the marker as {BEGIN} or {END}", number)
            if (line.strip() == BEGIN) == inside:
                raise lesson.error(cell, f"{line.strip()} without its partner", number)
            inside = not inside
            solutions += inside
    if inside:
        raise lesson.error(cell, f"{BEGIN} without {END}")
    if bool(solutions) != ("exercise" in _tags(cell)):
        raise lesson.error(cell, "solution markers and the tag exercise belong together")


def student_notebook(lesson: Lesson) -> NotebookNode:
    """The cells that a student opens: stubs, checks, folded solutions; no notes."""
    clear = ClearSolutions(code_stub={"python": STUB}, enforce_metadata=False)
    cells, solution = [], None
    for cell in map(_copy, lesson.cells):
        if "notes" in _tags(cell):
            continue
        cells.append(cell)
        if solution:
            cells.append(_folded(solution, cell))
            solution = None
        if "exercise" in _tags(cell):
            solution = _without_markers(cell.source)
            clear.preprocess_cell(cell, {"language": "python"}, 0)
    return _notebook(lesson, cells)


def solved_notebook(lesson: Lesson) -> NotebookNode:
    """The cells for tests and instructors: solutions in place, notes shown."""
    cells = [_copy(cell) for cell in lesson.cells]
    for cell in cells:
        cell.source = _without_markers(cell.source)
        if "notes" in _tags(cell):
            cell.source = (
                f"> **For the instructor**\n>\n{re.sub('^', '> ', cell.source, flags=re.M)}"
            )
    return _notebook(lesson, cells)


def execute(lesson: Lesson, notebook: NotebookNode, verdict: str) -> None:
    """Run a notebook in place; raise BuildError unless every cell runs and every check agrees."""
    ran = [lesson.cells[0]]
    try:
        resources = {"metadata": {"path": str(ROOT / "notebooks")}}
        ExecutePreprocessor(
            timeout=CELL_SECONDS,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            on_cell_execute=lambda cell, cell_index: ran.append(cell),
        ).preprocess(notebook, resources)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise _execution_error(lesson, ran[-1], error) from None
    for cell in notebook.cells:
        _refuse_outputs(lesson, cell, verdict)


def _execution_error(lesson: Lesson, cell: NotebookNode, error: Exception) -> BuildError:
    if isinstance(error, CellTimeoutError):
        return lesson.error(cell, f"runs for more than {CELL_SECONDS} s")
    if isinstance(error, DeadKernelError):
        return lesson.error(cell, "ended the kernel that ran it")
    report = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
    reason = report.splitlines()[-1].strip(": ")
    lines = re.findall(r"Cell In\[\d+\], line (\d+)|^-+> (\d+)", report, flags=re.M)
    line = int(lines[0][0] or lines[0][1]) if lines else 0
    return lesson.error(cell, reason, line)


def _refuse_outputs(lesson: Lesson, cell: NotebookNode, verdict: str) -> None:
    for output in cell.get("outputs", []):
        if output.get("name") == "stderr":
            raise lesson.error(cell, f"writes to stderr: {output.text.strip()[:200]}")
        for mime in {"image/png", "image/jpeg"} & set(output.get("data", {})):
            if not output.metadata.get(mime, {}).get("alt"):
                raise lesson.error(cell, "a picture without alt text: use plots.show(figure, alt)")
    if _is_check(cell):
        answers = [o.data["text/plain"] for o in cell.outputs if "data" in o]
        if not any(answer.partition(":")[0].lower().endswith(verdict) for answer in answers):
            raise lesson.error(cell, f"the check should say {verdict!r}; it says {answers}")


def clean(notebook: NotebookNode) -> None:
    """Leave nothing that differs between two builds: times, places, random widget names."""
    for position, cell in enumerate(notebook.cells):
        tags = sorted(_tags(cell))
        cell.metadata = {"tags": tags} if tags else {}
        cell.id = _digest(f"{position} {cell.source}")[:12]
        for output in cell.get("outputs", []):
            output.pop("transient", None)
    notebook.metadata.pop("language_info", None)
    _drop_unset_layout(notebook)
    _rename_widgets(notebook)
    notebook.metadata.course.sha256 = content_digest(notebook)


def _drop_unset_layout(notebook: NotebookNode) -> None:
    """A widget's layout holds forty settings, nearly all unset: a kilobyte each."""
    models = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for model in models.values():
        if model["model_name"] == "LayoutModel":
            model["state"] = {k: v for k, v in model["state"].items() if v is not None}


def _rename_widgets(notebook: NotebookNode) -> None:
    models = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    text = json.dumps(notebook)
    for number, model in enumerate(models):
        text = text.replace(model, f"{number:032x}")
    notebook.clear()
    notebook.update(nbformat.from_dict(json.loads(text)))


def content_digest(notebook: NotebookNode) -> str:
    """Digest of everything in a notebook but the digest itself."""
    content = json.loads(json.dumps(notebook))
    content["metadata"].get("course", {}).pop("sha256", None)
    return _digest(json.dumps(content, sort_keys=True))


def difference(lesson: Lesson, target: Path) -> str | None:
    """Why the notebook at `target` is not the one that this lesson builds; None if it is."""
    if not target.exists():
        return "there is no notebook yet"
    try:
        built = nbformat.read(target, as_version=4)
    except Exception:
        return "it cannot be read as a notebook"
    built_cells, expected_cells = (
        [(cell.cell_type, cell.source, _tags(cell)) for cell in notebook.cells]
        for notebook in (built, student_notebook(lesson))
    )
    if built_cells != expected_cells:
        return "its cells differ from the lesson"
    if built.metadata.get("course", {}).get("sha256") != content_digest(built):
        return "it was changed by hand after it was built"
    return None


def build(lesson: Lesson, target: Path, solved: bool = False) -> None:
    """Build one notebook and put it in place only when all of it is well."""
    notebook = solved_notebook(lesson) if solved else student_notebook(lesson)
    execute(lesson, notebook, "right" if solved else "not attempted")
    clean(notebook)
    nbformat.validate(notebook)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    os.replace(unfinished, target)


def find_lessons(names: list[str]) -> list[Path]:
    """The lesson files for numbers or names such as 07 or 07_convolution; all for none."""
    lessons = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.py"))
    chosen = [p for p in lessons if not names or p.stem in names or p.stem[:2] in names]
    for name in names:
        if not any(name in (p.stem, p.stem[:2]) for p in chosen):
            known = ", ".join(p.stem for p in lessons)
            raise SystemExit(f"no lesson {name!r} in lessons/; there are: {known}")
    return chosen


def main() -> int:
    """Build, or check, what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers or names; all where none is given")
    parser.add_argument("--force", action="store_true", help="build even what is up to date")
    parser.add_argument("--solved", action="store_true", help="solved version, to build/solved")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    options = parser.parse_args()
    folder = ROOT / ("build/solved" if options.solved else "notebooks")
    failed = False
    for path in find_lessons(options.lessons):
        target = folder / f"{path.stem}.ipynb"
        try:
            lesson = read_lesson(path)
            reason = "asked for" if options.force or options.solved else difference(lesson, target)
            if reason is None:
                print(f"{path.stem}: up to date")
            elif options.check:
                print(f"{path.stem}: {reason}; run `make notebooks`")
                failed = True
            else:
                started = time.perf_counter()
                build(lesson, target, options.solved)
                print(f"{path.stem}: built in {time.perf_counter() - started:.0f} s ({reason})")
        except BuildError as error:
            print(f"{error}\n{target.name} stays as it was.", file=sys.stderr)
            failed = True
    return int(failed)


def _notebook(lesson: Lesson, cells: list[NotebookNode]) -> NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=cells)
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook.metadata.update(kernelspec=kernel, course={"lesson": lesson.path.stem})
    return nbformat.from_dict(notebook)


def _folded(solution: str, check: NotebookNode) -> NotebookNode:
    text = f"<details><summary>Solution</summary>\n\n```python\n{solution}\n```\n\n</details>"
    return new_markdown_cell(text, metadata={"place": check.metadata.place})


def _without_markers(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if line.strip() not in (BEGIN, END))


def _is_check(cell: NotebookNode | None) -> bool:
    return cell is not None and cell.cell_type == "code" and cell.source.startswith("check.")


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def _copy(cell: NotebookNode) -> NotebookNode:
    return nbformat.from_dict(json.loads(json.dumps(cell)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
