"""The tables hold what the programs that make them say."""

import numpy as np
import pytest

from lessons.choosing_hyperparameters import measure_leagues, measure_searches, records

pytestmark = pytest.mark.slow


def test_leagues_hold_every_row_from_every_start():
    leagues = records.league_tables()
    expected = [(league, row) for league, row, _ in measure_leagues.rows()]
    assert [(league, row) for league, rows in leagues.items() for row in rows] == expected
    for league, rows in leagues.items():
        for runs in rows.values():
            assert runs.test.shape == runs.validation.shape
            assert runs.test.shape == (measure_leagues.STARTS.get(league, 3),)
            for accuracies in runs:
                assert ((accuracies >= 0) & (accuracies <= 1)).all()


def test_searches_hold_the_trials_that_their_samplers_draw():
    searches = records.search_traces()
    names = [*measure_searches.searches(0)]
    assert {name for name, _ in searches} == {*names, "rates", "dropouts", "equal"}
    for seed in measure_searches.SEEDS:
        for name, (_, budget) in measure_searches.searches(seed).items():
            search = searches[name, seed]
            assert len(search.learning_rate) == len(search.dropout) == len(search.test) == budget
            assert search.validation.shape == (budget, 8)


def test_equals_differ_in_their_start_alone():
    equal = {s: one for (name, s), one in records.search_traces().items() if name == "equal"}
    assert [*equal] == [*measure_searches.EQUALS]
    assert {(*s.learning_rate, *s.dropout) for s in equal.values()} == {(0.03, 0.0)}


@pytest.mark.parametrize(("name", "side"), [("grid 3x3", 3), ("grid 4x4", 4)])
def test_a_grid_has_all_its_points_once(name, side):
    search = records.search_traces()[name, 0]
    points = set(zip(search.learning_rate.tolist(), search.dropout.tolist(), strict=True))
    assert len(points) == side**2
    grid = measure_searches.grid(side)
    np.testing.assert_allclose(np.unique(search.learning_rate), grid["learning_rate"], rtol=1e-4)
    np.testing.assert_allclose(np.unique(search.dropout), grid["dropout"], atol=1e-4)


def test_all_accuracies_are_shares_of_the_digits():
    for search in records.search_traces().values():
        for accuracies, count in ((search.validation, 383), (search.test, 508)):
            np.testing.assert_allclose(accuracies * count, np.rint(accuracies * count))
            assert ((accuracies >= 0) & (accuracies <= 1)).all()


def test_adam_at_a_rate_of_its_own_gains_ten_points():
    optimizers = records.league_tables()["optimizers"]
    rows = [row for row in optimizers if row.startswith("Adam ")]
    own = max(rows, key=lambda row: optimizers[row].validation.mean())
    assert own == "Adam 0.01"
    assert round(optimizers["Adam 0.001"].test.mean(), 2) == 0.80
    assert round(optimizers[own].test.mean(), 2) == 0.90
