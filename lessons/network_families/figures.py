"""Figures on families of networks: blocks, gradients, patches, and what accuracy costs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.ticker import LogLocator, NullLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import OKABE_ITO, WALKERS, Picture
from utils.quiet import keras

WRONG = OKABE_ITO["vermillion"]

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


# ---- Gradients, costs, patches -------------------------------------------------------------------


def gradients(sizes: Mapping[str, NDArray]) -> Picture:
    """How large the gradient is in each layer of deep networks, on a logarithmic axis.

    Args:
        sizes: by the name of a network, above 0, from the first layer to the last.
    """
    figure, axes = plt.subplots(figsize=(9.5, 4))
    for (name, row), (color, line, mark) in zip(sizes.items(), WALKERS, strict=False):
        places = np.arange(1, len(row) + 1)
        axes.plot(places, row, line, marker=mark, color=color, ms=6, label=name)
    axes.set_yscale("log")
    axes.set(xlabel="layer (1 is next to the picture)", ylabel="size of the gradient")
    axes.grid(color="0.9")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(sizes))
    said = "; ".join(f"{name}, {row[0]:.2g} to {row[-1]:.2g}" for name, row in sizes.items())
    return Picture(
        figure,
        f"The size of the gradient in each layer. From the first layer to the last: {said}.",
        "What reaches the first layer of a deep network?",
    )


def price_of_accuracy(
    networks: Mapping[str, tuple[float, float, float, float]], worth: Sequence[bool]
) -> Picture:
    """Accuracy against multiply-adds and against time; the area of a mark is the parameters.

    Args:
        networks: by name: accuracy 0..1, parameters, multiply-adds, time.
        worth: of each, whether it is drawn filled.
    """
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.8), sharey=True)
    color = OKABE_ITO["blue"]
    labels = "multiply-adds for one picture, in billions", "time, in units of the fastest"
    for axes, column, unit, label in zip(panels, (2, 3), (1e9, 1), labels, strict=True):
        for (name, row), kept in zip(networks.items(), worth, strict=True):
            axes.scatter(
                row[column], row[0], s=9 * row[1] / 1e6 + 25, alpha=0.8,
                facecolor=color if kept else "white", edgecolor=color, lw=2,
            )  # fmt: skip
            near = [
                other for other in networks.values() if other != row and _close(other, row, column)
            ]
            side = np.sign(row[column] - near[0][column]) if near else 0
            room = 6 + 1.5 * np.sqrt(row[1] / 1e6)
            axes.annotate(
                name, (row[column], row[0]), (side * room, 0 if side else -room),
                textcoords="offset points", va="center" if side else "top",
                ha={-1: "right", 0: "center", 1: "left"}[side],
            )  # fmt: skip
        values = [row[column] for row in networks.values()]
        axes.set_xscale("log")
        axes.set(xlabel=label, xlim=(min(values) / 2.6, max(values) * 2.6))
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
        axes.xaxis.set_major_formatter(lambda value, _, unit=unit: f"{value / unit:g}")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_axisbelow(True)
        axes.grid(color="0.9")
    reached = [row[0] for row in networks.values()]
    panels[0].set(ylim=(min(reached) - 0.022, max(reached) + 0.012))
    panels[0].set_ylabel("accuracy on ImageNet")
    panels[0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    said = "; ".join(
        f"{name}, {row[0]:.1%}, {row[1] / 1e6:.1f} M parameters, {row[2] / 1e9:.1f} billion "
        f"multiply-adds, time {row[3]:.1f}"
        for name, row in networks.items()
    )
    return Picture(
        figure,
        f"Accuracy against multiply-adds and against time. {said}.",
        "What a point of accuracy costs. The larger a mark, the more parameters.",
    )


def _close(one: Sequence[float], other: Sequence[float], column: int) -> bool:
    """Whether the names of two networks would meet."""
    return abs(np.log10(one[column] / other[column])) < 0.5 and abs(one[0] - other[0]) < 0.01


def patches(picture: NDArray, parts: NDArray, weights: NDArray) -> Picture:
    """A picture, its patches as a row of words, and how much each looks at each other.

    Args:
        picture: 0..255, shape (H, W, 3).
        parts: 0..255, shape (n, h, w, 3), row after row.
        weights: 0..1, shape (n, n), of which the rows add up to 1.
    """
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(11, 4.8), width_ratios=(1.15, 1.2, 1)
    )
    left.imshow(picture)
    left.set_title("a picture")
    side = round(len(parts) ** 0.5)
    gap = max(1, parts.shape[1] // 6)
    step = parts.shape[1] + gap
    sheet = np.full((side * step - gap, side * step - gap, 3), 255, np.uint8)
    for number, part in enumerate(parts):
        top, begin = step * (number // side), step * (number % side)
        sheet[top : top + part.shape[0], begin : begin + part.shape[1]] = part
        middle.text(begin + 1, top + 1, number + 1, va="top", color="white", weight="bold",
                    bbox={"boxstyle": "round,pad=0.1", "fc": "black", "ec": "none"})  # fmt: skip
    middle.imshow(sheet)
    middle.set_title(f"{len(parts)} patches")
    for axes in (left, middle):
        axes.axis("off")
    shown = right.imshow(weights, cmap="viridis", vmin=0)
    ticks = [0, len(parts) - 1]
    right.set(xticks=ticks, yticks=ticks, xticklabels=["1", len(parts)])
    right.set(yticklabels=["1", len(parts)], xlabel="to this patch", ylabel="from this patch")
    right.set_title("attention, not trained")
    figure.colorbar(shown, ax=right, shrink=0.85)
    return Picture(
        figure,
        f"A picture, its {len(parts)} square patches, and a table of {len(parts)} by {len(parts)} "
        f"weights from {weights.min():.2f} to {weights.max():.2f}.",
        "A picture as a row of words, each of which may look at every other.",
    )
