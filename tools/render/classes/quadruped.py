"""What cats and dogs share: a trunk, four legs and a face, standing, sitting or lying."""

# ruff: noqa: RUF005  A point plus a shift is a sum, not a longer tuple.

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..shapes import Part, Points, ellipsoid, limb, loft, mirrored


@dataclass(frozen=True)
class Build:
    """Proportions, in heights of the shoulder above the ground."""

    length: float  # shoulder to hip
    chest: float  # radius of the trunk at the chest
    waist: float  # and at the waist
    leg: float  # radius of a leg
    paw: float  # radius of a paw
    neck: float  # length
    neck_radius: float


@dataclass(frozen=True)
class Body:
    """A body in its pose, and where the rest goes on."""

    parts: list[Part]
    neck: Points  # where the neck begins
    way: Points  # where it goes, a unit vector
    rump: Points  # where the tail begins


def standing(build: Build, rng: np.random.Generator) -> Body:
    """On four legs, still or walking."""
    z = 1.0 - 0.55 * build.chest
    shoulder = np.array([build.length / 2, 0, z])
    hip = np.array([-build.length / 2, 0, z + 0.02])
    parts = [_trunk(shoulder, hip, build, sag=rng.uniform(-0.04, 0.02))]
    reach = 0.22 if rng.random() < 0.6 else 0.05
    for side in (1, -1):
        fore, hind = rng.uniform(-reach, reach, 2)
        y = 0.62 * side * build.chest
        top = shoulder + (0, y, -0.2 * build.chest)
        parts += _foreleg(top, (shoulder[0] + fore, y, 0), build, bend=-0.03)
        y = side * build.waist
        foot = (hip[0] - 0.05 + hind, 0.6 * y, 0)
        parts += _hindleg(hip + (0, 0.55 * y, -0.1), foot, build)
    neck = shoulder + (0.35 * build.chest, 0, 0.35 * build.chest)
    rump = hip + (-0.8 * build.waist, 0, 0.35 * build.waist)
    return Body(parts, neck, np.array([0.62, 0, 0.78]), rump)


def sitting(build: Build, rng: np.random.Generator) -> Body:
    """On the rump, front legs straight."""
    slope = rng.uniform(0.82, 1.07)
    waist, paw = build.waist, build.paw
    hip = np.array([-0.32 * build.length, 0, waist])
    shoulder = hip + 0.9 * build.length * np.array([np.cos(slope), 0, np.sin(slope)])
    parts = [_trunk(shoulder, hip, build, sag=-0.02)]
    for side in (1, -1):
        y = 0.55 * side * build.chest
        top = shoulder + (0, y, -0.25 * build.chest)
        parts += _foreleg(top, (shoulder[0] + 0.05, 0.75 * y, 0), build, bend=0.02)
        thigh = hip + (0.16, 0.8 * side * waist, -0.35 * waist)
        parts.append(ellipsoid(thigh, (0.3, 0.55 * waist, 0.75 * waist), "coat"))
        toes = (hip[0] + 0.42, 0.85 * side * waist, 0.55 * paw)
        parts.append(ellipsoid(toes, (0.26, 0.9 * paw, 0.6 * paw), "paw"))
    neck = shoulder + (0.1 * build.chest, 0, 0.55 * build.chest)
    return Body(parts, neck, np.array([0.35, 0, 0.94]), hip - (0.85 * waist, 0, 0.5 * waist))


def lying(build: Build, rng: np.random.Generator) -> Body:
    """On the belly, front legs stretched out ahead, a little more or less."""
    z, leg, waist, paw = 0.9 * build.chest, build.leg, build.waist, build.paw
    shoulder = np.array([build.length / 2, 0, z])
    hip = np.array([-build.length / 2, 0, 0.92 * waist])
    stretch = rng.uniform(0.4, 0.55)
    parts = [_trunk(shoulder, hip, build)]
    for side in (1, -1):
        y = 0.6 * side * build.chest
        top = shoulder + (0, y, -0.2 * build.chest)
        elbow = shoulder + (0.05, 1.1 * y, 1.3 * leg - z)
        wrist = shoulder + (stretch, 0.9 * y, leg - z)
        parts.append(limb([top, elbow, wrist], np.array([1.3, 1.1, 0.9]) * leg, "coat"))
        toes = shoulder + (stretch + 0.1, 0.9 * y, 0.55 * paw - z)
        parts.append(ellipsoid(toes, (1.2 * paw, 0.9 * paw, 0.6 * paw), "paw"))
        thigh = hip + (0.15, 0.75 * side * waist, -0.25 * waist)
        parts.append(ellipsoid(thigh, (0.32, 0.5 * waist, 0.65 * waist), "coat"))
        hind_toes = (hip[0] + 0.4, 1.05 * side * waist, 0.55 * paw)
        parts.append(ellipsoid(hind_toes, (0.28, 0.9 * paw, 0.6 * paw), "paw"))
    neck = shoulder + (0.3 * build.chest, 0, 0.45 * build.chest)
    return Body(parts, neck, np.array([0.5, 0, 0.86]), hip - (0.8 * waist, 0, 0.1 * waist))


POSES = {"standing": standing, "sitting": sitting, "lying": lying}


def _trunk(shoulder: Points, hip: Points, build: Build, sag: float = 0.0) -> Part:
    """The trunk from hip to shoulder; `sag` lifts or lowers its middle."""
    chest, waist = build.chest, build.waist
    along = (shoulder - hip) / np.linalg.norm(shoulder - hip)
    middle = (shoulder + hip) / 2 + (0, 0, sag)
    ends = hip - 0.75 * waist * along, shoulder + 0.75 * chest * along
    spine = [ends[0], hip - 0.2 * waist * along, middle, shoulder, ends[1]]
    size = np.array([0.35 * waist, waist, 0.475 * (waist + chest), chest, 0.4 * chest])
    return loft(spine, np.stack([0.88 * size, size], axis=1), "coat", up=(0, 0.02, 1))


def _foreleg(top: ArrayLike, foot: ArrayLike, build: Build, bend: float) -> list[Part]:
    top, foot = np.asarray(top, float), np.asarray(foot, float)
    knee = (top + foot) / 2 + (bend, 0, 0)
    sizes = np.array([1.35, 1, 0.85]) * build.leg
    return [limb([top, knee, foot + (0, 0, 0.7 * build.paw)], sizes, "coat"), _paw(foot, build)]


def _hindleg(top: ArrayLike, foot: ArrayLike, build: Build) -> list[Part]:
    top, foot = np.asarray(top, float), np.asarray(foot, float)
    height = top[2] - foot[2]
    knee = foot + (0.1 * height + 0.12, 0, 0.5 * height)
    hock = foot + (-0.13, 0, 0.26 * height)
    shank = [knee, hock, foot + (0, 0, 0.6 * build.paw)]
    return [
        limb([top, knee], np.array([1.9, 1.15]) * build.leg, "coat"),
        limb(shank, np.array([1.15, 0.85, 0.8]) * build.leg, "coat"),
        _paw(foot, build),
    ]


def _paw(foot: Points, build: Build) -> Part:
    paw = build.paw
    return ellipsoid(foot + (0.45 * paw, 0, 0.55 * paw), (1.15 * paw, 0.9 * paw, 0.6 * paw), "paw")


def ear(
    base: ArrayLike,
    tip: ArrayLike,
    wide: float,
    material: str,
    thick: float,
    front: ArrayLike = (1, 0, 0),
) -> Part:
    """A pointed flap from its base to its tip, whose face looks to the `front`."""
    base, tip = np.asarray(base, float), np.asarray(tip, float)
    sizes = [(wide, thick), (0.72 * wide, 0.8 * thick), (0.06 * wide, 0.3 * thick)]
    return loft([base, (base + tip) / 2, tip], sizes, material, up=front, stations=12)


def eyes(forward: float, spread: float, height: float, size: float) -> list[Part]:
    """Two eyes with pupils on a head at the origin that looks along +x."""
    at = np.array([forward, spread, height])
    ball = ellipsoid(at, (0.55 * size, size, size), "eye")
    pupil = ellipsoid(at + (0.35 * size, 0, 0), np.array([0.35, 0.5, 0.7]) * size, "black")
    return mirrored([ball, pupil])
