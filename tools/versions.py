"""Run units and notebooks with other versions than the pinned ones, in environments of their own.

    python tools/versions.py lowest     the oldest versions that pyproject.toml allows
    python tools/versions.py highest    the newest ones

On every Python of the course's range that this machine has. Claims are checked, outputs may differ.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
RESOLUTIONS = {"lowest": "lowest-direct", "highest": "highest"}
STEPS = (
    ("-m", "not slow and not weekly", "tests"),
    ("--nbval-lax", "--nbval-cell-timeout=300", "-p", "no:cacheprovider", "notebooks"),
)


def uv(*arguments: str) -> subprocess.CompletedProcess:
    """Run uv, which the environment of maintainers holds."""
    command = [sys.executable, "-m", "uv", *arguments]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)


def pythons() -> dict[str, str]:
    """The interpreters of the course's range that are here, by version."""
    find = ("python", "find", "--no-python-downloads", "--no-project")
    found = {version: uv(*find, version) for version in PYTHONS}
    return {version: run.stdout.strip() for version, run in found.items() if not run.returncode}


def environment(resolution: str, version: str, interpreter: str) -> Path:
    """The interpreter of a new environment with the versions of a resolution."""
    folder = ROOT / "build" / "versions" / f"{resolution}-{version}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = ("--resolution", RESOLUTIONS[resolution], "-r", "pyproject.toml", "--group", "dev")
    for arguments in (
        ("venv", "--quiet", "--clear", "--python", interpreter, str(folder)),
        ("pip", "install", "--quiet", "--python", str(python), *wanted),
        ("pip", "install", "--quiet", "--python", str(python), "--no-deps", "-e", "."),
    ):
        if uv(*arguments).returncode:
            sys.exit(f"no environment for Python {version}: uv {' '.join(arguments)} failed.")
    return python


def passes(python: Path) -> bool:
    """Whether all steps pass in an environment; all are run."""
    codes = [
        subprocess.run(
            [python, "-m", "pytest", "-q", "-n", "2", "--dist=loadfile", *step],
            cwd=ROOT,
            check=False,
        ).returncode
        for step in STEPS
    ]
    return not any(codes)


def main() -> int:
    """Run all; 0 if everything passed on every Python."""
    if sys.argv[1:] not in [[name] for name in RESOLUTIONS]:
        sys.exit(f"say which versions: {' or '.join(RESOLUTIONS)}.")
    (resolution,) = sys.argv[1:]
    results = {}
    for version, interpreter in pythons().items():
        print(f"\n=== {resolution} versions on Python {version}", flush=True)
        results[version] = passes(environment(resolution, version, interpreter))
    for version, passed in results.items():
        print(f"{'passed' if passed else 'FAILED'}  {resolution} on Python {version}")
    return int(not results or not all(results.values()))


if __name__ == "__main__":
    sys.exit(main())
