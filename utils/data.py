"""Every loader of the course.

What is read is checked first; what fails says which file, what was expected and what to do.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils.validation import positive

PHOTOGRAPHS = {
    "brick": "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
    "coffee": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
}
"""The photographs inside scikit-image that the lessons use, and the SHA-256 of their files."""

DATA = Path(__file__).resolve().parent.parent / "data"
"""The files that ship with the course; data/README.md is their card."""

GET_BACK = "Get it back: git checkout -- data"

DIGIT_ACCURACIES_SHA256 = "5816e7510193b6573fb21bedcc323d71c6d004e6ffdb543e862c04bac8b7242e"
EIGHT_CLASSES_SHA256 = "3db7e69f4debdfe3ba16732b2016bffa58bc456d87af8d390e7f9db9c25a404a"
DIGITS_SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"


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


class People(NamedTuple):
    """Simulated adults: `weight` in kg, `height` in cm, `male`; each of shape (n,)."""

    weight: NDArray[np.float64]
    height: NDArray[np.float64]
    male: NDArray[np.bool_]


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
    if name not in PHOTOGRAPHS:
        raise ValueError(f"no photograph {name!r}: choose from {', '.join(PHOTOGRAPHS)}.")
    path = _from_package("scikit-image", "skimage", f"data/{name}.png", PHOTOGRAPHS[name])
    with Image.open(path) as image:
        return np.asarray(image)


def digits() -> Digits:
    """The 1797 handwritten digits that come with scikit-learn, in their original order.

    Raises:
        ValueError: the file is not the one the course was written for.
        FileNotFoundError: scikit-learn, or the file in it, is missing.
    """
    path = _from_package("scikit-learn", "sklearn", "datasets/data/digits.csv.gz", DIGITS_SHA256)
    table = np.loadtxt(path, delimiter=",", dtype=np.int64)
    return Digits(table[:, :-1].reshape(-1, 8, 8).astype(np.uint8), table[:, -1])


def heights_and_weights(
    n: int = 400, seed: int = 0, correlation: float = 0.5, weight_spread: float = 13.0
) -> People:
    """Simulated weights and heights of adults, as many women as men (to one), in random order.

    Published: the mean weights and heights of men (88.8 kg, 175.8 cm) and women (76.4 kg,
    161.8 cm) aged 20 and over in the United States, 2011-2014 (Fryar, Gu, Ogden, Flegal: National
    Center for Health Statistics, Vital and Health Statistics 3(39), 2016; 195.7 lb and 69.2 in,
    168.5 lb and 63.7 in, converted); the standard deviations of height, 2.92 in and 2.75 in
    (7.4 cm, 7.0 cm), at ages 20 to 29, 1988-1994 (Schilling, Watkins, Watkins: Is human height
    bimodal?, The American Statistician 56(3), 2002).

    Assumed: normal distributions, and within each sex the correlation and the standard deviation
    of weight. Weights of real people spread wider, with a long tail to the right.

    Args:
        n: how many people, 2 or more.
        seed: of the random numbers.
        correlation: of weight and height among people of one sex, -1..1.
        weight_spread: standard deviation of weight among people of one sex, in kg, above 0.

    Returns:
        Weights and heights rounded to 0.1, as a scale would show them.

    Raises:
        ValueError: an argument outside its range.
    """
    if n < 2:
        raise ValueError(f"n={n}: must be 2 or more.")
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation={correlation}: must lie between -1 and 1.")
    positive("weight_spread", weight_spread)
    rng = np.random.default_rng(seed)
    male = rng.permutation(n) < n // 2
    tall, stout = rng.standard_normal((2, n))
    heavy = correlation * tall + np.sqrt(1 - correlation**2) * stout
    weight = np.where(male, 88.8, 76.4) + weight_spread * heavy
    height = np.where(male, 175.8 + 7.4 * tall, 161.8 + 7.0 * tall)
    return People(weight.round(1), height.round(1), male)


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


def placed(pictures: NDArray, rng: np.random.Generator, side: int = 32) -> NDArray[np.float32]:
    """Every picture at a random place of a dark frame, as lesson 10 builds it.

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


def digit_accuracies() -> dict[tuple[str, str], NDArray[np.float64]]:
    """Test accuracies of lesson 10's networks from eight starts; tools/digit_accuracies.py.

    Returns:
        For ("centered" or "anywhere", network) the accuracies, 0..1, shape (8,).

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = _verified(DATA / "digit_accuracies.csv", DIGIT_ACCURACIES_SHA256, GET_BACK)
    table = np.loadtxt(path, delimiter=",", dtype=str, skiprows=1)
    groups = sorted({(digits, network) for digits, network, *_ in table})
    return {
        group: table[(table[:, :2] == group).all(axis=1), 3].astype(np.float64) for group in groups
    }


def eight_classes() -> tuple[NDArray[np.int64], list[str]]:
    """How a small network answered on photographs of eight classes; made by tools/eight_classes.py.

    Returns:
        Counts of shape (8, 8), a row a true class and a column an answer; the names of the classes.

    Raises:
        ValueError: the file is not the one that was made.
        FileNotFoundError: the file is missing.
    """
    path = _verified(DATA / "eight_classes.csv", EIGHT_CLASSES_SHA256, GET_BACK)
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    return np.loadtxt(path, delimiter=",", dtype=np.int64, skiprows=1), names


def _from_package(distribution: str, package: str, name: str, sha256: str) -> Path:
    """The path of a data file inside an installed package, once its checksum is right."""
    remedy = f"Install it again: python -m pip install --force-reinstall {distribution}"
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{distribution} is not installed. {remedy}")
    return _verified(Path(spec.origin).parent / name, sha256, remedy)


def _verified(path: Path, sha256: str, remedy: str) -> Path:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. {remedy}")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise ValueError(
            f"{path} is damaged or another version: "
            f"its SHA-256 begins {found[:12]}, expected {sha256[:12]}. {remedy}"
        )
    return path
