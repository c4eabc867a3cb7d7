"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, listing, number, table


def vector(values):
    return ", ".join(map(number, values))


@item("compute", "count", 3)
def depthwise_and_pointwise(rng):
    before, after = (16 * rng.integers(1, 9, 2)).tolist()
    k = int(rng.choice([3, 5]))
    full, split = k * k * before * after, k * k * before + before * after
    return Drawn(
        f"A convolution of {k} × {k} takes {before} maps to {after}, without bias. How many "
        f"weights has it? And how many have a depthwise {k} × {k} and a 1 × 1 convolution that "
        "replace it? Which family does this?",
        (full, split),
        f"{k} · {k} · {before} · {after}, and {k} · {k} · {before} + {before} · {after}. "
        "MobileNet.",
        {
            (full, k * k * before * after + before * after): "The depthwise part has one kernel a "
            "map, one map deep.",
            (full, k * k * before): "The 1 × 1 convolution mixes the maps; it has most weights.",
        },
        {"before": before, "after": after, "k": k},
    )


@item("compute", "count", 2)
def multiplications_of_a_layer(rng):
    side, k = int(rng.choice([7, 8, 14, 16])), int(rng.choice([1, 3, 5]))
    before, after = (4 * rng.integers(1, 6, 2)).tolist()
    weights = k * k * before * after
    return Drawn(
        f"A convolution of {k} × {k} takes {before} maps to {after}; what comes out has {side} × "
        f"{side} places. How many multiplications, without bias?",
        side * side * weights,
        f"{weights} weights, each used at {side} · {side} places.",
        {
            weights: "Those are the weights; each is used at every place.",
            side * weights: "The places are side · side.",
            side * side * k * k * after: "A kernel is as deep as its input.",
        },
        {"side": side, "k": k, "before": before, "after": after},
    )


@item("compute", "build", 3)
def through_a_residual_block(rng):
    came_in = (rng.integers(1, 10, 4) * rng.choice([-1, 1], 4)).tolist()
    branch = (rng.integers(1, 10, 4) * rng.choice([-1, 1], 4)).tolist()
    answer = tuple(max(a + b, 0) for a, b in zip(came_in, branch, strict=True))
    first = tuple(a + max(b, 0) for a, b in zip(came_in, branch, strict=True))
    alone = tuple(max(b, 0) for b in branch)
    return Drawn(
        f"Into a residual block come ({vector(came_in)}). Its second normalization gives "
        f"({vector(branch)}). What comes out of the block?",
        answer,
        "Add both, then ReLU.",
        {first: "The ReLU comes after the sum.", alone: "What came in is added."},
        {"came_in": came_in, "branch": branch},
    )


@item("compute", "build", 2)
def volume_knobs(rng):
    means = (2 * rng.integers(1, 10, 3)).tolist()
    factors = rng.permutation([0.5, 0.25, 1]).tolist()
    value = 4 * int(rng.integers(1, 6))
    place = int(rng.integers(3))
    return Drawn(
        f"Squeeze-and-excite: the means of three maps are ({vector(means)}), and the small network "
        f"makes the factors ({vector(factors)}) of them. One place of map {place + 1} holds "
        f"{value}. What does it hold afterwards, and what is the new mean of that map?",
        (value * factors[place], means[place] * factors[place]),
        "Every place of a map is multiplied by the same factor, and so is its mean.",
        {
            (value * factors[place], means[place]): "The mean is scaled as well.",
            (value + factors[place], means[place] + factors[place]): "It multiplies.",
        },
        {"means": means, "factors": factors, "value": value, "map": place + 1},
    )


@item("listing", "build", 3)
def line_of_the_block(rng):
    maps = int(rng.choice([32, 64, 128]))
    conv = f"Conv2D({maps}, 3, padding='same', use_bias=False)"
    lines = [
        f"y = {conv}(x)",
        "y = ReLU()(BatchNormalization()(y))",
        f"y = {conv}(y)",
        "y = BatchNormalization()(y)",
        "y = ReLU()(Add()([x, y]))",
    ]
    spoiled = {
        0: (f"y = Conv2D({maps}, 3, use_bias=False)(x)", "Without padding the shapes do not fit."),
        2: (f"y = {conv}(x)", "It takes `x` again: what line 1 and 2 made is lost."),
        4: ("y = ReLU()(Add()([y, y]))", "It adds `y` to itself: the shortcut is missing."),
    }
    place = int(rng.choice(list(spoiled)))
    lines[place], why = spoiled[place]
    return Drawn(
        f"`x` has {maps} maps. One line of this residual block is wrong. Which one, and why?\n"
        f"{listing(lines)}",
        place + 1,
        why,
        {4: "A normalization without ReLU is right here: the ReLU comes after the sum."},
        {"lines": lines},
    )


@item("figure", "choose", 3)
def which_to_look_at(rng):
    names = ["A", "B", "C", "D"]
    costs = np.sort(rng.permutation(np.arange(1, 30))[:4]).tolist()
    accuracies = rng.permutation(np.arange(66, 82))[:4].tolist()
    kept = [max(accuracies[: n + 1]) == accuracies[n] for n in range(4)]
    answer = "".join(name for name, one in zip(names, kept, strict=True) if one)
    rows = list(zip(names, costs, accuracies, strict=True))
    return Drawn(
        "Four networks, multiply-adds in hundreds of millions and accuracy in %:\n"
        f"{table(['network', 'multiply-adds', 'accuracy'], rows)}\nWhich of them are worth a look? "
        "What else would you measure before you choose?",
        answer,
        "Those that no cheaper one reaches in accuracy. The time on the machine that will be used, "
        "and the accuracy on one's own pictures.",
        {},
        {"costs": costs, "accuracies": accuracies},
    )
