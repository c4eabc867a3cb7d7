"""Persons: adults and children, standing, walking, waving, sitting, dressed in many ways."""

# ruff: noqa: RUF005  A point plus a shift is a sum, not a longer tuple.

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..colors import PAINTS
from ..model import Model, Paint, pick
from ..shapes import (
    Part,
    Points,
    box,
    disk,
    ellipsoid,
    limb,
    loft,
    mirrored,
    moved,
    ring,
    shifted,
    stretched,
    turned,
)

POSES = ("standing", "walking", "waving", "sitting", "akimbo")
HAIR_STYLES = ("short", "bob", "long", "bun", "cap", "hat", "bald")
SKIN = (
    (0.95, 0.78, 0.67),
    (0.88, 0.67, 0.53),
    (0.74, 0.53, 0.39),
    (0.55, 0.37, 0.26),
    (0.38, 0.25, 0.18),
    (0.27, 0.17, 0.12),
)
HAIR = (
    (0.07, 0.05, 0.04),
    (0.2, 0.12, 0.08),
    (0.38, 0.23, 0.12),
    (0.75, 0.55, 0.28),
    (0.6, 0.25, 0.1),
    (0.6, 0.6, 0.6),
    (0.9, 0.88, 0.85),
)


@dataclass(frozen=True)
class Figure:
    """The measures of one person in meters, and the pose."""

    pose: str
    child: bool
    tall: float
    girth: float  # 1 is average
    lean: float  # x of the shoulders
    drop: float  # how much lower than upright the hips are

    @property
    def head(self) -> float:
        """Radius of the head, larger than life, so that a face shows in a small picture."""
        return 0.145 if self.child else 0.15

    @property
    def hip(self) -> float:
        """Height of the hips."""
        return (0.42 if self.child else 0.47) * self.tall - self.drop

    @property
    def shoulder(self) -> float:
        """Height of the shoulders."""
        return (0.755 if self.child else 0.81) * self.tall - self.drop

    @property
    def wide(self) -> float:
        """Half the width of the shoulders."""
        return (0.145 if self.child else 0.19) * self.girth**0.3

    @property
    def hips(self) -> float:
        """Half the width of the hips."""
        return (0.115 if self.child else 0.15) * self.girth

    @property
    def leg(self) -> float:
        """Radius of a leg."""
        return 0.055 if self.child else 0.075 * self.girth**0.7

    @property
    def arm(self) -> float:
        """Radius of an arm."""
        return 0.036 if self.child else 0.045 * self.girth**0.5


def build(rng: np.random.Generator) -> Model:
    """A person, dressed, who looks somewhere."""
    person = _figure(rng)
    dress = person.pose != "sitting" and rng.random() < 0.28
    shorts, long_sleeves = rng.random() < 0.3, rng.random() < 0.6
    parts = [
        _torso(person),
        _pelvis(person),
        *_head(person, rng),
        *_legs(person, dress, shorts, rng),
    ]
    parts += _arms(person, "top" if long_sleeves else "skin", rng)
    if dress:
        parts.append(_skirt(person, hem=person.hip * rng.uniform(0.25, 0.6)))
    if person.pose == "sitting":
        parts.append(_seat(round_=rng.random() < 0.5))
    elif rng.random() < 0.2:
        parts.append(_backpack(person))
    age = "child" if person.child else "adult"
    return Model(f"{age} {person.pose}", parts, _paints(rng))


def _figure(rng: np.random.Generator) -> Figure:
    pose = pick(rng, POSES, (0.3, 0.24, 0.16, 0.16, 0.14))
    child = bool(rng.random() < 0.25)
    tall = 1.15 if child else rng.uniform(1.55, 1.9)
    upright = (0.42 if child else 0.47) * tall
    return Figure(
        pose=pose,
        child=child,
        tall=tall,
        girth=rng.uniform(0.85, 1.25),
        lean=rng.uniform(-0.03, 0.05),
        drop=upright - 0.47 if pose == "sitting" else 0.0,
    )


def _torso(person: Figure) -> Part:
    hip, shoulder, lean, girth = person.hip, person.shoulder, person.lean, person.girth
    spine = [
        (0, 0, hip - 0.06),
        (0, 0, hip + 0.05),
        (0.4 * lean, 0, (hip + shoulder) / 2),
        (lean, 0, shoulder - 0.07),
        (lean, 0, shoulder + 0.03),
    ]
    hips, wide, depth = person.hips, person.wide, 0.1 * girth
    waist = 0.41 * (hips + wide) * girth**0.5
    widths = np.array([0.8 * hips, hips, waist, wide, 0.35 * wide])
    depths = depth * np.array([0.8, 1, 0.92, 1, 0.5])
    sizes = np.stack([widths, depths], axis=1)
    return loft(spine, sizes, "top", up=(1, 0, 0), power=2.5)


def _pelvis(person: Figure) -> Part:
    radii = (0.105 * person.girth, 1.04 * person.hips, 0.1)
    return ellipsoid((0, 0, person.hip - 0.01), radii, "trousers", power=2.5)


def _head(person: Figure, rng: np.random.Generator) -> list[Part]:
    neck = np.array([person.lean, 0, person.shoulder])
    middle = neck + (0.02, 0, 0.1 + person.head)
    style = pick(rng, HAIR_STYLES, (0.3, 0.16, 0.16, 0.1, 0.12, 0.1, 0.06))
    face = [*_face(glasses=rng.random() < 0.2), *_hair(style)]
    place = turned(rng.uniform(-40, 40)), shifted(*middle)
    throat = limb([neck, middle - (0.01, 0, 0.8 * person.head)], [0.055, 0.05], "skin")
    return [throat, *moved(face, stretched(*[person.head] * 3), *place)]


def _face(glasses: bool) -> list[Part]:
    """A head of about radius 1 at the origin that looks along +x."""
    features = [
        ellipsoid((0.8, 0.31, 0.08), (0.12, 0.2, 0.17), "white"),
        ellipsoid((0.88, 0.31, 0.08), (0.07, 0.12, 0.14), "black"),
        ellipsoid((0.8, 0.32, 0.36), (0.1, 0.2, 0.05), "hair"),
        ellipsoid((0, 0.8, 0), (0.16, 0.1, 0.24), "skin"),
    ]
    if glasses:
        features.append(ring((0.95, 0.33, 0.08), 0.26, 0.05, (1, 0, 0), "black", 0.04))
    return [
        ellipsoid((0, 0, 0), (0.92, 0.82, 1.1), "skin"),
        ellipsoid((0.93, 0, -0.14), (0.16, 0.12, 0.16), "skin"),
        ellipsoid((0.8, 0, -0.52), (0.08, 0.24, 0.06), "lips"),
        *mirrored(features),
    ]


def _hair(style: str) -> list[Part]:
    """What a head of radius 1 wears."""
    if style == "cap":
        crown = ellipsoid((-0.05, 0, 0.42), (1.0, 0.92, 0.82), "hat")
        return [crown, ellipsoid((0.95, 0, 0.5), (0.6, 0.6, 0.07), "hat")]
    if style == "hat":
        brim = disk((0, 0, 0.6), 1.65, 0.12, (0, 0, 1), "hat")
        return [brim, ellipsoid((0, 0, 0.75), (0.95, 0.9, 0.85), "hat")]
    if style == "bald":
        return []
    parts = [ellipsoid((-0.24, 0, 0.3), (0.92, 0.93, 0.98), "hair")]
    if style == "bun":
        parts.append(ellipsoid((-0.75, 0, 0.95), 0.42, "hair"))
    if style in ("bob", "long"):
        spine = [(-0.2, 0, 0.6), (-0.38, 0, -0.3), (-0.55, 0, -0.9 if style == "bob" else -1.9)]
        sizes = [(0.9, 0.7), (0.98, 0.6), (0.75, 0.3)]
        parts.append(loft(spine, sizes, "hair", up=(1, 0, 0)))
    return parts


def _legs(person: Figure, dress: bool, shorts: bool, rng: np.random.Generator) -> list[Part]:
    swing = rng.uniform(0.16, 0.34) if person.pose == "walking" else rng.uniform(0, 0.03)
    thigh, shank = "skin" if dress else "trousers", "skin" if dress or shorts else "trousers"
    shoe = (0.09 if person.child else 0.13, 0.05, 0.045)
    parts = []
    for side in (1, -1):
        hip = np.array([0, 0.55 * side * person.hips, person.hip])
        knee, foot = _step(person, hip, side, swing)
        parts += [
            limb([hip, knee], np.array([1.25, 0.9]) * person.leg, thigh),
            limb([knee, foot], np.array([0.85, 0.6]) * person.leg, shank),
            ellipsoid(foot + (0.06, 0, -0.02), shoe, "shoe"),
        ]
    return parts


def _step(person: Figure, hip: Points, side: int, swing: float) -> tuple[Points, Points]:
    """Knee and ankle of one leg, each of shape (3,)."""
    if person.pose == "sitting":
        reach = person.tall / 1.7
        knee = hip + (0.44 * reach, 0.04 * side, 0.02)
        return knee, np.array([0.46 * reach, hip[1] + 0.05 * side, 0.06])
    walking = person.pose == "walking"
    lift = 0.07 if walking and side < 0 else 0.0
    foot = np.array([side * swing, side * (0.6 * person.hips + 0.02), 0.06 + lift])
    return (hip + foot) / 2 + (0.05 if walking else 0.015, 0, 0), foot


def _arms(person: Figure, sleeve: str, rng: np.random.Generator) -> list[Part]:
    parts = []
    for side in (1, -1):
        shoulder = np.array([person.lean, side * (person.wide + 0.015), person.shoulder - 0.04])
        elbow, hand = _reach(person, shoulder, side, rng)
        fist = hand + 0.16 * (hand - elbow)
        parts += [
            limb([shoulder, elbow], np.array([1.15, 1]) * person.arm, "top"),
            limb([elbow, hand], np.array([0.95, 0.75]) * person.arm, sleeve),
            ellipsoid(fist, (0.045, 0.035, 0.055), "skin"),
        ]
    return parts


def _reach(
    person: Figure, shoulder: Points, side: int, rng: np.random.Generator
) -> tuple[Points, Points]:
    """Elbow and wrist of one arm, each of shape (3,)."""
    if person.pose == "akimbo":
        elbow = _toward(person, shoulder, (-0.2, 0.72 * side, -0.68))
        return elbow, np.array([0.06, side * (person.hips + 0.02), person.hip + 0.08])
    if person.pose == "waving" and side > 0:
        upper, lower = (0.05, 0.85, 0.35), (0.1, rng.uniform(-0.1, 0.4), 0.95)
    elif person.pose == "walking":
        upper, lower = (-0.4 * side, 0.12 * side, -0.9), (0.45 - 0.3 * side, 0, -0.8)
    elif person.pose == "sitting":
        upper, lower = (0.1, 0.15 * side, -0.97), (0.9, -0.1 * side, -0.25)
    else:
        upper = (0, side * rng.uniform(0.08, 0.25), -0.96)
        lower = (rng.uniform(0.05, 0.3), 0, -0.95)
    elbow = _toward(person, shoulder, upper)
    return elbow, _toward(person, elbow, lower)


def _toward(person: Figure, start: Points, way: ArrayLike) -> Points:
    """The other end of an upper arm or a forearm."""
    return start + 0.16 * person.tall * np.asarray(way)


def _skirt(person: Figure, hem: float) -> Part:
    hip, hips = person.hip, person.hips
    spine = [(0, 0, hem), (0, 0, (hem + hip) / 2), (0, 0, hip + 0.12)]
    sizes = [
        (1.9 * hips, 1.5 * hips),
        (1.5 * hips, 1.2 * hips),
        (0.85 * hips, 0.095 * person.girth),
    ]
    return loft(spine, sizes, "top", up=(1, 0, 0))


def _seat(round_: bool) -> Part:
    if round_:
        return disk((0, 0, 0.2), 0.24, 0.4, (0, 0, 1), "bag")
    return box((-0.02, 0, 0.2), (0.42, 0.46, 0.4), "bag")


def _backpack(person: Figure) -> Part:
    reach = person.tall / 1.7
    place = (-0.17, 0, person.shoulder - 0.22 * reach)
    return box(place, (0.18, 1.5 * person.wide, 0.4 * reach), "bag", power=4)


def _paints(rng: np.random.Generator) -> dict[str, Paint]:
    def cloth() -> Paint:
        return Paint(pick(rng, PAINTS), roughness=0.9)

    pattern = pick(rng, ("plain", "stripes", "spots"), (0.7, 0.2, 0.1))
    scale = 14 if pattern == "spots" else 9
    skin = pick(rng, SKIN)
    top = Paint(pick(rng, PAINTS), pick(rng, PAINTS), pattern, scale, roughness=0.9)
    return {
        "top": top,
        "trousers": cloth(),
        "shoe": cloth(),
        "hat": cloth(),
        "bag": cloth(),
        "skin": Paint(skin, roughness=0.55),
        "hair": Paint(pick(rng, HAIR), roughness=0.7),
        "white": Paint((0.95, 0.95, 0.93), roughness=0.2),
        "black": Paint((0.03, 0.02, 0.02)),
        "lips": Paint((0.75 * skin[0], 0.5 * skin[1], 0.5 * skin[2])),
    }
