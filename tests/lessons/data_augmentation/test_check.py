"""Data augmentation: right answers of unusual form, and wrong ones such as students write."""

import numpy as np
import pytest

from lessons.data_augmentation import check
from tests.kit.answers import accepted, refused
from utils.metrics import p_of_difference
from utils.quiet import keras, tf

layers = keras.layers
pytestmark = pytest.mark.slow


def worth(strengths, accuracies, mine, points):
    k = np.flatnonzero(strengths <= mine)[-1]
    return strengths[k] if accuracies[0] - accuracies[k] > points else 0


def by_a_loop(strengths, accuracies, mine, points):
    best = 0
    for strength, right in zip(strengths.tolist(), accuracies.tolist(), strict=True):
        if strength <= mine:
            best = strength if accuracies[0] - right > points else 0
    return best


def largest_that_costs(strengths, accuracies, mine, points):
    fit = (strengths <= mine) & (accuracies[0] - accuracies > points)
    return strengths[fit].max() if fit.any() else 0


def change(*, flip="horizontal", shift=(0.1, 0.1), turn=lambda d: d / 360, mode="reflect", more=()):
    """A maker of layers, by degrees."""

    def make(degrees):
        chain = [layers.RandomFlip(flip)] if flip else []
        chain += [layers.RandomTranslation(*shift, fill_mode=mode)] if shift else []
        chain += [layers.RandomRotation(turn(degrees), fill_mode=mode)] if turn else []
        return keras.Sequential([*chain, *more])

    return make


def line(make=None, training=True, steps="cache shuffle batch change prefetch", buffer=None):
    """An answer that chains some steps in an order of its own."""
    make = make or change()

    def answer(pictures, degrees):
        layer = make(degrees)
        known = {
            "cache": lambda d: d.cache(),
            "shuffle": lambda d: d.shuffle(buffer or len(pictures)),
            "batch": lambda d: d.batch(32),
            "change": lambda d: d.map(lambda x, y: (layer(x, training=training), y)),
            "prefetch": lambda d: d.prefetch(1),
        }
        data_set = pictures
        for step in steps.split():
            data_set = known[step](data_set)
        return data_set

    return answer


def in_another_order(pictures, degrees):
    """Turned first, then moved, one by one, without Sequential."""
    chain = [
        layers.RandomRotation(degrees / 360),
        layers.RandomTranslation((-0.1, 0.1), (-0.1, 0.1), fill_mode="nearest"),
        layers.RandomFlip("horizontal"),
    ]

    def changed(x, y):
        for layer in chain:
            x = layer(x, training=True)
        return x, y

    known = pictures.cache().shuffle(len(pictures)).map(changed, num_parallel_calls=1)
    return known.batch(32).prefetch(tf.data.AUTOTUNE)


def labeled(made):
    """The line with something made of the labels."""
    return lambda pictures, degrees: (
        line()(pictures, degrees).map(lambda x, y: (x, made(y))).prefetch(1)
    )


def stirred_once(pictures, degrees):
    """Behind the cache, but in one order for all epochs."""
    layer = change()(degrees)
    known = pictures.cache().shuffle(len(pictures), reshuffle_each_iteration=False).batch(32)
    return known.map(lambda x, y: (layer(x, training=True), y)).prefetch(1)


def gaps(fronted, bare, pictures):
    return (
        fronted.predict(pictures, verbose=0) - bare.predict(pictures, verbose=0),
        np.asarray(fronted(pictures)) - np.asarray(bare(pictures)),
    )


def proof(fronted, bare, pictures):
    return tuple(float(np.abs(gap).max()) for gap in gaps(fronted, bare, pictures))


def ship(right):
    base = right["none"]
    good = [
        name
        for name, row in right.items()
        if np.mean(row) > np.mean(base) and p_of_difference(row, base) < 0.05
    ]
    return max(good, key=lambda name: np.mean(right[name]), default="none")


def better(right, name, limit=0.05):
    row, base = right[name], right["none"]
    return np.mean(row) > np.mean(base) and p_of_difference(row, base) < limit


def by_sorting(right):
    base, names = right["none"], sorted(right, key=lambda name: -sum(right[name]))
    return next(n for n in names if n == "none" or p_of_difference(base, right[n]) < 0.05)


def best_mean(right):
    return max(right, key=lambda name: np.mean(right[name]))


def wide(image, amount):
    return image.astype(int) + amount


test_right_in_another_way = accepted({
    "a mask": (check.worth_training, worth),
    "a loop": (check.worth_training, by_a_loop),
    "the chain": (check.training_line, line()),
    "another order": (check.training_line, in_another_order),
    "lists": (check.proof, lambda *a: list(proof(*a))),
    "an array": (check.proof, lambda *a: np.array(proof(*a))),
    "a list of names": (check.to_ship, ship),
    "sorted": (check.to_ship, by_sorting),
    "float": (
        check.brighter, lambda x, a: np.clip(x + float(a), 0, 255).astype(np.uint8)),
    "table": (
        check.brighter, lambda x, a: np.clip(np.arange(256) + a, 0, 255).astype(np.uint8)[x]),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "above the limit": (
        check.worth_training,
        lambda s, a, m, p: s[-1] if a[0] - a[-1] > p else 0, "no longer name it yourself"),
    "always": (
        check.worth_training, lambda s, a, m, p: s[np.flatnonzero(s <= m)[-1]], "too little"),
    "my own": (check.worth_training, lambda s, a, m, p: m if worth(s, a, m, p) else 0, "not your own"),
    "largest that costs": (check.worth_training, largest_that_costs, None),
    "the nearest": (
        check.worth_training,
        lambda s, a, m, p: worth(s, a, s[np.abs(s - m).argmin()], p), None),
    "from the best": (
        check.worth_training,
        lambda s, a, m, p: worth(s, np.append(a.max(), a[1:]), m, p), None),
    "percent of it": (
        check.worth_training,
        lambda s, a, m, p: s[np.flatnonzero(s <= m)[-1]]
        if 100 * (1 - a[np.flatnonzero(s <= m)[-1]] / a[0]) > p else 0, None),
    "half circles": (check.training_line, line(change(turn=lambda d: d / 180)), "degrees / 360"),
    "on their heads": (
        check.training_line, line(change(flip="horizontal_and_vertical")), "left and right alone"),
    "no mirror": (check.training_line, line(change(flip=None)), "mirrored"),
    "no turn": (check.training_line, line(change(turn=None)), "The turn is another"),
    "no shift": (check.training_line, line(change(shift=None)), "The shift along the height"),
    "twice as far": (check.training_line, line(change(shift=(0.2, 0.2))), "The shift along"),
    "one axis": (check.training_line, line(change(shift=(0, 0.1))), "The shift along the height"),
    "one way": (check.training_line, line(change(turn=lambda d: (0, d / 360))), "either way"),
    "black": (check.training_line, line(change(mode="constant")), "Black corners"),
    "zoom": (check.training_line, line(change(more=[layers.RandomZoom(0.2)])), "no zoom"),
    "light": (check.training_line, line(change(more=[layers.RandomBrightness((0.1, 0.1))])), "The light of the pictures"),
    "contrast": (check.training_line, line(change(more=[layers.RandomContrast(0.3)])), "The contrast of"),
    "gray": (check.training_line, line(change(more=[layers.RandomGrayscale(1.0)])), "beyond recognition"),
    "erased": (
        check.training_line, line(change(more=[layers.RandomErasing(1.0)])), "beyond recognition"),
    "far": (check.training_line, line(change(shift=(0.6, 0.6))), "beyond recognition"),
    "slanted": (
        check.training_line,
        line(change(more=[layers.RandomShear(0.2, fill_mode="reflect")])), "stretched or slanted"),
    "stirred once": (check.training_line, stirred_once, "stir anew"),
    "at rest": (check.training_line, line(training=False), "No picture is changed"),
    "never": (check.training_line, line(steps="cache shuffle batch prefetch"), "No picture is changed"),
    "kept": (
        check.training_line, line(steps="batch change cache shuffle prefetch"), "the cache keeps that"),
    "read again": (
        check.training_line, line(steps="shuffle batch change prefetch"), "reads the files again"),
    "in order": (check.training_line, line(steps="cache batch change prefetch"), "class after class"),
    "one by one": (check.training_line, line(steps="cache shuffle change prefetch"), "`batch` is missing"),
    "waiting": (check.training_line, line(steps="cache shuffle batch change"), "`prefetch`"),
    "small buffer": (check.training_line, line(buffer=8), "buffer"),
    "pictures alone": (
        check.training_line,
        lambda p, d: p.cache().shuffle(len(p)).batch(32).map(lambda x, y: x).prefetch(1), "pairs"),
    "other labels": (
        check.training_line, labeled(lambda y: y + 1), "with its own label"),
    "labels in tables": (
        check.training_line, labeled(lambda y: tf.one_hot(y, 200)), "Labels go through untouched"),
    "signed": (check.proof, lambda *a: tuple(gap.max() for gap in gaps(*a)), "np.abs"),
    "mean": (check.proof, lambda *a: tuple(np.abs(gap).mean() for gap in gaps(*a)), "largest"),
    "swapped": (check.proof, lambda *a: proof(*a)[::-1], "Swap them"),
    "predict alone": (check.proof, lambda *a: (proof(*a)[0],) * 2, "ask networks at rest"),
    "call alone": (check.proof, lambda *a: (proof(*a)[1],) * 2, "Both of yours come from a call"),
    "at rest twice": (
        check.proof,
        lambda f, b, x: (
            proof(f, b, x)[0],
            float(np.abs(f(x, training=False) - b(x, training=False)).max())),
        "ask networks at rest"),
    "told to train": (
        check.proof,
        lambda f, b, x: (
            proof(f, b, x)[0],
            float(np.abs(f(x, training=True) - b(x, training=True)).max())),
        "not the largest differences."),
    "nothing": (check.proof, lambda *a: (0.0, 0.0), "not the largest differences."),
    "one number": (check.proof, lambda *a: proof(*a)[0], "two numbers"),
    "as hoped": (check.proof, lambda *a: (0.0, 0.5), "not the largest differences."),
    "best mean": (check.to_ship, best_mean, "may be lucky"),
    "different": (
        check.to_ship,
        lambda r: max(
            (n for n in r if n != "none" and p_of_difference(r[n], r["none"]) < 0.05),
            key=lambda n: np.mean(r[n]), default="none"), "it may be worse"),
    "worst above best": (
        check.to_ship,
        lambda r: max(
            (n for n in r if n != "none" and min(r[n]) > max(r["none"])),
            key=lambda n: np.mean(r[n]), default="none"), "Compare means"),
    "last of the better": (
        check.to_ship,
        lambda r: (["none"] + [n for n in r if n != "none" and better(r, n)])[-1], None),
    "below a tenth": (
        check.to_ship,
        lambda r: max((n for n in r if n != "none" and better(r, n, 0.1)),
                      key=lambda n: np.mean(r[n]), default="none"), None),
    "the best worst start": (
        check.to_ship,
        lambda r: max((n for n in r if n != "none" and better(r, n)), key=lambda n: min(r[n]), default="none"),
        None),
    "the number": (check.to_ship, lambda r: np.mean(r[ship(r)]), None),
    "clipped too late": (check.brighter, lambda x, a: np.clip(x + a, 0, 255), "too late"),
    "still wide": (check.brighter, lambda x, a: np.clip(wide(x, a), 0, 255), "change the type back"),
    "up to 254": (
        check.brighter, lambda x, a: np.clip(wide(x, a), 0, 254).astype(np.uint8), None),
})  # fmt: skip
