"""What the lesson invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "transfer_learning", [("per_class=20", "per_class=5"), ("rate=0.1)", "rate=0.01)")]
)
