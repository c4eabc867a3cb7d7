"""What networks cost, against the papers and by hand."""

from functools import cache

import pytest

from lessons.network_families import costs
from utils.quiet import keras

layers = keras.layers


@cache
def application(name, **options):
    """A network as Keras ships it, without its weights."""
    return getattr(keras.applications, name)(weights=None, **options)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "printed"),
    [("MobileNetV2", 300e6), ("EfficientNetB0", 0.39e9), ("ResNet50", 3.8e9), ("MobileNet", 569e6)],
)
def test_multiply_adds_are_those_of_the_papers(name, printed):
    """Sandler, table 4; Tan, table 2; He, table 1; Howard, table 8."""
    assert costs.multiply_adds(application(name)) == pytest.approx(printed, rel=0.02)


@pytest.mark.slow
def test_the_table_has_what_keras_builds():
    """VGG16 without its classifier of half a gigabyte, which is added by hand."""
    table = costs.networks()
    vgg = application("VGG16", include_top=False, input_shape=(224, 224, 3))
    dense = 7 * 7 * 512 * 4096 + 4096 * 4096 + 4096 * 1000
    counted = {"VGG16": (vgg.count_params() + dense + 9192, costs.multiply_adds(vgg) + dense)}
    for name in ("ResNet50", "DenseNet121", "MobileNetV2", "EfficientNetB0"):
        model = application(name)
        counted[name] = model.count_params(), costs.multiply_adds(model)
    assert counted == {name: row[1:3] for name, row in table.items()}


def test_times_are_multiples_of_the_fastest():
    times = [row[3] for row in costs.networks().values()]
    assert min(times) == 1
    assert max(times) < 60


def test_a_network_that_no_other_beats_is_worth_a_look():
    assert costs.worth_a_look([1, 2, 2, 3], [0.6, 0.7, 0.7, 0.65]) == [True, True, True, False]


def between(name, first, last):
    """Parameters of the layers of a network from one to another, both included."""
    model = application(name)
    names = [layer.name for layer in model.layers]
    part = model.layers[names.index(first) : names.index(last) + 1]
    return sum(layer.count_params() for layer in part)


@pytest.mark.slow
def test_the_blocks_are_those_of_the_networks_that_keras_ships():
    """By the formulas that a claim of the lesson holds against its blocks, on other maps."""

    def inverted(c, squeeze=0):
        w = 6 * c
        return 2 * c * w + 9 * w + 4 * (2 * w + c) + (2 * w * squeeze + squeeze + w) * (squeeze > 0)

    def dense(c):
        return c * 128 + 9 * 128 * 32 + 4 * (c + 128)

    c, n = 256, 64
    biases = 2 * n + c  # which ResNet50 keeps beside its normalizations
    bottleneck = 2 * c * n + 9 * n * n + 4 * (2 * n + c)
    assert between("ResNet50", "conv2_block2_1_conv", "conv2_block2_out") == bottleneck + biases
    separable = 9 * 512 + 512 * 512 + 2 * 4 * 512
    assert between("MobileNet", "conv_dw_7", "conv_pw_7_relu") == separable
    assert between("MobileNetV2", "block_2_expand", "block_2_add") == inverted(24)
    found = between("DenseNet121", "conv2_block1_0_bn", "conv2_block2_concat")
    assert found == dense(64) + dense(96)
    found = between("EfficientNetB0", "block2b_expand_conv", "block2b_add")
    assert found == inverted(24, squeeze=6)


def test_multiply_adds_of_other_layers():
    x = keras.Input((9, 7, 6))
    y = layers.Conv2D(4, (3, 2), 2, groups=2)(x)  # (4, 3, 4), kernel (3, 2, 3, 4)
    z = layers.DepthwiseConv2D(2, depth_multiplier=3)(y)  # (3, 2, 12), kernel (2, 2, 4, 3)
    out = layers.Dense(5)(layers.Flatten()(z))
    found = costs.multiply_adds(keras.Model(x, out))
    assert found == 12 * 3 * 2 * 3 * 4 + 6 * 2 * 2 * 4 * 3 + 72 * 5


def test_multiply_adds_say_what_they_cannot_count():
    x = keras.Input((None, None, 3))
    with pytest.raises(ValueError, match="give the model's Input a height and a width"):
        costs.multiply_adds(keras.Model(x, layers.Conv2D(2, 3, name="c")(x)))
    x = keras.Input((8, 8, 3))
    transposed = layers.Conv2DTranspose(2, 3, name="up")(x)
    with pytest.raises(TypeError, match="cannot count the Conv2DTranspose 'up'"):
        costs.multiply_adds(keras.Model(x, transposed))
    inner = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(2, 3)])
    with pytest.raises(TypeError, match="cannot count the Sequential"):
        costs.multiply_adds(keras.Model(x, inner(x)))
