"""A confusion matrix to browse: choose a number, see the pictures that it counts.

The table is in the browser (static/confusion.js). It sends the chosen cell, and what comes back is
an `answer`: the pictures of that cell, the surest first.
"""

from base64 import b64encode
from collections.abc import Sequence
from numbers import Integral
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import confusion_matrix

from utils.plots import encoded

STATIC = Path(__file__).parent / "static"
MOST = 8
"""So many pictures of a cell are shown."""
QUALITY = 90
"""Of the pictures."""


def in_cell(labels: NDArray, probabilities: NDArray, was: int, called: int) -> NDArray[np.int64]:
    """The pictures that one cell of a confusion matrix counts, the surest answers first.

    Args:
        labels: shape (N,).
        probabilities: shape (N, classes); the highest one is the answer.
        was, called: row and column of the cell.

    Returns:
        Indices of the pictures.
    """
    said = probabilities.argmax(axis=1)
    members = np.flatnonzero((labels == was) & (said == called))
    return members[np.argsort(-probabilities[members, called], kind="stable")]


class ConfusionBrowser(anywidget.AnyWidget):
    """A confusion matrix; a click or the arrow keys choose a cell, and up to 8 pictures follow.

    Args:
        images: uint8, 0..255, shape (N, H, W, 3).
        labels: numbers into the names, shape (N,).
        probabilities: shape (N, classes).
        names: of the classes.

    `cell` is the chosen row (what it was) and column (what it was called); at the start, the
    largest mistake. `answer` holds the cell that it answers to, and its pictures.

    Raises:
        ValueError: the arguments do not belong together.
    """

    _esm = STATIC / "confusion.js"
    _css = STATIC / "confusion.css"

    names = traitlets.List().tag(sync=True)
    matrix = traitlets.List().tag(sync=True)
    cell = traitlets.List().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)

    def __init__(
        self, images: NDArray, labels: NDArray, probabilities: NDArray, names: Sequence[str]
    ):
        expected = (len(labels), len(names))
        if len(images) != len(labels) or probabilities.shape != expected:
            raise ValueError(
                f"{len(images)} images, {len(labels)} labels, {len(names)} names and probabilities "
                f"of shape {probabilities.shape}: expected as many images as labels, and "
                f"probabilities of shape {expected}."
            )
        self.images, self.labels, self.probabilities = images, labels, probabilities
        said = probabilities.argmax(axis=1)
        matrix = confusion_matrix(labels, said, labels=range(len(names)))
        super().__init__(names=[str(name) for name in names], matrix=matrix.tolist())
        mistakes = np.where(np.eye(len(names), dtype=bool), -1, matrix)
        self.cell = [int(n) for n in np.unravel_index(mistakes.argmax(), mistakes.shape)]

    def __repr__(self) -> str:
        """The same text in every run: nbval compares it."""
        return (
            f"ConfusionBrowser({len(self.names)} x {len(self.names)} cells: choose one to see up "
            f"to {MOST} of its pictures, each with the probability of the answer)"
        )

    @traitlets.validate("cell")
    def _check_cell(self, proposal):
        cell, size = list(proposal.value), len(self.names)
        whole = all(isinstance(n, Integral) and 0 <= n < size for n in cell)
        if len(cell) != 2 or not whole:
            raise traitlets.TraitError(
                f"cell={cell!r}: expected a row and a column, 0 to {size - 1} each."
            )
        return cell

    @traitlets.observe("cell")
    def _answer(self, _):
        members = in_cell(self.labels, self.probabilities, *self.cell)[:MOST]
        self.answer = {
            "cell": self.cell,
            "pictures": [
                {"image": _webp(self.images[n]), "sure": f"{self.probabilities[n].max():.0%}"}
                for n in members
            ],
        }


def _webp(image: NDArray) -> str:
    page = encoded(Image.fromarray(image), "WEBP", quality=QUALITY, method=6)
    return b64encode(page).decode()
