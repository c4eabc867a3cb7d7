"""A slider moves the threshold; data, confusion matrix, rates and ROC point move with it."""

from html import escape

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons.logistic_regression.figures import stacks
from lessons.logistic_regression.rates import (
    Counts,
    accuracy,
    confusion_counts,
    f1,
    precision,
    recall,
)
from lessons.logistic_regression.roc import area_under_curve, roc_curve
from utils.neurons import sigmoid
from utils.plots import OKABE_ITO
from utils.widgets import Described

WIDTH, HEIGHT = 680, 322
WIDEST = 960  # pixels of the screen that the picture may fill
DATA = (10, 26, 440, 150)  # left, top, right, bottom
SPLIT = 110  # where the row of the negatives ends
ROC = (530, 26, 660, 156)
NEGATIVE, POSITIVE = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
TICKS = (0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99)
THRESHOLDS = (
    0, 0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1,
    0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9,
    0.95, 0.98, 0.99, 1,
)  # fmt: skip


def rates(counts: Counts) -> list[tuple[str, str, float]]:
    """Name, arithmetic and value of accuracy, precision, recall and F1.

    Where there is nothing to divide by, the arithmetic is a sentence that says so.
    """
    tp, fp, fn, tn = counts
    p, r = precision(counts), recall(counts)
    rows = [("accuracy", f"({tp} + {tn}) / {sum(counts)}", accuracy(counts))]
    if tp + fp:
        rows.append(("precision", f"{tp} / ({tp} + {fp})", p))
    else:
        rows.append(("precision", "no positive prediction: not defined, counted as 0", p))
    if tp + fn:
        rows.append(("recall", f"{tp} / ({tp} + {fn})", r))
    else:
        rows.append(("recall", "nothing is positive: not defined, counted as 0", r))
    if p + r:
        rows.append(("F1", f"2 · {p:.2f} · {r:.2f} / ({p:.2f} + {r:.2f})", f1(counts)))
    else:
        rows.append(("F1", "both are 0: not defined, counted as 0", f1(counts)))
    return rows


def svg(logits: NDArray, y: NDArray, threshold: float, classes: tuple[str, str]) -> str:
    """Data, confusion matrix, rates and ROC curve at one threshold, as an SVG.

    Args:
        logits: float64, shape (n,).
        y: labels 0 and 1, both among them, shape (n,).
        threshold: 0..1; what has this probability or more is called positive.
        classes: names of 0 and 1.
    """
    counts = confusion_counts(y, (sigmoid(logits) >= threshold).astype(int))
    rows = rates(counts)
    said = ", ".join(f"{name} {value:.2f}" for name, _, value in rows)
    label = (
        f"Threshold {threshold:g}: {counts.tp} true positives, {counts.fp} false positives, "
        f"{counts.fn} false negatives, {counts.tn} true negatives; {said}."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'style="width:100%;max-width:{WIDEST}px;background:white" font-family="sans-serif" '
        f'font-size="16" aria-label="{escape(label)}">'
        f'<rect width="100%" height="100%" fill="white"/>'
        f"{_data(logits, y, threshold, counts, classes)}{_roc(logits, y, counts)}"
        f"{_matrix(counts, classes)}{_rates(rows)}</svg>"
    )


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(words)}</text>'


def _data(
    logits: NDArray, y: NDArray, threshold: float, counts: Counts, classes: tuple[str, str]
) -> str:
    """Both classes as stacked dots over the logit; the side that is called positive is gray."""
    left, top, right, bottom = DATA
    low, high = logits.min() - 0.5, logits.max() + 0.5

    def column(z: NDArray) -> NDArray:
        return left + (right - left) * (np.clip(z, low, high) - low) / (high - low)

    with np.errstate(divide="ignore"):
        cut = float(column(np.log(threshold) - np.log1p(-threshold)))
    parts = [
        f'<rect x="{cut:.1f}" y="{top}" width="{right - cut:.1f}" height="{bottom - top}" '
        'fill="#e2e2e2"/>',
        f'<path d="M{left} {SPLIT}H{right}M{left} {bottom}H{right}" stroke="black"/>',
    ]
    rows = ((0, top, SPLIT, NEGATIVE, 5), (1, SPLIT, bottom, POSITIVE, 11))
    for label, ceiling, floor, color, size in rows:
        mine = logits[y == label]
        levels = stacks(mine, (high - low) / 70)
        step = min(size, (floor - ceiling - 20) / (levels.max() + 1))
        dots = "".join(
            f"M{x:.1f} {floor - step * (level + 0.6):.1f}h0" if label == 0 else
            f"M{x:.1f} {floor - step * (level + 0.95):.1f}l-5 9h10z"
            for x, level in zip(column(mine), levels, strict=True)
        )  # fmt: skip
        look = (
            f'stroke="{color}" stroke-width="{size}" stroke-linecap="round"'
            if label == 0
            else f'fill="{color}"'
        )
        parts.append(f'<path d="{dots}" {look}/>')
    parts.append(f'<path d="M{cut:.1f} {top}V{bottom}" stroke="black" stroke-width="4"/>')
    middle = np.clip(cut, left + 76, right - 76)
    bold = 'text-anchor="middle" font-weight="bold"'
    parts.append(_text(middle, top - 8, f"threshold {threshold:g}", bold))
    halo = 'font-weight="bold" paint-order="stroke" stroke="white" stroke-width="5"'
    end = f'{halo} text-anchor="end"'
    parts += [
        _text(left + 4, top + 15, f"{classes[0]}: TN {counts.tn}", halo),
        _text(right - 4, top + 15, f"FP {counts.fp}", end),
        _text(left + 4, SPLIT + 16, f"{classes[1]}: FN {counts.fn}", halo),
        _text(right - 4, SPLIT + 16, f"TP {counts.tp}", end),
    ]
    for tick in TICKS:
        z = np.log(tick / (1 - tick))
        if low < z < high:
            x = float(column(z))
            parts.append(f'<path d="M{x:.1f} {bottom}v6" stroke="black"/>')
            parts.append(_text(max(x, left + 24), bottom + 20, f"{tick:g}", 'text-anchor="middle"'))
    parts.append(_text((left + right) / 2, bottom + 38, "probability p", 'text-anchor="middle"'))
    return "".join(parts)


def _roc(logits: NDArray, y: NDArray, counts: Counts) -> str:
    """The ROC curve, with a diamond where the threshold stands."""
    left, top, right, bottom = ROC
    curve = roc_curve(y, logits)
    area = area_under_curve(*curve[:2])
    side = right - left
    points = " ".join(
        f"{left + side * x:.1f},{bottom - side * t:.1f}" for x, t in zip(*curve[:2], strict=True)
    )
    x = left + side * counts.fp / (counts.fp + counts.tn)
    t = bottom - side * recall(counts)
    middle = (left + right) / 2
    return (
        f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="#999"/>'
        f'<path d="M{left} {bottom}L{right} {top}" stroke="#777" stroke-dasharray="6 5"/>'
        f'<polyline points="{points}" fill="none" stroke="{NEGATIVE}" stroke-width="4"/>'
        f'<path d="M{x:.1f} {t - 11:.1f}l11 11l-11 11l-11 -11z" fill="black" stroke="white" '
        'stroke-width="2" class="point"/>'
        + _text(middle, top - 8, f"ROC, area {area:.2f}", 'text-anchor="middle"')
        + _text(middle, bottom + 36, "false positive rate", 'text-anchor="middle"')
        + _text(left, bottom + 18, "0", 'text-anchor="middle"')
        + _text(right, bottom + 18, "1", 'text-anchor="middle"')
        + _text(left - 14, bottom, "0", 'text-anchor="end"')
        + _text(left - 14, top + 14, "1", 'text-anchor="end"')
        + f'<text transform="translate({left - 28} {(top + bottom) / 2:.0f}) rotate(-90)" '
        'text-anchor="middle">recall</text>'
    )


def _matrix(counts: Counts, classes: tuple[str, str]) -> str:
    """The confusion matrix; rows: what it was, columns: what the model said."""
    left, top, wide, high = 94, 246, 70, 38
    parts = [
        _text(left + wide, top - 26, "the model said", 'text-anchor="middle"'),
        _text(left - 10, top - 8, "it was", 'text-anchor="end"'),
    ]
    for place, name in enumerate(classes):
        x, y = left + (place + 0.5) * wide, top + (place + 0.5) * high + 6
        parts.append(_text(x, top - 8, name, 'text-anchor="middle"'))
        parts.append(_text(left - 10, y, name, 'text-anchor="end"'))
    cells = (("TN", counts.tn), ("FP", counts.fp)), (("FN", counts.fn), ("TP", counts.tp))
    for row, line in enumerate(cells):
        for place, (name, count) in enumerate(line):
            x, y = left + place * wide, top + row * high
            right = row == place
            parts.append(
                f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" stroke="black" '
                f'fill="{"#ffffff" if right else "#f9ddc8"}"/>'
            )
            parts.append(_text(x + 4, y + 16, name))
            more = f'font-size="20" text-anchor="end" class="{name}"'
            parts.append(_text(x + wide - 5, y + high - 5, str(count), more))
    return "".join(parts)


def _rates(rows: list[tuple[str, str, float]]) -> str:
    """A line for each rate: its name, its bar and value, its arithmetic."""
    parts = []
    for number, (name, arithmetic, value) in enumerate(rows):
        top = 196 + 31 * number
        parts += [
            _text(336, top + 18, name, 'font-weight="bold" text-anchor="end"'),
            f'<rect x="342" y="{top}" width="56" height="24" fill="none" stroke="#999"/>',
            f'<rect x="342" y="{top}" width="{56 * value:.1f}" height="24" '
            f'fill="{OKABE_ITO["sky"]}" class="{name}"/>',
            _text(350, top + 18, f"{value:.2f}", 'font-weight="bold"'),
        ]
        lines = arithmetic.replace(": ", ":\n").split("\n")
        for place, line in enumerate(lines):
            y = top + 18 - 9 * (len(lines) - 1) + 18 * place
            parts.append(_text(402, y, line))
    return "".join(parts)


class ThresholdExplorer(Described):
    """A slider for the threshold, and the picture that `svg` makes of it.

    Args:
        logits: of n examples, shape (n,).
        y: their labels 0 and 1, both among them, shape (n,).
        classes: names of 0 and 1.
    """

    def __init__(self, logits: ArrayLike, y: ArrayLike, classes: tuple[str, str]):
        self.logits, self.y, self.classes = np.asarray(logits, float), np.asarray(y), classes
        self.threshold = ipywidgets.SelectionSlider(
            options=[(f"{value:g}", value) for value in THRESHOLDS],
            value=0.5,
            description="threshold",
        )
        self.threshold.style.description_width = "96px"
        self.threshold.layout.width = "640px"
        self.picture = ipywidgets.HTML()
        self.threshold.observe(self._draw, "value")
        self._draw()
        area = area_under_curve(*roc_curve(self.y, self.logits)[:2])
        text = (
            f"Threshold explorer: {len(self.y)} examples as dots, a slider for the threshold, the "
            "confusion matrix, accuracy, precision, recall and F1 with their arithmetic, and the "
            f"point on the ROC curve, whose area is {area:.2f}."
        )
        super().__init__([self.threshold, self.picture], text)

    def _draw(self, _change: object = None) -> None:
        self.picture.value = svg(self.logits, self.y, self.threshold.value, self.classes)
