"""The ports `Ledger` and `Boards` on PostgreSQL, within the connection's transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime

from services.dispatch.adapters.postgres_rosters import PostgresRosters
from services.dispatch.adapters.rows import (
    PARTY_COLUMNS,
    party_row,
    settings_json,
)
from services.dispatch.domain.evening import City, Team
from services.dispatch.ports.heard import HeardParty, Message
from shared.db import Connection


class PostgresLedger:
    """What was heard, one row each."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def keep_city(self, city: City, teams: Sequence[Team], revision: int) -> bool:
        """Replace the city and let its teams speak into its roster, if `revision` is newer."""
        values = (city.name, city.programme, city.zone, city.date, settings_json(city))
        done = self._conn.execute(_KEEP_CITY, (city.id, revision, *values))
        if not done.rowcount:
            return False
        PostgresRosters(self._conn).hear_file(city, teams)
        return True

    def keep_parties(self, city: str, heard: Sequence[HeardParty]) -> int:
        """Upsert each party whose revision is newer."""
        rows = [(city, h.revision, h.correlation, *party_row(h.party)) for h in heard]
        with self._conn.cursor() as cursor:
            cursor.executemany(_KEEP_PARTY, rows)
            return cursor.rowcount

    def keep_messages(self, city: str, messages: Collection[Message]) -> int:
        """Keep each message once; that it was sent outlives that it failed."""
        rows = [(city, m.id, m.party_id, m.template, m.channel, m.fault, m.at) for m in messages]
        with self._conn.cursor() as cursor:
            cursor.executemany(_KEEP_MESSAGE, rows)
            return cursor.rowcount


class PostgresBoards:
    """The change counter; its trigger notifies whoever listens on the channel `boards`."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def changed(self, city: str, now: datetime, trouble: str | None = None) -> None:
        """Count one change."""
        self._conn.execute(_COUNT_CHANGE, (city, now, trouble or "", trouble))


_KEEP_CITY = """
insert into cities (id, revision, name, programme, zone, date, settings)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (id) do update
set revision = excluded.revision, name = excluded.name, programme = excluded.programme,
    zone = excluded.zone, date = excluded.date, settings = excluded.settings
where excluded.revision > cities.revision
"""

_PARTY_SET = ", ".join(
    f"{name} = excluded.{name}"
    for name in ("revision", "correlation", *PARTY_COLUMNS.split(", "))
    if name != "id"
)
_KEEP_PARTY = f"""
insert into parties (city, revision, correlation, {PARTY_COLUMNS})
values ({", ".join(["%s"] * 22)})
on conflict (city, id) do update set {_PARTY_SET}
where excluded.revision > parties.revision
"""

_KEEP_MESSAGE = """
insert into messages (city, id, party_id, template, channel, fault, at)
values (%s, %s, %s, %s, %s, %s, %s)
on conflict (city, id) do update set fault = excluded.fault, at = excluded.at
where messages.fault <> '' and excluded.fault = ''
"""

_COUNT_CHANGE = """
insert into boards (city, change, changed_at, trouble) values (%s, 1, %s, %s)
on conflict (city) do update
set change = boards.change + 1, changed_at = excluded.changed_at,
    trouble = coalesce(%s, boards.trouble)
"""
