"""Figures on what a network sees: one number, its kernels, its votes, where it fails."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from utils.plots import (
    LINES,
    PIXELS,
    RESULT,
    SEEN,
    SIGNED,
    UNSEEN,
    WINDOW,
    Picture,
    framed,
    legend_above,
    tiles,
)


def probability_bars(axes: Axes, probabilities: NDArray) -> None:
    """A bar for each class, the highest one dark and labeled."""
    best = int(np.argmax(probabilities))
    colors = [UNSEEN if digit == best else "0.75" for digit in range(len(probabilities))]
    axes.bar(range(len(probabilities)), probabilities, color=colors)
    axes.text(best, probabilities[best] + 0.03, f"{probabilities[best]:.0%}", ha="center")
    axes.set(xticks=range(len(probabilities)), ylim=(0, 1.18), yticks=[0, 0.5, 1])
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.set_title("softmax", weight="bold")


def _signed(axes: Axes, values: NDArray, limit: float, **options) -> None:
    """Signed numbers as colors, white at zero, gray where there is none."""
    color_map = plt.get_cmap(SIGNED).with_extremes(bad=LINES)
    axes.imshow(values, cmap=color_map, vmin=-limit, vmax=limit, **options)
    framed(axes)


def _pixels(axes: Axes, image: NDArray, high: float = 1) -> None:
    axes.imshow(np.squeeze(image), cmap=PIXELS, vmin=0, vmax=high)
    framed(axes)


def _answer(probabilities: NDArray) -> str:
    return f"{np.argmax(probabilities)} ({np.max(probabilities):.0%})"


# ---- One number ----------------------------------------------------------------------------------


def one_number(
    image: NDArray, kernel: NDArray, bias: float, result: NDArray, place: tuple[int, int]
) -> Picture:
    """One number of a map, from its window to tanh.

    Args:
        image: 0..1, shape (H, W, 1).
        kernel: shape (k, k).
        bias: of the map.
        result: the map behind tanh, shape (H', W').
        place: row and column of the number in the map.
    """
    (row, column), side = place, len(kernel)
    window = image[row : row + side, column : column + side, 0]
    products = window * kernel
    total = products.sum() + bias
    figure, panels = plt.subplots(1, 5, figsize=(11, 3.1), width_ratios=(1.3, 1, 1, 1, 1.3))
    _pixels(panels[0], image)
    _mark(panels[0], column, row, side, WINDOW)
    _pixels(panels[1], window)
    limit = np.abs(kernel).max()
    for axes, values in ((panels[2], kernel), (panels[3], products)):
        _signed(axes, values, limit)
    _signed(panels[4], result, 1)
    _mark(panels[4], column, row, 1, RESULT)
    titles = ("picture", "window  ×", "kernel  =", "products", "map")
    for axes, title in zip(panels, titles, strict=True):
        axes.set_title(title)
    panels[3].set_xlabel(f"sum {products.sum():.2f}\n+ bias {bias:.2f}")
    panels[4].set_xlabel(f"tanh({total:.2f}) = {result[row, column]:.2f}")
    return Picture(
        figure,
        alt=(
            f"A window of {side} by {side} pixels at row {row}, column {column}; its kernel; their "
            f"products, which add up to {products.sum():.2f}; with the bias {bias:.2f} and tanh "
            f"they make the number {result[row, column]:.2f} of the map."
        ),
        caption="Where does one number of a map come from?",
    )


def _mark(axes: Axes, x: int, y: int, side: int, color: str) -> None:
    corner = (x - 0.5, y - 0.5)
    axes.add_patch(Rectangle(corner, side, side, fill=False, ec=color, lw=3))


# ---- Seeing --------------------------------------------------------------------------------------


def maps_by_depth(
    image: NDArray, outputs: Mapping[str, NDArray], probabilities: NDArray
) -> Picture:
    """What the layers with maps make of one image, and the answer.

    Args:
        image: 0..1, shape (H, W, 1).
        outputs: by name of the layer, in order, shape (h, w, n).
        probabilities: shape (classes,).
    """
    figure, panels = plt.subplots(
        1, 2 + len(outputs), figsize=(11, 3), width_ratios=[1] * (1 + len(outputs)) + [1.9]
    )
    _pixels(panels[0], image)
    panels[0].set(title="input", xlabel="×".join(map(str, image.shape)))
    for axes, (name, one) in zip(panels[1:], outputs.items(), strict=False):
        _signed(axes, tiles(one, 4 if one.shape[2] > 8 else 2), np.abs(one).max())
        axes.set(title=name, xlabel="×".join(map(str, one.shape)))
    probability_bars(panels[-1], probabilities)
    listed = ", ".join(f"{name} ({'×'.join(map(str, x.shape))})" for name, x in outputs.items())
    return Picture(
        figure,
        alt=f"A picture on its way through {listed}; the network says {_answer(probabilities)}.",
        caption="What every layer makes of one picture.",
    )


def answers(
    images: NDArray, labels: NDArray, probabilities: NDArray, names: Sequence[str]
) -> Picture:
    """Pictures with what a network says of each, in two rows; of a mistake, what it is.

    Args:
        images: 0..1, shape (n, H, W, 3), n even.
        labels: shape (n,).
        probabilities: shape (n, classes).
        names: of the classes.
    """
    figure, panels = plt.subplots(2, len(images) // 2, figsize=(11, 4.1))
    said = probabilities.argmax(axis=1)
    told = []
    for n, axes in enumerate(panels.T.flat):
        right = said[n] == labels[n]
        _pixels(axes, images[n])
        share = f"{probabilities[n].max():.0%}"
        color = SEEN if right else UNSEEN
        axes.set_title(f"{names[said[n]]}\n{share}", color=color, size=13)
        axes.set_xlabel("" if right else f"is {names[labels[n]]}", size=13)
        told.append(f"{names[labels[n]]}: {names[said[n]]} ({share})")
    return Picture(
        figure,
        alt=f"{len(images)} pictures, and what the network says of each: {', '.join(told)}.",
        caption="What does the network say of each?",
    )


def kernels_and_maps(kernels: NDArray, images: NDArray, maps: NDArray, empty: NDArray) -> Picture:
    """Kernels in a row, and below them what each makes of some images.

    Each kernel has its own scale, and an arrow from its negative to its positive side. Of a map the
    answer to an empty picture is taken away, so that white means: nothing here.

    Args:
        kernels: shape (kh, kw, N).
        images: 0..1, shape (n, H, W, 1).
        maps: shape (n, H', W', N).
        empty: what each map is where there is nothing, shape (N,).
    """
    count = kernels.shape[2]
    figure, rows = plt.subplots(
        1 + len(images), 1 + count, figsize=(10, 1.35 * (1 + len(images)) + 0.4)
    )
    rows[0, 0].axis("off")
    for number, axes in enumerate(rows[0, 1:]):
        _signed(axes, kernels[..., number], np.abs(kernels[..., number]).max())
        _slope(axes, kernels[..., number])
        axes.set_title(f"kernel {number}")
    changes = maps - empty
    limits = np.abs(changes).max(axis=(0, 1, 2))
    for row, image, one in zip(rows[1:], images, changes, strict=True):
        _pixels(row[0], image)
        for number, axes in enumerate(row[1:]):
            _signed(axes, one[..., number], limits[number])
    rows[1, 0].set_title("input")
    return Picture(
        figure,
        alt=(
            f"{count} kernels of {len(kernels)} by {kernels.shape[1]} weights, purple where they "
            f"are positive and orange where negative, with an arrow along their slope; below each, "
            f"what it makes of {len(images)} digits."
        ),
        caption="What does each kernel of the first layer look for?",
    )


def _slope(axes: Axes, kernel: NDArray) -> None:
    """An arrow along which the weights grow, as long as that explains them."""
    height, width = kernel.shape
    y, x = np.mgrid[:height, :width] - np.array([height - 1, width - 1])[:, None, None] / 2
    centered = kernel - kernel.mean()
    scale = np.sqrt(np.square(centered).sum() * np.square(x).sum()) or 1
    right, down = (float((centered * axis).sum() / scale) for axis in (x, y))
    if np.hypot(right, down) > 0.3:
        middle = np.array([width - 1, height - 1]) / 2
        step = 2.2 * np.array([right, down])
        style = {"arrowstyle": "-|>,head_width=0.4,head_length=0.6", "lw": 3, "color": "black"}
        axes.annotate("", middle + step, middle - step, arrowprops=style)


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


# ---- Voting --------------------------------------------------------------------------------------


def votes(products: NDArray, bias: NDArray, names: tuple[str, str]) -> Picture:
    """What the hidden units add to the scores of two classes, from the strongest vote on.

    Args:
        products: shape (units, 2), what a unit says times its weight for each class.
        bias: shape (2,).
        names: of the classes, the winner first.
    """
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True)
    said = []
    for axes, values, start, name, color in zip(
        panels, products.T, bias, names, (SEEN, UNSEEN), strict=True
    ):
        ranked, score = np.sort(values)[::-1], values.sum() + start
        axes.bar(range(len(ranked)), ranked, width=0.8, color=np.where(ranked > 0, color, "0.6"))
        axes.axhline(0, color="black", lw=1)
        axes.set_title(f"for {name}: they add up to {score:.1f}", color=color, weight="bold")
        axes.set(
            xticks=[], xlabel=f"{np.sum(ranked > 0)} units for it, {np.sum(ranked < 0)} against"
        )
        said.append(f"{name}: {np.sum(ranked > 0)} for, {np.sum(ranked < 0)} against, {score:.1f}")
    panels[0].set_ylabel("unit times weight")
    return Picture(
        figure,
        alt=f"The votes of {len(products)} hidden units, strongest first. {'; '.join(said)}.",
        caption="Who voted for this answer, and who for the next best?",
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
