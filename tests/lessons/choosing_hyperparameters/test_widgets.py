"""Tests of the widgets: the bar of a running search, and the flipbook of three searches."""

import numpy as np
import optuna
import pytest

from lessons.choosing_hyperparameters import widgets
from lessons.choosing_hyperparameters.records import Search
from tests.kit.books import has_small_pages, turns_to_both_ends
from utils import plots

RNG = np.random.default_rng(0)


def search():
    validation = RNG.uniform(0.1, 0.95, (6, 8))
    return Search(
        10 ** RNG.uniform(-4, 0, 6), RNG.uniform(0, 0.5, 6), validation, validation[:, -1]
    )


@pytest.fixture(scope="module")
def book():
    plots.style()
    return widgets.filling({name: search() for name in ("grid", "random", "TPE")}, [1, 3, 6])


test_one_page_a_number_of_trials_all_of_one_size_and_small = has_small_pages(3, 60_000)


test_the_controls_reach_both_ends = turns_to_both_ends(3)


def test_the_text_says_what_the_flipbook_shows(book):
    assert "3 pages" in book.text
    assert "grid, random, TPE" in book.text
    assert "after 1 to 6 trials" in book.text


@pytest.fixture
def shown(monkeypatch):
    boxes = []
    monkeypatch.setattr(widgets, "display", boxes.append)
    return boxes


def test_the_bar_grows_with_every_trial(shown):
    study = optuna.create_study()
    progress, seen = widgets.Progress(4), []
    study.optimize(
        lambda trial: trial.suggest_float("x", 0, 1),
        n_trials=4,
        callbacks=[progress, lambda *_: seen.append((progress.bar.value, progress.count.value))],
    )
    assert seen == [(1, "1 of 4"), (2, "2 of 4"), (3, "3 of 4"), (4, "4 of 4")]
    assert progress.bar.max == 4


def test_the_text_of_the_bar_does_not_change(shown):
    progress = widgets.Progress(2)
    before = shown[0].text
    progress(None, None)
    assert shown[0].text == before == "A progress bar for 2 trials."


def test_a_bar_for_no_trial_is_refused():
    with pytest.raises(ValueError, match="trials=0"):
        widgets.Progress(0)
