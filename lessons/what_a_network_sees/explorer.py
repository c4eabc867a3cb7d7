"""The network explorer: every number of a trained network, from the vote down to the pixel.

Python takes the network apart once (`plan` and `weights`); all else runs in the browser
(static/explorer.js), so the explorer lives without a kernel in a stored notebook, a deck, a page.
"""

import zlib
from collections.abc import Sequence
from math import ceil, floor, log10
from pathlib import Path

import anywidget
import matplotlib as mpl
import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from utils.plots import SIGNED
from utils.quiet import keras

STATIC = Path(__file__).parent / "static"
MOST_PICTURES = 20
KNOWN = (
    "Conv2D, MaxPooling2D, AveragePooling2D, GlobalMaxPooling2D, GlobalAveragePooling2D, Flatten, "
    "Dense, Dropout, BatchNormalization, Rescaling, Activation, ReLU and Softmax"
)
ACTIVATIONS = ("linear", "relu", "tanh", "softmax")

layers = keras.layers


class NetworkExplorer(anywidget.AnyWidget):
    """Look into a trained network: its maps, and how every number in them comes about.

    Args:
        model: a built `keras.Sequential` of the layers in `KNOWN`, for pictures of one channel or
            three. Its weights are copied: train it further, and make another explorer.
        images: 1 to 20 pictures to choose from, shape (N, H, W, C), as the model takes them:
            whole numbers 0..255 or numbers 0..1.
        class_names: what the outputs of the model are called.

    Where the model takes square pictures of one
    channel, the learner may draw, and a drawing is brought into the form of the digits of the
    course, as `digit_pad.prepare` does. Colors have one scale a layer: the activation's own, or
    what covers all of `images`.

    Raises:
        TypeError: no Sequential model.
        ValueError: a layer or a setting that the explorer does not know; pictures or names that do
            not fit the model.
    """

    _esm = STATIC / "explorer.js"
    _css = STATIC / "explorer.css"

    plan = traitlets.List().tag(sync=True)
    class_names = traitlets.List().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    palette = traitlets.Bytes().tag(sync=True)

    def __init__(self, model: keras.Sequential, images: ArrayLike, class_names: Sequence):
        if not isinstance(model, keras.Sequential):
            raise TypeError(
                f"model is a {type(model).__name__}: expected a keras.Sequential, one layer after "
                "the other."
            )
        if not model.built:
            raise ValueError(
                f"{model.name} is not built: begin it with keras.Input((height, width, channels))."
            )
        pixels = _pixels(images, model.input_shape[1:])
        plan, numbers = _taken_apart(model, pixels)
        names = [str(name) for name in class_names]
        if plan[-1]["shape"] != [len(names)]:
            raise ValueError(
                f"{len(names)} class names for an output of shape {tuple(plan[-1]['shape'])}: "
                "expected one name for each number of the output."
            )
        colors = mpl.colormaps[SIGNED](np.arange(256), bytes=True)[:, :3]
        super().__init__(
            plan=plan,
            class_names=names,
            weights=packed(numbers),
            pictures=packed(pixels),
            palette=colors.tobytes(),
        )
        self._text = (
            f"NetworkExplorer({model.name} on {len(pixels)} pictures of "
            f"{'x'.join(map(str, pixels.shape[1:]))}; {len(names)} classes: {', '.join(names)})"
        )

    def __repr__(self) -> str:
        """The same text in every run: nbval compares it."""
        return self._text


def packed(values: ArrayLike) -> bytes:
    """Numbers as the browser gets them: float32, deflated.

    The first bytes of all numbers stand together, then the second ones, and so on, which packs
    closer.
    """
    numbers = np.ravel(values).astype("<f4")
    return zlib.compress(numbers.view(np.uint8).reshape(-1, 4).T.tobytes(), 9)


def _pixels(images: ArrayLike, shape: tuple) -> NDArray[np.float32]:
    pixels = np.asarray(images, np.float32)
    if len(shape) != 3 or None in shape or shape[-1] not in (1, 3):
        raise ValueError(
            f"the model takes input of shape {shape}: expected pictures (height, width, channels) "
            "of fixed size, with 1 channel or 3."
        )
    if pixels.shape[1:] != shape or not 1 <= len(pixels) <= MOST_PICTURES:
        raise ValueError(
            f"images have shape {pixels.shape}: expected (N, {', '.join(map(str, shape))}) with N "
            f"from 1 to {MOST_PICTURES}."
        )
    if not (pixels.min() >= 0 and pixels.max() <= 255):  # also where one is NaN
        raise ValueError(
            f"images hold {pixels.min():g} to {pixels.max():g}: expected pixels 0..1 or 0..255."
        )
    return pixels


# ---- A network as a list of steps ----------------------------------------------------------------


def _taken_apart(model: keras.Sequential, pixels: NDArray) -> tuple[list[dict], NDArray]:
    """The steps from picture to vote, each with its shape and color scale, and all weights."""
    full = 1.0 if pixels.max() <= 1 else 255.0
    first = {"kind": "input", "name": "input", "shape": list(pixels.shape[1:]), "limit": full}
    plan, arrays, values = [first], [], pixels
    for layer in model.layers:
        _settings(layer, values.ndim)
        if isinstance(layer, layers.Dropout):
            continue
        step, weights = _step(layer, values.shape[1:])
        values = np.asarray(layer(values))
        activation = step["activation"]
        bounded = activation in ("tanh", "softmax")
        plan.append(
            {
                "name": layer.name,
                "layer": type(layer).__name__,
                "shape": list(values.shape[1:]),
                "limit": 1.0 if bounded else _rounded_up(np.abs(values).max()),
                "at": sum(array.size for array in arrays),
            }
            | step
        )
        arrays += weights
    numbers = np.concatenate([np.ravel(array) for array in arrays]) if arrays else np.zeros(0)
    if not np.isfinite(numbers).all():
        raise ValueError(
            f"{model.name} has weights that are not finite: train it again, with a lower rate."
        )
    return plan, numbers


def _rounded_up(value: float) -> float:
    """The next number of two digits: 1.234 gives 1.3."""
    if not np.isfinite(value) or value <= 0:
        return 1.0
    unit = 10.0 ** (floor(log10(value)) - 1)
    return float(f"{ceil(value / unit - 1e-6) * unit:.6g}")


def _step(layer: keras.Layer, before: tuple[int, ...]) -> tuple[dict, list[NDArray]]:
    """What one layer does, and its weights in the order in which the browser reads them."""
    if isinstance(layer, layers.Conv2D):
        step = _window(layer.kernel_size, layer.strides, layer.padding, before)
        return {"kind": "conv", "activation": _activation(layer)} | step, _kernel_and_bias(layer)
    if isinstance(layer, layers.Dense):
        return {"kind": "dense", "activation": _activation(layer)}, _kernel_and_bias(layer)
    if isinstance(layer, layers.MaxPooling2D | layers.AveragePooling2D):
        step = _window(layer.pool_size, layer.strides, layer.padding, before)
        return _pooling(layer) | step, []
    if isinstance(layer, layers.GlobalMaxPooling2D | layers.GlobalAveragePooling2D):
        return _pooling(layer) | _window(before[:2], (1, 1), "valid", before), []
    if isinstance(layer, layers.Flatten):
        return {"kind": "flatten", "activation": "linear"}, []
    if isinstance(layer, layers.BatchNormalization | layers.Rescaling):
        return {"kind": "scale", "activation": "linear"}, _scale_and_offset(layer, before[-1])
    return {"kind": "activation", "activation": _activation(layer)}, []


def _settings(layer: keras.Layer, rank: int) -> None:
    """Refuse a layer, or a setting of a layer, that the explorer does not know."""
    kinds = tuple(getattr(layers, name) for name in KNOWN.replace(" and ", ", ").split(", "))
    if type(layer) not in kinds:
        raise ValueError(
            f"layer {layer.name!r} is a {type(layer).__name__}: the explorer knows {KNOWN}."
        )
    config = layer.get_config()
    wanted = {
        "dilation_rate": ((1, 1), [1, 1]),
        "groups": (1,),
        "data_format": ("channels_last",),
        "keepdims": (False,),
        "max_value": (None,),
        "negative_slope": (0, None),
        "threshold": (0, None),
    }
    for name, allowed in wanted.items():
        if name in config and config[name] not in allowed:
            raise ValueError(
                f"layer {layer.name!r} has {name}={config[name]!r}: the explorer knows {name}="
                f"{allowed[0]!r} alone."
            )
    if isinstance(layer, layers.Dense) and rank != 2:
        raise ValueError(
            f"layer {layer.name!r} is a Dense on maps: put a Flatten or a global pooling before it."
        )
    if isinstance(layer, layers.BatchNormalization | layers.Softmax):
        axis = config["axis"]
        if axis not in (-1, rank - 1, [-1], [rank - 1]):
            raise ValueError(
                f"layer {layer.name!r} has axis={axis!r}: the explorer knows the last axis, -1."
            )


def _activation(layer: keras.Layer) -> str:
    if isinstance(layer, layers.ReLU | layers.Softmax):
        return type(layer).__name__.lower()
    name = keras.activations.serialize(layer.activation)
    if name not in ACTIVATIONS:
        raise ValueError(
            f"layer {layer.name!r} has the activation {name!r}: the explorer knows "
            f"{', '.join(ACTIVATIONS)}."
        )
    return name


def _kernel_and_bias(layer: keras.Layer) -> list[NDArray]:
    kernel, *bias = layer.get_weights()
    return [kernel, bias[0] if bias else np.zeros(kernel.shape[-1])]


def _pooling(layer: keras.Layer) -> dict:
    how = "max" if "Max" in type(layer).__name__ else "mean"
    return {"kind": "pool", "how": how, "activation": "linear"}


def _window(size: Sequence, strides: Sequence, padding: str, before: Sequence) -> dict:
    """A sliding window, with the rows and columns of padding above and left of the map."""
    ahead = [0, 0]
    if padding == "same":
        ahead = [
            max((ceil(n / s) - 1) * s + k - n, 0) // 2
            for n, k, s in zip(before, size, strides, strict=False)
        ]
    return {"size": list(size), "strides": list(strides), "ahead": ahead}


def _scale_and_offset(layer: keras.Layer, channels: int) -> list[NDArray]:
    """A layer that multiplies each map by one number and adds one, as these two numbers a map."""
    if isinstance(layer, layers.Rescaling):
        return [np.broadcast_to(one, channels) for one in (layer.scale, layer.offset)]
    mean, variance = (np.asarray(one) for one in (layer.moving_mean, layer.moving_variance))
    scale = (np.asarray(layer.gamma) if layer.scale else 1) / np.sqrt(variance + layer.epsilon)
    return [scale, (np.asarray(layer.beta) if layer.center else 0) - mean * scale]
