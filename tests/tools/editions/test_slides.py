"""How a deck is derived: which slides a topic gives, and what stands in their notes."""

import pytest
from nbformat.v4 import new_output

from tools.editions import pages, slides
from tools.editions.pages import Block, Lesson, Topic

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
OPENING = Topic("title", "Sums", "", [Block("prose", "**What is a sum?**\n\n**20 minutes**")])
NEXT = Topic("closing", "Where next", "Where next", [Block("prose", "On.")])


def picture(caption: str):
    about = {"image/png": {"alt": "Words for the picture.", "caption": caption}}
    return new_output("execute_result", {"image/png": PIXEL}, metadata=about)


def text(shown: str):
    return new_output("execute_result", {"text/plain": shown})


def derived(kind: str, title: str, *blocks: Block) -> list[slides.Slide]:
    """The slides of one topic."""
    topic = Topic(kind, title, "1. Adding", list(blocks))
    return slides.deck(Lesson("00_sums", [OPENING, topic, NEXT], {}))[2:-1]


def prose(words: str, **more) -> Block:
    return Block("prose", words, **more)


def test_a_deck_begins_with_the_question_and_ends_with_it():
    deck = slides.deck(Lesson("00_sums", [OPENING, NEXT], {}))
    assert [slide.kind for slide in deck] == ["title", "list", "last"]
    assert "What is a sum?" in deck[0].body
    assert "What is a sum?" in deck[-1].body
    assert deck[-1].title == "Explain in one sentence"


def test_a_figure_stands_under_its_caption_and_its_code_in_the_notes():
    show = Block("code", "figures.sum()", (picture("What a sum is."),))
    section, figure = derived("section", "1. Adding", prose("Look at it."), show, prose("Nice."))
    assert section.kind == "section"
    assert figure.title == "What a sum is."
    assert 'alt="Words for the picture."' in figure.body
    assert "figures.sum()" in figure.notes[1]
    assert figure.notes[-1] == "Nice."


def test_a_section_without_a_number_has_its_title():
    (first,) = derived("section", "Going further", prose("Nothing needs it."))
    assert (first.kicker, first.title) == ("", "Going further")
    (first,) = derived("section", "2. Adding. And more", prose("Look at it."))
    assert (first.kicker, first.title) == ("Section 2", "Adding. And more")


def test_short_code_stands_below_the_sentence_before_it():
    block = Block("code", "1 + 2", (text("3"),))
    (slide,) = derived("continued", "1. Adding", prose("A word. Add one and two:"), block)
    assert (slide.kind, slide.title) == ("code", "Add one and two")
    assert ">3</pre>" in slide.body


@pytest.mark.parametrize(
    ("code", "shown"), [("x\n" * 6, "3"), ("x", "y" * 90), ("x", "y\n" * 20), ("x" * 80, "3")]
)
def test_long_code_and_long_outputs_are_for_the_notes(code, shown):
    block = Block("code", code, (text(shown),))
    assert derived("continued", "1. Adding", prose("Add one and two:"), block) == []


def test_code_that_nothing_introduces_is_for_the_notes():
    assert derived("continued", "1. Adding", Block("code", "1 + 2", (text("3"),))) == []


def test_what_is_bold_is_said_under_the_result_that_it_reads():
    block = Block("code", "1 + 2", (text("3"),))
    reading = prose("It is 3. **Sums grow.**")
    (slide,) = derived("continued", "1. Adding", prose("Add one and two:"), block, reading)
    assert '<p class="fragment"><strong>Sums grow.</strong></p>' in slide.body


def test_what_is_bold_elsewhere_has_a_slide_with_the_sentence_that_it_leans_on():
    (slide,) = derived("continued", "1. Adding", prose("Put them together. This is a **sum**."))
    assert (slide.kind, slide.title) == ("claim", "Put them together. This is a **sum**.")


def test_a_prediction_stands_alone_and_its_result_comes_later():
    asked = prose("How many? Then run the cell.\n\n**a** 2, **b** 3")
    block = Block("code", "1 + 2", (text("3"),))
    (slide,) = derived("predict", "Predict: the sum", asked, block, prose("It is 3.", reads=True))
    assert (slide.kicker, slide.title) == ("Predict", "The sum")
    question, _, result = slide.body.partition('<pre class="text fragment">')
    assert "Then run" not in question
    assert question.count("<li>") == 2
    assert "3" not in question.replace("<strong>b</strong> 3", "")
    assert result.startswith("3<")
    assert slide.notes[-1] == "It is 3."


def test_a_picture_that_answers_a_prediction_comes_on_the_next_slide():
    block = Block("code", "figures.sum()", (picture("What a sum is."),))
    asked, answer = derived("predict", "Predict: the sum", prose("How many?"), block)
    assert "<img" not in asked.body
    assert answer.kind.startswith("figure")


def test_the_answer_of_a_question_is_a_fragment_and_all_of_it_in_the_notes():
    answer = 'It is 3.\n\n- "2": no.'
    folded = f"How many?\n\n<details><summary>Answer</summary>\n\n{answer}\n\n</details>"
    (slide,) = derived("question", "Question 1", prose(folded))
    assert slide.body.endswith('<p class="fragment">It is 3.</p>')
    assert slide.notes[-1] == answer


def test_a_task_has_its_minutes_and_its_stub_and_hides_hints_and_solution():
    stub = Block("exercise", "def add(a, b):\n    ...", solution="def add(a, b):\n    return a + b")
    hint = "<details><summary>Hint</summary>\n\nPlus.\n\n</details>"
    (slide,) = derived("turn", "Your turn 1: add", prose(f"Write it.\n\n{hint}"), stub)
    assert slide.kicker == "Your turn 1 · 6 minutes"
    assert slide.title == "Add"
    assert "Plus." not in slide.body
    assert "Plus." in slide.notes[0]
    assert "return" not in slide.body
    assert "return a + b" in slide.notes[-1]


def test_a_long_task_is_cut_after_a_sentence_and_whole_in_the_notes():
    long = " ".join(["This is a sentence of a task that goes on and on."] * 40)
    stub = Block("exercise", "def add(a, b):\n    ...")
    (slide,) = derived("turn", "Your turn 1: add", prose(long), stub)
    assert slide.lines <= slides.LINES
    assert "on and on.</p>" in slide.body
    assert slide.notes[0] == long


def test_a_long_table_goes_on_under_the_same_head():
    table = "\n".join(["| a | b |", "|---|---|", *(f"| {n} | {n} |" for n in range(12))])
    parts = derived("continued", "1. Adding", prose("Read it.\n\n" + table))
    assert [part.body.count("<tr>") for part in parts] == [7, 7]
    assert all("<th>a</th>" in part.body for part in parts)


def test_formulas_on_one_line_stand_below_each_other():
    said = prose("Read it.\n\n$$\na = 1, \\qquad b = 2\n$$")
    (slide,) = derived("continued", "1. Adding", said)
    assert slide.body.count("<math") == 2


@pytest.mark.slow
@pytest.mark.parametrize("stem", pages.find([]))
def test_every_slide_has_few_words_and_notes(stem):
    lesson = pages.read(stem)
    for slide in slides.deck(lesson):
        assert slide.lines <= slides.LINES or slide.kind in ("list", "table"), slide.title
        if slide.kind not in ("title", "list", "ask", "ask turn", "last"):
            assert slide.words <= slides.WORDS, f"{slide.title}: {slide.words} words"
    assert '<aside class="notes"></aside>' not in slides.document(lesson)


def test_an_unknown_lesson_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["slides", "sums"])
    assert slides.main() == 1
    assert capsys.readouterr().err.startswith("no lesson 'sums' in lessons/; there are: 00_welcome")
