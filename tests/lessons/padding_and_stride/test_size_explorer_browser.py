"""The size explorer's words and picture in a real browser, which knows how wide a text is."""

from itertools import product

from lessons.padding_and_stride.size_explorer import RANGES, SMALLEST_TEXT, SizeExplorer, view
from tests.kit import texts

ENDS = product(*(ends[:2] for ends in RANGES.values()))
SETTINGS = [*ENDS, (8, 3, 0, 2, 1), (16, 2, 4, 1, 1), (12, 7, 4, 1, 3)]


def states():
    return [texts.as_html(SizeExplorer()), *(view(*setting) for setting in SETTINGS)]


test_every_text_fits_with_any_font = texts.fit(states, SMALLEST_TEXT)
