"""The confusion-matrix browser in a real browser, with a Python object in place of the kernel."""

import numpy as np
import pytest

from lessons.image_classification.confusion import MOST, ConfusionBrowser
from tests.kit import texts
from tests.kit.pages import no_errors_on
from tests.lessons.image_classification.test_confusion import IMAGES, LABELS, MATRIX, PROBABILITIES

pytestmark = pytest.mark.slow

NAMES = ["cat", "dog", "a <b> & c"]

# A widget model whose kernel is `toKernel`, a function of this test, which may answer nothing.
HOST = """async (state) => {
  const css = document.head.appendChild(document.createElement("style"));
  css.textContent = state._css;
  const url = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  const listeners = {};
  const fire = (name) => [...(listeners[`change:${name}`] ?? [])].forEach((listener) => listener());
  const model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; fire(name); },
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name].delete(listener),
    async save_changes() {
      const answer = await toKernel(state.cell);
      if (answer) model.set("answer", answer);
    },
  };
  window.listening = () => Object.values(listeners).reduce((sum, one) => sum + one.size, 0);
  const el = document.body.appendChild(document.createElement("div"));
  window.close = (await import(url)).default.render({ model, el });
}"""


@pytest.fixture
def widget():
    return ConfusionBrowser(IMAGES, LABELS, PROBABILITIES, NAMES)


@pytest.fixture
def page(browser, widget):
    """The browser on a page; no kernel answers while `page.kernel` is False. Console errors fail."""
    page = browser.new_page(viewport={"width": 1050, "height": 500})
    page.set_default_timeout(30_000)
    page.clock.install(time=0)
    page.kernel = True

    def to_kernel(cell):
        if not page.kernel:
            return None
        widget.cell = cell
        return widget.answer

    page.expose_function("toKernel", to_kernel)
    state = {name: widget.get_state()[name] for name in ("names", "matrix", "cell", "answer")}
    with no_errors_on(page):
        page.evaluate(HOST, state | {"_esm": str(widget._esm), "_css": str(widget._css)})
        yield page
    page.close()


def number(page, was, called):
    return page.locator("tr").nth(was + 1).locator("button").nth(called)


def wait_for(page, count):
    page.wait_for_function(f"() => document.querySelectorAll('figure').length === {count}")


def chosen(page):
    pressed = page.locator("button[aria-pressed=true]")
    assert pressed.count() == 1
    return pressed.get_attribute("aria-label")


def words(page):
    return page.locator(".cb-words").text_content()


def test_the_table_holds_the_matrix(page):
    numbers = [int(text) for text in page.locator("button").all_text_contents()]
    assert numbers == MATRIX.ravel().tolist()
    assert page.locator("th[scope=row]").all_text_contents() == NAMES
    assert page.locator("th[scope=col]").all_text_contents() == NAMES


def test_the_first_cell_comes_with_its_pictures(page, widget):
    assert page.locator("figure").count() == len(widget.answer["pictures"]) > 0
    assert page.locator("figcaption").first.text_content().endswith("%")
    loaded = "() => [...document.images].every((one) => one.complete && one.naturalWidth === 16)"
    page.wait_for_function(loaded)


@pytest.mark.parametrize("was", range(3))
@pytest.mark.parametrize("called", range(3))
def test_a_click_on_any_number(page, widget, was, called):
    number(page, was, called).click()
    wait_for(page, min(MATRIX[was, called], MOST))
    assert widget.cell == [was, called]
    assert chosen(page) == f"{NAMES[was]}, called {NAMES[called]}: {MATRIX[was, called]}"
    assert f"of {NAMES[was]}, called {NAMES[called]}" in words(page)
    assert ("right" if was == called else "wrong") in words(page)
    assert (f"the {MOST} surest" in words(page)) == (MATRIX[was, called] > MOST)


def test_arrow_keys_reach_every_end_and_stay_inside(page, widget):
    number(page, 1, 1).click()
    ends = {
        "ArrowUp": [0, 1], "ArrowLeft": [0, 0], "ArrowDown": [2, 0], "End": [2, 2],
        "ArrowRight": [2, 2], "Home": [2, 0],
    }  # fmt: skip
    for key, cell in ends.items():
        for _ in range(4):
            page.keyboard.press(key)
        label = f"{NAMES[cell[0]]}, called {NAMES[cell[1]]}: {MATRIX[cell[0], cell[1]]}"
        assert chosen(page) == label
        assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == label
    wait_for(page, 0)
    assert widget.cell == [2, 0]


def test_only_the_chosen_number_is_in_the_tab_order(page):
    number(page, 0, 2).click()
    assert page.locator("button[tabindex='0']").count() == 1
    assert number(page, 0, 2).get_attribute("tabindex") == "0"


def test_an_empty_cell_says_so(page):
    assert MATRIX[2, 0] == 0
    number(page, 2, 0).click()
    wait_for(page, 0)
    assert words(page) == "No pictures of a <b> & c, called cat (wrong)."


def test_without_a_kernel_it_says_what_is_missing(page):
    page.kernel = False
    number(page, 0, 0).click()
    assert page.locator("figure").count() == 0
    assert f"{MATRIX[0, 0]} pictures of cat, called cat (right)" in words(page)
    page.clock.run_for(5000)
    assert "run the cell" in page.locator(".cb-pictures").text_content()


def test_it_leaves_nothing_behind(page):
    assert page.evaluate("() => listening()") == 2
    page.evaluate("() => close()")
    assert page.evaluate("() => listening()") == 0


LARGE = {
    "names": ["airplane", "motorbike", "nine-banded armadillo", "dog"] * 2,
    "matrix": np.random.default_rng(0).integers(0, 20_000, (8, 8)).tolist(),
}


def test_long_names_and_large_numbers_fit_with_any_font(each_font, widget):
    page = each_font.new_page()
    state = {name: widget.get_state()[name] for name in ("names", "matrix", "cell", "answer")}
    for one in (state, state | LARGE, state | LARGE | {"cell": [2, 6]}):
        page.evaluate(HOST, one | {"_esm": str(widget._esm), "_css": str(widget._css)})
    for width in (700, 1000):
        page.set_viewport_size({"width": width, "height": 720})
        seen = texts.looked_at(page)
        assert seen["faults"] == seen["scrolling"] == [], width
        assert seen["smallest"] >= 15
    page.close()
