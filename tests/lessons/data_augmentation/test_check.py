"""Data augmentation: other right answers, and the hint for each named misconception."""

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


def by_columns(image, right, fill):
    """Lists and loops."""
    rows = image.tolist()
    nothing = fill if image.ndim == 2 else [fill] * image.shape[2]
    mirrored = [row[::-1] for row in rows]
    width = len(rows[0])
    return [
        [row[j - right] if 0 <= j - right < width else nothing for j in range(width)]
        for row in mirrored
    ]


def with_roll(image, right, fill):
    result = np.roll(np.fliplr(image), right, axis=1)
    if right > 0:
        result[:, :right] = fill
    elif right < 0:
        result[:, right:] = fill
    return result


def rolled(image, right, fill):
    return np.roll(image[:, ::-1], right, axis=1)


def with_edge(image, right, fill):
    width = image.shape[1]
    return image[:, ::-1][:, np.clip(np.arange(width) - right, 0, width - 1)]


def nothing_at_zero(image, right, fill):
    if right == 0:
        return np.full_like(image, fill)
    return moved(image[:, ::-1], right, fill)


def one_slice(image, right, fill):
    result = np.full_like(image, fill)
    result[:, right:] = image[:, ::-1][:, :-right]
    return result


def window(image, top, left, height, width):
    return image[top : top + height, left : left + width]


def spare(image, height, width):
    return image.shape[0] - height, image.shape[1] - width


def crop(image, height, width, rng):
    rows, columns = spare(image, height, width)
    return window(image, rng.integers(rows + 1), rng.integers(columns + 1), height, width)


def column_first(image, height, width, rng):
    rows, columns = spare(image, height, width)
    left = int(rng.random() * (columns + 1))
    return window(image, int(rng.random() * (rows + 1)), left, height, width).tolist()


def from_all_windows(image, height, width, rng):
    every = np.lib.stride_tricks.sliding_window_view(image, (height, width), axis=(0, 1))
    every = np.moveaxis(every, 2, -1).reshape(-1, height, width, image.shape[2])
    return rng.choice(every).astype(np.float32)


def one_short(image, height, width, rng):
    rows, columns = spare(image, height, width)
    top, left = (rng.integers(0, max(n, 1)) for n in (rows, columns))
    return window(image, top, left, height, width)


def crashes_at_full_size(image, height, width, rng):
    rows, columns = spare(image, height, width)
    return window(image, rng.integers(0, rows), rng.integers(0, columns), height, width)


def from_one(image, height, width, rng):
    rows, columns = spare(image, height, width)
    top, left = (rng.integers(min(1, n), n + 1) for n in (rows, columns))
    return window(image, top, left, height, width)


def one_number(image, height, width, rng):
    share = rng.random()
    top, left = (int(share * (n + 1)) for n in spare(image, height, width))
    return window(image, top, left, height, width)


def rounded(image, height, width, rng):
    top, left = (round(rng.random() * n) for n in spare(image, height, width))
    return window(image, top, left, height, width)


def own_generator(image, height, width, rng):
    return crop(image, height, width, np.random.default_rng())


def same_seed(image, height, width, rng):
    return crop(image, height, width, np.random.default_rng(0))


def center(image, height, width, rng):
    rows, columns = spare(image, height, width)
    return window(image, rows // 2, columns // 2, height, width)


def anywhere(image, height, width, rng):
    top, left = rng.integers(image.shape[0]), rng.integers(image.shape[1])
    return window(image, top, left, height, width)


def corners(image, height, width, rng):
    rows, columns = spare(image, height, width)
    return window(image, rows * rng.integers(2), columns * rng.integers(2), height, width)


def clipped_places(image, height, width, rng):
    places = zip(rng.integers(image.shape[:2]), spare(image, height, width), strict=True)
    return window(image, *(min(place, last) for place, last in places), height, width)


def by_a_counter():
    counter = itertools.count()

    def crop_at_next(image, height, width, rng):
        rows, columns = spare(image, height, width)
        top, left = divmod(next(counter) % ((rows + 1) * (columns + 1)), columns + 1)
        return window(image, top, left, height, width)

    return crop_at_next


def one_index(image, height, width, rng):
    rows, columns = spare(image, height, width)
    top, left = divmod(rng.integers((rows + 1) * (columns + 1)), columns + 1)
    return window(image, top, left, height, width)


def scattered(image, height, width, rng):
    rows = np.sort(rng.choice(image.shape[0], height, replace=False))
    columns = np.sort(rng.choice(image.shape[1], width, replace=False))
    return image[rows][:, columns]


def mirrored_crop(image, height, width, rng):
    return crop(image, height, width, rng)[:, ::-1]


def brighter(image, amount):
    return np.clip(image.astype(np.int16) + amount, 0, 255).astype(np.uint8)


def by_room(image, amount):
    """Never beyond what is left above or below."""
    if amount < 0:
        return image - np.minimum(image, -amount).astype(np.uint8)
    return image + np.minimum(255 - image, amount).astype(np.uint8)


def wide(image, amount):
    return image.astype(int) + amount


RIGHT = {
    "padding": (check.flip_and_shift, lambda x, right, fill: moved(np.fliplr(x), right, fill)),
    "lists": (check.flip_and_shift, by_columns),
    "roll, then fill": (check.flip_and_shift, with_roll),
    "float32": (check.flip_and_shift, lambda x, r, f: moved(np.flip(x, 1), r, f).astype(np.float32)),
    "moved left, then mirrored": (check.flip_and_shift, lambda x, r, f: moved(x, -r, f)[:, ::-1]),
    "integers": (check.random_crop, crop),
    "random and lists": (check.random_crop, column_first),
    "one number for both": (check.random_crop, one_index),
    "choice of windows": (check.random_crop, from_all_windows),
    "int16": (check.brighter, brighter),
    "room": (check.brighter, by_room),
    "float": (check.brighter, lambda x, a: np.clip(x + float(a), 0, 255)),
    "table": (
        check.brighter, lambda x, a: np.clip(np.arange(256) + a, 0, 255).astype(np.uint8)[x]),
    "a list": (check.brighter, lambda x, a: np.clip(wide(x, a), 0, 255).tolist()),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "upside down": (check.flip_and_shift, lambda x, r, f: moved(x[::-1], r, f), "upside down"),
    "half turn": (check.flip_and_shift, lambda x, r, f: moved(x[::-1, ::-1], r, f), "half a circle"),
    "only moved": (check.flip_and_shift, moved, "mirror is missing"),
    "only mirrored": (check.flip_and_shift, lambda x, r, f: x[:, ::-1], "move is missing"),
    "moved first": (check.flip_and_shift, lambda x, r, f: moved(x, r, f)[:, ::-1], "mirrors then"),
    "roll": (check.flip_and_shift, rolled, "np.roll"),
    "left": (check.flip_and_shift, lambda x, r, f: moved(x[:, ::-1], -r, f), "to the left"),
    "down": (
        check.flip_and_shift,
        lambda x, r, f: moved(x[:, ::-1].swapaxes(0, 1), r, f).swapaxes(0, 1), "moved it down"),
    "zeros": (check.flip_and_shift, lambda x, r, f: moved(x[:, ::-1], r, 0), "hold 0"),
    "edge": (check.flip_and_shift, with_edge, "repeated the edge"),
    "absolute": (check.flip_and_shift, lambda x, r, f: moved(x[:, ::-1], abs(r), f), "direction"),
    "lost at zero": (check.flip_and_shift, nothing_at_zero, "does not move"),
    "last axis": (check.flip_and_shift, lambda x, r, f: moved(x[..., ::-1], r, f), "channels"),
    "one slice": (check.flip_and_shift, one_slice, "counts from the end"),
    "one more": (check.flip_and_shift, lambda x, r, f: moved(x[:, ::-1], r + 1, f), "differ"),
    "transposed": (check.flip_and_shift, lambda x, r, f: moved(x[:, ::-1], r, f).swapaxes(0, 1), "shape"),
    "one short": (check.random_crop, one_short, "leaves b out"),
    "crash at full size": (check.random_crop, crashes_at_full_size, "leaves b out"),
    "from one": (check.random_crop, from_one, "Count places from 0"),
    "one number": (check.random_crop, one_number, "never come together"),
    "rounded": (check.random_crop, rounded, "more often"),
    "own generator": (check.random_crop, own_generator, "Draw from `rng`"),
    "one seed": (check.random_crop, same_seed, "Every crop was taken at"),
    "center": (check.random_crop, center, "in the middle"),
    "top left": (check.random_crop, lambda x, h, w, rng: x[:h, :w], "Every crop was taken"),
    "anywhere": (check.random_crop, anywhere, "leaves the picture"),
    "corners": (check.random_crop, corners, "never come together"),
    "clipped places": (check.random_crop, clipped_places, "more often"),
    "channels swapped": (check.random_crop, lambda x, h, w, rng: crop(x, h, w, rng)[..., ::-1], "window"),
    "by a counter": (check.random_crop, by_a_counter(), "Draw from `rng`"),
    "scattered": (check.random_crop, scattered, "no window"),
    "mirrored": (check.random_crop, mirrored_crop, "no window"),
    "one channel": (check.random_crop, lambda x, h, w, rng: crop(x, h, w, rng)[..., :1], "channels"),
    "no channels": (check.random_crop, lambda x, h, w, rng: crop(x, h, w, rng)[..., 0], "shape"),
    "whole picture": (check.random_crop, lambda x, h, w, rng: x, "shape"),
    "uint8 sum": (check.brighter, lambda x, a: x + np.array(a).astype(np.uint8), "too late"),
    "clipped too late": (
        check.brighter, lambda x, a: np.clip(x + np.array(a).astype(np.uint8), 0, 255), "too late"),
    "not clipped": (check.brighter, wide, "both ends"),
    "clipped above": (check.brighter, lambda x, a: np.minimum(wide(x, a), 255), "both ends"),
    "clipped below": (check.brighter, lambda x, a: np.maximum(wide(x, a), 0), "both ends"),
    "clipped to 0..1": (check.brighter, lambda x, a: np.clip(wide(x, a), 0, 1), "0..1"),
    "darker": (check.brighter, lambda x, a: np.clip(wide(x, -a), 0, 255), "made it darker"),
    "times": (check.brighter, lambda x, a: np.clip(x * (1 + a / 255), 0, 255), "multiplied"),
    "times, in uint8": (
        check.brighter, lambda x, a: np.clip(x * (1 + a / 255), 0, 255).astype(np.uint8), "multiplied"),
    "percent": (check.brighter, lambda x, a: np.clip(x * (1 + a / 100), 0, 255), "percent"),
    "brighter alone": (
        check.brighter, lambda x, a: np.minimum(wide(x, a), 255) if a > 0 else x, "get darker, down"),
    "up to 254": (check.brighter, lambda x, a: np.clip(wide(x, a), 0, 254), "differ"),
    "white at both ends": (
        check.brighter,
        lambda x, a: np.where((wide(x, a) >= 0) & (wide(x, a) <= 255), wide(x, a), 255), "differ"),
    "scaled": (
        check.brighter,
        lambda x, a: np.maximum(wide(x, a), 0) * min(1, 255 / max(1, wide(x, a).max())), "brightest"),
    "left alone": (
        check.brighter,
        lambda x, a: np.where((wide(x, a) >= 0) & (wide(x, a) <= 255), wide(x, a), x), "as they were"),
    "absolute amount": (check.brighter, lambda x, a: np.clip(wide(x, abs(a)), 0, 255), "direction"),
    "Python number on uint8": (
        check.brighter, lambda x, a: np.clip(x + a, 0, 255) if abs(a) < 256 else x, "too late"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


def test_swapped_height_and_width_are_named():
    def swapped(image, height, width, rng):
        rows, columns = max(image.shape[0] - width, 0), max(image.shape[1] - height, 0)
        return window(image, rng.integers(rows + 1), rng.integers(columns + 1), width, height)

    assert "swapped" in check.random_crop(swapped).message
