"""Figures on transfer learning: neighbors, what moved, few pictures, answers, a turntable."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import CATEGORIES, LINES, OKABE_ITO, Picture
from utils.widgets import Described, flipbook

RIGHT, WRONG = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
MARKS = "osD^"


def _bare(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def neighbors(
    queries: NDArray, found: Mapping[str, NDArray], right: Mapping[str, NDArray]
) -> Picture:
    """Pictures, and beside each its nearest ones by several distances; other classes get a cross.

    Args:
        queries: 0..255, shape (n, H, W, 3).
        found: by the name of a distance, its nearest pictures, shape (n, k, H, W, 3).
        right: by the same name, which of them are of the class of the query, shape (n, k).
    """
    nearest = next(iter(found.values())).shape[1]
    columns = 1 + len(found) * nearest
    side = min(1.3, 9.6 / columns, 6.3 / len(queries))
    figure, panels = plt.subplots(
        1,
        1 + len(found),
        figsize=(side * columns + 0.9, side * len(queries) + 0.5),
        width_ratios=[1, *[nearest] * len(found)],
    )
    _sheet(panels[0], queries[:, np.newaxis], np.ones((len(queries), 1), bool))
    panels[0].set_title("picture")
    for axes, (name, pictures) in zip(panels[1:], found.items(), strict=True):
        _sheet(axes, pictures, right[name])
        axes.set_title(f"by {name}: {right[name].sum()} of {right[name].size} right")
    counts = ", ".join(f"{hits.sum()} of {hits.size} by {name}" for name, hits in right.items())
    return Picture(
        figure,
        f"{len(queries)} pictures, and beside each its {nearest} nearest training pictures. Of the "
        f"same class are {counts}; a cross is on the others.",
        "Which pictures are near depends on how you measure.",
    )


def _sheet(axes: Axes, pictures: NDArray, right: NDArray) -> None:
    """Pictures of shape (rows, columns, H, W, 3) in one array; a cross on those that are wrong."""
    height, width = pictures.shape[2:4]
    rows = [np.concatenate(row, axis=1) for row in pictures]
    axes.imshow(np.concatenate(rows), interpolation="antialiased")
    y, x = (np.argwhere(~right) + 0.85).T
    axes.plot(width * x, height * y, "X", color=WRONG, ms=15, mec="white", mew=1.5)
    axes.set(xlim=(-0.5, width * right.shape[1] - 0.5))
    axes.set(ylim=(height * right.shape[0] - 0.5, -0.5))
    _bare(axes)


def weights_moved(names: Sequence[str], moves: Mapping[str, NDArray]) -> Picture:
    """How far a training moved the weights of each layer, for several trainings.

    The first layers, up to the first that moved in any of them, are shaded.

    Args:
        names: of the layers.
        moves: by the name of a training: length of the step from the first to the last weights,
            as a share of the length of the first, shape (layers,); 0 where nothing moved.
    """
    figure, axes = plt.subplots(figsize=(10, 4))
    places = np.arange(len(names))
    for number, ((name, shares), mark) in enumerate(zip(moves.items(), cycle(MARKS), strict=False)):
        shift = 0.12 * (2 * number - len(moves) + 1)
        axes.plot(places + shift, shares, mark, color=CATEGORIES[number], ms=9, label=name)
    still = np.all([shares == 0 for shares in moves.values()], axis=0)
    frozen = int(np.logical_and.accumulate(still).sum())
    if frozen:
        axes.axvspan(-0.6, frozen - 0.5, color="0.93")
        axes.text(-0.4, 0.02, "frozen: not one bit moved", va="bottom", size=14)
    axes.set_yscale("symlog", linthresh=0.01, linscale=0.5)
    axes.set_yticks([0, 0.01, 0.1, 1, 10], ["0", "1%", "10%", "100%", "1000%"])
    axes.yaxis.set_minor_locator(NullLocator())
    top = max(shares.max() for shares in moves.values())
    axes.set(ylim=(-0.004, max(3 * top, 0.3)), xlim=(-0.6, len(names) - 0.4))
    axes.set_xticks(places, [name.replace("_", "\n") for name in names])
    axes.set_ylabel("change, as a share\nof the weights")
    axes.grid(axis="y", color="0.9")
    axes.legend(loc="upper left", ncols=len(moves))
    farthest = "; ".join(
        f"{name}, {shares.max():.2g} in {names[int(np.argmax(shares))]}"
        for name, shares in moves.items()
    )
    return Picture(
        figure,
        f"How far trainings moved the kernels of {len(names)} layers, in shares of their length: "
        f"the first {frozen} not at all. The farthest: {farthest}.",
        "How far each layer has moved from where it started.",
    )


def few_shot(
    accuracies: Mapping[str, Mapping[int, NDArray]], live: tuple[int, float], chance: float
) -> Picture:
    """Accuracy against the number of training pictures, a mark a start, a line through the means.

    Args:
        accuracies: by the name of a method, then by pictures of each class: 0..1, shape (starts,).
        live: pictures of each class, and accuracy, of a run to be marked by a star.
        chance: the accuracy of guessing.
    """
    figure, axes = plt.subplots(figsize=(9.5, 4.6))
    for number, ((name, row), mark) in enumerate(
        zip(accuracies.items(), cycle(MARKS), strict=False)
    ):
        color = CATEGORIES[number]
        aside = 1.045 ** (number - (len(accuracies) - 1) / 2)  # a step beside on a log axis
        means = [values.mean() for values in row.values()]
        axes.plot(np.array(list(row)) * aside, means, color=color, ls=("-", "--", ":")[number % 3])
        for n, values in row.items():
            places = np.full(len(values), n * aside)
            label = name if n == min(row) else None
            axes.plot(places, values, mark, color=color, ms=8, alpha=0.75, label=label)
    axes.plot(*live, "*", color="black", ms=17, mec="white", label="this notebook")
    axes.axhline(chance, color=LINES, ls=":")
    axes.set_xscale("log")
    counts = sorted({n for row in accuracies.values() for n in row})
    axes.text(counts[-1] * 1.1, chance + 0.01, "guessing", ha="right", va="bottom", color="0.35")
    axes.set_xticks(counts, counts)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(ylim=(0, 1.02), xlabel="training pictures of each class", ylabel="accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color="0.9")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(accuracies) + 1)
    ends = "; ".join(
        f"{name}, {', '.join(f'{row[n].mean():.0%} at {n}' for n in sorted({min(row), max(row)}))}"
        for name, row in accuracies.items()
    )
    return Picture(
        figure,
        "Accuracy against the number of training pictures of each class, on a logarithmic axis. "
        f"Means at both ends: {ends}.",
        "What pictures are worth, with a backbone and without one.",
    )


def answers(pictures: NDArray, probabilities: NDArray, names: Sequence[str]) -> Picture:
    """Pictures, and below each the three classes that a network finds most probable.

    Args:
        pictures: 0..255, shape (n, H, W, 3).
        probabilities: shape (n, classes).
        names: of the classes.
    """
    figure, panels = plt.subplots(
        2, len(pictures), figsize=(2.6 * len(pictures), 4.9), height_ratios=(2, 1.5)
    )
    said = []
    for (above, below), picture, chances in zip(panels.T, pictures, probabilities, strict=True):
        above.imshow(picture, interpolation="antialiased")
        _bare(above)
        best = np.argsort(-chances)[:3]
        places = np.arange(len(best)) + 0.2
        below.barh(places, chances[best], 0.22, color=[RIGHT, *["0.75"] * (len(best) - 1)])
        for row, number in enumerate(best):
            text = f"{names[number]} {chances[number]:.0%}"
            below.text(0, row, text, va="bottom", size=13)
        below.set(xlim=(0, 1), ylim=(len(best) - 0.5, -0.6))
        below.set(xticks=[], yticks=[])
        below.spines[:].set_visible(False)
        said.append(f"{names[best[0]]}, {chances[best[0]]:.0%}")
    return Picture(
        figure,
        f"{len(pictures)} photographs, and the three classes that the network finds most probable "
        f"for each. First come: {'; '.join(said)}.",
        "A network that has seen renderings only meets photographs.",
    )


# ---- The turntable -------------------------------------------------------------------------------


def turntable(
    views: NDArray,
    angles: NDArray,
    probabilities: NDArray,
    names: Sequence[str],
    label: int,
    thumbnails: int = 12,
) -> Picture:
    """The probability of the right class while an object turns, and some of the views above it.

    Args:
        views: 0..255, shape (n, H, W, 3), one for each angle.
        angles: in degrees, all around in equal steps from the first, shape (n,).
        probabilities: shape (n, classes).
        names: of the classes.
        label: the right class.
        thumbnails: how many views to show, a divisor of n.
    """
    figure, (above, axes) = plt.subplots(2, 1, figsize=(10.5, 4.9), height_ratios=(1, 3))
    every = len(views) // thumbnails
    above.imshow(np.concatenate(views[::every], axis=1), interpolation="antialiased")
    _bare(above)
    half = every * (angles[1] - angles[0]) / 2
    order = np.roll(np.arange(len(views)), every // 2)  # the last angles stand left of the first
    places = np.where(angles >= angles[0] + 360 - half, angles - 360, angles)[order]
    probabilities = probabilities[order]
    chances, said = probabilities[:, label], probabilities.argmax(axis=1)
    axes.plot(places, chances, color=LINES, lw=2)
    for chosen, mark, color, text in (
        (said == label, "o", RIGHT, f"the answer is {names[label]}"),
        (said != label, "X", WRONG, "the answer is another class"),
    ):
        axes.plot(places[chosen], chances[chosen], mark, color=color, ms=9, label=text)
    axes.set(xlim=(angles[0] - half, angles[0] + 360 - half), ylim=(-0.03, 1.06))
    axes.set_xticks(angles[::every], [f"{a:g}°" for a in angles[::every]])
    axes.set_ylabel(f"probability of\n{names[label]}")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color="0.9")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    return Picture(
        figure,
        f"{thumbnails} views of an object that turns, and the probability of its class at "
        f"{len(views)} angles: {chances.min():.0%} to {chances.max():.0%}. Another class is the "
        f"answer at {(said != label).sum()} of them.",
        "One thing from all sides: how sure is the network of it?",
    )


def turntable_book(
    views: NDArray, angles: NDArray, probabilities: NDArray, names: Sequence[str], label: int
) -> Described:
    """A flipbook of a turning object, a page every other view; arguments as in `turntable`."""
    pages = range(0, len(views), 2)
    return flipbook(
        lambda n: turntable_page(views[n], angles[n], probabilities[n], names, label),
        pages,
        f"A flipbook of {len(pages)} pages: an object on a turntable, every "
        f"{angles[2] - angles[0]:g} degrees, and beside it the probabilities of all "
        f"{len(names)} classes. The hatched bar is the right one.",
        label="view",
        interval=700,
    )


def turntable_page(
    view: NDArray, angle: float, probabilities: NDArray, names: Sequence[str], label: int
) -> Figure:
    """One page of the turntable: the view, and a bar for the probability of each class.

    Args:
        view: 0..255, shape (H, W, 3).
        angle: in degrees.
        probabilities: shape (classes,).
        names: of the classes.
        label: the right class; its bar is hatched.
    """
    figure, (left, axes) = plt.subplots(1, 2, figsize=(9, 3.8), width_ratios=(1, 1.35))
    left.imshow(view, interpolation="antialiased")
    left.set_title(f"{angle:g}°")
    _bare(left)
    said = int(probabilities.argmax())
    color = RIGHT if said == label else WRONG
    colors = [color if n == said else "0.75" for n in range(len(names))]
    bars = axes.barh(range(len(names)), probabilities, color=colors)
    bars[label].set(hatch="///", edgecolor="black")
    axes.text(probabilities[said] + 0.03, said, f"{probabilities[said]:.0%}", va="center", size=12)
    axes.set(yticks=range(len(names)), yticklabels=names, xlim=(0, 1.25), xticks=[0, 0.5, 1])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_title("right" if said == label else f"it is: {names[label]}", color=color)
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    return figure
