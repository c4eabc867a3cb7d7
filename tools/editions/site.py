"""Make the book: a page and a handout for each lesson, an index, a search. Nothing is executed.

    python -m tools.editions.site                           build/site/index.html
    python -m tools.editions.site --zip build/course.zip    with the course to download

All of it opens from files, without a network and without a kernel.
"""

import argparse
import json
import re
import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path

from nbformat import NotebookNode
from PIL import Image
from pygments.formatters import HtmlFormatter
from pygments.style import Style
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from tools.editions import guide, pages
from tools.editions.pages import VIEW, Block, EditionError, Lesson, Topic
from tools.minutes import FURTHER

TARGET = pages.ROOT / "build" / "site"
HERE = Path(__file__).parent
COURSE = "Image classification with convolutional networks"
PARTS = {
    "welcome": "Data, and a line through it",
    "logistic_regression": "Neurons, and how they learn",
    "convolution": "Convolution",
    "image_classification": "A project with pictures",
    "choosing_hyperparameters": "Going further",
}
"""The parts of the course, each by its first lesson."""

BOXES = ("predict", "turn", "question", "challenge")
FIGURES, FORMULAS = 4, 8
ROOM = {"turn": (7, 20), "question": (4, 10)}
"""Lines to write on, in a handout: for one at most, and for all together."""
THUMBNAIL = (640, 360)
FOLDED = r"<details>.*?</details>|```.*?```|\$+[^$]*\$+"
"""What the search does not look into: answers, code, formulas."""


class Dark(Style):
    """Colors of code on a dark ground, each with a contrast of 4.5 or more."""

    background_color = "#1d242c"
    styles = {  # noqa: RUF012 - Pygments asks for a dict
        Comment: "#a3adb8",
        Keyword: "#7cc0f4",
        Keyword.Constant: "#f0a878",
        Operator.Word: "#7cc0f4",
        Name.Builtin: "#cfaef0",
        Name.Function: "#cfaef0",
        Name.Class: "#cfaef0",
        Name.Decorator: "#a3adb8",
        Number: "#74d3ae",
        String: "#f0a878",
    }


@dataclass
class Page:
    """What differs from page to page.

    Attributes:
        title: of the page, and of its tab.
        body: what stands in <main>.
        kind: "index", "lesson", "handout" or "text": its class, for the style sheet.
        contents: anchors and titles for the table of contents; none without them.
        end: scripts at the end of the page.
        house: the way from the page to the folder of the index.
    """

    title: str
    body: str
    kind: str = "text"
    contents: list[tuple[str, str]] = field(default_factory=list)
    end: str = ""
    house: str = ""


def build(target: Path = TARGET, archive: Path | None = None) -> Path:
    """Write the book; the path of its first page.

    Args:
        target: the folder, made anew.
        archive: the zip that students get, put beside the pages to be downloaded.

    Raises:
        EditionError: a lesson breaks a rule, or its notebook was built from other code.
    """
    if archive and not archive.exists():
        raise EditionError(f"there is no {archive}: run `make release` first.")
    lessons = [pages.read(stem) for stem in pages.find([])]
    shutil.rmtree(target, ignore_errors=True)
    (target / "handouts").mkdir(parents=True)
    for lesson in lessons:
        _write(target / f"{lesson.stem}.html", lesson_page(lesson, lessons))
        _write(target / "handouts" / f"{lesson.stem}.html", handout(lesson))
    _write(target / "index.html", index(lessons, archive))
    _write(target / "teaching.html", teaching(lessons))
    _write(target / "data.html", data_card())
    found = [entry for lesson in lessons for entry in entries(lesson)]
    words = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (target / "words.js").write_text(f"window.WORDS = {words};\n", encoding="utf-8")
    (target / "site.css").write_text(style(), encoding="utf-8")
    shutil.copy(HERE / "site.js", target)
    pages.vendor(target)
    if archive:
        shutil.copy(archive, target / "course.zip")
    return target / "index.html"


def style() -> str:
    """The style sheet of all pages."""
    dark = HtmlFormatter(style=Dark).get_style_defs("[data-theme=dark] pre.code")
    base = pages.BASE_CSS.read_text(encoding="utf-8")
    own = (HERE / "site.css").read_text(encoding="utf-8")
    return f"{base}{pages.code_css()}\n@media screen {{\n{dark}\n}}\n{own}"


def link(target: str) -> str:
    """A link of a lesson, as it is in the book."""
    return "data.html" if target == "../data/README.md" else pages.links(".html", "../../")(target)


def html(text: str) -> str:
    """Markdown as HTML of the book; an empty head of a table is no head."""
    return re.sub(r"<th([^>]*)></th>", r"<td\1></td>", pages.html(text, link))


# ---- A lesson ------------------------------------------------------------------------------------


def lesson_page(lesson: Lesson, lessons: list[Lesson]) -> Page:
    """The page of a lesson: what its notebook says, results closed where it asks to predict."""
    sections = [topic for topic in lesson.topics if topic.kind in ("section", "closing")]
    body = [_opening(lesson), *(_topic(topic, lesson) for topic in lesson.topics[1:])]
    body += ['<section id="answers" hidden><h2>Answers</h2></section>', _turn(lesson, lessons)]
    contents = [(anchor(topic), topic.title) for topic in sections]
    return Page(lesson.title, "\n".join(body), "lesson", contents, pages.widgets(lesson))


def _opening(lesson: Lesson) -> str:
    first, _, rest = lesson.opening.partition("\n\n")
    return (
        f'<p class="kicker">Lesson {lesson.number:02}</p><h1>{escape(lesson.title)}</h1>'
        f'<div class="lead">{html(first)}</div>'
        f'<p class="ways"><a href="handouts/{lesson.stem}.html">Handout to print</a> '
        f'<a href="index.html#run">Run it: <code>{lesson.stem}.ipynb</code></a></p>'
        f'<div class="about">{html(rest)}</div>'
    )


def _topic(topic: Topic, lesson: Lesson) -> str:
    if topic.kind == "setup":
        return _fold("Setup: what this lesson imports", "".join(_blocks(topic, lesson)), "setup")
    if topic.kind == "continued":
        return "\n".join(_blocks(topic, lesson))
    level = 2 if topic.kind in ("section", "closing") else 3
    title = f'<h{level} id="{anchor(topic)}">{pages.inline(topic.title, link)}</h{level}>'
    if topic.kind not in BOXES:
        return "\n".join([title, *_blocks(topic, lesson)])
    parts = _prediction(topic, lesson) if topic.kind == "predict" else _blocks(topic, lesson)
    return f'<div class="box {topic.kind}">{title}{"".join(parts)}</div>'


def _blocks(topic: Topic, lesson: Lesson) -> Iterator[str]:
    for block in topic.blocks:
        if block.kind == "prose":
            yield _named(html(block.text), topic)
        elif block.kind == "code":
            yield pages.code(block.text)
            yield from _outputs(block, lesson)
        elif block.kind == "exercise":
            yield pages.code(block.text)
            yield from _helps(topic, block, lesson)


def _named(text: str, topic: Topic) -> str:
    """A question with its answer marked as one, to be found when the page is printed."""
    fold = f'<details class="answer" data-of="{escape(topic.title)}">'
    return text.replace("<details>", fold) if topic.kind == "question" else text


def _helps(topic: Topic, exercise: Block, lesson: Lesson) -> Iterator[str]:
    """What the notebook folds below an exercise: a nudge, a hint, the solution."""
    check = lesson.checks.get(topic.checked)
    if check and check.nudge:
        yield _fold("A nudge", html(check.nudge))
    if check and check.hint:
        yield _fold("A hint", html(check.hint))
    yield _fold("Solution", pages.code(exercise.solution), "answer", topic.title)


def _prediction(topic: Topic, lesson: Lesson) -> Iterator[str]:
    """The question and its code; what came out, and what it means, behind a fold."""
    hidden = []
    for block in topic.blocks:
        if block.kind == "prose" and block.reads:
            hidden.append(html(block.text))
        elif block.kind == "prose":
            yield html(block.text)
        elif block.kind == "code":
            yield pages.code(block.text)
            hidden += _outputs(block, lesson)
    yield _fold("Show the result", "".join(hidden), "answer", topic.title)


def _fold(summary: str, body: str, kind: str = "", of: str = "") -> str:
    about = (f' class="{kind}"' if kind else "") + (f' data-of="{escape(of)}"' if of else "")
    return f"<details{about}><summary>{summary}</summary>{body}</details>"


def _outputs(block: Block, lesson: Lesson) -> Iterator[str]:
    """What a cell showed; tables that a library drew in colors of its own, as one text."""
    drawn = ""
    for output in block.outputs:
        given = output.get("data", {}).get("text/html", "")
        if given.startswith("<pre"):
            drawn += re.sub(r"<[^>]+>", "", given)
            continue
        yield from _text(drawn)
        drawn = ""
        yield _output(output, lesson)
    yield from _text(drawn)


def _text(drawn: str) -> Iterator[str]:
    if drawn:
        yield f'<pre class="text">{drawn.rstrip()}</pre>'


def _output(output: NotebookNode, lesson: Lesson) -> str:
    view = output.get("data", {}).get(VIEW)
    if view and pages.is_progress(view["model_id"], lesson.state):
        return ""
    shown = pages.output(output, lesson)
    if view and pages.needs_kernel(view["model_id"], lesson.state):
        words = "Runs in the notebook. Here is a still picture of it."
        return f'<figure class="still">{shown}<figcaption>{words}</figcaption></figure>'
    return re.sub(r"<th></th>", "<td></td>", shown)


def _turn(lesson: Lesson, lessons: list[Lesson]) -> str:
    """Links to the lessons before and after."""
    before = lessons[lesson.number - 1] if lesson.number else None
    after = lessons[lesson.number + 1] if lesson.number + 1 < len(lessons) else None
    ways = [
        f'<a class="{kind}" href="{one.stem}.html"><span>{words}</span>{one.numbered}</a>'
        for one, kind, words in ((before, "before", "Before"), (after, "after", "Next"))
        if one
    ]
    return f'<nav class="turn-page" aria-label="Lessons before and after">{"".join(ways)}</nav>'


def anchor(topic: Topic) -> str:
    """The id of a heading: its words, after those of its section."""
    own = [] if topic.title == topic.section else [topic.title]
    return _slug(" ".join([topic.section, *own]))


def _slug(words: str) -> str:
    return re.sub(r"\W+", "-", words.lower()).strip("-")


# ---- A handout -----------------------------------------------------------------------------------


def handout(lesson: Lesson) -> Page:
    """Two to four sheets: figures, exercises and questions with room, formulas, answers.

    What stands in Going further is not among them: the sheets are for the hour.
    """
    turns, asked = (
        [topic for topic in lesson.of_kind(kind) if topic.section != FURTHER]
        for kind in ("turn", "question")
    )
    figures = "".join(pages.figure(output, pages.picture_of(output)) for output in telling(lesson))
    body = [
        f'<p class="ways"><a href="../{lesson.stem}.html">The lesson</a> '
        '<button type="button" data-print>Print</button></p>',
        f'<p class="kicker">Lesson {lesson.number:02} · Name:</p><h1>{escape(lesson.title)}</h1>',
        f'<p class="lead">{pages.inline(lesson.question, link)}</p>',
        f'<div class="figures">{figures}</div>' if figures else "",
        "<h2>Your turn</h2>" if turns else "",
        *(_task(topic, len(turns)) for topic in turns),
        "<h2>Questions</h2>" if asked else "",
        *(_task(topic, len(asked)) for topic in asked),
        "<h2>In short</h2>",
        *_short(lesson),
        "<h2>Answers</h2>" if asked else "",
        '<div class="answers">',
        *(f"<h3>{escape(topic.title)}</h3>{html(topic.asked[1])}" for topic in asked),
        "</div>",
    ]
    page = Page(f"Handout: {lesson.title}", "\n".join(body), "handout", house="../")
    page.body = re.sub(r'href="(?=\d\d_|data\.html)', 'href="../', page.body)
    return page


def telling(lesson: Lesson) -> list[NotebookNode]:
    """The figures that the lesson says most about, one for each section, in their order.

    Those of predictions are left out: they would give the result away.
    """
    best: dict[str, tuple[int, int, NotebookNode]] = {}
    for topic in lesson.topics:
        if topic.kind in BOXES:
            continue
        for here, (block, after) in enumerate(_pairs(topic.blocks)):
            said = len(after.text.split()) if after and after.kind == "prose" else 0
            for output in block.outputs:
                rank = (said, -here, output)
                if pages.picture_of(output) and rank[:2] > best.get(topic.section, (-1, 0))[:2]:
                    best[topic.section] = rank
    most = sorted(best, key=lambda section: -best[section][0])[:FIGURES]
    return [best[section][2] for section in best if section in most]


def _pairs(blocks: list[Block]) -> Iterator[tuple[Block, Block | None]]:
    told = [block for block in blocks if block.kind != "note"]
    return zip(told, [*told[1:], None], strict=False)


def _task(topic: Topic, count: int) -> str:
    """An exercise or a question, one of several, with room for an answer."""
    most, together = ROOM[topic.kind]
    if topic.kind == "question":
        text = html(topic.asked[0])
    else:
        text = "".join(html(words) for words in topic.texts("prose"))
        text += "".join(pages.code(stub) for stub in topic.texts("exercise"))
    room = "<i></i>" * min(most, together // count)
    return (
        f'<div class="task"><h3>{pages.inline(topic.title, link)}</h3>{text}'
        f'<div class="room" aria-hidden="true">{room}</div></div>'
    )


def _short(lesson: Lesson) -> Iterator[str]:
    """The formulas of a lesson, and what its last page says that you can do."""
    shown = "".join(f"<li>{pages.html(f'$${formula}$$')}</li>" for formula in formulas(lesson))
    if shown:
        yield f'<ul class="formulas">{shown}</ul>'
    for topic in lesson.topics:
        if topic.title == "What you can do now":
            yield from map(html, topic.texts("prose"))


def formulas(lesson: Lesson) -> list[str]:
    """The formulas that stand on lines of their own; where there are none, the equations."""
    prose = "\n\n".join(
        text for topic in lesson.topics if topic.kind not in BOXES for text in topic.texts("prose")
    )
    own = re.findall(r"^\$\$(.+?)\$\$", prose, flags=re.M | re.S)
    inline = [one for one in re.findall(r"(?<!\$)\$([^$\n]+)\$(?!\$)", prose) if _equation(one)]
    return list(dict.fromkeys(own or inline))[:FORMULAS]


def _equation(latex: str) -> bool:
    left, equals, right = latex.partition("=")
    return bool(equals and len(right.strip()) > 2 and re.search(r"[a-zA-Z]", left))


# ---- The first page, and other pages of text -----------------------------------------------------


def index(lessons: list[Lesson], archive: Path | None = None) -> Page:
    """What the course is, its lessons, and how to run them."""
    stepper = _scaled(Image.open(pages.ROOT / "data" / "stepper.png"), (1200, 1200))
    parts = [
        '<div class="hero"><div>',
        f"<h1>{COURSE}</h1>",
        '<p class="lead">An open course. You predict, run, change and check, and you see inside at '
        "every step: from a line through points to networks that name your own photographs.</p>",
        f'<p class="ways"><a class="start" href="{lessons[0].stem}.html">Begin</a> '
        '<a href="#run">Run it yourself</a> <a href="teaching.html">For teachers</a></p>',
        f'</div><img src="{stepper}" alt="The convolution stepper: a window on a grid of numbers, '
        'the kernel, the products and their sum"></div>',
    ]
    starts = [lesson.number for lesson in lessons if lesson.name in PARTS]
    for start, end in zip(starts, [*starts[1:], len(lessons)], strict=True):
        part = lessons[start:end]
        cards = "".join(map(_card, part))
        title = PARTS[part[0].name]
        parts.append(f'<h2 id="{_slug(title)}">{title}</h2><ul class="cards">{cards}</ul>')
    parts += ['<h2 id="map">What each lesson needs</h2>', _map(lessons), _run(archive)]
    sheets = "".join(
        f'<li><a href="handouts/{lesson.stem}.html">{lesson.numbered}</a></li>'
        for lesson in lessons
    )
    parts.append(f'<h2 id="handouts">Handouts to print</h2><ul class="sheets">{sheets}</ul>')
    return Page(COURSE, "\n".join(parts), "index")


def _card(lesson: Lesson) -> str:
    shown = sorted(telling(lesson), key=_shape)
    picture = ""
    if shown:
        source = _scaled(pages.pixels(shown[0]), THUMBNAIL)
        picture = f'<img src="{source}" alt="" loading="lazy">'
    return (
        f'<li><a href="{lesson.stem}.html">{picture}<span class="name">{lesson.numbered}</span>'
        f"<span>{pages.inline(lesson.question)}</span>"
        f'<span class="minutes">{lesson.minutes} minutes</span></a></li>'
    )


def _shape(output: NotebookNode) -> float:
    """How far a picture is from the shape of a card."""
    width, height = pages.pixels(output).size
    return abs(width / height - THUMBNAIL[0] / THUMBNAIL[1])


def _scaled(picture: Image.Image, most: tuple[int, int]) -> str:
    picture = picture.convert("RGB")
    picture.thumbnail(most)
    file = BytesIO()
    picture.save(file, "WEBP", quality=82)
    return f"data:image/webp;base64,{b64encode(file.getvalue()).decode()}"


def _map(lessons: list[Lesson]) -> str:
    drawn = guide.prerequisites(lessons)
    return f'<div class="wide">{drawn}</div>'


def _run(archive: Path | None) -> str:
    get = (
        '<p><a class="start" href="course.zip" download>Download the course</a></p>'
        "<p>Unpack it, and double-click its start script: <code>start.bat</code> on Windows, "
        "<code>start.command</code> on a Mac, <code>start.sh</code> on Linux.</p>"
        if archive
        else "<p>In the folder of the course, type <code>make lab</code>.</p>"
    )
    return (
        '<h2 id="run">Run it yourself</h2><p>This book is for reading. The lessons are Jupyter '
        "notebooks: there you change the numbers, write the exercises, and a check answers. A "
        f"laptop without a GPU is enough; after the first start it needs no network.</p>{get}"
    )


def teaching(lessons: list[Lesson]) -> Page:
    """What a teacher may want to know before choosing the course; no answers."""
    letter = (HERE / "teaching" / "letter.md").read_text(encoding="utf-8")
    body = [
        "<h1>For teachers</h1>",
        '<p class="lead">Two ways through the course, and a letter to send before it begins.</p>',
        "<p>In the folder of the course you can make more: a guide with notes, solutions and an "
        "exam (<code>make guide</code>), slides (<code>make slides</code>), exercises for "
        "nbgrader (<code>make graded</code>), and a board that shows where the class is stuck "
        "(<code>make board</code>).</p>",
        '<h2 id="weeks">Twelve weeks of 2 × 90 minutes</h2>',
        guide.twelve_weeks(lessons),
        '<h2 id="days">Two days</h2>',
        guide.two_days(lessons),
        '<h2 id="needs">What each lesson needs</h2>',
        _map(lessons),
        f'<h2 id="letter">Letter to students</h2><div class="letter">{html(letter)}</div>',
    ]
    contents = [("weeks", "Twelve weeks"), ("days", "Two days")]
    contents += [("needs", "What each lesson needs"), ("letter", "Letter to students")]
    return Page("For teachers", "\n".join(body), contents=contents)


def data_card() -> Page:
    """The card of the course's data, without its links to files that the book does not have."""
    text = (pages.ROOT / "data" / "README.md").read_text(encoding="utf-8")
    return Page("Data", html(re.sub(r"\[([^\]]+)\]\(\.\./[^)]+\)", r"\1", text)))


# ---- Search, and what all pages share ------------------------------------------------------------


def entries(lesson: Lesson) -> Iterator[list[str]]:
    """For the search: page, anchor, lesson, heading and text of each topic, without answers."""
    for topic in lesson.topics:
        told = [block.text for block in topic.blocks if block.kind == "prose" and not block.reads]
        text = re.sub(FOLDED, " ", " ".join(told), flags=re.S)
        text = re.sub(r"\]\([^)]*\)|[*`|\[\]]|<[^>]+>", "", text)
        page, name = f"{lesson.stem}.html", lesson.numbered
        place = "" if topic.kind in ("title", "setup") else anchor(topic)
        yield [page, place, name, topic.title, " ".join(text.split())]


def _write(path: Path, page: Page) -> None:
    path.write_text(document(page), encoding="utf-8")


def document(page: Page) -> str:
    """A page of the book as HTML."""
    title = page.title if page.title == COURSE else f"{page.title} · {COURSE}"
    home = page.house
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{home}site.css">
<script src="{home}site.js"></script>
</head>
<body class="{page.kind}" data-home="{home}">
<a class="skip" href="#main">Skip to the text</a>
<header class="top">
<a class="home" href="{home}index.html">{COURSE}</a>
<search><label><span>Search</span>
<input type="search" placeholder="Search" autocomplete="off"></label>
<div class="found" hidden><p role="status"></p><ol></ol></div></search>
<button type="button" class="theme" aria-label="Dark colors" aria-pressed="false">◐</button>
</header>
<div class="columns">{_contents(page)}<main id="main">
{page.body}
</main></div>
<footer>Code: MIT. Text and pictures: CC BY 4.0.</footer>
{page.end}</body>
</html>
"""


def _contents(page: Page) -> str:
    if not page.contents:
        return ""
    items = "".join(
        f'<li><a href="#{place}">{pages.inline(title)}</a></li>' for place, title in page.contents
    )
    return (
        '<nav class="contents" aria-label="On this page"><details open><summary>On this page'
        f"</summary><ul>{items}</ul></details></nav>"
    )


def main() -> int:
    """Make the book."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--zip", type=Path, help="the course to download, as `make release` makes it"
    )
    options = parser.parse_args()
    return int(not pages.made(lambda: build(archive=options.zip)))


if __name__ == "__main__":
    sys.exit(main())
