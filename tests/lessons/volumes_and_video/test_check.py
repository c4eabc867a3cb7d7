"""Volumes and video: right answers of unusual form, and wrong ones as students write them."""

import math

import numpy as np
import pytest

from lessons.volumes_and_video import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow
DIFFERENCE, BLIND = np.array([[[-1]], [[1]]]), np.array([[[0, 1]], [[-1, 0]]])


def depth(solid, axis):
    return np.where(solid.any(axis), solid.argmax(axis), solid.shape[axis])


def from_behind(solid, axis, empty=None):
    """What lies nearer overwrites what lies farther away."""
    lines = np.moveaxis(solid, axis, -1)
    depths = np.full(lines.shape[:2], empty or lines.shape[2])
    for place in reversed(range(lines.shape[2])):
        depths[lines[:, :, place]] = place
    return depths


def in_loops(solid, axis, start=0):
    lines = np.moveaxis(solid, axis, -1)
    depths = np.zeros(lines.shape[:2])
    for row, column in np.ndindex(depths.shape):
        places = [k for k in range(start, lines.shape[2]) if lines[row, column, k]]
        depths[row, column] = places[0] if places else lines.shape[2]
    return depths


def repaired(solid, axis):
    depths = solid.argmax(axis)
    depths[depths == 0] = solid.shape[axis]
    return depths


def layer(shape, kernel, maps, p, s):
    sides = [(n + 2 * p - k) // s + 1 for n, k in zip(shape, kernel, strict=False)]
    return (*sides, maps), (math.prod(kernel) * shape[3] + 1) * maps


def sides(size):
    def answer(shape, kernel, maps, p, s):
        found = [size(n, k, p, s) for n, k in zip(shape, kernel, strict=False)]
        return (*found, maps), layer(shape, kernel, maps, p, s)[1]

    return answer


test_right_in_another_way = accepted({
    "from behind": (check.depth_map, from_behind),
    "loops, decimals": (check.depth_map, in_loops),
    "small integers": (check.depth_map, lambda *case: depth(*case).astype(np.uint16)),
    "windows counted": (
        check.conv3d_layer, sides(lambda n, k, p, s: len(range(0, n + 2 * p - k + 1, s)))),
    "a list and an array": (
        check.conv3d_layer, lambda *a: [[*layer(*a)[0]], np.array(layer(*a)[1])]),
    "float16": (check.difference_kernel, DIFFERENCE.astype(np.float16)),
    "the other sign": (check.blind_to_left, -BLIND),
    "faint": (check.blind_to_left, BLIND * 1e-5),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "bytes": (check.depth_map, lambda *case: depth(*case).astype(np.uint8), None),
    "sentinel 99": (check.depth_map, lambda *case: from_behind(*case, empty=99), None),
    "from place 1": (check.depth_map, lambda *case: in_loops(*case, start=1), None),
    "every 0 repaired": (check.depth_map, repaired, None),
    "a share": (check.depth_map, lambda s, a: depth(s, a) / s.shape[a], None),
    "nearest integer": (
        check.conv3d_layer, sides(lambda n, k, p, s: round((n + 2 * p - k) / s) + 1), None),
    "divided": (check.conv3d_layer, sides(lambda n, k, p, s: (n + 2 * p - k) / s + 1), "decimals"),
    "every start": (
        check.conv3d_layer, sides(lambda n, k, p, s: len(range(0, n + 2 * p, s))), None),
    "always 3 x 3 x 3": (check.conv3d_layer, lambda s, k, *r: layer(s, (3, 3, 3), *r), None),
    "16 bits": (
        check.conv3d_layer, lambda *a: (layer(*a)[0], np.int64(layer(*a)[1]).astype("i2")), None),
    "one flat tuple": (check.conv3d_layer, lambda *a: (*layer(*a)[0], layer(*a)[1]), "2 results"),
    "this minus next": (check.difference_kernel, -DIFFERENCE, "laid on as"),
    "along columns": (check.difference_kernel, [[[-1, 1]]], "axis 2"),
    "along rows": (check.difference_kernel, [[[-1], [1]]], "axis 1"),
    "two frames on": (check.difference_kernel, [[[-1]], [[0]], [[1]]], "t + 2"),
    "second difference": (check.difference_kernel, [[[1]], [[-2]], [[1]]], None),
    "mean": (check.difference_kernel, [[[0.5]], [[0.5]]], "needs a minus"),
    "twice": (check.difference_kernel, 2 * DIFFERENCE, None),
    "bytes of a kernel": (check.difference_kernel, DIFFERENCE.astype(np.uint8), None),
    "3 x 3": (check.difference_kernel, np.ones((2, 3, 3)), "How many frames"),
    "NaN": (check.difference_kernel, [[[np.nan]], [[1]]], "NaN"),
    "the one in the text": (check.blind_to_left, [[[1, 0]], [[0, -1]]], "mirror it"),
    "faint and wrong": (check.blind_to_left, np.array([[[1, 0]], [[0, -1]]]) * 1e-12, "mirror"),
    "nothing": (check.blind_to_left, 0 * BLIND, "zeros"),
    "nearly": (check.blind_to_left, [[[0, 1]], [[-1.01, 0]]], "opposite weights"),
    "transposed": (check.blind_to_left, [[0, 1], [-1, 0]], "shape (2, 2)"),
})  # fmt: skip
