"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, listing, table


@item("compute", "build", 2)
def parameters_of_a_head(rng):
    side, maps = int(rng.choice([4, 7, 8])), int(rng.choice([128, 512, 1280]))
    classes = int(rng.integers(3, 12))
    return Drawn(
        f"A frozen backbone gives {side} × {side} × {maps}. The head takes the mean of each map, "
        f"then one dense layer with softmax for {classes} classes. How many parameters train? How "
        "many would train with Flatten in place of the means?",
        ((maps + 1) * classes, (side * side * maps + 1) * classes),
        f"({maps} + 1) · {classes}, and ({side} · {side} · {maps} + 1) · {classes}.",
        {
            (maps * classes, side * side * maps * classes): "The biases are missing.",
            (
                (side * side + 1) * classes,
                (side * side * maps + 1) * classes,
            ): "The mean runs over places: one number for each map is left.",
        },
        {"side": side, "maps": maps, "classes": classes},
    )


@item("compute", "build", 4)
def what_trains(rng):
    first, second = (8 * rng.integers(1, 5, 2)).tolist()
    classes = int(rng.choice([3, 5, 8]))
    opened = bool(rng.integers(2))
    conv, norm, dense = 9 * first * second, 4 * second, (second + 1) * classes
    trains = dense + (conv if opened else 0)
    rest = norm + (0 if opened else conv)
    return Drawn(
        f"A block: `Conv2D({second}, 3, use_bias=False)` on {first} maps, `BatchNormalization()`, "
        f"and a head `Dense({classes})` on the means. The convolution is "
        f"{'open' if opened else 'frozen'}, the normalization frozen, the head trains. How many "
        "parameters train, and how many do not?",
        (trains, rest),
        f"9 · {first} · {second} = {conv}, 4 · {second} = {norm}, ({second} + 1) · {classes} = "
        f"{dense}.",
        {
            (trains, rest - norm // 2): "A normalization has four numbers a map: γ, β, mean and "
            "variance.",
            (trains + norm // 2, rest - norm // 2): "γ and β train only in an open normalization.",
        },
        {"first": first, "second": second, "classes": classes, "opened": opened},
    )


@item("figure", "prove", 3)
def what_moved(rng):
    layers = ["block1 kernel", "block1 moving mean", "block5 kernel", "block5 moving mean", "head"]
    moved = np.round(rng.uniform(0.01, 0.3, 5), 2)
    cases = {
        "frozen backbone, trained head": [0, 0, 0, 0, 1],
        "last block opened, all normalizations frozen": [0, 0, 1, 0, 1],
        "frozen backbone, but its normalizations ran in training mode": [0, 1, 0, 1, 1],
    }
    case = str(rng.choice(list(cases)))
    differences = moved * cases[case]
    rows = list(zip(layers, differences.tolist(), strict=True))
    return Drawn(
        "Somebody copied all weights, trained, and compared. The largest differences:\n"
        f"{table(['weights', 'difference'], rows)}\nWhat was done, and what has it done to the "
        "backbone?",
        case,
        "What is 0 to the last bit was left alone. Moving averages move without a gradient: "
        "`trainable=False` on the normalizations stops them.",
        {other: "Other rows would be 0." for other in cases if other != case},
        {"differences": differences},
    )


@item("explain", "tune", 3)
def cached_and_augmented(rng):
    accuracy, epochs = int(rng.integers(80, 95)), int(rng.integers(10, 40))
    return Drawn(
        f"A head learns from cached features for {epochs} epochs and gets {accuracy} %. Then its "
        "owner adds flips and shifts to the input pipeline and trains the head again, from the "
        "same cache and seed. What does she get, and why? What should she do?",
        accuracy,
        f"{accuracy} % to the last digit: the cache was filled before, no changed picture reaches "
        "the backbone. Compute features of changed pictures, anew in each epoch, or of some fixed "
        "copies such as the mirror image.",
        {},
        {"accuracy": accuracy, "epochs": epochs},
    )


@item("listing", "tune", 5)
def order_of_fine_tuning(rng):
    rate, epochs = number_of(rng), int(rng.integers(5, 20))
    start = [
        "backbone.trainable = False",
        'model.compile(Adam(1e-3), "sparse_categorical_crossentropy")',
        f"model.fit(x, y, epochs={epochs})",
    ]
    variants = [
        (
            [*start, "backbone.trainable = True", f"model.fit(x, y, epochs={epochs})"],
            4,
            "After `trainable` has changed, the model must be compiled again: what trains was "
            "settled by the first `fit` (and the rate is still that of the head).",
        ),
        (
            [
                *start,
                "backbone.trainable = True",
                f'model.compile(Adam({rate}), "sparse_categorical_crossentropy")',
                f"model.fit(x, y, epochs={epochs})",
            ],
            5,
            "The rate is larger than that of the head: it overwrites what was borrowed. A tenth of "
            "it or less.",
        ),
        (
            [
                "backbone.trainable = True",
                'model.compile(Adam(1e-4), "sparse_categorical_crossentropy")',
                f"model.fit(x, y, epochs={epochs})",
            ],
            1,
            "The head is still random: its large gradients spoil the backbone. Train the head "
            "first, with the backbone frozen.",
        ),
    ]
    lines, blamed, why = variants[rng.integers(3)]
    return Drawn(
        "A new head stands on a borrowed backbone. Which line begins the trouble, and what should "
        f"be done?\n{listing(lines)}",
        blamed,
        why,
        {3: "To train is what was wanted."},
        {"lines": lines},
    )


def number_of(rng):
    return str(rng.choice(["1e-2", "1e-1"]))


@item("figure", "judge", 3)
def from_how_many_pictures(rng):
    sizes = [5, 10, 20, 50, 100, 400]
    frozen = np.sort(rng.integers(60, 84, 6))
    place = int(rng.integers(3, 6))
    gap = np.where(np.arange(6) < place, -1, 1) * rng.integers(3, 9, 6)
    scratch = frozen + gap - np.maximum(place - 1 - np.arange(6), 0) * 4
    return Drawn(
        "Test accuracy in % for growing numbers of pictures a class, means of five starts:\n"
        + table(
            ["pictures", *sizes],
            [["from scratch", *scratch.tolist()], ["frozen backbone", *frozen.tolist()]],
        )
        + "\nFrom which of these numbers on does a network of your own win? What else must you "
        "know "
        "before you believe it?",
        sizes[place],
        "The first column in which it is ahead, and stays ahead. The spread over starts; and "
        "whether the backbone has learned from the test classes.",
        {sizes[place - 1]: "There the backbone is still ahead."},
        {"sizes": sizes, "frozen": frozen, "scratch": scratch},
    )
