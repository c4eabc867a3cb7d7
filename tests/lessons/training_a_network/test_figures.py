"""The figures of the lesson on training a network: they draw what they are given, and say it."""

import numpy as np
import pytest

from lessons.training_a_network import figures
from lessons.training_a_network.surfaces import Valley, descend
from tests.kit.looks import fits_the_page, has_large_text
from utils import data
from utils.neurons import SGD

VALLEY = Valley()
PATHS = {
    name: descend(VALLEY, SGD(rate), [-4, -1], 12)
    for name, rate in (("one", 0.01), ("two", 0.05), ("three", 0.09), ("four", 0.02))
}
CURVES = np.stack([np.linspace(2, 0, 9), np.linspace(2, 5, 9)], axis=1)
LOSSES = {name: np.full((3, 5), 1.0) for name in "abcd"}
FIGURES = {
    "batch sizes": lambda: figures.batch_sizes({"a": [3, 2, 1], "b": [3, 1, 0.5]}),
    "loss curves": lambda: figures.loss_curves({f"rate too {x}\n0.1": CURVES for x in "abcd"}),
    "valley walks": lambda: figures.valley_walks(VALLEY, PATHS),
    "walks and rings": lambda: figures.walks_and_rings(VALLEY, PATHS, PATHS),
    "race frame": lambda: figures.race_frame(VALLEY, PATHS, 12),
    "step lengths": lambda: figures.step_lengths([1, 2, 3], {"a": [1, 1, 1], "b": [3, 4, 5]}),
    "hands": lambda: figures.hands(data.digits(), data.writers_apart(0)),
    "rates compared": lambda: figures.rates_compared([0.01, 0.1, 1], LOSSES, 2.3),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(FIGURES))
test_texts_are_large = pytest.mark.slow(has_large_text(FIGURES))


def labels(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_batch_sizes_draws_a_line_each():
    picture = FIGURES["batch sizes"]()
    assert "At the end: a 1; b 0.5." in picture.alt
    (axes,) = picture.figure.axes
    assert labels(axes) == ["a", "b"]
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), [3, 1, 0.5])
    assert axes.lines[0].get_marker() != axes.lines[1].get_marker()


def test_loss_curves_have_one_axis_and_say_what_leaves_it():
    picture = figures.loss_curves({"low": CURVES / 5, "high": CURVES})
    assert "high: training 2 to 0, validation 2 to 5, at the lowest 2." in picture.alt
    low, high = picture.figure.axes
    assert (low.get_title(), high.get_title()) == ("low", "high")
    for column, line in enumerate(high.lines):
        np.testing.assert_array_equal(line.get_ydata(), CURVES[:, column])
    assert low.get_ylim() == high.get_ylim() == (0, 4)
    assert not low.texts
    assert [text.get_text() for text in high.texts] == ["leaves the axis:\nup to 5"]


def test_hands_show_each_writer_and_cover_the_test_set():
    digits, parts = data.digits(), data.writers_apart(0)
    picture = figures.hands(digits, parts)
    assert "training: 7; validation: 2; test: 3." in picture.alt
    *shown, covered = picture.figure.axes
    firsts = [np.unique(data.digit_writers()[parts[part]])[0] for part in ("train", "validation")]
    for axes, writer in zip(shown, firsts, strict=True):
        sheet = np.asarray(axes.images[0].get_array())
        own = digits.images[(data.digit_writers() == writer) & (digits.labels == figures.SHOWN[0])]
        np.testing.assert_array_equal(sheet[:8, :8], own[0])
    assert np.isnan(np.ma.filled(covered.images[0].get_array().astype(float), np.nan)).all()


def last_point(axes):
    return axes.lines[-1].get_xydata()[0]


def test_valley_walks_end_where_the_paths_end():
    picture = figures.valley_walks(VALLEY, PATHS)
    end = VALLEY.loss(PATHS["two"][-1])
    assert f"two: loss 16.5 to {end:.2g} in 12 steps." in picture.alt
    for axes, (title, path) in zip(picture.figure.axes, PATHS.items(), strict=True):
        assert axes.get_title() == title
        np.testing.assert_array_equal(last_point(axes), path[-1])
        assert axes.get_aspect() == 1


def test_maps_hold_all_the_paths_and_the_minimum():
    for axes in figures.valley_walks(VALLEY, PATHS).figure.axes:
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        for path in [*PATHS.values(), np.zeros((1, 2))]:
            assert left < path[:, 0].min() <= path[:, 0].max() < right
            assert bottom < path[:, 1].min() <= path[:, 1].max() < top


def test_walks_and_rings_puts_rings_where_the_others_walk():
    others = {name: path + 0.01 for name, path in PATHS.items()}
    picture = figures.walks_and_rings(VALLEY, PATHS, others)
    assert "further than 1e-02" in picture.alt
    for axes, (name, path) in zip(picture.figure.axes, PATHS.items(), strict=True):
        start, end = VALLEY.loss(path[0]), VALLEY.loss(path[-1])
        assert axes.get_title() == f"{name}: loss {start:.3g} → {end:.1g}"
        rings = axes.lines[-1]
        assert rings.get_markerfacecolor() == "none"
        np.testing.assert_array_equal(rings.get_xydata(), others[name][::5])


def test_walkers_differ_by_more_than_color():
    heads = [axes.lines[1:] for axes in figures.walks_and_rings(VALLEY, PATHS, PATHS).figure.axes]
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
    picture = FIGURES["step lengths"]()
    assert "b: 3 at first, 5 at most, 5 at last." in picture.alt
    (axes,) = picture.figure.axes
    assert axes.lines[3].get_xydata().tolist() == [[1, 3]]


def test_rates_compared_shows_medians_and_ranges():
    losses = {"a": np.array([[1.0, 2, 3], [0.5, 0.4, 0.6]]), "b": np.ones((2, 3))}
    picture = figures.rates_compared([0.01, 0.1], losses, 2.3)
    assert "a at 0.1, b at 0.01." in picture.alt
    (axes,) = picture.figure.axes
    assert labels(axes) == ["a", "b"]
    line, caps, (bars,) = axes.containers[0]
    assert line.get_ydata().tolist() == [2, 0.5]
    np.testing.assert_allclose(line.get_xdata(), [0.01, 0.1], rtol=0.1)
    np.testing.assert_allclose([cap.get_ydata() for cap in caps], [[1, 0.4], [3, 0.6]])
    np.testing.assert_allclose([bar[:, 1] for bar in bars.get_segments()], [[1, 3], [0.4, 0.6]])
    assert axes.containers[1][0].get_xdata()[0] > line.get_xdata()[0]
