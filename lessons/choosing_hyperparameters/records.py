"""What came of many trainings and searches, kept as two small tables.

A table that is not the one that was made raises ValueError, one that is missing FileNotFoundError.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.tables import grouped

LEAGUE_TABLES_SHA256 = "1cfbe5c745679c3d6ba2521a9cb2250bfcee17673baf4c80a73bcfd7ba4d4290"
SEARCH_TRACES_SHA256 = "4b26a057904391b5e4325c20df2b9678ff2a7a87c3425d45df101aa0cc6b72e3"
DIGITS_COUNTED = 360
"""Validation digits, and test digits; the table of searches holds counts."""


class Runs(NamedTuple):
    """Accuracies of one setting from several starts, 0..1: `validation`, `test`, shape (n,)."""

    validation: NDArray[np.float64]
    test: NDArray[np.float64]


class Search(NamedTuple):
    """The trials of one search, in order.

    `learning_rate`, `dropout` and `test` (an accuracy, 0..1) have shape (trials,); `validation`,
    the accuracy after every epoch, has shape (trials, epochs).
    """

    learning_rate: NDArray[np.float64]
    dropout: NDArray[np.float64]
    validation: NDArray[np.float64]
    test: NDArray[np.float64]


def league_tables() -> dict[str, dict[str, Runs]]:
    """A small network under many settings, from 8 starts or 5; made by measure_leagues.py.

    Returns:
        For each league ("regularizers", "initializers", both also " with momentum",
        and "optimizers") the runs of its rows, such as "l2 0.01", "Ones" or "Adam 0.001".
    """
    leagues: dict[str, dict[str, Runs]] = {}
    for (league, row), lines in grouped("league_tables.csv", LEAGUE_TABLES_SHA256, keys=2).items():
        leagues.setdefault(league, {})[row] = Runs(*lines[:, 1:].T)
    return leagues


def search_traces() -> dict[tuple[str, int], Search]:
    """Searches for a learning rate and a dropout, trial by trial; made by measure_searches.py.

    Returns:
        For each search ("grid 3x3", "grid 4x4", "random", "TPE") and seed its trials; and for
        "rates" and "dropouts" what comes of varying one hyperparameter alone.
    """
    groups = grouped("search_traces.csv", SEARCH_TRACES_SHA256, keys=2)
    return {
        (name, int(seed)): Search(
            lines[:, 1], lines[:, 2], lines[:, 3:-1] / DIGITS_COUNTED, lines[:, -1] / DIGITS_COUNTED
        )
        for (name, seed), lines in groups.items()
    }
