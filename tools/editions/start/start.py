"""Start the course: install what is missing, lay out new lessons in work/, open JupyterLab.

start.sh, start.command and start.bat run this with a Python that will do. Options go to JupyterLab.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
VENV = COURSE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NEEDED = ("requirements.txt", "pyproject.toml")


def main() -> int:
    """Do all of it; the exit status of JupyterLab."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        here = sys.version.split()[0]
        sys.exit(f"The course needs Python 3.11, 3.12 or 3.13; this is {here}. See README.md.")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    install()
    run(str(PYTHON), "start/work.py")
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    first = "work/00_welcome.ipynb"
    try:
        return run(str(PYTHON), "-m", "jupyterlab", *root, *sys.argv[1:], first)
    except KeyboardInterrupt:
        return 0


def install() -> None:
    """Make .venv and install into it, unless that was done here for the same requirements."""
    done = VENV / "installed"
    texts = [str(COURSE), *((COURSE / name).read_text(encoding="utf-8") for name in NEEDED)]
    wanted = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    if (
        done.is_file()
        and done.read_text(encoding="utf-8") == wanted
        and run(str(PYTHON), "-c", "") == 0
    ):
        return
    print("Setting up the course in .venv. The first time this takes a few minutes.", flush=True)
    if not PYTHON.exists() or run(str(PYTHON), "-c", "") != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        if run(sys.executable, "-m", "venv", str(VENV)) != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("Python could not make .venv. On Debian or Ubuntu: apt install python3-venv.")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if run(*pip, "--requirement", "requirements.txt", "--editable", ".") != 0:
        sys.exit("Not everything could be installed. Is there a network? Then start again.")
    done.write_text(wanted, encoding="utf-8")


def run(*command: str) -> int:
    """Run a command in the course's folder; its exit status."""
    try:
        return subprocess.run(command, cwd=COURSE, check=False).returncode
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
