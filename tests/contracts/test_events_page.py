"""The page for people says of every fact what the routes table says."""

import json
import re

from shared.routes import ROUTES, SERVICES, group_of, highest_key, repair_key, stream_of
from tests.conftest import ROOT
from tests.contracts import golden_files

PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")


def test_the_page_lists_every_fact_with_its_publisher_and_listeners() -> None:
    rows = re.findall(r"^\| `([a-z_.]+v\d+)` \| (\w+) \| ([\w, ]+) \|", PAGE, re.MULTILINE)
    assert rows == [(r.fact, r.publisher, ", ".join(r.heard_by)) for r in ROUTES]


def test_the_page_names_the_keys_that_are_used() -> None:
    for service in SERVICES:
        for key in (stream_of(service), highest_key(service), repair_key(service)):
            assert f"`{key.replace(service, '<publisher>')}`" in PAGE
        assert f"`{group_of(service).replace(service, '<service>')}`" in PAGE


def test_the_example_on_the_page_is_a_golden_one() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    shown = json.loads(block)
    assert shown == golden_files.plain(shown["type"])
