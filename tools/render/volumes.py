"""Make data/volumes8.npz: the same eight classes as solids on a grid of 24 x 24 x 24 cells.

    python -m tools.render.volumes [--out FILE]        half a minute; needs no Blender

The file holds, for each split, `<split>` of dtype uint8 and shape (N, 1728), each row a grid (x, y,
z) packed eight cells a byte (`np.unpackbits` undoes it), and `<split>_labels`, uint8 numbers into
`classes`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .classes import CLASSES, build
from .plan import seed_of
from .shapes import Part, moved, turned, vertices

OUT = Path(__file__).resolve().parent.parent.parent / "data" / "volumes8.npz"
SIDE = 24
SPLITS = {"train": 40, "validation": 10, "test": 15}
"""Objects of each class in each split."""


def occupancy(parts: Sequence[Part], side: int = SIDE) -> NDArray[np.bool_]:
    """Which cells of a cube a solid touches, shape (side, side, side), axes x, y, z.

    The longest edge of its bounding box spans the cube but for one free cell at either end; it
    stands on the lowest cell that is not free, in the middle of x and y.
    """
    points = vertices(parts)
    low, high = points.min(axis=0), points.max(axis=0)
    cell = (high - low).max() / (side - 2)
    corner = (low + high) / 2 - side / 2 * cell
    corner[2] = low[2] - cell
    filled = np.zeros((side, side, side), bool)
    for part in parts:
        cells = np.floor((part.interior(0.5 * cell) - corner) / cell).astype(int)
        filled[tuple(np.clip(cells, 1, side - 2).T)] = True
    return filled


def solid(split: str, class_name: str, number: int) -> NDArray[np.bool_]:
    """The grid of one object of the set, turned at random about the vertical axis."""
    rng = np.random.default_rng(seed_of(f"volumes/{split}", class_name, number))
    parts = build(class_name, rng).parts
    return occupancy(moved(parts, turned(rng.uniform(0, 360))))


def table() -> dict[str, NDArray]:
    """The arrays of the file."""
    arrays = {"classes": np.array(CLASSES)}
    for split, count in SPLITS.items():
        grids = [solid(split, name, number) for name in CLASSES for number in range(count)]
        arrays[split] = np.packbits(np.reshape(grids, (len(grids), -1)), axis=1)
        arrays[f"{split}_labels"] = np.repeat(np.arange(len(CLASSES), dtype=np.uint8), count)
    return arrays


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    np.savez_compressed(options.out, **table())
    print(f"{options.out.name}: {options.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
