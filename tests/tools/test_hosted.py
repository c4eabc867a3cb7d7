"""Colab and Kaggle: what is installed there, and what is left as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from lessons import ORDER
from tools import hosted, links, versions

COLAB = [
    "tensorflow==2.20.0",
    "keras==3.13.2",
    "numpy==2.1.3",
    "ipywidgets==7.7.1",
    "ipykernel==6.17.1",
    "ipython==7.34.0",
    "jupyter-client==7.4.9",
    "tornado==6.5.1",
    "pyzmq==26.2.1",
    "scipy==1.16.3",
    "matplotlib==3.10.0",
    "pillow==11.3.0",
    "scikit-learn==1.6.1",
    "scikit-image==0.25.2",
    "threadpoolctl==3.6.0",
    "kagglehub==1.0.0",
    "packaging==25.0",
    "psutil==5.9.5",
    "setuptools==75.2.0",
]
"""Of the image of August 2026 (googlecolab/backend-info), what concerns the course."""

FRONT_END = """
import sys
from types import ModuleType, SimpleNamespace
colab = sys.modules["google.colab"] = ModuleType("google.colab")
colab.output = SimpleNamespace(enable_custom_widget_manager=lambda: print("manager on"))
"""
LESSON = """
from lessons.welcome.environment import check_environment
from lessons.convolution.stepper import ConvolutionStepper
from utils import models
import ipywidgets
report = check_environment()
assert report.ready, report
print(ipywidgets.Stack, models.load_backbone("course").count_params())
"""


@pytest.fixture
def here(monkeypatch):
    """The packages of Colab, as if they were installed."""
    versions = dict(need.split("==") for need in COLAB)
    monkeypatch.setattr(hosted, "installed", versions.get)
    return versions


def test_what_colab_lacks(here):
    assert {Requirement(need).name for need in hosted.missing()} == {
        *("keras", "ipywidgets", "anywidget", "optuna", "platformdirs"),
    }


def test_nothing_is_missing_where_everything_is():
    assert hosted.missing() == []


def test_an_old_tensorflow_is_replaced(here):
    here["tensorflow"] = "2.15.0"
    assert any(need.startswith("tensorflow") for need in hosted.missing())


def test_what_the_session_runs_on_is_kept():
    lines = hosted.kept().splitlines()
    assert {"ipykernel", "pyzmq", "tornado"} <= {line.split("==")[0] for line in lines}


def test_pip_says_why(monkeypatch):
    done = subprocess.CompletedProcess([], 1, "", "no network\n")
    monkeypatch.setattr(hosted.subprocess, "run", lambda *args, **options: done)
    with pytest.raises(RuntimeError, match=r"could not be installed here: no network$"):
        hosted.pip("thing")


def test_the_links_and_the_cell(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["links.py", "https://github.com/ada/course.git"])
    links.main()
    shown = capsys.readouterr().out
    assert "mybinder.org/v2/gh/ada/course/HEAD" in shown
    assert shown.count("colab.research.google.com") == len(ORDER)
    assert "git clone --quiet --depth 1 https://github.com/ada/course /tmp" in shown


def test_an_address_that_is_none(monkeypatch):
    monkeypatch.setattr("sys.argv", ["links.py", "elsewhere"])
    with pytest.raises(SystemExit, match=r"'elsewhere': expected https://github\.com"):
        links.main()


@pytest.mark.weekly
def test_colab_as_it_is(tmp_path):
    """Its versions, not its front end."""
    environment = tmp_path / "colab"
    python = environment / "bin" / "python"
    interpreter = versions.pythons().get("3.13", sys.executable)
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--seed", "--python", interpreter, environment], check=True)
    install = [*uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *COLAB]
    subprocess.run(install, check=True)
    course = tmp_path / "course"
    for name in ("data", "lessons", "tools", "utils"):
        ignored = shutil.ignore_patterns("__pycache__", "vendor")
        shutil.copytree(versions.ROOT / name, course / name, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-CONTENT.md"):
        shutil.copy(versions.ROOT / name, course)
    start = f"import sys; sys.path.insert(0, {str(course)!r})\nfrom tools import hosted\nhosted.prepare()"
    first = run(python, FRONT_END + start, tmp_path)
    assert first == "manager on\n"
    assert run(python, FRONT_END + start + LESSON, tmp_path).endswith(" 1506528\n")
    listed = subprocess.check_output([*uv, "pip", "freeze", "--python", python], text=True)
    same = {"tensorflow==2.20.0", "ipykernel==6.17.1", "ipython==7.34.0", "pyzmq==26.2.1"}
    assert same <= set(listed.splitlines())
    assert "tensorflow-cpu" not in listed


def run(python: Path, code: str, folder: Path) -> str:
    """What code prints, run in a folder that is not the course's."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, "-c", code]
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout
