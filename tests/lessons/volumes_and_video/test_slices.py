"""The slice scrubber: it shows the slice it says, and every control reaches both ends."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from lessons.volumes_and_video.figures import plane
from lessons.volumes_and_video.records import load_volumes
from lessons.volumes_and_video.slices import SHARP, SIZE, SLICE_BOX, SliceScrubber, draw, sentence
from tests.kit import texts

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def solids():
    return load_volumes("validation").volumes[::10]


@pytest.fixture
def widget(solids):
    return SliceScrubber(solids, load_volumes("validation").classes)


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


PALE, ORANGE = [0xD3, 0xE4, 0xF0], [0xE6, 0x9F, 0]


def has_color(pixels, color):
    return np.abs(pixels - color).max(axis=-1) < 8


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("index", [0, 7, 12, 23])
def test_the_slice_is_the_slice(solids, axis, index):
    left, top, right, bottom = SLICE_BOX
    for solid in solids[[1, 6]]:
        box = pixels(draw(solid, axis, index))[::SHARP, ::SHARP][top:bottom, left:right]
        rows = ((np.arange(24) + 0.5) * (bottom - top) / 24).astype(int)
        columns = ((np.arange(24) + 0.5) * (right - left) / 24).astype(int)
        cells, expected = box[np.ix_(rows, columns)], plane(solid, axis, index).T[::-1]
        np.testing.assert_array_equal(has_color(cells, ORANGE), expected == 2)
        np.testing.assert_array_equal(has_color(cells, PALE), expected == 1)


def test_a_picture_has_its_size_and_is_small(solids):
    for axis in range(3):
        picture = draw(solids[6], axis, 12)
        assert Image.open(io.BytesIO(picture)).size == (SHARP * SIZE[0], SHARP * SIZE[1])
        assert len(picture) < 80_000
        assert picture == draw(solids[6], axis, 12)


def test_the_ground_is_white(solids):
    np.testing.assert_array_equal(pixels(draw(solids[0], 2, 12))[0, 0], [255, 255, 255])


def test_the_sentence_counts():
    solid = np.zeros((4, 4, 4), bool)
    solid[1, :2, 3] = True
    assert sentence(solid, 0, 1) == "slice x = 1: 2 of 16 cells filled"
    assert sentence(solid, 2, 3) == "slice z = 3: 2 of 16 cells filled"
    assert sentence(solid, 1, 3) == "slice y = 3: 0 of 16 cells filled"


@pytest.mark.parametrize("solid", [0, 7])
@pytest.mark.parametrize("axis", [0, 2])
@pytest.mark.parametrize("index", [0, 23])
def test_the_controls_reach_both_ends(widget, solid, axis, index):
    widget.solid.value, widget.axis.value, widget.index.value = solid, axis, index
    assert (widget.index.min, widget.index.max) == (0, 23)
    assert [name for name, _ in widget.axis.options] == ["x", "y", "z"]
    assert widget.picture.value == draw(widget.solids[solid], axis, index)


def test_every_control_changes_the_picture(widget):
    for control, value in ((widget.solid, 6), (widget.axis, 0), (widget.index, 9)):
        before = widget.picture.value
        control.value = value
        assert widget.picture.value != before


def test_it_opens_on_the_fullest_slice(widget):
    filled = widget.solids[0].sum(axis=(0, 1))
    assert filled[widget.index.value] == filled.max() > 0


def test_the_menu_names_the_solids(widget):
    assert [name for name, _ in widget.solid.options][:2] == ["airplane", "car"]
    assert len(widget.solid.options) == 8


def test_a_frame_is_quick(widget):
    times = []
    for index in range(4, 20):
        started = time.process_time()
        widget.index.value = index
        times.append(time.process_time() - started)
    assert np.median(times) < 0.25  # 40 ms on an idle machine


def test_the_text_is_the_same_in_every_run(widget):
    assert "8 solids" in widget.text


def states():
    samples = load_volumes("validation")
    return [texts.as_html(SliceScrubber(samples.volumes[::10], samples.classes))]


test_every_text_fits_with_any_font = texts.fit(states, 16)
