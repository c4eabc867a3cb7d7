"""What came of many trainings and searches, kept as two small tables.

A table that is not the one that was made raises ValueError, one that is missing FileNotFoundError.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.tables import grouped

LEAGUE_TABLES_SHA256 = "95637446b8bcf1dbcc0eb1d2712dc8ccf7642dfd339aa3dd2a89ec8616096491"
SEARCH_TRACES_SHA256 = "cfe83b7494c0e3a050e0cb2af517084d4daf90ddfdd00a196a5b8a378b3aea5e"
VALIDATION, TEST = 383, 508
"""Validation digits and test digits; the table of searches holds counts."""


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
    """A small network under many settings, from 8 starts or 3; made by measure_leagues.py.

    Returns:
        For each league ("initializers", "initializers with momentum", "regularizers", and
        "optimizers") the runs of its rows, such as "Ones", "l2 0.01" or "Adam 0.001".
    """
    leagues: dict[str, dict[str, Runs]] = {}
    for (league, row), lines in grouped("league_tables.csv", LEAGUE_TABLES_SHA256, keys=2).items():
        leagues.setdefault(league, {})[row] = Runs(*lines[:, 1:].T)
    return leagues


def search_traces() -> dict[tuple[str, int], Search]:
    """Searches for a learning rate and a dropout, trial by trial; made by measure_searches.py.

    Returns:
        For each search ("grid 3x3", "grid 4x4", "random", "TPE") and seed its trials; for
        "rates" and "dropouts" what comes of varying one hyperparameter alone; and for "equal" one
        trial of one setting for each of 20 seeds.
    """
    groups = grouped("search_traces.csv", SEARCH_TRACES_SHA256, keys=2)
    return {
        (name, int(seed)): Search(
            lines[:, 1], lines[:, 2], lines[:, 3:-1] / VALIDATION, lines[:, -1] / TEST
        )
        for (name, seed), lines in groups.items()
    }
