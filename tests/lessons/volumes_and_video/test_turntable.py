"""The turntable of lesson 14: nine pages, small, all different."""

import numpy as np
import pytest

from lessons.transfer_learning import figures
from tests.kit.books import has_small_pages, turns_to_both_ends
from utils import data, plots
from utils.widgets import flipbook


@pytest.fixture(scope="module")
def book():
    plots.style()
    views = data.load_images("turntable", source="rendered8")
    sides = views.images[views.labels == 1]
    chances = np.random.default_rng(0).dirichlet(np.ones(8), len(sides))
    return flipbook(
        lambda n: figures.turntable_page(sides[n], 10 * n, chances[n], views.classes, 1),
        range(0, 36, 4),
        "Nine views of a car, and probabilities.",
        label="view",
    )


test_pages_are_small = has_small_pages(9, most=6_000)
test_slider_and_play_reach_both_ends = turns_to_both_ends(9)


def test_says_what_it_shows_without_widgets(book):
    assert book._repr_mimebundle_()["text/plain"] == "Nine views of a car, and probabilities."
    assert book.children[0].children[1].description == "view"
