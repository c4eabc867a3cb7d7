"""Figures of the welcome notebook."""

import numpy as np

from lessons.welcome import figures
from tests.kit.looks import fits_the_page, has_large_text
from utils import plots

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (40, 60, 3), dtype=np.uint8)
PICTURES = np.repeat(np.arange(24, dtype=np.uint8), 8 * 10 * 3).reshape(24, 8, 10, 3)
NAMES = ["airplane", "car", "cat", "dog", "flower", "fruit", "motorbike", "person"]

FIGURES = {
    "class_columns": lambda: figures.class_columns(PICTURES, NAMES),
    "picture_and_numbers": lambda: figures.picture_and_numbers(np.arange(64).reshape(8, 8)),
    "resolutions": lambda: plots.resolutions(PHOTO, [4, 8, 16]),
}
test_fits_the_page = fits_the_page(FIGURES)
test_has_large_text = has_large_text(FIGURES)


def test_every_picture_stands_in_the_column_of_its_class():
    figure = figures.class_columns(PICTURES, NAMES)
    (axes,) = figure.axes
    sheet = np.asarray(axes.images[0].get_array())[..., 0]
    wide, high = 10 + plots.welcome.GAP, 8 + plots.welcome.GAP
    for k, name in enumerate(axes.get_xticklabels()):
        assert name.get_text() == NAMES[k]
        assert k * wide <= axes.get_xticks()[k] <= k * wide + 10
        column = sheet[:, k * wide : k * wide + 10]
        assert [int(column[row * high, 0]) for row in range(3)] == [3 * k, 3 * k + 1, 3 * k + 2]
    assert (sheet[8] == 255).all()
