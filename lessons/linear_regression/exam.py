"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, chart, item, number, table


@item("compute", "compute", 3)
def mean_squared_error(rng):
    w, b = rng.integers(1, 4, 2).tolist()
    x = rng.choice(np.arange(0, 6), 3, replace=False)
    residuals = rng.choice([-3, -2, -1, 1, 2, 3], 3)
    y = w * x + b - residuals
    answer = float(np.mean(residuals**2))
    return Drawn(
        f"The line y = {w} x + {b} and three people:\n"
        f"{table(['x', *x.tolist()], [['y', *y.tolist()]])}\nWhat is the mean squared error?",
        answer,
        f"Prediction minus truth is {', '.join(map(number, residuals))}; their squares add up to "
        f"{number((residuals**2).sum())}, divided by 3.",
        {
            float((residuals**2).sum()): "The sum, not the mean.",
            float(np.abs(residuals.mean())): "Without squares errors above and below cancel.",
            float(np.abs(residuals).mean()): "Absolute errors in place of squared ones.",
        },
        {"w": w, "b": b, "x": x, "y": y},
    )


@item("compute", "find", 5)
def best_line(rng):
    middle, step = rng.integers(3, 7), rng.integers(1, 3)
    x = middle + step * np.array([-1, 0, 1])
    slope, bump = rng.integers(1, 5), 3 * rng.integers(-2, 3)
    y = slope * x + rng.integers(0, 6) + np.array([0, bump, 0])
    b = float(y.mean() - slope * x.mean())
    return Drawn(
        f"Find the least-squares line through these three points.\n"
        f"{table(['x', *x.tolist()], [['y', *y.tolist()]])}\nGive slope and intercept.",
        (int(slope), b),
        f"The means are {number(x.mean())} and {number(y.mean())}. Covariance over variance: "
        f"{number(2 * step**2 * slope)} / {number(2 * step**2)} (the common factor cancels). The "
        "line passes through the mean point.",
        {
            (int(slope), float(y[0] - slope * x[0])): "Drawn through the first and the last point: "
            "the middle one pulls, too.",
            (int(slope), float(y.mean())): "The mean of y is the intercept only where the mean of "
            "x is 0.",
        }
        if bump
        else {(int(slope), float(y.mean())): "The mean of y, not the intercept."},
        {"x": x, "y": y},
    )


@item("compute", "find", 5)
def one_step_downhill(rng):
    x = np.array([1, 2]) * rng.integers(1, 4)
    y = rng.integers(2, 9, 2) * 2
    rate = float(rng.choice([0.01, 0.05, 0.1]))
    slopes = (float(np.mean(-2 * y * x)), float(np.mean(-2.0 * y)))
    w, b = (-rate * slope for slope in slopes)
    return Drawn(
        f"Gradient descent on the mean squared error of y = w x + b starts at w = 0, b = 0, with "
        f"the rate {rate}. The data:\n{table(['x', *x.tolist()], [['y', *y.tolist()]])}\n"
        "Where is (w, b) after one step?",
        (round(w, 6), round(b, 6)),
        f"All predictions are 0, so the slopes are mean(2 · (0 − y) · x) = {number(slopes[0])} and "
        f"mean(2 · (0 − y)) = {number(slopes[1])}; step against them.",
        {
            (round(-w, 6), round(-b, 6)): "Uphill: the step goes against the slope.",
            (round(w / 2, 6), round(b / 2, 6)): "The 2 from the square is missing.",
            (round(2 * w, 6), round(2 * b, 6)): "The sum in place of the mean.",
        },
        {"x": x, "y": y, "rate": rate},
    )


@item("figure", "train", 3)
def four_rates(rng):
    start = float(rng.integers(8, 20))
    factors = {
        "much too small": 0.97,
        "right": 0.55,
        "too large, but it still falls": 0.85,
        "much too large": float(rng.choice([1.15, 1.2, 1.3])),
    }
    names = rng.permutation(list(factors)).tolist()
    curves = []
    for name in names:
        losses = start * factors[name] ** np.arange(8)
        if name.startswith("too large"):
            losses = losses * np.where(np.arange(8) % 2, 0.8, 1.1)
        curves.append(np.round(losses, 1).tolist())
    charts = "\n\n".join(
        f"**{letter}** {chart({'loss': curve}, 'step', 'loss')}"
        for letter, curve in zip("ABCD", curves, strict=True)
    )
    return Drawn(
        f"The same descent with four learning rates; mind the axes.\n\n{charts}\n\nWhich rate is "
        "much too large, and which one would you take? Say why.",
        ("ABCD"[names.index("much too large")], "ABCD"[names.index("right")]),
        "A loss that grows by a steady factor overshoots: each step lands higher on the other "
        "wall. Of those that fall, take the one that is down first and stays down.",
        {
            (
                "ABCD"[names.index("much too large")],
                "ABCD"[names.index("much too small")],
            ): "The slow one falls safely, and is not there after eight steps."
        },
        {"curves": curves},
    )


@item("compute", "judge", 4)
def standardize_a_new_person(rng):
    mean, spread = int(rng.integers(68, 78)), int(rng.choice([5, 10, 12]))
    kg = mean + spread * int(rng.choice([-2, -1, 2, 3]))
    w, b = int(rng.integers(3, 8)), int(rng.integers(165, 175))
    return Drawn(
        f"The weights of 300 training people have the mean {mean} kg and the spread {spread} kg; "
        f"those of 100 new people {mean + 4} kg and {spread + 2} kg. On standardized weights the "
        f"line is height = {w} z + {b}. What does it predict for a new person of {kg} kg?",
        w * (kg - mean) / spread + b,
        f"z = ({kg} − {mean}) / {spread}, with the numbers of the training people: mean and spread "
        "are part of the model.",
        {
            round(w * (kg - mean - 4) / (spread + 2) + b, 2): "Standardized with the new people's "
            "own numbers.",
            w * kg + b: "Not standardized at all.",
        },
        {"mean": mean, "spread": spread, "kg": kg, "w": w, "b": b},
    )


@item("explain", "judge", 4)
def a_line_beyond_its_data(rng):
    tenths, b = int(rng.integers(3, 6)), int(rng.integers(133, 142))
    kg = int(rng.integers(3, 12))
    answer = tenths * kg / 10 + b
    return Drawn(
        f"A line learned from adults of 48 to 118 kg: height = {tenths / 10} · kg + {b} cm. "
        f"What does it say for a child of {kg} kg? Would you use it? What would you ask before you "
        "use it for an adult of 90 kg from another country?",
        answer,
        f"{number(answer)} cm, which no child of {kg} kg has: the line knows nothing outside the "
        "weights that it has seen. At 90 kg it is inside; ask for its error on people held out "
        "(not on those that it learned from), and whether these people resemble those.",
        {},
        {"slope": tenths / 10, "b": b, "kg": kg},
    )
