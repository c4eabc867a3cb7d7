"""Figures on where a network looks: maps over pictures, and whom a network fails."""

import math
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray
from PIL import Image

from utils.plots import MAGNITUDE, OKABE_ITO, SIGNED, Picture, framed
from utils.widgets import Described, flipbook

LIGHT = to_rgb("#FF7A00")
"""The color of a map, the stronger the higher it is; where it is 0, nothing is drawn."""
STRENGTH = 0.85
"""How much of the picture a map covers at its limit."""
LUMINANCE = (0.299, 0.587, 0.114)
GLOW = LinearSegmentedColormap.from_list("glow", [(*LIGHT, 0), (*LIGHT, STRENGTH)])
"""The colors of a map, from clear to strong."""


def overlay(axes: Axes, image: NDArray, heat: NDArray, limit: float) -> None:
    """Draw a picture in gray, a map over it, and a line around what is above half of the limit.

    Args:
        axes: where.
        image: 0..255, shape (H, W, 3).
        heat: any size, stretched smoothly over the picture; what is below 0 counts as 0.
        limit: the value of the strongest color, above 0.
    """
    size = (image.shape[1], image.shape[0])
    floats = Image.fromarray(np.asarray(heat, np.float32))
    stretched = np.maximum(np.asarray(floats.resize(size, Image.Resampling.BILINEAR)), 0)
    gray = np.asarray(image, float) @ LUMINANCE
    axes.imshow(gray, cmap="gray", vmin=0, vmax=255, interpolation="bicubic")
    axes.imshow(stretched, cmap=GLOW, vmin=0, vmax=limit, interpolation="bilinear")
    if stretched.max() > limit / 2 > stretched.min():
        for color, width in (("black", 3), ("white", 1.5)):
            axes.contour(stretched, levels=[limit / 2], colors=color, linewidths=width)
    framed(axes)


def _show(axes: Axes, image: NDArray) -> None:
    axes.imshow(image, interpolation="bicubic")
    framed(axes)


def hidden_copies(photo: NDArray, whole: float, copies: NDArray, scores: NDArray) -> Picture:
    """A picture, and copies with a part hidden, as the parts lie; each with its score.

    Args:
        photo: 0..255, shape (H, W, 3).
        whole: the probability of its class.
        copies: 0..255, shape (n * n, H, W, 3).
        scores: probabilities, shape (n * n,).
    """
    side = math.isqrt(len(copies))
    figure = plt.figure(figsize=(7.0, 4.1))
    left, right = figure.subfigures(1, 2, width_ratios=(1, 1.35))
    axes = left.subplots()
    _show(axes, photo)
    axes.set_title(f"whole: {whole:.0%}")
    for axes, copy, score in zip(right.subplots(side, side).flat, copies, scores, strict=True):
        _show(axes, copy)
        fell = score < whole / 2
        color = OKABE_ITO["vermillion"] if fell else "black"
        axes.set_title(f"{score:.0%}", color=color, weight="bold" if fell else "normal")
    return Picture(
        figure,
        alt=(
            f"A picture, and {len(copies)} copies with a gray square in another place each. "
            f"Probability of its class: {whole:.0%} whole; row by row, "
            f"{', '.join(f'{score:.0%}' for score in scores)}."
        ),
        caption="Hide a part and ask again: how sure is it still?",
    )


Maps = Sequence[NDArray]


def two_instruments(images: Maps, heats: Mapping[str, Maps], titles: Sequence[str]) -> Picture:
    """Maps of two kinds; arguments as in `maps_over_pictures`."""
    caption = "Two instruments, one question: where does the network look?"
    return maps_over_pictures(images, heats, titles, caption, originals=False)


def before_and_after(images: Maps, heats: Mapping[str, Maps], titles: Sequence[str]) -> Picture:
    """Maps of two networks; arguments as in `maps_over_pictures`."""
    caption = "What spoke for the wrong answer, and what speaks for the right one now."
    return maps_over_pictures(images, heats, titles, caption)


def random_maps(images: Maps, heats: Maps, titles: Sequence[str]) -> Picture:
    """The map of a network that has learned nothing over each picture; see `maps_over_pictures`."""
    caption = "A network that knows nothing has maps, too."
    return maps_over_pictures(images, {"random": heats}, titles, caption, originals=False)


def looked_at(images: Maps, heats: Maps, titles: Sequence[str]) -> Picture:
    """The map of the answer over each photograph; see `maps_over_pictures`."""
    caption = "What spoke for each answer?"
    return maps_over_pictures(images, {"Grad-CAM": heats}, titles, caption, originals=False)


def maps_over_pictures(
    images: Maps,
    heats: Mapping[str, Maps],
    titles: Sequence[str],
    caption: str,
    originals: bool = True,
) -> Picture:
    """Pictures in a row, and below each its maps over it, each map in a scale of its own.

    Args:
        images: 0..255, shape (H, W, 3) each, all of one size.
        heats: by the name of a row, a map of any size for each picture; below 0 counts as 0.
        titles: above each picture.
        caption: what the figure is there for.
        originals: whether to draw the row of pictures as they are, in color.
    """
    count = originals + len(heats)
    wide = min(4.6 / count, 6.8 / len(images), 1.8)
    tall = wide * images[0].shape[0] / images[0].shape[1]
    size = (max(6.2, wide * len(images) + 0.4), count * tall + 0.6)
    figure, rows = plt.subplots(count, len(images), figsize=size, squeeze=False)
    if originals:
        rows[0][0].set_ylabel("picture")
        for axes, image in zip(rows[0], images, strict=True):
            _show(axes, image)
    for row, (name, maps) in zip(rows[int(originals) :], heats.items(), strict=True):
        row[0].set_ylabel(name)
        for axes, image, heat in zip(row, images, maps, strict=True):
            overlay(axes, image, heat, max(heat.max(), 1e-12))
    for axes, title in zip(rows[0], titles, strict=True):
        axes.set_title(title, size=13)
    below = [
        f"{name}, {', '.join(f'{_lower_half(heat):.0%}' for heat in maps)}"
        for name, maps in heats.items()
    ]
    alt = (
        f"Maps over {len(images)} pictures: {', '.join(titles)}. Share of each map in the lower "
        f"half: {'; '.join(below)}."
    )
    return Picture(figure, alt.replace("\n", " "), caption)


def _lower_half(heat: NDArray) -> float:
    """How much of a map lies in the lower half of its picture, 0..1."""
    heat = np.maximum(heat, 0)
    return float(heat[len(heat) // 2 :].sum() / max(heat.sum(), 1e-12))


def grids_compared(image: NDArray, heats: Mapping[str, NDArray]) -> Picture:
    """One picture, and beside it several maps of it over it, all in one scale with a color bar.

    Args:
        image: 0..255, shape (H, W, 3).
        heats: by title, maps of any size.
    """
    limit = max(heat.max() for heat in heats.values())
    figure, panels = plt.subplots(1, 1 + len(heats), figsize=(9.6, 2.8))
    _show(panels[0], image)
    panels[0].set_title("picture", size=13)
    for axes, (title, heat) in zip(panels[1:], heats.items(), strict=True):
        overlay(axes, image, heat, limit)
        axes.set_title(title, size=13)
    scale = plt.cm.ScalarMappable(plt.Normalize(0, limit), GLOW)
    figure.colorbar(scale, ax=panels[-1], label="drop of the probability", fraction=0.05)
    highest = [f"{title}: {heat.max():.2f}" for title, heat in heats.items()]
    return Picture(
        figure,
        alt=(
            "A picture and its occlusion maps, all in one scale. Largest drop of the probability "
            f"with {', '.join(highest)}."
        ),
        caption="The same picture, hidden by squares of several sizes and steps.",
    )


def grad_cam_by_hand(maps: NDArray, gradients: NDArray) -> Picture:
    """Grad-CAM on small tables: maps, gradients with their mean, weighted sum, ReLU.

    Args:
        maps, gradients: shape (h, w, K), small.
    """
    weights = gradients.mean(axis=(0, 1))
    weighted = maps @ weights
    count = maps.shape[2]
    figure, panels = plt.subplots(count, 4, figsize=(9.5, 1.8 * count + 0.3))
    for k, row in enumerate(panels):
        _table(row[0], maps[..., k], f"map $A_{k + 1}$")
        _table(row[1], gradients[..., k], f"gradients for $A_{k + 1}$")
        row[1].set_xlabel(f"mean: $\\alpha_{k + 1}$ = {_number(weights[k])}", size=14)
        row[2].axis("off")
        row[3].axis("off")
    terms = " ".join(
        f"{'−' if w < 0 else '+'} {abs(w):g} $A_{k}$" for k, w in enumerate(weights, 1)
    )
    for column, table, title in (
        (2, weighted, terms.removeprefix("+ ")),
        (3, np.maximum(weighted, 0), "after ReLU: Grad-CAM"),
    ):
        axes = figure.add_subplot(panels[0, column].get_gridspec()[:, column])
        _table(axes, table, title)
    return Picture(
        figure,
        alt=(
            f"{count} maps; the gradients for each, with means of "
            f"{', '.join(map(_number, weights))}; the weighted sum of the maps, "
            f"{', '.join(map(_number, weighted.ravel()))}; and what is left of it after ReLU."
        ),
        caption="Grad-CAM by hand: mean the gradients, weigh the maps, add, keep what is positive.",
    )


def first_filters(kernels: Mapping[str, NDArray]) -> Picture:
    """Kernels of first layers as small color pictures: gray is 0, each in a scale of its own.

    Args:
        kernels: by the name of a network, shape (k, k, 3, N); the strongest 16 are shown.
    """
    figure = plt.figure(figsize=(9, 2.5 * len(kernels)))
    halves = figure.subfigures(len(kernels), 1, squeeze=False)[:, 0]
    sizes = []
    for half, (name, all_kernels) in zip(halves, kernels.items(), strict=True):
        half.suptitle(name, size=14)
        order = np.argsort(-np.abs(all_kernels).sum(axis=(0, 1, 2)), kind="stable")[:16]
        chosen = all_kernels[..., order]
        scaled = 0.5 + 0.5 * chosen / np.abs(chosen).max(axis=(0, 1, 2))
        for place, axes in enumerate(half.subplots(2, 8).flat):
            axes.imshow(scaled[..., place])
            framed(axes)
        sizes.append(f"{name}: {len(order)} of {len(all_kernels)} × {len(all_kernels)} pixels")
    return Picture(
        figure,
        alt=f"Kernels of first layers as small color pictures. {'; '.join(sizes)}.",
        caption="What the first layer looks for, after few pictures and after many.",
    )


def activations(photo: NDArray, maps: Mapping[str, NDArray], count: int = 6) -> Picture:
    """A picture, and of each layer the maps that answer most, dark for 0.

    Args:
        photo: 0..255, shape (H, W, 3).
        maps: by the name of a layer, shape (h, w, K).
        count: maps of each layer.
    """
    figure = plt.figure(figsize=(8.2, 1.1 * len(maps) + 0.3))
    left, right = figure.subfigures(1, 2, width_ratios=(1, 2.4))
    axes = left.subplots()
    _show(axes, photo)
    rows = right.subplots(len(maps), count, squeeze=False)
    for row, (name, layer) in zip(rows, maps.items(), strict=True):
        row[0].set_ylabel(name, size=12)
        order = np.argsort(-layer.mean(axis=(0, 1)), kind="stable")[:count]
        for axes, number in zip(row, order, strict=False):
            axes.imshow(layer[..., number], cmap=MAGNITUDE, vmin=0)
            framed(axes)
    sizes = [
        f"{name}: {layer.shape[2]} maps of {layer.shape[0]} × {layer.shape[1]}"
        for name, layer in maps.items()
    ]
    return Picture(
        figure,
        alt=f"A picture, and the {count} strongest maps of each layer. {'; '.join(sizes)}.",
        caption="One picture, layer by layer: coarser and coarser, and less and less a picture.",
    )


def strongest_pieces(pieces: NDArray, titles: Sequence[str]) -> Picture:
    """The pieces of pictures that excite some maps most, a row for each map.

    Args:
        pieces: 0..255, shape (maps, count, h, w, 3).
        titles: of the rows.
    """
    count = pieces.shape[1]
    size = (1.15 * count + 1.4, 1.2 * len(pieces) + 0.1)
    figure, panels = plt.subplots(len(pieces), count, figsize=size, squeeze=False)
    for row, own, title in zip(panels, pieces, titles, strict=True):
        row[0].set_ylabel(title, rotation=0, ha="right", va="center")
        for axes, piece in zip(row, own, strict=True):
            axes.imshow(piece)
            framed(axes)
    return Picture(
        figure,
        alt=(
            f"For each of {len(pieces)} maps ({', '.join(titles)}) the {count} pieces of training "
            "pictures that it answers to most, each from another picture."
        ).replace("\n", " "),
        caption="What excites these maps most, in all training pictures?",
    )


def saved_twice(
    one: NDArray, other: NDArray, titles: Sequence[str], answers: Sequence[str]
) -> Picture:
    """One photograph as it arrives in two ways, the answer to each, and the difference.

    Args:
        one, other: 0..255, shape (H, W, 3), both of one size.
        titles: how each was made.
        answers: what the network says of each.
    """
    figure, panels = plt.subplots(1, 3, figsize=(7.4, 3.0))
    for axes, photo, title, answer in zip(panels, (one, other), titles, answers, strict=False):
        axes.imshow(photo, interpolation="nearest")
        axes.set_title(title)
        axes.set_xlabel(answer, weight="bold")
        framed(axes)
    off = np.abs(other.astype(int) - one).mean(axis=2)
    panels[2].imshow(off, cmap="gray_r", vmin=0, vmax=128)
    panels[2].set_title("difference")
    panels[2].set_xlabel(f"on average {off.mean():.0f} of 255")
    framed(panels[2])
    said = [f"{title}: {answer}" for title, answer in zip(titles, answers, strict=True)]
    return Picture(
        figure,
        alt=(
            f"One photograph in two ways, with the answer of a network. {'; '.join(said)}. The "
            f"pictures differ by {off.mean():.0f} of 255 on average."
        ),
        caption="The same photograph, made small in two ways.",
    )


def group_table(accuracies: NDArray, objects: Sequence[str], grounds: Sequence[str]) -> Picture:
    """Accuracy of every group of pictures, objects down, grounds across.

    Args:
        accuracies: 0..1, shape (objects, grounds); NaN where there is no picture.
        objects, grounds: their names.
    """
    figure, axes = plt.subplots(figsize=(8.6, 4.8))
    colors = plt.get_cmap(MAGNITUDE).with_extremes(bad="0.95")
    axes.imshow(accuracies, cmap=colors, vmin=0, vmax=1, aspect="auto")
    for (i, j), value in np.ndenumerate(accuracies):
        if np.isfinite(value):
            color = "black" if value > 0.45 else "white"
            axes.text(j, i, f"{value:.0%}", ha="center", va="center", color=color)
    axes.set(xticks=range(len(grounds)), yticks=range(len(objects)), yticklabels=objects)
    axes.set_xticklabels(grounds, rotation=30, ha="right", rotation_mode="anchor")
    axes.set(xlabel="ground", ylabel="object")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    groups = [
        f"{objects[i]} on {grounds[j]} {value:.0%}"
        for (i, j), value in np.ndenumerate(accuracies)
        if np.isfinite(value)
    ]
    return Picture(
        figure,
        alt=(
            f"Accuracy of {len(objects)} objects on {len(grounds)} grounds, empty where there is "
            f"no picture. {'. '.join(groups)}."
        ),
        caption="Group by group: which objects on which grounds does the network name right?",
    )


def maps_of_classes(
    image: NDArray, heats: Sequence[NDArray], names: Sequence[str], probabilities: NDArray
) -> Picture:
    """The map of every class over one picture, all in one scale, with its probability.

    Args:
        image: 0..255, shape (H, W, 3).
        heats: a map a class, none below 0.
        names: of the classes.
        probabilities: shape (classes,).
    """
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    tall = 8.8 / columns * image.shape[0] / image.shape[1]
    size = (8.8, rows * (tall + 0.35))
    figure, panels = plt.subplots(rows, columns, figsize=size, squeeze=False)
    limit = max(heat.max() for heat in heats)
    for axes in panels.flat[len(names) :]:
        axes.axis("off")
    said = [f"{name} {p:.0%}" for name, p in zip(names, probabilities, strict=True)]
    for axes, heat, title in zip(panels.flat, heats, said, strict=False):
        overlay(axes, image, heat, limit)
        axes.set_title(title, size=13)
    highest = [f"{name} {heat.max() / limit:.0%}" for name, heat in zip(names, heats, strict=True)]
    return Picture(
        figure,
        alt=(
            f"One picture under the map of each class. Probabilities: {', '.join(said)}. "
            f"Highest value of each map against that of all: {', '.join(highest)}."
        ),
        caption="One picture, one network, and a map for each class.",
    )


def class_pages(
    image: NDArray, heats: Sequence[NDArray], names: Sequence[str], probabilities: NDArray
) -> Described:
    """A flipbook of `class_page`, one page for each class."""
    text = (
        f"A flipbook of {len(names)} pages, one for each class: the picture under the map of the "
        "class, and the probabilities of all."
    )
    return flipbook(
        lambda label: class_page(image, heats, names, probabilities, label),
        range(len(names)),
        text,
        label="class",
        interval=1200,
    )


def class_page(
    image: NDArray,
    heats: Sequence[NDArray],
    names: Sequence[str],
    probabilities: NDArray,
    label: int,
) -> Figure:
    """One page of the flipbook of classes: the map of one class, the probabilities of all.

    Args:
        image: 0..255, shape (H, W, 3).
        heats: a map a class, none below 0; one scale for all pages.
        names: of the classes.
        probabilities: shape (classes,).
        label: which class.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.1), width_ratios=(1.8, 1))
    limit = max(heat.max() for heat in heats)
    overlay(left, image, heats[label], limit)
    left.set_title(f"what speaks for: {names[label]}")
    colors = [OKABE_ITO["vermillion"] if n == label else "0.75" for n in range(len(names))]
    right.barh(range(len(names)), probabilities, color=colors)
    right.text(
        probabilities[label] + 0.03, label, f"{probabilities[label]:.0%}", va="center", size=12
    )
    right.set(yticks=range(len(names)), yticklabels=names, xlim=(0, 1.3), xticks=[0, 0.5, 1])
    right.set_ylim(len(names) - 0.4, -0.6)
    right.xaxis.set_major_formatter(PercentFormatter(1))
    return figure


def _table(axes: Axes, values: NDArray, title: str) -> None:
    """Numbers in colored boxes."""
    limit = max(np.abs(values).max(), 1)
    axes.imshow(values, cmap=SIGNED, vmin=-1.6 * limit, vmax=1.6 * limit)
    for (i, j), value in np.ndenumerate(values):
        axes.text(j, i, _number(value), ha="center", va="center", size=16)
    axes.set_title(title, size=13)
    framed(axes)


def _number(value: float) -> str:
    """Short, with a minus sign in place of a hyphen."""
    return f"{value:g}".replace("-", "−")
