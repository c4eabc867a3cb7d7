"""Families of networks: right answers of unusual form, and wrong ones such as students write."""

import numpy as np
import pytest

from lessons.network_families import check
from tests.kit.answers import accepted, refused
from utils.quiet import keras

pytestmark = pytest.mark.slow

layers = keras.layers


def conv(y, maps, side=3, **options):
    return layers.Conv2D(maps, side, **({"padding": "same", "use_bias": False} | options))(y)


def norm(y):
    return layers.BatchNormalization()(y)


def relu(y):
    return layers.ReLU()(y)


def residual(end=None, second=norm, whole=True, **options):
    """An answer to exercise 2 with one part changed."""

    def answer(shape):
        x = keras.Input(shape)
        y = relu(norm(conv(x, shape[-1], **options)))
        y = second(conv(y, shape[-1], **options))
        y = (end or (lambda x, y: relu(layers.Add()([x, y]))))(x, y)
        return keras.Model(x, y) if whole else y

    return answer


def separable(first=None, side=1, last=relu):
    """An answer to exercise 3 with one part changed."""

    def answer(shape, maps):
        x = keras.Input(shape)
        y = (first or layers.DepthwiseConv2D(3, padding="same", use_bias=False))(x)
        return keras.Model(x, last(norm(conv(relu(norm(y)), maps, side))))

    return answer


def by_a_sequential(shape):
    x = keras.Input(shape)
    kernels = [layers.Conv2D(shape[-1], 3, padding="same", use_bias=False) for _ in range(2)]
    norms = [layers.BatchNormalization() for _ in range(2)]
    branch = keras.Sequential([kernels[0], norms[0], layers.ReLU(), kernels[1], norms[1]])
    return keras.Model(x, relu(layers.Add()([x, branch(x)])))


def by_a_dense_layer(shape, maps):
    x = keras.Input(shape)
    y = relu(norm(layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)))
    return keras.Model(x, relu(norm(layers.Dense(maps, use_bias=False)(y))))


def one_after_the_other(shape, maps):
    first = layers.DepthwiseConv2D(3, padding="same", use_bias=False)
    second = layers.Conv2D(maps, 1, use_bias=False)
    normalized = [layers.BatchNormalization(), layers.ReLU()]
    again = [layers.BatchNormalization(), layers.ReLU()]
    return keras.Sequential([keras.Input(shape), first, *normalized, second, *again])


def frontier(costs, accuracies):
    order = sorted(range(len(costs)), key=lambda n: (costs[n], -accuracies[n]))
    best, kept = (-1, -1), set()
    for n in order:
        if accuracies[n] > best[1] or (costs[n], accuracies[n]) == best:
            best = costs[n], accuracies[n]
            kept.add(n)
    return [n in kept for n in range(len(costs))]


test_right_in_another_way = accepted({
    "y first": (check.residual, residual(lambda x, y: relu(layers.Add()([y, x])))),
    "an Activation": (
        check.residual, residual(lambda x, y: layers.Activation("relu")(layers.Add()([x, y])))),
    "a plus": (check.residual, residual(lambda x, y: relu(x + y))),
    "an operation": (check.residual, residual(lambda x, y: keras.ops.relu(keras.ops.add(x, y)))),
    "a model inside": (check.residual, by_a_sequential),
    "a convolution in groups": (
        check.separable, lambda shape, maps: separable(
            layers.Conv2D(shape[-1], 3, padding="same", groups=shape[-1], use_bias=False))(shape, maps)),
    "a dense layer": (check.separable, by_a_dense_layer),
    "a Sequential": (check.separable, one_after_the_other),
    "1 and 0": (check.worth_a_look, lambda costs, accuracies: [int(kept) for kept in frontier(costs, accuracies)]),
    "an Activation, separable": (check.separable, separable(last=layers.Activation("relu"))),
    "an array": (
        check.multiplications, lambda side, k, m, n: np.array([side**2 * k**2 * m * n, side**2 * m * (k**2 + n)])),
    "along the frontier": (check.worth_a_look, frontier),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "no shortcut": (check.residual, residual(lambda x, y: relu(y)), "an Add"),
    "shortcut around nothing": (
        check.residual, residual(lambda x, y: relu(layers.Add()([y, y]))), "Nothing of the input"),
    "ReLU before the sum": (
        check.residual, residual(lambda x, y: layers.Add()([x, relu(y)])), "ReLU comes last"),
    "no last ReLU": (check.residual, residual(lambda x, y: layers.Add()([x, y])), "ReLU comes last"),
    "one normalization": (check.residual, residual(second=lambda y: y), "a batch normalization"),
    "with a bias": (check.residual, residual(use_bias=True), "use_bias=False"),
    "dilated": (check.residual, residual(dilation_rate=2), "something else"),
    "a ReLU too many": (check.residual, residual(second=lambda y: relu(norm(y))), "something else"),
    "a dropout": (check.residual, residual(second=lambda y: layers.Dropout(0.3)(norm(y))), "a dropout"),
    "ReLU6": (check.separable, separable(last=layers.ReLU(6.0)), "something else"),
    "leaky": (
        check.residual, residual(lambda x, y: layers.LeakyReLU()(layers.Add()([x, y]))), "ReLU of what came in"),
    "the average": (check.residual, residual(lambda x, y: relu(layers.Average()([x, y]))), "an Add"),
    "a tensor": (check.residual, residual(whole=False), "keras.Model(x, y)"),
    "ordinary first": (
        check.separable, lambda shape, maps: separable(
            layers.Conv2D(shape[-1], 3, padding="same", use_bias=False))(shape, maps), "a convolution"),
    "3 x 3 at the end": (check.separable, separable(side=3), "parameters"),
    "no last ReLU, separable": (check.separable, separable(last=lambda y: y), "something else"),
    "valid padding": (
        check.separable, separable(layers.DepthwiseConv2D(3, use_bias=False)), "Another shape"),
    "weights alone": (
        check.multiplications, lambda side, k, m, n: (k * k * m * n, k * k * m + m * n), "at every place"),
    "a bias": (
        check.multiplications, lambda side, k, m, n: (
            side**2 * (k * k * m + 1) * n, side**2 * (k * k * m + m * n)), None),
    "cheaper only": (
        check.worth_a_look, lambda costs, accuracies: [
            not any(c < cost and a >= reached for c, a in zip(costs, accuracies, strict=True))
            for cost, reached in zip(costs, accuracies, strict=True)], None),
    "the cheapest": (
        check.worth_a_look, lambda costs, accuracies: [c == min(costs) for c in costs], "One rule"),
    "per cost": (
        check.worth_a_look, lambda costs, accuracies: [
            a / c == max(np.divide(accuracies, costs)) for a, c in zip(accuracies, costs, strict=True)], "One rule"),
})  # fmt: skip
