"""Training: the same numbers every time, curves that leave no trace of time, honest records."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from utils import training
from utils.quiet import keras

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
IMAGES = RNG.random((96, 8, 8, 1), np.float32)
LABELS = (IMAGES.mean(axis=(1, 2, 3)) > 0.5).astype(int)
PAIR = (IMAGES, LABELS)


def untrained():
    layers = keras.layers
    return keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(4, "relu"),
                             layers.Dense(2, "softmax")])  # fmt: skip


def small(metrics=("accuracy",)):
    model = untrained()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=list(metrics))
    return model


def trained(seed):
    training.reproducible(seed)
    model = small()
    return training.fit(model, PAIR, PAIR, epochs=3), model.get_weights()


@pytest.fixture
def shown(monkeypatch):
    """What LiveCurves displays: (bundle, keywords) each, first the display, then its updates."""
    pictures = []

    class Handle:
        def update(self, bundle, **form):
            pictures.append((bundle, form))

    def display(bundle, **form):
        pictures.append((bundle, form))
        return Handle()

    monkeypatch.setattr(training, "display", display)
    return pictures


def test_same_seed_same_training():
    (first, weights), (second, again) = trained(7), trained(7)
    for name in training.CURVES:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    for one, other in zip(weights, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_seed_another_training():
    assert not np.array_equal(trained(1)[0].loss, trained(2)[0].loss)


def test_reproducible_seeds_numpy_and_python_too():
    draws = []
    for _ in range(2):
        training.reproducible(3)
        draws.append((np.random.rand(), float(keras.random.uniform(()))))
    assert draws[0] == draws[1]


def test_record_holds_the_curves_and_no_time():
    record, _ = trained(0)
    assert record.epochs == 3
    assert all(getattr(record, name).shape == (3,) for name in training.CURVES)
    assert record.loss.dtype == np.float64
    assert repr(record) == "Record of 3 epochs: loss, accuracy, val_loss, val_accuracy"


def test_best_epoch_counts_from_one():
    curve = np.array([3.0, 1.0, 2.0])
    assert training.Record(curve, curve, curve, curve).best_epoch == 2


def test_fit_takes_data_sets():
    batches = tf.data.Dataset.from_tensor_slices(PAIR).batch(32)
    assert training.fit(small(), batches, batches, epochs=2).epochs == 2


def test_fit_is_silent(capfd):
    training.fit(small(), PAIR, PAIR, epochs=1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("model", "epochs", "message"),
    [
        (untrained(), 1, "is not compiled"),
        (small(metrics=()), 1, "with metrics="),
        (small(), 0, "epochs=0"),
    ],
)
def test_fit_refuses_with_a_reason(model, epochs, message):
    with pytest.raises(ValueError, match=message):
        training.fit(model, PAIR, PAIR, epochs)


def test_live_curves_end_without_time_and_never_change_their_text(shown):
    curves = training.LiveCurves()
    training.fit(small(), PAIR, PAIR, epochs=4, callbacks=[curves])
    assert len(shown) >= 2
    assert shown[0][1].pop("display_id") is True
    for bundle, form in shown:
        assert bundle["text/plain"] == training.LIVE_ALT
        assert form == training.LIVE
    assert all(len(curve) == 4 for curve in curves.history.values())
    assert json.dumps(shown[-1][0])


def test_the_last_picture_is_the_same_every_time(shown):
    for _ in range(2):
        training.reproducible(0)
        training.fit(small(), PAIR, PAIR, 3, callbacks=[training.LiveCurves()])
    last = [i for i, (_, form) in enumerate(shown) if "display_id" in form][1] - 1
    assert shown[last][0] == shown[-1][0]


def test_progress_says_epoch_and_time_left():
    curves = training.LiveCurves()
    curves.set_params({"epochs": 10})
    assert curves._progress(4, spent=8.0) == "epoch 4 of 10, about 12 s left"


def test_drawing_takes_a_small_share_of_the_time(shown, monkeypatch):
    clock = [0.0]

    def drawing(*_):
        clock[0] += 0.25
        return SimpleNamespace(figure=None)

    monkeypatch.setattr(training.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(training, "learning_curves", drawing)
    monkeypatch.setattr(training, "png", lambda *_: b"")
    curves = training.LiveCurves()
    curves.set_params({"epochs": 100})
    curves.on_train_begin()
    for epoch in range(100):
        clock[0] += 0.5
        curves.on_epoch_end(epoch, dict.fromkeys(training.CURVES, 0.5))
    assert curves.drawing_seconds == 0.25 * len(shown)
    share = curves.drawing_seconds / clock[0]
    assert 0.8 * training.SHARE_OF_TIME < share < 1.2 * training.SHARE_OF_TIME


def test_no_time_in_the_text_of_a_record():
    assert not re.search(r"\d\.\d|seconds|\d s\b", repr(trained(0)[0]))


def test_a_training_that_a_stopped_one_has_spoiled(monkeypatch):
    def spoiled(*args, **options):
        raise ValueError("No gradients provided for any variable.")

    model = small()
    monkeypatch.setattr(model, "fit", spoiled)
    with pytest.raises(RuntimeError, match=r"Was a training stopped before.* restart the kernel"):
        training.fit(model, PAIR, PAIR, 1)
