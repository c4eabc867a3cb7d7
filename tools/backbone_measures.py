"""Make data/backbone_measures.csv: what the features of data/backbone.npz are worth.

    python -m tools.backbone_measures FOLDER        about 12 minutes on 2 cores

FOLDER holds photographs of the eight classes, a sub-folder each (the set natural-images). On them
and on rendered8, at 64x64: a linear classifier on the frozen features (the mean of each map), from
20 and from 100 pictures of each class, drawn five times from the training split; its strength of
regularization is chosen on the validation split. Beside it, on rendered8 and 20 a class, the same
network trained from scratch. All look at the test split once.
"""

import argparse
import time
from collections.abc import Iterator
from itertools import chain, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tools.pretrain_backbone import classifier
from utils import data, models, training
from utils.backbone import residual_network
from utils.data import Images
from utils.data.images import RENDERED8
from utils.data.tables import write_table
from utils.quiet import keras

PER_CLASS = (20, 100)
DRAWS = range(5)
STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
EPOCHS = 40
SPEED_BATCH = 100
HEADER = ("images", "method", "per_class", "draw", "accuracy")


def drawn(labels: NDArray[np.int64], per_class: int, draw: int) -> NDArray[np.int64]:
    """Indices of so many pictures of each class, other ones at each draw."""
    order = np.random.default_rng(draw).permutation(len(labels))
    return np.concatenate([order[labels[order] == k][:per_class] for k in np.unique(labels)])


def features(body: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The mean of every feature map, shape (N, maps)."""
    batches = np.array_split(images, max(1, len(images) // 100))
    return np.concatenate([np.asarray(body(some)).mean(axis=(1, 2)) for some in batches])


def probe(known: Images, others: dict[str, Images]) -> float:
    """Accuracy on others["test"] of a linear classifier, its strength chosen on "validation"."""
    fitted = (
        make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=500)).fit(*known[:2])
        for c in STRENGTHS
    )
    best = max(fitted, key=lambda model: model.score(*others["validation"][:2]))
    return best.score(*others["test"][:2])


def from_scratch(known: Images, test: Images, seed: int) -> float:
    """Accuracy on the test pictures of the same network without pretraining."""
    training.reproducible(seed)
    model = classifier(residual_network(), len(known.classes))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9  # so few steps: the default would lag behind
    model.fit(known.images, known.labels, batch_size=32, epochs=EPOCHS, verbose=0)
    return model.evaluate(test.images, test.labels, verbose=0)[1]


def speed(body: keras.Model, images: NDArray[np.uint8]) -> float:
    """Pictures a second in a forward pass, compiled as in `predict`, the fastest of ten."""
    body.predict_on_batch(images[:SPEED_BATCH])
    seconds = []
    for _ in range(10):
        started = time.perf_counter()
        body.predict_on_batch(images[:SPEED_BATCH])
        seconds.append(time.perf_counter() - started)
    return SPEED_BATCH / min(seconds)


def measure(
    source: str | Path, name: str, body: keras.Model
) -> Iterator[tuple[str, str, int, int, str]]:
    """Rows of one source: its name, the method, pictures a class, draw, accuracy."""
    sets = {s: data.load_images(s, source=source) for s in ("train", "validation", "test")}
    frozen = {s: Images(features(body, x.images), x.labels, x.classes) for s, x in sets.items()}
    train = sets["train"]
    for per_class, draw in product(PER_CLASS, DRAWS):
        some = drawn(train.labels, per_class, draw)
        known = Images(frozen["train"].images[some], train.labels[some], train.classes)
        yield name, "frozen", per_class, draw, f"{probe(known, frozen):.4f}"
    for draw in DRAWS if source == RENDERED8 else ():
        some = drawn(train.labels, PER_CLASS[0], draw)
        known = Images(train.images[some], train.labels[some], train.classes)
        accuracy = from_scratch(known, sets["test"], draw)
        yield name, "from scratch", PER_CLASS[0], draw, f"{accuracy:.4f}"


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="photographs, a sub-folder a class")
    folder = parser.parse_args().folder
    body = models.load_backbone("course")
    pictures = data.load_images("test", source=RENDERED8).images
    print(f"{speed(body, pictures):.0f} pictures of 64x64 a second")
    sources = ((folder, "natural-images"), (RENDERED8, RENDERED8))
    rows = chain.from_iterable(measure(source, name, body) for source, name in sources)
    write_table("backbone_measures.csv", HEADER, rows)


if __name__ == "__main__":
    main()
