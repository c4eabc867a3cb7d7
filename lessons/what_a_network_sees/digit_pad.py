"""From a drawing to the form of the data set, so that a network gets what it was trained on.

The pen is in the browser (static/explorer.js), which prepares a drawing in the same way.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

SIDE = 64
"""Cells of the pad on each side, as in static/explorer.js."""
BITMAP = 32
"""Side of the bitmap whose 4x4 blocks are counted, as for the data set."""
WIDEST = 22
"""Columns of that bitmap that a digit may fill; those of the data set are about as narrow."""


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
