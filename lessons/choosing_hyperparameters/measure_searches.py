"""Make data/search_traces.csv: grid, random and TPE search on one space, and the space itself.

    python -m lessons.choosing_hyperparameters.measure_searches    about 4 minutes on 2 idle cores

Each search runs from five seeds, which also start the networks. Random and TPE search go on to 16
trials; a grid has its size from the start: 4 x 4, and once 3 x 3. The lines "rates" and "dropouts"
vary one hyperparameter and hold the other; "equal" is one setting from 20 starts. Counts are of 383
validation and 508 test digits.
"""

from collections.abc import Iterator

import numpy as np
import optuna
from numpy.typing import NDArray

from lessons.choosing_hyperparameters import trials
from lessons.choosing_hyperparameters.records import TEST, VALIDATION
from utils.data.tables import write_table
from utils.quiet import keras, tf

SEEDS = range(5)
TRIALS = 16
RATES = (1e-4, 1.0)
"""Learning rates, searched on a logarithmic scale."""
DROPOUTS = (0.0, 0.5)
HELD = {"learning_rate": 0.03, "dropout": 0.0}
CURVE_SEEDS = range(3)
EQUALS = range(20)
"""Starts of one and the same setting, `HELD`."""
HEADER = (
    "search", "seed", "trial", "learning_rate", "dropout",
    *(f"right_{epoch}" for epoch in range(1, trials.EPOCHS + 1)), "test",
)  # fmt: skip

Line = tuple[str, int, int, str, str, *tuple[int, ...]]


def grid(side: int) -> dict[str, list[float]]:
    """The values of a grid of side x side points, from one end of the space to the other."""
    return {
        "learning_rate": np.geomspace(*RATES, side).tolist(),
        "dropout": np.linspace(*DROPOUTS, side).tolist(),
    }


def searches(seed: int) -> dict[str, tuple[optuna.samplers.BaseSampler, int]]:
    """The samplers that are compared, and how many trials each gets."""
    small = {"grid 3x3": (optuna.samplers.GridSampler(grid(3), seed=seed), 9)}
    return {
        **(small if seed == 0 else {}),
        "grid 4x4": (optuna.samplers.GridSampler(grid(4), seed=seed), 16),
        "random": (optuna.samplers.RandomSampler(seed=seed), TRIALS),
        "TPE": (optuna.samplers.TPESampler(seed=seed, n_startup_trials=5), TRIALS),
    }


def right(learning_rate: float, dropout: float, seed: int) -> tuple[list[int], int]:
    """Validation digits read right after every epoch, and test digits at the end."""
    descent = keras.optimizers.SGD(learning_rate, momentum=0.9)
    model, validation = trials.train(descent, seed, dropout=dropout)
    counts = np.rint(validation * VALIDATION).astype(int).tolist()
    return counts, round(trials.accuracy(model, "test") * TEST)


def search(name: str, seed: int) -> list[Line]:
    """One search: a line a trial."""
    sampler, budget = searches(seed)[name]
    lines = []

    def objective(trial: optuna.Trial) -> float:
        rate = trial.suggest_float("learning_rate", *RATES, log=True)
        dropout = trial.suggest_float("dropout", *DROPOUTS)
        counts, test = right(rate, dropout, seed)
        lines.append((name, seed, trial.number, f"{rate:.6g}", f"{dropout:.4f}", *counts, test))
        return counts[-1] / VALIDATION

    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=budget)
    return lines


def curve(name: str, values: NDArray, seed: int) -> Iterator[Line]:
    """One hyperparameter varied, the other held."""
    for number, value in enumerate(values):
        chosen = {**HELD, {"rates": "learning_rate", "dropouts": "dropout"}[name]: float(value)}
        counts, test = right(**chosen, seed=seed)
        rate, dropout = chosen["learning_rate"], chosen["dropout"]
        yield name, seed, number, f"{rate:.6g}", f"{dropout:.4f}", *counts, test


def measure() -> Iterator[Line]:
    """Every line of the table."""
    for seed in CURVE_SEEDS:
        yield from curve("rates", np.geomspace(*RATES, 9), seed)
        yield from curve("dropouts", np.linspace(*DROPOUTS, 6), seed)
    for seed in EQUALS:
        counts, test = right(**HELD, seed=seed)
        yield (
            "equal",
            seed,
            0,
            f"{HELD['learning_rate']:.6g}",
            f"{HELD['dropout']:.4f}",
            *counts,
            test,
        )
    for seed in SEEDS:
        for name in searches(seed):
            yield from search(name, seed)


def main() -> None:
    """Measure, and write the table."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    write_table("search_traces.csv", HEADER, measure())


if __name__ == "__main__":
    main()
