"""The networks of the course, as Keras models that are not compiled.

The classifiers take images (N, H, W, C) and return probabilities (N, classes), untrained.
`load_backbone` returns a trained network without a classifier.
"""

import ctypes
import os
from collections.abc import Sequence
from operator import index
from pathlib import Path
from platform import libc_ver

from utils import backbone
from utils.data.files import course_file, sha256_of
from utils.quiet import keras
from utils.validation import whole

layers = keras.layers

BACKBONE_SHA256 = "1e03966ea27a459c3e7a5db389d944a82a27fd7bd47c5df7dddd31d8eaf15ee0"
"""Of data/backbone.npz."""

MOBILENET_FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
MOBILENET_SHA256 = "ff2808101bd42a02e312cd859a06345e0d920f8e47dd14a36121a7c93ca95966"
MOBILENET_URL = (
    f"https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/{MOBILENET_FILE}"
)


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


def on_pixels(model: keras.Model) -> keras.Sequential:
    """`model` for pixels 0..255: with a layer before it that scales them to 0..1.

    Args:
        model: a chain of layers for images of shape (N, H, W, C).

    Returns:
        A model of the same layers, weights shared.
    """
    scaled = layers.Rescaling(1 / 255, name="scale")
    return keras.Sequential(
        [keras.Input(model.input_shape[1:]), scaled, *model.layers], name=model.name
    )


def block_cnn(
    input_shape: Sequence[int], classes: int, dropout: float = 0.0, momentum: float = 0.9
) -> keras.Sequential:
    """Four blocks of convolution, max pooling, batch normalization and ReLU, then one dense layer.

    The blocks have 16, 32, 64 and 128 maps; pooling comes early in each, so that a quarter of the
    numbers is left to normalize. Between them and the dense layer stands the mean of each map.
    Takes pixels 0..255.

    Args:
        input_shape: (H, W, C), H and W 16 or more.
        classes: 2 or more.
        dropout: the rate at which means are dropped in training, 0 (no such layer) to below 1.
        momentum: of the moving averages in batch normalization, above 0, below 1. Keras' own 0.99
            lags behind in trainings of a few hundred steps.

    Returns:
        A model with 99,192 parameters for 3 channels and 8 classes.

    Raises:
        TypeError: a size is not made of whole numbers.
        ValueError: a number out of range.
    """
    model = keras.Sequential(name="block_cnn")
    model.add(keras.Input(_image_shape(input_shape, least=16)))
    model.add(layers.Rescaling(1 / 255, name="scale"))
    for number, maps in enumerate((16, 32, 64, 128), 1):
        model.add(layers.Conv2D(maps, 3, padding="same", use_bias=False, name=f"conv{number}"))
        model.add(layers.MaxPooling2D(2, name=f"pool{number}"))
        model.add(layers.BatchNormalization(momentum=momentum, name=f"norm{number}"))
        model.add(layers.ReLU(name=f"relu{number}"))
    model.add(layers.GlobalAveragePooling2D(name="means"))
    if dropout:
        model.add(layers.Dropout(dropout, name="dropout"))
    model.add(layers.Dense(_class_count(classes), activation="softmax", name="classes"))
    return model


def load_backbone(name: str) -> keras.Model:
    """A pretrained network without its classifier: photographs in, feature maps out.

    Both take pixels 0..255, integers or floats, of shape (N, H, W, 3), H and W 32 or more, and
    normalize them inside. Their layers lie side by side in one model named "backbone", none in a
    model of its own, so that every output is at hand; all are trainable. From here on memory that
    is freed goes back to the system sooner.

    Args:
        name: "course", a small residual network trained on CIFAR-100 without our eight classes
            (tools/pretrain_backbone.py): 256 maps of H/8 x W/8, rounded up. Or "mobilenet_v2",
            MobileNetV2 of width 0.35 trained on ImageNet: 1280 maps of H/32 x W/32 for sides that
            are multiples of 32. Its weights (2 MB) are downloaded once, to KERAS_HOME or ~/.keras.

    Raises:
        ValueError: an unknown name, a damaged file, or one that this Keras has no use for.
        FileNotFoundError: no data/backbone.npz, or no weights of MobileNetV2 and no download.

    Source of MobileNetV2: Sandler, Howard, Zhu, Zhmoginov and Chen, MobileNetV2: inverted residuals
    and linear bottlenecks (2018).
    """
    if libc_ver()[0] == "glibc":  # M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, in bytes
        for option, size in ((-3, 2**20), (-1, 2**26)):
            ctypes.CDLL(None).mallopt(option, size)
    if name == "course":
        model = backbone.residual_network()
        backbone.load_weights(model, course_file("backbone.npz", BACKBONE_SHA256))
        return model
    if name == "mobilenet_v2":
        return _mobilenet_v2(_mobilenet_weights())
    raise ValueError(f"no backbone {name!r}: choose from 'course', 'mobilenet_v2'.")


def _mobilenet_v2(weights: Path) -> keras.Model:
    photograph = keras.Input((None, None, 3), name="photograph")
    normalized = layers.Rescaling(1 / 127.5, offset=-1, name="normalize")(photograph)
    body = keras.applications.MobileNetV2(
        input_tensor=normalized,
        alpha=0.35,
        include_top=False,
        weights=weights,  # by path: one file serves for every size, without a warning
    )
    return keras.Model(photograph, body.output, name="backbone")


def _mobilenet_weights() -> Path:
    """The file of weights, whole; downloaded where it is not there.

    The folder is looked up now: Keras itself reads KERAS_HOME once, when it is imported.
    """
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    path = home / "models" / MOBILENET_FILE
    if path.is_file() and sha256_of(path) == MOBILENET_SHA256:
        return path
    try:
        return Path(
            keras.utils.get_file(
                MOBILENET_FILE,
                MOBILENET_URL,
                file_hash=MOBILENET_SHA256,
                cache_subdir="models",
                cache_dir=home,
            )
        )
    except Exception as error:  # whatever the network, the server or the disk may raise
        raise FileNotFoundError(
            f"the weights of MobileNetV2 are not in {path.parent} and cannot be downloaded. "
            f"Connect to the network and call again, or fetch {MOBILENET_URL} elsewhere and put "
            "the file into that folder."
        ) from error


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
