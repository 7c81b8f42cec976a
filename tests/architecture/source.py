"""The product's Python files, for the tests of this folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PRODUCT = ("services", "shared", "local")
EVERYTHING = (*PRODUCT, "benchmarks", "tests")


def files(*folders: str) -> list[Path]:
    """All Python files below the folders, as paths from the root."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found)


def text(path: Path) -> str:
    """The file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


def module_name(path: Path) -> str:
    """The dotted name under which the file is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """The dotted names that the file imports, wherever in it."""
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Line and value of every string in the file, parts of f-strings included."""
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
