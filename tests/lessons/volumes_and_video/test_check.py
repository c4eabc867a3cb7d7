"""Volumes and video: right answers of unusual form, and wrong ones as students write them."""

import math

import numpy as np
import pytest

from lessons.volumes_and_video import check
from tests.kit.answers import accepted, refused
from utils.convolution import correlate2d
from utils.quiet import keras

pytestmark = pytest.mark.slow
layers = keras.layers
LOSS = "sparse_categorical_crossentropy"
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


def slices(volume, kernel):
    return np.stack([
        sum(map(correlate2d, volume[d : d + len(kernel)], kernel))
        for d in range(len(volume) - len(kernel) + 1)
    ])  # fmt: skip


def slice_outside(volume, kernel):
    """The loop over the slices of the kernel outside, over depths inside."""
    deep = len(volume) - len(kernel) + 1
    maps = [
        np.array([correlate2d(volume[k + d], one) for d in range(deep)])
        for k, one in enumerate(kernel)
    ]
    return np.sum(maps, axis=0)


def network(
    *, half=layers.AveragePooling3D, act="relu", last="softmax", loss=LOSS, rate=0.01,
    batch=16, shape=None, deal=None, fit=True, whole=True, **more,
):  # fmt: skip
    """An answer to the exercise on training, right unless it is told something else."""

    def trained(solids, labels, epochs):
        model = keras.Sequential([
            keras.Input(shape or solids.shape[1:]), half(2), layers.Conv3D(8, 3, activation=act),
            layers.MaxPooling3D(2), layers.Conv3D(16, 3, activation=act), layers.Flatten(),
            layers.Dense(8, activation=last),
        ])  # fmt: skip
        model.compile(keras.optimizers.Adam(rate), loss)
        if fit:
            known = deal(labels) if deal else labels
            history = model.fit(solids, known, batch, epochs, verbose=0, **more)
        return model if whole else history

    return trained


def functional(solids, labels, epochs):
    given = x = keras.Input(solids.shape[1:])
    x = layers.AveragePooling3D(pool_size=2)(x)
    x = layers.Activation("relu")(layers.Conv3D(8, (3, 3, 3))(x))
    x = layers.ReLU()(layers.Conv3D(16, 3)(layers.MaxPooling3D(pool_size=(2, 2, 2))(x)))
    model = keras.Model(given, layers.Softmax()(layers.Dense(8)(layers.Flatten()(x))))
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    model.fit(x=solids, y=labels, batch_size=16, epochs=epochs, verbose=0)
    return model


test_right_in_another_way = accepted({
    "map and sum": (check.by_slices, slices),
    "loops the other way round": (check.by_slices, slice_outside),
    "a list of maps": (check.by_slices, lambda *case: [*slices(*case)]),
    "a network": (check.trained, network()),
    "a functional model, activations apart": (check.trained, functional),
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
    "all in one map": (check.by_slices, lambda *case: slices(*case).sum(axis=0), "channels"),
    "back to front": (check.by_slices, lambda v, k: slices(v, k[::-1]), "front to front"),
    "slice by slice": (
        check.by_slices, lambda v, k: np.stack([correlate2d(one, k[0]) for one in v]), "Only one"),
    "the first slice at every depth": (
        check.by_slices,
        lambda v, k: np.stack([correlate2d(v[d], k[0]) for d in range(len(v) - len(k) + 1)]),
        "Only one"),
    "one short": (check.by_slices, lambda *case: slices(*case)[:-1], "missing at the end"),
    "the same slice": (
        check.by_slices,
        lambda v, k: np.stack([sum(correlate2d(one, part) for part in k) for one in v])[
            : len(v) - len(k) + 1],
        "meets volume[d + k]"),
    "twice as much": (check.by_slices, lambda *case: 2 * slices(*case), None),
    "max pooling first": (check.trained, network(half=layers.MaxPooling3D), "Layer 1"),
    "no activation": (check.trained, network(act=None), "activations"),
    "another rate": (check.trained, network(rate=0.001), "another rate"),
    "batches of 32": (check.trained, network(batch=32), "18 steps"),
    "labels mixed": (check.trained, network(deal=lambda labels: (labels * 5 + 3) % 7), "learned nothing"),
    "not fitted": (check.trained, network(fit=False), "18 steps"),
    "some held back": (check.trained, network(validation_split=0.1), "18 steps"),
    "the curves": (check.trained, network(whole=False), "return the model"),
    "a fixed shape": (check.trained, network(shape=(24, 24, 24, 1)), "expected axis"),
    "sigmoid": (check.trained, network(last="sigmoid"), "activations"),
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
