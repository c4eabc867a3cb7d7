"""Welcome: other right answers, and the hint for each named misconception."""

import numpy as np
import pytest

from lessons.welcome import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def loop(image):
    total = 0
    for row in image:
        for pixel in row:
            total = total + pixel
    return total


RIGHT = {
    "list": (check.pixels, [15, 0, 64]),
    "array": (check.pixels, np.array([15, 0, 64], np.uint8)),
    "einsum": (check.total_ink, lambda image: np.einsum("ij->", image.astype(float))),
    "int loop": (check.total_ink, lambda image: sum(int(p) for row in image for p in row)),
    "half precision": (check.total_ink, lambda image: image.astype(np.float16).sum()),
    "bits": (check.negative, lambda image: ~image + 17),
    "table": (check.negative, lambda image: np.arange(16, -1, -1)[image]),
    "interpolated": (check.negative, lambda image: np.interp(image, [0, 16], [16, 0])),
    "take": (check.mirror, lambda image: np.take(image, range(image.shape[1])[::-1], axis=1)),
    "swapped twice": (
        check.mirror,
        lambda image: np.swapaxes(np.swapaxes(image, 0, 1)[::-1], 0, 1),
    ),
    "sum of sums": (check.total_ink, lambda image: sum(map(sum, image.tolist()))),
    "np.sum": (check.total_ink, np.sum),
    "subtract": (check.negative, lambda image: np.subtract(16, image)),
    "loop": (check.negative, lambda image: [[16 - p for p in row] for row in image]),
    "fliplr": (check.mirror, np.fliplr),
    "flip": (check.mirror, lambda image: np.flip(image, axis=1)),
    "rows": (check.mirror, lambda image: [row[::-1] for row in image]),
}


test_right_in_another_way = accepted(RIGHT)


def returns_at_once(image):
    total = 0
    for row in image:
        total += int(row.sum())
        return total
    return None


def negative_of_aliased_rows(image):
    rows = [[0] * image.shape[1]] * image.shape[0]
    for i, j in np.ndindex(image.shape):
        rows[i][j] = 16 - image[i, j]
    return rows


WRONG = {
    "row and column": (check.pixels, (0, 15, 64), "the row comes first"),
    "from 1": (check.pixels, (9, 0, 64), "counted from 1"),
    "rows only": (check.pixels, (15, 0, 8), "rows times columns"),
    "two numbers": (check.pixels, (15, 0), "give three numbers"),
    "all wrong": (check.pixels, (1, 2, 3), "none of the three"),
    "no number": (check.pixels, (np.nan, 0, 64), "the second, the third"),
    "guessed": (check.pixels, (14, 3, 64), "Right so far: the third"),
    "other way around": (check.negative, lambda image: image - 16, "the other way around"),
    "other way around, whole": (
        check.negative, lambda image: image.astype(int) - 16, "the other way around"),
    "python sum": (check.total_ink, sum, "each column"),
    "loop over bytes": (check.total_ink, loop, "8-bit"),
    "return in the loop": (check.total_ink, returns_at_once, "inside the loop"),
    "eight by eight": (check.total_ink, lambda image: image[:8, :8].sum(), None),
    "first row": (check.total_ink, lambda image: sum(image[0].tolist()), None),
    "not called": (check.total_ink, lambda image: image.sum, "parentheses"),
    "nothing": (check.total_ink, lambda image: 0, None),
    "bytes below 0": (check.negative, lambda image: abs(image - 16), "below 0"),
    "masked": (check.negative, lambda image: 16 - np.ma.masked_equal(image, 0), "mask"),
    "aliased rows": (check.negative, negative_of_aliased_rows, None),
    "largest and smallest": (
        check.negative, lambda image: image.max() + image.min() - image, None),
    "in place": (
        check.negative,
        lambda image: np.subtract(16, image, out=image, casting="unsafe"),
        "changed its input",
    ),
    "sorted": (check.mirror, lambda image: np.sort(image, axis=1)[:, ::-1], None),
    "gray only": (check.mirror, lambda image: image.T[::-1].T, "reversed the colors"),
    "over the diagonal": (check.mirror, lambda image: image.T, "rows and columns"),
    "all axes": (check.mirror, np.flip, "by 180°"),
    "unchanged": (check.mirror, np.copy, None),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)
