"""Two hundred students at once, while the board and their own notebooks fall and come back."""

import random
import sqlite3
import time
from uuid import uuid4

import pytest

from utils.board import Journal

STUDENTS = 200
PER_SECOND = 60
EXERCISES = ("total_ink", "negative", "mirror")
HINTS = (None, "You turned the kernel by 180°.", "你转动了核。")


def a_line():
    return {
        "id": uuid4().hex,
        "lesson": "welcome",
        "exercise": random.choice(EXERCISES),
        "state": random.choice(("right", "not yet", "not yet", "not attempted")),
        "hint": random.choice(HINTS),
    }


def attend(board, tmp_path, seconds):
    """Let a class work; returns the ids of all its lines, and how long each check waited."""
    places = (board.address, str(tmp_path / "class"))
    seats = [(tmp_path / f"{number}.jsonl", places[number % 2]) for number in range(STUDENTS)]
    journals = [Journal(*seat) for seat in seats]
    ids, waited = [], []
    end, fall = time.monotonic() + seconds, time.monotonic() + seconds / 4
    while time.monotonic() < end:
        if time.monotonic() > fall:  # with lines on their way
            board.kill()
            board.start()
            fall += seconds / 4
        number, line = random.randrange(STUDENTS), a_line()
        if random.random() < 0.05:  # a kernel is restarted; the old one may still be sending
            journals[number] = Journal(*seats[number])
        started = time.perf_counter()
        journals[number].put(dict(line))
        waited.append(time.perf_counter() - started)
        ids.append(line["id"])
        time.sleep(1 / PER_SECOND)
    return ids, waited


def no_line_is_lost_and_none_counts_twice(run_board, tmp_path, seconds):
    board = run_board("--folder", str(tmp_path / "class"))
    ids, waited = attend(board, tmp_path, seconds)
    assert sorted(waited)[len(waited) // 2] < 0.05
    assert max(waited) < 1, "a check waits for nothing"
    database = sqlite3.connect(board.data)
    end = time.monotonic() + 30
    while (kept := database.execute("SELECT id FROM lines").fetchall()) and len(kept) < len(ids):
        assert time.monotonic() < end, f"{len(kept)} of {len(ids)} lines came"
        time.sleep(0.2)
    assert sorted(ids) == sorted(line for (line,) in kept)
    time.sleep(1)
    assert board.state()["people"] <= STUDENTS


@pytest.mark.slow
def test_a_class_of_seconds(run_board, tmp_path):
    no_line_is_lost_and_none_counts_twice(run_board, tmp_path, 10)


@pytest.mark.weekly
def test_a_class_of_ten_minutes(run_board, tmp_path):
    no_line_is_lost_and_none_counts_twice(run_board, tmp_path, 600)
