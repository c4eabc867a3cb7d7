"""Exam items: each key agrees with a second way to it, for 200 seeds."""

import re
from fractions import Fraction
from itertools import pairwise, product
from math import ceil, exp, isclose, log, prod
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage, optimize, signal, special, stats
from sklearn import metrics
from sklearn.utils import class_weight

from lessons import ORDER
from tools.editions import exam

ROOT = Path(__file__).resolve().parents[3]

ITEMS = {f"{lesson}.{item.name}": item for lesson in ORDER for item in exam.pool(lesson)}
REFUSED = re.compile(r"\b(easy|easily|just|simply|obvious|obviously|clearly|trivial)\b", re.I)


def flat(values):
    return tuple(np.ravel(values).tolist())


def ran(lines):
    names = {}
    for line in lines[:-1]:
        exec(line, names)
    return eval(lines[-1], names)


def cells(start, step, factor, order):
    code = [f"a = {start}", f"a = a + {step}", f"a * {factor}"]
    return ran([code[place - 1] for place in order])


def line_of(lines, *patterns):
    """The only line that one of the patterns finds, counted from 1."""
    found = [n for n, line in enumerate(lines, 1) if any(re.search(p, line) for p in patterns)]
    assert len(found) == 1
    return found[0]


def votes(places, labels, query):
    def vote(k):
        near = sorted(zip(abs(places - query), labels, strict=True))[:k]
        return round(np.mean([label for _, label in near]))

    return vote(1), vote(3)


def reported(ks, train, validation, test):
    return max(zip(validation, ks, test, strict=True))[1:]


def scenes(times, held):
    bursts = []
    for time, side in zip(times, held, strict=True):
        if not bursts or time - bursts[-1][-1][0] > 3:
            bursts.append([])
        bursts[-1].append((time, side))
    return len(bursts), sum(len({side for _, side in burst}) == 2 for burst in bursts)


def least_squares(x, y):
    return stats.linregress(x, y)[:2]


def descended(x, y, rate):
    def loss(line):
        return np.mean((line[0] * x + line[1] - y) ** 2)

    return -rate * optimize.approx_fprime(np.zeros(2), loss, 1e-7)


def rates(curves):
    grows = [curve[-1] > curve[0] for curve in curves]
    sums = [
        np.inf if up else sum(curve) / curve[0] for up, curve in zip(grows, curves, strict=True)
    ]
    return "ABCD"[grows.index(True)], "ABCD"[int(np.argmin(sums))]


def surprise(y, z):
    p = 1 / (1 + exp(-z))
    return -log(p if y else 1 - p)


def slope(function, *at, h=1e-6):
    """The slopes of a function along each of its arguments, by nudging."""
    places = [np.array(at, float) + nudge for nudge in h * np.eye(len(at))]
    backs = [np.array(at, float) - nudge for nudge in h * np.eye(len(at))]
    return tuple(
        (function(*up) - function(*down)) / (2 * h) for up, down in zip(places, backs, strict=True)
    )


def entropy_slopes(p, y, x):
    return slope(lambda w, b: surprise(y, w * x + b), log(p / (1 - p)) / x, 0)


def entropy_step(x, y, rate):
    def loss(w, b):
        return np.mean([surprise(label, w * value + b) for value, label in zip(x, y, strict=True)])

    return tuple(-rate * value for value in slope(loss, 0, 0))


def scores(tp, fp, fn, tn):
    precision, recall = tp / len([*range(tp), *range(fp)]), 1 - fn / (tp + fn)
    return precision, recall, stats.hmean([precision, recall])


def cheapest(p, labels, miss, cuts):
    def cost(cut):
        return sum(
            (miss if y else 1) for q, y in zip(p, labels, strict=True) if (q >= cut) != bool(y)
        )

    return min(cuts, key=cost)


def step(weights, bias, x):
    z = sum(w * value for w, value in zip(weights, x, strict=True)) + bias
    return z, int(z >= 0)


def updated(weights, bias, x, target, rate):
    said = step(weights, bias, x)[1]
    sign = {(1, 0): 1, (0, 1): -1}.get((target, said), 0)
    return (
        *(w + sign * rate * value for w, value in zip(weights, x, strict=True)),
        bias + sign * rate,
    )


LOGIC = {
    "AND": lambda a, b: a and b,
    "OR": lambda a, b: a or b,
    "NAND": lambda a, b: not (a and b),
    "NOR": lambda a, b: not (a or b),
}


def epoch(gate, order):
    state, mistakes = (0, 0, 0), 0
    for x in order:
        new = updated(state[:2], state[2], x, int(LOGIC[gate](*x)), 1)
        state, mistakes = new, mistakes + (new != state)
    return mistakes, *state


def separable(points, labels):
    signs = np.where(labels == 1, -1, 1)[:, np.newaxis]
    rows = signs * np.column_stack([points, np.ones(len(points))])
    solved = optimize.linprog(np.zeros(3), rows, -np.ones(len(points)), bounds=[(None, None)] * 3)
    return "yes" if solved.success else "no"


def forward(x, w1, b1, w2, b2):
    hidden = [max(0, sum(x[i] * w1[i, j] for i in range(2)) + b1[j]) for j in range(2)]
    return sum(h * w for h, w in zip(hidden, w2, strict=True)) + b2


def collapsed(w1, b1, w2, b2):
    def both(x):
        return (np.array(x) @ w1 + b1) @ w2 + b2

    bias = both([0, 0])
    return (*flat([both([1, 0]) - bias, both([0, 1]) - bias]), *bias)


def neuron(x, w, b, y):
    along_w, along_b = slope(lambda w, b: surprise(y, w * x + b), w, b)
    return 1 / (1 + exp(-w * x - b)), along_b, along_w


def paths(weights, p, true):
    logits, h = np.log([p, 1 - p]), 1e-6
    up, down = (
        -np.log(np.exp(z)[true] / np.exp(z).sum())
        for z in (logits + h * weights, logits - h * weights)
    )
    return (up - down) / (2 * h)


def parameters(sizes):
    return sum(b + prod((a, b)) for a, b in pairwise(sizes))


def verdicts(curves):
    names = []
    for train, validation in curves:
        if train[-1] > train[0]:
            names.append("diverges")
        elif train[-1] > 1:
            names.append("under-fits")
        else:
            names.append(
                "over-fits" if validation[-1] > validation.min() + 0.2 else "is about right"
            )
    return ", ".join(f"{letter} {name}" for letter, name in zip("ABCD", names, strict=True))


def batches(examples, size, epochs):
    starts = range(0, examples, size)
    return len(starts) * epochs, examples - starts[-1]


def momentum(start, rate, keep):
    w, velocity = start, 0
    for _ in range(2):
        velocity = keep * velocity - rate * w
        w += velocity
    return w


def adam(w, g, rate):
    def moved(g):
        v, s = 0.1 * g, 0.001 * g**2
        return w - rate * (v / (1 - 0.9)) / (s / (1 - 0.999)) ** 0.5

    return moved(g), moved(10 * g)


def of_a_listing(lines):
    """Parameters of a Sequential, from the numbers behind its brackets."""
    return parameters([int(n) for n in re.findall(r"(?:Dense\(|Input\(\()(\d+)", "".join(lines))])


def unjudged(rates, rows):
    return next(name for name, *values in rows if int(np.argmax(values)) in (0, len(rates) - 1))


def starts(n, k, s=1, p=0):
    """Where the windows begin on an axis, found by trying."""
    return [start for start in range(-p, n + p, s) if start + k <= n + p]


def kernels(height, width, depth, maps, k):
    weights = np.zeros((k, k, depth, maps))
    return len(starts(height, k)), len(starts(width, k)), maps, weights.size + maps


def covered(n, k, row, column):
    counts = np.zeros((n, n), int)
    for r, c in product(starts(n, k), starts(n, k)):
        counts[r : r + k, c : c + k] += 1
    return counts[0, 0], counts[row, column]


def same(n, k, s):
    padding = next(p for p in range(2 * k) if len(starts(n + p, k, s)) == ceil(n / s))
    return ceil(n / s), padding // 2, ceil(padding / 2)


def field(layers):
    seen = {0}
    for k, s in reversed(layers):
        seen = {place * s + offset for place in seen for offset in range(k)}
    return len(range(min(seen), max(seen) + 1))


def strip(n, k, s):
    seen = {start + offset for start in starts(n, k, s) for offset in range(k)}
    return len(starts(n, k, s)), n - len(seen)


def pooled(image):
    corners = np.s_[::2, ::2]
    best = ndimage.maximum_filter(image, 2, origin=-1)[corners]
    return flat(best), flat(signal.correlate(image, np.ones((2, 2)) / 4, "valid")[corners])


def moved_spot(rows, k):
    before, after = ([max(row[i : i + k]) for i in range(0, len(row), k)] for row in rows.tolist())
    return sum(a != b for a, b in zip(before, after, strict=True)), k


def max_slopes(image, slopes):
    def loss(values):
        best = ndimage.maximum_filter(values.reshape(4, 4), 2, origin=-1)[::2, ::2]
        return (best * slopes).sum()

    return tuple(
        map(
            flat,
            np.round(optimize.approx_fprime(image.ravel().astype(float), loss, 1e-4)).reshape(4, 4),
        )
    )


def shapes(side, depth, first, second, k):
    sides = [len(starts(side, k))]
    sides.append(len(starts(sides[-1], 2, 2)))
    sides.append(len(starts(sides[-1], k)))
    sides.append(len(starts(sides[-1], 2, 2)))
    return *sides, prod((sides[-1], sides[-1], second))


def hidden_units(side, classes, total):
    def size(units):
        return parameters([side * side, units, classes])

    return max(units for units in range(100) if size(units) <= total)


def pixels_below(first, pool, second, row, column):
    """All rows and columns that reach a number, layer by layer."""
    reached = [{row}, {column}]
    for size, stride in ((second, 1), (pool, pool), (first, 1)):
        reached = [{n * stride + step for n in axis for step in range(size)} for axis in reached]
    rows, columns = reached
    return min(rows), min(columns), len(rows)


def by_class(counts, c):
    pairs = [(t, s) for t, s in product(range(3), repeat=2) for _ in range(counts[t, s])]
    found = [s == c for t, s in pairs if t == c]
    called = [t == c for t, s in pairs if s == c]
    return sum(found) / len(found), sum(called) / len(called)


def worst_class(names, counts):
    recalls = [by_class(counts, c)[0] for c in range(3)]
    return names[int(np.argmin(recalls))], min(recalls)


def thinned(rate, x, mask):
    return flat(
        [
            float(Fraction(int(v)) * int(m) / (1 - Fraction(str(rate))))
            for v, m in zip(x, mask, strict=True)
        ]
    ), flat(x)


def penalties(strength, w):
    def l2(w):
        return strength * np.linalg.norm(w) ** 2

    slope = [(l2(w + e) - l2(w - e)) / 2 for e in np.eye(3)]
    return strength * np.linalg.norm(w, 1), l2(w), tuple(slope)


def stopped(losses, patience):
    for end in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:end])) + 1
        if end - best == patience:
            return end, best
    return None


def lagging(momentum, steps, value):
    average = 0.0
    for _ in range(steps):
        average = momentum * average + (1 - momentum) * value
    return average


def dealt(a, b):
    return stats.permutation_test(
        (a, b), lambda x, y: np.mean(x) - np.mean(y), vectorized=False
    ).pvalue


def pays(plain, augmented):
    def apart(x, y, axis):
        return x.mean(axis=axis) - y.mean(axis=axis)

    p = stats.permutation_test((augmented, plain), apart, n_resamples=np.inf).pvalue
    return round(20 * p), "no" if p >= 0.05 else "yes"


def strength(strengths, right, mine, points):
    lost = {degrees: right[0] - share for degrees, share in zip(strengths, right, strict=True)}
    within = [degrees for degrees in strengths if not degrees > mine]
    return within[-1] * (lost[within[-1]] > points)


def bright(pixels, amount):
    with np.errstate(over="ignore"):
        wrapped = pixels.astype(np.uint8) + np.uint8(amount)
    return flat(wrapped), tuple(min(255, int(p) + amount) for p in pixels)


def trained(first, second, classes, opened):
    kernel, norm = (
        prod((3, 3, first, second)),
        sum(np.zeros(second).size for _ in range(4)),
    )
    head = parameters([second, classes])
    return (head + kernel, norm) if opened else (head, kernel + norm)


def moves(differences):
    kernel1, mean1, kernel5, mean5, head = differences > 0
    assert head
    assert not kernel1
    if mean1 and mean5:
        return "frozen backbone, but its normalizations ran in training mode"
    return (
        "last block opened, all normalizations frozen"
        if kernel5
        else "frozen backbone, trained head"
    )


def fine_tuning(lines):
    fits = [n for n, line in enumerate(lines) if "fit" in line]
    if len(fits) == 1:
        return line_of(lines, r"trainable = True")
    large = [n for n, line in enumerate(lines, 1) if re.search(r"Adam\(1e-[12]\)", line)]
    return large[0] if large else line_of(lines, r"trainable = True")


def survivors(eta, scores):
    alive, left = list(range(scores.shape[1])), []
    for rung in scores:
        ranked = sorted(alive, key=lambda n: rung[n], reverse=True)
        alive = sorted(ranked[: max(1, len(alive) // eta)])
        left.append(tuple(alive))
    return tuple(left)


def log_uniform(u, bottom, top):
    return stats.loguniform(bottom, top).ppf(u)


def one_grid(side, names, trials):
    grid = list(product(range(side), repeat=names))
    assert len(grid) == trials
    return len({point[0] for point in grid}), trials


def stopped_by_median(finished, late):
    for epoch in range(1, 4):
        better = sum(max(late[:epoch]) < trial[epoch - 1] for trial in finished)
        if better >= 2:  # at least the middle one of three
            return epoch
    raise AssertionError


def ahead(first, second):
    return sum(a > b for a, b in product(second, first))


def conv3d(depth, height, width, channels, maps, k):
    sides = (len(starts(n, k)) for n in (depth, height, width))
    return *sides, maps, prod((k, k, k, channels, maps)) + maps


def depth_map(solid):
    empty = np.logical_and.accumulate(solid == 0, axis=1).sum(1)
    return flat((solid.max(1) > 0).astype(int)), flat(empty)


def change(frames, place):
    return flat(signal.correlate(frames, [[-1], [1]], "valid")[:, place])


def occluded(image):
    drops = []
    for row, column in product((0, 2), (0, 2)):
        copy = image.copy()
        copy[row : row + 2, column : column + 2] = 10
        drops.append(image.mean() - copy.mean())
    return drops


def grad_cam(maps, gradients):
    weights = [sum(flat(g)) / 4 for g in gradients]
    total = [
        sum(w * a for w, a in zip(weights, values, strict=True))
        for values in zip(*map(flat, maps), strict=True)
    ]
    return *weights, *(max(0, value) for value in total)


def logit_slope(p, slope_of_logit):
    return slope(lambda x: 1 / (1 + exp(-log(p / (1 - p)) - slope_of_logit * x)), 0)[0]


def by_group(rows):
    shares = [100 * right / n for _, n, right in rows]
    return 100 * sum(row[2] for row in rows) / sum(row[1] for row in rows), min(shares)


LN = {
    0.1: 2.30,
    0.2: 1.61,
    0.25: 1.39,
    0.5: 0.69,
    0.75: 0.29,
    0.8: 0.22,
    0.9: 0.11,
    0.3: 1.2,
    0.01: 4.61,
    0.001: 6.91,
}
ORACLES = {
    "welcome.numbers_of_a_photograph": lambda rows, columns: prod((rows, columns, 3)),
    "welcome.one_pixel": lambda picture, row, column: picture.tolist()[row][column],
    "welcome.negative_of_a_row": lambda row, top: tuple(len(range(v, top)) for v in row),
    "welcome.cells_out_of_order": cells,
    "welcome.sum_of_bytes": lambda first, second: (np.array([first], np.uint8) + np.array([second], np.uint8)).item(),
    "learning_from_data.one_hot_by_hand": lambda labels, classes: np.eye(classes)[labels],
    "learning_from_data.stratified_counts": lambda counts, percent: [Fraction(percent, 100) * n for n in counts],
    "learning_from_data.neighbors_vote": votes,
    "learning_from_data.which_k_to_report": reported,
    "learning_from_data.which_line_leaks": lambda lines: line_of(lines, r"X\.mean", r"\(X, y,", r"score\(k, X\[test"),
    "learning_from_data.score_of_twins": lambda percent, things: 100 * (percent / 100 * 1 + (1 - percent / 100) * 0.5),
    "linear_regression.mean_squared_error": lambda w, b, x, y: metrics.mean_squared_error(y, w * x + b),
    "linear_regression.best_line": least_squares,
    "linear_regression.one_step_downhill": descended,
    "linear_regression.four_rates": rates,
    "linear_regression.standardize_a_new_person": lambda mean, spread, kg, w, b: float(Fraction(kg - mean, spread) * w + b),
    "linear_regression.a_line_beyond_its_data": lambda slope, b, kg: np.polyval([slope, b], kg),
    "logistic_regression.from_logit_to_probability": lambda logit, odds: round(1 / (1 + exp(-logit)), 2),
    "logistic_regression.mean_surprise": lambda labels, p: np.mean([LN[round(v if y else 1 - v, 2)] for y, v in zip(labels, p, strict=True)]),
    "logistic_regression.decision_boundary": lambda w, shift: (optimize.brentq(lambda x: w * x - shift, 0, 999), optimize.brentq(lambda x: w * x - shift - 1.4, 0, 999)),
    "logistic_regression.slopes_of_one_example": entropy_slopes,
    "logistic_regression.one_step_of_descent": entropy_step,
    "logistic_regression.three_scores": scores,
    "logistic_regression.cheapest_threshold": cheapest,
    "perceptron.output_of_a_perceptron": step,
    "perceptron.one_update": updated,
    "perceptron.first_epoch": epoch,
    "perceptron.does_a_line_exist": separable,
    "multilayer_perceptron.forward_pass": forward,
    "multilayer_perceptron.two_linear_layers": collapsed,
    "multilayer_perceptron.chain_rule_of_a_neuron": neuron,
    "multilayer_perceptron.two_paths": paths,
    "multilayer_perceptron.parameters_of_a_network": parameters,
    "multilayer_perceptron.how_many_units": lambda units, train, held: max(zip(held, units, strict=True))[1],
    "training_a_network.number_of_updates": batches,
    "training_a_network.four_trainings": verdicts,
    "training_a_network.two_steps_of_momentum": momentum,
    "training_a_network.first_step_of_adam": adam,
    "training_a_network.size_of_a_sequential": of_a_listing,
    "training_a_network.a_fair_comparison": unjudged,
    "training_a_network.line_that_uses_the_test_set": lambda lines: line_of(lines, r"fit\(.*x_test"),
    "convolution.one_number": lambda image, kernel, row, column: signal.correlate2d(image, kernel, "valid")[row, column],
    "convolution.correlation_or_convolution": lambda image, kernel: (flat(signal.correlate2d(image, kernel, "valid")), flat(signal.convolve2d(image, kernel, "valid"))),
    "convolution.dense_against_convolution": lambda side, units, k: (parameters([3 * side**2, units]), prod((k, k, 3, units)) + units),
    "convolution.fog": lambda kernel, fog: signal.correlate2d(np.full((3, 3), fog), kernel, "valid").item(),
    "convolution.a_layer_of_maps": kernels,
    "convolution.loops_with_a_fault": lambda lines: line_of(lines, r"\(n - k for", r"r \+ (\d).* c \+ \1", "@"),
    "convolution.gradient_of_a_kernel": lambda pixels, error: flat([(np.lib.stride_tricks.sliding_window_view(pixels, (2, 2))[:, :, i, j] * error).sum() for i in range(2) for j in range(2)]),
    "convolution.a_kernel_of_one_pixel": lambda color, pixel: (sum(p * (3 * c - sum(color)) for p, c in zip(pixel, color, strict=True)) // 3, 0),
    "convolution.bias_and_activation": lambda image, kernel, bias: flat((signal.correlate2d(image, kernel, "valid") + bias).clip(0)),
    "padding_and_stride.output_size": lambda n, k, p, s: len(starts(n, k, s, p)),
    "padding_and_stride.dilated_size": lambda n, k, d, s: (len(range(d * (k - 1) + 1)), len(starts(n, d * (k - 1) + 1, s))),
    "padding_and_stride.windows_over_a_pixel": covered,
    "padding_and_stride.same_in_the_library": same,
    "padding_and_stride.receptive_field": field,
    "padding_and_stride.blind_strip": strip,
    "padding_and_stride.size_with_a_fault": lambda n, k, lines: (line_of(lines, r"n \+ p", r"d \* k", "ceil"), len(starts(n, 2 * k - 1, 2, 1))),
    "pooling.max_and_average": pooled,
    "pooling.shape_behind_a_pooling": lambda height, width, maps, k: (len(starts(height, k, k)), len(starts(width, k, k)), maps, 0),
    "pooling.a_spot_moves": moved_spot,
    "pooling.what_pooling_saves": lambda side, maps, units: (parameters([side * side * maps, units]), parameters([len(starts(side, 2, 2)) ** 2 * maps, units])),
    "pooling.average_as_a_convolution": lambda k, maps: (np.mean(np.eye(1, k * k)), k, prod((k, k, maps, maps)) + maps),
    "pooling.gradient_through_a_maximum": max_slopes,
    "convolutional_networks.shapes_through_a_network": shapes,
    "convolutional_networks.where_the_parameters_are": lambda side, maps, units, before: (prod((3, 3, before, maps)) + maps, parameters([side * side * maps, units])),
    "convolutional_networks.place_in_the_vector": lambda rows, columns, maps, r, c, m: np.ravel_multi_index((r, c, m), (rows, columns, maps)),
    "convolutional_networks.broken_network": lambda lines: line_of(lines, r"\(28, 28\)\)", r"Dense\(\d+\)", "from_logits"),
    "convolutional_networks.dense_network_of_the_same_size": hidden_units,
    "convolutional_networks.one_number_per_map": lambda side, maps, classes: (parameters([side**2 * maps, classes]), parameters([maps, classes])),
    "convolutional_networks.steps_of_a_training": lambda pictures, batch, epochs: len([*range(0, pictures, batch)] * epochs),
    "what_a_network_sees.one_number_by_hand": lambda window, kernel, bias: (signal.correlate2d(window, kernel, "valid") + bias).clip(0).item(),
    "what_a_network_sees.window_below_a_number": pixels_below,
    "what_a_network_sees.who_voted": lambda hidden, weights: (round(float(hidden @ weights), 2), max(range(5), key=lambda n: hidden[n] * weights[n])),
    "what_a_network_sees.recall_and_precision_of_a_class": by_class,
    "image_classification.two_baselines": lambda counts: (round(100 * np.mean(np.eye(len(counts))[0]), 1), round(100 * float(np.max(counts / counts.sum())), 1)),
    "image_classification.groups_on_both_sides": lambda groups, held: tuple(g for g in range(4) if len(set(held[groups == g])) == 2),
    "image_classification.order_of_a_pipeline": lambda lines: line_of(lines, "shuffle") if line_of(lines, "batch") < line_of(lines, "shuffle") else line_of(lines, "cache"),
    "image_classification.name_the_epoch": lambda train, validation: sorted(range(8), key=lambda n: validation[n])[0] + 1,
    "image_classification.sure_and_wrong": lambda others, doubt, sure: (others * LN[0.5] + LN[doubt] + LN[sure]) / (others + 2),
    "image_classification.class_by_class": worst_class,
    "image_classification.what_a_doubling_brings": lambda sizes, accuracies: np.polyval(np.polyfit(np.log2(sizes), accuracies, 1), log(400, 2)),
    "regularization.dropout_by_hand": thinned,
    "regularization.penalties_by_hand": penalties,
    "regularization.batch_normalization_by_hand": lambda x, gamma, beta: gamma * stats.zscore(x) + beta,
    "regularization.early_stopping": stopped,
    "regularization.lagging_average": lagging,
    "regularization.three_starts": dealt,
    "data_augmentation.strength_to_train": strength,
    "data_augmentation.places_of_a_crop": lambda height, width, h, w: len(starts(height, h)) * len(starts(width, w)),
    "data_augmentation.brighter_pixels": bright,
    "data_augmentation.line_of_the_augmentation": lambda lines: line_of(lines, "validation.*change") if "change" in lines[-1] else line_of(lines, "change"),
    "data_augmentation.degrees_of_a_rotation": lambda degrees: np.radians(degrees) / (2 * np.pi),
    "data_augmentation.does_it_pay": pays,
    "transfer_learning.parameters_of_a_head": lambda side, maps, classes: (parameters([maps, classes]), parameters([side**2 * maps, classes])),
    "transfer_learning.what_trains": trained,
    "transfer_learning.what_moved": moves,
    "transfer_learning.cached_and_augmented": lambda accuracy, epochs: accuracy,
    "transfer_learning.order_of_fine_tuning": fine_tuning,
    "transfer_learning.from_how_many_pictures": lambda sizes, frozen, scratch: next(n for n, a, b in zip(sizes, frozen, scratch, strict=True) if b > a),
    "network_families.depthwise_and_pointwise": lambda before, after, k: (prod((k, k, before, after)), prod((k, k, before, 1)) + prod((1, 1, before, after))),
    "network_families.multiplications_of_a_layer": lambda side, k, before, after: np.ones((side, side, k, k, before, after)).size,
    "network_families.through_a_residual_block": lambda came_in, branch: np.clip(np.add(came_in, branch), 0, None),
    "network_families.volume_knobs": lambda means, factors, value, map: (np.multiply([value] * 3, factors)[map - 1], np.multiply(means, factors)[map - 1]),
    "network_families.line_of_the_block": lambda lines: next(n for n, line in enumerate(lines, 1) if ("padding" not in line and "Conv" in line) or (n > 1 and "(x)" in line) or "[y, y]" in line),
    "network_families.which_to_look_at": lambda costs, accuracies: "".join(n for n, c, a in zip("ABCD", costs, accuracies, strict=True) if not any(d < c and b > a for d, b in zip(costs, accuracies, strict=True))),
    "choosing_hyperparameters.on_a_logarithmic_scale": log_uniform,
    "choosing_hyperparameters.size_and_time_of_a_grid": lambda counts, minutes, seeds: (len(list(product(*map(range, counts)))), len(list(product(*map(range, counts), range(seeds)))) * minutes),
    "choosing_hyperparameters.successive_halving": survivors,
    "choosing_hyperparameters.grid_or_random": one_grid,
    "choosing_hyperparameters.another_winner": ahead,
    "choosing_hyperparameters.by_the_median": stopped_by_median,
    "choosing_hyperparameters.points_and_pictures": lambda size, share, trials: round(share * size / 100),
    "volumes_and_video.one_number_of_a_volume": lambda volume, kernel: flat(signal.correlate(volume, kernel, "valid")),
    "volumes_and_video.shape_of_a_layer": conv3d,
    "volumes_and_video.cost_of_a_third_axis": lambda n, k: (n**2 * k**2, n**3 * k**3, (2 * n) ** 3 // n**3),
    "volumes_and_video.shadows_and_depth": depth_map,
    "volumes_and_video.kernel_for_a_change": change,
    "volumes_and_video.slices_or_volumes": lambda slices, patients, percent: (patients * Fraction(percent, 100), patients * slices * Fraction(percent, 100)),
    "looking_inside.occlusion_by_hand": occluded,
    "looking_inside.places_of_the_square": lambda side, patch, stride: (len(starts(side, patch, stride)) ** 2, len(list(product(starts(side, patch, stride), repeat=2))) + 1),
    "looking_inside.gradient_map_by_hand": grad_cam,
    "looking_inside.logit_or_probability": lambda p, slope: logit_slope(p, slope),
    "looking_inside.accuracy_by_group": by_group,
    "looking_inside.has_the_repair_worked": lambda rows, sizes: tuple(round(np.average(row[1:], weights=sizes), 1) for row in rows[1:]),
    "looking_inside.line_of_the_gradient_map": lambda lines: line_of(lines, "softmax", r"gradients, axis=-1", r"relu\(weights"),
    "your_own_classifier.accuracy_and_balanced_accuracy": lambda many, few, found: tuple(100 * score([1] * many + [0] * few, [1] * found[0] + [0] * (many - found[0]) + [0] * found[1] + [1] * (few - found[1])) for score in (metrics.accuracy_score, metrics.balanced_accuracy_score)),
    "your_own_classifier.weight_of_a_class": lambda counts: max(class_weight.compute_class_weight("balanced", classes=np.arange(len(counts)), y=np.repeat(np.arange(len(counts)), counts))),
    "your_own_classifier.temperature_by_hand": lambda shares: special.softmax(np.log(shares) / 0.5),
    "your_own_classifier.a_scene_on_two_sides": scenes,
    "your_own_classifier.line_of_the_network": lambda lines: line_of(lines, r"base\(photo", r"Pooling2D\(\)\(photo", "relu"),
    "your_own_classifier.calibration_error_of_two_bins": lambda sure, counts, right: sum(abs(r - n * s) for s, n, r in zip(sure, counts, right, strict=True)) / sum(counts),
}  # fmt: skip
"""For each item with numbers, a second way from what is given to the answer."""


def integers(text):
    return [int(value.replace("−", "-")) for value in re.findall(r"[-−]?\d+", text)]


def is_gate(option, gate):
    w1, w2, b = integers(option)
    return all((w1 * x + w2 * y + b >= 0) == LOGIC[gate](x, y) for x, y in product((0, 1), (0, 1)))


def symptom(option, picture, got):
    made = {
        "largest": picture.max(),
        "mean": picture.mean(),
        "row": picture[0].sum(),
        "column": picture[:, 0].sum(),
    }
    return next(value for word, value in made.items() if word in option) == got


def steps_of(option, count, epochs):
    steps = epochs * len(range(0, count, 32))
    return integers(option) == [steps]


def finds_the_edge(option, edge):
    kernel = np.array(eval(option.strip("`")))
    return signal.correlate2d(edge, kernel, "valid").item() > 0


def leads_to(option, n):
    k, p, s = integers(option)
    return len(starts(n, k, s, p)) == n // 2


RIGHT = {
    "welcome.which_is_the_mirror": lambda option, picture: eval(option) == np.fliplr(picture).tolist(),
    "welcome.what_a_not_yet_says": symptom,
    "perceptron.weights_of_a_gate": is_gate,
    "convolution.which_kernel_finds_the_edge": finds_the_edge,
    "padding_and_stride.from_one_size_to_another": leads_to,
    "regularization.decay_steps": steps_of,
    "pooling.when_is_it_exact": lambda option, layers: integers(option) == [np.prod([2] * layers)],
    "volumes_and_video.kernel_for_a_clip": lambda option, frames, side, k: integers(option) == [k, k, k, 3],
}  # fmt: skip
"""For each choice that follows from what is given, whether an option is right."""

CONCEPTS = {
    "learning_from_data.kind_of_feature",
    "logistic_regression.a_rare_illness",
    "perceptron.all_parameters_times",
    "multilayer_perceptron.choose_an_activation",
    "regularization.one_symptom",
    "data_augmentation.which_flips",
    "choosing_hyperparameters.a_study_of_many",
}
"""Choices by understanding: no number decides them."""

IN_OTHER_WORDS = {"true", "opened", "got"}
"""What is given, and stands in the question in words."""


@pytest.fixture(params=[10, pytest.param(200, marks=pytest.mark.slow)])
def draws(request):
    """The questions of an item, for ten seeds, and for two hundred."""

    def of(name):
        lesson = name.partition(".")[0]
        return [exam.draw(lesson, ITEMS[name], seed) for seed in range(request.param)]

    return of


ROUNDED = {"one decimal": 0.05, "two decimals": 0.005, "Four decimals": 0.00005}


def close(answer, expected, question):
    if isinstance(answer, str):
        return answer == expected
    if isinstance(answer, tuple):
        expected = list(expected)
        pairs = zip(answer, expected, strict=False)
        return len(answer) == len(expected) and all(close(*pair, question) for pair in pairs)
    rounded = next((half for words, half in ROUNDED.items() if words in question), 5e-6)
    return isclose(answer, float(expected), rel_tol=1e-5, abs_tol=1.001 * rounded)


def numbers(value):
    if isinstance(value, bool | str):
        return []
    if isinstance(value, list | tuple | np.ndarray):
        return [number for part in value for number in numbers(part)]
    return [value]


@pytest.mark.parametrize("lesson", ORDER)
def test_a_lesson_has_items_of_several_kinds_for_its_own_outcomes(lesson):
    items = exam.pool(lesson)
    assert len(items) >= 5
    assert len({item.kind for item in items}) >= 3
    text = (ROOT / "lessons" / lesson / "lesson.py").read_text(encoding="utf-8")
    bold = re.findall(r"^# - \*\*(.+?)\*\*", text.partition("## Setup")[0], flags=re.M)
    assert {item.outcome for item in items} <= set(bold)


def test_every_item_with_an_answer_is_proved():
    words = {name for name in ITEMS if exam.draw("any", ITEMS[name], 0).drawn.answer is None}
    assert {ITEMS[name].kind for name in words} == {"explain"}
    assert set(ORACLES) | set(RIGHT) | CONCEPTS == set(ITEMS) - words


@pytest.mark.parametrize("name", ORACLES)
def test_the_key_agrees_with_a_second_way(name, draws):
    for question in draws(name):
        expected = ORACLES[name](**question.drawn.given)
        assert close(question.drawn.answer, expected, question.drawn.question)


@pytest.mark.parametrize("name", RIGHT)
def test_one_option_is_right(name, draws):
    for question in draws(name):
        right = [
            option for option in question.options if RIGHT[name](option, **question.drawn.given)
        ]
        assert right == [question.drawn.answer]


@pytest.mark.parametrize("name", ITEMS)
def test_a_question_can_be_read(name, draws):
    drawn = draws(name)
    assert len({question.drawn.question for question in drawn}) > 1
    for question in drawn:
        item, (text, answer, why, wrong, given) = question.item, vars(question.drawn).values()
        said = " ".join([text, why, exam.said(answer), *map(exam.said, wrong), *wrong.values()])
        assert not re.search(r"nan|inf\b|None|e-\d\d|np\.(int|float|str)|array\(", said)
        assert not REFUSED.search(said)
        assert all(wrong.values())
        shown = text.replace(",", "")
        for key, value in given.items():
            for number in numbers(value if key not in IN_OTHER_WORDS else []):
                assert exam.number(number, 6).replace(",", "") in shown, (key, number)
        if item.kind == "choose":
            assert len(question.options) == len(set(question.options)) >= 3
            assert question.options["abcdef".index(question.right)] == answer


def test_an_item_does_not_change_with_its_neighbors_and_options_move():
    name = "pooling.when_is_it_exact"
    first = exam.draw("pooling", ITEMS[name], 5)
    assert first == exam.draw("pooling", ITEMS[name], 5)
    questions = [exam.draw("pooling", ITEMS[name], seed) for seed in range(40)]
    assert {question.right for question in questions} == set("abcd")


def test_an_item_whose_wrong_answer_is_right_is_refused():
    @exam.item("compute", "compute", 1)
    def broken(rng):
        return exam.Drawn("1 + 1?", 2, "Count.", {2.0: "The same."})

    with pytest.raises(ValueError, match="in 1000 tries, a wrong answer was right"):
        exam.draw("any", broken, 0)


def test_a_lesson_without_a_pool_has_no_items():
    assert exam.pool("nothing") == []


def test_numbers_are_written_as_people_write_them():
    assert [exam.number(value) for value in (-3, 1234.5, 0.126, -0.001)] == [
        "−3",
        "1,234.5",
        "0.13",
        "0",
    ]
    assert exam.said((1, (2.5, "x"))) == "(1, (2.5, x))"


def test_a_chart_says_its_numbers_and_is_one_line():
    svg = exam.chart({"a": [1, 2], "b": [3, 0.5]}, "epoch", "loss")
    assert 'aria-label="loss over epoch. a: 1, 2; b: 3, 0.5"' in svg
    assert "\n" not in svg


@pytest.mark.slow
def test_keras_agrees_where_it_can_be_asked():
    from utils.quiet import keras

    layers = keras.layers

    def built(shape, *stack):
        network = keras.Sequential([keras.Input(shape), *stack])
        return network.output_shape[1:], network.count_params()

    def a_layer_of_maps(height, width, depth, maps, k):
        shape, count = built((height, width, depth), layers.Conv2D(maps, k))
        return *shape, count

    def shape_of_a_layer(depth, height, width, channels, maps, k):
        shape, count = built((depth, height, width, channels), layers.Conv3D(maps, k))
        return *shape, count

    def shapes_through_a_network(side, depth, first, second, k):
        stack = [layers.Conv2D(first, k), layers.MaxPooling2D(2), layers.Conv2D(second, k)]
        stack += [layers.MaxPooling2D(2), layers.Flatten()]
        shapes = [built((side, side, depth), *stack[:end])[0] for end in range(1, 6)]
        return tuple(shape[0] for shape in shapes)

    def shape_behind_a_pooling(height, width, maps, k):
        shape, count = built((height, width, maps), layers.MaxPooling2D(k))
        return *shape, count

    def same_in_the_library(n, k, s):
        return built((n, n, 1), layers.Conv2D(1, k, s, "same"))[0][0], *same(n, k, s)[1:]

    def parameters_of_a_network(sizes):
        return built((sizes[0],), *map(layers.Dense, sizes[1:]))[1]

    def first_step_of_adam(w, g, rate):
        def moved(g):
            place = keras.Variable(float(w), dtype="float64")
            keras.optimizers.Adam(rate).apply([keras.ops.array(float(g), "float64")], [place])
            return float(place)

        return moved(g), moved(10 * g)

    asked = {
        "convolution": a_layer_of_maps,
        "volumes_and_video": shape_of_a_layer,
        "convolutional_networks": shapes_through_a_network,
        "pooling": shape_behind_a_pooling,
        "padding_and_stride": same_in_the_library,
        "multilayer_perceptron": parameters_of_a_network,
        "training_a_network": first_step_of_adam,
    }
    for lesson, oracle in asked.items():
        for seed in range(5):
            drawn = exam.draw(lesson, ITEMS[f"{lesson}.{oracle.__name__}"], seed).drawn
            assert np.allclose(drawn.answer, oracle(**drawn.given), atol=1e-4), drawn.question
