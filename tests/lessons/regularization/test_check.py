"""Regularization: other right answers, hints, Keras as a witness, the networks of the table."""

import numpy as np
import pytest

from lessons.regularization import check
from tests.kit.answers import accepted, refused
from tools import project_accuracies
from utils.quiet import keras, tf

pytestmark = pytest.mark.slow


def dropout(x, rate, rng):
    return np.where(rng.random(x.shape) < rate, 0, x / (1 - rate))


def one_by_one(x, rate, rng):
    """A loop over all entries, as a list of lists."""
    flat = [0.0 if rng.random() < rate else float(value) / (1 - rate) for value in x.ravel()]
    return np.reshape(flat, x.shape).tolist()


def kept_alone(x, rate, rng):
    """A zeroed copy into which the survivors are written."""
    result = np.zeros(x.shape)
    keep = rng.uniform(size=x.shape) >= rate
    result[keep] = x[keep] / (1 - rate)
    return result


def masked(draw, scale=lambda rate, kept: 1 / (1 - rate)):
    """A dropout with a mask of its own, True where a number stays."""

    def answer(x, rate, rng):
        mask = np.broadcast_to(draw(x, rate, rng), x.shape)
        return x * mask * scale(rate, mask.mean())

    return answer


def stays(x, rate, rng):
    return rng.random(x.shape) >= rate


def exactly(x, rate, rng):
    order = rng.permutation(x.size).reshape(x.shape)
    return order >= round(rate * x.size)


def in_place(x, rate, rng):
    x[rng.random(x.shape) < rate] = 0
    return x / (1 - rate)


def unseeded(x, rate, rng):
    return dropout(x, rate, np.random.default_rng())


def always_alike(x, rate, rng):
    return dropout(x, rate, np.random.default_rng(0))


def never_the_first(x, rate, rng):
    result = dropout(x, rate, rng)
    result.flat[0] = x.flat[0] / (1 - rate)
    return result


def noisy(x, rate, rng):
    return dropout(x, rate, rng) * rng.uniform(0.9, 1.1, x.shape)


def by_tenths(x, rate, rng):
    """Whole numbers 0 to 9 instead of a fraction: right for rates of a tenth, wrong for 0.25."""
    return x * (rng.integers(0, 10, x.shape) >= 10 * rate) / (1 - rate)


def whole_maps(x, rate, rng):
    """One draw a map and picture: spatial dropout."""
    shape = (len(x), *[1] * (x.ndim - 2), x.shape[-1]) if x.ndim > 2 else x.shape
    return x * (rng.random(shape) >= rate) / (1 - rate)


def l2(weights, strength):
    return strength * (weights**2).sum(), 2 * strength * weights


def l2_in_loops(weights, strength):
    total = sum(float(w) * float(w) for w in weights.flat)
    return [strength * total, (np.asarray(weights) * strength * 2).tolist()]


def l2_by_norm(weights, strength):
    flat = weights.ravel()
    return np.array(strength * np.linalg.norm(flat) ** 2), (strength + strength) * weights


def penalty_of(change):
    return lambda w, s: (change(w, s), 2 * s * w)


def gradient_of(change):
    return lambda w, s: (s * (w**2).sum(), change(w, s))


def stopping(val_losses, patience):
    best, best_epoch, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses, start=1):
        waited += 1
        if loss < best:
            best, best_epoch, waited = loss, epoch, 0
        if waited == patience:
            break
    return epoch, best_epoch


def by_running_minimum(val_losses, patience):
    """Without counting: where the minimum so far has been the same for `patience` epochs."""
    lowest = np.minimum.accumulate(val_losses)
    new = np.flatnonzero(np.append(True, np.diff(lowest) < 0))
    last = np.array([new[new <= epoch].max() for epoch in range(len(lowest))])
    over = np.flatnonzero(np.arange(len(lowest)) - last >= patience)
    end = int(over[0]) if over.size else len(lowest) - 1
    return np.array([end + 1, last[end] + 1])


def walk(better, enough, reset=True, first=1):
    """Early stopping with rules of its own."""

    def answer(val_losses, patience):
        best, best_epoch, waited = float("inf"), 0, 0
        for epoch, loss in enumerate(val_losses, start=first):
            if better(loss, best):
                best, best_epoch = loss, epoch
                waited = 0 if reset else waited
            else:
                waited += 1
                if enough(waited, patience):
                    return epoch, best_epoch
        return epoch, best_epoch

    return answer


def below(loss, best):
    return loss < best


def reached(waited, patience):
    return waited >= patience


def against_the_epoch_before(val_losses, patience):
    waited = 0
    for n in range(1, len(val_losses)):
        waited = 0 if val_losses[n] < val_losses[n - 1] else waited + 1
        if waited == patience:
            return n + 1, int(np.argmin(val_losses[: n + 1])) + 1
    return len(val_losses), int(np.argmin(val_losses)) + 1


def by_window(val_losses, patience):
    """Looks back: no loss of the last `patience` epochs is below the one before them."""
    for epoch in range(patience + 1, len(val_losses) + 1):
        before = val_losses[epoch - patience - 1]
        if min(val_losses[epoch - patience : epoch]) >= before:
            return epoch, epoch - patience
    return len(val_losses), val_losses.index(min(val_losses)) + 1


def starting_from(best):
    """Early stopping whose best loss is a number at the start."""

    def answer(val_losses, patience):
        epoch, found = stopping([best, *val_losses], patience)
        return epoch - 1, max(found - 1, 1)

    return answer


def result_changed(change):
    return lambda val_losses, patience: change(
        *stopping(val_losses, patience), val_losses, patience
    )


RIGHT = {
    "where": (check.dropout, dropout),
    "loop": (check.dropout, one_by_one),
    "survivors written": (check.dropout, kept_alone),
    "binomial": (check.dropout, masked(lambda x, r, rng: rng.binomial(1, 1 - r, x.shape))),
    "choice": (
        check.dropout, masked(lambda x, r, rng: rng.choice([0, 1], x.shape, p=[r, 1 - r]))),
    "float32": (check.dropout, lambda *case: dropout(*case).astype(np.float32)),
    "strictly greater": (check.dropout, masked(lambda x, r, rng: rng.random(x.shape) > r)),
    "from the other end": (check.dropout, masked(lambda x, r, rng: rng.random(x.shape) < 1 - r)),
    "L2": (check.l2_penalty, l2),
    "L2 in loops": (check.l2_penalty, l2_in_loops),
    "L2 by the norm": (check.l2_penalty, l2_by_norm),
    "L2 in float32": (
        check.l2_penalty, lambda w, s: tuple(np.asarray(part, np.float32) for part in l2(w, s))),
    "L2 by vdot": (check.l2_penalty, lambda w, s: (s * np.vdot(w, w), s * w + s * w)),
    "stopping": (check.stopping_epoch, stopping),
    "running minimum": (check.stopping_epoch, by_running_minimum),
    "window": (check.stopping_epoch, by_window),
    "list": (check.stopping_epoch, lambda *case: list(stopping(*case))),
    "floats": (check.stopping_epoch, lambda *case: np.array(stopping(*case), float)),
}  # fmt: skip


test_right_in_another_way = accepted(RIGHT)


WRONG = {
    "no scaling": (check.dropout, masked(stays, lambda r, k: 1.0), "did not rescale"),
    "divided by the rate": (check.dropout, masked(stays, lambda r, k: 1 / r), "divided by `rate`"),
    "multiplied": (
        check.dropout, masked(stays, lambda r, k: 1 - r), "multiplied by `1 - rate`"),
    "multiplied by the rate": (
        check.dropout, masked(stays, lambda r, k: r), "multiplied by `rate`"),
    "by the share that stayed": (
        check.dropout, masked(stays, lambda r, k: 1 / k), "happened to stay"),
    "dropped what stays": (
        check.dropout, lambda x, r, rng: dropout(x, 1 - r, rng), "what should stay"),
    "a mask for all rows": (
        check.dropout, masked(lambda x, r, rng: rng.random(x.shape[-1:]) >= r), "same mask"),
    "whole rows": (
        check.dropout,
        masked(lambda x, r, rng: rng.random((*x.shape[:-1], 1 if x.ndim > 1 else x.size)) >= r),
        "Whole rows"),
    "all or nothing": (check.dropout, masked(lambda x, r, rng: rng.random() >= r), "for each entry"),
    "nothing dropped": (check.dropout, lambda x, r, rng: x / (1 - r), "No number"),
    "nothing": (check.dropout, lambda x, r, rng: x * 0, "All became 0"),
    "as it is": (check.dropout, lambda x, r, rng: x, "No number"),
    "always half": (check.dropout, masked(lambda x, r, rng: rng.random(x.shape) >= 0.5), "share"),
    "always doubled": (check.dropout, masked(stays, lambda r, k: 2.0), "wrong size"),
    "a fixed number": (check.dropout, masked(exactly), "Exactly the same number"),
    "in place": (check.dropout, in_place, "changed its input"),
    "unseeded": (check.dropout, unseeded, "two masks"),
    "always the same": (check.dropout, always_alike, "same mask"),
    "favorites": (check.dropout, never_the_first, "more often"),
    "noise": (check.dropout, noisy, "same factor"),
    "survivors only": (check.dropout, lambda x, r, rng: x[stays(x, r, rng)], "shape differs"),
    "the mask": (check.dropout, lambda x, r, rng: stays(x, r, rng), "is the mask"),
    "absolute": (check.dropout, lambda *case: abs(dropout(*case)), "same factor"),
    "tenths": (check.dropout, by_tenths, "share"),
    "whole maps": (check.dropout, whole_maps, "Whole maps"),
    "a mask for all pictures": (
        check.dropout,
        masked(lambda x, r, rng: rng.random((1, *x.shape[1:]) if x.ndim > 2 else x.shape) >= r),
        "Whole maps or pictures"),
    "rate 0 forgotten": (
        check.dropout, lambda x, r, rng: dropout(x, r or 0.5, rng), "values differ"),
    "no 2": (check.l2_penalty, gradient_of(lambda w, s: s * w), "forgot the 2"),
    "with a half": (
        check.l2_penalty, lambda w, s: (s / 2 * (w**2).sum(), s * w), "version with a half"),
    "sign": (check.l2_penalty, gradient_of(lambda w, s: s * np.sign(w)), "gradient of the L1"),
    "L1": (check.l2_penalty, lambda w, s: (s * abs(w).sum(), s * np.sign(w)), "L1 penalty with"),
    "L1 penalty": (check.l2_penalty, penalty_of(lambda w, s: s * abs(w).sum()), "absolute values"),
    "no strength": (check.l2_penalty, gradient_of(lambda w, s: 2 * w), "missing in the gradient"),
    "no strength, too": (
        check.l2_penalty, penalty_of(lambda w, s: (w**2).sum()), "missing in the penalty"),
    "downhill": (check.l2_penalty, gradient_of(lambda w, s: -2 * s * w), "points uphill"),
    "mean": (check.l2_penalty, penalty_of(lambda w, s: s * (w**2).mean()), "not a mean"),
    "mean in both": (
        check.l2_penalty, lambda w, s: (s * (w**2).mean(), 2 * s * w / w.size), "so is the gradient"),
    "mean gradient": (
        check.l2_penalty, gradient_of(lambda w, s: 2 * s * w / w.size), "divided the gradient"),
    "absolute gradient": (
        check.l2_penalty, gradient_of(lambda w, s: 2 * s * abs(w)), "keeps the sign"),
    "summed gradient": (
        check.l2_penalty, gradient_of(lambda w, s: (2 * s * w).sum()), "number for each weight"),
    "root": (
        check.l2_penalty, penalty_of(lambda w, s: s * np.sqrt((w**2).sum())), "took the root"),
    "sum squared": (check.l2_penalty, penalty_of(lambda w, s: s * w.sum() ** 2), "squared the sum"),
    "strength squared": (
        check.l2_penalty, penalty_of(lambda w, s: ((s * w) ** 2).sum()), "squared the strength"),
    "not added up": (check.l2_penalty, penalty_of(lambda w, s: s * w**2), "one number for all"),
    "swapped": (check.l2_penalty, lambda w, s: l2(w, s)[::-1], "swapped"),
    "penalty only": (check.l2_penalty, lambda w, s: l2(w, s)[0], "penalty alone"),
    "gradient only": (check.l2_penalty, lambda w, s: l2(w, s)[1], "gradient alone"),
    "flat gradient": (check.l2_penalty, gradient_of(lambda w, s: (2 * s * w).ravel()), "shape"),
    "rounded": (check.l2_penalty, penalty_of(lambda w, s: round(s * (w**2).sum(), 3)), "differ"),
    "best starts at 100": (check.stopping_epoch, starting_from(100), "differ"),
    "a smallest improvement": (
        check.stopping_epoch, walk(lambda loss, best: loss < best - 1e-3, reached), "differ"),
    "rounded losses": (
        check.stopping_epoch, lambda v, p: stopping([round(x, 2) for x in v], p), "differ"),
    "epoch before": (check.stopping_epoch, against_the_epoch_before, "epoch before"),
    "too late": (check.stopping_epoch, walk(below, lambda w, p: w > p), "too late"),
    "too early": (check.stopping_epoch, walk(below, lambda w, p: w >= p - 1), "too early"),
    "ties": (
        check.stopping_epoch, walk(lambda loss, best: loss <= best, reached), "no improvement"),
    "no reset": (check.stopping_epoch, walk(below, reached, reset=False), "set the waiting back"),
    "from 0": (check.stopping_epoch, walk(below, reached, first=0), "counted from 0"),
    "best from 0": (
        check.stopping_epoch, result_changed(lambda s, b, v, p: (s, b - 1)), "best epoch from 0"),
    "swapped epochs": (
        check.stopping_epoch, result_changed(lambda s, b, v, p: (b, s)), "swapped them"),
    "last weights": (
        check.stopping_epoch, result_changed(lambda s, b, v, p: (s, s)), "the last epoch"),
    "patience back": (
        check.stopping_epoch, result_changed(lambda s, b, v, p: (s, s - p)), "not always"),
    "looked ahead": (
        check.stopping_epoch,
        result_changed(lambda s, b, v, p: (s, int(np.argmin(v)) + 1)), "never ran"),
    "the loss": (
        check.stopping_epoch, result_changed(lambda s, b, v, p: (s, min(v[:s]))), "its epoch"),
    "one number": (check.stopping_epoch, lambda *case: stopping(*case)[0], "shape differs"),
    "never": (check.stopping_epoch, lambda v, p: (len(v), int(np.argmin(v)) + 1), "differ"),
    "patience of 2": (check.stopping_epoch, lambda v, p: stopping(v, 2), "differ"),
    "last of equals": (
        check.stopping_epoch,
        result_changed(lambda s, b, v, p: (s, s - int(np.argmin(v[:s][::-1])))), "differ"),
}  # fmt: skip


test_wrong_answers_get_their_hint = refused(WRONG)


@pytest.mark.parametrize("seed", range(30))
def test_a_right_dropout_is_never_refused_by_chance(seed):
    def other_stream(x, rate, rng):
        return dropout(x, rate, np.random.default_rng(rng.integers(2**32) + seed))

    result = check.dropout(other_stream)
    assert result.state == "right", result


def test_the_l2_oracle_is_that_of_keras():
    for weights, strength in check._kernels():
        variable = tf.Variable(weights)
        with tf.GradientTape() as tape:
            penalty = keras.regularizers.L2(strength)(variable)
        expected, gradient = check._l2(weights, strength)
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
    for case in check._histories():
        assert check._stop(*case) == by_keras(*case)


def layers_of(model):
    """What a chain of layers computes: kind and settings of each, without names and numbers."""
    described = []
    for layer in model.layers:
        config = layer.get_config()
        for key in ("name", "batch_input_shape", "seed"):
            config.pop(key, None)
        described.append((type(layer).__name__, config))
    return described


def changed(**settings):
    """The layers of the baseline, each with those of the settings that it has."""
    described = layers_of(project_accuracies.baseline(8))
    for _, config in described:
        config |= {key: values.pop(0) for key, values in settings.items() if key in config}
    return described


def test_the_smaller_network_of_the_table_has_half_the_maps_and_8_hidden_units():
    assert layers_of(project_accuracies.smaller(8)) == changed(filters=[4, 8], units=[8, 8])


def test_the_penalized_networks_of_the_table_have_a_penalty_for_each_kernel():
    penalty = keras.regularizers.L1(1e-4)
    found = project_accuracies.penalized(penalty)(8)
    assert layers_of(found) == changed(
        kernel_regularizer=4 * [keras.regularizers.serialize(penalty)]
    )
    assert len(found.losses) == 4


def test_the_settings_are_those_that_section_7_names():
    settings = project_accuracies.SETTINGS["regularization"]
    for name, (l1, l2) in {"L1": (1e-4, 0), "L2": (0, 1e-3), "L1 and L2": (5e-5, 5e-4)}.items():
        used = settings[name].build(8).get_layer("dense1").kernel_regularizer
        strengths = float(getattr(used, "l1", 0)), float(getattr(used, "l2", 0))
        assert strengths == pytest.approx((l1, l2))
    for name, setting in settings.items():
        of_blocks = name == "all together" or name.startswith("block")
        assert setting.epochs == (20 if of_blocks else 40)
        assert of_blocks or setting.rate == 1e-3
    together = settings["all together"]
    assert together.falling
    assert together.weight_decay == 0.05
    assert together.build(8).get_layer("dropout").rate == 0.3
    assert settings["early stopping"].patience == 5


def test_a_penalty_set_on_a_finished_layer_does_nothing():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.layers[0].kernel_regularizer = keras.regularizers.L2(0.1)
    assert model.losses == []
