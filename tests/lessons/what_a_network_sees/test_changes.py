"""What the lesson invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "what_a_network_sees",
    [
        ("for digit in (3, 0, 1, 2, 4, 5, 6, 7, 8, 9)]", "for digit in (8, 3)]"),
        ("data.writers_apart(0)", "data.writers_apart(1)"),
        ("training.reproducible(0)", "training.reproducible(5)"),
    ],
)
