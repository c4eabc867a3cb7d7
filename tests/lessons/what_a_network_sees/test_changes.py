"""What the lesson invites to change can be changed."""

import pytest

from tests.kit.changes import run_changed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("for digit in (3, 0, 1, 2, 4, 5, 6, 7, 8, 9)]", "for digit in (8, 3)]"),
        ("data.writers_apart(0)", "data.writers_apart(1)"),
        ("training.reproducible(0)", "training.reproducible(5)"),
    ],
)
def test_what_is_changed_runs(old, new):
    run_changed("what_a_network_sees", old, new)
