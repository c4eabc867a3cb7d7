"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, number, table


@item("compute", "run", 3)
def one_number_by_hand(rng):
    window = rng.integers(0, 4, (2, 2))
    kernel, bias = rng.integers(-3, 4, (2, 2)), int(rng.integers(-4, 5))
    total = int((window * kernel).sum())
    right = max(0, total + bias)
    rows = [[*window[row].tolist(), "", *kernel[row].tolist()] for row in range(2)]
    return Drawn(
        f"A window of a picture (left) and a kernel (right):\n"
        f"{table(['', '', '', '', ''], rows)}\nThe bias is {number(bias)}, the activation ReLU. "
        "Which number stands in the map?",
        right,
        f"The products add up to {total}, with the bias to {total + bias}; ReLU cuts off what is "
        "below 0.",
        {
            total + bias: "ReLU comes after the bias.",
            max(0, total): "The bias is missing.",
            max(0, total) + bias: "First the bias, then ReLU.",
        },
        {"window": window, "kernel": kernel, "bias": bias},
    )


@item("compute", "trace", 4)
def window_below_a_number(rng):
    first, second = rng.choice([3, 5], 2).tolist()
    pool, row, column = int(rng.choice([2, 3])), *rng.integers(1, 7, 2).tolist()
    side = first + pool - 1 + (second - 1) * pool
    return Drawn(
        f"`Conv2D(8, {first})`, `MaxPooling2D({pool})`, `Conv2D(16, {second})`, without padding. "
        f"Which pixels does the number in row {row}, column {column} of the last maps depend on? "
        "Give the first row, the first column, and how many rows they are, from 0.",
        (row * pool, column * pool, side),
        f"{second} pooled numbers see {second} · {pool} rows of the first maps, and these "
        f"{second * pool} + {first} − 1 rows of the picture; a step is {pool} pixels.",
        {
            (row, column, side): "A step of the last maps is a step of the pooling.",
            (row * pool, column * pool, first + second - 1): "The pooling widens the window.",
            (row * pool, column * pool, second): "That is the window on the layer below.",
        },
        {"first": first, "pool": pool, "second": second, "row": row, "column": column},
    )


@item("compute", "explain", 3)
def who_voted(rng):
    hidden = rng.permutation([-0.9, -0.5, 0.2, 0.6, 0.8])
    weights = rng.permutation([-2.0, -1.0, 0.5, 1.5, 3.0])
    products = hidden * weights
    names = [f"unit {n}" for n in range(5)]
    rows = [["says", *map(float, hidden)], ["weight for 3", *map(float, weights)]]
    return Drawn(
        f"The last hidden layer has five units:\n{table(['', *names], rows)}\nThe bias of the "
        "class 3 is 0. Which score does 3 get, and which unit votes for it most?",
        (round(float(products.sum()), 2), int(products.argmax())),
        f"The products are {', '.join(f'{one:.2f}' for one in products)}. A negative weight times "
        "a negative number is a vote for the class.",
        {
            (round(float(products.sum()), 2), int(weights.argmax())): "The largest weight says "
            "little: it is multiplied by what the unit says.",
            (round(float(products.sum()), 2), int(hidden.argmax())): "The most active unit may "
            "vote against the class.",
        },
        {"hidden": hidden, "weights": weights},
    )


@item("figure", "judge", 4)
def recall_and_precision_of_a_class(rng):
    counts = rng.integers(0, 9, (3, 3)) + np.diag(rng.integers(15, 50, 3))
    c = int(rng.integers(3))
    name = "012"[c]
    recall, precision = counts[c, c] / counts[c].sum(), counts[c, c] / counts[:, c].sum()
    rows = [[f"is {row}", *counts[row].tolist()] for row in range(3)]
    return Drawn(
        f"A confusion matrix; a row is what a picture shows, a column what the network said.\n"
        f"{table(['', 'said 0', 'said 1', 'said 2'], rows)}\nRecall and precision of the class "
        f"{name}, to two decimals?",
        (round(recall, 2), round(precision, 2)),
        f"{counts[c, c]} of the row's {counts[c].sum()}, and of the column's {counts[:, c].sum()}.",
        {
            (round(precision, 2), round(recall, 2)): "Rows and columns are swapped.",
            (
                round(np.trace(counts) / counts.sum(), 2),
                round(precision, 2),
            ): "That is the accuracy of all classes.",
        },
        {"counts": counts, "c": c},
    )


@item("explain", "explain", 4)
def a_learned_kernel(rng):
    layer, side = int(rng.choice([2, 3])), int(rng.choice([28, 32]))
    return Drawn(
        f"A network has learned digits of {side} × {side} pixels. You look at the kernels of its "
        f"first layer and at the patches that excite a unit of layer {layer} most. What do you "
        "expect to "
        "see in each, and why can you look at the kernels of the first layer only?",
        None,
        "First layer: edges of several directions, light beside dark. Deeper: pieces of strokes, "
        "such as ends, bends and crossings. A kernel of a deeper layer weighs maps, not pixels; "
        "the patches show what it answers to.",
    )
