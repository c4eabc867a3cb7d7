"""Figures on multi-layer perceptrons: XOR, activations, both passes, hidden units, sizes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
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
TILE = 90
"""Pixels on a side of a map of the plane."""
GAP = 26
"""Pixels between two such maps."""


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
    return Picture(
        figure,
        alt=(
            "Left: the four corners and two parallel lines, h1 below the two ones and h2 "
            "above them. Middle: the plane of h1 and h2, where both ones lie on the same "
            "place and one line cuts them off. Right: the band between the two lines, which "
            "holds both ones."
        ),
        caption=CAPTION,
    )


def _corners(axes: Axes, points: NDArray, labels: NDArray) -> None:
    for label, (marker, color, _) in enumerate(CLASSES):
        chosen = points[labels == label]
        axes.plot(*chosen.T, marker, color=color, ms=17, mec="white", mew=1, zorder=3)
        for point in chosen:
            axes.text(
                *point,
                label,
                color="white",
                ha="center",
                va="center",
                size=12,
                zorder=4,
                fontweight="bold",
            )


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
            "one; slope 0.1, then 1."
        ),
        caption=CAPTION,
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
    for layer, slide, row in zip(layers, printed, places, strict=True):
        for value, said, (x, y) in zip(layer, slide, row, strict=True):
            axes.plot(x, y, "o", ms=44, color="white", mec=FORWARD, mew=3, zorder=2)
            axes.text(x, y, f"{value:.4g}", ha="center", va="center", size=14, zorder=3)
            if not np.isclose(value, said):
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
            "The network: inputs 3, 3, 2, 2; hidden units 8.1, 7.2, 7.5, 7.1; outputs 9.74 "
            "and 6.68. Beside each of the six units the number of the slide: 8, 7.1, 7.4, 7, "
            "9.61 and 6.49, all of them different."
        ),
        caption=CAPTION,
    )


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
            "One neuron as a chain. Forward: x = 2, w = 0.5, b = −1 give z = 0, then a = 0.5, "
            "then L = 0.693. Backward: dL/da = −2, dL/dz = −0.5, dL/dw = −1, dL/db = −0.5."
        ),
        caption=CAPTION,
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
            "The first hidden unit, 8.1, with two arrows to the logits 9.74 and 6.68, weights "
            "0.2 and 0.1; from both an arrow to the loss. Backward: slopes 0.9552 and −0.9552 "
            "at the logits; 0.1910 and −0.0955 along the two paths; their sum 0.0955 at the "
            "unit."
        ),
        caption=CAPTION,
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

    A tile shows the activation of a unit times the difference of its two output weights: purple
    where it votes for class 0, orange where it votes for class 1. Dashed: where its net sum is 0.

    Args:
        networks: with two inputs, one hidden layer of equal width, and two outputs.
        titles: one a row.
        X, labels: the points, shapes (N, 2) and (N,).
    """
    box = _box(X)
    grid = _grid(box, TILE)
    stride = TILE + GAP
    columns = networks[0].weights[0].shape[1] + 1
    mosaic = np.full((len(networks) * stride - GAP, columns * stride - GAP), np.nan)
    figure, axes = _fixed_axes(mosaic.shape)
    for row, network in enumerate(networks):
        votes, net_sums = _votes(network, grid)
        for column, (vote, net_sum) in enumerate(zip(votes.T, net_sums.T, strict=True)):
            top, left = row * stride, column * stride
            tile = vote.reshape(TILE, TILE)
            mosaic[top : top + TILE, left : left + TILE] = tile
            is_sum = column == columns - 1
            place = np.arange(TILE)
            axes.contour(
                left + place,
                top + place,
                net_sum.reshape(TILE, TILE),
                [0],
                colors="black",
                linewidths=3 if is_sum else 2,
                linestyles="-" if is_sum else "--",
                zorder=3,
            )
            if not is_sum:
                sign = "=" if column == columns - 2 else "+"
                axes.text(
                    left + TILE + GAP / 2, top + TILE / 2, sign, ha="center", va="center", size=20
                )
        scaled = (X - box[::2]) / (np.array(box[1::2]) - box[::2]) * (TILE - 1)
        scaled = scaled * [1, -1] + [(columns - 1) * stride, row * stride + TILE - 1]
        _points(axes, scaled, labels, 5)
    axes.imshow(mosaic, cmap=VOTES, norm=_levels(), zorder=0)
    heads = [f"unit {n + 1}" for n in range(columns - 1)] + ["sum"]
    axes.set_xticks(np.arange(columns) * stride + TILE / 2, heads)
    axes.set_yticks(np.arange(len(networks)) * stride + TILE / 2, titles)
    axes.tick_params(length=0, labelsize=13, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    return Picture(
        figure,
        alt=(
            "Three rows, at steps 0, 100 and 1000. In each, four maps of the plane, one a "
            "hidden unit, purple on one side of a dashed line and orange on the other, and "
            "their sum with the two moons. At first pale and wrong; at step 100 the sum has a "
            "straight boundary; at step 1000 the lines point in different directions and the "
            "boundary winds between the moons."
        ),
        caption=CAPTION,
    )


def _fixed_axes(shape: tuple[int, int]) -> tuple[Figure, Axes]:
    """Axes for an image of this shape that stay in place whatever their labels say."""
    width, left, right, top, bottom = 11, 1.35, 0.1, 0.4, 0.1  # inches
    height = (width - left - right) * shape[0] / shape[1] + top + bottom
    figure = plt.figure(figsize=(width, height), layout="none")
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    return figure, figure.add_axes(box)


def _votes(network: MLP, grid: NDArray) -> tuple[NDArray, NDArray]:
    """For each point of the plane: what every hidden unit adds to the difference of the logits, and
    the whole difference last; and the net sums beside them. Both of shape (points, units + 1).
    """
    hidden, logits = network.forward(grid)
    difference = logits.z[:, 1:] - logits.z[:, :1]
    output = network.weights[1]
    votes = hidden.a * (output[:, 1] - output[:, 0])
    return np.hstack([votes, difference]), np.hstack([hidden.z, difference])


def boundaries_learned(
    networks: Sequence[MLP], titles: Sequence[str], X: NDArray, labels: NDArray
) -> Picture:
    """One panel a network: the boundary between its two classes, and the points it learned from."""
    box = _box(X)
    grid = _grid(box, 2 * TILE)
    side = (2 * TILE, 2 * TILE)
    figure, panels = plt.subplots(1, len(networks), figsize=(11, 3.9), squeeze=False)
    for axes, network, title in zip(panels.flat, networks, titles, strict=True):
        logits = network.logits(grid)
        difference = (logits[:, 1] - logits[:, 0]).reshape(side)
        axes.imshow(np.where(difference > 0, 1.5, -1.5), cmap=VOTES, norm=_levels(), extent=box)
        axes.contour(*grid.T.reshape(2, *side), difference, [0], colors="black", linewidths=3)
        _points(axes, X, labels, 8)
        axes.set(title=title, xticks=(), yticks=(), aspect="equal")
        axes.spines[:].set_visible(False)
    return Picture(
        figure,
        alt=(
            "The same 60 noisy points three times. One hidden unit: a nearly straight "
            "boundary. Four: a bent one. 32: a winding one that goes around single points."
        ),
        caption=CAPTION,
    )


def sizes_compared(scores: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Picture:
    """Accuracy on the training points and on held-out ones: a dot a seed, mean and spread beside.

    Args:
        scores: for each size of network its accuracies, 0..1, one a seed: training, held out.
    """
    figure, axes = plt.subplots(figsize=(10, 4.4))
    kinds = (("o", FORWARD, "training points", -0.13), ("s", BACKWARD, "held out", 0.13))
    for kind, (marker, color, name, shift) in enumerate(kinds):
        for place, pair in enumerate(scores.values()):
            values = 100 * np.asarray(pair[kind])
            x = place + shift
            axes.plot(
                np.full(len(values), x), values, marker, color=color, ms=5, alpha=0.35, mec="none"
            )
            axes.errorbar(
                x + 0.09 * np.sign(shift),
                values.mean(),
                values.std(ddof=1),
                fmt=marker,
                color=color,
                ms=9,
                capsize=5,
                elinewidth=2.5,
                label=name if place == 0 else None,
            )
    axes.set_xticks(range(len(scores)), list(scores))
    axes.set(xlabel="hidden units, layer by layer", ylabel="right (%)")
    axes.legend(loc="upper left")
    return Picture(
        figure,
        alt=(
            "Accuracy against size, ten seeds each. On training points it climbs from about "
            "85 % with one hidden unit to nearly 100 % with 32 units or with several layers. "
            "On held-out points the mean climbs to 89 % with four units and falls to 85 % "
            "with three layers of eight."
        ),
        caption=CAPTION,
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
    return Picture(
        figure,
        alt=(
            "Four handwritten digits, under each ten bars: for the first two one bar reaches "
            "nearly 100 %; for the last two the probability is shared among several digits, "
            "none above 60 %."
        ),
        caption=CAPTION,
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


def _levels() -> BoundaryNorm:
    """Few steps of color, equal on all pages; the last ones hold whatever lies beyond."""
    edges = 2.0 ** np.arange(-1, 7)
    return BoundaryNorm([*-edges[::-1], 0, *edges], 256, extend="both")
