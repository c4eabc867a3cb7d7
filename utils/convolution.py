"""Convolution by hand: the reference that the lessons build up, in NumPy alone.

Everything here counts as the lessons do: `n` is a side of the input, `k` of the kernel, `p` the
rows or columns added on each side, `s` the stride, `d` the dilation. Integers stay integers and
never wrap around; float32 stays float32; NaN in a window gives NaN in the output.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.validation import whole

INT64_MAX = np.iinfo(np.int64).max
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
        TypeError: an argument is not a whole number.
        ValueError: an argument is out of range, or the kernel does not fit the padded input.

    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), eq. 6
    and section 5.1.
    """
    n, k, p = whole("n", n, least=1), whole("k", k, least=1), whole("p", p, least=0)
    s, span = whole("s", s, least=1), _span(k, whole("d", d, least=1))
    if span > n + 2 * p:
        wide = f"k={k}" if d == 1 else f"k={k} with d={d} spans {span} and"
        raise ValueError(
            f"{wide} does not fit: the padded input is n + 2p = {n + 2 * p} wide. "
            "Use a smaller kernel or more padding."
        )
    return (n + 2 * p - span) // s + 1


def same_padding(n: int, k: int, s: int = 1, d: int = 1) -> tuple[int, int]:
    """What Keras adds before and after an axis for padding="same": the output has ceil(n / s).

    An odd number of rows or columns puts the extra one after.

    Args:
        n, k, s, d: as in `output_size`.

    Returns:
        Rows or columns (before, after).

    Raises:
        TypeError: an argument is not a whole number.
        ValueError: an argument is less than 1.
    """
    n, k = whole("n", n, least=1), whole("k", k, least=1)
    s, d = whole("s", s, least=1), whole("d", d, least=1)
    last_start = (-(-n // s) - 1) * s
    total = max(last_start + _span(k, d) - n, 0)
    return total // 2, total - total // 2


def receptive_field(layers: Sequence[tuple[int, ...]]) -> int:
    """How many pixels along an axis one number behind a stack of layers depends on.

    A layer adds span - 1 steps, and a step is as wide as the product of all strides before it.

    Args:
        layers: (k, s) or (k, s, d) of each layer in turn, pooling included; each 1 or more.

    Raises:
        TypeError: a number is not whole.
        ValueError: a number is less than 1, or a layer has not two or three numbers.

    Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks,
    Distill (2019), eq. 2.
    """
    field, step = 1, 1
    for layer in layers:
        if len(layer) not in (2, 3):
            raise ValueError(f"layer {layer!r}: expected (k, s) or (k, s, d).")
        k, s, d = (whole(n, v, least=1) for n, v in zip("ksd", (*layer, 1)[:3], strict=True))
        field += (_span(k, d) - 1) * step
        step *= s
    return field


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
        TypeError: `image` does not hold real numbers, or `padding` is not whole.
        ValueError: `image` is empty or of another rank, `padding` is negative, `mode` is unknown,
            or there is too little image to reflect.
    """
    image = _numbers("image", image, ranks=(2, 3))
    before, after = _padding(padding)
    if mode not in MODES:
        raise ValueError(f"mode={mode!r} is not known: use one of {', '.join(MODES)}.")
    if mode == "reflect" and max(before, after) >= min(image.shape[:2]):
        raise ValueError(
            f"padding={padding} cannot be reflected from an image of shape {image.shape}: it must "
            "be less than each side."
        )
    channels = [(0, 0)] * (image.ndim - 2)
    return np.pad(image, [(before, after), (before, after), *channels], MODES[mode])


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
        TypeError: not real numbers, or `padding`, `stride` or `dilation` not whole numbers.
        ValueError: wrong rank, empty, kernel too large, a number out of range, or whole numbers so
            large that their sum could leave int64.
    """
    image, kernel = _same_type(
        _numbers("image", image, ranks=(2,)), _numbers("kernel", kernel, ranks=(2,))
    )
    image = _padded(image, padding)
    rows, columns = _views(image, kernel, stride, dilation)
    # One kernel weight at a time: all the pixels that this weight meets, as a shifted view.
    products = (weight * image[rows[i], columns[j]] for (i, j), weight in np.ndenumerate(kernel))
    result = next(products)
    for product in products:
        result += product
    return result


def convolve2d(
    image: ArrayLike, kernel: ArrayLike, padding: Padding = 0, stride: int = 1, dilation: int = 1
) -> NDArray:
    """Convolution as mathematics defines it: cross-correlation with the kernel turned by 180°.

    Arguments, result and errors as in `correlate2d`.
    """
    kernel = _numbers("kernel", kernel, ranks=(2,))
    return correlate2d(image, kernel[::-1, ::-1], padding, stride, dilation)


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
    volume = _padded(volume, padding)
    planes = np.moveaxis(volume, 2, 0).copy()
    # As in correlate2d, for each weight the pixels that it meets; one matrix product adds them up.
    rows, columns = _views(volume, kernels, stride, dilation)
    shifted = [plane[row, column] for row in rows for column in columns for plane in planes]
    return np.tensordot(shifted, kernels.reshape(kh * kw * depth, count), axes=(0, 0))


def correlate3d(volume: ArrayLike, kernel: ArrayLike) -> NDArray:
    """Cross-correlation along three axes: the kernel slides through the depth as well.

    In `correlate_volume` the depth holds channels, and one kernel gives a map; here it is a place
    like height and width, or time, and one kernel gives a volume.

    Args:
        volume: numbers of shape (D, H, W).
        kernel: numbers of shape (kd, kh, kw), no side larger than that of the volume.

    Returns:
        Array of shape (D - kd + 1, H - kh + 1, W - kw + 1), dtype as in `correlate2d`.

    Raises:
        TypeError: not real numbers.
        ValueError: wrong rank, empty, kernel too large, or whole numbers so large that their sum
            could leave int64.
    """
    volume, kernel = _same_type(
        _numbers("volume", volume, ranks=(3,)), _numbers("kernel", kernel, ranks=(3,))
    )
    if any(k > n for k, n in zip(kernel.shape, volume.shape, strict=True)):
        raise ValueError(
            f"kernel of shape {kernel.shape} does not fit a volume of shape {volume.shape}: use a "
            "smaller kernel or pad the volume."
        )
    windows = np.lib.stride_tricks.sliding_window_view(volume, kernel.shape)
    return np.tensordot(windows, kernel, axes=3)


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
        "max" keeps the dtype. The others turn float16 into float32; of whole numbers, "average"
        is float64 and "sum" int64.

    Raises:
        TypeError: not real numbers, or `size` or `stride` not whole numbers.
        ValueError: wrong rank, empty, window too large, `stride` out of range, unknown `how`.
    """
    feature_map = _to_pool(feature_map, how)
    size = whole("size", size, least=1)
    stride = size if stride is None else whole("stride", stride, least=1)
    if size > min(feature_map.shape[:2]):
        raise ValueError(
            f"size={size} is larger than a side of the feature map, {feature_map.shape[:2]}."
        )
    combine = np.maximum if how == "max" else np.add
    result = feature_map
    # First whole rows together, then columns: the maximum of maxima is the maximum.
    for axis in (0, 1):
        lines = np.moveaxis(result, axis, 0)
        reach = output_size(len(lines), size, 0, stride) * stride
        views = [lines[i : i + reach : stride] for i in range(size)]
        result = np.moveaxis(reduce(combine, views), 0, axis)
    if how == "average":
        return result / result.dtype.type(size * size)
    return result.copy() if size == 1 else result


def global_pool(feature_map: ArrayLike, how: str = "max") -> NDArray:
    """One number a feature map: its maximum, its average or its sum.

    Args:
        feature_map: numbers of shape (H, W) or (H, W, C).
        how: "max", "average" or "sum".

    Returns:
        Shape () or (C,), dtype as in `pool2d`.

    Raises:
        TypeError: not real numbers.
        ValueError: wrong rank, empty, unknown `how`.
    """
    feature_map = _to_pool(feature_map, how)
    if how == "max":
        return np.asarray(feature_map.max(axis=(0, 1)))
    exact = np.float64 if feature_map.dtype.kind == "f" else feature_map.dtype
    total = feature_map.sum(axis=(0, 1), dtype=exact)
    if how == "average":
        total = total / (feature_map.shape[0] * feature_map.shape[1])
    return np.asarray(total, feature_map.dtype)


def _span(k: int, d: int) -> int:
    """From the first to the last pixel under a kernel."""
    return d * (k - 1) + 1


def _padding(padding: Padding) -> tuple[int, int]:
    """(before, after), or an error that names what is wrong."""
    if isinstance(padding, tuple) and len(padding) == 2:
        before, after = (whole("padding", p, least=0) for p in padding)
        return before, after
    padding = whole("padding", padding, least=0)
    return padding, padding


def _padded(image: NDArray, padding: Padding) -> NDArray:
    return pad(image, padding) if any(_padding(padding)) else image


def _views(image: NDArray, kernel: NDArray, stride: int, dilation: int) -> list[list[slice]]:
    """For each row of a kernel the rows of a padded image that it meets; the same for columns."""
    stride, dilation = whole("stride", stride, least=1), whole("dilation", dilation, least=1)
    views = []
    for name, n, k in zip(("rows", "columns"), image.shape, kernel.shape, strict=False):
        if _span(k, dilation) > n:
            spread = f", spread out to {_span(k, dilation)}," if dilation > 1 else ""
            raise ValueError(
                f"kernel of shape {kernel.shape[:2]}{spread} has more {name} than the padded "
                f"image ({n}): use a smaller kernel or more padding."
            )
        reach = output_size(n, k, 0, stride, dilation) * stride
        views.append([slice(i, i + reach, stride) for i in range(0, k * dilation, dilation)])
    return views


def _to_pool(feature_map: ArrayLike, how: str) -> NDArray:
    """A feature map in the type of the result."""
    feature_map = _numbers("feature_map", feature_map, ranks=(2, 3))
    if how not in ("max", "average", "sum"):
        raise ValueError(f'how={how!r} is not known: use "max", "average" or "sum".')
    if how == "max":
        return feature_map
    if feature_map.dtype.kind == "f":
        return feature_map.astype(np.result_type(feature_map, np.float32), copy=False)
    return feature_map.astype(np.float64 if how == "average" else np.int64)


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
