"""How long a lesson takes, and what it may ask of a student.

    python -m tools.minutes convolution        words, cells, lines, exercises, minutes

Reading goes at 200 words a minute, and a code cell takes a quarter of a minute. What stands below
"## Going further" is counted by itself: nobody needs it for what follows.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from tools import claims

FURTHER = "Going further"
"""The section that nobody needs for what follows."""
CLOSING = "## What you can do now"
SOLUTION = re.compile(r"^ *### BEGIN SOLUTION.*?### END SOLUTION$", flags=re.M | re.S)
MARK = "{time}"
"""What a lesson writes in its opening where the build puts the minutes."""


MINUTES = {"turn": 6, "predict": 1.5, "question": 2}
"""What an exercise, a prediction and a question take."""


@dataclass(frozen=True)
class Size:
    """What a part of a lesson holds: `lines` are those of code that a student sees."""

    words: int
    cells: int
    lines: int
    exercises: int
    predictions: int
    questions: int

    @property
    def read(self) -> int:
        """Minutes to read and run it."""
        return round(self.words / 200 + self.cells / 4)

    @property
    def done(self) -> int:
        """Minutes with every exercise, prediction and question done."""
        counts = {
            "turn": self.exercises,
            "predict": self.predictions,
            "question": self.questions,
        }
        tasks = sum(MINUTES[kind] * count for kind, count in counts.items())
        return round(self.words / 200 + self.cells / 4 + tasks)


BOUNDS = {"words": 2600, "cells": 45, "lines": 220, "exercises": 4, "read": 30, "done": 60}
"""What a lesson may hold outside of its section Going further."""


def sizes(cells: list[NotebookNode]) -> tuple[Size, Size]:
    """The size of a lesson without Going further, and of Going further.

    Args:
        cells: of the source; notes, claims and solutions do not count.
    """
    hour, further = [], []
    into = hour
    for kind, text in _parts(cells):
        if text.startswith((f"## {FURTHER}", CLOSING)):
            into = hour if text.startswith(CLOSING) else further
        into.append((kind, text))
    return _size(hour), _size(further)


def _parts(cells: list[NotebookNode]) -> Iterator[tuple[str, str]]:
    """What a student sees, cell by cell, prose cut before each H2."""
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and "notes" not in tags:
            yield from (("prose", text) for text in re.split(r"^(?=## )", cell.source, flags=re.M))
        elif cell.cell_type == "code":
            solved = "exercise" in tags
            yield "code", SOLUTION.sub("", cell.source) if solved else claims.clean(cell.source)


def _size(parts: list[tuple[str, str]]) -> Size:
    prose = "\n".join(text for kind, text in parts if kind == "prose")
    code = [text for kind, text in parts if kind == "code"]
    return Size(
        words=len(re.sub(r"\]\([^)]*\)|<[^>]+>", " ", prose).split()),
        cells=len(code),
        lines=sum(bool(line.strip()) for text in code for line in text.splitlines()),
        exercises=len(re.findall(r"^### Your turn", prose, flags=re.M)),
        predictions=len(re.findall(r"^### Predict", prose, flags=re.M)),
        questions=len(re.findall(r"^### Question", prose, flags=re.M)),
    )


def told(size: Size) -> str:
    """The minutes as the opening of a lesson tells them."""
    return f"**{size.read} minutes** to read and run, **{size.done}** with everything done"


def over(size: Size) -> list[str]:
    """What a lesson has too much of, in words."""
    return [
        f"{getattr(size, what)} {what}: at most {bound}"
        for what, bound in BOUNDS.items()
        if getattr(size, what) > bound
    ]


def main() -> None:
    """Print the sizes of lessons."""
    from tools import build

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lessons", nargs="*", help="names or numbers; all where none is given")
    for stem, path in build.find_lessons(parser.parse_args().lessons).items():
        hour, further = sizes(build.read_lesson(path).cells)
        print(f"{stem}: {hour}, {hour.read} and {hour.done} minutes")
        print(f"    going further: {further}")
        print("".join(f"    too much: {reason}\n" for reason in over(hour)), end="")


if __name__ == "__main__":
    main()
