"""What the widgets share: the described box, the flipbook, arrays as pictures."""

from io import BytesIO

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from ipywidgets.embed import dependency_state
from PIL import Image

from utils import plots
from utils.widgets import VIEW, Described, flipbook, picture


def draw(step):
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.plot([0, step])
    return figure


@pytest.fixture(scope="module")
def book():
    plots.style()
    return flipbook(draw, [0, 2, 7], "A line that gets steeper.", label="page", interval=100)


def test_a_box_says_what_it_shows():
    bundle, metadata = Described([ipywidgets.IntSlider()], "A slider.")._repr_mimebundle_()
    assert bundle["text/plain"] == "A slider."
    assert VIEW in bundle
    assert metadata == {}


def test_a_flipbook_carries_the_digest_of_its_pages(book):
    def digest_of(book):
        return book._repr_mimebundle_()[1][VIEW]["pixels"]

    assert digest_of(book) == digest_of(flipbook(draw, [0, 2, 7], "The same pages."))
    assert digest_of(book) != digest_of(flipbook(draw, [0, 2, 8], "Another page."))


def test_flipbook_has_a_page_a_frame(book):
    controls, stack, _ = book.children
    play, slider = controls.children
    assert len(stack.children) == 3
    assert (play.min, play.max, play.interval) == (0, 2, 100)
    assert (slider.min, slider.max, slider.description) == (0, 2, "page")
    assert stack.selected_index == 0


def test_flipbook_is_drawn_with_the_frames_and_packed_without_a_visible_change(book):
    for step, page in zip((0, 2, 7), book.children[1].children, strict=True):
        drawn = plots.png(draw(step))
        before, after = (
            np.asarray(Image.open(BytesIO(data)).convert("RGB"), int)
            for data in (drawn, page.value)
        )
        assert after.shape == before.shape
        np.testing.assert_array_equal(after[0, 0], before[0, 0])
        assert np.abs(after - before).max() < 32
        assert np.abs(after - before).mean() < 1
        assert len(page.value) < 0.8 * len(drawn)


def test_flipbook_turns_without_a_kernel(book):
    play, slider = book.children[0].children
    state = dependency_state(book).values()
    links = [m["state"] for m in state if m["model_name"] == "LinkModel"]
    ends = [
        [end[0].removeprefix("IPY_MODEL_") for end in (m["source"], m["target"])] for m in links
    ]
    assert [play.model_id, slider.model_id] in ends
    assert [slider.model_id, book.children[1].model_id] in ends


def test_picture_maps_the_ends_of_the_range():
    values = np.array([[-5.0, -1.0], [1.0, 5.0]])
    image = Image.open(BytesIO(picture(values, "gray", -1, 1))).convert("L")
    assert np.asarray(image).tolist() == [[0, 0], [255, 255]]
    signed = Image.open(BytesIO(picture(np.array([[0.0]]), "PuOr", -1, 1))).convert("RGB")
    assert min(signed.getpixel((0, 0))) > 240
