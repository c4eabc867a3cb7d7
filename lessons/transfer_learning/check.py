"""Checks of the lesson Transfer learning."""

from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from lessons.transfer_learning import borrowing
from utils.checks import Exercise, about, call, require
from utils.checks.networks import compiled_with, fitted, is_network
from utils.quiet import keras

layers = keras.layers
SURE = 10
"""Calls in which one of four pictures is mirrored: all but 1 time in 10^12."""

# ---- A borrowed network, small ------------------------------------------------------------------


def _base(maps: int, seed: int) -> keras.Model:
    """A network of two blocks for pictures of any size; its averages are those of no batch."""
    rng = np.random.default_rng(seed)
    x = pictures = keras.Input((None, None, 3))
    for block in ("block1", "block2"):
        for part in ("conv1", "conv2"):
            x = layers.Conv2D(maps, 3, padding="same", use_bias=False, name=f"{block}_{part}")(x)
            x = layers.BatchNormalization(name=f"{block}_{part}_norm")(x)
        x = layers.ReLU(name=f"{block}_relu")(x)
    base = keras.Model(pictures, x, name="base")
    base.set_weights([rng.uniform(0.2, 1, weight.shape) for weight in base.weights])
    return base


def _pictures(rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    return rng.uniform(0, 1, (count, 5, 6, 3)).astype(np.float32)


# ---- A head on a frozen base ---------------------------------------------------------------------


def _builds(answer: Any, rng: np.random.Generator) -> None:
    for maps, classes in ((5, 3), (4, 8)):
        base = _base(maps, int(rng.integers(1000)))
        with about(maps_of_the_base=maps, classes=classes):
            model = call(lambda n, base=base: answer(base, n), classes)
            any_size = "The input should be `keras.Input((None, None, 3))`: any height and width, "
            is_network(model, (None, None, 3), any_size + "in color.")
            _is_frozen(model, base, [(maps, classes), (classes,)])
            pictures = np.floor(256 * _pictures(rng, 4))
            _mirrors(model, base, pictures)
            _computes(model, base, pictures, rng)


def _is_frozen(model: keras.Model, base: keras.Model, head: list[tuple]) -> None:
    require(not base.trainable_weights, "The base still trains: `base.trainable = False`.")
    held = [weight.tobytes() for weight in model.get_weights()]
    inside = all(weight.tobytes() in held for weight in base.get_weights())
    require(inside, "The base is not part of your model: call it on the pictures.")
    got = [tuple(weight.shape) for weight in model.trainable_weights]
    words = "Only one dense layer, on the mean of each map, trains."
    require(got == head, words, expected_to_train=head, got=got)


def _mirrors(model: keras.Model, base: keras.Model, pictures: NDArray) -> None:
    """In training, pictures mirrored left and right come to the base."""
    flips = [layer for layer in model._flatten_layers() if isinstance(layer, layers.RandomFlip)]
    require(flips, "`layers.RandomFlip` is missing before the base.")
    words = "Cars do not stand on their roofs: flip horizontally alone."
    require(flips[0].mode == "horizontal", words)
    with patch.object(base, "call", wraps=base.call) as calls:
        for _ in range(SURE):
            model(pictures, training=True)
    came = [np.asarray(one.args[0]) for one in calls.call_args_list]
    never = came and all(np.array_equal(got, pictures) for got in came)
    words = "The base never sees a mirrored picture: `layers.RandomFlip` comes before it."
    require(not never, words)


def _computes(
    model: keras.Model, base: keras.Model, pictures: NDArray, rng: np.random.Generator
) -> None:
    """Softmax of a dense layer on the means of the maps, with weights of ours."""
    kernel, bias = model.trainable_weights
    maps = np.asarray(base(pictures, training=False))
    kernel.assign(rng.normal(0, 1, kernel.shape) / maps.mean())
    bias.assign(rng.normal(0, 1, bias.shape))
    got = np.asarray(model(pictures, training=False))
    means, largest = (
        softmax(one @ kernel.numpy() + bias.numpy(), axis=1)
        for one in (maps.mean(axis=(1, 2)), maps.max(axis=(1, 2)))
    )
    words = "For each picture there is one probability for each class."
    require(got.shape == means.shape, words, expected_shape=means.shape, your_shape=got.shape)
    shares = np.allclose(got.sum(axis=-1), 1, atol=1e-4)
    require(shares, "These are no probabilities: the dense layer wants softmax.")
    took_largest = np.allclose(got, largest, atol=1e-4)
    hint = "You took the largest number of each map; take its mean." if took_largest else None
    words = "The probabilities are not those of a dense layer on the means."
    require(np.allclose(got, means, atol=1e-4), words, hint)


on_frozen = Exercise(
    title="A new head on a frozen base",
    outcome="build",
    praise="One dense layer learns; everything else is borrowed.",
    nudge="Follow a picture from the input to the answer. Which of the four parts on its way has "
    "weights that may change?",
    hint="`base.trainable = False`; `pictures = keras.Input((None, None, 3))`; then "
    '`layers.RandomFlip("horizontal")(pictures)`, `base(..., training=False)`, '
    "`layers.GlobalAveragePooling2D()(...)`, and a `Dense` with softmax. "
    "`return keras.Model(pictures, ...)`.",
    test=_builds,
)

# ---- What moved ----------------------------------------------------------------------------------

Arrays = list[NDArray]


def _each(rule: Callable[[NDArray, NDArray], Any]) -> Callable[[Arrays, Arrays], list[bool]]:
    return lambda before, after: [bool(rule(*p)) for p in zip(before, after, strict=True)]


def _two_states(rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Arrays of a network, and the same afterwards: untouched, moved, or moved in one number."""
    before, after = [], []
    for _ in range(rng.integers(2, 7)):
        one = rng.normal(0, 0.1, rng.integers(1, 5, rng.integers(1, 5))).astype(np.float32)
        step = rng.normal(0, 0.1, one.shape).astype(np.float32)
        nudged, place = one.copy(), int(rng.integers(one.size))
        nudged.flat[place] = np.nextafter(one.flat[place], np.float32(1))
        before.append(one)
        after.append((one.copy(), one + step, nudged, one[::-1].copy())[rng.integers(4)])
    return before, after


ROW = np.array([1.0, 2.0, 4.0], np.float32)
NEAR = np.array([1.0, 2.0, np.nextafter(np.float32(4), np.float32(5))], np.float32)
moved = Exercise(
    title="What moved",
    outcome="prove",
    praise="Equal in every bit: that is a proof, and not an impression.",
    nudge="`np.array_equal(one, other)` says whether two arrays are the same in every number.",
    hint="Go through both lists with `zip(before, after)`; for each pair, `not np.array_equal(...)`"
    " goes into a list.",
    oracle=_each(lambda one, other: one.tolist() != other.tolist()),
    cases=[
        ([ROW, ROW, ROW], [ROW.copy(), ROW + 1, NEAR]),
        ([ROW, ROW], [ROW[::-1].copy(), ROW.copy()]),
        ([np.zeros((2, 3)), np.ones(1)], [np.zeros((2, 3)), np.array([-1.0])]),
        ([np.eye(3), ROW], [np.eye(3), np.array([1.0, 2.0, 5.0])]),
        ([np.arange(4.0)], [np.array([-1.0, 1, 2, 4])]),
        ([np.full(3, 1e-9), ROW], [np.full(3, -2e-9), NEAR]),
    ],
    legal=_two_states,
    misconceptions={
        "You marked what stayed: True means that the array moved.": _each(
            lambda one, other: one.tolist() == other.tolist()
        ),
        "Small steps count, too. A proof asks for every bit: `np.array_equal`, not `np.allclose` "
        "or a tolerance.": _each(lambda one, other: not np.allclose(one, other)),
        "An array has moved if *any* of its numbers has, not only if all have.": _each(
            lambda one, other: (one != other).all()
        ),
        "Numbers that change places have the same sum: compare number by number.": _each(
            lambda one, other: one.sum() != other.sum()
        ),
        "You looked at the first number of each array alone.": _each(
            lambda one, other: one.flat[0] != other.flat[0]
        ),
        "A step may be negative: ask whether it is 0, not whether it is above 0.": _each(
            lambda one, other: (other - one).max() > 0
        ),
    },
)

# ---- Fine-tuning ---------------------------------------------------------------------------------

EPOCHS, COUNT = 2, 40


def _tunes(answer: Any, rng: np.random.Generator) -> None:
    for maps, block in ((4, "block2"), (3, "block1_conv2")):
        base = _base(maps, int(rng.integers(1000)))
        model = borrowing.on_frozen(base, 3)
        model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
        model.compile, first = partial(model.compile, run_eagerly=True), model.optimizer
        before = [weight.numpy() for weight in model.weights]
        train = _pictures(rng, COUNT), rng.integers(0, 3, COUNT)
        with about(block=block):
            got = call(lambda given, it=(model, base, block): answer(*it, given, EPOCHS), train)
            words = "The model is compiled as before: compile it again, or the next `fit` trains "
            require(model.optimizer is not first, words + "what the last one did.")
            compiled_with(model, borrowing.TUNE_RATE)
            curves = got.history if isinstance(got, keras.callbacks.History) else got
            has_them = isinstance(curves, dict) and "loss" in curves
            require(has_them, "Return `.history` of what `model.fit` returns.")
            fitted(model, EPOCHS, COUNT, 32)
            _opened(model, base, block, before)


def _opened(model: keras.Model, base: keras.Model, block: str, before: Arrays) -> None:
    steps = borrowing.moved(before, [weight.numpy() for weight in model.weights])
    went = {id(weight): step for weight, step in zip(model.weights, steps, strict=True)}
    reached = False
    for layer in base.layers:
        reached = reached or layer.name.startswith(block)
        moves = [went.pop(id(weight)) for weight in layer.weights]
        norm = isinstance(layer, layers.BatchNormalization)
        with about(layer=layer.name):
            words = "A layer before the block has moved: it has to stay frozen."
            require(reached or not any(moves), words)
            words = "A batch normalization has moved: keep all of them frozen."
            require(not (norm and any(moves)), words)
            words = "A layer of the block has not moved: is it open? `base.trainable = ...` sets "
            later = "all layers inside at once; what is set later wins."
            require(not reached or norm or all(moves), words + later)
            words = "A batch normalization is open: keep all of them frozen."
            require(not (norm and layer.trainable), words)
    require(all(went.values()), "The head has not moved: it trains along.")


fine_tune = Exercise(
    title="Fine-tune the last block",
    outcome="tune",
    praise="Opened, compiled again at a low rate, trained: the second half of transfer learning.",
    nudge="Three steps in this order: open, compile, fit. Which layers would train if you left the "
    "second one out?",
    hint="`base.trainable = True`; then go through `base.layers` with a flag that becomes True at "
    "the first name that begins with `block`, and set `layer.trainable` to it, or to False for a "
    "`layers.BatchNormalization`. Then `model.compile(...)`, and return "
    "`model.fit(*train, epochs=epochs, verbose=0).history`.",
    test=_tunes,
)

# ---- From how many pictures on -------------------------------------------------------------------

Rows = NDArray[np.float64]


def _from(ahead: Callable[[Rows, Rows], Any]) -> Callable[[list[int], Rows, Rows], int]:
    """The number behind the last row of which `ahead` does not hold; 0 without one."""

    def answer(counts, own, borrowed):
        behind = [n for n, pair in enumerate(zip(own, borrowed, strict=True)) if not ahead(*pair)]
        return [*counts, 0][max(behind, default=-1) + 1]

    return answer


_right = _from(lambda own, borrowed: sum(own) / len(own) > sum(borrowed) / len(borrowed))


def _curves(rng: np.random.Generator) -> tuple[list[int], Rows, Rows]:
    """Two methods that cross some times, or never."""
    size, starts = int(rng.integers(2, 7)), int(rng.integers(2, 6))
    counts = np.cumsum(rng.integers(5, 60, size)).tolist()
    gap = rng.choice([-1, 1], size) * rng.uniform(0.02, 0.1, size)
    gap[int(rng.integers(size)) :] *= rng.choice([-1, 1])
    middle = np.sort(rng.uniform(0.3, 0.8, size))
    noise = rng.normal(0, 0.05, (2, size, starts))
    own, borrowed = ((middle + s * gap / 2)[:, np.newaxis] for s in (1, -1))
    return counts, own + noise[0], borrowed + noise[1]


CROSSING = (
    [5, 20, 100, 400],
    np.array([[0.3, 0.4], [0.6, 0.62], [0.8, 0.82], [0.9, 0.94]]),
    np.array([[0.6, 0.7], [0.7, 0.74], [0.78, 0.8], [0.86, 0.9]]),
)
own_wins_from = Exercise(
    title="From how many pictures on",
    outcome="judge",
    praise="One number for the next project; and 0 is an answer, too.",
    nudge="Take the means of the rows first. Then look from the right: how far back is your own "
    "network ahead without a break?",
    hint="`ahead = own.mean(axis=1) > borrowed.mean(axis=1)`. Go through the places; the first one "
    "with `ahead[place:].all()` is the answer.",
    oracle=_right,
    cases=[
        CROSSING,
        (CROSSING[0], CROSSING[2], CROSSING[1]),
        ([10, 50, 90], np.array([[0.7, 0.6], [0.4, 0.3], [0.9, 0.7]]), np.full((3, 2), 0.6)),
        ([10, 50], np.full((2, 3), 0.9), np.full((2, 3), 0.5)),
        ([10, 50], np.full((2, 3), 0.5), np.full((2, 3), 0.5)),
        ([8, 16, 32], np.array([[0.5, 0.9], [0.4, 0.9], [0.6, 0.9]]), np.full((3, 2), 0.62)),
        ([8, 16, 32], np.array([[0.2, 0.7], [0.5, 0.7], [0.6, 0.8]]), np.full((3, 2), 0.55)),
        ([7, 11], np.array([[0.1], [0.8]]), np.array([[0.3], [0.5]])),
        ([6, 12], np.array([[0.501, 0.503], [0.8, 0.9]]), np.full((2, 2), 0.5)),
        ([5, 9, 40], np.array([[0.1, 0.9], [0.3, 0.8], [0.2, 0.95]]), np.full((3, 2), [0.5, 0.62])),
        ([12, 30], np.array([[0.5, 0.5, 0.9], [0.6, 0.6, 0.9]]), np.full((2, 3), 0.605)),
    ],
    legal=_curves,
    whole=True,
    misconceptions={
        "There your own network is ahead, but it falls behind again: look for the place from which "
        "on it *stays* ahead.": lambda counts, own, borrowed: next(
            (c for c, a, b in zip(counts, own, borrowed, strict=True) if a.mean() > b.mean()), 0
        ),
        "That is the place in the list; return the number of pictures there.": (
            lambda counts, own, borrowed: _right(range(len(counts)), own, borrowed)
        ),
        "You compared the best starts. A best start is luck; compare the means.": _from(
            lambda own, borrowed: own.max() > borrowed.max()
        ),
        "You compared the worst starts, or start with start; compare the means.": (
            _from(lambda own, borrowed: own.min() > borrowed.min()),
            _from(lambda own, borrowed: (own > borrowed).all()),
        ),
        "You swapped the two: the question is where your *own* network is ahead.": _from(
            lambda own, borrowed: borrowed.mean() > own.mean()
        ),
        "That is the last number at which the backbone is ahead; the answer is the one after it.": (
            lambda counts, own, borrowed: _right([counts[0], *counts[:-1]], own, borrowed)
        ),
    },
)
