"""Exam items; not among the students' files."""

import numpy as np

from tools.editions.exam import Drawn, item, number, table


@item("compute", "search", 3)
def on_a_logarithmic_scale(rng):
    low, decades = int(rng.choice([-5, -4, -3])), int(rng.choice([2, 4]))
    u = float(rng.choice([0.25, 0.5, 0.75])) if decades == 4 else 0.5
    answer = 10.0 ** (low + u * decades)
    bottom, top = 10.0**low, 10.0 ** (low + decades)
    return Drawn(
        f"A learning rate is drawn log-uniformly between {number(bottom, 5)} and "
        f"{number(top, 5)}. Which one "
        f"belongs to u = {u}?",
        answer,
        f"The range has {decades} decades; go {u} · {decades} of them up from {number(bottom, 5)}.",
        {
            bottom + u * (top - bottom): "That is uniform: nine of ten such draws lie in the last "
            "decade.",
            10.0 ** (low + decades - u * decades) if u != 0.5 else u: "Counted from the top."
            if u != 0.5
            else "u itself is no rate.",
        },
        {"u": u, "bottom": bottom, "top": top},
    )


@item("compute", "search", 2)
def size_and_time_of_a_grid(rng):
    counts = rng.integers(2, 6, 3).tolist()
    minutes, seeds = int(rng.choice([2, 3, 4])), int(rng.choice([3, 5]))
    trials = int(np.prod(counts))
    return Drawn(
        f"A grid has {counts[0]} rates, {counts[1]} dropouts and {counts[2]} batch sizes. How many "
        f"trials is that, and how many minutes with {seeds} seeds each and {minutes} minutes a "
        "training?",
        (trials, trials * seeds * minutes),
        f"{' · '.join(map(str, counts))}, times {seeds} · {minutes}.",
        {
            (sum(counts), sum(counts) * seeds * minutes): "Every combination: multiplied.",
            (trials, trials * minutes): "The seeds are left out.",
        },
        {"counts": counts, "minutes": minutes, "seeds": seeds},
    )


@item("figure", "prune", 4)
def successive_halving(rng):
    n = int(rng.choice([6, 8, 9]))
    eta = 3 if n == 9 else 2
    scores = np.array(
        [rng.choice(np.arange(10, 60), n, False), rng.choice(np.arange(60, 99), n, False)]
    )
    alive, left = np.arange(n), []
    for rung in scores:
        best = alive[np.argsort(-rung[alive])][: max(1, len(alive) // eta)]
        alive = np.sort(best)
        left.append(tuple(alive.tolist()))
    rows = [["rung 1", *scores[0].tolist()], ["rung 2", *scores[1].tolist()]]
    return Drawn(
        f"Successive halving with eta = {eta}. The scores of all configurations, had all gone on:\n"
        f"{table(['', *range(n)], rows)}\nWhich are left after rung 1, and which after rung 2? Did "
        "it keep the one that is best on rung 2?",
        tuple(left),
        f"The best {n} // {eta} go on, then a share of those. Whoever starts late is lost: that is "
        "the price of speed.",
        {(left[0], (int(scores[1].argmax()),)): "It has stopped after rung 1."}
        if int(scores[1].argmax()) not in left[0]
        else {},
        {"eta": eta, "scores": scores},
    )


@item("compute", "search", 3)
def grid_or_random(rng):
    side, names = int(rng.integers(3, 6)), int(rng.choice([2, 3]))
    trials = side**names
    return Drawn(
        f"{names} hyperparameters, {trials} trials: a grid with {side} values each, or random "
        "points. How many different learning rates does each of them try? When does that matter?",
        (side, trials),
        f"The grid repeats each rate {trials // side} times. Where few of the hyperparameters "
        "matter, the random points try more values of those that do.",
        {
            (trials, trials): "The points of a grid share their values.",
            (side, side): "Random points share no value.",
        },
        {"side": side, "names": names, "trials": trials},
    )


@item("figure", "judge", 4)
def another_winner(rng):
    middle = int(rng.integers(80, 92))
    first = middle + rng.choice(np.arange(-3, 6), 4, replace=False)
    second = middle + rng.choice(np.arange(-6, 3), 4, replace=False)
    ahead = int((second[:, np.newaxis] > first).sum())
    ties = set(first.tolist()) & set(second.tolist())
    if ties or not 2 <= ahead <= 7:
        return another_winner.draw(rng)
    rows = [["A", *first.tolist()], ["B", *second.tolist()]]
    return Drawn(
        "A league table knows four runs of each of two settings, accuracies in %:\n"
        f"{table(['setting', 1, 2, 3, 4], rows)}\nSomebody runs each setting once. If each of "
        "these "
        "runs is as likely as another, how often is B ahead, in 16 pairs? What does a table with "
        "one run a row tell?",
        ahead,
        f"Count, for each run of B, the runs of A below it: {ahead} of 16. One run a row ranks by "
        "luck where the ranges overlap.",
        {0: "A has the higher mean, but single runs are drawn, not means.", 16: "B, not A."},
        {"first": first, "second": second},
    )


@item("figure", "prune", 4)
def by_the_median(rng):
    finished = np.sort(rng.choice(np.arange(20, 70), (3, 3), replace=False), axis=1)
    late = rng.choice(np.arange(20, 70), 3, replace=False)
    behind = [int(late[: n + 1].max()) < np.median(finished[:, n]) for n in range(3)]
    equal = any(late[: n + 1].max() == np.median(finished[:, n]) for n in range(3))
    if equal or not any(behind):
        return by_the_median.draw(rng)
    answer = behind.index(True) + 1
    rows = [[name, *row] for name, row in zip("ABC", finished.tolist(), strict=True)]
    return Drawn(
        "Three trials have finished; they reported these accuracies in %, epoch by epoch:\n"
        f"{table(['trial', 1, 2, 3], rows)}\nA fourth one reports {', '.join(map(str, late))}. "
        "`MedianPruner` stops a trial whose best report so far is below the median of the others "
        "after as many epochs, from the first epoch on. After which epoch does it stop the fourth?",
        answer,
        f"The medians are {', '.join(number(m) for m in np.median(finished, axis=0))}; compare "
        "each with the best report up to there.",
        {4: "It is below a median."} | ({answer + 1: "It is below before."} if answer < 3 else {}),
        {"finished": finished, "late": late},
    )


@item("choose", "search", 3)
def a_study_of_many(rng):
    workers, total = int(rng.integers(3, 9)), int(rng.choice([60, 100, 120]))
    done = int(rng.integers(workers + 5, 50))
    return Drawn(
        f"A study of {total} trials lives in a database; {workers} computers work for it. After "
        f"{done} finished trials the power fails. What is lost when they are started again?",
        f"At most the {workers} trials that were running.",
        "Each finished trial is in the database; the workers go on with the rest.",
        {
            f"All {done} trials.": "They are in the database, not in the workers.",
            "The guide's knowledge: it begins again at random.": "It reads the finished trials.",
            f"Nothing: also the {workers} half-trained networks go on.": "A trial begins anew "
            "unless it writes down its weights.",
        },
        {"workers": workers, "total": total, "done": done},
    )


@item("compute", "choose", 3)
def points_and_pictures(rng):
    size, better = int(rng.choice([200, 250, 360, 500])), int(rng.integers(1, 6))
    share = round(100 * better / size, 2)
    trials = int(rng.choice([16, 32, 64]))
    return Drawn(
        f"Two searches of {trials} trials each; their winners differ by {number(share)} points "
        "on a "
        f"validation set of {size} pictures. How many pictures is that? Why are both numbers too "
        "high, and what would you report?",
        better,
        f"{number(share)} % of {size}. Each is the best of {trials} looks at the same pictures, so "
        "partly lucky there. Report the winner's accuracy on a test set, over several seeds.",
        {round(share * trials): "Trials have nothing to do with it."},
        {"size": size, "share": share, "trials": trials},
    )
