"""One look for every figure, the one way to show one, and the figures that several lessons draw."""

import ctypes
import re
import warnings
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from logging import getLogger
from platform import libc_ver

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray
from PIL import Image

from utils.data.images import CLASSES

OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
}
"""Okabe and Ito's eight colors, which people with any color vision tell apart (2008)."""

CATEGORIES = [OKABE_ITO[c] for c in ("blue", "vermillion", "green", "orange", "purple", "sky")]

PIXELS = "gray"
"""Color map for pixels."""
SIGNED = "PuOr"
"""Color map for weights and signed responses: center it on zero."""
MAGNITUDE = "viridis"
"""Color map for absolute responses, losses, activations."""
LINES = "0.6"
"""The gray of frames and of lines to compare with."""
SEEN, UNSEEN = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
"""Colors of what a network learns from, and of what it has not seen."""
WINDOW, RESULT = OKABE_ITO["vermillion"], OKABE_ITO["blue"]
"""Colors of a window on a picture, and of what becomes of it."""
WALKERS = (  # color, line, marker
    (OKABE_ITO["blue"], "-", "o"),
    (OKABE_ITO["vermillion"], "--", "s"),
    (OKABE_ITO["green"], "-.", "^"),
    (OKABE_ITO["black"], ":", "D"),
)
"""Looks of several runs in one figure: color, line, marker."""
STYLES = (("-", OKABE_ITO["vermillion"]), ("--", "black"), ("-.", OKABE_ITO["green"]))
"""Looks of several fitted lines in one figure."""
WEIGHT, HEIGHT = "weight x (kg)", "height y (cm)"

RETINA = 2
"""Stored pixels for each pixel on the screen, along each side."""

MOST_COLORS = 2**15
"""A drawing has 300 to 3,000 different ones, one with shades 14,000; a photograph has more."""

MEASURED = re.compile(rf"[-\u2212]?\d[\d.]*|\b(?:{'|'.join(CLASSES)})\b")
"""What of a text may differ where a training has ended elsewhere: numbers and names of classes."""

SCRIPTS = {
    "Arial Unicode MS", "Hiragino Sans", "Malgun Gothic", "Microsoft YaHei", "Nirmala UI",
    "Noto Sans CJK JP", "Noto Sans CJK SC", "PingFang SC", "WenQuanYi Micro Hei",
}  # fmt: skip
"""Fonts for the scripts of East and South Asia that systems come with."""


def style() -> None:
    """Set the look of all figures: 12 pt text or more, lines of 2 pt or more, white ground."""
    getLogger("matplotlib.font_manager").setLevel("ERROR")  # it warns of scripts without bold
    plt.rcParams.update(
        {
            "figure.figsize": (9.0, 4.0),
            "figure.dpi": 100,
            "font.family": ["sans-serif", *_fonts_of_other_scripts()],
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "savefig.facecolor": "white",
            "font.size": 13,
            "axes.titlesize": 14,
            "axes.labelsize": 13,
            "xtick.labelsize": 12,
            "ytick.labelsize": 12,
            "legend.fontsize": 12,
            "legend.frameon": False,
            "axes.prop_cycle": mpl.cycler(color=CATEGORIES),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "lines.linewidth": 2.5,
            "lines.markersize": 8,
            "image.cmap": PIXELS,
            "image.interpolation": "nearest",
        }
    )


def _fonts_of_other_scripts() -> list[str]:
    """The fonts of this system with what Matplotlib's own lacks: names of classes may need it."""
    return sorted(SCRIPTS & {font.name for font in fontManager.ttflist})


class Picture:
    """A figure and what it says in words: the last line of a cell shows it.

    Stored as PNG, or as JPEG where that saves much, twice as fine as it is shown.

    Attributes:
        figure: what was drawn, closed.
        alt: one or two sentences for those who cannot see it: what kind of picture, what it shows.
        caption: the one sentence that the figure is there for, 15 words or fewer.
    """

    def __init__(self, figure: Figure, alt: str, caption: str):
        plt.close(figure)
        if len(alt) <= 30:
            raise ValueError(f"alt={alt!r}: say in a sentence what the picture shows.")
        if not 0 < len(caption.split()) <= 15:
            raise ValueError(f"caption={caption!r}: say in 1 to 15 words what the figure is for.")
        self.figure, self.alt, self.caption = figure, alt, caption

    def _repr_mimebundle_(self, **kwargs) -> tuple[dict[str, str], dict[str, dict]]:
        if libc_ver()[0] == "glibc":  # first give back what trainings have freed
            ctypes.CDLL(None).malloc_trim(0)
        pixels = drawn(self.figure, RETINA)
        mime, data = _packed(pixels)
        notes = {
            "alt": self.alt,
            "caption": self.caption,
            "width": round(pixels.width / RETINA),
            "pixels": digest(pixels.tobytes()),
            "texts": digest(repr([pixels.size, _texts(self.figure)]).encode()),
        }
        return {mime: b64encode(data).decode(), "text/plain": self.alt}, {mime: notes}


def drawn(figure: Figure, scale: float = 1) -> Image.Image:
    """The pixels of a figure, `scale` times as many to the inch as its dpi; closes it."""
    dpi, canvas = figure.dpi, FigureCanvasAgg(figure)
    figure.set_dpi(scale * dpi)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # no font of this system has it
        canvas.draw()
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    figure.set_dpi(dpi)
    plt.close(figure)
    FigureCanvasAgg(figure)  # in place of the canvas that holds all pixels
    return pixels


def png(figure: Figure, scale: float = 1) -> bytes:
    """A figure as the bytes of a PNG, the same bytes every time; the rest as in `drawn`."""
    return encoded(_few_colors(drawn(figure, scale)), "PNG")


def digest(content: bytes) -> str:
    """A short name of some bytes: 16 hexadecimal digits of their SHA-256."""
    return sha256(content).hexdigest()[:16]


def webp(pixels: Image.Image) -> bytes:
    """A page of a flipbook: lossless, unless it is a photograph and that saves much."""
    page = encoded(_few_colors(pixels), "WEBP", lossless=True)
    photograph = encoded(pixels, "WEBP", quality=85)
    return photograph if len(photograph) < 0.75 * len(page) else page


def _packed(pixels: Image.Image) -> tuple[str, bytes]:
    """The MIME type and the bytes of a picture: PNG, or JPEG for a photograph."""
    drawing = encoded(_few_colors(pixels), "PNG")
    photograph = encoded(pixels, "JPEG", quality=85, optimize=True)
    if len(photograph) < 0.75 * len(drawing):
        return "image/jpeg", photograph
    return "image/png", drawing


def _few_colors(pixels: Image.Image) -> Image.Image:
    """A picture with a palette of 256 colors, if that is off by less than 1 of 255 on average."""
    if few := _frequent_colors(pixels):
        return few
    few = pixels.quantize(256, dither=Image.Dither.NONE)
    off = np.abs(np.asarray(few.convert("RGB"), np.int16) - np.asarray(pixels)).mean()
    return few if off < 1 else pixels


def _frequent_colors(pixels: Image.Image) -> Image.Image | None:
    """A drawing in its 256 most frequent colors, the others as the nearest: quick.

    None for a photograph, where that is off by 0.1 of 255 or more on average.
    """
    codes = np.asarray(pixels.convert("RGBX")).view("<u4")[..., 0] & 0xFFFFFF
    colors, counts = np.unique(codes, return_counts=True)
    if len(colors) > MOST_COLORS:
        return None
    rgb = colors.view(np.uint8).reshape(-1, 4)[:, :3].astype(np.float32)
    palette = rgb[np.argsort(-counts, kind="stable")[:256]]
    nearest = ((palette**2).sum(axis=1) - 2 * rgb @ palette.T).argmin(axis=1)
    off = np.abs(rgb - palette[nearest]).mean(axis=1)
    if np.average(off, weights=counts) >= 0.1:
        return None
    places = np.empty(2**24, np.uint8)
    places[colors] = nearest
    few = Image.fromarray(places[codes]).convert("P")
    few.putpalette(palette.astype(np.uint8).tobytes())
    return few


def encoded(pixels: Image.Image, form: str, **options: int) -> bytes:
    """A picture as the bytes of a file of the form "PNG", "JPEG" or "WEBP"."""
    buffer = BytesIO()
    pixels.save(buffer, form, **options)
    return buffer.getvalue()


def _texts(figure: Figure) -> list[str]:
    """The different texts of a figure, # in place of what is MEASURED."""
    texts = {text.get_text() for text in figure.findobj(Text) if text.get_visible()}
    return sorted({MEASURED.sub("#", text) for text in texts})


def framed(axes: Axes) -> None:
    """Axes of a picture: a thin gray frame, no ticks."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=LINES, lw=1)


def legend_above(axes: Axes) -> None:
    """A legend where no data can be."""
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0.2)


def tiles(maps: NDArray, columns: int) -> NDArray[np.float64]:
    """Feature maps or kernels beside each other in one array, with thin lines of NaN between them.

    Args:
        maps: shape (H, W, N); small ones are enlarged to blocks of pixels.
        columns: maps in a row.

    Returns:
        float64, shape (rows (sH + g) - g, columns (sW + g) - g) for blocks of s x s and lines of g.
    """
    scale = max(1, 30 // maps.shape[0])
    maps = maps.repeat(scale, axis=0).repeat(scale, axis=1)
    height, width, count = maps.shape
    gap = max(1, height // 15)
    rows = -(-count // columns)
    sheet = np.full((rows * (height + gap), columns * (width + gap)), np.nan)
    for number in range(count):
        top, left = (height + gap) * (number // columns), (width + gap) * (number % columns)
        sheet[top : top + height, left : left + width] = maps[..., number]
    return sheet[:-gap, :-gap]


def learning_curves(
    history: Mapping[str, Sequence[float]], epochs: int, status: str = ""
) -> Picture:
    """Loss and accuracy, epoch by epoch, on the training and the validation set.

    Args:
        history: "loss", "accuracy", "val_loss", "val_accuracy", as long as the training so far.
        epochs: how many there will be: the width of the axes.
        status: what to write above while the training runs.
    """
    figure, (loss, accuracy) = plt.subplots(1, 2, figsize=(9.5, 3.5))
    for axes, name in ((loss, "loss"), (accuracy, "accuracy")):
        for key, label, color, line in (
            (name, "training", SEEN, "-o"),
            (f"val_{name}", "validation", UNSEEN, "--s"),
        ):
            steps = range(1, len(history[key]) + 1)
            axes.plot(steps, history[key], line, color=color, label=label, ms=6)
        axes.set(xlim=(0.5, epochs + 0.5), xlabel="epoch")
        axes.set_title(name, loc="left")
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.grid(color="0.9")
    losses = filter(np.isfinite, [*history["loss"], *history["val_loss"]])
    loss.set_ylim(0, 1.06 * (max(losses, default=0) or 1))
    accuracy.set_ylim(0, 1.02)
    accuracy.yaxis.set_major_formatter(PercentFormatter(1))
    legend_above(accuracy)
    if status:
        figure.suptitle(status)
    alt = "Loss and accuracy, epoch by epoch, on the training and on the validation set."
    if len(history["val_loss"]):
        alt += (
            f" At the end accuracy is {history['accuracy'][-1]:.0%} in training and "
            f"{history['val_accuracy'][-1]:.0%} in validation; the validation loss is lowest in "
            f"epoch {np.argmin(history['val_loss']) + 1}."
        )
    return Picture(figure, alt, "What the network has learned, epoch by epoch.")


def confusion(matrix: NDArray, names: Sequence[str]) -> Picture:
    """A confusion matrix: true classes down, predictions across; mistakes in color.

    Args:
        matrix: counts, shape (classes, classes).
        names: of the classes.
    """
    figure, axes = plt.subplots(figsize=(6.4, 5.6))
    mistakes = np.where(np.eye(len(matrix), dtype=bool), 0, matrix)
    worst = mistakes.max()
    color_map = plt.get_cmap("Oranges").with_extremes(bad="0.92")
    shown = np.where(np.eye(len(matrix), dtype=bool), np.nan, matrix)
    axes.imshow(shown, cmap=color_map, vmin=0, vmax=max(4, worst))
    for (i, j), count in np.ndenumerate(matrix):
        if count:
            mistake, dark = i != j, count > 0.6 * worst
            axes.text(
                j, i, count, ha="center", va="center", weight="bold" if mistake else "normal",
                color="white" if mistake and dark else "black",
            )  # fmt: skip
    ticks = range(len(names))
    axes.set(xticks=ticks, yticks=ticks, yticklabels=names)
    axes.set_xticklabels(names, rotation=45 if max(len(str(name)) for name in names) > 2 else 0)
    axes.set(xlabel="what the network said", ylabel="what it was")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    alt = f"Confusion matrix: {np.trace(matrix)} of {matrix.sum()} pictures are on the diagonal."
    if worst:
        was, said = np.unravel_index(mistakes.argmax(), mistakes.shape)
        alt += f" The most frequent mistake: {names[was]} taken for {names[said]}, {worst} times."
    return Picture(figure, alt, "Rows: what it was. Columns: what the network said.")


def numbers(axes: Axes, values: NDArray, mark: NDArray | None = None) -> None:
    """Write a small array into a grid of cells; `mark` (bool, same shape) strikes cells out."""
    height, width = values.shape
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), aspect="equal")
    axes.set(xticks=np.arange(width + 1) - 0.5, yticks=np.arange(height + 1) - 0.5)
    axes.grid(color="0.7", lw=1)
    axes.tick_params(length=0, labelbottom=False, labelleft=False)
    axes.spines[:].set(visible=True, color="0.7", lw=1)
    for (i, j), value in np.ndenumerate(values):
        struck = mark is not None and mark[i, j]
        axes.text(
            j, i, f"{value:g}", ha="center", va="center", fontsize=13,
            color=WINDOW if struck else "black", weight="bold" if struck else "normal",
        )  # fmt: skip
        if struck:
            axes.plot([j - 0.38, j + 0.38], [i + 0.25, i - 0.25], color=WINDOW, lw=2)


def class_rows(images: NDArray, labels: NDArray, names: Sequence[str], each: int = 3) -> Picture:
    """The first pictures of every class, two classes a row.

    Args:
        images: 0..255, shape (N, H, W, 3).
        labels: shape (N,), numbers into the names.
        names: of the classes.
        each: pictures a class, at most.
    """
    rows = -(-len(names) // 2)
    figure, panels = plt.subplots(rows, 2, figsize=(7.5, 0.95 * rows + 0.2), squeeze=False)
    for label, axes in enumerate(panels.flat):
        axes.axis("off")
        if label < len(names):
            chosen = images[labels == label][:each]
            white = np.full((each - len(chosen), *images.shape[1:]), 255, np.uint8)
            axes.imshow(np.concatenate([*chosen, *white], axis=1), interpolation="bicubic")
            axes.text(-0.02, 0.5, names[label], transform=axes.transAxes, ha="right", va="center")
    alt = f"The first pictures of each class, {each} at most: {', '.join(map(str, names))}."
    return Picture(figure, alt, "Some pictures of each class.")


def starts(
    accuracies: Mapping[str, Sequence[float] | Mapping[str, Sequence[float]]],
    what: str = "accuracy",
    chance: float | None = None,
) -> Picture:
    """Accuracies of several settings from several starts: a row a setting, a mark a start.

    Args:
        accuracies: by setting: 0..1, one for each start; or by setting, then by set of pictures.
        what: what was measured, below the axis.
        chance: the accuracy of guessing, 0..1, where it is to be seen.
    """
    table = {k: v if isinstance(v, Mapping) else {"": v} for k, v in accuracies.items()}
    figure, axes = plt.subplots(figsize=(9, 0.75 * len(table) + 1.3))
    sets = list(next(iter(table.values())))
    for row, by_set in enumerate(table.values()):
        for number, (name, (color, _, mark)) in enumerate(zip(sets, WALKERS, strict=False)):
            place = row + 0.24 * (number - (len(sets) - 1) / 2)
            label = name if row == 0 else None
            values = np.asarray(by_set[name])
            axes.plot(
                values, np.full(len(values), place), mark, color=color, ms=10, mec="white",
                alpha=0.8, label=label,
            )  # fmt: skip
            axes.plot([values.mean()] * 2, [place - 0.2, place + 0.2], color="black", lw=3)
    if chance is not None:
        axes.axvline(chance, color=LINES, ls=":")
        axes.text(chance, -0.62, " guessing", color="0.35")
    axes.set(yticks=range(len(table)), yticklabels=table, ylim=(len(table) - 0.5, -0.75))
    axes.set(xlabel=f"{what} (a mark for each start, a bar for their mean)")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="x", color="0.9")
    if len(sets) > 1:
        axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=len(sets))
    ranges = [
        f"{setting}{f', {name}' if name else ''}: {_range(values)}"
        for setting, by_set in table.items()
        for name, values in by_set.items()
    ]
    return Picture(
        figure,
        f"{what}, several starts each. {'. '.join(ranges)}.",
        "Every mark is one training from a start of its own.",
    )


def _range(shares: Sequence[float]) -> str:
    return f"{min(shares):.0%} to {max(shares):.0%}"


def resized(photo: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The middle square of a photograph with side x side pixels, each the average of its area."""
    height, width = photo.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    square = Image.fromarray(photo[top : top + edge, left : left + edge])
    return np.asarray(square.resize((side, side), Image.Resampling.BOX))
