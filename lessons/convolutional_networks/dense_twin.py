"""The fair opponent: a network without convolution that has as many parameters."""

from utils.quiet import keras

layers = keras.layers


def dense_twin(model: keras.Model) -> keras.Sequential:
    """The dense network for the same task whose parameter count comes closest to that of `model`.

    Args:
        model: an image classifier, input (N, H, W, C), output (N, classes).

    Returns:
        Flatten, one hidden layer with the activation that `model` has before its last layer, and
        softmax; not compiled.

    Raises:
        ValueError: `model` has fewer parameters than a dense network with one hidden unit.
    """
    shape, classes = model.input_shape[1:], model.output_shape[-1]
    pixels = shape[0] * shape[1] * shape[2]
    # h hidden units cost h (pixels + 1) parameters in and (h + 1) classes out.
    hidden = round((model.count_params() - classes) / (pixels + 1 + classes))
    if hidden < 1:
        raise ValueError(
            f"{model.name} has {model.count_params()} parameters: too few for a dense network, "
            f"which needs {pixels + 1 + 2 * classes} for one hidden unit."
        )
    activation = keras.activations.serialize(model.layers[-2].activation)
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(name="flatten"),
            layers.Dense(hidden, activation=activation, name="dense1"),
            layers.Dense(classes, activation="softmax", name="classes"),
        ],
        name="dense_twin",
    )
