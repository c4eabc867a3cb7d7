"""Every check of every lesson, with its solution, with copies of it, and with spoiled copies.

The solutions come from the lessons. What is special to a check is tested in tests/lessons/.
"""

import copy
import math
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.kit.answers import PATIENCE
from tests.kit.mutants import mutants
from tools import house
from tools.build import BEGIN, END, STUB, read_lesson
from utils.checks import calling
from utils.checks.comparing import FLOATS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]


def found_exercises():
    """(lesson, source of the exercise, name of the check, name of its argument)."""
    for path in house.lessons(ROOT).values():
        cells = read_lesson(path).cells
        for cell, following in pairwise(cells):
            if "exercise" in cell.metadata.get("tags", []):
                name, argument = re.match(r"check\.(\w+)\((\w+)\)", following.source).groups()
                source = cell.source
                yield pytest.param(path, source, name, argument, id=f"{path.parent.name}-{name}")


def is_function(exercise):
    return "def " in exercise.values[1]


EXERCISES = list(found_exercises())
ARGUMENTS = ("path", "source", "name", "arguments")
each_exercise = pytest.mark.parametrize(ARGUMENTS, EXERCISES)
each_function = pytest.mark.parametrize(ARGUMENTS, list(filter(is_function, EXERCISES)))


def setup_of(path):
    """The names that the Setup of a lesson defines."""
    names = {}
    exec(next(c.source for c in read_lesson(path).cells if c.cell_type == "code"), names)
    return names


@pytest.fixture(scope="module")
def setups():
    """The names of each Setup, made once a lesson."""
    made = {}

    def setup(path):
        if path not in made:
            made[path] = setup_of(path)
        return dict(made[path])

    return setup


def answers(source, arguments, names):
    """What a student hands to the check; an exercise may lean on its Setup alone."""
    exec(source, names)
    return [names[arguments]]


def check_of(path, name):
    return getattr(import_module(f"lessons.{path.parent.name}.check"), name)


def verdict(path, name, given):
    result = check_of(path, name)(*given)
    assert repr(result)
    assert result._repr_html_()
    return result


def stub_of(source):
    return re.sub(rf"{BEGIN}.*{END}", STUB, source, flags=re.S)


@each_exercise
def test_the_stub_is_not_attempted(path, source, name, arguments, setups):
    given = answers(stub_of(source), arguments, setups(path))
    assert verdict(path, name, given).state == "not attempted"


@each_exercise
def test_the_solution_is_right(path, source, name, arguments, setups):
    result = verdict(path, name, answers(source, arguments, setups(path)))
    assert result.state == "right", result


def changed(answer, change):
    """An answer whose values go through `change`, be it an array or a function that makes one."""
    if callable(answer):
        return lambda *args: each_part(answer(*args), change)
    return each_part(answer, change)


def each_part(value, change):
    """The change of a value; part by part where it holds arrays of unequal shapes."""
    if isinstance(value, list | tuple) and len({np.shape(part) for part in value}) > 1:
        return type(value)(change(part) for part in value)
    return change(value)


SAME_VALUES = {
    "a list": lambda value: np.asarray(value).tolist(),
    "tuples": lambda value: as_tuples(np.asarray(value).tolist()),
    "float64": lambda value: np.asarray(value, float) if kind(value) in "iuf" else value,
    "objects": lambda value: np.asarray(value, object) if kind(value) in "iufb" else value,
    "a copy": lambda value: np.array(value) if kind(value) != "O" else value,
}


def as_tuples(value):
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value


def is_bool(value):
    return kind(value) == "b"


def kind(value):
    """The letter that NumPy has for it; "O" for an object such as a Keras model."""
    return np.asarray(value).dtype.kind


@each_exercise
@pytest.mark.parametrize("form", SAME_VALUES)
def test_the_same_values_in_another_form_are_right(path, source, name, arguments, form, setups):
    given = [changed(a, SAME_VALUES[form]) for a in answers(source, arguments, setups(path))]
    result = verdict(path, name, given)
    if form == "float64" and check_of(path, name).whole:
        assert result.hint == FLOATS
    else:
        assert result.state == "right", result


def fails(value):
    raise ZeroDivisionError("spoiled")


def stops(value):
    raise SystemExit


class Unreadable:
    """An answer that fights back."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __repr__(self):
        raise RuntimeError("no repr")

    def __eq__(self, other):
        return True

    __hash__ = None


SPOILED = {
    "zeros": lambda value: np.zeros_like(np.asarray(value)),
    "ones": lambda value: np.ones_like(np.asarray(value)),
    "one more": lambda value: np.asarray(value) + 1 if not is_bool(value) else ~np.asarray(value),
    "a little off": lambda value: np.asarray(value) * 1.01 + 0.001,
    "negative": lambda value: -np.asarray(value, float) - 1e-3,
    "NaN": lambda value: np.full(np.shape(value), np.nan),
    "infinite": lambda value: np.full(np.shape(value), np.inf),
    "one axis more": lambda value: np.stack([np.asarray(value)] * 2),
    "text": lambda value: f"it is {value}",
    "complex": lambda value: np.asarray(value) * (1 + 1j),
    "objects": lambda value: np.full(np.shape(value), None),
    "a set": lambda value: {1, 2},
    "unreadable": lambda value: Unreadable(),
}
CONSTANT = ("zeros", "ones", "NaN", "infinite", "text", "unreadable")
FAILING = {"None after work": lambda value: None, "an exception": fails, "an exit": stops}


@each_exercise
@pytest.mark.parametrize("fault", SPOILED)
def test_spoiled_answers_are_refused(path, source, name, arguments, fault, setups):
    """They are called once a case, and a constant one is told no cause."""
    check, calls = check_of(path, name), []
    (given,) = answers(source, arguments, setups(path))
    counted = (lambda *args: calls.append(fault) or given(*args)) if callable(given) else given
    result = verdict(path, name, [changed(counted, SPOILED[fault])])
    assert result.state == "not yet", result
    if check.oracle and not check.test:
        assert len(calls) <= max(1, len(check.inputs()))
        assert fault not in CONSTANT or result.hint is None, result


@each_function
@pytest.mark.parametrize("fault", FAILING)
def test_failing_answers_are_refused(path, source, name, arguments, fault, setups):
    given = answers(source, arguments, setups(path))
    result = verdict(path, name, [changed(a, FAILING[fault]) for a in given])
    assert result.state == "not yet", result


@each_function
def test_an_answer_for_the_shown_example_alone_is_refused(path, source, name, arguments, setups):
    given = answers(source, arguments, setups(path))

    def remembers(function):
        calls = []

        def answer(*args):
            calls.append(args)
            value = function(*args)
            if len(calls) == 1:
                return value
            return each_part(value, lambda part: np.asarray(part) * 0 + 1234)

        return answer

    assert verdict(path, name, [remembers(f) for f in given]).state == "not yet"


@each_function
def test_a_changed_input_is_refused(path, source, name, arguments, setups):
    given = answers(source, arguments, setups(path))
    touched = []

    def spoils_input(function):
        def answer(*args):
            value = function(*args)
            arrays = [arg for arg in args if isinstance(arg, np.ndarray)]
            if arrays:
                touched.append(True)
                value = copy.deepcopy(value)
            for array in arrays:
                array[...] = 1 - array
            return value

        return answer

    result = verdict(path, name, [spoils_input(f) for f in given])
    assert result.state == ("not yet" if touched else "right")
    assert not touched or "changed its input" in result.message


# ---- Time, calls, interrupts, what is left behind ------------------------------------------------


def counted(function):
    """A function, and the list of its calls."""
    calls = []

    def answer(*args):
        calls.append(args)
        return function(*args, calls=len(calls))

    return answer, calls


@each_function
def test_an_endless_loop_is_ended(path, source, name, arguments, setups, monkeypatch):
    def answer(*args):
        while True:
            pass

    monkeypatch.setattr(calling, "SECONDS", 0.1)
    result = verdict(path, name, [answer])
    assert "did not finish" in result.message
    assert f"in line {answer.__code__.co_firstlineno + 1}" in result.message


@each_function
@pytest.mark.parametrize("spoiled", [False, True], ids=["right", "wrong"])
def test_an_interrupt_ends_the_check(path, source, name, arguments, spoiled, setups):
    (solution,) = answers(source, arguments, setups(path))

    def stopped(*args, calls):
        if calls == 2:
            raise KeyboardInterrupt
        value = solution(*args)
        return each_part(value, SPOILED["one more"]) if spoiled else value

    answer, calls = counted(stopped)
    result = verdict(path, name, [answer])
    if len(calls) > 1:
        assert result.message.startswith("You stopped it in line")
    assert len(calls) <= 2


@each_function
def test_what_one_call_prints_is_seen(path, source, name, arguments, setups, capsys):
    (solution,) = answers(source, arguments, setups(path))

    def answer(*args):
        print("seen")
        return solution(*args)

    assert verdict(path, name, [answer]).state == "right"
    assert capsys.readouterr().out == "seen\n"


@each_function
def test_the_line_of_an_exception_is_the_students(path, source, name, arguments, setups):
    (solution,) = answers(source, arguments, setups(path))

    def fails_later(*args, calls):
        if calls > 1:
            return [][0]
        return solution(*args)

    answer, calls = counted(fails_later)
    result = verdict(path, name, [answer])
    if len(calls) > 1:
        line = answer.__code__.co_firstlineno + 2
        assert f"stopped in line {line} with IndexError" in result.message, result


@each_exercise
def test_other_settings_change_nothing(path, source, name, arguments, setups):
    from utils.quiet import keras

    given = answers(source, arguments, setups(path))
    config = keras.config
    before = config.image_data_format(), config.dtype_policy()
    try:
        config.set_image_data_format("channels_first")
        if not isinstance(given[0], keras.Model):
            config.set_dtype_policy("mixed_float16")
        kept = config.image_data_format(), config.dtype_policy().name
        with np.errstate(all="raise"):
            assert verdict(path, name, given).state == "right"
            assert np.geterr()["over"] == "raise"
        assert (config.image_data_format(), config.dtype_policy().name) == kept
    finally:
        config.set_image_data_format(before[0])
        config.set_dtype_policy(before[1])


@each_exercise
def test_an_answer_may_be_named(path, source, name, arguments, setups):
    (given,) = answers(source, arguments, setups(path))
    assert check_of(path, name)(answer=given).state == "right"


@each_exercise
def test_the_solution_is_right_with_other_seeds(path, source, name, arguments, setups):
    (given,) = answers(source, arguments, setups(path))
    for seed in range(1, 4):
        result = check_of(path, name).with_seed(seed)(given)
        assert result.state == "right", result


# ---- Checks as data ------------------------------------------------------------------------------


def known_mistakes():
    """Every wrong function of every check, as (exercise, hint, function)."""
    for exercise in EXERCISES:
        path, _, name, _ = exercise.values
        for hint, wrongs in check_of(path, name).misconceptions.items():
            for number, wrong in enumerate(wrongs if isinstance(wrongs, tuple) else (wrongs,)):
                yield pytest.param(
                    check_of(path, name), hint, wrong, id=f"{exercise.id}-{hint[:30]}-{number}"
                )


@pytest.mark.parametrize(("check", "hint", "wrong"), list(known_mistakes()))
def test_every_hint_is_reached(check, hint, wrong, monkeypatch):
    monkeypatch.setattr("utils.checks.exercise.SEARCH_SECONDS", PATIENCE)
    result = replace(check, use=None, read=None)(wrong)
    assert result.hint == hint, result


def test_every_check_is_complete():
    for exercise in EXERCISES:
        path, _, name, _ = exercise.values
        check = check_of(path, name)
        assert check.nudge, exercise.id
        assert check.hint, exercise.id
        assert check.nudge != check.hint, exercise.id
        assert len(check.misconceptions) <= 8, f"{exercise.id}: keep the eight that students need"
        assert check.cases or check.legal or check.test or check.use, exercise.id


def test_every_outcome_is_assessed():
    assessed = {}
    for exercise in EXERCISES:
        path, _, name, _ = exercise.values
        assessed.setdefault(path, set()).add(check_of(path, name).outcome)
    for path, outcomes in assessed.items():
        opening = read_lesson(path).cells[0].source
        promised = set(re.findall(r"^- \*\*(.+?)\*\*", opening, flags=re.M))
        assert outcomes == promised, path


# ---- Mutants -------------------------------------------------------------------------------------


def accepted_mutants(
    path, source, name, arguments, names, seconds=math.inf
) -> Iterator[tuple[str, object]]:
    """What was changed in the mutants of a solution that its check accepts, and their answers.

    In an order of no meaning, and no further ones after so many seconds.
    """
    check = replace(check_of(path, name), misconceptions={})
    started = time.monotonic()
    for label, mutant in random.Random(0).sample(tried := [*mutants(source)], len(tried)):
        if time.monotonic() - started > seconds:
            return
        made = dict(names)
        try:
            (answer,) = answers(mutant, arguments, made)
        except Exception:
            continue
        if check(answer).state == "right":
            yield label, answer


def survivors(lesson):
    """The accepted mutants of a lesson, to be looked at."""
    for exercise in EXERCISES:
        if exercise.values[0].parent.name == lesson:
            for label, _ in accepted_mutants(*exercise.values, setup_of(exercise.values[0])):
                yield f"{exercise.id}: {label}"


@pytest.mark.parametrize("seconds", [10, pytest.param(math.inf, marks=pytest.mark.weekly)])
@each_exercise
def test_mutants_are_refused_or_equal(path, source, name, arguments, seconds, setups):
    """A mutant that the check accepts gives the same on two hundred other legal inputs."""
    many = replace(check_of(path, name), misconceptions={}, seed=99, draws=200)
    for label, answer in accepted_mutants(path, source, name, arguments, setups(path), seconds):
        result = many(answer)
        assert result.state == "right", f"the check accepts {label}: {result}"


@pytest.mark.weekly
def test_verdicts_do_not_depend_on_the_order_of_sets():
    """With another hash seed every check says the same."""
    command = [sys.executable, "-c", "from tests import test_exercises; test_exercises.tell()"]
    runs = [
        subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed},
                       capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert runs[0]


def tell():
    """Print what the checks say of every solution and of what is one more."""
    for exercise in EXERCISES:
        path, source, name, arguments = exercise.values
        (given,) = answers(source, arguments, setup_of(path))
        print(check_of(path, name)(given))
        print(check_of(path, name)(changed(given, SPOILED["one more"])))
