"""Cross-correlation along three axes, in NumPy alone."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.convolution import same_type


def correlate3d(volume: ArrayLike, kernel: ArrayLike) -> NDArray:
    """Cross-correlation along three axes: the kernel slides through the depth as well.

    In `utils.convolution.correlate_volume` the depth holds channels, and one kernel gives a map;
    here it is a place like height and width, or time, and one kernel gives a volume.

    Args:
        volume: numbers of shape (D, H, W).
        kernel: numbers of shape (kd, kh, kw), no side larger than that of the volume.

    Returns:
        Array of shape (D - kd + 1, H - kh + 1, W - kw + 1), dtype as in `correlate2d`.
    """
    volume, kernel = same_type(volume, kernel)
    windows = np.lib.stride_tricks.sliding_window_view(volume, kernel.shape)
    return np.tensordot(windows, kernel, axes=3)
