"""Regularization: right answers of unusual form, wrong ones as students write them, Keras as a witness."""

import numpy as np
import pytest

from lessons.regularization import check
from tests.kit.answers import accepted, refused
from utils.quiet import keras, tf

pytestmark = pytest.mark.slow


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
})  # fmt: skip

test_wrong_answers_get_their_hint = refused({
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
    "one row": (check.l2_penalty, lambda w, s: (s * (w**2).sum(axis=0), 2 * s * w), None),
    "added up": (check.l2_penalty, lambda w, s: sum(l2(w, s)), "Expected 2 results"),
    "best starts at 100": (check.stopping_epoch, lambda v, p: stopping(v, p, best=100), None),
    "best starts at 10,000": (check.stopping_epoch, lambda v, p: stopping(v, p, best=10_000), None),
    "a smallest improvement": (
        check.stopping_epoch, lambda v, p: stopping(v, p, better=lambda a, b: a < b - 1e-3), None),
    "without the last epoch": (check.stopping_epoch, without_the_last_epoch, None),
    "never": (check.stopping_epoch, lambda v, p: (len(v), v.index(min(v)) + 1), None),
    "patience back": (check.stopping_epoch, lambda v, p: (stopping(v, p)[0], stopping(v, p)[0] - p), None),
    "patience of 2": (check.stopping_epoch, lambda v, p: stopping(v, 2), None),
    "last of equals": (
        check.stopping_epoch,
        lambda v, p: (stopping(v, p)[0], np.flatnonzero(np.equal(v, min(v[: stopping(v, p)[0]])))[-1] + 1),
        None),
    "floats": (check.stopping_epoch, lambda *case: np.array(stopping(*case), float), "cannot index or count"),
})  # fmt: skip


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
