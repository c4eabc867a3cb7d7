"""The figures on a classifier of one's own draw what they are given, whatever the folder holds."""

import numpy as np
import pytest
from PIL import Image

from lessons.your_own_classifier import figures, phone
from tests.kit.looks import figure_of, fits_the_page, has_large_text

pytestmark = pytest.mark.slow

CURVES = {
    "as it is": [(0.62, 0.73, 15), (0.83, 0.93, 14), (0.91, 1, 14), (0.97, 1, 14)],
    "T = 0.55": [(0.73, 0.73, 15), (0.95, 0.93, 14), (0.98, 1, 14), (0.99, 1, 14)],
}
NEVER_RIGHT = {"as it is": [(0.3, 0, 3), (0.9, 0.5, 2)]}


def test_reliability_draws_every_bin():
    (axes,) = figure_of(figures.reliability(CURVES)).axes
    for line, points in zip(axes.lines, CURVES.values(), strict=False):
        np.testing.assert_array_equal(np.transpose(line.get_data()), np.array(points)[:, :2])


@pytest.mark.parametrize("curves", [CURVES, NEVER_RIGHT])
def test_every_mark_is_inside(curves):
    (axes,) = figure_of(figures.reliability(curves)).axes
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    for sure, hit, _ in [point for points in curves.values() for point in points]:
        assert left < sure < right
        assert low < hit < high


def test_what_keras_cannot_decode_has_an_empty_place(tmp_path):
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    photo = Image.new("RGB", (80, 60), "red")
    paths = [tmp_path / name for name in ("a.heic", "b.jpg", "damaged.jpg")]
    for path in paths:
        photo.save(path, exif=Image.Exif())
    paths[2].write_bytes(paths[1].read_bytes()[:300])
    axes = figure_of(figures.stored_and_upright(paths)).axes
    assert [len(one.images) for one in axes] == [0, 1, 0, 1, 1, 0]


def test_a_turned_photograph_is_upright_below(tmp_path):
    exif = Image.Exif()
    exif[phone.ORIENTATION] = phone.TURNED
    Image.new("RGB", (80, 60), "red").save(tmp_path / "a.jpg", exif=exif)
    above, below = figure_of(figures.stored_and_upright([tmp_path / "a.jpg"])).axes
    assert np.shape(above.images[0].get_array())[:2] == (60, 80)
    assert np.shape(below.images[0].get_array())[:2] == (80, 60)


ALL = {
    "reliability": lambda: figures.reliability(CURVES),
    "never right": lambda: figures.reliability(NEVER_RIGHT),
    "recalls": lambda: figures.recalls(
        {"no weights": np.array([0.5, 1]), "class weights": np.array([0.8, 0.9])}, ["cat", "dog"]
    ),
}

test_figures_fit_the_page = fits_the_page(ALL, heights=(200, 700))
test_text_is_large = has_large_text(ALL)
