"""Tests that every lesson's check has: from a table of answers to a test function."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest


def accepted(answers: Mapping[str, tuple]) -> Callable[[str], None]:
    """A test that each (check, answer) is right."""

    @pytest.mark.parametrize("name", answers)
    def test(name: str) -> None:
        exercise, answer = answers[name]
        result = exercise(answer)
        assert result.state == "right", result

    return test


def refused(answers: Mapping[str, tuple[Callable, Any, str]]) -> Callable[[str], None]:
    """A test that each (check, answer, words) is not right yet, and that the words are said."""

    @pytest.mark.parametrize("name", answers)
    def test(name: str) -> None:
        exercise, answer, words = answers[name]
        result = exercise(answer)
        assert result.state == "not yet", result
        assert words in result.message, result.message

    return test
