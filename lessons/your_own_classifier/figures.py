"""The figures of the lesson on a classifier of one's own."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray
from PIL import Image, ImageOps

from utils.plots import OKABE_ITO, WALKERS, Picture, legend_above
from utils.quiet import tf

TOP = 3
"""So many answers stand below a photograph."""


def stored_and_upright(paths: Sequence[Path]) -> Picture:
    """Photographs as TensorFlow decodes them, and below as their cameras noted them."""
    wide = 9.5 / max(len(paths), 3)
    figure, panels = plt.subplots(2, len(paths), figsize=(9.5, 2 * wide + 0.8), squeeze=False)
    for (above, below), path in zip(panels.T, paths, strict=True):
        above.set_title(path.name, fontsize=13)
        file = tf.io.read_file(str(path))
        with suppress(tf.errors.InvalidArgumentError):  # damaged or HEIC: its place stays empty
            above.imshow(tf.io.decode_image(file, channels=3, expand_animations=False))
        with suppress(OSError), Image.open(path) as photo:
            below.imshow(ImageOps.exif_transpose(photo).convert("RGB"))
    for axes, word in zip(panels[:, 0], ("by Keras", "as noted"), strict=True):
        axes.set_ylabel(word)
    for axes in panels.flat:
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    return Picture(
        figure,
        f"{len(paths)} photographs side by side, above as TensorFlow decodes them, below turned as "
        f"their cameras noted: {', '.join(path.name for path in paths)}.",
        "What does a program get that does not read the note?",
    )


def sheet(images: NDArray, labels: NDArray, names: Sequence[str], each: int = 8) -> Picture:
    """The first photographs of every class, a row per class, with their number."""
    figure, panels = plt.subplots(len(names), 1, figsize=(9.5, 1.3 * len(names)), squeeze=False)
    counts = np.bincount(labels, minlength=len(names))
    for label, axes in enumerate(panels[:, 0]):
        chosen = images[labels == label][:each]
        white = np.full((each - len(chosen), *images.shape[1:]), 255, np.uint8)
        axes.imshow(np.concatenate([*chosen, *white], axis=1), interpolation="bicubic")
        axes.set_ylabel(f"{names[label]}\n{counts[label]}", rotation=0, ha="right", va="center")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    told = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return Picture(
        figure,
        f"The first photographs of each class, upright, and how many there are: {told}.",
        "All upright, all of one size, and not equally many.",
    )


def recalls(found: Mapping[str, NDArray], names: Sequence[str]) -> Picture:
    """The recall of every class, 0..1, and the mean of the classes, by setting."""
    figure, axes = plt.subplots(figsize=(9, 0.8 * len(names) + 2))
    rows = [*names, "mean of the classes"]
    for number, ((setting, shares), (color, _, mark)) in enumerate(
        zip(found.items(), WALKERS, strict=False)
    ):
        values = [*shares, np.mean(shares)]
        places = np.arange(len(rows)) + 0.2 * (number - (len(found) - 1) / 2)
        axes.plot(values, places, mark, color=color, ms=11, mec="white", label=setting)
    axes.axhline(len(names) - 0.5, color="0.8", lw=1)
    axes.set(yticks=range(len(rows)), yticklabels=rows, ylim=(len(rows) - 0.5, -0.5))
    axes.set(xlim=(-0.03, 1.03), xlabel="recall")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="x", color="0.9")
    legend_above(axes)
    told = "; ".join(
        f"{setting}: "
        + ", ".join(f"{name} {share:.0%}" for name, share in zip(names, shares, strict=True))
        for setting, shares in found.items()
    )
    return Picture(figure, f"Recall of each class. {told}.", "Who is found, and who is missed?")


def reliability(bins: Mapping[str, Sequence[tuple[float, float, int]]]) -> Picture:
    """How often answers are right against how sure they sound, by setting.

    Args:
        bins: by setting, for every bin the mean share, the part that is right, and the count.
    """
    figure, axes = plt.subplots(figsize=(6.4, 5.6))
    for (setting, points), (color, line, mark) in zip(bins.items(), WALKERS, strict=False):
        sure, right, _ = np.array(points).T
        axes.plot(sure, right, line, marker=mark, ms=11, mec="white", color=color, label=setting)
    sures, rights, _ = zip(*(point for points in bins.values() for point in points), strict=True)
    low = max(0, min(sures) - 0.25)  # room for the words
    axes.plot([0, 1], [0, 1], color="0.6", ls="--", zorder=1)
    axes.text(low + 0.02, low + 0.05, "as sure as right", rotation=45, color="0.35",
              rotation_mode="anchor", transform_rotates_text=True)  # fmt: skip
    axes.set(
        xlim=(low, 1.03),
        ylim=(max(-0.03, min(low, min(rights) - 0.1)), 1.05),
        xlabel="how sure it sounds",
        ylabel="how often it is right",
    )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(color="0.9")
    legend_above(axes)
    told = "; ".join(
        f"{setting}: " + ", ".join(f"{s:.0%} sure, {r:.0%} of {n} right" for s, r, n in points)
        for setting, points in bins.items()
    )
    return Picture(
        figure,
        f"Reliability curve. {told}.",
        "Is it right as often as it says?",
    )


def named(photos: Mapping[str, Path], answers: Mapping[str, Sequence[tuple]]) -> Picture:
    """Photographs side by side, and below each one its best answers as bars.

    Args:
        photos: files, by name.
        answers: for the same names pairs of a class and its share, the best one first.
    """
    figure, panels = plt.subplots(
        2, len(photos), figsize=(max(3.1 * len(photos), 5), 3.9), squeeze=False,
        height_ratios=[2.6, 1.3],
    )  # fmt: skip
    for (above, below), (name, path) in zip(panels.T, photos.items(), strict=True):
        with Image.open(path) as photo:
            above.imshow(ImageOps.exif_transpose(photo).convert("RGB"))
        above.set_title(name)
        above.axis("off")
        for row, (kind, share) in enumerate(answers[name][:TOP]):
            color = OKABE_ITO["orange"] if row == 0 else "0.85"
            below.barh(row, share, color=color, height=0.8)
            below.text(0.02, row, f"{kind} {share:.0%}", va="center", size=14,
                       weight="normal" if row else "bold")  # fmt: skip
        below.set(xlim=(0, 1), ylim=(TOP - 0.5, -0.5), xticks=[], yticks=[])
        below.spines[:].set(visible=True, color="0.8")
    told = "; ".join(f"{name}: {answers[name][0][0]}, {answers[name][0][1]:.0%}" for name in photos)
    return Picture(
        figure, f"What the classifier says to photographs. {told}.", "Your own network's answer."
    )
