"""A page for the two steppers."""

import pytest

from tests.kit.pages import HOST, no_errors_on, still_tab


@pytest.fixture(scope="module")
def tab(browser):
    with still_tab(browser) as tab:
        yield tab


@pytest.fixture
def page(tab):
    """An empty page; console errors fail the test."""
    with no_errors_on(tab):
        tab.set_viewport_size({"width": 1100, "height": 800})
        tab.goto("about:blank")
        tab.evaluate(HOST, "stepper")
        yield tab
