"""Photographs of several classes: our own rendered set, natural-images, or any folder."""

import os
from itertools import chain
from math import ceil
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.data import files
from utils.data.folders import SPLITS as SHARES
from utils.data.folders import all_photographs, split_folder
from utils.data.natural_images import natural_images
from utils.data.pictures import read_pictures
from utils.data.shifts import shifted
from utils.validation import whole

RENDERED8 = "rendered8"
NATURAL_IMAGES = "natural-images"
NATURAL_NAMES = (NATURAL_IMAGES, "natural_images")
"""What it is called at Kaggle, and what its folder is called once unpacked."""
VARIABLE = "COURSE_IMAGES"

CLASSES = ("airplane", "car", "cat", "dog", "flower", "fruit", "motorbike", "person")
SPLITS = {
    "train": 200,
    "validation": 40,
    "test": 60,
    "test_shifted": 40,
    "biased/train": 40,
    "biased/test": 40,
    "turntable": 36,
}
"""The splits of rendered8, and how many pictures of each class tools/render makes for them."""

RENDERED8_SHA256 = "ca7e172836216c245d64c118229a2f94b77a3af9444830f93090d470130c8774"
"""Of data/rendered8/SHA256SUMS, which lists the checksums of all other files of the set."""

SAVE_AGAIN = "Delete them, or save them again as JPEG files of ordinary size."


class Images(NamedTuple):
    """Photographs: `images` uint8 (N, size, size, 3), 0..255; `labels` int64 (N,); `classes`."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: list[str]


def load_images(
    split: str,
    size: int = 64,
    per_class: int | None = None,
    source: str | Path | None = None,
    at_most: int | None = None,
) -> Images:
    """Photographs and their classes, ready for a network; the same call for every source.

    Each photograph is stretched to a square of `size` pixels, is turned upright, and has three
    channels (`utils.data.pictures.read_picture`). Nothing is written into the folders.

    Args:
        split: "train", "validation", "test", or "test_shifted": what training does not show. In
            rendered8 these are pictures of their own (night, tilt, unusual views, new grounds);
            elsewhere, changed copies of the test photographs (`utils.data.shifts.shifted`).
            rendered8 also has "biased/train", "biased/test" (the ground gives the class away in the
            first and lies in the second) and "turntable" (36 views of one object).
        size: height and width of the result in pixels, 1 or more.
        per_class: how many of each class; all by default. They are the first in an order that does
            not change, so that 20 are among 100. In rendered8 it is the order of the files, which
            are random; elsewhere that of a shuffle by a fixed seed.
        at_most: in place of `per_class`, for classes of unequal sizes: so many of each class, all
            of them where there are fewer.
        source: "rendered8", which comes with the course; "natural-images", 6,899 photographs that
            are downloaded from Kaggle (a few hundred MB) once; or the path of any folder with a
            sub-folder a class (`utils.data.folders.split_folder` says how it is split), absolute,
            or seen from where the notebook or the terminal is, or from the course's folder. By
            default what the environment variable COURSE_IMAGES says, otherwise "rendered8".

    Returns:
        uint8 images, 0..255, shape (N, size, size, 3), class after class; int64 labels, shape (N,),
        numbers into the names of the classes, which are sorted.

    Raises:
        TypeError: `size`, `per_class` or `at_most` is not a whole number.
        ValueError: an argument out of range, a folder that is not as it should be, or photographs
            that cannot be read; the message names them and says what to do.
        FileNotFoundError: no such folder, files of rendered8 missing, or no network.
    """
    size = whole("size", size, 1)
    source = source or chosen_source()
    if split == "test_shifted" and source != RENDERED8:
        test = load_images("test", size, per_class, source, at_most)
        return test._replace(images=shifted(test.images))
    if source == RENDERED8:
        by_class, remedy, others = _rendered(split), files.GET_BACK, []
    else:
        folder = folder_of(str(source))
        by_class, remedy, others = split_folder(folder, split), SAVE_AGAIN, all_photographs(folder)
    by_class = _first(by_class, per_class, at_most, split)
    paths = [*chain(*by_class.values())]
    turned = _name(source) not in NATURAL_NAMES  # a third of its notes are false: all stand upright
    images = read_pictures(paths, size, remedy, others, turned)
    labels = np.repeat(np.arange(len(by_class)), [len(paths) for paths in by_class.values()])
    return Images(images, labels, list(by_class))


def chosen_source() -> str:
    """What `load_images` reads by default: what COURSE_IMAGES says, otherwise "rendered8"."""
    return os.environ.get(VARIABLE) or RENDERED8


def measured_set() -> str | None:
    """Which of the sets whose accuracies the course has measured is in use.

    Returns:
        "rendered8" or "natural-images" (also for the path of a folder of that name, or called
        natural_images as Kaggle does); None for any other folder.
    """
    name = _name(chosen_source())
    return NATURAL_IMAGES if name in NATURAL_NAMES else RENDERED8 if name == RENDERED8 else None


def _name(source: str | Path) -> str:
    return Path(_plain(str(source))).name


def verify_images() -> int:
    """Compare every file of data/rendered8 with its checksum; takes a second.

    Returns:
        How many files there are, all of them right.

    Raises:
        ValueError: files are damaged or missing; the message names them and says what to do.
        FileNotFoundError: the list of checksums is missing.
    """
    listed = files.course_file(f"{RENDERED8}/SHA256SUMS", RENDERED8_SHA256)
    sums = [line.split(maxsplit=1) for line in listed.read_text(encoding="utf-8").splitlines()]
    paths = {listed.parent / name: sha256 for sha256, name in sums}
    wrong = [
        f"{path} ({'damaged' if path.is_file() else 'missing'})"
        for path, sha256 in paths.items()
        if not path.is_file() or files.sha256_of(path) != sha256
    ]
    if wrong:
        named = "\n".join(wrong[:10] + ["..."] * (len(wrong) > 10))
        raise ValueError(
            f"{len(wrong)} of {len(paths)} files are not as they should be:\n{named}\n"
            f"{files.GET_BACK}"
        )
    return len(paths)


def folder_of(source: str) -> Path:
    """The folder that a source names, wherever it is looked at from."""
    path = Path(_plain(source)).expanduser()
    places = dict.fromkeys((Path.cwd(), Path(os.environ.get("PWD", ".")), files.DATA.parent))
    found = [place / path for place in places if os.path.exists(place / path)]
    choices = (
        f"Choose {RENDERED8!r}, {NATURAL_IMAGES!r} or the path of a folder with a sub-folder a "
        f"class, as source or in the environment variable {VARIABLE}."
    )
    if not found:
        if source in NATURAL_NAMES:
            return natural_images()
        looked = " or ".join(dict.fromkeys(str((place / path).absolute()) for place in places))
        raise FileNotFoundError(f"source {source!r}: no folder {looked}. {choices}")
    if not found[0].is_dir():
        raise ValueError(f"source {source!r} is a file, not a folder. {choices}")
    return found[0]


def _plain(source: str) -> str:
    """A path without the quotes that "Copy as path" puts around it."""
    return source.strip().strip("'\"")


def _rendered(split: str) -> dict[str, list[Path]]:
    if split not in SPLITS:
        raise ValueError(f"no split {split!r} of {RENDERED8}: choose from {', '.join(SPLITS)}.")
    folder = files.DATA / RENDERED8 / split
    numbers = range(SPLITS[split])
    by_class = {name: [folder / name / f"{n:03d}.jpg" for n in numbers] for name in CLASSES}
    missing = [path for path in chain(*by_class.values()) if not path.is_file()]
    if missing:
        raise FileNotFoundError(
            f"{len(missing)} pictures of {folder} are missing, the first {missing[0]}. "
            f"{files.GET_BACK}"
        )
    return by_class


def _first(
    by_class: dict[str, list[Path]], per_class: int | None, at_most: int | None, split: str
) -> dict[str, list[Path]]:
    """The first files of each class: exactly so many, at most so many, or all."""
    if per_class is not None and at_most is not None:
        raise ValueError(f"per_class={per_class} and at_most={at_most}: give one of them.")
    count = None if at_most is None else whole("at_most", at_most, 1)
    if per_class is not None:
        count = whole("per_class", per_class, 1)
        fewest = min(by_class, key=lambda name: len(by_class[name]))
        if (has := len(by_class[fewest])) < count:
            needed = ceil(count / SHARES[split]) if split in SHARES else count
            raise ValueError(
                f"per_class={count}: the class {fewest!r} of the split {split!r} has {has}. A "
                f"folder that the course splits needs about {needed} photographs of each class; "
                f"at_most={count} takes as many as there are."
            )
    return {name: paths[:count] for name, paths in by_class.items()}
