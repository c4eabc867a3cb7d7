"""How every network of the lesson learns: the two calls that the student writes."""

from typing import Any

from numpy.typing import NDArray

from utils.quiet import keras

Pair = tuple[NDArray, NDArray]


def learn(
    model: keras.Model, seen: Pair, unseen: Pair, epochs: int, *callbacks: Any, rate: float = 0.003
) -> dict[str, list[float]]:
    """Compile and train a model; its curves, one number for each epoch.

    Args:
        model: ends with softmax.
        seen, unseen: (pictures, labels) to learn from and to watch.
        epochs: 1 or more.
        callbacks: such as `LiveCurves()`.
        rate: of Adam.
    """
    descent = keras.optimizers.Adam(rate)
    model.compile(descent, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(
        *seen, epochs=epochs, validation_data=unseen, callbacks=list(callbacks), verbose=0
    ).history
