"""What other services said about this service's parties, in PostgreSQL, newest state only.

The worker writes, the host's page reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from services.registration.domain.civil_time import Span
from shared.db import Connection

_VISIT = """
insert into heard_visits
    (city, party_id, revision, planned, team, opens, closes, reason, detail, why)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, party_id) do update set
    revision = excluded.revision, planned = excluded.planned, team = excluded.team,
    opens = excluded.opens, closes = excluded.closes,
    reason = excluded.reason, detail = excluded.detail, why = excluded.why
where excluded.revision > heard_visits.revision
"""
_MESSAGE = """
insert into heard_messages
    (city, party_id, message_id, revision, template, channel, sent, detail, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, party_id, message_id) do update set
    revision = excluded.revision, sent = excluded.sent, detail = excluded.detail, at = excluded.at
where excluded.revision > heard_messages.revision
"""
_PLAN = """
insert into heard_plans (city, version, visited, unvisited, published_at)
values (%s, %s, %s, %s, %s)
on conflict (city) do update set
    version = excluded.version, visited = excluded.visited,
    unvisited = excluded.unvisited, published_at = excluded.published_at
where excluded.version > heard_plans.version
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Whether and when a party is visited, as dispatch last said; `why` in a dispatcher's words."""

    city: str
    party_id: str
    revision: int
    planned: bool
    team: str = ""
    window: Span | None = None
    reason: str = ""
    detail: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What became of a message to the host; `detail` is the masked contact, or why not."""

    city: str
    party_id: str
    message_id: str
    revision: int
    template: str
    channel: str
    sent: bool
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A city's plan in numbers."""

    city: str
    version: int
    visited: int
    unvisited: int
    published_at: datetime


def keep_visits(conn: Connection, visits: Iterable[Visit]) -> None:
    """Keep these, each unless a newer one is kept already."""
    _run_all(conn, _VISIT, [_visit_row(v) for v in visits])


def keep_messages(conn: Connection, messages: Iterable[Message]) -> None:
    """Keep these, each unless a newer one is kept already."""
    rows = [
        (
            m.city,
            m.party_id,
            m.message_id,
            m.revision,
            m.template,
            m.channel,
            m.sent,
            m.detail,
            m.at,
        )
        for m in messages
    ]
    _run_all(conn, _MESSAGE, rows)


def keep_plans(conn: Connection, plans: Iterable[Plan]) -> None:
    """Keep each city's newest."""
    rows = [(p.city, p.version, p.visited, p.unvisited, p.published_at) for p in plans]
    _run_all(conn, _PLAN, rows)


def visit_of(conn: Connection, city: str, party_id: str) -> Visit | None:
    """What dispatch last said of the party."""
    row: Any = conn.execute(
        "select revision, planned, team, opens, closes, reason, detail, why from heard_visits"
        " where city = %s and party_id = %s",
        (city, party_id),
    ).fetchone()
    if row is None:
        return None
    revision, planned, team, opens, closes, reason, detail, why = row
    window = Span(opens, closes) if opens else None
    return Visit(city, party_id, revision, planned, team, window, reason, detail, why)


def messages_of(conn: Connection, city: str, party_id: str) -> list[Message]:
    """What became of the messages about the party, oldest first."""
    rows: Any = conn.execute(
        "select message_id, revision, template, channel, sent, detail, at from heard_messages"
        " where city = %s and party_id = %s order by at, message_id",
        (city, party_id),
    ).fetchall()
    return [Message(city, party_id, *row) for row in rows]


def plan_of(conn: Connection, city: str) -> Plan | None:
    """The city's newest plan in numbers."""
    row: Any = conn.execute(
        "select version, visited, unvisited, published_at from heard_plans where city = %s",
        (city,),
    ).fetchone()
    return Plan(city, *row) if row else None


def _visit_row(visit: Visit) -> tuple[object, ...]:
    window = visit.window
    return (
        visit.city,
        visit.party_id,
        visit.revision,
        visit.planned,
        visit.team,
        window.opens if window else None,
        window.closes if window else None,
        visit.reason,
        visit.detail,
        visit.why,
    )


def _run_all(conn: Connection, query: LiteralString, rows: Sequence[tuple[object, ...]]) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(query, rows)
