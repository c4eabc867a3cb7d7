"""What checks ask of a Keras network that a student has built, compiled and fitted."""

import numpy as np

from utils.checks.comparing import require
from utils.quiet import keras

layers = keras.layers

INSTEAD = {  # what to do where this was returned
    keras.callbacks.History: "`fit` returns the curves: call it, and return the model.",
    keras.KerasTensor: "It is the output of a layer: return `keras.Model(x, y)`, up to it.",
}
WITHOUT_SIZE = layers.InputLayer, layers.Activation, layers.ReLU, layers.Softmax
"""Layers that may stand by themselves or inside another one; the answers tell what they do."""
TAKES = {
    "GlobalMaxPooling": "the maximum of each whole map",
    "GlobalAveragePooling": "the mean of each whole map",
    "MaxPooling": "the maximum of each window",
    "AveragePooling": "the mean of each window",
    "Flatten": "every number of every map",
}


def is_network(model: object, shape: tuple, why: str = "Another input shape.") -> None:
    """`NotYet` unless this is a Keras model for inputs of a shape."""
    said = f"Return the network; yours is a {type(model).__name__}."
    require(isinstance(model, keras.Model), said, INSTEAD.get(type(model)))
    known = model.built and getattr(model, "inputs", None)
    require(known, "The network does not know its input: begin it with `keras.Input`.")
    require(model.input_shape[1:] == shape, why, expected=shape, got=model.input_shape[1:])


def built_as(model: keras.Model, wanted: keras.Model, also: str = "") -> None:
    """`NotYet` unless a network is that of the wanted one layer by layer, and computes the same."""
    mine, right = _with_size(model), _with_size(wanted)
    for number, (got, goal) in enumerate(zip(mine, right, strict=False), 1):
        told = {"expected": _told(goal), "got": _told(got)}
        taken, other = (TAKES.get(type(one).__name__.rstrip("123D")) for one in (got, goal))
        same_part = taken == other or not (taken and other)
        require(same_part, f"Layer {number} takes {taken}, not {other}.", **told)
        padded = [getattr(one, "padding", "") for one in (got, goal)] == ["same", "valid"]
        hint = "Leave `padding` out: without it the maps become smaller." if padded else None
        same_size = told["got"].partition(":")[2] == told["expected"].partition(":")[2]
        require(same_size, f"Layer {number} differs.", hint, **told)
    require(len(mine) == len(right), f"Expected {len(right)} layers, got {len(mine)}.")
    computes_as(model, wanted, also)


def computes_as(model: keras.Model, wanted: keras.Model, also: str = "") -> None:
    """`NotYet` unless both, with the same random weights, make the same of the same noise."""
    for network in (model, wanted):
        rng = np.random.default_rng(0)
        for weight in network.weights:  # so large that numbers neither grow nor vanish on the way
            values = rng.normal(0, np.prod(weight.shape) ** -0.25, weight.shape)
            weight.assign(np.abs(values) + 0.2 if "variance" in weight.name else values)
    noise = rng.normal(0, 1, (3, *wanted.input_shape[1:])).astype(np.float32)
    for scale in (1, 255, 1e4):  # also where pixels are divided by 255, and beyond ReLU6
        got, right = (np.asarray(one(scale * noise, training=False)) for one in (model, wanted))
        require(
            np.allclose(got, right, rtol=1e-3, atol=1e-4 * np.abs(right).max()),
            "Sizes and parameters are right, but with the same weights the network computes "
            f"something else. Compare the activations{also}.",
            expected=_chain(wanted),
            got=_chain(model),
        )


def compiled_with(model: keras.Model, rate: float) -> None:
    """`NotYet` unless with Adam at a rate, and the sparse cross-entropy of probabilities."""
    require(model.compiled, "The network is not compiled.")
    mine, loss, got = type(model.optimizer), model.loss, float(model.optimizer.learning_rate)
    alike = mine is keras.optimizers.Adam and np.isclose(got, rate)
    told = {"expected": f"Adam, rate {rate}", "got": f"{mine.__name__}, rate {got:.4g}"}
    require(alike, "Another optimizer, or another rate.", **told)
    name = getattr(loss, "name", getattr(loss, "__name__", loss))
    shares = name == "sparse_categorical_crossentropy" and not getattr(loss, "from_logits", False)
    wanted = "The loss has to be the sparse categorical cross-entropy of probabilities"
    require(shares, f"{wanted}: labels are numbers, and the last layer has softmax.", got=str(name))


def fitted(model: keras.Model, epochs: int, count: int, batch: int) -> None:
    """`NotYet` unless it has learned from so many examples, for so many epochs."""
    steps, taken = epochs * -(-count // batch), int(model.optimizer.iterations)
    asked = f"{epochs} epochs of {count} examples in batches of {batch} take {steps} steps"
    require(taken == steps, f"Another number of epochs or of steps: {asked}.", got=taken)


def _with_size(model: keras.Model) -> list[keras.Layer]:
    """Its layers, inside of models too, but for `WITHOUT_SIZE` and a `Flatten` without effect."""
    parts = [_with_size(x) if isinstance(x, keras.Model) else [x] for x in model.layers]
    sized = [x for part in parts for x in part if not isinstance(x, WITHOUT_SIZE)]
    return [x for x in sized if type(x) is not layers.Flatten or x.input.shape != x.output.shape]


def _told(layer: keras.Layer) -> str:
    gives = " × ".join(map(str, layer.output.shape[1:]))
    return f"{type(layer).__name__}: gives {gives}, {layer.count_params():,} parameters"


def _chain(model: keras.Model) -> str:
    acts = [getattr(getattr(one, "activation", None), "__name__", "") for one in model.layers]
    kinds = [type(one).__name__ for one in model.layers]
    return " → ".join(map(str.strip, map(" ".join, zip(kinds, acts, strict=True))))
