"""The AsyncAPI document is what the code makes, is valid, and describes what really travels."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from shared import asyncapi
from shared.routes import ROUTES
from tests.conftest import ROOT, missing
from tests.contracts import golden_files

DOCUMENT = ROOT / "docs" / "asyncapi.yaml"
SCRIPT = Path(__file__).with_name("check_asyncapi.mjs")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return found


def verdict(path: Path) -> dict[str, Any]:
    """What the reference parser says of the document."""
    node = shutil.which("node")
    if node is None:
        missing("node, for the AsyncAPI parser")
    if not (ROOT / "node_modules" / "@asyncapi" / "parser").is_dir():
        missing("@asyncapi/parser in node_modules")
    done = subprocess.run(
        [node, str(SCRIPT), str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_committed_document_is_what_the_code_makes() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == asyncapi.text(), (
        "run: python -m shared.asyncapi > docs/asyncapi.yaml"
    )


def test_a_yaml_reader_reads_what_was_meant(document: dict[str, Any]) -> None:
    assert document == asyncapi.document()


def test_the_reference_parser_has_nothing_to_object_to() -> None:
    found = verdict(DOCUMENT)
    assert found["diagnostics"] == []
    assert found["understood"]
    assert found["messages"] == len(ROUTES)


def test_the_reference_parser_would_object_to_a_broken_document(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    text = DOCUMENT.read_text(encoding="utf-8")
    broken.write_text(text.replace("action: send", "action: shout"), encoding="utf-8")
    assert any(found["severity"] == 0 for found in verdict(broken)["diagnostics"])


@pytest.mark.parametrize("fact", golden_files.NAMES)
def test_every_message_describes_its_example_and_refuses_others(
    fact: str, document: dict[str, Any]
) -> None:
    validator = jsonschema.Draft7Validator(within(document, fact))
    event = golden_files.plain(fact)
    assert [error.message for error in validator.iter_errors(event)] == []
    assert not validator.is_valid({**event, "surprise": 1})
    assert not validator.is_valid({**event, "data": {**event["data"], "surprise": 1}})
    assert not validator.is_valid({**event, "type": "party.exploded.v9"})


def within(document: dict[str, Any], fact: str) -> dict[str, Any]:
    """The message's payload as a schema of its own, the document's components beside it."""
    payload = document["components"]["messages"][fact]["payload"]
    return {**payload, "components": document["components"]}


def test_every_message_has_its_example(document: dict[str, Any]) -> None:
    for fact, message in document["components"]["messages"].items():
        assert [e["payload"] for e in message["examples"]] == [golden_files.plain(fact)]


def test_every_message_is_sent_by_one_and_received_by_all_that_hear_it(
    document: dict[str, Any],
) -> None:
    for route in ROUTES:
        reference = {"$ref": f"#/channels/{route.publisher}/messages/{route.fact}"}
        users = {
            name: operation["action"]
            for name, operation in document["operations"].items()
            if reference in operation["messages"]
        }
        hearing = {f"{service}.hears.{route.publisher}": "receive" for service in route.heard_by}
        assert users == {f"{route.publisher}.says": "send", **hearing}
