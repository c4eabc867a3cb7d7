"""Sliders for input, kernel, padding, stride and dilation; the windows of one axis as rows."""

from math import ceil

import ipywidgets

from lessons.padding_and_stride.figures import Walk
from utils.convolution import output_size
from utils.plots import OKABE_ITO
from utils.widgets import Described

WIDTH, HEIGHT = 900, 390
LEFT, TOP = 30, 30
LARGEST_CELL = 40
SMALLEST_TEXT = 16
RANGES = {"n": (1, 16, 8), "k": (1, 7, 3), "p": (0, 4, 0), "s": (1, 4, 2), "d": (1, 3, 1)}
NAMES = {"n": "input n", "k": "kernel k", "p": "padding p", "s": "stride s", "d": "dilation d"}
TAP, LOST = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
PATTERN = (
    '<pattern id="lost" width="7" height="7" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><path d="M0 0V7" stroke="{LOST}" stroke-width="4"/></pattern>'
)


def sentence(n: int, k: int, p: int, s: int, d: int) -> str:
    """The formula with its numbers, or why no window fits; arguments as in `output_size`."""
    span, padded = d * (k - 1) + 1, n + 2 * p
    if span > padded:
        return (
            f"The kernel spans {span}, the padded input is {padded} wide. "
            "No window fits: take a smaller kernel or dilation, or more padding."
        )
    return f"⌊({n} + 2·{p} − {span}) / {s}⌋ + 1 = {output_size(n, k, p, s, d)}"


def heading(n: int, k: int, p: int, s: int, d: int) -> str:
    """The formula and the span with their numbers, or why no window fits, as lines of HTML.

    Arguments as in `output_size`. With every usual font a line fits into the width of the picture;
    where there is less room, it wraps.
    """
    walk, text = Walk(n, k, p, p, s, d), sentence(n, k, p, s, d)
    if walk.starts:
        size, color, first = 25, "black", f"n_out = ⌊(n + 2p − span) / s⌋ + 1 = {text}"
        lost = f" · hatched: no window meets these ({len(walk.missed)})" if walk.missed else ""
        second = f"span = d(k − 1) + 1 = {d}·({k} − 1) + 1 = {walk.span}{lost}"
    else:
        size, color = 26, LOST
        why, second = text.split(". ")
        first = f"✘ {why}."
    return (
        f'<div style="padding:16px {LEFT}px 6px;line-height:1.4;color:{color}">'
        f'<div style="font-size:{size}px">{first}</div>'
        f'<div style="font-size:20px;color:black">{second}</div></div>'
    )


def view(n: int, k: int, p: int, s: int, d: int) -> str:
    """The words of `heading` above the picture of `svg`, on white."""
    return (
        f'<div style="max-width:{WIDTH}px;background:white;font-family:sans-serif">'
        f"{heading(n, k, p, s, d)}{svg(n, k, p, s, d)}</div>"
    )


def svg(n: int, k: int, p: int, s: int, d: int) -> str:
    """The padded input, and each window as a row of weights below it, as an SVG.

    Cells are counted above them, from 0, windows at the right, from 1: all, or where rows are close
    every second, down to the last one. Padded cells are gray and hold a 0; cells that no window
    meets are hatched. Arguments as in `output_size`. A row is a group of class "window", so that
    one can count them.
    """
    walk = Walk(n, k, p, p, s, d)
    cell = min(LARGEST_CELL, (WIDTH - 2 * LEFT - 60) / max(walk.width, walk.span))
    row = min(cell, (HEIGHT - TOP - 1.6 * cell - 10) / max(1, len(walk.starts)))
    parts = _input(walk, cell)
    every = ceil(SMALLEST_TEXT / row)
    for number, start in enumerate(walk.starts, 1):
        y = TOP + 1.4 * cell + (number - 0.5) * row
        counted = (len(walk.starts) - number) % every == 0
        parts.append(_window(walk, start, cell, y, 0.8 * row, f"{number}" if counted else ""))
    if not walk.starts:
        parts.append(_misfit(walk, cell))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'style="display:block;max-width:100%;width:{WIDTH}px" font-family="sans-serif" '
        f'aria-label="Windows: {len(walk.starts)}. {sentence(n, k, p, s, d)}">'
        f'<defs>{PATTERN}</defs><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(parts)}</svg>"
    )


def _input(walk: Walk, cell: float) -> list[str]:
    parts = []
    for at in range(walk.width):
        box = f'x="{LEFT + at * cell:.1f}" y="{TOP}" width="{cell:.1f}" height="{cell:.1f}"'
        padded = walk.is_padding(at)
        fill = "#d9d9d9" if padded else "white"
        x = LEFT + (at + 0.5) * cell
        parts.append(
            f'<text x="{x:.1f}" y="{TOP - 7}" font-size="{SMALLEST_TEXT}" text-anchor="middle" '
            f'class="count" fill="#555">{at}</text>'
        )
        parts.append(f'<rect {box} fill="{fill}" stroke="black" stroke-width="1.5"/>')
        if at in walk.missed and walk.starts:
            parts.append(f'<rect {box} fill="url(#lost)" class="missed"/>')
        if padded:
            y = TOP + 0.5 * cell + 6
            parts.append(
                f'<text x="{x:.1f}" y="{y:.1f}" font-size="18" text-anchor="middle" '
                'class="padding" paint-order="stroke" stroke="#d9d9d9" stroke-width="5">0</text>'
            )
    return parts


def _window(walk: Walk, start: int, cell: float, y: float, height: float, label: str) -> str:
    first, last = (LEFT + (at + 0.5) * cell for at in (start, start + walk.span - 1))
    line = (
        f'<line x1="{first:.1f}" x2="{last:.1f}" y1="{y:.1f}" y2="{y:.1f}" '
        f'stroke="{TAP}" stroke-width="3"/>'
    )
    weights = "".join(
        f'<rect x="{LEFT + (at + 0.1) * cell:.1f}" y="{y - height / 2:.1f}" '
        f'width="{0.8 * cell:.1f}" height="{height:.1f}" fill="{TAP}"/>'
        for at in walk.taps(start)
    )
    x, size = LEFT + walk.width * cell + 10, min(20, max(SMALLEST_TEXT, height))
    text = f'<text x="{x:.1f}" y="{y + size / 3:.1f}" font-size="{size:.0f}">{label}</text>'
    return f'<g class="window">{line}{weights}{text if label else ""}</g>'


def _misfit(walk: Walk, cell: float) -> str:
    """The kernel that does not fit, from the first cell on, in outlines."""
    weights = "".join(
        f'<rect x="{LEFT + (at + 0.1) * cell:.1f}" y="{TOP + 1.5 * cell:.1f}" '
        f'width="{0.8 * cell:.1f}" height="{0.8 * cell:.1f}"/>'
        for at in walk.taps(0)
    )
    look = f'fill="none" stroke="{LOST}" stroke-width="3" stroke-dasharray="6 4"'
    return f'<g class="misfit" {look}>{weights}</g>'


class SizeExplorer(Described):
    """Five sliders and the words and the picture that `view` makes of them."""

    def __init__(self):
        self.sliders = {
            name: _slider(NAMES[name], low, high, value)
            for name, (low, high, value) in RANGES.items()
        }
        self.picture = ipywidgets.HTML()
        for slider in self.sliders.values():
            slider.observe(self._draw, "value")
        self._draw()
        wrap = ipywidgets.Layout(flex_flow="row wrap", max_width=f"{WIDTH}px")
        controls = ipywidgets.Box(list(self.sliders.values()), layout=wrap)
        text = (
            "Size explorer: sliders for input n, kernel k, padding p, stride s and dilation d; the "
            "windows of one axis as rows under the padded input, and the formula with its numbers."
        )
        super().__init__([controls, self.picture], text)

    def _draw(self, _change: object = None) -> None:
        self.picture.value = view(**{name: s.value for name, s in self.sliders.items()})


def _slider(name: str, low: int, high: int, value: int) -> ipywidgets.IntSlider:
    slider = ipywidgets.IntSlider(value, min=low, max=high, description=name)
    slider.style.description_width = "75px"
    slider.layout.width = "290px"
    return slider
