"""Make data/small_network.npz: a small network for the eight classes, for the network explorer.

    python -m lessons.what_a_network_sees.measure        about 3 minutes on one core

It learns from the 1,600 training pictures of rendered8, shifted, mirrored, lighter and darker; how
long, was chosen on the validation pictures. The test pictures are looked at once. Weights are
stored with 16 bits each.
"""

import numpy as np
from numpy.typing import NDArray

from lessons.what_a_network_sees.eight_classes import NAME, SIDE, network, prepared
from utils import data, training
from utils.data.files import sha256_of
from utils.quiet import keras

EPOCHS = 30
RATE = 0.003
MOST = 3
"""Pixels by which a picture is shifted at most."""


def varied(pictures: NDArray, rng: np.random.Generator) -> NDArray[np.float32]:
    """Every picture shifted, half of them mirrored, up to a fifth lighter or darker."""
    count = len(pictures)
    wide = np.pad(pictures, ((0, 0), (MOST, MOST), (MOST, MOST), (0, 0)), mode="edge")
    corners, ways = rng.integers(0, 2 * MOST + 1, (count, 2)), rng.choice([-1, 1], count)
    shifted = [
        picture[top : top + SIDE, left : left + SIDE][:, ::way]
        for picture, (top, left), way in zip(wide, corners, ways, strict=True)
    ]
    return np.array(shifted) * rng.uniform(0.8, 1.2, (count, 1, 1, 1)).astype(np.float32)


def main() -> None:
    """Learn, look at the test pictures once, write the file."""
    of = {
        part: data.load_images(part, SIDE, source="rendered8")
        for part in ("train", "validation", "test")
    }
    pictures = {part: prepared(one.images) for part, one in of.items()}
    training.reproducible(0)
    rng = np.random.default_rng(0)
    model = network()
    steps = int(np.ceil(len(pictures["train"]) / 32))
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps * EPOCHS)
    model.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    for _ in range(EPOCHS):
        model.fit(varied(pictures["train"], rng), of["train"].labels, verbose=0)
    halved = [weights.astype(np.float16) for weights in model.get_weights()]
    model.set_weights(halved)
    path = data.DATA / NAME
    np.savez_compressed(path, *halved)
    right = {part: model.evaluate(pictures[part], of[part].labels, verbose=0)[1] for part in of}
    print(f"{path.name} {sha256_of(path)} {path.stat().st_size} bytes: {right}")


if __name__ == "__main__":
    main()
