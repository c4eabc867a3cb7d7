"""Photographs as training did not show them: turned, dark, moved or faded copies."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

TURN = 30
"""Degrees."""
DARK = (0.25, 0.28, 0.4)
"""What is left of red, green and blue at night."""
MOVE = 0.3
"""Of the side."""
FADED = 0.3
"""What is left of the distance from light gray."""
LIGHT_GRAY = 190


def shifted(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A copy of every photograph, changed in one of four ways in turn.

    The first is turned by 30 degrees, the second made dark and bluish, the third moved sideways by
    0.3 of its side, the fourth faded, and so on; the next four are turned and moved the other way.
    Where a turn or a move uncovers something, the photograph is mirrored.

    Args:
        images: uint8, 0..255, shape (N, H, W, 3).

    Returns:
        uint8, the same shape.
    """
    result = images.copy()
    for number, image in enumerate(images):
        way = 1 if number // 4 % 2 else -1
        result[number] = CHANGES[number % 4](image, way)
    return result


def _turned(image: NDArray[np.uint8], way: int) -> NDArray[np.uint8]:
    return ndimage.rotate(image, way * TURN, reshape=False, order=1, mode="mirror")


def _dark(image: NDArray[np.uint8], _: int) -> NDArray[np.uint8]:
    return (image * np.array(DARK)).round().astype(np.uint8)


def _moved(image: NDArray[np.uint8], way: int) -> NDArray[np.uint8]:
    pixels = way * round(MOVE * image.shape[1])
    return ndimage.shift(image, (0, pixels, 0), order=0, mode="mirror")


def _faded(image: NDArray[np.uint8], _: int) -> NDArray[np.uint8]:
    return (LIGHT_GRAY + FADED * (image.astype(np.float64) - LIGHT_GRAY)).round().astype(np.uint8)


CHANGES = (_turned, _dark, _moved, _faded)
