"""The figures of lesson 06 draw what they are given."""

import numpy as np
import pytest

from lessons.training_a_network import figures
from lessons.training_a_network.surfaces import Valley, descend
from utils import plots
from utils.neurons import SGD

VALLEY = Valley()
PATHS = {
    name: descend(VALLEY, SGD(rate), [-4, -1], 12)
    for name, rate in (("one", 0.01), ("two", 0.05), ("three", 0.09), ("four", 0.02))
}
CURVES = np.stack([np.linspace(2, 0, 9), np.linspace(2, 5, 9)], axis=1)


def labels(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_batch_sizes_draws_a_line_each():
    figure = figures.batch_sizes({"a": [3, 2, 1], "b": [3, 1, 0.5]})
    (axes,) = figure.axes
    assert labels(axes) == ["a", "b"]
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), [3, 1, 0.5])
    assert axes.lines[0].get_marker() != axes.lines[1].get_marker()


def test_loss_curves_show_both_sets_whole():
    figure = figures.loss_curves({"low": CURVES / 5, "high": CURVES})
    low, high = figure.axes
    assert (low.get_title(), high.get_title()) == ("low", "high")
    for column, line in enumerate(high.lines):
        np.testing.assert_array_equal(line.get_ydata(), CURVES[:, column])
    assert low.get_ylim() == (0, 3)
    assert high.get_ylim()[1] > 5


def last_point(axes):
    return axes.lines[-1].get_xydata()[0]


def test_valley_walks_end_where_the_paths_end():
    figure = figures.valley_walks(VALLEY, PATHS)
    for axes, (title, path) in zip(figure.axes, PATHS.items(), strict=True):
        assert axes.get_title() == title
        np.testing.assert_array_equal(last_point(axes), path[-1])
        assert axes.get_aspect() == 1


def test_maps_hold_all_the_paths_and_the_minimum():
    for axes in figures.valley_walks(VALLEY, PATHS).axes:
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        for path in [*PATHS.values(), np.zeros((1, 2))]:
            assert left < path[:, 0].min() <= path[:, 0].max() < right
            assert bottom < path[:, 1].min() <= path[:, 1].max() < top


def test_walks_and_rings_puts_rings_where_the_others_walk():
    others = {name: path + 0.01 for name, path in PATHS.items()}
    figure = figures.walks_and_rings(VALLEY, PATHS, others)
    for axes, (name, path) in zip(figure.axes, PATHS.items(), strict=True):
        start, end = VALLEY.loss(path[0]), VALLEY.loss(path[-1])
        assert axes.get_title() == f"{name}: loss {start:.3g} → {end:.1g}"
        rings = axes.lines[-1]
        assert rings.get_markerfacecolor() == "none"
        np.testing.assert_array_equal(rings.get_xydata(), others[name][::2])


def test_walkers_differ_by_more_than_color():
    heads = [axes.lines[1:] for axes in figures.walks_and_rings(VALLEY, PATHS, PATHS).axes]
    assert len({lines[-2].get_marker() for lines in heads}) == 4
    assert len({lines[0].get_linestyle() for lines in heads}) == 4


@pytest.mark.parametrize("step", [0, 5, 12])
def test_race_frame_shows_the_losses_so_far(step):
    figure = figures.race_frame(VALLEY, PATHS, step)
    left, right = figure.axes
    assert left.get_title() == f"step {step}"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(PATHS)
    curves = [line for line in right.lines if line.get_label() not in PATHS]
    for curve, path in zip(curves, PATHS.values(), strict=True):
        np.testing.assert_allclose(curve.get_ydata(), VALLEY.loss(path[: step + 1]))
    assert right.get_xlim() == (0, 12)


def test_frames_of_a_race_have_one_scale():
    first, last = (figures.race_frame(VALLEY, PATHS, step) for step in (0, 12))
    for one, other in zip(first.axes, last.axes, strict=True):
        assert one.get_xlim() == other.get_xlim()
        assert one.get_ylim() == other.get_ylim()


def test_step_lengths_marks_the_first_step():
    (axes,) = figures.step_lengths([1, 2, 3], {"a": [1, 1, 1], "b": [3, 4, 5]}).axes
    assert axes.lines[3].get_xydata().tolist() == [[1, 3]]


def test_losses_of_a_logit_and_their_slopes_agree():
    z = np.linspace(-8, 8, 1601)
    left, right = figures.losses_of_a_logit(z).axes
    for loss, slope in zip(left.lines, right.lines, strict=True):
        expected = np.gradient(loss.get_ydata(), z)
        np.testing.assert_allclose(slope.get_ydata()[1:-1], expected[1:-1], atol=1e-4)


def test_accuracy_dots_are_named_and_whole():
    (axes,) = plots.accuracy_dots({"a": [0.7, 0.8], "b": [0.9]}).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"]
    assert axes.lines[0].get_xdata().tolist() == [0.7, 0.8]
    heights = axes.lines[0].get_ydata()
    assert -0.5 < heights[0] < heights[1] < 0.5


def test_rates_compared_shows_medians_and_ranges():
    losses = {"a": np.array([[1.0, 2, 3], [0.5, 0.4, 0.6]]), "b": np.ones((2, 3))}
    (axes,) = figures.rates_compared([0.01, 0.1], losses, 2.3).axes
    assert labels(axes) == ["a", "b"]
    line, caps, (bars,) = axes.containers[0]
    assert line.get_ydata().tolist() == [2, 0.5]
    np.testing.assert_allclose(line.get_xdata(), [0.01, 0.1], rtol=0.1)
    np.testing.assert_allclose([cap.get_ydata() for cap in caps], [[1, 0.4], [3, 0.6]])
    np.testing.assert_allclose([bar[:, 1] for bar in bars.get_segments()], [[1, 3], [0.4, 0.6]])
    assert axes.containers[1][0].get_xdata()[0] > line.get_xdata()[0]
