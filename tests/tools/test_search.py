"""The search tool: workers are killed in the middle of trials, and no finished trial is lost."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import optuna
import psutil
import pytest
import sqlalchemy
from optuna.trial import TrialState

from lessons.choosing_hyperparameters import trials as taught
from tools import search as tool

SCRIPT = Path(tool.__file__)
QUICK = ("--epochs", "8", "--digits", "906", "--heartbeat", "1")
PATIENCE = 180
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning"),
    pytest.mark.filterwarnings("ignore:Heartbeat of storage is supposed"),
]


@contextmanager
def started(storage, workers, trials):
    """A search as a process of its own; it and its workers are gone afterwards."""
    command = [sys.executable, SCRIPT, "--storage", storage, *QUICK]
    command += ["--workers", str(workers), "--trials", str(trials)]
    process = psutil.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        kill_all(process)


def kill_all(process):
    """SIGKILL for a search and its workers, as when the power fails."""
    if process.is_running():
        family = [*process.children(), process]
        for member in family:
            if member.is_running():
                member.kill()
        psutil.wait_procs(family, timeout=10)


def kill_in_a_trial(worker, storage):
    """SIGKILL for one of two workers if both are in a trial; whether they were."""
    worker.suspend()
    if tool.count(load(storage), TrialState.RUNNING) == 2:
        worker.kill()
        return True
    worker.resume()
    return False


def load(storage):
    opened = tool.open_storage(storage, heartbeat=1)
    return optuna.load_study(study_name="digits", storage=opened)


def finished(study):
    return {t.number: t for t in study.get_trials(states=tool.FINISHED)}


def wait_for(condition):
    started_at = time.monotonic()
    while not condition():
        assert time.monotonic() - started_at < PATIENCE, "nothing happened"
        time.sleep(0.1)


def wait_for_study(storage, condition):
    """Wait until the study exists and the condition holds for it."""

    def holds():
        try:
            return condition(load(storage))
        except (KeyError, ConnectionError):
            return False

    wait_for(holds)


def assert_complete(storage, asked):
    """As many finished trials as asked for; none running; every killed one was repeated."""
    study = load(storage)
    done = finished(study)
    assert len(done) == asked
    assert tool.count(study, TrialState.RUNNING, TrialState.WAITING) == 0
    failed = study.get_trials(states=(TrialState.FAIL,))
    repeated = {t.system_attrs.get("failed_trial") for t in study.trials}
    for trial in failed:
        assert not trial.params or trial.number in repeated or "failed_trial" in trial.system_attrs
    return done


@pytest.fixture
def sqlite(tmp_path):
    return f"sqlite:///{tmp_path / 'search.db'}"


@pytest.fixture(scope="module")
def postgresql():
    """A PostgreSQL server of our own, without a network: its socket is in a folder that goes."""
    if sys.platform == "win32":
        pytest.skip("the socket of PostgreSQL is a file, which Windows does not have")
    import pwd

    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    bin_folder = Path(initdb).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # short: the path of a socket
    as_user = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("root needs the user postgres to start PostgreSQL")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def run(name, *arguments):
        command = [*as_user, bin_folder / name, "-D", folder / "cluster", *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "--auth=trust", "--username=postgres", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "--wait", "--log", folder / "log", "--options", options, "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "--mode=immediate", "stop")
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("system", "code", "how"),
    [
        ("linux", None, None),
        ("linux", 0, None),
        ("linux", -9, "SIGKILL"),
        ("win32", 1, "exit code 1"),
        ("win32", 15, "exit code 15"),
    ],
)
def test_how_a_worker_was_killed(monkeypatch, system, code, how):
    monkeypatch.setattr(sys, "platform", system)
    assert tool.killed_by(SimpleNamespace(poll=lambda: code)) == how


@pytest.mark.parametrize(("system", "code"), [("linux", 1), ("linux", 70), ("win32", 70)])
def test_a_worker_that_stopped_with_an_error(monkeypatch, system, code):
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(RuntimeError, match=f"exit code {code}"):
        tool.killed_by(SimpleNamespace(poll=lambda: code))


@pytest.mark.weekly
def test_killed_altogether_and_resumed_nothing_is_lost(sqlite):
    with started(sqlite, workers=2, trials=5) as process:
        wait_for_study(
            sqlite, lambda s: len(finished(s)) >= 2 and tool.count(s, TrialState.RUNNING)
        )
        kill_all(process)
    study = load(sqlite)
    before, cut_off = finished(study), study.get_trials(states=(TrialState.RUNNING,))
    assert 2 <= len(before) < 5
    with started(sqlite, workers=2, trials=5) as process:
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
    assert f"{len(before)} of 5 trials finished" in said
    assert "5 of 5 trials finished, best accuracy" in said
    after = assert_complete(sqlite, 5)
    for number, trial in before.items():
        assert after[number] == trial
    repeats = {t.system_attrs.get("failed_trial"): t for t in after.values()}
    for trial in cut_off:
        assert not trial.params or repeats[trial.number].params == trial.params


@pytest.mark.weekly
def test_two_machines_one_study_and_a_worker_killed(postgresql):
    with (
        started(postgresql, workers=1, trials=5) as one,
        started(postgresql, workers=1, trials=5) as two,
    ):
        wait_for_study(postgresql, finished)
        (worker,) = one.children()
        wait_for(lambda: kill_in_a_trial(worker, postgresql))
        outputs = {}
        for machine in (one, two):
            outputs[machine], _ = machine.communicate(timeout=PATIENCE)
            assert machine.returncode == 0, outputs[machine]
    assert "a worker was killed (SIGKILL): another one takes its place" in outputs[one]
    assert "killed" not in outputs[two]
    done = assert_complete(postgresql, 5)
    assert any("failed_trial" in trial.system_attrs for trial in done.values())


def test_a_trial_that_never_gave_a_sign_of_life_is_failed(sqlite):
    storage = tool.open_storage(sqlite, heartbeat=1)
    study = optuna.create_study(study_name="digits", storage=storage)
    lost, seen = study.ask(), {}

    def lost_is_failed():
        tool.start_clocks(study, storage, seen, heartbeat=1)
        optuna.storages.fail_stale_trials(study)
        return study.trials[lost.number].state == TrialState.FAIL

    assert not lost_is_failed()
    wait_for(lost_is_failed)
    assert time.monotonic() - seen[lost._trial_id] > tool.SILENT_HEARTBEATS


@pytest.mark.parametrize("seed", range(20))
def test_never_more_trials_than_asked_for_whatever_the_order(seed):
    """Workers that ask, check, finish and die in random order, one step at a time."""
    rng = np.random.default_rng(seed)
    study, asked = optuna.create_study(), 5
    workers = [None] * 4  # a trial and whether it has been checked
    for _ in range(400):
        place = int(rng.integers(len(workers)))
        trial, checked = workers[place] or (None, False)
        if trial is None:
            workers[place] = (study.ask(), False)
        elif rng.random() < 0.15:  # the worker dies; its trial is failed and repeated
            study.tell(trial, state=TrialState.FAIL)
            study.enqueue_trial({"x": trial.number})
            workers[place] = None
        elif not checked:
            surplus = tool.is_surplus(study, trial.number, asked)
            if surplus:
                study.tell(trial, state=TrialState.FAIL)
            workers[place] = None if surplus else (trial, True)
        else:
            study.tell(trial, 0.0)
            workers[place] = None
        assert len(finished(study)) <= asked
    assert len(finished(study)) == asked


@pytest.mark.parametrize("reports", [False, True])
def test_a_worker_that_overslept_drops_its_result_and_goes_on(sqlite, reports):
    study = optuna.create_study(storage=tool.open_storage(sqlite, heartbeat=1))

    def oversleeps(trial):
        study.tell(trial.number, state=TrialState.FAIL)  # as another worker does by then
        if reports:
            trial.report(0.5, 1)
        return 1.0

    tool.one_trial(study, oversleeps)
    tool.one_trial(study, lambda trial: 2.0)
    assert [trial.state for trial in study.trials] == [TrialState.FAIL, TrialState.COMPLETE]


def test_an_error_in_a_trial_is_not_hidden(sqlite):
    study = optuna.create_study(storage=tool.open_storage(sqlite, heartbeat=1))

    def breaks(trial):
        raise ValueError("no such layer")

    with pytest.raises(ValueError, match="no such layer"):
        tool.one_trial(study, breaks)


def test_a_database_that_goes_away_is_named(sqlite, capsys, monkeypatch):
    def gone(*_):
        raise sqlalchemy.exc.OperationalError("SELECT 1", {}, OSError("server closed"))

    monkeypatch.setattr(tool, "supervise", gone)
    assert tool.main(["--storage", sqlite]) == tool.FAILED
    assert "stopped answering: server closed. Once it is back, the same" in capsys.readouterr().err


def test_a_study_with_another_search_space_is_not_mixed(sqlite):
    storage = tool.open_storage(sqlite, heartbeat=1)
    tool.open_study(storage, "mine", {"rates": [0.1, 1.0], "epochs": 8})
    tool.open_study(storage, "mine", {"rates": [0.1, 1.0], "epochs": 8})
    with pytest.raises(
        ValueError, match=r"rates is \[0.1, 1.0\] there and \[0.2, 1.0\] here.*--study"
    ):
        tool.open_study(storage, "mine", {"rates": [0.2, 1.0], "epochs": 8})


BAD_STORAGE = {
    "nonsense": ("nonsense", "not the address of a database"),
    "no folder": ("sqlite:////no/such/folder/search.db", "Is the folder there"),
    "no driver": ("foo://host/search", "Install its driver"),
    "no server": ("postgresql://me:secret@127.0.0.1:1/search", "Does the server run"),
}


@pytest.mark.parametrize("name", BAD_STORAGE)
def test_a_storage_that_cannot_be_reached_is_named_with_a_remedy(name, capsys):
    address, words = BAD_STORAGE[name]
    assert tool.main(["--storage", address]) == tool.FAILED
    said = capsys.readouterr().err
    assert words in said
    assert address.replace("secret", "***") in said.replace("+psycopg", "")
    assert "secret" not in said


BAD_NUMBERS = {
    "no worker": ("--workers 0", "--workers 0: must be 1 or more"),
    "no trial": ("--trials -3", "--trials -3: must be 1 or more"),
    "no number": ("--trials many", "invalid int value: 'many'"),
    "digits": ("--digits 2000", "there are 906 training digits"),
    "rate zero": ("--rates 0 1", "must be two numbers above 0"),
    "rates swapped": ("--rates 1 0.1", "--rates 1 0.1"),
    "rate infinite": ("--rates 1 inf", "must be two numbers above 0"),
    "rate NaN": ("--rates nan 1", "must be two numbers above 0"),
    "dropout": ("--dropouts 0 1", "must be 0 to below 1"),
}


def test_the_tool_knows_how_many_digits_the_lesson_has():
    assert len(taught.digits()["train"][1]) == tool.DIGITS


@pytest.mark.parametrize("name", BAD_NUMBERS)
def test_bad_numbers_are_refused(name, capsys):
    arguments, words = BAD_NUMBERS[name]
    with pytest.raises(SystemExit):
        tool.main(arguments.split())
    assert words in capsys.readouterr().err


def test_help_explains_itself(capsys):
    with pytest.raises(SystemExit) as stopped:
        tool.main(["--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    for word in ("postgresql://", "PGPASSWORD", "Start it again with the same command"):
        assert word in said
    assert "--worker " not in said


def test_a_finished_study_starts_no_worker(sqlite, capsys):
    arguments = ["--storage", sqlite, "--trials", "2"]
    storage = tool.open_storage(sqlite, heartbeat=1)
    study = tool.open_study(storage, "digits", tool.settings_of(tool.read_options(arguments)))
    for _ in range(2):
        study.tell(
            study.ask({"learning_rate": optuna.distributions.FloatDistribution(0.1, 1)}), 0.5
        )
    assert tool.main(arguments) == 0
    assert "2 of 2 trials finished, best accuracy 50.0%" in capsys.readouterr().out
