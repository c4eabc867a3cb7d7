"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, grid, item, listing, number, table


def flat(values):
    return tuple(np.ravel(values).tolist())


@item("compute", "compute", 3)
def mirror_and_shift(rng):
    row = rng.choice(np.arange(1, 10), 6, replace=False)
    right, fill = int(rng.choice([1, 2])), 0
    mirrored = row[::-1]
    shifted = np.concatenate([np.full(right, fill), mirrored[:-right]])
    rolled = np.roll(mirrored, right)
    other = np.concatenate([np.full(right, fill), row[:-right]])[::-1]
    return Drawn(
        f"A row of a picture:\n{grid([row])}\nMirror it left to right, then move it by {right} to "
        "the right; freed places hold 0. What is the row now?",
        flat(shifted),
        "First the mirror, then the shift: the order matters.",
        {
            flat(rolled): "What leaves on the right came back on the left.",
            flat(other): "Shifted first, then mirrored.",
        },
        {"row": row, "right": right},
    )


@item("compute", "compute", 2)
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


@item("compute", "compute", 3)
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


@item("figure", "decide", 4)
def does_it_pay(rng):
    plain = rng.integers(70, 76, 5)
    gains = {
        "better": rng.integers(7, 10, 5),
        "cannot tell": rng.choice([-2, 1, 2, 3], 5),
    }
    first, second = rng.permutation(list(gains)).tolist()
    sets = {"photographs of things": plain + gains[first], "digits": plain + gains[second]}
    rows = [["plain, on both sets", *plain.tolist()]]
    rows += [[f"augmented, {name}", *values.tolist()] for name, values in sets.items()]
    verdicts = [
        "better" if values.min() > plain.max() else "cannot tell" for values in sets.values()
    ]
    if verdicts != [first, second]:
        return does_it_pay.draw(rng)
    return Drawn(
        f"Validation accuracies of five starts, in %:\n{table(['', 1, 2, 3, 4, 5], rows)}\n"
        "“Better” means that the worst start is above the best without augmentation. What do you "
        "say of each set, and which pictures must have been left unchanged for these numbers?",
        f"{first}, {second}",
        "Compare the worst augmented start with the best plain one, set by set. Validation "
        "pictures are never augmented.",
        {f"{second}, {first}": "The two sets are swapped."},
        {"rows": rows},
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
        "`predict` must agree to the last bit, twice. `model(x)` changes them: such layers act "
        "unless "
        "they hear `training=False`.",
    )
