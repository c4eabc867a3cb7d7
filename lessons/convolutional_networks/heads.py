"""Three convolutions, and the one layer in which two networks differ."""

from utils.quiet import keras

layers = keras.layers


def three_convolutions(head: keras.Layer, classes: int = 10) -> keras.Sequential:
    """A classifier of pictures like the digits; `head` makes a vector of its last maps.

    Args:
        head: `Flatten()` (33,546 parameters in all), or a global pooling (23,946).
        classes: 2 or more.

    Returns:
        A model for pictures of shape (32, 32, 1), not compiled.
    """
    return keras.Sequential(
        [
            keras.Input((32, 32, 1)),
            layers.Conv2D(16, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(32, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Conv2D(64, 3, activation="relu", name="conv3"),
            head,
            layers.Dense(classes, activation="softmax", name="classes"),
        ],
        name="three_convolutions",
    )
