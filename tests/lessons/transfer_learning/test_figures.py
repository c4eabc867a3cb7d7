"""The figures on transfer learning draw what they are given."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lessons.transfer_learning import figures
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import figure_of, fits_the_page, has_large_text
from utils import plots

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTOS = RNG.integers(0, 256, (36, 12, 12, 3), np.uint8).repeat(4, axis=1).repeat(4, axis=2)
NAMES = ["airplane", "car", "cat", "motorbike"]
ANGLES = np.arange(0, 360, 10)
P = np.array([0.1, 0.2, 0.65, 0.05])
CHANCES = np.tile(P, (36, 1))
CHANCES[30:] = [0.7, 0.1, 0.15, 0.05]
STARTS = np.array([0.8, 0.82, 0.85, 0.86, 0.9])
LAYERS = ["stem", "block1_conv1", "block1_conv2", "block2_conv1"]
MOVES = {"small": np.array([0, 0, 0.03, 0.02]), "large": np.array([0, 0, 1.5, 2.0])}
FEW = {
    name: {n: STARTS - 0.1 * k + n / 1000 for n in (5, 20, 100)}
    for k, name in enumerate(("frozen", "fine-tuned", "from scratch"))
}


def texts(picture):
    return [text.get_text() for axes in figure_of(picture).axes for text in axes.texts]


def axes_of(picture):
    return figure_of(picture).axes


def pages():
    return [
        figures.turntable_page(PHOTOS[n], ANGLES[n], CHANCES[n], NAMES, 2) for n in range(0, 36, 3)
    ]


def test_neighbors_put_a_cross_on_what_is_wrong():
    found = {
        "pixels": PHOTOS[:8].reshape(2, 4, 48, 48, 3),
        "features": PHOTOS[8:16].reshape(2, 4, 48, 48, 3),
    }
    right = {
        "pixels": np.array([[1, 0, 0, 1], [0, 0, 0, 0]], bool),
        "features": np.ones((2, 4), bool),
    }
    picture = figures.neighbors(PHOTOS[20:22], found, right)
    queries, pixels, _ = axes_of(picture)
    assert [axes.get_title() for axes in axes_of(picture)] == [
        "picture", "by pixels: 2 of 8 right", "by features: 8 of 8 right",
    ]  # fmt: skip
    assert [len(axes.lines[0].get_xdata()) for axes in axes_of(picture)] == [0, 6, 0]
    sheet = pixels.images[0].get_array()
    assert sheet.shape == (2 * 48, 4 * 48, 3)
    np.testing.assert_array_equal(sheet[48:, 48:96], PHOTOS[5])
    np.testing.assert_array_equal(queries.images[0].get_array()[48:], PHOTOS[21])
    crosses = pixels.lines[0].get_xdata() // 48, pixels.lines[0].get_ydata() // 48
    np.testing.assert_array_equal(np.stack(crosses[::-1], axis=1), np.argwhere(~right["pixels"]))
    assert "2 of 8 by pixels, 8 of 8 by features" in picture.alt


def test_weights_moved_shade_what_did_not_move():
    picture = figures.weights_moved(LAYERS, MOVES)
    (axes,) = axes_of(picture)
    for line, shares in zip(axes.lines, MOVES.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), shares)
        np.testing.assert_allclose(line.get_xdata(), np.arange(4), atol=0.2)
    (shade,) = (p for p in axes.patches if isinstance(p, Rectangle))
    assert shade.get_x() + shade.get_width() == 1.5
    assert texts(axes.figure) == ["frozen: not one bit moved"]
    assert axes.get_ylim()[1] > 2
    assert "the first 2 not at all" in picture.alt
    assert picture.alt.endswith("small, 0.03 in block1_conv2; large, 2 in block2_conv1.")


def test_weights_moved_shade_nothing_when_all_moved():
    axes = figures.weights_moved(LAYERS, {"one": np.full(4, 0.1)}).figure.axes[0]
    assert not axes.texts


def test_weights_moved_shade_only_the_first_layers():
    moves = {"one": np.array([0, 0.1, 0, 0]), "other": np.array([0, 0, 0, 0.1])}
    axes = figures.weights_moved(LAYERS, moves).figure.axes[0]
    (shade,) = (p for p in axes.patches if isinstance(p, Rectangle))
    assert shade.get_x() + shade.get_width() == pytest.approx(0.5)


def test_few_shot_have_a_mark_a_start_and_a_star():
    picture = figures.few_shot(FEW, (20, 0.7), 0.125)
    (axes,) = axes_of(picture)
    star = next(line for line in axes.lines if line.get_marker() == "*")
    assert (*star.get_xdata(), *star.get_ydata()) == (20, 0.7)
    drawn = [line for line in axes.lines if line.get_marker() in ("o", "s", "D")]
    assert len(drawn) == 9
    np.testing.assert_array_equal(drawn[1].get_ydata(), FEW["frozen"][20])
    np.testing.assert_allclose(drawn[1].get_xdata(), 20, rtol=0.1)
    means = next(line for line in axes.lines if len(line.get_ydata()) == 3)
    np.testing.assert_allclose(means.get_ydata(), [v.mean() for v in FEW["frozen"].values()])
    assert [t.get_text() for t in axes.get_xticklabels()] == ["5", "20", "100"]
    assert "frozen, 85% at 5, 95% at 100" in picture.alt


def test_few_shot_draw_a_method_that_was_tried_once():
    picture = figures.few_shot(FEW | {"once": {100: STARTS}}, (20, 0.7), 0.125)
    (axes,) = axes_of(picture)
    assert [t.get_text() for t in axes.get_xticklabels()] == ["5", "20", "100"]
    assert "once, 85% at 100" in picture.alt


def test_answers_name_three_classes_below_each_picture():
    picture = figures.answers(PHOTOS[:2], CHANCES[[0, 35]], NAMES)
    below = axes_of(picture)[2:]
    assert [t.get_text() for t in below[0].texts] == ["cat 65%", "car 20%", "airplane 10%"]
    assert [t.get_text() for t in below[1].texts] == ["airplane 70%", "cat 15%", "car 10%"]
    assert [bar.get_width() for bar in below[0].patches] == [0.65, 0.2, 0.1]
    assert "cat, 65%; airplane, 70%" in picture.alt


def test_turntable_follows_the_probability_of_the_right_class():
    picture = figures.turntable(PHOTOS, ANGLES, CHANCES, NAMES, 2)
    strip, axes = axes_of(picture)
    np.testing.assert_array_equal(strip.images[0].get_array()[:, 48:96], PHOTOS[3])
    line, right, wrong = axes.lines
    assert line.get_xdata()[0] == -10
    np.testing.assert_array_equal(np.diff(line.get_xdata()), 10)
    np.testing.assert_array_equal(sorted(line.get_ydata()), sorted(CHANCES[:, 2]))
    assert line.get_ydata()[0] == CHANCES[35, 2]
    assert (len(right.get_xdata()), len(wrong.get_xdata())) == (30, 6)
    assert set(wrong.get_xdata()) == {300, 310, 320, 330, 340, -10}
    assert axes.get_xlim() == (-15, 345)
    assert "15% to 65%" in picture.alt
    assert picture.alt.endswith("the answer at 6 of them.")


def test_pages_of_the_turntable_have_one_size_and_name_the_answer():
    drawn = pages()
    assert len({tuple(figure.get_size_inches()) for figure in drawn}) == 1
    first, last = drawn[0].axes[1], drawn[-1].axes[1]
    assert texts(drawn[0]) == ["65%"]
    assert texts(drawn[-1]) == ["70%"]
    assert (first.get_title(), last.get_title()) == ("right", "it is: cat")
    assert [bar.get_width() for bar in first.patches] == list(P)
    assert [bool(bar.get_hatch()) for bar in last.patches] == [False, False, True, False]
    assert drawn[-1].axes[0].get_title() == "330°"


@pytest.fixture(scope="module")
def book():
    plots.style()
    return figures.turntable_book(PHOTOS, ANGLES, CHANCES, NAMES, 2)


test_pages_are_small = has_small_pages(18, 40_000)
test_pages_turn = turns_to_both_ends(18)


ALL = {
    "neighbors": lambda: figures.neighbors(
        PHOTOS[:4],
        {n: PHOTOS[:12].reshape(4, 3, 48, 48, 3) for n in ("pixels", "features")},
        {n: np.arange(12).reshape(4, 3) % 5 > 0 for n in ("pixels", "features")}),
    "weights_moved": lambda: figures.weights_moved(LAYERS, MOVES),
    "few_shot": lambda: figures.few_shot(FEW, (20, 0.7), 0.125),
    "turntable": lambda: figures.turntable(PHOTOS, ANGLES, CHANCES, NAMES, 2),
    "turntable_page": lambda: figures.turntable_page(PHOTOS[0], 0, P, NAMES, 2),
    "answers": lambda: figures.answers(PHOTOS[:4], CHANCES[:4], NAMES),
}  # fmt: skip

test_figures_fit_the_page = fits_the_page(ALL, heights=(200, 700))
test_text_is_large = has_large_text(ALL)
