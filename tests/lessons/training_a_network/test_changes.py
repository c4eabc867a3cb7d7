"""Numbers that the text or the notes of the lesson invite to change."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "training_a_network",
    [
        ("sets = split(0)", "sets = split(5)"),
        (
            "keras.optimizers.SGD(0.1), cross_entropy, m",
            "keras.optimizers.Adam(0.03), cross_entropy, m",
        ),
        ("networks.accuracies((0.0001, 0.01, 1)", "networks.accuracies((0.003, 30)"),
        ("(0.01, 0.05, 0.09, 0.1)", "(0.02, 0.07, 0.5)"),
    ],
)
