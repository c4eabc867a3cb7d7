"""The wheel alone serves: helpers, data and settings, in an environment that has nothing else."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = (sys.executable, "-m", "uv")
SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-CONTENT.md")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy: a build leaves a folder behind."""
    copy = tmp_path_factory.mktemp("course")
    for name in SOURCES:
        shutil.copy(ROOT / name, copy)
    for name in ("data", "lessons", "utils"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    subprocess.run(
        [*UV, "build", "--quiet", "--wheel", "--out-dir", copy / "dist", copy], check=True
    )
    (path,) = (copy / "dist").glob("*.whl")
    return path


@pytest.mark.slow
def test_it_holds_helpers_data_and_settings_but_no_solutions(wheel):
    assert wheel.stat().st_size < 20_000_000
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (settings,) = [name for name in names if name.endswith("overrides.d/convnet-course.json")]
        saved = json.loads(archive.read(settings))
    assert saved == {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}
    data = {f"utils/shipped/{p.relative_to(ROOT / 'data').as_posix()}"
            for p in (ROOT / "data").rglob("*") if p.is_file()}  # fmt: skip
    assert data <= names
    assert "lessons/convolution/static/stepper.js" in names
    assert not [name for name in names if name.endswith(("/lesson.py", "/exam.py"))]


@pytest.mark.slow
def test_data_are_found_in_it(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "import utils; from utils import data; print(utils.__file__, data.verify_images())"
    variables = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(tmp_path / "site" / "utils" / "__init__.py"), "3650"]


@pytest.mark.weekly
def test_a_lesson_runs_from_another_folder_in_an_empty_environment(wheel, tmp_path):
    environment = tmp_path / "environment"
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([*UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    install = [*UV, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, wheel]
    subprocess.run(install, check=True)
    (tmp_path / "elsewhere").mkdir()
    notebook = Path(shutil.copy(ROOT / "notebooks" / "00_welcome.ipynb", tmp_path / "elsewhere"))
    run = [python, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", notebook.name]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(run, cwd=notebook.parent, env=variables, check=True)
    ran = notebook.with_name("00_welcome.nbconvert.ipynb").read_text(encoding="utf-8")
    assert "Everything is ready." in ran
