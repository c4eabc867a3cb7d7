"""Figures on a project of image classification: the pictures, the pipeline, what goes wrong."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import LINES, OKABE_ITO, SEEN, UNSEEN, Picture, framed

LEVELS = 4
"""How many shades of red, of green and of blue `palettes` tells apart."""
LARGEST = 8
"""So many colors of a picture are drawn."""


def palettes(
    images: NDArray, labels: NDArray, said: NDArray, shares: NDArray, names: Sequence[str]
) -> Picture:
    """Pictures, the largest colors of each, and the class whose palette is nearest to them.

    Args:
        images: 0..255, shape (n, H, W, 3).
        labels, said: numbers into the names, shape (n,).
        shares: how much of each picture has each of 64 colors, shape (n, 64); number
            16 r + 4 g + b stands for the color of the levels r, g, b, 0 to 3.
        names: of the classes.
    """
    steps = (np.arange(LEVELS) + 0.5) / LEVELS
    colors = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    figure, panels = plt.subplots(
        2, len(images), figsize=(10, 12 / len(images) + 0.9), height_ratios=(4, 1), squeeze=False
    )
    for column, image in enumerate(images):
        upper, lower = panels[:, column]
        _picture(upper, image)
        order = np.argsort(-shares[column], kind="stable")[:LARGEST]
        widths = shares[column][order] / shares[column][order].sum()
        left = np.cumsum(widths) - widths
        lower.barh(0, widths, left=left, color=colors[order], height=1, edgecolor="white")
        lower.set(xlim=(0, 1), ylim=(-0.5, 0.5))
        framed(lower)
        verdict = "right" if said[column] == labels[column] else f"wrong: {names[labels[column]]}"
        lower.set_xlabel(f"nearest: {names[said[column]]}\n({verdict})")
    pairs = "; ".join(
        f"{names[was]}, nearest palette {names[called]}"
        for was, called in zip(labels, said, strict=True)
    )
    return Picture(
        figure,
        alt=f"Pictures, a bar of the {LARGEST} largest colors below each: {pairs}.",
        caption="How much do colors alone give away?",
    )


STEPS = (
    ("read", "a file becomes\na picture", False),
    ("cache", "keep what\nwas read", False),
    ("shuffle", "stir", True),
    ("map", "change\nat random", True),
    ("batch", "pack 32\nin a box", False),
    ("prefetch", "the next box\nis ready", False),
)
"""The steps of a pipeline: name, what happens, and whether it is random."""


def assembly_line() -> Picture:
    """The steps of a `tf.data` pipeline in order, with what runs once and what in every epoch."""
    figure, axes = plt.subplots(figsize=(10, 2.7))
    for place, (name, what, random) in enumerate(STEPS):
        color = UNSEEN if random else SEEN
        box = {"boxstyle": "round,pad=0.45", "fc": "white", "ec": color, "lw": 2.5}
        box |= {"ls": "--"} if random else {}
        axes.text(place, 1, name, ha="center", va="center", size=15, family="monospace", bbox=box)
        axes.text(place, 0.45, what, ha="center", va="top", size=12)
        if place:
            arrow = {"arrowstyle": "->", "lw": 2, "color": "0.3"}
            axes.annotate("", (place - 0.4, 1), (place - 0.6, 1), arrowprops=arrow)
    axes.axvline(1.5, color="0.4", ls=":", lw=2)
    axes.text(1.42, 1.75, "once in all", ha="right", va="center", size=13, weight="bold")
    axes.text(1.58, 1.75, "again in every epoch", va="center", size=13, weight="bold")
    axes.set(xlim=(-0.5, len(STEPS) - 0.45), ylim=(-0.3, 2))
    axes.axis("off")
    names = ", ".join(name for name, _, _ in STEPS)
    return Picture(
        figure,
        alt=f"An assembly line of six steps: {names}. What stands before the line behind cache "
        "runs once in all, what stands after it runs again in every epoch; shuffle and map are "
        "random.",
        caption="An assembly line for pictures: what happens once, and what again?",
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


def curves_read(history: Mapping[str, Sequence[float]]) -> Picture:
    """Loss and accuracy with what to read off: the lowest validation loss, and the final gap.

    Args:
        history: "loss", "accuracy", "val_loss", "val_accuracy", a number for each epoch.
    """
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.8))
    epochs = np.arange(1, len(history["loss"]) + 1)
    for axes, name in zip(panels, ("loss", "accuracy"), strict=True):
        axes.plot(epochs, history[name], "-", color=SEEN, label="training")
        axes.plot(epochs, history[f"val_{name}"], "--", color=UNSEEN, label="validation")
        axes.set(xlabel="epoch", xlim=(0.5, len(epochs) + 0.5))
        axes.set_title(name, loc="left")
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.grid(color="0.9")
    left, right = panels
    val_loss = np.array(history["val_loss"])
    best, top = int(val_loss.argmin()), max(val_loss.max(), max(history["loss"]))
    left.plot(best + 1, val_loss[best], "s", color=UNSEEN, ms=11)
    _arrow(left, f"lowest: epoch {best + 1}", (best + 1, val_loss[best]), (0.03, 0.04))
    left.set_ylim(-0.18 * top, 1.05 * top)
    left.set_yticks([tick for tick in left.get_yticks() if 0 <= tick <= top])
    ends = history["accuracy"][-1], history["val_accuracy"][-1]
    gap = 100 * (ends[0] - ends[1])
    arrow = {"arrowstyle": "<->", "lw": 2}
    right.annotate("", (epochs[-1], ends[0]), (epochs[-1], ends[1]), arrowprops=arrow)
    right.text(
        epochs[-1], sum(ends) / 2, f"gap: {gap:.0f} points  ", ha="right", va="center", size=14
    )
    right.set_ylim(0, 1.03)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    right.legend(loc="lower right")
    return Picture(
        figure,
        alt=(
            f"Loss and accuracy with marks: the validation loss is lowest in epoch {best + 1}, and "
            f"at the end {gap:.0f} points lie between the accuracies."
        ),
        caption="Two curves part: where, and how far?",
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


def named(
    photos: Mapping[str, NDArray], probabilities: Sequence[NDArray], names: Sequence[str]
) -> Picture:
    """Photographs, below each what a network says, and how much it gives to every class.

    Args:
        photos: by name of the file, 0..255, shape (rows, columns, 3); one or more.
        probabilities: of each photograph, shape (classes,).
        names: of the classes.
    """
    columns = max(len(photos), 2)
    figure, panels = plt.subplots(
        2,
        columns,
        figsize=(10, 3.1 + 0.27 * len(names)),
        height_ratios=(2.3, 0.27 * len(names)),
    )
    for axes in panels.flat:
        axes.axis("off")
    rows, told = range(len(names)), []
    given = zip(panels.T, photos.items(), probabilities, strict=False)
    for (upper, lower), (name, photo), shares in given:
        upper.imshow(photo, extent=(0, photo.shape[1], photo.shape[0], 0))
        upper.set(xlim=(0, photo.shape[1]), ylim=(photo.shape[0], 0), aspect="equal", anchor="N")
        upper.set_title(name)
        lower.axis("on")
        best = int(np.argmax(shares))
        lower.set_title(f"said {names[best]}", color=UNSEEN)
        lower.barh(rows, shares, color=[UNSEEN if k == best else "0.75" for k in rows])
        for k, share in zip(rows, shares, strict=True):
            weight = "bold" if k == best else "normal"
            lower.text(share + 0.03, k, f"{share:.0%}", va="center", size=12, weight=weight)
        lower.set(xlim=(0, 1.35), xticks=[], yticks=rows)
        lower.set_yticklabels([] if told else names)  # once: the rows are the same
        lower.set_ylim(len(names) - 0.5, -0.5)
        lower.spines["bottom"].set_visible(False)
        lower.tick_params(length=0)
        said = ", ".join(f"{one} {share:.0%}" for one, share in zip(names, shares, strict=True))
        told.append(f"{name}: {said}")
    return Picture(
        figure,
        alt=f"Photographs, and what the network says to each. {'. '.join(told)}.",
        caption="What does the network say to photographs?",
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
    axes.plot([*ours], [*ours.values()], "D", color=UNSEEN, ms=9, label="your network")
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
