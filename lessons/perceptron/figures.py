"""Figures on the perceptron: its parts, its boundary, its learning rule, what it cannot learn."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from numpy.typing import ArrayLike, NDArray

from lessons.perceptron.learning_rule import PerceptronStep
from utils.neurons import sigmoid, step
from utils.plots import OKABE_ITO, PIXELS, SIGNED, Picture

ZERO = OKABE_ITO["blue"]
ONE = OKABE_ITO["vermillion"]
SIDE_ONE = "#fbe3d4"
"""The ground on the side of the boundary where the output is 1; the other side stays white."""
RING = OKABE_ITO["purple"]
ASIDE = 0.3
"""How far from the middle of a boundary its weight vector is drawn, so that it covers no corner."""
SPOTS = (
    *((0.5, 0.5), (0.5, 1.44), (0.5, -0.44), (0.5, 1.0), (0.5, 0.0), (0.0, 0.5), (1.0, 0.5)),
    *((-0.3, 1.44), (1.3, 1.44), (-0.3, -0.44), (1.3, -0.44), (-0.3, 0.5), (1.3, 0.5)),
)
"""Where the name of a side may stand: on no corner, the best first."""
ENOUGH = 0.1
"""As far from a boundary as a name needs to be; more room makes no place better."""
Boundary = tuple[ArrayLike, float]
"""Weights and bias, which draw a line in the plane."""
Weights = tuple[float, float, float]
"""w1, w2 and b of a perceptron with two inputs."""


def five_parts() -> Picture:
    """Inputs, weights, bias, net sum, activation: the perceptron from left to right."""
    figure, axes = plt.subplots(figsize=(9.6, 3.9))
    inputs = {"x₁": 1.6, "x₂": 0.4, "x₃": -0.8, "1": -2.0}
    arrow = {"arrowstyle": "-|>,head_width=0.35,head_length=0.7", "lw": 2.5, "color": "black"}
    total, box, out = (4.2, -0.2), (6.9, -0.2), (9.3, -0.2)
    for (name, height), weight in zip(inputs.items(), ("w₁", "w₂", "w₃", "b"), strict=True):
        link = arrow | {"shrinkA": 22, "shrinkB": 4, "ls": "--" if name == "1" else "-"}
        spread = 0.2 * (height - total[1])  # the heads arrive side by side
        axes.annotate("", (3.88, total[1] + spread), (0.3, height), arrowprops=link)
        _node(axes, (0.3, height), name, ZERO)
        at = 0.3 + 0.4 * (total[0] - 0.3), height + 0.4 * (total[1] - height)
        badge = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none"}
        axes.text(*at, weight, ha="center", va="center", size=17, color=ONE, bbox=badge)
    axes.annotate("", (6.15, -0.2), total, arrowprops=arrow | {"shrinkA": 28, "shrinkB": 0})
    axes.annotate("", (9.0, -0.2), (7.65, -0.2), arrowprops=arrow | {"shrinkA": 0, "shrinkB": 10})
    _node(axes, total, "Σ", ONE)
    axes.text(5.45, 0.0, "z", size=18, ha="center", va="bottom")
    _step_box(axes, box)
    axes.text(*out, "0 or 1", size=17, ha="center", va="center")
    below = {0.3: "① inputs", 1.85: "② weights\n③ bias", 4.2: "④ net sum", 6.9: "⑤ activation"}
    for x, label in {**below, 9.3: "output"}.items():
        axes.text(x, -3.0, label, ha="center", va="top", size=15)
    axes.set(xlim=(-0.4, 10.0), ylim=(-4.0, 2.2))
    axes.axis("off")
    return Picture(
        figure,
        alt=(
            "A perceptron. Three inputs and a constant 1 on the left; arrows with the weights "
            "w1, w2, w3 and the bias b lead to a sum; its value z goes through a box with a "
            "step; 0 or 1 comes out."
        ),
        caption="Five parts make a perceptron: follow them from left to right.",
    )


def _node(axes: Axes, place: tuple[float, float], name: str, color: str) -> None:
    axes.plot(*place, "o", ms=40, color="white", mec=color, mew=3)
    axes.text(*place, name, ha="center", va="center", size=18)


def _step_box(axes: Axes, center: tuple[float, float]) -> None:
    """A box with the step inside it."""
    x, y = center
    axes.add_patch(plt.Rectangle((x - 0.75, y - 1), 1.5, 2, fc="white", ec=ONE, lw=3))
    axes.plot([x - 0.55, x, x, x + 0.55], [y - 0.6, y - 0.6, y + 0.6, y + 0.6], color="black", lw=3)


def flattened(image: ArrayLike, rows: int = 3) -> Picture:
    """A picture with its first rows framed, and the vector that it becomes, row after row.

    Args:
        image: shape (H, W).
        rows: how many rows to frame, each with its own line style.
    """
    image = np.asarray(image)
    height, width = image.shape
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 2.9), width_ratios=(1, 3.6))
    left.imshow(image, cmap=PIXELS)
    right.imshow(image.reshape(1, -1), cmap=PIXELS, aspect="auto")
    colors = [OKABE_ITO[name] for name in ("orange", "sky", "green")]
    for row, color, dash in zip(range(rows), colors, ("-", "--", ":"), strict=True):
        for axes, place in ((left, (-0.5, row - 0.5)), (right, (row * width - 0.5, -0.5))):
            frame = plt.Rectangle(place, width, 1, fill=False, ec=color, ls=dash, lw=4)
            frame.set_clip_on(False)
            axes.add_patch(frame)
        right.text((row + 0.5) * width - 0.5, -0.6, f"row {row}", ha="center", va="bottom", size=14)
    left.set_title(f"a picture: {height} × {width}")
    right.set_title(f"a flat vector: {image.size} inputs", pad=28)
    right.set_box_aspect(0.09)
    for axes in (left, right):
        axes.set(xticks=[], yticks=[])
    return Picture(
        figure,
        alt=(
            f"A picture of {height} by {width} pixels, its first {rows} rows framed, and beside it "
            f"a strip of {image.size} pixels that begins with the same rows, one after the other."
        ),
        caption="Row after row, a picture becomes a list of inputs.",
    )


def gates(targets: Mapping[str, Sequence[int]], weights: Mapping[str, Weights]) -> Picture:
    """One panel a gate: the four corners, a boundary, the weight vector that stands on it.

    Args:
        targets: for each title the targets of the corners 00, 01, 10, 11.
        weights: for the same titles, w1, w2 and b.
    """
    figure, panels = plt.subplots(1, len(targets), figsize=(4.6 * len(targets), 4.5), squeeze=False)
    told = []
    for axes, (title, wanted) in zip(panels.flat, targets.items(), strict=True):
        w1, w2, b = weights[title]
        _plane(axes, (w1, w2), b)
        _corners(axes, wanted)
        normal = np.array([w1, w2]) / np.hypot(w1, w2)
        foot = -b / np.hypot(w1, w2) * normal - ASIDE * np.array([-normal[1], normal[0]])
        head = foot + 0.5 * normal
        arrow = {"arrowstyle": "-|>", "lw": 3, "color": "black", "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", head, foot, arrowprops=arrow)
        axes.text(*(head + 0.04), "w", size=16, weight="bold")
        axes.set_title(title)
        told.append(f"{title}: output 1 at {_with_output_1((w1, w2), b)}")
    return Picture(
        figure,
        alt=(
            f"The four corners of a square and a boundary. {'; '.join(told)}. An arrow w stands "
            "on each boundary at a right angle."
        ),
        caption="The weights turn the boundary, the bias shifts it.",
    )


def _with_output_1(weights: ArrayLike, bias: float) -> str:
    """The corners where a perceptron answers 1, in words."""
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    ones = [str(corner) for corner in corners if step(np.dot(weights, corner) + bias)]
    return ", ".join(ones) or "no corner"


def update_moments(
    X: ArrayLike, y: Sequence[int], path: Sequence[PerceptronStep], numbers: Sequence[int]
) -> Picture:
    """A few updates side by side: the mistake ringed, the boundary before and after it.

    Args:
        X: the corners 00, 01, 10, 11, shape (4, 2).
        y: their targets.
        path: from `perceptron_path`.
        numbers: which mistakes to show; 1 is the first.
    """
    figure, panels = plt.subplots(1, len(numbers), figsize=(2.72 * len(numbers), 3.5))
    for axes, number in zip(panels, numbers, strict=True):
        before, now = path[number - 1], path[number]
        old = before.weights, before.bias
        _plane(axes, now.weights, now.bias, small=True, avoid=[old])
        _boundary(axes, *old, "--", "0.35")
        ring = Circle(np.asarray(X)[now.mistake], 0.2, fill=False, ec=RING, lw=4, zorder=5)
        axes.add_patch(ring)
        _corners(axes, y, small=True)
        axes.set_title(f"mistake {number}\n{_weights_in_words(now)}", size=13)
    last = path[numbers[-1]]
    return Picture(
        figure,
        f"Updates of a perceptron, at the mistakes {', '.join(map(str, numbers))}. In each the "
        "mistaken corner is ringed, the boundary before it dashed, the one after it solid. In the "
        f"end {_weights_in_words(last)}, and output 1 at {_with_output_1(*last[:2])}.",
        "After each mistake the dashed boundary gives way to the solid one.",
    )


def _weights_in_words(now: PerceptronStep) -> str:
    return f"w = ({_signed(now.weights[0])}, {_signed(now.weights[1])}), b = {_signed(now.bias)}"


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _plane(
    axes: Axes,
    weights: ArrayLike,
    bias: float,
    small: bool = False,
    avoid: Sequence[Boundary] = (),
) -> None:
    """The square around the four corners: the side of output 1 shaded, the boundary on it."""
    low, high = -0.6, 1.6
    ticks = np.linspace(low, high, 221)
    z = weights[0] * ticks[np.newaxis, :] + weights[1] * ticks[:, np.newaxis] + bias
    axes.contourf(ticks, ticks, step(z), [0.5, 1.5], colors=[SIDE_ONE])
    _boundary(axes, weights, bias, "-", "black")
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", xticks=(0, 1), yticks=(0, 1))
    axes.set_xlabel("x₁", labelpad=-6)
    axes.set_ylabel("x₂", labelpad=-6, rotation=0)
    for value in (0, 1):
        place = label_place(weights, bias, value, avoid)
        if place:
            words, size = (f"out {value}", 12) if small else (f"output {value}", 14)
            axes.text(*place, words, size=size, style="italic", ha="center", va="center")


def label_place(
    weights: ArrayLike, bias: float, output: int, avoid: Sequence[Boundary] = ()
) -> tuple[float, float] | None:
    """Where the name of one side of a boundary can stand in the square around the four corners.

    Args:
        weights: w1 and w2.
        bias: b.
        output: which side, 0 or 1.
        avoid: weights and bias of further boundaries, to be kept clear where there is room.

    Returns:
        The middle of the name, on its side and on no corner; None where there is no room.
    """
    if not np.any(weights) and output != step(bias):
        return None
    reach = np.array([0.25, 0.09])  # half a name

    def room(spot: tuple[float, float], weights: ArrayLike, bias: float) -> float:
        """How far a name there stays from a boundary on its side of z >= 0; negative: across."""
        length = np.hypot(*weights)
        if length == 0:
            return np.inf
        return float((np.dot(weights, spot) + bias - np.abs(weights) @ reach) / length)

    sign = 1 if output else -1
    rooms = {}
    for spot in SPOTS:
        own = room(spot, sign * np.asarray(weights), sign * bias)
        others = [max(room(spot, w, b), room(spot, -np.asarray(w), -b)) for w, b in avoid]
        if own >= 0:
            rooms[spot] = min(own, *others, ENOUGH)
    return max(rooms, key=rooms.get) if rooms else None


def _boundary(
    axes: Axes, weights: ArrayLike, bias: float, dash: str, color: str, width: float = 3
) -> None:
    """The line where z = 0, if the weights are not both 0."""
    w1, w2 = (float(w) for w in weights)
    if w2:
        axes.axline((0, -bias / w2), slope=-w1 / w2, ls=dash, color=color, lw=width)
    elif w1:
        axes.axvline(-bias / w1, ls=dash, color=color, lw=width)


def _corners(axes: Axes, targets: Sequence[int], small: bool = False) -> None:
    """The four corners: a square for target 1, a circle for target 0, with the target inside."""
    for (x1, x2), target in zip(((0, 0), (0, 1), (1, 0), (1, 1)), targets, strict=True):
        marker, color = ("s", ONE) if target else ("o", ZERO)
        axes.plot(x1, x2, marker, color=color, ms=18 if small else 22, mec="white", zorder=4)
        axes.text(x1, x2, str(target), color="white", ha="center", va="center_baseline",
                  weight="bold", size=12 if small else 15, zorder=6)  # fmt: skip


def seen_by_perceptron(pictures: Mapping[str, NDArray], weights: NDArray) -> Picture:
    """Mean pictures by title, and beside them the weights as a picture, zero in white.

    Args:
        pictures: for each title an array of shape (H, W), 0..1.
        weights: shape (H, W).
    """
    count = len(pictures)
    figure, panels = plt.subplots(1, count + 1, figsize=(3.1 * count + 3.9, 3.3))
    for axes, (title, picture) in zip(panels, pictures.items(), strict=False):
        axes.imshow(picture, cmap=PIXELS, vmin=0, vmax=1)
        axes.set_title(title)
    most = np.abs(weights).max()
    shown = panels[-1].imshow(weights, cmap=SIGNED, vmin=-most, vmax=most)
    part = weights / most
    sign = np.where(part > 0.35, "+", np.where(part < -0.35, "−", ""))
    for (row, column), mark in np.ndenumerate(sign):
        panels[-1].text(column, row, mark, ha="center", va="center", size=16, weight="bold",
                        color="black" if abs(part[row, column]) < 0.7 else "white")  # fmt: skip
    panels[-1].set_title("weights")
    figure.colorbar(shown, ax=panels[-1], shrink=0.9)
    for axes in panels:
        axes.set(xticks=[], yticks=[])
    left, right = np.array_split(sign == "+", 2, axis=1)
    return Picture(
        figure,
        alt=(
            f"{', '.join(pictures)} and the {weights.size} weights as pictures. Of the strongest "
            f"positive weights {left.sum()} lie in the left half and {right.sum()} in the right."
        ),
        caption="Where ink speaks for one digit, and where for the other.",
    )


def separability(
    sets: Mapping[str, tuple[NDArray, NDArray]], lines: Mapping[str, Boundary]
) -> Picture:
    """One panel a set of points with two classes, with the boundary that is given for it.

    Args:
        sets: for each title X of shape (N, 2) and y of shape (N,), 0 and 1.
        lines: for some of the titles, weights of shape (2,) and a bias.
    """
    figure, panels = plt.subplots(1, len(sets), figsize=(10.8, 4.1))
    for axes, (title, points) in zip(panels, sets.items(), strict=True):
        _two_classes(axes, *points)
        if title in lines:
            _boundary(axes, *lines[title], "-", "black")
        axes.set(title=title, xticks=[], yticks=[])
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Picture(
        figure,
        f"{len(sets)} sets of points in two classes: {'; '.join(sets)}. "
        f"Boundaries are drawn for {len(lines)} of them.",
        "Which of these points can one straight line separate?",
    )


def boundaries(
    X: NDArray,
    y: NDArray,
    found: Mapping[str, Sequence[Boundary]],
    names: tuple[str, str],
) -> Picture:
    """The same points once for each learner, with the boundaries that it found, the last darkest.

    Args:
        X: shape (N, 2).
        y: classes 0 and 1, shape (N,).
        found: for each learner pairs of weights, shape (2,), and a bias, in order.
        names: of the two columns of X.
    """
    figure, panels = plt.subplots(1, len(found), figsize=(10.8, 4.6), sharey=True)
    told = []
    for axes, (learner, lines) in zip(panels, found.items(), strict=True):
        _two_classes(axes, X, y)
        for (weights, bias), gray in zip(lines, np.linspace(0.7, 0, len(lines)), strict=True):
            _boundary(axes, weights, bias, "-", str(gray), width=2.5)
        axes.set(title=f"{learner}: {len(lines)} boundaries", xlabel=names[0])
        wrong = [int((step(X @ weights + bias) != y).sum()) for weights, bias in lines]
        told.append(f"{learner}, {len(lines)} boundaries, wrong on {min(wrong)} to {max(wrong)}")
    panels[0].set_ylabel(names[1])
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Picture(
        figure,
        f"{len(X)} points of two classes, once for each learner: {'; '.join(told)}.",
        "The boundaries of each learner, in order: the last one is the darkest.",
    )


def _two_classes(axes: Axes, X: NDArray, y: NDArray) -> None:
    """Points of class 0 and class 1, in a frame with some room around them."""
    axes.plot(*X[y == 0].T, "o", color=ZERO, ms=8, mec="white", label="class 0")
    axes.plot(*X[y == 1].T, "s", color=ONE, ms=8, mec="white", label="class 1")
    low, high = X.min(axis=0), X.max(axis=0)
    room = 0.12 * (high - low)
    (left, right), (bottom, top) = np.transpose([low - room, high + room])
    axes.set(xlim=(left, right), ylim=(bottom, top))


def two_activations() -> Picture:
    """Step and sigmoid over the net sum z: the same neuron, two outputs."""
    figure, axes = plt.subplots(figsize=(8, 3.3))
    z = np.linspace(-6, 6, 601)
    axes.plot(z, sigmoid(z), "--", color=ZERO, label="sigmoid: logistic regression")
    axes.plot([-6, 0], [0, 0], color=ONE)
    axes.plot([0, 6], [1, 1], color=ONE, label="step: perceptron")
    axes.plot(0, 1, "o", color=ONE, ms=9)
    axes.plot(0, 0, "o", color="white", mec=ONE, mew=2, ms=9)
    axes.set(xlabel="net sum z", ylabel="output", yticks=(0, 0.5, 1), ylim=(-0.12, 1.12))
    axes.legend(loc="center right")
    return Picture(
        figure,
        alt=(
            "Output against the net sum z. The step jumps from 0 to 1 at z = 0; the sigmoid "
            "climbs smoothly from 0 to 1 and passes one half at z = 0."
        ),
        caption="One net sum, two activations: both change sides at z = 0.",
    )
