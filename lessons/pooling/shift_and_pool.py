"""A photograph that moves pixel by pixel: its edges, the pooled edges, and the change."""

from dataclasses import dataclass

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from utils.convolution import correlate2d, pool2d
from utils.plots import MAGNITUDE, PIXELS, SIGNED
from utils.widgets import Described, picture

SIDE = 128
"""Pixels of the feature map that is shown, in both directions."""
FARTHEST = 8
"""Largest shift in pixels, to the right and down."""
WIDTH = 220
"""Screen pixels of each picture at most: four of them share a row."""

VERTICAL_EDGES = np.array([[1, 0, -1]] * 3)
WINDOWS = {"none": 1, "2 × 2": 2, "4 × 4": 4, "8 × 8": 8}


@dataclass(frozen=True)
class Shifted:
    """What a place of a photograph gives once the photograph has moved.

    `photo` gray pixels, `edges` their feature map, both of shape (SIDE, SIDE); `pooled` and
    `difference` (pooled minus pooled without the move) of shape (SIDE / size, SIDE / size).
    `edges_change` and `pooled_change`: norm of the difference over norm of the map that did not
    move.
    """

    photo: NDArray
    edges: NDArray
    pooled: NDArray
    difference: NDArray
    edges_change: float
    pooled_change: float


def shifted(image: NDArray, right: int, down: int, size: int, how: str) -> Shifted:
    """Move a photograph under a fixed frame, find its vertical edges (ReLU), pool them.

    Args:
        image: gray pixels, 0..255, at least SIDE + FARTHEST + 2 high and wide.
        right, down: how far it moves, 0..FARTHEST pixels.
        size: side of the pooling window, a divisor of SIDE.
        how: "max" or "average".

    Raises:
        ValueError: the photograph is too small.
    """
    if image.ndim != 2 or min(image.shape) < SIDE + FARTHEST + 2:
        raise ValueError(
            f"image has shape {image.shape}: expected (H, W), both at least {SIDE + FARTHEST + 2}."
        )

    def at(down: int, right: int) -> tuple[NDArray, NDArray]:
        top, left = FARTHEST - down, FARTHEST - right
        frame = image[top : top + SIDE + 2, left : left + SIDE + 2]
        edges = np.maximum(correlate2d(frame.astype(np.float32), VERTICAL_EDGES), 0)
        return frame[1:-1, 1:-1], edges

    (_, still), (photo, edges) = at(0, 0), at(down, right)
    before, pooled = pool2d(still, size, how=how), pool2d(edges, size, how=how)
    return Shifted(
        photo, edges, pooled, pooled - before, _change(still, edges), _change(before, pooled)
    )


def _change(before: NDArray, after: NDArray) -> float:
    size = np.linalg.norm(before)
    return float(np.linalg.norm(after - before) / size) if size else 0.0


class ShiftAndPool(Described):
    """Sliders move a photograph; its edges, the pooled edges and their difference follow.

    Args:
        image: gray pixels, 0..255, at least SIDE + FARTHEST + 2 high and wide.
    """

    def __init__(self, image: NDArray):
        self.image = image
        self.limit = float(np.percentile(shifted(image, 0, 0, 1, "max").edges, 99)) or 1.0
        self.right, self.down = _slider("right", 1), _slider("down", 0)
        self.window = ipywidgets.ToggleButtons(options=WINDOWS, value=2, description="window")
        self.how = ipywidgets.ToggleButtons(options=["max", "average"], description="pooling")
        self.pictures = {
            name: ipywidgets.Image(format="png")
            for name in ("photograph", "edges", "pooled edges", "change")
        }
        self.verdict = ipywidgets.HTML()
        for control in (self.right, self.down, self.window, self.how):
            control.observe(self._draw, "value")
        self._draw()
        super().__init__(self._arranged(), self._text())

    def _draw(self, _change: object = None) -> None:
        size = self.window.value
        state = shifted(self.image, self.right.value, self.down.value, size, self.how.value)
        looks = (
            (state.photo, 1, PIXELS, 0, 255),
            (state.edges, 1, MAGNITUDE, 0, self.limit),
            (state.pooled, 2 * size, MAGNITUDE, 0, self.limit),
            (state.difference, 2 * size, SIGNED, -self.limit / 2, self.limit / 2),
        )
        for image, (values, each, *colors) in zip(self.pictures.values(), looks, strict=True):
            image.value = picture(np.kron(values, np.ones((each, each))), *colors)
        self.verdict.value = (
            '<span style="font-size:17px">Relative change by the shift: edges '
            f"<b>{state.edges_change:.2f}</b>, pooled edges "
            f"<b>{state.pooled_change:.2f}</b>.</span>"
        )

    def _arranged(self) -> list[ipywidgets.Widget]:
        for control in (self.window, self.how):
            control.style.button_width = "68px" if control is self.window else "90px"
            control.style.description_width = "72px"
            control.layout.display = "flex"  # the label beside the buttons
        self.how.layout.margin = "2px 2px 2px 16px"
        panels = []
        for name, image in self.pictures.items():
            image.layout.width, image.layout.height = "100%", "auto"
            panels.append(ipywidgets.VBox([ipywidgets.HTML(f"<b>{name}</b>"), image]))
            panels[-1].layout = {"margin": "0 8px 0 0", "flex": "1 1 0", "max_width": f"{WIDTH}px"}
        row = ipywidgets.HBox(panels)
        sliders = ipywidgets.HBox([self.right, self.down])
        buttons = ipywidgets.HBox([self.window, self.how])
        for box in (sliders, buttons):
            box.layout.flex_flow = "row wrap"
        return [sliders, buttons, self.verdict, row]

    def _text(self) -> str:
        return (
            f"Shift and pool: a photograph that moves right and down by up to {FARTHEST} pixels, "
            "its vertical edges, the pooled edges, and how much the shift changed them."
        )


def _slider(name: str, value: int) -> ipywidgets.IntSlider:
    slider = ipywidgets.IntSlider(value, 0, FARTHEST, description=f"{name} (px)")
    slider.style.description_width = "84px"
    slider.layout.width, slider.layout.max_width = "48%", "400px"
    return slider
