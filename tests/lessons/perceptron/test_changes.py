"""The numbers that the text invites to change: the page runs with others as well."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "perceptron",
    [
        ("np.array([1, -2, 0.5]), 1", "np.array([-3, 0, 2]), -1"),
        ("epochs=1000", "epochs=3000"),
        ("np.random.default_rng(4)", "np.random.default_rng(11)"),
        ("np.random.default_rng(0)", "np.random.default_rng(3)"),
    ],
)
