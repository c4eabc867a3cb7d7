"""Numbers that the text or the notes of the lesson invite to change."""

import pytest

from tests.kit.changes import run_changed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sets = split(0)", "sets = split(5)"),
        ("keras.optimizers.SGD(0.1), cross_entropy, m", "keras.optimizers.Adam(0.03), cross_entropy, m"),
        ("networks.accuracies((0.0001, 0.01, 1)", "networks.accuracies((0.003, 30)"),
        ("(0.01, 0.05, 0.09, 0.1)", "(0.02, 0.07, 0.5)"),
    ],
)  # fmt: skip
def test_a_changed_number_breaks_nothing(old, new):
    run_changed("training_a_network", old, new)
