"""Figures on data augmentation: what it makes of pictures, and what it does to accuracy."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import CATEGORIES, LINES, OKABE_ITO, Picture, framed

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
    figure, panels = plt.subplots(1, len(tables), figsize=(9, 2.7))
    for axes, (title, table) in zip(panels, tables.items(), strict=True):
        axes.imshow(np.zeros(table.shape), cmap="gray_r", vmin=0, vmax=1)
        for (i, j), value in np.ndenumerate(table):
            fresh = freed.get(title) == j
            if fresh:
                box = {"fc": NEW, "ec": LINES}
                axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, **box))
            weight = "bold" if fresh else "normal"
            axes.text(j, i, value, ha="center", va="center", size=16, weight=weight)
        axes.set_title(title)
        framed(axes)
    rows = "; ".join(f"{title}: {', '.join(map(str, t[0]))}" for title, t in tables.items())
    return Picture(
        figure,
        f"Small tables of numbers, columns that a move has freed marked. First rows: {rows}.",
        "What may come into the column that a move frees.",
    )


def turned(picture: NDArray, after: NDArray) -> Picture:
    """A picture, and what a layer has made of it; both 0..255, shape (H, W, 3)."""
    figure = plt.figure(figsize=(7, 3.6))
    _grid(figure, {"": [picture, after]}, heads=("before", "after"))
    changed = (np.abs(np.asarray(after, float) - picture) > 1).mean()
    return Picture(
        figure,
        f"A picture before and after a layer, which changed {changed:.0%} of its values.",
        "One picture, before the layer and after it.",
    )


def strength_rows(rows: Mapping[str, Mapping[object, NDArray]]) -> Picture:
    """A picture changed in several ways, each at several strengths, which stand below.

    Args:
        rows: by the name of the change, then by its strength: pictures 0..255, shape (H, W, 3).
    """
    names = list(rows)
    half = -(-len(names) // 2)
    blocks = [names] if len(names) < 4 else [names[:half], names[half:]]
    side = 1.4 if len(blocks) == 1 else 1.12
    most = max(map(len, rows.values()))
    size = (len(blocks) * (most * (side + 0.06) + 0.9), len(blocks[0]) * (side + 0.4))
    figure = plt.figure(figsize=(max(8, size[0]), size[1]))
    for part, block in zip(np.ravel(figure.subfigures(1, len(blocks))), blocks, strict=True):
        pictures = {name: [*rows[name].values()] for name in block}
        _grid(part, pictures, below={name: [*map(str, rows[name])] for name in block})
    strengths = "; ".join(f"{name} {', '.join(map(str, row))}" for name, row in rows.items())
    return Picture(
        figure,
        f"One picture, changed in {len(rows)} ways, each at several strengths: {strengths}.",
        "One picture at several strengths: where would you stop?",
    )


def mixtures(picture: NDArray, made: Mapping[str, Sequence[NDArray]]) -> Picture:
    """A picture, and copies of it that mixtures of changes have made, a row a mixture.

    Args:
        picture: 0..255, shape (H, W, 3).
        made: by the name of a mixture, copies of that shape.
    """
    copies = max(map(len, made.values()))
    figure = plt.figure(figsize=(1.6 * (copies + 1) + 1.6, 1.62 * len(made) + 0.3))
    rows = {name: [picture, *row] for name, row in made.items()}
    _grid(figure, rows, heads=("as it is", *[f"copy {n}" for n in range(1, copies + 1)]))
    return Picture(
        figure,
        f"A picture and {copies} changed copies of it, for each of these mixtures of changes: "
        f"{', '.join(made)}.",
        "Draws of the same mixture, at several strengths.",
    )


def epoch_by_epoch(epochs: Mapping[str, Sequence[NDArray]]) -> Picture:
    """What a network is shown of one picture in every epoch, a row a pipeline.

    Args:
        epochs: by the name of the pipeline, pictures 0..255, shape (H, W, 3).
    """
    count = max(map(len, epochs.values()))
    figure = plt.figure(figsize=(1.9 * count + 2.6, 1.9 * len(epochs) + 0.4))
    _grid(figure, epochs, heads=[f"epoch {n}" for n in range(1, count + 1)])
    versions = {name: len({np.asarray(x).tobytes() for x in row}) for name, row in epochs.items()}
    counted = "; ".join(f"{name}: {n} different" for name, n in versions.items())
    return Picture(
        figure,
        f"One picture as it comes out of each pipeline in {count} epochs. {counted}.",
        "What the network is shown of one picture, epoch by epoch.",
    )


def turned_digits(ink: NDArray, labels: Sequence[int]) -> Picture:
    """Digits as they are, turned by half a circle, and mirrored.

    Args:
        ink: 0..16, shape (n, h, w).
        labels: what the digits are, shape (n,); above each column.
    """
    rows = {"as it is": ink, "half turn": ink[:, ::-1, ::-1], "mirrored": ink[:, :, ::-1]}
    figure = plt.figure(figsize=(len(labels) + 1.4, 3.6))
    _grid(figure, rows, heads=[str(label) for label in labels])
    return Picture(
        figure,
        f"The handwritten digits {', '.join(map(str, labels))}: as they are, turned by half a "
        "circle, and mirrored.",
        "Which of the changed digits would you still read as the same?",
    )


def _grid(
    parent: Figure | SubFigure,
    rows: Mapping[str, Sequence[NDArray]],
    below: Mapping[str, Sequence[str]] | None = None,
    heads: Sequence[str] = (),
) -> None:
    """Rows of pictures, each with its name in front, with texts below them or above the columns.

    Pictures are in color, 0..255, shape (H, W, 3), or ink on paper, 0..16, shape (h, w).
    """
    columns = max(map(len, rows.values()))
    panels = parent.subplots(len(rows), columns, squeeze=False)
    for (name, pictures), line in zip(rows.items(), panels, strict=True):
        for axes in line:
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", size=14)
        for number, (axes, picture) in enumerate(zip(line, pictures, strict=False)):
            _draw(axes, np.asarray(picture))
            if below:
                axes.set_xlabel(below[name][number], labelpad=2)
    for axes, head in zip(panels[0], heads, strict=False):
        axes.set_title(head)


def _draw(axes: Axes, picture: NDArray) -> None:
    if picture.ndim == 2:
        axes.imshow(picture, cmap="gray_r", vmin=0, vmax=16)
    else:
        whole = np.clip(np.round(picture), 0, 255).astype(np.uint8)
        axes.imshow(whole, interpolation="antialiased")


def accuracy_by_split(accuracies: Mapping[str, NDArray]) -> Picture:
    """Accuracies of several trainings on several splits, a line for each split.

    Args:
        accuracies: by training, 0..1, shape (splits,).
    """
    figure, axes = plt.subplots(figsize=(9, 0.5 * len(accuracies) + 1.0))
    by_split = np.array(list(accuracies.values())).T
    for values, color, mark in zip(by_split, CATEGORIES, "osD^v", strict=False):
        axes.plot(values, range(len(values)), f"-{mark}", color=color, lw=1.2, ms=8)
    axes.set(yticks=range(len(accuracies)), yticklabels=accuracies)
    axes.set(ylim=(len(accuracies) - 0.6, -0.4), xlabel="accuracy on test digits")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    means = ", ".join(f"{name} {np.mean(v):.1%}" for name, v in accuracies.items())
    return Picture(
        figure,
        f"Accuracy on test digits in {len(by_split)} splits, a line for each. On average: {means}.",
        "Each line is one split of the digits, taught in several ways.",
    )


def sets_compared(tables: Mapping[str, Mapping[str, Any]], parts: tuple[str, str]) -> Picture:
    """Accuracies of several settings from several starts, a panel a set of pictures.

    Each start has a mark; a line with its number stands at their mean.

    Args:
        tables: by title, what `utils.data.project_accuracies` gave, of the same settings.
        parts: of the data: two of "train", "validation", "test", "shifted".
    """
    count = len(next(iter(tables.values())))
    size = (10.5, 0.85 * count + 1.4)
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
    first, second = (LABELS.get(part, part) for part in parts)
    best = "; ".join(f"on {title}, “{_best(t, parts[1])}”" for title, t in tables.items())
    return Picture(
        figure,
        f"Accuracies of several starts on {first} and on {second} pictures, {count} settings on "
        f"each of {' and '.join(tables)}. The highest mean on {second} pictures: {best}.",
        "A mark for each start, a line with its number for their mean.",
    )


def _best(settings: Mapping[str, Any], part: str) -> str:
    """The setting with the highest mean on a part of the data."""
    return max(settings, key=lambda name: getattr(settings[name], part).mean())


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
