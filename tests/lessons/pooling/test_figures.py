"""The figures of pooling: they draw what they are given."""

import numpy as np
import pytest
from matplotlib.patches import Circle

from lessons.pooling import figures
from tests.kit.looks import fits_the_page, has_large_text

MAP = np.array([[1, 4, 2, 11], [6, 13, 8, 3], [10, 0, 17, 7], [9, 2, 3, 5]])
BACK = np.array([[1, 2], [3, 4]])
GRADIENT = np.array([[0, 0, 0, 2], [0, 1, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]])
CUP = np.arange(256.0).reshape(16, 16)
NAMES = list("abcdef")


def shown(axes):
    return [text.get_text() for text in axes.texts if text.get_visible()]


def rings(axes):
    return [patch.center for patch in axes.patches if isinstance(patch, Circle)]


def test_all_windows_are_pooled_and_their_maxima_ringed():
    picture = figures.pooling_windows(MAP)
    left, largest, mean = picture.figure.axes
    assert shown(left) == [str(n) for n in MAP.ravel()]
    assert shown(largest) == ["13", "11", "10", "17"]
    assert shown(mean) == ["6", "6", "5.25", "8"]
    assert [MAP[row, column] for column, row in rings(left)] == [13, 11, 10, 17]
    assert "maxima 13, 11, 10, 17 and the averages 6, 6, 5.25, 8" in picture.alt


def test_a_page_shows_one_window_and_leaves_the_later_ones_empty():
    left, largest, mean = figures.pooling_windows(MAP, 2).figure.axes
    assert shown(largest) == ["13", "11", "10"]
    assert shown(mean) == ["6", "6", "5.25"]
    assert len(rings(left)) == 3
    assert largest.get_xlabel() == "largest of\n10, 0, 9, 2\nis 10"
    assert mean.get_xlabel() == "(10 + 0 +\n9 + 2) / 4\n= 5.25"


def test_every_page_has_one_size_and_its_layout():
    pages = [figures.pooling_windows(MAP, page).figure for page in (None, 0, 3)]
    for page in pages:
        page.canvas.draw()
    positions = [page.axes[0].get_position().bounds for page in pages]
    assert np.ptp(positions, axis=0).max() < 0.001  # of the page


def test_neighboring_windows_differ_in_color():
    left = figures.pooling_windows(np.arange(36).reshape(6, 6)).figure.axes[0]
    tints = [p.get_facecolor() for p in left.patches if not isinstance(p, Circle)]
    tints = np.array(tints).reshape(3, 3, 4)
    assert (tints[1:] != tints[:-1]).any(axis=2).all()
    assert (tints[:, 1:] != tints[:, :-1]).any(axis=2).all()


def test_shift_comparison_states_the_change():
    before, after = np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([[0.0, 3.0], [0.0, 4.0]])
    picture = figures.shift_comparison({"edges": (before, after), "same": (before, before)})
    panels = picture.figure.axes
    titles = [axes.get_title() for axes in panels]
    assert titles[:3] == ["edges", "after the shift", "difference: 0.85"]
    assert titles[3] == "same"
    assert titles[5] == "difference: 0.00"
    assert "edges 0.85, same 0.00" in picture.alt
    np.testing.assert_array_equal(panels[2].images[0].get_array(), after - before)
    low, high = panels[2].images[0].get_clim()
    assert low == -high


def test_shift_changes_draw_the_means():
    values = np.array([[0.1, 0.3], [0.5, 0.7]])
    curves = {("max", 1): values + 0.5, ("max", 4): values, ("average", 4): values + 0.1}
    picture = figures.shift_changes({"brick": curves, "coffee": curves}, [1, 4])
    first, second = picture.figure.axes
    np.testing.assert_allclose(second.lines[1].get_ydata(), [0.2, 0.6])
    assert [line.get_label() for line in second.lines] == [
        "no pooling", "max 4 × 4", "average 4 × 4", "nothing in common",
    ]  # fmt: skip
    assert len({(line.get_color(), line.get_marker()) for line in second.lines}) == 4
    assert [axes.get_title() for axes in (first, second)] == ["brick", "coffee"]
    assert "coffee from 0.20 (max 4 × 4) to 0.70 (no pooling)" in picture.alt


def test_pixel_pictures_stand_in_rows_on_one_scale():
    picture = figures.pooled_pictures(
        {name: np.full((4, 4), 9 * n) for n, name in enumerate(NAMES)}
    )
    panels = picture.figure.axes
    assert [axes.get_title() for axes in panels] == NAMES
    assert {axes.images[0].get_clim() for axes in panels} == {(0, 255)}
    assert panels[0].get_subplotspec().get_gridspec().get_geometry() == (2, 3)
    assert ", ".join(NAMES) in picture.alt


def test_shuffled_windows_keep_every_pixel():
    picture = figures.shuffled_windows(CUP, CUP[::-1], CUP[::4, ::4])
    for axes, pixels in zip(picture.figure.axes, (CUP, CUP[::-1], CUP[::4, ::4]), strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), pixels)
    assert "16 by 16 pixels" in picture.alt
    assert "4 by 4" in picture.alt


def test_gradient_routes_ring_the_same_places_twice():
    picture = figures.gradient_routes(MAP, BACK, GRADIENT)
    left, middle, right = picture.figure.axes
    assert rings(left) == rings(right)
    assert sorted(MAP[row, column] for column, row in rings(left)) == [10, 11, 13, 17]
    assert shown(middle) == ["1", "2", "3", "4"]
    assert "11, 13, 10, 17 in rings; the gradients 1, 2, 3, 4" in picture.alt


CURVES = {("max", n): np.full((4, 2), 1 / n) for n in (1, 2, 4)}
ALL = {
    "pooling_windows": lambda: figures.pooling_windows(MAP),
    "a page": lambda: figures.pooling_windows(MAP, 1),
    "shift_comparison": lambda: figures.shift_comparison(
        {"edges": (CUP, CUP), "pooled": (CUP, CUP)}
    ),
    "shift_changes": lambda: figures.shift_changes(
        {"brick": CURVES, "coffee": CURVES}, [1, 2, 4, 8]
    ),
    "shuffled_windows": lambda: figures.shuffled_windows(CUP, CUP[::-1], CUP[::4, ::4]),
    "pooled_pictures": lambda: figures.pooled_pictures(dict.fromkeys(NAMES, CUP)),
    "gradient_routes": lambda: figures.gradient_routes(MAP, BACK, GRADIENT),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(ALL))
test_text_is_large = pytest.mark.slow(has_large_text(ALL))
