"""Tests of the figures of multilayer perceptron: what they show, on the artists that show it."""

import numpy as np
import pytest

from lessons.multilayer_perceptron import figures
from tests.kit.looks import figure_of, fits_the_page, has_large_text
from utils.neurons import ACTIVATIONS, MLP

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0, 1, 1, 0])
ONES, BIASES = np.ones((2, 2)), np.array([-0.5, -1.5])
RNG = np.random.default_rng(0)
POINTS, LABELS = RNG.normal(size=(30, 2)), np.arange(30) % 2
NETWORKS = [MLP.random([2, 4, 2], "tanh", seed) for seed in (0, 1)]
NAMED = dict(zip("ab", NETWORKS, strict=True))
UNIT = (np.array([3, 3, 2, 2]), np.array([1, 1, 0.2, 0.8]), 0.1, 8)
VALUES = {"x": 2, "w": 0.5, "b": -1, "z": 0, "a": 0.5, "L": 0.693}
SLOPES = {"w": -1, "b": -0.5, "z": -0.5, "a": -2}
PATHS = (8.1, np.array([0.2, 0.1]), [9.74, 6.68], np.array([0.9552, -0.9552]))
IMAGES = RNG.integers(0, 17, (3, 8, 8))
PROBABILITIES = np.full((3, 10), 0.1)

FIGURES = {
    "xor": lambda: figures.xor_by_hand(CORNERS, XOR, ONES, BIASES),
    "activations": figures.activation_curves,
    "one unit": lambda: figures.one_unit(*UNIT),
    "chain rule": lambda: figures.chain_rule(VALUES, SLOPES),
    "two paths": lambda: figures.two_paths(*PATHS),
    "four lines": lambda: figures.four_lines(NETWORKS[0], "step 0", POINTS, LABELS),
    "one page": lambda: figures.lines_page(NETWORKS[0], "step 0: 48 % right", POINTS, LABELS),
    "one unit's page": lambda: figures.lines_page(NETWORKS[0], "unit 3", POINTS, LABELS, 2),
    "boundaries": lambda: figures.boundaries_learned(NAMED, POINTS, LABELS),
    "digits": lambda: figures.digits_and_probabilities(IMAGES, [3, 1, 4], PROBABILITIES),
}


def texts(figure):
    figure.draw_without_rendering()
    found = figure.findobj(lambda artist: hasattr(artist, "get_fontsize"))
    return [text for text in found if text.get_text()]


test_every_figure_fits_the_page_and_is_the_same_twice = pytest.mark.slow(
    fits_the_page(FIGURES, heights=(200, 750))
)
test_text_is_large_enough = pytest.mark.slow(has_large_text(FIGURES))


@pytest.mark.slow
@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_no_text_leaves_the_page(make):
    figure = figure_of(make())
    page = figure.bbox
    ticks = {t for axes in figure.axes for t in (*axes.get_xticklabels(), *axes.get_yticklabels())}
    for text in texts(figure):
        box = text.get_window_extent()
        if text not in ticks:  # some of them lie outside of the limits and are not drawn
            assert box.x0 > page.x0 - 2, text
            assert box.x1 < page.x1 + 2, text
            assert box.y0 > page.y0 - 2, text
            assert box.y1 < page.y1 + 2, text


def test_the_lines_of_xor_are_where_the_net_sums_are_zero():
    left, _, right = figures.xor_by_hand(CORNERS, XOR, ONES, BIASES).figure.axes
    for axes in (left, right):
        for line, bias in zip(axes.lines[:2], BIASES, strict=True):
            np.testing.assert_allclose(line.get_xydata().sum(axis=1) + bias, 0, atol=1e-12)


def test_the_hidden_plane_of_xor_is_cut_by_its_line():
    _, middle, _ = figures.xor_by_hand(CORNERS, XOR, ONES, BIASES).figure.axes
    zeros, ones, line = (artist.get_xydata() for artist in middle.lines)
    np.testing.assert_array_equal(zeros, [[0, 0], [1, 1]])
    np.testing.assert_array_equal(ones, [[1, 0], [1, 0]])
    np.testing.assert_allclose(line[:, 1], line[:, 0] - 0.5)
    assert (ones[:, 1] < ones[:, 0] - 0.5).all()
    assert (zeros[:, 1] > zeros[:, 0] - 0.5).all()


def test_curves_are_the_activations_and_their_derivatives():
    axes = figures.activation_curves(slope=0.2).figure.axes
    for column, name in enumerate(("sigmoid", "tanh", "relu")):
        for row, function in enumerate(ACTIVATIONS[name]):
            z, drawn = axes[4 * row + column].lines[-1].get_data()
            np.testing.assert_allclose(drawn, function(z))
    z, leaky = axes[3].lines[-1].get_data()
    np.testing.assert_allclose(leaky, np.maximum(0.2 * z, z))
    np.testing.assert_allclose(axes[7].lines[-1].get_ydata(), np.where(z > 0, 1, 0.2))


def test_the_enlarged_unit_adds_up_and_names_what_is_missing():
    picture = figures.one_unit(*UNIT)
    said = [text.get_text() for text in picture.figure.axes[0].texts]
    assert {"3 · 1 = 3", "2 · 0.2 = 0.4", "2 · 0.8 = 1.6", "8.1", "+ 0.1, forgotten"} <= set(said)
    assert "3 + 3 + 0.4 + 1.6 + 0.1 = 8.1" in said
    assert "the slide: 8" in said
    assert picture.alt.endswith("together 8.1. The slide has 8.")


def test_the_chain_shows_every_value_and_slope():
    said = {text.get_text() for text in figures.chain_rule(VALUES, SLOPES).figure.axes[0].texts}
    assert {"x\n2", "w\n0.5", "b\n−1", "z\n0", "a\n0.5", "L\n0.693"} <= said
    assert {"← dL/dw = −1", "← dL/db = −0.5", "← dL/dz = −0.5", "← dL/da = −2"} <= said


def test_both_paths_and_their_sum_are_named():
    said = {text.get_text() for text in figures.two_paths(*PATHS).figure.axes[0].texts}
    assert {"a1\n8.1", "z1\n9.74", "z2\n6.68", "times 0.2", "times 0.1"} <= said
    assert {"← dL/dz1 = 0.9552", "← dL/dz2 = −0.9552"} <= said
    assert {"← 0.2 · 0.9552 = 0.1910", "← 0.1 · (−0.9552) = −0.0955"} <= said
    assert "← dL/da1 = 0.0955\n(the sum of both)" in said


def page(network=NETWORKS[0], unit=None):
    (axes,) = figures.lines_page(network, "a page", POINTS, LABELS, unit).axes
    return axes


def corners_of(image):
    """The four corners of the plane, and whether they have the color of class 1."""
    left, right, bottom, top = image.get_extent()
    seen = np.asarray(image.get_array())[[0, 0, -1, -1], [0, -1, 0, -1]]
    return [[left, top], [right, top], [left, bottom], [right, bottom]], seen


@pytest.mark.parametrize("network", NETWORKS)
def test_the_colors_are_the_classes_that_the_network_predicts(network):
    places, seen = corners_of(page(network).get_images()[0])
    np.testing.assert_array_equal(seen, network.predict(places))


@pytest.mark.parametrize("unit", range(4))
def test_the_colors_of_one_unit_are_its_votes(unit):
    network = NETWORKS[0]
    places, seen = corners_of(page(unit=unit).get_images()[0])
    output = network.weights[1][unit]
    votes = network.forward(places)[0].a[:, unit] * (output[1] - output[0])
    np.testing.assert_array_equal(seen, votes > 0)


def test_an_arrow_leads_to_where_its_unit_votes_for_class_1():
    network = NETWORKS[1]
    arrows = [text for text in page(network).texts if not text.get_text()]
    assert len(arrows) == 4
    for unit, arrow in enumerate(arrows):
        start, tip = np.array([arrow.xyann, arrow.xy])
        output = network.weights[1][unit]
        net_sums = network.forward([start, tip])[0].z[:, unit]
        assert abs(net_sums[0]) < 0.2 * abs(net_sums[1])
        assert net_sums[1] * (output[1] - output[0]) > 0


def test_points_that_are_voted_for_wrongly_are_hollow():
    network = NETWORKS[0]
    full0, hollow0, full1, hollow1 = (line.get_xydata() for line in page(network).lines)
    predicted = network.predict(POINTS)
    for drawn, chosen in (
        (full0, (LABELS == 0) & (predicted == 0)),
        (hollow0, (LABELS == 0) & (predicted == 1)),
        (full1, (LABELS == 1) & (predicted == 1)),
        (hollow1, (LABELS == 1) & (predicted == 0)),
    ):
        np.testing.assert_array_equal(drawn, POINTS[chosen])


def test_units_without_a_line_are_left_out():
    zeros = NETWORKS[0].with_parameters([np.zeros_like(p) for p in NETWORKS[0].parameters])
    assert not page(zeros).texts


def test_boundaries_color_the_class_that_the_network_predicts():
    picture = figures.boundaries_learned(NAMED, POINTS, LABELS)
    for axes, network in zip(picture.figure.axes, NETWORKS, strict=True):
        (image,) = axes.get_images()
        classes = np.asarray(image.get_array()) > 0
        left, right, bottom, top = image.get_extent()
        seen = network.predict([[left, top], [right, top], [left, bottom], [right, bottom]])
        np.testing.assert_array_equal(classes[[0, 0, -1, -1], [0, -1, 0, -1]], seen)
        assert f"{(network.predict(POINTS) == LABELS).mean():.0%}" in picture.alt


def test_the_words_follow_the_numbers():
    assert "dL/dw = -1" in figures.chain_rule(VALUES, SLOPES).alt
    assert "their sum 0.0955" in figures.two_paths(*PATHS).alt
    xor = figures.xor_by_hand(CORNERS, XOR, ONES, BIASES).alt
    assert "4 corners lie on 3 places" in xor
    assert xor.endswith("with 2 of 2 ones.")


def test_only_the_true_digit_is_hatched():
    figure = figures.digits_and_probabilities(IMAGES, [3, 1, 4], PROBABILITIES).figure
    for below, label in zip(figure.axes[3:], [3, 1, 4], strict=True):
        assert [bar.get_hatch() == "//" for bar in below.patches] == [n == label for n in range(10)]
        np.testing.assert_allclose([bar.get_height() for bar in below.patches], 10)


def test_the_plane_stays_in_place_whatever_the_title_says():
    boxes = []
    for title in ("step 0", "step 1000: 100 % right"):
        figure = figures.lines_page(NETWORKS[0], title, POINTS, LABELS)
        figure.canvas.draw()
        boxes.append([axes.get_window_extent().bounds for axes in figure.axes])
    assert boxes[0] == boxes[1]
