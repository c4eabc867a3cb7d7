"""The small network that this lesson trains again and again, and its quick training.

Keras' `fit` spends most of a training this short on preparing it. Here a whole epoch is one graph,
which makes a training about three times as fast; the numbers are those of `fit`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils import data
from utils.quiet import keras, tf
from utils.training import reproducible
from utils.validation import whole

layers = keras.layers

SIDE = 16
BATCH = 32
EPOCHS = 8


class Trained(NamedTuple):
    """A trained `model`, and its accuracy on the validation digits after every epoch, 0..1."""

    model: keras.Model
    validation: NDArray[np.float64]


@cache
def digits() -> dict[str, tuple[NDArray[np.float32], NDArray[np.int64]]]:
    """The handwritten digits in three parts that share no writer: 906, 383 and 508.

    Returns:
        For "train", "validation" and "test" the images, float32, 0..1, shape (N, 16, 16, 1), and
        the labels, int64, 0..9, shape (N,).
    """
    ink, labels = data.digits()
    images = data.enlarged(ink, SIDE)
    return {name: (images[part], labels[part]) for name, part in data.writers_apart().items()}


def small_cnn(
    initializer: str = "glorot_uniform",
    regularizer: str | keras.Regularizer | None = None,
    dropout: float = 0.0,
    maps: int = 8,
) -> keras.Sequential:
    """Two rounds of 3x3 convolution, ReLU and max pooling, then dropout and softmax.

    Args:
        initializer: of all kernels, by its Keras name.
        regularizer: of all kernels, by its Keras name, or one with a strength of its own.
        dropout: share of the features that are dropped in training, 0 to below 1.
        maps: of the first convolution; the second has twice as many.

    Returns:
        A model for images (N, 16, 16, 1) and ten classes, with 1,898 parameters where nothing else
        is asked for; not compiled.
    """
    kernels = {"kernel_initializer": initializer, "kernel_regularizer": regularizer}
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            layers.Conv2D(maps, 3, activation="relu", name="conv1", **kernels),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(2 * maps, 3, activation="relu", name="conv2", **kernels),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dropout(dropout, name="dropout"),
            layers.Dense(10, activation="softmax", name="classes", **kernels),
        ],
        name="small_cnn",
    )


def train(
    optimizer: str | keras.Optimizer,
    seed: int = 0,
    epochs: int = EPOCHS,
    after_epoch: Callable[[int, float], None] | None = None,
    count: int | None = None,
    parts: Sequence[str] = ("train",),
    **network: str | float | keras.Regularizer | None,
) -> Trained:
    """Build a small network and train it on the digits, in shuffled batches of 32.

    Args:
        optimizer: by its Keras name, with the settings that Keras gives it, or one of your own.
        seed: of the initial weights, the order of the digits and the dropout.
        epochs: how often the network sees the training digits, 1 or more.
        after_epoch: called after each epoch with its number, from 1, and the accuracy on the
            validation digits; what it raises ends the training.
        count: how many of the training digits to use, 1 or more; by default all 906.
        parts: of the digits, to learn from.
        **network: what `small_cnn` takes.

    Raises:
        TypeError: epochs or count is not a whole number.
        ValueError: epochs or count below 1, or Keras does not know a name.
    """
    whole("epochs", epochs, 1)
    reproducible(seed)
    model = small_cnn(**network)
    optimizer = keras.optimizers.get(optimizer)
    optimizer.build(model.trainable_variables)
    images, labels = map(np.concatenate, zip(*(digits()[part] for part in parts), strict=True))
    if count is not None:
        images, labels = images[: whole("count", count, 1)], labels[:count]
    run_epoch = _epoch(model, optimizer, images, labels)
    rng = np.random.default_rng(seed)
    validation = []
    for epoch in range(1, epochs + 1):
        validation.append(float(run_epoch(tf.constant(rng.permutation(len(labels))))))
        if after_epoch:
            after_epoch(epoch, validation[-1])
    return Trained(model, np.array(validation))


def accuracy(model: keras.Model, part: str) -> float:
    """Share of the "train", "validation" or "test" digits that a model reads right, 0..1."""
    images, labels = digits()[part]
    return float((np.asarray(model(images)).argmax(axis=1) == labels).mean())


def _epoch(
    model: keras.Model, optimizer: keras.Optimizer, images: NDArray, labels: NDArray
) -> Callable[[tf.Tensor], tf.Tensor]:
    """A function: an order of the examples in, one epoch, accuracy on the validation digits out."""
    images, labels = tf.constant(images), tf.constant(labels)
    unseen, expected = map(tf.constant, digits()["validation"])
    weights = model.trainable_variables
    cross_entropy = keras.losses.SparseCategoricalCrossentropy()

    @tf.function
    def epoch(order: tf.Tensor) -> tf.Tensor:
        for start in tf.range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            with tf.GradientTape() as tape:
                answers = model(tf.gather(images, batch), training=True)
                loss = cross_entropy(tf.gather(labels, batch), answers) + sum(model.losses)
            gradients = tape.gradient(loss, weights)
            optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return tf.reduce_mean(tf.cast(tf.argmax(model(unseen), axis=1) == expected, "float64"))

    return epoch.get_concrete_function(tf.TensorSpec(len(labels), "int64"))  # traced once
