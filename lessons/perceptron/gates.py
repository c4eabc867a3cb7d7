"""The perceptron in motion: its updates as a flipbook, and gates found by hand with sliders."""

from collections.abc import Collection, Sequence

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike

from lessons.perceptron.figures import SIDE_ONE, label_place
from lessons.perceptron.learning_rule import PerceptronStep
from utils.neurons import step
from utils.plots import OKABE_ITO
from utils.widgets import Described, book

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}
"""Targets of the four corners, in the order of `CORNERS`."""

SIZE = 288
"""Side of the plane, in pixels."""
LOW, HIGH = -0.6, 1.6
"""Both inputs go from LOW to HIGH in the plane."""
SQUARE = ((LOW, LOW), (HIGH, LOW), (HIGH, HIGH), (LOW, HIGH))
"""Its corners."""
CELL = "padding:2px 10px;text-align:center;font-size:16px"
Point = tuple[float, float]


def truth_table(weights: ArrayLike, bias: float, targets: Sequence[int]) -> list[dict]:
    """What a perceptron answers on the four corners.

    Args:
        weights: w1 and w2.
        bias: b.
        targets: of the corners 00, 01, 10, 11.

    Returns:
        A row a corner: its `inputs`, the net sum `z`, the `output`, the `target`, whether it is
        `right`.
    """
    rows = []
    for inputs, target in zip(CORNERS, targets, strict=True):
        z = float(np.dot(weights, inputs) + bias)
        output = int(step(z))
        row = {"inputs": inputs, "z": z, "output": output, "target": target}
        rows.append(row | {"right": output == target})
    return rows


def side_of_one(weights: ArrayLike, bias: float) -> list[Point]:
    """Corners of the part of the plane where z >= 0, in order; empty where there is none."""
    z = [float(np.dot(weights, point) + bias) for point in SQUARE]
    kept = []
    for here, there, z_here, z_there in zip(
        SQUARE, SQUARE[1:] + SQUARE[:1], z, z[1:] + z[:1], strict=True
    ):
        if z_here >= 0:
            kept.append(here)
        if (z_here >= 0) != (z_there >= 0):
            part = z_here / (z_here - z_there)
            kept.append(tuple(a + part * (b - a) for a, b in zip(here, there, strict=True)))
    return kept


def plane_svg(
    rows: Sequence[dict],
    now: tuple[ArrayLike, float],
    ringed: Collection[Point],
    before: tuple[ArrayLike, float] | None = None,
) -> str:
    """The plane as SVG: the side of output 1 shaded, the corners with their targets.

    Args:
        rows: from `truth_table`.
        now: weights and bias.
        ringed: the corners to ring.
        before: weights and bias whose boundary is drawn dashed.
    """
    points = " ".join("{:.1f},{:.1f}".format(*_pixel(point)) for point in side_of_one(*now))
    right = sum(row["right"] for row in rows)
    parts = [
        f'<svg width="{SIZE}" height="{SIZE}"><rect width="100%" height="100%" fill="white"/>',
        f'<polygon points="{points}" fill="{SIDE_ONE}"/>',
        _boundary(*before, "#555", 'stroke-dasharray="12 8"') if before else "",
        _boundary(*now, "black", "") + "</svg>",
        f'<rect width="{SIZE}" height="{SIZE}" fill="none" stroke="#888"/>',
        *(_corner(row, row["inputs"] in ringed) for row in rows),
        *(
            _label(output, label_place(*now, output, [before] if before else []))
            for output in (0, 1)
        ),
        _AXES,
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-34 -4 {SIZE + 40} {SIZE + 40}" '
        f'role="img" aria-label="{right} of 4 corners right" font-family="sans-serif" '
        f'style="width:{SIZE + 40}px;max-width:100%;background:white">{"".join(parts)}</svg>'
    )


def _pixel(point: Point) -> Point:
    x, y = ((value - LOW) / (HIGH - LOW) * SIZE for value in point)
    return x, SIZE - y


def _text(x: float, y: float, words: str, style: str = "") -> str:
    place = f'x="{x:.0f}" y="{y:.0f}" text-anchor="middle" font-size="16"'
    return f"<text {place} {style}>{words}</text>"


_AXES = "".join(
    _text(_pixel((value, 0))[0], SIZE + 22, str(value))
    + _text(-16, _pixel((0, value))[1] + 6, str(value))
    for value in (0, 1)
) + _text(SIZE / 2, SIZE + 26, "x₁") + _text(-18, SIZE / 2, "x₂")  # fmt: skip


def _boundary(weights: ArrayLike, bias: float, color: str, style: str) -> str:
    """The line where z = 0, longer than the plane, which cuts it off; nothing if w1 = w2 = 0."""
    w = np.asarray(weights, float)
    if not w.any():
        return ""
    foot = -bias * w / (w @ w)  # the point of the line that is nearest to the origin
    along = 4 * (HIGH - LOW) * np.array([-w[1], w[0]]) / np.hypot(*w)
    (x1, y1), (x2, y2) = _pixel(foot - along), _pixel(foot + along)
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="{color}" stroke-width="4" {style}/>'


def _label(output: int, place: Point | None) -> str:
    """The name of a side, where there is room for it."""
    if place is None:
        return ""
    x, y = _pixel(place)
    return _text(x, y + 6, f"output {output}", 'font-style="italic"')


def _corner(row: dict, ringed: bool) -> str:
    """A square for target 1, a circle for target 0, with the target inside; a ring around it."""
    x, y = (round(value, 1) for value in _pixel(row["inputs"]))
    if row["target"]:
        square = f'<rect x="{x - 15:.1f}" y="{y - 15:.1f}" width="30" height="30" '
        shape = f'{square}fill="{OKABE_ITO["vermillion"]}"/>'
    else:
        shape = f'<circle cx="{x}" cy="{y}" r="16" fill="{OKABE_ITO["blue"]}"/>'
    shape += _text(x, y + 6, str(row["target"]), 'fill="white" font-weight="bold"')
    if not ringed:
        return shape
    ring = f'<circle cx="{x}" cy="{y}" r="26" fill="none" stroke-width="5" '
    return f'{shape}{ring}stroke="{OKABE_ITO["purple"]}"/>'


def table_html(rows: Sequence[dict], gate: str) -> str:
    """The truth table as HTML, with the net sums, and how many rows are right.

    Args:
        rows: from `truth_table`.
        gate: its name.
    """
    head = "".join(
        f'<th style="{CELL}">{name}</th>' for name in ("x₁", "x₂", "z", "output", gate, "")
    )
    body = ""
    for row in rows:
        mark = "✔" if row["right"] else "✘"
        cells = (*row["inputs"], _signed(row["z"]), row["output"], row["target"], mark)
        body += "<tr>" + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells) + "</tr>"
    right = sum(row["right"] for row in rows)
    verdict = f"{right} of 4 right" + (f": this is {gate}!" if right == 4 else "")
    return (
        f'<div style="font-size:16px;line-height:1.25"><table><tr>{head}</tr>{body}</table>'
        f'<p style="margin:6px 0"><b>{verdict}</b></p></div>'
    )


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


class GateByHand(Described):
    """Sliders for two weights and a bias; the plane and the truth table of a gate to be hit."""

    def __init__(self):
        self.gate = ipywidgets.ToggleButtons(options=list(GATES), description="gate")
        self.gate.style.description_width = "64px"
        self.gate.style.button_width = "70px"
        self.gate.layout.display = "flex"  # the label beside the buttons
        self.w1, self.w2, self.b = (_slider(name) for name in ("w₁", "w₂", "bias b"))
        self.plane = ipywidgets.HTML()
        self.table = ipywidgets.HTML()
        for control in (self.gate, self.w1, self.w2, self.b):
            control.observe(self._draw, "value")
        self._draw()
        text = (
            "Gates by hand: choose AND, OR, NAND or XOR, move the sliders for w1, w2 and b, and "
            "watch the boundary and the truth table."
        )
        right = ipywidgets.VBox([self.gate, self.w1, self.w2, self.b, self.table])
        self.plane.layout.flex = "0 0 auto"
        super().__init__([ipywidgets.HBox([self.plane, right])], text)

    def _draw(self, _change: object = None) -> None:
        now = (self.w1.value, self.w2.value), self.b.value
        rows = truth_table(*now, GATES[self.gate.value])
        mistakes = [row["inputs"] for row in rows if not row["right"]]
        self.plane.value = plane_svg(rows, now, mistakes)
        self.table.value = table_html(rows, self.gate.value)


def _slider(name: str) -> ipywidgets.FloatSlider:
    slider = ipywidgets.FloatSlider(0.0, min=-3, max=3, step=0.5, description=name)
    slider.style.description_width = "64px"
    slider.layout.width = "330px"
    return slider


def updates(gate: str, path: Sequence[PerceptronStep], first: int = 0) -> Described:
    """The updates of a perceptron that learns a gate, one page a mistake; needs no kernel.

    Args:
        gate: its name, in `GATES`.
        path: from `perceptron_path`, on the corners in the order of `CORNERS`.
        first: the entry of the path to begin with.
    """
    numbers = range(first, len(path))
    pages = [ipywidgets.HTML(page_html(GATES[gate], path, number)) for number in numbers]
    text = (
        f"Flipbook of {len(pages)} pages: a perceptron learns {gate}, one mistake a page. The "
        "mistaken corner is ringed, the old boundary dashed, the new one solid, output 1 shaded."
    )
    return book(pages, text, "page", 1500)


def page_html(targets: Sequence[int], path: Sequence[PerceptronStep], number: int) -> str:
    """One update: the plane, and beside it the arithmetic line by line.

    Args:
        targets: of the four corners.
        path: as in `updates`.
        number: an entry of the path; 0 is the start.
    """
    now = path[number]
    rows = truth_table(now.weights, now.bias, targets)
    before = None if now.mistake is None else path[number - 1]
    plane = plane_svg(
        rows,
        (now.weights, now.bias),
        [] if before is None else [CORNERS[now.mistake]],
        before and (before.weights, before.bias),
    )
    lines = "<br>".join(_told(targets, now, before))
    right = sum(row["right"] for row in rows)
    return (
        '<div style="display:flex;align-items:center;gap:16px">'
        f'{plane}<div style="flex:1 1 0;font-size:16px;line-height:1.7">'
        f"{lines}<br>right now: {right} of 4</div></div>"
    )


def _told(targets: Sequence[int], now: PerceptronStep, before: PerceptronStep | None) -> list[str]:
    """What happened in this update, in words."""
    w1, w2, b = (_signed(value) for value in (*now.weights, now.bias))
    state = f"<b>w₁ = {w1} &emsp; w₂ = {w2} &emsp; b = {b}</b>"
    if before is None:
        return ["<b>Start</b>", state]
    x1, x2 = CORNERS[now.mistake]
    z = before.weights @ (x1, x2) + before.bias
    target, output = targets[now.mistake], int(step(z))
    change = "add the inputs, raise b" if target else "subtract the inputs, lower b"
    return [
        f"<b>Epoch {now.epoch}</b>: inputs {x1}, {x2}, target {target}",
        f"z = {_signed(z)}, so output {output}: a mistake",
        f"error {target} − {output} = {_signed(target - output)}: {change}",
        state,
    ]
