"""Reads promises, positions and what else consoles show of the night. Only adapters use it."""

from datetime import UTC
from typing import Any

from services.dispatch.adapters.postgres_log import PostgresLog
from services.dispatch.domain.live import Broadcast, Located, Promised, Unreached
from shared.db import Connection


def promises(conn: Connection, city: str) -> dict[str, Promised]:
    """The windows that hosts hold now, by party."""
    rows: Any = conn.execute(_PROMISES, (city,)).fetchall()
    return {
        row[0]: Promised(
            *(row[1], row[2].astimezone(UTC), row[3].astimezone(UTC), row[4], row[5]),
            told_at=row[6].astimezone(UTC),
        )
        for row in rows
    }


def unreached(conn: Connection, city: str) -> list[Unreached]:
    """Hosts whom the newest message about their party did not reach."""
    rows: Any = conn.execute(_UNREACHED, (city,)).fetchall()
    return [Unreached(row[0], row[1], row[2].astimezone(UTC)) for row in rows if row[1]]


def broadcasts(conn: Connection, city: str) -> list[Broadcast]:
    """What was told to teams tonight, newest first."""
    told = PostgresLog(conn).broadcasts(city)
    return [
        Broadcast(one.id, one.team, one.details.words, one.at, one.by.name, one.details.teams)
        for one in reversed(told[-20:])
    ]


def positions(conn: Connection, city: str) -> dict[str, Located]:
    """Where teams were last seen."""
    query = "select team_id, lat, lon, at, source from positions where city = %s"
    rows: Any = conn.execute(query, (city,)).fetchall()
    return {row[0]: Located(row[1], row[2], row[3].astimezone(UTC), row[4]) for row in rows}


_UNREACHED = """
select distinct on (party_id) party_id, fault, at from messages
where city = %s order by party_id, at desc
"""

_PROMISES = """
select party_id, number, opens, closes, confidence, team_id, told_at
from promises where city = %s and state in ('open', 'kept', 'broken')
order by party_id, number
"""
