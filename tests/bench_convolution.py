"""Speed of the reference convolution, as ratios taken in one run: `make bench`.

Not part of `make test`: times depend on what else the machine is doing.
"""

import numpy as np
import pytest
import scipy.signal

from utils.convolution import correlate2d, correlate_volume, pool2d
from utils.quiet import keras

RNG = np.random.default_rng(0)
IMAGE, KERNEL = RNG.random((512, 512), np.float32), RNG.random((3, 3), np.float32)
VOLUME, KERNELS = RNG.random((224, 224, 3), np.float32), RNG.random((3, 3, 3, 64), np.float32)
MAPS = RNG.random((224, 224, 64), np.float32)
AS_TENSORS = [
    keras.ops.convert_to_tensor(array)
    for array in (
        IMAGE[None, :, :, None],
        KERNEL[:, :, None, None],
        VOLUME[None],
        KERNELS,
        MAPS[None],
    )
]
BEST: dict[str, float] = {}
"""Seconds of the fastest round: what a busy machine disturbs least."""


def keras_image():
    return keras.ops.convert_to_numpy(keras.ops.conv(AS_TENSORS[0], AS_TENSORS[1]))


def keras_volume():
    return keras.ops.convert_to_numpy(keras.ops.conv(AS_TENSORS[2], AS_TENSORS[3]))


def keras_pool():
    return keras.ops.convert_to_numpy(keras.ops.max_pool(AS_TENSORS[4], 2))


def scipy_volume():
    maps = [scipy.signal.correlate(VOLUME, KERNELS[..., n], "valid") for n in range(64)]
    return np.concatenate(maps, axis=2)


CONTESTANTS = {
    "image: utils": lambda: correlate2d(IMAGE, KERNEL),
    "image: scipy": lambda: scipy.signal.correlate2d(IMAGE, KERNEL, "valid"),
    "image: keras": keras_image,
    "volume: utils": lambda: correlate_volume(VOLUME, KERNELS),
    "volume: scipy": scipy_volume,
    "volume: keras": keras_volume,
    "pool: utils": lambda: pool2d(MAPS),
    "pool: keras": keras_pool,
}


@pytest.mark.parametrize("name", CONTESTANTS)
def test_time(name, benchmark):
    benchmark.group = name.split(":")[0]
    rounds = 5 if name == "volume: scipy" else 100
    benchmark.pedantic(CONTESTANTS[name], rounds=rounds, warmup_rounds=3)
    BEST[name] = benchmark.stats.stats.min


@pytest.mark.parametrize(
    ("slow", "fast", "least"),
    [
        ("image: scipy", "image: utils", 4),
        ("image: keras", "image: utils", 1),
        ("volume: keras", "volume: utils", 1 / 1.5),
        ("volume: scipy", "volume: utils", 20),
        ("pool: keras", "pool: utils", 1 / 2),
    ],
)
def test_ratio(slow, fast, least):
    ratio = BEST[slow] / BEST[fast]
    print(f"\n{slow} takes {ratio:.2f} times as long as {fast} (at least {least:.2f})")
    assert ratio >= least


def test_they_compute_the_same():
    np.testing.assert_allclose(correlate2d(IMAGE, KERNEL), keras_image()[0, ..., 0], rtol=1e-4)
    np.testing.assert_allclose(correlate_volume(VOLUME, KERNELS), keras_volume()[0], rtol=1e-4)
    np.testing.assert_allclose(correlate_volume(VOLUME, KERNELS), scipy_volume(), rtol=1e-4)
    np.testing.assert_array_equal(pool2d(MAPS), keras_pool()[0])
