"""The port `Durations` on PostgreSQL, within the connection's transaction."""

from collections.abc import Sequence
from typing import Any

from services.dispatch.domain.spread import Duration
from shared.db import Connection


class PostgresDurations:
    """A row for each drive and each stay of tonight."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def plan(self, city: str, team: str, party: str, kind: str, planned: int) -> None:
        """Note what was planned; a later plan of it is passed over."""
        self._conn.execute(
            "insert into durations (city, team_id, kind, party_id, planned)"
            " values (%s, %s, %s, %s, %s) on conflict do nothing",
            (city, team, kind, party, planned),
        )

    def took(self, city: str, team: str, party: str, kind: str, actual: int | None) -> None:
        """Note what it took."""
        self._conn.execute(
            "update durations set actual = %s"
            " where city = %s and team_id = %s and party_id = %s and kind = %s",
            (actual, city, team, party, kind),
        )

    def all(self, city: str) -> Sequence[Duration]:
        """All that are known whole."""
        rows: Any = self._conn.execute(
            "select team_id, kind, planned, actual from durations"
            " where city = %s and actual is not null",
            (city,),
        ).fetchall()
        return [Duration(*row) for row in rows]
