"""Fruit of ten kinds: one, a few, or a bowl full."""

from collections.abc import Sequence

import numpy as np

from ..colors import scaled
from ..model import Model, Paint, pick, varnish
from ..shapes import (
    Part,
    ellipsoid,
    limb,
    loft,
    mirrored,
    moved,
    rod,
    shifted,
    stretched,
    turned,
    vertices,
)
from .petals import crown, petal

BOWLED = ("apple", "pear", "orange", "lemon", "strawberry")
ALONE = ("grapes", "pineapple", "cherries", "banana", "melon")
SKINS = {
    "apple": ((0.75, 0.1, 0.1), (0.5, 0.7, 0.2), (0.9, 0.7, 0.25)),
    "pear": ((0.65, 0.7, 0.25), (0.8, 0.7, 0.3), (0.6, 0.35, 0.2)),
    "banana": ((0.95, 0.8, 0.2), (0.7, 0.75, 0.25)),
    "orange": ((0.95, 0.5, 0.1), (0.9, 0.6, 0.15), (0.85, 0.35, 0.2)),
    "lemon": ((0.95, 0.85, 0.2), (0.45, 0.65, 0.2)),
    "grapes": ((0.3, 0.12, 0.35), (0.6, 0.7, 0.3), (0.12, 0.1, 0.25), (0.6, 0.2, 0.25)),
    "strawberry": ((0.8, 0.1, 0.12), (0.85, 0.25, 0.2)),
    "pineapple": ((0.75, 0.5, 0.2), (0.65, 0.55, 0.2)),
    "cherries": ((0.55, 0.04, 0.1), (0.8, 0.12, 0.12), (0.2, 0.03, 0.08)),
    "melon": ((0.15, 0.38, 0.15), (0.35, 0.5, 0.2)),
}
FLESH = ((0.85, 0.2, 0.2), (0.95, 0.6, 0.3), (0.95, 0.8, 0.4))
BUMPY = ("orange", "lemon")


def build(rng: np.random.Generator) -> Model:
    """Fruit of one kind, on the ground or in a bowl."""
    kind = pick(rng, list(FRUIT))
    if kind in BOWLED and rng.random() < 0.3:
        parts = _bowl(_heap(kind, int(rng.integers(4, 6)), rng))
        return Model(f"{kind} in a bowl", parts, _paints(kind, rng))
    count = 1 if kind in ALONE else pick(rng, (1, 2, 3, 4), (0.45, 0.2, 0.2, 0.15))
    return Model(kind, _heap(kind, count, rng), _paints(kind, rng))


def _heap(kind: str, count: int, rng: np.random.Generator) -> list[Part]:
    """Up to three fruits side by side, and one or two more on top of them."""
    parts, around = [], min(count, 3)
    away = (0.0, 0.0, 0.55, 0.62)[around]
    for k in range(count):
        tilt, turn = turned(rng.uniform(-8, 8), "y"), turned(rng.uniform(0, 360))
        fruit = _settled(moved(FRUIT[kind](rng), tilt, turn))
        angle = 2 * np.pi * k / around + 0.4
        spot = (
            (away * np.cos(angle), away * np.sin(angle), 0) if k < 3 else (0.35 * (k - 3), 0, 0.72)
        )
        parts += moved(fruit, shifted(*spot))
    return parts


def _settled(parts: list[Part]) -> list[Part]:
    """The parts, moved until they stand on z = 0 and their middle lies on the z axis."""
    points = vertices(parts)
    low, high = points.min(axis=0), points.max(axis=0)
    x, y, _ = (low + high) / 2
    return moved(parts, shifted(-x, -y, -low[2]))


def _bowl(fruit: list[Part]) -> list[Part]:
    """A hollow bowl that holds fruit up to half its height."""
    heights, radii = (0, 0.04, 0.3, 0.62, 0.6, 0.32, 0.2), (0.5, 0.55, 0.95, 1.2, 1.14, 0.85, 0.1)
    return [
        _profile(heights, radii, "bowl"),
        *moved(fruit, stretched(*[0.88] * 3), shifted(z=0.26)),
    ]


def _profile(heights: Sequence[float], radii: Sequence[float], material: str) -> Part:
    """What a potter turns: radii at heights, from the bottom on; it may fold inward."""
    spine = [(0, 0, height) for height in heights]
    return loft(spine, radii, material, normal=(0, 0, 1), stations=28)


def _apple(rng: np.random.Generator) -> list[Part]:
    wide = rng.uniform(0.92, 1.08)
    radii = [0.06, 0.2, 0.36, 0.5 * wide, 0.42, 0.22, 0.05]
    body = _profile((0.07, 0.0, 0.1, 0.42, 0.7, 0.84, 0.78), radii, "skin")
    stalk = limb([(0, 0, 0.76), (0.03, 0, 0.88), (0.06, 0, 1)], [0.022, 0.02, 0.026], "stalk")
    if rng.random() < 0.4:
        return [body, stalk]
    return [body, stalk, _leaf(0.36, 0.9, rng)]


def _leaf(length: float, height: float, rng: np.random.Generator) -> Part:
    """A leaf that leaves the z axis at a height, in any direction."""
    leaf = petal(length, 0.29 * length, 35, -45, "leaf")
    return moved([leaf], turned(rng.uniform(0, 360)), shifted(z=height))[0]


def _pear(rng: np.random.Generator) -> list[Part]:
    radii = [0.1, 0.24, 0.42 * rng.uniform(0.92, 1.08), 0.29, 0.18, 0.05]
    body = _profile((0, 0.05, 0.33, 0.62, 0.88, 1.0), radii, "skin")
    stalk = [(0, 0, 0.97), (0.02, 0, 1.08), (0.07, 0.02, 1.2)]
    return [body, limb(stalk, [0.02, 0.018, 0.024], "stalk")]


def _banana(rng: np.random.Generator) -> list[Part]:
    """One banana, or a hand of them that fans out from the stalk."""
    bend = np.radians(rng.uniform(70, 115))
    turn = np.linspace(-bend / 2, bend / 2, 9)
    spine = np.stack([np.sin(turn), 0 * turn, 1 - np.cos(turn)], axis=1) * 1.3 / bend
    sizes = np.array([0.035, 0.06, 0.1, 0.122, 0.126, 0.12, 0.1, 0.055, 0.04])
    stalk = spine[-1] + 0.9 * (spine[-1] - spine[-2])
    one = [
        loft(spine, sizes * rng.uniform(0.92, 1.08), "skin", power=2.6, up=(0, 0.02, 1)),
        rod(spine[-1], stalk, 0.042, "skin", tip=0.036),
        rod(stalk, stalk + 0.2 * (stalk - spine[-1]), 0.036, "stalk", tip=0.03),
        rod(spine[0] + 0.25 * (spine[0] - spine[1]), spine[0], 0.028, "stalk", tip=0.034),
    ]
    count = int(rng.integers(1, 5))
    flat = 90 if count == 1 and rng.random() < 0.5 else 0
    parts = []
    for k in range(count):
        fan = turned(14 * (k - (count - 1) / 2), "z", stalk)
        parts += moved(one, turned(flat + 9 * k, "x", stalk), fan)
    return parts


def _orange(rng: np.random.Generator) -> list[Part]:
    tall = 0.47 * rng.uniform(0.94, 1.06)
    navel = ellipsoid((0, 0, 0.49 + tall), (0.05, 0.05, 0.02), "stalk")
    body = ellipsoid((0, 0, 0.5), (0.5, 0.5, tall), "skin")
    return [body, navel] if rng.random() < 0.5 else [body, navel, _leaf(0.3, 0.95, rng)]


def _lemon(rng: np.random.Generator) -> list[Part]:
    x = (-0.68, -0.58, -0.3, 0, 0.3, 0.56, 0.66)
    radii = [0.05, 0.13, 0.34, 0.4 * rng.uniform(0.92, 1.08), 0.34, 0.13, 0.05]
    return [loft([(along, 0, 0) for along in x], radii, "skin", stations=28)]


def _grapes(rng: np.random.Generator) -> list[Part]:
    stalk = [(-0.85, 0, 0.32), (-0.6, 0, 0.3), (-0.3, 0, 0.28)]
    parts = [limb(stalk, [0.035, 0.03, 0.02], "stalk")]
    for _ in range(rng.integers(26, 38)):
        x = rng.uniform(-0.5, 0.65)
        spread = 0.36 * (1 - (x + 0.5) / 1.5) + 0.05
        height = 0.14 + rng.random() ** 1.5 * 0.9 * spread
        parts.append(ellipsoid((x, rng.uniform(-spread, spread), height), 0.13, "skin"))
    return parts


def _strawberry(rng: np.random.Generator) -> list[Part]:
    radii = [0.05, 0.12, 0.3, 0.4 * rng.uniform(0.92, 1.08), 0.3, 0.06]
    body = _profile((0, 0.06, 0.35, 0.65, 0.85, 0.9), radii, "seeded")
    leaves = moved(crown(petal(0.3, 0.09, 5, -50, "leaf"), 6), shifted(z=0.9))
    stalk = limb([(0, 0, 0.88), (0, 0, 1.08)], [0.022, 0.022], "leaf")
    return moved([body, *leaves, stalk], turned(pick(rng, (100, 110, 120)), "y"))


def _pineapple(rng: np.random.Generator) -> list[Part]:
    radii = [0.15, 0.27, 0.34 * rng.uniform(0.92, 1.08), 0.27, 0.12]
    parts = [_profile((0, 0.05, 0.4, 0.75, 0.85), radii, "rough")]
    for layer, (count, rise, length) in enumerate([(7, 35, 0.42), (7, 55, 0.5), (5, 75, 0.55)]):
        leaf = petal(length, 0.065, rise, 15, "leaf")
        parts += moved(crown(leaf, count, start=20 * layer), shifted(z=0.82))
    return parts


def _cherries(rng: np.random.Generator) -> list[Part]:
    top, wide = np.array([0.1, 0, 1.15]), rng.uniform(0.28, 0.33)
    parts = moved([petal(0.45, 0.14, 20, -40, "leaf")], shifted(*top))
    for x, y in ((-0.3, 0.0), (0.32, 0.12)):
        stalk = [(x, y, 0.55), (0.6 * x, y, 0.9), top]
        parts += [ellipsoid((x, y, 0.3), (wide, wide, 0.29), "skin")]
        parts += [limb(stalk, [0.02, 0.017, 0.025], "leaf")]
    return parts


def _melon(rng: np.random.Generator) -> list[Part]:
    """A slice that stands on its rind, with seeds on both sides."""
    thick = rng.uniform(0.12, 0.2)
    seeds = []
    for angle in np.radians(np.arange(205, 340, 22)):
        place = (0.6 * np.cos(angle), thick + 0.015, 0.95 + 0.6 * np.sin(angle))
        seeds.append(ellipsoid(place, (0.03, 0.012, 0.045), "stalk"))
    rind, flesh = _half_disk(0.95, thick, "rind"), _half_disk(0.82, thick + 0.02, "flesh")
    slice_ = [*moved([rind], shifted(z=0.95)), *moved([flesh], shifted(z=0.97)), *mirrored(seeds)]
    return moved(slice_, turned(rng.uniform(-12, 12), "y", (0, 0, 0.95)))


def _half_disk(radius: float, thick: float, material: str) -> Part:
    """The lower half of an upright disk about the origin; `thick` is half its thickness."""
    turn = np.linspace(np.pi, 0, 13)
    x, deep = radius * np.cos(turn), radius * np.sin(turn)
    spine = np.stack([x, 0 * x, -deep / 2], axis=1)
    sizes = np.stack([np.full_like(x, thick), deep / 2], axis=1)
    return loft(spine, sizes, material, normal=(1, 0, 0), power=8, stations=36)


FRUIT = {
    "apple": _apple,
    "pear": _pear,
    "banana": _banana,
    "orange": _orange,
    "lemon": _lemon,
    "grapes": _grapes,
    "strawberry": _strawberry,
    "pineapple": _pineapple,
    "cherries": _cherries,
    "melon": _melon,
}
"""Each makes one fruit (or one bunch, hand, slice) near the origin, about 1 high or long."""


def _paints(kind: str, rng: np.random.Generator) -> dict[str, Paint]:
    color = pick(rng, SKINS[kind])
    bump = 0.4 if kind in BUMPY else 0.0
    skin = Paint(color, roughness=0.35, bump=bump)
    if kind in ("apple", "pear"):
        pale = tuple(0.7 * channel + 0.25 for channel in color)
        skin = Paint(color, pale, "speckles", scale=3, roughness=0.35)
    return {
        "skin": skin,
        "seeded": Paint(color, (0.9, 0.7, 0.35), "spots", scale=13, roughness=0.35),
        "rough": Paint(color, (0.35, 0.22, 0.1), "spots", scale=9, roughness=0.7),
        "rind": Paint(color, scaled(color, 1.7), "stripes", scale=4),
        "flesh": Paint(pick(rng, FLESH), roughness=0.5),
        "stalk": Paint((0.3, 0.2, 0.1)),
        "leaf": Paint((0.25, 0.45, 0.15)),
        "bowl": varnish(rng, roughness=0.3),
    }
