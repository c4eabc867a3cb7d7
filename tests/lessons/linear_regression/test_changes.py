"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "linear_regression",
    [
        ("heights_and_weights()", "heights_and_weights(seed=1)"),
        ("heights_and_weights()", "heights_and_weights(correlation=0.7)"),
        ("heights_and_weights()", "heights_and_weights(correlation=-0.5)"),
        ("heights_and_weights()", "heights_and_weights(n=40)"),
        ("heights_and_weights()", "heights_and_weights(n=200)"),
        ("heights_and_weights()", "heights_and_weights(weight_spread=5)"),
        ("rate=0.0001", "rate=0.00015"),
        ("rate=0.0001", "rate=0.5"),
    ],
)
