"""Solutions with one fault each, of the kinds that students make.

python -m tests.kit.mutants convolution     the mutants that a lesson's checks accept
"""

import ast
import copy
import sys
from collections.abc import Iterator

COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
            ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}  # fmt: skip
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
            ast.FloorDiv: ast.Div, ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.Mod: ast.FloorDiv,
            ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}  # fmt: skip
NAMES = {"max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax", "sum": "mean",
         "mean": "sum", "maximum": "minimum", "minimum": "maximum", "ceil": "floor",
         "floor": "ceil", "round": "int", "ones": "zeros", "zeros": "ones", "inf": "pi",
         "unique": "array", "abs": "float", "argsort": "sort"}  # fmt: skip
MAKERS = {"zeros", "ones", "empty", "full", "array", "zeros_like"}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """What was changed, and the source with this one change."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for other in _variants(node):
            changed = copy.deepcopy(tree)
            old = list(ast.walk(changed))[number]
            _replace(changed, old, other)
            yield _label(node, other), ast.unparse(ast.fix_missing_locations(changed))


def _label(node: ast.AST, other: ast.AST | None) -> str:
    after = "nothing" if other is None else ast.unparse(ast.fix_missing_locations(other))
    return f"{node.lineno}:{node.col_offset} {ast.unparse(node)!r} -> {after!r}"


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST | None) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                kept = [new if item is old else item for item in value]
                setattr(parent, name, [item for item in kept if item is not None] or [ast.Pass()])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _variants(node: ast.AST) -> Iterator[ast.AST | None]:
    """A node with one fault; None stands for its absence."""
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):  # off by one, another axis
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)):
            yield ast.Constant(value + 1)
        case ast.Compare(ops=[operator]) if type(operator) in COMPARED:
            yield _with(node, ops=[COMPARED[type(operator)]()])
        case ast.BinOp(left=left, op=operator, right=right):  # another operator, a dropped term
            if type(operator) in COMPUTED:
                yield _with(node, op=COMPUTED[type(operator)]())
            yield from (left, right)
        case ast.AugAssign(op=operator, target=target, value=value):
            if type(operator) in COMPUTED:
                yield _with(node, op=COMPUTED[type(operator)]())
            yield ast.Assign([target], value)
            yield None
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=operand):
            yield operand
        case ast.BoolOp(op=operator, values=values):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
            yield from values
        case ast.Slice(lower=lower, upper=upper, step=step):
            for name, part in (("lower", lower), ("upper", upper), ("step", step)):
                if part:
                    yield _with(node, **{name: None})
        case ast.If(test=test, orelse=orelse):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
            if orelse:
                yield _with(node, orelse=[])
            yield None
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Assign() | ast.Expr(value=ast.Call()):
            yield None
        case ast.For(body=body) if body:
            yield _with(node, body=[*body, ast.Break()])
        case ast.Call(func=function, args=arguments, keywords=keywords):
            if len(arguments) > 1:
                yield _with(node, args=[arguments[1], arguments[0], *arguments[2:]])
            for number in range(len(keywords)):
                yield _with(node, keywords=keywords[:number] + keywords[number + 1 :])
            if isinstance(function, ast.Attribute) and function.attr in MAKERS:
                whole = ast.keyword("dtype", ast.Name("int", ast.Load()))
                others = [keyword for keyword in keywords if keyword.arg != "dtype"]
                yield _with(node, keywords=[*others, whole])
            if isinstance(function, ast.Attribute) and function.attr in ("copy", "astype"):
                yield function.value
        case ast.Attribute(attr=name) if name in NAMES:
            yield _with(node, attr=NAMES[name])
        case ast.Attribute(attr="T", value=value):
            yield value
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            yield _with(node, id=NAMES[name])
        case ast.Tuple(elts=[first, second, *rest], ctx=ast.Load()):
            yield _with(node, elts=[second, first, *rest])
        case ast.FunctionDef(args=ast.arguments(args=[first, second, *rest])):
            yield _with(node, args=_with(node.args, args=[second, first, *rest]))


if __name__ == "__main__":
    from tests import test_exercises

    for label in test_exercises.survivors(sys.argv[1]):
        print(label)
