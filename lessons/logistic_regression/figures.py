"""Figures on logistic regression: labels and curves, surprise, boundaries, thresholds, ROC."""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike, NDArray

from lessons.logistic_regression.roc import Roc
from utils.metrics import confusion_counts, precision, recall
from utils.neurons import sigmoid as probability
from utils.plots import OKABE_ITO, STYLES, WEIGHT, Picture

NEGATIVE, POSITIVE = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
MARKS = ("o", "^")
BIN = 0.25
"""How wide a stack of dots is, in logits."""


def labels_and_curves(
    x: ArrayLike,
    y: ArrayLike,
    curves: Mapping[str, Callable[[NDArray], NDArray]],
    far: float | None = None,
) -> Picture:
    """Labels 0 and 1 over weight, curves through them, and where each curve crosses 0.5.

    Args:
        x, y: weights in kg and labels, shape (n,).
        curves: name: what it predicts for weights.
        far: the weight of one more person, labeled 1, drawn as a star.
    """
    x, y = np.asarray(x, float), np.asarray(y)
    figure, axes = plt.subplots(figsize=(9, 4.4))
    ends = [x.min() - 6, max(x.max(), far or 0) + 6]
    grid = np.linspace(*ends, 2001)
    axes.axhspan(1, 1.5, color="0.92", lw=0)
    axes.axhspan(-0.5, 0, color="0.92", lw=0)
    axes.axhline(0.5, color="0.5", lw=1.5)
    crossings = []
    for (name, curve), (dash, color) in zip(curves.items(), cycle(STYLES[::-1]), strict=False):
        values = curve(grid)
        axes.plot(grid, values, dash, color=color, lw=3.5, label=name)
        inside = values.min() >= 0 and values.max() <= 1
        told = f"{name}: {'stays within' if inside else 'leaves'} the range from 0 to 1"
        if values[0] < 0.5 <= values.max():
            crossing = grid[np.argmax(values >= 0.5)]
            axes.plot(crossing, 0.5, "D", color=color, ms=11, mec="white", zorder=4)
            told += f", rises through one half at {crossing:.1f} kg"
        crossings.append(told)
    for label, mark, color in zip((0, 1), MARKS, (NEGATIVE, POSITIVE), strict=True):
        axes.plot(x[y == label], y[y == label], mark, color=color, ms=9, mec="white", zorder=3)
    if far is not None:
        axes.plot(far, 1, "*", color="black", ms=20, zorder=4)
    axes.set(xlabel=WEIGHT, xlim=ends, ylim=(-0.45, 1.45))
    axes.set_yticks([0, 0.5, 1], ["short, 0", "0.5", "tall, 1"])
    axes.legend(
        loc="lower right", handlelength=3.4, facecolor="white", framealpha=1, frameon=True,
        edgecolor="none",
    )  # fmt: skip
    star = "" if far is None else f", one more person at {far:g} kg as a star"
    return Picture(
        figure,
        f"{len(x)} people at 0 (short) or 1 (tall) over their weight{star}. "
        f"{'; '.join(crossings)}.",
        "From its diamond on, each curve says: tall.",
    )


def sigmoid() -> Picture:
    """The sigmoid with five of its points, and the logits they stand at."""
    figure, axes = plt.subplots(figsize=(8.5, 3.8))
    z = np.linspace(-6.5, 6.5, 400)
    axes.axhline(0.5, color="0.8", lw=1.5)
    axes.axvline(0, color="0.8", lw=1.5)
    axes.plot(z, probability(z), color=OKABE_ITO["green"], lw=4)
    for at in (-4, -2, 0, 2, 4):
        p = float(probability(at))
        axes.plot(at, p, "o", color="black", ms=9)
        shift, side = ((-10, 8), "right") if at > 0 else ((10, -14), "left")
        axes.annotate(f"{p:.3f}", (at, p), shift, textcoords="offset points", ha=side)
    axes.set(xlabel="logit z", ylabel="probability p", ylim=(-0.06, 1.12), yticks=[0, 0.5, 1])
    return Picture(
        figure,
        alt=(
            "The sigmoid: an S-shaped curve that rises from 0 to 1 and passes through 0.018, "
            "0.119, 0.5, 0.881 and 0.982 at the logits -4, -2, 0, 2 and 4."
        ),
        caption="Any logit becomes a probability: the sigmoid never leaves 0 to 1.",
    )


def surprise() -> Picture:
    """Cross-entropy and squared error of one label 1, and their slopes, against the logit."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8))
    z = np.linspace(-6.5, 6.5, 400)
    p = probability(z)
    for name, loss, slope, dash, color in (
        ("cross-entropy", np.logaddexp(0, -z), p - 1, "-", POSITIVE),
        ("squared error", (p - 1) ** 2, 2 * (p - 1) * p * (1 - p), "--", NEGATIVE),
    ):
        left.plot(z, loss, dash, color=color, lw=3.5, label=name)
        right.plot(z, slope, dash, color=color, lw=3.5, label=name)
    for axes, title in ((left, "loss of a label 1"), (right, "slope of the loss along z")):
        axes.axvspan(-6.5, -4, color="0.92", lw=0)
        axes.set(title=title, xlabel="logit z", xlim=(-6.5, 6.5))
    left.legend(loc="upper right")
    left.text(-6.3, 2.2, "sure,\nand\nwrong", fontsize=13)
    right.axhline(0, color="0.5", lw=1)
    return Picture(
        figure,
        alt=(
            "Left, the loss of a label 1 over the logit: on the side that is sure and wrong, "
            "cross-entropy climbs along a straight line and the squared error levels off at "
            "1. Right, their slopes there: cross-entropy near -1, squared error near 0."
        ),
        caption="Two losses of a label 1, and how steep they are.",
    )


def logistic_descent(
    x: ArrayLike, y: ArrayLike, path: NDArray, losses: ArrayLike, steps: Sequence[int]
) -> Picture:
    """The sigmoid after a few steps of gradient descent, over the share of ones by weight.

    A square is the share of ones in an eighth of the examples, from the lightest to the heaviest.

    Args:
        x, y: standardized weights and labels, shape (n,).
        path: (w, b) before the first step and after every step, shape (steps + 1, 2).
        losses: as many losses.
        steps: which to draw.
    """
    x, y = np.asarray(x, float), np.asarray(y)
    figure, panels = plt.subplots(1, len(steps), figsize=(11, 3.4), sharex=True, sharey=True)
    groups = np.array_split(np.argsort(x, kind="stable"), 8)
    middles, shares = [x[g].mean() for g in groups], [y[g].mean() for g in groups]
    grid = np.linspace(x.min(), x.max(), 200)
    for axes, step in zip(panels, steps, strict=True):
        w, b = path[step]
        axes.plot(middles, shares, "ks", ms=8)
        axes.plot(grid, probability(w * grid + b), color=OKABE_ITO["green"], lw=4)
        axes.set(xlabel="weight x (standardized)", ylim=(-0.05, 1.05), yticks=[0, 0.5, 1])
        axes.set_title(f"step {step}\nloss {losses[step]:.3f}")
    panels[0].set_ylabel("share of tall people")
    return Picture(
        figure,
        alt=(
            f"The sigmoid after {', '.join(map(str, steps))} steps of descent, over eight squares, "
            "the shares of tall people in eight groups by weight. The loss goes from "
            f"{losses[steps[0]]:.3f} to {losses[steps[-1]]:.3f}."
        ),
        caption="From a coin toss to a fit, in a few steps.",
    )


def boundary(
    X: NDArray, y: ArrayLike, weights: NDArray, bias: float, axes_names: Sequence[str],
    classes: Sequence[str],
) -> Picture:  # fmt: skip
    """Points of two classes in the plane, and the lines where the probability is 0.1, 0.5, 0.9.

    Args:
        X: shape (n, 2).
        y: labels 0 and 1, shape (n,).
        weights, bias: of a logistic regression in the units of X.
        axes_names: of the two columns.
        classes: names of 0 and 1.
    """
    y = np.asarray(y)
    figure, axes = plt.subplots(figsize=(8, 4.4))
    for label, (mark, color) in enumerate(zip(MARKS, (NEGATIVE, POSITIVE), strict=True)):
        style = {"color": color, "ms": 5, "mec": "none", "label": classes[label]}
        axes.plot(*X[y == label].T, mark, **style)
    corners = [np.linspace(low, high, 120) for low, high in (axes.get_xlim(), axes.get_ylim())]
    plane = np.stack(np.meshgrid(*corners), axis=-1)
    inside = probability(plane @ weights + bias)
    right = (np.asarray(X) @ weights + bias >= 0) == y
    axes.contour(
        *corners, inside, [0.1, 0.5, 0.9], colors="black", linewidths=[1.5, 3.5, 1.5],
        linestyles=["--", "-", "--"],
    )  # fmt: skip
    for p, high in zip((0.1, 0.5, 0.9), corners[1][[-36, -20, -6]], strict=True):
        at = (np.log(p / (1 - p)) - bias - weights[1] * high) / weights[0]
        axes.text(at, high, f"p = {p}", ha="center", bbox={"fc": "white", "ec": "none", "pad": 2})
    axes.set(xlabel=axes_names[0], ylabel=axes_names[1])
    figure.legend(loc="outside upper center", ncols=2, markerscale=1.5)
    return Picture(
        figure,
        alt=(
            f"Circles ({classes[0]}) and triangles ({classes[1]}) by {axes_names[0]} and "
            f"{axes_names[1]}. The line of probability 0.5 has {np.mean(right):.0%} of the points "
            "on their own side; those of 0.1 and 0.9 run parallel to it."
        ),
        caption="Where the probability is 0.1, 0.5 and 0.9: three parallel lines.",
    )


def stacks(values: ArrayLike, width: float = BIN) -> NDArray[np.int64]:
    """How high each number's dot lies when the dots of one bin are stacked.

    Args:
        values: shape (n,).
        width: of a bin, above 0.

    Returns:
        How many dots of its bin lie below it, int64, shape (n,).
    """
    bins = np.floor(np.asarray(values, float) / width).astype(np.int64)
    order = np.argsort(bins, kind="stable")
    _, starts, counts = np.unique(bins[order], return_index=True, return_counts=True)
    levels = np.empty_like(bins)
    levels[order] = np.arange(len(bins)) - np.repeat(starts, counts)
    return levels


def thresholds(
    logits: ArrayLike, y: ArrayLike, cuts: Sequence[float], classes: Sequence[str]
) -> Picture:
    """Every example as a dot at its logit, and what each threshold makes of them.

    Args:
        logits: shape (n,).
        y: labels 0 and 1, shape (n,).
        cuts: probabilities, above 0 and below 1, one panel each.
        classes: names of 0 and 1.
    """
    logits, y = np.asarray(logits, float), np.asarray(y)
    size = (max(3.7 * len(cuts), 7.5), 4.6)
    figure, grid = plt.subplots(
        2, len(cuts), figsize=size, squeeze=False, sharex=True, sharey="row", height_ratios=(3, 1)
    )
    told = []
    for (above, below), cut in zip(grid.T, cuts, strict=True):
        counts = confusion_counts(y, (probability(logits) >= cut).astype(int))
        at = np.log(cut / (1 - cut))
        rows = ((above, 0, counts.tn, counts.fp), (below, 1, counts.fn, counts.tp))
        for axes, label, left, right in rows:
            _dots(axes, logits[y == label], label, at)
            names = ("TN", "FP") if label == 0 else ("FN", "TP")
            for place, side, name, count in ((0.03, "left", names[0], left),
                                             (0.99, "right", names[1], right)):  # fmt: skip
                axes.text(
                    place, 0.93, f"{name} {count}", transform=axes.transAxes, ha=side, va="top",
                    weight="bold", fontsize=14, bbox={"fc": "white", "ec": "none", "pad": 1},
                )  # fmt: skip
        above.set_title(
            f"threshold {cut:g}\nprecision {precision(counts):.2f}, recall {recall(counts):.2f}"
        )
        below.set_xlabel("logit z")
        told.append(
            f"At the threshold {cut:g}, {counts.tp} of {counts.tp + counts.fn} are found, with "
            f"{counts.fp} false alarms"
        )
    for axes, name in zip(grid[:, 0], classes, strict=True):
        axes.set_ylabel(name, rotation=0, ha="right", va="center")  # an 8 on its side is infinity
    return Picture(
        figure,
        f"Dots at their logits: above {classes[0]}, below {classes[1]}. {'. '.join(told)}.",
        "What lies in the gray is called positive.",
    )


def _dots(axes: Axes, logits: NDArray, label: int, cut: float) -> None:
    levels = stacks(logits)
    color = (NEGATIVE, POSITIVE)[label]
    axes.plot(logits, levels + 0.5, MARKS[label], color=color, ms=(3, 6)[label], mec="none")
    axes.axvspan(cut, 99, color="0.9", lw=0, zorder=0)
    axes.axvline(cut, color="black", lw=3)
    axes.set(xlim=(-10.8, 4.8), yticks=[], ylim=(0, 1.45 * (levels.max() + 1)))
    axes.spines["left"].set_visible(False)


def roc(curve: Roc, area: float, points: Mapping[str, tuple[float, float]]) -> Picture:
    """A ROC curve with its area, the diagonal of guessing, and a few named points.

    Args:
        curve: what `roc_curve` returned.
        area: below it, 0..1.
        points: name: (false positive rate, true positive rate).
    """
    figure, axes = plt.subplots(figsize=(8, 5))
    x, y = curve.false_positive_rate, curve.true_positive_rate
    axes.fill_between(x, y, step=None, color=OKABE_ITO["sky"], alpha=0.3, lw=0)
    axes.plot(x, y, color=NEGATIVE, lw=3.5)
    axes.plot([0, 1], [0, 1], "--", color="0.4")
    axes.text(0.62, 0.5, "guessing: 0.5", color="0.25", rotation=0)
    axes.text(0.5, 0.75, f"area {area:.2f}", fontsize=17, ha="center")
    for (name, point), mark in zip(points.items(), cycle("oDs"), strict=False):
        axes.plot(*point, mark, color="black", ms=10, zorder=3)
        axes.annotate(name, point, (12, -6), textcoords="offset points", va="top")
    axes.set(xlabel="false positive rate: false alarms", ylabel="true positive rate: recall")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.03))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
    told = [f"{name} (recall {t:.0%}, false alarms {f:.0%})" for name, (f, t) in points.items()]
    return Picture(
        figure,
        alt=(
            f"A ROC curve, recall over false alarms, with the area {area:.2f}; the diagonal is "
            f"guessing. Thresholds on it: {', '.join(told)}."
        ),
        caption="Every threshold is a point of the curve.",
    )


def costs(cuts: ArrayLike, total: ArrayLike, chosen: float) -> Picture:
    """What every threshold costs, with the cheapest and the habit 0.5 marked.

    Args:
        cuts: thresholds between 0 and 1, rising, shape (n,).
        total: their costs, shape (n,).
        chosen: one of the thresholds.
    """
    cuts, total = np.asarray(cuts, float), np.asarray(total, float)
    figure, axes = plt.subplots(figsize=(8.5, 3.8))
    axes.step(cuts, total, where="pre", color=NEGATIVE, lw=3)
    marks = (chosen, "D", POSITIVE, "cheapest", (0, -28)), (0.5, "s", "black", "0.5", (-16, 8))
    for at, mark, color, name, shift in marks:
        cost = total[np.searchsorted(cuts, at)]
        axes.plot(at, cost, mark, color=color, ms=11)
        axes.annotate(
            f"{name}: {cost:g}", (at, cost), shift, textcoords="offset points",
            ha="center" if name == "cheapest" else "right",
        )  # fmt: skip
    axes.set(xscale="log", xlabel="threshold", ylabel="cost", ylim=(-0.06 * total.max(), None))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    return Picture(
        figure,
        alt=(
            "Cost over the threshold, on a logarithmic axis. It is lowest, "
            f"{total[np.searchsorted(cuts, chosen)]:g}, at {chosen:.3f}, and "
            f"{total[np.searchsorted(cuts, 0.5)]:g} at 0.5."
        ),
        caption="What each threshold would cost.",
    )
