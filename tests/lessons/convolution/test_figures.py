"""The figures of the lesson on convolution: they draw what they are given, and say so."""

import numpy as np
import pytest
from scipy import signal

from lessons.convolution import figures
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import figure_of, fits_the_page, has_large_text

IMAGE = np.arange(36).reshape(6, 6)
KERNEL = np.array([[1, 0, -1]] * 3)
PHOTO = np.random.default_rng(0).integers(0, 256, (40, 50))
MAPS = np.random.default_rng(1).normal(size=(38, 48, 2))
VOLUME = np.random.default_rng(4).integers(0, 10, (4, 4, 3))
TABLES = np.random.default_rng(5).integers(-2, 3, (2, 2, 3))
ERROR = np.array([[1, -2], [0, 3]])
LEARNED = np.random.default_rng(2).normal(size=(20, 3, 3))
LOSSES = 0.7 ** np.arange(20)
RESPONSES = np.random.default_rng(3).normal(size=(20, 5, 5))

FIGURES = {
    "dense and convolution": figures.dense_and_convolution,
    "windows": lambda: figures.windows(IMAGE, KERNEL, [(0, 0), (1, 2)]),
    "one window": lambda: figures.windows(IMAGE, KERNEL, [(3, 3)]),
    "volume to map": lambda: figures.volume_under_kernel(VOLUME, TABLES, -3),
    "moved maps": lambda: figures.moved_maps((PHOTO, PHOTO), (MAPS[..., 0],) * 2, (4, 5)),
    "bias and ReLU": lambda: figures.bias_and_relu(PHOTO, MAPS[..., 0], -1),
    "weight collects": lambda: figures.weight_collects(IMAGE[:3, :3], ERROR, (0, 1)),
    "edge strengths": lambda: figures.edge_strengths(PHOTO, MAPS[..., 0], MAPS[..., 1]),
    "edges and warmth": lambda: figures.edges_and_warmth(PHOTO, MAPS),
    "kernel bank": lambda: figures.kernel_bank(PHOTO, {"a": KERNEL, "b": KERNEL}, [PHOTO, PHOTO]),
    "kernels learning": lambda: figures.kernels_learning(LEARNED, KERNEL, [0, 2, 10, 19]),
    "learning step": lambda: figures.learning_step(LEARNED, LOSSES, RESPONSES, 2),
    "signals": lambda: figures.signals(
        np.arange(50), {"long": MAPS[0, :, 0].repeat(2)[:50], "short": MAPS[0, :40, 0]}, "t", "y"
    ),
}

test_figures_fit_the_page = pytest.mark.slow(fits_the_page(FIGURES, heights=(200, 700)))
test_texts_are_large = pytest.mark.slow(has_large_text(FIGURES))


@pytest.fixture(scope="module")
def book():
    return figures.learning_book(LEARNED, LOSSES, RESPONSES)


test_pages_are_small = pytest.mark.slow(has_small_pages(10, 40_000))
test_pages_turn = pytest.mark.slow(turns_to_both_ends(10))


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_windows_write_the_products_and_their_sum():
    picture = figures.windows(IMAGE, KERNEL, [(0, 0), (1, 2)])
    axes = picture.figure.axes
    assert axes[0].get_xlabel() == "0 + 0 + -2\n+ 6 + 0 + -8\n+ 12 + 0 + -14\n= -6"
    assert [panel.get_title() for panel in axes] == ["output [0, 0]", "output [1, 2]"]
    assert "(0, 0) and (1, 2). The sums of its 9 products: -6 and -6." in picture.alt


def test_volume_under_kernel_adds_up_what_every_channel_gives():
    picture = figures.volume_under_kernel(VOLUME, TABLES, 2)
    alone = [signal.correlate2d(VOLUME[..., c], TABLES[..., c], "valid") for c in range(3)]
    grids = {
        axes.get_title(): [text.get_text() for text in axes.texts] for axes in picture.figure.axes
    }
    truth = {
        **{f"{name} alone": one for name, one in zip(("red", "green", "blue"), alone, strict=True)},
        "sum + bias": sum(alone) + 2,
        "one map": np.maximum(sum(alone) + 2, 0),
    }
    for title, values in truth.items():
        assert grids[title] == [f"{value:g}" for value in values.ravel()]
    assert f"+ 2 = {sum(alone)[0, 0] + 2}".replace("-", "−") in picture.alt


def test_moved_maps_frame_the_same_place():
    figure = FIGURES["moved maps"]().figure
    before, after = (figure.axes[n].patches[0].get_xy() for n in (1, 3))
    assert np.subtract(after, before).tolist() == [5, 4]
    assert figure.axes[0].patches[0].get_xy() == before


def test_bias_and_relu_count_what_is_left():
    response = np.array([[-1.0, 1], [2, 3]])
    picture = figures.bias_and_relu(IMAGE[:4, :4], response, -2)
    *_, shifted, left = (axes.images[0].get_array() for axes in picture.figure.axes)
    assert shifted.tolist() == [[-3, -1], [0, 1]]
    assert left.tolist() == [[0, 0], [0, 1]]
    assert "75% of it above zero" in picture.alt
    assert "25% are above zero" in picture.alt


def test_weight_collects_shows_one_entry_of_the_gradient():
    picture = figures.weight_collects(IMAGE[:3, :3], ERROR, (1, 0))
    products = [axes.get_xlabel() for axes in picture.figure.axes]
    assert products == ["6 × 1\n= 6", "7 × −2\n= −14", "12 × 0\n= 0", "13 × 3\n= 39", "sum\n= 31"]
    assert texts(picture.figure)[-4:] == ["?", "?", "31", "?"]
    assert signal.correlate2d(IMAGE[:3, :3], ERROR, "valid")[1, 0] == 31


def test_dense_and_convolution_counts_the_weights():
    picture = figures.dense_and_convolution(5)
    assert picture.figure.axes[0].get_title() == "dense: 15 weights, all different"
    assert len(picture.figure.axes[0].lines) == 15
    assert "15 lines" in picture.alt


def test_responses_are_centered_on_zero():
    figures_of_responses = FIGURES["moved maps"]().figure, FIGURES["bias and ReLU"]().figure
    for figure in figures_of_responses:
        low, high = figure.axes[1].images[0].get_clim()
        assert low == -high


def test_edge_strengths_says_which_filter_answers_more():
    picture = figures.edge_strengths(IMAGE, np.full((4, 4), -8.0), np.full((4, 4), 2.0))
    assert "8 and 2 strong" in picture.alt
    assert picture.figure.axes[1].images[0].get_array().min() == 8


def test_edges_and_warmth_says_where_it_is_warm():
    maps = np.zeros((4, 5, 2))
    maps[2, 3, 1] = 1
    assert "row 2, column 3" in figures.edges_and_warmth(np.zeros((6, 7, 3)), maps).alt


def test_kernel_bank_shows_a_blur_as_whole_numbers():
    kernels = {"blur": np.full((3, 3), 1 / 9), "edge": KERNEL}
    picture = figures.kernel_bank(IMAGE, kernels, [IMAGE, IMAGE])
    assert picture.figure.axes[0].get_title() == "blur (÷ 9)"
    assert texts(picture.figure)[:9] == ["1"] * 9
    assert "2 kernels" in picture.alt
    assert "blur and edge" in picture.alt


def test_kernels_never_show_minus_zero():
    picture = figures.kernels_learning(np.full((3, 3, 3), -0.01), KERNEL, [0, 2])
    assert set(texts(picture.figure)[:9]) == {"0.0"}
    assert [axes.get_title() for axes in picture.figure.axes] == [
        "after 0 steps",
        "after 2 steps",
        "to be found",
    ]
    assert "farthest off is about 1 away" in picture.alt


def test_learning_step_marks_the_loss():
    figure = figure_of(FIGURES["learning step"]())
    assert figure.axes[2].lines[-1].get_xydata().tolist() == [[2, LOSSES[2]]]


def test_signals_are_centered():
    series = {"long": np.ones(5), "short": np.ones(3)}
    picture = figures.signals(np.arange(5.0), series, "t", "y")
    assert picture.figure.axes[0].lines[1].get_xdata().tolist() == [1, 2, 3]
    assert "short: from 1.0 to 1.0." in picture.alt
