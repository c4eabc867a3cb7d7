"""Figures on whole networks: their data, their layers, and the race between them."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from utils.plots import LINES, PIXELS, SEEN, UNSEEN, WALKERS, Picture, framed, tiles


def _pixels(axes: Axes, image: NDArray, high: float = 1) -> None:
    axes.imshow(np.squeeze(image), cmap=PIXELS, vmin=0, vmax=high)
    framed(axes)


# ---- The data ------------------------------------------------------------------------------------


def digit_rows(images: NDArray, labels: NDArray, each: int = 10) -> Picture:
    """The first digits of every class, two classes a row.

    Args:
        images: ink 0..16, shape (N, 8, 8); at least `each` of every class.
        labels: 0..9, shape (N,).
    """
    sheets = [tiles(np.moveaxis(images[labels == digit][:each], 0, 2), each) for digit in range(10)]
    figure, panels = plt.subplots(5, 2, figsize=(10.5, 3.4))
    for digit, (axes, sheet) in enumerate(zip(panels.flat, sheets, strict=True)):
        axes.imshow(np.nan_to_num(sheet, nan=16), cmap=PIXELS, vmin=0, vmax=16)
        axes.set_ylabel(str(digit), rotation=0, ha="right", va="center", size=16)
        framed(axes)
    return Picture(
        figure,
        alt=f"The first {each} handwritten digits of each class, 0 to 9, white on black.",
        caption="The data: handwritten digits, some of each class.",
    )


def enlargement(ink: NDArray, image: NDArray) -> Picture:
    """One digit as it comes, with its numbers, and as the network gets it.

    Args:
        ink: 0..16, shape (8, 8).
        image: 0..1, shape (H, W, 1).
    """
    figure, (before, after) = plt.subplots(1, 2, figsize=(9, 4.2))
    _pixels(before, ink, high=16)
    for (i, j), value in np.ndenumerate(ink):
        before.text(j, i, value, ha="center", va="center", color="black" if value > 8 else "white")
    before.set_title("as it comes: 8×8, ink 0 to 16")
    _pixels(after, image)
    after.set_title(f"as the network gets it: {image.shape[0]}×{image.shape[1]}, 0 to 1")
    return Picture(
        figure,
        alt=(
            f"A handwritten digit twice: {len(ink)} by {len(ink)} pixels with their ink from 0 to "
            f"16, and the same digit, smooth, in {len(image)} by {len(image)} pixels."
        ),
        caption="A digit as it comes, and as the network gets it.",
    )


def placements(centered: NDArray, placed: NDArray) -> Picture:
    """Digits in the middle of the frame, and the same digits anywhere in it.

    Args:
        centered, placed: 0..1, shape (n, H, W, 1), the same digits in the same order.
    """
    figure, panels = plt.subplots(2, len(centered), figsize=(10, 2.9))
    for row, images, name in zip(panels, (centered, placed), ("centered", "anywhere"), strict=True):
        row[0].set_ylabel(name)
        for axes, image in zip(row, images, strict=True):
            _pixels(axes, image)
    return Picture(
        figure,
        alt=(
            f"{len(centered)} digits in two rows: above, in the middle of their frames; below, the "
            "same digits, each at a place of its own."
        ),
        caption="The same digits, centered and anywhere in their frames.",
    )


# ---- The layers ----------------------------------------------------------------------------------


def volumes(names: Sequence[str], shapes: Sequence[tuple[int, ...]], split: int) -> Picture:
    """A network as blocks: height and slanted edge are the sides of its maps, width their number.

    Args:
        names: one a block.
        shapes: (H, W, C) of a volume, or (n,) of a vector.
        split: how many blocks belong to the feature extraction.
    """
    figure, axes = plt.subplots(figsize=(11, 4.3))
    tallest = max(shape[0] for shape in shapes if len(shape) == 3)
    left, ends, sizes = 0.0, [], []
    for number, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        color = SEEN if number < split else UNSEEN
        side, wide = _block_size(shape, tallest)
        _block(axes, left, side, wide, 0.35 * side if len(shape) == 3 else 0.0, color)
        size = "×".join(map(str, shape))
        axes.text(left + wide / 2, -0.66, name, ha="center", va="top", weight="bold")
        axes.text(left + wide / 2, -0.81, size, ha="center", va="top")
        ends.append(left + wide)
        sizes.append(f"{name} {size}")
        left += wide + max(0.52, 0.35 * side + 0.3)
    middle = ends[split - 1] + 0.24
    axes.plot([middle, middle], [-0.62, 1.05], color=LINES, ls=":", lw=2)
    axes.text(middle - 0.08, 0.98, "feature extraction", color=SEEN, ha="right", size=15)
    axes.text(middle + 0.08, 0.98, "classification", color=UNSEEN, ha="left", size=15)
    axes.set(xlim=(-0.25, left - 0.1), ylim=(-0.98, 1.12), aspect="equal")
    axes.axis("off")
    return Picture(
        figure,
        alt=f"A network as blocks from left to right: {', '.join(sizes)}.",
        caption="The network: volumes first, then vectors.",
    )


def _block_size(shape: tuple[int, ...], tallest: int) -> tuple[float, float]:
    """Height and width on paper: sides to scale, counts as roots, so that few maps stay visible."""
    if len(shape) == 3:
        return shape[0] / tallest, 0.07 * np.sqrt(shape[2])
    return max(0.12, 0.16 * np.log10(shape[0]) ** 1.5), 0.07


def _block(axes: Axes, x: float, side: float, wide: float, deep: float, color: str) -> None:
    bottom, top, lean = -side / 2, side / 2, 0.6 * deep
    style = {"ec": color, "lw": 1.8}
    axes.add_patch(Rectangle((x, bottom), wide, side, fc=color, alpha=0.85, **style))
    lid = [(x, top), (x + wide, top), (x + wide + deep, top + lean), (x + deep, top + lean)]
    flank = [
        (x + wide, bottom),
        (x + wide, top),
        (x + wide + deep, top + lean),
        (x + wide + deep, bottom + lean),
    ]
    for corners, alpha in ((lid, 0.35), (flank, 0.55)):
        axes.add_patch(Polygon(corners, fc=color, alpha=alpha, **style))


# ---- The race ------------------------------------------------------------------------------------


def race(curves: Mapping[str, NDArray], whole: bool = False) -> Picture:
    """Validation accuracies of several networks in one axis, named at the ends of their lines.

    Args:
        curves: by name of the network, shape (epochs, 2): accuracy in training and in validation.
        whole: show the axis from 0 on.
    """
    figure, axes = plt.subplots(figsize=(9, 4.2))
    epochs = max(len(one) for one in curves.values())
    for one, (color, line, mark) in zip(curves.values(), WALKERS, strict=False):
        steps = np.arange(1, len(one) + 1)
        axes.plot(steps, one[:, 0], color=color, lw=1.5, alpha=0.35)
        axes.plot(steps, one[:, 1], line, marker=mark, color=color, ms=6)
    ends = [one[-1, 1] for one in curves.values()]
    low = 0 if whole else min(np.min(one) for one in curves.values()) - 0.05
    places = _apart(ends, 0.075 * (1.04 - low))
    for place, end, name, (color, _, _) in zip(places, ends, curves, WALKERS, strict=False):
        axes.text(epochs * 1.03, place, f"{name} {end:.0%}", color=color, va="center", size=14)
    axes.set(xlim=(0.5, epochs * 1.48), ylim=(low, 1.04), xlabel="epoch")
    axes.set_title("accuracy on validation digits; faint: on training digits", loc="left")
    axes.set_xticks(
        [n for n in MaxNLocator(6, integer=True).tick_values(1, epochs) if 1 <= n <= epochs]
    )
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="y", color="0.9")
    said = (f"{name}: {one[-1, 1]:.0%}, training {one[-1, 0]:.0%}" for name, one in curves.items())
    return Picture(
        figure,
        alt=f"Accuracy on validation digits, epoch by epoch. At the end {'; '.join(said)}.",
        caption="The same digits, the same training: who reads new writers?",
    )


def _apart(places: Sequence[float], least: float) -> NDArray[np.float64]:
    """The same places, moved so that neighbors are `least` apart or more."""
    order = np.argsort(places)
    moved = np.array(places, float)[order]
    for number in range(1, len(moved)):
        moved[number] = max(moved[number], moved[number - 1] + least)
    moved -= max(0, moved[-1] - 1.02)
    for number in range(len(moved) - 2, -1, -1):
        moved[number] = min(moved[number], moved[number + 1] - least)
    return moved[np.argsort(order)]


def _alike(one: NDArray, other: NDArray) -> float:
    """Mean correlation of the rows of both that are not constant."""
    one, other = (np.subtract(x, np.mean(x, axis=1, keepdims=True)) for x in (one, other))
    sizes = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    told = sizes > 0
    return float(((one * other).sum(axis=1)[told] / sizes[told]).mean()) if told.any() else 0.0


def handed_on(pictures: Sequence[NDArray], vectors: Mapping[str, Sequence[NDArray]]) -> Picture:
    """How much alike the numbers stay that a layer hands on, when digits move step by step.

    Args:
        pictures: one digit, shape (H, W, 1), after each number of steps, from 0 on.
        vectors: by name of the layer, for each number of steps shape (digits, numbers).
    """
    steps = len(pictures) - 1
    figure = plt.figure(figsize=(10.5, 4.2))
    grid = figure.add_gridspec(3, 2, width_ratios=(1, 4.6), hspace=0.12)
    for row, moved in enumerate((0, steps // 2, steps)):
        axes = figure.add_subplot(grid[row, 0])
        _pixels(axes, pictures[moved])
        axes.set_ylabel(f"{moved} px", rotation=0, ha="right", va="center")
    axes = figure.add_subplot(grid[:, 1])
    lines = {name: [_alike(ones[0], one) for one in ones] for name, ones in vectors.items()}
    places = _apart([line[-1] for line in lines.values()], 0.12)
    for (name, line), place, (color, style, mark) in zip(
        lines.items(), places, WALKERS, strict=False
    ):
        axes.plot(line, style, marker=mark, color=color, ms=7)
        axes.text(steps * 1.03, place, f"{name} {line[-1]:.1f}", color=color, va="center", size=15)
    axes.set(xlim=(-0.3, steps * 1.5), xlabel="moved by so many pixels")
    axes.set(ylim=(min(-0.1, 1.1 * min(map(min, lines.values()))), 1.06))
    axes.set_xticks(MaxNLocator(6, integer=True, steps=[1, 2, 4, 5, 10]).tick_values(0, steps))
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= steps])
    axes.set_title("how much alike are the numbers, before and after the move?", loc="left")
    axes.grid(axis="y", color="0.9")
    told = {name: ", ".join(f"{round(x, 1) + 0:.1f}" for x in line) for name, line in lines.items()}
    return Picture(
        figure,
        alt=(
            f"A digit moved by 0 to {steps} pixels, and, pixel by pixel, the correlation of the "
            "numbers that a layer hands on with those before the move: "
            f"{'; '.join(f'{name} {line}' for name, line in told.items())}."
        ),
        caption="What reaches the last layer when a digit moves?",
    )
