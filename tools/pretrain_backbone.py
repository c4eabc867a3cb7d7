"""Train `data/backbone.keras`, the small residual network that the transfer lessons start from.

    python tools/pretrain_backbone.py [--sheets FOLDER] [--work FOLDER]

It learns on the photographs of CIFAR-100, without every class that overlaps with the eight classes
of the course. Any Keras backend serves (`KERAS_BACKEND=torch` or `jax` on a GPU). A training that
was cut off goes on after its last whole epoch. It multiplies in 16 bits
(bfloat16), which saves a third of the time where the processor can. What it leaves:
data/backbone.keras, and data/backbone_training.csv with a row an epoch and the accuracy on the
test photographs at the end.
"""

import argparse
import os
import re
import zipfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from PIL import Image

DATA = Path(__file__).resolve().parent.parent / "data"
SIDE = 32
CLASSES = 100
LEFT_OUT = {
    0: "apple", 2: "baby", 11: "boy", 35: "girl", 46: "man", 48: "motorcycle", 53: "orange",
    54: "orchid", 57: "pear", 62: "poppy", 70: "rose", 82: "sunflower", 83: "sweet_pepper",
    92: "tulip", 98: "woman",
}  # fmt: skip
"""The classes of CIFAR-100 that show fruit, flowers, a motorbike or a person.

Relatives stay: bus, pickup truck, streetcar, bicycle; leopard, lion, tiger; fox and wolf. To know
the relatives of a class is what pretraining is for, and none of them is one of the eight classes.
"""

SEED = 0
HELD_OUT = 20
"""Training photographs a class that are only looked at; "val_accuracy" in the table is theirs."""
EPOCHS = 30
BATCH = 128
PEAK = 0.2
WARM_UP = 2
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-3
"""Keras shrinks weights by rate x decay a step, beside the momentum. Where the decay is part of the
gradient, as in most published recipes, momentum 0.9 makes it ten times as strong: their 5e-4."""
CROPS = (20, 37)
"""Sides of the random crops from a photograph padded by 4 to 40x40; each is resized to 32x32."""
SEEN_AT = 40
"""Photographs are enlarged to this side when the network is judged. Its crops have shown it things
larger than whole photographs do: at 32 it is right 12 points less often, on those held out."""


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


def resizing(side: int) -> NDArray[np.float32]:
    """The matrix that stretches `side` pixels to 32 by linear interpolation, shape (32, side)."""
    centers = (np.arange(SIDE) + 0.5) * side / SIDE - 0.5
    return np.maximum(
        0, 1 - np.abs(np.clip(centers, 0, side - 1)[:, None] - np.arange(side))
    ).astype(np.float32)


def augmented(images: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """One random crop size a batch; a place, a flip, a brightness and a contrast an image."""
    n, side = len(images), rng.integers(*CROPS)
    padded = np.pad(images, ((0, 0), (4, 4), (4, 4), (0, 0)), "reflect")
    corners = rng.integers(0, padded.shape[1] - side + 1, (2, n, 1))
    rows, columns = corners + np.arange(side)
    columns = np.where(rng.random((n, 1)) < 0.5, columns, columns[:, ::-1])
    crops = padded[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
    stretch = resizing(side)
    images = np.einsum(
        "rh,nhwc,sw->nrsc", stretch, crops.astype(np.float32), stretch, optimize=True
    )
    contrast, brightness = rng.uniform(0.8, 1.2, (n, 1, 1, 1)), rng.uniform(-25, 25, (n, 1, 1, 1))
    return np.clip((images - 128) * contrast + 128 + brightness, 0, 255).astype(np.float32)


def enlarged(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Photographs as the network is judged on them, (N, 40, 40, 3)."""
    return np.asarray(keras.ops.image.resize(images.astype(np.float32), (SEEN_AT, SEEN_AT)))


class Augmented(keras.utils.PyDataset):
    """Batches of an epoch; order and crops depend on the seed and the epoch alone."""

    def __init__(self, x: NDArray, y: NDArray):
        super().__init__()
        self.x, self.y = x, y
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
        return augmented(self.x[chosen], rng), self.y[chosen]


def block(x: keras.KerasTensor, maps: int, stride: int, name: str) -> keras.KerasTensor:
    """Two 3x3 convolutions whose result is added to the input; Keras' layers carry `name`."""

    def convolution(x: keras.KerasTensor, size: int, stride: int, part: str) -> keras.KerasTensor:
        x = layers.Conv2D(
            maps, size, stride, padding="same", use_bias=False, name=f"{name}_{part}",
            kernel_initializer="he_normal",
        )(x)  # fmt: skip
        return layers.BatchNormalization(name=f"{name}_{part}_norm")(x)

    shortcut = x if x.shape[-1] == maps and stride == 1 else convolution(x, 1, stride, "shortcut")
    x = layers.ReLU(name=f"{name}_relu1")(convolution(x, 3, stride, "conv1"))
    x = convolution(x, 3, 1, "conv2")
    return layers.ReLU(name=f"{name}_relu2")(layers.Add(name=f"{name}_add")([x, shortcut]))


def backbone() -> keras.Model:
    """Photographs 0..255 of any size from 32 up, (N, H, W, 3), to maps (N, H/8, W/8, 256)."""
    image = keras.Input((None, None, 3), name="photograph")
    x = layers.Rescaling(1 / 64, offset=-2, name="normalize")(image)
    x = layers.Conv2D(
        32, 3, padding="same", use_bias=False, kernel_initializer="he_normal", name="stem"
    )(x)
    x = layers.ReLU(name="stem_relu")(layers.BatchNormalization(name="stem_norm")(x))
    for name, maps, stride in (
        ("block1", 64, 2), ("block2", 128, 2), ("block3", 128, 1), ("block4", 256, 2),
    ):  # fmt: skip
        x = block(x, maps, stride, name)
    return keras.Model(image, x, name="backbone")


def classifier(body: keras.Model, classes: int) -> keras.Model:
    """The backbone with the head that it is trained with: mean of each map, dense, logits."""
    pooled = layers.GlobalAveragePooling2D()(body.output)
    return keras.Model(body.input, layers.Dense(classes, dtype="float32")(pooled))


def optimizer(steps: int) -> keras.optimizers.Optimizer:
    """Warm-up from zero, then cosine decay to zero; no decay of biases and normalization."""
    rate = keras.optimizers.schedules.CosineDecay(
        0.0,
        steps * (EPOCHS - WARM_UP),
        warmup_target=PEAK,
        warmup_steps=steps * WARM_UP,
    )
    sgd = keras.optimizers.SGD(rate, momentum=MOMENTUM, nesterov=True, weight_decay=WEIGHT_DECAY)
    sgd.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return sgd


def in_single_precision(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """The backbone of a trained classifier, and the classifier on it, computing in 32 bits."""
    keras.config.set_dtype_policy("float32")
    body = backbone()
    whole = classifier(body, model.output_shape[-1])
    whole.set_weights(model.get_weights())
    whole.compile(loss=model.loss, metrics=["accuracy"])
    return body, whole


def save_in_half_precision(model: keras.Model, path: Path) -> None:
    """Round every weight to 16 bits and pack: an ordinary .keras file, half as large."""
    model.set_weights([w.astype(np.float16).astype(np.float32) for w in model.get_weights()])
    whole = path.with_suffix(".whole.keras")
    model.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name), compresslevel=9)
    whole.unlink()


def main() -> None:
    """Train, or go on training; then look at the test photographs once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sheets", type=Path, help="folder with train/ and test/ sheets")
    parser.add_argument("--work", type=Path, default=Path("build/backbone"), help="for resuming")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)

    parts = photographs(arguments.sheets)
    train, held_out = hold_out(*parts["train"])
    batches = Augmented(*train)
    keras.utils.set_random_seed(SEED)
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = classifier(backbone(), int(train[1].max()) + 1)
    model.compile(
        optimizer(len(batches)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    table = arguments.work / "training.csv"
    model.fit(
        batches,
        epochs=EPOCHS,
        validation_data=(enlarged(held_out[0]), held_out[1]),
        validation_batch_size=500,
        shuffle=False,
        verbose=2,
        callbacks=[
            keras.callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, _: batches.start_epoch(epoch)
            ),
            keras.callbacks.CSVLogger(table, append=True),
            keras.callbacks.BackupAndRestore(arguments.work / "state", delete_checkpoint=False),
        ],
    )
    path = DATA / "backbone.keras"
    body, model = in_single_precision(model)
    save_in_half_precision(body, path)
    images, labels = parts["test"]
    _, accuracy = model.evaluate(enlarged(images), labels, batch_size=500, verbose=0)
    (DATA / "backbone_training.csv").write_text(
        f"{table.read_text()}test,{accuracy:.4f}\n", encoding="utf-8"
    )
    print(f"test accuracy {accuracy:.2%}; {path} {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
