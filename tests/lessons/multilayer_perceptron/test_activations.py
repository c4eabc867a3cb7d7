"""Tests of the explorer of activations: its numbers, its drawing, its words, its controls."""

import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest

from lessons.multilayer_perceptron.activations import (
    LIMIT,
    NAMES,
    PANELS,
    ActivationExplorer,
    explorer_svg,
    in_words,
    value_and_slope,
)
from tests.kit import texts
from utils.neurons import ACTIVATIONS

each_name = pytest.mark.parametrize("name", NAMES.values())
Z = np.linspace(-LIMIT, LIMIT, 21)


@pytest.fixture
def explorer():
    return ActivationExplorer()


@each_name
def test_values_are_those_of_the_course(name):
    function, derivative = ACTIVATIONS[name]
    value, slope = value_and_slope(name, Z, 0.01)
    np.testing.assert_allclose(value, function(Z))
    np.testing.assert_allclose(slope, derivative(Z))


@each_name
def test_the_slope_is_that_of_the_curve(name):
    z = Z + 0.05  # beside the corner
    up, down = (value_and_slope(name, z + h, 0.2)[0] for h in (1e-6, -1e-6))
    np.testing.assert_allclose(value_and_slope(name, z, 0.2)[1], (up - down) / 2e-6, atol=1e-7)


WORDS = {
    (
        "sigmoid",
        0.0,
    ): "At work: 100 % of the steepest slope. 10 layers with this slope: 9.5 · 10⁻⁷.",
    ("sigmoid", 10.0): "Saturated",
    ("sigmoid", -10.0): "Saturated",
    ("sigmoid", 0.1): "At work: 99.8 % of the steepest slope.",
    ("sigmoid", 3.0): "At work: 18.1 %",
    ("tanh", 0.0): "10 layers with this slope: 1.",
    ("tanh", 3.0): "Saturated: less than 5 %",
    ("relu", 3.0): "Open",
    ("relu", -3.0): "Off: nothing passes back",
    ("relu", 0.0): "At the corner itself we count 0",
    ("leaky_relu", 3.0): "Open",
    (
        "leaky_relu",
        -3.0,
    ): "leaky side: 0.1 of the slope still passes back. 10 layers with this slope: 1.0 · 10⁻¹⁰",
}


@pytest.mark.parametrize(("name", "z"), WORDS)
def test_words_fit_the_slope(name, z):
    assert WORDS[name, z] in in_words(name, z, 0.1)


def drawing(name, z, leak=0.1):
    return ElementTree.fromstring(explorer_svg(name, z, leak))


def coordinates(element):
    return np.array([pair.split(",") for pair in element.get("points").split()], float)


@each_name
@pytest.mark.parametrize("z", [-LIMIT, -0.3, 0.0, 2.0, LIMIT])
def test_dots_lie_on_the_curves_and_inside_the_panels(name, z):
    tree = drawing(name, z)
    lines = [e for e in tree.iter() if e.tag.endswith("polyline")]
    dots = [e for e in tree.iter() if e.tag.endswith("circle")]
    assert len(lines) == 3
    for dot, (left, top, right, bottom) in zip(dots, PANELS, strict=True):
        x, y = float(dot.get("cx")), float(dot.get("cy"))
        assert left - 1 <= x <= right + 1
        assert top - 1 <= y <= bottom + 1
    x, y = coordinates(lines[0]).T
    across, down = float(dots[0].get("cx")), float(dots[0].get("cy"))
    assert down == pytest.approx(np.interp(across, x, y), abs=1.5)


VALUES = {
    ("sigmoid", 10.0): "a = 0.99995",
    ("sigmoid", -10.0): "a = 4.5 · 10⁻⁵",
    ("sigmoid", 0.0): "a = 0.5",
    ("tanh", 10.0): "a = 0.999999996",
    ("tanh", -10.0): "a = −0.999999996",
    ("tanh", 4.9): "a = 0.9999",
    ("tanh", 5.0): "a = 0.99991",
    ("relu", 1.0): "a = 1",
    ("relu", -10.0): "a = 0",
    ("leaky_relu", -10.0): "a = −1",
}


@pytest.mark.parametrize(("name", "z"), VALUES)
def test_a_saturated_activation_is_not_rounded_to_its_limit(name, z):
    titles = [e.text for e in drawing(name, z).iter() if e.get("font-weight") == "bold"]
    assert titles[0] == f"activation: {VALUES[name, z]}"
    assert f"value {VALUES[name, z][4:]}," in drawing(name, z).get("aria-label"), titles


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_no_place_on_the_slider_shows_a_limit(name):
    for z in np.arange(-100, 101) / 10:
        if z:
            label = drawing(name, z).get("aria-label")
            assert not re.search(r"value [−]?[01],|slope [01]$", label), label


def test_the_dot_at_the_left_end_covers_no_number():
    tree = drawing("leaky_relu", -LIMIT)
    numbers = [float(e.get("x")) for e in tree.iter() if e.get("text-anchor") == "end"]
    for dot in (e for e in tree.iter() if e.tag.endswith("circle")):
        edge = float(dot.get("cx")) - float(dot.get("r"))
        assert max(x for x in numbers if x < edge + 20) < edge


def test_the_tangent_touches_and_has_the_slope():
    tangent = coordinates(
        next(e for e in drawing("sigmoid", 0.0).iter() if e.get("stroke-dasharray"))
    )
    (x0, y0), (x1, y1) = tangent
    left, top, right, bottom = PANELS[0]
    run = (x1 - x0) * 20 / (right - left)
    rise = (y0 - y1) * 2.5 / (bottom - top)
    assert rise / run == pytest.approx(0.25, abs=0.01)


def test_the_ground_is_opaque_and_text_is_large():
    svg = explorer_svg("tanh", 1.0, 0.1)
    assert 'fill="white"' in svg
    assert min(int(size) for size in re.findall(r'font-size="(\d+)"', svg)) >= 15
    assert "tanh at z = 1" in drawing("tanh", 1.0).get("aria-label")


@each_name
@pytest.mark.parametrize("z", [-LIMIT, LIMIT])
@pytest.mark.parametrize("leak", [0.0, 0.5])
def test_the_controls_reach_both_ends(explorer, name, z, leak):
    explorer.choice.value, explorer.z.value, explorer.leak.value = name, z, leak
    assert (explorer.z.min, explorer.z.max) == (-LIMIT, LIMIT)
    assert (explorer.leak.min, explorer.leak.max) == (0, 0.5)
    assert explorer.curves.value == explorer_svg(name, z, leak)
    assert in_words(name, z, leak)[:20] in explorer.words.value


def test_the_leak_is_for_the_leaky_relu_alone(explorer):
    assert explorer.leak.disabled
    explorer.choice.value = "leaky_relu"
    assert not explorer.leak.disabled
    explorer.choice.value = "relu"
    assert explorer.leak.disabled


def test_a_move_is_quick(explorer):
    started = time.perf_counter()
    for z in np.linspace(-3, 3, 30):
        explorer.z.value = float(z)
    assert (time.perf_counter() - started) / 30 < 0.05


def test_the_text_is_the_same_in_every_run(explorer):
    text = explorer._repr_mimebundle_()[0]["text/plain"]
    assert text == ActivationExplorer().text
    assert "leaky ReLU" in text


def states():
    for name in NAMES.values():
        for z in (-LIMIT, -4.9, -0.1, 0.0, 0.3, 4.9, LIMIT):
            yield explorer_svg(name, z, 0.5)
    yield texts.as_html(ActivationExplorer())


test_every_text_fits_with_any_font = texts.fit(states, 16)
