"""Whether every text fits, whatever the fonts of the machine: only a browser knows.

The fixture `each_font` sets all texts in a wide font, then in a narrow one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets
import pytest

from utils.widgets import Manners

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
LAB = """<style>
body { margin: 0; font: 16px/1.4 system-ui, sans-serif }
section { padding: 8px }
.box { display: flex; box-sizing: border-box }
.column { flex-direction: column }
.control { display: flex; align-items: center; box-sizing: border-box; width: 300px;
  min-height: 28px; margin: 2px; line-height: 28px }
.control * { white-space: nowrap }
.choice { width: auto }
.label { flex: none; width: 80px; margin-right: 8px; text-align: right }
.track { flex: 1 1 148px; height: 4px; margin: 0 6px; background: #ccc }
.readout { min-width: 2.6em; max-width: 148px; margin-left: 4px; text-align: center }
.button { box-sizing: border-box; width: 148px; margin: 2px; padding: 0 10px; background: #eee;
  line-height: 28px; text-align: center; white-space: nowrap }
.icon { display: inline-block; width: 17px }
.menu { flex: 1 1 148px; min-width: 0; border: 1px solid #ccc }
.option { margin: 0 20px 0 8px }
.words { margin: 2px; line-height: 28px }
</style>"""
"""As much of JupyterLab's style of ipywidgets as decides how wide a text may be."""


def looked_at(page: Page) -> dict:
    """How the texts of a page stand.

    Returns:
        `faults`: texts that stick out of their picture or box, or overlap; `scrolling`: what holds
        more than it shows; `texts`: how many; `smallest`: pixels, but for controls; `widest`: what
        it says.
    """
    return page.evaluate(LOOK)


def on_paper(browser: Browser, parts: Iterable[str], width: int = 1000) -> dict:
    """`looked_at` a page on which pieces of HTML stand below each other.

    Args:
        browser: from the fixture `each_font`.
        parts: the pieces.
        width: of the page in pixels; the output of a cell has about 1000 on a screen of 1280.
    """
    page = browser.new_page(viewport={"width": width, "height": 720})
    try:
        page.set_content(LAB + "".join(f"<section>{part}</section>" for part in parts))
        return looked_at(page)
    finally:
        page.close()


def fit(parts: Callable[[], Iterable[str]], smallest: float) -> Callable:
    """A test that the texts of pieces of HTML fit with a wide and with a narrow font.

    Args:
        parts: makes the pieces: SVGs, or what `as_html` says of a widget; one for each state.
        smallest: pixels that a text must have at least.
    """

    @pytest.mark.slow
    def test(each_font: Browser) -> None:
        seen = on_paper(each_font, parts())
        assert seen["faults"] == []
        assert seen["smallest"] >= smallest

    return test


def as_html(widget: ipywidgets.Widget) -> str:
    """A widget as JupyterLab lays it out: its texts in their widths, and no working parts."""
    if isinstance(widget, Manners):
        return ""
    if isinstance(widget, ipywidgets.VBox):
        kind, inside = "box column", "".join(map(as_html, widget.children))
    elif isinstance(widget, ipywidgets.Box):
        kind, inside = "box", "".join(map(as_html, widget.children))
    elif isinstance(widget, ipywidgets.HTML):
        kind, inside = "words", widget.value
    elif isinstance(widget, ipywidgets.Button):
        icon = '<span class="icon"></span>' if widget.icon else ""
        kind, inside = "button", icon + escape(widget.description)
    elif isinstance(widget, ipywidgets.Image):
        kind, inside = "image", ""
    else:
        kind = "control choice" if isinstance(widget, ipywidgets.ToggleButtons) else "control"
        inside = _label(widget) + _working(widget)
    return _div(kind, inside, _sizes(widget.layout))


def _div(kind: str, inside: str, style: str = "") -> str:
    return f'<div class="{kind}" style="{style}">{inside}</div>'


def _sizes(layout: ipywidgets.Layout) -> str:
    names = ("width", "max_width", "height", "margin", "flex_flow", "display")
    given = {name.replace("_", "-"): getattr(layout, name) for name in names}
    return ";".join(f"{name}:{value}" for name, value in given.items() if value)


def _label(widget: ipywidgets.DOMWidget) -> str:
    if not widget.description or isinstance(widget, ipywidgets.Checkbox):
        return ""
    return _div("label", escape(widget.description), f"width:{widget.style.description_width}")


def _working(widget: ipywidgets.DOMWidget) -> str:
    """What a control shows beside its label: each of its options, or the longest number."""
    if isinstance(widget, ipywidgets.Checkbox):
        return f"☐ {escape(widget.description)}"
    if isinstance(widget, ipywidgets.Dropdown):
        options = (_div("option", escape(name)) for name in widget._options_labels)
        return _div("menu", "".join(options))
    if isinstance(widget, ipywidgets.ToggleButtons):
        width = f"width:{widget.style.button_width}"
        return "".join(_div("button", escape(name), width) for name in widget._options_labels)
    return _div("track", "") + _div("readout", max(_readouts(widget), key=len))


def _readouts(widget: ipywidgets.DOMWidget) -> Iterable[str]:
    """What a slider says: its options, or both of its ends; what a field holds."""
    if isinstance(widget, ipywidgets.SelectionSlider):
        return widget._options_labels
    if isinstance(widget, ipywidgets.FloatLogSlider):
        ends = widget.base**widget.min, widget.base**widget.max
    elif isinstance(widget, ipywidgets.FloatSlider | ipywidgets.IntSlider):
        ends = widget.min, widget.max
    else:
        return [str(widget.value)]
    return [f"{end:{widget.readout_format}}" for end in ends]
