"""Make data/image_measures.csv: how hard data/rendered8 is, and what gives the class away.

    python tools/image_measures.py        about 6 minutes on 2 cores

Difficulty: the network of the LENS lecture, trained at 64x64 on 100 pictures of each class, from
five starts. Leaks: classifiers that see no shapes, only how often each color occurs, the corners
of the picture, or the size of the file; they train on all 200 pictures of each class. All of them
look at the test pictures once, as the measuring that this is; nothing was chosen by it.
"""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from utils import data, models, training
from utils.data.images import RENDERED8, SPLITS
from utils.data.tables import write_table
from utils.quiet import keras

SIDE = 96
SHADES = 8
"""Of each of red, green and blue, in a color histogram of 8 * 8 * 8 bins."""
CORNER = 12
SEEDS = range(5)
EPOCHS = 60

CLASSIFIERS: dict[str, Callable[[], ClassifierMixin]] = {
    "logistic regression": lambda: make_pipeline(
        StandardScaler(), LogisticRegression(C=0.05, max_iter=500)
    ),
    "support vectors": lambda: make_pipeline(StandardScaler(), SVC(C=3)),
    "random forest": lambda: RandomForestClassifier(400, random_state=0),
}


def color_histograms(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Square roots of how often each color occurs, (N, H, W, 3) to (N, SHADES ** 3)."""
    shades = images.astype(int) * SHADES // 256
    bins = (shades @ [SHADES**2, SHADES, 1]).reshape(len(images), -1)
    return np.sqrt([np.bincount(some, minlength=SHADES**3) / some.size for some in bins])


def corners(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean and spread of each channel in the four corners, (N, H, W, 3) to (N, 24)."""
    ends = slice(None, CORNER), slice(-CORNER, None)
    cut = [images[:, rows, columns] / 255 for rows, columns in product(ends, ends)]
    return np.concatenate([stat for c in cut for stat in (c.mean((1, 2)), c.std((1, 2)))], axis=1)


def file_sizes(split: str, classes: list[str]) -> NDArray[np.float64]:
    """Bytes of each file of a split, in the order of `load_images`, shape (N, 1)."""
    folder = data.DATA / RENDERED8 / split
    files = [folder / name / f"{n:03d}.jpg" for name in classes for n in range(SPLITS[split])]
    return np.array([[path.stat().st_size] for path in files], np.float64)


def leaks() -> Iterator[tuple[str, str, str]]:
    """One row a classifier: what it sees, its name, its accuracy on the test pictures."""
    train, test = (data.load_images(split, SIDE, source=RENDERED8) for split in ("train", "test"))
    seen = {
        "color histogram": (color_histograms(train.images), color_histograms(test.images)),
        "corners": (corners(train.images), corners(test.images)),
        "file size": (file_sizes("train", train.classes), file_sizes("test", train.classes)),
    }
    for (what, (known, unknown)), (name, build) in product(seen.items(), CLASSIFIERS.items()):
        accuracy = build().fit(known, train.labels).score(unknown, test.labels)
        yield what, name, f"{accuracy:.4f}"


def network(seed: int) -> Iterator[tuple[str, str, str]]:
    """Accuracies of the network from one start, on the pictures it trained on and on others."""
    train = data.load_images("train", per_class=100, source=RENDERED8)
    training.reproducible(seed)
    model = keras.Sequential(
        [keras.layers.Rescaling(1 / 255), models.lens_cnn((64, 64, 3), len(train.classes))]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train.images, train.labels, batch_size=32, epochs=EPOCHS, verbose=0)
    for split, some in {
        "train": train,
        "test": data.load_images("test", source=RENDERED8),
        "test_shifted": data.load_images("test_shifted", source=RENDERED8),
    }.items():
        accuracy = model.evaluate(some.images, some.labels, verbose=0)[1]
        yield f"LENS network, {split}", f"seed {seed}", f"{accuracy:.4f}"


def measure() -> Iterator[tuple[str, str, str]]:
    """All rows: what is measured, with what, accuracy."""
    yield from leaks()
    for seed in SEEDS:
        yield from network(seed)


def main() -> None:
    """Measure, and write the table."""
    write_table("image_measures.csv", ("measured", "with", "accuracy"), measure())


if __name__ == "__main__":
    main()
