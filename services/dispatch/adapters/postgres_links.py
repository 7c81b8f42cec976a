"""The ports `ShiftLinks` and `Roster` on PostgreSQL, within the connection's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.dispatch.adapters.postgres_night import PostgresNightBook
from services.dispatch.domain.evening import Team
from services.dispatch.domain.phone_team import PageCity
from services.dispatch.domain.shift_links import LinkUse, ShiftLink
from shared.db import Connection

_LINK = (
    "l.id::text, l.city, l.team_id, l.team_name, l.opens, l.ends, l.made_by, l.made_at,"
    " l.revoked_at"
)


class PostgresRoster:
    """Cities, and the teams of tonight."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def city(self, city: str) -> PageCity | None:
        """The city."""
        query = "select id, name, programme, zone from cities where id = %s"
        row: Any = self._conn.execute(query, (city,)).fetchone()
        return PageCity(*row) if row else None

    def teams(self, city: str) -> Sequence[Team]:
        """Its teams in order."""
        return PostgresNightBook(self._conn).teams(city)


class PostgresLinks:
    """Links, and phones by the hash of their secret."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def add(self, link: ShiftLink, token_hash: bytes) -> None:
        """Keep a new link."""
        who = (link.id, link.city, link.team_id, link.team_name, token_hash)
        self._conn.execute(
            "insert into team_links"
            " (id, city, team_id, team_name, token_hash, opens, ends, made_by, made_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (*who, link.opens, link.ends, link.made_by, link.made_at),
        )

    def uses(self, city: str) -> Sequence[LinkUse]:
        """The city's links with the phones that opened them, the newest first."""
        rows: Any = self._conn.execute(_USES, (city,)).fetchall()
        return [LinkUse(ShiftLink(*row[:9]), row[9], row[10]) for row in rows]

    def find(self, token_hash: bytes) -> ShiftLink | None:
        """The link with this token."""
        query = f"select {_LINK} from team_links l where token_hash = %s"
        row: Any = self._conn.execute(query, (token_hash,)).fetchone()
        return ShiftLink(*row) if row else None

    def revoke(self, city: str, link: str, by: str, now: datetime) -> bool:
        """End a link; one that has ended already stays as it was."""
        done = self._conn.execute(
            "update team_links set revoked_at = coalesce(revoked_at, %s),"
            " revoked_by = case when revoked_at is null then %s else revoked_by end"
            " where city = %s and id::text = %s",
            (now, by, city, link),
        )
        return done.rowcount == 1

    def admit(self, link: str, secret_hash: bytes, now: datetime) -> None:
        """Remember a phone."""
        self._conn.execute(
            "insert into team_phones (secret_hash, link_id, opened_at, heard_at)"
            " values (%s, %s, %s, %s)",
            (secret_hash, link, now, now),
        )

    def recognise(self, secret_hash: bytes, now: datetime) -> ShiftLink | None:
        """The phone's link; that it was heard is written once a minute at most."""
        self._conn.execute(
            "update team_phones set heard_at = %s"
            " where secret_hash = %s and heard_at < %s - interval '1 minute'",
            (now, secret_hash, now),
        )
        query = f"select {_LINK} from team_phones p join team_links l on l.id = p.link_id"
        row: Any = self._conn.execute(f"{query} where secret_hash = %s", (secret_hash,)).fetchone()
        return ShiftLink(*row) if row else None


_USES = f"""
select {_LINK}, count(p.link_id), max(p.heard_at)
from team_links l left join team_phones p on p.link_id = l.id
where l.city = %s
group by l.id order by l.made_at desc, l.id desc
"""
