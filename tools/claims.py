"""What a code cell claims, and the page without it.

A claim is a top-level `assert`, or a top-level call of `np.testing.assert_...`. Lines that claims
alone need stand between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`. The build and nbval
execute all of it; a student sees the rest.
"""

import ast
import re
import symtable
from collections.abc import Iterator
from functools import cache

HIDDEN = "HIDDEN TESTS"
SOLUTION = "SOLUTION"
BETWEEN = f"between ### BEGIN {HIDDEN} and ### END {HIDDEN}"
PROOF = re.compile(r"(.+\.)?testing\.assert_\w+")
COMPREHENSION = (ast.ListComp, ast.SetComp, ast.DictComp)
OWN_SCOPE = (ast.Lambda, ast.GeneratorExp, *COMPREHENSION)

Statements = list[ast.stmt]


class Fault(Exception):
    """What is wrong in a cell: the line, from 1, and the reason."""

    def __init__(self, line: int, reason: str):
        super().__init__(reason)
        self.line = line
        self.reason = reason


@cache
def tree(source: str) -> ast.Module:
    """A cell, parsed: each is asked several times, and nobody changes the tree."""
    return ast.parse(source)


def clean(source: str) -> str:
    """What a student sees: neither claims nor hidden tests, nor a comment or a gap they leave."""
    hidden = _hidden_lines(source)
    if not hidden:
        return source
    kept, gap, blank = [], [], []
    for number, line in enumerate(source.splitlines(), 1):
        if number in hidden:
            blank = []
        elif not line.strip():
            blank = [*blank, line]
            gap = max(gap, blank, key=len)
        else:
            kept += [*gap, line] if kept else [line]
            gap, blank = [], []
    return "\n".join(kept)


def parts(source: str) -> tuple[Statements, Statements]:
    """The statements that a student sees, and the hidden ones."""
    behind, seen, unseen = _block_lines(source), [], []
    for statement in tree(source).body:
        hidden = _is_claim(statement) or behind.issuperset(_lines(statement))
        (unseen if hidden else seen).append(statement)
    return seen, unseen


def check(source: str) -> None:
    """Raise Fault where a code cell that is no exercise breaks a rule."""
    hidden = _hidden_lines(source)
    seen, unseen = parts(source)
    for statement in seen:
        if hidden.intersection(_lines(statement)):
            reason = "shares a line with what is hidden: hide whole statements, on their own lines"
            raise Fault(statement.lineno, reason)
    if unseen and not seen:
        raise Fault(unseen[0].lineno, "a cell of claims alone: join it to the cell before")
    _refuse_proofs(source, hidden, f"an assertion that students see: put it {BETWEEN}")
    if unseen and unseen[-1].lineno > seen[-1].lineno:
        if isinstance(seen[-1], ast.Expr):
            reason = "put the claim before the last expression, whose value the cell shows"
            raise Fault(unseen[-1].lineno, reason)
        if isinstance(unseen[-1], ast.Expr) and not _is_claim(unseen[-1]):
            reason = "a hidden expression ends the cell, which would show its value: claim it"
            raise Fault(unseen[-1].lineno, reason)


def check_exercise(source: str) -> None:
    """Raise Fault where an exercise claims something outside its solution."""
    for block in blocks(source, HIDDEN):
        raise Fault(block.start, "hidden tests in an exercise: put them into another cell")
    solution = {line for block in blocks(source, SOLUTION) for line in block}
    _refuse_proofs(source, solution, "an assertion that students see: leave it to the check")


def blocks(source: str, what: str) -> list[range]:
    """The lines from each `### BEGIN what` to its `### END what`; Fault where one is broken."""
    begin, end = f"### BEGIN {what}", f"### END {what}"
    found, opened = [], 0
    for number, line in enumerate(source.splitlines(), 1):
        marker = line.strip()
        if begin[4:] not in marker and end[4:] not in marker:
            continue
        if marker not in (begin, end):
            raise Fault(number, f"write the marker as {begin} or {end}")
        if (marker == begin) == bool(opened):
            raise Fault(number, f"{marker} without its partner")
        if opened:
            found.append(range(opened, number + 1))
        opened = 0 if opened else number
    if opened:
        raise Fault(opened, f"{begin} without {end}")
    return found


def misplaced(cells: list[tuple[Statements, Statements]]) -> Iterator[tuple[int, int, str]]:
    """Names on the wrong side of the `parts` of a lesson's cells: cell from 0, line, reason."""
    bound = [tuple(list(_bound(statements)) for statements in cell) for cell in cells]
    reads = [_reads(visible) for visible, _ in cells]
    seen = set().union(*reads)
    claimed = set().union(*(_reads(hidden) for _, hidden in cells))
    carried = set()
    for read, (visible, _) in zip(reads, bound, strict=True):
        carried |= read.difference(*(names for _, names in visible))
    for number, (visible, hidden) in enumerate(bound):
        for line, names in visible:
            if not names & seen and names & claimed:
                name = min(names & claimed)
                yield number, line, f"only a claim uses {name}: move it {BETWEEN}"
        for line, names in hidden:
            if names & (carried | reads[number]):
                name = min(names & (carried | reads[number]))
                yield number, line, f"hidden, but the page reads {name}: rename it or show it"


def _is_claim(statement: ast.stmt) -> bool:
    return _is_proof(statement.value if isinstance(statement, ast.Expr) else statement)


def _is_proof(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if name.startswith("assert_"):
            return bool(PROOF.fullmatch(ast.unparse(node.func)))
    return isinstance(node, ast.Assert)


def _lines(statement: ast.stmt) -> range:
    return range(min([statement.lineno, *_decorator_lines(statement)]), statement.end_lineno + 1)


def _decorator_lines(statement: ast.stmt) -> list[int]:
    return [decorator.lineno for decorator in getattr(statement, "decorator_list", [])]


def _block_lines(source: str) -> set[int]:
    return {line for block in blocks(source, HIDDEN) for line in block}


def _hidden_lines(source: str) -> set[int]:
    """The lines of hidden tests, of claims, and of the comments that stand directly on claims."""
    lines, body = source.splitlines(), tree(source).body
    code = {line for statement in body for line in _lines(statement)}
    hidden = _block_lines(source)
    for claim in filter(_is_claim, body):
        first = claim.lineno
        while first > 1 and first - 1 not in code and lines[first - 2].startswith("#"):
            first -= 1
        hidden.update(range(first, claim.end_lineno + 1))
    return hidden


def _refuse_proofs(source: str, hidden: set[int], reason: str) -> None:
    for node in ast.walk(tree(source)) if "assert" in source else []:
        if _is_proof(node) and node.lineno not in hidden:
            raise Fault(node.lineno, reason)


def _reads(statements: Statements) -> set[str]:
    """The global names that statements read, also in functions and by `name += ...`."""
    module = ast.Module(statements, type_ignores=[])
    nodes, source = list(ast.walk(module)), ast.unparse(module)
    changed = [node.target for node in nodes if isinstance(node, ast.AugAssign)]
    names = {target.id for target in changed if isinstance(target, ast.Name)}
    if any(isinstance(node, COMPREHENSION) for node in nodes):
        source = ast.unparse(_Generators().visit(ast.parse(source)))
    tables = [symtable.symtable(source, "lesson", "exec")]
    for table in tables:
        tables += table.get_children()
        names |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return names


class _Generators(ast.NodeTransformer):
    """Comprehensions as generators: only these keep a scope of their own (PEP 709)."""

    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.ListComp() | ast.SetComp():
                return ast.GeneratorExp(node.elt, node.generators)
            case ast.DictComp():
                pair = ast.Tuple([node.key, node.value], ast.Load())
                return ast.GeneratorExp(pair, node.generators)
        return node


def _bound(nodes: list[ast.AST]) -> Iterator[tuple[int, set[str]]]:
    """The lines and names that a cell binds for the whole lesson; names of one tuple together."""
    for node in nodes:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, {node.name}
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    yield node.lineno, {alias.asname or alias.name.partition(".")[0]}
            case ast.Tuple(ctx=ast.Store()) | ast.List(ctx=ast.Store()):
                inside = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
                yield node.lineno, {n.id for n in inside if isinstance(n.ctx, ast.Store)}
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, {node.id}
            case _ if not isinstance(node, OWN_SCOPE):
                yield from _bound(list(ast.iter_child_nodes(node)))
