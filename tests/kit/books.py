"""Tests that every flipbook has; the module that asks for them has a fixture `book`."""

import io
from collections.abc import Callable

from PIL import Image

from utils.widgets import Described


def has_small_pages(count: int, most: int) -> Callable[[Described], None]:
    """A test of so many pages, all different and of one size, each below `most` bytes."""

    def test(book: Described) -> None:
        pages = [page.value for page in book.children[1].children]
        assert len(set(pages)) == len(pages) == count
        assert len({Image.open(io.BytesIO(page)).size for page in pages}) == 1
        assert max(map(len, pages)) < most

    return test


def turns_to_both_ends(count: int) -> Callable[[Described], None]:
    """A test that slider and Play reach the first and the last of so many pages."""

    def test(book: Described) -> None:
        (play, slider), stack = book.children[0].children, book.children[1]
        last = count - 1
        assert (slider.min, slider.max, play.min, play.max) == (0, last, 0, last)
        for end in (last, 0):
            slider.value = end
            stack.selected_index = end

    return test
