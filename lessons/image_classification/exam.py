"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, listing, number, table


@item("compute", "find out", 3)
def two_baselines(rng):
    classes = int(rng.choice([4, 5, 8, 10]))
    counts = 10 * rng.integers(3, 9, classes)
    counts[rng.integers(classes)] = 10 * rng.integers(12, 30)
    most = 100 * counts.max() / counts.sum()
    return Drawn(
        f"A set of pictures has {classes} classes with {', '.join(map(str, counts))} pictures. "
        "How many percent does guessing with equal chances get, and how many the answer that is "
        "always the most frequent class (one decimal)? What do you compare a network with?",
        (round(100 / classes, 1), round(float(most), 1)),
        f"1 in {classes}, and {counts.max()} of {counts.sum()}. Compare with the stronger one, and "
        "with a network that sees colors only.",
        {(round(100 / classes, 1), round(100 / classes, 1)): "The classes are not equally large."},
        {"counts": counts},
    )


@item("figure", "find out", 3)
def groups_on_both_sides(rng):
    groups = rng.permutation([0, 0, 1, 1, 1, 2, 2, 3])
    held = np.zeros(8, int)
    held[rng.choice(8, 3, replace=False)] = 1
    shared = sorted(set(groups[held == 1].tolist()) & set(groups[held == 0].tolist()))
    if not shared:
        return groups_on_both_sides.draw(rng)
    rows = [["group", *groups.tolist()], ["held out", *held.tolist()]]
    return Drawn(
        "Eight pictures; the group says which thing a picture shows, 1 marks a picture held out.\n"
        f"{table(['picture', *range(8)], rows)}"
        "\nWhich groups are on both sides? What does that do to the score, and how would you "
        "split?",
        tuple(shared),
        "The network may recognize the thing in place of the class, so the score is too good. Draw "
        "groups, not pictures.",
        {tuple(sorted(set(groups[held == 1].tolist()))): "All that are held out, shared or not."}
        if set(groups[held == 1].tolist()) != set(shared)
        else {},
        {"groups": groups, "held": held},
    )


ORDERS = [
    (
        ("cache", "map", "shuffle", "batch"),
        "cache",
        "Reading and shrinking run again in every epoch: the cache stands before the slow step.",
    ),
    (
        ("map", "shuffle", "cache", "batch"),
        "cache",
        "The cache keeps the order of the first epoch: every epoch has the same. Put it before "
        "`shuffle`.",
    ),
    (
        ("map", "cache", "batch", "shuffle"),
        "shuffle",
        "Batches are shuffled, not pictures: a batch holds one class, always. Put it before "
        "`batch`.",
    ),
]


@item("listing", "build", 4)
def order_of_a_pipeline(rng):
    size, buffer = int(rng.choice([16, 32, 64])), int(rng.choice([1000, 2000, 5000]))
    arguments = {"map": "read_and_shrink", "cache": "", "shuffle": buffer, "batch": size}
    order, step, why = ORDERS[rng.integers(len(ORDERS))]
    lines = [
        "pictures = tf.data.Dataset.from_tensor_slices(files)",
        *(f"pictures = pictures.{name}({arguments[name]})" for name in order),
        "pictures = pictures.prefetch(1)",
    ]
    return Drawn(
        "The files come class after class. Which step, `cache` or `shuffle`, stands in the wrong "
        f"place? Give its line, and say what it does there.\n{listing(lines)}",
        order.index(step) + 2,
        why,
        {6: "`prefetch` belongs to the end."},
        {"lines": lines},
    )


@item("figure", "train", 4)
def name_the_epoch(rng):
    length, turn = 8, int(rng.integers(3, 6))
    train = np.round(2.0 * 0.7 ** np.arange(length) + rng.uniform(-0.02, 0.02, length), 2)
    rise = np.abs(np.arange(1, length + 1) - turn) * rng.uniform(0.05, 0.09)
    validation = np.round(float(rng.uniform(0.9, 1.2)) + rise * rng.uniform(0.9, 1.1, length), 2)
    best = int(validation.argmin()) + 1
    rows = [["training", *train.tolist()], ["validation", *validation.tolist()]]
    return Drawn(
        f"Losses after each epoch:\n{table(['epoch', *range(1, length + 1)], rows)}\nAfter which "
        "epoch would you have kept the weights? Why may the validation *accuracy* stay where it is "
        "while the validation loss rises?",
        best,
        "The validation loss turns there while the training loss falls on: over-fitting. The loss "
        "also counts how sure the network is: its mistakes become surer, not more.",
        {length: "The training loss falls to the end, whatever the network has learned."},
        {"train": train, "validation": validation},
    )


@item("compute", "train", 3)
def sure_and_wrong(rng):
    logs = {0.5: 0.69, 0.3: 1.2, 0.1: 2.3, 0.01: 4.61, 0.001: 6.91}
    doubt, sure = float(rng.choice([0.5, 0.3, 0.1])), float(rng.choice([0.01, 0.001]))
    others = int(rng.integers(2, 9))
    mean = round((others * logs[0.5] + logs[sure] + logs[doubt]) / (others + 2), 2)
    return Drawn(
        f"A network gives the right class the probability 0.5 in {others} pictures, {doubt} in one "
        f"and {sure} in another. What is the mean loss, to two decimals? Which single picture "
        "matters most, and does the accuracy notice?\n"
        f"{table(['p', *logs], [['−ln p', *logs.values()]])}",
        mean,
        f"({others} · 0.69 + {number(logs[doubt])} + {number(logs[sure])}) / {others + 2}. The "
        "sure "
        "mistake; for the accuracy it is one mistake like any other.",
        {round(mean * (others + 2), 2): "The sum, not the mean."},
        {"others": others, "doubt": doubt, "sure": sure},
    )


@item("figure", "train", 3)
def class_by_class(rng):
    names = rng.choice(["car", "cat", "dog", "fruit", "person"], 3, replace=False).tolist()
    counts = np.diag(rng.integers(20, 40, 3)) + rng.integers(0, 12, (3, 3))
    recalls = np.diag(counts) / counts.sum(1)
    if len(set(np.round(recalls, 1))) < 3:
        return class_by_class.draw(rng)
    worst = int(recalls.argmin())
    rows = [[f"is {name}", *row] for name, row in zip(names, counts.tolist(), strict=True)]
    head = ["", *(f"said {name}" for name in names)]
    precisions = np.diag(counts) / counts.sum(0)
    other = int(precisions.argmin())
    return Drawn(
        f"Rows are what the pictures show, columns what the network said.\n{table(head, rows)}\n"
        "Of which class does it find the smallest share? How large is that share, to two decimals?",
        (names[worst], round(float(recalls[worst]), 2)),
        f"The recalls are {', '.join(number(value) for value in recalls)}: the diagonal over the "
        "sum of its row.",
        {
            (names[other], round(float(precisions[other]), 2)): "That is precision: divided by the "
            "column."
        },
        {"names": names, "counts": counts},
    )


@item("figure", "find out", 3)
def what_a_doubling_brings(rng):
    start, gain = int(rng.integers(35, 55)), int(rng.integers(4, 8))
    accuracies = [start + gain * step for step in range(4)]
    sizes = [25, 50, 100, 200]
    return Drawn(
        "Validation accuracy in % of a network for growing numbers of training pictures a class, "
        "mean of five "
        f"starts:\n{table(['pictures', *sizes], [['accuracy', *accuracies]])}\nWhat do "
        "you predict for 400 a class? Up to where would you trust such a rule, and how could you "
        "have tested it?",
        accuracies[-1] + gain,
        f"Each doubling brought {gain} points. It cannot go on beyond 100 %, and nobody knows "
        "where "
        "it bends; hide the last column and predict it from the others.",
        {
            accuracies[-1]
            + 2 * gain: "The last gain, counted by pictures: 200 more are one doubling.",
            2 * accuracies[-1]: "Twice the pictures are not twice the accuracy.",
        },
        {"sizes": sizes, "accuracies": accuracies},
    )
