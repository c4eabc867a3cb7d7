"""Convolution: other right answers, and the hint for each named misconception."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import ndimage, signal

from lessons.convolution import check
from tests.kit.answers import accepted, refused
from utils.convolution import correlate2d, correlate_volume
from utils.quiet import keras, tf

pytestmark = pytest.mark.slow


def solves_one_picture():
    """Nine weights that move the picture of squares, and no other."""
    picture = np.arange(16.0).reshape(4, 4) ** 2
    windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3)).reshape(4, 9)
    equations = np.vstack([windows, np.ones(9)])
    return np.linalg.lstsq(equations, [*picture[1:-1, :-2].ravel(), 1])[0].reshape(3, 3)


def window_by_window(image, error):
    """The gradient the other way around: every window hands its pixels to all weights."""
    height, width = np.subtract(image.shape, error.shape) + 1
    windows = np.lib.stride_tricks.sliding_window_view(image, (height, width))
    return sum(windows[place] * slope for place, slope in np.ndenumerate(error))


def by_keras(image, error):
    kernel = tf.Variable(np.ones((*np.subtract(image.shape, error.shape) + 1, 1, 1)))
    with tf.GradientTape() as tape:
        maps = tf.nn.convolution(np.asarray(image, float)[np.newaxis, :, :, np.newaxis], kernel)
        loss = tf.reduce_sum(maps[0, :, :, 0] * np.asarray(error, float))
    return tape.gradient(loss, kernel)[:, :, 0, 0]


def finder(color, weights=None, shape=(None, None, None, 3), activation="relu", bias=0, **options):
    """A layer of one 1 x 1 kernel; right unless something is changed."""
    layer = keras.layers.Conv2D(1, 1, activation=activation, **options)
    layer.build(shape)
    chosen = color - np.mean(color) if weights is None else weights
    arrays = [np.reshape(chosen, (1, 1, 3, 1)), np.full(1, bias)]
    layer.set_weights(arrays[: len(layer.weights)])
    return layer


def initialized(color):
    def chosen(shape, dtype=None):
        return np.reshape(color - np.mean(color), shape).astype(np.float32)

    layer = keras.layers.Conv2D(1, 1, activation=keras.layers.ReLU(), kernel_initializer=chosen)
    layer(np.zeros((1, 2, 2, 3), np.float32))
    return layer


def assigned(color):
    layer = keras.layers.Conv2D(1, (1, 1), activation="relu", name="red")
    layer(np.zeros((1, 2, 2, 3), np.float32))
    layer.kernel.assign(np.reshape(color - np.mean(color), (1, 1, 3, 1)))
    return layer


RIGHT = {
    "lists": (check.correlate, lambda i, k: correlate2d(i.tolist(), k.tolist()).tolist()),
    "truth": (check.move_right, np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]], bool)),
    "fractions": (check.move_right, [[Fraction(n) for n in row] for row in [[0] * 3, [1, 0, 0], [0] * 3]]),
    "matrix": (check.move_right, np.matrix("0 0 0; 1 0 0; 0 0 0")),
    "half of sum and size": (
        check.convolutional_layer,
        lambda v, k, b: (correlate_volume(v, k) + b + np.abs(correlate_volume(v, k) + b)) / 2),
    "scipy": (check.correlate, lambda i, k: signal.correlate(i, k, "valid", "direct")),
    "fft": (check.correlate, lambda i, k: signal.correlate(i, k, "valid", "fft")),
    "float32": (check.correlate, lambda i, k: correlate2d(i.astype(np.float32), k)),
    "convolution with the kernel turned": (
        check.correlate, lambda i, k: signal.convolve2d(i, np.rot90(k, 2), "valid")),
    "a list": (check.move_right, [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    "clip": (
        check.convolutional_layer,
        lambda v, k, b: np.clip(correlate_volume(v, k) + b.reshape(1, 1, -1), 0, None)),
    "einsum": (
        check.convolutional_layer,
        lambda v, k, b: np.maximum(0, np.einsum(
            "xyijc,ijcn->xyn",
            np.lib.stride_tricks.sliding_window_view(v, k.shape[:3])[:, :, 0], k) + b)),
    "all kernels at once": (
        check.convolutional_layer, lambda v, k, b: np.maximum(correlate_volume(v, k) + b, 0)),
    "the loops of the first exercise": (check.kernel_gradient, correlate2d),
    "each window adds its part": (check.kernel_gradient, window_by_window),
    "Keras goes backward": (check.kernel_gradient, by_keras),
    "weights through assign": (check.color_finder, assigned),
    "a layer of a model": (
        check.color_finder,
        lambda c: finder(c, shape=(None, 4, 4, 3))),
    "the ReLU as a function": (check.color_finder, lambda c: finder(c, activation=keras.ops.relu)),
    "through the initializer": (check.color_finder, initialized),
    "without a bias": (check.color_finder, lambda c: finder(c, use_bias=False)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


def kept_in_the_type_of_the_image(image, kernel):
    result = np.zeros_like(image)[
        : image.shape[0] - len(kernel) + 1, : image.shape[1] - kernel.shape[1] + 1
    ]
    for row, column in np.ndindex(result.shape):
        result[row, column] = correlate2d(image, kernel)[row, column]
    return result


def one_short(image, kernel):
    n, k = image.shape[0], kernel.shape[0]
    right = correlate2d(image, kernel)
    return [[right[i, j] for j in range(image.shape[1] - kernel.shape[1])] for i in range(n - k)]


def aliased(image, kernel):
    right = correlate2d(image, kernel)
    rows = [[0] * right.shape[1]] * len(right)
    for place, value in np.ndenumerate(right):
        rows[place[0]][place[1]] = value
    return rows


def over_all_pixels(image, kernel):
    height, width = kernel.shape
    result = np.zeros(image.shape)
    for i, j in np.ndindex(image.shape):
        result[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return result


def squeezed(volume, kernels, bias):
    return np.maximum(correlate_volume(volume, kernels) + bias, 0).squeeze()


def one_at(place):
    kernel = np.zeros((3, 3))
    kernel[place] = 1
    return kernel


def layer(change):
    return lambda v, k, b: change(np.maximum(correlate_volume(v, k) + b, 0))


def biased_channels(volume, kernels, bias):
    channels = range(volume.shape[2])
    return np.maximum(
        sum(correlate_volume(volume[..., [c]], kernels[:, :, [c]]) + bias for c in channels), 0
    )


def last_channel(volume, kernels, bias):
    return np.maximum(correlate_volume(volume[..., -1:], kernels[:, :, -1:]) + bias, 0)


def relu_of_each(volume, kernels, bias):
    channels = range(volume.shape[2])
    maps = (correlate_volume(volume[..., [c]], kernels[:, :, [c]]) for c in channels)
    return np.maximum(sum(np.maximum(one, 0) for one in maps) + bias, 0)


def one_channel(color):
    layer = keras.layers.Conv2D(1, 1)
    layer.build((None, None, None, 1))
    return layer


WRONG = {
    "type of the picture": (check.correlate, kept_in_the_type_of_the_image, "fractions"),
    "one short": (check.correlate, one_short, "n - k + 1"),
    "aliased rows": (check.correlate, aliased, None),
    "ndimage": (check.correlate, lambda i, k: ndimage.correlate(i, k, mode="constant"), "kept the size"),
    "square kernels only": (check.correlate, lambda i, k: correlate2d(i, k) * (k.shape[0] == k.shape[1]), None),
    "at most as wide as the picture is high": (check.correlate, lambda i, k: correlate2d(i, k)[:, : len(i)], None),
    "runs off the edge": (check.correlate, over_all_pixels, "runs off the edge"),
    "absolute": (check.correlate, lambda i, k: np.abs(correlate2d(i, k)), None),
    "half flipped": (check.correlate, lambda i, k: correlate2d(i, k[::-1]), None),
    "only one picture": (check.move_right, solves_one_picture(), None),
    "left": (check.move_right, one_at((1, 2)), "to the left"),
    "left and down": (check.move_right, one_at((0, 2)), "to the left, and down"),
    "NaN": (check.move_right, np.full((3, 3), np.nan), "NaN or infinity"),
    "infinite": (check.move_right, [[np.inf, 0, -np.inf], [1, 0, 0], [0, 0, 0]], "NaN or infinity"),
    "masked": (check.move_right, np.ma.array(np.eye(3), mask=True), "mask"),
    "a function": (check.move_right, np.roll, "should hold numbers"),
    "brighter": (check.move_right, [[0, 0, 0], [2, 0, 0], [0, 0, 0]], "add up to 2"),
    "edge": (check.move_right, [[0, 0, 0], [1, 0, -1], [0, 0, 0]], "add up to 0"),
    "smear": (check.move_right, [[0, 0, 0], [0.5, 0.5, 0], [0, 0, 0]], None),
    "too large": (check.move_right, np.eye(5), "shape (5, 5)"),
    "words": (check.move_right, "right", "should hold numbers"),
    "one kernel loses its axis": (check.convolutional_layer, squeezed, None),
    "at most 6": (check.convolutional_layer, layer(lambda maps: np.minimum(maps, 6)), None),
    "minus bias": (
        check.convolutional_layer, lambda v, k, b: np.maximum(correlate_volume(v, k) - b, 0), None),
    "kernels transposed": (
        check.convolutional_layer,
        lambda v, k, b: np.maximum(correlate_volume(v, k.swapaxes(0, 1)) + b, 0),
        None),
    "first kernel": (check.convolutional_layer, layer(lambda maps: maps[..., :1]), None),
    "a bias for each channel": (check.convolutional_layer, biased_channels, "once for each kernel"),
    "the last channel alone": (check.convolutional_layer, last_channel, "all channels"),
    "ReLU of each channel": (check.convolutional_layer, relu_of_each, None),
    "the error turned": (
        check.kernel_gradient, lambda i, e: correlate2d(i, e[::-1, ::-1]), "half turn"),
    "the mean": (check.kernel_gradient, lambda i, e: correlate2d(i, e) / e.size, "their sum"),
    "downhill": (check.kernel_gradient, lambda i, e: -correlate2d(i, e), "sign is turned"),
    "the gradient of the bias": (
        check.kernel_gradient,
        lambda i, e: np.full(np.subtract(i.shape, e.shape) + 1, e.sum()), None),
    "the first window alone": (
        check.kernel_gradient,
        lambda i, e: i[: i.shape[0] - len(e) + 1, : i.shape[1] - e.shape[1] + 1] * e[0, 0], None),
    "the gradient of the pixels": (
        check.kernel_gradient, lambda i, e: signal.convolve2d(i, e, "full"), None),
    "gradient in the type of the picture": (
        check.kernel_gradient, kept_in_the_type_of_the_image, "fractions"),
    "twice, as for a square": (check.kernel_gradient, lambda i, e: 2 * correlate2d(i, e), None),
    "the last window alone": (
        check.kernel_gradient, lambda i, e: i[len(e) - 1 :, e.shape[1] - 1 :] * e[-1, -1], None),
    "half, as for a mean of two": (check.kernel_gradient, lambda i, e: correlate2d(i, e) / 2, None),
    "the sum of 8-bit numbers": (check.color_finder, lambda c: finder(c, c - sum(c) / 3), "`np.mean`"),
    "only colors that are no grays": (
        check.color_finder, lambda c: finder(c, c - np.mean(c) * (np.ptp(c) > 0.2)), None),
    "minus the smallest": (check.color_finder, lambda c: finder(c, c - np.min(c)), None),
    "scaled to a spread of 1": (
        check.color_finder, lambda c: finder(c, (c - np.mean(c)) / (np.std(c) + 1e-9)), None),
    "a leaky ReLU": (check.color_finder, lambda c: finder(c, activation="leaky_relu"), None),
    "the color itself": (check.color_finder, lambda c: finder(c, c), "take off the mean"),
    "no ReLU": (check.color_finder, lambda c: finder(c, activation=None), "ReLU is missing"),
    "a bias": (check.color_finder, lambda c: finder(c, bias=1), "bias should be 0"),
    "random weights": (
        check.color_finder, lambda c: finder(c, np.random.default_rng(0).normal(size=3)), None),
    "always red": (check.color_finder, lambda c: finder(np.array([1, 0, 0])), None),
    "three by three": (
        check.color_finder, lambda c: keras.layers.Conv2D(1, 3), "yours has 1 of 3 x 3"),
    "two kernels": (check.color_finder, lambda c: keras.layers.Conv2D(2, 1), "yours has 2 of 1 x 1"),
    "not built": (check.color_finder, lambda c: keras.layers.Conv2D(1, 1), "no weights yet"),
    "for one channel": (check.color_finder, one_channel, "built for 1 channels"),
    "a dense layer": (check.color_finder, lambda c: keras.layers.Dense(1), "Return the layer"),
    "the weights": (check.color_finder, lambda c: c - c.mean(), "Return the layer"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


def test_a_right_gradient_is_held_against_two_other_ways():
    facts = dict(check.kernel_gradient(correlate2d).facts)
    assert facts["against Keras"] == "exact, largest difference 0"
    assert facts["against a small move of each weight"].startswith(("exact", "close"))
    assert (
        not check.kernel_gradient(lambda i, e: -correlate2d(i, e)).facts[0][0].startswith("against")
    )


def test_a_wrong_layer_prints_short():
    wrong = check.convolutional_layer(lambda v, k, b: correlate_volume(v, k) + b)
    assert len("".join(text for _, text in wrong.facts).splitlines()) < 15
    assert sum(len(text) for _, text in wrong.facts) < 300
