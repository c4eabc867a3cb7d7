"""Petals and leaves, for flowers and for fruit."""

import numpy as np

from ..shapes import Part, loft, moved, turned

OUTLINE = np.array([0.25, 0.6, 0.9, 1, 0.95, 0.7, 0.15])


def petal(length: float, wide: float, rise: float, curl: float, material: str = "petal") -> Part:
    """A petal along +x from the origin: it leaves at `rise` degrees and bends by `curl` degrees."""
    steps = len(OUTLINE) - 1
    angle = np.radians(rise + curl * np.linspace(0, 1, steps))
    spine = np.zeros((steps + 1, 3))
    spine[1:, 0] = np.cumsum(np.cos(angle)) * length / steps
    spine[1:, 2] = np.cumsum(np.sin(angle)) * length / steps
    sizes = np.stack([wide * OUTLINE, np.full(steps + 1, 0.035 * length + 0.004)], axis=1)
    up = (0, 0.02, 1) if rise < 60 else (-1, 0, 0.2)
    return loft(spine, sizes, material, up=up, stations=14, angles=14)


def crown(leaf: Part, count: int, start: float = 0.0) -> list[Part]:
    """Copies of a petal all around the z axis, the first one turned by `start` degrees."""
    return [part for k in range(count) for part in moved([leaf], turned(start + 360 * k / count))]
