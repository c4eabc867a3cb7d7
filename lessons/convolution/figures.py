"""Figures on convolution: windows with their products, kernels, photographs and responses."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from utils.plots import OKABE_ITO, PIXELS, RESULT, SIGNED, WINDOW, Picture, numbers

SHARED = (OKABE_ITO["blue"], OKABE_ITO["vermillion"], OKABE_ITO["green"])


def dense_and_convolution(inputs: int = 9) -> Picture:
    """Two layers on the same inputs: every connection its own weight, and three shared weights."""
    figure, (dense, shared) = plt.subplots(1, 2, figsize=(10, 3.6))
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
    shared.set_title("convolution: the same 3 weights, again and again")
    return Picture(
        figure,
        alt=(
            "Nine pixels and seven units. Dense: 63 lines join every pixel to every unit. "
            "Convolution: each unit has lines to three neighboring pixels, the same three "
            "colors every time."
        ),
        caption=CAPTION,
    )


def windows(image: NDArray, kernel: NDArray, corners: Sequence[tuple[int, int]]) -> Picture:
    """An image of numbers, once for each window, with the products and their sum.

    Args:
        image: whole numbers, shape (H, W).
        kernel: whole numbers, shape (kh, kw).
        corners: (row, column) of the top left pixel of each window.
    """
    figure, panels = plt.subplots(1, len(corners), figsize=(10, 5.0))
    kh, kw = kernel.shape
    for axes, (row, column) in zip(panels, corners, strict=True):
        window = image[row : row + kh, column : column + kw]
        numbers(axes, image)
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), kw, kh, fill=False, ec=WINDOW, lw=4))
        for (i, j), weight in np.ndenumerate(kernel):
            axes.text(
                column + j + 0.45, row + i + 0.44, f"×{weight}", ha="right", va="bottom",
                fontsize=10, color=WINDOW, weight="bold",
            )  # fmt: skip
        terms = [" + ".join(map(str, products)) for products in window * kernel]
        text = "\n+ ".join(terms) + f"\n= {(window * kernel).sum()}"
        axes.set_title(f"output [{row}, {column}]")
        axes.set_xlabel(text, linespacing=1.5)
    return Picture(
        figure,
        alt=(
            "The 6 by 6 picture three times. The window starts in column 0, 1 and 2; the sums "
            "of its nine products are 293, 200 and 145."
        ),
        caption=CAPTION,
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
            "Two tables of 4 by 4 numbers. On the slide, 12 of the 16 numbers are struck out "
            "as wrong."
        ),
        caption=CAPTION,
    )


def photographs(
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
    panel = min(10 / len(pictures), 3.6)
    figure, panels = plt.subplots(
        1, len(pictures), figsize=(panel * len(pictures), panel * height / width + 0.4)
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


def kernel_bank(image: NDArray, kernels: dict[str, NDArray], responses: list[NDArray]) -> Picture:
    """One column a kernel: its name and numbers above, what it makes of the image below."""
    figure, panels = plt.subplots(
        2, len(kernels), figsize=(10, 4.7), height_ratios=[1, 1.9], squeeze=False
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
            "Four kernels and what they make of a detail of the wall: blur softens it, "
            "sharpen brings out the grain, Sobel shows vertical edges, Laplace shows every "
            "change."
        ),
        caption=CAPTION,
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
    axes.set(xticks=[], yticks=[])


def kernels_learning(kernels: NDArray, target: NDArray, steps: Sequence[int]) -> Picture:
    """A learned kernel at some of its steps, and the kernel that it should become.

    Args:
        kernels: shape (steps, kh, kw), one kernel a step.
        target: shape (kh, kw).
        steps: which steps to show.
    """
    figure, panels = plt.subplots(1, len(steps) + 1, figsize=(10, 2.6))
    limit = np.abs(target).max() * 1.1
    for axes, step in zip(panels, steps, strict=False):
        kernel_colors(axes, kernels[step], limit, f"after {step} steps")
    kernel_colors(panels[-1], target, limit, "to be found")
    return Picture(
        figure,
        alt=(
            "The kernel after 0, 2, 10, 40 and 149 steps, from random weights to a left "
            "column of ones, a middle of zeros and a right column of minus ones."
        ),
        caption=CAPTION,
    )


def learning_step(kernels: NDArray, losses: NDArray, responses: NDArray, step: int) -> Figure:
    """One page of a flipbook: the kernel, what it makes of the image, and the loss so far.

    Args:
        kernels: shape (steps, kh, kw).
        losses: shape (steps,), positive.
        responses: shape (steps, H', W').
        step: the step to show.
    """
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(9, 3.2), dpi=80, width_ratios=[1, 1, 1.4]
    )
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
    figure, axes = plt.subplots(figsize=(9, 3.4))
    for (name, values), look in zip(
        series.items(), ({"color": "0.65", "lw": 1.5}, {"lw": 4}), strict=True
    ):
        start = (len(time) - len(values)) // 2
        axes.plot(time[start : start + len(values)], values, label=name, **look)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.legend(loc="upper center", ncols=2)
    return Picture(
        figure,
        alt=(
            "Two weeks of temperature that swing by ten degrees every day. Under the kernel "
            "of 24 hours the swing is gone and a slow warming remains."
        ),
        caption=CAPTION,
    )
