"""The size explorer: as many windows as the formula says, and sliders that reach both ends."""

import time
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from lessons.padding_and_stride.figures import Walk
from lessons.padding_and_stride.size_explorer import (
    HEIGHT,
    RANGES,
    WIDTH,
    SizeExplorer,
    sentence,
    svg,
    view,
)
from utils.convolution import output_size

ENDS = product(*(ends[:2] for ends in RANGES.values()))
SETTINGS = [dict(zip(RANGES, ends, strict=True)) for ends in ENDS]
SETTINGS += [{"n": 8, "k": 3, "p": 1, "s": 2, "d": 2}, {"n": 9, "k": 4, "p": 0, "s": 3, "d": 1}]
"""Every combination of the ends of the sliders, and two settings in between."""
SPACE = "{http://www.w3.org/2000/svg}"


def drawn(picture, kind):
    return [node for node in ElementTree.fromstring(picture).iter() if node.get("class") == kind]


@pytest.fixture
def widget():
    return SizeExplorer()


def fits(n, k, p, s, d):
    return d * (k - 1) + 1 <= n + 2 * p


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_it_draws_what_the_formula_says(setting):
    picture = svg(**setting)
    windows, missed = drawn(picture, "window"), drawn(picture, "missed")
    if fits(**setting):
        assert len(windows) == output_size(**setting)
        assert sentence(**setting).endswith(f" = {len(windows)}")
        n, k, p, s, d = setting.values()
        assert len(missed) == len(Walk(n, k, p, p, s, d).missed)
        assert all(len(window.findall(f"{SPACE}rect")) == k for window in windows)
        assert not drawn(picture, "misfit")
    else:
        assert not windows
        assert not missed
        assert len(drawn(picture, "misfit")) == 1
    assert len(drawn(picture, "padding")) == 2 * setting["p"]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_nothing_leaves_the_picture(setting):
    for node in ElementTree.fromstring(svg(**setting)).iter(f"{SPACE}rect"):
        if node.get("x"):
            x, y, w, h = (float(node.get(name)) for name in ("x", "y", "width", "height"))
            assert x >= 0
            assert y >= 0
            assert x + w <= WIDTH
            assert y + h <= HEIGHT


def test_the_weights_stand_below_their_cells():
    groups = drawn(svg(8, 3, 0, 2, 1), "window")
    left = [float(group.find(f"{SPACE}rect").get("x")) for group in groups]
    assert np.diff(left).tolist() == pytest.approx([68, 68])


def test_pixels_and_windows_are_counted():
    picture = svg(8, 3, 1, 2, 1)
    assert [node.text for node in drawn(picture, "count")] == [str(pixel) for pixel in range(8)]
    labels = [group.find(f"{SPACE}text").text for group in drawn(picture, "window")]
    assert labels == ["1", "2", "3", "4"]


def test_close_rows_are_counted_up_to_the_last():
    groups = drawn(svg(16, 1, 4, 1, 1), "window")
    labels = [group.findtext(f"{SPACE}text") for group in groups]
    assert labels == [None if number % 3 else str(number) for number in range(1, 25)]


def test_a_misfit_is_explained_in_words():
    said = sentence(3, 4, 1, 1, 2)
    assert "The kernel spans 7, the padded input is 5 wide" in said
    shown = view(3, 4, 1, 1, 2)
    assert ">✘ The kernel spans 7, the padded input is 5 wide.<" in shown
    assert ">No window fits: take a smaller kernel or dilation, or more padding.<" in shown


@pytest.mark.parametrize(("k", "words"), [(3, " · hatched: no window meets these (1)"), (2, "")])
def test_lost_cells_are_counted_in_words(k, words):
    assert f"span = d(k − 1) + 1 = 1·({k} − 1) + 1 = {k}{words}<" in view(8, k, 0, 2, 1)


def test_the_formula_has_its_numbers():
    assert sentence(7, 3, 1, 2, 1) == "⌊(7 + 2·1 − 3) / 2⌋ + 1 = 4"
    assert sentence(9, 3, 0, 1, 2) == "⌊(9 + 2·0 − 5) / 1⌋ + 1 = 5"


def test_it_can_be_read_on_a_dark_ground():
    ground = ElementTree.fromstring(svg(8, 3, 1, 2, 1)).find(f"{SPACE}rect")
    assert (ground.get("fill"), ground.get("width"), ground.get("height")) == (
        "white",
        "100%",
        "100%",
    )


def test_it_says_the_same_to_who_cannot_see_it():
    root = ElementTree.fromstring(svg(8, 3, 0, 2, 1))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Windows: 3. ⌊(8 + 2·0 − 3) / 2⌋ + 1 = 3"


@pytest.mark.parametrize("name", RANGES)
def test_every_slider_reaches_both_ends(widget, name):
    slider = widget.sliders[name]
    for end in (slider.max, slider.min):
        slider.value = end
        values = {key: other.value for key, other in widget.sliders.items()}
        assert values[name] == end
        assert widget.picture.value == view(**values, shown=False)
    assert (slider.min, slider.max) == RANGES[name][:2]


def test_a_move_hides_the_answer_until_asked(widget):
    first = widget.picture.value
    assert first == view(8, 3, 0, 2, 1)
    widget.sliders["n"].value = 9
    hidden = widget.picture.value
    assert "= 4" not in hidden
    assert "Windows: hidden" in hidden
    assert len(drawn(svg(9, 3, 0, 2, 1, shown=False), "window")) == 1
    assert not drawn(svg(8, 3, 0, 2, 1, shown=False), "missed")
    widget.show.click()
    assert widget.picture.value == view(9, 3, 0, 2, 1)
    widget.hide.value = False
    widget.sliders["n"].value = 8
    assert widget.picture.value == first


def test_every_slider_says_what_it_is(widget):
    assert [s.description for s in widget.sliders.values()] == [
        "input n",
        "kernel k",
        "padding p",
        "stride s",
        "dilation d",
    ]


def test_a_move_is_quick(widget):
    times = []
    for n in range(1, 17):
        started = time.perf_counter()
        widget.sliders["n"].value = n
        times.append(time.perf_counter() - started)
    assert np.median(times) < 0.05


def test_the_text_is_the_same_in_every_run(widget):
    assert widget._repr_mimebundle_()[0]["text/plain"] == SizeExplorer().text
    assert "the formula with its numbers" in widget.text
