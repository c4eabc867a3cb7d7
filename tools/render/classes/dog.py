"""Dogs: breeds by legs, trunk, snout, ears and tail; standing, sitting and lying."""

from dataclasses import dataclass

import numpy as np

from ..colors import scaled
from ..model import Model, Paint, pick, varnish
from ..shapes import Part, ellipsoid, limb, loft, mirrored, moved, shifted, stretched, turned
from .quadruped import POSES, Body, Build, ear, eyes


@dataclass(frozen=True)
class Breed:
    """Proportions in heights of the shoulder (the snout: in heads), and kinds of ears and tail."""

    length: float
    chest: float
    waist: float
    leg: float
    snout: float
    ears: str
    tail: str


BREEDS = {
    "retriever": Breed(1.05, 0.29, 0.24, 0.095, 0.85, "floppy", "plume"),
    "shepherd": Breed(1.1, 0.28, 0.22, 0.09, 1.0, "upright", "plume"),
    "dachshund": Breed(2.1, 0.36, 0.31, 0.12, 1.05, "floppy", "thin"),
    "bulldog": Breed(0.95, 0.37, 0.28, 0.13, 0.45, "fold", "stub"),
    "poodle": Breed(0.9, 0.27, 0.24, 0.085, 0.95, "long", "pompon"),
    "husky": Breed(1.05, 0.3, 0.25, 0.1, 0.8, "upright", "curl"),
    "terrier": Breed(0.95, 0.28, 0.24, 0.09, 0.8, "fold", "thin"),
    "hound": Breed(1.1, 0.27, 0.2, 0.085, 1.05, "long", "thin"),
}
PALE = (0.9, 0.87, 0.82)
COATS = (  # color, second color, pattern
    ((0.8, 0.62, 0.38), None, "plain"),
    ((0.08, 0.07, 0.07), None, "plain"),
    ((0.5, 0.32, 0.18), None, "plain"),
    ((0.92, 0.9, 0.86), None, "plain"),
    ((0.7, 0.4, 0.2), None, "plain"),
    ((0.45, 0.45, 0.46), None, "plain"),
    ((0.93, 0.91, 0.88), (0.1, 0.09, 0.08), "spots"),
    ((0.93, 0.9, 0.86), (0.55, 0.33, 0.17), "patches"),
    ((0.12, 0.1, 0.09), (0.6, 0.4, 0.22), "patches"),
    ((0.55, 0.56, 0.58), (0.25, 0.26, 0.28), "speckles"),
)


def build(rng: np.random.Generator) -> Model:
    """A dog that looks somewhere, with a collar or without."""
    name = pick(rng, list(BREEDS))
    breed = BREEDS[name]
    pose = pick(rng, list(POSES), weights=(0.8, 0.12, 0.08) if breed.length > 2 else (5, 3, 2))
    shape = _build(breed, rng)
    body = POSES[pose](shape, rng)
    parts = [*body.parts, *_neck(shape, body, collar=rng.random() < 0.4)]
    parts += moved(
        _head(breed, name, tongue=rng.random() < 0.35),
        stretched(*[0.26 * (breed.chest / 0.28) ** 0.6 * rng.uniform(0.93, 1.08)] * 3),
        turned(rng.uniform(-15, 15), "y"),
        turned(rng.uniform(-50, 50), "z"),
        shifted(*(body.neck + (shape.neck + 0.08) * body.way)),
    )
    parts += _tail(breed.tail, body, high=1.0 if pose == "standing" else 0.35, rng=rng)
    return Model(f"{name} {pose}", parts, _paints(rng))


def _build(breed: Breed, rng: np.random.Generator) -> Build:
    return Build(
        length=breed.length * rng.uniform(0.93, 1.08),
        chest=breed.chest * rng.uniform(0.93, 1.08),
        waist=breed.waist * rng.uniform(0.93, 1.08),
        leg=breed.leg * rng.uniform(0.93, 1.08),
        paw=1.25 * breed.leg,
        neck=rng.uniform(0.28, 0.4),
        neck_radius=0.6 * breed.chest,
    )


def _neck(shape: Build, body: Body, collar: bool) -> list[Part]:
    start, end = body.neck - 0.15 * body.way, body.neck + (shape.neck + 0.03) * body.way
    parts = [limb([start, end], np.array([1.3, 0.95]) * shape.neck_radius, "coat")]
    if collar:
        at, half = body.neck + 0.5 * shape.neck * body.way, 0.03 * body.way
        parts.append(limb([at - half, at + half], [1.18 * shape.neck_radius] * 2, "collar"))
    return parts


def _head(breed: Breed, name: str, tongue: bool) -> list[Part]:
    """A head of about radius 1 at the origin that looks along +x."""
    parts = [ellipsoid((0, 0, 0), (0.95, 0.88, 0.85), "coat"), *_snout(breed.snout, tongue)]
    if name == "poodle":
        parts.append(ellipsoid((-0.1, 0, 0.65), (0.7, 0.72, 0.6), "coat"))
    return [*parts, *mirrored([_ear(breed.ears)]), *eyes(0.78, 0.4, 0.2, 0.15)]


def _snout(length: float, tongue: bool) -> list[Part]:
    reach, wide = 0.75 + 0.95 * length, 0.62 if length < 0.6 else 0.42
    spine = [(0.35, 0, -0.12), (0.7, 0, -0.2), (0.85 * reach, 0, -0.28), (reach, 0, -0.28)]
    sizes = [(0.75, 0.6), (1.15 * wide, 0.45), (wide, 0.33), (0.6 * wide, 0.2)]
    parts = [
        loft(spine, sizes, "muzzle", normal=(1, 0, 0)),
        ellipsoid((reach, 0, -0.1), (0.14, 0.2, 0.15), "black"),
    ]
    if tongue:
        spine = [(0.75 * reach, 0, -0.5), (reach, 0, -0.62), (reach + 0.1, 0, -0.85)]
        parts.append(loft(spine, [(0.16, 0.04)] * 3, "tongue", up=(1, 0, 1)))
    return parts


def _ear(kind: str) -> Part:
    """The left ear of a head of radius 1."""
    if kind == "upright":
        return ear((-0.15, 0.5, 0.55), (-0.12, 0.66, 1.6), 0.36, "coat", 0.1)
    if kind == "fold":
        tip = (0.3, 1.0, 0.55)
        return ear((-0.1, 0.5, 0.68), tip, 0.34, "ear", 0.12, front=(0, 0, 1))
    drop = 0.55 if kind == "floppy" else 1.15
    spine = [(-0.2, 0.62, 0.6), (-0.15, 0.98, 0.35), (-0.05, 1.02, -0.35), (0.02, 0.95, -drop)]
    sizes = [(0.2, 0.08), (0.36, 0.1), (0.4, 0.1), (0.16, 0.06)]
    return loft(spine, sizes, "ear", up=(0, 1, 0))


def _tail(kind: str, body: Body, high: float, rng: np.random.Generator) -> list[Part]:
    """A tail; `high` says how far it rises, 0..1."""
    wag = rng.uniform(-0.25, 0.25)
    shapes = {
        "curl": (
            [(-0.15, 0, 0.2), (-0.02, 0.08, 0.42), (0.22, 0.1, 0.36), (0.25, 0.1, 0.2)],
            [0.08, 0.11, 0.11, 0.1, 0.06],
        ),
        "stub": ([(-0.12, 0, 0.1)], [0.07, 0.05]),
        "plume": (
            [(-0.3, wag, 0.05 * high), (-0.65, 2 * wag, 0.28 * high - 0.05)],
            [0.07, 0.12, 0.05],
        ),
    }
    thin = [(-0.25, wag, 0.12 * high), (-0.5, 2 * wag, 0.5 * high)], [0.05, 0.045, 0.03]
    offsets, radii = shapes.get(kind, thin)
    points = body.rump + np.array([(0.1, 0, 0), *offsets])
    points[:, 2] = np.maximum(points[:, 2], 0.08)
    parts = [limb(points, radii, "coat")]
    if kind == "pompon":
        parts.append(ellipsoid(points[-1], 0.14, "coat"))
    return parts


def _paints(rng: np.random.Generator) -> dict[str, Paint]:
    color, second, pattern = pick(rng, COATS)
    scale = rng.uniform(4, 6) if pattern == "spots" else rng.uniform(1.4, 2.6)
    dark, pale = scaled(color, 0.55), pick(rng, (PALE, color, color))
    return {
        "coat": Paint(color, second, pattern, scale, roughness=0.9, bump=0.3),
        "paw": Paint(pale, roughness=0.9),
        "muzzle": Paint(pick(rng, (color, pale, dark)), roughness=0.9),
        "ear": Paint(pick(rng, (color, dark)), roughness=0.9),
        "eye": Paint((0.2, 0.1, 0.05), roughness=0.1),
        "black": Paint((0.02, 0.02, 0.02), roughness=0.2),
        "tongue": Paint((0.85, 0.4, 0.42)),
        "collar": varnish(rng),
    }
