"""Tests that every module of figures has: from a table of figures to a test function."""

import io
from collections.abc import Callable, Mapping

import pytest
from matplotlib.figure import Figure
from PIL import Image

from utils import plots
from utils.plots import Picture

Figures = Mapping[str, Callable[[], Figure | Picture]]


def figure_of(drawing: Figure | Picture) -> Figure:
    """The figure itself, be it a picture that a cell shows or a page of a flipbook."""
    return drawing.figure if isinstance(drawing, Picture) else drawing


def fits_the_page(figures: Figures, heights: tuple[int, int] = (250, 700)) -> Callable:
    """A test that a figure is drawn the same twice, and is neither small nor larger than a page."""

    @pytest.mark.parametrize("make", figures.values(), ids=figures)
    def test(make: Callable[[], Figure | Picture]) -> None:
        first, second = (plots.png(figure_of(make())) for _ in range(2))
        assert first == second, "two drawings differ"
        width, height = Image.open(io.BytesIO(first)).size
        assert 600 <= width <= 1150, f"{width} pixels wide"
        assert heights[0] <= height <= heights[1], f"{height} pixels high"

    return test


def has_large_text(figures: Figures) -> Callable:
    """A test that no text of a figure is below 12 points."""

    @pytest.mark.parametrize("make", figures.values(), ids=figures)
    def test(make: Callable[[], Figure | Picture]) -> None:
        figure = figure_of(make())
        figure.draw_without_rendering()
        texts = [t for t in figure.findobj(lambda a: hasattr(a, "get_fontsize")) if t.get_text()]
        smallest = min(t.get_fontsize() for t in texts)
        assert smallest >= 12, f"text of {smallest} points"

    return test
