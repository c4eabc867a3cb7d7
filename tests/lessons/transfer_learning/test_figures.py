"""The figures on transfer learning draw what they are given."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lessons.transfer_learning import architectures, figures
from tests.kit.looks import fits_the_page, has_large_text
from utils.quiet import keras

RNG = np.random.default_rng(0)
PHOTOS = RNG.integers(0, 256, (36, 12, 12, 3), np.uint8).repeat(4, axis=1).repeat(4, axis=2)
NAMES = ["airplane", "car", "cat", "motorbike"]
ANGLES = np.arange(0, 360, 10)
P = np.array([0.1, 0.2, 0.65, 0.05])
CHANCES = np.tile(P, (36, 1))
CHANCES[30:] = [0.7, 0.1, 0.15, 0.05]
STARTS = np.array([0.8, 0.82, 0.85, 0.86, 0.9])
LAYERS = ["stem", "block1_conv1", "block1_conv2", "block2_conv1"]
MOVES = {"small": np.array([0, 0, 0.03, 0.02]), "large": np.array([0, 0, 1.5, 2.0])}
FEW = {
    name: {n: STARTS - 0.1 * k + n / 1000 for n in (5, 20, 100)}
    for k, name in enumerate(("frozen", "fine-tuned", "from scratch"))
}
COSTS = {block.name: (74_240 - 100 * n, 75_480_000) for n, block in enumerate(figures.FAMILIES)}


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def pages():
    return [
        figures.turntable_page(PHOTOS[n], ANGLES[n], CHANCES[n], NAMES, 2) for n in range(0, 36, 3)
    ]


def test_neighbors_put_a_cross_on_what_is_wrong():
    found = {
        "pixels": PHOTOS[:8].reshape(2, 4, 48, 48, 3),
        "features": PHOTOS[8:16].reshape(2, 4, 48, 48, 3),
    }
    right = {
        "pixels": np.array([[1, 0, 0, 1], [0, 0, 0, 0]], bool),
        "features": np.ones((2, 4), bool),
    }
    figure = figures.neighbors(PHOTOS[20:22], found, right)
    queries, pixels, features = figure.axes
    assert [axes.get_title() for axes in figure.axes] == [
        "picture", "by pixels: 2 of 8 right", "by features: 8 of 8 right",
    ]  # fmt: skip
    assert [len(axes.lines[0].get_xdata()) for axes in figure.axes] == [0, 6, 0]
    side = figures.THUMBNAIL
    assert pixels.images[0].get_array().shape == (2 * side, 4 * side, 3)
    middle = pixels.images[0].get_array()[side // 2, side // 2].astype(int)
    np.testing.assert_allclose(middle, PHOTOS[0, 24, 24], atol=60)
    np.testing.assert_array_equal(
        queries.images[0].get_array()[:side], figures._thumbnail(PHOTOS[20])
    )
    crosses = pixels.lines[0].get_xdata() // side, pixels.lines[0].get_ydata() // side
    np.testing.assert_array_equal(np.stack(crosses[::-1], axis=1), np.argwhere(~right["pixels"]))
    assert features.images[0].get_array().shape == (2 * side, 4 * side, 3)


def test_weights_moved_shade_what_did_not_move():
    axes = figures.weights_moved(LAYERS, MOVES).axes[0]
    for line, shares in zip(axes.lines, MOVES.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), shares)
        np.testing.assert_allclose(line.get_xdata(), np.arange(4), atol=0.2)
    (shade,) = (p for p in axes.patches if isinstance(p, Rectangle))
    assert shade.get_x() + shade.get_width() == 1.5
    assert texts(axes.figure) == ["frozen: not one bit moved"]
    assert axes.get_ylim()[1] > 2


def test_weights_moved_shade_nothing_when_all_moved():
    axes = figures.weights_moved(LAYERS, {"one": np.full(4, 0.1)}).axes[0]
    assert not axes.texts


def test_weights_moved_shade_only_the_first_layers():
    moves = {"one": np.array([0, 0.1, 0, 0]), "other": np.array([0, 0, 0, 0.1])}
    axes = figures.weights_moved(LAYERS, moves).axes[0]
    (shade,) = (p for p in axes.patches if isinstance(p, Rectangle))
    assert shade.get_x() + shade.get_width() == pytest.approx(0.5)


def test_more_rows_than_marks_are_all_drawn():
    names = [f"network {n}" for n in range(len(figures.MARKS) + 1)]
    axes = figures.starts_and_live(dict.fromkeys(names, STARTS), {}, {}).axes[0]
    rows = [line.get_ydata()[0] for line in axes.lines if len(line.get_ydata())]
    assert rows == [*range(len(names))]


def test_few_shot_have_a_mark_a_start_and_a_star():
    axes = figures.few_shot(FEW, (20, 0.7), 0.125).axes[0]
    star = next(line for line in axes.lines if line.get_marker() == "*")
    assert (*star.get_xdata(), *star.get_ydata()) == (20, 0.7)
    drawn = [line for line in axes.lines if line.get_marker() in ("o", "s", "D")]
    assert len(drawn) == 9
    np.testing.assert_array_equal(drawn[1].get_ydata(), FEW["frozen"][20])
    np.testing.assert_allclose(drawn[1].get_xdata(), 20, rtol=0.1)
    means = next(line for line in axes.lines if len(line.get_ydata()) == 3)
    np.testing.assert_allclose(means.get_ydata(), [v.mean() for v in FEW["frozen"].values()])
    assert [t.get_text() for t in axes.get_xticklabels()] == ["5", "20", "100"]
    assert axes.get_xscale() == "log"


def test_starts_and_live_show_the_run_or_the_note():
    table = {"course": STARTS, "MobileNetV2": STARTS + 0.05}
    with_run = figures.starts_and_live(table, {"MobileNetV2": 0.93}, {})
    stars = [line for line in with_run.axes[0].lines if line.get_marker() == "*"]
    assert [(list(s.get_xdata()), list(s.get_ydata())) for s in stars] == [([0.93], [1]), ([], [])]
    without = figures.starts_and_live(table, {}, {"MobileNetV2": "not here"})
    assert texts(without) == ["", "not here"]
    entries = [text.get_text() for text in without.axes[0].get_legend().get_texts()]
    assert entries == ["a start of the table"]
    assert without.axes[0].texts[1].get_position()[1] == 1
    np.testing.assert_array_equal(without.axes[0].lines[0].get_xdata(), STARTS)


def test_turntable_follows_the_probability_of_the_right_class():
    figure = figures.turntable(PHOTOS, ANGLES, CHANCES, NAMES, 2)
    strip, axes = figure.axes
    assert strip.images[0].get_array().shape == (28, 12 * 28, 3)
    line, right, wrong = axes.lines
    assert line.get_xdata()[0] == -10
    np.testing.assert_array_equal(np.diff(line.get_xdata()), 10)
    np.testing.assert_array_equal(sorted(line.get_ydata()), sorted(CHANCES[:, 2]))
    assert line.get_ydata()[0] == CHANCES[35, 2]
    assert (len(right.get_xdata()), len(wrong.get_xdata())) == (30, 6)
    assert set(wrong.get_xdata()) == {300, 310, 320, 330, 340, -10}
    assert axes.get_xlim() == (-15, 345)


def test_pages_of_the_turntable_have_one_size_and_name_the_answer():
    figures = pages()
    assert len({tuple(figure.get_size_inches()) for figure in figures}) == 1
    first, last = figures[0].axes[1], figures[-1].axes[1]
    assert texts(figures[0]) == ["65%"]
    assert texts(figures[-1]) == ["70%"]
    assert (first.get_title(), last.get_title()) == ("right", "it is: cat")
    assert [bar.get_width() for bar in first.patches] == list(P)
    assert [bool(bar.get_hatch()) for bar in last.patches] == [False, False, True, False]
    assert figures[-1].axes[0].get_title() == "330°"


BUILT = {
    "VGG": lambda x: architectures.vgg_block(x, 64),
    "ResNet": architectures.residual_block,
    "ResNet, bottleneck": architectures.bottleneck_block,
    "MobileNet": lambda x: architectures.separable_block(x, 64),
    "MobileNetV2": architectures.inverted_residual_block,
    "DenseNet": architectures.dense_block,
    "EfficientNet": architectures.mbconv_block,
}


@pytest.mark.parametrize("block", figures.FAMILIES, ids=lambda block: block.name)
def test_drawings_are_the_blocks_that_are_built(block):
    layers = keras.layers
    x = keras.Input((8, 8, 64))
    model = keras.Model(x, BUILT[block.name](x))
    kinds = {
        layers.DepthwiseConv2D: "3×3 each",
        layers.MaxPooling2D: "pool",
        layers.Multiply: "squeeze",
    }
    found = []
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D) and not layer.use_bias:  # not inside the squeeze
            found.append((f"{layer.kernel_size[0]}×{layer.kernel_size[1]}", layer.filters))
        elif type(layer) in kinds:
            found.append((kinds[type(layer)], layer.output.shape[-1]))
    assert found == list(block.layers)
    joins = {layers.Add: "+", layers.Concatenate: "beside"}
    assert [joins[type(layer)] for layer in model.layers if type(layer) in joins] == [
        *filter(None, [block.join])
    ]


def test_family_blocks_draw_every_layer():
    figure = figures.family_blocks(COSTS)
    drawn = [axes.get_title() for axes in figure.axes]
    assert drawn == [*(block.name for block in figures.FAMILIES), ""]
    for axes, block in zip(figure.axes, figures.FAMILIES, strict=False):
        boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        assert len(boxes) == len(block.layers)
        widths = [box.get_width() for box in boxes]
        maps = [maps for _, maps in block.layers]
        assert (
            np.argsort(widths, kind="stable").tolist() == np.argsort(maps, kind="stable").tolist()
        )
        for text, maps in block.layers:
            assert f"{text}, {maps}" in [t.get_text() for t in axes.texts]
    assert "96 maps" in texts(figure)  # DenseNet keeps 64 beside 32
    written = [text for text in texts(figure) if "parameters" in text]
    assert written[:2] == [f"74.{n} k parameters\n75.5 M multiply-adds" for n in (2, 1)]
    assert len(written) == len(COSTS)


ALL = {
    "neighbors": lambda: figures.neighbors(
        PHOTOS[:6],
        {n: PHOTOS[:24].reshape(6, 4, 48, 48, 3) for n in ("pixels", "features")},
        {n: RNG.random((6, 4)) < 2 for n in ("pixels", "features")}),
    "weights_moved": lambda: figures.weights_moved(LAYERS, MOVES),
    "few_shot": lambda: figures.few_shot(FEW, (20, 0.7), 0.125),
    "starts_and_live": lambda: figures.starts_and_live(
        {"a": STARTS, "b": STARTS}, {"a": 0.8}, {"b": "not at hand"}),
    "turntable": lambda: figures.turntable(PHOTOS, ANGLES, CHANCES, NAMES, 2),
    "turntable_page": lambda: figures.turntable_page(PHOTOS[0], 0, P, NAMES, 2),
    "family_blocks": lambda: figures.family_blocks(COSTS),
}  # fmt: skip

test_figures_fit_the_page = fits_the_page(ALL, heights=(200, 700))
test_text_is_large = has_large_text(ALL)
