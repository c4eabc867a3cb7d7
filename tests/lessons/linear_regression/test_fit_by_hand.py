"""Tests of the fit by hand: the picture follows the line, and the sliders go to both ends."""

import io
import time

import numpy as np
import pytest
from PIL import Image

from lessons.linear_regression.fit_by_hand import PANEL, PLOT, SHARP, SIZE, FitByHand, canvas, draw
from lessons.linear_regression.fitting import mean_squared_error
from tests.kit import texts
from utils.data import heights_and_weights
from utils.regression import least_squares, predict

pytestmark = pytest.mark.slow

PEOPLE = heights_and_weights()
X, Y = PEOPLE.weight[:12], PEOPLE.height[:12]


@pytest.fixture
def widget():
    return FitByHand(X, Y)


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def mse(w, b):
    return mean_squared_error(Y, predict(X, w, b))


def test_a_point_lands_where_the_axes_say():
    ground = canvas(X, Y)
    left, top = ground.pixel(ground.left, ground.bottom)
    assert (left, top) == (0, ground.box[3] - ground.box[1])
    columns, rows = ground.pixel(X, Y)
    assert 0 < columns.min() < columns.max() < ground.box[2] - ground.box[0]
    assert 0 < rows.min() < rows.max() < ground.box[3] - ground.box[1]


def test_both_axes_have_one_scale():
    ground = canvas(X, Y)
    start = np.array(ground.pixel(60, 160))
    np.testing.assert_allclose(np.array(ground.pixel(70, 160)) - start, [10 * ground.scale, 0])
    np.testing.assert_allclose(np.array(ground.pixel(60, 170)) - start, [0, -10 * ground.scale])


def test_the_points_are_drawn_in_blue():
    ground = canvas(X, Y)
    picture = pixels(draw(ground, X, Y, *least_squares(X, Y), 50.0))
    for x, y in zip(X, Y, strict=True):
        column, row = ground.pixel(x, y) + SHARP * np.array(PLOT[:2])
        red, _, blue = picture[round(row), round(column)]
        assert blue > red + 60


def test_the_picture_has_its_size_and_follows_the_line():
    ground = canvas(X, Y)
    one, two = (draw(ground, X, Y, w, 140.0, 60.0) for w in (0.3, 0.4))
    assert Image.open(io.BytesIO(one)).size == (SHARP * SIZE[0], SHARP * SIZE[1])
    assert one == draw(ground, X, Y, 0.3, 140.0, 60.0)
    assert one != two


def test_the_mean_square_is_drawn_to_scale(widget):
    widget.w.value, widget.b.value = 0.4, 133.0
    panel = pixels(widget.picture.value)[:, SHARP * PANEL :]
    bottom = panel[SHARP * (PLOT[3] - 6)]
    colored = np.flatnonzero((bottom < 240).any(axis=1))
    side = mse(0.4, 133) ** 0.5 * widget.ground.scale
    assert np.ptp(colored) == pytest.approx(side, abs=4)


def test_the_best_so_far_never_rises(widget):
    start = widget.best
    assert start == pytest.approx(mse(0, 168))
    widget.w.value = 0.05
    lower = widget.best
    assert lower < start
    widget.b.value = 200
    assert widget.best == lower


def test_the_goal_of_the_lesson_can_be_reached(widget):
    widget.w.value, widget.b.value = 0.6, 118.5
    assert widget.best < 50
    assert widget.best == pytest.approx(mse(0.6, 118.5))


@pytest.mark.parametrize("slope", [0.0, 1.2])
@pytest.mark.parametrize("intercept", [80.0, 200.0])
def test_the_sliders_reach_both_ends(widget, slope, intercept):
    before = widget.picture.value
    widget.w.value, widget.b.value = slope, intercept
    assert (widget.w.min, widget.w.max, widget.b.min, widget.b.max) == (0, 1.2, 80, 200)
    assert widget.picture.value != before
    assert Image.open(io.BytesIO(widget.picture.value)).size == (SHARP * SIZE[0], SHARP * SIZE[1])


def test_a_frame_is_quick(widget):
    times = []
    for slope in np.arange(0.1, 0.6, 0.02):
        started = time.process_time()
        widget.w.value = float(slope)
        times.append(time.process_time() - started)
    assert np.median(times) < 0.15


def test_the_text_is_the_same_in_every_run(widget):
    assert widget.text == FitByHand(X, Y).text
    assert "12 people" in widget.text


test_every_text_fits_with_any_font = texts.fit(lambda: [texts.as_html(FitByHand(X, Y))], 16)
