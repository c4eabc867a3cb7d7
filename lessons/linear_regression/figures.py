"""Figures on fitting a line: points and residuals, the loss surface and the paths on it."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, MultipleLocator
from numpy.typing import ArrayLike, NDArray

from utils.plots import HEIGHT, MAGNITUDE, OKABE_ITO, STYLES, WEIGHT, Picture
from utils.regression import least_squares, loss_surface, mean_squared_error, predict

POINT = OKABE_ITO["blue"]
LINE = OKABE_ITO["vermillion"]
SQUARE = OKABE_ITO["sky"]
LABELS = ("slope w", "intercept b")


def people(
    weight: ArrayLike, height: ArrayLike, lines: Mapping[str, tuple[float, float]] | None = None
) -> Figure:
    """People as points, and any number of lines (label: (w, b)) through them."""
    figure, axes = plt.subplots(figsize=(8.5, 4.6))
    axes.plot(weight, height, "o", color=POINT, ms=6, mec="none")
    ends = np.array([np.min(weight), np.max(weight)])
    for (label, line), (dash, color) in zip((lines or {}).items(), cycle(STYLES), strict=False):
        axes.plot(ends, predict(ends, *line), dash, color=color, lw=3.5, label=label)
    axes.set(xlabel=WEIGHT, ylabel=HEIGHT)
    if lines:
        axes.legend(loc="lower right")
    return figure


def residual_squares(
    x: ArrayLike,
    y: ArrayLike,
    lines: Mapping[str, tuple[float, float]],
    labels: tuple[str, str] = ("x", "y"),
) -> Figure:
    """One panel a line (title: (w, b)): residuals as segments, their squares as squares."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    size = (3.7 * len(lines), 4.6)
    figure, panels = plt.subplots(
        1, len(lines), figsize=size, squeeze=False, sharex=True, sharey=True
    )
    sides = [np.abs(predict(x, *line) - y).max() for line in lines.values()]
    room = max(0.12 * np.ptp(x), *sides)
    ends = np.array([x.min() - 0.12 * np.ptp(x), x.max() + room])
    for axes, (title, line) in zip(panels.flat, lines.items(), strict=True):
        axes.plot(ends, predict(ends, *line), color=LINE, lw=3)
        _squares(axes, x, y, predict(x, *line))
        error = mean_squared_error(y, predict(x, *line))
        axes.set(title=f"{title}\nmean square {error:.3g}", xlabel=labels[0], aspect="equal")
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    panels[0, 0].set_ylabel(labels[1])
    return figure


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
    for (letter, line), (dash, color) in zip(lines.items(), cycle(STYLES), strict=False):
        left.plot(ends, predict(ends, *line), dash, color=color, lw=3.5)
        left.text(ends[1] + 0.03 * span, predict(ends, *line)[1], letter, va="center", size=17)
        right.text(*line, letter, ha="center", va="center", size=15, bbox=_badge(color))
    left.set(xlabel="x", ylabel="y", xlim=(ends[0], ends[1] + 0.12 * span))
    left.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    return Picture(
        figure,
        alt=(
            "Left: three points and the lines A, B and C. Right: the same three lines as "
            "points on the loss surface, a long diagonal valley that is darkest around B."
        ),
        caption=CAPTION,
    )


def _badge(color: str) -> dict:
    return {"boxstyle": "circle,pad=0.3", "fc": "white", "ec": color, "lw": 3}


def line_descent(x: ArrayLike, y: ArrayLike, path: NDArray, steps: Sequence[int]) -> Picture:
    """A few steps of gradient descent: the line above, the path on the loss surface below."""
    figure, panels = plt.subplots(2, len(steps), figsize=(11, 6.4), sharex="row", sharey="row")
    for (above, below), step in zip(panels.T, steps, strict=True):
        _fit(above, x, y, path, step)
        _map(below, x, y, path, step)
        error = mean_squared_error(y, predict(x, *path[step]))
        above.set_title(f"step {step}\nMSE {error:.3g}")
    for axes in panels.flat:
        axes.label_outer()
    return Picture(
        figure,
        alt=(
            "Gradient descent at steps 0, 1, 2 and 14. Above, the line swings up and down and "
            "settles; below, the path zigzags across the valley and then creeps along its "
            "floor toward the star."
        ),
        caption=CAPTION,
    )


def line_descent_frame(x: ArrayLike, y: ArrayLike, path: NDArray, step: int) -> Figure:
    """One step of gradient descent: the line on the left, the path so far on the right."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    _fit(left, x, y, path, step)
    _map(right, x, y, path, step)
    w, b = path[step]
    left.set_title(f"step {step}: y = {w:.2f} x {'−' if b < 0 else '+'} {abs(b):.2f}")
    right.set_title(f"MSE {mean_squared_error(y, predict(x, w, b)):.3f}")
    return figure


def line_learning_rates(
    x: ArrayLike, y: ArrayLike, paths: Mapping[str, NDArray], step: int
) -> Picture:
    """Paths of several rates (title: path) on one loss surface, and their losses below."""
    figure, panels = plt.subplots(
        2, len(paths), figsize=(9.4, 5), sharex="row", sharey="row", height_ratios=(3, 2)
    )
    everything = np.concatenate(list(paths.values()))
    losses = [[mean_squared_error(y, predict(x, *line)) for line in p] for p in paths.values()]
    for (above, below), (title, path), loss in zip(panels.T, paths.items(), losses, strict=True):
        _map(above, x, y, path, step, everything)
        above.set_title(f"{title}\nstep {step}: MSE {loss[step]:.3g}")
        below.plot(loss[: step + 1], "o-", color=LINE, ms=5)
        below.set(yscale="log", xlabel="step", xlim=(-0.5, len(path) - 0.5))
        below.set_ylim(np.min(losses) / 3, np.max(losses) * 3)
        below.xaxis.set_major_locator(MultipleLocator(5))
    panels[1, 0].set_ylabel("MSE")
    for axes in panels.flat:
        axes.label_outer()
    for axes in panels[0]:
        axes.xaxis.set_tick_params(labelbottom=True)
        axes.set_xlabel(LABELS[0])
    return Picture(
        figure,
        alt=(
            "Three walks of 10 steps on one loss surface. Rate 0.01 has hardly moved; rate "
            "0.15 zigzags into the valley; rate 0.19 jumps from wall to wall in a fan that "
            "widens. Below, the losses on a logarithmic scale: slowly falling, falling, "
            "growing."
        ),
        caption=CAPTION,
    )


def two_valleys(
    x: ArrayLike, z: ArrayLike, y: ArrayLike, paths: tuple[NDArray, NDArray], titles: Sequence[str]
) -> Picture:
    """The loss surface with inputs x, and with inputs z on equal axes; a path on each."""
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.8))
    _map(panels[0], x, y, paths[0], len(paths[0]) - 1)
    panels[1].set_aspect("equal")
    _map(panels[1], z, y, paths[1], len(paths[1]) - 1)
    for axes, title in zip(panels, titles, strict=True):
        axes.set_title(title)
    return Picture(
        figure,
        alt=(
            "Two loss surfaces. In kilograms it is a narrow diagonal valley, and after 10,000 "
            "steps the walker is still near the start. Standardized it is a round bowl, and "
            "30 steps lead straight to the star."
        ),
        caption=CAPTION,
    )


def residuals(x: ArrayLike, residual: ArrayLike, typical: float) -> Picture:
    """Residuals against weight, with a band of plus and minus the typical error."""
    figure, axes = plt.subplots(figsize=(8.5, 4.2))
    axes.axhspan(-typical, typical, color=SQUARE, alpha=0.3, label=f"± {typical:.1f} cm", lw=0)
    axes.axhline(0, color=LINE, lw=3)
    axes.plot(x, residual, "o", color=POINT, ms=7, mec="none")
    axes.set(xlabel=WEIGHT, ylabel="predicted − true (cm)")
    axes.legend(loc="upper left")
    return Picture(
        figure,
        alt=(
            "Residuals of the 100 held-out people against weight: a cloud around zero without "
            "bend or funnel; a band of plus and minus the typical error holds about two "
            "thirds of them."
        ),
        caption=CAPTION,
    )


def extrapolation(
    weight: ArrayLike, height: ArrayLike, w: float, b: float, baby: tuple[float, float]
) -> Picture:
    """The line drawn on down to weight zero, far outside of the people it was fitted to."""
    figure, axes = plt.subplots(figsize=(8.5, 4.8))
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
        alt=(
            "The fitted line extended down to 0 kg, far outside of the people it was fitted "
            "to: for a baby of 4 kg it says 133 cm, where the truth is about 50 cm."
        ),
        caption=CAPTION,
    )


def slopes_by_group(weight: NDArray, height: NDArray, male: NDArray) -> Picture:
    """The line through everybody, and one through women and one through men alone."""
    figure, axes = plt.subplots(figsize=(8.5, 4.8))
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
        alt=(
            "Women and men as two clouds with a line each, of slope 0.32 and 0.35, and the "
            "steeper line of slope 0.46 through everybody, which runs from the women's cloud "
            "to the men's."
        ),
        caption=CAPTION,
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
    axes.plot(*path[: step + 1].T, "-", color="white", lw=2)
    axes.plot(*path[: step + 1].T, "o", color="white", mec="black", ms=7, mew=1)
    axes.plot(*path[step], "o", color=LINE, mec="white", ms=14, mew=1.5)
    axes.plot(*least_squares(x, y), "*", color=OKABE_ITO["yellow"], mec="black", ms=16, mew=1)


def _contours(axes: Axes, x: ArrayLike, y: ArrayLike, shown: NDArray) -> None:
    """Contours of the loss, darkest around the best line, with room for the lines in `shown`."""
    best = least_squares(x, y)
    shown = np.vstack([shown, best])
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
        alt=(
            "Diagram: inputs x and 1 with the weights w and b flow into a sum, then through a "
            "dashed box, activation: none yet, to the prediction."
        ),
        caption=CAPTION,
    )
