"""Cars: hatchback, sedan, wagon, van, pick-up, roadster."""

from dataclasses import dataclass

import numpy as np

from ..model import Model, Paint, pick, varnish
from ..shapes import Part, box, disk, ellipsoid, loft, mirrored, ring

KINDS = ("hatchback", "sedan", "wagon", "van", "pick-up", "roadster")
PAINTS = {
    "glass": Paint((0.08, 0.1, 0.13), roughness=0.12),
    "tire": Paint((0.05, 0.05, 0.05), roughness=0.9),
    "dark": Paint((0.05, 0.05, 0.06), roughness=0.8),
    "rim": Paint((0.7, 0.7, 0.72), roughness=0.3, metallic=0.8),
    "lamp": Paint((0.95, 0.95, 0.9), roughness=0.1),
    "tail lamp": Paint((0.75, 0.05, 0.05), roughness=0.2),
    "seat": Paint((0.4, 0.25, 0.15)),
    "bumper": Paint((0.25, 0.25, 0.26), roughness=0.6),
}


@dataclass(frozen=True)
class Measures:
    """The measures of one car in meters; x runs from the rear, -half, to the front, half."""

    kind: str
    half: float
    width: float
    wheel: float  # radius
    belt: float  # height at which the windows begin
    roof: float
    floor: float
    front: float  # x of the front axle
    rear: float
    nose: float  # height of the hood's end

    @property
    def tail(self) -> float:
        """Height of the body at the rear end."""
        return self.belt - (0.06 if self.kind == "sedan" else 0.02)


def build(rng: np.random.Generator) -> Model:
    """A car on its four wheels."""
    car = _measures(rng)
    parts = [_lower_body(car), *_wheels(car), *_lamps_and_bumpers(car)]
    if car.kind == "roadster":
        parts += _open_cabin(car)
    else:
        parts += _cabin(car, inset=rng.uniform(0.72, 0.82))
    if car.kind == "pick-up":
        parts += _bed(car)
    return Model(car.kind, parts, PAINTS | {"paint": varnish(rng)})


def _measures(rng: np.random.Generator) -> Measures:
    kind = pick(rng, KINDS)
    van = kind == "van"
    half = rng.uniform(4.2, 5.0) / 2 if van else rng.uniform(3.7, 4.8) / 2
    width = 1.9 if van else rng.uniform(1.65, 1.9)
    wheel, belt = rng.uniform(0.31, 0.37), rng.uniform(0.88, 1.0)
    roofs = {"van": (1.9, 2.2), "pick-up": (1.6, 1.75)}
    return Measures(
        kind=kind,
        half=half,
        width=width,
        wheel=wheel,
        belt=belt,
        roof=rng.uniform(*roofs.get(kind, (1.38, 1.6))),
        floor=rng.uniform(0.2, 0.28),
        front=half - 0.55 * wheel - rng.uniform(0.45, 0.6),
        rear=-half + 0.55 * wheel + rng.uniform(0.45, 0.6),
        nose=belt - rng.uniform(0.12, 0.25),
    )


def _lower_body(car: Measures) -> Part:
    """The body below the windows, from tail to nose."""
    half, belt, floor = car.half, car.belt, car.floor
    x = np.array([-half, -half + 0.12, car.rear, 0, car.front - 0.25, half - 0.15, half])
    top = np.array([car.tail - 0.12, car.tail, belt, belt, belt, car.nose, car.nose - 0.22])
    low = np.array([floor + 0.15, floor, floor, floor, floor, floor, floor + 0.12])
    wide = car.width / 2 * np.array([0.86, 0.97, 1, 1, 1, 0.95, 0.82])
    spine = np.stack([x, 0 * x, (top + low) / 2], axis=1)
    sizes = np.stack([wide, (top - low) / 2], axis=1)
    return loft(spine, sizes, "paint", power=6, stations=32, normal=(1, 0, 0))


def _cabin_ends(car: Measures) -> tuple[float, float, float, float]:
    """Places (x) of the cabin's rear and front at the belt, then at the roof."""
    half, front = car.half, car.front
    rear, windshield, roof_rear, roof_front = {
        "hatchback": (-half + 0.16, front - 0.35, -half + 0.5, 0.45),
        "sedan": (-half + 0.75, front - 0.3, -half + 1.35, 0.35),
        "wagon": (-half + 0.1, front - 0.35, -half + 0.35, 0.4),
        "van": (-half + 0.05, half - 0.5, -half + 0.1, half - 1.15),
        "pick-up": (-0.25, front - 0.3, -0.1, 0.55),
    }[car.kind]
    return rear, windshield, roof_rear, min(roof_front, windshield - 0.35)


def _cabin(car: Measures, inset: float) -> list[Part]:
    """Glass all around, a roof, and pillars; `inset` is the roof's width in widths."""
    rear, front, roof_rear, roof_front = _cabin_ends(car)
    height = car.roof - car.belt
    levels = np.array([car.belt - 0.12, car.belt + 0.04, car.belt + 0.55 * height, car.roof - 0.05])
    share = np.clip((levels - car.belt) / height, 0, 1)
    start, end = rear + share * (roof_rear - rear), front + share * (roof_front - front)
    wide = car.width / 2 * (0.97 - (0.97 - inset) * share)
    spine = np.stack([(start + end) / 2, 0 * share, levels], axis=1)
    sizes = np.stack([wide, (end - start) / 2], axis=1)
    glass = loft(spine, sizes, "glass", up=(1, 0, 0), power=7, stations=12, normal=(0, 0, 1))
    middle, length = (roof_rear + roof_front) / 2, roof_front - roof_rear + 0.1
    roof = box((middle, 0, car.roof - 0.02), (length, 2 * wide[-1] + 0.05, 0.11), "paint", power=6)
    return [glass, roof, *_pillars(car, wide[-1])]


def _pillars(car: Measures, roof_half_width: float) -> list[Part]:
    """Posts at the rear, the middle (not in a pick-up) and the front; the rear ones are broad."""
    rear, front, roof_rear, roof_front = _cabin_ends(car)
    broad = 0.13 if car.kind in ("hatchback", "wagon", "van") else 0.06
    posts = {0.0: broad, 0.5: 0.045, 1.0: 0.045}
    if car.kind == "pick-up":
        del posts[0.5]
    parts = []
    for along, wide in posts.items():
        inward = wide * (1 - 2 * along)
        foot = (rear + along * (front - rear) + inward, car.width / 2 * 0.955, car.belt - 0.05)
        top_x = roof_rear + along * (roof_front - roof_rear) + inward
        top = (top_x, roof_half_width + 0.01, car.roof - 0.05)
        sizes = [(wide, 0.03)] * 2
        parts.append(loft([foot, top], sizes, "paint", up=(0, 1, 0), power=6, stations=3))
    return mirrored(parts)


def _open_cabin(car: Measures) -> list[Part]:
    """A windshield, a dark inside, two seats."""
    belt = car.belt
    shield = [(0.5, 0, belt - 0.1), (0.2, 0, belt + 0.32)]
    sizes = [(0.62, 0.05), (0.52, 0.03)]
    inside = box((-0.45, 0, belt), (1.3, car.width * 0.72, 0.08), "dark")
    seats = mirrored([box((-0.75, 0.38, belt + 0.15), (0.2, 0.45, 0.5), "seat", power=4)])
    glass = loft(shield, sizes, "glass", up=(1, 0, 0), power=6, stations=4)
    return [glass, inside, *seats]


def _bed(car: Measures) -> list[Part]:
    """The open bed of a pick-up: a dark bottom between three low walls."""
    half, belt = car.half, car.belt
    bottom = box((-half / 2 - 0.15, 0, belt - 0.02), (half - 0.55, car.width * 0.8, 0.06), "dark")
    side = box(
        (-half / 2 - 0.125, car.width / 2 * 0.93, belt + 0.06), (half - 0.3, 0.09, 0.24), "paint"
    )
    back = box((-half + 0.06, 0, belt + 0.06), (0.09, car.width * 0.95, 0.24), "paint")
    return [bottom, back, *mirrored([side])]


def _wheels(car: Measures) -> list[Part]:
    parts = []
    for x in (car.front, car.rear):
        parts += _wheel(x, car.width / 2 - 0.1, car.wheel)
        arch = (x, car.width / 2 - 0.03, car.wheel + 0.03)
        parts.append(disk(arch, 1.16 * car.wheel, 0.09, (0, 1, 0), "dark"))
    return mirrored(parts)


def _wheel(x: float, y: float, radius: float) -> list[Part]:
    center, axle, width = (x, y, radius), (0, 1, 0), 0.11
    return [
        ring(center, 0.78 * radius, 0.24 * radius, axle, "tire", width),
        disk(center, 0.62 * radius, 1.9 * width, axle, "rim"),
        disk(center, 0.16 * radius, 2.3 * width, axle, "tire"),
    ]


def _lamps_and_bumpers(car: Measures) -> list[Part]:
    half, wide = car.half, car.width / 2
    lamp = ellipsoid((half - 0.06, 0.66 * wide, car.nose - 0.16), (0.1, 0.17, 0.09), "lamp")
    tail = ellipsoid((-half + 0.04, 0.72 * wide, car.tail - 0.2), (0.07, 0.13, 0.1), "tail lamp")
    mirror = ellipsoid((car.front - 0.45, wide + 0.08, car.belt + 0.06), (0.07, 0.1, 0.07), "paint")
    grille = box((half - 0.02, 0, car.floor + 0.28), (0.12, wide, 0.16), "dark")
    sizes = (0.16, car.width * 0.88, 0.13)
    ends = (half - 0.03, -half + 0.03)
    bumpers = [box((x, 0, car.floor + 0.1), sizes, "bumper", power=5) for x in ends]
    return [grille, *bumpers, *mirrored([lamp, tail, mirror])]
