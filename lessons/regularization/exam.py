"""Exam items; not among the students' files."""

from itertools import combinations

import numpy as np

from tools.editions.exam import Drawn, item, number, table


def flat(values):
    return tuple(np.round(np.ravel(values), 4).tolist())


def vector(values):
    return ", ".join(map(number, values))


@item("compute", "compute", 3)
def dropout_by_hand(rng):
    rate = float(rng.choice([0.2, 0.25, 0.5, 0.75]))
    x = 3 * rng.integers(1, 10, 5)
    mask = rng.permutation([1, 1, 0, 0, int(rng.integers(2))])
    return Drawn(
        f"The outputs ({vector(x)}) meet inverted dropout at the rate {rate}. The mask is "
        f"({vector(mask)}). What goes on in training, and what at inference?",
        (flat(x * mask / (1 - rate)), flat(x)),
        f"What is kept is divided by 1 − {rate}; at inference dropout is off.",
        {
            (flat(x * mask), flat(x)): "The division is missing: the sum shrinks in training.",
            (flat(x * mask / rate), flat(x)): "Divided by the rate, not by 1 − rate.",
            (flat(x * mask / (1 - rate)), flat(x * (1 - rate))): "Scaled twice: inverted dropout "
            "has done it in training.",
        },
        {"rate": rate, "x": x, "mask": mask},
    )


@item("compute", "compute", 4)
def penalties_by_hand(rng):
    strength = float(rng.choice([0.01, 0.1, 0.2]))
    w = rng.choice([-4, -3, -2, -1, 1, 2, 3, 4], 3, replace=False)
    l1, l2 = strength * np.abs(w).sum(), strength * (w**2).sum()
    return Drawn(
        f"Three weights, {vector(w)}, with λ = {strength}. What are the penalties λ Σ|w| and "
        "λ Σw², and the gradient of the second? Which of the two makes weights exactly 0?",
        (round(float(l1), 4), round(float(l2), 4), flat(2 * strength * w)),
        "The gradient of λ w² is 2 λ w. L1 makes zeros: it pulls a small weight as hard as a large "
        "one.",
        {
            (round(float(l1), 4), round(float(l2), 4), flat(strength * w)): "The 2 is missing.",
            (
                round(float(l1 / 3), 4),
                round(float(l2 / 3), 4),
                flat(2 * strength * w / 3),
            ): "The mean in place of the sum.",
        },
        {"strength": strength, "w": w},
    )


@item("compute", "compute", 4)
def batch_normalization_by_hand(rng):
    spread, mean = int(rng.choice([2, 5, 10])), int(rng.integers(20, 60))
    signs = rng.permutation([-1, -1, 1, 1])
    gamma, beta = int(rng.integers(2, 5)), int(rng.integers(-5, 11))
    x = mean + spread * signs
    return Drawn(
        f"In a batch of four, one unit has the values {vector(x)}. Batch normalization with γ = "
        f"{gamma} and β = {number(beta)} (ε = 0): what comes out?",
        flat(gamma * signs + beta),
        f"The mean is {mean}, the standard deviation {spread}: normalized {vector(signs)}, then "
        "times γ plus β.",
        {
            flat(gamma * signs / spread + beta): "Divided by the variance.",
            flat(signs): "γ and β are missing.",
        },
        {"x": x, "gamma": gamma, "beta": beta},
    )


@item("figure", "train", 4)
def early_stopping(rng):
    losses = np.round(0.9 - 0.05 * np.arange(10) + rng.normal(0, 0.08, 10), 2)
    patience = int(rng.choice([2, 3]))
    best = stop = 0
    for epoch, loss in enumerate(losses):
        best = epoch if loss < losses[best] else best
        stop = epoch
        if epoch - best == patience:
            break
    if stop == 9:
        return early_stopping.draw(rng)
    return Drawn(
        "Validation losses after each epoch:\n"
        f"{table(['epoch', *range(1, 11)], [['loss', *losses.tolist()]])}\nEarly stopping has a "
        f"patience of {patience}. After which epoch does it stop, and whose weights are kept?",
        (stop + 1, best + 1),
        f"It waits {patience} epochs for something better than the best so far.",
        {
            (stop + 1, stop + 1): "That is what happens without `restore_best_weights`.",
            (10, int(losses.argmin()) + 1): "It has stopped before, and never saw the rest.",
        },
        {"losses": losses, "patience": patience},
    )


@item("compute", "compute", 4)
def lagging_average(rng):
    momentum, steps = float(rng.choice([0.5, 0.8, 0.9])), int(rng.choice([2, 3]))
    value = int(10 * rng.integers(2, 11))
    reached = round(value * (1 - momentum**steps), 4)
    return Drawn(
        f"The mean of a unit is {value} in every batch. Its moving average starts at 0, with the "
        f"momentum {momentum}. Where is it after {steps} steps? What do you see of that in a "
        "training, and what helps?",
        reached,
        f"It covers 1 − {momentum} of the way that is left, each time: {value} · (1 − "
        f"{momentum}^{steps}). Training looks fine, `evaluate` is poor also on the training "
        "pictures. A lower momentum, more steps, or a falling rate.",
        {
            round(value * momentum**steps, 4): "That is what is still missing.",
            round(value * (1 - momentum) * steps, 4): "Each step covers a share of what is left.",
        },
        {"momentum": momentum, "steps": steps, "value": value},
    )


@item("choose", "compute", 3)
def one_symptom(rng):
    bar, evaluate = int(rng.integers(93, 100)), int(rng.integers(25, 55))
    return Drawn(
        f"The progress bar says {bar} % on the training pictures. `evaluate` on the *same* "
        f"pictures says {evaluate} %. The network has batch normalization and dropout. What is the "
        "most likely cause?",
        "The moving averages lag behind.",
        "In training the batch normalizes, in `evaluate` the averages do.",
        {
            "It over-fits.": "That would show on new pictures; these are the training pictures.",
            "Dropout is still on.": "Dropout makes the progress bar lower, not higher.",
            "The learning rate is too small.": "The training accuracy says that it has learned.",
        },
        {"bar": bar, "evaluate": evaluate},
    )


@item("compute", "decide", 5)
def three_starts(rng):
    a, b = rng.integers(70, 80, (2, 3)) + np.array([[int(rng.integers(1, 5))], [0]])
    if a.sum() == b.sum():
        return three_starts.draw(rng)
    ours, numbers = abs(a.sum() - b.sum()), np.concatenate([a, b])
    hands = [numbers[list(places)].sum() for places in combinations(range(6), 3)]
    apart = [abs(2 * int(hand) - int(numbers.sum())) for hand in hands]
    found = sum(one >= ours for one in apart)
    p, farther = round(found / 20, 4), sum(one > ours for one in apart)
    return Drawn(
        f"Validation accuracies of three starts each, in %: with a remedy {vector(a)}, without it "
        f"{vector(b)}. In which share of all deals of the six numbers into two hands of three do "
        "the means lie as far apart as here, or farther? What may be said of the remedy?",
        p,
        f"There are 20 deals, and {found} of them lie as far apart or farther, ours and its mirror "
        f"image among them: p = {number(p)}. Of three against three it is never below 2/20: we "
        "cannot tell; more starts.",
        {
            wrong: why
            for wrong, why in {
                round(found / 40, 4): "Chance may favor either hand.",
                round(farther / 20, 4): "Ours is one of the deals: as far apart counts, too.",
            }.items()
            if wrong != p
        },
        {"a": a, "b": b},
    )


@item("choose", "train", 3)
def decay_steps(rng):
    count, epochs = (
        32 * int(rng.integers(10, 60)) + int(rng.integers(1, 31)),
        int(rng.choice([10, 20, 30])),
    )
    batches = -(-count // 32)
    return Drawn(
        f"A network learns from {count} pictures in batches of 32, for {epochs} epochs, and its "
        "rate is to be 0 at the end: `CosineDecay(0.003, decay_steps=...)`. Which number?",
        f"{epochs * batches}",
        f"An epoch has {batches} steps, the last with a smaller batch; times {epochs}.",
        {
            f"{epochs}": "That is epochs: the rate would be 0 within the first one.",
            f"{epochs * (batches - 1)}": "The last, smaller batch of an epoch is a step as well.",
            f"{epochs * count}": "That is pictures: the rate would hardly fall.",
        },
        {"count": count, "epochs": epochs},
    )
