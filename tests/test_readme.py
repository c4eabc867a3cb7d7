"""The README's table of systems: each row is tried somewhere here, or says that it is not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TRIED = {
    "pip": ("tests/tools/editions/test_release.py", "test_the_course_starts_from_nothing"),
    "uv": ("Makefile", "uv pip install --quiet --python $(BIN)/python"),
    "Colab, Kaggle": ("tests/tools/test_hosted.py", "test_colab_as_it_is"),
    "JupyterHub": ("tests/tools/hub/test_hub.py", "test_four_students_run_two_lessons_each"),
    "a wheel": ("tests/tools/test_wheel.py", "test_a_lesson_runs_from_another_folder"),
}
"""For the first words of a row, a file that tries it, and where in the file."""


def rows() -> dict[str, str]:
    """The table below "Other ways to the same place": from the first cell to the second."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("Other ways to the same place:")[1].split("\n\n")[1]
    return dict(re.findall(r"^\| ([^|]+?) \| (.+) \|$", table, re.M))


def test_each_system_is_tried_or_says_that_it_is_not():
    found = rows()
    assert len(found) >= 9
    for name, text in found.items():
        tried = [system for system in TRIED if name.startswith(system)]
        assert len(tried) == ("(not tried" not in text), name


@pytest.mark.parametrize("system", TRIED)
def test_where_it_is_tried(system):
    path, text = TRIED[system]
    assert any(name.startswith(system) for name in rows())
    assert text in (ROOT / path).read_text(encoding="utf-8")
