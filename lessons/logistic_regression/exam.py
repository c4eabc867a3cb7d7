"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, number, table

SURPRISE = {0.1: 2.30, 0.2: 1.61, 0.25: 1.39, 0.5: 0.69, 0.75: 0.29, 0.8: 0.22, 0.9: 0.11}


@item("compute", "compute", 3)
def from_logit_to_probability(rng):
    odds, sign = int(rng.choice([3, 4, 9, 19])), int(rng.choice([-1, 1]))
    logit = round(sign * float(np.log(odds)), 2)
    return Drawn(
        f"A model says the logit {number(logit)}. (ln {odds} = {number(abs(logit))}.) Which "
        "probability is that, to two decimals?",
        round(odds / (odds + 1) if sign > 0 else 1 / (odds + 1), 2),
        f"The odds are {odds} to one{' against' if sign < 0 else ''}: one over, or the odds over, "
        "one plus the odds.",
        {
            round(1 / odds, 2): "One over the odds: odds are p / (1 − p), not 1 / p.",
            round(odds / (odds + 1) if sign < 0 else 1 / (odds + 1), 2): "The sign of the logit is "
            "lost.",
        },
        {"logit": logit, "odds": odds},
    )


@item("compute", "compute", 4)
def mean_surprise(rng):
    labels = rng.permutation([1, 1, 0, int(rng.integers(2))])
    p = rng.choice(list(SURPRISE), 4)
    happened = np.where(labels == 1, p, np.round(1 - p, 2))
    surprises = [SURPRISE[float(value)] for value in happened]
    heads = ["p", *SURPRISE]
    return Drawn(
        f"Labels and the probabilities that a model gave to label 1:\n"
        f"{table(['label', *labels.tolist()], [['p', *p.tolist()]])}\n"
        f"What is the mean cross-entropy, to two decimals?\n"
        f"{table(heads, [['−ln p', *SURPRISE.values()]])}",
        round(sum(surprises) / 4, 2),
        f"The probabilities of what happened are {', '.join(map(number, happened))}; the surprises "
        f"{', '.join(map(number, surprises))}; take the mean.",
        {
            round(
                sum(SURPRISE[float(value)] for value in p) / 4, 2
            ): "−ln p for the zeros as well: there what happened had the probability 1 − p.",
            round(sum(surprises), 2): "The sum, not the mean.",
        },
        {"labels": labels, "p": p},
    )


@item("compute", "compute", 3)
def decision_boundary(rng):
    w, edge = float(rng.choice([0.1, 0.2, 0.25, 0.5])), int(rng.integers(60, 100))
    b = round(-w * edge, 2)
    return Drawn(
        f"A model of one input says p = sigmoid({w} x {number(b).replace('−', '− ')}). At which x "
        f"does it change its mind at the threshold 0.5? And with the threshold 0.8, whose logit "
        "is 1.4?",
        (edge, round(edge + 1.4 / w, 4)),
        f"p = 0.5 where the logit is 0: x = {number(-b)} / {w}. Then {w} x {number(b)} = 1.4, that "
        f"is 1.4 / {w} further: another threshold moves the boundary.",
        {(edge, edge): "The threshold moves the boundary, though nothing is trained again."},
        {"w": w, "shift": -b},
    )


@item("compute", "compute", 3)
def slopes_of_one_example(rng):
    p, y, x = float(rng.choice([0.2, 0.3, 0.6, 0.9])), int(rng.integers(2)), int(rng.integers(2, 9))
    return Drawn(
        f"Logistic regression gives an example with x = {x} and the label {y} the probability {p}. "
        "What are the slopes of the cross-entropy along w and along b?",
        (round((p - y) * x, 4), round(p - y, 4)),
        "Prediction minus truth, times the input; along b the input is 1.",
        {
            (round((y - p) * x, 4), round(y - p, 4)): "Truth minus prediction: the wrong sign.",
            (round((p - y) * p * (1 - p) * x, 4), round((p - y) * p * (1 - p), 4)): "The slope of "
            "the sigmoid cancels; it stays with squared errors only.",
        },
        {"p": p, "y": y, "x": x},
    )


@item("compute", "build", 4)
def one_step_of_descent(rng):
    x, y = rng.permutation(np.arange(1, 7))[:2].tolist(), rng.integers(0, 2, 2).tolist()
    rate = float(rng.choice([0.5, 1, 2]))
    errors = [0.5 - label for label in y]
    moved = [
        -rate * sum(e * v for e, v in zip(errors, x, strict=True)) / 2,
        -rate * sum(errors) / 2,
    ]
    first = [-rate * value / 2 for value in (errors[0] * x[0], errors[0])]
    return Drawn(
        f"Logistic regression starts at w = 0 and b = 0 on two examples: x = {x[0]} with the label "
        f"{y[0]}, and x = {x[1]} with the label {y[1]}. Where are w and b after one step of "
        f"gradient descent with the rate {number(rate)}?",
        tuple(round(value, 4) for value in moved),
        "Both probabilities are 0.5. The slopes are the means of (p − y) x and of p − y; move "
        "against them by rate times slope.",
        {
            tuple(round(-value, 4) for value in moved): "Uphill: the sign of the step.",
            tuple(round(2 * value, 4) for value in moved): "The sums: the loss is a mean.",
            tuple(round(value, 4) for value in first): "The second example is forgotten.",
        },
        {"x": x, "y": y, "rate": rate},
    )


@item("compute", "judge", 4)
def three_scores(rng):
    tp, fp, fn = (2 * rng.integers(1, 8, 3)).tolist()
    tn = int(100 * rng.integers(1, 9)) - tp - fp - fn
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    f1 = 2 * precision * recall / (precision + recall)
    accuracy = (tp + tn) / (tp + fp + fn + tn)
    return Drawn(
        f"A test finds {tp} of the sick, misses {fn}, raises {fp} false alarms, and leaves {tn} "
        "healthy people in peace. Precision, recall and F1, to two decimals?",
        tuple(round(value, 2) for value in (precision, recall, f1)),
        f"{tp} / {tp + fp}, {tp} / {tp + fn}, and 2 PR / (P + R), which is also "
        f"{2 * tp} / {2 * tp + fp + fn}.",
        {
            tuple(round(value, 2) for value in (recall, precision, f1)): "Precision and recall are "
            "swapped: precision divides by all that was predicted positive.",
            (
                round(accuracy, 2),
                round(recall, 2),
                round(f1, 2),
            ): "Accuracy in place of precision: the many healthy people drown the rest.",
        },
        {"tp": tp, "fp": fp, "fn": fn, "tn": tn},
    )


@item("choose", "judge", 3)
def a_rare_illness(rng):
    sick, people = int(rng.integers(1, 10)), int(rng.choice([1000, 2000, 5000]))
    percent = number(100 * (1 - sick / people), 2)
    return Drawn(
        f"{sick} of {people} people have an illness. A test is right in {percent} % of all people. "
        "What follows?",
        "Nothing: a sheet of paper that says “healthy” to everybody is right as often.",
        "Where the thing you look for is rare, accuracy rewards not looking. Ask for recall and "
        "precision.",
        {
            "It finds nearly all who are sick.": "That would be recall, and nobody has measured "
            "it.",
            "Nearly all whom it calls sick are sick.": "That would be precision.",
            "It is better than any test that raises many false alarms.": "Such a test may be less "
            "accurate and save every patient.",
        },
        {"sick": sick, "people": people},
    )


@item("figure", "choose", 5)
def cheapest_threshold(rng):
    p = np.sort(rng.choice(np.arange(1, 20), 8, replace=False)) / 20
    labels = np.concatenate([[0, 0], rng.integers(0, 2, 5), [1]])
    miss = int(rng.choice([3, 5, 10]))
    cuts = [0.25, 0.5, 0.75]
    costs = [
        int(np.sum((p >= cut) & (labels == 0)) + miss * np.sum((p < cut) & (labels == 1)))
        for cut in cuts
    ]
    if sorted(costs)[0] == sorted(costs)[1]:
        return cheapest_threshold.draw(rng)
    answer = cuts[int(np.argmin(costs))]
    return Drawn(
        f"Validation examples, with the probability that a model gives to label 1:\n"
        f"{table(['p', *p.tolist()], [['label', *labels.tolist()]])}\n"
        f"A false alarm costs 1, a miss costs {miss}. Which of the thresholds {cuts[0]}, {cuts[1]} "
        f"and {cuts[2]} is the cheapest? (p ≥ threshold is called positive.)",
        answer,
        f"The three cost {', '.join(map(str, costs))}.",
        {0.5: "The habit. Nobody has to decide at 0.5."} if answer != 0.5 else {},
        {"p": p, "labels": labels, "miss": miss, "cuts": cuts},
    )
