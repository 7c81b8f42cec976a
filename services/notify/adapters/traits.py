"""Keeps where a party is and what it wants, by which staff filters. The worker uses it."""

from collections.abc import Sequence
from typing import Final

from services.notify.domain.wording import one_line
from shared.contracts.envelope import Envelope
from shared.contracts.party import PartyAmended, PartyRegistered, PartyWithdrawn
from shared.db import Connection


def keep_traits(conn: Connection, facts: Sequence[Envelope]) -> None:
    """Note them for parties kept already, where the fact is the newest one."""
    with conn.cursor() as cursor:
        cursor.executemany(_KEEP, [_values(fact) for fact in facts])


def _values(envelope: Envelope) -> dict[str, object]:
    fact = envelope.data
    assert isinstance(fact, PartyRegistered | PartyAmended | PartyWithdrawn)
    return {
        "city": envelope.city,
        "id": fact.party.id,
        "revision": envelope.revision,
        "area": one_line(fact.party.area),
        "wanted": [one_line(kind) for kind in fact.party.wanted],
    }


_KEEP: Final = """
update parties set area = %(area)s, wanted = %(wanted)s::text[]
where city = %(city)s and id = %(id)s and revision = %(revision)s
"""
