"""Exam items: questions whose numbers vary with a seed, each with its key.

A lesson's pool is `lessons/<name>/exam.py`. Each item is a function of a random generator, marked
`@item`; it returns a `Drawn` question. Students never get these files.
"""

import importlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import count
from pathlib import Path
from typing import Any, Literal

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
Kind = Literal["compute", "listing", "figure", "choose", "explain"]
LETTERS = "abcdef"
TRIES = 1000
COLORS = ("#0072b2", "#d55e00")
DASHES = ("", "6 4")


@dataclass(frozen=True)
class Drawn:
    """A question with its numbers.

    Attributes:
        question: Markdown, solvable with pencil and paper.
        answer: a number, a tuple of numbers, or words. Of kind "choose", the right option.
        why: Markdown; how to get there.
        wrong: wrong answers that come, each with the misconception behind it. Of kind "choose",
            they are the other options.
        given: what the answer follows from, by name.
    """

    question: str
    answer: Any
    why: str
    wrong: Mapping[Any, str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """An entry of a lesson's pool.

    Attributes:
        kind: "compute" by hand, read a "listing" or a "figure", "choose" an option, "explain".
        outcome: the bold verb of the outcome that it assesses.
        minutes: what it takes.
        draw: the question for a random generator.
    """

    name: str
    kind: Kind
    outcome: str
    minutes: int
    draw: Callable[[np.random.Generator], Drawn]


@dataclass(frozen=True)
class Question:
    """An item as it stands on a sheet: its options are in their order, the right one at `right`."""

    item: Item
    drawn: Drawn
    options: tuple[str, ...] = ()

    @property
    def right(self) -> str:
        """The letter of the right option; empty where there are no options."""
        return LETTERS[self.options.index(str(self.drawn.answer))] if self.options else ""


def item(kind: Kind, outcome: str, minutes: int) -> Callable[[Callable], Item]:
    """Mark a function of a random generator as an item of the pool."""

    def mark(draw: Callable[[np.random.Generator], Drawn]) -> Item:
        return Item(draw.__name__, kind, outcome, minutes, draw)

    return mark


def pool(lesson: str) -> list[Item]:
    """The items of a lesson in their order; none where it has no exam.py."""
    if not (ROOT / "lessons" / lesson / "exam.py").exists():
        return []
    module = importlib.import_module(f"lessons.{lesson}.exam")
    return [value for value in vars(module).values() if isinstance(value, Item)]


def draw(lesson: str, item: Item, seed: int) -> Question:
    """The item for a seed.

    It is drawn again where a wrong answer happens to be the right one. An item has a generator of
    its own: another one beside it changes nothing.
    """
    rng = np.random.default_rng([seed, zlib.crc32(f"{lesson}.{item.name}".encode())])
    for tried in count(1):
        drawn = item.draw(rng)
        if len({said(answer) for answer in (drawn.answer, *drawn.wrong)}) == 1 + len(drawn.wrong):
            break
        if tried == TRIES:
            raise ValueError(f"{lesson}.{item.name}: in {TRIES} tries, a wrong answer was right")
    options = [str(drawn.answer), *map(str, drawn.wrong)] if item.kind == "choose" else []
    return Question(item, drawn, tuple(rng.permutation(options).tolist()) if options else ())


def number(value: float, digits: int = 2) -> str:
    """A number as people write it: at most so many decimals, a true minus."""
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def said(value: Any) -> str:
    """A value as a key states it: a tuple or an array in brackets, nothing for None."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, tuple | list | np.ndarray):
        return f"({', '.join(map(said, value))})"
    return number(value, 4)


def grid(rows: Sequence[Sequence[float]]) -> str:
    """A table of numbers as a block of text."""
    cells = [[number(value) for value in row] for row in rows]
    width = max(len(cell) for row in cells for cell in row)
    lines = ["  ".join(cell.rjust(width) for cell in row) for row in cells]
    return "\n```text\n" + "\n".join(lines) + "\n```\n"


def table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table; its first column holds names, the others numbers."""
    lines = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return "\n" + "\n".join(f"| {' | '.join(map(said, line))} |" for line in lines) + "\n"


def listing(lines: Sequence[str]) -> str:
    """Code with a number before each line."""
    numbered = [f"{place:2}  {line}" for place, line in enumerate(lines, 1)]
    return "\n```text\n" + "\n".join(numbered) + "\n```\n"


def chart(curves: Mapping[str, Sequence[float]], x: str, y: str) -> str:
    """Up to two curves over 1, 2, 3, ... as inline SVG, on one line; the second is dashed."""
    values = np.concatenate([np.asarray(curve, float) for curve in curves.values()])
    top, length = float(values.max()) * 1.05, max(map(len, curves.values()))

    def place(step: float, value: float) -> str:
        return f"{44 + 226 * (step - 1) / (length - 1):.1f},{150 - 130 * value / top:.1f}"

    parts, ends = [], {name: float(curve[-1]) for name, curve in curves.items()}
    if len(ends) == 2 and abs(np.subtract(*ends.values())) < 0.11 * top:
        upper, middle = max(ends, key=ends.get), np.mean(list(ends.values()))
        ends = {name: middle + (0.055 if name == upper else -0.055) * top for name in ends}
    for (name, curve), color, dash in zip(curves.items(), COLORS, DASHES, strict=False):
        points = " ".join(place(step, value) for step, value in enumerate(curve, 1))
        end = place(len(curve), ends[name]).split(",")[1]
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2.5"'
            f' stroke-dasharray="{dash}"/><text x="276" y="{float(end) + 4:.1f}" fill="{color}">'
            f"{escape(name)}</text>"
        )
    ticks = [
        f'<text x="40" y="{154 - 130 * share:.0f}" text-anchor="end">'
        f"{number(top * share, 1)}</text>"
        for share in (0, 0.5, 1)
    ]
    steps = [
        f'<text x="{place(step, 0).split(",")[0]}" y="166" text-anchor="middle">{step}</text>'
        for step in sorted({1, (length + 1) // 2, length})
    ]
    words = "; ".join(
        f"{name}: {', '.join(number(value, 1) for value in curve)}"
        for name, curve in curves.items()
    )
    return (
        f'<svg class="chart" viewBox="0 0 370 186" role="img" aria-label="{escape(y)} over '
        f'{escape(x)}. {escape(words)}"><path d="M44 16V150H270" fill="none" stroke="#444"/>'
        f'{"".join(ticks + steps + parts)}<text x="157" y="182" text-anchor="middle">{escape(x)}'
        f'</text><text x="44" y="11">{escape(y)}</text></svg>'
    )
