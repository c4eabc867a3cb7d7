"""Sliders for input, kernel, padding, stride and dilation; the windows of one axis as rows."""

from math import ceil

import ipywidgets

from lessons.padding_and_stride.figures import Walk
from utils.convolution import output_size
from utils.plots import OKABE_ITO
from utils.widgets import Described

WIDTH, HEIGHT = 680, 236
WIDEST = 900  # pixels of the screen that the picture may fill
LEFT, TOP = 16, 26
LARGEST_CELL = 34
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


def heading(n: int, k: int, p: int, s: int, d: int, shown: bool = True) -> str:
    """The formula and the span with their numbers, or why no window fits, as lines of HTML.

    Arguments as in `view`. Where there is too little room for a line, it wraps.
    """
    walk, text = Walk(n, k, p, p, s, d), sentence(n, k, p, s, d)
    if not shown:
        size, color, first = 20, "black", "n_out = ⌊(n + 2p − span) / s⌋ + 1 = <b>?</b>"
        second = "span = d(k − 1) + 1. Does the kernel fit, and how often? Press Show."
    elif walk.starts:
        size, color, first = 20, "black", f"n_out = ⌊(n + 2p − span) / s⌋ + 1 = {text}"
        lost = f" · hatched: no window meets these ({len(walk.missed)})" if walk.missed else ""
        second = f"span = d(k − 1) + 1 = {d}·({k} − 1) + 1 = {walk.span}{lost}"
    else:
        size, color = 20, LOST
        why, second = text.split(". ")
        first = f"✘ {why}."
    return (
        f'<div style="padding:4px {LEFT}px;line-height:1.4;color:{color}">'
        f'<div style="font-size:{size}px">{first}</div>'
        f'<div style="font-size:16px;color:black">{second}</div></div>'
    )


def view(n: int, k: int, p: int, s: int, d: int, shown: bool = True) -> str:
    """The words of `heading` above the picture of `svg`, on white.

    Args:
        n, k, p, s, d: as in `output_size`.
        shown: whether to tell how many windows there are; otherwise only the first is drawn.
    """
    return (
        f'<div style="max-width:{WIDEST}px;background:white;font-family:sans-serif">'
        f"{heading(n, k, p, s, d, shown)}{svg(n, k, p, s, d, shown)}</div>"
    )


def svg(n: int, k: int, p: int, s: int, d: int, shown: bool = True) -> str:
    """The padded input, and each window as a row of weights below it, as an SVG.

    Pixels are counted above them, from 0, windows at the right, from 1: all, or where rows are
    close every second, down to the last one. Padded cells are gray and hold a 0; cells that no
    window meets are hatched. Arguments as in `view`. A row is a group of class "window", so that
    one can count them.
    """
    walk = Walk(n, k, p, p, s, d)
    cell = min(LARGEST_CELL, (WIDTH - 2 * LEFT - 60) / max(walk.width, walk.span))
    row = min(cell, (HEIGHT - TOP - 1.6 * cell - 10) / max(1, len(walk.starts)))
    parts = _input(walk, cell, shown)
    every = ceil(SMALLEST_TEXT / row)
    for number, start in enumerate(walk.starts if shown else walk.starts[:1], 1):
        y = TOP + 1.4 * cell + (number - 0.5) * row
        counted = shown and (len(walk.starts) - number) % every == 0
        parts.append(_window(walk, start, cell, y, 0.8 * row, f"{number}" if counted else ""))
    if shown and not walk.starts:
        parts.append(_misfit(walk, cell))
    label = f"Windows: {len(walk.starts)}. {sentence(n, k, p, s, d)}"
    label = label if shown else "Windows: hidden until you press Show."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'style="display:block;width:100%" font-family="sans-serif" '
        f'aria-label="{label}">'
        f'<defs>{PATTERN}</defs><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(parts)}</svg>"
    )


def _input(walk: Walk, cell: float, shown: bool) -> list[str]:
    parts = []
    for at in range(walk.width):
        box = f'x="{LEFT + at * cell:.1f}" y="{TOP}" width="{cell:.1f}" height="{cell:.1f}"'
        padded = walk.is_padding(at)
        fill = "#d9d9d9" if padded else "white"
        x = LEFT + (at + 0.5) * cell
        if not padded:
            parts.append(
                f'<text x="{x:.1f}" y="{TOP - 7}" font-size="{SMALLEST_TEXT}" text-anchor="middle" '
                f'class="count" fill="#555">{at - walk.before}</text>'
            )
        parts.append(f'<rect {box} fill="{fill}" stroke="black" stroke-width="1.5"/>')
        if shown and at in walk.missed and walk.starts:
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
    """Five sliders and the words and the picture that `view` makes of them.

    A move of a slider hides the answer, so that one can predict it, until `show` is pressed or
    `hide` is switched off.
    """

    def __init__(self):
        self.sliders = {
            name: _slider(NAMES[name], low, high, value)
            for name, (low, high, value) in RANGES.items()
        }
        self.picture = ipywidgets.HTML()
        self.hide = ipywidgets.Checkbox(value=True, description="hide n_out")
        self.hide.style.description_width = "0"
        self.show = ipywidgets.Button(description="Show")
        self.hide.layout.width, self.show.layout.width = "auto", "72px"
        for control in (*self.sliders.values(), self.hide):
            control.observe(self._moved, "value")
        self.show.on_click(self._draw)
        self._draw()
        wrap = ipywidgets.Layout(flex_flow="row wrap", max_width=f"{WIDEST}px")
        asked = ipywidgets.HBox([self.hide, self.show], layout={"width": "32%"})
        controls = ipywidgets.Box([*self.sliders.values(), asked], layout=wrap)
        text = (
            "Size explorer: sliders for input n, kernel k, padding p, stride s and dilation d; the "
            "windows of one axis as rows under the padded input, and the formula with its numbers."
        )
        super().__init__([controls, self.picture], text)

    def _moved(self, _change: object) -> None:
        self._draw(shown=not self.hide.value)

    def _draw(self, _button: object = None, shown: bool = True) -> None:
        numbers = {name: slider.value for name, slider in self.sliders.items()}
        self.picture.value = view(**numbers, shown=shown)
        self.show.disabled = shown


def _slider(name: str, low: int, high: int, value: int) -> ipywidgets.IntSlider:
    slider = ipywidgets.IntSlider(value, min=low, max=high, description=name)
    slider.style.description_width = "94px"
    slider.layout.width = "32%"
    return slider
