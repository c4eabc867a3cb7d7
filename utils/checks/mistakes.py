"""Sentences for mistakes that come in every exercise: once, for all of them."""

import ast
import inspect
import re
import textwrap
from typing import Any

SAID = {  # what Python or NumPy says, and what it means
    "truth value of an array": "`if`, `and`, `max` take one number. For a whole array: "
    "`np.where` chooses, `&` joins conditions, `np.maximum` compares.",
    r"matmul: |not aligned": "`@` needs as many columns on its left as rows on its right: print "
    "both shapes. Entry by entry is `*`.",
    "could not be broadcast": "Print both shapes: the sides have to be equal, or 1. A slice that "
    "runs off the edge comes out smaller; a `sum`, `mean` or `max` along an axis loses it, unless "
    "`keepdims=True` keeps that axis, with length 1.",
    r"only integer|of integer|interpreted as an integer|slice indices must be": "Indices and "
    "sizes are whole numbers. `//` divides into one; `np.array([])`, `np.zeros` and "
    "`np.floor` give decimals.",
    "input array dimensions|same number of dimensions": "An empty array has a shape, too, and rows "
    "do not fit it: collect them in a list, and make it an array at the end.",
    "bitwise_xor|for \\^:": "`^` is no power in Python: write `**`.",
}


def meaning(error: BaseException) -> str | None:
    """The sentence for what Python or NumPy says, or None."""
    try:
        said = str(error)
    except Exception:
        return None
    return next((hint for words, hint in SAID.items() if re.search(words, said)), None)


def seen_in(function: Any) -> str | None:
    """The sentence for what the source of a wrong answer shows, a `def` of its own, or None."""
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except Exception:
        return None
    nodes = list(ast.walk(tree)) if isinstance(tree, ast.FunctionDef) else []
    if any(map(_returns_at_once, nodes)):
        return "Your `return` stands inside the loop, which ends in its first round."
    if any(isinstance(node, ast.BitXor) for node in nodes):
        return "`^` is no power in Python: write `**`."
    return None


def _returns_at_once(node: ast.AST) -> bool:
    """Whether this is a loop whose every round would end in its own `return`."""
    if not isinstance(node, ast.For | ast.While):
        return False
    leaves = any(isinstance(part, ast.Continue | ast.Break) for part in ast.walk(node))
    return not leaves and isinstance(node.body[-1], ast.Return)
