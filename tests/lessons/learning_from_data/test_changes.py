"""Numbers that the text or the notes of the lesson invite to change."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "learning_from_data",
    [
        ("order = np.random.default_rng(0)", "order = np.random.default_rng(7)"),
        ("ks = [1, 3, 5, 9, 15, 25,", "ks = [1, 2, 25,"),
        ("rng.normal(size=(10, 500))", "rng.normal(size=(10, 5))"),
        ("usual = np.array([3, 2, 9, 8,", "usual = np.array([9, 8, 2, 3,"),
    ],
)
