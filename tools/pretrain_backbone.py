"""Train `data/backbone.npz`, the small residual network that the transfer lessons start from.

    python -m tools.pretrain_backbone [--sheets FOLDER] [--work FOLDER]

It learns on the photographs of CIFAR-100, without every class that overlaps with the eight classes
of the course. Any Keras backend serves (`KERAS_BACKEND=torch` or `jax` on a GPU). A training that
was cut off goes on after its last whole epoch. It multiplies in 16 bits
(bfloat16), which saves a third of the time where the processor can. What it leaves:
data/backbone.npz, and data/backbone_training.csv with a row an epoch and the accuracy on the
test photographs at the end.
"""

import argparse
import os
import re
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from PIL import Image

from utils.backbone import residual_network

DATA = Path(__file__).resolve().parent.parent / "data"
SIDE = 32
CLASSES = 100
LEFT_OUT = {
    0: "apple", 2: "baby", 11: "boy", 35: "girl", 46: "man", 48: "motorcycle", 53: "orange",
    54: "orchid", 57: "pear", 62: "poppy", 70: "rose", 82: "sunflower", 83: "sweet_pepper",
    92: "tulip", 98: "woman",
}  # fmt: skip
"""The classes of CIFAR-100 that show fruit, flowers, a motorbike or a person.

Relatives stay: bus, streetcar, bicycle; leopard, lion, tiger; fox and wolf. To know the relatives
of a class is what pretraining is for. The pickup truck stays as the nearest one: among the cars of
rendered8 are pick-ups.
"""

SEED = 0
HELD_OUT = 20
"""Training photographs a class that are only looked at; "val_accuracy" in the table is theirs."""
BATCH = 128
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-3
"""Keras shrinks weights by rate x decay a step, beside the momentum. Where the decay is part of the
gradient, as in most published recipes, momentum 0.9 makes it ten times as strong: their 5e-4."""
LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
PADDING = 8
"""Pixels that a photograph is continued by on each side, mirrored, before a part is cut out."""


class Phase(NamedTuple):
    """A stretch of the training, with a learning rate that warms up and falls to zero."""

    epochs: int
    side: int
    """Of the crops, in pixels, as the network sees them."""
    zooms: tuple[float, float]
    """How many times larger than in the photograph things are in a crop: least, most."""
    peak: float
    warm_up: float
    """Epochs."""


START = Phase(epochs=30, side=32, zooms=(0.9, 1.6), peak=0.2, warm_up=2)
BRANCHES = (
    Phase(epochs=22, side=32, zooms=(0.9, 1.8), peak=0.1, warm_up=0.5),
    Phase(epochs=6, side=48, zooms=(1.0, 2.0), peak=0.05, warm_up=0.3),
)
"""Both go on from the end of START, one longer, one with larger crops; then their weights are
averaged (Wortsman et al., Model soups: averaging weights of multiple fine-tuned models improves
accuracy without increasing inference time, 2022)."""
SEEN_AT = 48
"""Photographs are enlarged to this side for the final judgment: crops have shown the network things
larger than whole photographs do. Chosen on those held out."""


def read_sheets(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Photographs from one lossless sheet a class, `NN-name.webp`: tiles of 32x32 in rows."""
    images, labels = [], []
    for path in sorted(folder.glob("*.webp")):
        sheet = np.asarray(Image.open(path).convert("RGB"))
        rows, columns = sheet.shape[0] // SIDE, sheet.shape[1] // SIDE
        tiles = sheet.reshape(rows, SIDE, columns, SIDE, 3).swapaxes(1, 2)
        images.append(tiles.reshape(-1, SIDE, SIDE, 3))
        labels.append(np.full(rows * columns, int(re.match(r"\d+", path.name)[0])))
    if len(images) != CLASSES:
        raise FileNotFoundError(f"{folder} holds {len(images)} sheets: expected {CLASSES}.")
    return np.concatenate(images), np.concatenate(labels)


def photographs(sheets: Path | None) -> dict[str, tuple[NDArray[np.uint8], NDArray[np.int64]]]:
    """The parts "train" and "test" without the classes left out, the others numbered from 0."""
    if sheets:
        parts = [read_sheets(sheets / part) for part in ("train", "test")]
    else:
        parts = [(x, y[:, 0].astype(np.int64)) for x, y in keras.datasets.cifar100.load_data()]
    kept = [label for label in range(CLASSES) if label not in LEFT_OUT]
    numbers = np.full(CLASSES, -1)
    numbers[kept] = np.arange(len(kept))
    chosen = [(x[numbers[y] >= 0], numbers[y[numbers[y] >= 0]]) for x, y in parts]
    return dict(zip(("train", "test"), chosen, strict=True))


def hold_out(x: NDArray, y: NDArray) -> tuple[tuple[NDArray, NDArray], tuple[NDArray, NDArray]]:
    """Split off the first HELD_OUT photographs of every class."""
    rank = np.zeros(len(y), np.int64)
    for label in np.unique(y):
        rank[y == label] = np.arange((y == label).sum())
    return (x[rank >= HELD_OUT], y[rank >= HELD_OUT]), (x[rank < HELD_OUT], y[rank < HELD_OUT])


def cuts(
    starts: NDArray[np.float64], lengths: NDArray[np.float64], total: int, side: int
) -> NDArray[np.float32]:
    """Matrices, shape (N, side, total), that cut out part of a line and stretch it to `side`.

    Args:
        starts, lengths: of the N parts, in pixels, shape (N,) each; a negative length runs back
            from its start, which turns the part around.
        total: pixels of the line.
        side: pixels of the result, interpolated linearly.
    """
    centers = starts[:, None] + (np.arange(side) + 0.5) * lengths[:, None] / side - 0.5
    inside = np.clip(centers, 0, total - 1)[:, :, None]
    return np.maximum(0, 1 - np.abs(inside - np.arange(total))).astype(np.float32)


def augmented(
    images: NDArray[np.uint8], side: int, zooms: tuple[float, float], rng: np.random.Generator
) -> NDArray[np.float32]:
    """A zoom, a place, a flip, a brightness and a contrast for every image."""
    n = len(images)
    border = (PADDING, PADDING)
    padded = np.pad(images, ((0, 0), border, border, (0, 0)), "reflect").astype(np.float32)
    total = padded.shape[1]
    lengths = side / np.exp(rng.uniform(*np.log(zooms), n))
    tops, lefts = rng.random((2, n)) * (total - lengths)
    flipped = rng.random(n) < 0.5
    rows = cuts(tops, lengths, total, side)
    columns = cuts(
        np.where(flipped, lefts + lengths, lefts), np.where(flipped, -lengths, lengths), total, side
    )
    cut = (rows @ padded.reshape(n, total, -1)).reshape(n, side, total, -1)
    images = columns[:, None] @ cut
    contrast, brightness = rng.uniform(0.8, 1.2, (n, 1, 1, 1)), rng.uniform(-25, 25, (n, 1, 1, 1))
    return np.clip((images - 128) * contrast + 128 + brightness, 0, 255).astype(np.float32)


def enlarged(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Photographs as the network is judged on them in the end, (N, 48, 48, 3)."""
    return np.asarray(keras.ops.image.resize(images.astype(np.float32), (SEEN_AT, SEEN_AT)))


class Augmented(keras.utils.PyDataset):
    """Batches of a phase; order and crops depend on the seed and the epoch alone."""

    def __init__(self, x: NDArray, y: NDArray, phase: Phase):
        super().__init__()
        self.x, self.y, self.phase = x, y, phase
        self.start_epoch(0)

    def start_epoch(self, epoch: int) -> None:
        """Draw the order of an epoch."""
        self.epoch = epoch
        self.order = np.random.default_rng((SEED, epoch)).permutation(len(self.x))

    def __len__(self) -> int:
        return len(self.x) // BATCH

    def __getitem__(self, index: int) -> tuple[NDArray, NDArray]:
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        rng = np.random.default_rng((SEED, self.epoch, index))
        return augmented(self.x[chosen], self.phase.side, self.phase.zooms, rng), self.y[chosen]


def classifier(body: keras.Model, classes: int) -> keras.Model:
    """The backbone with the head that it is trained with: mean of each map, dense, logits."""
    pooled = layers.GlobalAveragePooling2D()(body.output)
    return keras.Model(body.input, layers.Dense(classes, dtype="float32")(pooled))


def optimizer(phase: Phase, steps: int) -> keras.optimizers.Optimizer:
    """Warm-up from zero, then cosine decay to zero; no decay of biases and normalization.

    Args:
        phase: of the training.
        steps: batches of an epoch.
    """
    warm_up = round(steps * phase.warm_up)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps * phase.epochs - warm_up, warmup_target=phase.peak, warmup_steps=warm_up
    )
    sgd = keras.optimizers.SGD(rate, momentum=MOMENTUM, nesterov=True, weight_decay=WEIGHT_DECAY)
    sgd.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return sgd


def train(
    model: keras.Model,
    phase: Phase,
    known: tuple[NDArray, NDArray],
    held_out: tuple[NDArray, NDArray],
    work: Path,
    first: int,
) -> None:
    """Train through one phase, or what is left of it.

    Args:
        model: its weights are trained.
        phase: of the training.
        known, held_out: photographs and labels, to learn from and to watch.
        work: a folder for the table training.csv and for what resuming needs.
        first: number of the phase's first epoch in the table.
    """
    batches = Augmented(*known, phase)
    model = keras.Model(model.input, model.output)  # one that knows no epoch to go on from
    model.compile(optimizer(phase, len(batches)), LOSS, metrics=["accuracy"])
    model.fit(
        batches,
        initial_epoch=first,
        epochs=first + phase.epochs,
        validation_data=held_out,
        validation_batch_size=500,
        shuffle=False,
        verbose=2,
        callbacks=[
            keras.callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, _: batches.start_epoch(epoch)
            ),
            keras.callbacks.CSVLogger(work / "training.csv", append=True),
            keras.callbacks.BackupAndRestore(work / f"from{first}", delete_checkpoint=False),
        ],
    )


def in_single_precision(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """The backbone of a trained classifier, and the classifier on it, computing in 32 bits."""
    keras.config.set_dtype_policy("float32")
    body = residual_network()
    whole = classifier(body, model.output_shape[-1])
    whole.set_weights(model.get_weights())
    whole.compile(loss=LOSS, metrics=["accuracy"])
    return body, whole


def save_weights(model: keras.Model, path: Path) -> None:
    """Write every weight, rounded to 16 bits, under its name: a compressed file of arrays."""
    numbers = keras.ops.convert_to_numpy
    arrays = {weight.path: numbers(weight).astype(np.float16) for weight in model.weights}
    np.savez_compressed(path, keras=keras.__version__, **arrays)


def main() -> None:
    """Train, or go on training; then look at the test photographs once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sheets", type=Path, help="folder with train/ and test/ sheets")
    parser.add_argument("--work", type=Path, default=Path("build/backbone"), help="for resuming")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)

    parts = photographs(arguments.sheets)
    known, held_out = hold_out(*parts["train"])
    keras.utils.set_random_seed(SEED)
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = classifier(residual_network(), int(known[1].max()) + 1)
    train(model, START, known, held_out, arguments.work, first=0)
    start, ends, first = model.get_weights(), [], START.epochs
    for branch in BRANCHES:
        model.set_weights(start)
        train(model, branch, known, held_out, arguments.work, first=first)
        ends.append(model.get_weights())
        first += branch.epochs
    model.set_weights([np.mean(arrays, axis=0) for arrays in zip(*ends, strict=True)])
    path = DATA / "backbone.npz"
    body, model = in_single_precision(model)
    save_weights(body, path)
    images, labels = parts["test"]
    _, accuracy = model.evaluate(enlarged(images), labels, batch_size=500, verbose=0)
    (DATA / "backbone_training.csv").write_text(
        f"{(arguments.work / 'training.csv').read_text(encoding='utf-8')}test,{accuracy:.4f}\n",
        encoding="utf-8",
    )
    print(f"test accuracy {accuracy:.2%}; {path} {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
