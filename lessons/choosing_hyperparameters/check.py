"""Checks of the lesson Choosing hyperparameters."""

import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from lessons.choosing_hyperparameters.trials import EPOCHS, SIDE
from utils.checks import Exercise, about, call, numbers, require
from utils.quiet import keras, tf

layers = keras.layers
Pair = tuple[NDArray, NDArray]

# ---- A training that takes no time ---------------------------------------------------------------


class Fit(NamedTuple):
    """One call of `fit`: the network, its weights before, what it was told, and what it told."""

    model: keras.Model
    before: list[NDArray]
    learned: Pair
    told: dict[str, Any]
    rate: float
    answers: NDArray
    curves: dict[str, list[float]]
    ended: list[int]

    @property
    def count(self) -> int:
        """How many pictures it has learned from."""
        return len(self.learned[1])


@contextmanager
def _watched(rng: np.random.Generator) -> Iterator[list[Fit]]:
    """The calls of `fit` inside, none of which trains: after each epoch the weights are others.

    In the end they have changed their sign. Callbacks are called as Keras does it, with curves that
    are drawn, but for the validation accuracy: it is that of the network as it is then.
    """
    fits, signature = [], inspect.signature(keras.Model.fit)

    def fit(model: keras.Model, *args: Any, **named: Any) -> keras.callbacks.History:
        given = signature.bind(model, *args, **named)
        given.apply_defaults()
        told, before = given.arguments, [np.array(weight) for weight in model.weights]
        inputs, labels = _arrays((told["x"], told["y"]) if told["y"] is not None else told["x"])
        model(inputs[:1])  # a model that is called on one picture says briefly what does not fit
        answers, rate = np.asarray(model(inputs)), float(model.optimizer.learning_rate)
        model.run_eagerly, model.stop_training = True, False
        names = _names(model, inputs[:1], labels[:1])
        count = round(len(labels) * (1 - told["validation_split"]))
        states, curves = _epochs(model, told, names, rng)
        seen = inputs[:count], labels[:count]
        fits.append(Fit(model, before, seen, told, rate, answers, curves, []))
        _call_back(fits[-1], states)
        return model.history

    with patch.object(keras.Model, "fit", fit):
        yield fits


def _names(model: keras.Model, inputs: NDArray, labels: NDArray) -> list[str]:
    """What this network tells after an epoch, under the names that Keras gives."""
    try:
        return [*model.evaluate(inputs, labels, verbose=0, return_dict=True)]
    except (ValueError, TypeError, RuntimeError, tf.errors.OpError):
        return ["loss", "accuracy"]  # a loss that does not fit the labels: said later


def _arrays(given: Any) -> Pair:
    """Inputs and labels, from a pair or from a data set of batches."""
    if hasattr(given, "element_spec"):
        given = map(np.concatenate, zip(*given.as_numpy_iterator(), strict=True))
    images, labels = given
    return np.asarray(images), np.asarray(labels)


def _epochs(
    model: keras.Model, told: dict, names: list[str], rng: np.random.Generator
) -> tuple[list[list[NDArray]], dict[str, list[float]]]:
    """Weights after each epoch, and curves; an epoch before the last is the best, where one can."""
    count, weights = told["epochs"], [np.array(weight) for weight in model.trainable_variables]
    watched = told["validation_data"]
    every = [*names, *(f"val_{name}" for name in names if watched or told["validation_split"])]
    curves = {name: rng.uniform(0.2, 0.9, count).round(4).tolist() for name in every}
    for _ in range(20):
        states = [[w * rng.normal(0, 1, w.shape) for w in weights] for _ in range(count - 1)]
        states.append([-w for w in weights])
        if watched is None:
            break
        pair, right = _arrays(watched), []
        for state in states:
            _put(model, state)
            right.append(_right(model, pair))
        curves |= {f"val_{name}": right for name in names if name != "loss"}
        if count < 3 or max(right[1:-1]) > max(right[0], right[-1]):
            break
    return states, curves


def _put(model: keras.Model, state: list[NDArray]) -> None:
    for variable, value in zip(model.trainable_variables, state, strict=True):
        variable.assign(value)


def _call_back(one: Fit, states: list[list[NDArray]]) -> None:
    """Every callback, after every epoch, until one says stop; notes the epochs that ended."""
    run = {"model": one.model, "epochs": len(states), "verbose": 0, "steps": 1}
    callbacks = keras.callbacks.CallbackList(one.told["callbacks"], add_history=True, **run)
    callbacks.on_train_begin()
    for epoch, state in enumerate(states):
        callbacks.on_epoch_begin(epoch)
        _put(one.model, state)
        one.ended.append(epoch)
        callbacks.on_epoch_end(epoch, {name: curve[epoch] for name, curve in one.curves.items()})
        if one.model.stop_training:
            break
    callbacks.on_train_end()


def _pictures(rng: np.random.Generator, count: int) -> Pair:
    images = rng.uniform(-1, 1, (count, SIDE, SIDE, 1)).astype(np.float32)
    return images, rng.integers(0, 10, count)


def _right(model: keras.Model, pair: Pair) -> float:
    """The accuracy of a network as it is now."""
    return float((np.asarray(model(pair[0])).argmax(axis=-1) == _whole(pair[1])).mean())


def _whole(labels: NDArray) -> NDArray:
    """Labels as numbers, where they are one-hot."""
    return labels.argmax(axis=1) if labels.ndim == 2 and labels.shape[1] > 1 else labels.ravel()


def _paired(one: Fit, given: Pair) -> None:
    """It has learned each picture once, with its own label; pictures may be rescaled."""
    images, labels = one.learned
    if images.size != given[0].size:
        return
    mine, theirs = (part.reshape(len(part), -1).astype(float) for part in (images, given[0]))
    place = np.corrcoef(mine, theirs)[: len(mine), len(mine) :].argmax(axis=1)
    once = len(np.unique(place)) == len(place)
    paired = once and np.array_equal(_whole(labels), given[1][place])
    require(paired, "Learn each picture once, with its own label.")


def _compiled(one: Fit) -> None:
    """Softmax with its loss, and accuracy to watch."""
    model, labels = one.model, one.learned[1]
    loss = getattr(model.loss, "name", getattr(model.loss, "__name__", model.loss))
    one_hot = labels.ndim == 2 and labels.shape[1] > 1
    wanted = "categorical_crossentropy" if one_hot else "sparse_categorical_crossentropy"
    words = "The labels are whole numbers: the loss is `sparse_categorical_crossentropy`."
    require(loss == wanted, words, got=str(loss))
    watches = "acc" in str(model.get_compile_config()["metrics"]).lower()
    require(watches, 'Compile with `metrics=["accuracy"]`.')
    add_up = (one.answers >= 0).all() and np.allclose(one.answers.sum(axis=-1), 1, atol=1e-4)
    logits = bool(getattr(model.loss, "from_logits", False))
    require(not (add_up and logits), "After a softmax the loss is not `from_logits`.")
    words = "Ten probabilities add up to 1: the last layer needs a softmax."
    require(add_up or logits, words, sum_of_the_ten_answers=one.answers[0].sum())


# ---- An objective --------------------------------------------------------------------------------

ASKED = {
    "learning_rate": '`trial.suggest_float("learning_rate", 1e-4, 1, log=True)`',
    "maps": '`trial.suggest_int("maps", 4, 16)`',
    "dropout": '`trial.suggest_float("dropout", 0, 0.5)`',
}
SUGGESTED = (
    {"learning_rate": 0.02, "maps": 16, "dropout": 0.25},
    {"learning_rate": 0.3, "maps": 4, "dropout": 0.0},
)


def _trial(params: dict, pruner: optuna.pruners.BasePruner | None = None) -> optuna.Trial:
    """A trial of a study that has these settings in mind."""
    study = optuna.create_study(direction="maximize", pruner=pruner)
    study.enqueue_trial(params)
    return study.ask()


def _searches(answer: Any, rng: np.random.Generator) -> None:
    train, validation = _pictures(rng, 60), _pictures(rng, 47)
    for params in SUGGESTED:
        trial = _trial(params)
        with _watched(rng) as fits:
            got = call(lambda *pairs, t=trial: answer(t, *pairs), train, validation)
        _asked(trial.distributions)
        params = trial.params  # where a list of its own has no such value, Optuna takes another
        with about(**params):
            require(len(fits) == 1, "One trial is one training: call `fit` once.", got=len(fits))
            (one,) = fits
            words = "Learn from the training pictures, all of them and no others."
            require(one.count == len(train[1]), words, expected=len(train[1]), got=one.count)
            _for_all_epochs(one)
            _paired(one, train)
            _built_as_suggested(one, params)
            _compiled(one)
            _scored(got, one, validation)


def _asked(asked: dict[str, BaseDistribution]) -> None:
    """All three, from the ranges that the text names."""
    for name, how in ASKED.items():
        words = f"The trial was not asked for `{name}`: {how}."
        require(name in asked, words, asked_for=", ".join(asked) or "nothing")
    rate, maps, dropout = (asked[name] for name in ASKED)
    with about(**{name: str(asked[name]) for name in ASKED}):
        log = isinstance(rate, FloatDistribution) and rate.log
        require(log, "A rate counts in factors: ask for it with `log=True`.")
        ends = [rate.low, rate.high, getattr(dropout, "low", None), getattr(dropout, "high", None)]
        if isinstance(maps, CategoricalDistribution):  # some of them, from a list
            fits = len(maps.choices) > 1 and all(4 <= choice <= 16 for choice in maps.choices)
        else:
            fits = isinstance(maps, IntDistribution) and (maps.low, maps.high) == (4, 16)
        words = "Ask for the ranges of the text: "
        require(ends == [1e-4, 1, 0, 0.5] and fits, words + ", ".join(ASKED.values()) + ".")


def _for_all_epochs(one: Fit) -> None:
    epochs, ended = one.told["epochs"], len(one.ended)
    require(epochs == EPOCHS, "Another number of epochs.", expected=EPOCHS, got=epochs)
    words = "A callback stopped the training before its last epoch."
    require(ended == EPOCHS, words, expected=EPOCHS, got=ended)


def _built_as_suggested(one: Fit, params: dict[str, float]) -> None:
    every = [*one.model._flatten_layers(include_self=False)]
    maps = [layer.filters for layer in every if hasattr(layer, "filters")]
    drops = [float(layer.rate) for layer in every if isinstance(layer, layers.Dropout)]
    descent, shape = one.model.optimizer, one.answers.shape[1:]
    same_rate = np.isclose(one.rate, params["learning_rate"])
    require(same_rate, "The optimizer has another rate.", got=one.rate)
    kind, momentum = type(descent).__name__, getattr(descent, "momentum", None)
    right = isinstance(descent, keras.optimizers.SGD) and momentum == 0.9
    require(right, "Compile with SGD and momentum 0.9.", got=f"{kind}, momentum {momentum}")
    words = "The first convolution has another number of maps."
    require(params["maps"] in maps[:1], words, maps_of_your_convolutions=maps)
    dropped = np.isclose(drops, params["dropout"]).any()
    require(dropped, "No layer drops the share that was suggested.", your_dropouts=drops)
    require(shape == (10,), "Ten probabilities are wanted.", got=shape)


def _scored(got: Any, one: Fit, validation: Pair) -> None:
    """The validation accuracy after the last epoch."""
    words = "Return the validation accuracy after the last epoch, one number"
    returned = isinstance(got, keras.callbacks.History | keras.Model | dict)
    require(not returned, f"{words}; yours is a {type(got).__name__}.")
    require(np.ndim(numbers(got)) == 0, f"{words}.", got=got)
    got, right = float(got), _right(one.model, validation)
    watched, curves, hint = one.told["validation_data"], one.curves, None
    every = [curves[name] for name in curves if "val_" in name and name != "val_loss"]
    best = max(every[0]) if every else np.nan
    if watched is not None:
        if not np.array_equal(_whole(_arrays(watched)[1]), validation[1]):
            best = np.nan
        elif every:  # pictures may be rescaled, so that the network says other things of these
            right = every[0][-1]
    if one.told["validation_split"]:
        hint = "You split the training pictures: hand `fit` `validation_data=validation`."
    elif np.isclose(got, best, atol=1e-6):
        hint = (
            "That is the best of the epochs, one more choice by the same pictures. Take the last."
        )
    for name in ("loss", "accuracy", "val_loss"):
        if name in curves and np.isclose(got, curves[name][-1], atol=1e-6):
            hint = f"That is `{name}`. The study maximizes what you return: `val_accuracy`."
    words = "Another number than the validation accuracy at the end."
    require(np.isclose(got, right, atol=1e-6), words, hint, expected=right, got=got)


objective = Exercise(
    title="An objective",
    outcome="search",
    praise="That is all that a library needs to know of your network.",
    nudge="Where in the network does each of the three go: into a layer, or into the optimizer? "
    "And which curve of `fit` tells about pictures that it has not learned from?",
    hint='Ask first: `rate = trial.suggest_float("learning_rate", 1e-4, 1, log=True)`, then maps '
    "and dropout. Build a `keras.Sequential` with them, compile it with "
    "`keras.optimizers.SGD(rate, momentum=0.9)`, fit it with `validation_data=validation`, and "
    'return `history.history["val_accuracy"][-1]`.',
    test=_searches,
)

# ---- Pruning in a callback -----------------------------------------------------------------------

STOPS = (None, 2, None, 0)
"""After which epoch, counted from 0, the pruner of each trial says stop."""


class Scripted(optuna.pruners.BasePruner):
    """A pruner that says stop from the report after one epoch on; it notes when it is asked."""

    def __init__(self, epoch: int | None):
        self.epoch, self.asked = epoch, []

    def prune(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> bool:
        reports = len(trial.intermediate_values)
        self.asked.append(reports)
        return self.epoch is not None and reports > self.epoch


def _learner(rng: np.random.Generator) -> tuple[keras.Model, Pair, Pair]:
    """A network of one layer, compiled, and numbers of three classes."""
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3, "softmax")])
    model.layers[0].set_weights([rng.normal(0, 1, (3, 3)), np.zeros(3)])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    train, validation = ((rng.normal(0, 1, (n, 3)), rng.integers(0, 3, n)) for n in (64, 50))
    return model, train, validation


def _prunes(answer: Any, rng: np.random.Generator) -> None:
    for stop in STOPS:
        model, train, validation = _learner(rng)
        pruner, pruned, came = Scripted(stop), [], model.optimizer
        trial = _trial({}, pruner)

        def answered(*pairs, t=trial, m=model, p=pruned):
            try:
                return answer(t, m, *pairs)
            except optuna.TrialPruned:
                p.append(True)
                return 0.0

        orders = "lets it go on" if stop is None else f"stops after epoch {stop + 1}"
        with about(the_pruner=orders):
            with _watched(rng) as fits:
                got = call(answered, train, validation)
            words = "The model came compiled, with the rate of the trial: leave it so."
            require(model.optimizer is came, words)
            one = _trained(fits, model, len(train[1]))
            _reported(trial, one, bool(pruned))
            _obeyed(bool(pruned), pruner)
            if stop is None:
                _for_all_epochs(one)
                _scored(got, one, validation)


def _trained(fits: list[Fit], model: keras.Model, count: int) -> Fit:
    """The one training of the model, on all examples, or `NotYet`."""
    once = len(fits) == 1 and fits[0].model is model
    require(once, "Call `fit` of the model that you are given, once.")
    (one,) = fits
    words = "Learn from the training examples, all of them."
    require(one.count == count, words, expected=count, got=one.count)
    watched = one.told["validation_data"] is not None
    require(watched, "`fit` needs `validation_data`: what else would you report?")
    if one.told["epochs"] != EPOCHS:
        _for_all_epochs(one)
    return one


def _reported(trial: optuna.Trial, one: Fit, pruned: bool) -> None:
    """The validation accuracy after every epoch that ran."""
    reports = trial.study.trials[trial.number].intermediate_values
    values, right = [*reports.values()], one.curves["val_accuracy"][: len(one.ended)]
    with about(validation_accuracy=np.array(right), reported=reports or "nothing"):
        words = "The trial heard nothing. Is your callback in the list `callbacks` of `fit`, and "
        require(reports, words + "does its `on_epoch_end` call `trial.report`?")
        count = len(right)
        words = "The training went on after the report at which the pruner said stop. Report, "
        at_once = len(reports) >= count or not pruned
        require(at_once, words + "then ask, both in `on_epoch_end`.")
        each = [*reports] in ([*range(count)], [*range(1, count + 1)])
        require(each, "Report once after every epoch, with its number.")
        other = (
            f"You report `{name}`; the pruner wants `val_accuracy`."
            for name, curve in one.curves.items()
            if np.allclose(values, curve[:count])
        )
        same = np.allclose(values, right)
        require(same, "Those are not the validation accuracies.", next(other, None))


def _obeyed(pruned: bool, pruner: Scripted) -> None:
    with about(asked_to_stop_after=f"{max(pruner.asked, default=0)} reports"):
        words = "You stop without asking. The brackets call it: `trial.should_prune()`."
        require(pruner.asked or not pruned, words)
        words = "Nobody asks whether to stop: `if trial.should_prune():` after each report."
        require(pruner.asked, words)
        if pruner.epoch is None:
            require(not pruned, "You stop a trial that may go on.")
        else:
            words = "The study has to hear that this trial was stopped: `raise optuna.TrialPruned`."
            require(pruned, f"{words} Whatever you return counts as that of a whole training.")
            at_once = max(pruner.asked) == pruner.epoch + 1
            require(at_once, "The training went on after the pruner had said stop.")


prune = Exercise(
    title="A callback that prunes",
    outcome="prune",
    praise="The same five lines work for every network that `fit` trains.",
    nudge="Keras calls `on_epoch_end(self, epoch, logs)` of a callback after each epoch. What is "
    "in `logs`, and which two questions do you have for the trial?",
    hint="Inside your function, `class Watch(keras.callbacks.Callback):` with "
    '`def on_epoch_end(self, epoch, logs):`. There `trial.report(logs["val_accuracy"], epoch)`, '
    "and `if trial.should_prune(): raise optuna.TrialPruned`. Hand `fit` "
    "`callbacks=[Watch()]`.",
    test=_prunes,
)

# ---- How often the worse one is ahead ------------------------------------------------------------


def _upsets(a: NDArray, b: NDArray, side: str = "left") -> float:
    """By the places at which the runs of b would stand in the sorted row of a."""
    return float(np.searchsorted(np.sort(a), b, side).mean() / len(a))


def _two_rows(rng: np.random.Generator) -> Pair:
    """Two to eight runs each, as counts of digits, shares or points; ties among them."""
    a, b = (rng.integers(0, 12, rng.integers(2, 9)) for _ in range(2))
    kind = rng.integers(3)
    if kind == 1:
        return (a + 300) / 383, (b + 300) / 383
    return (a - 20, b - 20) if kind == 2 else (a + 2, b)


upsets = Exercise(
    title="How often the worse one wins",
    outcome="judge",
    praise="A table of single runs is one draw from these pairs.",
    nudge="Write every run of `a` beside every run of `b`. How many pairs are there, and in which "
    "of them is `b` larger?",
    hint="`b[:, np.newaxis] > a` compares every run of `b` with every run of `a`, and the mean of "
    "True and False is a share. Two loops and a count do the same.",
    oracle=_upsets,
    cases=[
        (np.array([9, 5]), np.array([7, 6, 4])),
        (np.array([80, 90]), np.array([70, 85])),
        (np.array([0.5, 0.7]), np.array([0.7, 0.7])),
        (np.array([3, 8, 8, 9]), np.array([1, 2])),
        (np.array([1, 2]), np.array([3, 8, 8, 9])),
        (np.array([60, 20, 40, 50]), np.array([55, 10, 41, 39])),
    ],
    legal=_two_rows,
    misconceptions={
        "A tie is not ahead: count only where `b` is larger.": (
            lambda a, b: _upsets(a, b, "right"),
            lambda a, b: (_upsets(a, b) + _upsets(a, b, "right")) / 2,
        ),
        "That is how often `a` is ahead.": lambda a, b: _upsets(b, a),
        "That is the count; return the share of all pairs.": (
            lambda a, b: _upsets(a, b) * len(a) * len(b)
        ),
        "Pair every run of `a` with every run of `b`: you compared first with first, second with "
        "second.": lambda a, b: float(np.mean([y > x for x, y in zip(a, b, strict=False)])),
        "You compared the means. A table with one run per row does not know them.": (
            lambda a, b: float(b.mean() > a.mean()),
            lambda a, b: float((b > a.mean()).mean()),
        ),
        "You compared with the best run of `a`; every run of it may be the one in the table.": (
            lambda a, b: float((b > a.max()).mean())
        ),
    },
)

# ---- The exam ------------------------------------------------------------------------------------

EXAMS = (
    ({"learning_rate": 0.05, "maps": 6, "dropout": 0.1}, [8, 3, 8]),
    ({"learning_rate": 0.4, "maps": 4, "dropout": 0.3}, [5, 2]),
)


def _examines(answer: Any, rng: np.random.Generator) -> None:
    sizes = {"train": 60, "validation": 30, "test": 31}
    parts = {name: _pictures(rng, size) for name, size in sizes.items()}
    both = tuple(np.concatenate([parts["train"][n], parts["validation"][n]]) for n in (0, 1))
    for params, starts in EXAMS:
        with about(params=params, starts=starts):
            with _watched(rng) as fits:
                got = call(answer, dict(params), *parts.values(), list(starts))
            words = "From each start train a new network, once."
            each = len(fits) == len({id(one.model) for one in fits}) == len(starts)
            require(each, words, expected=len(starts), got=f"{len(fits)} calls of `fit`")
            for one in fits:
                _saw(one, sizes)
                _built_as_suggested(one, params)
                _for_all_epochs(one)
                _paired(one, both)
            same = [all(map(np.array_equal, fits[0].before, one.before)) for one in fits]
            words = "A start has to set the first weights: `keras.utils.set_random_seed(start)` "
            require(
                same == [start == starts[0] for start in starts],
                words + "before you build the network. Equal starts give equal networks, others "
                "give others.",
            )
            _told_all(got, fits, parts)


def _saw(one: Fit, sizes: dict[str, int]) -> None:
    """Training and validation digits, and the test digits at no time."""
    with about(expected="90 pictures", got=one.count):
        test = one.count in (sum(sizes.values()), sizes["train"] + sizes["test"], sizes["test"])
        require(not test, "The network has learned from the test pictures: no exam is left.")
        words = "The choice is made, so the validation pictures are free: learn from both, joined "
        require(one.count != sizes["train"], words + "with `np.concatenate`.")
        both = one.count == sizes["train"] + sizes["validation"]
        require(both, "Learn from the training and the validation pictures together.")
    watched = one.told["validation_data"]
    honest = watched is None or len(_arrays(watched)[1]) == sizes["validation"]
    require(honest, "Nothing is chosen any more: `fit` does not look at the test pictures.")


def _told_all(got: Any, fits: list[Fit], parts: dict[str, Pair]) -> None:
    got = numbers(got)
    right, easier = (
        np.array([_right(one.model, parts[name]) for one in fits])
        for name in ("test", "validation")
    )
    others = {
        "You kept the best: that chooses by the test pictures. Return all of them.": right.max(),
        "That is the mean. Return the accuracy of every start: their spread is half the news.": (
            right.mean()
        ),
        "That is one start. Return the accuracy of every one.": right[0],
        "Those are the validation pictures, which it has learned from.": easier,
    }
    hints = [h for h, x in others.items() if got.shape == x.shape and np.allclose(got, x)]
    pairs = "`evaluate` returns loss and accuracy: take `[1]`."
    hint = pairs if got.shape == (len(right), 2) else hints[0] if len(hints) == 1 else None
    same = got.shape == right.shape and np.allclose(got, right, atol=1e-6)
    require(same, "Return the test accuracy of each start.", hint, expected=right, got=got)


exam = Exercise(
    title="The winner's exam",
    outcome="choose",
    praise="Every start is reported, none is chosen: this number may be promised.",
    nudge="The choice is made. Which pictures may the winner learn from now, and which not?",
    hint="Join the two: `images = np.concatenate([train[0], validation[0]])`, the labels likewise. "
    "For each start: `keras.utils.set_random_seed(start)`, `model = network(FixedTrial(params))`, "
    "`fit`, then append `model.evaluate(*test, verbose=0)[1]`.",
    test=_examines,
)

# ---- Draw log-uniformly --------------------------------------------------------------------------


def _by_logarithm(u: float, low: float, high: float, log=math.log, base=math.e) -> float:
    return base ** ((1 - u) * log(low) + u * log(high))


def _range(rng: np.random.Generator) -> tuple[float, float, float]:
    """A share, both ends among them, and two positive ends, whole numbers in a third of cases."""
    u = float(rng.choice([0, 1, *rng.random(6)]))
    if rng.random() < 1 / 3:
        low = int(rng.integers(1, 9))
        return u, low, low + int(rng.integers(1, 90))
    low = float(10 ** rng.uniform(-8, 2))
    return u, low, float(low * 10 ** rng.uniform(0.1, 6))


log_uniform = Exercise(
    title="Log-uniform sampling",
    outcome="search",
    praise="Equal steps of `u` multiply the value by equal factors.",
    nudge="The value should be spread evenly on a logarithmic axis. Where on that axis do `low` "
    "and `high` lie, and how far along the way between them is `u`?",
    hint="Go the share u of the way from log(low) to log(high), then undo the logarithm: `np.exp` "
    "undoes `np.log`, `10 **` undoes `np.log10`. Or ask by which factor `high` is larger than "
    "`low`, and raise it to the power u.",
    oracle=_by_logarithm,
    cases=[
        (0.5, 1e-4, 1.0),
        (0.0, 1e-4, 1.0),
        (0.25, 1e-4, 1.0),
        (0.5, 2, 5),
        (0.7, 2.0, 50.0),
        (1.0, 1e-6, 3.0),
        (0.5, 3e-8, 8e-7),
    ],
    legal=_range,
    misconceptions={
        "That is uniform in the value: nearly all draws are close to `high`. Let the logarithm of "
        "the value be uniform.": lambda u, low, high: low + u * (high - low),
        "That is the logarithm of the value: raise its base to that power.": tuple(
            lambda u, low, high, log=log: (1 - u) * log(low) + u * log(high)
            for log in (math.log10, math.log, math.log2)
        ),
        "Your logarithm and your power have different bases: `np.log` goes with `np.exp`, "
        "`np.log10` with `10 **`.": tuple(
            lambda u, low, high, log=log, base=base: _by_logarithm(u, low, high, log, base)
            for log, base in ((math.log, 10), (math.log10, math.e), (math.log, 2), (math.log2, 10))
        ),
        "You run from `high` down to `low`: u = 0 should give `low`.": (
            lambda u, low, high: _by_logarithm(1 - u, low, high)
        ),
        "Your exponent starts at 0, so the values start at 1: start at log(low).": (
            lambda u, low, high: (high / low) ** u
        ),
        "The way is log(high) - log(low) long: multiply `u` by this difference.": (
            lambda u, low, high: low * high**u
        ),
        "That is right from 0.0001 to 1 only: use `low` and `high`.": (
            lambda u, low, high: 10 ** (-4 + 4 * u)
        ),
        "That is right up to 1 only: use `high`.": lambda u, low, high: low ** (1 - u),
    },
    atol=0,
)

# ---- Successive halving --------------------------------------------------------------------------

Rungs = list[list[int]]


def _halved(scores: NDArray, eta: int) -> Rungs:
    """By definition: n stays where fewer than `kept` of the others alive do better."""
    alive, left = list(range(len(scores))), []
    for rung in scores.T:
        kept = max(len(alive) // eta, 1)
        alive = [n for n in alive if sum(rung[m] > rung[n] for m in alive) < kept]
        left.append(alive)
    return left


def _share(n: int, eta: int) -> int:
    return max(1, n // eta)


def _cut(
    kept: Callable[[int, int], int] = _share,
    column: int | None = None,
    returning: bool = False,
    order: Callable[[list[int]], list[int]] = sorted,
) -> Callable[[NDArray, int], Rungs]:
    """Successive halving with another number, column or order, or with those who had stopped."""

    def function(scores, eta):
        everyone = alive = list(range(len(scores)))
        left = []
        for rung in range(scores.shape[1]):
            by = scores[:, rung if column is None else column]
            best = sorted(everyone if returning else sorted(alive), key=lambda n: -by[n])
            alive = order(best[: kept(len(alive), eta)])
            left.append(alive)
        return left

    return function


def _places(scores: NDArray, eta: int) -> Rungs:
    rungs = pairwise([list(range(len(scores))), *_halved(scores, eta)])
    return [[before.index(n) for n in alive] for before, alive in rungs]


def _scores(rng: np.random.Generator) -> tuple[NDArray, int]:
    """No two of a rung are equal: whole percents, shares close together, losses turned around."""
    n, rungs = int(rng.integers(1, 21)), int(rng.integers(1, 5))
    scores = np.stack([rng.permutation(n) for _ in range(rungs)], axis=1)
    kinds: list[Any] = [scores, scores - 520, scores + 20_000, 0.9 + scores / 1000,
                        (scores / 25).astype(np.float32), -scores / 7]  # fmt: skip
    return kinds[rng.integers(len(kinds))], int(rng.integers(2, 6))


survivors = Exercise(
    title="Successive halving",
    outcome="prune",
    praise="The scores of later rounds decided among the survivors only.",
    nudge="Who takes part in round 2? And how do you find the number that a survivor had at the "
    "start, when you rank the survivors alone?",
    hint="Keep a list `alive` of numbers, at first all of them. For each round take the scores "
    "of these, `scores[alive, number]`, keep the `max(1, len(alive) // eta)` best, sort their "
    "numbers, and add a copy of the list to the result.",
    oracle=_halved,
    cases=[
        (np.array([[50, 80], [40, 95], [60, 70], [30, 99], [55, 90], [20, 60]]), 2),
        (np.array([[7]]), 2),
        (np.array([[0.2, 0.5, 0.1], [0.4, 0.3, 0.6]]), 3),
        (np.random.default_rng(2).permuted(np.arange(42).reshape(14, 3), axis=0), 2),
        (np.random.default_rng(3).permuted(np.arange(60).reshape(20, 3), axis=0) - 500, 3),
    ],
    legal=_scores,
    draws=16,
    misconceptions={
        "You kept the worst: these are accuracies, more is better.": lambda s, e: _halved(-s, e),
        "Rank every round by its own scores: those of the first are old, and those of the last "
        "nobody knows yet.": (_cut(column=0), _cut(column=-1)),
        "A setting came back after it had been dropped: rank the survivors only.": (
            _cut(returning=True)
        ),
        "Those are places among the survivors; give the numbers that the settings had at the "
        "start.": _places,
        "Nobody is left in the end: keep one at least.": _cut(lambda n, eta: n // eta),
        "Too many or too few go on: of n survivors n // eta do, rounded down, and never fewer than "
        "one.": (
            _cut(lambda n, eta: -(-n // eta)),
            _cut(lambda n, eta: max(1, round(n / eta))),
            _cut(lambda n, eta: n - n // eta),
            _cut(lambda n, eta: _share(n, 2)),
            _cut(min),
            lambda s, e: _cut(lambda n, eta: _share(len(s), eta))(s, e),
        ),
        "These are the right ones, ranked; give their numbers in ascending order.": (
            _cut(order=list)
        ),
        "One list for each round, with those who are left after it: the first is not for the "
        "start, and `append` needs a copy of a list that you change later.": (
            lambda s, e: [list(range(len(s))), *_halved(s, e)],
            lambda s, e: _halved(s, e)[-1],
            lambda s, e: [_halved(s, e)[-1]] * s.shape[1],
        ),
    },
    whole=True,
)
