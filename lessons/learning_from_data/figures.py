"""Figures on learning from data: similar digits, hands, files in order, splits, folds, groups."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from utils.plots import CATEGORIES, LINES, PIXELS, SEEN, UNSEEN, WALKERS, Picture, framed, starts

MARKERS = "os^D"
HATCHES = ("", "//", "..", "xx")
PARTS = {"train": "o", "validation": "^", "test": "s"}
LIGHT = ["#a9cfe8", "#f5c3a0", "#9fd9c4"]
"""Pale versions of the first colors of `CATEGORIES`, for areas and bars under black text."""
OF = {
    "cut": "How much does an accuracy depend on the cut?",
    "run": "Labels from a coin: the score with a leak, and without.",
    "agent": "How often does an agent pull the better arm?",
}
"""What a mark in `runs` may stand for, and the caption."""


def groups(
    X: NDArray,
    panels: Mapping[str, NDArray],
    names: Mapping[str, Sequence[str]],
    features: Sequence[str],
) -> Picture:
    """The same points in one panel for each grouping.

    Args:
        X: shape (N, 2).
        panels: for each title the group of every point, 0..G - 1, shape (N,).
        names: for each title what its groups are called.
        features: what the two columns of X are.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(10, 4.6), sharey=True, squeeze=False)
    sizes = []
    for ax, (title, group) in zip(axes.flat, panels.items(), strict=True):
        for number, name in enumerate(names[title]):
            ax.plot(
                *X[group == number].T, MARKERS[number], color=CATEGORIES[number], ms=7,
                mec="white", mew=0.7, label=name,
            )  # fmt: skip
        ax.set(title=title, xlabel=features[0])
        ax.legend(loc="upper left", handletextpad=0.2)
        of_each = (f"{(group == k).sum()} {name}" for k, name in enumerate(names[title]))
        sizes.append(f"{title}: {', '.join(of_each)}")
    axes[0, 0].set_ylabel(features[1])
    return Picture(
        figure,
        f"The same {len(X)} examples by {features[0]} and {features[1]}, once for each grouping. "
        f"{'. '.join(sizes)}.",
        "The same flowers in groups: found by a machine, and named by botanists.",
    )


def numbered_and_one_hot(
    names: Sequence[str], kind: NDArray, price: NDArray, said: Mapping[str, NDArray]
) -> Picture:
    """Prices that a model has not seen, kind by kind, and what it says: a panel a way of coding.

    Args:
        names: of the kinds.
        kind: the kind of each price, 0..K - 1, shape (N,).
        price: shape (N,).
        said: for each way of coding what the model says for each price, shape (N,).
    """
    figure, panels = plt.subplots(1, len(said), figsize=(10, 4.3), sharey=True, squeeze=False)
    errors = {}
    for axes, (way, level) in zip(panels.flat, said.items(), strict=True):
        axes.vlines(kind, price, level, color=LINES, lw=1.5)
        axes.plot(kind, price, "o", color=SEEN, ms=8, mec="white", label="price")
        axes.plot(kind, level, "_", color=UNSEEN, ms=22, mew=4, label="the model says")
        errors[way] = float(np.abs(level - price).mean())
        axes.set_title(f"{way}: off by {errors[way]:.2f}")
        axes.set_xticks(range(len(names)), names, rotation=60)
    panels[0, 0].set(ylabel="price per kilogram", ylim=(0, 1.22 * max(price)))
    panels[0, 0].legend(loc="upper right", ncols=2)
    return Picture(
        figure,
        f"Held-out prices of {', '.join(names)} and what a model says. Mean distance "
        f"{'; '.join(f'{way}: {error:.2f}' for way, error in errors.items())}.",
        "Fruit as a number, and as a column: which prices come out right?",
    )


def class_counts(parts: Sequence[NDArray], labels: NDArray, classes: int) -> NDArray[np.int64]:
    """How many of each class every part holds, shape (parts, classes)."""
    return np.array([np.bincount(labels[part], minlength=classes) for part in parts])


def splits_compared(
    splits: Mapping[str, Sequence[NDArray]], labels: NDArray, names: Sequence[str]
) -> Picture:
    """One panel a split: how many of each class its training, validation and test part hold."""
    figure, panels = plt.subplots(1, len(splits), figsize=(10.5, 3.8), sharey=True)
    counts = {title: class_counts(parts, labels, len(names)) for title, parts in splits.items()}
    for axes, (title, of_parts) in zip(panels, counts.items(), strict=True):
        _count_bars(axes, of_parts, names)
        axes.set_title(title)
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(names)
    )
    words = ". ".join(
        f"{title}: {'; '.join(map(_added, of_parts))}" for title, of_parts in counts.items()
    )
    return Picture(
        figure,
        f"How many {', '.join(names)} the {', '.join(PARTS)} set of each split holds. {words}.",
        "How many of each class every part holds.",
    )


def _added(counts: NDArray) -> str:
    return " + ".join(map(str, counts))


def _count_bars(axes: Axes, counts: NDArray, names: Sequence[str]) -> None:
    """A bar of the same length for each part, divided like its classes; the counts beside it."""
    rows = np.arange(len(counts))
    shares = counts / counts.sum(axis=1, keepdims=True)
    starts = shares.cumsum(axis=1) - shares
    for number, name in enumerate(names):
        width = np.where(counts[:, number], shares[:, number], np.nan)  # no bar rather than a line
        axes.barh(
            rows, width, left=starts[:, number], color=LIGHT[number], hatch=HATCHES[number],
            ec=CATEGORIES[number], lw=1.5, label=name, height=0.72,
        )  # fmt: skip
    for row, part in enumerate(counts):
        axes.text(1.03, row, _added(part), va="center", fontsize=13)
    axes.set(xlim=(0, 1.62), xlabel="share of the part")
    axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
    axes.set_yticks(rows, list(PARTS))
    axes.invert_yaxis()


def split_page(
    X: NDArray,
    labels: NDArray,
    parts: Sequence[NDArray],
    names: Sequence[str],
    features: Sequence[str],
    heading: str,
    verdict: str,
) -> Figure:
    """One page of the flipbook of splits: who went where, and how many of each class.

    Args:
        X: shape (N, 2).
        labels: the class of each point, 0..C - 1, shape (N,).
        parts: indices of the training, the validation and the test part.
        names: of the classes.
        features: what the two columns of X are.
        heading: what kind of split this is.
        verdict: what came of it.
    """
    margins = {"left": 0.075, "right": 0.99, "bottom": 0.235, "top": 0.875, "wspace": 0.36}
    figure, (left, right) = plt.subplots(  # fixed margins: quick, and no page shifts another
        1, 2, figsize=(10, 4.8), width_ratios=(1.1, 1), layout="none", gridspec_kw=margins
    )
    for (name, marker), part in zip(PARTS.items(), parts, strict=True):
        for number, color in zip(range(len(names)), CATEGORIES, strict=False):
            chosen = part[labels[part] == number]
            fill = "white" if name == "train" else color
            left.plot(*X[chosen].T, marker, mec=color, mfc=fill, mew=1.5, ms=7.5)
        fill = "white" if name == "train" else "black"
        left.plot([], [], marker, mec="black", mfc=fill, mew=1.5, ms=7.5, label=name)
    for number, name in enumerate(names):
        middle, top = np.median(X[labels == number, 0]), X[labels == number, 1].max()
        left.annotate(
            name, (middle, top), (0, 10), textcoords="offset points", ha="center",
            color=CATEGORIES[number], fontweight="bold",
        )  # fmt: skip
    left.set(xlabel=features[0], ylabel=features[1], ylim=(None, X[:, 1].max() + 0.9))
    left.legend(loc="lower right", handletextpad=0.1)
    left.set_title(heading)
    _count_bars(right, class_counts(parts, labels, len(names)), names)
    figure.legend(*right.get_legend_handles_labels(), loc="lower center", ncols=len(names))
    right.set_title(verdict)
    return figure


def regions(
    panels: Mapping[str, tuple[Callable[[NDArray], NDArray], NDArray, NDArray]],
    names: Sequence[str],
    features: Sequence[str],
) -> Picture:
    """What models say everywhere, and over it the truth about some points; one scale for all.

    Args:
        panels: for each title a model (takes points of shape (M, 2), returns M labels), points of
            shape (N, 2), and their true labels, 0 or 1, shape (N,).
        names: of the two classes.
        features: what the two columns of the points are.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(10, 4.7), sharey=True, squeeze=False)
    results = []
    seen = np.concatenate([X for _, X, _ in panels.values()])
    margin = 0.05 * np.ptp(seen, axis=0)
    low, high = seen.min(axis=0) - margin, seen.max(axis=0) + margin
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 160).T), axis=-1)
    extent = (low[0], high[0], low[1], high[1])
    for ax, (title, (predict, X, labels)) in zip(axes.flat, panels.items(), strict=True):
        said = predict(grid.reshape(-1, 2)).reshape(grid.shape[:2])
        ax.imshow(
            said, ListedColormap(LIGHT[:2]), origin="lower", extent=extent, aspect="auto",
            vmin=0, vmax=1,
        )  # fmt: skip
        ax.contour(said, [0.5], colors="black", linewidths=1.5, extent=extent)
        for number, name in enumerate(names):
            ax.plot(
                *X[labels == number].T, MARKERS[number], color=CATEGORIES[number], ms=6,
                mec="white", mew=0.6, label=name,
            )  # fmt: skip
        ax.set(title=title, xlabel=features[0])
        results.append(f"{(predict(X) == labels).sum()} of {len(X)} ({title})")
    axes[0, 0].set_ylabel(features[1])
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(names)
    )
    return Picture(
        figure,
        f"Maps of where a model says {' and where '.join(names)}, with points over them. Points "
        f"that lie in the area of their own class: {'; '.join(results)}.",
        "The areas are what the model says, the points are what is true.",
    )


def accuracy_over_k(
    ks: Sequence[int], train: NDArray, validation: NDArray, chosen: Sequence[int]
) -> Picture:
    """Training and validation accuracy against k: the mean, and a band from lowest to highest.

    Args:
        ks: numbers of neighbors, rising.
        train, validation: accuracies, 0..1, shape (splits, len(ks)).
        chosen: the k that was best on validation in each split; a triangle for each.
    """
    figure, axes = plt.subplots(figsize=(9, 4.5))
    curves = (("training", train, "o-"), ("validation", validation, "s--"))
    for (name, scores, look), color in zip(curves, CATEGORIES, strict=False):
        axes.fill_between(ks, scores.min(axis=0), scores.max(axis=0), color=color, alpha=0.2, lw=0)
        axes.plot(ks, scores.mean(axis=0), look, color=color, label=name)
    floor = min(train.min(), validation.min()) - 0.09
    for k in sorted(set(chosen)):
        heights = floor + 0.013 * np.arange(1, list(chosen).count(k) + 1)
        label = "chosen in a split" if k == min(chosen) else None
        axes.plot(np.full(heights.size, k), heights, "^", color="black", ms=6, label=label)
    axes.set(xscale="log", xlabel="neighbors k", ylabel="accuracy", ylim=(floor, 1.02))
    axes.set_xticks(ks, ks)
    axes.minorticks_off()
    axes.legend(loc="upper right")
    means = validation.mean(axis=0)
    return Picture(
        figure,
        f"Accuracy against k from {ks[0]} to {ks[-1]}, means over {len(train)} splits. Training "
        f"goes from {train.mean(axis=0)[0]:.0%} to {train.mean(axis=0)[-1]:.0%}; validation begins "
        f"at {means[0]:.0%}, is highest at k = {ks[means.argmax()]} with {means.max():.0%}, and "
        f"ends at {means[-1]:.0%}. Chosen in the splits: k from {min(chosen)} to {max(chosen)}.",
        "How many neighbors should vote? The validation set decides.",
    )


def alike(
    images: NDArray,
    labels: NDArray,
    rows: Mapping[str, Sequence[int]],
    hands: NDArray | None = None,
) -> Picture:
    """Digits in rows, column by column beside each other, each with its label.

    Args:
        images: ink 0..16, shape (N, 8, 8).
        labels: shape (N,).
        rows: for each title the numbers of the digits that it shows, as many in each row.
        hands: who wrote each digit, shape (N,), where that is to be said.
    """
    columns = len(next(iter(rows.values())))
    height = (1.3 if hands is None else 1.5) * len(rows)
    figure, panels = plt.subplots(
        len(rows), columns, figsize=(10, height + 0.2), squeeze=False, gridspec_kw={"wspace": 0.08}
    )
    for line, (title, digits) in zip(panels, rows.items(), strict=True):
        for axes, digit in zip(line, digits, strict=True):
            axes.imshow(images[digit], cmap=PIXELS, vmin=0, vmax=16)
            framed(axes)
            words = f"a {labels[digit]}"
            axes.set_xlabel(words if hands is None else f"{words}\nhand {hands[digit]}")
        line[0].set_ylabel(title, rotation=0, ha="right", va="center", labelpad=10)
    first = next(iter(rows.values()))
    same = [
        f"of {title} {np.sum(labels[list(digits)] == labels[list(first)])} have the label of the "
        f"digit above"
        for title, digits in list(rows.items())[1:]
    ]
    return Picture(
        figure,
        f"{columns} handwritten digits, and under each: {', '.join(list(rows)[1:])}; "
        f"{'; '.join(same)}.",
        "What does it find when it looks for the most similar digit?",
    )


def rows(panels: Mapping[str, NDArray], names: Sequence[str]) -> Picture:
    """The label of each row of a file, over the number of the row: a panel a file.

    Args:
        panels: for each title the labels in the order of the file, 0..C - 1.
        names: of the classes.
    """
    height = 3.1 if len(names) < 5 else 4.2
    figure, axes = plt.subplots(1, len(panels), figsize=(10, height), sharey=True, squeeze=False)
    for ax, (title, labels) in zip(axes.flat, panels.items(), strict=True):
        ax.plot(labels, "o", color=SEEN, ms=4)
        ax.set(title=title, xlabel="row of the file", yticks=range(len(names)), yticklabels=names)
        ax.set_ylim(-0.6, len(names) - 0.4)
        ax.grid(axis="y", color="0.9")
    changes = "; ".join(
        f"{title}: {len(labels)} rows, the label changes {np.count_nonzero(np.diff(labels))} times"
        for title, labels in panels.items()
    )
    return Picture(
        figure,
        f"The label of each row over the number of the row. {changes}.",
        "Look before you cut: which label stands in which row?",
    )


def folds(scores: Sequence[float]) -> Picture:
    """Rounds of cross-validation as rows of boxes: one is asked, the others are learned from.

    Args:
        scores: the accuracy of each round, 0..1.
    """
    count = len(scores)
    figure, axes = plt.subplots(figsize=(9, 0.62 * count + 0.7))
    for turn, score in enumerate(scores):
        for fold in range(count):
            asked = fold == turn
            axes.barh(
                turn, 0.94, left=fold, height=0.76, color=UNSEEN if asked else LIGHT[0],
                ec="black", lw=1, hatch="" if asked else "//",
            )  # fmt: skip
            axes.text(
                fold + 0.47, turn, "asked" if asked else "known", ha="center", va="center",
                color="white" if asked else "black", weight="bold" if asked else "normal",
                bbox=None if asked else {"fc": LIGHT[0], "ec": "none", "pad": 1},
            )  # fmt: skip
        axes.text(count + 0.15, turn, f"{score:.0%} right", va="center")
    axes.set(xlim=(0, count + 1.2), ylim=(count - 0.5, -0.5))
    axes.set_yticks(range(count), [f"round {turn + 1}" for turn in range(count)])
    axes.set_xticks(np.arange(count) + 0.47, [f"fold {fold}" for fold in range(count)])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return Picture(
        figure,
        f"{count} rounds. In each, another one of {count} folds is asked and the others are known. "
        f"Right in the rounds: {', '.join(f'{score:.0%}' for score in scores)}.",
        "Every example is asked once, by a model that has never seen it.",
    )


def runs(
    values: Mapping[str, Sequence[float] | Mapping[str, Sequence[float]]],
    what: str,
    of: str,
    chance: float | None = None,
) -> Picture:
    """Values between 0 and 1 as in `plots.starts`, where a mark is a cut, a run or an agent."""
    picture = starts(values, what, chance)
    picture.figure.axes[0].set_xlabel(f"{what} (a mark for each {of}, a bar for their mean)")
    return Picture(picture.figure, picture.alt.replace("several starts", f"several {of}s"), OF[of])


def hands(images: NDArray, labels: NDArray, writers: NDArray, digits: Sequence[int]) -> Picture:
    """One digit of each kind by each hand: a column a hand, a row a kind."""
    count = int(writers.max()) + 1
    figure, panels = plt.subplots(
        len(digits), count, figsize=(10, 0.95 * len(digits) + 0.3), squeeze=False
    )
    for line, digit in zip(panels, digits, strict=True):
        for hand, axes in enumerate(line):
            first = np.flatnonzero((writers == hand) & (labels == digit))[0]
            axes.imshow(images[first], cmap=PIXELS, vmin=0, vmax=16)
            framed(axes)
    for hand, axes in enumerate(panels[0]):
        axes.set_title(f"hand {hand}", fontsize=12)
    return Picture(
        figure,
        f"The digits {', '.join(map(str, digits))} as {count} hands write them, a column each.",
        "The same digits, written by everybody in the file.",
    )


def by_hand(mistakes: Mapping[str, NDArray]) -> Picture:
    """Mistakes with the digits of each hand, in several ways of asking: a dumbbell a hand.

    Args:
        mistakes: for each way the number of mistakes by hand, shape (hands,).
    """
    figure, axes = plt.subplots(figsize=(9.6, 4.2))
    table = np.array(list(mistakes.values()))
    places = np.arange(table.shape[1])
    axes.vlines(places, table.min(axis=0), table.max(axis=0), color=LINES, lw=3, zorder=1)
    looks = zip(mistakes.items(), WALKERS, (14, 8), strict=False)
    for (way, counts), (color, _, mark), size in looks:
        label = f"{way}: {counts.sum()} mistakes"
        axes.plot(places, counts, mark, color=color, ms=size, mec="white", label=label)
    axes.set(xlabel="hand", ylabel="mistakes", xticks=places, ylim=(-0.7, 1.3 * table.max() + 1))
    axes.grid(axis="y", color="0.9")
    axes.legend(loc="upper left", ncols=len(mistakes))
    said = "; ".join(
        f"{way}: {counts.sum()} in all, {counts.min()} to {counts.max()} a hand"
        for way, counts in mistakes.items()
    )
    return Picture(
        figure,
        f"How many digits of each of {len(places)} hands were named wrongly. {said}.",
        "The same digits, asked about in two ways: mistakes, hand by hand.",
    )
