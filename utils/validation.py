"""Arguments that must be whole numbers."""

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
