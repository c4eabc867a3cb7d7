"""The key blocks of the families of networks, from maps to maps; what the lesson builds."""

from utils.quiet import keras

layers = keras.layers
Maps = keras.KerasTensor


def conv(x: Maps, maps: int, side: int, activation: str = "relu") -> Maps:
    """A convolution without bias, normalized, with an activation."""
    x = layers.Conv2D(maps, side, padding="same", use_bias=False)(x)
    return _normalized(x, activation)


def depthwise(x: Maps, activation: str = "relu") -> Maps:
    """A 3x3 kernel for each map, normalized, with an activation."""
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    return _normalized(x, activation)


def _normalized(x: Maps, activation: str) -> Maps:
    return layers.Activation(activation)(layers.BatchNormalization()(x))


def vgg_block(x: Maps) -> Maps:
    """Two 3x3 convolutions, and pooling."""
    x = conv(conv(x, x.shape[-1], 3), x.shape[-1], 3)
    return layers.MaxPooling2D()(x)


def residual_block(x: Maps) -> Maps:
    """Two 3x3 convolutions whose result is added to what came in."""
    y = conv(x, x.shape[-1], 3)
    y = conv(y, x.shape[-1], 3, "linear")
    return layers.ReLU()(layers.Add()([x, y]))


def bottleneck_block(x: Maps) -> Maps:
    """1x1 to a quarter of the maps, 3x3 there, 1x1 back, and the shortcut."""
    y = conv(x, x.shape[-1] // 4, 1)
    y = conv(y, x.shape[-1] // 4, 3)
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.ReLU()(layers.Add()([x, y]))


def separable_block(x: Maps, maps: int) -> Maps:
    """Each map by itself, then across the maps."""
    return conv(depthwise(x), maps, 1)


def inverted_residual_block(x: Maps, expansion: int = 6) -> Maps:
    """Wide in the middle, where it is depthwise; the shortcut joins the narrow ends."""
    y = conv(x, expansion * x.shape[-1], 1, "relu6")
    y = depthwise(y, "relu6")
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.Add()([x, y])


def dense_block(x: Maps, growth: int = 32) -> Maps:
    """New maps beside all earlier ones."""
    y = layers.Conv2D(4 * growth, 1, use_bias=False)(_normalized(x, "relu"))
    y = layers.Conv2D(growth, 3, padding="same", use_bias=False)(_normalized(y, "relu"))
    return layers.Concatenate()([x, y])


def squeeze_excite(x: Maps, squeezed: int) -> Maps:
    """Each map times a number from 0 to 1 that a small network makes from the means of all."""
    scale = layers.GlobalAveragePooling2D(keepdims=True)(x)
    scale = layers.Conv2D(squeezed, 1, activation="swish")(scale)
    scale = layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(scale)
    return layers.Multiply()([x, scale])


def mbconv_block(x: Maps, expansion: int = 6) -> Maps:
    """The inverted residual with squeeze-and-excite inside."""
    y = conv(x, expansion * x.shape[-1], 1, "swish")
    y = squeeze_excite(depthwise(y, "swish"), x.shape[-1] // 4)
    y = conv(y, x.shape[-1], 1, "linear")
    return layers.Add()([x, y])


def convnext_block(x: Maps) -> Maps:
    """A 7x7 kernel for each map, a normalization of each place, and a wide middle of 1x1."""
    y = layers.DepthwiseConv2D(7, padding="same")(x)
    y = layers.LayerNormalization(epsilon=1e-6)(y)
    y = layers.Conv2D(4 * x.shape[-1], 1, activation="gelu")(y)
    y = layers.Conv2D(x.shape[-1], 1)(y)
    return layers.Add()([x, y])
