"""The pictures in use, laid out as Keras expects them: a folder for each split and each class."""

import atexit
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils import data
from utils.data.files import course_file
from utils.quiet import keras, tf

SIDE = 96
"""Pixels a side of every file."""
PER_CLASS = 100
"""So many pictures of each class to learn from, or all where there are fewer."""

MEASURED_SHA256 = "8e0b1c6bac046fd36054fcadc7c59b0ee9ab090945d6afb774d3d526dfce5d11"
"""Of data/photograph_accuracies.csv."""

PHOTOGRAPHS = ("chelsea.png", "motorcycle_left.png", "astronaut.png", "flower.jpg")
"""A cat, a motorbike, a person, a flower."""


@cache
def laid_out() -> Path:
    """A folder with train, validation and test, in each a folder for each class.

    It holds copies of what `load_images` reads, as PNG, in the same order, and it is deleted when
    Python ends.
    """
    folder = Path(mkdtemp(prefix="pictures-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    for split, at_most in (("train", PER_CLASS), ("validation", None), ("test", None)):
        images, labels, classes = data.load_images(split, SIDE, at_most=at_most)
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            place = folder / split / classes[label]
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(place / f"{number:05d}.png", compress_level=1)
    return folder


def read(folder: Path, side: int) -> tf.data.Dataset:
    """The pictures of a folder, one by one, in order, with the numbers of their classes."""
    return keras.utils.image_dataset_from_directory(
        folder,
        label_mode="int",
        image_size=(side, side),
        batch_size=None,
        shuffle=False,
        verbose=False,
    )


def batches(pictures: tf.data.Dataset, seed: int) -> tf.data.Dataset:
    """Batches of 32 pictures: every file is read once, and every epoch has an order of its own."""
    return pictures.cache().shuffle(len(pictures), seed=seed).batch(32).prefetch(1)


def arrays(dataset: tf.data.Dataset) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All pictures of a data set, 0..255, and their labels."""
    images, labels = [], []
    for image, label in dataset.as_numpy_iterator():
        images.append(np.round(image).astype(np.uint8))
        labels.append(label)
    return np.array(images), np.array(labels, np.int64)


def on_photographs() -> NDArray:
    """What measure.py found, 0..1: right in the exam, right of photographs, sure of photographs.

    Returns:
        A table with these names and a row for each start.
    """
    path = course_file("photograph_accuracies.csv", MEASURED_SHA256)
    return np.genfromtxt(path, delimiter=",", names=True)


def photographs() -> dict[str, Path]:
    """Four photographs inside installed packages; data/README.md names their origin."""
    return {name: data.photograph_file(name) for name in PHOTOGRAPHS}
