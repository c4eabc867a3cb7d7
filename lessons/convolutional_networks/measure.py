"""Make data/digit_accuracies.csv and data/digit_curves.csv, which the lesson quotes.

    python -m lessons.convolutional_networks.measure        about 20 minutes on one core

Each network learns from eight random starts. Every start deals the writers anew into those to
learn from, to watch and to judge by; all networks get the same deals. The rate of each network is
the one with the best accuracy on the validation digits of two starts. The test digits of a start
are looked at once by each network.
"""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lessons.convolutional_networks.dense_twin import dense_twin
from lessons.convolutional_networks.heads import three_convolutions
from lessons.convolutional_networks.learning import learn
from utils import data, models, training
from utils.data.tables import write_table
from utils.quiet import keras

STARTS = range(8)
TRIALS = range(2)
RATES = (0.0003, 0.001, 0.003, 0.01)
EPOCHS = {"centered": 10, "anywhere": 20}
NETWORKS: dict[str, Callable[[], keras.Model]] = {
    "LeNet-5": models.lenet5,
    "dense": lambda: dense_twin(models.lenet5()),
    "Flatten": lambda: three_convolutions(keras.layers.Flatten()),
    "GlobalMaxPooling": lambda: three_convolutions(keras.layers.GlobalMaxPooling2D()),
}


class Trained(NamedTuple):
    """What one training reached: accuracies 0..1, the first two epoch by epoch."""

    training: NDArray[np.float64]
    validation: NDArray[np.float64]
    test: float


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


def pictures() -> dict[str, NDArray[np.float32]]:
    """The digits of both tasks."""
    ink = data.digits().images
    anywhere = placed(data.enlarged(ink, side=20), np.random.default_rng(0))
    return {"centered": data.enlarged(ink), "anywhere": anywhere}


def train(digits: str, images: NDArray, network: str, rate: float, start: int) -> Trained:
    """One network from one start."""
    labels, parts = data.digits().labels, data.writers_apart(start)
    seen, unseen, test = ((images[part], labels[part]) for part in parts.values())
    training.reproducible(start)
    model = NETWORKS[network]()
    record = learn(model, seen, unseen, EPOCHS[digits], rate=rate)
    _, reached = model.evaluate(*test, verbose=0)
    return Trained(np.array(record["accuracy"]), np.array(record["val_accuracy"]), reached)


def best_rate(digits: str, images: NDArray, network: str) -> float:
    """The rate with the best validation accuracy at the end, over the trial starts."""

    def reached(rate: float) -> float:
        ends = (train(digits, images, network, rate, start).validation[-1] for start in TRIALS)
        return float(np.mean(list(ends)))

    return max(RATES, key=reached)


def main() -> None:
    """Measure, and write both tables."""
    accuracies, means = [], []
    for (digits, images), network in product(pictures().items(), NETWORKS):
        rate = best_rate(digits, images, network)
        runs = [train(digits, images, network, rate, start) for start in STARTS]
        accuracies += [(digits, network, n, f"{run.test:.4f}", rate) for n, run in enumerate(runs)]
        mean = np.mean([(run.training, run.validation) for run in runs], axis=0).T
        means += [(digits, network, n, *(f"{x:.4f}" for x in one)) for n, one in enumerate(mean, 1)]
    header = ("digits", "network", "start", "accuracy", "rate")
    write_table("digit_accuracies.csv", header, accuracies)
    header = ("digits", "network", "epoch", "training", "validation")
    write_table("digit_curves.csv", header, means)


if __name__ == "__main__":
    main()
