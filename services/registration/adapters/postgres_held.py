"""Finds the parties that wait for staff to look at them. The staff's desk uses it."""

from services.registration.adapters.party_document import read
from services.registration.domain.party import Party
from shared.db import Connection

MOST = 500


def held_in(conn: Connection, city: str) -> list[Party]:
    """The city's, oldest first, withdrawn ones left out."""
    rows = conn.execute(
        "select document from parties where city = %s and document ->> 'held' <> ''"
        " and state = 'registered' order by id limit %s",
        (city, MOST),
    ).fetchall()
    return [read(document) for (document,) in rows]
