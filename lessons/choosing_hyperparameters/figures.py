"""Figures on choosing hyperparameters: league tables, search spaces, searches."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullFormatter, NullLocator, PercentFormatter
from numpy.typing import ArrayLike, NDArray
from optuna.trial import FrozenTrial

from lessons.choosing_hyperparameters.records import Search
from utils.plots import OKABE_ITO, Picture

LOOKS = {  # color, marker, line
    "grid": (OKABE_ITO["vermillion"], "s", "--"),
    "random": (OKABE_ITO["blue"], "o", "-"),
    "TPE": (OKABE_ITO["green"], "^", "-."),
}
STRENGTH_LOOKS = (
    (OKABE_ITO["blue"], "o", "-"),
    (OKABE_ITO["vermillion"], "s", "--"),
    (OKABE_ITO["green"], "^", "-."),
)
MEAN, PRINTED = OKABE_ITO["blue"], OKABE_ITO["vermillion"]
ONE_RUN = {"mfc": "none", "mec": MEAN, "mew": 1.3, "ms": 8}
"""Hollow, so that several on one place show."""
RATE, DROPOUT = "learning rate", "dropout"


Panels = Mapping[str, Mapping[str, ArrayLike]]


def initializers(panels: Panels, printed: Mapping[str, float]) -> Picture:
    """A league of initializers; arguments as in `league`."""
    return league(panels, printed, "Twelve rows of a lecture's table, several starts each.")


def optimizers(panels: Panels, printed: Mapping[str, float]) -> Picture:
    """A league of optimizers; arguments as in `league`."""
    return league(panels, printed, "Optimizers at the library's rate, and at a rate of their own.")


def league(panels: Panels, printed: Mapping[str, float], caption: str) -> Picture:
    """A row a setting: a dot a run, a bar at their mean, a cross for what a lecture printed.

    Args:
        panels: title to row to accuracies, 0..1; all panels with the rows of the first.
        printed: row to accuracy, shown in the first panel.
        caption: what the figure is there for.
    """
    rows = list(next(iter(panels.values())))
    size = (max(9, 4.2 * len(panels) + 1.2), 0.34 * len(rows) + 1.5)
    figure, axes = plt.subplots(1, len(panels), figsize=size, sharey=True, squeeze=False)
    for panel, (title, runs) in zip(axes.flat, panels.items(), strict=True):
        for height, row in enumerate(rows):
            accuracies = np.asarray(runs[row])
            panel.plot(accuracies, np.full(accuracies.size, height), "o", **ONE_RUN)
            panel.plot(accuracies.mean(), height, "|", color=MEAN, ms=20, mew=4)
        panel.set(xlabel="accuracy", xlim=(0, 1), title=title)
        panel.xaxis.set_major_formatter(PercentFormatter(1))
        panel.grid(axis="y", color="0.9")
    cross = {"color": PRINTED, "ms": 9, "mew": 3}
    axes[0, 0].plot([printed[row] for row in rows], range(len(rows)), "x", **cross)
    figure.get_layout_engine().set(wspace=0.05)
    axes[0, 0].set_yticks(range(len(rows)), rows)
    axes[0, 0].set_ylim(len(rows) - 0.4, -0.6)
    handles = [
        plt.Line2D([], [], marker="o", ls="", label="one run", **ONE_RUN),
        plt.Line2D([], [], marker="|", ls="", color=MEAN, ms=14, mew=4, label="mean"),
        plt.Line2D([], [], marker="x", ls="", mew=3, color=PRINTED, label="lecture"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    alt = "A row for each setting, a dot for each run, crosses for what the lecture printed."
    return Picture(figure, " ".join([alt, *map(_means, panels.items())]), caption)


def _means(panel: tuple[str, Mapping[str, ArrayLike]]) -> str:
    """A sentence on the lowest and the highest mean of a panel."""
    title, runs = panel
    means = {row: np.mean(accuracies) for row, accuracies in runs.items()}
    worst, best = min(means, key=means.get), max(means, key=means.get)
    return (
        f'Panel "{title}": means from {means[worst]:.0%} ({worst}) to {means[best]:.0%} ({best}).'
    )


def strengths(values: ArrayLike, runs: Mapping[str, NDArray], without: ArrayLike) -> Picture:
    """Accuracy over the strength of regularizers, and the band of runs without any.

    Args:
        values: strengths, shape (n,).
        runs: regularizer to accuracies, 0..1, shape (n, seeds).
        without: accuracies of runs without a regularizer.
    """
    figure, axes = plt.subplots(figsize=(8.8, 3.8))
    axes.axhspan(np.min(without), np.max(without), color="0.87", label="no regularizer", lw=0)
    looks = zip(runs.items(), STRENGTH_LOOKS, (0.88, 1, 1.13), strict=False)
    for (name, accuracies), (color, marker, line), aside in looks:
        x = np.asarray(values) * aside
        axes.plot(x, accuracies, marker, mfc="none", mec=color, mew=1.3, ms=6)
        axes.plot(x, accuracies.mean(axis=1), line, marker=marker, color=color, label=name, lw=3)
    axes.set(xscale="log", xlabel="strength", ylabel="accuracy", ylim=(0, 1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    ends = [f"{name} {runs[name][0].mean():.0%} to {runs[name][-1].mean():.0%}" for name in runs]
    return Picture(
        figure,
        alt=(
            f"Accuracy over the strength of a regularizer. Mean from strength {values[0]:g} to "
            f"{values[-1]:g}: {', '.join(ends)}; without one {np.mean(without):.0%}."
        ),
        caption="The strength decides what a regularizer does.",
    )


def scales(uniform: ArrayLike, logarithmic: ArrayLike) -> Picture:
    """The same draws on two axes: uniform in the value, and uniform in its logarithm."""
    figure, panels = plt.subplots(2, 1, figsize=(9.5, 3.6))
    kinds = {"uniform": (uniform, "random"), "log-uniform": (logarithmic, "grid")}
    for axes, scale in zip(panels, ("linear", "log"), strict=True):
        for height, (values, look) in enumerate(kinds.values()):
            color, marker, _ = LOOKS[look]
            axes.plot(
                values, np.full(np.size(values), height), marker, mfc="none", mec=color, mew=1.3
            )
        axes.set(xscale=scale, yticks=(0, 1), yticklabels=kinds, ylim=(1.6, -0.6))
    panels[1].set_xlabel(RATE)
    return Picture(
        figure,
        alt=(
            f"{np.size(uniform)} uniform and {np.size(logarithmic)} log-uniform rates on a linear "
            "axis and on a logarithmic one. The middle one is "
            f"{np.median(uniform):.2g} among the uniform, {np.median(logarithmic):.2g} among the "
            "log-uniform rates."
        ),
        caption="Uniform in the value, or uniform in its logarithm: which decades are tried?",
    )


def grid_and_random(
    grid: Search, random: Search, rates: tuple[ArrayLike, ArrayLike], dropouts: NDArray
) -> Picture:
    """Bergstra and Bengio's picture, measured: two searches, and what each axis alone does.

    Args:
        grid, random: two searches of equal size.
        rates: learning rates and the mean accuracy at each, shape (n,) both.
        dropouts: the same for the dropout, shape (2, m).
    """
    figure = plt.figure(figsize=(10, 5))
    cells = figure.add_gridspec(2, 3, height_ratios=(1, 1.7), width_ratios=(2, 2, 1))
    searches = {"grid": grid, "random": random}
    for column, (name, search) in enumerate(searches.items()):
        color, marker, _ = LOOKS[name]
        above = figure.add_subplot(cells[0, column])
        above.plot(*rates, color="black", lw=2)
        at = np.interp(np.log(search.learning_rate), np.log(rates[0]), rates[1])
        above.plot(search.learning_rate, at, marker, color=color, ms=9, mec="white", clip_on=False)
        tried = len(np.unique(search.learning_rate))
        above.set(title=f"{name}: {tried} learning rates tried", xscale="log", ylim=(0, 1.05))
        above.tick_params(labelbottom=False)
        above.yaxis.set_major_formatter(PercentFormatter(1))
        square = figure.add_subplot(cells[1, column], sharex=above)
        square.plot(search.learning_rate, search.dropout, marker, color=color, ms=11, clip_on=False)
        square.vlines(search.learning_rate, search.dropout, 0.53, color="0.7", lw=1, zorder=1)
        square.set(xlabel=RATE, ylim=(-0.03, 0.53))
        if not column:
            above.set_ylabel("accuracy")
            square.set_ylabel(DROPOUT)
    aside = figure.add_subplot(cells[1, 2], sharey=square)
    aside.plot(dropouts[1], dropouts[0], color="black", lw=2)
    aside.set(xlim=(0, 1.05), xticks=(0.5, 1), xlabel="accuracy")
    aside.xaxis.set_major_formatter(PercentFormatter(1))
    aside.tick_params(labelleft=False)
    return Picture(
        figure,
        alt=(
            f"Trials over learning rate and dropout: {_tried_rates(grid)} in a grid, "
            f"{_tried_rates(random)} at random. Alone, the learning rate takes the accuracy from "
            f"{np.min(rates[1]):.0%} to {np.max(rates[1]):.0%}, the dropout from "
            f"{np.min(dropouts[1]):.0%} to {np.max(dropouts[1]):.0%}."
        ),
        caption="As many trials in a grid and at random: what does each axis see?",
    )


def _tried_rates(search: Search) -> str:
    rates = search.learning_rate
    return f"{len(rates)} trials with {len(np.unique(rates))} learning rates"


def best_so_far(searches: Mapping[str, NDArray], low: float) -> Picture:
    """The best accuracy up to each trial: a thin line for each repeat, a thick one for their mean.

    Args:
        searches: name, which begins with grid, random or TPE, to shape (repeats, trials).
        low: where the accuracy axis begins.
    """
    figure, axes = plt.subplots(figsize=(9.5, 4.2))
    for name, best in searches.items():
        color, marker, line = LOOKS[name.split()[0]]
        trials = np.arange(1, best.shape[1] + 1)
        axes.plot(trials, best.T, color=color, lw=1, alpha=0.45)
        axes.plot(trials, best.mean(axis=0), line, marker=marker, color=color, lw=3, label=name)
    axes.set(xlabel="trials", ylabel="best so far", ylim=(low, 1))
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color="0.9")
    axes.legend(loc="lower right", title="mean of several repeats")
    ends = [
        f"{name} {best[:, -1].min():.0%} to {best[:, -1].max():.0%}"
        for name, best in searches.items()
    ]
    return Picture(
        figure,
        alt=(
            "Best accuracy so far over the trials, a line for each repeat and one for the mean. At "
            f"the end: {', '.join(ends)}."
        ),
        caption="How fast does each search find something good?",
    )


def found(trials: Sequence[FrozenTrial]) -> Picture:
    """What the finished trials of a search have found: accuracy over rate, the maps beside."""
    rates, maps = ([trial.params[name] for trial in trials] for name in ("learning_rate", "maps"))
    accuracies = [trial.value for trial in trials]
    figure, axes = plt.subplots(figsize=(9, 3.8))
    color, marker, _ = LOOKS["random"]
    axes.plot(rates, accuracies, marker, color=color, ms=11, mec="white", clip_on=False)
    for place, number in enumerate(np.argsort(rates)):  # in turn above and below
        aside = {"xytext": (0, -20 if place % 2 else 9), "textcoords": "offset points"}
        where = rates[number], accuracies[number]
        axes.annotate(f"{maps[number]} maps", where, ha="center", fontsize=12, **aside)
    axes.set(xscale="log", xlim=(5e-5, 2), ylim=(-0.12, 1.12), xlabel=RATE, ylabel="accuracy")
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color="0.9")
    best = int(np.argmax(accuracies))
    return Picture(
        figure,
        alt=(
            f"Validation accuracy over the learning rate of {len(rates)} trials. The best has a "
            f"rate of {rates[best]:.2g} and {accuracies[best]:.0%}, the worst "
            f"{np.min(accuracies):.0%}."
        ),
        caption="What every trial of the search has found.",
    )


def equals(validation: ArrayLike, test: ArrayLike) -> Picture:
    """Networks of one setting: where each stood when one was chosen, and where in the exam.

    Args:
        validation, test: accuracies, 0..1, shape (n,) each; each is shown against its mean.
    """
    before, after = (100 * (np.asarray(part) - np.mean(part)) for part in (validation, test))
    chosen = int(np.argmax(before))
    figure, axes = plt.subplots(figsize=(8, 4.6))
    for number, heights in enumerate(zip(before, after, strict=True)):
        looks = {"color": "0.6", "lw": 1.5, "ms": 6}
        if number == chosen:
            looks = {"color": OKABE_ITO["vermillion"], "lw": 4, "ms": 11, "zorder": 3}
        axes.plot((0, 1), heights, "-o", **looks)
    axes.axhline(0, color="black", lw=1, ls=":")
    for side, heights, where in ((0, before, "right"), (1, after, "left")):
        said = f"{heights[chosen]:+.1f}".replace("-", "\u2212")
        axes.annotate(said, (side, heights[chosen]), (16 * (2 * side - 1), 0),
                      textcoords="offset points", ha=where, va="center", weight="bold",
                      color=OKABE_ITO["vermillion"])  # fmt: skip
    axes.set(xticks=(0, 1), xticklabels=("digits to choose by", "digits of the exam"))
    axes.set(xlim=(-0.35, 1.35), ylabel="points above the mean of all")
    place = 1 + int(np.sum(after > after[chosen]))
    return Picture(
        figure,
        alt=(
            f"{len(before)} networks of one setting, a line each, from the validation to the test "
            f"digits. The best in validation is {before[chosen]:.1f} points above the mean there, "
            f"{after[chosen]:+.1f} in the exam, where it is number {place}."
        ),
        caption="The same setting many times: the winner, before and in the exam.",
    )


def searches_frame(searches: Mapping[str, Search], trial: int) -> Picture:
    """Searches side by side after so many trials: where they tried, and the best so far.

    Args:
        searches: name, which begins with grid, random or TPE, to the search.
        trial: 1 to the number of trials.
    """
    box = {"left": 0.07, "right": 0.99, "bottom": 0.18, "top": 0.81, "wspace": 0.1}
    figure, panels = plt.subplots(
        1, len(searches), figsize=(10, 3.7), layout="none", sharey=True, gridspec_kw=box
    )
    figure.suptitle("after 1 trial" if trial == 1 else f"after {trial} trials", fontsize=14)
    for axes, (name, search) in zip(panels, searches.items(), strict=True):
        _tried(axes, name, search, trial)
        best = search.validation[:trial, -1].max()
        axes.set_title(f"{name}: {best:.1%}")
    panels[0].set_ylabel(DROPOUT)
    return Picture(
        figure,
        alt=(
            f"Where {', '.join(searches)} have tried learning rate and dropout, after {trial} "
            "trials each; larger marks are better, a star is the best so far."
        ),
        caption="Where three searches look, and what they find.",
    )


def _tried(axes: Axes, name: str, search: Search, trial: int) -> None:
    """The first trials of a search, larger the better; a star on the best, a cross at the last."""
    accuracy = search.validation[:trial, -1]
    color, marker, _ = LOOKS[name.split()[0]]
    axes.axvline(search.learning_rate[trial - 1], color="0.7", lw=1)
    axes.axhline(search.dropout[trial - 1], color="0.7", lw=1)
    points = axes.scatter(search.learning_rate[:trial], search.dropout[:trial], color=color,
                          marker=marker, s=20 + 180 * accuracy**2, clip_on=False)  # fmt: skip
    points.set_zorder(3)
    best = int(np.argmax(accuracy))
    axes.plot(search.learning_rate[best], search.dropout[best], "*", color=OKABE_ITO["yellow"],
              mec="black", ms=16, zorder=4, clip_on=False)  # fmt: skip
    axes.set(xscale="log", xlim=(8e-5, 1.3), ylim=(-0.02, 0.52), xlabel=RATE)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


def pruned_trials(curves: Sequence[NDArray], epochs: int) -> Picture:
    """Accuracy of each trial over its epochs; a cross where it was stopped."""
    figure, axes = plt.subplots(figsize=(9, 3.8))
    for curve in curves:
        done = np.arange(1, len(curve) + 1)
        stopped = len(curve) < epochs
        color = OKABE_ITO["vermillion"] if stopped else OKABE_ITO["blue"]
        axes.plot(done, curve, "--" if stopped else "-", color=color, lw=2)
        axes.plot(done[-1], curve[-1], "x" if stopped else "o", color=color, mew=3, ms=9)
    axes.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1), xlim=(0.8, epochs + 0.2))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.set_xticks(range(1, epochs + 1))
    handles = [
        plt.Line2D([], [], color=OKABE_ITO["blue"], marker="o", label="to the end"),
        plt.Line2D([], [], color=OKABE_ITO["vermillion"], ls="--", marker="x", mew=3,
                   label="pruned"),
    ]  # fmt: skip
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1, 1))
    pruned = sum(len(curve) < epochs for curve in curves)
    return Picture(
        figure,
        alt=(
            f"Accuracy over {epochs} epochs for {len(curves)} trials: {len(curves) - pruned} run "
            f"to the end, {pruned} are stopped before, where a cross marks them."
        ),
        caption="Where the pruner has stopped a trial.",
    )
