"""The figures of lesson 09: they draw what they are given."""

import numpy as np
from matplotlib.patches import Circle

from lessons.pooling import figures

MAP = np.array([[1, 4, 2, 11], [6, 13, 8, 3], [10, 0, 17, 7], [9, 2, 3, 5]])


def shown(axes):
    return [text.get_text() for text in axes.texts if text.get_visible()]


def rings(axes):
    return [patch.center for patch in axes.patches if isinstance(patch, Circle)]


def test_all_windows_are_pooled_and_their_maxima_ringed():
    left, largest, mean = figures.pooling_windows(MAP).axes
    assert shown(left) == [str(n) for n in MAP.ravel()]
    assert shown(largest) == ["13", "11", "10", "17"]
    assert shown(mean) == ["6", "6", "5.25", "8"]
    assert [MAP[row, column] for column, row in rings(left)] == [13, 11, 10, 17]


def test_a_page_shows_one_window_and_leaves_the_later_ones_empty():
    left, largest, mean = figures.pooling_windows(MAP, 2).axes
    assert shown(largest) == ["13", "11", "10"]
    assert shown(mean) == ["6", "6", "5.25"]
    assert len(rings(left)) == 3
    assert largest.get_xlabel() == "largest of\n10, 0, 9, 2\nis 10"
    assert mean.get_xlabel() == "(10 + 0 +\n9 + 2) / 4\n= 5.25"


def test_every_page_has_one_size_and_its_layout():
    figures = [figures.pooling_windows(MAP, page) for page in (None, 0, 3)]
    for figure in figures:
        figure.canvas.draw()
    positions = {tuple(figure.axes[0].get_position().bounds) for figure in figures}
    assert len(positions) == 1


def test_neighboring_windows_differ_in_color():
    left = figures.pooling_windows(np.arange(36).reshape(6, 6)).axes[0]
    tints = [p.get_facecolor() for p in left.patches if not isinstance(p, Circle)]
    tints = np.array(tints).reshape(3, 3, 4)
    assert (tints[1:] != tints[:-1]).any(axis=2).all()
    assert (tints[:, 1:] != tints[:, :-1]).any(axis=2).all()


def test_shift_comparison_states_the_change():
    before, after = np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([[0.0, 3.0], [0.0, 4.0]])
    figure = figures.shift_comparison({"edges": (before, after), "same": (before, before)})
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:3] == ["edges", "after the shift", "difference: 0.85"]
    assert titles[3] == "same"
    assert titles[5] == "difference: 0.00"
    np.testing.assert_array_equal(figure.axes[2].images[0].get_array(), after - before)
    low, high = figure.axes[2].images[0].get_clim()
    assert low == -high


def test_shift_changes_draw_the_means():
    values = np.array([[0.1, 0.3], [0.5, 0.7]])
    curves = {("max", 1): values + 0.5, ("max", 4): values, ("average", 4): values + 0.1}
    figure = figures.shift_changes({"brick": curves, "coffee": curves}, [1, 4])
    lines = figure.axes[1].lines
    np.testing.assert_allclose(lines[1].get_ydata(), [0.2, 0.6])
    assert [line.get_label() for line in lines] == [
        "no pooling", "max 4 × 4", "average 4 × 4", "nothing in common",
    ]  # fmt: skip
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 4
    assert [axes.get_title() for axes in figure.axes] == ["brick", "coffee"]


def test_pixel_pictures_stand_in_rows_on_one_scale():
    pictures = {name: np.full((4, 4), 9 * n) for n, name in enumerate("abcdef")}
    figure = figures.pixel_pictures(pictures, 3)
    assert [axes.get_title() for axes in figure.axes] == list("abcdef")
    assert {axes.images[0].get_clim() for axes in figure.axes} == {(0, 255)}
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == (2, 3)


def test_gradient_routes_ring_the_same_places_twice():
    gradient = np.zeros((4, 4))
    gradient[1, 1], gradient[0, 3], gradient[2, 0], gradient[2, 2] = 1, 2, 3, 4
    figure = figures.gradient_routes(MAP, np.array([[1, 2], [3, 4]]), gradient)
    left, middle, right = figure.axes
    assert rings(left) == rings(right)
    assert sorted(MAP[row, column] for column, row in rings(left)) == [10, 11, 13, 17]
    assert shown(middle) == ["1", "2", "3", "4"]
