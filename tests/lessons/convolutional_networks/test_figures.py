"""The figures of networks draw what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from lessons.convolutional_networks import figures
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


def test_volumes_name_every_layer_with_its_size():
    picture = figures.volumes(["in", "conv", "dense"], [(8, 8, 1), (6, 6, 4), (10,)], split=2)
    assert {"in", "8×8×1", "conv", "6×6×4", "dense", "10"} <= set(texts(picture))
    assert {"feature extraction", "classification"} <= set(texts(picture))
    assert "in 8×8×1, conv 6×6×4, dense 10" in picture.alt


def test_layer_by_layer_shows_every_output():
    outputs = {"conv1": RNG.normal(size=(28, 28, 6)), "flat": RNG.normal(size=40)}
    picture = figures.layer_by_layer(DIGIT, outputs, PROBABILITIES)
    panels = picture.figure.axes
    assert "28×28×6" in [axes.get_xlabel() for axes in panels]
    assert "flat\n40" in [axes.get_ylabel() for axes in panels]
    assert "conv1 (28×28×6) above and flat (40) below" in picture.alt
    assert picture.alt.endswith("says 9 (82%).")


def test_signed_maps_are_centered_on_zero():
    picture = figures.layer_by_layer(
        DIGIT, {"conv1": RNG.random((8, 8, 6)), "d": RNG.random(4)}, PROBABILITIES
    )
    for axes in picture.figure.axes[1:3]:
        low, high = axes.images[0].get_clim()
        assert low == -high


def test_probability_bars_mark_the_highest():
    figure, axes = plt.subplots()
    plots.probability_bars(axes, PROBABILITIES)
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


def test_duel_draws_this_run_and_the_band():
    picture = figures.duel(
        {"task": {"one": 0.9, "two": 0.6}}, {"task/one": (0.8, 0.95), "task/two": (0.5, 0.7)}
    )
    band, run = picture.figure.axes[0].lines[:2]
    assert list(band.get_xdata()) == [0.8, 0.95]
    assert list(run.get_xdata()) == [0.9]
    assert {"one", "two"} <= set(texts(picture))
    assert "task, two: 60% in a range of 50% to 70%" in picture.alt


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


def test_digit_rows_sort_by_class():
    labels = np.repeat(np.arange(10), 3)
    images = labels[:, None, None] * np.ones((30, 8, 8))
    panels = figures.digit_rows(images, labels, each=3).figure.axes
    assert [axes.get_ylabel() for axes in panels] == [str(n) for n in range(10)]
    assert panels[7].images[0].get_array()[0, 0] == 7


def test_enlargement_writes_the_ink():
    ink = np.arange(64).reshape(8, 8) % 17
    assert texts(figures.enlargement(ink, DIGIT)) == [str(n) for n in ink.ravel()]


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


MANY = RNG.random((10, 8, 8, 1))
KERNELS, MAPS = RNG.normal(size=(5, 5, 6)), RNG.uniform(-1, 1, (2, 28, 28, 6))
LAYERS = {"conv1": MAPS[0], "pool2": MAPS[1, :5, :5], "flatten": RNG.normal(size=40)}
INK = np.arange(64).reshape(8, 8) % 17
SHARES = np.linspace(0.6, 1, 10)
RESULTS = {task: {"LeNet-5": 0.9, "dense": 0.6} for task in ("centered", "anywhere")}
BANDS = {f"{task}/{name}": (0.5, 0.9) for task, row in RESULTS.items() for name in row}
ALL = {
    "digit_rows": lambda: figures.digit_rows(INK[None].repeat(100, 0), np.arange(100) % 10),
    "enlargement": lambda: figures.enlargement(INK, DIGIT),
    "placements": lambda: figures.placements(MANY[:9], MANY[:9]),
    "volumes": lambda: figures.volumes(["in", "conv", "dense"], [(8, 8, 1), (6, 6, 4), (10,)], 2),
    "layer_by_layer": lambda: figures.layer_by_layer(DIGIT, LAYERS, PROBABILITIES),
    "learning_frame": lambda: figures.learning_frame(KERNELS, MAPS[0], PROBABILITIES, "epoch 0"),
    "learning_moments": lambda: figures.learning_moments(
        [KERNELS] * 4, [PROBABILITIES] * 4, "abcd"
    ),
    "duel": lambda: figures.duel(RESULTS, BANDS),
    "kernels_and_maps": lambda: figures.kernels_and_maps(KERNELS, MANY[:2], MAPS),
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
