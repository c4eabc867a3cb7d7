"""Tests of the figures of logistic regression: what they show, on the artists that show it."""

import numpy as np
import pytest

from lessons.logistic_regression import figures, rates
from lessons.logistic_regression.figures import stacks
from lessons.logistic_regression.roc import precision_recall_curve, roc_curve
from tests.kit.looks import fits_the_page, has_large_text
from utils import neurons, plots

WEIGHT = np.array([55.0, 60, 72, 80, 90, 95, 100, 110])
TALL = np.array([0, 0, 0, 1, 0, 1, 1, 1])
CURVES = {"a": lambda kg: kg / 100 - 0.3, "b": lambda kg: neurons.sigmoid(kg / 10 - 9)}
RNG = np.random.default_rng(0)
Y = np.repeat([0, 1], [60, 9])
LOGITS = np.where(Y == 1, 0.0, -5.0) + RNG.normal(0, 1.4, 69)
SCALED = RNG.normal(size=80)
LABELS = (RNG.random(80) < neurons.sigmoid(2 * SCALED)).astype(int)
PATH = {0: (0.0, 0.0), 1: (0.5, 0.1), 5: (0.9, -0.2), 120: (1.2, 0.2)}
LOSSES = {0: 0.693, 1: 0.6, 5: 0.55, 120: 0.5}
PLANE = RNG.normal(size=(50, 2))
CLASSES = ("not an 8", "8")
P = neurons.sigmoid(LOGITS)
SETS = {"as here": (Y, P), "rarer": (np.repeat(Y, 3 - 2 * Y), np.repeat(P, 3 - 2 * Y))}
IMAGES = RNG.integers(0, 17, (69, 8, 8))
STEPS = (30, 125, 500, 2000)
HISTORY = np.array([(0.2, 0.21, 0), (0.1, 0.15, 2), (0.06, 0.12, 4), (0.04, 0.14, 5)])
HALF = np.column_stack([[40.0, 60, 30], [0.4, 0.5, 0.6], [0.97, 0.96, 0.98]])
CHOSEN = np.column_stack([[30.0, 40, 20], [0.8, 0.7, 0.9], [0.9, 0.85, 0.95]])
TRIED = np.array([0.01, 0.1, 0.4, 0.6, 1.0])
TOTAL = np.array([60.0, 20, 25, 50, 180])

FIGURES = {
    "curves": lambda: figures.labels_and_curves(WEIGHT, TALL, CURVES),
    "curves and one far": lambda: figures.labels_and_curves(WEIGHT, TALL, CURVES, far=180),
    "sigmoid": figures.sigmoid,
    "surprise": figures.surprise,
    "descent": lambda: figures.logistic_descent(SCALED, LABELS, PATH, LOSSES),
    "boundary": lambda: figures.boundary(
        PLANE, (PLANE[:, 0] > 0).astype(int), np.array([3.0, 1.0]), 0.2, ("u", "v"), ("no", "yes")
    ),
    "one threshold": lambda: figures.thresholds(LOGITS, Y, [0.5], CLASSES),
    "thresholds": lambda: figures.thresholds(LOGITS, Y, [0.5, 0.1, 0.02], CLASSES),
    "threshold curves": lambda: figures.threshold_curves(SETS, (0.5, 0.1)),
    "eights": lambda: figures.eights(IMAGES, Y, P, 0.5),
    "longer": lambda: figures.longer(STEPS, HISTORY, 11),
    "ten draws": lambda: figures.ten_draws(HALF, CHOSEN),
    "costs": lambda: figures.costs(TRIED, TOTAL, 0.1),
}


test_every_figure_fits_the_page = pytest.mark.slow(fits_the_page(FIGURES))
test_text_is_large_enough = pytest.mark.slow(has_large_text(FIGURES))


def test_a_diamond_stands_where_a_curve_crosses_one_half():
    figure = figures.labels_and_curves(WEIGHT, TALL, CURVES).figure
    diamonds = [line.get_xydata()[0] for line in figure.axes[0].lines if line.get_marker() == "D"]
    np.testing.assert_allclose(diamonds, [[80, 0.5], [90, 0.5]], atol=0.1)


def test_the_words_follow_the_curves():
    alt = figures.labels_and_curves(WEIGHT, TALL, CURVES | {"c": lambda kg: 0 * kg}, far=180).alt
    assert "a: leaves the range from 0 to 1, rises through one half at 80.0 kg" in alt
    assert "b: stays within the range from 0 to 1, rises through one half at 90.0 kg" in alt
    assert alt.endswith("c: stays within the range from 0 to 1.")


def test_both_labels_have_their_own_mark():
    figure = figures.labels_and_curves(WEIGHT, TALL, CURVES, far=180).figure
    marks = {line.get_marker(): line.get_xdata() for line in figure.axes[0].lines}
    np.testing.assert_array_equal(marks["o"], WEIGHT[TALL == 0])
    np.testing.assert_array_equal(marks["^"], WEIGHT[TALL == 1])
    assert list(marks["*"]) == [180]


def test_the_slopes_are_those_of_the_losses():
    left, right = figures.surprise().figure.axes
    for loss, slope in zip(left.lines, right.lines, strict=False):
        z, values = loss.get_data()
        steps = np.gradient(values, z)
        np.testing.assert_allclose(slope.get_ydata()[1:-1], steps[1:-1], atol=1e-3)


def test_the_slope_of_the_cross_entropy_only_rises():
    entropy, squared = (line.get_ydata() for line in figures.surprise().figure.axes[1].lines[:2])
    assert (np.diff(entropy) > 0).all()
    assert (np.diff(squared)[:50] < 0).all()


def test_the_squares_are_shares():
    figure = figures.logistic_descent(SCALED, LABELS, PATH, LOSSES).figure
    squares, curve = figure.axes[2].lines
    assert squares.get_ydata().mean() == pytest.approx(LABELS.mean())
    x, p = curve.get_data()
    np.testing.assert_allclose(p, neurons.sigmoid(0.9 * x - 0.2))
    assert figure.axes[2].get_title() == "step 5\nloss 0.550"


def test_names_of_classes_stand_upright():
    figure = figures.thresholds(LOGITS, Y, [0.5], CLASSES).figure
    labels = [axes.yaxis.label for axes in figure.axes]
    assert [(label.get_text(), label.get_rotation()) for label in labels] == [
        (c, 0) for c in CLASSES
    ]


def test_the_names_of_the_lines_stand_on_them():
    figure = FIGURES["boundary"]().figure
    for text in figure.axes[0].texts:
        u, v = text.get_position()
        p = float(text.get_text().removeprefix("p = "))
        assert neurons.sigmoid(3 * u + v + 0.2) == pytest.approx(p)


def test_stacks_count_from_the_floor_in_every_bin():
    assert stacks([0.1, 0.9, 0.2, 0.3, -0.1], 0.5).tolist() == [0, 0, 1, 2, 0]
    values = RNG.normal(size=200)
    bins = np.floor(values / 0.25)
    for one in np.unique(bins):
        assert sorted(stacks(values)[bins == one]) == list(range((bins == one).sum()))


@pytest.mark.parametrize("cut", [0.5, 0.1, 0.02])
def test_the_counts_are_the_dots_on_either_side(cut):
    picture = figures.thresholds(LOGITS, Y, [cut], CLASSES)
    figure = picture.figure
    at = np.log(cut / (1 - cut))
    seen = {}
    for axes, names in zip(figure.axes, (("TN", "FP"), ("FN", "TP")), strict=True):
        dots = axes.lines[0].get_xdata()
        seen[names[0]], seen[names[1]] = (dots < at).sum(), (dots >= at).sum()
    written = dict(text.get_text().split() for axes in figure.axes for text in axes.texts)
    assert written == {name: str(count) for name, count in seen.items()}
    counts = rates.confusion_counts(Y, neurons.sigmoid(LOGITS) >= cut)
    assert f"recall {rates.recall(counts):.2f}" in figure.axes[0].get_title()
    assert f"{counts.tp} of 9 are found, with {counts.fp} false alarm" in picture.alt


def test_the_two_losses_have_the_colors_of_the_course():
    names = {line.get_label(): line.get_color() for line in figures.surprise().figure.axes[0].lines}
    assert names == {
        "cross-entropy": plots.OKABE_ITO["blue"],
        "squared error": plots.OKABE_ITO["orange"],
    }


def test_both_curves_are_drawn_point_by_point():
    left, right = FIGURES["threshold curves"]().figure.axes
    for name, (y, p) in SETS.items():
        lines = [
            next(line for line in axes.lines if line.get_label() == name) for axes in (left, right)
        ]
        roc, both = roc_curve(y, p), precision_recall_curve(y, p)
        np.testing.assert_allclose(lines[0].get_xydata(), np.transpose(roc[:2]))
        np.testing.assert_allclose(
            lines[1].get_xydata(), np.transpose([both.recall, both.precision])
        )


def test_thresholds_stand_on_the_curves():
    left, right = FIGURES["threshold curves"]().figure.axes
    for name, cut in (("o", 0.5), ("D", 0.1)):
        counts = rates.confusion_counts(Y, cut <= P)
        mark = next(line for line in right.lines if line.get_marker() == name)
        assert mark.get_xydata()[0] == pytest.approx(
            (rates.recall(counts), rates.precision(counts))
        )
        mark = next(line for line in left.lines if line.get_marker() == name)
        assert mark.get_xydata()[0] == pytest.approx((counts.fp / 60, rates.recall(counts)))


def test_the_eights_come_by_probability_and_the_missed_are_named():
    picture = FIGURES["eights"]()
    shown = [axes for axes in picture.figure.axes if axes.images]
    order = [i for i in np.argsort(-P) if Y[i]]
    for axes, i in zip(shown, order, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), IMAGES[i])
        assert float(axes.get_title()) == pytest.approx(P[i], abs=0.005)
        assert axes.get_xlabel() == ("found" if P[i] >= 0.5 else "missed")


def test_the_longer_training_tells_where_validation_is_lowest():
    picture = FIGURES["longer"]()
    assert "lowest after 500 steps, 0.120, and ends at 0.140" in picture.alt
    above, below = picture.figure.axes
    np.testing.assert_array_equal(above.lines[1].get_ydata(), HISTORY[:, 1])
    assert [bar.get_height() for bar in below.patches] == [0, 2, 4, 5]


def test_every_draw_has_its_line():
    cost, found, right = FIGURES["ten draws"]().figure.axes
    for column, axes in enumerate((cost, found, right)):
        lines = [line.get_ydata().tolist() for line in axes.lines if line.get_color() == "0.7"]
        assert lines == np.column_stack([HALF[:, column], CHOSEN[:, column]]).tolist()
    assert [text.get_text() for text in found.texts] == ["50%", "80%"]


def test_the_costs_of_the_marks_are_those_of_the_curve():
    axes = FIGURES["costs"]().figure.axes[0]
    marks = {line.get_marker(): line.get_xydata()[0].tolist() for line in axes.lines[1:]}
    assert marks == {"D": [0.1, 20.0], "s": [0.5, 50.0]}
