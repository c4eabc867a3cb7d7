"""Build the notebooks that students open from the lessons that authors write.

    python tools/build.py                  every lesson whose notebook is not up to date
    python tools/build.py 02 convolution   these lessons, if they are not up to date
    python tools/build.py --force 07       even if it is
    python tools/build.py --solved         with solutions and instructor notes, to build/solved
    python tools/build.py --sync           where only prose or hints changed: keep the outputs
    python tools/build.py --check          build nothing; fail if a notebook is out of date

A lesson is a Python file in jupytext's percent format. The notebook holds the page: claims and the
outputs of predictions go into the metadata of their cell, from where conftest.py takes them. A
lesson is refused, with place and reason and before anything is written, when

- its markers or tags are broken, or a claim, a helper of one or a prediction is out of place
- a cell fails, claims what is false, writes to stderr, or shows a picture without words
- a check does not answer as it should: "not attempted" for the student, "right" for the solution
- a cell fails or shows something else when it is run again after all others
"""

import argparse
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile, zip_longest
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import claims, house, minutes
from tools.house import BuildError
from tools.mistakes import known
from tools.outputs import PICTURES, comparable, shrink

ROOT = Path(__file__).resolve().parent.parent
TAGS = {
    "code": {"exercise", "measured", "nbval-ignore-output", "trains"},
    "markdown": {"notes"},
}
POINTS = re.compile(r"points-([1-9]\d*)")
"""The tag that says what an exercise is worth in a graded course, where it is not 2 points."""
MARKER = re.compile(r'# %%( \[markdown\])?( tags=\["[^"]+"(, ?"[^"]+")*\])?')
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = "...  # your code here"
PREDICT = "### Predict"
CELL_SECONDS = 120
STATE = "application/vnd.jupyter.widget-state+json"

OUTCOME = re.compile(r"^(### Question \d+) <!-- ([a-z ]+) -->$", flags=re.M)
"""The heading of a question, and the outcome that it asks for, which students do not see."""

GUARD = """\
from importlib.util import find_spec

if find_spec("lessons") is None:
    raise ModuleNotFoundError(
        "This kernel has no course: choose another kernel, or see README.md for how to install it."
    )
"""
"""What every Setup begins with: one sentence in place of a riddle about a missing module."""

NOT_YET_RERUN: dict[str, str] = {}
"""Lessons that do not yet show the same when a cell is run again, and why."""


@dataclass(frozen=True)
class Lesson:
    """A lesson source and its cells, each of which knows its number and its line in the file."""

    path: Path
    cells: list[NotebookNode]

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.path.parent.name

    def error(self, cell: NotebookNode, reason: str, line_in_cell: int = 0) -> BuildError:
        """An error at a cell; `line_in_cell` counts from 1, and 0 stands for its marker."""
        place = cell.metadata.place
        line = place.line + max(0, line_in_cell - place.get("added", 0))
        return BuildError(self.path, line, reason, place.number)


def read_lesson(path: Path, names: bool = True) -> Lesson:
    """Read and validate a lesson; raise BuildError where it breaks a rule.

    Args:
        path: its lesson.py.
        names: whether to look for names on the wrong side of claims, too: half of the time.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BuildError(path, line, "is not UTF-8: save it as UTF-8") from None
    cells = list(_cells(text, _markers(path, text)))
    lesson = Lesson(path, cells)
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        _validate(lesson, cell, following)
    if names:
        _validate_names(lesson)
    _mark_predictions(lesson)
    return lesson


def _markers(path: Path, text: str) -> list[int]:
    """The lines of the cell markers; BuildError where one is not quite a marker."""
    if not text.startswith("# %%"):
        raise BuildError(path, 1, "a lesson begins with a cell marker, # %% [markdown]")
    markers = []
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"#\s*%%", line):
            markers.append(number)
            tags = re.findall(r'"([^"]+)"', line)
            if not MARKER.fullmatch(line.rstrip()) or len(set(tags)) < len(tags):
                reason = 'write a marker as # %% or # %% [markdown], then nothing or tags=["..."]'
                raise BuildError(path, number, reason, len(markers))
    return markers


def _cells(text: str, markers: list[int]) -> Iterator[NotebookNode]:
    """The cells between the markers, as jupytext reads them, in a tenth of its time."""
    lines = text.splitlines()
    for number, (line, following) in enumerate(pairwise([*markers, len(lines) + 1]), 1):
        marker, source = lines[line - 1], "\n".join(lines[line : following - 1]).strip("\n")
        kind = {"cell_type": "code", "outputs": [], "execution_count": None}
        if "[markdown]" in marker:
            kind, source = {"cell_type": "markdown"}, re.sub("^# ?", "", source, flags=re.M)
        metadata = {"place": {"number": number, "line": line}}
        if tags := re.findall(r'"([^"]+)"', marker):
            metadata["tags"] = tags
        cell = {**kind, "id": f"cell-{number}", "metadata": metadata, "source": source}
        yield nbformat.from_dict(cell)


def _validate(lesson: Lesson, cell: NotebookNode, following: NotebookNode | None) -> None:
    kind, known = cell.cell_type, TAGS[cell.cell_type]
    worth = set(filter(POINTS.fullmatch, _tags(cell))) if "exercise" in _tags(cell) else set()
    if len(worth) > 1:
        raise lesson.error(cell, f"worth {' and '.join(sorted(worth))}: leave one")
    unknown = _tags(cell) - known - worth
    if unknown:
        reason = f"unknown tag {min(unknown)!r} of a {kind} cell; known: {', '.join(sorted(known))}"
        raise lesson.error(cell, reason)
    if kind == "code":
        try:
            claims.tree(cell.source)
        except SyntaxError as error:
            reason = f"does not parse: {error.msg}"
            raise lesson.error(cell, reason, error.lineno or 0) from None
    try:
        _validate_blocks(cell)
    except claims.Fault as fault:
        raise lesson.error(cell, fault.reason, fault.line) from None
    if "exercise" in _tags(cell) and not _is_check(following):
        raise lesson.error(
            cell, "an exercise without a check: put check.<name>(...) in the next cell"
        )


def _validate_blocks(cell: NotebookNode) -> None:
    exercise = "exercise" in _tags(cell)
    if bool(claims.blocks(cell.source, claims.SOLUTION)) != exercise:
        raise claims.Fault(0, "solution markers and the tag exercise belong together")
    if exercise:
        claims.check_exercise(cell.source)
    elif cell.cell_type == "code":
        claims.check(cell.source)
    elif claims.blocks(cell.source, claims.HIDDEN):
        raise claims.Fault(0, "hidden tests belong in a code cell")


def _validate_names(lesson: Lesson) -> None:
    code = [cell for cell in lesson.cells if cell.cell_type == "code"]
    parts = [claims.parts(cell.source) for cell in code]
    for number, line, reason in claims.misplaced(parts):
        raise lesson.error(code[number], reason, line)


def _mark_predictions(lesson: Lesson) -> None:
    """Note in the place of each cell whether it is a closed prediction or what reads one."""
    page = [cell for cell in lesson.cells if "notes" not in _tags(cell)]
    for position, cell in enumerate(page, 1):
        headings = _headings(cell)
        asked = [line for line, title in headings if title.startswith(PREDICT)]
        if not asked:
            continue
        closed = list(takewhile(lambda cell: cell.cell_type == "code", page[position:]))
        if not closed or headings[-1][0] != asked[0]:
            reason = "a prediction without a code cell: put the cell after its text"
            raise lesson.error(cell, reason, asked[0])
        reading = next(iter(page[position + len(closed) :]), None)
        if reading is None:
            reason = "a prediction without a reading: say in a markdown cell what came out"
            raise lesson.error(closed[-1], reason)
        for line, _ in _headings(reading):
            reason = "end the reading before the next heading: begin a new markdown cell"
            raise lesson.error(reading, reason, line)
        reading.metadata.place.reads = True
        for cell in closed:
            cell.metadata.place.closed = True


def points(cell: NotebookNode) -> int:
    """What an exercise is worth: the number in its tag `points-3`, or 2."""
    worth = filter(None, map(POINTS.fullmatch, _tags(cell)))
    return next((int(found[1]) for found in worth), 2)


def _headings(cell: NotebookNode) -> list[tuple[int, str]]:
    """The headings of a Markdown cell, with their lines."""
    lines = cell.source.splitlines() if cell.cell_type == "markdown" else []
    found, fenced = [], False
    for number, line in enumerate(lines, 1):
        fenced ^= line.startswith("```")
        if not fenced and re.match("#{1,6} ", line):
            found.append((number, line))
    return found


def student_notebook(lesson: Lesson) -> NotebookNode:
    """The cells that a student opens: stubs, checks, folded solutions; no claims, no notes."""
    from nbgrader.preprocessors import ClearSolutions  # a second, which who only reads can save

    clear = ClearSolutions(code_stub={"python": STUB}, enforce_metadata=False)
    cells, solution, folded = [], None, hints(lesson)
    for cell in pages(lesson):
        if "notes" in _tags(cell):
            continue
        _hide_claims(cell)
        if cell.metadata.place.get("closed"):
            cell.metadata.setdefault("hidden", NotebookNode()).outputs = []
        if cell.metadata.place.get("reads"):
            cell.source = _fold("After you have run it", cell.source)
        cells.append(cell)
        if solution:
            text = "\n\n".join([*folded.get(_checked(cell), []), solution])
            cells.append(new_markdown_cell(text, metadata={"place": cell.metadata.place}))
            solution = None
        if "exercise" in _tags(cell):
            code = f"```python\n{without_markers(cell.source)}\n```"
            solution = _fold("Solution", code)
            clear.preprocess_cell(cell, {"language": "python"}, 0)
    return _notebook(lesson, cells)


def solved_notebook(lesson: Lesson) -> NotebookNode:
    """The cells for instructors: solutions in place, notes, readings, hints shown; no claims."""
    cells, folded = [], hints(lesson)
    for cell in pages(lesson):
        cells.append(cell)
        if _is_check(cell) and _checked(cell) in folded:
            text = "\n\n".join(folded[_checked(cell)])
            cells.append(new_markdown_cell(text, metadata={"place": cell.metadata.place}))
        _hide_claims(cell)
        cell.source = without_markers(cell.source)
        if "notes" in _tags(cell):
            cell.source = (
                f"> **For the instructor**\n>\n{re.sub('^', '> ', cell.source, flags=re.M)}"
            )
    return _notebook(lesson, cells)


def hints(lesson: Lesson) -> dict[str, list[str]]:
    """From the name of an exercise to its nudge and its hint, folded, as its check has them."""
    path = lesson.path.with_name("check.py")
    return {
        name: [_fold("A nudge", check.nudge), _fold("A hint", check.hint)]
        for name, check in (known(path) if path.exists() else {}).items()
        if check.nudge and check.hint
    }


def _checked(cell: NotebookNode) -> str:
    """The name of the exercise that a cell checks."""
    return cell.source.partition("(")[0].removeprefix("check.")


def pages(lesson: Lesson) -> Iterator[NotebookNode]:
    """Copies of the cells, with minutes and numbers in their prose, and the guard in Setup."""
    numbers = {stem[3:]: stem for stem in house.lessons(ROOT)}
    setup = next((cell for cell in lesson.cells if cell.cell_type == "code"), None)
    for cell in map(_copy, lesson.cells):
        if setup and cell.metadata.place == setup.metadata.place:
            cell.source = f"{GUARD}\n{cell.source}"
            cell.metadata.place.added = len(GUARD.splitlines()) + 1
        if cell.cell_type == "markdown":
            if minutes.MARK in cell.source:
                told = minutes.told(minutes.sizes(lesson.cells)[0])
                cell.source = cell.source.replace(minutes.MARK, told)
            cell.source = OUTCOME.sub(r"\1", cell.source)
            for name, stem in numbers.items():
                cell.source = cell.source.replace(f"{{{name}}}", stem[:2])
                cell.source = cell.source.replace(f"]({name}.ipynb", f"]({stem}.ipynb")
        yield cell


def _hide_claims(cell: NotebookNode) -> None:
    """Leave what a student sees, and the full source behind it where it is not the same."""
    page = cell.source
    if cell.cell_type == "code" and "exercise" not in _tags(cell):
        page = claims.clean(cell.source)
    if page != cell.source:
        cell.metadata.hidden = {"source": cell.source}
        cell.source = page


def execute(lesson: Lesson, notebook: NotebookNode, verdict: str, again: bool) -> None:
    """Run a notebook with all its claims and store its outputs; raise BuildError where it fails.

    With `again` all cells run once more, the last first, and must show the same.
    """
    running = _copy(notebook)
    for cell in running.cells:
        cell.source = cell.metadata.get("hidden", {}).get("source", cell.source)
    client = NotebookClient(
        running,
        timeout=CELL_SECONDS,
        coalesce_streams=True,
        resources={"metadata": {"path": str(ROOT / "notebooks")}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    with client.setup_kernel(env=os.environ | {"COURSE_PASSPORT": "off"}):
        for position, cell in enumerate(running.cells):
            _run(lesson, client, position)
            refuse_outputs(lesson, cell, verdict)
        client.set_widgets_metadata()
        _store(notebook, running)
        if again:
            _rerun(lesson, client)


def _run(lesson: Lesson, client: NotebookClient, position: int, when: str = "") -> None:
    cell = client.nb.cells[position]
    try:
        client.execute_cell(cell, position)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        reason, line = _failure(cell, error)
        raise lesson.error(cell, when + reason, line) from None


def _failure(cell: NotebookNode, error: Exception) -> tuple[str, int]:
    """Why a cell failed, and in which of its lines; 0 where that is not known."""
    if isinstance(error, CellTimeoutError):
        return f"runs for more than {CELL_SECONDS} s", 0
    if isinstance(error, DeadKernelError):
        return "ended the kernel that ran it", 0
    report = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = re.findall(r"Cell In\[\d+\], line (\d+)|^-+> (\d+)", report, flags=re.M)
    line = int(lines[0][0] or lines[0][1]) if lines else 0
    said = " ".join(error.evalue.split())[:200]
    place = "".join(f" in `{text.strip()}`" for text in cell.source.split("\n")[line - 1 : line])
    return (f"{error.ename}: {said}" if said else error.ename) + place, line


def _store(notebook: NotebookNode, ran: NotebookNode) -> None:
    """Copy what a run left into a notebook: behind the page where a prediction is closed."""
    ran = _copy(ran)
    for cell, done in zip(notebook.cells, ran.cells, strict=True):
        for output in done.get("outputs", []):
            shrink(output)
        if "outputs" in cell.metadata.get("hidden", {}):
            cell.metadata.hidden.outputs = done.outputs
        elif cell.cell_type == "code":
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
    if "widgets" in ran.metadata:
        notebook.metadata.widgets = ran.metadata.widgets


def _rerun(lesson: Lesson, client: NotebookClient) -> None:
    """Run all cells once more, the last first; NOT_YET_RERUN must say which lessons change."""
    try:
        for position in reversed(range(len(client.nb.cells))):
            _rerun_cell(lesson, client, position)
    except BuildError:
        if lesson.name not in NOT_YET_RERUN:
            raise
    else:
        if lesson.name in NOT_YET_RERUN:
            reason = "every cell may be run again now: take it off NOT_YET_RERUN in tools/build.py"
            raise BuildError(lesson.path, 1, reason)


def _rerun_cell(lesson: Lesson, client: NotebookClient, position: int) -> None:
    cell, when = client.nb.cells[position], "when it is run again after Run All"
    if cell.cell_type != "code" or "trains" in _tags(cell):
        return
    before = _shown(cell)
    client.clear_display_id_mapping(position)
    _run(lesson, client, position, f"fails {when}: ")
    change = next(_changes(before, _shown(cell)), None)
    if change:
        raise lesson.error(cell, f"shows something else {when}: {change}")


def _shown(cell: NotebookNode) -> list[NotebookNode]:
    """The outputs of a cell as nbval compares them."""
    outputs = [] if "nbval-ignore-output" in _tags(cell) else cell.outputs
    return [comparable(output, "measured" in _tags(cell)) for output in outputs]


def _changes(before: list[NotebookNode], after: list[NotebookNode]) -> Iterator[str]:
    """What two runs of a cell show differently, from a little before the first difference on."""
    for old, new in zip_longest(before, after, fillvalue=NotebookNode()):
        for key in [*old, *(key for key in new if key not in old)]:
            was, now = str(old.get(key, "nothing")), str(new.get(key, "nothing"))
            if was != now:
                start = next(i for i in range(len(was) + 1) if was[i : i + 1] != now[i : i + 1])
                was, now = (text[max(0, start - 20) :][:80] for text in (was, now))
                yield f"{key} was {was!r}, is {now!r}"


def refuse_outputs(lesson: Lesson, cell: NotebookNode, verdict: str) -> None:
    """Raise BuildError where a cell warns, shows a picture without words, or checks wrongly."""
    for output in cell.get("outputs", []):
        if output.get("name") == "stderr":
            raise lesson.error(cell, f"writes to stderr: {output.text.strip()[:200]}")
        for mime in PICTURES & set(output.get("data", {})):
            _refuse_picture(lesson, cell, output.metadata.get(mime, {}))
    if _is_check(cell):
        answers = [o.data["text/plain"] for o in cell.outputs if "data" in o]
        if not any(answer.partition(":")[0].lower().endswith(verdict) for answer in answers):
            raise lesson.error(cell, f"the check should say {verdict!r}; it says {answers}")


def _refuse_picture(lesson: Lesson, cell: NotebookNode, about: NotebookNode) -> None:
    needed = ["alt", "caption"] if "measured" in _tags(cell) else ["alt", "caption", "pixels"]
    missing = [key for key in needed if not about.get(key)]
    if missing:
        reason = f"a picture without {', '.join(missing)}: end the cell with a plots.Picture"
        raise lesson.error(cell, reason)
    if len(about.alt) <= 30:
        reason = f"alt={about.alt!r}: say in a sentence what the picture shows"
        raise lesson.error(cell, reason)


def clean(notebook: NotebookNode) -> None:
    """Leave nothing that differs between two builds: places, random widget names."""
    for position, cell in enumerate(notebook.cells):
        kept = {"tags": sorted(_tags(cell)), "hidden": cell.metadata.get("hidden")}
        cell.metadata = {key: value for key, value in kept.items() if value}
        cell.id = _digest(f"{position} {cell.source}")[:12]
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
    if _written(built) != _written(student_notebook(lesson)):
        return "its cells differ from the lesson"
    if built.metadata.get("course", {}).get("sha256") != content_digest(built):
        return "it was changed by hand after it was built"
    return None


def _written(notebook: NotebookNode) -> list[tuple]:
    """What of the cells of a notebook its lesson decides, without running it."""
    hidden = [cell.metadata.get("hidden", {}) for cell in notebook.cells]
    return [
        (cell.cell_type, cell.source, _tags(cell), behind.get("source"), "outputs" in behind)
        for cell, behind in zip(notebook.cells, hidden, strict=True)
    ]


def build(lesson: Lesson, target: Path, solved: bool = False) -> None:
    """Build one notebook and put it in place only when all of it is well."""
    notebook = solved_notebook(lesson) if solved else student_notebook(lesson)
    execute(lesson, notebook, "right" if solved else "not attempted", again=not solved)
    _write(notebook, target)


def _write(notebook: NotebookNode, target: Path) -> None:
    clean(notebook)
    nbformat.validate(notebook)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    os.replace(unfinished, target)


def sync(lesson: Lesson, target: Path) -> None:
    """Put a changed text into a notebook and keep its outputs; BuildError if its code changed."""
    notebook, stored = student_notebook(lesson), nbformat.read(target, as_version=4)
    pairs = [
        [cell for cell in each.cells if cell.cell_type == "code"] for each in (notebook, stored)
    ]
    code = [
        [(c.source, _tags(c), c.metadata.get("hidden", {}).get("source")) for c in cells]
        for cells in pairs
    ]
    if code[0] != code[1]:
        raise BuildError(lesson.path, 1, "its code has changed: build it without --sync")
    for cell, done in zip(*pairs, strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
        if "hidden" in done.metadata:
            cell.metadata.hidden = done.metadata.hidden
    if "widgets" in stored.metadata:
        notebook.metadata.widgets = stored.metadata.widgets
    _write(notebook, target)


def find_lessons(names: list[str]) -> dict[str, Path]:
    """The lesson files for names or numbers: 07, convolution, 07_convolution; all for none."""
    lessons = house.lessons(ROOT)
    forms = {stem: (stem, stem[:2], stem[3:]) for stem in lessons}
    for name in names:
        if not any(name in known for known in forms.values()):
            raise SystemExit(f"no lesson {name!r} in lessons/; there are: {', '.join(lessons)}")
    return {
        stem: path for stem, path in lessons.items() if not names or set(names) & set(forms[stem])
    }


def main() -> int:
    """Build, or check, what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="names or numbers; all where none is given")
    parser.add_argument("--force", action="store_true", help="build even what is up to date")
    parser.add_argument("--solved", action="store_true", help="solved version, to build/solved")
    parser.add_argument("--sync", action="store_true", help="keep outputs where no code changed")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    options = parser.parse_args()
    faults = list(house.faults(ROOT))
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 1
    failed = False
    for stem, path in find_lessons(options.lessons).items():
        folder = ROOT / ("build/solved" if options.solved else "notebooks")
        target = folder / f"{stem}.ipynb"
        try:
            failed |= not _up_to_date(stem, read_lesson(path), target, options)
        except BuildError as error:
            print(f"{error}\n{target.name} stays as it was.", file=sys.stderr)
            failed = True
    return int(failed)


def _up_to_date(stem: str, lesson: Lesson, target: Path, options: argparse.Namespace) -> bool:
    """Build a notebook that is not up to date, or only say so; False where it stays out of date."""
    reason = "asked for" if options.force or options.solved else difference(lesson, target)
    if reason is None:
        print(f"{stem}: up to date")
    elif options.check:
        print(f"{stem}: {reason}; run `make notebooks`")
        return False
    elif options.sync:
        sync(lesson, target)
        print(f"{stem}: text put in, outputs kept ({reason})")
    else:
        started = time.perf_counter()
        build(lesson, target, options.solved)
        print(f"{stem}: built in {time.perf_counter() - started:.0f} s ({reason})")
    return True


def _notebook(lesson: Lesson, cells: list[NotebookNode]) -> NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=cells)
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook.metadata.update(kernelspec=kernel, course={"lesson": lesson.name})
    return nbformat.from_dict(notebook)


def _fold(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def without_markers(source: str) -> str:
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
