"""The figures on a project of image classification draw what they are given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from lessons.image_classification import figures
from tests.kit.looks import fits_the_page, has_large_text

RNG = np.random.default_rng(0)
GRAYS = np.linspace(20, 240, 10).astype(np.uint8)
PHOTOS = GRAYS[:, None, None, None] * np.ones((1, 24, 24, 3), np.uint8)
NAMES = ["airplane", "car", "cat", "dog", "flower", "fruit", "motorbike", "person"]
EPOCHS = np.arange(20)
LOSS = 2 * np.exp(-EPOCHS / 6)
VAL_LOSS = 1 + np.abs(EPOCHS - 6) / 10
ACCURACY = 1 - 0.8 * np.exp(-EPOCHS / 5)
VAL_ACCURACY = 0.6 - 0.4 * np.exp(-EPOCHS / 5)
PRECISION, RECALL = RNG.uniform(0.4, 1, (2, 8))
F1 = 2 * PRECISION * RECALL / (PRECISION + RECALL)
ORDER = RNG.integers(0, 8, 800)
SAYS = np.eye(8)[[1, 3, 0, 6, 4, 6]] * np.array([[0.9], [0.8], [0.99], [1], [0.5], [0.3]])
BY_COUNT = {count: 0.3 + 0.05 * np.log2(count / 10) + np.arange(5) / 100 for count in (10, 20, 50)}


def shares(*numbers):
    """One picture for each color, all of it in that color."""
    table = np.zeros((len(numbers), 64))
    table[np.arange(len(numbers)), numbers] = 1
    return table


def texts(axes):
    return [text.get_text() for text in axes.texts]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_pairs_stand_one_above_the_other():
    picture = figures.picture_pairs(PHOTOS[:3], PHOTOS[3:6], ["a", "b", "c"], ["test", "training"])
    panels = picture.figure.axes
    assert [axes.get_title() for axes in panels[:3]] == ["a", "b", "c"]
    assert [panels[n].get_ylabel() for n in (0, 3)] == ["test", "training"]
    grays = [axes.images[0].get_array().mean() for axes in panels]
    np.testing.assert_array_equal(grays, GRAYS[:6])
    assert "test above training" in picture.alt
    assert picture.alt.endswith("a, b, c.")


def test_a_bar_has_the_color_that_its_number_stands_for():
    picture = figures.color_bars(shares(48, 12, 3, 63), ["red", "green", "blue", "white"])
    (axes,) = picture.figure.axes
    full = [bar for bar in axes.patches if bar.get_width() == 1]
    assert [to_hex(bar.get_facecolor()) for bar in full] == [
        "#df2020", "#20df20", "#2020df", "#dfdfdf",
    ]  # fmt: skip
    assert ticks(axes.yaxis) == ["red", "green", "blue", "white"]
    assert "red, green, blue, white" in picture.alt


def test_bars_of_a_class_fill_its_row_from_dark_to_bright():
    (axes,) = figures.color_bars(np.full((2, 64), 1 / 64), ["a", "b"]).figure.axes
    bars = [bar for bar in axes.patches if bar.get_y() < 0.5]
    bars.sort(key=lambda bar: bar.get_x())
    assert sum(bar.get_width() for bar in bars) == pytest.approx(1)
    brightness = [np.dot(bar.get_facecolor()[:3], (0.299, 0.587, 0.114)) for bar in bars]
    assert brightness == sorted(brightness)
    np.testing.assert_allclose([bar.get_x() for bar in bars], np.arange(64) / 64, atol=1e-12)


def test_orders_are_drawn_place_by_place():
    orders = {"sorted": np.repeat([0, 1], 5), "mixed": np.tile([1, 0], 5)}
    picture = figures.shuffled_orders(orders, batch=4)
    assert picture.alt.endswith("sorted 1, mixed 2.")
    for axes, (title, labels) in zip(picture.figure.axes, orders.items(), strict=True):
        assert axes.get_title() == title
        np.testing.assert_array_equal(axes.lines[0].get_xydata(), [*enumerate(labels)])
        assert axes.patches[0].get_width() == 4


def test_curves_are_read_at_the_right_epochs():
    picture = figures.curves_read(LOSS, VAL_LOSS, ACCURACY, VAL_ACCURACY, sign=9)
    left, right = picture.figure.axes
    assert texts(left) == ["lowest: epoch 7", "early sign: epoch 9"]
    marked = [tuple(line.get_xydata()[0]) for line in left.lines[2:]]
    assert marked == [(7, VAL_LOSS[6]), (9, VAL_LOSS[8])]
    gap = 100 * (ACCURACY[-1] - VAL_ACCURACY[-1])
    assert f"gap: {gap:.0f} points" in texts(right)
    assert "lowest in epoch 7, the early sign comes in epoch 9" in picture.alt
    assert f"{gap:.0f} points lie between" in picture.alt
    assert left.get_yticks().min() == 0


def test_curves_without_a_sign_have_no_mark_for_it():
    picture = figures.curves_read(LOSS, VAL_LOSS, ACCURACY, VAL_ACCURACY, sign=0)
    assert texts(picture.figure.axes[0]) == ["lowest: epoch 7"]
    assert "there is no early sign" in picture.alt


def test_best_class_stands_on_top():
    picture = figures.class_scores(PRECISION, RECALL, F1, NAMES, range(40, 48))
    (axes,) = picture.figure.axes
    order = np.argsort(-F1)
    assert f"from {NAMES[order[0]]}" in picture.alt
    assert f"to {NAMES[order[-1]]}" in picture.alt
    assert ticks(axes.yaxis) == [f"{NAMES[k]} ({40 + k})" for k in order]
    for line, values in zip(axes.lines, (PRECISION, RECALL, F1), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), values[order])
    low, high = axes.get_ylim()
    assert low > high, "row 0 is on top"


def test_answers_stand_above_and_below():
    picture = figures.answers(PHOTOS[:2], np.array([2, 2]), SAYS[:2], NAMES)
    panels = picture.figure.axes
    assert [axes.get_title() for axes in panels] == ["said car\n90% sure", "said dog\n80% sure"]
    assert [axes.get_xlabel() for axes in panels] == ["was cat", "was cat"]
    grays = [axes.images[0].get_array().mean() for axes in panels]
    np.testing.assert_array_equal(grays, GRAYS[:2])
    assert picture.alt.endswith("cat as car, 90% sure; cat as dog, 80% sure.")


def test_no_answer_is_no_picture():
    picture = figures.answers(PHOTOS[:0], np.zeros(0, int), np.zeros((0, 8)), NAMES)
    assert not any(axes.axison for axes in picture.figure.axes)


def test_pictures_keep_their_pixels():
    photo = RNG.integers(0, 256, (1, 96, 96, 3), np.uint8)
    drawn = figures.answers(photo, np.array([0]), SAYS[:1], NAMES).figure.axes[0].images[0]
    np.testing.assert_array_equal(drawn.get_array(), photo[0])


def half(counts):
    return 0.5 + 0 * counts


def rising(counts):
    return 0.1 + 0.05 * np.log2(counts)


def test_every_start_is_a_mark_and_the_rules_go_on():
    rules = {"half": half, "rising": rising}
    picture = figures.accuracy_by_count(BY_COUNT, {20: 0.4}, rules, 100, 0.125)
    (axes,) = picture.figure.axes
    assert "10, 30% to 34%; 20, 35% to 39%" in picture.alt
    assert "At 100 the lines of the rules reach 50% (half) and 43% (rising)." in picture.alt
    flat, steep, *starts = axes.lines
    for line, rule in ((flat, half), (steep, rising)):
        np.testing.assert_allclose(line.get_ydata(), rule(line.get_xdata()))
        np.testing.assert_allclose(line.get_xdata()[[0, -1]], (10, 100))
    assert flat.get_linestyle() != steep.get_linestyle()
    for drawn, (count, values) in zip(starts, BY_COUNT.items(), strict=False):
        np.testing.assert_allclose(drawn.get_xydata(), [(count, value) for value in values])
    assert axes.get_xscale() == "log"
    assert ticks(axes.xaxis) == ["10", "20", "50", "100"]
    assert texts(axes) == ["guessing"]
    assert any(tuple(one.get_xydata()[0]) == (20, 0.4) for one in starts)
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    assert named == ["half", "rising", "a start", "your networks"]


ALL = {
    "picture_pairs": lambda: figures.picture_pairs(
        PHOTOS[:5], PHOTOS[5:], ["9.1 apart"] * 5, ["test", "training"]
    ),
    "color_bars": lambda: figures.color_bars(np.full((8, 64), 1 / 64), NAMES),
    "shuffled_orders": lambda: figures.shuffled_orders(
        {f"shuffle({n})": ORDER for n in (1, 100, 800)}, 32
    ),
    "curves_read": lambda: figures.curves_read(LOSS, VAL_LOSS, ACCURACY, VAL_ACCURACY, 9),
    "class_scores": lambda: figures.class_scores(PRECISION, RECALL, F1, NAMES, [40] * 8),
    "answers": lambda: figures.answers(PHOTOS[:6], np.full(6, 6), SAYS, NAMES),
    "one answer": lambda: figures.answers(PHOTOS[:1], np.array([6]), SAYS[:1], NAMES),
    "accuracy_by_count": lambda: figures.accuracy_by_count(
        BY_COUNT, {20: 0.4}, {"half": half, "rising": rising}, 100, 0.125
    ),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(ALL))
test_text_is_large = pytest.mark.slow(has_large_text(ALL))
