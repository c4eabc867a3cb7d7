"""The rule by which settings are compared, against its definition."""

import itertools
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from utils import metrics


def test_the_module_needs_numpy_alone():
    command = (
        "import sys, utils.metrics; "
        "sys.exit(bool({'sklearn', 'scipy', 'matplotlib', 'keras'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def by_definition(a, b):
    """Every way to deal whole numbers into two heaps, exactly."""
    together, size = [Fraction(int(x)) for x in (*a, *b)], len(a)
    gaps = [
        abs(sum(heap) / size - (sum(together) - sum(heap)) / (len(together) - size))
        for heap in itertools.combinations(together, size)
    ]
    found = gaps[0]  # the first deal is the one that was measured
    return np.mean([gap >= found for gap in gaps])


heaps = st.lists(st.integers(0, 20), min_size=1, max_size=5)


@given(heaps, heaps, st.sampled_from([1, 0.001, 1 / 160, 1e9]))
def test_p_of_difference_counts_all_deals(a, b, unit):
    p = metrics.p_of_difference(np.array(a) * unit, np.array(b) * unit)
    assert p == pytest.approx(by_definition(a, b))


def test_p_of_difference_agrees_with_scipy_where_no_two_deals_are_as_far_apart():
    def apart(x, y, axis):
        return x.mean(axis=axis) - y.mean(axis=axis)

    a, b = np.random.default_rng(0).normal(size=(2, 6))
    theirs = stats.permutation_test((a, b), apart, n_resamples=np.inf).pvalue
    assert metrics.p_of_difference(a, b) == pytest.approx(theirs)


@pytest.mark.parametrize("a", [[], [np.nan, 1], [0.5, np.inf]])
def test_what_cannot_be_compared_is_refused(a):
    for pair in ((a, [1, 2]), ([1, 2], a)):
        with pytest.raises(ValueError, match="one finite number or more"):
            metrics.p_of_difference(*pair)


def test_the_surest_answer_of_five_starts():
    assert metrics.p_of_difference(range(5), range(5, 10)) == pytest.approx(2 / 252)
    assert metrics.p_of_difference(range(5), range(5)) == 1
