"""Checks of the lesson What a network sees."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from utils.checks import Exercise
from utils.convolution import correlate_volume, pool2d
from utils.quiet import keras

layers = keras.layers

# ---- LeNet-5 without Keras -----------------------------------------------------------------------

Weights = list[NDArray]


@cache
def _lenet(side: int, sizes: tuple[int, ...]) -> keras.Model:
    """LeNet-5 with other numbers of maps and units."""
    one, two, three, four, classes = sizes
    return keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Conv2D(one, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(two, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(three, activation="tanh"),
            layers.Dense(four, activation="tanh"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def _by_keras(picture: NDArray, weights: Weights) -> NDArray:
    model = _lenet(len(picture), tuple(bias.size for bias in weights[1::2]))
    model.set_weights(weights)
    return np.asarray(model(picture[np.newaxis])[0])


SIDES = {16: 1, 20: 2, 32: 5}
"""From the side of a picture to that of the last maps."""


def _trained(seed: int, side: int, *sizes: int) -> tuple[NDArray, Weights]:
    """A picture, and weights as a training could leave them."""
    rng = np.random.default_rng(seed)
    one, two, three, four, classes = sizes
    inputs = SIDES[side] ** 2 * two
    shapes = [(5, 5, 1, one), (5, 5, one, two), (inputs, three), (three, four), (four, classes)]
    weights = []
    for shape in shapes:
        spread = 1.5 / np.sqrt(np.prod(shape[:-1]))
        weights += [rng.normal(0, spread, shape), rng.normal(0, 0.5, shape[-1])]
    return rng.random((side, side, 1)), [one.astype(np.float32) for one in weights]


def _drawn(rng: np.random.Generator) -> tuple[NDArray, Weights]:
    sizes = rng.integers(2, 6, 5).tolist()
    return _trained(int(rng.integers(1000)), int(rng.choice(list(SIDES))), *sizes)


def _softmax(scores: NDArray) -> NDArray:
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def _forward(
    bend: Callable = np.tanh,
    dense: Callable = np.tanh,
    how: str = "average",
    end: Callable = _softmax,
    biases: int = 1,
    order: str = "C",
) -> Callable[[NDArray, Weights], NDArray]:
    """What somebody gets who holds one wrong idea."""

    def wrong(picture: NDArray, weights: Weights) -> NDArray:
        k1, b1, k2, b2, w3, b3, w4, b4, w5, b5 = weights
        maps = pool2d(bend(correlate_volume(picture, k1) + biases * b1), how=how)
        maps = pool2d(bend(correlate_volume(maps, k2) + biases * b2), how=how)
        line = maps.ravel() if order == "C" else np.moveaxis(maps, 2, 0).ravel()
        hidden = dense(dense(line @ w3 + biases * b3) @ w4 + biases * b4)
        return end(hidden @ w5 + biases * b5)

    return wrong


def _straight(values: NDArray) -> NDArray:
    return values


def _relu(values: NDArray) -> NDArray:
    return np.maximum(values, 0)


forward = Exercise(
    title="LeNet-5 without Keras",
    outcome="run",
    praise="Seven lines and ten arrays: nothing else is in a trained network.",
    nudge="What has happened to a number of conv1 before it reaches conv2?",
    hint='A round is `pool2d(np.tanh(correlate_volume(maps, k) + b), how="average")`, a dense '
    "layer `np.tanh(line @ w + b)`. `maps.reshape(-1)` is Flatten; the last layer has softmax in "
    "place of tanh.",
    oracle=lambda picture, weights: _by_keras(picture, weights),
    cases=[_trained(0, 16, 1, 2, 2, 2, 2), _trained(1, 32, 6, 16, 9, 7, 10)],
    legal=_drawn,
    draws=8,
    misconceptions={
        "That is the maximum of each window: LeNet-5 takes the average.": _forward(how="max"),
        "That is ReLU: LeNet-5 has tanh.": (
            _forward(_relu, _relu),
            _forward(bend=_relu),
            _forward(dense=_relu),
        ),
        "The tanh is missing behind the convolutions.": _forward(bend=_straight),
        "The tanh is missing behind the dense layers.": _forward(dense=_straight),
        "The biases are missing.": _forward(biases=0),
        "Those are the scores: softmax makes probabilities of them.": _forward(end=_straight),
        "The last layer has softmax in place of tanh, not behind it.": _forward(
            end=lambda scores: _softmax(np.tanh(scores))
        ),
        "Flatten keeps the maps of a pixel together: `maps.reshape(-1)` alone, no axis moved.": (
            _forward(order="maps")
        ),
    },
)

# ---- The window below a number -------------------------------------------------------------------

Stack = list[tuple[int, int]]


def _pixels(row: int, column: int, stack: Stack) -> tuple[int, int, int]:
    """All pixels that reach a number, one by one."""
    reached = [{row}, {column}]
    for size, stride in reversed(stack):
        reached = [{n * stride + step for n in axis for step in range(size)} for axis in reached]
    return min(reached[0]), min(reached[1]), max(reached[0]) - min(reached[0]) + 1


def _window(row: int, column: int, stack: Sequence[tuple[int, int]]) -> tuple[int, int, int]:
    side, step = 1, 1
    for size, stride in stack:
        side, step = side + (size - 1) * step, step * stride
    return row * step, column * step, side


def _deep(rng: np.random.Generator) -> tuple[int, int, Stack]:
    """No stride skips a pixel: how many rows a number sees is then how far they reach."""
    sizes = rng.integers(1, 6, rng.integers(1, 6)).tolist()
    stack = [(size, int(rng.integers(1, min(size, 3) + 1))) for size in sizes]
    return int(rng.integers(0, 9)), int(rng.integers(0, 9)), stack


def _wrong_sides(side: Callable[[Stack], int]) -> Callable[[int, int, Stack], tuple]:
    return lambda row, column, stack: (*_window(row, column, stack)[:2], side(stack))


window_below = Exercise(
    title="The window below a number",
    outcome="trace",
    praise="So the deeper the layer, the larger the piece of the picture that one number sees.",
    nudge="Go backward: which numbers of the layer below does one number see? And these?",
    hint="One number sees one number: side 1. Through a layer, from the last to the first: "
    "`top = top * stride`, the same for `left`, and `side = (side - 1) * stride + size`.",
    oracle=lambda row, column, stack: _pixels(row, column, stack),
    cases=[
        (3, 4, [(5, 1), (2, 2), (5, 1)]),
        (0, 0, [(5, 1), (2, 2), (5, 1), (2, 2)]),
        (2, 5, [(3, 2), (3, 1)]),
        (1, 0, [(3, 1), (3, 2)]),
        (7, 2, [(1, 3)]),
        (4, 4, [(3, 1)]),
    ],
    legal=_deep,
    whole=True,
    rtol=0,
    misconceptions={
        "Row and column of the map are not those of the picture: every stride below it multiplies "
        "them.": lambda row, column, stack: (row, column, _window(row, column, stack)[2]),
        "The step of a layer is the product of all strides below it: a later kernel reaches "
        "further than its own size.": (
            _wrong_sides(lambda stack: 1 + sum(size - 1 for size, _ in stack)),
            _wrong_sides(lambda stack: stack[-1][0]),
        ),
        "A side of k numbers covers (k - 1) · stride + size below it, not k · stride + size.": (
            _wrong_sides(lambda stack: _grown(stack))
        ),
        "You went through the layers from the picture up: start at the number, in the last one.": (
            lambda row, column, stack: _window(row, column, stack[::-1])
        ),
        "Return the row first, then the column.": lambda row, column, stack: _window(
            column, row, stack
        ),
        "The side is one too small: the first row and the last count both.": _wrong_sides(
            lambda stack: _window(0, 0, stack)[2] - 1
        ),
    },
)


def _grown(stack: Stack) -> int:
    side = 1
    for size, stride in reversed(stack):
        side = side * stride + size
    return side


# ---- The reasons of a vote -----------------------------------------------------------------------


def _votes(rng: np.random.Generator) -> tuple[NDArray, NDArray, int, int]:
    units, classes = int(rng.integers(3, 90)), int(rng.integers(2, 11))
    hidden, weights = np.tanh(rng.normal(0, 2, units)), rng.normal(size=(units, classes))
    return hidden, weights, int(rng.integers(classes)), int(rng.integers(1, units + 1))


def _strongest(hidden: NDArray, weights: NDArray, said: int, count: int) -> list[int]:
    products = {
        unit: float(hidden[unit]) * float(weights[unit][said]) for unit in range(len(hidden))
    }
    return sorted(products, key=products.get, reverse=True)[:count]


def _first(values: NDArray, count: int) -> NDArray:
    return np.argsort(-values, kind="stable")[:count]


reasons = Exercise(
    title="The reasons of a vote",
    outcome="explain",
    praise="A weight alone is an opinion; times what the unit says it is a vote.",
    nudge="What does one hidden unit add to the score of one class?",
    hint="`hidden * weights[:, said]` are the products. `np.argsort(-products)` puts the largest "
    "first; take the first `count`.",
    oracle=lambda hidden, weights, said, count: _strongest(hidden, weights, said, count),
    cases=[
        (np.array([0.5, -1.0, 0.9]), np.array([[2.0, 1.0], [-1.5, 3.0], [0.2, 0.5]]), 0, 2),
        (np.array([0.5, -1.0, 0.9]), np.array([[2.0, 1.0], [-1.5, 3.0], [0.2, 0.5]]), 1, 3),
        (np.array([-0.9, -0.2, 0.4, 0.8]), np.array([[-1.0], [5.0], [0.1], [-2.0]]), 0, 1),
    ],
    legal=_votes,
    whole=True,
    misconceptions={
        "Those have the largest weights. What counts is the weight times what the unit says.": (
            lambda hidden, weights, said, count: _first(weights[:, said], count)
        ),
        "Those units are the most active. Multiply each by its weight for the class.": (
            lambda hidden, weights, said, count: _first(hidden, count)
        ),
        "Those are the strongest products without regard to sign: a negative one speaks against "
        "the class.": lambda hidden, weights, said, count: _first(
            np.abs(hidden * weights[:, said]), count
        ),
        "Those speak most against the class: sort by the product with a minus.": (
            lambda hidden, weights, said, count: np.argsort(hidden * weights[:, said])[:count]
        ),
        "The strongest comes first: yours come in reverse.": lambda hidden, weights, said, count: (
            _first(hidden * weights[:, said], count)[::-1]
        ),
        "Return the numbers of the units, not their products.": (
            lambda hidden, weights, said, count: np.sort(hidden * weights[:, said])[::-1][:count]
        ),
    },
)

# ---- Precision and recall ------------------------------------------------------------------------


def _by_sklearn(matrix: NDArray) -> NDArray:
    """From a list of single examples, as the matrix counts them."""
    truth, said = (np.repeat(one.ravel(), matrix.ravel()) for one in np.indices(matrix.shape))
    labels = range(len(matrix))
    return np.array(
        precision_recall_fscore_support(truth, said, labels=labels, zero_division=0)[:2]
    )


def _confusion(rng: np.random.Generator) -> tuple[NDArray]:
    """Every class has examples; in half of the cases one is never called, or never right."""
    n = int(rng.integers(2, 11))
    matrix, one = rng.integers(0, rng.choice([3, 30, 400]), (n, n)), int(rng.integers(n))
    if rng.random() < 0.3:
        matrix[:, one] = 0
    elif rng.random() < 0.3:
        matrix[one, one] = 0
    empty = matrix.sum(axis=1) == 0
    matrix[empty, one - 1] = 2
    return (matrix,)


def _ratios(matrix: NDArray) -> tuple[NDArray, NDArray]:
    """Precision and recall, with NaN for 0 / 0."""
    return np.diag(matrix) / matrix.sum(axis=0), np.diag(matrix) / matrix.sum(axis=1)


def _precision(matrix: NDArray) -> NDArray:
    return np.nan_to_num(_ratios(matrix)[0])


def _recall(matrix: NDArray) -> NDArray:
    return _ratios(matrix)[1]


def _both(matrix: NDArray) -> NDArray:
    return np.array([_precision(matrix), _recall(matrix)])


precision_recall = Exercise(
    title="Precision and recall of every class",
    outcome="judge",
    praise="Column by column for what it said, row by row for what it was.",
    nudge="Where in the matrix do the right answers stand? And all that was *called* 3: a row or a "
    "column?",
    hint="`np.diag(matrix)` holds the right answers, `matrix.sum(axis=0)` how often each class was "
    "called, `matrix.sum(axis=1)` how often it was there. See to it that nothing divides by 0.",
    oracle=lambda matrix: _by_sklearn(matrix),
    cases=[
        (np.array([[8, 2, 0], [1, 9, 0], [3, 0, 7]]),),
        (np.array([[5, 0, 1], [2, 0, 4], [0, 0, 9]]),),
        (np.array([[3, 0], [2, 0]]),),
        (np.array([[1, 0], [1, 1]]),),
        (np.array([[0, 4], [1, 0]]),),
        (np.array([[300, 7], [2, 1]]),),
    ],
    legal=_confusion,
    misconceptions={
        "They are swapped: precision divides by what the network said (a column), recall by what "
        "it was (a row).": (
            lambda m: _both(m)[::-1],
            lambda m: _ratios(m)[::-1],
        ),
        "Both of yours are the same: one divides by what was said (a column), the other by what it "
        "was (a row).": (lambda m: [_precision(m)] * 2, lambda m: [_recall(m)] * 2),
        "You divided by all examples: take those of one row, or one column.": (
            lambda m: [np.diag(m) / m.sum()] * 2
        ),
        "A class that is never called leaves 0 / 0: let its precision be 0.": (
            _ratios,
            lambda m: np.nan_to_num(_ratios(m), nan=1),
            lambda m: np.nan_to_num(_ratios(m), nan=-1),
        ),
        "Yours are percentages: give shares from 0 to 1.": lambda m: 100 * _both(m),
        "Divide by a whole column or row, right answers included, not by the mistakes alone.": (
            lambda m: [np.diag(m) / np.maximum(m.sum(axis) - np.diag(m), 1) for axis in (0, 1)],
            lambda m: [np.diag(m) / (m.sum(axis) - np.diag(m)) for axis in (0, 1)],
        ),
        "That is one pair for each class: return all precisions, then all recalls.": (
            lambda m: _both(m).T
        ),
        "Your shares are rounded down to whole numbers: divide with `/`, and keep the decimals.": (
            lambda m: _both(m).astype(int)
        ),
    },
)
