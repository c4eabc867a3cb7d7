"""Image classification: right answers of unusual form, and wrong ones such as students write."""

import math
import random

import numpy as np
import pytest

from lessons.image_classification import check, folders
from tests.kit.answers import accepted, refused
from utils import models
from utils.data.images import CLASSES
from utils.quiet import keras, tf

pytestmark = pytest.mark.slow


def holding(choose):
    """Holds out the groups that `choose` takes, of (names, share, generator, groups)."""
    return lambda groups, share, seed: np.isin(
        groups, choose(np.unique(groups), share, np.random.default_rng(seed), groups)
    )


def first(number):
    """The first so many groups of a shuffled list."""
    return holding(lambda names, p, rng, groups: rng.permutation(names)[: number(p * len(names))])


split = first(round)


def in_loops(groups, share, seed):
    names = sorted(set(groups.tolist()))
    random.Random(seed).shuffle(names)
    return [group in names[: round(share * len(names))] for group in groups]


def pictures_shuffled(groups, share, seed):
    return np.random.default_rng(seed).permutation(len(groups)) < round(share * len(groups))


def until_enough_pictures(names, share, rng, groups):
    order = rng.permutation(names)
    sizes = np.cumsum([(groups == name).sum() for name in order])
    return order[: np.searchsorted(sizes, share * len(groups)) + 1]


def large_first(names, share, rng, groups):
    return list(dict.fromkeys(rng.permutation(groups).tolist()))[: round(share * len(names))]


def halves_apart(names, share, rng, groups):
    half, number = len(names) // 2, round(share * len(names))
    low, high = rng.permutation(names[:half]), rng.permutation(names[half:])
    some = max(min(half, number // 2), number - len(high))
    return [*low[:some], *high[: number - some]]


def of_the_old_generator(groups, share, seed):
    np.random.seed(seed)
    names = np.unique(groups)
    return np.isin(groups, np.random.permutation(names)[: round(share * len(names))])


def of_files(folder, side):
    """A data set made from the files one by one, without Keras' own reader."""
    names = sorted(path.name for path in folder.iterdir())
    paths = sorted(folder.rglob("*.png"))
    pairs = [(str(path), names.index(path.parent.name)) for path in paths]

    def load(path, label):
        picture = tf.io.decode_image(tf.io.read_file(path), 3, expand_animations=False)
        return tf.image.resize(picture, (side, side)), label

    dataset = tf.data.Dataset.from_tensor_slices(tuple(map(list, zip(*pairs, strict=True))))
    dataset = dataset.map(load)
    dataset.class_names = names
    return dataset


def reading(**options):
    """Keras' reader, with some things changed."""
    right = {"batch_size": None, "shuffle": False, "verbose": False}
    return lambda folder, side: keras.utils.image_dataset_from_directory(
        folder, **({"image_size": (side, side)} | right | options)
    )


def scaled(folder, side):
    return folders.read(folder, side).map(lambda picture, label: (picture / 255, label))


def line(steps):
    """A pipeline of these steps."""

    def answer(pictures, change):
        options = {"shuffle": (200,), "map": (change,), "batch": (32,), "prefetch": (1,)}
        for step in steps.split():
            pictures = getattr(pictures, step)(*options.get(step, ()))
        return pictures

    return answer


def trained(shape, classes, train_ds, val_ds, epochs, network=None, rate=0.001, read=None, **fit):
    """Build, compile, fit and read, with one thing changed."""
    network = network or models.on_pixels(models.lens_cnn(shape, classes))
    loss = keras.losses.SparseCategoricalCrossentropy()
    network.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    options = {"validation_data": val_ds, "epochs": epochs, "verbose": 0, "shuffle": False} | fit
    history = network.fit(train_ds, **options).history
    return (read or read_off)(network, history)


def read_off(network, history, first=1, sign=1):
    """The three results, with the epochs counted from `first`."""
    best = history["val_loss"].index(min(history["val_loss"])) + first
    return [network, best, sign * (history["accuracy"][-1] - history["val_accuracy"][-1])]


def functional(shape, classes, *others):
    """The baseline without Sequential, with activations as layers."""
    picture = keras.Input(shape)
    maps = keras.layers.Rescaling(1 / 255)(picture)
    for count in (8, 16):
        maps = keras.layers.Conv2D(count, (3, 3), activation=keras.activations.relu)(maps)
        maps = keras.layers.MaxPool2D((2, 2))(maps)
    flat = keras.layers.Dense(64, "relu")(keras.layers.Flatten()(maps))
    network = keras.Model(picture, keras.layers.Dense(classes, "softmax")(flat))
    return trained(shape, classes, *others, network=network)


def bare(shape, classes, *others):
    """The baseline with every activation as a layer of its own."""
    relu = keras.layers.ReLU
    chain = [keras.Input(shape), keras.layers.Rescaling(1 / 255)]
    for count in (8, 16):
        chain += [keras.layers.Conv2D(count, 3), relu(), keras.layers.MaxPooling2D(2)]
    chain += [keras.layers.Flatten(), keras.layers.Dense(64), keras.layers.Activation("relu")]
    chain += [keras.layers.Dense(classes), keras.layers.Softmax()]
    return trained(shape, classes, *others, network=keras.Sequential(chain))


def with_gap(gap):
    """The baseline with another gap, of the history and the best place in it."""

    def read(network, history):
        best = int(np.argmin(history["val_loss"]))
        return [network, best + 1, gap(history["accuracy"], history["val_accuracy"], best)]

    return lambda *case: trained(*case, read=read)


def without_scaling(shape, classes, *others):
    return trained(shape, classes, *others, network=models.lens_cnn(shape, classes))


def scaled_by_200(shape, classes, *others):
    network = models.on_pixels(models.lens_cnn(shape, classes))
    chain = [keras.Input(shape), keras.layers.Rescaling(1 / 200), *network.layers[1:]]
    return trained(shape, classes, *others, network=keras.Sequential(chain))


def asked(network, path, scale=1.0, size=None):
    """What a network says to the picture in a file."""
    picture = keras.utils.load_img(path, target_size=size or network.input_shape[1:3])
    return network(scale * np.asarray(picture, "float32")[np.newaxis]).numpy()[0]


def best_of(order=lambda p: np.argsort(-p)[:3], value=lambda p: p, **options):
    """The most likely names with their probabilities, with one thing changed."""

    def answer(network, path, names):
        p = value(asked(network, path, **options))
        return {names[k]: p[k] for k in order(p)}

    return answer


def sorted_pairs(network, path, names):
    pairs = zip(names, asked(network, path).tolist(), strict=True)
    return dict(sorted(pairs, key=lambda pair: pair[1], reverse=True)[:3])


test_right_in_another_way = accepted({
    "loops": (check.hold_out, in_loops),
    "choice": (check.hold_out, holding(lambda n, p, rng, g: rng.choice(n, round(p * len(n)), False))),
    "folder: without Keras": (check.read_folder, of_files),
    "folder: int by default": (check.read_folder, reading(interpolation="nearest")),
    "pipeline: map before shuffle": (check.pipeline, line("cache map shuffle batch prefetch")),
    "pipeline: prefetch twice": (
        check.pipeline, line("cache prefetch shuffle map batch prefetch")),
    "pipeline: in parallel": (
        check.pipeline,
        lambda p, c: p.cache().shuffle(len(p)).map(c, num_parallel_calls=2).batch(32).prefetch(tf.data.AUTOTUNE)),
    "baseline: functional": (check.baseline, functional),
    "baseline: a list of three": (check.baseline, trained),
    "baseline: activations apart": (check.baseline, bare),
    "one picture: sorted pairs": (check.top_three, sorted_pairs),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "folder: batches": (check.read_folder, reading(batch_size=2), "These are batches"),
    "folder: shuffled": (check.read_folder, reading(shuffle=True, seed=1), "`shuffle=False`"),
    "folder: one-hot": (check.read_folder, reading(label_mode="categorical"), "one whole number"),
    "folder: no labels": (check.read_folder, reading(label_mode=None), "The labels are missing"),
    "folder: 256 pixels": (check.read_folder, reading(image_size=(256, 256)), "should have the shape (8, 8, 3)"),
    "folder: gray": (check.read_folder, reading(color_mode="grayscale"), "should have the shape (8, 8, 3)"),
    "folder: half of it": (
        check.read_folder, reading(validation_split=0.5, subset="training", seed=1), "Another number"),
    "folder: scaled": (check.read_folder, scaled, "Leave the pixels"),
    "folder: names lost": (check.read_folder, lambda f, s: folders.read(f, s).cache(), "`class_names`"),
    "folder: classes backward": (
        check.read_folder, reading(class_names=["zebra", "kite", "boat"]), "other pictures, or they have other labels"),
    "folder: arrays": (check.read_folder, lambda f, s: folders.arrays(folders.read(f, s)), "yours is a tuple"),
    "pipeline: cache first and last": (
        check.pipeline, line("shuffle map batch prefetch cache"), "stands behind the cache"),
    "pipeline: cache behind shuffle": (
        check.pipeline, line("shuffle cache map batch prefetch"), "stands behind the cache"),
    "pipeline: change is kept": (
        check.pipeline, line("map cache shuffle batch prefetch"), "changed once"),
    "pipeline: no cache": (check.pipeline, line("shuffle map batch prefetch"), "reads the files again"),
    "pipeline: no shuffle": (check.pipeline, line("cache map batch prefetch"), "`shuffle` is missing"),
    "pipeline: no change": (check.pipeline, line("cache shuffle batch prefetch"), "`map(change)` is missing"),
    "pipeline: no batch": (check.pipeline, line("cache shuffle map prefetch"), "`batch` is missing"),
    "pipeline: no prefetch": (check.pipeline, line("cache shuffle map batch"), "the last step is `prefetch`"),
    "pipeline: batches shuffled": (
        check.pipeline, line("cache map batch shuffle prefetch"), "`shuffle` before `batch`"),
    "pipeline: whole batches changed": (
        check.pipeline, line("cache shuffle batch map prefetch"), "not a batch"),
    "pipeline: small buffer": (
        check.pipeline, lambda p, c: p.cache().shuffle(8).map(c).batch(32).prefetch(1), "buffer of `shuffle`"),
    "pipeline: two thirds in the buffer": (
        check.pipeline, lambda p, c: p.cache().shuffle(64).map(c).batch(32).prefetch(1), "buffer of `shuffle`"),
    "pipeline: one order": (
        check.pipeline,
        lambda p, c: p.cache().shuffle(200, 1, reshuffle_each_iteration=False).map(c).batch(32).prefetch(1),
        "same order"),
    "pipeline: the rest dropped": (
        check.pipeline, lambda p, c: p.cache().shuffle(200).map(c).batch(32, drop_remainder=True).prefetch(1),
        "one of what is left"),
    "pipeline: for ever": (
        check.pipeline, lambda p, c: p.cache().shuffle(200).repeat().map(c).batch(32).prefetch(1),
        "one of what is left"),
    "pipeline: 16 in a box": (
        check.pipeline, lambda p, c: p.cache().shuffle(200).map(c).batch(16).prefetch(1), "batches of 32"),
    "pipeline: a list": (check.pipeline, lambda p, c: list(p), "yours is a list"),
    "baseline: the network alone": (check.baseline, lambda *a: trained(*a)[0], "Return three things"),
    "baseline: not scaled": (check.baseline, without_scaling, "Layer 1 differs"),
    "baseline: another factor": (check.baseline, scaled_by_200, "the factor of `Rescaling`"),
    "baseline: another rate": (check.baseline, lambda *a: trained(*a, rate=0.01), "another rate"),
    "baseline: one epoch": (
        check.baseline, lambda s, c, t, v, e: trained(s, c, t, v, 1), "Another number of epochs"),
    "baseline: no validation": (
        check.baseline,
        lambda *a: trained(*a, validation_data=None, read=lambda n, h: [n, 1, 0.0]), "`validation_data`"),
    "baseline: validated on training": (
        check.baseline, lambda s, c, t, v, e: trained(s, c, t, t, e), "not that of `val_ds`"),
    "baseline: from 0": (
        check.baseline, lambda *a: trained(*a, read=lambda n, h: read_off(n, h, first=0)), "counted from 1"),
    "baseline: the last epoch": (
        check.baseline, lambda *a: trained(*a, read=lambda n, h: [n, len(h["loss"]), 0.0]),
        "lowest validation loss"),
    "baseline: lowest training loss": (
        check.baseline, lambda *a: trained(*a, read=lambda n, h: [n, int(np.argmin(h["loss"])) + 1, 0.0]),
        "lowest validation loss"),
    "baseline: highest accuracy": (
        check.baseline,
        lambda *a: trained(*a, read=lambda n, h: [n, int(np.argmax(h["val_accuracy"])) + 1, 0.0]),
        "lowest validation loss"),
    "baseline: highest validation loss": (
        check.baseline, lambda *a: trained(*a, read=lambda n, h: [n, int(np.argmax(h["val_loss"])) + 1, 0.0]),
        "lowest validation loss."),
    "baseline: gap of the best accuracies": (
        check.baseline, with_gap(lambda seen, unseen, best: max(seen) - max(unseen)), "gap at the end"),
    "baseline: gap at the best epoch": (
        check.baseline, with_gap(lambda seen, unseen, best: seen[best] - unseen[best]), "gap at the end"),
    "baseline: gap without its sign": (
        check.baseline, with_gap(lambda seen, unseen, best: abs(seen[-1] - unseen[-1])), "Keep the sign"),
    "baseline: upside down": (
        check.baseline, lambda *a: trained(*a, read=lambda n, h: read_off(n, h, sign=-1)),
        "validation accuracy from the training accuracy"),
    "baseline: not trained": (
        check.baseline, lambda s, c, *a: (models.on_pixels(models.lens_cnn(s, c)), 1, 0.0), "not learned yet"),
    "one picture: upward": (check.top_three, best_of(lambda p: np.argsort(p)[:3]), "sorts upward"),
    "one picture: the wrong way round": (
        check.top_three, best_of(lambda p: np.argsort(p)[-3:]), "most likely one first"),
    "one picture: in order of the names": (check.top_three, best_of(lambda p: range(3)), "more likely"),
    "one picture: two": (check.top_three, best_of(lambda p: np.argsort(-p)[:2]), "Three names were asked for"),
    "one picture: scaled": (check.top_three, best_of(scale=1 / 255), "scaled the pixels"),
    "one picture: names sorted": (
        check.top_three, lambda n, f, c: sorted_pairs(n, f, sorted(c)), "more likely"),
    "one picture: always 64 × 64": (check.top_three, best_of(size=(64, 64)), "ValueError"),
    "one picture: percent": (check.top_three, best_of(value=lambda p: 100 * p), "the probabilities are not"),
    "one picture: of the three alone": (
        check.top_three, best_of(value=lambda p: p / np.sort(p)[-3:].sum()), "the probabilities are not"),
    "one picture: text": (
        check.top_three, lambda n, f, c: {k: f"{v:.0%}" for k, v in sorted_pairs(n, f, c).items()}, "one number"),
    "one picture: names of the course": (
        check.top_three, lambda n, f, c: sorted_pairs(n, f, CLASSES[: len(c)]), "not among the `names`"),
    "one picture: names alone": (
        check.top_three, lambda n, f, c: [*sorted_pairs(n, f, c)], "Return a dictionary"),
    "pictures": (check.hold_out, pictures_shuffled, "A leak: pictures of group"),
    "always the first": (check.hold_out, holding(lambda n, p, rng, g: n[: round(p * len(n))]), "same split"),
    "neighbors": (
        check.hold_out, holding(lambda n, p, rng, g: np.roll(n, rng.integers(99))[: round(p * len(n))]),
        "were on one side with 0%"),
    "halves apart": (check.hold_out, holding(halves_apart), "were on one side with 0%"),
    "large first": (check.hold_out, holding(large_first), "Each group has to stand once"),
    "one bit of the seed": (check.hold_out, lambda g, p, s: split(g, p, s % 2), "held out with 100%"),
    "no seed": (check.hold_out, lambda g, p, s: split(g, p, None), "two different splits"),
    "no seed for 0": (check.hold_out, lambda g, p, s: split(g, p, s or None), "two different splits"),
    "old generator": (check.hold_out, of_the_old_generator, "all of NumPy shares"),
    "cut off": (check.hold_out, first(int), "You cut the number off"),
    "rounded up": (check.hold_out, first(math.ceil), "You rounded up"),
    "share of the pictures": (
        check.hold_out, holding(lambda n, p, rng, g: rng.permutation(n)[: round(p * len(g))]),
        "the share of all pictures"),
    "the last k": (
        check.hold_out, holding(lambda n, p, rng, g: rng.permutation(n)[-round(p * len(n)) :]), "`[-k:]`"),
    "enough pictures": (check.hold_out, holding(until_enough_pictures), "is 1."),
    "a coin": (check.hold_out, holding(lambda n, p, rng, g: n[rng.random(len(n)) < p]), "is 1."),
    "at least one": (check.hold_out, first(lambda k: max(1, round(k))), "1 of 4 groups"),
    "with replacement": (
        check.hold_out, holding(lambda n, p, rng, g: rng.choice(n, round(p * len(n)))), "only once?"),
    "from 0 on": (
        check.hold_out, holding(lambda n, p, rng, g: rng.permutation(len(n))[: round(p * len(n))]),
        "Does every group that you draw exist"),
    "indices": (check.hold_out, lambda *case: np.flatnonzero(split(*case)), "for each picture, shape (8,)"),
    "names": (check.hold_out, lambda g, p, s: np.unique(g[split(g, p, s)]), "for each picture, shape (8,)"),
    "0 and 1": (check.hold_out, lambda *case: split(*case).astype(int), "0 means the first picture"),
})  # fmt: skip
