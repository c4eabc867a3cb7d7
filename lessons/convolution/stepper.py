"""The convolution steppers: a kernel steps over a small grid, or volume, one window at a time.

All of it runs in the browser (static/stepper.js), so it also works in an exported page and in a
notebook without a kernel. Python checks what the lesson hands over.
"""

from math import isfinite
from numbers import Integral, Real
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from utils.convolution import output_size
from utils.data import WORKED_IMAGE, WORKED_KERNEL

STATIC = Path(__file__).parent / "static"
LARGEST_IMAGE = 12
LARGEST_KERNEL = 5
LARGEST_PADDING = 3
CHANNELS = 3
LARGEST_VOLUME = 5
LARGEST_SLICE = 3


class ConvolutionStepper(anywidget.AnyWidget):
    """Step a kernel over a small image and watch products, sum and output.

    Args:
        image: numbers of shape (H, W), 1 to 12 a side; the LENS lecture's example where not given.
        kernel: numbers of shape (kh, kw), 1 to 5 a side, no larger than the padded image.
        stride: step of the window, 1 or more.
        padding: rows and columns of zeros on each side, 0 to 3.
        flip: False for cross-correlation, True for convolution (kernel turned by 180 degrees).

    The arguments are attributes, too, and follow what the learner does; so does `step`, the number
    of the current window, counted row by row from 0. When a change leaves fewer windows than that,
    it moves to the last one.

    Raises:
        ValueError: an argument is out of its range, or the kernel does not fit.
    """

    _esm = STATIC / "stepper.js"
    _css = STATIC / "stepper.css"

    image = traitlets.TraitType().tag(sync=True)
    kernel = traitlets.TraitType().tag(sync=True)
    stride = traitlets.TraitType(1).tag(sync=True)
    padding = traitlets.TraitType(0).tag(sync=True)
    flip = traitlets.TraitType(False).tag(sync=True)
    step = traitlets.TraitType(0).tag(sync=True)
    # What "Reset" goes back to.
    _start = traitlets.Dict().tag(sync=True)

    def __init__(self, image=None, kernel=None, stride=1, padding=0, flip=False):
        start = {
            "image": _grid("image", WORKED_IMAGE if image is None else image, LARGEST_IMAGE),
            "kernel": _grid("kernel", WORKED_KERNEL if kernel is None else kernel, LARGEST_KERNEL),
            "stride": _whole("stride", stride, 1),
            "padding": _whole("padding", padding, 0, LARGEST_PADDING),
            "flip": _switch("flip", flip),
        }
        _check_fit(start["image"], start["kernel"], start["padding"])
        super().__init__(**start, _start=start)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the output; (0, 0) while the kernel does not fit."""
        try:
            return tuple(
                output_size(n, k, self.padding, self.stride)
                for n, k in zip(_size(self.image), _size(self.kernel), strict=True)
            )
        except ValueError:
            return (0, 0)

    def __repr__(self) -> str:
        """The same text in every run: nbval compares it."""
        image, kernel = (f"{h}x{w}" for h, w in (_size(self.image), _size(self.kernel)))
        operation = "convolution" if self.flip else "cross-correlation"
        return (
            f"ConvolutionStepper(image {image}, kernel {kernel}, stride {self.stride}, "
            f"padding {self.padding}, {operation})"
        )

    @traitlets.validate("image")
    def _check_image(self, proposal):
        return _grid("image", proposal.value, LARGEST_IMAGE)

    @traitlets.validate("kernel")
    def _check_kernel(self, proposal):
        return _grid("kernel", proposal.value, LARGEST_KERNEL)

    @traitlets.validate("stride")
    def _check_stride(self, proposal):
        return _whole("stride", proposal.value, 1)

    @traitlets.validate("padding")
    def _check_padding(self, proposal):
        return _whole("padding", proposal.value, 0, LARGEST_PADDING)

    @traitlets.validate("flip")
    def _check_flip(self, proposal):
        return _switch("flip", proposal.value)

    @traitlets.validate("step")
    def _check_step(self, proposal):
        rows, columns = self.shape
        return _whole("step", proposal.value, 0, max(rows * columns - 1, 0))

    @traitlets.observe("image", "kernel", "stride", "padding")
    def _keep_step_in_range(self, _):
        rows, columns = self.shape
        self.step = min(self.step, max(rows * columns - 1, 0))


class VolumeStepper(anywidget.AnyWidget):
    """Step a kernel over a volume of three channels: three sums, the bias, the ReLU, one map.

    Args:
        volume: numbers of shape (H, W, 3), 1 to 5 a side.
        kernel: numbers of shape (kh, kw, 3), 1 to 3 a side, no larger than the volume.
        bias: a number.

    The arguments are attributes, too, the channels of volume and kernel one after the other; they
    follow what the learner does, and so does `step`, the number of the current place.

    Raises:
        ValueError: an argument is out of its range, or the kernel does not fit.
    """

    _esm = STATIC / "stepper.js"
    _css = STATIC / "stepper.css"

    volume = traitlets.List().tag(sync=True)
    kernel = traitlets.List().tag(sync=True)
    bias = traitlets.Float().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    # What "Reset" goes back to.
    _start = traitlets.Dict().tag(sync=True)

    def __init__(self, volume, kernel, bias=0):
        start = {
            "volume": _channels("volume", volume, LARGEST_VOLUME),
            "kernel": _channels("kernel", kernel, LARGEST_SLICE),
            "bias": _number("bias", bias, "expected a finite number"),
        }
        _check_fit(start["volume"][0], start["kernel"][0], 0)
        super().__init__(**start, _start=start)

    def __repr__(self) -> str:
        """The same text in every run: nbval compares it."""
        volume, kernel = (
            f"{h}x{w}x{CHANNELS}" for h, w in map(_size, (self.volume[0], self.kernel[0]))
        )
        return f"VolumeStepper(volume {volume}, kernel {kernel}, bias {self.bias:g})"


def _channels(name: str, values, largest: int) -> list[list[list[int | float]]]:
    """A volume as its channels, each a list of rows, or an error that names the argument."""
    values = np.asarray(values)
    if values.ndim != 3 or values.shape[2] != CHANNELS:
        raise ValueError(
            f"{name} has shape {values.shape}: expected (rows, columns, {CHANNELS}), a channel "
            "each for red, green and blue."
        )
    return [_grid(name, values[:, :, channel], largest) for channel in range(CHANNELS)]


def _size(grid) -> tuple[int, int]:
    return (len(grid), len(grid[0])) if grid else (0, 0)


def _grid(name: str, values, largest: int) -> list[list[int | float]]:
    """`values` as a list of rows of Python numbers, or an error that names the argument."""
    allowed = f"expected rows of equal length, 1 to {largest} a side, of finite numbers"
    rows = values.tolist() if hasattr(values, "tolist") else values
    if not _is_list(rows) or not rows or not all(_is_list(row) for row in rows):
        raise ValueError(f"{name}={values!r} is not a grid: {allowed}.")
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        raise ValueError(f"{name} has rows of lengths {lengths}: {allowed}.")
    if not 1 <= lengths[0] <= largest or len(rows) > largest:
        raise ValueError(f"{name} has shape ({len(rows)}, {lengths[0]}): {allowed}.")
    return [[_number(name, value, allowed) for value in row] for row in rows]


def _is_list(values) -> bool:
    return isinstance(values, list | tuple) or hasattr(values, "tolist")


def _number(name: str, value, allowed: str) -> int | float:
    if not isinstance(value, Real) or not isfinite(value):
        raise ValueError(f"{name} holds {value!r}: {allowed}.")
    return int(value) if isinstance(value, Integral) else float(value)


def _whole(name: str, value, least: int, most: int | None = None) -> int:
    """`value` as an int between the bounds, or an error that names the argument."""
    allowed = f"{least} or more" if most is None else f"{least} to {most}"
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        raise ValueError(f"{name}={value!r}: expected a whole number, {allowed}.")
    return int(value)


def _switch(name: str, value) -> bool:
    if value not in (False, True):
        raise ValueError(
            f"{name}={value!r}: expected False (cross-correlation) or True (convolution)."
        )
    return bool(value)


def _check_fit(image: list, kernel: list, padding: int) -> None:
    (h, w), (kh, kw) = _size(image), _size(kernel)
    if kh > h + 2 * padding or kw > w + 2 * padding:
        raise ValueError(
            f"kernel of shape ({kh}, {kw}) does not fit the padded image of shape "
            f"({h + 2 * padding}, {w + 2 * padding}): use a smaller kernel or more padding."
        )
