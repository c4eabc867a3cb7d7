"""What a lesson's checks know of each exercise, read off their source: nothing is imported."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.house import BuildError

SHARED = Path(__file__).resolve().parents[1] / "utils" / "checks"
SAYS = {"NotYet": slice(1), "require": slice(1, 2)}
"""The functions that tell a student something, and which argument they tell."""


@dataclass(frozen=True)
class Known:
    """What a check says about its exercise.

    Attributes:
        title: what the exercise is called.
        outcome: the bold verb that it assesses; empty where the check does not say it.
        nudge, hint: what helps before the solution; empty where there is none.
        wrong: what the check says to wrong answers, in its order.
    """

    title: str
    outcome: str
    nudge: str
    hint: str
    wrong: tuple[str, ...]


def known(path: Path) -> dict[str, Known]:
    """The checks in a lesson's check.py by their names.

    Raises:
        BuildError: a nudge or a hint is computed.
    """
    source = Source(path)
    return {name: source.known(node) for name, node in source.top.items() if source.checks(node)}


class Source:
    """A module of checks: what stands at its top, by name, and what it has from utils.checks."""

    def __init__(self, path: Path):
        self.path = path
        self.top: dict[str, ast.AST] = {}
        self.shared: dict[str, Source] = {}
        tree = ast.parse(path.read_text(encoding="utf-8"))
        self.assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        for node in tree.body:
            match node:
                case ast.ImportFrom(module=str(module)) if module.startswith("utils.checks."):
                    source = _shared(module.rpartition(".")[2])
                    self.shared |= {alias.name: source for alias in node.names}
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self.top[name] = node
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.top[name] = value

    def checks(self, node: ast.AST) -> bool:
        """Whether something at the top is a check: a call with a title."""
        return isinstance(node, ast.Call) and "title" in {word.arg for word in node.keywords}

    def known(self, node: ast.AST) -> Known:
        """What a check says."""
        given = {word.arg: word.value for word in node.keywords}
        said = [self.text(given[key]) if key in given else "" for key in ("title", "outcome")]
        helps = [self._plain(given[key]) if key in given else "" for key in ("nudge", "hint")]
        return Known(*said, *helps, tuple(dict.fromkeys(self._wrong(node, {id(node)}))))

    def _plain(self, node: ast.expr) -> str:
        try:
            return str(ast.literal_eval(node))
        except ValueError:
            reason = "write a nudge and a hint as plain text"
            raise BuildError(self.path, node.lineno, reason) from None

    def text(self, node: ast.AST) -> str:
        """The words of an expression, with an ellipsis for what is computed."""
        match node:
            case ast.Constant(value=str(words)):
                return words
            case ast.Name():
                value = self._value(node)
                return self.text(value) if value is not None else ""
            case ast.FormattedValue(value=ast.Name() as name):
                return self.text(name)
            case ast.JoinedStr(values=parts):
                return "".join(self.text(part) or "…" for part in parts)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.text(left) + self.text(right)
        return ""

    def _value(self, name: ast.Name) -> ast.AST | None:
        """What a name was given last, above it in its function, or else at the top."""
        around = (x for x in self.top.values() if x.lineno <= name.lineno <= x.end_lineno)
        first = next(around, name).lineno
        inside = {
            node.lineno: node.value
            for node in self.assigned
            if first <= node.lineno and node.end_lineno < name.lineno
            if [ast.unparse(target) for target in node.targets] == [name.id]
        }
        return inside[max(inside)] if inside else self.top.get(name.id)

    def said_by(self, name: str, seen: set[int]) -> Iterator[str]:
        """What something at the top says to wrong answers."""
        node = self.top.get(name)
        if node is not None and id(node) not in seen and not self.checks(node):
            seen.add(id(node))
            yield from self._wrong(node, seen)

    def _wrong(self, node: ast.AST, seen: set[int]) -> Iterator[str]:
        """What is said to wrong answers in a node and in what it names at the top."""
        for part in _telling(node):
            match part:
                case ast.Dict(keys=keys, values=values):
                    pairs = zip(keys, values, strict=True)
                    said = [self.text(k) for k, v in pairs if k and not isinstance(v, ast.Constant)]
                    yield from filter(_is_sentence, said)
                case ast.Call(func=ast.Name(id=name), args=given):
                    told = SAYS.get(name, slice(None if name in self.shared else 0))
                    yield from filter(_is_sentence, map(self.text, given[told]))
                case ast.Name(id=name) if name in self.shared:
                    yield from self.shared[name].said_by(name, seen)
                case ast.Name(id=name):
                    yield from self.said_by(name, seen)


@cache
def _telling(node: ast.AST) -> list[ast.AST]:
    """What of a node may tell something: many checks share one."""
    return [part for part in ast.walk(node) if isinstance(part, ast.Dict | ast.Call | ast.Name)]


@cache
def _shared(name: str) -> Source:
    return Source(SHARED / f"{name}.py")


def _is_sentence(text: str) -> bool:
    return " " in text.strip("… ") and text.rstrip()[-1:] in ".?!"
