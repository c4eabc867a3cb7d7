"""Simulated adults: their weights and heights."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils.validation import positive


class People(NamedTuple):
    """Simulated adults: `weight` in kg, `height` in cm, `male`; each of shape (n,)."""

    weight: NDArray[np.float64]
    height: NDArray[np.float64]
    male: NDArray[np.bool_]


def heights_and_weights(
    n: int = 400, seed: int = 0, correlation: float = 0.5, weight_spread: float = 13.0
) -> People:
    """Simulated weights and heights of adults, as many women as men (to one), in random order.

    Published: the mean weights and heights of men (88.8 kg, 175.8 cm) and women (76.4 kg,
    161.8 cm) aged 20 and over in the United States, 2011-2014 (Fryar, Gu, Ogden, Flegal: National
    Center for Health Statistics, Vital and Health Statistics 3(39), 2016; 195.7 lb and 69.2 in,
    168.5 lb and 63.7 in, converted); the standard deviations of height, 2.92 in and 2.75 in
    (7.4 cm, 7.0 cm), at ages 20 to 29, 1988-1994 (Schilling, Watkins, Watkins: Is human height
    bimodal?, The American Statistician 56(3), 2002).

    Assumed: normal distributions, and within each sex the correlation and the standard deviation
    of weight. Weights of real people spread wider, with a long tail to the right.

    Args:
        n: how many people, 2 or more.
        seed: of the random numbers.
        correlation: of weight and height among people of one sex, -1..1.
        weight_spread: standard deviation of weight among people of one sex, in kg, above 0.

    Returns:
        Weights and heights rounded to 0.1, as a scale would show them.

    Raises:
        ValueError: an argument outside its range.
    """
    if n < 2:
        raise ValueError(f"n={n}: must be 2 or more.")
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation={correlation}: must lie between -1 and 1.")
    positive("weight_spread", weight_spread)
    rng = np.random.default_rng(seed)
    male = rng.permutation(n) < n // 2
    tall, stout = rng.standard_normal((2, n))
    heavy = correlation * tall + np.sqrt(1 - correlation**2) * stout
    weight = np.where(male, 88.8, 76.4) + weight_spread * heavy
    height = np.where(male, 175.8 + 7.4 * tall, 161.8 + 7.0 * tall)
    return People(weight.round(1), height.round(1), male)
