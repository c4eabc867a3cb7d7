"""The stepper on a volume in a real browser, without Jupyter and without a kernel."""

import re

import numpy as np
import pytest
from scipy.signal import correlate2d

from lessons.convolution.stepper import VolumeStepper
from tests.kit import texts
from tests.kit.pages import HOST, button, number, press, saved_state, state

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
VOLUME = RNG.integers(0, 4, (4, 4, 3))
KERNEL = RNG.integers(-2, 3, (2, 2, 3))


def mount(page, volume=VOLUME, kernel=KERNEL, bias=-3, step=0):
    stepper = VolumeStepper(volume, kernel, bias)
    stepper.step = step
    page.evaluate("(stored) => mount(stored)", saved_state(stepper))


def maps(page):
    """The three maps and the last one, as shown; None where a number is not known yet."""
    shown = page.evaluate(
        "() => [...document.querySelectorAll('.cs-output')].map((map) => "
        "[...map.querySelectorAll('.cs-cell')].map((cell) => cell.textContent))"
    )
    return [[None if text == "·" else number(text) for text in one] for one in shown]


def expected(volume, kernel, bias):
    """What SciPy makes of it: the maps of the channels, and what the layer makes of their sum."""
    alone = [correlate2d(volume[..., c], kernel[..., c], "valid").ravel() for c in range(3)]
    return [*alone, np.maximum(np.sum(alone, axis=0) + bias, 0)]


def test_all_maps_equal_scipy(page):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        sides, slices = rng.integers(3, 6, 2), rng.integers(1, 4, 2)
        volume, kernel = rng.integers(-3, 9, (*sides, 3)), rng.integers(-4, 5, (*slices, 3))
        bias = float(rng.integers(-9, 9)) + 0.5 * (seed % 2)
        page.evaluate("document.body.replaceChildren()")
        mount(page, volume, kernel, bias)
        page.locator(".cs-output .cs-grid").last.focus()
        press(page, "End")
        np.testing.assert_allclose(maps(page), expected(volume, kernel, bias))


def test_a_place_is_told_in_words(page):
    mount(page)
    *sums, after = (one[0] for one in expected(VOLUME, KERNEL, -3))
    words = re.findall(r"[-−]? ?\d+", page.locator(".cs-terms-of-a-place").inner_text())
    told = [number(word.replace(" ", "")) for word in words]
    assert told == [*sums, -3, sum(sums) - 3, after]
    assert page.locator(".cs-layer .cs-heading").text_content() == "Place [0, 0]"
    assert page.locator(".cs-layer [aria-live=polite]").count() == 1


def test_maps_fill_up_from_place_to_place(page):
    mount(page)
    assert [sum(value is not None for value in one) for one in maps(page)] == [1] * 4
    button(page, "Next ›").click()
    assert [sum(value is not None for value in one) for one in maps(page)] == [2] * 4
    button(page, "‹ Back").click()
    assert state(page, "step") == 0
    assert page.locator(".cs-counter").text_content() == "window 1 of 9"


def test_play_runs_to_the_end_and_starts_again(page):
    mount(page)
    button(page, "▶\ufe0e Play").click()
    page.clock.run_for(60_000)
    assert state(page, "step") == 8
    button(page, "▶\ufe0e Play").click()
    assert state(page, "step") == 0
    button(page, "❚❚ Pause").click()
    page.clock.run_for(5000)
    assert state(page, "step") == 0


def test_keys_and_pointer_move_all_frames_at_once(page):
    mount(page)
    page.locator(".cs-channel .cs-grid").first.focus()
    press(page, "ArrowRight", "ArrowDown")
    assert state(page, "step") == 4
    assert page.locator(".cs-current").count() == 4
    assert page.locator(".cs-covered").count() == 3 * 4
    page.locator(".cs-output").last.locator(".cs-cell").nth(8).click()
    assert state(page, "step") == 8
    page.locator(".cs-channel").nth(2).locator(".cs-cell").first.click()
    assert state(page, "step") == 0
    labels = [
        grid.get_attribute("aria-label") for grid in page.locator(".cs-channel .cs-grid").all()
    ]
    assert labels == [
        f"{name}, 4 rows, 4 columns; window over rows 0 to 1, columns 0 to 1"
        for name in ("red", "green", "blue")
    ]


def test_weights_and_bias_can_be_changed_and_reset(page):
    mount(page)
    page.get_by_label("Weight [1, 0] for blue").fill("-7")
    page.get_by_label("Bias").fill("2.5")
    page.locator(".cs-output .cs-grid").first.focus()
    press(page, "End")
    kernel = KERNEL.copy()
    kernel[1, 0, 2] = -7
    np.testing.assert_allclose(maps(page), expected(VOLUME, kernel, 2.5))
    page.get_by_label("Bias").fill("many")
    assert "still 2.5" in page.locator(".cs-complaint").text_content()
    button(page, "Reset").click()
    assert (state(page, "bias"), state(page, "step")) == (-3, 0)
    assert state(page, "kernel") == [KERNEL[..., c].tolist() for c in range(3)]
    assert page.locator("input.cs-field").count() == 13


def test_two_views_show_one_state_and_close_cleanly(page):
    mount(page)
    page.evaluate("() => { window.closeSecond = addView(); }")
    button(page, "Next ›").first.click()
    assert page.locator(".cs-counter").all_text_contents() == ["window 2 of 9"] * 2
    button(page, "▶\ufe0e Play").last.click()
    page.evaluate("() => { closeSecond(); closeFirst(); }")
    page.clock.run_for(10_000)
    assert state(page, "step") == 1
    assert page.evaluate("listeners.size") == 0


def test_every_text_can_be_read_with_any_font(each_font):
    page = each_font.new_page()
    page.evaluate(HOST, "stepper")
    mount(page, step=8)
    mount(page, -VOLUME * 11, KERNEL * 1.25, -12.5, step=8)
    for width in (760, 900, 1200, 1750):
        page.set_viewport_size({"width": width, "height": 800})
        seen = texts.looked_at(page)
        assert seen["faults"] == [], width
        assert seen["smallest"] >= 16
    page.close()
