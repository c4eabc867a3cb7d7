"""The figures on where a network looks draw what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from lessons.looking_inside import figures
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import fits_the_page, has_large_text
from utils import plots

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
PHOTOS = RNG.integers(0, 256, (12, 12, 12, 3), np.uint8).repeat(4, axis=1).repeat(4, axis=2)
LABELS = np.repeat(np.arange(4), 3)
NAMES = ["airplane", "car", "cat", "motorbike"]
HEATS = [np.outer(np.arange(4), np.arange(4)) * (k + 1.0) for k in range(4)]
P = np.array([0.1, 0.2, 0.65, 0.05])
WIDE = np.concatenate([PHOTOS[0], PHOTOS[1]], axis=1)
KERNELS = {"few": RNG.normal(size=(5, 5, 3, 16)), "many": RNG.normal(size=(3, 3, 3, 32))}
MAPS = {f"maps{n}": RNG.random((2**n, 2**n, 16)) for n in (5, 4, 3)}
PIECES = RNG.integers(0, 256, (3, 7, 17, 17, 3), np.uint8)
A = np.dstack([[[1, 0], [0, 2]], [[0, 3], [1, 0]]])


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def mixed(image, heat, limit):
    """The pixels of an overlay without its line."""
    figure, axes = plt.subplots()
    figures.overlay(axes, image, heat, limit)
    for line in axes.collections:
        line.remove()
    gray, glow = axes.images
    colors = glow.cmap(glow.norm(glow.get_array()))
    below = gray.get_array()[..., np.newaxis] / 255
    plt.close(figure)
    share = colors[..., 3:]
    return share * colors[..., :3] + (1 - share) * below


def drawn_map(axes):
    return axes.images[1].get_array()


def test_overlay_is_clear_at_0_and_strong_at_the_limit():
    gray = np.full((8, 8, 3), 100, np.uint8)
    heat = np.zeros((8, 8))
    heat[2, 5] = 3
    pixels = mixed(gray, heat, limit=3)
    np.testing.assert_allclose(pixels[7, 0], 100 / 255, atol=0.01)
    lit = 0.85 * np.array(figures.LIGHT) + 0.15 * 100 / 255
    np.testing.assert_allclose(pixels[2, 5], lit, atol=0.01)


def test_overlay_takes_maps_of_any_size_and_draws_nothing_below_0():
    black = np.zeros((8, 8, 3), np.uint8)
    assert (mixed(black, np.full((2, 3), -5.0), limit=1) == 0).all()


def test_a_line_runs_around_what_is_above_half():
    figure, axes = plt.subplots()
    figures.overlay(axes, PHOTOS[0], np.outer(np.arange(4), np.arange(4)), limit=9)
    (line, *_) = axes.collections
    assert line.levels.tolist() == [4.5]
    plt.close(figure)


def test_class_rows_put_a_class_in_each_panel():
    figure = plots.class_rows(PHOTOS, LABELS, NAMES, each=2).figure
    assert texts(figure) == NAMES
    sheet = figure.axes[3].images[0].get_array()
    np.testing.assert_array_equal(sheet, np.concatenate([PHOTOS[9], PHOTOS[10]], axis=1))


def test_class_rows_fill_up_where_a_class_has_few():
    figure = plots.class_rows(PHOTOS, LABELS, NAMES, each=4).figure
    assert figure.axes[0].images[0].get_array().shape == (48, 192, 3)
    assert (figure.axes[0].images[0].get_array()[:, 144:] == 255).all()


def test_hidden_copies_mark_a_fall_to_less_than_half():
    picture = figures.hidden_copies(PHOTOS[0], 0.8, PHOTOS[:4], np.array([0.7, 0.5, 0.3, 0.41]))
    assert "80% whole; row by row, 70%, 50%, 30%, 41%" in picture.alt
    titles = [axes.title for axes in picture.figure.axes]
    assert [t.get_text() for t in titles] == ["whole: 80%", "70%", "50%", "30%", "41%"]
    assert [t.get_weight() for t in titles[1:]] == ["normal", "normal", "bold", "normal"]


def test_maps_over_pictures_have_a_row_each():
    figure = figures.before_and_after(PHOTOS[:4], {"one": HEATS, "two": HEATS}, NAMES).figure
    assert [axes.get_title() for axes in figure.axes[:4]] == NAMES
    assert [figure.axes[n].get_ylabel() for n in (0, 4, 8)] == ["picture", "one", "two"]
    assert drawn_map(figure.axes[6]).max() == HEATS[2].max()
    assert figure.axes[6].images[1].norm.vmax == HEATS[2].max()


def test_maps_without_any_heat_can_be_drawn():
    flat = [np.zeros((4, 4))] * 2
    assert figures.before_and_after(PHOTOS[:2], {"none": flat}, NAMES[:2]).figure.axes[2].images


def test_words_say_where_a_map_lies():
    low, high = np.zeros((2, 4, 4))
    low[3, 1] = high[0, 2] = high[2, 2] = 5
    alt = figures.looked_at(PHOTOS[:2], [low, high], ["a cup", "a bottle"]).alt
    assert "a cup, a bottle" in alt
    assert "Grad-CAM, 100%, 50%" in alt


def test_maps_alone():
    figure = figures.random_maps(PHOTOS[:4], HEATS, NAMES).figure
    assert len(figure.axes) == 4
    assert figure.axes[0].get_ylabel() == "random"
    assert [axes.get_title() for axes in figure.axes] == NAMES


def test_grids_compared_share_one_scale():
    figure = figures.grids_compared(PHOTOS[0], {"a": HEATS[0], "b": HEATS[3]}).figure
    for axes, heat in zip(figure.axes[1:3], (HEATS[0], HEATS[3]), strict=True):
        assert drawn_map(axes).max() == heat.max()
        assert axes.images[1].norm.vmax == 36
    assert figure.axes[3].get_ylabel() == "drop of the probability"
    assert figure.axes[3].get_ylim() == (0, 36)


def test_strongest_filters_come_first():
    kernels = np.zeros((3, 3, 3, 17))
    kernels[1, 1, 0] = np.arange(1, 18)
    figure = figures.first_filters({"many": kernels}).figure
    assert len(figure.axes) == 16
    np.testing.assert_allclose(figure.axes[0].images[0].get_array()[1, 1], [1, 0.5, 0.5])


def test_activations_begin_with_the_strongest_map():
    maps = np.ones((4, 4, 9)) * np.arange(9)
    figure = figures.activations(PHOTOS[0], {"maps1": maps}).figure
    assert [axes.images[0].get_array().max() for axes in figure.axes[1:]] == [8, 7, 6, 5, 4, 3]


def test_saved_twice_says_how_far_pictures_are_apart():
    one, other = (np.full((8, 8, 3), value, np.uint8) for value in (110, 100))
    picture = figures.saved_twice(one, other, ["one", "two"], ["cat", "dog"])
    assert "one: cat; two: dog. The pictures differ by 10 of 255" in picture.alt
    assert (picture.figure.axes[2].images[0].get_array() == 10).all()


def test_grad_cam_by_hand_writes_every_number():
    picture = figures.grad_cam_by_hand(A, np.dstack([[[4, 0], [2, 2]], [[-2, 0], [-1, -1]]]))
    assert "means of 2, −1; the weighted sum of the maps, 2, −3, −1, 4;" in picture.alt
    figure = picture.figure
    assert "mean: $\\alpha_2$ = −1" in [axes.get_xlabel() for axes in figure.axes]
    assert texts(figure)[-8:] == ["2", "−3", "−1", "4", "2", "0", "0", "4"]


def test_group_table_leaves_out_what_is_not_there():
    table = np.array([[0.9, np.nan], [0.2, 1]])
    picture = figures.group_table(table, ["a", "b"], ["sand", "grass"])
    assert texts(picture.figure) == ["90%", "20%", "100%"]
    assert "a on sand 90%. b on sand 20%. b on grass 100%." in picture.alt


def test_group_table_can_be_read():
    values = np.linspace(0, 1, 21)[:, np.newaxis]
    figure = figures.group_table(values, [""] * 21, ["sand"]).figure
    for value, text in zip(values[:, 0], figure.axes[0].texts, strict=True):
        cell = luminance(plt.get_cmap("viridis")(value))
        dark, bright = sorted([cell, luminance(text.get_color())])
        assert (bright + 0.05) / (dark + 0.05) > 4.2


def luminance(color):
    """Relative luminance, as WCAG 2 defines it."""
    channels = np.array(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def test_maps_of_classes_name_class_and_probability():
    picture = figures.maps_of_classes(WIDE, HEATS, NAMES, P)
    said = ["airplane 10%", "car 20%", "cat 65%", "motorbike 5%"]
    assert [axes.get_title() for axes in picture.figure.axes] == said
    assert ", ".join(said) in picture.alt
    assert "airplane 25%, car 50%, cat 75%, motorbike 100%" in picture.alt


@pytest.mark.parametrize("label", range(4))
def test_class_pages_share_scale_and_size(label):
    figure = figures.class_page(WIDE, HEATS, NAMES, P, label)
    assert drawn_map(figure.axes[0]).max() == HEATS[label].max()
    assert figure.axes[0].images[1].norm.vmax == HEATS[3].max()
    assert texts(figure) == [f"{P[label]:.0%}"]
    size = tuple(figure.get_size_inches())
    assert size == tuple(figures.class_page(WIDE, HEATS, NAMES, P, 0).get_size_inches())


ALL = {
    "class_rows": lambda: plots.class_rows(
        np.tile(PHOTOS, (2, 1, 1, 1)), np.tile(LABELS, 2) + np.repeat([0, 4], 12), [*NAMES, *NAMES]
    ),
    "hidden_copies": lambda: figures.hidden_copies(PHOTOS[0], 0.9, PHOTOS[:9], np.full(9, 0.4)),
    "two_instruments": lambda: figures.two_instruments(
        PHOTOS[:3], {"a": HEATS[:3], "b": HEATS[:3]}, NAMES[:3]
    ),
    "before_and_after": lambda: figures.before_and_after(
        PHOTOS[:3], {"a": HEATS[:3], "b": HEATS[:3]}, NAMES[:3]
    ),
    "looked_at": lambda: figures.looked_at(PHOTOS[:4], HEATS, NAMES),
    "first_filters": lambda: figures.first_filters(KERNELS),
    "activations": lambda: figures.activations(PHOTOS[0], MAPS),
    "strongest_pieces": lambda: figures.strongest_pieces(PIECES, ["map 42\n+0.6"] * 3),
    "saved_twice": lambda: figures.saved_twice(
        PHOTOS[0], PHOTOS[1], ["averaged", "every eighth pixel"], ["cat 52%", "motorbike 78%"]
    ),
    "grids_compared": lambda: figures.grids_compared(
        PHOTOS[0], dict(zip("abc", HEATS[:3], strict=True))
    ),
    "grad_cam_by_hand": lambda: figures.grad_cam_by_hand(A, A),
    "group_table": lambda: figures.group_table(np.tile(P, (4, 1)), NAMES, NAMES),
    "maps_of_classes": lambda: figures.maps_of_classes(WIDE, HEATS * 2, NAMES * 2, np.tile(P, 2)),
    "class_page": lambda: figures.class_page(WIDE, HEATS * 2, NAMES * 2, np.tile(P, 2), 3),
}


def test_the_flipbook_has_a_page_for_each_class():
    book = figures.class_pages(WIDE, HEATS, NAMES, P)
    has_small_pages(4, most=60_000)(book)
    turns_to_both_ends(4)(book)
    assert "4 pages" in book.text


test_figures_fit_the_page = fits_the_page(ALL, heights=(220, 800))
test_text_is_large = has_large_text(ALL)
