"""The check of the environment, and the pins that students install."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from lessons.welcome import environment
from lessons.welcome.environment import Package, Report, check_environment

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def trial(monkeypatch):
    """What the process that tries TensorFlow ends with: a code, and the end of its stderr."""
    done = subprocess.CompletedProcess([], 0, "", "")
    monkeypatch.setattr(environment.subprocess, "run", lambda *args, **options: done)
    return done


@pytest.mark.slow
def test_this_environment_is_ready():
    report = check_environment()
    assert report.ready, report
    assert {"Python", "keras", "numpy"} <= {package.name for package in report.packages}
    assert "Everything is ready" in report._repr_html_()


@pytest.mark.parametrize("name", environment.TENSORFLOWS)
def test_either_tensorflow_will_do_and_one_is_asked_for(trial, monkeypatch, name):
    monkeypatch.setattr(environment, "_version", {name: "2.21.0"}.get)
    (row,) = [p for p in check_environment().packages if p.name.startswith("tensorflow")]
    assert row.ready
    monkeypatch.setattr(environment, "_version", lambda name: None)
    (row,) = [p for p in check_environment().packages if p.name.startswith("tensorflow")]
    assert row.found is None


@pytest.mark.parametrize(
    ("code", "stderr", "names", "words"),
    [
        (-4, "", ["tensorflow"], "lacks AVX"),
        (0xC000001D, "", ["tensorflow"], "lacks AVX"),
        (1, "ImportError: DLL load failed while importing _pywrap", ["tensorflow"], "Visual C"),
        (
            1,
            "ImportError: undefined symbol",
            environment.TENSORFLOWS,
            "Run: .* uninstall -y tensor",
        ),
        (1, "Trace\nValueError: odd", ["tensorflow-cpu"], r"does not work \(ValueError: odd\)"),
        (3, "", ["tensorflow"], "ended with code 3"),
    ],
)
def test_a_tensorflow_that_does_not_add(trial, monkeypatch, code, stderr, names, words):
    monkeypatch.setattr(environment, "_version", dict.fromkeys(names, "2.21.0").get)
    trial.returncode, trial.stderr = code, stderr
    (problem,) = environment._problems()
    assert re.search(words, problem)
    report = Report((Package("thing", ">=2", "2.0"),), (problem,))
    assert not report.ready
    assert repr(report).endswith(f"Not ready. {problem}")


def test_two_numbers_are_added_elsewhere(monkeypatch, tmp_path):
    """A package that ends the process which imports it."""
    (tmp_path / "tensorflow.py").write_text("import os; os._exit(132)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (problem,) = environment._tensorflow()
    assert "AVX" in problem


def test_too_little_memory_and_disk(trial, monkeypatch):
    monkeypatch.setattr(environment, "virtual_memory", lambda: SimpleNamespace(available=5e8))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1e8))
    memory, disk = environment._problems()
    assert "0.5 GB of memory" in memory
    assert "0.1 GB of the disk" in disk


@pytest.mark.parametrize(
    ("found", "ready"),
    [("2.5", True), ("2.0", True), ("1.9", False), ("3.0", False), (None, False)],
)
def test_versions(found, ready):
    assert Package("thing", ">=2,<3", found).ready is ready


def test_what_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "DATA", tmp_path / "data")
    report = Report((Package("thing", ">=2", None), Package("other", ">=1", "1.5")))
    assert not report.ready
    assert repr(report).startswith("✘ thing missing (>=2)\n✔ other 1.5 (>=1)\nNot ready.")
    assert f"{sys.executable} -m pip install -r requirements.txt -e ." in report._repr_html_()


def test_another_kernel_than_that_of_the_course(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "DATA", tmp_path / "data")
    (tmp_path / ".venv").mkdir()
    assert f"This kernel is {sys.executable}" in Report((Package("thing", ">=2", None),)).verdict


def test_course_not_installed(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(environment, "requires", missing)
    with pytest.raises(RuntimeError, match="the course is not installed"):
        check_environment()


@pytest.mark.parametrize("name", ["utils.py", "utils/__init__.py"])
def test_a_file_beside_the_notebook_that_hides_the_helpers(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    code = f"import sys; sys.path += [{str(ROOT)!r}]; from lessons.welcome import check"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    *_, last = done.stderr.splitlines()
    assert re.match(r"ImportError: .*utils.* hides the course's own `utils`: give it another", last)


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
