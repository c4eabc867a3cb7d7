"""Data augmentation: right answers of unusual form, and wrong ones such as students write."""

import itertools

import numpy as np
import pytest

from lessons.data_augmentation import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def moved(image, right, fill):
    """By padding and slicing."""
    width = image.shape[1]
    margin = ((0, 0), (width, width)) + ((0, 0),) * (image.ndim - 2)
    return np.pad(image, margin, constant_values=fill)[:, width - right : 2 * width - right]


def both(image, right, fill):
    return moved(image[:, ::-1], right, fill)


def repaired(image, right, fill):
    result = both(image, right, 0)
    result[result == 0] = fill
    return result


def into(result, image, right):
    for j in range(image.shape[1]):
        if 0 <= j + right < image.shape[1]:
            result[:, j + right] = image[:, image.shape[1] - 1 - j]
    return result


def with_elif(image, right, fill):
    result = np.full_like(image, fill)
    if right > 0:
        result[:, right:] = image[:, ::-1][:, :-right]
    elif right < 0:
        result[:, :right] = image[:, ::-1][:, -right:]
    return result


def one_draw(draw):
    """Crops at the row and the column that `draw` makes of what is left over and of rng."""

    def answer(image, height, width, rng):
        top, left = draw(image.shape[0] - height, image.shape[1] - width, rng)
        return image[top : top + height, left : left + width]

    return answer


def drawn(draw):
    """Crops at places that are drawn alike for rows and columns."""
    return one_draw(lambda rows, columns, rng: (draw(rows, rng), draw(columns, rng)))


crop = drawn(lambda n, rng: rng.integers(n + 1))


def by_a_counter():
    counter = itertools.count()
    return one_draw(lambda r, c, rng: divmod(next(counter) % ((r + 1) * (c + 1)), c + 1))


def swapped(image, height, width, rng):
    return drawn(lambda n, rng: rng.integers(max(n, 0) + 1))(image, width, height, rng)


def from_all_windows(image, height, width, rng):
    every = np.lib.stride_tricks.sliding_window_view(image, (height, width), axis=(0, 1))
    every = np.moveaxis(every, 2, -1).reshape(-1, height, width, image.shape[2])
    return rng.choice(every).astype(np.float32)


def wide(image, amount):
    return image.astype(int) + amount


test_right_in_another_way = accepted({
    "padding": (check.flip_and_shift, both),
    "moved left, then mirrored": (check.flip_and_shift, lambda x, r, f: moved(x, -r, f)[:, ::-1]),
    "random and lists": (
        check.random_crop, lambda *a: drawn(lambda n, g: int(g.random() * (n + 1)))(*a).tolist()),
    "one number for both": (
        check.random_crop,
        one_draw(lambda r, c, rng: divmod(rng.integers((r + 1) * (c + 1)), c + 1))),
    "choice of windows": (check.random_crop, from_all_windows),
    "float": (check.brighter, lambda x, a: np.clip(x + float(a), 0, 255)),
    "table": (check.brighter, lambda x, a: np.clip(np.arange(256) + a, 0, 255)[x]),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "zeros, repaired": (check.flip_and_shift, repaired, None),
    "type of fill": (
        check.flip_and_shift, lambda x, r, f: into(np.full(x.shape, f), x, r), "hold fractions"),
    "nothing at 0": (check.flip_and_shift, with_elif, None),
    "only mirrored": (check.flip_and_shift, lambda x, r, f: x[:, ::-1], None),
    "never to the left": (check.flip_and_shift, lambda x, r, f: both(x, max(r, 0), f), None),
    "moved first": (check.flip_and_shift, lambda x, r, f: moved(x, r, f)[:, ::-1], "other side"),
    "uint8": (check.flip_and_shift, lambda x, r, f: both(x, r, f).astype(np.uint8), None),
    "one short": (check.random_crop, drawn(lambda n, rng: rng.integers(max(n, 1))), "beyond row 0"),
    "crash at full size": (check.random_crop, drawn(lambda n, rng: rng.integers(n)), "n - k + 1"),
    "one of two": (check.random_crop, drawn(lambda n, rng: rng.integers(2)), "columns 0 to 2 fit"),
    "from one": (
        check.random_crop, drawn(lambda n, rng: rng.integers(min(1, n), n + 1)), "whatever `rng`"),
    "one share": (
        check.random_crop,
        one_draw(lambda r, c, rng: (rng.random() * np.array([r + 1, c + 1])).astype(int)),
        "one number for the row"),
    "columns of the rows": (
        check.random_crop, one_draw(lambda r, c, rng: rng.integers(r + 1, size=2)), "No crop begins"),
    "rounded": (check.random_crop, drawn(lambda n, rng: round(rng.random() * n)), "more often"),
    "corners": (check.random_crop, drawn(lambda n, rng: n * rng.integers(2)), "never taken"),
    "cut at the end": (
        check.random_crop, drawn(lambda n, rng: min(rng.integers(n + 2), n)), "more often"),
    "own generator": (
        check.random_crop, lambda *a: crop(*a[:3], np.random.default_rng()), "Draw from it"),
    "by a counter": (check.random_crop, by_a_counter(), "Draw from it"),
    "one seed": (check.random_crop, lambda *a: crop(*a[:3], np.random.default_rng(0)), "Every crop"),
    "outside": (check.random_crop, drawn(lambda n, rng: rng.integers(n + 2)), "leave the picture"),
    "swapped": (check.random_crop, swapped, "swapped"),
    "as bytes": (check.random_crop, lambda *a: crop(*a).astype(np.uint8), "fractions"),
    "mirrored": (check.random_crop, lambda *a: crop(*a)[:, ::-1], "no window"),
    "clipped too late": (check.brighter, lambda x, a: np.clip(x + a, 0, 255), "too late"),
    "rest of 256": (check.brighter, lambda x, a: x + np.uint8(a % 256), "too late"),
    "if on an array": (check.brighter, lambda x, a: 255 if x + a > 255 else x + a, "one number"),
    "up to 254": (check.brighter, lambda x, a: np.clip(wide(x, a), 0, 254), None),
    "signed bytes": (check.brighter, lambda x, a: np.clip(x.astype("i1") + a, 0, 255), None),
    "white at both ends": (
        check.brighter, lambda x, a: np.where(wide(x, a) % 256 == wide(x, a), wide(x, a), 255), None),
    "scaled": (
        check.brighter,
        lambda x, a: np.maximum(wide(x, a), 0) * min(1, 255 / max(1, wide(x, a).max())), None),
})  # fmt: skip
