"""Checks of the lesson Convolutional networks."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons.convolutional_networks.heads import three_convolutions
from utils import models
from utils.checks import Exercise, NotYet, call
from utils.checks.networks import compiled_with
from utils.quiet import keras

Shape = tuple[int, int, int]
Facts = list[tuple[str, str]]
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

# ---- A network, layer by layer -------------------------------------------------------------------

CLASSES = (10, 26, 2)
_NO_STEP = (layers.InputLayer, layers.Activation, layers.ReLU, layers.Softmax)
TAKES = {
    "GlobalMaxPooling2D": "the maximum of each whole map",
    "GlobalAveragePooling2D": "the mean of each whole map",
    "MaxPooling2D": "the maximum of each window",
    "AveragePooling2D": "the mean of each window",
    "Flatten": "every number of every map",
}


def _network(answer: Any, right: Callable[[int], keras.Model]) -> None:
    """`NotYet` unless the answer makes networks that compute what the right ones compute."""
    for classes in CLASSES:
        model, wanted = call(answer, classes), right(classes)
        facts = [("classes", str(classes))]
        _is_model(model, wanted, facts)
        _same_layers(model, wanted, facts)
        _same_answers(model, wanted, facts)


def _is_model(model: Any, wanted: keras.Model, facts: Facts) -> None:
    if not isinstance(model, keras.Model):
        kind = type(model).__name__
        raise NotYet(f"Return the network, a `keras.Sequential`; yours is a {kind}.", facts)
    if not model.built or not getattr(model, "inputs", None):
        raise NotYet("The network does not know its input: begin it with `keras.Input`.", facts)
    if model.input_shape != wanted.input_shape:
        sizes = [("expected input", _size(wanted.input_shape)), ("got", _size(model.input_shape))]
        raise NotYet("The pictures have 32 rows, 32 columns and 1 channel.", [*facts, *sizes])


def _size(shape: tuple) -> str:
    return " × ".join(map(str, shape[1:]))


def _steps(model: keras.Model) -> list[tuple[str, str, int]]:
    """Kind, size of the output and parameters of every layer but activations and idle Flattens."""
    steps = [layer for layer in model.layers if not isinstance(layer, _NO_STEP)]
    return [
        (type(layer).__name__, _size(layer.output.shape), layer.count_params())
        for layer in steps
        if not (isinstance(layer, layers.Flatten) and layer.input.shape == layer.output.shape)
    ]


def _same_layers(model: keras.Model, wanted: keras.Model, facts: Facts) -> None:
    mine, right = _steps(model), _steps(wanted)
    before = _size(model.input_shape)
    for number, (got, goal) in enumerate(zip(mine, right, strict=False), 1):
        told = [*facts, ("expected", _told(*goal)), ("got", _told(*got))]
        kind, size, count = got
        if kind != goal[0] and kind in TAKES and goal[0] in TAKES:
            raise NotYet(f"Layer {number} takes {TAKES[kind]}, not {TAKES[goal[0]]}.", told)
        if (size, count) != goal[1:]:
            padded = kind == "Conv2D" and size.rpartition(" × ")[0] == before.rpartition(" × ")[0]
            hint = "Leave `padding` out: without it a convolution makes the map smaller."
            raise NotYet(f"Layer {number} differs.", told, hint if padded else None)
        before = size
    if len(mine) != len(right):
        raise NotYet(f"Expected {len(right)} layers, got {len(mine)}.", facts)


def _told(kind: str, size: str, count: int) -> str:
    return f"{kind}: gives {size}, {count:,} parameters"


def _same_answers(model: keras.Model, wanted: keras.Model, facts: Facts) -> None:
    """With the same random weights both say the same of the same noise."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, 0.3, one.shape) for one in wanted.get_weights()]
    for one in (model, wanted):
        one.set_weights(weights)
    pictures = rng.random((3, *wanted.input_shape[1:]))
    if np.allclose(model(pictures), wanted(pictures), atol=1e-4):
        return
    told = [
        (label, ", ".join(filter(None, map(_activation, network.layers))))
        for label, network in (("expected", wanted), ("got", model))
    ]
    raise NotYet(
        "Sizes and parameters are right, but with the same weights the network computes something "
        "else. Compare the activations.",
        [*facts, *told],
    )


def _activation(layer: keras.Layer) -> str:
    return getattr(getattr(layer, "activation", None), "__name__", "")


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
        model = keras.Sequential(
            [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(classes, "softmax")]
        )
        before = model.get_weights()
        facts = [("epochs", str(epochs)), ("classes", str(classes))]
        try:
            got = call(lambda *given, model=model: answer(model, *given), seen, unseen, epochs)
        except NotYet:
            if model.compiled:  # a loss that labels do not fit stops in `fit`
                _compiled(model, facts)
            raise
        _compiled(model, facts)
        _fitted(model, got, epochs, len(seen[0]), facts)
        if all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True)):
            raise NotYet("The weights are what they were: call `model.fit`.", facts)
        _on_the_right_pictures(model, got, unseen, facts)


def _compiled(model: keras.Model, facts: Facts) -> None:
    if not model.compiled:
        raise NotYet("The model that you were given is not compiled.", facts)
    compiled_with(model, RATE, facts, ": labels are numbers, and the last layer has softmax")


def _fitted(model: keras.Model, got: Any, epochs: int, count: int, facts: Facts) -> None:
    curves = got.history if isinstance(got, keras.callbacks.History) else got
    if not isinstance(curves, dict) or "loss" not in curves:
        raise NotYet("Return `.history` of what `model.fit` returns.", facts)
    if "val_loss" not in curves:
        raise NotYet("There is no validation: give `fit` its `validation_data`.", facts)
    if "val_accuracy" not in curves:
        named = ", ".join(curves)
        raise NotYet('Compile with `metrics=["accuracy"]`.', [*facts, ("your curves", named)])
    steps = -(-count // 32)
    told = [
        ("expected", f"{epochs} epochs, {epochs * steps} steps"),
        ("got", f"{len(curves['loss'])} epochs, {int(model.optimizer.iterations)} steps"),
    ]
    if len(curves["loss"]) != epochs:
        raise NotYet("Another number of epochs.", [*facts, *told])
    if int(model.optimizer.iterations) != epochs * steps:
        raise NotYet(f"`seen` has {count} pictures, {steps} batches of 32.", [*facts, *told])


def _on_the_right_pictures(model: keras.Model, got: Any, unseen: Pair, facts: Facts) -> None:
    """What it said about validation at the end is what the model says about `unseen`."""
    curves = got.history if isinstance(got, keras.callbacks.History) else got
    loss, _ = model.evaluate(*unseen, verbose=0)
    if not np.isclose(loss, curves["val_loss"][-1], rtol=1e-3):
        told = [("on `unseen`", f"{loss:.4f}"), ("yours", f"{curves['val_loss'][-1]:.4f}")]
        raise NotYet("The validation loss is not that of `unseen`.", [*facts, *told])


learn = Exercise(
    title="Compile and fit",
    outcome="train",
    praise="Compile says how to learn, fit says from what, and for how long.",
    nudge="Two calls. Which of them needs the pictures?",
    hint="`model.compile(optimizer, loss, metrics=[...])`, then `return model.fit(*seen, ...)"
    ".history` with `epochs`, `validation_data` and `verbose=0`.",
    test=_learns,
)
