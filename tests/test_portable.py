"""What would fail on Windows, or in another locale, found in the source without running it there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
POSIX = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "pty"}
SOURCES = [
    path
    for folder in ("lessons", "tests", "tools", "utils")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def faults(source: str) -> Iterator[str]:
    """POSIX-only imports that no function guards, and text files read in the locale's encoding."""
    tree = ast.parse(source)
    for node in tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        yield from (f"{node.lineno}: imports {name}" for name in names if name in POSIX)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _opens_text(node):
            yield f"{node.lineno}: opens a text without encoding"


def _opens_text(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if any(keyword.arg == "encoding" for keyword in call.keywords):
        return False
    values = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    if name == "read_text":
        return not call.args
    if name == "write_text":
        return len(call.args) == 1
    on_module = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
    if name == "open" and not (on_module and call.func.value.id in ("os", "Image", "zipfile")):
        mode = [
            value for value in values if isinstance(value, str) and set(value) <= set("rwabx+t")
        ]
        return bool(mode or isinstance(call.func, ast.Name)) and "b" not in "".join(mode)
    return False


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_that_only_this_system_has(path):
    assert list(faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pwd",
        "from resource import getrusage",
        "path.read_text()",
        "path.write_text(text)",
        "open(name)",
        'open(name, "w")',
        'path.open("w")',
    ],
)
def test_faults_are_found(source):
    assert list(faults(source))


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import pwd",
        'path.read_text(encoding="utf-8")',
        'open(name, "rb")',
        "Image.open(path)",
        "os.open(path, flags)",
        'path.open("w", encoding="utf-8")',
    ],
)
def test_what_is_right_is_left(source):
    assert not list(faults(source))
