"""A small trained network for pictures of eight classes, to be looked into."""

import numpy as np
from numpy.typing import NDArray

from utils.data.files import course_file
from utils.quiet import keras

NAME = "small_network.npz"
SHA256 = "15038dd10bde1e9ab3a21a3a7453d4c610f2a1c7c474875227f3b674bc1ed075"
"""Of data/small_network.npz."""
SIDE = 48
"""Pixels a side of what the network sees."""

layers = keras.layers


def network() -> keras.Sequential:
    """Four convolutions and one number per map, not trained; its input is that of `prepared`."""
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.Conv2D(16, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(24, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Conv2D(32, 3, activation="relu", name="conv3"),
            layers.MaxPooling2D(2, name="pool3"),
            layers.Conv2D(64, 3, activation="relu", name="conv4"),
            layers.GlobalMaxPooling2D(name="largest"),
            layers.Dense(8, activation="softmax", name="classes"),
        ],
        name="small_network",
    )


def prepared(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pictures 0..255 as the network wants them, 0 to nearly 1."""
    return pictures / np.float32(256)


def load_network() -> keras.Sequential:
    """The network with the weights that `measure.py` has found.

    Raises:
        FileNotFoundError, ValueError: data/small_network.npz is missing or another file.
    """
    model = network()
    with np.load(course_file(NAME, SHA256)) as stored:
        model.set_weights([stored[name].astype(np.float32) for name in stored.files])
    return model
