"""Lay the lessons out in work/, where a student writes and no update changes anything.

A lesson that is not in work/ is copied there. A new version takes the place of a copy whose cells
nobody has changed; beside one that somebody has changed it arrives as 07_convolution_2.ipynb.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from utils.release import NOTEBOOKS, version

RECORD = ".course.json"
SETTINGS = NOTEBOOKS.parent / "utils" / "convnet-course.json"
OVERRIDES = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.d")


def lay_out(notebooks: Path, work: Path) -> Iterator[str]:
    """Copy to `work` what is new in `notebooks`; a sentence for each copy beside an older one."""
    work.mkdir(exist_ok=True)
    record = _record(work)
    for arriving in sorted(notebooks.glob("*.ipynb")):
        name, offered = record.get(arriving.name, (arriving.name, None))
        new = version(arriving)
        if (work / name).exists() and new not in (offered, _version(work / name)):
            if _version(work / name) != offered:
                mine, name = name, _free(arriving, work)
                yield f"{arriving.stem} has a new version: {name}. Your {mine} stays as it is."
            shutil.copyfile(arriving, work / name)
        elif not (work / name).exists():
            shutil.copyfile(arriving, work / name)
        record[arriving.name] = (name, new)
    (work / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")


def _record(work: Path) -> dict[str, tuple[str, str]]:
    """Of each lesson the newest copy, and the version that it had when it came."""
    try:
        return json.loads((work / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _version(notebook: Path) -> str:
    """The version of a copy; nothing for one that cannot be read, which is left alone."""
    try:
        return version(notebook)
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _free(arriving: Path, work: Path) -> str:
    names = (f"{arriving.stem}_{number}.ipynb" for number in count(2))
    return next(name for name in names if not (work / name).exists())


def keep_widgets() -> None:
    """Let JupyterLab save the state of widgets with a notebook: they show again tomorrow."""
    with suppress(OSError):  # an environment that one may not write into
        OVERRIDES.mkdir(parents=True, exist_ok=True)
        shutil.copy(SETTINGS, OVERRIDES)


if __name__ == "__main__":
    keep_widgets()
    for sentence in lay_out(NOTEBOOKS, NOTEBOOKS.parent / "work"):
        print(sentence)
