"""Figures on a project of image classification: the pictures, the pipeline, what goes wrong."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import LINES, OKABE_ITO, SEEN, UNSEEN, Picture, framed

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
    side = 8.4 / max(len(upper), 3)
    figure, panels = plt.subplots(
        2, len(upper), figsize=(side * len(upper) + 0.5, 2 * side + 0.6), squeeze=False
    )
    for line, pictures, name in zip(panels, (upper, lower), rows, strict=True):
        line[0].set_ylabel(name)
        for axes, picture in zip(line, pictures, strict=True):
            _picture(axes, picture)
    for axes, title in zip(panels[0], titles, strict=True):
        axes.set_title(title)
    upper_row, lower_row = rows
    return Picture(
        figure,
        alt=(
            f"Pairs of pictures, {upper_row} above {lower_row}, with how far their thumbnails are "
            f"from each other: {', '.join(titles)}."
        ),
        caption="The closest pairs: judge for yourself whether they show the same thing.",
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
            f"For each class ({', '.join(map(str, names))}) a bar of colored pieces, from dark to "
            "bright: how much of its pictures has which color."
        ),
        caption="The palette of each class: how much of it has which color.",
    )


def shuffled_orders(orders: Mapping[str, NDArray], batch: int) -> Picture:
    """In which order the classes come, for several ways to shuffle; the first batch shaded.

    Args:
        orders: by title, the label of every picture in its order, shape (N,).
        batch: pictures in a batch.
    """
    figure, panels = plt.subplots(1, len(orders), figsize=(10, 3.2), sharey=True)
    first = []
    for axes, (title, labels) in zip(panels, orders.items(), strict=True):
        axes.axvspan(0, batch, color=OKABE_ITO["yellow"], alpha=0.6)
        axes.plot(np.arange(len(labels)), labels, "|", color=SEEN, ms=7, mew=1, antialiased=False)
        axes.set_title(title)
        first.append(f"{title} {len(np.unique(labels[:batch]))}")
        axes.set(xlim=(0, len(labels)), xlabel="place in the epoch")
        axes.yaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.tick_params(axis="y", length=0)
    panels[0].set_ylabel("class")
    return Picture(
        figure,
        alt=(
            f"The class over the place in the epoch, the first batch of {batch} shaded. So many "
            f"classes are in it: {', '.join(first)}."
        ),
        caption="In which order the classes come, for several sizes of the buffer.",
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
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
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
            f"Loss and accuracy with marks: the validation loss is lowest in epoch {best + 1}, "
            f"{f'the early sign comes in epoch {sign}' if sign else 'there is no early sign'}, and "
            f"at the end {gap:.0f} points lie between the accuracies."
        ),
        caption="What to read off the curves: the lowest loss, a sign, the gap.",
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
    figure, axes = plt.subplots(figsize=(9, 0.45 * len(names) + 1.4))
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
            "Precision, recall and F1 of each class, the best on top: from "
            f"{names[order[0]]}, F1 {f1[order[0]]:.0%}, to {names[order[-1]]}, "
            f"F1 {f1[order[-1]]:.0%}."
        ),
        caption="One accuracy, and behind it precision, recall and F1 of every class.",
    )


def answers(
    images: NDArray, labels: NDArray, probabilities: NDArray, names: Sequence[str]
) -> Picture:
    """Pictures in a row: above each what was said and how sure, below what it was.

    Args:
        images: 0..255, shape (n, H, W, 3).
        labels: numbers into the names, shape (n,).
        probabilities: shape (n, classes); the highest one is the answer.
        names: of the classes.
    """
    side = 10 / max(len(images), 4)
    figure, panels = plt.subplots(1, max(len(images), 1), figsize=(10, side + 0.9), squeeze=False)
    if len(images) == 0:
        panels[0, 0].axis("off")
    said = [f"{names[one.argmax()]}, {one.max():.0%} sure" for one in probabilities]
    was = [names[label] for label in labels]
    for axes, image, above, below in zip(panels[0], images, said, was, strict=False):
        _picture(axes, image)
        axes.set_title(f"said {above}".replace(", ", "\n"), color=UNSEEN)
        axes.set_xlabel(f"was {below}")
    pairs = "; ".join(f"{one} as {other}" for one, other in zip(was, said, strict=True))
    return Picture(
        figure,
        alt=f"Pictures with what each was and what the network said: {pairs or 'none'}.",
        caption="What the network said, how sure it was, and what it was.",
    )


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
    figure, axes = plt.subplots(figsize=(9.5, 4.2))
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
    ranges = [f"{n}, {min(shares):.0%} to {max(shares):.0%}" for n, shares in accuracies.items()]
    reached = " and ".join(f"{float(rule(ahead)):.0%} ({name})" for name, rule in rules.items())
    return Picture(
        figure,
        alt=(
            "Test accuracy of several starts against the training pictures of each class: "
            f"{'; '.join(ranges)}. At {ahead} the lines of the rules reach {reached}."
        ),
        caption="How accuracy grows with the number of pictures, and what rules promise.",
    )


def _arrow(axes: Axes, text: str, place: tuple[float, float], corner: tuple[float, float]) -> None:
    """A text at a place of the axes (0..1), with an arrow to a point of the data."""
    axes.annotate(
        text, place, corner, textcoords="axes fraction", size=13,
        arrowprops={"arrowstyle": "->", "lw": 1.5, "color": "0.3", "shrinkB": 7},
    )  # fmt: skip


def _picture(axes: Axes, image: NDArray) -> None:
    axes.imshow(image, interpolation="antialiased")
    framed(axes)
