"""Solid shapes from one idea, the loft: a cross-section that travels along a spine.

The z axis points up, an object looks along +x, its left side is +y. Units are free: `normalized`
gives every finished object the same size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

Points = NDArray[np.float64]
STATIONS, ANGLES = 24, 28
SKEW = (0.31, 0.2, 0.93)
"""An `up` for parts that are round, so that its direction does not show, and rarely parallel."""


@dataclass(frozen=True)
class Part:
    """A closed surface and the name of its material.

    `grid` holds the rings of points, shape (stations, angles, 3); `core` the middle of each ring,
    shape (stations, 3).
    """

    grid: Points
    core: Points
    material: str

    def moved(self, matrix: NDArray) -> "Part":
        """The part under a matrix of shape (3, 4): turn and stretch, then shift."""
        turn, shift = matrix[:, :3], matrix[:, 3]
        return replace(self, grid=self.grid @ turn.T + shift, core=self.core @ turn.T + shift)

    def mesh(self) -> tuple[Points, list[tuple[int, ...]]]:
        """Vertices of shape (n, 3), and faces as tuples of vertex numbers, seen from outside."""
        stations, angles, _ = self.grid.shape
        number = np.arange(stations * angles).reshape(stations, angles)
        after = np.roll(number, -1, axis=1)
        quads = np.stack([number[:-1], after[:-1], after[1:], number[1:]], axis=-1).reshape(-1, 4)
        ends = [tuple(number[0, ::-1].tolist()), tuple(number[-1].tolist())]
        return self.grid.reshape(-1, 3), [*map(tuple, quads.tolist()), *ends]

    def interior(self, spacing: float) -> Points:
        """Points that fill the solid, shape (n, 3), with neighbors closer than `spacing`."""
        grid = _refined(np.concatenate([self.grid, self.grid[:, :1]], axis=1), spacing, axis=1)
        rings = np.concatenate(
            [np.repeat(self.core[:, None], grid.shape[1], axis=1)[None], grid[None]]
        )
        rings = _refined(rings, spacing, axis=1)
        return _refined(rings, spacing, axis=0).reshape(-1, 3)


def _refined(points: Points, spacing: float, axis: int) -> Points:
    """Points with linear steps put between neighbors along an axis, so that none is too long."""
    points = np.moveaxis(points, axis, 0)
    longest = np.linalg.norm(np.diff(points, axis=0), axis=-1).max()
    pieces = int(np.ceil(longest / spacing)) or 1
    share = (np.arange(pieces) / pieces).reshape(-1, *[1] * (points.ndim - 1))
    steps = points[:-1, None] + share * np.diff(points, axis=0)[:, None]
    filled = np.concatenate([steps.reshape(-1, *points.shape[1:]), points[-1:]])
    return np.moveaxis(filled, 0, axis)


def loft(
    spine: ArrayLike,
    radii: ArrayLike,
    material: str,
    *,
    up: ArrayLike = (0, 0, 1),
    power: float = 2.0,
    normal: ArrayLike | None = None,
    stations: int = STATIONS,
    angles: int = ANGLES,
) -> Part:
    """A cross-section that travels along a smooth spine.

    Args:
        spine: points to pass through, shape (n, 3), n >= 2, no two neighbors equal.
        radii: half width and half height at each point, shape (n,) or (n, 2).
        material: name of the material.
        up: where the height of a cross-section points, roughly; the width lies across it.
        power: of the superellipse |y|^p + |z|^p = 1: 2 is round, 5 nearly a rectangle.
        normal: direction that every cross-section faces; where not given, along the spine.
        stations, angles: how fine the surface is.
    """
    spine, radii = np.asarray(spine, float), np.asarray(radii, float)
    if radii.ndim == 1:
        radii = np.stack([radii, radii], axis=1)
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(spine, axis=0), axis=1))])
    at = np.linspace(0, along[-1], stations)
    smooth = PchipInterpolator(along, np.concatenate([spine, radii], axis=1))(at)
    core, size = smooth[:, :3], np.maximum(smooth[:, 3:], 1e-3)
    side, height = _frame(np.gradient(core, axis=0) if normal is None else normal, up, stations)
    wide, high = _superellipse(angles, power)
    across = side[:, None] * (size[:, :1] * wide)[..., None]
    upward = height[:, None] * (size[:, 1:] * high)[..., None]
    return Part(core[:, None] + across + upward, core, material)


def _frame(forward: ArrayLike, up: ArrayLike, stations: int) -> tuple[Points, Points]:
    """Unit vectors across and upward in every cross-section, each of shape (stations, 3)."""
    forward = np.broadcast_to(np.asarray(forward, float), (stations, 3))
    forward = forward / (np.linalg.norm(forward, axis=1, keepdims=True) + 1e-12)
    side = np.cross(np.asarray(up, float), forward)
    parallel = np.linalg.norm(side, axis=1) < 1e-6
    side[parallel] = np.cross((1.0, 0.0, 0.0), forward[parallel])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    return side, np.cross(forward, side)


def _superellipse(angles: int, power: float) -> tuple[NDArray, NDArray]:
    """The outline |y|^p + |z|^p = 1 as its y and its z, each of shape (angles,)."""
    angle = np.linspace(0, 2 * np.pi, angles, endpoint=False)
    return _powered(np.cos(angle), 2 / power), _powered(np.sin(angle), 2 / power)


def _powered(x: NDArray, power: float) -> NDArray:
    return np.sign(x) * np.abs(x) ** power


def ellipsoid(center: ArrayLike, radii: ArrayLike, material: str, power: float = 2.0) -> Part:
    """A superellipsoid: power 2 is an egg, 5 a box with round edges.

    Args:
        center: shape (3,).
        radii: half sizes along x, y, z; a number for a ball.
        material: name of the material.
        power: of the superellipse in every section.
    """
    length, width, height = np.broadcast_to(np.asarray(radii, float), 3)
    turn = np.linspace(0, np.pi, STATIONS)
    x = _powered(-np.cos(turn), 2 / power)
    shrink = np.abs(np.sin(turn)) ** (2 / power)
    core = np.asarray(center, float) + np.outer(x * length, (1, 0, 0))
    wide, high = _superellipse(ANGLES, power)
    ring_points = np.stack([np.zeros(ANGLES), width * wide, height * high], axis=1)
    return Part(core[:, None] + shrink[:, None, None] * ring_points, core, material)


def box(center: ArrayLike, sizes: ArrayLike, material: str, power: float = 8.0) -> Part:
    """A box with slightly round edges; `sizes` are full lengths along x, y, z."""
    return ellipsoid(center, np.asarray(sizes, float) / 2, material, power)


def rod(
    start: ArrayLike, end: ArrayLike, radius: float, material: str, tip: float | None = None
) -> Part:
    """A straight rod with flat ends, tapered to the radius `tip`."""
    sizes = [radius, radius if tip is None else tip]
    return loft([start, end], sizes, material, up=SKEW, stations=4)


def limb(points: ArrayLike, radii: ArrayLike, material: str) -> Part:
    """A round tube through points, shape (n, 3), with radii (n,), closed by round ends."""
    points, radii = np.asarray(points, float), np.asarray(radii, float)
    first = _beyond(points[0], points[1], radii[0])
    last = _beyond(points[-1], points[-2], radii[-1])
    spine = np.concatenate([first, points, last[::-1]])
    sizes = np.concatenate([radii[0] * ROUND, radii, radii[-1] * ROUND[::-1]])
    return loft(spine, sizes, material, up=(0.17, 0.23, 0.96))


ROUND = np.array([0.25, 0.8])
"""Share of a limb's radius that is left where its round end reaches 0.95 and 0.6 radii out."""


def _beyond(end: Points, before: Points, radius: float) -> Points:
    """Two points that carry a limb on past its end, the outer one first; shape (2, 3)."""
    way = (end - before) / np.linalg.norm(end - before)
    return end + way * radius * np.array([[0.95], [0.6]])


def ring(
    center: ArrayLike, radius: float, tube: float, axis: ArrayLike, material: str, width: float
) -> Part:
    """A tire: a tube around a circle; `axis` points along its axle, `width` is half its breadth."""
    axis = np.asarray(axis, float) / np.linalg.norm(axis)
    across = np.cross(axis, SKEW)
    across /= np.linalg.norm(across)
    turn = np.linspace(0, 2 * np.pi, 33)[:, None]
    spoke = np.cos(turn) * across + np.sin(turn) * np.cross(axis, across)
    core = np.asarray(center, float) + radius * spoke
    angle = np.linspace(0, -2 * np.pi, 12, endpoint=False)[:, None]
    outward = tube * np.cos(angle) * spoke[:, None]
    return Part(core[:, None] + outward + width * np.sin(angle) * axis, core, material)


def disk(center: ArrayLike, radius: float, width: float, axis: ArrayLike, material: str) -> Part:
    """A flat cylinder, such as a rim; `width` is its full thickness."""
    half = np.asarray(axis, float) / np.linalg.norm(axis) * width / 2
    spine = np.asarray(center, float) + np.outer((-1, -0.8, 0.8, 1), half)
    sizes = radius * np.array([0.9, 1, 1, 0.9])
    return loft(spine, sizes, material, up=SKEW, stations=8)


def turned(degrees: float, axis: str = "z", center: ArrayLike = (0, 0, 0)) -> NDArray:
    """The matrix, shape (3, 4), of a turn about an axis through a point."""
    angle, i = np.radians(degrees), "xyz".index(axis)
    j, k = (i + 1) % 3, (i + 2) % 3
    turn = np.eye(3)
    turn[[j, j, k, k], [j, k, j, k]] = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
    center = np.asarray(center, float)
    return np.concatenate([turn, (center - turn @ center)[:, None]], axis=1)


def shifted(x: float = 0, y: float = 0, z: float = 0) -> NDArray:
    """The matrix, shape (3, 4), of a shift."""
    return np.concatenate([np.eye(3), [[x], [y], [z]]], axis=1)


def stretched(x: float, y: float, z: float) -> NDArray:
    """The matrix, shape (3, 4), of a stretch about the origin."""
    return np.concatenate([np.diag([x, y, z]), np.zeros((3, 1))], axis=1)


def moved(parts: Iterable[Part], *matrices: NDArray) -> list[Part]:
    """All parts under one matrix after the other."""
    parts = list(parts)
    for matrix in matrices:
        parts = [part.moved(matrix) for part in parts]
    return parts


def mirrored(parts: Iterable[Part]) -> list[Part]:
    """The parts and their mirror images in the plane y = 0."""
    parts = list(parts)
    twins = [part.moved(stretched(1, -1, 1)) for part in parts]
    return parts + [replace(twin, grid=twin.grid[:, ::-1]) for twin in twins]


def vertices(parts: Iterable[Part]) -> Points:
    """All points of the surfaces, shape (n, 3)."""
    return np.concatenate([part.grid.reshape(-1, 3) for part in parts])


def normalized(parts: Sequence[Part]) -> list[Part]:
    """Stand the object on z = 0, center it, and scale it to a bounding box with diagonal 2."""
    points = vertices(parts)
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    scale = 2 / np.linalg.norm(high - low)
    to_origin = shifted(-middle[0], -middle[1], -low[2])
    return moved(parts, to_origin, stretched(scale, scale, scale))
