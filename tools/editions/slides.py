"""Decks for the room: one reveal.js deck a lesson, derived from its source and its stored outputs.

    python -m tools.editions.slides               every lesson, to build/slides
    python -m tools.editions.slides 07 pooling    these lessons

One idea a slide: a figure under its caption, a question alone and its answer one key later, a task
with its stub. What the page says besides is in the notes, after the instructor's (key S).
"""

import argparse
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape, unescape
from pathlib import Path

from nbformat import NotebookNode

from tools.editions import pages
from tools.editions.pages import Block, EditionError, Lesson, Topic
from tools.minutes import MINUTES
from tools.outputs import VIEW

TARGET = pages.ROOT / "build" / "slides"
LINK = pages.links(".html", "../../")
WORDS = 25
"""Words beside what a slide shows; a question or a task stands there as it is asked."""
TITLE_WORDS = 14
LINE, TITLE_LINE, LINES = 54, 46, 10
"""Characters of a line of text and of a title, and lines below it, in a wide font."""
CODE_LINES, CODE_COLUMNS, STUB_LINES = 5, 72, 12
ROOMY_COLUMNS = 54
OUTPUT_LINES, OUTPUT_COLUMNS = 8, 72
TABLE_LINES = 8
ROOMS = {"": (1190, 520), " tall": (1220, 580), " beside": (830, 640)}
"""Looks of a figure, and the room for it there, in pixels of a slide of 1280 x 720."""
AT_THE_END = "When you are done, you can"
LEANS_BACK = ("It ", "They ", "That ", "This ", "These ", "Those ", "So ", "And ", "But ", "Both ")


@dataclass
class Slide:
    """One slide.

    Attributes:
        kind: how it looks: a class of slides.css.
        title: one line of Markdown.
        body: HTML; what has the class "fragment" comes with the next key.
        topic: where it comes from.
        kicker: a few words above the title.
        notes: Markdown for the speaker, below the instructor's notes.
    """

    kind: str
    title: str
    body: str
    topic: Topic
    kicker: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def words(self) -> int:
        """How many words the title and the sentences of the body have; code does not count."""
        body = re.sub(r"<(pre|figure|table|math|script)\b.*?</\1>", " ", self.body, flags=re.S)
        return _words(self.title) + _words(_without_tags(body))

    @property
    def lines(self) -> float:
        """How many lines the body takes at most, and the title more than one, whatever the font."""
        title = 1.1 if len(self.title) > TITLE_LINE else 0
        return round(_lines(self.body) + title, 6)


def deck(lesson: Lesson) -> list[Slide]:
    """The slides of a lesson, in order."""
    slides = _opening(lesson)
    for topic in lesson.topics[1:]:
        match topic.kind:
            case "setup":
                continue
            case "predict":
                slides += _prediction(topic, lesson)
            case "question":
                slides += _question(topic)
            case "turn" | "challenge":
                slides.append(_turn(topic))
            case "closing":
                slides += _mistakes(topic)
            case _:
                slides += _explanation(topic, lesson)
    return [*slides, _last(lesson)]


def _opening(lesson: Lesson) -> list[Slide]:
    topic = lesson.topics[0]
    question = f"<p>{_inline(_asked(lesson))}</p>"
    kicker = f"Lesson {lesson.number} · {_minutes(lesson.minutes)}"
    return [
        Slide("title", lesson.title, question, topic, kicker, [lesson.opening]),
        Slide("list", AT_THE_END, _list(lesson.outcomes), topic, notes=[lesson.opening]),
    ]


def _last(lesson: Lesson) -> Slide:
    closing = lesson.of_kind("closing")
    notes = [f"**{topic.title}**\n\n{text}" for topic in closing for text in topic.texts("prose")]
    body = f"<p>{_inline(_asked(lesson))}</p>"
    return Slide("last", "Explain in one sentence", body, closing[-1], notes=notes)


def _asked(lesson: Lesson) -> str:
    """The question of the lesson; of a long one, its last sentence."""
    question = lesson.question
    return question if _words(question) <= 2 * WORDS else pages.sentences(question)[-1]


def _prediction(topic: Topic, lesson: Lesson) -> list[Slide]:
    title = _sentence(topic.title.partition(": ")[2])
    text = "\n\n".join(b.text for b in topic.blocks if b.kind == "prose" and not b.reads)
    slides = [_task(Slide("ask", title, "", topic, "Predict"), text)]
    for block in topic.blocks:
        if block.kind == "code":
            slides[-1].notes.append(_fenced(block.text))
            for output in block.outputs:
                slides += _result(slides[0], output, lesson)
    reading = "\n\n".join(block.text for block in topic.blocks if block.reads)
    slides[-1].notes.append(reading)
    if slides[-1].kind in ("ask", "code"):
        slides += _answered(slides[-1], _claim(reading))
    return slides


def _answered(slide: Slide, answer: str) -> list[Slide]:
    """Put an answer under its question, to come with the next key; a long one on a new slide."""
    body = _fragment(answer)
    if slide.lines + _lines(body) <= LINES:
        slide.body += body
        return []
    return [Slide("claim", answer, "", slide.topic, slide.title, list(slide.notes))]


def _result(asked: Slide, output: NotebookNode, lesson: Lesson) -> list[Slide]:
    """What came out: a line of text as a fragment of the question, all else as the next slide."""
    text = _text(output)
    if text is None:
        return _visual(output, asked.title, asked.topic, lesson)
    if "\n" not in text and len(text) <= OUTPUT_COLUMNS:
        asked.body += f'<pre class="text fragment">{escape(text)}</pre>'
        return []
    shown = f'<pre class="text">{escape(text)}</pre>'
    return [Slide("code", asked.title, shown, asked.topic, "Result")] if _fits(text) else []


def _question(topic: Topic) -> list[Slide]:
    text, answer = topic.asked
    slide = _task(Slide("ask", topic.title, "", topic), text)
    slide.notes.append(answer)
    short = _within(pages.sentences(answer.partition("\n\n")[0]), WORDS)
    return [slide, *_answered(slide, short)]


def _turn(topic: Topic) -> Slide:
    kicker, _, title = topic.title.partition(": ")
    kicker = f"{kicker} · {MINUTES['turn']} minutes" if title else "If you are early"
    slide = Slide("ask turn", _sentence(title) or topic.title, "", topic, kicker)
    exercises = [block for block in topic.blocks if block.kind == "exercise"]
    stubs = [_wrapped(block.text) for block in exercises if block.text.count("\n") < STUB_LINES]
    _task(slide, "\n\n".join(topic.texts("prose")), "".join(map(pages.code, stubs)))
    slide.notes += [_fenced(block.solution) for block in exercises]
    return slide


def _task(slide: Slide, text: str, stub: str = "") -> Slide:
    """Put a task on a slide, what does not fit of it into the notes, whole sentences at a time."""
    room = LINES - slide.lines
    asked = re.sub(r"<details>.*?</details>|Then run the cells?\.", "", text, flags=re.S).strip()
    for paragraph in asked.split("\n\n"):
        body = slide.body + _paragraph(paragraph)
        if _lines(body + stub) > room:
            said = pages.sentences(paragraph) if _is_text(paragraph) else []
            fitting = [_html(" ".join(said[:n])) for n in range(len(said), 0, -1)]
            rest = (one for one in fitting if _lines(slide.body + one + stub) <= room)
            slide.body += next(rest, "")
            break
        slide.body = body
    slide.body += stub
    if _without_tags(_html(text)) != _without_tags(slide.body):
        slide.notes.append(text)
    return slide


def _paragraph(text: str) -> str:
    """A paragraph of a task; choices, **a** and **b** and so on, as a list."""
    if not text.startswith("**a** "):
        return _html(text)
    choices = re.split(r"[,;]?\s+(?=\*\*[b-f]\*\* )", text)
    return '<ul class="choices">' + "".join(f"<li>{_inline(one)}</li>" for one in choices) + "</ul>"


def _wrapped(code: str) -> str:
    """Code to read: its long lines, of docstrings, go on below with the same indent."""
    lines = []
    for line in code.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(
            line, CODE_COLUMNS, subsequent_indent=indent, drop_whitespace=len(line) > CODE_COLUMNS
        ) or [""]
    return "\n".join(lines)


def _mistakes(topic: Topic) -> Iterator[Slide]:
    if topic.title == "Common mistakes":
        text = "\n\n".join(topic.texts("prose"))
        items = [pages.sentences(item)[0] for item in re.split(r"^- ", text, flags=re.M)[1:]]
        yield Slide("list", topic.title, _list(items[:5]), topic, notes=[text])


def _explanation(topic: Topic, lesson: Lesson) -> list[Slide]:
    """Slides of what can be seen; each takes its words from what stands before it."""
    slides = [_section(topic)] if topic.kind == "section" else []
    before: list[str] = []  # what was said since the last slide
    for element in _elements(topic):
        if isinstance(element, str) and not element.startswith(("|", "$$", "```")):
            made = _claimed(element, slides, topic)
            said = element
        else:
            made = _shown(element, _not_yet(before, slides), topic, lesson)
            said = element if isinstance(element, str) else _fenced(element.text)
        if made and slides and _repeats(made[0], slides[-1]):
            made[0].notes = slides.pop().notes
        if made:
            made[0].notes += before[-1:] if slides else before
            slides += made
            before = []
        before.append(said)
        if slides:
            slides[-1].notes.append(said)
    if not slides and before and topic.kind == "topic":
        slides = [_spoken(topic, before)]
    return slides


def _not_yet(before: list[str], slides: list[Slide]) -> list[str]:
    """What was said since the last slide, without the sentences that it shows."""
    shown = slides[-1].body if slides else ""
    said = [pages.sentences(text) if _is_text(text) else [text] for text in before]
    left = [" ".join(s for s in some if _inline(s) not in shown) for some in said]
    return list(filter(None, left))


def _repeats(slide: Slide, before: Slide) -> bool:
    """Whether all that a slide before said is said again."""
    return before.kind == "claim" and (
        before.title == slide.title or _inline(before.title) in slide.body
    )


def _section(topic: Topic) -> Slide:
    numbered = re.fullmatch(r"(\d+)\. (.+)", topic.title)
    kicker, title = (f"Section {numbered[1]}", numbered[2]) if numbered else ("", topic.title)
    first = next(iter(topic.texts("prose")), "").partition("\n\n")[0]
    said = pages.sentences(first) if _is_text(first) else []
    lead = _within(said[:-1] or said, WORDS - _words(title))
    return Slide("section", title, f"<p>{_inline(lead)}</p>", topic, kicker)


def _elements(topic: Topic) -> Iterator[str | Block]:
    """The paragraphs of a topic, fenced code in one piece, and its code cells."""
    for block in topic.blocks:
        if block.kind == "code":
            yield block
        elif block.kind == "prose":
            parts = re.findall(r"```.*?```|(?:(?!```).)+?(?=\n\n|\Z)", block.text, flags=re.S)
            yield from filter(None, map(str.strip, parts))


def _is_text(paragraph: str) -> bool:
    return not re.match(r"\s*([|$`<>-]|\d+\. |\*[^*])", paragraph)


def _claimed(paragraph: str, slides: list[Slide], topic: Topic) -> list[Slide]:
    """What is bold in a paragraph: under the result that it reads, else on a slide of its own."""
    last = slides[-1] if slides else None
    claim = _claim("".join(_not_yet([paragraph], slides)))
    if not claim:
        return []
    if last and last.kind == "code" and last.words + _words(claim) <= WORDS:
        return _answered(last, claim)
    return [Slide("claim", claim, "", topic, _heading(topic))]


def _shown(element: str | Block, before: list[str], topic: Topic, lesson: Lesson) -> list[Slide]:
    title, lead = _lead(before, topic)
    spoken = f"<p>{_inline(lead)}</p>" if lead else ""
    if isinstance(element, str):
        return [Slide("table", title, spoken + _fit(part), topic) for part in _screens(element)]
    slides = []
    for output in element.outputs:
        text = _text(output)
        if text is None:
            slides += _visual(output, title, topic, lesson)
        elif _fits(text) and _is_short(element.text) and (lead or title != _heading(topic)):
            shown = f'{pages.code(element.text)}<pre class="text">{escape(text)}</pre>'
            tries = (Slide("code", title, body, topic) for body in (spoken + shown, shown))
            slides += [slide for slide in tries if slide.lines <= LINES][:1]
    return slides


def _is_short(code: str) -> bool:
    lines = code.split("\n")
    return len(lines) <= CODE_LINES and max(map(len, lines)) <= CODE_COLUMNS


def _visual(output: NotebookNode, title: str, topic: Topic, lesson: Lesson) -> list[Slide]:
    """A slide of a figure, under its caption, or of a widget; none of a progress bar."""
    mime = pages.picture_of(output)
    if mime:
        look = _look(output)
        return [
            Slide(
                f"figure{look}", output.metadata[mime]["caption"], pages.image(output, mime), topic
            )
        ]
    if VIEW not in output.get("data", {}):
        return []
    model, text = output.data[VIEW]["model_id"], output.data["text/plain"]
    if pages.is_progress(model, lesson.state):
        return []
    body = _fit(pages.widget(model, text, lesson))
    if pages.needs_kernel(model, lesson.state):
        link = f"../../notebooks/{lesson.stem}.ipynb#{topic.anchor}"
        body += f'<p class="live">Live in the notebook: <a href="{link}">{_heading(topic)}</a></p>'
    return [Slide("moving", title, body, topic)]


def _look(output: NotebookNode) -> str:
    """The look that shows a picture largest; its caption is small where that gains much."""
    width, height = pages.pixels(output).size
    scales = {look: min(w / width, h / height) for look, (w, h) in ROOMS.items()}
    best = max(scales, key=scales.get)
    return best if scales[best] > 1.05 * scales[""] else ""


def _lead(before: list[str], topic: Topic) -> tuple[str, str]:
    """A title and a sentence for what is shown next, from the end of what was said before it."""
    heading = _heading(topic)
    said = pages.sentences(before[-1]) if before and _is_text(before[-1]) else []
    if not said:
        return heading, ""
    if said[-1].count("(") != said[-1].count(")"):
        return heading, ""
    whole, alone = (text.rstrip(":,") for text in (_complete(said, len(said) - 1), said[-1]))
    if topic.kind != "topic" and whole == alone and _words(alone) <= TITLE_WORDS:
        return alone, ""
    return heading, whole if _words(heading) + _words(whole) <= WORDS else ""


def _complete(said: list[str], number: int) -> str:
    """A sentence, with the one before it if it leans back on that; "" if that is not there."""
    if not said[number].startswith(LEANS_BACK):
        return said[number]
    return f"{said[number - 1]} {said[number]}" if number else ""


def _screens(element: str) -> Iterator[str]:
    """A formula or code as HTML; a long table in several parts, each under its head."""
    code = re.fullmatch(r"```\w*\n(.*)\n```", element, flags=re.S)
    if code and not _is_short(code[1]):
        return
    if element.startswith("$$"):
        formulas = re.split(r"\\q?quad", element.strip("$"))
        yield "".join(
            _html(f"$${formula.strip(' ,')}$$") for formula in formulas if formula.strip()
        )
        return
    if not element.startswith("|"):
        yield _html(element)
        return
    head, rows = element.split("\n")[:2], element.split("\n")[2:]
    lines = sum(-(-len(_without_tags(_inline(row))) // LINE) for row in rows)
    size = -(-len(rows) // -(-lines // TABLE_LINES))
    for start in range(0, len(rows), size):
        yield _html("\n".join([*head, *rows[start : start + size]]))


def _spoken(topic: Topic, said: list[str]) -> Slide:
    """A topic that shows nothing: its first sentences."""
    text = next(filter(_is_text, said), "")
    body = f"<p>{_inline(_within(pages.sentences(text), WORDS - _words(topic.title)))}</p>"
    return Slide("section", topic.title, body, topic, _heading_of(topic.section), said)


def _claim(paragraph: str) -> str:
    """The sentences with bold words, as many as a slide holds; "" where there are none."""
    if not _is_text(paragraph):
        return ""
    said = pages.sentences(paragraph)
    bold = [_complete(said, i) for i, s in enumerate(said) if re.search(r"\*\*.+?\*\*", s)]
    return _sentence(_within(list(filter(None, bold)), WORDS))


def _lines(body: str) -> float:
    """The lines of text that some HTML takes in a wide font, gaps between paragraphs included."""
    code = re.findall(r"<pre.*?</pre>", body, flags=re.S)
    text = re.sub(r"<pre.*?</pre>", "", body, flags=re.S)
    parts = map(_without_tags, re.findall(r"<(?:p|li|tr)\b.*?</(?:p|li|tr)>", text, flags=re.S))
    prose = sum(-(-len(part) // LINE) + 0.4 for part in parts)
    return prose + sum(0.8 * pre.count("\n") + 1.4 for pre in code)


def _without_tags(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", text))


def _within(sentences: list[str], words: int) -> str:
    """The first sentences, as many as these words allow; none if the first alone is too long."""
    shown = ""
    for sentence in sentences:
        if _words(f"{shown} {sentence}") > words:
            break
        shown = f"{shown} {sentence}".strip()
    return shown


def _text(output: NotebookNode) -> str | None:
    """The text of an output that shows nothing better."""
    if output.output_type == "stream":
        return output.text.rstrip()
    data = output.get("data", {})
    return data["text/plain"] if set(data) == {"text/plain"} else None


def _fits(text: str) -> bool:
    lines = text.split("\n")
    return len(lines) <= OUTPUT_LINES and max(map(len, lines)) <= OUTPUT_COLUMNS


def _words(text: str) -> int:
    """Words with a letter or a digit; a formula counts as one."""
    return len(re.findall(r"\S*\w\S*", re.sub(r"\$.+?\$|`.+?`|\]\(.+?\)", "x", text)))


def _minutes(count: int) -> str:
    return f"{count} minute{'s' if count > 1 else ''}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _heading(topic: Topic) -> str:
    return _heading_of(topic.title)


def _heading_of(title: str) -> str:
    return re.sub(r"^\d+\. ", "", title)


def _fragment(text: str) -> str:
    return f'<p class="fragment">{_inline(text)}</p>' if text else ""


def _list(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"


def _fit(content: str) -> str:
    """A box that slides.js scales its content to."""
    return f'<div class="fit"><div>{content}</div></div>'


def _fenced(code: str) -> str:
    return f"```python\n{code}\n```"


def _html(text: str) -> str:
    return pages.html(text, LINK)


def _inline(text: str) -> str:
    return pages.inline(text, LINK)


def document(lesson: Lesson) -> str:
    """The deck of a lesson as one HTML page; what it loads lies in vendor/ beside it."""
    slides = deck(lesson)
    sections = "\n".join(
        _slide(slide, number, len(slides), lesson) for number, slide in enumerate(slides, 1)
    )
    css = (
        pages.BASE_CSS.read_text(encoding="utf-8")
        + pages.code_css()
        + (pages.HERE / "slides.css").read_text(encoding="utf-8")
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(lesson.title)}</title>
<link rel="stylesheet" href="vendor/reveal/reveal.css">
<style>
{css}
</style>
</head>
<body>
<div class="reveal"><div class="slides">
{sections}
</div></div>
<script src="vendor/reveal/reveal.js"></script>
<script src="vendor/reveal/notes.js"></script>
<script>
{(pages.HERE / "slides.js").read_text(encoding="utf-8")}
</script>
{pages.widgets(lesson)}
</body>
</html>
"""


def _slide(slide: Slide, number: int, count: int, lesson: Lesson) -> str:
    section = "" if slide.topic.kind == "closing" else slide.topic.section
    minutes = section and lesson.section_minutes(section)
    where = [lesson.title, section, _minutes(minutes) if minutes else ""]
    kicker = f'<p class="kicker">{_inline(slide.kicker)}</p>' if slide.kicker else ""
    where = _inline(" · ".join(filter(None, where)))
    return f"""<section class="{slide.kind}{_size(slide)}"><div class="page">
<header>{kicker}<h2>{_inline(slide.title)}</h2></header>
<main>{slide.body}</main>
<footer><span>{where}</span><span>{number} / {count}</span></footer>
</div><aside class="notes">{_notes(slide, lesson)}</aside></section>"""


def _size(slide: Slide) -> str:
    """The class of slides that have so little to say that they can say it larger."""
    shown = re.findall(r"<pre.*?</pre>", slide.body, flags=re.S)
    lines = [line for pre in shown for line in re.sub(r"<[^>]+>", "", pre).split("\n")]
    few = slide.lines <= 0.7 * LINES
    return " roomy" if few and max(map(len, lines), default=0) <= ROOMY_COLUMNS else ""


def _notes(slide: Slide, lesson: Lesson) -> str:
    """The instructor's notes of the section, then what the page says besides."""
    here = [topic for topic in lesson.topics if topic.section == slide.topic.section]
    notes = [text for topic in here for text in topic.texts("note")]
    return _html("\n\n".join([*notes, "---" if notes else "", *slide.notes]))


def build(stem: str, target: Path = TARGET) -> Path:
    """Write the deck of a lesson into `target`; EditionError where there is nothing to show."""
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{stem}.html"
    path.write_text(document(pages.read(stem)), encoding="utf-8")
    return path


def main() -> int:
    """Make the decks that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="names or numbers; all where none is given")
    options = parser.parse_args()
    failed = False
    try:
        stems = pages.find(options.lessons)
    except EditionError as error:
        print(error, file=sys.stderr)
        return 1
    for stem in stems:
        failed |= not pages.made(partial(build, stem))
    pages.vendor(TARGET)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
