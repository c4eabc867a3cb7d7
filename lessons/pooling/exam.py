"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, grid, item, number


def windows(image, k):
    rows, columns = image.shape[0] // k, image.shape[1] // k
    return image.reshape(rows, k, columns, k).swapaxes(1, 2).reshape(rows * columns, k * k)


def flat(values):
    return tuple(np.ravel(values).tolist())


@item("compute", "compute", 3)
def max_and_average(rng):
    image = rng.integers(0, 30, (4, 4))
    parts = windows(image, 2)
    return Drawn(
        f"Pool this map in windows of 2 × 2, stride 2: once with the maximum, once with the mean. "
        f"Give both, row by row.\n{grid(image)}",
        (flat(parts.max(1)), flat(parts.mean(1))),
        "Four windows of four numbers; a mean keeps its fraction.",
        {
            (flat(parts.max(1)), flat(parts.sum(1))): "Sums, not means.",
            (flat(parts.max(1)), flat(np.floor(parts.mean(1)))): "The fraction has been cut off.",
        },
        {"image": image},
    )


@item("compute", "compute", 2)
def shape_behind_a_pooling(rng):
    height, width = rng.integers(10, 60, 2).tolist()
    maps, k = int(rng.choice([8, 16, 32])), int(rng.choice([2, 3]))
    return Drawn(
        f"A layer gives {maps} maps of {height} × {width}. `MaxPooling2D({k})` follows. What is "
        "the shape of its output, and how many parameters does it add?",
        (height // k, width // k, maps, 0),
        f"The stride is the window, {k}; a rest that fills no window is left out. Depth stays.",
        {
            (height // k, width // k, maps // k, 0): "Depth stays.",
            (height - k + 1, width - k + 1, maps, 0): "Moved by one, as a convolution does.",
            (height // k, width // k, maps, k * k * maps): "A maximum has no weights.",
        },
        {"height": height, "width": width, "maps": maps, "k": k},
    )


@item("figure", "measure", 4)
def a_spot_moves(rng):
    length, k = 12, int(rng.choice([2, 3, 4]))
    place, value = int(rng.integers(0, length - k)), int(rng.integers(2, 10))
    rows = np.zeros((2, length), int)
    rows[0, place] = rows[1, place + 1] = value
    before, after = rows.reshape(2, -1, k).max(2)
    return Drawn(
        f"A row, and the same row one pixel later:\n{grid(rows)}\nPool both with the maximum in "
        f"windows of {k}, stride {k}. In how many places do the pooled rows differ? After how "
        "many pixels is the pooled row certain to be the first one, moved as a whole?",
        (int((before != after).sum()), k),
        f"The spot is in window {place // k}, then in window {(place + 1) // k}, counted from 0. "
        "Inside its window it may move unseen; a border that it crosses changes two windows. Only "
        "shifts by multiples of the stride come out as shifts.",
        {(2 if (before == after).all() else 0, k): "Look at the borders of the windows."},
        {"rows": rows, "k": k},
    )


@item("compute", "choose", 3)
def what_pooling_saves(rng):
    side, maps = 2 * int(rng.integers(6, 17)), int(rng.choice([8, 16, 32]))
    units = int(rng.choice([10, 50, 100]))
    before, after = (side * side * maps + 1) * units, ((side // 2) ** 2 * maps + 1) * units
    return Drawn(
        f"{maps} maps of {side} × {side} go through Flatten into a dense layer of {units} units. "
        "How many parameters has it, and how many if `MaxPooling2D(2)` comes first? What has been "
        "given up?",
        (before, after),
        "(inputs + 1) · units, with a quarter of the inputs. What is lost is the place inside the "
        "window, and all but the largest number of it.",
        {
            (
                before,
                (side * side * maps // 2 + 1) * units,
            ): "A half: height and width both shrink.",
            (before - units, after - units): "The biases are missing.",
        },
        {"side": side, "maps": maps, "units": units},
    )


@item("compute", "choose", 3)
def average_as_a_convolution(rng):
    k, maps = int(rng.choice([2, 4, 5])), int(rng.choice([8, 16, 64]))
    learned = (k * k * maps + 1) * maps
    return Drawn(
        f"Average pooling of {k} × {k} on one map is a convolution. Which number stands everywhere "
        f"in its kernel, and what is its stride? How many parameters has `Conv2D({maps}, {k}, "
        f"strides={k})` that replaces a pooling of {maps} maps?",
        (1 / k**2, k, learned),
        f"1 / {k * k} at each of the {k * k} places. The learned layer looks at all {maps} maps: "
        f"({k} · {k} · {maps} + 1) · {maps}. It is worth its price if it learns a better summary.",
        {
            (1, k, learned): "That is sum pooling.",
            (1 / k**2, 1, learned): "At stride 1 it blurs, and nothing shrinks.",
            (1 / k**2, k, (k * k + 1) * maps): "A kernel is as deep as its input.",
        },
        {"k": k, "maps": maps},
    )


@item("compute", "trace", 4)
def gradient_through_a_maximum(rng):
    image = rng.permutation(np.arange(1, 17)).reshape(4, 4)
    slopes = rng.integers(-5, 6, (2, 2))
    if len(set(flat(slopes))) < 4 or 0 in slopes:
        return gradient_through_a_maximum.draw(rng)
    back = np.zeros((4, 4), int)
    for row, column in np.ndindex(2, 2):
        window = image[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        r, c = np.unravel_index(window.argmax(), (2, 2))
        back[2 * row + r, 2 * column + c] = slopes[row, column]
    return Drawn(
        f"Max pooling in windows of 2 × 2 got this map:\n{grid(image)}\nThe slopes of the loss "
        f"along its four outputs are\n{grid(slopes)}\nWhat are the slopes along the 16 inputs?",
        tuple(flat(row) for row in back),
        "The maximum of a window gets all, the others nothing.",
        {
            tuple(flat(row) for row in np.kron(slopes, np.ones((2, 2))) / 4): "Shared equally: "
            "that is the way back through average pooling.",
            tuple(flat(row) for row in np.kron(slopes, np.ones((2, 2)))): "The others do not feel "
            "a small change: their slope is 0.",
        },
        {"image": image, "slopes": slopes},
    )


@item("choose", "measure", 2)
def when_is_it_exact(rng):
    layers = int(rng.integers(2, 6))
    return Drawn(
        f"A network has {layers} pooling layers of stride 2, all else has stride 1. For which "
        "shifts of the picture does its last map come out as the old one, moved (away from the "
        "border)?",
        f"multiples of {2**layers} pixels",
        f"The product of all strides, 2 to the {layers}: {number(2**layers)} pixels move the last "
        "map by one place.",
        {
            f"multiples of {2 * layers} pixels" if layers > 2 else "multiples of 3 pixels": "The "
            "strides are multiplied.",
            "multiples of 2 pixels": "That is one pooling layer.",
            "all shifts": "It tolerates small shifts; it is not invariant.",
        },
        {"layers": layers},
    )
