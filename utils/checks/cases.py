"""What legal inputs are made of."""

import numpy as np
from numpy.typing import NDArray

KINDS = {
    "whole": lambda rng, shape: rng.integers(-9, 10, shape),
    "equal": lambda rng, shape: rng.integers(-1, 2, shape),
    "normal": lambda rng, shape: rng.normal(size=shape),
    "float32": lambda rng, shape: rng.normal(size=shape).astype(np.float32),
    "below": lambda rng, shape: rng.integers(-520, -500, shape),
    "above": lambda rng, shape: rng.integers(20_000, 20_020, shape),
    "uint8": lambda rng, shape: rng.integers(0, 256, shape, np.uint8),
    "zeros": lambda rng, shape: np.zeros(shape),
}
"""How the numbers of an array may lie: what mistakes with them differ in."""


def draw(rng: np.random.Generator, shape: int | tuple[int, ...], *kinds: str) -> NDArray:
    """An array of this shape, of one of these KINDS, or of any where none is named."""
    return KINDS[str(rng.choice(kinds or list(KINDS)))](rng, shape)


def together(sides: NDArray) -> NDArray[np.float64]:
    """How often two examples are on one side: a table (n, n) of shares.

    Args:
        sides: shape (repeats, n), the number of the batch, or the part of a split, of each example.
    """
    return (sides[:, :, np.newaxis] == sides[:, np.newaxis]).mean(axis=0)
