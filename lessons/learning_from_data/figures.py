"""Figures on learning from data: groups, an agent, coded features, splits, neighbors, leaks."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from utils.plots import CATEGORIES, OKABE_ITO, Picture

MARKERS = "os^D"
HATCHES = ("", "//", "..", "xx")
PARTS = {"train": "o", "validation": "^", "test": "s"}
LIGHT = ["#a9cfe8", "#f5c3a0", "#9fd9c4"]
"""Pale versions of the first colors of `CATEGORIES`, for areas and bars under black text."""


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


def agents(values: NDArray, chances: Sequence[float], regrets: Mapping[str, ArrayLike]) -> Picture:
    """What one agent believes about each arm, pull by pull; the final regret of many agents.

    Args:
        values: estimated value of each arm after every pull, shape (pulls, arms).
        chances: the true value of each arm, 0..1.
        regrets: for each kind of agent one number an agent.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), width_ratios=(1.15, 1))
    pulls = np.arange(1, len(values) + 1)
    for arm, (chance, dash) in enumerate(zip(chances, ("-", "-."), strict=True)):
        color = CATEGORIES[arm]
        left.axhline(chance, color=color, ls=":", lw=2)
        left.plot(pulls, values[:, arm], dash, color=color, label=f"arm {arm}: truth {chance:g}")
    left.set(xlabel="pull", ylabel="estimated value", ylim=(0, 1), title="one agent")
    left.legend(loc="upper right")
    for place, regret in enumerate(regrets.values()):
        _dots(right, place, regret, MARKERS[place], CATEGORIES[place])
    right.set_xticks(range(len(regrets)), [kind.replace(" ", "\n", 1) for kind in regrets])
    right.set_xlim(-0.5, len(regrets) - 0.5)
    right.set(ylabel=f"regret after {len(values)} pulls", title="many agents", ylim=(-4, None))
    believed = " and ".join(f"{value:.2f}" for value in values[-1])
    truth = " and ".join(f"{chance:g}" for chance in chances)
    spans = "; ".join(
        f"{kind} {np.min(regret):.0f} to {np.max(regret):.0f}, mean {np.mean(regret):.0f}"
        for kind, regret in regrets.items()
    )
    return Picture(
        figure,
        f"Left: one agent's estimates of each arm, pull by pull; they end at {believed}, the truth "
        f"is {truth}. Right: the regret of many agents of each kind: {spans}.",
        "What one agent comes to believe, and what it costs many not to know.",
    )


def _dots(axes: Axes, place: float, values: ArrayLike, marker: str, color: str) -> None:
    """A column of dots, spread sideways so that all are seen."""
    values = np.sort(values)
    sideways = 0.24 * np.sin(2.4 * np.arange(values.size))
    axes.plot(place + sideways, values, marker, color=color, ms=6.5, alpha=0.7, mec="none")


def numbered_and_one_hot(
    prices: Mapping[str, float], orders: Sequence[Sequence[str]], one_hot: Mapping[str, float]
) -> Picture:
    """Kinds numbered in several orders, each with its best line; then a weight for each kind.

    Args:
        prices: the true value of each kind.
        orders: in which order the kinds get the numbers 0, 1, 2, ...
        one_hot: what the model with one column a kind predicts.
    """
    figure, panels = plt.subplots(1, len(orders) + 1, figsize=(10, 3.9), sharey=True)
    errors = {}
    for axes, order in zip(panels, orders, strict=False):
        numbers = np.arange(len(order))
        truth = [prices[kind] for kind in order]
        line = np.polyval(np.polyfit(numbers, truth, 1), numbers)
        axes.plot(numbers, line, "-", color=OKABE_ITO["vermillion"], label="best line")
        _against(axes, numbers, truth, line)
        axes.set_xticks(
            numbers, [f"{kind}\n= {number}" for kind, number in zip(order, numbers, strict=True)]
        )
        errors[f"numbered {', '.join(order)}"] = _typical(line, truth)
    kinds = list(prices)
    said, truth = [one_hot[kind] for kind in kinds], list(prices.values())
    _against(panels[-1], np.arange(len(kinds)), truth, said)
    panels[-1].set_xticks(range(len(kinds)), [f"{kind}\none-hot" for kind in kinds])
    errors["with a column for each"] = _typical(said, truth)
    for axes, error in zip(panels, errors.values(), strict=True):
        axes.set_title(f"error {error:.1f}")
    panels[0].set(ylabel="price per kilogram", ylim=(0, 1.2 * max(*truth, *said)))
    panels[0].legend(loc="upper left")
    for axes in panels:
        axes.set_xlim(-0.5, len(kinds) - 0.5)
    return Picture(
        figure,
        f"Prices of {', '.join(kinds)} and what a model says. "
        f"Typical error {'; '.join(f'{way}: {error:.1f}' for way, error in errors.items())}.",
        "Prices, and what a model says that knows the fruit by numbers or by columns.",
    )


def _typical(said: ArrayLike, truth: ArrayLike) -> float:
    return float(np.sqrt(np.mean(np.subtract(said, truth) ** 2)))


def _against(axes: Axes, places: NDArray, truth: ArrayLike, said: ArrayLike) -> None:
    axes.vlines(places, truth, said, color="black", lw=2)
    axes.plot(places, truth, "o", color=OKABE_ITO["blue"], ms=16, label="truth")
    axes.plot(
        places, said, "X", color=OKABE_ITO["vermillion"], ms=10, mec="white", label="prediction"
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


def leaky_scores(scores: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Picture:
    """For each leak the scores with and without it, one dot a repetition; chance dashed.

    Args:
        scores: for each leak two lists of accuracies, 0..1: with the leak, and without it.
    """
    figure, axes = plt.subplots(figsize=(9.6, 4.3))
    places = 2.6 * np.arange(len(scores))
    for place, (name, pair) in zip(places, scores.items(), strict=True):
        axes.text(place + 0.5, 1.04, name, ha="center", fontsize=14, fontweight="bold")
        looks = (("s", OKABE_ITO["vermillion"]), ("o", OKABE_ITO["blue"]))
        for at, values, look in zip((place, place + 1), pair, looks, strict=True):
            _dots(axes, at, values, *look)
            axes.hlines(np.mean(values), at - 0.38, at + 0.38, color="black", lw=3)
    axes.axhline(0.5, color="black", ls="--", lw=1.5)
    axes.set_xticks(np.add.outer(places, [0, 1]).ravel(), ["leak", "no leak"] * len(scores))
    axes.set(ylabel="accuracy on coin flips", ylim=(0.25, 1.12), yticks=(0.25, 0.5, 0.75, 1))
    means = "; ".join(
        f"{name} {np.mean(leak):.0%} with the leak, {np.mean(none):.0%} without"
        for name, (leak, none) in scores.items()
    )
    return Picture(
        figure,
        f"Accuracy on coin flips, many runs of each recipe. Means: {means}.",
        "Scores from nothing: each recipe with its leak, and without.",
    )
