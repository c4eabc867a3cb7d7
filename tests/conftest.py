"""What holds for all tests, and a real browser for those that drive a widget as a student does."""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("course", deadline=None)  # a busy machine is no failure
settings.load_profile("course")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FONTS = {"wide": "DejaVu Sans", "narrow": "Liberation Sans Narrow"}
ONE_FONT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <match target="pattern">
    <edit name="family" mode="assign" binding="strong"><string>{}</string></edit>
  </match>
</fontconfig>
"""
"""A setup of fontconfig in which every name of a font finds the same one."""


@pytest.fixture(scope="session")
def launch():
    """Starts headless Chromiums, given environment variables; skips where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("needs Chromium or Chrome on the PATH")
    with sync_api.sync_playwright() as playwright:
        running = []

        def start(**variables: str) -> "Browser":
            options = {"args": ["--no-sandbox"], "env": os.environ | variables}
            running.append(playwright.chromium.launch(executable_path=path, **options))
            return running[-1]

        yield start
        for browser in running:
            browser.close()


@pytest.fixture(scope="session")
def browser(launch):
    """A headless Chromium; a test that needs one is skipped where there is none."""
    return launch()


@pytest.fixture(scope="session")
def set_in(launch, tmp_path_factory) -> Callable[[str], "Browser"]:
    """From a font to a Chromium that sets every text in it; skips where the font is missing."""

    @cache
    def start(font: str) -> "Browser":
        if not _is_installed(font):
            pytest.skip(f"needs the font {font}, and fc-list to find it")
        setup = tmp_path_factory.mktemp("fonts") / "fonts.conf"
        setup.write_text(ONE_FONT.format(font), encoding="utf-8")
        return launch(FONTCONFIG_FILE=str(setup))

    return start


@pytest.fixture(scope="session", params=FONTS)
def each_font(request, set_in) -> "Browser":
    """A Chromium whose texts are all wide, then one whose texts are all narrow."""
    return set_in(FONTS[request.param])


def _is_installed(font: str) -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.check_output(["fc-list", font], text=True).strip())
