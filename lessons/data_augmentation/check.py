"""Checks of the lesson Data augmentation."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from utils.checks import Misconception, NotYet, call, compare, exercise, numbers

DRAWS = 300
"""Crops that are taken of each picture."""
CHANCE = 1e-7
"""Places that come up as unevenly as this are not equally likely."""


def _mirrored(image: NDArray) -> NDArray:
    """Left and right swapped, column by column."""
    result = image.copy()
    for column in range(image.shape[1]):
        result[:, column] = image[:, image.shape[1] - 1 - column]
    return result


def _moved(image: NDArray, right: int, fill: int) -> NDArray:
    """Every column put where it goes, if that is inside."""
    result = np.full_like(image, fill)
    for column in range(image.shape[1]):
        if 0 <= column + right < image.shape[1]:
            result[:, column + right] = image[:, column]
    return result


def _mirrored_then_moved(image, right, fill) -> NDArray:
    return _moved(_mirrored(image), right, fill)


def _moves() -> Iterator[tuple[NDArray, int, int]]:
    """The example of the lesson, then other shapes, both directions, no move, and color."""
    yield np.arange(1, 13).reshape(3, 4), 1, 0
    rng = np.random.default_rng(13)
    for shape, right, fill in [
        ((3, 4), -1, 0), ((4, 5), 2, 7), ((5, 4), -3, 9), ((2, 6), 0, 1), ((4, 3, 3), 1, 128),
        ((5, 6, 3), -2, 50), ((1, 7, 2), 6, 3),
    ]:  # fmt: skip
        yield rng.integers(10, 256, shape), right, fill


@exercise("Mirror and shift", "You made two new pictures out of one by indexing alone.")
def flip_and_shift(answer: Callable[..., Any]) -> None:
    """Mirrored left to right, then moved right, against columns placed one at a time."""

    def with_edge(image, right, fill):
        columns = np.clip(np.arange(image.shape[1]) - right, 0, image.shape[1] - 1)
        return _mirrored(image)[:, columns]

    def sliced(image, right, fill):
        result = np.full_like(image, fill)
        result[:, right:] = _mirrored(image)[:, :-right]
        return result

    compare(
        answer,
        _mirrored_then_moved,
        _moves(),
        [
            Misconception(
                "You turned it upside down. A mirror swaps left and right: reverse the columns, "
                "axis 1.",
                lambda image, right, fill: _moved(image[::-1], right, fill),
            ),
            Misconception(
                "You turned it by half a circle. Reverse the columns alone, not the rows.",
                lambda image, right, fill: _moved(_mirrored(image)[::-1], right, fill),
            ),
            Misconception(
                "The mirror is missing: the picture has moved, and no more.", _moved
            ),
            Misconception(
                "What left on one side came in again on the other, as in `np.roll`. Fill the freed "
                "columns with `fill`.",
                lambda image, right, fill: np.roll(_mirrored(image), right, axis=1),
            ),
            Misconception(
                "The picture went to the left. A positive `right` frees the first columns; and who "
                "moves first and mirrors then sends it the other way.",
                lambda image, right, fill: _mirrored_then_moved(image, -right, fill),
            ),
            Misconception(
                "You moved it down. To the right means along the columns, axis 1.",
                lambda image, right, fill: _moved(
                    _mirrored(image).swapaxes(0, 1), right, fill
                ).swapaxes(0, 1),
            ),
            Misconception(
                "The freed columns hold 0. Put `fill` there.",
                lambda image, right, fill: _mirrored_then_moved(image, right, 0),
            ),
            Misconception(
                "You repeated the edge. Put `fill` into the freed columns.", with_edge
            ),
            Misconception(
                "The direction is lost: a negative `right` moves to the left.",
                lambda image, right, fill: _mirrored_then_moved(image, abs(right), fill),
            ),
            Misconception(
                "A picture that does not move (`right` is 0) is lost: look at what `[:-right]` "
                "keeps then.",
                lambda image, right, fill: (
                    _mirrored_then_moved(image, right, fill) if right else np.full_like(image, fill)
                ),
            ),
            Misconception(
                "You swapped the channels of the colors: `[..., ::-1]` reverses the last axis. "
                "Columns are axis 1, in gray and in color.",
                lambda image, right, fill: _moved(image[..., ::-1], right, fill),
            ),
            Misconception(
                "A negative `right` counts from the end in a slice such as `[:, right:]`. To the "
                "left is a case of its own.",
                sliced,
            ),
            Misconception("The move is missing: the picture is mirrored, and no more.",
                lambda image, right, fill: _mirrored(image)),
        ],
    )  # fmt: skip


def _place(crop: NDArray, image: NDArray) -> tuple[int, int] | None:
    """Row and column at which a window of an image begins; None if it is no window of it."""
    height, width = crop.shape[:2]
    for top, left in np.argwhere(image[..., 0] == crop[0, 0, 0]).tolist():
        window = image[top : top + height, left : left + width]
        if np.array_equal(window, crop):
            return top, left
    return None


def _crop(answer: Callable[..., Any], image: NDArray, height: int, width: int, seed: int):
    """One crop, and where in the picture it was taken."""
    given = [
        ("image", f"of shape {image.shape}"),
        ("height, width", f"{height}, {width}"),
        ("rng", f"np.random.default_rng({seed})"),
    ]
    try:
        crop = numbers(call(answer, image, height, width, np.random.default_rng(seed)))
    except NotYet as fault:
        raise NotYet(fault.message, (*given, *fault.facts)) from None
    expected = (height, width, image.shape[2])
    if crop.shape != expected:
        hint = ""
        if crop.shape == (width, height, image.shape[2]):
            hint = " Height and width are swapped: rows come first."
        elif crop.ndim == 3 and crop.shape[2] < expected[2]:
            hint = " Keep all channels."
        elif crop.ndim == 3 and (crop.shape[0] < height or crop.shape[1] < width):
            hint = " The window leaves the picture: NumPy cuts a slice at the edge."
        facts = [("expected shape", str(expected)), ("your shape", str(crop.shape))]
        raise NotYet(f"The shape differs.{hint}", (*given, *facts))
    place = _place(crop, image)
    if place is None:
        raise NotYet(
            "This is no window of the picture: rows and columns that lie side by side, as they "
            "are.",
            given,
        )
    return place


def _windows() -> Iterator[tuple[NDArray, int, int]]:
    """Pictures in which every number occurs once, and the size of the crop."""
    rng = np.random.default_rng(31)
    for shape, height, width in [
        ((3, 4, 1), 2, 2), ((5, 5, 3), 3, 3), ((6, 4, 3), 4, 1), ((4, 6, 2), 4, 3),
        ((5, 3, 3), 5, 3),
    ]:  # fmt: skip
        yield rng.permutation(np.prod(shape)).reshape(shape), height, width


@exercise("A random crop", "Every place is as likely as every other, the ends included.")
def random_crop(answer: Callable[..., Any]) -> None:
    """Windows of pictures whose numbers are all different, so that each tells its place."""
    for image, height, width in _windows():
        places = [_crop(answer, image, height, width, seed) for seed in range(DRAWS)]
        last = image.shape[0] - height, image.shape[1] - width
        if places[:10] != [_crop(answer, image, height, width, seed) for seed in range(10)]:
            raise NotYet("The same `rng` gave another crop. Draw from `rng`, and from it alone.")
        _reached(places, last, image.shape, (height, width))


def _reached(
    places: list[tuple[int, int]], last: tuple[int, int], shape: tuple, size: tuple[int, int]
) -> None:
    """`NotYet` unless the places are all of those from (0, 0) to `last`, equally often."""
    facts = [
        ("picture, crop", f"{shape[0]} x {shape[1]}, {size[0]} x {size[1]}"),
        ("places that fit", f"rows 0 to {last[0]}, columns 0 to {last[1]}"),
        (
            f"in {len(places)} crops",
            "rows {} to {}, columns {} to {}".format(
                *(f(p[axis] for p in places) for axis in (0, 1) for f in (min, max))
            ),
        ),
    ]
    if last != (0, 0) and len(set(places)) == 1:
        middle = places[0] == (last[0] // 2, last[1] // 2)
        where = "in the middle" if middle else f"at {places[0]}"
        raise NotYet(f"Every crop was taken {where}, whatever `rng` draws.", facts)
    for axis, name in enumerate(("row", "column")):
        taken = [place[axis] for place in places]
        if max(taken) < last[axis]:
            raise NotYet(
                f"The last {name} that fits is never the first of a crop. `rng.integers(a, b)` "
                "leaves b out: from 0 to H - height there are H - height + 1 places.",
                facts,
            )
        if min(taken) > 0:
            raise NotYet(f"No crop begins in {name} 0. Count places from 0.", facts)
    counts = np.zeros((last[0] + 1, last[1] + 1))
    for place in places:
        counts[place] += 1
    if (counts == 0).any():
        raise NotYet(
            "Some pairs of row and column never come together. Draw one number for the row and "
            "another for the column.",
            facts,
        )
    if counts.size > 1 and stats.chisquare(counts, axis=None).pvalue < CHANCE:
        raise NotYet(
            "Some places come up much more often than others. `rng.integers` makes all of them "
            "equally likely; rounding does not.",
            facts,
        )


def _light() -> Iterator[tuple[NDArray[np.uint8], int]]:
    """The example of the lesson, then pictures that get brighter and darker."""
    yield np.array([[10, 100, 200]], np.uint8), 100
    rng = np.random.default_rng(113)
    for shape, amount in [
        ((4, 5, 3), 60), ((3, 4), 255), ((4, 4, 3), -120), ((2, 3, 3), 0), ((3, 3), -255),
        ((5, 2, 1), 1),
    ]:  # fmt: skip
        yield rng.integers(0, 256, shape).astype(np.uint8), amount


@exercise("Brighter without wrapping", "White stays white, and black stays black.")
def brighter(answer: Callable[..., Any]) -> None:
    """Pixels made brighter or darker, against sums in Python's own numbers."""

    def oracle(image, amount):
        pixels = [min(255, max(0, int(pixel) + amount)) for pixel in image.flat]
        return np.array(pixels, np.uint8).reshape(image.shape)

    def added(image, amount):
        return image.astype(int) + amount

    def times(image, amount):
        return np.clip((1 + amount / 255) * image, 0, 255)

    compare(
        answer,
        oracle,
        _light(),
        [
            Misconception(
                "The sum has wrapped around: a uint8 holds 0 to 255, so 200 + 100 becomes 44. To "
                "clip it afterwards is too late. Change to a larger type first, such as int16.",
                lambda image, amount: added(image, amount) % 256,
            ),
            Misconception(
                "Some numbers lie outside 0 to 255: clip at both ends.",
                added,
            ),
            Misconception(
                "You clipped to 0..1; these pixels lie in 0..255.",
                lambda image, amount: np.clip(added(image, amount), 0, 1),
            ),
            Misconception(
                "The direction is lost: a negative amount makes the picture darker.",
                lambda image, amount: np.clip(added(image, abs(amount)), 0, 255),
            ),
            Misconception(
                "You made it darker: add the amount.",
                lambda image, amount: np.clip(added(image, -amount), 0, 255),
            ),
            Misconception("You multiplied; add the same amount to every pixel.", times),
            Misconception(
                "You added percent; add the same amount to every pixel.",
                lambda image, amount: np.clip((1 + amount / 100) * image, 0, 255),
            ),
            Misconception(
                "With a negative amount the picture stays as it was: it should get darker, down "
                "to 0.",
                lambda image, amount: (
                    np.minimum(added(image, amount), 255) if amount > 0 else image
                ),
            ),
            Misconception(
                "You multiplied; add the same amount to every pixel.",
                lambda image, amount: times(image, amount).astype(np.uint8),
            ),
            Misconception(
                "You scaled the result so that its brightest pixel is 255. Clip it, and leave the "
                "others alone.",
                lambda image, amount: (
                    np.maximum(added(image, amount), 0)
                    * min(1, 255 / max(1, added(image, amount).max()))
                ),
            ),
            Misconception(
                "Pixels that would become too bright or too dark are left as they were; they "
                "should become 255 or 0.",
                lambda image, amount: np.where(
                    (added(image, amount) > 255) | (added(image, amount) < 0),
                    image,
                    added(image, amount),
                ),
            ),
        ],
    )
