"""Make data/digit_accuracies.csv, the bands of accuracy that the lesson quotes.

    python -m lessons.convolutional_networks.measure        about 5 minutes on 2 cores

Each network of the lesson is trained from eight random starts, on the lesson's own split of the
digits and with its settings, and looks once at the test digits. Settings were chosen on the
validation set.
"""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lessons.convolutional_networks.dense_twin import dense_twin
from utils import data, models, training
from utils.data.tables import write_table
from utils.quiet import keras

SEEDS = range(8)
NETWORKS: dict[str, Callable[[], keras.Model]] = {
    "LeNet-5": models.lenet5,
    "dense twin of LeNet-5": lambda: dense_twin(models.lenet5()),
    "LENS": lambda: models.lens_cnn((32, 32, 1), 10),
    "dense twin of LENS": lambda: dense_twin(models.lens_cnn((32, 32, 1), 10)),
}
EPOCHS = {"centered": 15, "anywhere": 25}


def placed(pictures: NDArray, rng: np.random.Generator, side: int = 32) -> NDArray[np.float32]:
    """Every picture at a random place of a dark frame, as convolutional_networks builds it.

    Args:
        pictures: shape (N, H, H, C), H at most `side`.
        rng: where the places come from.
        side: height and width of the frames.

    Returns:
        float32, shape (N, side, side, C).

    Raises:
        ValueError: pictures of another rank, not square, or larger than the frame.
    """
    shape = np.shape(pictures)
    if len(shape) != 4 or shape[1] != shape[2] or shape[1] > side:
        raise ValueError(f"pictures have shape {shape}: expected (N, H, H, C), H up to {side}.")
    count, height, width, channels = shape
    frames = np.zeros((count, side, side, channels), np.float32)
    corners = rng.integers(0, side - height + 1, (count, 2))
    for frame, picture, (top, left) in zip(frames, pictures, corners, strict=True):
        frame[top : top + height, left : left + width] = picture
    return frames


def accuracy(build: Callable[[], keras.Model], images: NDArray, epochs: int, seed: int) -> float:
    """Accuracy on the test digits of a network trained from one random start."""
    labels, parts = data.digits().labels, data.digit_parts()
    train, test = parts["train"], parts["test"]
    training.reproducible(seed)
    model = build()
    model.compile(keras.optimizers.SGD(0.03, momentum=0.9), "sparse_categorical_crossentropy")
    model.fit(images[train], labels[train], batch_size=32, epochs=epochs, verbose=0)
    answers = model.predict(images[test], verbose=0).argmax(axis=1)
    return float((answers == labels[test]).mean())


def measure() -> Iterator[tuple[str, str, int, str]]:
    """One row a training: digits, network, seed, accuracy."""
    ink = data.digits().images
    pictures = {
        "centered": data.enlarged(ink),
        "anywhere": placed(data.enlarged(ink, side=20), np.random.default_rng(0)),
    }
    for (digits, images), (name, build) in product(pictures.items(), NETWORKS.items()):
        for seed in SEEDS:
            yield digits, name, seed, f"{accuracy(build, images, EPOCHS[digits], seed):.4f}"


def main() -> None:
    """Measure, and write the table."""
    write_table("digit_accuracies.csv", ("digits", "network", "seed", "accuracy"), measure())


if __name__ == "__main__":
    main()
