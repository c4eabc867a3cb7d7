"""What every edition shares: a lesson with its stored outputs, and how its parts become HTML.

`read` gives a lesson as topics (what stands under one heading), each with its blocks in order.
`html` renders Markdown, `output` what a cell showed, `widgets` what a page needs to bring its
widgets to life, `vendor` puts the scripts beside the pages. Nothing is executed or fetched.
"""

import json
import re
import shutil
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape
from importlib.metadata import files
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.style import Style
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from tools import build, house
from tools.minutes import sizes
from tools.mistakes import Known, known
from tools.outputs import PICTURES, VIEW

ROOT = build.ROOT
HERE = Path(__file__).parent
BASE_CSS = HERE / "base.css"

KINDS = {
    "Setup": "setup",
    "Predict: ": "predict",
    "Your turn ": "turn",
    "Question ": "question",
    "Challenge": "challenge",
    "What you can do now": "closing",
    "Common mistakes": "closing",
    "Where next": "closing",
}
"""What a heading that begins so announces."""

CONTROLS = re.compile(r"(Slider|Text|Dropdown|Buttons?|Checkbox|Play)Model$")
_SENTENCE_END = re.compile(r"[.!?][)*\"]*\s+(?=[\"*(`$]*[A-Z0-9`$−])")
_ABBREVIATION = re.compile(r"(\b[A-Z]|e\.g|i\.e|vs)\.$")
KERNEL_BACKED = {"ConfusionBrowser"}
"""Widgets of the course's own JavaScript that ask Python for what they show."""


class EditionError(Exception):
    """What no edition can be made of: one sentence, with what to do."""


@dataclass(frozen=True)
class Block:
    """A cell, or the part of one that stands under one heading.

    Attributes:
        kind: "prose", "note" (the instructor's), "code", "exercise" or "check".
        text: Markdown with the numbers of lessons filled in, or the code that a student sees.
        outputs: what the cell showed, as in the notebook; those of a closed prediction as well.
        solution: of an exercise, the code with its solution.
        reads: whether this prose reads the result of a prediction.
        measured: whether the numbers differ from one processor to another.
    """

    kind: str
    text: str
    outputs: tuple[NotebookNode, ...] = ()
    solution: str = ""
    reads: bool = False
    measured: bool = False


@dataclass
class Topic:
    """What stands under one heading, or goes on below a prediction or an exercise that is done.

    Attributes:
        kind: "title", "setup", "section", "predict", "turn", "question", "challenge", "topic",
            "closing", or "continued": the section goes on, under no heading of its own.
        title: the heading; of "continued", that of its section.
        section: the heading of the section it stands in; empty before the first.
        blocks: in order.
    """

    kind: str
    title: str
    section: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The fragment that JupyterLab gives the heading."""
        return self.title.replace(" ", "-")

    def texts(self, *kinds: str) -> list[str]:
        """The texts of the blocks of these kinds."""
        return [block.text for block in self.blocks if block.kind in kinds]

    @property
    def asked(self) -> tuple[str, str]:
        """The text of a question, and its folded answer, both in Markdown."""
        text, _, folded = "\n\n".join(self.texts("prose")).partition("<details>")
        return text, folded.partition("</summary>")[2].replace("</details>", "").strip()

    @property
    def checked(self) -> str:
        """The name of the check of an exercise; "" where there is none."""
        called = re.match(r"check\.(\w+)\(", next(iter(self.texts("check")), ""))
        return called[1] if called else ""

    @property
    def minutes(self) -> int | None:
        """What the instructor's notes plan for it; None where they say nothing."""
        found = re.findall(r"^\*\*(\d+) minutes?\b", "\n".join(self.texts("note")), flags=re.M)
        return sum(map(int, found)) if found else None


@dataclass(frozen=True)
class Lesson:
    """A lesson as editions need it.

    Attributes:
        stem: 07_convolution.
        topics: in order; the first is the opening.
        state: the stored widgets, by their ids.
        cells: of its source.
    """

    stem: str
    topics: list[Topic]
    state: dict[str, dict]
    cells: list[NotebookNode] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the folder: convolution."""
        return self.stem[3:]

    @property
    def number(self) -> int:
        """Its place in the course, from 0."""
        return int(self.stem[:2])

    @property
    def title(self) -> str:
        """The first heading."""
        return self.topics[0].title

    @property
    def numbered(self) -> str:
        """The title behind its number, as HTML."""
        return escape(f"{self.number:02} {self.title}")

    @cached_property
    def checks(self) -> dict[str, Known]:
        """What the checks know of the exercises, by their names, or EditionError."""
        with _refused():
            return known(ROOT / "lessons" / self.name / "check.py")

    def of_kind(self, kind: str) -> list[Topic]:
        """The topics of a kind, in order."""
        return [topic for topic in self.topics if topic.kind == kind]

    @cached_property
    def opening(self) -> str:
        """The Markdown of the first cell below its title."""
        return "\n\n".join(self.topics[0].texts("prose"))

    @property
    def question(self) -> str:
        """The question of the lesson: the first bold words, or the first sentence."""
        first = self.opening.partition("\n\n")[0].replace("\n", " ")
        bold = re.match(r"\*\*(.+?)\*\*", first)
        return bold[1] if bold else sentences(first)[0]

    @property
    def minutes(self) -> int:
        """What its opening says."""
        found = re.search(r"\*\*(\d+) minutes\*\*", self.opening)
        return int(found[1]) if found else 0

    @cached_property
    def done(self) -> int:
        """Minutes with everything done."""
        return sizes(self.cells)[0].done

    @property
    def questions(self) -> dict[str, str]:
        """The outcome that each question asks for, by its heading, as its source says."""
        return {
            heading.removeprefix("### "): outcome
            for cell in self.cells
            for heading, outcome in build.OUTCOME.findall(cell.source)
        }

    def section_minutes(self, section: str) -> int:
        """What the instructor's notes plan for a section, its sub-headings included."""
        return sum(topic.minutes or 0 for topic in self.topics if topic.section == section)

    @property
    def outcomes(self) -> list[str]:
        """What a student can do at the end, a line of Markdown each."""
        lines = self.opening.partition("**When you are done, you can**")[2].strip()
        items = lines.partition("\n\n")[0].split("\n- ")
        return [" ".join(item.removeprefix("- ").split()) for item in items]


def find(names: list[str]) -> list[str]:
    """The stems of lessons by name or number, all for none; EditionError for an unknown one."""
    try:
        return list(build.find_lessons(names))
    except SystemExit as unknown:
        raise EditionError(str(unknown)) from None


def read(stem: str, notebooks: Path = ROOT / "notebooks") -> Lesson:
    """A lesson with the outputs that its notebook stores.

    Raises:
        EditionError: the lesson breaks a rule, or its notebook is missing or was built from other
            code.
    """
    with _refused():
        source = build.read_lesson(house.lessons(ROOT)[stem])
        built = _built(source, notebooks / f"{stem}.ipynb")
    widgets = built[0].metadata.get("widgets", {}).get(build.STATE, {})
    state = widgets.get("state", {})
    return Lesson(stem, _topics(list(build.pages(source)), built), state, source.cells)


def outline(stem: str) -> Lesson:
    """A lesson without outputs, which needs no notebook; its code is as its author wrote it.

    Raises:
        EditionError: the lesson breaks a rule; whether names stand on the right side of its claims
            is left to the build.
    """
    with _refused():
        source = build.read_lesson(house.lessons(ROOT)[stem], names=False)
    cells = list(build.pages(source))
    code = {cell.metadata.place.number: cell for cell in cells if cell.cell_type == "code"}
    return Lesson(stem, _topics(cells, code), {}, source.cells)


@contextmanager
def _refused() -> Iterator[None]:
    """Tell of a lesson that breaks a rule as every edition does."""
    try:
        yield
    except build.BuildError as error:
        raise EditionError(str(error)) from None


def _topics(cells: list[NotebookNode], built: dict[int, NotebookNode]) -> list[Topic]:
    topics: list[Topic] = []
    for page in cells:
        for kind, title, block in _parts(page, built.get(page.metadata.place.number)):
            _place(topics, kind, title, block)
    return topics


def _built(source: build.Lesson, path: Path) -> dict[int, NotebookNode]:
    """The notebook at 0, and its code cells by the number of the cell in the lesson."""
    remedy = f"run `python tools/build.py {source.name}` first"
    if not path.exists():
        raise EditionError(f"{source.name}: there are no stored outputs: {remedy}.")
    notebook = nbformat.read(path, as_version=4)
    page = build.student_notebook(source)
    stored = [cell for cell in notebook.cells if cell.cell_type == "code"]
    pages = [cell for cell in page.cells if cell.cell_type == "code"]
    if [cell.source for cell in stored] != [cell.source for cell in pages]:
        raise EditionError(f"{source.name}: the stored outputs are those of older code: {remedy}.")
    numbers = [cell.metadata.place.number for cell in pages]
    return {0: notebook, **dict(zip(numbers, stored, strict=True))}


def _parts(page: NotebookNode, built: NotebookNode | None) -> Iterator[tuple[str, str, Block]]:
    """The blocks of a cell, each with the kind and the title of the heading that it begins."""
    if built is not None:
        yield "", "", _code_block(page, built)
    elif "notes" in page.metadata.get("tags", []):
        yield "", "", Block("note", page.source)
    else:
        for title, text in _under_headings(page.source):
            block = Block("prose", text, reads=page.metadata.place.get("reads", False))
            yield _kind(title), title.lstrip("# "), block


def _code_block(page: NotebookNode, built: NotebookNode) -> Block:
    tags = page.metadata.get("tags", [])
    outputs = tuple(built.outputs or built.metadata.get("hidden", {}).get("outputs", []))
    measured = "measured" in tags
    if "exercise" in tags:
        markers = (build.BEGIN, build.END)
        lines = [line for line in page.source.split("\n") if line.strip() not in markers]
        return Block("exercise", built.source, outputs, solution="\n".join(lines))
    kind = "check" if page.source.startswith("check.") else "code"
    return Block(kind, built.source, outputs, measured=measured)


def _under_headings(text: str) -> Iterator[tuple[str, str]]:
    """Each heading of a Markdown text with what stands under it; "" for what stands above all."""
    heading, lines, fenced = "", [], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        begins = not fenced and re.match("#{1,3} ", line)
        answered = lines[-1:] == ["</details>"] and _kind(heading) == "question"
        if begins or answered:
            if heading or lines:
                yield heading, "\n".join(lines).strip()
            heading, lines = (line, []) if begins else ("", [line])
        else:
            lines.append(line)
    yield heading, "\n".join(lines).strip()


def _kind(heading: str) -> str:
    if not heading:
        return ""
    title = heading.lstrip("# ")
    found = next((kind for start, kind in KINDS.items() if title.startswith(start)), None)
    return found or {1: "title", 2: "section", 3: "topic"}[heading.index(" ")]


def _place(topics: list[Topic], kind: str, title: str, block: Block) -> None:
    """Put a block under its heading; before it, end a topic of its own that is done."""
    last = topics[-1] if topics else None
    if kind:
        opens = kind in ("title", "setup", "section", "closing")
        section = "" if kind == "title" else title if opens else last.section
        topics.append(Topic(kind, title, section))
    elif block.text and _done(last):
        topics.append(Topic("continued", last.section, last.section))
    if block.text:
        topics[-1].blocks.append(block)


def _done(topic: Topic) -> bool:
    """Whether what follows no longer belongs to a prediction, a question or an exercise."""
    if topic.kind == "predict":
        return any(block.reads for block in topic.blocks)
    if topic.kind == "question":
        return "</details>" in topic.blocks[-1].text
    return topic.kind == "turn" and any(block.kind == "check" for block in topic.blocks)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph of Markdown, each on one line."""
    text, found, start = " ".join(text.split()), [], 0
    for end in _SENTENCE_END.finditer(text):
        sentence = text[start : end.end()].strip()
        whole = sentence.count("**") % 2 == sentence.count("`") % 2 == 0
        if whole and not _ABBREVIATION.search(sentence):
            found.append(sentence)
            start = end.end()
    return [*found, text[start:]] if text[start:] else found


class Colors(Style):
    """Colors of code: each has a contrast of 4.5 or more on the gray of code."""

    background_color = "#f5f6f8"
    styles = {  # noqa: RUF012 - Pygments asks for a dict
        Comment: "#5a6270",
        Keyword: "#005a9c",
        Keyword.Constant: "#8a3b00",
        Operator.Word: "#005a9c",
        Name.Builtin: "#6a3d8f",
        Name.Function: "#6a3d8f",
        Name.Class: "#6a3d8f",
        Name.Decorator: "#5a6270",
        Number: "#006b4f",
        String: "#8a3b00",
    }


_FORMATTER = HtmlFormatter(style=Colors, nowrap=True)


def code_css() -> str:
    """The style sheet of highlighted code."""
    return HtmlFormatter(style=Colors).get_style_defs("pre.code")


def code(source: str) -> str:
    """Python code as HTML, highlighted."""
    return f'<pre class="code"><code>{highlight(source, PythonLexer(), _FORMATTER)}</code></pre>'


def _math(latex: str, options: dict[str, Any]) -> str:
    return convert(latex, display="block" if options.get("display_mode") else "inline")


def _fence(source: str, language: str, _attributes: str) -> str:
    return code(source) if language == "python" else f'<pre class="text">{escape(source)}</pre>'


_MARKDOWN = MarkdownIt("commonmark", {"html": True, "highlight": _fence}).enable("table")
_MARKDOWN.use(dollarmath_plugin, double_inline=True, allow_digits=False, renderer=_math)


def _same(link: str) -> str:
    return link


def html(text: str, link: Callable[[str], str] = _same) -> str:
    """Markdown as HTML: formulas as MathML, code in colors, every link as `link` rewrites it."""
    return _MARKDOWN.renderer.render(_linked(_MARKDOWN.parse(text), link), _MARKDOWN.options, {})


def inline(text: str, link: Callable[[str], str] = _same) -> str:
    """One line of Markdown as HTML without a paragraph around it."""
    return _MARKDOWN.renderer.render(
        _linked(_MARKDOWN.parseInline(text), link), _MARKDOWN.options, {}
    )


def _linked(tokens: list, link: Callable[[str], str]) -> list:
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                child.attrs["href"] = link(child.attrs["href"])
    return tokens


def links(suffix: str, house: str) -> Callable[[str], str]:
    """A rewriter of a lesson's links: to lessons as pages, to files of the house.

    Args:
        suffix: what the page of a lesson ends in, ".html".
        house: the way from the page to the root of the repository: "../../".
    """
    return partial(_link, suffix, house)


def _link(suffix: str, house: str, link: str) -> str:
    if re.match(r"[a-z]+:|#", link):
        return link
    page = re.fullmatch(r"(\d\d_\w+)\.ipynb(#.*)?", link)
    return f"{page[1]}{suffix}{page[2] or ''}" if page else house + link.removeprefix("../")


def output(one: NotebookNode, lesson: Lesson) -> str:
    """What a cell showed, as HTML: a figure with alt text and caption, a widget, a table, text."""
    data = one.get("data", {})
    if one.output_type == "stream":
        return f'<pre class="text">{escape(one.text.rstrip())}</pre>'
    if VIEW in data:
        return widget(data[VIEW]["model_id"], data["text/plain"], lesson)
    if mime := picture_of(one):
        return figure(one, mime)
    if "text/html" in data:
        return f'<div class="shown">{data["text/html"]}</div>'
    return f'<pre class="text">{escape(data["text/plain"])}</pre>'


def figure(one: NotebookNode, mime: str) -> str:
    """A picture with its caption below."""
    caption = inline(one.metadata[mime]["caption"])
    return f"<figure>{image(one, mime)}<figcaption>{caption}</figcaption></figure>"


def image(one: NotebookNode, mime: str) -> str:
    """A picture alone."""
    about = one.metadata[mime]
    width = f' width="{about["width"]}"' if "width" in about else ""
    source = f"data:{mime};base64,{''.join(one.data[mime].split())}"
    return f'<img src="{source}" alt="{escape(about["alt"])}"{width}>'


def picture_of(one: NotebookNode) -> str | None:
    """The MIME type of an output that is a picture; None for any other."""
    return next(iter(PICTURES & set(one.get("data", {}))), None)


def pixels(one: NotebookNode) -> Image.Image:
    """The picture that an output holds."""
    return Image.open(BytesIO(b64decode(one.data[picture_of(one)])))


def widget(model: str, text: str, lesson: Lesson) -> str:
    """A stored widget; `inert` where only a kernel could move it, which the page has to say.

    Its class is "widget", and "own" as well if it is one of the course's own, as wide as its place.
    """
    view = json.dumps({"model_id": model, "version_major": 2, "version_minor": 0})
    still = " inert" if needs_kernel(model, lesson.state) else ""
    own = " own" if lesson.state[model]["model_name"] == "AnyModel" else ""
    return (
        f'<div class="widget{own}" role="group" aria-label="{escape(text)}"{still}>'
        f'<script type="{VIEW}">{view}</script></div>'
    )


def needs_kernel(model: str, state: dict[str, dict]) -> bool:
    """Whether a widget has controls that move nothing without Python."""
    moving = {
        end.removeprefix("IPY_MODEL_")
        for one in state.values()
        if one["model_name"] == "LinkModel"
        for end in (one["state"]["source"][0], one["state"]["target"][0])
    }
    for name in _tree(model, state):
        one = state[name]
        own = one["state"].get("_anywidget_id", "").rpartition(".")[2]
        control = CONTROLS.search(one["model_name"]) and name not in moving
        if control or own in KERNEL_BACKED:
            return True
    return False


def is_progress(model: str, state: dict[str, dict]) -> bool:
    """Whether a widget is a progress bar, which says nothing once it is full."""
    return any(state[name]["model_name"].endswith("ProgressModel") for name in _tree(model, state))


def _tree(model: str, state: dict[str, dict]) -> Iterator[str]:
    yield model
    for child in state[model]["state"].get("children", []):
        yield from _tree(child.removeprefix("IPY_MODEL_"), state)


def widgets(lesson: Lesson, vendor: str = "vendor") -> str:
    """What a page needs at its end to show the widgets of a lesson; "" where it has none.

    Args:
        lesson: whose widgets.
        vendor: the way from the page to the folder that `vendor` made.
    """
    if not lesson.state:
        return ""
    state = {"version_major": 2, "version_minor": 0, "state": lesson.state}
    text = json.dumps(state).replace("</", "<\\/").replace("<!--", "<\\u0021--")
    config = json.dumps({"baseUrl": vendor, "paths": {"anywidget": "anywidget/index"}})
    return (
        f'<script type="{build.STATE}">{text}</script>\n'
        f'<script src="{vendor}/require/require.js"></script>\n'
        f"<script>require.config({config})</script>\n"
        f'<script src="{vendor}/@jupyter-widgets/html-manager/dist/embed-amd.js"></script>\n'
    )


def vendor(folder: Path) -> None:
    """Put the scripts that pages load into `folder`/vendor: these here and anywidget's own."""
    target = folder / "vendor"
    shutil.copytree(
        HERE / "vendor", target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sh")
    )
    scripts = Path(find_spec("anywidget").origin).parent / "nbextension"
    (target / "anywidget").mkdir(exist_ok=True)
    shutil.copy(scripts / "index.js", target / "anywidget")
    for license in (path for path in files("anywidget") if path.name == "LICENSE"):
        shutil.copy(license.locate(), target / "anywidget")


def made(make: Callable[[], Path]) -> bool:
    """Say where an edition was written, or why it cannot be made; whether it was."""
    try:
        print(make().relative_to(ROOT))
    except EditionError as error:
        print(error, file=sys.stderr)
        return False
    return True
