"""The decks as a room sees them, in a real Chromium, from files, without a network."""

import re
from pathlib import Path

import pytest

from tests.conftest import FONTS
from tests.kit.pages import no_errors_on
from tools.editions import pages, slides

pytestmark = pytest.mark.slow

OVERFLOW = (Path(__file__).parent / "overflow.js").read_text(encoding="utf-8")
DRAWN = """[...document.querySelectorAll(".widget")].every(
    (widget) => widget.querySelector(":scope > :not(script) *"))"""
SMALLEST = {"p": 34, "li": 34, "pre": 26, "td": 22}
"""Pixels of text on a slide of 1280 x 720."""
STEMS = pages.find([])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """All decks, made for these tests."""
    target = tmp_path_factory.mktemp("slides")
    for stem in STEMS:
        slides.build(stem, target)
    pages.vendor(target)
    return target


def opened(browser, path: Path, more: str = ""):
    """A page with a deck, its widgets drawn, and the addresses that it asked for."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(path.as_uri() + more)
    page.wait_for_function("Reveal.isReady()")
    page.wait_for_function(DRAWN)
    return page, asked, failed


@pytest.mark.parametrize(
    ("stem", "kind"), [*((stem, "wide") for stem in STEMS), ("07_convolution", "narrow")]
)
def test_no_slide_overflows_and_no_request_leaves(set_in, folder, stem, kind):
    page, asked, failed = opened(set_in(FONTS[kind]), folder / f"{stem}.html")
    found = page.evaluate(OVERFLOW)
    page.close()
    assert found["faults"] == []
    for tag, least in SMALLEST.items():
        size = found["smallest"][tag]
        assert size >= least - 0.5, f"a <{tag}> of {size:.0f} px"
    assert [url for url in asked if not re.match("file:|data:|blob:", url)] == []
    assert failed == []


@pytest.fixture
def deck(browser, folder):
    page, _, _ = opened(browser, folder / "07_convolution.html")
    with no_errors_on(page):
        yield page
    page.close()


def shown(page) -> int:
    return page.evaluate("Reveal.getIndices().h")


def go_to(page, selector: str) -> None:
    """Turn to the first slide with such an element."""
    page.evaluate(
        "(s) => Reveal.slide(Reveal.getSlides().findIndex((one) => one.querySelector(s)))", selector
    )
    page.wait_for_timeout(200)


def test_a_flipbook_turns_without_a_kernel_and_keeps_its_keys(deck):
    go_to(deck, ".widget-play")
    here = shown(deck)
    handle = deck.locator(".present .noUi-handle")
    before = deck.locator(".present .widget").screenshot()
    handle.focus()
    deck.keyboard.press("ArrowRight")
    deck.keyboard.press("ArrowRight")
    assert handle.get_attribute("aria-valuenow") == "2.0"
    assert deck.locator(".present .widget").screenshot() != before
    assert shown(deck) == here
    deck.keyboard.press("PageUp")
    assert shown(deck) == here - 1


def test_escape_leaves_a_widget(deck):
    go_to(deck, ".widget-play")
    here = shown(deck)
    deck.locator(".present .noUi-handle").focus()
    deck.keyboard.press("Escape")
    deck.keyboard.press("ArrowLeft")
    assert shown(deck) == here - 1


def test_play_plays(deck):
    go_to(deck, ".widget-play")
    deck.locator(".present .widget-play button").first.click()
    deck.wait_for_function(
        "document.querySelector('.present .noUi-handle').getAttribute('aria-valuenow') >= '1'"
    )


def test_the_stepper_steps(deck):
    go_to(deck, ".own")
    deck.get_by_role("button", name="Next").click()
    assert deck.locator(".present .own").get_by_text("window 2 of 16").is_visible()


def test_what_needs_a_kernel_says_so_and_stays_still(deck):
    go_to(deck, ".live")
    assert deck.locator(".present .widget").get_attribute("inert") == ""
    link = deck.locator(".present .live a").get_attribute("href")
    assert link == "../../notebooks/07_convolution.ipynb#4.-Edges-in-a-photograph"


def test_notes_are_in_the_speaker_view_with_a_clock(deck):
    with deck.context.expect_page() as opening:
        deck.keyboard.press("s")
    speaker = opening.value
    speaker.wait_for_selector(".clock-value", state="attached")
    deck.evaluate("Reveal.slide(2)")
    speaker.get_by_text("Ask for a guess of the number of weights").wait_for()
    speaker.close()


def test_it_prints_a_page_a_slide(browser, folder):
    page, _, _ = opened(browser, folder / "07_convolution.html", "?print-pdf")
    page.wait_for_selector(".pdf-page")
    page.wait_for_timeout(500)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    count = len(slides.deck(pages.read("07_convolution")))
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == count
