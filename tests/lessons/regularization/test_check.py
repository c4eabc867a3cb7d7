"""Regularization: right answers of unusual form, wrong ones as students write them, Keras as a witness."""

import math
from itertools import combinations, product
from math import comb

import numpy as np
import pytest

from lessons.regularization import check
from tests.kit.answers import accepted, refused
from utils import metrics
from utils.quiet import keras, tf

pytestmark = pytest.mark.slow

schedules = keras.optimizers.schedules


def stays(x, rate, rng):
    return rng.random(x.shape) >= rate


def masked(draw=stays, scale=lambda rate, stayed: 1 / (1 - rate)):
    """A dropout with a mask of its own, True where a number stays."""

    def answer(x, rate, rng):
        mask = np.broadcast_to(draw(x, rate, rng), x.shape)
        return x * mask * scale(rate, mask.mean())

    return answer


dropout = masked()


def one_by_one(x, rate, rng):
    flat = [0.0 if rng.random() < rate else float(value) / (1 - rate) for value in x.ravel()]
    return np.reshape(flat, x.shape).tolist()


def like_x(x, rate, rng):
    result, keep = np.zeros_like(x), stays(x, rate, rng)
    result[keep] = x[keep] / (1 - rate)
    return result


def without_the_first(x, rate, rng):
    result = np.array(x, float).ravel()
    for i in range(1, len(result)):
        result[i] = result[i] / (1 - rate) if rng.random() >= rate else 0
    result[0] /= 1 - rate
    return result.reshape(x.shape)


def halves_alike(x, rate, rng):
    """One mask for both halves of the batch."""
    half = rng.random((-(-len(x) // 2), *x.shape[1:])) >= rate
    return x * np.concatenate([half, half])[: len(x)] / (1 - rate)


def l2(weights, strength):
    return strength * (weights**2).sum(), 2 * strength * weights


def l2_by_norm(weights, strength):
    norm = np.linalg.norm(weights.ravel())
    return np.array(strength * norm**2), ((strength + strength) * weights).tolist()


def l2_like_weights(weights, strength):
    gradient = np.zeros_like(weights)
    for place in np.ndindex(weights.shape):
        gradient[place] = 2 * strength * weights[place]
    return strength * (weights**2).sum(), gradient


def hands(a, b):
    numbers, places = np.concatenate([a, b]), range(len(a) + len(b))
    for first in combinations(places, len(a)):
        yield numbers[list(first)], np.delete(numbers, first)


def stopping(val_losses, patience, best=float("inf"), better=lambda loss, best: loss < best):
    best_epoch = waited = 0
    for epoch, loss in enumerate(val_losses, start=1):
        waited += 1
        if better(loss, best):
            best, best_epoch, waited = loss, epoch, 0
        if waited == patience:
            break
    return epoch, best_epoch


def by_window(val_losses, patience):
    for epoch in range(patience + 1, len(val_losses) + 1):
        if min(val_losses[epoch - patience : epoch]) >= val_losses[epoch - patience - 1]:
            return epoch, epoch - patience
    return len(val_losses), val_losses.index(min(val_losses)) + 1


def without_the_last_epoch(val_losses, patience):
    best_epoch = 1
    for i in range(len(val_losses) - 1):
        if val_losses[i] < val_losses[best_epoch - 1]:
            best_epoch = i + 1
        if i + 1 - best_epoch == patience:
            return i + 1, best_epoch
    return len(val_losses), best_epoch


def first_rise(val_losses, patience):
    for i in range(1, len(val_losses)):
        if val_losses[i] > val_losses[i - 1]:
            return i + 1, i
    return len(val_losses), len(val_losses)


def norm(x, mean, variance, momentum, in_training):
    if not in_training:
        return (x - mean) / np.sqrt(variance + 0.001), mean, variance
    m, v = np.mean(x, 0), np.mean((x - np.mean(x, 0)) ** 2, 0)
    moved = [a - (1 - momentum) * (a - b) for a, b in ((mean, m), (variance, v))]
    return (x - m) / (v + 0.001) ** 0.5, *moved


def norm_by_rows(x, mean, variance, momentum, in_training):
    m, v = (x.mean(axis=1), x.var(axis=1)) if in_training else (mean, variance)
    if in_training:
        mean, variance = (
            momentum * mean + (1 - momentum) * m,
            momentum * variance + (1 - momentum) * v,
        )
    return (x - m) / np.sqrt(v + 0.001), mean, variance


def norm_always_by_batch(x, mean, variance, momentum, in_training):
    return norm(x, mean, variance, momentum, True)


def norm_of_one_number(x, mean, variance, momentum, in_training):
    m, v = (x.mean(), x.var()) if in_training else (mean, variance)
    return (x - m) / np.sqrt(v + 0.001), momentum * mean + (1 - momentum) * m, variance


@keras.saving.register_keras_serializable("regularization")
class Line(schedules.LearningRateSchedule):
    """A straight line down to 0 that a student has written."""

    def __init__(self, rate, steps):
        self.rate, self.steps = rate, steps

    def __call__(self, step):
        return self.rate * (1 - keras.ops.cast(step, "float32") / self.steps)

    def get_config(self):
        return {"rate": self.rate, "steps": self.steps}


def careful(**changes):
    """A fit with a falling rate and two callbacks, with something changed."""

    def fit(model, train, validation, epochs, path):
        it = {
            "rate": 0.003,
            "steps": epochs * math.ceil(len(train[0]) / 32),
            "stop": {},
            "keep": {},
        }
        it |= {
            name: value(it["steps"], epochs, len(train[0])) if name == "steps" else value
            for name, value in changes.items()
        }
        fall = it.get("fall", schedules.CosineDecay)(it["rate"], it["steps"])
        rate = it["rate"] if it.get("constant") else fall
        model.compile(
            it.get("optimizer", keras.optimizers.Adam)(rate),
            it.get("loss", "sparse_categorical_crossentropy"),
            metrics=it.get("metrics", ["accuracy"]),
        )
        stop = {"patience": 5, "restore_best_weights": True} | it["stop"]
        keep = {"save_best_only": True} | it["keep"]
        callbacks = [
            keras.callbacks.ModelCheckpoint(path, **keep),
            keras.callbacks.EarlyStopping(**stop),
        ]
        history = model.fit(
            *train,
            batch_size=it.get("batch", 32),
            epochs=epochs,
            verbose=0,
            callbacks=callbacks[it.get("from", 0) : it.get("to", 2)],
            validation_data=validation,
        )
        return history if it.get("whole") else history.history

    return fit


def p_by_sets(a, b):
    numbers, ours = np.concatenate([a, b]), a.mean() - b.mean()
    found = total = 0
    for mask in product([False, True], repeat=len(numbers)):
        if sum(mask) == len(a):
            first, other = numbers[list(mask)], numbers[~np.array(mask)]
            found, total = found + (abs(first.mean() - other.mean()) >= abs(ours)), total + 1
    return found / total


test_right_in_another_way = accepted({
    "loop": (check.dropout, one_by_one),
    "binomial": (check.dropout, masked(lambda x, r, rng: rng.binomial(1, 1 - r, x.shape))),
    "float32": (check.dropout, lambda *case: dropout(*case).astype(np.float32)),
    "a generator of its own": (
        check.dropout, lambda x, r, rng: dropout(x, r, np.random.default_rng(rng.integers(2**32)))),
    "L2 by the norm": (check.l2_penalty, l2_by_norm),
    "L2 in float32": (
        check.l2_penalty, lambda w, s: tuple(np.asarray(part, np.float32) for part in l2(w, s))),
    "L2 by vdot": (check.l2_penalty, lambda w, s: (s * np.vdot(w, w), s * w + s * w)),
    "window": (check.stopping_epoch, by_window),
    "normalization by hand": (check.batch_norm, norm),
    "a list of three": (check.batch_norm, lambda *case: list(norm(*case))),
    "the callbacks the other way round": (check.train, careful()),
    "the loss as an object": (
        check.train, careful(loss=keras.losses.SparseCategoricalCrossentropy())),
    "the history itself": (check.train, careful(whole=True)),
    "a straight line down": (
        check.train, careful(fall=lambda rate, steps: schedules.PolynomialDecay(rate, steps, 0))),
    "a line of one's own": (check.train, careful(fall=Line)),
    "p by masks": (check.p_value, p_by_sets),
    "p of the course": (check.p_value, metrics.p_of_difference),
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
    "no scaling, and no decimals": (
        check.dropout, lambda x, r, rng: x * (rng.random(x.shape) >= r), "did not rescale"),
    "no scaling": (check.dropout, masked(scale=lambda r, k: 1.0), "did not rescale"),
    "divided by the rate": (check.dropout, masked(scale=lambda r, k: 1 / r), "divided by `rate`"),
    "multiplied": (check.dropout, masked(scale=lambda r, k: 1 - r), "multiplied by `1 - rate`"),
    "multiplied by the rate": (check.dropout, masked(scale=lambda r, k: r), "multiplied by `rate`"),
    "by the share that stayed": (check.dropout, masked(scale=lambda r, k: 1 / k), "happened to stay"),
    "always doubled": (check.dropout, masked(scale=lambda r, k: 2.0), "which is 1.333."),
    "dropped what stays": (check.dropout, lambda x, r, rng: dropout(x, 1 - r, rng), "what should stay"),
    "a mask for all rows": (
        check.dropout, masked(lambda x, r, rng: rng.random(x.shape[-1:]) >= r), "for each entry"),
    "halves alike": (check.dropout, halves_alike, "[0, 0, 0] and [2, 0, 0] met the same fate in 100%"),
    "all or nothing": (check.dropout, masked(lambda x, r, rng: rng.random() >= r), "for each entry"),
    "nothing dropped": (check.dropout, lambda x, r, rng: x / (1 - r), "No number"),
    "always half": (
        check.dropout, masked(lambda x, r, rng: rng.random(x.shape) >= 0.5), "share of zeros is not"),
    "tenths": (
        check.dropout, masked(lambda x, r, rng: rng.integers(0, 10, x.shape) >= 10 * r), "share of zeros"),
    "a fixed number": (
        check.dropout,
        masked(lambda x, r, rng: rng.permutation(x.size).reshape(x.shape) >= round(r * x.size)),
        "The same number"),
    "unseeded": (check.dropout, lambda x, r, rng: dropout(x, r, np.random), "two masks"),
    "always alike": (check.dropout, lambda x, r, rng: dropout(x, r, np.random.default_rng(0)), "same mask"),
    "never the first": (check.dropout, without_the_first, "Entry [0, 0, 0] was dropped in 0%"),
    "noise": (check.dropout, lambda x, r, rng: dropout(x, r, rng) * rng.uniform(0.9, 1.1, x.shape), "same factor"),
    "absolute": (check.dropout, lambda *case: abs(dropout(*case)), "same factor"),
    "survivors only": (check.dropout, lambda x, r, rng: x[stays(x, r, rng)], "shape differs"),
    "the mask": (check.dropout, lambda x, r, rng: stays(x, r, rng) / (1 - r), "is the mask"),
    "like x": (check.dropout, like_x, "cannot hold fractions"),
    "whole numbers": (check.dropout, lambda *case: dropout(*case).astype(int), "cannot hold fractions"),
    "rate 0 forgotten": (check.dropout, lambda x, r, rng: dropout(x, r or 0.5, rng), "With a rate of 0"),
    "flat gradient": (check.l2_penalty, lambda w, s: (l2(w, s)[0], (2 * s * w).ravel()), None),
    "gradient like the weights": (check.l2_penalty, l2_like_weights, None),
    "rounded": (check.l2_penalty, lambda w, s: (l2(w, s)[0], np.round(l2(w, s)[1], 6)), None),
    "largest": (check.l2_penalty, lambda w, s: (s * (w**2).max(), 2 * s * w), None),
    "strength 0.1": (check.l2_penalty, lambda w, s: l2(w, 0.1), None),
    "one row": (check.l2_penalty, lambda w, s: (s * (w**2).sum(axis=0), 2 * s * w), "Python's own `sum`"),
    "Python's sum": (check.l2_penalty, lambda w, s: (s * sum(w**2), 2 * s * w), "with `np.sum`"),
    "added up": (check.l2_penalty, lambda w, s: sum(l2(w, s)), "Expected 2 results"),
    "by rows": (check.batch_norm, norm_by_rows, "Each *column* has its own mean"),
    "always by the batch": (check.batch_norm, norm_always_by_batch, "averages do the normalizing"),
    "one mean for all": (check.batch_norm, norm_of_one_number, None),
    "two results": (check.batch_norm, lambda *case: norm(*case)[:2], "Expected 3 results"),
    "a constant rate": (check.train, careful(constant=True), "does not fall"),
    "steps are epochs": (check.train, careful(steps=lambda s, e, n: e), "epochs times the batches"),
    "steps of one epoch": (check.train, careful(steps=lambda s, e, n: s // e), "epochs times the batches"),
    "steps are pictures": (check.train, careful(steps=lambda s, e, n: e * n), "not examples"),
    "steps rounded down": (check.train, careful(steps=lambda s, e, n: e * (n // 32)), "smaller last one"),
    "another first rate": (check.train, careful(rate=0.01), "It is to begin at 0.003"),
    "a line that ends above 0": (
        check.train, careful(fall=schedules.PolynomialDecay), "falls in another way."),
    "a step too short": (check.train, careful(steps=lambda s, e, n: s - 1), "falls in another way."),
    "begins anew": (check.train, careful(fall=schedules.CosineDecayRestarts), "falls in another way."),
    "a line of one's own, too long": (
        check.train, careful(fall=lambda rate, steps: Line(rate, steps + 1)), "falls in another way."),
    "another optimizer": (check.train, careful(optimizer=keras.optimizers.SGD), "than Adam"),
    "no accuracy": (check.train, careful(metrics=[]), 'metrics=["accuracy"]'),
    "no early stopping": (check.train, careful(to=1), "did not stop"),
    "no checkpoint": (check.train, careful(**{"from": 1}), "no file at `path`"),
    "patience 3": (check.train, careful(stop={"patience": 3}), "ended elsewhere"),
    "patience 6": (check.train, careful(stop={"patience": 6}), "ended elsewhere"),
    "watched from epoch 2": (check.train, careful(stop={"start_from_epoch": 1}), "ended elsewhere"),
    "watched late": (check.train, careful(stop={"start_from_epoch": 3}), "and no other setting"),
    "training loss watched": (check.train, careful(stop={"monitor": "loss"}), "did not stop"),
    "not restored": (check.train, careful(stop={"restore_best_weights": False}), "restore_best_weights=True"),
    "batches of 16": (check.train, careful(batch=16), "another number of steps"),
    "from logits": (
        check.train,
        careful(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)),
        "Another loss than"),
    "kept by the accuracy": (
        check.train, careful(keep={"monitor": "val_accuracy"}), "leave the `monitor` as it is"),
    "kept by the training loss": (
        check.train, careful(keep={"monitor": "loss"}), "leave the `monitor` as it is"),
    "every epoch kept": (check.train, careful(keep={"save_best_only": False}), "save_best_only=True"),
    "one-sided": (
        check.p_value,
        lambda a, b: np.mean([h.mean() - o.mean() >= a.mean() - b.mean() for h, o in hands(a, b)]),
        "without their signs"),
    "farther alone": (
        check.p_value,
        lambda a, b: np.mean([abs(h.mean() - o.mean()) > abs(a.mean() - b.mean()) for h, o in hands(a, b)]),
        "As far counts"),
    "counted": (check.p_value, lambda a, b: round(p_by_sets(a, b) * comb(2 * len(a), len(a))), "return the share"),
    "orders instead of hands": (check.p_value, lambda a, b: p_by_sets(a, b) / 2, None),
    "best starts at 100": (check.stopping_epoch, lambda v, p: stopping(v, p, best=100), None),
    "best starts at 10,000": (check.stopping_epoch, lambda v, p: stopping(v, p, best=10_000), None),
    "a smallest improvement": (
        check.stopping_epoch, lambda v, p: stopping(v, p, better=lambda a, b: a < b - 1e-3), None),
    "without the last epoch": (check.stopping_epoch, without_the_last_epoch, None),
    "never": (check.stopping_epoch, lambda v, p: (len(v), v.index(min(v)) + 1), "looked ahead"),
    "the lowest of all": (check.stopping_epoch, lambda v, p: (int(np.argmin(v)) + 1 + p, int(np.argmin(v)) + 1), "looked ahead"),
    "the lowest of all, from 0": (check.stopping_epoch, lambda v, p: (int(np.argmin(v)) + p, int(np.argmin(v))), "looked ahead"),
    "the first rise": (check.stopping_epoch, first_rise, "first rise"),
    "patience back": (check.stopping_epoch, lambda v, p: (stopping(v, p)[0], stopping(v, p)[0] - p), None),
    "patience of 2": (check.stopping_epoch, lambda v, p: stopping(v, 2), None),
    "last of equals": (
        check.stopping_epoch,
        lambda v, p: (stopping(v, p)[0], np.flatnonzero(np.equal(v, min(v[: stopping(v, p)[0]])))[-1] + 1),
        None),
    "floats": (check.stopping_epoch, lambda *case: np.array(stopping(*case), float), "cannot index or count"),
})  # fmt: skip


def test_weights_of_another_epoch_than_the_last_get_no_hint():
    result = check.train(careful(stop={"min_delta": 0.01}))
    assert result.message == "The network does not have the weights of its best epoch."


@pytest.mark.parametrize("seed", range(10))
def test_a_right_dropout_is_never_refused_by_chance(seed):
    result = check.dropout.with_seed(seed + 100)(dropout)
    assert result.state == "right", result


def test_the_l2_oracle_is_that_of_keras():
    for weights, strength in check.l2_penalty.inputs():
        variable = tf.Variable(weights.astype(float))
        with tf.GradientTape() as tape:
            penalty = keras.regularizers.L2(strength)(variable)
        expected, gradient = check.l2_penalty.oracle(weights, strength)
        np.testing.assert_allclose(penalty, expected, rtol=1e-6)
        np.testing.assert_allclose(tape.gradient(penalty, variable), gradient, rtol=1e-6)


class Counter:
    """As much of a model as EarlyStopping wants: its weights are the number of the epoch."""

    stop_training = False
    epoch = 0

    def get_weights(self):
        return [np.array(self.epoch)]

    def set_weights(self, weights):
        (self.restored,) = (int(weight) for weight in weights)


def by_keras(val_losses, patience):
    """What Keras' callback does with recorded losses: the last epoch, the one it restores."""
    model = Counter()
    callback = keras.callbacks.EarlyStopping(
        "val_loss", mode="min", patience=patience, restore_best_weights=True
    )
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(val_losses):
        model.epoch = epoch + 1
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            break
    callback.on_train_end()
    return model.epoch, model.restored


def test_the_stopping_oracle_is_that_of_keras():
    """On losses that differ in float32, too, which is what Keras compares."""
    for losses, patience in check.stopping_epoch.inputs():
        if len(set(np.float32(losses))) == len(set(losses)):
            assert check.stopping_epoch.oracle(losses, patience) == by_keras(losses, patience)


def test_the_normalization_oracle_is_that_of_keras():
    for x, mean, variance, momentum, in_training in check.batch_norm.inputs():
        layer = keras.layers.BatchNormalization(momentum=momentum, center=False, scale=False)
        layer.build((None, x.shape[1]))
        layer.set_weights([mean, variance])
        found = layer(x.astype(np.float32), training=in_training)
        out, *averages = check.batch_norm.oracle(x, mean, variance, momentum, in_training)
        np.testing.assert_allclose(found, out, rtol=1e-2, atol=1e-3)
        for mine, theirs in zip(averages, layer.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-5)


def test_the_oracle_of_p_is_the_test_of_the_course():
    for a, b in check.p_value.inputs():
        np.testing.assert_allclose(check.p_value.oracle(a, b), metrics.p_of_difference(a, b))
