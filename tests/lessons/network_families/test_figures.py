"""The figures on families of networks draw what they are given."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lessons.network_families import figures
from tests.kit.looks import figure_of, fits_the_page, has_large_text
from utils.quiet import keras

pytestmark = pytest.mark.slow

layers = keras.layers

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (16, 16, 3), np.uint8)
PARTS = PHOTO.reshape(4, 4, 4, 4, 3).swapaxes(1, 2).reshape(16, 4, 4, 3)
WEIGHTS = np.full((16, 16), 1 / 16)
SIZES = {"plain": np.geomspace(1e-6, 1, 30), "with shortcuts": np.geomspace(2, 1, 30)}
NETWORKS = {
    "VGG16": (0.713, 138e6, 15.5e9, 20.0),
    "ResNet50": (0.749, 25.6e6, 3.9e9, 6.0),
    "DenseNet121": (0.750, 8.1e6, 2.8e9, 7.0),
    "MobileNetV2": (0.713, 3.5e6, 0.3e9, 1.0),
    "EfficientNetB0": (0.771, 5.3e6, 0.4e9, 2.0),
}
WORTH = [False, False, False, True, True]


def plain(x):
    y = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    return layers.MaxPooling2D()(layers.ReLU()(layers.BatchNormalization()(y)))


def shortcut(x):
    return layers.Add()([x, layers.DepthwiseConv2D(5, padding="same", use_bias=False)(x)])


def squeezed(x):
    y = layers.Conv2D(32, 1, use_bias=False)(x)
    scale = layers.Conv2D(32, 1, activation="sigmoid")(
        layers.GlobalAveragePooling2D(keepdims=True)(y)
    )
    y = layers.Conv2D(4, 1, use_bias=False)(layers.Multiply()([y, scale]))
    return layers.Concatenate()([x, y])


def built(block):
    x = keras.Input((6, 6, 16))
    return keras.Model(x, block(x))


BLOCKS = {block.__name__: built(block) for block in (plain, shortcut, squeezed)}
COSTS = {name: (74_240 - 100 * n, 75_480_000) for n, name in enumerate(BLOCKS)}


def texts(picture):
    return [text.get_text() for axes in figure_of(picture).axes for text in axes.texts]


def axes_of(picture):
    return figure_of(picture).axes


def test_a_block_is_drawn_as_it_is_built():
    drawn = [figures.drawn_block(model) for model in BLOCKS.values()]
    assert [(block.maps, list(block.layers), block.join) for block in drawn] == [
        (16, [("3×3", 8), ("pool", 8)], ""),
        (16, [("5×5 each", 16)], "+"),
        (16, [("1×1", 32), ("squeeze", 32), ("1×1", 4)], "beside"),
    ]


def test_family_blocks_draw_every_layer():
    picture = figures.family_blocks(BLOCKS, COSTS)
    assert [axes.get_title() for axes in axes_of(picture)] == [*BLOCKS, ""]
    for axes, model in zip(axes_of(picture), BLOCKS.values(), strict=False):
        block = figures.drawn_block(model)
        boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        assert len(boxes) == len(block.layers)
        widths = [box.get_width() for box in boxes]
        maps = [maps for _, maps in block.layers]
        assert (
            np.argsort(widths, kind="stable").tolist() == np.argsort(maps, kind="stable").tolist()
        )
        for text, maps in block.layers:
            assert f"{text}, {maps}" in [t.get_text() for t in axes.texts]
    assert "20 maps" in texts(picture)  # 16 are kept beside 4
    written = [text for text in texts(picture) if "parameters" in text]
    assert written[:2] == [f"74.{n} k parameters\n75.5 M multiply-adds" for n in (2, 1)]
    assert "shortcut: 5×5 each to 16, added to what came in" in picture.alt


def test_gradients_run_from_the_first_layer_to_the_last():
    picture = figures.gradients(SIZES)
    (axes,) = axes_of(picture)
    for line, row in zip(axes.lines, SIZES.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), row)
        assert line.get_xdata().tolist() == list(range(1, 31))
    assert axes.get_yscale() == "log"
    assert "plain, 1e-06 to 1" in picture.alt


def test_what_is_worth_a_look_is_filled():
    picture = figures.price_of_accuracy(NETWORKS, WORTH)
    left, right = axes_of(picture)
    for axes, column in ((left, 2), (right, 3)):
        for mark, row, kept in zip(axes.collections, NETWORKS.values(), WORTH, strict=True):
            assert mark.get_offsets().tolist() == [[row[column], row[0]]]
            assert (mark.get_facecolor()[0, :3].tolist() == [1, 1, 1]) is not kept
    assert texts(picture)[:5] == list(NETWORKS)
    assert "VGG16, 71.3%, 138.0 M parameters, 15.5 billion multiply-adds, time 20.0" in picture.alt


def test_patches_are_numbered_row_after_row():
    picture = figures.patches(PHOTO, PARTS, WEIGHTS)
    whole, cut, table, _ = axes_of(picture)
    np.testing.assert_array_equal(whole.images[0].get_array(), PHOTO)
    np.testing.assert_array_equal(cut.images[0].get_array()[:4, 5:9], PARTS[1])
    assert [text.get_text() for text in cut.texts] == [str(n) for n in range(1, 17)]
    np.testing.assert_array_equal(table.images[0].get_array(), WEIGHTS)


ALL = {
    "family_blocks": lambda: figures.family_blocks(BLOCKS, COSTS),
    "gradients": lambda: figures.gradients(SIZES),
    "price_of_accuracy": lambda: figures.price_of_accuracy(NETWORKS, WORTH),
    "patches": lambda: figures.patches(PHOTO, PARTS, WEIGHTS),
}

test_figures_fit_the_page = fits_the_page(ALL, heights=(200, 700))
test_text_is_large = has_large_text(ALL)
