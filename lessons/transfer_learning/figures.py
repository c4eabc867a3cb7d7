"""Figures on transfer learning: neighbors, what moved, few pictures, a turntable, the families."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.ticker import NullLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import CATEGORIES, LINES, OKABE_ITO, Picture
from utils.quiet import keras
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
    side = min(1.3, 9.6 / columns)
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
    axes.plot(width * x, height * y, "X", color=WRONG, ms=20, mec="white", mew=2)
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
        counts = np.array(list(row))
        aside = 1.045 ** (number - (len(accuracies) - 1) / 2)  # a step beside on a log axis
        means = [values.mean() for values in row.values()]
        axes.plot(counts * aside, means, color=color, ls=("-", "--", ":")[number % 3])
        for n, values in row.items():
            places = np.full(len(values), n * aside)
            label = name if n == counts[0] else None
            axes.plot(places, values, mark, color=color, ms=8, alpha=0.75, label=label)
    axes.plot(*live, "*", color="black", ms=17, mec="white", label="this notebook")
    axes.axhline(chance, color=LINES, ls=":")
    axes.text(counts[-1] * 1.1, chance + 0.01, "guessing", ha="right", va="bottom", color="0.35")
    axes.set_xscale("log")
    axes.set_xticks(counts, counts)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(ylim=(0, 1.02), xlabel="training pictures of each class", ylabel="accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color="0.9")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(accuracies) + 1)
    ends = "; ".join(
        f"{name}, {', '.join(f'{v.mean():.0%} at {n}' for n, v in [*row.items()][:: len(row) - 1])}"
        for name, row in accuracies.items()
    )
    return Picture(
        figure,
        "Accuracy against the number of training pictures of each class, on a logarithmic axis. "
        f"Means at both ends: {ends}.",
        "What pictures are worth, with a backbone and without one.",
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


# ---- The families --------------------------------------------------------------------------------


class Drawn(NamedTuple):
    """A block as it is drawn: its layers from top to bottom, and how it comes together.

    A layer is a text and the number of maps that it gives. `join` is "+" where what came in is
    added, "beside" where it is kept beside the new maps, or "" without a shortcut.
    """

    maps: int
    layers: Sequence[tuple[str, int]]
    join: str


COLORS = {
    "3×3": OKABE_ITO["sky"],
    "1×1": OKABE_ITO["orange"],
    "3×3 each": "white",
    "pool": "0.85",
    "squeeze": OKABE_ITO["purple"],
}
SAID = {"": "", "+": ", added to what came in", "beside": ", beside what came in"}


def drawn_block(model: keras.Model) -> Drawn:
    """What is drawn of a block of convolutions: normalization and activations are left out."""
    kinds = [type(layer).__name__ for layer in model.layers]
    joins = {"Add": "+", "Concatenate": "beside"}
    join = next((joins[kind] for kind in kinds if kind in joins), "")
    return Drawn(model.input.shape[-1], [*_boxes(model)], join)


def _boxes(model: keras.Model) -> Iterator[tuple[str, int]]:
    named = {"DepthwiseConv2D": "{0}×{0} each", "MaxPooling2D": "pool", "Multiply": "squeeze"}
    for layer in model.layers:
        kind, maps = type(layer).__name__, layer.output.shape[-1]
        if kind == "Conv2D" and not layer.use_bias:  # those inside a squeeze have a bias
            yield "{0}×{0}".format(*layer.kernel_size), maps
        elif kind in named:
            yield named[kind].format(*getattr(layer, "kernel_size", ())), maps


def family_blocks(
    blocks: Mapping[str, keras.Model], costs: Mapping[str, tuple[int, int]]
) -> Picture:
    """The key blocks of families side by side, with their costs; a wider box gives more maps.

    Args:
        blocks: by name, each a model on feature maps.
        costs: by the same name: (parameters, multiply-adds for one input).
    """
    columns = 4
    rows = -(-len(blocks) // columns)
    figure, panels = plt.subplots(
        rows, columns, figsize=(10.5, 3.4 * rows), squeeze=False, layout="none"
    )
    figure.subplots_adjust(0, 0, 1, 0.95, 0, 0.14)
    for axes in panels.flat:
        axes.axis("off")
        axes.set(xlim=(-2.75, 2.75), ylim=(-6.1, 1.2))
    said = []
    for axes, (name, model) in zip(panels.flat, blocks.items(), strict=False):
        block = drawn_block(model)
        _draw_block(axes, block)
        axes.set_title(name, weight="bold")
        parameters, operations = costs[name]
        text = f"{parameters / 1e3:.1f} k parameters\n{operations / 1e6:.1f} M multiply-adds"
        axes.text(0, -4.75, text, ha="center", va="top", size=13)
        boxes = ", ".join(f"{text} to {maps}" for text, maps in block.layers)
        said.append(f"{name}: {boxes}{SAID[block.join]}")
    return Picture(
        figure,
        f"{len(blocks)} blocks as columns of boxes, kernel sides and numbers of maps in them. "
        f"{'; '.join(said)}.",
        "The idea of each family, and what it costs.",
    )


def _draw_block(axes: Axes, block: Drawn) -> None:
    height, gap, middle = 0.62, 0.38, 0.0
    bottom = -len(block.layers) * (height + gap)
    axes.annotate(f"{block.maps} maps", (middle, 0.42), ha="center", va="bottom", size=12)
    for number, (text, maps) in enumerate(block.layers):
        top = -number * (height + gap)
        wide = 0.5 * np.log2(maps)
        corner = middle - wide / 2, top - height
        axes.add_patch(
            Rectangle(corner, wide, height, fc=COLORS.get(text, "white"), ec="black", lw=1.2)
        )
        axes.text(middle, top - height / 2, f"{text}, {maps}", ha="center", va="center", size=12)
        _arrow(axes, (middle, top + gap), (middle, top))
    _arrow(axes, (middle, bottom + gap), (middle, bottom))
    if block.join:
        _draw_shortcut(axes, block, bottom)


def _draw_shortcut(axes: Axes, block: Drawn, bottom: float) -> None:
    aside = 0.25 * np.log2(max(maps for _, maps in block.layers)) + 0.42
    line = {"color": WRONG, "lw": 2.5}
    axes.plot([0, aside, aside], [0.3, 0.3, bottom], **line)
    _arrow(axes, (aside, bottom), (0.25, bottom), color=WRONG)
    sign = "+" if block.join == "+" else "‖"
    axes.text(
        0, bottom, sign, ha="center", va="center", size=15, weight="bold",
        bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": WRONG, "lw": 2},
    )  # fmt: skip
    if block.join == "beside":
        maps = block.maps + block.layers[-1][1]
        axes.text(-0.4, bottom, f"{maps} maps", ha="right", va="center", size=12)


def _arrow(axes: Axes, start: tuple, end: tuple, color: str = "black") -> None:
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, color=color, lw=1.8,
                        shrinkA=0, shrinkB=0)
    )  # fmt: skip
