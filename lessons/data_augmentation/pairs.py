"""A network trained along one cycle, asked about mirror images; and two of them, from two starts.

The lesson types `member` and `answers`; a test says that they are these. `measure.py` has measured
them, and what they are compared with. Chosen on validation pictures and on the hundred training
pictures of each class that no network here learns from. Tried as well, from a start or two, and no
better for the same time: batches of 32, wider networks, residual ones, learning at 32x32 first, a
constant way down from the highest rate, a gray square, shift and zoom.
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
TABLE_SHA256 = "0ec410812509009fdaa1b041ea137c6adda4e442cccd34f691e19abb19d345cd"


EPOCHS = 40
BATCH = 16


def ready(train: Images, seed: int, epochs: int) -> tuple[keras.Model, tf.data.Dataset]:
    """The block network, compiled, and the batches that it learns from.

    Args:
        train: pictures 0..255, shape (N, H, W, 3).
        seed: of the start.
        epochs: of the one cycle, 1 or more.
    """
    training.reproducible(seed)
    classes = len(train.classes)
    network = models.block_cnn(train.images.shape[1:], classes, dropout=0.3)
    targets = tf.one_hot(train.labels, classes)
    known = tf.data.Dataset.from_tensor_slices((train.images, targets))
    flip = augmentation.augmenter()
    batches = known.shuffle(len(targets)).batch(BATCH)
    batches = batches.map(lambda x, y: (flip(x, training=True), y)).prefetch(1)
    steps = epochs * len(batches)
    rise = steps // 3
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - rise, warmup_target=0.005, warmup_steps=rise
    )
    mean_over = steps // 10
    network.compile(
        keras.optimizers.AdamW(
            rate, weight_decay=0.05, use_ema=True, ema_momentum=1 - 1 / mean_over
        ),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
    )
    return network, batches


def member(train: Images, seed: int, epochs: int = EPOCHS) -> keras.Model:
    """The block network, trained with the mirror and smoothed targets along one cycle.

    It keeps the average of its weights over the last tenth of the way.
    """
    network, batches = ready(train, seed, epochs)
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
