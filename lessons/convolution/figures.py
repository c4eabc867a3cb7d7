"""Figures on convolution: windows with their products, kernels, photographs and responses."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import NDArray

from utils.convolution import correlate2d
from utils.plots import (
    MAGNITUDE,
    OKABE_ITO,
    PIXELS,
    RESULT,
    SIGNED,
    WINDOW,
    Picture,
    framed,
    numbers,
)
from utils.widgets import Described, flipbook

SHARED = (OKABE_ITO["blue"], OKABE_ITO["vermillion"], OKABE_ITO["green"])


def dense_and_convolution(inputs: int = 9) -> Picture:
    """Two layers on the same inputs: every connection its own weight, and three shared weights."""
    figure, (dense, shared) = plt.subplots(1, 2, figsize=(7.6, 2.9))
    outputs = range(1, inputs - 1)
    for o in outputs:
        for i in range(inputs):
            dense.plot([i, o], [0, 1], color="0.55", lw=1.2, zorder=0)
        for tap, (color, line) in enumerate(zip(SHARED, ("-", "--", ":"), strict=True)):
            shared.plot([o + tap - 1, o], [0, 1], line, color=color, lw=2.5, zorder=0)
    for axes in (dense, shared):
        axes.scatter(range(inputs), [0] * inputs, 260, "white", edgecolors="black", lw=2)
        axes.scatter(outputs, [1] * len(outputs), 260, RESULT, edgecolors="black", lw=2)
        axes.text(-0.6, 0, "pixels", ha="right", va="center")
        axes.text(-0.6, 1, "units", ha="right", va="center")
        axes.set(xlim=(-2.1, inputs - 0.5), ylim=(-0.25, 1.25))
        axes.axis("off")
    dense.set_title(f"dense: {inputs * len(outputs)} weights, all different")
    shared.set_title("convolution: 3 weights, shared by all")
    return Picture(
        figure,
        alt=(
            f"{inputs} pixels and {len(outputs)} units. Dense: {inputs * len(outputs)} lines join "
            "every pixel to every unit. Convolution: each unit has lines to three neighboring "
            "pixels, the same three colors every time."
        ),
        caption="Dense: every line its own weight. Convolution: three weights, shared by all.",
    )


def windows(image: NDArray, kernel: NDArray, corners: Sequence[tuple[int, int]]) -> Picture:
    """An image of numbers, once for each window, with the products and their sum.

    Args:
        image: whole numbers, shape (H, W).
        kernel: whole numbers, shape (kh, kw).
        corners: (row, column) of the top left pixel of each window.
    """
    figure, panels = plt.subplots(1, len(corners), figsize=(10, 5.1), squeeze=False)
    kh, kw = kernel.shape
    sums = []
    for axes, (row, column) in zip(panels.flat, corners, strict=True):
        window = image[row : row + kh, column : column + kw]
        numbers(axes, image)
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), kw, kh, fill=False, ec=WINDOW, lw=4))
        for (i, j), weight in np.ndenumerate(kernel):
            axes.text(
                column + j + 0.45, row + i + 0.44, f"×{weight}", ha="right", va="bottom",
                fontsize=12, color=WINDOW, weight="bold",
            )  # fmt: skip
        terms = [" + ".join(map(str, products)) for products in window * kernel]
        sums.append((window * kernel).sum())
        text = "\n+ ".join(terms) + f"\n= {sums[-1]}"
        axes.set_title(f"output [{row}, {column}]")
        axes.set_xlabel(text, linespacing=1.5)
    return Picture(
        figure,
        alt=(
            f"A picture of {image.shape[0]} by {image.shape[1]} numbers, with the window at (row, "
            f"column) {_listed(corners)}. The sums of its {kernel.size} products: {_listed(sums)}."
        ),
        caption="The window moves, the kernel stays the same, and every stop gives one number.",
    )


def edge_strengths(photo: NDArray, vertical: NDArray, horizontal: NDArray) -> Picture:
    """A photograph beside its absolute responses to the vertical and the horizontal edge filter.

    Args:
        photo: gray pixels, shape (H, W).
        vertical, horizontal: signed responses, shape (H', W').
    """
    strengths = np.abs(vertical), np.abs(horizontal)
    means = [strength.mean() for strength in strengths]
    return Picture(
        _photographs([photo, *strengths], ["photograph", "|vertical|", "|horizontal|"]),
        alt=(
            "A photograph and its absolute responses to the vertical and to the horizontal filter, "
            "bright where they are strong. On average they are "
            f"{means[0]:.0f} and {means[1]:.0f} strong."
        ),
        caption="One photograph, two filters: which edges does each one find?",
    )


def edges_and_warmth(photo: NDArray, maps: NDArray) -> Picture:
    """A color photograph, and its two maps: vertical edges, and red minus blue.

    Args:
        photo: colors, 0..1, shape (H, W, 3).
        maps: shape (H', W', 2).
    """
    row, column = np.unravel_index(maps[:, :, 1].argmax(), maps.shape[:2])
    return Picture(
        _photographs(
            [photo, maps[:, :, 0], maps[:, :, 1]],
            ["photograph", "edges", "warm"],
            [False, True, False],
        ),
        alt=(
            "A color photograph, the map of its vertical edges, and a map that is bright where red "
            f"outweighs blue, most of all at row {row}, column {column}."
        ),
        caption="Two kernels, two maps: where are edges, and where is it warm?",
    )


# ---- A volume and its one map -------------------------------------------------------------------

CHANNELS = (
    ("red", OKABE_ITO["vermillion"]),
    ("green", OKABE_ITO["green"]),
    ("blue", OKABE_ITO["blue"]),
)
CELL = 0.36
"""Inches of a cell of numbers, along each side."""


def volume_under_kernel(volume: NDArray, kernel: NDArray, bias: float) -> Picture:
    """Every channel under its slice of a kernel, their maps added up, the bias, the ReLU.

    Args:
        volume: whole numbers of three channels, shape (H, W, 3).
        kernel: whole numbers, shape (kh, kw, 3).
        bias: a whole number.
    """
    figure = plt.figure(figsize=(10.4, 6.1), layout="none")
    channels = range(len(CHANNELS))
    maps = [correlate2d(volume[:, :, c], kernel[:, :, c]) for c in channels]
    summed = np.sum(maps, axis=0) + bias
    kh, kw = kernel.shape[:2]
    middles = (4.9, 3.05, 1.2)
    for (name, color), picture, weights, one, middle in zip(
        CHANNELS, np.moveaxis(volume, 2, 0), np.moveaxis(kernel, 2, 0), maps, middles, strict=True
    ):
        _grid(figure, picture, (0.2, middle), name, color, (kh, kw))
        _sign(figure, "⋆", 1.93, middle, size=30)
        _grid(figure, weights, (2.2, middle), "kernel", color)
        _sign(figure, "=", 3.22, middle)
        _grid(figure, one, (3.5, middle), f"{name} alone", color, (1, 1))
        _line(figure, (4.68, middle), (5.45, 3.05))
    _sign(figure, "+", 5.45, 3.05, size=26)
    figure.texts[-1].set_bbox({"boxstyle": "circle,pad=0.12", "fc": "white", "ec": "0.35", "lw": 2})
    _line(figure, (5.45, 2.2), (5.45, 2.8))
    _sign(figure, f"bias {_signed(bias)}", 5.68, 2.0, size=14)
    _line(figure, (5.72, 3.05), (6.1, 3.05), arrow=True)
    _grid(figure, summed, (6.15, 3.05), "sum + bias", "black", (1, 1))
    _line(figure, (7.35, 3.05), (8.35, 3.05), arrow=True)
    _sign(figure, "ReLU", 7.83, 3.25, size=14)
    _grid(figure, np.maximum(summed, 0), (8.5, 3.05), "one map", "black", (1, 1))
    terms = " ".join(_signed(m[0, 0], first=c == 0) for c, m in enumerate(maps))
    result = f"{terms} {_signed(bias)} = {_signed(summed[0, 0], first=True)}"
    _sign(figure, f"corner: {result}", 7.6, 1.55, size=14)
    return Picture(
        figure,
        alt=(
            f"Three channels of {volume.shape[0]} by {volume.shape[1]} numbers, each under its own "
            f"{kh} by {kw} table of the kernel, each with a map of its own. A plus joins them with "
            f"the bias {_signed(bias)}; behind a ReLU stands a single map. In the corner: {result}."
        ),
        caption="A volume under a kernel: which numbers are added up, and what is left?",
    )


def _signed(value: float, first: bool = False) -> str:
    """A number as a term of a sum: "+ 3" or "− 2"; the first one without its plus."""
    sign = "−" if value < 0 else "" if first else "+"
    space = "" if first else " "
    return f"{sign}{space}{abs(value):g}"


def _grid(
    figure: Figure,
    values: NDArray,
    place: tuple[float, float],
    title: str,
    color: str,
    window: tuple[int, int] | None = None,
) -> None:
    """A grid of numbers at (left, middle) in inches, its first window of some size framed."""
    left, middle = place
    height, width = (side * CELL for side in values.shape)
    wide, high = figure.get_size_inches()
    box = (left / wide, (middle - height / 2) / high, width / wide, height / high)
    axes = figure.add_axes(box)
    numbers(axes, values)
    axes.spines[:].set(color=color, lw=3)
    axes.set_title(title, pad=5)
    if window:
        axes.add_patch(
            Rectangle((-0.5, -0.5), *window[::-1], fc="#FBE3B3", ec=WINDOW, lw=3, zorder=0.5)
        )


def _sign(figure: Figure, text: str, x: float, y: float, size: int = 20) -> None:
    wide, high = figure.get_size_inches()
    figure.text(x / wide, y / high, text, ha="center", va="center", fontsize=size)


def _line(
    figure: Figure, start: tuple[float, float], end: tuple[float, float], arrow: bool = False
) -> None:
    size = figure.get_size_inches()
    figure.add_artist(
        FancyArrowPatch(
            tuple(start / size), tuple(end / size), transform=figure.transFigure,
            arrowstyle="-|>" if arrow else "-", mutation_scale=18, lw=2, color="0.35",
            shrinkA=0, shrinkB=0,
        )
    )  # fmt: skip


# ---- Photographs: a move, a bias, a ReLU --------------------------------------------------------


def moved_maps(
    photos: tuple[NDArray, NDArray], maps: tuple[NDArray, NDArray], move: tuple[int, int]
) -> Picture:
    """A photograph and its map, before and after a move; a frame goes with one place of the wall.

    Args:
        photos: gray pixels before and after, two of one shape.
        maps: their signed responses.
        move: how many pixels down and to the right.
    """
    figure, panels = plt.subplots(1, 4, figsize=(8.6, 2.5))
    panels = panels.reshape(2, 2)
    limit = np.percentile(np.abs(maps[0]), 99)
    side = min(photos[0].shape) // 3
    corner = np.array([side, side])
    for row, shift in zip(panels, ((0, 0), move), strict=True):
        top, left = corner + shift
        for axes in row:
            frame = {"fill": False, "ec": WINDOW, "lw": 4}
            axes.add_patch(Rectangle((left, top), side, side, **frame))
            axes.axis("off")
    for (photo_axes, map_axes), photo, one in zip(panels, photos, maps, strict=True):
        photo_axes.imshow(photo, PIXELS, vmin=0, vmax=255)
        map_axes.imshow(one, SIGNED, vmin=-limit, vmax=limit)
        for axes in (photo_axes, map_axes):
            axes.set(xlim=(-0.5, one.shape[1] - 0.5), ylim=(one.shape[0] - 0.5, -0.5))
    panels[0, 0].set_title("photograph")
    panels[0, 1].set_title("its map")
    panels[1, 0].set_title("moved")
    panels[1, 1].set_title("its map")
    return Picture(
        figure,
        alt=(
            "A piece of a photograph and its map of vertical edges; beside it, the same after a "
            f"move by {move[0]} pixels down and {move[1]} to the right. A frame of {side} by "
            f"{side} pixels marks the same place of the scene in all four."
        ),
        caption="The photograph moves. What does its map do?",
    )


def bias_and_relu(photo: NDArray, response: NDArray, bias: float) -> Picture:
    """A photograph, a filter's response to it, the same plus a bias, and behind the ReLU.

    Args:
        photo: gray pixels, shape (H, W).
        response: signed, shape (H', W').
        bias: is added to every number of the response.
    """
    figure, panels = plt.subplots(1, 4, figsize=(8.6, 2.5))
    limit = np.percentile(np.abs(response), 99)
    shifted = response + bias
    left = np.maximum(shifted, 0)
    share = (shifted > 0).mean()
    steps = (
        ("photograph", photo, PIXELS, 0, 255),
        ("filter", response, SIGNED, -limit, limit),
        (f"filter {_signed(bias)}", shifted, SIGNED, -limit, limit),
        (f"ReLU: {share:.0%} above 0", left, MAGNITUDE, 0, np.percentile(left, 99.5)),
    )
    for axes, (title, picture, colors, low, high) in zip(panels.flat, steps, strict=True):
        axes.imshow(picture, colors, vmin=low, vmax=high)
        axes.set_title(title)
        axes.axis("off")
    return Picture(
        figure,
        alt=(
            "Four pictures: a photograph; the signed response of a filter, purple above zero, "
            f"orange below, {(response > 0).mean():.0%} of it above zero; the same with the bias "
            f"{_signed(bias)}; and behind the ReLU, where {share:.0%} are above zero."
        ),
        caption="Filter, bias, ReLU: what is still there at the end?",
    )


def _photographs(
    pictures: Sequence[NDArray], titles: Sequence[str], signed: Sequence[bool] | None = None
) -> Figure:
    """Pictures in a row: gray or color pixels, or signed responses in colors centered on zero.

    Args:
        pictures: shape (H, W) or (H, W, 3) each.
        titles: one for each picture.
        signed: which of them are responses; none where not given.
    """
    signed = signed or [False] * len(pictures)
    height, width = pictures[0].shape[:2]
    panel = 7.2 / len(pictures)
    figure, panels = plt.subplots(
        1, len(pictures), figsize=(panel * len(pictures), panel * height / width + 0.3)
    )
    for axes, picture, title, centered in zip(panels, pictures, titles, signed, strict=True):
        if centered:
            limit = np.percentile(np.abs(picture), 99)
            axes.imshow(picture, SIGNED, vmin=-limit, vmax=limit, interpolation="antialiased")
        else:
            axes.imshow(picture, PIXELS, interpolation="antialiased")
        axes.set_title(title)
        axes.axis("off")
    return figure


def _listed(items: Sequence) -> str:
    """What a sentence says of several things: a, b and c."""
    *others, last = map(str, items)
    return f"{', '.join(others)} and {last}" if others else last


def kernel_bank(image: NDArray, kernels: dict[str, NDArray], responses: list[NDArray]) -> Picture:
    """One column a kernel: its name and numbers above, what it makes of the image below."""
    figure, panels = plt.subplots(
        2, len(kernels), figsize=(9, 4.2), height_ratios=[1, 1.9], squeeze=False
    )
    for (top, bottom), (name, kernel), response in zip(
        panels.T, kernels.items(), responses, strict=True
    ):
        scale = np.abs(kernel[kernel != 0]).min()
        whole = np.allclose(kernel / scale, np.round(kernel / scale)) and scale < 1
        numbers(top, np.round(kernel / scale) if whole else kernel)
        top.set_title(f"{name}{f' (÷ {1 / scale:.0f})' if whole else ''}")
        if kernel.sum() > 0:
            bottom.imshow(response, cmap=PIXELS, vmin=image.min(), vmax=image.max())
        else:
            limit = np.percentile(np.abs(response), 99)
            bottom.imshow(response, cmap=SIGNED, vmin=-limit, vmax=limit)
        bottom.axis("off")
    return Picture(
        figure,
        alt=(
            f"{len(kernels)} kernels with their weights, and below each what it makes of the same "
            f"detail of a photograph: {_listed(kernels)}."
        ),
        caption="Other weights, other jobs: each kernel makes something else of the same picture.",
    )


# ---- How a kernel learns ------------------------------------------------------------------------


def weight_collects(image: NDArray, error: NDArray, weight: tuple[int, int]) -> Picture:
    """Every window of a small image, the pixel that one weight meets there, times the error.

    Args:
        image: whole numbers, shape (H, W).
        error: whole numbers, a slope for each window, shape (H', W').
        weight: row and column of the weight.
    """
    size = np.subtract(image.shape, error.shape) + 1
    figure, panels = plt.subplots(1, error.size + 1, figsize=(10.4, 3.7))
    products = []
    for axes, (corner, slope) in zip(panels, np.ndenumerate(error), strict=False):
        row, column = np.add(corner, weight)
        numbers(axes, image)
        top, left = np.subtract(corner, 0.5)
        axes.add_patch(Rectangle((left, top), *size[::-1], fill=False, ec=WINDOW, lw=4))
        look = {"fc": "#FBE3B3", "ec": "none", "zorder": 0.5}
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **look))
        products.append(int(slope * image[row, column]))
        axes.set_title(f"window [{corner[0]}, {corner[1]}]\nerror {_signed(slope, first=True)}")
        pixel, product = image[row, column], _signed(products[-1], first=True)
        axes.set_xlabel(f"{pixel} × {_signed(slope, first=True)}\n= {product}", fontsize=15)
    total = sum(products)
    _one_weight(panels[-1], size, weight, total)
    terms = " ".join(_signed(p, first=n == 0) for n, p in enumerate(products))
    return Picture(
        figure,
        alt=(
            f"{error.size} windows on an image of {image.shape[0]} by {image.shape[1]} numbers. "
            f"In each, the pixel under the weight [{weight[0]}, {weight[1]}] is marked; times the "
            f"error of the window they give {terms} = {_signed(total, first=True)}, the entry of "
            "the gradient for this weight."
        ),
        caption="Backward through a convolution: what one weight collects from all windows.",
    )


def _one_weight(axes: Axes, size: NDArray, weight: tuple[int, int], total: int) -> None:
    """The gradient of a kernel, of which only one entry is known."""
    numbers(axes, np.zeros(size, int))
    for text, place in zip(axes.texts, np.ndindex(*size), strict=True):
        text.set_text(_signed(total, first=True) if place == weight else "?")
    look = {"fc": "#FBE3B3", "ec": WINDOW, "lw": 3, "zorder": 0.5}
    axes.add_patch(Rectangle((weight[1] - 0.5, weight[0] - 0.5), 1, 1, **look))
    axes.set_title("gradient\nof the kernel")
    axes.set_xlabel(f"sum\n= {_signed(total, first=True)}", fontsize=15)


def kernel_colors(axes: Axes, kernel: NDArray, limit: float, title: str) -> None:
    """A kernel as colors centered on zero, with its numbers to one digit."""
    axes.imshow(kernel, cmap=SIGNED, vmin=-limit, vmax=limit)
    for (i, j), weight in np.ndenumerate(kernel):
        dark = abs(weight) > 0.6 * limit
        axes.text(
            j, i, f"{round(weight, 1) + 0:.1f}".replace("-", "−"), ha="center", va="center",
            color="white" if dark else "black", fontsize=14,
        )  # fmt: skip
    axes.set_title(title)
    framed(axes)


def kernels_learning(kernels: NDArray, target: NDArray, steps: Sequence[int]) -> Picture:
    """A learned kernel at some of its steps, and the kernel that it should become.

    Args:
        kernels: shape (steps, kh, kw), one kernel a step.
        target: shape (kh, kw).
        steps: which steps to show.
    """
    figure, panels = plt.subplots(1, len(steps) + 1, figsize=(11, 2.5))
    limit = np.abs(target).max() * 1.1
    for axes, step in zip(panels, steps, strict=False):
        kernel_colors(axes, kernels[step], limit, f"after {step} step{'s' * (step != 1)}")
    kernel_colors(panels[-1], target, limit, "to be found")
    off = np.abs(kernels[steps[-1]] - target).max()
    return Picture(
        figure,
        alt=(
            f"A kernel after {_listed(steps)} steps, beside the one that it should become. At the "
            f"last step, the weight that is farthest off is about {off:.1g} away."
        ),
        caption="From noise to an edge filter: the data taught it, not a person.",
    )


def learning_book(kernels: NDArray, losses: NDArray, responses: NDArray) -> Described:
    """A flipbook of a kernel that learns: many pages of its first steps, fewer of the last.

    Args:
        kernels: shape (steps, kh, kw).
        losses: shape (steps,), positive.
        responses: shape (steps, H', W').
    """
    last = len(kernels) - 1
    pages = np.unique(np.geomspace(1, last + 1, 13).round().astype(int)) - 1
    return flipbook(
        lambda step: learning_step(kernels, losses, responses, step),
        pages.tolist(),
        f"Flipbook: a random kernel learns for {last} steps; its response and the falling loss "
        "beside it.",
        label="page",
    )


def learning_step(kernels: NDArray, losses: NDArray, responses: NDArray, step: int) -> Figure:
    """One page of a flipbook: the kernel, what it makes of the image, and the loss so far.

    Args:
        kernels: shape (steps, kh, kw).
        losses: shape (steps,), positive.
        responses: shape (steps, H', W').
        step: the step to show.
    """
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(8.4, 3), width_ratios=[1, 1, 1.4])
    kernel_colors(left, kernels[step], 1.1, f"kernel, step {step}")
    limit = np.percentile(np.abs(responses[-1]), 99)
    middle.imshow(responses[step], cmap=SIGNED, vmin=-limit, vmax=limit)
    middle.set_title("its response")
    middle.axis("off")
    right.semilogy(losses, color="0.8")
    right.semilogy(losses[: step + 1], color=RESULT)
    right.plot(step, losses[step], "o", color=WINDOW, ms=11)
    right.set(xlabel="step", title="mean squared error")
    return figure


def signals(time: NDArray, series: dict[str, NDArray], xlabel: str, ylabel: str) -> Picture:
    """Several 1-D signals over the same time, each shorter one centered.

    Args:
        time: shape (T,).
        series: name -> shape (T,) or shorter, as a kernel leaves it.
    """
    figure, axes = plt.subplots(figsize=(7.4, 2.9))
    for (name, values), look in zip(
        series.items(), ({"color": "0.65", "lw": 1.5}, {"lw": 4}), strict=True
    ):
        start = (len(time) - len(values)) // 2
        axes.plot(time[start : start + len(values)], values, label=name, **look)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.legend(loc="upper center", ncols=2)
    spans = (f"{k}: from {v.min():.1f} to {v.max():.1f}." for k, v in series.items())
    return Picture(
        figure,
        alt=f"Lines over {xlabel}, in {ylabel}. {' '.join(spans)}",
        caption="A sum over 24 hours cancels day and night, and shows what remains.",
    )
