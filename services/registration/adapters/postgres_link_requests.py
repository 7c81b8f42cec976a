"""Which private links were asked for anew, and until when they open, in PostgreSQL.

The front desk uses it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.registration.adapters.party_document import read
from services.registration.domain.party import Party
from shared.db import Connection

PAUSE = timedelta(minutes=10)
"""So long nobody gets the same link again, however often it is asked for."""
MOST = 3
"""So many parties of one contact, the newest ones, get a link at one request."""

_BY_PHONE = """
select document from parties where city = %s and document #>> '{details,host,phone}' = %s
order by id desc limit %s
"""
_BY_EMAIL = """
select document from parties where city = %s and lower(document #>> '{details,host,email}') = %s
order by id desc limit %s
"""
_ASK = """
insert into link_requests (party_id, times, asked_at, good_until) values (%s, 1, %s, %s)
on conflict (party_id) do update set times = link_requests.times + 1,
    asked_at = excluded.asked_at, good_until = excluded.good_until
where link_requests.asked_at <= %s
returning times
"""


def parties_of(conn: Connection, city: str, phone: str, email: str) -> list[Party]:
    """The newest parties of whoever has this number, or this address."""
    query, contact = (_BY_PHONE, phone) if phone else (_BY_EMAIL, email.lower())
    rows: Iterable[Any] = conn.execute(query.encode(), (city, contact, MOST)).fetchall()
    return [read(document) for (document,) in rows]


def ask_for_link(conn: Connection, party_id: str, now: datetime, good_until: datetime) -> int:
    """Note the request; the how manieth it is, or 0 if the last one was a moment ago."""
    row: Any = conn.execute(_ASK, (party_id, now, good_until, now - PAUSE)).fetchone()
    return int(row[0]) if row else 0


def renewed_until(conn: Connection, party_id: str) -> datetime | None:
    """Until when a link that was sent anew opens the party, however old that is."""
    row: Any = conn.execute(
        "select good_until from link_requests where party_id = %s", (party_id,)
    ).fetchone()
    return row[0] if row else None
