"""What of a lesson counts, and what its opening says of the time."""

import jupytext
import pytest

from tools import minutes

LESSON = """# %% [markdown]
# # A lesson
#
# {time} · four words of prose
#
# ## 1. One

# %% [markdown] tags=["notes"]
# Not a word of this counts.

# %%
x = 1
assert x == 1
x

# %% [markdown]
# ### Predict: it
# ### Your turn 1: that
# ### Question 1
# A [link of words](that.ipynb).

# %% tags=["exercise"]
def f(x):
    ### BEGIN SOLUTION
    return x
    ### END SOLUTION

# %%
check.f(f)

# %% [markdown]
# ## Going further
# Two words

# %%
far = 1

# %% [markdown]
# ## What you can do now
# Closing words here.
"""


def sizes():
    return minutes.sizes(jupytext.reads(LESSON, fmt="py:percent").cells)


def test_claims_solutions_and_notes_do_not_count():
    hour, further = sizes()
    assert (hour.cells, hour.lines) == (3, 2 + 1 + 1)
    assert (further.cells, further.lines) == (1, 1)
    assert (hour.exercises, hour.predictions, hour.questions) == (1, 1, 1)
    assert further.words == len(["##", "Going", "further", "Two", "words"])
    assert hour.words == 3 + 7 + 3 + 3 + 5 + 3 + 4 + 6 + 3


def test_minutes():
    hour = minutes.Size(words=2000, cells=40, lines=0, exercises=4, predictions=2, questions=2)
    assert (hour.read, hour.done) == (20, 20 + 24 + 3 + 4)
    assert minutes.told(hour) == "**20 minutes** to read and run, **51** with everything done"
    assert minutes.over(hour) == []


@pytest.mark.parametrize("what", ["words", "cells", "lines", "exercises"])
def test_too_much_is_named(what):
    allowed = minutes.BOUNDS[what]
    full = dict.fromkeys(("words", "cells", "lines", "exercises", "predictions", "questions"), 0)
    reasons = minutes.over(minutes.Size(**(full | {what: allowed + 1})))
    assert f"{allowed + 1} {what}: at most {allowed}" in reasons
