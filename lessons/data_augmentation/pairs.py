"""Two networks from two starts, each asked about a picture and about its mirror image.

The lesson types `member` and `answers`, and claims that they are these. `measure.py` has measured
them, and what they are compared with. Tried before on validation pictures, from one start each, and
no better: wider networks that learn at 32x32 first and at 64x64 in the end, a residual one among
them, with shift and zoom and without.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from utils import augmentation, models, training
from utils.data import Images
from utils.data.tables import grouped
from utils.quiet import keras, tf

TABLE = "augmentation_pairs.csv"
TABLE_SHA256 = "2c391471efa2288271297bb91910cf497fbe59066ac616a1682fcaf311f0fe91"


def member(train: Images, seed: int, epochs: int = 30) -> keras.Model:
    """The block network, trained with the mirror, whose targets leave a little to each class.

    Args:
        train: pictures 0..255, shape (N, H, W, 3).
        seed: of the start.
        epochs: 1 or more.
    """
    training.reproducible(seed)
    classes = len(train.classes)
    network = models.block_cnn(train.images.shape[1:], classes, dropout=0.3)
    targets = tf.one_hot(train.labels, classes)
    known = tf.data.Dataset.from_tensor_slices((train.images, targets))
    flip = augmentation.augmenter()
    batches = known.shuffle(len(targets)).batch(32)
    batches = batches.map(lambda x, y: (flip(x, training=True), y)).prefetch(1)
    rate = keras.optimizers.schedules.CosineDecay(0.003, epochs * len(batches))
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.05),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
    )
    network.fit(batches, epochs=epochs, shuffle=False, verbose=0)
    return network


def answers(networks: Sequence[keras.Model], pictures: NDArray) -> NDArray[np.float32]:
    """What networks give for pictures and for their mirror images, on average, (N, classes)."""
    both = pictures, pictures[:, :, ::-1]
    return np.mean([n.predict(x, verbose=0) for n in networks for x in both], axis=0)


class Trained(NamedTuple):
    """Of one setting, from several starts: accuracies 0..1, and seconds of training, (n,) each."""

    validation: NDArray[np.float64]
    test: NDArray[np.float64]
    seconds: NDArray[np.float64]


def measured(images: str = "rendered8") -> dict[str, Trained]:
    """What `measure.py` has found, by setting; of two networks, all pairs of five."""
    groups = grouped(TABLE, TABLE_SHA256, keys=2)
    return {name: Trained(*rows[:, 2:].T) for (of, name), rows in groups.items() if of == images}
