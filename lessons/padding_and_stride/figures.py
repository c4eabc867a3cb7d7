"""Figures on sizes: windows walking along an axis, padding, stride, dilation, receptive fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from utils.convolution import correlate2d
from utils.plots import MAGNITUDE, OKABE_ITO, PIXELS, SIGNED, Picture, numbers
from utils.widgets import Described, flipbook

TAP = OKABE_ITO["blue"]
LOST = OKABE_ITO["vermillion"]
PADDED = "0.86"
HALO = [withStroke(linewidth=4, foreground=PADDED)]
"""Keeps a number readable on a hatched cell."""


POINTS = {
    ("k",): "A window may start wherever the whole kernel still fits.",
    ("before", "after"): "Padding makes room: one more cell on each side, two more windows.",
    ("n", "s"): "Count the jumps: what is left over at the end is in no window.",
    ("d",): "Gaps let a kernel span more, and leave it fewer places.",
    ("s",): "One kernel, several strides: which cells does no window meet?",
    ("before",): "As many windows, in other places.",
}
"""What a picture of several walks is there for, by what differs between them."""


@dataclass(frozen=True)
class Walk:
    """A kernel walking along one axis of its input.

    Args:
        n: pixels of the input, 1 or more.
        k: weights of the kernel, 1 or more.
        before, after: padded cells at the beginning and at the end, 0 or more.
        s: stride, 1 or more.
        d: dilation, 1 or more.
    """

    n: int
    k: int
    before: int = 0
    after: int = 0
    s: int = 1
    d: int = 1

    @property
    def width(self) -> int:
        """Cells of the padded input."""
        return self.before + self.n + self.after

    @property
    def span(self) -> int:
        """Cells from the first weight of the kernel to its last, both included."""
        return self.d * (self.k - 1) + 1

    @property
    def starts(self) -> range:
        """Where the windows begin, counted in padded cells; empty if the kernel does not fit."""
        return range(0, self.width - self.span + 1, self.s)

    def taps(self, start: int) -> range:
        """The padded cells that meet a weight of the window that begins at `start`."""
        return range(start, start + self.span, self.d)

    @property
    def missed(self) -> list[int]:
        """The padded cells that no weight of any window meets."""
        met = {cell for start in self.starts for cell in self.taps(start)}
        return [cell for cell in range(self.width) if cell not in met]

    def is_padding(self, cell: int) -> bool:
        """Whether a padded cell lies outside of the input."""
        return not self.before <= cell < self.before + self.n


def walks(panels: Mapping[str, Walk]) -> Picture:
    """One panel a walk (title: walk): the input below, the output above, and the cones between.

    Lines lead from the weights of each window to the number that it gives; those of the first and
    the last window are filled. Pixels are counted from 0. Padded cells are gray and hold a 0, cells
    that no window meets are hatched.
    """
    cells = sum(walk.width + 1 for walk in panels.values())
    unit = min(0.5, 11 / cells)
    figure, row = plt.subplots(
        1,
        len(panels),
        figsize=(unit * cells, unit * 6 + 0.8),
        width_ratios=[walk.width + 1 for walk in panels.values()],
        squeeze=False,
    )
    for axes, (title, walk) in zip(row.flat, panels.items(), strict=True):
        _walk(axes, walk)
        axes.set_title(title)
        axes.set(xlim=(-0.7, walk.width - 0.3), ylim=(1.3, -4.7), aspect="equal")
        axes.axis("off")
    differing = tuple(
        field.name
        for field in fields(Walk)
        if len({getattr(walk, field.name) for walk in panels.values()}) > 1
    )
    return Picture(
        figure,
        alt=f"Cells, and above them the output. {' '.join(map(_told, panels, panels.values()))}",
        caption=POINTS.get(differing, "Each number above comes from one window below."),
    )


def _told(title: str, walk: Walk) -> str:
    """A walk in words."""
    padded = walk.before + walk.after
    words = f"{title}: {walk.width} cells{f' ({padded} padded)' * bool(padded)}"
    return f"{words}, {len(walk.starts)} windows that span {walk.span}, {len(walk.missed)} in none."


def _walk(axes: Axes, walk: Walk) -> None:
    for cell in range(walk.width):
        padded = walk.is_padding(cell)
        _cell(axes, cell, 0, PADDED if padded else "white", lost=cell in walk.missed)
        if padded:
            axes.text(cell, 0, "0", ha="center", va="center", fontsize=12, path_effects=HALO)
        else:
            name = f"{cell - walk.before}"
            axes.text(cell, 0.6, name, ha="center", va="top", fontsize=12, color="0.35")
    for number, start in enumerate(walk.starts):
        middle = start + (walk.span - 1) / 2
        ends = start in (walk.starts[0], walk.starts[-1])
        if ends:
            left, right = start - 0.5, start + walk.span - 0.5
            cone = [(left, -0.5), (right, -0.5), (middle + 0.4, -3.2), (middle - 0.4, -3.2)]
            axes.add_patch(Polygon(cone, fc=OKABE_ITO["sky"], alpha=0.35, ec="none", zorder=0))
        for tap in walk.taps(start):
            look = {"color": TAP, "lw": 2.2} if ends else {"color": "0.7", "lw": 1}
            axes.plot([tap, middle], [-0.5, -3.2], zorder=2 if ends else 1, **look)
        axes.add_patch(
            Rectangle((middle - 0.4, -4), 0.8, 0.8, fc=OKABE_ITO["yellow"], ec="black", lw=1.2)
        )
        axes.text(middle, -3.6, f"{number + 1}", ha="center", va="center", fontsize=12)


def _cell(axes: Axes, x: float, y: float, color: str, lost: bool = False) -> None:
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fc=color, ec="black", lw=1.2))
    if lost:
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, ec=LOST, hatch="//", lw=0))


def window_counts(panels: Mapping[str, NDArray]) -> Picture:
    """In how many windows each pixel takes part (title: whole numbers, shape (H, W))."""
    return _counts(panels, "windows", "In how many windows does each pixel take part?")


def path_counts(panels: Mapping[str, NDArray]) -> Picture:
    """On how many paths each pixel reaches a unit (title: whole numbers, shape (H, W))."""
    return _counts(panels, "paths", "On how many paths does each pixel reach the middle unit?")


def _counts(panels: Mapping[str, NDArray], what: str, caption: str) -> Picture:
    """Whole numbers, 0 or more, in colored cells; a 0 leaves its cell white."""
    figure, row = plt.subplots(1, len(panels), figsize=(3.6 * len(panels), 3.9), squeeze=False)
    told = []
    for axes, (title, counts) in zip(row.flat, panels.items(), strict=True):
        most = counts.max()
        axes.imshow(np.ma.masked_equal(counts, 0), MAGNITUDE, vmin=0, vmax=most)
        numbers(axes, counts)
        for text, count in zip(axes.texts, counts.flat, strict=True):
            text.set(visible=bool(count), color="black" if count > 0.6 * most else "white")
        axes.set_title(title)
        middle = counts[len(counts) // 2, counts.shape[1] // 2]
        told.append(f"{title}: {counts[0, 0]} in the corner, {middle} in the middle.")
    height, width = next(iter(panels.values())).shape
    alt = f"Tables of {height} by {width} counts of {what}. {' '.join(told)}"
    return Picture(figure, alt, caption)


def two_tables(tables: Mapping[str, NDArray]) -> Picture:
    """Two tables of one shape (title: whole numbers), framed where they agree."""
    (first, second), titles = tables.values(), list(tables)
    figure, panels = plt.subplots(1, 2, figsize=(9, 4.4))
    agree = first == second
    for axes, (title, table) in zip(panels, tables.items(), strict=True):
        numbers(axes, table, mark=agree)
        for text in axes.texts:
            text.set_fontsize(22)
        axes.set_title(title)
    corners = f"{first[0, 0]} and {second[0, 0]}"
    return Picture(
        figure,
        alt=(
            f"Two tables of {first.shape[0]} by {first.shape[1]} numbers, {titles[0]} and "
            f"{titles[1]}: {agree.sum()} of {agree.size} numbers agree; in the top left corner "
            f"stand {corners}."
        ),
        caption="The same input, kernel, stride and shape: the same numbers?",
    )


def borders(padded: Mapping[str, NDArray], responses: Sequence[NDArray], width: int) -> Picture:
    """A photograph padded in several ways, and what a filter answers to each.

    Args:
        padded: title -> gray pixels, shape (H, W), with `width` padded pixels on every side.
        responses: signed, one for each, shape (H', W').
        width: of the padding; a dashed frame shows where the photograph ends.
    """
    figure, panels = plt.subplots(2, len(padded), figsize=(3.1 * len(padded), 6.4))
    told = []
    limit = np.percentile(np.abs(responses[0]), 98)
    for (top, bottom), (title, pixels), response in zip(
        panels.T, padded.items(), responses, strict=True
    ):
        top.imshow(pixels, PIXELS, vmin=0, vmax=255)
        height, length = pixels.shape
        frame = (width - 0.5, width - 0.5), length - 2 * width, height - 2 * width
        top.add_patch(Rectangle(*frame, fill=False, ec=OKABE_ITO["yellow"], ls="--", lw=2.5))
        top.set_title(title)
        bottom.imshow(response, SIGNED, vmin=-limit, vmax=limit)
        told.append(f"{title} {np.abs(response[:, width - 2 : width]).mean():.0f}")
    for axes in panels.flat:
        axes.axis("off")
    return Picture(
        figure,
        alt=(
            "A photograph with several margins, and below each what a filter answers. How strong "
            f"the answers are at the left border, on average: {', '.join(told)}."
        ),
        caption="What stands beyond the border is invented: what does the filter make of it?",
    )


def strided_step(image: NDArray, kernel: NDArray, padding: int, stride: int, step: int) -> Picture:
    """The window on the padded image, and the output so far.

    Args:
        image, kernel: whole numbers, of shape (H, W) and (kh, kw).
        padding: zeros on each side, drawn as gray cells.
        stride: step of the window; rows and columns that it never reaches are hatched.
        step: how many windows came before this one, counted row by row.
    """
    padded = np.pad(image, padding)
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)[::stride, ::stride]
    sums = (windows * kernel).sum(axis=(2, 3))
    i, j = divmod(step, sums.shape[1])
    top, left = i * stride, j * stride
    figure, (before, after) = plt.subplots(1, 2, figsize=(9, 5.2), width_ratios=(8, 4.6))
    numbers(before, padded)
    used = [
        (count - 1) * stride + side for count, side in zip(sums.shape, kernel.shape, strict=True)
    ]
    for (row, column), text in zip(np.ndindex(padded.shape), before.texts, strict=True):
        inside = all(
            padding <= at < padding + n for at, n in zip((row, column), image.shape, strict=True)
        )
        lost = row >= used[0] or column >= used[1]
        _cell(before, column, row, "white" if inside else PADDED, lost)
        text.set_path_effects([] if inside else HALO)
    corner, (height, width) = (left - 0.5, top - 0.5), kernel.shape
    frame = {"fill": False, "ec": TAP, "lw": 5, "zorder": 3, "clip_on": False}
    before.add_patch(Rectangle(corner, width, height, **frame))
    before.set_title(f"window from row {top}, column {left}")
    numbers(after, sums)
    for place, text in enumerate(after.texts):
        text.set_visible(place <= step)
    after.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, **frame))
    after.set_title(f"output {step + 1} of {sums.size}: {sums[i, j]}")
    return Picture(
        figure,
        alt=(
            f"A picture of {len(image)} by {image.shape[1]} numbers with padding {padding}, "
            f"the window from row {top}, column {left}, and the first {step + 1} of "
            f"{sums.size} numbers of the output: "
            f"{', '.join(map(str, sums.flat[: step + 1]))}."
        ),
        caption="The window walks over the padded picture; hatched cells are never reached.",
    )


def strided_book(image: NDArray, kernel: NDArray, padding: int, stride: int) -> Described:
    """A flipbook of all pages of `strided_step`."""
    count = correlate2d(image, kernel, padding, stride).size
    (h, w), (kh, kw) = image.shape, kernel.shape
    return flipbook(
        lambda step: strided_step(image, kernel, padding, stride, step).figure,
        range(count),
        f"Flipbook of {count} pages: a window of {kh} by {kw} walks with stride {stride} over a "
        f"picture of {h} by {w} with padding {padding}; the output fills up.",
        label="page",
    )


def dilations(kernel: NDArray, responses: Mapping[int, NDArray]) -> Picture:
    """A kernel spread out by several dilations, and what each makes of a photograph.

    Args:
        kernel: shape (kh, kw), numbers of one digit.
        responses: dilation -> signed response, shape (H', W').
    """
    figure, panels = plt.subplots(
        2, len(responses), figsize=(3.3 * len(responses), 6.2), height_ratios=(1, 1.25)
    )
    side = max(responses) * (max(kernel.shape) - 1) + 1
    for (top, bottom), (dilation, response) in zip(panels.T, responses.items(), strict=True):
        span = [dilation * (k - 1) + 1 for k in kernel.shape]
        offset = (side - span[0]) // 2, (side - span[1]) // 2
        for row, column in np.ndindex(*span):
            tap = row % dilation == column % dilation == 0
            x, y = column + offset[1], row + offset[0]
            _cell(top, x, y, TAP if tap else "white")
            if tap:
                weight = f"{kernel[row // dilation, column // dilation]:g}".replace("-", "−")
                top.text(x, y, weight, ha="center", va="center", color="white", fontsize=12)
        top.set(xlim=(-0.6, side - 0.4), ylim=(side - 0.4, -0.6), aspect="equal")
        top.set_title(f"dilation {dilation}: spans {span[1]}")
        limit = np.percentile(np.abs(response), 99)
        bottom.imshow(response, SIGNED, vmin=-limit, vmax=limit)
        top.axis("off")
        bottom.axis("off")
    return Picture(
        figure,
        alt=(
            f"A kernel of {kernel.shape[0]} by {kernel.shape[1]} weights, pulled apart by "
            f"dilations of {', '.join(map(str, responses))}, and below each its answers on the "
            "same photograph."
        ),
        caption="The same weights, pulled apart: what do they answer now?",
    )


def receptive_fields(stacks: Mapping[str, Sequence[tuple[int, int]]]) -> Picture:
    """One panel a stack of layers (title: (k, s) each): a unit on top and all that it sees below.

    Every row is a layer; a unit stands above the middle of its window.
    """
    pyramids = {title: _seen(layers) for title, layers in stacks.items()}
    widths = [len(rows[0]) + 2 for rows in pyramids.values()]
    told = (f"Kernels {title}: {len(rows[0])} pixels." for title, rows in pyramids.items())
    deepest = max(len(layers) for layers in stacks.values())
    figure, panels = plt.subplots(
        1, len(stacks), figsize=(0.5 * sum(widths), 1.1 * deepest + 1.6), width_ratios=widths,
        squeeze=False,
    )  # fmt: skip
    for axes, (title, rows), layers, width in zip(
        panels.flat, pyramids.items(), stacks.values(), widths, strict=True
    ):
        for level, centers in enumerate(rows):
            for center in centers:
                _cell(axes, center, -2 * level, OKABE_ITO["sky"] if level else OKABE_ITO["yellow"])
        for level, (k, s) in enumerate(layers):
            for unit, center in enumerate(rows[level + 1]):
                for tap in range(unit * s, unit * s + k):
                    ends = [center, rows[level][tap]], [-2 * level - 1.5, -2 * level - 0.5]
                    axes.plot(*ends, color="0.45", lw=1.2, zorder=0)
        middle = (len(rows[0]) - 1) / 2
        axes.text(middle, 1.1, f"{len(rows[0])} pixels", ha="center", va="center", fontsize=14)
        axes.set_title(title)
        axes.set(xlim=(middle - width / 2, middle + width / 2), ylim=(1.6, -2 * deepest - 0.8))
        axes.set_aspect("equal")
        axes.axis("off")
    return Picture(
        figure,
        alt=f"Pyramids from one unit down to the pixels that it sees. {' '.join(told)}",
        caption="Look down from one unit: these pixels are all that it sees.",
    )


def _seen(layers: Sequence[tuple[int, int]]) -> list[list[float]]:
    """Where the units that one unit on top depends on stand: a list of centers a row, input first.

    Positions are in pixels; the first pixel seen is 0.
    """
    counts = [1]
    for k, s in reversed(layers):
        counts.append((counts[-1] - 1) * s + k)
    rows = [list(map(float, range(counts[-1])))]
    for (k, s), count in zip(layers, reversed(counts[:-1]), strict=True):
        below = rows[-1]
        rows.append([(below[u * s] + below[u * s + k - 1]) / 2 for u in range(count)])
    return rows
