"""The figures on data augmentation draw what they are given."""

import numpy as np
import pytest

from lessons.data_augmentation import figures
from tests.kit.looks import figure_of, fits_the_page, has_large_text
from utils.data import Accuracies

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTOS = RNG.integers(0, 256, (8, 8, 8, 3), np.uint8).repeat(8, axis=1).repeat(8, axis=2)
TABLE = np.arange(1, 13).reshape(3, 4)
TABLES = {"picture": TABLE, "mirrored": TABLE[:, ::-1], "moved": np.roll(TABLE, 1, axis=1)}
FREED = {"moved": 0}
INK = RNG.integers(0, 17, (6, 8, 8))
SPLITS = {
    "as they are": np.array([0.9, 0.92, 0.95]),
    "upside down": np.array([0.84, 0.88, 0.9]),
    "mirrored": np.array([0.85, 0.9, 0.91]),
    "shifted": np.array([0.92, 0.94, 0.96]),
}
TABLES_OF_SETS = {
    title: {
        name: Accuracies(0.9 + RNG.random(5) / 10, *(0.6 + RNG.random((3, 5)) / 5))
        for name in ("none", "flip", "flip, shift, zoom, turn, light")
    }
    for title in ("rendered8", "natural-images")
}


def texts(picture):
    return [text.get_text() for axes in figure_of(picture).axes for text in axes.texts]


def panels(picture):
    """What is written in front, above and below every picture, and its pixels."""
    return [
        (axes.get_ylabel(), axes.get_title(), axes.get_xlabel(), axes.images[0].get_array())
        for axes in figure_of(picture).axes
        if axes.images
    ]


def test_tables_show_their_numbers_and_mark_new_ones():
    picture = figures.moved_tables(TABLES, FREED)
    figure = figure_of(picture)
    assert [axes.get_title() for axes in figure.axes] == list(TABLES)
    assert [t.get_text() for t in figure.axes[1].texts] == [str(n) for n in TABLE[:, ::-1].ravel()]
    assert [len(axes.patches) for axes in figure.axes] == [0, 0, 3]
    bold = [t.get_text() for t in figure.axes[2].texts if t.get_weight() == "bold"]
    assert bold == ["4", "8", "12"]
    assert picture.alt.endswith("picture: 1, 2, 3, 4; mirrored: 4, 3, 2, 1; moved: 4, 1, 2, 3.")


def test_pictures_stand_in_rows_with_their_own_pixels():
    picture = figures.mixtures(PHOTOS[0], {"mild": PHOTOS[1:3], "strong": PHOTOS[3:5]})
    names, heads, _, pixels = zip(*panels(picture), strict=True)
    assert names == ("mild", "", "", "strong", "", "")
    assert heads == ("as it is", "copy 1", "copy 2", "", "", "")
    for found, expected in zip(pixels, (0, 1, 2, 0, 3, 4), strict=True):
        np.testing.assert_array_equal(found, PHOTOS[expected])
    assert picture.alt.endswith("mild, strong.")


def test_pixels_are_rounded_and_clipped():
    ((*_, pixels), _) = panels(figures.turned(np.array([[[-3.0, 99.6, 300.0]]]), PHOTOS[0, :1, :1]))
    assert pixels.tolist() == [[[0, 100, 255]]]


def test_alt_says_how_much_has_changed():
    assert "changed 0% of" in figures.turned(PHOTOS[0], PHOTOS[0]).alt
    assert "changed 100% of" in figures.turned(PHOTOS[0], PHOTOS[0] + 2.0).alt


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_strengths_stand_below_their_pictures(count):
    rows = {f"change {n}": {0: PHOTOS[n], 0.25: PHOTOS[n + 1]} for n in range(count)}
    picture = figures.strength_rows(rows)
    shown = panels(picture)
    assert [name for name, *_ in shown] == [x for name in rows for x in (name, "")]
    assert [below for _, _, below, _ in shown] == ["0", "0.25"] * count
    for number, (*_, pixels) in enumerate(shown):
        np.testing.assert_array_equal(pixels, PHOTOS[number // 2 + number % 2])
    assert "change 0 0, 0.25" in picture.alt


def test_alt_counts_what_each_pipeline_shows():
    picture = figures.epoch_by_epoch({"one": [PHOTOS[0]] * 3, "other": PHOTOS[:3]})
    assert picture.alt.endswith("in 3 epochs. one: 1 different; other: 3 different.")


def test_digits_are_ink_on_paper_as_they_are_turned_and_mirrored():
    picture = figures.turned_digits(INK, range(6))
    names, heads, _, pixels = zip(*panels(picture), strict=True)
    assert [name for name in names if name] == ["as it is", "half turn", "mirrored"]
    assert list(heads[:6]) == list("012345")
    np.testing.assert_array_equal(pixels[2], INK[2])
    np.testing.assert_array_equal(pixels[6 + 2], INK[2][::-1, ::-1])
    np.testing.assert_array_equal(pixels[12 + 2], INK[2][:, ::-1])


def test_accuracy_by_split_has_a_line_for_each_split():
    picture = figures.accuracy_by_split(SPLITS)
    axes = figure_of(picture).axes[0]
    lines = [line.get_xdata() for line in axes.lines]
    np.testing.assert_allclose(lines, np.array(list(SPLITS.values())).T)
    assert [label.get_text() for label in axes.get_yticklabels()] == list(SPLITS)
    assert picture.alt.startswith("Accuracy on test digits in 3 splits")
    assert "as they are 92.3%" in picture.alt


@pytest.mark.parametrize("parts", [("train", "validation"), ("test", "shifted")])
@pytest.mark.parametrize("count", [1, 2])
def test_settings_have_a_mark_for_each_start_and_their_mean(parts, count):
    tables = dict([*TABLES_OF_SETS.items()][:count])
    picture = figures.sets_compared(tables, parts)
    figure = figure_of(picture)
    assert [axes.get_title() for axes in figure.axes] == list(tables)
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == list(
        tables["rendered8"]
    )
    for axes, settings in zip(figure.axes, tables.values(), strict=True):
        drawn = iter(axes.lines)
        for values in [getattr(row, part) for row in settings.values() for part in parts]:
            np.testing.assert_allclose(next(drawn).get_xdata(), values)
            np.testing.assert_allclose(next(drawn).get_xdata(), [values.mean()] * 2)
    means = [
        f"{getattr(row, part).mean():.0%}"
        for settings in tables.values()
        for row in settings.values()
        for part in parts
    ]
    assert texts(figure) == means
    named = [text.get_text() for text in figure.legends[0].get_texts()]
    assert named == ["training" if part == "train" else part for part in parts]
    best = max(tables["rendered8"].items(), key=lambda item: getattr(item[1], parts[1]).mean())[0]
    assert f"on {parts[1]} pictures: on rendered8, “{best}”" in picture.alt


FIGURES = {
    "tables": lambda: figures.moved_tables(TABLES, FREED),
    "turned": lambda: figures.turned(PHOTOS[0], PHOTOS[1]),
    "three strengths": lambda: figures.strength_rows(
        {n: dict(enumerate(PHOTOS[:4])) for n in "abc"}
    ),
    "six strengths": lambda: figures.strength_rows(
        {n: dict(enumerate(PHOTOS[:4])) for n in "abcdef"}
    ),
    "mixtures": lambda: figures.mixtures(PHOTOS[0], dict.fromkeys("abc", PHOTOS[:3])),
    "epochs": lambda: figures.epoch_by_epoch(dict.fromkeys("ab", PHOTOS[:3])),
    "digits": lambda: figures.turned_digits(INK, range(6)),
    "splits": lambda: figures.accuracy_by_split({n: np.arange(3) / 9 for n in "abcde"}),
    "sets": lambda: figures.sets_compared(TABLES_OF_SETS, ("train", "validation")),
}
test_fits_the_page = fits_the_page(FIGURES, (200, 700))
test_has_large_text = has_large_text(FIGURES)
