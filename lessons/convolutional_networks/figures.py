"""Figures on whole networks: their layers, what they learn, what they see, where they fail."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from utils.plots import (
    LINES,
    PIXELS,
    SEEN,
    SIGNED,
    UNSEEN,
    Picture,
    framed,
    legend_above,
    probability_bars,
    tiles,
)


def _signed(axes: Axes, values: NDArray, limit: float, **options) -> None:
    """Signed numbers as colors, white at zero, gray where there is none."""
    color_map = plt.get_cmap(SIGNED).with_extremes(bad=LINES)
    axes.imshow(values, cmap=color_map, vmin=-limit, vmax=limit, **options)
    framed(axes)


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


def layer_by_layer(
    image: NDArray, outputs: Mapping[str, NDArray], probabilities: NDArray
) -> Picture:
    """What every layer of a network makes of one image, in its two halves.

    Args:
        image: 0..1, shape (H, W, 1).
        outputs: by name of the layer, in order: volumes of shape (h, w, n), then vectors (n,).
        probabilities: shape (classes,).
    """
    figure = plt.figure(figsize=(11, 6.2))
    extraction, classification = figure.subfigures(2, 1, height_ratios=(1.45, 1), hspace=0.04)
    maps = {name: one for name, one in outputs.items() if one.ndim == 3}
    vectors = {name: one for name, one in outputs.items() if one.ndim == 1}
    _draw_maps(extraction, image, maps)
    _draw_vectors(classification, vectors, probabilities)
    return Picture(
        figure,
        alt=(
            f"A picture on its way through {_listed(maps)} above and {_listed(vectors)} below; at "
            f"the end the network says {_answer(probabilities)}."
        ),
        caption="One picture, and what every layer makes of it.",
    )


def _listed(outputs: Mapping[str, NDArray]) -> str:
    """Layers and the sizes of what they give, in words."""
    return ", ".join(f"{name} ({'×'.join(map(str, one.shape))})" for name, one in outputs.items())


def _answer(probabilities: NDArray) -> str:
    return f"{np.argmax(probabilities)} ({np.max(probabilities):.0%})"


def _draw_maps(figure: SubFigure, image: NDArray, maps: Mapping[str, NDArray]) -> None:
    figure.suptitle("feature extraction", color=SEEN, x=0.01, ha="left", size=15)
    panels = figure.subplots(1, 1 + len(maps))
    _pixels(panels[0], image)
    panels[0].set_title("input", weight="bold")
    panels[0].set_xlabel("×".join(map(str, image.shape)))
    for axes, (name, one) in zip(panels[1:], maps.items(), strict=True):
        columns = {6: 2, 8: 2, 16: 4}.get(one.shape[2], 4)
        _signed(axes, tiles(one, columns), np.abs(one).max())
        axes.set_title(name, weight="bold")
        axes.set_xlabel("×".join(map(str, one.shape)))


def _draw_vectors(
    figure: SubFigure, vectors: Mapping[str, NDArray], probabilities: NDArray
) -> None:
    figure.suptitle("classification", color=UNSEEN, x=0.01, ha="left", size=15)
    grid = figure.add_gridspec(len(vectors), 2, width_ratios=(2.6, 1))
    for row, (name, one) in enumerate(vectors.items()):
        axes = figure.add_subplot(grid[row, 0])
        _signed(axes, one[np.newaxis], np.abs(one).max(), aspect="auto")
        axes.set_ylabel(f"{name}\n{one.size}", rotation=0, ha="right", va="center")
    probability_bars(figure.add_subplot(grid[:, 1]), probabilities)


# ---- Learning ------------------------------------------------------------------------------------


def learning_frame(kernels: NDArray, maps: NDArray, probabilities: NDArray, title: str) -> Figure:
    """One moment of a training: first kernels, what they make of a digit, the class probabilities.

    Args:
        kernels: shape (kh, kw, N); the largest weight has the strongest color.
        maps: shape (H, W, N), in -1..1.
        probabilities: shape (classes,).
        title: which moment it is.
    """
    figure = plt.figure(figsize=(9.5, 3.3))
    figure.suptitle(title)
    grid = figure.add_gridspec(2, 2, width_ratios=(1.9, 1))
    sheets = (("kernels", kernels, np.abs(kernels).max()), ("maps", maps, 1.0))
    for row, (name, sheet, limit) in enumerate(sheets):
        axes = figure.add_subplot(grid[row, 0])
        _signed(axes, tiles(sheet, sheet.shape[2]), limit)
        axes.set_ylabel(name)
    probability_bars(figure.add_subplot(grid[:, 1]), probabilities)
    return figure


def learning_moments(
    kernels: Sequence[NDArray], probabilities: Sequence[NDArray], titles: Sequence[str]
) -> Picture:
    """Some moments of a training below each other: the first kernels, the class probabilities.

    Args:
        kernels: shape (kh, kw, N) each; the largest weight of a moment has the strongest color.
        probabilities: shape (classes,) each.
        titles: what each moment is called.
    """
    figure, rows = plt.subplots(
        len(titles), 2, figsize=(10, 1.2 * len(titles) + 0.3), width_ratios=(1.9, 1)
    )
    for (left, right), one, p, title in zip(rows, kernels, probabilities, titles, strict=True):
        _signed(left, tiles(one, one.shape[2]), np.abs(one).max())
        left.set_ylabel(title, rotation=0, ha="right", va="center")
        probability_bars(right, p)
        right.set(title="", yticks=[])
        right.tick_params(labelbottom=right is rows[-1, 1], bottom=False)
    rows[0, 0].set_title("kernels of the first layer")
    rows[0, 1].set_title("what the network says")
    answers = (f"{t}: {_answer(p)}" for t, p in zip(titles, probabilities, strict=True))
    return Picture(
        figure,
        alt=(
            "Rows with the kernels of the first layer and what the network says of a digit: "
            f"{', '.join(answers)}."
        ),
        caption="The first kernels, and the answer, at some moments of the training.",
    )


def duel(
    results: Mapping[str, Mapping[str, float]], bands: Mapping[str, tuple[float, float]]
) -> Picture:
    """Accuracies of two networks, task by task: this run as a mark, other seeds as a bar.

    Args:
        results: by task, then by name of the network: accuracy of this run.
        bands: by "task/network": lowest and highest accuracy over other seeds.
    """
    figure, axes = plt.subplots(figsize=(9, 3.3))
    said = []
    for row, (task, accuracies) in enumerate(results.items()):
        for shift, (name, accuracy), color, mark in zip(
            (-0.16, 0.16), accuracies.items(), (SEEN, UNSEEN), "os", strict=True
        ):
            low, high = bands[f"{task}/{name}"]
            axes.plot([low, high], [row + shift] * 2, color=color, lw=9, alpha=0.3)
            axes.plot(accuracy, row + shift, mark, color=color, ms=10)
            said.append(f"{task}, {name}: {accuracy:.0%} in a range of {low:.0%} to {high:.0%}")
            axes.text(low - 0.02, row + shift, name, color=color, ha="right", va="center", size=14)
    axes.set(yticks=range(len(results)), yticklabels=results, xlim=(0, 1.02))
    axes.set(xlabel="accuracy on test digits", ylim=(len(results) - 0.4, -0.6))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.axvline(0.1, color=LINES, ls=":")
    axes.text(0.105, len(results) - 0.5, "guessing", color="0.4")
    axes.grid(axis="x", color="0.9")
    return Picture(
        figure,
        alt=f"Accuracy of this run and range of other starts. {'; '.join(said)}.",
        caption="Two networks with equally many parameters, on two kinds of digits.",
    )


# ---- Seeing --------------------------------------------------------------------------------------


def kernels_and_maps(kernels: NDArray, images: NDArray, maps: NDArray) -> Picture:
    """Kernels in a row, and below them what each makes of some images.

    Args:
        kernels: shape (kh, kw, N).
        images: 0..1, shape (n, H, W, 1).
        maps: shape (n, H', W', N), in -1..1.
    """
    count = kernels.shape[2]
    figure, rows = plt.subplots(
        1 + len(images), 1 + count, figsize=(10, 1.35 * (1 + len(images)) + 0.4)
    )
    rows[0, 0].axis("off")
    limit = np.abs(kernels).max()
    for number, axes in enumerate(rows[0, 1:]):
        _signed(axes, kernels[..., number], limit)
        axes.set_title(f"kernel {number}")
    for row, image, one in zip(rows[1:], images, maps, strict=True):
        _pixels(row[0], image)
        for number, axes in enumerate(row[1:]):
            _signed(axes, one[..., number], 1)
    rows[1, 0].set_title("input")
    return Picture(
        figure,
        alt=(
            f"{count} kernels of {len(kernels)} by {kernels.shape[1]} weights, purple where they "
            f"are positive and orange where negative; below each, its feature maps of "
            f"{len(images)} digits."
        ),
        caption="The kernels of the first layer, and what each makes of some digits.",
    )


def strongest_patches(patches: NDArray, units: Sequence[int]) -> Picture:
    """For some units, the pieces of images that excite them most, strongest first.

    Args:
        patches: 0..1, shape (units, n, h, w).
        units: their numbers.
    """
    figure, rows = plt.subplots(2, -(-len(units) // 2), figsize=(10, 3.4))
    for axes, unit, row in zip(rows.flat, units, patches, strict=True):
        sheet = tiles(np.moveaxis(row, 0, 2), 4)
        axes.imshow(np.nan_to_num(sheet, nan=1), cmap=PIXELS, vmin=0, vmax=1)
        axes.set_title(f"map {unit}")
        framed(axes)
    return Picture(
        figure,
        alt=(
            f"For each of the maps {', '.join(map(str, units))}, the {patches.shape[1]} pieces of "
            f"digits, {patches.shape[2]} by {patches.shape[3]} pixels, that excite it most."
        ),
        caption="The pieces of digits that excite each map most.",
    )


# ---- Failing -------------------------------------------------------------------------------------


def precision_and_recall(precision: NDArray, recall: NDArray, names: Sequence[str]) -> Picture:
    """Precision and recall of every class, as two marks on one line.

    Args:
        precision, recall: 0..1, shape (classes,).
        names: of the classes.
    """
    figure, axes = plt.subplots(figsize=(9, 3.4))
    places = np.arange(len(names))
    axes.vlines(places, np.minimum(precision, recall), np.maximum(precision, recall), color=LINES)
    axes.plot(places, precision, "o", color=SEEN, ms=11, label="precision")
    axes.plot(places, recall, "s", color=UNSEEN, ms=9, label="recall")
    low = min(precision.min(), recall.min())
    axes.set(xticks=places, xticklabels=names, xlabel="digit", ylim=(low - 0.03, 1.015))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="y", color="0.9")
    legend_above(axes)
    return Picture(
        figure,
        alt=(
            "Precision and recall of each digit, as a circle and a square: precision from "
            f"{precision.min():.0%} to {precision.max():.0%}, recall from {recall.min():.0%} to "
            f"{recall.max():.0%}."
        ),
        caption="One accuracy, and behind it precision and recall of every class.",
    )


def worst_mistakes(
    images: NDArray, labels: NDArray, probabilities: NDArray, count: int = 6
) -> Picture:
    """The wrong answers that the network was surest of.

    Args:
        images: 0..1, shape (N, H, W, 1).
        labels: shape (N,).
        probabilities: shape (N, classes).
        count: so many at most.
    """
    said = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(said != labels)
    worst = wrong[np.argsort(-probabilities[wrong, said[wrong]], kind="stable")][:count]
    figure, panels = plt.subplots(1, count, figsize=(10.5, 2.6))
    for axes in panels[len(worst) :]:
        axes.axis("off")
    for axes, n in zip(panels, worst, strict=False):
        _pixels(axes, images[n])
        axes.set_title(f"said {said[n]} ({probabilities[n, said[n]]:.0%})", color=UNSEEN, size=13)
        axes.set_xlabel(f"was {labels[n]}")
    return Picture(
        figure,
        alt=(
            "Misread digits, with what the network said and how sure it was: "
            f"{', '.join(f'{labels[n]} as {_answer(probabilities[n])}' for n in worst) or 'none'}."
        ),
        caption="The wrong answers of which the network was surest.",
    )


def reading(
    drawing: NDArray, ink: NDArray, image: NDArray, maps: NDArray, probabilities: NDArray
) -> Picture:
    """A drawing on its way through the pad: strokes, blocks, input, maps, probabilities.

    Args:
        drawing: bool, shape (64, 64).
        ink: 0..16, shape (8, 8).
        image: 0..1, shape (32, 32, 1).
        maps: shape (H, W, 6), in -1..1.
        probabilities: shape (10,).
    """
    figure, panels = plt.subplots(1, 5, figsize=(11, 2.8), width_ratios=(1, 1, 1, 1.15, 2))
    _pixels(panels[0], drawing)
    _pixels(panels[1], ink, high=16)
    _pixels(panels[2], image)
    _signed(panels[3], tiles(maps, 2), 1)
    names = ("drawn", "counted", "enlarged", "first maps")
    for axes, name, one in zip(panels, names, (drawing, ink, image, maps), strict=False):
        axes.set_title(name)
        axes.set_xlabel("×".join(map(str, one.shape)))
    probability_bars(panels[4], probabilities)
    return Picture(
        figure,
        alt=(
            f"A drawing in thick strokes; counted in {len(ink)} by {len(ink)} blocks; enlarged to "
            f"{len(image)} by {len(image)}; {maps.shape[2]} feature maps; and the answer, "
            f"{_answer(probabilities)}."
        ),
        caption="What happens to a drawing before the network reads it.",
    )
