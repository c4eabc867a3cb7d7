"""Tests of the figures of logistic regression: what they show, on the artists that show it."""

import numpy as np
import pytest

from lessons.logistic_regression import figures
from lessons.logistic_regression.figures import stacks
from lessons.logistic_regression.roc import roc_curve
from tests.kit.looks import fits_the_page, has_large_text
from utils import metrics, neurons

WEIGHT = np.array([55.0, 60, 72, 80, 90, 95, 100, 110])
TALL = np.array([0, 0, 0, 1, 0, 1, 1, 1])
CURVES = {"a": lambda kg: kg / 100 - 0.3, "b": lambda kg: neurons.sigmoid(kg / 10 - 9)}
RNG = np.random.default_rng(0)
Y = np.repeat([0, 1], [60, 9])
LOGITS = np.where(Y == 1, 0.0, -5.0) + RNG.normal(0, 1.4, 69)
SCALED = RNG.normal(size=80)
LABELS = (RNG.random(80) < neurons.sigmoid(2 * SCALED)).astype(int)
PATH = np.array([(0.0, 0.0), (0.5, 0.1), (0.9, -0.2), (1.2, 0.2)])
LOSSES = np.array([0.693, 0.6, 0.55, 0.5])
PLANE = RNG.normal(size=(50, 2))
CLASSES = ("not an 8", "8")
ROC = roc_curve(Y, LOGITS)
TRIED = np.array([0.01, 0.1, 0.4, 0.6, 1.0])
TOTAL = np.array([60.0, 20, 25, 50, 180])

FIGURES = {
    "curves": lambda: figures.labels_and_curves(WEIGHT, TALL, CURVES),
    "curves and one far": lambda: figures.labels_and_curves(WEIGHT, TALL, CURVES, far=180),
    "sigmoid": figures.sigmoid,
    "surprise": figures.surprise,
    "descent": lambda: figures.logistic_descent(SCALED, LABELS, PATH, LOSSES, (0, 1, 2, 3)),
    "boundary": lambda: figures.boundary(
        PLANE, (PLANE[:, 0] > 0).astype(int), np.array([3.0, 1.0]), 0.2, ("u", "v"), ("no", "yes")
    ),
    "one threshold": lambda: figures.thresholds(LOGITS, Y, [0.5], CLASSES),
    "thresholds": lambda: figures.thresholds(LOGITS, Y, [0.5, 0.1, 0.02], CLASSES),
    "roc": lambda: figures.roc(ROC, 0.97, {"0.5": (0.01, 0.4), "0.1": (0.1, 0.9)}),
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
    figure = figures.logistic_descent(SCALED, LABELS, PATH, LOSSES, (0, 2)).figure
    squares, curve = figure.axes[1].lines
    assert squares.get_ydata().mean() == pytest.approx(LABELS.mean())
    x, p = curve.get_data()
    np.testing.assert_allclose(p, neurons.sigmoid(0.9 * x - 0.2))
    assert figure.axes[1].get_title() == "step 2\nloss 0.550"


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
    counts = metrics.confusion_counts(Y, neurons.sigmoid(LOGITS) >= cut)
    assert f"recall {metrics.recall(counts):.2f}" in figure.axes[0].get_title()
    assert f"{counts.tp} of 9 are found, with {counts.fp} false alarms" in picture.alt


def test_the_roc_curve_is_drawn_point_by_point():
    axes = FIGURES["roc"]().figure.axes[0]
    np.testing.assert_allclose(axes.lines[0].get_xydata(), np.transpose(ROC[:2]))
    assert [t.get_text() for t in axes.texts if t.get_text().startswith("area")] == ["area 0.97"]


def test_the_costs_of_the_marks_are_those_of_the_curve():
    axes = FIGURES["costs"]().figure.axes[0]
    marks = {line.get_marker(): line.get_xydata()[0].tolist() for line in axes.lines[1:]}
    assert marks == {"D": [0.1, 20.0], "s": [0.5, 50.0]}
