"""Checks of the lesson Welcome."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks import Misconception, compare, exercise


def _pictures(*, color: bool = False) -> Iterator[tuple[NDArray]]:
    """A picture that is checked by eye, then random ones of unequal sides."""
    yield (np.array([[0, 1, 2], [3, 4, 16]]),)
    rng = np.random.default_rng(0)
    for shape in [(8, 8), (5, 3), (1, 4), *([(4, 5, 3), (3, 3, 3)] if color else [])]:
        yield (rng.integers(0, 17, shape),)


@exercise("All the ink", "You have read a whole picture with one line.")
def total_ink(answer: Callable[..., Any]) -> None:
    """The sum of all pixels."""

    def oracle(image):
        return sum(image.ravel().tolist())

    compare(
        answer,
        oracle,
        [*_pictures(), (np.full((30, 30), 16, np.uint8),)],
        [
            Misconception(
                "That is the sum of each column; add these up, too.",
                lambda image: image.sum(axis=0),
            ),
            Misconception(
                "That is the sum of each row; add these up, too.", lambda image: image.sum(axis=1)
            ),
            Misconception(
                "These pixels are 8-bit numbers: your total began again at 0 after 255. "
                "Make each pixel an `int(...)` first, or let `image.sum()` do it.",
                lambda image: image.sum() % 256,
            ),
            Misconception("That is the mean, not the sum.", np.mean),
            Misconception("That is the number of pixels.", np.size),
            Misconception("That counts the pixels with ink.", np.count_nonzero),
        ],
    )


@exercise("The negative", "Two negatives give the picture back. Try it.")
def negative(answer: Callable[..., Any]) -> None:
    """Ink 0..16 with dark and bright exchanged."""

    def oracle(image):
        return np.array([16 - pixel for pixel in image.ravel().tolist()]).reshape(image.shape)

    compare(
        answer,
        oracle,
        [*_pictures(), (np.arange(12, dtype=np.uint8).reshape(3, 4),)],
        [
            Misconception("That only changes the sign; ink is never negative.", np.negative),
            Misconception(
                "You took the largest number of this picture; full ink is 16 in all of them.",
                lambda image: image.max() - image,
            ),
            Misconception(
                "These pixels are 8-bit numbers, which cannot go below 0: `image - 16` begins "
                "again at 255. Subtract the other way around.",
                lambda image: np.abs(image - np.uint8(16)),
            ),
            Misconception("Keep the scale: ink from 0 to 16.", lambda image: 1 - image / 16),
            Misconception("Full ink is 16 here, not 255.", lambda image: 255 - image.astype(int)),
            Misconception("Full ink is 16 here, not 15.", lambda image: 15 - image.astype(int)),
            Misconception("You mirrored the picture; keep every pixel in its place.", np.fliplr),
        ],
    )


@exercise("The mirror", "Columns run backwards, rows stay: `[:, ::-1]`.")
def mirror(answer: Callable[..., Any]) -> None:
    """Mirrored left to right, gray or color."""

    def oracle(image):
        return np.array([list(reversed(row)) for row in image.tolist()])

    compare(
        answer,
        oracle,
        _pictures(color=True),
        [
            Misconception("That is upside down: you reversed the rows.", np.flipud),
            Misconception(
                "You exchanged rows and columns.", lambda image: np.swapaxes(image, 0, 1)
            ),
            Misconception(
                "You turned the picture by 180°: reverse the columns only.",
                lambda image: image[::-1, ::-1],
            ),
            Misconception(
                "In a color picture you reversed the colors: the columns are the second axis.",
                lambda image: image[..., ::-1],
            ),
        ],
    )
