"""Exam items; not among the students' files."""

from tools.editions.exam import Drawn, item, listing


@item("compute", "compute", 4)
def shapes_through_a_network(rng):
    side, depth = int(rng.integers(24, 65)), int(rng.choice([1, 3]))
    first, second = rng.choice([6, 8, 16, 20], 2).tolist()
    k = int(rng.choice([3, 5]))
    one = side - k + 1
    two = one // 2 - k + 1
    end = two // 2
    return Drawn(
        f"Input {side} × {side} × {depth}, `Conv2D({first}, {k})`, `MaxPooling2D(2)`, "
        f"`Conv2D({second}, {k})`, `MaxPooling2D(2)`, `Flatten()`. Give the sides after each of "
        "the first four layers, and the length of the vector.",
        (one, one // 2, two, end, end * end * second),
        f"A convolution takes {k - 1} from each side, a pooling halves and drops a rest; Flatten "
        f"multiplies {end} · {end} · {second}.",
        {
            (side, side // 2, side // 2, side // 4, (side // 4) ** 2 * second): "As if padded: "
            "without padding each convolution takes k − 1.",
            (one, one // 2, two, end, end * end * first * second): "The second layer sets the "
            "depth; depths are not multiplied.",
        },
        {"side": side, "depth": depth, "first": first, "second": second, "k": k},
    )


@item("compute", "compute", 3)
def where_the_parameters_are(rng):
    side, maps, units = (
        int(rng.integers(4, 13)),
        int(rng.choice([16, 32])),
        int(rng.choice([64, 120])),
    )
    before = int(rng.choice([6, 8]))
    conv, dense = (9 * before + 1) * maps, (side * side * maps + 1) * units
    return Drawn(
        f"`Conv2D({maps}, 3)` looks at {before} maps and gives {side} × {side} × {maps}; Flatten "
        f"and `Dense({units})` follow. How many parameters has each of the two layers? Where would "
        "you save?",
        (conv, dense),
        f"(3 · 3 · {before} + 1) · {maps} and ({side} · {side} · {maps} + 1) · {units}. Save where "
        "the parameters are: pool before Flatten, or take the mean of each map.",
        {
            (10 * maps, dense): "A kernel is as deep as its input.",
            (conv - maps, dense - units): "The biases are missing.",
            (conv, (maps + 1) * units): "Flatten keeps every place of every map.",
        },
        {"side": side, "maps": maps, "units": units, "before": before},
    )


@item("compute", "compute", 3)
def place_in_the_vector(rng):
    rows, columns, maps = (rng.integers(3, 8, 3)).tolist()
    r, c, m = (int(rng.integers(1, n)) for n in (rows, columns, maps))
    return Drawn(
        f"A volume of {rows} rows, {columns} columns and {maps} maps is flattened; the map runs "
        f"fastest, the row slowest. At which place of the vector, from 0, is the value of row {r}, "
        f"column {c}, map {m}?",
        (r * columns + c) * maps + m,
        f"({r} · {columns} + {c}) · {maps} + {m}.",
        {
            (m * rows + r) * columns + c: "Map after map: that is the order of another library.",
            (r * columns + c) * maps + m + 1: "Counted from 1.",
        },
        {"rows": rows, "columns": columns, "maps": maps, "r": r, "c": c, "m": m},
    )


FAULTS = {
    1: (
        "model.add(keras.Input((28, 28)))",
        "A picture has a channel axis, also in gray: (28, 28, 1).",
    ),
    5: (
        "model.add(layers.Dense({n}))",
        "The loss expects probabilities (`from_logits` is False by default), and the last layer "
        'gives logits: it needs "softmax".',
    ),
    6: (
        'model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))',
        "The last layer has softmax, and the loss applies it again: leave `from_logits` out.",
    ),
}


@item("listing", "build", 5)
def broken_network(rng):
    n, maps = int(rng.choice([4, 8, 10])), int(rng.choice([6, 8, 16]))
    lines = [
        "model = keras.Sequential()",
        "model.add(keras.Input((28, 28, 1)))",
        f'model.add(layers.Conv2D({maps}, 5, activation="relu"))',
        "model.add(layers.MaxPooling2D(2))",
        "model.add(layers.Flatten())",
        f'model.add(layers.Dense({n}, "softmax"))',
        'model.compile("adam", keras.losses.SparseCategoricalCrossentropy())',
    ]
    place = int(rng.choice(list(FAULTS)))
    fault, why = FAULTS[place]
    lines[place] = fault.format(n=n)
    return Drawn(
        f"A network for pictures of {n} kinds in 28 × 28 gray pixels, in an array (N, 28, 28, 1), "
        f"labels 0 to {n - 1}. One line is wrong. Which one, and what should it be?\n"
        f"{listing(lines)}",
        place + 1,
        why,
        {4: "Pooling has no activation, and needs none."},
        {"lines": lines},
    )


@item("compute", "exchange", 3)
def one_number_per_map(rng):
    side, maps, classes = (
        int(rng.integers(3, 9)),
        int(rng.choice([32, 64, 128])),
        int(rng.choice([4, 10, 26])),
    )
    flat, pooled = (side * side * maps + 1) * classes, (maps + 1) * classes
    return Drawn(
        f"The last maps of a network are {side} × {side} × {maps}; a dense layer for {classes} "
        "classes follows. How many parameters has this layer behind Flatten, and how many behind "
        "GlobalMaxPooling2D? Which of the two networks reads a digit that has moved, and why?",
        (flat, pooled),
        f"({side} · {side} · {maps} + 1) · {classes} and ({maps} + 1) · {classes}. Behind Flatten "
        "every weight belongs to one place; the maximum of a map says whether a pattern occurs, "
        "not where.",
        {
            (flat, pooled - classes): "The biases are missing.",
            (flat, (side * side + 1) * classes): "One number per map, not one per place.",
            (flat, flat): "GlobalMaxPooling2D leaves one number of each map.",
        },
        {"side": side, "maps": maps, "classes": classes},
    )


@item("compute", "train", 3)
def steps_of_a_training(rng):
    pictures, batch = int(rng.integers(700, 1300)), int(rng.choice([16, 32, 64]))
    epochs = int(rng.integers(5, 21))
    steps = -(-pictures // batch)
    return Drawn(
        f"`fit` gets {pictures:,} pictures, `batch_size={batch}`, `epochs={epochs}`. How many "
        "times are the weights changed? Whose digits belong into `validation_data`?",
        steps * epochs,
        f"{steps} batches an epoch, the last one smaller, times {epochs}. Digits of writers who "
        "wrote none of the training digits.",
        {
            pictures // batch * epochs: "The last, smaller batch changes the weights, too.",
            pictures * epochs: "The weights change once for each batch, not for each picture.",
            steps: "That is one epoch.",
        },
        {"pictures": pictures, "batch": batch, "epochs": epochs},
    )


@item("compute", "exchange", 3)
def dense_network_of_the_same_size(rng):
    side, classes = int(rng.choice([8, 16, 28, 32])), int(rng.choice([4, 10]))
    inputs = side * side
    units = int(rng.integers(20, 80))
    total = (inputs + 1) * units + (units + 1) * classes + int(rng.integers(0, inputs))
    return Drawn(
        f"A convolutional network for {side} × {side} gray pixels and {classes} classes has "
        f"{total:,} "
        "parameters. A dense network with one hidden layer shall have as many, or a few less. How "
        "many hidden units? On which pictures do you expect the larger difference, and why?",
        units,
        f"Each unit costs {inputs} + 1 + {classes} parameters, and {classes} biases come on top. "
        "Where things may be anywhere: what a dense network learns about one place it cannot "
        "use at "
        "another.",
        {
            total // inputs: "Biases and the second layer are left out.",
        },
        {"side": side, "classes": classes, "total": total},
    )


@item("explain", "exchange", 4)
def the_digits_move(rng):
    side, small = int(rng.choice([32, 40])), int(rng.choice([16, 20]))
    places = (side - small + 1) ** 2
    return Drawn(
        f"Digits of {small} × {small} pixels stand anywhere in frames of {side} × {side}, at "
        f"one of {places} places. A dense network, a convolutional one with Flatten, and one with "
        "GlobalMaxPooling2D in its place learn from a thousand of them. Put them in order, and say "
        "of each why.",
        None,
        "Last the dense one: a stroke at another place meets other weights. Then Flatten: the "
        "kernels are shared, but the weights behind them belong to places. Best the global "
        "pooling: no weight belongs to a place. Named well: the same people must not stand in "
        "training and test.",
    )
