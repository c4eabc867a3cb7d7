"""What every exercise check is made of.

A check is an `Exercise`: a title, an oracle, inputs, and a table of known mistakes. It calls what a
student wrote on copies, within a time limit, and answers with a `Result` in one of three states. It
lets no exception through, whatever it is handed.
"""

# ruff: noqa: F401
from utils.checks.calling import Stopped, TooSlow, call
from utils.checks.cases import draw, together
from utils.checks.comparing import about, numbers, require, same, shown
from utils.checks.exercise import Exercise, is_missing
from utils.checks.result import NotYet, Result
