"""The zip for students: what is in it, how it starts, and that an update changes nobody's work."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import build, house
from tools.editions import release
from tools.editions.start.work import RECORD, lay_out
from utils.release import STAMP, expect, version

LESSONS = house.lessons(build.ROOT)


def write(folder: Path, name: str, *code: str) -> Path:
    """A small notebook with a title, a Setup and some code."""
    folder.mkdir(exist_ok=True)
    cells = [new_markdown_cell("# A lesson"), *map(new_code_cell, ("x = 1", *code))]
    notebook = new_notebook(cells=cells, metadata={"course": {"lesson": name[3:]}})
    nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


def texts(work: Path) -> dict[str, str]:
    """The last cell of each notebook."""
    paths = sorted(work.glob("*.ipynb"))
    return {path.stem: nbformat.read(path, as_version=4).cells[-1].source for path in paths}


@pytest.fixture
def course(tmp_path):
    """Two lessons, laid out, of which the second is solved."""
    for name in ("00_welcome", "07_convolution"):
        write(tmp_path / "notebooks", name, "...")
    assert list(lay_out(tmp_path / "notebooks", tmp_path / "work")) == []
    assert texts(tmp_path / "work") == {"00_welcome": "...", "07_convolution": "..."}
    write(tmp_path / "work", "07_convolution", "solved")
    return tmp_path


def update(course: Path, text: str) -> list[str]:
    """A new version of both lessons arrives."""
    for name in ("00_welcome", "07_convolution"):
        write(course / "notebooks", name, text)
    return list(lay_out(course / "notebooks", course / "work"))


def test_a_new_version_arrives_beside_what_was_solved(course):
    mine = (course / "work" / "07_convolution.ipynb").read_bytes()
    told = update(course, "new")
    assert told == [
        "07_convolution has a new version: 07_convolution_2.ipynb. "
        "Your 07_convolution.ipynb stays as it is."
    ]
    assert texts(course / "work") == {
        "00_welcome": "new",
        "07_convolution": "solved",
        "07_convolution_2": "new",
    }
    assert (course / "work" / "07_convolution.ipynb").read_bytes() == mine


def test_nothing_arrives_twice(course):
    update(course, "new")
    assert update(course, "new") == []
    assert len(texts(course / "work")) == 3


def test_a_later_version_takes_the_place_of_a_copy_that_nobody_has_changed(course):
    update(course, "new")
    assert update(course, "newer") == []
    assert texts(course / "work")["07_convolution_2"] == "newer"
    write(course / "work", "07_convolution_2", "solved again")
    assert len(update(course, "newest")) == 1
    assert list(texts(course / "work").values()) == ["newest", "solved", "solved again", "newest"]


def test_running_a_lesson_does_not_change_it(course):
    path = course / "work" / "00_welcome.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.language_info = {"name": "python", "version": "3.12.1"}
    notebook.cells[1].execution_count = 7
    nbformat.write(notebook, path)
    update(course, "new")
    assert texts(course / "work")["00_welcome"] == "new"


def test_a_deleted_lesson_comes_again(course):
    (course / "work" / "00_welcome.ipynb").unlink()
    assert update(course, "...") == []
    assert texts(course / "work")["00_welcome"] == "..."


@pytest.mark.parametrize("record", ["", "not JSON"])
def test_without_its_record_nothing_is_overwritten(course, record):
    (course / "work" / RECORD).unlink()
    if record:
        (course / "work" / RECORD).write_text(record, encoding="utf-8")
    update(course, "new")
    assert texts(course / "work")["07_convolution"] == "solved"
    assert texts(course / "work")["00_welcome"] == "..."


def test_a_copy_that_cannot_be_read_is_left_alone(course):
    path = course / "work" / "07_convolution.ipynb"
    path.write_text("{ cut off", encoding="utf-8")
    update(course, "new")
    assert path.read_text(encoding="utf-8") == "{ cut off"
    assert (course / "work" / "07_convolution_2.ipynb").exists()


def test_a_notebook_says_when_the_course_beside_it_is_another(course, capsys, monkeypatch):
    monkeypatch.setattr("utils.release.NOTEBOOKS", course / "notebooks")
    current = version(course / "notebooks" / "07_convolution.ipynb")
    expect("07_convolution", current)
    expect("99_not_there", current)
    assert capsys.readouterr().out == ""
    update(course, "new")
    expect("07_convolution", current)
    assert "another version" in capsys.readouterr().out


def test_the_stamp_does_not_change_the_version(tmp_path):
    plain = write(tmp_path, "07_convolution", "...")
    before = version(plain)
    stamped = nbformat.reads(release.student_copy(plain), as_version=4)
    assert stamped.cells[1].source == "x = 1" + STAMP.format(name="07_convolution", version=before)
    assert stamped.metadata.course == {"lesson": "convolution", "version": before}
    nbformat.write(stamped, plain)
    assert version(plain) == before


def test_what_is_behind_a_page_stays_here(tmp_path):
    path = write(tmp_path, "07_convolution", "...")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].metadata.hidden = {"source": "assert x == 1"}
    nbformat.write(notebook, path)
    assert "assert" not in release.student_copy(path)


def test_only_modules_that_pages_need_are_shipped():
    names = {path.relative_to(build.ROOT).as_posix() for path in release.shipped()}
    modules = {name for name in names if name.startswith("lessons/") and name.endswith(".py")}
    assert {f"lessons/{path.parent.name}/check.py" for path in LESSONS.values()} < modules
    assert not [name for name in modules if re.search("lesson.py|exam|/measure", name)]
    assert "lessons/convolution/static/stepper.js" in names


def test_windows_reads_its_script():
    """Of what cmd.exe runs: each label is there once, each goto has one, blocks are closed."""
    text = (release.START / "start.bat").read_text(encoding="ascii")
    labels = re.findall(r"^:(\w+)", text, flags=re.M)
    assert sorted(labels) == sorted(set(re.findall(r"goto (\w+)", text)))
    blocks = re.sub(r'"[^"]*"|^ *(rem|echo) .*', "", text, flags=re.M)
    assert blocks.count("(") == blocks.count(")")
    assert [line for line in text.splitlines() if "start.py" in line and "\\" not in line] == []


@pytest.mark.skipif(sys.platform == "win32", reason="start.sh is for Linux and macOS")
def test_the_scripts_refuse_a_python_that_is_too_old(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    for name in ("python3.11", "python3.12", "python3.13", "python"):
        shutil.copy(old, tmp_path / name)
    paths = os.pathsep.join([str(tmp_path), os.defpath])
    command = ["sh", str(release.START / "start.sh")]
    said = subprocess.run(command, env={"PATH": paths}, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert said.stderr.startswith("The course needs Python 3.11, 3.12 or 3.13")


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The real release."""
    target = tmp_path_factory.mktemp("release") / "course.zip"
    assert release.release(target) < release.MOST
    return target


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory):
    """The real release, unpacked where names have blanks and letters beyond ASCII."""
    folder = tmp_path_factory.mktemp("Käse и 课 1")
    with zipfile.ZipFile(packed) as archive:
        for entry in archive.infolist():
            os.chmod(archive.extract(entry, folder), entry.external_attr >> 16)
    return folder / release.FOLDER


def run_in(course: Path, *command: str) -> str:
    """What a command says that finds this copy of the course, not the one that is tested."""
    variables = os.environ | {"PYTHONPATH": str(course)}
    return subprocess.run(
        command, cwd=course, env=variables, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.slow
def test_the_release_holds_all_that_it_needs(unpacked):
    """Every module of it is imported from it; the first lesson runs."""
    modules = [
        ".".join(path.relative_to(unpacked).with_suffix("").parts)
        for folder in ("lessons", "utils")
        for path in sorted(unpacked.glob(f"{folder}/**/*.py"))
    ]
    code = f"""
import importlib, sys
for name in {modules}:
    assert importlib.import_module(name.removesuffix(".__init__")).__file__.startswith({str(unpacked)!r}), name
"""
    run_in(unpacked, sys.executable, "-c", code)
    run_in(unpacked, sys.executable, "start/work.py")
    out = unpacked / "ran.ipynb"
    run_in(unpacked, sys.executable, "-m", "nbconvert", "--execute", "--to=notebook", f"--output={out}", "work/00_welcome.ipynb")  # fmt: skip
    assert "another version" not in out.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_release_holds_no_solved_form(packed):
    with zipfile.ZipFile(packed) as archive:
        files = {
            entry.filename: archive.read(entry).decode(errors="ignore")
            for entry in archive.infolist()
        }
    parts = {part for name in files for part in name.split("/")}
    assert not {"lesson.py", "exam.py", "tests", "tools", ".git", "__pycache__"} & parts
    pages = [text for name, text in files.items() if name.endswith(".ipynb")]
    assert len(pages) == len(LESSONS)
    for page in pages:
        assert not [cell for cell in json.loads(page)["cells"] if "hidden" in cell["metadata"]]
        assert not re.search("BEGIN SOLUTION|For the instructor", page)


@pytest.mark.slow
def test_two_releases_of_one_state_are_the_same(packed):
    with zipfile.ZipFile(packed) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)


@pytest.mark.weekly
def test_the_course_starts_from_nothing(unpacked):
    """The script makes an environment, installs, lays out the lessons, and JupyterLab answers."""
    said = subprocess.run(["./start.sh", "--version"], cwd=unpacked, capture_output=True, text=True, check=False)  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert re.search(r"^4\.\d+\.\d+$", said.stdout, flags=re.M)
    assert (unpacked / "work" / "00_welcome.ipynb").exists()
