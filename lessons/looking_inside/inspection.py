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


def right_without(
    predict: Callable[[NDArray], NDArray], images: NDArray, labels: NDArray, masks: ArrayLike
) -> list[float]:
    """The share of right answers with the pixels of each mask painted gray in every image.

    Args:
        predict: takes images, shape (N, H, W, C), and gives a number a class, shape (N, classes).
        images, labels: shapes (N, H, W, C) and (N,).
        masks: bool, shape (M, H, W).
    """
    shares = []
    for mask in masks:
        hidden = np.where(np.asarray(mask)[..., np.newaxis], np.uint8(FILL), images)
        shares.append(float((predict(hidden).argmax(axis=1) == labels).mean()))
    return shares


def by_group(right: ArrayLike, objects: NDArray, grounds: NDArray) -> NDArray[np.float64]:
    """The share of right answers for every object on every ground; NaN where there is none.

    Args:
        right: bool, shape (N,).
        objects, grounds: numbers from 0, shape (N,).

    Returns:
        Shape (objects, grounds).
    """
    counts, hits = np.zeros((2, objects.max() + 1, grounds.max() + 1))
    np.add.at(counts, (objects, grounds), 1)
    np.add.at(hits, (objects, grounds), right)
    return np.divide(hits, counts, out=np.full_like(hits, np.nan), where=counts > 0)


def strongest_pieces(
    images: NDArray, responses: NDArray, first: int, step: int, side: int, count: int
) -> NDArray:
    """The pieces of images that one map answers to most, each from another image.

    Args:
        images: shape (N, H, W, 3).
        responses: of the map, shape (N, h, w).
        first, step, side: row i of the map sees the rows from first + step * i on, `side` of them;
            columns likewise. What lies outside an image is gray.
        count: how many pieces.

    Returns:
        Shape (count, side, side, 3), the strongest first.
    """
    flat = responses.reshape(len(responses), -1)
    best = np.argsort(-flat.max(axis=1), kind="stable")[:count]
    around = ((0, 0), (side, side), (side, side), (0, 0))
    padded = np.pad(images[best], around, constant_values=FILL)
    pieces = []
    for image, place in zip(padded, flat[best].argmax(axis=1), strict=True):
        top, left = (side + first + step * i for i in divmod(place, responses.shape[2]))
        pieces.append(image[top : top + side, left : left + side])
    return np.stack(pieces)


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


def in_two_pieces(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """A network that holds another one, as base and head for `grad_cam`; no weight is copied.

    What comes before the inner network, such as augmentation, is left out. A softmax at the end is
    left out of the head, so that it gives logits: `model` itself gives logits from then on.

    Raises:
        ValueError: there is no network inside the model.
    """
    inner = next((layer for layer in model.layers if isinstance(layer, keras.Model)), None)
    if inner is None:
        raise ValueError("no network inside: make the base by `keras.Model(inputs, maps)`.")
    after = model.layers[model.layers.index(inner) + 1 :]
    after[-1].activation = keras.activations.linear
    return inner, keras.Sequential([keras.Input(inner.output.shape[1:]), *after])
