"""Tests of the flipbook of hidden units: a page per network and per unit, all of one size."""

import numpy as np
import pytest

from lessons.multilayer_perceptron.hidden_units import hidden_units_book
from tests.kit.books import has_small_pages, turns_to_both_ends
from utils import plots
from utils.neurons import MLP

X = np.random.default_rng(1).normal(size=(40, 2))
LABELS = (X[:, 0] > 0).astype(int)
NETWORKS = {0: MLP.random([2, 4, 2], "tanh", 0), 30: MLP.random([2, 4, 2], "tanh", 1)}


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def book():
    plots.style()
    return hidden_units_book(NETWORKS, X, LABELS)


test_pages_are_of_one_size = has_small_pages(6, 60_000)
test_the_controls_reach_both_ends = turns_to_both_ends(6)


def test_the_text_says_what_the_pages_show(book):
    text = book._repr_mimebundle_()[0]["text/plain"]
    assert "6 pages" in text
    assert "4 hidden units" in text
    assert "from step 0 to step 30" in text
