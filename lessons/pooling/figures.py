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
    figure, (left, *right) = plt.subplots(1, 3, figsize=(9.5, 4.2), width_ratios=[1.6, 1.2, 1.2])
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
    maxima, averages = (_listed(values.ravel()[: last + 1]) for values in pooled.values())
    return Picture(
        figure,
        alt=(
            f"A feature map of {len(feature_map)} by {feature_map.shape[1]} numbers in colored "
            f"windows of 2 by 2, the largest of each in a ring; beside it the maxima {maxima} and "
            f"the averages {averages}."
        ),
        caption="Of each window, max pooling keeps one number, average pooling the mean.",
    )


def _listed(values: NDArray) -> str:
    return ", ".join(f"{value:g}" for value in values)


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
    figure, panels = plt.subplots(len(maps), 3, figsize=(9.5, 3.3 * len(maps)), squeeze=False)
    changes = []
    for (first, second, third), (name, (before, after)) in zip(panels, maps.items(), strict=True):
        limit = np.percentile(before, 99)
        first.imshow(before, MAGNITUDE, vmin=0, vmax=limit)
        second.imshow(after, MAGNITUDE, vmin=0, vmax=limit)
        third.imshow(after - before, SIGNED, vmin=-limit / 2, vmax=limit / 2)
        change = np.linalg.norm(after - before) / np.linalg.norm(before)
        first.set_title(name)
        second.set_title("after the shift")
        third.set_title(f"difference: {change:.2f}")
        changes.append(f"{name} {change:.2f}")
        for axes in (first, second, third):
            axes.axis("off")
    return Picture(
        figure,
        alt=(
            "Rows of three maps: before a shift, after it, and the difference, whose size "
            f"relative to the map is: {', '.join(changes)}."
        ),
        caption="Maps before and after a shift of the photograph, and what differs.",
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
    figure, panels = plt.subplots(1, len(changes), figsize=(10, 5), sharey=True, squeeze=False)
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
    first = [f"{name} {_range(curves)}" for name, curves in changes.items()]
    return Picture(
        figure,
        alt=(
            f"How much feature maps change by shifts of {shifts[0]} to {shifts[-1]} pixels, "
            f"by kind of pooling. After {shifts[0]}: {'; '.join(first)}."
        ),
        caption="How much feature maps change when the photograph moves.",
    )


def _range(curves: Mapping[tuple[str, int], NDArray]) -> str:
    """In words, the lowest and the highest line at the smallest shift."""
    means = {
        "no pooling" if size == 1 else f"{how} {size} × {size}": values[0].mean()
        for (how, size), values in curves.items()
    }
    low, high = min(means, key=means.get), max(means, key=means.get)
    return f"from {means[low]:.2f} ({low}) to {means[high]:.2f} ({high})"


def what_not_where(photo: NDArray, maps: NDArray, moved: NDArray, shift: int) -> Picture:
    """A picture and the four maps that speak up most for it; below, both after it has moved.

    Args:
        photo: uint8, 0..255, shape (H, W, 3).
        maps, moved: feature maps of the picture, and of it after the move, shape (h, w, C).
        shift: how far to the right it has moved, in pixels; what leaves comes in at the left.
    """
    strongest = np.argsort(maps.mean(axis=(0, 1)))[::-1][:4]
    figure, panels = plt.subplots(2, 5, figsize=(10, 4.9))
    pages = ((photo, maps), (np.roll(photo, shift, axis=1), moved))
    for (first, *others), (picture, volume) in zip(panels, pages, strict=True):
        first.imshow(picture)
        for axes, number in zip(others, strongest, strict=True):
            values = volume[:, :, number]
            axes.imshow(values, MAGNITUDE, vmin=0, vmax=maps[:, :, number].max())
            axes.set_xlabel(f"mean {values.mean():.2f}", fontsize=14)
    panels[0, 0].set_title("picture")
    panels[1, 0].set_title(f"moved by {shift}")
    for axes, number in zip(panels[0, 1:], strongest, strict=True):
        axes.set_title(f"map {number}")
    for axes in panels.ravel():
        axes.set(xticks=[], yticks=[])
    means = [
        ", ".join(f"{volume[:, :, n].mean():.2f}" for n in strongest) for volume in (maps, moved)
    ]
    return Picture(
        figure,
        alt=(
            f"A picture with the four of its {maps.shape[2]} feature maps whose means are largest: "
            f"{means[0]}; below, the same after it has moved by {shift} pixels: {means[1]}."
        ),
        caption="The bright places move with the picture; does the mean of a map?",
    )


def shuffled_windows(picture: NDArray, shuffled: NDArray, pooled: NDArray) -> Picture:
    """A picture, the same with the pixels of each window shuffled, and what both give when pooled.

    Args:
        picture, shuffled: gray pixels, 0..255, shape (n, n).
        pooled: shape (m, m).
    """
    pictures = {"photograph": picture, "shuffled": shuffled, "both, max": pooled}
    return Picture(
        _pixel_pictures(pictures, 3),
        alt=(
            f"A photograph of {len(picture)} by {len(picture)} pixels; the same with its pixels "
            f"shuffled inside windows; and the max-pooled picture of {len(pooled)} by "
            f"{len(pooled)} that both give."
        ),
        caption="Two pictures, and what max pooling leaves of both.",
    )


def pooled_pictures(pictures: Mapping[str, NDArray]) -> Picture:
    """What windows of several sizes leave of a picture, three in a row.

    Args:
        pictures: title -> gray pixels, 0..255, square.
    """
    return Picture(
        _pixel_pictures(pictures, 3),
        alt=f"One picture after several kinds of pooling: {', '.join(pictures)}.",
        caption="What each kind and size of window leaves of the picture.",
    )


def _pixel_pictures(pictures: Mapping[str, NDArray], columns: int) -> Figure:
    """Gray pictures, each pixel as a square, all of one size on the page.

    Args:
        pictures: title -> gray pixels, 0..255, square.
        columns: how many stand in a row.
    """
    rows = -(-len(pictures) // columns)
    figure, panels = plt.subplots(
        rows, columns, figsize=(3.1 * columns, 3.35 * rows), squeeze=False
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
    figure, panels = plt.subplots(1, 3, figsize=(9.5, 3.8), width_ratios=[2, 1, 2])
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
            f"A feature map with {_listed(feature_map[gradient != 0])} in rings; the gradients "
            f"{_listed(pooled_gradient.ravel())} that come back; and what every number of the map "
            "gets: the ringed ones a gradient, the others 0."
        ),
        caption="Where the gradients that come back from the pooled map arrive.",
    )
