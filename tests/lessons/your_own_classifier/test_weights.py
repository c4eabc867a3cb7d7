"""What class weights do, over more splits than one page has time for."""

import numpy as np
import pytest

from lessons.your_own_classifier import phone
from utils import data, models, training
from utils.quiet import keras

layers = keras.layers
UNSEEN = 40
"""Pictures of each class that no head learns from."""


def recalls(features, labels, seed, weigh):
    """The recall of each class, for a head trained as in the lesson on a split of its own."""
    rng, learned, unseen = np.random.default_rng(seed), [], []
    for name, count in enumerate(phone.COUNTS.values()):
        own = rng.permutation(np.flatnonzero(labels == name))
        learned += own[: round(0.6 * count)].tolist()
        unseen += own[-UNSEEN:].tolist()
    y = labels[learned]
    weights = dict(enumerate(len(y) / 3 / np.bincount(y))) if weigh else None
    training.reproducible(0)
    head = keras.Sequential([keras.Input((256,)), layers.Dense(3, activation="softmax")])
    head.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy")
    head.fit(features[learned], y, epochs=15, class_weight=weights, verbose=0)
    right = head.predict(features[unseen], verbose=0).argmax(axis=1) == labels[unseen]
    return right.reshape(3, UNSEEN).mean(axis=1)


@pytest.mark.weekly
def test_the_rarest_class_gains_in_every_split_and_the_most_frequent_pays():
    pictures = data.load_images("train", source="rendered8")
    numbers = [pictures.classes.index(name) for name in phone.COUNTS]
    chosen = np.isin(pictures.labels, numbers)
    labels = np.searchsorted(numbers, pictures.labels[chosen])
    body = keras.Sequential([models.load_backbone("course"), layers.GlobalAveragePooling2D()])
    features = body.predict(pictures.images[chosen], verbose=0)
    without, weighted = (
        np.array([recalls(features, labels, seed, weigh) for seed in range(6)])
        for weigh in (False, True)
    )
    print(without.mean(axis=0), weighted.mean(axis=0))
    assert (weighted[:, 0] > without[:, 0]).all()
    np.testing.assert_allclose(without.mean(axis=0)[[0, 2]], (0.59, 0.98), atol=0.04)
    np.testing.assert_allclose(weighted.mean(axis=0)[[0, 2]], (0.82, 0.90), atol=0.04)
