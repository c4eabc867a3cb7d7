"""The numbers that the text invites to change: the page runs with others as well."""

import pytest

from tests.kit.changes import run_changed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.array([1, -2, 0.5]), 1", "np.array([-3, 0, 2]), -1"),
        ("np.random.default_rng(4)", "np.random.default_rng(11)"),
        ("np.random.default_rng(0)", "np.random.default_rng(3)"),
    ],
)
def test_a_change_that_the_text_invites(old, new):
    run_changed("perceptron", old, new)
