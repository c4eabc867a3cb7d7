"""Make data/photograph_accuracies.csv: what the lesson's network makes of photographs.

    python -m lessons.image_classification.measure FOLDER        about 2 minutes on 2 cores

FOLDER holds the photographs of *natural-images*, a sub-folder a class. The network of the lesson
learns from the pictures of the course, from three starts, and names the pictures of the exam and
test photographs of the same classes, which are shrunk like these. Nothing is chosen.
"""

import argparse
from pathlib import Path

import numpy as np

from lessons.image_classification import folders
from utils import data, models, training
from utils.data.tables import write_table
from utils.quiet import keras, tf

SIDE = 64
EPOCHS = 25
STARTS = 3
EACH = 60
"""Photographs of each class at most: so many pictures has the exam."""


def learned(start: int) -> tuple[keras.Model, dict[str, list[float]]]:
    """The network of the lesson after its training, and its curves."""
    train, validation = (
        folders.read(folders.laid_out() / part, SIDE) for part in ("train", "validation")
    )
    training.reproducible(start)
    network = models.on_pixels(models.lens_cnn((SIDE, SIDE, 3), len(train.class_names)))
    network.compile(
        keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = network.fit(
        folders.batches(train, seed=start),
        validation_data=validation.batch(32).cache(),
        epochs=EPOCHS,
        shuffle=False,
        verbose=0,
    ).history
    return network, history


def photographs(folder: Path) -> tuple[tf.Tensor, np.ndarray]:
    """Photographs of the folder, shrunk like the pictures of the course, and their labels."""
    images, labels, _ = data.load_images("test", folders.SIDE, at_most=EACH, source=folder)
    return tf.image.resize(images, (SIDE, SIDE)), labels


def row(network: keras.Model, pictures: tf.Tensor, labels: np.ndarray) -> tuple[float, ...]:
    """Accuracy in the exam, accuracy on photographs, and how sure it is of its answers to these."""
    exam = folders.read(folders.laid_out() / "test", SIDE).batch(32)
    says = network.predict(pictures, verbose=0)
    right = (says.argmax(axis=1) == labels).mean()
    return network.evaluate(exam, verbose=0)[1], right, says.max(axis=1).mean()


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    pictures, labels = photographs(parser.parse_args().folder)
    print(f"{len(labels)} photographs")
    found = (row(learned(start)[0], pictures, labels) for start in range(STARTS))
    rows = (
        [start, *(f"{number:.3f}" for number in numbers)] for start, numbers in enumerate(found)
    )
    write_table("photograph_accuracies.csv", ["start", "exam", "photographs", "sure"], rows)


if __name__ == "__main__":
    main()
