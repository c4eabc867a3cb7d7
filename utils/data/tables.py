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

PROJECT_ACCURACIES_SHA256 = "a31e6f679a3349f66169747ed08cb14f52dd513b4d9e7314c0f32bf0946c43e5"


class Accuracies(NamedTuple):
    """Accuracies of one setting of a lesson from several starts, 0..1, shape (n,) each.

    `shifted` is that on pictures unlike those of training (the split "test_shifted").
    """

    train: NDArray[np.float64]
    validation: NDArray[np.float64]
    test: NDArray[np.float64]
    shifted: NDArray[np.float64]


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
    groups = grouped("project_accuracies.csv", PROJECT_ACCURACIES_SHA256, keys=3)
    settings = {
        setting: Accuracies(*lines[:, 1:].T)
        for (name, of, setting), lines in groups.items()
        if (name, of) == (lesson, images)
    }
    if not settings:
        known = sorted({(name, of) for name, of, _ in groups})
        raise ValueError(f"nothing about the lesson {lesson!r} on {images!r}: choose from {known}.")
    return settings


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


def grouped(name: str, sha256: str, keys: int) -> dict[tuple[str, ...], NDArray[np.float64]]:
    """The lines of a table by what stands in their first `keys` columns; the others as numbers."""
    path = files.course_file(name, sha256)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1, quotechar='"')
    groups = [tuple(line) for line in table[:, :keys].tolist()]
    numbers = table[:, keys:].astype(np.float64)
    return {group: numbers[[other == group for other in groups]] for group in dict.fromkeys(groups)}
