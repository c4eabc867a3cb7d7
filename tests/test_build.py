"""The build tool: what it makes of a lesson, what it refuses, and that builds are repeatable."""

import json

import nbformat
import pytest

from tools import build
from tools.build import BuildError, difference, read_lesson, solved_notebook, student_notebook

LESSON = '''# %% [markdown]
# # A lesson

# %%
from utils.checks import core


class check:
    """The checks of this lesson."""

    @staticmethod
    @core.exercise("Twice")
    def double(answer):
        core.compare(answer, lambda x: x + x, [(1,), (5,)])


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
# A widget:

# %%
import ipywidgets

ipywidgets.HBox([ipywidgets.IntSlider(), ipywidgets.Play()])
'''


@pytest.fixture
def write(tmp_path):
    def write(text, name="01_lesson.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_student_gets_a_stub_a_check_and_a_folded_solution(write):
    cells = student_notebook(read_lesson(write(LESSON))).cells
    kinds = [cell.cell_type for cell in cells]
    assert kinds == ["markdown", "code", "code", "code", "markdown", "markdown", "code"]
    stub, solution = cells[2].source, cells[4].source
    assert stub == 'def double(x):\n    """Twice x."""\n    ...  # your code here'
    assert solution.startswith("<details><summary>Solution</summary>")
    assert "    return 2 * x\n" in solution
    assert "SOLUTION" not in json.dumps(cells)
    assert "twice five" not in json.dumps(cells)


def test_instructor_gets_solution_and_notes(write):
    cells = solved_notebook(read_lesson(write(LESSON))).cells
    assert any("For the instructor" in cell.source for cell in cells)
    assert "    return 2 * x" in cells[3].source
    assert "SOLUTION" not in json.dumps(cells)


def test_two_builds_are_identical_and_complete(write, tmp_path):
    lesson, target = read_lesson(write(LESSON)), tmp_path / "01_lesson.ipynb"
    build.build(lesson, target)
    first = target.read_bytes()
    build.build(lesson, target)
    assert target.read_bytes() == first
    notebook = nbformat.read(target, as_version=4)
    assert "Not attempted" in notebook.cells[3].outputs[0].data["text/plain"]
    assert set(notebook.metadata) == {"course", "kernelspec", "widgets"}
    models = notebook.metadata["widgets"][build.STATE]["state"].values()
    layouts = [model["state"] for model in models if model["model_name"] == "LayoutModel"]
    assert layouts
    assert not any(None in layout.values() for layout in layouts)
    assert difference(lesson, target) is None
    build.build(lesson, target, solved=True)
    assert "Right" in target.read_text(encoding="utf-8")


def test_what_is_not_up_to_date_is_noticed(write, tmp_path):
    lesson, target = read_lesson(write(LESSON)), tmp_path / "01_lesson.ipynb"
    assert difference(lesson, target) == "there is no notebook yet"
    build.build(lesson, target)
    built = target.read_text(encoding="utf-8")
    target.write_text(built.replace("Twice x.", "Thrice x."), encoding="utf-8")
    assert difference(lesson, target) == "its cells differ from the lesson"
    target.write_text(built.replace("Not attempted", "Right"), encoding="utf-8")
    assert difference(lesson, target) == "it was changed by hand after it was built"
    longer = write(LESSON + "\n# %% [markdown]\n# The end.\n", "02_lesson.py")
    target.write_text(built, encoding="utf-8")
    assert difference(read_lesson(longer), target) == "its cells differ from the lesson"
    other_tags = write(LESSON.replace("# %%\nimport", '# %% tags=["nbval-ignore-output"]\nimport'))
    assert difference(read_lesson(other_tags), target) == "its cells differ from the lesson"
    target.write_text("{", encoding="utf-8")
    assert difference(lesson, target) == "it cannot be read as a notebook"


REFUSED = {
    "no marker at the start": ("x = 1\n", 1, "begins with a cell marker"),
    "no space in a marker": ("# %% [markdown]\n# # A\n\n#%%\n1\n", 4, "write a marker as"),
    "a word for a tag": ("# %% [markdown]\n# # A\n\n# %% [markdown] notes\n# Ask\n", 4, "write a marker"),
    "tags without quotes": ("# %% [markdown] tags=[notes]\n# # A\n", 1, "write a marker as"),
    "tag for tags": ('# %% [markdown] tag=["notes"]\n# # A\n', 1, "write a marker as"),
    "a tag twice": ('# %% [markdown] tags=["notes", "notes"]\n# # A\n', 1, "write a marker as"),
    "a raw cell": ("# %% [markdown]\n# # A\n\n# %% [raw]\n# a\n", 4, "write a marker as"),
    "a marker in a string": (
        '# %% [markdown]\n# # A\n\n# %%\na = """\n# %%\n"""\n', 4, "inside a string"),
    "an exercise in prose": (
        '# %% [markdown] tags=["exercise"]\n# ### BEGIN SOLUTION\n# ### END SOLUTION\n', 1, "a code cell"),
    "unknown tag": ('# %% [markdown]\n# # A\n\n# %% tags=["excercise"]\n1\n', 4, "'excercise'"),
    "code does not parse": ("# %% [markdown]\n# # A\n\n# %%\na = 1\nb = = 2\n", 6, "not parse"),
    "solution does not parse": (LESSON.replace("return 2 * x", "return 2 *"), 24, "not parse"),
    "begin without end": (LESSON.replace("    ### END SOLUTION\n", ""), 20, "without ### END"),
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
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_place_and_reason(case, write):
    text, line, reason = REFUSED[case]
    with pytest.raises(BuildError) as caught:
        read_lesson(write(text))
    assert f"01_lesson.py:{line} " in str(caught.value)
    assert "(cell " in str(caught.value)
    assert reason in str(caught.value)


def test_another_encoding_is_refused(tmp_path):
    path = tmp_path / "01_lesson.py"
    path.write_bytes("# %% [markdown]\n# # A\n\n# %%\n# café\n".encode("latin-1"))
    with pytest.raises(BuildError, match=r"01_lesson.py:5 .*UTF-8"):
        read_lesson(path)


FAILING = {
    "a cell that fails": ("def f():\n    return 1 / 0\n\n\nf()", 9, "ZeroDivisionError"),
    "a warning": ('import warnings\nwarnings.warn("old")', 4, "writes to stderr"),
    "a cell that never ends": ("while True:\n    pass", 4, "more than 5 s"),
    "a cell that ends the kernel": ("import os\nos._exit(1)", 4, "ended the kernel"),
    "a picture without alt text": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", 4, "without alt text"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAILING)
def test_a_failing_lesson_leaves_the_old_notebook(case, write, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "CELL_SECONDS", 5)
    code, line, reason = FAILING[case]
    lesson = read_lesson(write(f"# %% [markdown]\n# # A\n\n# %%\n{code}\n"))
    target = tmp_path / "01_lesson.ipynb"
    target.write_text("the old one", encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        build.build(lesson, target)
    assert f"01_lesson.py:{line} (cell 2)" in str(caught.value)
    assert reason in str(caught.value)
    assert target.read_text(encoding="utf-8") == "the old one"
    assert list(tmp_path.glob("*.unfinished")) == []


@pytest.mark.parametrize(
    ("solution", "solved", "reason"),
    [("return 3 * x", True, "the check should say 'right'"),
     ("return 2 * x\n    ### END SOLUTION\n    return 2 * x\n    ### BEGIN SOLUTION", False,
      "the check should say 'not attempted'")],
)  # fmt: skip
def test_a_check_that_disagrees_stops_the_build(solution, solved, reason, write, tmp_path):
    lesson = read_lesson(write(LESSON.replace("return 2 * x", solution)))
    with pytest.raises(BuildError, match=reason):
        build.build(lesson, tmp_path / "01_lesson.ipynb", solved)


def test_a_title_is_no_verdict(write, tmp_path):
    text = LESSON.replace('"Twice"', '"Turn right"').replace("return 2 * x", "return 3 * x")
    with pytest.raises(BuildError, match="should say 'right'"):
        build.build(read_lesson(write(text)), tmp_path / "01_lesson.ipynb", solved=True)


def test_command_line(monkeypatch, capsys, write, tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "notebooks").mkdir()
    write("# %% [markdown]\n# # A\n\n# %%\n1 + 1\n", "lessons/01_lesson.py")
    write("x = 1\n", "lessons/02_broken.py")
    monkeypatch.setattr(build, "ROOT", tmp_path)

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["build.py", *arguments])
        status = build.main()
        streams = capsys.readouterr()
        return status, streams.out + streams.err

    assert run("--check", "01") == (
        1,
        "01_lesson: there is no notebook yet; run `make notebooks`\n",
    )
    assert run("01")[0] == 0
    assert run("01") == (0, "01_lesson: up to date\n")
    assert "asked for" in run("--force", "01_lesson")[1]
    status, said = run()
    assert status == 1
    assert "02_broken.py:1" in said
    assert "02_broken.ipynb stays as it was" in said
    with pytest.raises(SystemExit, match="no lesson '03'"):
        run("03")
