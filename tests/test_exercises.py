"""Every check of every lesson, with its solution, with copies of it, and with spoiled copies.

The solutions come from the lessons. What is special to a check is tested in tests/lessons/.
"""

import copy
import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tools import house
from tools.build import BEGIN, END, STUB, read_lesson

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]


def found_exercises():
    """(lesson, source of the exercise, name of the check, names of its arguments)."""
    for path in house.lessons(ROOT).values():
        cells = read_lesson(path).cells
        for cell, following in pairwise(cells):
            if "exercise" in cell.metadata.get("tags", []):
                name, arguments = re.match(r"check\.(\w+)\(([^)]*)\)", following.source).groups()
                source = cell.source
                yield pytest.param(path, source, name, arguments, id=f"{path.parent.name}-{name}")


def is_function(exercise):
    return "def " in exercise.values[1]


EXERCISES = list(found_exercises())
ARGUMENTS = ("path", "source", "name", "arguments")
each_exercise = pytest.mark.parametrize(ARGUMENTS, EXERCISES)
each_function = pytest.mark.parametrize(ARGUMENTS, list(filter(is_function, EXERCISES)))


@pytest.fixture(scope="module")
def setups():
    """The names that the Setup of a lesson defines, made once a lesson."""
    made = {}

    def setup(path):
        if path not in made:
            code = next(c.source for c in read_lesson(path).cells if c.cell_type == "code")
            made[path] = {}
            exec(code, made[path])
        return dict(made[path])

    return setup


def answers(source, arguments, names):
    """What a student hands to the check; an exercise may lean on its Setup alone."""
    exec(source, names)
    return [names[a.strip()] for a in arguments.split(",")]


def verdict(path, name, given):
    check = getattr(import_module(f"lessons.{path.parent.name}.check"), name)
    result = check(*given)
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
    "float64": lambda value: np.asarray(value, float) if kind(value) in "iuf" else value,
    "a copy": lambda value: np.array(value) if kind(value) != "O" else value,
}


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
    "text": lambda value: str(value),
    "complex": lambda value: np.asarray(value) * (1 + 1j),
    "objects": lambda value: np.full(np.shape(value), None),
    "a set": lambda value: {1, 2},
    "unreadable": lambda value: Unreadable(),
}
FAILING = {"None after work": lambda value: None, "an exception": fails, "an exit": stops}


@each_exercise
@pytest.mark.parametrize("fault", SPOILED)
def test_spoiled_answers_are_refused(path, source, name, arguments, fault, setups):
    given = answers(source, arguments, setups(path))
    result = verdict(path, name, [changed(a, SPOILED[fault]) for a in given])
    assert result.state == "not yet", result


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
            value = copy.deepcopy(function(*args))
            for arg in args:
                if isinstance(arg, np.ndarray):
                    touched.append(True)
                    arg[...] = 1 - arg
            return value

        return answer

    result = verdict(path, name, [spoils_input(f) for f in given])
    assert result.state == ("not yet" if touched else "right")
    assert not touched or "changed its input" in result.message
