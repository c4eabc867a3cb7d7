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
HISTORY = {
    "loss": 2 * np.exp(-EPOCHS / 6),
    "val_loss": 1 + np.abs(EPOCHS - 6) / 10,
    "accuracy": 1 - 0.8 * np.exp(-EPOCHS / 5),
    "val_accuracy": 0.6 - 0.4 * np.exp(-EPOCHS / 5),
}
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


def test_the_largest_colors_stand_below_their_picture():
    table = shares(48, 12)
    table[1] = 0
    table[1, [12, 3]] = 0.75, 0.25
    picture = figures.palettes(PHOTOS[:2], np.array([0, 1]), np.array([0, 2]), table, NAMES)
    upper, lower = picture.figure.axes[:2], picture.figure.axes[2:]
    np.testing.assert_array_equal([one.images[0].get_array().mean() for one in upper], GRAYS[:2])
    full = [[bar for bar in axes.patches if bar.get_width() > 0] for axes in lower]
    assert [to_hex(bar.get_facecolor()) for bar in full[0]] == ["#df2020"]
    assert [to_hex(bar.get_facecolor()) for bar in full[1]] == ["#20df20", "#2020df"]
    assert [bar.get_width() for bar in full[1]] == [0.75, 0.25]
    assert lower[0].get_xlabel() == "nearest: airplane\n(right)"
    assert lower[1].get_xlabel() == "nearest: cat\n(wrong: car)"
    assert picture.alt.endswith("airplane, nearest palette airplane; car, nearest palette cat.")


def test_the_assembly_line_names_all_steps_and_parts_what_runs_once():
    picture = figures.assembly_line()
    (axes,) = picture.figure.axes
    names = ["read", "cache", "shuffle", "map", "batch", "prefetch"]
    places = {text.get_text(): text.get_position()[0] for text in axes.texts}
    assert [places[name] for name in names] == list(range(6))
    (line,) = axes.lines
    assert places["cache"] < line.get_xdata()[0] < places["shuffle"]
    assert "read, cache, shuffle, map, batch, prefetch" in picture.alt


def test_photographs_stand_above_what_is_said_of_them():
    photos = {"a.png": PHOTOS[0, :12], "b.jpg": PHOTOS[1, :, :12]}
    picture = figures.named(photos, SAYS[:2], NAMES)
    panels = picture.figure.axes
    assert [axes.get_title() for axes in panels[:2]] == ["a.png", "b.jpg"]
    for axes, says in zip(panels[2:], SAYS[:2], strict=True):
        assert [bar.get_width() for bar in axes.patches] == says.tolist()
        assert texts(axes) == [f"{share:.0%}" for share in says]
        assert axes.get_title() == f"said {NAMES[says.argmax()]}"
    assert ticks(panels[2].yaxis) == NAMES
    assert not any(ticks(panels[3].yaxis)), "the rows are named once"
    assert "a.png: airplane 0%, car 90%" in picture.alt
    assert "b.jpg: airplane 0%, car 0%, cat 0%, dog 80%" in picture.alt


def test_one_photograph_leaves_its_neighbor_empty():
    panels = figures.named({"a.png": PHOTOS[0]}, SAYS[:1], NAMES).figure.axes
    assert [axes.axison for axes in panels] == [False, False, True, False]


def test_orders_are_drawn_place_by_place():
    orders = {"sorted": np.repeat([0, 1], 5), "mixed": np.tile([1, 0], 5)}
    picture = figures.shuffled_orders(orders, batch=4)
    assert picture.alt.endswith("sorted 1, mixed 2.")
    for axes, (title, labels) in zip(picture.figure.axes, orders.items(), strict=True):
        assert axes.get_title() == title
        np.testing.assert_array_equal(axes.lines[0].get_xydata(), [*enumerate(labels)])
        assert axes.patches[0].get_width() == 4


def test_curves_are_read_at_the_right_epoch():
    picture = figures.curves_read(HISTORY)
    left, right = picture.figure.axes
    assert texts(left) == ["lowest: epoch 7"]
    (marked,) = [tuple(line.get_xydata()[0]) for line in left.lines[2:]]
    assert marked == (7, HISTORY["val_loss"][6])
    gap = 100 * (HISTORY["accuracy"][-1] - HISTORY["val_accuracy"][-1])
    assert f"gap: {gap:.0f} points" in [text.strip() for text in texts(right)]
    assert "lowest in epoch 7" in picture.alt
    assert f"{gap:.0f} points lie between" in picture.alt
    assert left.get_yticks().min() == 0


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
    assert named == ["half", "rising", "a start", "your network"]


ALL = {
    "palettes": lambda: figures.palettes(
        PHOTOS[:5], np.arange(5), np.full(5, 6), np.full((5, 64), 1 / 64), NAMES
    ),
    "assembly_line": figures.assembly_line,
    "named": lambda: figures.named(
        {f"{n} photograph.png": PHOTOS[n] for n in range(4)}, SAYS, NAMES
    ),
    "one photograph": lambda: figures.named({"a.png": PHOTOS[0]}, SAYS, NAMES),
    "shuffled_orders": lambda: figures.shuffled_orders(
        {f"shuffle({n})": ORDER for n in (1, 100, 800)}, 32
    ),
    "curves_read": lambda: figures.curves_read(HISTORY),
    "class_scores": lambda: figures.class_scores(PRECISION, RECALL, F1, NAMES, [40] * 8),
    "answers": lambda: figures.answers(PHOTOS[:6], np.full(6, 6), SAYS, NAMES),
    "one answer": lambda: figures.answers(PHOTOS[:1], np.array([6]), SAYS[:1], NAMES),
    "accuracy_by_count": lambda: figures.accuracy_by_count(
        BY_COUNT, {20: 0.4}, {"half": half, "rising": rising}, 100, 0.125
    ),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(ALL))
test_text_is_large = pytest.mark.slow(has_large_text(ALL))
