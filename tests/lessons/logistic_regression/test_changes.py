"""Numbers that the text or the notes of the lesson invite to change."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "logistic_regression",
    [
        ("data.heights_and_weights(seed=0)", "data.heights_and_weights(seed=3)"),
        ("far = 180", "far = 120"),
        ("split(seed=28)", "split(seed=4)"),
        ("digits.labels == 8", "digits.labels == 3"),
        ("miss=20", "miss=2"),
        ("cuts = (0.5, 0.1, 0.001)", "cuts = (0.9, 0.5)"),
    ],
)
