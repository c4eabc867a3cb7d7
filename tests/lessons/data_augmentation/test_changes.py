"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "data_augmentation",
    [
        (
            'my_limits = {"turn": 0.15, "shift": 0.3, "shear": 0.4, "brightness": 0.5',
            'my_limits = {"turn": 0, "shift": 0.03, "contrast": 3, "brightness": 0.2',
        ),
        ("pictures.images[57]", "pictures.images[80]"),
        ("share = 0.6", "share = 0"),
    ],
)
