"""What the lesson invites to change can be changed."""

import pytest

from tests.kit.changes import run_changed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("layers.GlobalMaxPooling2D())\nflat", "layers.GlobalAveragePooling2D())\nflat"),
        (
            'layers.Conv2D(8, 3, activation="relu"),\n        layers.GlobalMax',
            'layers.Conv2D(4, 5, activation="relu"),\n        layers.GlobalMax',
        ),
        ("data.writers_apart(0)", "data.writers_apart(1)"),
    ],
)
def test_what_is_changed_runs(old, new):
    run_changed("convolutional_networks", old, new)
