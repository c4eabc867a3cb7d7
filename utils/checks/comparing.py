"""Holding what came out against what should: shape, kind, values, and how both are shown."""

import inspect
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks.result import NotYet

WIDEST = 800
"""So many characters of a value are shown."""

FLOATS = (
    "The numbers are right, but they are decimals, which cannot index or count. `//`, `int(...)` "
    "make whole numbers; `np.array([])`, `np.zeros` and `np.floor` make decimals."
)


def numbers(got: Any, what: str = "Your answer") -> NDArray:
    """An answer as an array of real numbers, fractions and decimals among them, or `NotYet`."""
    try:
        array = np.asarray(got)
    except BaseException:
        raise NotYet(
            f"{what} cannot be turned into an array of numbers: are its parts of one shape?"
        ) from None
    if array.dtype == object:
        kinds = {int: Integral, float: Real | Decimal}
        kinds = {bool: bool | np.bool_, **kinds} if array.size else kinds
        fitting = (k for k, types in kinds.items() if all(isinstance(v, types) for v in array.flat))
        array = array.astype(next(fitting, object))
    if array.dtype.kind not in "biuf":
        called = " Are the parentheses missing that call it?" if inspect.isroutine(got) else ""
        raise NotYet(
            f"{what} should hold numbers; it is of type {type(got).__name__}, dtype {array.dtype}."
            + called
        )
    parts = got if isinstance(got, tuple | list) else [got]
    if any(np.ma.is_masked(part) for part in parts):
        raise NotYet(f"{what} hides numbers behind a mask.")
    return array


def same(
    got: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-6, whole: bool = False
) -> None:
    """`NotYet` unless shape, kind and values of an answer are the expected ones.

    A tuple or list whose parts have unequal shapes stands for several results, compared one by
    one. With `whole` an answer has to hold whole numbers where `expected` does. Words are compared
    without regard to capitals and spaces around them.
    """
    if _is_ragged(expected):
        _same_parts(got, expected, rtol, atol, whole)
        return
    expected = np.asarray(expected)
    if expected.dtype.kind == "U":
        _same_words(got, expected)
        return
    array = numbers(got)
    if array.shape != expected.shape:
        raise NotYet(
            "The shape differs.",
            [("expected shape", _shape(expected)), ("your shape", _shape(array))],
        )
    if (array.dtype == bool) != (expected.dtype == bool):
        raise NotYet(
            "The type differs.",
            [("expected", f"{expected.dtype} values"), ("got", f"{array.dtype} values")],
        )
    right = np.isclose(array, expected, rtol, atol, equal_nan=True)
    if not right.all():
        nan = np.isnan(array.astype(float)) & ~np.isnan(expected.astype(float))
        message = "There is a NaN where a number should be." if nan.any() else "The values differ."
        raise NotYet(message, _different(expected, array, ~right))
    floats = array.dtype.kind == "f" and (array.size or isinstance(got, np.ndarray))
    if whole and expected.dtype.kind in "iu" and floats:
        raise NotYet(FLOATS, [("got", shown(array))], FLOATS)


def shown(value: Any, precision: int = 4) -> str:
    """A value as a student reads it, cut where it is long."""
    try:
        if isinstance(value, np.ndarray) and value.ndim:
            value = value + 0 if value.dtype.kind == "f" else value  # no -0.
            large = value.dtype.kind == "f" and value.size and np.nanmax(np.abs(value)) >= 1e-2
            options = {"suppress_small": bool(large) and precision == 4, "threshold": 50}
            text = np.array2string(value, precision=precision, edgeitems=2, **options)
        elif isinstance(value, float | np.floating):
            text = f"{value:.{precision + 2}g}"
        else:
            text = str(value) if isinstance(value, np.generic | np.ndarray) else repr(value)
    except Exception:
        return f"a {type(value).__name__}"
    return text if len(text) <= WIDEST else f"{text[:WIDEST]} ..."


def _different(expected: NDArray, got: NDArray, wrong: NDArray) -> list[tuple[str, str]]:
    """Both values so that they look different, and in a table the first place that is wrong."""
    for precision in (4, 8, 16):
        facts = [("expected", shown(expected, precision)), ("got", shown(got, precision))]
        if facts[0][1] != facts[1][1]:
            break
    if expected.size > 6:
        place = tuple(map(int, np.argwhere(wrong)[0]))
        pair = " is not ".join(shown(values[place], 8) for values in (got, expected))
        facts.append(("first difference", f"{list(place)}: {pair}"))
    return facts


def _is_ragged(value: Any) -> bool:
    return isinstance(value, tuple | list) and len({np.shape(part) for part in value}) > 1


def _same_parts(got: Any, expected: Any, rtol: float, atol: float, whole: bool) -> None:
    count = len(expected)
    if not isinstance(got, tuple | list) or len(got) != count:
        many = f"Expected {count} results: return them separated by commas."
        short = f"Expected a list of {count} parts"
        short += f"; yours has {len(got)}." if isinstance(got, tuple | list) else "."
        raise NotYet(many if isinstance(expected, tuple) else short, [("got", shown(got))])
    for number, (part, right) in enumerate(zip(got, expected, strict=True), 1):
        try:
            same(part, right, rtol, atol, whole)
        except NotYet as fault:
            message = f"In result {number} of {count}: {fault.message}"
            raise NotYet(message, fault.facts, fault.hint) from None


def _same_words(got: Any, expected: NDArray) -> None:
    words = np.char.strip(np.char.lower(np.asarray(got, dtype=str)))
    if words.shape != expected.shape or (words != np.char.lower(expected)).any():
        raise NotYet("The words differ.", [("got", shown(got))])


def _shape(array: NDArray) -> str:
    return str(array.shape) if array.ndim else "() (one number)"
