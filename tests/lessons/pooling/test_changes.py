"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "pooling",
    [
        ("brick[190:330, 190:330]", "brick[0:140, 300:440]"),
        ("pictures[4]", "pictures[9]"),
        ("[[0, 0, 9, 9, 0, 0]] * 2", "[[0, 0, 0, 9, 9, 9, 0, 0]] * 2"),
        ('("max", 4), ("average", 4)', '("max", 4), ("average", 8)'),
    ],
)
