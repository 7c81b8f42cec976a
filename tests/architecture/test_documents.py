"""The documents are true where that can be checked: links, verbs, variables, forbidden words."""

import ast
import re
from pathlib import Path

import click
import pytest

from local.cli import porchlight
from tests.architecture.source import ROOT, files, text

DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "services/*/*.md", "shared/*.md", "local/*.md")
    for path in ROOT.glob(pattern)
)
README = text(Path("README.md"))

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=str)


def headings(path: Path) -> set[str]:
    """The anchors of a document's headings."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


@each_document
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(path)):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        place = ROOT / path.parent / name if name else ROOT / path
        assert place.exists(), f"{path} points to {target}"
        assert not anchor or anchor in headings(place), f"{path} points to {target}"


def verbs(group: click.Group, before: str = "") -> set[str]:
    """Every verb of the command line, with the words before it."""
    found: set[str] = set()
    for name, command in group.commands.items():
        words = f"{before} {name}".strip()
        found |= verbs(command, words) if isinstance(command, click.Group) else {words}
    return found


def test_the_readme_lists_every_verb_and_no_other() -> None:
    table = README.partition("## Verbs")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.+?) \| ", table, re.MULTILINE)
    verb = r"`([a-z][a-z-]*(?: [a-z][a-z-]*)?)"
    listed = {words for cell in cells for words in re.findall(verb, cell)}
    assert listed == verbs(porchlight)


def variables() -> set[str]:
    """Every variable that some service's settings read."""
    found = set()
    for path in files("services"):
        if path.name == "settings.py":
            for node in ast.walk(ast.parse(text(path))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
                    "text",
                    "whole",
                ):
                    found |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
    return found


def test_the_readme_lists_every_variable_that_a_service_reads() -> None:
    assert {name for name in variables() if f"`{name}`" not in README} == set()


def test_every_record_stands_in_the_list_of_decisions() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[a-z-]+\.md)\)", text(Path("docs/decisions/README.md")))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))


def celery_settings() -> set[str]:
    """Every setting and option with which the shared worker is made and run."""
    tree = ast.parse(text(Path("shared/worker.py")))
    made = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("app.conf.update", "Celery")
    ]
    named = {keyword.arg for call in made for keyword in call.keywords if keyword.arg}
    transport = {
        key.value
        for call in made
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Dict)
        for key in keyword.value.keys
        if isinstance(key, ast.Constant)
    }
    options = re.findall(r'"(--[a-z-]+)', ast.unparse(tree).replace("f'", '"').replace("'", '"'))
    return (named | transport | set(options)) - {"broker", "task_cls", "broker_transport_options"}


def test_the_record_of_celerys_settings_gives_a_reason_for_each() -> None:
    record = text(Path("docs/decisions/0003-celery-settings.md"))
    found = celery_settings()
    assert len(found) > 25
    assert {name for name in found if f"`{name}`" not in record} == set()
