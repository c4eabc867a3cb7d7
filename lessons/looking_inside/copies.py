"""Make data/copy_accuracies.csv: the same photographs, saved another way.

    python -m lessons.looking_inside.copies FOLDER        about 4 minutes on 2 cores

FOLDER holds photographs as they were downloaded, a sub-folder a class. Networks learn from copies
that a careless script has made: smaller, JPEG again, without the note on how the camera was held.
Then they name test photographs of the folder: such copies, the files as the course reads them, the
files without regard to the note, and these shrunk without averaging. Nothing is chosen.
"""

import argparse
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lessons.looking_inside import measure
from utils import models, training
from utils.data.folders import split_folder
from utils.data.pictures import read_picture
from utils.data.tables import write_table

HEADER = ("network", "seed", "files", "note", "pictures", "right")
SEEDS = range(3)
EACH = 100
"""Photographs of each class to learn from."""
COPY, SIDE = 160, 64
"""Pixels a side of a copy, and of what the networks see."""
ORIENTATION = 0x0112
"""The number of the note in a photograph's EXIF data; 1 says that nothing is to be turned."""


def as_copy(path: Path) -> NDArray[np.uint8]:
    """A small copy, saved as JPEG without the note, read again."""
    with Image.open(path) as photo:
        small = photo.convert("RGB").resize((COPY, COPY))
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=90)
    with Image.open(buffer) as copy:
        return np.asarray(copy.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def shrunk(path: Path, how: Image.Resampling) -> NDArray[np.uint8]:
    """The file as it is stored, whatever the note says."""
    with Image.open(path) as photo:
        return np.asarray(photo.convert("RGB").resize((SIDE, SIDE), how))


WAYS: dict[str, Callable[[Path], NDArray[np.uint8]]] = {
    "copies": as_copy,
    "files": lambda path: read_picture(path, SIDE),
    "note ignored": lambda path: shrunk(path, Image.Resampling.BILINEAR),
    "no averaging": lambda path: shrunk(path, Image.Resampling.NEAREST),
}


def has_note(path: Path) -> bool:
    """Whether a photograph says that it is to be turned."""
    with Image.open(path) as photo:
        return photo.getexif().get(ORIENTATION, 1) != 1


def photographs(folder: Path, split: str, each: int | None) -> tuple[list[Path], NDArray]:
    """The first photographs of each class, and their labels."""
    classes = [paths[:each] for paths in split_folder(folder, split).values()]
    labels = np.repeat(np.arange(len(classes)), [len(paths) for paths in classes])
    return [path for paths in classes for path in paths], labels


def networks() -> dict[str, Callable[[NDArray, NDArray], Callable[[NDArray], NDArray]]]:
    """From pictures and labels to a trained function that names pictures, by network."""
    backbone = models.load_backbone("course")

    def maps(pictures: NDArray) -> NDArray:
        return backbone.predict(pictures, batch_size=16, verbose=0)

    def small(pictures: NDArray, labels: NDArray) -> Callable[[NDArray], NDArray]:
        model = measure.learn(measure.small_cnn(), pictures, labels, measure.CNN_EPOCHS)
        return lambda others: model.predict(others, verbose=0).argmax(axis=1)

    def head(pictures: NDArray, labels: NDArray) -> Callable[[NDArray], NDArray]:
        model = measure.learn(measure.new_head(), maps(pictures), labels, measure.HEAD_EPOCHS)
        return lambda others: model.predict(maps(others), verbose=0).argmax(axis=1)

    return {"small CNN": small, "backbone": head}


def rows(folder: Path) -> Iterator[tuple[str, int, str, int, int, int]]:
    """For each network, start, way of saving and group (note or none): how many are right."""
    paths, labels = photographs(folder, "train", EACH)
    known = np.stack([as_copy(path) for path in paths])
    paths, truth = photographs(folder, "test", None)
    note = np.array([has_note(path) for path in paths])
    tests = {way: np.stack([read(path) for path in paths]) for way, read in WAYS.items()}
    for name, train in networks().items():
        for seed in SEEDS:
            training.reproducible(seed)
            answers = train(known, labels)
            for way, pictures in tests.items():
                right = answers(pictures) == truth
                for group in (False, True):
                    of = note == group
                    yield name, seed, way, int(group), int(of.sum()), int(right[of].sum())


def main() -> None:
    """Train, name, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    write_table("copy_accuracies.csv", HEADER, rows(parser.parse_args().folder))


if __name__ == "__main__":
    main()
