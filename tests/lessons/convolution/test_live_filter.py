"""The live filter: its pictures, and every control driven to its ends."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from scipy import signal

from lessons.convolution.live_filter import KERNELS, VIEWS, LiveFilter, response_png
from tests.kit import texts

IMAGE = np.random.default_rng(0).integers(0, 256, (20, 30)).astype(np.uint8)


def gray(png):
    return np.asarray(Image.open(BytesIO(png)).convert("L"))


@pytest.fixture
def widget():
    return LiveFilter(IMAGE)


def test_response_as_a_photograph_is_the_correlation():
    kernel = np.array(KERNELS["sharpen"])
    expected = np.clip(signal.correlate2d(IMAGE.astype(float), kernel, "valid"), 0, 255)
    np.testing.assert_allclose(gray(response_png(IMAGE, kernel, "pixels")), expected, atol=1)


def test_a_kernel_of_zeros_gives_an_even_picture():
    for view in VIEWS.values():
        assert np.ptp(gray(response_png(IMAGE, np.zeros((3, 3)), view))) == 0


def test_first_state(widget):
    assert widget.kernel.tolist() == KERNELS["vertical edges"]
    assert widget.response.value == response_png(IMAGE, widget.kernel, "auto")
    assert "<b>0</b>" in widget.total.value


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("view", VIEWS.values())
def test_menus(widget, name, view):
    widget.menu.value = name
    widget.view.value = view
    np.testing.assert_allclose(widget.kernel, KERNELS[name])
    assert widget.response.value == response_png(IMAGE, widget.kernel, view)


@pytest.mark.parametrize("weight", [-1e6, -1, 0, 0.1, 5, 1e6])
def test_every_weight_counts(widget, weight):
    for n, field in enumerate(widget.weights):
        field.value = weight
        assert widget.kernel.ravel()[n] == weight
        assert widget.response.value == response_png(IMAGE, widget.kernel, "auto")
    assert f"{9 * weight:.4g}" in widget.total.value


def test_choosing_a_kernel_again_after_a_change(widget):
    widget.weights[0].value = 9
    widget.menu.value = "blur"
    widget.menu.value = "vertical edges"
    assert widget.kernel.tolist() == KERNELS["vertical edges"]


@pytest.mark.parametrize("view", ["signed", "absolute", "auto"])
def test_twice_the_weights_make_another_picture(view):
    for kernel in map(np.array, KERNELS.values()):
        assert response_png(IMAGE, kernel, view) != response_png(IMAGE, 2 * kernel, view)


@pytest.mark.parametrize(
    ("name", "view"), [("Sobel", "signed"), ("blur", "pixels"), ("sharpen", "pixels")]
)
def test_the_sum_of_the_weights_decides_how_it_is_shown(name, view):
    kernel = KERNELS[name]
    assert response_png(IMAGE, kernel, "auto") == response_png(IMAGE, kernel, view)


def test_the_blur_adds_up_to_one(widget):
    widget.menu.value = "blur"
    assert "<b>1</b>" in widget.total.value


def test_a_move_by_one_pixel_shows_in_the_tile(widget):
    widget.menu.value = "leave as it is"
    still = gray(widget.tile.value)
    for field, weight in zip(widget.weights, [0, 0, 0, 1, 0, 0, 0, 0, 0], strict=True):
        field.value = weight
    np.testing.assert_array_equal(gray(widget.tile.value)[:, 10:], still[:, :-10])


def test_text_never_changes(widget):
    before = widget._repr_mimebundle_()[0]["text/plain"]
    widget.menu.value = "blur"
    assert widget._repr_mimebundle_()[0]["text/plain"] == before


test_every_text_fits_with_any_font = texts.fit(lambda: [texts.as_html(LiveFilter(IMAGE))], 16)
