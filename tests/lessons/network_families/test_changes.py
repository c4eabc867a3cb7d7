"""What the lesson invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "network_families",
    [
        ("stack(30,", "stack(10,"),
        ("blocks.squeeze_excite(x, 2)", "blocks.squeeze_excite(x, 8)"),
        ("blocks.squeeze_excite(x, 2)", "blocks.squeeze_excite(x, 1)"),
    ],
)
