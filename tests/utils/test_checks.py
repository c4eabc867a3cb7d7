"""The core of the checks: three states, tiers of feedback, and nothing ever raised."""

import asyncio
import warnings
from decimal import Decimal
from fractions import Fraction
from functools import partial
from unittest.mock import MagicMock

import numpy as np
import pytest

from utils.checks import Misconception, NotYet, Result, call, compare, exercise, is_missing


@exercise("Twice", "Well done.")
def twice(answer):
    """Twice a number or an array."""
    compare(
        answer,
        lambda x: x + x,
        [(3,), (np.array([1.0, -2.0]),)],
        [Misconception("You squared it.", lambda x: x * x)],
    )


@exercise("Two names")
def two_names(left, right):
    """Both have to be there."""
    if left != right:
        raise NotYet("They differ.")


def stub(x):
    """Twice x."""
    ...  # noqa: PIE790


def computes_but_forgets_return(x):
    x + x


@pytest.mark.parametrize("answer", [None, ..., stub, lambda: None])
def test_what_the_lesson_shipped_is_not_attempted(answer):
    assert is_missing(answer)
    assert twice(answer).state == "not attempted"


@pytest.mark.parametrize(
    "answer", [0, False, [], computes_but_forgets_return, lambda x: 0, len, np.sum]
)
def test_anything_else_is_an_attempt(answer):
    assert not is_missing(answer)
    assert twice(answer).state == "not yet"


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: 2 * x,
        lambda x: x * np.float32(2),
        lambda x: np.add(x, x),
        lambda x: np.asarray(2 * x).tolist(),
        lambda x: np.asarray(2 * x).astype(object),
        lambda x: Fraction(2 * x) if np.ndim(x) == 0 else [Fraction(2 * v) for v in x],
        lambda x: Decimal(2 * x) if np.ndim(x) == 0 else [Decimal(2 * v) for v in x],
        lambda x: np.ma.array(2 * x),
        partial(np.multiply, 2),
        lambda x, factor=2: factor * x,
        np.poly1d([2, 0]),
    ],
)
def test_right_in_many_forms(answer):
    assert twice(answer) == Result("right", "Twice", "Well done.")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (5, "Expected a function, got int."),
        (computes_but_forgets_return, "returned None"),
        (lambda x: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda: 1, "TypeError"),
        (lambda x: [2 * x], "The shape differs."),
        (lambda x: "6", "should hold numbers"),
        (lambda x: {"a": 1}, "should hold numbers"),
        (lambda x: [[1], [2, 3]], "cannot be turned into an array"),
        (lambda x: (x for _ in range(3)), "returned a generator"),
        (lambda x: map(float, [x]), "returned a map"),
        (asyncio.sleep, "`async`"),
        (lambda x: np.ma.array(2 * x, mask=True), "behind a mask"),
        (lambda x: np.array("6", dtype=object), "should hold numbers"),
        (lambda x: ..., "should hold numbers"),
        (lambda x: np.nan, "There is a NaN"),
        (lambda x: x * x, "You squared it."),
        (lambda x: 2 * x + 1, "The values differ."),
    ],
)
def test_not_yet_says_what_is_wrong(answer, words):
    result = twice(answer)
    assert result.state == "not yet"
    assert words in result.message


def test_the_first_case_that_fails_is_shown():
    result = twice(lambda x: 3 * x)
    assert result.facts == (("x", "3"), ("expected", "6"), ("got", "9"))
    assert "x: 3" in repr(result)
    assert "got: 9" in repr(result)
    late = twice(lambda x: x + x if np.ndim(x) == 0 else x)
    assert late.facts[0][1] == "[ 1. -2.]"


def test_one_number_is_called_so():
    assert ("expected shape", "() (one number)") in twice(lambda x: [2 * x]).facts


def test_a_hint_needs_a_second_case():
    """3 * 3 could be a square; that -2 became -6 says it was not."""
    assert twice(lambda x: 3 * x).message == "The values differ."
    assert twice(lambda x: x**2).message == "The values differ. You squared it."


def test_warnings_stay_silent():
    def answer(x):
        warnings.warn("noise", stacklevel=1)
        return np.float64(x) / np.zeros(1)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert twice(answer).state == "not yet"


class NoAttributes:
    def __getattr__(self, name):
        raise RuntimeError(name)


class NoCode:
    __code__ = 5


@pytest.mark.parametrize("make", [NoAttributes, NoCode, MagicMock, lambda: int, lambda: np.add])
def test_odd_objects_are_an_attempt(make):
    assert twice(make()).state == "not yet"


def test_no_line_is_named_in_code_of_others():
    assert twice(np.linalg.inv).message.startswith("Your function stopped with")


def test_a_changed_input_is_noticed():
    def answer(x):
        result = x + x
        if isinstance(x, np.ndarray):
            x[:] = 0
        return result

    assert "changed its input" in twice(answer).message


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.pop("b"),
        lambda x: x["b"].append(5),
        lambda x: x.update(c=1),
        lambda x: x.update(b=x.pop("b"), a=x.pop("a")),
    ],
    ids=["gone", "longer", "more", "other order"],
)
def test_a_changed_dictionary_is_noticed(change):
    def answer(x):
        change(x)
        return 1

    with pytest.raises(NotYet, match="changed its input"):
        call(answer, {"a": np.arange(2), "b": [3, 4]})
    assert call(lambda x: sum(x["b"]), {"a": np.arange(2), "b": [3, 4]}) == 7


def test_the_line_of_the_fault_is_named():
    def answer(x):
        y = x
        return y.missing

    result = twice(answer)
    assert f"in line {answer.__code__.co_firstlineno + 2}" in result.message


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, SystemExit, GeneratorExit, RecursionError, MemoryError]
)
def test_no_exception_gets_through(error):
    def answer(x):
        raise error

    assert twice(answer).state == "not yet"


def test_every_name_has_to_be_there():
    assert two_names(None, ...).state == "not attempted"
    assert two_names(1, None).message == "Still to do: `right`."
    assert two_names(1, 1).state == "right"
    assert two_names(1, 2).message == "They differ."
    assert two_names(1).state == "not yet"


def test_a_bool_is_not_a_number():
    @exercise("Positive")
    def positive(answer):
        compare(answer, lambda x: x > 0, [(np.array([1, -1]),)])

    assert positive(lambda x: x > 0).state == "right"
    assert positive(lambda x: (x > 0).astype(int)).message.startswith("The type differs.")


def test_the_oracle_cannot_be_spoiled_by_the_answer():
    case = np.array([1.0, 2.0])

    def spoils(x):
        x *= 0
        return x

    @exercise("Same")
    def same(answer):
        compare(answer, lambda x: x, [(case,)])

    assert same(spoils).state == "not yet"
    assert case.tolist() == [1, 2]


def test_html_is_escaped_and_marks_code():
    result = Result("not yet", "a < b", "Use `x[1]` & not <script>.", (("got", "<b>"),))
    html = result._repr_html_()
    assert "<code>x[1]</code>" in html
    assert "<script>" not in html
    assert "a &lt; b" in html
    assert "&lt;b&gt;" in html


def test_plain_text():
    text = repr(Result("not yet", "Shape", "It differs.", (("got", "1"), ("table", "1\n2"))))
    assert text == "✘ Not yet: Shape\nIt differs.\ngot: 1\ntable:\n1\n2"


def test_call_refuses_what_is_no_function():
    with pytest.raises(NotYet, match="Expected a function"):
        call("text", 1)


@exercise("Halves")
def halves(answer):
    def oracle(values):
        return values / 2, values.sum()

    compare(answer, oracle, [(np.array([2.0, 4.0]),), (np.array([1.0, 3.0, 5.0]),)])


@pytest.mark.parametrize(
    ("answer", "state", "message"),
    [
        (lambda v: (v / 2, v.sum()), "right", ""),
        (lambda v: [(v / 2).tolist(), float(v.sum())], "right", ""),
        (lambda v: (v / 2, v.sum() + 1), "not yet", "In result 2 of 2: The values differ."),
        (lambda v: (v.sum(), v / 2), "not yet", "In result 1 of 2: The shape differs."),
        (lambda v: v / 2, "not yet", "Expected 2 results"),
        (lambda v: (v / 2, v.sum(), 0), "not yet", "Expected 2 results"),
        (lambda v: ("a", "b"), "not yet", "In result 1 of 2: Your answer should hold numbers"),
    ],
)
def test_several_results_of_unequal_shapes(answer, state, message):
    result = halves(answer)
    assert result.state == state
    assert message in result.message
