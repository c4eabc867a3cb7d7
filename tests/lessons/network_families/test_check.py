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
    "the cheapest": (
        check.worth_a_look, lambda costs, accuracies: [c == min(costs) for c in costs], "One rule"),
    "per cost": (
        check.worth_a_look, lambda costs, accuracies: [
            a / c == max(np.divide(accuracies, costs)) for a, c in zip(accuracies, costs, strict=True)], "One rule"),
})  # fmt: skip
