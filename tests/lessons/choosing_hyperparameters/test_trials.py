"""The small network: its quick training computes what Keras' `fit` computes."""

import numpy as np
import pytest

from lessons.choosing_hyperparameters import trials
from utils import data, training
from utils.quiet import keras

pytestmark = pytest.mark.slow


def by_fit(optimizer, seed, epochs, **network):
    """The same training with Keras' own `fit`, the digits in the same order."""
    training.reproducible(seed)
    model = trials.small_cnn(**network)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    images, labels = trials.digits()["train"]
    rng, validation = np.random.default_rng(seed), []
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        model.fit(images[order], labels[order], batch_size=32, shuffle=False, verbose=0)
        validation.append(model.evaluate(*trials.digits()["validation"], verbose=0)[1])
    return model, validation


@pytest.mark.parametrize("network", [{}, {"regularizer": "l2", "initializer": "he_normal"}])
def test_training_is_that_of_fit(network):
    model, validation = by_fit(keras.optimizers.Adam(0.003), 3, 2, **network)
    trained = trials.train(keras.optimizers.Adam(0.003), 3, 2, **network)
    np.testing.assert_allclose(trained.validation, validation, atol=1e-6)
    for ours, theirs in zip(trained.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_same_seed_gives_the_same_network():
    one, other = (trials.train("SGD", seed=1, epochs=1, dropout=0.3) for _ in range(2))
    for a, b in zip(one.model.get_weights(), other.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(one.validation, other.validation)


def test_dropout_acts_in_training_alone():
    without, dropped = (trials.train("SGD", epochs=1, count=64, dropout=d) for d in (0.0, 0.5))
    assert np.abs(without.model.get_weights()[4] - dropped.model.get_weights()[4]).max() > 1e-4
    images, _ = trials.digits()["test"]
    np.testing.assert_array_equal(dropped.model(images), dropped.model(images))


def test_every_epoch_is_reported_and_may_be_the_last():
    seen = []

    def after_epoch(epoch, accuracy):
        seen.append((epoch, accuracy))
        if epoch == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        trials.train("SGD", epochs=5, after_epoch=after_epoch, count=40)
    whole = trials.train("SGD", epochs=2, count=40)
    assert seen == [(1, whole.validation[0]), (2, whole.validation[1])]
    assert trials.accuracy(whole.model, "validation") == pytest.approx(whole.validation[-1])


def test_no_writer_stands_on_two_sides():
    parts = trials.digits()
    assert [len(labels) for _, labels in parts.values()] == [906, 383, 508]
    everything = data.enlarged(data.digits().images, 16)
    for name, indices in data.writers_apart().items():
        np.testing.assert_array_equal(parts[name][0], everything[indices])


def test_the_exam_learns_from_both_other_parts():
    both = trials.train("SGD", epochs=1, parts=("train", "validation"))
    one = trials.train("SGD", epochs=1)
    weights = (trained.model.get_weights()[0] for trained in (both, one))
    assert np.ptp(np.subtract(*weights)) > 1e-5


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"count": 0}, {"initializer": "no such"}])
def test_wrong_numbers_and_names_are_refused(wrong):
    with pytest.raises(ValueError, match=r"epochs=0|count=0|no such"):
        trials.train("SGD", **wrong)


def test_an_epoch_is_a_whole_number():
    with pytest.raises(TypeError, match=r"epochs=1\.5"):
        trials.train("SGD", epochs=1.5)
