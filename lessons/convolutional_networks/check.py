"""Checks of the lesson Convolutional networks."""

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.convolutional_networks.heads import three_convolutions
from utils import models
from utils.checks import Exercise, NotYet, about, call, require
from utils.checks.networks import built_as, compiled_with, fitted, is_network
from utils.quiet import keras

Shape = tuple[int, int, int]
Pair = tuple[NDArray, NDArray]

layers = keras.layers

# ---- Shapes of a stack of layers -----------------------------------------------------------------


def _shapes(shape: Shape, layers: list[tuple]) -> list[Shape]:
    shapes, current = [], (None, *shape)
    for kind, *sizes in layers:
        make = {"conv": keras.layers.Conv2D, "pool": keras.layers.MaxPooling2D}[kind]
        current = make(*sizes).compute_output_shape(current)
        shapes.append(current[1:])
    return shapes


def _slip(
    conv: Callable[..., Shape] = lambda h, w, c, maps, k: (h - k + 1, w - k + 1, maps),
    pool: Callable[..., Shape] = lambda h, w, c, k: (h // k, w // k, c),
) -> Callable[..., list[Shape]]:
    """What somebody gets who holds one wrong idea, (h, w, c) and the sizes of a layer to shape."""

    def after(shape: Shape, layer: tuple) -> Shape:
        kind, *sizes = layer
        return (conv if kind == "conv" else pool)(*shape, *sizes)

    return lambda shape, layers: [*accumulate(layers, after, initial=shape)][1:]


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
    oracle=_shapes,
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
        "You rounded up: a pooling window that does not fit whole is left out.": (
            _slip(pool=lambda h, w, c, k: (-(-h // k), -(-w // k), c))
        ),
        "Without padding a convolution loses kernel - 1 rows and columns; yours keeps them.": (
            _slip(lambda h, w, c, maps, k: (h, w, maps))
        ),
        "A convolution loses kernel - 1 rows and columns, not kernel: the + 1 is missing.": (
            _slip(lambda h, w, c, maps, k: (h - k, w - k, maps))
        ),
        "Pooling moves by the size of its window: it divides height and width by it.": (
            _slip(pool=lambda h, w, c, k: (h - k + 1, w - k + 1, c)),
            _slip(pool=lambda h, w, c, k: (h, w, c)),
        ),
        "A convolution sets the depth to the number of its kernels, whatever it was; pooling keeps "
        "it.": (
            _slip(lambda h, w, c, maps, k: (h - k + 1, w - k + 1, maps * c)),
            _slip(lambda h, w, c, maps, k: (h - k + 1, w - k + 1, c)),
            _slip(pool=lambda h, w, c, k: (h // k, w // k, c // k)),
        ),
        'The number of maps comes first in a layer, then the kernel: `("conv", maps, kernel)`.': (
            _slip(lambda h, w, c, k, maps: (h - k + 1, w - k + 1, maps))
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

# ---- A network, layer by layer -------------------------------------------------------------------


def _network(answer: Any, right: Callable[[int], keras.Model]) -> None:
    """`NotYet` unless the answer makes networks that compute what the right ones compute."""
    for classes in (10, 26, 2):
        with about(classes=classes):
            model = call(answer, classes)
            is_network(model, (32, 32, 1), "Pictures have 32 rows, 32 columns and 1 channel.")
            built_as(model, right(classes))


lenet5 = Exercise(
    title="LeNet-5",
    outcome="build",
    praise="That is the network of 1998: 61,706 parameters for ten classes.",
    nudge="Eight layers and an input. Which of them have an activation?",
    hint='`keras.Sequential([keras.Input((32, 32, 1)), layers.Conv2D(6, 5, activation="tanh"), '
    "layers.AveragePooling2D(2), ...])`: then the second round, `layers.Flatten()`, and three "
    "`layers.Dense`, the last with `classes` units and softmax.",
    test=lambda answer, rng: _network(answer, lambda classes: models.lenet5(classes=classes)),
)

without_places = Exercise(
    title="One layer, exchanged",
    outcome="exchange",
    praise="One number per map: no weight of the last layer belongs to a place any more.",
    nudge="What does the last dense layer get from a map that has become one number?",
    hint='Three times `layers.Conv2D(maps, 3, activation="relu")`, with `layers.MaxPooling2D(2)` '
    "between them; then `layers.GlobalMaxPooling2D()` and the dense layer.",
    test=lambda answer, rng: _network(
        answer, lambda classes: three_convolutions(layers.GlobalMaxPooling2D(), classes)
    ),
)

# ---- Compile and fit -----------------------------------------------------------------------------

RATE = 0.003


def _stripes(rng: np.random.Generator, count: int, classes: int) -> Pair:
    """Pictures of 8 x 8 that a network learns at once: the row with ink is the label."""
    labels = rng.integers(0, classes, count)
    images = rng.random((count, 8, 8, 1)).astype(np.float32) / 4
    images[np.arange(count), labels] += 1
    return images, labels


def _learns(answer: Any, rng: np.random.Generator) -> None:
    for epochs, classes in ((3, 4), (2, 8)):
        seen, unseen = _stripes(rng, 96, classes), _stripes(rng, 40, classes)
        last = layers.Dense(classes, "softmax")
        model = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), last])
        with about(epochs=epochs, classes=classes):
            _learned(answer, model, seen, unseen, epochs)


def _learned(answer: Any, model: keras.Model, seen: Pair, unseen: Pair, epochs: int) -> None:
    before = model.get_weights()
    try:
        got = call(lambda *given: answer(model, *given), seen, unseen, epochs)
    except NotYet:
        if model.compiled:  # a loss that labels do not fit stops in `fit`
            compiled_with(model, RATE)
        raise
    compiled_with(model, RATE)
    curves = got.history if isinstance(got, keras.callbacks.History) else got
    told = isinstance(curves, dict) and "loss" in curves
    require(told, "Return `.history` of what `model.fit` returns.")
    require("val_loss" in curves, "There is no validation: give `fit` its `validation_data`.")
    named = "val_accuracy" in curves
    require(named, 'Compile with `metrics=["accuracy"]`.', your_curves=", ".join(curves))
    count = len(curves["loss"])
    require(count == epochs, "Another number of epochs.", expected=epochs, got=count)
    fitted(model, epochs, len(seen[0]), 32)
    same = all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
    require(not same, "The weights are what they were: call `model.fit`.")
    loss, ended = model.evaluate(*unseen, verbose=0)[0], curves["val_loss"][-1]
    words = "The validation loss is not that of `unseen`."
    require(np.isclose(loss, ended, rtol=1e-3), words, on_unseen=loss, yours=ended)


learn = Exercise(
    title="Compile and fit",
    outcome="train",
    praise="Compile says how to learn, fit says from what, and for how long.",
    nudge="Two calls. Which of them needs the pictures?",
    hint="`model.compile(optimizer, loss, metrics=[...])`, then `return model.fit(*seen, ...)"
    ".history` with `epochs`, `validation_data` and `verbose=0`.",
    test=_learns,
)
