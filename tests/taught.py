"""The functions that a lesson builds up, to be held against those of the course."""

import ast
from collections.abc import Callable
from pathlib import Path

LESSONS = Path(__file__).resolve().parent.parent / "lessons"


def taught(lesson: str, *wanted: str, **names: object) -> dict[str, Callable]:
    """Functions as a lesson defines them, solutions included, by name.

    Args:
        lesson: the number that its file begins with.
        wanted: the names of the functions.
        names: what they use, such as np=numpy.
    """
    (path,) = LESSONS.glob(f"{lesson}_*.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name in wanted]
    assert sorted(node.name for node in tree.body) == sorted(wanted)
    exec(compile(tree, path.name, "exec"), names)
    return {name: names[name] for name in wanted}
