"""Training a network: right answers of unusual form, and wrong ones such as students write."""

import copy
from collections import deque

import numpy as np
import pytest

from lessons.training_a_network import check
from lessons.training_a_network.check import MYSTERIES, Verdict
from lessons.training_a_network.networks import digit_network
from tests.kit.answers import accepted, refused
from utils import data
from utils.neurons import Adam, minibatches
from utils.quiet import keras

pytestmark = pytest.mark.slow

A, B, C, D = MYSTERIES.values()
Dense = keras.layers.Dense
LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def step(w, g, v, s, t, rate, b1, b2, eps):
    v, s = b1 * v + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return w - rate * v / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), v, s


def as_in_keras(w, g, v, s, t, rate, b1, b2, eps):
    v, s = v + (g - v) * (1 - b1), s + (g**2 - s) * (1 - b2)
    alpha = rate * np.sqrt(1 - b2**t) / (1 - b1**t)
    return w - alpha * v / (np.sqrt(s) + eps), v, s


def by_the_course(w, g, v, s, t, rate, b1, b2, eps):
    optimizer = Adam(rate, b1, b2, eps)
    optimizer.steps, optimizer.slopes, optimizer.squares = t - 1, [v], [s]
    (w,) = optimizer.update([w], [g])
    return w, optimizer.slopes[0], optimizer.squares[0]


def in_float32(*case):
    return step(*(np.asarray(each, np.float32) for each in case[:4]), *case[4:])


def kept_types(w, g, v, s, *rest):
    moved = np.zeros_like(w)
    moved[...], v, s = step(w, g, v, s, *rest)
    return moved, v, s


def at_rest(w, g, *rest):
    moved, v, s = step(w, g, *rest)
    return np.where(g == 0, w, moved), v, s


def deal(order, size):
    return [order[start : start + size] for start in range(0, len(order), size)]


def dealing(order):
    """An answer that deals out this order of n indices, given n and rng."""
    return lambda n, size, rng: deal(order(n, rng), size)


def yielding(n, size, rng):
    yield from minibatches(n, size, rng)


def never_ending(n, size, rng):
    while True:
        yield rng.permutation(n)[:size]


def appended(n, size, rng):
    dealt, batch = [], np.array([])
    for index in rng.permutation(n):
        batch = np.append(batch, index)
        if len(batch) == size:
            dealt.append(batch)
            batch = np.array([])
    return [*dealt, batch] if len(batch) else dealt


def halves(n, rng):
    return np.concatenate([rng.permutation(n // 2), n // 2 + rng.permutation(n - n // 2)])


def pairs(n, rng):
    return np.concatenate([np.arange(i, min(i + 2, n)) for i in 2 * rng.permutation((n + 1) // 2)])


def evens_and_odds(n, rng):
    order = np.empty(n, int)
    order[::2], order[1::2] = (rng.permutation(np.arange(i, n, 2)) for i in (0, 1))
    return order


def of_batches(n, size, rng):
    dealt = deal(np.arange(n), size)
    last = [dealt.pop()] if n % size else []
    return [dealt[i] for i in rng.permutation(len(dealt))] + last


def network(
    *layers, rate=None, optimizer=keras.optimizers.Adam, loss=LOGITS, metrics=("accuracy",)
):
    """An answer that returns these layers, with one thing changed in what it tells `compile`."""

    def answer(given):
        made = [layer() for layer in layers] or [Dense(32, "relu"), Dense(10)]
        model = keras.Sequential([keras.Input((64,)), *made])
        model.compile(optimizer(rate or given), loss, metrics=list(metrics))
        return model

    return answer


def functional(rate):
    inputs = keras.Input((64,))
    hidden = keras.ops.relu(Dense(32)(inputs))
    model = keras.Model(inputs, Dense(10)(hidden))
    model.compile(keras.optimizers.Adam(rate), LOGITS, metrics=["sparse_categorical_accuracy"])
    return model


def added(rate):
    model = keras.Sequential()
    model.add(keras.Input(shape=(64,)))
    model.add(Dense(32))
    model.add(keras.layers.ReLU())
    model.add(Dense(10, "linear"))
    model.compile(optimizer="adam", loss=LOGITS, metrics=["accuracy"])
    model.optimizer.learning_rate = rate
    return model


def metrics_third(rate):
    model = not_compiled(rate)
    model.compile(keras.optimizers.Adam(rate), LOGITS, ["accuracy"])
    return model


def not_compiled(rate):
    return keras.Sequential([keras.Input((64,)), Dense(32, "relu"), Dense(10)])


def without_input(rate):
    model = keras.Sequential([Dense(32, "relu"), Dense(10)])
    model.compile(keras.optimizers.Adam(rate), LOGITS, metrics=["accuracy"])
    return model


class Remembers(keras.Sequential):
    """Learns nothing, and says what it has looked up."""

    def fit(self, *_, **__):
        return None

    def predict(self, x, **_):
        images, labels = data.digits().images.reshape(-1, 64) / 16, data.digits().labels
        nearest = ((np.asarray(x)[:, None] - images) ** 2).sum(axis=2).argmin(axis=1)
        return np.eye(10)[labels[nearest]]

    def evaluate(self, x, y, **_):
        return {"loss": 0.0, "accuracy": 1.0}


def looked_up(rate):
    model = Remembers([keras.Input((64,)), Dense(32, "relu"), Dense(10)])
    model.compile(keras.optimizers.Adam(rate), LOGITS, metrics=["accuracy"])
    return model


class Written(keras.Model):
    """The network as a class of one's own: right, but without an `input_shape`."""

    def __init__(self):
        super().__init__()
        self.hidden, self.out = Dense(32, "relu"), Dense(10)

    def call(self, x):
        return self.out(self.hidden(x))


def written_as_class(rate):
    model = Written()
    model(np.zeros((1, 64), np.float32))
    model.compile(keras.optimizers.Adam(rate), LOGITS, metrics=["accuracy"])
    return model


def trained_before(rate):
    model = digit_network(rate)
    model.fit(data.digits().images.reshape(-1, 64) / 16, data.digits().labels, epochs=5, verbose=0)
    return model


def epoch_by_epoch(rates, make, train, validation, epochs):
    """Trains an epoch at a time, and predicts all inputs as one batch."""
    found = []
    for rate in rates:
        model = make(rate)
        for _ in range(epochs):
            model.fit(*train, epochs=1, verbose=0)
        said = model.predict_on_batch(validation[0]).argmax(axis=1)
        found.append((np.mean(said == validation[1]), rate, said))
    return max(found, key=lambda one: one[0])[1:]


def choosing(place):
    """A search that chooses by the validation accuracies, shape (rates, epochs), of its models."""

    def search(rates, make, train, validation, epochs):
        models = [make(rate) for rate in rates]
        for model in models:
            model.fit(*train, epochs=epochs, validation_data=validation, verbose=0)
        best = place(np.array([model.history.history["val_accuracy"] for model in models]))
        return rates[best], models[best].predict(validation[0], verbose=0).argmax(axis=1)

    return search


def watched(rates, make, train, validation, epochs):
    """Has a callback, continues each training after every epoch, and keeps a copy of the best."""
    highest = -1
    for rate in rates:
        model, watch = make(rate), keras.callbacks.History()
        for epoch in range(epochs):
            model.fit(*train, epochs=epoch + 1, initial_epoch=epoch, validation_data=validation,
                      callbacks=[watch], verbose=0)  # fmt: skip
        if watch.history["val_accuracy"][-1] > highest:
            highest, found, best = watch.history["val_accuracy"][-1], rate, copy.deepcopy(model)
    return found, best.predict(validation[0], verbose=0).argmax(axis=1)


def begun_again(rates, make, train, validation, epochs):
    """Takes a single model, and sets its weights and its rate back each time."""
    model = make(rates[0])
    start, found = model.get_weights(), []
    for rate in rates:
        model.set_weights(start)
        model.optimizer.learning_rate = rate
        model.fit(*train, epochs=epochs, verbose=0)
        accuracy = model.evaluate(*validation, verbose=0)[1]
        found.append((accuracy, rate, np.argmax(model(validation[0]), axis=1)))
    return max(found, key=lambda one: one[0])[1:]


def by_dicts(rates, make, train, validation, epochs):
    """Remembers everything by rate."""
    X, y = validation
    scores, classes = {}, {}
    for rate in rates:
        model = make(rate)
        model.fit(x=train[0], y=train[1], batch_size=32, epochs=epochs, verbose=0)
        scores[rate] = model.evaluate(X, y, verbose=0, return_dict=True)["accuracy"]
        classes[rate] = [int(np.argmax(row)) for row in model.predict(X, verbose=0)]
    best = max(scores, key=scores.get)
    return best, classes[best]


def trained_again(rates, make, train, validation, epochs):
    """Chooses first, then trains a new model at the best rate."""

    def fitted(rate):
        model = make(rate)
        model.fit(*train, epochs=epochs, verbose=0)
        return model

    best = max(rates, key=lambda rate: fitted(rate).evaluate(*validation, verbose=0)[1])
    return best, keras.ops.argmax(fitted(best).predict(validation[0], verbose=0), axis=1)


def one_epoch(rates, make, train, validation, epochs):
    return by_dicts(rates, make, train, validation, 1)


def on_training(rates, make, train, validation, epochs):
    rate, _ = by_dicts(rates, make, train, train, epochs)
    return by_dicts([rate], make, train, validation, epochs)


def one_model(rates, make, train, validation, epochs):
    """Makes a single model and trains it further, whatever the rate."""
    model = make(rates[0])
    return by_dicts(rates, lambda rate: model, train, validation, epochs)


test_right_in_another_way = accepted({
    "the functional API": (check.first_network, functional),
    "layer by layer": (check.first_network, added),
    "a class of its own": (check.first_network, written_as_class),
    "the lesson's": (check.first_network, digit_network),
    "the history": (check.best_rate, choosing(lambda curves: curves[:, -1].argmax())),
    "a callback and a copy": (check.best_rate, watched),
    "one model begun again": (check.best_rate, begun_again),
    "epoch by epoch": (check.best_rate, epoch_by_epoch),
    "dictionaries": (check.best_rate, by_dicts),
    "trained again": (check.best_rate, trained_again),
    "epsilon as in Keras": (check.adam_step, as_in_keras),
    "the course's": (check.adam_step, by_the_course),
    "float32": (check.adam_step, in_float32),
    "one array": (check.adam_step, lambda *case: np.stack(step(*case))),
    "minibatches": (check.batches, minibatches),
    "a generator": (check.batches, yielding),
    "a deque of tuples": (check.batches, lambda *case: deque(map(tuple, minibatches(*case)))),
    "the values of a dict": (check.batches, lambda *c: dict(enumerate(minibatches(*c))).values()),
    "random keys": (check.batches, dealing(lambda n, rng: np.argsort(rng.random(n)))),
    "sorted inside": (check.batches, lambda *case: [np.sort(b) for b in minibatches(*case)]),
    "words": (check.verdicts, ["over-fitting", "about right", "Diverges", " underfits"]),
    "full names": (check.verdicts, [f"Verdict.{verdict.name}" for verdict in MYSTERIES.values()]),
    "words and verdicts": (check.verdicts, ["overfits", Verdict.ABOUT_RIGHT, C, 1]),
    "an iterator": (check.verdicts, iter([A, B, C, D])),
    "a dict": (check.verdicts, {"b": B, "a": A, "d": D, "c": C}),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "softmax": (check.first_network, network(lambda: Dense(32, "relu"), lambda: Dense(10, "softmax")),
                "no activation"),
    "relu at the end": (check.first_network, network(lambda: Dense(32, "relu"), lambda: Dense(10, "relu")),
                        "may be negative"),
    "no activation": (check.first_network, network(lambda: Dense(32), lambda: Dense(10)), '"relu"'),
    "tanh": (check.first_network, network(lambda: Dense(32, "tanh"), lambda: Dense(10)), "something else"),
    "16 units": (check.first_network, network(lambda: Dense(16, "relu"), lambda: Dense(10)), "shapes"),
    "one layer": (check.first_network, network(lambda: Dense(10)), "two Dense layers"),
    "dropout": (
        check.first_network,
        network(lambda: Dense(32, "relu"), lambda: keras.layers.Dropout(0.2), lambda: Dense(10)),
        "as with dropout"),
    "metrics in the third place": (check.first_network, metrics_third, "weighs the loss"),
    "not compiled": (check.first_network, not_compiled, "not compiled"),
    "no input": (check.first_network, without_input, "keras.Input"),
    "own rate": (check.first_network, network(rate=0.001), "learning rate is another"),
    "momentum": (check.first_network, network(optimizer=keras.optimizers.SGD), "optimizer is SGD"),
    "probabilities": (check.first_network, network(loss="sparse_categorical_crossentropy"), "from_logits"),
    "one-hot": (check.first_network, network(loss="categorical_crossentropy"), "class numbers"),
    "squares": (check.first_network, network(loss="mse"), "Labels are class numbers"),
    "no metric": (check.first_network, network(metrics=()), "accuracy"),
    "another metric": (check.first_network, network(metrics=("mae",)), "the metric is"),
    "its own class": (check.first_network, looked_up, "its weights name"),
    "trained before": (check.first_network, trained_before, "trained already"),
    "no model": (check.first_network, lambda rate: "a model", "of type str"),
    "training digits": (check.best_rate, on_training, "by the training digits"),
    "one epoch": (check.best_rate, one_epoch, None),
    "one model for all": (check.best_rate, one_model, None),
    "the highest of any epoch": (check.best_rate, choosing(lambda curves: curves.max(1).argmax()), None),
    "until it falls": (
        check.best_rate, choosing(lambda curves: np.argmax(np.diff(curves[:, -1], append=-1) < 0)), None),
    "higher than the one before": (
        check.best_rate,
        choosing(lambda curves: np.flatnonzero(np.diff(curves[:, -1], prepend=-1) > 0)[-1]),
        None),
    "the first rate": (check.best_rate, choosing(lambda curves: 0), None),
    "rate alone": (check.best_rate, lambda *case: by_dicts(*case)[0], "2"),
    "nothing moves where g is 0": (check.adam_step, at_rest, None),
    "a large epsilon": (check.adam_step, lambda *case: step(*case[:8], 1e-3), None),
    "whole weights": (check.adam_step, kept_types, None),
    "gradient descent": (check.adam_step, lambda w, g, v, s, t, rate, *b: (w - rate * g, v, s), None),
    "no rate": (check.adam_step, lambda *case: step(*case[:5], 1, *case[6:]), None),
    "b1 for both": (check.adam_step, lambda *case: step(*case[:7], case[6], case[8]), None),
    "rounded": (check.adam_step, lambda *case: [np.round(x, 4) for x in step(*case)], None),
    "halves": (check.batches, dealing(halves), "example 0 was in batch 3 in 0 of 200 epochs"),
    "pairs": (check.batches, dealing(pairs), "0 and 1 met in 200 of 200 epochs"),
    "evens and odds": (check.batches, dealing(evens_and_odds), "0 and 2 met in 0 of 200 epochs"),
    "appended to an empty array": (check.batches, appended, "cannot index or count"),
    "an empty batch": (
        check.batches, lambda n, size, rng: [*minibatches(n, size, rng), []], "sizes of the batches"),
    "never ends": (check.batches, never_ending, "sizes"),
    "with replacement": (check.batches, dealing(lambda n, rng: rng.integers(0, n, n)), "not at all"),
    "not shuffled": (check.batches, dealing(lambda n, rng: np.arange(n)), "same order"),
    "own seed": (
        check.batches, dealing(lambda n, rng: np.random.default_rng(0).permutation(n)), "same order"),
    "no seed": (check.batches, dealing(lambda n, rng: np.random.permutation(n)), "gave another order"),
    "inside batches": (
        check.batches, lambda n, size, rng: [*map(rng.permutation, deal(np.arange(n), size))], "chance"),
    "order of batches": (check.batches, of_batches, "chance would not do that"),
    "the first stays": (
        check.batches, dealing(lambda n, rng: np.append(0, 1 + rng.permutation(n - 1))), "example 0"),
    "fractions": (check.batches, dealing(lambda n, rng: rng.random(n)), None),
    "one batch": (check.batches, lambda n, size, rng: rng.permutation(n)[:size], "list of them"),
    "two slips": (check.verdicts, [A, B, D, C], "1 more"),
    "three": (check.verdicts, [A, B, C], "four verdicts"),
    "unknown word": (check.verdicts, ["overfits", "fine", "diverges", "underfits"], "each one of"),
})  # fmt: skip


@pytest.mark.parametrize("shift", [1, 2, 3])
@pytest.mark.parametrize("place", range(4))
def test_a_hint_never_gives_the_verdict_away(shift, place):
    answer = [A, B, C, D]
    right = answer[place]
    answer[place] = Verdict((right + shift - 1) % 4 + 1)
    message = check.verdicts(answer).message
    assert f"Look at {'ABCD'[place]} again" in message
    assert right.name.lower().replace("_", " ")[:-1] not in message.lower()


@pytest.fixture(scope="module")
def trainings():
    return check.mystery_trainings()


def test_the_mysteries_show_what_their_verdicts_say(trainings):
    for letter, verdict in MYSTERIES.items():
        train, watched = trainings[letter].T
        shows = {
            Verdict.UNDERFITS: 1.4 < train[-1] < train[0] and abs(train[-1] - watched[-1]) < 0.15,
            Verdict.ABOUT_RIGHT: max(train[-1], watched[-1]) < 0.3
            and watched[-1] < watched.min() + 0.05,
            Verdict.OVERFITS: train[-1] < 0.2 and watched[-1] > watched.min() + 0.3,
            Verdict.DIVERGES: train[-1] > 2 * train[0] and watched[-1] > 2 * watched[0],
        }
        assert [v for v, seen in shows.items() if seen] == [verdict], letter


def test_the_mysteries_are_real_and_repeatable(trainings):
    again = check.mystery_trainings(epochs=2)
    for letter, losses in trainings.items():
        assert losses.shape == (41, 2)
        np.testing.assert_array_equal(again[letter], losses[:3])


@pytest.mark.parametrize("place", range(len(check.best_rate.cases)))
def test_the_quick_models_do_what_keras_does(place):
    rates, make, train, validation, epochs = check.best_rate.cases[place]
    for rate in rates:
        quick, keras_made = make(rate), keras.Sequential(make(rate).layers)
        keras_made.compile(
            keras.optimizers.SGD(rate), LOGITS, metrics=["accuracy"], run_eagerly=True
        )
        keras_made.set_weights([make.start])
        curves = [
            model.fit(*train, epochs=epochs, validation_data=validation, verbose=0).history
            for model in (quick, keras_made)
        ]
        np.testing.assert_allclose(
            *(model.predict(validation[0], verbose=0) for model in (quick, keras_made)),
            rtol=1e-3,
            atol=1e-4,
        )
        np.testing.assert_allclose(
            *(model.evaluate(*validation, verbose=0) for model in (quick, keras_made)), rtol=1e-3
        )
        for name in ("val_accuracy", "val_loss"):
            np.testing.assert_allclose(*(curve[name] for curve in curves), rtol=1e-3)


def test_the_best_rate_is_another_for_the_digits_that_are_seen():
    for rates, make, train, validation, epochs in check.best_rate.cases:
        trained = [check._descended(make.start, *train, rate, epochs) for rate in rates]
        seen, new = (
            [check._share(weights, *pair) for weights in trained] for pair in (train, validation)
        )
        assert len(set(new)) == len(rates)
        assert seen.count(max(seen)) == 1
        assert np.argmax(seen) != np.argmax(new)
