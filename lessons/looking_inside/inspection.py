"""Where does a network look? Occlusion maps and Grad-CAM.

Maps say which places of one image raise the score of one class. They are hints, not proofs: the
lesson shows what they cannot tell.

Sources: M. Zeiler and R. Fergus, Visualizing and understanding convolutional networks (2014), for
occlusion; R. Selvaraju et al., Grad-CAM: visual explanations from deep networks via gradient-based
localization (2017), equations 1 and 2.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.quiet import keras, tf

FILL = 128
"""The gray that hides a part of an image with pixels 0..255."""


def squares(shape: Sequence[int], patch: int, stride: int) -> list[tuple[slice, slice]]:
    """Rows and columns of each square of patch x patch pixels that fits, row by row."""
    tops, lefts = (range(0, side - patch + 1, stride) for side in shape[:2])
    return [(slice(top, top + patch), slice(left, left + patch)) for top in tops for left in lefts]


def occluded(image: NDArray, patch: int, stride: int, fill: int = FILL) -> NDArray:
    """Copies of an image (H, W, C), each with one square painted over: shape (places, H, W, C)."""
    places = squares(image.shape, patch, stride)
    copies = np.repeat(image[np.newaxis], len(places), axis=0)
    for copy, place in zip(copies, places, strict=True):
        copy[place] = fill
    return copies


def occlusion_map(
    predict: Callable[[NDArray], NDArray], image: NDArray, patch: int, stride: int, fill: int = FILL
) -> NDArray[np.float64]:
    """How much a score falls when a part of the image is hidden, for each place of the square.

    Args:
        predict: takes images, shape (N, H, W, C), and gives their scores, shape (N,).
        image: shape (H, W, C).
        patch: side of the square.
        stride: from one square to the next.
        fill: what the square is painted with.

    Returns:
        Shape (rows, columns). Above 0 the hidden part spoke for the class, below 0 against it.
    """
    rows = (image.shape[0] - patch) // stride + 1
    drops = predict(image[np.newaxis]) - predict(occluded(image, patch, stride, fill))
    return np.asarray(drops, np.float64).reshape(rows, -1)


def drop_per_pixel(
    drops: NDArray, shape: Sequence[int], patch: int, stride: int
) -> NDArray[np.float64]:
    """An occlusion map at the size of its image (H, W): the mean over all that has hidden a pixel.

    A pixel that no square has hidden has 0.
    """
    total, count = np.zeros(shape[:2]), np.zeros(shape[:2])
    for drop, place in zip(drops.ravel(), squares(shape, patch, stride), strict=True):
        total[place] += drop
        count[place] += 1
    return total / np.maximum(count, 1)


def class_activation(maps: ArrayLike, gradients: ArrayLike) -> NDArray[np.float64]:
    """Grad-CAM, shape (h, w), from maps and the gradients of a score for them, both (h, w, K)."""
    maps, gradients = np.asarray(maps, np.float64), np.asarray(gradients, np.float64)
    return np.maximum(maps @ gradients.mean(axis=(0, 1)), 0)


def grad_cam(
    base: keras.Model, head: keras.Model, image: NDArray, label: int
) -> NDArray[np.float64]:
    """The Grad-CAM of one class on one image, through a network in two pieces.

    The pieces run one after the other, the head under a gradient tape. This works for a pretrained
    model inside another one as well, whose inner layers the outer model does not know.

    Args:
        base: images (1, H, W, C) in, feature maps (1, h, w, K) out.
        head: feature maps in, logits (1, classes) out.
        image: shape (H, W, C).
        label: the class.

    Returns:
        Shape (h, w), 0 or more.

    Raises:
        ValueError: the base gives no feature maps.
    """
    maps = base(image[np.newaxis])
    if len(maps.shape) != 4:
        raise ValueError(
            f"the base gives the shape {tuple(maps.shape)}: cut the network where it has feature "
            "maps, (1, h, w, K)."
        )
    with tf.GradientTape() as tape:
        tape.watch(maps)
        score = head(maps)[0, label]
    return class_activation(maps[0], tape.gradient(score, maps)[0])
