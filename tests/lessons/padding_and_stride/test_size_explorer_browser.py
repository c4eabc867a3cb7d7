"""The size explorer's picture in a real browser: only there one knows how wide a text is."""

from itertools import product

import pytest

from lessons.padding_and_stride.size_explorer import RANGES, SMALLEST_TEXT, WIDTH, svg

pytestmark = pytest.mark.browser

ENDS = product(*(ends[:2] for ends in RANGES.values()))
SETTINGS = [*ENDS, (8, 3, 0, 2, 1), (16, 2, 4, 1, 1), (12, 7, 4, 1, 3)]

LOOK = """() => {
  const svg = document.querySelector("svg"), paper = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].map((e) => [e, e.getBoundingClientRect()]);
  const overlap = ([, a], [, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
  return {
    width: paper.width,
    outside: boxes.filter(([, b]) => b.left < paper.left || b.right > paper.right
      || b.top < paper.top || b.bottom > paper.bottom).map(([e]) => e.textContent),
    overlapping: boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => overlap(a, b))
      .map((b) => [a[0].textContent, b[0].textContent])),
    smallest: Math.min(...boxes.map(([e]) => parseFloat(getComputedStyle(e).fontSize))),
  };
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    yield page
    page.close()


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_every_text_fits_and_none_covers_another(page, setting):
    page.set_content(svg(*setting))
    seen = page.evaluate(LOOK)
    assert seen["width"] == WIDTH
    assert seen["outside"] == []
    assert seen["overlapping"] == []
    assert seen["smallest"] >= SMALLEST_TEXT
