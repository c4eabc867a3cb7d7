"""Figures on multi-layer perceptrons: XOR, activations, both passes, hidden units, sizes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import SymLogNorm
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from utils.neurons import ACTIVATIONS, MLP, step
from utils.plots import OKABE_ITO, SIGNED, Picture

CLASSES = (  # marker, color, name
    ("o", OKABE_ITO["blue"], "class 0"),
    ("^", OKABE_ITO["vermillion"], "class 1"),
)
FORWARD, BACKWARD, WRONG = OKABE_ITO["blue"], OKABE_ITO["vermillion"], OKABE_ITO["vermillion"]
VOTES = f"{SIGNED}_r"
TILE = 150
"""Points on a side of the grid on which a map of the plane is computed."""


def xor_by_hand(corners: NDArray, labels: NDArray, weights: NDArray, biases: NDArray) -> Picture:
    """XOR as two hidden steps see it: their lines, the hidden plane, the band they leave.

    Args:
        corners: the inputs, shape (4, 2).
        labels: 0 and 1, shape (4,).
        weights, biases: of the two hidden units, shapes (2, 2) and (2,); a unit a column. The
            output unit is taken to fire where the first one does and the second does not.
    """
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.9))
    ends = np.array([-0.6, 1.6])
    for unit, (dash, color) in enumerate((("--", "black"), ("-.", OKABE_ITO["green"]))):
        (across, up), bias = weights[:, unit], biases[unit]
        for axes in (left, right):
            axes.plot(ends, -(across * ends + bias) / up, dash, color=color, lw=3)
        left.text(0.19, 0.07 - (0.12 * across + bias) / up, f"h{unit + 1}", size=15, color=color)
    grid = _grid((-0.5, 1.5, -0.5, 1.5), 200)
    fires = step(grid @ weights + biases) @ [1, -1] > 0
    right.contourf(
        *grid.T.reshape(2, 200, 200), fires.reshape(200, 200), [0.5, 1], colors="#f3c9a8"
    )
    _corners(left, corners, labels)
    _corners(right, corners, labels)
    hidden = step(corners @ weights + biases)
    _corners(middle, hidden, labels)
    middle.plot(ends, ends - 0.5, color="black", lw=3)
    middle.text(1, -0.2, "two inputs\nmeet here", ha="center", va="top", size=12)
    left.set(title="two lines in the plane", xlabel="x1", ylabel="x2")
    middle.set(title="what the hidden units see", xlabel="h1", ylabel="h2")
    right.set(title="h1 and not h2: a band", xlabel="x1", ylabel="x2")
    for axes in (left, middle, right):
        axes.set(
            xlim=(-0.55, 1.55), ylim=(-0.55, 1.55), xticks=(0, 1), yticks=(0, 1), aspect="equal"
        )
    inside = (hidden @ [1, -1] > 0) & (labels == 1)
    return Picture(
        figure,
        alt=(
            "Left: the four corners and the lines of h1 and h2. Middle: the plane of h1 and h2, "
            f"where the {len(hidden)} corners lie on {len(np.unique(hidden, axis=0))} places. "
            f"Right: where h1 fires and h2 does not, with {inside.sum()} of {labels.sum()} ones."
        ),
        caption="The inputs, what the hidden units make of them, and the answer.",
    )


def _corners(axes: Axes, points: NDArray, labels: NDArray) -> None:
    for label, (marker, color, _) in enumerate(CLASSES):
        chosen = points[labels == label]
        axes.plot(*chosen.T, marker, color=color, ms=24, mec="white", mew=1, zorder=3)
        for point in chosen:
            axes.annotate(
                label, point, (0, -3 * label), textcoords="offset points", color="white", size=13,
                ha="center", va="center_baseline", weight="bold", zorder=4,
            )  # fmt: skip


def activation_curves(slope: float = 0.1) -> Picture:
    """Four activations above, their derivatives below; the leaky side steep enough to be seen.

    Args:
        slope: of the leaky ReLU for negative z, in the picture.
    """
    z = np.linspace(-6, 6, 601)
    curves = {name: ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu")}
    rows = {name: (a.function(z), a.derivative(z)) for name, a in curves.items()}
    rows["leaky_relu"] = (np.where(z > 0, z, slope * z), np.where(z > 0, 1, slope))
    titles = ("sigmoid", "tanh", "ReLU", f"leaky ReLU (slope {slope:g})")
    figure, panels = plt.subplots(2, 4, figsize=(11, 5), sharex=True, sharey="row")
    for (above, below), title, (value, derivative) in zip(
        panels.T, titles, rows.values(), strict=True
    ):
        _axes_through_zero(above)
        _axes_through_zero(below)
        above.plot(z, value, color=FORWARD, lw=3.5)
        below.fill_between(z, derivative, color=BACKWARD, alpha=0.25, lw=0)
        below.plot(z, derivative, color=BACKWARD, lw=3.5)
        above.set(title=title, ylim=(-1.4, 3.4))
        below.set(xlabel="z", ylim=(-0.08, 1.12), xticks=(-5, 0, 5))
    panels[0, 0].set_ylabel("activation")
    panels[1, 0].set_ylabel("derivative")
    return Picture(
        figure,
        alt=(
            "Four activations above, their derivatives below. Sigmoid: from 0 to 1, slope a "
            "low hill of height a quarter. Tanh: from −1 to 1, slope a hill of height 1. "
            "ReLU: 0, then a ramp; slope 0, then 1. Leaky ReLU: a gentle ramp, then a steep "
            f"one; slope {slope:g}, then 1."
        ),
        caption="Above four activations, below how much of a small change they pass on.",
    )


def _axes_through_zero(axes: Axes) -> None:
    axes.axhline(0, color="0.7", lw=1)
    axes.axvline(0, color="0.7", lw=1)


def worked_network(layers: Sequence[ArrayLike], printed: Sequence[ArrayLike]) -> Picture:
    """The worked example as a network: in each unit what it computes; beside it what a slide says.

    Args:
        layers: the numbers of each layer, from the inputs to the outputs.
        printed: what the slide prints for each of these layers; struck out where it differs.
    """
    figure, axes = plt.subplots(figsize=(9.5, 4.6))
    places = [
        [(4.2 * column, 1.35 * (len(layer) - 1) / 2 - 1.35 * row) for row in range(len(layer))]
        for column, layer in enumerate(layers)
    ]
    for before, after in pairwise(places):
        for start in before:
            for end in after:
                axes.plot(*zip(start, end, strict=True), color="0.75", lw=1.5, zorder=1)
    differing = 0
    for layer, slide, row in zip(layers, printed, places, strict=True):
        for value, said, (x, y) in zip(layer, slide, row, strict=True):
            axes.plot(x, y, "o", ms=44, color="white", mec=FORWARD, mew=3, zorder=2)
            axes.text(x, y, f"{value:.4g}", ha="center", va="center", size=14, zorder=3)
            if not np.isclose(value, said):
                differing += 1
                axes.text(
                    x + 0.62,
                    y + 0.42,
                    f"slide: {said:g}",
                    size=12,
                    color=WRONG,
                    zorder=3,
                    bbox={"fc": "white", "ec": "none", "pad": 1},
                )
    for x, title in zip((0, 4.2, 8.4), ("inputs x", "hidden: ReLU", "outputs O"), strict=True):
        axes.text(x, 2.75, title, ha="center", size=15)
    for x, formula in ((2.1, "W1 x + b1"), (6.3, "W2 A1 + b2")):
        axes.text(x, 2.75, formula, ha="center", size=13, color="0.35")
    axes.set(xlim=(-0.7, 10.2), ylim=(-2.7, 3.1))
    axes.axis("off")
    return Picture(
        figure,
        alt=(
            f"The network: inputs {_listed(layers[0])}; hidden units {_listed(layers[1])}; "
            f"outputs {_listed(layers[2])}. The slide has other numbers in {differing} units."
        ),
        caption="The lecture's network, unit by unit, and what the slide prints.",
    )


def _listed(numbers: ArrayLike) -> str:
    return ", ".join(f"{number:.4g}" for number in np.asarray(numbers))


def chain_rule(values: Mapping[str, float], slopes: Mapping[str, float]) -> Picture:
    """One neuron as a chain: values run to the right, slopes of the loss run back.

    Args:
        values: what the forward pass computes for "x", "w", "b", "z", "a" and "L".
        slopes: the slope of L along "w", "b", "z" and "a".
    """
    figure, axes = plt.subplots(figsize=(11, 3.9))
    places = {
        "x": (0, 1.5),
        "w": (0, 0),
        "b": (0, -1.5),
        "z": (3.6, 0),
        "a": (7.2, 0),
        "L": (10.8, 0),
    }
    for start, end in (("x", "z"), ("w", "z"), ("b", "z"), ("z", "a"), ("a", "L")):
        _arrow(axes, places[start], places[end])
    for name, place in places.items():
        _node(axes, place, f"{name}\n{values[name]:.3g}")
    for name, slope in slopes.items():
        x, y = places[name]
        across, down, side = (-0.75, 0, "right") if name in "wb" else (0, 1.05, "center")
        _slope(axes, x + across, y - down, f"dL/d{name} = {slope:g}", side)
    for name, formula in {"z": "w·x + b", "a": "sigmoid(z)", "L": "−ln a"}.items():
        axes.text(places[name][0], 0.9, formula, ha="center", size=14, color=FORWARD)
    axes.set(xlim=(-3.1, 11.6), ylim=(-2.2, 2.2))
    axes.axis("off")
    return Picture(
        figure,
        alt=(
            "One neuron as a chain. Forward: "
            f"{', '.join(f'{name} = {value:.3g}' for name, value in values.items())}. Backward: "
            f"{', '.join(f'dL/d{name} = {slope:g}' for name, slope in slopes.items())}."
        ),
        caption="Values run to the right, slopes of the loss run back.",
    )


def two_paths(
    activation: float, weights: NDArray, logits: Sequence[float], slopes: NDArray
) -> Picture:
    """One hidden unit that feeds two logits: slopes along both paths, and at the unit their sum.

    Args:
        activation: of the hidden unit.
        weights: from the unit to the logits, shape (2,).
        logits: two numbers.
        slopes: of the loss along the logits, shape (2,).
    """
    figure, axes = plt.subplots(figsize=(11, 3.9))
    unit, places, end = (0, 0), ((4.6, 1.2), (4.6, -1.2)), (9.2, 0)
    paths = zip(("z1", "z2"), places, weights, logits, slopes, strict=True)
    for name, (x, y), weight, logit, slope in paths:
        _arrow(axes, unit, (x, y))
        _arrow(axes, (x, y), end)
        _node(axes, (x, y), f"{name}\n{logit:.4g}")
        paper = {"fc": "white", "ec": "none", "pad": 3}
        middle = {"ha": "center", "va": "center", "bbox": paper}
        axes.text(x / 2, y / 2, f"times {weight:g}", color=FORWARD, size=14, **middle)
        factor = f"({slope:.4f})" if slope < 0 else f"{slope:.4f}"
        _slope(axes, 1.9, 1.25 * y, f"{weight:g} · {factor} = {weight * slope:.4f}")
        _slope(axes, 7.1, 1.25 * y, f"dL/d{name} = {slope:.4f}")
    _node(axes, unit, f"a1\n{activation:.4g}")
    _node(axes, end, "L")
    _slope(axes, -0.75, 0, f"dL/da1 = {weights @ slopes:.4f}\n(the sum of both)", "right")
    axes.set(xlim=(-3.7, 10.1), ylim=(-2, 2))
    axes.axis("off")
    return Picture(
        figure,
        alt=(
            f"A hidden unit, {activation:.4g}, with arrows to the logits {_listed(logits)}, "
            f"weights {_listed(weights)}, and on to the loss. Backward: {_listed(slopes)} at the "
            f"logits, {_listed(weights * slopes)} along the paths, their sum "
            f"{weights @ slopes:.4f} at the unit."
        ),
        caption="One unit feeds two outputs: two paths lead back to it.",
    )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    arrow = {"arrowstyle": "-|>,head_width=0.35,head_length=0.7", "lw": 2.5, "color": FORWARD}
    axes.annotate("", end, start, arrowprops=arrow | {"shrinkA": 25, "shrinkB": 25})


def _node(axes: Axes, place: tuple[float, float], text: str) -> None:
    axes.plot(*place, "o", ms=46, color="white", mec=FORWARD, mew=3)
    axes.text(*place, text.replace("-", "−"), ha="center", va="center", size=13)


def _slope(axes: Axes, x: float, y: float, text: str, side: str = "center") -> None:
    text = f"← {text}".replace("-", "−")
    axes.text(x, y, text, ha=side, va="center", color=BACKWARD, size=14)


def hidden_units(
    networks: Sequence[MLP], titles: Sequence[str], X: NDArray, labels: NDArray
) -> Picture:
    """One row a network: what each hidden unit adds over the plane, their sum and its boundary.

    A map shows the activation of a unit times the difference of its two output weights: purple
    where it votes for class 0, orange where it votes for class 1. Dashed: where its net sum is 0.

    Args:
        networks: with two inputs, one hidden layer of equal width, and two outputs.
        titles: one a row.
        X, labels: the points, shapes (N, 2) and (N,).
    """
    rows, columns = len(networks), networks[0].weights[0].shape[1] + 1
    figure, grid = plt.subplots(
        rows, columns, figsize=(11, 0.4 + 10.4 / columns * rows), squeeze=False
    )
    for network, title, panels in zip(networks, titles, grid, strict=True):
        _maps(panels, network, X, labels, size=3)
        panels[0].set_ylabel(title)
    for axes, head in zip(grid[0], _heads(columns), strict=True):
        axes.set_title(head)
    told = [
        f"{title}, {_right(network, X, labels):.0%} of the points right"
        for network, title in zip(networks, titles, strict=True)
    ]
    return Picture(
        figure,
        alt=(
            f"Maps of the plane in {rows} rows: one for each of {columns - 1} hidden units, purple "
            "on one side of a dashed line, orange on the other, then their sum with its boundary. "
            f"{'; '.join(told)}."
        ),
        caption="The votes of the hidden units, and on the right their sum.",
    )


def hidden_units_page(network: MLP, title: str, X: NDArray, labels: NDArray) -> Figure:
    """A page of a flipbook: the sum large, its boundary bending, and the hidden units beside it.

    Args:
        network: as in `hidden_units`, with an even number of hidden units.
        title: over the sum.
        X, labels: the points, shapes (N, 2) and (N,).
    """
    units = network.weights[0].shape[1]
    figure = plt.figure(figsize=(9, 4.8), layout="none")
    frame = {"left": 0.01, "right": 0.99, "bottom": 0.02, "top": 0.93}
    across = units // 2
    grid = figure.add_gridspec(
        2, across + 2, wspace=0.06, hspace=0.16, width_ratios=[1] * across + [1.08] * 2, **frame
    )
    panels = [figure.add_subplot(grid[n // across, n % across]) for n in range(units)]
    whole = figure.add_subplot(grid[:, across:])
    _maps([*panels, whole], network, X, labels, size=3.5)
    for axes, head in zip(panels, _heads(units + 1), strict=False):
        axes.set_title(head, pad=4)
    whole.set_title(title, pad=4)
    return figure


def _heads(columns: int) -> list[str]:
    return [f"unit {number + 1}" for number in range(columns - 1)] + ["sum"]


def _right(network: MLP, X: NDArray, labels: NDArray) -> float:
    return (network.predict(X) == labels).mean()


def _maps(panels: Sequence[Axes], network: MLP, X: NDArray, labels: NDArray, size: float) -> None:
    """What every hidden unit votes over the plane, one in each panel, and the sum in the last."""
    box = _box(X)
    votes, net_sums = _votes(network, _grid(box, TILE))
    for axes, vote, net_sum in zip(panels, votes.T, net_sums.T, strict=True):
        whole = axes is panels[-1]
        _map(axes, vote.reshape(TILE, TILE), box)
        axes.contour(
            net_sum.reshape(TILE, TILE), [0], extent=box, origin="upper", colors="black",
            linewidths=3 if whole else 2, linestyles="-" if whole else "--",
        )  # fmt: skip
        _points(axes, X, labels, 2 * size if whole else size)


def _map(axes: Axes, votes: NDArray, box: tuple[float, float, float, float]) -> None:
    """Votes over the plane in color, the same color for the same vote on all pages."""
    norm = SymLogNorm(linthresh=1, vmin=-64, vmax=64)
    axes.imshow(votes, cmap=VOTES, norm=norm, alpha=0.75, extent=box)
    axes.set(xticks=(), yticks=())
    axes.spines[:].set_visible(False)


def _votes(network: MLP, grid: NDArray) -> tuple[NDArray, NDArray]:
    """For each point of the plane: what every hidden unit adds to the difference of the logits, and
    the whole difference last; and the net sums beside them. Both of shape (points, units + 1).
    """
    hidden, logits = network.forward(grid)
    difference = logits.z[:, 1:] - logits.z[:, :1]
    output = network.weights[1]
    votes = hidden.a * (output[:, 1] - output[:, 0])
    return np.hstack([votes, difference]), np.hstack([hidden.z, difference])


def boundaries_learned(networks: Mapping[str, MLP], X: NDArray, labels: NDArray) -> Picture:
    """One panel a network: the boundary between its two classes, and the points it learned from.

    Args:
        networks: title: a network with two inputs and two outputs.
        X, labels: the points, shapes (N, 2) and (N,).
    """
    box = _box(X)
    grid = _grid(box, 400)
    side = (400, 400)
    figure, panels = plt.subplots(
        1, len(networks), figsize=(11, 11 / len(networks) + 0.5), squeeze=False
    )
    for axes, (title, network) in zip(panels.flat, networks.items(), strict=True):
        logits = network.logits(grid)
        difference = (logits[:, 1] - logits[:, 0]).reshape(side)
        _map(axes, np.where(difference > 0, 1.5, -1.5), box)
        axes.contour(*grid.T.reshape(2, *side), difference, [0], colors="black", linewidths=3)
        _points(axes, X, labels, 8)
        axes.set_title(title)
    told = [f"{title}, {_right(network, X, labels):.0%}" for title, network in networks.items()]
    return Picture(
        figure,
        alt=(
            f"The same {len(X)} points with the boundary of each network, and how many of them are "
            f"right: {'; '.join(told)}."
        ),
        caption="The boundary that each network learned from the same points.",
    )


def digits_and_probabilities(
    images: NDArray, labels: Sequence[int], probabilities: NDArray
) -> Picture:
    """Digits above, and what softmax says of each below: ten bars, the true class hatched.

    Args:
        images: shape (n, 8, 8).
        labels: the true classes.
        probabilities: shape (n, 10).
    """
    figure, panels = plt.subplots(2, len(images), figsize=(11, 4.4), height_ratios=(3, 2))
    for (above, below), image, label, bars in zip(
        panels.T, images, labels, probabilities, strict=True
    ):
        above.imshow(-image.astype(float))
        above.set(xticks=(), yticks=(), title=f"written: {label}")
        above.spines[:].set_visible(False)
        colors = [FORWARD if number == label else OKABE_ITO["orange"] for number in range(10)]
        drawn = below.bar(range(10), 100 * bars, color=colors)
        drawn[label].set_hatch("//")
        below.set(ylim=(0, 105), xticks=range(10), yticks=(0, 50, 100))
    panels[1, 0].set_ylabel("%")
    told = [
        f"Written {label}, the highest bar is {bars.argmax()} with {bars.max():.0%}"
        for label, bars in zip(labels, probabilities, strict=True)
    ]
    return Picture(
        figure,
        alt=(f"Handwritten digits, under each ten bars. {'; '.join(told)}."),
        caption="Ten bars that add up to 100 %: certainty and doubt.",
    )


def _points(axes: Axes, points: NDArray, labels: NDArray, size: float) -> None:
    for label, (marker, color, name) in enumerate(CLASSES):
        axes.plot(
            *points[labels == label].T,
            marker,
            color=color,
            ms=size,
            mec="white",
            mew=0.6,
            label=name,
        )


def _box(X: NDArray) -> tuple[float, float, float, float]:
    """Left, right, bottom, top of a square around the points."""
    middle = (X.min(axis=0) + X.max(axis=0)) / 2
    half = 0.57 * np.ptp(X, axis=0).max()
    return (middle[0] - half, middle[0] + half, middle[1] - half, middle[1] + half)


def _grid(box: tuple[float, float, float, float], side: int) -> NDArray:
    """The points of a side x side grid, row by row from the top: shape (side * side, 2)."""
    left, right, bottom, top = box
    x, y = np.meshgrid(np.linspace(left, right, side), np.linspace(top, bottom, side))
    return np.stack([x.ravel(), y.ravel()], axis=1)
