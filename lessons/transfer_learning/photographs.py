"""Four photographs that come with installed packages; data/README.md says whose they are."""

import numpy as np
from numpy.typing import NDArray

from utils.data import photograph_file
from utils.data.pictures import read_pictures

FILES = ("chelsea.png", "rocket.jpg", "flower.jpg", "astronaut.png")
"""A cat, a rocket, a dahlia, an astronaut."""


def installed(size: int) -> NDArray[np.uint8]:
    """The four photographs, each stretched to a square: 0..255, shape (4, size, size, 3)."""
    return read_pictures([photograph_file(name) for name in FILES], size, "")
