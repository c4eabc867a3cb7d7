"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, listing, number, table

FEATURES = {
    "quantitative, continuous": ["a body temperature", "the length of a leaf", "a reaction time"],
    "quantitative, discrete": [
        "the number of rooms of a flat",
        "how many petals a flower has",
        "the goals of a match",
    ],
    "qualitative, ordinal": [
        "a size: S, M or L",
        "a school grade from A to F",
        "a pain: none, some, strong",
    ],
    "qualitative, nominal": ["a postal code", "a blood group", "the brand of a car"],
}


@item("choose", "encode", 1)
def kind_of_feature(rng):
    right = str(rng.choice(list(FEATURES)))
    reasons = {
        "quantitative, continuous": "It is not measured on a scale without gaps.",
        "quantitative, discrete": "Nothing is counted.",
        "qualitative, ordinal": "These are not categories with an order.",
        "qualitative, nominal": "These are not categories without an order.",
    }
    return Drawn(
        f"What kind of feature is {rng.choice(FEATURES[right])}?",
        right,
        "Ask first whether it is a number that may be averaged; then whether it is counted or "
        "measured, or whether its categories have an order.",
        {kind: reason for kind, reason in reasons.items() if kind != right},
    )


@item("compute", "encode", 3)
def one_hot_by_hand(rng):
    classes = int(rng.integers(4, 6))
    labels = rng.choice(classes - 1, 3, replace=False).tolist()
    rows = tuple(tuple(int(c == label) for c in range(classes)) for label in labels)
    return Drawn(
        f"There are {classes} classes, numbered from 0. Write the labels {said_list(labels)} as "
        "one-hot rows.",
        rows,
        f"A row has {classes} places, also where a class does not occur here; the 1 stands at the "
        "place of the label.",
        {
            tuple(row[: max(labels) + 1] for row in rows): "The columns end at the largest label "
            "seen: the test set may hold another class.",
        },
        {"labels": labels, "classes": classes},
    )


def said_list(values):
    return ", ".join(map(str, values))


@item("compute", "split", 3)
def stratified_counts(rng):
    counts = (10 * rng.integers(2, 13, 3)).tolist()
    percent = int(rng.choice([10, 20, 30]))
    sizes = tuple(count * percent // 100 for count in counts)
    return Drawn(
        f"A data set holds {counts[0]} airplanes, {counts[1]} birds and {counts[2]} cats. How "
        f"many of each come into a stratified test set of {percent} %?",
        sizes,
        f"Each class is cut by itself: {percent} % of {said_list(counts)}.",
        {
            tuple([sum(sizes) / 3] * 3): "Equal numbers of each class: stratified means equal "
            "shares, not equal numbers.",
        },
        {"counts": counts, "percent": percent},
    )


@item("compute", "build", 3)
def neighbors_vote(rng):
    places = np.sort(rng.choice(np.arange(1, 20), 5, replace=False))
    labels = rng.integers(0, 2, 5)
    query = float(rng.integers(2, 19)) + 0.3
    order = np.argsort(np.abs(places - query))
    one, three = int(labels[order[0]]), int(labels[order[:3]].sum() >= 2)
    return Drawn(
        f"Known examples on a line, with their labels:\n"
        f"{table(['place', *places.tolist()], [['label', *labels.tolist()]])}\n"
        f"What is the label of {number(query)} by one neighbor, and by three?",
        (one, three),
        f"The nearest are {said_list(places[order[:3]].tolist())}, with the labels "
        f"{said_list(labels[order[:3]].tolist())}.",
        {(int(labels[order[-1]]), three): "The farthest in place of the nearest."}
        if labels[order[-1]] != one
        else {},
        {"places": places, "labels": labels, "query": query},
    )


@item("figure", "choose", 4)
def which_k_to_report(rng):
    ks = [1, 5, 15, 45, 135]
    validation = (70 + rng.choice(np.arange(8, 20), 5, replace=False)).tolist()
    train = [100, *sorted(rng.choice(np.arange(75, 99), 4, replace=False).tolist(), reverse=True)]
    test = [value + int(rng.choice([-3, -2, -1, 1])) for value in validation]
    best = int(np.argmax(validation))
    luckiest = int(np.argmax(test))
    wrong = {(1, 100): "Chosen by the training accuracy, which loves memory."}
    if luckiest != best:
        wrong[(ks[luckiest], test[luckiest])] = "Chosen by the test set: it cannot judge any more."
    wrong[(ks[best], validation[best])] = "The right k, but the number that chose it is lucky."
    return Drawn(
        "Nearest neighbors with five values of k, accuracies in %:\n"
        f"{table(['k', *ks], [['training', *train], ['validation', *validation], ['test', *test]])}"
        "\nWhich k do you choose, and which accuracy do you report? Say why.",
        (ks[best], test[best]),
        "The validation set chooses; the test set, which had no say, gives the number to report.",
        wrong,
        {"ks": ks, "train": train, "validation": validation, "test": test},
    )


LEAKS = {
    "mean, spread = X.mean(axis=0), X.std(axis=0)": "It computes mean and spread of all rows, the "
    "test rows among them; take `X[train]`.",
    "best = most_different(X, y, keep=20)": "It selects features with the labels of the test rows; "
    "select on `X[train], y[train]`.",
    "k = max(ks, key=lambda k: score(k, X[test], y[test]))": "It chooses k by the test set; choose "
    "on validation rows.",
}


@item("listing", "recognize", 4)
def which_line_leaks(rng):
    leak = str(rng.choice(list(LEAKS)))
    clean = [
        "mean, spread = X[train].mean(axis=0), X[train].std(axis=0)",
        "best = most_different(X[train], y[train], keep=20)",
        "k = max(ks, key=lambda k: score(k, X[validation], y[validation]))",
    ]
    middle = [leak if leak.split(" = ")[0] == line.split(" = ")[0] else line for line in clean]
    extra = ["order = rng.permutation(len(X))"] if rng.integers(2) else []
    lines = [
        *extra,
        f"train, validation, test = split(len(X), seed={rng.integers(100)})",
        *middle,
        "model = neighbors(k).fit(X[train], y[train])",
        "print(accuracy(model, X[test], y[test]))",
    ]
    return Drawn(
        "One line of this program gives the test set a say in the model. Which one? Say what it "
        f"should be.\n{listing(lines)}",
        lines.index(leak) + 1,
        LEAKS[leak],
        {
            len(lines): "The last line asks the test set once, at the end: that is what it is for.",
            len(extra) + 1: "The split is flawless. It protects only what happens after it.",
        },
        {"lines": lines},
    )


@item("compute", "recognize", 4)
def score_of_twins(rng):
    percent, things = int(rng.choice([60, 70, 80, 90])), int(100 * rng.integers(2, 9))
    return Drawn(
        f"{things} things are photographed twice. The labels are coin flips, so there is nothing "
        f"to learn. The pictures are split at random, {percent} % for training. What does the "
        "nearest neighbor score on the test pictures, on average, in %?",
        percent + (100 - percent) / 2,
        f"The twin is among the training pictures in {percent} % of the cases, and the answer is "
        "right; otherwise it is a coin. A split by things would have brought back 50 %.",
        {
            50: "The honest score. Here twins stand on both sides of the split.",
            percent: "Without its twin a picture is still right half of the time.",
        },
        {"percent": percent, "things": things},
    )
