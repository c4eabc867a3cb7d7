"""The network of this lesson in Keras, and what it is worth at several learning rates."""

from collections.abc import Sequence

from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from utils import training
from utils.quiet import keras

Pair = tuple[NDArray, NDArray]

threadpool_limits(1, "blas")  # on matrices as small as these, NumPy's threads wait for each other


def digit_network(rate: float) -> keras.Model:
    """64 inputs, 32 hidden units with ReLU, 10 logits; compiled with Adam at this rate."""
    layers = [keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(float(rate)), loss, metrics=["accuracy"])
    return model


def accuracies(
    rates: Sequence[float], train: Pair, validation: Pair, epochs: int
) -> dict[float, float]:
    """Validation accuracy of the network at each rate, always from the same start."""
    training.reproducible(0)
    model, found = digit_network(rates[0]), {}  # one model for all: it is compiled once
    start = model.get_weights()
    for rate in rates:
        training.reproducible(0)
        model.set_weights(start)
        for state in model.optimizer.variables:
            state.assign(keras.ops.zeros_like(state))
        model.optimizer.learning_rate = float(rate)
        model.fit(*train, epochs=epochs, verbose=0)
        found[rate] = float(model.evaluate(*validation, verbose=0)[1])
    return found
