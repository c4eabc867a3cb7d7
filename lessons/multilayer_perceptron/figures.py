"""Figures on multilayer perceptrons: XOR, activations, both passes, hidden units, sizes."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from utils.neurons import ACTIVATIONS, MLP, step
from utils.plots import OKABE_ITO, PIXELS, Picture

CLASSES = (  # marker, color, name
    ("o", OKABE_ITO["blue"], "class 0"),
    ("^", OKABE_ITO["vermillion"], "class 1"),
)
FORWARD, BACKWARD, WRONG = OKABE_ITO["blue"], OKABE_ITO["vermillion"], OKABE_ITO["vermillion"]
LINES_OF_UNITS = ("#005a8c", "#8f3f71", "#006b4f", "#4d4d4d")
TINTS = ListedColormap(["#d9ecf7", "#fbe3d3"])
"""Light forms of the colors of both classes."""
TILE = 150
"""Points on a side of the grid on which a map of the plane is computed."""
Box = tuple[float, float, float, float]


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


def one_unit(inputs: NDArray, weights: NDArray, bias: float, printed: float) -> Picture:
    """One unit enlarged: what comes in, its weights, the sum, and the bias that a slide forgot.

    Args:
        inputs, weights: of the unit, shape (n,).
        bias: added to the sum.
        printed: what the slide has in place of the right number.
    """
    figure, axes = plt.subplots(figsize=(11, 4.6))
    rows = np.linspace(1.8, -1.0, len(inputs))
    unit, products = (6.3, 0), inputs * weights
    for value, weight, product, row in zip(inputs, weights, products, rows, strict=True):
        _arrow(axes, (0, row), unit)
        _node(axes, (0, row), f"{value:g}")
        place = {"ha": "center", "va": "center", "bbox": {"fc": "white", "ec": "none", "pad": 3}}
        axes.text(2.3, 0.63 * row, f"{value:g} · {weight:g} = {product:.4g}", size=15, **place)
    arrow = {"arrowstyle": "-|>,head_width=0.35,head_length=0.7", "lw": 3, "ls": "--"}
    axes.annotate(
        "", unit, (4.1, -2.2), arrowprops=arrow | {"color": WRONG, "shrinkA": 20, "shrinkB": 29}
    )
    axes.text(
        4.0, -2.2, f"+ {bias:g}, forgotten", size=17, color=WRONG, weight="bold", ha="right",
        va="center",
    )  # fmt: skip
    axes.plot(*unit, "o", ms=62, color="white", mec=FORWARD, mew=4)
    axes.text(*unit, f"{products.sum() + bias:.4g}", ha="center", va="center", size=19)
    terms = " + ".join(f"{product:.4g}" for product in products)
    axes.text(7.3, 0.45, f"{terms} + {bias:g} = {products.sum() + bias:.4g}", size=15, va="center")
    axes.text(7.3, -0.45, f"the slide: {printed:g}", size=15, va="center", color=WRONG)
    axes.set(xlim=(-0.6, 12.3), ylim=(-2.7, 2.4))
    axes.axis("off")
    return Picture(
        figure,
        alt=(
            f"One unit: the inputs {_listed(inputs)} times the weights {_listed(weights)} are "
            f"{_listed(products)}, with the bias {bias:g} together {products.sum() + bias:.4g}. "
            f"The slide has {printed:g}."
        ),
        caption="What the slide left out.",
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


def four_lines(network: MLP, title: str, X: NDArray, labels: NDArray) -> Picture:
    """The plane with the line of each hidden unit and the boundary that their votes add up to.

    Args:
        network: with two inputs, one hidden layer of up to four units, and two outputs.
        title: over the plane.
        X, labels: the points, shapes (N, 2) and (N,).
    """
    units = network.weights[0].shape[1]
    return Picture(
        lines_page(network, title, X, labels),
        alt=(
            f"{title}: the plane with {len(X)} points, {units} dashed lines, one for each hidden "
            "unit, with an arrow to the side where it votes for the triangles, and the solid "
            f"boundary of their sum: {_right(network, X, labels):.0%} of the points are right."
        ),
        caption="Four straight lines, and the one boundary that they bend together.",
    )


def lines_page(
    network: MLP, title: str, X: NDArray, labels: NDArray, unit: int | None = None
) -> Figure:
    """A page of a flipbook: the whole plane, with all lines or with one unit alone.

    Args:
        network, title, X, labels: as in `four_lines`.
        unit: where one is to be seen alone: a point is filled where it votes for its class.
    """
    box = _box(X, wide=8.82 / 5.37)
    grid = _grid(box, 2 * TILE)
    votes, net_sums = _votes(network, grid)
    column = -1 if unit is None else unit
    figure = plt.figure(figsize=(9, 5.9), layout="none")
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.91))
    _tints(axes, votes[:, column], box)
    units = range(votes.shape[1] - 1) if unit is None else [unit]
    for number in units:
        _line_of(axes, network, number, grid, net_sums[:, number], box)
    if unit is None:
        _contour(axes, votes[:, -1], box, color="black", width=5, dash="-")
    at_points = _votes(network, X)[0][:, column]
    _points(axes, X, labels, 8, hollow=(at_points > 0) != labels)
    axes.set_title(title, size=17, pad=6)
    return figure


def _tints(axes: Axes, votes: NDArray, box: Box) -> None:
    """Two light colors: where the votes are for class 0, and where they are for class 1."""
    side = round(len(votes) ** 0.5)
    axes.imshow((votes > 0).reshape(side, side), cmap=TINTS, vmin=0, vmax=1, extent=box)
    axes.set(xticks=(), yticks=(), xlim=box[:2], ylim=box[2:], aspect="auto")
    axes.spines[:].set_visible(False)


def _contour(axes: Axes, values: NDArray, box: Box, color: str, width: float, dash: str) -> None:
    side = round(len(values) ** 0.5)
    axes.contour(
        values.reshape(side, side), [0], extent=box, origin="upper", colors=[color],
        linewidths=width, linestyles=[dash],
    )  # fmt: skip


def _line_of(
    axes: Axes, network: MLP, number: int, grid: NDArray, net_sums: NDArray, box: Box
) -> None:
    """The line where the net sum of a unit is 0, its number, an arrow to the triangles' side."""
    color = LINES_OF_UNITS[number % len(LINES_OF_UNITS)]
    _contour(axes, net_sums, box, color=color, width=3, dash="--")
    normal = network.weights[0][:, number]
    output = network.weights[1][number]
    length = np.linalg.norm(normal)
    if not length:
        return
    normal = normal / length * (1 if output[1] > output[0] else -1)
    near = grid[np.abs(net_sums) < 0.02 * length * (box[1] - box[0])]
    inner = near[_inside(near, box)]
    if not len(inner):
        return
    along = inner @ [-normal[1], normal[0]]
    start = inner[np.argsort(along)[round((0.12 + 0.25 * number) * (len(inner) - 1)) % len(inner)]]
    tip = start + 0.09 * (box[1] - box[0]) * normal
    arrow = {"arrowstyle": "-|>,head_width=0.5,head_length=0.8", "lw": 4, "color": color}
    axes.annotate("", tip, start, arrowprops=arrow | {"shrinkA": 0, "shrinkB": 0}, zorder=5)
    axes.text(
        *start, number + 1, color="white", size=14, weight="bold", ha="center", va="center",
        zorder=6, bbox={"boxstyle": "circle", "fc": color, "ec": "white"},
    )  # fmt: skip


def _inside(points: NDArray, box: Box) -> NDArray:
    """Which points lie well within the box."""
    low, high = np.array(box).reshape(2, 2).T
    margin = 0.1 * (high - low)
    return ((points > low + margin) & (points < high - margin)).all(axis=1)


def _right(network: MLP, X: NDArray, labels: NDArray) -> float:
    return (network.predict(X) == labels).mean()


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
    grid = _grid(box, 2 * TILE)
    figure, panels = plt.subplots(
        1, len(networks), figsize=(11, 11 / len(networks) + 0.5), squeeze=False
    )
    for axes, (title, network) in zip(panels.flat, networks.items(), strict=True):
        logits = network.logits(grid)
        difference = logits[:, 1] - logits[:, 0]
        _tints(axes, difference, box)
        _contour(axes, difference, box, color="black", width=3, dash="-")
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
        above.imshow(image, cmap=PIXELS)
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
        caption="Ten bars that add up to 100\u00a0%: certainty and doubt.",
    )


def _points(
    axes: Axes, points: NDArray, labels: NDArray, size: float, hollow: NDArray | None = None
) -> None:
    """A marker per class; those that are `hollow` have only their edge."""
    hollow = np.zeros(len(points), bool) if hollow is None else hollow
    for label, (marker, color, _) in enumerate(CLASSES):
        for empty in (False, True):
            face, edge = ("white", color) if empty else (color, "white")
            width = 2 if empty else 0.6
            chosen = points[(labels == label) & (hollow == empty)]
            axes.plot(*chosen.T, marker, color=face, ms=size, mec=edge, mew=width)


def _box(X: NDArray, wide: float = 1) -> Box:
    """Left, right, bottom, top of a square around the points, or of a box `wide` times as wide."""
    middle = (X.min(axis=0) + X.max(axis=0)) / 2
    across, up = np.ptp(X, axis=0)
    half = 0.57 * max(across / wide, up)
    return (middle[0] - wide * half, middle[0] + wide * half, middle[1] - half, middle[1] + half)


def _grid(box: Box, side: int) -> NDArray:
    """The points of a side x side grid, row by row from the top: shape (side * side, 2)."""
    left, right, bottom, top = box
    x, y = np.meshgrid(np.linspace(left, right, side), np.linspace(top, bottom, side))
    return np.stack([x.ravel(), y.ravel()], axis=1)
