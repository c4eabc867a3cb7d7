"""A search of one's own with Keras and Optuna: what the exercises of this lesson ask for."""

from collections.abc import Iterable, Mapping

import optuna
from numpy.typing import NDArray
from optuna.trial import BaseTrial

from lessons.choosing_hyperparameters import trials
from utils.quiet import keras

Pair = tuple[NDArray, NDArray]


def network(trial: BaseTrial) -> keras.Sequential:
    """A small network, compiled, with the rate, the maps and the dropout that a trial suggests."""
    rate = trial.suggest_float("learning_rate", 1e-4, 1, log=True)
    maps = trial.suggest_int("maps", 4, 16)
    dropout = trial.suggest_float("dropout", 0, 0.5)
    model = trials.small_cnn(maps=maps, dropout=dropout)
    descent = keras.optimizers.SGD(rate, momentum=0.9)
    model.compile(descent, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def objective(trial: BaseTrial, train: Pair, validation: Pair) -> float:
    """Accuracy on the validation digits, 0..1, with the settings that a trial suggests."""
    history = network(trial).fit(
        *train, epochs=trials.EPOCHS, validation_data=validation, verbose=0
    )
    return history.history["val_accuracy"][-1]


def fit_or_prune(trial: BaseTrial, model: keras.Model, train: Pair, validation: Pair) -> float:
    """Train a compiled model; its accuracy on the validation digits, 0..1.

    Raises:
        optuna.TrialPruned: the trial is worse than others were after as many epochs.
    """

    class Watch(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            trial.report(logs["val_accuracy"], epoch)
            if trial.should_prune():
                raise optuna.TrialPruned

    history = model.fit(
        *train, epochs=trials.EPOCHS, validation_data=validation, callbacks=[Watch()], verbose=0
    )
    return history.history["val_accuracy"][-1]


def exam(params: Mapping[str, float], starts: Iterable[int], optimizer: str = "") -> list[float]:
    """Test accuracies, 0..1, of a network that is trained on all other digits from each start.

    Args:
        params: "maps" and "dropout", and "learning_rate" where no optimizer is named.
        starts: the seeds.
        optimizer: one as Keras ships it, by its name, in place of descent with momentum.
    """
    options = {"maps": params["maps"], "dropout": params["dropout"]}
    right = []
    for start in starts:
        descent = optimizer or keras.optimizers.SGD(params["learning_rate"], momentum=0.9)
        trained = trials.train(descent, start, parts=("train", "validation"), **options)
        right.append(trials.accuracy(trained.model, "test"))
    return right
