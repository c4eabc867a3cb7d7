"""The figures on data augmentation draw what they are given."""

import numpy as np
import pytest

from lessons.data_augmentation import figures
from tests.kit.looks import figure_of, fits_the_page, has_large_text

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTOS = RNG.integers(0, 256, (9, 8, 8, 3), np.uint8).repeat(8, axis=1).repeat(8, axis=2)
INK = RNG.integers(0, 17, (6, 8, 8))
ROWS = {
    "turn": {"0°": PHOTOS[0], "10°": PHOTOS[1], "30°": PHOTOS[2]},
    "shift": {0: PHOTOS[3], 0.1: PHOTOS[4]},
}
SAID = {"turn": ["car", "dog", "cat"], "shift": ["car", "car"]}
STRENGTHS = np.array([-0.2, 0.0, 0.3])
CURVES = {
    "light": (
        STRENGTHS,
        {
            "plain": np.array([[0.6, 0.8, 0.4], [0.5, 0.82, 0.5]]),
            "copies": np.array([[0.7, 0.8, 0.7], [0.75, 0.78, 0.74]]),
        },
    ),
    "turn": (STRENGTHS, {name: np.full((2, 3), 0.5) for name in ("plain", "copies")}),
}
GAINS = {"mirrored": np.array([-1.5, 0.5, -0.2]), "shifted": np.array([0.5, 2.0, 1.0])}


def panels(picture):
    """What is written in front, above and below every picture, and its pixels."""
    return [
        (axes.get_ylabel(), axes.get_title(), axes.get_xlabel(), axes.images[0].get_array())
        for axes in figure_of(picture).axes
        if axes.images
    ]


def test_nine_pictures_stand_in_their_order():
    for (*_, shown), photo in zip(panels(figures.nine(PHOTOS)), PHOTOS, strict=True):
        np.testing.assert_array_equal(shown, photo)


def test_pixels_are_rounded_and_clipped():
    (*_, pixels), _ = panels(figures.turned(np.array([[[-3.0, 99.6, 300.0]]]), PHOTOS[0, :1, :1]))
    assert pixels.tolist() == [[[0, 100, 255]]]


def test_alt_says_how_much_has_changed():
    assert "changed 0% of" in figures.turned(PHOTOS[0], PHOTOS[0]).alt
    assert "changed 100% of" in figures.turned(PHOTOS[0], PHOTOS[0] + 2.0).alt


def test_rows_say_what_the_network_says_and_frame_the_first_wrong_answer():
    picture = figures.named_rows(ROWS, SAID, "car")
    names, above, below, pixels = zip(*panels(picture), strict=True)
    assert names == ("turn", "", "", "shift", "")
    assert above == ("0°", "10°", "30°", "0", "0.1")
    assert below == ("✓ car", "✗ dog", "✗ cat", "✓ car", "✓ car")
    np.testing.assert_array_equal(pixels[4], PHOTOS[4])
    shown = [axes for axes in figure_of(picture).axes if axes.images]
    widths = [axes.spines["left"].get_linewidth() for axes in shown]
    assert [width > 3 for width in widths] == [False, True, False, False, False]
    assert picture.alt.endswith("turn: 10°; shift: none of these.")


def test_curves_have_a_line_for_the_mean_and_a_band_for_all_starts():
    picture = figures.strength_curves(CURVES, {"light": (-0.1, 0.1)})
    first, second = figure_of(picture).axes
    assert [axes.get_xlabel() for axes in (first, second)] == list(CURVES)
    for line, values in zip(first.lines, CURVES["light"][1].values(), strict=True):
        np.testing.assert_allclose(line.get_ydata(), values.mean(axis=0))
        np.testing.assert_allclose(line.get_xdata(), STRENGTHS)
    band = first.collections[0].get_paths()[0].vertices
    assert {0.4, 0.5, 0.8, 0.82} <= {round(y, 2) for y in band[:, 1]}
    assert (len(first.patches), len(second.patches)) == (1, 0)
    assert "light, plain 55% to 45%, copies 72% to 72%" in picture.alt


def test_alt_counts_what_each_pipeline_shows():
    picture = figures.epoch_by_epoch({"one": [PHOTOS[0]] * 3, "other": PHOTOS[:3]})
    assert picture.alt.endswith("in 3 epochs. one: 1 different; other: 3 different.")


def test_digits_are_ink_on_paper_as_they_are_turned_and_mirrored():
    picture = figures.turned_digits(INK, range(6))
    names, heads, _, pixels = zip(*panels(picture), strict=True)
    assert [name for name in names if name] == ["as it is", "half turn", "mirrored"]
    assert list(heads[:6]) == list("012345")
    np.testing.assert_array_equal(pixels[2], INK[2])
    np.testing.assert_array_equal(pixels[6 + 2], INK[2][::-1, ::-1])
    np.testing.assert_array_equal(pixels[12 + 2], INK[2][:, ::-1])


def test_differences_have_a_mark_for_each_split_and_a_bar_for_the_mean():
    picture = figures.differences(GAINS, "as they are")
    axes = figure_of(picture).axes[0]
    zero, worse, better, mean = axes.lines[:4]
    assert zero.get_xdata() == [0, 0]
    assert sorted([*worse.get_xdata(), *better.get_xdata()]) == sorted(GAINS["mirrored"])
    assert max(worse.get_xdata()) < 0 <= min(better.get_xdata())
    np.testing.assert_allclose(mean.get_xdata(), [GAINS["mirrored"].mean()] * 2)
    assert [label.get_text() for label in axes.get_yticklabels()] == list(GAINS)
    assert "mirrored -0.4, better in 1 of 3, shifted +1.2, better in 3 of 3" in picture.alt


def test_mixed_pictures_have_their_labels_below():
    picture = figures.mixed(PHOTOS[:3], ["car", "cat", "60% car"])
    assert [below for _, _, below, _ in panels(picture)] == ["car", "cat", "60% car"]


FIGURES = {
    "nine": lambda: figures.nine(PHOTOS),
    "turned": lambda: figures.turned(PHOTOS[0], PHOTOS[1]),
    "rows": lambda: figures.named_rows(
        {n: dict(enumerate(PHOTOS[:6])) for n in ("brightness +", "shift", "zoom", "shear")},
        {n: ["motorbike"] * 6 for n in ("brightness +", "shift", "zoom", "shear")},
        "motorbike",
    ),
    "curves": lambda: figures.strength_curves({**CURVES, "gray": CURVES["turn"]}),
    "epochs": lambda: figures.epoch_by_epoch(dict.fromkeys("ab", PHOTOS[:3])),
    "digits": lambda: figures.turned_digits(INK, range(6)),
    "differences": lambda: figures.differences(dict.fromkeys("abcd", GAINS["shifted"]), "none"),
    "mixed": lambda: figures.mixed(PHOTOS[:3], ["car", "cat", "60% car, 40% cat"]),
}
test_fits_the_page = fits_the_page(FIGURES, (200, 720))
test_has_large_text = has_large_text(FIGURES)
