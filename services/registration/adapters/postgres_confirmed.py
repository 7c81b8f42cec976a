"""Which contacts their hosts have shown to be right, by links written to them. Desks use it."""

from datetime import datetime
from typing import Any

from services.registration.domain.party import Party
from shared.db import Connection


def note_confirmed(conn: Connection, party: Party, mark: bytes, now: datetime) -> None:
    """Note that the party's host opened a link with the mark of its present contacts."""
    if mark and mark == party.details.host.mark:
        conn.execute(
            "insert into confirmed_contacts (party_id, contact, at) values (%s, %s, %s)"
            " on conflict do nothing",
            (party.id, mark.hex(), now),
        )


def confirmed_in(conn: Connection, city: str) -> frozenset[tuple[str, str]]:
    """Party and mark of every confirmed contact of the city."""
    rows: Any = conn.execute(
        "select c.party_id::text, c.contact from confirmed_contacts c"
        " join parties p on p.id = c.party_id where p.city = %s",
        (city,),
    ).fetchall()
    return frozenset((party, contact) for party, contact in rows)


def is_confirmed(party: Party, confirmed: frozenset[tuple[str, str]]) -> bool:
    """Whether the party's present contacts are among them."""
    return (party.id, party.details.host.mark.hex()) in confirmed
