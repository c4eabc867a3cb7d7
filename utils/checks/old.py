"""The checks of lessons that are not converted yet; goes with the last of them."""

import copy
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from utils.checks.calling import Stopped, TooSlow, call
from utils.checks.comparing import same, shown
from utils.checks.exercise import Exercise
from utils.checks.result import NotYet


@dataclass(frozen=True)
class Misconception:
    """A wrong idea: the hint it deserves, and what someone who holds it would write."""

    hint: str
    function: Callable[..., Any]


def exercise(title: str, praise: str = "") -> Callable[[Callable[..., None]], Exercise]:
    """Turn a function that raises `NotYet` into a check."""

    def mark(body: Callable[..., None]) -> Exercise:
        test = lambda answer, rng: body(answer)  # noqa: E731
        return Exercise(title=title, praise=praise, test=test, module=body.__module__)

    return mark


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
        given = [(name, shown(value)) for name, value in zip(names, case, strict=False)]
        try:
            got = call(answer, *case)
        except NotYet as fault:
            raise type(fault)(fault.message, (*given, *fault.facts), fault.hint) from None
        try:
            same(got, expected, rtol, atol)
        except NotYet as fault:
            hint = _named(answer, cases[number : number + 2], misconceptions, rtol, atol)
            raise NotYet(f"{fault.message}{hint}", (*given, *fault.facts)) from None


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
    except (Stopped, TooSlow):
        raise
    except Exception:
        return None
    try:
        same(got, expected, rtol, atol)
    except Exception:
        return False
    return True
