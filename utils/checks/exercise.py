"""A check as data: what is asked, an independent oracle, inputs, and known mistakes."""

import copy
import dis
import inspect
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from utils import board
from utils.checks.calling import Printed, Stopped, TooSlow, call, said, steady, time_limit
from utils.checks.comparing import same, shown
from utils.checks.mistakes import seen_in
from utils.checks.result import NotYet, Result

SEARCH_SECONDS = 5.0
"""So long may a check go on calling a wrong answer to find out what its mistake is."""
AGREE = 0.75
"""In so large a part of the cases that can tell has a misconception to agree with an answer."""

Function = Callable[..., Any]
Case = tuple[Any, ...]


@dataclass(frozen=True)
class Tried:
    """One call of an answer: what should come, what came, and the fault if it is not the same."""

    case: Case
    expected: Any
    got: Any
    fault: NotYet | None


@dataclass(eq=False, kw_only=True)
class Exercise:
    """A check: call it with what the student made, and it answers with a `Result`.

    Attributes:
        title: what the exercise is called in the lesson.
        outcome: the bold verb of the lesson's opening that it assesses.
        praise: one sentence for a right answer, such as what to notice about it.
        nudge, hint: what helps before the solution is opened; the check offers the nudge, too.
        oracle: an independent function with the right results, several of unequal shapes as a
            tuple; its parameter names are shown. Without parameters the answer is a value.
        cases: arguments that are always tried, the one to show first in front.
        legal: makes arguments of any kind that the text allows; `draws` of them are tried.
        misconceptions: hint to the wrong functions, one or a tuple, that it is true of. A hint is
            given where one of them agrees with the answer on two cases or more on which it differs
            from the oracle, and on three quarters of all such.
        use: turns an answer that is no function into the one to compare; may raise `NotYet`.
        read: turns what the answer returned, with the arguments of the case behind it, into what
            is compared; may raise `NotYet`.
        test: what else has to hold of the answer, given it and a generator; raises `NotYet`.
        whole: where the oracle gives whole numbers, decimals are refused: indices and sizes.
        rtol, atol: how far a number may be off, as in `numpy.allclose`.
        seed: where the legal inputs and `test` begin.
    """

    title: str
    outcome: str = ""
    praise: str = ""
    nudge: str = ""
    hint: str = ""
    oracle: Function | None = None
    cases: Sequence[Case] = ()
    legal: Callable[[np.random.Generator], Case] | None = None
    draws: int = 12
    misconceptions: Mapping[str, Function | tuple[Function, ...]] = field(default_factory=dict)
    use: Callable[[Any], Function] | None = None
    read: Function | None = None
    test: Callable[[Any, np.random.Generator], None] | None = None
    whole: bool = False
    rtol: float = 1e-4
    atol: float = 1e-6
    seed: int = 0
    module: str = field(default_factory=lambda: sys._getframe(2).f_globals["__name__"])
    tries: int = field(default=0, init=False)

    def __call__(self, answer: Any) -> Result:
        """Judge an answer; nothing is raised, and at most one of its calls is seen to print."""
        printed = Printed()
        with steady(), redirect_stdout(printed):
            result = self._result(answer)
        if printed.calls:
            print(printed.calls[0 if result.state == "right" else -1], end="")
        self.tries = self.tries + 1 if result.state == "not yet" else 0
        nudge = f"A nudge: {self.nudge}" if self.tries > 1 and self.nudge else ""
        return replace(result, offer=" ".join(filter(None, (nudge, self._record(result)))))

    def with_seed(self, seed: int) -> "Exercise":
        """The same check with other legal inputs."""
        return replace(self, seed=seed)

    def inputs(self) -> list[Case]:
        """All arguments that are tried, of the drawn ones the short ones first."""
        rng = np.random.default_rng(self.seed)
        drawn = [self.legal(rng) for _ in range(self.draws)] if self.legal else []
        return [*self.cases, *sorted(drawn, key=lambda case: len(repr(case)))]

    def judge(self, answer: Any) -> None:
        """Raise `NotYet` where an answer is not right."""
        if self.oracle:
            function = self.use(answer) if self.use else answer
            is_value = not inspect.signature(self.oracle).parameters
            self._compare((lambda: answer) if is_value else function)
        if self.test:
            self.test(answer, np.random.default_rng(self.seed))

    def _result(self, answer: Any) -> Result:
        try:
            if is_missing(answer):
                words = "Replace the `...` above and run both cells."
                return Result("not attempted", self.title, words)
            self.judge(answer)
        except NotYet as fault:
            message, hint = fault.message, fault.hint
            if not hint and not isinstance(fault, Stopped | TooSlow):
                hint = seen_in(answer)
            if hint and hint not in message:
                message = f"{message} {hint}"
            return Result("not yet", self.title, message, fault.facts, hint)
        except KeyboardInterrupt:
            return Result("not yet", self.title, "You stopped the check.")
        except BaseException as error:
            return Result("not yet", self.title, f"Your answer cannot be read: {said(error)}.")
        return Result("right", self.title, self.praise)

    def _compare(self, function: Function) -> None:
        tried, cases = [], self.inputs() or [()]
        for number, case in enumerate(cases, 1):
            tried.append(self._tried(function, case))
            fault = tried[-1].fault
            if fault:
                fault.hint = self._mistake(function, tried, cases[number:]) or fault.hint
                raise fault

    def _tried(self, function: Function, case: Case) -> Tried:
        expected, got = self.oracle(*copy.deepcopy(case)), None
        try:
            got = call(function, *case)
            with time_limit():
                got = self.read(got, *copy.deepcopy(case)) if self.read else got
                same(got, expected, self.rtol, self.atol, self.whole)
        except NotYet as fault:
            names = inspect.signature(self.oracle).parameters
            given = [(name, shown(value)) for name, value in zip(names, case, strict=False)]
            fault.facts = (*given, *fault.facts)
            if isinstance(fault, Stopped | TooSlow):
                raise
            return Tried(case, expected, got, fault)
        return Tried(case, expected, got, None)

    def _mistake(self, function: Function, tried: list[Tried], others: list[Case]) -> str | None:
        """The first hint that the calls of a wrong answer prove; it has failed in the last one."""
        first, tried = tried[-1], list(tried)
        end = time.monotonic() + SEARCH_SECONDS
        with redirect_stdout(Printed()):
            for case in others if self.misconceptions else []:
                if time.monotonic() > end:
                    break
                try:
                    tried.append(self._tried(function, case))
                except TooSlow:
                    break
        for hint, wrongs in self.misconceptions.items():
            for wrong in wrongs if isinstance(wrongs, tuple) else (wrongs,):
                if self._proves(wrong, first, tried):
                    return hint
        return None

    def _proves(self, wrong: Function, first: Tried, tried: list[Tried]) -> bool:
        """Whether a wrong function gives what the answer gave, where that says something."""
        agreed, values = [], []
        for one in tried:
            try:
                value = wrong(*copy.deepcopy(one.case))
            except Exception:
                continue
            empty = getattr(value, "size", 1) == 0
            if empty or one.got is None:
                continue
            agrees = self._alike(one.got, value)
            if one is first and not agrees:
                return False
            if not self._alike(value, one.expected):
                values.append(value)
                agreed += [one.got] * agrees
        enough = len(agreed) >= max(min(2, len(tried)), AGREE * len(values))
        return enough and (_vary(agreed) or not _vary(values))

    def _alike(self, got: Any, expected: Any) -> bool:
        try:
            same(got, expected, self.rtol, self.atol)
        except Exception:
            return False
        return True

    def _record(self, result: Result) -> str | None:
        """Hand a result of a lesson to the board and the passport; a sentence to show, or None."""
        package, _, lesson = self.module.removesuffix(".check").rpartition(".")
        names = [name for name, it in vars(sys.modules[self.module]).items() if it is self]
        if package != "lessons" or not names:
            return None
        return board.record(lesson, names[0], result.state, result.hint)


def is_missing(answer: Any) -> bool:
    """Whether this is what the lesson shipped: None, `...`, or a function with no body yet."""
    if answer is None or answer is ...:
        return True
    if not inspect.isfunction(answer):
        return False
    if answer.__code__.co_names == ("NotImplementedError",):
        return True
    work = [i for i in dis.get_instructions(answer) if i.opname not in ("RESUME", "NOP")]
    returns = ("LOAD_CONST", "RETURN_CONST", "RETURN_VALUE")
    return all(i.opname in returns and i.argval in (None, ...) for i in work)


def _vary(values: Sequence[Any]) -> bool:
    """Whether these results are not all the same."""
    return any(repr(value) != repr(values[0]) for value in values)
