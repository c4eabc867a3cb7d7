"""Checks of the lesson Image classification."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from numbers import Integral
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from utils import models
from utils.checks import Exercise, NotYet, call, numbers, shown, together
from utils.checks.calling import time_limit
from utils.checks.networks import compiled_with
from utils.quiet import keras, tf

Facts = list[tuple[str, str]]

# ---- A folder of pictures ------------------------------------------------------------------------

FOLDER = {"boat": [(12, 7), (30, 30), (5, 9)], "kite": [(16, 16)], "zebra": [(8, 20), (10, 10)]}
"""The classes of a small folder, and the sides of the pictures in each."""


def _write_folder(folder: Path, rng: np.random.Generator) -> list[tuple[int, tuple[int, ...]]]:
    """Write pictures of one color each; their labels and colors, in the order of the folder."""
    written = []
    for label, (name, sizes) in enumerate(FOLDER.items()):
        (folder / name).mkdir()
        for number, size in enumerate(sizes):
            color = tuple(map(int, rng.integers(20, 250, 3)))
            Image.new("RGB", size, color).save(folder / name / f"{number}.png")
            written.append((label, color))
    return written


def _reads_folders(answer: Any, rng: np.random.Generator) -> None:
    for side in (8, 13):
        with TemporaryDirectory() as place:
            written = _write_folder(Path(place), rng)
            dataset = call(answer, Path(place), side)
            facts = [("classes", ", ".join(FOLDER)), ("side", str(side))]
            _is_dataset(dataset, facts)
            _one_by_one(dataset.element_spec, side, facts)
            with time_limit():
                pairs = list(islice(dataset.as_numpy_iterator(), 2 * len(written)))
            _as_written(pairs, written, facts)
            if list(getattr(dataset, "class_names", [])) != [*FOLDER]:
                raise NotYet(
                    "The data set does not know its `class_names`: return what Keras gave you.",
                    facts,
                )


def _is_dataset(answer: Any, facts: Facts) -> None:
    if not isinstance(answer, tf.data.Dataset):
        raise NotYet(f"Return a `tf.data.Dataset`; yours is a {type(answer).__name__}.", facts)


def _one_by_one(spec: Any, side: int, facts: Facts) -> None:
    """Single pictures of the right size, with a whole number for each."""
    if not isinstance(spec, tuple) or len(spec) != 2:
        raise NotYet('The labels are missing: `label_mode="int"` gives them.', facts)
    picture, label = spec
    facts = [*facts, ("one element", f"{picture.shape} and {label.shape}")]
    if picture.shape.rank == 4:
        raise NotYet("These are batches. `batch_size=None` gives picture after picture.", facts)
    if label.shape.rank or not label.dtype.is_integer:
        raise NotYet('A label is one whole number: `label_mode="int"`.', facts)
    if tuple(picture.shape) != (side, side, 3):
        raise NotYet(f"A picture should have the shape ({side}, {side}, 3).", facts)


def _as_written(pairs: list, written: list, facts: Facts) -> None:
    if len(pairs) != len(written):
        sizes = [("expected", f"{len(written)} pictures"), ("got", str(len(pairs)))]
        raise NotYet("Another number of pictures.", [*facts, *sizes])
    got = [(int(label), tuple(picture.mean(axis=(0, 1)))) for picture, label in pairs]
    if _alike(got, written):
        return
    if _alike([(label, np.multiply(color, 255)) for label, color in got], written):
        raise NotYet("Leave the pixels at 0 to 255: the network has a layer that scales.", facts)
    if _alike(sorted(got), sorted(written)):
        raise NotYet("The pictures do not come in the order of the folder: `shuffle=False`.", facts)
    raise NotYet("These are other pictures, or they have other labels.", facts)


def _alike(got: list, written: list) -> bool:
    return all(
        one == other and np.allclose(color, right, atol=1)
        for (one, color), (other, right) in zip(got, written, strict=True)
    )


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
    """Numbered pictures; it notes how often they are read and changed, and how."""

    def __init__(self, count: int):
        self.count, self.read, self.changes, self.whole_batches = count, 0, [], False

    def pictures(self) -> tf.data.Dataset:
        return tf.data.Dataset.range(self.count).map(self._pair)

    def _pair(self, number: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        picture = tf.py_function(self._note_read, [number], tf.float32)
        picture.set_shape((2, 2, 3))
        return picture, number

    def _note_read(self, number: tf.Tensor) -> NDArray:
        self.read += 1
        return np.full((2, 2, 3), number.numpy(), np.float32)

    def change(self, picture: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        changed = tf.py_function(self._note_change, [picture], tf.float32)
        changed.set_shape(picture.shape)
        return changed, label

    def _note_change(self, picture: tf.Tensor) -> NDArray:
        self.whole_batches |= picture.ndim == 4
        self.changes.append(1)
        return picture.numpy() + 1000 * len(self.changes)


def _in_order(answer: Any, rng: np.random.Generator) -> None:
    for count in (96, 70):
        shelf = _Shelf(count)
        pictures = shelf.pictures()
        dataset = call(lambda p=pictures, s=shelf: answer(p, s.change))
        facts = [("pictures", str(count))]
        _is_dataset(dataset, facts)
        _in_batches(dataset.element_spec, facts)
        most = count // BATCH + 9
        with time_limit():
            epochs = [list(islice(dataset.as_numpy_iterator(), most)) for _ in range(EPOCHS)]
        _whole_batches(epochs, count, facts)
        _kept(shelf, facts)
        _stirred(epochs, facts)
        _changed(shelf, facts)
        if "Prefetch" not in type(dataset).__name__:
            raise NotYet("All is in order but for the end: the last step is `prefetch`.", facts)


def _in_batches(spec: Any, facts: Facts) -> None:
    if not isinstance(spec, tuple) or len(spec) != 2:
        raise NotYet("Keep the pairs (picture, label).", facts)
    if spec[1].shape.rank == 0:
        raise NotYet("The pictures come one by one: `batch` is missing.", facts)


def _whole_batches(epochs: list, count: int, facts: Facts) -> None:
    """Batches of 32 and one of what is left, at the end, with every picture once in an epoch."""
    whole = [BATCH] * (count // BATCH) + [count % BATCH] * (count % BATCH > 0)
    for epoch in epochs:
        sizes = [len(label) for _, label in epoch]
        told = [*facts, ("sizes of batches", shown(sizes[:9]))]
        if sorted(sizes) != sorted(whole):
            raise NotYet(f"An epoch has batches of {BATCH}, and one of what is left.", told)
        if sizes != whole:
            raise NotYet(WHOLE, told)
        if {*np.concatenate([label for _, label in epoch]).tolist()} != {*range(count)}:
            raise NotYet("Every picture comes once in every epoch; some of yours do not.", told)


def _kept(shelf: _Shelf, facts: Facts) -> None:
    if shelf.read != shelf.count:
        told = [("read in four epochs", f"{shelf.read} times")]
        raise NotYet(
            "Every epoch reads the files again: `cache` keeps what has been read.", [*facts, *told]
        )


def _stirred(epochs: list, facts: Facts) -> None:
    orders = [np.concatenate([label for _, label in epoch]) for epoch in epochs]
    if all((order == np.arange(len(order))).all() for order in orders):
        raise NotYet("The pictures come class after class: `shuffle` is missing.", facts)
    if all((order == orders[0]).all() for order in orders):
        raise NotYet(
            "Every epoch has the same order. What is random stands behind the cache.", facts
        )
    groups = [{frozenset(label.tolist()) for _, label in epoch} for epoch in epochs]
    if all(one == groups[0] for one in groups):
        raise NotYet(WHOLE, facts)
    ahead = max(int((order - np.arange(len(order))).max()) for order in orders)
    if ahead < len(orders[0]) * 2 / 3:
        raise NotYet(
            "The buffer of `shuffle` is small: the last pictures never come first. Give it "
            "`len(pictures)`.",
            facts,
        )


def _changed(shelf: _Shelf, facts: Facts) -> None:
    times, wanted = len(shelf.changes), EPOCHS * shelf.count
    facts = [*facts, ("changed in four epochs", f"{times} times"), ("expected", str(wanted))]
    if not times:
        raise NotYet("No picture is changed: `map(change)` is missing.", facts)
    if shelf.whole_batches:
        raise NotYet("`change` takes one picture, not a batch: `map` before `batch`.", facts)
    if times == shelf.count:
        raise NotYet(
            "Every picture is changed once, and the cache keeps that for all epochs. What is "
            "random stands behind the cache.",
            facts,
        )
    if times != wanted:
        raise NotYet("Every picture is to be changed once in every epoch.", facts)


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
WITHOUT_SIZE = tuple(
    getattr(keras.layers, name) for name in ("InputLayer", "Activation", "ReLU", "Softmax")
)
"""Layers that may stand by themselves or inside another one; the answers tell what they do."""


def _colors(rng: np.random.Generator, shape: tuple, classes: int, count: int) -> tuple:
    """Noise, brighter the higher the label is."""
    labels = rng.integers(0, classes, count)
    bright = 200 * labels[:, None, None, None] / classes
    return (bright + rng.uniform(0, 50, (count, *shape))).astype(np.float32), labels


CURVES = (
    {
        "loss": (2.0, 1.4, 1.0, 0.7),
        "accuracy": (0.3, 0.5, 0.65, 0.8),
        "val_loss": (1.9, 1.8, 1.5, 1.6),
        "val_accuracy": (0.55, 0.45, 0.4, 0.3),
    },
    {
        "loss": (1.2, 0.9, 1.0),
        "accuracy": (0.5, 0.6, 0.55),
        "val_loss": (1.3, 1.2, 1.1),
        "val_accuracy": (0.5, 0.45, 0.65),
    },
)
"""Histories to be read, each lowest or highest in another epoch."""


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
    keras.Model.fit = scripted
    try:
        yield true
    finally:
        keras.Model.fit = fit
        tf.config.run_functions_eagerly(eager)


def _trains(answer: Any, rng: np.random.Generator) -> None:
    for shape, classes, script in (((12, 12, 3), 3, CURVES[0]), ((10, 15, 3), 4, CURVES[1])):
        pairs = (x_val, y_val), _ = [_colors(rng, shape, classes, count) for count in (8, 16)]
        val_ds, train_ds = (tf.data.Dataset.from_tensor_slices(pair).batch(8) for pair in pairs)
        epochs = len(script["loss"])
        curves = {k: (rng.uniform(0, 0.04, epochs) + v).tolist() for k, v in script.items()}
        given = shape, classes, train_ds, val_ds, epochs
        with _quick(curves) as true:
            got = call(lambda given=given: answer(*given))
        facts = [("shape", str(shape)), ("classes", str(classes)), ("epochs", str(epochs))]
        network, best, gap = _three(got, facts)
        _same_layers(network, models.on_pixels(models.lens_cnn(shape, classes)), facts)
        _compiled(network, facts)
        curves = _fitted(network, epochs, len(train_ds), facts)
        p = network(x_val).numpy()[np.arange(len(y_val)), y_val]
        if not np.isclose(-np.log(p).mean(), true["val_loss"][-1], rtol=1e-3):
            raise NotYet("The validation loss is not that of `val_ds`.", facts)
        _read_off(best, gap, curves, facts)


def _three(got: Any, facts: Facts) -> tuple:
    if not isinstance(got, tuple | list) or len(got) != 3:
        raise NotYet("Return three things: the network, the epoch, the gap.", facts)
    if not isinstance(got[0], keras.Model):
        raise NotYet(f"The first is to be the network; yours is a {type(got[0]).__name__}.", facts)
    return tuple(got)


def _told(layer: keras.Layer) -> str:
    size = " × ".join(map(str, layer.output.shape[1:]))
    return f"{type(layer).__name__}: gives {size}, {layer.count_params():,} parameters"


def _same_layers(network: keras.Model, wanted: keras.Model, facts: Facts) -> None:
    """Layer by layer the same; then, with the same weights, the same answers."""
    if not network.built:
        raise NotYet("The network does not know its input: begin with `keras.Input`.", facts)
    mine = [one for one in network.layers if not isinstance(one, WITHOUT_SIZE)]
    for number, (one, right) in enumerate(zip(mine, wanted.layers, strict=False), 1):
        if _told(one) != _told(right):
            told = [("expected", _told(right)), ("got", _told(one))]
            raise NotYet(f"Layer {number} differs.", [*facts, *told])
    if len(mine) != len(wanted.layers):
        raise NotYet(f"Expected {len(wanted.layers)} layers, got {len(mine)}.", facts)
    wanted.set_weights(network.get_weights())
    pictures = np.random.default_rng(0).uniform(0, 255, (3, *wanted.input_shape[1:]))
    if not np.allclose(network(pictures), wanted(pictures), atol=1e-4):
        raise NotYet(
            "Sizes and parameters are right, but the network computes something else: compare the "
            "activations, and the factor of `Rescaling`.",
            facts,
        )


def _compiled(network: keras.Model, facts: Facts) -> None:
    if not network.compiled or not getattr(network, "history", None):
        raise NotYet("The network has not learned yet: `compile`, then `fit`.", facts)
    compiled_with(network, RATE, facts)


def _fitted(network: keras.Model, epochs: int, steps: int, facts: Facts) -> dict[str, list[float]]:
    curves = network.history.history
    if "val_loss" not in curves:
        raise NotYet("There is no validation: give `fit` its `validation_data`.", facts)
    if "val_accuracy" not in curves:
        raise NotYet('Compile with `metrics=["accuracy"]`.', facts)
    if len(curves["loss"]) != epochs or int(network.optimizer.iterations) != epochs * steps:
        told = [("got", f"{len(curves['loss'])} epochs, {int(network.optimizer.iterations)} steps")]
        wanted = ("expected", f"{epochs} epochs, {epochs * steps} steps")
        raise NotYet("Another number of epochs or of steps.", [*facts, wanted, *told])
    return curves


def _read_off(best: Any, gap: Any, curves: dict[str, list[float]], facts: Facts) -> None:
    losses = ", ".join(f"{loss:.4f}" for loss in curves["val_loss"])
    right = int(np.argmin(curves["val_loss"])) + 1
    facts = [*facts, ("validation losses", losses)]
    if not isinstance(best, Integral) or best != right:
        told = [("expected", f"epoch {right}"), ("got", shown(best))]
        early = isinstance(best, Integral) and best == right - 1
        hint = "Epochs are counted from 1, places in a list from 0." if early else None
        raise NotYet(
            "That is not the epoch with the lowest validation loss.", [*facts, *told], hint
        )
    apart = curves["accuracy"][-1] - curves["val_accuracy"][-1]
    if not np.isclose(float(gap), apart, atol=1e-4):
        turned = np.isclose(float(gap), -apart, atol=1e-4)
        hint = None
        if turned and apart > 0:
            hint = "Take the validation accuracy from the training accuracy."
        elif turned:
            hint = "Keep the sign: this time the validation accuracy is the higher one."
        told = [("expected", f"{apart:.4f}"), ("got", shown(gap))]
        raise NotYet("The gap at the end is another one.", [*facts, *told], hint)


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

NAMES = ["boat", "kite", "lamp", "owl", "tram", "zebra"]
"""None of the course's: whoever takes those in place of `names` is found out."""


def _names_a_picture(answer: Any, rng: np.random.Generator) -> None:
    for shape, count, mode in (
        ((12, 12, 3), 6, "RGB"),
        ((9, 15, 3), 4, "L"),
        ((8, 8, 3), 3, "RGB"),
    ):
        names = NAMES[:count]
        weights = rng.normal(0, 1.5, (3, count)), rng.normal(0, 1, count)
        with TemporaryDirectory() as place:
            path = Path(place) / "new.png"
            color = rng.integers(30, 255, 3)
            Image.new("RGB", (31, 22), tuple(map(int, color))).convert(mode).save(path)
            pixel = np.asarray(Image.open(path).convert("RGB"))[0, 0]
            network = _judge(shape, weights)
            got = call(lambda n=network, p=path, c=names: answer(n, p, c))
        facts = [("a picture of one color", str(pixel.tolist())), ("classes", ", ".join(names))]
        _top(got, names, _says(pixel / 255, weights), _says(pixel / 255**2, weights), facts)


def _judge(shape: tuple, weights: tuple[NDArray, NDArray]) -> keras.Model:
    """A network that goes by the mean color."""
    network = keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.Rescaling(1 / 255),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(len(weights[1]), activation="softmax"),
        ]
    )
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
    return not isinstance(value, str)


def _top(got: Any, names: list[str], right: NDArray, scaled: NDArray, facts: Facts) -> None:
    if not isinstance(got, Mapping):
        raise NotYet(
            "Return a dictionary: three names, each with its probability.",
            [*facts, ("got", shown(got))],
        )
    if not all(np.ndim(value) == 0 and _is_number(value) for value in got.values()):
        raise NotYet("A probability is one number: say, 0.42.", [*facts, ("got", shown(dict(got)))])
    order = np.argsort(-right, kind="stable")
    wanted = [names[k] for k in order[:3]]
    facts = [
        *facts,
        ("expected", ", ".join(f"{names[k]} {right[k]:.2f}" for k in order[:3])),
        ("got", ", ".join(f"{name} {float(value):.2f}" for name, value in got.items())),
    ]
    mine = [*got]
    if not {*mine} <= {*names}:
        raise NotYet("Some of these are not among the `names` that your function gets.", facts)
    if mine == wanted and np.allclose([*got.values()], right[order[:3]], atol=0.01):
        return
    if len(mine) != 3:
        raise NotYet(f"Three names were asked for; yours are {len(mine)}.", facts)
    twice = dict(zip(names, scaled, strict=True))
    if all(np.isclose(value, twice.get(name, -1), atol=2e-3) for name, value in got.items()):
        raise NotYet(
            "You divided by 255, and the network does it again: its first layer scales.", facts
        )
    if mine != wanted:
        if sorted(mine) == sorted(wanted):
            raise NotYet("The three are right; put the most likely one first.", facts)
        if set(mine) == {names[k] for k in order[-3:]}:
            raise NotYet("These are the least likely: `np.argsort` sorts upward.", facts)
        raise NotYet("Other classes are more likely.", facts)
    raise NotYet("The names are right, the probabilities are not.", facts)


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
    "`True` and `False` are swapped: `True` means held out.": (
        lambda groups, pictures, share: groups - round(share * groups)
    ),
    "You cut the number off; `round` gives the nearest one.": (
        lambda groups, pictures, share: math.floor(share * groups + 1e-9)
    ),
    "You rounded up; `round` gives the nearest number.": (
        lambda groups, pictures, share: math.ceil(share * groups - 1e-9)
    ),
    "That is the share of all pictures; take it of the groups.": (
        lambda groups, pictures, share: min(groups, round(share * pictures))
    ),
    "A slice `[-k:]` is everything when k is 0; `[:k]` is then nothing.": (
        lambda groups, pictures, share: round(share * groups) or groups
    ),
}
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


def _facts(groups: NDArray, share: float, seed: int) -> list[tuple[str, str]]:
    return [("groups", shown(groups)), ("share", f"{share}"), ("seed", f"{seed}")]


def _mask(answer: Any, groups: NDArray, share: float, seed: int) -> NDArray[np.bool_]:
    """What the answer holds out, whole groups; `NotYet` where it is no mask."""
    try:
        mask = numbers(call(answer, groups, share, seed))
        _holds_whole_groups(mask, groups)
    except NotYet as fault:
        fault.facts = (*_facts(groups, share, seed), *fault.facts)
        raise
    return mask


def _holds_whole_groups(mask: NDArray, groups: NDArray) -> None:
    if mask.shape == groups.shape and np.isin(mask, (0, 1)).all() and mask.dtype != bool:
        raise NotYet(
            "These are numbers. Return True and False: as an index, 0 means the first picture.",
            [("got", shown(mask))],
        )
    if mask.shape != groups.shape or mask.dtype != bool:
        raise NotYet(
            f"Return one True or False for each picture, shape {groups.shape}. "
            "`np.isin(groups, chosen)` makes it from the groups that you chose.",
            [("got", shown(mask))],
        )
    both = np.intersect1d(groups[mask], groups[~mask])
    if len(both):
        raise NotYet(
            f"A leak: pictures of group {both[0]} are on both sides. Choose groups first, then "
            "hold out all pictures of these.",
            [("got", shown(mask))],
        )


def _counted(answer: Any, rng: np.random.Generator) -> None:
    """The right number of groups is held out, in every case."""
    cases = [*SPLITS, *(_drawn_split(rng) for _ in range(12))]
    tried = []
    for groups, share, seed in cases:
        mask, total = _mask(answer, groups, share, seed), len(np.unique(groups))
        tried.append((len(np.unique(groups[mask])), (total, len(groups), share)))
    for (held, (total, _, share)), case in zip(tried, cases, strict=True):
        right = round(share * total)
        if held != right:
            named = (
                hint for hint, count in COUNTS.items() if all(count(*s) == n for n, s in tried)
            )
            hint = next(named, None)
            wanted = f"{share:.4g} of {total}, rounded, is {right}"
            said = f"You hold out {held} of {total} groups; {wanted}."
            if not hint and held < right:
                said += " Does every group that you draw exist, and is each drawn only once?"
            raise NotYet(said, _facts(*case), hint)


def _set_by_the_seed(answer: Any, rng: np.random.Generator) -> None:
    groups, before = np.repeat(np.arange(40), 2), np.random.get_state()[1]
    for seed in (0, int(rng.integers(1, 1000))):
        first, second = (_mask(answer, groups, 0.25, seed) for _ in range(2))
        if (first != second).any():
            raise NotYet(
                "The same seed gave two different splits. Draw from `np.random.default_rng(seed)`.",
                _facts(groups, 0.25, seed),
            )
    if (before != np.random.get_state()[1]).any():
        raise NotYet(
            "Your function seeds the generator that all of NumPy shares. Draw from one of your "
            "own: `np.random.default_rng(seed)`."
        )


def _left_to_chance(answer: Any, rng: np.random.Generator) -> None:
    """Every group is held out as often as every other one, and with every other one."""
    names, sizes, start = np.array([2, 5, 6, 9]), [1, 17, 2, 3], int(rng.integers(1000))
    groups = rng.permutation(np.repeat(names, sizes))
    seeds = range(start, start + SEEDS)
    masks = np.array([_mask(answer, groups, 0.5, seed) for seed in seeds])
    facts = _facts(groups, 0.5, start)
    held = np.array([masks[:, groups == name].all(axis=1) for name in names]).T
    if (held == held[0]).all():
        raise NotYet("Every seed gives the same split: shuffle the groups.", facts)
    share = held.mean(axis=0)
    worst = np.abs(share - 0.5).argmax()
    if abs(share[worst] - 0.5) > FAR:
        raise NotYet(
            f"Group {names[worst]} was held out with {share[worst]:.0%} of {SEEDS} seeds; by "
            "chance it would be half of them. Each group has to stand once in what you draw from, "
            "as in `np.unique(groups)`.",
            facts,
        )
    pairs = together(held) + np.eye(4) / 3 - np.eye(4)
    one, other = np.unravel_index(np.abs(pairs - 1 / 3).argmax(), pairs.shape)
    if abs(pairs[one, other] - 1 / 3) > FAR:
        raise NotYet(
            f"Groups {names[one]} and {names[other]} were on one side with {pairs[one, other]:.0%} "
            f"of {SEEDS} seeds; by chance it would be a third. Draw every group by itself.",
            facts,
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
