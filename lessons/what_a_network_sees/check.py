"""Checks of the lesson What a network sees."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from utils.checks import Exercise
from utils.quiet import keras

activations, ops = keras.activations, keras.ops

# ---- LeNet-5 without Keras -----------------------------------------------------------------------

Weights = list[NDArray]


def _forward(
    bend: Callable = activations.tanh,
    dense: Callable = activations.tanh,
    end: Callable = activations.softmax,
    pool: Callable = ops.average_pool,
    biases: int = 1,
    axes: tuple[int, ...] = (0, 1, 2, 3),
) -> Callable[[NDArray, Weights], NDArray]:
    """LeNet-5 by the operations of Keras, or what it becomes by a wrong idea."""

    def forward(picture: NDArray, weights: Weights) -> NDArray:
        *pairs, (table, bias) = zip(weights[::2], weights[1::2], strict=True)
        values = ops.convert_to_tensor(picture[np.newaxis], "float32")
        for kernels, b in pairs[:2]:
            values = pool(bend(ops.conv(values, kernels) + biases * b), 2)
        values = ops.reshape(ops.transpose(values, axes), (1, -1))
        for w, b in pairs[2:]:
            values = dense(values @ w + biases * b)
        return np.asarray(end(values @ table + biases * bias))[0]

    return forward


def _trained(rng: np.random.Generator, side: int, *sizes: int) -> tuple[NDArray, Weights]:
    """A picture, and weights as a training could leave them."""
    one, two, three, four, classes = sizes
    line = (side // 4 - 3) ** 2 * two
    weights = []
    for shape in (5, 5, 1, one), (5, 5, one, two), (line, three), (three, four), (four, classes):
        spread = 1.5 / np.sqrt(np.prod(shape[:-1]))
        weights += [rng.normal(0, spread, shape), rng.normal(0, 0.5, shape[-1])]
    return rng.random((side, side, 1)), [one.astype(np.float32) for one in weights]


forward = Exercise(
    title="LeNet-5 without Keras",
    outcome="run",
    praise="Seven lines and ten arrays: nothing else is in a trained network.",
    nudge="What has happened to a number of conv1 before it reaches conv2?",
    hint='A round is `pool2d(np.tanh(correlate_volume(maps, k) + b), how="average")`, a dense '
    "layer `np.tanh(line @ w + b)`. `maps.reshape(-1)` is Flatten; the last layer has softmax in "
    "place of tanh.",
    oracle=_forward(),
    cases=[
        _trained(np.random.default_rng(0), 16, 1, 2, 2, 2, 2),
        _trained(np.random.default_rng(1), 32, 6, 16, 9, 7, 10),
    ],
    legal=lambda rng: _trained(rng, rng.choice([16, 20, 32]), *rng.integers(2, 6, 5)),
    draws=8,
    misconceptions={
        "That is the maximum of each window: LeNet-5 takes the average.": (
            _forward(pool=ops.max_pool)
        ),
        "That is ReLU: LeNet-5 has tanh.": (
            _forward(activations.relu, activations.relu),
            _forward(bend=activations.relu),
            _forward(dense=activations.relu),
        ),
        "The tanh is missing behind the convolutions.": _forward(bend=activations.linear),
        "The tanh is missing behind the dense layers.": _forward(dense=activations.linear),
        "The biases are missing.": _forward(biases=0),
        "Those are the scores: softmax makes probabilities of them.": (
            _forward(end=activations.linear)
        ),
        "The last layer has softmax in place of tanh, not behind it.": _forward(
            end=lambda scores: ops.softmax(ops.tanh(scores))
        ),
        "Flatten keeps the maps of a pixel together: `maps.reshape(-1)` alone, no axis moved.": (
            _forward(axes=(0, 3, 1, 2))
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


def _deep(rng: np.random.Generator) -> tuple[int, int, Stack]:
    """No stride skips a pixel: how many rows a number sees is then how far they reach."""
    sizes = rng.integers(1, 6, rng.integers(1, 6)).tolist()
    stack = [(size, int(rng.integers(1, min(size, 3) + 1))) for size in sizes]
    return int(rng.integers(0, 9)), int(rng.integers(0, 9)), stack


def _grown(stack: Stack) -> int:
    side = 1
    for size, stride in reversed(stack):
        side = side * stride + size
    return side


def _with_side(side: Callable[[Stack], int]) -> Callable[[int, int, Stack], tuple]:
    return lambda row, column, stack: (*_pixels(row, column, stack)[:2], side(stack))


window_below = Exercise(
    title="The window below a number",
    outcome="trace",
    praise="So the deeper the layer, the larger the piece of the picture that one number sees.",
    nudge="Go backward: which numbers of the layer below does one number see? And these?",
    hint="One number sees one number: side 1. Through a layer, from the last to the first: "
    "`top = top * stride`, the same for `left`, and `side = (side - 1) * stride + size`.",
    oracle=_pixels,
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
        "them.": lambda row, column, stack: (row, column, _pixels(row, column, stack)[2]),
        "The step of a layer is the product of all strides below it: a later kernel reaches "
        "further than its own size.": (
            _with_side(lambda stack: 1 + sum(size - 1 for size, _ in stack)),
            _with_side(lambda stack: stack[-1][0]),
        ),
        "A side of k numbers covers (k - 1) · stride + size below it, not k · stride + size.": (
            _with_side(_grown)
        ),
        "You went through the layers from the picture up: start at the number, in the last one.": (
            lambda row, column, stack: _pixels(row, column, stack[::-1])
        ),
        "Return the row first, then the column.": (
            lambda row, column, stack: _pixels(column, row, stack)
        ),
        "The side is one too small: the first row and the last count both.": (
            lambda row, column, stack: np.subtract(_pixels(row, column, stack), (0, 0, 1))
        ),
    },
)

# ---- The reasons of a vote -----------------------------------------------------------------------


def _votes(rng: np.random.Generator) -> tuple[NDArray, NDArray, int, int]:
    units, classes = int(rng.integers(3, 90)), int(rng.integers(2, 11))
    hidden, weights = np.tanh(rng.normal(0, 2, units)), rng.normal(size=(units, classes))
    return hidden, weights, int(rng.integers(classes)), int(rng.integers(1, units + 1))


def _strongest(hidden: NDArray, weights: NDArray, said: int, count: int) -> list[int]:
    products = {unit: float(h) * float(weights[unit][said]) for unit, h in enumerate(hidden)}
    return sorted(products, key=products.get, reverse=True)[:count]


def _first(worth: Callable[[NDArray, NDArray], NDArray]) -> Callable[..., NDArray]:
    """The units of the largest worth, a function of what they say and of their weights."""
    return lambda hidden, weights, said, count: np.argsort(-worth(hidden, weights[:, said]))[:count]


reasons = Exercise(
    title="The reasons of a vote",
    outcome="explain",
    praise="A weight alone is an opinion; times what the unit says it is a vote.",
    nudge="What does one hidden unit add to the score of one class?",
    hint="`hidden * weights[:, said]` are the products. `np.argsort(-products)` puts the largest "
    "first; take the first `count`.",
    oracle=_strongest,
    cases=[
        (np.array([0.5, -1.0, 0.9]), np.array([[2.0, 1.0], [-1.5, 3.0], [0.2, 0.5]]), 0, 2),
        (np.array([0.5, -1.0, 0.9]), np.array([[2.0, 1.0], [-1.5, 3.0], [0.2, 0.5]]), 1, 3),
        (np.array([-0.9, -0.2, 0.4, 0.8]), np.array([[-1.0], [5.0], [0.1], [-2.0]]), 0, 1),
    ],
    legal=_votes,
    whole=True,
    misconceptions={
        "Those have the largest weights. What counts is the weight times what the unit says.": (
            _first(lambda hidden, weights: weights)
        ),
        "Those units are the most active. Multiply each by its weight for the class.": (
            _first(lambda hidden, weights: hidden)
        ),
        "Those are the strongest products without regard to sign: a negative one speaks against "
        "the class.": _first(lambda hidden, weights: np.abs(hidden * weights)),
        "Those speak most against the class: sort by the product with a minus.": (
            _first(lambda hidden, weights: -hidden * weights)
        ),
        "The strongest comes first: yours come in reverse.": (
            lambda *given: _strongest(*given)[::-1]
        ),
        "Return the numbers of the units, not their products.": (
            lambda hidden, weights, said, count: np.sort(hidden * weights[:, said])[::-1][:count]
        ),
    },
)

# ---- Precision and recall ------------------------------------------------------------------------


def _by_sklearn(matrix: NDArray) -> tuple[NDArray, ...]:
    truth, said = np.indices(matrix.shape).reshape(2, -1)
    return precision_recall_fscore_support(
        truth, said, sample_weight=matrix.ravel(), zero_division=0
    )[:2]


def _confusion(rng: np.random.Generator) -> tuple[NDArray]:
    """Every class has examples; in half of the cases one is never called, or never right."""
    n = int(rng.integers(2, 11))
    matrix, one = rng.integers(0, rng.choice([3, 30, 400]), (n, n)), int(rng.integers(n))
    if rng.random() < 0.3:
        matrix[:, one] = 0
    elif rng.random() < 0.3:
        matrix[one, one] = 0
    matrix[matrix.sum(axis=1) == 0, one - 1] = 2
    return (matrix,)


def _ratios(matrix: NDArray) -> NDArray:
    """Precision and recall, with NaN for 0 / 0."""
    return np.diag(matrix) / [matrix.sum(axis=0), matrix.sum(axis=1)]


def _both(matrix: NDArray) -> NDArray:
    return np.nan_to_num(_ratios(matrix))


precision_recall = Exercise(
    title="Precision and recall of every class",
    outcome="judge",
    praise="Column by column for what it said, row by row for what it was.",
    nudge="Where in the matrix do the right answers stand? And all that was *called* 3: a row or a "
    "column?",
    hint="`np.diag(matrix)` holds the right answers, `matrix.sum(axis=0)` how often each class was "
    "called, `matrix.sum(axis=1)` how often it was there. See to it that nothing divides by 0.",
    oracle=_by_sklearn,
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
        "it was (a row).": (lambda m: _both(m)[::-1], lambda m: _ratios(m)[::-1]),
        "Both of yours are the same: one divides by what was said (a column), the other by what it "
        "was (a row).": (lambda m: _both(m)[[0, 0]], lambda m: _both(m)[[1, 1]]),
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
