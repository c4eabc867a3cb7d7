"""The tests of texts notice what does not fit, and run with fonts that differ."""

import ipywidgets
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.font_manager import findfont

from tests.conftest import FONTS
from tests.kit import texts

pytestmark = pytest.mark.slow

WORD = '<span style="font:100px {}">convolution</span>'


def svg(*parts):
    return f'<svg viewBox="0 0 300 100" style="width:300px">{"".join(parts)}</svg>'


def text(x, words, more=""):
    return f'<text x="{x}" y="50" font-size="20" {more}>{words}</text>'


BOX = '<rect x="50" y="20" width="80" height="60" fill="none" stroke="black"/>'
LABEL = (
    '<div style="width:80px;overflow:hidden;white-space:nowrap">learning rate of gradient descent'
    "</div>"
)
FAULTS = {
    svg(text(250, "convolution")): '"convolution" sticks out of its picture',
    svg(text(5, "pooling", 'text-anchor="end"')): '"pooling" sticks out of its picture',
    svg(text(20, "kernel"), text(50, "stride")): '"kernel" and "stride" overlap',
    svg(BOX, text(60, "perceptron")): '"perceptron" crosses the side of a box',
    LABEL: '"learning rate of gradient descent" sticks out of <div class="">',
    '<input style="width:40px" value="−0.123456789">': '<input class=""> is ',
    texts.as_html(ipywidgets.IntSlider(description="learning rate of descent")): (
        '"learning rate of descent" sticks out of <div class="label">'
    ),
}
RIGHT = (
    svg(text(20, "kernel")),
    svg(text(20, "kernel"), text(150, "stride")),
    svg(BOX, text(90, "k", 'text-anchor="middle"')),
    '<div style="width:80px">learning rate of gradient descent</div>',
    LABEL.replace("hidden", "auto"),
    texts.as_html(ipywidgets.IntSlider(description="stride")),
)
FAMILIES = ("sans-serif", "system-ui", "Arial", "Helvetica", "DejaVu Sans", "nothing like it")


def test_each_fault_is_noticed(each_font):
    found = texts.on_paper(each_font, FAULTS)["faults"]
    assert len(found) == len(FAULTS)
    for words in FAULTS.values():
        assert any(fault.startswith(words) for fault in found), words


def test_what_fits_is_no_fault(each_font):
    seen = texts.on_paper(each_font, RIGHT)
    assert seen["faults"] == []
    assert len(seen["scrolling"]) == 1


def test_the_size_of_a_text_is_that_on_the_screen(each_font):
    picture = svg(text(20, "kernel"))
    half = picture.replace("width:300px", "width:150px")
    assert texts.on_paper(each_font, [picture, half])["smallest"] == 10


def test_the_fonts_differ_whatever_they_are_called(set_in):
    widths = {}
    for kind, font in FONTS.items():
        page = set_in(font).new_page()
        page.set_content("".join(WORD.format(family) for family in FAMILIES))
        boxes = [word.bounding_box() for word in page.locator("span").all()]
        widths[kind] = np.array([box["width"] for box in boxes])
        page.close()
    assert min(widths["wide"] / widths["narrow"]) > 1.15


def test_pictures_are_drawn_with_a_font_that_comes_with_matplotlib():
    assert findfont("DejaVu Sans").startswith(mpl.get_data_path())
