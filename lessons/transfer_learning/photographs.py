"""Four photographs that come with installed packages; data/README.md says whose they are."""

import numpy as np
from numpy.typing import NDArray

from utils.data.files import package_file
from utils.data.pictures import read_pictures

SCIKIT_IMAGE = "scikit-image", "skimage"
FILES = (
    (*SCIKIT_IMAGE, "data/chelsea.png",
     "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"),
    (*SCIKIT_IMAGE, "data/rocket.jpg",
     "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c"),
    ("scikit-learn", "sklearn", "datasets/images/flower.jpg",
     "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638"),
    (*SCIKIT_IMAGE, "data/astronaut.png",
     "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"),
)  # fmt: skip
"""A cat, a rocket, a dahlia, an astronaut."""


def installed(size: int) -> NDArray[np.uint8]:
    """The four photographs, each stretched to a square: 0..255, shape (4, size, size, 3)."""
    return read_pictures([package_file(*file) for file in FILES], size, "")
