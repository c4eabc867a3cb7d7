"""Convolutional networks: other right answers, and the hint for each named misconception."""

from decimal import Decimal
from functools import partial, reduce
from itertools import accumulate

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from lessons.convolutional_networks import check
from tests.kit.answers import accepted
from utils.quiet import keras

pytestmark = pytest.mark.slow


def shapes(shape, layers):
    h, w, c = shape
    found = []
    for layer in layers:
        if layer[0] == "conv":
            h, w, c = h - layer[2] + 1, w - layer[2] + 1, layer[1]
        else:
            h, w = h // layer[1], w // layer[1]
        found.append((h, w, c))
    return found


def variant(
    conv=lambda h, w, c, n, k: (h - k + 1, w - k + 1, n),
    pool=lambda h, w, c, s: (h // s, w // s, c),
):
    def wrong(shape, layers):
        found = []
        for kind, *sizes in layers:
            shape = {"conv": conv, "pool": pool}[kind](*shape, *sizes)
            found.append(shape)
        return found

    return wrong


def metrics(matrix):
    matrix = np.asarray(matrix, float)
    said, was = matrix.sum(0), matrix.sum(1)
    return [float(matrix[i, i] / s) if s else 0.0 for i, s in enumerate(said)], [
        float(matrix[i, i] / w) if w else 0.0 for i, w in enumerate(was)
    ]


def parameters_by_adding(kernel, depth, maps):
    return sum(sum(1 for _ in range(kernel * kernel * depth)) + 1 for _ in range(maps))


def layer_parameters(kernel, depth, maps):
    layer = keras.layers.Conv2D(maps, kernel)
    layer.build((None, 9, 9, depth))
    return layer.count_params()


def shapes_of_a_model(shape, layers):
    kinds = {"conv": keras.layers.Conv2D, "pool": keras.layers.AveragePooling2D}
    made = [kinds[kind](*sizes) for kind, *sizes in layers]
    return [
        layer.output.shape[1:] for layer in keras.Sequential([keras.Input(shape), *made]).layers
    ]


def sklearn_metrics(matrix):
    truth, said = (np.repeat(one.ravel(), matrix.ravel()) for one in np.indices(matrix.shape))
    return precision_recall_fscore_support(truth, said, zero_division=0)[:2]


class Metrics:
    def of(self, matrix):
        return metrics(matrix)


RIGHT = {
    "parameters: sum": (check.conv_parameters, parameters_by_adding),
    "parameters: float": (check.conv_parameters, lambda k, d, n: float(k**2 * d * n + n)),
    "parameters: array": (check.conv_parameters, lambda k, d, n: np.array(k * k * d * n + n)),
    "parameters: tensor": (check.conv_parameters, lambda k, d, n: keras.ops.convert_to_tensor((k * k * d + 1) * n)),
    "shapes: tuples": (check.feature_shapes, shapes),
    "shapes: lists": (check.feature_shapes, lambda s, ls: [list(one) for one in shapes(s, ls)]),
    "shapes: array": (check.feature_shapes, lambda s, ls: np.array(shapes(s, ls), np.int32)),
    "position: arange": (
        check.flat_position, lambda i, j, c, s: np.arange(np.prod(s)).reshape(s)[i, j, c]),
    "position: numpy": (check.flat_position, lambda i, j, c, s: np.ravel_multi_index((i, j, c), s)),
    "parameters: layer": (check.conv_parameters, layer_parameters),
    "parameters: partial": (check.conv_parameters, partial(lambda one, k, d, n: (k * k * d + one) * n, 1)),
    "parameters: decimal": (check.conv_parameters, lambda k, d, n: Decimal((k * k * d + 1) * n)),
    "shapes: accumulate": (
        check.feature_shapes, lambda s, ls: [*accumulate(ls, lambda at, one: shapes(at, [one])[0], initial=s)][1:]),
    "shapes: arrays": (check.feature_shapes, lambda s, ls: tuple(map(np.array, shapes(s, ls)))),
    "shapes: Keras tells": (check.feature_shapes, shapes_of_a_model),
    "position: looked up": (check.flat_position, lambda i, j, c, s: list(np.ndindex(*s)).index((i, j, c))),
    "position: dot": (check.flat_position, lambda i, j, c, s: np.dot((i, j, c), (s[1] * s[2], s[2], 1))),
    "position: reduce": (
        check.flat_position, lambda i, j, c, s: reduce(lambda n, one: n * one[1] + one[0], zip((i, j, c), s, strict=True), 0)),
    "metrics: method": (check.precision_recall, Metrics().of),
    "metrics: divide where": (
        check.precision_recall,
        lambda m: [np.divide(np.diag(m), t, out=np.zeros(len(m)), where=t > 0) for t in (m.sum(0), m.sum(1))]),
    "metrics: sklearn": (check.precision_recall, sklearn_metrics),
    "metrics: nan_to_num": (check.precision_recall, lambda m: np.nan_to_num(check._careless(m))),
    "metrics: tensors": (check.precision_recall, lambda m: keras.ops.convert_to_tensor(metrics(m))),
    "metrics: lists": (check.precision_recall, metrics),
    "metrics: one array": (check.precision_recall, lambda m: np.array(metrics(m))),
    "metrics: float32": (check.precision_recall, lambda m: np.array(metrics(m), np.float32)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


NAMED = {
    "no bias": (check.conv_parameters, lambda k, d, n: k * k * d * n, "forgot the biases"),
    "no depth": (check.conv_parameters, lambda k, d, n: (k * k + 1) * n, "forgot the depth"),
    "bias a weight": (check.conv_parameters, lambda k, d, n: 2 * k * k * d * n, "not to each of its weights"),
    "bias a slice": (check.conv_parameters, lambda k, d, n: (k * k + 1) * d * n, "not to each of its slices"),
    "one bias": (check.conv_parameters, lambda k, d, n: k * k * d * n + 1, "as many biases as maps"),
    "kernel not squared": (check.conv_parameters, lambda k, d, n: (k * d + 1) * n, "k squared"),
    "rounded up": (check.feature_shapes, variant(pool=lambda h, w, c, s: (-(-h // s), -(-w // s), c)), "rounded up"),
    "same": (check.feature_shapes, variant(conv=lambda h, w, c, n, k: (h, w, n)), "yours keeps them"),
    "minus k": (check.feature_shapes, variant(conv=lambda h, w, c, n, k: (h - k, w - k, n)), "+ 1 is missing"),
    "stride 1": (check.feature_shapes, variant(pool=lambda h, w, c, s: (h - s + 1, w - s + 1, c)), "moves by one pixel"),
    "no pooling": (check.feature_shapes, variant(pool=lambda h, w, c, s: (h, w, c)), "as large as they were"),
    "pooled depth": (check.feature_shapes, variant(pool=lambda h, w, c, s: (h // s, w // s, c // s)), "keeps the depth"),
    "times depth": (
        check.feature_shapes, variant(conv=lambda h, w, c, n, k: (h - k + 1, w - k + 1, n * c)), "N kernels give N maps"),
    "old depth": (
        check.feature_shapes, variant(conv=lambda h, w, c, n, k: (h - k + 1, w - k + 1, c)), "number of its kernels"),
    "from 1": (check.flat_position, lambda i, j, c, s: (i * s[1] + j) * s[2] + c + 1, "counts from 0"),
    "map after map": (check.flat_position, lambda i, j, c, s: (c * s[0] + i) * s[1] + j, "map after map"),
    "columns first": (check.flat_position, lambda i, j, c, s: (j * s[0] + i) * s[2] + c, "rows come first"),
    "fortran": (check.flat_position, lambda i, j, c, s: np.ravel_multi_index((i, j, c), s, order="F"), "in reverse"),
    "size for maps": (
        check.feature_shapes, variant(conv=lambda h, w, c, n, k: (h - n + 1, w - n + 1, k)), "maps comes first"),
    "from the input": (check.feature_shapes, lambda s, ls: [shapes(s, [one])[0] for one in ls], "begins at the input"),
    "with the input": (check.feature_shapes, lambda s, ls: [s, *shapes(s, ls)], "The input is no layer"),
    "channels first": (check.feature_shapes, lambda s, ls: [(c, h, w) for h, w, c in shapes(s, ls)], "on the last axis"),
    "row without maps": (check.flat_position, lambda i, j, c, s: i * s[1] + j * s[2] + c, "width times maps"),
    "0 / 0 is 1": (check.precision_recall, lambda m: np.nan_to_num(check._careless(m), nan=1), "not as 1"),
    "percent": (check.precision_recall, lambda m: 100 * np.array(metrics(m)), "percentages"),
    "over the mistakes": (
        check.precision_recall,
        lambda m: [np.diag(m) / np.maximum(m.sum(axis) - np.diag(m), 1) for axis in (0, 1)],
        "not by the mistakes"),
    "swapped": (check.precision_recall, lambda m: metrics(m)[::-1], "They are swapped"),
    "over all": (check.precision_recall, lambda m: np.array([np.diag(m) / m.sum()] * 2), "divided by all"),
    "0 / 0": (check.precision_recall, check._careless, "0 / 0"),
    "twice precision": (check.precision_recall, lambda m: [metrics(m)[0]] * 2, "Both of yours are the precision"),
    "twice recall": (check.precision_recall, lambda m: [metrics(m)[1]] * 2, "Both of yours are the recall"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_misconception_gets_its_own_hint(name):
    exercise, answer, words = NAMED[name]
    result = exercise(answer)
    assert result.state == "not yet"
    assert words in result.message, repr(result)


WRONG = {
    "only the shown parameters": (check.conv_parameters, lambda k, d, n: 224),
    "only the shown shapes": (check.feature_shapes, lambda s, ls: shapes((80, 80, 3), ls)),
    "square only": (check.feature_shapes, lambda s, ls: shapes((s[0], s[0], s[2]), ls)),
    "last shape only": (check.feature_shapes, lambda s, ls: shapes(s, ls)[-1]),
    "only the shown position": (check.flat_position, lambda i, j, c, s: i * 80 + j * 16 + c),
    "height for width": (check.flat_position, lambda i, j, c, s: (i * s[0] + j) * s[2] + c),
    "pairs": (check.precision_recall, lambda m: np.array(metrics(m)).T),
    "empties the list": (check.feature_shapes, lambda s, ls: [shapes(s, [ls.pop(0)])[0] for _ in range(1)]),
    "changes the matrix": (check.precision_recall, lambda m: (m.__setitem__((0, 0), 0), metrics(m))[1]),
    "zeros": (check.precision_recall, lambda m: np.zeros((2, len(m)))),
    "nan": (check.precision_recall, lambda m: np.full((2, len(m)), np.nan)),
    "text": (check.conv_parameters, lambda k, d, n: "224"),
    "odd kernels only": (check.conv_parameters, lambda k, d, n: (k * k * d + k % 2) * n),
    "kernel 3 only": (check.conv_parameters, lambda k, d, n: (9 * d + 1) * n),
    "depth and maps swapped": (check.conv_parameters, lambda k, d, n: (k * k * n + 1) * d),
    "no bias over one channel": (check.conv_parameters, lambda k, d, n: (k * k * d + (d > 1)) * n),
    "weights and biases apart": (check.conv_parameters, lambda k, d, n: (k * k * d * n, n)),
    "in a list": (check.conv_parameters, lambda k, d, n: [(k * k * d + 1) * n]),
    "one byte": (check.conv_parameters, lambda k, d, n: np.uint8((k * k * d + 1) * n % 256)),
    "rounded halves": (check.feature_shapes, variant(pool=lambda h, w, c, s: (round(h / s), round(w / s), c))),
    "pool of 2 only": (check.feature_shapes, variant(pool=lambda h, w, c, s: (h // 2, w // 2, c))),
    "odd kernels": (check.feature_shapes, variant(conv=lambda h, w, c, n, k: (h - k // 2 * 2, w - k // 2 * 2, n))),
    "fractions of a pixel": (check.feature_shapes, variant(pool=lambda h, w, c, s: (h / s, w / s, c))),
    "height alone": (check.feature_shapes, variant(pool=lambda h, w, c, s: (h // s, w, c))),
    "width first": (check.feature_shapes, lambda s, ls: [(w, h, c) for h, w, c in shapes(s, ls)]),
    "with a batch": (check.feature_shapes, lambda s, ls: [(None, *one) for one in shapes(s, ls)]),
    "backwards": (check.feature_shapes, lambda s, ls: shapes(s, ls)[::-1]),
    "one list, many times": (check.feature_shapes, lambda s, ls: [shapes(s, ls)[-1]] * len(ls)),
    "zip": (check.feature_shapes, lambda s, ls: zip(*zip(*shapes(s, ls), strict=True), strict=True)),
    "16 maps only": (check.flat_position, lambda i, j, c, s: (i * s[1] + j) * 16 + c),
    "last column": (check.flat_position, lambda i, j, c, s: (i * s[1] + j) * s[2] + c - (j == s[1] - 1)),
    "maps before columns": (check.flat_position, lambda i, j, c, s: (i * s[2] + c) * s[1] + j),
    "longer side": (check.flat_position, lambda i, j, c, s: (i * max(s[:2]) + j) * s[2] + c),
    "from the end": (check.flat_position, lambda i, j, c, s: (i * s[1] + j) * s[2] + c - np.prod(s)),
    "a tuple": (check.flat_position, lambda i, j, c, s: ((i * s[1] + j) * s[2] + c,)),
    "averages": (check.precision_recall, lambda m: [np.mean(one) for one in metrics(m)]),
    "accuracy twice": (check.precision_recall, lambda m: [[np.trace(m) / m.sum()] * len(m)] * 2),
    "two digits": (check.precision_recall, lambda m: np.round(metrics(m), 2)),
    "smoothed": (check.precision_recall, lambda m: [(np.diag(m) + 1) / (t + 1) for t in (m.sum(0), m.sum(1))]),
    "whole numbers": (check.precision_recall, lambda m: np.array(metrics(m)).astype(int)),
    "classes backwards": (check.precision_recall, lambda m: np.array(metrics(m))[:, ::-1]),
    "shares of mistakes": (check.precision_recall, lambda m: 1 - np.array(metrics(m))),
    "without the class never said": (check.precision_recall, lambda m: np.array(metrics(m))[:, m.sum(0) > 0]),
    "generator": (check.precision_recall, lambda m: (one for one in metrics(m))),
    "mistakes left in the matrix": (
        check.precision_recall, lambda m: (metrics(m), np.fill_diagonal(m, 0))[0]),
    "raises": (check.flat_position, lambda i, j, c, s: 1 / 0),
    "none": (check.feature_shapes, lambda s, ls: print(end="")),
    "a number": (check.conv_parameters, 224),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_is_refused(name):
    exercise, answer = WRONG[name]
    assert exercise(answer).state == "not yet"


@pytest.mark.parametrize(
    "exercise",
    [check.conv_parameters, check.feature_shapes, check.flat_position, check.precision_recall],
)
def test_nothing_is_not_attempted(exercise):
    assert exercise(None).state == exercise(...).state == "not attempted"
