"""Shift and pool: what it computes, and every control driven to its ends."""

import time
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from scipy import signal

from lessons.pooling.shift_and_pool import (
    FARTHEST,
    SIDE,
    VERTICAL_EDGES,
    WINDOWS,
    ShiftAndPool,
    shifted,
)
from tests.kit import texts
from utils.convolution import pool2d
from utils.data import photograph

WALL = photograph("brick")[190 : 190 + SIDE + FARTHEST + 2, 190 : 190 + SIDE + FARTHEST + 2]


@pytest.fixture
def widget():
    return ShiftAndPool(WALL)


def sides(png):
    return Image.open(BytesIO(png)).size


def images(widget):
    return {name: image.value for name, image in widget.pictures.items()}


def test_without_a_shift_nothing_changes():
    state = shifted(WALL, 0, 0, 4, "average")
    assert state.edges_change == state.pooled_change == 0
    assert not state.difference.any()


def test_the_map_is_the_correlation_after_a_relu():
    state = shifted(WALL, 3, 1, 2, "max")
    edges = np.maximum(signal.correlate2d(WALL.astype(float), VERTICAL_EDGES, "valid"), 0)
    rows, columns = (
        slice(FARTHEST - 1, FARTHEST - 1 + SIDE),
        slice(FARTHEST - 3, FARTHEST - 3 + SIDE),
    )
    np.testing.assert_allclose(state.edges, edges[rows, columns])
    np.testing.assert_allclose(state.pooled, pool2d(edges[rows, columns], 2))
    np.testing.assert_array_equal(state.photo, WALL[1:-1, 1:-1][rows, columns])


@pytest.mark.parametrize(("right", "down"), [(1, 0), (0, 1), (8, 8)])
def test_the_picture_moves_right_and_down(right, down):
    still, moved = shifted(WALL, 0, 0, 2, "max"), shifted(WALL, right, down, 2, "max")
    np.testing.assert_array_equal(
        moved.photo[down:, right:], still.photo[: SIDE - down, : SIDE - right]
    )
    np.testing.assert_array_equal(
        moved.edges[down:, right:], still.edges[: SIDE - down, : SIDE - right]
    )


def test_a_shift_by_the_stride_shifts_the_pooled_map_and_no_other_does():
    still, by_four = shifted(WALL, 0, 0, 4, "max"), shifted(WALL, 4, 0, 4, "max")
    np.testing.assert_array_equal(by_four.pooled[:, 1:], still.pooled[:, :-1])
    by_three = shifted(WALL, 3, 0, 4, "max")
    assert not np.array_equal(by_three.pooled[:, 1:], still.pooled[:, :-1])


def test_the_changes_are_relative_norms():
    still, state = shifted(WALL, 0, 0, 4, "average"), shifted(WALL, 2, 0, 4, "average")
    for before, after, change in (
        (still.edges, state.edges, state.edges_change),
        (still.pooled, state.pooled, state.pooled_change),
    ):
        assert change == pytest.approx(
            np.sqrt(((after - before) ** 2).sum() / (before**2).sum()), rel=1e-5
        )
    np.testing.assert_allclose(state.difference, state.pooled - still.pooled)


def test_pooling_survives_a_pixel_better_and_a_larger_window_better_still():
    changes = [shifted(WALL, 1, 0, size, "max").pooled_change for size in (1, 2, 4)]
    assert changes[0] > changes[1] > changes[2]
    assert changes[0] == shifted(WALL, 1, 0, 1, "average").edges_change


def test_an_even_picture_has_no_edges_to_change():
    state = shifted(np.full((SIDE + 10, SIDE + 10), 7, np.uint8), 5, 5, 2, "max")
    assert state.edges_change == state.pooled_change == 0
    ShiftAndPool(np.full((SIDE + 10, SIDE + 10), 7, np.uint8))


@pytest.mark.parametrize("shape", [(SIDE, 300), (300, SIDE + 9), (200, 200, 3)])
def test_a_photograph_that_is_too_small_or_in_color_is_refused(shape):
    with pytest.raises(ValueError, match="expected \\(H, W\\), both at least 138"):
        shifted(np.zeros(shape, np.uint8), 0, 0, 2, "max")


def test_first_state(widget):
    state = shifted(WALL, 1, 0, 2, "max")
    assert f"pooled edges <b>{state.pooled_change:.2f}</b>" in widget.verdict.value
    assert all(images(widget).values())


@pytest.mark.parametrize("how", ["max", "average"])
@pytest.mark.parametrize("size", WINDOWS.values())
@pytest.mark.parametrize(("right", "down"), [(0, 8), (8, 0), (8, 8)])
def test_every_control_to_both_ends(widget, right, down, size, how):
    widget.right.value, widget.down.value = right, down
    widget.window.value, widget.how.value = size, how
    state = shifted(WALL, right, down, size, how)
    assert f"shift: edges <b>{state.edges_change:.2f}</b>" in widget.verdict.value
    assert f"pooled edges <b>{state.pooled_change:.2f}</b>" in widget.verdict.value
    assert [sides(png) for png in images(widget).values()] == [(SIDE, SIDE)] * 2 + [
        (2 * SIDE,) * 2
    ] * 2
    assert (widget.right.min, widget.right.max, widget.down.min, widget.down.max) == (0, 8, 0, 8)


def test_each_control_changes_the_pictures(widget):
    widget.right.value = 2
    seen = [images(widget)]
    for control, value in ((widget.down, 1), (widget.window, 4), (widget.how, "average")):
        control.value = value
        seen.append(images(widget))
    for earlier, later in pairwise(seen):
        assert earlier["change"] != later["change"]
    assert seen[1]["photograph"] != seen[0]["photograph"]
    assert seen[3]["photograph"] == seen[1]["photograph"]


def test_a_frame_is_quick(widget):
    times = []
    for right in [*range(1, 9)] * 3:
        started = time.perf_counter()
        widget.right.value = right
        times.append(time.perf_counter() - started)
    assert np.median(times) < 0.1  # 10 ms on an idle machine


def test_the_text_is_the_same_in_every_run(widget):
    before = widget._repr_mimebundle_()[0]["text/plain"]
    widget.right.value = 8
    assert widget._repr_mimebundle_()[0]["text/plain"] == before == ShiftAndPool(WALL).text


test_every_text_fits_with_any_font = texts.fit(lambda: [texts.as_html(ShiftAndPool(WALL))], 16)
