"""What every lesson and every notebook must keep: the bounds of the course, with what to change."""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from tools import house, minutes
from tools.build import OUTCOME, PREDICT, difference, read_lesson, student_notebook
from tools.outputs import PICTURES

ROOT = Path(__file__).resolve().parents[1]
LESSONS = house.lessons(ROOT)
NOTEBOOKS = [ROOT / "notebooks" / f"{stem}.ipynb" for stem in LESSONS]
FORBIDDEN = ("easy", "easily", "just", "simply", "obviously", "clearly", "trivial", "trivially")
BRITISH = ("colour", "grey", "neighbour", "behaviour", "centre", "normalis", "optimis", "licence")
LAST_SECTIONS = ["What you can do now", "Common mistakes", "Where next"]

each_lesson = pytest.mark.parametrize("path", LESSONS.values(), ids=LESSONS)
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@cache
def source_cells(path):
    return read_lesson(path).cells


@cache
def student_cells(path):
    return student_notebook(read_lesson(path)).cells


def is_closed(cell) -> bool:
    return "outputs" in cell.metadata.get("hidden", {})


def code_lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def prose(path) -> str:
    """All Markdown of a lesson without code and links."""
    cells = [c.source for c in source_cells(path) if c.cell_type == "markdown"]
    return re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", " ", "\n".join(cells), flags=re.S)


def headings(path) -> list[tuple[int, str]]:
    cells = [c.source for c in student_cells(path) if c.cell_type == "markdown"]
    found = re.findall(r"^(#+) (.+)$", "\n".join(cells), flags=re.M)
    return [(len(marks), title) for marks, title in found]


def exercises(path):
    return [c for c in source_cells(path) if "exercise" in c.metadata.get("tags", [])]


def test_there_are_lessons():
    assert LESSONS


@each_lesson
def test_opening_says_what_why_and_how_long(path):
    opening = student_cells(path)[0].source
    assert opening.startswith("# "), "the first cell is the title, the only H1"
    minutes_told = re.search(r"\*\*(\d+) minutes\*\*", opening)
    assert minutes_told, "write {time} in the first cell"
    assert 15 <= int(minutes_told[1]) <= 50, f"{minutes_told[1]} minutes: a lesson takes 15 to 50"
    assert "**You need:**" in opening, "say in the first cell what one needs first"
    verbs = re.findall(r"^- \*\*[a-z ]+\*\*", opening, flags=re.M)
    assert "**When you are done, you can**" in opening
    assert 3 <= len(verbs) <= 5, f"{len(verbs)} objectives: write 3 to 5, each with a bold verb"
    assert "**Sources:**" in opening, "credit the lectures in the first cell"


@each_lesson
def test_it_fits_into_its_hour(path):
    assert minutes.MARK in source_cells(path)[0].source, f"write {minutes.MARK} in the opening"
    hour, _ = minutes.sizes(source_cells(path))
    assert not minutes.over(hour), "move what nothing later needs below ## Going further"


@each_lesson
def test_headings_follow_the_anatomy(path):
    found = headings(path)
    assert [level for level, _ in found].count(1) == 1, "one H1 a lesson"
    assert max(level for level, _ in found) <= 3, "headings go down to H3"
    sections = [title for level, title in found if level == 2]
    assert sections[0] == "Setup", "the first H2 is Setup"
    assert sections[-3:] == LAST_SECTIONS, f"the last H2 are {LAST_SECTIONS}"
    taught = sections[1:-4] if sections[-4] == minutes.FURTHER else sections[1:-3]
    for number, title in enumerate(taught, 1):
        assert title.startswith(f"{number}. "), f"number the sections: {number}. {title}"


@each_lesson
def test_there_is_enough_to_do(path):
    titles = [title for level, title in headings(path) if level == 3]
    turns = [title for title in titles if re.fullmatch(r"Your turn \d+: .+", title)]
    questions = [title for title in titles if re.fullmatch(r"Question \d+", title)]
    assert len(turns) == len(exercises(path)), "every exercise has its heading, Your turn N: name"
    assert len(turns) >= 3, f"{len(turns)} exercises: a lesson has 3 or more"
    assert len(questions) >= 2, f"{len(questions)} questions: a lesson has 2 or more"
    assert titles.count("Challenge") == 1, "a lesson has one challenge"
    assert any(title.startswith("Predict: ") for title in titles), "a lesson has a Predict: ..."
    numbers = [int(re.search(r"\d+", title)[0]) for title in turns]
    assert numbers == list(range(1, len(turns) + 1)), "number the exercises 1, 2, 3, ..."


@each_lesson
def test_questions_are_answered_in_a_fold(path):
    text = "\n".join(c.source for c in student_cells(path) if c.cell_type == "markdown")
    for section in re.split(r"^### (?=Question)", text, flags=re.M)[1:]:
        answer = section.split("\n#")[0]
        assert "<details><summary>Answer</summary>" in answer, f"fold the answer: {answer[:40]}"
        wrong = answer.count('\n- "')
        assert wrong >= 2, f"say why two or more wrong answers are wrong: {answer[:40]}"


@each_lesson
def test_every_question_names_its_outcome(path):
    text = "\n".join(cell.source for cell in source_cells(path))
    promised = set(re.findall(r"^- \*\*(.+?)\*\*", source_cells(path)[0].source, flags=re.M))
    named = [outcome for _, outcome in OUTCOME.findall(text)]
    count = len(re.findall(r"^### Question", text, flags=re.M))
    assert len(named) == count, "write ### Question 1 <!-- compute -->, with a verb of the opening"
    assert set(named) <= promised, f"{sorted(set(named) - promised)}: no outcome of the opening"


@each_lesson
def test_every_section_has_instructor_notes(path):
    cells = source_cells(path)
    notes = [c for c in cells if "notes" in c.metadata.get("tags", [])]
    sections = [
        t
        for level, t in headings(path)
        if level == 2 and t not in ("Setup", minutes.FURTHER, *LAST_SECTIONS)
    ]
    assert len(notes) >= len(sections), f"{len(notes)} notes for {len(sections)} sections"
    planned = [int(m[1]) for c in notes if (m := re.match(r"\*\*(\d+) minutes?\b", c.source))]
    assert len(planned) >= len(sections), "begin the notes of a section with **5 minutes.**"
    hour, _ = minutes.sizes(cells)
    least, most = 0.85 * hour.read, hour.done
    assert least <= sum(planned) <= most, (
        f"the notes add up to {sum(planned)} minutes, not between {least:.0f} and {most:.0f}"
    )


@each_lesson
def test_no_words_that_make_a_reader_feel_slow(path):
    words = re.findall(r"[a-z]+", prose(path).lower())
    found = sorted(set(words) & set(FORBIDDEN))
    assert not found, f"{', '.join(found)}: leave it out, or say what makes the step possible"


@each_lesson
def test_american_spelling(path):
    text = path.read_text(encoding="utf-8").lower()
    found = [word for word in BRITISH if word in text]
    assert not found, f"{', '.join(found)}: the course uses American spelling"


@each_lesson
def test_imports_stand_in_setup(path):
    code = [c for c in student_cells(path) if c.cell_type == "code"]
    for cell in code[1:]:
        assert not re.search(r"^\s*(import|from) ", cell.source, flags=re.M), (
            f"move the imports to Setup: {cell.source.splitlines()[0]}"
        )


@each_lesson
def test_no_print_of_results(path):
    for cell in student_cells(path):
        if cell.cell_type == "code":
            for call in re.findall(r"print\(.*", cell.source):
                assert '"' in call, f"end the cell with the expression itself, or name it: {call}"


@each_lesson
def test_code_does_not_pile_up(path):
    cells = student_cells(path)
    kinds = "".join("p" if is_closed(cell) else cell.cell_type[0] for cell in cells)
    assert "ccc" not in kinds, "three code cells in a row: put a sentence between them"
    assert "pppp" not in kinds, "a prediction of more than three cells: what is it about?"


def test_rhythm_over_the_course():
    sizes, after_prose = [], []
    for path in LESSONS.values():
        cells = student_cells(path)
        for before, cell in zip([None, *cells], cells, strict=False):
            if cell.cell_type == "code":
                sizes.append(len(code_lines(cell)))
                check = cell.source.startswith("check.")
                after_prose.append(check or before is None or before.cell_type == "markdown")
    assert np.median(sizes) <= 5, f"median of {np.median(sizes)} lines a cell: split the long ones"
    assert np.percentile(sizes, 90) <= 12, f"90 % of the cells: {np.percentile(sizes, 90)} lines"
    assert max(sizes) <= 25, f"a cell of {max(sizes)} lines: at most 25"
    assert np.mean(after_prose) >= 0.85, f"{np.mean(after_prose):.0%} of code cells follow prose"


def test_few_outputs_are_ignored():
    cells = [c for path in LESSONS.values() for c in student_cells(path) if c.cell_type == "code"]
    ignored = [c for c in cells if "nbval-ignore-output" in c.metadata.get("tags", [])]
    assert len(ignored) <= 0.1 * len(cells), f"{len(ignored)} of {len(cells)} outputs are ignored"


@pytest.mark.parametrize("stem", LESSONS)
def test_notebook_is_built_from_its_lesson(stem):
    reason = difference(read_lesson(LESSONS[stem]), ROOT / "notebooks" / f"{stem}.ipynb")
    assert reason is None, f"{reason}: run `make notebooks`"


def test_every_notebook_has_a_lesson():
    built = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert built == NOTEBOOKS, "a notebook without a lesson: nobody writes notebooks by hand"


@each_notebook
def test_notebook_is_small(path):
    size = path.stat().st_size
    assert size < 1_500_000, f"{size / 1e6:.1f} MB: fewer pages a flipbook, smaller figures"


def test_all_notebooks_together_are_small():
    mean = sum(path.stat().st_size for path in NOTEBOOKS) / len(NOTEBOOKS)
    assert mean < 1_100_000, f"{mean / 1e6:.1f} MB a lesson"


def cells_of(path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def outputs(path) -> Iterator[dict]:
    """All stored outputs, those behind the page included."""
    for cell in cells_of(path):
        yield from cell.get("outputs", [])
        yield from cell["metadata"].get("hidden", {}).get("outputs", [])


@each_notebook
def test_a_student_sees_no_claim_and_no_words_for_pictures(path):
    for cell in cells_of(path):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert not re.search(r"\bassert\b|\.testing\.|HIDDEN TESTS", source), source
            assert not re.search(r"\balt=|\bcaption=|plots\.show", source), source


@each_notebook
def test_predictions_are_closed(path):
    cells = cells_of(path)
    asked = 0
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "markdown" and f"\n{PREDICT}" in "\n" + "".join(cell["source"]):
            asked += 1
            closed = list(takewhile(lambda cell: cell["cell_type"] == "code", cells[number:]))
            assert closed
            for one in closed:
                assert one["outputs"] == []
                assert one["execution_count"] is None
            results = [output for one in closed for output in one["metadata"]["hidden"]["outputs"]]
            assert results, "a prediction shows its result"
    assert asked


@each_notebook
def test_outputs_are_clean(path):
    for output in outputs(path):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr", f"stderr: {output['text']}"
        text = "".join(output.get("data", {}).get("text/plain", ""))
        assert not re.search(r"0x[0-9a-f]{6,}", text), f"an address differs in every run: {text}"


@each_notebook
def test_pictures_have_words(path):
    for output in outputs(path):
        for mime in PICTURES & set(output.get("data", {})):
            about = output["metadata"].get(mime, {})
            alt, caption = about.get("alt", ""), about.get("caption", "")
            assert len(alt) > 30, f"say in a sentence what the picture shows, not {alt!r}"
            assert 0 < len(caption.split()) <= 15, f"a caption has 1 to 15 words, not {caption!r}"


@each_notebook
def test_widgets_are_stored_with_their_state(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    stored = notebook["metadata"].get("widgets", {})
    state = next(iter(stored.values()))["state"] if stored else {}
    for output in outputs(path):
        view = output.get("data", {}).get("application/vnd.jupyter.widget-view+json")
        assert view is None or view["model_id"] in state


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", text)


@each_notebook
def test_links_lead_somewhere(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for link in links("".join(cell["source"])) if cell["cell_type"] == "markdown" else []:
            if not re.match(r"https?:|#", link):
                target = (path.parent / link.split("#")[0]).resolve()
                assert target.exists(), f"{link} leads nowhere"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "data/README.md"])
def test_links_of_the_documents_lead_somewhere(name):
    path = ROOT / name
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.S)
    for link in links(text):
        if not re.match(r"https?:|#", link):
            assert (path.parent / link.split("#")[0]).exists(), f"{link} leads nowhere"
