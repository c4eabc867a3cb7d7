"""Figures on convolution: windows with their products, kernels, photographs and responses."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from utils.plots import OKABE_ITO, PIXELS, RESULT, SIGNED, WINDOW, Picture, framed, numbers
from utils.widgets import Described, flipbook

SHARED = (OKABE_ITO["blue"], OKABE_ITO["vermillion"], OKABE_ITO["green"])


def dense_and_convolution(inputs: int = 9) -> Picture:
    """Two layers on the same inputs: every connection its own weight, and three shared weights."""
    figure, (dense, shared) = plt.subplots(1, 2, figsize=(8.6, 3.2))
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


def slide_against_result(slide: NDArray, result: NDArray) -> Picture:
    """A printed result with every wrong number struck out, beside the right one."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.9))
    wrong = slide != result
    numbers(left, slide, mark=wrong)
    numbers(right, result)
    left.set_title(f"printed on the slide: {wrong.sum()} of {wrong.size} wrong")
    right.set_title("what the sums give")
    return Picture(
        figure,
        alt=(
            f"Two tables of {slide.shape[0]} by {slide.shape[1]} numbers. On the slide, "
            f"{wrong.sum()} of the {wrong.size} numbers are struck out as wrong."
        ),
        caption="A printed result, checked: what is struck out is wrong.",
    )


def edge_maps(photo: NDArray, vertical: NDArray, horizontal: NDArray) -> Picture:
    """A photograph beside its responses to the vertical and to the horizontal edge filter.

    Args:
        photo: gray pixels, shape (H, W).
        vertical, horizontal: signed responses, shape (H', W').
    """
    return Picture(
        _photographs(
            [photo, vertical, horizontal],
            ["photograph", "vertical edges", "horizontal edges"],
            [False, True, True],
        ),
        alt=(
            "A photograph and its responses to the vertical and to the horizontal filter, purple "
            f"above zero, orange below. {_strengths(vertical, horizontal)}"
        ),
        caption="One photograph, two filters: each one finds other edges.",
    )


def edge_strengths(vertical: NDArray, horizontal: NDArray) -> Picture:
    """The absolute responses to the vertical and to the horizontal edge filter, in gray.

    Args:
        vertical, horizontal: signed responses, shape (H', W').
    """
    return Picture(
        _photographs([np.abs(vertical), np.abs(horizontal)], ["|vertical|", "|horizontal|"]),
        alt=(
            "The absolute responses to the vertical and to the horizontal filter, bright where "
            f"they are strong. {_strengths(vertical, horizontal)}"
        ),
        caption="Without the sign: how strong is the edge at each place?",
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
    panel = min(8.1 / len(pictures), 3.1)
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


def _strengths(vertical: NDArray, horizontal: NDArray) -> str:
    means = (np.abs(response).mean() for response in (vertical, horizontal))
    return "On average they are {:.0f} and {:.0f} strong.".format(*means)


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
        kernel_colors(axes, kernels[step], limit, f"after {step} steps")
    kernel_colors(panels[-1], target, limit, "to be found")
    off = np.abs(kernels[steps[-1]] - target).max()
    return Picture(
        figure,
        alt=(
            f"A kernel after {_listed(steps)} steps, beside the one that it should become. At the "
            f"last step no weight is off by more than {off:.2f}."
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
    figure, axes = plt.subplots(figsize=(8.4, 3.3))
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
