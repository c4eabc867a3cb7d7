"""What of a cell's outputs must be the same in every run: one answer for the build and for nbval."""

import re

import nbformat
from nbformat import NotebookNode

VIEW = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/png", "image/jpeg")
NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)*\.?(?:e[+-]?\d+)?%?")


def comparable(output: NotebookNode, measured: bool, pictures: bool = True) -> NotebookNode:
    """An output without what differs between two runs: counts, names of widgets, bytes of pictures.

    A picture counts by the digest of its pixels. Of a measured output the digits do not count, and
    of its pictures the words alone. Without `pictures` no digest does: fonts differ between systems.
    """
    kept = {k: v for k, v in output.items() if k not in ("data", "metadata", "execution_count")}
    for mime, value in output.get("data", {}).items():
        if mime not in (VIEW, *PICTURES):
            kept.setdefault("data", {})[mime] = value
    return nbformat.from_dict(kept)
