"""Figures on data augmentation: what it makes of pictures, and what networks say of them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from utils.plots import OKABE_ITO, UNSEEN, WALKERS, Picture, framed

RIGHT, WRONG = "#00614a", UNSEEN
BELOW = OKABE_ITO["vermillion"]


def nine(pictures: Sequence[NDArray]) -> Picture:
    """Nine pictures, three in a row, as large as the page allows; 0..255, shape (H, W, 3)."""
    figure, panels = plt.subplots(3, 3, figsize=(6.2, 6.2))
    for axes, picture in zip(panels.flat, pictures, strict=True):
        _draw(axes, np.asarray(picture))
        framed(axes)
    panels[0, 0].set_title("as it is", loc="left")
    return Picture(
        figure,
        "Nine pictures of one thing: as it is at the top left, and eight changed copies, moved, "
        "turned, mirrored, larger, smaller, lighter, darker.",
        "One picture, nine times.",
    )


def turned(picture: NDArray, after: NDArray) -> Picture:
    """A picture, and what a layer has made of it; both 0..255, shape (H, W, 3)."""
    figure, panels = plt.subplots(1, 2, figsize=(7, 3.7))
    for axes, shown, head in zip(panels, (picture, after), ("before", "after"), strict=True):
        _draw(axes, np.asarray(shown))
        framed(axes)
        axes.set_title(head)
    changed = (np.abs(np.asarray(after, float) - picture) > 1).mean()
    return Picture(
        figure,
        f"A picture before and after a layer, which changed {changed:.0%} of its values.",
        "One picture, before the layer and after it.",
    )


def named_rows(
    rows: Mapping[str, Mapping[object, NDArray]], said: Mapping[str, Sequence[str]], truth: str
) -> Picture:
    """A picture changed more and more, a row for each change, and what a network says of it.

    Strengths stand above, answers below; the first wrong one of a row is framed.

    Args:
        rows: by the name of the change, then by its strength: pictures 0..255, shape (H, W, 3).
        said: by the name of the change, the answers of the network.
        truth: what the picture shows.
    """
    columns = max(map(len, rows.values()))
    figure = plt.figure(figsize=(1.5 * columns + 1.3, 1.65 * len(rows)))
    panels = figure.subplots(len(rows), columns, squeeze=False)
    for (name, row), answers, line in zip(rows.items(), said.values(), panels, strict=True):
        for axes in line[len(row) :]:
            axes.axis("off")
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", size=14)
        wrong = [answer != truth for answer in answers]
        for number, (axes, (strength, picture)) in enumerate(zip(line, row.items(), strict=False)):
            _draw(axes, np.asarray(picture))
            framed(axes)
            axes.set_title(strength, size=14, pad=4)
            mark, color = ("✗", WRONG) if wrong[number] else ("✓", RIGHT)
            axes.set_xlabel(f"{mark} {answers[number]}", size=14, color=color, labelpad=4)
            if wrong[number] and not any(wrong[:number]):
                axes.spines[:].set(color=WRONG, lw=5)
    limits = "; ".join(f"{name}: {_first_wrong(rows[name], said[name], truth)}" for name in rows)
    return Picture(
        figure,
        f"A picture, {truth}, changed more and more, and what a network says of it. The first "
        f"strength at which it is wrong: {limits}.",
        "How far can each change go before the network names something else?",
    )


def _first_wrong(row: Mapping[object, NDArray], answers: Sequence[str], truth: str) -> str:
    wrong = [str(strength) for strength, one in zip(row, answers, strict=True) if one != truth]
    return wrong[0] if wrong else "none of these"


def strength_curves(
    curves: Mapping[str, tuple[NDArray, Mapping[str, NDArray]]],
    trained: Mapping[str, tuple[float, float]] | None = None,
) -> Picture:
    """Accuracy against the strength of a change, a panel a change, a line for each network.

    Args:
        curves: by change: strengths, shape (n,), and by network accuracies 0..1, (starts, n).
        trained: by change, between which strengths copies were drawn in training.
    """
    count = len(curves)
    figure, row = plt.subplots(1, count, figsize=(11, 3.9), sharey=True, squeeze=False)
    for axes, (change, (strengths, networks)) in zip(row.flat, curves.items(), strict=True):
        for (name, values), (color, line, mark) in zip(networks.items(), WALKERS, strict=False):
            axes.fill_between(
                strengths, values.min(axis=0), values.max(axis=0), color=color, alpha=0.2, lw=0
            )
            axes.plot(
                strengths, values.mean(axis=0), line, marker=mark, color=color, ms=6, label=name
            )
        if trained and change in trained:
            axes.axvspan(*trained[change], color="0.92", zorder=0, label="drawn in training")
        axes.set(xlabel=change, ylim=(0, 1))
        axes.grid(axis="y", color="0.9")
    row[0, 0].yaxis.set_major_formatter(PercentFormatter(1))
    row[0, 0].set_ylabel("right answers")
    handles, labels = row[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    parts = "; ".join(f"{change}, {_ends(networks)}" for change, (_, networks) in curves.items())
    return Picture(
        figure,
        "Right answers on changed validation pictures, by strength, a line for the mean of the "
        f"starts in a band of all. From the mildest to the strongest: {parts}.",
        "The stronger the change, the fewer right answers. How fast?",
    )


def _ends(networks: Mapping[str, NDArray]) -> str:
    return ", ".join(
        f"{name} {values[:, 0].mean():.0%} to {values[:, -1].mean():.0%}"
        for name, values in networks.items()
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


def _grid(figure: Figure, rows: Mapping[str, Sequence[NDArray]], heads: Sequence[str]) -> None:
    """Rows of pictures, each with its name in front, with texts above the columns.

    Pictures are in color, 0..255, shape (H, W, 3), or ink on paper, 0..16, shape (h, w).
    """
    columns = max(map(len, rows.values()))
    panels = figure.subplots(len(rows), columns, squeeze=False)
    for (name, pictures), line in zip(rows.items(), panels, strict=True):
        for axes in line:
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", size=14)
        for axes, picture in zip(line, pictures, strict=False):
            _draw(axes, np.asarray(picture))
    for axes, head in zip(panels[0], heads, strict=False):
        axes.set_title(head)


def _draw(axes: Axes, picture: NDArray) -> None:
    if picture.ndim == 2:
        axes.imshow(picture, cmap="gray_r", vmin=0, vmax=16)
    else:
        whole = np.clip(np.round(picture), 0, 255).astype(np.uint8)
        axes.imshow(whole, interpolation="bicubic")


def differences(gains: Mapping[str, NDArray], than: str) -> Picture:
    """By how many points several ways do better or worse than one, a dot for each split.

    Args:
        gains: by way, in points, shape (splits,).
        than: the way that they are compared with.
    """
    figure, axes = plt.subplots(figsize=(9, 0.7 * len(gains) + 1.3))
    axes.axvline(0, color="black", lw=1.5)
    for place, values in enumerate(gains.values()):
        worse = values < 0
        for part, color, mark in (
            (worse, BELOW, WALKERS[1][2]),
            (~worse, WALKERS[0][0], WALKERS[0][2]),
        ):
            heights = place + np.linspace(-0.16, 0.16, len(values))[part]
            axes.plot(values[part], heights, mark, color=color, ms=11, mec="white", alpha=0.85)
        axes.plot([values.mean()] * 2, [place - 0.3, place + 0.3], color="black", lw=3)
    widest = max(1.0, *(np.abs(values).max() for values in gains.values()))
    axes.set(xlim=(-1.1 * widest, 1.1 * widest), ylim=(len(gains) - 0.5, -0.6))
    axes.set(yticks=range(len(gains)), yticklabels=gains)
    axes.set(xlabel=f"points above “{than}” (a mark for each split, a bar for their mean)")
    axes.grid(axis="x", color="0.9")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    told = ", ".join(
        f"{name} {values.mean():+.1f}, better in {(values > 0).sum()} of {len(values)}"
        for name, values in gains.items()
    )
    return Picture(
        figure,
        f"Differences to “{than}” in points, on average: {told}.",
        "Left of zero it harms, right of zero it helps.",
    )


def mixed(pictures: Sequence[NDArray], words: Sequence[str]) -> Picture:
    """Pictures side by side, 0..255, shape (H, W, 3), with the label of each below it."""
    figure, panels = plt.subplots(1, len(pictures), figsize=(9, 3.4))
    for axes, picture, label in zip(panels, pictures, words, strict=True):
        _draw(axes, np.asarray(picture))
        framed(axes)
        axes.set_xlabel(label, size=14)
    return Picture(
        figure,
        f"Pictures and their labels: {'; '.join(words)}.",
        "Two pictures, and a mixture of both with a label to match.",
    )
