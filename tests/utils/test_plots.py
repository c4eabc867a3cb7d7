"""The look of figures, and how they are stored."""

from base64 import b64decode
from importlib import import_module
from io import BytesIO

import matplotlib.pyplot as plt
import pytest
from PIL import Image

from utils import data, plots

# The function `style` hides the module of the same name.
style_module = import_module("utils.plots.style")


def line():
    figure, axes = plt.subplots()
    axes.plot([1, 2, 4])
    return figure


def photograph():
    figure, axes = plt.subplots(figsize=(6, 6))
    axes.imshow(data.photograph("brick"), cmap="gray", interpolation="antialiased")
    return figure


@pytest.fixture
def shown(monkeypatch):
    """Show a figure; return what a notebook would store of it."""

    def shown(figure, alt):
        stored = []
        monkeypatch.setattr(style_module, "display", lambda data, **kw: stored.append((data, kw)))
        plots.show(figure, alt)
        ((data, options),) = stored
        assert options.pop("raw")
        return data, options["metadata"]

    return shown


def test_text_is_large_enough():
    sizes = ["font.size", "axes.titlesize", "axes.labelsize", "xtick.labelsize", "legend.fontsize"]
    assert min(plt.rcParams[name] for name in sizes) >= 12
    assert plt.rcParams["lines.linewidth"] >= 2


def test_png_is_the_same_every_time_and_closes_the_figure():
    first = plots.png(line())
    assert first == plots.png(line())
    assert plt.get_fignums() == []
    image = Image.open(BytesIO(first))
    assert image.size == (900, 400)
    assert image.info == {}


def test_ground_is_white():
    image = Image.open(BytesIO(plots.png(line()))).convert("RGB")
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_show_carries_the_alt_text(shown):
    stored, metadata = shown(line(), "A line that rises.")
    assert stored["text/plain"] == "A line that rises."
    assert metadata == {"image/png": {"alt": "A line that rises."}}
    assert b64decode(stored["image/png"]).startswith(b"\x89PNG")


def test_photographs_are_stored_as_jpeg(shown):
    stored, metadata = shown(photograph(), "Bricks.")
    assert metadata == {"image/jpeg": {"alt": "Bricks."}}
    assert b64decode(stored["image/jpeg"]).startswith(b"\xff\xd8")


def test_colors_are_okabe_and_ito():
    assert len(set(plots.CATEGORIES)) == 6
    assert set(plots.CATEGORIES) <= set(plots.OKABE_ITO.values())
