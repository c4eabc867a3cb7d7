"""Graded releases: what students get, and what nbgrader gives to right, half, broken, cheating."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tools import build, house
from tools.editions import graded
from tools.editions.grade import _grade_one, grade, main

LESSONS = {path.parent.name: path for path in house.lessons(build.ROOT).values()}
EACH = [
    name if name == "convolution" else pytest.param(name, marks=pytest.mark.slow)
    for name in LESSONS
]
"""Every lesson; one of them among the units."""
Change = Callable[[dict[str, NotebookNode], NotebookNode], None]
"""What a student does: to the cells by their names, and to the notebook."""

ALL_RIGHT, HALF, BROKEN, CHEAT = "Ada Lovelace", "Юлия 李", "<i>Zoë & Søn", "Mallory"
LEFT = "import numpy as np\nmove_right = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]])"
STUB_CHECK = """
class Everything:
    state = "right"
    def __getattr__(self, name):
        return lambda *answers: Everything()
    def with_seed(self, seed):
        return self
check = Everything()
import importlib, sys
real = importlib.import_module("lessons.LESSON.check")
for name in [*vars(real)]:
    if not name.startswith("__"):
        setattr(real, name, check)
sys.modules["lessons.LESSON.check"] = sys.modules["utils.checks"] = check
"""


def test_the_config_knows_the_stub_and_the_time_limit_of_the_build():
    config = graded.CONFIG.read_text(encoding="utf-8")
    assert json.dumps({"python": build.STUB}) in config
    assert f"c.Execute.timeout = {build.CELL_SECONDS}\n" in config


def test_a_lesson_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=r"no lesson 'convolutoin'.*07_convolution"):
        list(graded.make(["convolutoin"], tmp_path / "course"))
    with pytest.raises(SystemExit, match="LESSON=convolution; there are: 00_welcome"):
        list(graded.make([], tmp_path / "course"))
    assert not (tmp_path / "course").exists()


def test_a_folder_that_holds_other_things_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit, match="holds other things: choose a new folder, INTO="):
        list(graded.make(["convolution"], tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_assignment_that_students_may_have_is_not_made_again(tmp_path):
    (tmp_path / graded.CONFIG.name).touch()
    (tmp_path / "source" / "convolution").mkdir(parents=True)
    with pytest.raises(SystemExit, match=r"is there already.*remove it"):
        list(graded.make(["07"], tmp_path))


def test_grading_says_where_work_belongs(tmp_path):
    with pytest.raises(SystemExit, match="no course folder: make one"):
        next(grade(tmp_path, "convolution"))
    (tmp_path / graded.CONFIG.name).touch()
    with pytest.raises(SystemExit, match=r"nobody has handed in convolution: .*convolution\.ipynb"):
        next(grade(tmp_path, "convolution"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name a lesson, as in make grade LESSON=convolution"),
        (["convolutoin"], "no lesson 'convolutoin'.*07_convolution"),
        (["07"], "make graded LESSON=convolution$"),
        (["pooling", "07"], "make graded LESSON=convolution$"),
    ],
)
def test_grading_names_its_lessons_as_making_does(words, said, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["grade", *words, f"--course={tmp_path}"])
    with pytest.raises(SystemExit, match=said):
        main()


def test_an_exercise_is_worth_what_its_tag_says():
    lesson = build.read_lesson(LESSONS["convolution"])
    lesson.cells[_exercise(lesson)].metadata.tags.append("points-5")
    notebook = graded.graded_notebook(lesson, "07_convolution")
    worth = [cell.metadata.get("nbgrader", {}).get("points") for cell in notebook.cells]
    assert [points for points in worth if points] == [5, 2, 2, 2, 2]
    assert any(cell.source.startswith("### Your turn 1") and "(5 points)" in cell.source.split("\n")[0] for cell in notebook.cells)  # fmt: skip


def _exercise(lesson: build.Lesson) -> int:
    return next(
        number
        for number, cell in enumerate(lesson.cells)
        if "exercise" in cell.metadata.get("tags", [])
    )


@pytest.mark.parametrize("name", EACH)
def test_an_assignment_holds_the_exercises_of_its_lesson_and_nothing_else(name):
    lesson = build.read_lesson(LESSONS[name])
    notebook = graded.graded_notebook(lesson, f"07_{name}")
    roles = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    exercises = [cell for cell in lesson.cells if "exercise" in cell.metadata.get("tags", [])]
    assert sum(role.get("solution", False) for role in roles) == len(exercises)
    assert sum(role.get("grade", False) for role in roles) == len(exercises)
    assert all(role["locked"] for role in roles if role.get("grade"))
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert prose.count("### Your turn") == len(exercises)
    assert ".ipynb)" not in prose
    assert "<summary>" not in prose
    assert all(cell.source not in prose for cell in lesson.cells if "notes" in cell.metadata.get("tags", []))  # fmt: skip


def solutions(name: str) -> dict[str, str]:
    """The solved cells of a lesson's exercises, by the names of their checks."""
    notebook = graded.graded_notebook(build.read_lesson(LESSONS[name]), name)
    return {
        cell.metadata.nbgrader.grade_id: build.without_markers(cell.source)
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def typed(sources: dict[str, str]) -> Change:
    """A student who types these answers."""

    def change(cells, notebook):
        for name, source in sources.items():
            cells[name].source = source

    return change


def half(cells, notebook):
    """Two are right, one is wrong, two are untouched."""
    right = solutions("convolution")
    for name in ("correlate", "color_finder"):
        cells[name].source = right[name]
    cells["move_right"].source = LEFT


def broken(cells, notebook):
    """Two are right, among deleted and changed cells; two do not parse, one is gone."""
    right = solutions("convolution")
    cells["color_finder"].source = "def color_finder(color):\n    retrun 0"
    cells["kernel_gradient"].source = "def kernel_gradient(image, error:"
    cells["correlate"].source = right["correlate"]
    cells["move_right"].source = right["move_right"]
    cells["check_move_right"].source = "check.move_rihgt()"
    gone = ("setup", "check_correlate", "convolutional_layer", "check_convolutional_layer")
    for name in gone:
        notebook.cells.remove(cells[name])


def cheating(cells, notebook):
    """Nothing is solved: checks are replaced, changed and deleted."""
    stub = STUB_CHECK.replace("LESSON", notebook.metadata.course.lesson)
    first, second, third, *_ = tasks(cells)
    cells["setup"].source += stub
    cells[first].source = f"{stub}{first} = 1"
    cells[second].source = f"{second} = 1"
    cells[f"check_{second}"].source = "assert True"
    notebook.cells.remove(cells[f"check_{third}"])


def tasks(cells: dict[str, NotebookNode]) -> list[str]:
    """The names of the exercises in a notebook."""
    return [name.removeprefix("check_") for name in filter(None, cells) if name[:6] == "check_"]


def patched(right: dict[str, str]) -> Change:
    """A student who does not parse at first, and deletes the last exercise, Setup and a check."""

    def change(cells, notebook):
        first, second, *others, last = right
        cells[first].source = f"def {first}(x:\n    retrun x"
        for name in (second, *others):
            cells[name].source = right[name]
        cells[f"check_{second}"].source = f"check.{second[::-1]}()"
        for name in ("setup", last, f"check_{last}", *(f"check_{name}" for name in others[:1])):
            notebook.cells.remove(cells[name])

    return change


def crowd(course: Path, lesson: str, count: int) -> dict[str, float]:
    """Hand in right, half, broken and cheating notebooks in turn; what each student earns."""
    right = solutions(lesson)
    names, notebook = list(right), nbformat.read(_path(course, "source", lesson), as_version=4)
    marks = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    worth = {
        mark["grade_id"].removeprefix("check_"): mark.get("points", 0) for mark in marks if mark
    }
    kinds = [
        ("all right", typed(right), names),
        ("half", typed({name: right[name] for name in names[::2]}), names[::2]),
        ("broken", patched(right), names[1:-1]),
        ("cheating", cheating, []),
    ]
    earned = {}
    for number in range(count):
        kind, change, solved = kinds[number % len(kinds)]
        hand_in(course, lesson, f"{number:02} {kind}", change)
        earned[f"{number:02} {kind}"] = float(sum(worth[name] for name in solved))
    return earned


def _path(course: Path, step: str, lesson: str) -> Path:
    return course / step / lesson / f"{lesson}.ipynb"


def hand_in(course: Path, lesson: str, student: str, change: Change) -> None:
    """Put into `submitted` what a student made of the released notebook."""
    notebook = nbformat.read(_path(course, "release", lesson), as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    change(cells, notebook)
    folder = course / "submitted" / student / lesson
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{lesson}.ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder with convolution, handed in by four students and graded."""
    course = tmp_path_factory.mktemp("course")
    assert list(graded.make(["convolution"], course)) == [
        f"{course / 'release' / 'convolution'}: 10 points"
    ]
    right = solutions("convolution")
    noisy = "import sys\nprint('trying', file=sys.stderr)\n    return"
    right["correlate"] = right["correlate"].replace("return", noisy.replace("\n", "\n    ", 1), 1)
    hand_in(course, "convolution", ALL_RIGHT, typed(right))
    hand_in(course, "convolution", HALF, half)
    hand_in(course, "convolution", BROKEN, broken)
    hand_in(course, "convolution", CHEAT, cheating)
    return course


@pytest.fixture(scope="module")
def scores(course):
    return {student: (score, why) for student, score, why in grade(course, "convolution")}


@pytest.mark.slow
def test_the_hidden_tests_of_convolution_accept_its_solutions_and_no_others():
    notebook = graded.graded_notebook(build.read_lesson(LESSONS["convolution"]), "07_convolution")
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"][1:]
    setup = "import numpy as np\nfrom lessons.convolution import check\nfrom utils.convolution import correlate2d\nfrom utils.quiet import keras"
    assert _run(setup, *code).returncode == 0
    wrong = code[0].replace("return", "return 1 +", 1)
    refused = _run(setup, wrong, *code[1:])
    assert refused.returncode == 1
    assert "✘ Not yet: The whole output" in refused.stdout


def _run(*cells: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", "\n\n".join(cells)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_students_get_stubs_and_checks_without_what_is_hidden(course):
    text = (course / "release" / "convolution" / "convolution.ipynb").read_text(encoding="utf-8")
    assert text.count(build.STUB) == 5
    assert not re.search("SOLUTION|HIDDEN|with_seed|<details>", text)


@pytest.mark.slow
def test_right_half_broken_and_cheating_get_what_they_earn(scores):
    expected = {ALL_RIGHT: 10.0, HALF: 4.0, BROKEN: 4.0, CHEAT: 0.0}
    assert scores == {student: (score, "") for student, score in expected.items()}


@pytest.mark.slow
def test_the_misconception_reaches_the_feedback_page(course, scores):
    page = course / "feedback" / HALF / "convolution" / "convolution.html"
    assert "This one moves the picture to the left" in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_name_is_shown_as_text(course, scores):
    page = course / "feedback" / BROKEN / "convolution" / "convolution.html"
    assert "<i>Zoë" not in page.read_text(encoding="utf-8")


def test_a_name_that_nbgrader_cannot_read_is_told(tmp_path):
    assert _grade_one(tmp_path, "convolution", "Zoë [2]")[2].endswith("rename the folder")


@pytest.mark.weekly
@pytest.mark.parametrize("name", LESSONS)
def test_right_half_broken_and_cheating_get_what_they_earn_in_every_lesson(name, tmp_path):
    list(graded.make([name], tmp_path))
    earned = crowd(tmp_path, name, 4)
    assert {student: (score, why) for student, score, why in grade(tmp_path, name)} == {
        student: (score, "") for student, score in earned.items()
    }


@pytest.mark.weekly
def test_a_class_of_thirty_is_graded_in_three_minutes_on_two_cores(tmp_path):
    list(graded.make(["convolution"], tmp_path))
    earned = crowd(tmp_path, "convolution", 30)
    before = os.times()
    scores = {student: score for student, score, _ in grade(tmp_path, "convolution")}
    after = os.times()
    assert scores == earned
    computed = after.children_user + after.children_system
    computed -= before.children_user + before.children_system
    assert 30 < computed / 2 < 180
