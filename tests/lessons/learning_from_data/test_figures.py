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
ORDERS = [["a", "b", "c"], ["a", "c", "b"]]
SCORES = RNG.uniform(0.5, 0.9, (2, 6, 3))


def sign(points):
    return (points[:, 0] > 0).astype(int)


FIGURES = {
    "groups": lambda: figures.groups(
        X, {"left": LABELS, "right": LABELS}, {"left": NAMES, "right": NAMES}, FEATURES
    ),
    "agents": lambda: figures.agents(
        np.full((50, 2), (0.3, 0.7)), (0.4, 0.6), {"one": np.arange(9.0), "two": np.arange(5.0)}
    ),
    "fruit": lambda: figures.numbered_and_one_hot(
        {"a": 3, "b": 2, "c": 9}, ORDERS, {"a": 3, "b": 2, "c": 9}
    ),
    "splits": lambda: figures.splits_compared({"one": PARTS, "two": PARTS}, LABELS, NAMES),
    "page": lambda: figures.split_page(X, LABELS, PARTS, NAMES, FEATURES, "sorted", "score\nrare"),
    "regions": lambda: figures.regions(
        {"known": (sign, X, LABELS % 2), "new": (sign, 2 * X, LABELS % 2)}, NAMES[:2], FEATURES
    ),
    "k": lambda: figures.accuracy_over_k([1, 5, 25], SCORES[0], SCORES[1], [5, 5, 25]),
    "leaks": lambda: figures.leaky_scores({"twins": SCORES[0, :2], "best": SCORES[1, :2]}),
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


def test_the_error_of_a_numbering_stands_above_it():
    titles = [axes.get_title() for axes in panels("fruit")]
    assert titles == ["error 1.9", "error 3.1", "error 0.0"]


def test_there_is_a_triangle_for_each_choice():
    axes = panels("k")[0]
    triangles = [line for line in axes.lines if line.get_marker() == "^"]
    assert sorted(np.concatenate([line.get_xdata() for line in triangles])) == [5, 5, 25]
    assert max(line.get_ydata().max() for line in triangles) < SCORES.min()


def test_every_agent_has_its_dot():
    right = panels("agents")[1]
    dots = [np.sort(line.get_ydata()).tolist() for line in right.lines]
    assert dots == [list(range(9)), list(range(5))]


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


def test_every_run_of_a_leak_has_its_dot():
    leaky = [line.get_ydata() for line in panels("leaks")[0].lines if line.get_marker() == "s"]
    np.testing.assert_allclose(leaky[0], np.sort(SCORES[0, 0]))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("groups", "left: 14 setosa, 12 versicolor, 4 virginica."),
        ("agents", "end at 0.30 and 0.70, the truth is 0.4 and 0.6"),
        ("agents", "one 0 to 8, mean 4; two 0 to 4, mean 2"),
        ("fruit", "numbered a, b, c: 1.9; numbered a, c, b: 3.1; with a column for each: 0.0"),
        ("splits", "one: 14 + 4 + 0; 0 + 6 + 0; 0 + 2 + 4."),
        ("regions", f"{(sign(X) == LABELS % 2).sum()} of 30 (known)"),
        ("k", f"highest at k = {[1, 5, 25][SCORES[1].mean(axis=0).argmax()]} with"),
        ("k", "k from 5 to 25"),
        (
            "leaks",
            f"twins {SCORES[0, 0].mean():.0%} with the leak, {SCORES[0, 1].mean():.0%} without",
        ),
    ],
)
def test_the_words_say_what_the_data_say(name, words):
    assert words in FIGURES[name]().alt
