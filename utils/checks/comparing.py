"""Holding what came out against what should: shape, kind, values, and how both are shown."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
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


def require(holds: Any, message: str, hint: str | None = None, **told: Any) -> None:
    """`NotYet` unless something holds, with what else is told, such as `expected=3, got=4`."""
    if not holds:
        raise NotYet(message, _facts(told), hint)


@contextmanager
def about(**told: Any) -> Iterator[None]:
    """Put this in front of the facts of every `NotYet` that is raised inside."""
    try:
        yield
    except NotYet as fault:
        fault.facts = (*_facts(told), *fault.facts)
        raise


def _facts(told: dict[str, Any]) -> list[tuple[str, str]]:
    texts = [it if isinstance(it, str) else shown(it) for it in told.values()]
    return [(name.replace("_", " "), text) for name, text in zip(told, texts, strict=True)]


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
    require(not any(map(np.ma.is_masked, parts)), f"{what} hides numbers behind a mask.")
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
    shapes = {"expected_shape": _shape(expected), "your_shape": _shape(array)}
    require(array.shape == expected.shape, "The shape differs.", **shapes)
    kinds = {"expected": f"{expected.dtype} values", "got": f"{array.dtype} values"}
    require((array.dtype == bool) == (expected.dtype == bool), "The type differs.", **kinds)
    right = np.isclose(array, expected, rtol, atol, equal_nan=True)
    if not right.all():
        nan = np.isnan(array.astype(float)) & ~np.isnan(expected.astype(float))
        message = "There is a NaN where a number should be." if nan.any() else "The values differ."
        raise NotYet(message, _different(expected, array, ~right))
    floats = array.dtype.kind == "f" and (array.size or isinstance(got, np.ndarray))
    require(not (whole and expected.dtype.kind in "iu" and floats), FLOATS, FLOATS, got=array)


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
    alike = words.shape == expected.shape and (words == np.char.lower(expected)).all()
    require(alike, "The words differ.", got=shown(got))


def _shape(array: NDArray) -> str:
    return str(array.shape) if array.ndim else "() (one number)"
