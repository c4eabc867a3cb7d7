"""Figures on where a network looks: maps over pictures, and whom a network fails."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray
from PIL import Image

from utils.plots import MAGNITUDE, OKABE_ITO, SIGNED, Picture, _coarse, _small, framed

STRENGTH = (0.35, 0.7)
"""How much of an overlay is the color of the map, at its lowest and at its highest value; the rest
is the picture in gray."""
LUMINANCE = (0.299, 0.587, 0.114)
THUMBNAIL, MEDIUM = 40, 48
"""Height in pixels of a picture on a sheet of many, and of one under a map."""
COARSE = 20
"""Colors of photographs are rounded to multiples of this, which makes a notebook smaller."""


def overlay(image: NDArray, heat: NDArray, limit: float) -> NDArray[np.uint8]:
    """A picture in gray under the colors of a map.

    Args:
        image: 0..255, shape (H, W, 3).
        heat: any size, stretched smoothly over the picture; what is below 0 counts as 0.
        limit: the value of the brightest color, above 0.

    Returns:
        Shape (H, W, 3).
    """
    size = (image.shape[1], image.shape[0])
    stretched = Image.fromarray(np.asarray(heat, np.float32)).resize(
        size, Image.Resampling.BILINEAR
    )
    levels = np.clip(np.asarray(stretched, float) / limit, 0, 1)
    colors = plt.get_cmap(MAGNITUDE)(levels)[..., :3]
    gray = (np.asarray(image, float) @ LUMINANCE)[..., np.newaxis] / 255
    share = np.interp(levels, (0, 1), STRENGTH)[..., np.newaxis]
    return _coarse(255 * (share * colors + (1 - share) * gray))


def hidden_copies(copies: NDArray, scores: Sequence[float], whole: float) -> Picture:
    """Copies of a picture with a part hidden, each with what is left of the score.

    Args:
        copies: 0..255, shape (n, H, W, 3); the first one is whole.
        scores: probabilities, shape (n,).
        whole: the probability of the first.
    """
    figure, panels = plt.subplots(1, len(copies), figsize=(10, 2.6))
    for axes, copy, score in zip(panels, copies, scores, strict=True):
        axes.imshow(_coarse(copy))
        framed(axes)
        fell = score < whole / 2
        color = OKABE_ITO["vermillion"] if fell else "black"
        axes.set_title(f"{score:.0%}", color=color, weight="bold" if fell else "normal")
    return Picture(
        figure,
        alt=(
            "A picture, and four copies with a gray square in another place each; above each "
            "copy what is left of the probability of its class."
        ),
        caption=CAPTION,
    )


def maps_over_pictures(
    images: Sequence[NDArray],
    heats: Mapping[str, Sequence[NDArray]],
    titles: Sequence[str],
    originals: bool = True,
) -> Figure:
    """Pictures in a row, and below each its maps over it, each map in a scale of its own.

    Args:
        images: 0..255, shape (H, W, 3) each, all of one size.
        heats: by the name of a row, a map of any size for each picture; below 0 counts as 0.
        titles: above each picture.
        originals: whether to draw the row of pictures as they are, in color.
    """
    images = [_small(image, MEDIUM) for image in images]
    pictures = {"picture": [_coarse(image) for image in images]} if originals else {}
    pictures |= {
        name: [
            overlay(image, m, max(m.max(), 1e-12)) for image, m in zip(images, maps, strict=True)
        ]
        for name, maps in heats.items()
    }
    side = 1.75 * images[0].shape[0] / images[0].shape[1]
    size = (1.8 * len(images) + 0.4, len(pictures) * side + 0.8)
    figure, rows = plt.subplots(len(pictures), len(images), figsize=size, squeeze=False)
    for row, (name, drawn) in zip(rows, pictures.items(), strict=True):
        row[0].set_ylabel(name)
        for axes, picture in zip(row, drawn, strict=True):
            axes.imshow(picture)
            framed(axes)
    for axes, title in zip(rows[0], titles, strict=True):
        axes.set_title(title, size=13)
    return figure


def grids_compared(image: NDArray, heats: Mapping[str, NDArray], limit: float) -> Figure:
    """One picture, and beside it several maps of it over it, all in one scale with a color bar.

    Args:
        image: 0..255, shape (H, W, 3).
        heats: by title, maps of any size.
        limit: the value of the brightest color.
    """
    figure, panels = plt.subplots(1, 1 + len(heats), figsize=(10.5, 3.0))
    panels[0].imshow(_coarse(image))
    panels[0].set_title("picture", size=13)
    for axes, (title, heat) in zip(panels[1:], heats.items(), strict=True):
        axes.imshow(overlay(image, heat, limit))
        axes.set_title(title, size=13)
    for axes in panels:
        framed(axes)
    _color_bar(figure, panels[-1], limit, "drop of the probability")
    return figure


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
            "Two maps of four numbers; the gradients for each, with means of 2 and minus 1; "
            "the weighted sum 2, minus 3, minus 1, 4; and the same after ReLU: 2, 0, 0, 4."
        ),
        caption=CAPTION,
    )


def group_table(accuracies: NDArray, objects: Sequence[str], grounds: Sequence[str]) -> Picture:
    """Accuracy of every group of pictures, objects down, grounds across.

    Args:
        accuracies: 0..1, shape (objects, grounds); NaN where there is no picture.
        objects, grounds: their names.
    """
    figure, axes = plt.subplots(figsize=(7.4, 4.2))
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
    return Picture(
        figure,
        alt=(
            "Accuracy of each object on its own ground, on the diagonal, mostly high; and on "
            "the ground of the next class, beside it, mostly near zero."
        ),
        caption=CAPTION,
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
    tall = 9 / columns * image.shape[0] / image.shape[1]
    figure, panels = plt.subplots(rows, columns, figsize=(9, rows * (tall + 0.35)), squeeze=False)
    image, limit = _small(image, MEDIUM), max(heat.max() for heat in heats)
    for axes in panels.flat:
        axes.axis("off")
    for axes, heat, name, p in zip(panels.flat, heats, names, probabilities, strict=False):
        axes.imshow(overlay(image, heat, limit))
        axes.set_title(f"{name}: {p:.0%}", size=13)
    return Picture(
        figure,
        alt=(
            "A fruit on the left and a cat on the right, eight times. The map of fruit is "
            "brightest on the fruit, the map of cat on the cat; the other maps are dimmer."
        ),
        caption=CAPTION,
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
    figure, (left, right) = plt.subplots(1, 2, figsize=(7, 2.6), width_ratios=(1.7, 1))
    limit = max(heat.max() for heat in heats)
    left.imshow(overlay(_small(image, MEDIUM), heats[label], limit))
    left.set_title(f"what speaks for: {names[label]}")
    framed(left)
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


def _color_bar(figure: Figure, axes: Axes, limit: float, label: str) -> None:
    scale = plt.cm.ScalarMappable(plt.Normalize(0, limit), MAGNITUDE)
    figure.colorbar(scale, ax=axes, label=label, fraction=0.05)
