"""Photographs in packages, handwritten digits, and the worked example of the lecture."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils.data.files import package_file

PHOTOGRAPHS = {
    "brick.png": "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
    "coffee.png": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    "chelsea.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    "motorcycle_left.png": "db18e9c4157617403c3537a6ba355dfeafe9a7eabb6b9b94cb33f6525dd49179",
    "astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    "rocket.jpg": "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
    "flower.jpg": "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
}
"""The photographs inside scikit-image, and a flower inside scikit-learn: SHA-256 of the files."""

DIGITS_SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"

FIRST_OF_WRITER = (0, 130, 256, 386, 516, 646, 776, 1029, 1157, 1287, 1415, 1667)
"""Where a new hand begins: each wrote 0 to 9 three times first. 13 people wrote, so one of the two
longest blocks holds two of them."""

WORKED_IMAGE = np.array(
    [
        [1, 4, 12, 11, 0, 2],
        [9, 15, 3, 0, 4, 17],
        [1, 4, 8, 6, 6, 10],
        [16, 10, 0, 11, 13, 6],
        [0, 2, 9, 3, 0, 8],
        [2, 14, 12, 5, 14, 1],
    ]
)
WORKED_KERNEL = np.array([[3, 0, 8], [1, 5, 10], [0, 2, 9]])
"""The worked example of the LENS lecture; its first row of outputs is 293, 200, 145, 341."""


class Digits(NamedTuple):
    """Handwritten digits: `images` uint8 of shape (1797, 8, 8), ink 0..16; `labels` int64, 0..9."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


def photograph_file(name: str) -> Path:
    """The file of one of `PHOTOGRAPHS`; origin and license are in data/README.md.

    Raises:
        ValueError: the file is not the one the course was written for.
        FileNotFoundError: the package, or the file in it, is missing.
    """
    where = ("scikit-image", "skimage", f"data/{name}")
    if name == "flower.jpg":
        where = ("scikit-learn", "sklearn", f"datasets/images/{name}")
    return package_file(*where, PHOTOGRAPHS[name])


def photograph(name: str) -> NDArray[np.uint8]:
    """A photograph that comes with scikit-image; origin and license are in data/README.md.

    Args:
        name: "brick" (gray) or "coffee" (color).

    Returns:
        uint8, 0..255, shape (512, 512) for "brick", (400, 600, 3) for "coffee".

    Raises:
        ValueError: an unknown name, or a file that is not the one the course was written for.
        FileNotFoundError: scikit-image, or the file in it, is missing.
    """
    if name not in ("brick", "coffee"):
        raise ValueError(f"no photograph {name!r}: choose from brick, coffee.")
    with Image.open(photograph_file(f"{name}.png")) as image:
        return np.asarray(image)


def digits() -> Digits:
    """The 1797 handwritten digits that come with scikit-learn, in their original order.

    Raises:
        ValueError: the file is not the one the course was written for.
        FileNotFoundError: scikit-learn, or the file in it, is missing.
    """
    path = package_file("scikit-learn", "sklearn", "datasets/data/digits.csv.gz", DIGITS_SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=np.int64)
    return Digits(table[:, :-1].reshape(-1, 8, 8).astype(np.uint8), table[:, -1])


def digit_writers() -> NDArray[np.int64]:
    """Who wrote each of the `digits`: a number from 0 to 11, int64, shape (1797,)."""
    return np.searchsorted(FIRST_OF_WRITER, np.arange(1797), side="right") - 1


def writers_apart(seed: int = 0) -> dict[str, NDArray[np.int64]]:
    """The digits in three parts that share no writer: seven, two and three blocks of writers.

    For "train", "validation" and "test" the indices of their digits, int64, shape (N,).
    """
    order = np.random.default_rng(seed).permutation(len(FIRST_OF_WRITER))
    of_part = {"train": order[:7], "validation": order[7:9], "test": order[9:]}
    writers = digit_writers()
    return {part: np.flatnonzero(np.isin(writers, who)) for part, who in of_part.items()}


def enlarged(images: NDArray, side: int = 32) -> NDArray[np.float32]:
    """The 8x8 digits as a network wants them: larger, ink between 0 and 1, one channel.

    New pixels between the old ones are interpolated (bilinear, by `keras.ops.image.resize`).

    Args:
        images: ink 0..16, shape (N, 8, 8).
        side: height and width of the result, 8 or more.

    Returns:
        float32, 0..1, shape (N, side, side, 1).

    Raises:
        ValueError: images of another shape, or a side below 8.
    """
    from utils.quiet import keras

    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (8, 8):
        raise ValueError(f"images have shape {images.shape}: expected (N, 8, 8).")
    if side < 8:
        raise ValueError(f"side={side} must be 8 or more.")
    ink = images[..., np.newaxis].astype(np.float32) / 16
    return np.asarray(keras.ops.image.resize(ink, (side, side), interpolation="bilinear"))
