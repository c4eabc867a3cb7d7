"""What every exercise check is made of.

A check is a function marked `@exercise("title")`. It takes what the student made, calls the helpers
below, and returns nothing; a helper that finds a fault raises `NotYet`. The mark turns that into a
`Result` in one of three states and lets no exception through, whatever the student hands over.
"""

import copy
import dis
import functools
import html
import inspect
import re
import traceback
import warnings
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

State = Literal["not attempted", "right", "not yet"]

LOOK = {  # symbol, words, color of the bar (Okabe-Ito)
    "not attempted": ("○", "Not attempted", "#7f7f7f"),
    "right": ("✔", "Right", "#009e73"),
    "not yet": ("✘", "Not yet", "#d55e00"),
}
CELL = "text-align:left;vertical-align:top;padding:2px 16px 2px 0"


@dataclass(frozen=True)
class Result:
    """The answer of a check: plain text in a terminal, a box in a notebook.

    `facts` are pairs of a label and a monospaced text (input, expected, got).
    """

    state: State
    title: str
    message: str
    facts: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        symbol, words, _ = LOOK[self.state]
        lines = [f"{symbol} {words}: {self.title}", self.message]
        for label, text in self.facts:
            separator = "\n" if "\n" in text else " "
            lines.append(f"{label}:{separator}{text}")
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        symbol, words, color = LOOK[self.state]
        message = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.message))
        rows = "".join(
            f'<tr><th style="{CELL}">{label}</th>'
            f'<td style="{CELL}"><pre style="margin:0">{html.escape(text)}</pre></td></tr>'
            for label, text in self.facts
        )
        table = f'<table style="margin:8px 0 0 0">{rows}</table>' if rows else ""
        return (
            f'<div style="border-left:6px solid {color};padding:6px 14px;margin:4px 0;'
            f'font-size:1.05em;line-height:1.5"><b>{symbol} {words}: {html.escape(self.title)}</b>'
            f"<br>{message}{table}</div>"
        )


class NotYet(Exception):
    """A fault in the answer: what to say about it, and the facts that show it."""

    def __init__(self, message: str, facts: Iterable[tuple[str, str]] = ()):
        super().__init__(message)
        self.message = message
        self.facts = tuple(facts)


@dataclass(frozen=True)
class Misconception:
    """A wrong idea: the hint it deserves, and what someone who holds it would write."""

    hint: str
    function: Callable[..., Any]


def exercise(
    title: str, praise: str = ""
) -> Callable[[Callable[..., None]], Callable[..., Result]]:
    """Turn a function that raises `NotYet` into a check that answers with a `Result`.

    Warnings stay silent while it runs: what they warn of shows in the result.

    Args:
        title: what the exercise is called in the lesson.
        praise: one sentence for a right answer, such as what to notice about it.
    """

    def mark(body: Callable[..., None]) -> Callable[..., Result]:
        @functools.wraps(body)
        def check(*answers: Any) -> Result:
            missing = [is_missing(answer) for answer in answers]
            if all(missing):
                return Result("not attempted", title, "Replace the `...` above and run both cells.")
            try:
                if any(missing):
                    names = list(inspect.signature(body).parameters)
                    todo = ", ".join(f"`{n}`" for n, m in zip(names, missing, strict=False) if m)
                    raise NotYet(f"Still to do: {todo}.")
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    body(*answers)
            except NotYet as fault:
                return Result("not yet", title, fault.message, fault.facts)
            except BaseException as error:
                return Result("not yet", title, f"Your answer cannot be read: {_said(error)}.")
            return Result("right", title, praise)

        return check

    return mark


def is_missing(answer: Any) -> bool:
    """Whether this is what the lesson shipped: None, `...`, or a function with no body yet."""
    if answer is None or answer is ...:
        return True
    if not inspect.isfunction(answer):
        return False
    work = [i for i in dis.get_instructions(answer) if i.opname not in ("RESUME", "NOP")]
    returns = ("LOAD_CONST", "RETURN_CONST", "RETURN_VALUE")
    return all(i.opname in returns and i.argval is None for i in work)


def compare(
    answer: Callable[..., Any],
    oracle: Callable[..., Any],
    cases: Iterable[Sequence[Any]],
    misconceptions: Sequence[Misconception] = (),
    rtol: float = 1e-4,
    atol: float = 1e-6,
) -> None:
    """Call `answer` on every case and hold it against `oracle`; the first fault raises `NotYet`.

    Args:
        answer: the student's function.
        oracle: an independent function with the right results, several of unequal shapes as a
            tuple; its parameter names are shown.
        cases: tuples of arguments, the one to show first in front.
        misconceptions: tried in order on the first case that fails and the one after it.
        rtol, atol: how far a number may be off, as in `numpy.allclose`.
    """
    names = list(inspect.signature(oracle).parameters)
    cases = list(cases)
    for number, case in enumerate(cases):
        expected = oracle(*copy.deepcopy(case))
        given = [(name, _shown(value)) for name, value in zip(names, case, strict=False)]
        try:
            got = call(answer, *case)
        except NotYet as fault:
            raise NotYet(fault.message, (*given, *fault.facts)) from None
        try:
            same(got, expected, rtol, atol)
        except NotYet as fault:
            hint = _named(answer, cases[number : number + 2], misconceptions, rtol, atol)
            raise NotYet(f"{fault.message}{hint}", (*given, *fault.facts)) from None


def call(function: Any, *arguments: Any) -> Any:
    """What a student's function returns, or `NotYet`: it raised, changed its input, gave None."""
    if not callable(function):
        raise NotYet(f"Expected a function, got {type(function).__name__}.")
    mine = copy.deepcopy(arguments)
    try:
        got = function(*mine)
    except BaseException as error:
        file = getattr(getattr(function, "__code__", None), "co_filename", None)
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == file]
        where = f" in line {lines[0]}" if lines else ""
        raise NotYet(f"Your function stopped{where} with {_said(error)}.") from None
    for before, after in zip(arguments, mine, strict=True):
        if isinstance(before, np.ndarray | list | dict) and not _unchanged(before, after):
            raise NotYet("Your function changed its input: work on a copy.")
    if got is None:
        raise NotYet("Your function returned None: does it end with `return`?")
    if isinstance(got, Coroutine):
        got.close()
        raise NotYet("Your function is `async`: write `def`, without it.")
    if isinstance(got, Iterator):
        raise NotYet(
            f"Your function returned a {type(got).__name__}, which has not computed anything yet: "
            "make it a list."
        )
    return got


def numbers(got: Any, what: str = "Your answer") -> NDArray:
    """An answer as an array of real numbers, fractions and decimals among them, or `NotYet`."""
    try:
        array = np.asarray(got)
    except BaseException:
        raise NotYet(
            f"{what} cannot be turned into an array of numbers: are its parts of one shape?"
        ) from None
    if array.dtype == object and all(isinstance(value, Real | Decimal) for value in array.flat):
        array = array.astype(float)
    if array.dtype.kind not in "biuf":
        raise NotYet(
            f"{what} should hold numbers; it is of type {type(got).__name__}, dtype {array.dtype}."
        )
    if np.ma.is_masked(got):
        raise NotYet(f"{what} hides numbers behind a mask.")
    return array


def same(got: Any, expected: Any, rtol: float = 1e-4, atol: float = 1e-6) -> None:
    """`NotYet` unless shape, kind and values of an answer are the expected ones.

    A tuple whose parts have unequal shapes stands for several results, compared one by one.
    """
    if isinstance(expected, tuple) and len({np.shape(part) for part in expected}) > 1:
        _same_parts(got, expected, rtol, atol)
        return
    expected = np.asarray(expected)
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
    if np.allclose(array, expected, rtol, atol, equal_nan=True):
        return
    nan = np.isnan(array.astype(float)) & ~np.isnan(expected.astype(float))
    message = "There is a NaN where a number should be." if nan.any() else "The values differ."
    raise NotYet(message, [("expected", _shown(expected)), ("got", _shown(array))])


def _same_parts(got: Any, expected: tuple[Any, ...], rtol: float, atol: float) -> None:
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        raise NotYet(
            f"Expected {len(expected)} results: return them separated by commas.",
            [("got", _shown(got))],
        )
    for number, (part, right) in enumerate(zip(got, expected, strict=True), 1):
        try:
            same(part, right, rtol, atol)
        except NotYet as fault:
            raise NotYet(
                f"In result {number} of {len(expected)}: {fault.message}", fault.facts
            ) from None


def _named(
    answer: Callable[..., Any],
    cases: Sequence[Sequence[Any]],
    misconceptions: Sequence[Misconception],
    rtol: float,
    atol: float,
) -> str:
    """The hint of the first misconception that answers the first case alike, or nothing.

    One case can agree by chance: another one must not contradict it.
    """
    for misconception in misconceptions:
        agree = (_agree(answer, misconception.function, case, rtol, atol) for case in cases)
        if next(agree) and False not in agree:
            return f" {misconception.hint}"
    return ""


def _agree(
    answer: Callable[..., Any],
    other: Callable[..., Any],
    case: Sequence[Any],
    rtol: float,
    atol: float,
) -> bool | None:
    """Whether two functions give the same in a case; None where one of them cannot take it."""
    try:
        got, expected = call(answer, *case), other(*copy.deepcopy(case))
    except Exception:
        return None
    try:
        same(got, expected, rtol, atol)
    except Exception:
        return False
    return True


def _unchanged(before: Any, after: Any) -> bool:
    if isinstance(before, list):
        return len(before) == len(after) and all(map(_unchanged, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(_unchanged, before.values(), after.values()))
    try:
        np.testing.assert_array_equal(before, after)
    except Exception:
        return False
    return np.asarray(before).dtype == np.asarray(after).dtype


def _shape(array: NDArray) -> str:
    return str(array.shape) if array.ndim else "() (one number)"


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        return np.array2string(np.asarray(value), precision=4, suppress_small=True, threshold=100)
    return repr(value)


def _said(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}".rstrip(".: ")
    except Exception:
        return type(error).__name__
