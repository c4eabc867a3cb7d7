"""Make the tables data/augmentation_*.csv and data/augmentation_networks.npz.

    python -m lessons.data_augmentation.measure [FOLDER]        about an hour on one core

Two settings of data/project_accuracies.csv, "none" and the full mixture, learn again from two
starts; each network then names the validation pictures of rendered8, changed more and more. Of the
first start of both settings the weights are kept, with 16 bits each. A third one, the mirror with
mixup, learns from five starts and is measured as that table is. Last come the networks of
pairs.py and what they are compared with, with the seconds that their training takes; with FOLDER,
which names the set natural-images, on photographs as well.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons.data_augmentation import pairs
from lessons.data_augmentation.explorer import Change, changed
from lessons.data_augmentation.twins import MIXUP, NETWORKS, SETTINGS, STRENGTHS
from tools import project_accuracies as project
from utils import data, training
from utils.data.files import DATA, sha256_of
from utils.data.images import RENDERED8
from utils.data.tables import write_table
from utils.quiet import keras, tf

layers = keras.layers

HEADER = ("twin", "seed", "change", "strength", "accuracy")
PAIRS_HEADER = ("images", "setting", "start", "second", "validation", "test", "seconds")
MIXUP_HEADER = ("seed", "train", "validation", "test", "shifted")
STARTS = range(2)
"""Of the twins."""
ALPHA = 0.2
"""Of mixup: the shares come from a beta distribution with this parameter, twice."""
SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
STEPS = {
    "turn": tuple(degrees / 360 for degrees in (5, 10, 15, 20, 30, 45, 60, 90, 135, 180)),
    "shift": SHARES,
    "zoom": (-0.6, -0.4, -0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.5, 0.8),
    "shear": (0.1, 0.2, 0.3, 0.4, 0.6, 0.8),
    "brightness": (-0.8, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
    "contrast": (-0.9, -0.8, -0.6, -0.4, -0.2, 0.2, 0.5, 1.0),
    "saturation": (-1.0, -0.8, -0.5, 0.5, 1.0),
}
"""Strengths of each change; those without a direction are taken both ways, half and half."""
BOTH_WAYS = ("turn", "shift", "shear")
KNOWN = {
    "baseline": ("image_classification", "100 a class"),
    "block network": ("regularization", "block network, falling rate"),
    "with the mirror": ("data_augmentation", "flip"),
}
"""Settings of data/project_accuracies.csv, by the names that the lesson gives them."""
ROUNDS = 3
"""Epochs of each training that are timed."""
SHORT = 4
"""Epochs of a cycle that takes less than a third of the tutorial's time."""
CYCLE, BRIEF = "one cycle", f"a cycle of {SHORT} epochs"


def copies() -> Iterator[tuple[str, float, NDArray[np.uint8]]]:
    """Every change of the validation pictures: its name, its strength, and the copies."""
    images = data.load_images("validation", project.SIDE, source=RENDERED8).images
    yield "none", 0.0, images
    yield "mirror", 1.0, images[:, :, ::-1]
    for name, strengths in STEPS.items():
        field = "right" if name == "shift" else name
        for strength in strengths:
            ways = (1, -1) if name in BOTH_WAYS else (1, 1)
            changes = [replace(Change(), **{field: way * strength}) for way in ways]
            yield (
                name,
                strength,
                np.stack(
                    [changed(image, changes[number % 2]) for number, image in enumerate(images)]
                ),
            )


def rows() -> Iterator[tuple[str, int, str, str, str]]:
    """Train, keep the first of both settings, and measure."""
    tried = list(copies())
    labels = data.load_images("validation", project.SIDE, source=RENDERED8).labels
    kept = {}
    for seed in STARTS:
        for name, setting in SETTINGS.items():
            learned = project.SETTINGS["data_augmentation"][setting]
            model = project.trained(learned, RENDERED8, seed, None)
            if seed == 0:
                kept |= {f"{name}/{n}": w for n, w in enumerate(model.get_weights())}
            answers = {}
            for change, strength, images in tried:
                answers[change] = project.run(model, images)
                right = (answers[change].argmax(axis=1) == labels).mean()
                yield name, seed, change, f"{strength:.4f}", f"{right:.4f}"
            both = answers["none"] + answers["mirror"]
            right = (both.argmax(axis=1) == labels).mean()
            yield name, seed, "none and mirror", "1.0000", f"{right:.4f}"
        if seed == 0:
            keep(kept)


def keep(weights: dict[str, NDArray]) -> None:
    """Write the weights of the first start of both settings."""
    path = DATA / NETWORKS
    few = {name: weight.astype(np.float16) for name, weight in weights.items()}
    np.savez_compressed(path, keras=keras.__version__, **few)
    print(NETWORKS, sha256_of(path), flush=True)


def mixing(train: data.Images, batches: tf.data.Dataset) -> tf.data.Dataset:
    """Batches whose pictures are mixed in pairs, and their labels with them."""
    mix, classes = layers.MixUp(ALPHA), len(train.classes)
    batches = batches.map(lambda x, y: {"images": x, "labels": tf.one_hot(y, classes)})
    batches = batches.map(lambda both: mix(both, training=True))
    return batches.map(lambda both: (both["images"], both["labels"]))


def mixup_rows() -> Iterator[tuple[object, ...]]:
    """The setting "flip" of the course's table, with mixup behind the mirror."""
    setting = project.SETTINGS["data_augmentation"]["flip"]
    kept = project.chosen(RENDERED8, setting.per_class, None)
    pool = project.pictures("train", RENDERED8)
    train = data.Images(pool.images[kept], pool.labels[kept], pool.classes)
    for seed in project.SEEDS:
        training.reproducible(seed)
        model = setting.build(len(train.classes))
        batches = mixing(train, project.batches(train, setting))
        steps = setting.epochs * len(batches)
        model.compile(project.optimizer(setting, steps), "categorical_crossentropy")
        model.fit(batches, epochs=setting.epochs, shuffle=False, verbose=0)
        shares = project.accuracies(model, project.pixels, RENDERED8, kept)
        yield seed, *(f"{share:.4f}" for share in shares)


def tutorial(classes: int) -> keras.Model:
    """The network of TensorFlow's tutorial on image classification, at the size of the course."""
    model = keras.Sequential([keras.Input(project.SHAPE), layers.RandomFlip("horizontal")])
    model.add(layers.RandomRotation(0.1))
    model.add(layers.RandomZoom(0.1))
    model.add(layers.Rescaling(1 / 255))
    for maps in (16, 32, 64):
        model.add(layers.Conv2D(maps, 3, padding="same", activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Dropout(0.2))
    model.add(layers.Flatten())
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


TUTORIAL = project.Setting(tutorial, epochs=15)


def settings() -> dict[str, project.Setting]:
    """What the networks of pairs.py are compared with, by name."""
    known = {name: project.SETTINGS[lesson][one] for name, (lesson, one) in KNOWN.items()}
    return {"tutorial": TUTORIAL} | known


def seconds(train: data.Images) -> dict[str, float]:
    """What each training takes of one processor: its epochs, as long as the shortest of a few.

    They are timed by turns, so that what else the machine does slows all of them alike.
    """
    started = {CYCLE: (*pairs.ready(train, 0, pairs.EPOCHS), pairs.EPOCHS)}
    for name, setting in settings().items():
        model = setting.build(len(train.classes))
        model.compile(project.optimizer(setting, 1000), "sparse_categorical_crossentropy")
        started[name] = model, project.batches(train, setting), setting.epochs
    for model, batches, _ in started.values():
        model.fit(batches, shuffle=False, verbose=0)  # the first epoch takes longer
    timed = {name: [] for name in started}
    for _ in range(ROUNDS):
        for name, (model, batches, _) in started.items():
            start = time.process_time()
            model.fit(batches, shuffle=False, verbose=0)
            timed[name].append(time.process_time() - start)
    return {name: epochs * min(timed[name]) for name, (*_, epochs) in started.items()}


Sides = dict[str, NDArray[np.float32]]
"""By split, what a network gives for its pictures and for their mirror images, (2, N, classes)."""


def asked(model: keras.Model, source: str) -> Sides:
    """What a network gives on both sides of validation and test pictures."""
    images = {split: project.pixels(split, source) for split in ("validation", "test")}
    return {
        split: np.stack([model.predict(side, verbose=0) for side in (x, x[:, :, ::-1])])
        for split, x in images.items()
    }


def exam(source: str, said: Sequence[Sides], sides: int) -> list[str]:
    """Accuracies on validation and test pictures, of networks together, asked on 1 or 2 sides."""
    shares = []
    for split in said[0]:
        answers = sum(one[split][:sides].sum(axis=0) for one in said).argmax(axis=1)
        shares.append(f"{(answers == project.pictures(split, source).labels).mean():.4f}")
    return shares


def pair_rows(source: str) -> Iterator[tuple[object, ...]]:
    """The networks of pairs.py on a set of pictures, and what they are compared with.

    A row holds the start of a network and that of the second one, the same where there is none.
    """
    pool = project.pictures("train", source)
    kept = project.chosen(source, 100, None)
    train = data.Images(pool.images[kept], pool.labels[kept], pool.classes)
    took = seconds(train)
    took[BRIEF] = took[CYCLE] * SHORT / pairs.EPOCHS
    for setting, *starts, validation, test in chain(
        compared_rows(source, train), team_rows(source, train)
    ):
        time_of = took.get(setting, took[CYCLE]) * len(set(starts))
        yield Path(source).name, setting, *starts, validation, test, f"{time_of:.1f}"


def compared_rows(source: str, train: data.Images) -> Iterator[tuple[object, ...]]:
    """The network of the tutorial, a short cycle, and three settings of the course's table."""
    for seed in project.SEEDS:
        model = project.trained(TUTORIAL, source, seed, None)
        yield "tutorial", seed, seed, *exam(source, [asked(model, source)], sides=1)
    for seed in project.SEEDS:
        model = pairs.member(train, seed, SHORT)
        yield BRIEF, seed, seed, *exam(source, [asked(model, source)], sides=1)
    for name, (lesson, setting) in KNOWN.items():
        found = data.project_accuracies(lesson, Path(source).name)[setting]
        for start, shares in enumerate(zip(found.validation, found.test, strict=True)):
            yield name, start, start, *(f"{share:.4f}" for share in shares)


def team_rows(source: str, train: data.Images) -> Iterator[tuple[object, ...]]:
    """Five networks: alone, asked about the mirror image as well, and two by two."""
    said = []
    for seed in project.SEEDS:
        said.append(asked(pairs.member(train, seed), source))
        yield CYCLE, seed, seed, *exam(source, said[-1:], sides=1)
        yield "+ mirror image asked", seed, seed, *exam(source, said[-1:], sides=2)
    for a, b in combinations(project.SEEDS, 2):
        yield "+ a second network", a, b, *exam(source, [said[a], said[b]], sides=2)


def main() -> None:
    """Measure all of it."""
    write_table(STRENGTHS, HEADER, rows())
    write_table(MIXUP, MIXUP_HEADER, mixup_rows())
    parts = map(pair_rows, (RENDERED8, *sys.argv[1:]))
    write_table(pairs.TABLE, PAIRS_HEADER, chain.from_iterable(parts))
    for name in (STRENGTHS, MIXUP, pairs.TABLE):
        print(name, sha256_of(DATA / name))


if __name__ == "__main__":
    if os.environ.get("TF_NUM_INTRAOP_THREADS") != "1":
        raise SystemExit(f"set {project.ONE_THREAD} first, as the table was measured.")
    main()
