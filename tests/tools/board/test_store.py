"""The lines of a class: each kept once, and counted as the board shows them."""

import sqlite3

import pytest

from tools.board.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "new" / "board.sqlite")


def line(number, student="ada", state="not yet", exercise="total_ink", **other):
    return {
        "id": str(number),
        "student": student,
        "name": student.title(),
        "lesson": "welcome",
        "exercise": exercise,
        "state": state,
        "tries": 1,
        "hint": None,
    } | other


def row(store, title="All the ink"):
    (found,) = [r for r in store.summary()["lessons"]["welcome"] if r["title"] == title]
    return found


def test_an_empty_board_is_empty(store):
    assert store.summary() == {"people": 0, "latest": None, "lessons": {}}


def test_every_exercise_of_the_lesson_has_its_row(store):
    store.add([line(1, state="not attempted")])
    titles = [r["title"] for r in store.summary()["lessons"]["welcome"]]
    assert titles == ["Three numbers, by eye", "All the ink", "The negative", "The mirror"]
    assert row(store)["not begun"] == ["Ada"]


def test_people_are_right_not_yet_or_not_begun(store):
    store.add(
        [
            line(1, "ada"),
            line(2, "ada", "right"),
            line(3, "ada"),  # right once is right
            line(4, "bob", hint="You added rows."),
            line(5, "eve", "not attempted"),
        ]
    )
    found = row(store)
    assert (found["right"], found["not yet"], found["not begun"]) == (["Ada"], ["Bob"], ["Eve"])
    assert found["hints"] == [[1, "You added rows."]]
    assert found["minutes"] == [0, 0]
    assert store.summary()["people"] == 3


def test_hints_are_counted_by_people_and_the_latest_counts(store):
    for number in range(5):
        store.add([line(f"{number}a", f"s{number}", hint="old")])
        store.add([line(f"{number}b", f"s{number}", hint="turned" if number else None)])
    assert row(store)["hints"] == [[4, "turned"], [1, None]]


def test_minutes_are_the_median_and_the_longest(store):
    store.add([line(number, f"s{number}") for number in range(3)])
    for number, ago in enumerate((60, 300, 3000)):
        change = "UPDATE lines SET received = received - ? WHERE id = ?"
        store.db.execute(change, (ago, str(number)))
    assert row(store)["minutes"] == [5, 50]


def test_two_people_of_one_name_are_two_and_a_new_name_is_no_new_person(store):
    store.add([line(1, "a", name="Fox"), line(2, "b", name="Fox"), line(3, "b", name="Owl")])
    assert store.summary()["people"] == 2
    assert sorted(row(store)["not yet"]) == ["Fox", "Owl"]


def test_a_line_that_comes_again_changes_nothing(store):
    assert store.add([line(1)]) == store.add([line(1, state="right")]) == ["1"]
    assert row(store)["not yet"] == ["Ada"]


def test_all_stays_when_the_board_starts_again(store, tmp_path):
    store.add([line(1)])
    store.db.close()
    assert row(Store(tmp_path / "new" / "board.sqlite"))["not yet"] == ["Ada"]


def test_a_session_begins_empty_and_keeps_what_was(store):
    store.add([line(1)])
    store.begin_session()
    assert store.summary()["people"] == 0
    store.add([line(2, "bob")])
    assert row(store)["not yet"] == ["Bob"]
    assert store.db.execute("SELECT count(*) FROM lines").fetchone() == (2,)


def test_the_latest_lesson_is_that_of_the_last_line(store):
    store.add([line(1), line(2, lesson="pooling")])
    assert store.summary()["latest"] == "pooling"


@pytest.mark.parametrize(
    "wrong",
    [None, 7, "text", [], {}, {"id": "1"}, line(1, state="perfect"), line(1, name=None), line(1) | {"id": 1}],
)  # fmt: skip
def test_what_is_no_line_is_not_taken(store, wrong):
    assert store.add([wrong, line(2)]) == ["2"]


def test_odd_texts_are_kept_as_text_and_long_ones_cut(store):
    names = ["<b>Ada</b>", "李 雷", "Robert'); DROP TABLE lines;--", "\ud800", "x" * 9999]
    store.add([line(number, str(number), name=name) for number, name in enumerate(names)])
    store.add([line("last", tries=10**30, hint="y" * 9999, lesson="../../etc", exercise="a_b")])
    assert set(row(store)["not yet"]) == {*names[:3], "?", "x" * 40}
    (odd,) = store.summary()["lessons"]["../../etc"]
    assert (odd["title"], len(odd["hints"][0][1])) == ("a b", 300)


def test_a_full_disk_takes_no_line_and_loses_none(store):
    store.add([line(1)])
    (pages,) = store.db.execute("PRAGMA page_count").fetchone()
    store.db.execute(f"PRAGMA max_page_count = {pages}")
    many = [line(f"many {number}", hint="z" * 300) for number in range(1000)]
    with pytest.raises(sqlite3.Error):
        store.add(many)
    assert row(store)["not yet"] == ["Ada"]
    store.db.execute("PRAGMA max_page_count = 1000000")
    assert len(store.add(many)) == 1000
