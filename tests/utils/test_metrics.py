"""The rule by which settings are compared, against its definition."""

import itertools
import subprocess
import sys

import numpy as np
import pytest

from utils import metrics


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
