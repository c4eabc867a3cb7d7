"""Make data/league_tables.csv: one small network under many settings, from several starts each.

    python -m lessons.choosing_hyperparameters.measure_leagues    about 3 minutes on 2 idle cores

It is exercise 3.1 of I. Heredia's lecture on the handwritten digits. Initializers are compared in
two trainings: Keras' plain SGD, which is still on its way after these few epochs, and SGD with
momentum, which arrives, as in the league of regularizers. Every optimizer runs at four learning
rates, the one that Keras gives it among them. The test digits are looked at once a training and
choose nothing.
"""

from collections.abc import Iterator
from typing import Any

from lessons.choosing_hyperparameters import trials
from utils.data.tables import write_table
from utils.quiet import keras, tf

STARTS = {"initializers": 8}
"""Random starts of every row of a league; 3 where nothing else is said."""
STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2)
RATES = (0.001, 0.01, 0.1, 1.0)
"""Of every optimizer; Adadelta also gets two larger ones, so that its best is not the last."""
INITIALIZERS = (
    "he_uniform", "he_normal", "glorot_uniform", "glorot_normal", "lecun_uniform", "lecun_normal",
    "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Ones", "Zeros",
)  # fmt: skip
OPTIMIZERS = ("SGD", "RMSprop", "Adam", "Adamax", "Nadam", "Adagrad", "Adadelta")
HEADER = ("league", "row", "seed", "validation", "test")


def regularizers() -> Iterator[tuple[str, keras.Regularizer | None]]:
    """Row and regularizer."""
    yield "none", None
    for strength in STRENGTHS:
        yield f"l1 {strength:g}", keras.regularizers.L1(strength)
        yield f"l2 {strength:g}", keras.regularizers.L2(strength)
        yield f"l1_l2 {strength:g}", keras.regularizers.L1L2(strength, strength)


def rows() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """League, row, and what `trials.train` takes for it."""
    slow = {"optimizer": {"class_name": "SGD", "config": {}}}
    quick = {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.03, "momentum": 0.9}}}
    for ending, training in {"": slow, " with momentum": quick}.items():
        for row in INITIALIZERS:
            yield f"initializers{ending}", row, {**training, "initializer": row}
    for row, chosen in regularizers():
        yield "regularizers", row, {**quick, "regularizer": chosen}
    for row in OPTIMIZERS:
        for rate in (*RATES, 10.0, 100.0) if row == "Adadelta" else RATES:
            optimizer = {"class_name": row, "config": {"learning_rate": rate}}
            yield "optimizers", f"{row} {rate:g}", {"optimizer": optimizer}


def measure() -> Iterator[tuple[str, str, int, str, str]]:
    """One line a training: league, row, seed, accuracy on validation and on test digits."""
    for league, row, settings in rows():
        for seed in range(STARTS.get(league, 3)):
            trained = trials.train(seed=seed, **settings)
            test = trials.accuracy(trained.model, "test")
            yield league, row, seed, f"{trained.validation[-1]:.4f}", f"{test:.4f}"


def main() -> None:
    """Measure, and write the table."""
    tf.config.threading.set_intra_op_parallelism_threads(1)
    write_table("league_tables.csv", HEADER, measure())


if __name__ == "__main__":
    main()
