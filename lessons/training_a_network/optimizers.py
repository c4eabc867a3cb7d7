"""Optimizers in a valley: a race as a flipbook, and a slider for the learning rate."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.training_a_network.figures import race_frame
from lessons.training_a_network.surfaces import Valley, descend
from utils.neurons import SGD
from utils.plots import OKABE_ITO
from utils.widgets import Described, flipbook

STEPS = 60
LIMIT = 5.0
"""How far the map of the valley reaches from its minimum."""
SLOWEST, FASTEST = -2.2, -0.8
"""Powers of ten: the ends of the slider."""
FLOOR, CEILING = 1e-6, 1e6
"""Ends of the axis of losses: a lower one is drawn at the end, the curve stops at a higher one."""
BANDS = 8

WIDTH, HEIGHT = 680, 268
WIDEST = 900  # pixels of the screen that the picture may fill
MAP = (34, 8, 170)  # left, top, side
CURVE = (300, 14, 370, 164)  # left, top, width, height
SCALE = (20, 220, 640, 22)

WORDS = {  # verdict: color, what the walker does
    "crawls": (OKABE_ITO["sky"], "after {steps} steps it is still far from the minimum"),
    "converges": (OKABE_ITO["green"], "it walks down and arrives"),
    "oscillates": (
        OKABE_ITO["orange"],
        "each step lands on the other wall, at half of the distance or more",
    ),
    "diverges": (OKABE_ITO["vermillion"], "each step lands on the other wall, higher up"),
}


def race(surface: Valley, paths: Mapping[str, NDArray], steps: Sequence[int]) -> Described:
    """The race as a flipbook, one page a moment.

    Args:
        surface: what they walk on.
        paths: name to path, all of one length.
        steps: the moments to show.
    """
    text = (
        f"Flipbook of {len(steps)} pages: {', '.join(paths)} race down a valley. On the left the "
        "paths so far, on the right their losses."
    )
    return flipbook(lambda step: race_frame(surface, paths, step), steps, text, label="page")


def borders(surface: Valley, steps: int = STEPS) -> tuple[float, float, float]:
    """The rates at which gradient descent begins to converge, to oscillate and to diverge.

    In one direction every step multiplies the distance to the minimum by 1 - rate * curvature.

    Args:
        surface: the valley.
        steps: how many it may take to leave less than a tenth of the way along the valley.

    Returns:
        Three rates: from the first on, less than a tenth is left after the steps; from the second
        on, a step keeps half or more of the distance across, on the other side; from the third on,
        all of it or more.

    Raises:
        ValueError: the valley is so long that no rate converges without oscillating.
    """
    along, across = surface.curvatures
    rates = float((1 - 0.1 ** (1 / steps)) / along), float(1.5 / across), surface.largest_rate
    if rates[0] >= rates[1]:
        raise ValueError(
            f"{steps} steps are too few for a valley with curvatures {along:g} and {across:g}: "
            "every rate crawls or oscillates."
        )
    return rates


def verdict(surface: Valley, rate: float, steps: int = STEPS) -> str:
    """In one word what gradient descent does at a rate: see `borders`."""
    return list(WORDS)[sum(rate >= border for border in borders(surface, steps))]


def rate_svg(surface: Valley, path: NDArray, rate: float) -> str:
    """The path in the valley, its losses on a logarithmic scale, and the rate between its borders.

    Args:
        surface: the valley.
        path: shape (STEPS + 1, 2), of gradient descent.
        rate: its learning rate.

    Returns:
        An SVG of WIDTH x HEIGHT.
    """
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" style="max-width:{WIDEST}px;'
        'background:white" font-family="sans-serif" font-size="16" role="img" '
        f'aria-label="{escape(_said(surface, path, rate))}">',
        _valley(surface, path),
        _losses(surface.loss(path)),
        _scale(surface, rate),
        "</svg>",
    ]
    return "".join(parts)


def _said(surface: Valley, path: NDArray, rate: float) -> str:
    word = verdict(surface, rate)
    loss = surface.loss(path)
    return (
        f"Learning rate {rate:.3g}: gradient descent {word}. "
        f"Loss {loss[0]:.3g} at the start, {loss[-1]:.2g} after {len(path) - 1} steps."
    )


def _valley(surface: Valley, path: NDArray) -> str:
    left, top, side = MAP
    scale = side / (2 * LIMIT)
    parts = [
        f'<clipPath id="valley"><rect x="{left}" y="{top}" width="{side}" height="{side}"/>'
        f'</clipPath><g clip-path="url(#valley)"><rect x="{left}" y="{top}" width="{side}" '
        f'height="{side}" fill="#f2f5f8"/>'
    ]
    along, across = surface.curvatures
    tilt = -np.degrees(np.arctan2(*surface.directions[::-1, 0]))
    middle = left + side / 2, top + side / 2
    for number in range(BANDS):
        level = surface.loss([LIMIT, -LIMIT]) * 3.0**-number
        radii = np.sqrt(2 * level / np.array([along, across])) * scale
        shade = 238 - 18 * number
        parts.append(
            f'<ellipse cx="{middle[0]}" cy="{middle[1]}" rx="{radii[0]:.1f}" ry="{radii[1]:.1f}" '
            f'transform="rotate({tilt:.2f} {middle[0]} {middle[1]})" '
            f'fill="rgb({shade - 25},{shade - 8},{shade})" stroke="white"/>'
        )
    outside = np.abs(path).max(axis=1) > 2 * LIMIT
    places = path[: _until(outside)] * [scale, -scale] + middle
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts.append(f'<polyline points="{points}" fill="none" stroke="black" stroke-width="2"/>')
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{OKABE_ITO["vermillion"]}" '
        'stroke="white" stroke-width="0.4"/>'
        for x, y in places
    ]
    x, y = places[0]
    parts.append(
        f'<rect x="{x - 7:.1f}" y="{y - 7:.1f}" width="14" height="14" fill="black" '
        f'stroke="white"/><text x="{x:.1f}" y="{y - 13:.1f}" text-anchor="middle">start</text></g>'
        f'<text x="{middle[0]}" y="{middle[1] + 9}" text-anchor="middle" font-size="26" '
        f'fill="{OKABE_ITO["yellow"]}" stroke="black">★</text>'
        f'<text x="{middle[0]}" y="{top + side + 18}" text-anchor="middle">weight 1</text>'
        f'<text x="{left - 14}" y="{middle[1]}" text-anchor="middle" '
        f'transform="rotate(-90 {left - 14} {middle[1]})">weight 2</text>'
    )
    return "".join(parts)


def _losses(losses: NDArray) -> str:
    left, top, width, height = CURVE
    decades = np.log10(CEILING / FLOOR)

    def down(loss: ArrayLike) -> NDArray:
        return top + height * np.log10(CEILING / np.clip(loss, FLOOR, CEILING)) / decades

    shown = losses[: _until(losses > CEILING)]
    across = left + width * np.arange(len(shown)) / (len(losses) - 1)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down(shown), strict=True))
    parts = []
    for power in range(-6, 7, 3):
        y = down(10.0**power)
        label = {0: "1", 3: "1000", 6: "10⁶", -3: "0.001", -6: "10⁻⁶"}[power]
        parts.append(
            f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="#ddd"/>'
            f'<text x="{left - 8}" y="{y + 5}" text-anchor="end">{label}</text>'
        )
    start = down(losses[0])
    parts.append(
        f'<line x1="{left}" x2="{left + width}" y1="{start:.1f}" y2="{start:.1f}" stroke="black" '
        'stroke-width="2" stroke-dasharray="6 5"/>'
        f'<text x="{left + width}" y="{start - 7:.1f}" text-anchor="end">loss at the start</text>'
        f'<polyline points="{points}" fill="none" stroke="{OKABE_ITO["vermillion"]}" '
        'stroke-width="4"/>'
        f'<text x="{left + width / 2}" y="{top + height + 18}" text-anchor="middle">step 0 to '
        f'{len(losses) - 1}</text><text x="{left + 8}" y="{top + 20}">loss</text>'
    )
    return "".join(parts)


def _until(outside: NDArray) -> int:
    """How many points to draw: up to the first one outside, which is included."""
    return int(outside.argmax()) + 1 if outside.any() else len(outside)


def _scale(surface: Valley, rate: float) -> str:
    left, top, width, height = SCALE

    def at(value: float) -> float:
        return left + width * (np.log10(value) - SLOWEST) / (FASTEST - SLOWEST)

    edges = [10**SLOWEST, *borders(surface), 10**FASTEST]
    parts = []
    for (word, (color, _)), (low, high) in zip(WORDS.items(), pairwise(edges), strict=True):
        parts.append(
            f'<rect x="{at(low):.1f}" y="{top}" width="{at(high) - at(low):.1f}" '
            f'height="{height}" fill="{color}" fill-opacity="0.55" stroke="white"/>'
            f'<text x="{(at(low) + at(high)) / 2:.1f}" text-anchor="middle" '
            f'y="{top - 5 if word == "oscillates" else top + 17}">{word}</text>'
        )
    limit = at(surface.largest_rate)
    here = float(np.clip(at(rate), left, left + width))
    parts.append(
        f'<line x1="{limit:.1f}" x2="{limit:.1f}" y1="{top}" y2="{top + height + 8}" '
        f'stroke="black" stroke-width="3"/><text x="{limit + 40:.1f}" y="{top + height + 22}" '
        'text-anchor="end">'
        f"2 ÷ largest curvature = {surface.largest_rate:.3f}</text>"
        f'<path d="M{here:.1f} {top + height - 8} l-9 14 h18 z" fill="black" stroke="white"/>'
        f'<text x="{left}" y="{top + height + 22}">learning rate {rate:.3g}</text>'
    )
    return "".join(parts)


class RateExplorer(Described):
    """A slider for the learning rate of gradient descent, from crawling to diverging.

    Args:
        surface: the valley.
        start: where each walk begins, shape (2,).
    """

    def __init__(self, surface: Valley, start: ArrayLike):
        self.surface, self.start = surface, start
        self.rate = ipywidgets.FloatLogSlider(
            value=0.01, base=10, min=SLOWEST, max=FASTEST, step=0.02, description="learning rate"
        )
        self.rate.readout_format = ".3g"
        self.rate.style.description_width = "112px"
        self.rate.layout.width, self.rate.layout.max_width = "99%", "700px"
        self.drawing, self.words = ipywidgets.HTML(), ipywidgets.HTML()
        self.rate.observe(self._draw, "value")
        self._draw()
        text = (
            "Explorer of learning rates: slide the rate of gradient descent from "
            f"{10**SLOWEST:.2g} to {10**FASTEST:.2g}. Shown are {STEPS} steps in the valley, "
            f"their losses, and in words whether the walker {', '.join(WORDS)}."
        )
        super().__init__([self.rate, self.drawing, self.words], text)

    def _draw(self, _change: object = None) -> None:
        rate = self.rate.value
        path = descend(self.surface, SGD(rate), self.start, STEPS)
        word = verdict(self.surface, rate)
        color, what = WORDS[word]
        self.drawing.value = rate_svg(self.surface, path, rate)
        self.words.value = (
            '<div style="font-size:16px;line-height:1.3;background:white;color:black;padding:4px '
            f'12px;border-left:8px solid {color}"><b>It {word}:</b> '
            f"{what.format(steps=STEPS)}. The loss goes from {self.surface.loss(path[0]):.3g} to "
            f"{self.surface.loss(path[-1]):.2g}.</div>"
        )
