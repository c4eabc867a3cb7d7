"""Two sliders move a line; the squares of its residuals, and their mean, move with it."""

from dataclasses import dataclass

import ipywidgets
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.font_manager import findfont
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

from lessons.linear_regression.fitting import mean_squared_error
from utils.plots import HEIGHT, OKABE_ITO, WEIGHT, drawn, encoded
from utils.regression import least_squares, predict
from utils.widgets import Described

SIZE = (680, 316)
SHARP = 2  # pixels for each pixel of the screen, along each side
PLOT = (66, 10, 416, 264)  # left, top, right, bottom of the axes, in pixels of SIZE
PANEL = 434  # left edge of the mean square, in pixels of SIZE
MEAN_SQUARE = (0, 114, 178)
BEST = (0, 158, 115)


@dataclass(frozen=True)
class Canvas:
    """Axes drawn beforehand, and the scale on which to draw into them.

    `background` is SHARP times SIZE; a unit of x and a unit of y are both `scale` of its pixels,
    and its `box` begins at x = `left` and ends, at the bottom, at y = `bottom`.
    """

    background: Image.Image
    box: tuple[int, int, int, int]
    left: float
    bottom: float
    scale: float

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies inside the box: columns from its left, rows from its top."""
        height = self.box[3] - self.box[1]
        return (x - self.left) * self.scale, height - (y - self.bottom) * self.scale


def canvas(x: ArrayLike, y: ArrayLike) -> Canvas:
    """Empty axes with room for the points and for squares beside them, on equal scales."""
    box = tuple(SHARP * edge for edge in PLOT)
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(width / (1.5 * np.ptp(x)), height / (1.5 * np.ptp(y)))
    left, bottom = (
        np.min(x) - 0.12 * width / scale,
        (np.min(y) + np.max(y) - height / scale) / 2,
    )
    with mpl.rc_context({"figure.constrained_layout.use": False, "font.size": 12}):
        figure = plt.figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100 * SHARP)
        axes = figure.add_axes(
            (
                PLOT[0] / SIZE[0],
                1 - PLOT[3] / SIZE[1],
                (PLOT[2] - PLOT[0]) / SIZE[0],
                (PLOT[3] - PLOT[1]) / SIZE[1],
            ),
            xlim=(left, left + width / scale),
            ylim=(bottom, bottom + height / scale),
        )
        axes.set_xlabel(WEIGHT, fontsize=12)
        axes.set_ylabel(HEIGHT, fontsize=12)
        axes.tick_params(labelsize=12)
        axes.spines[["top", "right"]].set_visible(False)
    return Canvas(drawn(figure), box, float(left), float(bottom), float(scale))


def draw(ground: Canvas, x: NDArray, y: NDArray, w: float, b: float, best: float) -> bytes:
    """The line (w, b) over the points, their squares, and the mean square as one square.

    Args:
        ground: what `canvas` made for these points.
        x, y: the points, each of shape (n,).
        w, b: slope and intercept of the line.
        best: the smallest mean square so far, shown as an outline.

    Returns:
        A PNG of SHARP times SIZE.
    """
    picture = ground.background.copy()
    plot = picture.crop(ground.box)
    _draw_plot(ImageDraw.Draw(plot, "RGBA"), ground, x, y, w, b)
    picture.paste(plot, ground.box[:2])
    error = mean_squared_error(y, predict(x, w, b))
    _draw_panel(ImageDraw.Draw(picture, "RGBA"), ground, error, best)
    return encoded(picture, "PNG", compress_level=1)


def _draw_plot(
    pen: ImageDraw.ImageDraw, ground: Canvas, x: NDArray, y: NDArray, w: float, b: float
) -> None:
    prediction = predict(x, w, b)
    for at, seen, said in zip(x, y, prediction, strict=True):
        column, top = ground.pixel(at, max(seen, said))
        side = abs(said - seen) * ground.scale
        square = (column, top, column + side, top + side)
        pen.rectangle(square, (86, 180, 233, 80), (0, 114, 178, 150), SHARP)
    for at, seen, said in zip(x, y, prediction, strict=True):
        pen.line((*ground.pixel(at, seen), *ground.pixel(at, said)), "black", 2 * SHARP)
    ends = np.array([ground.left, ground.left + ground.box[2] / ground.scale])
    line = [ground.pixel(*end) for end in zip(ends, predict(ends, w, b), strict=True)]
    pen.line(line, OKABE_ITO["vermillion"], 4 * SHARP)
    for at, seen in zip(x, y, strict=True):
        pen.circle(ground.pixel(at, seen), 6 * SHARP, OKABE_ITO["blue"], "white", SHARP)


def _draw_panel(pen: ImageDraw.ImageDraw, ground: Canvas, error: float, best: float) -> None:
    left, bottom = SHARP * PANEL, ground.box[3]
    largest = min(SHARP * (SIZE[0] - 12) - left, bottom - SHARP * 84)
    side, best_side = (min(ground.scale * value**0.5, largest) for value in (error, best))
    pen.rectangle(
        (left, bottom - side, left + side, bottom), (*MEAN_SQUARE, 110), MEAN_SQUARE, SHARP
    )
    pen.rectangle((left, bottom - best_side, left + best_side, bottom), None, BEST, 3 * SHARP)
    lines = (
        (6, f"mean square {error:{'.1f' if error < 1000 else ',.0f'}} cm²", "black", 17),
        (30, f"its side {error**0.5:.1f} cm", "black", 16),
        (53, f"best so far {best:,.1f} cm²", BEST, 16),
    )
    for top, text, color, size in lines:
        pen.text((left, SHARP * top), text, color, _font(size * SHARP))


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(findfont("DejaVu Sans"), size)


class FitByHand(Described):
    """Sliders for slope and intercept, people with their squares, the best mean square so far.

    Args:
        weight, height: of n people, in kg and cm; each of shape (n,).
    """

    def __init__(self, weight: ArrayLike, height: ArrayLike):
        self.x, self.y = np.asarray(weight, float), np.asarray(height, float)
        self.best = np.inf
        self.ground = canvas(self.x, self.y)
        w, b = least_squares(self.x, self.y)
        self.w = _slider("slope w", min(0.0, w - 0.5), max(1.2, w + 0.5), 0.01, 0.0)
        self.b = _slider("intercept b", min(80.0, b - 30), max(200.0, b + 30), 0.5, 168.0)
        self.picture = ipywidgets.Image(format="png")
        self.picture.layout = ipywidgets.Layout(max_width="900px", width="100%")
        self.picture.layout.object_fit = "contain"
        for slider in (self.w, self.b):
            slider.observe(self._draw, "value")
        self._draw()
        text = (
            f"Fit by hand: {len(self.x)} people, a line with sliders for slope and intercept, the "
            "squares of the residuals, their mean, and the smallest mean so far."
        )
        super().__init__([ipywidgets.HBox([self.w, self.b]), self.picture], text)

    def _draw(self, _change: object = None) -> None:
        w, b = self.w.value, self.b.value
        self.best = min(self.best, mean_squared_error(self.y, predict(self.x, w, b)))
        self.picture.value = draw(self.ground, self.x, self.y, w, b, self.best)


def _slider(
    name: str, low: float, high: float, step: float, value: float
) -> ipywidgets.FloatSlider:
    slider = ipywidgets.FloatSlider(value, min=low, max=high, step=step, description=name)
    slider.style.description_width = "104px"
    slider.layout.width, slider.layout.max_width = "49%", "440px"
    return slider
