"""Break and catch: a trial lesson is built, broken in one place after another, and run by nbval."""

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import zip_longest
from pathlib import Path

import pytest

from tools import build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TRIAL = """# %% [markdown]
# # A trial

# %%
VIEW = "application/vnd.jupyter.widget-view+json"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


def picture(name):
    about = {"alt": "A point in the middle of a frame.", "caption": "A point."}
    about |= {"pixels": f"pixels of {name}", "texts": f"texts of {name}"}
    display({"image/png": PIXEL, "text/plain": "a picture"}, metadata={"image/png": about}, raw=True)


# %% [markdown]
# ### Predict: a sum

# %%
total = 2 + 3
half = total / 2
assert total == 5
total, half

# %%
assert half == 2.5
"half"

# %% [markdown]
# Five.

# %% tags=["measured"]
print(f"accuracy {0.94}, a {'cat'}")
table = f"dense   {90} %\\nconv    {95.5} %"
assert 'conv' in table
table

# %%
picture("a")

# %% tags=["measured"]
picture("b")

# %%
display({VIEW: {"model_id": "0"}}, metadata={VIEW: {"pixels": "pages"}}, raw=True)

# %%
table
"""
CLAIM, LATER, MEASURED, PICTURE, MEASURED_PICTURE, FLIPBOOK, TABLE = range(1, 8)

CLAIMS = ("total == 5", "in table")
BROKEN = {  # cell, a text in it, another in its place, whether nbval sees it
    "a claim": (CLAIM, CLAIMS[0], "total == 6", True),
    "another claim": (MEASURED, CLAIMS[1], "not in table", True),
    "a hidden output": (CLAIM, "(5, 2.5)", "(5, 3.5)", True),
    "another hidden output": (LATER, "'half'", "'whole'", True),
    "an output": (TABLE, "95.5", "95.6", True),
    "measured digits": (MEASURED, "conv    95.5 %", "conv   100 %", False),
    "measured digits in a stream": (MEASURED, "accuracy 0.94", "accuracy 1.", False),
    "a measured word": (MEASURED, "dense   90 %", "dense   nan %", True),
    "a measured word in a stream": (MEASURED, "accuracy 0.94", "loss 0.94", True),
    "the name of a class": (MEASURED, "a cat", "a person", False),
    "what is no name of a class": (MEASURED, "a cat", "a cow", True),
    "pixels": (PICTURE, "pixels of a", "pixels of c", True),
    "no pixels": (PICTURE, '"pixels"', '"removed"', True),
    "texts of what is not measured": (PICTURE, "texts of a", "texts of c", False),
    "measured pixels": (MEASURED_PICTURE, "pixels of b", "pixels of c", False),
    "measured texts": (MEASURED_PICTURE, "texts of b", "texts of c", True),
    "pages of a flipbook": (FLIPBOOK, '"pages"', '"other"', True),
}  # fmt: skip


def rounds():
    """The breaks, dealt to as few notebooks as there are breaks of one cell."""
    dealt = [[b for b in BROKEN.values() if b[0] == cell] for cell in range(1, 8)]
    return [[b for b in column if b] for column in zip_longest(*dealt)]


ROUNDS = rounds()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The conftest, a trial notebook, and copies of it with at most one break a cell."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "conftest.py", course)
    lesson = course / "lessons" / "trial" / "lesson.py"
    lesson.parent.mkdir(parents=True)
    lesson.write_text(TRIAL, encoding="utf-8")
    whole = course / "notebooks" / "whole.ipynb"
    build.build(build.read_lesson(lesson), whole)
    for number, breaks in enumerate(ROUNDS):
        notebook = json.loads(whole.read_text(encoding="utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for position, before, after, _ in breaks:
            text = json.dumps(cells[position])
            assert before in text
            cells[position].update(json.loads(text.replace(before, after)))
        (whole.parent / f"{number}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return course


def failed(course, *arguments):
    """The names of the notebooks and of their cells that fail."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=report.xml"]
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    line = [*command, *arguments]
    run = subprocess.run(
        line, cwd=course, env=variables, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1, run.stdout + run.stderr
    return {
        (case.get("classname").split(".")[1], case.get("name"))
        for case in ET.parse(course / "report.xml").iter("testcase")
        if len(case)
    }


def test_every_break_is_caught_at_its_cell(course):
    assert failed(course, "--nbval", "notebooks") == {
        (str(number), f"Cell {cell}")
        for number, breaks in enumerate(ROUNDS)
        for cell, *_, seen in breaks
        if seen
    }


def test_claims_alone_are_caught_where_outputs_may_differ(course):
    false = {cell for cell, text, *_ in ROUNDS[0] if text in CLAIMS}
    assert len(false) == len(CLAIMS)
    parallel = ("-n1", "--dist=loadfile")
    assert failed(course, "--nbval-lax", *parallel, "notebooks/0.ipynb") == {
        ("0", f"Cell {cell}") for cell in false
    }
