"""The figures of lesson 07: they draw what they are given."""

import numpy as np

from lessons.convolution import figures
from utils import plots

IMAGE = np.arange(36).reshape(6, 6)
KERNEL = np.array([[1, 0, -1]] * 3)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_windows_write_the_products_and_their_sum():
    figure = figures.windows(IMAGE, KERNEL, [(0, 0), (1, 2)])
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels[0] == "0 + 0 + -2\n+ 6 + 0 + -8\n+ 12 + 0 + -14\n= -6"
    assert [axes.get_title() for axes in figure.axes] == ["output [0, 0]", "output [1, 2]"]


def test_slide_against_result_counts_the_slips():
    figure = figures.slide_against_result(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [0, 4]]))
    assert figure.axes[0].get_title() == "printed on the slide: 1 of 4 wrong"


def test_dense_and_convolution_counts_the_weights():
    figure = figures.dense_and_convolution(9)
    assert figure.axes[0].get_title() == "dense: 63 weights, all different"
    assert len(figure.axes[0].lines) == 63


def test_photographs_center_signed_responses():
    figure = figures.photographs([IMAGE, IMAGE - 30.0], ["a", "b"], [False, True])
    low, high = figure.axes[1].images[0].get_clim()
    assert low == -high


def test_kernel_bank_shows_a_blur_as_whole_numbers():
    figure = figures.kernel_bank(
        IMAGE, {"blur": np.full((3, 3), 1 / 9), "edge": KERNEL}, [IMAGE, IMAGE]
    )
    assert figure.axes[0].get_title() == "blur (÷ 9)"
    assert texts(figure)[:9] == ["1"] * 9


def test_kernels_never_show_minus_zero():
    figure = figures.kernels_learning(np.full((3, 3, 3), -0.01), KERNEL, [0, 2])
    assert set(texts(figure)[:9]) == {"0.0"}
    assert [axes.get_title() for axes in figure.axes] == [
        "after 0 steps",
        "after 2 steps",
        "to be found",
    ]


def test_learning_step_marks_the_loss():
    kernels, losses = np.zeros((4, 3, 3)), np.array([8.0, 4.0, 2.0, 1.0])
    figure = figures.learning_step(kernels, losses, np.ones((4, 5, 5)), 2)
    assert figure.axes[2].lines[-1].get_xydata().tolist() == [[2, 2]]


def test_signals_are_centered():
    figure = figures.signals(np.arange(5.0), {"long": np.ones(5), "short": np.ones(3)}, "t", "y")
    assert figure.axes[0].lines[1].get_xdata().tolist() == [1, 2, 3]


def test_resized_takes_the_middle_square():
    photo = np.zeros((4, 8, 3), np.uint8)
    photo[:, 2:6] = 200
    assert (plots.resized(photo, 2) == 200).all()
    assert plots.resized(photo, 2).shape == (2, 2, 3)
