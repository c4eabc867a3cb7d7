"""Tests of the metrics: scikit-learn as oracle, the properties, and what is refused."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from utils import metrics
from utils.metrics import Counts

labels = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=60)
scored = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-6, 6).map(lambda n: n / 2)), min_size=2, max_size=60
).filter(lambda pairs: len({label for label, _ in pairs}) == 2)
counts = st.builds(Counts, *[st.integers(0, 500)] * 4)


@given(labels)
def test_counts_and_rates_agree_with_scikit_learn(pairs):
    y, predicted = np.array(pairs).T
    found = metrics.confusion_counts(y, predicted)
    tn, fp, fn, tp = oracle.confusion_matrix(y, predicted, labels=[0, 1]).ravel()
    assert found == (tp, fp, fn, tn)
    assert metrics.accuracy(found) == pytest.approx(oracle.accuracy_score(y, predicted))
    ours = [rate(found) for rate in (metrics.precision, metrics.recall, metrics.f1)]
    theirs = oracle.precision_recall_fscore_support(
        y, predicted, average="binary", zero_division=0
    )[:3]
    assert ours == pytest.approx(theirs)


@given(scored)
def test_the_roc_curve_agrees_with_scikit_learn(pairs):
    y, scores = np.array(pairs).T
    ours = metrics.roc_curve(y, scores)
    theirs = oracle.roc_curve(y, scores, drop_intermediate=False)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other)
    area = metrics.area_under_curve(*ours[:2])
    assert area == pytest.approx(oracle.roc_auc_score(y, scores))


@given(scored)
def test_every_point_of_the_roc_curve_is_what_its_threshold_gives(pairs):
    y, scores = np.array(pairs).T
    for false_rate, true_rate, threshold in zip(*metrics.roc_curve(y, scores), strict=True):
        found = metrics.confusion_counts(y, (scores >= threshold).astype(int))
        assert metrics.recall(found) == pytest.approx(true_rate)
        assert found.fp / (found.fp + found.tn) == pytest.approx(false_rate)


@given(scored)
def test_the_area_is_the_chance_to_rank_a_pair_rightly(pairs):
    y, scores = np.array(pairs).T
    difference = scores[y == 1][:, None] - scores[y == 0]
    chance = np.mean((difference > 0) + 0.5 * (difference == 0))
    roc = metrics.roc_curve(y, scores)
    assert metrics.area_under_curve(*roc[:2]) == pytest.approx(chance)


@given(counts)
def test_f1_lies_between_the_two_near_the_smaller(found):
    p, r, f = metrics.precision(found), metrics.recall(found), metrics.f1(found)
    assert min(p, r) - 1e-12 <= f <= (p + r) / 2 + 1e-12
    assert f == pytest.approx(2 * p * r / (p + r) if p + r else 0)


def test_nothing_to_divide_by_counts_as_zero():
    nobody = Counts(0, 0, 0, 7)
    rates = (metrics.precision, metrics.recall, metrics.f1)
    assert [rate(nobody) for rate in rates] == [0, 0, 0]
    assert metrics.accuracy(nobody) == 1
    assert metrics.accuracy(Counts(0, 0, 0, 0)) == 0


def test_any_form_of_labels():
    assert metrics.confusion_counts([True, False, True], [1.0, 1.0, 0.0]) == (1, 1, 1, 0)
    assert metrics.confusion_counts(np.array([1], np.uint8), (1,)) == (1, 0, 0, 0)


@pytest.mark.parametrize("scores", [np.float32([0.1, 0.1, 0.7]), [False, False, True], [1, 1, 9]])
def test_tied_scores_of_any_type_make_one_step(scores):
    roc = metrics.roc_curve([False, True, True], scores)
    assert roc.false_positive_rate.tolist() == [0, 0, 1]
    assert roc.true_positive_rate.tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.confusion_counts([0, 1], [0]), r"y has shape \(2,\) and predicted \(1,\)"),
        (lambda: metrics.confusion_counts([], []), r"y has shape \(0,\)"),
        (lambda: metrics.confusion_counts([[0, 1]], [[0, 1]]), r"shape \(1, 2\)"),
        (lambda: metrics.confusion_counts([0, 1], [0, 2]), "predicted holds 2"),
        (lambda: metrics.confusion_counts([0, 0.5], [0, 1]), "y holds 0.5"),
        (lambda: metrics.roc_curve([0, 1], [0.5]), "one score a label"),
        (lambda: metrics.roc_curve([0, 1], [0.5, np.nan]), "NaN or infinite"),
        (lambda: metrics.roc_curve([0, 1], [0.5, np.inf]), "NaN or infinite"),
        (lambda: metrics.roc_curve([True, True], [0.5, 0.6]), "every label is 1"),
        (lambda: metrics.confusion_counts(["0", "1"], [0, 1]), "y holds '0'"),
        (lambda: metrics.confusion_counts([np.nan, 1], [0, 1]), "y holds nan"),
        (lambda: metrics.confusion_counts([None, 1], [0, 1]), "y holds None"),
        (lambda: metrics.confusion_counts([-1, 1], [0, 1]), "y holds -1"),
        (lambda: metrics.area_under_curve([0, np.nan], [0, 1]), "holds NaN"),
        (lambda: metrics.area_under_curve([0, 1], [np.nan, 1]), "holds NaN"),
        (lambda: metrics.roc_curve([1, 1], [0.5, 0.6]), "every label is 1"),
        (lambda: metrics.area_under_curve([0, 1], [0, 1, 2]), r"\(2,\) and y \(3,\)"),
        (lambda: metrics.area_under_curve([0], [0]), "n >= 2"),
        (lambda: metrics.area_under_curve([0, 2, 1], [0, 1, 2]), "sort the points"),
    ],
)
def test_what_cannot_be_judged_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_module_needs_numpy_alone():
    command = (
        "import sys, utils.metrics; "
        "sys.exit(bool({'sklearn', 'scipy', 'matplotlib', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
