"""Airplanes: airliner, business jet, propeller plane, biplane, fighter, glider."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..model import Model, Paint, pick, varnish
from ..shapes import Part, box, disk, ellipsoid, loft, mirrored, rod


@dataclass(frozen=True)
class Kind:
    """Proportions of a type of airplane."""

    slender: float  # length of the fuselage in its half heights
    span: float  # of both wings, in lengths
    chord: float  # of a wing at its root, in lengths
    taper: float  # chord at the tip, in chords at the root
    sweep: float  # how far the tip lies behind the root, in half spans
    low: tuple[float, ...]  # heights at which the wing may sit, in half heights of the fuselage
    fin: float  # height of the tail fin, in lengths
    nose: float  # height of the nose's end, in half heights of the fuselage


KINDS = {
    "airliner": Kind(10.5, 1.02, 0.2, 0.35, 0.55, (-0.55,), 0.19, 0.12),
    "business jet": Kind(8.5, 0.95, 0.2, 0.4, 0.45, (-0.55,), 0.19, 0.12),
    "propeller": Kind(6.6, 1.25, 0.2, 0.8, 0.05, (-0.6, 0.65), 0.19, 0.72),
    "biplane": Kind(5.8, 1.2, 0.2, 0.8, 0.05, (-0.65,), 0.19, 0.85),
    "fighter": Kind(8.2, 0.72, 0.42, 0.2, 0.75, (-0.15,), 0.22, 0.12),
    "glider": Kind(8.5, 2.0, 0.11, 0.5, 0.05, (0.35,), 0.16, 0.12),
}
PAINTS = {
    "glass": Paint((0.07, 0.1, 0.15), roughness=0.08),
    "dark": Paint((0.06, 0.06, 0.07)),
    "tire": Paint((0.05, 0.05, 0.05), roughness=0.9),
    "trim": Paint((0.5, 0.5, 0.52), roughness=0.4),
}


@dataclass(frozen=True)
class Airframe:
    """The measures of one airplane, from which its parts follow."""

    kind: str
    radius: float  # half height of the fuselage
    length: float
    span: float  # of one wing
    chord: float
    low: float  # height of the wing's root
    rise: float  # of the wing's tip above its root
    root: float  # x of the wing's middle

    @property
    def proportions(self) -> Kind:
        """What all airplanes of this kind share."""
        return KINDS[self.kind]

    @property
    def half(self) -> float:
        """Half the length: the nose lies at x = half, the tail at x = -half."""
        return self.length / 2

    @property
    def driven(self) -> bool:
        """Whether a propeller pulls it."""
        return self.kind in ("propeller", "biplane")


def build(rng: np.random.Generator) -> Model:
    """An airplane with its wheels out."""
    plane = _airframe(rng)
    parts = [*_fuselage(plane), *_wings(plane), *_tail(plane, rng), *_engines(plane, rng)]
    parts += [*_cockpit(plane), *_gear(plane, rng)]
    paints = PAINTS | {"paint": varnish(rng), "accent": varnish(rng)}
    return Model(plane.kind, parts, paints)


def _airframe(rng: np.random.Generator) -> Airframe:
    kind = pick(rng, list(KINDS))
    proportions = KINDS[kind]
    radius = rng.uniform(0.9, 1.1)
    length = proportions.slender * rng.uniform(0.9, 1.1) * radius * 2 / 2.4
    span = proportions.span * length * rng.uniform(0.92, 1.05) / 2
    return Airframe(
        kind=kind,
        radius=radius,
        length=length,
        span=span,
        chord=proportions.chord * length,
        low=pick(rng, proportions.low) * radius,
        rise=rng.uniform(0.03, 0.12) * span,
        root=0.12 * length,
    )


def _profile(plane: Airframe) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The fuselage from tail to nose: x, height of its middle line, half height; each (7,)."""
    nose = plane.proportions.nose
    x = plane.half * np.array([-1, -0.8, -0.35, 0.45, 0.78, 0.93, 1])
    bow = -0.1 if plane.driven else -0.2
    middle = plane.radius * np.array([0.55, 0.4, 0.1, 0, -0.03, -0.1, bow])
    size = plane.radius / 1.2 * np.array([0.12, 0.32, 0.85, 1, 0.92, max(nose, 0.62), nose])
    return x, middle, size


def _fuselage(plane: Airframe) -> list[Part]:
    x, middle, size = _profile(plane)
    spine = np.stack([x, 0 * x, middle], axis=1)
    sizes = np.stack([0.9 * size, size], axis=1)
    parts = [loft(spine, sizes, "paint", stations=36, normal=(1, 0, 0))]
    if plane.kind in ("airliner", "business jet"):
        stripe = np.stack([0.925 * size, 0.12 * size], axis=1)[1:-1]
        low = spine[1:-1] - (0, 0, 0.04)
        parts.append(loft(low, stripe, "accent", stations=30, normal=(1, 0, 0), power=3))
    return parts


def _wing(
    root: ArrayLike, tip: ArrayLike, chords: tuple[float, float], thick: float, material: str
) -> Part:
    """A flat tapered surface from root to tip; chords lie along x."""
    root, tip = np.asarray(root, float), np.asarray(tip, float)
    share = np.linspace(0, 1, 5)[:, None]
    chord = chords[0] + share[:, 0] * (chords[1] - chords[0])
    sizes = np.stack([chord / 2, thick * chord / chords[0]], axis=1)
    outward = (tip - root) * (0, 1, 1)
    up = np.cross((1.0, 0, 0), tip - root)
    spine = root + share * (tip - root)
    return loft(spine, sizes, material, up=up, power=2.2, stations=10, normal=outward)


def _wings(plane: Airframe) -> list[Part]:
    kind, radius = plane.proportions, plane.radius
    chords = (plane.chord, kind.taper * plane.chord)
    tip_x = plane.root - kind.sweep * plane.span
    root = (plane.root, 0.1, plane.low)
    tip = (tip_x, plane.span, plane.low + plane.rise)
    parts = mirrored([_wing(root, tip, chords, 0.09 * radius, "paint")])
    if plane.kind == "biplane":
        parts += _upper_wing(plane, chords)
    return parts


def _upper_wing(plane: Airframe, chords: tuple[float, float]) -> list[Part]:
    ahead, high = plane.root + 0.15, plane.low + 1.75 * plane.radius
    tip = (ahead, plane.span, high + plane.rise)
    parts = [_wing((ahead, 0, high), tip, chords, 0.08 * plane.radius, "paint")]
    for y in (0.3 * plane.span, 0.8 * plane.span):
        for x in (-0.3 * plane.chord, 0.3 * plane.chord):
            foot, top = (plane.root + x, y, plane.low), (ahead + x, y, high + 0.1)
            parts.append(rod(foot, top, 0.05, "trim"))
    return mirrored(parts)


def _tail(plane: Airframe, rng: np.random.Generator) -> list[Part]:
    radius, length = plane.radius, plane.length
    x, base = -0.86 * plane.half, 0.3 * radius
    height = plane.proportions.fin * length * rng.uniform(0.9, 1.15)
    chords = (0.15 * length, 0.08 * length)
    fin = _wing(
        (x, 0, base), (x - 0.45 * height, 0.001, base + height), chords, 0.07 * radius, "accent"
    )
    high = plane.kind in ("business jet", "glider")
    z = base + 0.92 * height if high else 0.45 * radius
    x -= 0.4 * height if high else 0
    tip = (x - 0.3 * height, 0.17 * length, z + 0.03)
    plane_chords = (0.11 * length, 0.06 * length)
    return [fin, *mirrored([_wing((x, 0, z), tip, plane_chords, 0.06 * radius, "paint")])]


def _engines(plane: Airframe, rng: np.random.Generator) -> list[Part]:
    if plane.driven:
        return _propeller(plane, rng)
    radius, half, low = plane.radius, plane.half, plane.low - 0.5
    if plane.kind == "airliner":
        pods = (0.32, 0.6) if rng.random() < 0.3 else (0.32,)
        sweep = plane.proportions.sweep * plane.span
        places = [(plane.root - sweep * y + 0.3 * plane.chord, y * plane.span, low) for y in pods]
        return mirrored([part for place in places for part in _jet(place, 0.85, 0.42)])
    if plane.kind == "business jet":
        return mirrored(_jet((-0.55 * half, 0.85 * radius, 0.4 * radius), 0.2 * half, 0.36))
    if plane.kind == "fighter":
        nozzle = [(-half - 0.15, 0, 0.5 * radius), (-half + 0.5, 0, 0.45 * radius)]
        intake = box(
            (0.12 * plane.length, 0.75 * radius, -0.15 * radius),
            (0.3 * plane.length, 0.5 * radius, 0.7 * radius),
            "paint",
            power=4,
        )
        exhaust = loft(nozzle, [0.38, 0.42], "dark", stations=4, normal=(1, 0, 0))
        return [exhaust, *mirrored([intake])]
    return []


def _jet(place: ArrayLike, reach: float, radius: float) -> list[Part]:
    """A pod from `reach` behind its place to `reach` ahead of it, with a dark mouth."""
    spine = np.asarray(place) + np.outer((-1, 0, 0.9), (reach, 0, 0))
    pod = loft(spine, radius * np.array([0.55, 1, 0.88]), "accent", stations=10)
    mouth = spine[-1] + (0.01, 0, 0)
    return [pod, disk(mouth, 0.76 * radius, 0.06, (1, 0, 0), "dark")]


def _propeller(plane: Airframe, rng: np.random.Generator) -> list[Part]:
    hub = np.array([plane.half + 0.15, 0, -0.1 * plane.radius])
    parts = [ellipsoid(hub - (0.1, 0, 0), (0.4, 0.22, 0.22), "accent")]
    blades, start = rng.integers(2, 4), rng.uniform(0, np.pi)
    reach = 0.2 * plane.length * rng.uniform(0.9, 1.1)
    for angle in start + 2 * np.pi * np.arange(blades) / blades:
        tip = hub + reach * np.array([0, np.cos(angle), np.sin(angle)])
        sizes = [(0.16, 0.04), (0.1, 0.03)]
        parts.append(loft([hub, tip], sizes, "dark", up=(1, 0, 0), stations=6))
    return parts


def _cockpit(plane: Airframe) -> list[Part]:
    radius, half, length = plane.radius, plane.half, plane.length
    canopies = {"fighter": 0.5, "glider": 0.55, "propeller": 0.28}
    if plane.kind in canopies:
        sizes = (0.17 * length, 0.5 * radius, 0.52 * radius)
        return [ellipsoid((canopies[plane.kind] * half, 0, 0.62 * radius), sizes, "glass")]
    if plane.kind == "biplane":
        seat = ellipsoid((-0.12 * half, 0, 0.75 * radius), (0.5, 0.35, 0.2), "dark")
        return [seat, ellipsoid((-0.14 * half, 0, radius), (0.22, 0.2, 0.27), "accent")]
    sizes = (0.055 * length, 0.58 * radius, 0.2 * radius)
    return [ellipsoid((0.83 * half, 0, 0.36 * radius), sizes, "glass"), *_windows(plane)]


def _windows(plane: Airframe) -> list[Part]:
    parts = []
    for x in np.linspace(-0.45, 0.65, 13 if plane.kind == "airliner" else 6) * plane.half:
        slim = x < -0.2 * plane.half
        y, z = plane.radius * (0.644 if slim else 0.694), 0.2 * plane.radius + 0.12 * slim
        parts.append(ellipsoid((x, y, z), (0.11, 0.06, 0.14), "glass"))
    return mirrored(parts)


def _gear(plane: Airframe, rng: np.random.Generator) -> list[Part]:
    """Wheels under nose and wings, or under wings and tail."""
    radius, half = plane.radius, plane.half
    clearance = 1.45 if plane.kind in ("airliner", "business jet") else 1.25
    base = min(-clearance * radius, plane.low - 0.75)
    if plane.driven and rng.random() < 0.6:
        tail = _wheel((-0.85 * half, 0, base + 0.5 * radius), radius)
        return tail + mirrored(_wheel((0.45 * half, 0.55 * radius, base), radius))
    nose = _wheel((0.7 * half, 0, base), radius)
    if plane.kind == "glider":
        return nose + _wheel((0.02 * half, 0, base), radius)
    return nose + mirrored(_wheel((0.02 * half, 0.5 * radius, base), radius))


def _wheel(place: tuple[float, float, float], radius: float) -> list[Part]:
    x, y, _ = place
    leg = rod((x, 0.7 * y, -0.3 * radius), (x, 0.7 * y, place[2]), 0.07, "trim")
    return [leg, disk(place, 0.26, 0.2, (0, 1, 0), "tire")]
