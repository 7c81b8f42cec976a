"""The port `Staffing` on PostgreSQL, within the connection's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from services.dispatch.adapters.postgres_night import PostgresNightBook
from services.dispatch.adapters.postgres_rosters import PostgresRosters
from services.dispatch.adapters.rows import window_of
from services.dispatch.domain.evening import Team
from services.dispatch.domain.roster.staffing import Member, Staffed
from services.dispatch.domain.roster.values import Roster
from shared.db import Connection


class PostgresStaffing:
    """A row for each team that something was ever said of."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def now(self, city: str) -> tuple[Roster, Sequence[Team]]:
        """The roster and tonight's teams."""
        found = PostgresRosters(self._conn).read(city)
        roster = found[1] if found else Roster(city)
        return roster, PostgresNightBook(self._conn).teams(city)

    def said(self, city: str) -> Mapping[str, Staffed]:
        """What was said last."""
        query = "select said from staffed where city = %s"
        rows: Any = self._conn.execute(query, (city,)).fetchall()
        return {said["team_id"]: _staffed(said) for (said,) in rows}

    def keep(self, city: str, team: Staffed) -> int:
        """Remember what is said; its revision."""
        values = (city, team.team_id, orjson.dumps(team).decode())
        row: Any = self._conn.execute(_KEEP, values).fetchone()
        return int(row[0])


def _staffed(said: dict[str, Any]) -> Staffed:
    members = tuple(Member(**member) for member in said["members"])
    return Staffed(said["team_id"], said["team_name"], window_of(said["shift"]), members)


_KEEP = """
insert into staffed (city, team_id, revision, said) values (%s, %s, 1, %s)
on conflict (city, team_id) do update
set revision = staffed.revision + 1, said = excluded.said
returning revision
"""
