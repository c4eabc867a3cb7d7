"""Results that take minutes to compute, kept as small tables."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data.files import course_file

BIAS_ACCURACIES_SHA256 = "034eaf05bf4064c011abdd7d542894697a50165ca91117a28ed908b6f38167b5"
DIGIT_ACCURACIES_SHA256 = "5816e7510193b6573fb21bedcc323d71c6d004e6ffdb543e862c04bac8b7242e"
EIGHT_CLASSES_SHA256 = "3db7e69f4debdfe3ba16732b2016bffa58bc456d87af8d390e7f9db9c25a404a"
LEAGUE_TABLES_SHA256 = "1cfbe5c745679c3d6ba2521a9cb2250bfcee17673baf4c80a73bcfd7ba4d4290"
SEARCH_TRACES_SHA256 = "4b26a057904391b5e4325c20df2b9678ff2a7a87c3425d45df101aa0cc6b72e3"
VOLUME_ACCURACIES_SHA256 = "1fd087831e87eb88227180cc97992d8251e79617a29f52aa1e2e14130365fb00"
DIGITS_COUNTED = 360
"""Validation digits, and test digits, of lesson 15; the table of its searches holds counts."""


class OnGrounds(NamedTuple):
    """How networks answered that were trained from several starts: shares 0..1, shape (n,) each.

    `held_out` is the accuracy on pictures like those of the training. On pictures that stand on the
    ground of another class, `lying` is the share of answers that name the object, and `ground` of
    those that name the class of the ground. `test` is the accuracy on grounds of all kinds.
    """

    held_out: NDArray[np.float64]
    lying: NDArray[np.float64]
    ground: NDArray[np.float64]
    test: NDArray[np.float64]


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


def bias_accuracies() -> dict[str, OnGrounds]:
    """Lesson 17's networks on telling and lying grounds, five starts; tools/bias_accuracies.py.

    Returns:
        For each training ("small CNN", "backbone", each also with " + more grounds") its shares.

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = course_file("bias_accuracies.csv", BIAS_ACCURACIES_SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1)
    names = dict.fromkeys(table[:, 0].tolist())
    return {name: OnGrounds(*table[table[:, 0] == name, 2:].astype(np.float64).T) for name in names}


def digit_accuracies() -> dict[tuple[str, str], NDArray[np.float64]]:
    """Test accuracies of lesson 10's networks from eight starts; tools/digit_accuracies.py.

    Returns:
        For ("centered" or "anywhere", network) the accuracies, 0..1, shape (8,).

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = course_file("digit_accuracies.csv", DIGIT_ACCURACIES_SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1)
    groups = sorted({(digits, network) for digits, network, *_ in table})
    return {
        group: table[(table[:, :2] == group).all(axis=1), 3].astype(np.float64) for group in groups
    }


def eight_classes() -> tuple[NDArray[np.int64], list[str]]:
    """How a small network answered on photographs of eight classes; made by tools/eight_classes.py.

    Returns:
        Counts of shape (8, 8), a row a true class and a column an answer; the names of the classes.

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = course_file("eight_classes.csv", EIGHT_CLASSES_SHA256)
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    return np.loadtxt(path, delimiter=",", dtype=np.int64, skiprows=1), names


def league_tables() -> dict[str, dict[str, Runs]]:
    """Lesson 15's network under many settings, from 8 starts or 5; tools/league_tables.py.

    Returns:
        For each league ("regularizers", "initializers", both also " with momentum",
        and "optimizers") the runs of its rows, such as "l2 0.01", "Ones" or "Adam 0.001".

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = course_file("league_tables.csv", LEAGUE_TABLES_SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1)
    leagues: dict[str, dict[str, Runs]] = {}
    for league, row in dict.fromkeys(zip(table[:, 0], table[:, 1], strict=True)):
        lines = table[(table[:, 0] == league) & (table[:, 1] == row), 3:].astype(np.float64)
        leagues.setdefault(str(league), {})[str(row)] = Runs(*lines.T)
    return leagues


def search_traces() -> dict[tuple[str, int], Search]:
    """Searches for a learning rate and a dropout, trial by trial; tools/search_traces.py.

    Returns:
        For each search ("grid 3x3", "grid 4x4", "random", "TPE") and seed its trials; and for
        "rates" and "dropouts" what comes of varying one hyperparameter alone.

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = course_file("search_traces.csv", SEARCH_TRACES_SHA256)
    names = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1, usecols=0)
    table = np.loadtxt(path, delimiter=",", skiprows=1, usecols=range(1, 14))
    seeds = table[:, 0].astype(int)
    searches = {}
    for name, seed in dict.fromkeys(zip(names.tolist(), seeds.tolist(), strict=True)):
        lines = table[(names == name) & (seeds == seed)]
        searches[name, seed] = Search(
            lines[:, 2], lines[:, 3], lines[:, 4:-1] / DIGITS_COUNTED, lines[:, -1] / DIGITS_COUNTED
        )
    return searches


def volume_accuracies() -> dict[str, NDArray[np.float64]]:
    """Test accuracies of lesson 16's networks from eight starts; tools/volume_accuracies.py.

    Returns:
        For what a network sees ("solid", "from above", "from one side", "three views") the
        accuracies, 0..1, shape (8,).

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = course_file("volume_accuracies.csv", VOLUME_ACCURACIES_SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1)
    names = dict.fromkeys(table[:, 0].tolist())
    return {name: table[table[:, 0] == name, -1].astype(np.float64) for name in names}
