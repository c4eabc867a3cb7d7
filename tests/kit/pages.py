"""What every test needs that drives a widget on a page of a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def no_errors_on(page: Page) -> Iterator[None]:
    """Fails at its end when a script raised or the console showed an error meanwhile."""
    problems = []
    listeners = {
        "console": lambda message: message.type == "error" and problems.append(message.text),
        "pageerror": lambda error: problems.append(str(error)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert problems == []
