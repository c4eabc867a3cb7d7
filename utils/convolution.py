"""Convolution by hand: the reference that the lessons build up, in NumPy alone.

Everything here counts as the lessons do: `n` is a side of the input, `k` of the kernel, `p` the
rows or columns added on each side, `s` the stride, `d` the dilation. Integers become int64 and do
not wrap around; float32 stays float32; NaN in a window gives NaN in the output.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

MODES = {"zero": "constant", "reflect": "reflect", "edge": "edge"}
"""What padding may hold, and NumPy's name for it."""

Padding = int | tuple[int, int]
"""Rows or columns on each side, or (before, after)."""


def output_size(n: int, k: int, p: int = 0, s: int = 1, d: int = 1) -> int:
    """Side of a convolution's output: floor((n + 2p - span) / s) + 1, with span = d (k - 1) + 1.

    Args:
        n: side of the input, 1 or more.
        k: side of the kernel, 1 or more; spread out by the dilation it must fit into n + 2p.
        p: padding on each side, 0 or more.
        s: stride, 1 or more.
        d: dilation, the step from one weight to the next, 1 or more.

    Raises:
        ValueError: the kernel does not fit the padded input.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), eq. 6
    and section 5.1.
    """
    span = d * (k - 1) + 1
    if span > n + 2 * p:
        raise ValueError(
            f"a kernel that spans {span} does not fit: the padded input is n + 2p = {n + 2 * p} "
            "wide. Use a smaller kernel or more padding."
        )
    return (n + 2 * p - span) // s + 1


def pad(image: ArrayLike, padding: Padding, mode: str = "zero") -> NDArray:
    """Add rows and columns on every side of an image.

    Args:
        image: numbers of shape (H, W) or (H, W, C).
        padding: rows and columns on each side, 0 or more; a pair (before, after) puts the first
            number at the top and left, the second at the bottom and right.
        mode: what they hold: "zero", the nearest "edge" pixel, or "reflect", the image mirrored
            at its border pixel.

    Returns:
        A new array of shape (H + before + after, W + before + after[, C]), same dtype.

    Raises:
        ValueError: `mode` is unknown, or there is too little image to reflect.
    """
    image = np.asarray(image)
    sides = padding if isinstance(padding, tuple) else (padding, padding)
    if mode not in MODES:
        raise ValueError(f"mode={mode!r} is not known: use one of {', '.join(MODES)}.")
    if mode == "reflect" and max(sides) >= min(image.shape[:2]):
        raise ValueError(
            f"padding={padding} cannot be reflected from an image of shape {image.shape}: it must "
            "be less than each side."
        )
    return np.pad(image, [sides, sides, *[(0, 0)] * (image.ndim - 2)], MODES[mode])


def correlate2d(
    image: ArrayLike, kernel: ArrayLike, padding: Padding = 0, stride: int = 1, dilation: int = 1
) -> NDArray:
    """Cross-correlation: slide the kernel over the image, multiply, add up.

    This is what Keras and the lectures call "convolution": the kernel is *not* flipped.

    Args:
        image: numbers of shape (H, W).
        kernel: numbers of shape (kh, kw); spread out, no larger than the padded image.
        padding: rows and columns of zeros on each side, 0 or more, or (before, after) as in `pad`.
        stride: step of the kernel, 1 or more.
        dilation: step from one weight of the kernel to the next, 1 or more.

    Returns:
        Array of shape (output_size(H, kh, padding, stride, dilation), output_size(W, kw, ...)):
        int64 for whole numbers, otherwise the wider of the floating types (float32 or more).

    Raises:
        ValueError: the kernel does not fit.
    """
    image, kernel = same_type(pad(image, padding), kernel)
    result = np.zeros(_sizes(image, kernel, stride, dilation), image.dtype)
    for (i, j), weight in np.ndenumerate(kernel):
        result += weight * _met(image, i, j, result.shape, stride, dilation)
    return result


def correlate_volume(
    volume: ArrayLike, kernels: ArrayLike, padding: Padding = 0, stride: int = 1, dilation: int = 1
) -> NDArray:
    """Cross-correlate a volume with N kernels, each as deep as the volume: N feature maps.

    Args:
        volume: numbers of shape (H, W, C), such as a color image.
        kernels: numbers of shape (kh, kw, C, N), the layout of Keras' `Conv2D.kernel`.
        padding, stride, dilation: as in `correlate2d`.

    Returns:
        Array of shape (H', W', N), H' and W' by `output_size`, dtype as in `correlate2d`.

    Raises:
        ValueError: the kernels do not fit, or their depth is not that of the volume.
    """
    volume, kernels = same_type(pad(volume, padding), kernels)
    if kernels.shape[2] != volume.shape[2]:
        raise ValueError(
            f"kernels of depth {kernels.shape[2]} do not fit a volume of depth {volume.shape[2]}: "
            f"kernels.shape is {kernels.shape}, expected (kh, kw, {volume.shape[2]}, N)."
        )
    rows, columns = _sizes(volume, kernels, stride, dilation)
    result = np.zeros((rows, columns, kernels.shape[3]), volume.dtype)
    for i, j in np.ndindex(kernels.shape[:2]):
        result += _met(volume, i, j, (rows, columns), stride, dilation) @ kernels[i, j]
    return result


def pool2d(
    feature_map: ArrayLike, size: int = 2, stride: int | None = None, how: str = "max"
) -> NDArray:
    """Replace every window of a feature map by its maximum, its average or its sum.

    Args:
        feature_map: numbers of shape (H, W) or (H, W, C); channels are pooled separately.
        size: side of the window, 1 to the shorter side of the map.
        stride: step of the window, 1 or more; as large as the window where not given.
        how: "max", "average" or "sum".

    Returns:
        Array of shape (output_size(H, size, 0, stride), output_size(W, size, 0, stride)[, C]).
        "max" keeps the dtype. Of whole numbers, "average" is float64 and "sum" int64.

    Raises:
        ValueError: the window does not fit, or `how` is unknown.
    """
    feature_map, stride = np.asarray(feature_map), stride or size
    if how not in ("max", "average", "sum"):
        raise ValueError(f'how={how!r} is not known: use "max", "average" or "sum".')
    if how != "max" and feature_map.dtype.kind != "f":
        feature_map = feature_map.astype(np.float64 if how == "average" else np.int64)
    shape = [output_size(n, size, 0, stride) for n in feature_map.shape[:2]]
    places = np.ndindex(size, size)
    views = [_met(feature_map, i, j, shape, stride) for i, j in places]
    pooled = reduce(np.maximum if how == "max" else np.add, views[1:], views[0].copy())
    return pooled / pooled.dtype.type(size * size) if how == "average" else pooled


def _sizes(image: NDArray, kernel: NDArray, stride: int, dilation: int) -> tuple[int, int]:
    sides = zip(image.shape[:2], kernel.shape[:2], strict=True)
    rows, columns = (output_size(n, k, 0, stride, dilation) for n, k in sides)
    return rows, columns


def _met(
    image: NDArray, i: int, j: int, shape: Sequence[int], stride: int = 1, dilation: int = 1
) -> NDArray:
    """All the pixels that the weight (i, j) of a kernel meets, one a window, as a shifted view."""
    rows, columns = shape
    return image[i * dilation :: stride, j * dilation :: stride][:rows, :columns]


def same_type(image: ArrayLike, kernel: ArrayLike) -> tuple[NDArray, NDArray]:
    """Both in the type of the result: int64, or the widest floating type that came in."""
    image, kernel = np.asarray(image), np.asarray(kernel)
    floating = [a.dtype for a in (image, kernel) if a.dtype.kind == "f"]
    dtype = np.result_type(np.float32, *floating) if floating else np.int64
    return image.astype(dtype, copy=False), kernel.astype(dtype, copy=False)
