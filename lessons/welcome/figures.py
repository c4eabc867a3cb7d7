"""Figures of the first lesson: what a network says, and that a picture is a table of numbers."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from utils.plots import OKABE_ITO, PIXELS, Picture, numbers, resized
from utils.widgets import Described, flipbook

TOP = 3
"""So many of its answers a network is asked for."""


def photographs(photos: Mapping[str, NDArray[np.uint8]]) -> Picture:
    """Photographs side by side, as high as each other, with their names."""
    figure, panels = _in_a_row(photos, 1)
    for axes, (name, photo) in zip(panels[0], photos.items(), strict=True):
        _photograph(axes, photo, name)
    return Picture(
        figure,
        f"Photographs side by side: {', '.join(photos)}.",
        "What will a network call these?",
    )


def named(
    photos: Mapping[str, NDArray[np.uint8]], answers: Mapping[str, Mapping[str, float]]
) -> Picture:
    """Photographs, and below each one what a network says: its three best answers as bars.

    Args:
        photos: by name, shape (rows, columns, 3) each.
        answers: for the same names the probability of every class.
    """
    figure, panels = _in_a_row(photos, 2)
    told = []
    for (above, below), (name, photo) in zip(panels.T, photos.items(), strict=True):
        likely = sorted(answers[name].items(), key=lambda pair: -pair[1])[:TOP]
        _photograph(above, photo, name)
        for row, (kind, share) in enumerate(likely):
            color = OKABE_ITO["orange"] if row == 0 else "0.85"
            below.barh(row, share, color=color, height=0.8)
            below.text(0.02, row, f"{kind} {share:.0%}", va="center", size=15,
                       weight="normal" if row else "bold")  # fmt: skip
        below.set(xlim=(0, 1), ylim=(TOP - 0.5, -0.5), xticks=[], yticks=[])
        below.spines[:].set(visible=True, color="0.8")
        told.append(f"{name}: {likely[0][0]}, {likely[0][1]:.0%}")
    return Picture(
        figure,
        f"What the network says to photographs. {'; '.join(told)}.",
        "What the network says, and how sure it is.",
    )


def _in_a_row(photos: Mapping[str, NDArray], rows: int) -> tuple[plt.Figure, NDArray]:
    """A figure with a column for each photograph, as wide as it has to be."""
    widths = [max(photo.shape[1] / photo.shape[0], 1.0) for photo in photos.values()]
    high = min(10 / sum(widths), 3.2)
    size = (max(high * sum(widths), 6.2), high + 0.4 + 1.15 * (rows - 1))
    return plt.subplots(
        rows, len(photos), figsize=size, width_ratios=widths, squeeze=False,
        height_ratios=[high, 1.15][:rows],
    )  # fmt: skip


def _photograph(axes: plt.Axes, photo: NDArray[np.uint8], name: str) -> None:
    axes.imshow(photo, interpolation="antialiased")
    axes.set_title(name)
    axes.axis("off")


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


def resolutions(photo: NDArray[np.uint8], sides: Sequence[int]) -> Picture:
    """The photograph at several resolutions, side by side."""
    figure, panels = plt.subplots(1, len(sides), figsize=(10, 10 / len(sides) + 0.4))
    for axes, side in zip(panels, sides, strict=True):
        axes.imshow(resized(photo, side))
        axes.set_title(f"{side} × {side}")
        axes.axis("off")
    alt = f"One picture with {', '.join(map(str, sides))} pixels a side: the fewer, the coarser."
    return Picture(figure, alt, "The same picture with fewer and fewer pixels.")


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
