"""Arguments that must be whole numbers, or positive ones."""

from operator import index

import numpy as np


def whole(name: str, value: int, least: int) -> int:
    """`value` as an int, or an error that names it.

    Raises:
        TypeError: not a whole number; True and False are none.
        ValueError: less than `least`.
    """
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = index(value)
    except TypeError:
        raise TypeError(f"{name}={value!r} must be a whole number, {least} or more.") from None
    if number < least:
        raise ValueError(f"{name}={number} must be {least} or more.")
    return number


def positive(name: str, value: float) -> float:
    """`value` itself, or an error that names it.

    Raises:
        ValueError: zero, negative, infinite or NaN.
    """
    if not 0 < value < np.inf:
        raise ValueError(f"{name}={value}: must be a finite number above 0.")
    return value
