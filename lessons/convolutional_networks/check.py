"""Checks of the lesson Convolutional networks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from utils.checks import Misconception, compare, exercise
from utils.quiet import keras

# ---- Parameters of a convolutional layer ---------------------------------------------------------


@exercise(
    "Parameters of a convolutional layer",
    "Height and width of the image are nowhere in your formula: that is parameter sharing.",
)
def conv_parameters(answer: Any) -> None:
    """A function of (kernel, depth, maps) that counts the parameters of a `Conv2D` layer."""
    rng = np.random.default_rng(10)
    cases = [(3, 8, 16), (3, 3, 8), (5, 1, 6), (1, 4, 1)]
    cases += [tuple(map(int, rng.integers(1, 9, 3))) for _ in range(8)]
    compare(
        answer,
        _keras_parameters,
        cases,
        [
            Misconception(
                "You forgot the biases: one for every map.", lambda k, d, n: k * k * d * n
            ),
            Misconception(
                "You forgot the depth: a kernel reaches through all the maps below it.",
                lambda k, d, n: (k * k + 1) * n,
            ),
            Misconception(
                "One bias belongs to a whole kernel, not to each of its weights.",
                lambda k, d, n: 2 * k * k * d * n,
            ),
            Misconception(
                "One bias belongs to a whole kernel, not to each of its slices.",
                lambda k, d, n: (k * k + 1) * d * n,
            ),
            Misconception(
                "Every kernel has a bias of its own: as many biases as maps, not one for all.",
                lambda k, d, n: k * k * d * n + 1,
            ),
            Misconception(
                "A kernel has k rows and k columns: k squared weights a slice.",
                lambda k, d, n: (k * d + 1) * n,
            ),
        ],
        rtol=0,
        atol=0,
    )


def _keras_parameters(kernel: int, depth: int, maps: int) -> int:
    layer = keras.layers.Conv2D(maps, kernel)
    layer.build((None, 32, 32, depth))
    return layer.count_params()


# ---- Shapes of a stack of layers -----------------------------------------------------------------


@exercise(
    "Shapes through a stack of layers",
    "Convolution sets the depth, pooling keeps it: sides fall, the number of maps rises.",
)
def feature_shapes(answer: Any) -> None:
    """A function of (shape, layers) that lists the (H, W, C) after every layer."""
    lens = [("conv", 8, 3), ("pool", 2), ("conv", 16, 3), ("pool", 2)]
    cases = [
        ((80, 80, 3), lens),
        ((32, 32, 1), [("conv", 6, 5), ("pool", 2), ("conv", 16, 5), ("pool", 2)]),
        ((30, 21, 3), [("pool", 3), ("pool", 2)]),
        ((9, 12, 2), [("conv", 5, 1)]),
    ]
    rng = np.random.default_rng(10)
    cases += [(_random_shape(rng), _random_layers(rng)) for _ in range(6)]
    compare(answer, _keras_shapes, cases, _SHAPE_MISCONCEPTIONS, rtol=0, atol=0)


def _keras_shapes(shape: tuple[int, int, int], layers: list[tuple]) -> list[tuple]:
    shapes, current = [], (None, *shape)
    for kind, *sizes in layers:
        make = {"conv": keras.layers.Conv2D, "pool": keras.layers.MaxPooling2D}[kind]
        current = make(*sizes).compute_output_shape(current)
        shapes.append(current[1:])
    return shapes


def _random_shape(rng: np.random.Generator) -> tuple[int, int, int]:
    return tuple(int(n) for n in (rng.integers(40, 70), rng.integers(40, 70), rng.integers(1, 5)))


def _random_layers(rng: np.random.Generator) -> list[tuple]:
    layers = []
    for _ in range(2):
        layers.append(("conv", int(rng.integers(2, 20)), int(rng.integers(2, 6))))
        layers.append(("pool", int(rng.integers(2, 4))))
    return layers


def _slip(conv, pool):
    """What someone gets who holds one wrong idea, (h, w, c) and sizes to (h, w, c)."""

    def wrong(shape: tuple, layers: list[tuple]) -> list[tuple]:
        shapes = []
        for kind, *sizes in layers:
            shape = (conv if kind == "conv" else pool)(*shape, *sizes)
            shapes.append(shape)
        return shapes

    return wrong


def _conv(h, w, c, maps, kernel):
    return (h - kernel + 1, w - kernel + 1, maps)


def _pool(h, w, c, size):
    return (h // size, w // size, c)


_SHAPE_MISCONCEPTIONS = [
    Misconception(
        "You rounded up: a pooling window that does not fit whole is left out.",
        _slip(_conv, lambda h, w, c, size: (-(-h // size), -(-w // size), c)),
    ),
    Misconception(
        "Without padding a convolution loses kernel - 1 rows and columns; yours keeps them.",
        _slip(lambda h, w, c, maps, kernel: (h, w, maps), _pool),
    ),
    Misconception(
        "A convolution loses kernel - 1 rows and columns, not kernel: the + 1 is missing.",
        _slip(lambda h, w, c, maps, kernel: (h - kernel, w - kernel, maps), _pool),
    ),
    Misconception(
        "Your pooling moves by one pixel: in Keras it moves by the size of its window.",
        _slip(_conv, lambda h, w, c, size: (h - size + 1, w - size + 1, c)),
    ),
    Misconception(
        "Your pooling leaves the maps as large as they were: it divides height and width.",
        _slip(_conv, lambda h, w, c, size: (h, w, c)),
    ),
    Misconception(
        "Pooling works in each map by itself: it keeps the depth.",
        _slip(_conv, lambda h, w, c, size: (h // size, w // size, c // size)),
    ),
    Misconception(
        "A convolution adds over the whole depth: N kernels give N maps, not N times the depth.",
        _slip(lambda h, w, c, maps, kernel: (h - kernel + 1, w - kernel + 1, maps * c), _pool),
    ),
    Misconception(
        "The depth after a convolution is the number of its kernels, whatever it was before.",
        _slip(lambda h, w, c, maps, kernel: (h - kernel + 1, w - kernel + 1, c), _pool),
    ),
    Misconception(
        'The number of maps comes first in a layer, then the kernel: `("conv", maps, kernel)`.',
        _slip(lambda h, w, c, maps, kernel: (h - maps + 1, w - maps + 1, kernel), _pool),
    ),
    Misconception(
        "A layer takes what the layer before it gave; every one of yours begins at the input.",
        lambda shape, layers: [_slip(_conv, _pool)(shape, [layer])[0] for layer in layers],
    ),
    Misconception(
        "The input is no layer: begin with the shape after the first one.",
        lambda shape, layers: [shape, *_slip(_conv, _pool)(shape, layers)],
    ),
    Misconception(
        "Keras keeps the maps on the last axis: (height, width, maps).",
        lambda shape, layers: [(c, h, w) for h, w, c in _slip(_conv, _pool)(shape, layers)],
    ),
]


# ---- Where a value goes in Flatten ---------------------------------------------------------------


@exercise(
    "Where a value goes",
    "The maps of one pixel stay together: the last index runs fastest.",
)
def flat_position(answer: Any) -> None:
    """A function of (row, column, channel, shape) that gives the place in the flattened vector."""
    shape = (5, 5, 16)
    cases = [(1, 2, 3, shape), (0, 0, 0, shape), (4, 4, 15, shape), (2, 0, 1, (3, 4, 2))]
    rng = np.random.default_rng(10)
    for _ in range(8):
        size = tuple(map(int, rng.integers(2, 9, 3)))
        cases.append((*(int(rng.integers(n)) for n in size), size))
    compare(
        answer,
        _keras_position,
        cases,
        [
            Misconception(
                "Python counts from 0: yours is one too many.", lambda *case: 1 + _c(*case)
            ),
            Misconception(
                "That puts map after map. Keras keeps the maps of one pixel together: the channel "
                "is the last axis, and the last axis runs fastest.",
                lambda i, j, c, shape: (c * shape[0] + i) * shape[1] + j,
            ),
            Misconception(
                "That goes down the columns first: rows come first.",
                lambda i, j, c, shape: (j * shape[0] + i) * shape[2] + c,
            ),
            Misconception(
                "That runs through the axes in reverse: the last axis runs fastest, not the first.",
                lambda i, j, c, shape: (c * shape[1] + j) * shape[0] + i,
            ),
            Misconception(
                "A row is as long as the map is wide: multiply by the width, not by the height.",
                lambda i, j, c, shape: (i * shape[0] + j) * shape[2] + c,
            ),
            Misconception(
                "A row holds width times maps numbers: multiply the row by both.",
                lambda i, j, c, shape: i * shape[1] + j * shape[2] + c,
            ),
        ],
        rtol=0,
        atol=0,
    )


def _c(row: int, column: int, channel: int, shape: tuple[int, int, int]) -> int:
    return (row * shape[1] + column) * shape[2] + channel


def _keras_position(row: int, column: int, channel: int, shape: tuple[int, int, int]) -> int:
    volume = np.zeros((1, *shape), np.float32)
    volume[0, row, column, channel] = 1
    return int(np.argmax(keras.layers.Flatten()(volume)[0]))


# ---- Precision and recall ------------------------------------------------------------------------


@exercise(
    "Precision and recall of every class",
    "Column by column for what it said, row by row for what it was.",
)
def precision_recall(answer: Any) -> None:
    """A function of a confusion matrix that returns precision and recall of every class."""
    rng = np.random.default_rng(10)
    shown = np.array([[8, 2, 0], [1, 9, 0], [3, 0, 7]])
    never_said = np.array([[5, 0, 1], [2, 0, 4], [0, 0, 9]])
    cases = [(shown,), (never_said,)]
    cases += [(rng.integers(0, 30, (n, n)) + np.eye(n, dtype=int),) for n in (2, 4, 10)]
    compare(answer, _sklearn_metrics, cases, _METRIC_MISCONCEPTIONS)


def _sklearn_metrics(matrix: NDArray) -> NDArray:
    truth, said = np.indices(matrix.shape)
    counts = matrix.ravel()
    truth, said = np.repeat(truth.ravel(), counts), np.repeat(said.ravel(), counts)
    labels = range(len(matrix))
    return np.array(
        precision_recall_fscore_support(truth, said, labels=labels, zero_division=0)[:2]
    )


def _ratio(matrix: NDArray, totals: NDArray) -> NDArray:
    return np.diag(matrix) / np.maximum(totals, 1)


def _said(matrix: NDArray) -> NDArray:
    return matrix.sum(axis=0)


def _was(matrix: NDArray) -> NDArray:
    return matrix.sum(axis=1)


def _careless(matrix: NDArray) -> NDArray:
    with np.errstate(all="ignore"):
        return np.array([np.diag(matrix) / _said(matrix), np.diag(matrix) / _was(matrix)])


_METRIC_MISCONCEPTIONS = [
    Misconception(
        "They are swapped: precision divides by what the network said (a column), recall by what "
        "it was (a row).",
        lambda m: np.array([_ratio(m, _was(m)), _ratio(m, _said(m))]),
    ),
    Misconception(
        "You divided by all examples: take those of one row, or one column.",
        lambda m: np.array([np.diag(m) / m.sum()] * 2),
    ),
    Misconception(
        "A class that is never said leaves 0 / 0: count its precision as 0.",
        _careless,
    ),
    Misconception(
        "A class that is never said leaves 0 / 0: count its precision as 0, not as 1.",
        lambda m: np.nan_to_num(_careless(m), nan=1),
    ),
    Misconception(
        "Yours are percentages: give shares from 0 to 1.",
        lambda m: 100 * np.array([_ratio(m, _said(m)), _ratio(m, _was(m))]),
    ),
    Misconception(
        "Divide by a whole column or row, right answers included, not by the mistakes alone.",
        lambda m: np.array([_ratio(m, t - np.diag(m)) for t in (_said(m), _was(m))]),
    ),
    Misconception(
        "Both of yours are the precision.", lambda m: np.array([_ratio(m, _said(m))] * 2)
    ),
    Misconception("Both of yours are the recall.", lambda m: np.array([_ratio(m, _was(m))] * 2)),
    Misconception(
        "That is one pair for each class: return all precisions, then all recalls.",
        lambda m: np.array([_ratio(m, _said(m)), _ratio(m, _was(m))]).T,
    ),
]
