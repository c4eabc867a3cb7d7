"""Make data/size_curves.csv: the network of section 1 in five sizes, epoch by epoch.

    python -m lessons.regularization.measure        about 6 minutes on one idle core

Each size learns from five random starts as the lesson does: the same 100 pictures of each class of
`rendered8` at 32 × 32 pixels, Adam at 0.003, 25 epochs. The first start is the lesson's own.
"""

from collections.abc import Iterator

from utils import data, training
from utils.data.images import RENDERED8
from utils.data.tables import write_table
from utils.quiet import keras, tf

layers = keras.layers

HEADER = ("parameters", "start", "epoch", *training.CURVES)
SIDE, PER_CLASS, EPOCHS, RATE = 32, 100, 25, 0.003
STARTS = range(5)
SIZES = ((1, 2, 8), (4, 8, 32), (8, 16, 64), (16, 32, 128), (32, 64, 256))
"""Maps of both convolutions and hidden units; those of the lesson stand in the middle."""


def network(size: tuple[int, int, int], classes: int) -> keras.Sequential:
    """The network of the LENS lecture with other numbers of maps and hidden units, not compiled."""
    first, second, hidden = size
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Conv2D(first, 3, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(second, 3, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(hidden, activation="relu", name="dense1"),
            layers.Dense(classes, activation="softmax", name="classes"),
        ]
    )


def rows() -> Iterator[tuple[object, ...]]:
    """The curves of all trainings, an epoch each."""
    learn = data.load_images("train", SIDE, per_class=PER_CLASS, source=RENDERED8)
    judge = data.load_images("validation", SIDE, source=RENDERED8)
    pairs = [(part.images, part.labels) for part in (learn, judge)]
    for size in SIZES:
        for start in STARTS:
            training.reproducible(start)
            model = network(size, len(learn.classes))
            model.compile(
                keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"]
            )
            record = training.fit(model, *pairs, EPOCHS)
            curves = zip(*(getattr(record, name) for name in training.CURVES), strict=True)
            for epoch, numbers in enumerate(curves, 1):
                yield (model.count_params(), start, epoch, *(f"{one:.4f}" for one in numbers))


def main() -> None:
    """Measure on one thread, and write the table."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    write_table("size_curves.csv", HEADER, rows())


if __name__ == "__main__":
    main()
