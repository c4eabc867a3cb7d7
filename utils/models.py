"""The networks of the course, as Keras models that are not trained and not compiled.

All of them take images of shape (N, H, W, C) and return probabilities of shape (N, classes).
"""

from collections.abc import Sequence
from operator import index

from utils.quiet import keras
from utils.validation import whole

layers = keras.layers


def lenet5(input_shape: Sequence[int] = (32, 32, 1), classes: int = 10) -> keras.Sequential:
    """LeNet-5: two rounds of 5x5 convolution, tanh and average pooling, then three dense layers.

    As in 1998: the order and the sizes of the layers (6, 16, 120, 84), tanh, averaging. Unlike
    1998: every kernel of the second convolution reads all 6 maps below it, where 15 of the 16 read
    3 or 4; pooling has no weight, no bias and no activation of its own; tanh is not scaled; softmax
    with cross-entropy stands in for radial units with squared distance.

    Args:
        input_shape: (H, W, C), H and W 16 or more.
        classes: 2 or more.

    Returns:
        A model with 61,706 parameters at the default size.

    Raises:
        TypeError: an argument is not made of whole numbers.
        ValueError: an image too small for the layers, or fewer than two classes.

    Source: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document
    recognition (1998), section II.B.
    """
    return keras.Sequential(
        [
            keras.Input(_image_shape(input_shape, least=16)),
            layers.Conv2D(6, 5, activation="tanh", name="conv1"),
            layers.AveragePooling2D(2, name="pool1"),
            layers.Conv2D(16, 5, activation="tanh", name="conv2"),
            layers.AveragePooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(120, activation="tanh", name="dense1"),
            layers.Dense(84, activation="tanh", name="dense2"),
            layers.Dense(_class_count(classes), activation="softmax", name="classes"),
        ],
        name="lenet5",
    )


def lens_cnn(input_shape: Sequence[int] = (80, 80, 3), classes: int = 4) -> keras.Sequential:
    """The network of the LENS lecture: two rounds of 3x3 convolution, ReLU and max pooling.

    Args:
        input_shape: (H, W, C), H and W 10 or more.
        classes: 2 or more.

    Returns:
        A model with 333,492 parameters at the default size.

    Raises:
        TypeError: an argument is not made of whole numbers.
        ValueError: an image too small for the layers, or fewer than two classes.

    Source: E. Rantsiou, Convolutional Neural Networks basics, LENS ML School (2021).
    """
    return keras.Sequential(
        [
            keras.Input(_image_shape(input_shape, least=10)),
            layers.Conv2D(8, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(16, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation="relu", name="dense1"),
            layers.Dense(_class_count(classes), activation="softmax", name="classes"),
        ],
        name="lens_cnn",
    )


def dense_network(
    input_shape: Sequence[int], classes: int, hidden: int, activation: str = "relu"
) -> keras.Sequential:
    """A network without convolution: flatten, one hidden layer, softmax.

    Args:
        input_shape: (H, W, C), each 1 or more.
        classes: 2 or more.
        hidden: units of the hidden layer, 1 or more.
        activation: of the hidden layer, by its Keras name.

    Raises:
        TypeError: an argument is not made of whole numbers.
        ValueError: a number is too small, or Keras does not know the activation.
    """
    return keras.Sequential(
        [
            keras.Input(_image_shape(input_shape, least=1)),
            layers.Flatten(name="flatten"),
            layers.Dense(whole("hidden", hidden, 1), activation=activation, name="dense1"),
            layers.Dense(_class_count(classes), activation="softmax", name="classes"),
        ],
        name="dense_network",
    )


def dense_twin(model: keras.Model) -> keras.Sequential:
    """The dense network for the same task whose parameter count comes closest to that of `model`.

    Args:
        model: an image classifier, input (N, H, W, C), output (N, classes).

    Returns:
        A `dense_network` with the activation that `model` has before its last layer.

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
    return dense_network(shape, classes, hidden, activation)


def _image_shape(shape: Sequence[int], least: int) -> tuple[int, int, int]:
    """`shape` as (H, W, C), or an error that says what is wrong with it."""
    try:
        numbers = tuple(index(n) for n in shape)
    except TypeError:
        raise TypeError(f"input_shape={shape!r} must be three whole numbers (H, W, C).") from None
    if len(numbers) != 3 or min(numbers) < 1:
        raise ValueError(f"input_shape={shape!r} must be three numbers (H, W, C), each 1 or more.")
    if min(numbers[:2]) < least:
        raise ValueError(
            f"input_shape={numbers}: H and W must be {least} or more for a pixel to be left after "
            "the last layer of the network."
        )
    return numbers


def _class_count(classes: int) -> int:
    return whole("classes", classes, least=2)
