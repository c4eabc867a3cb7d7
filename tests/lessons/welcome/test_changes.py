"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "welcome",
    [
        ('"rocket"', '"coffee"'),
        ('"rocket"', '"../data/rendered8/bricks.jpg"'),
        ("images[13]", "images[0]"),
    ],
)
