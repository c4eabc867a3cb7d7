"""Make data/welcome_head.npz: the last layer of the network that names photographs in the welcome.

    python -m lessons.welcome.measure FOLDER        about 6 minutes on 2 cores

FOLDER holds the photographs of *natural-images*, a sub-folder a class. The head is a logistic
regression on the means of the backbone's maps; its strength is chosen on the validation
photographs, and the test photographs are looked at once.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from lessons.welcome.naming import SIDE
from utils import data, models
from utils.data.files import sha256_of
from utils.data.images import CLASSES

EACH = 200
"""Photographs of each class that it learns from; their mirror images come along."""
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Of the logistic regression, C: the larger, the freer its weights."""


def main() -> None:
    """Learn, look at the test photographs once, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    backbone = models.load_backbone("course")
    of = {
        split: data.load_images(
            split, SIDE, source=folder, at_most=EACH if split == "train" else None
        )
        for split in ("train", "validation", "test")
    }
    assert of["train"].classes == list(CLASSES)
    learned = np.concatenate([means(backbone, of["train"].images[:, :, ::way]) for way in (1, -1)])
    labels = np.tile(of["train"].labels, 2)
    watched = means(backbone, of["validation"].images)
    heads = [LogisticRegression(C=c, max_iter=2000).fit(learned, labels) for c in STRENGTHS]
    scores = [head.score(watched, of["validation"].labels) for head in heads]
    chosen = int(np.argmax(scores))
    print(*zip(STRENGTHS, np.round(scores, 4), strict=True), "chosen:", STRENGTHS[chosen])
    assert 0 < chosen < len(STRENGTHS) - 1, "the best strength is at the edge of what was offered"
    answers = heads[chosen].predict(means(backbone, of["test"].images))
    counts = np.zeros((len(CLASSES), len(CLASSES)), np.int64)
    np.add.at(counts, (of["test"].labels, answers), 1)
    path = data.DATA / "welcome_head.npz"
    np.savez_compressed(
        path,
        weights=heads[chosen].coef_.T.astype(np.float32),
        bias=heads[chosen].intercept_.astype(np.float32),
        counts=counts,
    )
    print(f"{path.name} {sha256_of(path)}: {np.trace(counts)} of {counts.sum()} right\n{counts}")


def means(backbone: models.keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The mean of every map of the backbone, shape (N, 256)."""
    chunks = [images[start : start + 100] for start in range(0, len(images), 100)]
    return np.concatenate([backbone(chunk).numpy().mean(axis=(1, 2)) for chunk in chunks])


if __name__ == "__main__":
    main()
