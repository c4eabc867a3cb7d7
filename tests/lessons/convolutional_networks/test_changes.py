"""What the lesson invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "convolutional_networks",
    [
        ("layers.GlobalMaxPooling2D())\nflat", "layers.GlobalAveragePooling2D())\nflat"),
        (
            'layers.Conv2D(8, 3, activation="relu"),\n        layers.GlobalMax',
            'layers.Conv2D(4, 5, activation="relu"),\n        layers.GlobalMax',
        ),
        ("data.writers_apart(0)", "data.writers_apart(1)"),
    ],
)
