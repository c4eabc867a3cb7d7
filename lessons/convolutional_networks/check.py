"""Checks of the lesson Convolutional networks."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from utils.checks import Exercise
from utils.quiet import keras

Shape = tuple[int, int, int]

# ---- Where a value goes in Flatten ---------------------------------------------------------------


def _flattened(row: int, column: int, channel: int, shape: Shape) -> int:
    volume = np.zeros((1, *shape), np.float32)
    volume[0, row, column, channel] = 1
    return int(np.argmax(keras.layers.Flatten()(volume)[0]))


def _place(rng: np.random.Generator) -> tuple[int, int, int, Shape]:
    """A place in a volume; in a third of the cases the last one along some of the axes."""
    shape = rng.integers(1, 9, 3)
    ends = rng.random(3) < 0.3
    place = np.where(ends, shape - 1, rng.integers(shape))
    return (*map(int, place), tuple(map(int, shape)))


flat_position = Exercise(
    title="Where a value goes",
    outcome="compute",
    praise="The maps of one pixel stay together: the last index runs fastest.",
    nudge="How many numbers stand before the first one of row 1, and how many before the first one "
    "of column 1?",
    hint="A pixel holds as many numbers as there are maps, a row as many as width times maps. "
    "Add up what stands before: whole rows, whole pixels, and the maps of this pixel.",
    oracle=lambda row, column, channel, shape: _flattened(row, column, channel, shape),
    cases=[
        (1, 2, 3, (5, 5, 16)),
        (0, 0, 0, (5, 5, 16)),
        (4, 4, 15, (5, 5, 16)),
        (2, 0, 1, (3, 4, 2)),
        (1, 2, 1, (2, 3, 4)),
        (22, 30, 33, (24, 31, 40)),
    ],
    legal=_place,
    whole=True,
    rtol=0,
    misconceptions={
        "Python counts from 0: yours is one too many.": lambda i, j, c, shape: (
            (i * shape[1] + j) * shape[2] + c + 1
        ),
        "That puts map after map. Keras keeps the maps of one pixel together: the channel is the "
        "last axis, and the last axis runs fastest.": lambda i, j, c, shape: (
            (c * shape[0] + i) * shape[1] + j
        ),
        "That goes down the columns first: rows come first.": lambda i, j, c, shape: (
            (j * shape[0] + i) * shape[2] + c
        ),
        "That runs through the axes in reverse: the last axis runs fastest, not the first.": (
            lambda i, j, c, shape: (c * shape[1] + j) * shape[0] + i
        ),
        "A row is as long as the map is wide: multiply by the width, not by the height.": (
            lambda i, j, c, shape: (i * shape[0] + j) * shape[2] + c
        ),
        "A row holds width times maps numbers: multiply the row by both.": (
            lambda i, j, c, shape: i * shape[1] + j * shape[2] + c
        ),
    },
)

# ---- Parameters of a convolutional layer ---------------------------------------------------------


def _counted(kernel: int, depth: int, maps: int) -> int:
    layer = keras.layers.Conv2D(maps, kernel)
    layer.build((None, 32, 32, depth))
    return layer.count_params()


conv_parameters = Exercise(
    title="Parameters of a convolutional layer",
    outcome="compute",
    praise="Height and width of the image are nowhere in your formula: that is parameter sharing.",
    nudge="How many weights has one kernel? What does it have besides, and how many kernels are "
    "there?",
    hint="One kernel is a block of `kernel` rows, `kernel` columns and `depth` slices, and has one "
    "bias. The layer has `maps` of them.",
    oracle=lambda kernel, depth, maps: _counted(kernel, depth, maps),
    cases=[(3, 3, 8), (5, 1, 6), (1, 4, 1), (2, 1, 1), (11, 3, 96), (3, 64, 70)],
    legal=lambda rng: tuple(map(int, rng.integers(1, 9, 3))),
    whole=True,
    rtol=0,
    misconceptions={
        "You forgot the biases: one for every map.": lambda k, depth, n: k * k * depth * n,
        "You forgot the depth: a kernel reaches through all the maps below it.": (
            lambda k, depth, n: (k * k + 1) * n
        ),
        "One bias belongs to a whole kernel, not to each of its weights or slices.": (
            lambda k, depth, n: 2 * k * k * depth * n,
            lambda k, depth, n: (k * k + 1) * depth * n,
        ),
        "Every kernel has a bias of its own: as many biases as maps, not one for all.": (
            lambda k, depth, n: k * k * depth * n + 1
        ),
        "A kernel has k rows and k columns: k squared weights a slice.": (
            lambda k, depth, n: (k * depth + 1) * n,
            lambda k, depth, n: (2 * k * depth + 1) * n,
        ),
        "You added a bias for every slice below: there is one for every map that comes out.": (
            lambda k, depth, n: (k * k * n + 1) * depth
        ),
        "Put the weights of a kernel and its bias into brackets: all of that comes once a map.": (
            lambda k, depth, n: k * k * depth + n,
            lambda k, depth, n: k * k * depth + 1,
        ),
    },
)

# ---- Shapes of a stack of layers -----------------------------------------------------------------


def _shapes(shape: Shape, layers: list[tuple]) -> list[Shape]:
    shapes, current = [], (None, *shape)
    for kind, *sizes in layers:
        make = {"conv": keras.layers.Conv2D, "pool": keras.layers.MaxPooling2D}[kind]
        current = make(*sizes).compute_output_shape(current)
        shapes.append(current[1:])
    return shapes


def _conv(h: int, w: int, c: int, maps: int, kernel: int) -> Shape:
    return (h - kernel + 1, w - kernel + 1, maps)


def _pool(h: int, w: int, c: int, size: int) -> Shape:
    return (h // size, w // size, c)


def _slip(
    conv: Callable[..., Shape] = _conv, pool: Callable[..., Shape] = _pool
) -> Callable[..., list[Shape]]:
    """What somebody gets who holds one wrong idea, (h, w, c) and the sizes of a layer to shape."""

    def wrong(shape: Shape, layers: list[tuple]) -> list[Shape]:
        shapes = []
        for kind, *sizes in layers:
            shape = (conv if kind == "conv" else pool)(*shape, *sizes)
            shapes.append(shape)
        return shapes

    return wrong


def _stack(rng: np.random.Generator) -> tuple[Shape, list[tuple]]:
    """A picture and one to six layers of any order that fit on it, at times to the last pixel."""
    shape = left = (*map(int, rng.integers(1, 60, 2)), int(rng.integers(1, 5)))
    layers = []
    for _ in range(rng.integers(1, 7)):
        maps, size = (int(rng.integers(1, most)) for most in (20, min(*left[:2], 7) + 1))
        layers.append(("conv", maps, size) if rng.random() < 0.5 else ("pool", min(size, 4)))
        left = _slip()(left, layers[-1:])[0]
    return shape, layers


feature_shapes = Exercise(
    title="Shapes through a stack of layers",
    outcome="compute",
    praise="Convolution sets the depth, pooling keeps it: sides fall, the number of maps rises.",
    nudge="Which of the three numbers does a convolution change, and which ones does pooling?",
    hint="Keep height, width and depth in three names. Go through the layers; change the names as "
    "each layer says, and append the three of them as a tuple to a list.",
    oracle=lambda shape, layers: _shapes(shape, layers),
    cases=[
        ((80, 80, 3), [("conv", 8, 3), ("pool", 2)]),
        ((32, 30, 1), [("conv", 6, 5), ("pool", 2), ("conv", 16, 5), ("pool", 2)]),
        ((30, 21, 3), [("pool", 3), ("pool", 2)]),
        ((9, 12, 2), [("conv", 5, 1)]),
        ((5, 7, 2), [("conv", 4, 3), ("conv", 3, 3)]),
        ((400, 300, 3), [("conv", 300, 7), ("pool", 3), ("pool", 2)]),
    ],
    legal=_stack,
    whole=True,
    rtol=0,
    misconceptions={
        "You rounded up: a pooling window that does not fit whole is left out.": _slip(
            pool=lambda h, w, c, size: (-(-h // size), -(-w // size), c)
        ),
        "Without padding a convolution loses kernel - 1 rows and columns; yours keeps them.": _slip(
            lambda h, w, c, maps, kernel: (h, w, maps)
        ),
        "A convolution loses kernel - 1 rows and columns, not kernel: the + 1 is missing.": _slip(
            lambda h, w, c, maps, kernel: (h - kernel, w - kernel, maps)
        ),
        "Pooling moves by the size of its window: it divides height and width by it.": (
            _slip(pool=lambda h, w, c, size: (h - size + 1, w - size + 1, c)),
            _slip(pool=lambda h, w, c, size: (h, w, c)),
        ),
        "A convolution sets the depth to the number of its kernels, whatever it was; pooling keeps "
        "it.": (
            _slip(lambda h, w, c, maps, kernel: _conv(h, w, c, maps * c, kernel)),
            _slip(lambda h, w, c, maps, kernel: _conv(h, w, c, c, kernel)),
            _slip(pool=lambda h, w, c, size: (h // size, w // size, c // size)),
        ),
        'The number of maps comes first in a layer, then the kernel: `("conv", maps, kernel)`.': (
            _slip(lambda h, w, c, maps, kernel: _conv(h, w, c, kernel, maps))
        ),
        "A layer takes what the layer before it gave; every one of yours begins at the input.": (
            lambda shape, layers: [_slip()(shape, [layer])[0] for layer in layers]
        ),
        "The input is no layer: begin with the shape after the first one, and end with that after "
        "the last.": (
            lambda shape, layers: [shape, *_slip()(shape, layers)],
            lambda shape, layers: [shape, *_slip()(shape, layers)][:-1],
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
