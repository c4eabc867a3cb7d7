"""What the text invites to change can be changed."""

import pytest

from tests.kit.changes import run_changed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"rocket"', '"coffee"'),
        ('"rocket"', '"../data/rendered8/bricks.jpg"'),
        ("images[13]", "images[0]"),
    ],
)
def test_a_change(old, new):
    run_changed("welcome", old, new)
