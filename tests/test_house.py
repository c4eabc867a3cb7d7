"""The house: what may import what, how large it may be, and that its doors open quickly."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import house
from tools.build import read_lesson

ROOT = Path(__file__).resolve().parents[1]
LESSONS = house.lessons(ROOT)
WITHOUT_KERAS = [
    name
    for name, path in LESSONS.items()
    if not any("keras" in file.read_text(encoding="utf-8") for file in path.parent.glob("*.py"))
]


def imported(file: Path) -> set[str]:
    """The packages that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
    return names


def test_the_order_names_every_lesson_and_no_lesson_imports_another():
    assert [str(fault) for fault in house.faults(ROOT)] == []


@pytest.mark.parametrize(
    ("folder", "refused"),
    [("utils", {"lessons", "tools", "tests"}), ("lessons", {"tests"}), ("tools", {"tests"})],
)
def test_imports_run_one_way(folder, refused):
    wrong = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in (ROOT / folder).rglob("*.py")
        for name in imported(file) & refused
    }
    assert not wrong


def test_utils_is_small():
    lines = sum(
        len(file.read_text(encoding="utf-8").splitlines()) for file in ROOT.glob("utils/**/*.py")
    )
    assert lines <= 4000, f"{lines} lines: what serves one lesson stands in its folder"
    pages = [*ROOT.glob("utils/**/*.js"), *ROOT.glob("utils/**/*.css")]
    names = {page.name for page in pages}
    assert names == {"widgets.js", "widgets.css"}, "a widget of one lesson stands in its folder"


def test_a_check_can_be_read_in_minutes():
    checks = [path.parent / "check.py" for path in LESSONS.values()]
    lines = [line for file in checks for line in file.read_text(encoding="utf-8").splitlines()]
    mean = len(lines) / sum(line.startswith("    title=") for line in lines)
    assert mean <= 86, f"{mean:.0f} lines an exercise: fewer hints, one maker of wrong answers"


def test_tests_mirror_the_lessons():
    named = {path.parent.name for path in LESSONS.values()}
    found = {path.name for path in (ROOT / "tests" / "lessons").iterdir() if path.is_dir()}
    assert found - {"__pycache__"} <= named


def test_import_utils_is_quick():
    def seconds(statement):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        return time.perf_counter() - started

    extra = min(seconds("import utils") for _ in range(3)) - min(seconds("") for _ in range(3))
    assert extra < 0.3, (
        f"import utils takes {extra:.2f} s: import inside the functions that need it"
    )


@pytest.mark.parametrize("heavy", ["tensorflow", "keras", "matplotlib", "scipy", "sklearn"])
def test_import_utils_is_light(heavy):
    command = f"import sys, utils; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", WITHOUT_KERAS)
def test_the_first_cell_of_a_lesson_without_keras_does_not_wait_for_tensorflow(name):
    setup = next(c.source for c in read_lesson(LESSONS[name]).cells if c.cell_type == "code")
    command = f"{setup}\nimport sys; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
