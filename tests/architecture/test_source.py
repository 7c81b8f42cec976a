"""How every file is written: it says what it is for, names no queue, excuses no lint silently."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from shared.routes import PREFIX, QUEUES, SERVICES, group_of, stream_of
from tests.architecture.source import EVERYTHING, PRODUCT, files, strings, text

QUEUE_NAMES = {queue for queues in QUEUES.values() for queue in queues}
ENDINGS = {"." + queue.partition(".")[2] for queue in QUEUE_NAMES}
KEYS = {make(service) for make in (stream_of, group_of) for service in SERVICES}
ROUTES = Path("shared", "routes.py")

each_file = pytest.mark.parametrize("path", files(*EVERYTHING), ids=str)


@each_file
def test_a_module_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    if not text(path).strip():
        assert path.name == "__init__.py"
        return
    said = ast.get_docstring(ast.parse(text(path)), clean=True)
    assert said, f"{path} has no docstring"
    first, *others = said.splitlines()
    assert first.endswith("."), f"{path}: the first line of the docstring is no whole sentence"
    assert not others or not others[0], f"{path}: the first line must stand alone"


@pytest.mark.parametrize("path", files(*PRODUCT), ids=str)
def test_no_module_but_the_routes_table_names_a_queue_a_stream_or_a_group(path: Path) -> None:
    if path == ROUTES:
        return
    named = [
        f"{path}:{line} names {value!r}"
        for line, value in strings(path)
        if value in QUEUE_NAMES | ENDINGS | KEYS or re.match(rf"{PREFIX}:\S", value)
    ]
    assert named == []


@each_file
def test_a_disabled_lint_gives_its_reason_on_its_line(path: Path) -> None:
    silent = [
        f"{path}:{token.start[0]} {token.string}"
        for token in tokenize.generate_tokens(io.StringIO(text(path)).readline)
        if token.type == tokenize.COMMENT and is_silent(token.string)
    ]
    assert silent == []


def is_silent(comment: str) -> bool:
    """Whether the comment disables a lint and does not say why."""
    found = re.search(r"#\s*(?:noqa|type:\s*ignore)", comment)
    if not found:
        return False
    rest = re.sub(r"^(\[[^\]]*\]|:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*)", "", comment[found.end() :])
    return not re.search(r"[a-z]{4}", rest)


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# noqa: E731", True),
        ("# noqa: E731, ARG002", True),
        ("# noqa", True),
        ("# type: ignore[misc]", True),
        ("# type: ignore[misc, arg-type]", True),
        ("# noqa: ARG002  (webargs' signature)", False),
        ("# type: ignore[misc]  # mypy cannot see it", False),
        ("# noqa: ARG002 (port)", False),
        ("# why this is so", False),
    ],
)
def test_reasons_are_told_from_codes(comment: str, silent: bool) -> None:
    assert is_silent(comment) is silent
