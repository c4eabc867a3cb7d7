"""What every test needs that drives a widget on a page of a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ipywidgets.embed import embed_data

if TYPE_CHECKING:
    from anywidget import AnyWidget
    from playwright.sync_api import Browser, Locator, Page

# A widget model as a front end without a kernel offers it: numbers, and nobody to send them to.
HOST = """(name) => {
window.mount = async ({ state, buffers }) => {
  const css = document.head.appendChild(document.createElement("style"));
  css.textContent = state._css;
  const url = URL.createObjectURL(new Blob([state._esm], { type: "text/javascript" }));
  window[name] = await import(url);
  for (const { path, data } of buffers) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    state[path[0]] = new DataView(bytes.buffer);
  }
  window.listeners = new Set();
  window.model = {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      for (const listener of [...listeners]) listener();
    },
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
    save_changes() {},
  };
  window.addView = () => {
    window.el = document.body.appendChild(document.createElement("div"));
    return window[name].default.render({ model, el });
  };
  window.closeFirst = await addView();
};
}"""
"""Gives a page `mount`, which shows a widget; its script is then there under a name."""


def saved_state(widget: AnyWidget) -> dict:
    """A widget as it is written into a notebook or an exported page: state and buffers."""
    states = embed_data(views=[widget], drop_defaults=False)["manager_state"]["state"]
    return {part: states[widget.model_id].get(part, []) for part in ("state", "buffers")}


@contextmanager
def still_tab(browser: Browser) -> Iterator[Page]:
    """A tab whose clock stands still until a test moves it."""
    tab = browser.new_page()
    tab.set_default_timeout(30_000)
    tab.clock.install(time=0)
    tab.clock.pause_at(1000)
    yield tab
    tab.close()


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


def button(page: Page, name: str) -> Locator:
    """The button with exactly this name."""
    return page.get_by_role("button", name=name, exact=True)


def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def state(page: Page, name: str) -> object:
    """What the model of the mounted widget holds."""
    return page.evaluate("(name) => model.get(name)", name)


def number(text: str) -> float:
    """The number that a widget shows."""
    return float(text.replace("−", "-"))
