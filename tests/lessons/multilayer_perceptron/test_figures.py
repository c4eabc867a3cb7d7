"""Tests of the figures of multilayer perceptron: what they show, on the artists that show it."""

import numpy as np
import pytest

from lessons.multilayer_perceptron import figures
from lessons.multilayer_perceptron.figures import TILE
from tests.kit.looks import figure_of, fits_the_page, has_large_text
from utils.neurons import ACTIVATIONS, MLP

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0, 1, 1, 0])
ONES, BIASES = np.ones((2, 2)), np.array([-0.5, -1.5])
RNG = np.random.default_rng(0)
POINTS, LABELS = RNG.normal(size=(30, 2)), np.arange(30) % 2
NETWORKS = [MLP.random([2, 4, 2], "tanh", seed) for seed in (0, 1)]
NAMED = dict(zip("ab", NETWORKS, strict=True))
LAYERS = [[3, 3, 2, 2], [8.1, 7.2, 7.5, 7.1], [9.74, 6.68]]
SLIDE = [[3, 3, 2, 2], [8, 7.2, 7.4, 7], [9.61, 6.49]]
VALUES = {"x": 2, "w": 0.5, "b": -1, "z": 0, "a": 0.5, "L": 0.693}
SLOPES = {"w": -1, "b": -0.5, "z": -0.5, "a": -2}
PATHS = (8.1, np.array([0.2, 0.1]), [9.74, 6.68], np.array([0.9552, -0.9552]))
IMAGES = RNG.integers(0, 17, (3, 8, 8))
PROBABILITIES = np.full((3, 10), 0.1)

FIGURES = {
    "xor": lambda: figures.xor_by_hand(CORNERS, XOR, ONES, BIASES),
    "activations": figures.activation_curves,
    "worked network": lambda: figures.worked_network(LAYERS, SLIDE),
    "chain rule": lambda: figures.chain_rule(VALUES, SLOPES),
    "two paths": lambda: figures.two_paths(*PATHS),
    "hidden units": lambda: figures.hidden_units(NETWORKS, ["step 0", "step 1"], POINTS, LABELS),
    "one page": lambda: figures.hidden_units_page(NETWORKS[0], "step 0: the sum", POINTS, LABELS),
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


def test_the_worked_network_names_only_the_numbers_that_differ():
    said = [text.get_text() for text in figures.worked_network(LAYERS, SLIDE).figure.axes[0].texts]
    assert {f"{value:.4g}" for layer in LAYERS for value in layer} <= set(said)
    assert [text for text in said if "slide" in text] == [
        "slide: 8", "slide: 7.4", "slide: 7", "slide: 9.61", "slide: 6.49",
    ]  # fmt: skip


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


def maps(figure):
    return [np.asarray(axes.get_images()[0].get_array()) for axes in figure.axes]


@pytest.mark.parametrize("place", [0, 1])
def test_the_maps_add_up_to_the_sum_and_to_the_logits(place):
    network = NETWORKS[place]
    rows = maps(figures.hidden_units(NETWORKS, ["a", "b"], POINTS, LABELS).figure)
    page = maps(figures.hidden_units_page(network, "a", POINTS, LABELS))
    *units, whole = rows[5 * place : 5 * place + 5]
    assert whole.shape == (TILE, TILE)
    np.testing.assert_allclose(sum(units) + np.ptp(network.biases[1]), whole)
    np.testing.assert_array_equal([*units, whole], page)
    middle = (POINTS.min(axis=0) + POINTS.max(axis=0)) / 2
    half = 0.57 * np.ptp(POINTS, axis=0).max()
    corner = network.logits([[middle[0] - half, middle[1] + half]])[0]
    np.testing.assert_allclose(whole[0, 0], corner[1] - corner[0])


def test_points_lie_in_every_map():
    for axes in figures.hidden_units(NETWORKS, ["a", "b"], POINTS, LABELS).figure.axes:
        drawn = np.concatenate([line.get_xydata() for line in axes.lines])
        np.testing.assert_array_equal(drawn, np.concatenate([POINTS[n == LABELS] for n in (0, 1)]))


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
    assert "The slide has other numbers in 5 units" in figures.worked_network(LAYERS, SLIDE).alt
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


def test_maps_stay_in_place_whatever_the_title_says():
    boxes = []
    for title in ("step 0", "step 1000: the sum, 100 % right"):
        figure = figures.hidden_units_page(NETWORKS[0], title, POINTS, LABELS)
        figure.canvas.draw()
        boxes.append([axes.get_window_extent().bounds for axes in figure.axes])
    assert boxes[0] == boxes[1]
