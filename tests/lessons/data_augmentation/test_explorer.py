"""The augmentation explorer: its copies against Keras, and every control driven to its ends."""

import re
from base64 import b64decode
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from lessons.data_augmentation.explorer import (
    COUNT,
    MOST,
    AugmentationExplorer,
    Change,
    changed,
    copies,
    draw_changes,
    score,
    sheet,
)
from tests.kit import texts
from utils.quiet import keras

layers = keras.layers
NAMES = ["cat", "car", "fruit"]


def smooth(seed):
    """A picture without hard edges, so that half a pixel more or less makes little difference."""
    y, x = np.mgrid[0:48, 0:64] / 10
    waves = [np.sin(x + k) + np.cos(y * (1 + 0.2 * k) + seed) for k in range(3)]
    return np.clip(128 + 45 * np.stack(waves, axis=-1), 0, 255).astype(np.uint8)


IMAGES = np.stack([smooth(k) for k in range(3)])
IMAGE = IMAGES[0]


def by_keras(layer):
    return np.asarray(layer(IMAGE[np.newaxis].astype(np.float32), training=True))[0]


AS_KERAS = {
    "turned": (Change(turn=0.1), lambda: layers.RandomRotation((0.1, 0.1))),
    "turned back": (Change(turn=-0.2), lambda: layers.RandomRotation((-0.2, -0.2))),
    "moved": (Change(down=0.25, right=-0.125),
        lambda: layers.RandomTranslation((0.25, 0.25), (-0.125, -0.125))),
    "smaller": (Change(zoom=0.5), lambda: layers.RandomZoom((0.5, 0.5))),
    "larger": (Change(zoom=-0.3), lambda: layers.RandomZoom((-0.3, -0.3))),
    "brighter": (Change(brightness=0.3), lambda: layers.RandomBrightness((0.3, 0.3))),
    "darker": (Change(brightness=-0.6), lambda: layers.RandomBrightness((-0.6, -0.6))),
    "gray": (Change(saturation=-1), lambda: layers.RandomGrayscale(1.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", AS_KERAS)
def test_a_change_is_that_of_the_keras_layer(name):
    change, layer = AS_KERAS[name]
    difference = np.abs(changed(IMAGE, change) - by_keras(layer()))
    assert difference.mean() < 2.5
    assert np.abs(by_keras(layer()) - IMAGE).mean() > 5, "the layer should do something"


def test_contrast_is_that_of_the_keras_layer():
    pixels = IMAGE[np.newaxis].astype(np.float32)
    expected = layers.RandomContrast(0.5).transform_images(pixels, {"contrast_factor": 1.5})
    np.testing.assert_allclose(changed(IMAGE, Change(contrast=0.5)), expected[0], atol=1)


def test_no_change_is_the_picture():
    np.testing.assert_array_equal(changed(IMAGE, Change()), IMAGE)


def test_mirrored_swaps_left_and_right():
    np.testing.assert_array_equal(changed(IMAGE, Change(mirrored=True)), IMAGE[:, ::-1])


def test_shear_moves_rows_and_leaves_the_middle():
    sheared = changed(IMAGE, Change(shear=0.5))
    np.testing.assert_allclose(sheared[24, 20:40], IMAGE[24, 20:40], atol=6)
    assert np.abs(sheared[4, 20:40].astype(int) - IMAGE[4, 20:40]).mean() > 10
    moved = IMAGE[4, 20 - 10 : 40 - 10].astype(int)  # 19.5 rows above the middle, half of it
    assert np.abs(sheared[4, 20:40] - moved).mean() < 6


@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation"])
@pytest.mark.parametrize("share", [-1, 1])
def test_colors_stay_between_0_and_255(name, share):
    result = changed(IMAGE, replace(Change(), **{name: share}))
    assert result.dtype == np.uint8
    expected = {"brightness": (255 * (share > 0),) * 2}.get(name, (0, 255))
    assert expected[0] <= result.min() <= result.max() <= expected[1]


def test_changes_lie_within_their_strengths_and_grow_with_them():
    weak = draw_changes({"turn": 0.1, "shift": 0.2}, True, 3, 200)
    strong = draw_changes({"turn": 0.2, "shift": 0.2}, True, 3, 200)
    turns = np.array([change.turn for change in weak])
    assert -0.1 <= turns.min() < -0.09 < 0.09 < turns.max() <= 0.1
    np.testing.assert_allclose([change.turn for change in strong], 2 * turns)
    assert [c.down for c in weak] == [c.down for c in strong]
    assert len({(c.down, c.right) for c in weak}) == 200
    assert 70 < sum(change.mirrored for change in weak) < 130
    assert all(c.zoom == c.shear == c.contrast == 0 for c in weak)


def test_without_strength_and_mirror_all_copies_are_the_picture():
    made = copies(IMAGE, {}, False, 0)
    assert (made == IMAGE).all()
    assert made.shape == (COUNT, 48, 64, 3)


def test_the_same_seed_gives_the_same_copies():
    first, second, other = (copies(IMAGE, MOST, True, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


def by_red(pictures):
    """A network that goes by the share of red alone: dark, middle, bright."""
    red = np.asarray(pictures, float)[..., 0].mean(axis=(1, 2)) / 255
    return np.stack([1 - red, 0.9 - np.abs(red - 0.5), red], axis=1)


def always_car(pictures):
    return np.tile([0.0, 1.0, 0.0], (len(pictures), 1))


NETWORKS = {"by red": by_red, "always car": always_car}
IMAGE_TAG = re.compile(r'alt="([^"]*)" src="data:image/webp;base64,([^"]*)"')


def pixels(html):
    """By alternative text, the pictures of a sheet."""
    return {
        alt: np.asarray(Image.open(BytesIO(b64decode(data))).convert("RGB"))
        for alt, data in IMAGE_TAG.findall(html)
    }


def answers(html):
    return re.findall(r"([✓✗]) (\w+)</div>", html)


def test_the_sheet_shows_every_picture_with_what_both_networks_say():
    said = {"first": np.array([[0.9, 0.1], [0.2, 0.8]]), "second": np.array([[0.6, 0.4]] * 2)}
    html = sheet(IMAGES[:2], ["cat", "car"], said, truth=0)
    shown = pixels(html)
    assert list(shown) == ["as it is", "copy 1"]
    for picture, image in zip(shown.values(), IMAGES, strict=False):
        assert np.abs(picture.astype(int) - image).mean() < 8
    assert answers(html) == [("✓", "cat"), ("✓", "cat"), ("✗", "car"), ("✓", "cat")]


def test_names_of_classes_and_networks_are_text():
    said = {"a & b": np.array([[1.0]])}
    assert "<b>x" not in sheet(IMAGES[:1], ["<b>x"], said, 0)
    assert "a &amp; b" in score(said, 0)


def test_the_score_counts_right_answers():
    said = {"one": np.eye(3), "two": np.eye(3)[[1, 1, 0]]}
    assert re.findall(r"(\w+): <b>(\d)</b> of 3", score(said, 1)) == [("one", "1"), ("two", "2")]


@pytest.fixture
def widget():
    return AugmentationExplorer(IMAGES, NAMES, NETWORKS)


def shown(widget):
    return widget.sheet.value


def expected(widget, number, made):
    pictures = np.concatenate([IMAGES[number : number + 1], made])
    said = {name: network(pictures) for name, network in NETWORKS.items()}
    return sheet(pictures, NAMES, said, number)


def test_first_state(widget):
    assert set(widget.strengths.values()) == {0}
    assert shown(widget) == expected(widget, 0, copies(IMAGES[0], {}, True, 0))
    assert len(answers(shown(widget))) == 2 * (COUNT + 1)
    assert "always car: <b>0</b> of 9" in widget.score.value


def test_networks_are_asked_about_the_copies_that_are_shown(widget):
    widget.menu.value = 1
    assert "by red: <b>9</b> of 9" in widget.score.value
    widget.sliders["brightness"].value = 1.0
    right = int(re.search(r"by red: <b>(\d)", widget.score.value)[1])
    assert right < 9
    assert sum(one == ("✓", "car") for one in answers(shown(widget))) == right + 9


@pytest.mark.parametrize("name", MOST)
def test_every_slider_reaches_both_ends(widget, name):
    widget.menu.value = 1
    before = shown(widget)
    slider = widget.sliders[name]
    assert (slider.min, slider.max) == (0, MOST[name])
    slider.value = slider.max
    at_the_end = shown(widget)
    made = copies(IMAGES[1], {name: MOST[name]}, True, 0)
    assert at_the_end == expected(widget, 1, made)
    assert at_the_end != before
    slider.value = slider.min
    assert shown(widget) == before


def test_all_sliders_at_their_ends(widget):
    for slider in widget.sliders.values():
        slider.value = slider.max
    assert len(pixels(shown(widget))) == COUNT + 1


def test_menu_and_mirror(widget):
    seen = set()
    for number in range(3):
        for mirror in (True, False):
            widget.menu.value, widget.mirror.value = number, mirror
            seen.add(shown(widget))
    assert len(seen) == 6


def test_draw_again_draws_other_copies(widget):
    widget.sliders["shift"].value = 0.3
    before = shown(widget)
    widget.again.click()
    assert shown(widget) != before


def test_all_to_zero(widget):
    widget.menu.value = 2
    for slider in widget.sliders.values():
        slider.value = slider.max
    widget.reset.click()
    assert set(widget.strengths.values()) == {0}
    assert not widget.mirror.value
    assert shown(widget) == expected(widget, 2, np.repeat(IMAGES[2:3], COUNT, axis=0))


def test_a_name_for_each_picture():
    with pytest.raises(ValueError, match="3 pictures and 2 names"):
        AugmentationExplorer(IMAGES, NAMES[:2], NETWORKS)


def test_every_control_has_a_label(widget):
    for control in (widget.menu, widget.mirror, widget.again, widget.reset):
        assert control.description
    assert [slider.description for slider in widget.sliders.values()] == list(MOST)


def test_text_never_changes(widget):
    before = widget._repr_mimebundle_()[0]["text/plain"]
    widget.menu.value = 1
    widget.again.click()
    assert widget._repr_mimebundle_()[0]["text/plain"] == before
    assert all(name in before for name in [*NAMES, *MOST, *NETWORKS])


def states():
    return [texts.as_html(AugmentationExplorer(IMAGES, NAMES, NETWORKS))]


test_every_text_fits_with_any_font = texts.fit(states, 16)
