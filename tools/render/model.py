"""An object before it is rendered: its parts and how their materials look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from .colors import PAINTS, Color
from .shapes import Part

Option = TypeVar("Option")


@dataclass(frozen=True)
class Paint:
    """How a material looks: one color, or two in a pattern.

    `pattern` is "plain", "stripes", "patches", "spots" or "speckles", and `scale` says how fine it
    is (repeats over about 1/6 of the object). `roughness`, `metallic` and `bump` lie in 0..1.
    """

    color: Color
    second: Color | None = None
    pattern: str = "plain"
    scale: float = 6.0
    roughness: float = 0.5
    metallic: float = 0.0
    bump: float = 0.0


@dataclass(frozen=True)
class Model:
    """An object of one class: what kind of it, its parts, and a paint for each material."""

    sub_type: str
    parts: list[Part]
    paints: dict[str, Paint]


def pick(
    rng: np.random.Generator, options: Sequence[Option], weights: Sequence[float] | None = None
) -> Option:
    """One of the options; with equal chances, or with chances in proportion to weights."""
    chances = None if weights is None else np.asarray(weights) / np.sum(weights)
    return options[rng.choice(len(options), p=chances)]


def varnish(rng: np.random.Generator, roughness: float = 0.25) -> Paint:
    """A plain paint in a color of the palette that classes share."""
    return Paint(pick(rng, PAINTS), roughness=roughness)
