"""Tests of the flipbook of linear regression: one page per step, all of one size, and small."""

import io

import numpy as np
import pytest
from PIL import Image

from lessons.linear_regression.descent import descent
from lessons.linear_regression.fitting import gradient_descent
from tests.kit.books import has_small_pages, turns_to_both_ends
from utils import plots

pytestmark = pytest.mark.slow

X, Y = [1, 2, 3], [2, 2, 4]


BOOKS = {
    "descent": lambda: descent(X, Y, gradient_descent(X, Y, 0.15, 3, (0, 2))),
}


@pytest.fixture(scope="module", params=BOOKS.values(), ids=BOOKS)
def book(request):
    plots.style()
    return request.param()


test_one_page_a_step_all_of_one_size = has_small_pages(4, 40_000)


def test_white_stays_white_and_colors_stay_apart(book):
    picture = np.asarray(Image.open(io.BytesIO(book.children[1].children[2].value)).convert("RGB"))
    np.testing.assert_array_equal(picture[0, 0], [255, 255, 255])
    vermillion = np.abs(picture.astype(int) - [0xD5, 0x5E, 0x00]).max(axis=-1) < 24
    assert vermillion.sum() > 100


test_the_controls_reach_both_ends = turns_to_both_ends(4)


def test_the_text_says_how_many_pages(book):
    assert "4 pages" in book.text
