"""What the text invites to change can be changed."""

import pytest

from tests.kit.changes import run_changed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("heights_and_weights()", "heights_and_weights(seed=1)"),
        ("heights_and_weights()", "heights_and_weights(correlation=0.7)"),
        ("heights_and_weights()", "heights_and_weights(correlation=-0.5)"),
        ("heights_and_weights()", "heights_and_weights(n=40)"),
        ("heights_and_weights()", "heights_and_weights(n=200)"),
        ("heights_and_weights()", "heights_and_weights(weight_spread=5)"),
        ("rate=0.0001", "rate=0.00015"),
        ("rate=0.0001", "rate=0.5"),
    ],
)
def test_a_change(old, new):
    run_changed("linear_regression", old, new)
