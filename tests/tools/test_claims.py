"""What is a claim, what a student sees of a cell, and what is refused where it stands."""

import pytest

from tools import claims

CLEAN = {
    "nothing to hide": ("x = 1\n\n\n\nx", "x = 1\n\n\n\nx"),
    "an assert and its comment": ("x = 1\nassert x == 1  # one\nx", "x = 1\nx"),
    "an assert over lines": ("x = 1\nassert (\n    x\n    == 1\n), 'one'\nx", "x = 1\nx"),
    "np.testing": ("x = 1\nnp.testing.assert_allclose(\n    x, 1\n)\nx", "x = 1\nx"),
    "testing": ("x = 1\ntesting.assert_array_equal(x, 1)\nx", "x = 1\nx"),
    "hidden tests": (
        "x = 1\n### BEGIN HIDDEN TESTS\nhalf = x / 2\nassert half\n### END HIDDEN TESTS\nx", "x = 1\nx"),
    "hidden tests around a loop with a blank line": (
        "x = 1\n### BEGIN HIDDEN TESTS\nfor i in x:\n    assert i\n\n    print(i)\n### END HIDDEN TESTS\n\nx",
        "x = 1\n\nx"),
    "a claim first": ("assert ready\n\nx = 1\nx", "x = 1\nx"),
    "a claim last": ("def f():\n    return 1\n\n\nassert f() == 1", "def f():\n    return 1"),
    "blank lines on both sides": ("x = 1\n\nassert x\n\ny = 2", "x = 1\n\ny = 2"),
    "two blank lines on one side": (
        "def f():\n    return 1\n\n\nassert f()\nx = f()", "def f():\n    return 1\n\n\nx = f()"),
    "blank lines between claims": ("x = 1\nassert x\n\n\nassert x\ny = 2", "x = 1\n\n\ny = 2"),
    "a comment on a claim": ("x = 1\n# one,\n# not two\nassert x == 1\nx", "x = 1\nx"),
    "a comment on code before": ("# the width\nx = 1\nassert x == 1\nx", "# the width\nx = 1\nx"),
    "a comment on code after": ("x = 1\nassert x\n# the height\ny = 2", "x = 1\n# the height\ny = 2"),
    "a comment apart": ("x = 1\n# of one\n\nassert x\nx", "x = 1\n# of one\n\nx"),
    "a comment on a decorator": (
        "assert x\n# cached\n@cache\ndef f():\n    return 1", "# cached\n@cache\ndef f():\n    return 1"),
    "a hash in a text": ("x = '''\n# no'''\nassert x\nx", "x = '''\n# no'''\nx"),
    "blank lines in a text": ("x = '''a\n   \n\nb'''\nassert x\nx", "x = '''a\n   \n\nb'''\nx"),
    "an assert in a text": ("x = '''\nassert y\n'''\nassert x\nx", "x = '''\nassert y\n'''\nx"),
}  # fmt: skip


@pytest.mark.parametrize("case", CLEAN)
def test_students_see(case):
    source, page = CLEAN[case]
    claims.check(source)
    assert claims.clean(source) == page


HIDE = "put it between ### BEGIN HIDDEN TESTS and ### END HIDDEN TESTS"
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
FAULTS = {
    "claims alone": ("# sizes\nassert x", 2, "a cell of claims alone: join it to the cell before"),
    "hidden tests alone": (HIDDEN.format("y = x"), 2, "a cell of claims alone"),
    "assert in a loop": ("for i in x:\n    assert i", 2, HIDE),
    "assert in a with": ("with x:\n    y = 1\n    assert y", 3, HIDE),
    "assert in a function": ("def f():\n    assert x\n\n\nf()", 2, HIDE),
    "np.testing in a loop": ("for i in x:\n    np.testing.assert_equal(i, 1)", 2, HIDE),
    "np.testing in an expression": ("y = [np.testing.assert_equal(i, 1) for i in x]", 1, HIDE),
    "a claim after the last expression": ("x\nassert x", 2, "put the claim before the last expression"),
    "hidden tests after the last expression": (
        f"x\n{HIDDEN.format('y = x')}", 3, "put the claim before the last expression"),
    "a hidden last expression": (f"x = 1\n{HIDDEN.format('x + 1')}", 3, "would show its value"),
    "a line shared": ("x = 1; assert x", 1, "on their own lines"),
    "half a statement": ("x = [\n### BEGIN HIDDEN TESTS\n1,\n### END HIDDEN TESTS\n]", 1, "whole statements"),
    "hidden lines in a function": (
        "def f():\n    ### BEGIN HIDDEN TESTS\n    x\n    ### END HIDDEN TESTS", 1, "whole statements"),
    "no end": ("x = 1\n### BEGIN HIDDEN TESTS\ny = 1", 2, "### BEGIN HIDDEN TESTS without"),
    "no begin": ("x = 1\n### END HIDDEN TESTS", 2, "### END HIDDEN TESTS without its partner"),
    "two begins": (f"### BEGIN HIDDEN TESTS\n{HIDDEN.format('')}\nx", 2, "without its partner"),
    "a misspelled marker": ("x = 1\n## BEGIN HIDDEN TESTS\nassert x", 2, "write the marker as"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_refused(case):
    source, line, reason = FAULTS[case]
    with pytest.raises(claims.Fault) as caught:
        claims.check(source)
    assert reason in caught.value.reason
    assert caught.value.line == line


def test_a_trailing_claim_may_follow_what_shows_nothing():
    for source in (
        "x = 1\nassert x",
        "x = 1\nnp.testing.assert_equal(x, 1)",
        "import os\nassert os",
    ):
        claims.check(source)


@pytest.mark.parametrize(("hidden", "line"), [("assert x", 2), (HIDDEN.format("x = 1"), 2)])
def test_an_exercise_claims_nothing(hidden, line):
    solution = "### BEGIN SOLUTION\nassert y\n### END SOLUTION"
    claims.check_exercise(f"x = 1\n{solution}")
    with pytest.raises(claims.Fault) as caught:
        claims.check_exercise(f"x = 1\n{hidden}\n{solution}")
    assert caught.value.line == line


ONLY = "only a claim uses"
MISPLACED = {
    "an assignment": (["y = 1\nx = 2\nassert y\nx"], (0, 1, f"{ONLY} y: {HIDE.replace('put', 'move')}")),
    "in another cell": (["y = 1", "x = 2\nassert y\nx"], (0, 1, f"{ONLY} y")),
    "an import": (["import os, sys\nos\n", "x = 1\nassert sys\nx"], (0, 1, f"{ONLY} sys")),
    "an import from": (["from a import (\n    b as c,\n)\nx = 1\nassert c\nx"], (0, 1, f"{ONLY} c")),
    "a function": (["x = 1\n\n\ndef f():\n    return x\n\n\nassert f()\nx"], (0, 4, f"{ONLY} f")),
    "the variable of a loop": (["for i in range(3):\n    print(2)\nassert i == 2"], (0, 1, f"{ONLY} i")),
    "a name in a loop": (["for i in range(3):\n    y = i\nassert y == 2"], (0, 2, f"{ONLY} y")),
    "with ... as": (["with open('a') as file:\n    print(1)\nassert file"], (0, 1, f"{ONLY} file")),
    "a parameter of the same name": (["y = 1\nf = lambda y: y\nassert y\nf(2)"], (0, 1, f"{ONLY} y")),
    "all of a tuple": (["a, b = 1, 2\nx = 1\nassert a\nx"], (0, 1, f"{ONLY} a")),
    "a helper": (["y = 1\nx = 2", f"x\nx = 3\n{HIDDEN.format('z = y')}"], (0, 1, f"{ONLY} y")),
    "hidden, and read": (["x = 1", f"{HIDDEN.format('y = x')}\nx", "y"], (1, 2, "hidden, but the page reads y")),
    "hidden in an assert": (["x = 1\nassert (y := x)\ny + x"], (0, 2, "hidden, but the page reads y")),
    "hidden, and read in its cell": (
        [f"y = 1\n{HIDDEN.format('y = 2')}\ny"], (0, 3, "hidden, but the page reads y")),
    "hidden, and read in a function": (
        ["def f():\n    return y", f"y = 1\n{HIDDEN.format('y = 2')}\nf()"], (1, 3, "hidden, but the page reads y")),
    "a loop in sight and a hidden one": (
        ["for i in 'ab':\n    print(i)", f"x = 1\n{HIDDEN.format('for i in 5 * [x]: assert i')}\nx"], None),
    "read where it stands": (["x = 1\nassert x\nx"], None),
    "read earlier, in a function": (["def f():\n    return y", "y = 1\nassert y", "f()"], None),
    "read by a sibling": (["a, b = 1, 2\nassert a\nb"], None),
    "added to": (["total = 0\nfor i in [1]:\n    total += i\nassert total == 1"], None),
    "read by nobody": (["y = 1\nx = 1\nx"], None),
    "in a comprehension": (["x = [i for i in range(3)]\nassert [i for i in x]\nx"], None),
    "read in a list alone": (["y = 1\nx = [i + y for i in range(3)]\nassert y\nx"], None),
    "read in a dictionary alone": (["y = 1\nx = {i: y for i in range(3)}\nassert y\nx"], None),
    "the variable of a list": (["x = [y for y in range(3)]\ny = 1\nassert y\nx"], (0, 2, f"{ONLY} y")),
    "nothing": ([], None),
}  # fmt: skip


@pytest.mark.parametrize("case", MISPLACED)
def test_names_on_the_wrong_side(case):
    cells, expected = MISPLACED[case]
    found = list(claims.misplaced([claims.parts(source) for source in cells]))
    if expected is None:
        assert found == []
    else:
        assert [f[:2] for f in found] == [expected[:2]]
        assert found[0][2].startswith(expected[2])
