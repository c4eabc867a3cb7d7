"""Cats: standing, sitting and lying; slim or stout, with many coats."""

# ruff: noqa: RUF005  A point plus a shift is a sum, not a longer tuple.

import numpy as np

from ..model import Model, Paint, pick
from ..shapes import Part, ellipsoid, limb, mirrored, moved, shifted, stretched, turned
from .quadruped import POSES, Body, Build, ear, eyes

PALE = (0.93, 0.91, 0.88)
COATS = (  # color, second color, pattern
    ((0.55, 0.5, 0.45), (0.2, 0.17, 0.15), "stripes"),
    ((0.85, 0.5, 0.2), (0.95, 0.75, 0.5), "stripes"),
    ((0.4, 0.4, 0.42), (0.15, 0.15, 0.16), "stripes"),
    ((0.06, 0.06, 0.06), None, "plain"),
    (PALE, None, "plain"),
    ((0.5, 0.52, 0.55), None, "plain"),
    ((0.9, 0.82, 0.7), None, "plain"),
    ((0.95, 0.93, 0.9), (0.85, 0.5, 0.2), "patches"),
    ((0.93, 0.92, 0.9), (0.08, 0.07, 0.07), "patches"),
    ((0.45, 0.3, 0.2), (0.25, 0.15, 0.1), "speckles"),
)
EYES = ((0.75, 0.7, 0.15), (0.4, 0.65, 0.25), (0.35, 0.6, 0.8), (0.8, 0.5, 0.1))


def build(rng: np.random.Generator) -> Model:
    """A cat that looks somewhere."""
    pose = pick(rng, list(POSES), weights=(0.4, 0.38, 0.22))
    shape = _build(rng)
    body = POSES[pose](shape, rng)
    head = body.neck + (shape.neck + 0.12) * body.way
    neck = [body.neck - 0.15 * body.way, head]
    parts = [*body.parts, limb(neck, np.array([1.25, 1]) * shape.neck_radius, "coat")]
    parts += moved(
        _head(rng.uniform(0.25, 0.29), rng.uniform(0.85, 1.15)),
        turned(rng.uniform(-12, 22), "y"),
        turned(rng.uniform(-55, 55), "z"),
        shifted(*head),
    )
    parts.append(_tail(pose, body, rng))
    return Model(pose, parts, _paints(rng))


def _build(rng: np.random.Generator) -> Build:
    stout = rng.uniform(0.85, 1.25)
    return Build(
        length=rng.uniform(0.95, 1.15),
        chest=0.25 * stout,
        waist=0.25 * stout * rng.uniform(0.9, 1.1),
        leg=0.075 * stout**0.5,
        paw=0.1,
        neck=0.16,
        neck_radius=0.15 * stout,
    )


def _head(size: float, tall: float) -> list[Part]:
    """A head at the origin that looks along +x; `tall` is the height of its ears."""
    ears = [
        ear((0, 0.55, 0.62), (-0.08, 0.78, 0.85 + 0.75 * tall), 0.44, "coat", 0.08),
        ear((0.07, 0.56, 0.68), (0.06, 0.76, 0.75 + 0.6 * tall), 0.27, "inner", 0.05),
    ]
    cheeks = [
        ellipsoid((0.72, 0.24, -0.32), (0.34, 0.32, 0.26), "paw"),
        ellipsoid((0.3, 0.72, -0.3), (0.5, 0.35, 0.35), "coat"),
    ]
    skull = ellipsoid((0, 0, 0), (0.95, 1.08, 0.92), "coat")
    nose = ellipsoid((0.95, 0, -0.16), (0.13, 0.15, 0.1), "nose")
    parts = [skull, nose, *mirrored(ears + cheeks), *eyes(0.8, 0.42, 0.14, 0.2)]
    return moved(parts, stretched(size, size, size))


def _tail(pose: str, body: Body, rng: np.random.Generator) -> Part:
    rump, radius = body.rump, 0.06 * rng.uniform(0.8, 1.7)
    material = "coat" if rng.random() < 0.7 else "paw"
    if pose == "standing":
        lift, bend = rng.uniform(0.1, 1.0), rng.uniform(-1, 1)
        points = rump + np.array(
            [
                (0.1, 0, 0),
                (-0.2, 0, 0.1 * lift),
                (-0.42 + 0.2 * lift, 0.15 * bend, 0.65 * lift - 0.2),
                (-0.5 + 0.4 * lift, 0.35 * bend, 0.85 * lift - 0.1),
            ]
        )
    else:
        x, side = rump[0], rng.choice((-1, 1))
        points = [
            rump + (0.1, 0, 0),
            (x - 0.15, 0.12 * side, radius),
            (x + 0.05, 0.5 * side, radius),
            (x + 0.5, 0.58 * side, radius),
            (x + 0.75, 0.5 * side, radius),
        ]
    return limb(points, [radius] * len(points), material)


def _paints(rng: np.random.Generator) -> dict[str, Paint]:
    color, second, pattern = pick(rng, COATS)
    scale = rng.uniform(3, 5) if pattern == "stripes" else rng.uniform(1.6, 3.0)
    return {
        "coat": Paint(color, second, pattern, scale, roughness=0.9, bump=0.25),
        "paw": Paint(pick(rng, (PALE, color)), roughness=0.9),
        "inner": Paint((0.85, 0.6, 0.55), roughness=0.8),
        "nose": Paint((0.6, 0.3, 0.3)),
        "eye": Paint(pick(rng, EYES), roughness=0.1),
        "black": Paint((0.01, 0.01, 0.01), roughness=0.05),
    }
