"""The build tool: what it makes of a lesson, what it refuses, and that builds are repeatable."""

import importlib.util
import json

import jupytext
import nbformat
import pytest
from nbformat.v4 import new_output

from lessons import ORDER
from tools import build
from tools.build import BuildError, difference, read_lesson, solved_notebook, student_notebook

pytestmark = pytest.mark.slow

LESSON = '''# %% [markdown]
# # A lesson

# %%
from utils import checks


class check:
    """The checks of this lesson."""

    double = checks.Exercise(
        title="Twice", oracle=lambda x: x + x,
        cases=[(1,), (5,)],
    )


# %% [markdown] tags=["notes"]
# Ask: "What is twice five?"

# %% tags=["exercise"]
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %%
check.double(double)

# %% [markdown]
# ### Predict: the sum
#
# Three and four?

# %% tags=["measured"]
total = 3 + 4
### BEGIN HIDDEN TESTS
counted = len(3 * "a" + 4 * "a")
### END HIDDEN TESTS
assert total == counted  # seven
total

# %% [markdown] tags=["notes"]
# Wait.

# %%
total * 2

# %% [markdown]
# Seven, and fourteen.

# %% [markdown]
# A widget:

# %%
import ipywidgets

ipywidgets.HBox([ipywidgets.IntSlider(), ipywidgets.Play()])
'''


@pytest.fixture
def write(tmp_path):
    def write(text, name="trial"):
        path = tmp_path / "lessons" / name / "lesson.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """LESSON and its notebook."""
    folder = tmp_path_factory.mktemp("course")
    path = folder / "lessons" / "trial" / "lesson.py"
    path.parent.mkdir(parents=True)
    path.write_text(LESSON, encoding="utf-8")
    build.build(read_lesson(path), folder / "00_trial.ipynb")
    return read_lesson(path), folder / "00_trial.ipynb"


def test_student_gets_a_stub_a_check_and_a_folded_solution(write):
    cells = student_notebook(read_lesson(write(LESSON))).cells
    kinds = "".join(cell.cell_type[0] for cell in cells)
    assert kinds == "mcccm" + "mccm" + "mc"
    stub, solution = cells[2].source, cells[4].source
    assert stub == 'def double(x):\n    """Twice x."""\n    ...  # your code here'
    assert solution.startswith("<details><summary>Solution</summary>")
    assert "    return 2 * x\n" in solution
    assert "SOLUTION" not in json.dumps(cells)
    assert "twice five" not in json.dumps(cells)


CHECK = """
from utils.checks import Exercise

double = Exercise(title="Twice", nudge="Twice is " "two times.", hint="`2 *`")
"""


@pytest.mark.parametrize("make", [student_notebook, solved_notebook])
def test_hints_are_folded_before_the_solution(write, make):
    path = write(LESSON)
    path.with_name("check.py").write_text(CHECK, encoding="utf-8")
    after_check = make(read_lesson(path)).cells[4 if make is student_notebook else 5].source
    nudge, hint = after_check.split("</details>")[:2]
    assert nudge == "<details><summary>A nudge</summary>\n\nTwice is two times.\n\n"
    assert hint == "\n\n<details><summary>A hint</summary>\n\n`2 *`\n\n"
    assert ("Solution" in after_check) == (make is student_notebook)


def test_a_computed_hint_is_refused(write):
    path = write(LESSON)
    path.with_name("check.py").write_text(CHECK.replace('"`2 *`"', "str(2)"), encoding="utf-8")
    with pytest.raises(BuildError, match="plain text"):
        student_notebook(read_lesson(path))


def test_a_changed_text_keeps_the_outputs(built, write, tmp_path):
    target = tmp_path / "00_trial.ipynb"
    target.write_bytes(built[1].read_bytes())
    build.sync(read_lesson(write(LESSON)), target)
    assert target.read_bytes() == built[1].read_bytes()
    build.sync(read_lesson(write(LESSON.replace("A widget:", "One widget:"))), target)
    before, after = (nbformat.read(path, as_version=4) for path in (built[1], target))
    assert after.cells[-2].source == "One widget:"
    assert [cell.get("outputs") for cell in after.cells] == [c.get("outputs") for c in before.cells]
    with pytest.raises(BuildError, match="without --sync"):
        build.sync(read_lesson(write(LESSON.replace("3 + 4", "4 + 3"))), target)


def test_student_sees_no_claims_and_a_folded_reading(write):
    cells = student_notebook(read_lesson(write(LESSON))).cells
    assert cells[6].source == "total = 3 + 4\ntotal"
    assert "assert total == counted" in cells[6].metadata.hidden.source
    assert "source" not in cells[7].metadata.hidden
    assert cells[8].source == (
        "<details><summary>After you have run it</summary>\n\nSeven, and fourteen.\n\n</details>"
    )


def test_prose_names_lessons_and_the_notebook_numbers_them(write):
    text = LESSON + "\n# %% [markdown]\n# See [{pooling} Pooling](pooling.ipynb), {lesson} too.\n"
    number = ORDER.index("pooling")
    for make in (student_notebook, solved_notebook):
        prose = make(read_lesson(write(text))).cells[-1].source
        assert prose == f"See [{number:02} Pooling]({number:02}_pooling.ipynb), {{lesson}} too."


def test_instructor_gets_solution_notes_and_reading(write):
    cells = solved_notebook(read_lesson(write(LESSON))).cells
    assert any("For the instructor" in cell.source for cell in cells)
    assert "    return 2 * x" in cells[3].source
    assert "SOLUTION" not in json.dumps(cells)
    sources = [cell.source for cell in cells]
    assert "Seven, and fourteen." in sources
    assert "total = 3 + 4\ntotal" in sources


def test_two_builds_are_identical_and_complete(built):
    lesson, target = built
    first = target.read_bytes()
    build.build(lesson, target)
    assert target.read_bytes() == first
    notebook = nbformat.read(target, as_version=4)
    assert "Not attempted" in notebook.cells[3].outputs[0].data["text/plain"]
    assert set(notebook.metadata) == {"course", "kernelspec", "widgets"}
    models = notebook.metadata["widgets"][build.STATE]["state"].values()
    kinds = sorted(model["model_name"] for model in models)
    views = {"HBoxModel", "IntSliderModel", "PlayModel"}
    assert {kind for kind in kinds if kinds.count(kind) == 1} >= views, (
        "models of the first run only"
    )
    layouts = [model["state"] for model in models if model["model_name"] == "LayoutModel"]
    assert layouts
    assert not any(None in layout.values() for layout in layouts)
    assert difference(lesson, target) is None


def test_predictions_are_closed(built):
    cells = nbformat.read(built[1], as_version=4).cells
    for cell, expected in zip(cells[6:8], ("7", "14"), strict=True):
        assert cell.execution_count is None
        assert cell.outputs == []
        assert cell.metadata.hidden.outputs[0].data["text/plain"] == expected
    assert cells[6].metadata.tags == ["measured"]


def test_a_solved_build_says_right_and_shows_what_came_out(built, tmp_path):
    build.build(built[0], tmp_path / "solved.ipynb", solved=True)
    cells = nbformat.read(tmp_path / "solved.ipynb", as_version=4).cells
    assert "Right" in cells[4].outputs[0].data["text/plain"]
    assert [c.outputs[0].data["text/plain"] for c in cells if c.source.startswith("total")] == [
        "7",
        "14",
    ]


CHANGES = {
    "prose": ("A widget:", "One widget:"),
    "a solution": ("return 2 * x", "return x * 2"),
    "a tag": ('# %% tags=["measured"]', "# %%"),
    "another tag": ("# %%\nimport ipy", '# %% tags=["trains"]\nimport ipy'),
    "a claim": ("assert total == counted", "assert counted == total"),
    "a hidden line": ('len(3 * "a" + 4 * "a")', "7"),
    "a cell more": ("# Seven,", "# Well,\n\n# %% [markdown]\n# Seven,"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_a_changed_lesson_is_noticed(case, built, write):
    before, after = CHANGES[case]
    assert LESSON.count(before) == 1
    changed = read_lesson(write(LESSON.replace(before, after)))
    assert difference(changed, built[1]) == "its cells differ from the lesson"


def test_a_changed_notebook_is_noticed(built, tmp_path):
    (lesson, target), changed = built, tmp_path / "00_trial.ipynb"
    assert difference(lesson, changed) == "there is no notebook yet"
    text = target.read_text(encoding="utf-8")
    changed.write_text(text.replace("Twice x.", "Thrice x."), encoding="utf-8")
    assert difference(lesson, changed) == "its cells differ from the lesson"
    changed.write_text(text.replace("assert total == counted", "assert True"), encoding="utf-8")
    assert difference(lesson, changed) == "its cells differ from the lesson"
    changed.write_text(text.replace("Not attempted", "Right"), encoding="utf-8")
    assert difference(lesson, changed) == "it was changed by hand after it was built"
    changed.write_text(text.replace('"text/plain": "14"', '"text/plain": "15"'), encoding="utf-8")
    assert difference(lesson, changed) == "it was changed by hand after it was built"
    changed.write_text("{", encoding="utf-8")
    assert difference(lesson, changed) == "it cannot be read as a notebook"


PREDICT = "# %% [markdown]\n# # A\n#\n# ### Predict: a sum\n#\n# Well?\n\n"
CODE, READING = "# %%\n1 + 1\n\n", "# %% [markdown]\n# Two.\n\n"
REFUSED = {
    "no marker at the start": ("x = 1\n", 1, "begins with a cell marker"),
    "no space in a marker": ("# %% [markdown]\n# # A\n\n#%%\n1\n", 4, "write a marker as"),
    "a word for a tag": ("# %% [markdown]\n# # A\n\n# %% [markdown] notes\n# Ask\n", 4, "write a marker"),
    "tags without quotes": ("# %% [markdown] tags=[notes]\n# # A\n", 1, "write a marker as"),
    "tag for tags": ('# %% [markdown] tag=["notes"]\n# # A\n', 1, "write a marker as"),
    "a tag twice": ('# %% [markdown] tags=["notes", "notes"]\n# # A\n', 1, "write a marker as"),
    "a raw cell": ("# %% [markdown]\n# # A\n\n# %% [raw]\n# a\n", 4, "write a marker as"),
    "a marker in a string": (
        '# %% [markdown]\n# # A\n\n# %%\na = """\n# %%\n"""\n', 5, "does not parse: unterminated"),
    "an exercise in prose": (
        '# %% [markdown] tags=["exercise"]\n# ### BEGIN SOLUTION\n# ### END SOLUTION\n', 1,
        "unknown tag 'exercise' of a markdown cell; known: notes"),
    "notes in code": (
        '# %% [markdown]\n# # A\n\n# %% tags=["notes"]\n1\n', 4, "unknown tag 'notes' of a code cell"),
    "unknown tag": ('# %% [markdown]\n# # A\n\n# %% tags=["excercise"]\n1\n', 4, "'excercise'"),
    "code does not parse": ("# %% [markdown]\n# # A\n\n# %%\na = 1\nb = = 2\n", 6, "not parse"),
    "solution does not parse": (LESSON.replace("return 2 * x", "return 2 *"), 24, "not parse"),
    "begin without end": (LESSON.replace("    ### END SOLUTION\n", ""), 23, "without ### END"),
    "end without begin": (LESSON.replace("    ### BEGIN SOLUTION\n", ""), 24, "its partner"),
    "begin twice": (
        LESSON.replace("    ### END", "    ### BEGIN SOLUTION\n    ### END"), 25, "its partner"),
    "misspelled marker": (LESSON.replace("### BEGIN", "## BEGIN"), 23, "write the marker as"),
    "markers without the tag": (LESSON.replace(' tags=["exercise"]', ""), 20, "belong together"),
    "tag without markers": (
        LESSON.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", ""),
        20, "belong together"),
    "exercise without a check": (
        LESSON.replace("check.double(double)", "double(2)"), 20, "exercise without a check"),
    "exercise at the end": (LESSON.split("# %%\ncheck")[0], 20, "exercise without a check"),
    "an exercise that claims": (
        LESSON.replace("    ### BEGIN SOL", "    assert x\n    ### BEGIN SOL"), 23, "leave it to the check"),
    "claims alone": ("# %% [markdown]\n# # A\n\n# %%\nassert True\n", 5, "a cell of claims alone"),
    "a claim at the end": ("# %% [markdown]\n# # A\n\n# %%\nx = 1\nx\nassert x\n", 7, "put the claim before"),
    "a claim in a loop": (
        "# %% [markdown]\n# # A\n\n# %%\nfor i in [1]:\n    assert i\n", 6, "between ### BEGIN HIDDEN"),
    "broken hidden markers": (
        LESSON.replace("### END HIDDEN TESTS\n", ""), 37, "### BEGIN HIDDEN TESTS without"),
    "hidden tests in prose": (
        "# %% [markdown]\n# ### BEGIN HIDDEN TESTS\n# ### END HIDDEN TESTS\n", 1, "in a code cell"),
    "a helper in sight": (
        LESSON.replace("### BEGIN HIDDEN TESTS\n", "").replace("### END HIDDEN TESTS\n", ""),
        37, "only a claim uses counted: move it between"),
    "a hidden name in use": (LESSON.replace("total * 2", "counted * 2"), 38, "the page reads counted"),
    "a prediction at the end": (PREDICT, 4, "a prediction without a code cell"),
    "a prediction before prose": (PREDICT + READING + CODE, 4, "a prediction without a code cell"),
    "a prediction before a heading": (
        PREDICT.replace("Well?", "### Setup") + CODE + READING, 4, "a prediction without a code cell"),
    "a prediction that nobody reads": (PREDICT + CODE, 8, "a prediction without a reading"),
    "a heading in a reading": (
        f"{PREDICT}{CODE}{READING}#\n# ```\n# # code\n# ```\n# ## Next\n", 18, "begin a new markdown cell"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_reason(case, write):
    text, line, reason = REFUSED[case]
    with pytest.raises(BuildError) as caught:
        read_lesson(write(text))
    assert f"lessons/trial/lesson.py:{line}" in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["trial", *ORDER])
def test_a_lesson_is_read_as_jupytext_reads_it(name, write):
    path = write(LESSON) if name == "trial" else build.ROOT / "lessons" / name / "lesson.py"
    page, cells = jupytext.read(path, fmt="py:percent").cells, read_lesson(path).cells
    told = [
        [(cell.cell_type, cell.source, cell.metadata.get("tags")) for cell in each]
        for each in (page, cells)
    ]
    assert told[0] == told[1]
    assert len({cell.id for cell in cells}) == len(cells)


def test_names_are_left_to_the_build_where_that_is_asked_for(write):
    path = write(LESSON.replace("total * 2", "counted * 2"))
    assert len(read_lesson(path, names=False).cells) == 12
    with pytest.raises(BuildError, match="the page reads counted"):
        read_lesson(path)


def test_a_lesson_that_is_not_utf8_is_refused(write):
    path = write("")
    path.write_bytes("# %% [markdown]\n# # A\n\n# %%\n# café\n".encode("latin-1"))
    with pytest.raises(BuildError, match=r"lesson.py:5: .*UTF-8"):
        read_lesson(path)


PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
ABOUT = {"alt": "A point in the middle of a frame.", "caption": "A point.", "pixels": "0"}


def picture(about):
    """Code that shows a picture."""
    return f'display({{"image/png": "{PIXEL}"}}, metadata={{"image/png": {about}}}, raw=True)'


FAILING = {
    "a cell that fails": (
        "def f():\n    return 1 / 0\n\n\nf()", 9, "ZeroDivisionError: division by zero in `f()`"),
    "a false claim": ("x = 1\nassert x == 2\nx", 6, "AssertionError in `assert x == 2`"),
    "a false np.testing": (
        "import numpy as np\n\nx = np.ones(1)[0]\nnp.testing.assert_equal(x, 2)\nx", 8,
        "Items are not equal: ACTUAL: np.float64(1.0) DESIRED: 2 in `np.testing.assert_equal(x, 2)`"),
    "a warning": ('import warnings\nwarnings.warn("old")', 4, "writes to stderr"),
    "a cell that never ends": ("while True:\n    pass", 4, "more than 5 s"),
    "a cell that ends the kernel": ("import os\nos._exit(1)", 4, "ended the kernel"),
    "a picture without words": (
        picture({"pixels": "0"}), 4, "a picture without alt, caption: end the cell with a plots.Picture"),
    "a cell that fails again": (
        "total = 1\ntotal\n\n# %%\nassert total == 1\ntotal = 2", 9,
        "fails when it is run again after Run All: AssertionError in `assert total == 1`"),
    "a cell that shows something else": (
        'total = 1\n\n# %%\nf"the total is {total}"\n\n# %%\ntotal = 2', 7,
        "text/plain was \"'the total is 1'\", is \"'the total is 2'\""),
    "a cell that shows another picture": (
        f"total = 1\n\n# %%\n{picture(ABOUT)}\n\n# %%\ntotal = 2".replace("'0'", "str(total)"), 7,
        "pixels was '1', is '2'"),
}  # fmt: skip


def test_every_setup_says_when_the_kernel_has_no_course(write, monkeypatch):
    lesson = read_lesson(write("# %% [markdown]\n# # A\n\n# %%\nx = 1\n\n# %%\nx\n"))
    first, second = student_notebook(lesson).cells[1:]
    assert second.source == "x"
    names = {}
    exec(first.source, names)
    assert names["x"] == 1
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="This kernel has no course: choose another"):
        exec(first.source, {})


@pytest.mark.parametrize("case", FAILING)
def test_a_failing_lesson_leaves_the_old_notebook(case, write, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "CELL_SECONDS", 5)
    code, line, reason = FAILING[case]
    lesson = read_lesson(write(f"# %% [markdown]\n# # A\n\n# %%\n{code}\n"))
    target = tmp_path / "00_trial.ipynb"
    target.write_text("the old one", encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        build.build(lesson, target)
    assert f"lesson.py:{line} (cell " in str(caught.value)
    assert reason in str(caught.value)
    assert target.read_text(encoding="utf-8") == "the old one"
    assert list(tmp_path.glob("*.unfinished")) == []


@pytest.mark.parametrize(
    ("about", "reason"),
    [({"alt": ""}, "a picture without alt:"),
     ({"caption": ""}, "a picture without caption:"),
     ({"pixels": ""}, "a picture without pixels:"),
     ({"alt": "A point."}, "alt='A point.': say in a sentence")],
)  # fmt: skip
def test_a_picture_without_words_or_digest_is_refused(about, reason, write):
    lesson = read_lesson(write("# %%\n1\n"))
    shown = new_output("display_data", {"image/png": ""}, metadata={"image/png": ABOUT})
    lesson.cells[0].outputs = [shown]
    build.refuse_outputs(lesson, lesson.cells[0], "not attempted")
    shown.metadata["image/png"].update(about)
    with pytest.raises(BuildError, match=rf"lesson.py:1 \(cell 1\): {reason}"):
        build.refuse_outputs(lesson, lesson.cells[0], "not attempted")


@pytest.mark.parametrize(
    ("solution", "solved", "reason"),
    [("return 3 * x", True, "the check should say 'right'"),
     ("return 2 * x\n    ### END SOLUTION\n    return 2 * x\n    ### BEGIN SOLUTION", False,
      "the check should say 'not attempted'")],
)  # fmt: skip
def test_a_check_that_disagrees_stops_the_build(solution, solved, reason, write, tmp_path):
    lesson = read_lesson(write(LESSON.replace("return 2 * x", solution)))
    with pytest.raises(BuildError, match=reason):
        build.build(lesson, tmp_path / "00_trial.ipynb", solved)


def test_a_title_is_no_verdict(write, tmp_path):
    text = LESSON.replace('"Twice"', '"Turn right"').replace("return 2 * x", "return 3 * x")
    with pytest.raises(BuildError, match="should say 'right'"):
        build.build(read_lesson(write(text)), tmp_path / "00_trial.ipynb", solved=True)


RERUN = """# %% [markdown]
# # A

# %%
runs = []

# %% tags=["measured"]
runs.append("a run")
f"{len(runs)} runs"

# %% tags=["nbval-ignore-output"]
len(runs)

# %% tags=["trains"]
assert len(runs) == 1
len(runs)
"""


def test_the_outputs_of_the_first_run_are_stored(write, tmp_path):
    build.build(read_lesson(write(RERUN)), tmp_path / "00_trial.ipynb")
    cells = nbformat.read(tmp_path / "00_trial.ipynb", as_version=4).cells
    shown = [o.data["text/plain"] for c in cells for o in c.get("outputs", [])]
    assert shown == ["'1 runs'", "1", "1"]


def test_lessons_that_need_their_order_stand_in_one_list(write, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "NOT_YET_RERUN", {"trial": "counts its runs"})
    target = tmp_path / "00_trial.ipynb"
    build.build(read_lesson(write(RERUN.replace(' tags=["measured"]', ""))), target)
    assert target.exists()
    target.unlink()
    with pytest.raises(BuildError, match=r"lesson.py:1: .*take it off NOT_YET_RERUN"):
        build.build(read_lesson(write(RERUN)), target)
    assert not target.exists()


@pytest.fixture
def course(write, tmp_path, monkeypatch):
    """A course of two lessons, of which one is broken, and a function that runs the command."""
    (tmp_path / "notebooks").mkdir()
    write("# %% [markdown]\n# # A\n\n# %%\n1 + 1\n", "trial")
    write("x = 1\n", "broken")
    order = 'ORDER = (\n    "trial",\n    "broken",\n)\n'
    (tmp_path / "lessons" / "__init__.py").write_text(order, encoding="utf-8")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["build.py", *arguments])
        status = build.main()
        streams = capsys.readouterr()
        return status, streams.out + streams.err

    return run


def test_command_line(course, run):
    missing = "00_trial: there is no notebook yet; run `make notebooks`\n"
    assert run("--check", "00") == run("--check", "trial") == (1, missing)
    assert run("00_trial")[0] == 0
    assert (course / "notebooks" / "00_trial.ipynb").exists()
    assert run("00", "trial") == (0, "00_trial: up to date\n")
    assert "asked for" in run("--force", "trial")[1]
    status, said = run()
    assert status == 1
    assert "lessons/broken/lesson.py:1: a lesson begins" in said
    assert "01_broken.ipynb stays as it was" in said
    with pytest.raises(SystemExit, match="no lesson '03'"):
        run("03")


HOUSE = {
    "a name without a folder": (
        "lessons/__init__.py", 'ORDER = (\n    "trial",\n    "broken",\n    "lost",\n)\n',
        "lessons/__init__.py:4: there is no lessons/lost/lesson.py"),
    "a name twice": (
        "lessons/__init__.py", 'ORDER = (\n    "trial",\n    "broken",\n    "trial",\n)\n',
        "lessons/__init__.py:4: 'trial' stands in ORDER twice"),
    "a folder without a name": (
        "lessons/new/lesson.py", "# %% [markdown]\n# # B\n", "lessons/new/lesson.py:1: put 'new' into ORDER"),
    "no order": ("lessons/__init__.py", "", "lessons/trial/lesson.py:1: put 'trial' into ORDER"),
    "from lessons.other": (
        "lessons/trial/check.py", "import os\nfrom lessons.broken import check\n",
        "lessons/trial/check.py:2: imports lessons.broken.check: a lesson imports utils"),
    "from lessons.other.module": (
        "lessons/trial/check.py", "from lessons.broken.check import x\n", "lessons.broken.check.x"),
    "from lessons": ("lessons/trial/check.py", "from lessons import broken\n", "check.py:1: imports lessons.broken:"),
    "import lessons.other": (
        "lessons/trial/check.py", "def f():\n    import lessons.broken.check\n", "check.py:2: imports lessons.broken.check"),
    "two dots": ("lessons/trial/check.py", "from ..broken import check\n", "imports lessons.broken.check"),
    "two dots alone": ("lessons/trial/check.py", "from .. import broken\n", "imports lessons.broken:"),
    "three dots in a subfolder": (
        "lessons/trial/more/check.py", "from ...broken import check\n", "trial/more/check.py:1: imports lessons.broken.check"),
    "in the lesson": (
        "lessons/trial/lesson.py", "# %% [markdown]\n# # A\n\n# %%\nfrom lessons.broken import check\n",
        "lessons/trial/lesson.py:5: imports lessons.broken.check"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOUSE)
def test_a_disordered_house_is_refused_before_anything_is_built(case, course, run):
    name, text, reason = HOUSE[case]
    (course / name).parent.mkdir(parents=True, exist_ok=True)
    (course / name).write_text(text, encoding="utf-8")
    status, said = run("trial")
    assert status == 1
    assert reason in said
    assert list((course / "notebooks").iterdir()) == []


def test_a_lesson_may_import_its_own_modules_and_utils(course, run):
    allowed = "import lessons\nfrom lessons import ORDER, trial\nfrom lessons.trial import check\n"
    allowed += (
        "from . import check\nfrom .check import x\nfrom utils import data\nimport utils.broken\n"
    )
    (course / "lessons" / "trial" / "figures.py").write_text(allowed, encoding="utf-8")
    assert "there is no notebook yet" in run("--check", "trial")[1]
