"""Figures of the first lesson: a picture is a table of numbers, of few numbers or of many."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from utils.plots import PIXELS, Picture, numbers, resized
from utils.widgets import Described, flipbook

GAP = 6
"""White pixels between pictures."""


def class_columns(images: NDArray[np.uint8], classes: Sequence[str]) -> Picture:
    """A column of pictures for each class, its name above.

    Args:
        images: uint8, shape (N, H, W, 3), as many of each class, class after class.
        classes: the names.
    """
    _, height, width, _ = images.shape
    each = len(images) // len(classes)
    sheet = np.full((each, height + GAP, len(classes), width + GAP, 3), 255, np.uint8)
    grid = images.reshape(len(classes), each, height, width, 3)
    sheet[:, :height, :, :width] = grid.transpose(1, 2, 0, 3, 4)
    flat = sheet.reshape(each * (height + GAP), len(classes) * (width + GAP), 3)[:-GAP, :-GAP]
    figure, axes = plt.subplots(figsize=(10, 10 * flat.shape[0] / flat.shape[1] + 0.4))
    axes.imshow(flat, interpolation="antialiased")
    axes.xaxis.tick_top()
    axes.set_xticks((np.arange(len(classes)) + 0.5) * (width + GAP) - GAP / 2, classes)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return Picture(
        figure,
        f"A column of pictures for each kind of thing, {each} a kind: {', '.join(classes)}.",
        "The kinds of things that your network will tell apart.",
    )


def picture_and_numbers(image: NDArray) -> Picture:
    """A tiny gray picture beside the numbers that it is made of; large numbers are bright."""
    rows, columns = image.shape
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5.1))
    left.imshow(image, cmap=PIXELS)
    left.set(xticks=range(columns), yticks=range(rows), title="what you see")
    left.tick_params(length=0)
    numbers(right, image)
    for text in right.texts:
        text.set_fontsize(18)
    right.set_title("what the computer gets")
    return Picture(
        figure,
        f"A gray picture of {rows} by {columns} pixels beside a table of its {rows} by {columns} "
        f"numbers, {image.min()} to {image.max()}; bright pixels are large numbers.",
        "What you see on the left, the computer gets as the numbers on the right.",
    )


def resolution(photo: NDArray[np.uint8], side: int) -> Picture:
    """The middle square of a photograph at a resolution of side x side."""
    figure, axes = plt.subplots(figsize=(6.2, 6.6))
    axes.imshow(resized(photo, side))
    axes.set_title(f"{side} × {side} pixels")
    axes.axis("off")
    return Picture(
        figure,
        f"The middle of a photograph as {side} by {side} squares of one color each.",
        "Can you tell what it is, with so few pixels?",
    )


def coarse_to_fine(photo: NDArray[np.uint8], sides: Sequence[int]) -> Described:
    """A flipbook of a photograph, one page a resolution."""
    return flipbook(
        lambda side: resolution(photo, side).figure,
        sides,
        f"Flipbook of {len(sides)} pages: one photograph, {sides[0]} by {sides[0]} pixels on the "
        f"first, {sides[-1]} by {sides[-1]} on the last.",
        label="page",
    )
