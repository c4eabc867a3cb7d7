"""The figures of networks draw what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from lessons.convolutional_networks import figures
from utils import plots

RNG = np.random.default_rng(0)
PROBABILITIES = np.array([0.02] * 9 + [0.82])
DIGIT = RNG.random((32, 32, 1))


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_tiles_lay_maps_row_by_row_with_gaps():
    maps = np.stack([np.full((30, 30), n) for n in range(3)], axis=2)
    sheet = figures.tiles(maps, columns=2)
    assert sheet.shape == (62, 62)
    assert (sheet[0, 0], sheet[0, 40], sheet[40, 0]) == (0, 1, 2)
    assert np.isnan(sheet[30]).all()
    assert np.isnan(sheet[40, 40])


def test_tiles_enlarge_small_maps_to_blocks():
    kernel = np.array([[1.0, 2], [3, 4]])[..., np.newaxis]
    sheet = figures.tiles(kernel, columns=1)
    assert sheet.shape == (30, 30)
    np.testing.assert_array_equal(sheet[::15, ::15], kernel[..., 0])


def test_volumes_name_every_layer_with_its_size():
    figure = figures.volumes(["in", "conv", "dense"], [(8, 8, 1), (6, 6, 4), (10,)], split=2)
    assert {"in", "8×8×1", "conv", "6×6×4", "dense", "10"} <= set(texts(figure))
    assert {"feature extraction", "classification"} <= set(texts(figure))


def test_layer_by_layer_shows_every_output():
    outputs = {"conv1": RNG.normal(size=(28, 28, 6)), "flat": RNG.normal(size=40)}
    figure = figures.layer_by_layer(DIGIT, outputs, PROBABILITIES)
    labels = [axes.get_xlabel() for axes in figure.axes] + [
        axes.get_ylabel() for axes in figure.axes
    ]
    assert "28×28×6" in labels
    assert "flat\n40" in labels


def test_signed_maps_are_centered_on_zero():
    figure = figures.layer_by_layer(
        DIGIT, {"conv1": RNG.random((8, 8, 6)), "d": RNG.random(4)}, PROBABILITIES
    )
    for axes in figure.axes[1:3]:
        low, high = axes.images[0].get_clim()
        assert low == -high


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
    figure = plots.learning_curves(history, epochs=5, status="working")
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
    figure = figures.learning_moments(kernels, [PROBABILITIES] * 3, ["a", "b", "c"])
    assert [axes.get_ylabel() for axes in figure.axes[::2]] == ["a", "b", "c"]


def test_duel_draws_this_run_and_the_band():
    figure = figures.duel(
        {"task": {"one": 0.9, "two": 0.6}}, {"task/one": (0.8, 0.95), "task/two": (0.5, 0.7)}
    )
    band, run = figure.axes[0].lines[:2]
    assert list(band.get_xdata()) == [0.8, 0.95]
    assert list(run.get_xdata()) == [0.9]
    assert {"one", "two"} <= set(texts(figure))


def test_confusion_writes_counts_and_leaves_zeros_blank():
    figure = plots.confusion(np.array([[5, 1], [0, 6]]), range(2))
    assert texts(figure) == ["5", "1", "6"]


def test_precision_and_recall_marks():
    figure = figures.precision_and_recall(np.array([0.5, 1]), np.array([1, 0.75]), "ab")
    precision, recall = figure.axes[0].lines
    assert list(precision.get_ydata()) == [0.5, 1]
    assert list(recall.get_ydata()) == [1, 0.75]


def test_worst_mistakes_are_the_surest_wrong_answers():
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.99, 0.01]])
    labels = np.array([1, 1, 0, 0])
    figure = figures.worst_mistakes(RNG.random((4, 8, 8, 1)), labels, probabilities, count=3)
    assert [axes.get_title() for axes in figure.axes] == [
        "said 0 (90%)",
        "said 1 (80%)",
        "said 0 (60%)",
    ]
    assert [axes.get_xlabel() for axes in figure.axes] == ["was 1", "was 0", "was 1"]


def test_digit_rows_sort_by_class():
    labels = np.repeat(np.arange(10), 3)
    images = labels[:, None, None] * np.ones((30, 8, 8))
    figure = figures.digit_rows(images, labels, each=3)
    assert [axes.get_ylabel() for axes in figure.axes] == [str(n) for n in range(10)]
    assert figure.axes[7].images[0].get_array()[0, 0] == 7


def test_enlargement_writes_the_ink():
    ink = np.arange(64).reshape(8, 8) % 17
    assert texts(figures.enlargement(ink, DIGIT)) == [str(n) for n in ink.ravel()]


ALL = {
    "placements": lambda: figures.placements(RNG.random((4, 8, 8, 1)), RNG.random((4, 8, 8, 1))),
    "kernels_and_maps": lambda: figures.kernels_and_maps(
        RNG.normal(size=(5, 5, 6)), RNG.random((2, 32, 32, 1)), RNG.normal(size=(2, 28, 28, 6))
    ),
    "strongest_patches": lambda: figures.strongest_patches(RNG.random((6, 8, 14, 14)), range(6)),
    "reading": lambda: figures.reading(
        RNG.random((64, 64)) > 0.5, np.zeros((8, 8)), DIGIT, RNG.normal(size=(28, 28, 6)), PROBABILITIES
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_can_be_drawn_twice_alike(name):
    state = RNG.bit_generator.state
    first = plots.png(ALL[name]())
    RNG.bit_generator.state = state
    assert first == plots.png(ALL[name]())
    assert first.startswith(b"\x89PNG")


@pytest.mark.parametrize("losses", [[], [0], [2.3, 2.3], [2.3, np.nan], [np.inf]])
def test_learning_curves_have_room_above_every_loss(losses):
    history = dict.fromkeys(("loss", "accuracy", "val_loss", "val_accuracy"), losses)
    figure = plots.learning_curves(history, epochs=5)
    assert figure.axes[0].get_ylim()[1] > max(filter(np.isfinite, losses), default=0)


def test_no_legend_lies_on_the_data():
    history = {name: [0.1] * 5 for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
    curves = plots.learning_curves(history, epochs=5).axes[1]
    marks = figures.precision_and_recall(np.full(5, 0.7), np.full(5, 1.0), "abcde").axes[0]
    for axes in (curves, marks):
        axes.figure.draw_without_rendering()
        assert axes.get_legend().get_window_extent().y0 >= axes.bbox.y1
