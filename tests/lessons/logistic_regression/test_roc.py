"""The ROC curve: scikit-learn as oracle, the properties, and what is refused."""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from lessons.logistic_regression import rates
from lessons.logistic_regression.roc import area_under_curve, precision_recall_curve, roc_curve

scored = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-6, 6).map(lambda n: n / 2)), min_size=2, max_size=60
).filter(lambda pairs: len({label for label, _ in pairs}) == 2)


@given(scored)
def test_the_roc_curve_agrees_with_scikit_learn(pairs):
    y, scores = np.array(pairs).T
    ours = roc_curve(y, scores)
    theirs = sklearn.metrics.roc_curve(y, scores, drop_intermediate=False)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other)
    area = area_under_curve(*ours[:2])
    assert area == pytest.approx(sklearn.metrics.roc_auc_score(y, scores))


@given(scored)
def test_precision_and_recall_agree_with_scikit_learn(pairs):
    y, scores = np.array(pairs).T
    precision, recall, thresholds = sklearn.metrics.precision_recall_curve(y, scores)
    ours = precision_recall_curve(y, scores)
    np.testing.assert_allclose(ours.precision, precision[-2::-1])
    np.testing.assert_allclose(ours.recall, recall[-2::-1])
    np.testing.assert_allclose(ours.thresholds, thresholds[::-1])


@given(scored)
def test_every_point_of_the_roc_curve_is_what_its_threshold_gives(pairs):
    y, scores = np.array(pairs).T
    for false_rate, true_rate, threshold in zip(*roc_curve(y, scores), strict=True):
        found = rates.confusion_counts(y, (scores >= threshold).astype(int))
        assert rates.recall(found) == pytest.approx(true_rate)
        assert found.fp / (found.fp + found.tn) == pytest.approx(false_rate)


@given(scored)
def test_the_area_is_the_chance_to_rank_a_pair_rightly(pairs):
    y, scores = np.array(pairs).T
    difference = scores[y == 1][:, None] - scores[y == 0]
    chance = np.mean((difference > 0) + 0.5 * (difference == 0))
    roc = roc_curve(y, scores)
    assert area_under_curve(*roc[:2]) == pytest.approx(chance)


@pytest.mark.parametrize("scores", [np.float32([0.1, 0.1, 0.7]), [False, False, True], [1, 1, 9]])
def test_tied_scores_of_any_type_make_one_step(scores):
    roc = roc_curve([False, True, True], scores)
    assert roc.false_positive_rate.tolist() == [0, 0, 1]
    assert roc.true_positive_rate.tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: roc_curve([0, 1], [0.5]), "one score a label"),
        (lambda: roc_curve([0, 1], [0.5, np.nan]), "NaN or infinite"),
        (lambda: roc_curve([0, 1], [0.5, np.inf]), "NaN or infinite"),
        (lambda: roc_curve([True, True], [0.5, 0.6]), "every label is 1"),
        (lambda: area_under_curve([0, np.nan], [0, 1]), "holds NaN"),
        (lambda: area_under_curve([0, 1], [np.nan, 1]), "holds NaN"),
        (lambda: roc_curve([1, 1], [0.5, 0.6]), "every label is 1"),
        (lambda: area_under_curve([0, 1], [0, 1, 2]), r"\(2,\) and y \(3,\)"),
        (lambda: area_under_curve([0], [0]), "n >= 2"),
        (lambda: area_under_curve([0, 2, 1], [0, 1, 2]), "sort the points"),
    ],
)
def test_what_cannot_be_judged_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
