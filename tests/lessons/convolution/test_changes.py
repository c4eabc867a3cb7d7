"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "convolution",
    [
        ("[[1, 0, -1], [1, 0, -1], [1, 0, -1]]", "[[7, -2, 0.5], [0, 0, 0], [3, 1, -9]]"),
        ("bias = -100", "bias = 50"),
        ("down, right = 40, 25", "down, right = -60, 90"),
        ("bias=-3", "bias=0.5"),
    ],
)
