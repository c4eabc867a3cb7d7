"""The drawing pad in a real browser, with a Python object in place of the kernel.

The page gets the script, the style and the numbers out of the widget state; what it sends goes to
the same `DigitPad` that a notebook shows, and the reading comes back. A console error fails. Tests
wait for a state, never for a time, so that they hold on a slow machine.
"""

import time
from contextlib import suppress

import numpy as np
import pytest

from lessons.convolutional_networks.digit_pad import DigitPad
from tests.kit import texts
from tests.kit.pages import no_errors_on
from utils import data, models, training
from utils.widgets import to_png

expect = pytest.importorskip("playwright.sync_api", reason="needs the package playwright").expect

pytestmark = pytest.mark.slow

DIGITS = data.digits()
SAMPLES = [int(np.flatnonzero(DIGITS.labels == digit)[0]) for digit in range(10)]

GIVES_UP = 4.0
"""Seconds after which the pad waits no longer for its kernel, as in static/digit_pad.js."""

# A widget model whose kernel is `toKernel`, a function of this test; bytes travel as lists.
# `sent` holds what went to the kernel, `answered` counts what came back, `gate` holds it up.
HOST = """() => {
const revive = (value) => {
  if (Array.isArray(value)) return value.map(revive);
  if (value && value.bytes) return new DataView(new Uint8Array(value.bytes).buffer);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one)]));
  }
  return value;
};
window.mount = async (saved) => {
  const state = revive(saved);
  const css = document.head.appendChild(document.createElement("style"));
  css.textContent = saved._css;
  const url = URL.createObjectURL(new Blob([saved._esm], { type: "text/javascript" }));
  window.pad = await import(url);
  window.listeners = {};
  window.sent = [];
  window.answered = 0;
  window.gate = Promise.resolve();
  const fire = (name) => [...(listeners[`change:${name}`] ?? [])].forEach((listener) => listener());
  const model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; fire(name); },
    on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
    off: (name, listener) => listeners[name].delete(listener),
    async save_changes() {
      const bytes = [...new Uint8Array(state.drawing.buffer)];
      sent.push(bytes);
      await gate;
      const reading = await toKernel(bytes);
      answered++;
      if (reading) model.set("reading", revive(reading));
    },
  };
  window.model = model;
  window.addView = () => {
    const el = document.body.appendChild(document.createElement("div"));
    return window.pad.default.render({ model, el });
  };
  window.closeFirst = window.addView();
};
}"""


def portable(value):
    """Bytes as {"bytes": [...]}, which the page turns into a DataView."""
    if isinstance(value, bytes | memoryview):
        return {"bytes": list(bytes(value))}
    if isinstance(value, dict):
        return {name: portable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [portable(one) for one in value]
    return value


@pytest.fixture(scope="module")
def network():
    training.reproducible(0)
    model = models.lenet5()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    pair = (data.enlarged(DIGITS.images), DIGITS.labels)
    training.fit(model, pair, pair, epochs=5)
    return model


@pytest.fixture
def pad(network):
    return DigitPad(network, DIGITS.images[SAMPLES], range(10))


@pytest.fixture
def page(browser, pad):
    """The pad on a page; `pad` is its kernel, or nobody is while `page.kernel` is False."""
    page = browser.new_page(viewport={"width": 1050, "height": 760})
    page.set_default_timeout(30_000)
    page.kernel = True

    def to_kernel(cells):
        if not page.kernel:
            return None
        with suppress(RuntimeError):  # it is on the pad, too, where a test looks
            pad.drawing = bytes(cells)
        return portable(pad.reading)

    with no_errors_on(page):
        page.expose_function("toKernel", to_kernel)
        page.evaluate(HOST)
        page.evaluate("(state) => mount(state)", portable(pad.get_state()))
        yield page
    page.close()


def probabilities(page):
    values = page.locator(".dp-value").all_text_contents()
    return [int(value.removesuffix("%")) for value in values[:10]]


def status(page):
    return page.locator(".dp-status").first.text_content()


# White pixels of the first pad.
INK = """() => {
  const canvas = document.querySelector(".dp-left > canvas");
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let white = 0;
  for (let i = 0; i < pixels.length; i += 4) white += Math.min(...pixels.slice(i, i + 3)) === 255;
  return white;
}"""


def ink(page):
    return page.evaluate(INK)


def wait_for_ink(page, condition):
    """`condition` is JavaScript about the number of white pixels, `n`."""
    page.wait_for_function(f"() => ((n) => {condition})(({INK})())")


def settle(page):
    """Wait until the kernel has answered all that was drawn."""
    page.wait_for_function("() => answered === sent.length")


def canvas(page):
    return page.locator(".dp-left > canvas").first


def drag(page, *places):
    """Draw with the mouse through places on the pad, each 0..1."""
    box = canvas(page).bounding_box()
    for number, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def clear(page):
    page.get_by_role("button", name="Clear").first.click()
    wait_until_clear(page)


def wait_until_clear(page):
    page.wait_for_function(
        "() => document.querySelector('.dp-status').textContent === 'Draw a digit.'"
    )
    settle(page)


def wait_for_reading(page, digit=""):
    page.wait_for_function(
        "(words) => document.querySelector('.dp-status').textContent.includes(words)",
        arg=f"reads a {digit}",
    )
    settle(page)


def test_first_state_needs_no_kernel(page):
    page.kernel = False
    assert status(page).startswith("The network reads a 0")
    assert probabilities(page)[0] == max(probabilities(page))
    wait_for_ink(page, "n > 1000")
    assert page.locator(".dp-maps img").count() == 4
    page.wait_for_function(
        "() => [...document.querySelectorAll('.dp-maps img')].every((i) => i.naturalWidth > 90)"
    )


def test_the_mouse_draws_and_the_probabilities_follow(page):
    clear(page)
    wait_for_ink(page, "n === 0")
    assert probabilities(page) == [0] * 10
    drag(page, (0.5, 0.15), (0.5, 0.85))
    wait_for_reading(page)
    wait_for_ink(page, "n > 1000")
    upright = probabilities(page)
    assert 95 <= sum(upright) <= 105
    drag(
        page,
        (0.5, 0.15),
        (0.75, 0.3),
        (0.5, 0.5),
        (0.25, 0.7),
        (0.5, 0.85),
        (0.75, 0.7),
        (0.25, 0.3),
        (0.5, 0.15),
    )
    settle(page)
    assert probabilities(page) != upright


def test_every_sample_is_loaded_and_read(page, pad):
    right = 0
    for digit in [*range(1, 10), 0]:
        page.get_by_role("button", name=f"Load a written {digit}").first.click()
        settle(page)
        assert pad.drawing == pad.samples[digit]["drawing"]
        right += f"reads a {digit}" in status(page)
    assert right >= 8


def test_the_keyboard_draws_moves_and_clears(page):
    clear(page)
    canvas(page).focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("() => sent.length") == 1
    wait_for_ink(page, "n === 0")
    page.keyboard.press("Space")
    expect(page.locator(".dp-pen")).to_contain_text("Pen down")
    wait_for_ink(page, "n > 0")
    one_dab = ink(page)
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    wait_for_ink(page, f"n > {one_dab}")
    page.keyboard.press("Space")
    expect(page.locator(".dp-pen")).to_contain_text("Pen up")
    settle(page)
    drawn = page.evaluate("() => sent.length")
    page.keyboard.press("ArrowLeft")
    settle(page)
    assert page.evaluate("() => sent.length") == drawn
    page.keyboard.press("Delete")
    wait_until_clear(page)
    wait_for_ink(page, "n === 0")


def test_the_cursor_stays_on_the_pad(page):
    corner = page.evaluate("""() => {
      let cursor = { x: 32, y: 32 };
      for (let i = 0; i < 99; i++) cursor = pad.moved(pad.moved(cursor, "ArrowRight"), "ArrowDown");
      return cursor;
    }""")
    assert corner == {"x": 63, "y": 63}
    assert page.evaluate("() => pad.moved({ x: 0, y: 0 }, 'ArrowLeft')") == {"x": 0, "y": 0}
    assert page.evaluate("() => pad.moved({ x: 0, y: 0 }, 'a')") is None


def test_packing_is_that_of_numpy(page):
    cells = np.random.default_rng(0).integers(0, 2, 4096)
    packed = page.evaluate(
        "(cells) => [...new Uint8Array(pad.pack(Uint8Array.from(cells)).buffer)]", cells.tolist()
    )
    assert bytes(packed) == np.packbits(cells).tobytes()
    back = page.evaluate(
        "(bytes) => [...pad.unpack(new DataView(Uint8Array.from(bytes).buffer))]", packed
    )
    assert back == cells.tolist()


def test_strokes_do_not_queue_up(page, pad):
    clear(page)
    before = page.evaluate("() => sent.length")
    page.evaluate("() => { window.gate = new Promise((open) => (window.openGate = open)); }")
    started = time.perf_counter()
    drag(page, *[(0.2 + 0.6 * (i % 2), 0.1 + 0.02 * i) for i in range(40)])
    page.evaluate("() => openGate()")
    given_up = int((time.perf_counter() - started) // GIVES_UP)  # 0 but on a very slow machine
    settle(page)
    sent = page.evaluate("() => sent")
    assert before < len(sent) <= before + 2 + given_up
    assert bytes(sent[-1]) == pad.drawing
    shown = page.evaluate("() => [...new Uint8Array(model.get('drawing').buffer)]")
    assert shown == sent[-1]


def test_what_goes_wrong_is_said_on_the_pad(page, pad):
    def broken(image):
        raise RuntimeError("no such luck")

    pad.network = broken
    page.get_by_role("button", name="Load a written 5").first.click()
    page.wait_for_function(
        "() => document.querySelector('.dp-complaint').textContent.includes('no such luck')"
    )


def test_says_when_nobody_answers(page):
    page.kernel = False
    page.get_by_role("button", name="Load a written 5").first.click()
    complaint = page.locator(".dp-complaint")
    expect(complaint).to_contain_text("run this notebook's cells", timeout=30_000)
    page.kernel = True
    page.get_by_role("button", name="Load a written 6").first.click()
    wait_for_reading(page, 6)
    expect(complaint).to_have_text("")


def test_two_views_show_the_same_and_close_cleanly(page):
    page.evaluate("() => { window.closeSecond = addView(); }")
    page.get_by_role("button", name="Load a written 7").first.click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.dp-status')].every((s) => s.textContent.includes('reads a 7'))"
    )
    page.evaluate("() => { closeFirst(); closeSecond(); }")
    left = page.evaluate("() => Object.values(listeners).reduce((n, set) => n + set.size, 0)")
    assert left == 0


def test_named_for_who_cannot_see(page):
    label = canvas(page).get_attribute("aria-label")
    assert "arrow keys" in label
    assert "space bar" in label
    assert page.locator("[role=listitem]").first.get_attribute("aria-label").startswith("0: ")
    assert all(page.locator(".dp-maps img").nth(i).get_attribute("alt") for i in range(4))


def reading(probabilities, problem=""):
    """What the pad says of a drawing, with pictures of the sizes of LeNet-5's."""
    titles = ("conv1: 6 maps of 28×28", "conv2: 16 maps of 10×10", "pool2: 16 maps of 5×5")
    maps = to_png(np.full((115, 470), 200, np.uint8))
    answer = {
        "turn": 1,
        "seen": to_png(np.zeros((96, 96), np.uint8)),
        "pictures": [{"title": title, "png": maps} for title in titles],
        "probabilities": probabilities,
    }
    return answer | ({"problem": problem} if problem else {})


READINGS = (
    reading([]),
    reading([1.0] + 9 * [0.0]),
    reading(10 * [0.1], f"RuntimeError: {100 * 'x'} is not a layer of the model."),
)


def test_fits_its_cell(each_font):
    page = each_font.new_page()
    page.evaluate(HOST)
    for one in READINGS:
        state = {
            "_esm": str(DigitPad._esm),
            "_css": str(DigitPad._css),
            "drawing": bytes(512),
            "samples": [{"label": f"{digit}", "drawing": bytes(512)} for digit in range(10)],
            "reading": one,
        }
        page.evaluate("(state) => mount(state)", portable(state))
    pictures = "() => [...document.images].every((one) => one.complete && one.naturalWidth)"
    page.wait_for_function(pictures)
    for width in (420, 800, 1050, 1700):
        page.set_viewport_size({"width": width, "height": 900})
        seen = texts.looked_at(page)
        assert seen["faults"] == seen["scrolling"] == [], width
        assert seen["smallest"] >= 15
    page.close()
