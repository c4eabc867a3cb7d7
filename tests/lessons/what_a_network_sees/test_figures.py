"""The figures of what a network sees draw what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from lessons.what_a_network_sees import figures
from tests.kit.looks import figure_of, fits_the_page, has_large_text
from utils import plots

RNG = np.random.default_rng(0)
PROBABILITIES = np.array([0.02] * 9 + [0.82])
DIGIT = RNG.random((32, 32, 1))


def texts(drawing):
    return [text.get_text() for axes in figure_of(drawing).axes for text in axes.texts]


def test_tiles_lay_maps_row_by_row_with_gaps():
    maps = np.stack([np.full((30, 30), n) for n in range(3)], axis=2)
    sheet = plots.tiles(maps, columns=2)
    assert sheet.shape == (62, 62)
    assert (sheet[0, 0], sheet[0, 40], sheet[40, 0]) == (0, 1, 2)
    assert np.isnan(sheet[30]).all()
    assert np.isnan(sheet[40, 40])


def test_tiles_enlarge_small_maps_to_blocks():
    kernel = np.array([[1.0, 2], [3, 4]])[..., np.newaxis]
    sheet = plots.tiles(kernel, columns=1)
    assert sheet.shape == (30, 30)
    np.testing.assert_array_equal(sheet[::15, ::15], kernel[..., 0])


def test_probability_bars_mark_the_highest():
    figure, axes = plt.subplots()
    figures.probability_bars(axes, PROBABILITIES)
    assert texts(figure) == ["82%"]
    colors = [to_hex(bar.get_facecolor()) for bar in axes.patches]
    assert colors.count(colors[9]) == 1


@pytest.mark.parametrize("epochs_so_far", [0, 1, 3])
def test_learning_curves_keep_their_axes_while_they_grow(epochs_so_far):
    history = {
        name: [0.5] * epochs_so_far for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    }
    figure = plots.learning_curves(history, epochs=5, status="working").figure
    assert figure.axes[0].get_xlim() == (0.5, 5.5)
    assert [len(line.get_xdata()) for line in figure.axes[0].lines] == [epochs_so_far] * 2
    assert figure.get_suptitle() == "working"


def test_learning_frames_have_one_size():
    sizes = set()
    for n in range(2):
        figure = figures.learning_frame(
            RNG.normal(size=(5, 5, 6)), RNG.uniform(-1, 1, (28, 28, 6)), PROBABILITIES, f"page {n}"
        )
        path = plots.png(figure)
        sizes.add(tuple(int.from_bytes(path[i : i + 4], "big") for i in (16, 20)))
    assert len(sizes) == 1


def test_learning_moments_have_a_row_each():
    kernels = [RNG.normal(size=(5, 5, 6)) for _ in range(3)]
    picture = figures.learning_moments(kernels, [PROBABILITIES] * 3, ["a", "b", "c"])
    assert [axes.get_ylabel() for axes in picture.figure.axes[::2]] == ["a", "b", "c"]
    assert "a: 9 (82%), b: 9 (82%)" in picture.alt


def test_confusion_writes_counts_and_leaves_zeros_blank():
    figure = plots.confusion(np.array([[5, 1], [0, 6]]), range(2))
    assert texts(figure) == ["5", "1", "6"]


def test_precision_and_recall_marks():
    picture = figures.precision_and_recall(np.array([0.5, 1]), np.array([1, 0.75]), "ab")
    precision, recall = picture.figure.axes[0].lines
    assert list(precision.get_ydata()) == [0.5, 1]
    assert list(recall.get_ydata()) == [1, 0.75]


def test_worst_mistakes_are_the_surest_wrong_answers():
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.99, 0.01]])
    labels = np.array([1, 1, 0, 0])
    picture = figures.worst_mistakes(RNG.random((4, 8, 8, 1)), labels, probabilities, count=3)
    panels = picture.figure.axes
    titles = ["said 0 (90%)", "said 1 (80%)", "said 0 (60%)"]
    assert [axes.get_title() for axes in panels] == titles
    assert [axes.get_xlabel() for axes in panels] == ["was 1", "was 0", "was 1"]
    assert picture.alt.endswith("1 as 0 (90%), 0 as 1 (80%), 1 as 0 (60%).")


@pytest.mark.parametrize(("labels", "shown"), [([0, 0], []), ([0, 1], ["said 0 (70%)"])])
def test_few_mistakes_leave_room(labels, shown):
    probabilities = np.array([[0.9, 0.1], [0.7, 0.3]])
    picture = figures.worst_mistakes(RNG.random((2, 8, 8, 1)), np.array(labels), probabilities)
    assert [axes.get_title() for axes in picture.figure.axes if axes.axison] == shown


@pytest.mark.parametrize("losses", [[], [0], [2.3, 2.3], [2.3, np.nan], [np.inf]])
def test_learning_curves_have_room_above_every_loss(losses):
    history = dict.fromkeys(("loss", "accuracy", "val_loss", "val_accuracy"), losses)
    figure = plots.learning_curves(history, epochs=5).figure
    assert figure.axes[0].get_ylim()[1] > max(filter(np.isfinite, losses), default=0)


def test_no_legend_lies_on_the_data():
    history = {name: [0.1] * 5 for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
    curves = plots.learning_curves(history, epochs=5).figure.axes[1]
    marks = figures.precision_and_recall(np.full(5, 0.7), np.full(5, 1.0), "abcde").figure.axes[0]
    for axes in (curves, marks):
        axes.figure.draw_without_rendering()
        assert axes.get_legend().get_window_extent().y0 >= axes.bbox.y1


def test_one_number_is_what_its_window_makes():
    image, kernel = np.ones((8, 8, 1)), np.full((3, 3), 0.1)
    result = np.full((6, 6), np.tanh(1.0))
    picture = figures.one_number(image, kernel, 0.1, result, (2, 4))
    assert "at row 2, column 4" in picture.alt
    assert "0.90; with the bias 0.10 and tanh they make the number 0.76" in picture.alt
    square = picture.figure.axes[0].patches[0]
    assert (square.get_x(), square.get_y(), square.get_width()) == (3.5, 1.5, 3)


def test_an_arrow_shows_where_the_weights_grow():
    kernels = np.dstack([np.tile(np.arange(5.0), (5, 1)) - 2, np.ones((5, 5))])
    maps = np.zeros((1, 28, 28, 2))
    figure = figures.kernels_and_maps(kernels, DIGIT[None], maps, np.zeros(2)).figure
    (arrow,) = figure.axes[1].texts
    (right, down), (left, up) = arrow.xy, arrow.xyann
    assert right > left
    assert down == up
    assert not figure.axes[2].texts


def test_white_in_a_map_means_that_nothing_is_there():
    maps = np.full((1, 6, 6, 2), 0.3)
    maps[0, 2, 2] = 0.9
    figure = figures.kernels_and_maps(np.ones((5, 5, 2)), DIGIT[None], maps, np.full(2, 0.3)).figure
    drawn = figure.axes[4].images[0].get_array()
    assert drawn[0, 0] == 0
    assert np.isclose(drawn[2, 2], 0.6)


def test_maps_by_depth_show_every_layer():
    outputs = {"conv1": RNG.normal(size=(28, 28, 6)), "conv2": RNG.normal(size=(10, 10, 16))}
    picture = figures.maps_by_depth(DIGIT, outputs, PROBABILITIES)
    assert [axes.get_xlabel() for axes in picture.figure.axes[1:3]] == ["28×28×6", "10×10×16"]
    low, high = picture.figure.axes[1].images[0].get_clim()
    assert low == -high
    assert picture.alt.endswith("says 9 (82%).")


def test_votes_are_ranked_and_counted():
    products = np.array([[1.0, -1], [-0.5, 2], [3, -1]])
    picture = figures.votes(products, np.array([0.5, 0]), ("3", "8"))
    left, right = picture.figure.axes
    assert [bar.get_height() for bar in left.patches] == [3, 1, -0.5]
    assert left.get_title() == "for 3: they add up to 4.0"
    assert right.get_xlabel() == "1 units for it, 2 against"
    assert "3: 2 for, 1 against, 4.0" in picture.alt


COLORED = RNG.random((16, 48, 48, 3))
EIGHT = ("airplane", "car", "cat", "dog", "flower", "fruit", "motorbike", "person")


def test_answers_tell_right_from_wrong():
    labels, shares = np.array([0, 1, 2, 3]), np.eye(8)[[0, 5, 2, 6]]
    picture = figures.answers(COLORED[:4], labels, shares, EIGHT)
    panels = picture.figure.axes
    assert [axes.get_title() for axes in panels] == [
        "airplane\n100%", "cat\n100%", "fruit\n100%", "motorbike\n100%",
    ]  # fmt: skip
    assert [axes.get_xlabel() for axes in panels] == ["", "", "is car", "is dog"]
    assert "car: fruit (100%)" in picture.alt
    assert picture.caption == "What does the network say of each?"


MANY = RNG.random((10, 8, 8, 1))
KERNELS, MAPS = RNG.normal(size=(5, 5, 6)), RNG.uniform(-1, 1, (2, 28, 28, 6))
INK = np.arange(64).reshape(8, 8) % 17
PRODUCTS = RNG.normal(size=(84, 2))
SHARES = np.linspace(0.6, 1, 10)
ALL = {
    "answers": lambda: figures.answers(COLORED, np.repeat(range(8), 2), np.eye(8)[[6] * 16], EIGHT),
    "one_number": lambda: figures.one_number(DIGIT, KERNELS[..., 0], 0.1, MAPS[0, ..., 0], (3, 4)),
    "maps_by_depth": lambda: figures.maps_by_depth(
        DIGIT, {"conv1": MAPS[0], "pool1": MAPS[1, :14, :14]}, PROBABILITIES
    ),
    "learning_frame": lambda: figures.learning_frame(KERNELS, MAPS[0], PROBABILITIES, "epoch 0"),
    "learning_moments": lambda: figures.learning_moments(
        [KERNELS] * 4, [PROBABILITIES] * 4, "abcd"
    ),
    "kernels_and_maps": lambda: figures.kernels_and_maps(KERNELS, MANY[:2], MAPS, np.zeros(6)),
    "votes": lambda: figures.votes(PRODUCTS, np.zeros(2), ("3", "8")),
    "strongest_patches": lambda: figures.strongest_patches(
        np.resize(DIGIT, (6, 8, 14, 14)), range(6)
    ),
    "precision_and_recall": lambda: figures.precision_and_recall(SHARES, SHARES[::-1], range(10)),
    "worst_mistakes": lambda: figures.worst_mistakes(
        MANY, np.zeros(10, int), np.tile(PROBABILITIES, (10, 1))
    ),
    "reading": lambda: figures.reading(
        np.zeros((64, 64), bool), INK, DIGIT, MAPS[0], PROBABILITIES
    ),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(ALL))
test_text_is_large = pytest.mark.slow(has_large_text(ALL))
