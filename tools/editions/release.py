"""Make the zip that students get: notebooks, what they import, data, and scripts that start it all.

    python -m tools.editions.release      build/course.zip

In it are the notebooks with their folded solutions, for those who learn alone, but without the
claims behind their pages; of each lesson the modules that its notebook needs; no lesson.py, so no
notes and no solved form; no measurements, exams or tests. Two releases of one state are the same.
"""

import ast
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tools import build, house
from utils.release import STAMP, version

ROOT = build.ROOT
START = Path(__file__).with_name("start")
FOLDER = "convnet-course"
MOST = 30_000_000
"""Bytes that the zip may have."""
WHOLE = ("pyproject.toml", "requirements.txt", "LICENSE", "LICENSE-CONTENT.md")
SCRIPTS = ("start.sh", "start.command", "start.bat")
IGNORED = {"__pycache__", ".ipynb_checkpoints"}


def release(target: Path) -> int:
    """Write the zip; its size in bytes.

    Raises:
        SystemExit: a notebook is not up to date, or the zip is too large.
    """
    files = dict(contents())
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}")
            entry.external_attr = (0o755 if name.endswith((".sh", ".command")) else 0o644) << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    size = target.stat().st_size
    if size > MOST:
        target.unlink()
        raise SystemExit(f"the zip has {size:,} bytes, {MOST:,} at most: make data/ smaller")
    return size


def contents() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file that students get."""
    yield "README.md", (ROOT / "docs" / "students.md").read_bytes()
    for name in WHOLE:
        yield name, (ROOT / name).read_bytes()
    for name in SCRIPTS:
        text = (START / name).read_bytes()
        yield name, text.replace(b"\n", b"\r\n") if name.endswith(".bat") else text
    for module in START.glob("*.py"):
        yield f"start/{module.name}", module.read_bytes()
    for stem, path in house.lessons(ROOT).items():
        notebook = ROOT / "notebooks" / f"{stem}.ipynb"
        reason = build.difference(build.read_lesson(path), notebook)
        if reason:
            raise SystemExit(f"{notebook.name}: {reason}; run `make notebooks`")
        yield f"notebooks/{notebook.name}", student_copy(notebook).encode()
    for path in shipped():
        yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def student_copy(notebook: Path) -> str:
    """A notebook without what is behind its page, whose Setup says which version it is of."""
    page = nbformat.read(notebook, as_version=4)
    for cell in page.cells:
        cell.metadata.pop("hidden", None)
    current = version(notebook)
    page.metadata.course = {"lesson": page.metadata.course.lesson, "version": current}
    setup = next(cell for cell in page.cells if cell.cell_type == "code")
    setup.source += STAMP.format(name=notebook.stem, version=current)
    return nbformat.writes(page) + "\n"


def shipped() -> Iterator[Path]:
    """Data, utils, and of the lessons what notebooks import, directly or not."""
    yield ROOT / "lessons" / "__init__.py"
    for folder in ("data", "utils"):
        for path in sorted((ROOT / folder).rglob("*")):
            hidden = any(part in IGNORED or part.startswith(".") for part in path.parts[-3:])
            if path.is_file() and not hidden:
                yield path
    modules = needed()
    yield from sorted(modules)
    for folder in {module.parent for module in modules}:
        yield from sorted(path for path in folder.glob("static/*") if path.is_file())


def needed() -> set[Path]:
    """The modules of lessons that the notebooks import, and those that these import."""
    found: set[Path] = set()
    for stem in house.lessons(ROOT):
        text = (ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8")
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                _follow("".join(cell["source"]), found)
    return found


def _follow(source: str, found: set[Path]) -> None:
    """Add the modules of lessons that a source imports, and those that these import."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            module = ROOT / f"{name.replace('.', '/')}.py"
            if re.match(r"lessons\.\w+\.", name) and module.is_file() and module not in found:
                found.add(module)
                _follow(module.read_text(encoding="utf-8"), found)


def main() -> int:
    """Make the release and say how large it is."""
    target = ROOT / "build" / "course.zip"
    size = release(target)
    print(f"{target}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
