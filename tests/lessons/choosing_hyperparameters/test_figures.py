"""Tests of the figures: what they show, on the artists that show it."""

import numpy as np
import optuna
import pytest

from lessons.choosing_hyperparameters import figures
from lessons.choosing_hyperparameters.records import Search
from tests.kit.looks import fits_the_page, has_large_text

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
RATES = np.geomspace(1e-4, 1, 16)
ROWS = {"first": [0.2, 0.4], "second": [0.3, 0.3, 0.6], "third": [0.1]}


def search(rates, dropouts):
    validation = RNG.uniform(0.1, 0.95, (len(rates), 8))
    return Search(np.asarray(rates), np.asarray(dropouts), validation, validation[:, -1])


GRID = search(np.repeat([1e-4, 1e-2, 1], 3), np.tile([0, 0.25, 0.5], 3))
RANDOM = search(RATES[:9], RNG.uniform(0, 0.5, 9))
TRACES = {
    name: search(RNG.permutation(RATES), RNG.uniform(0, 0.5, 16))
    for name in ("grid 4x4", "random", "TPE")
}
BEST = {
    name: np.maximum.accumulate(RNG.uniform(0.2, 0.9, (5, 16)), axis=1)
    for name in ("grid 4x4", "random", "TPE")
}
CURVE = np.array([RATES, RNG.uniform(0.1, 0.9, 16)])
FLAT = np.array([[0, 0.25, 0.5], [0.93, 0.94, 0.92]])
FOUND = [
    optuna.trial.create_trial(
        params={"learning_rate": rate, "maps": maps},
        distributions={
            "learning_rate": optuna.distributions.FloatDistribution(1e-4, 1, log=True),
            "maps": optuna.distributions.IntDistribution(4, 16),
        },
        value=value,
    )
    for rate, maps, value in ((0.7, 4, 0.1), (0.03, 16, 0.9), (0.001, 8, 0.4))
]
EQUAL = np.array([0.8, 0.9, 0.85, 0.85]), np.array([0.9, 0.86, 0.8, 0.84])
EPOCHS = [np.array([0.1, 0.5, 0.9]), np.array([0.1, 0.2])]

FIGURES = {
    "league": lambda: figures.optimizers(
        {"a": ROWS, "b": ROWS}, {"first": 0.5, "second": 0.1, "third": 0}
    ),
    "strengths": lambda: figures.strengths(
        [1e-3, 1e-2],
        {"l1": np.array([[0.9, 0.8], [0.1, 0.5]]), "l2": np.full((2, 2), 0.9)},
        [0.8, 0.9],
    ),
    "scales": lambda: figures.scales(np.linspace(0.01, 1, 20), np.geomspace(1e-4, 1, 20)),
    "bergstra": lambda: figures.grid_and_random(GRID, RANDOM, CURVE, FLAT),
    "found": lambda: figures.found(FOUND),
    "equals": lambda: figures.equals(*EQUAL),
    "one panel": lambda: figures.initializers({"a": ROWS}, dict.fromkeys(ROWS, 0.2)),
    "best": lambda: figures.best_so_far(BEST, 0.2),
    "frame": lambda: figures.searches_frame(TRACES, 5),
    "pruned": lambda: figures.pruned_trials(EPOCHS, 3),
}


def axes_of(name):
    return FIGURES[name]().figure.axes


test_every_figure_fits_the_page_and_is_the_same_twice = fits_the_page(FIGURES)


test_text_is_large_enough = has_large_text(FIGURES)


def test_a_league_has_a_dot_a_run_a_bar_at_the_mean_and_the_printed_cross():
    left, right = axes_of("league")
    for axes in (left, right):
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        assert [sorted(line.get_xdata()) for line in dots] == [sorted(r) for r in ROWS.values()]
        bars = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "|"]
        np.testing.assert_allclose(bars, [np.mean(runs) for runs in ROWS.values()])
    (cross,) = [line for line in left.lines if line.get_marker() == "x"]
    np.testing.assert_allclose(cross.get_xydata(), [(0.5, 0), (0.1, 1), (0, 2)])
    assert not [line for line in right.lines if line.get_marker() == "x"]
    assert [label.get_text() for label in left.get_yticklabels()] == [*ROWS]


def test_the_first_row_of_a_league_is_on_top_and_nothing_is_cut():
    low, high = axes_of("league")[0].get_ylim()
    assert high < -0.5 < 2.5 < low


def test_words_of_a_league_are_true_of_its_runs():
    alt = FIGURES["league"]().alt
    assert 'Panel "a": means from 10% (third) to 40% (second).' in alt


def test_words_of_other_figures_are_true_of_what_they_show():
    assert "l1 85% to 30%" in FIGURES["strengths"]().alt
    assert "9 trials with 3 learning rates in a grid" in FIGURES["bergstra"]().alt
    assert "1 run to the end, 1 are stopped" in FIGURES["pruned"]().alt


def test_strengths_have_their_mean_and_every_run():
    axes = axes_of("strengths")[0]
    means = next(line for line in axes.lines if line.get_label() == "l1")
    np.testing.assert_allclose(means.get_ydata(), [0.85, 0.3])
    shown = np.concatenate([line.get_ydata() for line in axes.lines])
    assert {0.9, 0.8, 0.1, 0.5} <= set(shown.tolist())


def test_the_grid_shows_three_rates_and_random_nine():
    above_grid, below_grid, above_random, below_random, aside = axes_of("bergstra")
    assert "3 learning rates" in above_grid.get_title()
    assert "9 learning rates" in above_random.get_title()
    for axes, tried in ((below_grid, GRID), (below_random, RANDOM)):
        np.testing.assert_allclose(axes.lines[0].get_xdata(), tried.learning_rate)
        np.testing.assert_allclose(axes.lines[0].get_ydata(), tried.dropout)
    np.testing.assert_allclose(above_random.lines[0].get_ydata(), CURVE[1])
    np.testing.assert_allclose(above_random.lines[1].get_ydata(), CURVE[1][:9])
    np.testing.assert_allclose(aside.lines[0].get_xydata(), FLAT[::-1].T)


def test_best_so_far_shows_every_repeat_and_their_mean():
    (axes,) = axes_of("best")
    lines = {line.get_label(): line for line in axes.lines}
    for name, best in BEST.items():
        np.testing.assert_allclose(lines[name].get_ydata(), best.mean(axis=0))
    thin = [line.get_ydata() for line in axes.lines if line.get_linewidth() == 1]
    np.testing.assert_allclose(thin, np.concatenate([*BEST.values()]))


def test_what_was_found_stands_over_its_rate():
    (axes,) = axes_of("found")
    np.testing.assert_allclose(axes.lines[0].get_xdata(), [0.7, 0.03, 0.001])
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [0.1, 0.9, 0.4])
    assert [text.get_text() for text in axes.texts] == ["8 maps", "16 maps", "4 maps"]
    assert "rate of 0.03 and 90%, the worst 10%" in FIGURES["found"]().alt


def test_equals_follow_the_chosen_one_into_the_exam():
    (axes,) = axes_of("equals")
    thick = [line for line in axes.lines if line.get_linewidth() == 4]
    np.testing.assert_allclose([line.get_ydata() for line in thick], [[5, 1]])
    assert {text.get_text() for text in axes.texts} == {"+5.0", "+1.0"}
    assert "+1.0 in the exam, where it is number 2" in FIGURES["equals"]().alt


def test_a_frame_shows_the_trials_so_far_and_stars_the_best():
    for axes, (name, tried) in zip(axes_of("frame"), TRACES.items(), strict=True):
        points = axes.collections[0]
        np.testing.assert_allclose(points.get_offsets()[:, 0], tried.learning_rate[:5])
        np.testing.assert_allclose(points.get_offsets()[:, 1], tried.dropout[:5])
        better = np.argsort(tried.validation[:5, -1])
        assert (np.diff(points.get_sizes()[better]) > 0).all()
        (star,) = [line for line in axes.lines if line.get_marker() == "*"]
        assert star.get_xdata()[0] == tried.learning_rate[tried.validation[:5, -1].argmax()]
        assert axes.get_title().startswith(name)


@pytest.mark.parametrize(("trial", "said"), [(1, "after 1 trial"), (5, "after 5 trials")])
def test_a_frame_says_after_how_many_trials(trial, said):
    assert figures.searches_frame(TRACES, trial).figure.get_suptitle() == said


def test_frames_have_one_look_from_the_first_trial_to_the_last():
    first, last = (figures.searches_frame(TRACES, n).figure for n in (1, 16))
    for figure in (first, last):
        figure.canvas.draw()
    for before, after in zip(first.axes, last.axes, strict=True):
        assert before.get_xlim() == after.get_xlim()
        assert before.get_position().bounds == after.get_position().bounds


def test_a_pruned_trial_ends_in_a_cross():
    ends = {line.get_marker(): line.get_xdata()[0] for line in axes_of("pruned")[0].lines[1::2]}
    assert ends == {"o": 3, "x": 2}
