"""Where the camera stands so that an object fills its share of the picture, and what hides it.

The camera stands in the half plane y = 0, x > 0; the object is turned in front of it.
"""

from dataclasses import dataclass

import numpy as np

from .plan import Camera, Occluder
from .shapes import Points, moved, shifted, vertices
from .things import thing

SENSOR = 36.0
STEPS = 40
DAMPING = 0.6
"""Full steps overshoot where a wide lens is close to a long object."""
NEAREST = 0.8
"""How near, in half objects, the camera comes to any point: nearer, things look like bulges."""
CELLS = 32
"""Cells along the picture's side in which hidden shares are counted."""


@dataclass(frozen=True)
class View:
    """A camera that looks at `target` from `distance`; right, up and away are its unit vectors."""

    distance: float
    target: Points
    right: Points
    up: Points
    away: Points
    focal: float

    @property
    def place(self) -> Points:
        """Where the camera stands, shape (3,)."""
        return self.target + self.distance * self.away

    def project(self, points: Points) -> Points:
        """Points, shape (n, 3), in the picture, (n, 2): right and up from its middle, in sides."""
        offset = points - self.target
        depth = self.distance - offset @ self.away
        flat = np.stack([offset @ self.right, offset @ self.up], axis=1)
        return flat / depth[:, None] * self.focal / SENSOR


def aim(points: Points, camera: Camera) -> View:
    """The view in which points, shape (n, 3), are centered and fill `camera.fill` of the side.

    Less than that where the camera would come too near.
    """
    right, up, away = _axes(np.radians(camera.elevation), np.radians(camera.roll))
    view = View(8.0, points.mean(axis=0), right, up, away, camera.focal)
    for _ in range(STEPS):
        flat = view.project(points)
        low, high = flat.min(axis=0), flat.max(axis=0)
        x, y = (low + high) / 2 * view.distance * SENSOR / camera.focal
        target = view.target + x * right + y * up
        distance = view.distance * (np.max(high - low) / camera.fill) ** DAMPING
        distance = max(distance, NEAREST + np.max((points - target) @ away))
        view = View(float(distance), target, right, up, away, camera.focal)
    return view


def _axes(elevation: float, roll: float) -> tuple[Points, Points, Points]:
    """Right, up and away of a camera; angles in radians."""
    away = np.array([np.cos(elevation), 0, np.sin(elevation)])
    level, upright = np.array([0.0, 1, 0]), np.array([-np.sin(elevation), 0, np.cos(elevation)])
    right = np.cos(roll) * level + np.sin(roll) * upright
    return right, np.cross(away, right), away


def hidden_share(view: View, points: Points, cover: Points) -> float:
    """The share (0..1) of the object's outline that the box around a cover in the picture hides."""
    cells = np.unique(np.floor(view.project(points) * CELLS).astype(int), axis=0)
    flat = view.project(cover) * CELLS
    inside = (cells + 1 > flat.min(axis=0)) & (cells < flat.max(axis=0))
    return float(inside.all(axis=1).mean())


def occluder_place(view: View, points: Points, occluder: Occluder) -> tuple[float, float]:
    """Where (x, y) an occluder stands: before the object, as far in as its share allows."""
    parts = thing(occluder.kind, occluder.size)
    x = points[:, 0].max() + occluder.size + 0.05
    for y in occluder.side * np.linspace(0, 2, 60):
        if hidden_share(view, points, vertices(moved(parts, shifted(x, y)))) <= occluder.share:
            return float(x), float(y)
    raise ValueError(f"{occluder} hides more than its share wherever it stands")
