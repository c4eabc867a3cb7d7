"""What Keras says about sizes and numbers, to hold the formula of the lesson against."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from utils.convolution import output_size
from utils.quiet import keras


def size_in_keras(n: int, k: int, p: int, s: int, d: int, padding: str = "valid") -> int:
    """The size of the output along an axis, from shapes alone: nothing is computed.

    Args:
        n: pixels; k: weights; p: cells padded on each side beforehand; s: stride; d: dilation.
        padding: "valid" or "same", as a layer takes it.
    """
    row = keras.ops.pad(keras.KerasTensor((1, n, 1)), [(0, 0), (p, p), (0, 0)])
    weights = keras.KerasTensor((k, 1, 1))
    return keras.ops.conv(row, weights, strides=s, padding=padding, dilation_rate=d).shape[1]


def numbers_in_keras(
    picture: NDArray, weights: NDArray, p: int, s: int, d: int = 1, padding: str = "valid"
) -> NDArray[np.float32]:
    """The cross-correlation of a picture (H, W) with weights (k, k); arguments as in the size.

    Keras refuses a stride and a dilation together: one of them must be 1.
    """
    batch = np.pad(picture, p)[np.newaxis, :, :, np.newaxis].astype("float32")
    kernels = weights[:, :, np.newaxis, np.newaxis].astype("float32")
    result = keras.ops.conv(batch, kernels, strides=s, padding=padding, dilation_rate=d)
    return keras.ops.convert_to_numpy(result)[0, :, :, 0]


def settings_that_fit() -> list[tuple[int, int, int, int, int]]:
    """(n, k, p, s, d) of a few thousand layers whose kernel fits into its padded input."""
    grid = product(range(1, 25), range(1, 7), range(3), range(1, 5), range(1, 4))
    return [(n, k, p, s, d) for n, k, p, s, d in grid if d * (k - 1) + 1 <= n + 2 * p]


def sizes_agree() -> dict[str, int]:
    """In how many of the settings the formula and Keras give the same size."""
    settings = settings_that_fit()
    equal = sum(size_in_keras(*setting) == output_size(*setting) for setting in settings)
    return {"layers": len(settings), "equal sizes": equal}
