"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, listing, number, table


@item("compute", "judge", 3)
def accuracy_and_balanced_accuracy(rng):
    many, few = 10 * int(rng.integers(8, 19)), 10 * int(rng.integers(1, 4))
    found = int(many * rng.uniform(0.9, 0.98)), int(few * rng.uniform(0.2, 0.6))
    accuracy = round(100 * sum(found) / (many + few), 1)
    balanced = round(50 * (found[0] / many + found[1] / few), 1)
    return Drawn(
        f"A test has {many} photographs of apples and {few} of pears. A network names {found[0]} "
        f"of the apples right and {found[1]} of the pears. Its accuracy and its balanced accuracy, "
        "in percent (one decimal)? Which of the two would you write on the card first?",
        (accuracy, balanced),
        f"{sum(found)} of {many + few}, and the mean of {found[0]} / {many} and {found[1]} / {few}."
        " The second one, or better both recalls: the rare class is what the accuracy hides.",
        {
            (accuracy, accuracy): "The mean over photographs is not the mean over classes.",
            (accuracy, 50.0): "That is what always the same answer gets.",
        },
        {"many": many, "few": few, "found": found},
    )


@item("compute", "build", 2)
def weight_of_a_class(rng):
    counts = 10 * rng.choice(np.arange(1, 20), int(rng.integers(3, 6)), replace=False)
    weight = counts.sum() / len(counts) / counts.min()
    return Drawn(
        f"A folder has classes of {', '.join(map(str, counts))} photographs for training. Which "
        "weight does the rarest one get in `class_weight`, so that all classes count the same and "
        "the weights are 1 on average over the photographs (two decimals)?",
        round(float(weight), 2),
        f"{counts.sum()} / ({len(counts)} · {counts.min()}).",
        {
            round(float(counts.sum() / counts.min()), 2): "The number of classes is missing.",
            round(float(counts.max() / counts.min()), 2): "Compared with the most frequent class, "
            "not with an equal share.",
        },
        {"counts": counts},
    )


@item("compute", "judge", 4)
def temperature_by_hand(rng):
    shares = rng.choice([(0.6, 0.3, 0.1), (0.7, 0.2, 0.1), (0.5, 0.4, 0.1), (0.8, 0.1, 0.1)])
    squares = shares**2
    cold = tuple(np.round(squares / squares.sum(), 2).tolist())
    return Drawn(
        f"A network gives three classes the shares {', '.join(map(number, shares))}. What does the "
        "temperature T = ½ make of them (two decimals)? Does the network become bolder or more "
        "modest, and how many of its answers change?",
        cold,
        f"Squares {', '.join(number(v) for v in squares)}, divided by their sum "
        f"{number(squares.sum())}. Bolder; none, because a power keeps the order.",
        {
            tuple(np.round(squares, 2).tolist()): "The sum has to be 1 again.",
            tuple(np.round(np.sqrt(shares) / np.sqrt(shares).sum(), 2).tolist()): "1 / T is 2: "
            "squares, not roots.",
        },
        {"shares": shares},
    )


@item("figure", "split", 3)
def a_scene_on_two_sides(rng):
    seconds = np.cumsum(rng.choice([1, 2, 40, 90], 7, p=[0.3, 0.2, 0.25, 0.25]))
    times = [0, *seconds.tolist()]
    held = np.zeros(8, int)
    held[rng.choice(8, 2, replace=False)] = 1
    bursts = np.cumsum(np.diff([-99, *times]) > 3)
    both = sum(len(set(held[bursts == burst])) == 2 for burst in set(bursts))
    if not both:
        return a_scene_on_two_sides.draw(rng)
    rows = [["taken at (s)", *times], ["held out", *held.tolist()]]
    return Drawn(
        "Eight photographs of one class, in the order in which they were taken; 1 marks those held "
        f"out.\n{table(['photograph', *range(8)], rows)}\nPhotographs within 3 seconds of the one "
        "before are one burst. How many bursts are there, and how many of them are on both sides?",
        (int(bursts.max()), both),
        f"The bursts are {', '.join(map(str, bursts))}. Hold out whole bursts.",
        {(8, 0): "A photograph is no scene: bursts of several count once."},
        {"times": times, "held": held},
    )


PARTS = [
    ('x = layers.RandomFlip("horizontal")(photo)', None, ""),
    (
        "x = base(x)",
        "x = base(photo)",
        "The flip is left out: `photo` goes to the base as it is.",
    ),
    (
        "x = layers.GlobalAveragePooling2D()(x)",
        "x = layers.GlobalAveragePooling2D()(photo)",
        "It averages the photograph: the base and the flip are left out.",
    ),
    (
        'y = layers.Dense(3, activation="softmax")(x)',
        'y = layers.Dense(3, activation="relu")(x)',
        "Shares of classes come from softmax; ReLU gives numbers that need not add up to 1.",
    ),
]


@item("listing", "build", 3)
def line_of_the_network(rng):
    wrong, size = int(rng.integers(1, 4)), int(rng.choice([64, 96, 128]))
    lines = [f"photo = keras.Input(({size}, {size}, 3))"]
    lines += [part[1] if number == wrong else part[0] for number, part in enumerate(PARTS)]
    lines.append("model = keras.Model(photo, y)")
    return Drawn(
        "This network is to be fine-tuned from a borrowed `base`, to name three classes. One line "
        f"is wrong. Which one, and what does it do?\n{listing(lines)}",
        wrong + 2,
        PARTS[wrong][2],
        {2: "Changed copies belong into the network, before the base.", 6: "Inputs, then outputs."},
        {"lines": lines},
    )


@item("figure", "judge", 4)
def calibration_error_of_two_bins(rng):
    counts = 10 * rng.integers(1, 6, 2)
    sure = np.array([0.6, 0.9]) + rng.choice([0, 0.05], 2)
    right = (counts * rng.choice([0.5, 0.6, 0.7, 0.8], 2)).astype(int)
    gaps = np.abs(right / counts - sure)
    error = round(float(counts @ gaps / counts.sum()), 2)
    rows = [
        ["mean share", *map(float, sure)],
        ["answers", *map(int, counts)],
        ["right", *map(int, right)],
    ]
    return Drawn(
        f"A reliability curve has two bins.\n{table(['bin', 1, 2], rows)}\nWhat is the expected "
        "calibration error, two decimals? Is the network too sure or too modest in bin 2?",
        error,
        f"Gaps {', '.join(number(gap, 3) for gap in gaps)}, weighted by {counts[0]} and "
        f"{counts[1]} answers.",
        {round(float(gaps.mean()), 2): "The bins do not hold equally many answers."}
        if counts[0] != counts[1]
        else {},
        {"sure": sure, "counts": counts, "right": right},
    )


@item("explain", "document", 3)
def before_it_is_given_away(rng):
    thing, place = rng.choice([["dogs", "a park"], ["bicycles", "a street"], ["cakes", "a party"]])
    return Drawn(
        f"You have photographed {thing} in {place}; some strangers can be seen in the background. "
        "You want to publish the network. Name three things that its card has to say, and what you "
        "do about the strangers.",
        None,
        "What it was trained on, license, consent, recalls with counts, where it fails: any three. "
        "Ask the strangers, cut them out, or leave these photographs out, before "
        "training.",
        {},
        {},
    )


@item("explain", "name", 2)
def what_the_file_lacks(rng):
    size = int(rng.choice([64, 96, 160]))
    return Drawn(
        f"A friend opens your `model.keras` in a new Python and hands it a photograph of {size} × "
        f"{size} × 3 numbers, divided by 255. It stops with an error about shapes. Repair it, name "
        "a second mistake that raises no error, and say what she needs beside the file.",
        None,
        "`photo[np.newaxis]`; the network scales inside, so pixels stay 0 to 255; the names, in "
        "their order, are not in the file.",
        {},
        {"size": size},
    )
