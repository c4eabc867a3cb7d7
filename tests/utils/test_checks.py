"""The core of the checks: three states, tiers of feedback, and nothing ever raised."""

import asyncio
import random
import sys
import threading
import time
import types
import warnings
from collections import deque
from decimal import Decimal
from fractions import Fraction
from functools import partial
from unittest.mock import MagicMock

import numpy as np
import pytest

from utils import board
from utils.checks import Exercise, NotYet, Result, call, calling, draw, is_missing, together
from utils.checks.calling import time_limit
from utils.checks.cases import KINDS
from utils.checks.comparing import FLOATS, about, require, shown


def exercise(**fields):
    return Exercise(title="Twice", **fields)


def new_twice():
    return exercise(
        praise="Well done.",
        nudge="Once more?",
        oracle=lambda x: x + x,
        cases=[(3,), (np.array([1.0, -2.0]),), (5,)],
        misconceptions={
            "You squared it.": lambda x: x * x,
            "You took the half, or its square.": (lambda x: x / 2, lambda x: x * x / 4),
        },
    )


def twice(answer):
    """A fresh check: the second "not yet" of one would offer its nudge."""
    return new_twice()(answer)


def stub(x):
    """Twice x."""
    ...  # noqa: PIE790


def computes_but_forgets_return(x):
    x + x


def unfinished(x):
    """Twice x."""
    raise NotImplementedError


@pytest.mark.parametrize("answer", [None, ..., stub, lambda: None, lambda x: ..., unfinished])
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
        (lambda x: np.ones(2).sum, "Are the parentheses missing that call it?"),
        (lambda x: {"a": 1}, "should hold numbers"),
        (lambda x: [[1], [2, 3]], "cannot be turned into an array"),
        (lambda x: (x for _ in range(3)), "returned a generator"),
        (lambda x: map(float, [x]), "returned a map"),
        (asyncio.sleep, "`async`"),
        (lambda x: np.ma.array(2 * x, mask=True), "behind a mask"),
        (lambda x: np.array("6", dtype=object), "should hold numbers"),
        (lambda x: [...], "should hold numbers"),
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


def test_a_hint_needs_two_cases_that_can_tell():
    """3 * 3 could be a square; that -2 became -6 says it was not."""
    assert twice(lambda x: 3 * x).message == "The values differ."
    result = twice(lambda x: x**2)
    assert result.message == "The values differ. You squared it."
    assert result.hint == "You squared it."
    few = exercise(
        oracle=lambda x: x + x,
        cases=[(3,), (2,), (0,)],
        misconceptions={"You squared it.": lambda x: x * x},
    )
    assert few(lambda x: x**2).hint is None


def test_most_cases_have_to_agree():
    numbers = [(x,) for x in range(3, 10)]
    check = exercise(
        oracle=lambda x: x + x, cases=numbers, misconceptions={"You squared it.": lambda x: x * x}
    )
    assert check(lambda x: x**2 if x < 9 else 0).hint
    assert check(lambda x: x**2 if x < 7 else 0).hint is None
    assert check(lambda x: x**2 if x > 3 else 0).hint is None
    assert check(lambda x: x**2 if x > 3 else [][0]).hint


def test_a_constant_answer_holds_no_idea():
    check = exercise(
        oracle=lambda x: x + 1,
        cases=[(x,) for x in (-3, -2, -1, 5)],
        misconceptions={"You cut at 0.": lambda x: max(x, 0)},
    )
    assert check(lambda x: max(x, 0)).hint
    assert check(lambda x: 0).hint is None


def test_a_value_needs_no_second_case():
    check = exercise(oracle=lambda: [1, 2], misconceptions={"From 1.": lambda: [2, 3]})
    assert check([1, 2]).state == "right"
    assert check((2, 3)).hint == "From 1."
    assert check([2, 2]).message == "The values differ."
    assert check(...).state == "not attempted"


def test_words():
    check = exercise(oracle=lambda: ["max", "mean"])
    assert check([" Max", "mean"]).state == "right"
    assert check(["mean", "max"]).message == "The words differ."
    assert check(["max"]).state == check(3).state == "not yet"


def test_use_and_read():
    def use(answer):
        if answer == 0:
            raise NotYet("Not 0.")
        return lambda x: answer * x

    by_use = exercise(oracle=lambda x: 3 * x, cases=[(2,)], use=use)
    assert by_use(3).state == "right"
    assert by_use(0).message == "Not 0."
    by_read = exercise(oracle=lambda x: x, cases=[(2,)], read=lambda got, x: got["x"])
    assert by_read(lambda x: {"x": x}).state == "right"
    assert by_read(lambda x: {"y": x}).message == "Your answer cannot be read: KeyError: 'x'."


def test_a_test_has_the_last_word():
    def test(answer, rng):
        if answer(1) != 2:
            raise NotYet("One more.", hint="more")

    check = exercise(oracle=lambda x: 2 * x, cases=[(3,)], test=test)
    assert check(lambda x: 2 * x).state == "right"
    assert check(lambda x: 2 * x if x > 1 else 0).hint == "more"


def test_legal_inputs_follow_the_seed():
    check = exercise(oracle=lambda x: x, cases=[(7,)], legal=lambda rng: (rng.integers(100),))
    assert len(check.inputs()) == 13
    assert check.inputs() == check.inputs() != check.with_seed(1).inputs()
    assert check.with_seed(1)(lambda x: x).state == "right"


def test_whole_numbers_are_asked_for():
    check = exercise(oracle=lambda n: np.arange(n), cases=[(0,), (3,)], whole=True)
    for right in (
        np.arange,
        range,
        lambda n: list(range(n)),
        lambda n: np.arange(n).astype(object),
    ):
        assert check(right).state == "right"
    assert check(lambda n: np.append(np.array([]), np.arange(n))).message == FLOATS
    assert check(lambda n: np.arange(n) / 1).hint == FLOATS
    assert check(lambda n: list(np.arange(n) + 1.5)).message == "The values differ."


@pytest.mark.parametrize("view", [lambda d: d.values(), lambda d: deque(d), lambda d: d.keys()])
def test_views_are_lists(view):
    check = exercise(oracle=lambda x: [x, x + 1], cases=[(1,)])
    assert check(lambda x: view({x: x, x + 1: x + 1})).state == "right"


def power(x):
    return x ^ 2


def at_once(x):
    for _ in range(3):
        return x + 1
    return x


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: np.ones(2) if x > [1] else 0, None),
        (lambda x: max(np.arange(3), 0), "`np.maximum`"),
        (lambda x: 1 if np.arange(3) > 0 else 0, "`np.where`"),
        (lambda x: np.ones((2, 3)) @ np.ones((2, 3)), "`@` needs"),
        (lambda x: np.dot(np.ones((2, 3)), np.ones((2, 3))), "`@` needs"),
        (lambda x: np.ones((2, 3)) / np.ones(2), "keepdims"),
        (lambda x: np.ones((3, 3))[1:4] * np.ones((3, 3)), "runs off the edge"),
        (lambda x: np.arange(3)[1.0], "Indices and sizes are whole numbers"),
        (lambda x: np.arange(3)[np.array([])], "whole numbers"),
        (lambda x: np.zeros(3 / 1), "whole numbers"),
        (lambda x: range(3.0), "whole numbers"),
        (lambda x: [1, 2][: x / 1], "whole numbers"),
        (lambda x: np.append(np.array([]), np.ones((1, 2)), axis=0), "in a list"),
        (lambda x: 2.0 ^ 2, "`**`"),
        (lambda x: np.ones(2) ^ 2, "`**`"),
        (power, "`**`"),
        (at_once, "inside the loop"),
    ],
)
def test_mistakes_of_all_exercises_are_named_once(answer, hint):
    result = twice(answer)
    assert (result.hint or "").count(hint or "nothing") == bool(hint), result
    assert result.message.count(hint or "nothing") == bool(hint)


def test_what_looks_alike_is_shown_with_more_digits():
    facts = dict(exercise(oracle=lambda: 2.1e-9, atol=0)(2.2e-9).facts)
    assert facts == {"expected": "2.1e-09", "got": "2.2e-09"}
    facts = dict(
        exercise(oracle=lambda: np.full(8, 0.95261), atol=0, rtol=0)(
            [0.95261] * 7 + [0.95262]
        ).facts
    )
    assert facts["expected"] != facts["got"]
    assert facts["first difference"] == "[7]: 0.95262 is not 0.95261"


def test_long_texts_are_cut():
    assert len(repr(twice(lambda x: list(range(10**4))))) < 3000

    def shouts(x):
        raise ValueError("a" * 10**5)

    assert len(twice(shouts).message) < 500
    assert shown(MagicMock(__repr__=lambda self: 1 / 0)) == "a MagicMock"
    assert shown(np.float64(1e-6)) == "1e-06"
    assert shown(np.array([1e-5, 0])) == "[1.e-05 0.e+00]"
    assert shown(np.array([-0.0, 1])) == "[0. 1.]"


def test_bold_letters_of_an_exception_are_left_out():
    def shouts(x):
        raise ValueError("\x1b[1mloud\x1b[0m words")

    assert twice(shouts).message.endswith("ValueError: loud words.")


def test_a_wrong_answer_is_called_once_a_case():
    calls = []
    assert twice(lambda x: calls.append(x) or x).state == "not yet"
    assert len(calls) == 3


def test_one_call_is_seen_to_print(capsys):
    def prints(x):
        print("call", x)
        return x + x if np.ndim(x) == 0 else x

    twice(prints)
    assert capsys.readouterr().out == "call [ 1. -2.]\n"
    twice(lambda x: print("call", x) or 2 * x)
    assert capsys.readouterr().out == "call 3\n"


def test_the_second_not_yet_offers_the_nudge():
    check = new_twice()
    assert [check(len).offer for _ in range(3)] == [
        "",
        "A nudge: Once more?",
        "A nudge: Once more?",
    ]
    assert check(len) != check(lambda x: 2 * x)
    assert check(len).offer == ""
    assert "A nudge: Once more?" in repr(check(len))
    assert "A nudge: Once more?" in check(len)._repr_html_()


def test_what_stands_beside_a_lambda_is_not_its_own():
    answer, _ = lambda x: 3 * x, lambda x: x ^ 2
    assert twice(answer).message == "The values differ."


def endless(x):
    while True:
        pass


def endless_and_deaf(x):
    while True:
        try:
            x += 1
        except:  # noqa: E722
            x = 0


@pytest.mark.parametrize("answer", [endless, endless_and_deaf])
@pytest.mark.parametrize("thread", ["main", "other"])
def test_a_call_has_a_time_limit(thread, answer, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.05)
    results = []
    work = lambda: results.append(twice(answer))  # noqa: E731
    if thread == "main":
        work()
    else:
        worker = threading.Thread(target=work)
        worker.start()
        worker.join(20)
    assert "did not finish in 0.05 seconds" in results[0].message
    assert "It was in line" in results[0].message


def test_a_slow_wrong_answer_is_not_looked_into(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.05)
    result = twice(lambda x: 0 if np.ndim(x) == 0 else endless(0))
    assert result.message == "The values differ."


def test_a_call_has_time_to_clear_up(monkeypatch):
    """A loop that only heaps leaves much to clear up: a second exception would hit the check."""
    came = []
    monkeypatch.setattr(calling, "SECONDS", 0.6)
    monkeypatch.setattr(calling, "_raise_in", lambda *_: came.append(time.monotonic()))
    with time_limit():
        _compute(2)
    assert came[1] - came[0] > 0.45


def _compute(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_busy_machine_is_no_fault_of_an_answer(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.2)
    monkeypatch.setattr(calling, "process_time", lambda: time.monotonic() / 4)
    with time_limit():
        time.sleep(0.5)
    with pytest.raises(calling.DidNotFinish), time_limit():
        _compute(20)


def test_a_call_that_waits_for_nothing_is_ended(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.05)
    began = time.monotonic()
    result = twice(lambda x: [time.sleep(0.01) for _ in range(2000)])
    assert "did not finish" in result.message
    assert 0.3 <= time.monotonic() - began < 10


def test_nothing_arrives_after_the_limit(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.001)
    before = threading.active_count()
    for _ in range(200):
        try:
            with time_limit():
                _compute(random.random() / 500)
        except calling.DidNotFinish:
            pass
    time.sleep(0.5)
    assert threading.active_count() == before


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_interrupt_ends_the_check_at_once(number):
    calls = []

    def answer(x):
        calls.append(x)
        if len(calls) == number:
            raise KeyboardInterrupt
        return x

    result = twice(answer)
    assert len(calls) == number
    line = answer.__code__.co_firstlineno + 3
    assert result.message == f"You stopped it in line {line}."
    assert new_twice()(lambda x: 2 * x).state == "right"


def test_settings_come_back():
    def answer(x):
        np.seterr(all="ignore")
        return 2 * x

    with np.errstate(all="raise"):
        assert (
            exercise(oracle=lambda x: x + x + np.exp(-1e3) / 1e9, cases=[(1,)])(answer).state
            == "right"
        )
        assert np.geterr()["under"] == "raise"


def test_keras_is_put_right_and_back(monkeypatch):
    state = {"format": "channels_first", "policy": "mixed_float16"}
    config = types.SimpleNamespace(
        image_data_format=lambda: state["format"],
        dtype_policy=lambda: state["policy"],
        set_image_data_format=lambda value: state.update(format=value),
        set_dtype_policy=lambda value: state.update(policy=value),
    )
    monkeypatch.setitem(sys.modules, "keras", types.SimpleNamespace(config=config))
    seen = []
    twice(lambda x: seen.append(dict(state)) or 2 * x)
    assert seen[0] == {"format": "channels_last", "policy": "float32"}
    assert state == {"format": "channels_first", "policy": "mixed_float16"}


def test_every_result_of_a_lesson_is_recorded(monkeypatch):
    lesson = types.ModuleType("lessons.trial.check")
    lesson.double = exercise(oracle=lambda x: 2 * x, cases=[(1,)], module=lesson.__name__)
    lines = []
    monkeypatch.setattr(board, "record", lambda *line: lines.append(line) or "Sent.")
    monkeypatch.setitem(sys.modules, lesson.__name__, lesson)
    assert lesson.double(lambda x: 2 * x).offer == "Sent."
    lesson.double(lambda x: np.ones(2) @ np.ones(3))
    lesson.double.with_seed(3)(None)
    twice(None)
    assert [line[:3] for line in lines] == [
        ("trial", "double", "right"),
        ("trial", "double", "not yet"),
    ]
    assert "`@` needs" in lines[1][3]


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_numbers(kind):
    drawn = draw(np.random.default_rng(0), (3, 4), kind)
    assert drawn.shape == (3, 4)
    assert np.isfinite(drawn).all()


def test_a_demand_tells_what_it_is_about():
    def asked():
        with about(classes=3, shape=(4, 2)):
            require(True, "Nothing happens.")
            with about(two_words="as they are"):
                require(np.array([]).size, "Empty.", "Put something in.", got=np.array([1.0, 2.5]))

    with pytest.raises(NotYet) as caught:
        asked()
    assert (caught.value.message, caught.value.hint) == ("Empty.", "Put something in.")
    assert caught.value.facts == (
        ("classes", "3"),
        ("shape", "(4, 2)"),
        ("two words", "as they are"),
        ("got", "[1.  2.5]"),
    )


def test_who_is_together():
    np.testing.assert_array_equal(
        together(np.array([[0, 0, 1], [0, 1, 1]])), [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]
    )


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


def test_a_bool_is_not_a_number():
    positive = exercise(oracle=lambda x: x > 0, cases=[(np.array([1, -1]),)])
    assert positive(lambda x: (x > 0).astype(object)).state == "right"
    assert positive(lambda x: x > 0).state == "right"
    assert positive(lambda x: (x > 0).astype(int)).message.startswith("The type differs.")


def test_the_oracle_cannot_be_spoiled_by_the_answer():
    case = np.array([1.0, 2.0])

    def spoils(x):
        x *= 0
        return x

    assert exercise(oracle=lambda x: x, cases=[(case,)])(spoils).state == "not yet"
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


halves = exercise(
    oracle=lambda values: (values / 2, values.sum()),
    cases=[(np.array([2.0, 4.0]),), (np.array([1.0, 3.0, 5.0]),)],
)


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
