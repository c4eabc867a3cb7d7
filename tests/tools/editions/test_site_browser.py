"""The book as a reader sees it, in a real Chromium, from files, without a network."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.kit.pages import no_errors_on
from tools.editions import pages, site

pytestmark = pytest.mark.slow

STEMS = pages.find([])
PAGES = [
    *(f"{stem}.html" for stem in STEMS),
    *("index.html", "teaching.html", "data.html"),
    *(f"handouts/{stem}.html" for stem in STEMS),
]
SOME = ["01_learning_from_data", "03_logistic_regression", "07_convolution"]
DRAWN = """[...document.querySelectorAll(".widget")].every(
    (widget) => widget.querySelector(":scope > :not(script) *"))"""
OPEN = "document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })"
CUT = """[...document.querySelectorAll("main pre")].filter(
    (pre) => pre.scrollWidth > pre.clientWidth && Math.max(
        ...pre.innerText.split("\\n").map((line) => line.length)) <= 100
).map((pre) => pre.innerText)"""
AXE = "axe.run({preload: false, resultTypes: ['violations']})"


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """The whole book, made for these tests."""
    return site.build(tmp_path_factory.mktemp("book") / "site").parent


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    package = pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def opened(browser, book):
    """Opens pages of the book, and closes them after the test."""
    contexts = []

    def open_(name: str, **options):
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        )
        page = contexts[-1].new_page()
        page.goto((book / name).as_uri())
        page.wait_for_function(DRAWN)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def convolution(opened):
    page = opened("07_convolution.html")
    with no_errors_on(page):
        yield page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_outside_and_breaks_no_rule_of_access(browser, book, axe, name):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    with no_errors_on(page):
        page.goto((book / name).as_uri())
        page.wait_for_function(DRAWN)
        page.evaluate(OPEN)
        page.wait_for_timeout(200)
        page.evaluate(axe)
        found = page.evaluate(AXE)["violations"]
    page.close()
    assert [url for url in asked if not re.match("file:|data:|blob:", url)] == []
    assert failed == []
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_dark_colors_have_contrast(opened, axe):
    for name in ("index.html", "10_convolutional_networks.html"):
        page = opened(name, color_scheme="dark")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        page.evaluate(OPEN)
        page.evaluate(axe)
        found = page.evaluate("axe.run({preload: false, runOnly: ['color-contrast']})")[
            "violations"
        ]
        assert [node["html"] for one in found for node in one["nodes"]] == []


def links(book: Path) -> Iterator[tuple[str, str]]:
    for path in [*book.glob("*.html"), *book.glob("handouts/*.html")]:
        text = re.sub(r"<(script|pre).*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)
        for link in re.findall(r'(?:href|src)="([^"]*)"', text):
            if not re.match("data:|https?:|mailto:", link):
                yield str(path.relative_to(book)), link


def test_every_link_leads_somewhere(book):
    texts: dict[Path, str] = {}
    dead = []
    for name, link in links(book):
        way = urlsplit(link)
        path = (book / name).parent / unquote(way.path) if way.path else book / name
        if not path.is_file():
            dead.append((name, link))
        elif way.fragment:
            if path not in texts:
                texts[path] = path.read_text(encoding="utf-8")
            if f'id="{way.fragment}"' not in texts[path]:
                dead.append((name, link))
    assert dead == []


def test_no_id_stands_on_a_page_twice(book):
    for path in book.glob("*.html"):
        ids = re.findall(r' id="([^"]*)"', path.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids)), path.name


def test_nothing_is_wider_than_a_phone(opened, book):
    page = opened("index.html", viewport={"width": 400, "height": 800})
    for name in PAGES:
        page.goto((book / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, name


def test_lines_of_code_fit(opened, book):
    """Lines of 100 characters, where there is room for the contents beside them."""
    page = opened("index.html", viewport={"width": 1200, "height": 800})
    for name in PAGES:
        page.goto((book / name).as_uri())
        page.evaluate(OPEN)
        assert page.evaluate(CUT) == [], name


def test_on_paper_nothing_is_larger_than_the_text_but_headings(convolution):
    convolution.emulate_media(media="print")
    size = "(e) => parseFloat(getComputedStyle(e).fontSize)"
    text = convolution.locator("main > p").nth(3).evaluate(size)
    for what in ("figcaption", ".about p:last-child", "pre.code", ".box pre"):
        assert convolution.locator(what).first.evaluate(size) <= text, what


def test_a_flipbook_turns(convolution):
    handle = convolution.locator(".noUi-handle").last
    widget = convolution.locator(".widget", has=handle)
    before = widget.screenshot()
    handle.focus()
    for _ in range(3):
        convolution.keyboard.press("ArrowRight")
    assert handle.get_attribute("aria-valuenow") == "3.0"
    assert widget.screenshot() != before


def test_the_stepper_steps(convolution):
    convolution.get_by_role("button", name="Next ›").first.click()
    assert convolution.get_by_text("window 2 of 16").is_visible()


def test_what_needs_a_kernel_says_so(convolution):
    still = convolution.locator(".still")
    assert "Runs in the notebook" in still.locator("figcaption").inner_text()
    assert still.locator(".widget").get_attribute("inert") == ""


def test_a_prediction_is_closed_until_it_is_asked_for(convolution):
    box = convolution.locator(".predict").first
    figure = box.locator("figure")
    assert not figure.is_visible()
    box.get_by_text("Show the result").click()
    assert figure.is_visible()


def test_the_search_finds_by_words(convolution):
    convolution.keyboard.press("/")
    convolution.keyboard.type("pooling invarian")
    first = convolution.locator(".found a").first
    first.wait_for()
    assert "pooling" in first.inner_text().lower()
    first.click()
    convolution.wait_for_load_state()
    assert convolution.evaluate("document.body.className") == "lesson"


def test_the_search_says_that_it_found_nothing(convolution):
    convolution.get_by_role("searchbox").fill("xylophone")
    convolution.get_by_text("Nothing found").wait_for()


def test_colors_change_and_stay(convolution):
    theme = "document.documentElement.dataset.theme"
    assert convolution.evaluate(theme) == "light"
    convolution.get_by_role("button", name="Dark colors").click()
    assert convolution.evaluate(theme) == "dark"
    convolution.reload()
    assert convolution.evaluate(theme) == "dark"


def test_print_puts_answers_at_the_end_and_gives_them_back(convolution):
    answers = convolution.locator("#answers details.answer")
    folds = convolution.locator("details.answer")
    count = folds.count()
    before = convolution.locator(".question").first.inner_html()
    convolution.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert answers.count() == count
    assert answers.first.get_attribute("open") == ""
    convolution.evaluate("dispatchEvent(new Event('afterprint'))")
    assert answers.count() == 0
    assert folds.count() == count
    assert convolution.locator(".question").first.inner_html() == before


def sheets(page) -> int:
    """The pages that it prints on."""
    printed = page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("stem", SOME)
def test_a_handout_has_two_to_four_sheets(opened, stem):
    assert 2 <= sheets(opened(f"handouts/{stem}.html")) <= 4


@pytest.mark.weekly
def test_every_handout_has_two_to_four_sheets_in_any_font(book, each_font):
    for stem in STEMS:
        page = each_font.new_page()
        page.goto((book / "handouts" / f"{stem}.html").as_uri())
        assert 2 <= sheets(page) <= 4, stem
        page.close()
