"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "image_classification",
    [
        ('"bilinear"', '"nearest"'),
        ("epochs=25", "epochs=1"),
        ("x_train[[7]]", "x_train[[0]]"),
    ],
)
