"""The lines of a class in SQLite, each once, and what the board shows of them."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

from utils.board import titles

TEXTS = {"id": 64, "student": 64, "name": 40, "lesson": 80, "exercise": 120, "state": 20}
"""The texts of a line, and how many characters of each are kept; a hint may be missing."""
HINT = 300
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS lines (
    id TEXT PRIMARY KEY, student TEXT, name TEXT, lesson TEXT, exercise TEXT, state TEXT,
    hint TEXT, tries INTEGER, received REAL
);
CREATE TABLE IF NOT EXISTS sessions (started REAL);
"""
KEEP = """
INSERT OR IGNORE INTO lines
VALUES (:id, :student, :name, :lesson, :exercise, :state, :hint, :tries, :received)
"""
PEOPLE = """
SELECT student, name, max(rowid) FROM lines WHERE received > ? GROUP BY student ORDER BY name
"""
PLACES = """
SELECT lesson, exercise, student, max(state = 'right'), max(rowid) FROM lines
WHERE received > ? AND state IN ('right', 'not yet') GROUP BY lesson, exercise, student
"""
MISSES = """
SELECT lesson, exercise, student, min(received), hint, max(rowid) FROM lines
WHERE received > ? AND state = 'not yet' GROUP BY lesson, exercise, student
"""


class Store:
    """All lines that ever came; the board shows those since the present session began."""

    def __init__(self, path: Path):
        """Open the file, or make it; raises OSError or sqlite3.Error where that cannot be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path)
        self.db.executescript(SCHEMA)

    def add(self, lines: Iterable[Any]) -> list[str]:
        """Keep lines and return the ids of those that are well formed, old or new.

        Raises sqlite3.Error where nothing could be kept, as on a full disk.
        """
        rows = [row for line in lines if (row := _row(line))]
        with self.db:
            self.db.executemany(KEEP, rows)
        return [row["id"] for row in rows]

    def begin_session(self) -> None:
        """Show only what comes from now on."""
        with self.db:
            self.db.execute("INSERT INTO sessions VALUES (?)", (time.time(),))

    def summary(self) -> dict[str, Any]:
        """What the board shows: the people, and each lesson of the session with its exercises."""
        (began,) = self.db.execute("SELECT coalesce(max(started), 0) FROM sessions").fetchone()
        latest = self.db.execute(
            "SELECT lesson FROM lines WHERE received > ? ORDER BY rowid DESC LIMIT 1", (began,)
        ).fetchone()
        people = {student: name for student, name, _ in self.db.execute(PEOPLE, (began,))}
        misses = {tuple(row[:3]): row[3:5] for row in self.db.execute(MISSES, (began,))}
        states: dict[str, dict[str, dict[str, Any]]] = {}
        for lesson, exercise, student, right, _ in self.db.execute(PLACES, (began,)):
            place = states.setdefault(lesson, {}).setdefault(exercise, {})
            place[student] = None if right else misses[lesson, exercise, student]
        begun = self.db.execute("SELECT DISTINCT lesson FROM lines WHERE received > ?", (began,))
        return {
            "people": len(people),
            "latest": latest and latest[0],
            "lessons": {name: _lesson(name, states.get(name, {}), people) for (name,) in begun},
        }


def _lesson(
    name: str, states: dict[str, dict[str, Any]], people: dict[str, str]
) -> list[dict[str, Any]]:
    """A row for each exercise of a lesson, in its order."""
    known = titles(name) if name.isidentifier() else {}
    unknown = {check: check.replace("_", " ") for check in states if check not in known}
    return [
        {"title": title} | _exercise(states.get(check, {}), people)
        for check, title in (known | unknown).items()
    ]


def _exercise(places: dict[str, Any], people: dict[str, str]) -> dict[str, Any]:
    """Who has solved an exercise, who not, for how long (minutes), and which hints they got."""
    missed = {student: miss for student, miss in places.items() if miss}
    minutes = [max(0.0, time.time() - since) / 60 for since, _ in missed.values()]
    hints = Counter(hint for _, hint in missed.values())
    return {
        "right": [people[student] for student in places if student not in missed],
        "not yet": [people[student] for student in missed],
        "not begun": [name for student, name in people.items() if student not in places],
        "minutes": [int(median(minutes)), int(max(minutes))] if minutes else None,
        "hints": [[count, hint] for hint, count in hints.most_common()],
    }


def _row(line: Any) -> dict[str, Any] | None:
    """A line as the table takes it; None where it is not well formed."""
    if not isinstance(line, dict) or any(not isinstance(line.get(key), str) for key in TEXTS):
        return None
    if line["state"] not in ("right", "not yet", "not attempted"):
        return None
    row = {key: _clean(line[key], length) for key, length in TEXTS.items()}
    tries, hint = line.get("tries"), line.get("hint")
    return row | {
        "hint": _clean(hint, HINT) if isinstance(hint, str) else None,
        "tries": min(tries, 10**6) if isinstance(tries, int) else 0,
        "received": time.time(),
    }


def _clean(text: str, length: int) -> str:
    """Text that UTF-8 can hold, cut to a length."""
    return text.encode("utf-8", "replace").decode()[:length]
