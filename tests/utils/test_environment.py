"""The check of the environment, and the pins that students install."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from utils import environment
from utils.environment import Package, Report, check_environment

ROOT = Path(__file__).resolve().parents[2]


def test_this_environment_is_ready():
    report = check_environment()
    assert report.ready, report
    assert {"Python", "keras", "numpy"} <= {package.name for package in report.packages}
    assert "Everything is ready" in report._repr_html_()


def test_only_one_tensorflow_is_asked_for():
    names = [p.name for p in check_environment().packages if p.name.startswith("tensorflow")]
    assert len(names) == 1


@pytest.mark.parametrize(
    ("found", "ready"),
    [("2.5", True), ("2.0", True), ("1.9", False), ("3.0", False), (None, False)],
)
def test_versions(found, ready):
    assert Package("thing", ">=2,<3", found).ready is ready


def test_what_is_missing_is_named():
    report = Report((Package("thing", ">=2", None), Package("other", ">=1", "1.5")))
    assert not report.ready
    assert repr(report) == "✘ thing missing (>=2)\n✔ other 1.5 (>=1)"
    assert "pip install -r requirements.txt -e ." in report._repr_html_()


def test_course_not_installed(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(environment, "requires", missing)
    with pytest.raises(RuntimeError, match="the course is not installed"):
        check_environment()


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(
    ("ranges", "file"),
    [
        (PROJECT["project"]["dependencies"], "requirements.txt"),
        (PROJECT["dependency-groups"]["dev"], "requirements-dev.txt"),
    ],
)
def test_pins_are_in_step_with_the_ranges(ranges, file):
    pinned = {pin.name: pin for pin in pins(file)}
    for need in map(Requirement, ranges):
        assert need.name in pinned, f"{need.name} is not in {file}: run `make pins`"
        pin = pinned[need.name]
        version = next(iter(pin.specifier))
        assert version.operator == "==", f"{need.name} is not pinned in {file}"
        assert need.specifier.contains(version.version), f"{pin} leaves {need}: run `make pins`"
        assert bool(pin.marker) == bool(need.marker), f"{pin} and {need} name other systems"


def test_students_and_maintainers_get_the_same_versions():
    students = {pin.name: str(pin.specifier) for pin in pins("requirements.txt")}
    for pin in pins("requirements-dev.txt"):
        assert students.get(pin.name, str(pin.specifier)) == str(pin.specifier)


def test_no_registry_is_named():
    for name in ("requirements.txt", "requirements-dev.txt", "environment.yml", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|find-links|://", text)


def test_the_range_of_python_is_the_same_everywhere():
    assert Requirement(f"x{PROJECT['project']['requires-python']}").specifier == environment.PYTHON
