"""Tests of the figures of linear regression: what they show, on the artists that show it."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lessons.linear_regression import figures, fitting
from tests.kit.looks import figure_of, fits_the_page
from utils import regression

pytestmark = pytest.mark.slow

X, Y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 4.0])
PATH = fitting.gradient_descent(X, Y, 0.15, 6, (0, 2))
PATHS = {f"rate {r}": fitting.gradient_descent(X, Y, r, 6, (0, 2)) for r in (0.01, 0.15, 0.19)}
MALE = np.array([True, False] * 4)
WEIGHT, HEIGHT = np.linspace(50, 100, 8), np.linspace(160, 180, 8) + 5 * MALE

FIGURES = {
    "people": lambda: figures.people(WEIGHT, HEIGHT),
    "people and lines": lambda: figures.people(WEIGHT, HEIGHT, {"a": (0.4, 130), "b": (0, 170)}),
    "squares": lambda: figures.residual_squares(X, Y, {"A": (1, 1), "B": (1, 2 / 3)}),
    "lines on surface": lambda: figures.lines_on_surface(X, Y, {"A": (1, 1), "C": (0, 2)}),
    "descent": lambda: figures.line_descent(X, Y, PATH, (0, 1, 2, 6)),
    "descent frame": lambda: figures.line_descent_frame(X, Y, PATH, 3),
    "rates": lambda: figures.race(X, Y, PATHS),
    "loss by rate": lambda: figures.loss_by_rate(X, Y, (0, 2), np.linspace(0.01, 0.2, 20), 10),
    "valleys": lambda: figures.two_valleys(X, X - 2, Y, (PATH, PATH), ("left", "right")),
    "residuals": lambda: figures.residuals(WEIGHT, HEIGHT - 170, 5.0),
    "extrapolation": lambda: figures.extrapolation(WEIGHT, HEIGHT, 0.4, 140, (4, 50)),
    "groups": lambda: figures.slopes_by_group(WEIGHT, HEIGHT, MALE),
    "neuron": lambda: figures.line_as_neuron(),
}


def drawn(picture):
    figure = figure_of(picture)
    figure.canvas.draw()
    return figure


test_every_figure_fits_the_page_and_is_the_same_twice = fits_the_page(FIGURES)


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_text_is_large_enough(make):
    figure = drawn(make())
    texts = [t for t in figure.findobj(lambda a: hasattr(a, "get_fontsize")) if t.get_text()]
    minor = {t for axes in figure.axes for t in axes.get_yticklabels(minor=True)}
    assert min(t.get_fontsize() for t in texts if t not in minor) >= 12


def test_squares_are_as_large_as_the_residuals():
    figure = drawn(figures.residual_squares(X, Y, {"A": (1, 1)}))
    (axes,) = figure.axes
    sides = [p.get_width() for p in axes.patches if isinstance(p, Rectangle)]
    np.testing.assert_allclose(sides, [0, 1, 0])
    assert axes.get_aspect() == 1
    assert "0.333" in axes.get_title()
    low, high = axes.get_xlim()
    assert low < 1
    assert high > 3


def test_the_path_ends_at_the_step_that_is_shown():
    figure = figures.line_descent_frame(X, Y, PATH, 3)
    path = figure.axes[1].lines[0]
    np.testing.assert_allclose(path.get_xydata(), PATH[:4])
    star = figure.axes[1].lines[-1]
    np.testing.assert_allclose(star.get_xydata(), [[1, 2 / 3]])


def test_all_frames_share_their_limits():
    limits = []
    for step in (0, 3, 6):
        figure = figures.line_descent_frame(X, Y, PATH, step)
        limits.append([(a.get_xlim(), a.get_ylim()) for a in figure.axes])
    np.testing.assert_allclose(limits[0], limits[1])
    np.testing.assert_allclose(limits[0], limits[2])


def test_the_race_shows_the_losses_of_every_walk():
    right = figures.race(X, Y, PATHS).figure.axes[1]
    for line, path in zip(right.lines, PATHS.values(), strict=True):
        expected = [fitting.mean_squared_error(Y, regression.predict(X, *ends)) for ends in path]
        np.testing.assert_allclose(line.get_ydata(), expected)


def test_the_loss_by_rate_is_that_of_the_last_line():
    axes = figures.loss_by_rate(X, Y, (0, 2), [0.01, 0.15, 0.19], 6).figure.axes[0]
    expected = [
        fitting.mean_squared_error(Y, regression.predict(X, *p[-1])) for p in PATHS.values()
    ]
    np.testing.assert_allclose(axes.lines[1].get_ydata(), expected)


def test_the_histogram_counts_everybody():
    right = FIGURES["residuals"]().figure.axes[1]
    assert sum(bar.get_width() for bar in right.patches) == len(WEIGHT)


def test_the_standardized_valley_has_equal_axes():
    z = (WEIGHT - WEIGHT.mean()) / WEIGHT.std()
    paths = (
        fitting.gradient_descent(WEIGHT, HEIGHT, 1e-5, 20, (0, 150)),
        fitting.gradient_descent(z, HEIGHT, 0.1, 20, (0, 150)),
    )
    figure = drawn(figures.two_valleys(WEIGHT, z, HEIGHT, paths, ("kg", "z")))
    right = figure.axes[1]
    assert right.get_aspect() == 1
    np.testing.assert_allclose(np.ptp(right.get_xlim()), np.ptp(right.get_ylim()))


def test_groups_name_their_slopes():
    figure = figures.slopes_by_group(WEIGHT, HEIGHT, MALE).figure
    labels = [t.get_text() for t in figure.axes[0].get_legend().get_texts()]
    w, _ = regression.least_squares(WEIGHT, HEIGHT)
    assert [label.split(":")[0] for label in labels] == ["women", "men", "everybody"]
    assert f"{w:.2f}" in labels[-1]


@pytest.mark.filterwarnings("error")
def test_a_walk_that_explodes_is_shown_as_far_as_it_fits():
    with np.errstate(all="ignore"):
        explodes = fitting.gradient_descent(X, Y, 0.5, 2000, (0, 2))
    assert not np.isfinite(explodes[-1]).any()
    picture = figures.two_valleys(X, X - 2, Y, (explodes, PATH), ("wild", "tame"))
    left = drawn(picture).axes[0]
    assert np.abs([*left.get_xlim(), *left.get_ylim()]).max() < 1000
    assert len(left.lines[0].get_xydata()) > 1
    assert "wild: from MSE 1.333 to " in picture.alt


MSE = f"{fitting.mean_squared_error(Y, regression.predict(X, *PATH[6])):.3g}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("people", "8 people, 50 to 100 kg"),
        ("people and lines", "The line of a goes from 150 cm to 170 cm."),
        ("squares", "A, mean square 0.333; B, mean square 0.222."),
        ("lines on surface", "lines A, C."),
        ("lines on surface", "MSE: 0.333, 1.33."),
        ("descent", "steps 0, 1, 2, 6: above the line through the points"),
        ("descent", f"{MSE}."),
        ("rates", "3 walks of 6 steps"),
        ("rates", f"rate 0.15 at {MSE}"),
        ("valleys", "left: from MSE 1.333 to "),
        ("residuals", "plus and minus 5.0 cm holds 38% of them"),
        ("extrapolation", "4 kg it says 142 cm; the truth is 50 cm"),
        ("groups", "men: w = 0.40"),
    ],
)
def test_the_words_say_what_the_data_say(name, words):
    assert words in FIGURES[name]().alt
