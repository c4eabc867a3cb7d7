"""Make the instructor's guide: plans, notes, solutions, wrong answers, exam items and their keys.

    python -m tools.editions.guide            build/guide/index.html
    python -m tools.editions.guide --seed 7   the exam with other numbers

All of it is derived from lesson.py, check.py, exam.py and guide.md of each lesson. Nothing is
executed and no notebook is needed. Nothing is written where all of it is as it was. Students never
get it.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path

from tools.editions import exam, pages, plans
from tools.editions.pages import EditionError, Lesson, Topic

TARGET = pages.ROOT / "build" / "guide"
HERE = Path(__file__).parent
LINK = pages.links(".html", "../../")
SHORT = re.compile(
    r"short of time|minutes short|homework|leave out|skip\b|read(ing)? at home|as reading", re.I
)
EARLY = re.compile(r"(done|finish\w*) early", re.I)
BOX, GAP = (178, 46), (34, 26)
KINDS = {
    "compute": "by hand",
    "listing": "a listing",
    "figure": "numbers of a figure",
    "choose": "choice",
    "explain": "in words",
}


def build(seed: int, target: Path = TARGET) -> Path:
    """Write the guide with an exam drawn from a seed; the path of its first page.

    Raises:
        EditionError: a lesson breaks a rule, or a plan names a section that is not there.
    """
    lessons = [pages.outline(stem) for stem in pages.find([])]
    target.mkdir(parents=True, exist_ok=True)
    for lesson in lessons:
        _write(target / f"{lesson.stem}.html", lesson.title, lesson_page(lesson))
    drawn = [(lesson, questions(lesson, seed)) for lesson in lessons]
    _write(target / "exam.html", f"Exam pool, seed {seed}", exam_page(drawn, seed))
    _write(target / "keys.html", f"Keys of the exam pool, seed {seed}", keys_page(drawn, seed))
    _write(target / "letter.html", "Letter to students", _own("letter"))
    _write(target / "index.html", "Instructor's guide", index_page(lessons))
    return target / "index.html"


def update(seed: int, target: Path = TARGET) -> Path:
    """`build` a guide, unless it is there and nothing has changed that it is made of."""
    note = target / "made.txt"
    if not note.exists() or note.read_text(encoding="utf-8") != _digest(seed, target):
        build(seed, target)
        note.write_text(_digest(seed, target), encoding="utf-8")
    return target / "index.html"


def _digest(seed: int, target: Path) -> str:
    """A digest of the seed, of the sources, and of the pages that are there."""
    digest = hashlib.sha256(f"{seed}".encode())
    folders = [pages.ROOT / name for name in ("lessons", "tools", "utils")]
    sources = [p for f in folders for kind in ("py", "md", "css") for p in f.rglob(f"*.{kind}")]
    for path in sorted([*sources, *target.glob("*.html")]):
        digest.update(f"{path}".encode() + path.read_bytes())
    return digest.hexdigest()


def _write(path: Path, title: str, body: str) -> None:
    names = {"index": "Guide", "exam": "Exam pool", "keys": "Keys", "letter": "Letter to students"}
    nav = "".join(f'<a href="{name}.html">{words}</a>' for name, words in names.items())
    style = pages.BASE_CSS.read_text(encoding="utf-8") + pages.code_css()
    style += (HERE / "guide.css").read_text(encoding="utf-8")
    path.write_text(
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>\n<style>{style}</style></head>\n"
        f'<body><nav aria-label="Guide">{nav}</nav>\n<main><h1>{escape(title)}</h1>\n'
        f"{body}</main></body></html>\n",
        encoding="utf-8",
    )


def _own(name: str) -> str:
    text = (HERE / "teaching" / f"{name}.md").read_text(encoding="utf-8")
    return pages.html(text, lambda link: link if link.endswith(".html") else LINK(link))


# ---- The first page ------------------------------------------------------------------------------


def index_page(lessons: list[Lesson]) -> str:
    """What the guide is for, the lessons, two plans, and what each lesson needs."""
    rows = [
        [
            _to(lesson),
            str(lesson.minutes),
            str(lesson.done),
            str(len(lesson.of_kind("turn"))),
            str(len(lesson.of_kind("question"))),
            str(len(exam.pool(lesson.name))),
        ]
        for lesson in lessons
    ]
    head = ["lesson", "minutes", "with all done", "exercises", "questions", "exam items"]
    return "\n".join(
        [
            _own("index"),
            "<h2>The lessons</h2>",
            _table(head, rows),
            "<p>“Minutes” is a lecture with some exercises. “With all done” counts reading and "
            "running, 6 minutes for each exercise, 1.5 for a prediction and 2 for a question: one "
            "person who waits for nobody.</p>",
            "<h2>What each lesson needs</h2>",
            prerequisites(lessons),
            "<h2>Twelve weeks of 2 × 90 minutes</h2>",
            twelve_weeks(lessons),
            "<h2>Two days</h2>",
            two_days(lessons),
        ]
    )


def twelve_weeks(lessons: list[Lesson]) -> str:
    """A table of the weeks."""
    by_name = {lesson.name: lesson for lesson in lessons}
    rows = []
    for week, (names, goal) in enumerate(plans.WEEKS, 1):
        links = "<br>".join(_to(by_name[name]) for name in names)
        rows.append([str(week), links, escape(goal)])
    return _table(["week", "lessons", "at the end of the week"], rows)


def two_days(lessons: list[Lesson]) -> str:
    """A table a day, and what to say in place of the lessons that are left out."""
    by_name = {lesson.name: lesson for lesson in lessons}
    parts = []
    for number, day in enumerate(plans.DAYS, 1):
        rows = []
        for name in day:
            if name.startswith("*"):
                minutes, skipped, _ = plans.BRIDGES[name[1:]]
                instead = ", ".join(by_name[one].title for one in skipped)
                words = f'<a href="#{name[1:]}">Bridge</a> in place of {escape(instead)}'
                rows.append([words, str(minutes), ""])
            else:
                lesson = by_name[name]
                rows.append([_to(lesson), str(lesson.minutes), escape(left_out(lesson))])
        parts.append(f"<h3>Day {number}</h3>" + _table(["what", "minutes", "without"], rows))
    parts.append(
        "<p>The first lesson is done at home before the first day. The minutes are those of whole "
        "lessons; each hour of them needs a break of ten.</p>"
    )
    for name, (minutes, _, text) in plans.BRIDGES.items():
        parts.append(
            f'<div class="note" id="{name}"><p>{minutes} minutes</p>{pages.html(text)}</div>'
        )
    return "\n".join(parts)


def left_out(lesson: Lesson) -> str:
    """The sections that two days have no time for, as the lesson numbers them."""
    sections = {topic.title.partition(". ")[2]: topic.title for topic in lesson.of_kind("section")}
    found = []
    for title in plans.LEFT_OUT.get(lesson.name, ()):
        if title not in sections:
            raise EditionError(
                f"{lesson.name} has no section {title!r}: mend LEFT_OUT in tools/editions/plans.py."
            )
        found.append(sections[title])
    return "; ".join(found)


def prerequisites(lessons: list[Lesson]) -> str:
    """Which lesson needs which, as a drawing with links, and in words for who cannot see it."""
    graph = plans.direct({lesson.name: plans.needs(lesson.opening) for lesson in lessons})
    by_name = {lesson.name: lesson for lesson in lessons}
    place = _places(graph)
    width = max(x for x, _ in place.values()) + BOX[0] + 2
    height = max(y for _, y in place.values()) + BOX[1] + 2
    boxes = [_box(by_name[name], x, y) for name, (x, y) in place.items()]
    arrows = [_arrow(place[one], place[name]) for name, wanted in graph.items() for one in wanted]
    words = "; ".join(
        f"{by_name[name].title} needs {' and '.join(by_name[one].title for one in wanted)}"
        for name, wanted in graph.items()
        if wanted
    )
    return (
        f'<svg class="map" viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="{escape(words)}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        f"{''.join(arrows + boxes)}</svg>"
        "<p>An arrow leads to the lesson that needs the one where it begins; what follows from "
        "other arrows is left out.</p>"
    )


def _places(graph: dict[str, list[str]]) -> dict[str, tuple[int, int]]:
    """The corner of each box: a row for each depth, lessons of one depth side by side."""
    levels = plans.depth(graph)
    place: dict[str, tuple[int, int]] = {}
    for level in sorted(set(levels.values())):
        names = [name for name in graph if levels[name] == level]
        for column, name in enumerate(names):
            place[name] = (1 + column * (BOX[0] + GAP[0]), 1 + level * (BOX[1] + GAP[1]))
    return place


def _box(lesson: Lesson, x: int, y: int) -> str:
    size = f'x="{x}" y="{y}" width="{BOX[0]}" height="{BOX[1]}"'
    return (
        f'<rect {size} rx="6"/><foreignObject {size}><div><a href="{lesson.stem}.html">'
        f"{lesson.numbered}</a></div></foreignObject>"
    )


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x, y = start[0] + BOX[0] // 2, start[1] + BOX[1]
    to = end[0] + BOX[0] // 2
    return (
        f'<path d="M{x} {y}C{x} {end[1] - 8} {to} {end[1] - GAP[1]} {to} {end[1]}" '
        'marker-end="url(#tip)"/>'
    )


# ---- A lesson ------------------------------------------------------------------------------------


def lesson_page(lesson: Lesson) -> str:
    """All that an instructor needs for one lesson."""
    short, early = advice(lesson)
    return "\n".join(
        [
            f'<p class="lead">{pages.inline(lesson.question, LINK)}</p>',
            f"<p>{lesson.minutes} minutes, {lesson.done} with everything done. "
            f'<a href="../slides/{lesson.stem}.html">Slides</a>, '
            f'<a href="exam.html#{lesson.name}">exam items</a>.</p>',
            "<h2>Outcomes</h2>",
            outcomes(lesson),
            "<h2>Short of time</h2>",
            *map(_note, short),
            "<h2>For those who are early</h2>",
            *map(_note, early),
            "<h2>Notes, section by section</h2>",
            *notes(lesson),
            "<h2>Exercises</h2>",
            *(exercise(topic, lesson) for topic in lesson.of_kind("turn")),
            "<h2>Questions</h2>",
            *(_question(topic) for topic in lesson.of_kind("question")),
        ]
    )


def outcomes(lesson: Lesson) -> str:
    """Outcomes against the exercises, questions and exam items that assess each."""
    turns = [(topic, lesson.checks.get(topic.checked)) for topic in lesson.of_kind("turn")]
    items = exam.pool(lesson.name)
    rows = []
    for outcome in lesson.outcomes:
        verb = re.match(r"\*\*(.+?)\*\*", outcome)
        assessed = [
            _short(topic) for topic, check in turns if verb and check and check.outcome == verb[1]
        ]
        asked = [title for title, what in lesson.questions.items() if verb and what == verb[1]]
        drawn = [item.name.replace("_", " ") for item in items if verb and item.outcome == verb[1]]
        columns = map("<br>".join, (assessed, asked, drawn))
        rows.append([pages.inline(outcome, LINK), *columns])
    return _table(["outcome", "exercises", "questions", "exam items"], rows)


def advice(lesson: Lesson) -> tuple[list[str], list[str]]:
    """What can go when time is short, and what those who are early may do, in Markdown."""
    own = _sections(pages.ROOT / "lessons" / lesson.name / "guide.md")
    told = [
        (topic, paragraph)
        for topic in lesson.topics
        for note in topic.texts("note" if topic.kind != "challenge" else "")
        for paragraph in note.split("\n\n")
    ]
    short = [_placed(topic, text) for topic, text in told if SHORT.search(text)]
    early = [
        _placed(topic, sentence)
        for topic, text in told
        for sentence in pages.sentences(text)
        if EARLY.search(sentence)
    ]
    challenges = [
        f"**Challenge.** {topic.texts('prose')[0]}" for topic in lesson.of_kind("challenge")
    ]
    return own.get("Short of time", []) + short, own.get("Early", []) + early + challenges


def _placed(topic: Topic, paragraph: str) -> str:
    return f"{paragraph} *({topic.section})*" if topic.section else paragraph


def _sections(path: Path) -> dict[str, list[str]]:
    """The parts of a lesson's guide.md by their headings; none where there is no such file."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = re.split(r"^## (.+)\n", text, flags=re.M)[1:]
    return {title: [body.strip()] for title, body in zip(parts[::2], parts[1::2], strict=True)}


def notes(lesson: Lesson) -> Iterator[str]:
    """The instructor's notes under the headings of their sections."""
    section = None
    for topic in lesson.topics:
        found = topic.texts("note")
        if found and topic.section != section:
            section = topic.section
            yield f"<h3>{pages.inline(section or 'Before it begins')}</h3>"
        yield from map(_note, found)


def _note(text: str) -> str:
    return f'<div class="note">{pages.html(text, LINK)}</div>'


def exercise(topic: Topic, lesson: Lesson) -> str:
    """An exercise with its solution and what its check says to wrong answers."""
    check = lesson.checks.get(topic.checked)
    solution = next(block.solution for block in topic.blocks if block.kind == "exercise")
    parts = [
        f"<h3>{pages.inline(topic.title)}</h3>",
        *(pages.html(text, LINK) for text in topic.texts("prose")),
        "<h4>Solution</h4>",
        pages.code(solution),
    ]
    if check:
        helps = [words for words in (check.nudge, check.hint) if words]
        if helps:
            parts += ["<h4>Help, in this order</h4>", _list(helps, "ol")]
        parts += ["<h4>Wrong answers, and what the check says</h4>", _list(check.wrong, "ul")]
    return "\n".join(parts)


def _question(topic: Topic) -> str:
    body = "\n\n".join(topic.texts("prose")).replace("<details>", "<details open>")
    return f"<h3>{pages.inline(topic.title)}</h3>{pages.html(body, LINK)}"


# ---- The exam ------------------------------------------------------------------------------------


def questions(lesson: Lesson, seed: int) -> list[exam.Question]:
    """The pool of a lesson, drawn from a seed."""
    return [exam.draw(lesson.name, item, seed) for item in exam.pool(lesson.name)]


def exam_page(drawn: list[tuple[Lesson, list[exam.Question]]], seed: int) -> str:
    """All items, without answers."""
    words = f"<p>Pencil and paper. Seed {seed}; <code>make guide SEED=7</code> draws others.</p>"
    return words + _pool(drawn, _asked)


def keys_page(drawn: list[tuple[Lesson, list[exam.Question]]], seed: int) -> str:
    """The key of each item, and what its wrong answers show."""
    words = f"<p>For the numbers of seed {seed}: it stands on the sheet as well.</p>"
    return words + _pool(drawn, _answered)


def _pool(
    drawn: list[tuple[Lesson, list[exam.Question]]], one: Callable[[exam.Question], str]
) -> str:
    parts = []
    for lesson, asked in drawn:
        items = "".join(
            f'<div class="item"><h3>{lesson.number:02}.{place}</h3>{one(question)}</div>'
            for place, question in enumerate(asked, 1)
        )
        head = f"<h2>{lesson.numbered}</h2>"
        parts.append(f'<section class="lesson" id="{lesson.name}">{head}{items}</section>')
    return "\n".join(parts)


def _asked(question: exam.Question) -> str:
    item = question.item
    about = f'<p class="about">{KINDS[item.kind]}, {item.minutes} minutes</p>'
    options = "".join(f"<li>{pages.inline(option)}</li>" for option in question.options)
    answers = f'<ol type="a">{options}</ol>' if options else '<div class="room"></div>'
    return about + pages.html(question.drawn.question) + answers


def _answered(question: exam.Question) -> str:
    drawn = question.drawn
    answer = exam.said(drawn.answer)
    key = f"**{question.right}** {answer}" if question.right else f"**{answer}**" if answer else ""
    letters = dict(zip(question.options, exam.LETTERS, strict=False))
    wrong = [
        f"{f'**{letters[one]}**' if one in letters else exam.said(one)}: {why}"
        for one, why in drawn.wrong.items()
    ]
    name = f'<p class="about">{question.item.name.replace("_", " ").capitalize()}</p>'
    return name + pages.html(f"{key}\n\n{drawn.why}") + (_list(wrong, "ul") if wrong else "")


# ---- Small parts ---------------------------------------------------------------------------------


def _to(lesson: Lesson) -> str:
    return f'<a href="{lesson.stem}.html">{lesson.numbered}</a>'


def _short(topic: Topic) -> str:
    return pages.inline(topic.title.removeprefix("Your turn "))


def _list(lines: Iterable[str], kind: str) -> str:
    return f'<{kind} class="wrong">{"".join(f"<li>{pages.inline(x)}</li>" for x in lines)}</{kind}>'


def _table(head: list[str], rows: list[list[str]]) -> str:
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'


def main() -> int:
    """Make the guide that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default="0", help="of the exam's numbers; 0, 1, 2, ...")
    options = parser.parse_args()
    if not options.seed.isdecimal():
        print(f"no seed: {options.seed!r}; give a whole number from 0 on.", file=sys.stderr)
        return 1
    return int(not pages.made(lambda: update(int(options.seed))))


if __name__ == "__main__":
    sys.exit(main())
