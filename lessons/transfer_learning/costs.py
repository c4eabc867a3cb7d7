"""What a network costs: the multiplications that it takes to run once."""

import math

from utils.quiet import keras

layers = keras.layers


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
