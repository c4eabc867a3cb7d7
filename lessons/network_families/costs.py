"""What a network costs: the multiplications that it takes to run once, and its time."""

import math
from collections.abc import Sequence

from utils.data import tables
from utils.quiet import keras

layers = keras.layers

FAMILY_COSTS_SHA256 = "cf0172bd80334301f3b432823fbf5582f6d1d60f2a6dd2b2b7c2a8def812b45f"
"""Of data/family_costs.csv."""
NORMALIZATIONS = (layers.BatchNormalization, layers.LayerNormalization, layers.Normalization)
"""Layers that are not counted."""


def multiply_adds(model: keras.Model) -> int:
    """Multiplications (each with its addition) in the convolutions and dense layers, for one image.

    Each weight of a kernel is used once at every place of the output. Normalization, activations,
    pooling, sums and biases are left out, as in the papers.

    Args:
        model: of a fixed input size, its layers side by side.

    Raises:
        TypeError: a layer with weights that is neither a Conv2D, a DepthwiseConv2D, a Dense nor a
            normalization, or a model inside the model.
        ValueError: a layer whose output has no fixed size.
    """
    return sum(map(_multiply_adds_of, model.layers))


def _multiply_adds_of(layer: keras.Layer) -> int:
    if not layer.weights or isinstance(layer, NORMALIZATIONS):
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


def networks() -> dict[str, tuple[float, int, int, float]]:
    """Of five networks of `keras.applications`, as measure.py in this folder made the table.

    Returns:
        By name: accuracy on ImageNet as Keras' documentation prints it, parameters, multiply-adds
        for one picture, and the time for it, as a multiple of the shortest.
    """
    groups = tables.grouped("family_costs.csv", FAMILY_COSTS_SHA256, keys=1)
    rows = {name: lines[0].tolist() for (name,), lines in groups.items()}
    fastest = min(row[3] for row in rows.values())
    return {
        name: (reached, int(parameters), int(multiplies), time / fastest)
        for name, (reached, parameters, multiplies, time) in rows.items()
    }


def worth_a_look(costs: Sequence[float], accuracies: Sequence[float]) -> list[bool]:
    """For each network, whether no other is as cheap and as accurate, and better in one of them."""
    nets = list(zip(costs, accuracies, strict=True))
    return [
        not any(c <= cost and a >= reached and (c, a) != (cost, reached) for c, a in nets)
        for cost, reached in nets
    ]
