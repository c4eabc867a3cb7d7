"""Figures of the first lesson: a picture is a table of numbers."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from utils.plots import PIXELS, Picture, numbers, resized

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
    axes.imshow(flat)
    axes.xaxis.tick_top()
    axes.set_xticks((np.arange(len(classes)) + 0.5) * (width + GAP) - GAP / 2, classes)
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return Picture(
        figure,
        alt=(
            "Eight columns of two small pictures: airplanes, cars, cats, dogs, flowers, "
            "fruit, motorbikes, people. No two have the same pose, color or ground."
        ),
        caption=CAPTION,
    )


def picture_and_numbers(image: NDArray) -> Picture:
    """A tiny gray picture beside the numbers that it is made of; large numbers are bright."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 4.3))
    left.imshow(image, cmap=PIXELS)
    left.set(xticks=range(image.shape[1]), yticks=range(image.shape[0]), title="what you see")
    left.tick_params(length=0)
    numbers(right, image)
    right.set_title("what the computer gets")
    return Picture(
        figure,
        alt=(
            "A handwritten 3 of 8 by 8 pixels beside a table of 8 by 8 numbers between 0 and "
            "16; the bright pixels are the large numbers."
        ),
        caption=CAPTION,
    )


def resolution(photo: NDArray[np.uint8], side: int) -> Figure:
    """One page of a flipbook: the photograph at a resolution of side x side."""
    figure, axes = plt.subplots(figsize=(4.4, 4.7), dpi=90)
    axes.imshow(resized(photo, side))
    axes.set_title(f"{side} × {side} pixels")
    axes.axis("off")
    return figure
