"""Checks of the lesson Image classification."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from numbers import Integral
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils import models
from utils.checks import Exercise, NotYet, about, call, numbers, require, together
from utils.checks.calling import time_limit
from utils.checks.networks import built_as, compiled_with, fitted, is_network
from utils.quiet import keras, tf

# ---- A folder of pictures ------------------------------------------------------------------------

FOLDER = {"boat": [(12, 7), (30, 30), (5, 9)], "kite": [(16, 16)], "zebra": [(8, 20), (10, 10)]}
"""The classes of a small folder, and the sides of the pictures in each."""
OFF = 0.1, 1, 1, 1
"""So far a label, and each part of a color, may be off."""


def _write_folder(folder: Path, rng: np.random.Generator) -> NDArray:
    """Write pictures of one color each; their labels and colors, a row for each."""
    written = []
    for label, (name, sizes) in enumerate(FOLDER.items()):
        (folder / name).mkdir()
        for number, size in enumerate(sizes):
            color = tuple(map(int, rng.integers(20, 250, 3)))
            Image.new("RGB", size, color).save(folder / name / f"{number}.png")
            written.append((label, *color))
    return np.array(written)


def _reads_folders(answer: Any, rng: np.random.Generator) -> None:
    for side in (8, 13):
        with TemporaryDirectory() as place, about(classes=", ".join(FOLDER), side=side):
            written = _write_folder(Path(place), rng)
            dataset = call(answer, Path(place), side)
            _is_dataset(dataset)
            _one_by_one(dataset.element_spec, side)
            with time_limit():
                pairs = list(islice(dataset.as_numpy_iterator(), 2 * len(written)))
            _as_written([(int(label), *x.mean(axis=(0, 1))) for x, label in pairs], written)
            kept = list(getattr(dataset, "class_names", [])) == [*FOLDER]
            words = "The data set does not know its `class_names`: return what Keras gave you."
            require(kept, words)


def _is_dataset(answer: Any) -> None:
    words = f"Return a `tf.data.Dataset`; yours is a {type(answer).__name__}."
    require(isinstance(answer, tf.data.Dataset), words)


def _one_by_one(spec: Any, side: int) -> None:
    """Single pictures of the right size, with a whole number for each."""
    pairs = isinstance(spec, tuple) and len(spec) == 2
    require(pairs, 'The labels are missing: `label_mode="int"` gives them.')
    picture, label = spec
    with about(one_element=f"{picture.shape} and {label.shape}"):
        single = picture.shape.rank != 4
        require(single, "These are batches. `batch_size=None` gives picture after picture.")
        number = not label.shape.rank and label.dtype.is_integer
        require(number, 'A label is one whole number: `label_mode="int"`.')
        sized = tuple(picture.shape) == (side, side, 3)
        require(sized, f"A picture should have the shape ({side}, {side}, 3).")


def _as_written(got: list, written: NDArray) -> None:
    counts = {"expected": len(written), "got": len(got)}
    require(len(got) == len(written), "Another number of pictures.", **counts)
    scaled = np.allclose(np.multiply(got, (1, 255, 255, 255)), written, atol=OFF)
    require(not scaled, "Leave the pixels at 0 to 255: the network has a layer that scales.")
    in_order = np.allclose(got, written, atol=OFF)
    words = "The pictures do not come in the order of the folder: `shuffle=False`."
    moved = np.allclose(sorted(got), sorted(written.tolist()), atol=OFF)
    require(in_order or not moved, words)
    require(in_order, "These are other pictures, or they have other labels.")


read_folder = Exercise(
    title="A folder becomes a data set",
    outcome="build",
    praise="Five arguments, and any folder of pictures is a data set.",
    nudge="Which argument makes squares? Which ones keep the pictures single, and in order?",
    hint="Call `keras.utils.image_dataset_from_directory` with the folder and `label_mode`, "
    "`image_size=(side, side)`, `batch_size=None`, `shuffle=False`; `verbose=False` silences it.",
    test=_reads_folders,
)

# ---- The order of a pipeline ---------------------------------------------------------------------

EPOCHS = 4
BATCH = 32
WHOLE = "Whole batches are shuffled, not pictures: put `shuffle` before `batch`."


class _Shelf:
    """Numbered pictures; it notes the axes of each one that is read or changed."""

    def __init__(self, count: int):
        self.count, self.read, self.changed = count, [], []
        self.pictures = tf.data.Dataset.range(count).map(self._picture)

    def _picture(self, number: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return _noted(tf.fill((2, 2, 3), tf.cast(number, tf.float32)), self.read), number

    def change(self, picture: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return _noted(255 - picture, self.changed), label


def _noted(picture: tf.Tensor, axes: list[int]) -> tf.Tensor:
    same = tf.py_function(lambda one: axes.append(one.ndim) or one, [picture], tf.float32)
    return tf.ensure_shape(same, picture.shape)


def _in_order(answer: Any, rng: np.random.Generator) -> None:
    for count in (96, 70):
        shelf = _Shelf(count)
        with about(pictures=count):
            dataset = call(lambda shelf=shelf: answer(shelf.pictures, shelf.change))
            epochs = _epochs(dataset, count)
            words = "Every epoch reads the files again: `cache` keeps what has been read."
            times = len(shelf.read)
            require(times == count, words, read_in_four_epochs=f"{times} times")
            _stirred(epochs)
            _changed(shelf)
            last = "Prefetch" in type(dataset).__name__
            require(last, "All is in order but for the end: the last step is `prefetch`.")


def _epochs(dataset: Any, count: int) -> list[list[NDArray]]:
    """The labels of four epochs, batch by batch: every picture once, and the rest at the end."""
    _is_dataset(dataset)
    spec = dataset.element_spec
    require(isinstance(spec, tuple) and len(spec) == 2, "Keep the pairs (picture, label).")
    require(spec[1].shape.rank != 0, "The pictures come one by one: `batch` is missing.")
    with time_limit():
        epochs = [
            [label for _, label in islice(dataset.as_numpy_iterator(), count // BATCH + 9)]
            for _ in range(EPOCHS)
        ]
    whole = [min(BATCH, count - start) for start in range(0, count, BATCH)]
    for epoch in epochs:
        sizes = [*map(len, epoch)]
        with about(sizes_of_batches=sizes[:9]):
            words = f"An epoch has batches of {BATCH}, and one of what is left."
            require(sorted(sizes) == sorted(whole), words)
            require(sizes == whole, WHOLE)
            each = {*np.concatenate(epoch).tolist()} == {*range(count)}
            require(each, "Every picture comes once in every epoch; some of yours do not.")
    return epochs


def _stirred(epochs: list[list[NDArray]]) -> None:
    orders = np.array([np.concatenate(epoch) for epoch in epochs])
    ahead = orders - np.arange(orders.shape[1])
    require(ahead.any(), "The pictures come class after class: `shuffle` is missing.")
    words = "Every epoch has the same order. What is random stands behind the cache."
    require((orders != orders[0]).any(), words)
    groups = {frozenset(frozenset(batch.tolist()) for batch in epoch) for epoch in epochs}
    require(len(groups) > 1, WHOLE)
    words = "The buffer of `shuffle` is small: the last pictures never come first. Give it "
    require(ahead.max() >= orders.shape[1] * 2 / 3, words + "`len(pictures)`.")


def _changed(shelf: _Shelf) -> None:
    times, wanted = len(shelf.changed), EPOCHS * shelf.count
    with about(changed_in_four_epochs=f"{times} times", expected=wanted):
        require(times, "No picture is changed: `map(change)` is missing.")
        single = 4 not in shelf.changed
        require(single, "`change` takes one picture, not a batch: `map` before `batch`.")
        words = "Every picture is changed once, and the cache keeps that for all epochs. What is "
        require(times != shelf.count, words + "random stands behind the cache.")
        require(times == wanted, "Every picture is to be changed once in every epoch.")


pipeline = Exercise(
    title="Five steps in order",
    outcome="build",
    praise="Read once, stirred anew in every epoch, changed anew, and never waited for.",
    nudge="What should happen once in all, and what again in every epoch? A cache divides the two.",
    hint="Chain the steps: `pictures.cache().shuffle(len(pictures))`, then `map(change)`, and "
    "`batch(32)` and `prefetch(1)` at the end.",
    test=_in_order,
)

# ---- The baseline --------------------------------------------------------------------------------

RATE = 0.001


def _colors(rng: np.random.Generator, shape: tuple, classes: int, count: int) -> tuple:
    """Noise, brighter the higher the label is."""
    labels = rng.integers(0, classes, count)
    bright = 200 * labels[:, None, None, None] / classes
    return (bright + rng.uniform(0, 50, (count, *shape))).astype(np.float32), labels


CURVES = "loss", "accuracy", "val_loss", "val_accuracy"
SCRIPTS = (
    [(2.0, 1.4, 1.0, 0.7), (0.3, 0.5, 0.65, 0.8), (1.9, 1.8, 1.5, 1.6), (0.55, 0.45, 0.4, 0.3)],
    [(1.2, 0.9, 1.0), (0.5, 0.6, 0.55), (1.3, 1.2, 1.1), (0.5, 0.45, 0.65)],
)
"""Histories to be read: each curve is lowest or highest in another epoch."""


@contextmanager
def _quick(curves: dict[str, list[float]]) -> Iterator[dict[str, list[float]]]:
    """`fit` learns step by step, since tracing takes far longer, and leaves these curves to read.

    Yields:
        What gets the true curves.
    """
    true, fit, eager = {}, keras.Model.fit, tf.config.functions_run_eagerly()

    def scripted(network: keras.Model, *arguments: Any, **options: Any) -> Any:
        history = fit(network, *arguments, **options)
        true.update(history.history)
        epochs = len(history.epoch)
        history.history |= {k: v[:epochs] for k, v in curves.items() if k in history.history}
        return history

    tf.config.run_functions_eagerly(True)
    try:
        with patch.object(keras.Model, "fit", scripted):
            yield true
    finally:
        tf.config.run_functions_eagerly(eager)


def _trains(answer: Any, rng: np.random.Generator) -> None:
    for shape, classes, script in (((12, 12, 3), 3, SCRIPTS[0]), ((10, 15, 3), 4, SCRIPTS[1])):
        pairs = (x_val, y_val), _ = [_colors(rng, shape, classes, count) for count in (8, 16)]
        val_ds, train_ds = (tf.data.Dataset.from_tensor_slices(pair).batch(8) for pair in pairs)
        epochs = len(script[0])
        shifted = script + rng.uniform(0, 0.04, np.shape(script))
        curves = dict(zip(CURVES, shifted.tolist(), strict=True))
        given = shape, classes, train_ds, val_ds, epochs
        with _quick(curves) as true, about(shape=shape, classes=classes, epochs=epochs):
            got = call(lambda given=given: answer(*given))
            three = isinstance(got, tuple | list) and len(got) == 3
            require(three, "Return three things: the network, the epoch, the gap.")
            network, best, gap = got
            is_network(network, shape)
            learned = network.compiled and getattr(network, "history", None)
            require(learned, "The network has not learned yet: `compile`, then `fit`.")
            says, right = np.asarray(network(x_val)), models.lens_cnn(shape, classes)
            built_as(network, models.on_pixels(right), ", and the factor of `Rescaling`")
            compiled_with(network, RATE)
            fitted(network, epochs, count=16, batch=8)
            curves = network.history.history
            words = "There is no validation: give `fit` its `validation_data`."
            require("val_loss" in curves, words)
            require("val_accuracy" in curves, 'Compile with `metrics=["accuracy"]`.')
            require(len(curves["loss"]) == epochs, "Another number of epochs.")
            loss = -np.log(says[np.arange(len(y_val)), y_val]).mean()
            same = np.isclose(loss, true["val_loss"][-1], rtol=1e-3)
            require(same, "The validation loss is not that of `val_ds`.")
            _read_off(best, gap, curves)


def _read_off(best: Any, gap: Any, curves: dict[str, list[float]]) -> None:
    losses, whole = curves["val_loss"], isinstance(best, Integral)
    right = int(np.argmin(losses)) + 1
    early = "Epochs are counted from 1, places in a list from 0."
    require(
        whole and best == right,
        "That is not the epoch with the lowest validation loss.",
        early if whole and best == right - 1 else None,
        validation_losses=np.array(losses),
        expected=f"epoch {right}",
        got=best,
    )
    apart = curves["accuracy"][-1] - curves["val_accuracy"][-1]
    sign = "Keep the sign: this time the validation accuracy is the higher one."
    if apart > 0:
        sign = "Take the validation accuracy from the training accuracy."
    hint = sign if np.isclose(float(gap), -apart, atol=1e-4) else None
    same = np.isclose(float(gap), apart, atol=1e-4)
    require(same, "The gap at the end is another one.", hint, expected=f"{apart:.4f}", got=gap)


baseline = Exercise(
    title="The baseline",
    outcome="train",
    praise="Built, compiled, fitted, and its curves read: the whole of Keras in one function.",
    nudge="Four steps: the layers, compile, fit, and two numbers from `.history`.",
    hint="`keras.Sequential([keras.Input(shape), layers.Rescaling(1 / 255), layers.Conv2D(8, 3, "
    'activation="relu"), ...])`; `curves = network.fit(train_ds, validation_data=val_ds, '
    "epochs=epochs, shuffle=False, verbose=0).history`; `np.argmin` counts from 0.",
    test=_trains,
)

# ---- One new picture -----------------------------------------------------------------------------

NAMES = ["owl", "boat", "zebra", "kite", "tram", "lamp"]
"""None of the course's, and in no order: whoever takes those, or sorts `names`, is found out."""


def _names_a_picture(answer: Any, rng: np.random.Generator) -> None:
    for size, mode, count in (((12, 12), "RGB", 6), ((9, 15), "L", 4), ((8, 8), "RGB", 3)):
        names = NAMES[:count]
        weights = rng.normal(0, 1.5, (3, count)), rng.normal(0, 1, count)
        with TemporaryDirectory() as place:
            path = Path(place) / "new.png"
            color = tuple(map(int, rng.integers(30, 255, 3)))
            Image.new("RGB", (31, 22), color).convert(mode).save(path)
            pixel = np.asarray(Image.open(path).convert("RGB"))[0, 0]
            network = _judge(size, weights)
            with about(a_picture_of_one_color=f"{pixel.tolist()}", classes=", ".join(names)):
                got = call(lambda n=network, p=path, c=names: answer(n, p, c))
                _top(got, names, _says(pixel / 255, weights), _says(pixel / 255**2, weights))


def _judge(size: tuple[int, int], weights: tuple[NDArray, NDArray]) -> keras.Model:
    """A network that goes by the mean color, of pictures of its own size alone."""
    scaled, means = keras.layers.Rescaling(1 / 255), keras.layers.AveragePooling2D(size)
    last = keras.layers.Dense(len(weights[1]), activation="softmax")
    seen = keras.Input((*size, 3))
    network = keras.Sequential([seen, scaled, means, keras.layers.Flatten(), last])
    network.layers[-1].set_weights(weights)
    network.compile(run_eagerly=True)  # without tracing, of which TensorFlow warns
    return network


def _says(color: NDArray, weights: tuple[NDArray, NDArray]) -> NDArray:
    votes = np.exp(color @ weights[0] + weights[1])
    return votes / votes.sum()


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return np.ndim(value) == 0 and not isinstance(value, str)


def _top(got: Any, names: list[str], right: NDArray, scaled: NDArray) -> None:
    words = "Return a dictionary: three names, each with its probability."
    require(isinstance(got, Mapping), words, got=got)
    single = all(map(_is_number, got.values()))
    require(single, "A probability is one number: say, 0.42.", got=dict(got))
    order, mine = np.argsort(-right, kind="stable"), [*got]
    wanted = [names[k] for k in order[:3]]
    told = {
        "expected": ", ".join(f"{names[k]} {right[k]:.2f}" for k in order[:3]),
        "got": ", ".join(f"{name} {float(value):.2f}" for name, value in got.items()),
    }
    with about(**told):
        words = "Some of these are not among the `names` that your function gets."
        require({*mine} <= {*names}, words)
        if mine == wanted and np.allclose([*got.values()], right[order[:3]], atol=0.01):
            return
        require(len(mine) == 3, f"Three names were asked for; yours are {len(mine)}.")
        twice = dict(zip(names, scaled, strict=True))
        again = all(np.isclose(value, twice[name], atol=2e-3) for name, value in got.items())
        words = "You scaled the pixels, and the first layer of the network does so again."
        require(not again, words)
        require(mine != wanted, "The names are right, the probabilities are not.")
        others = {*mine} != {*wanted}
        require(others, "The three are right; put the most likely one first.")
        least = {*mine} == {names[k] for k in order[-3:]}
        require(not least, "These are the least likely: `np.argsort` sorts upward.")
        raise NotYet("Other classes are more likely.")


top_three = Exercise(
    title="One new picture",
    outcome="name",
    praise="From a file to an answer: this is all that a program with your network does.",
    nudge="A network takes a batch. What is the shape of a batch of one picture?",
    hint="`keras.utils.load_img(path, target_size=network.input_shape[1:3])` reads the file, "
    "`keras.utils.img_to_array` makes numbers of it; `[np.newaxis]` puts an axis in front. "
    "`np.argsort(-p)[:3]` are the three places.",
    test=_names_a_picture,
)

# ---- A split without leakage ---------------------------------------------------------------------

Split = tuple[NDArray, float, int]

SPLITS = [
    (np.array([0, 0, 0, 1, 1, 2, 3, 3]), 0.25, 0),
    (np.array([4, 9, 4, 7, 2, 9]), 0.4, 1),
    (np.array([4, 9, 4, 7, 2, 9]), 0.1, 2),
    (np.array([250, 7, 250, 7, 99]), 0.1, 3),
    (np.array([5, 5, 5]), 0.8, 4),
    (np.array([30_000]), 0.3, 5),
]
COUNTS: dict[str, Callable[[int, int, float], int]] = {
    "`True` and `False` are swapped: `True` means held out.":
        lambda groups, pictures, share: groups - round(share * groups),
    "You cut the number off; `round` gives the nearest one.":
        lambda groups, pictures, share: math.floor(share * groups + 1e-9),
    "You rounded up; `round` gives the nearest number.":
        lambda groups, pictures, share: math.ceil(share * groups - 1e-9),
    "That is the share of all pictures; take it of the groups.":
        lambda groups, pictures, share: min(groups, round(share * pictures)),
    "A slice `[-k:]` is everything when k is 0; `[:k]` is then nothing.":
        lambda groups, pictures, share: round(share * groups) or groups,
}  # fmt: skip
"""What hint is true of how many of so many groups are held out."""
SEEDS = 200
FAR = 6 * math.sqrt(0.25 / SEEDS)
"""So far is a share of the seeds never from what is expected by chance."""


def _drawn_split(rng: np.random.Generator) -> Split:
    """Groups of any numbers and sizes, mixed; the share of them never lies between two numbers."""
    names = rng.choice(255, rng.integers(1, 10), replace=False).astype(rng.choice(["i8", "u1"]))
    groups = rng.permutation(np.append(names, rng.choice(names, rng.integers(20))))
    count = rng.integers(len(names) + 1) + rng.uniform(-0.4, 0.4)
    return groups, round(float(np.clip(count / len(names), 0, 1)), 4), int(rng.integers(10_000))


def _mask(answer: Any, groups: NDArray, share: float, seed: int) -> NDArray[np.bool_]:
    """What the answer holds out, whole groups; `NotYet` where it is no mask."""
    with about(groups=groups, share=share, seed=seed):
        mask = numbers(call(answer, groups, share, seed))
        with about(got=mask):
            fits, is_mask = mask.shape == groups.shape, mask.dtype == bool
            words = "These are numbers. Return True and False: as an index, 0 means the first "
            marks = fits and not is_mask and np.isin(mask, (0, 1)).all()
            require(not marks, words + "picture.")
            words = f"Return one True or False for each picture, shape {groups.shape}."
            made = "`np.isin(groups, chosen)` makes it from the groups that you chose."
            require(fits and is_mask, f"{words} {made}")
            both = np.intersect1d(groups[mask], groups[~mask])
            if len(both):
                raise NotYet(
                    f"A leak: pictures of group {both[0]} are on both sides. Choose groups first, "
                    "then hold out all pictures of these."
                )
    return mask


def _counted(answer: Any, rng: np.random.Generator) -> None:
    """The right number of groups is held out, in every case."""
    cases, tried = [*SPLITS, *(_drawn_split(rng) for _ in range(12))], []
    for groups, share, seed in cases:
        mask, total = _mask(answer, groups, share, seed), len(np.unique(groups))
        tried.append((len(np.unique(groups[mask])), (total, len(groups), share)))
    hints = (hint for hint, count in COUNTS.items() if all(count(*s) == n for n, s in tried))
    hint = next(hints, None)
    for (held, (total, _, share)), (groups, _, seed) in zip(tried, cases, strict=True):
        right = round(share * total)
        said = (
            f"You hold out {held} of {total} groups; {share:.4g} of {total}, rounded, is {right}."
        )
        if not hint and held < right:
            said += " Does every group that you draw exist, and is each drawn only once?"
        require(held == right, said, hint, groups=groups, share=share, seed=seed)


def _set_by_the_seed(answer: Any, rng: np.random.Generator) -> None:
    groups, before = np.repeat(np.arange(40), 2), np.random.get_state()[1]
    for seed in (0, int(rng.integers(1, 1000))):
        first, second = (_mask(answer, groups, 0.25, seed) for _ in range(2))
        words = "The same seed gave two different splits. Draw from `np.random.default_rng(seed)`."
        require((first == second).all(), words, groups=groups, share=0.25, seed=seed)
    words = "Your function seeds the generator that all of NumPy shares. Draw from one of your own"
    own = (before == np.random.get_state()[1]).all()
    require(own, f"{words}: `np.random.default_rng(seed)`.")


def _left_to_chance(answer: Any, rng: np.random.Generator) -> None:
    """Every group is held out as often as every other one, and with every other one."""
    names, sizes, start = np.array([2, 5, 6, 9]), [1, 17, 2, 3], int(rng.integers(1000))
    groups = rng.permutation(np.repeat(names, sizes))
    masks = np.array([_mask(answer, groups, 0.5, start + number) for number in range(SEEDS)])
    held = np.array([masks[:, groups == name].all(axis=1) for name in names]).T
    shares, pairs = held.mean(axis=0), together(held) + np.eye(4) / 3 - np.eye(4)
    worst, met = np.abs(shares - 0.5).argmax(), np.abs(pairs - 1 / 3).argmax()
    one, other = np.unravel_index(met, pairs.shape)
    with about(groups=groups, share=0.5, seed=start):
        differ = (held != held[0]).any()
        require(differ, "Every seed gives the same split: shuffle the groups.")
        require(
            abs(shares[worst] - 0.5) < FAR,
            f"Group {names[worst]} was held out with {shares[worst]:.0%} of {SEEDS} seeds; by "
            "chance it would be half of them. Each group has to stand once in what you draw from, "
            "as in `np.unique(groups)`.",
        )
        require(
            abs(pairs.flat[met] - 1 / 3) < FAR,
            f"Groups {names[one]} and {names[other]} were on one side with {pairs.flat[met]:.0%} "
            f"of {SEEDS} seeds; by chance it would be a third. Draw every group by itself.",
        )


def _splits_well(answer: Any, rng: np.random.Generator) -> None:
    _counted(answer, rng)
    _set_by_the_seed(answer, rng)
    _left_to_chance(answer, rng)


hold_out = Exercise(
    title="A split without leakage",
    outcome="find out",
    praise="Groups are shuffled, pictures follow: nothing is known on one side that the other side "
    "asks.",
    nudge="If you shuffle pictures, one thing can land on both sides. What do you shuffle instead?",
    hint="`np.unique` names every group once. Shuffle these names, keep the first of them, as many "
    "as the share asks for, and let `np.isin` mark their pictures.",
    test=_splits_well,
)
