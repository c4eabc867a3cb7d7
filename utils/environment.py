"""Is everything here that the course needs? A table of versions, and what to do if not."""

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

COURSE = "convnet-course"
PYTHON = SpecifierSet(">=3.11,<3.14")
REMEDY = (
    "Install the course again, in its own environment: "
    "<code>python -m pip install -r requirements.txt -e .</code>"
)


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

    @property
    def ready(self) -> bool:
        """Whether everything is here."""
        return all(package.ready for package in self.packages)

    def __repr__(self) -> str:
        lines = [f"{_mark(p)} {p.name} {p.found or 'missing'} ({p.needed})" for p in self.packages]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{_mark(p)}</td><td style='text-align:left'>{p.name}</td>"
            f"<td>{p.found or 'missing'}</td><td>{p.needed}</td></tr>"
            for p in self.packages
        )
        verdict = "<b>Everything is ready.</b>" if self.ready else f"<b>Not ready.</b> {REMEDY}"
        return (
            "<table style='font-size:1.05em'><tr><th></th><th>package</th><th>found</th>"
            f"<th>needed</th></tr>{cells}</table><p>{verdict}</p>"
        )


def check_environment() -> Report:
    """Compare what is installed with what the course asks for; imports none of it.

    Raises:
        RuntimeError: the course itself is not installed, so its needs are not known.
    """
    try:
        lines = requires(COURSE) or []
    except PackageNotFoundError:
        raise RuntimeError(
            "the course is not installed: python -m pip install -r requirements.txt -e ."
        ) from None
    needs = [need for need in map(Requirement, lines) if _applies(need)]
    packages = [Package(need.name, str(need.specifier), _found(need.name)) for need in needs]
    python = Package("Python", str(PYTHON), platform.python_version())
    return Report((python, *packages))


def _applies(need: Requirement) -> bool:
    return need.marker is None or need.marker.evaluate()


def _found(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _mark(package: Package) -> str:
    return "✔" if package.ready else "✘"
