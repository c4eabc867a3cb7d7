"""Results that take minutes to compute, kept as small tables.

A table that is not the one that was made raises ValueError, one that is missing FileNotFoundError.
"""

import csv
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data import files
from utils.data.images import RENDERED8, measured_set

BIAS_ACCURACIES_SHA256 = "8b5b9f5d290bfd959f2316e9d077b8bb52ee0021006f8f0dbb6df29b6a058c3d"
DIGIT_ACCURACIES_SHA256 = "5816e7510193b6573fb21bedcc323d71c6d004e6ffdb543e862c04bac8b7242e"
EIGHT_CLASSES_SHA256 = "3db7e69f4debdfe3ba16732b2016bffa58bc456d87af8d390e7f9db9c25a404a"
LEAGUE_TABLES_SHA256 = "1cfbe5c745679c3d6ba2521a9cb2250bfcee17673baf4c80a73bcfd7ba4d4290"
PROJECT_ACCURACIES_SHA256 = "02d82e291f5989659008e2c6092ef6c2001078df3e2afe2fa278acff4d68e32b"
SEARCH_TRACES_SHA256 = "4b26a057904391b5e4325c20df2b9678ff2a7a87c3425d45df101aa0cc6b72e3"
VOLUME_ACCURACIES_SHA256 = "1fd087831e87eb88227180cc97992d8251e79617a29f52aa1e2e14130365fb00"
DIGITS_COUNTED = 360
"""Validation digits, and test digits, of choosing_hyperparameters; its searches hold counts."""


class Accuracies(NamedTuple):
    """Accuracies of one setting of a lesson from several starts, 0..1, shape (n,) each.

    `shifted` is that on pictures unlike those of training (the split "test_shifted").
    """

    train: NDArray[np.float64]
    validation: NDArray[np.float64]
    test: NDArray[np.float64]
    shifted: NDArray[np.float64]


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
    """Networks on telling and lying grounds, five starts; lessons/looking_inside/measure.py.

    Returns:
        For each training ("small CNN", "backbone", each also with " + more grounds") its shares.
    """
    groups = _grouped("bias_accuracies.csv", BIAS_ACCURACIES_SHA256, keys=1)
    return {name: OnGrounds(*lines[:, 1:].T) for (name,), lines in groups.items()}


def digit_accuracies() -> dict[tuple[str, str], NDArray[np.float64]]:
    """Test accuracies on digits, eight starts; lessons/convolutional_networks/measure.py.

    Returns:
        For ("centered" or "anywhere", network) the accuracies, 0..1, shape (8,).
    """
    groups = _grouped("digit_accuracies.csv", DIGIT_ACCURACIES_SHA256, keys=2)
    return {group: lines[:, 1] for group, lines in sorted(groups.items())}


def eight_classes() -> tuple[NDArray[np.int64], list[str]]:
    """How a small network answered on photographs of eight classes; made by tools/eight_classes.py.

    Returns:
        Counts of shape (8, 8), a row a true class and a column an answer; the names of the classes.
    """
    path = files.course_file("eight_classes.csv", EIGHT_CLASSES_SHA256)
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    return np.loadtxt(path, delimiter=",", dtype=np.int64, skiprows=1), names


def league_tables() -> dict[str, dict[str, Runs]]:
    """A small network under many settings, from 8 starts or 5.

    Made by lessons/choosing_hyperparameters/measure_leagues.py.

    Returns:
        For each league ("regularizers", "initializers", both also " with momentum",
        and "optimizers") the runs of its rows, such as "l2 0.01", "Ones" or "Adam 0.001".
    """
    leagues: dict[str, dict[str, Runs]] = {}
    groups = _grouped("league_tables.csv", LEAGUE_TABLES_SHA256, keys=2)
    for (league, row), lines in groups.items():
        leagues.setdefault(league, {})[row] = Runs(*lines[:, 1:].T)
    return leagues


def project_accuracies(lesson: str, images: str | None = None) -> dict[str, Accuracies]:
    """How the networks of four lessons did, five starts each; tools/project_accuracies.py.

    Args:
        lesson: by its name, from "image_classification" to "transfer_learning".
        images: "rendered8" or "natural-images"; by default the one in use (`measured_set`), and
            rendered8 when that is a folder of one's own.

    Returns:
        For each setting, such as "dropout" or "frozen 20", its accuracies.

    Raises:
        ValueError: the table holds nothing about what is asked for.
    """
    images = images or measured_set() or RENDERED8
    groups = _grouped("project_accuracies.csv", PROJECT_ACCURACIES_SHA256, keys=3)
    settings = {
        setting: Accuracies(*lines[:, 1:].T)
        for (name, of, setting), lines in groups.items()
        if (name, of) == (lesson, images)
    }
    if not settings:
        known = sorted({(name, of) for name, of, _ in groups})
        raise ValueError(f"nothing about the lesson {lesson!r} on {images!r}: choose from {known}.")
    return settings


def search_traces() -> dict[tuple[str, int], Search]:
    """Searches for a learning rate and a dropout, trial by trial.

    Made by lessons/choosing_hyperparameters/measure_searches.py.

    Returns:
        For each search ("grid 3x3", "grid 4x4", "random", "TPE") and seed its trials; and for
        "rates" and "dropouts" what comes of varying one hyperparameter alone.
    """
    groups = _grouped("search_traces.csv", SEARCH_TRACES_SHA256, keys=2)
    return {
        (name, int(seed)): Search(
            lines[:, 1], lines[:, 2], lines[:, 3:-1] / DIGITS_COUNTED, lines[:, -1] / DIGITS_COUNTED
        )
        for (name, seed), lines in groups.items()
    }


def volume_accuracies() -> dict[str, NDArray[np.float64]]:
    """Test accuracies on solids, eight starts; lessons/volumes_and_video/measure.py.

    Returns:
        For what a network sees ("solid", "from above", "from one side", "three views") the
        accuracies, 0..1, shape (8,).
    """
    groups = _grouped("volume_accuracies.csv", VOLUME_ACCURACIES_SHA256, keys=1)
    return {name: lines[:, -1] for (name,), lines in groups.items()}


def write_table(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table that a tool measures into the folder `data`, and show each row as it comes.

    Args:
        name: of the file.
        header: the names of the columns.
        rows: one at a time; each is on disk before the next is measured.
    """
    with (files.DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            file.flush()
            print(*row, sep=", ", flush=True)


def _grouped(name: str, sha256: str, keys: int) -> dict[tuple[str, ...], NDArray[np.float64]]:
    """The lines of a table by what stands in their first `keys` columns; the others as numbers."""
    path = files.course_file(name, sha256)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1, quotechar='"')
    groups = [tuple(line) for line in table[:, :keys].tolist()]
    numbers = table[:, keys:].astype(np.float64)
    return {group: numbers[[other == group for other in groups]] for group in dict.fromkeys(groups)}
