"""Figures on logistic regression: labels and curves, surprise, training, thresholds and costs."""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter
from numpy.typing import ArrayLike, NDArray

from lessons.logistic_regression.rates import confusion_counts, precision, recall
from lessons.logistic_regression.roc import (
    area_under_curve,
    precision_recall_curve,
    roc_curve,
)
from utils.neurons import sigmoid as probability
from utils.plots import (
    OKABE_ITO,
    PIXELS,
    SEEN,
    STYLES,
    UNSEEN,
    WALKERS,
    WEIGHT,
    Picture,
    framed,
)

NEGATIVE, POSITIVE = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
ENTROPY, SQUARED = OKABE_ITO["blue"], OKABE_ITO["orange"]
"""Colors of the two losses."""
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
        ("cross-entropy", np.logaddexp(0, -z), p - 1, "-", ENTROPY),
        ("squared error", (p - 1) ** 2, 2 * (p - 1) * p * (1 - p), "--", SQUARED),
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
        caption="Sure and wrong: which loss still pulls?",
    )


def logistic_descent(
    x: ArrayLike,
    y: ArrayLike,
    path: Mapping[int, tuple[float, float]],
    losses: Mapping[int, float],
) -> Picture:
    """The sigmoid after some steps of gradient descent, over the share of ones by weight.

    A square is the share of ones in an eighth of the examples, from the lightest to the heaviest.

    Args:
        x, y: standardized weights and labels, shape (n,).
        path: (w, b) by the number of steps.
        losses: by the same numbers.
    """
    x, y = np.asarray(x, float), np.asarray(y)
    figure, panels = plt.subplots(
        1, len(path), figsize=(11, 3.4), sharex=True, sharey=True, squeeze=False
    )
    groups = np.array_split(np.argsort(x, kind="stable"), 8)
    middles, shares = [x[g].mean() for g in groups], [y[g].mean() for g in groups]
    grid = np.linspace(x.min(), x.max(), 200)
    for axes, (step, (w, b)) in zip(panels.flat, path.items(), strict=True):
        axes.plot(middles, shares, "ks", ms=8)
        axes.plot(grid, probability(w * grid + b), color=OKABE_ITO["green"], lw=4)
        axes.set(xlabel="weight x (standardized)", ylim=(-0.05, 1.05), yticks=[0, 0.5, 1])
        axes.set_title(f"step {step}\nloss {losses[step]:.3f}")
    panels[0, 0].set_ylabel("share of tall people")
    told = [f"{losses[step]:.3f} after {step}" for step in path]
    return Picture(
        figure,
        alt=(
            "The sigmoid after some steps of descent, over eight squares, the shares of tall "
            f"people in eight groups by weight. The losses by steps: {', '.join(told)}."
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
            f"{counts.fp} false alarm{'s' * (counts.fp != 1)}"
        )
    ends = [*logits, *(np.log(cut / (1 - cut)) for cut in cuts)]
    grid[0, 0].set_xlim(min(ends) - 0.4, max(ends) + 0.4)
    for axes, name in zip(grid[:, 0], classes, strict=True):
        axes.set_ylabel(name, rotation=0, ha="right", va="center")  # an 8 on its side is infinity
    return Picture(
        figure,
        f"Dots at their logits: above {classes[0]}, below {classes[1]}. {'. '.join(told)}.",
        "Nothing is trained again: only the threshold moves."
        if len(cuts) > 1
        else "What lies in the gray is called positive.",
    )


def _dots(axes: Axes, logits: NDArray, label: int, cut: float) -> None:
    levels = stacks(logits)
    color = (NEGATIVE, POSITIVE)[label]
    axes.plot(logits, levels + 0.5, MARKS[label], color=color, ms=(3, 6)[label], mec="none")
    axes.axvspan(cut, 999, color="0.9", lw=0, zorder=0)
    axes.axvline(cut, color="black", lw=3)
    axes.set(yticks=[], ylim=(0, 1.45 * (levels.max() + 1)))
    axes.spines["left"].set_visible(False)


def threshold_curves(
    sets: Mapping[str, tuple[ArrayLike, ArrayLike]], cuts: Sequence[float]
) -> Picture:
    """The ROC curve and precision over recall, side by side, with some thresholds on them.

    Args:
        sets: name: labels and probabilities, shape (n,).
        cuts: thresholds, marked on every curve.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.7))
    left.plot([0, 1], [0, 1], ":", color="0.4", lw=2)
    left.text(0.53, 0.45, "guessing", color="0.25")
    told = []
    for (name, (y, p)), (color, line, _), width in zip(
        sets.items(), WALKERS, np.linspace(6, 3, len(sets)), strict=False
    ):
        y, p = np.asarray(y), np.asarray(p)
        roc, steps = roc_curve(y, p), precision_recall_curve(y, p)
        left.plot(*roc[:2], line, color=color, lw=width, label=name)
        right.plot(steps.recall, steps.precision, line, color=color, lw=width, label=name)
        all_counts = [confusion_counts(y, (p >= cut).astype(int)) for cut in cuts]
        for cut, counts, mark in zip(cuts, all_counts, cycle("oDs")):
            found = recall(counts)
            alarms = counts.fp / (counts.fp + counts.tn)
            for axes, point in ((left, (alarms, found)), (right, (found, precision(counts)))):
                axes.plot(*point, mark, color="black", ms=10, mec="white", zorder=4)
                axes.annotate(f"{cut:g}", point, (10, -5), textcoords="offset points", va="top")
        area = area_under_curve(*roc[:2])
        at = [f"{precision(c):.2f} at {cut:g}" for cut, c in zip(cuts, all_counts, strict=True)]
        told.append(f"{name}: area below the ROC curve {area:.2f}, precision {', '.join(at)}")
    left.set(xlabel="false positive rate", ylabel="recall", title="ROC curve")
    right.set(xlabel="recall", ylabel="precision", title="precision-recall curve")
    for axes in (left, right):
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.05), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axes.grid(color="0.9")
    handles, names = left.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=len(sets), handlelength=3.4)
    return Picture(
        figure,
        alt=f"Left the ROC curve, right precision over recall. {'; '.join(told)}.",
        caption="The same program, the same thresholds: what does rarity change?",
    )


def eights(images: NDArray, y: ArrayLike, p: ArrayLike, threshold: float) -> Picture:
    """Every positive image with its probability, the surest first; what is missed has a frame.

    Args:
        images: shape (n, 8, 8).
        y: labels 0 and 1, shape (n,).
        p: probabilities, shape (n,).
        threshold: below it a positive is missed.
    """
    y, p = np.asarray(y), np.asarray(p, float)
    order = [i for i in np.argsort(-p, kind="stable") if y[i] == 1]
    rows = -(-len(order) // 8)
    columns = -(-len(order) // rows)
    figure, panels = plt.subplots(rows, columns, figsize=(1.6 * columns, 2.1 * rows), squeeze=False)
    for axes in panels.flat:
        axes.axis("off")
    for axes, i in zip(panels.flat, order, strict=False):
        missed = p[i] < threshold
        axes.axis("on")
        axes.imshow(images[i], cmap=PIXELS)
        framed(axes)
        axes.spines[:].set(color=POSITIVE if missed else "black", lw=5 if missed else 1)
        axes.set_title(_short(p[i]))
        axes.set_xlabel("missed" if missed else "found", color=POSITIVE if missed else "black")
    values = ", ".join(_short(p[i]) for i in order)
    return Picture(
        figure,
        alt=(
            f"The {len(order)} eights with their probabilities, the surest first: {values}. Those "
            f"below {threshold:g} have a thick frame: they are missed."
        ),
        caption="Every 8 and its probability. Which would you have missed?",
    )


def _short(p: float) -> str:
    return f"{p:.2f}" if p >= 0.01 else f"{p:.1g}"


def longer(steps: Sequence[int], history: NDArray, positives: int) -> Picture:
    """Training and validation loss over the length of training; below, the positives found.

    Args:
        steps: how long each training was, rising, shape (n,).
        history: training loss, validation loss, positives found, shape (n, 3).
        positives: how many there are to find.
    """
    figure, (above, below) = plt.subplots(2, 1, figsize=(9, 5), sharex=True, height_ratios=(3, 1.4))
    for column, name, color, line in (
        (0, "training", SEEN, "-o"),
        (1, "validation", UNSEEN, "--s"),
    ):
        above.plot(steps, history[:, column], line, color=color, lw=3, label=f"{name} digits")
    above.set(ylabel="loss", ylim=(0, None), xscale="log")
    above.legend(loc="upper right")
    below.bar(steps, history[:, 2], width=0.35 * np.asarray(steps), color=UNSEEN)
    for step, found in zip(steps, history[:, 2], strict=True):
        below.annotate(
            f"{found:.0f}", (step, found), (0, 3), textcoords="offset points", ha="center"
        )
    below.axhline(positives, color="0.4", ls=":")
    below.set(ylabel=f"found\n(of {positives:.0f})", ylim=(0, 1.25 * positives), yticks=[])
    below.set_xticks(steps, [f"{step}" for step in steps])
    below.minorticks_off()
    below.set_xlabel("steps of descent")
    best = int(np.argmin(history[:, 1]))
    return Picture(
        figure,
        alt=(
            f"The training loss goes from {history[0, 0]:.3f} after {steps[0]} steps to "
            f"{history[-1, 0]:.3f} after {steps[-1]}. The validation loss is lowest after "
            f"{steps[best]} steps, {history[best, 1]:.3f}, and ends at {history[-1, 1]:.3f}. Found "
            f"at the threshold 0.5: {history[-1, 2]:.0f} of {positives:.0f} in the end."
        ),
        caption="How long should it train?",
    )


def ten_draws(half: NDArray, chosen: NDArray) -> Picture:
    """Cost, recall and accuracy of several draws, at the threshold 0.5 and at the chosen one.

    Args:
        half, chosen: cost per 100 digits, recall and accuracy, a row per draw, shape (n, 3).
    """
    names = "cost per 100 digits", "recall", "accuracy"
    figure, panels = plt.subplots(1, 3, figsize=(10.5, 4))
    for axes, name, before, after in zip(panels, names, half.T, chosen.T, strict=True):
        for pair in zip(before, after, strict=True):
            axes.plot([0, 1], pair, "-", color="0.7", lw=1.5)
        for place, values, (color, _, mark) in ((0, before, WALKERS[0]), (1, after, WALKERS[1])):
            axes.plot(np.full(len(values), place), values, mark, color=color, ms=9, mec="white")
            side = 0.28 * (2 * place - 1)
            ends = sorted((place + side / 2, place + side))
            axes.plot(ends, [values.mean()] * 2, color="black", lw=3)
            words = f"{values.mean():.0f}" if name.startswith("cost") else f"{values.mean():.0%}"
            axes.annotate(
                words, (place + side, values.mean()), (6 * (2 * place - 1), 0),
                textcoords="offset points", ha=("right", "left")[place], va="center",
            )  # fmt: skip
        axes.set(title=name, xlim=(-0.75, 1.75))
        axes.set_xticks([0, 1], ["0.5", "chosen"])
        if not name.startswith("cost"):
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        else:
            axes.set_ylim(0, None)
    told = [
        f"{name} {a.mean():.3g} and {b.mean():.3g}"
        for name, a, b in zip(names, half.T, chosen.T, strict=True)
    ]
    return Picture(
        figure,
        alt=(
            f"{len(half)} draws of writers, a line each, from the threshold 0.5 to the chosen one. "
            f"Means: {'; '.join(told)}."
        ),
        caption="New writers: what does the chosen threshold cost, find, and get right?",
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
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.6f}".rstrip("0").rstrip("."))
    return Picture(
        figure,
        alt=(
            "Cost over the threshold, on a logarithmic axis. It is lowest, "
            f"{total[np.searchsorted(cuts, chosen)]:g}, at {chosen:.3f}, and "
            f"{total[np.searchsorted(cuts, 0.5)]:g} at 0.5."
        ),
        caption="What each threshold would cost.",
    )
