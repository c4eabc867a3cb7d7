"""Checks of the lesson Data augmentation."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from utils.checks import Exercise, NotYet, call, draw, numbers

# ---- Mirror and shift ----------------------------------------------------------------------------


def _mirrored(image: NDArray) -> NDArray:
    """Left and right swapped, column by column."""
    last = image.shape[1] - 1
    return np.stack([image[:, last - column] for column in range(last + 1)], axis=1)


def _moved(image: NDArray, right: int, fill: float, dtype: Any = None) -> NDArray:
    """Every column put where it goes, if that is inside."""
    result = np.full(image.shape, fill, dtype or image.dtype)
    for column in range(image.shape[1]):
        if 0 <= column + right < image.shape[1]:
            result[:, column + right] = image[:, column]
    return result


def _both(image: NDArray, right: int, fill: float) -> NDArray:
    return _moved(_mirrored(image), right, fill)


def _in_slices(image: NDArray, right: int, fill: float) -> NDArray:
    result = np.full_like(image, fill)
    result[:, right:] = _mirrored(image)[:, :-right]
    return result


def _move(rng: np.random.Generator) -> tuple[NDArray, int, float]:
    """A picture, gray or with channels, moved by at most its width; `fill` may be a pixel of it."""
    shape = rng.integers(1, 6, 2 + rng.integers(2))
    image = draw(rng, shape, "whole", "equal", "uint8", "zeros", "normal", "float32")
    fills = [0, 1, 128, image.flat[0].item()]
    if image.dtype.kind == "f":
        fills.append(0.5)
    return image, int(rng.integers(-shape[1], shape[1] + 1)), fills[rng.integers(len(fills))]


flip_and_shift = Exercise(
    title="Mirror and shift",
    outcome="compute",
    praise="You made two new pictures out of one by indexing alone.",
    nudge="The first row of `tiny` becomes `[0, 4, 3, 2]`. Which columns of the mirror image stay "
    "in the picture, and in which columns of the result do they lie?",
    hint="Start with a picture full of `fill`: `np.full_like(image, fill)`. If `right` is not "
    "negative, its columns from `right` on take the first columns of the mirror image, as many as "
    "there is room for. If it is negative, the last columns of the mirror image go to the front.",
    oracle=lambda image, right, fill: _both(image, right, fill),
    cases=[
        (np.arange(1, 13).reshape(3, 4), 1, 0),
        (np.array([[0, 0, 9]]), 1, 128),
        (np.array([[1, 2, 3], [4, 5, 6]]), 0, 7),
        (np.array([[0.2, 0.5, 0.9]]), -1, 0),
        (np.array([[10, 20, 30, 40]], np.uint8), -4, 9),
        (np.array([[10, 20, 30, 40]], np.uint8), 4, 9),
        (np.arange(2, 26).reshape(2, 4, 3), -2, 1),
    ],
    legal=_move,
    misconceptions={
        "You reversed the rows, which turns the picture upside down. A mirror swaps left and "
        "right: reverse the columns, axis 1, and them alone.": (
            lambda image, right, fill: _moved(image[::-1], right, fill),
            lambda image, right, fill: _moved(image[::-1, ::-1], right, fill),
            lambda image, right, fill: _moved(np.flip(image), right, fill),
        ),
        "The mirror is missing: the picture has moved, and no more.": _moved,
        "What left on one side came in again on the other, as in `np.roll`. Fill the freed "
        "columns with `fill`.": lambda image, right, fill: np.roll(_mirrored(image), right, axis=1),
        "The picture went to the other side. A positive `right` frees the first columns; and who "
        "moves first and mirrors then has to move the other way.": lambda image, right, fill: _both(
            image, -right, fill
        ),
        "A negative `right` is a case of its own: the picture moves to the left and frees the "
        "last columns. (In slices such as `[:, right:]` it would count from the end; and "
        "`[:, :-right]` is empty if `right` is 0.)": (
            lambda image, right, fill: _both(image, abs(right), fill),
            _in_slices,
        ),
        "The freed columns should hold `fill`; yours hold 0.": lambda image, right, fill: _both(
            image, right, 0
        ),
        "You reversed the last axis, `[..., ::-1]`: in color that swaps the channels. The columns "
        "are axis 1, in gray and in color.": lambda image, right, fill: _moved(
            image[..., ::-1], right, fill
        ),
        "Your result cannot hold fractions: give it the type of the picture, as `np.full_like` "
        "does.": (
            lambda image, right, fill: _moved(_mirrored(image), right, fill, type(fill)),
            lambda image, right, fill: _both(image, right, fill).astype(int),
        ),
    },
)

# ---- A random crop -------------------------------------------------------------------------------

CROPS = 25
"""Crops that are taken of a picture for each place at which one fits."""
CHANCE = 1e-6
"""Places that come up as unevenly as this are not equally likely."""


def _pictures(rng: np.random.Generator) -> Iterator[tuple[NDArray, int, int]]:
    """Pictures in which no number comes twice, and the size of the crop."""
    for shape, height, width, dtype in [
        ((3, 3, 1), 2, 2, int), ((3, 5, 3), 2, 3, np.uint8), ((6, 4, 2), 4, 1, float),
        ((1, 5, 3), 1, 2, np.float32), ((5, 3, 3), 5, 3, int),
    ]:  # fmt: skip
        image = rng.permutation(np.prod(shape)).reshape(shape).astype(dtype)
        yield image / dtype(256) if image.dtype.kind == "f" else image, height, width


def _crops_are_random(answer: Callable[..., Any], rng: np.random.Generator) -> None:
    """Of every picture some crops, each of which tells its place."""
    for image, height, width in _pictures(rng):
        windows = np.lib.stride_tricks.sliding_window_view(image, (height, width), (0, 1))
        windows = np.moveaxis(windows, 2, -1)
        generators = rng.spawn(CROPS * windows.shape[0] * windows.shape[1])
        try:
            places = [
                _place(call(answer, image, height, width, generator), windows)
                for generator in [*generators[:7], *generators]
            ]
            if places[:7] != places[7:14]:
                raise NotYet("The same `rng` gave another crop. Draw from it, and from it alone.")
            _judge_places(places[7:], windows.shape[:2])
        except NotYet as fault:
            picture = ("image", f"of shape {image.shape}, {image.dtype}")
            fault.facts = (picture, ("height, width", f"{height}, {width}"), *fault.facts)
            raise


def _place(got: Any, windows: NDArray) -> tuple[int, int]:
    """Row and column at which a crop begins, of all windows (rows, columns, height, width, C)."""
    crop, expected = numbers(got), windows.shape[2:]
    if crop.shape != expected:
        height, width, channels = expected
        hint = None
        if crop.shape == (width, height, channels):
            hint = "Height and width are swapped: rows come first."
        elif crop.shape[2:] == (channels,) and (crop.shape[0] < height or crop.shape[1] < width):
            hint = "Did the window leave the picture? NumPy cuts a slice at the edge."
        facts = [("expected shape", str(expected)), ("your shape", str(crop.shape))]
        raise NotYet("The shape differs.", facts, hint)
    found = np.argwhere(np.isclose(windows, crop).all(axis=(2, 3, 4))).tolist()
    if found:
        return tuple(found[0])
    lost = windows.dtype.kind == "f" and not crop.any()  # all of its numbers were below 1
    raise NotYet(
        "This is no window of the picture: rows and columns that lie side by side, as they are.",
        hint="Your crop has lost its fractions: keep the type of the picture." if lost else None,
    )


def _judge_places(places: list[tuple[int, int]], fit: tuple[int, int]) -> None:
    """`NotYet` unless all places that fit were taken, equally often."""
    counts = np.zeros(fit, int)
    np.add.at(counts, tuple(np.transpose(places)), 1)
    facts = [
        ("places that fit", f"rows 0 to {fit[0] - 1}, columns 0 to {fit[1] - 1}"),
        (f"how often in {len(places)} crops", str(counts)),
    ]
    if places[0] != (0, 0) and len(set(places)) == 1:
        raise NotYet(f"Every crop began at {places[0]}, whatever `rng` draws.", facts)
    for axis, name in enumerate(("row", "column")):
        taken = np.flatnonzero(counts.any(axis=1 - axis))
        if taken[-1] < fit[axis] - 1:
            seen = f"No crop begins beyond {name} {taken[-1]}; {name}s 0 to {fit[axis] - 1} fit."
            hint = f"In n {name}s a window of k has n - k + 1 places, the last one included."
            raise NotYet(seen, facts, hint)
        if taken[0] > 0:
            raise NotYet(f"No crop begins in {name} 0.", facts, "Count places from 0.")
    if not counts.all():
        paired = min(fit) > 1 and np.count_nonzero(counts) == max(fit)
        hint = "Draw one number for the row and another one for the column." if paired else None
        raise NotYet("Some of the places that fit are never taken.", facts, hint)
    if counts.size > 1 and stats.chisquare(counts, axis=None).pvalue < CHANCE:
        hint = "`rng.integers` makes all of its numbers equally likely."
        raise NotYet("Some places come up much more often than others.", facts, hint)


random_crop = Exercise(
    title="A random crop",
    outcome="compute",
    praise="Every place is as likely as every other, the ends included.",
    nudge="A window of two rows fits into three rows at two places, rows 0 and 1. What does "
    "`rng.integers` have to be given to draw one of the two?",
    hint="There are `image.shape[0] - height + 1` rows at which a crop can begin, and likewise for "
    "columns. `rng.integers(n)` draws one of n numbers, from 0 on: draw a row, then a column, and "
    "cut the window out of the picture in one slice.",
    test=_crops_are_random,
)

# ---- Brighter without wrapping -------------------------------------------------------------------


def _added(image: NDArray, amount: int) -> NDArray:
    return image.astype(int) + amount


def _brighter(image: NDArray, amount: int) -> NDArray:
    """In Python's own numbers, one pixel at a time."""
    pixels = [min(255, max(0, int(pixel) + amount)) for pixel in image.flat]
    return np.array(pixels, np.uint8).reshape(image.shape)


def _light(rng: np.random.Generator) -> tuple[NDArray, int]:
    shape = rng.integers(1, 5, rng.integers(1, 4))
    return draw(rng, shape, "uint8"), int(rng.integers(-255, 256))


brighter = Exercise(
    title="Brighter without wrapping",
    outcome="compute",
    praise="White stays white, and black stays black. (To draw the result, let it be `uint8` "
    "again: `plt.imshow` takes decimals for numbers from 0 to 1.)",
    nudge="200 + 100 needs a ninth bit. What has to happen to the pixels *before* you add?",
    hint="Three steps: change to a type with room for -255 to 510, such as `np.int16`, and add; "
    "then `np.clip` brings the sums back to 0 to 255; then change the type back to `np.uint8`.",
    oracle=lambda image, amount: _brighter(image, amount),
    cases=[
        (np.array([[10, 100, 200]], np.uint8), 100),
        (np.array([[10, 100, 200]], np.uint8), -100),
        (np.array([[0, 1, 254, 255]], np.uint8), 0),
        (np.array([[0, 1, 254, 255]], np.uint8), 1),
        (np.array([[0, 1, 254, 255]], np.uint8), -1),
        (np.array([[[0, 128, 255]]], np.uint8), 255),
        (np.array([[[0, 128, 255]]], np.uint8), -255),
    ],
    legal=_light,
    misconceptions={
        "The sum has wrapped around: a `uint8` holds 0 to 255, so 200 + 100 becomes 44. To clip "
        "it afterwards is too late. Change to a larger type first, such as `np.int16`.": (
            lambda image, amount: _added(image, amount) % 256
        ),
        "Some numbers lie outside 0 to 255: clip at both ends.": (
            _added,
            lambda image, amount: np.minimum(_added(image, amount), 255),
            lambda image, amount: np.maximum(_added(image, amount), 0),
        ),
        "You clipped to 0..1; these pixels lie in 0..255.": lambda image, amount: np.clip(
            _added(image, amount), 0, 1
        ),
        "With a negative amount the picture stays as it was: it should get darker, down to 0.": (
            lambda image, amount: _brighter(image, max(amount, 0))
        ),
        "You made it darker: add the amount.": lambda image, amount: _brighter(image, -amount),
        "The direction is lost: a negative amount makes the picture darker.": (
            lambda image, amount: _brighter(image, abs(amount))
        ),
        "You multiplied; add the same amount to every pixel.": (
            lambda image, amount: np.clip((1 + amount / 255) * image, 0, 255),
            lambda image, amount: np.clip((1 + amount / 255) * image, 0, 255).astype(np.uint8),
            lambda image, amount: np.clip((1 + amount / 100) * image, 0, 255),
        ),
        "Pixels that would become too bright or too dark are left as they were; they should "
        "become 255 or 0.": lambda image, amount: np.where(
            _added(image, amount) == _brighter(image, amount), _added(image, amount), image
        ),
    },
)
