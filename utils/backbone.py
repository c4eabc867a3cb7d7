"""The pretrained network of the course: its architecture as code, its weights as a file of arrays.

So no version of Keras is needed to read what another one wrote. Works with any backend of Keras.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

BLOCKS = (("block1", 64, 2), ("block2", 128, 2), ("block3", 128, 1), ("block4", 256, 2))
"""Name, maps and stride of the residual blocks."""


def residual_network() -> "keras.Model":
    """Photographs 0..255 of any size from 32 up, (N, H, W, 3), to maps (N, H/8, W/8, 256)."""
    import keras

    image = keras.Input((None, None, 3), name="photograph")
    x = keras.layers.Rescaling(1 / 64, offset=-2, name="normalize")(image)
    x = keras.layers.ReLU(name="stem_relu")(_convolution(x, 32, 3, 1, "stem"))
    for name, maps, stride in BLOCKS:
        x = _block(x, maps, stride, name)
    return keras.Model(image, x, name="backbone")


def load_weights(model: "keras.Model", path: Path) -> None:
    """Give a `residual_network` its weights.

    Raises:
        ValueError: the network that this Keras builds has other weights than the file.
    """
    import keras

    with np.load(path, allow_pickle=False) as stored:
        try:
            for weight in model.weights:
                weight.assign(stored[weight.path].astype(np.float32))
        except (KeyError, ValueError) as error:
            raise ValueError(
                f"{path}, made with Keras {stored['keras']}, does not fit what Keras "
                f"{keras.__version__} builds ({error}). Install the course again."
            ) from error


def _convolution(
    x: "keras.KerasTensor", maps: int, size: int, stride: int, name: str
) -> "keras.KerasTensor":
    """A convolution without bias, normalized."""
    from keras import layers

    x = layers.Conv2D(
        maps, size, stride, padding="same", use_bias=False, name=name,
        kernel_initializer="he_normal",
    )(x)  # fmt: skip
    return layers.BatchNormalization(name=f"{name}_norm")(x)


def _block(x: "keras.KerasTensor", maps: int, stride: int, name: str) -> "keras.KerasTensor":
    """Two 3x3 convolutions whose result is added to the input."""
    from keras import layers

    same = x.shape[-1] == maps and stride == 1
    shortcut = x if same else _convolution(x, maps, 1, stride, f"{name}_shortcut")
    x = _convolution(x, maps, 3, stride, f"{name}_conv1")
    x = _convolution(layers.ReLU(name=f"{name}_relu1")(x), maps, 3, 1, f"{name}_conv2")
    return layers.ReLU(name=f"{name}_relu2")(layers.Add(name=f"{name}_add")([x, shortcut]))
