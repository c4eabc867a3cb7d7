"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "volumes_and_video",
    [
        ("for number in (91, 218)", "for number in (40, 179)"),
        ("number = 98", "number = 119"),
        ("moving(count, rng, side=12, frames=6)", "moving(count, rng, side=12, frames=8)"),
    ],
)
