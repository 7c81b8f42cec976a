"""Facts that are kept lose what a purge removed, and are facts of their version still."""

import re

import pytest

from shared.contracts.envelope import decode
from shared.contracts.party import GROUPS
from shared.forgetting import shortened
from tests.contracts.golden_files import NAMES, raw

PARTY = re.compile(r'"party_id": ?"([^"]+)"|"party": ?\{\s*"id": ?"([^"]+)"')
PERSONAL = re.compile(
    r"Pe.{1,6}a\b|Sue.{1,6}o|\+1626555|626.?555|@example|Sierra Madre|blue gate|private|0142", re.I
)


@pytest.mark.parametrize("name", NAMES)
def test_a_shortened_fact_is_read_as_before_and_names_nobody(name: str) -> None:
    body = raw(name)
    parties = {a or b for a, b in PARTY.findall(body.decode())}
    before, after = decode(body), shortened(body, dict.fromkeys(parties, GROUPS))
    found = decode(after)
    assert (found.id, found.type, found.revision) == (before.id, before.type, before.revision)
    if parties:
        assert not PERSONAL.search(after.decode()), after.decode()
    assert shortened(after, dict.fromkeys(parties, GROUPS)) == after


@pytest.mark.parametrize("name", NAMES)
def test_what_is_of_other_parties_stays_to_the_byte(name: str) -> None:
    body = raw(name)
    assert shortened(body, {"another": GROUPS}) is body
