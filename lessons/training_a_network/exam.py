"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, chart, item, listing, number, table


@item("compute", "train", 2)
def number_of_updates(rng):
    size, epochs = int(rng.choice([16, 32, 50, 64])), int(rng.integers(3, 21))
    examples = int(rng.integers(5, 40)) * size + int(rng.integers(1, size))
    batches = -(-examples // size)
    return Drawn(
        f"{examples} training examples, a batch size of {size}, {epochs} epochs: how many updates "
        "of the weights? How many examples has the last batch of an epoch?",
        (batches * epochs, examples % size),
        f"{batches} batches per epoch, since a rest is a batch as well.",
        {
            ((batches - 1) * epochs, size): "The rest of the examples is dropped.",
            (examples * epochs, examples % size): "One update per batch, not one per example.",
        },
        {"examples": examples, "size": size, "epochs": epochs},
    )


@item("figure", "read", 4)
def four_trainings(rng):
    steps = np.arange(1, 11)
    noise = rng.uniform(0.9, 1.1)
    falling = 2.2 * np.exp(-steps / 2.5)
    trainings = {
        "under-fits": (2.0 + 0.3 * falling, 2.05 + 0.3 * falling),
        "is about right": (0.25 + falling, 0.35 + falling),
        "over-fits": (0.05 + falling, 0.6 + falling + 0.012 * steps**2),
        "diverges": (0.4 * 1.5**steps, 0.45 * 1.5**steps),
    }
    verdicts = rng.permutation(list(trainings)).tolist()
    curves = [[np.round(curve * noise, 1) for curve in trainings[name]] for name in verdicts]
    charts = "\n\n".join(
        f"**{letter}** "
        + chart({"training": pair[0].tolist(), "validation": pair[1].tolist()}, "epoch", "loss")
        for letter, pair in zip("ABCD", curves, strict=True)
    )
    return Drawn(
        f"Four trainings; mind the axes.\n\n{charts}\n\nGive each a verdict: it under-fits, "
        "is about right, over-fits, or diverges. For each trouble, say what you change first.",
        ", ".join(f"{letter} {name}" for letter, name in zip("ABCD", verdicts, strict=True)),
        "Two questions: is the training loss low, and does the validation loss follow? Under-fits: "
        "a larger network. Over-fits: more pictures, or regularization. Diverges: a smaller rate.",
        {},
        {"curves": curves},
    )


@item("compute", "build", 4)
def two_steps_of_momentum(rng):
    start, rate = int(rng.choice([10, 20, 40])), float(rng.choice([0.1, 0.2]))
    keep = float(rng.choice([0.5, 0.8, 0.9]))
    first = start - rate * start
    velocity = keep * (-rate * start) - rate * first
    second = round(first + velocity, 4)
    return Drawn(
        f"Momentum on the loss w² / 2, whose gradient is w. It starts at w = {start} with velocity "
        f"0, at the rate {rate}, and keeps {keep} of the velocity. Where is w after two steps?",
        second,
        f"The velocities are {number(-rate * start)} and {keep} · ({number(-rate * start)}) − "
        f"{rate} · {number(first)} = {number(velocity, 4)}.",
        {
            round(first - rate * first, 4): "That is gradient descent: the velocity is forgotten.",
            round(first - keep * rate * start - rate * start, 4): "The second gradient was taken "
            "at the old place.",
        },
        {"start": start, "rate": rate, "keep": keep},
    )


@item("compute", "build", 3)
def first_step_of_adam(rng):
    w, g = int(rng.integers(-5, 6)), int(rng.choice([-400, -30, -2, 2, 30, 400]))
    rate = float(rng.choice([0.1, 0.25, 0.5]))
    return Drawn(
        f"Adam takes its first step from w = {number(w)}, where the gradient is {number(g)}, at "
        f"the rate {rate} (ε is negligible, both averages start at 0). Where does it land? Where "
        f"would it land if the gradient were ten times as large?",
        (w - rate * np.sign(g), w - rate * np.sign(g)),
        "With bias correction v̂ = g and ŝ = g², so the step is the rate, against the sign of g: "
        "a factor in the gradient cancels.",
        {
            (w - rate * g, w - 10 * rate * g): "That is gradient descent.",
            (w + rate * np.sign(g), w + rate * np.sign(g)): "Uphill.",
        },
        {"w": w, "g": g, "rate": rate},
    )


@item("listing", "train", 3)
def size_of_a_sequential(rng):
    inputs, classes = int(rng.choice([20, 40, 64])), int(rng.integers(3, 11))
    units = int(rng.choice([16, 32, 50]))
    lines = [
        "model = keras.Sequential([",
        f"    keras.Input(({inputs},)),",
        f'    keras.layers.Dense({units}, activation="relu"),',
        f"    keras.layers.Dense({classes}),",
        "])",
    ]
    first, second = (inputs + 1) * units, (units + 1) * classes
    return Drawn(
        f"How many parameters does this network train?\n{listing(lines)}",
        first + second,
        f"({inputs} + 1) · {units} and ({units} + 1) · {classes}: a weight for each input of a "
        "unit, and its bias.",
        {
            inputs * units + units * classes: "The biases are missing.",
            (inputs + 1) * inputs + first + second: "`Input` says a shape; it has no parameters.",
        },
        {"lines": lines},
    )


@item("figure", "choose", 4)
def a_fair_comparison(rng):
    rates = [0.001, 0.01, 0.1, 1]
    edge, inside = (rng.permutation(["SGD", "Adam"])).tolist()
    top = int(rng.integers(85, 95))
    rising = np.sort(top - rng.choice(np.arange(0, 40), 4, replace=False))
    peak = top + int(rng.integers(1, 4))
    place = int(rng.integers(1, 3))
    around = peak - np.abs(np.arange(4) - place) * rng.integers(5, 12)
    rows = [[edge, *rising.tolist()], [inside, *around.tolist()]]
    rows = [rows[place] for place in rng.permutation(2)]
    return Drawn(
        "Validation accuracy in %, the mean of five starts, for four rates:\n"
        f"{table(['optimizer', *rates], rows)}\nWhich optimizer may not be judged yet, and what do "
        "you try next?",
        edge,
        f"The best rate of {edge} is at the edge of what was offered: offer it rates beyond 1 "
        f"first. {inside} has its best rate inside, {rates[place]}.",
        {inside: "It was offered rates on both sides of its best one."},
        {"rates": rates, "rows": rows},
    )


@item("listing", "choose", 4)
def line_that_uses_the_test_set(rng):
    epochs, size = int(rng.integers(10, 60)), int(rng.choice([16, 32, 64]))
    bad = f"model.fit(x, y, epochs={epochs}, validation_data=(x_test, y_test), callbacks=[stop])"
    lines = [
        "stop = keras.callbacks.EarlyStopping(patience=3)",
        'model = keras.Sequential([keras.Input((64,)), layers.Dense(10, "softmax")])',
        f'model.compile("adam", "sparse_categorical_crossentropy")  # batches of {size}',
        bad,
        "print(model.evaluate(x_test, y_test))",
    ]
    if rng.integers(2):
        lines.insert(0, "keras.utils.set_random_seed(0)")
    return Drawn(
        f"Why is the score of this program too good, and which line is to blame?\n{listing(lines)}",
        lines.index(bad) + 1,
        "Early stopping chooses the epoch by the loss on the test pictures. Give it validation "
        "pictures; then the last line may ask the test set, once.",
        {len(lines): "Asking the test set once, at the end, is what it is for."},
        {"lines": lines},
    )
