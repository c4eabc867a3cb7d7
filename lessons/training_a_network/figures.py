"""Figures on training: writers, learning curves, optimizers in a valley, learning rates."""

from collections.abc import Mapping
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from lessons.training_a_network.surfaces import Valley
from utils.data import Digits, digit_writers
from utils.plots import LINES, OKABE_ITO, PIXELS, SEEN, UNSEEN, WALKERS, Picture, framed

PARTS = {"train": "training", "validation": "validation", "test": "test"}
SHOWN = (1, 4, 8, 9)
SIDE = 9
"""Pixels from one digit to the next in `hands`: eight of the image, and an edge."""
TOP = 4
"""Where the axis of `loss_curves` ends."""
FRAME = 0.5
"""Room around the paths on a map of the valley, in units of the weights."""
SIDEWAYS = 0.03
"""How far the outer lines of `rates_compared` stand beside their rate, as a power of ten."""
LOW_TO_HIGH = LinearSegmentedColormap.from_list("low to high", ["#6c8aa5", "#f7f9fb"])
"""Pale, so that paths of any color stand out; dark where the loss is low."""


def batch_sizes(losses: Mapping[str, ArrayLike]) -> Picture:
    """Loss after every epoch, a line per batch size (label: losses, shape (epochs + 1,))."""
    figure, axes = plt.subplots(figsize=(8.5, 3.6))
    for (label, curve), (color, line, marker) in zip(losses.items(), cycle(WALKERS), strict=False):
        axes.plot(curve, line, marker=marker, color=color, label=label, lw=3)
    ends = (f"{label} {curve[-1]:.2g}" for label, curve in losses.items())
    axes.set(xlabel="epoch", ylabel="training loss", ylim=(0, None), xmargin=0.02)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return Picture(
        figure,
        alt=f"Training loss, epoch by epoch. At the end: {'; '.join(ends)}.",
        caption="As many epochs for each: only the size of the batches differs.",
    )


def hands(digits: Digits, parts: Mapping[str, NDArray]) -> Picture:
    """How every writer writes the digits in `SHOWN`, part by part; the last part stays closed.

    Args:
        digits: all of them.
        parts: "train", "validation" and "test" to the indices of their digits.
    """
    writers = digit_writers()
    who = {part: np.unique(writers[indices]) for part, indices in parts.items()}
    figure, panels = plt.subplots(
        1, len(who), figsize=(11, 3.9), width_ratios=[len(some) for some in who.values()]
    )
    for axes, (part, some), color in zip(panels, who.items(), (SEEN, UNSEEN, "black"), strict=True):
        rows = [_by(digits, writers, writer) for writer in some]
        sheet = np.concatenate([np.concatenate(row, axis=0) for row in rows], axis=1)
        sheet = sheet[:-1, :-1] if part != "test" else np.full(sheet[:-1, :-1].shape, np.nan)
        axes.imshow(sheet, cmap=PIXELS, aspect="equal")
        for place in np.ndindex(len(SHOWN), len(some) if part == "test" else 0):
            row, column = SIDE * np.array(place) + SIDE / 2 - 1
            axes.text(column, row, "?", size=22, color=LINES, ha="center", va="center")
        framed(axes)
        axes.spines[:].set(color=color, lw=3)
        axes.set_title(f"{PARTS[part]}\n{len(some)} writers", color=color)
    panels[0].set_yticks(SIDE * np.arange(len(SHOWN)) + SIDE / 2 - 1, SHOWN, size=16)
    panels[0].tick_params(length=0)
    shown = ", ".join(map(str, SHOWN))
    told = "; ".join(f"{PARTS[part]}: {len(some)}" for part, some in who.items())
    return Picture(
        figure,
        alt=f"The digits {shown} as each writer writes them, a column per writer. Writers {told}. "
        "Those of the last part are covered.",
        caption="Will a program that learned from seven hands read the others?",
    )


def _by(digits: Digits, writers: NDArray, writer: int) -> list[NDArray]:
    """The first image of each digit in `SHOWN` by a writer, with a thin edge of NaN."""
    firsts = (np.flatnonzero((writers == writer) & (digits.labels == k))[0] for k in SHOWN)
    images = (digits.images[first].astype(float) for first in firsts)
    return [np.pad(image, (0, SIDE - len(image)), constant_values=np.nan) for image in images]


def loss_curves(trainings: Mapping[str, NDArray]) -> Picture:
    """A panel per training: its loss on the training and on the validation set, epoch by epoch.

    All panels have one axis, up to `TOP`; where a curve leaves it, the panel says how far it gets.

    Args:
        trainings: title to losses of shape (epochs + 1, 2), the first column of the training set.
    """
    figure, panels = plt.subplots(
        1, len(trainings), figsize=(11, 3.8), sharex=True, sharey=True, squeeze=False
    )
    told = []
    for axes, (title, losses) in zip(panels.flat, trainings.items(), strict=True):
        every = max(2, len(losses) // 6)
        for curve, color, line, width, first, label in (
            (losses[:, 0], SEEN, "-o", 4, 0, "training"),
            (losses[:, 1], UNSEEN, "--s", 2.5, every // 2, "validation"),
        ):  # where they coincide, the broad line shows below the dashed one, the marks in turn
            axes.plot(curve, line, color=color, label=label, lw=width, markevery=(first, every))
        axes.set(xlabel="epoch", ylim=(0, TOP))
        axes.set_title(title)
        axes.grid(color="0.9")
        if losses.max() > TOP:
            axes.text(0.5, 0.5, f"leaves the axis:\nup to {losses.max():.3g}", size=13,
                      ha="center", va="center", transform=axes.transAxes,
                      bbox={"fc": "white", "ec": "0.6"})  # fmt: skip
        (first, start), (last, end) = losses[[0, -1]]
        told.append(
            f"{' '.join(title.split())}: training {first:.2g} to {last:.2g}, validation "
            f"{start:.2g} to {end:.2g}, at the lowest {losses[:, 1].min():.2g}."
        )
    panels[0, 0].set_ylabel("loss")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, handlelength=3.5)
    return Picture(
        figure,
        alt=f"Pairs of learning curves, each from its first to its last loss. {' '.join(told)}",
        caption="Two questions per pair: is the training loss low? Does the other follow?",
    )


def valley_walks(surface: Valley, paths: Mapping[str, NDArray]) -> Picture:
    """A panel per walk (title: path of shape (steps + 1, 2)) on one map of the valley."""
    size = (11, 3.4)
    figure, row = plt.subplots(1, len(paths), figsize=size, sharex=True, sharey=True, squeeze=False)
    panels, window = row.flat, _window(paths)
    for axes, (title, path) in zip(panels, paths.items(), strict=True):
        _map(axes, surface, window)
        _walk(axes, path, OKABE_ITO["vermillion"], "-", "o")
        axes.set(xlabel="weight 1", title=title)
    panels[0].set_ylabel("weight 2")
    return Picture(
        figure,
        alt=f"Maps of a valley, a walk on each. {_ends(surface, paths)}",
        caption="Dark is low, the star is the minimum: where does each walk lead?",
    )


def walks_and_rings(
    surface: Valley, paths: Mapping[str, NDArray], rings: Mapping[str, NDArray]
) -> Picture:
    """A panel per walker, with rings at every fifth step of another one, who should walk alike.

    Args:
        surface: what they walk on.
        paths: name to path of shape (steps + 1, 2); up to four.
        rings: the same names to paths of the same shapes.
    """
    figure, panels = plt.subplots(2, 2, figsize=(9.2, 5.8), sharex=True, sharey=True)
    window = _window(paths)
    looks = zip(panels.flat, paths.items(), WALKERS, strict=False)
    for axes, (name, path), (color, line, marker) in looks:
        _map(axes, surface, window)
        _walk(axes, path, color, line, marker)
        axes.plot(*rings[name][::5].T, "o", color="black", mfc="none", ms=12, mew=1.2)
        axes.set_title(f"{name}: loss {surface.loss(path[0]):.3g} → {surface.loss(path[-1]):.1g}")
    for axes in panels[1]:
        axes.set_xlabel("weight 1")
    for axes in panels[:, 0]:
        axes.set_ylabel("weight 2")
    apart = max(np.abs(path - rings[name]).max() for name, path in paths.items())
    return Picture(
        figure,
        alt=(
            "Maps of a valley, a walk on each, and rings at every fifth step of Keras, nowhere "
            f"further than {apart:.0e} from our own point. {_ends(surface, paths)}"
        ),
        caption="Lines are our steps, rings those of Keras: do they agree?",
    )


def _ends(surface: Valley, paths: Mapping[str, NDArray]) -> str:
    """In words, how the loss changes on each path."""
    return " ".join(
        f"{name}: loss {surface.loss(path[0]):.3g} to {surface.loss(path[-1]):.2g} in "
        f"{len(path) - 1} steps."
        for name, path in paths.items()
    )


def race_frame(surface: Valley, paths: Mapping[str, NDArray], step: int) -> Figure:
    """One step of a race: the walkers on the map, their losses so far beside it.

    Args:
        surface: what they walk on.
        paths: name to path of shape (steps + 1, 2); up to four, all of one length.
        step: 0 to steps.
    """
    box = {"left": 0.07, "right": 0.98, "bottom": 0.16, "top": 0.8, "wspace": 0.25}
    figure, (left, right) = plt.subplots(  # a fixed box: many pages, quickly
        1, 2, figsize=(10, 3.9), layout="none", width_ratios=(1.5, 1), gridspec_kw=box
    )
    _map(left, surface, _window(paths))
    left.set(xlabel="weight 1", ylabel="weight 2", title=f"step {step}")
    losses = {name: surface.loss(path) for name, path in paths.items()}
    for name, (color, line, marker) in zip(paths, WALKERS, strict=False):
        _walk(left, paths[name][: step + 1], color, line, marker)
        right.plot(losses[name][: step + 1], line, color=color)
        head = {"color": color, "mec": "white", "ms": 12, "label": name, "clip_on": False}
        right.plot(step, losses[name][step], marker, **head)
    _powers_of_ten(right, np.concatenate(list(losses.values())))
    right.set(xlabel="step", title="loss", xlim=(0, len(next(iter(paths.values()))) - 1))
    handles, labels = right.get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=len(paths))
    return figure


def step_lengths(steps: ArrayLike, lengths: Mapping[str, ArrayLike]) -> Picture:
    """How far Adam steps while the gradient stays the same (label: multiples of the rate)."""
    figure, axes = plt.subplots(figsize=(8.5, 3.4))
    for (label, curve), (color, line, marker) in zip(lengths.items(), cycle(WALKERS), strict=False):
        axes.plot(steps, curve, line, color=color, label=label, lw=3)
        axes.plot(np.asarray(steps)[0], np.asarray(curve)[0], marker, color=color, ms=10)
    told = (
        f"{label}: {curve[0]:.3g} at first, {np.max(curve):.2g} at most, {curve[-1]:.2g} at last."
        for label, curve in lengths.items()
    )
    axes.set(xlabel="step", ylabel="step ÷ learning rate", ylim=(0, None), xscale="log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return Picture(
        figure,
        alt=f"How long each step is, in learning rates. {' '.join(told)}",
        caption="The gradient stays the same: how long is each step of Adam?",
    )


def rates_compared(rates: ArrayLike, losses: Mapping[str, NDArray], chance: float) -> Picture:
    """Loss after the same training at every rate: a line per optimizer, a bar from best to worst.

    Args:
        rates: the learning rates, shape (rates,).
        losses: name of the optimizer to losses of shape (rates, seeds).
        chance: the loss of a network that knows nothing, drawn as a line.
    """
    figure, axes = plt.subplots(figsize=(9.6, 4.2))
    axes.axhline(chance, color="0.5", lw=2)
    axes.text(0.33, chance - 0.05, "guessing", color="0.35", size=12, va="top", ha="center",
              transform=axes.get_yaxis_transform())  # fmt: skip
    shifts = 10 ** np.linspace(-SIDEWAYS, SIDEWAYS, len(losses))
    for (label, runs), (color, line, marker), shift in zip(losses.items(), WALKERS, shifts,
                                                           strict=False):  # fmt: skip
        middle = np.median(runs, axis=1)
        ends = np.stack([middle - runs.min(axis=1), runs.max(axis=1) - middle])
        axes.errorbar(np.asarray(rates) * shift, middle, ends, fmt=line + marker, color=color,
                      label=label, lw=2.5, elinewidth=2, capsize=4)  # fmt: skip
    told = (
        f"{label} at {np.asarray(rates)[np.median(runs, axis=1).argmin()]:.2g}"
        for label, runs in losses.items()
    )
    axes.set(xscale="log", xlabel="learning rate", ylabel="validation loss", ylim=(0, 3))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return Picture(
        figure,
        alt=(
            "Validation loss against the learning rate, a line per optimizer. Lowest in the middle "
            f"run: {', '.join(told)}."
        ),
        caption="Which optimizer is ahead? That depends on the rate.",
    )


def _window(paths: Mapping[str, NDArray]) -> NDArray:
    """What a map must show, shape (2, 2): low and high end of each weight, the minimum included."""
    everything = np.concatenate([*paths.values(), np.zeros((1, 2))])
    return np.stack([everything.min(axis=0) - FRAME, everything.max(axis=0) + FRAME], axis=1)


def _map(axes: Axes, surface: Valley, window: NDArray) -> None:
    """Contours of the loss in a window, shape (2, 2), dark where it is low; a star at the best."""
    grid = np.stack(np.meshgrid(*np.linspace(*window.T, 80).T), axis=-1)
    loss = surface.loss(grid)
    levels = [0, *(loss.max() * 3.0 ** np.arange(-6.0, 1.0))]
    axes.contourf(
        *np.moveaxis(grid, 2, 0), loss, levels, cmap=LOW_TO_HIGH, norm="asinh", antialiased=False
    )
    axes.plot(0, 0, "*", color=OKABE_ITO["yellow"], mec="black", ms=15, mew=1, zorder=3)
    axes.set(xlim=window[0], ylim=window[1], aspect="equal")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _walk(axes: Axes, path: NDArray, color: str, line: str, marker: str) -> None:
    """A path, a mark at every point and a large one at the last."""
    axes.plot(*path.T, line, color=color, lw=2)
    axes.plot(*path[:-1].T, marker, color=color, ms=4.5)
    axes.plot(*path[-1], marker, color=color, mec="white", ms=13, mew=1.5)


def _powers_of_ten(axes: Axes, values: NDArray) -> None:
    """A logarithmic y-axis around the values, with few ticks, written out."""
    low, high = np.floor(np.log10(values.min())), np.ceil(np.log10(values.max()))
    axes.set(yscale="log", ylim=(10.0**low, 10.0**high))
    axes.set_yticks(10.0 ** np.arange(low, high + 1), minor=False)
    axes.set_yticks([], minor=True)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(axis="y", color="0.9")
