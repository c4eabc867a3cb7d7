"""The book: what its pages hold, and that all of it comes from the lessons and their outputs."""

import re
from pathlib import Path

import pytest
from nbformat.v4 import new_output

from tools.editions import pages, site
from tools.editions.pages import Block, EditionError, Lesson, Topic

DETAILS = re.compile(r"<details.*?</details>", re.S)


def picture(name: str):
    """An output that is a picture, of two pixels, with its words."""
    about = {"image/png": {"alt": f"alt of {name}", "caption": name, "width": 10}}
    data = {"image/png": "aGVsbG8=", "text/plain": name}
    return new_output("display_data", data=data, metadata=about)


def text(words: str):
    return new_output("execute_result", data={"text/plain": words}, execution_count=1)


QUESTION = "Why?\n\n<details><summary>Answer</summary>\n\nBecause of **this**.\n\n</details>"


@pytest.fixture
def lesson() -> Lesson:
    return Lesson(
        "01_learning_from_data",
        [
            Topic(
                "title",
                "Learning from data",
                "",
                [Block("prose", "**Would you?** A lead.\n\n**40 minutes**")],
            ),
            Topic("setup", "Setup", "Setup", [Block("code", "import numpy as np")]),
            Topic(
                "section",
                "1. One & two",
                "1. One & two",
                [
                    Block("note", "Ask the room."),
                    Block("code", "first()", (picture("little said"),)),
                    Block("prose", "Few words."),
                    Block("code", "second()", (picture("much said"),)),
                    Block("prose", "Many more words, with $a = b + c$, on the second of them."),
                ],
            ),
            Topic(
                "predict",
                "Predict: what comes?",
                "1. One & two",
                [
                    Block("prose", "Guess."),
                    Block("code", "forty_two()", (text("42"), picture("telltale"))),
                    Block(
                        "prose",
                        "It is 42, as nobody guessed, and that takes many words.",
                        reads=True,
                    ),
                ],
            ),
            Topic(
                "turn",
                "Your turn 1: do it",
                "1. One & two",
                [
                    Block("prose", "Write it."),
                    Block("exercise", "def f():\n    ...", solution="def f():\n    return solved"),
                    Block("check", "check.one_hot(f)", (text("Not attempted"),)),
                ],
            ),
            Topic("question", "Question 1", "1. One & two", [Block("prose", QUESTION)]),
            Topic(
                "closing", "What you can do now", "What you can do now", [Block("prose", "- Do.")]
            ),
        ],
        {},
    )


def test_a_lesson_shows_results_except_where_it_asks_to_predict(lesson):
    body = site.lesson_page(lesson, [lesson, lesson]).body
    shown = DETAILS.sub("", body)
    assert 'alt="alt of much said"' in shown
    assert "Guess." in shown
    assert "forty_two" in shown
    for hidden in ("42<", "telltale", "as nobody guessed", "Because of", "solved"):
        assert hidden not in shown
        assert hidden in body


def test_a_lesson_shows_no_notes_and_no_checks(lesson):
    body = site.lesson_page(lesson, [lesson, lesson]).body
    for left_out in ("Ask the room", "Not attempted", "check.one_hot"):
        assert left_out not in body


def test_help_comes_before_the_solution(lesson):
    folds = re.findall(r"<summary>(.*?)</summary>", site.lesson_page(lesson, [lesson, lesson]).body)
    assert folds == [
        "Setup: what this lesson imports",
        "Show the result",
        "A nudge",
        "A hint",
        "Solution",
        "Answer",
    ]


def test_the_contents_lead_to_headings(lesson):
    page = site.lesson_page(lesson, [lesson, lesson])
    assert page.contents[0] == ("1-one-two", "1. One & two")
    for place, _ in page.contents:
        assert f'id="{place}"' in page.body


def test_the_telling_figure_of_a_section_is_no_result_of_a_prediction(lesson):
    found = site.telling(lesson)
    assert [output.metadata["image/png"]["caption"] for output in found] == ["much said"]


def test_a_handout_is_for_the_hour(lesson):
    further = Topic("question", "Question 9", "Going further", [Block("prose", QUESTION)])
    longer = Lesson(lesson.stem, [*lesson.topics[:-1], further, lesson.topics[-1]], {})
    assert site.handout(longer).body == site.handout(lesson).body


def test_a_handout_has_room_and_its_answers_at_the_end(lesson):
    body = site.handout(lesson).body
    task, answers = body.split("<h2>Answers</h2>")
    assert "Because of" in answers
    assert "Because of" not in task
    assert "solved" not in body
    assert task.count("<i></i>") == site.ROOM["turn"][0] + site.ROOM["question"][0]


def test_formulas_are_those_on_lines_of_their_own_or_else_equations(lesson):
    assert site.formulas(lesson) == ["a = b + c"]
    lesson.topics[2].blocks.append(Block("prose", "$$E = mc^2$$"))
    assert site.formulas(lesson) == ["E = mc^2"]


def test_the_search_does_not_look_into_answers(lesson):
    found = {entry[3]: entry for entry in site.entries(lesson)}
    assert found["1. One & two"][:3] == [
        "01_learning_from_data.html",
        "1-one-two",
        "01 Learning from data",
    ]
    assert "Many more words" in found["1. One & two"][4]
    assert found["Question 1"][4] == "Why?"
    assert found["Predict: what comes?"][4] == "Guess."


def test_tables_that_a_library_drew_become_one_text():
    parts = [
        new_output("display_data", data={"text/html": f'<pre style="x">{t}</pre>', "text/plain": t})
        for t in "ab"
    ]
    block = Block("code", "model.summary()", tuple(parts))
    assert list(site._outputs(block, Lesson("00_x", [], {}))) == ['<pre class="text">ab</pre>']


def test_an_empty_head_is_no_head_and_links_stay_in_the_book():
    table = site.html(
        "| | b |\n|---|---|\n| 1 | 2 |\n\n[card](../data/README.md) [09](09_pooling.ipynb)"
    )
    assert "<th></th>" not in table
    assert re.findall('href="(.*?)"', table) == ["data.html", "09_pooling.html"]


def test_every_part_of_the_course_begins_with_a_lesson():
    names = [stem[3:] for stem in pages.find([])]
    starts = [names.index(name) for name in site.PARTS]
    assert starts == sorted(starts)
    assert starts[0] == 0


def test_a_zip_that_is_not_there_is_said(tmp_path):
    with pytest.raises(EditionError, match="make release"):
        site.build(tmp_path / "site", Path(tmp_path / "course.zip"))
    assert not (tmp_path / "site").exists()
