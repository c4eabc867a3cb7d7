"""Convolution by hand: the reference that the lessons build up, in NumPy alone.

Everything here counts as the lessons do: `n` is a side of the input, `k` of the kernel, `p` the
rows or columns added on each side, `s` the stride. Integers stay integers and never wrap around;
float32 stays float32; NaN in a window gives NaN in the output.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.validation import whole

INT64_MAX = np.iinfo(np.int64).max


def output_size(n: int, k: int, p: int = 0, s: int = 1) -> int:
    """Side of a convolution's output: floor((n + 2p - k) / s) + 1.

    Args:
        n: side of the input, 1 or more.
        k: side of the kernel, 1 to n + 2p.
        p: padding on each side, 0 or more.
        s: stride, 1 or more.

    Raises:
        TypeError: an argument is not a whole number.
        ValueError: an argument is out of range, or the kernel does not fit the padded input.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), eq. 6.
    """
    n, k = whole("n", n, least=1), whole("k", k, least=1)
    p, s = whole("p", p, least=0), whole("s", s, least=1)
    if k > n + 2 * p:
        raise ValueError(
            f"k={k} does not fit: the padded input is n + 2p = {n + 2 * p} wide. "
            "Use a smaller kernel or more padding."
        )
    return (n + 2 * p - k) // s + 1


def pad(image: ArrayLike, padding: int) -> NDArray:
    """Add `padding` rows and columns of zeros on every side of an image.

    Args:
        image: numbers of shape (H, W) or (H, W, C).
        padding: rows and columns on each side, 0 or more.

    Returns:
        A new array of shape (H + 2 padding, W + 2 padding) or (..., C), same dtype.

    Raises:
        TypeError: `image` does not hold real numbers, or `padding` is not a whole number.
        ValueError: `image` is empty or of another rank, or `padding` is negative.
    """
    image = _numbers("image", image, ranks=(2, 3))
    padding = whole("padding", padding, least=0)
    channels = [(0, 0)] * (image.ndim - 2)
    return np.pad(image, [(padding, padding), (padding, padding), *channels])


def correlate2d(image: ArrayLike, kernel: ArrayLike, padding: int = 0, stride: int = 1) -> NDArray:
    """Cross-correlation: slide the kernel over the image, multiply, add up.

    This is what Keras and the lectures call "convolution": the kernel is *not* flipped.

    Args:
        image: numbers of shape (H, W).
        kernel: numbers of shape (kh, kw), no larger than the padded image.
        padding: rows and columns of zeros on each side, 0 or more.
        stride: step of the kernel, 1 or more.

    Returns:
        Array of shape (output_size(H, kh, padding, stride), output_size(W, kw, padding, stride)):
        int64 for whole numbers, otherwise the wider of the floating types (float32 or more).

    Raises:
        TypeError: not real numbers, or `padding` or `stride` not whole numbers.
        ValueError: wrong rank, empty, kernel too large, `padding` or `stride` out of range, or
            whole numbers so large that their sum could leave int64.
    """
    image, kernel = _same_type(
        _numbers("image", image, ranks=(2,)), _numbers("kernel", kernel, ranks=(2,))
    )
    padding, stride = whole("padding", padding, least=0), whole("stride", stride, least=1)
    rows, columns = _output_shape(image, kernel, padding, stride)
    image = pad(image, padding) if padding else image
    # One kernel weight at a time: all the pixels that this weight meets, as a shifted view.
    products = (
        weight * image[i : i + rows * stride : stride, j : j + columns * stride : stride]
        for (i, j), weight in np.ndenumerate(kernel)
    )
    result = next(products)
    for product in products:
        result += product
    return result


def convolve2d(image: ArrayLike, kernel: ArrayLike, padding: int = 0, stride: int = 1) -> NDArray:
    """Convolution as mathematics defines it: cross-correlation with the kernel turned by 180°.

    Arguments, result and errors as in `correlate2d`.
    """
    kernel = _numbers("kernel", kernel, ranks=(2,))
    return correlate2d(image, kernel[::-1, ::-1], padding, stride)


def correlate_volume(
    volume: ArrayLike, kernels: ArrayLike, padding: int = 0, stride: int = 1
) -> NDArray:
    """Cross-correlate a volume with N kernels, each as deep as the volume: N feature maps.

    Args:
        volume: numbers of shape (H, W, C), such as a color image.
        kernels: numbers of shape (kh, kw, C, N), the layout of Keras' `Conv2D.kernel`.
        padding: rows and columns of zeros on each side, 0 or more.
        stride: step of the kernels, 1 or more.

    Returns:
        Array of shape (H', W', N), H' and W' by `output_size`, dtype as in `correlate2d`.

    Raises:
        TypeError, ValueError: as `correlate2d`; also a ValueError when the depths of `volume` and
            `kernels` differ.
    """
    volume, kernels = _same_type(
        _numbers("volume", volume, ranks=(3,)), _numbers("kernels", kernels, ranks=(4,))
    )
    kh, kw, depth, count = kernels.shape
    if depth != volume.shape[2]:
        raise ValueError(
            f"kernels of depth {depth} do not fit a volume of depth {volume.shape[2]}: "
            f"kernels.shape is {kernels.shape}, expected (kh, kw, {volume.shape[2]}, N)."
        )
    padding, stride = whole("padding", padding, least=0), whole("stride", stride, least=1)
    rows, columns = _output_shape(volume, kernels, padding, stride)
    planes = np.moveaxis(pad(volume, padding) if padding else volume, 2, 0).copy()
    # As in correlate2d, for each weight the pixels that it meets; one matrix product adds them up.
    shifted = [
        planes[c, i : i + rows * stride : stride, j : j + columns * stride : stride]
        for i, j, c in np.ndindex(kh, kw, depth)
    ]
    return np.tensordot(shifted, kernels.reshape(kh * kw * depth, count), axes=(0, 0))


def pool2d(
    feature_map: ArrayLike, size: int = 2, stride: int | None = None, how: str = "max"
) -> NDArray:
    """Replace every window of a feature map by its maximum or its average.

    Args:
        feature_map: numbers of shape (H, W) or (H, W, C); channels are pooled separately.
        size: side of the window, 1 to the shorter side of the map.
        stride: step of the window, 1 or more; as large as the window where not given.
        how: "max" or "average".

    Returns:
        Array of shape (output_size(H, size, 0, stride), output_size(W, size, 0, stride)[, C]).
        "max" keeps the dtype; "average" of whole numbers is float64, of float16 float32.

    Raises:
        TypeError: not real numbers, or `size` or `stride` not whole numbers.
        ValueError: wrong rank, empty, window too large, `stride` out of range, unknown `how`.
    """
    feature_map = _numbers("feature_map", feature_map, ranks=(2, 3))
    size = whole("size", size, least=1)
    stride = size if stride is None else whole("stride", stride, least=1)
    if size > min(feature_map.shape[:2]):
        raise ValueError(
            f"size={size} is larger than a side of the feature map, {feature_map.shape[:2]}."
        )
    if how not in ("max", "average"):
        raise ValueError(f'how={how!r} is not known: use "max" or "average".')
    rows, columns = (output_size(n, size, 0, stride) for n in feature_map.shape[:2])
    if how == "average":
        floating = feature_map.dtype.kind == "f"
        dtype = np.result_type(feature_map, np.float32) if floating else np.float64
        feature_map = feature_map.astype(dtype, copy=False)
    combine = np.maximum if how == "max" else np.add
    # One place of the window at a time, as a shifted view that holds it for all windows.
    result = feature_map[: rows * stride : stride, : columns * stride : stride].copy()
    for i, j in list(np.ndindex(size, size))[1:]:
        view = feature_map[i : i + rows * stride : stride, j : j + columns * stride : stride]
        combine(result, view, out=result)
    return result if how == "max" else result / result.dtype.type(size * size)


def _numbers(name: str, values: ArrayLike, ranks: tuple[int, ...]) -> NDArray:
    """`values` as an array of real numbers of one of these ranks, or an error that names it."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths: make them equal.") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} holds {array.dtype} values: expected real numbers (bool, integer or float)."
        )
    if array.ndim not in ranks:
        expected = " or ".join(map(str, ranks))
        raise ValueError(f"{name} has shape {array.shape}: expected {expected} axes.")
    if array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}: it must not be empty.")
    return array


def _same_type(image: NDArray, kernel: NDArray) -> tuple[NDArray, NDArray]:
    """Both in the type of the result: int64, or the widest floating type that came in."""
    floating = [a.dtype for a in (image, kernel) if a.dtype.kind == "f"]
    if floating:
        dtype = np.result_type(np.float32, *floating)
    else:
        dtype = np.int64
        _refuse_overflow(image, kernel)
    return image.astype(dtype, copy=False), kernel.astype(dtype, copy=False)


def _refuse_overflow(image: NDArray, kernel: NDArray) -> None:
    weights = kernel[..., 0].size if kernel.ndim == 4 else kernel.size
    largest_pixel, largest_weight = (max(int(a.max()), -int(a.min())) for a in (image, kernel))
    if weights * largest_pixel * largest_weight > INT64_MAX:
        raise ValueError(
            f"pixels up to {largest_pixel} times weights up to {largest_weight} could overflow "
            "64-bit integers: convert one of them to float."
        )


def _output_shape(image: NDArray, kernel: NDArray, padding: int, stride: int) -> tuple[int, int]:
    for side, n, k in zip(("rows", "columns"), image.shape, kernel.shape, strict=False):
        if k > n + 2 * padding:
            raise ValueError(
                f"kernel of shape {kernel.shape[:2]} has more {side} than the padded image "
                f"({n + 2 * padding}): use a smaller kernel or more padding."
            )
    return (
        output_size(image.shape[0], kernel.shape[0], padding, stride),
        output_size(image.shape[1], kernel.shape[1], padding, stride),
    )
