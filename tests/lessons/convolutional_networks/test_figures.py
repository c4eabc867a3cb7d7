"""The figures of networks draw what they are given."""

import numpy as np
import pytest

from lessons.convolutional_networks import figures
from tests.kit.looks import figure_of, fits_the_page, has_large_text

RNG = np.random.default_rng(0)
DIGIT = RNG.random((32, 32, 1))
PAIRS = RNG.random((2, 40))
STEPS = RNG.random((13, 4, 9))
CURVES = np.linspace([0.2, 0.1], [1, 0.7], 12)


def texts(drawing):
    return [text.get_text() for axes in figure_of(drawing).axes for text in axes.texts]


def test_volumes_name_every_layer_with_its_size():
    picture = figures.volumes(["in", "conv", "dense"], [(8, 8, 1), (6, 6, 4), (10,)], split=2)
    assert {"in", "8×8×1", "conv", "6×6×4", "dense", "10"} <= set(texts(picture))
    assert {"feature extraction", "classification"} <= set(texts(picture))
    assert "in 8×8×1, conv 6×6×4, dense 10" in picture.alt


def test_digit_rows_sort_by_class():
    labels = np.repeat(np.arange(10), 3)
    images = labels[:, None, None] * np.ones((30, 8, 8))
    panels = figures.digit_rows(images, labels, each=3).figure.axes
    assert [axes.get_ylabel() for axes in panels] == [str(n) for n in range(10)]
    assert panels[7].images[0].get_array()[0, 0] == 7


def test_enlargement_writes_the_ink():
    ink = np.arange(64).reshape(8, 8) % 17
    assert texts(figures.enlargement(ink, DIGIT)) == [str(n) for n in ink.ravel()]


def test_a_race_names_its_lines_at_their_ends():
    picture = figures.race({"one": CURVES, "two": CURVES / 2})
    axes = picture.figure.axes[0]
    assert texts(picture) == ["one 70%", "two 35%"]
    assert [line.get_ydata()[-1] for line in axes.lines] == [1, 0.7, 0.5, 0.35]
    assert "one: 70%, training 100%; two: 35%, training 50%" in picture.alt


@pytest.mark.parametrize("ends", [[0.9, 0.9, 0.9, 0.9], [1, 1], [0.2, 0.9, 0.21]])
def test_names_at_equal_ends_do_not_lie_on_each_other(ends):
    picture = figures.race({str(n): CURVES * end / 0.7 for n, end in enumerate(ends)}, whole=True)
    places = sorted(text.get_position()[1] for text in picture.figure.axes[0].texts)
    assert min(np.diff(places)) > 0.07
    assert places[-1] < 1.04


def test_what_is_handed_on_is_compared_with_what_came_first():
    one = RNG.random((5, 40))
    vectors = {
        "turned": [one, 0.5 - one, one],
        "pooled": [one[:, :5], 2 * one[:, :5] + 1, one[:, :5]],
    }
    picture = figures.handed_on([DIGIT] * 3, vectors)
    lines = picture.figure.axes[3].lines
    np.testing.assert_allclose([line.get_ydata() for line in lines], [[1, -1, 1], [1, 1, 1]])
    assert "turned 1.0, -1.0, 1.0; pooled 1.0, 1.0, 1.0" in picture.alt
    assert [axes.get_ylabel() for axes in picture.figure.axes[:3]] == ["0 px", "1 px", "2 px"]


def test_a_vector_of_equal_numbers_can_be_drawn():
    picture = figures.handed_on([DIGIT] * 2, {"silent": [np.zeros((2, 4))] * 2})
    assert "silent 0.0, 0.0" in picture.alt


MANY = RNG.random((10, 8, 8, 1))
INK = np.arange(64).reshape(8, 8) % 17
ALL = {
    "digit_rows": lambda: figures.digit_rows(INK[None].repeat(100, 0), np.arange(100) % 10),
    "enlargement": lambda: figures.enlargement(INK, DIGIT),
    "placements": lambda: figures.placements(MANY[:9], MANY[:9]),
    "volumes": lambda: figures.volumes(["in", "conv", "dense"], [(8, 8, 1), (6, 6, 4), (10,)], 2),
    "race": lambda: figures.race(dict.fromkeys(("dense", "LeNet-5", "GlobalMaxPooling"), CURVES)),
    "handed_on": lambda: figures.handed_on(
        [DIGIT] * 13,
        {"Flatten": STEPS, "GlobalMaxPooling": np.ones((13, 1, 1)) * PAIRS},
    ),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(ALL))
test_text_is_large = pytest.mark.slow(has_large_text(ALL))
