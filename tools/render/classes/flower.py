"""Flowers: daisy, tulip, rose, sunflower, lily, poppy; in the ground, a pot, a vase, a bunch."""

from dataclasses import dataclass

import numpy as np

from ..colors import scaled
from ..model import Model, Paint, pick, varnish
from ..shapes import Part, ellipsoid, limb, loft, moved, rod, shifted, stretched, turned
from .petals import crown, petal

PETALS = (
    (0.95, 0.93, 0.9),
    (0.9, 0.2, 0.2),
    (0.95, 0.75, 0.1),
    (0.85, 0.4, 0.65),
    (0.55, 0.3, 0.7),
    (0.95, 0.5, 0.15),
    (0.35, 0.4, 0.85),
    (0.7, 0.1, 0.25),
    (0.95, 0.75, 0.8),
    (0.75, 0.88, 0.95),
)
CENTERS = ((0.9, 0.7, 0.1), (0.25, 0.14, 0.07), (0.2, 0.3, 0.1), (0.1, 0.08, 0.1))
GREENS = ((0.2, 0.42, 0.15), (0.35, 0.5, 0.2), (0.25, 0.4, 0.3))


@dataclass(frozen=True)
class Setting:
    """Where flowers grow: how many, how far apart, and how big each may be."""

    counts: tuple[int, ...]
    spread: float
    chance: float


SETTINGS = {
    "ground": Setting((1, 2, 3), 0.3, 0.35),
    "pot": Setting((1, 2, 3), 0.12, 0.25),
    "vase": Setting((1, 3, 4), 0.05, 0.2),
    "bunch": Setting((4, 5, 6, 7), 0.22, 0.2),
}


def build(rng: np.random.Generator) -> Model:
    """One flower or several of one kind."""
    kind = pick(rng, list(BLOSSOMS))
    setting = pick(rng, list(SETTINGS), [s.chance for s in SETTINGS.values()])
    parts, base = _holder(setting, rng)
    count, spread = pick(rng, SETTINGS[setting].counts), SETTINGS[setting].spread
    for _ in range(count):
        angle, away = rng.uniform(0, 2 * np.pi), spread if count > 1 else 0.0
        foot = np.array([away * np.cos(angle), away * np.sin(angle), base])
        height = rng.uniform(0.55, 1.1) * (0.8 if count > 3 else 1)
        size = rng.uniform(0.55, 0.85) * (0.75 if count > 2 else 1)
        parts += _plant(kind, foot, height, size, rng)
    return Model(f"{kind} {setting}", parts, _paints(kind, rng))


def _holder(setting: str, rng: np.random.Generator) -> tuple[list[Part], float]:
    """A pot, a vase or nothing, and the height at which stems begin."""
    if setting == "pot":
        size = rng.uniform(0.22, 0.34)
        wall = rod((0, 0, 0), (0, 0, 1.5 * size), 0.75 * size, "pot", tip=size)
        rim = rod((0, 0, 1.3 * size), (0, 0, 1.62 * size), 1.1 * size, "pot")
        soil = ellipsoid((0, 0, 1.58 * size), np.array([0.95, 0.95, 0.12]) * size, "soil")
        return [wall, rim, soil], 1.55 * size
    if setting == "vase":
        size = rng.uniform(0.16, 0.24)
        spine = np.outer((0, 0.4, 1.2, 2.4, 3), (0, 0, size))
        return [loft(spine, size * np.array([0.7, 0.8, 1.15, 0.5, 0.65]), "pot")], 2.6 * size
    return [], 0.0


def _plant(
    kind: str, foot: np.ndarray, height: float, size: float, rng: np.random.Generator
) -> list[Part]:
    """A stem with a few leaves and a blossom on top."""
    lean = np.append(height * rng.uniform(-0.25, 0.25, 2), 0)
    top = foot + lean + (0, 0, height)
    middle = foot + 0.3 * lean + (0, 0, 0.5 * height)
    stem = limb([foot, middle, top], [0.03 * size**0.3, 0.026, 0.028], "stem")
    tilt = rng.uniform(0, 18) if kind == "tulip" else rng.uniform(25, 75)
    grow, facing = stretched(size, size, size), turned(rng.uniform(0, 360))
    head = moved(BLOSSOMS[kind](rng), grow, turned(tilt, "y"), facing, shifted(*top))
    leaves = [_leaf(foot, lean, height, rng) for _ in range(rng.integers(1, 4))]
    return [stem, *head, *leaves]


def _leaf(foot: np.ndarray, lean: np.ndarray, height: float, rng: np.random.Generator) -> Part:
    """A leaf somewhere on the lower part of a stem."""
    at = rng.uniform(0.12, 0.6)
    length, wide = rng.uniform(0.3, 0.6) * height**0.5, rng.uniform(0.06, 0.12)
    leaf = petal(length, wide, rng.uniform(20, 65), rng.uniform(-60, -10), "leaf")
    place = foot + 0.6 * at * lean + (0, 0, at * height)
    return moved([leaf], turned(rng.uniform(0, 360)), shifted(*place))[0]


def _daisy(rng: np.random.Generator) -> list[Part]:
    count = int(rng.integers(9, 17))
    leaf = petal(0.5, 1.3 / count, rng.uniform(-5, 25), rng.uniform(-25, 15))
    return [*crown(leaf, count), ellipsoid((0, 0, 0.04), (0.16, 0.16, 0.1), "center")]


def _sunflower(rng: np.random.Generator) -> list[Part]:
    count = int(rng.integers(16, 22))
    outer = crown(petal(0.5, 0.075, 15, -10), count)
    inner = crown(petal(0.46, 0.07, 28, -10), count, start=180 / count)
    return [*outer, *inner, ellipsoid((0, 0, 0.05), (0.27, 0.27, 0.1), "center")]


def _tulip(rng: np.random.Generator) -> list[Part]:
    rise = rng.uniform(62, 78)
    inner = crown(petal(0.75, 0.26, rise, 110 - rise), 3, start=60)
    return [*inner, *crown(petal(0.72, 0.27, rise - 8, 122 - rise), 3)]


def _rose(rng: np.random.Generator) -> list[Part]:
    parts = [ellipsoid((0, 0, 0.26), (0.1, 0.1, 0.14), "petal")]
    twist = rng.uniform(25, 50)
    for layer, (rise, length, count) in enumerate(
        [(25, 0.42, 6), (45, 0.42, 5), (62, 0.42, 5), (76, 0.4, 4)]
    ):
        parts += crown(petal(length, 0.2 - 0.02 * layer, rise, 35), count, start=twist * layer)
    return parts


def _lily(rng: np.random.Generator) -> list[Part]:
    rise, curl = rng.uniform(48, 58), rng.uniform(-85, -60)
    inner = crown(petal(0.68, 0.13, rise, curl), 3, start=60)
    outer = crown(petal(0.68, 0.17, rise - 5, curl), 3)
    stamens = crown(petal(0.42, 0.02, 70, -15, "center"), 5)
    return [*inner, *outer, *stamens]


def _poppy(rng: np.random.Generator) -> list[Part]:
    outer = crown(petal(0.52, 0.36, rng.uniform(10, 35), 25), 4)
    inner = crown(petal(0.48, 0.34, 30, 25), 4, start=45)
    return [*outer, *inner, ellipsoid((0, 0, 0.1), 0.13, "center")]


BLOSSOMS = {
    "daisy": _daisy,
    "tulip": _tulip,
    "rose": _rose,
    "sunflower": _sunflower,
    "lily": _lily,
    "poppy": _poppy,
}
"""Each makes a blossom at the origin that looks up and is about 1 across."""


def _paints(kind: str, rng: np.random.Generator) -> dict[str, Paint]:
    yellow = kind == "sunflower" and rng.random() < 0.6
    green = pick(rng, GREENS)
    return {
        "petal": Paint((0.95, 0.72, 0.1) if yellow else pick(rng, PETALS), roughness=0.6),
        "center": Paint(pick(rng, CENTERS), roughness=0.9, bump=0.6),
        "stem": Paint(green, roughness=0.6),
        "leaf": Paint(scaled(green, rng.uniform(0.8, 1.1)), roughness=0.6),
        "pot": varnish(rng, roughness=rng.uniform(0.2, 0.8)),
        "soil": Paint((0.18, 0.12, 0.08), roughness=1.0),
    }
