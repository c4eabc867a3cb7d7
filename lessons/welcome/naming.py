"""A trained network that names a photograph: the course's backbone, and a head that fits it."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils.data import photograph_file
from utils.data.files import DATA, course_file
from utils.data.images import CLASSES
from utils.data.pictures import reason, upright

if TYPE_CHECKING:
    import keras

HEAD_SHA256 = "b33767b4a83d25fe783de3b1f1c9295c8e38498d67d9dacf0226dc3cc221f28e"
"""Of data/welcome_head.npz."""
SIDE = 96
"""Pixels a side of what the network sees."""
SHOWN = 480
"""Pixels of the longer side of what is shown."""

PHOTOGRAPHS = {
    "chelsea": "chelsea.png",
    "motorcycle": "motorcycle_left.png",
    "blossom": "flower.jpg",
    "astronaut": "astronaut.png",
    "coffee": "coffee.png",
    "rocket": "rocket.jpg",
}
"""Photographs in installed packages, none of them among those that the network learned from."""


def photograph(name: str | Path) -> NDArray[np.uint8]:
    """A photograph that is there already, by its name in `PHOTOGRAPHS`, or any file, by its path.

    Returns:
        uint8, 0..255, shape (rows, columns, 3), upright, its longer side 480 pixels at most.

    Raises:
        FileNotFoundError: no such name and no such file.
        ValueError: the file is no picture, or of a format that is not known here.
    """
    if name in PHOTOGRAPHS:
        return _read(photograph_file(PHOTOGRAPHS[name]))
    plain = Path(str(name).strip().strip("'\"")).expanduser()
    places = [place / plain for place in (Path.cwd(), DATA.parent)]
    found = [path for path in places if path.is_file()]
    if not found:
        raise FileNotFoundError(
            f"no photograph {str(name)!r}: choose from {', '.join(PHOTOGRAPHS)}, or write the path "
            f"of a file of yours, seen from {Path.cwd()}."
        )
    return _read(found[0])


def uploaded(content: bytes) -> NDArray[np.uint8]:
    """A photograph from the bytes of its file; the rest as in `photograph`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "This file"
        path.write_bytes(content)
        return _read(path)


def load_network() -> "keras.Model":
    """Photographs 0..255, shape (N, 96, 96, 3), to probabilities of the eight `CLASSES`."""
    from utils import models
    from utils.quiet import keras

    network = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            models.load_backbone("course"),
            keras.layers.GlobalAveragePooling2D(name="means"),
            keras.layers.Dense(len(CLASSES), activation="softmax", name="classes"),
        ]
    )
    with _stored() as head:
        network.layers[-1].set_weights([head["weights"], head["bias"]])
    return network


def test_counts() -> NDArray[np.int64]:
    """How the network answered on photographs that it had not seen: a row a true class."""
    with _stored() as head:
        return head["counts"]


def answer(network: "keras.Model", photo: NDArray[np.uint8]) -> dict[str, float]:
    """The probability of each class, for a photograph of any shape (rows, columns, 3)."""
    square = Image.fromarray(photo).resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2)
    (probabilities,) = network(np.asarray(square)[np.newaxis]).numpy()
    return dict(zip(CLASSES, probabilities.tolist(), strict=True))


def best(probabilities: Mapping[str, float]) -> str:
    """The class with the highest probability."""
    return max(probabilities, key=probabilities.get)


def _stored() -> "np.lib.npyio.NpzFile":
    return np.load(course_file("welcome_head.npz", HEAD_SHA256), allow_pickle=False)


def _read(path: Path) -> NDArray[np.uint8]:
    try:
        with upright(path, 2 * SHOWN) as color:
            color.thumbnail((SHOWN, SHOWN))
            return np.asarray(color)
    except Exception as error:  # decoders raise errors of a dozen kinds
        raise ValueError(
            f"{path.name} cannot be read as a picture ({reason(error)}). Save it as JPEG or PNG."
        ) from None
