"""Motorbikes: sport bike, cruiser, scooter, dirt bike, naked bike."""

# ruff: noqa: RUF005  A point plus a shift is a sum, not a longer tuple.

from dataclasses import dataclass

import numpy as np

from ..model import Model, Paint, pick, varnish
from ..shapes import Part, Points, box, disk, ellipsoid, limb, loft, mirrored, ring, rod


@dataclass(frozen=True)
class Kind:
    """Measures of a type of motorbike, in meters."""

    base: float  # between the axles
    wheel: float  # radius
    tube: float  # radius of the tire's tube
    seat: float  # height
    rake: float  # how far the head lies behind the front axle
    head: float  # how far it lies above the seat
    rise: float  # of the handlebar
    reach: float  # of the handlebar, to the front
    tank: float = 0.12  # x of the tank
    girth: float = 1.0  # of the tank
    tail: tuple[float, float] = (0.1, 0.06)  # end of the seat, from the rear axle and the seat


KINDS = {
    "sport": Kind(1.38, 0.3, 0.075, 0.82, 0.38, 0.16, 0.0, 0.0, girth=1.1, tail=(0.02, 0.12)),
    "cruiser": Kind(1.62, 0.31, 0.085, 0.66, 0.55, 0.28, 0.2, -0.32, tank=0.16, tail=(0.05, 0)),
    "scooter": Kind(1.28, 0.22, 0.06, 0.76, 0.3, 0.16, 0.12, -0.1),
    "dirt": Kind(
        1.45, 0.34, 0.055, 0.93, 0.38, 0.12, 0.14, -0.12, tank=0.15, girth=0.75, tail=(0.05, 0.04)
    ),
    "naked": Kind(1.42, 0.3, 0.075, 0.8, 0.38, 0.16, 0.1, -0.12),
}
SEATS = ((0.07, 0.07, 0.07), (0.35, 0.2, 0.1), (0.5, 0.4, 0.3))
PAINTS = {
    "tire": Paint((0.04, 0.04, 0.04), roughness=0.9),
    "metal": Paint((0.6, 0.6, 0.62), roughness=0.3, metallic=0.9),
    "chrome": Paint((0.8, 0.8, 0.82), roughness=0.12, metallic=1.0),
    "black": Paint((0.05, 0.05, 0.05)),
    "engine": Paint((0.22, 0.22, 0.23), roughness=0.5, metallic=0.5),
    "frame": Paint((0.1, 0.1, 0.11)),
    "lamp": Paint((0.95, 0.95, 0.88), roughness=0.1),
    "tail lamp": Paint((0.8, 0.05, 0.05)),
    "glass": Paint((0.1, 0.12, 0.15), roughness=0.05),
}


@dataclass(frozen=True)
class Bike:
    """The measures of one motorbike; the origin is on the ground, halfway between the axles."""

    name: str
    half: float  # x of the front axle; the rear one lies at -half
    wheel: float

    @property
    def kind(self) -> Kind:
        """What all bikes of this type share."""
        return KINDS[self.name]

    @property
    def head(self) -> Points:
        """Where fork and handlebar meet, shape (3,)."""
        return np.array([self.half - self.kind.rake, 0, self.kind.seat + self.kind.head])


def build(rng: np.random.Generator) -> Model:
    """A motorbike, upright."""
    name = pick(rng, list(KINDS))
    kind = KINDS[name]
    half = kind.base / 2 * rng.uniform(0.96, 1.04)
    bike = Bike(name, half, kind.wheel * rng.uniform(0.96, 1.05))
    parts = [*_wheels(bike, rng), *_fork_and_bar(bike, mirrors=rng.random() < 0.75)]
    parts += _scooter(bike) if name == "scooter" else _motorcycle(bike)
    paints = {"paint": varnish(rng), "seat": Paint(pick(rng, SEATS), roughness=0.6)}
    return Model(name, parts, PAINTS | paints)


def _wheels(bike: Bike, rng: np.random.Generator) -> list[Part]:
    spokes = 0 if bike.name == "scooter" else pick(rng, (5, 12))
    tube, smaller = bike.kind.tube, 0.95 if bike.name == "cruiser" else 1.0
    front = _wheel(bike.half, bike.wheel, tube, spokes, rng.uniform(0, np.pi))
    rear = _wheel(-bike.half, smaller * bike.wheel, 1.25 * tube, spokes, rng.uniform(0, np.pi))
    return front + rear


def _wheel(x: float, radius: float, tube: float, spokes: int, turn: float) -> list[Part]:
    """A tire on a disk, or on spokes where there are any, with a brake disk."""
    center, axle = np.array([x, 0, radius]), (0, 1, 0)
    parts = [
        ring(center, radius - tube, tube, axle, "tire", tube),
        disk(center + (0, 0.07, 0), 0.12, 0.015, axle, "metal"),
    ]
    if not spokes:
        return [*parts, disk(center, radius - 1.7 * tube, 0.08, axle, "metal")]
    parts += [
        ring(center, radius - 2.1 * tube, 0.018, axle, "metal", 0.018),
        disk(center, 0.06, 0.14, axle, "metal"),
    ]
    thick = 0.014 if spokes > 6 else 0.026
    for angle in turn + 2 * np.pi * np.arange(spokes) / spokes:
        end = center + (radius - 2 * tube) * np.array([np.cos(angle), 0, np.sin(angle)])
        parts.append(rod(center, end, thick, "metal"))
    return parts


def _fork_and_bar(bike: Bike, mirrors: bool) -> list[Part]:
    head, rise, reach = bike.head, bike.kind.rise, bike.kind.reach
    grip = head + (reach, 0.38, rise + 0.05)
    bar = [head + (0, 0, 0.03), head + (0.3 * reach, 0.15, rise), grip]
    parts = [
        rod((bike.half, 0.1, bike.wheel), head + (0, 0.09, 0.02), 0.035, "metal"),
        limb(bar, [0.025] * 3, "metal"),
        limb([grip - (0.02, 0.1, 0), grip], [0.035] * 2, "black"),
    ]
    if mirrors:
        stalk = rod(grip - (0, 0.12, 0), grip + (0.03, 0.02, 0.18), 0.012, "metal")
        parts += [stalk, ellipsoid(grip + (0.03, 0.04, 0.2), (0.02, 0.07, 0.045), "black")]
    return mirrored(parts)


def _scooter(bike: Bike) -> list[Part]:
    """A shield for the legs, a floor, and a seat over a rounded rear."""
    front, rear, head = bike.half, -bike.half, bike.head
    shield = [(front - 0.02, 0, 0.42), (front - 0.12, 0, 0.75), head + (0, 0, 0.1)]
    engine = [(-0.12, 0, 0.5), (-0.3, 0, 0.55), (rear - 0.05, 0, 0.55), (rear - 0.3, 0, 0.6)]
    sizes = [(0.13, 0.16), (0.2, 0.2), (0.19, 0.2), (0.06, 0.06)]
    seat = [(-0.06, 0, 0.72), (-0.3, 0, 0.76), (rear - 0.15, 0, 0.8)]
    guard = [(front - 0.24, 0, 0.42), (front, 0, 0.5), (front + 0.22, 0, 0.38)]
    shield_sizes = [(0.1, 0.05), (0.2, 0.05), (0.15, 0.08)]
    return [
        loft(shield, shield_sizes, "paint", up=(1, 0, 0.3), power=3),
        box((0.08, 0, 0.32), (0.55, 0.32, 0.07), "black"),
        limb([(0.3, 0, 0.33), (front - 0.16, 0, 0.62)], [0.07, 0.07], "paint"),
        loft(engine, sizes, "paint", power=2.6, normal=(1, 0, 0)),
        _along(seat, [(0.1, 0.05), (0.16, 0.06), (0.12, 0.05)], "seat"),
        loft(guard, [(0.05, 0.03), (0.11, 0.05), (0.06, 0.03)], "paint"),
        ellipsoid(head + (0.1, 0, 0.06), (0.07, 0.1, 0.09), "lamp"),
        ellipsoid((rear - 0.24, 0, 0.62), (0.03, 0.06, 0.04), "tail lamp"),
    ]


def _along(spine: list, sizes: list, material: str) -> Part:
    """A loft whose cross-sections all face forward."""
    return loft(spine, sizes, material, normal=(1, 0, 0))


def _motorcycle(bike: Bike) -> list[Part]:
    """All that a motorbike with an engine between the knees has."""
    parts = [*_tank_and_seat(bike), *_engine(bike), *_guards(bike)]
    parts += _fairing(bike) if bike.name == "sport" else _headlamp(bike)
    place = (-bike.half - 0.24, 0, bike.kind.seat - 0.02)
    return [*parts, ellipsoid(place, (0.03, 0.06, 0.04), "tail lamp")]


def _tank_and_seat(bike: Bike) -> list[Part]:
    kind, seat, rear = bike.kind, bike.kind.seat, -bike.half
    x, girth = kind.tank, kind.girth
    tank = np.array([(-0.3, 0, -0.02), (-0.15, 0, 0.08), (0.1, 0, 0.14), (0.27, 0, 0.08)])
    widths = girth * np.array([0.06, 0.13, 0.17, 0.08])
    heights = np.array([0.05, 0.11 * girth, 0.14 * girth, 0.08])
    end_x, end_z = rear + kind.tail[0], seat + kind.tail[1]
    bench = [(x - 0.22, 0, seat), ((x - 0.2 + end_x) / 2, 0, seat - 0.01), (end_x, 0, end_z)]
    cowl = [
        (end_x + 0.25, 0, seat - 0.07),
        (end_x - 0.05, 0, end_z - 0.06),
        (end_x - 0.25, 0, end_z - 0.02),
    ]
    return [
        _along(tank + (x, 0, seat), np.stack([widths, heights], axis=1), "paint"),
        _along(bench, [(0.09, 0.05), (0.14, 0.06), (0.1, 0.05)], "seat"),
        _along(cowl, [(0.1, 0.06), (0.1, 0.06), (0.04, 0.03)], "paint"),
    ]


def _engine(bike: Bike) -> list[Part]:
    """Block, cylinders with fins, frame and exhaust."""
    kind, rear, wheel = bike.kind, -bike.half, bike.wheel
    block = box((0.02, 0, 0.42), (0.42, 0.3, 0.3), "engine", power=4)
    cylinders = [
        rod((0.05 - x, 0, 0.45), (0.05 + 1.6 * x, 0, 0.66), 0.1, "metal") for x in (-0.1, 0.1)
    ]
    fins = [disk((0.02, 0, z), 0.16, 0.018, (0, 0, 1), "metal") for z in (0.52, 0.57, 0.62)]
    frame = mirrored(
        [
            rod((-0.2, 0.1, 0.42), (rear, 0.12, wheel), 0.032, "metal"),
            rod((kind.tank + 0.25, 0.04, kind.seat), (0.15, 0.13, 0.33), 0.028, "frame"),
            rod(bike.head - (0.04, 0, 0.04), (-0.2, 0.1, 0.5), 0.03, "frame"),
        ]
    )
    high = 0.68 if bike.name == "dirt" else 0.36
    pipe = [(0.15, 0.16, 0.4), (0.1, 0.19, 0.25), (-0.25, 0.2, 0.27), (rear - 0.12, 0.21, high)]
    exhaust = limb(pipe, [0.035, 0.04, 0.045, 0.06], "chrome")
    return [block, *cylinders, *fins, *frame, exhaust]


def _guards(bike: Bike) -> list[Part]:
    front, rear, top = bike.half, -bike.half, 2 * bike.wheel
    gap = 0.2 if bike.name == "dirt" else 0.06
    fore = [
        (front - 0.27, 0, top - 0.1 + gap),
        (front - 0.02, 0, top + gap),
        (front + 0.24, 0, top - 0.1 + gap),
    ]
    aft = [(rear - 0.32, 0, 0.875 * top), (rear, 0, top + 0.07), (rear + 0.2, 0, top)]
    return [
        _along(fore, [(0.06, 0.015), (0.085, 0.025), (0.05, 0.015)], "paint"),
        _along(aft, [(0.06, 0.015), (0.09, 0.025), (0.06, 0.015)], "paint"),
    ]


def _fairing(bike: Bike) -> list[Part]:
    """The shell of a sport bike, its windshield and two slim lamps."""
    front, seat = bike.half, bike.kind.seat
    shell = [
        (front + 0.2, 0, seat - 0.05),
        (front - 0.02, 0, seat + 0.02),
        (0.32, 0, 0.62),
        (0.05, 0, 0.42),
        (-0.15, 0, 0.36),
    ]
    sizes = [(0.05, 0.06), (0.16, 0.16), (0.21, 0.22), (0.19, 0.17), (0.08, 0.06)]
    shield = [(front - 0.02, 0, seat + 0.12), (front - 0.22, 0, seat + 0.32)]
    lamp = ellipsoid((front + 0.14, 0.07, seat - 0.02), (0.05, 0.05, 0.03), "lamp")
    return [
        _along(shell, sizes, "paint"),
        loft(shield, [(0.13, 0.03), (0.1, 0.02)], "glass", up=(1, 0, 1)),
        *mirrored([lamp]),
    ]


def _headlamp(bike: Bike) -> list[Part]:
    """A round lamp in a shell; a number plate in place of it on a dirt bike."""
    place = bike.head + (0.13, 0, -0.03)
    shell = "chrome" if bike.name == "cruiser" else "black"
    back = ellipsoid(place - (0.05, 0, 0), (0.1, 0.105, 0.105), shell)
    if bike.name == "dirt":
        return [back, ellipsoid(place, (0.04, 0.12, 0.14), "paint")]
    return [back, ellipsoid(place, 0.1, "lamp")]
