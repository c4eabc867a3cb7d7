"""Exam items; not among the students' files."""

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


@item("figure", "build", 4)
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


@item("compute", "recognize", 4)
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


@item("choose", "recognize", 3)
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


@item("figure", "decide", 4)
def five_starts(rng):
    base = rng.choice(np.arange(70, 77), 5, replace=False)
    better = base.max() + rng.choice(np.arange(1, 7), 5, replace=False)
    worse = base.min() - rng.choice(np.arange(1, 7), 5, replace=False)
    mixed = base + rng.choice([-2, 1, 2, 3], 5)
    if mixed.min() > base.max() or mixed.max() < base.min():
        return five_starts.draw(rng)
    settings = {"better": better, "worse": worse, "cannot tell": mixed}
    verdicts = rng.permutation(list(settings)).tolist()
    rows = [["baseline", *base.tolist()]]
    rows += [[f"remedy {n}", *settings[v].tolist()] for n, v in zip("ABC", verdicts, strict=True)]
    return Drawn(
        "Validation accuracies of five starts each, in %:\n"
        f"{table(['', 1, 2, 3, 4, 5], rows)}\n“Better” means that the worst start is above the "
        "best "
        "of the baseline, “worse” the reverse. What do you say of each remedy? How often would a "
        "remedy that does nothing be called better?",
        ", ".join(f"{letter} {verdict}" for letter, verdict in zip("ABC", verdicts, strict=True)),
        "Compare the ends of the ranges. Ten runs can be dealt into two hands of five in 252 ways, "
        "and one of them has the five best in the first: 1 in 252.",
        {},
        {"rows": rows},
    )
