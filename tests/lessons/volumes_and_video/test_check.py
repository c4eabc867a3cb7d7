"""Other right answers, and the hint for each named misconception."""

import math

import numpy as np
import pytest

from lessons.volumes_and_video import check
from tests.kit.answers import accepted, refused

pytestmark = pytest.mark.slow


def depth(solid, axis):
    return np.where(solid.any(axis), solid.argmax(axis), solid.shape[axis])


def depth_by_running_or(solid, axis):
    return (~np.logical_or.accumulate(solid, axis=axis)).sum(axis)


def depth_in_loops(solid, axis):
    lines = np.moveaxis(np.asarray(solid), axis, -1)
    result = np.zeros(lines.shape[:2], int)
    for i, j in np.ndindex(*lines.shape[:2]):
        while result[i, j] < lines.shape[2] and not lines[i, j, result[i, j]]:
            result[i, j] += 1
    return result.tolist()


def sides(shape, kernel, p, s):
    return [(n + 2 * p - k) // s + 1 for n, k in zip(shape, kernel, strict=False)]


def layer(shape, kernel, maps, p, s):
    return (*sides(shape, kernel, p, s), maps), (math.prod(kernel) * shape[3] + 1) * maps


def other_sides(size):
    def answer(shape, kernel, maps, p, s):
        found = [size(n, k, p, s) for n, k in zip(shape, kernel, strict=False)]
        return (*found, maps), layer(shape, kernel, maps, p, s)[1]

    return answer


def other_count(count):
    return lambda shape, kernel, maps, p, s: (
        layer(shape, kernel, maps, p, s)[0],
        count(shape, kernel, maps),
    )


RIGHT = {
    "running or": (check.depth_map, depth_by_running_or),
    "loops, lists": (check.depth_map, depth_in_loops),
    "floats": (check.depth_map, lambda s, a: depth(s, a).astype(np.float32)),
    "small integers": (check.depth_map, lambda s, a: depth(s, a).astype(np.uint8)),
    "lists": (check.conv3d_layer, lambda *a: [list(layer(*a)[0]), layer(*a)[1]]),
    "arrays": (check.conv3d_layer, lambda *a: (np.array(layer(*a)[0]), np.float64(layer(*a)[1]))),
    "difference as list": (check.difference_kernel, [[[-1]], [[1]]]),
    "difference as float32": (check.difference_kernel, np.float32([-1, 1]).reshape(2, 1, 1)),
    "blind, other sign": (check.blind_to_left, [[[0, -1]], [[1, 0]]]),
    "blind, faint": (check.blind_to_left, [[[0, -1e-5]], [[1e-5, 0]]]),
    "blind, thirds": (
        check.blind_to_left,
        np.array([0, 1, -1, 0]).reshape(2, 1, 2) / np.float32(3),
    ),
    "nearest of the places": (
        check.depth_map,
        lambda s, a: np.where(s, np.indices(s.shape)[a], s.shape[a]).min(a),
    ),
    "windows counted": (
        check.conv3d_layer,
        lambda shape, kernel, maps, p, s: (
            (
                *[len(range(0, n + 2 * p - k + 1, s)) for n, k in zip(shape, kernel, strict=False)],
                maps,
            ),
            maps + maps * shape[3] * int(np.prod(kernel)),
        ),
    ),
    "blind, twice as strong": (check.blind_to_left, np.array([[[0, 2.0]], [[-2.0, 0]]])),
}
test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "argmax": (check.depth_map, lambda s, a: s.argmax(a), "`argmax` says 0"),
    "minus one": (
        check.depth_map, lambda s, a: np.where(s.any(a), s.argmax(a), -1), "`solid.shape[axis]`"),
    "one less": (
        check.depth_map, lambda s, a: np.where(s.any(a), s.argmax(a), s.shape[a] - 1), "`solid.shape[axis]`"),
    "length of axis 0": (
        check.depth_map, lambda s, a: np.where(s.any(a), s.argmax(a), len(s)), "`solid.shape[axis]`"),
    "length of the last axis": (
        check.depth_map, lambda s, a: np.where(s.any(a), s.argmax(a), s.shape[-1]), "`solid.shape[axis]`"),
    "infinity": (
        check.depth_map, lambda s, a: np.where(s.any(a), s.argmax(a), np.inf), "`solid.shape[axis]`"),
    "nan": (check.depth_map, lambda s, a: np.where(s.any(a), s.argmax(a), np.nan), "`solid.shape[axis]`"),
    "turned": (check.depth_map, lambda s, a: depth(s, a).T, "keep their order"),
    "flat list": (check.depth_map, lambda s, a: depth(s, a).ravel(), "shape differs"),
    "five for all": (
        check.depth_map, lambda s, a: np.where(s.any(a), s.argmax(a), 5), "values differ"),
    "far end, empty right": (
        check.depth_map,
        lambda s, a: np.where(s.any(a), np.flip(s, a).argmax(a), s.shape[a]), "far end"),
    "far end": (check.depth_map, lambda s, a: depth(np.flip(s, a), a), "far end"),
    "empty cells": (check.depth_map, lambda s, a: (~s).sum(a), "in the whole line"),
    "filled cells": (check.depth_map, lambda s, a: s.sum(a), "how many cells are filled"),
    "silhouette": (check.depth_map, lambda s, a: s.max(a).astype(int), "silhouette"),
    "truth values": (check.depth_map, lambda s, a: s.max(a), "type differs"),
    "one too many": (check.depth_map, lambda s, a: depth(s, a) + 1, "one too many"),
    "last axis": (check.depth_map, lambda s, a: depth(s, 2), ""),
    "first axis": (check.depth_map, lambda s, a: depth(s, 0), "first axis"),
    "keeps the axis": (check.depth_map, lambda s, a: depth(s, a)[None], "shape differs"),
    "padding once": (check.conv3d_layer, other_sides(lambda n, k, p, s: (n + p - k) // s + 1), "both sides"),
    "no padding": (
        check.conv3d_layer, other_sides(lambda n, k, p, s: (n - k) // s + 1), "padding is missing"),
    "no plus one": (check.conv3d_layer, other_sides(lambda n, k, p, s: (n + 2 * p - k) // s), "add 1"),
    "rounded up": (
        check.conv3d_layer, other_sides(lambda n, k, p, s: math.ceil((n + 2 * p - k) / s) + 1), "rounded up"),
    "no stride": (check.conv3d_layer, other_sides(lambda n, k, p, s: n + 2 * p - k + 1), "stride is missing"),
    "half windows": (
        check.conv3d_layer, other_sides(lambda n, k, p, s: (n + 2 * p - k) / s + 1), "half window"),
    "no stride in depth": (
        check.conv3d_layer,
        lambda shape, kernel, maps, p, s: (
            (shape[0] + 2 * p - kernel[0] + 1, *layer(shape, kernel, maps, p, s)[0][1:]),
            layer(shape, kernel, maps, p, s)[1],
        ),
        "depth as well"),
    "channels out": (
        check.conv3d_layer,
        lambda shape, kernel, maps, p, s: (
            (*sides(shape, kernel, p, s), shape[3]), layer(shape, kernel, maps, p, s)[1]),
        "maps come out"),
    "no channels": (
        check.conv3d_layer, other_count(lambda s, k, m: (math.prod(k) + 1) * m), "times C"),
    "no biases": (
        check.conv3d_layer, other_count(lambda s, k, m: math.prod(k) * s[3] * m), "biases are missing"),
    "one bias": (
        check.conv3d_layer, other_count(lambda s, k, m: math.prod(k) * s[3] * m + 1), "One bias in all"),
    "bias a channel": (
        check.conv3d_layer, other_count(lambda s, k, m: (math.prod(k) + 1) * s[3] * m), "over all channels"),
    "flat kernel": (
        check.conv3d_layer, other_count(lambda s, k, m: (k[1] * k[2] * s[3] + 1) * m), "depth of the kernel"),
    "cube": (check.conv3d_layer, other_count(lambda s, k, m: (k[0] ** 3 * s[3] + 1) * m), "sides may differ"),
    "every place": (
        check.conv3d_layer,
        lambda *a: (layer(*a)[0], layer(*a)[1] * math.prod(layer(*a)[0][:3])),
        "how many places"),
    "first side for all": (
        check.conv3d_layer,
        lambda shape, k, maps, p, s: (
            (*[(n + 2 * p - k[0]) // s + 1 for n in shape[:3]], maps), layer(shape, k, maps, p, s)[1]),
        "Each axis has its own"),
    "maps first": (
        check.conv3d_layer, lambda *a: ((a[2], *layer(*a)[0][:3]), layer(*a)[1]), "last axis"),
    "no maps": (check.conv3d_layer, lambda *a: (layer(*a)[0][:3], layer(*a)[1]), "ends with"),
    "swapped": (check.conv3d_layer, lambda *a: layer(*a)[::-1], "shape first"),
    "one flat tuple": (check.conv3d_layer, lambda *a: (*layer(*a)[0], layer(*a)[1]), "2 results"),
    "sum of sides": (
        check.conv3d_layer, other_count(lambda s, k, m: (sum(k) * s[3] + 1) * m), "multiply its sides"),
    "a bias a channel in": (
        check.conv3d_layer, other_count(lambda s, k, m: math.prod(k) * s[3] * m + s[3]), "values differ"),
    "padding=same": (
        check.conv3d_layer, other_sides(lambda n, k, p, s: -(-n // s)), "values differ"),
    "plus one before the division": (
        check.conv3d_layer, other_sides(lambda n, k, p, s: (n + 2 * p - k + 1) // s), "result 1"),
    "the example": (check.conv3d_layer, lambda *a: ((4, 6, 8, 4), 220), "values differ"),
    "shape alone": (check.conv3d_layer, lambda *a: layer(*a)[0], "2 results"),
    "with the batch": (check.conv3d_layer, lambda *a: ((1, *layer(*a)[0]), layer(*a)[1]), "shape differs"),
    "this minus next": (check.difference_kernel, [[[1]], [[-1]]], "laid on as"),
    "along columns": (check.difference_kernel, [[[-1, 1]]], "axis 2"),
    "along rows": (check.difference_kernel, [[[-1], [1]]], "axis 1"),
    "two frames on": (check.difference_kernel, [[[-1]], [[0]], [[1]]], "t + 2"),
    "flat": (check.difference_kernel, [-1, 1], "three axes"),
    "four axes": (check.difference_kernel, [[[[-1]], [[1]]]], "three axes"),
    "mean": (check.difference_kernel, [[[0.5]], [[0.5]]], "differ"),
    "twice": (check.difference_kernel, [[[-2]], [[2]]], "differ"),
    "next frame": (check.difference_kernel, [[[False]], [[True]]], "differ"),
    "unsigned": (
        check.difference_kernel, np.array([[[-1]], [[1]]]).astype(np.uint8), "differ"),
    "second difference in time": (check.difference_kernel, [[[-1]], [[2]], [[-1]]], "How many frames"),
    "a function": (check.difference_kernel, lambda clip: clip[1:] - clip[:-1], "hold numbers"),
    "cube of ones": (check.difference_kernel, np.ones((2, 3, 3)), "How many frames"),
    "half": (check.difference_kernel, [[[-0.5]], [[0.5]]], "differ"),
    "kernel of nan": (check.difference_kernel, [[[np.nan]], [[1]]], "NaN"),
    "the one in the text": (check.blind_to_left, [[[1, 0]], [[0, -1]]], "mirror it"),
    "still": (check.blind_to_left, [[[1, 0]], [[-1, 0]]], "stands still"),
    "nothing": (check.blind_to_left, np.zeros((2, 1, 2)), "zeros"),
    "sum": (check.blind_to_left, [[[0, 1]], [[1, 0]]], "moves left"),
    "faint and wrong": (check.blind_to_left, np.array([[[1, 0]], [[0, -1]]]) * 1e-12, "mirror it"),
    "no cancelling": (check.blind_to_left, [[[0, -1]], [[-1, 0]]], "opposite weights"),
    "nearly": (check.blind_to_left, [[[0, 1]], [[-1.01, 0]]], "opposite weights"),
    "mirrored in time": (check.blind_to_left, [[[1, -1]], [[0, 0]]], "moves left"),
    "second difference": (check.blind_to_left, [[[1, -1]], [[-1, 1]]], "stands still"),
    "other shape": (check.blind_to_left, [[0, 1], [-1, 0]], "shape (2, 2)"),
    "infinite": (check.blind_to_left, [[[0, np.inf]], [[-np.inf, 0]]], "infinity"),
}  # fmt: skip
test_wrong_answers_get_their_hint = refused(WRONG)
