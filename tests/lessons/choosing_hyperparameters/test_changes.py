"""What the text invites to change can be changed."""

from tests.kit.changes import survives

test_the_page_survives_what_it_invites_to = survives(
    "choosing_hyperparameters",
    [
        (
            "sampler=RandomSampler(seed=4), pruner=pruner",
            "sampler=optuna.samplers.TPESampler(seed=4), pruner=pruner",
        ),
        ("n_trials=4, callbacks=[Progress(4)]", "n_trials=1, callbacks=[Progress(1)]"),
    ],
)
