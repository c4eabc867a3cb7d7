"""Make the tables data/augmentation_*.csv and data/augmentation_networks.npz.

    python -m lessons.data_augmentation.measure        about 25 minutes on one core

Two settings of data/project_accuracies.csv, "none" and the full mixture, learn again from two
starts; each network then names the validation pictures of rendered8, changed more and more. Of the
first start of both settings the weights are kept, with 16 bits each. A third one, the mirror with
mixup, learns from five starts and is measured as that table is.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

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


def main() -> None:
    """Measure all of it."""
    write_table(STRENGTHS, HEADER, rows())
    write_table(MIXUP, MIXUP_HEADER, mixup_rows())
    for name in (STRENGTHS, MIXUP):
        print(name, sha256_of(DATA / name))


if __name__ == "__main__":
    if os.environ.get("TF_NUM_INTRAOP_THREADS") != "1":
        raise SystemExit(f"set {project.ONE_THREAD} first, as the table was measured.")
    main()
