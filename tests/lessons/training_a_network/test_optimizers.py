"""Tests of the race and of the slider for the learning rate."""

import re
import time
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from lessons.training_a_network import optimizers
from lessons.training_a_network.optimizers import (
    CURVE,
    FASTEST,
    LIMIT,
    MAP,
    SLOWEST,
    STEPS,
    RateExplorer,
    borders,
    race,
    rate_svg,
    verdict,
)
from lessons.training_a_network.surfaces import Valley, descend
from tests.kit import texts
from tests.kit.books import has_small_pages, turns_to_both_ends
from utils import plots
from utils.neurons import SGD, Adam

VALLEY = Valley()
START = np.array([-4.0, -1.0])


@pytest.fixture
def widget():
    return RateExplorer(VALLEY, START)


def walk(rate):
    return descend(VALLEY, SGD(rate), START, STEPS)


# The race


@pytest.fixture(scope="module")
def book():
    plots.style()
    paths = {
        "one": descend(VALLEY, SGD(0.05), START, 8),
        "two": descend(VALLEY, Adam(0.2), START, 8),
    }
    return race(VALLEY, paths, [0, 2, 8])


test_one_page_a_moment_all_of_one_size = has_small_pages(3, 20_000)


test_the_race_turns_to_both_ends = turns_to_both_ends(3)


def test_the_race_says_who_runs(book):
    text = book._repr_mimebundle_()[0]["text/plain"]
    assert "3 pages" in text
    assert "one, two" in text


# Verdicts


@pytest.mark.parametrize(
    ("rate", "word"),
    [(0.005, "crawls"), (0.05, "converges"), (0.09, "oscillates"), (0.12, "diverges")],
)
def test_verdicts_in_words(rate, word):
    assert verdict(VALLEY, rate) == word


@pytest.mark.parametrize("rate", np.logspace(SLOWEST, FASTEST, 40))
def test_verdicts_hold_for_the_path(rate):
    path = walk(rate) @ VALLEY.directions
    along, across = np.abs(path[-1] / path[0])
    bounce = path[1, 1] / path[0, 1]
    word = verdict(VALLEY, rate)
    if word == "diverges":
        assert bounce < -1
        assert across > 1
    elif word == "oscillates":
        assert -1 <= bounce <= -0.5 + 1e-9
    elif word == "converges":
        assert along < 0.1 + 1e-9
        assert bounce > -0.5
    else:
        assert along > 0.1 - 1e-9


def test_the_last_border_is_the_largest_rate():
    assert borders(VALLEY)[2] == 2 / VALLEY.curvatures[1] == VALLEY.largest_rate
    assert verdict(VALLEY, 0.999 * VALLEY.largest_rate) == "oscillates"
    assert verdict(VALLEY, 1.001 * VALLEY.largest_rate) == "diverges"


def test_a_valley_too_long_for_the_steps_is_refused():
    with pytest.raises(ValueError, match="every rate crawls or oscillates"):
        borders(Valley(((1, 0), (0, 500))))


# The drawing


def points(svg):
    """Of the two lines, path and losses, as arrays of pixels."""
    lines = re.findall(r'<polyline points="([^"]+)"', svg)
    return [np.array([pair.split(",") for pair in line.split()], float) for line in lines]


@pytest.mark.parametrize("rate", [0.007, 0.06, 0.09, 0.3, 3.0])
def test_the_drawing_is_well_formed(rate):
    root = ET.fromstring(rate_svg(VALLEY, walk(rate), rate))
    assert root.attrib["aria-label"].startswith(f"Learning rate {rate:.3g}: gradient descent")


def test_the_path_is_drawn_to_scale():
    path, losses = points(rate_svg(VALLEY, walk(0.06), 0.06))
    assert len(path) == len(losses) == STEPS + 1
    left, top, side = MAP
    middle, scale = np.array([left, top]) + side / 2, side / (2 * LIMIT)
    np.testing.assert_allclose(path, middle + walk(0.06) * [scale, -scale], atol=0.06)


def test_losses_fall_on_a_logarithmic_scale():
    _, losses = points(rate_svg(VALLEY, walk(0.06), 0.06))
    _, top, _, height = CURVE
    power = 6 - 12 * (losses[:, 1] - top) / height
    np.testing.assert_allclose(power, np.log10(VALLEY.loss(walk(0.06))), atol=0.01)


def test_what_explodes_is_drawn_until_it_leaves():
    path, losses = points(rate_svg(VALLEY, walk(0.15), 0.15))
    assert 3 < len(path) < 10
    assert 3 < len(losses) < 20
    assert losses[-1, 1] == CURVE[1]


def test_ellipses_are_lines_of_equal_loss():
    svg = rate_svg(VALLEY, walk(0.06), 0.06)
    rx, ry, tilt = map(
        float, re.search(r'rx="([\d.]+)" ry="([\d.]+)" transform="rotate\((\S+) ', svg).groups()
    )
    scale, angle = MAP[2] / (2 * LIMIT), np.deg2rad(-tilt)
    long = rx / scale * np.array([np.cos(angle), np.sin(angle)])
    short = ry / scale * np.array([-np.sin(angle), np.cos(angle)])
    np.testing.assert_allclose(VALLEY.loss(long), VALLEY.loss(short), rtol=1e-2)
    np.testing.assert_allclose(VALLEY.loss(long), VALLEY.loss([LIMIT, -LIMIT]), rtol=1e-2)


# The slider


@pytest.mark.parametrize("power", [SLOWEST, FASTEST])
def test_the_slider_reaches_both_ends(widget, power):
    before = widget.drawing.value
    widget.rate.value = 10**power
    assert widget.drawing.value != before
    word = "crawls" if power == SLOWEST else "diverges"
    assert f"It {word}:" in widget.words.value


def test_every_verdict_can_be_reached(widget):
    found = set()
    for power in np.arange(SLOWEST, FASTEST, widget.rate.step):
        widget.rate.value = 10**power
        found.add(re.search(r"It (\w+):", widget.words.value)[1])
    assert found == set(optimizers.WORDS)


@pytest.mark.filterwarnings("error")
def test_the_largest_rate_is_quiet(widget):
    widget.rate.value = widget.rate.base**widget.rate.max
    assert "nan" not in widget.drawing.value


def test_a_frame_is_quick(widget):
    times = []
    for rate in np.linspace(0.01, 0.15, 25):
        started = time.perf_counter()
        widget.rate.value = float(rate)
        times.append(time.perf_counter() - started)
    assert np.median(times) < 0.05  # 1 ms on an idle machine


def test_the_text_is_the_same_in_every_run(widget):
    text = widget._repr_mimebundle_()[0]["text/plain"]
    assert text == RateExplorer(VALLEY, START).text
    assert "crawls, converges, oscillates, diverges" in text


def states():
    widget = RateExplorer(VALLEY, START)
    for power in np.arange(SLOWEST, FASTEST, 5 * widget.rate.step):
        widget.rate.value = 10**power
        yield texts.as_html(widget)
    widget.rate.value = 10**FASTEST
    yield texts.as_html(widget)


test_every_text_fits_with_any_font = texts.fit(states, 16)
