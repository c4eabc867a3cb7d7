"""The blocks of the families, against the networks that Keras ships and against the papers."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lessons.transfer_learning import architectures
from tests.taught import taught
from utils import models
from utils.quiet import keras

layers = keras.layers
BLOCKS = {
    "vgg_block": lambda x: architectures.vgg_block(x, 64),
    "residual_block": architectures.residual_block,
    "bottleneck_block": architectures.bottleneck_block,
    "separable_block": lambda x: architectures.separable_block(x, 64),
    "inverted_residual_block": architectures.inverted_residual_block,
    "dense_block": architectures.dense_block,
    "mbconv_block": architectures.mbconv_block,
}


def built(block, shape=(32, 32, 64)):
    x = keras.Input(shape)
    return keras.Model(x, block(x))


def between(model, first, last):
    """Parameters of the layers of a model from one to another, both included."""
    names = [layer.name for layer in model.layers]
    part = model.layers[names.index(first) : names.index(last) + 1]
    return sum(layer.count_params() for layer in part)


@cache
def application(name, **options):
    """A network as Keras ships it, without its weights."""
    return getattr(keras.applications, name)(weights=None, **options)


def test_shapes_parameters_and_multiply_adds_by_hand():
    normalized = 4 * 64
    expected = {
        "vgg_block": ((16, 16, 64), 2 * (9 * 64 * 64 + normalized), 2 * 9 * 64 * 64 * 1024),
        "residual_block": ((32, 32, 64), 2 * (9 * 64 * 64 + normalized), 2 * 9 * 64 * 64 * 1024),
        "bottleneck_block": (
            (32, 32, 64),
            64 * 16 + 9 * 16 * 16 + 16 * 64 + 4 * (16 + 16 + 64),
            (64 * 16 + 9 * 16 * 16 + 16 * 64) * 1024),
        "separable_block": (
            (32, 32, 64), 9 * 64 + 64 * 64 + 2 * normalized, (9 * 64 + 64 * 64) * 1024),
        "inverted_residual_block": (
            (32, 32, 64),
            2 * 64 * 384 + 9 * 384 + 4 * (384 + 384 + 64),
            (2 * 64 * 384 + 9 * 384) * 1024),
        "dense_block": (
            (32, 32, 96),
            64 * 128 + 9 * 128 * 32 + 4 * (64 + 128),
            (64 * 128 + 9 * 128 * 32) * 1024),
        "mbconv_block": (
            (32, 32, 64),
            2 * 64 * 384 + 9 * 384 + 2 * 384 * 16 + 16 + 384 + 4 * (384 + 384 + 64),
            (2 * 64 * 384 + 9 * 384) * 1024 + 2 * 384 * 16),
    }  # fmt: skip
    for name, block in BLOCKS.items():
        model = built(block)
        found = model.output_shape[1:], model.count_params(), architectures.multiply_adds(model)
        assert found == expected[name], name


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_takes_any_size_and_passes_numbers_on(name):
    model = built(BLOCKS[name], (None, None, 64))
    out = np.asarray(model(np.random.default_rng(0).normal(size=(2, 6, 8, 64))))
    assert np.isfinite(out).all()
    assert out.std() > 0


def test_residual_block_is_that_of_the_backbone():
    backbone = models.load_backbone("course")
    expected = between(backbone, "block3_conv1", "block3_add")
    assert built(architectures.residual_block, (8, 8, 128)).count_params() == expected


def test_shortcuts_let_the_input_through():
    x = np.random.default_rng(0).normal(size=(1, 4, 4, 64)).astype("float32")
    for name in ("residual_block", "bottleneck_block", "inverted_residual_block", "mbconv_block"):
        model = built(BLOCKS[name], (4, 4, 64))
        for layer in model.layers:
            if isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D):
                layer.kernel.assign(np.zeros(layer.kernel.shape))
        through = np.maximum(x, 0) if name in ("residual_block", "bottleneck_block") else x
        np.testing.assert_allclose(model(x), through, atol=1e-5)


def test_dense_block_keeps_what_came_in():
    x = np.random.default_rng(0).normal(size=(1, 4, 4, 64)).astype("float32")
    out = np.asarray(built(architectures.dense_block, (4, 4, 64))(x))
    np.testing.assert_array_equal(out[..., :64], x)


def test_squeeze_excite_scales_whole_maps():
    x = np.random.default_rng(0).normal(size=(1, 4, 4, 8)).astype("float32")
    out = built(lambda t: architectures.squeeze_excite(t, 2), (4, 4, 8))(x)
    ratio = np.asarray(out) / x
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1, :1], x.shape), rtol=1e-4)
    assert 0 < ratio.min() < ratio.max() < 1


def test_bottleneck_is_that_of_resnet_without_the_biases():
    resnet = application("ResNet50")
    theirs = between(resnet, "conv2_block2_1_conv", "conv2_block2_out") - (64 + 64 + 256)
    assert built(architectures.bottleneck_block, (8, 8, 256)).count_params() == theirs


def test_separable_is_that_of_mobilenet():
    mobilenet = application("MobileNet")
    theirs = between(mobilenet, "conv_dw_7", "conv_pw_7_relu")
    ours = built(lambda x: architectures.separable_block(x, 512), (8, 8, 512))
    assert ours.count_params() == theirs


def test_inverted_residual_is_that_of_mobilenet_v2():
    theirs = between(application("MobileNetV2"), "block_2_expand", "block_2_add")
    assert built(architectures.inverted_residual_block, (8, 8, 24)).count_params() == theirs


def test_dense_block_is_that_of_densenet():
    densenet = application("DenseNet121")
    theirs = between(densenet, "conv2_block1_0_bn", "conv2_block2_concat")
    ours = built(lambda x: architectures.dense_block(x, count=2), (8, 8, 64))
    assert ours.count_params() == theirs


def test_mbconv_is_that_of_efficientnet():
    theirs = between(application("EfficientNetB0"), "block2b_expand_conv", "block2b_add")
    assert built(architectures.mbconv_block, (8, 8, 24)).count_params() == theirs


@pytest.mark.parametrize(
    ("name", "printed"),
    [("MobileNetV2", 300e6), ("EfficientNetB0", 0.39e9), ("ResNet50", 3.8e9), ("MobileNet", 569e6)],
)
def test_multiply_adds_are_those_of_the_papers(name, printed):
    """Sandler, table 4; Tan, table 2; He, table 1; Howard, table 8."""
    assert architectures.multiply_adds(application(name)) == pytest.approx(printed, rel=0.02)


def test_whole_networks_are_as_the_lesson_prints_them():
    """In billions of multiply-adds and millions of parameters, for the table of section 6."""
    vgg = application("VGG16", include_top=False, input_shape=(224, 224, 3))
    dense = 7 * 7 * 512 * 4096 + 4096 * 4096 + 4096 * 1000  # its classifier, half a gigabyte
    counted = {
        "VGG16": (architectures.multiply_adds(vgg) + dense, vgg.count_params() + dense + 9192)
    }
    for name in ("ResNet50", "DenseNet121", "MobileNetV2", "EfficientNetB0"):
        model = application(name)
        counted[name] = architectures.multiply_adds(model), model.count_params()
    prose = (Path(__file__).parent.parent / "lessons/14_transfer_learning.py").read_text(
        encoding="utf-8"
    )
    for name, (operations, parameters) in counted.items():
        row = re.search(rf"# \| {name} \|.*", prose)[0]
        assert f"{parameters / 1e6:.1f} million" in row
        assert f"{operations / 1e9:.1f} billion" in row


def test_multiply_adds_of_other_layers():
    x = keras.Input((9, 7, 6))
    y = layers.Conv2D(4, (3, 2), 2, groups=2)(x)  # (4, 3, 4), kernel (3, 2, 3, 4)
    z = layers.DepthwiseConv2D(2, depth_multiplier=3)(y)  # (3, 2, 12), kernel (2, 2, 4, 3)
    out = layers.Dense(5)(layers.Flatten()(z))
    found = architectures.multiply_adds(keras.Model(x, out))
    assert found == 12 * 3 * 2 * 3 * 4 + 6 * 2 * 2 * 4 * 3 + 72 * 5


def test_multiply_adds_say_what_they_cannot_count():
    x = keras.Input((None, None, 3))
    with pytest.raises(ValueError, match="give the model's Input a height and a width"):
        architectures.multiply_adds(keras.Model(x, layers.Conv2D(2, 3, name="c")(x)))
    x = keras.Input((8, 8, 3))
    transposed = layers.Conv2DTranspose(2, 3, name="up")(x)
    with pytest.raises(TypeError, match="cannot count the Conv2DTranspose 'up'"):
        architectures.multiply_adds(keras.Model(x, transposed))
    inner = built(architectures.residual_block, (8, 8, 3))
    with pytest.raises(TypeError, match="cannot count the Functional"):
        architectures.multiply_adds(keras.Model(x, inner(x)))


def test_the_lesson_builds_the_same_blocks():
    helpers = ("norm", "conv", "depthwise", "squeeze_excite")
    lesson = taught("14", *helpers, *BLOCKS, layers=layers)
    for name in BLOCKS:
        arguments = (64,) if name in ("vgg_block", "separable_block") else ()
        ours = built(lambda x, a=arguments, n=name: getattr(architectures, n)(x, *a))
        theirs = built(lambda x, a=arguments, n=name: lesson[n](x, *a))
        assert described(ours) == described(theirs), name


def described(model):
    """The layers of a model: kind, shapes of the weights, settings that a block chooses."""
    settings = ("activation", "padding", "strides")
    return [
        (
            type(layer).__name__,
            [w.shape for w in layer.weights],
            [str(layer.get_config().get(name)) for name in settings],
        )
        for layer in model.layers
    ]
