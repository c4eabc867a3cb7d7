"""Figures on a project of image classification: the pictures, the pipeline, what goes wrong."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator, PercentFormatter
from numpy.typing import NDArray
from PIL import Image

from utils.plots import LINES, OKABE_ITO, Picture, framed

SEEN, UNSEEN = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
SIDE = 44
"""Height and width of a picture, in pixels."""
COLORS = 20
"""How many colors a picture keeps."""
LEVELS = 4
"""How many shades of red, of green and of blue `color_bars` tells apart."""


def picture_pairs(
    upper: NDArray, lower: NDArray, titles: Sequence[str], rows: Sequence[str]
) -> Picture:
    """Pictures in pairs, one above the other, a title over each pair.

    Args:
        upper, lower: 0..255, shape (n, H, W, 3) each.
        titles: one a pair.
        rows: what the upper and the lower pictures are.
    """
    figure, panels = plt.subplots(
        2, len(upper), figsize=(1.75 * len(upper) + 0.4, 3.8), squeeze=False
    )
    for line, pictures, name in zip(panels, (upper, lower), rows, strict=True):
        line[0].set_ylabel(name)
        for axes, picture in zip(line, pictures, strict=True):
            _picture(axes, picture)
    for axes, title in zip(panels[0], titles, strict=True):
        axes.set_title(title, size=13)
    return Picture(
        figure,
        alt=(
            "The three test pictures that have the nearest thumbnails in the training set, "
            "each above its neighbor."
        ),
        caption=CAPTION,
    )


def color_bars(shares: NDArray, names: Sequence[str]) -> Picture:
    """How much of each of 64 colors the pictures of every class have, as bars of these colors.

    Args:
        shares: shape (classes, 64), each row adds up to 1; number 16 r + 4 g + b stands for the
            color of the levels r, g, b, 0 to 3.
        names: of the classes.
    """
    steps = (np.arange(LEVELS) + 0.5) / LEVELS
    colors = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    order = np.argsort(colors @ (0.299, 0.587, 0.114), kind="stable")
    figure, axes = plt.subplots(figsize=(9, 0.42 * len(names) + 0.9))
    for row, share in enumerate(shares):
        left = np.cumsum(share[order]) - share[order]
        axes.barh(row, share[order], left=left, color=colors[order], height=0.75)
    axes.set(yticks=range(len(names)), yticklabels=names, xlim=(0, 1))
    axes.set(ylim=(len(names) - 0.5, -0.5), xlabel="share of the pixels, dark colors first")
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return Picture(
        figure,
        alt=(
            "For each class a bar of colored pieces, from dark to bright: how much of its "
            "training pictures has which color. The bars of the classes resemble each other, "
            "and differ in places."
        ),
        caption=CAPTION,
    )


def shuffled_orders(orders: Mapping[str, NDArray], batch: int) -> Picture:
    """In which order the classes come, for several ways to shuffle; the first batch shaded.

    Args:
        orders: by title, the label of every picture in its order, shape (N,).
        batch: pictures in a batch.
    """
    figure, panels = plt.subplots(1, len(orders), figsize=(8.4, 2.5), sharey=True)
    for axes, (title, labels) in zip(panels, orders.items(), strict=True):
        axes.axvspan(0, batch, color=OKABE_ITO["yellow"], alpha=0.6)
        axes.plot(np.arange(len(labels)), labels, "|", color=SEEN, ms=7, mew=1, antialiased=False)
        axes.set_title(title, size=13)
        axes.set(xlim=(0, len(labels)), xlabel="place in the epoch")
        axes.yaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.tick_params(axis="y", length=0)
    panels[0].set_ylabel("class")
    return Picture(
        figure,
        alt=(
            "Three diagrams of the class over the place in the epoch. A buffer of one leaves "
            "a staircase; a buffer of 100 smears it; a buffer of all pictures mixes all "
            "classes. The first batch is shaded."
        ),
        caption=CAPTION,
    )


def curves_read(
    loss: NDArray, val_loss: NDArray, accuracy: NDArray, val_accuracy: NDArray, sign: int
) -> Picture:
    """Loss and accuracy with what to read off: lowest validation loss, early sign, final gap.

    Args:
        loss, val_loss: shape (epochs,).
        accuracy, val_accuracy: 0..1, shape (epochs,).
        sign: the epoch, from 1, at which an early sign was complete; 0 for none.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.2))
    epochs = np.arange(1, len(loss) + 1)
    for axes, seen, unseen in ((left, loss, val_loss), (right, accuracy, val_accuracy)):
        axes.plot(epochs, seen, "-", color=SEEN, label="training")
        axes.plot(epochs, unseen, "--", color=UNSEEN, label="validation")
        axes.set(xlabel="epoch", xlim=(0.5, len(epochs) + 0.5))
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.grid(color="0.9")
    best = int(np.argmin(val_loss))
    left.plot(best + 1, val_loss[best], "s", color=UNSEEN, ms=11)
    _arrow(left, f"lowest: epoch {best + 1}", (best + 1, val_loss[best]), (0.03, 0.04))
    if sign:
        left.plot(sign, val_loss[sign - 1], "D", color="black", ms=10)
        _arrow(left, f"early sign: epoch {sign}", (sign, val_loss[sign - 1]), (0.5, 0.04))
    left.set_title("loss", loc="left")
    left.set_ylim(bottom=-0.18 * max(val_loss.max(), loss.max()))
    left.set_yticks([tick for tick in left.get_yticks() if 0 <= tick <= left.get_ylim()[1]])
    gap = 100 * (accuracy[-1] - val_accuracy[-1])
    middle = (accuracy[-1] + val_accuracy[-1]) / 2
    ends = {"xy": (epochs[-1], accuracy[-1]), "xytext": (epochs[-1], val_accuracy[-1])}
    right.annotate("", **ends, arrowprops={"arrowstyle": "<->", "lw": 2})
    right.text(epochs[-1] - 0.6, middle, f"gap: {gap:.0f} points", ha="right", va="center", size=14)
    right.set_title("accuracy", loc="left")
    right.set_ylim(0, 1.03)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    right.legend(loc="lower right")
    return Picture(
        figure,
        alt=(
            "The curves again, with marks: a square at the lowest validation loss, a diamond "
            "at the early sign, and a double arrow for the gap between the accuracies at the "
            "end."
        ),
        caption=CAPTION,
    )


def class_scores(
    precision: NDArray, recall: NDArray, f1: NDArray, names: Sequence[str], counts: Sequence[int]
) -> Picture:
    """Precision, recall and F1 of every class, the class of the highest F1 on top.

    Args:
        precision, recall, f1: 0..1, shape (classes,).
        names: of the classes.
        counts: pictures of each class.
    """
    order = np.argsort(-f1, kind="stable")
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(names) + 1.3))
    rows = np.arange(len(names))
    low, high = np.minimum(precision, recall)[order], np.maximum(precision, recall)[order]
    axes.hlines(rows, low, high, color="0.8", lw=6)
    for values, label, mark, color in (
        (precision, "precision", "o", SEEN),
        (recall, "recall", "s", UNSEEN),
        (f1, "F1", "|", "black"),
    ):
        axes.plot(values[order], rows, mark, color=color, ms=14 if mark == "|" else 10, label=label,
                  mew=3 if mark == "|" else 1)  # fmt: skip
    axes.set(yticks=rows, yticklabels=[f"{names[k]} ({counts[k]})" for k in order])
    axes.set(xlim=(0, 1.02), ylim=(len(names) - 0.4, -0.6))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(axis="x", color="0.9")
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=3)
    return Picture(
        figure,
        alt=(
            "For each class a circle for precision, a square for recall and a line for F1, "
            "the best class on top. Between the best and the worst class lie many points."
        ),
        caption=CAPTION,
    )


def answered(images: NDArray, above: Sequence[str], below: Sequence[str]) -> Figure:
    """Pictures in a row with a line above and below each, such as what was said and what it was.

    Args:
        images: 0..255, shape (n, H, W, 3).
        above, below: n texts each.
    """
    width = 9.4 / max(len(images), 5)
    figure, panels = plt.subplots(1, len(images), figsize=(9.4, width + 1.1), squeeze=False)
    for axes, image, over, under in zip(panels[0], images, above, below, strict=True):
        _picture(axes, image)
        axes.set_title(over, size=13, color=UNSEEN)
        axes.set_xlabel(under)
    return figure


def accuracy_by_count(
    accuracies: Mapping[int, NDArray],
    ours: Mapping[int, float],
    rules: Mapping[str, Callable[[NDArray], NDArray]],
    ahead: int,
    chance: float,
) -> Picture:
    """Accuracy over the number of training pictures, on a log axis; a mark for each start.

    Args:
        accuracies: by pictures of each class, the accuracies of several starts, 0..1.
        ours: further accuracies by number, to be marked apart.
        rules: by name, an accuracy for every number of pictures; drawn as lines; one or two.
        ahead: a larger number, up to which the rules are drawn.
        chance: the accuracy of guessing.
    """
    figure, axes = plt.subplots(figsize=(7.8, 3.3))
    counts = [*accuracies]
    reach = np.geomspace(counts[0], ahead, 60)
    for (name, rule), style, color in zip(rules.items(), (":", "-"), ("0.4", "0.6"), strict=False):
        axes.plot(reach, rule(reach), style, color=color, zorder=1, label=name)
    for number, (count, values) in enumerate(accuracies.items()):
        label = "a start" if number == 0 else None
        axes.plot([count] * len(values), values, "o", color=SEEN, mec="white", ms=9, label=label)
    axes.plot([*ours], [*ours.values()], "D", color=UNSEEN, ms=9, label="your networks")
    axes.axhline(chance, color=LINES, ls="--", lw=1.5)
    axes.text(counts[0], chance + 0.01, "guessing", color="0.35")
    axes.set_xscale("log", base=2)
    axes.set_xticks([*counts, ahead], [*map(str, counts), str(ahead)])
    axes.xaxis.set_minor_locator(NullLocator())
    top = max(float(np.max(rule(reach))) for rule in rules.values()) + 0.04
    axes.set(ylim=(0, top), xlabel="training pictures of each class (log axis)", ylabel="accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color="0.9")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.12), ncols=2)
    return Picture(
        figure,
        alt=(
            "Test accuracy of five starts each for 10, 20, 50, 100 and 200 training pictures "
            "of each class, on a logarithmic axis. The dots bend below the straight line and "
            "follow the curve of the same share."
        ),
        caption=CAPTION,
    )


def _arrow(axes: Axes, text: str, place: tuple[float, float], corner: tuple[float, float]) -> None:
    """A text at a place of the axes (0..1), with an arrow to a point of the data."""
    axes.annotate(
        text, place, corner, textcoords="axes fraction", size=13,
        arrowprops={"arrowstyle": "->", "lw": 1.5, "color": "0.3", "shrinkB": 7},
    )  # fmt: skip


def _picture(axes: Axes, image: NDArray) -> None:
    """A picture of moderate size in few colors: a notebook holds many."""
    small = Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BOX)
    few = small.quantize(COLORS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    axes.imshow(np.asarray(few.convert("RGB")))
    framed(axes)
