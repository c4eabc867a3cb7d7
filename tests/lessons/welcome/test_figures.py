"""Figures of the welcome notebook: what they show, and what they say to whoever cannot see them."""

import numpy as np
import pytest

from lessons.welcome import figures
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import fits_the_page, has_large_text

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
PHOTOS = {"wide": PHOTO, "high": PHOTO.swapaxes(0, 1)}
ANSWERS = {
    "wide": {"airplane": 0.0, "car": 0.1, "cat": 0.6, "dog": 0.3},
    "high": {"airplane": 0.0, "car": 0.98, "cat": 0.01, "dog": 0.01},
}

FIGURES = {
    "photographs": lambda: figures.photographs(PHOTOS),
    "named": lambda: figures.named(PHOTOS, ANSWERS),
    "one, very wide": lambda: figures.named({"wide": PHOTO[:10]}, ANSWERS),
    "one, very high": lambda: figures.named({"high": PHOTO[:, :8]}, ANSWERS),
    "picture_and_numbers": lambda: figures.picture_and_numbers(np.arange(64).reshape(8, 8)),
    "resolution": lambda: figures.resolution(PHOTO, 8),
    "resolutions": lambda: figures.resolutions(PHOTO, [8, 4, 2]),
}
test_fits_the_page = fits_the_page(FIGURES)
test_has_large_text = has_large_text(FIGURES)


def test_the_likeliest_answers_stand_below_each_photograph_the_best_first():
    top = figures.named(PHOTOS, ANSWERS).figure.axes[2:]
    texts = [[text.get_text() for text in axes.texts] for axes in top]
    assert texts == [["cat 60%", "dog 30%", "car 10%"], ["car 98%", "cat 1%", "dog 1%"]]
    widths = [bar.get_width() for bar in top[0].patches]
    assert widths == [0.6, 0.3, 0.1]


def test_the_words_are_about_the_pictures_that_are_there():
    assert figures.named(PHOTOS, ANSWERS).alt.endswith("wide: cat, 60%; high: car, 98%.")
    assert figures.photographs(PHOTOS).alt.endswith("wide, high.")
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
