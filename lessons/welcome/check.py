"""Checks of the lesson Welcome."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils import data
from utils.checks import Exercise, numbers, require

SMALL = np.array([[0, 4], [16, 3]])
"""A picture that is checked by eye."""
PLACES = ("first", "second", "third")


def _picture(rng: np.random.Generator, *depth: int) -> NDArray:
    """A picture of ink 0 to 16, of any shape, in the types that pictures have."""
    shape = *rng.integers(1, 12, 2), *depth
    if rng.random() < 0.2:
        return np.full(shape, rng.integers(17))
    return rng.integers(0, 17, shape).astype(rng.choice(["int64", "uint8"]))


SLIPS = {
    (0, 15, 64): "You swapped rows and columns: the row comes first.",
    (9, 0, 64): "You counted from 1: the first row and the first column are number 0.",
    (15, 0, 8): "`size` counts all numbers: rows times columns.",
    (15, 0, 16): "`size` counts all numbers: rows times columns, not rows and columns.",
}
"""What is said of three numbers that are not the right ones."""


def _are_three(answer: Any, rng: np.random.Generator) -> None:
    got, rows = numbers(answer), data.digits().images[13].tolist()
    words = f"Your answer has shape {got.shape}: give three numbers in brackets."
    require(got.shape == (3,), words)
    right = got == (rows[0][3], rows[3][0], sum(map(len, rows)))
    found = [f"the {place}" for place, one in zip(PLACES, right, strict=True) if one]
    words = f"Right so far: {', '.join(found) or 'none of the three'}. Find the others again."
    hint = SLIPS.get(tuple(got.tolist()))
    require(right.all(), hint or words, hint)


pixels = Exercise(
    title="Three numbers, by eye",
    outcome="predict",
    praise="Row first, both counts from 0: you have read a table as NumPy does.",
    nudge="The first number in the brackets is the row, counted from the top. Both counts begin "
    "with 0.",
    hint="`digit[0, 3]` stands in the topmost row; go three steps to the right from its first "
    "number. `digit[3, 0]` stands in the leftmost column, three steps down. For the size count "
    "rows times columns.",
    test=_are_three,
)

total_ink = Exercise(
    title="All the ink",
    outcome="run",
    praise="A whole picture, and one number for it.",
    nudge="A picture is an array. Which of its methods gives one number for all its numbers?",
    hint="`image.sum()` adds up all pixels. With two loops: begin with `total = 0`, add "
    "`int(pixel)` in the inner loop, and return behind both loops.",
    oracle=lambda image: sum(image.ravel().tolist()),
    cases=[
        (SMALL,),
        (np.full((30, 30), 16, np.uint8),),
        (np.arange(200, dtype=np.uint8).reshape(10, 20) % 17,),
    ],
    legal=lambda rng: (_picture(rng),),
    misconceptions={
        "That is the sum of each column; add these up, too.": lambda image: image.sum(axis=0),
        "That is the sum of each row; add these up, too.": lambda image: image.sum(axis=1),
        "These pixels are 8-bit numbers: your total began again at 0 after 255. "
        "Make each pixel an `int(...)` first, or let `image.sum()` do it.": lambda image: image.sum(
            dtype=image.dtype
        ),
        "That is the mean, not the sum.": np.mean,
        "That is the number of pixels.": np.size,
        "That counts the pixels with ink.": np.count_nonzero,
    },
)

negative = Exercise(
    title="The negative",
    outcome="check",
    praise="Two negatives give the picture back. Try it.",
    nudge="What do you take away from 16 to get 0, and what to get 16?",
    hint="NumPy subtracts a whole picture from a number at once: the number comes first.",
    oracle=lambda image: np.array([[16 - ink for ink in row] for row in image.tolist()]),
    cases=[(SMALL,), (SMALL.astype(np.uint8),), (np.arange(12, dtype=np.uint8).reshape(3, 4),)],
    legal=lambda rng: (_picture(rng),),
    misconceptions={
        "That only changes the sign; ink is never negative.": np.negative,
        "That is `image - 16`: subtract the other way around, so that full ink gives 0 and no ink "
        "16.": (lambda image: image - 16, lambda image: image.astype(int) - 16),
        "You took the largest number of this picture; full ink is 16 in all of them.": (
            lambda image: image.max() - image
        ),
        "These pixels are 8-bit numbers, which cannot go below 0: `image - 16` begins "
        "again at 255. Subtract the other way around.": lambda image: np.abs(image - 16),
        "Keep the scale: ink from 0 to 16.": lambda image: 1 - image / 16,
        "Full ink is 16 here, not 255.": lambda image: 255 - image,
        "Full ink is 16 here, not 15.": lambda image: 15 - image,
        "You mirrored the picture; keep every pixel in its place.": np.fliplr,
    },
)

mirror = Exercise(
    title="The mirror",
    outcome="read",
    praise="Columns run backwards, rows stay: `[:, ::-1]`.",
    nudge="Which axis counts the columns, the first or the second?",
    hint="A slice with a negative step runs backwards: `row[::-1]`. Take all rows with `:`, and "
    "let the second axis run backwards.",
    oracle=lambda image: np.array([list(reversed(row)) for row in image.tolist()]),
    cases=[(SMALL,)],
    legal=lambda rng: (_picture(rng, *[(), (3,)][rng.integers(2)]),),
    misconceptions={
        "That is upside down: you reversed the rows.": np.flipud,
        "You exchanged rows and columns.": (lambda image: np.swapaxes(image, 0, 1), np.transpose),
        "You turned the picture by 180°: reverse the columns only.": (
            lambda image: image[::-1, ::-1],
            np.flip,
        ),
        "In a color picture you reversed the colors: the columns are the second axis.": (
            lambda image: image[..., ::-1]
        ),
    },
)
