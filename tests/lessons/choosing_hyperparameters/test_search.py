"""What the exercises ask for, on the digits: it searches, prunes and opens the exam."""

import numpy as np
import optuna
import pytest
from optuna.trial import FixedTrial

from lessons.choosing_hyperparameters import search, trials
from utils import training

pytestmark = pytest.mark.slow

PARAMS = {"learning_rate": 0.05, "maps": 5, "dropout": 0.2}


def few(part, count=64):
    return tuple(array[:count] for array in trials.digits()[part])


def test_a_network_is_built_as_the_trial_suggests():
    model = search.network(FixedTrial(PARAMS))
    assert model.get_layer("conv1").filters == 5
    assert model.get_layer("dropout").rate == 0.2
    assert float(model.optimizer.learning_rate) == pytest.approx(0.05)


def test_the_objective_is_the_accuracy_of_what_it_trained(monkeypatch):
    training.reproducible(0)
    made = search.network(FixedTrial(PARAMS))
    monkeypatch.setattr(search, "network", lambda trial: made)
    score = search.objective(FixedTrial(PARAMS), few("train"), few("validation"))
    images, labels = few("validation")
    assert score == pytest.approx((np.asarray(made(images)).argmax(axis=1) == labels).mean())


def test_a_trial_that_falls_behind_is_pruned():
    pruner = optuna.pruners.ThresholdPruner(lower=1.1, n_warmup_steps=2)
    study = optuna.create_study(pruner=pruner)
    study.enqueue_trial(PARAMS)
    study.optimize(
        lambda trial: search.fit_or_prune(
            trial, search.network(trial), few("train"), few("validation")
        ),
        n_trials=1,
    )
    (trial,) = study.trials
    assert trial.state == optuna.trial.TrialState.PRUNED
    assert [*trial.intermediate_values] == [0, 1, 2]


def test_the_exam_is_that_of_each_start():
    first, second, again = search.exam(PARAMS, [0, 1, 0])
    assert first == again != second
    assert min(first, second) > 0.5
