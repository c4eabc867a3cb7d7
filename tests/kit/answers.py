"""Tests that every lesson's check has: from a table of answers to a test function."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from utils.checks import calling

PLAIN = re.compile(
    r"(In result \d of \d: )?"
    r"(The (values|words) differ\.|The (shape|type) differs\.|There is a NaN where .*)"
)
"""What is said of a wrong answer of which nothing more is known."""
PATIENCE = 60.0
"""Seconds a call for right answers: how busy the machine is, is no fault of theirs."""


def accepted(answers: Mapping[str, tuple]) -> Callable[[str, pytest.MonkeyPatch], None]:
    """A test that each (check, answer) is right."""

    @pytest.mark.parametrize("name", answers)
    def test(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(calling, "SECONDS", PATIENCE)
        exercise, answer = answers[name]
        result = exercise(answer)
        assert result.state == "right", result

    return test


def refused(answers: Mapping[str, tuple[Callable, Any, str | None]]) -> Callable[[str], None]:
    """A test that each (check, answer, words) is not right yet, and that the words are said.

    None in place of words: no mistake is named.
    """

    @pytest.mark.parametrize("name", answers)
    def test(name: str) -> None:
        exercise, answer, words = answers[name]
        result = exercise(answer)
        assert result.state == "not yet", result
        if words is None:
            assert result.hint is None, result
            assert PLAIN.fullmatch(result.message), result
        else:
            assert words in result.message, result

    return test
