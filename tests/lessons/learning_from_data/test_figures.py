"""Tests of the figures of learning from data: what they show, on the artists that show it."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lessons.learning_from_data import figures
from lessons.learning_from_data.figures import class_counts
from tests.kit.looks import figure_of, fits_the_page, has_large_text

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 2))
LABELS = np.repeat([0, 1, 2], [14, 12, 4])
NAMES = ["setosa", "versicolor", "virginica"]
FEATURES = ["length (cm)", "width (cm)"]
PARTS = [np.arange(0, 18), np.arange(18, 24), np.arange(24, 30)]
HANDS = np.repeat([0, 1, 2], 10)
IMAGES = RNG.integers(0, 17, (30, 8, 8))
ROWS = {"asked": [0, 1, 15], "most similar": [2, 16, 17]}
KIND, PRICE = np.array([0, 0, 1, 1, 2]), np.array([3.0, 3.4, 2.0, 2.2, 9.0])
SAID = {"numbered": np.array([2.0, 2.0, 5.0, 5.0, 8.0]), "one-hot": PRICE}
MISTAKES = {"mixed": np.array([1, 0, 2]), "apart": np.array([4, 0, 5])}
SCORES = RNG.uniform(0.5, 0.9, (2, 6, 3))


def sign(points):
    return (points[:, 0] > 0).astype(int)


FIGURES = {
    "groups": lambda: figures.groups(
        X, {"left": LABELS, "right": LABELS}, {"left": NAMES, "right": NAMES}, FEATURES
    ),
    "fruit": lambda: figures.numbered_and_one_hot(["a", "b", "c"], KIND, PRICE, SAID),
    "alike": lambda: figures.alike(IMAGES, LABELS, ROWS),
    "alike, hands": lambda: figures.alike(IMAGES, LABELS, ROWS, HANDS),
    "rows": lambda: figures.rows({"stored": LABELS, "shuffled": LABELS[::2]}, NAMES),
    "folds": lambda: figures.folds([0.5, 0.75, 1]),
    "cuts": lambda: figures.runs({"one": [0.5, 0.75], "five": [0.6, 0.65]}, "accuracy", "cut"),
    "hands": lambda: figures.hands(IMAGES, np.arange(30) % 10, HANDS, [1, 7, 9]),
    "by hand": lambda: figures.by_hand(MISTAKES),
    "splits": lambda: figures.splits_compared({"one": PARTS, "two": PARTS}, LABELS, NAMES),
    "page": lambda: figures.split_page(X, LABELS, PARTS, NAMES, FEATURES, "sorted", "score\nrare"),
    "regions": lambda: figures.regions(
        {"known": (sign, X, LABELS % 2), "new": (sign, 2 * X, LABELS % 2)}, NAMES[:2], FEATURES
    ),
    "k": lambda: figures.accuracy_over_k([1, 5, 25], SCORES[0], SCORES[1], [5, 5, 25]),
}


def panels(name):
    figure = figure_of(FIGURES[name]())
    figure.canvas.draw()
    return figure.axes


test_every_figure_fits_the_page_and_is_the_same_twice = fits_the_page(FIGURES)


test_text_is_large_enough = has_large_text(FIGURES)


def test_class_counts_keep_classes_that_are_missing():
    counts = class_counts(PARTS, LABELS, 3)
    np.testing.assert_array_equal(counts, [[14, 4, 0], [0, 6, 0], [0, 2, 4]])


def test_bars_are_as_long_as_the_shares_and_say_the_counts():
    axes = panels("splits")[0]
    bars = [p for p in axes.patches if isinstance(p, Rectangle)]
    widths = np.array([b.get_width() for b in bars]).reshape(3, 3).T
    np.testing.assert_allclose(np.nansum(widths, axis=1), 1)
    np.testing.assert_allclose(widths[0, :2], [14 / 18, 4 / 18])
    assert np.isnan(widths[0, 2])
    said = [t.get_text() for t in axes.texts]
    assert said == ["14 + 4 + 0", "0 + 6 + 0", "0 + 2 + 4"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["train", "validation", "test"]


def test_a_page_shows_every_example_once_with_the_marker_of_its_part():
    axes = panels("page")[0]
    for marker, part in zip("o^s", PARTS, strict=True):
        shown = [line.get_xydata() for line in axes.lines if line.get_marker() == marker]
        shown = np.concatenate([points for points in shown if len(points)])
        np.testing.assert_allclose(sorted(shown.tolist()), sorted(X[part].tolist()))


def test_the_error_of_a_coding_stands_above_it():
    titles = [axes.get_title() for axes in panels("fruit")]
    assert titles == ["numbered: off by 1.84", "one-hot: off by 0.00"]


def test_digits_stand_beside_what_is_similar_with_label_and_hand():
    said = [axes.get_xlabel() for axes in panels("alike, hands")]
    digits = [*ROWS["asked"], *ROWS["most similar"]]
    assert said == [f"a {LABELS[i]}\nhand {HANDS[i]}" for i in digits]
    shown = [np.asarray(axes.images[0].get_array()) for axes in panels("alike")]
    np.testing.assert_array_equal(shown, IMAGES[digits])


def test_every_row_of_the_file_has_its_dot():
    left, right = panels("rows")
    np.testing.assert_array_equal(left.lines[0].get_xydata().T, [np.arange(30), LABELS])
    np.testing.assert_array_equal(right.lines[0].get_ydata(), LABELS[::2])


def test_each_round_asks_another_fold_and_says_its_score():
    said = [text.get_text() for text in panels("folds")[0].texts]
    asked = [place for place, word in enumerate(w for w in said if "%" not in w) if word == "asked"]
    assert asked == [0, 4, 8]
    assert [word for word in said if "%" in word] == ["50% right", "75% right", "100% right"]


def test_a_mark_is_called_what_it_is():
    (axes,) = panels("cuts")
    assert axes.get_xlabel() == "accuracy (a mark for each cut, a bar for their mean)"


def test_each_hand_shows_its_own_digit():
    shown = [np.asarray(axes.images[0].get_array()) for axes in panels("hands")]
    np.testing.assert_array_equal(shown, IMAGES[[1, 11, 21, 7, 17, 27, 9, 19, 29]])


def test_mistakes_stand_hand_by_hand():
    marks = [line.get_ydata().tolist() for line in panels("by hand")[0].lines]
    assert marks == [[1, 0, 2], [4, 0, 5]]


def test_there_is_a_triangle_for_each_choice():
    axes = panels("k")[0]
    triangles = [line for line in axes.lines if line.get_marker() == "^"]
    assert sorted(np.concatenate([line.get_xdata() for line in triangles])) == [5, 5, 25]
    assert max(line.get_ydata().max() for line in triangles) < SCORES.min()


def test_regions_are_what_the_model_says():
    for axes in panels("regions"):
        image = axes.images[0]
        said = np.asarray(image.get_array())
        across = np.linspace(*image.get_extent()[:2], said.shape[1])
        np.testing.assert_array_equal(said, np.broadcast_to(across > 0, said.shape))


def test_regions_have_one_scale_and_show_every_point_as_what_it_is():
    left, right = panels("regions")
    assert left.images[0].get_extent() == right.images[0].get_extent()
    for axes, points in ((left, X), (right, 2 * X)):
        for number, marker in enumerate("os"):
            (line,) = (line for line in axes.lines if line.get_marker() == marker)
            np.testing.assert_allclose(line.get_xydata(), points[number == LABELS % 2])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("groups", "left: 14 setosa, 12 versicolor, 4 virginica."),
        ("fruit", "numbered: 1.84; one-hot: 0.00"),
        ("alike", "of most similar 2 have the label"),
        ("rows", "stored: 30 rows, the label changes 2 times"),
        ("folds", "50%, 75%, 100%"),
        ("cuts", "several cuts each. one: 50% to 75%"),
        ("by hand", "mixed: 3 in all, 0 to 2 a hand; apart: 9 in all, 0 to 5 a hand"),
        ("splits", "one: 14 + 4 + 0; 0 + 6 + 0; 0 + 2 + 4."),
        ("regions", f"{(sign(X) == LABELS % 2).sum()} of 30 (known)"),
        ("k", f"highest at k = {[1, 5, 25][SCORES[1].mean(axis=0).argmax()]} with"),
        ("k", "k from 5 to 25"),
    ],
)
def test_the_words_say_what_the_data_say(name, words):
    assert words in FIGURES[name]().alt
