"""Calling what a student wrote: with a time limit, on copies, and with nothing left behind."""

import copy
import ctypes
import io
import sys
import sysconfig
import threading
import traceback
import warnings
from collections import deque
from collections.abc import Coroutine, Iterator, KeysView, ValuesView
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import numpy as np

from utils.checks.comparing import require
from utils.checks.mistakes import meaning
from utils.checks.result import NotYet

SECONDS = 10.0
"""So long may one call of a student's function compute, and six times as long wait."""
LONGEST = 300
"""So many characters of a message are shown."""
PRINTED = 10_000
"""So many characters that one call prints are kept."""

COURSE = Path(__file__).resolve().parents[2]
NOT_THEIRS = (
    *(str(COURSE / part) for part in ("utils", "lessons")),
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    "<frozen",
    "<__array",
)
_raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc


class Stopped(NotYet):
    """The student stopped the check: nothing more is tried."""


class TooSlow(NotYet):
    """A call did not finish in time."""


class DidNotFinish(BaseException):
    """Raised inside a call that takes too long; no `except Exception` catches it."""


def call(function: Any, *arguments: Any) -> Any:
    """What a student's function returns for copies of the arguments.

    Raises:
        Stopped, TooSlow: it was interrupted, it did not finish in `SECONDS`.
        NotYet: it raised, changed its input, or returned nothing that can be compared.
    """
    require(callable(function), f"Expected a function, got {type(function).__name__}.")
    mine = copy.deepcopy(arguments)
    with _one_call():
        got = function(*mine)
    for before, after in zip(arguments, mine, strict=True):
        same = not isinstance(before, np.ndarray | list | dict) or _unchanged(before, after)
        require(same, "Your function changed its input: work on a copy.")
    require(got is not None, "Your function returned None: does it end with `return`?")
    if isinstance(got, Coroutine):
        got.close()
        raise NotYet("Your function is `async`: write `def`, without it.")
    kind = type(got).__name__
    lazy = f"Your function returned a {kind}, which has not computed anything yet: make it a list."
    require(not isinstance(got, Iterator), lazy)
    return list(got) if isinstance(got, ValuesView | KeysView | deque) else got


@contextmanager
def _one_call() -> Iterator[None]:
    """The time limit, and every exception as a `NotYet` that names the student's line."""
    if isinstance(sys.stdout, Printed):
        sys.stdout.begin()
    try:
        with time_limit():
            yield
    except DidNotFinish as error:
        raise TooSlow(
            f"Your function did not finish in {SECONDS:g} seconds: is there a loop that never "
            f"ends?{_line(error, ' It was{}.')}"
        ) from None
    except KeyboardInterrupt as error:
        raise Stopped(f"You stopped it{_line(error)}.") from None
    except BaseException as error:
        message = f"Your function stopped{_line(error)} with {said(error)}."
        raise NotYet(message, hint=meaning(error)) from None


@contextmanager
def time_limit() -> Iterator[None]:
    """Raise `DidNotFinish` in this thread when it has computed for `SECONDS`, on every system.

    Another thread raises it: signals would need the main thread, and Windows has no alarm. It
    arrives as soon as Python runs again, so that one long call into C is waited for. It comes again
    where a bare `except` has caught it, but not while a call clears up what its loop has heaped.
    """
    mine, over = ctypes.c_ulong(threading.get_ident()), threading.Lock()
    over.acquire()

    def watch() -> None:
        computed, passed = process_time() + SECONDS, monotonic() + 6 * SECONDS
        pause, pauses = SECONDS, chain((0.2 + SECONDS / 2,), repeat(0.2))
        while not over.acquire(timeout=pause):
            pause = computed - process_time()
            if pause <= 0 or monotonic() > passed:
                _raise_in(mine, ctypes.py_object(DidNotFinish))
                pause = next(pauses)

    watcher = threading.Thread(target=watch, daemon=True)
    try:
        with suppress(RuntimeError):  # a Python without threads has no limit
            watcher.start()
        yield
    finally:
        over.release()  # one step, which nothing can interrupt
        if watcher.is_alive():
            watcher.join()  # what it has raised arrives here at the latest


def _line(error: BaseException, words: str = "{}") -> str:
    """Where in the student's own code it happened; nothing where that is not known."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if not frame.filename.startswith(NOT_THEIRS)]
    return words.format(f" in line {lines[0]}") if lines else ""


def said(error: BaseException) -> str:
    """The type and the words of an exception, without colors, cut where they are long."""
    try:
        words = str(error).replace("\x1b[1m", "").replace("\x1b[0m", "")  # Keras writes in bold
        text = f"{type(error).__name__}: {words}".rstrip(".: ")
    except Exception:
        return type(error).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


class Printed(io.TextIOBase):
    """What a check prints: nothing of it is seen but the calls that are shown afterwards."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def begin(self) -> None:
        """From here on another call prints."""
        self.calls.append("")

    def write(self, text: str) -> int:
        """Keep what the call at hand prints, its first `PRINTED` characters."""
        if self.calls:
            self.calls[-1] = (self.calls[-1] + text)[:PRINTED]
        return len(text)


@contextmanager
def steady() -> Iterator[None]:
    """The settings of NumPy, Keras and warnings that checks count on; afterwards as before."""
    with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
        config = getattr(sys.modules.get("keras"), "config", None)
        if config is None:
            yield
            return
        before = config.image_data_format(), config.dtype_policy()
        config.set_image_data_format("channels_last")
        config.set_dtype_policy("float32")
        try:
            yield
        finally:
            config.set_image_data_format(before[0])
            config.set_dtype_policy(before[1])


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
