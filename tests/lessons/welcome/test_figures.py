"""Figures of the welcome notebook: what they show, and what they say to whoever cannot see them."""

import numpy as np
import pytest

from lessons.welcome import figures
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import fits_the_page, has_large_text

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
PICTURES = np.repeat(np.arange(24, dtype=np.uint8), 8 * 10 * 3).reshape(24, 8, 10, 3)
NAMES = ["airplane", "car", "cat", "dog", "flower", "fruit", "motorbike", "person"]

FIGURES = {
    "class_columns": lambda: figures.class_columns(PICTURES, NAMES),
    "picture_and_numbers": lambda: figures.picture_and_numbers(np.arange(64).reshape(8, 8)),
    "resolution": lambda: figures.resolution(PHOTO, 8),
}
test_fits_the_page = fits_the_page(FIGURES)
test_has_large_text = has_large_text(FIGURES)


def test_every_picture_stands_in_the_column_of_its_class():
    (axes,) = figures.class_columns(PICTURES, NAMES).figure.axes
    sheet = np.asarray(axes.images[0].get_array())[..., 0]
    wide, high = 10 + figures.GAP, 8 + figures.GAP
    for k, name in enumerate(axes.get_xticklabels()):
        assert name.get_text() == NAMES[k]
        assert k * wide <= axes.get_xticks()[k] <= k * wide + 10
        column = sheet[:, k * wide : k * wide + 10]
        assert [int(column[row * high, 0]) for row in range(3)] == [3 * k, 3 * k + 1, 3 * k + 2]
    assert (sheet[8] == 255).all()


def test_the_words_are_about_the_pictures_that_are_there():
    assert "3 a kind: airplane, car, cat" in figures.class_columns(PICTURES, NAMES).alt
    alt = figures.picture_and_numbers(np.arange(5, 17).reshape(3, 4)).alt
    assert "3 by 4 pixels" in alt
    assert "5 to 16" in alt


@pytest.fixture(scope="module")
def book():
    return figures.coarse_to_fine(PHOTO, [4, 8, 16])


test_one_page_a_resolution = has_small_pages(3, 60_000)


test_the_controls_reach_both_ends = turns_to_both_ends(3)


def test_the_text_says_how_coarse_and_how_fine(book):
    assert book.text.startswith("Flipbook of 3 pages")
    assert "4 by 4" in book.text
    assert "16 by 16" in book.text
