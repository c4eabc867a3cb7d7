"""Figures on fitting a line: points and residuals, the loss surface and the paths on it."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from lessons.linear_regression.fitting import (
    gradient_descent,
    loss_surface,
    mean_squared_error,
)
from utils.plots import HEIGHT, MAGNITUDE, OKABE_ITO, STYLES, WALKERS, WEIGHT, Picture
from utils.regression import design_matrix, least_squares, predict

POINT = OKABE_ITO["blue"]
LINE = OKABE_ITO["vermillion"]
SQUARE = OKABE_ITO["sky"]
LABELS = ("slope w", "intercept b")


def people(
    weight: ArrayLike, height: ArrayLike, lines: Mapping[str, tuple[float, float]] | None = None
) -> Picture:
    """People as points, and any number of lines (label: (w, b)) through them."""
    lines = lines or {}
    figure, axes = plt.subplots(figsize=(9.5, 5))
    axes.plot(weight, height, "o", color=POINT, ms=7, mec="none")
    ends = np.array([np.min(weight), np.max(weight)])
    alt = (
        f"Height against weight of {np.size(weight)} people, {ends[0]:.0f} to {ends[1]:.0f} kg; "
        f"their correlation is {np.corrcoef(weight, height)[0, 1]:.2f}."
    )
    for (label, line), (dash, color) in zip(lines.items(), cycle(STYLES), strict=False):
        said = predict(ends, *line)
        axes.plot(ends, said, dash, color=color, lw=3.5, label=label)
        alt += f" The line of {label} goes from {said[0]:.0f} cm to {said[1]:.0f} cm."
    axes.set(xlabel=WEIGHT, ylabel=HEIGHT)
    if lines:
        axes.legend(loc="lower right")
        return Picture(figure, alt, "People, and lines that say a height for every weight.")
    return Picture(figure, alt, "Every point is a person: a weight and a height.")


def residual_squares(
    x: ArrayLike,
    y: ArrayLike,
    lines: Mapping[str, tuple[float, float]],
    labels: tuple[str, str] = ("x", "y"),
) -> Picture:
    """One panel a line (title: (w, b)): residuals as segments, their squares as squares."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    size = (8.4, 5.4) if len(lines) < 3 else (10.5, 4.8)
    errors = []
    figure, panels = plt.subplots(
        1, len(lines), figsize=size, squeeze=False, sharex=True, sharey=True
    )
    sides = [np.abs(predict(x, *line) - y).max() for line in lines.values()]
    room = max(0.12 * np.ptp(x), *sides)
    ends = np.array([x.min() - 0.12 * np.ptp(x), x.max() + room])
    for axes, (title, line) in zip(panels.flat, lines.items(), strict=True):
        axes.plot(ends, predict(ends, *line), color=LINE, lw=3)
        _squares(axes, x, y, predict(x, *line))
        errors.append(f"mean square {mean_squared_error(y, predict(x, *line)):.3g}")
        axes.set(title=f"{title}\n{errors[-1]}", xlabel=labels[0], aspect="equal")
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    figure.get_layout_engine().set(h_pad=0.15)
    panels[0, 0].set_ylabel(labels[1])
    results = "; ".join(f"{title}, {error}" for title, error in zip(lines, errors, strict=True))
    return Picture(
        figure,
        f"The same {len(x)} points with a line in each panel, and the square of every residual "
        f"drawn as a square. {results}.",
        "A line is as good as its squares are small.",
    )


def _squares(axes: Axes, x: NDArray, y: NDArray, prediction: NDArray) -> None:
    for at, seen, said in zip(x, y, prediction, strict=True):
        side = abs(said - seen)
        square = Rectangle((at, min(seen, said)), side, side, fc=SQUARE, ec=POINT, lw=1, alpha=0.4)
        axes.add_patch(square)
    axes.vlines(x, y, prediction, color="black", lw=2)
    axes.plot(x, y, "o", color=POINT, ms=9, mec="white", mew=1)


def lines_on_surface(
    x: ArrayLike, y: ArrayLike, lines: Mapping[str, tuple[float, float]]
) -> Picture:
    """The same lines (letter: (w, b)) twice: through the points, and as points on the surface."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.6))
    span = np.ptp(x)
    ends = np.array([np.min(x) - 0.2 * span, np.max(x) + 0.2 * span])
    left.plot(x, y, "o", color=POINT, ms=11, mec="white", zorder=3)
    _contours(right, x, y, np.array([*lines.values()]))
    errors = [f"{mean_squared_error(y, predict(x, *line)):.3g}" for line in lines.values()]
    for (letter, line), (dash, color) in zip(lines.items(), cycle(STYLES), strict=False):
        left.plot(ends, predict(ends, *line), dash, color=color, lw=3.5)
        left.text(ends[1] + 0.03 * span, predict(ends, *line)[1], letter, va="center", size=17)
        right.text(*line, letter, ha="center", va="center", size=15, bbox=_badge(color))
    left.set(xlabel="x", ylabel="y", xlim=(ends[0], ends[1] + 0.12 * span))
    left.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    return Picture(
        figure,
        f"Left: {np.size(x)} points and the lines {', '.join(lines)}. Right: the same lines as "
        f"points on the loss surface, dark where it is low; their MSE: {', '.join(errors)}.",
        "Every line is a point on the loss surface.",
    )


def _badge(color: str) -> dict:
    return {"boxstyle": "circle,pad=0.3", "fc": "white", "ec": color, "lw": 3}


def line_descent(x: ArrayLike, y: ArrayLike, path: NDArray, steps: Sequence[int]) -> Picture:
    """A few steps of gradient descent: the line above, the path on the loss surface below."""
    figure, panels = plt.subplots(2, len(steps), figsize=(11, 6.4), sharex="row", sharey="row")
    errors = [f"{error:.3g}" for error in _losses(x, y, path[list(steps)])]
    for (above, below), step, error in zip(panels.T, steps, errors, strict=True):
        _fit(above, x, y, path, step)
        _map(below, x, y, path, step)
        above.set_title(f"step {step}\nMSE {error}")
    for axes in panels.flat:
        axes.label_outer()
    return Picture(
        figure,
        f"Gradient descent at the steps {', '.join(map(str, steps))}: above the line through the "
        "points, below the path on the loss surface, with a star at the best line. "
        f"MSE: {', '.join(errors)}.",
        "One descent, seen twice: the line above, the walker below.",
    )


def line_descent_frame(x: ArrayLike, y: ArrayLike, path: NDArray, step: int) -> Figure:
    """One step of gradient descent: the line on the left, the path so far on the right."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.6))
    _fit(left, x, y, path, step)
    _map(right, x, y, path, step)
    w, b = path[step]
    left.set_title(f"step {step}: y = {w:.2f} x {'−' if b < 0 else '+'} {abs(b):.2f}")
    right.set_title(f"MSE {mean_squared_error(y, predict(x, w, b)):.3f}")
    return figure


def race(x: ArrayLike, y: ArrayLike, paths: Mapping[str, NDArray]) -> Picture:
    """Walks with several rates (name: path): on one loss surface, and their losses by step."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.8))
    _contours(left, x, y, np.concatenate(list(paths.values())))
    ends = []
    for (name, path), (color, line, mark) in zip(paths.items(), WALKERS, strict=False):
        losses = _losses(x, y, path)
        walked = _near(x, y, path)
        left.plot(*walked.T, line, color="white", lw=1.5)
        left.plot(*walked.T, mark, color="white", mec=color, ms=9, mew=2.5)
        right.plot(losses, f"{line}{mark}", color=color, ms=8, mec="white", lw=3, label=name)
        ends.append(f"{name} at {losses[-1]:.3g}")
    left.plot(*least_squares(x, y), "*", color=OKABE_ITO["yellow"], mec="black", ms=18, mew=1)
    right.set(xlabel="step", ylabel="MSE", yscale="log")
    right.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    right.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    right.yaxis.set_major_formatter("{x:g}")
    right.yaxis.set_minor_locator(NullLocator())
    right.legend()
    steps = len(next(iter(paths.values()))) - 1
    return Picture(
        figure,
        f"{len(paths)} walks of {steps} steps from one place. Left: on the loss surface, with a "
        f"star at the best line. Right: their MSE step by step, on a logarithmic scale; after "
        f"step {steps} {', '.join(ends)}.",
        "One start, ten steps, and nothing but the learning rate differs.",
    )


def loss_by_rate(
    x: ArrayLike, y: ArrayLike, start: tuple[float, float], rates: ArrayLike, steps: int
) -> Picture:
    """The loss after so many steps, against the learning rate."""
    rates = np.asarray(rates, float)
    walks = [gradient_descent(x, y, rate, steps, start) for rate in rates]
    ends = _losses(x, y, np.array([walk[-1] for walk in walks]))
    begin = mean_squared_error(y, predict(x, *start))
    figure, axes = plt.subplots(figsize=(9.5, 4.4))
    axes.axhline(begin, color="0.4", ls=":", lw=2.5, label=f"at the start: {begin:.2f}")
    axes.plot(rates, ends, "-", color=LINE, lw=3.5, label=f"after {steps} steps")
    axes.set(xlabel="learning rate", ylabel="MSE", ylim=(0, 2.5 * begin), xlim=(0, rates.max()))
    axes.legend(loc="upper left")
    best = rates[np.nanargmin(ends)]
    worse = rates[ends > begin]
    alt = f"MSE after {steps} steps against the learning rate: lowest near {best:.2g}."
    if len(worse):
        alt += f" From {worse.min():.3g} on it lies above the start."
    return Picture(figure, alt, "How low do ten steps come? It depends on the rate.")


def two_valleys(
    x: ArrayLike, z: ArrayLike, y: ArrayLike, paths: tuple[NDArray, NDArray], titles: Sequence[str]
) -> Picture:
    """The loss surface with inputs x, and with inputs z on equal axes; a path on each."""
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.8))
    panels[1].set_aspect("equal")
    walks = []
    for axes, inputs, path, title in zip(panels, (x, z), paths, titles, strict=True):
        _map(axes, inputs, y, path, len(path) - 1)
        axes.set_title(title)
        ends = _losses(inputs, y, path[[0, -1]])
        walks.append(f"{title}: from MSE {ends[0]:.4g} to {ends[1]:.4g}")
    lowest = mean_squared_error(y, predict(x, *least_squares(x, y)))
    return Picture(
        figure,
        f"Two loss surfaces with a walk on each, a star at the best line of MSE {lowest:.4g}. "
        f"{'; '.join(walks)}.",
        "The same people and the same lines, with the input in two units.",
    )


def residuals(x: ArrayLike, residual: ArrayLike, typical: float) -> Picture:
    """Residuals in the band of the typical error; beside them their histogram, and a bell."""
    residual = np.asarray(residual, float)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(10.5, 4.6), sharey=True, width_ratios=(5, 2)
    )
    left.axhspan(-typical, typical, color=SQUARE, alpha=0.3, label=f"± {typical:.1f} cm", lw=0)
    left.axhline(0, color=LINE, lw=3)
    left.plot(x, residual, "o", color=POINT, ms=7, mec="none")
    left.set(xlabel=WEIGHT, ylabel="predicted − true (cm)")
    left.legend(loc="upper left")
    width = typical / 2
    edge = width * np.ceil(np.abs(residual).max() / width)
    bins = np.arange(-edge, edge + width / 2, width)
    right.hist(residual, bins, orientation="horizontal", color=SQUARE, ec=POINT, alpha=0.6)
    errors = np.linspace(-edge, edge, 200)
    bell = np.exp(-(errors**2) / (2 * typical**2)) / np.sqrt(2 * np.pi) / typical
    right.plot(np.size(residual) * width * bell, errors, color=LINE, lw=3.5, label="a bell")
    right.set_xlabel("people")
    right.legend(loc="upper right")
    return Picture(
        figure,
        f"Residuals of {np.size(x)} people against their weight. A band of plus and minus "
        f"{typical:.1f} cm holds {np.mean(np.abs(residual) < typical):.0%} of them. Beside it "
        "their histogram, with a bell curve of that spread.",
        "What is left after the line: a bend, a funnel, or a bell?",
    )


def extrapolation(
    weight: ArrayLike, height: ArrayLike, w: float, b: float, baby: tuple[float, float]
) -> Picture:
    """The line drawn on down to weight zero, far outside of the people it was fitted to."""
    figure, axes = plt.subplots(figsize=(9.5, 5))
    low, high = np.min(weight), np.max(weight)
    axes.axvspan(low, high, color=SQUARE, alpha=0.2, lw=0)
    axes.text((low + high) / 2, 15, "people it has seen", ha="center", fontsize=13)
    axes.plot(weight, height, "o", color=POINT, ms=5, mec="none")
    axes.plot([low, high], predict([low, high], w, b), color=LINE, lw=3.5)
    axes.plot([0, low], predict([0, low], w, b), ":", color=LINE, lw=3.5)
    said = w * baby[0] + b
    axes.plot(*baby, "s", color="black", ms=10)
    axes.annotate(f"a baby: {baby[1]:g} cm", baby, (10, 0), textcoords="offset points", va="center")
    axes.annotate(
        f"the line says {said:.0f} cm",
        (baby[0], said),
        (4, 190),
        arrowprops={"arrowstyle": "->", "lw": 2},
    )
    axes.set(xlabel=WEIGHT, ylabel=HEIGHT, xlim=(0, None), ylim=(0, 215))
    return Picture(
        figure,
        f"A line, fitted to people of {low:.0f} to {high:.0f} kg, drawn on down to 0 kg. For a "
        f"baby of {baby[0]:g} kg it says {said:.0f} cm; the truth is {baby[1]:g} cm.",
        "The line goes on where it has never seen anybody.",
    )


def slopes_by_group(weight: NDArray, height: NDArray, male: NDArray) -> Picture:
    """The line through everybody, and one through women and one through men alone."""
    figure, axes = plt.subplots(figsize=(9.5, 5))
    groups = {
        "women": (~male, "o", OKABE_ITO["blue"], OKABE_ITO["sky"], "--"),
        "men": (male, "^", OKABE_ITO["vermillion"], OKABE_ITO["orange"], "-."),
    }
    for name, (members, marker, color, pale, dash) in groups.items():
        x, y = weight[members], height[members]
        w, b = least_squares(x, y)
        axes.plot(x, y, marker, color=pale, ms=6, mec="none")
        ends = np.array([x.min(), x.max()])
        label = f"{name}: w = {w:.2f}"
        axes.plot(ends, predict(ends, w, b), dash, marker=marker, color=color, lw=3.5, label=label)
    w, b = least_squares(weight, height)
    ends = np.array([weight.min(), weight.max()])
    axes.plot(ends, predict(ends, w, b), color="black", lw=3.5, label=f"everybody: w = {w:.2f}")
    axes.set(xlabel=WEIGHT, ylabel=HEIGHT)
    axes.legend(loc="lower right")
    return Picture(
        figure,
        "Women and men as two clouds, with a line through each and one through everybody. "
        f"{'; '.join(axes.get_legend_handles_labels()[1])}.",
        "One line for everybody, and one for each group alone.",
    )


def _fit(axes: Axes, x: ArrayLike, y: ArrayLike, path: NDArray, step: int) -> None:
    """The points, the line after a step, the residuals; limits that hold for the whole path."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    margin = 0.15 * np.ptp(x)
    ends = np.array([x.min() - margin, x.max() + margin])
    axes.plot(ends, predict(ends, *path[step]), color=LINE, lw=3.5)
    axes.vlines(x, y, predict(x, *path[step]), color="black", lw=1.5)
    axes.plot(x, y, "o", color=POINT, ms=10, mec="white", mew=1)
    seen = np.concatenate([y, *(predict(x, *line) for line in path)])
    room = 0.1 * np.ptp(seen)
    axes.set(xlim=ends, ylim=(seen.min() - room, seen.max() + room), xlabel="x", ylabel="y")
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))


def _map(
    axes: Axes, x: ArrayLike, y: ArrayLike, path: NDArray, step: int, shown: NDArray | None = None
) -> None:
    """The loss surface around the lines in `shown` (the path), and the path up to a step."""
    _contours(axes, x, y, path if shown is None else shown)
    walked = _near(x, y, path[: step + 1])
    axes.plot(*walked.T, "-", color="white", lw=2)
    axes.plot(*walked.T, "o", color="white", mec="black", ms=7, mew=1)
    axes.plot(*walked[-1], "o", color=LINE, mec="white", ms=14, mew=1.5)
    axes.plot(*least_squares(x, y), "*", color=OKABE_ITO["yellow"], mec="black", ms=16, mew=1)


def _losses(x: ArrayLike, y: ArrayLike, lines: NDArray) -> NDArray[np.float64]:
    """The mean squared error of each line; infinite or NaN where a walk has exploded."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.mean((lines @ design_matrix(x).T - y) ** 2, axis=1)


def _near(x: ArrayLike, y: ArrayLike, lines: NDArray) -> NDArray:
    """The lines that fit on one map: as bad as the first one 10,000 times over, at most."""
    losses = _losses(x, y, lines)
    return lines[losses <= 10_000 * losses[0]]


def _contours(axes: Axes, x: ArrayLike, y: ArrayLike, shown: NDArray) -> None:
    """Contours of the loss, darkest around the best line, with room for the lines in `shown`."""
    best = least_squares(x, y)
    shown = np.vstack([_near(x, y, shown), best])
    low, high = shown.min(axis=0), shown.max(axis=0)
    room = 0.15 * (high - low)
    if axes.get_aspect() == 1:
        room = 0.65 * np.max(high - low) - (high - low) / 2
    slopes, intercepts = np.linspace(low - room, high + room, 90).T
    excess = loss_surface(x, y, slopes, intercepts) - mean_squared_error(y, predict(x, *best))
    levels = excess.max() * 2.5 ** np.arange(-9.0, 1.0)
    colors = {"cmap": MAGNITUDE, "norm": "asinh", "antialiased": False}
    axes.contourf(slopes, intercepts, excess, [0, *levels], **colors)
    axes.set(xlabel=LABELS[0], ylabel=LABELS[1])


def line_as_neuron() -> Picture:
    """The line w x + b as a neuron: inputs x and 1, weights, a sum, no activation."""
    figure, axes = plt.subplots(figsize=(9, 3))
    nodes = {"x": (0, 1), "1": (0, -1), "Σ": (3, 0), "ŷ": (8, 0)}
    arrow = {"arrowstyle": "-|>,head_width=0.4,head_length=0.8", "lw": 2.5, "color": "black"}
    arrow |= {"shrinkA": 26, "shrinkB": 28}
    for source, target in (("x", "Σ"), ("1", "Σ"), ("Σ", "ŷ")):
        axes.annotate("", nodes[target], nodes[source], arrowprops=arrow)
    for name, place in nodes.items():
        color = LINE if name == "Σ" else POINT
        axes.plot(*place, "o", ms=46, color="white", mec=color, mew=3)
        axes.text(*place, name, ha="center", va="center", size=20)
    for text, place in {"w": (1.4, 0.85), "b": (1.4, -0.9), "w·x + b·1": (3.95, 0.22)}.items():
        axes.text(*place, text, size=16, ha="center" if text in "wb" else "left")
    dashed = {"boxstyle": "round,pad=0.5", "fc": "white", "ec": "0.4", "ls": "--", "lw": 2}
    axes.text(6.1, 0, "activation:\nnone yet", ha="center", va="center", size=14, bbox=dashed)
    axes.set(xlim=(-0.7, 8.7), ylim=(-1.7, 1.7))
    axes.axis("off")
    return Picture(
        figure,
        "Diagram: the inputs x and 1 with the weights w and b flow into a sum, then through a "
        "dashed box, activation: none yet, to the prediction.",
        "The line, drawn as a neuron that has no activation yet.",
    )
