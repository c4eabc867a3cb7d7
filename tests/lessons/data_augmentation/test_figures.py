"""The figures on data augmentation draw what they are given."""

import numpy as np
import pytest

from lessons.data_augmentation import figures
from tests.kit.looks import fits_the_page, has_large_text
from utils.data import Accuracies

RNG = np.random.default_rng(0)
PHOTOS = RNG.integers(0, 256, (8, 8, 8, 3), np.uint8).repeat(8, axis=1).repeat(8, axis=2)
TABLE = np.arange(1, 13).reshape(3, 4)
TABLES = {"picture": TABLE, "mirrored": TABLE[:, ::-1], "moved": np.roll(TABLE, 1, axis=1)}
FREED = {"moved": 0}
ROWS = {"turn": PHOTOS[:5], "brightness": PHOTOS[3:8]}
CAPTIONS = {"turn": ["0", "0.1", "0.2", "0.3", "0.4"]}
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


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_tables_show_their_numbers_and_mark_new_ones():
    figure = figures.moved_tables(TABLES, FREED)
    assert [axes.get_title() for axes in figure.axes] == list(TABLES)
    assert [t.get_text() for t in figure.axes[1].texts] == [str(n) for n in TABLE[:, ::-1].ravel()]
    assert [len(axes.patches) for axes in figure.axes] == [0, 0, 3]
    bold = [t.get_text() for t in figure.axes[2].texts if t.get_weight() == "bold"]
    assert bold == ["4", "8", "12"]


def test_a_sheet_holds_every_picture_at_its_place():
    sheet = figures.sheet_of([PHOTOS[:3], PHOTOS[5:7]], caption=10)
    assert sheet.shape == (2 * 78 - 4, 3 * 68 - 4, 3)
    np.testing.assert_array_equal(sheet[78 : 78 + 64, 68 : 68 + 64], PHOTOS[6])
    assert (sheet[64:78] == 255).all()
    assert (sheet[78:, 136:] == 255).all()


def test_a_sheet_rounds_and_clips():
    sheet = figures.sheet_of([[np.array([[[-3.0, 99.6, 300.0]]])]])
    assert sheet.tolist() == [[[0, 100, 255]]]


def test_picture_rows_have_names_captions_and_heads():
    figure = figures.picture_rows(ROWS, CAPTIONS, heads=list("abcde"))
    assert sorted(texts(figure)) == sorted([*ROWS, *CAPTIONS["turn"], *"abcde"])
    plain = figures.picture_rows(ROWS)
    assert texts(plain) == list(ROWS)
    sheet = plain.axes[0].images[0].get_array()
    np.testing.assert_array_equal(sheet, figures.sheet_of(list(ROWS.values())))


def test_strengths_stand_below_their_pictures():
    figure = figures.strength_rows(
        {"turn": {0: PHOTOS[0], 0.25: PHOTOS[1]}, "zoom": {-1: PHOTOS[2]}}
    )
    assert sorted(texts(figure)) == sorted(["turn", "zoom", "0", "0.25", "-1"])
    places = {t.get_text(): t.get_position() for t in figure.axes[0].texts}
    assert places["0.25"] == (68 + 32, 65)
    assert places["-1"][0] == 32
    sheet = figure.axes[0].images[0].get_array()
    np.testing.assert_array_equal(sheet[:64, 68:], PHOTOS[1])


def test_digits_are_dark_ink_on_white_paper_in_three_rows():
    figure = figures.turned_digits(INK, range(6))
    sheet = figure.axes[0].images[0].get_array()

    def block(row, digit, i, j):
        top, left = 68 * row + 8 * i, 68 * digit + 8 * j
        return sheet[top : top + 8, left : left + 8]

    expected = np.round(255 - INK * (255 / 16))
    assert (block(0, 2, 3, 4) == expected[2, 3, 4]).all()
    assert (block(1, 2, 3, 4) == expected[2, 4, 3]).all()
    assert (block(2, 2, 3, 4) == expected[2, 3, 3]).all()
    assert texts(figure) == ["as it is", "half turn", "mirrored", *"012345"]


def test_accuracy_by_split_has_a_line_for_each_split():
    axes = figures.accuracy_by_split(SPLITS).axes[0]
    lines = [line.get_xdata() for line in axes.lines]
    np.testing.assert_allclose(lines, np.array(list(SPLITS.values())).T)
    assert [label.get_text() for label in axes.get_yticklabels()] == list(SPLITS)


@pytest.mark.parametrize("parts", [("train", "validation"), ("test", "shifted")])
@pytest.mark.parametrize("count", [1, 2])
def test_settings_have_a_mark_for_each_start_and_their_mean(parts, count):
    tables = dict([*TABLES_OF_SETS.items()][:count])
    figure = figures.sets_compared(tables, parts)
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


FIGURES = {
    "tables": lambda: figures.moved_tables(TABLES, FREED),
    "rows": lambda: figures.picture_rows(ROWS, CAPTIONS, heads=list("abcde")),
    "strengths": lambda: figures.strength_rows(
        {n: dict(enumerate(PHOTOS[:7])) for n in "abc"}, 0.8
    ),
    "digits": lambda: figures.turned_digits(INK, range(6)),
    "splits": lambda: figures.accuracy_by_split({n: np.arange(3) / 9 for n in "abcde"}),
    "sets": lambda: figures.sets_compared(TABLES_OF_SETS, ("train", "validation")),
}
test_fits_the_page = fits_the_page(FIGURES, (200, 700))
test_has_large_text = has_large_text(FIGURES)
