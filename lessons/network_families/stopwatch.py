"""How long models take, measured by turns so that a busy moment hits all of them."""

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from utils.quiet import keras, tf


def fastest(
    models: Mapping[str, keras.Model], pictures: NDArray, rounds: int = 20
) -> dict[str, float]:
    """The shortest time of each model for the same pictures, in seconds.

    Args:
        models: by name; they run by turns, once before the rounds begin.
        pictures: what all of them take.
        rounds: how often each is timed.
    """
    given = tf.constant(pictures)
    graphs = {name: tf.function(model) for name, model in models.items()}
    best = dict.fromkeys(models, np.inf)
    for number in range(rounds + 1):
        for name, graph in graphs.items():
            begin = time.perf_counter()
            graph(given).numpy()
            if number:
                best[name] = min(best[name], time.perf_counter() - begin)
    return best
