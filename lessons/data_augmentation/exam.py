"""Exam items; not among the students' files."""

from itertools import combinations

import numpy as np

from tools.editions.exam import Drawn, item, listing, number, table


def flat(values):
    return tuple(np.ravel(values).tolist())


@item("compute", "choose", 3)
def strength_to_train(rng):
    strengths = [0, 5, 10, 20, 30, 45]
    right = [int(rng.integers(78, 88))]
    for drop in rng.integers([0, 2, 6, 10, 12], [2, 5, 10, 14, 20]):
        right.append(right[-1] - int(drop))
    mine, points = int(rng.choice([12, 25, 35, 40])), int(rng.choice([8, 12]))
    last = max(k for k, degrees in enumerate(strengths) if degrees <= mine)
    first = next((k for k in range(6) if right[0] - right[k] > points), 5)
    answer = strengths[last] if right[0] - right[last] > points else 0
    rows = [["degrees", *strengths], ["right, in %", *right]]
    wrong = {
        mine: "It is to be a strength of the table.",
        strengths[min(last + 1, 5)]: "That is above your own limit.",
        strengths[first]: "The first that costs enough; take the largest within your limit.",
    }
    return Drawn(
        f"A network that has seen no copies names pictures that are turned more and more:\n"
        f"{table(['', *'abcdef'], rows)}\nYou would name them up to {mine} degrees. Which strength "
        f"of the table do you train with: the largest within your limit, if the network has lost "
        f"more than {points} points there, otherwise 0?",
        answer,
        f"Within {mine} lies {strengths[last]}; lost there: {right[0]} − {right[last]} = "
        f"{right[0] - right[last]}.",
        {value: why for value, why in wrong.items() if value != answer},
        {"strengths": strengths, "right": right, "mine": mine, "points": points},
    )


@item("compute", "choose", 2)
def places_of_a_crop(rng):
    height, width = rng.integers(20, 60, 2).tolist()
    h, w = int(rng.integers(10, height)), int(rng.integers(10, width))
    return Drawn(
        f"How many different crops of {h} × {w} has a picture of {height} × {width} pixels?",
        (height - h + 1) * (width - w + 1),
        f"({height} − {h} + 1) rows to begin in, times ({width} − {w} + 1) columns.",
        {
            (height - h) * (width - w): "The last place fits as well: + 1.",
            (height // h) * (width // w): "Crops may overlap.",
        },
        {"height": height, "width": width, "h": h, "w": w},
    )


@item("compute", "build", 3)
def brighter_pixels(rng):
    amount = int(10 * rng.integers(6, 13))
    pixels = np.array(
        [rng.integers(0, 100), rng.integers(256 - amount, 256), rng.integers(100, 130)]
    )
    right = np.clip(pixels + amount, 0, 255)
    wrapped = (pixels + amount) % 256
    return Drawn(
        f"Three `uint8` pixels are {', '.join(map(str, pixels))}. What does `pixels + "
        f"np.uint8({amount})` give, and what should a brighter picture hold?",
        (flat(wrapped), flat(right)),
        "Eight bits end at 255 and begin again at 0. Change the type first, add, clip, change "
        "back.",
        {
            (flat(right), flat(right)): "NumPy does not clip.",
            (flat(pixels + amount), flat(right)): "A `uint8` holds no number above 255.",
        },
        {"pixels": pixels, "amount": amount},
    )


FLIPS = {
    "galaxies": "both",
    "mushrooms from above": "both",
    "bacteria under a microscope": "both",
    "handwritten letters": "none",
    "signs “turn left” and “turn right”": "none",
    "clock faces": "none",
    "cars on a road": "left-right",
    "dogs in a park": "left-right",
    "cups on a table": "left-right",
}
SAID = {
    "none": "neither of them",
    "left-right": "left-right only",
    "both": "left-right and up-down",
}


@item("choose", "choose", 2)
def which_flips(rng):
    things = str(rng.choice(list(FLIPS)))
    right = FLIPS[things]
    names = list(SAID)
    reasons = {
        SAID[name]: "It leaves out true pictures."
        if names.index(name) < names.index(right)
        else "Some of these come from no camera, or say something else."
        for name in names
        if name != right
    }
    return Drawn(
        f"Which flips leave the label true for photographs of {things}?",
        SAID[right],
        "Ask whether the flipped picture could come from the camera, with the same label.",
        {**reasons, "up-down only": "What may stand on its head may be mirrored as well."},
    )


@item("listing", "build", 4)
def line_of_the_augmentation(rng):
    size = int(rng.choice([16, 32, 64]))
    buffer = int(rng.choice([1000, 2000]))
    steps = [
        "train = train.map(shrink)",
        "train = train.cache()",
        f"train = train.shuffle({buffer})",
        f"train = train.batch({size})",
        "train = train.map(change_at_random)",
    ]
    validation = f"validation = validation.map(shrink).batch({size})"
    variants = [
        (
            [steps[0], steps[4], steps[1], steps[2], steps[3], validation],
            2,
            "It stands before the cache: each picture is changed once, and the same in all epochs.",
        ),
        (
            [*steps, validation.replace(".batch", ".map(change_at_random).batch")],
            6,
            "Validation pictures are changed: the number says how the network does on other "
            "pictures, and jumps from epoch to epoch.",
        ),
    ]
    lines, wrong, why = variants[rng.integers(2)]
    return Drawn(
        f"One line is in the wrong place, or does too much. Which one, and what follows?\n"
        f"{listing(lines)}",
        wrong,
        why,
        {4: "Changing whole batches is fine, and fast."},
        {"lines": lines},
    )


@item("compute", "choose", 2)
def degrees_of_a_rotation(rng):
    degrees = int(rng.choice([9, 18, 36, 45, 72]))
    return Drawn(
        f"`RandomRotation(x)` shall turn pictures by at most {degrees} degrees to either side. "
        f"What is x? What does `RandomRotation({degrees})` do?",
        degrees / 360,
        f"A share of a full turn: {degrees} / 360. {degrees} would be up to {degrees} full turns: "
        "any angle.",
        {
            degrees: "Degrees are not what it takes.",
            degrees / 180: "A half turn is 0.5, not 1.",
        },
        {"degrees": degrees},
    )


def deals_as_far(plain, augmented):
    """In how many of the 20 deals of two hands of three the sums lie as far apart."""
    everything, ours = [*plain, *augmented], abs(sum(plain) - sum(augmented))
    hands = combinations(range(6), 3)
    sums = [sum(everything[k] for k in hand) for hand in hands]
    return sum(abs(2 * one - sum(everything)) >= ours for one in sums)


@item("figure", "decide", 4)
def does_it_pay(rng):
    plain = sorted(rng.choice(np.arange(70, 76), 3, replace=False).tolist())
    if rng.integers(2):
        augmented = sorted((max(plain) + rng.choice(np.arange(1, 8), 3, replace=False)).tolist())
    else:
        low = [min(plain) + 1, *(max(plain) + rng.choice(np.arange(1, 8), 2, replace=False))]
        augmented = sorted(map(int, low))
    found = deals_as_far(plain, augmented)
    rows = [["no copies", *plain], ["with copies", *augmented]]
    return Drawn(
        f"Validation accuracies of three starts, in %:\n{table(['', 1, 2, 3], rows)}\nSix numbers "
        "make 20 deals into two hands of three. In how many of them do their sums lie as "
        "far apart as here, or farther? May you say “better”, if p has to be below 0.05?",
        (found, "no"),
        f"p = {found}/20. With three starts against three the smallest p is 2/20: whatever comes "
        "out, three starts cannot say “better”. Start oftener.",
        {
            (found // 2, "yes"): "Chance may favor either hand: count both directions.",
            (found, "yes"): "p is 2/20 = 0.1 at best.",
        },
        {"plain": plain, "augmented": augmented},
    )


@item("explain", "prove", 3)
def layers_in_the_network(rng):
    size, angle = int(rng.choice([32, 64, 96])), number(float(rng.choice([0.05, 0.1])), 2)
    return Drawn(
        f"A network for {size} × {size} pixels begins with `RandomFlip` and `RandomRotation("
        f"{angle})`. How do you prove that they change nothing at inference? Which call of the "
        "network would change pictures all the same?",
        None,
        "Give the same pictures to the network and to its layers behind the augmentation: "
        "`predict` must agree to the last bit. `model(x)` changes them: they act unless they "
        "hear `training=False`, and what stands behind them then trains as well: dropout drops, "
        "moving averages move.",
    )
