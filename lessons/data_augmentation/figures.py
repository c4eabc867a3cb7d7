"""Figures on data augmentation: what it makes of pictures, and what it does to accuracy."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import CATEGORIES, LINES, OKABE_ITO, Picture, framed

GAP = 4
"""White pixels between two pictures on a sheet."""
CAPTION = 22
"""White pixels below a row of pictures for their captions."""
NEW = OKABE_ITO["yellow"]
LABELS = {"train": "training"}
"""What a part of the data is called where its name is not the word for it."""
OFFSET, SPREAD = 0.14, 0.1
"""How far above and below the middle of its row the marks of two parts of the data lie, and how far
the starts are spread around that."""


def moved_tables(tables: Mapping[str, NDArray], freed: Mapping[str, int]) -> Picture:
    """Small tables of numbers in a row; a column that a move has freed is marked.

    Args:
        tables: by title, shape (h, w) each.
        freed: for some titles, the number of that column.
    """
    figure, panels = plt.subplots(1, len(tables), figsize=(6.4, 2.05))
    for axes, (title, table) in zip(panels, tables.items(), strict=True):
        axes.imshow(np.zeros(table.shape), cmap="gray_r", vmin=0, vmax=1)
        for (i, j), value in np.ndenumerate(table):
            fresh = freed.get(title) == j
            if fresh:
                box = {"fc": NEW, "ec": LINES}
                axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, **box))
            weight = "bold" if fresh else "normal"
            axes.text(
                j, i, value, ha="center", va="center", size=14, weight=weight
            )  # fmt: skip
        axes.set_title(title, size=13)
        framed(axes)
    return Picture(
        figure,
        alt=(
            "The numbers 1 to 12 in three rows, moved right by one column. The freed column "
            "holds zeros, the edge again, or the column that left on the other side."
        ),
        caption=CAPTION,
    )


def sheet_of(rows: Sequence[Sequence[NDArray]], caption: int = 0) -> NDArray[np.uint8]:
    """Rows of pictures on one white sheet.

    Args:
        rows: pictures 0..255, shape (H, W, 3) each, one size for all; rows may be of any length.
        caption: pixels to leave below each row.

    Returns:
        uint8, shape (rows (H + GAP + caption) - GAP, columns (W + GAP) - GAP, 3).
    """
    height, width = rows[0][0].shape[:2]
    down, right = height + GAP + caption, width + GAP
    shape = (len(rows) * down - GAP, max(map(len, rows)) * right - GAP, 3)
    sheet = np.full(shape, 255, np.uint8)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            place = slice(i * down, i * down + height), slice(j * right, j * right + width)
            sheet[place] = np.clip(np.round(picture), 0, 255)
    return sheet


def picture_rows(
    rows: Mapping[str, Sequence[NDArray]],
    captions: Mapping[str, Sequence[str]] | None = None,
    heads: Sequence[str] = (),
    inches: float = 0.7,
    interpolation: str = "bilinear",
) -> Figure:
    """Rows of pictures, each row with its name, each picture with a caption where there is one.

    Args:
        rows: by name, pictures 0..255, shape (H, W, 3) each, one size for all.
        captions: by name of the row, one below each picture.
        heads: above the columns.
        inches: height of a picture on paper.
        interpolation: between pixels, by its Matplotlib name.
    """
    pictures = list(rows.values())
    height, width = pictures[0][0].shape[:2]
    caption = round(CAPTION * height / 64 * 0.7 / inches) if captions else 0
    sheet = sheet_of(pictures, caption)
    scale = inches / height
    margins = 1.5, 0.4 if heads else 0.1
    size = (max(6.1, sheet.shape[1] * scale + margins[0]), sheet.shape[0] * scale + margins[1])
    figure, axes = plt.subplots(figsize=size)
    axes.imshow(sheet, interpolation=interpolation)
    axes.axis("off")
    right, down = width + GAP, height + GAP + caption
    for i, name in enumerate(rows):
        axes.text(-6, i * down + height / 2, name, ha="right", va="center")
        for j, text in enumerate((captions or {}).get(name, ())):
            place = j * right + width / 2, i * down + height + 1
            axes.text(*place, text, ha="center", va="top", size=12)
    for j, head in enumerate(heads):
        axes.text(j * right + width / 2, -4, head, ha="center", va="bottom")
    return figure


def strength_rows(rows: Mapping[str, Mapping[object, NDArray]], inches: float = 0.7) -> Figure:
    """Pictures changed in several ways at several strengths, with the strength below each.

    Args:
        rows: by the name of the change, then by its strength: pictures as in `picture_rows`.
        inches: height of a picture on paper.
    """
    captions = {name: [*map(str, row)] for name, row in rows.items()}
    return picture_rows({name: [*row.values()] for name, row in rows.items()}, captions, (), inches)


def turned_digits(ink: NDArray, labels: Sequence[int]) -> Figure:
    """Digits as they are, turned by half a circle, and mirrored.

    Args:
        ink: 0..16, shape (n, h, w).
        labels: what the digits are, shape (n,); above each column.
    """
    rows = {"as it is": ink, "half turn": ink[:, ::-1, ::-1], "mirrored": ink[:, :, ::-1]}
    paper = {
        name: np.repeat(
            np.kron(255 - digits * (255 / 16), np.ones((8, 8)))[..., np.newaxis], 3, axis=3
        )
        for name, digits in rows.items()
    }
    heads = [str(label) for label in labels]
    return picture_rows(paper, heads=heads, interpolation="nearest")


def accuracy_by_split(accuracies: Mapping[str, NDArray]) -> Picture:
    """Accuracies of several trainings on several splits, a line for each split.

    Args:
        accuracies: by training, 0..1, shape (splits,).
    """
    figure, axes = plt.subplots(figsize=(7.2, 0.42 * len(accuracies) + 0.9))
    by_split = np.array(list(accuracies.values())).T
    for values, color, mark in zip(by_split, CATEGORIES, "osD^v", strict=False):
        axes.plot(values, range(len(values)), f"-{mark}", color=color, lw=1.2, ms=8)
    axes.set(yticks=range(len(accuracies)), yticklabels=accuracies)
    axes.set(ylim=(len(accuracies) - 0.6, -0.4), xlabel="accuracy on test digits")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    return Picture(
        figure,
        alt=(
            "Accuracy on test digits in five splits. In every split the three kinds of flips "
            "lie left of the digits as they are, and the shifted ones right of them."
        ),
        caption=CAPTION,
    )


def sets_compared(tables: Mapping[str, Mapping[str, Any]], parts: tuple[str, str]) -> Figure:
    """Accuracies of several settings from several starts, a panel a set of pictures.

    Each start has a mark; a line with its number stands at their mean.

    Args:
        tables: by title, what `utils.data.project_accuracies` gave, of the same settings.
        parts: of the data: two of "train", "validation", "test", "shifted".
    """
    count = len(next(iter(tables.values())))
    size = (9, 0.72 * count + 1.25)
    figure, row = plt.subplots(
        1, len(tables), figsize=size, sharex=True, sharey=True, squeeze=False
    )
    for axes, (title, settings) in zip(row.flat, tables.items(), strict=True):
        for place, accuracies in enumerate(settings.values()):
            for number, part in enumerate(parts):
                values = getattr(accuracies, part)
                _starts(axes, place + OFFSET * (2 * number - 1), part, values, number)
        axes.set_title(title)
        axes.set(xlabel="accuracy", ylim=(count - 0.32, -0.66))
        axes.set(yticks=range(count), yticklabels=settings)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.margins(x=0.08)
        axes.grid(axis="x", color="0.9")
    handles, labels = row[0, 0].get_legend_handles_labels()
    named = dict(zip(labels, handles, strict=True))
    figure.legend(named.values(), named, loc="outside upper center", ncols=len(named))
    return figure


def _starts(axes: Axes, place: float, name: str, values: NDArray, number: int) -> None:
    """The accuracies of one setting on one part of the data."""
    name = LABELS.get(name, name)
    color, mark, above = CATEGORIES[number], "os"[number], number == 0
    places = place + np.linspace(-SPREAD, SPREAD, len(values))
    axes.plot(values, places, mark, color=color, ms=6, alpha=0.7, mew=0, label=name)
    mean = float(np.mean(values))
    axes.plot([mean, mean], [place - 1.3 * SPREAD, place + 1.3 * SPREAD], color=color, lw=3)
    axes.annotate(
        f"{mean:.0%}", (mean, place), (0, 12 if above else -12), textcoords="offset points",
        color=color, ha="center", va="bottom" if above else "top", size=12,
    )  # fmt: skip
