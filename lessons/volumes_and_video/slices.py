"""A slider cuts a solid open, along an axis of choice: the solid, the slice, its silhouette."""

from collections.abc import Sequence

import ipywidgets
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.font_manager import findfont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from lessons.volumes_and_video.figures import (
    ACROSS,
    PLANE_COLORS,
    PLANES,
    box,
    cut_open,
    faces,
    plane,
    shaded,
)
from utils.plots import encoded
from utils.widgets import Described

SIZE = (680, 306)
SHARP = 2  # pixels of the picture for each pixel on the screen, along each side
SOLID_BOX = (10, 36, 340, 300)  # left, top, right, bottom, in pixels of SIZE
SLICE_BOX = (410, 36, 656, 282)
EDGE = (70, 70, 70)


def draw(solid: NDArray, axis: int, index: int) -> bytes:
    """A solid cut open before one slice, and beside it the slice on its pale silhouette.

    Args:
        solid: bool, shape (S, S, S), axes x, y, z; at least one cell filled.
        axis: 0 to 2, across which the cut goes.
        index: of the slice, 0 to S - 1.

    Returns:
        A PNG, SHARP times as wide and high as SIZE.
    """
    picture = Image.new("RGB", (SHARP * SIZE[0], SHARP * SIZE[1]), "white")
    pen = ImageDraw.Draw(picture)
    _draw_solid(pen, solid, axis, index)
    _draw_slice(picture, pen, solid, axis, index)
    return encoded(picture, "PNG")


def sentence(solid: NDArray, axis: int, index: int) -> str:
    """How many cells of a slice are filled; arguments as in `draw`."""
    filled = int(solid.take(index, axis=axis).sum())
    return f"slice {ACROSS[axis]} = {index}: {filled} of {solid.shape[0] ** 2} cells filled"


def _draw_solid(pen: ImageDraw.ImageDraw, solid: NDArray, axis: int, index: int) -> None:
    left, top, right, bottom = (SHARP * edge for edge in SOLID_BOX)
    low, high = box(faces(solid).corners)  # of the whole solid: a cut moves nothing
    scale = min((right - left, bottom - top) / (high - low))
    shown = faces(cut_open(solid, axis, index))
    start = (left + right - scale * (high - low)[0]) / 2
    places = (shown.corners - low) * scale * (1, -1) + (start, bottom)
    colors = np.rint(255 * shaded(shown, (axis, index))).astype(int)
    for corners, color in zip(places, colors, strict=True):
        pen.polygon([tuple(corner) for corner in corners], tuple(color), EDGE, SHARP)
    pen.text((left, SHARP * 8), "cut open", "black", _font(18))


def _draw_slice(
    picture: Image.Image, pen: ImageDraw.ImageDraw, solid: NDArray, axis: int, index: int
) -> None:
    left, top, right, bottom = (SHARP * edge for edge in SLICE_BOX)
    palette = np.rint(255 * np.array([to_rgb(color) for color in PLANE_COLORS])).astype(np.uint8)
    cells = Image.fromarray(palette[plane(solid, axis, index).T[::-1]])
    picture.paste(cells.resize((right - left, bottom - top), Image.Resampling.NEAREST), (left, top))
    pen.rectangle((left, top, right, bottom), None, (150, 150, 150), SHARP)
    words = sentence(solid, axis, index)
    pen.text((SHARP * (SIZE[0] - 8), SHARP * 8), words, "black", _font(17), "ra")
    across, up = PLANES[axis]
    pen.text(((left + right) / 2, bottom + 4 * SHARP), f"{across} →", "black", _font(18), "ma")
    pen.text((left - 8 * SHARP, (top + bottom) / 2), f"{up} ↑", "black", _font(18), "rm")


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(findfont("DejaVu Sans"), SHARP * size)


class SliceScrubber(Described):
    """A menu of solids, the axis to cut across, a slider for the slice, the picture of `draw`.

    Args:
        solids: bool, shape (n, S, S, S).
        names: of the n solids.
    """

    def __init__(self, solids: NDArray, names: Sequence[str]):
        self.solids = np.asarray(solids, bool)
        last = self.solids.shape[1] - 1
        self.solid = ipywidgets.Dropdown(
            options=[(name, number) for number, name in enumerate(names)],
            value=0,
            description="solid",
        )
        self.axis = ipywidgets.ToggleButtons(
            options=[(name, number) for number, name in enumerate(ACROSS)],
            value=2,
            description="cut across",
        )
        self.axis.style.button_width = "44px"
        self.axis.style.description_width = "90px"
        self.axis.layout.display = "flex"  # the label beside the buttons
        fullest = int(self.solids[0].sum(axis=(0, 1)).argmax())
        self.index = ipywidgets.IntSlider(fullest, min=0, max=last, description="slice")
        self.index.layout.width = "244px"
        self.index.style.description_width = "52px"
        self.solid.style.description_width = "52px"
        self.solid.layout.width = "178px"
        self.picture = ipywidgets.Image(format="png")
        self.picture.layout = ipywidgets.Layout(max_width="900px", width="100%")
        self.picture.layout.object_fit = "contain"
        for control in (self.solid, self.axis, self.index):
            control.observe(self._draw, "value")
        self._draw()
        text = (
            f"Slice scrubber: a menu of {len(names)} solids, the axis to cut across, a slider for "
            "the slice; the solid cut open, and the slice on its silhouette."
        )
        choices = ipywidgets.HBox([self.solid, self.axis, self.index])
        choices.layout.flex_flow = "row wrap"
        super().__init__([choices, self.picture], text)

    def _draw(self, _change: object = None) -> None:
        solid = self.solids[self.solid.value]
        self.picture.value = draw(solid, self.axis.value, self.index.value)
