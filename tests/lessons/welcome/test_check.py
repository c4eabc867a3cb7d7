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


WRONG = {
    "python sum": (check.total_ink, sum, "each column"),
    "columns": (check.total_ink, lambda image: image.sum(axis=0), "each column"),
    "rows": (check.total_ink, lambda image: image.sum(axis=1), "each row"),
    "loop over bytes": (check.total_ink, loop, "8-bit"),
    "sum of bytes": (check.total_ink, lambda image: sum(image.ravel()), "8-bit"),
    "eight by eight": (check.total_ink, lambda image: image[:8, :8].sum(), "differ"),
    "mean": (check.total_ink, np.mean, "the mean"),
    "size": (check.total_ink, np.size, "number of pixels"),
    "inked": (check.total_ink, np.count_nonzero, "pixels with ink"),
    "wraps round": (check.total_ink, lambda image: image.astype(np.uint8).sum(dtype=np.uint8), ""),
    "bytes below 0": (check.negative, lambda image: abs(image - 16), "below 0"),
    "scaled": (check.negative, lambda image: 1 - image / 16, "Keep the scale"),
    "masked": (check.negative, lambda image: 16 - np.ma.masked_equal(image, 0), "mask"),
    "in place": (
        check.negative,
        lambda image: np.subtract(16, image, out=image, casting="unsafe"),
        "changed its input",
    ),
    "sorted": (check.mirror, lambda image: np.sort(image, axis=1)[:, ::-1], "differ"),
    "sign": (check.negative, np.negative, "sign"),
    "255": (check.negative, lambda image: 255 - image, "not 255"),
    "15": (check.negative, lambda image: 15 - image, "not 15"),
    "its own maximum": (check.negative, lambda image: image.max() - image, "largest number"),
    "mirrored": (check.negative, np.fliplr, "mirrored"),
    "upside down": (check.mirror, np.flipud, "upside down"),
    "transposed": (check.mirror, lambda image: np.swapaxes(image, 0, 1), "rows and columns"),
    "half turn": (check.mirror, lambda image: image[::-1, ::-1], "180°"),
    "colors": (check.mirror, lambda image: image[..., ::-1], "colors"),
    "unchanged": (check.mirror, np.copy, "differ"),
}


test_wrong_answers_get_their_hint = refused(WRONG)


def test_a_chance_agreement_is_not_named():
    """In one of the pictures the smallest and the largest ink add up to 15."""
    result = check.negative(lambda image: image.max() + image.min() - image)
    assert result.message == "The values differ."
