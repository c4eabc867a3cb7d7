"""What the widgets share: a box that says what it shows, the flipbook, arrays as pictures."""

from collections.abc import Callable, Sequence
from pathlib import Path

import anywidget
import ipywidgets
import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from utils import plots

VIEW = "application/vnd.jupyter.widget-view+json"


class Manners(anywidget.AnyWidget):
    """Sizes of text for the box that it stands in, and names for its buttons and pictures."""

    _esm, _css = (Path(__file__).parent / "static" / f"widgets.{end}" for end in ("js", "css"))
    text = traitlets.Unicode().tag(sync=True)


class Described(ipywidgets.VBox):
    """A box of widgets with a text in its place where no widget can be shown.

    The text is also what a test of the notebook compares, so it must not change from run to run;
    so is `pixels`, the digest of pictures that were made beforehand.
    """

    def __init__(self, children: Sequence[ipywidgets.Widget], text: str, pixels: str = ""):
        super().__init__([*children, Manners(text=text)])
        self.add_class("course-widget")
        self.text, self.pixels = text, pixels

    def _repr_mimebundle_(self, **kwargs) -> tuple[dict, dict]:
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = self.text
        return bundle, {VIEW: {"pixels": self.pixels}} if self.pixels else {}


def flipbook(
    draw: Callable[[int], Figure],
    frames: Sequence[int],
    text: str,
    label: str = "step",
    interval: int = 400,
) -> Described:
    """Pictures made beforehand, turned by a slider and a Play button; needs no kernel.

    Args:
        draw: makes the figure of one frame; every figure must have the same size.
        frames: what to call `draw` with, in order.
        text: what the flipbook shows, in words.
        label: what the slider counts.
        interval: milliseconds a frame while it plays.
    """
    drawn = [plots.drawn(draw(frame)) for frame in frames]
    pages = [ipywidgets.Image(value=plots.webp(pixels), format="webp") for pixels in drawn]
    digests = "".join(plots.digest(pixels.tobytes()) for pixels in drawn)
    return book(pages, text, label, interval, pixels=plots.digest(digests.encode()))


def book(
    pages: Sequence[ipywidgets.Widget],
    text: str,
    label: str = "step",
    interval: int = 400,
    pixels: str = "",
) -> Described:
    """Widgets made beforehand, one shown at a time; `pixels` is a digest of what they show."""
    stack = ipywidgets.Stack(pages, selected_index=0).add_class("course-pages")
    last = len(pages) - 1
    play = ipywidgets.Play(min=0, max=last, interval=interval, show_repeat=False)
    slider = ipywidgets.IntSlider(min=0, max=last, description=label, layout={"width": "420px"})
    ipywidgets.jslink((play, "value"), (slider, "value"))
    ipywidgets.jslink((slider, "value"), (stack, "selected_index"))
    return Described([ipywidgets.HBox([play, slider]), stack], text, pixels)


def picture(values: NDArray, colormap: str, low: float, high: float) -> bytes:
    """Numbers as the PNG of a color map, one byte a pixel: small and quick.

    Args:
        values: shape (H, W).
        colormap: name of a Matplotlib color map.
        low, high: the values of its first and last color; what lies outside is clipped.
    """
    levels = np.clip((values - low) * (255 / (high - low)), 0, 255).round().astype(np.uint8)
    image = Image.fromarray(levels).convert("L")
    image.putpalette(mpl.colormaps[colormap](np.arange(256), bytes=True)[:, :3].tobytes())
    return plots.encoded(image, "PNG")
