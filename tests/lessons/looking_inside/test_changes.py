"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "looking_inside",
    [
        ("x_exam[12], y_exam[12]", "x_exam[45], y_exam[45]"),
        ("photos[0].resize", "photos[2].resize"),
    ],
)
