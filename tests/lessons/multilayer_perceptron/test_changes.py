"""Numbers that the text or the notes of the lesson invite to change."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "multilayer_perceptron",
    [
        ("default_rng(5)", "default_rng(6)"),
        ("for units in (2, 3)", "for units in (1, 5)"),
        (
            "points, sides, *_ = moons(0.15, 200, seed=0)",
            "points, sides, *_ = moons(0.4, 50, seed=3)",
        ),
    ],
)
