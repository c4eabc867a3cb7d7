"""What checks ask of a Keras network that a student has compiled."""

import numpy as np

from utils.checks.result import NotYet
from utils.quiet import keras


def compiled_with(model: keras.Model, rate: float, facts: list, why: str = "") -> None:
    """`NotYet` unless with Adam at a rate, and the sparse cross-entropy of probabilities."""
    mine, loss = model.optimizer, model.loss
    got = float(mine.learning_rate)
    if type(mine) is not keras.optimizers.Adam or not np.isclose(got, rate):
        told = [("expected", f"Adam, rate {rate}"), ("got", f"{mine.name}, rate {got:.4g}")]
        raise NotYet("Another optimizer, or another rate.", [*facts, *told])
    name = getattr(loss, "name", getattr(loss, "__name__", loss))
    if name != "sparse_categorical_crossentropy" or getattr(loss, "from_logits", False):
        wanted = "The loss has to be the sparse categorical cross-entropy of probabilities"
        raise NotYet(f"{wanted}{why}.", [*facts, ("got", str(name))])
