"""Choosing hyperparameters: right answers of unusual form, and wrong ones as students write them."""

import math
from collections import deque

import numpy as np
import optuna
import pytest
from optuna.trial import FixedTrial

from lessons.choosing_hyperparameters import check, search, trials
from tests.kit.answers import accepted, refused
from utils import training
from utils.quiet import keras, tf

layers = keras.layers
pytestmark = pytest.mark.slow


def log_uniform(u, low, high):
    return low * (high / low) ** u


def halve(scores, eta, sentinel=-np.inf):
    """Loops; the best of those alive is what lies above the sentinel."""
    alive, left = list(range(len(scores))), []
    for rung in range(scores.shape[1]):
        new = []
        for _ in range(max(1, len(alive) // eta)):
            highest, winner = sentinel, -1
            for n in alive:
                if n not in new and scores[n, rung] > highest:
                    highest, winner = scores[n, rung], n
            new.append(winner)
        alive = sorted(new)
        left.append(alive)
    return left


def removing(scores, eta, copied=list):
    alive, left = list(range(len(scores))), []
    for rung in range(scores.shape[1]):
        for _ in range(len(alive) - max(1, len(alive) // eta)):
            alive.remove(min(alive, key=lambda n: scores[n, rung]))
        left.append(copied(alive))
    return left


def ask(trial, log=True, maps=(4, 16), dropout=0.5, rate="learning_rate"):
    return (
        trial.suggest_float(rate, 1e-4, 1, log=log),
        trial.suggest_int("maps", *maps),
        trial.suggest_float("dropout", 0, dropout),
    )


def built(rate, maps, dropout, loss="sparse_categorical_crossentropy", metrics=("accuracy",)):
    model = trials.small_cnn(maps=maps, dropout=dropout)
    model.compile(keras.optimizers.SGD(rate, momentum=0.9), loss, metrics=list(metrics))
    return model


def objective(
    trial, train, validation, asked=ask, change=lambda *s: s, epochs=8, key="val_accuracy",
    of=lambda curve: curve[-1], watched=None, **compiled,
):  # fmt: skip
    model = built(*change(*asked(trial)), **compiled)
    history = model.fit(*train, epochs=epochs, validation_data=watched or validation, verbose=0)
    return of(history.history[key])


def by_categories(trial, train, validation):
    """A functional model, maps from a list, batches from a data set, the course's own `fit`."""
    rate = trial.suggest_float("learning_rate", 1e-4, 1, log=True)
    maps = trial.suggest_categorical("maps", [4, 5, 8, 12, 16])
    dropout = trial.suggest_float("dropout", 0.0, 0.5)
    inputs = keras.Input((16, 16, 1))
    x = layers.Conv2D(maps, 5, padding="same")(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, layers.Dense(10, "softmax")(x))
    model.compile(keras.optimizers.SGD(rate, momentum=0.9), "sparse_categorical_crossentropy",
                  metrics=["accuracy"])  # fmt: skip
    batches = (tf.data.Dataset.from_tensor_slices(pair).batch(16) for pair in (train, validation))
    return training.fit(model, *batches, 8).val_accuracy[-1]


def evaluated(trial, train, validation):
    model = built(*ask(trial))
    model.fit(*train, epochs=8, verbose=0)
    return model.evaluate(*validation, verbose=0)[1]


def network_of(trial, train, validation, end="softmax", descent=None, loss=None, **options):
    """Built without an input shape; rescaled pictures; labels one-hot where the loss wants it."""
    rate, maps, dropout = ask(trial)
    last = layers.Dense(10, activation=end)
    model = keras.Sequential(
        [layers.Conv2D(maps, 5, activation="relu"), layers.Flatten(), layers.Dropout(dropout), last]
    )
    descent = descent or keras.optimizers.SGD(momentum=0.9)
    descent.learning_rate = rate
    model.compile(descent, loss or "sparse_categorical_crossentropy", metrics=["accuracy"])
    pairs = [(2 * images - 1, labels) for images, labels in (train, validation)]
    if loss == "categorical_crossentropy":
        pairs = [(images, keras.utils.to_categorical(labels, 10)) for images, labels in pairs]
    history = model.fit(*pairs[0], epochs=8, validation_data=pairs[1], verbose=0, **options)
    return history.history["val_accuracy"][-1]


def stopping(**options):
    return [keras.callbacks.EarlyStopping(monitor="val_accuracy", **options)]


def asked_again(trial, model, train, validation):
    """The callback evaluates by itself, stops softly, and the function raises."""
    stopped = []

    def after(watch, epoch, logs):
        trial.report(watch.model.evaluate(*validation, verbose=0)[1], epoch)
        if trial.should_prune():
            stopped.append(epoch)
            watch.model.stop_training = True

    last = after_each(trial, model, train, validation, after)
    if stopped:
        raise optuna.TrialPruned
    return last


def twice(trial, train, validation):
    objective(trial, train, validation)
    return objective(trial, train, validation)


def after_each(trial, model, train, validation, after, epochs=8, of=lambda curve: curve[-1]):
    """Train with a callback that calls `after` with itself, the epoch and the logs."""
    watch = keras.callbacks.Callback()
    watch.on_epoch_end = lambda epoch, logs: after(watch, epoch, logs)
    history = model.fit(
        *train, epochs=epochs, validation_data=validation, callbacks=[watch], verbose=0
    )
    return of(history.history["val_accuracy"])


def pruning(key="val_accuracy", stop="raise", first=0, every=1, **options):
    """Somebody's `fit_or_prune`."""

    def answer(trial, model, train, validation):
        def after(watch, epoch, logs):
            if epoch % every == 0:
                trial.report(float(logs[key]), epoch + first)
            if stop == "always" or (stop and trial.should_prune()):
                if stop != "softly":
                    raise optuna.TrialPruned
                watch.model.stop_training = True

        return after_each(trial, model, train, validation, after, **options)

    return answer


def by_lambda(trial, model, train, validation):
    def after(epoch, logs):
        trial.report(logs["val_accuracy"], step=epoch + 1)
        if trial.should_prune():
            raise optuna.exceptions.TrialPruned(f"after epoch {epoch}")

    watch = keras.callbacks.LambdaCallback(on_epoch_end=after)
    model.fit(*train, validation_data=validation, epochs=8, callbacks=watch, verbose=0)
    return model.evaluate(*validation, verbose=0)[1]


def never_handed_over(trial, model, train, validation):
    curves = model.fit(*train, validation_data=validation, epochs=8, verbose=0).history
    return curves["val_accuracy"][-1]


def asks_first(trial, model, train, validation):
    def after(watch, epoch, logs):
        if trial.should_prune():
            raise optuna.TrialPruned
        trial.report(logs["val_accuracy"], epoch)

    return after_each(trial, model, train, validation, after)


def reports_in_the_end(trial, model, train, validation):
    curve = model.fit(*train, validation_data=validation, epochs=8, verbose=0).history
    for epoch, value in enumerate(curve["val_accuracy"]):
        trial.report(value, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
    return value


def compiled_again(trial, model, *pairs):
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return pruning()(trial, model, *pairs)


def no_brackets(trial, model, train, validation):
    def after(watch, epoch, logs):
        trial.report(logs["val_accuracy"], epoch)
        if trial.should_prune:
            raise optuna.TrialPruned

    return after_each(trial, model, train, validation, after)


def exam(
    params, train, validation, test, starts, parts=("train", "validation"), late=False, epochs=8,
    of=lambda right: right, on="test", which=1, seed=lambda start: start, watched="",
):  # fmt: skip
    given = {"train": train, "validation": validation, "test": test}
    images, labels = (np.concatenate(p) for p in zip(*(given[n] for n in parts), strict=True))
    right = []
    for start in starts:
        if late:
            model = search.network(FixedTrial(params))
        keras.utils.set_random_seed(seed(start))
        if not late:
            model = search.network(FixedTrial(params))
        data = {"validation_data": given[watched]} if watched else {}
        model.fit(images, labels, epochs=epochs, verbose=0, **data)
        right.append(model.evaluate(*given[on], verbose=0)[which])
    return of(right)


def one_network(params, train, validation, test, starts):
    model, right = search.network(FixedTrial(params)), []
    for start in starts:
        keras.utils.set_random_seed(start)
        model.fit(np.vstack([train[0], validation[0]]), np.append(train[1], validation[1]),
                  epochs=8, verbose=0)  # fmt: skip
        right.append(model.evaluate(*test, verbose=0)[1])
    return right


def by_predict(params, train, validation, test, starts):
    def right(start):
        keras.utils.set_random_seed(start)
        model = search.network(FixedTrial(params))
        model.fit(x=np.vstack([train[0], validation[0]]), y=np.append(train[1], validation[1]),
                  batch_size=16, epochs=8, verbose=0)  # fmt: skip
        return np.mean(model.predict(test[0], verbose=0).argmax(axis=1) == test[1])

    return np.array([right(start) for start in starts])


def of(answer, **options):
    """An answer with other options."""
    return lambda *given: answer(*given, **options)


def upsets(a, b):
    return sum(y > x for x in a for y in b) / len(a) / len(b)


test_right_in_another_way = accepted({
    "as the lesson": (check.objective, search.objective),
    "another network": (check.objective, by_categories),
    "evaluated": (check.objective, evaluated),
    "rescaled": (check.objective, network_of),
    "one-hot": (check.objective, of(network_of, loss="categorical_crossentropy")),
    "patient": (check.objective, lambda *given: network_of(
        *given, callbacks=stopping(patience=20, restore_best_weights=True))),
    "evaluated in the callback": (check.prune, asked_again),
    "validation watched": (check.exam, of(exam, watched="validation")),
    "a float of NumPy": (check.objective, lambda *given: np.float32(objective(*given))),
    "as the lesson prunes": (check.prune, search.fit_or_prune),
    "a lambda, from 1": (check.prune, by_lambda),
    "loops": (check.upsets, upsets),
    "outer": (check.upsets, lambda a, b: (np.subtract.outer(b, a) > 0).mean()),
    "in a row": (check.exam, exam),
    "predicted": (check.exam, by_predict),
    "float32": (check.log_uniform, lambda *case: np.float32(log_uniform(*case))),
    "halved in loops": (check.survivors, halve),
    "deque": (check.survivors, lambda *case: deque(removing(*case))),
    "arrays": (check.survivors, lambda *case: tuple(map(np.array, halve(*case)))),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "without log": (check.objective, of(objective, asked=lambda t: ask(t, log=False)), "log=True"),
    "fewer maps": (check.objective, of(objective, asked=lambda t: ask(t, maps=(2, 16))), "the ranges"),
    "more dropout": (check.objective, of(objective, asked=lambda t: ask(t, dropout=0.9)), "the ranges"),
    "another name": (check.objective, of(objective, asked=lambda t: ask(t, rate="lr")), "`learning_rate`"),
    "its own rate": (check.objective, of(objective, change=lambda r, m, d: (0.01, m, d)), "another rate"),
    "its own maps": (check.objective, of(objective, change=lambda r, m, d: (r, 8, d)), "number of maps"),
    "its own dropout": (check.objective, of(objective, change=lambda r, m, d: (r, m, 0.4)), "drops the share"),
    "seven epochs": (check.objective, of(objective, epochs=7), "number of epochs"),
    "training accuracy": (check.objective, of(objective, key="accuracy"), "That is `accuracy`"),
    "validation loss": (check.objective, of(objective, key="val_loss"), "That is `val_loss`"),
    "best epoch": (check.objective, of(objective, of=max), "best of the epochs"),
    "the curve": (check.objective, of(objective, of=lambda curve: curve), "one number"),
    "chosen by training": (check.objective, lambda t, a, b: objective(t, a, b, watched=a), "Another number"),
    "learned from both": (check.objective, lambda t, a, b: objective(
        t, tuple(map(np.concatenate, zip(a, b, strict=True))), b), "no others"),
    "trained twice": (check.objective, twice, "call `fit` once"),
    "squared error": (check.objective, of(objective, loss="mse"), "sparse_categorical"),
    "a history": (check.objective, lambda t, a, b: built(*ask(t)).fit(*a, epochs=8, validation_data=b), "one number"),
    "without momentum": (check.objective, lambda *given: network_of(
        *given, descent=keras.optimizers.SGD()), "momentum 0.9"),
    "Adam": (check.objective, lambda *given: network_of(*given, descent=keras.optimizers.Adam()), "momentum 0.9"),
    "no softmax": (check.objective, of(network_of, end=None), "needs a softmax"),
    "stopped early": (check.objective, lambda *given: network_of(*given, callbacks=stopping(patience=1)),
                      "before its last"),
    "labels reversed": (check.objective, lambda t, a, b: objective(t, (a[0], a[1][::-1]), b), "its own label"),
    "softly": (check.prune, pruning(stop="softly"), "raise optuna.TrialPruned"),
    "asks, then reports": (check.prune, asks_first, "The training went on after the report"),
    "reports in the end": (check.prune, reports_in_the_end, "The training went on after the report"),
    "compiled again": (check.prune, compiled_again, "leave it so"),
    "never asks": (check.prune, pruning(stop=None), "Nobody asks"),
    "always": (check.prune, pruning(stop="always"), "stop without asking"),
    "no brackets": (check.prune, no_brackets, "The brackets call it"),
    "training reported": (check.prune, pruning(key="accuracy"), "You report `accuracy`"),
    "loss reported": (check.prune, pruning(key="val_loss"), "You report `val_loss`"),
    "every second": (check.prune, pruning(every=2), "every epoch"),
    "from 5": (check.prune, pruning(first=5), "every epoch"),
    "not handed over": (check.prune, never_handed_over, "heard nothing"),
    "pruned best": (check.prune, pruning(of=max), "best of the epochs"),
    "three epochs": (check.prune, pruning(epochs=3), "number of epochs"),
    "at least as good": (check.upsets, lambda a, b: float(np.mean(b[:, None] >= a)), "A tie"),
    "sorted pairs": (check.upsets, lambda a, b: float(np.mean(np.resize(np.sort(b), len(a)) > np.sort(a))), None),
    "rounded": (check.upsets, lambda a, b: round(upsets(a, b), 1), None),
    "the best": (check.exam, of(exam, of=max), "chooses by the test"),
    "the mean": (check.exam, of(exam, of=np.mean), "the mean"),
    "the first start": (check.exam, of(exam, of=lambda right: right[0]), "That is one start"),
    "loss": (check.exam, of(exam, which=0), "test accuracy of each"),
    "both": (check.exam, of(exam, which=slice(None)), "take `[1]`"),
    "validation": (check.exam, of(exam, on="validation"), "learned from"),
    "training alone": (check.exam, of(exam, parts=["train"]), "np.concatenate"),
    "learned the exam": (check.exam, of(exam, parts=["train", "validation", "test"]), "no exam"),
    "seed too late": (check.exam, of(exam, late=True), "set_random_seed"),
    "one seed": (check.exam, of(exam, seed=lambda start: 0), "set_random_seed"),
    "watched": (check.exam, of(exam, watched="test"), "does not look at the test"),
    "ten epochs": (check.exam, of(exam, epochs=10), "number of epochs"),
    "one network": (check.exam, one_network, "new network"),
    "divided with //": (check.log_uniform, lambda u, low, high: low * (high // low) ** u, None),
    "rounded to six": (check.log_uniform, lambda *case: round(log_uniform(*case), 6), None),
    "clipped": (check.log_uniform, lambda *case: max(log_uniform(*case), 1e-6), None),
    "never high": (check.log_uniform, lambda u, *ends: log_uniform(u % 1, *ends), None),
    "its own number": (check.log_uniform, lambda u, *ends: log_uniform(0.3, *ends), None),
    "sentinel 0": (check.survivors, lambda *case: halve(*case, sentinel=0), None),
    "changed later": (check.survivors, lambda *case: removing(*case, lambda a: a), "needs a copy"),
    "sums so far": (check.survivors, lambda s, eta: halve(np.cumsum(s, axis=1), eta), None),
    "whole scores": (check.survivors, lambda s, eta: removing(s.astype(int), eta), None),
    "from 1": (check.survivors, lambda *c: [[n + 1 for n in a] for a in halve(*c)], None),
    "one list too few": (check.survivors, lambda *c: halve(*c)[:-1], "2 parts; yours has 1"),
    "floats": (check.survivors, lambda *c: [np.array(a, float) for a in halve(*c)], "decimals"),
})  # fmt: skip


def test_tiny_numbers_are_shown():
    facts = dict(check.log_uniform(lambda *case: math.ceil(log_uniform(*case) * 1e7) / 1e7).facts)
    assert facts["low"] == "3e-08"
    assert facts["expected"] != facts["got"]


def test_fit_is_kerass_own_again_after_a_check():
    before = keras.Model.fit
    check.objective(search.objective)
    check.exam(lambda *given: 1 / 0)
    assert keras.Model.fit is before
