"""The figures of the lesson on padding and stride: they draw what is true, and say it."""

from itertools import product

import numpy as np
import pytest

from lessons.padding_and_stride import figures
from lessons.padding_and_stride.figures import Walk
from lessons.padding_and_stride.sizes import receptive_field
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import fits_the_page, has_large_text
from utils.convolution import correlate2d, output_size, pad
from utils.data import WORKED_IMAGE, WORKED_KERNEL

PHOTO = np.random.default_rng(0).integers(0, 256, (40, 40))
WIDE = {mode: pad(PHOTO, 3, mode) for mode in ("zero", "reflect", "edge")}
COUNTS = np.arange(81).reshape(9, 9)
FIGURES = {
    "two walks": lambda: figures.walks({"a": Walk(7, 3), "b": Walk(7, 5)}),
    "three walks": lambda: figures.walks({f"s = {s}": Walk(9, 3, 1, 1, s) for s in (1, 2, 3)}),
    "two tables": lambda: figures.two_tables(dict.fromkeys("ab", COUNTS[:3, :3] * 100)),
    "window counts": lambda: figures.window_counts(dict.fromkeys("abc", COUNTS)),
    "path counts": lambda: figures.path_counts(dict.fromkeys("ab", COUNTS)),
    "borders": lambda: figures.borders(WIDE, [pixels - 100 for pixels in WIDE.values()], 3),
    "strided step": lambda: figures.strided_step(WORKED_IMAGE, WORKED_KERNEL, 1, 2, 8),
    "dilations": lambda: figures.dilations(WORKED_KERNEL, dict.fromkeys((1, 2, 4), PHOTO - 100)),
    "receptive fields": lambda: figures.receptive_fields(
        {"a": [(3, 1), (3, 1)], "b": [(5, 1)], "c": [(3, 2), (3, 1)]}
    ),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(FIGURES))
test_texts_are_large = pytest.mark.slow(has_large_text(FIGURES))


@pytest.fixture(scope="module")
def book():
    return figures.strided_book(WORKED_IMAGE, WORKED_KERNEL, padding=1, stride=2)


test_pages_are_small = pytest.mark.slow(has_small_pages(9, 40_000))
test_pages_turn = pytest.mark.slow(turns_to_both_ends(9))


def colored(axes, color):
    wanted = tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [p for p in axes.patches if np.allclose(p.get_facecolor()[:3], wanted) and p.get_fill()]


def hatched(axes):
    return [patch for patch in axes.patches if patch.get_hatch()]


CASES = list(product((1, 4, 7), (1, 3), (0, 2), (1, 3), (1, 2)))


@pytest.mark.parametrize(("n", "k", "p", "s", "d"), CASES)
def test_a_walk_has_as_many_windows_as_the_formula(n, k, p, s, d):
    walk = Walk(n, k, p, p, s, d)
    if walk.span > n + 2 * p:
        assert len(walk.starts) == 0
        assert walk.missed == list(range(walk.width))
    else:
        assert len(walk.starts) == output_size(n, k, p, s, d)


@pytest.mark.parametrize(("n", "k", "p", "s", "d"), CASES)
def test_a_missed_cell_has_no_effect(n, k, p, s, d):
    walk = Walk(n, k, p, p, s, d)
    if not walk.starts:
        return
    pixels = np.eye(walk.width)[:, np.newaxis]
    reached = [correlate2d(row, np.ones((1, k)), 0, s, d).any() for row in pixels]
    assert [cell for cell, seen in enumerate(reached) if not seen] == walk.missed


def test_padding_may_differ_between_the_sides():
    walk = Walk(6, 3, 0, 1, 2)
    assert list(walk.starts) == [0, 2, 4]
    assert [cell for cell in range(walk.width) if walk.is_padding(cell)] == [6]


def test_walks_draw_every_weight_every_missed_cell_and_every_zero():
    walk = Walk(8, 3, 1, 1, 3, 1)
    picture = figures.walks({"one": walk, "two": Walk(3, 3)})
    assert "one: 10 cells (2 padded), 3 windows that span 3, 1 in none." in picture.alt
    axes = picture.figure.axes[0]
    assert axes.get_title() == "one"
    assert len(axes.lines) == 3 * len(walk.starts) == 9
    assert {tuple(line.get_xdata()) for line in axes.lines} == {
        (tap, start + 1) for start in walk.starts for tap in walk.taps(start)
    }
    assert len(hatched(axes)) == len(walk.missed) == 1
    below = [t.get_text() for t in axes.texts if t.get_position()[1] > 0]
    assert below == [str(pixel) for pixel in range(walk.n)]
    inside = [t for t in axes.texts if t.get_position()[1] == 0]
    assert [(t.get_text(), t.get_position()[0]) for t in inside] == [("0", 0), ("0", 9)]
    outputs = [(t.get_text(), t.get_position()[0]) for t in axes.texts if t.get_position()[1] < 0]
    assert outputs == [("1", 1), ("2", 4), ("3", 7)]


def test_two_tables_count_what_agrees():
    picture = figures.two_tables({"a": np.array([[1, 2]]), "b": np.array([[1, 3]])})
    assert "a and b: 1 of 2 numbers agree; in the top left corner stand 1 and 1." in picture.alt


@pytest.mark.parametrize(
    ("panels", "words"),
    [
        ([Walk(7, 3), Walk(7, 5)], "whole kernel still fits"),
        ([Walk(7, 3, p, p) for p in (0, 1)], "two more windows"),
        ([Walk(7, 3, s=2), Walk(8, 3, s=3)], "left over"),
        ([Walk(9, 3, d=d) for d in (1, 2)], "Gaps"),
        ([Walk(9, 3, s=s) for s in (1, 2)], "strides"),
        ([Walk(6, 3, 1, 1, 2), Walk(6, 3, 0, 1, 2)], "other places"),
        ([Walk(7, 3)], "comes from one window"),
        ([Walk(7, 3), Walk(8, 5, 1)], "comes from one window"),
    ],
)
def test_the_caption_of_walks_goes_by_what_differs(panels, words):
    assert words in figures.walks({str(n): walk for n, walk in enumerate(panels)}).caption


def test_window_counts_hide_zeros():
    picture = figures.window_counts({"a": np.array([[0, 1], [2, 30]])})
    assert "a: 0 in the corner, 30 in the middle." in picture.alt
    axes = picture.figure.axes[0]
    assert [t.get_text() for t in axes.texts if t.get_visible()] == ["1", "2", "30"]


def test_dark_cells_have_white_numbers():
    texts = figures.window_counts({"a": np.array([[1, 9]])}).figure.axes[0].texts
    assert [text.get_color() for text in texts] == ["white", "black"]


def test_borders_frame_the_photograph():
    pixels = np.arange(400.0).reshape(20, 20) % 255
    wide = {mode: pad(pixels, 3, mode) for mode in ("zero", "edge")}
    picture = figures.borders(wide, [np.full((24, 24), -d) for d in (7, 2)], 3)
    assert "zero 7, edge 2." in picture.alt
    figure = picture.figure
    frame = figure.axes[0].patches[0]
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((2.5, 2.5), 20, 20)
    assert [axes.get_title() for axes in figure.axes[:2]] == ["zero", "edge"]
    low, high = figure.axes[2].images[0].get_clim()
    assert low == -high


@pytest.mark.parametrize("step", [0, 4, 8])
def test_strided_step_fills_the_output_up_to_its_window(step):
    expected = correlate2d(WORKED_IMAGE, WORKED_KERNEL, 1, 2)
    picture = figures.strided_step(WORKED_IMAGE, WORKED_KERNEL, 1, 2, step)
    before, after = picture.figure.axes
    shown = [int(t.get_text()) for t in after.texts if t.get_visible()]
    assert shown == expected.ravel()[: step + 1].tolist()
    assert f"the first {step + 1} of 9" in picture.alt
    row, column = np.argwhere(expected == expected)[step] * 2
    assert before.get_title() == f"window from row {row}, column {column}"
    assert len(hatched(before)) == 15


def test_strided_step_hatches_nothing_that_is_reached():
    before, _ = figures.strided_step(WORKED_IMAGE, WORKED_KERNEL, 0, 1, 0).figure.axes
    assert not hatched(before)


def test_dilations_spread_the_weights():
    kernel = np.array([[1, 0, -1]] * 3)
    picture = figures.dilations(kernel, {d: np.ones((9, 9)) - 2 for d in (1, 4)})
    assert "dilations of 1, 4" in picture.alt
    figure = picture.figure
    for axes, span in zip(figure.axes[:2], (3, 9), strict=True):
        assert len(axes.patches) == span**2
        assert [t.get_text() for t in axes.texts] == ["1", "0", "−1"] * 3
        columns = [t.get_position()[0] for t in axes.texts[:3]]
        assert np.ptp(columns) == span - 1


@pytest.mark.parametrize(
    "layers",
    [[(3, 1)], [(3, 1), (3, 1)], [(5, 1)], [(3, 2), (3, 1)], [(2, 2), (3, 1), (2, 2)]],
)
def test_receptive_fields_stand_on_their_pixels(layers):
    picture = figures.receptive_fields({"stack": layers})
    axes, field = picture.figure.axes[0], receptive_field(layers)
    assert f"stack: {field} pixels." in picture.alt
    assert axes.texts[0].get_text() == f"{field} pixels"
    rows = [round(patch.get_y() + 0.5) for patch in axes.patches]
    assert (rows.count(0), rows.count(-2 * len(layers))) == (field, 1)
    assert len(axes.lines) == sum(k * rows.count(-2 * i) for i, (k, _) in enumerate(layers, 1))
