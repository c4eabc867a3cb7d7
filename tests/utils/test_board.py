"""The passport and the lines of a class: what is kept, what leaves, and that no check waits."""

import json
import time
from pathlib import Path

import pytest

from tools import house
from utils import board

ROOT = Path(__file__).resolve().parents[2]
SPIES = "lesson", "exercise", "state", "hint", "id", "student", "name", "tries", "board"


@pytest.fixture
def passport_file(tmp_path, monkeypatch):
    """A passport of its own, and no class."""
    path = tmp_path / "of a student" / "passport.jsonl"
    monkeypatch.setenv("COURSE_PASSPORT", str(path))
    monkeypatch.delenv("COURSE_CLASS", raising=False)
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch, passport_file):
    """The folder of a class."""
    path = tmp_path / "class"
    path.mkdir()
    monkeypatch.setenv("COURSE_CLASS", str(path))
    return path


def lines_in(*paths):
    texts = "\n".join(path.read_text(encoding="utf-8") for path in paths).splitlines()
    return [json.loads(text) for text in texts if text]


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()


def check(state="right", exercise="total_ink", hint=None):
    return board.record("welcome", exercise, state, hint)


def plain(passport):
    return repr(passport).replace("\N{NO-BREAK SPACE}", " ")


def reopen():
    """What a new process does."""
    board._open.cache_clear()


def test_nothing_is_kept_where_the_passport_is_off(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_PASSPORT", "off")
    monkeypatch.setenv("COURSE_CLASS", str(tmp_path))
    assert check() is None
    board.call_me("Ada")
    assert list(tmp_path.iterdir()) == []
    assert repr(board.passport()) == "Your passport is empty: what you solve is stamped here."


def test_the_tests_run_with_the_passport_off():
    assert board._journal() is None


def test_a_passport_is_empty_until_something_is_tried(passport_file):
    empty = repr(board.passport())
    check("not attempted")
    assert repr(board.passport()) == empty
    assert repr(board.passport("welcome")) == empty


def test_what_is_solved_once_stays_solved(passport_file):
    for state in ("not yet", "right", "not yet", "not attempted"):
        check(state)
    check("not yet", "negative")
    row = plain(board.passport("welcome"))
    assert (
        row
        == "00 Welcome, 1 of 4: ○ Three numbers, by eye · ✔ All the ink · ✘ The negative · ○ The mirror"
    )
    assert row in plain(board.passport()).splitlines()
    assert len(repr(board.passport()).splitlines()) == len(house.lessons(ROOT))
    assert "✔ All the ink" in board.passport()._repr_html_().replace("\N{NO-BREAK SPACE}", " ")
    assert [line["tries"] for line in lines_in(passport_file)] == [1, 2, 3, 3, 1]


def test_a_new_process_goes_on_with_name_and_tries(passport_file):
    check("not yet")
    board.call_me("  李 <b>雷</b>\n ")
    wait_for(lambda: len(lines_in(passport_file)) == 2)
    reopen()
    check("not yet")
    first, _, last = lines_in(passport_file)
    assert (last["name"], last["tries"]) == ("李 <b>雷</b>", 2)
    assert first["student"] == last["student"]


def test_a_line_holds_no_more_than_it_says(passport_file):
    check("not yet", hint="You turned it.")
    (line,) = lines_in(passport_file)
    assert set(line) == set(SPIES)
    assert line["hint"] == "You turned it."


def test_what_is_sent_is_told_once_and_only_to_a_class(passport_file, folder, monkeypatch):
    told = check()
    assert str(folder) in told
    assert "never your code" in told
    assert lines_in(passport_file)[0]["name"] in told
    assert check() is None
    monkeypatch.delenv("COURSE_CLASS")
    assert check() is None


def test_a_folder_gets_every_line_once(passport_file, folder):
    check("not yet")
    check()
    wait_for(lambda: len(lines_in(passport_file)) == 4)
    assert [line["state"] for line in lines_in(*folder.iterdir())] == ["not yet", "right"]
    reopen()
    check("right", "negative")
    wait_for(lambda: len(lines_in(passport_file)) == 6)
    assert len(lines_in(*folder.iterdir())) == 3


def test_what_was_solved_before_the_class_stays_at_home(passport_file, monkeypatch, tmp_path):
    check()
    monkeypatch.setenv("COURSE_CLASS", str(tmp_path))
    check("not yet")
    wait_for(lambda: len(lines_in(passport_file)) == 3)
    assert [line["state"] for line in lines_in(*tmp_path.glob("*.jsonl"))] == ["not yet"]


def test_what_a_killed_process_could_not_send_is_sent_by_the_next(
    passport_file, folder, monkeypatch
):
    monkeypatch.setattr(board._journal(), "_deliver", lambda lines: 1 / 0)
    check("not yet")
    reopen()
    check()
    wait_for(lambda: len(lines_in(passport_file)) == 4)
    states = [line["state"] for line in lines_in(*folder.iterdir())]
    assert sorted(states) == ["not yet", "right"]


def test_a_line_that_broke_off_spoils_only_itself(passport_file):
    check()
    with open(passport_file, "ab") as file:
        file.write(b'\n{"lesson": "welc\n[1]\n7\n\xff\n{"state": 1}\n{"state"')
    check("right", "negative")
    assert "2 of 4" in repr(board.passport("welcome"))


@pytest.mark.parametrize("place", ["a file", "full"])
def test_a_disk_that_takes_nothing_disturbs_nothing(tmp_path, monkeypatch, place):
    (tmp_path / "a file").touch()
    full = Path("/dev/full")
    if place == "full" and not full.exists():
        pytest.skip("this system has no device that is always full")
    path = full if place == "full" else tmp_path / "a file" / "passport.jsonl"
    monkeypatch.setenv("COURSE_PASSPORT", str(path))
    monkeypatch.setattr(board, "_read", lambda path: [])  # the device has no end
    for exercise in ("total_ink", "negative"):
        assert check(exercise=exercise) is None
    assert "2 of 4" in repr(board.passport("welcome"))


def test_a_check_never_waits_for_a_class_that_does_not_answer(passport_file, monkeypatch):
    monkeypatch.setattr(board, "_append", lambda *_: time.sleep(60))
    monkeypatch.setenv("COURSE_CLASS", "http://localhost:9")
    took = []
    for _ in range(10):
        started = time.perf_counter()
        check()
        took.append(time.perf_counter() - started)
    assert sorted(took)[5] < 0.06


def test_nothing_is_raised_whatever_happens(passport_file, monkeypatch):
    monkeypatch.setattr(board, "_journal", lambda: 1 / 0)
    assert check() is None


@pytest.mark.parametrize("path", house.lessons(ROOT).values(), ids=house.lessons(ROOT))
def test_the_titles_are_those_of_the_checks(path):
    called = {
        line.removeprefix("check.").partition("(")[0]
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("check.")
    }
    assert board.titles(path.parent.name).keys() == called
