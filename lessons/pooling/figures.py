"""Figures on pooling: windows in color, what a shift changes, what is lost, where gradients go."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from numpy.typing import NDArray

from utils.convolution import pool2d
from utils.plots import MAGNITUDE, OKABE_ITO, PIXELS, RESULT, SIGNED, WINDOW, Picture, numbers

TINTS = ("#CFE6F5", "#FBE3B3", "#C4E8DA", "#F3D9E6")
"""Pale blue, orange, green and purple, on which black numbers stay readable."""

KINDS = {"max": (OKABE_ITO["blue"], "s"), "average": (OKABE_ITO["vermillion"], "^")}
"""Color and marker of each kind of pooling."""


def pooling_windows(feature_map: NDArray, page: int | None = None) -> Picture:
    """A feature map cut into 2x2 windows, their maxima ringed, and both pooled maps.

    Args:
        feature_map: numbers of shape (2 h, 2 w).
        page: the window to read, counted along the rows; those after it stay empty. All windows
            where not given.
    """
    pooled = {how: pool2d(feature_map, 2, how=how) for how in ("max", "average")}
    columns = pooled["max"].shape[1]
    last = pooled["max"].size - 1 if page is None else page
    figure, (left, *right) = plt.subplots(
        1, 3, figsize=(8.8, 4.0), dpi=90, width_ratios=[1.6, 1.2, 1.2]
    )
    numbers(left, feature_map)
    left.set_title("feature map")
    for axes, (how, values) in zip(right, pooled.items(), strict=True):
        numbers(axes, values)
        for text in axes.texts[last + 1 :]:
            text.set_visible(False)
        axes.set_title(how)
        axes.set_xlabel("\n\n")
    for row, column in (divmod(window, columns) for window in range(last + 1)):
        _tint(left, row, column, 2)
        _ring(left, *_first_maximum(feature_map, row, column))
        for axes in right:
            _tint(axes, row, column, 1)
    if page is not None:
        _read_window(left, right, feature_map, *divmod(page, columns))
    return Picture(
        figure,
        alt=(
            "The feature map of 4 by 4 numbers in four colored windows of 2 by 2, the largest "
            "of each in a ring: 293, 352, 284, 306; beside it the four maxima and the four "
            "averages."
        ),
        caption=CAPTION,
    )


def _read_window(
    left: Axes, right: Sequence[Axes], feature_map: NDArray, row: int, column: int
) -> None:
    """Frame a window, and write what its four numbers give."""
    block = feature_map[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
    corner = (2 * column - 0.5, 2 * row - 0.5)
    left.add_patch(Rectangle(corner, 2, 2, fill=False, ec=WINDOW, lw=5, clip_on=False))
    a, b, c, d = (f"{value:g}" for value in block.ravel())
    right[0].set_xlabel(f"largest of\n{a}, {b}, {c}, {d}\nis {block.max():g}")
    right[1].set_xlabel(f"({a} + {b} +\n{c} + {d}) / 4\n= {block.mean():g}")


def _first_maximum(feature_map: NDArray, row: int, column: int) -> NDArray:
    block = feature_map[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
    return np.add((2 * row, 2 * column), divmod(int(block.argmax()), 2))


def _tint(axes: Axes, row: int, column: int, side: int) -> None:
    corner = (column * side - 0.5, row * side - 0.5)
    color = TINTS[(column + 2 * row) % len(TINTS)]
    axes.add_patch(Rectangle(corner, side, side, fc=color, ec="0.3", lw=1.5, zorder=0.5))


def _ring(axes: Axes, row: int, column: int) -> None:
    axes.add_patch(Circle((column, row), 0.43, fill=False, ec=RESULT, lw=3))


def shift_comparison(maps: Mapping[str, tuple[NDArray, NDArray]]) -> Picture:
    """Maps before and after a shift, and what differs; a row of three pictures each.

    Over the third stands the norm of the difference over the norm of the map before.

    Args:
        maps: name -> (before, after), numbers of 0 or more, two maps of one shape.
    """
    figure, panels = plt.subplots(len(maps), 3, figsize=(8.4, 3.0 * len(maps)), dpi=90)
    for (first, second, third), (name, (before, after)) in zip(panels, maps.items(), strict=True):
        limit = np.percentile(before, 99)
        first.imshow(before, MAGNITUDE, vmin=0, vmax=limit)
        second.imshow(after, MAGNITUDE, vmin=0, vmax=limit)
        third.imshow(after - before, SIGNED, vmin=-limit / 2, vmax=limit / 2)
        change = np.linalg.norm(after - before) / np.linalg.norm(before)
        first.set_title(name)
        second.set_title("after the shift")
        third.set_title(f"difference: {change:.2f}")
        for axes in (first, second, third):
            axes.axis("off")
    return Picture(
        figure,
        alt=(
            "Top: the edges of a piece of wall, the same after a shift of one pixel, and "
            "their difference, 0.65. Bottom: the same three after max pooling, coarser; the "
            "difference is 0.32."
        ),
        caption=CAPTION,
    )


def shift_changes(
    changes: Mapping[str, Mapping[tuple[str, int], NDArray]], shifts: Sequence[int]
) -> Picture:
    """How much feature maps change under a shift, with and without pooling; a panel a photograph.

    Args:
        changes: photograph -> (kind of pooling, side of the window) -> relative changes of shape
            (shifts, places), the mean of which is drawn. A side of 1 means no pooling.
        shifts: in pixels, in order.
    """
    figure, panels = plt.subplots(
        1, len(changes), figsize=(10, 4.6), dpi=90, sharey=True, squeeze=False
    )
    for axes, (name, curves) in zip(panels[0], changes.items(), strict=True):
        for (how, size), values in curves.items():
            color, marker = ("black", "o") if size == 1 else KINDS[how]
            axes.plot(
                range(len(shifts)), values.mean(axis=1), color=color, marker=marker,
                ls="-" if size <= 2 else "--",
                label="no pooling" if size == 1 else f"{how} {size} × {size}",
            )  # fmt: skip
        axes.axhline(2**0.5, color="0.6", lw=2, ls=":", label="nothing in common")
        axes.set_xticks(range(len(shifts)), shifts)
        axes.set(title=name, xlabel="shift in pixels", ylim=(0, 1.55))
    panels[0, 0].set_ylabel("relative change")
    lines, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(lines, labels, loc="outside lower center", ncols=3, handlelength=3.5)
    return Picture(
        figure,
        alt=(
            "Relative change against shift for brick and coffee. Without pooling the line "
            "lies highest, with windows of 2 lower, with windows of 4 lowest; at 8 pixels all "
            "of them are above 1."
        ),
        caption=CAPTION,
    )


def pixel_pictures(pictures: Mapping[str, NDArray], columns: int) -> Figure:
    """Gray pictures, each pixel as a square, all of one size on the page.

    Args:
        pictures: title -> gray pixels, 0..255, square.
        columns: how many stand in a row.
    """
    rows = -(-len(pictures) // columns)
    figure, panels = plt.subplots(
        rows, columns, figsize=(2.6 * columns, 2.9 * rows), dpi=90, squeeze=False
    )
    for axes, (title, picture) in zip(panels.ravel(), pictures.items(), strict=True):
        axes.imshow(picture, PIXELS, vmin=0, vmax=255)
        axes.set_title(title)
        axes.axis("off")
    return figure


def gradient_routes(feature_map: NDArray, pooled_gradient: NDArray, gradient: NDArray) -> Picture:
    """Where 2x2 max pooling sends its gradient: the map, what comes back, what each number gets.

    Args:
        feature_map: shape (2 h, 2 w).
        pooled_gradient: gradient with respect to the pooled map, shape (h, w).
        gradient: gradient with respect to the feature map, shape (2 h, 2 w); what is not 0 is
            ringed.
    """
    figure, panels = plt.subplots(1, 3, figsize=(9, 3.6), dpi=90, width_ratios=[2, 1, 2])
    titles = ("feature map", "comes back", "where it goes")
    arrays = (feature_map, pooled_gradient, gradient)
    for axes, values, title, side in zip(panels, arrays, titles, (2, 1, 2), strict=True):
        numbers(axes, values)
        axes.set_title(title)
        for row, column in np.ndindex(pooled_gradient.shape):
            _tint(axes, row, column, side)
    for row, column in np.argwhere(gradient):
        for axes in (panels[0], panels[2]):
            _ring(axes, row, column)
    return Picture(
        figure,
        alt=(
            "A feature map of 4 by 4 with the maxima 13, 11, 10 and 17 in rings; the "
            "gradients 1, 2, 3 and 4 that come back; they arrive at the ringed places, and 0 "
            "everywhere else."
        ),
        caption=CAPTION,
    )
