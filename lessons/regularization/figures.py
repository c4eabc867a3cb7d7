"""Figures on regularization: thinned networks, shrinking weights, and what five starts allow."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike, NDArray

from lessons.regularization.records import Curves
from utils.plots import OKABE_ITO, SEEN, UNSEEN, WALKERS, Picture
from utils.widgets import Described, flipbook

Drawn = tuple[Sequence[ArrayLike], ArrayLike, str]
"""A small network: for each layer which units take part, what the last ones say, a title."""

VERDICTS = {
    "better": (OKABE_ITO["blue"], "o"),
    "cannot tell": ("0.45", "s"),
    "worse": (OKABE_ITO["vermillion"], "v"),
}
"""Color and marker of what the starts say about a setting."""
CONNECTION = {"color": "0.6", "lw": 0.8, "zorder": 1}
GONE = "0.6"
"""Gray of what does not take part."""


def thinned_networks(networks: Sequence[Drawn]) -> Picture:
    """Small networks side by side, each without some of its units, each with its answer.

    Args:
        networks: for each, by layer, which units take part, shape (units,); what its last units
            say, 0..1, shape (last units,); and its title.
    """
    count = len(networks)
    figure, panels = plt.subplots(1, count, figsize=(max(7, 3.5 * count), 3.2), squeeze=False)
    for axes, (kept, answer, title) in zip(panels[0], networks, strict=True):
        _network(axes, [np.asarray(layer, bool) for layer in kept], np.asarray(answer))
        axes.set_title(title)
    said = "; ".join(
        f"{title}: {', '.join(f'{share:.0%}' for share in np.ravel(answer))}"
        for _, answer, title in networks
    )
    return Picture(
        figure,
        f"Networks whose dropped units are dashed circles, with their answers. {said}.",
        "Every mask leaves a thinned network with an answer of its own.",
    )


def thinned_book(networks: Sequence[Drawn]) -> Described:
    """A flipbook of small networks, as in `thinned_networks`, one a page."""
    return flipbook(
        lambda page: thinned_networks([networks[page]]).figure,
        range(len(networks)),
        f"A flipbook of {len(networks)} pages, each a small network, with the units that take part "
        f"and its answers: {'; '.join(title for *_, title in networks)}.",
        label="page",
        interval=900,
    )


def _network(axes: Axes, kept: Sequence[NDArray], answer: NDArray) -> None:
    places = [np.arange(len(layer)) - (len(layer) - 1) / 2 for layer in kept]
    for layer, ((here, there), (left, right)) in enumerate(
        zip(pairwise(places), pairwise(kept), strict=True)
    ):
        for one in here[left]:
            for other in there[right]:
                axes.plot([layer, layer + 1], [one, other], **CONNECTION)
    colors = [OKABE_ITO["blue"]] + ["black"] * (len(kept) - 2) + [OKABE_ITO["vermillion"]]
    for layer, (heights, mask, color) in enumerate(zip(places, kept, colors, strict=True)):
        axes.scatter(np.full(mask.sum(), layer), heights[mask], s=180, c=color, zorder=2)
        axes.scatter(
            np.full((~mask).sum(), layer), heights[~mask], s=180, facecolors="white",
            edgecolors=GONE, linestyles="dashed", linewidths=1.8, zorder=2,
        )  # fmt: skip
    for height, share in zip(places[-1], answer, strict=True):
        axes.text(len(kept) - 1 + 0.2, height, f"{share:.0%}", va="center", size=13)
    tallest = max(map(len, kept)) / 2
    axes.set(xlim=(-0.3, len(kept) - 0.25), ylim=(tallest, -tallest))
    axes.axis("off")


def shrinkage(before: ArrayLike, after: Mapping[str, ArrayLike], marks: ArrayLike) -> Picture:
    """What is left of a weight, over what the data alone would make of it.

    Args:
        before: weights that the data want, rising, shape (n,).
        after: by the name of a penalty, the weights that are left, shape (n,).
        marks: weights to mark on every line.
    """
    figure, axes = plt.subplots(figsize=(8.5, 4.2))
    before, marks = np.asarray(before, float), np.asarray(marks, float)
    axes.axhline(0, color="0.8", lw=1)
    axes.axvline(0, color="0.8", lw=1)
    kept = []
    for (label, left), (color, line, marker) in zip(
        after.items(), (WALKERS[3], *WALKERS), strict=False
    ):
        marked = np.interp(marks, before, left)
        axes.plot(before, left, line, color=color, label=label)
        axes.plot(marks, marked, marker, color=color, ms=9)
        kept.append(f"{label}: {', '.join(f'{weight:.3g}' for weight in marked)}")
    axes.set(xlabel="weight that the data want", ylabel="weight that is left")
    axes.set_aspect("equal")
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1))
    wanted = ", ".join(f"{weight:g}" for weight in marks)
    return Picture(
        figure,
        f"The weight that is left over the weight that the data want. Of {wanted} is left, with "
        f"{'; with '.join(kept)}.",
        "How much each penalty leaves of a weight.",
    )


def weight_stems(weights: Mapping[str, NDArray]) -> Picture:
    """A panel a model: its weights as stems, those that are exactly zero hollow.

    Args:
        weights: by the name of a model, shape (n,); up to four, all of one length.
    """
    figure, panels = plt.subplots(2, 2, figsize=(9.5, 4.6), sharex=True, sharey=True)
    for axes, (title, values) in zip(panels.flat, weights.items(), strict=True):
        zero = values == 0
        places = np.arange(len(values))
        axes.axhline(0, color="0.8", lw=1)
        axes.vlines(places[~zero], 0, values[~zero], color=OKABE_ITO["blue"])
        axes.plot(places[~zero], values[~zero], "o", color=OKABE_ITO["blue"], ms=6)
        axes.plot(places[zero], values[zero], "o", color=OKABE_ITO["vermillion"], mfc="white", ms=6)
        axes.set_title(f"{title}: {zero.sum()} of {len(values)} are zero", loc="left")
    for axes in panels[1]:
        axes.set_xlabel("feature")
    for axes in panels[:, 0]:
        axes.set_ylabel("weight")
    zeros = ", ".join(f"{title} {(values == 0).sum()}" for title, values in weights.items())
    return Picture(
        figure,
        f"Weights as stems, {len(weights)} times the same {len(values)}. Exactly zero are, by "
        f"panel: {zeros}.",
        "The same weights, learned with and without a penalty.",
    )


def sizes(curves: Mapping[int, Curves]) -> Picture:
    """The losses of one kind of network in five sizes, and how often each is right in the end.

    Args:
        curves: by number of parameters.
    """
    figure, panels = plt.subplots(2, 3, figsize=(11, 6.2))
    *losses, right = panels.flat
    top = 1.04 * max(of.val_loss.max() for of in curves.values())
    told = []
    for place, (axes, (count, of)) in enumerate(zip(losses, curves.items(), strict=True)):
        epochs = np.arange(1, of.loss.shape[1] + 1)
        for label, loss, accuracy, color, line, marker in (
            ("training", of.loss, of.accuracy, SEEN, "-", "o"),
            ("validation", of.val_loss, of.val_accuracy, UNSEEN, "--", "s"),
        ):
            axes.fill_between(epochs, loss.min(axis=0), loss.max(axis=0), color=color, alpha=0.2)
            axes.plot(epochs, loss.mean(axis=0), line, marker=marker, markevery=(3, 7),
                      color=color, label=label)  # fmt: skip
            last = accuracy[:, -1]
            spread = place + np.linspace(-0.15, 0.15, len(last))
            right.plot(spread, last, marker, color=color, ms=7, mec="white", mew=0.7)
            right.plot([place - 0.3, place + 0.3], [last.mean()] * 2, color=color)
        mean = of.val_loss.mean(axis=0)
        best = int(mean.argmin())
        star = {"color": "black", "mec": "white", "ms": 17, "clip_on": False}
        axes.plot(best + 1, mean[best], "*", label="lowest", **star)
        axes.set(xlim=(0.5, len(epochs) + 0.5), ylim=(0, top), xlabel="epoch", ylabel="loss")
        axes.set_title(f"{count:,} parameters", loc="left")
        axes.label_outer()
        told.append(
            f"{count:,} parameters, epoch {best + 1}, {of.accuracy[:, -1].mean():.0%} and "
            f"{of.last.mean():.0%}"
        )
    losses[0].legend(loc="lower left")
    losses[2].tick_params(labelbottom=True)
    losses[2].set_xlabel("epoch")
    names = [f"{count:,}" if count < 1000 else f"{count / 1000:.0f}k" for count in curves]
    right.set(xticks=range(len(curves)), xticklabels=names, xlabel="parameters", ylim=(0, 1.04))
    right.set_title("accuracy after the last epoch", loc="left")
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    for axes in panels.flat:
        axes.grid(color="0.92")
        axes.set_axisbelow(True)
    return Picture(
        figure,
        f"Training and validation loss of {len(curves)} sizes of one network, epoch by epoch, with "
        "bands over the starts. For each size, where the mean validation loss is lowest, and the "
        f"accuracies in the end, training and validation: {'; '.join(told)}.",
        "The larger, the sooner by heart. Is it the worse for it?",
    )


def same_weights(accuracies: Mapping[str, float], classes: int) -> Picture:
    """Accuracies of one network with the same weights, a bar each, beside guessing.

    Args:
        accuracies: by how the network was asked, 0..1.
        classes: how many there are to guess among.
    """
    figure, axes = plt.subplots(figsize=(9, 2.9))
    colors = [look[0] for look, _ in zip(WALKERS, accuracies, strict=False)]
    for row, (share, color) in enumerate(zip(accuracies.values(), colors, strict=True)):
        axes.barh(row, share, 0.62, color=color)
        axes.text(share + 0.012, row, f"{share:.1%}", va="center", size=15, weight="bold")
    axes.axvline(1 / classes, color="0.35", ls=":")
    axes.text(1 / classes, -0.5, " guessing", color="0.35", va="bottom")
    axes.set(yticks=range(len(accuracies)), yticklabels=accuracies, xlim=(0, 1.1))
    axes.set_ylim(len(accuracies) - 0.5, -0.8)
    axes.set(xlabel="accuracy on the training pictures", xticks=np.linspace(0, 1, 6))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    told = "; ".join(f"{name} {share:.1%}" for name, share in accuracies.items())
    return Picture(
        figure,
        f"A bar for each accuracy on the training pictures, with the same weights: {told}. "
        f"Guessing is {1 / classes:.1%}.",
        "The same weights, the same pictures, three accuracies.",
    )


def deals(differences: NDArray, name: str) -> Picture:
    """All deals of some runs into two hands, a dot each, over how far apart the means lie.

    Args:
        differences: in points, shape (deals,); the first is ours.
        name: of the setting in the first hand.
    """
    ours = differences[0]
    far = np.abs(differences) >= abs(ours) - 1e-9
    width = max(np.abs(differences).max(), 1e-9) / 20
    places = np.round(differences / width).astype(int)
    order = np.argsort(np.arange(len(places)) > 0, kind="stable")  # ours at the bottom
    counts, heights = {}, np.zeros(len(places))
    for deal in order:
        heights[deal] = counts[places[deal]] = counts.get(places[deal], 0) + 1
    figure, axes = plt.subplots(figsize=(9.5, 4.2))
    for which, color, marker, label in (
        (~far, "0.7", "o", "means closer than ours"),
        (far, OKABE_ITO["vermillion"], "s", "as far apart as ours, or farther"),
    ):
        axes.plot(places[which] * width, heights[which], marker, color=color, ms=7, label=label)
    axes.plot(places[0] * width, heights[0], "*", color="black", ms=18, mec="white", label="ours")
    axes.set(xlabel=f"mean of the hand of {name} minus mean of the other, in points")
    axes.set(ylabel="deals", ylim=(0, 1.3 * heights.max() + 1))
    axes.legend(loc="upper center", ncols=3, columnspacing=1, handletextpad=0.2)
    share = f"{far.sum()} of {len(far)} deals, p = {far.mean():.3f}"
    return Picture(
        figure,
        f"A dot for each of {len(far)} deals over the difference of the means. Ours, a star, is "
        f"{ours:.1f} points; as far apart or farther are {share}.",
        f"How often chance does as much: {share}.",
    )


def rate_and_schedule(corners: Mapping[tuple[float, str], NDArray]) -> Picture:
    """Validation accuracies of one network for each rate and schedule: a line a rate.

    Args:
        corners: by (rate, schedule), accuracies 0..1, shape (starts,).
    """
    rates = list(dict.fromkeys(rate for rate, _ in corners))
    schedules = list(dict.fromkeys(schedule for _, schedule in corners))
    figure, axes = plt.subplots(figsize=(9, 4.8))
    for number, (rate, (color, line, marker)) in enumerate(zip(rates, WALKERS, strict=False)):
        values = [np.asarray(corners[rate, schedule]) for schedule in schedules]
        means = [one.mean() for one in values]
        axes.plot(range(len(schedules)), means, line, color=color, label=f"{rate}", zorder=1)
        for place, (one, mean) in enumerate(zip(values, means, strict=True)):
            spread = place + 0.09 * (2 * number - 1) + np.linspace(-0.04, 0.04, len(one))
            axes.plot(spread, one, marker, color=color, ms=7, alpha=0.6, mec="white")
            axes.plot(place, mean, marker, color=color, ms=13, mec="white", mew=1.5)
            outside = {"ha": "right"} if place == 0 else {"ha": "left"}
            axes.text(
                place + (-0.2 if place == 0 else 0.2), mean, f"{mean:.1%}", color=color,
                va="center", weight="bold", size=15, **outside,
            )  # fmt: skip
    axes.set(xlim=(-0.5, len(schedules) - 0.5), xticks=range(len(schedules)))
    axes.set_xticklabels([f"rate {schedule}" for schedule in schedules], size=13)
    axes.set_ylabel("accuracy on validation pictures")
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="y", color="0.92")
    axes.legend(title="rate", title_fontsize=12, loc="lower center")
    told = "; ".join(
        f"{rate} {schedule}: {np.mean(one):.1%}" for (rate, schedule), one in corners.items()
    )
    return Picture(
        figure,
        f"Validation accuracy of the block network, a line a rate, constant on the left and "
        f"falling on the right, with every start. Means: {told}.",
        "One network, two rates, two schedules: which change did it?",
    )


def moving_averages(followed: NDArray, averages: Mapping[str, NDArray]) -> Picture:
    """A number that changes from step to step, and moving averages that follow it.

    Args:
        followed: shape (steps,).
        averages: by label, shape (steps,); up to three.
    """
    figure, axes = plt.subplots(figsize=(9.5, 3.5))
    axes.plot(followed, color="0.65", lw=4, label="mean of each batch")
    for (label, average), (color, line, _) in zip(averages.items(), WALKERS, strict=False):
        axes.plot(average, line, color=color, lw=3, label=label)
    axes.set(xlabel="training step", xlim=(0, len(followed)))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    behind = "; ".join(
        f"{label}, {np.abs(followed - average).max():.1f}" for label, average in averages.items()
    )
    return Picture(
        figure,
        f"A number that goes from {followed[0]:g} to {followed[-1]:g} over {len(followed)} steps, "
        f"and moving averages. The farthest that each is from it: {behind}.",
        "How far moving averages lag behind what they follow.",
    )


def early_stop(val_losses: ArrayLike, stopped: int, best: int) -> Picture:
    """A validation loss over the epochs, the best epoch, the one that stops, and what never runs.

    Args:
        val_losses: shape (epochs,).
        stopped, best: epochs, counted from 1.
    """
    losses = np.asarray(val_losses, float)
    epochs = np.arange(1, len(losses) + 1)
    figure, axes = plt.subplots(figsize=(9, 3.8))
    axes.axvspan(best, stopped, color=OKABE_ITO["yellow"], alpha=0.3, lw=0)
    axes.plot(epochs[stopped - 1 :], losses[stopped - 1 :], ":", color=GONE)
    axes.plot(epochs[:stopped], losses[:stopped], "-o", color=OKABE_ITO["blue"], ms=7)
    kept, last = losses[best - 1], losses[stopped - 1]
    axes.plot(stopped, last, "X", color="black", ms=14, mec="white")
    axes.plot(best, kept, "*", color=OKABE_ITO["vermillion"], ms=20, mec="white")
    axes.margins(x=0.06, y=0.28)
    bottom, top = axes.get_ylim()
    axes.vlines(stopped, last, top, color="black", lw=1.5, ls="--")
    axes.text(stopped + 0.1, top, f" training stops: epoch {stopped}", va="top")
    axes.text(best, (bottom + kept) / 2, f"weights kept: epoch {best}", ha="center", va="center",
              color=OKABE_ITO["vermillion"])  # fmt: skip
    axes.set_ylim(bottom, top)
    axes.set(xlabel="epoch", ylabel="validation loss")
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    return Picture(
        figure,
        f"The validation loss over {len(losses)} epochs. A star marks epoch {best}, whose weights "
        f"are kept, a cross epoch {stopped}, where the training stops; the rest is dotted.",
        "Early stopping keeps the best epoch and saves all that would follow.",
    )


def settings_compared(
    settings: Mapping[str, tuple[NDArray, NDArray]], judged: Mapping[str, tuple[float, str]]
) -> Picture:
    """Validation accuracies of several settings, and how far those on the training pictures lead.

    Args:
        settings: by name, accuracies on training and on validation pictures, 0..1, shape (starts,)
            each; the first one is what the others are compared with.
        judged: by name, p and one of `VERDICTS`; those of the first are not shown.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 0.4 * len(settings) + 1.3), sharey=True, width_ratios=(1.7, 1)
    )
    first, *_ = settings
    reference = settings[first][1]
    left.axvspan(reference.min(), reference.max(), color="0.9", lw=0)
    for row, (name, (train, validation)) in enumerate(settings.items()):
        p, verdict = judged[name]
        color, marker = ("black", "D") if name == first else VERDICTS[verdict]
        for axes, values in ((left, validation), (right, train - validation)):
            heights = row + np.linspace(-0.22, 0.22, len(values))
            axes.plot(values, heights, marker, color=color, ms=7.5, mec="white", mew=0.7)
            axes.plot([values.mean()] * 2, [row - 0.36, row + 0.36], color=color, lw=3)
        said = "" if name == first else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"
        left.text(1.02, row, said, color=color, va="center", transform=left.get_yaxis_transform())
    for verdict, (color, marker) in VERDICTS.items():
        left.plot([], [], marker, color=color, label=verdict)
    left.set(yticks=range(len(settings)), yticklabels=settings, ylim=(len(settings) - 0.5, -0.5))
    left.set_xlabel("accuracy on validation pictures")
    right.set_xlabel("training lead in points")
    left.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f}")
    right.axvline(0, color=GONE, lw=1)
    for axes in (left, right):
        axes.grid(axis="x", color="0.92")
        axes.set_axisbelow(True)
    left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, columnspacing=1, handletextpad=0)
    others = {name: word for name, (_, word) in judged.items() if name != first}
    told = "; ".join(
        f"{verdict}: {', '.join(name for name, word in others.items() if word == verdict)}"
        for verdict in VERDICTS
        if verdict in others.values()
    )
    return Picture(
        figure,
        f"{len(settings)} settings, several starts each: accuracy on validation pictures, and the "
        f"lead of training. Beside {first}, {told}.",
        "A mark for each start; the gray band is the baseline's.",
    )
