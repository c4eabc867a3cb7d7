"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, grid, item, listing, number, table


def flat(values):
    return tuple(np.ravel(values).tolist())


@item("compute", "compute", 4)
def occlusion_by_hand(rng):
    image = np.full((4, 4), 10)
    bright = rng.choice(4, 2, replace=False)
    values = 10 + 8 * rng.integers(1, 9, 2)
    for quarter, value in zip(bright, values, strict=True):
        row, column = divmod(int(quarter), 2)
        image[2 * row : 2 * row + 2, 2 * column : 2 * column + 2] = value
    drops = [(q.sum() - 40) / 16 for q in image.reshape(2, 2, 2, 2).swapaxes(1, 2).reshape(4, 2, 2)]
    score = float(image.mean())
    return Drawn(
        f"The score of this picture is the mean of its pixels:\n{grid(image)}\nA square of 2 × 2, "
        "painted with 10, hides one quarter after the other. What is the occlusion map, row by "
        "row?",
        tuple(map(float, drops)),
        f"The score is {number(score)}; note how far it falls.",
        {
            tuple(score - np.array(drops)): "These are the scores. What matters is the drop.",
            tuple(-np.array(drops)): "Where hiding costs something the map is positive.",
        },
        {"image": image},
    )


@item("compute", "compute", 2)
def places_of_the_square(rng):
    side, patch = int(rng.choice([64, 96])), int(rng.choice([8, 16, 24]))
    stride = int(rng.choice([4, 8]))
    places = (side - patch) // stride + 1
    return Drawn(
        f"A square of {patch} × {patch} moves over {side} × {side} pixels by {stride} and stays "
        "inside. Of how many numbers is the occlusion map, and how often is the network asked, the "
        "whole picture included? What does a larger square change?",
        (places**2, places**2 + 1),
        f"⌊({side} − {patch}) / {stride}⌋ + 1 = {places} places on each axis. A larger square "
        "hides "
        "whole things, and says less about where.",
        {
            (places, places + 1): "The square moves along two axes.",
            ((side // stride) ** 2, (side // stride) ** 2 + 1): "It may not stick out.",
        },
        {"side": side, "patch": patch, "stride": stride},
    )


@item("compute", "build", 5)
def gradient_map_by_hand(rng):
    maps = rng.integers(0, 4, (2, 2, 2))
    weights = rng.permutation([int(rng.integers(1, 4)), -int(rng.integers(1, 3))])
    wobble = rng.permutation([-1, 0, 0, 1]).reshape(2, 2)
    gradients = [weight + factor * wobble for weight, factor in zip(weights, (1, 2), strict=True)]
    total = np.tensordot(weights, maps, 1)
    if total.min() >= 0 or total.max() <= 0:
        return gradient_map_by_hand.draw(rng)
    shown = "".join(
        f"\nMap {n} and its gradients:\n{grid(a)}{grid(g)}"
        for n, (a, g) in enumerate(zip(maps, gradients, strict=True), 1)
    )
    each = np.maximum(sum(g * a for g, a in zip(gradients, maps, strict=True)), 0)
    return Drawn(
        f"Two maps of 2 × 2 and the gradients of a logit for them.\n{shown}\nWhat are the two "
        "weights, and the Grad-CAM, row by row?",
        (*weights.tolist(), *flat(np.maximum(total, 0))),
        f"The means of the gradients are the weights. The weighted sum is "
        f"{', '.join(map(number, total.ravel()))}; the ReLU keeps what speaks for the class.",
        {
            (*weights.tolist(), *flat(total)): "The ReLU is missing.",
            (*weights.tolist(), *flat(each)): "Gradients times maps, place by place: no mean.",
            (
                *np.maximum(weights, 0).tolist(),
                *flat(np.tensordot(np.maximum(weights, 0), maps, 1)),
            ): "The ReLU belongs behind the sum, not to the weights.",
        },
        {"maps": maps, "gradients": gradients},
    )


@item("compute", "build", 3)
def logit_or_probability(rng):
    p, slope = float(rng.choice([0.9, 0.99, 0.5])), int(rng.integers(2, 7))
    return Drawn(
        f"A network with one logit says p = {p}. Its logit grows {slope} times as fast as a number "
        "of a map. How fast does p grow? Why does Grad-CAM take the logit?",
        round(p * (1 - p) * slope, 4),
        f"p (1 − p) · {slope}. For a network that is sure this is nearly nothing, and says more "
        "about how sure it is than about where it looks.",
        {
            slope: "That is the logit.",
            round(p * slope, 4): "The slope of the sigmoid is p (1 − p).",
        },
        {"p": p, "slope": slope},
    )


@item("figure", "prove", 4)
def accuracy_by_group(rng):
    counts = {}
    for thing, usual in (("boats", "water"), ("cars", "street")):
        for ground in ("water", "street"):
            n = int(10 * (rng.integers(15, 20) if ground == usual else rng.integers(1, 4)))
            percent = int(10 * (rng.integers(8, 10) if ground == usual else rng.integers(1, 4)))
            counts[f"{thing} on {ground}"] = (n, n * percent // 100)
    right, all_ = sum(r for _, r in counts.values()), sum(n for n, _ in counts.values())
    shares = {group: r / n for group, (n, r) in counts.items()}
    worst = min(shares.values())
    if sorted(shares.values())[1] == worst:
        return accuracy_by_group.draw(rng)
    name = min(shares, key=shares.get)
    rows = [[group, n, r] for group, (n, r) in counts.items()]
    return Drawn(
        f"A network tells boats from cars:\n{table(['group', 'pictures', 'right'], rows)}\nWhat is "
        "its accuracy, and that of its worst group, both in % to one decimal? What has it learned, "
        "and which pictures do you collect?",
        (round(100 * right / all_, 1), round(100 * worst, 1)),
        f"{right} of {all_}; worst are {name}. It goes by the ground. Collect boats on streets and "
        "cars on water until the ground no longer tells the class.",
        {
            (
                round(100 * float(np.mean(list(shares.values()))), 1),
                round(100 * worst, 1),
            ): "The mean of the groups is not the accuracy: groups differ in size.",
        },
        {"rows": rows},
    )


@item("figure", "prove", 3)
def has_the_repair_worked(rng):
    before = [int(rng.integers(93, 99)), int(rng.integers(20, 45))]
    honest = [int(rng.integers(86, 92)), int(rng.integers(78, 86))]
    cosmetic = [int(rng.integers(97, 100)), before[1] + int(rng.integers(0, 6))]
    repairs = {"new data": honest, "longer training": cosmetic}
    sizes = [900, 100]
    rows = [["before", *before], *([name, *values] for name, values in repairs.items())]
    overall = [
        round((values[0] * sizes[0] + values[1] * sizes[1]) / 1000, 1)
        for values in (honest, cosmetic)
    ]
    return Drawn(
        "Accuracies in %, group by group; the usual ground has 900 test pictures, the other 100:\n"
        f"{table(['', 'usual ground', 'other ground'], rows)}\nWhat are the accuracies on all 1000 "
        "pictures of the two repairs? Which repair do you take, and why?",
        tuple(overall),
        "Weigh the groups by their pictures. New data: the worst group decides whether the network "
        "still goes by the ground; the accuracy on all pictures hides the group that it fails.",
        {
            (round(sum(honest) / 2, 1), round(sum(cosmetic) / 2, 1)): "The groups are not equally "
            "large."
        },
        {"rows": rows, "sizes": sizes},
    )


@item("listing", "build", 4)
def line_of_the_gradient_map(rng):
    label = int(rng.integers(2, 9))
    order = [
        "maps = base(picture[np.newaxis])",
        "with tf.GradientTape() as tape:",
        "    tape.watch(maps)",
        f"    score = head(maps)[0, {label}]",
        "gradients = tape.gradient(score, maps)[0]",
        "weights = tf.reduce_mean(gradients, axis=(0, 1))",
        "heat = tf.nn.relu(tf.reduce_sum(weights * maps[0], axis=-1))",
    ]
    variants = [
        (
            3,
            f"    score = tf.nn.softmax(head(maps))[0, {label}]",
            "The gradient of a probability: a sure network has hardly any, and classes mix in it.",
        ),
        (
            5,
            "weights = tf.reduce_mean(gradients, axis=-1)",
            "The mean runs over the maps: a weight belongs to a map, so average over the places.",
        ),
        (
            6,
            "heat = tf.reduce_sum(tf.nn.relu(weights) * maps[0], axis=-1)",
            "The ReLU belongs behind the sum: a map with a negative weight takes something away.",
        ),
    ]
    place, line, why = variants[rng.integers(3)]
    lines = [line if number == place else old for number, old in enumerate(order)]
    return Drawn(
        f"The head gives logits. One line of this Grad-CAM of class {label} is wrong. Which one, "
        f"and what does it do?\n{listing(lines)}",
        place + 1,
        why,
        {5: "This is what the tape is for: one gradient for each number of the maps."},
        {"lines": lines},
    )


@item("explain", "find out", 4)
def what_a_map_proves(rng):
    share = int(rng.integers(80, 97))
    thing, clue = (("dogs", "a leash"), ("ships", "waves"), ("doctors", "a white coat"))[
        rng.integers(3)
    ]
    return Drawn(
        f"In {share} % of the right answers the Grad-CAM of a network lies on the {thing}. “So it "
        f"knows what {thing} are.” What does the map show, what does it not show, and which two "
        f"tests would you do next, if {clue} may be a clue?",
        None,
        "It shows where the evidence is, not what it is. Hide the clue and measure the drop; and "
        f"measure on pictures in which the clue lies: {thing} without {clue}, and {clue} without "
        f"{thing}. The second is the stronger test.",
    )
