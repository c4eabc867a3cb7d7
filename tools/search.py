"""Search hyperparameters with several worker processes, on one machine or many.

    python tools/search.py --workers 2 --trials 40
    python tools/search.py --storage postgresql://student@10.0.0.5/search --workers 8 --trials 500

Trains the small network of choosing_hyperparameters on handwritten digits, and looks for the
learning rate and the dropout that read most validation digits: TPE search, and hopeless trials are
pruned.

All trials of a study live in one database. Every machine that runs the same command on the same
database works for the same study, until it holds as many finished trials as --trials asks for, from
all machines together; a pruned trial is finished. Stop the search however you like, pull the plug
even: no finished trial is lost. Start it again with the same command and it goes on. A trial whose
worker died is repeated once the worker has given no sign of life for three heartbeats.

A file (sqlite:///search.db) serves the workers of one machine. For several machines use PostgreSQL
and install its driver on each: python -m pip install "psycopg[binary]". Leave the password out of
the address: PostgreSQL reads it from ~/.pgpass or from the variable PGPASSWORD.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import optuna
import sqlalchemy
from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback
from optuna.trial import FrozenTrial, Trial, TrialState

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "build" / "search.db"
DIGITS = 906
"""Training digits of the lesson on choosing hyperparameters."""
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
POLL = 0.5
"""Seconds between two looks at the study."""
SILENT_HEARTBEATS = 3
FAILED = 70
"""The exit code of a search, or of a worker, that stops with an error."""
KILLED_IN_A_ROW = 10
"""So many workers killed without one finished trial in between end the search."""
WITHOUT_HEARTBEAT = sqlalchemy.text(
    "SELECT trials.trial_id FROM trials JOIN studies USING (study_id) "
    "LEFT JOIN trial_heartbeats ON trial_heartbeats.trial_id = trials.trial_id "
    "WHERE studies.study_name = :study AND trials.state = 'RUNNING' "
    "AND trial_heartbeats.trial_id IS NULL"
)


class Surplus(Exception):
    """Other workers are already at work on all trials that are still asked for."""


def open_storage(address: str, heartbeat: int) -> RDBStorage:
    """The database of a study.

    Args:
        address: of SQLAlchemy's form, such as sqlite:///file or postgresql://user@host/database.
        heartbeat: seconds between two signs of life of a worker.

    Raises:
        ConnectionError: no such database, or its driver is missing; says what to do.
    """
    try:
        url = sqlalchemy.make_url(address)
    except sqlalchemy.exc.ArgumentError:
        raise ConnectionError(
            f"--storage {address}: not the address of a database. "
            "Write sqlite:///search.db or postgresql://user@host/database."
        ) from None
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    waits = {"connect_args": {"timeout": 60}} if url.get_backend_name() == "sqlite" else {}
    for last_attempt in (False, True):  # the tables may be in the making on another machine
        try:
            return RDBStorage(
                url.render_as_string(hide_password=False),
                engine_kwargs={"pool_pre_ping": True, **waits},
                heartbeat_interval=heartbeat,
                grace_period=SILENT_HEARTBEATS * heartbeat,
                heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(),
            )
        except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:
            if last_attempt:
                raise ConnectionError(_unreachable(url, error)) from None
            time.sleep(1)
    raise AssertionError


def _unreachable(url: sqlalchemy.URL, error: Exception) -> str:
    """What went wrong, without the password, and what to do."""
    if isinstance(error, ImportError | sqlalchemy.exc.NoSuchModuleError):
        remedy = 'Install its driver; for PostgreSQL: python -m pip install "psycopg[binary]"'
    elif url.get_backend_name() == "sqlite":
        remedy = "Is the folder there, and may you write in it?"
    else:
        remedy = "Does the server run, does it admit this machine, are user and password right?"
    said = str(getattr(error, "orig", error)).splitlines()[0]
    return f"--storage {url.render_as_string(hide_password=True)}: {said}. {remedy}"


def open_study(storage: RDBStorage, name: str, settings: dict[str, object]) -> optuna.Study:
    """The study of this name, made if there is none.

    Args:
        storage: where it lives.
        name: of the study.
        settings: the search space, and how long and on what a trial trains.

    Raises:
        ValueError: there is a study of this name with other settings.
    """
    study = optuna.create_study(
        study_name=name,
        storage=storage,
        load_if_exists=True,
        direction="maximize",
        sampler=optuna.samplers.TPESampler(),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=2),
    )
    if "settings" not in study.user_attrs:
        study.set_user_attr("settings", json.dumps(settings))
    kept = json.loads(study.user_attrs["settings"])
    if kept != settings:
        differing = [
            f"{key} is {kept.get(key)} there and {settings.get(key)} here"
            for key in sorted({*kept, *settings})
            if kept.get(key) != settings.get(key)
        ]
        raise ValueError(
            f"--study {name} exists with other settings: {'; '.join(differing)}. "
            "Ask for the same ones, or give your search a name of its own with --study."
        )
    return study


def count(study: optuna.Study, *states: TrialState) -> int:
    """How many trials of a study are in one of these states."""
    return len(study.get_trials(deepcopy=False, states=states))


def is_surplus(study: optuna.Study, number: int, asked: int) -> bool:
    """Whether finished trials and those begun before this one are already as many as asked for.

    Of all trials that pass, the one with the largest number has seen all others, so that never
    more than `asked` finish, whatever the workers' order and speed.
    """
    trials = study.get_trials(deepcopy=False)
    unfinished = (TrialState.RUNNING, TrialState.WAITING)
    before = [t for t in trials if t.state in unfinished and t.number < number]
    return len(before) + sum(t.state in FINISHED for t in trials) >= asked


def work(study: optuna.Study, storage: RDBStorage, options: argparse.Namespace) -> None:
    """What one worker does: trial after trial, until as many as asked for are finished."""
    from lessons.choosing_hyperparameters import trials
    from utils.quiet import keras, tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)

    def objective(trial: Trial) -> float:
        if is_surplus(study, trial.number, options.trials):
            raise Surplus
        rate = trial.suggest_float("learning_rate", *options.rates, log=True)
        dropout = trial.suggest_float("dropout", *options.dropouts)

        def after_epoch(epoch: int, accuracy: float) -> None:
            trial.report(accuracy, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned

        descent = keras.optimizers.SGD(rate, momentum=0.9)
        trained = trials.train(
            descent, 0, options.epochs, after_epoch, options.digits, dropout=dropout
        )
        return float(trained.validation[-1])

    parent, first_seen = os.getppid(), {}
    while count(study, *FINISHED) < options.trials and os.getppid() == parent:
        waiting = count(study, TrialState.WAITING)
        if waiting or count(study, *FINISHED, TrialState.RUNNING) < options.trials:
            one_trial(study, objective)
        else:
            time.sleep(POLL)
            optuna.storages.fail_stale_trials(study)
        start_clocks(study, storage, first_seen, options.heartbeat)


def one_trial(study: optuna.Study, objective: Callable[[Trial], float]) -> None:
    """Run one trial, unless it is surplus; its result is dropped if it came too late.

    A worker that was asleep for three heartbeats, as in a closed laptop, finds that its trial has
    been failed and repeated by somebody else.
    """
    begun: list[int] = []
    errors: list[Exception] = []

    def watched(trial: Trial) -> float:
        begun.append(trial.number)
        try:
            return objective(trial)
        except optuna.exceptions.UpdateFinishedTrialError:
            raise
        except Exception as error:
            errors.append(error)
            raise

    try:
        study.optimize(watched, n_trials=1, catch=Surplus)
    except Exception:
        if errors or not begun or study.trials[begun[0]].state != TrialState.FAIL:
            raise


def start_clocks(
    study: optuna.Study, storage: RDBStorage, first_seen: dict[int, float], heartbeat: int
) -> None:
    """Give a first heartbeat to running trials that never had one, so that they can fall silent.

    A worker killed between taking a trial and its first heartbeat leaves such a trial, which
    Optuna would take for a running one forever.

    Args:
        study, storage: where to look.
        first_seen: trial to the time when this worker first saw it so; kept between calls.
        heartbeat: seconds between two signs of life of a worker.
    """
    with storage.engine.connect() as connection:
        silent = set(connection.execute(WITHOUT_HEARTBEAT, {"study": study.study_name}).scalars())
    for trial in silent:
        if time.monotonic() - first_seen.setdefault(trial, time.monotonic()) > heartbeat:
            storage.record_heartbeat(trial)


def supervise(study: optuna.Study, options: argparse.Namespace, arguments: Sequence[str]) -> None:
    """Start the workers, say how far they are, replace the ones that are killed.

    Raises:
        RuntimeError: a worker stopped with an error, or they are killed again and again.
    """
    command = [sys.executable, str(Path(__file__).resolve()), *arguments, "--worker"]

    def start() -> subprocess.Popen:
        return subprocess.Popen(command)

    finished = count(study, *FINISHED)
    report(study, finished, options.trials)
    workers = [start() for _ in range(options.workers if finished < options.trials else 0)]
    killed = 0
    try:
        while workers:
            time.sleep(POLL)
            for place, name in enumerate(map(killed_by, workers)):
                if name is None:
                    continue
                killed += 1
                said = f"a worker was killed ({name})"
                if killed >= KILLED_IN_A_ROW:
                    raise RuntimeError(
                        f"{said}, the {killed}th without a finished trial: too little memory? "
                        "Start fewer --workers."
                    )
                print(f"{said}: another one takes its place", flush=True)
                workers[place] = start()
            workers = [worker for worker in workers if worker.poll() != 0]
            before, finished = finished, count(study, *FINISHED)
            if finished != before:
                killed = 0
                report(study, finished, options.trials)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()


def killed_by(worker: subprocess.Popen) -> str | None:
    """What killed a worker; None while it works, and when it is done.

    Windows has no signals: whoever kills a process there chooses its exit code, mostly 1. A worker
    that stops with an error has an exit code of its own.

    Raises:
        RuntimeError: it stopped with an error.
    """
    code = worker.poll()
    if not code:
        return None
    if code < 0:
        return signal.Signals(-code).name
    if sys.platform == "win32" and code != FAILED:
        return f"exit code {code}"
    raise RuntimeError(f"a worker stopped with an error (exit code {code}).")


def report(study: optuna.Study, finished: int, asked: int) -> None:
    """One line: how many trials are finished, and the best one."""
    line = f"{finished} of {asked} trials finished"
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if complete:
        best = max(complete, key=lambda trial: trial.value)
        line += f", best accuracy {best.value:.1%} with {described(best)}"
    print(line, flush=True)


def described(trial: FrozenTrial) -> str:
    """The hyperparameters of a trial, for a person."""
    return ", ".join(f"{name} {value:.3g}" for name, value in sorted(trial.params.items()))


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line, checked; ends the program with what is wrong and what to write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--storage", default=f"sqlite:///{DEFAULT_FILE}", metavar="URL",
        help="the database that holds the study (default: the file build/search.db)")  # fmt: skip
    add("--study", default="digits", metavar="NAME", help="name of the study (default: digits)")
    add("--workers", type=int, default=2, metavar="N",
        help="processes on this machine, one processor core each (default: 2)")  # fmt: skip
    add("--trials", type=int, default=20, metavar="M",
        help="finished trials that the study shall hold in the end (default: 20)")  # fmt: skip
    add("--rates", type=float, nargs=2, default=(1e-4, 1.0), metavar=("LOW", "HIGH"),
        help="learning rates, searched on a logarithmic scale (default: 0.0001 1)")  # fmt: skip
    add("--dropouts", type=float, nargs=2, default=(0.0, 0.5), metavar=("LOW", "HIGH"),
        help="shares of dropped features (default: 0 0.5)")  # fmt: skip
    add("--epochs", type=int, default=8, help="epochs of a training (default: 8)")
    add("--digits", type=int, default=DIGITS,
        help=f"training digits, of {DIGITS} (default: all of them)")  # fmt: skip
    add("--heartbeat", type=int, default=10, metavar="SECONDS",
        help="time between two signs of life of a worker (default: 10)")  # fmt: skip
    add("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    for name in ("workers", "trials", "epochs", "digits", "heartbeat"):
        value = getattr(options, name)
        if value < 1:
            parser.error(f"--{name} {value}: must be 1 or more")
    if options.digits > DIGITS:
        parser.error(f"--digits {options.digits}: there are {DIGITS} training digits")
    low, high = options.rates
    if not 0 < low < high < float("inf"):
        parser.error(f"--rates {low:g} {high:g}: must be two numbers above 0, the smaller first")
    low, high = options.dropouts
    if not 0 <= low < high < 1:
        parser.error(f"--dropouts {low:g} {high:g}: must be 0 to below 1, the smaller first")
    return options


def settings_of(options: argparse.Namespace) -> dict[str, object]:
    """What all trials of a study must have in common."""
    return {
        "rates": list(options.rates),
        "dropouts": list(options.dropouts),
        "epochs": options.epochs,
        "digits": options.digits,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the search, or one of its workers; 0 when all trials are finished."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = read_options(arguments)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    DEFAULT_FILE.parent.mkdir(exist_ok=True)
    try:
        storage = open_storage(options.storage, options.heartbeat)
        study = open_study(storage, options.study, settings_of(options))
        if options.worker:
            work(study, storage, options)
        else:
            supervise(study, options, arguments)
    except (ConnectionError, ValueError, RuntimeError) as error:
        print(f"search.py: {error}", file=sys.stderr)
        return FAILED
    except sqlalchemy.exc.SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).splitlines()[0]
        print(
            f"search.py: the database stopped answering: {said}. Once it is back, the same command "
            "goes on from here.",
            file=sys.stderr,
        )
        return FAILED
    except KeyboardInterrupt:
        if not options.worker:
            print("stopped; the same command goes on from here")
        return 130
    except Exception:
        traceback.print_exc()
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
