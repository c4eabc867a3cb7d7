"""What a check answers, and the fault that makes it answer so."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["not attempted", "right", "not yet"]

LOOK = {  # symbol, words, color of the bar (Okabe-Ito)
    "not attempted": ("○", "Not attempted", "#7f7f7f"),
    "right": ("✔", "Right", "#009e73"),
    "not yet": ("✘", "Not yet", "#d55e00"),
}
CELL = "text-align:left;vertical-align:top;padding:2px 16px 2px 0"


@dataclass(frozen=True)
class Result:
    """The answer of a check: plain text in a terminal, a box in a notebook.

    `facts` are pairs of a label and a monospaced text (input, expected, got); `hint` is the part
    of the message that names a mistake; `offer` stands below: a nudge, or what is recorded.
    """

    state: State
    title: str
    message: str
    facts: tuple[tuple[str, str], ...] = ()
    hint: str | None = None
    offer: str = ""

    def __repr__(self) -> str:
        symbol, words, _ = LOOK[self.state]
        lines = [f"{symbol} {words}: {self.title}", self.message]
        for label, text in self.facts:
            separator = "\n" if "\n" in text else " "
            lines.append(f"{label}:{separator}{text}")
        return "\n".join(line for line in [*lines, self.offer] if line)

    def _repr_html_(self) -> str:
        symbol, words, color = LOOK[self.state]
        rows = "".join(
            f'<tr><th style="{CELL}">{label}</th>'
            f'<td style="{CELL}"><pre style="margin:0">{html.escape(text)}</pre></td></tr>'
            for label, text in self.facts
        )
        table = f'<table style="margin:8px 0 0 0">{rows}</table>' if rows else ""
        offer = f'<div style="margin-top:8px">{_marked(self.offer)}</div>' if self.offer else ""
        return (
            f'<div style="border-left:6px solid {color};padding:6px 14px;margin:4px 0;'
            f'font-size:1.05em;line-height:1.5"><b>{symbol} {words}: {html.escape(self.title)}</b>'
            f"<br>{_marked(self.message)}{table}{offer}</div>"
        )


class NotYet(Exception):
    """A fault in the answer: what to say about it, the facts that show it, the mistake if known."""

    def __init__(
        self, message: str, facts: Iterable[tuple[str, str]] = (), hint: str | None = None
    ):
        super().__init__(message)
        self.message = message
        self.facts = tuple(facts)
        self.hint = hint


def _marked(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
