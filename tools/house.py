"""The lessons in their order: where each lives, which notebook it becomes, what it may import."""

import ast
from collections.abc import Iterator
from pathlib import Path


class BuildError(Exception):
    """What cannot be built: the file, the line, the cell if it is one, and why."""

    def __init__(self, path: Path, line: int, reason: str, cell: int | None = None):
        where = f"{'/'.join(path.parts[-3:])}:{line}"
        super().__init__(f"{where} (cell {cell}): {reason}" if cell else f"{where}: {reason}")


def lessons(root: Path) -> dict[str, Path]:
    """The lesson files in their order, by the name of their notebook: 07_convolution."""
    return {
        f"{place:02}_{name}": root / "lessons" / name / "lesson.py"
        for place, (name, _) in enumerate(_order(root))
    }


def faults(root: Path) -> Iterator[BuildError]:
    """Names in ORDER without a lesson, lessons that are not in it, imports between lessons."""
    order, seen = root / "lessons" / "__init__.py", set()
    for name, line in _order(root):
        if name in seen:
            yield BuildError(order, line, f"{name!r} stands in ORDER twice: leave one")
        elif not (root / "lessons" / name / "lesson.py").is_file():
            reason = f"there is no lessons/{name}/lesson.py: write it or take {name!r} out"
            yield BuildError(order, line, reason)
        seen.add(name)
    for lesson in sorted((root / "lessons").glob("*/lesson.py")):
        if lesson.parent.name not in seen:
            reason = f"put {lesson.parent.name!r} into ORDER, a tuple in lessons/__init__.py"
            yield BuildError(lesson, 1, reason)
    for file in sorted((root / "lessons").glob("*/**/*.py")):
        yield from _foreign_imports(root, file)


def _order(root: Path) -> list[tuple[str, int]]:
    """The names in ORDER, each with its line."""
    text = (root / "lessons" / "__init__.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        match node:
            case ast.Assign(targets=[ast.Name("ORDER")], value=ast.Tuple(names)):
                return [(name.value, name.lineno) for name in names]
    return []


def _foreign_imports(root: Path, file: Path) -> Iterator[BuildError]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return  # a lesson that does not parse is refused, with its cell, when it is read
    package = file.relative_to(root).parts[:-1]
    for node in ast.walk(tree):
        for module in _imported(node, package):
            other = module[0] == "lessons" and module[1:2] not in ([], [package[1]])
            if other and (root / "lessons" / module[1]).is_dir():
                reason = f"imports {'.'.join(module)}: a lesson imports utils, never another lesson"
                yield BuildError(file, node.lineno, reason)


def _imported(node: ast.AST, package: tuple[str, ...]) -> list[list[str]]:
    """The full names of what a node of a module in `package` imports, in their parts."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".") for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package[: max(0, len(package) + 1 - node.level)] if node.level else ()
        module = node.module.split(".") if node.module else []
        return [[*above, *module, alias.name] for alias in node.names]
    return []
