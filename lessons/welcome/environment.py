"""Is everything here that the course needs? A table of versions, and what to do if not."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from psutil import virtual_memory

from utils.data.files import DATA, PIP

COURSE = "convnet-course"
PYTHON = SpecifierSet(">=3.11,<3.14")
FRONT_ENDS = ("jupyterlab",)
"""Whoever reads the report has one already: JupyterLab, or that of VS Code or of a service."""
TENSORFLOWS = ("tensorflow", "tensorflow-cpu")
"""The names of one package: either will do, and both together break each other."""
TRIAL = "import tensorflow as tf; assert int(tf.add(1, 2)) == 3"
ILLEGAL_INSTRUCTION = (-4, 132, 0xC000001D)
"""How a process ends whose processor does not know an instruction: a signal, or Windows' code."""
GB = 10**9
LEAST_MEMORY, LEAST_DISK = 2 * GB, 1 * GB


@dataclass(frozen=True)
class Package:
    """One thing that the course needs: the versions that will do, and the one that is here."""

    name: str
    needed: str
    found: str | None

    @property
    def ready(self) -> bool:
        """Whether it is here in a version that will do."""
        return self.found is not None and SpecifierSet(self.needed).contains(self.found, True)


@dataclass(frozen=True)
class Report:
    """What `check_environment` found: a table in a notebook, a few lines elsewhere."""

    packages: tuple[Package, ...]
    problems: tuple[str, ...] = ()
    """What else is wrong, each with what to do."""

    @property
    def ready(self) -> bool:
        """Whether everything is here, and works."""
        return not self.problems and all(package.ready for package in self.packages)

    @property
    def verdict(self) -> str:
        """Whether everything is ready; if not, what to do."""
        missing = [_remedy()] * any(not package.ready for package in self.packages)
        return (
            "Everything is ready."
            if self.ready
            else " ".join(["Not ready.", *missing, *self.problems])
        )

    def __repr__(self) -> str:
        lines = [f"{_mark(p)} {p.name} {p.found or 'missing'} ({p.needed})" for p in self.packages]
        return "\n".join([*lines, self.verdict])

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{_mark(p)}</td><td style='text-align:left'>{p.name}</td>"
            f"<td>{p.found or 'missing'}</td><td>{escape(p.needed)}</td></tr>"
            for p in self.packages
        )
        return (
            "<table style='font-size:1.05em'><tr><th></th><th>package</th><th>found</th>"
            f"<th>needed</th></tr>{cells}</table><p><b>{escape(self.verdict)}</b></p>"
        )


def check_environment() -> Report:
    """Compare what is installed with what the course asks for, and try what can break.

    Raises:
        RuntimeError: the course itself is not installed, so its needs are not known.
    """
    try:
        lines = requires(COURSE) or []
    except PackageNotFoundError:
        raise RuntimeError(f"the course is not installed. {_remedy()}") from None
    needs = [need for need in map(Requirement, lines) if not need.marker or need.marker.evaluate()]
    needs = [need for need in needs if need.name not in FRONT_ENDS]
    packages = [Package(need.name, str(need.specifier), _found(need.name)) for need in needs]
    python = Package("Python", str(PYTHON), platform.python_version())
    return Report((python, *packages), tuple(_problems()))


def _remedy() -> str:
    """How to install the course, or that another kernel than this has it."""
    own = DATA.parent / ".venv"
    if own.is_dir() and own.resolve() != Path(sys.prefix).resolve():
        return (
            f"This kernel is {sys.executable}, the course is in {own}: start it as README.md says."
        )
    return f"Install the course; in a terminal, in its folder: {PIP} -r requirements.txt -e ."


def _found(name: str) -> str | None:
    """The version that is installed, of TensorFlow under either name."""
    return next(filter(None, map(_version, TENSORFLOWS if name in TENSORFLOWS else (name,))), None)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _problems() -> Iterator[str]:
    if _found("tensorflow"):
        yield from _tensorflow()
    if (free := virtual_memory().available) < LEAST_MEMORY:
        yield f"Only {free / GB:.1f} GB of memory are free; lessons take 2: close other programs."
    if (free := shutil.disk_usage(DATA).free) < LEAST_DISK:
        yield f"Only {free / GB:.1f} GB of the disk are free; 1 is needed: delete something."


def _tensorflow() -> Iterator[str]:
    """What keeps TensorFlow from adding; tried elsewhere, since it may end the process."""
    done = subprocess.run(
        [sys.executable, "-c", TRIAL], capture_output=True, text=True, errors="replace", check=False
    )
    if not done.returncode:
        return
    last = (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
    if all(map(_version, TENSORFLOWS)):
        remove = f"{PIP.removesuffix('install')}uninstall -y {' '.join(TENSORFLOWS)}"
        yield f"Two packages of TensorFlow break each other. Run: {remove}. Then: {_remedy()}"
    elif done.returncode in ILLEGAL_INSTRUCTION:
        yield (
            "This processor lacks AVX instructions, which TensorFlow needs: use another computer, "
            "or one of the services that README.md names."
        )
    elif "DLL load failed" in done.stderr:
        yield (
            "TensorFlow misses a library of Windows: install Microsoft's Visual C++ "
            f"Redistributable (https://aka.ms/vs/17/release/vc_redist.x64.exe). {last}"
        )
    else:
        yield f"TensorFlow does not work ({last}). {_remedy()}"


def _mark(package: Package) -> str:
    return "✔" if package.ready else "✘"
