"""A picture and eight changed copies of it: pull a slider, and see what networks say of each."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from html import escape

import ipywidgets
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from utils.plots import encoded
from utils.widgets import Described

COUNT = 8
COLUMNS = 3
TILE = 124
"""Width of a picture on the screen, in pixels."""
RIGHT, WRONG = "#00614a", "#a34700"
LINE = "font-size:16px;line-height:20px;height:20px;overflow:hidden;white-space:nowrap"
SCORE = "font-size:16px;line-height:24px;margin:6px 0 0 20px"
PLACES = ("first", "second")
Network = Callable[[NDArray], NDArray]
LUMINANCE = (0.299, 0.587, 0.114)
MOST = {
    "shift": 0.5,
    "zoom": 0.8,
    "turn": 0.5,
    "shear": 0.8,
    "brightness": 1.0,
    "contrast": 1.0,
    "saturation": 1.0,
}
"""The sliders, and how far each goes."""
UNITS = {
    "shift": "share of the side",
    "zoom": "share of the size",
    "turn": "share of a full turn",
    "shear": "share of the height",
    "brightness": "share of 255",
    "contrast": "share of the distance from the mean",
    "saturation": "share of the distance from gray",
}


@dataclass(frozen=True)
class Change:
    """What becomes of one copy; the defaults leave it as it is.

    Attributes:
        mirrored: whether left and right are swapped.
        down, right: the move, in shares of the height and the width.
        zoom: how much more of the scene is seen, in each direction: 0.2 makes things smaller,
            -0.2 larger, as in Keras; above -1.
        turn: counterclockwise, in shares of a full turn.
        shear: how far the top row moves to the right, relative to the center, in half heights.
        brightness: what is added to every pixel, in shares of 255.
        contrast, saturation: a pixel's distance from its channel's mean, or from its gray, grows by
            this share; -1 leaves nothing of it.
    """

    mirrored: bool = False
    down: float = 0.0
    right: float = 0.0
    zoom: float = 0.0
    turn: float = 0.0
    shear: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0


def changed(image: NDArray, change: Change) -> NDArray[np.uint8]:
    """A changed copy of a picture; where a move uncovers something, the picture is mirrored.

    Args:
        image: 0..255, shape (H, W, 3).
        change: what to do with it: first moves, then colors.

    Returns:
        Shape (H, W, 3).
    """
    pixels = _placed(np.asarray(image, np.float32), change)
    gray = (pixels @ np.float32(LUMINANCE))[..., np.newaxis]
    pixels = gray + (1 + change.saturation) * (pixels - gray)
    pixels = np.clip(pixels + 255 * change.brightness, 0, 255)
    mean = pixels.mean(axis=(0, 1))
    pixels = mean + (1 + change.contrast) * (pixels - mean)
    return np.clip(pixels, 0, 255).round().astype(np.uint8)


def _placed(image: NDArray, change: Change) -> NDArray:
    """The moves, all in one interpolation: from where does each pixel of the copy come?"""
    if change.mirrored:
        image = image[:, ::-1]
    angle = -2 * np.pi * change.turn
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1.0, 0.0], [change.shear, 1.0]])
    matrix = (1 + change.zoom) * turn @ shear
    middle = (np.array(image.shape[:2]) - 1) / 2
    moved = np.array([change.down, change.right]) * image.shape[:2]
    offset = middle - matrix @ (middle + moved)
    if np.array_equal(matrix, np.eye(2)) and not offset.any():
        return image
    channels = [
        ndimage.affine_transform(image[..., k], matrix, offset, order=1, mode="reflect")
        for k in range(image.shape[2])
    ]
    return np.stack(channels, axis=-1)


def draw_changes(
    strengths: Mapping[str, float], mirror: bool, seed: int, count: int = COUNT
) -> list[Change]:
    """Random changes, each uniform between minus and plus its strength.

    The same seed draws the same shares of the strengths, so that a change grows with its slider.

    Args:
        strengths: by the names in `MOST`; 0 where a name is missing.
        mirror: whether half of the copies, at random, are mirrored.
        seed: 0 or more.
        count: how many.
    """
    names = [field.name for field in fields(Change)][1:]
    rng = np.random.default_rng(seed)
    heads = rng.random(count) < 0.5
    shares = rng.uniform(-1, 1, (count, len(names)))
    most = {"down": "shift", "right": "shift"}
    limits = [strengths.get(most.get(name, name), 0.0) for name in names]
    return [
        Change(bool(mirror and head), **dict(zip(names, map(float, row * limits), strict=True)))
        for head, row in zip(heads, shares, strict=True)
    ]


def copies(
    image: NDArray, strengths: Mapping[str, float], mirror: bool, seed: int, count: int = COUNT
) -> NDArray[np.uint8]:
    """Changed copies of a picture, as `draw_changes` draws them.

    Args:
        image: 0..255, shape (H, W, 3).
        strengths, mirror, seed, count: as in `draw_changes`.

    Returns:
        Shape (count, H, W, 3).
    """
    return np.stack([changed(image, c) for c in draw_changes(strengths, mirror, seed, count)])


class AugmentationExplorer(Described):
    """A menu of pictures, a slider for the strength of each change, and what networks say of it."""

    def __init__(self, images: NDArray, names: Sequence[str], networks: Mapping[str, Network]):
        """A picture of each class.

        Args:
            images: uint8, 0..255, shape (classes, H, W, 3).
            names: of the classes.
            networks: by name, from pictures of that kind to probabilities, shape (N, classes).

        Raises:
            ValueError: not one name for each picture.
        """
        if len(images) != len(names):
            raise ValueError(f"{len(images)} pictures and {len(names)} names: give one for each.")
        self.images, self.names, self.networks, self.seed = images, list(names), networks, 0
        options = [(name, number) for number, name in enumerate(names)]
        self.menu = ipywidgets.Dropdown(options=options, description="picture")
        self.mirror = ipywidgets.Checkbox(value=True, description="mirror half of them")
        self.sliders = _sliders()
        self.again = ipywidgets.Button(description="Draw again", icon="random")
        self.reset = ipywidgets.Button(description="All to zero", icon="undo")
        self.score, self.sheet = ipywidgets.HTML(), ipywidgets.HTML()
        self._drawing = True
        for control in (self.menu, self.mirror, *self.sliders.values()):
            control.observe(self._draw, "value")
        self.again.on_click(self._draw_again)
        self.reset.on_click(self._to_zero)
        self._draw()
        super().__init__([self._arranged()], self._text())

    @property
    def strengths(self) -> dict[str, float]:
        """What the sliders say, by the names in `MOST`."""
        return {name: slider.value for name, slider in self.sliders.items()}

    def _draw(self, _change: object = None) -> None:
        if not self._drawing:
            return
        truth = self.menu.value
        image = self.images[truth]
        made = copies(image, self.strengths, self.mirror.value, self.seed)
        shown = np.concatenate([image[np.newaxis], made])
        said = {name: network(shown) for name, network in self.networks.items()}
        self.sheet.value = sheet(shown, self.names, said, truth)
        self.score.value = score(said, truth)

    def _draw_again(self, _button: object) -> None:
        self.seed += 1
        self._draw()

    def _to_zero(self, _button: object) -> None:
        self._drawing = False
        self.mirror.value = False
        for slider in self.sliders.values():
            slider.value = 0
        self._drawing = True
        self._draw()

    def _arranged(self) -> ipywidgets.Widget:
        self.menu.style.description_width = "92px"
        self.menu.layout.width = "330px"
        self.mirror.style.description_width, self.mirror.layout.width = "0", "auto"
        self.mirror.layout.margin = "2px 0 2px 96px"
        for button in (self.again, self.reset):
            button.layout.width = "150px"
        self.again.layout.margin = "4px 4px 4px 20px"
        self.reset.layout.margin = "4px 0"
        buttons = ipywidgets.HBox([self.again, self.reset])
        controls = [self.menu, self.mirror, *self.sliders.values(), buttons, self.score]
        self.sheet.layout.margin = "0 0 0 16px"
        row = ipywidgets.HBox([ipywidgets.VBox(controls), self.sheet])
        row.layout.flex_flow = "row wrap"
        return row

    def _text(self) -> str:
        return (
            f"Augmentation explorer: a picture, top left, and {COUNT} copies of it, changed at "
            f"random; below each, what {' and '.join(self.networks)} say. Sliders: "
            f"{', '.join(MOST)}. Pictures: {', '.join(self.names)}."
        )


def sheet(pictures: NDArray, names: Sequence[str], said: Mapping[str, NDArray], truth: int) -> str:
    """Pictures in rows of three, as HTML, each with the answers of every network below it.

    Args:
        pictures: uint8, shape (N, H, W, 3); the first is the one as it is.
        names: of the classes.
        said: by network, probabilities, shape (N, classes).
        truth: the class of all the pictures.
    """
    tiles = []
    for number, picture in enumerate(pictures):
        alt = f"copy {number}" if number else "as it is"
        lines = "".join(_answer(one[number], names, truth) for one in said.values())
        tiles.append(
            f'<div style="width:{TILE}px"><img alt="{alt}" src="data:image/webp;base64,'
            f'{_webp(picture)}" style="width:{TILE}px;height:{TILE}px;display:block">{lines}</div>'
        )
    grid = f"display:grid;grid-template-columns:repeat({COLUMNS},{TILE}px);gap:6px 10px"
    return f'<div style="{grid}">{"".join(tiles)}</div>'


def _answer(probabilities: NDArray, names: Sequence[str], truth: int) -> str:
    """A line with the surest class, in the color of wrong answers where it is one."""
    best = int(np.argmax(probabilities))
    mark, color = ("✓", RIGHT) if best == truth else ("✗", WRONG)
    words = f"{mark} {escape(str(names[best]))}"
    return f'<div style="{LINE};color:{color}">{words}</div>'


def score(said: Mapping[str, NDArray], truth: int) -> str:
    """How many of the pictures each network names right, as HTML."""
    lines = [
        f"{place} line, {escape(name)}: <b>{int((one.argmax(axis=1) == truth).sum())}</b> of "
        f"{len(one)}"
        for place, (name, one) in zip(PLACES, said.items(), strict=False)
    ]
    return f'<div style="{SCORE}">{"<br>".join(lines)}</div>'


def _webp(picture: NDArray) -> str:
    return b64encode(encoded(Image.fromarray(picture), "WEBP", quality=90)).decode()


def _sliders() -> dict[str, ipywidgets.FloatSlider]:
    """One for each change; they share one layout and one style, so that a notebook stays small."""
    look = {"layout": ipywidgets.Layout(width="330px"), "style": {"description_width": "92px"}}
    sliders = {}
    for name, most in MOST.items():
        sliders[name] = ipywidgets.FloatSlider(
            value=0, min=0, max=most, step=0.05, description=name, tooltip=UNITS[name], **look
        )
        look["style"] = sliders[name].style
    return sliders
