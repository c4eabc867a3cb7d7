"""The versions that students may meet: wheels for every system, and environments of the extremes."""

import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tools import versions

pytestmark = pytest.mark.slow

ROOT = versions.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = SpecifierSet(PROJECT["requires-python"])
PLATFORMS = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
)


def resolved(python: str, platform: str, file: str, *options: str) -> str:
    """What keeps a file of requirements from being met by wheels alone; nothing is installed."""
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", file, *options),
        *("--only-binary", ":all:", "--prerelease", "disallow"),
        *("--python-version", python, "--python-platform", platform),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if "error sending request" in done.stderr or "Failed to fetch" in done.stderr:
        pytest.skip("needs a package registry")
    return done.stderr if done.returncode else ""


def test_the_pythons_are_those_of_the_range():
    newer = [f"3.{minor}" for minor in range(8, 30) if f"3.{minor}.0" in PYTHONS]
    assert list(versions.PYTHONS) == newer


def test_the_pins_have_wheels_for_every_system():
    pairs = list(product(versions.PYTHONS, PLATFORMS))
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(resolved, *pair, "requirements.txt", "--no-deps") for pair in pairs]
    failed = {pair: run.result() for pair, run in zip(pairs, runs, strict=True) if run.result()}
    assert not failed


@pytest.mark.weekly
@pytest.mark.parametrize("python", versions.PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_ranges_have_wheels(python, platform):
    assert not resolved(python, platform, "pyproject.toml")


@pytest.mark.weekly
def test_the_next_python_is_let_in_as_soon_as_all_wheels_exist():
    following = f"3.{int(versions.PYTHONS[-1].split('.')[1]) + 1}"
    missing = [
        platform for platform in PLATFORMS if resolved(following, platform, "pyproject.toml")
    ]
    assert missing, f"all wheels for Python {following} exist: widen the range"


def test_pythons_that_are_here():
    here = versions.pythons()
    assert ".".join(map(str, sys.version_info[:2])) in here
    assert all(Path(interpreter).exists() for interpreter in here.values())


def test_it_asks_which_versions(monkeypatch):
    monkeypatch.setattr("sys.argv", ["versions.py", "middle"])
    with pytest.raises(SystemExit, match="say which versions: lowest or highest"):
        versions.main()
