"""What is in a picture: every factor of variation as a number or a word.

`draw` makes the plan of any picture of the set from its split, its class and its number. All that
is not the object comes from `draw_scene`, which is not told the class: only the seed differs. The
one exception is on purpose, in the biased splits, where the ground gives the class away.
"""

import hashlib
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import get_args, get_type_hints

import numpy as np

from utils.data.images import SPLITS

from .classes import CLASSES, build
from .colors import EARTH, PAINTS, Color, near, to_hex, tone
from .model import Model, pick

SIDE = 96
"""Pixels along a side of a picture."""

GROUNDS = {  # kind: scale of its pattern, chance
    "noise": (2.5, 0.45),
    "tiles": (1.2, 0.1),
    "planks": (0.8, 0.15),
    "cells": (2.5, 0.1),
    "weave": (1.5, 0.1),
    "bricks": (1.0, 0.1),
}
NEW_GROUNDS = {  # kind: scale of its pattern, its two colors; only in test_shifted
    "snow": (3.0, (0.95, 0.96, 0.98), (0.8, 0.85, 0.93)),
    "gravel": (16.0, (0.62, 0.6, 0.57), (0.3, 0.29, 0.28)),
    "leaves": (9.0, (0.75, 0.4, 0.1), (0.45, 0.16, 0.06)),
    "water": (2.0, (0.1, 0.33, 0.4), (0.3, 0.55, 0.6)),
}
BIASED_GROUNDS = (  # kind, scale, colors: one a class in biased/train, the next one in biased/test
    ("noise", 2.5, (0.33, 0.5, 0.2), (0.2, 0.36, 0.12)),
    ("noise", 2.5, (0.85, 0.78, 0.6), (0.72, 0.62, 0.45)),
    ("bricks", 1.0, (0.6, 0.3, 0.22), (0.48, 0.22, 0.17)),
    ("tiles", 1.2, (0.82, 0.83, 0.85), (0.45, 0.46, 0.5)),
    ("planks", 0.8, (0.5, 0.36, 0.25), (0.38, 0.26, 0.17)),
    ("weave", 1.5, (0.3, 0.4, 0.58), (0.2, 0.27, 0.42)),
    ("cells", 2.5, (0.36, 0.39, 0.42), (0.22, 0.24, 0.27)),
    ("noise", 2.5, (0.62, 0.45, 0.55), (0.48, 0.33, 0.42)),
)
SKIES: tuple[tuple[Color, Color], ...] = (  # overhead, at the horizon
    ((0.25, 0.5, 0.9), (0.75, 0.86, 0.97)),
    ((0.5, 0.6, 0.75), (0.85, 0.87, 0.9)),
    ((0.35, 0.4, 0.65), (0.97, 0.75, 0.55)),
    ((0.55, 0.7, 0.85), (0.95, 0.93, 0.85)),
    ((0.6, 0.62, 0.65), (0.8, 0.8, 0.8)),
)
THINGS = ("ball", "box", "cone", "post", "cup")
SHIFTS = ("night", "tilt", "view", "ground")


@dataclass(frozen=True)
class Ground:
    """A floor or a wall: two colors (#rrggbb) in a pattern; `offset` moves the pattern along."""

    kind: str
    color: str
    second: str
    scale: float
    offset: float


@dataclass(frozen=True)
class Wall:
    """What stands behind the object; `turn` in degrees from facing the camera."""

    ground: Ground
    turn: float
    distance: float


@dataclass(frozen=True)
class Sky:
    """Colors (#rrggbb) overhead and at the horizon, and how bright."""

    zenith: str
    horizon: str
    strength: float


@dataclass(frozen=True)
class Sun:
    """Degrees: from the camera around the object, above the horizon, and across its disk."""

    azimuth: float
    height: float
    strength: float
    color: str
    softness: float


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from.

    `azimuth` in degrees around the object, 0 in front of it, 90 at its left; `elevation` and `roll`
    in degrees; `focal` in millimeters on 36 mm; `fill` is the share of the picture's side that the
    object takes; `off_x` and `off_y` are how far it lies off the middle, in sides.
    """

    azimuth: float
    elevation: float
    focal: float
    fill: float
    off_x: float
    off_y: float
    roll: float


@dataclass(frozen=True)
class Development:
    """What the camera makes of the light, so that no color is the same in two pictures.

    `exposure` in stops; `warmth` and `tint` are shares by which red and green gain (blue loses the
    warmth); `saturation` 1 is as seen; `haze` (0..1) is how far black is lifted toward white.
    """

    exposure: float
    warmth: float
    tint: float
    saturation: float
    haze: float


@dataclass(frozen=True)
class Thing:
    """A distractor; `angle` in degrees from the camera around the object, sizes in half objects."""

    kind: str
    color: str
    size: float
    angle: float
    distance: float


@dataclass(frozen=True)
class Occluder:
    """A thing before the object that hides `share` of it at most, from the left or the right."""

    kind: str
    color: str
    size: float
    side: int
    share: float


@dataclass(frozen=True)
class Scene:
    """All factors but the object; `lamp` is a lamp's power in watts, 0 by day."""

    shift: str
    ground: Ground
    wall: Wall | None
    sky: Sky
    sun: Sun
    lamp: float
    camera: Camera
    development: Development
    thing_1: Thing | None
    thing_2: Thing | None
    occluder: Occluder | None


@dataclass(frozen=True)
class Plan:
    """One picture of the set."""

    split: str
    class_name: str
    number: int
    seed: int
    sub_type: str
    scene: Scene

    @property
    def file(self) -> str:
        """Where the picture belongs in the folder of the set."""
        return file_name(self.split, self.class_name, self.number)

    def model(self) -> Model:
        """The object, which follows from class and seed."""
        return _model(self.class_name, self.seed)

    def row(self) -> dict[str, str | int | float]:
        """A row of labels.csv: every factor under its own name, empty where there is none."""
        head = {"file": self.file, "split": self.split, "class": self.class_name}
        head |= {"sub_type": self.sub_type, "number": self.number, "seed": self.seed}
        return head | dict.fromkeys(COLUMNS, "") | _flat(asdict(self.scene))


def file_name(split: str, class_name: str, number: int) -> str:
    """Path of a picture inside the set, such as train/car/007.jpg."""
    return f"{split}/{class_name}/{number:03d}.jpg"


def draw(split: str, class_name: str, number: int) -> Plan:
    """The plan of one picture; the same arguments give the same plan.

    Raises:
        ValueError: if there is no such split, class or number.
    """
    if split not in SPLITS:
        raise ValueError(f"no split {split!r}; choose one of {', '.join(SPLITS)}")
    if not 0 <= number < SPLITS[split]:
        raise ValueError(f"{split} has the numbers 0 to {SPLITS[split] - 1}, not {number}")
    seed = seed_of(split, class_name, 0 if split == "turntable" else number)
    scene = draw_scene(np.random.default_rng([seed, 1]))
    if split == "test_shifted":
        scene = _shifted(scene, SHIFTS[number % len(SHIFTS)], np.random.default_rng([seed, 2]))
    if split == "turntable":
        azimuth = 360 * number / SPLITS[split]
        scene = replace(scene, camera=replace(scene.camera, azimuth=azimuth), occluder=None)
    if split.startswith("biased/"):
        scene = replace(scene, ground=_biased_ground(split, class_name, scene.ground.offset))
    sub_type = _model(class_name, seed).sub_type
    return Plan(split, class_name, number, seed, sub_type, scene)


def seed_of(split: str, class_name: str, number: int) -> int:
    """A seed of 32 bits in which nothing of its origin shows."""
    digest = hashlib.sha256(f"{split}/{class_name}/{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def draw_scene(rng: np.random.Generator) -> Scene:
    """A scene by day. It takes no class: what is around an object does not depend on it."""
    wall = _wall(rng) if rng.random() < 0.35 else None
    return Scene(
        shift="none",
        ground=_ground(rng),
        wall=wall,
        sky=_sky(rng),
        sun=_sun(rng, reach=60 if wall else 110),
        lamp=0.0,
        camera=_camera(rng),
        development=_development(rng),
        thing_1=_thing(rng) if rng.random() < 0.35 else None,
        thing_2=_thing(rng) if rng.random() < 0.1 else None,
        occluder=_occluder(rng) if rng.random() < 0.1 else None,
    )


def _ground(rng: np.random.Generator) -> Ground:
    kind = pick(rng, list(GROUNDS), [chance for _, chance in GROUNDS.values()])
    natural = rng.random() < 0.88
    color = pick(rng, EARTH) if natural else tone(rng, (0.05, 0.24), (0.35, 0.85))
    second, scale = near(rng, color, 0.13), GROUNDS[kind][0] * rng.uniform(0.6, 1.8)
    return Ground(kind, to_hex(color), to_hex(second), _round(scale), _round(rng.uniform(0, 9)))


def _wall(rng: np.random.Generator) -> Wall:
    return Wall(_ground(rng), _round(rng.uniform(-20, 20)), _round(rng.uniform(1.6, 5)))


def _sky(rng: np.random.Generator) -> Sky:
    zenith, horizon = pick(rng, SKIES)
    colors = to_hex(near(rng, zenith, 0.1)), to_hex(near(rng, horizon, 0.06))
    return Sky(*colors, _round(rng.uniform(0.85, 1.2)))


def _sun(rng: np.random.Generator, reach: float) -> Sun:
    """A sun at most `reach` degrees off the camera, so that no wall hides it."""
    return Sun(
        azimuth=_round(rng.uniform(-reach, reach)),
        height=_round(rng.uniform(20, 70)),
        strength=_round(rng.uniform(2.5, 4.5)),
        color=to_hex((1, rng.uniform(0.82, 1), rng.uniform(0.65, 1))),
        softness=_round(rng.uniform(1, 12)),
    )


def _camera(rng: np.random.Generator) -> Camera:
    """A camera anywhere around the object, mostly between its front and its side."""
    turned = rng.normal(45, 20) if rng.random() < 0.9 else rng.uniform(0, 180)
    fill = rng.uniform(0.8, 0.96)
    room = (1 - fill) / 2 + 0.015
    return Camera(
        azimuth=_round(pick(rng, (-1, 1)) * turned % 360),
        elevation=_round(rng.uniform(7, 21)),
        focal=_round(rng.uniform(35, 80)),
        fill=_round(fill),
        off_x=_round(rng.uniform(-room, room)),
        off_y=_round(rng.uniform(-room, room)),
        roll=_round(rng.normal(0, 2)),
    )


def _development(rng: np.random.Generator) -> Development:
    return Development(
        exposure=_round(rng.uniform(-0.8, 0.7)),
        warmth=_round(rng.uniform(-0.22, 0.22)),
        tint=_round(rng.uniform(-0.1, 0.1)),
        saturation=_round(rng.uniform(0.4, 1.15)),
        haze=_round(rng.uniform(0, 0.24)),
    )


def _thing_color(rng: np.random.Generator) -> str:
    shared = rng.random() < 0.5
    return to_hex(pick(rng, PAINTS) if shared else tone(rng, (0.1, 0.6), (0.3, 0.9)))


def _thing(rng: np.random.Generator) -> Thing:
    """Something beside the object or behind it."""
    kind, color, size = pick(rng, THINGS), _thing_color(rng), rng.uniform(0.15, 0.38)
    angle = pick(rng, (-1, 1)) * rng.uniform(70, 165)
    return Thing(kind, color, _round(size), _round(angle), _round(rng.uniform(1.25, 1.9)))


def _occluder(rng: np.random.Generator) -> Occluder:
    kind, color, side = pick(rng, THINGS), _thing_color(rng), pick(rng, (-1, 1))
    return Occluder(
        kind, color, _round(rng.uniform(0.1, 0.24)), side, _round(rng.uniform(0.05, 0.22))
    )


def _shifted(scene: Scene, shift: str, rng: np.random.Generator) -> Scene:
    """The scene under one of four conditions that training never shows."""
    camera = scene.camera
    if shift == "night":
        return replace(_night(scene, rng), shift=shift)
    if shift == "tilt":
        roll = pick(rng, (-1, 1)) * rng.uniform(15, 35)
        camera = replace(camera, roll=_round(roll), off_x=0.0, off_y=0.0)
        return replace(scene, shift=shift, camera=camera)
    if shift == "view":
        elevation = rng.uniform(45, 70) if rng.random() < 0.6 else rng.uniform(0.5, 2.5)
        return replace(scene, shift=shift, camera=replace(camera, elevation=_round(elevation)))
    kind = pick(rng, list(NEW_GROUNDS))
    scale, *colors = NEW_GROUNDS[kind]
    scale = _round(scale * rng.uniform(0.8, 1.3))
    color, second = (to_hex(near(rng, color, 0.08)) for color in colors)
    ground = Ground(kind, color, second, scale, scene.ground.offset)
    return replace(scene, shift=shift, ground=ground)


def _night(scene: Scene, rng: np.random.Generator) -> Scene:
    """A dark blue sky, a moon in place of the sun, and a warm lamp."""
    moon = replace(scene.sun, strength=_round(rng.uniform(0.15, 0.3)), color="#9fb4e0")
    sky = Sky("#0c1533", "#25355f", _round(rng.uniform(0.25, 0.5)))
    moon = replace(moon, height=_round(rng.uniform(8, 20)))
    bright = replace(scene.development, exposure=abs(scene.development.exposure))
    lamp = _round(rng.uniform(90, 180))
    return replace(scene, sky=sky, sun=moon, lamp=lamp, development=bright)


def _biased_ground(split: str, class_name: str, offset: float) -> Ground:
    """The ground that goes with a class in training; in the test, the one of the next class."""
    number = CLASSES.index(class_name) + (split == "biased/test")
    kind, scale, color, second = BIASED_GROUNDS[number % len(BIASED_GROUNDS)]
    return Ground(kind, to_hex(color), to_hex(second), scale, offset)


def _model(class_name: str, seed: int) -> Model:
    return build(class_name, np.random.default_rng([seed, 0]))


def _round(value: float) -> float:
    """What labels.csv can hold without loss."""
    return round(float(value), 4)


def _flat(factors: dict, prefix: str = "") -> dict[str, str | int | float]:
    """Nested factors side by side: {"sun": {"height": 30}} becomes {"sun_height": 30}."""
    flat = {}
    for name, value in factors.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}_")
        elif value is not None:
            flat[prefix + name] = value
    return flat


def _columns(kind: type, prefix: str = "") -> list[str]:
    """The names that `_flat` gives to all factors of a dataclass, those that may be None too."""
    columns = []
    for name, hint in get_type_hints(kind).items():
        inner = next(filter(is_dataclass, (hint, *get_args(hint))), None)
        columns += _columns(inner, f"{prefix}{name}_") if inner else [prefix + name]
    return columns


COLUMNS = _columns(Scene)
