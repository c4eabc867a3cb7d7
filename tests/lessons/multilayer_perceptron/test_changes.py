"""Numbers that the text or the notes of the lesson invite to change."""

import pytest

from tests.kit.changes import run_changed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("default_rng(5)", "default_rng(6)"),
        ("for units in (2, 3)", "for units in (1, 5)"),
        (
            "points, sides, *_ = moons(0.15, 200, seed=0)",
            "points, sides, *_ = moons(0.4, 50, seed=3)",
        ),
    ],
)
def test_a_changed_number_breaks_nothing(old, new):
    run_changed("multilayer_perceptron", old, new)
