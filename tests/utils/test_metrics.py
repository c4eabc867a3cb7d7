"""Tests of the metrics: scikit-learn as oracle, the properties, and what is refused."""

import itertools
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


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.confusion_counts([0, 1], [0]), r"y has shape \(2,\) and predicted \(1,\)"),
        (lambda: metrics.confusion_counts([], []), r"y has shape \(0,\)"),
        (lambda: metrics.confusion_counts([[0, 1]], [[0, 1]]), r"shape \(1, 2\)"),
        (lambda: metrics.confusion_counts([0, 1], [0, 2]), "predicted holds 2"),
        (lambda: metrics.confusion_counts([0, 0.5], [0, 1]), "y holds 0.5"),
        (lambda: metrics.confusion_counts(["0", "1"], [0, 1]), "y holds '0'"),
        (lambda: metrics.confusion_counts([np.nan, 1], [0, 1]), "y holds nan"),
        (lambda: metrics.confusion_counts([None, 1], [0, 1]), "y holds None"),
        (lambda: metrics.confusion_counts([-1, 1], [0, 1]), "y holds -1"),
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


def test_p_of_difference_counts_all_deals():
    """Against the definition: every way to deal ten numbers into two heaps of five."""
    a, b = np.array([0.1, 0.5, 0.45, 0.6, 0.3]), np.array([0.4, 0.7, 0.8, 0.55, 0.65])
    together = np.concatenate([a, b])
    gaps = [
        abs(together[list(heap)].mean() - np.delete(together, heap).mean())
        for heap in itertools.combinations(range(10), 5)
    ]
    expected = np.mean(np.array(gaps) >= abs(a.mean() - b.mean()) - 1e-12)
    assert len(gaps) == 252
    assert metrics.p_of_difference(a, b) == pytest.approx(expected)
    assert metrics.p_of_difference(range(5), range(5, 10)) == pytest.approx(2 / 252)
    assert metrics.p_of_difference(a, a) == 1
