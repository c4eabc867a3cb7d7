"""The figures on regularization draw what they are given, and the flipbook turns."""

import numpy as np
import pytest

from lessons.regularization import figures, records
from lessons.regularization.figures import VERDICTS
from lessons.regularization.learning import stopping_epoch
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import figure_of, fits_the_page, has_large_text
from utils import plots

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
KEPT = [np.ones(4), np.array([1, 0, 1, 1, 0, 1]), np.array([0, 1, 1, 0, 0, 0]), np.ones(3)]
SAID = np.array([0.62, 0.3, 0.08])
LOSSES = [0.9, 0.7, 0.8, 0.75, 0.6, 0.65, 0.7, 0.5]
WEIGHTS = {
    "the truth": np.array([1.0, 0, 0, -1]),
    "no penalty": np.array([1.1, 0.2, -0.3, -0.8]),
    "L2": np.array([0.6, 0.1, -0.1, -0.5]),
    "L1": np.array([0.9, 0, 0, -0.7]),
}
BEFORE = np.linspace(-2, 2, 41)
AFTER = {"none": BEFORE, "half": BEFORE / 2}
SETTINGS = {
    "baseline": (np.full(5, 0.99), np.linspace(0.58, 0.62, 5)),
    "smaller network": (np.full(5, 0.8), np.linspace(0.57, 0.6, 5)),
    "block network": (np.full(5, 0.99), np.linspace(0.7, 0.74, 5)),
    "momentum 0.99": (np.full(5, 0.4), np.linspace(0.2, 0.4, 5)),
}
JUDGED = {
    "baseline": (1.0, "cannot tell"),
    "smaller network": (0.0952, "cannot tell"),
    "block network": (0.0079, "better"),
    "momentum 0.99": (0.0317, "worse"),
}
ASKED = {"in use": 0.125, "in training mode": 0.745, "caught up": 0.7}
DEALS = np.array([2.0, 0, 1, -1, 0, -2])
CORNERS = {
    (rate, schedule): mean + np.linspace(-0.02, 0.02, 5)
    for (rate, schedule), mean in {
        (0.001, "constant"): 0.64,
        (0.001, "falling"): 0.72,
        (0.003, "constant"): 0.76,
        (0.003, "falling"): 0.8,
    }.items()
}


def thinned(count):
    return figures.thinned_networks([(KEPT, SAID, "some dropped")] * count)


def axes_of(picture):
    return figure_of(picture).axes


def texts(axes):
    return [text.get_text() for text in axes.texts]


def places(collection):
    return {tuple(place) for place in np.asarray(collection.get_offsets()).tolist()}


def test_thinned_network_draws_every_unit_once():
    (axes,) = axes_of(thinned(1))
    kept, dropped = axes.collections[2], axes.collections[3]
    assert places(kept) == {(1, -2.5), (1, -0.5), (1, 0.5), (1, 2.5)}
    assert places(dropped) == {(1, -1.5), (1, 1.5)}
    assert sum(len(c.get_offsets()) for c in axes.collections) == 4 + 6 + 6 + 3
    assert texts(axes) == ["62%", "30%", "8%"]


def test_thinned_network_connects_only_what_is_kept():
    (axes,) = axes_of(thinned(1))
    assert len(axes.lines) == 4 * 4 + 4 * 2 + 2 * 3
    ends = {tuple(point) for line in axes.lines for point in line.get_xydata().tolist()}
    assert (1, -2.5) in ends
    assert (1, -1.5) not in ends


def test_thinned_networks_side_by_side():
    picture = figures.thinned_networks([(KEPT, SAID, "some"), (KEPT, SAID[::-1], "others")])
    assert [axes.get_title() for axes in axes_of(picture)] == ["some", "others"]
    assert picture.alt.endswith("some: 62%, 30%, 8%; others: 8%, 30%, 62%.")


def test_shrinkage_marks_every_line():
    picture = figures.shrinkage(BEFORE, AFTER, marks=[-1, 1])
    (axes,) = axes_of(picture)
    lines = [line for line in axes.lines if len(line.get_xdata()) == 41]
    assert [line.get_label() for line in lines] == ["none", "half"]
    np.testing.assert_allclose(lines[1].get_ydata(), BEFORE / 2)
    marks = axes.lines[-1]
    np.testing.assert_allclose(marks.get_xydata(), [[-1, -0.5], [1, 0.5]])
    assert axes.lines[-3].get_marker() != marks.get_marker()
    assert "with none: -1, 1; with half: -0.5, 0.5" in picture.alt


def test_weight_stems_count_the_zeros():
    picture = figures.weight_stems(WEIGHTS)
    titles = [axes.get_title(loc="left") for axes in axes_of(picture)]
    assert titles == [
        "the truth: 2 of 4 are zero", "no penalty: 0 of 4 are zero",
        "L2: 0 of 4 are zero", "L1: 2 of 4 are zero",
    ]  # fmt: skip
    assert picture.alt.endswith("the truth 2, no penalty 0, L2 0, L1 2.")


def test_same_weights_have_a_bar_each_beside_guessing():
    (axes,) = axes_of(figures.same_weights(ASKED, 8))
    assert [bar.get_width() for bar in axes.patches] == list(ASKED.values())
    assert texts(axes)[:3] == ["12.5%", "74.5%", "70.0%"]
    assert axes.lines[0].get_xdata()[0] == 1 / 8


def test_sizes_show_bands_means_and_the_lowest_loss():
    curves = records.sizes()
    *losses, right = axes_of(figures.sizes(curves))
    assert [axes.get_title(loc="left") for axes in losses] == [f"{n:,} parameters" for n in curves]
    for axes, of in zip(losses, curves.values(), strict=True):
        train, validation, star = axes.lines
        np.testing.assert_allclose(train.get_ydata(), of.loss.mean(axis=0))
        np.testing.assert_allclose(validation.get_ydata(), of.val_loss.mean(axis=0))
        assert star.get_ydata() == validation.get_ydata().min()
        band = axes.collections[1].get_paths()[0].vertices[:, 1]
        assert (band.min(), band.max()) == (of.val_loss.min(), of.val_loss.max())
        assert axes.get_ylim() == losses[0].get_ylim()
    marks = [line.get_ydata() for line in right.lines if len(line.get_ydata()) == 5]
    ends = [part[:, -1] for of in curves.values() for part in (of.accuracy, of.val_accuracy)]
    np.testing.assert_array_equal(marks, ends)


def test_sizes_are_told_in_words():
    picture = figures.sizes(records.sizes())
    assert "704 parameters, epoch 25, 51% and 41%" in picture.alt
    assert picture.alt.endswith("611,528 parameters, epoch 7, 99% and 61%.")


def test_deals_draw_every_deal_once_and_mark_ours():
    (axes,) = axes_of(figures.deals(DEALS, "dropout"))
    near, far, ours = axes.lines
    assert len(near.get_xdata()) + len(far.get_xdata()) == len(DEALS)
    assert len(far.get_xdata()) == 2
    places = [tuple(place) for line in (near, far) for place in line.get_xydata().tolist()]
    assert len(set(places)) == len(DEALS)
    assert ours.get_xydata().tolist() == [[2, 1]]


def test_deals_say_how_many_lie_as_far_apart():
    picture = figures.deals(DEALS, "dropout")
    assert "2 of 6 deals, p = 0.333" in picture.alt
    assert "2 of 6 deals, p = 0.333" in picture.caption


def test_deals_of_equal_means_can_be_drawn():
    assert "6 of 6 deals" in figures.deals(np.zeros(6), "dropout").caption


def test_rate_and_schedule_show_all_starts_and_means():
    picture = figures.rate_and_schedule(CORNERS)
    (axes,) = axes_of(picture)
    drawn = np.concatenate([line.get_ydata() for line in axes.lines if len(line.get_ydata()) == 5])
    np.testing.assert_allclose(np.sort(drawn), np.sort(np.concatenate(list(CORNERS.values()))))
    assert texts(axes) == ["64.0%", "72.0%", "76.0%", "80.0%"]
    assert picture.alt.endswith("0.003 constant: 76.0%; 0.003 falling: 80.0%.")


def test_moving_averages_say_how_far_they_lag():
    steps = np.arange(50.0)
    picture = figures.moving_averages(steps, {"slow": steps / 2, "fast": steps - 1})
    assert "from 0 to 49 over 50 steps" in picture.alt
    assert picture.alt.endswith("slow, 24.5; fast, 1.0.")


def test_early_stop_parts_what_ran_from_what_did_not():
    (axes,) = axes_of(figures.early_stop(LOSSES, stopped=7, best=5))
    never, ran, cross, star = axes.lines
    assert ran.get_ydata().tolist() == LOSSES[:7]
    assert never.get_xdata().tolist() == [7, 8]
    assert cross.get_xydata().tolist() == [[7, 0.7]]
    assert star.get_xydata().tolist() == [[5, 0.6]]
    assert [t.strip() for t in texts(axes)] == ["training stops: epoch 7", "weights kept: epoch 5"]


@pytest.mark.parametrize("patience", [1, 2, 4, 10])
def test_early_stop_can_be_drawn_for_any_patience(patience):
    stopped, best = stopping_epoch(LOSSES, patience)
    assert f"marks epoch {best}, " in figures.early_stop(LOSSES, stopped, best).alt


def test_early_stop_at_the_very_end():
    (axes,) = axes_of(figures.early_stop([3, 2, 1], stopped=3, best=3))
    assert axes.lines[1].get_xdata().tolist() == [1, 2, 3]


def test_settings_compared_have_a_mark_a_start_and_a_mean():
    left, right = axes_of(figures.settings_compared(SETTINGS, JUDGED))
    dots = [line for line in left.lines if len(line.get_xdata()) == 5]
    means = [line for line in left.lines if len(set(line.get_xdata())) == 1]
    for line, mean, (_, validation) in zip(dots, means, SETTINGS.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), validation)
        np.testing.assert_allclose(mean.get_xdata()[0], validation.mean())
    leads = [line for line in right.lines if len(line.get_xdata()) == 5]
    for line, (train, validation) in zip(leads, SETTINGS.values(), strict=True):
        np.testing.assert_allclose(line.get_xdata(), train - validation)
    assert [t.get_text() for t in left.get_yticklabels()] == list(SETTINGS)


def test_settings_compared_show_the_verdicts():
    picture = figures.settings_compared(SETTINGS, JUDGED)
    left, _ = axes_of(picture)
    dots = [line for line in left.lines if len(line.get_xdata()) == 5]
    markers = [line.get_marker() for line in dots]
    assert markers == ["D", *(VERDICTS[JUDGED[name][1]][1] for name in list(SETTINGS)[1:])]
    assert texts(left) == ["", "p = 0.095", "p = 0.008", "p = 0.032"]
    assert len(set(markers)) == 4
    band = left.patches[0].get_extents().transformed(left.transData.inverted())
    np.testing.assert_allclose(band.intervalx, [0.58, 0.62])
    assert picture.alt.endswith(
        "better: block network; cannot tell: smaller network; worse: momentum 0.99."
    )


FIGURES = {
    "thinned_networks": lambda: thinned(3),
    "thinned_networks, one": lambda: thinned(1),
    "shrinkage": lambda: figures.shrinkage(BEFORE, AFTER, [-1, 1]),
    "weight_stems": lambda: figures.weight_stems(WEIGHTS),
    "same_weights": lambda: figures.same_weights(ASKED, 8),
    "sizes": lambda: figures.sizes(records.sizes()),
    "deals": lambda: figures.deals(DEALS, "dropout"),
    "rate_and_schedule": lambda: figures.rate_and_schedule(CORNERS),
    "moving_averages": lambda: figures.moving_averages(BEFORE, AFTER),
    "early_stop": lambda: figures.early_stop(LOSSES, 7, 5),
    "settings_compared": lambda: figures.settings_compared(SETTINGS, JUDGED),
}


test_figures_fit_the_page = fits_the_page(FIGURES)
test_texts_are_large_enough = has_large_text(FIGURES)


@pytest.fixture(scope="module")
def book():
    """Pages as the lesson draws them, each without other units."""

    def network(number):
        kept = [np.ones(4), RNG.random(6) < 0.5, np.arange(6) != number % 6, np.ones(3)]
        return kept, SAID, f"page {number}"

    plots.style()
    return figures.thinned_book([network(number) for number in range(4)])


test_pages_are_small = has_small_pages(4, 60_000)
test_pages_turn = turns_to_both_ends(4)
