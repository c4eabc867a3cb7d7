"""The key blocks of the families of convolutional networks, and what a network costs.

A block takes a Keras tensor of feature maps, shape (N, H, W, C), and returns one. Lesson 14 builds
them up.
"""

import math

from utils.quiet import keras

layers = keras.layers

KerasTensor = keras.KerasTensor


def norm(x: KerasTensor, activation: str = "relu") -> KerasTensor:
    """Batch normalization, then an activation."""
    x = layers.BatchNormalization()(x)
    return layers.Activation(activation)(x)


def conv(x: KerasTensor, maps: int, side: int, activation: str = "relu") -> KerasTensor:
    """Convolution that keeps height and width, then `norm`."""
    x = layers.Conv2D(maps, side, padding="same", use_bias=False)(x)
    return norm(x, activation)


def depthwise(x: KerasTensor, activation: str = "relu") -> KerasTensor:
    """A 3x3 kernel of its own for each map, none of which sees another map; then `norm`."""
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    return norm(x, activation)


def vgg_block(x: KerasTensor, maps: int) -> KerasTensor:
    """Two 3x3 convolutions, then pooling: (N, H/2, W/2, maps).

    The networks of 2014 had no batch normalization yet, and a bias in its place.

    Source: Simonyan and Zisserman, Very deep convolutional networks for large-scale image
    recognition (2014), table 1, column B.
    """
    x = conv(x, maps, 3)
    x = conv(x, maps, 3)
    return layers.MaxPooling2D()(x)


def residual_block(x: KerasTensor) -> KerasTensor:
    """Two 3x3 convolutions, added to what came in.

    Source: He, Zhang, Ren and Sun, Deep residual learning for image recognition (2015), figure 2.
    """
    y = conv(x, x.shape[-1], 3)
    y = conv(y, x.shape[-1], 3, "linear")
    return layers.ReLU()(layers.Add()([x, y]))


def bottleneck_block(x: KerasTensor) -> KerasTensor:
    """A 1x1 convolution to a quarter of the maps, 3x3, 1x1 back; added to what came in.

    Source: as `residual_block`, figure 5.
    """
    y = conv(x, x.shape[-1] // 4, 1)
    y = conv(y, x.shape[-1] // 4, 3)
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.ReLU()(layers.Add()([x, y]))


def separable_block(x: KerasTensor, maps: int) -> KerasTensor:
    """3x3 in each map by itself, then 1x1 across the maps: (N, H, W, maps).

    Source: Howard et al., MobileNets: efficient convolutional neural networks for mobile vision
    applications (2017), figure 3.
    """
    x = depthwise(x)
    return conv(x, maps, 1)


def inverted_residual_block(x: KerasTensor, expansion: int = 6) -> KerasTensor:
    """1x1 to more maps, depthwise 3x3, 1x1 back without an activation; added to what came in.

    Source: Sandler, Howard, Zhu, Zhmoginov and Chen, MobileNetV2: inverted residuals and linear
    bottlenecks (2018), table 1.
    """
    y = conv(x, expansion * x.shape[-1], 1, "relu6")
    y = depthwise(y, "relu6")
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.Add()([x, y])


def dense_block(x: KerasTensor, growth: int = 32, count: int = 1) -> KerasTensor:
    """`count` times `growth` new maps, put beside all that came before: C + count * growth maps.

    Source: Huang, Liu, van der Maaten and Weinberger, Densely connected convolutional networks
    (2016), DenseNet-B: normalization first, and a 1x1 convolution to 4 * growth maps before each
    3x3.
    """
    for _ in range(count):
        y = layers.Conv2D(4 * growth, 1, use_bias=False)(norm(x))
        y = layers.Conv2D(growth, 3, padding="same", use_bias=False)(norm(y))
        x = layers.Concatenate()([x, y])
    return x


def squeeze_excite(x: KerasTensor, squeezed: int) -> KerasTensor:
    """Every map times a number from 0 to 1, which a small network makes from the means of all.

    Source: Hu, Shen, Albanie, Sun and Wu, Squeeze-and-excitation networks (2017).
    """
    scale = layers.GlobalAveragePooling2D(keepdims=True)(x)
    scale = layers.Conv2D(squeezed, 1, activation="swish")(scale)
    scale = layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(scale)
    return layers.Multiply()([x, scale])


def mbconv_block(x: KerasTensor, expansion: int = 6) -> KerasTensor:
    """EfficientNet's block: an inverted residual with `squeeze_excite` inside.

    Without the drop-out of whole blocks that its training uses.

    Source: Tan and Le, EfficientNet: rethinking model scaling for convolutional neural networks
    (2019), section 4; the squeeze to a quarter of the maps that come in, from its code.
    """
    y = conv(x, expansion * x.shape[-1], 1, "swish")
    y = depthwise(y, "swish")
    y = squeeze_excite(y, x.shape[-1] // 4)
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.Add()([x, y])


def multiply_adds(model: keras.Model) -> int:
    """Multiplications (each with its addition) in the convolutions and dense layers, for one image.

    Each weight of a kernel is used once at every place of the output. Normalization, activations,
    pooling, sums and biases are left out, as in the papers.

    Args:
        model: of a fixed input size, its layers side by side.

    Raises:
        TypeError: a layer with weights that is neither a Conv2D, a DepthwiseConv2D, a Dense nor a
            batch normalization, or a model inside the model.
        ValueError: a layer whose output has no fixed size.
    """
    return sum(map(_multiply_adds_of, model.layers))


def _multiply_adds_of(layer: keras.Layer) -> int:
    if not layer.weights or isinstance(layer, layers.BatchNormalization | layers.Normalization):
        return 0
    if not isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D | layers.Dense):
        raise TypeError(f"cannot count the {type(layer).__name__} {layer.name!r}.")
    places = layer.output.shape[1:-1]
    if None in places:
        raise ValueError(
            f"the output of {layer.name!r} has the shape {layer.output.shape}: give the model's "
            "Input a height and a width."
        )
    return math.prod(places) * math.prod(layer.kernel.shape)
