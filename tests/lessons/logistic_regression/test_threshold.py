"""Tests of the threshold explorer: the picture says what the metrics say, at every threshold."""

import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest

from lessons.logistic_regression import threshold as module
from lessons.logistic_regression.rates import Counts, confusion_counts, recall
from lessons.logistic_regression.roc import area_under_curve, roc_curve
from lessons.logistic_regression.threshold import DATA, THRESHOLDS, ThresholdExplorer, rates, svg
from tests.kit import texts
from utils.neurons import sigmoid

RNG = np.random.default_rng(1)
Y = np.repeat([0, 1], [540, 23])
LOGITS = np.where(Y == 1, -0.5, -5.0) + RNG.normal(0, 1.4, len(Y))
CLASSES = ("not an 8", "8")
NAMES = ("TP", "FP", "FN", "TN")


@pytest.fixture
def widget():
    return ThresholdExplorer(LOGITS, Y, CLASSES)


def counts_at(threshold):
    return confusion_counts(Y, sigmoid(LOGITS) >= threshold)


def elements(picture, kind):
    root = ElementTree.fromstring(picture)
    return root.iter("{http://www.w3.org/2000/svg}" + kind)


def words(picture):
    return ["".join(text.itertext()) for text in elements(picture, "text")]


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_matrix_and_rates_are_right_at_every_threshold(threshold):
    picture, counts = svg(LOGITS, Y, threshold, CLASSES), counts_at(threshold)
    shown = {t.get("class"): t.text for t in elements(picture, "text") if t.get("class")}
    assert shown == {n: str(getattr(counts, n.lower())) for n in NAMES}
    bars = {r.get("class"): float(r.get("width")) for r in elements(picture, "rect") if r.get("x")}
    expected = {name: 56 * value for name, _, value in rates(counts)}
    assert {name: bars[name] for name in expected} == pytest.approx(expected, abs=0.06)


def test_the_arithmetic_is_that_of_the_formulas():
    rows = rates(Counts(tp=12, fp=3, fn=11, tn=74))
    assert [(name, text) for name, text, _ in rows] == [
        ("accuracy", "(12 + 74) / 100"),
        ("precision", "12 / (12 + 3)"),
        ("recall", "12 / (12 + 11)"),
        ("F1", "2 · 0.80 · 0.52 / (0.80 + 0.52)"),
    ]
    assert [value for *_, value in rows] == pytest.approx([0.86, 0.8, 12 / 23, 12 / 19])


def test_an_empty_denominator_is_said_in_words():
    rows = {name: text for name, text, _ in rates(Counts(0, 0, 23, 541))}
    assert rows["precision"] == "no positive prediction: not defined, counted as 0"
    assert rows["recall"] == "0 / (0 + 23)"
    assert rows["F1"] == "both are 0: not defined, counted as 0"
    nothing = {name: text for name, text, _ in rates(Counts(0, 2, 0, 5))}
    assert nothing["recall"] == "nothing is positive: not defined, counted as 0"
    picture = " ".join(words(svg(LOGITS, Y, 1, CLASSES)))
    assert "no positive prediction: not defined, counted as 0" in picture


@pytest.mark.parametrize("threshold", [0.01, 0.1, 0.5, 0.9])
def test_dots_lie_on_the_side_that_their_count_says(threshold):
    picture, counts = svg(LOGITS, Y, threshold, CLASSES), counts_at(threshold)
    gray = next(r for r in elements(picture, "rect") if r.get("fill") == "#e2e2e2")
    cut = float(gray.get("x"))
    circles, triangles = (
        np.array([float(x) for x in re.findall(r"M([\d.]+) [\d.]+" + end, picture)])
        for end in ("h0", "l-5")
    )
    assert (len(circles), len(triangles)) == (540, 23)
    assert np.sum(circles >= cut) == pytest.approx(counts.fp, abs=1)
    assert np.sum(triangles >= cut) == pytest.approx(counts.tp, abs=1)


def test_the_diamond_lies_on_the_roc_curve():
    left, _, right, bottom = module.ROC
    for threshold in THRESHOLDS:
        picture, counts = svg(LOGITS, Y, threshold, CLASSES), counts_at(threshold)
        diamond = next(p for p in elements(picture, "path") if p.get("class") == "point")
        x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", diamond.get("d")).groups())
        rate = (x - left) / (right - left), (bottom - y - 11) / (right - left)
        assert rate == pytest.approx((counts.fp / 540, recall(counts)), abs=0.001)


@pytest.mark.parametrize("threshold", [0, 0.5, 1])
def test_nothing_is_drawn_outside_of_the_picture(threshold):
    picture = svg(LOGITS, Y, threshold, CLASSES)
    for text in elements(picture, "text"):
        if text.get("x"):
            assert 0 <= float(text.get("x")) <= module.WIDTH
            assert 12 <= float(text.get("y")) <= module.HEIGHT
            assert float(text.get("font-size", 17)) >= 12
    for rectangle in elements(picture, "rect"):
        if rectangle.get("x"):
            assert float(rectangle.get("x")) + float(rectangle.get("width")) <= module.WIDTH


@pytest.mark.parametrize(("threshold", "edge"), [(0, DATA[0]), (1, DATA[2])])
def test_the_last_thresholds_stand_at_the_edges(threshold, edge):
    assert f'd="M{edge}.0 {DATA[1]}V' in svg(LOGITS, Y, threshold, CLASSES)


def test_the_slider_goes_to_both_ends(widget):
    pictures = set()
    for value in (0, 0.001, 0.5, 0.99, 1):
        widget.threshold.value = value
        assert f"threshold {value:g}" in words(widget.picture.value)
        pictures.add(widget.picture.value)
    assert len(pictures) == 5
    assert [value for _, value in widget.threshold.options] == list(THRESHOLDS)


def test_a_screen_reader_hears_the_numbers(widget):
    widget.threshold.value = 1
    assert "Threshold 1: 0 true positives, 0 false positives, 23 false" in widget.picture.value


def test_names_of_classes_are_escaped():
    picture = svg(LOGITS, Y, 0.5, ("<no>", "a & b"))
    assert "<no>: TN" in " ".join(words(picture))


def test_a_frame_is_quick(widget):
    times = []
    for value in THRESHOLDS:
        started = time.perf_counter()
        widget.threshold.value = value
        times.append(time.perf_counter() - started)
    assert np.median(times) < 0.05  # 8 ms on an idle machine


def test_the_text_is_the_same_in_every_run(widget):
    text = widget._repr_mimebundle_()[0]["text/plain"]
    assert text == ThresholdExplorer(LOGITS, Y, CLASSES).text
    assert "563 examples" in text
    area = area_under_curve(*roc_curve(Y, LOGITS)[:2])
    assert text.endswith(f"area is {area:.2f}.")


def states():
    every = [svg(LOGITS, Y, threshold, CLASSES) for threshold in THRESHOLDS]
    return [texts.as_html(ThresholdExplorer(LOGITS, Y, CLASSES)), *every]


test_every_text_fits_with_any_font = texts.fit(states, 16)
