"""The drawing pad: draw a digit, and a trained network reads it while the pen moves.

The pen is in the browser (static/digit_pad.js). It sends its drawing, and what comes back is a
`reading`: the class probabilities and the feature maps as pictures. `prepare` brings a drawing into
the form of the data set, so that the network gets what it was trained on.
"""

from collections.abc import Sequence
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from utils.data import enlarged
from utils.plots import SIGNED
from utils.quiet import keras
from utils.widgets import colored, to_png

STATIC = Path(__file__).parent / "static"
SIDE = 64
"""Cells of the pad on each side, as in static/digit_pad.js."""
BITMAP = 32
"""Side of the bitmap whose 4x4 blocks are counted, as for the data set."""
WIDEST = 22
"""Columns of that bitmap that a digit may fill; those of the data set are about as narrow."""
TILE = 56
"""Pixels of the longest side that a feature map is enlarged to."""
GAP = 3


def prepare(drawing: ArrayLike) -> NDArray[np.uint8]:
    """A drawing in the form of the data set: cropped, scaled, centered, counted in blocks.

    The strokes are cropped to their bounding box, scaled to fill a 32x32 bitmap from top to bottom
    (but no wider than 22 columns), centered, and counted in blocks of 4x4.

    Args:
        drawing: bool or 0 and 1, shape (64, 64); True is ink.

    Returns:
        uint8, shape (8, 8), ink 0..16 a block; all zeros where nothing is drawn.

    Raises:
        ValueError: another shape.

    Source: E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits, UCI Machine
    Learning Repository (1998), for the blocks; the crop and the widest digit are this course's.
    """
    drawing = np.asarray(drawing, bool)
    if drawing.shape != (SIDE, SIDE):
        raise ValueError(f"drawing has shape {drawing.shape}: expected ({SIDE}, {SIDE}).")
    rows, columns = (np.flatnonzero(drawing.any(axis)) for axis in (1, 0))
    bitmap = np.zeros((BITMAP, BITMAP), bool)
    if rows.size:
        strokes = _resized(drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
        top, left = ((BITMAP - side) // 2 for side in strokes.shape)
        bitmap[top : top + strokes.shape[0], left : left + strokes.shape[1]] = strokes
    return bitmap.reshape(8, 4, 8, 4).sum(axis=(1, 3), dtype=np.uint8)


def _resized(strokes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    scale = BITMAP / max(strokes.shape)
    height, width = (max(1, round(side * scale)) for side in strokes.shape)
    coverage = Image.fromarray(strokes.astype(np.float32)).resize(
        (min(width, WIDEST), height), Image.Resampling.BOX
    )
    return np.asarray(coverage) >= 0.5


def redraw(ink: ArrayLike) -> NDArray[np.bool_]:
    """A digit of the data set as somebody could have drawn it on the pad.

    Args:
        ink: 0..16, shape (8, 8).

    Returns:
        bool, shape (64, 64); `prepare` brings it back to nearly `ink`.
    """
    smooth = Image.fromarray(np.asarray(ink, np.float32)).resize(
        (48, 48), Image.Resampling.BILINEAR
    )
    return np.pad(np.asarray(smooth) >= 8, 8)


def tiled(maps: NDArray, columns: int) -> NDArray[np.uint8]:
    """Feature maps beside each other, orange below zero, white at zero, purple above.

    Args:
        maps: shape (H, W, N), N a multiple of `columns`.
        columns: maps in a row.

    Returns:
        RGB pixels, uint8, shape (height, width, 3), with gray lines between the maps.
    """
    height, width, count = maps.shape
    scale = max(1, TILE // max(height, width))
    limit = max(1.0, np.abs(maps).max())  # tanh never leaves -1..1
    frame = ((0, GAP), (0, GAP), (0, 0))
    tiles = [
        np.pad(np.kron(colored(one, SIGNED, -limit, limit), np.ones((scale, scale, 1), np.uint8)),
               frame, constant_values=120)
        for one in np.moveaxis(maps, 2, 0)
    ]  # fmt: skip
    rows = [np.hstack(tiles[i : i + columns]) for i in range(0, count, columns)]
    return np.vstack(rows)[:-GAP, :-GAP]


class DigitPad(anywidget.AnyWidget):
    """Draw a digit with mouse, finger or keyboard; a network reads it while you draw.

    Args:
        model: takes (N, 32, 32, 1), ink 0..1, and returns probabilities of shape (N, 10).
        samples: digits of the data set to load, ink 0..16, shape (n, 8, 8); the first is drawn at
            the start.
        labels: which digits they are.
        layers: names of the layers whose maps are shown.

    `drawing` is the pad, one bit a cell; `ink` is what `prepare` makes of it; `reading` holds the
    probabilities and pictures. What goes wrong while a drawing is read is shown on the pad, too.

    Raises:
        ValueError: a layer that the model does not have.
    """

    _esm = STATIC / "digit_pad.js"
    _css = STATIC / "digit_pad.css"

    # A front end sends bytes as a memoryview.
    drawing = traitlets.Bytes(bytes(SIDE * SIDE // 8)).tag(
        sync=True, from_json=lambda value, _: bytes(value)
    )
    reading = traitlets.Dict().tag(sync=True)
    samples = traitlets.List().tag(sync=True)

    def __init__(
        self,
        model: keras.Model,
        samples: NDArray,
        labels: Sequence[int],
        layers: Sequence[str] = ("conv1", "conv2", "pool2"),
    ):
        self.layers = [model.get_layer(name) for name in layers]
        self.network = keras.Model(
            model.inputs[0], [*(layer.output for layer in self.layers), *model.outputs]
        )
        drawings = [np.packbits(redraw(ink)).tobytes() for ink in samples]
        named = [
            {"label": str(label), "drawing": one}
            for label, one in zip(labels, drawings, strict=True)
        ]
        self.turn = 0
        super().__init__(samples=named)
        self.drawing = drawings[0]

    def __repr__(self) -> str:
        """The same text in every run: nbval compares it."""
        names = ", ".join(layer.name for layer in self.layers)
        return f"DigitPad(draw a digit; probabilities and the maps of {names} follow the pen)"

    @property
    def ink(self) -> NDArray[np.uint8]:
        """The drawing as the data set would hold it: uint8, shape (8, 8), 0..16."""
        cells = np.unpackbits(np.frombuffer(self.drawing, np.uint8))
        return prepare(cells.reshape(SIDE, SIDE))

    @traitlets.validate("drawing")
    def _check_drawing(self, proposal):
        if len(proposal.value) != SIDE * SIDE // 8:
            raise traitlets.TraitError(
                f"a drawing of {len(proposal.value)} bytes: expected {SIDE * SIDE // 8}."
            )
        return bytes(proposal.value)

    @traitlets.observe("drawing")
    def _read(self, _):
        try:
            self.reading = self._reading()
        except Exception as error:
            self.reading = {"problem": f"{type(error).__name__}: {error}"}
            raise

    def _reading(self) -> dict:
        image = enlarged(self.ink[np.newaxis])
        *maps, probabilities = (np.asarray(output[0]) for output in self.network(image))
        pictures = [
            {"title": _title(layer.name, one), "png": to_png(tiled(one, _columns(one)))}
            for layer, one in zip(self.layers, maps, strict=True)
        ]
        pixels = (255 * image[0, ..., 0]).round().astype(np.uint8)
        self.turn += 1  # an answer never equals the one before, so it always reaches the pad
        return {
            "turn": self.turn,
            "seen": to_png(pixels, 3),
            "pictures": pictures,
            "probabilities": [float(p) for p in probabilities] if self.ink.any() else [],
        }


def _title(name: str, maps: NDArray) -> str:
    height, width, count = maps.shape
    return f"{name}: {count} maps of {height}×{width}"


def _columns(maps: NDArray) -> int:
    """Maps in a row: as many as fill the width of the card, without a gap in the last row."""
    count = maps.shape[2]
    return next(columns for columns in range(min(count, 8), 0, -1) if count % columns == 0)
