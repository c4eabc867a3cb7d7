"""Tests of the figures of perceptron: what they show, on the artists that show it."""

import itertools

import numpy as np
import pytest
from matplotlib.patches import Circle

from lessons.perceptron import figures
from lessons.perceptron.figures import ONE, ZERO, label_place
from lessons.perceptron.learning_rule import perceptron_path
from tests.kit.looks import fits_the_page, has_large_text
from utils.neurons import step

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
AND, OR = [0, 0, 0, 1], [0, 1, 1, 1]
PATH = perceptron_path(CORNERS, AND, 20)
WEIGHTS = np.arange(-32.0, 32).reshape(8, 8)
POINTS = np.random.default_rng(0).normal(size=(20, 2))
CLASSES = step(POINTS[:, 0] - POINTS[:, 1])
FOUND = {
    "one": [(np.array([1.0, -1]), 0.0), (np.array([2.0, 0]), 1.0)],
    "other": [(np.array([1.0, -1]), 0.0)],
}

FIGURES = {
    "parts": lambda: figures.five_parts(),
    "flattened": lambda: figures.flattened(WEIGHTS),
    "gates": lambda: figures.gates(
        {"AND": AND, "OR": OR}, {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5)}
    ),
    "updates": lambda: figures.update_moments(CORNERS, AND, PATH, [2, 3, 6, 11]),
    "seen": lambda: figures.seen_by_perceptron({"a": WEIGHTS / 64, "b": WEIGHTS / 32}, WEIGHTS),
    "separability": lambda: figures.separability(
        dict.fromkeys("abc", (POINTS, CLASSES)), {"a": (np.array([1.0, -1]), 0.0)}
    ),
    "boundaries": lambda: figures.boundaries(POINTS, CLASSES, FOUND, ("u", "v")),
    "activations": lambda: figures.two_activations(),
}


test_every_figure_fits_the_page_and_is_the_same_twice = pytest.mark.slow(fits_the_page(FIGURES))
test_text_is_large_enough = pytest.mark.slow(has_large_text(FIGURES))


def test_the_parts_are_named():
    texts = " ".join(text.get_text() for text in figures.five_parts().figure.axes[0].texts)
    for part in ("inputs", "weights", "bias", "net sum", "activation"):
        assert part in texts


def test_a_flat_vector_has_all_pixels_row_after_row():
    left, right = figures.flattened(WEIGHTS).figure.axes
    np.testing.assert_array_equal(left.images[0].get_array(), WEIGHTS)
    np.testing.assert_array_equal(right.images[0].get_array(), WEIGHTS.reshape(1, -1))
    assert [patch.get_xy() for patch in right.patches] == [(-0.5, -0.5), (7.5, -0.5), (15.5, -0.5)]


@pytest.mark.parametrize("weights", [(1, 1, -1.5), (-2, 1, 0.5), (0, 3, -1)])
def test_the_weight_vector_stands_on_the_boundary_and_points_to_output_1(weights):
    axes = figures.gates({"gate": AND}, {"gate": weights}).figure.axes[0]
    arrow = next(text for text in axes.texts if not text.get_text())
    head, foot = np.array(arrow.xy), np.array(arrow.xyann)
    w, b = np.array(weights[:2]), weights[2]
    assert foot @ w + b == pytest.approx(0)
    np.testing.assert_allclose(np.cross(np.append(head - foot, 0), np.append(w, 0)), 0, atol=1e-9)
    assert head @ w + b > 0


def test_targets_are_told_by_shape_and_color_and_number():
    axes = figures.gates({"OR": OR}, {"OR": (1, 1, -0.5)}).figure.axes[0]
    corners = [line for line in axes.lines if len(line.get_xdata()) == 1]
    assert [line.get_marker() for line in corners] == ["o", "s", "s", "s"]
    assert [line.get_color() for line in corners] == [ZERO, ONE, ONE, ONE]
    assert [t.get_text() for t in axes.texts if t.get_text() in "01" and t.get_text()] == list(
        "0111"
    )


def test_an_update_rings_the_mistake_and_keeps_the_old_boundary_dashed():
    for axes, number in zip(
        figures.update_moments(CORNERS, AND, PATH, [3, 11]).figure.axes, (3, 11), strict=True
    ):
        (ring,) = (patch for patch in axes.patches if isinstance(patch, Circle))
        np.testing.assert_array_equal(ring.center, CORNERS[PATH[number].mistake])
        styles = [line.get_linestyle() for line in axes.lines if line.get_marker() == "None"]
        assert styles == ["-", "--"]
        assert f"mistake {number}" in axes.get_title()
        assert {t.get_text() for t in axes.texts} >= {"out 0", "out 1"}


def test_a_side_that_is_not_there_has_no_label():
    axes = figures.update_moments(CORNERS, AND, PATH, [1, 2]).figure.axes[0]
    assert "out 1" not in [text.get_text() for text in axes.texts]


def test_weights_are_white_at_zero_and_marked_where_strong():
    axes = figures.seen_by_perceptron({"a": WEIGHTS}, WEIGHTS).figure.axes[1]
    low, high = axes.images[0].get_clim()
    assert low == -high == -32
    marks = {(int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in axes.texts}
    assert (marks[0, 0], marks[7, 7], marks[4, 0]) == ("−", "+", "")


def test_a_boundary_is_drawn_where_one_is_given():
    sets = dict.fromkeys(("with", "without"), (POINTS, CLASSES))
    with_line, without = figures.separability(sets, {"with": FOUND["one"][0]}).figure.axes
    assert [len(axes.lines) for axes in (with_line, without)] == [3, 2]
    classes = with_line.lines[:2]
    assert [line.get_marker() for line in classes] == ["o", "s"]
    np.testing.assert_array_equal(classes[1].get_xdata(), POINTS[CLASSES == 1, 0])
    assert with_line.lines[2].get_slope() == 1


def test_every_boundary_of_a_learner_is_drawn_the_last_one_black():
    picture = figures.boundaries(POINTS, CLASSES, FOUND, ("u", "v"))
    one, other = picture.figure.axes
    assert [len(axes.lines) for axes in (one, other)] == [4, 3]
    assert one.lines[2].get_slope() == 1
    assert set(one.lines[3].get_xdata()) == {-0.5}
    assert [line.get_color() for line in one.lines[2:]] == ["0.7", "0.0"]
    assert "other, 1 boundaries, wrong on 0 to 0" in picture.alt


def test_the_words_follow_the_weights():
    alt = figures.gates({"a": AND, "b": OR}, {"a": (1, 1, -1.5), "b": (1, 0, -3)}).alt
    assert "a: output 1 at (1, 1); b: output 1 at no corner" in alt
    alt = figures.update_moments(CORNERS, AND, PATH, [3, 11]).alt
    assert "at the mistakes 3, 11" in alt
    assert alt.endswith("w = (2, 1), b = −3, and output 1 at (1, 1).")


@pytest.mark.parametrize("bias", [-2, -1, 0, 0.5, 1, 2])
@pytest.mark.parametrize("weights", [(1, 1), (-2, 1), (0, 3), (1, 0), (-1, -1)])
def test_the_name_of_a_side_lies_on_it(weights, bias):
    for value in (0, 1):
        place = label_place(weights, bias, value)
        if place:
            for across, up in itertools.product((-0.24, 0, 0.24), (-0.08, 0, 0.08)):
                assert step(np.dot(weights, np.add(place, (across, up))) + bias) == value


def test_a_side_without_room_has_no_name():
    assert label_place((0, 0), -1, 1) is None
    assert label_place((0, 0), 0, 0) is None
    assert label_place((0, 0), 0, 1) == (0.5, 0.5)
    assert label_place((1, 1), 1.1, 0) is None  # a tip of the square, too small for a name


def test_the_name_of_a_side_stays_clear_of_the_old_boundary_too():
    assert label_place((2, 0), -2, 0) == (0.5, 0.5)
    x, y = label_place((2, 0), -2, 0, avoid=[((2, 1), -1)])
    assert abs(2 * x + y - 1) / np.sqrt(5) > 0.25


@pytest.mark.parametrize("number", range(1, len(PATH)))
def test_names_in_an_update_cross_no_line(number):
    axes = figures.update_moments(CORNERS, AND, PATH, [number, 1]).figure.axes[0]
    for text in axes.texts:
        if text.get_text().startswith("out"):
            x, y = text.get_position()
            for weights, bias in (PATH[number][:2], PATH[number - 1][:2]):
                z = [w @ weights + bias for w in np.array([(x - 0.2, y), (x + 0.2, y)])]
                assert np.sign(z[0]) == np.sign(z[1]), text.get_text()
