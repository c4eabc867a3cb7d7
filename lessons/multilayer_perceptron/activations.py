"""Choose an activation, slide z: its value, its tangent, its derivative, and what they mean."""

import math
from html import escape

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.neurons import ACTIVATIONS
from utils.plots import OKABE_ITO
from utils.widgets import Described

NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu", "leaky ReLU": "leaky_relu"}
LIMIT = 10.0
"""z goes from -LIMIT to LIMIT."""
SATURATED = 0.05
"""A smooth activation is called saturated where its slope is below this part of its steepest."""
LAYERS = 10
SIZE = (680, 226)
WIDEST = 900  # pixels of the screen that the picture may fill
PANELS = ((60, 24, 330, 178), (398, 24, 662, 178))  # left, top, right, bottom
BOUNDED = ((-1.25, 1.25), (-1, -0.5, 0, 0.5, 1))  # range and ticks of the activation
UNBOUNDED = ((-5.5, 10.5), (-5, 0, 5, 10))
SLOPES = ((-0.05, 1.1), (0, 0.25, 0.5, 0.75, 1))  # of its derivative
TANGENT = 1.6
"""How far the tangent reaches to both sides of z."""


def value_and_slope(name: str, z: ArrayLike, leak: float) -> tuple[NDArray, NDArray]:
    """An activation and its derivative at z, any shape; `leak` is for the leaky ReLU alone."""
    if name == "leaky_relu":
        z = np.asarray(z, np.float64)
        return np.where(z > 0, z, leak * z), np.where(z > 0, 1.0, leak)
    function, derivative = ACTIVATIONS[name]
    return function(z), derivative(z)


def in_words(name: str, z: float, leak: float) -> str:
    """Two sentences: what the slope at z means for learning, and what ten such layers leave of it.

    Args:
        name: of the activation, as in `utils.neurons.ACTIVATIONS`.
        z: the net sum.
        leak: slope of the leaky ReLU for z <= 0.
    """
    slope = float(value_and_slope(name, z, leak)[1])
    steepest = float(value_and_slope(name, 0.0, leak)[1])
    if name in ("relu", "leaky_relu") and z > 0:
        state = "Open: the slope passes back as it is."
    elif name == "leaky_relu":
        state = f"On the leaky side: {_number(leak)} of the slope still passes back."
    elif name == "relu":
        corner = " (At the corner itself we count 0.)" if z == 0 else ""
        state = f"Off: nothing passes back, so nothing is learned here.{corner}"
    elif slope < SATURATED * steepest:
        state = f"Saturated: less than {100 * SATURATED:g} % of the steepest slope is left."
    else:
        state = f"At work: {100 * slope / steepest:.3g} % of the steepest slope."
    return f"{state} {LAYERS} layers with this slope: {_number(slope**LAYERS)}."


def explorer_svg(name: str, z: float, leak: float) -> str:
    """Two panels as SVG: the activation with its tangent at z, and the derivative with its value.

    Args:
        name, z, leak: as in `in_words`.
    """
    value, slope = (float(number) for number in value_and_slope(name, z, leak))
    x = np.linspace(-LIMIT, LIMIT, 201)
    ends = np.array([z - TANGENT, z + TANGENT])
    curves = value_and_slope(name, x, leak)
    blue, red = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
    first, second = PANELS
    heights, ticks = UNBOUNDED if name.endswith("relu") else BOUNDED
    slopes, slope_ticks = SLOPES
    parts = [
        _axes(first, heights, ticks, f"activation: a = {_number(value)}"),
        _axes(second, slopes, slope_ticks, f"derivative: a' = {_number(slope)}"),
        _line(first, heights, x, curves[0], blue, 4),
        _line(second, slopes, x, curves[1], blue, 4),
        _line(first, heights, ends, value + slope * (ends - z), red, 4, "9 5"),
        _dot(first, heights, z, value, red),
        _dot(second, slopes, z, slope, red),
    ]
    title = escape(f"{name} at z = {z:g}: value {_number(value)}, slope {_number(slope)}")
    clips = "".join(
        f'<clipPath id="panel{left}"><rect x="{left}" y="{top}" width="{right - left}" '
        f'height="{bottom - top}"/></clipPath>'
        for left, top, right, bottom in PANELS
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE[0]} {SIZE[1]}" role="img" '
        f'aria-label="{title}" font-family="sans-serif" font-size="16" '
        f'style="width:100%;max-width:{WIDEST}px;background:white">'
        f'<rect width="{SIZE[0]}" height="{SIZE[1]}" fill="white"/><defs>{clips}</defs>'
        f"{''.join(parts)}</svg>"
    )


def _number(value: float) -> str:
    """Four digits, small ones as a power of ten, a minus sign in place of a hyphen.

    What is close to 1 gets as many digits as it needs to differ from 1: 0.99995.
    """
    distance = 1 - abs(value)
    if value and abs(value) < 1e-3:
        mantissa, exponent = f"{value:.1e}".split("e")
        raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{mantissa} · 10{raised}".replace("-", "−")
    digits = f".{math.ceil(-math.log10(distance))}f" if 0 < distance < 1e-4 else ".4g"
    return f"{value:{digits}}".replace("-", "−")


Panel = tuple[int, int, int, int]
Range = tuple[float, float]


def _pixel(panel: Panel, span: Range, x: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    left, top, right, bottom = panel
    across = left + (np.asarray(x) + LIMIT) / (2 * LIMIT) * (right - left)
    down = bottom - (np.asarray(y) - span[0]) / (span[1] - span[0]) * (bottom - top)
    return across, down


def _axes(panel: Panel, span: Range, ticks: tuple[float, ...], title: str) -> str:
    left, top, right, bottom = panel
    parts = [
        f'<text x="{left - 40}" y="16" font-size="16" font-weight="bold">{escape(title)}</text>'
    ]
    for tick in ticks:
        y = float(_pixel(panel, span, 0, tick)[1])
        shade = "#888" if tick == 0 else "#ddd"
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{shade}"/>')
        parts.append(
            f'<text x="{left - 14}" y="{y + 5:.1f}" text-anchor="end">{_number(tick)}</text>'
        )
    for tick in (-10, -5, 0, 5, 10):
        x = float(_pixel(panel, span, tick, 0)[0])
        shade = "#888" if tick == 0 else "#ddd"
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="{shade}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{_number(tick)}</text>'
        )
    parts.append(f'<text x="{(left + right) / 2}" y="{bottom + 40}" text-anchor="middle">z</text>')
    return "".join(parts)


def _line(
    panel: Panel, span: Range, x: NDArray, y: NDArray, color: str, width: int, dash: str = ""
) -> str:
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(*_pixel(panel, span, x, y), strict=True))
    return (
        f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="{width}" '
        f'stroke-dasharray="{dash}" clip-path="url(#panel{panel[0]})"/>'
    )


def _dot(panel: Panel, span: Range, x: float, y: float, color: str) -> str:
    across, down = _pixel(panel, span, x, y)
    return (
        f'<circle cx="{across:.1f}" cy="{down:.1f}" r="9" fill="{color}" stroke="white" '
        'stroke-width="2"/>'
    )


class ActivationExplorer(Described):
    """A choice of activations, sliders for z and for the leak, the two curves, and words."""

    def __init__(self):
        self.choice = ipywidgets.ToggleButtons(options=NAMES, description="activation")
        self.z = _slider("z", -LIMIT, LIMIT, 0.1, 1.0)
        self.leak = _slider("leak", 0.0, 0.5, 0.01, 0.1)
        self.leak.tooltip = "slope of the leaky ReLU where z is not positive"
        self.curves, self.words = ipywidgets.HTML(), ipywidgets.HTML()
        self.choice.style.description_width = "92px"
        self.choice.layout.display = "flex"  # the label beside the buttons
        self.choice.style.button_width = "110px"
        for control in (self.choice, self.z, self.leak):
            control.observe(self._draw, "value")
        self._draw()
        text = (
            f"Explorer of activations: choose {', '.join(NAMES)}; slide z from -{LIMIT:g} to "
            f"{LIMIT:g}. Shown are the curve with its tangent, the derivative, and in words "
            "whether the unit still learns."
        )
        sliders = ipywidgets.HBox([self.z, self.leak])
        super().__init__([self.choice, sliders, self.curves, self.words], text)

    def _draw(self, _change: object = None) -> None:
        now = self.choice.value, self.z.value, self.leak.value
        self.leak.disabled = self.choice.value != "leaky_relu"
        self.curves.value = explorer_svg(*now)
        self.words.value = (
            '<div style="font-size:16px;line-height:1.3;background:white;color:black;padding:4px '
            f'12px;border-left:6px solid {OKABE_ITO["vermillion"]}">{escape(in_words(*now))}</div>'
        )


def _slider(
    name: str, low: float, high: float, step: float, value: float
) -> ipywidgets.FloatSlider:
    slider = ipywidgets.FloatSlider(value, min=low, max=high, step=step, description=name)
    slider.style.description_width = "52px"
    slider.layout.width, slider.layout.max_width = "49%", "440px"
    return slider
