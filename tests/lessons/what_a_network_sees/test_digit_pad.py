"""What the drawing pad makes of a drawing: what the network gets."""

import numpy as np
import pytest

from lessons.what_a_network_sees.digit_pad import prepare, redraw
from utils import data, models, training

pytestmark = pytest.mark.slow

DIGITS = data.digits()
TRAIN, HELD_OUT = np.arange(1400), np.arange(1400, 1797)


@pytest.fixture(scope="module")
def network():
    training.reproducible(0)
    model = models.lenet5()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    pair = (data.enlarged(DIGITS.images[TRAIN]), DIGITS.labels[TRAIN])
    training.fit(model, pair, pair, epochs=6)
    return model


def drawn(rows, columns):
    drawing = np.zeros((64, 64), bool)
    drawing[rows, columns] = True
    return drawing


# ---- From a drawing to the data set's form ---------------------------------------------------


def test_prepare_counts_blocks_of_sixteen_dots():
    ink = prepare(drawn(slice(0, 64), slice(20, 36)))  # twice the size of a bar of 32 by 8
    assert ink.dtype == np.uint8
    np.testing.assert_array_equal(ink, [[0, 0, 0, 16, 16, 0, 0, 0]] * 8)


@pytest.mark.parametrize("corner", [(0, 0), (3, 40), (30, 10)])
def test_place_on_the_pad_does_not_matter(corner):
    top, left = corner
    shape = np.zeros((64, 64), bool)
    shape[top : top + 20, left : left + 4] = True
    shape[top : top + 4, left : left + 12] = True
    at_origin = np.zeros((64, 64), bool)
    at_origin[:20, :4] = at_origin[:4, :12] = True
    np.testing.assert_array_equal(prepare(shape), prepare(at_origin))


def test_size_hardly_matters():
    small = drawn(slice(10, 30), slice(10, 15)) | drawn(slice(10, 15), slice(10, 20))
    large = drawn(slice(10, 50), slice(10, 20)) | drawn(slice(10, 20), slice(10, 30))
    np.testing.assert_allclose(prepare(small).astype(int), prepare(large).astype(int), atol=1)


def test_nothing_drawn_is_no_ink():
    np.testing.assert_array_equal(prepare(np.zeros((64, 64), bool)), np.zeros((8, 8)))


@pytest.mark.parametrize(
    "drawing",
    [drawn(5, 5), drawn(slice(None), slice(None)), drawn(30, slice(None)), drawn(slice(None), 63)],
    ids=["one dot", "everything", "a line across", "a line down"],
)
def test_odd_drawings_stay_in_range(drawing):
    ink = prepare(drawing)
    assert ink.shape == (8, 8)
    assert 0 < ink.max() <= 16


def test_prepare_takes_zeros_and_ones_and_leaves_them():
    drawing = redraw(DIGITS.images[0]).astype(np.uint8)
    kept = drawing.copy()
    np.testing.assert_array_equal(prepare(drawing.tolist()), prepare(drawing))
    np.testing.assert_array_equal(drawing, kept)


def test_prepare_refuses_another_size():
    with pytest.raises(ValueError, match=r"\(32, 32\): expected \(64, 64\)"):
        prepare(np.zeros((32, 32)))


def test_held_out_digits_come_back_nearly_as_they_were():
    back = np.array([prepare(redraw(ink)) for ink in DIGITS.images[HELD_OUT]])
    assert np.abs(back.astype(int) - DIGITS.images[HELD_OUT]).mean() < 2


def test_the_network_reads_most_redrawn_digits(network):
    back = np.array([prepare(redraw(ink)) for ink in DIGITS.images[HELD_OUT]])
    said = network.predict(data.enlarged(back), verbose=0).argmax(axis=1)
    before = network.predict(data.enlarged(DIGITS.images[HELD_OUT]), verbose=0).argmax(axis=1)
    assert (said == before).mean() > 0.85


# ---- Feature maps as pictures ----------------------------------------------------------------
