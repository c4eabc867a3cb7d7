"""Colors as (red, green, blue) in sRGB, 0..1, and the palettes that classes share."""

import colorsys

import numpy as np

Color = tuple[float, float, float]

PAINTS: tuple[Color, ...] = (
    (0.75, 0.1, 0.1),
    (0.85, 0.85, 0.85),
    (0.08, 0.08, 0.09),
    (0.1, 0.25, 0.6),
    (0.5, 0.5, 0.52),
    (0.9, 0.7, 0.1),
    (0.15, 0.4, 0.2),
    (0.8, 0.4, 0.1),
    (0.45, 0.3, 0.2),
    (0.9, 0.85, 0.7),
    (0.6, 0.2, 0.4),
    (0.4, 0.65, 0.8),
)
"""Of bodies, clothes, petals, pots and things: the same for all, so that color tells little."""

EARTH: tuple[Color, ...] = (
    (0.36, 0.46, 0.26),
    (0.62, 0.55, 0.4),
    (0.45, 0.45, 0.45),
    (0.85, 0.78, 0.6),
    (0.5, 0.36, 0.25),
    (0.8, 0.82, 0.85),
    (0.36, 0.39, 0.42),
    (0.55, 0.33, 0.26),
)
"""Of floors and walls: grass, earth, concrete, sand, wood, plaster, asphalt, clay."""


def tone(
    rng: np.random.Generator, saturation: tuple[float, float], value: tuple[float, float]
) -> Color:
    """A color of any hue, with saturation and value from two ranges inside 0..1."""
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(*saturation), rng.uniform(*value))


def near(rng: np.random.Generator, color: Color, contrast: float) -> Color:
    """A color of similar hue, lighter or darker by 0.4 to 1 times `contrast` (0..1)."""
    hue, saturation, value = colorsys.rgb_to_hsv(*color)
    hue = (hue + rng.uniform(-0.04, 0.04)) % 1
    saturation = min(saturation * rng.uniform(0.7, 1.1), 1.0)
    step = rng.choice((-1, 1)) * rng.uniform(0.4, 1) * contrast
    return colorsys.hsv_to_rgb(hue, saturation, float(np.clip(value + step, 0.15, 1)))


def scaled(color: Color, factor: float) -> Color:
    """A darker (factor < 1) or lighter color, kept inside 0..1."""
    return tuple(float(np.clip(factor * channel, 0, 1)) for channel in color)


def to_hex(color: Color) -> str:
    """A color as #rrggbb."""
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in color)


def from_hex(text: str) -> Color:
    """The color that #rrggbb names."""
    return tuple(int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
