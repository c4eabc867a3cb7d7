"""What of an output is stored, and what must be the same in every run: for the build and nbval."""

import re
from base64 import b64decode, b64encode
from io import BytesIO

from nbformat import NotebookNode
from PIL import Image

from utils.data.images import CLASSES

VIEW = "application/vnd.jupyter.widget-view+json"
PICTURES = {"image/png", "image/jpeg"}
RANDOM = {"data", "metadata", "execution_count", "traceback", VIEW, *PICTURES}
NUMBER = r"[-−]?\d+(?:[.,]\d+)*\.?(?:e[+-]?\d+)?%?"
MEASURED = re.compile(rf"{NUMBER}|\b(?:{'|'.join(CLASSES)})\b")
"""What another machine may say where a training has ended elsewhere: numbers, names of classes."""


def comparable(output: NotebookNode, measured: bool, pictures: bool = True) -> NotebookNode:
    """An output, flat, without what differs in every run: counts, names of widgets, bytes.

    A picture counts by the digest of its pixels; none does without `pictures`, since another system
    draws with other fonts. Of a measured output neither digits nor names of classes nor
    blanks count, and of its pictures the words alone.
    """
    data = output.get("data", {})
    shown = {key: value for key, value in {**output, **data}.items() if key not in RANDOM}
    if measured:
        shown = {key: _masked(value) for key, value in shown.items()}
    kind = "texts" if measured else "pixels"
    for mime in data if pictures else ():
        if kind in output.metadata.get(mime, {}):
            shown[kind] = output.metadata[mime][kind]
    return NotebookNode(shown)


def shrink(output: NotebookNode) -> None:
    """Store a PNG in as few bytes as it takes, the same pixels: no student waits for that."""
    data = output.get("data", {})
    if "image/png" in data:
        smaller = BytesIO()
        Image.open(BytesIO(b64decode(data["image/png"]))).save(smaller, "PNG", optimize=True)
        data["image/png"] = b64encode(smaller.getvalue()).decode()


def undigested(output: NotebookNode) -> bool:
    """Whether an output is a picture without the digest of its pixels."""
    pictures = PICTURES & set(output.get("data", {}))
    return any("pixels" not in output.metadata.get(mime, {}) for mime in pictures)


def _masked(value: object) -> object:
    """A text without blanks, # for what is MEASURED: however wide, the columns of a table agree."""
    return re.sub(r"\s+", "", MEASURED.sub("#", value)) if isinstance(value, str) else value
