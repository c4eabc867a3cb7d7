"""The drawing pad: what it makes of a drawing, what the network gets, what comes back."""

from io import BytesIO
from time import perf_counter

import numpy as np
import pytest
import traitlets
from IPython.core.formatters import format_display_data
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from lessons.convolutional_networks.digit_pad import DigitPad, prepare, redraw, tiled
from utils import data, models, training
from utils.quiet import keras

pytestmark = pytest.mark.slow

DIGITS = data.digits()
TRAIN, HELD_OUT = np.arange(1400), np.arange(1400, 1797)
SAMPLES = [int(np.flatnonzero(DIGITS.labels == digit)[0]) for digit in range(10)]


@pytest.fixture(scope="module")
def network():
    training.reproducible(0)
    model = models.lenet5()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    pair = (data.enlarged(DIGITS.images[TRAIN]), DIGITS.labels[TRAIN])
    training.fit(model, pair, pair, epochs=6)
    return model


@pytest.fixture
def pad(network):
    return DigitPad(network, DIGITS.images[SAMPLES], range(10))


def packed(drawing):
    return np.packbits(drawing).tobytes()


def size(png):
    with Image.open(BytesIO(png)) as image:
        return image.size


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


def test_tiled_has_purple_above_zero_and_orange_below():
    maps = np.dstack([np.full((56, 56), 1.0), np.full((56, 56), -1.0)])
    pixels = tiled(maps, columns=2)
    assert pixels.shape == (56, 115, 3)
    positive, line, negative = pixels[0, 0], pixels[0, 57], pixels[0, 100]
    assert positive[2] > positive[0]
    assert negative[0] > negative[2]
    assert line.tolist() == [120, 120, 120]


def test_tiled_enlarges_small_maps():
    assert tiled(np.zeros((5, 5, 16)), columns=8).shape == (2 * 55 + 3, 8 * 58 - 3, 3)


# ---- The widget ------------------------------------------------------------------------------


def test_starts_with_a_drawing_its_maps_and_probabilities(pad):
    reading = pad.reading
    assert np.argmax(reading["probabilities"]) == 0
    assert sum(reading["probabilities"]) == pytest.approx(1, abs=1e-5)
    titles = [picture["title"] for picture in reading["pictures"]]
    assert titles == ["conv1: 6 maps of 28×28", "conv2: 16 maps of 10×10", "pool2: 16 maps of 5×5"]
    assert size(reading["seen"]) == (96, 96)
    assert all(size(picture["png"])[0] > 300 for picture in reading["pictures"])


def test_a_drawing_changes_the_reading(pad):
    before = pad.reading["probabilities"]
    pad.drawing = packed(redraw(DIGITS.images[SAMPLES[7]]))
    assert pad.reading["probabilities"] != before
    np.testing.assert_array_equal(pad.ink, prepare(redraw(DIGITS.images[SAMPLES[7]])))


def test_takes_what_a_front_end_sends(pad):
    pad.set_state({"drawing": memoryview(packed(redraw(DIGITS.images[SAMPLES[7]])))})
    assert np.argmax(pad.reading["probabilities"]) == 7


def test_what_the_pad_says_is_what_the_model_says(pad, network):
    pad.drawing = packed(redraw(DIGITS.images[SAMPLES[4]]))
    expected = network(data.enlarged(pad.ink[np.newaxis]))[0]
    np.testing.assert_allclose(pad.reading["probabilities"], expected, rtol=1e-5)


def test_an_empty_pad_has_no_opinion(pad):
    pad.drawing = bytes(512)
    assert pad.reading["probabilities"] == []


def test_every_drawing_is_answered_even_when_the_answer_is_the_same(pad):
    answers = []
    pad.observe(lambda change: answers.append(change.new), "reading")
    drawing = drawn(slice(0, 64), slice(20, 36))
    drawing_moved = np.roll(drawing, 5, axis=1)
    pad.drawing, pad.drawing = packed(drawing), packed(drawing_moved)
    assert len(answers) == 2
    assert answers[0]["probabilities"] == answers[1]["probabilities"]


def test_errors_surface_in_python_and_on_the_pad(pad):
    def broken(image):
        raise RuntimeError("no such luck")

    pad.network = broken
    with pytest.raises(RuntimeError, match="no such luck"):
        pad.drawing = packed(redraw(DIGITS.images[SAMPLES[5]]))
    assert pad.reading == {"problem": "RuntimeError: no such luck"}


def test_refuses_a_drawing_of_another_size(pad):
    with pytest.raises(traitlets.TraitError, match="511 bytes: expected 512"):
        pad.drawing = bytes(511)


def test_refuses_a_layer_that_is_not_there(network):
    with pytest.raises(ValueError, match="conv9"):
        DigitPad(network, DIGITS.images[SAMPLES], range(10), layers=["conv9"])


def test_takes_a_network_with_relu():
    model = models.lens_cnn((32, 32, 1), 10)
    pad = DigitPad(model, DIGITS.images[:2], [0, 1], layers=["conv1", "pool2"])
    assert [p["title"] for p in pad.reading["pictures"]] == [
        "conv1: 8 maps of 30×30", "pool2: 16 maps of 6×6",
    ]  # fmt: skip


def test_text_is_the_same_in_every_run(pad):
    InteractiveShell.instance()
    text = (
        "DigitPad(draw a digit; probabilities and the maps of conv1, conv2, pool2 follow the pen)"
    )
    bundle, _ = format_display_data(pad)
    assert bundle["text/plain"] == text
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_answers_while_the_pen_moves(pad):
    times = []
    for ink in DIGITS.images[HELD_OUT[:20]]:
        started = perf_counter()
        pad.drawing = packed(redraw(ink))
        times.append(perf_counter() - started)
    assert min(times) < 0.15, f"{1000 * min(times):.0f} ms for the quickest update"


def test_no_memory_of_the_model_is_changed(pad, network):
    before = [weights.copy() for weights in network.get_weights()]
    pad.drawing = packed(redraw(DIGITS.images[SAMPLES[3]]))
    for one, other in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert isinstance(pad.network, keras.Model)
