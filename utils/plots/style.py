"""One look for every figure of the course, and the one way to show a figure."""

from base64 import b64encode
from io import BytesIO

import matplotlib.pyplot as plt
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

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

CATEGORIES = [
    OKABE_ITO[name] for name in ("blue", "vermillion", "green", "orange", "purple", "sky")
]

PIXELS = "gray"
"""Color map for pixels."""
SIGNED = "PuOr"
"""Color map for weights and signed responses: center it on zero."""
MAGNITUDE = "viridis"
"""Color map for absolute responses, losses, activations."""
LINES = "0.6"
"""The gray of frames and of lines to compare with."""


def style() -> None:
    """Set the look of all figures: 12 pt text or more, lines of 2 pt or more, white ground."""
    plt.rcParams.update(
        {
            "figure.figsize": (9.0, 4.0),
            "figure.dpi": 100,
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
            "axes.prop_cycle": cycler(color=CATEGORIES),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "lines.linewidth": 2.5,
            "lines.markersize": 8,
            "image.cmap": PIXELS,
            "image.interpolation": "nearest",
        }
    )


def framed(axes: Axes) -> None:
    """Axes of a picture: a thin gray frame, no ticks."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=LINES, lw=1)


def png(figure: Figure) -> bytes:
    """A figure as the bytes of a PNG, the same bytes every time; closes the figure.

    A palette of 256 colors makes it a third as large, and the repository with it.
    """
    return _packed(_drawn(figure).quantize(256, dither=Image.Dither.NONE), "PNG", optimize=True)


def show(figure: Figure, alt: str) -> None:
    """Display a figure with a text that says the same to who cannot see it, then close it.

    Drawings are stored as PNG, photographs as JPEG where that saves a quarter.

    Args:
        figure: what a function of `utils.plots` returned.
        alt: one or two sentences: the kind of picture, and what it shows.
    """
    pixels = _drawn(figure)
    drawing = _packed(pixels.quantize(256, dither=Image.Dither.NONE), "PNG", optimize=True)
    photograph = _packed(pixels, "JPEG", quality=85, optimize=True)
    if len(photograph) < 0.75 * len(drawing):
        mime, data = "image/jpeg", photograph
    else:
        mime, data = "image/png", drawing
    display(
        {mime: b64encode(data).decode(), "text/plain": alt},
        raw=True,
        metadata={mime: {"alt": alt}},
    )


def _drawn(figure: Figure) -> Image.Image:
    buffer = BytesIO()
    figure.savefig(buffer, format="raw")
    size = figure.canvas.get_width_height()
    plt.close(figure)
    return Image.frombytes("RGBA", size, buffer.getvalue()).convert("RGB")


def _packed(pixels: Image.Image, form: str, **options: int) -> bytes:
    buffer = BytesIO()
    pixels.save(buffer, form, **options)
    return buffer.getvalue()
