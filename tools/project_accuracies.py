"""Make data/project_accuracies.csv, the bands of accuracy that four lessons quote.

    python -m tools.project_accuracies [--photographs FOLDER] [--lessons NAME ...]

Every setting of the lessons learns from five random starts, from the same 100 pictures of each
class (transfer_learning: five draws of them), at 64x64, and looks once at the test pictures;
settings were chosen on validation pictures. With --photographs, which names the folder of the set
natural-images, on both sets, otherwise on rendered8 alone. A row that is in the table stays, so
that a run that was cut off goes on; remove rows to measure them again.
"""

import argparse
import csv
import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.backbone_measures import drawn
from utils import augmentation, data, models, training
from utils.data import Images, files
from utils.data.images import NATURAL_IMAGES, RENDERED8
from utils.quiet import keras, tf

layers = keras.layers
regularizers = keras.regularizers

HEADER = ("lesson", "images", "setting", "seed", "train", "validation", "test", "shifted")
TABLE = "project_accuracies.csv"
SEEDS = range(5)
WORKERS = 2
ONE_THREAD = dict.fromkeys(
    ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"), "1"
)
"""Two trainings side by side on a thread each take less time than one after the other on two."""

SIDE = 64
SHAPE = (SIDE, SIDE, 3)
CHUNK = 100
BATCH = 32
SPLITS = ("train", "validation", "test", "test_shifted")
FEW = (5, 10, 20, 50, 100)
POOL = 200
"""Pictures of each class that the draws of transfer_learning come from."""
HEAD_RATE, HEAD_EPOCHS = 3e-3, 60
TUNE_RATE, TUNE_STEPS = 3e-4, 250
MOBILENET_SIDE = 128
LAST_FROZEN = "block3_relu2"
"""Fine-tuning trains what comes after this layer of the backbone, as many steps for few pictures as
for many."""


Inputs = Callable[..., NDArray]
"""What a network sees of a split of a set: pixels, or features computed once."""


class Row(NamedTuple):
    """What a row of the table measures."""

    lesson: str
    images: str
    setting: str
    seed: int


class Setting(NamedTuple):
    """What a network is, and how it is trained: Adam at a constant rate unless said otherwise."""

    build: Callable[[int], keras.Model]
    epochs: int
    rate: float = 1e-3
    falling: bool = False
    weight_decay: float | None = None
    per_class: int = 100
    augment: dict[str, float] | None = None
    patience: int | None = None


def baseline(classes: int) -> keras.Model:
    """The network of the LENS lecture, for pixels 0..255."""
    return models.on_pixels(models.lens_cnn(SHAPE, classes))


def with_dropout(classes: int) -> keras.Model:
    """The baseline with dropout before both of its dense layers."""
    *body, dense, answer = baseline(classes).layers
    chain = [*body, layers.Dropout(0.5), dense, layers.Dropout(0.5), answer]
    return keras.Sequential([keras.Input(SHAPE), *chain])


def smaller(classes: int) -> keras.Model:
    """Half the maps of the baseline, and an eighth of its hidden units."""
    convolutions = [
        part
        for maps in (4, 8)
        for part in (layers.Conv2D(maps, 3, activation="relu"), layers.MaxPooling2D(2))
    ]
    dense = layers.Dense(8, activation="relu"), layers.Dense(classes, activation="softmax")
    chain = [keras.Input(SHAPE), *convolutions, layers.Flatten(), *dense]
    return models.on_pixels(keras.Sequential(chain))


def penalized(regularizer: keras.Regularizer) -> Callable[[int], keras.Model]:
    """The baseline with a penalty on the weights of every layer, by the number of classes."""

    def copied(layer: keras.Layer) -> keras.Layer:
        config = layer.get_config()
        if "kernel_regularizer" in config:
            config["kernel_regularizer"] = regularizer
        return type(layer).from_config(config)

    return lambda classes: keras.models.clone_model(baseline(classes), clone_function=copied)


BASELINE = Setting(baseline, epochs=40)


def blocks(momentum: float = 0.9, dropout: float = 0.0) -> Callable[[int], keras.Model]:
    """The block network, by the number of classes."""
    return lambda classes: models.block_cnn(SHAPE, classes, dropout, momentum)


FALLING = Setting(blocks(), epochs=20, rate=3e-3, falling=True)
TOGETHER = FALLING._replace(build=blocks(dropout=0.3), weight_decay=0.05)
LONGER = TOGETHER._replace(epochs=30)
MOVED = {"shift": 0.1, "zoom": 0.2}

SETTINGS: dict[str, dict[str, Setting]] = {
    "image_classification": {
        f"{n} a class": BASELINE._replace(per_class=n) for n in (10, 20, 50, 100, 200)
    },
    "regularization": {
        "baseline": BASELINE,
        "smaller network": BASELINE._replace(build=smaller),
        "L1": BASELINE._replace(build=penalized(regularizers.L1(1e-4))),
        "L2": BASELINE._replace(build=penalized(regularizers.L2(1e-3))),
        "L1 and L2": BASELINE._replace(build=penalized(regularizers.L1L2(5e-5, 5e-4))),
        "dropout": BASELINE._replace(build=with_dropout),
        "early stopping": BASELINE._replace(patience=5),
        "block network": Setting(blocks(), epochs=20),
        "block network, momentum 0.99": Setting(blocks(momentum=0.99), epochs=20),
        "block network, rate 0.003": Setting(blocks(), epochs=20, rate=3e-3),
        "block network, falling from 0.001": Setting(blocks(), epochs=20, falling=True),
        "block network, falling rate": FALLING,
        "all together": TOGETHER,
    },
    "data_augmentation": {
        "none": LONGER,
        "flip": LONGER._replace(augment={}),
        "flip, shift, zoom": LONGER._replace(augment=MOVED),
        "flip, shift, zoom, turn, light": LONGER._replace(
            augment=MOVED | {"turn": 0.05, "light": 0.2}
        ),
    },
    "transfer_learning": {
        f"from scratch {n}": LONGER._replace(epochs=60 if n < 50 else 30, per_class=n, augment={})
        for n in FEW[:-1]  # from 100 it is the row "flip" of data_augmentation
    },
}


@cache
def pictures(split: str, source: str, size: int = SIDE) -> Images:
    """One split of a set, loaded once a process; of "train", the pool that draws come from."""
    return data.load_images(split, size, POOL if split == "train" else None, source)


def chosen(source: str, per_class: int, draw: int | None) -> NDArray[np.int64]:
    """Places in the pool of so many pictures of each class: the first, or those of a draw."""
    labels = pictures("train", source).labels
    if draw is not None:
        return drawn(labels, per_class, draw)
    return np.concatenate([np.flatnonzero(labels == k)[:per_class] for k in np.unique(labels)])


def batches(part: Images, setting: Setting) -> tf.data.Dataset:
    """Shuffled batches of training pictures, changed at random where asked to."""
    train = tf.data.Dataset.from_tensor_slices((part.images, part.labels))
    train = train.shuffle(len(part.labels)).batch(BATCH)
    if setting.augment is not None:
        change = augmentation.augmenter(**setting.augment)
        train = train.map(lambda x, y: (change(x, training=True), y))
    return train.prefetch(1)


def optimizer(setting: Setting, steps: int) -> keras.optimizers.Optimizer:
    """Adam, or AdamW where weights decay; the rate is constant or falls to zero along a cosine."""
    rate = setting.rate
    if setting.falling:
        rate = keras.optimizers.schedules.CosineDecay(rate, steps)
    if setting.weight_decay is None:
        return keras.optimizers.Adam(rate)
    return keras.optimizers.AdamW(rate, weight_decay=setting.weight_decay)


def trained(setting: Setting, source: str, seed: int, draw: int | None) -> keras.Model:
    """A network that has learned from pictures."""
    pool = pictures("train", source)
    kept = chosen(source, setting.per_class, draw)
    part = Images(pool.images[kept], pool.labels[kept], pool.classes)
    training.reproducible(seed)
    model = setting.build(len(part.classes))
    known = batches(part, setting)
    steps = setting.epochs * len(known)
    model.compile(optimizer(setting, steps), "sparse_categorical_crossentropy")
    stop = setting.patience and keras.callbacks.EarlyStopping(
        patience=setting.patience, restore_best_weights=True
    )
    model.fit(
        known,
        validation_data=pictures("validation", source)[:2] if stop else None,
        epochs=setting.epochs,
        callbacks=[stop] if stop else [],
        shuffle=False,  # the batches shuffle by themselves
        verbose=0,
    )
    return model


def run(model: keras.Model, inputs: NDArray) -> NDArray[np.float32]:
    """What a model gives for inputs, some at a time."""
    chunks = [inputs[i : i + CHUNK] for i in range(0, len(inputs), CHUNK)]
    return np.concatenate([np.asarray(model(chunk)) for chunk in chunks])


def accuracy(model: keras.Model, inputs: NDArray, labels: NDArray) -> float:
    """The share of right answers."""
    return float((run(model, inputs).argmax(axis=1) == labels).mean())


def accuracies(
    model: keras.Model, inputs: Inputs, source: str, kept: NDArray[np.int64]
) -> list[float]:
    """Of a trained model, on what it learned from and on the other splits."""
    known = inputs("train", source)[kept], pictures("train", source).labels[kept]
    others = [(inputs(split, source), pictures(split, source).labels) for split in SPLITS[1:]]
    return [accuracy(model, *part) for part in (known, *others)]


def pixels(split: str, source: str) -> NDArray[np.uint8]:
    """The pictures of a split."""
    return pictures(split, source).images


@cache
def backbone_in_two() -> tuple[keras.Model, keras.Model]:
    """The part of the backbone that stays frozen, and the part that fine-tuning trains."""
    body = models.load_backbone("course")
    middle = body.get_layer(LAST_FROZEN).output
    return keras.Model(body.input, middle), keras.Model(middle, body.output)


@cache
def middle_maps(split: str, source: str, mirrored: bool = False) -> NDArray[np.float32]:
    """What the frozen part makes of a split, computed once a process."""
    images = pictures(split, source).images
    return run(backbone_in_two()[0], images[:, :, ::-1] if mirrored else images)


def new_head(maps: int, classes: int) -> keras.Model:
    """What learns from the means of a backbone's maps: one dense layer with softmax."""
    answer = layers.Dense(classes, activation="softmax", name="classes")
    return keras.Sequential([keras.Input((maps,)), answer])


def tail_with_head(classes: int) -> keras.Model:
    """The part of the backbone that fine-tuning trains, and a head; batch normalization frozen."""
    tail = keras.models.clone_model(backbone_in_two()[1])
    tail.set_weights(backbone_in_two()[1].get_weights())
    for layer in tail.layers:
        layer.trainable = not isinstance(layer, layers.BatchNormalization)
    means = layers.GlobalAveragePooling2D(name="means")(tail.output)
    answer = layers.Dense(classes, activation="softmax", name="classes")(means)
    return keras.Model(tail.input, answer)


@cache
def means(split: str, source: str, mirrored: bool = False) -> NDArray[np.float32]:
    """The mean of every map of the whole backbone, for a split; computed once a process."""
    tail = backbone_in_two()[1]
    pooled = keras.Model(tail.input, layers.GlobalAveragePooling2D()(tail.output))
    return run(pooled, middle_maps(split, source, mirrored))


@cache
def mobilenet_means(split: str, source: str, mirrored: bool = False) -> NDArray[np.float32]:
    """The mean of every map of MobileNetV2, for a split enlarged to 128x128."""
    images = pictures(split, source, MOBILENET_SIDE).images
    body = models.load_backbone("mobilenet_v2")
    pooled = keras.Model(body.input, layers.GlobalAveragePooling2D()(body.output))
    return run(pooled, images[:, :, ::-1] if mirrored else images)


def with_mirrored(
    inputs: Inputs, source: str, kept: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """What is known about pictures of the pool and about their mirror images; their labels."""
    sides = [inputs("train", source, mirrored=side)[kept] for side in (False, True)]
    return np.concatenate(sides), np.tile(pictures("train", source).labels[kept], 2)


def trained_head(inputs: Inputs, source: str, kept: NDArray[np.int64], seed: int) -> keras.Model:
    """A head that has learned from frozen features."""
    known, labels = with_mirrored(inputs, source, kept)
    training.reproducible(seed)
    model = new_head(known.shape[1], len(pictures("train", source).classes))
    model.compile(keras.optimizers.Adam(HEAD_RATE), "sparse_categorical_crossentropy")
    model.fit(known, labels, batch_size=BATCH, epochs=HEAD_EPOCHS, verbose=0)
    return model


def fine_tuned(source: str, kept: NDArray[np.int64], seed: int) -> keras.Model:
    """The last block of the backbone and a head, trained on after the head alone was."""
    head = trained_head(means, source, kept, seed)
    model = tail_with_head(head.output_shape[-1])
    model.get_layer("classes").set_weights(head.get_layer("classes").get_weights())
    known, labels = with_mirrored(middle_maps, source, kept)
    epochs = math.ceil(TUNE_STEPS / math.ceil(len(labels) / BATCH))
    rate = keras.optimizers.schedules.CosineDecay(TUNE_RATE, TUNE_STEPS)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    model.fit(known, labels, batch_size=BATCH, epochs=epochs, verbose=0)
    return model


def measured(lesson: str, setting: str, source: str, seed: int) -> list[float]:
    """The four accuracies of one row."""
    draw = seed if lesson == "transfer_learning" else None
    if setting in SETTINGS[lesson]:
        chosen_setting = SETTINGS[lesson][setting]
        kept = chosen(source, chosen_setting.per_class, draw)
        return accuracies(trained(chosen_setting, source, seed, draw), pixels, source, kept)
    method, per_class = setting.rsplit(" ", 1)
    kept = chosen(source, int(per_class), draw)
    if method == "fine-tuned":
        return accuracies(fine_tuned(source, kept, seed), middle_maps, source, kept)
    inputs = {"frozen": means, "mobilenet": mobilenet_means}[method]
    return accuracies(trained_head(inputs, source, kept, seed), inputs, source, kept)


def rows_to_measure(lessons: Sequence[int], sources: Sequence[str]) -> Iterator[Row]:
    """What the table is to hold, in its order."""
    transfer = [f"{method} {n}" for method in ("frozen", "fine-tuned") for n in FEW]
    for lesson in lessons:
        settings = [*SETTINGS[lesson]]
        if lesson == "transfer_learning":
            settings += [*transfer, "mobilenet 100"]
        for source, setting, seed in product(sources, settings, SEEDS):
            yield Row(lesson, Path(source).name, setting, seed)


def read_rows(path: Path) -> dict[Row, list[str]]:
    """The rows that are there, by what they measure."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file)
    return {Row(le, im, se, int(no)): numbers for le, im, se, no, *numbers in lines}


def write_rows(path: Path, rows: dict[Row, list[str]]) -> None:
    """Replace the table: rows by lesson and set, settings in the order of the lessons."""
    order = [*rows_to_measure(SETTINGS, (RENDERED8, NATURAL_IMAGES))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([*row, *rows[row]] for row in order if row in rows)


def main() -> None:
    """Measure what is missing; the table is on disk after every row."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photographs", help="the folder natural-images")
    parser.add_argument("--lessons", nargs="+", choices=SETTINGS, default=[*SETTINGS])
    arguments = parser.parse_args()
    sources = [RENDERED8, *([arguments.photographs] if arguments.photographs else [])]
    by_name = {Path(source).name: source for source in sources}
    path = files.DATA / TABLE
    rows = read_rows(path)
    missing = [row for row in rows_to_measure(arguments.lessons, sources) if row not in rows]
    os.environ |= ONE_THREAD  # of the workers, which read it when they start
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        waiting = {
            pool.submit(measured, row.lesson, row.setting, by_name[row.images], row.seed): row
            for row in missing
        }
        for done in as_completed(waiting):
            rows[waiting[done]] = [f"{share:.4f}" for share in done.result()]
            write_rows(path, rows)
            print(*waiting[done], *rows[waiting[done]], sep=", ", flush=True)


if __name__ == "__main__":
    main()
