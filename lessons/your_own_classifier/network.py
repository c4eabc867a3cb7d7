"""What the exercises of the lesson build, for the cells behind them: the same as in `classify`."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lessons.your_own_classifier.classify import SIDE, read
from utils.quiet import keras, tf

layers = keras.layers
tf.get_logger().setLevel("ERROR")  # else it remarks on every new network that is asked


def build(base: keras.Model, classes: int) -> keras.Model:
    """Photographs (N, SIDE, SIDE, 3), 0..255, to the shares of so many classes.

    The batch normalization of the base is frozen, everything else is free to learn.
    """
    for layer in base.layers:
        layer.trainable = not isinstance(layer, layers.BatchNormalization)
    photo = keras.Input((SIDE, SIDE, 3))
    changed = layers.RandomTranslation(0.1, 0.1)(layers.RandomFlip("horizontal")(photo))
    means = layers.GlobalAveragePooling2D()(base(changed))
    return keras.Model(photo, layers.Dense(classes, activation="softmax", name="classes")(means))


def top_three(
    model: keras.Model, path: str | Path, classes: Sequence[str]
) -> list[tuple[str, float]]:
    """The three best answers for a file, (class, share), the best one first."""
    (shares,) = model.predict(read(path)[np.newaxis], verbose=0)
    return [(classes[k], float(shares[k])) for k in np.argsort(-shares)[:3]]
