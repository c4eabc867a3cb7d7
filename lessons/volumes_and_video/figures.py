"""Figures on volumes and video: blocks, slices, silhouettes, a kernel in depth, space and time.

A solid is a bool array with axes x, y and z, z up. It is drawn as seen from the right, the front
and above: in the picture x runs down to the right, y up to the right.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import NDArray

from lessons import ORDER
from utils.neurons import sigmoid
from utils.plots import OKABE_ITO, PIXELS, Picture
from utils.widgets import Described, flipbook

BLOCK = "#9fc6e0"
CUT = OKABE_ITO["orange"]
EDGE = "0.25"
PLANE_COLORS = ("white", "#d3e4f0", CUT)
"""Nothing, the silhouette, the slice."""
TOWARD_US = (1, -1, 1)
"""The side of a cell that one sees, along each axis."""
SHADES = (0.62, 0.84, 1.0)
"""How bright the faces across x, y and z are."""
ACROSS = ("x", "y", "z")
SIDES = ("from the right", "from the front", "from above")
PLANES = (("y", "z"), ("x", "z"), ("x", "y"))
"""What runs to the right and up in a slice across x, y and z."""


class Faces(NamedTuple):
    """The faces of a solid that one may see, the farthest first.

    `corners` float64 of shape (n, 4, 2), to the right and up; `axis` and `cells`, of shapes (n,)
    and (n, 3), say across which axis a face lies, and to which cell it belongs.
    """

    corners: NDArray[np.float64]
    axis: NDArray[np.int64]
    cells: NDArray[np.int64]


def projected(points: NDArray) -> NDArray[np.float64]:
    """Points (..., 3) in space as points (..., 2) on paper: isometric, a unit of z is a unit up."""
    x, y, z = np.moveaxis(np.asarray(points, float), -1, 0)
    return np.stack([np.sqrt(0.75) * (x + y), z + (y - x) / 2], axis=-1)


def faces(solid: NDArray) -> Faces:
    """The faces of the filled cells that nothing touches on the side toward us.

    Painted in this order, near ones cover far ones.

    Args:
        solid: bool, shape (X, Y, Z).
    """
    solid = np.asarray(solid, bool)
    walled = np.pad(solid, 1)
    corners, axes, cells = [], [], []
    for axis, toward in enumerate(TOWARD_US):
        neighbor = np.roll(walled, -toward, axis)[1:-1, 1:-1, 1:-1]
        free = np.argwhere(solid & ~neighbor)
        corners.append(projected(free[:, None, :] + _square(axis, toward)))
        axes.append(np.full(len(free), axis))
        cells.append(free)
    order = np.argsort(np.concatenate(cells) @ TOWARD_US, kind="stable")
    return Faces(*(np.concatenate(parts)[order] for parts in (corners, axes, cells)))


def box(points: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lower left and the upper right end of points (..., 2) on paper."""
    flat = points.reshape(-1, 2)
    return flat.min(axis=0), flat.max(axis=0)


def _square(axis: int, toward: int) -> NDArray:
    """The corners of the unit cube's face across an axis, around, shape (4, 3)."""
    around = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    return np.insert(around, axis, int(toward > 0), axis=1)


def cut_open(solid: NDArray, axis: int, index: int) -> NDArray[np.bool_]:
    """What is left of a solid when all in front of slice `index` across `axis` is taken away."""
    rest = np.array(solid, bool)
    gone = [slice(None)] * 3
    gone[axis] = slice(index + 1, None) if TOWARD_US[axis] > 0 else slice(0, index)
    rest[tuple(gone)] = False
    return rest


def shaded(shown: Faces, cut: tuple[int, int] | None = None) -> NDArray[np.float64]:
    """A color for every face, 0..1, shape (n, 3); the slice (axis, index) in another color."""
    colors = np.tile(to_rgb(BLOCK), (len(shown.axis), 1))
    if cut is not None:
        colors[shown.cells[:, cut[0]] == cut[1]] = to_rgb(CUT)
    return colors * np.array(SHADES)[shown.axis][:, None]


def _solid(
    axes: Axes, solid: NDArray, cut: tuple[int, int] | None = None, offset: Sequence[float] = (0, 0)
) -> None:
    """Draw blocks, cut open at a slice (axis, index) or whole, with room for the whole grid."""
    shown = faces(solid if cut is None else cut_open(solid, *cut))
    many, colors = max(solid.shape) > 8, shaded(shown, cut)
    blocks = PolyCollection(
        shown.corners + offset,
        facecolors=colors,
        edgecolors=0.75 * colors if many else EDGE,
        linewidths=0.4 if many else 1.5,
        antialiaseds=not many,
    )
    axes.add_collection(blocks)


def _frame(axes: Axes, points: NDArray) -> None:
    """Limits that hold points (..., 2) on paper."""
    (left, bottom), (right, top) = box(points)
    room = 0.03 * (right - left)
    axes.set(xlim=(left - room, right + room), ylim=(bottom - room, top + room), aspect="equal")
    axes.axis("off")


def plane(solid: NDArray, axis: int, index: int) -> NDArray[np.int64]:
    """A slice before the silhouette: 0 empty, 1 filled elsewhere along the axis, 2 in the slice.

    Shape (n, m): what runs to the right in the picture, and what runs up.
    """
    return np.where(solid.take(index, axis=axis), 2, solid.max(axis=axis).astype(int))


def _plane(axes: Axes, cells: NDArray, axis: int, colors: Sequence[str] = PLANE_COLORS) -> None:
    """Whole numbers (n, m) as colors, the first axis to the right and the second up."""
    picture = np.array([to_rgb(color) for color in colors])[cells.T.astype(int)]
    axes.imshow(picture, origin="lower")
    right, up = PLANES[axis]
    axes.set(xticks=[], yticks=[])
    axes.set_xlabel(f"{right} →")
    axes.set_ylabel(f"{up} →")
    axes.spines[:].set(visible=True, color="0.6")


# ---- Solids --------------------------------------------------------------------------------------


def _filled(solid: NDArray) -> list[str]:
    """How many cells of each silhouette are filled, in words."""
    for_axis = (solid.max(axis=axis) for axis in range(3))
    return [f"{side} {s.sum()} of {s.size} cells" for side, s in zip(SIDES, for_axis, strict=True)]


def silhouettes(solid: NDArray) -> Picture:
    """What a solid hides of a lamp behind it, from three sides."""
    figure, panels = plt.subplots(1, 3, figsize=(9, 3.4))
    for axis, (axes, title) in enumerate(zip(panels, SIDES, strict=True)):
        _plane(axes, solid.max(axis=axis), axis, ("white", "black"))
        axes.set_title(title)
    return Picture(
        figure,
        alt=(f"Three silhouettes in black: {', '.join(_filled(solid))}."),
        caption="What a lamp behind the solid leaves on the wall, from three sides.",
    )


def blocks(solids: Mapping[str, NDArray]) -> Picture:
    """Solids at one scale (name: bool array), each with the number of its blocks."""
    titles = [f"{name}: {solid.sum()} blocks" for name, solid in solids.items()]
    return Picture(
        _solids([*solids.values()], titles, [None] * len(solids)),
        alt=f"Solids of blocks, seen from the right, the front and above. {', '.join(titles)}.",
        caption="The solids that threw the shadows.",
    )


def shadow_play(solid: NDArray) -> Picture:
    """A solid (S, S, S) between three walls, on each the shadow that it throws there."""
    figure, axes = plt.subplots(figsize=(7.9, 6.8))
    walls = [_wall(axes, solid, axis) for axis in range(3)]
    _solid(axes, solid)
    _frame(axes, np.concatenate(walls))
    return Picture(
        figure,
        alt=f"A solid between three walls, and its shadows on them: {', '.join(_filled(solid))}.",
        caption="One solid, and what three lamps make of it.",
    )


def _wall(axes: Axes, solid: NDArray, axis: int) -> NDArray:
    """Draw the wall that a lamp along an axis shines at, with the shadow; its corners on paper."""
    side = solid.shape[0]
    cells = np.insert(np.argwhere(solid.max(axis=axis)), axis, 0, axis=1)
    ends = _on_wall(side * _square(axis, -1), axis, side)
    shadow = _on_wall(cells[:, np.newaxis] + _square(axis, -1), axis, side)
    axes.add_collection(PolyCollection([ends], facecolors="0.94", edgecolors="0.6"))
    axes.add_collection(PolyCollection(shadow, facecolors="0.2", edgecolors="0.2"))
    (left, bottom), (right, top) = box(ends)
    height, where = (bottom, "top") if axis == 2 else (top, "bottom")
    axes.text((left + right) / 2, height, SIDES[axis], ha="center", va=where, size=15)
    return ends


def _on_wall(corners: NDArray, axis: int, side: int) -> NDArray[np.float64]:
    """Corners (..., 3), moved along an axis to the wall there, as points on paper."""
    moved = corners.astype(float)
    moved[..., axis] = -0.75 * side if TOWARD_US[axis] > 0 else 1.75 * side
    return projected(moved)


def shadows(wanted: Mapping[str, NDArray]) -> Picture:
    """Silhouettes by the side that they are seen from, one of SIDES."""
    figure, panels = plt.subplots(1, len(wanted), figsize=(3.6 * len(wanted), 3.9), squeeze=False)
    for axes, (side, cells) in zip(panels.flat, wanted.items(), strict=True):
        _plane(axes, cells, SIDES.index(side), ("white", "black"))
        axes.set_title(side)
    filled = [f"{side} {cells.sum()} of {cells.size} cells" for side, cells in wanted.items()]
    return Picture(
        figure,
        alt=f"Silhouettes in black: {', '.join(filled)}.",
        caption="Two shadows. Do they belong to one solid?",
    )


def named(solid: NDArray, classes: Sequence[str], probabilities: NDArray) -> Picture:
    """A solid, and how probable a network finds each class; the first three stand out."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), width_ratios=(1, 1.1))
    _solid(left, solid)
    _frame(left, faces(solid).corners)
    first = np.argsort(probabilities)[::-1][:3]
    colors = [CUT if number in first else "0.8" for number in range(len(classes))]
    right.barh(classes, probabilities, color=colors, edgecolor=EDGE)
    for number, share in enumerate(probabilities):
        weight = "bold" if number in first else "normal"
        right.text(share + 0.02, number, f"{share:.0%}", va="center", size=14, weight=weight)
    right.set(xlim=(0, 1.2), xticks=[])
    right.invert_yaxis()
    right.spines[["bottom", "left"]].set_visible(False)
    right.tick_params(length=0)
    said = [f"{name} {share:.0%}" for name, share in zip(classes, probabilities, strict=True)]
    return Picture(
        figure,
        alt=f"A solid of {solid.sum()} blocks, and what the network says: {', '.join(said)}.",
        caption="What the network says; its first three in bold.",
    )


def whole_and_open(solid: NDArray, axis: int, index: int) -> Picture:
    """A solid, and the same solid cut open at a slice."""
    return Picture(
        _solids([solid, solid], ["whole", "cut open"], [None, (axis, index)]),
        alt=(
            f"A solid of {solid.sum()} small blocks, whole, and cut open across {ACROSS[axis]} at "
            f"{index}: {solid.take(index, axis).sum()} of {solid.take(index, axis).size} cells of "
            "the slice are filled."
        ),
        caption="Points become cells, and a cut shows what is inside.",
    )


def _solids(
    solids: Sequence[NDArray], titles: Sequence[str], opened: Sequence[tuple[int, int] | None]
) -> Figure:
    """Solids at one scale, each whole or cut open at (axis, index)."""
    seen = np.concatenate([faces(solid).corners for solid in solids])
    wide, high = np.subtract(*box(seen)[::-1])
    size = (4.4 * len(solids), 4.4 * high / wide + 0.6)
    figure, panels = plt.subplots(1, len(solids), figsize=size, squeeze=False)
    for axes, solid, title, cut in zip(panels.flat, solids, titles, opened, strict=True):
        _solid(axes, solid, cut)
        _frame(axes, seen)
        axes.set_title(title, size=16)
    return figure


def gallery(solids: NDArray, names: Sequence[str], columns: int = 4) -> Picture:
    """Many solids of one grid (N, S, S, S) in rows, each with its name."""
    rows, wide, high = -(-len(solids) // columns), 1.5 * solids.shape[1], 1.5 * solids.shape[1]
    figure, axes = plt.subplots(figsize=(8.8, 2.3 * rows))
    for number, (solid, name) in enumerate(zip(solids, names, strict=True)):
        low, top = box(faces(solid).corners)
        middle = np.array([wide * (number % columns + 0.5), -high * (number // columns)])
        _solid(axes, solid, offset=middle - [(low[0] + top[0]) / 2, low[1]])
        axes.text(*(middle - [0, 2]), name, ha="center", va="top", size=15)
    axes.set(xlim=(0, wide * columns), ylim=(-high * (rows - 1) - 8, high - 4), aspect="equal")
    axes.axis("off")
    return Picture(
        figure,
        alt=(f"Solids made of small blocks: {', '.join(names)}."),
        caption="One solid of each class, turned at random.",
    )


def cuts(solid: NDArray, places: Sequence[int]) -> Picture:
    """A solid cut open across x, y and z at these places; below, the three slices."""
    figure, panels = plt.subplots(2, 3, figsize=(9.4, 5.9), height_ratios=(1.1, 1))
    for axis, ((above, below), index) in enumerate(zip(panels.T, places, strict=True)):
        _solid(above, solid, (axis, index))
        _frame(above, faces(solid).corners)
        above.set_title(f"cut across {ACROSS[axis]} at {index}")
        _plane(below, plane(solid, axis, index), axis)
    return Picture(
        figure,
        alt=(
            f"A solid cut open across x at {places[0]}, y at {places[1]} and z at {places[2]}; "
            "below, each slice in orange before the pale silhouette."
        ),
        caption="A slice shows one depth; the pale silhouette shows the outline of all.",
    )


def slice_pair(solids: Mapping[str, NDArray], axis: int, index: int) -> Picture:
    """The same slice of several solids (title: bool array)."""
    figure, panels = plt.subplots(1, len(solids), figsize=(4.4 * len(solids), 4.4), squeeze=False)
    for axes, (title, solid) in zip(panels.flat, solids.items(), strict=True):
        _plane(axes, plane(solid, axis, index), axis)
        axes.set_title(title)
    filled = [f"{title}, {s.take(index, axis).sum()} cells filled" for title, s in solids.items()]
    return Picture(
        figure,
        alt=f"The same slice, {ACROSS[axis]} = {index}, of several solids: {'; '.join(filled)}.",
        caption="The right slice shows what no silhouette does.",
    )


# ---- The kernel ----------------------------------------------------------------------------------


def depth_step(volume: NDArray, kernel: NDArray, result: NDArray, step: int) -> Picture:
    """One place of a kernel in a small volume: slices, kernel, products, and the output so far.

    Args:
        volume: whole numbers, shape (D, H, W), each side 4 or less.
        kernel: whole numbers, shape (kd, kh, kw).
        result: all outputs, shape (D', H', W').
        step: which output, counted depth by depth, row by row.
    """
    place = np.unravel_index(step, result.shape)
    window = tuple(slice(at, at + k) for at, k in zip(place, kernel.shape, strict=True))
    figure, axes = plt.subplots(figsize=(9.2, 4.4))
    high = max(volume.shape[1], kernel.shape[1])
    columns = len(volume), len(result)
    for depth, numbers in enumerate(volume):
        left = depth * (volume.shape[2] + 1)
        _table(axes, numbers, left, 0, "white")
        axes.text(left, -0.35, f"depth {depth}", size=14)
        if window[0].start <= depth < window[0].stop:
            _window(axes, (left + place[2], place[1]), kernel.shape[1:])
            _table(axes, kernel[depth - place[0]], left + place[2], high + 1.1, CUT)
    axes.text(-0.3, high + 1.1 + kernel.shape[1] / 2, "kernel", ha="right", va="center", size=15)
    axes.text(-0.3, volume.shape[1] / 2, "volume", ha="right", va="center", size=15)
    start = columns[0] * (volume.shape[2] + 1) + 0.8
    for depth, numbers in enumerate(result):
        known = np.ravel_multi_index(np.indices(result.shape), result.shape)[depth] <= step
        left = start + depth * (result.shape[2] + 1)
        _table(axes, np.where(known, numbers, np.nan), left, 0, "white")
        axes.text(left, -0.35, f"output {depth}", size=14)
        if depth == place[0]:
            _window(axes, (left + place[2], place[1]), (1, 1))
    terms = zip(volume[window].ravel(), kernel.ravel(), strict=True)
    said = " + ".join(f"{value}·{_factor(weight)}" for value, weight in terms)
    bottom = high + kernel.shape[1] + 2.1
    total = f"{result[place]}".replace("-", "−")
    axes.text(-1.6, bottom, f"{said} = {total}", size=16, va="center")
    right = start + columns[1] * (result.shape[2] + 1) - 0.7
    axes.set(xlim=(-1.9, right), ylim=(bottom + 0.5, -1), aspect="equal")
    axes.axis("off")
    return Picture(
        figure,
        alt=(
            f"Slices of a volume side by side, a kernel of {_by(kernel.shape)} on them from depth "
            f"{place[0]}, row {place[1]}, column {place[2]} on. The products add up to {total}."
        ),
        caption="One window: the kernel reaches into the depth.",
    )


def depth_steps(volume: NDArray, kernel: NDArray, result: NDArray) -> Described:
    """A flipbook of all steps; arguments as in `depth_step`."""
    text = (
        f"Flipbook of {result.size} pages: a kernel of {_by(kernel.shape)} in a volume of "
        f"{_by(volume.shape)}. It goes right, down, then one slice deeper; the products and the "
        "output so far below and beside it."
    )
    return flipbook(
        lambda step: depth_step(volume, kernel, result, step).figure,
        range(result.size),
        text,
        label="window",
        interval=900,
    )


def _by(shape: Sequence[int]) -> str:
    return " by ".join(map(str, shape))


def _factor(weight: int) -> str:
    return f"{weight}" if weight >= 0 else f"(−{-weight})"


def _table(axes: Axes, numbers: NDArray, left: float, top: float, color: str) -> None:
    """Numbers in cells, none where there is NaN."""
    for (row, column), number in np.ndenumerate(numbers):
        axes.add_patch(Rectangle((left + column, top + row), 1, 1, fc=color, ec="0.5", lw=1.5))
        if not np.isnan(number):
            text = f"{int(number)}".replace("-", "−")
            middle = left + column + 0.5, top + row + 0.53
            axes.text(*middle, text, ha="center", va="center", size=17)


def _window(axes: Axes, corner: tuple[float, float], size: Sequence[int]) -> None:
    style = {"fill": False, "ec": OKABE_ITO["vermillion"], "lw": 4.5, "zorder": 3}
    axes.add_patch(Rectangle(corner, size[1], size[0], **style))


def two_kinds_of_depth() -> Picture:
    """A kernel as deep as a color picture slides along two axes; in a volume, along three."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 4.2))
    kinds = (
        ("a color picture, 6 × 6 × 3\ntwo ways, a map of 4 × 4", 3, 2),
        ("a volume, 6 × 6 × 6\nthree ways, a volume of 4 × 4 × 4", 6, 3),
    )
    for axes, (title, depth, ways) in zip(panels, kinds, strict=True):
        grid, kernel = np.ones((6, depth, 6), bool), np.zeros((6, depth, 6), bool)
        kernel[:3, :3, 3:] = True
        shown = faces(grid)
        colors = shaded(shown)
        taken = kernel[tuple(shown.cells.T)]
        colors[taken] = to_rgb(CUT) * np.array(SHADES)[shown.axis[taken]][:, None]
        cells = PolyCollection(
            shown.corners, facecolors=colors, edgecolors=EDGE, linewidths=1.2, antialiaseds=False
        )
        axes.add_collection(cells)
        starts = (((3, 0, 4.5), (5.4, 0, 4.5)), ((1.5, 0, 3), (1.5, 0, 0.6)))
        for start, end in (*starts, ((1.5, 3, 6), (1.5, 5.4, 6)))[:ways]:
            _arrow(axes, projected(np.array(start)), projected(np.array(end)))
        _frame(axes, projected(6 * np.array(list(np.ndindex(2, 2, 2)))))
        axes.set_title(title, size=15)
    return Picture(
        figure,
        alt=(
            "Left: a block of 6 by 6 by 3 with a kernel of 3 by 3 by 3 in it and two arrows, "
            "right and down. Right: a block of 6 by 6 by 6 with the same kernel and three "
            "arrows: right, down and into the depth."
        ),
        caption="Over colors a kernel slides two ways, in a volume three.",
    )


def _arrow(axes: Axes, start: NDArray, end: NDArray) -> None:
    style = {"arrowstyle": "-|>,head_length=9,head_width=6", "lw": 4.5, "color": "black"}
    axes.add_patch(FancyArrowPatch(start, end, shrinkA=0, shrinkB=0, zorder=4, **style))


# ---- Video ---------------------------------------------------------------------------------------


def filmstrips(clips: Mapping[str, NDArray]) -> Picture:
    """Clips (title: frames of shape (T, H, W), 0..1) as rows of frames."""
    count = max(map(len, clips.values()))
    figure, panels = plt.subplots(len(clips), 1, figsize=(10, 2.05 * len(clips)), squeeze=False)
    for axes, (title, clip) in zip(panels.flat, clips.items(), strict=True):
        wide = clip.shape[2] + 2
        sheet = np.full((clip.shape[1], wide * count - 2), np.nan)
        for time, frame in enumerate(clip):
            sheet[:, time * wide : time * wide + clip.shape[2]] = frame
        axes.imshow(sheet, cmap=PIXELS, vmin=0, vmax=1)
        middle = (clip.shape[2] - 1) / 2
        times = range(count)
        axes.set_xticks([t * wide + middle for t in times], [f"t = {t}" for t in times])
        axes.set_title(title, loc="left")
        axes.set_yticks([])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    return Picture(
        figure,
        alt=f"Film strips of {count} frames each, side by side in time: {'; '.join(clips)}.",
        caption="Which single frame would tell you the direction?",
    )


def space_time(clips: Mapping[str, NDArray], row: int) -> Picture:
    """One row of pixels of each clip (title: frames (T, H, W)), a line of it for every frame."""
    figure, panels = plt.subplots(1, len(clips), figsize=(4.8 * len(clips), 3.0), squeeze=False)
    for axes, (title, clip) in zip(panels.flat, clips.items(), strict=True):
        axes.imshow(clip[:, row], cmap=PIXELS, vmin=0, vmax=1)
        axes.set(xlabel="x →", yticks=range(len(clip)), xticks=[])
        axes.set_title(title)
    panels[0, 0].set_ylabel("time t, downward")
    return Picture(
        figure,
        alt=(
            f"Row {row} of every frame, the frames below each other, so that a spot draws a line "
            f"through time. {'; '.join(clips)}."
        ),
        caption="A spot draws a line through space and time.",
    )


# ---- The line of thought -------------------------------------------------------------------------


def line_of_thought() -> Picture:
    """From a fitted line to a 3-D network: six stations, what each adds, formula and lesson."""
    stations = (
        ("a line", "y = w x + b", "linear_regression", _line_station),
        ("logistic", "σ(w x + b)", "logistic_regression", _logistic_station),
        ("perceptron", "step(w · x + b)", "perceptron", _perceptron_station),
        (
            "multilayer perceptron",
            "W₂ ReLU(W₁ x + b₁) + b₂",
            "multilayer_perceptron",
            _layers_station,
        ),
        ("2-D CNN", "kernel (kh, kw, C, N)", "convolutional_networks", _flat_station),
        ("3-D CNN", "kernel (kd, kh, kw, C, N)", "volumes_and_video", _deep_station),
    )
    sliding = "slide along\ntwo axes", "slide along\na third"
    steps = ("bend it", "many\ninputs", "stack\nlayers", *sliding)
    figure, panels = plt.subplots(2, 3, figsize=(10.8, 6.7))
    for number, (axes, (name, formula, lesson, draw)) in enumerate(
        zip(panels.flat, stations, strict=True)
    ):
        draw(axes)
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color="0.75", lw=1.5)
        axes.set_title(f"{number + 1}. {name}", weight="bold", size=16)
        axes.set_xlabel(f"{formula}\nlesson {ORDER.index(lesson):02}", size=13.5)
        if number:
            _station_arrow(axes, steps[number - 1])
    return Picture(
        figure,
        alt=(
            "Six stations joined by arrows. A line; bend it: a logistic curve; many inputs: a "
            "perceptron; stack layers: a multilayer perceptron; slide along two axes: a 2-D "
            "CNN; slide along a third: a 3-D CNN."
        ),
        caption="One line of thought, from a fitted line to a 3-D network.",
    )


def _station_arrow(axes: Axes, words: str) -> None:
    """What this station adds to the one before, on an arrow to its left."""
    style = {"arrowstyle": "-|>,head_length=9,head_width=6", "lw": 4, "color": CUT}
    arrow = FancyArrowPatch((-0.46, 0.5), (-0.06, 0.5), clip_on=False, **style)
    axes.add_patch(arrow)
    axes.text(-0.27, 0.57, words, ha="center", va="bottom", size=14)


def _line_station(axes: Axes) -> None:
    x = np.linspace(0.12, 0.88, 9)
    y = 0.15 + 0.7 * x + 0.07 * np.array([1, -1.2, 0.3, 1, -0.8, 0.9, -1, 0.4, -0.3])
    axes.plot([0.05, 0.95], [0.185, 0.815], color=OKABE_ITO["vermillion"], lw=4)
    axes.plot(x, y, "o", color=OKABE_ITO["blue"], ms=9)


def _logistic_station(axes: Axes) -> None:
    x = np.linspace(0.05, 0.95, 200)
    axes.plot(x, 0.15 + 0.7 * sigmoid(16 * (x - 0.5)), color=OKABE_ITO["vermillion"], lw=4)
    axes.plot([0.1, 0.2, 0.3, 0.42, 0.57], [0.15] * 5, "o", color=OKABE_ITO["blue"], ms=9)
    axes.plot([0.46, 0.62, 0.72, 0.82, 0.9], [0.85] * 5, "s", color=OKABE_ITO["green"], ms=9)


def _units(axes: Axes, columns: Sequence[tuple[float, int]], ms: float) -> None:
    """Columns of units (x, count), every unit joined to all of the column before."""
    heights = [np.linspace(0.5, -0.5, n) * 0.19 * n + 0.5 if n > 1 else [0.5] for _, n in columns]
    ends = pairwise([x for x, _ in columns])
    for (before, after), (x0, x1) in zip(pairwise(heights), ends, strict=True):
        for y0, y1 in product(before, after):
            axes.plot([x0, x1], [y0, y1], color="0.55", lw=1.5, zorder=1)
    for number, ((x, _), column) in enumerate(zip(columns, heights, strict=True)):
        color = OKABE_ITO["sky"] if number == 0 else CUT
        axes.plot([x] * len(column), column, "o", color=color, mec="black", ms=ms, mew=1.5)


def _perceptron_station(axes: Axes) -> None:
    _units(axes, ((0.22, 4), (0.66, 1)), 20)
    axes.plot([0.78, 0.855, 0.855, 0.93], [0.44, 0.44, 0.56, 0.56], color="black", lw=3)


def _layers_station(axes: Axes) -> None:
    _units(axes, ((0.16, 4), (0.5, 3), (0.84, 2)), 18)


def _flat_station(axes: Axes) -> None:
    _sheet(axes, (6, 1, 6), 0.098, (0.2, 0.32))


def _deep_station(axes: Axes) -> None:
    _sheet(axes, (6, 6, 6), 0.077, (0.1, 0.27))


def _sheet(axes: Axes, shape: tuple[int, int, int], scale: float, at: tuple[float, float]) -> None:
    """A picture (one cell deep) or a volume, a kernel's window in it, and where the window goes."""
    shown = faces(np.ones(shape, bool))
    taken = (shown.cells[:, 0] < 3) & (shown.cells[:, 1] < 3) & (shown.cells[:, 2] > 2)
    colors = shaded(shown)
    colors[taken] = to_rgb(CUT) * np.array(SHADES)[shown.axis[taken]][:, None]
    corners = shown.corners * scale + at
    axes.add_collection(
        PolyCollection(
            corners, facecolors=colors, edgecolors=EDGE, linewidths=1, antialiaseds=False
        )
    )
    ways = [((3, 0, 4.5), (5.6, 0, 4.5)), ((1.5, 0, 3), (1.5, 0, 0.4))]
    if shape[1] > 1:
        ways.append(((1.5, 3, 6), (1.5, 5.6, 6)))
    for start, end in ways:
        _arrow(axes, *(projected(np.array(point)) * scale + at for point in (start, end)))
