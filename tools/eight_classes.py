"""Make data/eight_classes.csv, the picture of the goal in the welcome.

    python tools/eight_classes.py FOLDER [--seed 0] [--epochs 25]

FOLDER holds photographs, a sub-folder a class (made with natural-images: airplane, car, cat, dog,
flower, fruit, motorbike, person). A small network is trained on 70 % of them and looks once at 15 %
that neither training nor any choice has seen; the remaining 15 % follow the training. The table
counts its answers: a row a true class, a column an answer.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils.quiet import keras

TABLE = Path(__file__).resolve().parent.parent / "data" / "eight_classes.csv"
SIDE = 64
BATCH = 32
layers = keras.layers


def read_folder(folder: Path) -> tuple[NDArray, NDArray, list[str]]:
    """Images uint8 (N, SIDE, SIDE, 3), their labels, and the class names in order."""
    classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
    files = [(f, label) for label, c in enumerate(classes) for f in sorted((folder / c).iterdir())]
    images = [np.asarray(Image.open(f).convert("RGB").resize((SIDE, SIDE))) for f, _ in files]
    return np.stack(images), np.array([label for _, label in files]), classes


def split(labels: NDArray, seed: int) -> tuple[NDArray, NDArray, NDArray]:
    """Indices for training, validation and test: 70, 15 and 15 % of every class."""
    rng = np.random.default_rng(seed)
    parts = [[], [], []]
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        cuts = [round(0.7 * len(members)), round(0.85 * len(members))]
        for part, piece in zip(parts, np.split(members, cuts), strict=True):
            part.append(piece)
    return tuple(np.concatenate(part) for part in parts)


def network(classes: int) -> keras.Sequential:
    """Four rounds of convolution, batch normalization and pooling, from 16 to 128 maps."""
    model = keras.Sequential([keras.Input((SIDE, SIDE, 3)), layers.Rescaling(1 / 255)])
    model.add(layers.RandomFlip("horizontal"))
    model.add(layers.RandomZoom((-0.2, 0.1)))
    for maps in (16, 32, 64, 128):
        model.add(layers.Conv2D(maps, 3, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D(2))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dropout(0.3))
    model.add(layers.Dense(classes, activation="softmax"))
    return model


def main() -> None:
    """Train, look at the test images once, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=25)
    options = parser.parse_args()
    images, labels, classes = read_folder(options.folder)
    train, validation, test = split(labels, options.seed)
    keras.utils.set_random_seed(options.seed)
    model = network(len(classes))
    steps = options.epochs * -(-len(train) // BATCH)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps))
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        images[train],
        labels[train],
        validation_data=(images[validation], labels[validation]),
        batch_size=BATCH,
        epochs=options.epochs,
        verbose=2,
    )
    answers = model.predict(images[test], verbose=0).argmax(axis=1)
    counts = np.zeros((len(classes), len(classes)), int)
    np.add.at(counts, (labels[test], answers), 1)
    np.savetxt(TABLE, counts, fmt="%d", delimiter=",", header=",".join(classes), comments="")
    print(f"{TABLE.name}: {np.trace(counts)} of {counts.sum()} right")


if __name__ == "__main__":
    main()
