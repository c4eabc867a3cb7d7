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
    assert widget.response.value == response_png(IMAGE, widget.kernel, "signed")
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
        assert widget.response.value == response_png(IMAGE, widget.kernel, "signed")
    assert f"{9 * weight:.4g}" in widget.total.value


def test_choosing_a_kernel_again_after_a_change(widget):
    widget.weights[0].value = 9
    widget.menu.value = "blur"
    widget.menu.value = "vertical edges"
    assert widget.kernel.tolist() == KERNELS["vertical edges"]


def test_text_never_changes(widget):
    before = widget._repr_mimebundle_()[0]["text/plain"]
    widget.menu.value = "blur"
    assert widget._repr_mimebundle_()[0]["text/plain"] == before


test_every_text_fits_with_any_font = texts.fit(lambda: [texts.as_html(LiveFilter(IMAGE))], 13)
