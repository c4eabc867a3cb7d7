"""Tests of the flipbook of hidden units: one page a network, all of one size, and small."""

import io

import numpy as np
import pytest
from PIL import Image

from utils import plots
from utils.neurons import MLP
from utils.widgets.mlp import hidden_units_book

X = np.random.default_rng(1).normal(size=(40, 2))
LABELS = (X[:, 0] > 0).astype(int)
NETWORKS = {0: MLP.random([2, 4, 2], "tanh", 0), 30: MLP.random([2, 4, 2], "tanh", 1)}


@pytest.fixture(scope="module")
def book():
    plots.style()
    return hidden_units_book(NETWORKS, X, LABELS)


def test_one_page_a_network_all_of_one_size(book):
    pages = [page.value for page in book.children[1].children]
    assert len(set(pages)) == len(pages) == 2
    assert len({Image.open(io.BytesIO(page)).size for page in pages}) == 1
    assert max(map(len, pages)) < 15_000


def test_the_controls_reach_both_ends(book):
    (play, slider), stack = book.children[0].children, book.children[1]
    assert (slider.min, slider.max, play.min, play.max) == (0, 1, 0, 1)
    for end in (1, 0):
        slider.value = end
        stack.selected_index = end


def test_the_text_says_what_the_pages_show(book):
    text = book._repr_mimebundle_()["text/plain"]
    assert "2 pages" in text
    assert "4 hidden units" in text
    assert "from step 0 to step 30" in text
