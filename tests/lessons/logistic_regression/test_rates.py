"""Counts and rates: scikit-learn as oracle, the properties, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from lessons.logistic_regression import rates
from lessons.logistic_regression.rates import Counts

labels = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=60)
counts = st.builds(Counts, *[st.integers(0, 500)] * 4)


@given(labels)
def test_counts_and_rates_agree_with_scikit_learn(pairs):
    y, predicted = np.array(pairs).T
    found = rates.confusion_counts(y, predicted)
    tn, fp, fn, tp = oracle.confusion_matrix(y, predicted, labels=[0, 1]).ravel()
    assert found == (tp, fp, fn, tn)
    assert rates.accuracy(found) == pytest.approx(oracle.accuracy_score(y, predicted))
    ours = [rate(found) for rate in (rates.precision, rates.recall, rates.f1)]
    theirs = oracle.precision_recall_fscore_support(
        y, predicted, average="binary", zero_division=0
    )[:3]
    assert ours == pytest.approx(theirs)


@given(counts)
def test_f1_lies_between_the_two_near_the_smaller(found):
    p, r, f = rates.precision(found), rates.recall(found), rates.f1(found)
    assert min(p, r) - 1e-12 <= f <= (p + r) / 2 + 1e-12
    assert f == pytest.approx(2 * p * r / (p + r) if p + r else 0)


def test_nothing_to_divide_by_counts_as_zero():
    nobody = Counts(0, 0, 0, 7)
    found = (rates.precision, rates.recall, rates.f1)
    assert [rate(nobody) for rate in found] == [0, 0, 0]
    assert rates.accuracy(nobody) == 1
    assert rates.accuracy(Counts(0, 0, 0, 0)) == 0


def test_any_form_of_labels():
    assert rates.confusion_counts([True, False, True], [1.0, 1.0, 0.0]) == (1, 1, 1, 0)
    assert rates.confusion_counts(np.array([1], np.uint8), (1,)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rates.confusion_counts([0, 1], [0]), r"y has shape \(2,\) and predicted \(1,\)"),
        (lambda: rates.confusion_counts([], []), r"y has shape \(0,\)"),
        (lambda: rates.confusion_counts([[0, 1]], [[0, 1]]), r"shape \(1, 2\)"),
        (lambda: rates.confusion_counts([0, 1], [0, 2]), "predicted holds 2"),
        (lambda: rates.confusion_counts([0, 0.5], [0, 1]), "y holds 0.5"),
        (lambda: rates.confusion_counts(["0", "1"], [0, 1]), "y holds '0'"),
        (lambda: rates.confusion_counts([np.nan, 1], [0, 1]), "y holds nan"),
        (lambda: rates.confusion_counts([None, 1], [0, 1]), "y holds None"),
        (lambda: rates.confusion_counts([-1, 1], [0, 1]), "y holds -1"),
    ],
)
def test_what_cannot_be_judged_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
