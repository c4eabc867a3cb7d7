"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "padding_and_stride",
    [
        ('"n = 7, k = 5": Walk(7, 5)', '"n = 4, k = 5": Walk(4, 5)'),
        ("Walk(9, 3, d=d) for d in (1, 2, 3)", "Walk(9, 3, s=2, d=d) for d in (1, 2, 3, 4, 5)"),
        ("patch = brick[200:290, 120:210]", "patch = brick[0:90, 400:490]"),
        ("padding=1, stride=2)", "padding=2, stride=3)"),
    ],
)
