"""The figures: blocks hide each other rightly, slices and steps show what is true."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from lessons import ORDER
from lessons.volumes_and_video import figures
from lessons.volumes_and_video.convolution3d import correlate3d
from lessons.volumes_and_video.figures import CUT, cut_open, faces, plane, projected, shaded
from lessons.volumes_and_video.records import load_volumes
from tests.kit.books import has_small_pages, turns_to_both_ends
from tests.kit.looks import fits_the_page, has_large_text
from utils import plots

pytestmark = pytest.mark.slow

CUBE = np.ones((3, 3, 3), bool)
VOLUME = np.arange(27).reshape(3, 3, 3) % 5 - 1
KERNEL = np.array([[[1, -1], [0, 2]], [[0, 1], [-2, 0]]])
RESULT = correlate3d(VOLUME, KERNEL)
CLIP = np.random.default_rng(0).random((4, 6, 8))


@pytest.fixture(scope="module")
def solids():
    return load_volumes("validation").volumes[::10]


def test_a_unit_of_each_axis_is_as_long_on_paper():
    steps = projected(np.eye(3)) - projected(np.zeros(3))
    np.testing.assert_allclose(np.linalg.norm(steps, axis=1), 1)
    assert steps[0, 0] > 0 > steps[0, 1], "x runs down to the right"
    assert steps[1, 0] > 0, "y runs to the right"
    assert steps[1, 1] > 0, "and up"
    np.testing.assert_allclose(steps[2], [0, 1], atol=1e-12)


def test_a_cube_shows_three_of_its_six_sides():
    shown = faces(CUBE)
    assert np.bincount(shown.axis).tolist() == [9, 9, 9]
    assert (shown.cells[shown.axis == 0][:, 0] == 2).all(), "the right side"
    assert (shown.cells[shown.axis == 1][:, 1] == 0).all(), "the front"
    assert (shown.cells[shown.axis == 2][:, 2] == 2).all(), "the top"


def test_faces_are_unit_squares_on_their_cells():
    shown = faces(np.ones((1, 1, 1), bool))
    centers = shown.corners.mean(axis=1)
    expected = {0: (1, 0.5, 0.5), 1: (0.5, 0, 0.5), 2: (0.5, 0.5, 1)}
    for axis, center in zip(shown.axis, centers, strict=True):
        np.testing.assert_allclose(center, projected(np.array(expected[axis])))


def test_near_cells_are_painted_after_far_ones(solids):
    for solid in solids:
        nearness = faces(solid).cells @ (1, -1, 1)
        assert (np.diff(nearness) >= 0).all()


def test_a_face_between_two_cells_is_not_drawn(solids):
    for solid in solids:
        shown = faces(solid)
        for axis, toward in enumerate((1, -1, 1)):
            beyond = shown.cells[shown.axis == axis]
            beyond[:, axis] += toward
            assert not np.pad(solid, 1)[tuple(beyond.T + 1)].any()


def test_nothing_is_drawn_of_nothing():
    assert len(faces(np.zeros((2, 2, 2), bool)).axis) == 0


@pytest.mark.parametrize("axis", range(3))
@pytest.mark.parametrize("index", [0, 11, 23])
def test_a_cut_lays_the_slice_open(solids, axis, index):
    for solid in solids:
        rest = cut_open(solid, axis, index)
        np.testing.assert_array_equal(rest.take(index, axis), solid.take(index, axis))
        shown = faces(rest)
        bare = shown.cells[shown.axis == axis]
        assert (bare[:, axis] == index).sum() == solid.take(index, axis).sum()
        assert not (rest & ~solid).any()
    assert solids.any(), "the solids stay whole"


def test_the_slice_has_its_color():
    shown = faces(CUBE)
    colors = shaded(shown, (2, 2))
    top = colors[shown.axis == 2]
    np.testing.assert_allclose(top, [[0xE6 / 255, 0x9F / 255, 0]] * 9)
    assert len(np.unique(shaded(shown), axis=0)) == 3, "three sides, three shades"


@pytest.mark.parametrize("axis", range(3))
def test_a_slice_stands_before_its_silhouette(solids, axis):
    cells = plane(solids[6], axis, 10)
    np.testing.assert_array_equal(cells == 2, solids[6].take(10, axis))
    np.testing.assert_array_equal(cells > 0, solids[6].max(axis))


def orange(axes):
    wanted = tuple(int(CUT[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [p for p in axes.patches if np.allclose(p.get_facecolor()[:3], wanted) and p.get_fill()]


@pytest.mark.parametrize("step", range(8))
def test_a_step_shows_its_window_and_its_sum(step):
    picture = figures.depth_step(VOLUME, KERNEL, RESULT, step)
    axes = picture.figure.axes[0]
    frames = [p for p in axes.patches if isinstance(p, Rectangle) and not p.get_fill()]
    d, h, w = np.unravel_index(step, (2, 2, 2))
    corners = [(4 * (d + k) + w, h) for k in range(2)]
    assert [p.get_xy() for p in frames[:2]] == corners
    assert len(frames) == 3, "two slices of the volume, one cell of the output"
    assert len(orange(axes)) == KERNEL.size
    (sum_,) = [t.get_text() for t in axes.texts if "=" in t.get_text()]
    terms, total = sum_.replace("−", "-").split(" = ")
    products = [eval(term.replace("·", "*")) for term in terms.split(" + ")]
    assert len(products) == 8
    assert sum(products) == int(total) == RESULT[d, h, w]
    assert f"depth {d}, row {h}, column {w} on" in picture.alt
    assert f"add up to {int(total)}.".replace("-", "−") in picture.alt


@pytest.fixture(scope="module")
def book():
    plots.style()
    return figures.depth_steps(VOLUME, KERNEL, RESULT)


test_a_page_a_step = has_small_pages(8, most=60_000)
test_slider_and_play_reach_both_ends = turns_to_both_ends(8)


def test_the_flipbook_says_what_it_shows(book):
    assert book.text.startswith("Flipbook of 8 pages: a kernel of 2 by 2 by 2 in a volume of 3 by")


def test_outputs_appear_one_by_one():
    def numbers(step):
        axes = figures.depth_step(VOLUME, KERNEL, RESULT, step).figure.axes[0]
        return sum(t.get_text().lstrip("−").isdigit() for t in axes.texts)

    assert [numbers(step) - numbers(0) for step in range(8)] == list(range(8))


def test_a_film_strip_holds_every_frame():
    axes = figures.filmstrips({"a": CLIP, "b": CLIP[::-1]}).figure.axes
    sheet = axes[0].images[0].get_array().filled(-1)
    for time, frame in enumerate(CLIP):
        np.testing.assert_array_equal(sheet[:, 10 * time : 10 * time + 8], frame)
    assert [t.get_text() for t in axes[1].get_xticklabels()] == ["t = 0", "t = 1", "t = 2", "t = 3"]


def test_space_and_time_is_one_row_of_every_frame():
    axes = figures.space_time({"a": CLIP, "b": CLIP[::-1]}, row=2).figure.axes
    np.testing.assert_array_equal(axes[0].images[0].get_array(), CLIP[:, 2])
    np.testing.assert_array_equal(axes[1].images[0].get_array(), CLIP[::-1, 2])


def test_silhouettes_are_black_where_something_stands():
    solid = np.zeros((2, 2, 2), bool)
    solid[1, 0, 0] = True
    picture = figures.silhouettes(solid)
    assert "from the right 1 of 4 cells" in picture.alt
    panels = picture.figure.axes
    black = [(axes.images[0].get_array().sum(axis=-1) == 0).tolist() for axes in panels]
    assert black[0] == [[True, False], [False, False]], "y to the right, z up"
    assert black[1] == [[False, True], [False, False]], "x to the right, z up"
    assert black[2] == [[False, True], [False, False]], "x to the right, y up"


def test_the_walls_show_the_shadows_of_the_solid():
    solid = np.zeros((4, 4, 4), bool)
    solid[0, 1:3, 2] = True
    picture = figures.shadow_play(solid)
    assert "from the right 2 of 16 cells, from the front 1 of 16 cells" in picture.alt
    walls = picture.figure.axes[0].collections[:6]
    assert [len(one.get_paths()) for one in walls] == [1, 2, 1, 1, 1, 2]
    (axes,) = picture.figure.axes
    assert [text.get_text() for text in axes.texts] == list(figures.SIDES)


def test_a_wall_is_behind_the_solid():
    for axis, toward in enumerate(figures.TOWARD_US):
        corner = np.zeros(3)
        moved = figures._on_wall(corner, axis, 4)
        behind = corner.copy()
        behind[axis] = -3 if toward > 0 else 7
        np.testing.assert_allclose(moved, projected(behind))


def test_the_three_first_answers_stand_out():
    shares = np.array([0.05, 0.6, 0.1, 0.25])
    picture = figures.named(CUBE, list("abcd"), shares)
    bars = picture.figure.axes[1].patches
    assert [bar.get_width() for bar in bars] == shares.tolist()
    assert [bar in orange(picture.figure.axes[1]) for bar in bars] == [False, True, True, True]
    assert picture.alt.endswith("a 5%, b 60%, c 10%, d 25%.")


def test_two_shadows_are_named():
    picture = figures.shadows({"from the front": CUBE[0], "from the right": ~CUBE[0]})
    assert picture.alt == (
        "Silhouettes in black: from the front 9 of 9 cells, from the right 0 of 9 cells."
    )
    assert [axes.get_xlabel() for axes in picture.figure.axes] == ["x →", "y →"]


def test_the_line_of_thought_names_its_stations_and_lessons():
    figure = figures.line_of_thought().figure
    titles = [axes.get_title() for axes in figure.axes]
    assert [title[:2] for title in titles] == ["1.", "2.", "3.", "4.", "5.", "6."]
    names = ("linear_regression", "logistic_regression", "perceptron", "multilayer_perceptron",
             "convolutional_networks", "volumes_and_video")  # fmt: skip
    told = [axes.get_xlabel().rpartition("lesson ")[2] for axes in figure.axes]
    assert told == [f"{ORDER.index(name):02}" for name in names]


def test_words_count_the_blocks():
    assert "one: 27 blocks, two: 27 blocks." in figures.blocks({"one": CUBE, "two": CUBE}).alt
    alt = figures.whole_and_open(CUBE, axis=1, index=1).alt
    assert "cut open across y at 1: 9 of 9 cells" in alt


FIGURES = {
    "silhouettes": lambda: figures.silhouettes(CUBE),
    "blocks": lambda: figures.blocks({"one": CUBE, "two": CUBE}),
    "whole_and_open": lambda: figures.whole_and_open(CUBE, 0, 1),
    "gallery": lambda: figures.gallery(
        np.stack([np.ones((24, 24, 24), bool)] * 8), list("abcdefgh")
    ),
    "cuts": lambda: figures.cuts(CUBE, (0, 1, 2)),
    "shadows": lambda: figures.shadows({"from the front": CUBE[0], "from the right": CUBE[0]}),
    "shadow_play": lambda: figures.shadow_play(CUBE),
    "named": lambda: figures.named(CUBE, ["airplane", "motorbike"] * 4, np.arange(8) / 28),
    "slice_pair": lambda: figures.slice_pair({"one": CUBE, "two": CUBE}, 1, 1),
    "depth_step": lambda: figures.depth_step(VOLUME, KERNEL, RESULT, 3),
    "two_kinds_of_depth": figures.two_kinds_of_depth,
    "filmstrips": lambda: figures.filmstrips({"a": CLIP, "b": CLIP}),
    "space_time": lambda: figures.space_time({"a": CLIP, "b": CLIP}, 1),
    "line_of_thought": figures.line_of_thought,
}
test_fits_the_page = fits_the_page(FIGURES)
test_has_large_text = has_large_text(FIGURES)
