"""Where does a network look? Occlusion maps in NumPy, and Grad-CAM.

Maps say which places of one image raise the score of one class. They are hints, not proofs: lesson
17 shows what they cannot tell.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.validation import whole

FILL = 128
"""The gray that hides a part of an image with pixels 0..255."""


def occluded(image: ArrayLike, patch: int, stride: int, fill: ArrayLike = FILL) -> NDArray:
    """Copies of an image, each with one square of `patch` x `patch` pixels painted over.

    The squares start at the top left corner and move by `stride`, row by row, as far as they fit.

    Args:
        image: shape (H, W, C).
        patch: side of the square, 1 to the shorter side of the image.
        stride: 1 or more.
        fill: what the square is painted with, one number or one for each channel.

    Returns:
        Shape (rows * columns, H, W, C), rows = (H - patch) // stride + 1, the dtype of the image.

    Raises:
        TypeError: patch or stride is not a whole number.
        ValueError: the image has another number of axes, or a number is out of range.
    """
    image = np.asarray(image)
    starts = _starts(image.shape, patch, stride)
    copies = np.repeat(image[np.newaxis], len(starts[0]) * len(starts[1]), axis=0)
    corners = ((top, left) for top in starts[0] for left in starts[1])
    for copy, (top, left) in zip(copies, corners, strict=True):
        copy[top : top + patch, left : left + patch] = fill
    return copies


def occlusion_map(
    predict: Callable[[NDArray], ArrayLike],
    image: ArrayLike,
    patch: int,
    stride: int,
    fill: ArrayLike = FILL,
) -> NDArray[np.float64]:
    """How much a score falls when a part of the image is hidden, for each place of the square.

    Args:
        predict: takes images, shape (N, H, W, C), and gives their scores, shape (N,), such as the
            probability of one class. It is called once with all copies and once with the image.
        image, patch, stride, fill: as in `occluded`.

    Returns:
        float64, shape (rows, columns): the score of the image minus the score of the copy. Above 0
        the hidden part spoke for the class, below 0 against it.

    Raises:
        TypeError, ValueError: as in `occluded`, or `predict` gives something else than N scores.

    Source: Zeiler and Fergus, Visualizing and understanding convolutional networks (2014).
    """
    image = np.asarray(image)
    rows, columns = (len(starts) for starts in _starts(image.shape, patch, stride))
    hidden = np.asarray(predict(occluded(image, patch, stride, fill)), np.float64)
    if hidden.shape != (rows * columns,):
        raise ValueError(
            f"predict gave shape {hidden.shape} for {rows * columns} images: one score an image is "
            "expected, such as the probability of one class."
        )
    whole_image = np.asarray(predict(image[np.newaxis]), np.float64)
    return (whole_image[0] - hidden).reshape(rows, columns)


def drop_per_pixel(
    drops: ArrayLike, shape: Sequence[int], patch: int, stride: int
) -> NDArray[np.float64]:
    """An occlusion map at the size of its image: for each pixel the mean over what has hidden it.

    Args:
        drops: what `occlusion_map` returned.
        shape: of the image, (H, W) or (H, W, C).
        patch, stride: as in `occlusion_map`.

    Returns:
        float64, shape (H, W); 0 where no square has been.

    Raises:
        TypeError, ValueError: as in `occluded`, or `drops` has the shape of another map.
    """
    drops = np.asarray(drops, np.float64)
    starts = _starts((*shape[:2], 1), patch, stride)
    if drops.shape != tuple(map(len, starts)):
        raise ValueError(
            f"drops has shape {drops.shape}: with patch={patch} and stride={stride} an image of "
            f"{shape[0]}x{shape[1]} has {len(starts[0])}x{len(starts[1])} places."
        )
    total, count = np.zeros(shape[:2]), np.zeros(shape[:2])
    for i, top in enumerate(starts[0]):
        for j, left in enumerate(starts[1]):
            total[top : top + patch, left : left + patch] += drops[i, j]
            count[top : top + patch, left : left + patch] += 1
    return total / np.maximum(count, 1)


def class_activation(maps: ArrayLike, gradients: ArrayLike) -> NDArray[np.float64]:
    """Grad-CAM from feature maps and the gradients of a class score with respect to them.

    The weight of a map is the mean of its gradient over all places; what is left of the weighted
    sum of the maps above 0 is the result.

    Args:
        maps, gradients: both of shape (h, w, K).

    Returns:
        float64, shape (h, w), 0 or more.

    Raises:
        ValueError: the shapes differ or are no volumes.

    Source: Selvaraju et al., Grad-CAM: visual explanations from deep networks via gradient-based
    localization (2017), equations 1 and 2.
    """
    maps, gradients = np.asarray(maps, np.float64), np.asarray(gradients, np.float64)
    if maps.ndim != 3 or maps.shape != gradients.shape:
        raise ValueError(
            f"maps have shape {maps.shape} and gradients {gradients.shape}: expected (h, w, K) "
            "for both."
        )
    return np.maximum(maps @ gradients.mean(axis=(0, 1)), 0)


def grad_cam(
    base: Callable[[NDArray], object],
    head: Callable[[object], object],
    image: ArrayLike,
    label: int,
) -> NDArray[np.float64]:
    """The Grad-CAM of one class on one image, through a network in two pieces.

    The pieces run one after the other, the head under a gradient tape. This works for a pretrained
    model inside another one as well, whose inner layers the outer model does not know.

    Args:
        base: a Keras model, images (1, H, W, C) in, feature maps (1, h, w, K) out.
        head: a Keras model, feature maps in, scores of shape (1, classes) out; take logits, not
            probabilities, since the softmax of a sure network has hardly any gradient.
        image: shape (H, W, C).
        label: the class, 0 to classes - 1.

    Returns:
        float64, shape (h, w), 0 or more.

    Raises:
        TypeError: label is not a whole number.
        ValueError: there is no such class, or the base gives no feature maps.

    Source: as `class_activation`.
    """
    from utils.quiet import tf  # here, for the rest of this module needs NumPy alone

    label = whole("label", label, 0)
    maps = base(np.asarray(image, np.float32)[np.newaxis])
    with tf.GradientTape() as tape:
        tape.watch(maps)
        scores = head(maps)
        if label >= scores.shape[-1]:
            raise ValueError(
                f"label={label}: the head has the classes 0 to {scores.shape[-1] - 1}."
            )
        score = scores[0, label]
    return class_activation(maps[0], tape.gradient(score, maps)[0])


def _starts(shape: Sequence[int], patch: int, stride: int) -> tuple[range, range]:
    """The first row and the first column of every square that fits."""
    if len(shape) != 3:
        raise ValueError(f"the image has shape {tuple(shape)}: expected (H, W, C).")
    patch, stride = whole("patch", patch, 1), whole("stride", stride, 1)
    if patch > min(shape[:2]):
        raise ValueError(f"patch={patch} does not fit into an image of {shape[0]}x{shape[1]}.")
    return tuple(range(0, side - patch + 1, stride) for side in shape[:2])
