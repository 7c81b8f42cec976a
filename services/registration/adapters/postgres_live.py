"""What dispatch said of the running evening, in PostgreSQL, newest state only.

The worker writes, the host's page reads.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from shared.db import Connection

_LIVE = """
insert into heard_live (city, party_id, team_id, revision, state, team, minutes, at)
values (%s, %s, %s, %s, %s, %s, %s, %s)
on conflict (city, party_id, team_id) do update set
    revision = excluded.revision, state = excluded.state, team = excluded.team,
    minutes = excluded.minutes, at = excluded.at
where excluded.revision > heard_live.revision
"""
_NIGHT = """
insert into heard_nights (city, revision, state, areas, called_off, at, reason)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (city) do update set
    revision = excluded.revision, state = excluded.state, areas = excluded.areas,
    called_off = excluded.called_off, at = excluded.at, reason = excluded.reason
where excluded.revision > heard_nights.revision
"""
_OF_PARTY = """
select city, party_id::text, team_id, revision, state, team, minutes, at from heard_live
where city = %s and party_id = %s and state <> 'open'
order by state in ('en_route', 'on_scene') desc, at desc limit 1
"""


@dataclass(frozen=True, slots=True)
class LiveVisit:
    """One team's visit tonight: `open`, `en_route`, `on_scene`, `done` or `skipped`."""

    city: str
    party_id: str
    team_id: str
    revision: int
    state: str
    team: str
    minutes: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Night:
    """The evening: `open`, `held` (in these areas, without any everywhere) or `closed`.

    `reason` is what a dispatcher wrote of its being held or called off.
    """

    city: str
    revision: int
    state: str
    areas: tuple[str, ...]
    called_off: bool
    at: datetime
    reason: str = ""

    def holds(self, area: str) -> bool:
        """Whether visits in the area are held."""
        return self.state == "held" and (not self.areas or area in self.areas)


def keep_live(conn: Connection, visits: Iterable[LiveVisit]) -> None:
    """Keep these, each unless a newer one is kept already."""
    with conn.cursor() as cursor:
        cursor.executemany(_LIVE, [astuple(visit) for visit in visits])


def keep_nights(conn: Connection, nights: Iterable[Night]) -> None:
    """Keep these, each unless a newer one is kept already."""
    rows = [
        (n.city, n.revision, n.state, list(n.areas), n.called_off, n.at, n.reason) for n in nights
    ]
    with conn.cursor() as cursor:
        cursor.executemany(_NIGHT, rows)


def live_of(conn: Connection, city: str, party_id: str) -> LiveVisit | None:
    """What happens or happened last of the visits to the party."""
    row: Any = conn.execute(_OF_PARTY, (city, party_id)).fetchone()
    return LiveVisit(*row) if row else None


def night_of(conn: Connection, city: str) -> Night | None:
    """The city's evening."""
    row: Any = conn.execute(
        "select city, revision, state, areas, called_off, at, reason from heard_nights"
        " where city = %s",
        (city,),
    ).fetchone()
    return Night(row[0], row[1], row[2], tuple(row[3]), row[4], row[5], row[6]) if row else None
